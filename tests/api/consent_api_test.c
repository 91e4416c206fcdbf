/* SPDX-License-Identifier: Apache-2.0
 *
 * Consents through the HTTP API: who may see and answer them, every refusal,
 * and that a withdrawal empties the seats it covers in lessons that run, at
 * once and no others.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/access.h"
#include "server/store/consent.h"
#include "tests/api/api_rig.h"
#include "tests/support/lab.h"

static struct api_rig r;
static struct lesson_id alone, together; /* child 0 sits in both; child 1 in the second */

#define MIN MS_PER_MIN
#define PDF "%PDF-1.7\nconsent\nstartxref\n9\n%%EOF\n"
#define BY_PAPER "kind=recording&words=1&signed=2026-11-23"

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

/* Takes a seat of the lesson that several children have, as the net loop would ask for it. */
static void sit(enum who who, struct user_id user)
{
    static uint64_t conns;
    struct desk_request *q = desk_request_new(DESK_ADMIT, 0);

    assert_non_null(q);
    q->u.admit.user = user;
    q->u.admit.login = r.logins[who];
    q->u.admit.lesson = together;
    q->u.admit.conn = ++conns;
    ok(desk_post(r.desk, q));
}

static struct lesson_id lesson(int mentor, int children, int64_t start_ms)
{
    struct lesson_plan p = { .org = r.w.centre,
                             .subject_id = r.w.subject,
                             .mentor = r.w.mentors[mentor],
                             .children = { r.w.children[0], r.w.children[1] },
                             .children_n = children,
                             .start_ms = start_ms,
                             .end_ms = start_ms + 40 * MIN,
                             .tz = "Europe/Moscow",
                             .state = LESSON_SCHEDULED };
    struct lesson_id id;

    ok(lesson_add(r.w.db, &p, RIG_NOW, r.w.coordinator, &id));
    return id;
}

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    for (int i = 0; i < 2; i++)
        ok(consent_give(r.w.db, r.w.children[i], "group", "1", r.w.guardian, RIG_NOW - MS_PER_DAY,
                        FOREVER_MS));
    together = lesson(0, 2, RIG_NOW - 5 * MIN);
    alone = lesson(1, 1, RIG_NOW + 2 * 60 * MIN);
    return 0;
}

static int started(void **state)
{
    setup(state);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *path(const char *tail)
{
    static char text[4][160];
    static int n;
    char *out = text[n++ % 4];

    assert_true(
        str_format(out, 160, "/children/%lld/consents%s", (long long)r.w.child_users[0].v, tail));
    return out;
}

static const char *version(enum who who)
{
    static char etag[32];
    struct answer a = api_get(&r, who, path(""));
    const char *from = strstr(a.headers, "ETag: ");

    assert_int_equal(a.status, 200);
    assert_non_null(from);
    assert_int_equal(sscanf(from, "ETag: %31[^\r\n]", etag), 1);
    answer_free(&a);
    return etag;
}

static struct answer say(enum who who, const char *body)
{
    return api_ask(&r, who, "POST", path(""), version(who), NULL, body);
}

static void gate(struct answer a, const char *name)
{
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), name);
    answer_free(&a);
}

static void field(struct answer a, const char *name, const char *fault)
{
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), name);
    assert_string_equal(str_at(&a, "error.fault"), fault);
    answer_free(&a);
}

static const char *of_kind(struct answer *a, int kind, const char *what)
{
    static char name[48];

    assert_true(str_format(name, sizeof name, "consents.%d.%s", kind, what));
    return str_at(a, name);
}

/* ---- reading and answering ------------------------------------------------------------------ */

static void the_page_names_what_each_kind_carries(void **state)
{
    struct answer a = api_get(&r, GUARDIAN, path(""));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(of_kind(&a, 0, "kind"), "lessons");
    assert_string_equal(of_kind(&a, 0, "state"), "given");
    assert_int_equal(json_array_size(at(&a, "consents.0.lessons")), 2);
    assert_int_equal(json_array_size(at(&a, "consents.1.lessons")),
                     1); /* the one of two children */
    assert_int_equal(int_at(&a, "consents.1.lessons.0.id"), together.v);
    assert_true(json_is_true(at(&a, "consents.1.lessons.0.now")));
    assert_string_equal(of_kind(&a, 2, "state"), "none");
    assert_int_equal(json_array_size(at(&a, "consents.2.lessons")), 0);
    assert_string_equal(str_at(&a, "consents.1.covers.0"), "group_lesson");
    answer_free(&a);
}

