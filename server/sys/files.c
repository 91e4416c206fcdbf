/* SPDX-License-Identifier: Apache-2.0
 *
 * See files.h.
 */
#include "server/sys/files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/str.h"
#include "server/sys/random.h"

#define PART ".part" /* behind the name while it is written */
#define PART_NAME (FILES_NAME_CHARS + sizeof PART)

/* Only what files_store makes: no dot and no slash, so no way out of the folder. */
static bool name_ok(const char *name)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    return strlen(name) == FILES_NAME_CHARS && strspn(name, letters) == FILES_NAME_CHARS;
}

static int open_folder(const char *folder)
{
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* The file under its part name, on the disk. */
static bool write_part(int dir, const char *part, const void *bytes, size_t len)
{
    int fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool ok;

    if (fd < 0)
        return false;
    ok = write_all(fd, bytes, len) && fsync(fd) == 0;
    return close(fd) == 0 && ok;
}

enum err files_store_as(const char *folder, const char *name, const void *bytes, size_t len)
{
    char part[PART_NAME];
    bool ok;
    int dir;

    if (!name_ok(name) || !str_format(part, sizeof part, "%s" PART, name))
        return ERR_INVAL;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return ERR_IO;
    dir = open_folder(folder);
    if (dir < 0)
        return ERR_IO;
    ok =
        write_part(dir, part, bytes, len) && renameat(dir, part, dir, name) == 0 && fsync(dir) == 0;
    if (!ok)
        (void)unlinkat(dir, part, 0);
    (void)close(dir);
    return ok ? ERR_OK : ERR_IO;
}

enum err files_store(const char *folder, const void *bytes, size_t len,
                     char name[FILES_NAME_CHARS + 1])
{
    char fresh[FILES_NAME_CHARS + 1];
    enum err e = random_token(FILES_NAME_BYTES, fresh, sizeof fresh);

    if (!e)
        e = files_store_as(folder, fresh, bytes, len);
    if (!e)
        memcpy(name, fresh, sizeof fresh);
    return e;
}

enum err files_place(const char *folder, char name[FILES_NAME_CHARS + 1], char *path, size_t cap)
{
    enum err e = random_token(FILES_NAME_BYTES, name, FILES_NAME_CHARS + 1);

    if (e)
        return e;
    if (mkdir(folder, 0700) != 0 && errno != EEXIST)
        return ERR_IO;
    return str_format(path, cap, "%s/%s", folder, name) ? ERR_OK : ERR_INVAL;
}

enum err files_open(const char *folder, const char *name, int *fd, int64_t *len)
{
    struct stat st;
    int dir, file;

    if (!name_ok(name))
        return ERR_INVAL;
    dir = open_folder(folder);
    if (dir < 0)
        return errno == ENOENT ? ERR_NOTFOUND : ERR_IO;
    file = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    (void)close(dir);
    if (file < 0)
        return errno == ENOENT ? ERR_NOTFOUND : ERR_IO;
    if (fstat(file, &st) != 0 || !S_ISREG(st.st_mode)) {
        (void)close(file);
        return ERR_IO;
    }
    *fd = file;
    *len = st.st_size;
    return ERR_OK;
}

void files_remove(const char *folder, const char *name)
{
    int dir = name_ok(name) ? open_folder(folder) : -1;

    if (dir < 0)
        return;
    (void)unlinkat(dir, name, 0);
    (void)close(dir);
}

/* Begun and never finished: nobody can know of it. ".part", or the six letters of a writer. */
static bool is_part(const char *name)
{
    size_t len = strlen(name);

    return len > FILES_NAME_CHARS && name[FILES_NAME_CHARS] == '.' &&
           (strcmp(name + FILES_NAME_CHARS, PART) == 0 || len == FILES_NAME_CHARS + 7);
}

static bool orphan(int dir, const char *name, const struct files_sweep *s)
{
    struct stat st;

    if (name[0] != s->first || (!name_ok(name) && !is_part(name)))
        return false;
    if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
        return false;
    return (int64_t)st.st_mtime * 1000 < s->before_ms && (is_part(name) || !s->known(s->arg, name));
}

int files_sweep(const char *folder, const struct files_sweep *s)
{
    DIR *d = opendir(folder);
    const struct dirent *entry;
    int removed = 0;

    if (!d) /* nobody has sent anything yet */
        return 0;
    while ((entry = readdir(d)))
        if (orphan(dirfd(d), entry->d_name, s) && unlinkat(dirfd(d), entry->d_name, 0) == 0)
            removed++;
    (void)closedir(d);
    return removed;
}
