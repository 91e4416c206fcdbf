/* SPDX-License-Identifier: Apache-2.0
 *
 * Binary heap of timers, ordered by deadline.
 */
#include "common/base/timerq.h"

#include "common/base/mem.h"
#include "common/base/now.h"

void timerq_init(struct timerq *q)
{
    *q = (struct timerq){ 0 };
}

void timerq_deinit(struct timerq *q)
{
    for (size_t i = 0; i < q->len; i++)
        q->heap[i]->slot = 0;
    mem_free(q->heap);
    timerq_init(q);
}

static void put(struct timerq *q, size_t i, struct timer *t)
{
    q->heap[i] = t;
    t->slot = i + 1;
}

static void sift_up(struct timerq *q, size_t i)
{
    struct timer *t = q->heap[i];

    while (i > 0 && q->heap[(i - 1) / 2]->at_us > t->at_us) {
        put(q, i, q->heap[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
    put(q, i, t);
}

static void sift_down(struct timerq *q, size_t i)
{
    struct timer *t = q->heap[i];

    for (;;) {
        size_t child = 2 * i + 1;

        if (child >= q->len)
            break;
        if (child + 1 < q->len && q->heap[child + 1]->at_us < q->heap[child]->at_us)
            child++;
        if (q->heap[child]->at_us >= t->at_us)
            break;
        put(q, i, q->heap[child]);
        i = child;
    }
    put(q, i, t);
}

enum err timerq_set(struct timerq *q, struct timer *t, int64_t at_us)
{
    if (at_us == NEVER_US) {
        timerq_cancel(q, t);
        return ERR_OK;
    }
    if (t->slot) {
        t->at_us = at_us;
        sift_up(q, t->slot - 1);
        sift_down(q, t->slot - 1);
        return ERR_OK;
    }
    if (q->len == q->cap) {
        size_t cap = q->cap ? q->cap * 2 : 16;
        struct timer **heap = mem_regrow(q->heap, cap, sizeof *heap);

        if (!heap)
            return ERR_NOMEM;
        q->heap = heap;
        q->cap = cap;
    }
    t->at_us = at_us;
    put(q, q->len++, t);
    sift_up(q, q->len - 1);
    return ERR_OK;
}

void timerq_cancel(struct timerq *q, struct timer *t)
{
    size_t i;
    struct timer *last;

    if (!t->slot)
        return;
    i = t->slot - 1;
    t->slot = 0;
    last = q->heap[--q->len];
    if (last == t)
        return;
    put(q, i, last);
    sift_up(q, i);
    sift_down(q, last->slot - 1);
}

int64_t timerq_next(const struct timerq *q)
{
    return q->len ? q->heap[0]->at_us : NEVER_US;
}

struct timer *timerq_pop(struct timerq *q, int64_t now_us)
{
    struct timer *t;

    if (!q->len || q->heap[0]->at_us > now_us)
        return NULL;
    t = q->heap[0];
    timerq_cancel(q, t);
    return t;
}
