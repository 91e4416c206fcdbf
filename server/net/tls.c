/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS of the pages: what is offered (T23, S9), and loading a new certificate
 * under running connections. Net loop only.
 */
#include "server/net/tls.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/str.h"
#include "server/net/sockaddr.h"

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

/* Host of "https://host[:port]". */
static bool host_of(const char *origin, char *out, size_t cap)
{
    const char *host = origin + strlen("https://");
    size_t len = *host == '[' ? strcspn(host, "]") : strcspn(host, ":");

    if (*host == '[') {
        host++;
        len--;
    }
    return str_format(out, cap, "%.*s", (int)len, host);
}

static const char *fault_of(SSL_CTX *ctx, const char *host)
{
    X509 *cert = SSL_CTX_get0_certificate(ctx);

    if (X509_cmp_current_time(X509_get0_notAfter(cert)) <= 0)
        return "it has expired";
    if (X509_cmp_current_time(X509_get0_notBefore(cert)) >= 0)
        return "it is not valid yet";
    if (X509_check_host(cert, host, 0, 0, NULL) != 1 && X509_check_ip_asc(cert, host, 0) != 1)
        return "it is not for the host of [server] origin";
    return NULL;
}

bool tls_check_files(const char *cert_file, const char *key_file, const char *origin, char *why,
                     size_t cap)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
    const char *fault = "out of memory";
    char host[256];

    if (ctx) {
        if (!load(ctx, cert_file, key_file))
            fault = "it cannot be used, or the key is not its key";
        else if (host_of(origin, host, sizeof host))
            fault = fault_of(ctx, host);
        else
            fault = "the host of [server] origin is too long";
    }
    SSL_CTX_free(ctx);
    ERR_clear_error();
    return !fault || (!str_copy(why, cap, fault) && false);
}

void net_own_address(char *out, size_t cap)
{
    /* Connecting a datagram socket only looks the route up. The address is for documentation
     * (RFC 5737) and lies behind the default route. */
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9) };
    struct sockaddr_storage own;
    socklen_t len = sizeof own;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct addr a;

    to.sin_addr.s_addr = htonl(0xc0000201); /* 192.0.2.1 */
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) != 0 ||
        getsockname(fd, (struct sockaddr *)&own, &len) != 0 || !addr_from_sockaddr(&own, &a) ||
        !inet_ntop(AF_INET, a.ip, out, (socklen_t)cap)) {
        if (!str_copy(out, cap, "127.0.0.1"))
            out[0] = '\0';
    }
    if (fd >= 0)
        close(fd);
}

bool net_is_address(const char *text)
{
    struct addr a;

    return addr_parse(text, &a);
}
