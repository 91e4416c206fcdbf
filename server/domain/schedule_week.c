/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules that add up a week or a year: a child's hours (R8), a mentor's
 * load at one school and at all (R15), the hours of the approved programme
 * (R16); and what only a whole week shows. A week runs from Monday to Sunday
 * on the calendar of whoever keeps the account (schedule_facts.h).
 */
#include "server/domain/schedule_inside.h"

/* What is added up: lessons that start in the period and fit all that is set. */
struct account {
    struct stretch period;
    struct user_id child;  /* v = 0: of anybody */
    struct user_id mentor; /* likewise */
    struct org_id school;  /* likewise: of a child registered there */
    int64_t subject;       /* 0: any */
    bool given;            /* not those that were lost */
    bool regular;          /* no make-ups */
};

static bool counts(const struct account *a, const struct booked_lesson *b)
{
    return starts_in(b, a->period) && b->children_n > 0 &&
           (a->child.v == 0 || has_child(b, a->child)) &&
           (a->mentor.v == 0 || user_id_eq(b->mentor, a->mentor)) &&
           (a->school.v == 0 || has_school(b, a->school)) &&
           (a->subject == 0 || b->subject == a->subject) && !(a->given && b->lost) &&
           !(a->regular && b->make_up);
}

static int64_t sum_ms(const struct account *a, struct lesson_id own,
                      const struct booked_lesson *booked, size_t n)
{
    int64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        if (counts(a, &booked[i]) && in_the_way(&booked[i], own))
            sum = sat_add(sum, sat_sub(booked[i].end_ms, booked[i].start_ms));
    return sum;
}

/* Reports if the plan's time and the account's are more than limit minutes together. */
static void check_sum(const struct booked_lesson *plan, int64_t others_ms, int64_t limit,
                      enum schedule_rule rule, struct user_id who, struct findings *f)
{
    int64_t sum = sat_add(others_ms, plan->end_ms - plan->start_ms);

    if (sum > limit * MS_PER_MIN)
        report_hard(f, (struct violation){
                           .rule = rule, .limit = limit, .value = minutes_up(sum), .who = who });
}

/* R8: minutes a week by grade and recommendation on a day; 0: no limit. */
static int week_limit(const struct child_facts *child, const struct schedule_policy *policy,
                      int64_t day)
{
    int limit = 0;

    if (child->grade >= 1 && child->grade < SCHEDULE_GRADES)
        limit = policy->week_hours_max[child->grade] * policy->academic_hour_minutes;
    for (size_t i = 0; i < child->recommendations_n; i++)
        if (day_in(child->recommendations[i].days, day))
            limit = tighter(limit, child->recommendations[i].week_minutes);
    return limit;
}

static void check_week_max(const struct child_case *c, struct findings *f)
{
    int limit = week_limit(c->child, c->policy, c->span[0].day);
    struct account a = { .period = c->week, .child = c->child->id };

    if (limit > 0)
        check_sum(c->plan, sum_ms(&a, c->plan->id, c->booked, c->booked_n), limit, RULE_WEEK_MAX,
                  c->child->id, f);
}

/* R16. A make-up gives the hours of a week that has passed, so it counts in the year alone. */
static void check_line(const struct child_case *c, const struct school_facts *school, int64_t day,
                       const struct approved_line *line, struct findings *f)
{
    struct account week = { .period = days_of(school->tz, monday_of(day), 7),
                            .child = c->child->id,
                            .subject = line->subject,
                            .regular = true };
    struct account year = { .period = days_of(school->tz, school->year.first,
                                              school->year.last - school->year.first + 1),
                            .child = c->child->id,
                            .subject = line->subject,
                            .given = true };

    if (!c->plan->make_up)
        check_sum(c->plan, sum_ms(&week, c->plan->id, c->booked, c->booked_n), line->week_minutes,
                  RULE_LINE_WEEK, c->child->id, f);
    check_sum(c->plan,
              sat_add(line->year_other_ms, sum_ms(&year, c->plan->id, c->booked, c->booked_n)),
              line->year_minutes, RULE_LINE_YEAR, c->child->id, f);
}

static const struct approved_line *line_on(const struct child_facts *child, int64_t subject,
                                           int64_t day)
{
    for (size_t i = 0; i < child->lines_n; i++)
        if (child->lines[i].subject == subject && day_in(child->lines[i].days, day))
            return &child->lines[i];
    return NULL;
}

void check_child_week(const struct child_case *c, const struct school_facts *school,
                      struct findings *f)
{
    struct local_span at[LOCAL_SPANS_MAX];
    const struct approved_line *line;

    check_week_max(c, f);
    if (!c->child->lines || !school || local_spans(school->tz, stretch_of(c->plan), at) == 0)
        return; /* an unknown zone is check_places's to report */
    line = line_on(c->child, c->plan->subject, at[0].day);
    if (line)
        check_line(c, school, at[0].day, line, f);
    else
        report_hard(f, (struct violation){
                           .rule = RULE_NO_LINE, .value = c->plan->subject, .who = c->child->id });
}

