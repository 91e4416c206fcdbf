/* SPDX-License-Identifier: Apache-2.0
 *
 * Invitations of staff: sent by mail, opened once, until they expire. The
 * account, its role and its address come into being together or not at all.
 * Desk thread.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/notify.h"
#include "server/api/password.h"
#include "server/api/person.h"
#include "server/api/second.h"
#include "server/domain/accounts.h"
#include "server/store/audit.h"
#include "server/store/invite.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/second.h"
#include "server/sys/random.h"

static const char *const locales[] = { "ru", "en" };

static enum err invite_json(const struct call *c, const struct invite *i, json_t **out)
{
    json_t *by = NULL;
    struct org o;
    enum err e = org_load(c->db, i->org, &o);

    if (!e)
        e = person_json(c, i->by, &by);
    if (e)
        return e;
    *out = json_pack("{s:I,s:s,s:s,s:s,s:{s:I,s:s},s:I,s:I,s:b,s:o}", "id", (json_int_t)i->id,
                     "name", i->name, "address", i->address, "role", role_name(i->role), "org",
                     "id", (json_int_t)o.id.v, "name", o.name, "sent", (json_int_t)i->created_ms,
                     "expires", (json_int_t)i->expires_ms, "expired",
                     (int)(i->expires_ms <= c->now.unix_ms), "by", by);
    return *out ? ERR_OK : ERR_NOMEM;
}

/* The centre the right reaches; v 0: all. False: no such right. */
static bool reach(const struct call *c, enum right right, struct org_id *out)
{
    struct grant g;

    switch (call_scope(c, right, &g)) {
    case SCOPE_ALL:
        out->v = 0;
        return true;
    case SCOPE_OWN_CENTRE:
        *out = g.org;
        return true;
    default:
        return false;
    }
}

enum err invitations_get(struct call *c)
{
    struct invite_list l = { 0 };
    struct org_id centre;
    json_t *items;
    enum err e;

    if (!reach(c, RIGHT_USER_LIST, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    items = json_array();
    e = items ? invite_list(c->db, centre, &l) : ERR_NOMEM;
    for (size_t i = 0; !e && i < l.n; i++) {
        json_t *one = NULL;

        e = invite_json(c, &l.items[i], &one);
        if (!e)
            e = json_push(items, one);
    }
    invite_list_free(&l);
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(c, 200, json_pack("{s:o}", "items", items));
}

/* ---- inviting --------------------------------------------------------------------------- */

static enum err read_invite(struct call *c, struct invite *i, bool *refused)
{
    const char *name = json_get_str(&c->in, "name", USER_NAME_MAX);
    const char *address = json_get_str(&c->in, "address", MAIL_ADDRESS_MAX);
    const char *role = json_get_str(&c->in, "role", 24);
    int lang = json_get_word(&c->in, "locale", locales, 2);

    i->org.v = json_opt_int(&c->in, "school", 1, INT64_C(9007199254740991), 0);
    if (c->in.fault == JSON_FAULT_NONE && !str_name_ok(name, 80))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "name");
    if (c->in.fault == JSON_FAULT_NONE && !address_tidy(address, i->address))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "address");
    if (c->in.fault == JSON_FAULT_NONE && !role_parse(role, &i->role))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "role");
    if (c->in.fault == JSON_FAULT_NONE && (i->role == ROLE_SCHOOL_OFFICER) != (i->org.v != 0))
        json_view_blame(&c->in, i->org.v ? JSON_FAULT_UNKNOWN : JSON_FAULT_MISSING, "school");
    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    return str_copy(i->name, sizeof i->name, name) &&
                   str_copy(i->locale, sizeof i->locale, locales[lang])
               ? ERR_OK
               : ERR_INVAL;
}

/* Where the role will be held: the centre, or a school of it. */
static enum err place(struct call *c, struct invite *i, struct org_id centre, bool *refused)
{
    struct org o;
    enum err e;

    if (!centre.v) { /* an administrator's own centre, or the first there is */
        e = call_centre(c, &o);
        if (e)
            return e;
        centre = o.id;
    }
    i->centre = centre;
    if (i->role != ROLE_SCHOOL_OFFICER) {
        i->org = centre;
        return ERR_OK;
    }
    e = org_load(c->db, i->org, &o);
    *refused = e == ERR_NOTFOUND || (!e && (o.type != ORG_SCHOOL || !org_id_eq(o.parent, centre)));
    if (*refused)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return e;
}

