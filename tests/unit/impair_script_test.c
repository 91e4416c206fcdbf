/* SPDX-License-Identifier: Apache-2.0
 *
 * tests/net/script and packet: what a script may say, how a mistake is told,
 * and which packets a rule means.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "common/base/str.h"
#include "tests/net/packet.h"
#include "tests/net/script.h"

static struct impair_script script;

static void parse(const char *text)
{
    char why[SCRIPT_WHY_MAX] = "";

    if (script_parse(text, strlen(text), &script, why) != ERR_OK)
        fail_msg("%s", why);
}

static void a_script_is_read_whole(void **state)
{
    const struct impair_settings *up, *down;

    (void)state;
    parse("# a rural child\n"
          "\n"
          "at 0s both rate=1.5M delay=30ms   # its line\r\n"
          "\tat 10s up rate=300k loss=2.5% queue=20kB\n"
          "at 1.5min down burst=5%/4 drop=udp\n"
          "at 91s rebind\n"
          "at 91s both clear");
    assert_int_equal(script.n, 5);
    assert_int_equal(script.rebinds, 1);
    up = &script.steps[0].settings[IMPAIR_UP];
    assert_int_equal(script.steps[0].line, 3);
    assert_int_equal(up->rate_bps, 1500000);
    assert_int_equal(up->queue_us, 300000); /* the fallback */
    assert_int_equal(up->delay_us, 30000);
    up = &script.steps[1].settings[IMPAIR_UP];
    down = &script.steps[1].settings[IMPAIR_DOWN];
    assert_int_equal(script.steps[1].at_us, 10 * US_PER_S);
    assert_int_equal(up->rate_bps, 300000);
    assert_int_equal(up->queue_bytes, 20000);
    assert_int_equal(up->delay_us, 30000); /* not named, stays */
    assert_true(up->loss > 0.02499 && up->loss < 0.02501);
    assert_int_equal(down->rate_bps, 1500000);
    down = &script.steps[2].settings[IMPAIR_DOWN];
    assert_int_equal(script.steps[2].at_us, 90 * US_PER_S);
    assert_true(down->burst_leave > 0.2499 && down->burst_leave < 0.2501);
    assert_int_equal(down->drop, IMPAIR_UDP);
    assert_true(script.steps[3].rebind);
    down = &script.steps[4].settings[IMPAIR_DOWN];
    assert_int_equal(down->drop, 0);
    assert_int_equal(down->rate_bps, 0);
}

static void mistakes_are_named_with_their_line(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        { "at 0s up loss=5%\n\nloss=5%\n", "line 3: begins with \"loss=5%\"" },
        { "at 10s\n", "line 1: must be like" },
        { "at 10s up\n", "changes nothing" },
        { "at 10 up outage\n", "\"10\" is no time" },
        { "at -1s up outage\n", "\"-1s\" is no time" },
        { "at 25000min up outage\n", "up to 24 hours" },
        { "at 99999999999999999999s up outage\n", "is no time" },
        { "at 1.2345s up outage\n", "is no time" },
        { "at 1.s up outage\n", "is no time" },
        { "at 10s up outage\nat 9s up clear\n", "line 2: 9s is before the line ahead" },
        { "at 1s sideways outage\n", "neither up, down, both nor rebind" },
        { "at 1s rebind now\n", "rebind takes nothing" },
        { "at 1s up los=5%\n", "\"los\" is no word" },
        { "at 1s up loss\n", "loss must be like loss=5%" },
        { "at 1s up loss=\n", "loss must be" },
        { "at 1s up loss=5\n", "loss must be" },
        { "at 1s up loss=101%\n", "loss must be" },
        { "at 1s up loss=-5%\n", "loss must be" },
        { "at 1s up loss=5% loss=6%\n", "loss stands twice" },
        { "at 1s up burst=5%\n", "burst must be" },
        { "at 1s up burst=5%/0.5\n", "burst must be" },
        { "at 1s up burst=5%/0.5ms\n", "burst must be" },
        { "at 1s up burst=5%/80m\n", "burst must be" },
        { "at 1s up burst=0%/4\n", "burst must be" },
        { "at 1s up burst=80%/4/80%\n", "burst must be" },
        { "at 1s up burst=90%/2\n", "bursts would touch" },
        { "at 1s up burst=5%/4/80%/2\n", "burst must be" },
        { "at 1s up delay=100\n", "delay must be" },
        { "at 1s up delay=61s\n", "delay must be" },
        { "at 1s up delay=10ms jitter=20ms\n", "jitter is more than delay" },
        { "at 0s both delay=20ms jitter=20ms\nat 1s down delay=10ms\n", "line 2: jitter is more" },
        { "at 1s up order=any\n", "order=keep or order=free" },
        { "at 1s up reorder=5%\n", "reorder must be" },
        { "at 1s up reorder=5%/0ms\n", "reorder must be" },
        { "at 1s up rate=300\n", "rate must be" }, /* 300 bit/s is never meant */
        { "at 1s up rate=300kbit\n", "rate must be" },
        { "at 1s up rate=0.5k\n", "rate must be" },
        { "at 1s up rate=2000M\n", "rate must be" },
        { "at 1s up queue=0ms\n", "queue must be" },
        { "at 1s up queue=20\n", "queue must be" },
        { "at 1s up drop=icmp\n", "drop=udp" },
        { "at 1s up outage=on\n", "outage must be alone" },
        { "at 1s up clear=all\n", "clear must be alone" },
        { "at 1s up clear=\n", "clear must be alone" },
        { "at 1s up loss=\xc3\xa9\n", "no plain text" },
        { "at 1s up a b c d e f g h i j k l m n o p q r s t u v w x y z\n", "more than 24 words" },
    };
    char why[SCRIPT_WHY_MAX], longest[SCRIPT_LINE_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        why[0] = '\0';
        assert_int_equal(script_parse(cases[i].text, strlen(cases[i].text), &script, why),
                         ERR_PARSE);
        if (!strstr(why, cases[i].says) || strncmp(why, "line ", 5) != 0)
            fail_msg("case %zu says: %s", i, why);
    }
    memset(longest, ' ', sizeof longest);
    assert_int_equal(script_parse(longest, sizeof longest, &script, why), ERR_PARSE);
    assert_non_null(strstr(why, "longer than 511"));
    assert_int_equal(script_parse("at 0s up outage\0", 16, &script, why), ERR_PARSE);
}

