/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/openings: what is open for the planner and what the rules allow
 * are the same, in weeks with a night of another length too; what differs
 * between days is the tightest; what is off the grid is widened.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/openings.h"
#include "tests/support/rnd.h"

#define CHILD 40
#define MENTOR 12
#define SCHOOL 3
#define MATHS 1
#define LENGTH 6 /* slots */

/* One child, its school, its mentor; every fact may be rolled. */
static struct facts {
    struct schedule_policy policy;
    struct gate_span gate;
    struct advice advice[2];
    struct week_span advised[7], hours[7], mentor_hours[7];
    struct treatment_block treatment;
    struct section_block section;
    struct approved_line line;
    struct employment_fact job;
    int64_t holiday;
    struct child_facts child;
    struct school_facts school;
    struct mentor_facts mentor;
    struct schedule_facts all;
    struct week_line week;
    struct slot_clock clock, school_clock, mentor_clock;
} f;

static void begin(const char *child_tz, const char *school_tz, int64_t monday)
{
    memset(&f, 0, sizeof f);
    f.policy = schedule_policy_default();
    f.gate = (struct gate_span){ INT64_MIN, INT64_MAX, 0 };
    f.line = (struct approved_line){ MATHS, { monday - 30, monday + 30 }, 600, 60000, 0 };
    f.job = (struct employment_fact){ { SCHOOL }, { monday - 30, monday + 30 }, 1000, false };
    f.child = (struct child_facts){ .id = { CHILD },
                                    .tz = child_tz,
                                    .grade = 5,
                                    .school = { SCHOOL },
                                    .gates = &f.gate,
                                    .gates_n = 1,
                                    .lines = &f.line,
                                    .lines_n = 1 };
    f.school = (struct school_facts){ .id = { SCHOOL },
                                      .tz = school_tz,
                                      .year = { monday - 100, monday + 100 } };
    f.mentor = (struct mentor_facts){
        .id = { MENTOR }, .tz = school_tz, .employments = &f.job, .employments_n = 1
    };
    f.all = (struct schedule_facts){ .policy = &f.policy,
                                     .children = &f.child,
                                     .children_n = 1,
                                     .schools = &f.school,
                                     .schools_n = 1,
                                     .mentor = &f.mentor };
    assert_int_equal(week_line_of("Europe/Moscow", monday, &f.week), ERR_OK);
    assert_int_equal(slot_clock_read(&f.clock, child_tz, &f.week), ERR_OK);
    assert_int_equal(slot_clock_read(&f.school_clock, school_tz, &f.week), ERR_OK);
    assert_int_equal(slot_clock_read(&f.mentor_clock, school_tz, &f.week), ERR_OK);
}

static struct child_openings opened(void)
{
    struct child_openings o;

    child_openings_of(&f.child, &f.school, &f.clock, &f.school_clock, &f.policy, &f.week,
                      f.all.now_ms, &o);
    return o;
}

static struct slot_set all_open(const struct child_openings *o)
{
    struct slot_set s = o->window, hours;

    slot_and(&s, &o->future);
    slot_and(&s, &o->rest);
    slot_and(&s, &o->blocks);
    slot_and(&s, &o->school);
    slot_and(&s, &o->validity);
    mentor_openings_of(&f.mentor, &f.mentor_clock, &hours);
    slot_and(&s, &hours);
    return s;
}

/* The first hard rule against a lesson of LENGTH slots that begins with slot t. */
static enum schedule_rule judged(int t)
{
    struct violation v[32];
    struct booked_lesson l = { .state = LESSON_SCHEDULED,
                               .start_ms = slot_ms(&f.week, t),
                               .end_ms = slot_ms(&f.week, t + LENGTH),
                               .mentor = { MENTOR },
                               .children = { { CHILD } },
                               .children_n = 1,
                               .schools = { { SCHOOL } },
                               .subject = MATHS };
    size_t n = schedule_judge(&l, &f.all, v, 32);

    for (size_t i = 0; i < n && i < 32; i++)
        if (v[i].hard)
            return v[i].rule;
    return RULE_NONE;
}

static bool in_week_of(const struct slot_clock *c, int t)
{
    return c->days.of[t] >= 1 && c->days.of[t] <= 7;
}

