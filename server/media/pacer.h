/* SPDX-License-Identifier: Apache-2.0
 *
 * When the next packet of a picture may leave: a key frame is many times as
 * large as the frames around it and must not push voices out of the queue in
 * front of a slow link. One number: the moment at which everything sent so far
 * has left a link of this rate. Voices do not ask; they only count.
 */
#ifndef PARTA_MEDIA_PACER_H
#define PARTA_MEDIA_PACER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"

/* So much may leave at once behind a silence. */
#define PACER_BURST_US (10 * US_PER_MS)
#define PACER_STEP_US (5 * US_PER_MS) /* timers finer than this buy nothing */

struct pacer {
    int64_t bps;     /* 0 = no limit */
    int64_t free_us; /* when what was sent will have left */
};

static inline bool pacer_may(const struct pacer *p, int64_t now_us)
{
    return p->bps == 0 || p->free_us <= now_us + PACER_BURST_US;
}

static inline void pacer_sent(struct pacer *p, int64_t bytes, int64_t now_us)
{
    if (p->bps == 0)
        return;
    if (p->free_us < now_us)
        p->free_us = now_us;
    p->free_us += bytes * 8 * US_PER_S / p->bps;
}

/* When the next one may leave; at least a step away if not now. */
static inline int64_t pacer_when(const struct pacer *p, int64_t now_us)
{
    int64_t at = p->free_us - PACER_BURST_US;

    if (pacer_may(p, now_us))
        return now_us;
    return at < now_us + PACER_STEP_US ? now_us + PACER_STEP_US : at;
}

/* A new rate; what is under way is counted by the old one, but never for longer than a second. */
static inline void pacer_rate(struct pacer *p, int64_t bps, int64_t now_us)
{
    p->bps = bps;
    if (p->free_us > now_us + US_PER_S)
        p->free_us = now_us + US_PER_S;
}

#endif
