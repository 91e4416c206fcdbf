/* SPDX-License-Identifier: Apache-2.0
 *
 * Make-up lessons; see makeup.h.
 */
#include "server/domain/makeup.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/now.h"

#define VIOLATIONS_MAX 64

static const char *const names[] = {
#define X(code, name) [MAKE_UP_##code] = name,
    MAKE_UP_LIST(X)
#undef X
};

struct make_up_policy make_up_policy_default(void)
{
    return (struct make_up_policy){ .days = 14, .shown = 3 };
}

enum make_up make_up_check(const struct make_up_facts *f, const struct make_up_policy *p)
{
    if (f->made)
        return MAKE_UP_MADE;
    if (f->computed && (f->outcome == OUTCOME_HELD || f->outcome == OUTCOME_PARTIAL))
        return MAKE_UP_GIVEN;
    if (!f->computed && f->missing == NOSHOW_NOBODY)
        return MAKE_UP_NOT_MISSED;
    return f->wanted > f->day + p->days ? MAKE_UP_TOO_LATE : MAKE_UP_MAY;
}

/* The instant of a local day's minute; false where clocks jump over it or the zone is unknown. */
static bool instant(const char *tz, int64_t day, int minute, int64_t *out)
{
    struct local_time l = { .hour = minute / 60, .minute = minute % 60 };
    int64_t second;
    enum zone_answer a;

    date_from_days(day, &l.year, &l.month, &l.day);
    a = zone_to_utc(tz, &l, out, &second);
    return a == ZONE_UNIQUE || a == ZONE_DOUBLED;
}

static bool day_begin(const char *tz, int64_t day, int64_t *out)
{
    int y, m, d;

    date_from_days(day, &y, &m, &d);
    return zone_day_start(tz, y, m, d, out) == ERR_OK;
}

size_t make_up_slots(const struct make_up_search *s, const struct booked_lesson *booked,
                     size_t booked_n, const struct schedule_policy *policy, int64_t *out,
                     size_t cap)
{
    size_t n = 0;

    for (int64_t day = s->first_day; day <= s->last_day && n < cap; day++) {
        struct slot_query q = s->query;
        int64_t next;

        if (!day_begin(q.tz, day + 1, &next) || next <= q.now_ms)
            continue;
        q.days = 1;
        if (instant(q.tz, day, s->minute, &q.from_ms) && q.from_ms > q.now_ms &&
            schedule_free_slots(&q, booked, booked_n, policy, out + n, 1) > 0) {
            n++;
            continue;
        }
        if (day_begin(q.tz, day, &q.from_ms))
            n += schedule_free_slots(&q, booked, booked_n, policy, out + n, 1);
    }
    return n;
}

/* Counts each hard rule that the start breaks once. */
static void look_at(const struct make_up_search *s, int64_t start_ms, int days[RULE_COUNT])
{
    struct violation v[VIOLATIONS_MAX];
    struct booked_lesson plan = *s->query.lesson;
    bool seen[RULE_COUNT] = { false };
    size_t n;

    plan.start_ms = start_ms;
    plan.end_ms = start_ms + s->query.duration_ms;
    n = schedule_judge(&plan, s->query.facts, v, VIOLATIONS_MAX);
    for (size_t i = 0; i < n && i < VIOLATIONS_MAX; i++) {
        if (v[i].hard && !seen[v[i].rule])
            days[v[i].rule]++;
        seen[v[i].rule] = seen[v[i].rule] || v[i].hard;
    }
}

static int by_days(const void *a, const void *b)
{
    const struct make_up_obstacle *x = a, *y = b;

    return x->days != y->days ? y->days - x->days : (int)x->rule - (int)y->rule;
}

size_t make_up_obstacles(const struct make_up_search *s, struct make_up_obstacle *out, size_t cap)
{
    struct make_up_obstacle all[RULE_COUNT];
    int days[RULE_COUNT] = { 0 };
    size_t n = 0;
    int64_t start;

    for (int64_t day = s->first_day; day <= s->last_day; day++)
        if (instant(s->query.tz, day, s->minute, &start) && start > s->query.now_ms)
            look_at(s, start, days);
    for (int r = 0; r < RULE_COUNT; r++)
        if (days[r] > 0)
            all[n++] = (struct make_up_obstacle){ (enum schedule_rule)r, days[r] };
    qsort(all, n, sizeof all[0], by_days);
    n = n < cap ? n : cap;
    memcpy(out, all, n * sizeof *out);
    return n;
}

const char *make_up_name(enum make_up m)
{
    return names[m];
}
