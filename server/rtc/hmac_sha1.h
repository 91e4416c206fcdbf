/* SPDX-License-Identifier: Apache-2.0
 *
 * HMAC-SHA1 (RFC 2104) with a saved key state, for STUN's MESSAGE-INTEGRITY
 * and SRTP's authentication tag. A message costs no allocation and no
 * key set-up: libcrypto's EVP_MAC duplicates a heap object per message, which
 * the packet path must not do, so this stands on libcrypto's plain SHA_CTX.
 */
#ifndef PARTA_RTC_HMAC_SHA1_H
#define PARTA_RTC_HMAC_SHA1_H

#include <stddef.h>
#include <stdint.h>

#define HMAC_SHA1_BYTES 20

struct hmac_sha1 {
    uint32_t inner[5]; /* SHA-1's chaining value after the key xor ipad, one whole block */
    uint32_t outer[5]; /* the same with opad */
};

/* Keys of any length. The caller wipes the struct with OPENSSL_cleanse. */
void hmac_sha1_init(struct hmac_sha1 *h, const void *key, size_t len);

/* The tag over a[0..a_len) followed by b[0..b_len). */
void hmac_sha1_tag(const struct hmac_sha1 *h, const void *a, size_t a_len, const void *b,
                   size_t b_len, uint8_t tag[HMAC_SHA1_BYTES]);

#endif
