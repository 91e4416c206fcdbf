/* SPDX-License-Identifier: Apache-2.0
 *
 * Growing text and checked conversions.
 */
#include "common/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"

#define FIRST_CAP 128

void strbuf_init(struct strbuf *b)
{
    *b = (struct strbuf){ 0 };
}

void strbuf_deinit(struct strbuf *b)
{
    mem_free(b->s);
    strbuf_init(b);
}

/* Makes room for extra bytes and a NUL. */
static bool grow(struct strbuf *b, size_t extra)
{
    size_t need, cap;
    char *s;

    if (b->failed)
        return false;
    if (__builtin_add_overflow(b->len, extra, &need) || need == SIZE_MAX) {
        b->failed = true;
        return false;
    }
    need++;
    if (need <= b->cap)
        return true;
    cap = b->cap ? b->cap : FIRST_CAP;
    while (cap < need)
        cap = cap > SIZE_MAX / 2 ? need : cap * 2;
    s = mem_regrow(b->s, cap, 1);
    if (!s) {
        b->failed = true;
        return false;
    }
    b->s = s;
    b->cap = cap;
    return true;
}

void strbuf_add(struct strbuf *b, const char *s, size_t len)
{
    if (!grow(b, len))
        return;
    if (len)
        memcpy(b->s + b->len, s, len);
    b->len += len;
    b->s[b->len] = '\0';
}

void strbuf_puts(struct strbuf *b, const char *s)
{
    strbuf_add(b, s, strlen(s));
}

void strbuf_printf(struct strbuf *b, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if (!grow(b, (size_t)n))
        return;
    va_start(ap, fmt);
    vsnprintf(b->s + b->len, (size_t)n + 1, fmt, ap);
    va_end(ap);
    b->len += (size_t)n;
}

bool strbuf_ok(const struct strbuf *b)
{
    return !b->failed;
}

enum err strbuf_take(struct strbuf *b, char **out)
{
    if (!grow(b, 0)) {
        strbuf_deinit(b);
        return ERR_NOMEM;
    }
    b->s[b->len] = '\0';
    *out = b->s;
    strbuf_init(b);
    return ERR_OK;
}

bool str_copy(char *dst, size_t cap, const char *src)
{
    size_t len = strlen(src);

    if (len >= cap) {
        if (cap)
            dst[0] = '\0';
        return false;
    }
    memcpy(dst, src, len + 1);
    return true;
}

bool str_format(char *dst, size_t cap, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(dst, cap, fmt, ap);
    va_end(ap);
    if (n >= 0 && (size_t)n < cap)
        return true;
    if (cap)
        dst[0] = '\0';
    return false;
}

enum err str_to_i64(const char *s, int64_t min, int64_t max, int64_t *out)
{
    const char *digits = s[0] == '-' ? s + 1 : s;
    char *end;
    long long v;

    if (digits[0] < '0' || digits[0] > '9')
        return ERR_PARSE;
    errno = 0;
    v = strtoll(s, &end, 10);
    if (errno || *end || v < min || v > max)
        return ERR_PARSE;
    *out = v;
    return ERR_OK;
}

/* Decodes one character at s (len > 0). Returns its byte count, or 0 if malformed. */
static size_t utf8_next(const unsigned char *s, size_t len, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t n = s[0] < 0x80         ? 1
               : s[0] >> 5 == 0x6  ? 2
               : s[0] >> 4 == 0xe  ? 3
               : s[0] >> 3 == 0x1e ? 4
                                   : 0;
    uint32_t c;

    if (n == 0 || n > len)
        return 0;
    c = n == 1 ? s[0] : s[0] & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if (s[i] >> 6 != 0x2)
            return 0;
        c = c << 6 | (s[i] & 0x3f);
    }
    if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *code = c;
    return n;
}

bool str_utf8_ok(const char *s, size_t len)
{
    const unsigned char *p = (const unsigned char *)s;
    uint32_t code;

    while (len) {
        size_t n = utf8_next(p, len, &code);

        if (!n)
            return false;
        p += n;
        len -= n;
    }
    return true;
}

/* Unicode categories Cc and Cf that matter in names: controls, zero-width and bidi marks. */
static bool invisible(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || c == 0x61c || c == 0x180e ||
           (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb) ||
           (c >= 0xe0000 && c <= 0xe007f);
}

bool str_name_ok(const char *s, size_t max_chars)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t len = strlen(s), chars = 0;
    uint32_t code;

    while (len) {
        size_t n = utf8_next(p, len, &code);

        if (!n || invisible(code) || ++chars > max_chars)
            return false;
        p += n;
        len -= n;
    }
    return chars > 0;
}

void str_hex(const uint8_t *bytes, size_t len, char *out)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * len] = '\0';
}
