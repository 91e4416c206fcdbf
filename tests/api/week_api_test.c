/* SPDX-License-Identifier: Apache-2.0
 *
 * A week of the timetable through the HTTP API: whose week may be seen by
 * whom, what of it is left out, and the hatches of a child's days.
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
static int64_t mine, others; /* of child 0, by mentor 0 and by mentor 1 */

#define HOUR MS_PER_HOUR
#define WEDNESDAY_11 (RIG_NOW - 12 * MS_PER_MIN + HOUR + MS_PER_DAY)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    mine = world_lesson(&r.w, 0, 0, WEDNESDAY_11, WEDNESDAY_11 + HOUR / 2).v;
    others = world_lesson(&r.w, 1, 0, WEDNESDAY_11 + HOUR, WEDNESDAY_11 + HOUR * 3 / 2).v;
    world_lesson(&r.w, 1, 1, WEDNESDAY_11, WEDNESDAY_11 + HOUR / 2);
    world_lesson(&r.w, 0, 0, WEDNESDAY_11 + 7 * MS_PER_DAY, WEDNESDAY_11 + 7 * MS_PER_DAY + HOUR);
    assert_int_equal(holiday_add(r.w.db, r.w.schools[0], "2026-11-26", "holiday"), ERR_OK);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *of(const char *word, int64_t id)
{
    static char path[80];

    assert_true(str_format(path, sizeof path, "/week?of=%s-%lld", word, (long long)id));
    return path;
}

/* So many lessons of this week, or 404 for -1. */
static void sees(enum who who, const char *path, int lessons)
{
    struct answer a = api_get(&r, who, path);

    if (lessons < 0) {
        api_refused(a, 404, "not_found");
        return;
    }
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "lessons")), lessons);
    assert_int_equal(int_at(&a, "more"), 0);
    assert_int_equal(json_array_size(at(&a, "days")), 7);
    assert_string_equal(str_at(&a, "days.0.date"), "2026-11-23");
    answer_free(&a);
}

