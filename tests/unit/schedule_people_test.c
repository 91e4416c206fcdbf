/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/schedule_*: the rules about mentors, schools, programmes,
 * sections, groups and changes, at their bounds. Each test changes one thing
 * of a world in which one lesson is in order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/support/timetable_world.h"

static void gates_hold_at_every_moment_of_the_lesson(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.gate.failed = 6;
    expect(&w, RULE_GATES, 4, true, 0, 6);
    assert_int_equal(w.v[0].who.v, KID);
    w.gate = (struct gate_span){ 0, w.plan.end_ms, 0 };
    FINE(&w);
    w.gate.to_ms--; /* ends within the lesson */
    expect(&w, RULE_GATES, 4, true, 0, SCHEDULE_GATES_UNKNOWN);
    w.gate = (struct gate_span){ w.plan.end_ms, INT64_MAX, 6 }; /* not this lesson's */
    expect(&w, RULE_GATES, 4, true, 0, SCHEDULE_GATES_UNKNOWN);
    {
        struct gate_span two[] = { { 0, w.plan.end_ms - MIN, 0 },
                                   { w.plan.end_ms - MIN, INT64_MAX, 2 } };

        w.child[0].gates = two;
        w.child[0].gates_n = 2;
        expect(&w, RULE_GATES, 4, true, 0, 2); /* a certificate ends in the last minute */
        two[0].failed = 5; /* what fails in any minute fails, the last one does not decide */
        expect(&w, RULE_GATES, 4, true, 0, 7);
        two[1].failed = 0;
        expect(&w, RULE_GATES, 4, true, 0, 5);
    }
}

static void treatments_and_sections_are_in_the_way(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.child[0].treatments_n = 1;
    w.treatment = (struct treatment_block){ 70, at(10, 5, 10, 29), at(10, 5, 11, 0) };
    expect(&w, RULE_TREATMENT_OVERLAP, 2, true, 0, 1);
    assert_int_equal(w.v[0].block, 70);
    w.treatment.start_ms += MIN;
    FINE(&w);
    w.child[0].sections_n = 1;
    w.section = (struct section_block){ 80, at(10, 5, 9, 0), at(10, 5, 10, 1), false, 0 };
    expect(&w, RULE_SECTION_OVERLAP, 2, true, 0, 1);
    assert_int_equal(w.v[0].block, 80);
    w.section.end_ms -= MIN; /* ends when the lesson begins; without a way home that is enough */
    FINE(&w);
    w.section.travel_minutes = 20;
    expect(&w, RULE_SECTION_GAP, 12, true, 20, 0);
    w.section = (struct section_block){ 80, at(10, 5, 10, 59), at(10, 5, 12, 0), false, 0 };
    expect(&w, RULE_SECTION_GAP, 12, true, 30, 29);
    w.section.start_ms += MIN;
    FINE(&w);
    w.section.travel_minutes = 20;
    expect(&w, RULE_SECTION_GAP, 12, true, 50, 30);
    w.section.start_ms += 20 * MIN;
    FINE(&w);
    w.section = (struct section_block){ 80, at(10, 5, 11, 29), at(10, 5, 12, 0), true, 0 };
    expect(&w, RULE_SECTION_GAP, 12, true, 60, 59);
    w.section.start_ms += MIN;
    FINE(&w);
}

static void a_section_is_fitted_around_the_lessons(void **state)
{
    struct world w;
    struct section_block s = { 80, at(10, 5, 10, 59), at(10, 5, 12, 0), false, 0 };

    (void)state;
    world_init(&w);
    book(&w, w.plan);
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 2, &w.facts, w.v, 32), 1);
    assert_int_equal(w.v[0].rule, RULE_SECTION_GAP);
    assert_int_equal(w.v[0].other.v, 1); /* which lesson blocks it */
    assert_int_equal(w.v[0].block, 80);
    s.start_ms += MIN;
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 2, &w.facts, w.v, 32), 0);
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 3, &w.facts, w.v, 32), 0);
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 1, &w.facts, w.v, 32), 1);
    assert_int_equal(w.v[0].rule, RULE_SECTION_COUNT);
    assert_int_equal(w.v[0].limit, 2);
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 4, &w.facts, w.v, 32), 1);
    assert_int_equal(w.v[0].limit, 3);
    assert_int_equal(schedule_rule_number(w.v[0].rule), 12);
    s.start_ms = at(10, 5, 10, 0);
    assert_int_equal(schedule_judge_section(&w.child[1], &s, 2, &w.facts, w.v, 32), 0);
    w.booked[0].state = LESSON_RESCHEDULED;
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 2, &w.facts, w.v, 32), 0);
    w.child[0].treatments_n = 1;
    w.treatment = (struct treatment_block){ 70, at(10, 5, 12, 0), at(10, 5, 13, 0) };
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 2, &w.facts, w.v, 32), 0);
    w.treatment.start_ms -= MIN;
    assert_int_equal(schedule_judge_section(&w.child[0], &s, 2, &w.facts, w.v, 32), 1);
    assert_int_equal(w.v[0].rule, RULE_TREATMENT_OVERLAP);
}

