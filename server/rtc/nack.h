/* SPDX-License-Identifier: Apache-2.0
 *
 * The receiving half of retransmission (RFC 4585 6.2.1): which packets of one
 * stream are missing, and when to ask for them. Fixed memory; forgets what
 * it cannot get back.
 */
#ifndef PARTA_RTC_NACK_H
#define PARTA_RTC_NACK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/rtc/rtp.h"

#define NACK_MISSING_MAX 128          /* a longer gap is not asked for: a key frame is cheaper */
#define NACK_WAIT_US (12 * US_PER_MS) /* reordering looks like loss for this long */
#define NACK_REPEAT_MIN_US (20 * US_PER_MS) /* between two requests, however short the way */
#define NACK_GIVE_UP_US US_PER_S            /* later it would come too late to be played */
#define NACK_TRIES_MAX 10

struct nack_missing {
    int64_t seq; /* unwrapped */
    int64_t since_us;
    int64_t asked_us; /* last request */
    uint8_t tries;
};

struct nack {
    struct seq_line line;
    struct nack_missing missing[NACK_MISSING_MAX]; /* ascending seq */
    int missing_n;
    uint64_t gave_up; /* packets never got back; a rise means that a key frame may be needed */
};

void nack_init(struct nack *n);

/* Notes that seq came (first time or repeated). Returns its unwrapped number. */
int64_t nack_received(struct nack *n, uint16_t seq, int64_t now_us);

/* Forgets all gaps: the source started anew. */
void nack_reset(struct nack *n);

/* Which packets to ask for now, ascending; at most cap, returns how many. rtt_us paces repeats. */
int nack_due(struct nack *n, int64_t now_us, int64_t rtt_us, uint16_t *seqs, int cap);

/* When nack_due may have something next; NEVER_US if nothing is missing. */
int64_t nack_deadline(const struct nack *n, int64_t rtt_us);

#endif
