/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads and writes signalling messages by their description: protocol.gen.c
 * holds one table per message, this file walks it. Strict on the way in (the
 * field at fault is named), and a value outside its limits is never written.
 * It knows no message by name and decides nothing.
 */
#ifndef PARTA_PROTOCOL_SHAPE_H
#define PARTA_PROTOCOL_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/json.h"
#include "common/base/str.h"

enum shape_type {
    SHAPE_BOOL,   /* bool */
    SHAPE_INT,    /* int within [min, max] */
    SHAPE_BIG,    /* int64_t within [min, max]: ids and times */
    SHAPE_STRING, /* const char *, at most max bytes, borrowed */
    SHAPE_ENUM,   /* an enum of words_n words */
    SHAPE_STRUCT, /* nested struct of shape sub */
    SHAPE_LIST,   /* pointer and count (size_t) of structs of shape sub, at most max */
    SHAPE_INTS,   /* pointer and count (size_t) of uint16_t >= 1, at most max */
};

struct shape_field {
    const char *name;
    enum shape_type type;
    bool optional; /* STRING: NULL = absent; INT and BIG: a bool at `extra` says if present */
    size_t at;     /* offset of the value */
    size_t extra;  /* offset of the count (lists) or of the presence flag (optional numbers) */
    int64_t min;
    int64_t max;
    const char *const *words;
    size_t words_n;
    const struct shape *sub;
};

struct shape {
    const char *name;
    const struct shape_field *fields;
    size_t fields_n;
    size_t size; /* of the C struct */
};

/* Reads the fields of shape from v into *out (zeroed by the caller). Faults are left in v. Lists
 * are allocated: release with shape_free whatever happened. ERR_NOMEM, otherwise ERR_OK even when
 * v has a fault: end with json_view_end. */
enum err shape_read(struct json_view *v, const struct shape *shape, void *out) MUST_CHECK;

/* Frees the lists that shape_read allocated. */
void shape_free(const struct shape *shape, void *out);

/* Appends the fields as `"name":value,...` without braces; first says that no comma is due yet.
 * False if a value is outside its limits. Lack of memory is left in b. */
bool shape_write(struct strbuf *b, const struct shape *shape, const void *in, bool first);

/* Appends s as a JSON string (RFC 8259 section 7). False if it is not UTF-8. */
bool shape_write_string(struct strbuf *b, const char *s);

#endif
