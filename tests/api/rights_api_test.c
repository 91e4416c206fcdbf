/* SPDX-License-Identifier: Apache-2.0
 *
 * Role x action x object through the HTTP API, generated from the one table
 * of rights: what the table grants is answered, what it does not is 403, and
 * what a person may not know of is 404 like what does not exist (T1).
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
#include "server/store/attendance.h"
#include "server/store/session.h"
#include "server/store/staff.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static struct lesson_id future;             /* mentor 0, child 0 */
static struct lesson_id past;               /* the same two, yesterday, held */
static int64_t document, course, qualified; /* of mentor 0 */

static const uint8_t no_token[SESSION_HASH_BYTES];

static void was_in(struct lesson_id lesson, struct user_id user, enum seat_role seat, int64_t from,
                   int64_t to)
{
    char conn[40];
    struct session_new n = { .lesson = lesson,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = from,
                             .ip_hash = "" };
    struct session_id id;

    assert_true(
        str_format(conn, sizeof conn, "t-%lld-%lld", (long long)lesson.v, (long long)user.v));
    assert_int_equal(session_open(r.w.db, &n, &id), ERR_OK);
    assert_int_equal(session_seen(r.w.db, id, to), ERR_OK);
    assert_int_equal(session_leave(r.w.db, id, to, LEAVE_LEFT, 0, to), ERR_OK);
}

/* A course and a qualification that wait for somebody to look at them. */
static void papers(void)
{
    struct training t = { .mentor = r.w.mentors[0],
                          .course = "x",
                          .issued_ms = RIG_NOW - MS_PER_DAY,
                          .expires_ms = FOREVER_MS };
    struct qualification q = { .mentor = r.w.mentors[0],
                               .subject_id = r.w.subject,
                               .grade_from = 1,
                               .grade_to = 2,
                               .issued_ms = RIG_NOW - MS_PER_DAY };
    struct staff_document_list l;

    assert_int_equal(training_add(r.w.db, &t, RIG_NOW, r.w.mentor_users[0], &course), ERR_OK);
    assert_int_equal(qualification_add(r.w.db, &q, RIG_NOW, r.w.mentor_users[0], &qualified),
                     ERR_OK);
    assert_int_equal(staff_document_list(r.w.db, r.w.mentors[0], &l), ERR_OK);
    document = l.items[0].id;
    staff_document_list_free(&l);
}

