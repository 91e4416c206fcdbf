/* SPDX-License-Identifier: Apache-2.0
 *
 * libwebsockets' and OpenSSL's headers for server/net. OpenSSL has a type
 * called ERR_STATE, and so has the house an error; OpenSSL's is renamed here,
 * where nobody needs it. Include this instead of the library headers.
 */
#ifndef PARTA_NET_LWS_H
#define PARTA_NET_LWS_H

#define ERR_STATE openssl_err_state

#include <libwebsockets.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#undef ERR_STATE

#endif
