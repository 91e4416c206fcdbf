/* SPDX-License-Identifier: Apache-2.0
 *
 * Hiring through the HTTP API, from the first document to the first lesson:
 * every step by whoever's it is and refused to everybody else, every refusal
 * by its name, and what time does.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/hiring.h"
#include "server/store/staff.h"
#include "tests/api/hiring_rig.h"

#define DAY MS_PER_DAY
#define MIDNIGHT INT64_C(1795554000000) /* 25 November, 00:00 in Moscow */

/* ---- seeing --------------------------------------------------------------------------------- */

static void a_file_is_for_those_it_concerns(void **state)
{
    struct answer a = api_get(&r, STRANGER, mentor("/hiring"));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "checklist")), 10);
    assert_true(json_is_false(at(&a, "complete")));
    assert_string_equal(str_at(&a, "checklist.0.gate"), "account");
    assert_string_equal(str_at(&a, "checklist.0.cause"), "holds");
    assert_string_equal(str_at(&a, "checklist.1.gate"), "training");
    assert_string_equal(str_at(&a, "checklist.1.cause"), "missing");
    assert_string_equal(str_at(&a, "checklist.1.actor"), "mentor");
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", mentor("/hiring"), NULL, 200);
    for (enum who who = CHILD; who < WHO_COUNT; who++)
        if (who == CHILD || who == CHILD_2 || who == GUARDIAN || who == ADMIN)
            api_refused(api_get(&r, who, mentor("/hiring")), 403, "not_allowed");
        else if (who != STRANGER && who != COORDINATOR)
            api_refused(api_get(&r, who, mentor("/hiring")), 404, "not_found");
    api_refused(api_get(&r, NOBODY, mentor("/hiring")), 401, "no_login");
    api_refused(api_get(&r, COORDINATOR, "/mentors/999/hiring"), 404, "not_found");
    /* The school sees it once the application is more than a draft. */
    applies();
    api_refused(api_get(&r, OFFICER, mentor("/hiring")), 404, "not_found");
    goes(STRANGER, "begin", NULL, "documents");
    api_expect(&r, OFFICER, "GET", mentor("/hiring"), NULL, 200);
    api_refused(api_post(&r, OFFICER, mentor("/trainings"), "{}"), 403, "not_allowed");
    api_refused(api_post(&r, STRANGER, mentor("/introductions"), "{}"), 403, "not_allowed");
    api_refused(api_post(&r, STRANGER, mentor("/applications"),
                         text("{\"school\":%lld}", (long long)r.w.schools[0].v)),
                409, "not_now");
    field_is(api_post(&r, STRANGER, mentor("/applications"),
                      text("{\"school\":%lld}", (long long)r.w.centre.v)),
             "school");
}

/* ---- the way to the first lesson ------------------------------------------------------------ */

static void papers_stand_in_the_way_of_steps(void **state)
{
    struct answer a;

    (void)state;
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    a = steps(STRANGER, "submit", NULL);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "papers");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 9);
    answer_free(&a);
    sends_everything();
    enters_course_and_subject();
    api_refused(steps(COORDINATOR, "submit", NULL), 403, "not_allowed");
    goes(STRANGER, "submit", NULL, "verification");
    a = steps(COORDINATOR, "recommend", NULL); /* nobody has looked at anything yet */
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gates.0.cause"), "waiting");
    assert_string_equal(str_at(&a, "error.gates.0.actor"), "coordinator");
    answer_free(&a);
    field_is(steps(COORDINATOR, "return", NULL), "reason");
    goes(COORDINATOR, "return", "the scan is blurred", "returned");
    goes(STRANGER, "submit", NULL, "verification");
    centre_verifies();
    api_refused(steps(STRANGER, "recommend", NULL), 403, "not_allowed");
    goes(COORDINATOR, "recommend", NULL, "recommended");
    api_refused(steps(COORDINATOR, "recommend", NULL), 409, "not_now");
    field_is(steps(OFFICER, "order", NULL), "step");
    field_is(steps(COORDINATOR, "employ", NULL), "step");
    field_is(steps(COORDINATOR, "hire", NULL), "step");
}

