/* SPDX-License-Identifier: Apache-2.0
 *
 * A slow link on virtual time: one queue of bounded length in front of a fixed
 * rate, then a fixed delay; drops from its tail, and at random if told so.
 */
#ifndef PARTA_TESTS_NARROW_LINK_H
#define PARTA_TESTS_NARROW_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"
#include "tests/support/rnd.h"

struct narrow_link {
    int64_t bps;      /* 0: no limit */
    int64_t queue_us; /* longest wait in the queue; what would wait longer is dropped */
    int64_t delay_us;
    int loss_percent;
    struct rnd rnd;
    int64_t free_us; /* when what is queued has left */
    uint64_t dropped;
};

/* When the packet comes out, or -1 if it is lost. */
static inline int64_t narrow_link_send(struct narrow_link *l, int64_t now_us, int64_t bytes)
{
    if (l->loss_percent && rnd_percent(&l->rnd, l->loss_percent)) {
        l->dropped++;
        return -1;
    }
    if (l->bps == 0)
        return now_us + l->delay_us;
    if (l->free_us < now_us)
        l->free_us = now_us;
    if (l->free_us - now_us > l->queue_us) {
        l->dropped++;
        return -1;
    }
    l->free_us += bytes * 8 * US_PER_S / l->bps;
    return l->free_us + l->delay_us;
}

#endif
