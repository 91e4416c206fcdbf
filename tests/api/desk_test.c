/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk through its mailbox: the door, seats, facts, recovery, sign-in.
 * Time is the test's; waiting is for mail, with a bound.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/admin.h"
#include "server/api/desk.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/login.h"
#include "server/store/session.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
#define MIN MS_PER_MIN
#define SEC MS_PER_S
#define WAIT_US (60 * US_PER_S)
#define START (NOW + 5 * MIN)
#define END (START + 40 * MIN)

#define ok(call) assert_int_equal(call, ERR_OK)

static _Atomic int64_t clock_ms;

static struct now test_clock(void)
{
    int64_t ms = atomic_load(&clock_ms);

    return (struct now){ .mono_us = ms * US_PER_MS, .unix_ms = ms };
}

struct rig {
    struct world w;
    struct desk *desk;
    struct mailbox to_net;
    struct mail *others; /* pushes that came while waiting for something else */
    uint64_t tag;
    struct lesson_id lesson; /* mentors[0] with children[0] */
    int64_t login[8];        /* by who */
};

enum who { CHILD, OTHER_CHILD, MENTOR, OTHER_MENTOR, GUARDIAN, COORDINATOR, STRANGER, OFFICER };

static struct user_id user_of(const struct rig *r, enum who who)
{
    switch (who) {
    case CHILD:
        return r->w.child_users[0];
    case OTHER_CHILD:
        return r->w.child_users[1];
    case MENTOR:
        return r->w.mentor_users[0];
    case OTHER_MENTOR:
        return r->w.mentor_users[1];
    case GUARDIAN:
        return r->w.guardian;
    case COORDINATOR:
        return r->w.coordinator;
    case STRANGER:
        return r->w.stranger;
    case OFFICER:
        break;
    }
    return r->w.officer;
}

/* The cookie of who, as the rig signed everybody in. */
static void cookie_of(enum who who, char out[ACCOUNT_TOKEN_CHARS + 1])
{
    memset(out, 'a' + (int)who, ACCOUNT_TOKEN_CHARS);
    out[ACCOUNT_TOKEN_CHARS] = '\0';
}

static int test_handle(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply);

static void start_desk(struct rig *r)
{
    struct desk_config c = { .db_path = r->w.path,
                             .key_path = r->w.key_path,
                             .workers = 2,
                             .to_net = &r->to_net,
                             .clock = test_clock,
                             .handle = test_handle };

    ok(desk_open(&r->desk, &c));
}

static void sign_everybody_in(struct rig *r)
{
    for (int i = CHILD; i <= OFFICER; i++) {
        char token[ACCOUNT_TOKEN_CHARS + 1];
        uint8_t hash[32];

        cookie_of((enum who)i, token);
        account_token_hash(token, hash);
        ok(login_add(r->w.db, user_of(r, (enum who)i), hash, "link", "", NOW, &r->login[i]));
    }
}

static int open_rig(void **state)
{
    static struct rig r;

    memset(&r, 0, sizeof r);
    atomic_store(&clock_ms, NOW);
    world_open(&r.w, NOW);
    ok(mailbox_init(&r.to_net, NULL, NULL));
    r.lesson = world_lesson(&r.w, 0, 0, START, END);
    sign_everybody_in(&r);
    *state = &r;
    return 0;
}

/* The database is with the desk from here on. */
static void run_desk(struct rig *r)
{
    world_let_go(&r->w);
    start_desk(r);
}

/* And back with the test. */
static void stop_desk(struct rig *r)
{
    desk_close(r->desk);
    r->desk = NULL;
    world_take_back(&r->w);
}

static void free_list(struct mail *m)
{
    while (m) {
        struct mail *next = m->next;

        desk_reply_free((struct desk_reply *)m);
        m = next;
    }
}

static int close_rig(void **state)
{
    struct rig *r = *state;

    if (r->desk)
        desk_close(r->desk);
    mailbox_close(&r->to_net);
    free_list(mailbox_take(&r->to_net));
    free_list(r->others);
    mailbox_deinit(&r->to_net);
    world_close(&r->w);
    return 0;
}

/* ---- asking ----------------------------------------------------------------------------- */

static void keep_other(struct rig *r, struct mail *m)
{
    struct mail **at = &r->others;

    while (*at)
        at = &(*at)->next;
    m->next = NULL;
    *at = m;
}

/* The next mail of a kind (and tag, unless it is a push). */
static struct desk_reply *wait_for(struct rig *r, enum desk_reply_kind kind, uint64_t tag)
{
    for (;;) {
        struct mail **at = &r->others;

        for (; *at; at = &(*at)->next) {
            struct desk_reply *p = (struct desk_reply *)*at;

            if (p->kind == kind && p->tag == tag) {
                *at = p->mail.next;
                return p;
            }
        }
        for (struct mail *m = mailbox_wait(&r->to_net, WAIT_US), *next;; m = next) {
            if (!m)
                break;
            next = m->next;
            keep_other(r, m);
        }
        assert_non_null(r->others); /* nothing came in time */
    }
}

static struct desk_reply *ask(struct rig *r, struct desk_request *q)
{
    enum desk_reply_kind kind = q->kind == DESK_HTTP      ? DESK_REPLY_HTTP
                                : q->kind == DESK_CONNECT ? DESK_REPLY_CONNECT
                                                          : DESK_REPLY_ADMIT;

    q->tag = ++r->tag;
    ok(desk_post(r->desk, q));
    return wait_for(r, kind, r->tag);
}

static struct desk_request *admit_request(struct rig *r, enum who who, struct lesson_id lesson,
                                          uint64_t conn)
{
    struct desk_request *q = desk_request_new(DESK_ADMIT, 0);

    assert_non_null(q);
    q->u.admit.user = user_of(r, who);
    q->u.admit.login = r->login[who];
    q->u.admit.lesson = lesson;
    q->u.admit.conn = conn;
    return q;
}

static enum admit knock(struct rig *r, enum who who, uint64_t conn)
{
    struct desk_reply *p = ask(r, admit_request(r, who, r->lesson, conn));
    enum admit verdict = p->u.admit.verdict;

