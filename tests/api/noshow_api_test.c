/* SPDX-License-Identifier: Apache-2.0
 *
 * A missed lesson through the HTTP API: who is missing, the cause noted in one
 * press and what becomes of it, the times proposed for a make-up, making it
 * once, and every refusal on the way.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/session.h"
#include "tests/api/api_rig.h"

#define MIN MS_PER_MIN
#define TEN (RIG_NOW - 12 * MIN) /* Tuesday 10:00 */
#define ok(call) assert_int_equal(call, ERR_OK)

static struct api_rig r;
static struct lesson_id missed; /* mentor 0, child 0, since 10:00: nobody came */

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    missed = world_lesson(&r.w, 0, 0, TEN, TEN + 40 * MIN);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static void came(struct user_id user, enum seat_role seat, int64_t from, int64_t to)
{
    static const uint8_t no_token[SESSION_HASH_BYTES];
    char conn[60];
    struct session_new n = { .lesson = missed,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = from,
                             .ip_hash = "" };
    struct session_id id;

    assert_true(str_format(conn, sizeof conn, "t-%lld-%lld", (long long)user.v, (long long)from));
    ok(session_open(r.w.db, &n, &id));
    ok(session_seen(r.w.db, id, to));
    ok(session_leave(r.w.db, id, to, LEAVE_LEFT, 0, to));
}

static const char *path_of(struct lesson_id id, const char *tail)
{
    static char text[80];

    assert_true(str_format(text, sizeof text, "/lessons/%lld%s", (long long)id.v, tail));
    return text;
}

static struct answer look(void)
{
    struct answer a = api_get(&r, COORDINATOR, path_of(missed, "/no-show"));

    assert_int_equal(a.status, 200);
    return a;
}

static struct answer note(enum who who, char code)
{
    char body[120];

    assert_true(str_format(body, sizeof body, "{\"child\":%lld,\"code\":\"%c\",\"reason\":\"x\"}",
                           (long long)r.w.child_users[0].v, code));
    return api_post(&r, who, path_of(missed, "/attendance/amendments"), body);
}

static struct answer make_at(int64_t start, const char *etag, const char *key)
{
    char body[60];

    assert_true(str_format(body, sizeof body, "{\"start\":%lld}", (long long)start));
    return api_ask(&r, COORDINATOR, "POST", path_of(missed, "/make-up"), etag, key, body);
}

static void refused_by(struct answer a, const char *gate)
{
    if (a.status != 409)
        print_error("%d %s\n", a.status, a.body);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "gate");
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

static void set(const char *key, const char *value)
{
    ok(policy_set(r.w.db, r.w.centre, key, value, 1, "a test", RIG_NOW, r.w.coordinator));
}

/* What happens when the window has closed. */
static void compute(void)
{
    api_stop(&r);
    ok(attendance_close(r.w.db, missed, TEN + 60 * MIN));
    api_resume_at(&r, TEN + 61 * MIN);
}

static int64_t lessons(void)
{
    int64_t n;

    api_stop(&r);
    n = world_number(&r.w, "SELECT count(*) FROM lesson");
    api_resume_at(&r, RIG_NOW);
    return n;
}

/* ---- who is missing and why ------------------------------------------------------------------ */

static void a_missed_lesson_shows_side_causes_and_times(void **state)
{
    struct answer a;

    (void)state;
    api_start(&r);
    a = look();
    assert_string_equal(str_at(&a, "missing"), "both");
    assert_int_equal(int_at(&a, "after_ms"), 5 * MIN);
    assert_int_equal(json_array_size(at(&a, "causes")), 6);
    assert_true(json_is_null(at(&a, "children.0.cause")));
    assert_true(json_is_true(at(&a, "make_up.may")));
    assert_string_equal(str_at(&a, "make_up.until"), "2026-12-08");
    assert_int_equal(json_array_size(at(&a, "make_up.slots")), 3);
    /* today behind the lesson and the break, then at the usual time */
    assert_int_equal(int_at(&a, "make_up.slots.0.start"), TEN + 55 * MIN);
    assert_int_equal(int_at(&a, "make_up.slots.1.start"), TEN + MS_PER_DAY);
    assert_int_equal(int_at(&a, "make_up.slots.1.end"), TEN + MS_PER_DAY + 40 * MIN);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/board");
    assert_string_equal(str_at(&a, "lessons.0.no_show.missing"), "both");
    assert_true(json_is_null(at(&a, "lessons.0.no_show.cause")));
    assert_true(json_is_null(at(&a, "lessons.0.no_show.made")));
    answer_free(&a);
}

