/* SPDX-License-Identifier: Apache-2.0
 *
 * See argon.h. Any thread.
 */
#include "server/api/argon.h"

#include <argon2.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <sys/mman.h>

#include "common/base/str.h"
#include "server/sys/random.h"

/* OWASP ASVS 5.0, password storage: argon2id with m >= 46 MiB at t = 1, p = 1. */
#define ARGON_KIB (46u * 1024)
#define ARGON_TIME 1
#define ARGON_LANES 1
#define SALT_BYTES 16
#define HASH_BYTES 32

#define KIB_MAX (256u * 1024) /* what a stored hash may ask for */
#define TIME_MAX 16
#define LANES_MAX 4
#define HUGE_PAGE ((size_t)2 << 20)

struct argon {
    uint32_t kib, time, lanes;
    uint8_t salt[SALT_BYTES];
    uint8_t hash[HASH_BYTES];
};

static int take_memory(uint8_t **memory, size_t bytes)
{
    size_t len = (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
    void *p = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (p == MAP_FAILED)
        return -1;
    (void)madvise(p, len, MADV_HUGEPAGE); /* a wish: without it, slower */
    *memory = p;
    return 0;
}

static void give_memory(uint8_t *memory, size_t bytes)
{
    munmap(memory, (bytes + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1));
}

/* The hash of key with the parameters and salt of a, into a->hash. */
static bool compute(const uint8_t key[ARGON_KEY_BYTES], struct argon *a)
{
    uint8_t copy[ARGON_KEY_BYTES]; /* argon2 may write to what it is given */
    argon2_context c = { .out = a->hash,
                         .outlen = sizeof a->hash,
                         .pwd = copy,
                         .pwdlen = sizeof copy,
                         .salt = a->salt,
                         .saltlen = sizeof a->salt,
                         .t_cost = a->time,
                         .m_cost = a->kib,
                         .lanes = a->lanes,
                         .threads = 1,
                         .version = ARGON2_VERSION_13,
                         .allocate_cbk = take_memory,
                         .free_cbk = give_memory,
                         .flags = ARGON2_DEFAULT_FLAGS };
    bool ok;

    memcpy(copy, key, sizeof copy);
    ok = argon2_ctx(&c, Argon2_id) == ARGON2_OK;
    OPENSSL_cleanse(copy, sizeof copy);
    return ok;
}

/* Base64 of RFC 4648 without padding, as argon2 writes it. */
static void write_base64(const uint8_t *bytes, int len, char *out)
{
    int n = EVP_EncodeBlock((unsigned char *)out, bytes, len);

    while (n > 0 && out[n - 1] == '=')
        out[--n] = '\0';
}

static bool read_base64(const char **at, uint8_t *out, size_t len)
{
    char text[48] = { 0 };
    unsigned char bytes[36];
    size_t n = strcspn(*at, "$"), padded = (n + 3) / 4 * 4;

    if (n != (len * 8 + 5) / 6 || padded >= sizeof text)
        return false;
    memcpy(text, *at, n);
    memset(text + n, '=', padded - n);
    if (EVP_DecodeBlock(bytes, (unsigned char *)text, (int)padded) != (int)(padded / 4 * 3))
        return false;
    memcpy(out, bytes, len);
    OPENSSL_cleanse(bytes, sizeof bytes);
    *at += n;
    return true;
}

static bool read_word(const char **at, const char *word)
{
    size_t n = strlen(word);

    if (strncmp(*at, word, n) != 0)
        return false;
    *at += n;
    return true;
}

static bool read_number(const char **at, uint32_t max, uint32_t *out)
{
    uint32_t v = 0;

    if (**at < '1' || **at > '9')
        return false;
    for (; **at >= '0' && **at <= '9' && v <= max; (*at)++)
        v = v * 10 + (uint32_t)(**at - '0');
    *out = v;
    return v <= max;
}

static bool parse(const char *s, struct argon *out)
{
    return read_word(&s, "$argon2id$v=19$m=") && read_number(&s, KIB_MAX, &out->kib) &&
           read_word(&s, ",t=") && read_number(&s, TIME_MAX, &out->time) && read_word(&s, ",p=") &&
           read_number(&s, LANES_MAX, &out->lanes) && read_word(&s, "$") &&
           read_base64(&s, out->salt, sizeof out->salt) && read_word(&s, "$") &&
           read_base64(&s, out->hash, sizeof out->hash) && !*s;
}

enum err argon_hash(const uint8_t key[ARGON_KEY_BYTES], char *out, size_t cap)
{
    struct argon a = { .kib = ARGON_KIB, .time = ARGON_TIME, .lanes = ARGON_LANES };
    char salt[28], hash[48];
    enum err e = random_bytes(a.salt, sizeof a.salt);

    if (e)
        return e;
    if (!compute(key, &a))
        return ERR_NOMEM;
    write_base64(a.salt, sizeof a.salt, salt);
    write_base64(a.hash, sizeof a.hash, hash);
    OPENSSL_cleanse(&a, sizeof a);
    return str_format(out, cap, "$argon2id$v=19$m=%u,t=%u,p=%u$%s$%s", ARGON_KIB, ARGON_TIME,
                      ARGON_LANES, salt, hash)
               ? ERR_OK
               : ERR_NOMEM;
}

bool argon_verify(const uint8_t key[ARGON_KEY_BYTES], const char *encoded)
{
    struct argon a = { 0 };
    uint8_t wanted[HASH_BYTES];
    bool ok = parse(encoded, &a);

    if (ok) {
        memcpy(wanted, a.hash, sizeof wanted);
        ok = compute(key, &a) && CRYPTO_memcmp(wanted, a.hash, sizeof wanted) == 0;
    }
    OPENSSL_cleanse(&a, sizeof a);
    return ok;
}
