/* SPDX-License-Identifier: Apache-2.0
 *
 * Around referrals, through the HTTP API: children who may be known already,
 * the register, the schools' numbers, the lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/referral.h"
#include "tests/api/intake_rig.h"

/* ---- duplicates --------------------------------------------------------------------------- */

static void alike_children_are_flagged_and_never_merged(void **state)
{
    struct at_version first = referral_under_review(FULL), v;
    struct answer a =
        on_referral(COORDINATOR, "POST", first.id, "/decide", first.version, ACCEPT, 200);
    int64_t child = int_at(&a, "child.id");
    char body[160];

    (void)state;
    answer_free(&a);
    v = referral_under_review(SAME_CHILD);
    a = on_referral(COORDINATOR, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "alike.0.alike"), "same");
    assert_int_equal(int_at(&a, "alike.0.child.id"), child);
    answer_free(&a);
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200); /* not the school's to know */
    assert_int_equal(json_array_size(at(&a, "alike")), 0);
    answer_free(&a);
    referral_gate(COORDINATOR, v, "/decide", ACCEPT, "duplicates");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                          "{\"decision\":\"accepted\",\"reason\":\"x\",\"child\":999999}", 400),
              "child", "range");
    bad_field(
        on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                    "{\"decision\":\"accepted\",\"reason\":\"x\",\"child\":1,\"new_child\":true}",
                    400),
        "new_child", "range");
    assert_true(str_format(body, sizeof body,
                           "{\"decision\":\"accepted\",\"reason\":\"x\",\"child\":%lld}",
                           (long long)child));
    a = on_referral(COORDINATOR, "POST", v.id, "/decide", v.version, body, 200);
    assert_int_equal(int_at(&a, "child.id"), child);
    answer_free(&a);
    v = referral_under_review(SAME_CHILD);
    a = on_referral(COORDINATOR, "POST", v.id, "/decide", v.version, ACCEPT_NEW, 200);
    assert_int_not_equal(int_at(&a, "child.id"), child);
    answer_free(&a);

    /* an open referral that is alike is no child of the register */
    referral_under_review(SAME_CHILD);
    a = api_get(&intake, COORDINATOR, "/child-register?q=%D0%BB%D0%B8%D0%B7%D0%B0");
    no_medical_word_in(&a);
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_string_equal(str_at(&a, "items.0.alike.0.alike"), "same");
    assert_string_equal(str_at(&a, "items.1.alike.0.alike"), "same");
    assert_int_equal(int_at(&a, "items.0.grade") + int_at(&a, "items.1.grade"), 10); /* 5 and 5 */
    assert_string_equal(str_at(&a, "items.0.case"), "open");
    answer_free(&a);
}

static void the_register_calls_out_papers_that_end(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct answer a;

    (void)state;
    referral_step(COORDINATOR, v, "/decide", ACCEPT);
    a = api_get(&intake, COORDINATOR, "/child-register");
    assert_int_equal(json_array_size(at(&a, "items")), 3); /* two were there before */
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/child-register?expiring=yes");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.papers.recommendation.alert"), 30);
    assert_true(json_is_null(at(&a, "items.0.papers.basis.alert")));
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/child-register?limit=2");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_string_equal(str_at(&a, "next"), "2");
    answer_free(&a);
    bad_field(api_get(&intake, COORDINATOR, "/child-register?expiring=1"), "expiring", "range");
}

static void the_centre_sees_how_long_its_decisions_take(void **state)
{
    struct at_version a1 = referral_under_review(FULL), a2 = referral_under_review(SAME_CHILD);
    struct answer a = api_get(&intake, COORDINATOR, "/intake/decisions");

    (void)state;
    assert_int_equal(int_at(&a, "accepted"), 0);
    assert_true(json_is_null(at(&a, "median_days"))); /* no data is not 0 */
    answer_free(&a);
    (void)referral_step(COORDINATOR, a1, "/decide", REFUSE);
    api_stop(&intake);
    api_resume_at(&intake, RIG_NOW + 4 * MS_PER_DAY);
    (void)referral_step(COORDINATOR, a2, "/decide", ACCEPT);
    a = api_get(&intake, COORDINATOR, "/intake/decisions?month=2026-11");
    assert_string_equal(str_at(&a, "month"), "2026-11");
    assert_int_equal(int_at(&a, "accepted"), 1);
    assert_int_equal(int_at(&a, "refused"), 1);
    assert_int_equal(int_at(&a, "median_days"), 0);
    assert_int_equal(int_at(&a, "longest_days"), 4);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/intake/decisions?month=2026-10");
    assert_int_equal(int_at(&a, "refused"), 0);
    answer_free(&a);
    bad_field(api_get(&intake, COORDINATOR, "/intake/decisions?month=11"), "month", "malformed");
}

