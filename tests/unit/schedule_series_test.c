/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/series: weekly series to instants, with the facts of DOMAIN
 * section 6, exceptions, moves, ends, rules that are refused, and which booked
 * lessons a changed zone moves.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/schedule_facts.h"
#include "server/domain/series.h"

#define MIN MS_PER_MIN

static int64_t day_of(int y, int m, int d)
{
    return date_to_days(y, m, d);
}

static int64_t utc(int y, int m, int d, int h, int mi)
{
    return day_of(y, m, d) * MS_PER_DAY + h * MS_PER_HOUR + mi * MIN;
}

/* Tuesdays at 09:00 in Berlin, from 20 October 2026 on. */
static struct series tuesdays(const char *rule)
{
    return (struct series){ .tz = "Europe/Berlin",
                            .rule = rule,
                            .first_day = day_of(2026, 10, 20),
                            .hour = 9,
                            .minutes = 40,
                            .last_day = INT64_MAX };
}

static struct occurrence got[SERIES_OCCURRENCES_MAX];
static struct series_sum sum;

static void expand(const struct series *s, size_t n)
{
    memset(got, 0, sizeof got);
    assert_int_equal(series_expand(s, got, SERIES_OCCURRENCES_MAX, &sum), ERR_OK);
    assert_int_equal(sum.n, n);
}

static void a_series_keeps_its_wall_time_over_a_change_of_clocks(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;BYDAY=TU;COUNT=3");
    struct local_time moscow;

    (void)state;
    expand(&s, 3);
    assert_int_equal(got[0].start_ms, utc(2026, 10, 20, 7, 0));
    assert_int_equal(got[1].start_ms, utc(2026, 10, 27, 8, 0));
    assert_int_equal(got[2].start_ms, utc(2026, 11, 3, 8, 0));
    assert_int_equal(got[1].end_ms, utc(2026, 10, 27, 8, 40));
    assert_int_equal(got[1].day, day_of(2026, 10, 27));
    assert_int_equal(sum.faults + sum.cut + (size_t)sum.cut_from, 0);
    assert_int_equal(zone_local("Europe/Moscow", got[0].start_ms, &moscow), ERR_OK);
    assert_int_equal(moscow.hour, 10);
    assert_int_equal(zone_local("Europe/Moscow", got[1].start_ms, &moscow), ERR_OK);
    assert_int_equal(moscow.hour, 11);
}

/* A mentor in Moscow teaches at 11:00 every Tuesday there: the Berlin child's series is free of it
 * in the first week only. */
static void conflicts_are_looked_for_on_instants(void **state)
{
    struct series berlin = tuesdays("FREQ=WEEKLY;BYDAY=TU;COUNT=2");
    struct series moscow = berlin;
    struct occurrence theirs[2];
    struct schedule_policy policy = schedule_policy_default();
    struct violation v[4];

    (void)state;
    moscow.tz = "Europe/Moscow";
    moscow.hour = 11;
    assert_int_equal(series_expand(&moscow, theirs, 2, &sum), ERR_OK);
    expand(&berlin, 2);
    for (int i = 0; i < 2; i++) {
        struct booked_lesson plan = { .id = { 1 },
                                      .start_ms = got[i].start_ms,
                                      .end_ms = got[i].end_ms,
                                      .mentor = { 10 },
                                      .children = { { 20 } },
                                      .children_n = 1 };
        struct booked_lesson other = plan;

        other.id.v = 2;
        other.children[0].v = 21;
        other.start_ms = theirs[i].start_ms;
        other.end_ms = theirs[i].end_ms;
        assert_int_equal(schedule_check(&plan, &other, 1, &policy, 0, v, 4), i);
        if (i == 1)
            assert_int_equal(v[0].rule, RULE_MENTOR_OVERLAP);
    }
}