static void an_order_is_the_schools_and_part_time(void **state)
{
    static const struct {
        const char *body, *field;
    } t[] = {
        { ORDER("", "50", "540", "2026-11-24", "2026-11-24", "null"), "number" },
        { ORDER("1", "51", "540", "2026-11-24", "2026-11-24", "null"), "rate_percent" },
        { ORDER("1", "0", "540", "2026-11-24", "2026-11-24", "null"), "rate_percent" },
        { ORDER("1", "50", "1081", "2026-11-24", "2026-11-24", "null"), "week_minutes" },
        { ORDER("1", "50", "540", "2026-11-25", "2026-11-25", "null"), "date" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-23", "null"), "from" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-25", "\"2026-11-24\""), "to" },
        { ORDER("1", "50", "540", "2026-11-24", "2026-11-31", "null"), "from" },
        { ORDER("12-k", "50", "540", "2026-11-24", "2026-11-24", "null"), "number" }, /* taken */
    };
    struct answer a;

    (void)state;
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    sends_everything();
    enters_course_and_subject();
    goes(STRANGER, "submit", NULL, "verification");
    centre_verifies();
    goes(COORDINATOR, "recommend", NULL, "recommended");
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        field_is(on_application(OFFICER, "/order", t[i].body), t[i].field);
    api_refused(on_application(COORDINATOR, "/order", GOOD_ORDER), 403, "not_allowed");
    api_refused(on_application(STRANGER, "/order", GOOD_ORDER), 403, "not_allowed");
    api_refused(api_post(&r, OFFICER,
                         text("/applications/%lld/order", (long long)id_of_first("applications")),
                         GOOD_ORDER),
                428, "need_match");
    api_refused(api_ask(&r, OFFICER, "POST",
                        text("/applications/%lld/order", (long long)id_of_first("applications")),
                        "\"v1\"", NULL, GOOD_ORDER),
                412, "stale");
    a = on_application(OFFICER, "/order", GOOD_ORDER);
    assert_int_equal(a.status, 201);
    answer_free(&a);
    api_refused(on_application(OFFICER, "/order", GOOD_ORDER), 409, "not_now");
    api_refused(steps(COORDINATOR, "acquaint", NULL), 403, "not_allowed"); /* by own login */
    goes(STRANGER, "acquaint", NULL, "acquainted");
    a = api_get(&r, OFFICER,
                text("/applications/%lld/order.pdf", (long long)id_of_first("applications")));
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_memory_equal(a.body, "%PDF-", 5);
    answer_free(&a);
    api_refused(
        api_get(&r, MENTOR,
                text("/applications/%lld/order.pdf", (long long)id_of_first("applications"))),
        404, "not_found");
    api_refused(api_get(&r, OFFICER, "/applications/999/order.pdf"), 404, "not_found");
}

static void every_gate_is_told_for_a_child(void **state)
{
    struct answer a;
    const char *target;

    (void)state;
    applies();
    target = mentor(text("/can-teach?child=%lld&subject=maths&at=%lld",
                         (long long)r.w.child_users[0].v, (long long)(RIG_NOW + DAY)));
    a = api_get(&r, COORDINATOR, target);
    assert_int_equal(a.status, 200);
    assert_true(json_is_false(at(&a, "may")));
    assert_int_equal(json_array_size(at(&a, "gates")), TEACH_GATE_COUNT - 1); /* it is no group */
    answer_free(&a);
    api_expect(&r, STRANGER, "GET", target, NULL, 200);
    api_refused(api_get(&r, MENTOR, target), 404, "not_found");
    field_is(api_get(&r, COORDINATOR, mentor("/can-teach?subject=maths&at=1")), "child");
    field_is(api_get(&r, COORDINATOR, mentor("/can-teach?child=999&subject=maths&at=1")), "child");
    field_is(api_get(&r, COORDINATOR,
                     mentor(text("/can-teach?child=%lld&subject=alchemy&at=1",
                                 (long long)r.w.child_users[0].v))),
             "subject");
    field_is(api_get(&r, COORDINATOR,
                     mentor(text("/can-teach?child=%lld&subject=maths&at=0",
                                 (long long)r.w.child_users[0].v))),
             "at");
    field_is(api_get(&r, STRANGER,
                     mentor(text("/can-teach?child=%lld&subject=maths&at=1",
                                 (long long)r.w.child_users[1].v))),
             "child"); /* another's */
    a = plans_a_lesson();
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "may_teach");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 13); /* all, at once */
    answer_free(&a);
}

static const char *state_now(void)
{
    struct answer a = api_get(&r, COORDINATOR, mentor("/hiring"));
    const char *s = text("%s", str_at(&a, "applications.0.state"));

    answer_free(&a);
    return s;
}

