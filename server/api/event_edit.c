/* SPDX-License-Identifier: Apache-2.0
 *
 * An event is called, changed, moved and called off by its centre. Chair,
 * secretary and the speakers of the agenda are invited with it; another time or
 * place is told to everybody and every answer is asked anew. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/event.h"

/* ---- those who come with it --------------------------------------------------------------- */

static enum err invite_named(struct call *c, const struct event *e, struct user_id user,
                             enum event_part part)
{
    const struct event_invite i = { .user = user, .part = part, .via = EVENT_VIA_PERSON };
    bool added = false;
    enum err err = event_invite_add(c->db, e->id, &i, c->now.unix_ms, c->user.id, &added);

    return err || !added ? err : event_tell(c, e, &i, "invited");
}

static enum err invite_hosts(struct call *c, const struct event *e)
{
    const struct event_invite hosts[2] = { { .user = e->chair }, { .user = e->secretary } };
    bool added[2] = { false, false };
    enum err err = event_hosts_set(c->db, e, c->now.unix_ms, c->user.id, added);

    for (int i = 0; !err && i < 2; i++)
        if (added[i])
            err = event_tell(c, e, &hosts[i], "invited");
    return err;
}

/* The agenda and everybody in it. */
static enum err set_agenda(struct call *c, const struct event *e, const struct event_agenda *a)
{
    enum err err = event_agenda_set(c->db, e->id, a);

    if (!err)
        err = invite_hosts(c, e);
    for (int i = 0; !err && i < a->n; i++)
        if (a->items[i].speaker.v)
            err = invite_named(c, e, a->items[i].speaker, EVENT_PART_SPEAKER);
    return err;
}

/* ---- calling it --------------------------------------------------------------------------- */

static void set_times(const struct call *c, const struct event_policy *p,
                      const struct event_when *w, struct event *e)
{
    e->facts.start_ms = w->start_ms;
    e->facts.end_ms = w->end_ms;
    e->facts.answer_by_ms =
        w->answer_by_ms ? w->answer_by_ms : event_answer_by(w->start_ms, c->now.unix_ms, p);
}

/* The rules of a plan, and a deadline that lies ahead. */
static enum err check_plan(struct call *c, const struct event *e, const struct event_agenda *a,
                           bool *refused)
{
    enum err err = event_gate_refuse(c,
                                     event_plan_check(e->facts.start_ms, e->facts.end_ms,
                                                      event_agenda_minutes(a), e->chair.v,
                                                      e->secretary.v, c->now.unix_ms),
                                     refused);

    if (err || *refused)
        return err;
    *refused = e->facts.answer_by_ms <= c->now.unix_ms;
    if (*refused)
        return call_refuse_word(c, "answer_by", "range");
    return event_check_people(c, e, a, refused);
}

static enum err create(struct call *c, struct event *e, struct event_agenda *a, bool *refused)
{
    struct event_policy p;
    struct event_when w = { 0 };
    enum err err = policy_event(c->db, e->centre, c->now.unix_ms, &p);

    *refused = true;
    if (err)
        return err;
    event_read_what(&c->in, e, a);
    event_read_when(&c->in, e, &w);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    set_times(c, &p, &w, e);
    err = check_plan(c, e, a, refused);
    if (!err && !*refused)
        err = event_add(c->db, e, c->now.unix_ms, c->user.id, &e->id);
    return err || *refused ? err : set_agenda(c, e, a);
}

enum err event_post(struct call *c)
{
    struct event e = { 0 };
    struct event_agenda *a;
    struct org centre;
    bool refused;
    enum err err = event_centre(c, &centre, &refused);

    if (err || refused)
        return err;
    e.centre = centre.id;
    if (!str_copy(e.tz, sizeof e.tz, centre.tz))
        return ERR_DB;
    a = mem_zalloc(1, sizeof *a);
    err = a ? create(c, &e, a, &refused) : ERR_NOMEM;
    mem_free(a);
    if (err || refused)
        return err;
    if (!str_format(c->location, sizeof c->location, API_PREFIX "/events/%lld", (long long)e.id))
        return ERR_INVAL;
    return event_done(c, 201, e.id, "event.create", event_kind_name(e.kind));
}

