/* SPDX-License-Identifier: Apache-2.0
 *
 * A school's referral through the HTTP API, to the centre's decision: each
 * refusal by its code, and what doctors wrote seen by reviewers alone.
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
#include "server/store/audit.h"
#include "tests/api/intake_rig.h"

/* ---- the whole way ------------------------------------------------------------------------ */

static void a_referral_becomes_a_child_with_a_case(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    struct answer a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    int64_t child;
    char target[64];

    (void)state;
    assert_string_equal(str_at(&a, "state"), "draft");
    assert_int_equal(json_array_size(at(&a, "missing")), 0);
    assert_string_equal(str_at(&a, "basis.state"), "valid");
    assert_true(json_is_true(at(&a, "basis.words")));
    assert_string_equal(str_at(&a, "recommendation.hours.from"), "10:00");
    assert_int_equal(int_at(&a, "recommendation.days_left"), 26);
    assert_int_equal(int_at(&a, "recommendation.alert"), 30);
    answer_free(&a);
    v = referral_step(OFFICER, v, "/submit", NULL);
    api_stop(&intake);
    api_resume_at(&intake, RIG_NOW + 6 * MS_PER_DAY);
    a = api_get(&intake, COORDINATOR, "/intake/queue");
    no_medical_word_in(&a);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.waiting_days"), 6);
    assert_true(json_is_true(at(&a, "items.0.overdue")));
    answer_free(&a);
    v = referral_step(COORDINATOR, v, "/take", NULL);
    a = on_referral(COORDINATOR, "POST", v.id, "/decide", v.version, ACCEPT, 200);
    assert_string_equal(str_at(&a, "state"), "accepted");
    assert_string_equal(str_at(&a, "child.name"), "Лиза Лис");
    child = int_at(&a, "child.id");
    answer_free(&a);

    assert_true(str_format(target, sizeof target, "/children/%lld/case", (long long)child));
    a = api_get(&intake, OFFICER, target);
    no_medical_word_in(&a);
    assert_string_equal(str_at(&a, "state"), "open");
    assert_string_equal(str_at(&a, "missing.0.gate"), "consent");
    assert_string_equal(str_at(&a, "missing.0.owes"), "guardian");
    assert_string_equal(str_at(&a, "papers.basis.state"), "valid");
    answer_free(&a);
    assert_true(str_format(target, sizeof target, "/children/%lld/limits", (long long)child));
    a = api_get(&intake, OFFICER, target);
    no_medical_word_in(&a);
    assert_int_equal(int_at(&a, "limits.lesson_minutes"), 30);
    assert_true(json_is_false(at(&a, "limits.camera_allowed")));
    assert_int_equal(int_at(&a, "limits.rest_days.1"), 7);
    answer_free(&a);
}

static void what_doctors_wrote_is_opened_by_the_centre_and_written_down(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct audit_list l;
    struct answer a;

    (void)state;
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/medical", 0, "{}", 400), "why", "missing");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/medical", 0, "{\"why\":\"curious\"}", 400),
              "why", "range");
    a = on_referral(COORDINATOR, "POST", v.id, "/medical", 0, WHY, 200);
    assert_string_equal(str_at(&a, "basis.ground"), "J45 астма");
    assert_string_equal(str_at(&a, "basis.issuer"), "Онкодиспансер № 7");
    assert_string_equal(str_at(&a, "recommendation.words"), "не утомлять");
    assert_true(json_is_null(at(&a, "reason")));
    answer_free(&a);
    referral_step(COORDINATOR, v, "/decide", REFUSE);
    a = on_referral(COORDINATOR_2, "POST", v.id, "/medical", 0, "{\"why\":\"dispute\"}", 200);
    assert_string_equal(str_at(&a, "reason"), "не по профилю");
    answer_free(&a);
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "refusal"), "no_ground"); /* that much the school reads */
    answer_free(&a);
    api_stop(&intake);
    assert_int_equal(
        world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = 'medical.read'"), 5);
    assert_int_equal(audit_list(intake.w.db, 0, 1, &l), ERR_OK);
    assert_string_equal(l.items[0].action, "medical.read");
    assert_string_equal(l.items[0].after, "dispute");
    assert_int_equal(l.items[0].actor.v, intake.w.stranger.v);
    audit_list_free(&l);
}

