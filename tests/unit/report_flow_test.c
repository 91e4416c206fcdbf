/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/report_flow: every move from every row by every party, what
 * holds a report up, the state it shows, the due day and its reminders.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/report_flow.h"
#include "tests/support/sample_report.h"

#define END INT64_C(1796072400000) /* 1 December 2026, 00:00 in Moscow */
#define DUE (END + 4 * MS_PER_DAY)

static const struct flow_content whole = { .totals_hold = true };

/* What each row becomes: none, draft, submitted, returned, accepted; '-' is no such move. */
static const struct {
    enum flow_move move;
    enum flow_actor actor;
    const char *becomes;
} expected[] = {
    { FLOW_EDIT, FLOW_BY_MENTOR, "dd-r-" },         { FLOW_SUBMIT, FLOW_BY_MENTOR, "ss-s-" },
    { FLOW_RETURN, FLOW_BY_COORDINATOR, "--r--" },  { FLOW_ACCEPT, FLOW_BY_COORDINATOR, "--a--" },
    { FLOW_CORRECT, FLOW_BY_COORDINATOR, "----d" }, { FLOW_ACKNOWLEDGE, FLOW_BY_SCHOOL, "----a" },
};

static const char letters[] = "-dsra";

static struct flow_facts facts(enum flow_row row)
{
    return (struct flow_facts){ .row = row, .sent = true, .period_end_ms = END, .due_ms = DUE };
}

static void each_row_has_its_moves_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(sizeof expected / sizeof expected[0], FLOW_MOVE_COUNT);
    for (int m = 0; m < FLOW_MOVE_COUNT; m++) {
        for (int row = 0; row < FLOW_ROW_COUNT; row++) {
            struct flow_facts f = facts((enum flow_row)row);
            struct flow_ask ask = { expected[m].move, expected[m].actor, true, false };
            enum flow_row next = FLOW_ROW_NONE;
            enum flow_verdict v = flow_decide(&f, &whole, &ask, END, &next);
            char want = expected[m].becomes[row];

            assert_int_equal(v == FLOW_MAY_OK, want != '-');
            assert_int_equal(letters[next], want);
        }
    }
}

static void a_move_is_one_partys(void **state)
{
    (void)state;
    for (int m = 0; m < FLOW_MOVE_COUNT; m++) {
        for (int actor = FLOW_BY_MENTOR; actor <= FLOW_BY_SCHOOL; actor++) {
            struct flow_ask ask = { expected[m].move, (enum flow_actor)actor, true, false };

            for (int row = 0; row < FLOW_ROW_COUNT; row++) {
                struct flow_facts f = facts((enum flow_row)row);
                enum flow_row next;
                enum flow_verdict v = flow_decide(&f, &whole, &ask, END, &next);

                assert_int_equal(v == FLOW_MAY_NOT_YOURS, actor != (int)expected[m].actor);
            }
        }
    }
}

static enum flow_verdict verdict(enum flow_move move, enum flow_row row,
                                 const struct flow_content *c, bool note, int64_t now)
{
    struct flow_facts f = facts(row);
    struct flow_ask ask = { move, expected[move].actor, note, false };
    enum flow_row next;

    return flow_decide(&f, c, &ask, now, &next);
}

static void nobody_judges_the_own_report(void **state)
{
    (void)state;
    for (int m = 0; m < FLOW_MOVE_COUNT; m++) {
        for (int row = 0; row < FLOW_ROW_COUNT; row++) {
            struct flow_facts f = facts((enum flow_row)row);
            struct flow_ask ask = { expected[m].move, expected[m].actor, true, true };
            enum flow_row next;
            enum flow_verdict v = flow_decide(&f, &whole, &ask, END, &next);

            assert_int_equal(v == FLOW_MAY_OWN, expected[m].actor == FLOW_BY_COORDINATOR);
        }
    }
}

static void an_accepted_version_is_not_edited(void **state)
{
    (void)state;
    assert_int_equal(verdict(FLOW_EDIT, FLOW_ROW_ACCEPTED, &whole, true, END), FLOW_MAY_ACCEPTED);
    assert_int_equal(verdict(FLOW_EDIT, FLOW_ROW_SUBMITTED, &whole, true, END), FLOW_MAY_STATE);
}

