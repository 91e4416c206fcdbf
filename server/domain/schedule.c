/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable. Every rule is one small function that reports
 * what it finds; nothing is refused twice for the same reason.
 */
#include "server/domain/schedule.h"

#include "common/base/now.h"
#include "server/domain/sat.h"

#define MINUTES_PER_DAY 1440

/* Where violations go: the first cap are kept, all are counted. */
struct findings {
    struct violation *out;
    size_t cap;
    size_t n;
    struct lesson_id lesson;
};

static void report(struct findings *f, struct violation v)
{
    v.hard = true;
    v.lesson = f->lesson;
    if (f->n < f->cap)
        f->out[f->n] = v;
    f->n++;
}

static int64_t minutes_up(int64_t ms)
{
    return ms / MS_PER_MIN + (ms % MS_PER_MIN > 0);
}

static bool in_the_way(const struct booked_lesson *b, struct lesson_id own)
{
    return b->state != LESSON_CANCELLED && b->state != LESSON_RESCHEDULED &&
           !(own.v != 0 && lesson_id_eq(b->id, own));
}

static bool has_child(const struct booked_lesson *b, struct user_id child)
{
    for (int i = 0; i < b->children_n && i < LESSON_CHILDREN_MAX; i++)
        if (user_id_eq(b->children[i], child))
            return true;
    return false;
}

/* Common time of two half-open intervals, and the time between them if there is none. */
static int64_t overlap_ms(const struct booked_lesson *a, const struct booked_lesson *b)
{
    int64_t from = a->start_ms > b->start_ms ? a->start_ms : b->start_ms;
    int64_t to = a->end_ms < b->end_ms ? a->end_ms : b->end_ms;

    return to > from ? sat_sub(to, from) : 0;
}

static int64_t between_ms(const struct booked_lesson *a, const struct booked_lesson *b)
{
    return a->start_ms >= b->end_ms ? sat_sub(a->start_ms, b->end_ms)
                                    : sat_sub(b->start_ms, a->end_ms);
}

static void check_interval(const struct booked_lesson *p, const struct schedule_policy *policy,
                           int64_t now_ms, struct findings *f)
{
    int64_t length = sat_sub(p->end_ms, p->start_ms);

    if (length <= 0 || p->children_n < 1 || p->children_n > LESSON_CHILDREN_MAX) {
        report(f, (struct violation){ .rule = RULE_ORDER });
        return;
    }
    if (length < policy->min_minutes * MS_PER_MIN)
        report(f, (struct violation){ .rule = RULE_TOO_SHORT,
                                      .limit = policy->min_minutes,
                                      .value = length / MS_PER_MIN });
    if (length > policy->max_minutes * MS_PER_MIN)
        report(f, (struct violation){ .rule = RULE_TOO_LONG,
                                      .limit = policy->max_minutes,
                                      .value = minutes_up(length) });
    if (p->start_ms <= now_ms)
        report(f, (struct violation){ .rule = RULE_PAST, .limit = now_ms, .value = p->start_ms });
}

static void check_children(const struct booked_lesson *p, const struct booked_lesson *b,
                           struct findings *f)
{
    int64_t common = overlap_ms(p, b);

    for (int i = 0; common > 0 && i < p->children_n && i < LESSON_CHILDREN_MAX; i++)
        if (has_child(b, p->children[i]))
            report(f, (struct violation){ .rule = RULE_CHILD_OVERLAP,
                                          .value = minutes_up(common),
                                          .other = b->id,
                                          .who = p->children[i] });
}

static void check_mentor(const struct booked_lesson *p, const struct booked_lesson *b,
                         const struct schedule_policy *policy, struct findings *f)
{
    int64_t common = overlap_ms(p, b);

    if (p->mentor.v == 0 || !user_id_eq(p->mentor, b->mentor))
        return;
    if (common > 0)
        report(f, (struct violation){ .rule = RULE_MENTOR_OVERLAP,
                                      .value = minutes_up(common),
                                      .other = b->id,
                                      .who = p->mentor });
    else if (between_ms(p, b) < policy->turn_round_minutes * MS_PER_MIN)
        report(f, (struct violation){ .rule = RULE_TURN_ROUND,
                                      .limit = policy->turn_round_minutes,
                                      .value = between_ms(p, b) / MS_PER_MIN,
                                      .other = b->id,
                                      .who = p->mentor });
}

size_t schedule_check(const struct booked_lesson *plan, const struct booked_lesson *booked,
                      size_t booked_n, const struct schedule_policy *policy, int64_t now_ms,
                      struct violation *out, size_t cap)
{
    struct findings f = { out, cap, 0, plan->id };

    check_interval(plan, policy, now_ms, &f);
    /* A lesson that takes no time has no neighbours either. */
    if (plan->end_ms <= plan->start_ms)
        return f.n;
    for (size_t i = 0; i < booked_n; i++) {
        if (!in_the_way(&booked[i], plan->id))
            continue;
        check_children(plan, &booked[i], &f);
        check_mentor(plan, &booked[i], policy, &f);
    }
    return f.n;
}

