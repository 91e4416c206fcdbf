/* SPDX-License-Identifier: Apache-2.0
 *
 * What a change of a school's calendar meets: the lessons that are ahead on
 * those days, and whose they are to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static struct lesson_id late; /* child 0, Thursday 26 November, 18:00 in Moscow */

#define TEN (RIG_NOW - 12 * MS_PER_MIN) /* Tuesday */
#define LONG (40 * MS_PER_MIN)
#define ok(call) assert_int_equal(call, ERR_OK)

static int setup(void **state)
{
    struct lesson_id off;

    (void)state;
    api_open(&r);
    world_lesson(&r.w, 0, 0, TEN, TEN + LONG); /* on: not ahead */
    world_lesson(&r.w, 0, 0, TEN + MS_PER_DAY, TEN + MS_PER_DAY + LONG);
    world_lesson(&r.w, 1, 1, TEN + MS_PER_DAY, TEN + MS_PER_DAY + LONG); /* of the other school */
    late = world_lesson(&r.w, 0, 0, TEN + 2 * MS_PER_DAY + 8 * MS_PER_HOUR,
                        TEN + 2 * MS_PER_DAY + 8 * MS_PER_HOUR + LONG);
    off = world_lesson(&r.w, 0, 0, TEN + 2 * MS_PER_DAY, TEN + 2 * MS_PER_DAY + LONG);
    ok(lesson_cancel(r.w.db, off, "x", SIDE_CENTRE, RIG_NOW));
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static struct answer lessons(enum who who, int school, const char *days)
{
    char target[120];

    assert_true(str_format(target, sizeof target, "/schools/%lld/calendar/lessons%s",
                           (long long)r.w.schools[school].v, days));
    return api_get(&r, who, target);
}

static void count(const char *days, int64_t n)
{
    struct answer a = lessons(COORDINATOR, 0, days);

    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "count"), n);
    assert_int_equal(json_array_size(at(&a, "items")), n);
    answer_free(&a);
}

static void lessons_ahead_of_that_school_on_these_days(void **state)
{
    struct answer a;

    (void)state;
    count("?from=2026-11-24&to=2026-11-26", 2);
    count("?from=2026-11-25&to=2026-11-25", 1);
    count("?from=2026-11-27&to=2027-11-01", 0);
    a = lessons(COORDINATOR, 0, "?from=2026-11-26&to=2026-11-26");
    assert_int_equal(int_at(&a, "items.0.id"), late.v);
    answer_free(&a);
}

static void senseless_days_are_refused(void **state)
{
    static const char *const days[] = { "",
                                        "?from=2026-11-24",
                                        "?to=2026-11-24",
                                        "?from=2026-11-31&to=2026-12-01",
                                        "?from=2026-11-25&to=2026-11-24",
                                        "?from=2026-11-25&to=2027-11-26",
                                        "?from=2190-01-01&to=2190-01-02" };

    (void)state;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        api_refused(lessons(COORDINATOR, 0, days[i]), 400, "bad_field");
}

static void whose_calendar_it_is(void **state)
{
    static const struct {
        enum who who;
        int status;
    } cases[] = { { COORDINATOR, 200 }, { OFFICER, 200 }, { OFFICER_2, 404 }, { MENTOR, 403 },
                  { GUARDIAN, 403 },    { CHILD, 403 },   { ADMIN, 403 },     { NOBODY, 401 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer a = lessons(cases[i].who, 0, "?from=2026-11-24&to=2026-11-24");

        assert_int_equal(a.status, cases[i].status);
        answer_free(&a);
    }
    api_refused(
        api_get(&r, COORDINATOR, "/schools/9999/calendar/lessons?from=2026-11-24&to=2026-11-24"),
        404, "not_found");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(lessons_ahead_of_that_school_on_these_days),
        T(senseless_days_are_refused),
        T(whose_calendar_it_is),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