    desk_reply_free(p);
    return verdict;
}

static struct desk_reply *sit(struct rig *r, enum who who, uint64_t conn)
{
    struct desk_reply *p = ask(r, admit_request(r, who, r->lesson, conn));

    assert_int_equal(p->u.admit.verdict, ADMIT_OK);
    assert_false(p->u.admit.seat_taken);
    assert_true(p->u.admit.session.v > 0);
    return p;
}

static struct desk_request *fact_of(enum desk_fact_kind kind, struct lesson_id lesson,
                                    struct session_id session, int64_t at_ms)
{
    struct desk_request *q = desk_request_new(DESK_FACT, 0);

    assert_non_null(q);
    q->u.fact.kind = kind;
    q->u.fact.lesson = lesson;
    q->u.fact.session = session;
    q->u.fact.at_ms = at_ms;
    return q;
}

static void tell(struct rig *r, struct desk_request *q)
{
    ok(desk_post(r->desk, q));
}

static void tell_left(struct rig *r, struct session_id s, int64_t at_ms, enum leave_cause cause)
{
    struct desk_request *q = fact_of(DESK_FACT_LEFT, r->lesson, s, at_ms);

    q->u.fact.cause = cause;
    tell(r, q);
}

static char *text(const char *s)
{
    char *copy = mem_strndup(s, strlen(s));

    assert_non_null(copy);
    return copy;
}

static struct desk_request *http_request(const char *method, const char *path, const char *body,
                                         const char *cookie)
{
    struct desk_request *q = desk_request_new(DESK_HTTP, 0);

    assert_non_null(q);
    assert_true(str_copy(q->u.http.method, sizeof q->u.http.method, method));
    q->u.http.path = text(path);
    q->u.http.query = text("");
    q->u.http.cookie = text(cookie);
    q->u.http.body = text(body);
    q->u.http.body_len = strlen(body);
    assert_true(str_copy(q->u.http.client_hash, sizeof q->u.http.client_hash, "ip"));
    return q;
}

/* Status of a request; the body into out if it is not NULL. */
static int call(struct rig *r, const char *method, const char *path, const char *body, char *out,
                size_t cap)
{
    char cookie[ACCOUNT_TOKEN_CHARS + 1];
    struct desk_reply *p;
    int status;

    cookie_of(COORDINATOR, cookie);
    p = ask(r, http_request(method, path, body, cookie));
    status = p->u.http.status;
    if (out)
        assert_true(str_copy(out, cap, p->u.http.body ? p->u.http.body : ""));
    desk_reply_free(p);
    return status;
}

/* All that was posted before has been handled. */
static void sync_desk(struct rig *r)
{
    assert_int_equal(call(r, "GET", "/ping", "", NULL, 0), 200);
}

/* ---- endpoints of the test -------------------------------------------------------------- */

static enum api_answer say_sign_in(struct api_ctx *ctx, const struct sign_in_result *s,
                                   struct desk_reply *reply)
{
    static const int status[] = { [SIGN_IN_OK] = 200,
                                  [SIGN_IN_WRONG] = 401,
                                  [SIGN_IN_THROTTLED] = 429,
                                  [SIGN_IN_BUSY] = 503,
                                  [SIGN_IN_ENDED] = 403 };

    (void)ctx;
    api_reply(reply, status[s->verdict], "text/plain", s->token, strlen(s->token));
    if (s->verdict == SIGN_IN_OK)
        account_set_cookie(reply, s->token);
    return API_DONE;
}

static enum api_answer say_ok(struct api_ctx *ctx, bool fine, struct desk_reply *reply)
{
    (void)ctx;
    api_reply(reply, fine ? 200 : 429, "text/plain", NULL, 0);
    return API_DONE;
}

static enum api_answer say_pin(struct api_ctx *ctx, bool fine, const char *pin,
                               struct desk_reply *reply)
{
    (void)ctx;
    api_reply(reply, fine ? 200 : 429, "text/plain", pin, strlen(pin));
    return API_DONE;
}

/* "name secret" */
static enum api_answer try_sign_in(struct api_ctx *ctx, const struct desk_http *http, bool pin,
                                   struct desk_reply *reply)
{
    char name[80] = "";
    const char *space = strchr(http->body, ' ');

    assert_non_null(space);
    memcpy(name, http->body, (size_t)(space - http->body));
    return pin ? account_sign_in_pin(ctx, name, space + 1, say_sign_in, reply)
               : account_sign_in(ctx, name, space + 1, say_sign_in, reply);
}

static int64_t number(const char *s)
{
    int64_t n = 0;

    ok(str_to_i64(s, 0, INT64_MAX, &n));
    return n;
}

/* A chat line long enough to need pages of its own. */
static enum err write_much(struct db *db, const char *lesson)
{
    struct query q = query_on(db, "INSERT INTO chat_line (lesson, user_id, at_ms, text) "
                                  "VALUES ($1, 1, 1, $2)");
    char much[3000];

    memset(much, 'x', sizeof much - 1);
    much[sizeof much - 1] = '\0';
    query_int(&q, number(lesson));
    query_text(&q, much);
    return query_run(&q);
}