/* The child comes late and waits: from the next word of the board on nobody reads "nobody came". */
static void the_board_knows_the_child_that_has_come(void **state)
{
    struct desk_board_seat seat = { .lesson = missed,
                                    .user = r.w.child_users[0],
                                    .seat = SEAT_CHILD,
                                    .present = true,
                                    .since_ms = TEN + 11 * MIN };
    struct answer a;

    (void)state;
    came(r.w.child_users[0], SEAT_CHILD, TEN + 11 * MIN, TEN + 12 * MIN);
    api_start(&r);
    api_seats(&r, &seat, 1);
    a = api_get(&r, COORDINATOR, "/board");
    assert_string_equal(str_at(&a, "lessons.0.chip"), "mentor_missing");
    assert_string_equal(str_at(&a, "lessons.0.no_show.missing"), "mentor");
    answer_free(&a);
    a = look();
    assert_string_equal(str_at(&a, "missing"), "mentor");
    answer_free(&a);
}

static void fewer_are_shown_by_policy(void **state)
{
    struct answer a;

    (void)state;
    set("noshow.make_up_shown", "1");
    api_start(&r);
    a = look();
    assert_int_equal(json_array_size(at(&a, "make_up.slots")), 1);
    answer_free(&a);
}

static void a_cause_is_noted_and_changed_with_its_history(void **state)
{
    struct answer a;

    (void)state;
    api_start(&r);
    a = note(COORDINATOR, 'I');
    assert_int_equal(a.status, 201);
    assert_true(json_is_false(at(&a, "final")));
    answer_free(&a);
    a = note(COORDINATOR, 'U');
    answer_free(&a);
    a = look();
    assert_string_equal(str_at(&a, "children.0.cause"), "U");
    assert_true(json_is_null(at(&a, "children.0.history.0.old")));
    assert_string_equal(str_at(&a, "children.0.history.0.new"), "I");
    assert_string_equal(str_at(&a, "children.0.history.1.old"), "I");
    assert_string_equal(str_at(&a, "children.0.history.1.title"), "coordinator");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/board"); /* what the others see */
    assert_string_equal(str_at(&a, "lessons.0.no_show.cause"), "U");
    answer_free(&a);
}

static void a_noted_cause_becomes_the_outcomes_and_stands_in_the_report(void **state)
{
    char id[80];
    struct answer a;

    (void)state;
    came(r.w.mentor_users[0], SEAT_MENTOR, TEN, TEN + 20 * MIN);
    api_start(&r);
    a = note(COORDINATOR, 'U');
    answer_free(&a);
    a = note(COORDINATOR, 'I');
    answer_free(&a);
    compute();
    a = api_get(&r, COORDINATOR, path_of(missed, "/attendance"));
    assert_string_equal(str_at(&a, "outcome"), "child_no_show");
    assert_string_equal(str_at(&a, "children.0.auto_code"), "N");
    assert_string_equal(str_at(&a, "children.0.code"), "I");
    assert_int_equal(json_array_size(at(&a, "children.0.amendments")), 2);
    assert_string_equal(str_at(&a, "children.0.amendments.0.old"), "N");
    assert_string_equal(str_at(&a, "children.0.amendments.1.old"), "U");
    assert_int_equal(int_at(&a, "children.0.amendments.1.at"), RIG_NOW);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/reports?month=2026-11");
    assert_true(str_format(id, sizeof id, "/reports/%s", str_at(&a, "items.0.id")));
    answer_free(&a);
    a = api_get(&r, COORDINATOR, id);
    assert_string_equal(str_at(&a, "lines.0.code"), "I");
    assert_string_equal(str_at(&a, "lines.0.reason"), "x");
    answer_free(&a);
    a = note(COORDINATOR, 'M'); /* from now on by amendment */
    assert_string_equal(str_at(&a, "children.0.code"), "M");
    answer_free(&a);
    a = look();
    assert_string_equal(str_at(&a, "missing"), "child");
    assert_int_equal(json_array_size(at(&a, "children.0.history")), 3);
    answer_free(&a);
    api_stop(&r);
    {
        struct chain_report report;

        ok(chain_verify(r.w.db, &report));
        assert_string_equal(report.bad_kind, "");
    }
    api_resume_at(&r, TEN + 62 * MIN);
}

