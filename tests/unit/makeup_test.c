/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/makeup: when a missed lesson may be made up for, which times
 * are proposed, and what is said if there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "server/domain/makeup.h"
#include "tests/support/timetable_world.h"

/* Missed: Monday, 5 October 2026, 10:00-10:30 in Moscow. */
#define MONDAY day_no(10, 5)

static struct world w;
static struct make_up_search s;

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    w.plan.id.v = 0;
    w.plan.make_up = true;
    w.facts.now_ms = at(10, 5, 10, 20);
    book(&w, lesson(1, at(10, 5, 10, 0), 30));
    w.booked[0].lost = true;
    w.facts.children_n = 1;
    s = (struct make_up_search){ .query = { .mentor = { TEACHER },
                                            .children = { { KID } },
                                            .children_n = 1,
                                            .duration_ms = 30 * MIN,
                                            .now_ms = w.facts.now_ms,
                                            .step_ms = 5 * MIN,
                                            .tz = "Europe/Moscow",
                                            .facts = &w.facts,
                                            .lesson = &w.plan },
                                 .first_day = MONDAY,
                                 .last_day = MONDAY + 14,
                                 .minute = 600 };
    return 0;
}

static size_t slots(int64_t *out, size_t cap)
{
    return make_up_slots(&s, w.booked, w.facts.booked_n, &w.policy, out, cap);
}

static void only_what_was_missed_and_not_given_and_once(void **state)
{
    const struct make_up_policy p = make_up_policy_default();
    struct make_up_facts f = { .day = MONDAY, .wanted = MONDAY };

    (void)state;
    assert_int_equal(make_up_check(&f, &p), MAKE_UP_NOT_MISSED);
    for (int who = NOSHOW_MENTOR; who <= NOSHOW_BOTH; who++) {
        f.missing = (enum noshow)who;
        assert_int_equal(make_up_check(&f, &p), MAKE_UP_MAY);
    }
    f.missing = NOSHOW_NOBODY;
    f.computed = true;
    for (int o = OUTCOME_HELD; o <= OUTCOME_NOT_HELD; o++) {
        bool given = o == OUTCOME_HELD || o == OUTCOME_PARTIAL;

        f.outcome = (enum outcome)o;
        assert_int_equal(make_up_check(&f, &p), given ? MAKE_UP_GIVEN : MAKE_UP_MAY);
    }
    f.made = true;
    assert_int_equal(make_up_check(&f, &p), MAKE_UP_MADE);
}

static void it_begins_within_the_policys_days(void **state)
{
    const struct make_up_policy p = { .days = 3, .shown = 3 };
    struct make_up_facts f = { .day = MONDAY, .missing = NOSHOW_CHILD, .wanted = MONDAY + 3 };

    (void)state;
    assert_int_equal(make_up_check(&f, &p), MAKE_UP_MAY);
    f.wanted++;
    assert_int_equal(make_up_check(&f, &p), MAKE_UP_TOO_LATE);
    assert_string_equal(make_up_name(MAKE_UP_TOO_LATE), "make_up_too_late");
}

static void the_usual_time_of_the_next_days_comes_first(void **state)
{
    int64_t out[3];

    (void)state;
    /* today there is time after the lesson and the break; then day by day at ten */
    assert_int_equal(slots(out, 3), 3);
    assert_int_equal(out[0], at(10, 5, 10, 45));
    assert_int_equal(out[1], at(10, 6, 10, 0));
    assert_int_equal(out[2], at(10, 7, 10, 0));
    book(&w, lesson(2, at(10, 6, 9, 50), 30)); /* ten is taken on Tuesday: the next moment */
    assert_int_equal(slots(out, 2), 2);
    assert_int_equal(out[1], at(10, 6, 10, 35));
}

static void where_nothing_later_is_free_the_morning_is(void **state)
{
    struct booked_lesson event = lesson(2, at(10, 6, 10, 0), 600); /* the mentor's, all day */
    int64_t out[2];

    (void)state;
    event.children_n = 0;
    s.first_day = s.last_day = MONDAY + 1;
    book(&w, event);
    assert_int_equal(slots(out, 2), 1);
    assert_int_equal(out[0], at(10, 6, 8, 0)); /* where the day begins (R10) */
}

static void hard_rules_hold_for_a_proposal(void **state)
{
    int64_t out[3];

    (void)state;
    w.child[0].sections_n = 1;
    w.section = (struct section_block){ 80, at(10, 6, 10, 0), at(10, 6, 12, 0), false, 0 };
    w.advice[0].rest_weekdays = 1u << 3; /* Wednesday */
    assert_int_equal(slots(out, 3), 3);
    assert_int_equal(out[1], at(10, 6, 12, 0));
    assert_int_equal(out[2], at(10, 8, 10, 0));
}

/* The year's hours are full but for the lost lesson: a make-up gives just those. */
static void the_lost_lesson_gave_no_hour(void **state)
{
    int64_t out[1];

    (void)state;
    w.line.year_minutes = 30;
    assert_int_equal(slots(out, 1), 1);
    w.booked[0].lost = false;
    assert_int_equal(slots(out, 1), 0);
}

static void without_a_free_time_the_rules_are_named(void **state)
{
    struct make_up_obstacle o[4];
    int64_t out[1];
    size_t n;

    (void)state;
    w.advice[0].days.last = day_no(10, 7); /* the recommendation ends on Wednesday */
    s.first_day = MONDAY + 3;
    assert_int_equal(slots(out, 1), 0);
    n = make_up_obstacles(&s, o, 4);
    assert_int_equal(n, 2);
    assert_int_equal(o[0].rule, RULE_NO_RECOMMENDATION);
    assert_int_equal(o[0].days, 12);
    assert_int_equal(o[1].rule, RULE_REST_DAY); /* two Sundays, one of them the 11th */
    assert_int_equal(o[1].days, 2);
    assert_int_equal(make_up_obstacles(&s, o, 1), 1);
}

static void a_day_whose_usual_time_has_passed_is_not_counted(void **state)
{
    struct make_up_obstacle o[4];

    (void)state;
    w.advice[0].rest_weekdays = 1u << 1;
    s.last_day = MONDAY;
    assert_int_equal(make_up_obstacles(&s, o, 4), 0);
    s.minute = 660;
    assert_int_equal(make_up_obstacles(&s, o, 4), 1);
    assert_int_equal(o[0].rule, RULE_REST_DAY);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(only_what_was_missed_and_not_given_and_once),
        TEST(it_begins_within_the_policys_days),
        TEST(the_usual_time_of_the_next_days_comes_first),
        TEST(where_nothing_later_is_free_the_morning_is),
        TEST(hard_rules_hold_for_a_proposal),
        TEST(the_lost_lesson_gave_no_hour),
        TEST(without_a_free_time_the_rules_are_named),
        TEST(a_day_whose_usual_time_has_passed_is_not_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
