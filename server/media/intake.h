/* SPDX-License-Identifier: Apache-2.0
 *
 * How much one WebSocket takes, found out from the pressure of its send queue:
 * what waits too long says that it takes less than it is given, and the rate at
 * which the queue empties says how much. It falls at once and rises slowly. As
 * long as nothing ever waited nothing is known, and nothing is told. The
 * counterpart of media/estimate for legs that have no RTCP. Pure.
 */
#ifndef PARTA_MEDIA_INTAKE_H
#define PARTA_MEDIA_INTAKE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"
#include "server/media/sendq.h"

#define INTAKE_LOOK_US (100 * US_PER_MS) /* between two looks at a queue that has pressure */
#define INTAKE_TELL_US (2 * US_PER_S)    /* what is known is told again, before it is too old */
#define INTAKE_LONG_US                                                                             \
    (120 * US_PER_MS) /* who waits so long waits for the link; 300 leaves out                      \
                       */
#define INTAKE_SHORT_US (40 * US_PER_MS)
#define INTAKE_CALM_US (500 * US_PER_MS)    /* between two falls: the first has no effect before */
#define INTAKE_STEADY_US (1500 * US_PER_MS) /* behind a fall, before it rises */
#define INTAKE_START_BPS 1000000
#define INTAKE_MIN_BPS 30000
#define INTAKE_MAX_BPS 20000000
#define INTAKE_FALL 85  /* percent of what went through */
#define INTAKE_BLIND 70 /* percent of what was believed, if that is not known */
/* The longer nothing waits, the faster it rises: a link may have become ten times as wide. */
#define INTAKE_RISE 10 /* percent a second, from 1.5 s behind a fall */
#define INTAKE_FAST_RISE 25
#define INTAKE_FAST_US (3 * US_PER_S)
#define INTAKE_FASTEST_RISE 35
#define INTAKE_FASTEST_US (6 * US_PER_S)

struct intake {
    int64_t bps, told_bps;
    bool met;          /* the link's limit was met: bps means something */
    int64_t fell_us;   /* INT64_MIN: never */
    int64_t looked_us; /* last look */
    int64_t told_us;
    uint64_t left_out; /* as of the last look */
};

void intake_init(struct intake *in, struct now now);

/* Looks at the queue's pressure. True if the leg should be told in->bps. */
bool intake_look(struct intake *in, const struct sendq_pressure *p, struct now now);

/* When to look again; NEVER_US while nothing was ever met and nothing waits. */
int64_t intake_deadline(const struct intake *in, const struct sendq_pressure *p);

#endif