static void skipped_times_have_no_instant_and_doubled_ones_are_asked_about(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;BYDAY=SU;COUNT=3");

    (void)state;
    s.first_day = day_of(2026, 3, 22);
    s.hour = 2;
    s.minute = 30;
    expand(&s, 3);
    assert_int_equal(sum.faults, 1);
    assert_int_equal(got[0].rule, RULE_NONE);
    assert_int_equal(got[1].day, day_of(2026, 3, 29));
    assert_int_equal(got[1].rule, RULE_SKIPPED_TIME);
    assert_int_equal(got[1].start_ms, 0);
    assert_int_equal(got[1].end_ms, 0);
    assert_int_equal(got[2].rule, RULE_NONE);
    s.first_day = day_of(2026, 10, 25);
    expand(&s, 3);
    assert_int_equal(sum.faults, 1);
    assert_int_equal(got[0].rule, RULE_DOUBLED_TIME);
    assert_int_equal(got[0].choices[0], utc(2026, 10, 25, 0, 30));
    assert_int_equal(got[0].choices[1], utc(2026, 10, 25, 1, 30));
    s.which = WHICH_FIRST;
    expand(&s, 3);
    assert_int_equal(sum.faults, 0);
    assert_int_equal(got[0].start_ms, utc(2026, 10, 25, 0, 30));
    s.which = WHICH_SECOND;
    expand(&s, 3);
    assert_int_equal(got[0].start_ms, utc(2026, 10, 25, 1, 30));
    assert_int_equal(got[1].start_ms, utc(2026, 11, 1, 1, 30));
}

/* 08:00 on 1 October in Kamchatka is 23:00 on 30 September in Moscow: of the child's day it is
 * October, of the school's account September. */
static void a_lesson_belongs_to_the_schools_day(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;COUNT=1");
    struct school_facts school = { .id = { 5 }, .tz = "Europe/Moscow" };
    struct approved_line line = { 7, { 0, day_of(2026, 9, 30) }, 40, 40, 0 };
    struct gate_span gate = { 0, INT64_MAX, 0 };
    struct child_facts child = { .id = { 20 },
                                 .tz = "Asia/Kamchatka",
                                 .school = { 5 },
                                 .gates = &gate,
                                 .gates_n = 1,
                                 .lines = &line,
                                 .lines_n = 1 };
    struct schedule_policy policy = schedule_policy_default();
    struct schedule_facts facts = {
        .policy = &policy, .children = &child, .children_n = 1, .schools = &school, .schools_n = 1
    };
    struct booked_lesson plan = {
        .children = { { 20 } }, .children_n = 1, .schools = { { 5 } }, .subject = 7
    };
    struct violation v[4];

    (void)state;
    s.tz = "Asia/Kamchatka";
    s.first_day = day_of(2026, 10, 1);
    s.hour = 8;
    expand(&s, 1);
    assert_int_equal(got[0].start_ms, utc(2026, 9, 30, 20, 0));
    plan.start_ms = got[0].start_ms;
    plan.end_ms = got[0].end_ms;
    assert_int_equal(schedule_judge(&plan, &facts, v, 4), 0);
    line.days = (struct day_span){ day_of(2026, 10, 1), INT64_MAX };
    assert_int_equal(schedule_judge(&plan, &facts, v, 4), 1);
    assert_int_equal(v[0].rule, RULE_NO_LINE);
}

static void a_rule_ends_with_its_last_day(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261105");

    (void)state;
    expand(&s, 6); /* 20 22 27 29 October, 3 and 5 November: the last day is one of them */
    assert_int_equal(got[5].day, day_of(2026, 11, 5));
    s.rule = "FREQ=WEEKLY;BYDAY=TU,TH;UNTIL=20261104";
    expand(&s, 5);
    s.rule = "FREQ=WEEKLY;BYDAY=MO;COUNT=2"; /* the first is the first Monday */
    expand(&s, 2);
    assert_int_equal(got[0].day, day_of(2026, 10, 26));
    s.rule = "FREQ=WEEKLY;INTERVAL=2;WKST=MO;BYDAY=MO,TU;COUNT=3";
    expand(&s, 3);
    assert_int_equal(got[0].day, day_of(2026, 10, 20));
    assert_int_equal(got[1].day, day_of(2026, 11, 2));
    assert_int_equal(got[2].day, day_of(2026, 11, 3));
    s.rule = "FREQ=WEEKLY;UNTIL=20261001"; /* over before it begins */
    expand(&s, 0);
}