static int test_handle(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply)
{
    const char *path = http->path;
    enum err e = ERR_OK;
    struct sign_in_result s;

    if (strcmp(path, "/ping") == 0) {
        ;
    } else if (strcmp(path, "/whoami") == 0) {
        api_reply(reply, ctx->session.valid ? 200 : 401, "text/plain", ctx->session.user.login,
                  strlen(ctx->session.user.login));
        return API_DONE;
    } else if (strcmp(path, "/link") == 0) {
        e = account_sign_in_link(ctx, http->body, &s);
        return e ? API_FAILED : (int)say_sign_in(ctx, &s, reply);
    } else if (strcmp(path, "/password") == 0) {
        return (int)try_sign_in(ctx, http, false, reply);
    } else if (strcmp(path, "/pin") == 0) {
        return (int)try_sign_in(ctx, http, true, reply);
    } else if (strcmp(path, "/set-password") == 0) {
        return (int)account_set_password(ctx, ctx->session.user.id, http->body, say_ok, reply);
    } else if (strcmp(path, "/new-pin") == 0) {
        return (int)account_new_pin(ctx, (struct user_id){ number(http->body) }, say_pin, reply);
    } else if (strcmp(path, "/sign-out-all") == 0) {
        e = account_sign_out_all(ctx, (struct user_id){ number(http->body) }, "test");
    } else if (strcmp(path, "/lock") == 0) {
        e = user_set_status(ctx->db, (struct user_id){ number(http->body) }, USER_LOCKED,
                            ctx->now.unix_ms);
        desk_push_person(ctx, (struct user_id){ number(http->body) });
    } else if (strcmp(path, "/cancel") == 0) {
        e = lesson_cancel(ctx->db, (struct lesson_id){ number(http->body) }, "ill", SIDE_CHILD,
                          ctx->now.unix_ms);
        desk_push_lesson(ctx, (struct lesson_id){ number(http->body) });
    } else if (strcmp(path, "/refused-cancel") == 0) {
        e = lesson_cancel(ctx->db, (struct lesson_id){ number(http->body) }, "ill", SIDE_CHILD,
                          ctx->now.unix_ms);
        desk_push_lesson(ctx, (struct lesson_id){ number(http->body) });
        api_reply(reply, 409, "", NULL, 0);
        return e ? API_FAILED : API_DONE;
    } else if (strcmp(path, "/much") == 0) {
        e = write_much(ctx->db, http->body);
    } else if (strcmp(path, "/no-room") == 0) {
        e = db_limit_pages(ctx->db, 1);
    } else if (strcmp(path, "/room") == 0) {
        e = db_limit_pages(ctx->db, 1000000);
    } else {
        e = ERR_NOTFOUND;
    }
    api_reply(reply, e ? 500 : 200, "", NULL, 0);
    return e ? API_FAILED : API_DONE;
}

/* ---- the door --------------------------------------------------------------------------- */

static void only_the_scheduled_people_come_in(void **state)
{
    struct rig *r = *state;
    static const struct {
        enum who who;
        enum admit verdict;
        enum seat_role seat;
    } table[] = {
        { CHILD, ADMIT_OK, SEAT_CHILD },
        { MENTOR, ADMIT_OK, SEAT_MENTOR },
        { GUARDIAN, ADMIT_OK, SEAT_GUARDIAN },
        { COORDINATOR, ADMIT_OK, SEAT_COORDINATOR },
        { OTHER_CHILD, ADMIT_NOT_YOURS, SEAT_NONE },
        { OTHER_MENTOR, ADMIT_NOT_YOURS, SEAT_NONE },
        { STRANGER, ADMIT_NOT_YOURS, SEAT_NONE },
        { OFFICER, ADMIT_NOT_YOURS, SEAT_NONE },
    };

    run_desk(r);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct desk_reply *p = ask(r, admit_request(r, table[i].who, r->lesson, i + 1));

        assert_int_equal(p->u.admit.verdict, table[i].verdict);
        assert_int_equal(p->u.admit.person.seat, table[i].seat);
        if (p->u.admit.verdict == ADMIT_OK) {
            assert_int_equal(p->u.admit.facts.start_ms, START);
            assert_int_equal(strlen(p->u.admit.resume), 43);
            assert_string_equal(p->u.admit.subject, "maths");
        }
        desk_reply_free(p);
    }
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session"), 4);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE result = 'not_yours'"), 4);
    /* the token itself is nowhere in the file */
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE length(resume_hash) "
                                         "<> 32"),
                     0);
}

static void a_foreign_lesson_and_no_lesson_look_the_same(void **state)
{
    struct rig *r = *state;
    struct desk_reply *foreign, *none;

    run_desk(r);
    foreign = ask(r, admit_request(r, STRANGER, r->lesson, 1));
    none = ask(r, admit_request(r, STRANGER, (struct lesson_id){ 999 }, 2));
    foreign->tag = none->tag = 0;
    foreign->mail.next = none->mail.next = NULL;
    assert_memory_equal(foreign, none, sizeof *foreign);
    desk_reply_free(foreign);
    desk_reply_free(none);
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE asked = 999 "
                                         "AND lesson IS NULL"),
                     1);
}

static void the_window_is_kept_to_the_millisecond(void **state)
{
    struct rig *r = *state;
    struct desk_reply *p;

    run_desk(r);
    atomic_store(&clock_ms, START - 10 * MIN - 1);
    p = ask(r, admit_request(r, CHILD, r->lesson, 1));
    assert_int_equal(p->u.admit.verdict, ADMIT_TOO_EARLY);
    assert_int_equal(p->u.admit.at_ms, START - 10 * MIN);
    desk_reply_free(p);
    atomic_store(&clock_ms, START - 10 * MIN);
    assert_int_equal(knock(r, CHILD, 1), ADMIT_OK);
    atomic_store(&clock_ms, END + 5 * MIN);
    assert_int_equal(knock(r, CHILD, 1), ADMIT_ENDED);
}

/* One cause each, written before the desk opens. */
static void what_has_ended_stays_out(void **state)
{
    struct rig *r = *state;
    struct lesson_id fresh;

    ok(consent_withdraw(r->w.db, r->w.children[0], "lessons", r->w.guardian, NOW));
    ok(employment_end(r->w.db, r->w.mentors[0], r->w.schools[0], NOW));
    ok(guardian_end(r->w.db, r->w.guardian, r->w.children[0], NOW));
    ok(login_end(r->w.db, r->login[COORDINATOR], "test", NOW));
    run_desk(r);
    assert_int_equal(knock(r, CHILD, 1), ADMIT_CONSENT);
    assert_int_equal(knock(r, MENTOR, 2), ADMIT_RIGHT_ENDED);
    assert_int_equal(knock(r, GUARDIAN, 3), ADMIT_NOT_YOURS);
    assert_int_equal(knock(r, COORDINATOR, 4), ADMIT_NO_LOGIN);
    stop_desk(r);
    ok(consent_give(r->w.db, r->w.children[0], "lessons", "2", r->w.guardian, NOW, FOREVER_MS));
    ok(lesson_move(r->w.db, r->lesson, START + 60 * MIN, END + 60 * MIN, "later", SIDE_CHILD, NOW,
                   r->w.coordinator, &fresh));
    world_let_go(&r->w);
    start_desk(r);
    atomic_store(&clock_ms, NOW + 1);
    {
        struct desk_reply *p = ask(r, admit_request(r, CHILD, r->lesson, 5));

        assert_int_equal(p->u.admit.verdict, ADMIT_MOVED);
        assert_int_equal(p->u.admit.at_ms, START + 60 * MIN);
        desk_reply_free(p);
    }
}

