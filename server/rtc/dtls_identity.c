/* SPDX-License-Identifier: Apache-2.0
 *
 * The certificate of this process and the OpenSSL contexts made from it; see
 * dtls.h. The certificate says nothing about the machine, not even when it
 * was made.
 */
#include "server/rtc/dtls_identity.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/srtp.h>
#include <openssl/x509.h>

#include "common/base/mem.h"

/* RFC 8827 section 6.5 demands the first; the others are equally strong. */
#define CIPHERS                                                                                    \
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305"
#define GROUPS "X25519:P-256"
/* The server takes the first of these that the client offers too (MEDIA: GCM costs least). */
#define PROFILES "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define SERIAL_BITS 64 /* RFC 5280 section 4.1.2.2: positive, at most 20 octets */

static bool set_serial(X509 *cert)
{
    BIGNUM *n = BN_new();
    bool ok = n && BN_rand(n, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
              BN_to_ASN1_INTEGER(n, X509_get_serialNumber(cert));

    BN_free(n);
    return ok;
}

static X509 *self_signed(EVP_PKEY *key)
{
    X509 *cert = X509_new();
    X509_NAME *name = cert ? X509_get_subject_name(cert) : NULL;

    /* The dates are fixed: peers go by the fingerprint, and RFC 5280 section 4.1.2.5 has the last
     * one for certificates without end. */
    if (name && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
        ASN1_TIME_set_string(X509_getm_notBefore(cert), "20000101000000Z") == 1 &&
        ASN1_TIME_set_string(X509_getm_notAfter(cert), "99991231235959Z") == 1 &&
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (const unsigned char *)"parta", -1, -1,
                                   0) == 1 &&
        X509_set_issuer_name(cert, name) == 1 && X509_set_pubkey(cert, key) == 1 &&
        X509_sign(cert, key, EVP_sha256()) > 0)
        return cert;
    X509_free(cert);
    return NULL;
}

static SSL_CTX *context(const SSL_METHOD *method, X509 *cert, EVP_PKEY *key)
{
    SSL_CTX *ctx = SSL_CTX_new(method);

    if (!ctx)
        return NULL;
    SSL_CTX_set_options(ctx, SSL_OP_NO_QUERY_MTU | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                 SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_max_cert_list(ctx, DTLS_MESSAGE_MAX);
    SSL_CTX_set_cert_verify_callback(ctx, dtls_verify_certificate, NULL);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    /* A small sending buffer: a handshake record never exceeds the MTU. */
    if (SSL_CTX_set_min_proto_version(ctx, DTLS1_2_VERSION) == 1 &&
        SSL_CTX_set_cipher_list(ctx, CIPHERS) == 1 && SSL_CTX_set1_groups_list(ctx, GROUPS) == 1 &&
        SSL_CTX_set_tlsext_use_srtp(ctx, PROFILES) == 0 && /* 0 is success here */
        SSL_CTX_set_max_send_fragment(ctx, DTLS_MTU) == 1 &&
        SSL_CTX_use_certificate(ctx, cert) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1)
        return ctx;
    SSL_CTX_free(ctx);
    return NULL;
}

enum err dtls_identity_new(struct dtls_identity **out)
{
    struct dtls_identity *id = mem_zalloc(1, sizeof *id);
    EVP_PKEY *key;
    X509 *cert;

    if (!id)
        return ERR_NOMEM;
    key = EVP_EC_gen("P-256");
    cert = key ? self_signed(key) : NULL;
    if (cert && X509_digest(cert, EVP_sha256(), id->fingerprint, NULL) == 1) {
        id->side[DTLS_SERVER] = context(DTLS_server_method(), cert, key);
        id->side[DTLS_CLIENT] = context(DTLS_client_method(), cert, key);
        id->datagrams = dtls_datagram_method();
    }
    X509_free(cert);
    EVP_PKEY_free(key);
    if (!id->side[DTLS_SERVER] || !id->side[DTLS_CLIENT] || !id->datagrams) {
        ERR_clear_error();
        dtls_identity_free(id);
        return ERR_IO;
    }
    *out = id;
    return ERR_OK;
}

void dtls_identity_free(struct dtls_identity *id)
{
    if (!id)
        return;
    SSL_CTX_free(id->side[DTLS_SERVER]);
    SSL_CTX_free(id->side[DTLS_CLIENT]);
    BIO_meth_free(id->datagrams);
    mem_free(id);
}

const uint8_t *dtls_identity_fingerprint(const struct dtls_identity *id)
{
    return id->fingerprint;
}
