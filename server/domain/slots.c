/* SPDX-License-Identifier: Apache-2.0
 *
 * Free times for a lesson (declared in schedule.h): what a refusal offers
 * instead. It walks the local days, tries a start, and where something is in
 * the way jumps to the first moment at which that is over; so the work grows
 * with the lessons in the way, not with the minutes of the day.
 */
#include <string.h>

#include "server/domain/schedule_inside.h"

#define DAYS_MAX 62
/* Soft ones are three a child, one a school and two more at most, so among as many as this there is
 * a hard one if there is any. */
#define VIOLATIONS_MAX 64

static bool on_screen(const struct slot_query *q)
{
    return !(q->lesson && q->lesson->in_person);
}

/* Does b keep anybody of q busy, and how long before and after it must stay free? */
static int64_t distance(const struct slot_query *q, const struct booked_lesson *b,
                        const struct schedule_policy *policy)
{
    int64_t rest =
        on_screen(q) && !b->in_person ? policy->online_break_minutes : policy->break_minutes;
    int64_t need = -1;

    if (q->mentor.v != 0 && user_id_eq(q->mentor, b->mentor))
        need = policy->turn_round_minutes * MS_PER_MIN;
    for (int i = 0; i < q->children_n; i++)
        for (int k = 0; k < b->children_n && k < LESSON_CHILDREN_MAX; k++)
            if (user_id_eq(q->children[i], b->children[k]) && need < rest * MS_PER_MIN)
                need = rest * MS_PER_MIN;
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

        if (!in_the_way(b, q->ignore))
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
    int to_minute = policy->day_to_minute;
    int64_t ignored;

    if (on_screen(q) && policy->distance_to_minute < to_minute)
        to_minute = policy->distance_to_minute;

    if (policy->rest_weekdays >> date_weekday(day) & 1u)
        return false;
    date_from_days(day, &open.year, &open.month, &open.day);
    close = open;
    open.hour = policy->day_from_minute / 60;
    open.minute = policy->day_from_minute % 60;
    close.hour = to_minute / 60;
    close.minute = to_minute % 60;
    if (close.hour == 24) {
        close.hour = close.minute = 0;
        date_from_days(day + 1, &close.year, &close.month, &close.day);
    }
    return zone_to_utc(q->tz, &open, from, &ignored) != ZONE_UNKNOWN &&
           zone_to_utc(q->tz, &close, to, &ignored) != ZONE_UNKNOWN && *from < *to;
}

enum fit {
    FIT,
    NO_FIT,
    NO_FIT_TODAY, /* by a rule that says the same at every hour of the child's day */
};

static bool same_all_day(enum schedule_rule r)
{
    return r == RULE_PER_DAY || r == RULE_WEEK_MAX || r == RULE_REST_DAY ||
           r == RULE_LESSON_LENGTH || r == RULE_NO_RECOMMENDATION;
}

/* Is the day of the query that of every child? */
static bool one_calendar(const struct slot_query *q)
{
    for (size_t i = 0; i < q->facts->children_n; i++)
        if (strcmp(q->facts->children[i].tz, q->tz) != 0)
            return false;
    return true;
}

/* What the rules of the facts say of the start. */
static enum fit judged(const struct slot_query *q, int64_t start)
{
    struct violation v[VIOLATIONS_MAX];
    struct booked_lesson plan;
    enum fit fit = FIT;
    size_t n;

    if (!q->facts || !q->lesson)
        return FIT;
    plan = *q->lesson;
    plan.id = q->ignore;
    plan.mentor = q->mentor;
    plan.start_ms = start;
    plan.end_ms = start + q->duration_ms;
    plan.children_n = q->children_n;
    memcpy(plan.children, q->children, sizeof plan.children);
    n = schedule_judge(&plan, q->facts, v, VIOLATIONS_MAX);
    for (size_t i = 0; i < n && i < VIOLATIONS_MAX && fit != NO_FIT_TODAY; i++)
        if (v[i].hard)
            fit = same_all_day(v[i].rule) && one_calendar(q) ? NO_FIT_TODAY : NO_FIT;
    return fit;
}

/* Starts of one local day's window [from, to), the first of them not before at. */
static size_t day_slots(const struct slot_query *q, const struct booked_lesson *booked,
                        size_t booked_n, const struct schedule_policy *policy, int64_t at,
                        int64_t from, int64_t to, int64_t *out, size_t cap)
{
    enum fit fit = FIT;
    size_t n = 0;

    for (at = round_up(at, from, q->step_ms);
         n < cap && fit != NO_FIT_TODAY && at + q->duration_ms <= to;) {
        int64_t next = free_from(q, booked, booked_n, policy, at);

        if (next == at) {
            fit = judged(q, at);
            if (fit == FIT)
                out[n++] = at;
            next = at + (fit == FIT ? q->duration_ms : q->step_ms);
        }
        at = round_up(next, from, q->step_ms);
    }
    return n;
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
        int64_t from, to;

        if (!day_window(q, policy, day + d, &from, &to))
            continue;
        n += day_slots(q, booked, booked_n, policy, earliest > from ? earliest : from, from, to,
                       out + n, cap - n);
    }
    return n;
}
