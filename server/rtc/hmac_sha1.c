/* SPDX-License-Identifier: Apache-2.0
 *
 * HMAC-SHA1 on saved states; hmac_sha1.h says why it does not use EVP_MAC.
 */
#define OPENSSL_SUPPRESS_DEPRECATED /* SHA1_*: see hmac_sha1.h */
#include "server/rtc/hmac_sha1.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <string.h>

#define BLOCK_BYTES 64 /* SHA-1's block, RFC 2104 section 2 */

static void save(const SHA_CTX *c, uint32_t state[5])
{
    state[0] = c->h0;
    state[1] = c->h1;
    state[2] = c->h2;
    state[3] = c->h3;
    state[4] = c->h4;
}

/* As if the key block had just been hashed. */
static void restore(SHA_CTX *c, const uint32_t state[5])
{
    SHA1_Init(c);
    c->h0 = state[0];
    c->h1 = state[1];
    c->h2 = state[2];
    c->h3 = state[3];
    c->h4 = state[4];
    c->Nl = BLOCK_BYTES * 8; /* bits hashed so far */
}

void hmac_sha1_init(struct hmac_sha1 *h, const void *key, size_t len)
{
    uint8_t block[BLOCK_BYTES] = { 0 };
    SHA_CTX c;

    if (len > sizeof block)
        SHA1(key, len, block);
    else if (len)
        memcpy(block, key, len);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36;
    SHA1_Init(&c);
    SHA1_Update(&c, block, sizeof block);
    save(&c, h->inner);
    for (size_t i = 0; i < sizeof block; i++)
        block[i] ^= 0x36 ^ 0x5c;
    SHA1_Init(&c);
    SHA1_Update(&c, block, sizeof block);
    save(&c, h->outer);
    OPENSSL_cleanse(block, sizeof block);
    OPENSSL_cleanse(&c, sizeof c);
}

void hmac_sha1_tag(const struct hmac_sha1 *h, const void *a, size_t a_len, const void *b,
                   size_t b_len, uint8_t tag[HMAC_SHA1_BYTES])
{
    uint8_t digest[HMAC_SHA1_BYTES];
    SHA_CTX c;

    restore(&c, h->inner);
    SHA1_Update(&c, a, a_len);
    if (b_len)
        SHA1_Update(&c, b, b_len);
    SHA1_Final(digest, &c);
    restore(&c, h->outer);
    SHA1_Update(&c, digest, sizeof digest);
    SHA1_Final(tag, &c);
}
