/* SPDX-License-Identifier: Apache-2.0
 *
 * SRTP and SRTCP packets, both profiles; see srtp.h. The order when opening
 * is RFC 3711 section 3.3's: index guess, replay check, tag, and only then is
 * anything about the source remembered.
 */
#include "server/rtc/srtp.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/hmac_sha1.h"
#include "server/rtc/srtp_window.h"

#define GCM_TAG_BYTES 16  /* RFC 7714 section 13.2 */
#define GCM_IV_BYTES 12   /* RFC 7714 section 8.1 */
#define GCM_SALT_BYTES 12 /* RFC 7714 section 13 */
#define CM_TAG_BYTES 10   /* RFC 3711 section 5.2 */
#define CM_SALT_BYTES 14  /* RFC 3711 section 5.1 */
#define CM_IV_BYTES 16
#define RTP_HEAD_BYTES 12
#define RTCP_HEAD_BYTES 8  /* stays in clear, RFC 3711 section 3.4 */
#define RTCP_TRAIL_BYTES 4 /* E flag and index */
#define RTCP_E_FLAG 0x80000000u
#define RTCP_INDEX_MAX 0x7fffffffu /* RFC 3711 section 3.4: 31 bits, then the key is used up */

struct half {
    EVP_CIPHER_CTX *cipher;      /* owned; key set once */
    uint8_t salt[SRTP_SALT_MAX]; /* session salt */
    struct hmac_sha1 auth;       /* AES-CM only */
};

struct srtp {
    enum srtp_profile profile;
    struct half rtp, rtcp;
    struct srtp_sources rtp_sources;
    struct srtp_sources rtcp_sources; /* opening only */
    uint32_t rtcp_next; /* sealing only: one counter for all sources, so no index repeats */
};

size_t srtp_salt_bytes(enum srtp_profile profile)
{
    return profile == SRTP_GCM ? GCM_SALT_BYTES : CM_SALT_BYTES;
}

/* n bytes of AES-CM key stream for one label: RFC 3711 section 4.3.1 and .3. A 12-byte salt
 * counts as padded with zeros behind (RFC 7714 section 11). */
static bool derive_one(EVP_CIPHER_CTX *ctx, const uint8_t salt[SRTP_SALT_MAX], uint8_t label,
                       uint8_t *out, size_t n)
{
    uint8_t iv[CM_IV_BYTES] = { 0 };
    uint8_t zero[SRTP_AUTH_KEY_BYTES] = { 0 };
    int written;

    memcpy(iv, salt, SRTP_SALT_MAX);
    iv[7] ^= label;
    return EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, iv) == 1 &&
           EVP_EncryptUpdate(ctx, out, &written, zero, (int)n) == 1;
}

enum err srtp_derive(enum srtp_profile profile, const struct srtp_master *master,
                     struct srtp_session_keys *out)
{
    struct srtp_session_keys k = { 0 };
    uint8_t salt[SRTP_SALT_MAX] = { 0 };
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    size_t salt_bytes = srtp_salt_bytes(profile);
    bool ok;

    memcpy(salt, master->salt, salt_bytes);
    ok = ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, master->key, NULL) == 1 &&
         derive_one(ctx, salt, 0, k.rtp.key, SRTP_KEY_BYTES) &&
         derive_one(ctx, salt, 1, k.rtp.auth, SRTP_AUTH_KEY_BYTES) &&
         derive_one(ctx, salt, 2, k.rtp.salt, salt_bytes) &&
         derive_one(ctx, salt, 3, k.rtcp.key, SRTP_KEY_BYTES) &&
         derive_one(ctx, salt, 4, k.rtcp.auth, SRTP_AUTH_KEY_BYTES) &&
         derive_one(ctx, salt, 5, k.rtcp.salt, salt_bytes);
    EVP_CIPHER_CTX_free(ctx);
    if (ok)
        *out = k;
    OPENSSL_cleanse(&k, sizeof k);
    OPENSSL_cleanse(salt, sizeof salt);
    return ok ? ERR_OK : ERR_NOMEM;
}

