/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals for a week over the HTTP API: who may have one, one at a time, how
 * it ends, what it leaves behind, and that the desk answers while it runs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/access.h"
#include "server/store/planning.h"
#include "tests/api/api_rig.h"
#include "tests/support/plan_rows.h"

static struct api_rig r;

#define ok(call) assert_int_equal(call, ERR_OK)
#define NEXT_WEEK "{\"week\":\"2026-11-30\",\"mode\":\"fresh\",\"seed\":7}"
#define MONDAY date_to_days(2026, 11, 30)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    plan_rows_begin(&r.w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* Two children who have time at the same half hour only, and one mentor: neither side alone shows
 * that half of the lessons have no place, so the search goes on until a clock or a person stops it.
 */
static void endless(void)
{
    ok(policy_set(r.w.db, r.w.centre, "plan.steps_per_lesson", "100000", 0, "test", RIG_NOW,
                  r.w.coordinator));
    ok(policy_set(r.w.db, r.w.centre, "plan.seconds_max", "600", 0, "test", RIG_NOW,
                  r.w.coordinator));
    for (int i = 0; i < WORLD_PEOPLE; i++) {
        ok(employment_end(r.w.db, r.w.mentors[1], r.w.schools[i], RIG_NOW - 1));
        plan_rows_line(&r.w, i, r.w.subject, 150, 30);
        for (int day = 1; day <= 5; day++)
            plan_rows_time(&r.w, r.w.children[i], 0, "free", day, 10 * 60, 10 * 60 + 30);
    }
}

static int64_t asked(const char *body)
{
    struct answer a = api_post(&r, COORDINATOR, "/plans", body);
    int64_t id;

    if (a.status != 202)
        print_error("%d %s\n", a.status, a.body);
    assert_int_equal(a.status, 202);
    id = int_at(&a, "id");
    assert_non_null(strstr(a.headers, "Location: /api/v1/plans/"));
    answer_free(&a);
    return id;
}

static const char *target(int64_t id, const char *what)
{
    static char text[64];

    assert_true(str_format(text, sizeof text, "/plans/%lld%s", (long long)id, what));
    return text;
}

/* Asks until it is over. */
static struct answer ended(int64_t id)
{
    for (;;) {
        struct answer a = api_get(&r, COORDINATOR, target(id, ""));

        assert_int_equal(a.status, 200);
        if (strcmp(str_at(&a, "state"), "queued") != 0 &&
            strcmp(str_at(&a, "state"), "running") != 0)
            return a;
        answer_free(&a);
        usleep(5000);
    }
}

static void a_week_is_proposed_judged_and_published(void **state)
{
    struct answer a;
    char version[64];
    int64_t id;

    (void)state;
    plan_rows_line(&r.w, 0, r.w.subject, 160, 30);
    plan_rows_line(&r.w, 1, r.w.subject, 120, 40);
    api_start(&r);
    id = asked(NEXT_WEEK);
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "done");
    assert_string_equal(str_at(&a, "cause"), "none");
    assert_int_equal(int_at(&a, "progress.wanted"), 8);
    assert_int_equal(int_at(&a, "progress.placed"), 8);
    assert_int_equal(int_at(&a, "progress.bound"), 8);
    assert_int_equal(int_at(&a, "changes.added"), 8);
    assert_int_equal(json_array_size(at(&a, "left")), 0);
    assert_true(str_format(version, sizeof version, "/schedule-versions/%lld",
                           (long long)int_at(&a, "version")));
    answer_free(&a);
    a = api_get(&r, COORDINATOR, version);
    assert_string_equal(str_at(&a, "state"), "draft");
    assert_int_equal(int_at(&a, "planned"), 8);
    answer_free(&a);
    assert_true(
        str_format(version + strlen(version), sizeof version - strlen(version), "/validate"));
    a = api_post(&r, COORDINATOR, version, "{}");
    assert_int_equal(int_at(&a, "hard"), 0);
    assert_string_equal(str_at(&a, "version.state"), "validated");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/plans?week=2026-11-30");
    assert_int_equal(json_array_size(at(&a, "plans")), 1);
    assert_int_equal(int_at(&a, "plans.0.id"), id);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/plans?week=2026-12-07");
    assert_int_equal(json_array_size(at(&a, "plans")), 0);
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action IN "
                                        "('plan.ask', 'plan.end')"),
                     2);
}

static void what_has_no_place_is_told_with_its_rule(void **state)
{
    struct answer a;

    (void)state;
    plan_rows_line(&r.w, 0, r.w.subject, 60, 30);
    plan_rows_time(&r.w, r.w.children[0], 0, "free", 2, 10 * 60, 10 * 60 + 30);
    api_start(&r);
    a = ended(asked(NEXT_WEEK));
    assert_string_equal(str_at(&a, "state"), "done");
    assert_int_equal(int_at(&a, "changes.left"), 1);
    assert_int_equal(int_at(&a, "left.0.child.id"), r.w.child_users[0].v);
    assert_string_equal(str_at(&a, "left.0.subject"), "maths");
    assert_int_equal(int_at(&a, "left.0.minutes"), 30);
    assert_int_equal(int_at(&a, "left.0.proof.lessons"), 2);
    assert_int_equal(int_at(&a, "left.0.proof.places"), 1);
    assert_string_equal(str_at(&a, "left.0.proof.of"), "child");
    answer_free(&a);
}