/* R9 and the day's count (R7) for one child. */
static void check_neighbours(const struct booked_lesson *plan, struct user_id child, const char *tz,
                             const struct booked_lesson *booked, size_t booked_n,
                             const struct schedule_policy *policy, const struct local_time *day,
                             struct findings *f)
{
    int lessons = 1;

    for (size_t i = 0; i < booked_n; i++) {
        const struct booked_lesson *b = &booked[i];
        struct local_time other;

        if (!in_the_way(b, plan->id) || !has_child(b, child))
            continue;
        if (overlap_ms(plan, b) == 0 && between_ms(plan, b) < policy->break_minutes * MS_PER_MIN)
            report(f, (struct violation){ .rule = RULE_BREAK,
                                          .limit = policy->break_minutes,
                                          .value = between_ms(plan, b) / MS_PER_MIN,
                                          .other = b->id,
                                          .who = child });
        if (zone_local(tz, b->start_ms, &other) == ERR_OK && other.day == day->day &&
            other.month == day->month && other.year == day->year)
            lessons++;
    }
    if (lessons > policy->per_day)
        report(f, (struct violation){ .rule = RULE_PER_DAY,
                                      .limit = policy->per_day,
                                      .value = lessons,
                                      .who = child });
}

size_t schedule_check_day(const struct booked_lesson *plan, struct user_id child, const char *tz,
                          const struct booked_lesson *booked, size_t booked_n,
                          const struct schedule_policy *policy, struct violation *out, size_t cap)
{
    struct findings f = { out, cap, 0, plan->id };
    struct local_time from, to;
    int64_t first, last;

    if (zone_local(tz, plan->start_ms, &from) != ERR_OK ||
        zone_local(tz, plan->end_ms, &to) != ERR_OK) {
        report(&f, (struct violation){ .rule = RULE_UNKNOWN_ZONE, .who = child });
        return f.n;
    }
    first = from.hour * 60 + from.minute;
    last = to.hour * 60 + to.minute + (to.second > 0);
    if (date_to_days(to.year, to.month, to.day) > date_to_days(from.year, from.month, from.day))
        last += MINUTES_PER_DAY;
    if (first < policy->day_from_minute)
        report(&f, (struct violation){ .rule = RULE_DAY_WINDOW,
                                       .limit = policy->day_from_minute,
                                       .value = first,
                                       .who = child });
    if (last > policy->day_to_minute)
        report(&f, (struct violation){ .rule = RULE_DAY_WINDOW,
                                       .limit = policy->day_to_minute,
                                       .value = last,
                                       .who = child });
    if (policy->rest_weekdays >> from.weekday & 1u)
        report(&f,
               (struct violation){ .rule = RULE_REST_DAY, .value = from.weekday, .who = child });
    check_neighbours(plan, child, tz, booked, booked_n, policy, &from, &f);
    return f.n;
}

enum schedule_rule schedule_local(const char *tz, const struct local_time *local,
                                  enum which_time which, int64_t *utc_ms, struct violation *v)
{
    enum schedule_rule rule = RULE_NONE;
    int64_t first = 0, second = 0;

    switch (zone_to_utc(tz, local, &first, &second)) {
    case ZONE_UNIQUE:
        break;
    case ZONE_DOUBLED:
        rule = which == WHICH_FIRST || which == WHICH_SECOND ? RULE_NONE : RULE_DOUBLED_TIME;
        break;
    case ZONE_SKIPPED:
        rule = RULE_SKIPPED_TIME;
        break;
    case ZONE_UNKNOWN:
        rule = RULE_UNKNOWN_ZONE;
        break;
    }
    if (rule == RULE_NONE)
        *utc_ms = which == WHICH_SECOND ? second : first;
    else if (v)
        *v = (struct violation){ .rule = rule, .hard = true, .limit = first, .value = second };
    return rule;
}

struct schedule_policy schedule_policy_default(void)
{
    return (struct schedule_policy){
        .min_minutes = 10,
        .max_minutes = 45,
        .turn_round_minutes = 5,
        .break_minutes = 10,
        .day_from_minute = 8 * 60,
        .day_to_minute = 19 * 60,
        .per_day = 7,
        .rest_weekdays = 1u << 7,
    };
}

static const struct {
    int number;
    const char *name;
} rules[] = {
#define X(code, number, name) [RULE_##code] = { number, name },
    SCHEDULE_RULE_LIST(X)
#undef X
};

const char *schedule_rule_name(enum schedule_rule r)
{
    return (unsigned)r < RULE_COUNT ? rules[r].name : "none";
}

int schedule_rule_number(enum schedule_rule r)
{
    return (unsigned)r < RULE_COUNT ? rules[r].number : 0;
}
