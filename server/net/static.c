/* SPDX-License-Identifier: Apache-2.0
 *
 * Loading and looking up the pages. Loads before the net loop starts; the
 * table never changes afterwards.
 */
#include "server/net/static.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "common/base/str.h"

#define DEPTH_MAX 12
#define PATH_MAX_BYTES 512

static const struct {
    const char *extension, *type;
} types[] = {
    { "html", "text/html; charset=utf-8" },
    { "js", "text/javascript; charset=utf-8" },
    { "mjs", "text/javascript; charset=utf-8" },
    { "css", "text/css; charset=utf-8" },
    { "json", "application/json" },
    { "webmanifest", "application/manifest+json" },
    { "svg", "image/svg+xml" },
    { "png", "image/png" },
    { "jpg", "image/jpeg" },
    { "webp", "image/webp" },
    { "ico", "image/x-icon" },
    { "woff2", "font/woff2" },
    { "woff", "font/woff" },
    { "wasm", "application/wasm" },
    { "txt", "text/plain; charset=utf-8" },
    { "mp3", "audio/mpeg" },
    { "ogg", "audio/ogg" },
    { "wav", "audio/wav" },
    { "webm", "video/webm" },
};

static const char *extension_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');

    return dot ? dot + 1 : "";
}

static const char *type_of(const char *path)
{
    const char *extension = extension_of(path);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (strcasecmp(extension, types[i].extension) == 0)
            return types[i].type;
    }
    return "application/octet-stream";
}

struct load {
    struct static_table *table;
    size_t cap;
    size_t bytes;
};

static enum err read_whole(int fd, size_t size, struct static_body *out)
{
    uint8_t *bytes = mem_zalloc(size + 1, 1);
    size_t got = 0;

    if (!bytes)
        return ERR_NOMEM;
    while (got < size) {
        ssize_t n = read(fd, bytes + got, size - got);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            mem_free(bytes);
            return ERR_IO;
        }
        got += (size_t)n;
    }
    *out = (struct static_body){ .bytes = bytes, .len = size };
    return ERR_OK;
}

static enum err add_file(struct load *l, const char *path, int fd, size_t size)
{
    struct static_table *t = l->table;
    struct static_file f = { 0 };
    unsigned char digest[EVP_MAX_MD_SIZE];
    char hex[33];
    enum err e;

    if (t->n >= STATIC_FILES_MAX || size > STATIC_BYTES_MAX - l->bytes)
        return ERR_NOMEM;
    if (t->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 64;
        struct static_file *grown = mem_regrow(t->files, cap, sizeof *grown);

        if (!grown)
            return ERR_NOMEM;
        t->files = grown;
        l->cap = cap;
    }
    e = read_whole(fd, size, &f.plain);
    if (e)
        return e;
    f.path = mem_strndup(path, strlen(path));
    if (!f.path || !EVP_Digest(f.plain.bytes, size, digest, NULL, EVP_sha256(), NULL)) {
        mem_free(f.path);
        mem_free(f.plain.bytes);
        return ERR_NOMEM;
    }
    str_hex(digest, 16, hex);
    if (!str_format(f.etag, sizeof f.etag, "\"%s\"", hex))
        f.etag[0] = '\0';
    f.content_type = type_of(path);
    /* The client's build puts a content hash into every name below /assets/. */
    f.immutable = strncmp(path, "/assets/", 8) == 0;
    l->bytes += size;
    t->files[t->n++] = f;
    return ERR_OK;
}

static enum err walk(struct load *l, int folder, const char *path, int depth);

static enum err add_entry(struct load *l, int folder, const char *path, const char *name, int depth)
{
    char full[PATH_MAX_BYTES];
    struct stat st;
    enum err e = ERR_OK;
    int fd;

    if (name[0] == '.')
        return ERR_OK;
    if (!str_format(full, sizeof full, "%s/%s", path, name))
        return ERR_NOMEM;
    /* O_NOFOLLOW: a link could lead anywhere; O_NONBLOCK: a pipe would wait for a writer. */
    fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        if (errno == ELOOP || errno == ENXIO) {
            log_warn("static.skip", "reason=no-regular-file path=%s", full);
            return ERR_OK;
        }
        log_error("static.open", "path=%s error=%s", full, strerror(errno));
        return ERR_IO;
    }
    if (fstat(fd, &st) != 0) {
        e = ERR_IO;
    } else if (S_ISDIR(st.st_mode)) {
        return walk(l, fd, full, depth + 1); /* takes fd over */
    } else if (S_ISREG(st.st_mode)) {
        e = add_file(l, full, fd, (size_t)st.st_size);
        if (e)
            log_error("static.read", "path=%s error=%s", full, err_name(e));
    } else {
        log_warn("static.skip", "reason=no-regular-file path=%s", full);
    }
    close(fd);
    return e;
}

