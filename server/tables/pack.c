/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>
#include <zip.h>

#include "common/base/mem.h"
#include "server/tables/read.h"

struct pack {
    zip_t *zip; /* owned */
};

enum err pack_open(struct pack **out, const uint8_t *bytes, size_t len)
{
    struct pack *p = mem_zalloc(1, sizeof *p);
    zip_source_t *source = zip_source_buffer_create(bytes, len, 0, NULL);

    if (p && source)
        p->zip = zip_open_from_source(source, ZIP_RDONLY | ZIP_CHECKCONS, NULL);
    if (!p || !source || !p->zip) {
        enum err e = p && source ? ERR_PARSE : ERR_NOMEM;

        zip_source_free(source);
        mem_free(p);
        return e;
    }
    *out = p;
    return ERR_OK;
}

void pack_close(struct pack *p)
{
    if (p)
        zip_discard(p->zip);
    mem_free(p);
}

/* ERR_NOTFOUND: none, or more than one. */
static enum err find(zip_t *zip, const char *name, zip_uint64_t *index)
{
    zip_int64_t n = zip_get_num_entries(zip, 0);
    int found = 0;

    for (zip_int64_t i = 0; i < n; i++) {
        const char *entry = zip_get_name(zip, (zip_uint64_t)i, 0);
        const char *slash = entry ? strrchr(entry, '/') : NULL;

        if (entry && (strcmp(entry, name) == 0 ||
                      (!strchr(name, '/') && slash && strcmp(slash + 1, name) == 0))) {
            *index = (zip_uint64_t)i;
            found++;
        }
    }
    return found == 1 ? ERR_OK : ERR_NOTFOUND;
}

/* The size in the archive's list is a claim: what really comes out is counted. */
static enum err read_all(zip_file_t *f, size_t claimed, size_t limit, uint8_t **bytes, size_t *len)
{
    size_t cap = claimed < limit ? claimed + 1 : limit + 1, n = 0;
    uint8_t *b = mem_zalloc(cap, 1);
    zip_int64_t got = 1;

    if (!b)
        return ERR_NOMEM;
    while (n < cap && (got = zip_fread(f, b + n, cap - n)) > 0)
        n += (size_t)got;
    if (got < 0 || n > claimed || n > limit) {
        mem_free(b);
        return got < 0 ? ERR_PARSE : ERR_STATE;
    }
    *bytes = b;
    *len = n;
    return ERR_OK;
}

enum err pack_read(struct pack *p, const char *name, size_t limit, uint8_t **bytes, size_t *len)
{
    zip_uint64_t index;
    zip_stat_t st;
    zip_file_t *f;
    enum err e = find(p->zip, name, &index);

    if (e)
        return e;
    if (zip_stat_index(p->zip, index, 0, &st) != 0 || !(st.valid & ZIP_STAT_SIZE))
        return ERR_PARSE;
    if (st.size > limit)
        return ERR_STATE;
    f = zip_fopen_index(p->zip, index, 0);
    if (!f)
        return ERR_PARSE;
    e = read_all(f, (size_t)st.size, limit, bytes, len);
    if (zip_fclose(f) != 0 && !e) { /* the digest does not fit */
        mem_free(*bytes);
        *bytes = NULL;
        e = ERR_PARSE;
    }
    return e;
}

/* ---- making one ------------------------------------------------------------------------- */

struct pack_out {
    zip_t *zip;           /* owned until taken */
    zip_source_t *source; /* owned: where the archive goes; NULL: to a file */
    enum err err;         /* of the first member that could not be made */
};

enum err pack_new(struct pack_out **out)
{
    struct pack_out *p = mem_zalloc(1, sizeof *p);

    if (!p)
        return ERR_NOMEM;
    p->source = zip_source_buffer_create(NULL, 0, 0, NULL);
    if (p->source) {
        zip_source_keep(p->source);
        p->zip = zip_open_from_source(p->source, ZIP_TRUNCATE, NULL);
    }
    if (!p->zip) {
        if (p->source) {
            zip_source_free(p->source);
            zip_source_free(p->source);
        }
        mem_free(p);
        return ERR_NOMEM;
    }
    *out = p;
    return ERR_OK;
}

static enum err add_source(struct pack_out *p, const char *name, zip_source_t *s)
{
    zip_int64_t index = s ? zip_file_add(p->zip, name, s, ZIP_FL_ENC_UTF_8) : -1;

    if (index < 0) {
        zip_source_free(s);
        return ERR_NOMEM;
    }
    return zip_file_set_dostime(p->zip, (zip_uint64_t)index, 0, 0x21, 0) == 0 ? ERR_OK : ERR_NOMEM;
}

enum err pack_add(struct pack_out *p, const char *name, const void *bytes, size_t len)
{
    return add_source(p, name, zip_source_buffer(p->zip, bytes, len, 0));
}

