/* SPDX-License-Identifier: Apache-2.0
 *
 * Events of a centre (DOMAIN 70): the lists, one event, and the people a form
 * may choose from. Whoever is invited sees an event; the centre's coordinators
 * see all of theirs. Desk thread.
 */
#include "server/api/event.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"

/* ---- who asks ----------------------------------------------------------------------------- */

void event_asked_deinit(struct event_asked *a)
{
    event_invites_free(&a->mine);
}

const struct event_invite *event_mine(const struct event_asked *a, struct user_id user)
{
    for (size_t i = 0; i < a->mine.n; i++)
        if (user_id_eq(a->mine.items[i].user, user))
            return &a->mine.items[i];
    return NULL;
}

/* An own invitation that admits, or one that a guardian is asked about. */
static bool takes_part(const struct call *c, const struct event_asked *a)
{
    for (size_t i = 0; i < a->mine.n; i++)
        if (!user_id_eq(a->mine.items[i].user, c->user.id) || event_admits(&a->mine.items[i].seat))
            return true;
    return false;
}

static bool own(const struct call *c, const struct event_asked *a, enum right right)
{
    bool secretary = user_id_eq(a->event.secretary, c->user.id);

    switch (right) {
    case RIGHT_EVENT_VIEW:
    case RIGHT_EVENT_ANSWER:
        return takes_part(c, a);
    case RIGHT_EVENT_WRITE:
        return secretary;
    case RIGHT_EVENT_SIGN:
        return secretary || user_id_eq(a->event.chair, c->user.id);
    default:
        return false;
    }
}

bool event_may(const struct call *c, const struct event_asked *a, enum right right)
{
    struct relation to = { .own = own(c, a, right) };

    for (size_t i = 0; i < c->grants.n; i++) {
        to.own_centre = org_id_eq(c->grants.items[i].org, a->event.centre);
        if (access_may(c->grants.items[i].role, right, to))
            return true;
    }
    return false;
}

enum err event_ask(struct call *c, enum right right, struct event_asked *out, bool *refused)
{
    enum err err = event_load(c->db, c->id, &out->event);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = event_invites_of(c->db, c->id, c->user.id, c->now.unix_ms, &out->mine);
    if (!err)
        err = policy_event(c->db, out->event.centre, c->now.unix_ms, &out->policy);
    if (err)
        return err;
    if (!event_may(c, out, RIGHT_EVENT_VIEW))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!event_may(c, out, right))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

enum err event_gate_refuse(struct call *c, enum event_gate g, bool *refused)
{
    *refused = g != EVENT_GATE_NONE;
    return *refused ? call_refuse_gate(c, event_gate_name(g)) : ERR_OK;
}

enum err event_is_adult(const struct call *c, struct org_id centre, struct user_id user, bool *out)
{
    struct event_adults l = { 0 };
    enum err err =
        event_adults(c->db, centre, ROLE_NONE, (struct org_id){ 0 }, user, c->now.unix_ms, &l);

    *out = !err && l.n > 0;
    event_adults_free(&l);
    return err;
}

enum err event_centre(struct call *c, struct org *out, bool *refused)
{
    struct grant g;

    *refused = call_scope(c, RIGHT_EVENT_KEEP, &g) != SCOPE_OWN_CENTRE;
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : org_load(c->db, g.org, out);
}

/* ---- one event ---------------------------------------------------------------------------- */

static enum err answer(struct call *c, int status, int64_t id)
{
    struct event_asked a = { 0 };
    json_t *json = NULL;
    bool refused;
    enum err err;

    c->id = id;
    err = event_ask(c, RIGHT_EVENT_VIEW, &a, &refused);
    if (!err && !refused)
        err = event_json(c, &a, &json);
    if (!err && !refused &&
        !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)a.event.rev))
        err = ERR_INVAL;
    event_asked_deinit(&a);
    if (err || refused) {
        json_decref(json);
        return err;
    }
    return call_answer(c, status, json);
}

enum err event_done(struct call *c, int status, int64_t id, const char *action, const char *after)
{
    enum err err = action ? call_audit(c, action, "event", id, "", after) : ERR_OK;

    return err ? err : answer(c, status, id);
}

enum err event_get(struct call *c)
{
    return answer(c, 200, c->id);
}

/* ---- lists -------------------------------------------------------------------------------- */

