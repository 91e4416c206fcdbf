/* SPDX-License-Identifier: Apache-2.0
 *
 * What the pages are made of: signing in, my day, the live board, the
 * register, the family's log, month reports and lists.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/card.h"
#include "server/store/attendance.h"
#include "server/store/home.h"
#include "server/store/session.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static struct lesson_id late_on, early_on; /* over midnight; soon after it */
static struct lesson_id now_on;            /* mentor 0, child 0, since 10:00 */
static struct lesson_id alone; /* mentor 1, child 1, since 10:00; only the child is in */
static struct lesson_id tired; /* mentor 0, child 0, yesterday 10:00; the child left at 18:00 min */
static struct lesson_id ahead; /* mentor 0, child 0, tomorrow */
static struct lesson_id away;  /* mentor 0, child 0, Friday; the child did not come */
static char link_token[ACCOUNT_TOKEN_CHARS + 1];
static const char card_code[] = "417302";

#define TEN (RIG_NOW - 12 * MS_PER_MIN)
#define M(n) ((int64_t)(n)*MS_PER_MIN)

static const uint8_t no_token[SESSION_HASH_BYTES];

/* to 0: still in */
static void is_in(struct lesson_id lesson, struct user_id user, enum seat_role seat, int64_t from,
                  int64_t to, enum leave_cause cause)
{
    char conn[60];
    struct session_new n = { .lesson = lesson,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = from,
                             .ip_hash = "" };
    struct session_id id;

    assert_true(str_format(conn, sizeof conn, "t-%lld-%lld-%lld", (long long)lesson.v,
                           (long long)user.v, (long long)from));
    assert_int_equal(session_open(r.w.db, &n, &id), ERR_OK);
    assert_int_equal(session_seen(r.w.db, id, to ? to : RIG_NOW), ERR_OK);
    if (to)
        assert_int_equal(session_leave(r.w.db, id, to, cause, 0, to), ERR_OK);
}

static void phone_of(struct user_id user, const char *phone)
{
    struct face f;

    assert_int_equal(face_load(r.w.db, user, &f), ERR_OK);
    assert_true(str_copy(f.phone, sizeof f.phone, phone));
    assert_int_equal(face_save(r.w.db, user, &f), ERR_OK);
}

static void past_lessons(void)
{
    int64_t yesterday = TEN - MS_PER_DAY, friday = TEN - 4 * MS_PER_DAY;

    tired = world_lesson(&r.w, 0, 0, yesterday, yesterday + M(40));
    is_in(tired, r.w.mentor_users[0], SEAT_MENTOR, yesterday - M(1), yesterday + M(20), LEAVE_LEFT);
    is_in(tired, r.w.child_users[0], SEAT_CHILD, yesterday, yesterday + M(18), LEAVE_TIRED);
    is_in(tired, r.w.coordinator, SEAT_COORDINATOR, yesterday + M(5), yesterday + M(8), LEAVE_LEFT);
    assert_int_equal(attendance_close(r.w.db, tired, yesterday + M(60)), ERR_OK);
    away = world_lesson(&r.w, 0, 0, friday, friday + M(40));
    is_in(away, r.w.mentor_users[0], SEAT_MENTOR, friday - M(1), friday + M(17), LEAVE_LEFT);
    assert_int_equal(attendance_close(r.w.db, away, friday + M(60)), ERR_OK);
}

static int setup(void **state)
{
    struct account_key key;

    (void)state;
    api_open(&r);
    now_on = world_lesson(&r.w, 0, 0, TEN, TEN + M(40));
    alone = world_lesson(&r.w, 1, 1, TEN, TEN + M(40));
    ahead = world_lesson(&r.w, 0, 0, TEN + MS_PER_DAY, TEN + MS_PER_DAY + M(40));
    past_lessons();
    phone_of(r.w.mentor_users[1], "8 800 555-10-32");
    assert_int_equal(
        account_new_link(r.w.db, r.w.guardian, MS_PER_DAY, RIG_NOW, r.w.coordinator, link_token),
        ERR_OK);
    assert_int_equal(account_key_load(r.w.key_path, true, &key), ERR_OK);
    assert_int_equal(
        card_set(r.w.db, &key, r.w.child_users[0], card_code, RIG_NOW, r.w.coordinator), ERR_OK);
    assert_int_equal(
        card_set(r.w.db, &key, r.w.child_users[1], card_code, RIG_NOW, r.w.coordinator), ERR_STATE);
    api_start(&r);
    return 0;
}

