/* SPDX-License-Identifier: Apache-2.0
 *
 * The staff and their sign-ins: one's own devices, and for those who answer
 * for the accounts everybody's; locking and unlocking. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/api/notify.h"
#include "server/api/person.h"
#include "server/api/second.h"
#include "server/domain/accounts.h"
#include "server/store/invite.h"
#include "server/store/org.h"

/* ---- devices ---------------------------------------------------------------------------- */

static enum err answer_logins(struct call *c, struct user_id user)
{
    struct login_lines l = { 0 };
    json_t *items = json_array();
    enum err e = items ? login_lines(c->db, user, c->now.unix_ms, &l) : ERR_NOMEM;

    for (size_t i = 0; !e && i < l.n; i++) {
        const struct login_line *s = &l.items[i];

        e = json_push(items, json_pack("{s:I,s:b,s:s,s:s,s:s,s:I,s:I}", "id", (json_int_t)s->id,
                                       "current", (int)(s->id == c->ctx->session.login.id), "via",
                                       s->via, "device", s->device, "net", s->net, "since",
                                       (json_int_t)s->created_ms, "seen", (json_int_t)s->seen_ms));
    }
    login_lines_free(&l);
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(c, 200, json_pack("{s:o}", "items", items));
}

enum err my_sessions_get(struct call *c)
{
    return answer_logins(c, c->user.id);
}

enum err my_session_delete(struct call *c)
{
    struct login l;
    enum err e = login_load(c->db, c->id, &l);

    if (!e && (!user_id_eq(l.user, c->user.id) || l.ended))
        e = ERR_NOTFOUND;
    if (!e)
        e = account_end_login(c->ctx, c->id, "by_owner");
    return e ? e : call_answer(c, 200, json_object());
}

enum err my_sessions_end_post(struct call *c)
{
    enum err e = account_end_others(c->ctx, c->user.id, c->ctx->session.login.id, "by_owner");

    return e ? e : answer_logins(c, c->user.id);
}

/* ---- the staff -------------------------------------------------------------------------- */

static bool reach(const struct call *c, enum right right, struct org_id *centre)
{
    struct grant g;
    enum scope s = call_scope(c, right, &g);

    *centre = s == SCOPE_OWN_CENTRE ? g.org : (struct org_id){ 0 };
    return s == SCOPE_OWN_CENTRE || s == SCOPE_ALL;
}

static enum err line_json(const struct staff_line *l, json_t **out)
{
    json_t *roles = json_array();
    enum err e = roles ? ERR_OK : ERR_NOMEM;

    for (int r = ROLE_NONE + 1; !e && r < ROLE_COUNT; r++)
        if (l->roles[r])
            e = json_push(roles, json_string(role_name((enum role)r)));
    if (e) {
        json_decref(roles);
        return e;
    }
    *out = json_pack("{s:I,s:s,s:s,s:s,s:o,s:s,s:b,s:o,s:i}", "id", (json_int_t)l->user.v, "name",
                     l->name, "login", l->login, "address", l->address, "roles", roles, "status",
                     user_status_name(l->status), "second", (int)l->second, "seen",
                     json_time_or_null(l->seen_ms, 0), "devices", l->open_logins);
    return *out ? ERR_OK : ERR_NOMEM;
}

static json_t *next_of(const struct page *p, bool more)
{
    return more ? json_sprintf("%zu", p->first + p->limit) : json_null();
}

enum err people_get(struct call *c)
{
    struct staff_lines l = { 0 };
    struct org_id centre;
    struct page p;
    json_t *items;
    bool refused = false;
    enum err e;