/* Nobody else may have the address: not an account, not another open invitation. */
static enum err address_free(struct call *c, const struct invite *i, bool *refused)
{
    struct user u;
    enum err e = user_by_address(c->db, i->address, &u);

    *refused = e == ERR_OK;
    if (*refused)
        return call_refuse(c, REFUSE_ADDRESS_TAKEN);
    return e == ERR_NOTFOUND ? invite_clear(c->db, i->address, c->now.unix_ms) : e;
}

static enum err send(struct call *c, struct invite *i)
{
    char token[ACCOUNT_TOKEN_CHARS + 1], key[40];
    uint8_t hash[TOKEN_HASH_BYTES];
    struct notify_args said = { .path = "/invite/", .when_ms = i->expires_ms, .who = i->name };
    struct notify_secret s = { .centre = i->centre, .address = i->address, .locale = i->locale };
    json_t *json = NULL;
    enum err e = random_token(32, token, sizeof token);

    if (e)
        return e;
    account_token_hash(token, hash);
    e = invite_add(c->db, i, hash, c->now.unix_ms, &i->id);
    if (e == ERR_STATE) {
        OPENSSL_cleanse(token, sizeof token);
        return call_refuse(c, REFUSE_ADDRESS_TAKEN);
    }
    s.token = token;
    if (!e && !str_format(key, sizeof key, "%lld", (long long)i->id))
        e = ERR_INVAL;
    if (!e)
        e = notify_with_token(c->db, desk_ring(c->ctx->desk), &s, NOTIFY_INVITATION, key, &said,
                              c->now.unix_ms);
    OPENSSL_cleanse(token, sizeof token);
    if (!e)
        e = call_audit(c, "invitation.send", "account_invitation", i->id, "", role_name(i->role));
    if (!e)
        e = invite_json(c, i, &json);
    return e ? e : call_answer(c, 201, json);
}

enum err invitation_post(struct call *c)
{
    struct invite i = { .by = c->user.id, .created_ms = c->now.unix_ms };
    struct accounts_policy p;
    struct org_id centre = { 0 };
    bool roles[ROLE_COUNT], refused = false;
    enum err e = read_invite(c, &i, &refused);

    if (e || refused)
        return e;
    roles_of(&c->grants, roles);
    if (!reach(c, RIGHT_USER_MANAGE, &centre) || !accounts_may_invite(roles, i.role))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!desk_mails(c->ctx->desk))
        return call_refuse(c, REFUSE_NO_MAIL);
    e = place(c, &i, centre, &refused);
    if (!e && !refused)
        e = address_free(c, &i, &refused);
    if (e || refused)
        return e;
    e = policy_accounts(c->db, i.centre, c->now.unix_ms, &p);
    i.expires_ms = c->now.unix_ms + p.invitation_ms;
    return e ? e : send(c, &i);
}

enum err invitation_delete(struct call *c)
{
    struct org_id centre = { 0 };
    struct invite i;
    enum err e;

