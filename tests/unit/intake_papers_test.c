/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/papers, day and casefile: each limit at its bounds, how long
 * papers hold and when they are called out, and the case's state from every
 * combination of its gates.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/casefile.h"
#include "server/domain/zone.h"

static int64_t day(const char *text)
{
    int64_t d = 0;

    assert_true(day_parse(text, &d));
    return d;
}

#define TODAY day("2026-11-24")

/* ---- days ------------------------------------------------------------------------------- */

static void only_days_that_exist_are_read(void **state)
{
    static const char *const bad[] = {
        "",           "2026-11-2",   "2026-11-244", "2026-13-01", "2026-02-29", "2026-00-10",
        "2026-11-00", "26-11-24",    "2026/11/24",  "2026-11-2x", "1899-12-31", "2200-01-01",
        "+026-11-24", "2026-11-24 ", "2o26-11-24",  "2026-11-0:", "2026-1a-24"
    };
    static const char *const good[] = { "2024-02-29", "1900-01-01", "2199-12-31", "2016-05-09" };
    int64_t d = 5;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(day_parse(bad[i], &d));
        assert_int_equal(d, 5);
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        char text[DAY_TEXT_BYTES];

        day_write(day(good[i]), text);
        assert_string_equal(text, good[i]);
    }
}

static void no_day_is_written_as_nothing(void **state)
{
    char text[DAY_TEXT_BYTES] = "x";

    (void)state;
    day_write(DAY_NONE, text);
    assert_string_equal(text, "");
    day_write(INT64_MAX, text);
    assert_string_equal(text, "");
}

static void a_day_is_the_zones(void **state)
{
    int64_t at = day("2026-11-24") * MS_PER_DAY + 22 * MS_PER_HOUR, d = 0;

    (void)state;
    assert_int_equal(day_in_zone("Europe/Moscow", at, &d), ERR_OK);
    assert_int_equal(d, day("2026-11-25"));
    assert_int_equal(day_in_zone("UTC", at, &d), ERR_OK);
    assert_int_equal(d, day("2026-11-24"));
    assert_int_equal(day_in_zone("Nowhere/City", at, &d), ERR_NOTFOUND);
}

static void years_are_full_on_the_anniversary(void **state)
{
    (void)state;
    assert_int_equal(day_years(day("2016-05-09"), day("2026-05-08")), 9);
    assert_int_equal(day_years(day("2016-05-09"), day("2026-05-09")), 10);
    assert_int_equal(day_years(day("2016-05-09"), day("2026-04-30")), 9);
    assert_int_equal(day_years(day("2016-02-29"), day("2027-02-28")), 10);
    assert_int_equal(day_years(day("2016-02-29"), day("2027-03-01")), 11);
    assert_int_equal(day_years(day("2027-01-01"), day("2026-01-01")), -1);
}

/* ---- papers ----------------------------------------------------------------------------- */

static void a_basis_is_of_the_past_and_still_holds(void **state)
{
    static const struct {
        const char *issued, *from, *to;
        enum paper_fault want;
    } t[] = {
        { "2026-11-01", "2026-11-01", "2027-05-31", PAPER_NONE },
        { "2026-11-24", "2026-11-24", "2026-11-24", PAPER_NONE }, /* today, for one day */
        { "2026-11-25", "2026-11-25", "2027-05-31", PAPER_ISSUED_AHEAD },
        { "2026-11-24", "2026-12-01", "2027-05-31", PAPER_NONE }, /* begins later */
        { "2026-10-01", "2026-10-01", "2026-11-23", PAPER_EXPIRED },
        { "2026-11-01", "2027-01-01", "2026-12-31", PAPER_ENDS_BEFORE_START },
        { "2026-11-20", "2026-11-01", "2026-11-19", PAPER_ISSUED_AFTER_END },
        { "2026-11-24", "2026-11-24", "2027-11-24", PAPER_NONE }, /* 366 days */
        { "2026-11-24", "2026-11-24", "2027-11-25", PAPER_TERM },
    };
    struct intake_policy p = intake_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct medical_basis b = { day(t[i].issued), day(t[i].from), day(t[i].to) };
        struct recommendation r = { .issued_day = b.issued_day,
                                    .from_day = b.from_day,
                                    .to_day = b.to_day };

        if (basis_check(&b, TODAY, &p) != t[i].want)
            fail_msg("row %zu", i);
        assert_int_equal(recommendation_check(&r, TODAY, &p), t[i].want);
    }
}

