/* SPDX-License-Identifier: Apache-2.0
 *
 * Minutes of an event: written, closed, signed by chair and secretary; from
 * then on there are only addenda. Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/event.h"

/* ---- writing ------------------------------------------------------------------------------ */

static void read_decision(struct json_view *v, const json_t *item, struct event_decision *out)
{
    struct json_view in = json_view_on(item);
    const char *text = body_text(&in, "text", EVENT_DECISION_MAX, EVENT_DECISION_MAX / 2);
    const char *name, *due;
    int year, month, day;

    if (in.fault == JSON_FAULT_NONE && (!text[0] || !str_copy(out->text, sizeof out->text, text)))
        json_view_blame(&in, JSON_FAULT_MISSING, "text");
    out->who.v = body_opt_id(&in, "who");
    name = body_opt_name(&in, "who_name", USER_NAME_MAX, USER_NAME_MAX / 2);
    if (in.fault == JSON_FAULT_NONE && name &&
        (out->who.v || !str_copy(out->who_name, sizeof out->who_name, name)))
        json_view_blame(&in, JSON_FAULT_RANGE, "who_name");
    due = json_opt_str(&in, "due", 10);
    if (in.fault == JSON_FAULT_NONE && due &&
        (!body_date(due, &year, &month, &day) || !str_copy(out->due, sizeof out->due, due)))
        json_view_blame(&in, JSON_FAULT_MALFORMED, "due");
    if (json_view_end(&in))
        json_view_blame(v, in.fault, "decisions");
}

static enum err check_who(struct call *c, const struct event *e, const struct event_decisions *d,
                          bool *refused)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && !*refused && i < d->n; i++) {
        bool adult = true;

        if (d->items[i].who.v)
            err = event_is_adult(c, e->centre, d->items[i].who, &adult);
        *refused = !err && !adult;
        if (*refused)
            return call_refuse_word(c, "decisions", "range");
    }
    return err;
}

static enum err write_minutes(struct call *c, const struct event *e, struct event_decisions *d,
                              bool *refused)
{
    const char *text = body_text(&c->in, "text", EVENT_TEXT_MAX, EVENT_TEXT_MAX / 2);
    const json_t *list = json_get_array(&c->in, "decisions", EVENT_ITEMS_MAX);
    enum err err;

    for (size_t i = 0; c->in.fault == JSON_FAULT_NONE && i < json_array_size(list); i++)
        read_decision(&c->in, json_array_get(list, i), &d->items[d->n++]);
    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    err = check_who(c, e, d, refused);
    return err || *refused ? err : event_minutes_save(c->db, e->id, text, d);
}

enum err event_minutes_put(struct call *c)
{
    struct event_decisions d = { mem_zalloc(EVENT_ITEMS_MAX, sizeof *d.items), 0 };
    struct event_asked asked = { 0 };
    bool refused = false;
    enum err err = d.items ? event_ask(c, RIGHT_EVENT_WRITE, &asked, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = call_match(c, asked.event.rev, &refused);
    if (!err && !refused)
        err = event_gate_refuse(c, event_may_write(&asked.event.facts, c->now.unix_ms), &refused);
    if (!err && !refused)
        err = write_minutes(c, &asked.event, &d, &refused);
    event_decisions_free(&d);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.minutes", "");
}

/* ---- closing ------------------------------------------------------------------------------ */

static enum err freeze(struct call *c, const struct event_asked *a, bool *refused)
{
    struct event_invites l = { 0 };
    struct event_counts n;
    char *text = NULL;
    bool written;
    enum err err = event_invites(c->db, c->id, &l);

    if (!err)
        err = event_minutes_text(c->db, c->id, &text);
    n = event_count(&l);
    written = text && text[0];
    mem_free(text);
    event_invites_free(&l);
    if (!err)
        err = event_gate_refuse(
            c, event_may_freeze(&a->event.facts, n.unmarked, written, c->now.unix_ms), refused);
    if (err || *refused)
        return err;
    return event_freeze(c->db, c->id, event_needed(&a->event, &n, &a->policy), c->now.unix_ms,
                        c->user.id);
}

enum err event_freeze_post(struct call *c)
{
    struct event_asked asked = { 0 };
    bool refused;
    enum err err = event_ask(c, RIGHT_EVENT_WRITE, &asked, &refused);

    if (!err && !refused)
        err = call_match(c, asked.event.rev, &refused);
    if (!err && !refused)
        err = freeze(c, &asked, &refused);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 200, c->id, "event.freeze", "");
}

enum err event_sign_post(struct call *c)
{
    struct event_asked asked = { 0 };
    struct event_signatures s;
    bool refused, chair;
    enum err err = event_ask(c, RIGHT_EVENT_SIGN, &asked, &refused);

    if (!err && !refused)
        err = event_signatures(c->db, c->id, &s);
    chair = user_id_eq(asked.event.chair, c->user.id);
    if (!err && !refused)
        err = event_gate_refuse(
            c, event_may_sign(&asked.event.facts, (chair ? s.chair_ms : s.secretary_ms) != 0),
            &refused);
    if (!err && !refused)
        err = event_sign(c->db, c->id, chair, c->user.id, c->now.unix_ms);
    event_asked_deinit(&asked);
    return err || refused ? err
                          : event_done(c, 200, c->id, "event.sign", chair ? "chair" : "secretary");
}

/* ---- afterwards --------------------------------------------------------------------------- */

enum err event_addendum_post(struct call *c)
{
    struct event_asked asked = { 0 };
    const char *text = "";
    bool refused;
    enum err err = event_ask(c, RIGHT_EVENT_WRITE, &asked, &refused);

    if (!err && !refused) {
        text = body_text(&c->in, "text", EVENT_ADDENDUM_MAX, EVENT_ADDENDUM_MAX / 2);
        if (c->in.fault == JSON_FAULT_NONE && !text[0])
            json_view_blame(&c->in, JSON_FAULT_MISSING, "text");
        refused = json_view_end(&c->in) != ERR_OK;
        if (refused)
            err = call_refuse_field(c, &c->in);
    }
    if (!err && !refused)
        err = event_gate_refuse(c, event_may_add(&asked.event.facts), &refused);
    if (!err && !refused)
        err = event_addendum_add(c->db, c->id, text, c->now.unix_ms, c->user.id);
    event_asked_deinit(&asked);
    return err || refused ? err : event_done(c, 201, c->id, "event.addendum", "");
}
