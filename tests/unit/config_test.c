/* SPDX-License-Identifier: Apache-2.0
 *
 * server/config: the settings file. config.c belongs to the program and not to a library, so it is
 * compiled into this test (tests/CMakeLists.txt).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/now.h"
#include "server/config.h"

static char path[] = "/tmp/parta-config-XXXXXX";

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
    (void)state;
    return unlink(path);
}

/* Loads this text; what it complains about is in problems. */
static enum err load(const char *text, struct config *c, struct strbuf *problems)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    strbuf_deinit(problems);
    return config_load(path, c, problems);
}

static void the_documented_file_is_the_defaults(void **state)
{
    static struct config written, fallback;
    struct strbuf problems = { 0 };

    (void)state;
    assert_int_equal(config_load("server/parta.ini", &written, &problems), ERR_OK);
    assert_int_equal(load("", &fallback, &problems), ERR_OK);
    assert_int_equal(written.port, fallback.port);
    assert_string_equal(written.origin, fallback.origin);
    assert_string_equal(written.level, fallback.level);
    assert_memory_equal(&written.port, &fallback.port,
                        offsetof(struct config, net) - offsetof(struct config, port));
    assert_string_equal(written.certificate, "server/server.crt");
    strbuf_deinit(&problems);
}

/* Every setting of the table stands in server/parta.ini. */
static void the_documented_file_has_every_setting(void **state)
{
    char *list = NULL, *line, *rest, *file;
    size_t size = 0;
    FILE *out = open_memstream(&list, &size), *in = fopen("server/parta.ini", "r");
    int n = 0;

    (void)state;
    assert_non_null(in);
    file = calloc(1, 65536);
    assert_true(fread(file, 1, 65535, in) > 0);
    fclose(in);
    config_print_settings(out);
    fclose(out);
    for (line = strtok_r(list, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        char name[64], wanted[80];

        if (sscanf(line, " %63[a-z_] ", name) != 1 || line[0] == '[')
            continue;
        snprintf(wanted, sizeof wanted, "\n%s =", name);
        if (!strstr(file, wanted))
            fail_msg("server/parta.ini does not have %s", name);
        n++;
    }
    assert_true(n >= 20);
    free(list);
    free(file);
}

static void the_ring_lies_beside_the_database_unless_named(void **state)
{
    static struct config c;
    struct strbuf problems = { 0 };

    (void)state;
    assert_int_equal(load("[records]\ndatabase = /var/x.db\n", &c, &problems), ERR_OK);
    assert_string_equal(c.ring, "/var/x.db.ring");
    assert_int_equal(load("[records]\ndatabase = /var/x.db\nring = /safe/keys\n", &c, &problems),
                     ERR_OK);
    assert_string_equal(c.ring, "/safe/keys");
    strbuf_deinit(&problems);
}

static void values_reach_the_net(void **state)
{
    static struct config c;
    struct strbuf problems = { 0 };

    (void)state;
    assert_int_equal(load("[server]\nport = 443\norigin = https://School.example:443 "
                          "https://10.0.0.1:8443\ncertificate = /etc/x.crt\nkey = k\n"
                          "[media]\nannounce = 203.0.113.7\nannounce_port = 6000\nudp_port = 5000\n"
                          "relays = 3\n"
                          "[limits]\nhangup_seconds = 40\n",
                          &c, &problems),
                     ERR_OK);
    assert_int_equal(c.net.port, 443);
    assert_int_equal(c.net.origins_n, 2);
    assert_string_equal(c.net.origins[0], "https://school.example"); /* as browsers write it */
    assert_string_equal(c.net.origins[1], "https://10.0.0.1:8443");
    assert_string_equal(c.net.cert_file, "/etc/x.crt");
    assert_string_equal(c.net.key_file, "/tmp/k"); /* beside the file */
    assert_string_equal(c.net.announce, "203.0.113.7");
    assert_int_equal(c.net.announce_port, 6000);
    assert_int_equal(c.net.udp_port, 5000);
    assert_int_equal(c.net.relays, 3);
    assert_true(c.net.hangup_us == 40 * US_PER_S);
    strbuf_deinit(&problems);
}

static void mistakes_are_named(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "[server]\nporrt = 1\n", "[server] porrt is no setting. This section has: listen, port" },
        { "[sever]\nport = 1\n", "The sections are: server" },
        { "port = 1\n", "[] port is no setting" },
        { "[server]\nport = 8443x\n", "port must be a number from 0 to 65535, not \"8443x\"" },
        { "[server]\nport = 65536\n", "port must be a number" },
        { "[server]\nport = -1\n", "port must be a number" },
        { "[server]\nport = 1\nport = 2\n", "port is set twice" },
        { "[server]\nnonsense\n", "line 2 is neither" },
        { "[server]\norigin = http://a.example\n", "origin must be like" },
        { "[server]\norigin = https://a.example/path\n", "origin must be like" },
        { "[server]\norigin =\n", "origin is empty" },
        { "[server]\norigin = https://a https://b https://c https://d https://e\n", "more than 4" },
        { "[server]\nlisten = somewhere\n", "listen must be an IP address" },
        { "[media]\nannounce = my.example\n", "announce must be an IP address or auto" },
        { "[media]\nudp_port = 65535\nrelays = 2\n", "go beyond 65535" },
        { "[media]\nannounce_port = 65535\nrelays = 2\n", "announce_port 65535 and up" },
        { "[media]\nannounce_port = 65536\n", "announce_port must be a number" },
        { "[limits]\nping_seconds = 25\n", "hangup_seconds must be more than ping_seconds" },
        { "[log]\nlevel = loud\n", "level must be debug" },
    };
    static struct config c;
    struct strbuf problems = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(load(cases[i].text, &c, &problems), ERR_PARSE);
        if (!problems.s || !strstr(problems.s, cases[i].says))
            fail_msg("case %zu says: %s", i, problems.s ? problems.s : "nothing");
    }
    strbuf_deinit(&problems);
    assert_int_equal(config_load("/tmp/there-is-no-such-file.ini", &c, &problems), ERR_IO);
    assert_non_null(strstr(problems.s, "cannot be read"));
    strbuf_deinit(&problems);
}

static void the_check_looks_at_the_files(void **state)
{
    static struct config c;
    struct strbuf problems = { 0 };

    (void)state;
    assert_int_equal(load("[server]\ncertificate = /nowhere/a.crt\npages = /nowhere/pages\n"
                          "[records]\ndatabase = /nowhere/x.db\n",
                          &c, &problems),
                     ERR_OK);
    assert_true(config_check(&c, &problems) >= 3);
    assert_non_null(strstr(problems.s, "certificate /nowhere/a.crt cannot be read"));
    assert_non_null(strstr(problems.s, "has no index.html"));
    assert_non_null(strstr(problems.s, "the folder /nowhere/ cannot be written"));
    strbuf_deinit(&problems);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_documented_file_is_the_defaults),
        cmocka_unit_test(the_documented_file_has_every_setting),
        cmocka_unit_test(the_ring_lies_beside_the_database_unless_named),
        cmocka_unit_test(values_reach_the_net),
        cmocka_unit_test(mistakes_are_named),
        cmocka_unit_test(the_check_looks_at_the_files),
    };

    return cmocka_run_group_tests(tests, make_file, remove_file);
}