static void hours_of_school_and_mentor_are_soft_until_policy_says_hard(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.mentor.hours = NULL;
    move(&w, at(10, 10, 13, 31), 30); /* on Saturdays until 14:00 */
    expect(&w, RULE_SCHOOL_HOURS, 13, false, 0, 811);
    w.policy.hours_hard = 1;
    expect(&w, RULE_SCHOOL_HOURS, 13, true, 0, 811);
    move(&w, at(10, 10, 13, 30), 30);
    FINE(&w);
    move(&w, at(10, 9, 11, 45), 30); /* Friday: over the two spans that touch at noon */
    FINE(&w);
    world_init(&w);
    move(&w, at(10, 5, 8, 59), 30);
    expect(&w, RULE_MENTOR_HOURS, 13, false, 0, 539);
    w.policy.hours_hard = 1;
    expect(&w, RULE_MENTOR_HOURS, 13, true, 0, 539);
    w.mentor.tz = "Asia/Yekaterinburg"; /* 10:59 on its clock */
    FINE(&w);
    w.mentor.hours_n = 0; /* none at all */
    expect(&w, RULE_MENTOR_HOURS, 13, true, 0, 659);
}

static void nothing_is_planned_beyond_a_papers_last_day(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.advice[0].days.last = day_no(10, 5);
    FINE(&w);
    w.advice[0].days.last = day_no(10, 4);
    expect(&w, RULE_NO_RECOMMENDATION, 14, true, day_no(10, 4), day_no(10, 5));
    w.advice[1].days = (struct day_span){ day_no(8, 1), day_no(9, 1) };
    w.child[0].recommendations_n = 2;
    expect(&w, RULE_NO_RECOMMENDATION, 14, true, day_no(10, 4), day_no(10, 5));
    w.advice[1].days = (struct day_span){ day_no(10, 5), INT64_MAX };
    FINE(&w);
    w.advice[1].days.first++; /* from tomorrow on */
    expect(&w, RULE_NO_RECOMMENDATION, 14, true, day_no(10, 4), day_no(10, 5));
    w.child[0].recommendations_n = 0;
    expect(&w, RULE_NO_RECOMMENDATION, 14, true, 0, day_no(10, 5));
    world_init(&w);
    w.job[0].days.last = day_no(10, 5);
    FINE(&w);
    w.job[0].days.last = day_no(10, 4);
    expect(&w, RULE_NOT_EMPLOYED, 14, true, day_no(10, 4), day_no(10, 5));
    assert_int_equal(w.v[0].who.v, TEACHER);
    w.job[1] = w.job[0];
    w.job[1].days = (struct day_span){ day_no(8, 1), day_no(9, 1) };
    w.mentor.employments_n = 2;
    expect(&w, RULE_NOT_EMPLOYED, 14, true, day_no(10, 4), day_no(10, 5));
    w.job[1].days = (struct day_span){ day_no(10, 6), INT64_MAX };
    expect(&w, RULE_NOT_EMPLOYED, 14, true, day_no(10, 4), day_no(10, 5));
    w.mentor.employments_n = 1;
    w.job[0] = (struct employment_fact){ { 6 }, { 0, INT64_MAX }, 600, true }; /* elsewhere */
    expect(&w, RULE_NOT_EMPLOYED, 14, true, 0, day_no(10, 5));
    w.mentor.employments = NULL; /* not known here */
    FINE(&w);
    w.facts.mentor = NULL;
    FINE(&w);
}

