/* SPDX-License-Identifier: Apache-2.0
 *
 * The pages: the built client, read into memory once at start. Only what was a
 * regular file then can ever be served; there is no path from a request to the
 * file system, so symlinks, traversal and later changes have no effect.
 */
#ifndef PARTA_NET_STATIC_H
#define PARTA_NET_STATIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define STATIC_FILES_MAX 4000
#define STATIC_BYTES_MAX (128u * 1024 * 1024)

struct static_body {
    uint8_t *bytes; /* owned; NULL = there is no such form */
    size_t len;
};

struct static_file {
    char *path; /* owned, begins with '/' */
    const char *content_type;
    struct static_body plain, gzip, brotli;
    char etag[36];  /* quoted, of the plain form */
    bool immutable; /* the name has the content's hash in it: cache for ever */
};

struct static_table {
    struct static_file *files; /* owned, sorted by path */
    size_t n;
    const struct static_file *index; /* /index.html, NULL if there is none */
};

/* Reads folder and what is below it. Symlinks, special files and names that begin with '.' are
 * skipped. A missing folder gives an empty table. ERR_IO, ERR_NOMEM (also over the limits above).
 */
enum err static_load(struct static_table *t, const char *folder) MUST_CHECK;
void static_free(struct static_table *t);

/* The file for a decoded path; a path without an extension that is no file is the application's own
 * and gets /index.html. NULL: 404. */
const struct static_file *static_find(const struct static_table *t, const char *path);

/* The best form for an Accept-Encoding header; *encoding is NULL, "br" or "gzip". */
const struct static_body *static_choose(const struct static_file *f, const char *accept_encoding,
                                        const char **encoding);

/* True if an If-None-Match header names this file's version (RFC 9110 section 13.1.2). */
bool static_matches(const struct static_file *f, const char *if_none_match);

#endif
