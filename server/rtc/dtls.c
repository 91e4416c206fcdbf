/* SPDX-License-Identifier: Apache-2.0
 *
 * One DTLS association; see dtls.h. OpenSSL reads through a BIO that holds
 * one datagram at a time and writes through one that queues each write as a
 * datagram of its own.
 */
#include "server/rtc/dtls.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <string.h>
#include <sys/time.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/dtls_identity.h"
#define RECORD_ALERT 21
#define RECORD_CCS 20
#define RECORD_HANDSHAKE 22
#define RECORD_DATA 23
#define RECORD_BYTES_MAX 16384 /* RFC 6347 section 4.1 refers to RFC 5246: 2^14 */
#define MESSAGES_MAX 24        /* message_seq of a full handshake stays below 8 */
#define HANDSHAKE_RECORDS_MAX 256
#define SEALED_MIN (8 + 16)  /* explicit nonce and tag of AES-GCM, RFC 5288 section 3 */
#define SEALED_MIN_CHACHA 16 /* the tag alone, RFC 7905 section 2 */
#define EARLY_RECORDS_MAX 16 /* epoch 1 during the handshake: OpenSSL keeps a 16 kB buffer each */
#define POLL_AGAIN_US (5 * US_PER_MS)
#define EXPORT_LABEL "EXTRACTOR-dtls_srtp" /* RFC 5764 section 4.2 */

/* Records of one call on their way out. OpenSSL repeats a flight message by message; packed into
 * as few datagrams as its first time, fewer of them can get lost. */
struct pack {
    size_t len;
    uint8_t bytes[DTLS_MTU];
};

struct dtls {
    enum dtls_side side;
    uint8_t expected[DTLS_FINGERPRINT_BYTES];
    SSL *ssl;           /* owned */
    struct dgramq *out; /* borrowed */
    struct pack *pack;  /* borrowed during a call into OpenSSL, else NULL */
    /* state */
    enum dtls_state state;
    bool certificate_ok; /* the callback saw the expected certificate */
    bool certificate_bad;
    int64_t limit_us;  /* end of the handshake's time */
    int64_t retry_us;  /* when OpenSSL wants to repeat its flight */
    const uint8_t *in; /* datagram being read, NULL when consumed */
    size_t in_len;
    size_t bytes_in; /* of the handshake so far */
    unsigned records_in, early_in;
};

/* ---- the BIO ---- */

static void flush(struct dtls *d)
{
    if (d->pack->len)
        dgramq_push(d->out, NULL, d->pack->bytes, d->pack->len);
    d->pack->len = 0;
}

/* One or several whole records (RFC 6347 section 4.1.1 allows several in a datagram). */
static int bio_write(BIO *bio, const char *data, int len)
{
    struct dtls *d = BIO_get_data(bio);
    size_t n = len > 0 ? (size_t)len : 0;

    if (!d->pack || n > DTLS_MTU)
        return -1; /* no call of ours, or more than the MTU that OpenSSL was told */
    if (d->pack->len + n > DTLS_MTU)
        flush(d);
    memcpy(d->pack->bytes + d->pack->len, data, n);
    d->pack->len += n;
    return len;
}

/* Around every call into OpenSSL that may write. Its error queue belongs to the thread: it is
 * empty before and after. */
static void enter(struct dtls *d, struct pack *pack)
{
    ERR_clear_error();
    pack->len = 0;
    d->pack = pack;
}

static void leave(struct dtls *d)
{
    flush(d);
    d->pack = NULL;
    d->in = NULL;
    ERR_clear_error();
}

static int bio_read(BIO *bio, char *data, int cap)
{
    struct dtls *d = BIO_get_data(bio);
    size_t n = d->in_len;

    BIO_clear_retry_flags(bio);
    if (!d->in || cap <= 0) {
        BIO_set_retry_read(bio);
        return -1;
    }
    /* As recv(2) does: what does not fit is lost. */
    if (n > (size_t)cap)
        n = (size_t)cap;
    memcpy(data, d->in, n);
    d->in = NULL;
    return (int)n;
}

