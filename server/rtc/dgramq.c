/* SPDX-License-Identifier: Apache-2.0
 *
 * The bounded queue of outgoing datagrams; see dgramq.h.
 */
#include "server/rtc/dgramq.h"

#include <string.h>

#include "common/base/mem.h"

void dgramq_push(struct dgramq *q, const struct addr *to, const void *data, size_t len)
{
    struct dgram *d = NULL;

    if (q->n < DGRAMQ_MAX)
        d = mem_zalloc(1, sizeof *d + len);
    if (!d) {
        q->dropped++;
        return;
    }
    if (to)
        d->to = *to;
    d->len = len;
    memcpy(d->data, data, len);
    q->slot[(q->head + q->n++) % DGRAMQ_MAX] = d;
}

const struct dgram *dgramq_pop(struct dgramq *q)
{
    mem_free(q->lent);
    q->lent = NULL;
    if (q->n == 0)
        return NULL;
    q->lent = q->slot[q->head];
    q->slot[q->head] = NULL;
    q->head = (q->head + 1) % DGRAMQ_MAX;
    q->n--;
    return q->lent;
}

void dgramq_deinit(struct dgramq *q)
{
    while (dgramq_pop(q))
        ;
}