static void a_draft_without_papers_has_nothing_to_open(void **state)
{
    struct at_version v =
        referral_step(OFFICER, referral_draft(OFFICER, "{" PERSON "}"), "/submit", NULL);
    struct answer a = on_referral(COORDINATOR, "POST", v.id, "/medical", 0, WHY, 200);

    (void)state;
    assert_true(json_is_null(at(&a, "basis")));
    assert_true(json_is_null(at(&a, "recommendation")));
    answer_free(&a);
}

/* Nothing that was sent with a key, and nothing that was answered to one, keeps a medical word. */
static void no_medical_word_stays_in_the_database(void **state)
{
    struct answer a = api_ask(&intake, OFFICER, "POST", "/referrals", NULL, "key-1", FULL);
    struct answer again = api_ask(&intake, OFFICER, "POST", "/referrals", NULL, "key-1", FULL);
    struct at_version v;
    char target[64];
    static char block[8 * 1024 * 1024];
    FILE *f;
    size_t n;

    (void)state;
    assert_int_equal(a.status, 201);
    assert_string_equal(a.body, again.body); /* made once */
    answer_free(&again);
    api_refused(api_ask(&intake, OFFICER, "POST", "/referrals", NULL, "key-1", "{}"), 409,
                "key_reused");
    v = referral_step(OFFICER, kept(a), "/submit", NULL);
    v = referral_step(COORDINATOR, v, "/take", NULL);
    v = referral_step(COORDINATOR, v, "/decide", REFUSE);
    assert_true(str_format(target, sizeof target, "/referrals/%lld/medical", (long long)v.id));
    a = api_ask(&intake, COORDINATOR, "POST", target, NULL, "key-2", WHY);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_ask(&intake, COORDINATOR, "POST", target, NULL, "key-2", WHY);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_stop(&intake); /* the database is one file now */
    f = fopen(intake.w.path, "rb");
    assert_non_null(f);
    n = fread(block, 1, sizeof block, f);
    fclose(f);
    assert_non_null(memmem(block, n, "Лиза Лис", strlen("Лиза Лис"))); /* the look finds */
    for (size_t i = 0; i < sizeof medical_words / sizeof medical_words[0]; i++)
        assert_null(memmem(block, n, medical_words[i], strlen(medical_words[i])));
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM idempotency"), 1);
    assert_int_equal(world_number(&intake.w, "SELECT count(*) FROM referral"), 1);
    /* both openings are written down, three words each */
    assert_int_equal(
        world_number(&intake.w, "SELECT count(*) FROM audit WHERE action = 'medical.read'"), 6);
}

static void words_of_another_row_are_not_shown(void **state)
{
    struct at_version v = referral_under_review(FULL), w = referral_under_review(FULL);
    char target[64];
    struct answer a;

    (void)state;
    api_stop(&intake);
    assert_int_equal(db_script(intake.w.db,
                               "UPDATE medical_basis SET sealed = (SELECT b.sealed FROM "
                               "medical_basis b ORDER BY b.id LIMIT 1) WHERE id = (SELECT "
                               "max(id) FROM medical_basis)"),
                     ERR_OK);
    api_resume_at(&intake, RIG_NOW);
    assert_true(str_format(target, sizeof target, "/referrals/%lld/medical", (long long)v.id));
    a = api_post(&intake, COORDINATOR, target, WHY);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    assert_true(str_format(target, sizeof target, "/referrals/%lld/medical", (long long)w.id));
    a = api_post(&intake, COORDINATOR, target, WHY);
    no_medical_word_in(&a);
    api_refused(a, 500, "internal");
}

/* ---- completeness ------------------------------------------------------------------------- */

