/* SPDX-License-Identifier: Apache-2.0
 *
 * DTLS-SRTP on OpenSSL memory BIOs (RFC 6347, RFC 5764): the process's
 * identity and one association. No I/O: records go in and come out as bytes.
 *
 * Only what WebRTC needs (RFC 8827 section 6.5): DTLS 1.2, ECDHE-ECDSA with
 * AEAD ciphers, certificates of both sides checked by fingerprint and nothing
 * else, no renegotiation, no application data. Records are looked at before
 * OpenSSL sees them, so that a peer cannot make it hold much memory.
 *
 * OpenSSL times its retransmissions by gettimeofday(); it is asked how long
 * to wait and the answer is added to `now`. Tests replace gettimeofday().
 */
#ifndef PARTA_RTC_DTLS_H
#define PARTA_RTC_DTLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/rtc/dgramq.h"
#include "server/rtc/srtp.h"

#define DTLS_FINGERPRINT_BYTES 32
#define DTLS_MTU 1200 /* bytes of a datagram we send: fits every path in use */
#define DTLS_HANDSHAKE_US (10 * US_PER_S)
#define DTLS_FIRST_RETRY_US 50000  /* a lost first flight costs 50 ms, not OpenSSL's second */
#define DTLS_RETRY_MAX_US 1600000  /* doubling stops here: more tries within the 10 s */
#define DTLS_HANDSHAKE_BYTES 65536 /* taken in during one handshake, repetitions included */
#define DTLS_MESSAGE_MAX 4096      /* one handshake message; a certificate has some 300 to 1200 */

/* Self-signed P-256 certificate, made at start, never stored. Usable by several threads at once. */
struct dtls_identity;

/* ERR_NOMEM, ERR_IO when the random source fails. */
enum err dtls_identity_new(struct dtls_identity **out) MUST_CHECK;
void dtls_identity_free(struct dtls_identity *id);

/* sha-256 over the DER certificate, as the SDP's a=fingerprint says it. */
const uint8_t *dtls_identity_fingerprint(const struct dtls_identity *id);

enum dtls_side { DTLS_SERVER, DTLS_CLIENT };

enum dtls_state {
    DTLS_HANDSHAKE,
    DTLS_OPEN,        /* both certificates as expected; keys can be taken */
    DTLS_CLOSED,      /* the other side said close_notify or sent a fatal alert */
    DTLS_FAILED,      /* handshake refused, out of time or over its limits */
    DTLS_FINGERPRINT, /* the other side's certificate is not the one of the SDP */
};

struct dtls_config {
    struct dtls_identity *identity; /* borrowed for the life of the association */
    enum dtls_side side;
    uint8_t fingerprint[DTLS_FINGERPRINT_BYTES]; /* the other side's certificate must have it */
    struct dgramq *out;                          /* borrowed: datagrams to send go here */
};

struct dtls_keys {
    enum srtp_profile profile;
    struct srtp_master local;  /* seals what we send */
    struct srtp_master remote; /* opens what we receive */
};

struct dtls;

/* A client's first flight is in config->out afterwards. ERR_NOMEM. */
enum err dtls_new(struct dtls **out, const struct dtls_config *config, struct now now) MUST_CHECK;
void dtls_free(struct dtls *d);

/* One datagram of DTLS records. The answer, if any, goes to the queue of the config. False if the
 * datagram was refused unread (malformed records or over the limits). */
bool dtls_input(struct dtls *d, struct now now, const uint8_t *data, size_t len);
void dtls_timeout(struct dtls *d, struct now now);
int64_t dtls_deadline(const struct dtls *d); /* NEVER_US once open */
enum dtls_state dtls_state(const struct dtls *d);

/* RFC 5764 section 4.2. ERR_STATE unless DTLS_OPEN. The caller wipes *out. */
enum err dtls_export(struct dtls *d, struct dtls_keys *out) MUST_CHECK;

/* Sends close_notify if open; the association is DTLS_CLOSED afterwards. */
void dtls_close(struct dtls *d);

#endif