static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
    (void)bio;
    (void)number;
    (void)pointer;
    switch (command) {
    case BIO_CTRL_FLUSH:
        return 1;
    case BIO_CTRL_DGRAM_QUERY_MTU:
    case BIO_CTRL_DGRAM_GET_FALLBACK_MTU:
        return DTLS_MTU;
    default:
        return 0;
    }
}

static int bio_create(BIO *bio)
{
    BIO_set_init(bio, 1);
    return 1;
}

BIO_METHOD *dtls_datagram_method(void)
{
    int type = BIO_get_new_index();
    BIO_METHOD *m = type < 0 ? NULL : BIO_meth_new(type | BIO_TYPE_SOURCE_SINK, "datagrams");

    if (m && BIO_meth_set_write(m, bio_write) == 1 && BIO_meth_set_read(m, bio_read) == 1 &&
        BIO_meth_set_ctrl(m, bio_ctrl) == 1 && BIO_meth_set_create(m, bio_create) == 1)
        return m;
    BIO_meth_free(m);
    return NULL;
}

/* ---- OpenSSL's callbacks ---- */

int dtls_verify_certificate(X509_STORE_CTX *store, void *unused)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct dtls *d = ssl ? SSL_get_app_data(ssl) : NULL;
    X509 *cert = X509_STORE_CTX_get0_cert(store);
    uint8_t digest[DTLS_FINGERPRINT_BYTES];

    (void)unused;
    if (d && cert && X509_digest(cert, EVP_sha256(), digest, NULL) == 1) {
        d->certificate_ok = CRYPTO_memcmp(digest, d->expected, sizeof digest) == 0;
        d->certificate_bad = !d->certificate_ok;
    }
    if (d && d->certificate_ok)
        return 1;
    X509_STORE_CTX_set_error(store, X509_V_ERR_CERT_REJECTED);
    return 0;
}

static unsigned retry_after(SSL *ssl, unsigned last_us)
{
    (void)ssl;
    if (last_us == 0)
        return DTLS_FIRST_RETRY_US;
    return last_us >= DTLS_RETRY_MAX_US / 2 ? DTLS_RETRY_MAX_US : last_us * 2;
}

/* ---- a look at records before OpenSSL takes them ---- */

/* A handshake record in the clear: message length and number within their limits. Overlapping and
 * repeated fragments are OpenSSL's business; their sum is limited by the two bounds. */
static bool handshake_message_ok(struct reader *r)
{
    uint32_t length, offset, fragment;
    uint16_t number;

    read_u8(r); /* type */
    length = read_u24(r);
    number = read_u16(r);
    offset = read_u24(r);
    fragment = read_u24(r);
    return !r->bad && length <= DTLS_MESSAGE_MAX && number < MESSAGES_MAX &&
           offset + fragment <= length;
}

/* Shorter than its nonce and tag a protected record cannot be authentic. OpenSSL 3.0.19 ends the
 * association over one, though RFC 6347 section 4.1.2.7 asks for silence: it never sees it. */
static bool too_short(const struct dtls *d, size_t length)
{
    const SSL_CIPHER *c = SSL_get_current_cipher(d->ssl);
    bool chacha = c && SSL_CIPHER_get_cipher_nid(c) == NID_chacha20_poly1305;

    return length <= (chacha ? SEALED_MIN_CHACHA : SEALED_MIN);
}

/* RFC 6347 section 4.1. During the handshake: whole records of epoch 0 and a few of epoch 1.
 * Afterwards a datagram must have something of epoch 1: what a repeated last flight carries of
 * epoch 0 beside it is dropped by OpenSSL. No application data (Parta has no data channels). */
