/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/schedule_*: the rules that protect a child, and the table of
 * numbers, at their bounds. Each test changes one thing of a world in which
 * one lesson is in order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/support/timetable_world.h"

static void a_lesson_in_order_has_no_violation(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    FINE(&w);
}

static void what_is_not_known_is_not_asked_but_for_the_gates(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.child[0] = (struct child_facts){ .id = { KID }, .tz = "Europe/Moscow" };
    w.facts.schools_n = 0;
    w.facts.mentor = NULL;
    expect(&w, RULE_GATES, 4, true, 0, SCHEDULE_GATES_UNKNOWN);
    w.child[0].gates = &w.gate;
    w.child[0].gates_n = 1;
    FINE(&w);
    w.facts.children_n = 0;
    expect(&w, RULE_GATES, 4, true, 0, SCHEDULE_GATES_UNKNOWN);
    assert_int_equal(w.v[0].who.v, KID);
}

static void senseless_lessons_are_judged_by_the_first_rule_alone(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.child[0].gates_n = 0;
    move(&w, at(10, 5, 10, 0), 0);
    assert_int_equal(only(&w, 1, true), RULE_ORDER);
    move(&w, at(10, 5, 10, 0), 30);
    w.plan.children_n = 0;
    assert_int_equal(only(&w, 1, true), RULE_ORDER);
    w.plan.children_n = LESSON_CHILDREN_MAX + 1;
    assert_int_equal(only(&w, 1, true), RULE_ORDER);
    w.plan.children_n = 1;
    move(&w, at(10, 5, 10, 0), 1441);
    expect(&w, RULE_TOO_LONG, 1, true, 45, 1441);
    /* more than fits is counted, not written */
    world_init(&w);
    w.child[0].gates_n = 0;
    w.line.subject = 8;
    memset(w.v, 0, sizeof w.v);
    assert_int_equal(schedule_judge(&w.plan, &w.facts, w.v, 1), 2);
    assert_int_equal(w.v[1].rule, RULE_NONE);
}

static void unknown_zones_are_refused_wherever_they_stand(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.child[0].tz = "Mars/Olympus";
    assert_int_equal(only(&w, 1, true), RULE_UNKNOWN_ZONE);
    assert_int_equal(w.v[0].who.v, KID);
    world_init(&w);
    w.school.tz = "Mars/Olympus";
    assert_int_equal(only(&w, 1, true), RULE_UNKNOWN_ZONE);
    world_init(&w);
    w.mentor.tz = "Mars/Olympus";
    assert_int_equal(only(&w, 1, true), RULE_UNKNOWN_ZONE);
    assert_int_equal(w.v[0].who.v, TEACHER);
}

static void lessons_are_as_long_as_grade_and_doctor_allow(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.policy.screen_lesson_minutes[7] = 45; /* R6 is another test's */
    move(&w, at(10, 5, 10, 0), 40);
    FINE(&w);
    w.plan.end_ms += 1;
    expect(&w, RULE_LESSON_LENGTH, 5, true, 40, 41);
    w.advice[0].lesson_minutes = 25;
    expect(&w, RULE_LESSON_LENGTH, 5, true, 25, 41);
    move(&w, at(10, 5, 10, 0), 25);
    FINE(&w);
    w.advice[1] = w.advice[0];
    w.advice[1].lesson_minutes = 20; /* a second doctor: the tighter one binds */
    w.child[0].recommendations_n = 2;
    expect(&w, RULE_LESSON_LENGTH, 5, true, 20, 25);
    w.advice[1].days.first = day_no(10, 6); /* from tomorrow on */
    FINE(&w);
    world_init(&w);
    w.policy.screen_lesson_minutes[1] = 45;
    w.child[0].grade = 1;
    move(&w, at(10, 5, 10, 0), 35);
    FINE(&w);
    move(&w, at(10, 5, 10, 0), 36);
    expect(&w, RULE_LESSON_LENGTH, 5, true, 35, 36);
    w.facts.now_ms = at(9, 1, 0, 0);
    move(&w, at(9, 7, 10, 0), 36); /* from September on */
    expect(&w, RULE_LESSON_LENGTH, 5, true, 35, 36);
    w.facts.now_ms = at(1, 1, 0, 0);
    w.advice[0].days.first = w.line.days.first = w.job[0].days.first = day_no(1, 1);
    w.school.year.first = day_no(1, 1);
    move(&w, at(5, 25, 10, 0), 40); /* in spring it may be 40 */
    FINE(&w);
    move(&w, at(5, 25, 10, 0), 41);
    expect(&w, RULE_LESSON_LENGTH, 5, true, 40, 41);
}

