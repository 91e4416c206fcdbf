/* SPDX-License-Identifier: Apache-2.0
 *
 * Signals as values. They are blocked in every thread before the first one
 * starts; the main thread alone waits for them and posts what they mean. No
 * code ever runs inside a signal handler.
 */
#ifndef PARTA_SYS_SIGNALS_H
#define PARTA_SYS_SIGNALS_H

#include <stdint.h>

#include "common/base/err.h"

enum signal_event {
    SIGNAL_NONE,   /* the wait timed out */
    SIGNAL_STOP,   /* SIGTERM, SIGINT: drain and end */
    SIGNAL_RELOAD, /* SIGHUP: load the certificate again */
};

/* Main thread, before any other thread exists. Also ignores SIGPIPE. ERR_IO. */
enum err signals_block(void) MUST_CHECK;

/* Main thread. Waits at most max_wait_us. */
enum signal_event signals_wait(int64_t max_wait_us);

/* Any thread: makes the main thread see SIGNAL_STOP, as after a fault that ends the service. */
void signals_stop_self(void);

#endif
