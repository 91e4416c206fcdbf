/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/marks: who is marked when, what a mark is refused for, the
 * proposed mean.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "server/domain/marks.h"

static const struct marks_policy *policy(void)
{
    static struct marks_policy p;

    p = marks_policy_default();
    return &p;
}

static void each_grade_has_its_term(void **state)
{
    (void)state;
    for (int grade = 1; grade <= 11; grade++) {
        struct mark_facts quarter = { grade, MARKS_QUARTER, false, 5, 9, MARK_NONE };
        struct mark_facts half = { grade, MARKS_HALF, false, 5, 9, MARK_NONE };
        enum mark_verdict q = mark_check(&quarter, policy(), MARK_4, false);
        enum mark_verdict h = mark_check(&half, policy(), MARK_4, false);

        if (grade == 1) {
            assert_int_equal(q, MARK_MAY_UNMARKED);
            assert_int_equal(h, MARK_MAY_UNMARKED);
        } else {
            assert_int_equal(q, grade <= 9 ? MARK_MAY_OK : MARK_MAY_WRONG_TERM);
            assert_int_equal(h, grade >= 10 ? MARK_MAY_OK : MARK_MAY_WRONG_TERM);
        }
    }
}

static void the_split_is_a_setting(void **state)
{
    struct marks_policy p = {
        .quarter_from = 1, .quarter_to = 11, .half_from = 12, .half_to = 12, .min_marks = 3
    };
    struct mark_facts f = { 1, MARKS_QUARTER, false, 1, 9, MARK_NONE };

    (void)state;
    assert_int_equal(mark_check(&f, &p, MARK_5, false), MARK_MAY_OK);
}

static void what_a_mark_is_refused_for(void **state)
{
    static const struct {
        struct mark_facts f;
        enum mark_value value;
        bool reason;
        enum mark_verdict want;
    } cases[] = {
        { { 5, MARKS_QUARTER, true, 9, 9, MARK_NONE }, MARK_4, false, MARK_MAY_CLOSED },
        { { 5, MARKS_QUARTER, true, 9, 9, MARK_NONE }, MARK_NOT_ATTESTED, true, MARK_MAY_CLOSED },
        { { 5, MARKS_QUARTER, false, 0, 9, MARK_NONE }, MARK_4, false, MARK_MAY_NO_LESSONS },
        { { 5, MARKS_QUARTER, false, 0, 9, MARK_NONE }, MARK_PASS, true, MARK_MAY_NO_LESSONS },
        { { 5, MARKS_QUARTER, false, 0, 9, MARK_NONE }, MARK_NOT_ATTESTED, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 0, 9, MARK_NONE }, MARK_RELEASED, false, MARK_MAY_NO_REASON },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_NONE },
          MARK_NOT_ATTESTED,
          false,
          MARK_MAY_NO_REASON },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_NONE }, MARK_RELEASED, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 1, 9, MARK_NONE }, MARK_2, false, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 1, 9, MARK_NONE }, MARK_FAIL, false, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_4 }, MARK_4, false, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_4 }, MARK_5, false, MARK_MAY_DIFFERS },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_4 }, MARK_PASS, false, MARK_MAY_DIFFERS },
        { { 5, MARKS_QUARTER, false, 9, 9, MARK_4 }, MARK_5, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 9, 2, MARK_NONE }, MARK_4, false, MARK_MAY_FEW },
        { { 5, MARKS_QUARTER, false, 9, 2, MARK_NONE }, MARK_4, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 9, 2, MARK_NONE }, MARK_PASS, false, MARK_MAY_OK },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(mark_check(&cases[i].f, policy(), cases[i].value, cases[i].reason),
                         cases[i].want);
}

static void the_mean_is_floored_and_skips_words(void **state)
{
    static const enum mark_value values[] = { MARK_4,    MARK_NONE, MARK_5,
                                              MARK_PASS, MARK_4,    MARK_RELEASED };

    (void)state;
    assert_int_equal(mark_mean_hundredths(values, 6), 433);
    assert_int_equal(mark_mean_hundredths(values, 1), 400);
    assert_int_equal(mark_mean_hundredths(values + 1, 1), 0);
    assert_int_equal(mark_mean_hundredths(NULL, 0), 0);
}