static void a_guardian_gives_and_withdraws(void **state)
{
    struct answer a = say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"given\",\"words\":1}");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(of_kind(&a, 2, "state"), "given");
    assert_int_equal(int_at(&a, "consents.2.given"), RIG_NOW);
    assert_int_equal(int_at(&a, "consents.2.agreed_words"), 1);
    assert_int_equal(int_at(&a, "consents.2.given_by.id"), r.w.guardian.v);
    assert_true(json_is_null(at(&a, "changed")));
    answer_free(&a);
    gate(say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"given\",\"words\":1}"),
         "consent_given");
    a = say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"withdrawn\"}");
    assert_int_equal(a.status, 200);
    assert_string_equal(of_kind(&a, 2, "state"), "withdrawn");
    assert_int_equal(json_array_size(at(&a, "changed")), 0);
    answer_free(&a);
    gate(say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"withdrawn\"}"), "consent_not_given");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action IN "
                                        "('consent.give', 'consent.withdraw')"),
                     2);
}

static void the_centre_asks_and_a_no_is_a_no(void **state)
{
    struct answer a = api_post(&r, COORDINATOR, path("/ask"), "{\"kind\":\"sections\"}");

    (void)state;
    gate(say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"refused\",\"words\":1}"),
         "consent_not_asked");
    assert_int_equal(a.status, 201);
    assert_string_equal(of_kind(&a, 3, "state"), "asked");
    answer_free(&a);
    gate(api_post(&r, COORDINATOR, path("/ask"), "{\"kind\":\"sections\"}"), "consent_asked");
    gate(api_post(&r, COORDINATOR, path("/ask"), "{\"kind\":\"lessons\"}"), "consent_given");
    gate(say(GUARDIAN, "{\"kind\":\"sections\",\"answer\":\"given\",\"words\":2}"),
         "consent_words");
    a = say(GUARDIAN, "{\"kind\":\"sections\",\"answer\":\"refused\",\"words\":1}");
    assert_int_equal(a.status, 200);
    assert_string_equal(of_kind(&a, 3, "state"), "refused");
    answer_free(&a);
}

static void the_centre_takes_back_with_a_reason_and_gives_nothing(void **state)
{
    struct answer a;

    (void)state;
    api_refused(say(COORDINATOR, "{\"kind\":\"sections\",\"answer\":\"given\",\"words\":1}"), 403,
                "not_allowed");
    field(say(COORDINATOR, "{\"kind\":\"group\",\"answer\":\"withdrawn\"}"), "reason", "missing");
    a = say(COORDINATOR,
            "{\"kind\":\"group\",\"answer\":\"withdrawn\",\"reason\":\"мама позвонила\"}");
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "changed.0.id"), together.v);
    answer_free(&a);
}

static void bad_input_changes_nothing(void **state)
{
    (void)state;
    field(say(GUARDIAN, "{\"kind\":\"all\",\"answer\":\"given\",\"words\":1}"), "kind", "range");
    field(say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"maybe\",\"words\":1}"), "answer",
          "range");
    field(say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"given\"}"), "words", "missing");
    field(say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"withdrawn\",\"words\":1}"), "words",
          "unknown");
    api_refused(api_post(&r, GUARDIAN, path(""), "{\"kind\":\"group\",\"answer\":\"withdrawn\"}"),
                428, "need_match");
    api_refused(api_ask(&r, GUARDIAN, "POST", path(""), "\"v1\"", NULL,
                        "{\"kind\":\"group\",\"answer\":\"withdrawn\"}"),
                412, "stale");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM consent WHERE withdrawn_ms "
                                        "IS NOT NULL OR kind NOT IN ('lessons', 'group')"),
                     0);
}

static void a_guardian_who_only_reads_the_log_does_not_answer(void **state)
{
    (void)state;
    setup(state);
    ok(db_script(r.w.db, "UPDATE guardian_link SET rights = 'log'"));
    api_start(&r);
    api_refused(say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"withdrawn\"}"), 403, "not_allowed");
    api_close(&r);
}

/* ---- paper ---------------------------------------------------------------------------------- */

static struct answer paper(enum who who, const char *query, struct user_id guardian,
                           const char *bytes)
{
    char target[200];

    assert_true(str_format(target, sizeof target, "/children/%lld/consents/paper?guardian=%lld&%s",
                           (long long)r.w.child_users[0].v, (long long)guardian.v, query));
    return api_send(&r, who, target, bytes, strlen(bytes));
}

