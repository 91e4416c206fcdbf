/* SPDX-License-Identifier: Apache-2.0
 *
 * The pure part of accounts: the key file, argon2id, digests of tokens. Any
 * thread.
 */
#include <errno.h>
#include <fcntl.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>
#include <string.h>
#include <unistd.h>

#include "server/api/account.h"
#include "server/api/argon.h"
#include "server/sys/random.h"

#define PEPPERED_BYTES ARGON_KEY_BYTES

static enum err make_key(const char *path)
{
    uint8_t key[32];
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    enum err e;

    if (fd < 0)
        return errno == EEXIST ? ERR_OK : ERR_IO;
    e = random_bytes(key, sizeof key);
    if (!e && (write(fd, key, sizeof key) != (ssize_t)sizeof key || fsync(fd) != 0))
        e = ERR_IO;
    OPENSSL_cleanse(key, sizeof key);
    close(fd);
    if (e)
        (void)unlink(path);
    return e;
}

/* Separate keys for separate uses, from the one in the file. */
static enum err derive(const uint8_t key[32], const char *use, uint8_t out[32])
{
    unsigned len = 0;

    return HMAC(EVP_sha256(), key, 32, (const unsigned char *)use, strlen(use), out, &len) &&
                   len == 32
               ? ERR_OK
               : ERR_NOMEM;
}

enum err account_key_load(const char *path, bool create, struct account_key *out)
{
    uint8_t key[33];
    ssize_t n;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum err e = ERR_OK;

    if (fd < 0 && errno == ENOENT && create) {
        e = make_key(path);
        if (e)
            return e;
        fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    if (fd < 0)
        return ERR_IO;
    n = read(fd, key, sizeof key);
    close(fd);
    if (n != 32)
        return n < 0 ? ERR_IO : ERR_PARSE;
    e = derive(key, "parta password pepper", out->pepper);
    OPENSSL_cleanse(key, sizeof key);
    return e;
}

static enum err pepper(const struct account_key *key, const char *secret,
                       uint8_t out[PEPPERED_BYTES])
{
    return derive(key->pepper, secret, out);
}

enum err account_hash(const struct account_key *key, const char *secret, char *out, size_t cap)
{
    uint8_t peppered[PEPPERED_BYTES];
    enum err e = pepper(key, secret, peppered);

    if (!e)
        e = argon_hash(peppered, out, cap);
    OPENSSL_cleanse(peppered, sizeof peppered);
    return e;
}

bool account_verify(const struct account_key *key, const char *secret, const char *encoded)
{
    /* Of no secret: so that an unknown name costs what a known one does (S10). */
    static const char nobody[] = "$argon2id$v=19$m=47104,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg"
                                 "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    uint8_t peppered[PEPPERED_BYTES];
    bool ok = false;

    if (pepper(key, secret, peppered) == ERR_OK)
        ok = argon_verify(peppered, encoded[0] ? encoded : nobody);
    OPENSSL_cleanse(peppered, sizeof peppered);
    return ok && encoded[0];
}

enum err account_request_mac(const struct account_key *key, const char *text, uint8_t out[32])
{
    uint8_t own[32];
    enum err e = derive(key->pepper, "parta request digest", own);

    if (!e)
        e = derive(own, text, out);
    OPENSSL_cleanse(own, sizeof own);
    return e;
}

void account_token_hash(const char *token, uint8_t out[32])
{
    SHA256((const unsigned char *)token, strlen(token), out);
}
