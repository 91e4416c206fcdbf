/* SPDX-License-Identifier: Apache-2.0
 *
 * Programmes, weekly times and the choice of mentors over HTTP: the way from a
 * draft to an approved programme, every refusal with its code, and that a
 * refusal loses nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/hours.h"
#include "server/store/selection.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* %C child 0, %M mentor 1, %N mentor 0 (user ids), %S the first school, %P the number given */
static const char *fill(const char *pattern, int64_t number)
{
    static char out[8][1200];
    static int turn;
    char *to = out[turn = (turn + 1) % 8];
    size_t n = 0;

    for (const char *p = pattern; *p && n < sizeof out[0] - 24; p++) {
        int64_t id = 0;

        if (*p == '%')
            id = p[1] == 'C'   ? r.w.child_users[0].v
                 : p[1] == 'M' ? r.w.mentor_users[1].v
                 : p[1] == 'N' ? r.w.mentor_users[0].v
                 : p[1] == 'S' ? r.w.schools[0].v
                               : number;
        if (id) {
            n += (size_t)snprintf(to + n, 24, "%lld", (long long)id);
            p++;
        } else {
            to[n++] = *p;
        }
    }
    to[n] = '\0';
    return to;
}

static struct answer ask(enum who who, const char *method, const char *target, int64_t number,
                         const char *etag, const char *body)
{
    return api_ask(&r, who, method, fill(target, number), etag, NULL,
                   body ? fill(body, number) : NULL);
}

static void gate_is(struct answer a, const char *gate)
{
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

static void field_is(struct answer a, const char *field, const char *fault)
{
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), field);
    assert_string_equal(str_at(&a, "error.fault"), fault);
    answer_free(&a);
}

#define LINES(week, year)                                                                          \
    "\"lines\":[{\"subject\":\"maths\",\"week_minutes\":" #week ",\"year_minutes\":" #year         \
    ",\"lesson_minutes\":40}]}"
#define DRAFT(week, year) "{\"from\":\"2026-12-01\",\"to\":\"2027-05-31\"," LINES(week, year)

static int64_t drafted(enum who who, const char *body)
{
    struct answer a = ask(who, "POST", "/children/%C/programme", 0, NULL, body);
    int64_t id;

    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "state"), "draft");
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}

static void state_is(struct answer a, const char *state)
{
    if (a.status != 200)
        print_error("%s\n", a.body ? a.body : "");
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), state);
    answer_free(&a);
}

/* ---- programmes --------------------------------------------------------------------------- */

static void from_draft_to_approved(void **state)
{
    int64_t id = drafted(OFFICER, DRAFT(80, 2400));
    struct answer a;

    (void)state;
    api_refused(ask(OFFICER, "POST", "/child-programmes/%P/propose", id, "\"v9\"", NULL), 412,
                "stale");
    api_refused(ask(OFFICER, "POST", "/child-programmes/%P/propose", id, NULL, NULL), 428,
                "need_match");
    gate_is(ask(COORDINATOR, "POST", "/child-programmes/%P/approve", id, "\"v1\"", NULL),
            "programme_state");
    state_is(ask(OFFICER, "POST", "/child-programmes/%P/propose", id, "\"v1\"", NULL), "proposed");
    gate_is(ask(OFFICER, "PUT", "/child-programmes/%P", id, "\"v2\"", DRAFT(80, 2400)),
            "programme_state");
    a = ask(COORDINATOR, "GET", "/programme-approvals", 0, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.week_minutes"), 80);
    assert_false(json_is_true(at(&a, "items.0.overdue")));
    answer_free(&a);
    field_is(ask(COORDINATOR, "POST", "/child-programmes/%P/return", id, "\"v2\"", "{}"), "reason",
             "missing");
    state_is(ask(COORDINATOR, "POST", "/child-programmes/%P/return", id, "\"v2\"",
                 "{\"reason\":\"Too few hours\"}"),
             "returned");
    state_is(ask(MENTOR, "PUT", "/child-programmes/%P", id, "\"v3\"", DRAFT(120, 3600)),
             "returned");
    state_is(ask(OFFICER, "POST", "/child-programmes/%P/propose", id, "\"v4\"", NULL), "proposed");
    state_is(ask(COORDINATOR, "POST", "/child-programmes/%P/approve", id, "\"v5\"", NULL),
             "approved");
    gate_is(ask(COORDINATOR, "PUT", "/child-programmes/%P", id, "\"v6\"", DRAFT(80, 2400)),
            "programme_state");
    a = ask(GUARDIAN, "GET", "/children/%C/programme", 0, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "versions.0.state"), "approved");
    assert_int_equal(int_at(&a, "versions.0.lines.0.week_minutes"), 120);
    assert_string_equal(str_at(&a, "versions.1.state"), "superseded");
    assert_string_equal(str_at(&a, "versions.1.until"), "2026-11-30");
    assert_int_equal(json_array_size(at(&a, "versions.0.may")), 0);
    assert_int_equal(int_at(&a, "limits.week_minutes"), 320);
    assert_string_equal(str_at(&a, "days.to"), "2027-08-31");
    answer_free(&a);
}