static void days_are_left_out_and_moved(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;COUNT=4");
    int64_t out[] = { day_of(2026, 11, 3), day_of(2026, 10, 21) }; /* the second is no occurrence */
    struct series_move moves[] = {
        { day_of(2026, 10, 27), { .year = 2026, .month = 10, .day = 28, .hour = 14 }, WHICH_ASK },
        { day_of(2026, 11, 3), { .year = 2026, .month = 11, .day = 4, .hour = 14 }, WHICH_ASK },
    };

    (void)state;
    s.exceptions = out;
    s.exceptions_n = 2;
    s.moves = moves;
    s.moves_n = 2;
    expand(&s, 3); /* a day left out counts for COUNT (RFC 5545), and is left out though moved */
    assert_false(got[0].moved);
    assert_true(got[1].moved);
    assert_int_equal(got[1].day, day_of(2026, 10, 27));
    assert_int_equal(got[1].start_ms, utc(2026, 10, 28, 13, 0));
    assert_int_equal(got[2].day, day_of(2026, 11, 10));
    moves[0].to = (struct local_time){ .year = 2026, .month = 10, .day = 25, .hour = 2 };
    expand(&s, 3);
    assert_int_equal(got[1].rule, RULE_DOUBLED_TIME);
    moves[0].which = WHICH_SECOND;
    expand(&s, 3);
    assert_int_equal(got[1].start_ms, utc(2026, 10, 25, 1, 0));
    moves[0].to.month = 13;
    expand(&s, 3);
    assert_int_equal(got[1].rule, RULE_UNKNOWN_ZONE);
}

static void a_series_is_cut_where_a_paper_ends(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;COUNT=4");
    struct series_move move = { day_of(2026, 11, 3),
                                { .year = 2026, .month = 10, .day = 30, .hour = 14 },
                                WHICH_ASK };

    (void)state;
    s.last_day = day_of(2026, 10, 27);
    expand(&s, 2);
    assert_int_equal(sum.cut, 2);
    assert_int_equal(sum.cut_from, day_of(2026, 11, 3));
    s.last_day = day_of(2026, 10, 30);
    s.moves = &move; /* where the lesson really is decides */
    s.moves_n = 1;
    expand(&s, 3);
    assert_int_equal(sum.cut, 1);
    assert_int_equal(sum.cut_from, day_of(2026, 11, 10));
    s.last_day = day_of(2026, 10, 29);
    expand(&s, 2);
}

static void what_is_no_weekly_rule_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "junk",
        "FREQ=WEEKLY", /* without an end */
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=-1",
        "FREQ=WEEKLY;COUNT=401",
        "FREQ=WEEKLY;COUNT=4294967298", /* would be read as 2 */
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=20261103T090000", /* an hour is no last day */
        "FREQ=WEEKLY;UNTIL=20261103T090000Z",
        "FREQ=WEEKLY;UNTIL=20270229",
        "FREQ=WEEKLY;UNTIL=20269999",
        "FREQ=DAILY;COUNT=2",
        "FREQ=MONTHLY;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=5;COUNT=2",
        "FREQ=WEEKLY;BYDAY=2TU;COUNT=2",
        "FREQ=WEEKLY;BYDAY=XX;COUNT=2",
        "FREQ=WEEKLY;BYDAY=;COUNT=2",
        "FREQ=WEEKLY;BYHOUR=5,6;COUNT=2",
        "FREQ=WEEKLY;BYMINUTE=5;COUNT=2",
        "FREQ=WEEKLY;BYSECOND=5;COUNT=2",
        "FREQ=WEEKLY;BYMONTH=5;COUNT=2",
        "FREQ=WEEKLY;BYSETPOS=1;BYDAY=TU;COUNT=2",
        "FREQ=WEEKLY;BYMONTHDAY=1;COUNT=2",
        "FREQ=WEEKLY;BYYEARDAY=1;COUNT=2",
        "FREQ=WEEKLY;BYWEEKNO=1;COUNT=2",
        "RSCALE=GREGORIAN;FREQ=WEEKLY;COUNT=2",
        "FREQ=WEEKLY;COUNT=2;BYDAY=MO,TU,WE,TH,FR,SA,SU,MO,TU,WE,TH,FR,SA,SU,MO,TU,WE,TH,FR,SA,SU,"
        "MO,TU,WE,TH,FR,SA,SU,MO,TU,WE,TH",
    };
    struct series s = tuesdays(NULL);

    (void)state;
    assert_int_equal(series_rule_check(NULL), ERR_PARSE);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (series_rule_check(bad[i]) != ERR_PARSE)
            fail_msg("accepted: %s", bad[i]);
        s.rule = bad[i];
        assert_int_equal(series_expand(&s, got, 10, &sum), ERR_PARSE);
    }
    assert_int_equal(series_rule_check("FREQ=WEEKLY;INTERVAL=4;COUNT=400"), ERR_OK);
    assert_int_equal(series_rule_check("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL=20261224"),
                     ERR_OK);
}

