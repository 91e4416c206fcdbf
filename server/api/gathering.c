/* SPDX-License-Identifier: Apache-2.0
 *
 * Seminars and joint meetings (DOMAIN 70): put on the timetable by a
 * coordinator, seen by whoever is invited. Whom it lists may come in, nobody
 * else; only adults of the centre can be listed. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/gathering.h"
#include "server/store/org.h"
#include "server/store/seat.h"

#define LIST_BEFORE_MS MS_PER_DAY
#define LIST_AFTER_MS (60 * MS_PER_DAY)

/* ---- answers ------------------------------------------------------------------------------ */

static enum err guests_json(const struct call *c, const struct guest_list *guests, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < guests->n; i++) {
        json_t *person = NULL;

        err = person_json(c, guests->items[i].user, &person);
        if (!err)
            err = json_push(array, json_pack("{s:o,s:s}", "person", person, "part",
                                             guests->items[i].speaks ? "speaker" : "listener"));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err gathering_json(const struct call *c, const struct lesson *l,
                               const struct guest_list *guests, json_t **out)
{
    json_t *host = NULL, *list = NULL;
    enum err err = person_json(c, l->facts.mentor, &host);

    if (!err)
        err = guests_json(c, guests, &list);
    if (err) {
        json_decref(host);
        return err;
    }
    *out = json_pack("{s:I,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:s,s:s,s:o,s:o}", "id",
                     (json_int_t)l->facts.id.v, "kind", l->kind, "title", l->title, "subject",
                     l->subject, "start", (json_int_t)l->facts.start_ms, "end",
                     (json_int_t)l->facts.end_ms, "opens", (json_int_t)lesson_opens_ms(&l->facts),
                     "closes", (json_int_t)lesson_closes_ms(&l->facts), "tz", l->tz, "state",
                     lesson_state_name(l->facts.state), "host", host, "guests", list);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct call *c, int status, struct lesson_id id)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    struct guest_list guests = { 0 };
    json_t *json = NULL;
    enum err err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;

    if (!err)
        err = guest_list(c->db, id, &guests);
    if (!err)
        err = gathering_json(c, l, &guests, &json);
    guest_list_free(&guests);
    mem_free(l);
    return err ? err : call_answer(c, status, json);
}

/* The gathering in the path, if the person may see it: its host, its guests, its centre. With
 * change: only its centre. *refused: answered already. */
