/* SPDX-License-Identifier: Apache-2.0
 *
 * clock_gettime, twice. Any thread.
 */
#include "server/sys/clock.h"

#include <time.h>

static int64_t ahead_ms; /* of the operating system's wall clock; written before any thread */

struct now clock_now(void)
{
    struct timespec mono, real;

    clock_gettime(CLOCK_MONOTONIC, &mono);
    clock_gettime(CLOCK_REALTIME, &real);
    return (struct now){ .mono_us = mono.tv_sec * US_PER_S + mono.tv_nsec / 1000,
                         .unix_ms = real.tv_sec * MS_PER_S + real.tv_nsec / 1000000 + ahead_ms };
}

void clock_begin_at(int64_t unix_ms)
{
    ahead_ms += unix_ms - clock_now().unix_ms;
}
