/* SPDX-License-Identifier: Apache-2.0
 *
 * Randomness from the kernel and nowhere else (getrandom): ids, tokens, salts.
 * There is no fallback; a caller that gets ERR_IO refuses what it was asked.
 * Any thread.
 */
#ifndef PARTA_SYS_RANDOM_H
#define PARTA_SYS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define RANDOM_TOKEN_BYTES_MAX 64
/* Characters of a token of n random bytes, without the NUL. */
#define RANDOM_TOKEN_CHARS(n) (((n)*8 + 5) / 6)

/* Fills out[0..len). ERR_IO. */
enum err random_bytes(void *out, size_t len) MUST_CHECK;

/* A number in [1, INT64_MAX], for ids that must not be guessed or counted. ERR_IO. */
enum err random_id(int64_t *out) MUST_CHECK;

/* n random bytes (1..RANDOM_TOKEN_BYTES_MAX) as base64url without padding (RFC 4648 section 5)
 * into out[cap], NUL-terminated. ERR_INVAL if it does not fit; ERR_IO. */
enum err random_token(size_t n, char *out, size_t cap) MUST_CHECK;

/* base64url without padding of bytes[0..n) into out[RANDOM_TOKEN_CHARS(n) + 1]. */
void base64url(const uint8_t *bytes, size_t n, char *out);

#endif