static bool in_week(int t)
{
    return in_week_of(&f.clock, t) && in_week_of(&f.mentor_clock, t);
}

/* Both ways, for every start of the week. */
static void openings_are_what_the_rules_allow(uint64_t seed)
{
    struct child_openings o = opened();
    struct slot_set starts = all_open(&o);

    slot_starts(&starts, LENGTH);
    for (int t = 0; t + LENGTH <= PLAN_SLOTS; t++) {
        enum schedule_rule rule = judged(t);

        if (!in_week(t) || !in_week(t + LENGTH - 1))
            assert_false(slot_has(&starts, t));
        else if (slot_has(&starts, t) != (rule == RULE_NONE))
            fail_msg("seed %llu, slot %d (day %d, minute %d): open %d, rule %s",
                     (unsigned long long)seed, t, f.clock.days.of[t], f.clock.minute[t],
                     slot_has(&starts, t), schedule_rule_name(rule));
    }
}

static int rnd_below(struct rnd *r, int n)
{
    return (int)rnd_in(r, 0, n - 1);
}

static void roll_hours(struct rnd *r, struct week_span hours[7])
{
    for (int d = 0; d < 7; d++) {
        int from = 6 * 60 + 5 * rnd_below(r, 96);

        hours[d] = (struct week_span){ d + 1, from, from + 5 * rnd_below(r, 72) + 5 };
    }
}

static void roll(uint64_t seed)
{
    static const char *const zones[] = { "Europe/Moscow", "Europe/Berlin", "Asia/Kamchatka",
                                         "Europe/Kaliningrad", "Asia/Yekaterinburg" };
    /* With a change of the clocks in Berlin, and without. */
    const int64_t mondays[] = { date_to_days(2026, 10, 19), date_to_days(2026, 11, 30),
                                date_to_days(2027, 3, 22) };
    struct rnd r = { seed };
    int64_t monday = mondays[rnd_below(&r, 3)];

    begin(zones[rnd_below(&r, 5)], zones[rnd_below(&r, 5)], monday);
    f.policy.hours_hard = 1;
    f.all.now_ms = slot_ms(&f.week, 0) + (int64_t)rnd_below(&r, 900) * SLOT_MS;
    if (rnd_below(&r, 2)) {
        roll_hours(&r, f.advised);
        f.advice[0] = (struct advice){ .days = { monday - 3, monday + rnd_below(&r, 9) },
                                       .rest_weekdays = 1u << (unsigned)rnd_in(&r, 1, 7),
                                       .hours = f.advised,
                                       .hours_n = 7 };
        f.child.recommendations = f.advice;
        f.child.recommendations_n = 1;
    }
    if (rnd_below(&r, 2)) {
        roll_hours(&r, f.hours);
        f.school.hours = f.hours;
        f.school.hours_n = 7;
    }
    if (rnd_below(&r, 2)) {
        roll_hours(&r, f.mentor_hours);
        f.mentor.hours = f.mentor_hours;
        f.mentor.hours_n = 7;
    }
    f.holiday = monday + rnd_below(&r, 12);
    f.school.holidays = &f.holiday;
    f.school.holidays_n = 1;
    f.treatment.start_ms = slot_ms(&f.week, rnd_below(&r, 2000));
    f.treatment.end_ms = f.treatment.start_ms + (int64_t)rnd_below(&r, 60) * SLOT_MS;
    f.child.treatments = &f.treatment;
    f.child.treatments_n = 1;
    f.section.start_ms = slot_ms(&f.week, rnd_below(&r, 2000));
    f.section.end_ms = f.section.start_ms + (1 + (int64_t)rnd_below(&r, 20)) * SLOT_MS;
    f.section.on_screen = rnd_below(&r, 2) == 1;
    f.section.travel_minutes = 5 * rnd_below(&r, 10);
    f.child.sections = &f.section;
    f.child.sections_n = 1;
}

static void rolled_weeks(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 40; seed++) {
        roll(seed);
        openings_are_what_the_rules_allow(seed);
    }
}

