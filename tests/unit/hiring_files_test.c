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
#include <stdbool.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_stored_is_found, setup, teardown),
        cmocka_unit_test_setup_teardown(no_name_leads_out, setup, teardown),
        cmocka_unit_test_setup_teardown(where_there_is_no_room_nothing_stays, setup, teardown),
    };

    return cmocka_run_group_tests_name("hiring files", tests, NULL, NULL);
}