static void lives_in(struct user_id user, const char *tz)
{
    struct user u;

    assert_int_equal(user_load(r.w.db, user, &u), ERR_OK);
    assert_true(str_copy(u.tz, sizeof u.tz, tz));
    assert_int_equal(user_save(r.w.db, &u, RIG_NOW, r.w.coordinator, &user), ERR_OK);
}

/* Where both children live it is 23:12. */
static int setup_midnight(void **state)
{
    (void)state;
    api_open(&r);
    lives_in(r.w.child_users[0], "America/Los_Angeles");
    lives_in(r.w.child_users[1], "America/Los_Angeles");
    late_on = world_lesson(&r.w, 0, 0, RIG_NOW + M(38), RIG_NOW + M(78));
    early_on = world_lesson(&r.w, 1, 1, RIG_NOW + M(53), RIG_NOW + M(93));
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *path(const char *pattern, int64_t id)
{
    static char text[96];

    const char *hole = strchr(pattern, '%');
    struct strbuf b;

    strbuf_init(&b);
    strbuf_add(&b, pattern, (size_t)(hole - pattern));
    strbuf_printf(&b, "%lld%s", (long long)id, hole + 1);
    assert_true(str_copy(text, sizeof text, b.s));
    strbuf_deinit(&b);
    return text;
}

/* ---- signing in ------------------------------------------------------------------------------ */

static void the_sign_in_page_shows_whom_to_call(void **state)
{
    struct answer a = api_get(&r, NOBODY, "/centre");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "name"), "centre");
    assert_true(json_is_false(at(&a, "demo")));
    answer_free(&a);
}

static void a_personal_link_opens_once(void **state)
{
    char body[100];
    struct answer a;

    (void)state;
    assert_true(str_format(body, sizeof body, "{\"link\":\"%s\"}", link_token));
    a = api_post(&r, NOBODY, "/session", body);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "role"), "guardian");
    assert_int_equal(int_at(&a, "children.0.id"), r.w.child_users[0].v);
    assert_non_null(strstr(a.headers, "Set-Cookie: __Host-s="));
    assert_non_null(strstr(a.headers, "HttpOnly"));
    answer_free(&a);
    a = api_post(&r, NOBODY, "/session", body);
    assert_null(a.headers && strstr(a.headers, "Set-Cookie") ? a.headers : NULL);
    api_refused(a, 401, "bad_sign_in");
}

static void six_digits_find_the_child(void **state)
{
    struct answer a = api_post(&r, NOBODY, "/session", "{\"code\":\"417302\"}");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "given"), "Миша");
    assert_string_equal(str_at(&a, "role"), "child");
    assert_non_null(strstr(a.headers, "Set-Cookie: __Host-s="));
    answer_free(&a);
    api_refused(api_post(&r, NOBODY, "/session", "{\"code\":\"417303\"}"), 401, "bad_sign_in");
    api_refused(api_post(&r, NOBODY, "/session", "{\"code\":\"41730\"}"), 400, "bad_field");
    api_refused(api_post(&r, NOBODY, "/session", "{\"code\":\"41730x\"}"), 400, "bad_field");
}

static void guessing_cards_stops_even_a_right_guess(void **state)
{
    struct answer a;
    char body[24];

    (void)state;
    for (int i = 0; i < 10; i++) {
        assert_true(str_format(body, sizeof body, "{\"code\":\"00000%d\"}", i));
        api_refused(api_post(&r, NOBODY, "/session", body), 401, "bad_sign_in");
    }
    a = api_post(&r, NOBODY, "/session", "{\"code\":\"417302\"}");
    assert_int_equal(a.status, 429);
    assert_string_equal(str_at(&a, "error.code"), "too_many");
    assert_int_equal(int_at(&a, "error.at"), RIG_NOW + M(15));
    answer_free(&a);
}