static int setup(void **state)
{
    int64_t start = RIG_NOW - MS_PER_DAY;

    (void)state;
    api_open(&r);
    future = world_lesson(&r.w, 0, 0, RIG_NOW + MS_PER_DAY, RIG_NOW + MS_PER_DAY + 40 * MS_PER_MIN);
    past = world_lesson(&r.w, 0, 0, start, start + 40 * MS_PER_MIN);
    was_in(past, r.w.mentor_users[0], SEAT_MENTOR, start, start + 40 * MS_PER_MIN);
    was_in(past, r.w.child_users[0], SEAT_CHILD, start, start + 40 * MS_PER_MIN);
    assert_int_equal(attendance_close(r.w.db, past, start + MS_PER_HOUR), ERR_OK);
    papers();
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* How each actor stands to the lesson, the child and the report of mentor 0 and child 0. */
static const struct {
    enum who who;
    enum role role;
    struct relation to;
} actors[] = {
    { CHILD, ROLE_CHILD, { .own = true } },
    { CHILD_2, ROLE_CHILD, { 0 } },
    { MENTOR, ROLE_MENTOR, { .own = true } },
    { STRANGER, ROLE_MENTOR, { 0 } },
    { GUARDIAN, ROLE_GUARDIAN, { .own_child = true } },
    { OFFICER, ROLE_SCHOOL_OFFICER, { .own_school = true } },
    { COORDINATOR, ROLE_COORDINATOR, { .own_centre = true } },
    { ADMIN, ROLE_ADMIN, { 0 } },
};

/* An action on that object. %L future lesson, %P past lesson, %C child, %M mentor 1; of
 * mentor 0: %H the user, %S the school, %D a document, %T a course and %Q a qualification to be
 * verified */
struct action {
    const char *method, *target, *body;
    enum right right;
    enum right knows; /* who has not even this is told 404 */
    int success;
};

#define LESSON_BODY                                                                                \
    "{\"subject\":\"maths\",\"mentor\":%M,\"children\":[%C],\"date\":\"2026-11-26\","              \
    "\"time\":\"12:00\",\"minutes\":40}"

static const struct action actions[] = {
    { "GET", "/lessons/%L", NULL, RIGHT_LESSON_VIEW, RIGHT_LESSON_VIEW, 200 },
    { "POST", "/lessons/%L/move",
      "{\"date\":\"2026-11-26\",\"time\":\"15:00\",\"minutes\":40,\"reason\":\"x\"}",
      RIGHT_LESSON_MOVE, RIGHT_LESSON_VIEW, 200 },
    { "POST", "/lessons/%L/cancel", "{\"side\":\"child\",\"reason\":\"x\"}", RIGHT_LESSON_CANCEL,
      RIGHT_LESSON_VIEW, 200 },
    { "POST", "/lessons/%L/substitute", "{\"mentor\":%M,\"reason\":\"x\"}", RIGHT_LESSON_SUBSTITUTE,
      RIGHT_LESSON_VIEW, 200 },
    { "PUT", "/lessons/%P/note",
      "{\"child\":%C,\"topic\":\"x\",\"homework\":\"\",\"mark\":\"5\",\"text\":\"\"}",
      RIGHT_LESSON_NOTE_EDIT, RIGHT_LESSON_VIEW, 200 },
    { "GET", "/lessons/%P/attendance", NULL, RIGHT_ATTENDANCE_VIEW, RIGHT_LESSON_VIEW, 200 },
    { "POST", "/lessons/%P/attendance/amendments", "{\"child\":%C,\"code\":\"I\",\"reason\":\"x\"}",
      RIGHT_ATTENDANCE_AMEND, RIGHT_LESSON_VIEW, 201 },
    { "POST", "/lessons/%P/confirmation", "{\"child\":%C,\"result\":\"confirmed\"}",
      RIGHT_LESSON_LOG_CONFIRM, RIGHT_LESSON_VIEW, 200 },
    { "GET", "/children/%C/log", NULL, RIGHT_LESSON_LOG_VIEW, RIGHT_CHILD_LIST, 200 },
    { "POST", "/children/%C/confirmations", "{\"lessons\":[%P]}", RIGHT_LESSON_LOG_CONFIRM,
      RIGHT_CHILD_LIST, 200 },
    { "GET", "/mentors/%H/hiring", NULL, RIGHT_HIRING_VIEW, RIGHT_HIRING_VIEW, 200 },
    { "GET", "/mentors/%H/can-teach?child=%C&subject=maths&at=1795504320000", NULL, RIGHT_TEACH_ASK,
      RIGHT_HIRING_VIEW, 200 },
    { "POST", "/mentors/%H/trainings",
      "{\"course\":\"x\",\"provider\":\"x\",\"hours\":1,\"issued\":\"2026-01-01\",\"topics\":[]}",
      RIGHT_HIRING_EDIT, RIGHT_HIRING_VIEW, 201 },
    { "POST", "/mentors/%H/qualifications",
      "{\"subject\":\"maths\",\"level\":\"x\",\"grade_from\":1,\"grade_to\":2,"
      "\"issued\":\"2026-01-01\"}",
      RIGHT_HIRING_EDIT, RIGHT_HIRING_VIEW, 201 },
    { "POST", "/mentors/%H/applications", "{\"school\":%S}", RIGHT_HIRING_EDIT, RIGHT_HIRING_VIEW,
      201 },
    { "POST", "/documents/%D/return", "{\"reason\":\"x\"}", RIGHT_HIRING_VERIFY, RIGHT_HIRING_VIEW,
      200 },
    { "POST", "/trainings/%T/verify", "{}", RIGHT_HIRING_VERIFY, RIGHT_HIRING_VIEW, 200 },
    { "POST", "/qualifications/%Q/verify", "{}", RIGHT_HIRING_VERIFY, RIGHT_HIRING_VIEW, 200 },
};

/* Replaces %L and the rest by ids. */
static const char *fill(const char *pattern, struct strbuf *b)
{
    strbuf_init(b);
    for (const char *p = pattern; *p; p++) {
        if (*p != '%') {
            strbuf_add(b, p, 1);
            continue;
        }
        switch (*++p) {
        case 'L':
            strbuf_printf(b, "%lld", (long long)future.v);
            break;
        case 'P':
            strbuf_printf(b, "%lld", (long long)past.v);
            break;
        case 'C':
            strbuf_printf(b, "%lld", (long long)r.w.child_users[0].v);
            break;
        case 'M':
            strbuf_printf(b, "%lld", (long long)r.w.mentor_users[1].v);
            break;
        case 'H':
            strbuf_printf(b, "%lld", (long long)r.w.mentor_users[0].v);
            break;
        case 'S':
            strbuf_printf(b, "%lld", (long long)r.w.schools[0].v);
            break;
        case 'D':
            strbuf_printf(b, "%lld", (long long)document);
            break;
        case 'T':
            strbuf_printf(b, "%lld", (long long)course);
            break;
        case 'Q':
            strbuf_printf(b, "%lld", (long long)qualified);
            break;
        default:
            fail_msg("unknown letter");
        }
    }
    return b->s;
}

static int expected(const struct action *a, enum role role, struct relation to)
{
    if (access_may(role, a->right, to) && access_may(role, a->knows, to))
        return a->success;
    return access_may(role, a->knows, to) ? 403 : api_hidden(role, a->right);
}

static void try_one(size_t action, size_t actor)
{
    const struct action *a = &actions[action];
    struct strbuf target, body;
    struct answer got;
    int want = expected(a, actors[actor].role, actors[actor].to);

    fill(a->target, &target);
    fill(a->body ? a->body : "", &body);
    got = api_ask(&r, actors[actor].who, a->method, target.s, "\"v1\"", NULL,
                  a->body ? body.s : NULL);
    if (got.status != want)
        print_error("%s %s as %s: %d, the table says %d: %s\n", a->method, a->target,
                    who_name(actors[actor].who), got.status, want, got.body ? got.body : "");
    assert_int_equal(got.status, want);
    answer_free(&got);
    strbuf_deinit(&target);
    strbuf_deinit(&body);
    /* A refused or reading try leaves the world as it was, so the next one meets the same. */
    if (want < 400 && strcmp(a->method, "GET") != 0) {
        teardown(NULL);
        setup(NULL);
    }
}

static void the_table_of_rights_decides(void **state)
{
    (void)state;
    setup(NULL);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++)
            try_one(i, k);
    }
    teardown(NULL);
}