/* A second centre with a school, a child and a referral of its own. */
static struct user_id add_other_centre(void)
{
    struct org centre = { .type = ORG_CENTRE, .code = "c2", .name = "c2", .tz = "Europe/Moscow" };
    struct org school = { .type = ORG_SCHOOL, .code = "s3", .name = "s3", .tz = "Europe/Moscow" };
    struct user u = {
        .name = "Чужой", .short_name = "Чужой", .tz = "Europe/Moscow", .locale = "ru"
    };
    struct child child = { .grade = 4, .register_no = "X-1" };
    struct referral_change sent = { .move = MOVE_SUBMIT, .to = REFERRAL_SUBMITTED };
    struct user_id by = intake.w.guardian;
    struct db *db = intake.w.db;
    struct referral r;

    assert_int_equal(org_save(db, &centre, RIG_NOW, by, &centre.id), ERR_OK);
    school.parent = centre.id;
    assert_int_equal(org_save(db, &school, RIG_NOW, by, &school.id), ERR_OK);
    assert_int_equal(user_save(db, &u, RIG_NOW, by, &child.user), ERR_OK);
    child.centre = centre.id;
    child.school = school.id;
    assert_int_equal(child_save(db, &child, RIG_NOW, by, &child.id), ERR_OK);
    assert_int_equal(referral_add(db, school.id, centre.id, RIG_NOW, by, &r.id), ERR_OK);
    assert_int_equal(referral_load(db, r.id, &r), ERR_OK);
    assert_int_equal(referral_change(db, &r, &sent, RIG_NOW, by), ERR_OK);
    return child.user;
}

static void another_centre_is_another_world(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct user_id theirs;
    char body[160];
    struct answer a;

    (void)state;
    api_stop(&intake);
    theirs = add_other_centre();
    api_resume_at(&intake, RIG_NOW);
    a = api_get(&intake, COORDINATOR, "/referrals");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.id"), v.id);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/intake/queue");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/need-returns");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/child-register");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    answer_free(&a);
    api_refused(on_referral(COORDINATOR, "GET", v.id + 1, "", 0, NULL, 404), 404, "not_found");
    api_refused(on_referral(COORDINATOR, "POST", v.id + 1, "/medical", 0, WHY, 404), 404,
                "not_found");
    assert_true(str_format(body, sizeof body,
                           "{\"decision\":\"accepted\",\"reason\":\"x\",\"child\":%lld}",
                           (long long)theirs.v));
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version, body, 400), "child",
              "range");
}

/* ---- returns ------------------------------------------------------------------------------ */

#define RETURNS "/need-returns"
#define NOVEMBER(count) "{\"period\":\"2026-11\",\"count\":" count "}"

static void numbers_agree_with_the_referrals(void **state)
{
    struct answer a;
    char target[64];
    int64_t id;

    (void)state;
    referral_under_review(FULL);
    referral_step(OFFICER, referral_draft(OFFICER, SAME_CHILD), "/submit", NULL);
    referral_draft(OFFICER, FULL); /* not sent, not counted */
    a = api_post(&intake, OFFICER, RETURNS, NOVEMBER("1"));
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "below_referrals");
    answer_free(&a);
    a = api_ask(&intake, OFFICER, "POST", RETURNS, NULL, "n-1", NOVEMBER("3"));
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "declared"), 3);
    assert_int_equal(int_at(&a, "received"), 2);
    assert_int_equal(int_at(&a, "difference"), 1);
    id = int_at(&a, "id");
    answer_free(&a);
    a = api_ask(&intake, OFFICER, "POST", RETURNS, NULL, "n-1", NOVEMBER("3")); /* the same click */
    assert_int_equal(a.status, 201);
    answer_free(&a);
    a = api_post(&intake, OFFICER, RETURNS, NOVEMBER("3"));
    assert_string_equal(str_at(&a, "error.gate"), "returned_already");
    answer_free(&a);
    assert_true(str_format(target, sizeof target, RETURNS "/%lld", (long long)id));
    api_refused(api_ask(&intake, OFFICER, "PUT", target, NULL, NULL, "{\"count\":2}"), 428,
                "need_match");
    a = api_ask(&intake, OFFICER, "PUT", target, "\"v1\"", NULL, "{\"count\":1}");
    assert_string_equal(str_at(&a, "error.gate"), "below_referrals");
    answer_free(&a);
    a = api_ask(&intake, OFFICER, "PUT", target, "\"v1\"", NULL, "{\"count\":2}");
    assert_int_equal(int_at(&a, "difference"), 0);
    assert_int_equal(int_at(&a, "version"), 2);
    answer_free(&a);
    api_refused(api_ask(&intake, OFFICER, "PUT", target, "\"v1\"", NULL, "{\"count\":5}"), 412,
                "stale");
    api_refused(api_ask(&intake, OFFICER_2, "PUT", target, "\"v2\"", NULL, "{\"count\":5}"), 404,
                "not_found");
}

