/* SPDX-License-Identifier: Apache-2.0
 *
 * The week of a child: which parts of its days lessons may not have, and that
 * no part says why.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/week.h"
#include "server/domain/zone.h"

#define MONDAY date_to_days(2026, 11, 23)
#define WED (UINT32_C(1) << 3)

static struct child_facts child(const struct advice *a)
{
    return (struct child_facts){
        .tz = "Europe/Moscow", .grade = 3, .recommendations = a, .recommendations_n = a ? 1 : 0
    };
}

static void a_week_begins_on_monday(void **state)
{
    (void)state;
    for (int64_t d = MONDAY; d < MONDAY + 7; d++)
        assert_int_equal(week_monday(d), MONDAY);
    assert_int_equal(week_monday(0), -3);
    assert_int_equal(week_monday(-4), -10);
}

static void sunday_rests_by_policy_and_a_holiday_by_the_school(void **state)
{
    const struct schedule_policy policy = schedule_policy_default();
    const int64_t holiday = MONDAY + 2;
    const struct school_facts school = { .holidays = &holiday, .holidays_n = 1 };
    struct child_facts c = child(NULL);
    struct hatch h[8];

    (void)state;
    assert_int_equal(week_hatches(&c, &school, &policy, MONDAY, h, 8), 2);
    assert_int_equal(h[0].kind, HATCH_HOLIDAY);
    assert_int_equal(h[0].day, MONDAY + 2);
    assert_int_equal(h[1].kind, HATCH_REST);
    assert_int_equal(h[1].day, MONDAY + 6);
    assert_int_equal(h[1].to_minute, 1440);
    c.grade = 1; /* five days */
    assert_int_equal(week_hatches(&c, NULL, &policy, MONDAY, h, 8), 2);
    assert_int_equal(h[0].day, MONDAY + 5);
    assert_int_equal(week_hatches(&c, NULL, &policy, MONDAY, h, 0), 2); /* counts, writes none */
}

static void a_recommendation_closes_days_and_hours_while_it_holds(void **state)
{
    const struct schedule_policy policy = schedule_policy_default();
    const struct week_span hours[] = { { 1, 540, 600 }, { 1, 720, 780 }, { 2, 0, 1440 } };
    const struct advice a = {
        .days = { MONDAY, MONDAY + 2 }, .rest_weekdays = WED, .hours = hours, .hours_n = 3
    };
    struct child_facts c = child(&a);
    struct hatch h[16];

    (void)state;
    /* Monday in three parts, Tuesday open, Wednesday rests; it ends then: Sunday by policy */
    assert_int_equal(week_hatches(&c, NULL, &policy, MONDAY, h, 16), 5);
    assert_int_equal(h[0].kind, HATCH_CLOSED);
    assert_int_equal(h[0].to_minute, 540);
    assert_int_equal(h[1].from_minute, 600);
    assert_int_equal(h[1].to_minute, 720);
    assert_int_equal(h[2].from_minute, 780);
    assert_int_equal(h[3].kind, HATCH_REST);
    assert_int_equal(h[3].day, MONDAY + 2);
    assert_int_equal(h[4].day, MONDAY + 6);
}

static void a_treatment_over_midnight_is_two_hatches(void **state)
{
    const struct schedule_policy policy = schedule_policy_default();
    int64_t ten = 0;
    struct treatment_block t = { .id = 1 };
    struct child_facts c = child(NULL);
    struct hatch h[8];

    (void)state;
    assert_int_equal(zone_day_start("Europe/Moscow", 2026, 11, 24, &ten), ERR_OK);
    t.start_ms = ten + 23 * MS_PER_HOUR;
    t.end_ms = ten + 25 * MS_PER_HOUR;
    c.treatments = &t;
    c.treatments_n = 1;
    assert_int_equal(week_hatches(&c, NULL, &policy, MONDAY, h, 8), 3);
    assert_int_equal(h[1].kind, HATCH_TREATMENT);
    assert_int_equal(h[1].day, MONDAY + 1);
    assert_int_equal(h[1].from_minute, 23 * 60);
    assert_int_equal(h[1].to_minute, 1440);
    assert_int_equal(h[2].day, MONDAY + 2);
    assert_int_equal(h[2].to_minute, 60);
    t.start_ms -= 30 * MS_PER_DAY; /* not of this week */
    t.end_ms -= 30 * MS_PER_DAY;
    assert_int_equal(week_hatches(&c, NULL, &policy, MONDAY, h, 8), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_begins_on_monday),
        cmocka_unit_test(sunday_rests_by_policy_and_a_holiday_by_the_school),
        cmocka_unit_test(a_recommendation_closes_days_and_hours_while_it_holds),
        cmocka_unit_test(a_treatment_over_midnight_is_two_hatches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
