/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealing and opening of one value; see seal.h.
 */
#include "server/sys/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/sys/random.h"

#define FORMAT 1
#define NONCE_BYTES 12
#define TAG_BYTES 16
#define HEAD_BYTES (1 + 4)

_Static_assert(SEAL_OVERHEAD == HEAD_BYTES + NONCE_BYTES + TAG_BYTES, "the form of a value");

static void put_be(uint8_t *out, uint64_t v, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--, v >>= 8)
        out[i] = (uint8_t)v;
}

static uint32_t get_be32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

/* One piece of what is authenticated but not stored. */
static bool add_aad(EVP_CIPHER_CTX *c, bool seal, const void *bytes, size_t len)
{
    int n = 0;

    return (seal ? EVP_EncryptUpdate(c, NULL, &n, bytes, (int)len)
                 : EVP_DecryptUpdate(c, NULL, &n, bytes, (int)len)) == 1;
}

/* The head of the value and its place. The NULs keep "ab","c" apart from "a","bc". */
static bool add_place(EVP_CIPHER_CTX *c, bool seal, const uint8_t head[HEAD_BYTES],
                      const struct seal_place *at)
{
    uint8_t row[8];

    put_be(row, (uint64_t)at->row, sizeof row);
    return add_aad(c, seal, head, HEAD_BYTES) &&
           add_aad(c, seal, at->table, strlen(at->table) + 1) &&
           add_aad(c, seal, at->column, strlen(at->column) + 1) &&
           add_aad(c, seal, row, sizeof row);
}

/* value: head and nonce are written already. */
static bool encrypt(EVP_CIPHER_CTX *c, const struct seal_key *key, const struct seal_place *at,
                    const void *text, size_t len, uint8_t *value)
{
    uint8_t *cipher = value + HEAD_BYTES + NONCE_BYTES;
    int n = 0;

    return EVP_EncryptInit_ex(c, EVP_aes_256_gcm(), NULL, key->key, value + HEAD_BYTES) == 1 &&
           add_place(c, true, value, at) &&
           (len == 0 || EVP_EncryptUpdate(c, cipher, &n, text, (int)len) == 1) &&
           EVP_EncryptFinal_ex(c, cipher + len, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_GET_TAG, TAG_BYTES, cipher + len) == 1;
}

enum err seal_close(const struct seal_ring *r, const struct seal_place *at, const void *text,
                    size_t len, uint8_t **out, size_t *out_len)
{
    const struct seal_key *key;
    EVP_CIPHER_CTX *c;
    uint8_t *value;
    enum err e;

    if (r->n == 0 || len > SEAL_TEXT_MAX)
        return ERR_INVAL;
    key = &r->keys[r->n - 1];
    value = mem_zalloc(1, len + SEAL_OVERHEAD);
    c = EVP_CIPHER_CTX_new();
    e = value && c ? random_bytes(value + HEAD_BYTES, NONCE_BYTES) : ERR_NOMEM;
    if (!e) {
        value[0] = FORMAT;
        put_be(value + 1, key->id, 4);
        e = encrypt(c, key, at, text, len, value) ? ERR_OK : ERR_NOMEM;
    }
    EVP_CIPHER_CTX_free(c);
    if (e) {
        mem_free(value);
        return e;
    }
    *out = value;
    *out_len = len + SEAL_OVERHEAD;
    return ERR_OK;
}

static const struct seal_key *find_key(const struct seal_ring *r, uint32_t id)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->keys[i].id == id)
            return &r->keys[i];
    }
    return NULL;
}

static bool decrypt(EVP_CIPHER_CTX *c, const struct seal_key *key, const struct seal_place *at,
                    const uint8_t *value, size_t len, char *text)
{
    const uint8_t *cipher = value + HEAD_BYTES + NONCE_BYTES;
    uint8_t tag[TAG_BYTES];
    int n = 0;

    memcpy(tag, cipher + len, sizeof tag);
    return EVP_DecryptInit_ex(c, EVP_aes_256_gcm(), NULL, key->key, value + HEAD_BYTES) == 1 &&
           add_place(c, false, value, at) &&
           (len == 0 || EVP_DecryptUpdate(c, (unsigned char *)text, &n, cipher, (int)len) == 1) &&
           EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_GCM_SET_TAG, TAG_BYTES, tag) == 1 &&
           EVP_DecryptFinal_ex(c, (unsigned char *)text + len, &n) == 1;
}

enum err seal_open(const struct seal_ring *r, const struct seal_place *at, const uint8_t *value,
                   size_t value_len, char **out, size_t *out_len)
{
    const struct seal_key *key;
    EVP_CIPHER_CTX *c;
    size_t len;
    char *text;
    enum err e;

    if (value_len < SEAL_OVERHEAD || value_len - SEAL_OVERHEAD > SEAL_TEXT_MAX ||
        value[0] != FORMAT)
        return ERR_PARSE;
    key = find_key(r, get_be32(value + 1));
    if (!key)
        return ERR_NOTFOUND;
    len = value_len - SEAL_OVERHEAD;
    text = mem_zalloc(1, len + 1);
    c = EVP_CIPHER_CTX_new();
    e = !text || !c ? ERR_NOMEM : decrypt(c, key, at, value, len, text) ? ERR_OK : ERR_DENIED;
    EVP_CIPHER_CTX_free(c);
    if (e) {
        seal_text_free(text, len);
        return e;
    }
    *out = text;
    *out_len = len;
    return ERR_OK;
}

void seal_text_free(char *text, size_t len)
{
    if (text)
        OPENSSL_cleanse(text, len);
    mem_free(text);
}
