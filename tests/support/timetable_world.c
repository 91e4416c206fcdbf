/* SPDX-License-Identifier: Apache-2.0
 *
 * See timetable_world.h.
 */
#include "tests/support/timetable_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>
#include <string.h>

/* Monday 5 October 2026; Moscow is 3 h east. */
int64_t day_no(int month, int day)
{
    return date_to_days(2026, month, day);
}

int64_t at(int month, int day, int h, int mi)
{
    return day_no(month, day) * MS_PER_DAY + (h - 3) * MS_PER_HOUR + mi * MIN;
}

static const struct week_span school_hours[] = {
    { 1, 480, 1080 }, { 2, 480, 1080 }, { 3, 480, 1080 }, { 4, 480, 1080 },
    { 5, 480, 720 },  { 5, 720, 1080 }, { 6, 480, 840 },
};
static const struct week_span teacher_hours[] = {
    { 1, 540, 1080 }, { 2, 540, 1080 }, { 3, 540, 1080 },
    { 4, 540, 1080 }, { 5, 540, 1080 }, { 6, 540, 1080 },
};

struct booked_lesson lesson(int64_t id, int64_t start, int64_t minutes)
{
    return (struct booked_lesson){ .id = { id },
                                   .state = LESSON_SCHEDULED,
                                   .start_ms = start,
                                   .end_ms = start + minutes * MIN,
                                   .mentor = { TEACHER },
                                   .children = { { KID } },
                                   .children_n = 1,
                                   .schools = { { SCHOOL } },
                                   .subject = MATHS };
}

void world_init(struct world *w)
{
    memset(w, 0, sizeof *w);
    w->policy = schedule_policy_default();
    w->gate = (struct gate_span){ 0, INT64_MAX, 0 };
    w->advice[0].days = (struct day_span){ day_no(9, 1), day_no(12, 31) };
    w->line = (struct approved_line){ MATHS, { day_no(9, 1), day_no(12, 31) }, 120, 4000, 0 };
    w->job[0] = (struct employment_fact){ { SCHOOL }, { day_no(9, 1), day_no(12, 31) }, 600, true };
    w->mentor = (struct mentor_facts){ .id = { TEACHER },
                                       .tz = "Europe/Moscow",
                                       .hours = teacher_hours,
                                       .hours_n = sizeof teacher_hours / sizeof teacher_hours[0],
                                       .employments = w->job,
                                       .employments_n = 1 };
    w->holiday = day_no(11, 4);
    w->school = (struct school_facts){ .id = { SCHOOL },
                                       .tz = "Europe/Moscow",
                                       .hours = school_hours,
                                       .hours_n = sizeof school_hours / sizeof school_hours[0],
                                       .holidays = &w->holiday,
                                       .holidays_n = 1,
                                       .year = { day_no(9, 1), day_no(12, 31) } };
    for (int i = 0; i < 2; i++)
        w->child[i] = (struct child_facts){ .id = { KID + i },
                                            .tz = "Europe/Moscow",
                                            .grade = 7,
                                            .school = { SCHOOL },
                                            .gates = &w->gate,
                                            .gates_n = 1,
                                            .recommendations = w->advice,
                                            .recommendations_n = 1,
                                            .treatments = &w->treatment,
                                            .sections = &w->section,
                                            .lines = &w->line,
                                            .lines_n = 1,
                                            .group_to_ms = INT64_MAX };
    w->plan = lesson(1, at(10, 5, 10, 0), 30);
    w->facts = (struct schedule_facts){ .policy = &w->policy,
                                        .now_ms = at(10, 1, 0, 0),
                                        .booked = w->booked,
                                        .children = w->child,
                                        .children_n = 2,
                                        .schools = &w->school,
                                        .schools_n = 1,
                                        .mentor = &w->mentor };
}

void book(struct world *w, struct booked_lesson l)
{
    w->booked[w->facts.booked_n++] = l;
}

/* The only violation, or RULE_NONE. It names the plan and agrees with number and hardness. */
enum schedule_rule only(struct world *w, int number, bool hard)
{
    w->n = schedule_judge(&w->plan, &w->facts, w->v, 32);
    if (w->n > 1)
        fail_msg("also %s", schedule_rule_name(w->v[1].rule));
    if (w->n == 0)
        return RULE_NONE;
    assert_int_equal(w->v[0].lesson.v, w->plan.id.v);
    if (schedule_rule_number(w->v[0].rule) != number || w->v[0].hard != hard)
        fail_msg("%s, %s", schedule_rule_name(w->v[0].rule), w->v[0].hard ? "hard" : "soft");
    assert_int_equal(schedule_hard(w->v, w->n), hard);
    return w->v[0].rule;
}

void expect(struct world *w, enum schedule_rule rule, int number, bool hard, int64_t limit,
            int64_t value)
{
    assert_int_equal(only(w, number, hard), rule);
    if (rule == RULE_NONE)
        return;
    assert_int_equal(w->v[0].limit, limit);
    assert_int_equal(w->v[0].value, value);
}

static bool has(const struct world *w, enum schedule_rule rule)
{
    for (size_t i = 0; i < w->n; i++)
        if (w->v[i].rule == rule)
            return true;
    return false;
}

bool judged(struct world *w, enum schedule_rule rule)
{
    w->n = schedule_judge(&w->plan, &w->facts, w->v, 32);
    return has(w, rule);
}

void move(struct world *w, int64_t start, int64_t minutes)
{
    w->plan.start_ms = start;
    w->plan.end_ms = start + minutes * MIN;
}
