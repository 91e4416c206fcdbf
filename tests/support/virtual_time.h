/* SPDX-License-Identifier: Apache-2.0
 *
 * OpenSSL times DTLS retransmissions by gettimeofday(). Test programs replace
 * that function, so that a handshake runs on the test's own time. Only for
 * tests that drive machines from one thread.
 */
#ifndef PARTA_TESTS_VIRTUAL_TIME_H
#define PARTA_TESTS_VIRTUAL_TIME_H

#include <stdint.h>

/* From now on gettimeofday() answers this; keep it in step with now.mono_us. */
void virtual_time_set(int64_t us);

/* gettimeofday() tells the real time again. */
void virtual_time_off(void);

#endif