static void the_term_is_the_policys(void **state)
{
    struct intake_policy p = intake_policy_default();
    struct medical_basis b = { TODAY, TODAY, TODAY + 29 };
    struct recommendation r = { .issued_day = TODAY, .from_day = TODAY, .to_day = TODAY + 29 };

    (void)state;
    p.basis_max_days = 30;
    assert_int_equal(basis_check(&b, TODAY, &p), PAPER_NONE);
    p.basis_max_days = 29;
    assert_int_equal(basis_check(&b, TODAY, &p), PAPER_TERM);
    assert_int_equal(recommendation_check(&r, TODAY, &p), PAPER_NONE); /* has its own */
    p.recommendation_max_days = 29;
    assert_int_equal(recommendation_check(&r, TODAY, &p), PAPER_TERM);
}

static struct recommendation plain(void)
{
    return (struct recommendation){ .issued_day = TODAY, .from_day = TODAY, .to_day = TODAY + 90 };
}

static void every_limit_has_bounds(void **state)
{
    static const struct {
        size_t at;
        int low, high;
        enum paper_fault want;
    } t[] = {
        { offsetof(struct recommendation, lesson_minutes), 10, 1440, PAPER_LESSON_MINUTES },
        { offsetof(struct recommendation, lessons_per_day), 1, 144, PAPER_PER_DAY },
        { offsetof(struct recommendation, lessons_per_week), 1, 1008, PAPER_PER_WEEK },
        { offsetof(struct recommendation, screen_minutes), 1, 1440, PAPER_SCREEN_MINUTES },
    };
    struct intake_policy p = intake_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        const struct {
            int value;
            bool fine;
        } tries[] = {
            { 0, true },         { t[i].low, true },       { t[i].low - 1, t[i].low == 1 },
            { t[i].high, true }, { t[i].high + 1, false }, { -1, false }
        };

        for (size_t k = 0; k < sizeof tries / sizeof tries[0]; k++) {
            struct recommendation r = plain();

            memcpy((char *)&r + t[i].at, &tries[k].value, sizeof(int));
            if (recommendation_check(&r, TODAY, &p) != (tries[k].fine ? PAPER_NONE : t[i].want))
                fail_msg("limit %zu at %d", i, tries[k].value);
        }
    }
}

static void a_week_holds_at_least_a_day(void **state)
{
    struct intake_policy p = intake_policy_default();
    struct recommendation r = plain();

    (void)state;
    r.lessons_per_day = 3;
    r.lessons_per_week = 3;
    assert_int_equal(recommendation_check(&r, TODAY, &p), PAPER_NONE);
    r.lessons_per_week = 2;
    assert_int_equal(recommendation_check(&r, TODAY, &p), PAPER_PER_WEEK);
    r.lessons_per_week = 0;
    assert_int_equal(recommendation_check(&r, TODAY, &p), PAPER_NONE);
}

static void hours_days_and_equipment_make_sense(void **state)
{
    static const struct {
        int from, to;
        unsigned rest, equipment;
        enum paper_fault want;
    } t[] = {
        { 0, 0, 0, 0, PAPER_NONE },
        { 600, 720, 0, 0, PAPER_NONE },
        { 600, 610, 0, 0, PAPER_NONE }, /* one shortest lesson */
        { 600, 609, 0, 0, PAPER_HOURS },
        { 720, 600, 0, 0, PAPER_HOURS },
        { 600, 600, 0, 0, PAPER_HOURS },
        { 600, 0, 0, 0, PAPER_HOURS },
        { 0, 1440, 0, 0, PAPER_NONE },
        { 0, 1441, 0, 0, PAPER_HOURS },
        { -1, 600, 0, 0, PAPER_HOURS },
        { 0, 0, 1u << 7, 0, PAPER_NONE },
        { 0, 0, 0xfe & ~(1u << 3), 0, PAPER_NONE }, /* one day is left */
        { 0, 0, 0xfe, 0, PAPER_REST_DAYS },
        { 0, 0, 1, 0, PAPER_REST_DAYS }, /* there is no day 0 */
        { 0, 0, 1u << 8, 0, PAPER_REST_DAYS },
        { 0, 0, 0, (1u << EQUIPMENT_COUNT) - 1, PAPER_NONE },
        { 0, 0, 0, 1u << EQUIPMENT_COUNT, PAPER_EQUIPMENT },
    };
    struct intake_policy p = intake_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct recommendation r = plain();

        r.from_minute = t[i].from;
        r.to_minute = t[i].to;
        r.rest_weekdays = t[i].rest;
        r.equipment = t[i].equipment;
        if (recommendation_check(&r, TODAY, &p) != t[i].want)
            fail_msg("row %zu", i);
    }
}

