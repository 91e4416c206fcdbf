/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/sheet: means and proposals of a sheet, which set mark may
 * stand, what holds the sheet up.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "server/domain/sheet.h"

static struct mark_sheet s;
static struct marks_policy policy;

static int setup(void **state)
{
    (void)state;
    policy = marks_policy_default();
    mark_sheet_init(&s);
    s.grade = 5;
    s.kind = MARKS_QUARTER;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mark_sheet_deinit(&s);
    return 0;
}

static struct sheet_subject *subject(int64_t id, const char *code)
{
    struct sheet_subject *l = NULL;

    assert_int_equal(mark_sheet_subject(&s, id, code, code, &l), ERR_OK);
    return l;
}

static void marks(const char *code, const char *digits)
{
    struct sheet_subject *l = mark_sheet_find(&s, code);

    for (int64_t i = 0; digits[i]; i++) {
        struct sheet_current m = { { 100 + i }, i, (enum mark_value)(MARK_2 + digits[i] - '2') };

        l->held++;
        assert_int_equal(sheet_subject_mark(l, &m), ERR_OK);
    }
}

static void the_sheet_is_in_order_and_proposes(void **state)
{
    (void)state;
    subject(7, "reading");
    subject(3, "maths");
    assert_ptr_equal(subject(7, "reading"), &s.subjects[0]); /* no second line */
    marks("maths", "4454");
    marks("reading", "55");
    assert_int_equal(mark_sheet_close(&s, &policy), ERR_OK);
    assert_int_equal(s.subjects_n, 2);
    assert_string_equal(s.subjects[0].code, "maths");
    assert_int_equal(s.subjects[0].mean_hundredths, 425);
    assert_int_equal(s.subjects[0].proposed, MARK_4);
    assert_int_equal(s.subjects[1].mean_hundredths, 500);
    assert_int_equal(s.subjects[1].proposed, MARK_NONE); /* two marks are too few */
    assert_int_equal(s.subjects[0].set, MARK_NONE);      /* never set by itself */
    assert_null(mark_sheet_find(&s, "music"));
}

static void a_set_mark_may_stop_to_stand(void **state)
{
    struct sheet_subject *l;
    int no;

    (void)state;
    subject(3, "maths");
    marks("maths", "444");
    assert_int_equal(mark_sheet_close(&s, &policy), ERR_OK);
    l = &s.subjects[0];
    l->set = MARK_4;
    assert_int_equal(mark_sheet_check(&s, &policy, &no), MARK_MAY_OK);
    assert_int_equal(no, 0);
    for (int i = 0; i < 3; i++)
        l->current[i].value = MARK_5; /* changed after it was set */
    assert_int_equal(mark_sheet_close(&s, &policy), ERR_OK);
    assert_int_equal(mark_sheet_check(&s, &policy, &no), MARK_MAY_DIFFERS);
    assert_int_equal(no, 1);
    assert_int_equal(report_text(&l->reason, "контрольная важнее"), ERR_OK);
    assert_int_equal(mark_sheet_check(&s, &policy, &no), MARK_MAY_OK);
    s.grade = 11;
    assert_int_equal(mark_sheet_check(&s, &policy, &no), MARK_MAY_WRONG_TERM);
}

static void what_holds_a_sheet_up(void **state)
{
    struct flow_facts f = { .period_end_ms = 100, .due_ms = 200 };
    struct flow_ask send = { FLOW_SUBMIT, FLOW_BY_MENTOR, false, true };
    struct flow_content c = flow_content_of_sheet(&s);
    enum flow_row next = FLOW_ROW_NONE;

    (void)state;
    assert_int_equal(flow_decide(&f, &c, &send, 150, &next), FLOW_MAY_EMPTY);
    subject(3, "maths")->set = MARK_NOT_ATTESTED;
    subject(7, "reading")->unresolved = 1;
    s.subjects[1].set = MARK_5;
    c = flow_content_of_sheet(&s);
    assert_int_equal(c.first_line, 2);
    assert_int_equal(flow_decide(&f, &c, &send, 99, &next), FLOW_MAY_NOT_OVER);
    assert_int_equal(flow_decide(&f, &c, &send, 150, &next), FLOW_MAY_UNRESOLVED);
    s.subjects[1].unresolved = 0;
    s.subjects[0].set = MARK_NONE;
    c = flow_content_of_sheet(&s);
    assert_int_equal(c.marks_missing, 1);
    assert_int_equal(flow_decide(&f, &c, &send, 150, &next), FLOW_MAY_MARKS_MISSING);
    s.subjects[0].set = MARK_5;
    c = flow_content_of_sheet(&s);
    assert_int_equal(flow_decide(&f, &c, &send, 150, &next), FLOW_MAY_OK);
    assert_int_equal(next, FLOW_ROW_SUBMITTED);
}

/* A sheet's refusals say nothing of a report or a month. */
static void each_refusal_has_the_sheets_name(void **state)
{
    (void)state;
    assert_string_equal(sheet_verdict_name(FLOW_MAY_NOT_OVER), "term_not_over");
    assert_string_equal(sheet_verdict_name(FLOW_MAY_STATE), "sheet_state");
    assert_string_equal(sheet_verdict_name(FLOW_MAY_OWN), "own_sheet");
    assert_string_equal(sheet_verdict_name(FLOW_MAY_MARKS_MISSING), "marks_missing");
    assert_string_equal(sheet_verdict_name(FLOW_MAY_NOT_YOURS), "report_not_yours");
}

int main(void)
{
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        t(the_sheet_is_in_order_and_proposes),
        t(a_set_mark_may_stop_to_stand),
        t(what_holds_a_sheet_up),
        t(each_refusal_has_the_sheets_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