static bool records_ok(struct dtls *d, const uint8_t *data, size_t len)
{
    struct reader r = reader_on(data, len);
    bool protected = false;

    while (reader_left(&r) > 0) {
        uint8_t type = read_u8(&r);
        uint8_t major = read_u8(&r);
        uint16_t epoch;
        size_t length;
        const uint8_t *body;
        struct reader one;

        read_u8(&r); /* minor: 1.0 in a first ClientHello, 1.2 later */
        epoch = read_u16(&r);
        read_bytes(&r, 6); /* sequence number */
        length = read_u16(&r);
        body = read_bytes(&r, length);
        if (r.bad || major != 0xfe || type < RECORD_CCS || type >= RECORD_DATA || epoch > 1 ||
            length == 0 || length > RECORD_BYTES_MAX || (epoch == 1 && too_short(d, length)))
            return false;
        protected |= epoch == 1;
        if (d->state != DTLS_HANDSHAKE)
            continue;
        if (++d->records_in > HANDSHAKE_RECORDS_MAX)
            return false;
        one = reader_on(body, length);
        if (epoch == 1 && ++d->early_in > EARLY_RECORDS_MAX)
            return false;
        if (epoch == 0 && type == RECORD_HANDSHAKE && !handshake_message_ok(&one))
            return false;
    }
    return protected || d->state == DTLS_HANDSHAKE;
}

/* ---- the association ---- */

static void rearm(struct dtls *d, struct now now)
{
    struct timeval left;

    d->retry_us = NEVER_US;
    if (d->state == DTLS_HANDSHAKE && DTLSv1_get_timeout(d->ssl, &left) == 1)
        d->retry_us = now.mono_us + (int64_t)left.tv_sec * US_PER_S + left.tv_usec;
}

static void fail(struct dtls *d)
{
    d->state = d->certificate_bad ? DTLS_FINGERPRINT : DTLS_FAILED;
}

static void handshake(struct dtls *d)
{
    int result = SSL_do_handshake(d->ssl);

    if (result != 1) {
        if (SSL_get_error(d->ssl, result) != SSL_ERROR_WANT_READ)
            fail(d);
        return;
    }
    /* Open only if everything that was demanded is there. */
    if (d->certificate_ok && SSL_get_selected_srtp_profile(d->ssl))
        d->state = DTLS_OPEN;
    else
        fail(d);
}

/* After the handshake: repeated flights are answered by OpenSSL, alerts end the association. */
static void drain(struct dtls *d)
{
    uint8_t none[16];
    int n;

    do
        n = SSL_read(d->ssl, none, sizeof none);
    while (n > 0);
    if (SSL_get_error(d->ssl, n) != SSL_ERROR_WANT_READ)
        d->state = DTLS_CLOSED;
    /* 17 kB that a live connection has no use for; they come back with the next record. */
    (void)!SSL_free_buffers(d->ssl);
}

enum err dtls_new(struct dtls **out, const struct dtls_config *config, struct now now)
{
    struct dtls *d = mem_zalloc(1, sizeof *d);
    struct pack pack;
    BIO *bio;

    if (!d)
        return ERR_NOMEM;
    d->side = config->side;
    d->out = config->out;
    memcpy(d->expected, config->fingerprint, sizeof d->expected);
    d->limit_us = now.mono_us + DTLS_HANDSHAKE_US;
    d->ssl = SSL_new(config->identity->side[config->side]);
    bio = d->ssl ? BIO_new(config->identity->datagrams) : NULL;
    if (!bio) {
        ERR_clear_error();
        dtls_free(d);
        return ERR_NOMEM;
    }
    BIO_set_data(bio, d);
    SSL_set_bio(d->ssl, bio, bio);
    SSL_set_app_data(d->ssl, d);
    SSL_set_mtu(d->ssl, DTLS_MTU);
    DTLS_set_timer_cb(d->ssl, retry_after);
    if (config->side == DTLS_CLIENT) {
        SSL_set_connect_state(d->ssl);
        enter(d, &pack);
        handshake(d);
        leave(d);
    } else {
        SSL_set_accept_state(d->ssl);
    }
    rearm(d, now);
    *out = d;
    return ERR_OK;
}

