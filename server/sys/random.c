/* SPDX-License-Identifier: Apache-2.0
 *
 * getrandom and base64url. Any thread.
 */
#include "server/sys/random.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum err random_bytes(void *out, size_t len)
{
    uint8_t *p = out;

    while (len > 0) {
        ssize_t got = getrandom(p, len, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return ERR_IO;
        p += got;
        len -= (size_t)got;
    }
    return ERR_OK;
}

enum err random_id(int64_t *out)
{
    uint64_t v;

    do {
        enum err e = random_bytes(&v, sizeof v);

        if (e)
            return e;
        v >>= 1;
    } while (v == 0);
    *out = (int64_t)v;
    return ERR_OK;
}

void base64url(const uint8_t *bytes, size_t n, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    uint32_t acc = 0;
    unsigned bits = 0;

    for (size_t i = 0; i < n; i++) {
        acc = (acc << 8 | bytes[i]) & 0xffff;
        for (bits += 8; bits >= 6; bits -= 6)
            *out++ = digits[acc >> (bits - 6) & 63];
    }
    if (bits)
        *out++ = digits[acc << (6 - bits) & 63];
    *out = '\0';
}

enum err random_token(size_t n, char *out, size_t cap)
{
    uint8_t raw[RANDOM_TOKEN_BYTES_MAX];
    enum err e;

    if (n == 0 || n > sizeof raw || cap <= RANDOM_TOKEN_CHARS(n))
        return ERR_INVAL;
    e = random_bytes(raw, n);
    if (!e)
        base64url(raw, n, out);
    explicit_bzero(raw, sizeof raw);
    return e;
}
