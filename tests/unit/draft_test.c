/* SPDX-License-Identifier: Apache-2.0
 *
 * What a draft does to a lesson, and when that is late (R19).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/draft.h"

#define NOW INT64_C(1795504320000)
#define HOUR MS_PER_HOUR

static struct draft_side side(int64_t hours, int mentor)
{
    return (struct draft_side){ NOW + hours * HOUR, NOW + hours * HOUR + HOUR / 2, { mentor } };
}

static void every_kind_has_its_name(void **state)
{
    const struct draft_side none = { 0 }, a = side(30, 1), later = side(31, 1), b = side(30, 2);
    struct draft_side longer = a;

    (void)state;
    assert_string_equal(draft_kind_name(draft_kind_of(&none, &a)), "new");
    assert_string_equal(draft_kind_name(draft_kind_of(&a, &none)), "gone");
    assert_string_equal(draft_kind_name(draft_kind_of(&a, &later)), "moved");
    assert_string_equal(draft_kind_name(draft_kind_of(&a, &b)), "swapped");
    assert_string_equal(draft_kind_name(draft_kind_of(&later, &b)), "moved");
    longer.end_ms += 1;
    assert_string_equal(draft_kind_name(draft_kind_of(&a, &longer)), "moved");
    assert_string_equal(draft_kind_name(DRAFT_KIND_COUNT), "unknown");
}

static void the_earlier_side_says_whether_it_is_late(void **state)
{
    const struct schedule_policy policy = schedule_policy_default();
    const struct draft_side none = { 0 }, near = side(23, 1), day = side(24, 1), far = side(50, 1);

    (void)state;
    assert_true(draft_late(&near, &far, &policy, NOW));
    assert_true(draft_late(&far, &near, &policy, NOW));
    assert_true(draft_late(&near, &none, &policy, NOW));
    assert_true(draft_late(&none, &near, &policy, NOW));
    assert_false(draft_late(&day, &none, &policy, NOW));
    assert_true(draft_late(&day, &none, &policy, NOW + 1));
    assert_false(draft_late(&none, &far, &policy, NOW));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_has_its_name),
        cmocka_unit_test(the_earlier_side_says_whether_it_is_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