static void a_wrong_password_and_an_unknown_name_are_told_alike(void **state)
{
    struct answer a =
        api_post(&r, NOBODY, "/session", "{\"login\":\"irina\",\"password\":\"wrong wrong\"}");
    struct answer b =
        api_post(&r, NOBODY, "/session", "{\"login\":\"nobody\",\"password\":\"wrong wrong\"}");

    (void)state;
    assert_int_equal(a.status, 401);
    assert_string_equal(a.body, b.body);
    answer_free(&a);
    answer_free(&b);
    api_refused(api_post(&r, NOBODY, "/session", "{\"login\":\"irina\"}"), 400, "bad_field");
    api_refused(api_post(&r, NOBODY, "/session",
                         "{\"code\":\"417302\",\"login\":\"a\",\"password\":\"b\"}"),
                400, "bad_field");
}

static void signing_out_ends_the_login(void **state)
{
    struct answer a = api_get(&r, CHILD, "/session");

    (void)state;
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_ask(&r, CHILD, "DELETE", "/session", NULL, NULL, NULL);
    assert_int_equal(a.status, 204);
    assert_non_null(strstr(a.headers, "Max-Age=0"));
    answer_free(&a);
    api_refused(api_get(&r, CHILD, "/session"), 401, "no_login");
}

static void settings_are_kept(void **state)
{
    struct answer a = api_ask(&r, CHILD, "PATCH", "/me", NULL, NULL,
                              "{\"locale\":\"en\",\"animal\":\"bear\",\"hand\":\"left\"}");

    (void)state;
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_get(&r, CHILD, "/session");
    assert_string_equal(str_at(&a, "locale"), "en");
    assert_string_equal(str_at(&a, "animal"), "bear");
    assert_string_equal(str_at(&a, "hand"), "left");
    assert_string_equal(str_at(&a, "theme"), "system");
    assert_string_equal(str_at(&a, "centre.coordinator.given"), "Ирина");
    answer_free(&a);
    a = api_ask(&r, CHILD, "PATCH", "/me", NULL, NULL, "{\"role\":\"admin\"}");
    assert_string_equal(str_at(&a, "error.field"), "role");
    api_refused(a, 400, "bad_field");
    a = api_ask(&r, CHILD, "PATCH", "/me", NULL, NULL, "{\"animal\":\"wolf\"}");
    api_refused(a, 400, "bad_field");
}

/* ---- my day -----------------------------------------------------------------------------------
 */

static void a_childs_day_leads_to_the_next_lesson(void **state)
{
    struct answer a = api_get(&r, CHILD, "/me/day");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "date"), "2026-11-24");
    assert_int_equal(json_array_size(at(&a, "lessons")), 1);
    assert_int_equal(int_at(&a, "next"), now_on.v);
    assert_string_equal(str_at(&a, "bring.0"), "notebook");
    assert_int_equal(int_at(&a, "tomorrow.start"), TEN + MS_PER_DAY);
    assert_int_equal(json_array_size(at(&a, "limits")), 0);
    answer_free(&a);
    a = api_get(&r, CHILD, "/me/day?date=2026-12-24");
    assert_int_equal(json_array_size(at(&a, "lessons")), 0);
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
}

static void a_mentors_day_has_limits_and_what_is_owed(void **state)
{
    struct answer a = api_get(&r, MENTOR, "/me/day");

    (void)state;
    assert_int_equal(json_array_size(at(&a, "limits")), 1);
    assert_int_equal(int_at(&a, "limits.0.child"), r.w.child_users[0].v);
    assert_int_equal(int_at(&a, "limits.0.screen_minutes"), 25);
    assert_int_equal(int_at(&a, "limits.0.lesson_minutes"), 40);
    assert_int_equal(json_array_size(at(&a, "owed.notes")), 1);
    assert_int_equal(int_at(&a, "owed.notes.0.id"), tired.v);
    assert_null(strstr(a.body, "reason"));
    answer_free(&a);
}