static void a_mentor_has_its_orders_hours(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.job[0].week_minutes = 60;
    book(&w, lesson(2, at(10, 7, 12, 0), 30));
    w.booked[0].children[0].v = 99; /* another child of the school */
    FINE(&w);
    w.booked[0].end_ms += MIN;
    expect(&w, RULE_EMPLOYMENT_HOURS, 15, true, 60, 61);
    w.booked[0].schools[0].v = 6; /* another school's order */
    FINE(&w);
    w.booked[0].schools[0].v = SCHOOL;
    w.job[1] = w.job[0]; /* two orders at one school add up */
    w.job[1].week_minutes = 1;
    w.mentor.employments_n = 2;
    FINE(&w);
    w.job[1].days.last = day_no(10, 4);
    expect(&w, RULE_EMPLOYMENT_HOURS, 15, true, 60, 61);
    w.booked[0].mentor.v = 11; /* somebody else's lesson */
    FINE(&w);
    world_init(&w); /* part-time: half of the norm, whatever the order says */
    w.policy.norm_week_minutes = 120;
    book(&w, lesson(2, at(10, 7, 12, 0), 30));
    w.booked[0].children[0].v = 99;
    FINE(&w);
    w.booked[0].end_ms += MIN;
    expect(&w, RULE_PART_TIME, 15, true, 60, 61);
    w.job[0].part_time = false;
    FINE(&w);
    w.booked[0].schools[0].v = 6;
    w.booked[0].end_ms = w.booked[0].start_ms + 90 * MIN; /* all schools together */
    FINE(&w);
    w.booked[0].end_ms += MIN;
    expect(&w, RULE_MENTOR_WEEK, 15, true, 120, 121);
    w.booked[0].children_n = 0; /* a seminar is no teaching */
    FINE(&w);
    w.booked[0].children_n = LESSON_CHILDREN_MAX + 1; /* of the twelfth nothing is known */
    expect(&w, RULE_MENTOR_WEEK, 15, true, 120, 121);
}

static void the_approved_programme_is_the_measure(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.plan.subject = 8;
    expect(&w, RULE_NO_LINE, 16, true, 0, 8);
    world_init(&w);
    w.line.days.last = day_no(10, 4);
    expect(&w, RULE_NO_LINE, 16, true, 0, MATHS);
    world_init(&w);
    w.line.week_minutes = 60;
    book(&w, lesson(2, at(10, 7, 12, 0), 30));
    FINE(&w);
    w.booked[0].end_ms += MIN;
    expect(&w, RULE_LINE_WEEK, 16, true, 60, 61);
    w.booked[0].subject = 8;
    FINE(&w);
    w.booked[0].subject = MATHS;
    w.booked[0].make_up = true; /* gives the hours of another week */
    FINE(&w);
    w.booked[0].make_up = false;
    w.plan.make_up = true;
    FINE(&w);
    w.plan.make_up = false;
    w.booked[0].children[0].v = 99;
    FINE(&w);
    world_init(&w);
    w.line.year_minutes = 60;
    book(&w, lesson(2, at(12, 31, 12, 0), 31)); /* the year's last day */
    expect(&w, RULE_LINE_YEAR, 16, true, 60, 61);
    w.booked[0].lost = true; /* not held: it gave nothing */
    FINE(&w);
    w.booked[0].lost = false;
    w.school.year.last--;
    FINE(&w);
    world_init(&w); /* not known here */
    w.line.subject = 8;
    w.child[0].lines = NULL;
    FINE(&w);
    world_init(&w);
    w.plan.subject = 8;
    w.facts.schools_n = 0; /* without its zone nothing can be added up */
    FINE(&w);
}

static void a_substitute_is_somebody_else_and_the_family_knows(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.facts.change = &w.change;
    FINE(&w);
    w.change = (struct schedule_change){ .absent = { 11 }, .family_told = true };
    FINE(&w);
    w.change.absent.v = TEACHER;
    assert_int_equal(only(&w, 17, true), RULE_SAME_MENTOR);
    w.change = (struct schedule_change){ .absent = { 11 } };
    assert_int_equal(only(&w, 17, true), RULE_FAMILY_UNTOLD);
}

static void groups_are_small_and_agreed_to(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.plan.children_n = 2;
    w.plan.children[1].v = KID2;
    w.plan.schools[1].v = SCHOOL;
    FINE(&w);
    w.policy.group_max = 1;
    expect(&w, RULE_GROUP_SIZE, 18, true, 1, 2);
    w.policy.group_max = 2;
    w.child[1].group_to_ms = w.plan.end_ms;
    FINE(&w);
    w.child[1].group_to_ms--;
    assert_int_equal(only(&w, 18, true), RULE_GROUP_CONSENT);
    assert_int_equal(w.v[0].who.v, KID2);
    w.child[1].group_to_ms++;
    w.child[1].group_from_ms = w.plan.start_ms + 1;
    assert_int_equal(only(&w, 18, true), RULE_GROUP_CONSENT);
    w.child[1].group_from_ms--;
    w.child[1].grade = 11; /* each child's own limits hold */
    w.child[0].grade = 2;
    w.policy.screen_lesson_minutes[2] = 20;
    expect(&w, RULE_SCREEN_LESSON, 6, false, 20, 30);
    assert_int_equal(w.v[0].who.v, KID);
    w.plan.children_n = 1; /* alone it needs no consent of the group */
    w.child[0].group_to_ms = 0;
    w.child[0].grade = 7;
    FINE(&w);
}

