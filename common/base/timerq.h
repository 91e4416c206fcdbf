/* SPDX-License-Identifier: Apache-2.0
 *
 * A queue of deadlines: binary heap of intrusive nodes. The time is an
 * argument, so tests run it with integers. The queue owns only its array.
 */
#ifndef PARTA_BASE_TIMERQ_H
#define PARTA_BASE_TIMERQ_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct timer {
    int64_t at_us; /* when it is due; valid while queued */
    size_t slot;   /* 1-based place in the heap, 0 = not queued */
};

struct timerq {
    struct timer **heap; /* owned; heap[0] is the earliest */
    size_t len;
    size_t cap;
};

void timerq_init(struct timerq *q);
void timerq_deinit(struct timerq *q);

/* Queues t for at_us, or moves it if it is queued. NEVER_US takes it out.
 * ERR_NOMEM leaves t as it was. */
enum err timerq_set(struct timerq *q, struct timer *t, int64_t at_us) MUST_CHECK;
void timerq_cancel(struct timerq *q, struct timer *t);

/* The earliest deadline, NEVER_US if none. */
int64_t timerq_next(const struct timerq *q);

/* Takes out and returns one timer that is due at now_us, or NULL. */
struct timer *timerq_pop(struct timerq *q, int64_t now_us);

#endif
