/* SPDX-License-Identifier: Apache-2.0
 *
 * How much one WebSocket takes: the counterpart of media/estimate for legs
 * that have no RTCP. What waits too long in the send queue, and a round trip
 * that has grown, say that the link is full; what the other side has
 * acknowledged lately says how much goes through. The estimate falls at once
 * and rises slowly, faster the longer nothing waits: by itself up to what went
 * through lately, above that, and everywhere once that was wrong, on what was
 * sent alone. Where more is wanted than the link is known to take, filler makes
 * the proof before a picture is tried. As long as the limit was never
 * met nothing is known, and nothing is told. Pure.
 */
#ifndef PARTA_MEDIA_INTAKE_H
#define PARTA_MEDIA_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/now.h"

#define INTAKE_LOOK_US (100 * US_PER_MS)  /* between two looks */
#define INTAKE_TELL_US (2 * US_PER_S)     /* what is known is told again, before it is too old */
#define INTAKE_LONG_US (120 * US_PER_MS)  /* who waits so long waits for the link ... */
#define INTAKE_WAITS_US (500 * US_PER_MS) /* ... if it goes on; one lost packet costs less */
/* ... or for so long while lost packets come again. */
#define INTAKE_REPEATS_US (2500 * US_PER_MS)
#define INTAKE_STANDS_US (100 * US_PER_MS) /* a round trip longer by this: a queue on the way */
#define INTAKE_SHORT_US (40 * US_PER_MS)
#define INTAKE_CALM_US (700 * US_PER_MS)    /* between two falls: the first has no effect before */
#define INTAKE_STEADY_US (1500 * US_PER_MS) /* behind a fall, before it rises */
#define INTAKE_START_BPS 1000000
#define INTAKE_MIN_BPS 30000
#define INTAKE_MAX_BPS 20000000
#define INTAKE_FALL 85       /* percent of what goes through */
#define INTAKE_DRAIN 70      /* percent, if a queue stands on the way: it must empty ... */
#define INTAKE_DRAIN_LONG 40 /* ... and soon, if it is a long one */
#define INTAKE_LONG_QUEUE_US (400 * US_PER_MS)
#define INTAKE_DRAINS 115 /* percent of what is sent go through: a queue of ours is emptying */
#define INTAKE_PACE 110   /* percent of the estimate may be sent ... */
#define INTAKE_PACE_MIN_BPS 64000 /* ... and a voice with its headers always */
#define INTAKE_RISE 15            /* percent a second, from 1.5 s behind a fall; then faster: */
#define INTAKE_FAST_RISE 40
#define INTAKE_FAST_US (3 * US_PER_S)
#define INTAKE_FASTEST_RISE 60
#define INTAKE_FASTEST_US (6 * US_PER_S)
#define INTAKE_CARRIED_US (60 * US_PER_S) /* what went through is remembered for so long */
#define INTAKE_SPAN_US (2 * US_PER_S)     /* over which that is taken */
#define INTAKE_SAMPLES 6                  /* looks over which the rate is taken */
/* Who falls again so soon behind a rise rises on proof alone for a while: the first fall may have
 * been a stall of something else. */
#define INTAKE_DOUBT_US (20 * US_PER_S)
#define INTAKE_DOUBTED_US (60 * US_PER_S)
#define INTAKE_PROOF 87      /* percent of the estimate must go through for it to rise */
#define INTAKE_FILL 105      /* percent of the estimate: what is sent together with filler */
#define INTAKE_FILL_MORE 130 /* percent of what goes through: that much more is tried at once */
#define INTAKE_FILL_MAX 8192 /* bytes of filler a look */
#define INTAKE_REST_US (2 * US_PER_S) /* no filler for so long behind a fall that it caused ... */
#define INTAKE_REST_MAX_US (5 * US_PER_S) /* ... doubling */

struct intake_seen {
    int64_t oldest_us;        /* how long the oldest frame waits */
    uint64_t acked;           /* bytes, ever; 0: not known */
    int64_t rtt_us, least_us; /* of the connection, now and at its best; 0: not known */
    uint64_t given;           /* bytes of media, ever, handed to the socket */
    int64_t wants_bps;        /* what the next step up would need; 0: all is given */
    bool repeats;             /* the connection sends again what was lost */
};

struct intake_sample {
    int64_t at_us;
    uint64_t acked, given;
    int64_t rtt_us;
};

struct intake {
    int64_t bps, told_bps;
    bool met;         /* the link's limit was met: bps means something */
    int64_t fell_us;  /* long ago: never */
    bool rose;        /* since then */
    int64_t doubt_us; /* so long it rises on proof alone, */
    int64_t carried;  /* and always above this, the most bit/s that went through lately */
    int64_t carried_us, span_us;
    uint64_t span_acked; /* when the span began */
    bool drains;     /* it fell because the round trip is long, and why that is so is not settled */
    int64_t before;  /* bps before that fall */
    int64_t through; /* bit/s that went through when it fell for that; 0: not known */
    int64_t usual_us;  /* a long round trip with nothing of ours on the way is the line's own */
    int64_t waits_us;  /* since when something waits long, or NEVER_US */
    bool repeats;      /* meanwhile something was lost */
    int64_t looked_us; /* last look */
    uint64_t given;    /* as of the last look */
    int64_t owed;      /* bytes of filler that are due and were not asked for */
    bool fills;        /* the last look asked for filler */
    int64_t fill_us;   /* none before */
    int64_t rest_us;   /* 0 = INTAKE_REST_US */
    size_t filler;     /* bytes that the last look asked for */
    int64_t told_us;
    struct intake_sample samples[INTAKE_SAMPLES];
    unsigned samples_n; /* ever taken */
};

void intake_init(struct intake *in, struct now now);

/* One look. True if the leg should be told in->bps. Then in->filler bytes should be sent that the
 * other side throws away. */
bool intake_look(struct intake *in, const struct intake_seen *seen, struct now now);

/* What the socket may be given at most, bit/s: a little more than it takes, and a voice always. */
int64_t intake_pace(const struct intake *in);

/* True if it is time for a look. */
static inline bool intake_due(const struct intake *in, struct now now)
{
    return now.mono_us >= in->looked_us + INTAKE_LOOK_US;
}

#endif