static void nothing_is_sent_before_the_month_is_over(void **state)
{
    (void)state;
    assert_int_equal(verdict(FLOW_SUBMIT, FLOW_ROW_DRAFT, &whole, false, END - 1),
                     FLOW_MAY_NOT_OVER);
    assert_int_equal(verdict(FLOW_SUBMIT, FLOW_ROW_DRAFT, &whole, false, END), FLOW_MAY_OK);
    assert_int_equal(verdict(FLOW_EDIT, FLOW_ROW_DRAFT, &whole, false, END - 1), FLOW_MAY_OK);
}

static void a_return_and_a_correction_need_a_word(void **state)
{
    (void)state;
    assert_int_equal(verdict(FLOW_RETURN, FLOW_ROW_SUBMITTED, &whole, false, END),
                     FLOW_MAY_NO_NOTE);
    assert_int_equal(verdict(FLOW_CORRECT, FLOW_ROW_ACCEPTED, &whole, false, END),
                     FLOW_MAY_NO_NOTE);
    assert_int_equal(verdict(FLOW_ACCEPT, FLOW_ROW_SUBMITTED, &whole, false, END), FLOW_MAY_OK);
}

static void what_stands_in_it_can_hold_it_up(void **state)
{
    static const struct {
        struct flow_content c;
        enum flow_verdict submit, accept;
    } cases[] = {
        { { .totals_hold = true, .unresolved = 1 }, FLOW_MAY_UNRESOLVED, FLOW_MAY_UNRESOLVED },
        { { .totals_hold = true, .disputed = 1 }, FLOW_MAY_OK, FLOW_MAY_DISPUTED },
        { { .totals_hold = false }, FLOW_MAY_TOTALS, FLOW_MAY_TOTALS },
        { { .totals_hold = true, .empty = true }, FLOW_MAY_EMPTY, FLOW_MAY_EMPTY },
        { { .totals_hold = true, .marks_missing = 2 },
          FLOW_MAY_MARKS_MISSING,
          FLOW_MAY_MARKS_MISSING },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(verdict(FLOW_SUBMIT, FLOW_ROW_DRAFT, &cases[i].c, true, END),
                         cases[i].submit);
        assert_int_equal(verdict(FLOW_ACCEPT, FLOW_ROW_SUBMITTED, &cases[i].c, true, END),
                         cases[i].accept);
        /* What is wrong with it is no reason to keep it: it can always be given back. */
        assert_int_equal(verdict(FLOW_RETURN, FLOW_ROW_SUBMITTED, &cases[i].c, true, END),
                         FLOW_MAY_OK);
    }
}

static void a_school_acknowledges_what_it_has(void **state)
{
    struct flow_facts f = facts(FLOW_ROW_ACCEPTED);
    struct flow_ask ask = { FLOW_ACKNOWLEDGE, FLOW_BY_SCHOOL, false, false };
    enum flow_row next;

    (void)state;
    f.sent = false;
    assert_int_equal(flow_decide(&f, &whole, &ask, END, &next), FLOW_MAY_NOT_SENT);
    f.sent = true;
    assert_int_equal(flow_decide(&f, &whole, &ask, END, &next), FLOW_MAY_OK);
}

