/* SPDX-License-Identifier: Apache-2.0
 *
 * Sign-in by password, card and link; sessions; new secrets. The slow hash
 * runs on a worker. Whatever is wrong with a try, the same work is done and
 * the same answer given.
 */
#include "server/api/account.h"

#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/card.h"
#include "server/api/desk_internal.h"
#include "server/api/device.h"
#include "server/api/notify.h"
#include "server/api/second.h"
#include "server/store/audit.h"
#include "server/sys/random.h"

#define TRIES_MAX 10                      /* F34: per account and address ... */
#define TRIES_WINDOW_MS (15 * MS_PER_MIN) /* ... in this time */
#define TRIES_IN_A_ROW_MAX 100            /* NIST SP 800-63B 5.2.2: consecutive, from anywhere */
#define TOKEN_BYTES 32
#define SECRET_MAX (ACCOUNT_PASSWORD_MAX + 1)

/* ---- tokens ----------------------------------------------------------------------------- */

enum err account_by_cookie(struct db *db, const char *token, int64_t now_ms, struct login *out)
{
    uint8_t hash[TOKEN_HASH_BYTES];
    struct login l;
    enum err e;

    if (strlen(token) != ACCOUNT_TOKEN_CHARS)
        return ERR_NOTFOUND;
    account_token_hash(token, hash);
    e = login_by_token(db, hash, &l);
    if (!e && !login_valid(&l, now_ms))
        e = ERR_NOTFOUND;
    if (!e)
        *out = l;
    return e;
}

enum err account_new_link(struct db *db, struct user_id user, int64_t valid_ms, int64_t now_ms,
                          struct user_id by, char out[ACCOUNT_TOKEN_CHARS + 1])
{
    char token[ACCOUNT_TOKEN_CHARS + 1];
    uint8_t hash[TOKEN_HASH_BYTES];
    int64_t id = 0;
    enum err e = random_token(TOKEN_BYTES, token, sizeof token);

    if (e)
        return e;
    account_token_hash(token, hash);
    e = link_add(db, user, hash, now_ms + valid_ms, now_ms, by, &id);
    if (!e)
        e = audit_add(db, now_ms, by, "link_issue", "user", user.v, "", "");
    if (!e)
        memcpy(out, token, sizeof token);
    OPENSSL_cleanse(token, sizeof token);
    return e;
}

/* A fresh session for a person who proved who they are. */
enum err account_begin(struct api_ctx *ctx, struct user_id user, const char *via,
                       struct sign_in_result *r)
{
    uint8_t hash[TOKEN_HASH_BYTES];
    enum err e = random_token(TOKEN_BYTES, r->token, sizeof r->token);

    if (e)
        return e;
    account_token_hash(r->token, hash);
    e = login_add(ctx->db, user, hash, via, ctx->request->u.http.client_hash, ctx->now.unix_ms,
                  &r->login);
    if (!e)
        e = device_note(ctx, r->login);
    if (!e)
        e = audit_add(ctx->db, ctx->now.unix_ms, user, "sign_in", "login_session", r->login, "",
                      "");
    r->user = user;
    r->verdict = SIGN_IN_OK;
    return e;
}

void account_set_cookie(struct desk_reply *reply, const char *token)
{
    char value[160];

    if (str_format(value, sizeof value, "%s=%s; Path=/; Secure; HttpOnly; SameSite=Strict",
                   ACCOUNT_COOKIE, token))
        api_header(reply, "Set-Cookie", value);
    OPENSSL_cleanse(value, sizeof value);
}

