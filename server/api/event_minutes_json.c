/* SPDX-License-Identifier: Apache-2.0
 *
 * Minutes of an event as JSON: while they are being written, for those who
 * write them; once they are closed, for everybody who was invited. Desk thread.
 */
#include "common/base/mem.h"
#include "server/api/event.h"
#include "server/api/person.h"

static enum err decisions_json(const struct call *c, int64_t id, json_t **out)
{
    struct event_decisions d = { 0 };
    json_t *array = json_array();
    enum err err = array ? event_decisions_load(c->db, id, &d) : ERR_NOMEM;

    for (size_t i = 0; !err && i < d.n; i++) {
        json_t *who = NULL;

        err = person_or_null(c, d.items[i].who, &who);
        if (!err)
            err =
                json_push(array, json_pack("{s:s,s:o,s:o,s:o}", "text", d.items[i].text, "who", who,
                                           "who_name", json_text_or_null(d.items[i].who_name),
                                           "due", json_text_or_null(d.items[i].due)));
    }
    event_decisions_free(&d);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err addenda_json(const struct call *c, int64_t id, json_t **out)
{
    struct event_addenda l = { 0 };
    json_t *array = json_array();
    enum err err = array ? event_addenda(c->db, id, &l) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *by = NULL;

        err = person_json(c, l.items[i].added_by, &by);
        if (!err)
            err = json_push(array, json_pack("{s:s,s:I,s:o}", "text", l.items[i].text, "at",
                                             (json_int_t)l.items[i].added_ms, "by", by));
    }
    event_addenda_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

enum err event_minutes_json(const struct call *c, const struct event *e, bool sees, json_t *event)
{
    bool open = sees || e->facts.minutes != EVENT_MINUTES_DRAFT;
    struct event_signatures s = { 0 };
    json_t *decisions = NULL, *addenda = NULL;
    char *text = NULL;
    enum err err = ERR_OK;

    if (open)
        err = event_minutes_text(c->db, e->id, &text);
    if (!err)
        err = json_put(event, "text", json_text_or_null(text ? text : ""));
    mem_free(text);
    if (!err)
        err = open ? decisions_json(c, e->id, &decisions) : ERR_OK;
    if (!err)
        err = json_put(event, "decisions", open ? decisions : json_array());
    if (!err)
        err = event_signatures(c->db, e->id, &s);
    if (!err)
        err = json_put(event, "signatures",
                       json_pack("{s:o,s:o,s:o}", "frozen", json_time_or_null(e->frozen_ms, 0),
                                 "chair", json_time_or_null(s.chair_ms, 0), "secretary",
                                 json_time_or_null(s.secretary_ms, 0)));
    if (!err)
        err = addenda_json(c, e->id, &addenda);
    return err ? err : json_put(event, "addenda", addenda);
}