static void a_word_to_the_centre_reaches_the_board(void **state)
{
    char body[64];
    struct answer a =
        api_post(&r, CHILD, "/me/help", "{\"place\":\"ready\",\"code\":\"mic_blocked\"}");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "coordinator.given"), "Ирина");
    answer_free(&a);
    assert_true(str_format(body, sizeof body, "{\"child\":%lld}", (long long)r.w.child_users[0].v));
    api_expect(&r, GUARDIAN, "POST", "/me/not-today", body, 200);
    api_expect(&r, GUARDIAN, "POST", "/me/not-today", "{}", 400);
    assert_true(str_format(body, sizeof body, "{\"child\":%lld}", (long long)r.w.child_users[1].v));
    api_expect(&r, GUARDIAN, "POST", "/me/not-today", body, 404);
    api_expect(&r, MENTOR, "POST", "/me/not-today", "{}", 403);
    assert_true(str_format(body, sizeof body, "{\"lesson\":%lld}", (long long)alone.v));
    api_expect(&r, CHILD, "POST", "/me/not-today", body, 404);
    api_expect(
        &r, CHILD, "POST", "/me/ready",
        "{\"sound\":\"ok\",\"voice\":\"blocked\",\"path\":\"websocket\",\"camera\":\"skipped\"}",
        200);
    a = api_get(&r, COORDINATOR, "/board");
    assert_string_equal(str_at(&a, "door.0.kind"), "ready_failed");
    assert_non_null(strstr(a.body, "\"kind\":\"help\""));
    assert_non_null(strstr(a.body, "\"kind\":\"not_today\""));
    answer_free(&a);
}

/* ---- board ------------------------------------------------------------------------------------
 */

static struct desk_board_seat seat(struct lesson_id lesson, struct user_id user,
                                   enum seat_role role)
{
    struct desk_board_seat s = { .lesson = lesson,
                                 .user = user,
                                 .seat = role,
                                 .present = true,
                                 .mic = true,
                                 .since_ms = TEN,
                                 .rtt_ms = 40 };

    assert_true(str_copy(s.room_state, sizeof s.room_state, "live"));
    return s;
}

static void a_child_alone_comes_first_on_the_board(void **state)
{
    struct desk_board_seat seats[] = {
        seat(now_on, r.w.mentor_users[0], SEAT_MENTOR),
        seat(alone, r.w.child_users[1], SEAT_CHILD),
    };
    struct answer a;

    (void)state;
    api_seats(&r, seats, 2);
    a = api_get(&r, COORDINATOR, "/board");
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "cards")), 2);
    assert_string_equal(str_at(&a, "cards.0.kind"), "mentor_missing");
    assert_int_equal(int_at(&a, "cards.0.lesson"), alone.v);
    assert_string_equal(str_at(&a, "cards.0.phone"), "8 800 555-10-32");
    assert_string_equal(str_at(&a, "cards.1.kind"), "child_missing");
    assert_int_equal(int_at(&a, "counts.need_you"), 2);
    assert_int_equal(int_at(&a, "counts.under_way"), 2);
    assert_int_equal(int_at(&a, "as_of"), RIG_NOW);
    assert_string_equal(str_at(&a, "lessons.0.chip"), "mentor_missing");
    assert_string_equal(str_at(&a, "lessons.0.seats.0.person.name"), "Sofia K.");
    assert_int_equal(int_at(&a, "safe_restart.from"), TEN + M(45));
    answer_free(&a);
}

static void a_live_lesson_needs_nobody_and_a_bad_link_a_look(void **state)
{
    struct desk_board_seat seats[] = {
        seat(now_on, r.w.mentor_users[0], SEAT_MENTOR),
        seat(now_on, r.w.child_users[0], SEAT_CHILD),
        seat(alone, r.w.mentor_users[1], SEAT_MENTOR),
        seat(alone, r.w.child_users[1], SEAT_CHILD),
    };
    struct answer a;

    (void)state;
    seats[3].loss_permille = 150;
    api_seats(&r, seats, 4);
    a = api_get(&r, COORDINATOR, "/board");
    assert_int_equal(json_array_size(at(&a, "cards")), 1);
    assert_string_equal(str_at(&a, "cards.0.kind"), "link");
    assert_string_equal(str_at(&a, "lessons.0.chip"), "weak");
    assert_string_equal(str_at(&a, "lessons.1.chip"), "live");
    answer_free(&a);
    seats[1].resting = true;
    api_seats(&r, seats, 2);
    a = api_get(&r, CHILD, "/me/day");
    assert_string_equal(str_at(&a, "lessons.0.chip"), "resting");
    answer_free(&a);
}