static void late_changes_have_a_reason_and_are_told(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.facts.change = &w.change;
    w.facts.now_ms = w.plan.start_ms - MS_PER_DAY;
    FINE(&w);
    w.facts.now_ms += MIN;
    expect(&w, RULE_LATE_CHANGE, 19, false, 1440, 1439);
    w.change.reason = true;
    assert_int_equal(only(&w, 19, false), RULE_LATE_CHANGE);
    w.change.all_told = true;
    FINE(&w);
    w.change.reason = false;
    assert_int_equal(only(&w, 19, false), RULE_LATE_CHANGE);
    w.facts.now_ms =
        w.plan.start_ms - 2 * MS_PER_DAY; /* a late change is one of the old time, too */
    w.change.was_start_ms = w.facts.now_ms + 60 * MIN;
    expect(&w, RULE_LATE_CHANGE, 19, false, 1440, 60);
    w.change.was_start_ms = w.plan.start_ms + MIN;
    FINE(&w);
}

/* 15:00 in Moscow is midnight in Kamchatka: what forbids its Monday forbids no later hour of
 * Moscow's. */
static void a_day_elsewhere_is_not_the_day_of_the_query(void **state)
{
    struct world w;
    struct slot_query q = { .mentor = { TEACHER },
                            .children = { { KID }, { KID2 } },
                            .children_n = 2,
                            .duration_ms = 30 * MIN,
                            .from_ms = at(10, 5, 10, 0),
                            .step_ms = 30 * MIN,
                            .days = 3,
                            .tz = "Europe/Moscow" };
    struct advice rest = { .days = { 0, INT64_MAX }, .rest_weekdays = 1u << 1 };
    int64_t out[1];

    (void)state;
    world_init(&w);
    q.now_ms = w.facts.now_ms;
    q.facts = &w.facts;
    q.lesson = &w.plan;
    w.policy.day_from_minute = 0;
    w.policy.day_to_minute = w.policy.distance_to_minute = 1440;
    w.plan.schools[1].v = SCHOOL;
    w.child[1].tz = "Asia/Kamchatka";
    w.child[1].recommendations = &rest;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 15, 0));
    rest.rest_weekdays = 0;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 10, 0));
    w.child[1].tz = "Europe/Moscow";
    w.school.tz = "Asia/Kamchatka"; /* a holiday is of the school's calendar */
    w.holiday = day_no(10, 5);
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 15, 0));
}

static void a_length_that_fits_is_near_what_was_asked(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 30 * MIN);
    move(&w, at(10, 5, 10, 0), 60);
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 40 * MIN); /* grade 7 */
    w.advice[0].lesson_minutes = 25;
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 25 * MIN);
    w.advice[0].lesson_minutes = 5; /* nothing keeps both R1 and this doctor */
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 10 * MIN);
    w.advice[0].lesson_minutes = 0;
    w.policy.lesson_minutes[7] = 60; /* R1 is the tighter one */
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 45 * MIN);
    w.child[0].tz = "Mars/Olympus";
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 45 * MIN);
    w.facts.children_n = 0;
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 45 * MIN);
    w.facts.children_n = 2;
    w.child[0].tz = "Europe/Moscow";
    w.child[0].grade = 0;
    w.advice[0].lesson_minutes = 0;
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 45 * MIN);
    w.plan.children_n = LESSON_CHILDREN_MAX + 1;
    move(&w, at(10, 5, 10, 0), 0);
    assert_int_equal(schedule_fitting(&w.plan, &w.facts), 10 * MIN);
}

static void free_times_mind_everything_that_is_known(void **state)
{
    struct treatment_block blocks[70];
    struct world w;
    struct slot_query q = { .mentor = { TEACHER },
                            .children = { { KID } },
                            .children_n = 1,
                            .duration_ms = 30 * MIN,
                            .from_ms = at(10, 5, 10, 0),
                            .step_ms = 30 * MIN,
                            .days = 3,
                            .tz = "Europe/Moscow" };
    int64_t out[4];

    (void)state;
    world_init(&w);
    q.now_ms = w.facts.now_ms;
    for (int i = 0; i < 70; i++)
        blocks[i] = (struct treatment_block){ i + 1, at(10, 5, 10, 0), at(10, 5, 11, 10) };
    w.child[0].treatments = blocks;
    w.child[0].treatments_n = 70;
    q.facts = &w.facts;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 10, 0)); /* no lesson said, no facts asked */
    q.lesson = &w.plan;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 11, 30));
    w.advice[0].rest_weekdays = 1u << 1; /* not on this Monday */
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 6, 8, 0));
    w.child[1].tz = "Asia/Kamchatka"; /* one child's day is not the other's: look at every hour */
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 6, 8, 0));
    w.gate.failed = 1;
    assert_int_equal(schedule_free_slots(&q, NULL, 0, &w.policy, out, 4), 0);
}

