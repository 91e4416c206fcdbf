/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable that need lessons alone (R1-R3), and what all
 * rules are made of. Every rule is one small function that reports what it
 * finds; nothing is refused twice for the same reason.
 */
#include "server/domain/schedule_inside.h"

void report_as(struct findings *f, bool hard, struct violation v)
{
    v.hard = hard;
    v.lesson = f->lesson;
    if (f->n < f->cap)
        f->out[f->n] = v;
    f->n++;
}

void report_hard(struct findings *f, struct violation v)
{
    report_as(f, true, v);
}

void report_soft(struct findings *f, struct violation v)
{
    report_as(f, false, v);
}

int64_t minutes_up(int64_t ms)
{
    return ms / MS_PER_MIN + (ms % MS_PER_MIN > 0);
}

bool in_the_way(const struct booked_lesson *b, struct lesson_id own)
{
    return b->state != LESSON_CANCELLED && b->state != LESSON_RESCHEDULED &&
           !(own.v != 0 && lesson_id_eq(b->id, own));
}

bool has_child(const struct booked_lesson *b, struct user_id child)
{
    for (int i = 0; i < b->children_n && i < LESSON_CHILDREN_MAX; i++)
        if (user_id_eq(b->children[i], child))
            return true;
    return false;
}

bool has_school(const struct booked_lesson *b, struct org_id school)
{
    for (int i = 0; i < b->children_n && i < LESSON_CHILDREN_MAX; i++)
        if (org_id_eq(b->schools[i], school))
            return true;
    return false;
}

struct stretch stretch_of(const struct booked_lesson *b)
{
    return (struct stretch){ b->start_ms, b->end_ms };
}

int64_t common_ms(struct stretch a, struct stretch b)
{
    int64_t from = a.start_ms > b.start_ms ? a.start_ms : b.start_ms;
    int64_t to = a.end_ms < b.end_ms ? a.end_ms : b.end_ms;

    return to > from ? sat_sub(to, from) : 0;
}

int64_t between_ms(struct stretch a, struct stretch b)
{
    return a.start_ms >= b.end_ms ? sat_sub(a.start_ms, b.end_ms) : sat_sub(b.start_ms, a.end_ms);
}

void check_interval(const struct booked_lesson *p, const struct schedule_policy *policy,
                    int64_t now_ms, struct findings *f)
{
    int64_t length = sat_sub(p->end_ms, p->start_ms);

    if (length <= 0 || p->children_n < 1 || p->children_n > LESSON_CHILDREN_MAX) {
        report_hard(f, (struct violation){ .rule = RULE_ORDER });
        return;
    }
    if (length < policy->min_minutes * MS_PER_MIN)
        report_hard(f, (struct violation){ .rule = RULE_TOO_SHORT,
                                           .limit = policy->min_minutes,
                                           .value = length / MS_PER_MIN });
    if (length > policy->max_minutes * MS_PER_MIN)
        report_hard(f, (struct violation){ .rule = RULE_TOO_LONG,
                                           .limit = policy->max_minutes,
                                           .value = minutes_up(length) });
    if (p->start_ms <= now_ms)
        report_hard(f,
                    (struct violation){ .rule = RULE_PAST, .limit = now_ms, .value = p->start_ms });
}

static void check_children(const struct booked_lesson *p, const struct booked_lesson *b,
                           struct findings *f)
{
    int64_t common = common_ms(stretch_of(p), stretch_of(b));

    for (int i = 0; common > 0 && i < p->children_n && i < LESSON_CHILDREN_MAX; i++)
        if (has_child(b, p->children[i]))
            report_hard(f, (struct violation){ .rule = RULE_CHILD_OVERLAP,
                                               .value = minutes_up(common),
                                               .other = b->id,
                                               .who = p->children[i] });
}

static void check_mentor(const struct booked_lesson *p, const struct booked_lesson *b,
                         const struct schedule_policy *policy, struct findings *f)
{
    int64_t common = common_ms(stretch_of(p), stretch_of(b));

    if (p->mentor.v == 0 || !user_id_eq(p->mentor, b->mentor))
        return;
    if (common > 0)
        report_hard(f, (struct violation){ .rule = RULE_MENTOR_OVERLAP,
                                           .value = minutes_up(common),
                                           .other = b->id,
                                           .who = p->mentor });
    else if (between_ms(stretch_of(p), stretch_of(b)) < policy->turn_round_minutes * MS_PER_MIN)
        report_hard(
            f, (struct violation){ .rule = RULE_TURN_ROUND,
                                   .limit = policy->turn_round_minutes,
                                   .value = between_ms(stretch_of(p), stretch_of(b)) / MS_PER_MIN,
                                   .other = b->id,
                                   .who = p->mentor });
}

void check_row(const struct booked_lesson *p, const struct booked_lesson *b,
               const struct schedule_policy *policy, struct findings *f)
{
    if (!in_the_way(b, p->id))
        return;
    check_children(p, b, f);
    check_mentor(p, b, policy, f);
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
    for (size_t i = 0; i < booked_n; i++)
        check_row(plan, &booked[i], policy, &f);
    return f.n;
}

enum schedule_rule schedule_local(const char *tz, const struct local_time *local,
                                  enum which_time which, int64_t *utc_ms, struct violation *v)
{
    static const enum schedule_rule rule_of[] = { [ZONE_UNIQUE] = RULE_NONE,
                                                  [ZONE_DOUBLED] = RULE_DOUBLED_TIME,
                                                  [ZONE_SKIPPED] = RULE_SKIPPED_TIME,
                                                  [ZONE_UNKNOWN] = RULE_UNKNOWN_ZONE };
    int64_t first = 0, second = 0;
    enum schedule_rule rule = rule_of[zone_to_utc(tz, local, &first, &second)];

    if (rule == RULE_DOUBLED_TIME && (which == WHICH_FIRST || which == WHICH_SECOND))
        rule = RULE_NONE;
    if (rule == RULE_NONE)
        *utc_ms = which == WHICH_SECOND ? second : first;
    else if (v)
        *v = (struct violation){ .rule = rule, .hard = true, .limit = first, .value = second };
    return rule;
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