static void day_has(enum who who, int minutes, const char *target, struct lesson_id lesson)
{
    struct answer a;

    api_set_now(RIG_NOW + M(minutes));
    a = api_get(&r, who, target);
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "lessons")), lesson.v ? 1 : 0);
    if (lesson.v)
        assert_int_equal(int_at(&a, "lessons.0.id"), lesson.v);
    answer_free(&a);
}

/* Once the page of a child was empty a minute after its midnight, in the middle of the lesson. */
static void a_door_that_is_open_over_midnight_is_on_the_page(void **state)
{
    const struct lesson_id none = { 0 };

    (void)state;
    day_has(CHILD_2, 20, "/me/day", none);
    day_has(CHILD, 25, "/me/day", late_on);    /* 23:37, it starts today */
    day_has(CHILD_2, 42, "/me/day", none);     /* 23:54 */
    day_has(CHILD_2, 43, "/me/day", early_on); /* the door opens ten minutes before */
    day_has(CHILD, 52, "/me/day", late_on);    /* 0:04 */
    day_has(CHILD, 52, "/me/day?date=2026-11-24", late_on);
    day_has(CHILD, 52, "/me/day?date=2026-11-25", none);
    day_has(CHILD, 52, "/me/day?date=2026-11-23", late_on);
    day_has(CHILD_2, 60, "/me/day?date=2026-11-23", none);
    day_has(CHILD_2, 60, "/me/day", early_on);
}

/* ---- register and log --------------------------------------------------------------------------
 */

static void the_register_says_what_was_computed(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, path("/lessons/%/attendance", tired.v));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(json_is_true(at(&a, "final")));
    assert_string_equal(str_at(&a, "outcome"), "partial");
    assert_int_equal(int_at(&a, "children.0.contact_ms"), M(18));
    assert_int_equal(int_at(&a, "children.0.percent_tenths"), 450);
    assert_string_equal(str_at(&a, "children.0.code"), "E");
    assert_string_equal(str_at(&a, "children.0.strip.child.0.cause"), "tired");
    assert_string_equal(str_at(&a, "visitors.0.seat"), "coordinator");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, path("/lessons/%/attendance", now_on.v));
    assert_true(json_is_false(at(&a, "final")));
    assert_true(json_is_null(at(&a, "outcome")));
    answer_free(&a);
}

static void an_amendment_keeps_the_first_code(void **state)
{
    char body[120];
    struct answer a;

    (void)state;
    assert_true(
        str_format(body, sizeof body,
                   "{\"child\":%lld,\"code\":\"I\",\"reason\":\"справка\",\"document\":\"114\"}",
                   (long long)r.w.child_users[0].v));
    a = api_post(&r, COORDINATOR, path("/lessons/%/attendance/amendments", away.v), body);
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "children.0.auto_code"), "N");
    assert_string_equal(str_at(&a, "children.0.code"), "I");
    assert_string_equal(str_at(&a, "children.0.amendments.0.old"), "N");
    assert_string_equal(str_at(&a, "children.0.amendments.0.document"), "114");
    assert_string_equal(str_at(&a, "children.0.amendments.0.title"), "coordinator");
    answer_free(&a);
    a = api_post(&r, COORDINATOR, path("/lessons/%/attendance/amendments", ahead.v), body);
    api_refused(a, 409, "not_now");
    a = api_post(&r, COORDINATOR, path("/lessons/%/attendance/amendments", away.v),
                 "{\"child\":1,\"code\":\"P\",\"reason\":\"x\"}");
    api_refused(a, 400, "bad_field");
}