static size_t week(struct world *w, int64_t day)
{
    w->n = schedule_judge_week(&w->child[0], day, &w->facts, w->v, 32);
    return w->n;
}

static void a_whole_week_shows_what_is_missing(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.line.week_minutes = 30;
    book(&w, w.plan);
    assert_int_equal(week(&w, day_no(10, 11)), 0); /* Sunday is of the same week */
    assert_int_equal(week(&w, day_no(10, 12)), 1);
    assert_int_equal(w.v[0].rule, RULE_LINE_OWED);
    assert_int_equal(w.v[0].limit, 30);
    assert_int_equal(w.v[0].value, 0);
    assert_int_equal(w.v[0].block, MATHS);
    assert_false(w.v[0].hard);
    w.booked[0].lost = true;
    assert_int_equal(week(&w, day_no(10, 5)), 1);
    w.booked[0].lost = false;
    w.line.days.first = day_no(10, 13); /* it begins within the week */
    assert_int_equal(week(&w, day_no(10, 12)), 0);
    w.line.days.first = day_no(10, 12);
    assert_int_equal(week(&w, day_no(10, 12)), 1);
    w.line.days = (struct day_span){ day_no(9, 1), day_no(10, 15) };
    assert_int_equal(week(&w, day_no(10, 12)), 0); /* the line ends within the week */
    w.policy.week_hours_min[7] = 1;
    assert_int_equal(week(&w, day_no(10, 5)), 1);
    assert_int_equal(w.v[0].rule, RULE_WEEK_MIN);
    assert_int_equal(w.v[0].limit, 40);
    assert_int_equal(w.v[0].value, 30);
    w.child[0].grade = 0;
    w.facts.schools_n = 0;
    assert_int_equal(week(&w, day_no(10, 5)), 0);
    /* two lessons on Monday, Wednesday and Thursday: neither of these is lighter */
    for (int i = 0; i < 5; i++)
        book(&w, lesson(10 + i, at(10, 7 + i / 2, 10 + 2 * (i % 2), 0), 30));
    w.booked[5] = lesson(20, at(10, 5, 12, 0), 30);
    assert_int_equal(week(&w, day_no(10, 5)), 1);
    assert_int_equal(w.v[0].rule, RULE_LIGHT_DAY);
    assert_int_equal(w.v[0].limit, 2);
    w.booked[1].state = LESSON_CANCELLED; /* Wednesday has one */
    assert_int_equal(week(&w, day_no(10, 5)), 0);
    w.booked[1].state = LESSON_SCHEDULED;
    w.booked[4].state = LESSON_CANCELLED; /* Thursday has one */
    assert_int_equal(week(&w, day_no(10, 5)), 0);
    w.child[0].tz = "Mars/Olympus";
    assert_int_equal(week(&w, day_no(10, 5)), 1);
    assert_int_equal(w.v[0].rule, RULE_UNKNOWN_ZONE);
    w.child[0].tz = "Europe/Moscow";
    w.child[0].grade = 12;
    assert_int_equal(week(&w, day_no(10, 12)), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gates_hold_at_every_moment_of_the_lesson),
        cmocka_unit_test(treatments_and_sections_are_in_the_way),
        cmocka_unit_test(a_section_is_fitted_around_the_lessons),
        cmocka_unit_test(hours_of_school_and_mentor_are_soft_until_policy_says_hard),
        cmocka_unit_test(nothing_is_planned_beyond_a_papers_last_day),
        cmocka_unit_test(a_mentor_has_its_orders_hours),
        cmocka_unit_test(the_approved_programme_is_the_measure),
        cmocka_unit_test(a_substitute_is_somebody_else_and_the_family_knows),
        cmocka_unit_test(groups_are_small_and_agreed_to),
        cmocka_unit_test(late_changes_have_a_reason_and_are_told),
        cmocka_unit_test(a_day_elsewhere_is_not_the_day_of_the_query),
        cmocka_unit_test(a_length_that_fits_is_near_what_was_asked),
        cmocka_unit_test(free_times_mind_everything_that_is_known),
        cmocka_unit_test(a_whole_week_shows_what_is_missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