static void a_child_that_came_after_all_is_not_made_absent(void **state)
{
    struct answer a;

    (void)state;
    came(r.w.mentor_users[0], SEAT_MENTOR, TEN, TEN + 40 * MIN);
    api_start(&r);
    a = note(COORDINATOR, 'I');
    answer_free(&a);
    api_stop(&r);
    came(r.w.child_users[0], SEAT_CHILD, TEN + 13 * MIN, TEN + 40 * MIN);
    ok(attendance_close(r.w.db, missed, TEN + 60 * MIN));
    api_resume_at(&r, TEN + 61 * MIN);
    a = api_get(&r, COORDINATOR, path_of(missed, "/attendance"));
    assert_string_equal(str_at(&a, "children.0.code"), "L");
    assert_string_equal(str_at(&a, "children.0.amendments.0.new"), "I"); /* noted, not in force */
    answer_free(&a);
}

static void a_child_that_waits_is_not_made_absent(void **state)
{
    struct answer a;

    (void)state;
    came(r.w.child_users[0], SEAT_CHILD, TEN, TEN + 10 * MIN);
    api_start(&r);
    a = look();
    assert_string_equal(str_at(&a, "missing"), "mentor");
    assert_int_equal(json_array_size(at(&a, "causes")), 2);
    answer_free(&a);
    refused_by(note(COORDINATOR, 'I'), "cause_waited");
    a = note(COORDINATOR, 'X');
    assert_int_equal(a.status, 201);
    answer_free(&a);
    compute();
    a = api_get(&r, COORDINATOR, path_of(missed, "/attendance"));
    assert_string_equal(str_at(&a, "children.0.auto_code"), "W");
    assert_string_equal(str_at(&a, "children.0.code"), "X");
    answer_free(&a);
}

static void no_cause_before_the_minutes_are_over(void **state)
{
    (void)state;
    set("noshow.after_min", "13");
    api_start(&r);
    api_refused(note(COORDINATOR, 'I'), 409, "not_now");
    api_set_now(RIG_NOW + MIN);
    api_expect(&r, COORDINATOR, "GET", path_of(missed, "/no-show"), NULL, 200);
}

/* ---- the make-up ------------------------------------------------------------------------------
 */

static void one_press_makes_the_make_up_once(void **state)
{
    const int64_t start = TEN + MS_PER_DAY;
    struct answer a;
    int64_t made;

    (void)state;
    api_start(&r);
    a = make_at(start, "\"v1\"", "k1");
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "make_up_of.id"), missed.v);
    assert_int_equal(int_at(&a, "start"), start);
    assert_int_equal(int_at(&a, "end"), start + 40 * MIN);
    assert_int_equal(int_at(&a, "mentor.id"), r.w.mentor_users[0].v);
    assert_int_equal(int_at(&a, "children.0.id"), r.w.child_users[0].v);
    assert_string_equal(str_at(&a, "subject"), "maths");
    assert_non_null(strstr(a.headers, "Location: /api/v1/lessons/"));
    made = int_at(&a, "id");
    answer_free(&a);
    a = make_at(start, "\"v1\"", "k1"); /* the same press again */
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "id"), made);
    answer_free(&a);
    api_refused(make_at(start + MS_PER_DAY, "\"v1\"", "k2"), 412, "stale"); /* another's press */
    refused_by(make_at(start + MS_PER_DAY, "\"v2\"", "k3"), "make_up_made");
    a = look();
    assert_true(json_is_false(at(&a, "make_up.may")));
    assert_string_equal(str_at(&a, "make_up.why_not"), "make_up_made");
    assert_int_equal(int_at(&a, "make_up.made.id"), made);
    assert_int_equal(json_array_size(at(&a, "make_up.slots")), 0);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/board");
    assert_int_equal(int_at(&a, "lessons.0.no_show.made.id"), made);
    answer_free(&a);
    assert_int_equal(lessons(), 2);
    assert_true(r.lesson_pushes > 0); /* they come behind the answers; the desk has been closed */
    api_stop(&r);
    assert_int_equal(
        world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'lesson.make_up'"), 1);
    api_resume_at(&r, RIG_NOW);
}

