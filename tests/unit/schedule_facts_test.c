/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/schedule_*: facts that stand beside others and must not be
 * mixed up with them: two orders, three schools, lessons that do not take
 * place, rests of several people, days that are full.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "tests/support/timetable_world.h"

/* A mentor who has a full-time order beside a part-time one is no part-timer, in whichever order
 * they are read. */
static void one_full_time_order_lifts_the_limit_of_part_timers(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.policy.norm_week_minutes = 120;
    book(&w, lesson(2, at(10, 7, 12, 0), 31));
    w.booked[0].children[0].v = 99;
    w.job[1] = w.job[0];
    w.mentor.employments_n = 2;
    expect(&w, RULE_PART_TIME, 15, true, 60, 61);
    w.job[0].part_time = false;
    FINE(&w);
    w.job[0].part_time = true;
    w.job[1].part_time = false;
    FINE(&w);
}

/* The facts may hold schools that no child of the lesson goes to; of those with a child in it, each
 * keeps its own hours, holidays and orders. */
static void each_school_of_a_group_is_asked_and_no_other(void **state)
{
    struct world w;
    struct school_facts schools[3];
    struct employment_fact jobs[3];
    int64_t today = day_no(10, 5);

    (void)state;
    world_init(&w);
    schools[0] = schools[1] = schools[2] = w.school;
    schools[0].id.v = 4; /* a neighbour with a holiday */
    schools[0].holidays = &today;
    schools[2].id.v = 6;
    w.facts.schools = schools;
    w.facts.schools_n = 3;
    w.child[1].school.v = 6;
    w.plan.children_n = 2;
    w.plan.children[1].v = KID2;
    w.plan.schools[1].v = 6;
    jobs[0] = jobs[1] = jobs[2] = w.job[0];
    jobs[1].school.v = 6;
    jobs[2].school.v =
        4; /* the neighbour's order is small, and nothing of the lesson is given there */
    jobs[2].week_minutes = 1;
    w.mentor.employments = jobs;
    w.mentor.employments_n = 3;
    FINE(&w);
    schools[2].holidays = &today; /* the second child's */
    expect(&w, RULE_HOLIDAY, 11, true, 0, today);
    assert_int_equal(w.v[0].who.v, KID2);
    schools[2].holidays = &w.holiday;
    w.mentor.employments_n = 1;
    expect(&w, RULE_NOT_EMPLOYED, 14, true, 0, today);
    w.mentor.employments_n = 3;
    w.child[1].school.v = 9; /* a school of which nothing is known: nothing is added up there */
    w.plan.schools[1].v = 9;
    FINE(&w);
    /* Sunday evening in Moscow is next week in the neighbour's Kamchatka, this week at its own
     * school. */
    w.child[1].school.v = 6;
    schools[0].tz = "Asia/Kamchatka";
    w.line.week_minutes = 30;
    book(&w, lesson(2, at(10, 11, 21, 0), 30));
    w.booked[0].children[0].v = KID2;
    assert_int_equal(schedule_judge_week(&w.child[1], today, &w.facts, w.v, 32), 0);
    w.line.week_minutes = 31;
    assert_int_equal(schedule_judge_week(&w.child[1], today, &w.facts, w.v, 32), 1);
    assert_int_equal(w.v[0].rule, RULE_LINE_OWED);
}

/* A break is kept to what takes place: the old time of a lesson that is moved, and one that was
 * cancelled, need none. */
static void no_break_is_due_to_what_does_not_take_place(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    book(&w, lesson(2, at(10, 5, 10, 35), 20));
    w.booked[0].mentor.v = 11;
    expect(&w, RULE_BREAK, 9, true, 15, 5);
    w.booked[0].state = LESSON_CANCELLED;
    FINE(&w);
    w.booked[0].state = LESSON_SCHEDULED;
    w.booked[0].id = w.plan.id;
    FINE(&w);
}

/* From Monday 13:00 in Moscow on; the world is filled by the test. */
static struct slot_query query(struct world *w)
{
    return (struct slot_query){ .mentor = { TEACHER },
                                .children = { { KID } },
                                .children_n = 1,
                                .duration_ms = 30 * MIN,
                                .from_ms = at(10, 5, 13, 0),
                                .now_ms = at(10, 1, 0, 0),
                                .step_ms = 5 * MIN,
                                .days = 8,
                                .tz = "Europe/Moscow",
                                .facts = &w->facts,
                                .lesson = &w->plan };
}

/* Whoever is at a lesson twice over, as its mentor and with its child, keeps the longer rest. */
static void the_longest_rest_of_anybody_counts(void **state)
{
    struct world w;
    struct slot_query q = query(&w);
    int64_t out[1];

    (void)state;
    world_init(&w);
    q.facts = NULL;
    book(&w, lesson(2, at(10, 5, 13, 0), 40));
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 55)); /* the child's 15, not the mentor's 5 */
    w.policy.turn_round_minutes = 20;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 14, 0));
    q.mentor.v = 0; /* whoever will teach it: the child's rest alone */
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 55));
    q.mentor.v = 11;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 55));
    w.booked[0].in_person = true; /* from a table to the screen, ten; and the other way round */
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 50));
    w.booked[0].in_person = false;
    w.plan.in_person = true;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 50));
}

/* What is so at every hour of a child's day is asked once: a full day, a full week, a
 * recommendation that is over, and a length that no hour allows. */
static void what_forbids_a_day_forbids_all_its_hours(void **state)
{
    struct world w;
    struct slot_query q = query(&w);
    int64_t out[1];

    (void)state;
    world_init(&w);
    book(&w, lesson(2, at(10, 5, 11, 0), 30));
    w.advice[0].lessons_per_day = 1;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 6, 8, 0));
    w.advice[0].lessons_per_day = 0;
    w.advice[0].week_minutes = 59;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 12, 8, 0));
    w.advice[0].week_minutes = 0;
    w.advice[0].days.last = day_no(10, 4);
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 0);
    w.advice[0].days.last = day_no(12, 31);
    w.advice[0].lesson_minutes = 25;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 0);
    q.duration_ms = 25 * MIN;
    assert_int_equal(schedule_free_slots(&q, w.booked, 1, &w.policy, out, 1), 1);
    assert_int_equal(out[0], at(10, 5, 13, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_full_time_order_lifts_the_limit_of_part_timers),
        cmocka_unit_test(each_school_of_a_group_is_asked_and_no_other),
        cmocka_unit_test(no_break_is_due_to_what_does_not_take_place),
        cmocka_unit_test(the_longest_rest_of_anybody_counts),
        cmocka_unit_test(what_forbids_a_day_forbids_all_its_hours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