static void minutes_on_a_screen_are_shown(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    move(&w, at(10, 5, 10, 0), 31);
    expect(&w, RULE_SCREEN_LESSON, 6, false, 30, 31);
    w.policy.screen_hard = 1;
    expect(&w, RULE_SCREEN_LESSON, 6, true, 30, 31);
    w.plan.in_person = true;
    FINE(&w);
    w.plan.in_person = false;
    w.advice[0].screen_lesson_minutes = 20;
    expect(&w, RULE_SCREEN_LESSON, 6, true, 20, 31);
    /* A day adds up what the room lets pass: 20 of each lesson. */
    world_init(&w);
    w.policy.screen_lessons[7] = 9;
    w.advice[0].screen_lesson_minutes = 20;
    w.advice[0].screen_day_minutes = 60;
    w.line.week_minutes = 1000;
    book(&w, lesson(2, at(10, 5, 12, 0), 40));
    book(&w, lesson(3, at(10, 5, 14, 0), 20));
    move(&w, at(10, 5, 10, 0), 20);
    FINE(&w);
    book(&w, lesson(4, at(10, 5, 16, 0), 10));
    expect(&w, RULE_SCREEN_DAY, 6, false, 60, 70);
    w.booked[2].in_person = true;
    FINE(&w);
    w.booked[2] = lesson(4, at(10, 6, 16, 0), 10); /* another day */
    FINE(&w);
}

static void a_day_has_as_many_lessons_as_grade_and_doctor_allow(void **state)
{
    static const struct {
        int grade, month, limit;
    } t[] = { { 1, 9, 3 },  { 1, 10, 3 }, { 1, 11, 4 },  { 2, 10, 5 }, { 4, 10, 5 }, { 5, 10, 6 },
              { 6, 10, 6 }, { 7, 10, 7 }, { 11, 10, 7 }, { 0, 10, 7 }, { 12, 10, 7 } };
    struct world w;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        world_init(&w);
        w.child[0].grade = t[i].grade;
        w.facts.now_ms = at(9, 1, 0, 0);
        move(&w, at(t[i].month, 5, 8, 0), 10);
        for (int k = 1; k < t[i].limit; k++)
            book(&w, lesson(1 + k, at(t[i].month, 5, 8 + k, 0), 10));
        assert_false(judged(&w, RULE_PER_DAY));
        book(&w, lesson(15, at(t[i].month, 5, 17, 0), 10));
        assert_true(judged(&w, RULE_PER_DAY));
        for (size_t k = 0; k < w.n; k++)
            if (w.v[k].rule == RULE_PER_DAY) {
                assert_int_equal(w.v[k].limit, t[i].limit);
                assert_int_equal(w.v[k].value, t[i].limit + 1);
            }
    }
    world_init(&w);
    w.advice[0].lessons_per_day = 1;
    book(&w, lesson(2, at(10, 5, 12, 0), 20));
    expect(&w, RULE_PER_DAY, 7, true, 1, 2);
    w.booked[0].state = LESSON_CANCELLED;
    FINE(&w);
    w.booked[0].state = LESSON_SCHEDULED;
    w.booked[0].children[0].v = KID2;
    FINE(&w);
    world_init(&w); /* two on a screen in grade 7, the third is shown */
    book(&w, lesson(2, at(10, 5, 12, 0), 20));
    FINE(&w);
    book(&w, lesson(3, at(10, 5, 14, 0), 20));
    expect(&w, RULE_SCREEN_PER_DAY, 7, false, 2, 3);
    w.booked[1].in_person = true;
    FINE(&w);
    w.booked[1].in_person = false;
    w.plan.in_person = true;
    FINE(&w);
}

