/* SPDX-License-Identifier: Apache-2.0
 *
 * What of each person's picture goes to one receiver: a pure decision from
 * the estimate of its link and from what each step really costs. Down at
 * once, up after the wider link has lasted, and ever more hesitantly where a
 * climb has failed before. The voice is paid first and is never asked.
 */
#ifndef PARTA_MEDIA_LADDER_H
#define PARTA_MEDIA_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/media/message.h"
#include "server/media/pacer.h"

#define LADDER_UP_PERCENT 80                /* of the estimate: what a climb may fill */
#define LADDER_HOLD_US (US_PER_S)           /* a climb must have been possible for so long */
#define LADDER_HOLD_MAX_US (8 * US_PER_S)   /* ... doubling with each that failed */
#define LADDER_FAILED_US (10 * US_PER_S)    /* a fall so soon after a climb: it failed */
#define LADDER_FORGIVEN_PERCENT 150         /* so much more than at the fall: another link */
#define LADDER_STILL_US (4 * US_PER_S)      /* from still picture to still picture */
#define LADDER_STILL_SEND_US (2 * US_PER_S) /* longer may none take to send */
#define LADDER_PACE_PERCENT 125             /* of what the steps cost: how fast bursts leave */
#define LADDER_VOICE_BPS 24000              /* set aside for voices, at least */

/* What one slot offers this moment. */
struct ladder_offer {
    bool shown;                    /* somebody's open picture is mapped to it */
    bool first;                    /* served before the others: a screen */
    bool has[MEDIA_STEPS];         /* steps that exist; VOICE always does */
    int64_t cost_bps[MEDIA_STEPS]; /* with all headers */
    uint32_t who;                  /* whose picture; a change begins anew */
};

struct ladder_slot {
    bool shown;
    enum media_step step;
    uint32_t who;
    int64_t may_us;                  /* since when a climb is possible, NEVER_US = it is not */
    int64_t hold_us;                 /* 0 = LADDER_HOLD_US */
    int64_t climbed_us;              /* last climb; INT64_MIN = none */
    int64_t climbed_bps, failed_bps; /* the estimate at the last climb, and at one that failed */
};

struct ladder {
    struct ladder_slot slots[SLOTS_MAX];
    int64_t spent_bps;  /* what the steps cost, voices included */
    int64_t wanted_bps; /* what the link would have to carry for the next climb; 0 = all is given */
};

struct ladder_link {
    int64_t bps;       /* the estimate */
    int64_t voice_bps; /* what the voices take now */
    bool met;          /* the link's limit was met: before, whole pictures are tried at least */
};

/* Decides anew; link NULL: nothing is known, everything goes. True if a step changed. */
bool ladder_decide(struct ladder *l, const struct ladder_offer *offers, int n,
                   const struct ladder_link *link, int64_t now_us);

/* Sets how fast pictures may leave: a burst is spread so that it stays below the link's rate. On
 * a link whose limit was never met nothing is held back: it may be a wide one, and latency counts.
 */
void ladder_pace(const struct ladder *l, const struct ladder_link *link, struct pacer *p,
                 int64_t now_us);

#endif
