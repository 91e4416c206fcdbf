/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS of the pages: what is offered (T23, S9), and loading a new certificate
 * under running connections. Net loop only.
 */

#include "common/base/log.h"
#include "server/net/loop.h"
#include "server/net/lws.h"

/* TLS 1.2: forward secrecy and authenticated encryption only. TLS 1.3 has nothing else. */
static const char ciphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

enum err tls_setup(void *ssl_ctx)
{
    SSL_CTX *ctx = ssl_ctx;

    SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                 SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS);
    if (!SSL_CTX_set_min_proto_version(ctx, TLS1_2_VERSION) ||
        !SSL_CTX_set_cipher_list(ctx, ciphers) || !SSL_CTX_set1_groups_list(ctx, "X25519:P-256"))
        return ERR_IO;
    return ERR_OK;
}

static bool load(SSL_CTX *ctx, const char *cert_file, const char *key_file)
{
    return SSL_CTX_use_certificate_chain_file(ctx, cert_file) == 1 &&
           SSL_CTX_use_PrivateKey_file(ctx, key_file, SSL_FILETYPE_PEM) == 1 &&
           SSL_CTX_check_private_key(ctx) == 1;
}

enum err tls_reload(void *ssl_ctx, const char *cert_file, const char *key_file)
{
    /* First into a context of its own: a bad file must not leave half a pair in the live one. */
    SSL_CTX *trial = SSL_CTX_new(TLS_server_method());
    bool ok = trial && load(trial, cert_file, key_file) && load(ssl_ctx, cert_file, key_file);

    SSL_CTX_free(trial);
    if (!ok) {
        log_error("tls.reload", "cert=%s key=%s error=%s: the old certificate stays", cert_file,
                  key_file, ERR_reason_error_string(ERR_peek_last_error()));
        ERR_clear_error();
        return ERR_IO;
    }
    return ERR_OK;
}