static void five_refusals_make_a_pause(void **state)
{
    struct rig *r = *state;
    struct desk_reply *p;

    run_desk(r);
    for (int i = 0; i < 5; i++) {
        atomic_store(&clock_ms, NOW + i * SEC);
        assert_int_equal(knock(r, STRANGER, 1), ADMIT_NOT_YOURS);
    }
    atomic_store(&clock_ms, NOW + 5 * SEC);
    p = ask(r, admit_request(r, STRANGER, r->lesson, 1));
    assert_int_equal(p->u.admit.verdict, ADMIT_BACK_OFF);
    assert_int_equal(p->u.admit.at_ms, NOW + MIN);
    desk_reply_free(p);
    assert_int_equal(knock(r, CHILD, 2), ADMIT_OK); /* nobody else's pause */
    atomic_store(&clock_ms, NOW + MIN);             /* the back-offs themselves did not count */
    assert_int_equal(knock(r, STRANGER, 1), ADMIT_NOT_YOURS);
    assert_int_equal(knock(r, STRANGER, 1), ADMIT_BACK_OFF);
}

/* ---- seats ------------------------------------------------------------------------------ */

static void a_second_device_must_ask_to_take_over(void **state)
{
    struct rig *r = *state;
    struct desk_reply *first, *again, *second;
    struct desk_request *q;

    run_desk(r);
    first = sit(r, CHILD, 1);
    assert_false(first->u.admit.came_back);
    again = sit(r, CHILD, 1); /* the same question of the same connection */
    assert_int_equal(again->u.admit.session.v, first->u.admit.session.v);
    second = ask(r, admit_request(r, CHILD, r->lesson, 2));
    assert_true(second->u.admit.seat_taken);
    assert_int_equal(second->u.admit.session.v, 0);
    desk_reply_free(second);
    q = admit_request(r, CHILD, r->lesson, 2);
    q->u.admit.take_over = true;
    atomic_store(&clock_ms, NOW + 3 * SEC);
    second = ask(r, q);
    assert_int_equal(second->u.admit.verdict, ADMIT_OK);
    assert_false(second->u.admit.seat_taken);
    assert_true(second->u.admit.session.v > first->u.admit.session.v);
    /* what the room still says of the old seat changes nothing */
    tell_left(r, first->u.admit.session, NOW + 3 * SEC, LEAVE_TAKEN_OVER);
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session"), 2);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     NOW + 3 * SEC);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE id = 1 AND "
                                         "end_reason = 'taken_over'"),
                     1);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE result = 'seat_taken'"), 1);
    desk_reply_free(first);
    desk_reply_free(again);
    desk_reply_free(second);
}

static void the_token_of_a_seat_brings_back_into_it(void **state)
{
    struct rig *r = *state;
    struct desk_reply *first, *back;
    struct desk_request *q;

    run_desk(r);
    first = sit(r, CHILD, 1);
    tell(r, fact_of(DESK_FACT_SEEN, r->lesson, first->u.admit.session, NOW + 2 * SEC));
    tell(r, fact_of(DESK_FACT_SCREEN, r->lesson, first->u.admit.session, NOW));
    q = fact_of(DESK_FACT_SCREEN, r->lesson, first->u.admit.session, NOW);
    q->u.fact.value = 1500;
    tell(r, q);
    q = admit_request(r, CHILD, r->lesson, 2);
    memcpy(q->u.admit.resume, first->u.admit.resume, sizeof q->u.admit.resume);
    q->u.admit.resume[0] ^= 1; /* a token that is nearly right */
    atomic_store(&clock_ms, NOW + 4 * SEC);
    back = ask(r, q);
    assert_true(back->u.admit.seat_taken);
    desk_reply_free(back);
    q = admit_request(r, CHILD, r->lesson, 2);
    memcpy(q->u.admit.resume, first->u.admit.resume, sizeof q->u.admit.resume);
    back = ask(r, q);
    assert_int_equal(back->u.admit.verdict, ADMIT_OK);
    assert_true(back->u.admit.came_back);
    assert_int_equal(back->u.admit.screen_used_ms, 1500);
    assert_string_not_equal(back->u.admit.resume, first->u.admit.resume);
    stop_desk(r);
    /* the lost connection counts until it was last seen, not until the return */
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     NOW + 2 * SEC);
    desk_reply_free(first);
    desk_reply_free(back);
}

static void visitors_never_take_a_scheduled_persons_seat(void **state)
{
    struct rig *r = *state;
    struct user_id guardians[11];
    int64_t id;

    for (int i = 0; i < 11; i++) {
        struct user u = { .tz = "Europe/Moscow" };
        struct grant g = {
            .role = ROLE_GUARDIAN, .org = r->w.centre, .from_ms = NOW - 1, .to_ms = FOREVER_MS
        };

        assert_true(str_copy(u.name, sizeof u.name, "G"));
        ok(user_save(r->w.db, &u, NOW, r->w.coordinator, &guardians[i]));
        g.user = guardians[i];
        ok(grant_add(r->w.db, &g, NOW, r->w.coordinator, &id));
        ok(guardian_add(r->w.db, guardians[i], r->w.children[0], "full", NOW - 1, r->w.coordinator,
                        &id));
        {
            uint8_t hash[32] = { (uint8_t)i, 9 };

            ok(login_add(r->w.db, guardians[i], hash, "link", "", NOW, &id));
        }
    }
    run_desk(r);
    for (int i = 0; i < 11; i++) {
        struct desk_request *q = admit_request(r, GUARDIAN, r->lesson, 100 + (uint64_t)i);
        struct desk_reply *p;

        q->u.admit.user = guardians[i];
        q->u.admit.login = 9 + i; /* eight of the rig come first */
        p = ask(r, q);
        assert_int_equal(p->u.admit.verdict, i < 10 ? ADMIT_OK : ADMIT_FULL);
        desk_reply_free(p);
    }
    assert_int_equal(knock(r, CHILD, 1), ADMIT_OK);
    assert_int_equal(knock(r, MENTOR, 2), ADMIT_OK);
}