    if (!reach(c, RIGHT_USER_LIST, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    e = call_page(c, &p, &refused);
    if (e || refused)
        return e;
    items = json_array();
    e = items ? staff_lines(c->db, centre, c->now.unix_ms, p.first, p.limit + 1, &l) : ERR_NOMEM;
    for (size_t i = 0; !e && i < l.n && i < p.limit; i++) {
        json_t *one = NULL;

        e = line_json(&l.items[i], &one);
        if (!e)
            e = json_push(items, one);
    }
    refused = l.n > p.limit;
    staff_lines_free(&l);
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(c, 200,
                       json_pack("{s:o,s:o}", "items", items, "next", next_of(&p, refused)));
}

/* Is it a person of the centre? Children and families are of a centre too, but not staff: a card or
 * a link is what signs them in, and their own pages lock it. */
static enum err in_reach(struct call *c, const struct grant_set *theirs, struct org_id centre,
                         bool *out)
{
    *out = false;
    for (size_t i = 0; !*out && i < theirs->n; i++) {
        struct org o;
        enum err e = org_load(c->db, theirs->items[i].org, &o);

        if (e)
            return e;
        if (theirs->items[i].role == ROLE_CHILD || theirs->items[i].role == ROLE_GUARDIAN)
            continue;
        *out = !centre.v || org_id_eq(o.id, centre) || org_id_eq(o.parent, centre);
    }
    return ERR_OK;
}

/* The person of the path, whom the right reaches. *refused: answered already. */
static enum err whom(struct call *c, enum right right, struct user *out, bool *refused)
{
    struct org_id centre;
    struct grant_set theirs;
    bool by[ROLE_COUNT], roles[ROLE_COUNT], reached = false;
    enum err e;

    *refused = true;
    if (!reach(c, right, &centre))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    e = user_load(c->db, (struct user_id){ c->id }, out);
    if (!e)
        e = grant_list(c->db, out->id, c->now.unix_ms, &theirs);
    if (!e)
        e = in_reach(c, &theirs, centre, &reached);
    if (!e && !reached)
        e = ERR_NOTFOUND;
    if (e)
        return e == ERR_NOTFOUND ? call_refuse(c, REFUSE_NOT_FOUND) : e;
    roles_of(&c->grants, by);
    roles_of(&theirs, roles);
    switch (accounts_may_manage(by, roles, user_id_eq(out->id, c->user.id))) {
    case MANAGE_OWN:
        return call_refuse(c, REFUSE_OWN_ACCOUNT);
    case MANAGE_HIGHER:
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    case MANAGE_OK:
        break;
    }
    *refused = false;
    return ERR_OK;
}

enum err person_sessions_get(struct call *c)
{
    struct user u;
    bool refused;
    enum err e = whom(c, RIGHT_SESSION_REVOKE, &u, &refused);

    return e || refused ? e : answer_logins(c, u.id);
}

enum err person_sign_out_post(struct call *c)
{
    struct user u;
    bool refused;
    enum err e = whom(c, RIGHT_SESSION_REVOKE, &u, &refused);

    if (e || refused)
        return e;
    e = account_sign_out_all(c->ctx, u.id, "by_centre");
    return e ? e : call_answer(c, 200, json_object());
}

static enum err set_status(struct call *c, enum user_status from, enum user_status to,
                           const char *action)
{
    struct user u;
    bool refused;
    enum err e = whom(c, RIGHT_USER_MANAGE, &u, &refused);

    if (e || refused)
        return e;
    if (u.status != from)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (to != USER_ACTIVE)
        e = account_sign_out_all(c->ctx, u.id, "locked");
    if (!e)
        e = user_set_status(c->db, u.id, to, c->now.unix_ms);
    if (!e)
        e = call_audit(c, action, "user", u.id.v, "", "");
    if (!e)
        desk_push_person(c->ctx, u.id);
    return e ? e : call_answer(c, 200, json_object());
}

enum err person_lock_post(struct call *c)
{
    return set_status(c, USER_ACTIVE, USER_LOCKED, "user.lock");
}

enum err person_unlock_post(struct call *c)
{
    return set_status(c, USER_LOCKED, USER_ACTIVE, "user.unlock");
}

/* A lost telephone: the person signs in with the password alone once more, and sets a new one up.
 */
enum err person_second_off_post(struct call *c)
{
    struct user u;
    bool refused;
    enum err e = whom(c, RIGHT_SECOND_STEP_RESET, &u, &refused);

    if (e || refused)
        return e;
    e = second_take_away(c, u.id);
    if (e == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = account_sign_out_all(c->ctx, u.id, "second_step");
    return e ? e : call_answer(c, 200, json_object());
}
