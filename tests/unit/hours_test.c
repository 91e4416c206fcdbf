/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/hours: which weekly times can be, and the instants they mean,
 * also on the nights when the clocks change.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/hours.h"

static const struct hours_row fine = { .span = { 3, 540, 600 },
                                       .kind = HOURS_FREE,
                                       .days = { 100, 200 } };

static void one_fault(const struct hours_row *row, bool mentor, enum hours_fault want)
{
    size_t at = 99;

    assert_int_equal(hours_check(row, 1, mentor, &at), want);
    assert_int_equal(at, want ? 0 : 99);
}

static void a_row_has_its_limits(void **state)
{
    struct hours_row r = fine;

    (void)state;
    one_fault(&r, true, HOURS_FAULT_NONE);
    r.span = (struct week_span){ 1, 0, 1440 };
    one_fault(&r, false, HOURS_FAULT_NONE);
    r.span.weekday = 0;
    one_fault(&r, false, HOURS_FAULT_SPAN);
    r.span.weekday = 8;
    one_fault(&r, false, HOURS_FAULT_SPAN);
    r.span = (struct week_span){ 7, -1, 10 };
    one_fault(&r, false, HOURS_FAULT_SPAN);
    r.span = (struct week_span){ 7, 0, 1441 };
    one_fault(&r, false, HOURS_FAULT_SPAN);
    r.span = (struct week_span){ 7, 600, 600 };
    one_fault(&r, false, HOURS_FAULT_SPAN);
    r = fine;
    r.days.last = 99;
    one_fault(&r, false, HOURS_FAULT_DAYS);
    r = fine;
    r.kind = HOURS_REST;
    one_fault(&r, false, HOURS_FAULT_NONE);
    one_fault(&r, true, HOURS_FAULT_KIND);
}

static void two_at_once(void **state)
{
    struct hours_row r[2] = { fine, fine };
    size_t at = 99;

    (void)state;
    r[1].span = (struct week_span){ 3, 600, 660 };
    assert_int_equal(hours_check(r, 2, true, &at), HOURS_FAULT_NONE); /* they touch */
    r[1].span.from_minute = 599;
    assert_int_equal(hours_check(r, 2, true, &at), HOURS_FAULT_OVERLAP);
    assert_int_equal(at, 1);
    r[1].kind = HOURS_TREATMENT; /* over a free time: what is in the way counts */
    assert_int_equal(hours_check(r, 2, false, &at), HOURS_FAULT_NONE);
    r[0].kind = HOURS_REST;
    assert_int_equal(hours_check(r, 2, false, &at), HOURS_FAULT_OVERLAP);
    r[1].days = (struct day_span){ 201, 300 }; /* the one after the other */
    assert_int_equal(hours_check(r, 2, false, &at), HOURS_FAULT_NONE);
    r[1].days.first = 200;
    assert_int_equal(hours_check(r, 2, false, &at), HOURS_FAULT_OVERLAP);
    r[1].span.weekday = 4;
    assert_int_equal(hours_check(r, 2, false, &at), HOURS_FAULT_NONE);
}

static void too_many(void **state)
{
    struct hours_row r[HOURS_ROWS_MAX + 1] = { { 0 } };
    size_t at = 0;

    (void)state;
    assert_int_equal(hours_check(r, HOURS_ROWS_MAX + 1, false, &at), HOURS_FAULT_COUNT);
    assert_int_equal(hours_check(r, 0, false, &at), HOURS_FAULT_NONE);
}

static void instants(void **state)
{
    struct hours_row r = { .span = { 7, 90, 240 }, .days = { 0, INT64_MAX } };
    int64_t day = date_to_days(2026, 3, 29), start = 0, end = 0;

    (void)state;
    /* Berlin leaps from 2 to 3 that Sunday: 1:30 to 4:00 are 90 minutes. */
    assert_true(hours_on_day(&r, "Europe/Berlin", day, &start, &end));
    assert_int_equal(start, day * MS_PER_DAY + 30 * MS_PER_MIN);
    assert_int_equal(end - start, 90 * MS_PER_MIN);
    r.span = (struct week_span){ 7, 125, 175 }; /* all of it is skipped */
    assert_false(hours_on_day(&r, "Europe/Berlin", day, &start, &end));
    r.span = (struct week_span){ 7, 1380, 1440 }; /* to midnight */
    assert_true(hours_on_day(&r, "Europe/Moscow", day, &start, &end));
    assert_int_equal(end, (day + 1) * MS_PER_DAY - 3 * MS_PER_HOUR);
    assert_false(hours_on_day(&r, "Europe/Moscow", day + 1, &start, &end)); /* a Monday */
    assert_false(hours_on_day(&r, "Nowhere/Land", day, &start, &end));
    r.days = (struct day_span){ day, day };
    assert_true(hours_on_day(&r, "Europe/Moscow", day, &start, &end));
    assert_false(hours_on_day(&r, "Europe/Moscow", day + 7, &start, &end));
    assert_false(hours_on_day(&r, "Europe/Moscow", day - 7, &start, &end));
}

static void names(void **state)
{
    enum hours_kind k;

    (void)state;
    assert_true(hours_kind_parse("treatment", &k));
    assert_int_equal(k, HOURS_TREATMENT);
    assert_false(hours_kind_parse("busy", &k));
    assert_string_equal(hours_kind_name(HOURS_KIND_COUNT), "none");
    assert_string_equal(hours_fault_name(HOURS_FAULT_OVERLAP), "overlap");
    assert_string_equal(hours_fault_name((enum hours_fault)99), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_has_its_limits),
        cmocka_unit_test(two_at_once),
        cmocka_unit_test(too_many),
        cmocka_unit_test(instants),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