static void nobody_approves_their_own(void **state)
{
    int64_t id = drafted(COORDINATOR, DRAFT(80, 2400));
    struct answer a;

    (void)state;
    state_is(ask(COORDINATOR, "POST", "/child-programmes/%P/propose", id, "\"v1\"", NULL),
             "proposed");
    gate_is(ask(COORDINATOR, "POST", "/child-programmes/%P/approve", id, "\"v2\"", NULL),
            "own_programme");
    a = ask(COORDINATOR, "GET", "/children/%C/programme", 0, NULL, NULL);
    assert_string_equal(str_at(&a, "versions.0.state"), "proposed"); /* nothing is lost */
    assert_int_equal(json_array_size(at(&a, "versions.0.may")), 1);
    assert_string_equal(str_at(&a, "versions.0.may.0"), "return");
    answer_free(&a);
}

static void every_fault_is_told_at_once(void **state)
{
    static const char body[] =
        "{\"from\":\"2026-11-01\",\"to\":\"2027-12-31\",\"lines\":[{\"subject\":\"maths\","
        "\"week_minutes\":321,\"year_minutes\":99999,\"lesson_minutes\":41}]}";
    static const char *const want[] = { "days_long", "past_start", "lesson_long", "year_long",
                                        "week_sum" };
    int64_t id = drafted(MENTOR, body);
    struct answer a = ask(MENTOR, "POST", "/child-programmes/%P/propose", id, "\"v1\"", NULL);

    (void)state;
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), "programme_faults");
    assert_int_equal(json_array_size(at(&a, "error.faults")), 5);
    for (int i = 0; i < 5; i++) {
        char path[32];

        assert_true(str_format(path, sizeof path, "error.faults.%d.fault", i));
        assert_string_equal(str_at(&a, path), want[i]);
    }
    assert_int_equal(int_at(&a, "error.faults.4.limit"), 320);
    assert_int_equal(int_at(&a, "error.faults.4.value"), 321);
    answer_free(&a);
    a = ask(MENTOR, "GET", "/children/%C/programme", 0, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "versions.0.faults")), 5);
    assert_int_equal(int_at(&a, "versions.0.lines.0.week_minutes"), 321); /* still there */
    answer_free(&a);
    gate_is(ask(OFFICER, "POST", "/children/%C/programme", 0, NULL, DRAFT(80, 2400)),
            "programme_open");
}

