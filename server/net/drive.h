/* SPDX-License-Identifier: Apache-2.0
 *
 * How every machine is run, here and in tests: call it, drain what it has to
 * say until it is silent, ask when it wants to be called again. A machine is
 * never called from within its own draining.
 */
#ifndef PARTA_NET_DRIVE_H
#define PARTA_NET_DRIVE_H

#include <stdint.h>

#include "common/base/now.h"

struct machine {
    void (*timeout)(void *machine, struct now now);
    int64_t (*deadline)(const void *machine);
    /* Polls until empty and carries out; owner and context are the driver's. */
    void (*drain)(void *owner, void *context);
};

/* After an input (or before the first): drains, runs timeouts that are due already, and returns the
 * next deadline, later than now. A machine whose deadline does not move past now after
 * DRIVE_ROUNDS_MAX timeouts is broken; it is called again a millisecond later, so that it cannot
 * hold the loop. */
#define DRIVE_ROUNDS_MAX 8

static inline int64_t drive(const struct machine *m, void *machine, void *owner, void *context,
                            struct now now)
{
    int64_t at_us;

    m->drain(owner, context);
    at_us = m->deadline(machine);
    for (int i = 0; at_us <= now.mono_us && i < DRIVE_ROUNDS_MAX; i++) {
        m->timeout(machine, now);
        m->drain(owner, context);
        at_us = m->deadline(machine);
    }
    return at_us > now.mono_us ? at_us : now.mono_us + US_PER_MS;
}

#endif