static void what_is_missing_is_named_and_nothing_is_lost(void **state)
{
    struct at_version v =
        referral_draft(OFFICER, "{\"child_name\":\"Лиза Лис\",\"grade\":4," BASIS "}");
    struct answer a = on_referral(OFFICER, "POST", v.id, "/submit", v.version, NULL, 200);

    (void)state;
    assert_string_equal(str_at(&a, "state"), "incomplete"); /* no recommendation */
    assert_int_equal(json_array_size(at(&a, "missing")), 6);
    assert_string_equal(str_at(&a, "missing.0"), "birth_date");
    assert_string_equal(str_at(&a, "missing.5"), "recommendation");
    v = kept(a);
    /* bad input leaves what is there */
    bad_field(on_referral(OFFICER, "PATCH", v.id, "", v.version,
                          "{\"child_name\":\"Лиса\",\"grade\":12}", 400),
              "grade", "range");
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "child_name"), "Лиза Лис");
    assert_true(json_is_true(at(&a, "basis.words")));
    answer_free(&a);
    v = kept(
        on_referral(OFFICER, "PATCH", v.id, "", v.version, "{" PERSON "," RECOMMENDATION "}", 200));
    a = on_referral(OFFICER, "POST", v.id, "/submit", v.version, NULL, 200);
    assert_string_equal(str_at(&a, "state"), "submitted");
    answer_free(&a);
}

static void the_centre_asks_for_what_it_misses(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct answer a;

    (void)state;
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/ask", v.version, "{\"items\":[]}", 400),
              "items", "range");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/ask", v.version,
                          "{\"items\":[\"basis\",\"basis\"]}", 400),
              "items", "range");
    bad_field(
        on_referral(COORDINATOR, "POST", v.id, "/ask", v.version, "{\"items\":[\"blood\"]}", 400),
        "items", "range");
    v = referral_step(COORDINATOR, v, "/ask",
                      "{\"items\":[\"basis\"],\"note\":\"вторая страница\"}");
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "state"), "incomplete");
    assert_string_equal(str_at(&a, "asked.items.0"), "basis");
    assert_string_equal(str_at(&a, "asked.note"), "вторая страница");
    answer_free(&a);
    a = api_get(&intake, COORDINATOR, "/intake/queue");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    v = referral_step(OFFICER, v, "/submit", NULL);
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "state"), "submitted");
    assert_true(json_is_null(at(&a, "asked")));
    answer_free(&a);
}

static void scans_are_missed_where_the_policy_wants_them(void **state)
{
    struct at_version v;
    struct answer a;

    (void)state;
    api_close(&intake);
    api_open(&intake);
    assert_int_equal(policy_set(intake.w.db, intake.w.centre, "intake.scans_required", "1",
                                RIG_NOW - MS_PER_DAY, "the centre's rule", RIG_NOW,
                                intake.w.coordinator),
                     ERR_OK);
    api_start(&intake);
    v = referral_draft(OFFICER, FULL);
    a = on_referral(OFFICER, "POST", v.id, "/submit", v.version, NULL, 200);
    assert_string_equal(str_at(&a, "state"), "incomplete");
    assert_string_equal(str_at(&a, "missing.0"), "basis_scan");
    answer_free(&a);
}

static void a_paper_that_runs_out_in_the_queue_is_not_accepted(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct answer a;

    (void)state;
    api_stop(&intake);
    api_resume_at(&intake, RIG_NOW + 27 * MS_PER_DAY); /* the recommendation ended yesterday */
    a = on_referral(COORDINATOR, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "recommendation.state"), "expired");
    assert_string_equal(str_at(&a, "missing.0"), "recommendation");
    answer_free(&a);
    referral_gate(COORDINATOR, v, "/decide", ACCEPT, "incomplete");
    v = referral_step(COORDINATOR, v, "/ask", "{\"items\":[\"recommendation\"]}");
    referral_gate(COORDINATOR, v, "/take", NULL, "referral_state");
}

