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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_side_is_missing_from_the_fifth_minute_to_the_end),
        cmocka_unit_test(only_lessons_that_are_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
