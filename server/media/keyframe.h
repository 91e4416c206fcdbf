/* SPDX-License-Identifier: Apache-2.0
 *
 * When to ask a source for a key frame: one request in flight, wishes of many
 * receivers coalesce, repeated until a key frame comes (MEDIA A4).
 */
#ifndef PARTA_MEDIA_KEYFRAME_H
#define PARTA_MEDIA_KEYFRAME_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"

#define KEYFRAME_WINDOW_US                                                                         \
    (500 * US_PER_MS) /* between two requests (T20: PLI at most so often)                          \
                       */

struct keyframe {
    bool wanted;
    bool asked;
    int64_t asked_us; /* last request; valid if asked */
};

static inline void keyframe_want(struct keyframe *k)
{
    k->wanted = true;
}

/* A key frame began to arrive: it serves everyone who waited. */
static inline void keyframe_came(struct keyframe *k)
{
    k->wanted = false;
}

static inline int64_t keyframe_deadline(const struct keyframe *k)
{
    if (!k->wanted)
        return NEVER_US;
    return k->asked ? k->asked_us + KEYFRAME_WINDOW_US : INT64_MIN;
}

/* True if a request must be sent now; counts it as sent. */
static inline bool keyframe_ask(struct keyframe *k, int64_t now_us)
{
    if (keyframe_deadline(k) > now_us)
        return false;
    k->asked = true;
    k->asked_us = now_us;
    return true;
}

#endif
