/* SPDX-License-Identifier: Apache-2.0
 *
 * DTLS-SRTP on OpenSSL memory BIOs (RFC 6347, RFC 5764): the process's
 * identity and one association. No I/O: records go in and come out as bytes.
 */
#ifndef PARTA_RTC_DTLS_H
#define PARTA_RTC_DTLS_H

#include <stdint.h>

#include "common/base/err.h"

#define DTLS_FINGERPRINT_BYTES 32

/* Self-signed P-256 certificate, made at start, never stored. Usable by several threads at once. */
struct dtls_identity;

enum err dtls_identity_new(struct dtls_identity **out) MUST_CHECK;
void dtls_identity_free(struct dtls_identity *id);

/* sha-256 over the DER certificate, as the SDP's a=fingerprint says it. */
const uint8_t *dtls_identity_fingerprint(const struct dtls_identity *id);

#endif
