/* SPDX-License-Identifier: Apache-2.0
 *
 * A month report from the mentor over the centre to the school: what is
 * refused on the way, what is frozen, what the school gets, and that it gets
 * the accepted bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/delivery.h"
#include "tests/api/report_rig.h"

static struct report_rig g;

#define TEXTS(progress)                                                                            \
    "{\"empty_reason\":\"\",\"progress\":\"" progress "\",\"difficulties\":\"\","                  \
    "\"next_month\":\"\"}"

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

static void gate(struct answer a, const char *name)
{
    if (a.status != 409 || strcmp(str_at(&a, "error.code"), "gate") != 0)
        print_error("%d %s\n", a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), name);
    answer_free(&a);
}

static void has_state(enum who who, const char *state)
{
    struct answer a = api_get(&g.r, who, report_path(&g, ""));

    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), state);
    answer_free(&a);
}

/* ---- the way -------------------------------------------------------------------------------- */

static void a_report_goes_to_the_school(void **state)
{
    struct answer a = api_get(&g.r, MENTOR, report_path(&g, ""));

    (void)state;
    assert_string_equal(str_at(&a, "state"), "due");
    assert_true(json_is_true(at(&a, "overdue")));
    assert_string_equal(str_at(&a, "reminder"), "overdue");
    assert_string_equal(str_at(&a, "holds.code"), "report_unresolved");
    assert_int_equal(int_at(&a, "holds.line"), 2);
    assert_string_equal(str_at(&a, "moves.0"), "edit");
    answer_free(&a);
    gate(report_ask(&g, MENTOR, "POST", "/submit", NULL), "report_unresolved");
    report_amend(&g, 'I', 201);
    report_do(&g, MENTOR, "PUT", "/texts", TEXTS("Считает увереннее"), 200);
    has_state(MENTOR, "draft");
    report_do(&g, MENTOR, "POST", "/submit", NULL, 200);
    has_state(COORDINATOR, "submitted");
    gate(report_ask(&g, MENTOR, "PUT", "/texts", TEXTS("x")), "report_state");
    gate(report_ask(&g, COORDINATOR, "POST", "/return", "{\"note\":\"\"}"), "report_no_note");
    report_do(&g, COORDINATOR, "POST", "/return", "{\"note\":\"строка 2\"}", 200);
    a = api_get(&g.r, MENTOR, report_path(&g, ""));
    assert_string_equal(str_at(&a, "steps.1.note"), "строка 2");
    answer_free(&a);
    gate(report_ask(&g, COORDINATOR, "POST", "/accept", NULL), "report_state");
    report_do(&g, MENTOR, "POST", "/submit", NULL, 200);
    api_refused(api_get(&g.r, OFFICER, report_path(&g, "")), 404, "not_found");
    report_do(&g, COORDINATOR, "POST", "/accept", NULL, 200);
    has_state(COORDINATOR, "duplicated"); /* the school has an officer: sent at once */
    gate(api_get(&g.r, OFFICER, report_path(&g, "")), "report_unopened");
    gate(api_get(&g.r, OFFICER, report_path(&g, ".pdf")), "report_unopened");
    a = api_ask(&g.r, OFFICER, "POST", report_path(&g, "/open"), NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_true(json_is_null(at(&a, "steps.0.note")));
    assert_true(json_is_null(at(&a, "steps.1.note"))); /* a word between mentor and centre */
    answer_free(&a);
    report_do(&g, OFFICER, "POST", "/acknowledge", NULL, 200);
    gate(report_ask(&g, OFFICER, "POST", "/acknowledge", NULL), "report_state");
    has_state(MENTOR, "acknowledged");
}

/* ---- frozen --------------------------------------------------------------------------------- */

static void sha_hex(const void *bytes, size_t len, char out[65])
{
    uint8_t sha[32];

    assert_int_equal(EVP_Digest(bytes, len, sha, NULL, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < sizeof sha; i++)
        assert_true(str_format(out + 2 * i, 3, "%02x", sha[i]));
}

static struct doc_row stored(void)
{
    struct report_key key = { .mentor = g.r.w.mentors[0],
                              .child = g.r.w.children[0],
                              .school = g.r.w.schools[0],
                              .year = 2026,
                              .month = 10 };
    struct doc_row d;

    assert_int_equal(report_row_load(g.r.w.db, &key, 1, &d), ERR_OK);
    return d;
}

static void the_school_gets_the_stored_bytes(void **state)
{
    static const char *const formats[] = { "pdf", "csv", "xlsx" };
    struct answer a, got[3];
    char sha[65], copy[65];

    (void)state;
    report_bring(&g, 4);
    a = api_get(&g.r, COORDINATOR, report_path(&g, ""));
    assert_true(str_copy(copy, sizeof copy, str_at(&a, "copy.sha256")));
    answer_free(&a);
    for (int i = 0; i < 3; i++) {
        char rest[8];

        assert_true(str_format(rest, sizeof rest, ".%s", formats[i]));
        got[i] = api_get(&g.r, OFFICER, report_path(&g, rest));
        assert_int_equal(got[i].status, 200);
        a = api_get(&g.r, MENTOR, report_path(&g, rest)); /* everybody gets the same */
        assert_int_equal(a.body_len, got[i].body_len);
        assert_memory_equal(a.body, got[i].body, a.body_len);
        answer_free(&a);
    }
    sha_hex(got[0].body, got[0].body_len, sha);
    assert_string_equal(sha, copy);
    assert_memory_equal(got[2].body, "PK", 2);
    api_stop(&g.r);
    for (int i = 0; i < 3; i++) {
        struct frozen f;

        assert_int_equal(frozen_load(g.r.w.db, stored().ref, formats[i], &f), ERR_OK);
        assert_int_equal(f.len, got[i].body_len);
        assert_memory_equal(f.bytes, got[i].body, f.len);
        mem_free(f.bytes);
        answer_free(&got[i]);
    }
    api_resume_at(&g.r, RIG_NOW);
}

static void an_accepted_month_takes_no_change(void **state)
{
    char target[64], body[160];

    (void)state;
    report_bring(&g, 3);
    gate(report_ask(&g, MENTOR, "PUT", "/texts", TEXTS("x")), "report_accepted");
    report_amend(&g, 'M', 409);
    assert_true(str_format(target, sizeof target, "/lessons/%lld/note", (long long)g.held.v));
    assert_true(str_format(body, sizeof body,
                           "{\"child\":%lld,\"topic\":\"x\",\"homework\":\"\",\"mark\":\"5\","
                           "\"text\":\"\"}",
                           (long long)g.r.w.child_users[0].v));
    api_refused(api_ask(&g.r, MENTOR, "PUT", target, NULL, NULL, body), 409, "locked");
}

static void a_correction_lists_what_changed(void **state)
{
    struct answer a, first;

    (void)state;
    report_bring(&g, 4);
    first = api_get(&g.r, OFFICER, report_path(&g, ".pdf"));
    gate(report_ask(&g, COORDINATOR, "POST", "/correct", "{\"note\":\"\"}"), "report_no_note");
    report_do(&g, COORDINATOR, "POST", "/correct", "{\"note\":\"справка\"}", 201);
    report_amend(&g, 'M', 201);
    report_do(&g, MENTOR, "POST", "/submit", NULL, 200);
    a = api_get(&g.r, OFFICER, report_path(&g, "")); /* still what it has */
    assert_int_equal(int_at(&a, "version"), 1);
    assert_int_equal(int_at(&a, "newest"), 1);
    answer_free(&a);
    report_do(&g, COORDINATOR, "POST", "/accept", NULL, 200);
    gate(api_get(&g.r, OFFICER, report_path(&g, "")), "report_unopened"); /* delivered anew */
    api_expect(&g.r, OFFICER, "POST", report_path(&g, "/open"), NULL, 200);
    a = api_get(&g.r, OFFICER, report_path(&g, ""));
    assert_int_equal(int_at(&a, "version"), 2);
    bool code = false, ill = false;
    for (size_t i = 0; i < json_array_size(at(&a, "differences")); i++) {
        const json_t *d = json_array_get(at(&a, "differences"), i);
        const char *field = json_string_value(json_object_get(d, "field"));

        code = code ||
               (strcmp(field, "code") == 0 && json_integer_value(json_object_get(d, "no")) == 2 &&
                strcmp(json_string_value(json_object_get(d, "before")), "I") == 0 &&
                strcmp(json_string_value(json_object_get(d, "after")), "M") == 0);
        ill = ill || strcmp(field, "totals.missed_ill") == 0;
    }
    assert_true(code);
    assert_true(ill);
    answer_free(&a);
    a = api_get(&g.r, OFFICER, report_path(&g, ".pdf?version=1")); /* stays readable */
    assert_int_equal(a.body_len, first.body_len);
    assert_memory_equal(a.body, first.body, a.body_len);
    answer_free(&a);
    answer_free(&first);
    api_refused(api_get(&g.r, OFFICER, report_path(&g, "?version=3")), 404, "not_found");
    api_refused(api_get(&g.r, OFFICER, report_path(&g, "?version=0")), 400, "bad_field");
}

/* ---- the school ----------------------------------------------------------------------------- */

static size_t listed(enum who who, const char *target)
{
    struct answer a = api_get(&g.r, who, target);
    size_t n;

    assert_int_equal(a.status, 200);
    n = json_array_size(at(&a, "items"));
    answer_free(&a);
    return n;
}

static void a_school_sees_what_it_has(void **state)
{
    (void)state;
    report_bring(&g, 2);
    assert_int_equal(listed(OFFICER, "/reports?month=2026-10"), 0);
    assert_true(listed(COORDINATOR, "/reports?month=2026-10") >= 1);
    report_do(&g, COORDINATOR, "POST", "/accept", NULL, 200);
    assert_int_equal(listed(OFFICER, "/reports?month=2026-10"), 1);
    assert_int_equal(listed(OFFICER_2, "/reports?month=2026-10"), 0);
    assert_int_equal(listed(COORDINATOR, "/deliveries"), 1);
    api_refused(api_get(&g.r, OFFICER_2, report_path(&g, "")), 404, "not_found");
    api_refused(api_get(&g.r, OFFICER_2, report_path(&g, ".pdf")), 404, "not_found");
    api_expect(&g.r, OFFICER, "POST", report_path(&g, "/open"), NULL, 200);
    assert_int_equal(listed(COORDINATOR, "/deliveries"), 0);
}

static void many_are_acknowledged_at_once_or_none(void **state)
{
    char body[256];

    (void)state;
    report_bring(&g, 3);
    assert_true(str_format(body, sizeof body, "{\"reports\":[\"%s\",\"1-2-3-2026-10\"]}", g.id));
    api_refused(api_post(&g.r, OFFICER, "/report-acknowledgements", body), 404, "not_found");
    has_state(COORDINATOR, "duplicated");
    assert_true(str_format(body, sizeof body, "{\"reports\":[\"%s\"]}", g.id));
    api_expect(&g.r, OFFICER, "POST", "/report-acknowledgements", body, 200);
    has_state(COORDINATOR, "acknowledged");
    api_refused(api_post(&g.r, OFFICER, "/report-acknowledgements", "{\"reports\":[]}"), 400,
                "bad_field");
    api_refused(api_post(&g.r, OFFICER, "/report-acknowledgements", "{\"reports\":[7]}"), 400,
                "bad_field");
}

/* ---- what is refused ------------------------------------------------------------------------- */

static void a_month_that_runs_is_not_sent(void **state)
{
    char target[160];

    (void)state;
    assert_true(str_copy(strstr(g.id, "2026-10"), 8, "2026-11"));
    api_stop(&g.r);
    world_lesson(&g.r.w, 0, 0, RIG_NOW + MS_PER_DAY, RIG_NOW + MS_PER_DAY + 40 * MS_PER_MIN);
    api_resume_at(&g.r, RIG_NOW);
    gate(report_ask(&g, MENTOR, "POST", "/submit", NULL), "month_not_over");
    assert_true(str_copy(target, sizeof target, report_path(&g, "/submit")));
    api_refused(api_ask(&g.r, MENTOR, "POST", target, NULL, NULL, NULL), 428, "need_match");
    api_refused(api_ask(&g.r, MENTOR, "POST", target, "\"v9\"", NULL, NULL), 412, "stale");
}

static void an_empty_month_is_sent_with_a_reason(void **state)
{
    struct answer a;

    (void)state;
    assert_true(str_copy(strstr(g.id, "2026-10"), 8, "2026-09"));
    a = api_get(&g.r, MENTOR, report_path(&g, ""));
    assert_int_equal(json_array_size(at(&a, "lines")), 0);
    assert_string_equal(str_at(&a, "holds.code"), "report_empty");
    answer_free(&a);
    gate(report_ask(&g, MENTOR, "POST", "/submit", NULL), "report_empty");
    report_do(&g, MENTOR, "PUT", "/texts",
              "{\"empty_reason\":\"Больница\",\"progress\":\"\",\"difficulties\":\"\","
              "\"next_month\":\"\"}",
              200);
    report_do(&g, MENTOR, "POST", "/submit", NULL, 200);
    report_do(&g, COORDINATOR, "POST", "/accept", NULL, 200);
}

static void bad_texts_change_nothing(void **state)
{
    static const char *const bodies[] = {
        "{}",
        "{\"empty_reason\":\"\",\"progress\":7,\"difficulties\":\"\",\"next_month\":\"\"}",
        "{\"empty_reason\":\"\",\"progress\":\"\",\"difficulties\":\"\",\"next_month\":\"\",\"x\":"
        "1}",
    };

    (void)state;
    report_do(&g, MENTOR, "PUT", "/texts", TEXTS("слово"), 200);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        api_refused(report_ask(&g, MENTOR, "PUT", "/texts", bodies[i]), 400, "bad_field");
    struct answer a = api_get(&g.r, MENTOR, report_path(&g, ""));
    assert_string_equal(str_at(&a, "texts.progress"), "слово");
    answer_free(&a);
}

static void nobody_accepts_the_own_report(void **state)
{
    struct grant also = { .role = ROLE_COORDINATOR, .user = g.r.w.mentor_users[0] };
    int64_t id;

    (void)state;
    also.org = g.r.w.centre;
    also.from_ms = RIG_NOW - 1;
    also.to_ms = FOREVER_MS;
    api_stop(&g.r);
    assert_int_equal(grant_add(g.r.w.db, &also, RIG_NOW, g.r.w.coordinator, &id), ERR_OK);
    api_resume_at(&g.r, RIG_NOW);
    report_bring(&g, 2);
    gate(report_ask(&g, MENTOR, "POST", "/accept", NULL), "own_report");
    gate(report_ask(&g, MENTOR, "POST", "/return", "{\"note\":\"x\"}"), "own_report");
    report_do(&g, COORDINATOR, "POST", "/accept", NULL, 200);
}

/* ---- how the child is ------------------------------------------------------------------------ */

#define SECRET "zapiska-o-samochuvstvii"

static void holds_no_secret(enum who who, const char *rest)
{
    struct answer a = api_get(&g.r, who, report_path(&g, rest));

    assert_int_equal(a.status, 200);
    assert_null(memmem(a.body, a.body_len, SECRET, strlen(SECRET)));
    answer_free(&a);
}

static void the_wellbeing_note_is_in_no_report(void **state)
{
    struct answer a;

    (void)state;
    a = api_ask(&g.r, MENTOR, "PUT", report_path(&g, "/wellbeing"), "\"v0\"", NULL,
                "{\"text\":\"" SECRET "\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_refused(api_ask(&g.r, MENTOR, "PUT", report_path(&g, "/wellbeing"), "\"v0\"", NULL,
                        "{\"text\":\"x\"}"),
                412, "stale");
    report_bring(&g, 4);
    holds_no_secret(OFFICER, "");
    holds_no_secret(OFFICER, ".csv");
    holds_no_secret(COORDINATOR, "");
    a = api_ask(&g.r, COORDINATOR, "POST", report_path(&g, "/wellbeing"), NULL, NULL, NULL);
    assert_string_equal(str_at(&a, "text"), SECRET);
    answer_free(&a);
    api_stop(&g.r);
    assert_int_equal(world_number(&g.r.w, "SELECT count(*) FROM audit "
                                          "WHERE action = 'wellbeing.read'"),
                     1);
    assert_int_equal(world_number(&g.r.w, "SELECT count(*) FROM audit WHERE "
                                          "instr(before || after, '" SECRET "') > 0"),
                     0);
    assert_int_equal(world_number(&g.r.w, "SELECT count(*) FROM frozen_body WHERE "
                                          "instr(bytes, CAST('" SECRET "' AS BLOB)) > 0"),
                     0);
    api_resume_at(&g.r, RIG_NOW);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_report_goes_to_the_school),        T(the_school_gets_the_stored_bytes),
        T(an_accepted_month_takes_no_change),  T(a_correction_lists_what_changed),
        T(a_school_sees_what_it_has),          T(many_are_acknowledged_at_once_or_none),
        T(a_month_that_runs_is_not_sent),      T(an_empty_month_is_sent_with_a_reason),
        T(bad_texts_change_nothing),           T(nobody_accepts_the_own_report),
        T(the_wellbeing_note_is_in_no_report),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
