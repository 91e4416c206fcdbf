/* SPDX-License-Identifier: Apache-2.0
 *
 * The replaced gettimeofday(); see virtual_time.h.
 */
#include "tests/support/virtual_time.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/time.h>
#include <time.h>

#define US 1000000
#define OFF INT64_MIN

static _Atomic int64_t virtual_us = OFF;

void virtual_time_set(int64_t us)
{
    atomic_store(&virtual_us, us);
}

void virtual_time_off(void)
{
    atomic_store(&virtual_us, OFF);
}

int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    int64_t us = atomic_load(&virtual_us);
    struct timespec ts;

    (void)zone;
    if (us == OFF) {
        clock_gettime(CLOCK_REALTIME, &ts);
        us = (int64_t)ts.tv_sec * US + ts.tv_nsec / 1000;
    }
    tv->tv_sec = (time_t)(us / US);
    tv->tv_usec = (suseconds_t)(us % US);
    return 0;
}