static bool half_init(struct half *h, enum srtp_profile profile, const struct srtp_half_keys *keys)
{
    bool gcm = profile == SRTP_GCM;
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, gcm ? "AES-128-GCM" : "AES-128-CTR", NULL);
    bool ok;

    h->cipher = EVP_CIPHER_CTX_new();
    /* AES-CM decrypts by encrypting; for GCM each packet says the direction. */
    ok = cipher && h->cipher && EVP_EncryptInit_ex(h->cipher, cipher, NULL, keys->key, NULL) == 1;
    EVP_CIPHER_free(cipher);
    memcpy(h->salt, keys->salt, srtp_salt_bytes(profile));
    if (!gcm)
        hmac_sha1_init(&h->auth, keys->auth, SRTP_AUTH_KEY_BYTES);
    return ok;
}

enum err srtp_new_session(struct srtp **out, enum srtp_profile profile,
                          const struct srtp_session_keys *keys)
{
    struct srtp *s = mem_zalloc(1, sizeof *s);

    if (!s)
        return ERR_NOMEM;
    s->profile = profile;
    s->rtcp_next = keys->first_rtcp_index;
    if (!half_init(&s->rtp, profile, &keys->rtp) || !half_init(&s->rtcp, profile, &keys->rtcp)) {
        srtp_free(s);
        return ERR_NOMEM;
    }
    *out = s;
    return ERR_OK;
}

enum err srtp_new(struct srtp **out, enum srtp_profile profile, const struct srtp_master *master)
{
    struct srtp_session_keys keys;
    enum err e = srtp_derive(profile, master, &keys);

    if (e == ERR_OK)
        e = srtp_new_session(out, profile, &keys);
    OPENSSL_cleanse(&keys, sizeof keys);
    return e;
}

void srtp_free(struct srtp *s)
{
    if (!s)
        return;
    EVP_CIPHER_CTX_free(s->rtp.cipher); /* wipes its key */
    EVP_CIPHER_CTX_free(s->rtcp.cipher);
    OPENSSL_cleanse(s, sizeof *s);
    mem_free(s);
}

/* ---- one packet, given its parts ---- */

/* data[0..head) is authenticated, data[head..len) is encrypted too. */
struct part {
    struct half *half;
    uint8_t *data;
    size_t head, len;
    uint32_t ssrc;
    uint64_t index;
    uint8_t trail[RTCP_TRAIL_BYTES]; /* authenticated behind the packet: ROC or E and index */
    bool rtcp;
};

/* RFC 7714 sections 8.1 and 9.1. The same layout serves both: a 48-bit index at the end. */
static void gcm_iv(const struct part *p, uint8_t iv[GCM_IV_BYTES])
{
    struct writer w = writer_on(iv, GCM_IV_BYTES);

    write_u16(&w, 0);
    write_u32(&w, p->ssrc);
    write_u16(&w, (uint16_t)(p->index >> 32));
    write_u32(&w, (uint32_t)p->index);
    for (size_t i = 0; i < GCM_IV_BYTES; i++)
        iv[i] ^= p->half->salt[i];
}

/* IV, additional data and payload. RFC 7714 section 9.2: SRTCP authenticates its trailer too. */
static bool gcm_run(const struct part *p, int seal)
{
    EVP_CIPHER_CTX *ctx = p->half->cipher;
    uint8_t iv[GCM_IV_BYTES];
    int n;

    gcm_iv(p, iv);
    return EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, seal) == 1 &&
           EVP_CipherUpdate(ctx, NULL, &n, p->data, (int)p->head) == 1 &&
           (!p->rtcp || EVP_CipherUpdate(ctx, NULL, &n, p->trail, RTCP_TRAIL_BYTES) == 1) &&
           (p->len == p->head || EVP_CipherUpdate(ctx, p->data + p->head, &n, p->data + p->head,
                                                  (int)(p->len - p->head)) == 1);
}

/* The tag goes right behind data[0..len). */
static bool gcm_seal(const struct part *p)
{
    EVP_CIPHER_CTX *ctx = p->half->cipher;
    uint8_t none[1];
    int n;

    return gcm_run(p, 1) && EVP_CipherFinal_ex(ctx, none, &n) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, GCM_TAG_BYTES, p->data + p->len) == 1;
}

static bool gcm_open(const struct part *p, uint8_t *tag)
{
    EVP_CIPHER_CTX *ctx = p->half->cipher;
    uint8_t none[1];
    int n;

    return gcm_run(p, 0) &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, GCM_TAG_BYTES, tag) == 1 &&
           EVP_CipherFinal_ex(ctx, none, &n) == 1;
}

