/* SPDX-License-Identifier: Apache-2.0
 *
 * See lesson_day.h. Desk thread.
 */
#include "server/api/lesson_day.h"

#define REACH_MS (4 * MS_PER_HOUR) /* over midnight: longer than any lesson with its door */

bool lesson_stands(const struct lesson *l)
{
    return l->facts.state != LESSON_CANCELLED && l->facts.state != LESSON_RESCHEDULED;
}

static bool starts_on(const struct lesson *l, const struct day_range *day)
{
    return l->facts.start_ms >= day->from_ms && l->facts.start_ms < day->to_ms;
}

static bool open_at(const struct lesson *l, int64_t now_ms)
{
    return lesson_stands(l) && now_ms >= lesson_opens_ms(&l->facts) &&
           now_ms < lesson_closes_ms(&l->facts);
}

enum err lessons_of_day(const struct call *c, const struct lesson_filter *who,
                        const struct day_range *day, bool open_too, struct lesson_list *out)
{
    int64_t now = c->now.unix_ms;
    bool today = now >= day->from_ms && now < day->to_ms;
    struct lesson_filter f = *who;
    size_t n = 0;
    enum err err;

    open_too = open_too && today;
    f.from_ms = day->from_ms - (open_too ? REACH_MS : 0);
    f.to_ms = day->to_ms + (open_too ? REACH_MS : 0);
    err = lesson_list(c->db, &f, out);
    for (size_t i = 0; !err && i < out->n; i++) {
        if (starts_on(&out->items[i], day) || (open_too && open_at(&out->items[i], now)))
            out->items[n++] = out->items[i];
    }
    if (!err)
        out->n = n;
    return err;
}
