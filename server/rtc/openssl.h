/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenSSL's headers for server/rtc. OpenSSL has a type called ERR_STATE, and so
 * has the house an error; OpenSSL's is renamed here, where nobody needs it.
 * Include this instead of <openssl/...>, at any place in the list.
 */
#ifndef PARTA_RTC_OPENSSL_H
#define PARTA_RTC_OPENSSL_H

#define ERR_STATE openssl_err_state

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <openssl/srtp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#undef ERR_STATE

#endif
