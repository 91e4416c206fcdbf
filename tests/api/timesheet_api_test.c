/* SPDX-License-Identifier: Apache-2.0
 *
 * The timesheet over HTTP: whose hours, in which form, and for whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/api/report_rig.h"

static struct report_rig g;

static int setup(void **state)
{
    (void)state;
    report_open(&g);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&g.r);
    return 0;
}

/* The 6th: held, one unit. The 8th: the child did not come, the mentor waited long enough. */
static void a_month_is_summed_by_mentor_and_school(void **state)
{
    struct answer a = api_get(&g.r, COORDINATOR, "/timesheet?month=2026-10");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "last_day"), 31);
    assert_int_equal(json_array_size(at(&a, "rows")), 1);
    assert_int_equal(int_at(&a, "rows.0.mentor.id"), g.r.w.mentor_users[0].v);
    assert_int_equal(int_at(&a, "rows.0.days.5"), 4);
    assert_int_equal(int_at(&a, "rows.0.lessons"), 2);
    assert_int_equal(int_at(&a, "rows.0.open"), 0);
    assert_int_equal(int_at(&a, "lessons.0.quarters"), 2); /* 40 minutes are two whole quarters */
    assert_int_equal(int_at(&a, "lessons.1.quarters"), 0);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/timesheet?month=2026-09");
    assert_int_equal(json_array_size(at(&a, "rows")), 0);
    answer_free(&a);
}

static void everybody_sees_the_own_hours_only(void **state)
{
    static const enum who without[] = { CHILD, GUARDIAN, OFFICER, ADMIN };
    struct answer a = api_get(&g.r, MENTOR, "/timesheet?month=2026-10");

    (void)state;
    assert_int_equal(json_array_size(at(&a, "rows")), 1);
    answer_free(&a);
    a = api_get(&g.r, MENTOR_2, "/timesheet?month=2026-10");
    assert_int_equal(json_array_size(at(&a, "rows")), 0);
    answer_free(&a);
    for (size_t i = 0; i < sizeof without / sizeof without[0]; i++) {
        api_refused(api_get(&g.r, without[i], "/timesheet?month=2026-10"), 403, "not_allowed");
        api_refused(api_get(&g.r, without[i], "/timesheet.csv?month=2026-10"), 403, "not_allowed");
        api_refused(api_get(&g.r, without[i], "/timesheet.xlsx"), 403, "not_allowed");
    }
    api_refused(api_get(&g.r, NOBODY, "/timesheet"), 401, "no_login");
}

static void it_comes_as_a_file(void **state)
{
    struct answer a = api_get(&g.r, COORDINATOR, "/timesheet.csv?month=2026-10");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_non_null(memmem(a.body, a.body_len, ",29,30,31,", strlen(",29,30,31,")));
    assert_memory_equal(a.body + a.body_len - 2, "\r\n", 2);
    answer_free(&a);
    a = api_get(&g.r, MENTOR, "/timesheet.csv?month=2026-10&view=quarters");
    assert_non_null(memmem(a.body, a.body_len, ",2026-10-06,", strlen(",2026-10-06,")));
    answer_free(&a);
    a = api_get(&g.r, MENTOR, "/timesheet.xlsx?month=2026-10");
    assert_int_equal(a.status, 200);
    assert_memory_equal(a.body, "PK", 2);
    answer_free(&a);
}

static void bad_questions_are_refused(void **state)
{
    (void)state;
    api_refused(api_get(&g.r, COORDINATOR, "/timesheet?month=2026-13"), 400, "bad_field");
    api_refused(api_get(&g.r, COORDINATOR, "/timesheet?view=weeks"), 400, "bad_field");
    api_refused(api_get(&g.r, COORDINATOR, "/timesheet.csv?view=%ff"), 400, "bad_field");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_month_is_summed_by_mentor_and_school),
        T(everybody_sees_the_own_hours_only),
        T(it_comes_as_a_file),
        T(bad_questions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
