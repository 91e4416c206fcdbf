/* SPDX-License-Identifier: Apache-2.0
 *
 * TLS of the pages, and small questions about addresses that the settings
 * need answered before a loop exists.
 */
#ifndef PARTA_NET_TLS_H
#define PARTA_NET_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"

/* Main thread, or net loop: an SSL_CTX gets what Parta offers (T23, S9). */
enum err tls_setup(void *ssl_ctx) MUST_CHECK;

/* Net loop: a new certificate for new connections. On ERR_IO the old one stays. */
enum err tls_reload(void *ssl_ctx, const char *cert_file, const char *key_file) MUST_CHECK;

/* Any thread. False with a reason: no PEM, not a pair, not valid now, or not for origin's host. */
bool tls_check_files(const char *cert_file, const char *key_file, const char *origin, char *why,
                     size_t cap);

/* Any thread. This machine's address towards the network, "127.0.0.1" if it has none. No packet is
 * sent. */
void net_own_address(char *out, size_t cap);

/* A numeric IPv4 or IPv6 address without a port. */
bool net_is_address(const char *text);

#endif
