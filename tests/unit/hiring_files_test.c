/* SPDX-License-Identifier: Apache-2.0
 *
 * server/sys/files: a file is there whole under a name of ours or not at all,
 * and no name leads out of the folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/str.h"
#include "server/sys/files.h"

static char dir[64], folder[80];

static int setup(void **state)
{
    (void)state;
    assert_true(str_copy(dir, sizeof dir, "/tmp/parta-files-XXXXXX"));
    assert_non_null(mkdtemp(dir));
    assert_true(str_format(folder, sizeof folder, "%s/files", dir));
    return 0;
}

static int teardown(void **state)
{
    char path[400];
    DIR *d = opendir(folder);
    struct dirent *e;

    (void)state;
    while (d && (e = readdir(d)))
        if (e->d_name[0] != '.' && str_format(path, sizeof path, "%s/%s", folder, e->d_name))
            unlink(path);
    if (d)
        closedir(d);
    rmdir(folder);
    return rmdir(dir);
}

static void what_is_stored_is_found(void **state)
{
    char first[FILES_NAME_CHARS + 1], second[FILES_NAME_CHARS + 1], back[8] = "";
    struct stat st;
    int64_t len;
    int fd;

    (void)state;
    assert_int_equal(files_open(folder, "no", &fd, &len), ERR_INVAL);
    assert_int_equal(files_store(folder, "paper", 5, first), ERR_OK);
    assert_int_equal(files_store(folder, "paper", 5, second), ERR_OK);
    assert_string_not_equal(first, second);
    assert_int_equal(stat(folder, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_int_equal(files_open(folder, first, &fd, &len), ERR_OK);
    assert_int_equal(len, 5);
    assert_int_equal(read(fd, back, sizeof back), 5);
    assert_string_equal(back, "paper");
    close(fd);
    files_remove(folder, first);
    assert_int_equal(files_open(folder, first, &fd, &len), ERR_NOTFOUND);
    assert_int_equal(files_open(folder, second, &fd, &len), ERR_OK);
    close(fd);
}

static void no_name_leads_out(void **state)
{
    static const char *const names[] = {
        "",
        ".",
        "..",
        "../../../../../../../../../../etc/passwd",
        "/etc/passwd",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.part",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    };
    char name[FILES_NAME_CHARS + 1], path[200];
    int64_t len;
    int fd;

    (void)state;
    assert_int_equal(files_store(folder, "x", 1, name), ERR_OK);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(files_open(folder, names[i], &fd, &len), ERR_INVAL);
    /* Not even a link that somebody put there. */
    files_remove(folder, name);
    assert_true(str_format(path, sizeof path, "%s/%s", folder, name));
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(files_open(folder, name, &fd, &len), ERR_IO);
    unlink(path);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(files_open(folder, name, &fd, &len), ERR_IO);
    rmdir(path);
}

static void where_there_is_no_room_nothing_stays(void **state)
{
    char name[FILES_NAME_CHARS + 1] = "untouched";
    char file[100];

    (void)state;
    assert_int_equal(files_store("/nowhere/at/all", "x", 1, name), ERR_IO);
    assert_true(str_format(file, sizeof file, "%s/a-file", dir));
    assert_int_equal(files_store(file, "x", 1, name), ERR_OK); /* a folder of that name is made */
    files_remove(file, name);
    assert_int_equal(rmdir(file), 0);
}

/* ---- what nobody speaks of ------------------------------------------------------------------ */

#define OLD_S 1000 /* 1970: older than any limit below */

static char kept[FILES_NAME_CHARS + 1];

static bool speaks_of(void *arg, const char *name)
{
    (*(int *)arg)++;
    return strcmp(name, kept) == 0;
}

static void age(const char *name)
{
    struct timespec times[2] = { { .tv_sec = OLD_S }, { .tv_sec = OLD_S } };
    char path[400];

    assert_true(str_format(path, sizeof path, "%s/%s", folder, name));
    assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void put(const char *name, bool old)
{
    char path[400];
    FILE *f;

    assert_true(str_format(path, sizeof path, "%s/%s", folder, name));
    f = fopen(path, "w");
    assert_non_null(f);
    fclose(f);
    if (old)
        age(name);
}

static bool there(const char *name)
{
    char path[400];
    struct stat st;

    assert_true(str_format(path, sizeof path, "%s/%s", folder, name));
    return stat(path, &st) == 0;
}

static void only_old_orphans_go(void **state)
{
    static const char *const lost = "Alost_lost_lost_lost_lost_lost_lost_lost_lo";
    static const char *const young = "Ayoung_young_young_young_young_young_young_";
    static const char *const other = "Bother_other_other_other_other_other_other_";
    static const char *const part = "Apart_part_part_part_part_part_part_part_pa.part";
    int asked = 0;
    const struct files_sweep s = {
        .first = 'A', .before_ms = (OLD_S + 1) * INT64_C(1000), .known = speaks_of, .arg = &asked
    };

    (void)state;
    assert_int_equal(files_sweep(folder, &s), 0); /* there is no folder yet */
    assert_true(str_copy(kept, sizeof kept, "Akept_kept_kept_kept_kept_kept_kept_kept_ke"));
    assert_int_equal(files_store_as(folder, kept, "x", 1), ERR_OK);
    assert_int_equal(files_store_as(folder, "../out", "x", 1), ERR_INVAL);
    age(kept);
    put(lost, true);
    put(young, false);
    put(other, true);
    put(part, true);
    put("A_note_of_the_house.txt", true); /* not ours: never touched */
    assert_int_equal(files_sweep(folder, &s), 2);
    assert_int_equal(asked, 2);
    assert_true(there(kept));
    assert_true(there(young));
    assert_true(there(other));
    assert_true(there("A_note_of_the_house.txt"));
    assert_false(there(lost));
    assert_false(there(part));
    assert_int_equal(files_sweep(folder, &s), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_stored_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(no_name_leads_out, setup, teardown),
        cmocka_unit_test_setup_teardown(where_there_is_no_room_nothing_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(only_old_orphans_go, setup, teardown),
    };

    return cmocka_run_group_tests_name("hiring files", tests, NULL, NULL);
}