/* ---- rights that end while inside ------------------------------------------------------- */

static void a_lock_reaches_the_room(void **state)
{
    struct rig *r = *state;
    struct desk_reply *p;
    char id[24];

    run_desk(r);
    desk_reply_free(sit(r, MENTOR, 1));
    assert_true(str_format(id, sizeof id, "%lld", (long long)user_of(r, MENTOR).v));
    assert_int_equal(call(r, "GET", "/lock", id, NULL, 0), 200); /* a GET changes nothing */
    assert_int_equal(call(r, "POST", "/lock", id, NULL, 0), 200);
    p = wait_for(r, DESK_PUSH_PERSON, 0);
    assert_int_equal(p->u.person.lesson.v, r->lesson.v);
    assert_false(p->u.person.person.active);
    desk_reply_free(p);
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM \"user\" WHERE status = 'locked'"),
                     1);
}

static void a_right_that_runs_out_is_noticed(void **state)
{
    struct rig *r = *state;
    struct desk_reply *p;

    /* the guardian takes the consent back as of a later minute */
    ok(consent_withdraw(r->w.db, r->w.children[0], "lessons", r->w.guardian, NOW + MIN));
    run_desk(r);
    desk_reply_free(sit(r, CHILD, 1));
    atomic_store(&clock_ms, NOW + MIN + 3 * SEC);
    sync_desk(r);
    p = wait_for(r, DESK_PUSH_PERSON, 0);
    assert_false(p->u.person.person.consent_ok);
    assert_int_equal(p->u.person.person.user.v, user_of(r, CHILD).v);
    desk_reply_free(p);
}

static void a_refused_request_leaves_and_tells_nothing(void **state)
{
    struct rig *r = *state;
    char id[24];

    run_desk(r);
    assert_true(str_format(id, sizeof id, "%lld", (long long)r->lesson.v));
    assert_int_equal(call(r, "POST", "/refused-cancel", id, NULL, 0), 409);
    sync_desk(r);
    assert_null(r->others); /* no push */
    assert_int_equal(knock(r, CHILD, 1), ADMIT_OK);
    assert_int_equal(call(r, "POST", "/cancel", id, NULL, 0), 200);
    desk_reply_free(wait_for(r, DESK_PUSH_LESSON, 0));
    assert_int_equal(knock(r, MENTOR, 2), ADMIT_CANCELLED);
}

/* ---- facts to attendance ---------------------------------------------------------------- */

static void a_lesson_becomes_attendance(void **state)
{
    struct rig *r = *state;
    struct desk_reply *mentor, *child;
    struct desk_request *q;
    struct lesson_record rec;

    run_desk(r);
    atomic_store(&clock_ms, START - 2 * MIN);
    mentor = sit(r, MENTOR, 1);
    atomic_store(&clock_ms, START + 7 * MIN);
    child = sit(r, CHILD, 2);
    q = fact_of(DESK_FACT_LESSON_STATE, r->lesson, (struct session_id){ 0 }, START + 7 * MIN);
    q->u.fact.lesson_state = LESSON_RUNNING;
    tell(r, q);
    q = fact_of(DESK_FACT_CHAT, r->lesson, child->u.admit.session, START + 8 * MIN);
    q->u.fact.user = user_of(r, CHILD);
    q->u.fact.text = text("привет");
    tell(r, q);
    q = fact_of(DESK_FACT_EVENT, r->lesson, child->u.admit.session, START + 9 * MIN);
    q->u.fact.user = user_of(r, CHILD);
    assert_true(str_copy(q->u.fact.event, sizeof q->u.fact.event, "hand_up"));
    tell(r, q);
    for (int twice = 0; twice < 2; twice++) /* F10 */
        tell_left(r, child->u.admit.session, END, LEAVE_WINDOW_END);
    atomic_store(&clock_ms, END + 6 * MIN);
    tell_left(r, mentor->u.admit.session, END + 30 * SEC, LEAVE_WINDOW_END);
    sync_desk(r);
    atomic_store(&clock_ms, END + 6 * MIN + 2 * SEC);
    sync_desk(r);
    stop_desk(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.run, 1);
    assert_int_equal(rec.outcome, OUTCOME_HELD); /* DOMAIN 7, case 2 */
    assert_int_equal(rec.children[0].code, 'L');
    assert_int_equal(rec.children[0].contact_ms, 33 * MIN);
    assert_int_equal(rec.children[0].percent_tenths, 825);
    assert_int_equal(rec.credit_quarters, 4);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM lesson WHERE state = 'computed'"),
                     1);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM chat_line"), 1);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM room_event"), 1);
    desk_reply_free(mentor);
    desk_reply_free(child);
}

static void a_lesson_nobody_came_to_is_closed_too(void **state)
{
    struct rig *r = *state;
    struct lesson_record rec;

    run_desk(r);
    atomic_store(&clock_ms, END + 5 * MIN - 1);
    sync_desk(r);
    atomic_store(&clock_ms, END + 5 * MIN + SEC);
    sync_desk(r);
    sync_desk(r); /* time is looked at after the mail */
    stop_desk(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.outcome, OUTCOME_BOTH_NO_SHOW);
    assert_int_equal(rec.children[0].code, 'N');
}

