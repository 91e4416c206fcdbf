/* SPDX-License-Identifier: Apache-2.0
 *
 * The two times, never mixed. Machines receive them as arguments; only
 * server/sys/clock reads the operating system's clocks.
 */
#ifndef PARTA_BASE_NOW_H
#define PARTA_BASE_NOW_H

#include <stdint.h>

struct now {
    int64_t mono_us; /* monotonic, for timers and durations */
    int64_t unix_ms; /* UTC wall clock, for lesson windows and records */
};

#define US_PER_MS INT64_C(1000)
#define US_PER_S INT64_C(1000000)
#define MS_PER_S INT64_C(1000)
#define MS_PER_MIN INT64_C(60000)
#define MS_PER_HOUR INT64_C(3600000)
#define MS_PER_DAY INT64_C(86400000)

/* A deadline that never comes. */
#define NEVER_US INT64_MAX

static inline int64_t earlier_us(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

#endif
