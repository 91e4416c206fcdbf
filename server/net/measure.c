/* SPDX-License-Identifier: Apache-2.0
 *
 * Shares of path tests, in the order of the table; it is small. Net loop only.
 */
#include "server/net/measure.h"

#include "common/base/now.h"
#include "common/protocol/protocol.gen.h"

#define WINDOW_US (SIG_LIMIT_MEASURE_WINDOW_MS * US_PER_MS)

/* The person's share, or a place for it; NULL while there is none. */
static struct measure_share *share_of(struct measures *m, struct user_id user, int64_t now_us)
{
    struct measure_share *place = NULL;

    for (size_t i = 0; i < MEASURE_PEOPLE; i++) {
        struct measure_share *s = &m->people[i];
        bool over = !s->user.v || now_us - s->since_us >= WINDOW_US;

        if (!over && user_id_eq(s->user, user))
            return s;
        if (over && !place)
            place = s;
    }
    if (place)
        *place = (struct measure_share){ .user = user, .since_us = now_us };
    return place;
}

bool measures_take(struct measures *m, struct rate *address, struct user_id user, size_t bytes,
                   int64_t now_us)
{
    struct measure_share *s = share_of(m, user, now_us);

    if (!s || bytes > SIG_LIMIT_MEASURE_TOTAL_BYTES ||
        s->bytes + (int64_t)bytes > SIG_LIMIT_MEASURE_TOTAL_BYTES ||
        !rate_take(address, now_us, MEASURE_ADDRESS_PER_S, MEASURE_ADDRESS_BURST) ||
        !rate_take(&m->server, now_us, MEASURE_SERVER_PER_S, MEASURE_SERVER_BURST))
        return false;
    s->bytes += (int64_t)bytes;
    return true;
}