/* R15 at one school; its week is the school's. */
static void check_employment(const struct booked_lesson *plan, const struct schedule_facts *facts,
                             const struct school_facts *school, struct findings *f)
{
    const struct mentor_facts *m = facts->mentor;
    struct local_span at[LOCAL_SPANS_MAX];
    int64_t minutes = 0, sum;
    bool any = false, part_time = true;
    struct account a = { .mentor = m->id, .school = school->id };

    if (local_spans(school->tz, stretch_of(plan), at) == 0)
        return;
    for (size_t i = 0; i < m->employments_n; i++) {
        const struct employment_fact *e = &m->employments[i];

        if (!org_id_eq(e->school, school->id) || !day_in(e->days, at[0].day))
            continue;
        any = true;
        minutes += e->week_minutes;
        part_time = part_time && e->part_time;
    }
    if (!any)
        return; /* R14 */
    a.period = days_of(school->tz, monday_of(at[0].day), 7);
    sum = sum_ms(&a, plan->id, facts->booked, facts->booked_n);
    check_sum(plan, sum, minutes, RULE_EMPLOYMENT_HOURS, m->id, f);
    if (part_time)
        check_sum(plan, sum,
                  (int64_t)facts->policy->norm_week_minutes * facts->policy->part_time_percent /
                      100,
                  RULE_PART_TIME, m->id, f);
}

void check_mentor_week(const struct booked_lesson *plan, const struct schedule_facts *facts,
                       struct findings *f)
{
    const struct mentor_facts *m = facts->mentor;
    struct local_span at[LOCAL_SPANS_MAX];
    struct account a = { 0 };

    if (!m || local_spans(m->tz, stretch_of(plan), at) == 0)
        return;
    for (size_t i = 0; m->employments && i < facts->schools_n; i++)
        if (has_school(plan, facts->schools[i].id))
            check_employment(plan, facts, &facts->schools[i], f);
    a.mentor = m->id;
    a.period = days_of(m->tz, monday_of(at[0].day), 7);
    check_sum(plan, sum_ms(&a, plan->id, facts->booked, facts->booked_n),
              facts->policy->norm_week_minutes, RULE_MENTOR_WEEK, m->id, f);
}

/* R11: Wednesday or Thursday has fewer lessons than the fullest day. */
static void check_light_day(const struct child_facts *child, int64_t monday,
                            const struct schedule_facts *facts, struct findings *f)
{
    int on[7] = { 0 }, most = 0, least;

    for (int d = 0; d < 7; d++) {
        struct account a = { .period = days_of(child->tz, monday + d, 1), .child = child->id };

        for (size_t i = 0; i < facts->booked_n; i++)
            on[d] += counts(&a, &facts->booked[i]) &&
                     in_the_way(&facts->booked[i], (struct lesson_id){ 0 });
        most = on[d] > most ? on[d] : most;
    }
    least = on[2] < on[3] ? on[2] : on[3];
    if (most > 1 && least == most)
        report_soft(f,
                    (struct violation){
                        .rule = RULE_LIGHT_DAY, .limit = most, .value = least, .who = child->id });
}

/* R16: what is approved and not on the schedule. A line that begins or ends within the week owes
 * the whole week's hours only if it holds on all of Monday to Friday. */
static void check_owed(const struct child_facts *child, const struct school_facts *school,
                       int64_t monday, const struct schedule_facts *facts, struct findings *f)
{
    struct account a = { .period = days_of(school->tz, monday, 7), .child = child->id };

    a.given = true;
    for (size_t i = 0; i < child->lines_n; i++) {
        const struct approved_line *line = &child->lines[i];
        int64_t given;

        if (!day_in(line->days, monday) || !day_in(line->days, monday + 4))
            continue;
        a.subject = line->subject;
        given = sum_ms(&a, (struct lesson_id){ 0 }, facts->booked, facts->booked_n);
        if (given < line->week_minutes * MS_PER_MIN)
            report_soft(f, (struct violation){ .rule = RULE_LINE_OWED,
                                               .limit = line->week_minutes,
                                               .value = given / MS_PER_MIN,
                                               .who = child->id,
                                               .block = line->subject });
    }
}

size_t schedule_judge_week(const struct child_facts *child, int64_t day,
                           const struct schedule_facts *facts, struct violation *out, size_t cap)
{
    struct findings f = { out, cap, 0, { 0 } };
    int64_t monday = monday_of(day), sum;
    const struct school_facts *school = school_of(facts, child->school);
    struct account a = { .period = days_of(child->tz, monday, 7), .child = child->id };
    int least = 0;

    if (!zone_known(child->tz)) {
        report_hard(&f, (struct violation){ .rule = RULE_UNKNOWN_ZONE, .who = child->id });
        return f.n;
    }
    if (child->grade >= 1 && child->grade < SCHEDULE_GRADES)
        least = facts->policy->week_hours_min[child->grade] * facts->policy->academic_hour_minutes;
    sum = sum_ms(&a, (struct lesson_id){ 0 }, facts->booked, facts->booked_n);
    if (sum < least * MS_PER_MIN)
        report_soft(&f, (struct violation){ .rule = RULE_WEEK_MIN,
                                            .limit = least,
                                            .value = sum / MS_PER_MIN,
                                            .who = child->id });
    check_light_day(child, monday, facts, &f);
    if (school)
        check_owed(child, school, monday, facts, &f);
    return f.n;
}