static void the_proposal_rounds_by_the_policy(void **state)
{
    static const enum mark_value half[] = { MARK_4, MARK_5, MARK_4, MARK_5 };     /* 4.50 */
    static const enum mark_value third[] = { MARK_4, MARK_5, MARK_4, MARK_PASS }; /* 4.33 */
    static const enum mark_value top[] = { MARK_5, MARK_5, MARK_5 };
    static const enum mark_value low[] = { MARK_2, MARK_2, MARK_2 };
    struct marks_policy strict = marks_policy_default();

    (void)state;
    strict.round_up_hundredths = 60;
    assert_int_equal(marks_propose(policy(), half, 4), MARK_5);
    assert_int_equal(marks_propose(&strict, half, 4), MARK_4);
    assert_int_equal(marks_propose(policy(), third, 4), MARK_4);
    assert_int_equal(marks_propose(policy(), top, 3), MARK_5);
    assert_int_equal(marks_propose(policy(), low, 3), MARK_2);
    assert_int_equal(marks_propose(policy(), half, 2), MARK_NONE); /* too few */
    assert_int_equal(marks_propose(policy(), third + 1, 3), MARK_NONE);
    assert_int_equal(marks_propose(policy(), NULL, 0), MARK_NONE);
    strict.min_marks = 0;
    assert_int_equal(marks_propose(&strict, NULL, 0), MARK_NONE); /* of nothing, nothing */
}

static void what_a_lesson_mark_is_refused_for(void **state)
{
    static const struct {
        struct lesson_mark_facts f; /* grade, held, line, closed, was */
        enum mark_value value;
        bool reason;
        enum mark_verdict want;
    } cases[] = {
        { { 5, true, true, false, MARK_NONE }, MARK_5, false, MARK_MAY_OK },
        { { 1, true, true, false, MARK_NONE }, MARK_5, false, MARK_MAY_UNMARKED },
        { { 10, true, true, false, MARK_NONE }, MARK_PASS, false, MARK_MAY_OK },
        { { 5, false, true, false, MARK_NONE }, MARK_5, true, MARK_MAY_NOT_HELD },
        { { 5, true, false, false, MARK_NONE }, MARK_5, true, MARK_MAY_NO_LINE },
        { { 5, true, true, true, MARK_NONE }, MARK_5, true, MARK_MAY_CLOSED },
        { { 5, true, true, false, MARK_4 }, MARK_5, false, MARK_MAY_NO_REASON },
        { { 5, true, true, false, MARK_4 }, MARK_5, true, MARK_MAY_OK },
        { { 5, true, true, false, MARK_4 }, MARK_NONE, false, MARK_MAY_NO_REASON },
        { { 5, true, true, true, MARK_4 }, MARK_NONE, true, MARK_MAY_CLOSED },
        { { 1, false, false, false, MARK_4 }, MARK_NONE, true, MARK_MAY_OK }, /* written in error */
        { { 1, false, false, true, MARK_4 }, MARK_4, false, MARK_MAY_OK },    /* stays as it is */
        { { 1, false, false, true, MARK_NONE }, MARK_NONE, false, MARK_MAY_OK },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_int_equal(lesson_mark_check(&cases[i].f, policy(), cases[i].value, cases[i].reason),
                         cases[i].want);
}

static void only_the_scale_is_read(void **state)
{
    static const char *const bad[] = { "", "1", "6", "0", "5+", "A", "fail ", "NONE" };
    enum mark_value v;
    enum marks_term k;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(mark_value_parse(bad[i], &v));
    for (int i = MARK_2; i < MARK_VALUE_COUNT; i++) {
        assert_true(mark_value_parse(mark_value_name((enum mark_value)i), &v));
        assert_int_equal(v, i);
    }
    assert_true(marks_term_parse("half", &k));
    assert_int_equal(k, MARKS_HALF);
    assert_false(marks_term_parse("year", &k));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_grade_has_its_term),
        cmocka_unit_test(the_split_is_a_setting),
        cmocka_unit_test(what_a_mark_is_refused_for),
        cmocka_unit_test(the_mean_is_floored_and_skips_words),
        cmocka_unit_test(the_proposal_rounds_by_the_policy),
        cmocka_unit_test(what_a_lesson_mark_is_refused_for),
        cmocka_unit_test(only_the_scale_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