static void what_is_null_is_emptied_and_missed_again(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    struct answer a;

    (void)state;
    a = on_referral(OFFICER, "PATCH", v.id, "", v.version,
                    "{\"child_name\":null,\"birth_date\":null,\"grade\":null,"
                    "\"guardian_name\":null,\"guardian_phone\":null,\"application\":null,"
                    "\"consent\":null,\"basis\":null,\"recommendation\":null}",
                    200);
    assert_int_equal(json_array_size(at(&a, "missing")), 7);
    assert_true(json_is_null(at(&a, "child_name")));
    assert_true(json_is_null(at(&a, "birth_date")));
    assert_true(json_is_null(at(&a, "grade")));
    assert_true(json_is_null(at(&a, "guardian_name")));
    assert_true(json_is_null(at(&a, "guardian_phone")));
    assert_true(json_is_null(at(&a, "application")));
    assert_true(json_is_null(at(&a, "consent")));
    assert_string_equal(str_at(&a, "basis.state"), "valid"); /* a paper is never taken out */
    v = kept(a);
    a = on_referral(OFFICER, "PATCH", v.id, "", v.version, "{\"grade\":3}", 200);
    assert_int_equal(json_array_size(at(&a, "missing")), 6); /* what is absent stays as it is */
    answer_free(&a);
}

/* ---- bad input ---------------------------------------------------------------------------- */

#define BASIS_WITH(dates)                                                                          \
    "{\"basis\":{" dates ",\"document\":\"1\",\"issuer\":\"2\",\"ground\":\"3\"}}"
#define LIMITS_WITH(limits)                                                                        \
    "{\"recommendation\":{\"issued\":\"2026-11-20\",\"from\":\"2026-11-20\","                      \
    "\"to\":\"2026-12-20\",\"doctor\":\"1\",\"organisation\":\"2\",\"words\":\"\","                \
    "\"camera_allowed\":true," limits "}}"