static void a_fact_that_comes_late_makes_a_new_run(void **state)
{
    struct rig *r = *state;
    struct desk_reply *mentor, *child;
    struct lesson_record rec;

    run_desk(r);
    atomic_store(&clock_ms, START);
    mentor = sit(r, MENTOR, 1);
    child = sit(r, CHILD, 2);
    tell(r, fact_of(DESK_FACT_SEEN, r->lesson, child->u.admit.session, START + 5 * MIN));
    sync_desk(r);
    atomic_store(&clock_ms, END);
    tell_left(r, mentor->u.admit.session, END, LEAVE_WINDOW_END);
    sync_desk(r);
    /* hours later the child's row is still open: it is computed with what was seen */
    atomic_store(&clock_ms, END + 3 * MS_PER_HOUR);
    sync_desk(r);
    sync_desk(r);
    tell_left(r, child->u.admit.session, END, LEAVE_WINDOW_END);
    stop_desk(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.run, 2);
    assert_int_equal(rec.outcome, OUTCOME_HELD);
    assert_int_equal(world_number(&r->w, "SELECT contact_ms FROM attendance WHERE run = 1"),
                     5 * MIN);
    desk_reply_free(mentor);
    desk_reply_free(child);
}

/* ---- recovery --------------------------------------------------------------------------- */

/* In a process of its own that is killed without warning. */
static void be_killed_in_mid_lesson(struct rig *r)
{
    struct desk_reply *p;

    run_desk(r);
    atomic_store(&clock_ms, START + 20 * MIN);
    p = sit(r, CHILD, 1);
    tell(r, fact_of(DESK_FACT_SEEN, r->lesson, p->u.admit.session, START + 25 * MIN));
    p = sit(r, MENTOR, 2);
    raise(SIGKILL);
}

static void a_killed_server_loses_five_seconds_at_most(void **state)
{
    struct rig *r = *state;
    struct verify_result v;
    int status = 0;
    pid_t pid;

    world_let_go(&r->w);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        world_take_back(&r->w);
        be_killed_in_mid_lesson(r);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    atomic_store(&clock_ms, START + 25 * MIN + 4 * SEC);
    start_desk(r);
    assert_int_equal(knock(r, CHILD, 1), ADMIT_OK); /* the same number, another run */
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     START + 25 * MIN);
    assert_int_equal(world_number(&r->w, "SELECT uncertain_ms FROM session WHERE id = 1"), 4 * SEC);
    assert_int_equal(world_number(&r->w, "SELECT uncertain_ms FROM session WHERE id = 2"),
                     5 * SEC); /* seen last when it joined; never more than 5 s */
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE end_reason = "
                                         "'server_restart'"),
                     2);
    assert_int_equal(world_number(&r->w, "SELECT to_ms - from_ms FROM outage"), 4 * SEC);
    world_let_go(&r->w);
    ok(admin_verify(r->w.path, &v));
    assert_true(verify_clean(&v));
    world_take_back(&r->w);
}

static void an_outage_over_the_end_blames_nobody(void **state)
{
    struct rig *r = *state;
    struct lesson_record rec;

    run_desk(r);
    atomic_store(&clock_ms, START);
    desk_reply_free(sit(r, CHILD, 1));
    desk_reply_free(sit(r, MENTOR, 2));
    {
        struct desk_request *q =
            fact_of(DESK_FACT_SEEN, r->lesson, (struct session_id){ 1 }, START + 5 * MIN);

        tell(r, q);
        tell(r, fact_of(DESK_FACT_SEEN, r->lesson, (struct session_id){ 2 }, START + 5 * MIN));
    }
    atomic_store(&clock_ms, START + 5 * MIN);
    stop_desk(r);
    world_let_go(&r->w);
    atomic_store(&clock_ms, END + 10 * MIN);
    start_desk(r);
    sync_desk(r);
    sync_desk(r);
    stop_desk(r);
    ok(attendance_load(r->w.db, r->lesson, &rec)); /* DOMAIN 7, case 12 */
    assert_int_equal(rec.outcome, OUTCOME_TECH_SERVER);
    assert_int_equal(rec.children[0].code, 'S');
    assert_int_equal(rec.contact_ms, 5 * MIN);
}

static void a_second_server_is_kept_out(void **state)
{
    struct rig *r = *state;
    struct desk_config c = {
        .db_path = r->w.path, .key_path = r->w.key_path, .to_net = &r->to_net, .clock = test_clock
    };
    struct desk *second = NULL;
    char token[ACCOUNT_TOKEN_CHARS + 1];

    run_desk(r);
    assert_int_equal(desk_open(&second, &c), ERR_AGAIN);
    assert_null(second);
    assert_int_equal(admin_new_link(r->w.path, "irina", token), ERR_AGAIN);
}

/* ---- answers after the commit ----------------------------------------------------------- */

static void what_is_answered_is_on_the_disk(void **state)
{
    struct rig *r = *state;
    struct db *reader = NULL;

    run_desk(r);
    for (uint64_t i = 0; i < 200; i++) { /* queued faster than answered: they share commits */
        struct desk_request *q = admit_request(r, STRANGER, (struct lesson_id){ 500 }, 1);

        q->tag = 1000 + i;
        ok(desk_post(r->desk, q));
    }
    ok(db_open(&reader, r->w.path, DB_READER));
    for (uint64_t i = 0; i < 200; i++) {
        struct desk_reply *p = wait_for(r, DESK_REPLY_ADMIT, 1000 + i);
        struct query q = query_on(reader, "SELECT count(*) FROM join_attempt");

        assert_true(query_row(&q));
        assert_true(row_int(&q) >= (int64_t)i + 1);
        ok(query_end(&q));
        /* in order: whatever else has come is younger */
        for (struct mail *m = r->others; m; m = m->next)
            assert_true(((struct desk_reply *)m)->tag > p->tag);
        desk_reply_free(p);
    }
    db_close(reader);
}