static void a_week_has_its_hours(void **state)
{
    static const struct {
        int grade, minutes;
    } t[] = { { 4, 320 }, { 5, 400 }, { 8, 400 }, { 9, 440 }, { 10, 480 } };
    struct world w;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        world_init(&w);
        w.child[0].grade = t[i].grade;
        for (int left = t[i].minutes - 30, k = 0; left > 0; left -= 40, k++)
            book(&w, lesson(2 + k, at(10, 6 + k % 5, 9 + k / 5 * 3, 0), left < 40 ? left : 40));
        book(&w, lesson(99, at(10, 12, 9, 0), 40)); /* next Monday's */
        assert_false(judged(&w, RULE_WEEK_MAX));
        w.plan.end_ms += MIN;
        assert_true(judged(&w, RULE_WEEK_MAX));
        for (size_t k = 0; k < w.n; k++)
            if (w.v[k].rule == RULE_WEEK_MAX) {
                assert_int_equal(w.v[k].limit, t[i].minutes);
                assert_int_equal(w.v[k].value, t[i].minutes + 1);
                assert_true(w.v[k].hard);
            }
    }
    world_init(&w);
    w.advice[0].week_minutes = 60;
    book(&w, lesson(2, at(10, 7, 12, 0), 30));
    FINE(&w);
    w.booked[0].end_ms += MIN;
    assert_true(judged(&w, RULE_WEEK_MAX));
}

static void a_full_day_has_a_long_break(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.policy.screen_lessons[7] = 9;
    w.policy.screen_day_minutes[7] = 900;
    w.line.week_minutes = 1000;
    /* 10:00 10:45 11:30 12:15: breaks of 15 minutes */
    book(&w, lesson(2, at(10, 5, 10, 45), 30));
    book(&w, lesson(3, at(10, 5, 11, 30), 30));
    FINE(&w); /* with three lessons the day is over after the third */
    book(&w, lesson(4, at(10, 5, 12, 15), 30));
    expect(&w, RULE_LONG_BREAK, 9, true, 20, 15);
    w.booked[2] = lesson(4, at(10, 5, 12, 20), 30); /* after the 3rd */
    FINE(&w);
    w.booked[2] = lesson(4, at(10, 5, 12, 15), 30);
    w.booked[1].start_ms = at(10, 5, 11, 35); /* after the 2nd */
    FINE(&w);
    w.booked[1].start_ms = at(10, 5, 11, 30);
    w.booked[0] = lesson(2, at(10, 5, 10, 45), 10); /* ends at 10:55, but it is the break after */
    w.booked[0].end_ms = at(10, 5, 11, 11);         /* the second that counts: 19 min */
    expect(&w, RULE_LONG_BREAK, 9, true, 20, 19);
    w.booked[2].children[0].v = KID2;
    FINE(&w);
    w.policy.long_break_lessons = 3;
    expect(&w, RULE_LONG_BREAK, 9, true, 20, 19);
    w.policy.long_break_lessons = 1; /* fewer than three have no second break */
    w.booked[1].children[0].v = KID2;
    FINE(&w);
    world_init(&w); /* a fifth lesson before the first: later ones are no matter of 2nd and 3rd */
    w.policy.screen_lessons[7] = 9;
    w.policy.screen_day_minutes[7] = 900;
    w.line.week_minutes = 1000;
    book(&w, lesson(5, at(10, 5, 12, 45), 10));
    book(&w, lesson(4, at(10, 5, 12, 15), 10));
    book(&w, lesson(3, at(10, 5, 11, 45), 10));
    book(&w, lesson(2, at(10, 5, 10, 45), 10));
    FINE(&w);
    world_init(&w); /* rows of old days may overlap: a break begins when the longest is over */
    w.policy.screen_lessons[7] = 9;
    w.policy.screen_day_minutes[7] = 900;
    w.line.week_minutes = 1000;
    book(&w, lesson(2, at(10, 5, 11, 0), 60));
    book(&w, lesson(3, at(10, 5, 11, 10), 10));
    book(&w, lesson(4, at(10, 5, 11, 45), 30)); /* 25 minutes after the third, inside the second */
    expect(&w, RULE_LONG_BREAK, 9, true, 20, 0);
    w.booked[2] = lesson(4, at(10, 5, 12, 20), 30);
    FINE(&w);
}

static void hours_of_the_recommendation_bind(void **state)
{
    static const struct week_span morning[] = { { 1, 600, 615 }, { 1, 615, 660 }, { 2, 0, 1440 } };
    struct world w;

    (void)state;
    world_init(&w);
    w.advice[0].hours = morning;
    w.advice[0].hours_n = 3;
    FINE(&w); /* 10:00-10:30 over two spans that touch */
    move(&w, at(10, 5, 9, 59), 30);
    expect(&w, RULE_ALLOWED_HOURS, 10, true, 0, 599);
    move(&w, at(10, 5, 10, 31), 30);
    expect(&w, RULE_ALLOWED_HOURS, 10, true, 0, 631);
    w.advice[0].hours_n = 2;
    move(&w, at(10, 6, 10, 0), 30);
    assert_int_equal(only(&w, 10, true), RULE_ALLOWED_HOURS);
    w.advice[1] = w.advice[0]; /* of a time that is over */
    w.advice[0].hours_n = 0;
    w.advice[1].days.last = day_no(10, 5);
    w.child[0].recommendations_n = 2;
    FINE(&w);
}

