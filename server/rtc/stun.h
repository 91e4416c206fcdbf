/* SPDX-License-Identifier: Apache-2.0
 *
 * STUN Binding messages as ICE uses them (RFC 8489, RFC 8445 section 7):
 * parse, check MESSAGE-INTEGRITY and FINGERPRINT, write requests and answers.
 * Knows no transaction state, no address policy, no long-term credentials.
 */
#ifndef PARTA_RTC_STUN_H
#define PARTA_RTC_STUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "server/rtc/addr.h"
#include "server/rtc/hmac_sha1.h"

#define STUN_HEADER_BYTES 20
#define STUN_COOKIE 0x2112A442u /* RFC 8489 section 5 */
#define STUN_TXID_BYTES 12
#define STUN_USERNAME_MAX 513 /* RFC 5389 section 15.3, as two 256-character ufrags need */
#define STUN_UNKNOWN_MAX 8    /* attributes named in one 420 */
#define STUN_MESSAGE_MAX 704  /* longest message we write: a request with two 256-byte ufrags */

#define STUN_BINDING 0x001

enum stun_class { STUN_REQUEST, STUN_INDICATION, STUN_SUCCESS, STUN_ERROR };

/* One parsed message; pointers borrow from the datagram. Of a repeated attribute the first counts
 * (RFC 8489 section 14); what follows MESSAGE-INTEGRITY is ignored, FINGERPRINT excepted
 * (section 14.5). */
struct stun_msg {
    enum stun_class class;
    uint16_t method;
    const uint8_t *txid;      /* STUN_TXID_BYTES */
    const uint8_t *username;  /* NULL if absent */
    size_t username_len;      /* bytes */
    const uint8_t *integrity; /* the 20 bytes of MESSAGE-INTEGRITY, NULL if absent */
    size_t integrity_at;      /* offset of that attribute in the datagram */
    bool fingerprint;         /* present, and right */
    bool use_candidate, has_priority, controlling, controlled;
    uint32_t priority;
    uint64_t tie_breaker;               /* of ICE-CONTROLLING or ICE-CONTROLLED */
    struct addr mapped;                 /* XOR-MAPPED-ADDRESS; family 0 if absent */
    uint16_t error_code;                /* ERROR-CODE as 300..699, 0 if absent */
    uint16_t unknown[STUN_UNKNOWN_MAX]; /* comprehension-required types that we do not know */
    size_t unknown_n;
};

/* ERR_PARSE for anything that is not exactly one well-formed message: lengths, cookie, attributes
 * past the end, a known attribute of wrong size, a wrong or misplaced FINGERPRINT. */
enum err stun_parse(const uint8_t *data, size_t len, struct stun_msg *out) MUST_CHECK;

/* True if m carries MESSAGE-INTEGRITY and it is right under key. data is what m was parsed from.
 * Compares in constant time. */
bool stun_integrity_ok(const uint8_t *data, const struct stun_msg *m, const struct hmac_sha1 *key);

struct stun_request {
    const char *username; /* "theirs:ours", RFC 8445 section 7.2.2 */
    uint32_t priority;    /* RFC 8445 section 7.1.1 */
    uint64_t tie_breaker; /* sent as ICE-CONTROLLING, or ... */
    bool controlled;      /* ... as ICE-CONTROLLED */
    bool use_candidate;   /* nominate this pair */
    const uint8_t *txid;  /* STUN_TXID_BYTES, fresh random per request */
};

/* Each writes one message, sealed with MESSAGE-INTEGRITY under key and FINGERPRINT, into
 * out[0..cap) and its length to *len. ERR_NOMEM if cap is too small. */
enum err stun_write_request(const struct stun_request *r, const struct hmac_sha1 *key, uint8_t *out,
                            size_t cap, size_t *len) MUST_CHECK;
enum err stun_write_success(const uint8_t *txid, const struct addr *mapped,
                            const struct hmac_sha1 *key, uint8_t *out, size_t cap,
                            size_t *len) MUST_CHECK;

/* An error answer to m (400, 420 with m->unknown, 487). key may be NULL: then only FINGERPRINT
 * seals it, for answers to somebody who has not authenticated (RFC 8489 section 9.1.3). */
enum err stun_write_error(const struct stun_msg *m, uint16_t code, const struct hmac_sha1 *key,
                          uint8_t *out, size_t cap, size_t *len) MUST_CHECK;

#endif
