/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands before OpenSSL's own header of this name in the search path. OpenSSL
 * calls a type ERR_STATE, the house an error; here OpenSSL's, which nobody
 * needs, gets another name, so that both can be included in any order.
 */
#ifndef PARTA_BASE_SHIM_OPENSSL_TYPES_H
#define PARTA_BASE_SHIM_OPENSSL_TYPES_H

#define ERR_STATE openssl_err_state
#include_next <openssl/types.h>
#undef ERR_STATE

#endif