static void days_of_rest_are_free(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    move(&w, at(10, 4, 10, 0), 30);
    w.mentor.hours = NULL;
    w.school.hours = NULL;
    expect(&w, RULE_REST_DAY, 11, true, 0, 7);
    world_init(&w);
    move(&w, at(10, 10, 10, 0), 30);
    FINE(&w);
    w.child[0].grade = 1;
    w.policy.screen_lesson_minutes[1] = 45;
    expect(&w, RULE_REST_DAY, 11, true, 0, 6);
    world_init(&w);
    w.advice[0].rest_weekdays = 1u << 1;
    expect(&w, RULE_REST_DAY, 11, true, 0, 1);
    w.advice[0].days.first = day_no(10, 6);
    assert_false(judged(&w, RULE_REST_DAY));
    world_init(&w);
    w.holiday = day_no(10, 5);
    expect(&w, RULE_HOLIDAY, 11, true, 0, day_no(10, 5));
    assert_int_equal(w.v[0].who.v, KID);
    /* The holiday is the school's: 8:40 on 6 October in Kamchatka is the night of the 5th in
     * Moscow, over midnight. */
    world_init(&w);
    w.child[0].tz = "Asia/Kamchatka";
    w.mentor.hours = NULL;
    w.school.hours = NULL;
    w.policy.day_from_minute = 0;
    move(&w, at(10, 5, 23, 45), 30);
    FINE(&w);
    w.holiday = day_no(10, 5);
    expect(&w, RULE_HOLIDAY, 11, true, 0, day_no(10, 5));
    w.holiday = day_no(10, 6);
    expect(&w, RULE_HOLIDAY, 11, true, 0, day_no(10, 6));
    w.holiday = day_no(10, 7);
    FINE(&w);
}

/* A lesson across the hour that Berlin's clocks show twice: 02:40 of the first, 02:10 of the
 * second. Every minute of it counts. */
static void pieces_of_a_night_in_which_clocks_change(void **state)
{
    static const struct week_span night[] = { { 7, 120, 180 } }, early[] = { { 7, 120, 170 } };
    struct world w;

    (void)state;
    world_init(&w);
    w.policy.rest_weekdays = 0;
    w.policy.day_from_minute = 0;
    w.policy.hours_hard = 1;
    w.child[0].tz = w.school.tz = w.mentor.tz = "Europe/Berlin";
    w.mentor.hours = w.school.hours = night;
    w.mentor.hours_n = w.school.hours_n = 1;
    w.plan.start_ms = day_no(10, 25) * MS_PER_DAY + 40 * MIN;
    w.plan.end_ms = w.plan.start_ms + 30 * MIN;
    FINE(&w);
    w.mentor.hours = early;
    expect(&w, RULE_MENTOR_HOURS, 13, true, 0, 160);
    w.mentor.hours = night;
    w.policy.day_from_minute = 121; /* back at 02:00 */
    expect(&w, RULE_DAY_WINDOW, 10, true, 121, 120);
    w.policy.day_from_minute = 0;
    w.policy.distance_to_minute = 179; /* until 03:00 */
    expect(&w, RULE_DAY_WINDOW, 10, true, 179, 180);
    /* 29 March, 01:50-02:10 of a normal clock: 03:00-03:10 follows on 01:59 */
    world_init(&w);
    w.policy.rest_weekdays = 0;
    w.policy.day_from_minute = 0;
    w.facts.schools_n = 0;
    w.facts.mentor = NULL;
    w.advice[0].days.first = 0;
    w.child[0].tz = "Europe/Berlin";
    w.facts.now_ms = at(1, 1, 0, 0);
    w.plan.start_ms = day_no(3, 29) * MS_PER_DAY + 50 * MIN;
    w.plan.end_ms = w.plan.start_ms + 20 * MIN;
    w.policy.distance_to_minute = 190;
    FINE(&w);
    w.policy.distance_to_minute = 189;
    expect(&w, RULE_DAY_WINDOW, 10, true, 189, 190);
}