static void an_end_is_called_out_thirty_fourteen_and_three_days_before(void **state)
{
    static const struct {
        int64_t left;
        int alert;
    } t[] = { { 31, 0 }, { 30, 30 }, { 15, 30 }, { 14, 14 }, { 4, 14 }, { 3, 3 }, { 0, 3 } };
    struct intake_policy p = intake_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct validity_report v = validity_at(TODAY - 5, TODAY + t[i].left, TODAY, &p);

        assert_int_equal(v.state, VALIDITY_VALID);
        assert_int_equal(v.days_left, t[i].left);
        assert_int_equal(v.alert_days, t[i].alert);
    }
    p.alert_days[0] = 60; /* the numbers are the policy's */
    assert_int_equal(validity_at(TODAY, TODAY + 60, TODAY, &p).alert_days, 60);
}

static void outside_its_days_a_paper_does_not_hold(void **state)
{
    struct intake_policy p = intake_policy_default();

    (void)state;
    assert_int_equal(validity_at(DAY_NONE, DAY_NONE, TODAY, &p).state, VALIDITY_ABSENT);
    assert_int_equal(validity_at(TODAY + 1, TODAY + 9, TODAY, &p).state, VALIDITY_AHEAD);
    assert_int_equal(validity_at(TODAY, TODAY, TODAY, &p).state, VALIDITY_VALID);
    assert_int_equal(validity_at(TODAY - 9, TODAY - 1, TODAY, &p).state, VALIDITY_EXPIRED);
    assert_int_equal(validity_at(TODAY - 9, TODAY - 1, TODAY, &p).alert_days, 0);
}

static void papers_speak_in_words(void **state)
{
    enum equipment e;

    (void)state;
    for (int i = 0; i < EQUIPMENT_COUNT; i++) {
        assert_true(equipment_parse(equipment_name((enum equipment)i), &e));
        assert_int_equal(e, i);
    }
    assert_false(equipment_parse("oxygen", &e));
    assert_false(equipment_parse(NULL, &e));
    assert_string_equal(equipment_name(EQUIPMENT_COUNT), "unknown");
    assert_string_equal(paper_fault_field(PAPER_EXPIRED), "to");
    assert_string_equal(paper_fault_name(PAPER_EXPIRED), "expired");
    assert_string_equal(paper_fault_field(PAPER_FAULT_COUNT), "");
    assert_string_equal(paper_fault_name(PAPER_FAULT_COUNT), "unknown");
    assert_string_equal(validity_name(VALIDITY_AHEAD), "ahead");
    assert_string_equal(validity_name((enum validity)9), "unknown");
}

/* ---- case ------------------------------------------------------------------------------- */

static struct case_facts all_well(void)
{
    return (struct case_facts){ .basis = VALIDITY_VALID,
                                .recommendation = VALIDITY_VALID,
                                .consent = true,
                                .guardian = true,
                                .lead_mentor = true,
                                .programme = true,
                                .schedule = true,
                                .staff = true };
}

/* The facts with one gate shut. */
static struct case_facts without(enum case_gate g)
{
    struct case_facts f = all_well();

