/* SPDX-License-Identifier: Apache-2.0
 *
 * One's own password and mail address, and a lost password. Whether an address
 * is known is told to nobody: the answer is the same, and what differs in work
 * is one row. Desk thread; renewal_work on a worker.
 */
#include "server/api/password.h"

#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/notify.h"
#include "server/domain/accounts.h"
#include "server/store/audit.h"
#include "server/store/invite.h"
#include "server/store/org.h"
#include "server/store/second.h"
#include "server/sys/random.h"

/* ---- the worker ------------------------------------------------------------------------- */

void renewal_free(void *r)
{
    if (r)
        OPENSSL_cleanse(r, sizeof(struct renewal));
    mem_free(r);
}

struct renewal *renewal_new(struct call *c, renewal_done *done)
{
    struct renewal *r = mem_zalloc(1, sizeof *r);

    if (r) {
        r->done = done;
        r->key = desk_key(c->ctx->desk);
    }
    return r;
}

/* Worker thread. */
static void renewal_work(void *arg)
{
    struct renewal *r = arg;

    r->matched = !r->old[0] || account_verify(r->key, r->old, r->have);
    r->hashed = !r->fresh[0] || (r->matched && account_hash(r->key, r->fresh, r->encoded,
                                                            sizeof r->encoded) == ERR_OK);
    OPENSSL_cleanse(r->old, sizeof r->old);
    OPENSSL_cleanse(r->fresh, sizeof r->fresh);
}

enum api_answer call_done(struct call *c, enum err e, struct desk_reply *reply)
{
    if (!e)
        e = call_reply(c, reply);
    return e ? API_FAILED : API_DONE;
}

static enum api_answer renewal_resume(struct api_ctx *ctx, void *arg, struct desk_reply *reply)
{
    struct renewal *r = arg;
    char token[ACCOUNT_TOKEN_CHARS + 1] = "";
    enum api_answer answer;
    struct call c;
    enum err e;

    call_init(&c, ctx, &ctx->request->u.http);
    e = r->matched && !r->hashed ? ERR_NOMEM : r->done(&c, r, token);
    answer = call_done(&c, e, reply);
    if (answer == API_DONE && token[0])
        account_set_cookie(reply, token);
    OPENSSL_cleanse(token, sizeof token);
    call_deinit(&c);
    return answer;
}

enum api_answer renewal_go(struct call *c, struct renewal *r, struct desk_reply *reply)
{
    enum err e = api_defer(c->ctx, renewal_work, renewal_resume, r, renewal_free);

    if (e == ERR_AGAIN)
        return call_done(c, call_refuse(c, REFUSE_TOO_MANY), reply);
    return e ? API_FAILED : API_LATER;
}

/* ---- fields ----------------------------------------------------------------------------- */

void password_check(struct json_view *in, const char *field, const char *password,
                    const char *login)
{
    size_t len = strlen(password);
    bool same = true;

    for (size_t i = 1; i < len; i++)
        same = same && password[i] == password[0];
    if (in->fault == JSON_FAULT_NONE &&
        (len < ACCOUNT_PASSWORD_MIN || same || (login[0] && strstr(password, login))))
        json_view_blame(in, JSON_FAULT_RANGE, field);
}

void token_field(struct json_view *in, uint8_t hash[TOKEN_HASH_BYTES])
{
    const char *token = json_get_str(in, "token", 128);

    if (in->fault == JSON_FAULT_NONE && strlen(token) != ACCOUNT_TOKEN_CHARS)
        json_view_blame(in, JSON_FAULT_MALFORMED, "token");
    account_token_hash(token, hash);
}