/* ---- changing it -------------------------------------------------------------------------- */

/* For EVENT_KEEP, with its version, while it may still be changed. */
static enum err changeable(struct call *c, struct event_asked *a, bool *refused)
{
    enum err err = event_ask(c, RIGHT_EVENT_KEEP, a, refused);

    if (!err && !*refused)
        err = call_match(c, a->event.rev, refused);
    if (!err && !*refused)
        err = event_gate_refuse(c, event_may_change(&a->event.facts, c->now.unix_ms), refused);
    return err;
}

static enum err change(struct call *c, struct event_asked *asked, struct event_agenda *a,
                       bool *refused)
{
    struct event *e = &asked->event;
    int64_t by;
    enum err err;

    *refused = true;
    event_read_what(&c->in, e, a);
    by = event_read_answer_by(&c->in, e->tz, e->facts.start_ms);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (by)
        e->facts.answer_by_ms = by;
    /* a deadline that has passed may stay as it is */
    *refused = by && by <= c->now.unix_ms;
    if (*refused)
        return call_refuse_word(c, "answer_by", "range");
    err = event_gate_refuse(c,
                            event_plan_check(e->facts.start_ms, e->facts.end_ms,
                                             event_agenda_minutes(a), e->chair.v, e->secretary.v,
                                             c->now.unix_ms),
                            refused);
    if (!err && !*refused)
        err = event_check_people(c, e, a, refused);
    if (!err && !*refused)
        err = event_save(c->db, e, c->now.unix_ms);
    return err || *refused ? err : set_agenda(c, e, a);
}

enum err event_put(struct call *c)
{
    struct event_asked asked = { 0 };
    struct event_agenda *a = mem_zalloc(1, sizeof *a);
    bool refused = false;
    enum err err = a ? changeable(c, &asked, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = change(c, &asked, a, &refused);
    mem_free(a);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.change", "");
}

/* ---- moving it and calling it off --------------------------------------------------------- */

static enum err move(struct call *c, struct event_asked *asked, struct event_agenda *a,
                     bool *refused)
{
    struct event *e = &asked->event;
    struct event_when w = { 0 };
    const char *reason;
    enum err err;

    *refused = true;
    event_read_when(&c->in, e, &w);
    reason = body_reason(&c->in);
    if (c->in.fault == JSON_FAULT_NONE && !str_copy(e->reason, sizeof e->reason, reason))
        json_view_blame(&c->in, JSON_FAULT_TOO_LONG, "reason");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    set_times(c, &asked->policy, &w, e);
    err = event_agenda_load(c->db, e->id, a);
    if (!err)
        err = check_plan(c, e, a, refused);
    if (!err && !*refused)
        err = event_move(c->db, e, c->now.unix_ms);
    if (err || *refused)
        return err;
    e->change++;
    return event_tell_all(c, e, "moved");
}

enum err event_move_post(struct call *c)
{
    struct event_asked asked = { 0 };
    struct event_agenda *a = mem_zalloc(1, sizeof *a);
    bool refused = false;
    enum err err = a ? changeable(c, &asked, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = move(c, &asked, a, &refused);
    mem_free(a);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.move", "");
}

enum err event_cancel_post(struct call *c)
{
    struct event_asked asked = { 0 };
    const char *reason;
    bool refused;
    enum err err = changeable(c, &asked, &refused);

    reason = err || refused ? "" : body_reason(&c->in);
    if (!err && !refused && json_view_end(&c->in)) {
        refused = true;
        err = call_refuse_field(c, &c->in);
    }
    if (!err && !refused)
        err = event_cancel(c->db, c->id, reason, c->now.unix_ms);
    if (!err && !refused) {
        asked.event.change++;
        err = event_tell_all(c, &asked.event, "cancelled");
    }
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.cancel", "");
}