    if (!reach(c, RIGHT_USER_MANAGE, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    e = invite_load(c->db, c->id, &i);
    if (!e && centre.v && !org_id_eq(i.centre, centre))
        e = ERR_NOTFOUND;
    if (!e && (i.used || i.withdrawn))
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = invite_withdraw(c->db, c->id, c->now.unix_ms);
    if (!e)
        e = call_audit(c, "invitation.withdraw", "account_invitation", c->id, "", "");
    return e ? e : call_answer(c, 200, json_object());
}

/* ---- accepting -------------------------------------------------------------------------- */

enum err invitation_look_post(struct call *c)
{
    uint8_t hash[TOKEN_HASH_BYTES];
    struct invite i;
    struct org o;
    enum err e;

    token_field(&c->in, hash);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    e = invite_by_token(c->db, hash, c->now.unix_ms, &i);
    if (e == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_LINK_GONE);
    if (!e)
        e = org_load(c->db, i.org, &o);
    return e ? e
             : call_answer(c, 200,
                           json_pack("{s:s,s:s,s:s,s:s,s:I}", "name", i.name, "role",
                                     role_name(i.role), "org", o.name, "locale", i.locale,
                                     "expires", (json_int_t)i.expires_ms));
}

/* The person, the role, for a mentor the mentor's row, the address. */
static enum err make_account(struct call *c, const struct invite *i, const struct renewal *r,
                             struct user_id *out)
{
    struct user u = { 0 };
    struct org centre;
    struct grant g = {
        .role = i->role, .org = i->org, .from_ms = c->now.unix_ms, .to_ms = FOREVER_MS
    };
    struct mentor_id mentor;
    int64_t id;
    enum err e = org_load(c->db, i->centre, &centre);

    if (!e && (!str_copy(u.login, sizeof u.login, r->login) ||
               !str_copy(u.name, sizeof u.name, i->name) ||
               !str_copy(u.short_name, sizeof u.short_name, i->name) ||
               !str_copy(u.locale, sizeof u.locale, i->locale) ||
               !str_copy(u.tz, sizeof u.tz, centre.tz)))
        e = ERR_INVAL;
    if (!e)
        e = user_save(c->db, &u, c->now.unix_ms, i->by, out);
    g.user = *out;
    if (!e)
        e = grant_add(c->db, &g, c->now.unix_ms, i->by, &id);
    if (!e && i->role == ROLE_MENTOR)
        e = mentor_add(c->db, *out, i->centre, c->now.unix_ms, i->by, &mentor);
    if (!e)
        e = mail_address_set(c->db, *out, i->address, c->now.unix_ms);
    return e;
}

static enum err accept(struct call *c, const struct invite *i, struct renewal *r,
                       char token[ACCOUNT_TOKEN_CHARS + 1])
{
    struct sign_in_result in = { 0 };
    struct user_id user = { 0 };
    json_t *me = NULL;
    enum err e = make_account(c, i, r, &user);

    if (!e)
        e = user_set_password(c->db, user, r->encoded, c->now.unix_ms);
    if (!e)
        e = invite_use(c->db, i->id, user, c->now.unix_ms);
    if (!e)
        e = audit_add(c->db, c->now.unix_ms, user, "invitation.accept", "account_invitation", i->id,
                      "", role_name(i->role));
    if (!e)
        e = account_begin(c->ctx, user, "password", &in);
    if (!e)
        e = call_load_user(c, user);
    if (!e)
        e = me_json(c, &me);
    if (!e)
        memcpy(token, in.token, sizeof in.token);
    OPENSSL_cleanse(&in, sizeof in);
    return e ? e : call_answer(c, 200, me);
}

/* Everything is asked again: the worker took its time. */
static enum err accept_done(struct call *c, struct renewal *r, char token[ACCOUNT_TOKEN_CHARS + 1])
{
    struct invite i;
    struct user u;
    enum err e = invite_by_token(c->db, r->token_hash, c->now.unix_ms, &i);

    if (e == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_LINK_GONE);
    if (!e && user_by_login(c->db, r->login, &u) == ERR_OK)
        return call_refuse(c, REFUSE_LOGIN_TAKEN);
    if (!e && user_by_address(c->db, i.address, &u) == ERR_OK)
        return call_refuse(c, REFUSE_ADDRESS_TAKEN);
    return e ? e : accept(c, &i, r, token);
}

enum api_answer invitation_accept_post(struct call *c, struct desk_reply *reply)
{
    struct renewal *r = renewal_new(c, accept_done);
    const char *login = json_get_str(&c->in, "login", USER_LOGIN_MAX);
    const char *fresh = json_get_str(&c->in, "password", ACCOUNT_PASSWORD_MAX);
    struct invite i;
    struct user u;
    enum err e;

    if (!r)
        return API_FAILED;
    token_field(&c->in, r->token_hash);
    if (c->in.fault == JSON_FAULT_NONE && !accounts_login_ok(login))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "login");
    password_check(&c->in, "password", fresh, login);
    if (json_view_end(&c->in)) {
        e = call_refuse_field(c, &c->in);
    } else {
        e = invite_by_token(c->db, r->token_hash, c->now.unix_ms, &i);
        if (e == ERR_NOTFOUND)
            e = call_refuse(c, REFUSE_LINK_GONE);
        else if (!e && user_by_login(c->db, login, &u) == ERR_OK)
            e = call_refuse(c, REFUSE_LOGIN_TAKEN);
        else if (!e && str_copy(r->fresh, sizeof r->fresh, fresh) &&
                 str_copy(r->login, sizeof r->login, login))
            return renewal_go(c, r, reply);
    }
    renewal_free(r);
    return call_done(c, e, reply);
}