void dtls_free(struct dtls *d)
{
    if (!d)
        return;
    SSL_free(d->ssl);
    mem_free(d);
}

bool dtls_input(struct dtls *d, struct now now, const uint8_t *data, size_t len)
{
    struct pack pack;

    if (d->state != DTLS_HANDSHAKE && d->state != DTLS_OPEN)
        return false;
    if (d->state == DTLS_HANDSHAKE && (d->bytes_in += len) > DTLS_HANDSHAKE_BYTES)
        return false;
    if (!records_ok(d, data, len))
        return false;
    enter(d, &pack);
    d->in = data;
    d->in_len = len;
    if (d->state == DTLS_HANDSHAKE)
        handshake(d);
    if (d->state == DTLS_OPEN)
        drain(d);
    leave(d);
    rearm(d, now);
    return true;
}

void dtls_timeout(struct dtls *d, struct now now)
{
    struct pack pack;

    if (d->state != DTLS_HANDSHAKE)
        return;
    if (now.mono_us >= d->limit_us) {
        fail(d);
        return;
    }
    if (now.mono_us < d->retry_us)
        return;
    enter(d, &pack);
    if (DTLSv1_handle_timeout(d->ssl) < 0)
        fail(d);
    leave(d);
    rearm(d, now);
    /* The two clocks may disagree by a little; never spin. */
    if (d->retry_us <= now.mono_us)
        d->retry_us = now.mono_us + POLL_AGAIN_US;
}

int64_t dtls_deadline(const struct dtls *d)
{
    return d->state == DTLS_HANDSHAKE ? earlier_us(d->limit_us, d->retry_us) : NEVER_US;
}

enum dtls_state dtls_state(const struct dtls *d)
{
    return d->state;
}

enum err dtls_export(struct dtls *d, struct dtls_keys *out)
{
    uint8_t bytes[2 * (SRTP_KEY_BYTES + SRTP_SALT_MAX)];
    struct srtp_master *client = d->side == DTLS_CLIENT ? &out->local : &out->remote;
    struct srtp_master *server = d->side == DTLS_CLIENT ? &out->remote : &out->local;
    const SRTP_PROTECTION_PROFILE *chosen;
    struct reader r;
    size_t salt;

    if (d->state != DTLS_OPEN)
        return ERR_STATE;
    chosen = SSL_get_selected_srtp_profile(d->ssl);
    if (!chosen || (chosen->id != SRTP_GCM && chosen->id != SRTP_CM))
        return ERR_STATE;
    out->profile = (enum srtp_profile)chosen->id;
    salt = srtp_salt_bytes(out->profile);
    r = reader_on(bytes, 2 * (SRTP_KEY_BYTES + salt));
    if (SSL_export_keying_material(d->ssl, bytes, reader_left(&r), EXPORT_LABEL,
                                   sizeof EXPORT_LABEL - 1, NULL, 0, 0) != 1) {
        ERR_clear_error();
        return ERR_STATE;
    }
    memcpy(client->key, read_bytes(&r, SRTP_KEY_BYTES), SRTP_KEY_BYTES);
    memcpy(server->key, read_bytes(&r, SRTP_KEY_BYTES), SRTP_KEY_BYTES);
    memcpy(client->salt, read_bytes(&r, salt), salt);
    memcpy(server->salt, read_bytes(&r, salt), salt);
    OPENSSL_cleanse(bytes, sizeof bytes);
    return ERR_OK;
}

void dtls_close(struct dtls *d)
{
    struct pack pack;

    if (d->state == DTLS_OPEN) {
        enter(d, &pack);
        if (SSL_alloc_buffers(d->ssl) == 1)
            (void)SSL_shutdown(d->ssl); /* one close_notify; nobody waits for the answer */
        leave(d);
    }
    d->state = DTLS_CLOSED;
}
