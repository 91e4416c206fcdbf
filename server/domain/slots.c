/* SPDX-License-Identifier: Apache-2.0
 *
 * Free times for a lesson (declared in schedule.h): what a refusal offers
 * instead. It walks the local days, tries a start, and where something is in
 * the way jumps to the first moment at which that is over; so the work grows
 * with the lessons in the way, not with the minutes of the day.
 */
#include "common/base/now.h"
#include "server/domain/sat.h"
#include "server/domain/schedule.h"

#define DAYS_MAX 62

/* Does b keep anybody of q busy, and how long before and after it must stay free? */
static int64_t distance(const struct slot_query *q, const struct booked_lesson *b,
                        const struct schedule_policy *policy)
{
    int64_t need = -1;

    if (q->mentor.v != 0 && user_id_eq(q->mentor, b->mentor))
        need = policy->turn_round_minutes * MS_PER_MIN;
    for (int i = 0; i < q->children_n; i++)
        for (int k = 0; k < b->children_n && k < LESSON_CHILDREN_MAX; k++)
            if (user_id_eq(q->children[i], b->children[k]) &&
                need < policy->break_minutes * MS_PER_MIN)
                need = policy->break_minutes * MS_PER_MIN;
    return need;
}

/* start if nothing is in the way of [start, start + duration), else a later moment to try. */
static int64_t free_from(const struct slot_query *q, const struct booked_lesson *booked, size_t n,
                         const struct schedule_policy *policy, int64_t start)
{
    int64_t next = start;

    for (size_t i = 0; i < n; i++) {
        const struct booked_lesson *b = &booked[i];
        int64_t need;

        if (b->state == LESSON_CANCELLED || b->state == LESSON_RESCHEDULED ||
            (q->ignore.v != 0 && lesson_id_eq(b->id, q->ignore)))
            continue;
        need = distance(q, b, policy);
        if (need >= 0 && start < sat_add(b->end_ms, need) &&
            sat_add(sat_add(start, q->duration_ms), need) > b->start_ms &&
            sat_add(b->end_ms, need) > next)
            next = sat_add(b->end_ms, need);
    }
    return next;
}

static int64_t round_up(int64_t ms, int64_t base, int64_t step)
{
    int64_t over = (ms - base) % step;

    return over > 0 ? ms + step - over : ms;
}

/* One local day: the window [from, to) in UTC, or false on a day of rest or without one. */
static bool day_window(const struct slot_query *q, const struct schedule_policy *policy,
                       int64_t day, int64_t *from, int64_t *to)
{
    struct local_time open = { 0 }, close = { 0 };
    int64_t ignored;

    if (policy->rest_weekdays >> date_weekday(day) & 1u)
        return false;
    date_from_days(day, &open.year, &open.month, &open.day);
    close = open;
    open.hour = policy->day_from_minute / 60;
    open.minute = policy->day_from_minute % 60;
    close.hour = policy->day_to_minute / 60;
    close.minute = policy->day_to_minute % 60;
    if (close.hour == 24) {
        close.hour = close.minute = 0;
        date_from_days(day + 1, &close.year, &close.month, &close.day);
    }
    return zone_to_utc(q->tz, &open, from, &ignored) != ZONE_UNKNOWN &&
           zone_to_utc(q->tz, &close, to, &ignored) != ZONE_UNKNOWN && *from < *to;
}

size_t schedule_free_slots(const struct slot_query *q, const struct booked_lesson *booked,
                           size_t booked_n, const struct schedule_policy *policy, int64_t *out,
                           size_t cap)
{
    int64_t earliest = q->from_ms > q->now_ms ? q->from_ms : sat_add(q->now_ms, 1);
    struct local_time local;
    size_t n = 0;
    int64_t day;

    if (q->duration_ms <= 0 || q->duration_ms > MS_PER_DAY || q->step_ms <= 0 ||
        q->step_ms > MS_PER_DAY || q->days < 1 || q->children_n < 1 ||
        q->children_n > LESSON_CHILDREN_MAX || zone_local(q->tz, earliest, &local) != ERR_OK)
        return 0;
    day = date_to_days(local.year, local.month, local.day);
    for (int d = 0; d < q->days && d < DAYS_MAX && n < cap; d++) {
        int64_t from, to, at;

        if (!day_window(q, policy, day + d, &from, &to))
            continue;
        at = round_up(earliest > from ? earliest : from, from, q->step_ms);
        while (n < cap && at + q->duration_ms <= to) {
            int64_t next = free_from(q, booked, booked_n, policy, at);

            if (next == at) {
                out[n++] = at;
                next = at + q->duration_ms;
            }
            at = round_up(next, from, q->step_ms);
        }
    }
    return n;
}
