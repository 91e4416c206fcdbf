/* SPDX-License-Identifier: Apache-2.0
 *
 * A growing text buffer and the few string helpers the house uses instead of
 * strcpy, sprintf, atoi and strtok. A failed growth is sticky: a run of
 * appends is checked once, by strbuf_take or strbuf_ok.
 */
#ifndef PARTA_BASE_STR_H
#define PARTA_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct strbuf {
    char *s;     /* NUL-terminated text (owned), or NULL while empty */
    size_t len;  /* bytes before the NUL */
    size_t cap;  /* bytes allocated */
    bool failed; /* an allocation failed; stays set */
};

void strbuf_init(struct strbuf *b);
void strbuf_deinit(struct strbuf *b);
void strbuf_add(struct strbuf *b, const char *s, size_t len);
void strbuf_puts(struct strbuf *b, const char *s);
void strbuf_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool strbuf_ok(const struct strbuf *b);

/* Hands the text to the caller (free with mem_free) and leaves b empty.
 * ERR_NOMEM if any append failed; b is then emptied and *out untouched. */
enum err strbuf_take(struct strbuf *b, char **out) MUST_CHECK;

/* Copies src into dst[cap], always NUL-terminated. False if it did not fit (dst is then ""). */
bool str_copy(char *dst, size_t cap, const char *src) MUST_CHECK;

/* Formats into dst[cap]. False if it did not fit (dst is then ""). */
bool str_format(char *dst, size_t cap, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))) MUST_CHECK;

/* Whole decimal text (optional leading '-') to a number within [min, max]. ERR_PARSE otherwise. */
enum err str_to_i64(const char *s, int64_t min, int64_t max, int64_t *out) MUST_CHECK;

/* True if s[0..len) is well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms). */
bool str_utf8_ok(const char *s, size_t len);

/* True if s is a name fit for a person or a thing: 1..max_chars characters, valid UTF-8,
 * no control (Cc) or invisible format (Cf) characters. */
bool str_name_ok(const char *s, size_t max_chars);

/* Lower-case hex of bytes into out[2 * len + 1]. */
void str_hex(const uint8_t *bytes, size_t len, char *out);

#endif