bool address_tidy(const char *typed, char out[255])
{
    if (!str_copy(out, 255, typed))
        return false;
    for (char *p = out; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return notify_address_ok(out);
}

static enum api_answer refuse_fields(struct call *c, struct renewal *r, struct desk_reply *reply)
{
    renewal_free(r);
    return call_done(c, call_refuse_field(c, &c->in), reply);
}

/* ---- one's own -------------------------------------------------------------------------- */

/* Guesses at the password of a session that lies open are counted like those at the door. */
static enum err count_guess(struct call *c, bool *refused)
{
    uint8_t account[TOKEN_HASH_BYTES];
    struct sign_in_tries t;
    char text[48];
    int64_t id;
    enum err e;

    if (!str_format(text, sizeof text, "own:%lld", (long long)c->user.id.v))
        return ERR_INVAL;
    account_token_hash(text, account);
    e = sign_in_tries(c->db, account, "", c->now.unix_ms - 15 * MS_PER_MIN, &t);
    *refused = !e && t.failed_here >= 10;
    if (*refused)
        return call_refuse(c, REFUSE_TOO_MANY);
    return e ? e : sign_in_try_add(c->db, account, "", c->now.unix_ms, &id);
}

static enum err own_done(struct call *c, struct renewal *r, char token[ACCOUNT_TOKEN_CHARS + 1])
{
    int64_t now = c->now.unix_ms;
    enum err e = ERR_OK;

    (void)token;
    if (!user_id_eq(c->user.id, r->user))
        return call_refuse(c, REFUSE_NO_LOGIN); /* signed out meanwhile */
    if (!r->matched)
        return call_refuse(c, REFUSE_BAD_PASSWORD);
    if (r->encoded[0])
        e = account_keep_password(c->ctx, r->user, r->encoded, c->ctx->session.login.id);
    if (!e && r->address[0]) {
        e = mail_address_set(c->db, r->user, r->address, now);
        if (e == ERR_STATE)
            return call_refuse(c, REFUSE_ADDRESS_TAKEN);
        if (!e)
            e = call_audit(c, "mail_address.set", "user", r->user.v, "", "");
    }
    return e ? e : call_answer(c, 200, json_object());
}

/* Whoever has a password proves it first. */
static enum api_answer change_own(struct call *c, struct renewal *r, const char *old,
                                  struct desk_reply *reply)
{
    bool refused = false;
    enum err e = user_password(c->db, c->user.id, r->have, sizeof r->have);

    r->user = c->user.id;
    if (!e && r->have[0] && !old[0]) {
        json_view_blame(&c->in, JSON_FAULT_MISSING, "old");
        return refuse_fields(c, r, reply);
    }
    if (!e && r->have[0] && !str_copy(r->old, sizeof r->old, old))
        e = ERR_INVAL;
    if (!e && r->have[0])
        e = count_guess(c, &refused);
    if (e || refused) {
        renewal_free(r);
        return call_done(c, e, reply);
    }
    return renewal_go(c, r, reply);
}

enum api_answer password_put(struct call *c, struct desk_reply *reply)
{
    struct renewal *r = renewal_new(c, own_done);
    const char *old = json_opt_str(&c->in, "old", ACCOUNT_PASSWORD_MAX);
    const char *fresh = json_get_str(&c->in, "new", ACCOUNT_PASSWORD_MAX);

    password_check(&c->in, "new", fresh, c->user.login);
    if (!r)
        return API_FAILED;
    if (json_view_end(&c->in) || !str_copy(r->fresh, sizeof r->fresh, fresh))
        return refuse_fields(c, r, reply);
    return change_own(c, r, old ? old : "", reply);
}

enum api_answer mail_address_put(struct call *c, struct desk_reply *reply)
{
    struct renewal *r = renewal_new(c, own_done);
    const char *old = json_opt_str(&c->in, "old", ACCOUNT_PASSWORD_MAX);
    const char *address = json_get_str(&c->in, "address", MAIL_ADDRESS_MAX);

    if (!r)
        return API_FAILED;
    if (c->in.fault == JSON_FAULT_NONE && !address_tidy(address, r->address))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "address");
    if (json_view_end(&c->in))
        return refuse_fields(c, r, reply);
    return change_own(c, r, old ? old : "", reply);
}

enum err mail_address_get(struct call *c)
{
    char address[MAIL_ADDRESS_MAX + 1];
    enum err e = mail_address_of(c->db, c->user.id, address);

    return e ? e
             : call_answer(c, 200,
                           json_pack("{s:s,s:b,s:b}", "address", address, "password",
                                     (int)c->user.has_password, "mails",
                                     (int)desk_mails(c->ctx->desk)));
}

/* ---- a lost password -------------------------------------------------------------------- */

/* Askings for one address from anywhere, and of one client for any. */
static enum err count_ask(struct call *c, const char *key, const char *client,
                          const struct accounts_policy *p, bool *refused)
{
    uint8_t account[TOKEN_HASH_BYTES];
    struct sign_in_tries t;
    char text[300];
    int64_t id;
    enum err e;

    if (!str_format(text, sizeof text, "reset:%s", key))
        return ERR_INVAL;
    account_token_hash(text, account);
    e = sign_in_tries(c->db, account, client, c->now.unix_ms - p->asks_ms, &t);
    if (!e && t.failed_here >= p->asks_max)
        *refused = true;
    return e ? e : sign_in_try_add(c->db, account, client, c->now.unix_ms, &id);
}

/* The centre whose numbers hold for somebody nobody knows: the first. */
static enum err policy_of_all(struct call *c, struct accounts_policy *out)
{
    struct org centre;
    enum err e = call_centre(c, &centre);

