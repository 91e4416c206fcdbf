/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/timesheet: lessons folded into the days of the school's month.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/timesheet.h"

#define OCTOBER_1 INT64_C(1790802000000) /* 2026, 00:00 in Moscow */
#define DAY(n) (OCTOBER_1 + ((n)-1) * MS_PER_DAY)

static struct timesheet_entry entry(int64_t mentor, int64_t school, int64_t start, int quarters)
{
    struct timesheet_entry e = { .mentor = { mentor },
                                 .school = { school },
                                 .start_ms = start,
                                 .end_ms = start + 40 * MS_PER_MIN,
                                 .computed = true,
                                 .credit_quarters = quarters };

    assert_true(str_copy(e.mentor_name, sizeof e.mentor_name, mentor == 1 ? "Анна" : "Борис"));
    assert_true(str_copy(e.tz, sizeof e.tz, "Europe/Moscow"));
    return e;
}

static struct timesheet sheet_of(const struct timesheet_entry *entries, size_t n)
{
    struct timesheet t = { .year = 2026, .month = 10, .entries_n = n };

    t.entries = mem_zalloc(n ? n : 1, sizeof t.entries[0]);
    for (size_t i = 0; i < n; i++)
        t.entries[i] = entries[i];
    assert_int_equal(timesheet_close(&t), ERR_OK);
    return t;
}

static void lessons_are_summed_by_day_and_school(void **state)
{
    struct timesheet_entry e[] = {
        entry(2, 5, DAY(3) + MS_PER_HOUR, 4),      entry(1, 5, DAY(3) + 9 * MS_PER_HOUR, 4),
        entry(1, 5, DAY(3) + 10 * MS_PER_HOUR, 2), entry(1, 6, DAY(31) + 9 * MS_PER_HOUR, 4),
        entry(1, 5, DAY(4) + 9 * MS_PER_HOUR, 0),
    };
    struct timesheet t;

    (void)state;
    e[2].substitute = true;
    t = sheet_of(e, sizeof e / sizeof e[0]);
    assert_int_equal(t.last_day, 31);
    assert_int_equal(t.rows_n, 3);
    assert_int_equal(t.rows[0].of->mentor.v, 1);
    assert_int_equal(t.rows[0].of->school.v, 5);
    assert_int_equal(t.rows[0].quarters[2], 6);
    assert_int_equal(t.rows[0].total_quarters, 6);
    assert_int_equal(t.rows[0].substitute_quarters, 2);
    assert_int_equal(t.rows[0].days, 1); /* nothing was credited on the 4th */
    assert_int_equal(t.rows[0].lessons, 3);
    assert_int_equal(t.rows[1].quarters[30], 4);
    assert_int_equal(t.rows[2].of->mentor.v, 2);
    timesheet_deinit(&t);
}

static void the_day_is_the_schools(void **state)
{
    /* 23:50 on the last of October in Moscow; one hour later it is November there. */
    struct timesheet_entry e[] = { entry(1, 5, DAY(32) - 10 * MS_PER_MIN, 4),
                                   entry(1, 5, DAY(32) + 50 * MS_PER_MIN, 4) };
    struct timesheet t = sheet_of(e, 2);

    (void)state;
    assert_int_equal(t.rows_n, 1);
    assert_int_equal(t.rows[0].total_quarters, 4);
    assert_int_equal(t.rows[0].quarters[30], 4);
    timesheet_deinit(&t);
}

static void what_is_not_computed_counts_nothing(void **state)
{
    struct timesheet_entry e = entry(1, 5, DAY(9), 4);
    struct timesheet t;

    (void)state;
    e.computed = false;
    t = sheet_of(&e, 1);
    assert_int_equal(t.rows[0].total_quarters, 0);
    assert_int_equal(t.rows[0].open, 1);
    timesheet_deinit(&t);
}

static void a_quarter_is_rounded_down(void **state)
{
    (void)state;
    assert_int_equal(timesheet_quarter_hours(15 * MS_PER_MIN - 1), 0);
    assert_int_equal(timesheet_quarter_hours(44 * MS_PER_MIN), 2);
    assert_int_equal(timesheet_quarter_hours(-1), 0);
    assert_string_equal(timesheet_code(1), "Ф");
    assert_string_equal(timesheet_code(0), "");
}

static void an_unknown_zone_or_month_is_an_error(void **state)
{
    struct timesheet_entry e = entry(1, 5, DAY(9), 4);
    struct timesheet t = { .year = 2026, .month = 13 };

    (void)state;
    assert_int_equal(timesheet_close(&t), ERR_INVAL);
    t.month = 10;
    t.entries = &e;
    t.entries_n = 1;
    e.tz[0] = 'X';
    assert_int_equal(timesheet_close(&t), ERR_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lessons_are_summed_by_day_and_school),
        cmocka_unit_test(the_day_is_the_schools),
        cmocka_unit_test(what_is_not_computed_counts_nothing),
        cmocka_unit_test(a_quarter_is_rounded_down),
        cmocka_unit_test(an_unknown_zone_or_month_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
