/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is invited to an event: by name, by role, by school; a child by an
 * exception alone, and then its guardians are asked. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/event.h"
#include "server/store/child.h"
#include "server/store/consent.h"

#define NAMED_MAX 300
#define ROLES_MAX 4
#define SCHOOLS_MAX 100

struct invitation {
    enum event_part part;
    int64_t people[NAMED_MAX]; /* users */
    size_t people_n;
    enum role roles[ROLES_MAX];
    size_t roles_n;
    int64_t schools[SCHOOLS_MAX];
    size_t schools_n;
};

/* ---- the body ----------------------------------------------------------------------------- */

static bool is_id(const json_t *item)
{
    return json_is_integer(item) && json_integer_value(item) >= 1 &&
           json_integer_value(item) <= BODY_ID_MAX;
}

static void read_ids(struct json_view *v, const char *name, size_t max, int64_t *out, size_t *n)
{
    const json_t *list = json_get_array(v, name, max);

    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);

        if (!is_id(item))
            json_view_blame(v, JSON_FAULT_RANGE, name);
        else
            out[(*n)++] = json_integer_value(item);
    }
}

static void read_roles(struct json_view *v, struct invitation *out)
{
    const json_t *list = json_get_array(v, "roles", ROLES_MAX);

    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(list); i++) {
        enum role role;

        if (!role_parse(json_string_value(json_array_get(list, i)), &role) || role == ROLE_CHILD ||
            role == ROLE_ADMIN)
            json_view_blame(v, JSON_FAULT_RANGE, "roles");
        else
            out->roles[out->roles_n++] = role;
    }
}

static enum err read_invitation(struct json_view *v, struct invitation *out)
{
    const char *part = json_get_str(v, "part", 10);

    if (v->fault == JSON_FAULT_NONE &&
        (!event_part_parse(part, &out->part) || out->part == EVENT_PART_HOST))
        json_view_blame(v, JSON_FAULT_RANGE, "part");
    read_ids(v, "people", NAMED_MAX, out->people, &out->people_n);
    read_roles(v, out);
    read_ids(v, "schools", SCHOOLS_MAX, out->schools, &out->schools_n);
    if (v->fault == JSON_FAULT_NONE && !out->people_n && !out->roles_n && !out->schools_n)
        json_view_blame(v, JSON_FAULT_MISSING, "people");
    return json_view_end(v);
}

/* ---- adults ------------------------------------------------------------------------------- */

struct inviting {
    struct call *c;
    const struct event_asked *asked;
    int invited; /* those there are */
};

static enum err invite_one(struct inviting *v, const struct event_invite *i, bool *refused)
{
    const struct event *e = &v->asked->event;
    bool added = false;
    enum err err;

    /* who is invited already takes no further place */
    err = event_invite_add(v->c->db, e->id, i, v->c->now.unix_ms, v->c->user.id, &added);
    if (err || !added)
        return err;
    err = event_gate_refuse(v->c,
                            event_may_invite(&e->facts, i->child.v != 0,
                                             i->via == EVENT_VIA_EXCEPTION, v->invited,
                                             &v->asked->policy, v->c->now.unix_ms),
                            refused);
    v->invited++;
    return err || *refused ? err : event_tell(v->c, e, i, "invited");
}

static enum err invite_person(struct inviting *v, struct user_id user, enum event_part part,
                              bool *refused)
{
    struct event_invite i = { .user = user, .part = part, .via = EVENT_VIA_PERSON };
    struct org_id centre = v->asked->event.centre;
    struct child child;
    bool adult = false;
    enum err err = child_by_user(v->c->db, user, &child);

    if (!err && org_id_eq(child.centre, centre))
        return event_gate_refuse(v->c, EVENT_GATE_ADULTS, refused);
    if (err == ERR_NOTFOUND)
        err = event_is_adult(v->c, centre, user, &adult);
    *refused = !err && !adult;
    if (*refused)
        return call_refuse_word(v->c, "people", "range");
    return err ? err : invite_one(v, &i, refused);
}

static enum err invite_many(struct inviting *v, enum role role, struct org_id school,
                            enum event_part part, bool *refused)
{
    struct event_adults l = { 0 };
    enum err err = event_adults(v->c->db, v->asked->event.centre, role, school,
                                (struct user_id){ 0 }, v->c->now.unix_ms, &l);

    for (size_t i = 0; !err && !*refused && i < l.n; i++) {
        const struct event_invite one = { .user = l.items[i].user,
                                          .part = part,
                                          .via = school.v ? EVENT_VIA_SCHOOL : EVENT_VIA_ROLE };

        err = invite_one(v, &one, refused);
    }
    event_adults_free(&l);
    return err;
}

/* A school of the centre: its officers. */
static enum err invite_school(struct inviting *v, struct org_id school, enum event_part part,
                              bool *refused)
{
    struct org o;
    enum err err = org_load(v->c->db, school, &o);

    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(o.parent, v->asked->event.centre));
    if (*refused)
        return call_refuse_word(v->c, "schools", "range");
    return err ? err : invite_many(v, ROLE_SCHOOL_OFFICER, school, part, refused);
}

static enum err invite_all(struct inviting *v, const struct invitation *b, bool *refused)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && !*refused && i < b->people_n; i++)
        err = invite_person(v, (struct user_id){ b->people[i] }, b->part, refused);
    for (size_t i = 0; !err && !*refused && i < b->roles_n; i++)
        err = invite_many(v, b->roles[i], (struct org_id){ 0 }, b->part, refused);
    for (size_t i = 0; !err && !*refused && i < b->schools_n; i++)
        err = invite_school(v, (struct org_id){ b->schools[i] }, b->part, refused);
    return err;
}

