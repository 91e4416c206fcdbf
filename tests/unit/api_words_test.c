/* SPDX-License-Identifier: Apache-2.0
 *
 * The pure parts of the HTTP API: the word for a lesson now, and finding a
 * name by a part of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/fold.h"
#include "common/base/now.h"
#include "server/api/chip.h"

#define START INT64_C(1795503600000)

static struct chip_facts lesson(enum lesson_state state)
{
    return (struct chip_facts){ .state = state,
                                .opens_ms = START - 10 * MS_PER_MIN,
                                .start_ms = START,
                                .end_ms = START + 40 * MS_PER_MIN,
                                .closes_ms = START + 45 * MS_PER_MIN };
}

static void a_lesson_nobody_is_in_goes_from_later_to_missing(void **state)
{
    struct chip_facts f = lesson(LESSON_SCHEDULED);

    (void)state;
    assert_int_equal(chip_of(&f, f.opens_ms - 1), CHIP_LATER);
    assert_int_equal(chip_of(&f, f.opens_ms), CHIP_DOOR_OPEN);
    assert_int_equal(chip_of(&f, START + 5 * MS_PER_MIN - 1), CHIP_DOOR_OPEN);
    assert_int_equal(chip_of(&f, START + 5 * MS_PER_MIN), CHIP_MENTOR_MISSING);
    assert_int_equal(chip_of(&f, f.closes_ms), CHIP_MISSED);
}

static void who_is_alone_waits_and_then_the_other_is_missing(void **state)
{
    struct chip_facts child = lesson(LESSON_OPEN), mentor = lesson(LESSON_OPEN);

    (void)state;
    child.child_in = true;
    mentor.mentor_in = true;
    assert_int_equal(chip_of(&child, START - 1), CHIP_WAITING);
    assert_int_equal(chip_of(&mentor, START + 1), CHIP_WAITING);
    assert_int_equal(chip_of(&child, START + 5 * MS_PER_MIN), CHIP_MENTOR_MISSING);
    assert_int_equal(chip_of(&mentor, START + 5 * MS_PER_MIN), CHIP_CHILD_MISSING);
    child.state = LESSON_INTERRUPTED;
    assert_int_equal(chip_of(&child, START + 20 * MS_PER_MIN), CHIP_PAUSED);
}

static void rest_is_told_before_a_bad_link(void **state)
{
    struct chip_facts f = lesson(LESSON_RUNNING);

    (void)state;
    f.mentor_in = f.child_in = true;
    assert_int_equal(chip_of(&f, START + MS_PER_MIN), CHIP_LIVE);
    f.weak = true;
    assert_int_equal(chip_of(&f, START + MS_PER_MIN), CHIP_WEAK);
    f.resting = true;
    assert_int_equal(chip_of(&f, START + MS_PER_MIN), CHIP_RESTING);
}

static void a_lesson_that_is_over_says_how_it_went(void **state)
{
    struct chip_facts f = lesson(LESSON_COMPUTED);
    static const struct {
        enum outcome outcome;
        enum chip chip;
    } cases[] = { { OUTCOME_HELD, CHIP_DONE },
                  { OUTCOME_PARTIAL, CHIP_PART },
                  { OUTCOME_TEACHER_NO_SHOW, CHIP_MISSED },
                  { OUTCOME_TECH_SERVER, CHIP_MISSED } };

    (void)state;
    f.computed = true;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        f.outcome = cases[i].outcome;
        assert_int_equal(chip_of(&f, f.closes_ms + 1), cases[i].chip);
    }
    f = lesson(LESSON_CANCELLED);
    assert_int_equal(chip_of(&f, START), CHIP_CANCELLED);
    f.state = LESSON_RESCHEDULED;
    assert_int_equal(chip_of(&f, START), CHIP_MOVED);
    f.state = LESSON_NEEDS_SUBSTITUTE;
    assert_int_equal(chip_of(&f, START), CHIP_NEEDS_SUBSTITUTE);
}

static void a_name_is_found_by_a_part_of_it(void **state)
{
    (void)state;
    assert_true(fold_contains("Артём Жуков", "артем"));
    assert_true(fold_contains("Артём Жуков", "ЖУК"));
    assert_true(fold_contains("Emily Carter", "CART"));
    assert_true(fold_contains("Emily Carter", ""));
    assert_true(fold_contains("Ёлка", "елка"));
    assert_false(fold_contains("Emily Carter", "carters"));
    assert_false(fold_contains("", "a"));
    assert_true(fold_contains("\xf0\x9f\xa6\x8a fox", "\xf0\x9f\xa6\x8a"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_nobody_is_in_goes_from_later_to_missing),
        cmocka_unit_test(who_is_alone_waits_and_then_the_other_is_missing),
        cmocka_unit_test(rest_is_told_before_a_bad_link),
        cmocka_unit_test(a_lesson_that_is_over_says_how_it_went),
        cmocka_unit_test(a_name_is_found_by_a_part_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