static void from_the_first_document_to_the_first_lesson(void **state)
{
    struct answer a;
    int64_t lesson;

    (void)state;
    is_hired();
    a = plans_a_lesson();
    if (a.status != 201)
        print_error("%s\n", a.body);
    assert_int_equal(a.status, 201);
    lesson = int_at(&a, "id");
    answer_free(&a);
    a_minute_passes(RIG_NOW + MS_PER_MIN);
    assert_string_equal(state_now(), "employed");
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson));
    assert_string_equal(str_at(&a, "state"), "scheduled");
    answer_free(&a);
    /* Suspended, nothing can be planned, and what is planned needs a substitute. */
    field_is(steps(COORDINATOR, "suspend", NULL), "reason");
    goes(COORDINATOR, "suspend", "a complaint", "suspended");
    a = plans_a_lesson();
    assert_int_equal(a.status, 409);
    answer_free(&a);
    a_minute_passes(RIG_NOW + 3 * MS_PER_MIN);
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson));
    assert_string_equal(str_at(&a, "state"), "needs_substitute");
    answer_free(&a);
    api_refused(steps(STRANGER, "resume", NULL), 403, "not_allowed");
    goes(COORDINATOR, "resume", NULL, "employed");
    goes(OFFICER, "end", "moved away", "ended");
    api_refused(steps(COORDINATOR, "resume", NULL), 409, "not_now");
}

static int started_with(const char *certificate_days)
{
    setup(NULL);
    assert_int_equal(policy_set(r.w.db, r.w.centre, "hiring.certificate_days", certificate_days, 0,
                                "test", RIG_NOW, r.w.coordinator),
                     ERR_OK);
    api_start(&r);
    return 0;
}

/* The certificate of 1 November runs out 30, 14 or 3 days from now, or a day later than that. */
static void what_expires_is_told(void **state)
{
    static const struct {
        const char *policy;
        int days;
    } t[] = { { "54", 0 }, { "53", 30 }, { "38", 30 }, { "37", 14 }, { "26", 3 } };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct answer a;

        started_with(t[i].policy);
        is_hired();
        api_refused(api_get(&r, STRANGER, "/expiries"), 403, "not_allowed");
        a_minute_passes(RIG_NOW + MS_PER_MIN);
        a = api_get(&r, COORDINATOR, "/expiries");
        assert_int_equal(json_array_size(at(&a, "items")), t[i].days ? 1 : 0);
        if (t[i].days) {
            assert_string_equal(str_at(&a, "items.0.gate"), "no_record_age");
            assert_int_equal(int_at(&a, "items.0.days"), t[i].days);
            assert_int_equal(int_at(&a, "items.0.told_at"), RIG_NOW + MS_PER_MIN);
        }
        answer_free(&a);
        a_minute_passes(RIG_NOW + 3 * MS_PER_MIN); /* told once */
        a = api_get(&r, COORDINATOR, "/expiries");
        if (t[i].days)
            assert_int_equal(int_at(&a, "items.0.told_at"), RIG_NOW + MS_PER_MIN);
        answer_free(&a);
        if (i + 1 < sizeof t / sizeof t[0])
            teardown(NULL);
    }
}

/* Midnight: the certificate is over. The mentor is suspended by it, the lesson of the day after
 * has nobody to give it. */
static void what_has_expired_suspends(void **state)
{
    struct answer a;

    (void)state;
    started_with("24"); /* 1 to 24 November */
    is_hired();
    a = api_post(&r, COORDINATOR, "/lessons",
                 text("{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                      "\"date\":\"2026-11-24\",\"time\":\"16:00\",\"minutes\":40}",
                      (long long)r.w.stranger.v, (long long)r.w.child_users[0].v));
    assert_int_equal(a.status, 201);
    answer_free(&a);
    a = plans_a_lesson(); /* by then it will be over */
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gates.0.gate"), "no_record_age");
    assert_string_equal(str_at(&a, "error.gates.0.cause"), "expired");
    assert_int_equal(json_array_size(at(&a, "error.gates")), 1);
    answer_free(&a);
    a_minute_passes(RIG_NOW + MS_PER_MIN);
    assert_string_equal(state_now(), "employed");
    a_minute_passes(MIDNIGHT - 1);
    a_minute_passes(MIDNIGHT);
    api_stop(&r); /* nobody is signed in any more at midnight */
    assert_int_equal(world_number(&r.w,
                                  "SELECT count(*) FROM application_step WHERE "
                                  "to_state = 'suspended' AND by_user IS NULL "
                                  "AND reason = 'document_expired' AND at_ms = 1795554000000"),
                     1);
    assert_int_equal(
        world_number(&r.w, "SELECT count(*) FROM application WHERE state = 'suspended'"), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, started, teardown)
        t(a_file_is_for_those_it_concerns),
        t(papers_stand_in_the_way_of_steps),
        t(an_order_is_the_schools_and_part_time),
        t(every_gate_is_told_for_a_child),
        t(from_the_first_document_to_the_first_lesson),
        cmocka_unit_test_teardown(what_expires_is_told, teardown),
        cmocka_unit_test_teardown(what_has_expired_suspends, teardown),
#undef t
    };

    return cmocka_run_group_tests_name("hiring", tests, NULL, NULL);
}