static void the_tightest_day_holds_for_the_week(void **state)
{
    int64_t monday = date_to_days(2026, 11, 30);
    struct child_openings o;

    (void)state;
    begin("Europe/Moscow", "Europe/Moscow", monday);
    o = opened();
    assert_int_equal(o.lesson_minutes, 40);
    assert_int_equal(o.per_day, 6);
    assert_int_equal(o.week_minutes, 10 * 40);
    f.advice[0] = (struct advice){ .days = { monday - 9, monday + 2 },
                                   .lesson_minutes = 25,
                                   .lessons_per_day = 3,
                                   .week_minutes = 200 };
    f.advice[1] = (struct advice){ .days = { monday + 3, monday + 9 }, .lesson_minutes = 30 };
    f.child.recommendations = f.advice;
    f.child.recommendations_n = 2;
    o = opened();
    assert_int_equal(o.lesson_minutes, 25);
    assert_int_equal(o.per_day, 3);
    assert_int_equal(o.week_minutes, 200);
    f.policy.screen_hard = 1;
    f.policy.screen_lesson_minutes[5] = 20;
    f.policy.screen_day_minutes[5] = 45;
    o = opened();
    assert_int_equal(o.lesson_minutes, 20);
    assert_int_equal(o.per_day, 2); /* two of 20 minutes */
}

static void grade_1_begins_slowly(void **state)
{
    struct child_openings o;

    (void)state;
    begin("Europe/Moscow", "Europe/Moscow", date_to_days(2026, 10, 5));
    f.child.grade = 1;
    o = opened();
    assert_int_equal(o.lesson_minutes, 35);
    assert_int_equal(o.per_day, 3);
    assert_false(slot_any(&o.rest, 144 + 5 * 288, 144 + 7 * 288)); /* five days */
}

static void what_is_off_the_grid_is_widened(void **state)
{
    struct child_openings o;
    int from, to;

    (void)state;
    begin("Europe/Moscow", "Europe/Moscow", date_to_days(2026, 11, 30));
    f.treatment.start_ms = slot_ms(&f.week, 300) + 1;
    f.treatment.end_ms = slot_ms(&f.week, 302) + 1;
    f.child.treatments = &f.treatment;
    f.child.treatments_n = 1;
    o = opened();
    assert_true(slot_has(&o.blocks, 299));
    assert_false(slot_any(&o.blocks, 300, 303));
    assert_true(slot_has(&o.blocks, 303));
    assert_false(slots_touched(&f.week, slot_ms(&f.week, -5), slot_ms(&f.week, 0), &from, &to));
    assert_false(slots_touched(&f.week, 5, 5, &from, &to));
    assert_true(slots_touched(&f.week, 0, INT64_MAX, &from, &to));
    assert_int_equal(from, 0);
    assert_int_equal(to, PLAN_SLOTS);
}

/* Seven days of 168, 167 or 169 hours, and never a day that falls. */
static void weeks_of_every_length_are_whole(void **state)
{
    static const struct {
        int y, m, d, slots;
    } weeks[] = { { 2026, 11, 30, 7 * 288 },
                  { 2026, 10, 19, 7 * 288 + 12 },
                  { 2027, 3, 22, 7 * 288 - 12 } };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int n = 0;

        begin("Europe/Berlin", "Europe/Moscow", date_to_days(weeks[i].y, weeks[i].m, weeks[i].d));
        for (int t = 0; t < PLAN_SLOTS; t++) {
            n += in_week_of(&f.clock, t);
            assert_true(t == 0 || f.clock.days.of[t] >= f.clock.days.of[t - 1]);
        }
        assert_int_equal(n, weeks[i].slots);
    }
}

static void bad_weeks(void **state)
{
    struct week_line l;

    (void)state;
    assert_int_equal(week_line_of("Europe/Moscow", date_to_days(2026, 12, 1), &l), ERR_INVAL);
    assert_int_equal(week_line_of("Europe/Nowhere", date_to_days(2026, 11, 30), &l), ERR_NOTFOUND);
    assert_int_equal(week_line_of("Europe/Moscow", date_to_days(2055, 3, 1), &l), ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rolled_weeks),
        cmocka_unit_test(the_tightest_day_holds_for_the_week),
        cmocka_unit_test(grade_1_begins_slowly),
        cmocka_unit_test(what_is_off_the_grid_is_widened),
        cmocka_unit_test(weeks_of_every_length_are_whole),
        cmocka_unit_test(bad_weeks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