static void a_lesson_of_many_days_is_judged_without_harm(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    move(&w, at(10, 5, 10, 0), 9 * 1440);
    w.n = schedule_check_day(&w.plan, w.child[0].id, "Europe/Moscow", NULL, 0, &w.policy, w.v, 32);
    assert_int_equal(w.n, 1); /* the window; its first days have no Sunday */
    assert_int_equal(w.v[0].rule, RULE_DAY_WINDOW);
}

static void the_edges_of_the_known_years(void **state)
{
    struct world w;

    (void)state;
    world_init(&w);
    w.policy.day_from_minute = 0;
    w.policy.day_to_minute = w.policy.distance_to_minute = 1440;
    w.facts.schools_n = 0;
    w.facts.mentor = NULL;
    w.child[0].recommendations = NULL;
    w.child[0].recommendations_n = 0;
    w.child[0].tz = "UTC";
    move(&w, date_to_days(2037, 12, 31) * MS_PER_DAY + 23 * MS_PER_HOUR, 30);
    FINE(&w);
    w.plan.end_ms += 31 * MIN; /* into a year without rules */
    w.policy.max_minutes = 240;
    w.policy.lesson_minutes[7] = 240;
    w.policy.screen_lesson_minutes[7] = 240;
    assert_int_equal(only(&w, 1, true), RULE_UNKNOWN_ZONE);
    w.facts.now_ms = 0;
    w.policy.rest_weekdays = 0;
    move(&w, date_to_days(2023, 1, 1) * MS_PER_DAY, 30); /* a Sunday: its Monday is not known */
    FINE(&w);
}

static void the_table_of_numbers_is_whole(void **state)
{
    struct schedule_policy p = schedule_policy_default(), q = { 0 };
    size_t n;
    const struct schedule_setting *s = schedule_settings(&n);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_true(s[i].fallback >= s[i].min && s[i].fallback <= s[i].max);
        assert_true(strlen(s[i].source) > 5 && strlen(s[i].source) <= 240);
        assert_true(strlen(s[i].key) <= 64);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(s[i].key, s[k].key);
        schedule_policy_put(&q, &s[i], s[i].fallback);
    }
    assert_memory_equal(&p, &q, sizeof p);
    /* every number is set by somebody, but for the grade 0 and norms that are "none" */
    for (size_t i = 0; i < sizeof p / sizeof(int); i++) {
        int seen = 0;

        for (size_t k = 0; k < n; k++) {
            size_t first = s[k].offset / sizeof(int);

            seen += s[k].first_grade ? i >= first + (size_t)s[k].first_grade &&
                                           i <= first + (size_t)s[k].last_grade
                                     : i == first;
        }
        if (seen != 1 && ((int *)(void *)&p)[i] != 0)
            fail_msg("number %zu is set %d times", i, seen);
    }
    assert_int_equal(p.lesson_minutes[1], 40);
    assert_int_equal(p.lessons_per_day[4], 5);
    assert_int_equal(p.screen_day_minutes[11], 170);
    assert_int_equal(p.screen_lessons[8], 2);
    assert_int_equal(p.week_hours_max[9], 11);
    for (int r = RULE_NONE + 1; r < RULE_COUNT; r++)
        assert_in_range(schedule_rule_number((enum schedule_rule)r), 1, 19);
    assert_string_equal(schedule_rule_name((enum schedule_rule) - 1), "none");
    assert_string_equal(schedule_rule_name(RULE_LATE_CHANGE), "late_change");
    assert_int_equal(schedule_rule_number((enum schedule_rule)RULE_COUNT), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_in_order_has_no_violation),
        cmocka_unit_test(what_is_not_known_is_not_asked_but_for_the_gates),
        cmocka_unit_test(senseless_lessons_are_judged_by_the_first_rule_alone),
        cmocka_unit_test(unknown_zones_are_refused_wherever_they_stand),
        cmocka_unit_test(lessons_are_as_long_as_grade_and_doctor_allow),
        cmocka_unit_test(minutes_on_a_screen_are_shown),
        cmocka_unit_test(a_day_has_as_many_lessons_as_grade_and_doctor_allow),
        cmocka_unit_test(a_week_has_its_hours),
        cmocka_unit_test(a_full_day_has_a_long_break),
        cmocka_unit_test(hours_of_the_recommendation_bind),
        cmocka_unit_test(days_of_rest_are_free),
        cmocka_unit_test(pieces_of_a_night_in_which_clocks_change),
        cmocka_unit_test(a_lesson_of_many_days_is_judged_without_harm),
        cmocka_unit_test(the_edges_of_the_known_years),
        cmocka_unit_test(the_table_of_numbers_is_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