static void bad_papers_are_refused_by_name(void **state)
{
    static const struct {
        const char *body, *field, *fault;
    } bad[] = {
        { BASIS_WITH("\"issued\":\"2026-11-25\",\"from\":\"2026-11-25\",\"to\":\"2027-01-01\""),
          "basis.issued", "ahead" },
        { BASIS_WITH("\"issued\":\"2026-10-01\",\"from\":\"2026-10-01\",\"to\":\"2026-11-23\""),
          "basis.to", "expired" },
        { BASIS_WITH("\"issued\":\"2026-10-01\",\"from\":\"2027-02-01\",\"to\":\"2027-01-01\""),
          "basis.to", "order" },
        { BASIS_WITH("\"issued\":\"2026-11-24\",\"from\":\"2026-11-24\",\"to\":\"2027-11-25\""),
          "basis.to", "too_long" },
        { BASIS_WITH("\"issued\":\"2026-02-30\",\"from\":\"2026-11-24\",\"to\":\"2027-01-01\""),
          "basis.issued", "malformed" },
        { "{\"basis\":{\"issued\":\"2026-11-20\"}}", "basis.from", "missing" },
        { "{\"basis\":[]}", "basis", "type" },
        { BASIS_WITH("\"diagnosis\":\"x\",\"issued\":\"2026-11-20\",\"from\":\"2026-11-20\","
                     "\"to\":\"2027-01-01\""),
          "basis.diagnosis", "unknown" },
        { LIMITS_WITH("\"lesson_minutes\":9"), "recommendation.lesson_minutes", "range" },
        { LIMITS_WITH("\"lesson_minutes\":0"), "recommendation.lesson_minutes", "range" },
        { LIMITS_WITH("\"lesson_minutes\":30.5"), "recommendation.lesson_minutes", "type" },
        { LIMITS_WITH("\"lessons_per_day\":4,\"lessons_per_week\":3"),
          "recommendation.lessons_per_week", "range" },
        { LIMITS_WITH("\"screen_minutes\":1441"), "recommendation.screen_minutes", "range" },
        { LIMITS_WITH("\"hours\":{\"from\":\"14:00\",\"to\":\"10:00\"}"), "recommendation.hours.to",
          "range" },
        { LIMITS_WITH("\"hours\":{\"from\":\"00:00\",\"to\":\"00:00\"}"), "recommendation.hours.to",
          "range" },
        { LIMITS_WITH("\"hours\":{\"from\":\"10:00\",\"to\":\"10:09\"}"), "recommendation.hours",
          "range" },
        { LIMITS_WITH("\"hours\":{\"from\":\"10:00\",\"to\":\"25:00\"}"), "recommendation.hours.to",
          "malformed" },
        { LIMITS_WITH("\"rest_days\":[1,2,3,4,5,6,7]"), "recommendation.rest_days", "range" },
        { LIMITS_WITH("\"rest_days\":[8]"), "recommendation.rest_days", "range" },
        { LIMITS_WITH("\"rest_days\":[\"Sunday\"]"), "recommendation.rest_days", "type" },
        { LIMITS_WITH("\"rest_days\":[7,7]"), "recommendation.rest_days", "range" },
        { LIMITS_WITH("\"equipment\":[\"oxygen\"]"), "recommendation.equipment", "range" },
        { LIMITS_WITH("\"equipment\":[7]"), "recommendation.equipment", "range" },
        { "{\"birth_date\":\"2026-11-25\"}", "birth_date", "range" },
        { "{\"birth_date\":\"1999-01-01\"}", "birth_date", "range" },
        { "{\"birth_date\":\"9 May\"}", "birth_date", "malformed" },
        { "{\"application\":\"2026-11-25\"}", "application", "ahead" },
        { "{\"consent\":\"2026-11-25\"}", "consent", "ahead" },
        { "{\"child_name\":\"\"}", "child_name", "malformed" },
        { "{\"grade\":0}", "grade", "range" },
        { "{\"state\":\"accepted\"}", "state", "unknown" }, /* nobody sets it by hand */
        { "{\"school\":2}", "school", "unknown" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        bad_field(api_post(&intake, OFFICER, "/referrals", bad[i].body), bad[i].field,
                  bad[i].fault);
    api_refused(api_post(&intake, OFFICER, "/referrals", "{"), 400, "malformed");
}

/* ---- moves -------------------------------------------------------------------------------- */

static void two_who_edit_do_not_overwrite_each_other(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);

    (void)state;
    api_refused(on_referral(OFFICER, "PATCH", v.id, "", 0, "{\"grade\":5}", 428), 428,
                "need_match");
    kept(on_referral(OFFICER, "PATCH", v.id, "", v.version, "{\"grade\":5}", 200));
    api_refused(on_referral(OFFICER, "PATCH", v.id, "", v.version, "{\"grade\":6}", 412), 412,
                "stale");
    api_refused(on_referral(OFFICER, "POST", v.id, "/submit", v.version, NULL, 412), 412, "stale");
    api_refused(on_referral(OFFICER, "POST", v.id, "/withdraw", 0, "{\"reason\":\"x\"}", 428), 428,
                "need_match");
}

/* A move has no body; its key works all the same. */
static void a_move_with_a_key_happens_once(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    char target[64], etag[24];
    struct answer a, again;

    (void)state;
    assert_true(str_format(target, sizeof target, "/referrals/%lld/submit", (long long)v.id));
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)v.version));
    a = api_ask(&intake, OFFICER, "POST", target, etag, "key-3", NULL);
    assert_int_equal(a.status, 200);
    again = api_ask(&intake, OFFICER, "POST", target, etag, "key-3", NULL);
    assert_int_equal(again.status, 200); /* its answer was lost: it is given again */
    assert_string_equal(a.body, again.body);
    answer_free(&a);
    answer_free(&again);
}

static void moves_out_of_turn_are_refused(void **state)
{
    struct at_version v = referral_draft(OFFICER, FULL);
    struct answer a;

    (void)state;
    v = referral_step(OFFICER, v, "/submit", NULL);
    referral_gate(OFFICER, v, "/submit", NULL, "referral_state");
    a = on_referral(OFFICER, "PATCH", v.id, "", v.version, "{\"grade\":5}", 409);
    assert_string_equal(str_at(&a, "error.gate"), "referral_state");
    answer_free(&a);
    referral_gate(COORDINATOR, v, "/decide", ACCEPT, "referral_state");
    bad_field(on_referral(OFFICER, "POST", v.id, "/withdraw", v.version, "{}", 400), "reason",
              "missing");
    v = referral_step(OFFICER, v, "/withdraw", "{\"reason\":\"Семья переехала\"}");
    referral_gate(OFFICER, v, "/withdraw", "{\"reason\":\"x\"}", "referral_state");
    referral_gate(COORDINATOR, v, "/take", NULL, "referral_state");
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200);
    assert_string_equal(str_at(&a, "state"), "withdrawn");
    assert_string_equal(str_at(&a, "withdrawn_reason"), "Семья переехала");
    answer_free(&a);
}