static void a_locked_database_lets_nobody_in(void **state)
{
    struct rig *r = *state;
    struct desk_reply *seated;
    sqlite3 *other = NULL;

    run_desk(r);
    seated = sit(r, MENTOR, 1);
    assert_int_equal(sqlite3_open(r->w.path, &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(knock(r, CHILD, 2), ADMIT_UNAVAILABLE);
    tell_left(r, seated->u.admit.session, NOW + SEC, LEAVE_LEFT); /* kept */
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    atomic_store(&clock_ms, NOW + 2 * SEC);
    assert_int_equal(knock(r, CHILD, 2), ADMIT_OK);
    stop_desk(r);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"), NOW + SEC);
    desk_reply_free(seated);
}

static void a_full_disk_keeps_facts_and_other_peoples_requests(void **state)
{
    struct rig *r = *state;
    struct desk_reply *seated;
    struct desk_request *q;
    size_t kept = 0, lost = 0;
    int status = 200;
    char id[24];

    run_desk(r);
    seated = sit(r, CHILD, 1);
    assert_true(str_format(id, sizeof id, "%lld", (long long)r->lesson.v));
    assert_int_equal(call(r, "POST", "/no-room", "", NULL, 0), 200);
    for (int i = 0; i < 8 && status == 200; i++) /* the last free pages */
        status = call(r, "POST", "/much", id, NULL, 0);
    assert_int_equal(status, 503);
    q = fact_of(DESK_FACT_CHAT, r->lesson, seated->u.admit.session, NOW);
    q->u.fact.user = user_of(r, CHILD);
    q->u.fact.text = mem_zalloc(4001, 1);
    memset(q->u.fact.text, 'y', 4000);
    tell(r, q);
    tell_left(r, seated->u.admit.session, NOW + SEC, LEAVE_LEFT); /* behind it, in order */
    sync_desk(r);                                                 /* reading still works */
    sync_desk(r);
    desk_kept(r->desk, &kept, &lost);
    assert_int_equal(kept, 2);
    assert_int_equal(lost, 0);
    assert_int_equal(call(r, "POST", "/room", "", NULL, 0), 200);
    atomic_store(&clock_ms, NOW + 5 * SEC);
    sync_desk(r);
    sync_desk(r);
    desk_kept(r->desk, &kept, &lost);
    assert_int_equal(kept, 0);
    stop_desk(r);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM chat_line WHERE length(text) = 4000"), 1);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session"), NOW + SEC);
    desk_reply_free(seated);
}

/* ---- sign-in ---------------------------------------------------------------------------- */

struct crowd {
    struct rig *rig;
    const char *token;
    int first;
};

static void *use_link(void *arg)
{
    const struct crowd *c = arg;

    for (int i = 0; i < 25; i++) {
        struct desk_request *q = http_request("POST", "/link", c->token, "");

        q->tag = 5000 + (uint64_t)(c->first + i);
        if (desk_post(c->rig->desk, q) != ERR_OK)
            desk_request_free(q);
    }
    return NULL;
}

