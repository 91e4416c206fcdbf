/* SPDX-License-Identifier: Apache-2.0
 *
 * Codes of an authenticator: RFC 6238 with HMAC-SHA-1 as RFC 4226 has it,
 * which is what every authenticator knows, and the base32 of RFC 4648 that its
 * secrets are written in. Any thread.
 */
#ifndef PARTA_SYS_TOTP_H
#define PARTA_SYS_TOTP_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

#define TOTP_SECRET_BYTES 20 /* RFC 4226 section 4, R6: 160 bits */
#define TOTP_SECRET_CHARS 32

/* The six-digit code of a time step. ERR_NOMEM. */
enum err totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step, uint32_t *out) MUST_CHECK;

/* bytes[0..n) in base32, n a multiple of 5, into out[n / 5 * 8 + 1]. upper: "A-Z2-7", else lower.
 */
void base32(const uint8_t *bytes, size_t n, int upper, char *out);

#endif
