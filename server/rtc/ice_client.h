/* SPDX-License-Identifier: Apache-2.0
 *
 * The other side of ICE, as small as a peer of an ICE-lite server needs it:
 * full agent, controlling, one pair. Checks every 50 ms until one is answered,
 * nominating at once, then consent checks about every 5 s (RFC 7675): later
 * than Chromium, which sends them every 2.5 s, so that what holds here holds
 * there. Answers checks, as every full agent does (RFC 8445 section 7.3).
 */
#ifndef PARTA_RTC_ICE_CLIENT_H
#define PARTA_RTC_ICE_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/rtc/addr.h"
#include "server/rtc/dgramq.h"
#include "server/rtc/hmac_sha1.h"
#include "server/rtc/stun.h"

#define ICE_CLIENT_PACE_US (50 * US_PER_MS)  /* RFC 8445 section 14.2: Ta */
#define ICE_CLIENT_CONSENT_US (5 * US_PER_S) /* RFC 7675 section 5.1: times 0.8..1.2 */
#define ICE_CLIENT_OPEN_MAX 16               /* checks whose answer is still welcome */

struct ice_client {
    /* config */
    struct hmac_sha1 key;                 /* their password */
    struct hmac_sha1 own_key;             /* ours: their checks are tagged with it */
    char username[STUN_USERNAME_MAX + 1]; /* "theirs:ours" */
    struct addr server;
    uint64_t tie_breaker;
    /* state */
    struct {
        uint8_t txid[STUN_TXID_BYTES];
        int64_t sent_us; /* valid if waiting */
        bool waiting;
    } open[ICE_CLIENT_OPEN_MAX];
    unsigned open_next;
    int64_t next_us;     /* when the next check is due */
    int64_t answered_us; /* last answer; valid if answered */
    bool answered;
    int64_t rtt_us; /* of the last answered check, 0 = unknown */
};

/* ERR_IO if the random source fails, ERR_INVAL if the user name would be too long. */
enum err ice_client_init(struct ice_client *ice, const char *local_ufrag, const char *local_pwd,
                         const char *remote_ufrag, const char *remote_pwd,
                         const struct addr *server, struct now now) MUST_CHECK;
void ice_client_deinit(struct ice_client *ice);

enum ice_client_result {
    ICE_CLIENT_IGNORED,
    ICE_CLIENT_MALFORMED,
    ICE_CLIENT_BAD_AUTH, /* wrong tag, or an answer to no check of ours, or from elsewhere */
    ICE_CLIENT_ANSWERED,
};

/* One STUN datagram; the answer to a check goes to out. */
enum ice_client_result ice_client_input(struct ice_client *ice, struct now now,
                                        const struct addr *from, const uint8_t *data, size_t len,
                                        struct dgramq *out);

/* Sends a check if one is due. */
void ice_client_timeout(struct ice_client *ice, struct now now, struct dgramq *out);
int64_t ice_client_deadline(const struct ice_client *ice);

/* When consent ends if no further answer comes; NEVER_US before the first. */
int64_t ice_client_expiry(const struct ice_client *ice);

#endif