static void the_state_follows_from_row_clock_and_copy(void **state)
{
    static const struct {
        enum flow_row row;
        bool sent, acknowledged;
        int64_t now;
        const char *state;
        bool overdue;
    } cases[] = {
        { FLOW_ROW_NONE, false, false, END - 1, "not_due", false },
        { FLOW_ROW_DRAFT, false, false, END - 1, "not_due", false },
        { FLOW_ROW_NONE, false, false, END, "due", false },
        { FLOW_ROW_NONE, false, false, DUE - 1, "due", false },
        { FLOW_ROW_NONE, false, false, DUE, "due", true },
        { FLOW_ROW_DRAFT, false, false, DUE, "draft", true },
        { FLOW_ROW_SUBMITTED, false, false, DUE, "submitted", false },
        { FLOW_ROW_RETURNED, false, false, DUE - 1, "returned", false },
        { FLOW_ROW_RETURNED, false, false, DUE, "returned", true },
        { FLOW_ROW_ACCEPTED, false, false, DUE, "accepted", false },
        { FLOW_ROW_ACCEPTED, true, false, DUE, "duplicated", false },
        { FLOW_ROW_ACCEPTED, true, true, DUE, "acknowledged", false },
        { FLOW_ROW_ACCEPTED, false, true, DUE, "accepted", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct flow_facts f = { cases[i].row, cases[i].sent, cases[i].acknowledged, END, DUE };

        assert_string_equal(flow_state_name(flow_state(&f, cases[i].now)), cases[i].state);
        assert_int_equal(flow_overdue(&f, cases[i].now), cases[i].overdue);
    }
}

static void a_mentor_is_reminded_twice_and_then_of_each_day(void **state)
{
    const struct report_policy p = report_policy_default();
    static const struct {
        int64_t now;
        const char *name;
    } cases[] = {
        { END - 1, "none" },
        { END, "none" }, /* four days are left, the first word comes at three */
        { DUE - 3 * MS_PER_DAY - 1, "none" },
        { DUE - 3 * MS_PER_DAY, "first" },
        { DUE - MS_PER_DAY - 1, "first" },
        { DUE - MS_PER_DAY, "last" },
        { DUE, "overdue" },
    };
    struct flow_facts f = facts(FLOW_ROW_DRAFT);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(flow_reminder_name(flow_reminder(&f, &p, cases[i].now)), cases[i].name);
    f.row = FLOW_ROW_SUBMITTED;
    assert_int_equal(flow_reminder(&f, &p, DUE), REMINDER_NONE);
}

static void the_content_is_read_from_the_lines(void **state)
{
    struct month_report r;
    struct flow_content c;

    (void)state;
    assert_int_equal(sample_report(&r, 40, true), ERR_OK);
    c = flow_content_of(&r, false);
    assert_true(c.totals_hold);
    assert_false(c.empty);
    for (size_t i = 0; i < r.lines_n; i++) {
        if (r.lines[i].status == LINE_AHEAD)
            r.lines[i].status = LINE_MOVED; /* never happened */
        if (r.lines[i].code == 'N')
            r.lines[i].code = 'I';
        r.lines[i].family = FAMILY_OPEN;
    }
    assert_int_equal(month_report_close(&r), ERR_OK);
    c = flow_content_of(&r, false);
    assert_int_equal(c.unresolved + c.disputed + c.first_line, 0);
    r.lines[0].code = 'N'; /* an absence that nobody explained yet */
    assert_int_equal(month_report_close(&r), ERR_OK);
    c = flow_content_of(&r, false);
    assert_int_equal(c.unresolved, 1);
    assert_int_equal(c.first_line, 1);
    r.lines[0].code = 'P';
    assert_int_equal(month_report_close(&r), ERR_OK);
    r.lines[2].family = FAMILY_DISPUTED;
    c = flow_content_of(&r, false);
    assert_int_equal(c.disputed, 1);
    assert_int_equal(c.first_line, 3);
    r.totals.held++;
    assert_false(flow_content_of(&r, false).totals_hold);
    month_report_deinit(&r);
}

static void an_empty_month_needs_the_mentors_reason(void **state)
{
    struct month_report r;

    (void)state;
    assert_int_equal(sample_report(&r, 0, true), ERR_OK);
    assert_true(flow_content_of(&r, false).empty);
    assert_false(flow_content_of(&r, true).empty);
    month_report_deinit(&r);
}

static void names_are_read_back(void **state)
{
    enum flow_row row;

    (void)state;
    for (int i = 0; i < FLOW_ROW_COUNT; i++) {
        assert_true(flow_row_parse(flow_row_name((enum flow_row)i), &row));
        assert_int_equal(row, i);
    }
    assert_false(flow_row_parse("lost", &row));
    assert_string_equal(flow_verdict_name(FLOW_MAY_UNRESOLVED), "report_unresolved");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_has_its_moves_and_no_other),
        cmocka_unit_test(a_move_is_one_partys),
        cmocka_unit_test(nobody_judges_the_own_report),
        cmocka_unit_test(an_accepted_version_is_not_edited),
        cmocka_unit_test(nothing_is_sent_before_the_month_is_over),
        cmocka_unit_test(a_return_and_a_correction_need_a_word),
        cmocka_unit_test(what_stands_in_it_can_hold_it_up),
        cmocka_unit_test(a_school_acknowledges_what_it_has),
        cmocka_unit_test(the_state_follows_from_row_clock_and_copy),
        cmocka_unit_test(a_mentor_is_reminded_twice_and_then_of_each_day),
        cmocka_unit_test(the_content_is_read_from_the_lines),
        cmocka_unit_test(an_empty_month_needs_the_mentors_reason),
        cmocka_unit_test(names_are_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