    f.basis = g == CASE_GATE_BASIS ? VALIDITY_EXPIRED : f.basis;
    f.recommendation = g == CASE_GATE_RECOMMENDATION ? VALIDITY_AHEAD : f.recommendation;
    f.consent = g != CASE_GATE_CONSENT;
    f.guardian = g != CASE_GATE_GUARDIAN;
    f.lead_mentor = g != CASE_GATE_MENTOR;
    f.programme = g != CASE_GATE_PROGRAMME;
    f.schedule = g != CASE_GATE_SCHEDULE;
    f.staff = g != CASE_GATE_STAFF;
    f.school_unsettled = g == CASE_GATE_SCHOOL;
    f.hospital = g == CASE_GATE_AT_HOME;
    return f;
}

static void each_gate_shut_names_its_state(void **state)
{
    static const struct {
        enum case_gate gate;
        enum case_state before, after; /* the first lesson */
        enum case_reason reason;       /* then */
        const char *owner;
    } t[] = {
        { CASE_GATE_BASIS, CASE_OPEN, CASE_SUSPENDED, CASE_REASON_PAPER, "guardian" },
        { CASE_GATE_RECOMMENDATION, CASE_OPEN, CASE_SUSPENDED, CASE_REASON_PAPER, "guardian" },
        { CASE_GATE_CONSENT, CASE_OPEN, CASE_SUSPENDED, CASE_REASON_CONSENT, "guardian" },
        { CASE_GATE_GUARDIAN, CASE_OPEN, CASE_ACTIVE, CASE_REASON_NONE, "coordinator" },
        { CASE_GATE_MENTOR, CASE_MENTOR_SEARCH, CASE_ACTIVE, CASE_REASON_NONE, "coordinator" },
        { CASE_GATE_PROGRAMME, CASE_PROGRAMME_PENDING, CASE_ACTIVE, CASE_REASON_NONE,
          "coordinator" },
        { CASE_GATE_SCHEDULE, CASE_PROGRAMME_APPROVED, CASE_ACTIVE, CASE_REASON_NONE,
          "coordinator" },
        { CASE_GATE_STAFF, CASE_SCHEDULE_READY, CASE_ACTIVE, CASE_REASON_NONE, "school_officer" },
        { CASE_GATE_SCHOOL, CASE_OPEN, CASE_SUSPENDED, CASE_REASON_SCHOOL, "coordinator" },
        { CASE_GATE_AT_HOME, CASE_OPEN, CASE_SUSPENDED, CASE_REASON_HOSPITAL, "guardian" },
    };

    (void)state;
    assert_int_equal(sizeof t / sizeof t[0], CASE_GATE_COUNT);
    for (size_t i = 0; i < CASE_GATE_COUNT; i++) {
        struct case_facts f = without(t[i].gate);
        struct case_verdict v = case_decide(&f);

        assert_int_equal(v.state, t[i].before);
        assert_int_equal(v.reason, CASE_REASON_NONE);
        assert_int_equal(v.missing, 1u << t[i].gate);
        assert_string_equal(case_gate_owner(t[i].gate), t[i].owner);
        f.begun = true;
        v = case_decide(&f);
        assert_int_equal(v.state, t[i].after);
        assert_int_equal(v.reason, t[i].reason);
        assert_int_equal(v.missing, 1u << t[i].gate);
    }
}

static void an_open_line_leads_to_lessons(void **state)
{
    struct case_facts f = all_well(), none = { 0 };

    (void)state;
    assert_int_equal(case_decide(&f).state, CASE_STAFF_READY);
    f.begun = true;
    assert_int_equal(case_decide(&f).state, CASE_ACTIVE);
    assert_int_equal(case_decide(&f).missing, 0);
    assert_int_equal(case_decide(&none).state, CASE_OPEN);
    assert_int_equal(case_decide(&none).missing,
                     ((1u << CASE_GATE_COUNT) - 1) &
                         ~(1u << CASE_GATE_SCHOOL | 1u << CASE_GATE_AT_HOME));
}

