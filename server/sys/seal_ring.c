/* SPDX-License-Identifier: Apache-2.0
 *
 * The file of column keys. It is read whole, refused as a whole, and replaced
 * as a whole (a new file, synced, renamed over the old one).
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/str.h"
#include "server/sys/random.h"
#include "server/sys/seal.h"

#define PATH_MAX_BYTES 4096
#define LINE_MAX_BYTES (10 + 1 + 2 * SEAL_KEY_BYTES + 1)
#define FILE_MAX_BYTES (SEAL_KEYS_MAX * LINE_MAX_BYTES)

static int hex(char ch)
{
    if (ch >= '0' && ch <= '9')
        return ch - '0';
    return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* "ID HEX\n" at *p. Ids rise, so none comes twice. */
static bool read_line(const char **p, uint32_t last_id, struct seal_key *out)
{
    size_t digits = strspn(*p, "0123456789");
    char text[12];
    int64_t id;

    if (digits == 0 || digits > 10)
        return false;
    memcpy(text, *p, digits);
    text[digits] = '\0';
    *p += digits;
    if (str_to_i64(text, (int64_t)last_id + 1, UINT32_MAX, &id) != ERR_OK || *(*p)++ != ' ')
        return false;
    for (size_t i = 0; i < SEAL_KEY_BYTES; i++) {
        int hi = hex((*p)[0]), lo = hi < 0 ? -1 : hex((*p)[1]);

        if (lo < 0)
            return false;
        out->key[i] = (uint8_t)(hi << 4 | lo);
        *p += 2;
    }
    out->id = (uint32_t)id;
    return *(*p)++ == '\n';
}

static enum err parse(const char *text, struct seal_ring *r)
{
    while (*text) {
        if (r->n == SEAL_KEYS_MAX ||
            !read_line(&text, r->n ? r->keys[r->n - 1].id : 0, &r->keys[r->n]))
            return ERR_PARSE;
        r->n++;
    }
    return r->n ? ERR_OK : ERR_PARSE;
}

/* The whole file into text[FILE_MAX_BYTES + 2]. */
static enum err read_file(const char *path, char *text)
{
    struct stat st;
    size_t n = 0;
    ssize_t got = 1;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err e = ERR_OK;

    if (fd < 0)
        return errno == ENOENT ? ERR_NOTFOUND : ERR_IO;
    if (fstat(fd, &st) != 0)
        e = ERR_IO;
    else if (st.st_mode & (S_IRWXG | S_IRWXO))
        e = ERR_DENIED;
    while (!e && n <= FILE_MAX_BYTES && got > 0) {
        got = read(fd, text + n, FILE_MAX_BYTES + 1 - n);
        n += got > 0 ? (size_t)got : 0;
    }
    close(fd);
    if (got < 0)
        e = ERR_IO;
    text[n] = '\0';
    return e ? e : n > FILE_MAX_BYTES || strlen(text) != n ? ERR_PARSE : ERR_OK;
}

static enum err write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        ssize_t n = write(fd, text, left);

        if (n < 0)
            return ERR_IO;
        text += n;
        left -= (size_t)n;
    }
    return fsync(fd) == 0 ? ERR_OK : ERR_IO;
}

/* So that the name itself survives a power cut. */
static enum err sync_folder(const char *path)
{
    char folder[PATH_MAX_BYTES];
    char *slash;
    int fd, rc;

    if (!str_copy(folder, sizeof folder, path))
        return ERR_INVAL;
    slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return ERR_IO;
    rc = fsync(fd);
    close(fd);
    return rc == 0 ? ERR_OK : ERR_IO;
}

static enum err write_file(const char *path, const char *text)
{
    char fresh[PATH_MAX_BYTES];
    int fd;
    enum err e;

    if (!str_format(fresh, sizeof fresh, "%s.new", path))
        return ERR_INVAL;
    (void)unlink(fresh); /* of an attempt that was cut short */
    fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return ERR_IO;
    e = write_all(fd, text);
    if (close(fd) != 0 && !e)
        e = ERR_IO;
    if (!e && rename(fresh, path) != 0)
        e = ERR_IO;
    if (e)
        (void)unlink(fresh);
    return e ? e : sync_folder(path);
}

static enum err add_key(struct seal_ring *r)
{
    struct seal_key *k = &r->keys[r->n];
    enum err e;

    if (r->n == SEAL_KEYS_MAX)
        return ERR_NOMEM;
    e = random_bytes(k->key, sizeof k->key);
    if (!e) {
        k->id = r->n ? r->keys[r->n - 1].id + 1 : 1;
        r->n++;
    }
    return e;
}

static enum err write_ring(const char *path, const struct seal_ring *r)
{
    char text[FILE_MAX_BYTES + 1] = "";
    size_t at = 0;
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < r->n; i++) {
        char digits[2 * SEAL_KEY_BYTES + 1];

        str_hex(r->keys[i].key, SEAL_KEY_BYTES, digits);
        if (!str_format(text + at, sizeof text - at, "%u %s\n", r->keys[i].id, digits))
            e = ERR_INVAL;
        at += strlen(text + at);
        OPENSSL_cleanse(digits, sizeof digits);
    }
    if (!e)
        e = write_file(path, text);
    OPENSSL_cleanse(text, sizeof text);
    return e;
}

enum err seal_ring_load(const char *path, bool create, struct seal_ring *out)
{
    char text[FILE_MAX_BYTES + 2];
    struct seal_ring r = { 0 };
    enum err e = read_file(path, text);

    if (!e)
        e = parse(text, &r);
    if (e == ERR_NOTFOUND && create) {
        e = add_key(&r);
        if (!e)
            e = write_ring(path, &r);
    }
    OPENSSL_cleanse(text, sizeof text);
    if (!e)
        *out = r;
    seal_ring_wipe(&r);
    return e;
}

enum err seal_ring_renew(const char *path)
{
    struct seal_ring r;
    enum err e = seal_ring_load(path, false, &r);

    if (e)
        return e;
    e = add_key(&r);
    if (!e)
        e = write_ring(path, &r);
    seal_ring_wipe(&r);
    return e;
}

void seal_ring_wipe(struct seal_ring *r)
{
    OPENSSL_cleanse(r, sizeof *r);
}