static void the_log_tells_a_family_what_happened(void **state)
{
    struct answer a = api_get(&r, GUARDIAN, path("/children/%/log", r.w.child_users[0].v));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "summary.planned"), 2);
    assert_int_equal(int_at(&a, "summary.part"), 1);
    assert_int_equal(int_at(&a, "summary.child_missing"), 1);
    assert_int_equal(int_at(&a, "summary.to_confirm"), 2);
    assert_string_equal(str_at(&a, "recording"), "off");
    assert_string_equal(str_at(&a, "visitors.0.person.given"), "Ирина");
    /* newest first: tomorrow, today, yesterday, Friday */
    assert_string_equal(str_at(&a, "days.0.date"), "2026-11-25");
    assert_string_equal(str_at(&a, "days.2.lessons.0.outcome"), "partial");
    assert_int_equal(int_at(&a, "days.2.lessons.0.rest_at"), TEN - MS_PER_DAY + M(18));
    assert_true(json_is_null(at(&a, "days.0.lessons.0.outcome")));
    answer_free(&a);
    a = api_get(&r, GUARDIAN, path("/children/%/log?month=2026-10", r.w.child_users[0].v));
    assert_int_equal(json_array_size(at(&a, "days")), 0);
    answer_free(&a);
}

static void a_family_confirms_a_week_and_disputes_a_lesson(void **state)
{
    char body[160];
    struct answer a;

    (void)state;
    assert_true(str_format(body, sizeof body,
                           "{\"child\":%lld,\"result\":\"disputed\",\"text\":\"Мы были дома\"}",
                           (long long)r.w.child_users[0].v));
    a = api_post(&r, GUARDIAN, path("/lessons/%/confirmation", away.v), body);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "answer_by"), RIG_NOW + 3 * MS_PER_DAY);
    answer_free(&a);
    assert_true(str_format(body, sizeof body, "{\"lessons\":[%lld,%lld]}", (long long)away.v,
                           (long long)tired.v));
    a = api_post(&r, GUARDIAN, path("/children/%/confirmations", r.w.child_users[0].v), body);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "confirmed"), 1); /* the disputed one stays disputed */
    answer_free(&a);
    a = api_get(&r, GUARDIAN, path("/children/%/log", r.w.child_users[0].v));
    assert_int_equal(int_at(&a, "summary.to_confirm"), 0);
    assert_string_equal(str_at(&a, "days.2.lessons.0.confirmation.result"), "confirmed");
    assert_string_equal(str_at(&a, "days.3.lessons.0.confirmation.text"), "Мы были дома");
    answer_free(&a);
    assert_true(str_format(body, sizeof body, "{\"lessons\":[%lld]}", (long long)alone.v));
    a = api_post(&r, GUARDIAN, path("/children/%/confirmations", r.w.child_users[0].v), body);
    api_refused(a, 400, "bad_field");
    assert_true(str_format(body, sizeof body, "{\"child\":%lld,\"result\":\"disputed\"}",
                           (long long)r.w.child_users[0].v));
    a = api_post(&r, GUARDIAN, path("/lessons/%/confirmation", tired.v), body);
    assert_string_equal(str_at(&a, "error.field"), "text");
    api_refused(a, 400, "bad_field");
}

static void a_note_is_written_read_and_replaced(void **state)
{
    char body[240];
    struct answer a;

    (void)state;
    assert_true(str_format(body, sizeof body,
                           "{\"child\":%lld,\"topic\":\"Дроби\",\"homework\":\"№ 214\\nи 215\","
                           "\"mark\":\"5\",\"text\":\"\"}",
                           (long long)r.w.child_users[0].v));
    for (int i = 0; i < 2; i++) {
        a = api_ask(&r, MENTOR, "PUT", path("/lessons/%/note", tired.v), NULL, NULL, body);
        assert_int_equal(a.status, 200);
        assert_string_equal(str_at(&a, "mark"), "5");
        answer_free(&a);
    }
    a = api_get(&r, CHILD, path("/lessons/%", tired.v));
    assert_string_equal(str_at(&a, "notes.0.topic"), "Дроби");
    answer_free(&a);
    a = api_get(&r, MENTOR, "/me/day");
    assert_int_equal(json_array_size(at(&a, "owed.notes")), 0);
    answer_free(&a);
}

/* ---- reports and lists --------------------------------------------------------------------------
 */

