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
        struct mark_facts quarter = { grade, MARKS_QUARTER, false, 5 };
        struct mark_facts half = { grade, MARKS_HALF, false, 5 };
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
    struct marks_policy p = { .quarter_from = 1, .quarter_to = 11, .half_from = 12, .half_to = 12 };
    struct mark_facts f = { 1, MARKS_QUARTER, false, 1 };

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
        { { 5, MARKS_QUARTER, true, 9 }, MARK_4, false, MARK_MAY_CLOSED },
        { { 5, MARKS_QUARTER, true, 9 }, MARK_NOT_ATTESTED, true, MARK_MAY_CLOSED },
        { { 5, MARKS_QUARTER, false, 0 }, MARK_4, false, MARK_MAY_NO_LESSONS },
        { { 5, MARKS_QUARTER, false, 0 }, MARK_PASS, true, MARK_MAY_NO_LESSONS },
        { { 5, MARKS_QUARTER, false, 0 }, MARK_NOT_ATTESTED, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 0 }, MARK_RELEASED, false, MARK_MAY_NO_REASON },
        { { 5, MARKS_QUARTER, false, 9 }, MARK_NOT_ATTESTED, false, MARK_MAY_NO_REASON },
        { { 5, MARKS_QUARTER, false, 9 }, MARK_RELEASED, true, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 1 }, MARK_2, false, MARK_MAY_OK },
        { { 5, MARKS_QUARTER, false, 1 }, MARK_FAIL, false, MARK_MAY_OK },
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
        cmocka_unit_test(only_the_scale_is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