static void nothing_to_plan_makes_no_draft(void **state)
{
    struct answer a;

    (void)state;
    api_start(&r);
    a = ended(asked(NEXT_WEEK));
    assert_string_equal(str_at(&a, "state"), "done");
    assert_true(json_is_null(at(&a, "version")));
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM schedule_version"), 0);
}

static void one_at_a_time_and_it_can_be_stopped(void **state)
{
    struct answer a;
    int64_t id, planned;

    (void)state;
    endless();
    api_start(&r);
    id = asked(NEXT_WEEK);
    api_refused(api_post(&r, COORDINATOR, "/plans", NEXT_WEEK), 409, "not_now");
    a = api_get(&r, COORDINATOR, target(id, ""));
    assert_string_equal(str_at(&a, "state"), "running");
    assert_true(json_is_null(at(&a, "changes")));
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", "/board", NULL, 200); /* the desk has time for others */
    api_expect(&r, COORDINATOR, "POST", target(id, "/stop"), "{}", 202);
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "stopped");
    assert_string_equal(str_at(&a, "cause"), "asked");
    planned = int_at(&a, "progress.placed");
    assert_int_equal(int_at(&a, "changes.left"), int_at(&a, "progress.wanted") - planned);
    answer_free(&a);
    api_refused(api_post(&r, COORDINATOR, target(id, "/stop"), "{}"), 409, "not_now");
    id = asked(NEXT_WEEK); /* the next one may run */
    api_expect(&r, COORDINATOR, "POST", target(id, "/stop"), "{}", 202);
    a = ended(id);
    answer_free(&a);
}

static void the_time_of_the_policy_ends_it(void **state)
{
    struct answer a;
    int64_t id;

    (void)state;
    endless();
    ok(policy_set(r.w.db, r.w.centre, "plan.seconds_max", "2", 0, "test", RIG_NOW,
                  r.w.coordinator));
    api_start(&r);
    id = asked(NEXT_WEEK);
    for (int i = 0; i < 3; i++)
        api_set_now(RIG_NOW); /* a second each */
    a = ended(id);
    assert_string_equal(str_at(&a, "state"), "stopped");
    assert_string_equal(str_at(&a, "cause"), "time");
    answer_free(&a);
}

static void a_setting_that_cannot_be_read_fails_and_lets_the_next_run(void **state)
{
    struct answer a;

    (void)state;
    ok(policy_set(r.w.db, r.w.centre, "plan.seconds_max", "soon", 0, "test", RIG_NOW,
                  r.w.coordinator));
    api_start(&r);
    a = ended(asked(NEXT_WEEK));
    assert_string_equal(str_at(&a, "state"), "failed");
    assert_string_equal(str_at(&a, "cause"), "records");
    assert_true(json_is_null(at(&a, "changes")));
    answer_free(&a);
    a = ended(asked(NEXT_WEEK));
    answer_free(&a);
}

static void a_plan_that_ran_when_the_server_stopped_has_failed(void **state)
{
    struct answer a;
    int64_t id;

    (void)state;
    endless();
    api_start(&r);
    id = asked(NEXT_WEEK);
    api_stop(&r); /* it is told to stop, and its result is dropped */
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM lesson"), 0);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM schedule_version"), 0);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM plan_run WHERE state = 'running'"),
                     1);
    api_resume_at(&r, RIG_NOW + MS_PER_MIN);
    a = api_get(&r, COORDINATOR, target(id, ""));
    assert_string_equal(str_at(&a, "state"), "failed");
    assert_string_equal(str_at(&a, "cause"), "restart");
    answer_free(&a);
    id = asked(NEXT_WEEK);
    api_expect(&r, COORDINATOR, "POST", target(id, "/stop"), "{}", 202);
    a = ended(id);
    answer_free(&a);
}

