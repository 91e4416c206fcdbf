/* SPDX-License-Identifier: Apache-2.0
 *
 * The family's way in: a personal link for a child's own device, and one for
 * its parent. An accepted referral names the parent; the first link makes that
 * person's account. A link opens once, and a new one ends the old. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/casefile.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/login.h"
#include "server/store/org.h"
#include "server/store/referral.h"
#include "server/store/second.h"

static const char *const whose[] = { "child", "guardian" };

/* The child in the path (a user id), if the person may let its family in. */
static enum err asked_child(struct call *c, struct child *out, bool *refused)
{
    bool knows = false, may = false, taught = false;
    enum err err = child_by_user(c->db, (struct user_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = child_taught_by(c->db, out->id, c->user.id, c->now.unix_ms, &taught);
    if (!err)
        err = call_may_child(c, RIGHT_CHILD_LIST, out, taught, &knows);
    if (!err)
        err = call_may_child(c, RIGHT_LINK_ISSUE, out, taught, &may);
    if (err)
        return err;
    if (!knows)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

/* Of the case's referral. ERR_NOTFOUND: the child came by no referral. */
static enum err referral_of(const struct call *c, struct child_id child, struct referral *out)
{
    struct case_file file;
    enum err err = case_of_child(c->db, child, &file);

    return err ? err : referral_load(c->db, file.referral, out);
}

/* The parent whom the referral names, with an account that a link opens. */
static enum err enter_guardian(struct call *c, const struct child *child, struct user_id *out)
{
    struct grant g = {
        .role = ROLE_GUARDIAN, .org = child->centre, .from_ms = c->now.unix_ms, .to_ms = FOREVER_MS
    };
    struct face face = { .theme = "system", .hand = "right" };
    struct user own, u = { .status = USER_ACTIVE };
    struct referral r;
    int64_t id;
    enum err err = referral_of(c, child->id, &r);

    if (!err)
        err = user_load(c->db, child->user, &own);
    if (err)
        return err;
    if (!str_copy(u.name, sizeof u.name, r.guardian_name) ||
        !str_copy(u.short_name, sizeof u.short_name, r.guardian_name) ||
        !str_copy(u.locale, sizeof u.locale, own.locale) || !str_copy(u.tz, sizeof u.tz, own.tz))
        return ERR_INVAL;
    if (!str_copy(face.phone, sizeof face.phone, r.guardian_phone))
        face.phone[0] = '\0'; /* two numbers in one field: intake shows them */
    err = user_save(c->db, &u, c->now.unix_ms, c->user.id, out);
    g.user = *out;
    if (!err)
        err = grant_add(c->db, &g, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = face_save(c->db, *out, &face);
    if (!err)
        err = guardian_add(c->db, *out, child->id, "full", c->now.unix_ms, c->user.id, &id);
    return err ? err : call_audit(c, "guardian.enter", "user", out->v, "", "");
}

/* The first guardian of the child. v = 0: there is none. */
static enum err first_guardian(const struct call *c, const struct child *child, struct user_id *out)
{
    struct user_list l = { 0 };
    enum err err = guardian_list(c->db, child->id, c->now.unix_ms, &l);

    *out = !err && l.n ? l.items[0].id : (struct user_id){ 0 };
    user_list_free(&l);
    return err;
}

static enum err guardian_of(struct call *c, const struct child *child, struct user_id *out)
{
    enum err err = first_guardian(c, child, out);

    return err || out->v ? err : enter_guardian(c, child, out);
}

/* A new link of the person; earlier ones that nobody used end. */
static enum err answer_link(struct call *c, const char *of, struct org_id centre,
                            struct user_id user)
{
    char token[ACCOUNT_TOKEN_CHARS + 1], path[sizeof token + 8];
    struct accounts_policy p;
    json_t *person = NULL;
    enum err err = policy_accounts(c->db, centre, c->now.unix_ms, &p);

    if (!err)
        err = link_revoke_all(c->db, user, c->now.unix_ms);
    if (!err)
        err = account_new_link(c->db, user, p.invitation_ms, c->now.unix_ms, c->user.id, token);
    if (!err)
        err = call_audit(c, "link.issue", "user", user.v, "", of);
    if (!err && !str_format(path, sizeof path, "/in/%s", token))
        err = ERR_INVAL;
    if (!err)
        err = person_json(c, user, &person);
    return err ? err
               : call_answer(c, 201,
                             json_pack("{s:s,s:o,s:s,s:I}", "for", of, "person", person, "address",
                                       path, "expires",
                                       (json_int_t)(c->now.unix_ms + p.invitation_ms)));
}

enum err family_link_post(struct call *c)
{
    struct user_id user;
    struct child child;
    struct grant by;
    const char *of;
    bool refused;
    enum err err = asked_child(c, &child, &refused);

    if (err || refused)
        return err;
    of = body_word(&c->in, "for", whose, 2);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    user = child.user;
    if (strcmp(of, "guardian") == 0) { /* one's own way in is the centre's to give */
        if (call_scope(c, RIGHT_LINK_ISSUE, &by) == SCOPE_OWN_CHILDREN)
            return call_refuse(c, REFUSE_NOT_ALLOWED);
        err = guardian_of(c, &child, &user);
        if (err == ERR_NOTFOUND)
            return call_refuse(c, REFUSE_NOT_NOW);
    }
    return err ? err : answer_link(c, of, child.centre, user);
}