static void bad_lines_are_refused_by_name(void **state)
{
    (void)state;
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL,
                 "{\"from\":\"2026-12-01\",\"to\":\"2026-11-01\",\"lines\":[]}"),
             "to", "range");
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL,
                 "{\"from\":\"2026-12-01\",\"to\":\"2027-02-30\",\"lines\":[]}"),
             "to", "malformed");
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL,
                 "{\"from\":\"2026-12-01\",\"to\":\"2027-02-20\",\"lines\":[{\"subject\":\"x\","
                 "\"week_minutes\":1,\"year_minutes\":1,\"lesson_minutes\":1}]}"),
             "lines.0.subject", "range");
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL,
                 "{\"from\":\"2026-12-01\",\"to\":\"2027-02-20\",\"lines\":[7]}"),
             "lines", "type");
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL, DRAFT(80, 79)),
             "lines.0.year_minutes", "range");
    field_is(ask(MENTOR, "POST", "/children/%C/programme", 0, NULL,
                 "{\"from\":\"2026-12-01\",\"to\":\"2027-02-20\",\"lines\":[{\"subject\":\"maths\","
                 "\"programme\":77,\"week_minutes\":40,\"year_minutes\":40,"
                 "\"lesson_minutes\":40}]}"),
             "lines.0.programme", "range");
}

static void the_catalogue(void **state)
{
    static const char body[] = "{\"subject\":\"maths\",\"grade\":3,\"title\":\"Plan\","
                               "\"week_minutes\":80,\"year_minutes\":2400,"
                               "\"topics\":[{\"title\":\"Sums\",\"minutes\":80}]}";
    struct answer a = ask(COORDINATOR, "POST", "/programmes", 0, NULL, body);
    int64_t id;

    (void)state;
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "number"), 1);
    answer_free(&a);
    a = ask(COORDINATOR, "POST", "/programmes", 0, NULL, body);
    assert_int_equal(int_at(&a, "number"), 2);
    id = int_at(&a, "id");
    answer_free(&a);
    a = ask(OFFICER, "GET", "/programmes?subject=maths&grade=3", 0, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = ask(MENTOR, "GET", "/programmes/%P", id, NULL, NULL);
    assert_string_equal(str_at(&a, "topics.0.title"), "Sums");
    answer_free(&a);
    api_refused(ask(COORDINATOR, "GET", "/programmes/999", 0, NULL, NULL), 404, "not_found");
    api_refused(ask(COORDINATOR, "GET", "/programmes?grade=12", 0, NULL, NULL), 400, "bad_field");
    field_is(ask(COORDINATOR, "POST", "/programmes", 0, NULL,
                 "{\"subject\":\"x\",\"grade\":3,\"title\":\"Plan\",\"week_minutes\":80,"
                 "\"year_minutes\":2400,\"topics\":[]}"),
             "subject", "range");
    field_is(ask(COORDINATOR, "POST", "/programmes", 0, NULL,
                 "{\"subject\":\"maths\",\"grade\":3,\"title\":\"Plan\",\"week_minutes\":80,"
                 "\"year_minutes\":2400,\"topics\":[{\"title\":\"\",\"minutes\":1}]}"),
             "topics.0.title", "malformed");
}

static void nothing_is_scheduled_without_an_approved_line(void **state)
{
    static const char body[] = "{\"subject\":\"maths\",\"mentor\":%M,\"children\":[%C],"
                               "\"date\":\"2027-01-13\",\"time\":\"12:00\",\"minutes\":40}";
    int64_t id = drafted(OFFICER, "{\"from\":\"2026-12-01\",\"to\":\"2027-01-12\"," LINES(40, 400));
    struct answer a;

    (void)state;
    state_is(ask(OFFICER, "POST", "/child-programmes/%P/propose", id, "\"v1\"", NULL), "proposed");
    state_is(ask(COORDINATOR, "POST", "/child-programmes/%P/approve", id, "\"v2\"", NULL),
             "approved");
    a = ask(COORDINATOR, "POST", "/lessons", 0, NULL, body);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gates.0.gate"), "programme");
    answer_free(&a);
}

/* ---- weekly times ------------------------------------------------------------------------- */

#define ROW "{\"weekday\":2,\"from\":\"09:00\",\"to\":\"24:00\",\"kind\":\"free\"}"
#define TREATMENT                                                                                  \
    "{\"weekday\":2,\"from\":\"10:00\",\"to\":\"11:00\",\"kind\":\"treatment\","                   \
    "\"since\":\"2026-11-01\",\"until\":\"2026-12-01\"}"

