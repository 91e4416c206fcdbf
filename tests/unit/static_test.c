/* SPDX-License-Identifier: Apache-2.0
 *
 * server/net/static: which files are served, and how.
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
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "server/net/static.h"

static char folder[] = "/tmp/parta-static-XXXXXX";

static void put(const char *name, const char *text)
{
    char path[256];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static int build(void **state)
{
    char path[256];

    (void)state;
    log_set_level(LOG_OFF);
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/assets", folder);
    mkdir(path, 0700);
    put("index.html", "<!doctype html>");
    put("favicon.svg", "<svg/>");
    put("assets/app-1a2b.js", "a long enough script");
    put("assets/app-1a2b.js.gz", "gz");
    put("assets/app-1a2b.js.br", "br");
    put("assets/alone.css.gz", "gz of nothing");
    put(".env", "SECRET=1");
    snprintf(path, sizeof path, "%s/passwd.txt", folder);
    if (symlink("/etc/passwd", path) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/etc", folder);
    if (symlink("/etc", path) != 0)
        return -1;
    snprintf(path, sizeof path, "%s/pipe.txt", folder);
    return mkfifo(path, 0600);
}

static int clear(void **state)
{
    char command[64];

    (void)state;
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}

static void only_regular_files_that_were_there(void **state)
{
    static const char *const absent[] = {
        "/.env",       "/passwd.txt",  "/etc/x.conf",      "/pipe.txt",
        "/missing.js", "/assets/x.js", "/index.html/x.txt"
    };
    struct static_table t;

    (void)state;
    assert_int_equal(static_load(&t, folder), ERR_OK);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++)
        assert_null(static_find(&t, absent[i]));
    /* behind the link to /etc there is nothing but the application */
    assert_ptr_equal(static_find(&t, "/etc/passwd"), t.index);
    assert_non_null(static_find(&t, "/favicon.svg"));
    assert_string_equal(static_find(&t, "/favicon.svg")->content_type, "image/svg+xml");
    static_free(&t);
}

static void paths_of_the_application_get_the_index(void **state)
{
    struct static_table t;

    (void)state;
    assert_int_equal(static_load(&t, folder), ERR_OK);
    assert_ptr_equal(static_find(&t, "/"), t.index);
    assert_ptr_equal(static_find(&t, "/lesson/5"), t.index);
    assert_ptr_equal(static_find(&t, "/a.b/c"), t.index);
    assert_false(t.index->immutable);
    assert_true(static_find(&t, "/assets/app-1a2b.js")->immutable);
    static_free(&t);
}

static void packed_forms(void **state)
{
    const struct static_file *f;
    const char *encoding;
    struct static_table t;

    (void)state;
    assert_int_equal(static_load(&t, folder), ERR_OK);
    f = static_find(&t, "/assets/app-1a2b.js");
    assert_non_null(f);
    assert_int_equal(static_choose(f, "gzip, deflate, br", &encoding)->len, 2);
    assert_string_equal(encoding, "br");
    static_choose(f, "gzip", &encoding);
    assert_string_equal(encoding, "gzip");
    static_choose(f, "br;q=0, gzip;q=0.5", &encoding);
    assert_string_equal(encoding, "gzip");
    static_choose(f, "br;q=0.0,gzip;q=0.00", &encoding);
    assert_null(encoding);
    static_choose(f, "xgzip, brx", &encoding);
    assert_null(encoding);
    /* a packed form is no page of its own; without a plain file it is just a file */
    assert_null(static_find(&t, "/assets/app-1a2b.js.gz"));
    assert_non_null(static_find(&t, "/assets/alone.css.gz"));
    assert_true(static_matches(f, f->etag));
    assert_true(static_matches(f, "*"));
    assert_false(static_matches(f, "\"other\""));
    assert_false(static_matches(f, ""));
    static_free(&t);
}

static void a_missing_folder_is_an_empty_house(void **state)
{
    struct static_table t;

    (void)state;
    assert_int_equal(static_load(&t, "/nowhere/at/all"), ERR_OK);
    assert_int_equal(t.n, 0);
    assert_null(static_find(&t, "/"));
    static_free(&t);
}

static void lack_of_memory_leaks_nothing(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        long before = mem_live();
        struct static_table t;
        enum err e;

        mem_fail_after(n);
        e = static_load(&t, folder);
        mem_fail_after(-1);
        if (e == ERR_OK) {
            assert_true(n > 5);
            static_free(&t);
            assert_int_equal(mem_live(), before);
            return;
        }
        assert_int_equal(mem_live(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_regular_files_that_were_there),
        cmocka_unit_test(paths_of_the_application_get_the_index),
        cmocka_unit_test(packed_forms),
        cmocka_unit_test(a_missing_folder_is_an_empty_house),
        cmocka_unit_test(lack_of_memory_leaks_nothing),
    };

    return cmocka_run_group_tests(tests, build, clear);
}