static void a_link_opens_once_of_a_hundred_at_a_time(void **state)
{
    struct rig *r = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];
    pthread_t threads[4];
    struct crowd crowds[4];
    int won = 0, refused = 0;

    ok(account_new_link(r->w.db, user_of(r, CHILD), MIN, NOW, r->w.coordinator, token));
    run_desk(r);
    for (int i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){ .rig = r, .token = token, .first = 25 * i };
        assert_int_equal(pthread_create(&threads[i], NULL, use_link, &crowds[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (uint64_t i = 0; i < 100; i++) {
        struct desk_reply *p = wait_for(r, DESK_REPLY_HTTP, 5000 + i);

        won += p->u.http.status == 200;
        refused += p->u.http.status == 401;
        desk_reply_free(p);
    }
    assert_int_equal(won, 1);
    assert_int_equal(refused, 99);
}

static void a_link_too_old_or_made_up_opens_nothing(void **state)
{
    struct rig *r = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];

    ok(account_new_link(r->w.db, user_of(r, CHILD), MIN, NOW, r->w.coordinator, token));
    run_desk(r);
    assert_int_equal(call(r, "POST", "/link", "", NULL, 0), 401);
    assert_int_equal(call(r, "POST", "/link", "' OR 1=1 --", NULL, 0), 401);
    atomic_store(&clock_ms, NOW + MIN);
    assert_int_equal(call(r, "POST", "/link", token, NULL, 0), 401);
}

static struct desk_reply *who_is(struct rig *r, const char *cookie)
{
    return ask(r, http_request("GET", "/whoami", "", cookie));
}

static int status_for(struct rig *r, const char *cookie)
{
    struct desk_reply *p = who_is(r, cookie);
    int status = p->u.http.status;

    desk_reply_free(p);
    return status;
}

static void a_session_idles_out_but_not_in_a_lesson(void **state)
{
    struct rig *r = *state;
    char child[ACCOUNT_TOKEN_CHARS + 1], mentor[ACCOUNT_TOKEN_CHARS + 1];

    cookie_of(CHILD, child);
    cookie_of(MENTOR, mentor);
    run_desk(r);
    desk_reply_free(sit(r, CHILD, 1));
    assert_int_equal(status_for(r, mentor), 200);
    atomic_store(&clock_ms, NOW + 31 * MIN);
    assert_int_equal(status_for(r, mentor), 401);
    assert_int_equal(status_for(r, child), 200);
    assert_int_equal(status_for(r, ""), 401);
    assert_int_equal(status_for(r, "A"), 401);
    child[3] ^= 1;
    assert_int_equal(status_for(r, child), 401);
}

static void signing_out_everywhere_closes_connections(void **state)
{
    struct rig *r = *state;
    char cookie[ACCOUNT_TOKEN_CHARS + 1], id[24];
    struct desk_reply *p;
    struct desk_request *q = desk_request_new(DESK_CONNECT, 0);

    cookie_of(CHILD, cookie);
    run_desk(r);
    assert_true(str_copy(q->u.connect.cookie, sizeof q->u.connect.cookie, cookie));
    p = ask(r, q);
    assert_true(p->u.connect.ok);
    assert_int_equal(p->u.connect.user.v, user_of(r, CHILD).v);
    desk_reply_free(p);
    assert_true(str_format(id, sizeof id, "%lld", (long long)user_of(r, CHILD).v));
    assert_int_equal(call(r, "POST", "/sign-out-all", id, NULL, 0), 200);
    p = wait_for(r, DESK_PUSH_LOGOUT, 0);
    assert_int_equal(p->u.logout.login, r->login[CHILD]);
    desk_reply_free(p);
    q = desk_request_new(DESK_CONNECT, 0);
    assert_true(str_copy(q->u.connect.cookie, sizeof q->u.connect.cookie, cookie));
    p = ask(r, q);
    assert_false(p->u.connect.ok);
    desk_reply_free(p);
    assert_int_equal(knock(r, CHILD, 1), ADMIT_NO_LOGIN);
}

static void a_password_opens_and_a_wrong_one_does_not(void **state)
{
    struct rig *r = *state;
    struct desk_reply *p;

    run_desk(r);
    assert_int_equal(call(r, "POST", "/set-password", "short", NULL, 0), 429);
    assert_int_equal(call(r, "POST", "/set-password", "correct horse battery", NULL, 0), 200);
    p = ask(r, http_request("POST", "/password", "IRINA correct horse battery", ""));
    assert_int_equal(p->u.http.status, 200);
    assert_non_null(strstr(p->u.http.headers, "Set-Cookie: __Host-s="));
    assert_non_null(strstr(p->u.http.headers, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    assert_int_equal(status_for(r, p->u.http.body), 200);
    desk_reply_free(p);
    assert_int_equal(call(r, "POST", "/password", "irina wrong horse", NULL, 0), 401);
    assert_int_equal(call(r, "POST", "/password", "nobody correct horse battery", NULL, 0), 401);
    stop_desk(r);
    /* right secret, ended access: told; wrong secret: not told */
    ok(user_set_status(r->w.db, r->w.coordinator, USER_ENDED, NOW));
    world_let_go(&r->w);
    start_desk(r);
    p = ask(r, http_request("POST", "/password", "irina correct horse battery", ""));
    assert_int_equal(p->u.http.status, 403);
    desk_reply_free(p);
    p = ask(r, http_request("POST", "/password", "irina wrong", ""));
    assert_int_equal(p->u.http.status, 401);
    desk_reply_free(p);
}

static void a_card_opens_until_it_is_replaced_and_guessing_is_slow(void **state)
{
    struct rig *r = *state;
    char id[24], pin[16], second[16], body[64];

    run_desk(r);
    assert_true(str_format(id, sizeof id, "%lld", (long long)user_of(r, CHILD).v));
    assert_int_equal(call(r, "POST", "/new-pin", id, pin, sizeof pin), 200);
    assert_int_equal(strlen(pin), 6);
    assert_true(str_format(body, sizeof body, "misha %s", pin));
    assert_int_equal(call(r, "POST", "/pin", body, NULL, 0), 200);
    assert_int_equal(call(r, "POST", "/new-pin", id, second, sizeof second), 200);
    assert_int_equal(call(r, "POST", "/pin", body, NULL, 0), 401);
    for (int i = 0; i < 9; i++)
        assert_int_equal(call(r, "POST", "/pin", "misha 000000", NULL, 0), 401);
    assert_true(str_format(body, sizeof body, "misha %s", second));
    assert_int_equal(call(r, "POST", "/pin", body, NULL, 0), 429); /* even the right one */
    atomic_store(&clock_ms, NOW + 15 * MIN);
    assert_int_equal(call(r, "POST", "/pin", body, NULL, 0), 200);
}

static void a_flood_of_sign_ins_is_bounded(void **state)
{
    struct rig *r = *state;
    int busy = 0, wrong = 0;

    run_desk(r);
    for (uint64_t i = 0; i < 46; i++) {
        char body[64];
        struct desk_request *q;

        assert_true(str_format(body, sizeof body, "user%d secret", (int)i));
        q = http_request("POST", "/password", body, "");
        q->tag = 9000 + i;
        ok(desk_post(r->desk, q));
    }
    assert_int_equal(knock(r, CHILD, 1), ADMIT_OK); /* the door does not wait for hashes */
    for (uint64_t i = 0; i < 46; i++) {
        struct desk_reply *p = wait_for(r, DESK_REPLY_HTTP, 9000 + i);

        busy += p->u.http.status == 503;
        wrong += p->u.http.status == 401;
        desk_reply_free(p);
    }
    assert_int_equal(busy + wrong, 46);
    assert_true(wrong >= 32);
    assert_true(busy >= 1);
}

static void closing_in_the_middle_of_work_loses_no_memory(void **state)
{
    struct rig *r = *state;

    run_desk(r);
    for (uint64_t i = 0; i < 6; i++)
        ok(desk_post(r->desk, http_request("POST", "/password", "irina secret", "")));
    desk_close(r->desk); /* ASan sees what is not freed */
    r->desk = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_rig, close_rig)
        t(a_killed_server_loses_five_seconds_at_most), /* first: it forks */
        t(only_the_scheduled_people_come_in),
        t(a_foreign_lesson_and_no_lesson_look_the_same),
        t(the_window_is_kept_to_the_millisecond),
        t(what_has_ended_stays_out),
        t(five_refusals_make_a_pause),
        t(a_second_device_must_ask_to_take_over),
        t(the_token_of_a_seat_brings_back_into_it),
        t(visitors_never_take_a_scheduled_persons_seat),
        t(a_lock_reaches_the_room),
        t(a_right_that_runs_out_is_noticed),
        t(a_refused_request_leaves_and_tells_nothing),
        t(a_lesson_becomes_attendance),
        t(a_lesson_nobody_came_to_is_closed_too),
        t(a_fact_that_comes_late_makes_a_new_run),
        t(an_outage_over_the_end_blames_nobody),
        t(a_second_server_is_kept_out),
        t(what_is_answered_is_on_the_disk),
        t(a_locked_database_lets_nobody_in),
        t(a_full_disk_keeps_facts_and_other_peoples_requests),
        t(a_link_opens_once_of_a_hundred_at_a_time),
        t(a_link_too_old_or_made_up_opens_nothing),
        t(a_session_idles_out_but_not_in_a_lesson),
        t(signing_out_everywhere_closes_connections),
        t(a_password_opens_and_a_wrong_one_does_not),
        t(a_card_opens_until_it_is_replaced_and_guessing_is_slow),
        t(a_flood_of_sign_ins_is_bounded),
        t(closing_in_the_middle_of_work_loses_no_memory),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
