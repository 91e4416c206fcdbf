/* SPDX-License-Identifier: Apache-2.0
 *
 * The only place that reads the operating system's clocks. Drivers call it
 * once per batch and hand the value down; machines never call it. Any thread.
 */
#ifndef PARTA_SYS_CLOCK_H
#define PARTA_SYS_CLOCK_H

#include "common/base/now.h"

/* CLOCK_MONOTONIC and CLOCK_REALTIME, read together. */
struct now clock_now(void);

/* From now on the wall clock says unix_ms and goes on from there; the monotonic one is untouched.
 * For a demo that is to stand in another month. Call before there is a second thread. */
void clock_begin_at(int64_t unix_ms);

#endif