static void bounds_of_a_series(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;UNTIL=20371231");
    struct series good = tuesdays("FREQ=WEEKLY;COUNT=3");

    (void)state;
    sum.n = 77;
    assert_int_equal(series_expand(&s, got, SERIES_OCCURRENCES_MAX, &sum), ERR_NOMEM);
    s.last_day = s.first_day; /* cut ones are not walked through without end, either */
    assert_int_equal(series_expand(&s, got, SERIES_OCCURRENCES_MAX, &sum), ERR_NOMEM);
    assert_int_equal(series_expand(&good, got, 2, &sum), ERR_NOMEM);
    assert_int_equal(sum.n, 77);
    assert_int_equal(series_expand(&good, got, 3, &sum), ERR_OK);
    s = good, s.hour = 24;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.hour = -1;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.minute = 60;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.minute = -1;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.minutes = 0;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.minutes = 1441;
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.first_day = day_of(2022, 12, 31);
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.first_day = day_of(2038, 1, 1);
    assert_int_equal(series_expand(&s, got, 3, &sum), ERR_INVAL);
    s = good, s.tz = "Mars/Olympus";
    expand(&s, 3);
    assert_int_equal(sum.faults, 3);
    assert_int_equal(got[2].rule, RULE_UNKNOWN_ZONE);
}

/* Almaty went from +06 to +05 on 1 March 2024. Lessons booked by the old rules stand an hour off.
 */
static void a_zone_that_moves_takes_its_booked_lessons_along(void **state)
{
    struct series s = tuesdays("FREQ=WEEKLY;COUNT=3");
    struct series_booked booked[4] = {
        { day_of(2024, 2, 27), utc(2024, 2, 27, 4, 0) }, /* 10:00 at +06 */
        { day_of(2024, 3, 5), utc(2024, 3, 5, 4, 0) },
        { day_of(2024, 3, 12), utc(2024, 3, 12, 4, 0) },
        { day_of(2024, 3, 19), utc(2024, 3, 19, 4, 0) }, /* no occurrence any more */
    };
    struct series_shift shift[4];

    (void)state;
    s.tz = "Asia/Almaty";
    s.first_day = day_of(2024, 2, 27);
    s.hour = 10;
    expand(&s, 3);
    memset(shift, 0, sizeof shift);
    assert_int_equal(series_shifted(booked, 4, got, 3, shift, 2), 3);
    assert_int_equal(shift[0].day, day_of(2024, 3, 5));
    assert_int_equal(shift[0].was_ms, utc(2024, 3, 5, 4, 0));
    assert_int_equal(shift[0].is_ms, utc(2024, 3, 5, 5, 0));
    assert_int_equal(shift[1].day, day_of(2024, 3, 12));
    assert_int_equal(shift[2].day, 0); /* counted, not written */
    assert_int_equal(series_shifted(booked, 4, got, 3, shift, 4), 3);
    assert_int_equal(shift[2].is_ms, SERIES_NO_INSTANT);
    got[1].rule = RULE_SKIPPED_TIME; /* has lost its instant */
    assert_int_equal(series_shifted(&booked[1], 1, got, 3, shift, 4), 1);
    assert_int_equal(shift[0].is_ms, SERIES_NO_INSTANT);
    assert_int_equal(series_shifted(booked, 1, got, 3, shift, 4), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_series_keeps_its_wall_time_over_a_change_of_clocks),
        cmocka_unit_test(conflicts_are_looked_for_on_instants),
        cmocka_unit_test(skipped_times_have_no_instant_and_doubled_ones_are_asked_about),
        cmocka_unit_test(a_lesson_belongs_to_the_schools_day),
        cmocka_unit_test(a_rule_ends_with_its_last_day),
        cmocka_unit_test(days_are_left_out_and_moved),
        cmocka_unit_test(a_series_is_cut_where_a_paper_ends),
        cmocka_unit_test(what_is_no_weekly_rule_is_refused),
        cmocka_unit_test(bounds_of_a_series),
        cmocka_unit_test(a_zone_that_moves_takes_its_booked_lessons_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
