/* SPDX-License-Identifier: Apache-2.0
 *
 * Who am I, signing in and out. The secrets themselves are account.h's; here
 * a verdict becomes an answer. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/card.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/org.h"

enum err centre_get(struct call *c)
{
    struct org o;
    enum err err = call_centre(c, &o);

    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_UNAVAILABLE);
    if (err)
        return err;
    return call_answer(c, 200,
                       json_pack("{s:s,s:s,s:[s,s],s:b}", "name", o.name, "phone", o.phone,
                                 "locales", "ru", "en", "demo", (int)call_demo(c)));
}

enum err session_get(struct call *c)
{
    json_t *me = NULL;
    enum err err = me_json(c, &me);

    return err ? err : call_answer(c, 200, me);
}

static enum err refuse_at(struct call *c, int64_t at_ms)
{
    enum err err = call_refuse(c, REFUSE_TOO_MANY);

    if (err || !at_ms)
        return err;
    return call_answer(
        c, 429, json_pack("{s:{s:s,s:I}}", "error", "code", "too_many", "at", (json_int_t)at_ms));
}

static enum err verdict_to_answer(struct call *c, const struct sign_in_result *r)
{
    json_t *me = NULL;
    enum err err;

    switch (r->verdict) {
    case SIGN_IN_OK:
        err = call_load_user(c, r->user);
        if (!err)
            err = me_json(c, &me);
        return err ? err : call_answer(c, 200, me);
    case SIGN_IN_WRONG:
        return call_refuse(c, REFUSE_BAD_SIGN_IN);
    case SIGN_IN_NEED_CODE:
        return call_refuse(c, REFUSE_NEED_CODE);
    case SIGN_IN_BAD_CODE:
        return call_refuse(c, REFUSE_BAD_CODE);
    case SIGN_IN_ENDED:
        return call_refuse(c, REFUSE_ACCOUNT_ENDED);
    case SIGN_IN_THROTTLED:
        return refuse_at(c, r->at_ms);
    case SIGN_IN_BUSY:
        return refuse_at(c, c->now.unix_ms + 3 * MS_PER_S);
    }
    return ERR_INVAL;
}

/* Last step of every way in. */
static enum api_answer signed_in(struct api_ctx *ctx, const struct sign_in_result *r,
                                 struct desk_reply *reply)
{
    struct call c;
    enum err err;

    call_init(&c, ctx, &ctx->request->u.http);
    err = verdict_to_answer(&c, r);
    if (!err)
        err = call_reply(&c, reply);
    if (!err && r->verdict == SIGN_IN_OK)
        account_set_cookie(reply, r->token);
    call_deinit(&c);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer refuse_body(struct call *c, struct desk_reply *reply)
{
    enum err err = call_refuse_field(c, &c->in);

    if (!err)
        err = call_reply(c, reply);
    return err ? API_FAILED : API_DONE;
}

static enum api_answer by_link(struct call *c, struct desk_reply *reply)
{
    struct sign_in_result r = { 0 };
    const char *link = json_get_str(&c->in, "link", 128);

    if (c->in.fault == JSON_FAULT_NONE && strlen(link) < 16)
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "link");
    if (json_view_end(&c->in))
        return refuse_body(c, reply);
    if (account_sign_in_link(c->ctx, link, &r))
        return API_FAILED;
    return signed_in(c->ctx, &r, reply);
}

static enum api_answer by_code(struct call *c, struct desk_reply *reply)
{
    const char *code = json_get_str(&c->in, "code", 6);

    if (c->in.fault == JSON_FAULT_NONE && (strlen(code) != 6 || strspn(code, "0123456789") != 6))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "code");
    if (json_view_end(&c->in))
        return refuse_body(c, reply);
    return card_sign_in(c->ctx, code, signed_in, reply);
}

static enum api_answer by_password(struct call *c, struct desk_reply *reply)
{
    const char *login = json_get_str(&c->in, "login", 80);
    const char *password = json_get_str(&c->in, "password", 256);
    const char *code = json_opt_str(&c->in, "second", ACCOUNT_CODE_MAX);

    if (!login[0])
        json_view_blame(&c->in, JSON_FAULT_RANGE, "login");
    if (!password[0])
        json_view_blame(&c->in, JSON_FAULT_RANGE, "password");
    if (json_view_end(&c->in))
        return refuse_body(c, reply);
    return account_sign_in_code(c->ctx, login, password, code ? code : "", signed_in, reply);
}

enum api_answer session_post(struct call *c, struct desk_reply *reply)
{
    if (json_has(&c->in, "link"))
        return by_link(c, reply);
    if (json_has(&c->in, "code"))
        return by_code(c, reply);
    return by_password(c, reply);
}

enum api_answer session_delete(struct call *c, struct desk_reply *reply)
{
    if (account_sign_out(c->ctx))
        return API_FAILED;
    api_reply(reply, 204, "", NULL, 0);
    account_clear_cookie(reply);
    return API_DONE;
}