static void a_signed_paper_is_a_consent_with_its_scan(void **state)
{
    struct answer a = paper(COORDINATOR, BY_PAPER, r.w.guardian, PDF);
    char target[64];

    (void)state;
    assert_int_equal(a.status, 201);
    assert_string_equal(of_kind(&a, 2, "state"), "given");
    assert_int_equal(int_at(&a, "consents.2.given_by.id"), r.w.guardian.v);
    assert_int_equal(int_at(&a, "consents.2.entered_by.id"), r.w.coordinator.v);
    assert_true(str_format(target, sizeof target, "/consent-papers/%lld/file",
                           (long long)int_at(&a, "consents.2.paper")));
    answer_free(&a);
    a = api_get(&r, GUARDIAN, target);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_non_null(strstr(a.headers, "attachment"));
    assert_string_equal(a.body, PDF);
    answer_free(&a);
    api_expect(&r, CHILD_2, "GET", target, NULL, 403);
    api_expect(&r, OFFICER, "GET", target, NULL, 403);
    api_expect(&r, COORDINATOR, "GET", "/consent-papers/999/file", NULL, 404);
    gate(paper(COORDINATOR, BY_PAPER, r.w.guardian, PDF), "consent_given");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'consent.read'"),
                     1); /* who reads it is written down */
}

static void a_repeated_upload_is_done_once(void **state)
{
    char to[200];

    (void)state;
    assert_true(str_format(to, sizeof to, "/children/%lld/consents/paper?guardian=%lld&%s",
                           (long long)r.w.child_users[0].v, (long long)r.w.guardian.v, BY_PAPER));
    for (int i = 0; i < 2; i++) { /* not "consent_given", as of another paper */
        struct answer a = api_send_keyed(&r, COORDINATOR, to, "k1", PDF, strlen(PDF));

        assert_int_equal(a.status, 201);
        assert_string_equal(of_kind(&a, 2, "state"), "given");
        answer_free(&a);
    }
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM consent_paper"), 1);
    assert_int_equal(
        world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'consent.paper'"), 1);
}

static void a_paper_that_is_none_is_refused(void **state)
{
    (void)state;
    api_refused(paper(GUARDIAN, BY_PAPER, r.w.guardian, PDF), 403, "not_allowed");
    api_refused(paper(COORDINATOR, BY_PAPER, r.w.guardian, "<html>"), 400, "bad_file");
    field(paper(COORDINATOR, BY_PAPER, r.w.officer, PDF), "guardian", "range");
    field(paper(COORDINATOR, "kind=all&words=1&signed=2026-11-23", r.w.guardian, PDF), "kind",
          "range");
    field(paper(COORDINATOR, "kind=group&words=x&signed=2026-11-23", r.w.guardian, PDF), "words",
          "range");
    field(paper(COORDINATOR, "kind=recording&words=1", r.w.guardian, PDF), "signed", "missing");
    field(paper(COORDINATOR, "kind=recording&words=1&signed=2026-02-30", r.w.guardian, PDF),
          "signed", "malformed");
    field(paper(COORDINATOR, "kind=recording&words=1&signed=2026-11-25", r.w.guardian, PDF),
          "signed", "ahead");
    field(paper(COORDINATOR, "kind=recording&words=1&signed=2025-11-25", r.w.guardian, PDF),
          "signed", "too_old");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM consent_paper"), 0);
}

static void a_paper_is_no_way_around_a_later_withdrawal(void **state)
{
    struct answer a = say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"withdrawn\"}");

    (void)state;
    answer_free(&a);
    field(paper(COORDINATOR, "kind=group&words=1&signed=2026-11-23", r.w.guardian, PDF), "signed",
          "withdrawn_since");
    a = paper(COORDINATOR, "kind=group&words=1&signed=2026-11-24", r.w.guardian, PDF);
    assert_int_equal(a.status, 201); /* signed on the same day: it may be the answer to it */
    answer_free(&a);
}

/* ---- a lesson that runs --------------------------------------------------------------------- */

static const struct admit_person *pushed(struct lesson_id in, struct user_id user)
{
    for (int i = 0; i < r.person_pushes && i < 8; i++)
        if (lesson_id_eq(r.person_push[i].lesson, in) &&
            user_id_eq(r.person_push[i].person.user, user))
            return &r.person_push[i].person;
    return NULL;
}

/* From the guardian's word to the closed connection, on the room's own clock: the desk tells the
 * room with the commit of the withdrawal, and the room cuts on being told. */