static void a_script_has_a_bound(void **state)
{
    static const char step[] = "at 1s up outage\n";
    struct strbuf b = { 0 };
    char why[SCRIPT_WHY_MAX];

    (void)state;
    for (int i = 0; i < SCRIPT_STEPS_MAX; i++)
        strbuf_puts(&b, step);
    assert_int_equal(script_parse(b.s, b.len, &script, why), ERR_OK);
    strbuf_puts(&b, step);
    assert_int_equal(script_parse(b.s, b.len, &script, why), ERR_PARSE);
    assert_non_null(strstr(why, "line 257: more than 256 changes"));
    strbuf_deinit(&b);
}

/* The scripts that come with the tool, and the example of its help. */
static void the_scripts_here_are_good(void **state)
{
    static char text[65536];
    char path[512], why[SCRIPT_WHY_MAX] = "";
    DIR *folder = opendir("tests/net/scripts");
    const struct dirent *entry;
    int n = 0;

    (void)state;
    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        FILE *f;

        if (entry->d_name[0] == '.')
            continue;
        assert_true(str_format(path, sizeof path, "tests/net/scripts/%s", entry->d_name));
        f = fopen(path, "r");
        assert_non_null(f);
        if (script_parse(text, fread(text, 1, sizeof text, f), &script, why) != ERR_OK)
            fail_msg("%s: %s", path, why);
        assert_true(script.n > 0);
        fclose(f);
        n++;
    }
    closedir(folder);
    assert_true(n >= 5);
    parse(strstr(script_help, "  at 0s  both"));
    assert_int_equal(script.n, 4);
}

static void packets_are_told_apart(void **state)
{
    static const uint8_t stun[] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42 };
    uint8_t ip[60] = { 0x45 };

    (void)state;
    assert_int_equal(packet_kinds_udp(stun, 8), IMPAIR_UDP | IMPAIR_STUN);
    assert_int_equal(packet_kinds_udp(stun, 7), IMPAIR_UDP);
    assert_int_equal(packet_kinds_udp(NULL, 0), IMPAIR_UDP);
    ip[9] = 17;
    memcpy(ip + 28, stun, 8);
    assert_int_equal(packet_kinds_ip(ip, 36), IMPAIR_UDP | IMPAIR_STUN);
    assert_int_equal(packet_kinds_ip(ip, 28), IMPAIR_UDP);
    ip[7] = 1; /* a later fragment: its bytes are no header */
    assert_int_equal(packet_kinds_ip(ip, 36), IMPAIR_UDP);
    ip[7] = 0;
    ip[9] = 6;
    assert_int_equal(packet_kinds_ip(ip, 36), IMPAIR_TCP);
    ip[9] = 1;
    assert_int_equal(packet_kinds_ip(ip, 36), 0);
    ip[9] = 17;
    ip[0] = 0x46; /* four bytes of options */
    memcpy(ip + 32, stun, 8);
    assert_int_equal(packet_kinds_ip(ip, 40), IMPAIR_UDP | IMPAIR_STUN);
    ip[0] = 0x44;
    assert_int_equal(packet_kinds_ip(ip, 40), 0);
    memset(ip, 0, sizeof ip);
    ip[0] = 0x60;
    ip[6] = 17;
    memcpy(ip + 48, stun, 8);
    assert_int_equal(packet_kinds_ip(ip, 56), IMPAIR_UDP | IMPAIR_STUN);
    ip[6] = 44;
    ip[40] = 17;
    assert_int_equal(packet_kinds_ip(ip, 56), IMPAIR_UDP);
    for (size_t len = 0; len < 40; len++)
        assert_int_equal(packet_kinds_ip(ip, len), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_read_whole),
        cmocka_unit_test(mistakes_are_named_with_their_line),
        cmocka_unit_test(a_script_has_a_bound),
        cmocka_unit_test(the_scripts_here_are_good),
        cmocka_unit_test(packets_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
