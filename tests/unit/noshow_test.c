/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is missing, by every state, every minute and every presence.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/noshow.h"

#define MIN MS_PER_MIN

static const struct noshow_facts running = { .state = LESSON_RUNNING, .end_ms = 40 * MIN };

static void a_side_is_missing_from_the_fifth_minute_to_the_end(void **state)
{
    const struct noshow_policy p = noshow_policy_default();
    static const struct {
        bool mentor, child;
        enum noshow who;
    } cases[] = { { false, false, NOSHOW_BOTH },
                  { false, true, NOSHOW_MENTOR },
                  { true, false, NOSHOW_CHILD },
                  { true, true, NOSHOW_NOBODY } };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct noshow_facts f = running;

        f.mentor_came = cases[i].mentor;
        f.child_came = cases[i].child;
        assert_int_equal(noshow_now(&f, &p, 5 * MIN - 1), NOSHOW_NOBODY);
        assert_int_equal(noshow_now(&f, &p, 5 * MIN), cases[i].who);
        assert_int_equal(noshow_now(&f, &p, 40 * MIN - 1), cases[i].who);
        assert_int_equal(noshow_now(&f, &p, 40 * MIN), NOSHOW_NOBODY);
    }
}

static void only_lessons_that_are_on(void **state)
{
    const struct noshow_policy p = { .after_ms = MIN };

    (void)state;
    for (int s = LESSON_PLANNED; s <= LESSON_RESCHEDULED; s++) {
        struct noshow_facts f = running;
        bool on = s == LESSON_SCHEDULED || s == LESSON_OPEN || s == LESSON_RUNNING ||
                  s == LESSON_INTERRUPTED;

        f.state = (enum lesson_state)s;
        assert_int_equal(noshow_now(&f, &p, 10 * MIN), on ? NOSHOW_BOTH : NOSHOW_NOBODY);
        f.gathering = true;
        assert_int_equal(noshow_now(&f, &p, 10 * MIN), NOSHOW_NOBODY);
    }
}

static void a_cause_can_be_noted_until_it_is_computed(void **state)
{
    const struct noshow_policy p = noshow_policy_default();
    struct noshow_facts f = running;

    (void)state;
    assert_int_equal(noshow_missed(&f, &p, 5 * MIN - 1), NOSHOW_NOBODY);
    assert_int_equal(noshow_missed(&f, &p, 5 * MIN), NOSHOW_BOTH);
    assert_int_equal(noshow_missed(&f, &p, 400 * MIN), NOSHOW_BOTH);
    f.child_came = true;
    f.state = LESSON_ENDED;
    assert_int_equal(noshow_missed(&f, &p, 41 * MIN), NOSHOW_MENTOR);
    f.state = LESSON_COMPUTED;
    assert_int_equal(noshow_missed(&f, &p, 41 * MIN), NOSHOW_NOBODY);
}

static void an_outcome_says_whose_side_it_was(void **state)
{
    static const enum noshow who[] = {
        [OUTCOME_TEACHER_NO_SHOW] = NOSHOW_MENTOR, [OUTCOME_TECH_TEACHER] = NOSHOW_MENTOR,
        [OUTCOME_CHILD_NO_SHOW] = NOSHOW_CHILD,    [OUTCOME_TECH_CHILD] = NOSHOW_CHILD,
        [OUTCOME_BOTH_NO_SHOW] = NOSHOW_BOTH,      [OUTCOME_NOT_HELD] = NOSHOW_NOBODY,
    };

    (void)state;
    for (int o = OUTCOME_HELD; o <= OUTCOME_NOT_HELD; o++)
        assert_int_equal(noshow_of_outcome((enum outcome)o), who[o]);
}

/* DOMAIN 7.7: W, waited for an absent mentor, is never an absence. */
static void a_child_that_waited_is_not_made_absent(void **state)
{
    (void)state;
    for (const char *c = NOSHOW_CAUSES; *c; c++) {
        bool centres = *c == 'X' || *c == 'H';

        assert_true(noshow_cause_may(NOSHOW_CHILD, *c));
        assert_true(noshow_cause_may(NOSHOW_BOTH, *c));
        assert_int_equal(noshow_cause_may(NOSHOW_MENTOR, *c), centres);
        assert_false(noshow_cause_may(NOSHOW_NOBODY, *c));
        assert_true(noshow_cause_settles('N', *c));
        assert_int_equal(noshow_cause_settles('W', *c), centres);
        for (const char *came = "PLETS"; *came; came++)
            assert_false(noshow_cause_settles(*came, *c));
    }
    assert_false(noshow_cause_may(NOSHOW_CHILD, 'N'));
    assert_false(noshow_cause_may(NOSHOW_CHILD, '\0'));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_is_missing_from_the_fifth_minute_to_the_end),
        cmocka_unit_test(only_lessons_that_are_on),
        cmocka_unit_test(a_cause_can_be_noted_until_it_is_computed),
        cmocka_unit_test(an_outcome_says_whose_side_it_was),
        cmocka_unit_test(a_child_that_waited_is_not_made_absent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