/* The event for EVENT_KEEP while one may still be invited, and how many are. */
static enum err begin(struct call *c, struct event_asked *asked, struct inviting *v, bool *refused)
{
    struct event_invites l = { 0 };
    enum err err = event_ask(c, RIGHT_EVENT_KEEP, asked, refused);

    if (!err && !*refused)
        err = event_gate_refuse(c, event_may_change(&asked->event.facts, c->now.unix_ms), refused);
    if (!err && !*refused)
        err = event_invites(c->db, c->id, &l);
    *v = (struct inviting){ .c = c, .asked = asked, .invited = (int)l.n };
    event_invites_free(&l);
    return err;
}

static enum err finish(struct call *c, enum err err, bool refused, const char *action)
{
    if (!err && !refused)
        err = event_touch(c->db, c->id);
    return err || refused ? err : event_done(c, 200, c->id, action, "");
}

enum err event_invite_post(struct call *c)
{
    struct invitation *b = mem_zalloc(1, sizeof *b);
    struct event_asked asked = { 0 };
    struct inviting v;
    bool refused = false;
    enum err err = b ? begin(c, &asked, &v, &refused) : ERR_NOMEM;

    if (!err && !refused && read_invitation(&c->in, b)) {
        refused = true;
        err = call_refuse_field(c, &c->in);
    }
    if (!err && !refused)
        err = invite_all(&v, b, &refused);
    mem_free(b);
    event_asked_deinit(&asked);
    return finish(c, err, refused, "event.invite");
}

/* ---- a child ------------------------------------------------------------------------------ */

static enum err has_full_guardian(const struct call *c, struct child_id child, bool *out)
{
    struct user_list l = { 0 };
    enum err err = guardian_list(c->db, child, c->now.unix_ms, &l);

    *out = false;
    for (size_t i = 0; !err && !*out && i < l.n; i++)
        err = consent_giver(c->db, child, l.items[i].id, c->now.unix_ms, out);
    user_list_free(&l);
    return err;
}

static enum err invite_child(struct inviting *v, struct user_id user, const char *why,
                             bool *refused)
{
    struct event_invite i = { .user = user,
                              .part = EVENT_PART_LISTENER,
                              .via = EVENT_VIA_EXCEPTION,
                              .seat = { .child = true } };
    struct call *c = v->c;
    struct child child;
    bool guarded = false;
    enum err err = child_by_user(c->db, user, &child);

    *refused = !err && !org_id_eq(child.centre, v->asked->event.centre);
    if (err == ERR_NOTFOUND) { /* an adult needs none */
        bool adult = false;

        err = event_is_adult(c, v->asked->event.centre, user, &adult);
        if (!err && adult)
            return event_gate_refuse(c, EVENT_GATE_NO_CHILD, refused);
        *refused = !err;
    }
    if (*refused)
        return call_refuse_word(c, "child", "range");
    if (!err)
        err = has_full_guardian(c, child.id, &guarded);
    if (!err && !guarded) /* nobody could answer */
        return event_gate_refuse(c, EVENT_GATE_GUARDIAN, refused);
    i.child = child.id;
    if (!err && (!str_copy(i.exception, sizeof i.exception, why) ||
                 !str_copy(i.short_name, sizeof i.short_name, child.short_name)))
        err = ERR_INVAL;
    return err ? err : invite_one(v, &i, refused);
}

enum err event_invite_child_post(struct call *c)
{
    struct event_asked asked = { 0 };
    struct inviting v;
    struct user_id child;
    const char *why;
    bool refused = false;
    enum err err = begin(c, &asked, &v, &refused);

    if (!err && !refused) {
        child.v = body_id(&c->in, "child");
        why = body_reason(&c->in);
        if (json_view_end(&c->in)) {
            refused = true;
            err = call_refuse_field(c, &c->in);
        } else {
            err = invite_child(&v, child, why, &refused);
        }
    }
    event_asked_deinit(&asked);
    return finish(c, err, refused, "event.invite_child");
}

/* ---- taking it back ----------------------------------------------------------------------- */

static enum err withdraw(struct call *c, const struct event *e, struct user_id user, bool *refused)
{
    struct event_invite i;
    enum err err = event_invite_load(c->db, e->id, user, &i);

    *refused = err == ERR_NOTFOUND;
    if (*refused)
        return call_refuse_word(c, "user", "range");
    if (!err && i.part == EVENT_PART_HOST)
        return event_gate_refuse(c, EVENT_GATE_HOST, refused);
    if (!err)
        err = event_invite_withdraw(c->db, e->id, user, c->now.unix_ms);
    return err ? err : event_tell(c, e, &i, "withdrawn");
}

enum err event_withdraw_post(struct call *c)
{
    struct event_asked asked = { 0 };
    struct inviting v;
    struct user_id user;
    bool refused = false;
    enum err err = begin(c, &asked, &v, &refused);

    if (!err && !refused) {
        user.v = body_id(&c->in, "user");
        if (json_view_end(&c->in)) {
            refused = true;
            err = call_refuse_field(c, &c->in);
        } else {
            err = withdraw(c, &asked.event, user, &refused);
        }
    }
    event_asked_deinit(&asked);
    return finish(c, err, refused, "event.withdraw");
}