static void the_first_of_several_reasons_is_named(void **state)
{
    struct case_facts f = all_well();

    (void)state;
    f.begun = true;
    f.consent = false;
    assert_int_equal(case_decide(&f).reason, CASE_REASON_CONSENT);
    f.school_unsettled = true;
    assert_int_equal(case_decide(&f).reason, CASE_REASON_SCHOOL);
    f.basis = VALIDITY_ABSENT;
    assert_int_equal(case_decide(&f).reason, CASE_REASON_PAPER);
    f.hospital = true;
    assert_int_equal(case_decide(&f).reason, CASE_REASON_HOSPITAL);
    f.hospital = f.school_unsettled = false;
    f.basis = VALIDITY_VALID;
    f.consent = true;
    assert_int_equal(case_decide(&f).state, CASE_ACTIVE); /* and back */
}

static void a_case_is_closed_once_and_not_over_its_lessons(void **state)
{
    struct case_facts f = all_well(), closed = { .closed = CASE_REASON_LEFT };
    struct intake_policy p = intake_policy_default();
    enum case_reason end = CASE_REASON_NONE;

    (void)state;
    assert_int_equal(case_close_check(&f, 0), CASE_CLOSING_OK);
    assert_int_equal(case_close_check(&f, 1), CASE_CLOSING_LESSONS);
    assert_int_equal(case_close_check(&closed, 0), CASE_CLOSING_CLOSED);
    assert_int_equal(case_close_check(&closed, 1), CASE_CLOSING_CLOSED);
    assert_string_equal(case_closing_name(CASE_CLOSING_LESSONS), "lessons_ahead");
    assert_string_equal(case_closing_name((enum case_closing)9), "unknown");
    assert_true(case_end_parse("finished", &end));
    assert_int_equal(end, CASE_REASON_FINISHED);
    assert_false(case_end_parse("hospital", &end)); /* that only suspends */
    assert_false(case_end_parse(NULL, &end));
    assert_int_equal(case_gate_due(100, DAY_NONE, &p), 100 + p.case_days);
    assert_int_equal(case_gate_due(100, 70, &p), 70);
}

static void a_closed_case_owes_nothing(void **state)
{
    struct case_facts f = { .begun = true, .closed = CASE_REASON_RECOVERED };
    struct case_verdict v = case_decide(&f);

    (void)state;
    assert_int_equal(v.state, CASE_CLOSED);
    assert_int_equal(v.reason, CASE_REASON_RECOVERED);
    assert_int_equal(v.missing, 0);
}

static void cases_speak_in_words(void **state)
{
    (void)state;
    assert_string_equal(case_state_name(CASE_MENTOR_SEARCH), "mentor_search");
    assert_string_equal(case_state_name((enum case_state)99), "unknown");
    assert_string_equal(case_reason_name(CASE_REASON_LEFT), "left");
    assert_string_equal(case_reason_name((enum case_reason)99), "unknown");
    assert_string_equal(case_gate_name(CASE_GATE_AT_HOME), "at_home");
    assert_string_equal(case_gate_name(CASE_GATE_COUNT), "unknown");
    assert_string_equal(case_gate_owner(CASE_GATE_COUNT), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_days_that_exist_are_read),
        cmocka_unit_test(no_day_is_written_as_nothing),
        cmocka_unit_test(a_day_is_the_zones),
        cmocka_unit_test(years_are_full_on_the_anniversary),
        cmocka_unit_test(a_basis_is_of_the_past_and_still_holds),
        cmocka_unit_test(the_term_is_the_policys),
        cmocka_unit_test(every_limit_has_bounds),
        cmocka_unit_test(a_week_holds_at_least_a_day),
        cmocka_unit_test(hours_days_and_equipment_make_sense),
        cmocka_unit_test(an_end_is_called_out_thirty_fourteen_and_three_days_before),
        cmocka_unit_test(outside_its_days_a_paper_does_not_hold),
        cmocka_unit_test(papers_speak_in_words),
        cmocka_unit_test(each_gate_shut_names_its_state),
        cmocka_unit_test(an_open_line_leads_to_lessons),
        cmocka_unit_test(the_first_of_several_reasons_is_named),
        cmocka_unit_test(a_closed_case_owes_nothing),
        cmocka_unit_test(a_case_is_closed_once_and_not_over_its_lessons),
        cmocka_unit_test(cases_speak_in_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
