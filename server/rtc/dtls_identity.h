/* SPDX-License-Identifier: Apache-2.0
 *
 * Shared by dtls.c and dtls_identity.c only: what an association needs of the
 * identity, and the two callbacks that the identity's contexts need of it.
 */
#ifndef PARTA_RTC_DTLS_IDENTITY_H
#define PARTA_RTC_DTLS_IDENTITY_H

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include "server/rtc/dtls.h"
struct dtls_identity {
    SSL_CTX *side[2];      /* owned; indexed by enum dtls_side */
    BIO_METHOD *datagrams; /* owned */
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES];
};

/* In dtls.c: 1 if the certificate has the fingerprint that the association expects. */
int dtls_verify_certificate(X509_STORE_CTX *store, void *unused);

/* In dtls.c: BIOs that keep datagrams apart. NULL without memory. */
BIO_METHOD *dtls_datagram_method(void);

#endif