    return e ? e : policy_accounts(c->db, centre.id, c->now.unix_ms, out);
}

static enum err send_reset(struct call *c, const struct user *u, const char *address,
                           const struct accounts_policy *p)
{
    char token[ACCOUNT_TOKEN_CHARS + 1], key[40];
    uint8_t hash[TOKEN_HASH_BYTES];
    struct notify_secret s = { .user = u->id, .address = address, .locale = u->locale };
    struct notify_args said = { .path = "/reset/", .when_ms = c->now.unix_ms + p->reset_ms };
    struct org centre;
    int64_t id = 0;
    enum err e = notify_centre(c->db, u->id, c->now.unix_ms, &centre);

    if (e)
        return e == ERR_NOTFOUND ? ERR_OK : e;
    e = random_token(32, token, sizeof token);
    if (e)
        return e;
    account_token_hash(token, hash);
    e = reset_add(c->db, u->id, hash, c->now.unix_ms + p->reset_ms, c->now.unix_ms, &id);
    s.centre = centre.id;
    s.token = token;
    if (!e && !str_format(key, sizeof key, "%lld", (long long)id))
        e = ERR_INVAL;
    if (!e)
        e = notify_with_token(c->db, desk_ring(c->ctx->desk), &s, NOTIFY_PASSWORD_RESET, key, &said,
                              c->now.unix_ms);
    if (!e)
        e = audit_add(c->db, c->now.unix_ms, (struct user_id){ 0 }, "password_reset.ask", "user",
                      u->id.v, "", "");
    OPENSSL_cleanse(token, sizeof token);
    return e;
}

enum err password_reset_post(struct call *c)
{
    char address[MAIL_ADDRESS_MAX + 1];
    const char *typed = json_get_str(&c->in, "address", MAIL_ADDRESS_MAX);
    struct accounts_policy p;
    struct user u = { .status = USER_ENDED };
    bool refused = false;
    int sent = 0;
    enum err e;

    if (c->in.fault == JSON_FAULT_NONE && !address_tidy(typed, address))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "address");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (!desk_mails(c->ctx->desk))
        return call_refuse(c, REFUSE_NO_MAIL);
    e = policy_of_all(c, &p);
    if (!e)
        e = count_ask(c, address, "", &p, &refused);
    if (!e)
        e = count_ask(c, "", c->http->client_hash, &p, &refused);
    if (!e && refused) {
        api_keep_writes(c->ctx);
        return call_refuse(c, REFUSE_TOO_MANY);
    }
    if (!e)
        e = user_by_address(c->db, address, &u);
    if (!e)
        e = reset_count(c->db, u.id, c->now.unix_ms - p.reset_ms, &sent);
    if (!e && u.status == USER_ACTIVE && sent < p.resets_max)
        e = send_reset(c, &u, address, &p);
    return e && e != ERR_NOTFOUND ? e : call_answer(c, 202, json_object());
}

static enum err reset_done(struct call *c, struct renewal *r, char token[ACCOUNT_TOKEN_CHARS + 1])
{
    struct user_id user;
    struct user u;
    int64_t id;
    enum err e = reset_by_token(c->db, r->token_hash, c->now.unix_ms, &user, &id);

    (void)token;
    if (!e)
        e = reset_use(c->db, id, user, c->now.unix_ms);
    if (!e)
        e = user_load(c->db, user, &u);
    if (e == ERR_NOTFOUND || (!e && u.status != USER_ACTIVE))
        return call_refuse(c, REFUSE_LINK_GONE);
    if (!e)
        e = account_keep_password(c->ctx, user, r->encoded, 0);
    return e ? e : call_answer(c, 200, json_object());
}

enum api_answer password_reset_use_post(struct call *c, struct desk_reply *reply)
{
    struct renewal *r = renewal_new(c, reset_done);
    const char *fresh = json_get_str(&c->in, "password", ACCOUNT_PASSWORD_MAX);
    int64_t id;
    enum err e;

    if (!r)
        return API_FAILED;
    token_field(&c->in, r->token_hash);
    password_check(&c->in, "password", fresh, "");
    if (json_view_end(&c->in) || !str_copy(r->fresh, sizeof r->fresh, fresh))
        return refuse_fields(c, r, reply);
    e = reset_by_token(c->db, r->token_hash, c->now.unix_ms, &r->user, &id);
    if (e == ERR_NOTFOUND)
        e = call_refuse(c, REFUSE_LINK_GONE);
    else if (!e)
        return renewal_go(c, r, reply);
    renewal_free(r);
    return call_done(c, e, reply);
}
