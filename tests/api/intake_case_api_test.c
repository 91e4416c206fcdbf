/* SPDX-License-Identifier: Apache-2.0
 *
 * A case through the HTTP API: until when what is missing is owed, and its end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
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

/* A link for this one of the family; what the answer says of it. */
static struct answer link_for(enum who who, const char *target, const char *of, int status)
{
    char body[32];
    struct answer a;

    assert_true(str_format(body, sizeof body, "{\"for\":\"%s\"}", of));
    a = api_post(&intake, who, target, body);
    assert_int_equal(a.status, status);
    return a;
}

static void opens(const char *address, int status)
{
    char body[96];
    struct answer a;

    assert_int_equal(strncmp(address, "/in/", 4), 0);
    assert_true(str_format(body, sizeof body, "{\"link\":\"%s\"}", address + 4));
    a = api_post(&intake, NOBODY, "/session", body);
    assert_int_equal(a.status, status);
    answer_free(&a);
}

static void the_family_gets_its_links_and_the_gate_closes(void **state)
{
    char target[64], link[64], file[64], old[64];
    struct answer a;

    (void)state;
    case_target(target, sizeof target, "");
    assert_true(str_format(link, sizeof link, "%s/sign-in-link", target));
    assert_true(str_format(file, sizeof file, "%s/case", target));
    bad_field(api_post(&intake, COORDINATOR, link, "{}"), "for", "missing");
    bad_field(api_post(&intake, COORDINATOR, link, "{\"for\":\"aunt\"}"), "for", "range");
    a = api_get(&intake, COORDINATOR, file);
    assert_non_null(strstr(a.body, "\"gate\":\"guardian\""));
    answer_free(&a);
    /* The parent of the referral; a second link ends the first, and each opens once. */
    a = link_for(COORDINATOR, link, "guardian", 201);
    assert_string_equal(str_at(&a, "person.name"), "Вера Лис");
    assert_true(str_copy(old, sizeof old, str_at(&a, "address")));
    answer_free(&a);
    a = link_for(COORDINATOR, link, "guardian", 201);
    opens(old, 401);
    opens(str_at(&a, "address"), 200);
    opens(str_at(&a, "address"), 401);
    answer_free(&a);
    a = link_for(COORDINATOR, link, "child", 201);
    assert_string_equal(str_at(&a, "person.name"), "Лиза Лис");
    opens(str_at(&a, "address"), 200);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, file);
    assert_null(strstr(a.body, "\"gate\":\"guardian\""));
    answer_free(&a);
    api_stop(&intake);
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM guardian_link WHERE child = "
                                             "(SELECT max(id) FROM child)"),
                     1);
    assert_int_equal(
        world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = 'link.issue'"), 3);
    assert_int_equal(
        world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = 'guardian.enter'"), 1);
}

static void a_guardian_lets_its_child_in_and_nobody_else(void **state)
{
    char link[64];
    struct answer a;

    (void)state;
    assert_true(str_format(link, sizeof link, "/children/%lld/sign-in-link",
                           (long long)intake.w.child_users[0].v));
    a = link_for(GUARDIAN, link, "child", 201);
    opens(str_at(&a, "address"), 200);
    answer_free(&a);
    a = link_for(GUARDIAN, link, "guardian", 403);
    assert_string_equal(str_at(&a, "error.code"), "not_allowed");
    answer_free(&a);
    /* No referral names a parent of the second child, and none is made up. */
    assert_true(str_format(link, sizeof link, "/children/%lld/sign-in-link",
                           (long long)intake.w.child_users[1].v));
    a = link_for(COORDINATOR, link, "guardian", 409);
    assert_string_equal(str_at(&a, "error.code"), "not_now");
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
        t(the_family_gets_its_links_and_the_gate_closes),
        t(a_guardian_lets_its_child_in_and_nobody_else),
        t(a_case_is_closed_with_a_reason_and_only_once),
        t(a_case_with_lessons_ahead_stays_open),
        t(what_a_case_misses_has_a_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