static void bad_questions_are_refused_by_field(void **state)
{
    static const struct {
        const char *body, *field, *fault;
    } bad[] = {
        { "{\"mode\":\"fresh\"}", "week", "missing" },
        { "{\"week\":\"2026-12-01\",\"mode\":\"fresh\"}", "week", "range" }, /* a Tuesday */
        { "{\"week\":\"2026-11-16\",\"mode\":\"fresh\"}", "week", "range" }, /* over */
        { "{\"week\":\"2028-01-03\",\"mode\":\"fresh\"}", "week", "range" }, /* too far */
        { "{\"week\":\"2026-11-31\",\"mode\":\"fresh\"}", "week", "range" },
        { "{\"week\":\"2026-11-30\",\"mode\":\"new\"}", "mode", "range" },
        { "{\"week\":\"2026-11-30\"}", "mode", "missing" },
        { "{\"week\":\"2026-11-30\",\"mode\":\"fresh\",\"seed\":-1}", "seed", "range" },
        { "{\"week\":\"2026-11-30\",\"mode\":\"fresh\",\"x\":1}", "x", "unknown" },
    };

    (void)state;
    api_start(&r);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer a = api_post(&r, COORDINATOR, "/plans", bad[i].body);

        assert_int_equal(a.status, 400);
        assert_string_equal(str_at(&a, "error.field"), bad[i].field);
        assert_string_equal(str_at(&a, "error.fault"), bad[i].fault);
        answer_free(&a);
    }
    api_refused(api_get(&r, COORDINATOR, "/plans?week=soon"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/plans/999"), 404, "not_found");
}

static void a_repeated_request_asks_once(void **state)
{
    struct answer a, b;

    (void)state;
    api_start(&r);
    a = api_ask(&r, COORDINATOR, "POST", "/plans", NULL, "key-1", NEXT_WEEK);
    b = api_ask(&r, COORDINATOR, "POST", "/plans", NULL, "key-1", NEXT_WEEK);
    assert_int_equal(b.status, 202);
    assert_int_equal(int_at(&a, "id"), int_at(&b, "id"));
    answer_free(&a);
    answer_free(&b);
}

/* A run of another centre, and every role. */
static void who_may_not_is_refused(void **state)
{
    static const enum who others[] = { CHILD,    CHILD_2, MENTOR,    STRANGER,
                                       GUARDIAN, OFFICER, OFFICER_2, ADMIN };
    struct org o = { .type = ORG_CENTRE, .code = "other", .name = "other", .tz = "Europe/Moscow" };
    int64_t foreign, own;

    (void)state;
    ok(org_save(r.w.db, &o, RIG_NOW, r.w.coordinator, &o.id));
    ok(plan_run_add(r.w.db, o.id, MONDAY, PLAN_MODE_FRESH, 1, RIG_NOW, r.w.coordinator, &foreign));
    ok(plan_run_add(r.w.db, r.w.centre, MONDAY, PLAN_MODE_FRESH, 1, RIG_NOW, r.w.coordinator,
                    &own));
    api_start(&r); /* both have failed by now */
    api_refused(api_get(&r, COORDINATOR, target(foreign, "")), 404, "not_found");
    api_refused(api_post(&r, COORDINATOR, target(foreign, "/stop"), "{}"), 404, "not_found");
    api_expect(&r, COORDINATOR, "GET", target(own, ""), NULL, 200);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        api_refused(api_get(&r, others[i], "/plans"), 403, "not_allowed");
        api_refused(api_post(&r, others[i], "/plans", NEXT_WEEK), 403, "not_allowed");
        api_refused(api_get(&r, others[i], target(own, "")), 403, "not_allowed");
        api_refused(api_post(&r, others[i], target(own, "/stop"), "{}"), 403, "not_allowed");
    }
    api_refused(api_get(&r, NOBODY, target(own, "")), 401, "no_login");
    for (enum role role = ROLE_NONE; role < ROLE_COUNT; role++)
        assert_int_equal(access_scope(role, RIGHT_PLAN),
                         role == ROLE_COORDINATOR ? SCOPE_OWN_CENTRE : SCOPE_NONE);
}

/* A whole centre: what is proposed has nothing hard in it, in either mode. */
static void a_week_of_the_demo_is_planned(const char *body)
{
    struct answer a = ended(asked(body));
    char version[64];

    assert_string_equal(str_at(&a, "state"), "done");
    assert_true(int_at(&a, "progress.placed") > 100);
    assert_true(int_at(&a, "progress.placed") <= int_at(&a, "progress.bound"));
    assert_true(str_format(version, sizeof version, "/schedule-versions/%lld/validate",
                           (long long)int_at(&a, "version")));
    answer_free(&a);
    a = api_post(&r, COORDINATOR, version, "{}");
    assert_int_equal(a.status, 200);
    if (int_at(&a, "hard") > 0)
        print_error("%s\n", a.body);
    assert_int_equal(int_at(&a, "hard"), 0);
    answer_free(&a);
}

static void the_demo_is_planned_by_all_rules(void **state)
{
    (void)state;
    api_open_demo(&r);
    ok(policy_set(r.w.db, r.w.centre, "plan.steps_per_lesson", "50", 0, "test", RIG_NOW,
                  r.w.coordinator));
    api_start(&r);
    a_week_of_the_demo_is_planned("{\"week\":\"2026-12-07\",\"mode\":\"fresh\",\"seed\":3}");
    a_week_of_the_demo_is_planned("{\"week\":\"2026-11-30\",\"mode\":\"repair\",\"seed\":3}");
    api_close(&r);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_week_is_proposed_judged_and_published),
        TEST(what_has_no_place_is_told_with_its_rule),
        TEST(nothing_to_plan_makes_no_draft),
        TEST(one_at_a_time_and_it_can_be_stopped),
        TEST(the_time_of_the_policy_ends_it),
        TEST(a_setting_that_cannot_be_read_fails_and_lets_the_next_run),
        TEST(a_plan_that_ran_when_the_server_stopped_has_failed),
        TEST(bad_questions_are_refused_by_field),
        TEST(a_repeated_request_asks_once),
        TEST(who_may_not_is_refused),
        cmocka_unit_test(the_demo_is_planned_by_all_rules),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
