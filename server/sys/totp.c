/* SPDX-License-Identifier: Apache-2.0
 *
 * Time-based codes; see totp.h. Any thread.
 */
#include "server/sys/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define MODULUS 1000000u

enum err totp_code(const uint8_t secret[TOTP_SECRET_BYTES], int64_t step, uint32_t *out)
{
    uint8_t counter[8], mac[EVP_MAX_MD_SIZE];
    unsigned len = 0, at;

    for (int i = 0; i < 8; i++)
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    if (!HMAC(EVP_sha1(), secret, TOTP_SECRET_BYTES, counter, sizeof counter, mac, &len) ||
        len != 20)
        return ERR_NOMEM;
    at = mac[19] & 15u; /* RFC 4226 section 5.3: dynamic truncation */
    *out = (((uint32_t)mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
            (uint32_t)mac[at + 2] << 8 | mac[at + 3]) %
           MODULUS;
    return ERR_OK;
}

void base32(const uint8_t *bytes, size_t n, int upper, char *out)
{
    const char *digits =
        upper ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" : "abcdefghijklmnopqrstuvwxyz234567";

    for (size_t i = 0; i + 5 <= n; i += 5) {
        uint64_t v = 0;

        for (int k = 0; k < 5; k++)
            v = v << 8 | bytes[i + (size_t)k];
        for (int k = 35; k >= 0; k -= 5)
            *out++ = digits[v >> k & 31];
    }
    *out = '\0';
}