static void everybody_sees_the_own_part_of_a_week(void **state)
{
    static const struct {
        enum who who;
        int child, child_2, mentor, mentor_2, school, school_2, centre;
    } rows[] = {
        /* mentor 0 is assigned to child 1 without a lesson this week */
        { CHILD, 2, -1, -1, -1, -1, -1, -1 },    { CHILD_2, -1, 1, -1, -1, -1, -1, -1 },
        { GUARDIAN, 2, -1, -1, -1, -1, -1, -1 }, { MENTOR, 1, 0, 1, -1, -1, -1, -1 },
        { MENTOR_2, 1, 1, -1, 2, -1, -1, -1 },   { STRANGER, -1, -1, -1, -1, -1, -1, -1 },
        { OFFICER, 2, -1, -1, -1, 2, -1, -1 },   { OFFICER_2, -1, 1, -1, -1, -1, 1, -1 },
        { COORDINATOR, 2, 1, 1, 2, 2, 1, 3 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        enum who who = rows[i].who;

        sees(who, of("child", r.w.child_users[0].v), rows[i].child);
        sees(who, of("child", r.w.child_users[1].v), rows[i].child_2);
        sees(who, of("mentor", r.w.mentor_users[0].v), rows[i].mentor);
        sees(who, of("mentor", r.w.mentor_users[1].v), rows[i].mentor_2);
        sees(who, of("school", r.w.schools[0].v), rows[i].school);
        sees(who, of("school", r.w.schools[1].v), rows[i].school_2);
        sees(who, "/week?of=centre", rows[i].centre);
    }
    sees(MENTOR, "/week?of=mentor-own", 1);
    sees(CHILD, "/week?of=mentor-own", -1);
    sees(COORDINATOR, of("child", 999), -1);
    sees(COORDINATOR, of("mentor", 999), -1);
    sees(COORDINATOR, of("school", 999), -1);
    api_refused(api_get(&r, ADMIN, "/week?of=centre"), 403, "not_allowed");
    api_refused(api_get(&r, NOBODY, "/week?of=centre"), 401, "no_login");
}

static void a_mentor_of_the_child_sees_the_own_lessons_alone(void **state)
{
    struct answer a = api_get(&r, MENTOR, of("child", r.w.child_users[0].v));

    (void)state;
    assert_int_equal(int_at(&a, "lessons.0.id"), mine);
    assert_int_equal(json_array_size(at(&a, "lessons")), 1);
    answer_free(&a);
    a = api_get(&r, GUARDIAN, of("child", r.w.child_users[0].v));
    assert_int_equal(int_at(&a, "lessons.1.id"), others);
    answer_free(&a);
}

static void a_child_has_hatches_without_reasons(void **state)
{
    struct answer a = api_get(&r, MENTOR, of("child", r.w.child_users[0].v));

    (void)state;
    assert_int_equal(json_array_size(at(&a, "hatches")), 2);
    assert_string_equal(str_at(&a, "hatches.0.kind"), "holiday");
    assert_string_equal(str_at(&a, "hatches.0.date"), "2026-11-26");
    assert_int_equal(int_at(&a, "hatches.0.to"), 1440);
    assert_string_equal(str_at(&a, "hatches.1.kind"), "rest");
    assert_string_equal(str_at(&a, "hatches.1.date"), "2026-11-29");
    assert_int_equal(json_object_size(at(&a, "hatches.1")), 4);
    assert_true(json_is_true(at(&a, "days.3.holiday")));
    assert_string_equal(str_at(&a, "tz"), "Europe/Moscow");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/week?of=centre");
    assert_int_equal(json_array_size(at(&a, "hatches")), 0);
    answer_free(&a);
}

static void a_week_is_that_of_any_of_its_days(void **state)
{
    static const char *const wrong[] = { "/week",
                                         "/week?of=",
                                         "/week?of=child-0",
                                         "/week?of=child",
                                         "/week?of=child-1x",
                                         "/week?of=centre-1",
                                         "/week?of=centre&date=2026-02-30" };
    struct answer a = api_get(&r, COORDINATOR, "/week?of=centre&date=2026-12-06");

    (void)state;
    assert_string_equal(str_at(&a, "days.0.date"), "2026-11-30");
    assert_string_equal(str_at(&a, "days.6.date"), "2026-12-06");
    assert_int_equal(json_array_size(at(&a, "lessons")), 1);
    answer_free(&a);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        api_refused(api_get(&r, COORDINATOR, wrong[i]), 400, "bad_field");
}

static void a_week_is_printed_for_who_may_see_it(void **state)
{
    char path[80];
    struct answer a;

    (void)state;
    assert_true(
        str_format(path, sizeof path, "/week.pdf?of=child-%lld", (long long)r.w.child_users[0].v));
    a = api_get(&r, GUARDIAN, path);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_memory_equal(a.body, "%PDF-", 5);
    answer_free(&a);
    api_refused(api_get(&r, CHILD_2, path), 404, "not_found");
    api_refused(api_get(&r, STRANGER, path), 404, "not_found");
    api_refused(api_get(&r, ADMIN, path), 403, "not_allowed");
    api_refused(api_get(&r, NOBODY, path), 401, "no_login");
    api_expect(&r, MENTOR, "GET", "/week.pdf?of=mentor-own", NULL, 200);
    api_expect(&r, COORDINATOR, "GET", "/week.pdf?of=centre", NULL, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everybody_sees_the_own_part_of_a_week, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mentor_of_the_child_sees_the_own_lessons_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_child_has_hatches_without_reasons, setup, teardown),
        cmocka_unit_test_setup_teardown(a_week_is_that_of_any_of_its_days, setup, teardown),
        cmocka_unit_test_setup_teardown(a_week_is_printed_for_who_may_see_it, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