/* Pages and lists that belong to no single object. */
static void pages_open_for_the_roles_that_have_them(void **state)
{
    static const struct {
        const char *target;
        enum right right;
    } pages[] = {
        { "/me/day", RIGHT_MY_DAY },       { "/board", RIGHT_BOARD_VIEW },
        { "/children", RIGHT_CHILD_LIST }, { "/mentors", RIGHT_MENTOR_LIST },
        { "/reports", RIGHT_REPORT_LIST }, { "/path-tests", RIGHT_PATH_VIEW },
    };

    (void)state;
    setup(NULL);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
            bool may = access_scope(actors[k].role, pages[i].right) != SCOPE_NONE;

            api_expect(&r, actors[k].who, "GET", pages[i].target, NULL, may ? 200 : 403);
        }
        api_refused(api_get(&r, NOBODY, pages[i].target), 401, "no_login");
    }
    teardown(NULL);
}

static void nobody_is_let_in_anywhere(void **state)
{
    (void)state;
    setup(NULL);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        struct strbuf target;

        fill(actions[i].target, &target);
        api_refused(api_ask(&r, NOBODY, actions[i].method, target.s, "\"v1\"", NULL, "{}"), 401,
                    "no_login");
        strbuf_deinit(&target);
    }
    teardown(NULL);
}

