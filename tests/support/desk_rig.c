/* SPDX-License-Identifier: Apache-2.0
 *
 * The rig of desk_rig.h.
 */
#include "tests/support/desk_rig.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/login.h"

_Atomic int64_t desk_rig_ms;

struct now desk_rig_clock(void)
{
    int64_t ms = atomic_load(&desk_rig_ms);

    return (struct now){ .mono_us = ms * US_PER_MS, .unix_ms = ms };
}

struct user_id desk_rig_user(const struct desk_rig *r, enum who who)
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
void desk_rig_cookie(enum who who, char out[ACCOUNT_TOKEN_CHARS + 1])
{
    memset(out, 'a' + (int)who, ACCOUNT_TOKEN_CHARS);
    out[ACCOUNT_TOKEN_CHARS] = '\0';
}

static int test_handle(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply);

void desk_rig_start(struct desk_rig *r)
{
    struct desk_config c = { .db_path = r->w.path,
                             .key_path = r->w.key_path,
                             .workers = 2,
                             .to_net = &r->to_net,
                             .clock = desk_rig_clock,
                             .handle = test_handle };

    ok(desk_open(&r->desk, &c));
}

static void sign_everybody_in(struct desk_rig *r)
{
    for (int i = CHILD; i <= OFFICER; i++) {
        char token[ACCOUNT_TOKEN_CHARS + 1];
        uint8_t hash[32];

        desk_rig_cookie((enum who)i, token);
        account_token_hash(token, hash);
        ok(login_add(r->w.db, desk_rig_user(r, (enum who)i), hash, "link", "", NOW, &r->login[i]));
    }
}

int desk_rig_open(void **state)
{
    static struct desk_rig r;

    memset(&r, 0, sizeof r);
    atomic_store(&desk_rig_ms, NOW);
    world_open(&r.w, NOW);
    ok(mailbox_init(&r.to_net, NULL, NULL));
    r.lesson = world_lesson(&r.w, 0, 0, START, END);
    sign_everybody_in(&r);
    *state = &r;
    return 0;
}

/* The database is with the desk from here on. */
void desk_rig_run(struct desk_rig *r)
{
    world_let_go(&r->w);
    desk_rig_start(r);
}

/* And back with the test. */
void desk_rig_stop(struct desk_rig *r)
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

int desk_rig_close(void **state)
{
    struct desk_rig *r = *state;

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

static void keep_other(struct desk_rig *r, struct mail *m)
{
    struct mail **at = &r->others;

    while (*at)
        at = &(*at)->next;
    m->next = NULL;
    *at = m;
}

/* The next mail of a kind (and tag, unless it is a push). */
struct desk_reply *desk_rig_wait(struct desk_rig *r, enum desk_reply_kind kind, uint64_t tag)
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

struct desk_reply *desk_rig_ask(struct desk_rig *r, struct desk_request *q)
{
    enum desk_reply_kind kind = q->kind == DESK_HTTP      ? DESK_REPLY_HTTP
                                : q->kind == DESK_CONNECT ? DESK_REPLY_CONNECT
                                                          : DESK_REPLY_ADMIT;

    q->tag = ++r->tag;
    ok(desk_post(r->desk, q));
    return desk_rig_wait(r, kind, r->tag);
}

struct desk_request *desk_rig_admit(struct desk_rig *r, enum who who, struct lesson_id lesson,
                                    uint64_t conn)
{
    struct desk_request *q = desk_request_new(DESK_ADMIT, 0);

    assert_non_null(q);
    q->u.admit.user = desk_rig_user(r, who);
    q->u.admit.login = r->login[who];
    q->u.admit.lesson = lesson;
    q->u.admit.conn = conn;
    return q;
}

enum admit desk_rig_knock(struct desk_rig *r, enum who who, uint64_t conn)
{
    struct desk_reply *p = desk_rig_ask(r, desk_rig_admit(r, who, r->lesson, conn));
    enum admit verdict = p->u.admit.verdict;

    desk_reply_free(p);
    return verdict;
}

struct desk_reply *desk_rig_sit(struct desk_rig *r, enum who who, uint64_t conn)
{
    struct desk_reply *p = desk_rig_ask(r, desk_rig_admit(r, who, r->lesson, conn));

    assert_int_equal(p->u.admit.verdict, ADMIT_OK);
    assert_false(p->u.admit.seat_taken);
    assert_true(p->u.admit.session.v > 0);
    return p;
}

struct desk_request *desk_rig_fact(enum desk_fact_kind kind, struct lesson_id lesson,
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

void desk_rig_tell(struct desk_rig *r, struct desk_request *q)
{
    ok(desk_post(r->desk, q));
}

void desk_rig_tell_left(struct desk_rig *r, struct session_id s, int64_t at_ms,
                        enum leave_cause cause)
{
    struct desk_request *q = desk_rig_fact(DESK_FACT_LEFT, r->lesson, s, at_ms);

    q->u.fact.cause = cause;
    desk_rig_tell(r, q);
}

char *desk_rig_text(const char *s)
{
    char *copy = mem_strndup(s, strlen(s));

    assert_non_null(copy);
    return copy;
}

struct desk_request *desk_rig_http(const char *method, const char *path, const char *body,
                                   const char *cookie)
{
    struct desk_request *q = desk_request_new(DESK_HTTP, 0);

    assert_non_null(q);
    assert_true(str_copy(q->u.http.method, sizeof q->u.http.method, method));
    q->u.http.path = desk_rig_text(path);
    q->u.http.query = desk_rig_text("");
    q->u.http.cookie = desk_rig_text(cookie);
    q->u.http.body = desk_rig_text(body);
    q->u.http.body_len = strlen(body);
    assert_true(str_copy(q->u.http.client_hash, sizeof q->u.http.client_hash, "ip"));
    return q;
}

/* Status of a request; the body into out if it is not NULL. */
int desk_rig_call(struct desk_rig *r, const char *method, const char *path, const char *body,
                  char *out, size_t cap)
{
    char cookie[ACCOUNT_TOKEN_CHARS + 1];
    struct desk_reply *p;
    int status;

    desk_rig_cookie(COORDINATOR, cookie);
    p = desk_rig_ask(r, desk_rig_http(method, path, body, cookie));
    status = p->u.http.status;
    if (out)
        assert_true(str_copy(out, cap, p->u.http.body ? p->u.http.body : ""));
    desk_reply_free(p);
    return status;
}

/* All that was posted before has been handled. */
void desk_rig_sync(struct desk_rig *r)
{
    for (int i = 0; i < 2; i++) /* time is looked at behind each mail */
        assert_int_equal(desk_rig_call(r, "GET", "/ping", "", NULL, 0), 200);
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