static void a_make_up_by_hand_is_made_once_too(void **state)
{
    char body[240];
    struct answer a;

    (void)state;
    api_start(&r);
    a = make_at(TEN + MS_PER_DAY, "\"v1\"", NULL);
    answer_free(&a);
    assert_true(str_format(body, sizeof body,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"2026-11-26\",\"time\":\"12:00\",\"minutes\":40,"
                           "\"make_up_of\":%lld}",
                           (long long)r.w.mentor_users[0].v, (long long)r.w.child_users[0].v,
                           (long long)missed.v));
    refused_by(api_post(&r, COORDINATOR, "/lessons", body), "make_up_made");
}

static void a_cancelled_make_up_leaves_room_for_another(void **state)
{
    struct answer a;
    struct lesson_id made;

    (void)state;
    api_start(&r);
    a = make_at(TEN + MS_PER_DAY, "\"v1\"", NULL);
    made.v = int_at(&a, "id");
    answer_free(&a);
    a = api_ask(&r, COORDINATOR, "POST", path_of(made, "/cancel"), "\"v1\"", NULL,
                "{\"side\":\"child\",\"reason\":\"x\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = make_at(TEN + 2 * MS_PER_DAY, "\"v2\"", NULL);
    assert_int_equal(a.status, 201);
    answer_free(&a);
}

static void a_time_that_does_not_fit_is_refused_by_its_rule(void **state)
{
    struct answer a;

    (void)state;
    world_lesson(&r.w, 1, 0, TEN + MS_PER_DAY, TEN + MS_PER_DAY + 40 * MIN);
    api_start(&r);
    a = look(); /* tomorrow behind that lesson and the break between two lessons on a screen */
    assert_int_equal(int_at(&a, "make_up.slots.1.start"), TEN + MS_PER_DAY + 55 * MIN);
    answer_free(&a);
    a = make_at(TEN + MS_PER_DAY, "\"v1\"", NULL);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "conflict");
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "child_overlap");
    assert_true(json_array_size(at(&a, "error.free_slots")) > 0);
    answer_free(&a);
    api_refused(make_at(TEN, "\"v1\"", NULL), 409, "conflict"); /* in the past */
    assert_int_equal(lessons(), 2);
}

static void what_was_not_missed_has_no_make_up(void **state)
{
    struct answer a;

    (void)state;
    came(r.w.mentor_users[0], SEAT_MENTOR, TEN, TEN + 40 * MIN);
    came(r.w.child_users[0], SEAT_CHILD, TEN, TEN + 40 * MIN);
    api_start(&r);
    refused_by(make_at(TEN + MS_PER_DAY, "\"v1\"", NULL), "make_up_not_missed");
    compute();
    a = look();
    assert_string_equal(str_at(&a, "make_up.why_not"), "make_up_given");
    assert_true(json_is_null(at(&a, "missing")));
    answer_free(&a);
}

static void it_begins_within_the_days_of_the_policy(void **state)
{
    (void)state;
    set("noshow.make_up_days", "2");
    api_start(&r);
    refused_by(make_at(TEN + 3 * MS_PER_DAY, "\"v1\"", NULL), "make_up_too_late");
    {
        struct answer a = make_at(TEN + 2 * MS_PER_DAY, "\"v1\"", NULL);

        assert_int_equal(a.status, 201);
        answer_free(&a);
    }
}

static void where_no_time_is_free_the_rules_are_named(void **state)
{
    struct answer a;

    (void)state;
    set("noshow.make_up_days", "2");
    set("day.rest_weekdays", "254"); /* every day */
    api_start(&r);
    a = look();
    if (json_array_size(at(&a, "make_up.slots")) > 0)
        print_error("%s\n", a.body);
    assert_int_equal(json_array_size(at(&a, "make_up.slots")), 0);
    assert_string_equal(str_at(&a, "make_up.in_the_way.0.rule"), "rest_day");
    assert_int_equal(int_at(&a, "make_up.in_the_way.0.number"), 11);
    assert_int_equal(int_at(&a, "make_up.in_the_way.0.days"), 2);
    answer_free(&a);
}