static void weekly_times_are_replaced_as_a_whole(void **state)
{
    struct answer a = ask(GUARDIAN, "GET", "/children/%C/hours", 0, NULL, NULL);

    (void)state;
    assert_int_equal(int_at(&a, "version"), 0);
    assert_true(json_is_true(at(&a, "may_edit")));
    answer_free(&a);
    api_refused(ask(GUARDIAN, "PUT", "/children/%C/hours", 0, NULL, "{\"hours\":[]}"), 428,
                "need_match");
    a = ask(GUARDIAN, "PUT", "/children/%C/hours", 0, "\"v0\"",
            "{\"hours\":[" ROW "," TREATMENT "]}");
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "version"), 1);
    assert_string_equal(str_at(&a, "hours.0.to"), "24:00");
    assert_string_equal(str_at(&a, "hours.0.since"), "2026-11-24");
    assert_true(json_is_null(at(&a, "hours.0.until")));
    assert_string_equal(str_at(&a, "hours.1.until"), "2026-12-01");
    answer_free(&a);
    api_refused(ask(COORDINATOR, "PUT", "/children/%C/hours", 0, "\"v0\"", "{\"hours\":[]}"), 412,
                "stale");
    field_is(
        ask(COORDINATOR, "PUT", "/children/%C/hours", 0, "\"v1\"", "{\"hours\":[" ROW "," ROW "]}"),
        "hours.1", "overlap");
    field_is(ask(COORDINATOR, "PUT", "/children/%C/hours", 0, "\"v1\"",
                 "{\"hours\":[{\"weekday\":1,\"from\":\"10:00\",\"to\":\"10:00\","
                 "\"kind\":\"rest\"}]}"),
             "hours.0", "span");
    field_is(ask(COORDINATOR, "PUT", "/children/%C/hours", 0, "\"v1\"",
                 "{\"hours\":[{\"weekday\":1,\"from\":\"10:00\",\"to\":\"25:00\","
                 "\"kind\":\"rest\"}]}"),
             "hours.0.to", "malformed");
    field_is(ask(MENTOR, "PUT", "/mentors/%N/hours", 0, "\"v0\"", "{\"hours\":[" TREATMENT "]}"),
             "hours.0", "kind");
    a = ask(MENTOR, "PUT", "/mentors/%N/hours", 0, "\"v0\"", "{\"hours\":[" ROW "]}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = ask(COORDINATOR, "GET", "/children/%C/hours", 0, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "hours")), 2); /* no refusal took a row away */
    answer_free(&a);
}

static void a_calendar(void **state)
{
    static const char body[] =
        "{\"hours\":[{\"weekday\":1,\"from\":\"08:00\",\"to\":\"15:00\"}],"
        "\"holidays\":[\"2027-01-01\"],"
        "\"terms\":[{\"kind\":\"quarter\",\"from\":\"2026-11-05\",\"to\":\"2026-12-29\"}]}";
    struct answer a = ask(OFFICER, "PUT", "/schools/%S/calendar", 0, "\"v0\"", body);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "hours.0.from"), "08:00");
    assert_string_equal(str_at(&a, "holidays.0"), "2027-01-01");
    assert_string_equal(str_at(&a, "terms.0.kind"), "quarter");
    answer_free(&a);
    api_refused(ask(OFFICER, "PUT", "/schools/%S/calendar", 0, "\"v0\"", body), 412, "stale");
    field_is(ask(COORDINATOR, "PUT", "/schools/%S/calendar", 0, "\"v1\"",
                 "{\"hours\":[],\"holidays\":[\"2027-01-01\",\"2027-01-01\"],\"terms\":[]}"),
             "holidays", "range");
    field_is(ask(COORDINATOR, "PUT", "/schools/%S/calendar", 0, "\"v1\"",
                 "{\"hours\":[],\"holidays\":[],\"terms\":[{\"kind\":\"half\","
                 "\"from\":\"2026-11-05\",\"to\":\"2026-11-04\"}]}"),
             "terms.0.to", "range");
    a = ask(COORDINATOR, "GET", "/schools/%S/calendar", 0, NULL, NULL);
    assert_int_equal(int_at(&a, "version"), 1);
    assert_int_equal(json_array_size(at(&a, "terms")), 1);
    answer_free(&a);
    a = ask(COORDINATOR, "GET", "/children-without-peers", 0, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_string_equal(str_at(&a, "items.0.term_from"), "2026-11-05");
    assert_string_equal(str_at(&a, "items.1.term_from"), "2026-09-01");
    answer_free(&a);
}