static void a_decision_has_a_reason_and_a_reviewer(void **state)
{
    struct at_version v = referral_under_review(FULL);
    struct answer a;

    (void)state;
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                          "{\"decision\":\"accepted\"}", 400),
              "reason", "missing");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                          "{\"decision\":\"accepted\",\"reason\":\"\"}", 400),
              "reason", "malformed");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                          "{\"decision\":\"refused\",\"reason\":\"x\"}", 400),
              "refusal", "missing");
    bad_field(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version,
                          "{\"decision\":\"accepted\",\"reason\":\"x\",\"refusal\":\"other\"}",
                          400),
              "refusal", "unknown");
    api_refused(on_referral(COORDINATOR, "POST", v.id, "/decide", v.version - 1, REFUSE, 412), 412,
                "stale");
    api_refused(on_referral(COORDINATOR_2, "POST", v.id, "/take", 0, NULL, 428), 428, "need_match");
    a = on_referral(COORDINATOR_2, "GET", v.id, "", 0, NULL, 200);
    assert_int_equal(int_at(&a, "reviewer.id"), intake.w.coordinator.v);
    answer_free(&a);
    a = on_referral(OFFICER, "GET", v.id, "", 0, NULL, 200); /* not the school's to know */
    assert_true(json_is_null(at(&a, "reviewer")));
    answer_free(&a);
    referral_gate(COORDINATOR_2, v, "/decide", REFUSE, "other_reviewer");
    referral_gate(COORDINATOR_2, v, "/ask", "{\"items\":[\"basis\"]}", "other_reviewer");
    v = referral_step(COORDINATOR_2, v, "/take", NULL); /* takes over */
    referral_gate(COORDINATOR, v, "/decide", REFUSE, "other_reviewer");
    referral_step(COORDINATOR_2, v, "/decide", REFUSE);
}

static void nobody_approves_what_it_wrote(void **state)
{
    struct at_version v;

    (void)state;
    api_close(&intake);
    api_open(&intake);
    intake_also(intake.w.officer, ROLE_COORDINATOR,
                intake.w.centre); /* one person with both roles */
    intake_also(intake.w.stranger, ROLE_SCHOOL_OFFICER, intake.w.schools[0]);
    api_start(&intake);
    v = referral_step(OFFICER, referral_draft(OFFICER, FULL), "/submit", NULL);
    referral_gate(OFFICER, v, "/take", NULL, "own_referral");
    referral_gate(OFFICER, v, "/ask", "{\"items\":[\"basis\"]}", "own_referral");
    v = referral_step(COORDINATOR, v, "/take", NULL);
    referral_gate(OFFICER, v, "/take", NULL, "own_referral");
    /* it does not help to leave the review to another and decide then */
    {
        struct answer a = on_referral(OFFICER, "POST", v.id, "/decide", v.version, ACCEPT, 409);

        assert_string_equal(str_at(&a, "error.gate"), "own_referral");
        answer_free(&a);
    }
    referral_step(COORDINATOR, v, "/decide", ACCEPT);
}

#define t(f) cmocka_unit_test_setup_teardown(f, intake_setup, intake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(a_referral_becomes_a_child_with_a_case),
        t(what_doctors_wrote_is_opened_by_the_centre_and_written_down),
        t(a_draft_without_papers_has_nothing_to_open),
        t(no_medical_word_stays_in_the_database),
        t(words_of_another_row_are_not_shown),
        t(what_is_missing_is_named_and_nothing_is_lost),
        t(the_centre_asks_for_what_it_misses),
        t(scans_are_missed_where_the_policy_wants_them),
        t(a_paper_that_runs_out_in_the_queue_is_not_accepted),
        t(what_is_null_is_emptied_and_missed_again),
        t(bad_papers_are_refused_by_name),
        t(two_who_edit_do_not_overwrite_each_other),
        t(moves_out_of_turn_are_refused),
        t(a_move_with_a_key_happens_once),
        t(a_decision_has_a_reason_and_a_reviewer),
        t(nobody_approves_what_it_wrote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