static void where_the_mentor_may_no_longer_teach_the_gates_are_named(void **state)
{
    struct answer a;

    (void)state;
    ok(db_script(r.w.db, "UPDATE consent SET withdrawn_ms = 1795504000000"));
    api_start(&r);
    a = look();
    assert_int_equal(json_array_size(at(&a, "make_up.slots")), 0);
    assert_true(json_array_size(at(&a, "make_up.gates")) > 0);
    answer_free(&a);
    refused_by(make_at(TEN + MS_PER_DAY, "\"v1\"", NULL), "consent");
}

static void senseless_bodies_make_nothing(void **state)
{
    static const char *const bodies[] = { "{}", "{\"start\":\"ten\"}", "{\"start\":-1}",
                                          "{\"start\":1795590000000,\"x\":1}",
                                          "{\"start\":9007199254740991}" };

    (void)state;
    api_start(&r);
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++)
        api_refused(api_ask(&r, COORDINATOR, "POST", path_of(missed, "/make-up"), "\"v1\"", NULL,
                            bodies[i]),
                    400, "bad_field");
    api_refused(make_at(TEN + MS_PER_DAY, NULL, NULL), 428, "need_match");
    assert_int_equal(lessons(), 1);
}

/* ---- whose it is ------------------------------------------------------------------------------
 */

static void only_the_lessons_own_coordinators(void **state)
{
    static const struct {
        enum who who;
        int status;
    } others[] = { { CHILD, 403 },    { MENTOR, 403 },  { GUARDIAN, 403 },  { OFFICER, 403 },
                   { STRANGER, 403 }, { CHILD_2, 403 }, { OFFICER_2, 403 }, { NOBODY, 401 } };

    (void)state;
    api_start(&r);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct answer a =
            api_ask(&r, others[i].who, "GET", path_of(missed, "/no-show"), NULL, NULL, NULL);

        assert_int_equal(a.status, others[i].status);
        answer_free(&a);
        a = api_ask(&r, others[i].who, "POST", path_of(missed, "/make-up"), "\"v1\"", NULL,
                    "{\"start\":1795590720000}");
        assert_int_equal(a.status, others[i].status);
        answer_free(&a);
        a = note(others[i].who, 'I');
        assert_int_equal(a.status, others[i].status);
        answer_free(&a);
    }
    assert_int_equal(lessons(), 1);
}

static void another_centre_has_nothing_here(void **state)
{
    struct org o = { .type = ORG_CENTRE, .code = "c2", .name = "C2", .tz = "Europe/Moscow" };
    int64_t grant;
    struct answer a;

    (void)state;
    ok(org_save(r.w.db, &o, RIG_NOW, r.w.coordinator, &o.id));
    ok(grant_add(r.w.db,
                 &(struct grant){ .user = r.w.stranger,
                                  .role = ROLE_COORDINATOR,
                                  .org = o.id,
                                  .from_ms = RIG_NOW - MS_PER_HOUR,
                                  .to_ms = FOREVER_MS },
                 RIG_NOW, r.w.coordinator, &grant));
    api_start(&r);
    api_refused(api_get(&r, STRANGER, path_of(missed, "/no-show")), 404, "not_found");
    api_refused(note(STRANGER, 'I'), 404, "not_found");
    a = api_ask(&r, STRANGER, "POST", path_of(missed, "/make-up"), "\"v1\"", NULL,
                "{\"start\":1795590720000}");
    api_refused(a, 404, "not_found");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_missed_lesson_shows_side_causes_and_times),
        T(the_board_knows_the_child_that_has_come),
        T(fewer_are_shown_by_policy),
        T(a_cause_is_noted_and_changed_with_its_history),
        T(a_noted_cause_becomes_the_outcomes_and_stands_in_the_report),
        T(a_child_that_came_after_all_is_not_made_absent),
        T(a_child_that_waits_is_not_made_absent),
        T(no_cause_before_the_minutes_are_over),
        T(one_press_makes_the_make_up_once),
        T(a_make_up_by_hand_is_made_once_too),
        T(a_cancelled_make_up_leaves_room_for_another),
        T(a_time_that_does_not_fit_is_refused_by_its_rule),
        T(what_was_not_missed_has_no_make_up),
        T(it_begins_within_the_days_of_the_policy),
        T(where_no_time_is_free_the_rules_are_named),
        T(where_the_mentor_may_no_longer_teach_the_gates_are_named),
        T(senseless_bodies_make_nothing),
        T(only_the_lessons_own_coordinators),
        T(another_centre_has_nothing_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