/* ---- the choice --------------------------------------------------------------------------- */

static void a_lead_mentor_is_chosen_and_ended(void **state)
{
    struct answer a = ask(COORDINATOR, "GET", "/children-without-mentor", 0, NULL, NULL);
    int64_t id;

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    answer_free(&a);
    a = ask(COORDINATOR, "GET", "/children/%C/candidates?subject=maths", 0, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "items.0.standing"), "ready");
    assert_int_equal(json_array_size(at(&a, "items.0.parts")), 6);
    assert_false(json_is_true(at(&a, "search.blocked")));
    answer_free(&a);
    field_is(ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
                 "{\"mentor\":%M,\"role\":\"lead\"}"),
             "reason", "missing");
    field_is(ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
                 "{\"mentor\":%M,\"role\":\"subject\",\"reason\":\"x\"}"),
             "subject", "missing");
    field_is(ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
                 "{\"mentor\":%C,\"role\":\"lead\",\"reason\":\"x\"}"),
             "mentor", "range");
    a = ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
            "{\"mentor\":%M,\"role\":\"lead\",\"reason\":\"Knows the child\"}");
    assert_int_equal(a.status, 201);
    id = int_at(&a, "id");
    answer_free(&a);
    gate_is(ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
                "{\"mentor\":%N,\"role\":\"lead\",\"reason\":\"x\"}"),
            "one_lead");
    gate_is(ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
                "{\"mentor\":%N,\"role\":\"subject\",\"subject\":\"maths\",\"reason\":\"x\"}"),
            "assigned_already");
    field_is(ask(COORDINATOR, "POST", "/assignments/%P/end", id, NULL, "{\"reason\":\"\"}"),
             "reason", "malformed");
    a = ask(COORDINATOR, "POST", "/assignments/%P/end", id, NULL, "{\"reason\":\"moved\"}");
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "end_reason"), "moved");
    answer_free(&a);
    api_refused(ask(COORDINATOR, "POST", "/assignments/%P/end", id, NULL, "{\"reason\":\"moved\"}"),
                409, "not_now");
}

static void nobody_to_choose_names_who_must_act(void **state)
{
    struct answer a;

    (void)state;
    api_stop(&r);
    assert_int_equal(db_script(r.w.db, "DELETE FROM training_topic; DELETE FROM training"), ERR_OK);
    api_resume_at(&r, RIG_NOW + MS_PER_MIN);
    a = ask(COORDINATOR, "GET", "/children/%C/candidates?subject=maths", 0, NULL, NULL);
    assert_true(json_is_true(at(&a, "search.blocked")));
    assert_string_equal(str_at(&a, "search.owes.0.gate"), "training");
    assert_string_equal(str_at(&a, "search.owes.0.actor"), "mentor");
    assert_int_equal(int_at(&a, "search.owes.0.mentors"), 2);
    assert_string_equal(str_at(&a, "items.0.standing"), "barred");
    answer_free(&a);
    a = ask(COORDINATOR, "POST", "/children/%C/assignments", 0, NULL,
            "{\"mentor\":%M,\"role\":\"lead\",\"reason\":\"x\"}");
    assert_string_equal(str_at(&a, "error.gates.0.gate"), "training");
    gate_is(a, "barred");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(from_draft_to_approved, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_approves_their_own, setup, teardown),
        cmocka_unit_test_setup_teardown(every_fault_is_told_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(bad_lines_are_refused_by_name, setup, teardown),
        cmocka_unit_test_setup_teardown(the_catalogue, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_scheduled_without_an_approved_line, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(weekly_times_are_replaced_as_a_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(a_calendar, setup, teardown),
        cmocka_unit_test_setup_teardown(a_lead_mentor_is_chosen_and_ended, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_to_choose_names_who_must_act, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
