/* SPDX-License-Identifier: Apache-2.0
 *
 * A case through the HTTP API: until when what is missing is owed, and its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "tests/api/intake_rig.h"

/* The child of an accepted referral: "/children/ID" and what. */
static void case_target(char *out, size_t cap, const char *what)
{
    struct at_version v = referral_under_review(FULL);
    struct answer a = on_referral(COORDINATOR, "POST", v.id, "/decide", v.version, ACCEPT, 200);

    assert_true(str_format(out, cap, "/children/%lld%s", (long long)int_at(&a, "child.id"), what));
    answer_free(&a);
}

static void close_refused(const char *target, const char *gate)
{
    struct answer a = api_post(&intake, COORDINATOR, target, "{\"reason\":\"left\"}");

    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

static void a_case_is_closed_with_a_reason_and_only_once(void **state)
{
    char target[64];
    struct answer a;

    (void)state;
    case_target(target, sizeof target, "/case/close");
    bad_field(api_post(&intake, COORDINATOR, target, "{}"), "reason", "missing");
    bad_field(api_post(&intake, COORDINATOR, target, "{\"reason\":\"hospital\"}"), "reason",
              "range");
    a = api_post(&intake, COORDINATOR, target, "{\"reason\":\"recovered\"}");
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "closed");
    assert_string_equal(str_at(&a, "reason"), "recovered");
    assert_int_equal(json_array_size(at(&a, "missing")), 0);
    answer_free(&a);
    close_refused(target, "case_closed");
    api_stop(&intake);
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = "
                                             "'case.close' AND after = 'recovered'"),
                     1);
}

static void a_case_with_lessons_ahead_stays_open(void **state)
{
    char target[64], sql[160];
    struct lesson_id lesson;
    struct answer a;

    (void)state;
    case_target(target, sizeof target, "/case/close");
    api_stop(&intake);
    lesson =
        world_lesson(&intake.w, 0, 0, RIG_NOW + MS_PER_DAY, RIG_NOW + MS_PER_DAY + 40 * MS_PER_MIN);
    assert_true(str_format(sql, sizeof sql,
                           "UPDATE lesson_child SET child = (SELECT max(id) FROM child) "
                           "WHERE lesson = %lld",
                           (long long)lesson.v));
    assert_int_equal(db_script(intake.w.db, sql), ERR_OK);
    api_resume_at(&intake, RIG_NOW);
    close_refused(target, "lessons_ahead");
    api_stop(&intake);
    assert_int_equal(db_script(intake.w.db, "UPDATE lesson SET state = 'cancelled'"), ERR_OK);
    api_resume_at(&intake, RIG_NOW);
    a = api_post(&intake, COORDINATOR, target, "{\"reason\":\"left\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void what_a_case_misses_has_a_day(void **state)
{
    char target[64];
    struct answer a;

    (void)state;
    case_target(target, sizeof target, "/case");
    a = api_get(&intake, COORDINATOR, target);
    assert_string_equal(str_at(&a, "missing.0.due"), "2026-12-24"); /* 30 days */
    assert_true(json_is_false(at(&a, "missing.0.late")));
    answer_free(&a);
    api_stop(&intake);
    api_resume_at(&intake, RIG_NOW + 31 * MS_PER_DAY);
    a = api_get(&intake, COORDINATOR, target);
    assert_string_equal(str_at(&a, "missing.0.gate"), "recommendation");
    assert_string_equal(str_at(&a, "missing.0.due"), "2026-12-20"); /* its last day */
    assert_true(json_is_true(at(&a, "missing.1.late")));
    answer_free(&a);
}

#define t(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(a_case_is_closed_with_a_reason_and_only_once),
        t(a_case_with_lessons_ahead_stays_open),
        t(what_a_case_misses_has_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