/* RFC 3711 section 4.1.1: salt * 2^16 xor SSRC * 2^64 xor index * 2^16. */
static bool cm_crypt(const struct part *p)
{
    uint8_t iv[CM_IV_BYTES] = { 0 };
    struct writer w = writer_on(iv + 4, 10);
    int n;

    write_u32(&w, p->ssrc);
    write_u16(&w, (uint16_t)(p->index >> 32));
    write_u32(&w, (uint32_t)p->index);
    for (size_t i = 0; i < CM_SALT_BYTES; i++)
        iv[i] ^= p->half->salt[i];
    return EVP_EncryptInit_ex(p->half->cipher, NULL, NULL, NULL, iv) == 1 &&
           (p->len == p->head ||
            EVP_EncryptUpdate(p->half->cipher, p->data + p->head, &n, p->data + p->head,
                              (int)(p->len - p->head)) == 1);
}

static void cm_tag(const struct part *p, uint8_t tag[HMAC_SHA1_BYTES])
{
    hmac_sha1_tag(&p->half->auth, p->data, p->len, p->trail, sizeof p->trail, tag);
}

/* ---- RTP ---- */

/* The length of the RTP header with contributing sources and extension (RFC 3550 section 5.1,
 * 5.3.1), which must end within data[0..len). */
static enum err rtp_head(const uint8_t *data, size_t len, size_t *head)
{
    struct reader r = reader_on(data, len);
    const uint8_t *fixed = read_bytes(&r, RTP_HEAD_BYTES);

    if (!fixed || fixed[0] >> 6 != 2)
        return ERR_PARSE;
    read_bytes(&r, (size_t)(fixed[0] & 15) * 4);
    if (fixed[0] & 0x10) {
        read_u16(&r);
        read_bytes(&r, (size_t)read_u16(&r) * 4);
    }
    if (r.bad)
        return ERR_PARSE;
    *head = len - reader_left(&r);
    return ERR_OK;
}

static uint32_t u32_at(const uint8_t *p)
{
    struct reader r = reader_on(p, 4);

    return read_u32(&r);
}

static void put_u32(uint8_t *p, uint32_t v)
{
    struct writer w = writer_on(p, 4);

    write_u32(&w, v);
}

/* Parses the header, finds the source and the packet's index, refuses what was used before.
 * *w is NULL for a new source. */
static enum err rtp_prepare(struct srtp *s, uint8_t *data, size_t len, struct part *p,
                            struct srtp_window **w)
{
    uint16_t seq;
    enum err e;

    *p = (struct part){ .half = &s->rtp, .data = data, .len = len };
    e = rtp_head(data, len, &p->head);
    if (e != ERR_OK)
        return e;
    seq = (uint16_t)((unsigned)data[2] << 8 | data[3]);
    p->ssrc = u32_at(data + 8);
    *w = srtp_sources_find(&s->rtp_sources, p->ssrc);
    if (!*w) {
        if (s->rtp_sources.n == SRTP_SSRC_MAX)
            return ERR_NOMEM;
        p->index = seq;
    } else if (!srtp_window_guess(*w, seq, &p->index) || !srtp_window_fresh(*w, p->index)) {
        return ERR_STATE;
    }
    put_u32(p->trail, (uint32_t)(p->index >> 16));
    return ERR_OK;
}

static void note(struct srtp_sources *sources, struct srtp_window *w, const struct part *p)
{
    if (w)
        srtp_window_mark(w, p->index);
    else
        srtp_sources_add(sources, p->ssrc, p->index);
}

enum err srtp_seal_rtp(struct srtp *s, uint8_t *data, size_t *len)
{
    uint8_t tag[HMAC_SHA1_BYTES];
    struct srtp_window *w;
    struct part p;
    enum err e = rtp_prepare(s, data, *len, &p, &w);

    if (e != ERR_OK)
        return e;
    /* Noted before the cipher runs: an index is never used twice, whatever happens next. */
    note(&s->rtp_sources, w, &p);
    if (s->profile == SRTP_GCM) {
        if (!gcm_seal(&p))
            return ERR_STATE;
        *len += GCM_TAG_BYTES;
        return ERR_OK;
    }
    if (!cm_crypt(&p))
        return ERR_STATE;
    cm_tag(&p, tag);
    memcpy(data + *len, tag, CM_TAG_BYTES);
    *len += CM_TAG_BYTES;
    return ERR_OK;
}

enum err srtp_open_rtp(struct srtp *s, uint8_t *data, size_t *len)
{
    bool gcm = s->profile == SRTP_GCM;
    size_t tag_bytes = gcm ? GCM_TAG_BYTES : CM_TAG_BYTES;
    uint8_t tag[HMAC_SHA1_BYTES];
    struct srtp_window *w;
    struct part p;
    enum err e;

