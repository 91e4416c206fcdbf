/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands before OpenSSL's own header of this name; see types.h beside it.
 */
#ifndef PARTA_BASE_SHIM_OPENSSL_ERR_H
#define PARTA_BASE_SHIM_OPENSSL_ERR_H

#include <openssl/types.h> /* now, because it takes the new name away again */

#define ERR_STATE openssl_err_state
#include_next <openssl/err.h>
#undef ERR_STATE

#endif