void account_clear_cookie(struct desk_reply *reply)
{
    api_header(reply, "Set-Cookie",
               ACCOUNT_COOKIE "=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
}

/* ---- password and card ------------------------------------------------------------------ */

struct check {
    const struct account_key *key; /* of the desk, which outlives its workers */
    char secret[SECRET_MAX];
    char encoded[PIN_HASH_MAX]; /* "" : there is none; the same work is done */
    bool match;
    bool by_pin;
    char code[ACCOUNT_CODE_MAX + 1]; /* of the second step, "": none */
    struct user_id user;             /* 0: nobody of that name */
    int64_t try_id;
    sign_in_done *done;
};

static void check_free(void *arg)
{
    OPENSSL_cleanse(arg, sizeof(struct check));
    mem_free(arg);
}

/* Worker thread. */
static void check_work(void *arg)
{
    struct check *c = arg;

    c->match = account_verify(c->key, c->secret, c->encoded);
    OPENSSL_cleanse(c->secret, sizeof c->secret);
}

static enum api_answer finish(struct api_ctx *ctx, sign_in_done *done, struct sign_in_result *r,
                              struct desk_reply *reply)
{
    enum api_answer a;

    api_keep_writes(ctx); /* the tries are counted whatever is answered */
    a = done(ctx, r, reply);
    OPENSSL_cleanse(r, sizeof *r);
    return a;
}

/* The secret was right. A code that is missing is no failed try; one that is wrong stays one, so
 * that whoever has the password cannot try codes either (T7). */
static enum err open_door(struct api_ctx *ctx, const struct check *c, struct sign_in_result *r)
{
    enum second_answer second = SECOND_OK;
    enum err e = c->by_pin ? ERR_OK : second_ask(ctx, c->user, c->code, &second);

    if (e || second == SECOND_WRONG) {
        r->verdict = SIGN_IN_BAD_CODE;
        return e;
    }
    if (second == SECOND_NEED) {
        r->verdict = SIGN_IN_NEED_CODE;
        return sign_in_try_drop(ctx->db, c->try_id);
    }
    e = sign_in_try_won(ctx->db, c->try_id);
    return e ? e : account_begin(ctx, c->user, c->by_pin ? "pin" : "password", r);
}

static enum api_answer check_resume(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct check *c = arg;
    struct sign_in_result r = { .verdict = SIGN_IN_WRONG };
    struct user u = { .status = USER_ENDED };
    enum err e = ERR_OK;

    if (c->match && c->user.v) {
        e = user_load(ctx->db, c->user, &u);
        if (!e && u.status != USER_ACTIVE)
            r.verdict = SIGN_IN_ENDED;
        else if (!e)
            e = open_door(ctx, c, &r);
    }
    return e ? API_FAILED : finish(ctx, c->done, &r, reply);
}

/* Throttled? Else the try is written down, as failed until it has won. */
static enum err count_try(struct api_ctx *ctx, const char *login, int64_t *try_id,
                          struct sign_in_result *r)
{
    uint8_t account[TOKEN_HASH_BYTES];
    const char *ip = ctx->request->u.http.client_hash;
    int64_t now = ctx->now.unix_ms;
    struct sign_in_tries t;
    enum err e;

    account_token_hash(login, account);
    e = sign_in_tries(ctx->db, account, ip, now - TRIES_WINDOW_MS, &t);
    if (e)
        return e;
    if (t.failed_here >= TRIES_MAX) {
        r->verdict = SIGN_IN_THROTTLED;
        r->at_ms = t.oldest_ms + TRIES_WINDOW_MS;
        return ERR_OK;
    }
    /* Strangers may not lock a child out of its own device. */
    if (t.failed_in_a_row >= TRIES_IN_A_ROW_MAX && !t.won_here) {
        r->verdict = SIGN_IN_THROTTLED;
        return ERR_OK;
    }
    return sign_in_try_add(ctx->db, account, ip, now, try_id);
}

/* The stored hash of what is asked for; none is no error. */
static enum err load_secret(struct api_ctx *ctx, const char *login, struct check *c)
{
    struct user u;
    enum err e = user_by_login(ctx->db, login, &u);

    if (!e) {
        c->user = u.id;
        e = c->by_pin ? pin_load(ctx->db, u.id, ctx->now.unix_ms, c->encoded, sizeof c->encoded)
                      : user_password(ctx->db, u.id, c->encoded, sizeof c->encoded);
    }
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

static bool lower_login(const char *login, char out[USER_LOGIN_MAX + 1])
{
    if (!str_copy(out, USER_LOGIN_MAX + 1, login))
        return false;
    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return true;
}

static enum api_answer sign_in(struct api_ctx *ctx, const char *typed, const char *secret,
                               const char *code, bool by_pin, sign_in_done *done,
                               struct desk_reply *reply)
{
    struct sign_in_result r = { .verdict = SIGN_IN_WRONG };
    char login[USER_LOGIN_MAX + 1];
    struct check *c = mem_zalloc(1, sizeof *c);
    enum err e = c ? ERR_OK : ERR_NOMEM;

    if (!c)
        return API_FAILED;
    *c = (struct check){ .key = &ctx->desk->key, .by_pin = by_pin, .done = done };
    /* Too long for any account: nothing to count and nothing to look for. */
    if (!lower_login(typed, login) || !str_copy(c->secret, sizeof c->secret, secret) ||
        !str_copy(c->code, sizeof c->code, code)) {
        check_free(c);
        return finish(ctx, done, &r, reply);
    }
    e = count_try(ctx, login, &c->try_id, &r);
    if (!e && r.verdict != SIGN_IN_THROTTLED)
        e = load_secret(ctx, login, c);
    if (e || r.verdict == SIGN_IN_THROTTLED) {
        check_free(c);
        return e ? API_FAILED : finish(ctx, done, &r, reply);
    }
    e = api_defer(ctx, check_work, check_resume, c, check_free);
    if (e == ERR_AGAIN) {
        r.verdict = SIGN_IN_BUSY;
        return done(ctx, &r, reply); /* not counted: it was not looked at */
    }
    return e ? API_FAILED : API_LATER;
}

enum api_answer account_sign_in(struct api_ctx *ctx, const char *login, const char *password,
                                sign_in_done *done, struct desk_reply *reply)
{
    return sign_in(ctx, login, password, "", false, done, reply);
}

enum api_answer account_sign_in_code(struct api_ctx *ctx, const char *login, const char *password,
                                     const char *code, sign_in_done *done, struct desk_reply *reply)
{
    return sign_in(ctx, login, password, code, false, done, reply);
}

enum api_answer account_sign_in_pin(struct api_ctx *ctx, const char *login, const char *pin,
                                    sign_in_done *done, struct desk_reply *reply)
{
    return sign_in(ctx, login, pin, "", true, done, reply);
}

/* ---- link ------------------------------------------------------------------------------- */

enum err account_sign_in_link(struct api_ctx *ctx, const char *token, struct sign_in_result *out)
{
    struct sign_in_result r = { .verdict = SIGN_IN_WRONG };
    uint8_t hash[TOKEN_HASH_BYTES];
    struct user_id user = { 0 };
    struct user u;
    int64_t link = 0;
    enum err e = ERR_NOTFOUND;

    account_token_hash(token, hash);
    if (strlen(token) == ACCOUNT_TOKEN_CHARS)
        e = link_consume(ctx->db, hash, ctx->now.unix_ms, &user, &link);
    if (e == ERR_NOTFOUND) {
        *out = r;
        return ERR_OK;
    }
    if (!e)
        e = user_load(ctx->db, user, &u);
    if (!e && u.status != USER_ACTIVE) {
        r.verdict = SIGN_IN_ENDED;
    } else if (!e) {
        e = account_begin(ctx, user, "link", &r);
        if (!e)
            e = link_used_by(ctx->db, link, r.login);
    }
    if (e)
        return e;
    api_keep_writes(ctx);
    *out = r;
    OPENSSL_cleanse(&r, sizeof r);
    return ERR_OK;
}

/* ---- signing out ------------------------------------------------------------------------ */

enum err account_end_login(struct api_ctx *ctx, int64_t login, const char *reason)
{
    enum err e = login_end(ctx->db, login, reason, ctx->now.unix_ms);

    if (!e)
        e = audit_add(ctx->db, ctx->now.unix_ms, ctx->session.user.id, "sign_out", "login_session",
                      login, "", reason);
    if (!e)
        desk_push_logout(ctx, login);
    return e;
}

enum err account_sign_out(struct api_ctx *ctx)
{
    return ctx->session.valid ? account_end_login(ctx, ctx->session.login.id, "sign_out") : ERR_OK;
}

enum err account_end_others(struct api_ctx *ctx, struct user_id user, int64_t but,
                            const char *reason)
{
    struct login_list l = { 0 };
    enum err e = login_list(ctx->db, user, ctx->now.unix_ms, &l);

    for (size_t i = 0; !e && i < l.n; i++)
        if (l.items[i].id != but)
            e = account_end_login(ctx, l.items[i].id, reason);
    login_list_free(&l);
    return e;
}

enum err account_sign_out_all(struct api_ctx *ctx, struct user_id user, const char *reason)
{
    return account_end_others(ctx, user, 0, reason);
}

/* ---- new secrets ------------------------------------------------------------------------ */

struct fresh {
    const struct account_key *key;
    char secret[SECRET_MAX];
    char encoded[PIN_HASH_MAX];
    bool hashed;
    struct user_id user;
    secret_done *password_done; /* one of the two */
    enum api_answer (*pin_done)(struct api_ctx *ctx, bool ok, const char *pin,
                                struct desk_reply *reply);
};

static void fresh_free(void *arg)
{
    OPENSSL_cleanse(arg, sizeof(struct fresh));
    mem_free(arg);
}

/* Worker thread. */
static void fresh_work(void *arg)
{
    struct fresh *f = arg;

    f->hashed = account_hash(f->key, f->secret, f->encoded, sizeof f->encoded) == ERR_OK;
}

static enum api_answer fresh_done(struct api_ctx *ctx, const struct fresh *f, bool ok,
                                  struct desk_reply *reply)
{
    return f->pin_done ? f->pin_done(ctx, ok, ok ? f->secret : "", reply)
                       : f->password_done(ctx, ok, reply);
}

/* A new secret ends the row of failures against the old one. */
static enum err forget_failures(struct api_ctx *ctx, struct user_id user)
{
    uint8_t account[TOKEN_HASH_BYTES];
    struct user u;
    int64_t id = 0;
    enum err e = user_load(ctx->db, user, &u);

    if (e)
        return e;
    account_token_hash(u.login, account);
    e = sign_in_try_add(ctx->db, account, "", ctx->now.unix_ms, &id);
    return e ? e : sign_in_try_won(ctx->db, id);
}

enum err account_keep_password(struct api_ctx *ctx, struct user_id user, const char *encoded,
                               int64_t but_login)
{
    int64_t now = ctx->now.unix_ms;
    struct notify_args said = { .when_ms = now };
    char key[40];
    enum err e = user_set_password(ctx->db, user, encoded, now);

    if (!e)
        e = audit_add(ctx->db, now, ctx->session.user.id, "password_set", "user", user.v, "", "");
    if (!e)
        e = forget_failures(ctx, user);
    /* Whoever came in with the old secret is asked for the new one. */
    if (!e)
        e = account_end_others(ctx, user, but_login, "new_secret");
    if (!e && !str_format(key, sizeof key, "%lld", (long long)now))
        e = ERR_INVAL;
    return e ? e : notify(ctx->db, user, NOTIFY_PASSWORD_CHANGED, key, &said, now);
}

static enum api_answer fresh_resume(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    const struct fresh *f = arg;
    int64_t now = ctx->now.unix_ms;
    enum err e = ERR_NOMEM;

    if (f->hashed && f->pin_done) {
        e = pin_set(ctx->db, f->user, f->encoded, FOREVER_MS, now, ctx->session.user.id);
        /* The digits alone must find the child; the same on two cards: the person tries again. */
        if (!e)
            e = card_find_by(ctx->db, f->key, f->user, f->secret, now);
    } else if (f->hashed)
        e = user_set_password(ctx->db, f->user, f->encoded, now);
    if (!e)
        e = audit_add(ctx->db, now, ctx->session.user.id, f->pin_done ? "pin_set" : "password_set",
                      "user", f->user.v, "", "");
    if (!e)
        e = forget_failures(ctx, f->user);
    /* Whoever came in with the old secret is asked for the new one. */
    if (!e)
        e = account_end_others(ctx, f->user, ctx->session.login.id, "new_secret");
    return e ? API_FAILED : fresh_done(ctx, f, true, reply);
}

static enum api_answer defer_fresh(struct api_ctx *ctx, struct fresh *f, struct desk_reply *reply)
{
    struct fresh copy = { .password_done = f->password_done, .pin_done = f->pin_done };
    enum err e = api_defer(ctx, fresh_work, fresh_resume, f, fresh_free);

    if (e == ERR_AGAIN)
        return fresh_done(ctx, &copy, false, reply);
    return e ? API_FAILED : API_LATER;
}

enum api_answer account_set_password(struct api_ctx *ctx, struct user_id user, const char *password,
                                     secret_done *done, struct desk_reply *reply)
{
    struct fresh *f;
    size_t len = strlen(password);

    if (len < ACCOUNT_PASSWORD_MIN || len > ACCOUNT_PASSWORD_MAX)
        return done(ctx, false, reply);
    f = mem_zalloc(1, sizeof *f);
    if (!f)
        return API_FAILED;
    *f = (struct fresh){ .key = &ctx->desk->key, .user = user, .password_done = done };
    memcpy(f->secret, password, len + 1);
    return defer_fresh(ctx, f, reply);
}

/* Six digits, each equally likely; not those that everybody tries first. */
static enum err random_pin(char out[ACCOUNT_PIN_DIGITS + 1])
{
    for (int tries = 0; tries < 100; tries++) {
        uint32_t n = 0;
        bool same = true, up = true, down = true;
        enum err e = random_bytes(&n, sizeof n);

        if (e)
            return e;
        if (n >= 4294000000u) /* the last part that 10^6 does not divide */
            continue;
        if (!str_format(out, ACCOUNT_PIN_DIGITS + 1, "%06u", n % 1000000u))
            return ERR_INVAL;
        for (int i = 1; i < ACCOUNT_PIN_DIGITS; i++) {
            same = same && out[i] == out[i - 1];
            up = up && out[i] == out[i - 1] + 1;
            down = down && out[i] == out[i - 1] - 1;
        }
        if (!same && !up && !down)
            return ERR_OK;
    }
    return ERR_IO;
}

enum api_answer account_new_pin(struct api_ctx *ctx, struct user_id user,
                                enum api_answer (*done)(struct api_ctx *ctx, bool ok,
                                                        const char *pin, struct desk_reply *reply),
                                struct desk_reply *reply)
{
    struct fresh *f = mem_zalloc(1, sizeof *f);

    if (!f)
        return API_FAILED;
    *f = (struct fresh){ .key = &ctx->desk->key, .user = user, .pin_done = done };
    if (random_pin(f->secret) != ERR_OK) {
        fresh_free(f);
        return API_FAILED;
    }
    return defer_fresh(ctx, f, reply);
}