    if (*len < RTP_HEAD_BYTES + tag_bytes)
        return ERR_PARSE;
    e = rtp_prepare(s, data, *len - tag_bytes, &p, &w);
    if (e != ERR_OK)
        return e;
    if (gcm) {
        if (!gcm_open(&p, data + p.len))
            return ERR_DENIED;
    } else {
        cm_tag(&p, tag);
        if (CRYPTO_memcmp(tag, data + p.len, CM_TAG_BYTES) != 0 || !cm_crypt(&p))
            return ERR_DENIED;
    }
    note(&s->rtp_sources, w, &p);
    *len = p.len;
    return ERR_OK;
}

/* ---- RTCP ---- */

static struct part rtcp_part(struct srtp *s, uint8_t *data, size_t len, uint32_t e_and_index)
{
    struct part p = { .half = &s->rtcp,
                      .data = data,
                      .head = RTCP_HEAD_BYTES,
                      .len = len,
                      .ssrc = u32_at(data + 4),
                      .index = e_and_index & RTCP_INDEX_MAX,
                      .rtcp = true };

    put_u32(p.trail, e_and_index);
    return p;
}

enum err srtp_seal_rtcp(struct srtp *s, uint8_t *data, size_t *len)
{
    uint8_t tag[HMAC_SHA1_BYTES];
    struct part p;

    if (*len < RTCP_HEAD_BYTES || data[0] >> 6 != 2)
        return ERR_PARSE;
    if (s->rtcp_next > RTCP_INDEX_MAX)
        return ERR_STATE;
    p = rtcp_part(s, data, *len, RTCP_E_FLAG | s->rtcp_next++);
    if (s->profile == SRTP_GCM) {
        if (!gcm_seal(&p))
            return ERR_STATE;
        memcpy(data + *len + GCM_TAG_BYTES, p.trail, RTCP_TRAIL_BYTES);
        *len += GCM_TAG_BYTES + RTCP_TRAIL_BYTES;
        return ERR_OK;
    }
    if (!cm_crypt(&p))
        return ERR_STATE;
    cm_tag(&p, tag);
    memcpy(data + *len, p.trail, RTCP_TRAIL_BYTES);
    memcpy(data + *len + RTCP_TRAIL_BYTES, tag, CM_TAG_BYTES);
    *len += RTCP_TRAIL_BYTES + CM_TAG_BYTES;
    return ERR_OK;
}

enum err srtp_open_rtcp(struct srtp *s, uint8_t *data, size_t *len)
{
    bool gcm = s->profile == SRTP_GCM;
    size_t growth = RTCP_TRAIL_BYTES + (gcm ? GCM_TAG_BYTES : CM_TAG_BYTES);
    uint8_t tag[HMAC_SHA1_BYTES];
    struct srtp_window *w;
    uint32_t trail;
    struct part p;

    if (*len < RTCP_HEAD_BYTES + growth || data[0] >> 6 != 2)
        return ERR_PARSE;
    /* GCM: packet, tag, index (RFC 7714 section 9.2); AES-CM: packet, index, tag. */
    trail = u32_at(gcm ? data + *len - RTCP_TRAIL_BYTES : data + *len - growth);
    if (!(trail & RTCP_E_FLAG))
        return ERR_DENIED;
    p = rtcp_part(s, data, *len - growth, trail);
    w = srtp_sources_find(&s->rtcp_sources, p.ssrc);
    if (!w && s->rtcp_sources.n == SRTP_SSRC_MAX)
        return ERR_NOMEM;
    if (w && !srtp_window_fresh(w, p.index))
        return ERR_STATE;
    if (gcm) {
        if (!gcm_open(&p, data + p.len))
            return ERR_DENIED;
    } else {
        cm_tag(&p, tag);
        if (CRYPTO_memcmp(tag, data + *len - CM_TAG_BYTES, CM_TAG_BYTES) != 0 || !cm_crypt(&p))
            return ERR_DENIED;
    }
    note(&s->rtcp_sources, w, &p);
    *len = p.len;
    return ERR_OK;
}

bool srtp_knows(struct srtp *s, uint32_t ssrc)
{
    return srtp_sources_find(&s->rtp_sources, ssrc) || srtp_sources_find(&s->rtcp_sources, ssrc);
}