static enum err asked(struct call *c, bool change, struct lesson *out, bool *refused)
{
    struct guest_list guests = { 0 };
    struct grant grant;
    bool sees, centre;
    enum err err = lesson_load(c->db, (struct lesson_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND || (!err && !out->facts.gathering))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = guest_list(c->db, out->facts.id, &guests);
    if (err)
        return err;
    centre = call_scope(c, RIGHT_LESSON_CREATE, &grant) == SCOPE_OWN_CENTRE &&
             org_id_eq(grant.org, out->org);
    sees = centre || user_id_eq(out->facts.mentor, c->user.id);
    for (size_t i = 0; i < guests.n; i++)
        sees = sees || user_id_eq(guests.items[i].user, c->user.id);
    guest_list_free(&guests);
    if (!sees)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (change && !centre)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

/* Loads, runs on the gathering, frees. */
static enum err with_gathering(struct call *c, bool change,
                               enum err (*run)(struct call *c, const struct lesson *l))
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? asked(c, change, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = run(c, l);
    mem_free(l);
    return err;
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err get_loaded(struct call *c, const struct lesson *l)
{
    return answer(c, 200, l->facts.id);
}

enum err gathering_get(struct call *c)
{
    return with_gathering(c, false, get_loaded);
}

enum err gatherings_get(struct call *c)
{
    struct lesson_list l = { 0 };
    struct grant grant = { 0 };
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        grant.org.v = 0;
    if (!err)
        err = gathering_list(c->db, c->user.id, grant.org, c->now.unix_ms - LIST_BEFORE_MS,
                             c->now.unix_ms + LIST_AFTER_MS, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        struct guest_list guests = { 0 };
        json_t *json = NULL;

        err = guest_list(c->db, l.items[i].facts.id, &guests);
        if (!err)
            err = gathering_json(c, &l.items[i], &guests, &json);
        guest_list_free(&guests);
        if (!err)
            err = json_push(array, json);
    }
    lesson_list_free(&l);
    if (err) {
        json_decref(array);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "gatherings", array));
}

/* ---- changing ----------------------------------------------------------------------------- */

/* Audit, the room, the answer. */
static enum err finish(struct call *c, int status, const char *action, struct lesson_id id)
{
    enum err err = call_audit(c, action, "lesson", id.v, "", "");

    if (err)
        return err;
    desk_push_lesson(c->ctx, id);
    return answer(c, status, id);
}

/* An adult whom the centre knows? */
static enum err may_be_guest(struct call *c, const struct grant *grant, struct user_id user,
                             bool *out)
{
    struct relation rel = { 0 };
    struct child child;
    enum err err = relation_user(c->db, grant, user, c->now.unix_ms, &rel);

    *out = false;
    if (err == ERR_NOTFOUND || (!err && !rel.own_centre))
        return ERR_OK;
    if (!err)
        err = child_by_user(c->db, user, &child);
    *out = err == ERR_NOTFOUND;
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

static enum err blame(struct call *c, const char *field, bool *refused)
{
    *refused = true;
    json_view_blame(&c->in, JSON_FAULT_RANGE, field);
    return call_refuse_field(c, &c->in);
}

static enum err guests_ok(struct call *c, const struct grant *grant,
                          const struct body_gathering_new *b, bool *refused)
{
    *refused = false;
    for (int i = 0; i < b->guests_n; i++) {
        bool ok = false;
        enum err err = may_be_guest(c, grant, b->guests[i].user, &ok);

        if (err)
            return err;
        if (!ok || user_id_eq(b->guests[i].user, b->host))
            return blame(c, b->guests[i].speaks ? "speakers" : "listeners", refused);
    }
    return ERR_OK;
}

/* Host, subject and time as they will be stored. */
static enum err plan_of(struct call *c, const struct body_gathering_new *b, struct wanted *w,
                        struct gathering_plan *plan, bool *refused)
{
    struct subject subject;
    struct org org;
    enum err err = mentor_by_user(c->db, b->host, &w->mentor);

    if (err == ERR_NOTFOUND || (!err && !org_id_eq(w->mentor.centre, plan->org)))
        return blame(c, "host", refused);
    if (!err)
        err = subject_by_code(c->db, b->subject, &subject);
    if (err == ERR_NOTFOUND)
        return blame(c, "subject", refused);
    if (!err)
        err = org_load(c->db, plan->org, &org);
    if (!err && !str_copy(w->tz, sizeof w->tz, org.tz))
        err = ERR_DB;
    if (!err)
        err = conflict_when(c, w, &b->when, refused);
    if (err || *refused)
        return err;
    if (w->end_ms <= c->now.unix_ms)
        return blame(c, "date", refused);
    plan->host = w->mentor.id;
    plan->subject_id = subject.id;
    plan->start_ms = w->start_ms;
    plan->end_ms = w->end_ms;
    plan->tz = w->tz;
    return ERR_OK;
}

enum err gathering_create(struct call *c)
{
    struct body_gathering_new *b;
    struct gathering_plan plan = { 0 };
    struct wanted w = { 0 };
    struct grant grant;
    struct lesson_id id;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    b = mem_zalloc(1, sizeof *b);
    if (!b)
        return ERR_NOMEM;
    if (body_gathering_new(&c->in, b)) {
        mem_free(b);
        return call_refuse_field(c, &c->in);
    }
    plan.org = w.org = grant.org;
    plan.kind = b->kind;
    plan.title = b->title;
    plan.guests = b->guests;
    plan.guests_n = b->guests_n;
    err = guests_ok(c, &grant, b, &refused);
    if (!err && !refused)
        err = plan_of(c, b, &w, &plan, &refused);
    if (!err && !refused)
        err = gathering_add(c->db, &plan, c->now.unix_ms, c->user.id, &id);
    mem_free(b);
    if (err == ERR_STATE) /* the host has something else then */
        return call_refuse(c, REFUSE_NOT_NOW);
    if (err || refused)
        return err;
    if (!str_format(c->location, sizeof c->location, API_PREFIX "/gatherings/%lld",
                    (long long)id.v))
        return ERR_INVAL;
    return finish(c, 201, "gathering.create", id);
}

static enum err invite_loaded(struct call *c, const struct lesson *l)
{
    struct body_guest b;
    struct grant grant;
    bool ok = false, refused = false;
    enum err err;

    if (body_guest(&c->in, true, &b))
        return call_refuse_field(c, &c->in);
    if (c->now.unix_ms >= l->facts.end_ms)
        return call_refuse(c, REFUSE_NOT_NOW);
    (void)call_scope(c, RIGHT_LESSON_CREATE, &grant);
    err = may_be_guest(c, &grant, b.guest.user, &ok);
    if (!err && (!ok || user_id_eq(b.guest.user, l->facts.mentor)))
        return blame(c, "user", &refused);
    if (!err)
        err = guest_invite(c->db, l->facts.id, &b.guest);
    if (err == ERR_STATE) /* a hundred with the host */
        return call_refuse(c, REFUSE_NOT_NOW);
    return err ? err : finish(c, 200, "gathering.invite", l->facts.id);
}

enum err gathering_invite_post(struct call *c)
{
    return with_gathering(c, true, invite_loaded);
}

static enum err withdraw_loaded(struct call *c, const struct lesson *l)
{
    struct body_guest b;
    enum err err;

    if (body_guest(&c->in, false, &b))
        return call_refuse_field(c, &c->in);
    err = guest_withdraw(c->db, l->facts.id, b.guest.user);
    if (err)
        return err;
    desk_push_person_in(c->ctx, l->facts.id, b.guest.user); /* out, if it is in */
    return finish(c, 200, "gathering.withdraw", l->facts.id);
}

enum err gathering_withdraw_post(struct call *c)
{
    return with_gathering(c, true, withdraw_loaded);
}

static enum err cancel_loaded(struct call *c, const struct lesson *l)
{
    struct body_lesson_cancel b;
    enum err err;

    if (body_lesson_cancel(&c->in, &b))
        return call_refuse_field(c, &c->in);
    err = lesson_cancel(c->db, l->facts.id, b.reason, b.side, c->now.unix_ms);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_NOT_NOW);
    return err ? err : finish(c, 200, "gathering.cancel", l->facts.id);
}

enum err gathering_cancel_post(struct call *c)
{
    return with_gathering(c, true, cancel_loaded);
}