static enum err read_source(zip_source_t *s, uint8_t **bytes, size_t *len)
{
    zip_stat_t st;
    uint8_t *b = NULL;
    bool ok = zip_source_open(s) == 0;

    if (ok && zip_source_stat(s, &st) == 0 && (b = mem_zalloc((size_t)st.size + 1, 1)) &&
        zip_source_read(s, b, st.size) == (zip_int64_t)st.size) {
        *bytes = b;
        *len = (size_t)st.size;
        b = NULL;
    } else {
        ok = false;
    }
    mem_free(b);
    (void)zip_source_close(s);
    return ok ? ERR_OK : ERR_NOMEM;
}

enum err pack_take(struct pack_out *p, uint8_t **bytes, size_t *len)
{
    enum err e = zip_close(p->zip) == 0 ? ERR_OK : ERR_NOMEM;

    if (e)
        zip_discard(p->zip);
    else
        e = read_source(p->source, bytes, len);
    zip_source_free(p->source);
    mem_free(p);
    return e;
}

void pack_drop(struct pack_out *p)
{
    if (!p)
        return;
    zip_discard(p->zip);
    zip_source_free(p->source);
    mem_free(p);
}

/* ---- to a file, each member when its turn comes ------------------------------------------ */

struct made {
    struct pack_out *pack; /* borrowed */
    pack_make *make;
    void *arg;
    size_t i;
    uint8_t *bytes; /* owned while it is read */
    size_t len, at;
    zip_error_t error;
};

static zip_int64_t open_made(struct made *m)
{
    enum err e = m->make(m->arg, m->i, &m->bytes, &m->len);

    m->at = 0;
    if (!e)
        return 0;
    if (!m->pack->err)
        m->pack->err = e;
    zip_error_set(&m->error, ZIP_ER_READ, 0);
    return -1;
}

static zip_int64_t read_made(struct made *m, void *data, zip_uint64_t len)
{
    size_t n = m->len - m->at < len ? m->len - m->at : (size_t)len;

    if (n > 0)
        memcpy(data, m->bytes + m->at, n);
    m->at += n;
    return (zip_int64_t)n;
}

static zip_int64_t close_made(struct made *m)
{
    mem_free(m->bytes);
    m->bytes = NULL;
    return 0;
}

static zip_int64_t free_made(struct made *m)
{
    mem_free(m->bytes);
    zip_error_fini(&m->error);
    mem_free(m);
    return 0;
}

/* Its size is not known before it is made. */
static zip_int64_t stat_made(void *data, zip_uint64_t len)
{
    if (len < sizeof(zip_stat_t))
        return -1;
    zip_stat_init(data);
    return sizeof(zip_stat_t);
}

static zip_int64_t made_source(void *arg, void *data, zip_uint64_t len, zip_source_cmd_t cmd)
{
    struct made *m = arg;

    switch (cmd) {
    case ZIP_SOURCE_OPEN:
        return open_made(m);
    case ZIP_SOURCE_READ:
        return read_made(m, data, len);
    case ZIP_SOURCE_CLOSE:
        return close_made(m);
    case ZIP_SOURCE_STAT:
        return stat_made(data, len);
    case ZIP_SOURCE_ERROR:
        return zip_error_to_data(&m->error, data, len);
    case ZIP_SOURCE_FREE:
        return free_made(m);
    case ZIP_SOURCE_SUPPORTS:
        return zip_source_make_command_bitmap(ZIP_SOURCE_OPEN, ZIP_SOURCE_READ, ZIP_SOURCE_CLOSE,
                                              ZIP_SOURCE_STAT, ZIP_SOURCE_ERROR, ZIP_SOURCE_FREE,
                                              -1);
    default:
        zip_error_set(&m->error, ZIP_ER_OPNOTSUPP, 0);
        return -1;
    }
}

enum err pack_new_file(struct pack_out **out, const char *path)
{
    struct pack_out *p = mem_zalloc(1, sizeof *p);

    if (!p)
        return ERR_NOMEM;
    p->zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, NULL);
    if (!p->zip) {
        mem_free(p);
        return ERR_IO;
    }
    *out = p;
    return ERR_OK;
}

enum err pack_add_made(struct pack_out *p, const char *name, pack_make *make, void *arg, size_t i)
{
    struct made *m = mem_zalloc(1, sizeof *m);
    zip_source_t *s;

    if (!m)
        return ERR_NOMEM;
    *m = (struct made){ .pack = p, .make = make, .arg = arg, .i = i };
    zip_error_init(&m->error);
    s = zip_source_function(p->zip, made_source, m);
    if (!s)
        (void)free_made(m);
    return add_source(p, name, s);
}

enum err pack_write(struct pack_out *p)
{
    enum err e = ERR_OK;

    if (zip_close(p->zip) != 0) {
        e = p->err ? p->err : ERR_IO;
        zip_discard(p->zip);
    }
    mem_free(p);
    return e;
}