static enum err read_list(struct call *c, struct event_filter *f, bool *refused)
{
    enum json_fault fault;
    char when[10], whose[10];
    bool said = call_query(c, "when", when, sizeof when, &fault);
    bool past = said && strcmp(when, "past") == 0;
    struct grant g;

    *refused = fault != JSON_FAULT_NONE || (said && !past && strcmp(when, "ahead") != 0);
    if (*refused)
        return call_refuse_query(c, "when", fault ? fault : JSON_FAULT_RANGE);
    said = call_query(c, "whose", whose, sizeof whose, &fault);
    *refused = fault != JSON_FAULT_NONE || (said && strcmp(whose, "mine") != 0);
    if (*refused)
        return call_refuse_query(c, "whose", fault ? fault : JSON_FAULT_RANGE);
    *f = (struct event_filter){ .user = c->user.id,
                                .now_ms = c->now.unix_ms,
                                .from_ms = past ? 0 : c->now.unix_ms,
                                .to_ms = past ? c->now.unix_ms : INT64_MAX,
                                .newest_first = past };
    if (!said && call_scope(c, RIGHT_EVENT_VIEW, &g) == SCOPE_OWN_CENTRE)
        f->centre = g.org;
    return ERR_OK;
}

static enum err push_brief(const struct call *c, const struct event *e, json_t *items)
{
    struct event_invites mine = { 0 };
    json_t *item = NULL;
    enum err err = event_invites_of(c->db, e->id, c->user.id, c->now.unix_ms, &mine);

    if (!err)
        err = event_brief_json(c, e, &mine, &item);
    event_invites_free(&mine);
    return err ? err : json_push(items, item);
}

enum err events_get(struct call *c)
{
    struct event_list l = { 0 };
    struct event_filter f;
    struct grant g;
    struct page p;
    json_t *items, *next;
    bool refused;
    enum err err;

    if (call_scope(c, RIGHT_EVENT_VIEW, &g) == SCOPE_NONE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = read_list(c, &f, &refused);
    if (!err && !refused)
        err = call_page(c, &p, &refused);
    if (err || refused)
        return err;
    f.first = p.first;
    f.limit = p.limit + 1;
    items = json_array();
    err = items ? event_list(c->db, &f, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n && i < p.limit; i++)
        err = push_brief(c, &l.items[i], items);
    next = l.n > p.limit ? json_sprintf("%zu", p.first + p.limit) : json_null();
    event_list_free(&l);
    if (err) {
        json_decref(items);
        json_decref(next);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o,s:o}", "items", items, "next", next));
}

/* ---- whom a form may choose --------------------------------------------------------------- */

static enum err push_person(const struct event_adult *a, json_t *people)
{
    return json_push(people, json_pack("{s:I,s:s,s:s}", "id", (json_int_t)a->user.v, "name",
                                       a->name, "role", role_name(a->role)));
}

static enum err push_schools(const struct call *c, struct org_id centre, json_t *schools)
{
    const enum org_type type = ORG_SCHOOL;
    struct org_list l = { 0 };
    enum err err = org_list(c->db, &type, &l);

    for (size_t i = 0; !err && i < l.n; i++)
        if (org_id_eq(l.items[i].parent, centre))
            err = json_push(schools, json_pack("{s:I,s:s}", "id", (json_int_t)l.items[i].id.v,
                                               "name", l.items[i].name));
    org_list_free(&l);
    return err;
}

enum err event_people_get(struct call *c)
{
    struct event_adults l = { 0 };
    struct org centre;
    json_t *people, *schools;
    bool refused;
    enum err err = event_centre(c, &centre, &refused);

    if (err || refused)
        return err;
    people = json_array();
    schools = json_array();
    err = people && schools ? event_adults(c->db, centre.id, ROLE_NONE, (struct org_id){ 0 },
                                           (struct user_id){ 0 }, c->now.unix_ms, &l)
                            : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++)
        err = push_person(&l.items[i], people);
    event_adults_free(&l);
    if (!err)
        err = push_schools(c, centre.id, schools);
    if (err) {
        json_decref(people);
        json_decref(schools);
        return err;
    }
    return call_answer(
        c, 200, json_pack("{s:o,s:o,s:s}", "people", people, "schools", schools, "tz", centre.tz));
}
