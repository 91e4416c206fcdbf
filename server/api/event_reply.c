/* SPDX-License-Identifier: Apache-2.0
 *
 * Answers to invitations and who came: one answers for oneself, a guardian for
 * its child; one signs in oneself while the door is open; the organiser and the
 * secretary mark everybody. Desk thread.
 */
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/event.h"

#define MARKS_MAX 400

/* ---- answering ---------------------------------------------------------------------------- */

struct reply {
    enum event_answer answer;
    const char *note;      /* "" : none */
    struct user_id person; /* 0: oneself */
};

static enum err read_reply(struct json_view *v, struct reply *out)
{
    const char *answer = json_get_str(v, "answer", 10);
    const char *note;

    if (v->fault == JSON_FAULT_NONE &&
        (!event_answer_parse(answer, &out->answer) || out->answer == EVENT_ANSWER_NONE))
        json_view_blame(v, JSON_FAULT_RANGE, "answer");
    note = body_opt_name(v, "note", EVENT_REASON_MAX, EVENT_REASON_MAX / 2);
    out->note = note ? note : "";
    out->person.v = body_opt_id(v, "person");
    return json_view_end(v);
}

static enum err reply(struct call *c, const struct event_asked *a, const struct reply *r,
                      bool *refused)
{
    struct user_id whom = r->person.v ? r->person : c->user.id;
    const struct event_invite *i = event_mine(a, whom);
    enum err err;

    *refused = true;
    if (!i) /* not invited, or somebody else's child */
        return call_refuse_word(c, "person", "range");
    err = event_gate_refuse(c,
                            event_may_answer(&a->event.facts, &i->seat, r->answer,
                                             !user_id_eq(whom, c->user.id), c->now.unix_ms),
                            refused);
    if (!err && !*refused)
        err =
            event_invite_answer(c->db, c->id, whom, r->answer, r->note, c->now.unix_ms, c->user.id);
    if (!err && !*refused)
        err = event_touch(c->db, c->id);
    return err;
}

/* The child itself may have lost sight of it with this answer, never the one who answers. */
enum err event_answer_post(struct call *c)
{
    struct event_asked asked = { 0 };
    struct reply r = { 0 };
    bool refused;
    enum err err = event_ask(c, RIGHT_EVENT_ANSWER, &asked, &refused);

    if (!err && !refused && read_reply(&c->in, &r)) {
        refused = true;
        err = call_refuse_field(c, &c->in);
    }
    if (!err && !refused)
        err = reply(c, &asked, &r, &refused);
    event_asked_deinit(&asked);
    return err || refused ? err
                          : event_done(c, 200, c->id, "event.answer", event_answer_name(r.answer));
}

/* ---- signing in --------------------------------------------------------------------------- */

static enum err check_in(struct call *c, const struct event_asked *a, bool *refused)
{
    const struct event_invite *i = event_mine(a, c->user.id);
    enum event_mark mark = EVENT_MARK_NONE;
    enum err err;

    *refused = !i; /* a guardian whose child alone is invited */
    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = event_gate_refuse(
        c, event_may_check_in(&a->event.facts, &i->seat, &a->policy, c->now.unix_ms, &mark),
        refused);
    if (err || *refused || i->mark != EVENT_MARK_NONE) /* what was said first stands */
        return err;
    err = event_invite_mark(c->db, c->id, c->user.id, mark, c->now.unix_ms, c->user.id);
    return err ? err : event_touch(c->db, c->id);
}

enum err event_check_in_post(struct call *c)
{
    struct event_asked asked = { 0 };
    bool refused;
    enum err err = event_ask(c, RIGHT_EVENT_ANSWER, &asked, &refused);

    if (!err && !refused)
        err = check_in(c, &asked, &refused);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.check_in", "");
}

/* ---- marking ------------------------------------------------------------------------------ */

static enum err mark_one(struct call *c, const struct event *e, const json_t *item, bool *refused)
{
    struct json_view in = json_view_on(item);
    struct user_id user = { body_id(&in, "user") };
    const char *word = json_get_str(&in, "mark", 10);
    enum event_mark mark = EVENT_MARK_NONE;
    struct event_invite i;
    enum err err;

    *refused = true;
    if (in.fault == JSON_FAULT_NONE && (!event_mark_parse(word, &mark) || mark == EVENT_MARK_NONE))
        json_view_blame(&in, JSON_FAULT_RANGE, "mark");
    if (json_view_end(&in))
        return call_refuse_field(c, &in);
    err = event_invite_load(c->db, e->id, user, &i);
    if (err == ERR_NOTFOUND)
        return call_refuse_word(c, "user", "range");
    if (!err)
        err =
            event_gate_refuse(c, event_may_mark(&e->facts, &i.seat, mark, c->now.unix_ms), refused);
    return err || *refused
               ? err
               : event_invite_mark(c->db, e->id, user, mark, c->now.unix_ms, c->user.id);
}

static enum err mark_all(struct call *c, const struct event *e, bool *refused)
{
    const json_t *marks = json_get_array(&c->in, "marks", MARKS_MAX);
    enum err err = ERR_OK;

    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    err = event_gate_refuse(c, event_may_write(&e->facts, c->now.unix_ms), refused);
    for (size_t i = 0; !err && !*refused && i < json_array_size(marks); i++)
        err = mark_one(c, e, json_array_get(marks, i), refused);
    return err || *refused ? err : event_touch(c->db, e->id);
}

enum err event_attendance_post(struct call *c)
{
    struct event_asked asked = { 0 };
    bool refused;
    enum err err = event_ask(c, RIGHT_EVENT_WRITE, &asked, &refused);

    if (!err && !refused)
        err = mark_all(c, &asked.event, &refused);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.attendance", "");
}