static void numbers_are_whole_and_in_time(void **state)
{
    struct answer a;

    (void)state;
    bad_field(api_post(&intake, OFFICER, RETURNS, NOVEMBER("2.5")), "count", "type");
    bad_field(api_post(&intake, OFFICER, RETURNS, NOVEMBER("\"2\"")), "count", "type");
    bad_field(api_post(&intake, OFFICER, RETURNS, NOVEMBER("-1")), "count", "range");
    bad_field(api_post(&intake, OFFICER, RETURNS, NOVEMBER("10001")), "count", "range");
    bad_field(api_post(&intake, OFFICER, RETURNS, "{\"period\":\"2026-13\",\"count\":1}"), "period",
              "malformed");
    bad_field(api_post(&intake, OFFICER, RETURNS, "{\"period\":\"2026-11\"}"), "count", "missing");
    a = api_post(&intake, OFFICER, RETURNS, "{\"period\":\"2026-12\",\"count\":1}");
    assert_string_equal(str_at(&a, "error.gate"), "period_ahead");
    answer_free(&a);
    a = api_post(&intake, OFFICER, RETURNS, "{\"period\":\"2026-10\",\"count\":1}");
    assert_string_equal(str_at(&a, "error.gate"), "period_closed");
    answer_free(&a);
}

static void the_centre_sees_every_school_and_a_school_itself(void **state)
{
    struct answer a;

    (void)state;
    api_expect(&intake, OFFICER, "POST", RETURNS, NOVEMBER("4"), 201);
    a = api_get(&intake, COORDINATOR, RETURNS);
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_int_equal(int_at(&a, "items.0.declared"), 4);
    assert_true(json_is_null(at(&a, "items.1.declared"))); /* has said nothing */
    assert_true(json_is_null(at(&a, "items.1.difference")));
    assert_true(json_is_true(at(&a, "items.0.open")));
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, RETURNS "?limit=1");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "next"), "1");
    answer_free(&a);
    a = api_get(&intake, OFFICER, RETURNS "?month=2026-10");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_true(json_is_null(at(&a, "items.0.declared")));
    assert_true(json_is_false(at(&a, "items.0.open")));
    answer_free(&a);
}

/* ---- lists -------------------------------------------------------------------------------- */

static void lists_show_the_own_and_the_oldest_first(void **state)
{
    struct at_version a1 = referral_draft(OFFICER, FULL), a2 = referral_draft(OFFICER, SAME_CHILD),
                      b;
    struct answer a;

    (void)state;
    b = referral_step(OFFICER_2, referral_draft(OFFICER_2, FULL), "/submit", NULL);
    api_set_now(RIG_NOW + MS_PER_MIN);
    a2 = referral_step(OFFICER, a2, "/submit", NULL);
    a = api_get(&intake, COORDINATOR, "/referrals");
    assert_int_equal(json_array_size(at(&a, "items")), 2); /* without the draft */
    assert_int_equal(int_at(&a, "items.0.id"), b.id);
    assert_int_equal(int_at(&a, "items.1.id"), a2.id);
    assert_string_equal(str_at(&a, "items.1.alike.0.alike"), "other_school");
    answer_free(&a);
    a = api_get(&intake, OFFICER, "/referrals");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_int_equal(int_at(&a, "items.0.id"), a2.id);
    assert_int_equal(int_at(&a, "items.1.id"), a1.id);
    answer_free(&a);
    a = api_get(&intake, OFFICER, "/referrals?state=draft");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/referrals?state=draft");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/intake/queue?limit=1");
    assert_int_equal(int_at(&a, "items.0.id"), b.id);
    assert_string_equal(str_at(&a, "next"), "1");
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/intake/queue?limit=1&cursor=1");
    assert_int_equal(int_at(&a, "items.0.id"), a2.id);
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
    bad_field(api_get(&intake, OFFICER, "/referrals?state=new"), "state", "range");
    api_refused(on_referral(OFFICER_2, "GET", a2.id, "", 0, NULL, 404), 404, "not_found");
    api_refused(on_referral(COORDINATOR, "GET", a1.id, "", 0, NULL, 404), 404, "not_found");
    /* withdrawn before it was ever sent: still not the centre's */
    a1 = referral_step(OFFICER, a1, "/withdraw", "{\"reason\":\"x\"}");
    api_refused(on_referral(COORDINATOR, "GET", a1.id, "", 0, NULL, 404), 404, "not_found");
    a = api_get(&intake, COORDINATOR, "/referrals?state=withdrawn");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    api_set_now(RIG_NOW);
}

static void a_child_without_papers_has_no_limits_and_no_case(void **state)
{
    char target[64];
    struct answer a;

    (void)state;
    assert_true(str_format(target, sizeof target, "/children/%lld/limits",
                           (long long)intake.w.child_users[0].v));
    a = api_get(&intake, MENTOR, target);
    assert_true(json_is_null(at(&a, "limits")));
    answer_free(&a);
    assert_true(str_format(target, sizeof target, "/children/%lld/case",
                           (long long)intake.w.child_users[0].v));
    api_refused(api_get(&intake, COORDINATOR, target), 404, "not_found");
}

#define t(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(alike_children_are_flagged_and_never_merged),
        t(the_register_calls_out_papers_that_end),
        t(the_centre_sees_how_long_its_decisions_take),
        t(another_centre_is_another_world),
        t(numbers_agree_with_the_referrals),
        t(numbers_are_whole_and_in_time),
        t(the_centre_sees_every_school_and_a_school_itself),
        t(lists_show_the_own_and_the_oldest_first),
        t(a_child_without_papers_has_no_limits_and_no_case),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
