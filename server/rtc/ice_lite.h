/* SPDX-License-Identifier: Apache-2.0
 *
 * The server's side of ICE (RFC 8445, lite): answers authenticated checks,
 * remembers the addresses they came from, and decides to which of them
 * Parta sends. Follows a client whose address changes. Keeps no state for
 * anybody whose MESSAGE-INTEGRITY is not right (T19).
 *
 * One check of its own is the exception from being lite. A NAT that forgets
 * gives a client a new address without its knowledge, and the client's next
 * check may be seconds away (RFC 7675: 4 to 6 s; Chromium: up to 2.5 s).
 * Media that is authentic and was never seen before, from an unknown address,
 * shows that the holder of the keys sends by way of it. It does not show that
 * it receives there: somebody on the path may have sent a caught packet on from
 * elsewhere, ahead of the original. So nothing follows from it but the
 * question, a Binding request tagged with the client's password; its answer is
 * proof of both, as a check of the client would be, and only then Parta sends
 * there (T5). Agents answer checks whatever their peer is (RFC 8445 7.3).
 *
 * Which address is used: the one of the newest nominating check. A check that
 * does not nominate (some clients nominate only once, and some keep spare
 * paths warm) moves the connection only when the used address has gone silent.
 */
#ifndef PARTA_RTC_ICE_LITE_H
#define PARTA_RTC_ICE_LITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/rtc/addr.h"
#include "server/rtc/dgramq.h"
#include "server/rtc/hmac_sha1.h"
#include "server/rtc/stun.h"

#define ICE_PATHS_MAX 4                       /* validated addresses kept per connection */
#define ICE_TXIDS_MAX 16                      /* transactions remembered against replay */
#define ICE_CONSENT_US (30 * US_PER_S)        /* RFC 7675 section 5.1 */
#define ICE_SILENT_MEDIA_US (500 * US_PER_MS) /* then media from another valid path moves us */
#define ICE_SILENT_CHECK_US                                                                        \
    (3 * US_PER_S)                         /* then any check from another path moves us;           \
                                              shorter than the 4 s between consent checks */
#define ICE_ASK_FIRST_US (100 * US_PER_MS) /* a question is repeated; then 200, 400 ... */
#define ICE_ASK_LIFE_US (3 * US_PER_S)     /* then it is given up, and media begins another */

struct ice_path {
    struct addr addr;   /* family 0: free */
    int64_t checked_us; /* last authenticated check from here */
    int64_t heard_us;   /* last check or authentic media from here */
};

struct ice_lite {
    /* config */
    struct hmac_sha1 key;       /* our password: checks and our answers are tagged with it */
    struct hmac_sha1 their_key; /* their password: for the check of ours */
    const char *local_ufrag;    /* borrowed from the owner, as is */
    const char *remote_ufrag;   /* this */
    /* state */
    struct ice_path path[ICE_PATHS_MAX];
    int used;       /* index of the address we send to, -1 before the first check */
    bool nominated; /* the used one was nominated */
    int64_t checked_us;
    uint8_t txid[ICE_TXIDS_MAX][STUN_TXID_BYTES]; /* ring of answered requests */
    unsigned txid_next;
    struct {              /* the check of ours that is open */
        struct addr addr; /* family 0: none */
        uint8_t txid[STUN_TXID_BYTES];
        int64_t since_us, next_us, pause_us;
    } asked;
};

enum ice_result {
    ICE_IGNORED,   /* neither a Binding request nor the answer to ours: nothing done */
    ICE_MALFORMED, /* refused */
    ICE_BAD_AUTH,  /* refused: wrong user name, no or wrong MESSAGE-INTEGRITY */
    ICE_REFUSED,   /* authentic, but refused with 420 or 487 */
    ICE_REPEATED,  /* answered again, but a transaction seen before renews and moves nothing */
    ICE_CHECKED,   /* authentic and answered; the used address is what it was */
    ICE_MOVED,     /* the same, and the used address is new (the first check too) */
};

/* The ufrags are borrowed for the life of ice. */
void ice_lite_init(struct ice_lite *ice, const char *local_ufrag, const char *local_pwd,
                   const char *remote_ufrag, const char *remote_pwd);
void ice_lite_deinit(struct ice_lite *ice);

/* One STUN datagram; an answer, if there is one, goes to out. */
enum ice_result ice_lite_input(struct ice_lite *ice, struct now now, const struct addr *from,
                               const uint8_t *data, size_t len, struct dgramq *out);

/* True if from passed an authenticated check within the consent time. */
bool ice_lite_valid(const struct ice_lite *ice, struct now now, const struct addr *from);

/* Authentic media came from a valid address. True if that moved the connection. */
bool ice_lite_heard(struct ice_lite *ice, struct now now, const struct addr *from);

/* Authentic media, never seen before, came from an address that is not valid: asks there, at most
 * one address at a time and ever more seldom. */
void ice_lite_strayed(struct ice_lite *ice, struct now now, const struct addr *from,
                      struct dgramq *out);

/* True if the check of ours is open, and went there. */
bool ice_lite_asks(const struct ice_lite *ice, const struct addr *at);

/* The address in use, NULL before the first check. */
const struct addr *ice_lite_remote(const struct ice_lite *ice);

/* When consent ends if no further check comes; NEVER_US before the first. */
int64_t ice_lite_expiry(const struct ice_lite *ice);

#endif