static void a_report_is_made_from_the_register(void **state)
{
    char id[80];
    struct answer a = api_get(&r, MENTOR, "/reports?month=2026-11");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "items.0.state"), "not_due");
    assert_true(str_format(id, sizeof id, "/reports/%s", str_at(&a, "items.0.id")));
    answer_free(&a);
    api_refused(api_get(&r, OFFICER, id), 404, "not_found"); /* the school has no copy yet */
    a = api_get(&r, COORDINATOR, id);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "totals.planned"), 4);
    assert_int_equal(int_at(&a, "totals.partial"), 1);
    assert_int_equal(int_at(&a, "totals.by_outcome.child_no_show"), 1);
    assert_int_equal(int_at(&a, "totals.contact_ms"), M(18));
    assert_int_equal(int_at(&a, "lines.0.no"), 1);
    assert_string_equal(str_at(&a, "lines.0.code"), "N");
    assert_string_equal(str_at(&a, "order_no"), "12-k");
    assert_int_equal(strlen(str_at(&a, "log_hash")), 64);
    answer_free(&a);
    assert_true(str_format(id + strlen(id), sizeof id - strlen(id), ".csv"));
    a = api_get(&r, COORDINATOR, id);
    assert_int_equal(a.status, 200);
    assert_non_null(strstr(a.type, "text/csv"));
    assert_non_null(memchr(a.body, '\r', a.body_len));
    /* The school once read "maths" in its report: a code, where a clerk expects the subject's name.
     */
    assert_non_null(memmem(a.body, a.body_len, ",Математика,", strlen(",Математика,")));
    answer_free(&a);
    memcpy(strstr(id, ".csv"), ".pdf", 4);
    a = api_get(&r, MENTOR, id);
    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "application/pdf");
    assert_memory_equal(a.body, "%PDF-", 5);
    answer_free(&a);
    api_refused(api_get(&r, MENTOR, "/reports/1-2-3-2026-13"), 404, "not_found");
    api_refused(api_get(&r, MENTOR, "/reports/1-2-2026-11"), 404, "not_found");
}

static void lists_are_paged_and_searched(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, "/children?limit=1");
    char target[64];

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_true(
        str_format(target, sizeof target, "/children?limit=1&cursor=%s", str_at(&a, "next")));
    answer_free(&a);
    a = api_get(&r, COORDINATOR, target);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/children?q=%D0%BC%D0%98%D1%88"); /* "мИш" */
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "items.0.child.given"), "Миша");
    assert_string_equal(str_at(&a, "items.0.mentors.0.subject"), "maths");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/mentors?q=denisov");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "items.0.phone"), "8 800 555-10-32");
    answer_free(&a);
    a = api_get(&r, CHILD, "/subjects");
    assert_string_equal(str_at(&a, "items.0.code"), "maths");
    answer_free(&a);
    api_refused(api_get(&r, COORDINATOR, "/children?limit=0"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/children?limit=101"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/children?cursor=x"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/children?q=%ff"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/children?q=%4"), 400, "bad_field");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(the_sign_in_page_shows_whom_to_call),
        T(a_personal_link_opens_once),
        T(six_digits_find_the_child),
        T(guessing_cards_stops_even_a_right_guess),
        T(a_wrong_password_and_an_unknown_name_are_told_alike),
        T(signing_out_ends_the_login),
        T(settings_are_kept),
        T(a_childs_day_leads_to_the_next_lesson),
        cmocka_unit_test_setup_teardown(a_door_that_is_open_over_midnight_is_on_the_page,
                                        setup_midnight, teardown),
        T(a_mentors_day_has_limits_and_what_is_owed),
        T(a_word_to_the_centre_reaches_the_board),
        T(a_child_alone_comes_first_on_the_board),
        T(a_live_lesson_needs_nobody_and_a_bad_link_a_look),
        T(the_register_says_what_was_computed),
        T(an_amendment_keeps_the_first_code),
        T(the_log_tells_a_family_what_happened),
        T(a_family_confirms_a_week_and_disputes_a_lesson),
        T(a_note_is_written_read_and_replaced),
        T(a_report_is_made_from_the_register),
        T(lists_are_paged_and_searched),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
