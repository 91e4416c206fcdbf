/* SPDX-License-Identifier: Apache-2.0
 *
 * server/store/timetable and the policy of the timetable: rows become the
 * facts of the rules, and a row that cannot be read is no fact.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/store/paper.h"
#include "server/store/referral.h"
#include "server/store/timetable.h"
#include "tests/support/world.h"

#define NOW (date_to_days(2026, 11, 24) * MS_PER_DAY)
#define START (NOW + MS_PER_DAY + 8 * MS_PER_HOUR)

static struct world w;

static int setup(void **state)
{
    (void)state;
    world_open(&w, NOW);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static struct timetable_query query(void)
{
    return (struct timetable_query){ .centre = w.centre,
                                     .mentor = w.mentors[0],
                                     .children = { w.children[0], w.children[1] },
                                     .children_n = 2,
                                     .at_ms = START,
                                     .now_ms = NOW,
                                     .from_ms = NOW - 7 * MS_PER_DAY,
                                     .to_ms = NOW + 7 * MS_PER_DAY };
}

static void rows_become_facts(void **state)
{
    struct lesson_id booked = world_lesson(&w, 0, 1, START, START + 40 * MS_PER_MIN);
    struct timetable_query q = query();
    struct booked_lesson plan;
    struct timetable *t;

    (void)state;
    assert_int_equal(holiday_add(w.db, w.schools[1], "2026-11-26", "holiday"), ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(t->facts.children_n, 2);
    assert_int_equal(t->facts.children[0].id.v, w.child_users[0].v);
    assert_int_equal(t->facts.children[1].grade, 4);
    assert_string_equal(t->facts.children[1].tz, "Europe/Moscow");
    assert_int_equal(t->facts.children[1].school.v, w.schools[1].v);
    assert_null(t->facts.children[0].recommendations);
    assert_int_equal(t->facts.children[0].lines_n, 1);
    assert_int_equal(t->facts.children[0].lines[0].subject, w.subject);
    assert_int_equal(t->facts.children[0].lines[0].week_minutes, 10080);
    assert_null(t->facts.children[0].treatments);
    assert_null(t->facts.schools[0].hours);
    assert_null(t->facts.mentor->hours);
    assert_int_equal(t->facts.schools[0].year.first, date_to_days(2026, 9, 1));
    assert_int_equal(t->facts.schools[0].year.last, date_to_days(2027, 8, 31));
    assert_int_equal(t->facts.schools_n, 2);
    assert_string_equal(t->facts.schools[1].tz, "Asia/Yekaterinburg");
    assert_int_equal(t->facts.schools[0].holidays_n, 0);
    assert_int_equal(t->facts.schools[1].holidays_n, 1);
    assert_int_equal(t->facts.schools[1].holidays[0], date_to_days(2026, 11, 26));
    assert_int_equal(t->facts.mentor->id.v, w.mentor_users[0].v);
    assert_int_equal(t->facts.mentor->employments_n, 2);
    assert_int_equal(t->facts.mentor->employments[0].week_minutes, 540);
    assert_int_equal(t->facts.mentor->employments[0].days.last, INT64_MAX);
    assert_int_equal(t->facts.booked_n, 1);
    assert_int_equal(t->facts.booked[0].id.v, booked.v);
    assert_int_equal(t->facts.booked[0].subject, w.subject);
    assert_int_equal(t->facts.booked[0].schools[0].v, w.schools[1].v);
    assert_false(t->facts.booked[0].make_up);
    plan = timetable_plan(t, (struct lesson_id){ 9 }, w.subject, START, START + 1);
    assert_int_equal(plan.id.v, 9);
    assert_int_equal(plan.children_n, 2);
    assert_int_equal(plan.children[1].v, w.child_users[1].v);
    assert_int_equal(plan.schools[1].v, w.schools[1].v);
    assert_int_equal(plan.mentor.v, w.mentor_users[0].v);
    timetable_close(t);
    timetable_close(NULL);
}

/* Item 17: the limits of the papers that a referral brought bind the timetable. */
static void a_recommendation_binds_the_child(void **state)
{
    int64_t today = date_to_days(2026, 11, 24);
    struct recommendation l = { .lesson_minutes = 30,
                                .lessons_per_day = 1,
                                .lessons_per_week = 4,
                                .screen_minutes = 20,
                                .from_minute = 540,
                                .to_minute = 720,
                                .rest_weekdays = 1u << 3,
                                .issued_day = today,
                                .from_day = today,
                                .to_day = today + 10 };
    struct timetable_query q = query();
    struct violation found[16];
    struct booked_lesson plan;
    struct referral_id referral;
    struct timetable *t;
    int64_t paper;
    unsigned seen = 0;
    size_t n;

    (void)state;
    assert_int_equal(referral_add(w.db, w.schools[0], w.centre, NOW, w.officer, &referral), ERR_OK);
    assert_int_equal(recommendation_save(w.db, referral, &l, NOW, w.officer, &paper), ERR_OK);
    assert_int_equal(papers_give(w.db, referral, w.children[0]), ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(t->facts.children[0].recommendations_n, 1);
    assert_int_equal(t->facts.children[0].recommendations[0].week_minutes, 120);
    assert_null(t->facts.children[1].recommendations);
    /* Wednesday the 25th, a rest day, 13:00 to 13:40 in Moscow */
    plan = timetable_plan(t, (struct lesson_id){ 9 }, w.subject, START + 2 * MS_PER_HOUR,
                          START + 2 * MS_PER_HOUR + 40 * MS_PER_MIN);
    n = schedule_judge(&plan, &t->facts, found, 16);
    for (size_t i = 0; i < n; i++)
        if (found[i].who.v == w.child_users[0].v)
            seen |= found[i].rule == RULE_LESSON_LENGTH   ? 1
                    : found[i].rule == RULE_REST_DAY      ? 2
                    : found[i].rule == RULE_ALLOWED_HOURS ? 4
                                                          : 0;
    assert_int_equal(seen, 7);
    /* behind its last day nothing is known to be allowed */
    plan = timetable_plan(t, (struct lesson_id){ 9 }, w.subject, START + 12 * MS_PER_DAY,
                          START + 12 * MS_PER_DAY + 30 * MS_PER_MIN);
    n = schedule_judge(&plan, &t->facts, found, 16);
    seen = 0;
    for (size_t i = 0; i < n; i++)
        seen += found[i].rule == RULE_NO_RECOMMENDATION && found[i].who.v == w.child_users[0].v;
    assert_int_equal(seen, 1);
    timetable_close(t);
}

static size_t rule(const struct timetable *t, int64_t start_ms, enum schedule_rule rule,
                   struct violation *out)
{
    struct booked_lesson plan =
        timetable_plan(t, (struct lesson_id){ 9 }, w.subject, start_ms, start_ms + 40 * MS_PER_MIN);
    struct violation found[32];
    size_t n = schedule_judge(&plan, &t->facts, found, 32), seen = 0;

    for (size_t i = 0; i < n; i++) {
        if (found[i].rule != rule)
            continue;
        *out = found[i];
        seen++;
    }
    return seen;
}

/* R2 and R13: weekly times of child, mentor and school, each in its own zone. */
static void weekly_times_bind(void **state)
{
    const struct hours_row treatment = { .span = { 3, 14 * 60, 15 * 60 },
                                         .kind = HOURS_TREATMENT,
                                         .days = { date_to_days(2026, 11, 1),
                                                   date_to_days(2026, 11, 25) } };
    const struct hours_row free_time = { .span = { 3, 9 * 60, 13 * 60 },
                                         .kind = HOURS_FREE,
                                         .days = { date_to_days(2026, 11, 1), INT64_MAX } };
    struct week_span bell = { 3, 8 * 60, 16 * 60 };
    struct term_row term = { TERM_YEAR, { date_to_days(2026, 11, 2), date_to_days(2027, 5, 31) } };
    struct school_calendar c = { .bells = &bell, .bells_n = 1, .terms = &term, .terms_n = 1 };
    struct timetable_query q = query();
    int64_t two = START + 3 * MS_PER_HOUR; /* Wednesday the 25th, 14:00 in Moscow */
    struct violation v = { 0 };
    struct timetable *t;

    (void)state;
    assert_int_equal(hours_save_child(w.db, w.children[0], 0, &treatment, 1, NOW, w.guardian),
                     ERR_OK);
    assert_int_equal(hours_save_mentor(w.db, w.mentors[0], 0, &free_time, 1, NOW, w.coordinator),
                     ERR_OK);
    assert_int_equal(calendar_save(w.db, w.schools[1], &c, NOW, w.officer), ERR_OK);
    assert_int_equal(calendar_save(w.db, w.schools[1], &c, NOW, w.officer), ERR_STATE);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(rule(t, two, RULE_TREATMENT_OVERLAP, &v), 1);
    assert_int_equal(v.who.v, w.child_users[0].v);
    assert_int_equal(rule(t, two + MS_PER_HOUR, RULE_TREATMENT_OVERLAP, &v), 0);
    assert_int_equal(rule(t, two + 7 * MS_PER_DAY, RULE_TREATMENT_OVERLAP, &v), 0); /* it is over */
    assert_int_equal(rule(t, two, RULE_MENTOR_HOURS, &v), 1);
    assert_int_equal(rule(t, two - 2 * MS_PER_HOUR, RULE_MENTOR_HOURS, &v), 0);
    assert_int_equal(rule(t, two, RULE_SCHOOL_HOURS, &v), 1); /* 16:00 in Yekaterinburg */
    assert_int_equal(rule(t, two - MS_PER_HOUR, RULE_SCHOOL_HOURS, &v), 0);
    assert_int_equal(t->facts.schools[1].year.first, date_to_days(2026, 11, 2));
    timetable_close(t);
}

/* R16: no lesson without an approved line; its hours a week and a year, what is outside the weeks
 * looked at included. */
static void approved_lines_bind(void **state)
{
    struct timetable_query q = query();
    int64_t today = date_to_days(2026, 11, 24), id;
    struct child_programme p = { .child = w.children[0],
                                 .days = { today, today + 100 },
                                 .lines = { { w.subject, 0, 80, 120, 40 } },
                                 .lines_n = 1 };
    struct violation v = { 0 };
    struct timetable *t;

    (void)state;
    q.children_n = 1;
    q.from_ms = START - 7 * MS_PER_DAY;
    assert_int_equal(child_programme_add(w.db, &p, NOW, w.officer, &id), ERR_OK);
    assert_int_equal(child_programme_load(w.db, id, &p), ERR_OK);
    assert_int_equal(child_programme_move(w.db, &p, PROGRAMME_PROPOSED, "", NOW, w.officer),
                     ERR_OK);
    assert_int_equal(child_programme_load(w.db, id, &p), ERR_OK);
    assert_int_equal(child_programme_move(w.db, &p, PROGRAMME_APPROVED, "", NOW, w.coordinator),
                     ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(t->facts.children[0].lines_n, 2); /* the old one until yesterday */
    assert_int_equal(t->facts.children[0].lines[0].days.last, today - 1);
    assert_int_equal(rule(t, START, RULE_LINE_WEEK, &v), 0);
    assert_int_equal(rule(t, START + 120 * MS_PER_DAY, RULE_NO_LINE, &v), 1);
    timetable_close(t);
    (void)world_lesson(&w, 0, 0, START - 70 * MS_PER_DAY,
                       START - 70 * MS_PER_DAY + 40 * MS_PER_MIN);
    (void)world_lesson(&w, 0, 0, START - 100 * MS_PER_DAY,
                       START - 100 * MS_PER_DAY + 40 * MS_PER_MIN); /* the year before */
    (void)world_lesson(&w, 0, 0, START + MS_PER_DAY, START + MS_PER_DAY + 41 * MS_PER_MIN);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(rule(t, START, RULE_LINE_WEEK, &v), 1);
    assert_int_equal(v.value, 81);
    assert_int_equal(rule(t, START, RULE_LINE_YEAR, &v), 1);
    assert_int_equal(v.limit, 120);
    assert_int_equal(v.value, 121);
    timetable_no_lines(t);
    assert_int_equal(rule(t, START, RULE_LINE_WEEK, &v), 0);
    timetable_close(t);
}

static void two_children_of_one_school_have_it_once(void **state)
{
    struct timetable_query q = query();
    struct timetable *t;

    (void)state;
    q.children[1] = q.children[0];
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(t->facts.schools_n, 1);
    timetable_close(t);
}

static void orders_end_on_their_last_day(void **state)
{
    struct timetable_query q = query();
    struct timetable *t;

    (void)state;
    /* at midnight of 26 November in Yekaterinburg: the 25th is the last day */
    assert_int_equal(employment_end(w.db, w.mentors[0], w.schools[1], START + 11 * MS_PER_HOUR),
                     ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    for (size_t i = 0; i < t->facts.mentor->employments_n; i++)
        if (t->facts.mentor->employments[i].school.v == w.schools[1].v)
            assert_int_equal(t->facts.mentor->employments[i].days.last, date_to_days(2026, 11, 25));
    timetable_close(t);
    assert_int_equal(db_script(w.db, "UPDATE employment SET week_minutes = 0"), ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_OK);
    assert_int_equal(t->facts.mentor->employments[0].week_minutes, 10080);
    timetable_close(t);
}

static void what_cannot_be_read_is_no_fact(void **state)
{
    struct timetable_query q = query();
    struct timetable *t = NULL;

    (void)state;
    q.mentor.v = 999;
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_NOTFOUND);
    q = query();
    q.children[1].v = 999;
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_NOTFOUND);
    q = query();
    assert_int_equal(holiday_add(w.db, w.schools[0], "2026-02-30", "holiday"), ERR_OK);
    assert_int_equal(timetable_open(w.db, &q, &t), ERR_DB);
    assert_null(t);
}

static void set(const char *key, const char *value, int64_t from_ms)
{
    assert_int_equal(policy_set(w.db, w.centre, key, value, from_ms, "order 5", NOW, w.coordinator),
                     ERR_OK);
}

static void numbers_of_a_centre_are_dated(void **state)
{
    struct schedule_policy p, d = schedule_policy_default();
    int64_t screen;

    (void)state;
    set("lesson.break_online_min", "20", NOW - MS_PER_DAY);
    set("day.lessons.grade_5_6", "4", START);
    assert_int_equal(policy_schedule(w.db, w.centre, NOW, &p), ERR_OK);
    assert_int_equal(p.online_break_minutes, 20);
    assert_int_equal(p.lessons_per_day[5], d.lessons_per_day[5]);
    assert_int_equal(policy_schedule(w.db, w.centre, START, &p), ERR_OK);
    assert_int_equal(p.lessons_per_day[4], d.lessons_per_day[4]);
    assert_int_equal(p.lessons_per_day[5], 4);
    assert_int_equal(p.lessons_per_day[6], 4);
    set("hours.hard", "2", NOW - MS_PER_DAY); /* out of range: a wrong setting is not guessed at */
    assert_int_equal(policy_schedule(w.db, w.centre, NOW, &p), ERR_DB);
    /* ... and does not stand in the way of a lesson's door */
    assert_int_equal(policy_screen_limit(w.db, w.centre, NOW, 0, &screen), ERR_OK);
    assert_int_equal(screen, 20 * MS_PER_MIN);
    assert_int_equal(policy_screen_limit(w.db, w.centre, NOW, 9, &screen), ERR_OK);
    assert_int_equal(screen, 30 * MS_PER_MIN);
    assert_int_equal(policy_screen_limit(w.db, w.centre, NOW, 12, &screen), ERR_OK);
    assert_int_equal(screen, 35 * MS_PER_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(rows_become_facts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_recommendation_binds_the_child, setup, teardown),
        cmocka_unit_test_setup_teardown(weekly_times_bind, setup, teardown),
        cmocka_unit_test_setup_teardown(approved_lines_bind, setup, teardown),
        cmocka_unit_test_setup_teardown(two_children_of_one_school_have_it_once, setup, teardown),
        cmocka_unit_test_setup_teardown(orders_end_on_their_last_day, setup, teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_no_fact, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_of_a_centre_are_dated, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