static void a_withdrawal_empties_the_seat_it_covers_at_once(void **state)
{
    static struct lab g;
    const struct admit_person *told;
    struct admit_person p;
    uint64_t mentor, child, other;
    int64_t before_us;
    struct answer a;

    (void)state;
    sit(CHILD, r.w.child_users[0]);
    sit(CHILD_2, r.w.child_users[1]);
    lab_init(&g, 2, 5 * MIN);
    mentor = lab_join(&g, LAB_MENTOR);
    child = lab_join(&g, LAB_CHILD);
    other = lab_join(&g, LAB_CHILD + 1);
    lab_talk(&g, mentor);
    lab_talk(&g, child);
    lab_talk(&g, other);
    assert_true(lab_hears(&g, mentor, child));

    before_us = g.now.mono_us;
    a = say(GUARDIAN, "{\"kind\":\"group\",\"answer\":\"withdrawn\"}");
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "changed.0.id"), together.v);
    assert_int_equal(json_array_size(at(&a, "changed")), 1); /* the lesson alone goes on */
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", "/centre", NULL,
               200); /* the pushes come behind the answer */
    told = pushed(together, r.w.child_users[0]);
    assert_non_null(told);
    assert_false(told->consent_ok);
    assert_null(pushed(together, r.w.child_users[1]));
    p = lab_person(&g, LAB_CHILD).admit;
    p.consent_ok = told->consent_ok;
    room_person_changed(g.room, g.now, &p);
    lab_drain(&g);
    assert_true(g.conns[child].closed);
    assert_true(lab_shut(&g, child));
    assert_true(g.now.mono_us - before_us <= 5 * US_PER_S); /* J6; it is the same moment */
    assert_int_equal(g.now.mono_us, before_us);
    lab_run(&g, 2000);
    assert_false(g.conns[other].closed);
    assert_true(lab_hears(&g, mentor, other));
    lab_deinit(&g);
}

static void a_withdrawal_of_something_else_cuts_nobody(void **state)
{
    const struct admit_person *told;
    struct answer a;

    (void)state;
    sit(CHILD, r.w.child_users[0]);
    a = say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"given\",\"words\":1}");
    answer_free(&a);
    a = say(GUARDIAN, "{\"kind\":\"recording\",\"answer\":\"withdrawn\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", "/centre", NULL,
               200); /* the pushes come behind the answer */
    told = pushed(together, r.w.child_users[0]);
    assert_non_null(told); /* asked anew, and still welcome */
    assert_true(told->consent_ok);
}

/* ---- rights --------------------------------------------------------------------------------- */

static void the_table_of_rights_decides(void **state)
{
    static const struct {
        enum who who;
        enum role role;
        struct relation to;
    } actors[] = {
        { CHILD, ROLE_CHILD, { .own = true } },
        { CHILD_2, ROLE_CHILD, { 0 } },
        { MENTOR, ROLE_MENTOR, { .own = true } },
        { GUARDIAN, ROLE_GUARDIAN, { .own_child = true } },
        { OFFICER, ROLE_SCHOOL_OFFICER, { .own_school = true } },
        { OFFICER_2, ROLE_SCHOOL_OFFICER, { 0 } },
        { COORDINATOR, ROLE_COORDINATOR, { .own_centre = true } },
        { ADMIN, ROLE_ADMIN, { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
        enum who who = actors[i].who;
        bool see = access_may(actors[i].role, RIGHT_CONSENT_VIEW, actors[i].to);
        bool enter = access_may(actors[i].role, RIGHT_CONSENT_ENTER, actors[i].to);
        int hidden = api_hidden(actors[i].role, RIGHT_CONSENT_VIEW);

        api_expect(&r, who, "GET", path(""), NULL, see ? 200 : hidden);
        api_expect(&r, who, "POST", path(""), "{\"kind\":\"group\",\"answer\":\"withdrawn\"}",
                   !see    ? hidden
                   : enter ? 400   /* no reason */
                           : 428); /* no version */
        api_expect(&r, who, "POST", path("/ask"), "{\"kind\":\"group\"}",
                   !see    ? api_hidden(actors[i].role, RIGHT_CONSENT_ENTER)
                   : enter ? 409
                           : 403);
    }
    api_expect(&r, NOBODY, "GET", path(""), NULL, 401);
    /* the child of another family is not known at all */
    api_expect(&r, GUARDIAN, "GET", "/children/999/consents", NULL, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_page_names_what_each_kind_carries, started, teardown),
        cmocka_unit_test_setup_teardown(a_guardian_gives_and_withdraws, started, teardown),
        cmocka_unit_test_setup_teardown(the_centre_asks_and_a_no_is_a_no, started, teardown),
        cmocka_unit_test_setup_teardown(the_centre_takes_back_with_a_reason_and_gives_nothing,
                                        started, teardown),
        cmocka_unit_test_setup_teardown(bad_input_changes_nothing, started, teardown),
        cmocka_unit_test(a_guardian_who_only_reads_the_log_does_not_answer),
        cmocka_unit_test_setup_teardown(a_signed_paper_is_a_consent_with_its_scan, started,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_repeated_upload_is_done_once, started, teardown),
        cmocka_unit_test_setup_teardown(a_paper_that_is_none_is_refused, started, teardown),
        cmocka_unit_test_setup_teardown(a_paper_is_no_way_around_a_later_withdrawal, started,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_empties_the_seat_it_covers_at_once, started,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_withdrawal_of_something_else_cuts_nobody, started,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_table_of_rights_decides, started, teardown),
    };

    return cmocka_run_group_tests_name("consents", tests, NULL, NULL);
}