/* The same words for a lesson of others and for one that does not exist. */
static void what_may_not_be_known_looks_like_nothing(void **state)
{
    struct answer theirs, none;
    char target[64];

    (void)state;
    setup(NULL);
    assert_true(str_format(target, sizeof target, "/lessons/%lld", (long long)future.v));
    theirs = api_get(&r, CHILD_2, target);
    none = api_get(&r, CHILD_2, "/lessons/987654");
    assert_int_equal(theirs.status, 404);
    assert_int_equal(none.status, 404);
    assert_string_equal(theirs.body, none.body);
    answer_free(&theirs);
    answer_free(&none);
    teardown(NULL);
}

static void a_guardian_whose_link_ended_sees_nothing(void **state)
{
    char target[64];

    (void)state;
    api_open(&r);
    future = world_lesson(&r.w, 0, 0, RIG_NOW + MS_PER_DAY, RIG_NOW + MS_PER_DAY + 40 * MS_PER_MIN);
    assert_int_equal(guardian_end(r.w.db, r.w.guardian, r.w.children[0], RIG_NOW - MS_PER_MIN),
                     ERR_OK);
    api_start(&r);
    assert_true(str_format(target, sizeof target, "/lessons/%lld", (long long)future.v));
    api_refused(api_get(&r, GUARDIAN, target), 404, "not_found");
    assert_true(
        str_format(target, sizeof target, "/children/%lld/log", (long long)r.w.child_users[0].v));
    api_refused(api_get(&r, GUARDIAN, target), 404, "not_found");
    teardown(NULL);
}

static void a_group_lesson_shows_each_family_its_own_child(void **state)
{
    struct lesson_plan p = { .state = LESSON_SCHEDULED, .tz = "Europe/Moscow" };
    struct lesson_id id;
    struct answer a;
    char target[64];

    (void)state;
    api_open(&r);
    p.org = r.w.centre;
    p.subject_id = r.w.subject;
    p.mentor = r.w.mentors[0];
    p.children[0] = r.w.children[0];
    p.children[1] = r.w.children[1];
    p.children_n = 2;
    p.start_ms = RIG_NOW + MS_PER_DAY;
    p.end_ms = p.start_ms + 40 * MS_PER_MIN;
    assert_int_equal(lesson_add(r.w.db, &p, RIG_NOW, r.w.coordinator, &id), ERR_OK);
    api_start(&r);
    assert_true(str_format(target, sizeof target, "/lessons/%lld", (long long)id.v));
    a = api_get(&r, GUARDIAN, target);
    assert_int_equal(json_array_size(at(&a, "children")), 1);
    assert_string_equal(str_at(&a, "children.0.given"), "Миша");
    assert_null(strstr(a.body, "Sofia"));
    answer_free(&a);
    a = api_get(&r, OFFICER, target);
    assert_int_equal(json_array_size(at(&a, "children")), 1);
    assert_null(strstr(a.body, "Sofia"));
    answer_free(&a);
    a = api_get(&r, MENTOR, target);
    assert_int_equal(json_array_size(at(&a, "children")), 2);
    answer_free(&a);
    assert_true(str_format(target, sizeof target, "/lessons/%lld/attendance", (long long)id.v));
    a = api_get(&r, GUARDIAN, target);
    assert_int_equal(json_array_size(at(&a, "children")), 1);
    assert_null(strstr(a.body, "Sofia"));
    answer_free(&a);
    teardown(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_rights_decides),
        cmocka_unit_test(pages_open_for_the_roles_that_have_them),
        cmocka_unit_test(nobody_is_let_in_anywhere),
        cmocka_unit_test(what_may_not_be_known_looks_like_nothing),
        cmocka_unit_test(a_guardian_whose_link_ended_sees_nothing),
        cmocka_unit_test(a_group_lesson_shows_each_family_its_own_child),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