/* Owns folder. */
static enum err walk(struct load *l, int folder, const char *path, int depth)
{
    DIR *dir = depth < DEPTH_MAX ? fdopendir(folder) : NULL;
    struct dirent *entry;
    enum err e = ERR_OK;

    if (!dir) {
        close(folder);
        return ERR_IO;
    }
    while (!e && (entry = readdir(dir)))
        e = add_entry(l, dirfd(dir), path, entry->d_name, depth);
    closedir(dir);
    return e;
}

static int by_path(const void *a, const void *b)
{
    return strcmp(((const struct static_file *)a)->path, ((const struct static_file *)b)->path);
}

static struct static_file *exact(const struct static_table *t, const char *path)
{
    struct static_file key = { .path = (char *)(uintptr_t)path };

    return t->n ? bsearch(&key, t->files, t->n, sizeof key, by_path) : NULL;
}

/* x.js.gz and x.js.br are forms of x.js, if that is there too. */
static void join_compressed(struct static_table *t, const char *suffix)
{
    for (size_t i = 0; i < t->n; i++) {
        struct static_file *packed = &t->files[i], *f;
        size_t len = strlen(packed->path), end = strlen(suffix);
        char plain[PATH_MAX_BYTES];

        if (len <= end || strcmp(packed->path + len - end, suffix) != 0 ||
            !str_format(plain, sizeof plain, "%.*s", (int)(len - end), packed->path))
            continue;
        f = exact(t, plain);
        if (!f || packed->plain.len >= f->plain.len)
            continue;
        *(suffix[1] == 'g' ? &f->gzip : &f->brotli) = packed->plain;
        packed->plain = (struct static_body){ 0 };
    }
}

enum err static_load(struct static_table *t, const char *folder)
{
    struct load l = { .table = t };
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum err e;

    *t = (struct static_table){ 0 };
    if (fd < 0) {
        log_warn("static.missing", "folder=%s error=%s", folder, strerror(errno));
        return ERR_OK;
    }
    e = walk(&l, fd, "", 0);
    if (e) {
        static_free(t);
        return e;
    }
    if (t->n)
        qsort(t->files, t->n, sizeof *t->files, by_path);
    join_compressed(t, ".gz");
    join_compressed(t, ".br");
    t->index = exact(t, "/index.html");
    log_info("static.loaded", "files=%zu bytes=%zu", t->n, l.bytes);
    return ERR_OK;
}

void static_free(struct static_table *t)
{
    for (size_t i = 0; i < t->n; i++) {
        mem_free(t->files[i].path);
        mem_free(t->files[i].plain.bytes);
        mem_free(t->files[i].gzip.bytes);
        mem_free(t->files[i].brotli.bytes);
    }
    mem_free(t->files);
    *t = (struct static_table){ 0 };
}

const struct static_file *static_find(const struct static_table *t, const char *path)
{
    const struct static_file *f = exact(t, path);

    if (f)
        return f->plain.bytes ? f : NULL; /* a packed form is no page of its own */
    return *extension_of(path) ? NULL : t->index;
}

/* True if the header accepts this coding; "q=0" refuses it (RFC 9110 section 12.5.3). */
static bool accepts(const char *header, const char *coding)
{
    size_t want = strlen(coding);

    while (*header) {
        size_t len, name;

        header += strspn(header, " \t,");
        len = strcspn(header, ",");
        name = strcspn(header, " \t;,");
        if (name == want && strncasecmp(header, coding, want) == 0) {
            const char *q = memmem(header, len, "q=0", 3);

            return !q || (q[3] == '.' && strspn(q + 4, "0") < strspn(q + 4, "0123456789"));
        }
        header += len;
    }
    return false;
}

const struct static_body *static_choose(const struct static_file *f, const char *accept_encoding,
                                        const char **encoding)
{
    if (f->brotli.bytes && accepts(accept_encoding, "br")) {
        *encoding = "br";
        return &f->brotli;
    }
    if (f->gzip.bytes && accepts(accept_encoding, "gzip")) {
        *encoding = "gzip";
        return &f->gzip;
    }
    *encoding = NULL;
    return &f->plain;
}

bool static_matches(const struct static_file *f, const char *if_none_match)
{
    const char *at = strstr(if_none_match, f->etag);

    return strcmp(if_none_match, "*") == 0 || (at && f->etag[0]);
}
