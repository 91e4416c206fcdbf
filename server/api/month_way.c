/* SPDX-License-Identifier: Apache-2.0
 *
 * A report with its way as JSON: state, due day, steps, the school's copy,
 * which moves the reader has and what holds them up; bodies that are frozen
 * and their differences. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/month.h"
#include "server/api/month_json.h"
#include "server/api/owed.h"
#include "server/api/person.h"

/* ---- differences ---------------------------------------------------------------------------- */

/* Stand in every body and say nothing about its content. */
static bool is_proof(const char *name)
{
    static const char *const names[] = { "log_hash", "printed_at", "version", "differences",
                                         "lines" };

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

/* A value as a text, null for none. */
static json_t *value_text(const json_t *value)
{
    char *dumped;
    json_t *text;

    if (!value || json_is_null(value))
        return json_null();
    if (json_is_string(value))
        return json_string(json_string_value(value));
    dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    text = dumped ? json_string(dumped) : NULL;
    free(dumped);
    return text;
}

static enum err add_difference(json_t *list, const json_t *line, const char *field,
                               const json_t *before, const json_t *after)
{
    json_t *no = line ? json_object_get(line, "no") : NULL;
    json_t *lesson = line ? json_object_get(line, "lesson") : NULL;

    return json_push(list,
                     json_pack("{s:O?,s:O?,s:s,s:o,s:o}", "no", no, "lesson", lesson, "field",
                               field, "before", value_text(before), "after", value_text(after)));
}

/* Field by field; objects one level deep ("totals.held"). */
static enum err compare(json_t *list, const json_t *line, const char *prefix, json_t *before,
                        json_t *after)
{
    const char *name;
    json_t *now;
    enum err err = ERR_OK;

    json_object_foreach(after, name, now)
    {
        json_t *was = json_object_get(before, name);
        char field[64];

        if (err || (!line && !prefix[0] && is_proof(name)) || (line && strcmp(name, "no") == 0) ||
            (was && json_equal(was, now)))
            continue;
        if (!str_format(field, sizeof field, "%s%s%s", prefix, prefix[0] ? "." : "", name))
            err = ERR_INVAL;
        else if (!prefix[0] && json_is_object(was) && json_is_object(now))
            err = compare(list, line, name, was, now);
        else
            err = add_difference(list, line, field, was, now);
    }
    return err;
}

static json_t *line_of(const json_t *lines, const json_t *like)
{
    json_int_t id = json_integer_value(json_object_get(like, "lesson"));
    size_t i;
    json_t *line;

    json_array_foreach(lines, i, line) if (json_integer_value(json_object_get(line, "lesson")) ==
                                           id) return line;
    return NULL;
}

enum err month_differences(const json_t *before, const json_t *after, json_t **out)
{
    json_t *list = json_array(), *line;
    json_t *old_lines = json_object_get(before, "lines");
    json_t *new_lines = json_object_get(after, "lines");
    size_t i;
    enum err err =
        list ? compare(list, NULL, "", (json_t *)(uintptr_t)before, (json_t *)(uintptr_t)after)
             : ERR_NOMEM;

    json_array_foreach(new_lines, i, line)
    {
        json_t *was = line_of(old_lines, line);

        if (!err)
            err = was ? compare(list, line, "", was, line)
                      : add_difference(list, line, "line", NULL, json_object_get(line, "date"));
    }
    json_array_foreach(old_lines, i, line) if (!err && !line_of(new_lines, line)) err =
        add_difference(list, line, "line", json_object_get(line, "date"), NULL);
    if (err)
        json_decref(list);
    else
        *out = list;
    return err;
}

/* ---- bodies --------------------------------------------------------------------------------- */

enum err month_body_json(const struct call *c, const struct month *m, const struct month_report *r,
                         const json_t *before, json_t **out)
{
    json_t *body = NULL, *differences = NULL;
    enum err err = month_content_json(c, &m->key, r, &body);

    if (err)
        return err;
    if (before)
        err = month_differences(before, body, &differences);
    else
        differences = json_array();
    if (!err)
        err = json_put(body, "differences", differences);
    if (err)
        json_decref(body);
    else
        *out = body;
    return err;
}

enum err month_frozen_json(const struct call *c, const struct doc_row *row, json_t **out)
{
    struct frozen f;
    enum err err = frozen_load(c->db, row->ref, "json", &f);

    if (err)
        return err;
    *out = json_loadb((const char *)f.bytes, f.len, 0, NULL);
    mem_free(f.bytes);
    return *out ? ERR_OK : ERR_DB;
}

/* ---- the way -------------------------------------------------------------------------------- */

/* A word between mentor and centre is not the school's. */
static enum err steps_json(const struct call *c, const struct doc_row *row, bool notes,
                           json_t **out)
{
    struct doc_step_list l = { 0 };
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    if (!err && row->rev)
        err = doc_step_list(c->db, row->ref, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *by = NULL;

        err = person_json(c, l.items[i].by, &by);
        if (!err)
            err = json_push(array,
                            json_pack("{s:s,s:I,s:o,s:o}", "step", doc_step_name(l.items[i].step),
                                      "at", (json_int_t)l.items[i].at_ms, "by", by, "note",
                                      json_text_or_null(notes ? l.items[i].note : NULL)));
    }
    doc_step_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static json_t *copy_json(const struct delivery *d)
{
    char sha[2 * DOC_SHA_BYTES + 1];

    for (size_t i = 0; i < DOC_SHA_BYTES; i++)
        if (!str_format(sha + 2 * i, 3, "%02x", d->sha256[i]))
            return NULL;
    return json_pack("{s:s,s:I,s:o,s:o,s:o}", "sha256", sha, "queued", (json_int_t)d->queued_ms,
                     "sent", json_time_or_null(d->sent_ms, 0), "opened",
                     json_time_or_null(d->opened_ms, 0), "acknowledged",
                     json_time_or_null(d->ack_ms, 0));
}

/* Can be asked by this person, as far as the row goes; content may still hold it up. */
static json_t *moves_json(const struct call *c, const struct month *m)
{
    static const struct {
        enum flow_move move;
        enum flow_actor actor;
        const char *name;
    } all[] = {
        { FLOW_EDIT, FLOW_BY_MENTOR, "edit" },
        { FLOW_SUBMIT, FLOW_BY_MENTOR, "submit" },
        { FLOW_RETURN, FLOW_BY_COORDINATOR, "return" },
        { FLOW_ACCEPT, FLOW_BY_COORDINATOR, "accept" },
        { FLOW_CORRECT, FLOW_BY_COORDINATOR, "correct" },
        { FLOW_ACKNOWLEDGE, FLOW_BY_SCHOOL, "acknowledge" },
    };
    static const struct flow_content whole = { .totals_hold = true };
    json_t *array = json_array();

    for (size_t i = 0; array && i < sizeof all / sizeof all[0]; i++) {
        struct flow_ask ask = { all[i].move, all[i].actor, true, m->own };
        bool mine = all[i].actor == FLOW_BY_MENTOR        ? m->mentors
                    : all[i].actor == FLOW_BY_COORDINATOR ? m->centres
                                                          : m->schools;
        enum flow_row next;

        if (!mine || flow_decide(&m->facts, &whole, &ask, c->now.unix_ms, &next) != FLOW_MAY_OK ||
            (all[i].move == FLOW_ACKNOWLEDGE && m->facts.acknowledged))
            continue;
        if (json_array_append_new(array, json_string(all[i].name)) != 0) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* What the document itself puts in the way of the next move; null: nothing. */
static enum err holds_json(const struct call *c, const struct month *m,
                           const struct month_report *r, json_t **out)
{
    bool submitted = m->newest.row == FLOW_ROW_SUBMITTED;
    struct flow_ask ask = { submitted ? FLOW_ACCEPT : FLOW_SUBMIT,
                            submitted ? FLOW_BY_COORDINATOR : FLOW_BY_MENTOR, true, false };
    struct flow_content content;
    enum flow_row next;
    enum flow_verdict v = FLOW_MAY_OK;
    enum err err = month_content(c, m, r, &content);

    if (!err)
        v = flow_decide(&m->facts, &content, &ask, c->now.unix_ms, &next);
    if (!err)
        *out = v == FLOW_MAY_OK
                   ? json_null()
                   : json_pack("{s:s,s:o}", "code", flow_verdict_name(v), "line",
                               content.first_line ? json_integer(content.first_line) : json_null());
    return !err && !*out ? ERR_NOMEM : err;
}

enum err month_way_json(struct call *c, const struct month *m, const struct month_shown *shown,
                        const struct month_report *live, json_t **out)
{
    bool newest = shown->row.version == m->newest.version;
    bool inside = m->mentors || m->centres;
    struct month old = *m;
    json_t *steps = NULL, *holds = NULL;
    enum flow_state state;
    enum err err = ERR_OK;

    if (!newest) {
        old.newest = shown->row;
        err = delivery_load(c->db, shown->row.ref, &old.copy);
        old.has_copy = err == ERR_OK;
        old.facts.row = shown->row.row;
        old.facts.sent = old.has_copy && old.copy.sent_ms;
        old.facts.acknowledged = old.has_copy && old.copy.ack_ms;
        if (err == ERR_NOTFOUND)
            err = ERR_OK;
    }
    if (!err)
        err = steps_json(c, &shown->row, inside, &steps);
    if (!err && live && inside)
        err = holds_json(c, &old, live, &holds);
    if (err) {
        json_decref(steps);
        return err;
    }
    state = flow_state(&old.facts, c->now.unix_ms);
    *out =
        json_pack("{s:s,s:b,s:s,s:I,s:i,s:i,s:b,s:o,s:o,s:o,s:o}", "state", flow_state_name(state),
                  "overdue", (int)flow_overdue(&old.facts, c->now.unix_ms), "reminder",
                  flow_reminder_name(flow_reminder(&old.facts, &m->policy, c->now.unix_ms)), "due",
                  (json_int_t)m->facts.due_ms, "rev", (int)shown->row.rev, "newest",
                  inside ? m->newest.version : shown->row.version, "frozen", (int)shown->frozen,
                  "steps", steps, "copy", old.has_copy ? copy_json(&old.copy) : json_null(),
                  "moves", newest || m->schools ? moves_json(c, &old) : json_array(), "holds",
                  holds ? holds : json_null());
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err month_body_before(const struct call *c, const struct month *m, json_t **out)
{
    struct doc_row row;
    enum err err;

    *out = NULL;
    if (m->newest.version < 2)
        return ERR_OK;
    err = report_row_load(c->db, &m->key, m->newest.version - 1, &row);
    if (!err)
        err = month_frozen_json(c, &row, out);
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

static enum err live_body(struct call *c, const struct month *m, const struct month_shown *shown,
                          json_t **body, json_t **way)
{
    struct month_report r;
    json_t *before = NULL;
    enum err err = month_load(c, m, "", &r);

    if (err)
        return err;
    err = month_body_before(c, m, &before);
    if (!err)
        err = month_body_json(c, m, &r, before, body);
    if (!err)
        err = month_way_json(c, m, shown, &r, way);
    json_decref(before);
    month_report_deinit(&r);
    return err;
}

enum err month_answer(struct call *c, int status, const struct month *m,
                      const struct month_shown *shown)
{
    json_t *body = NULL, *way = NULL;
    enum err err = shown->frozen ? month_frozen_json(c, &shown->row, &body)
                                 : live_body(c, m, shown, &body, &way);

    if (!err && shown->frozen)
        err = month_way_json(c, m, shown, NULL, &way);
    if (!err && json_object_update(body, way) != 0)
        err = ERR_NOMEM;
    json_decref(way);
    if (err) {
        json_decref(body);
        return err == ERR_DB ? call_refuse(c, REFUSE_INTERNAL) : err;
    }
    err = call_answer(c, status, body);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)shown->row.rev))
        err = ERR_INVAL;
    return err;
}

enum err month_answer_now(struct call *c, int status, const struct report_key *key)
{
    struct month m;
    struct month_shown shown = { 0 };
    struct frozen f;
    char id[REPORT_ID_CHARS];
    bool refused = false;
    enum err err = report_id_text(c, key, id, sizeof id);

    if (!err)
        err = month_open(c, id, &m, &refused);
    if (err || refused)
        return err;
    shown.row = m.newest;
    if (m.schools && !m.centres && !m.mentors)
        err = month_sent(c, &m, &shown.row, &m.copy);
    if (!err && shown.row.rev) {
        err = frozen_load(c->db, shown.row.ref, "json", &f);
        shown.frozen = err == ERR_OK;
        if (shown.frozen)
            mem_free(f.bytes);
        if (err == ERR_NOTFOUND)
            err = ERR_OK;
    }
    return err ? err : month_answer(c, status, &m, &shown);
}

/* ---- rows of the list ----------------------------------------------------------------------- */

static int notes_missing(const json_t *lines)
{
    size_t i;
    json_t *line;
    int n = 0;

    json_array_foreach(lines, i, line)
    {
        const char *outcome = json_string_value(json_object_get(line, "outcome"));
        const char *topic = json_string_value(json_object_get(line, "topic"));

        n += outcome && (strcmp(outcome, "held") == 0 || strcmp(outcome, "partial") == 0) &&
             !(topic && topic[0]);
    }
    return n;
}

static enum err pick(json_t *from, json_t *to, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        json_t *value = json_object_get(from, names[i]);

        if (!value || json_object_set(to, names[i], value) != 0)
            return ERR_NOMEM;
    }
    return ERR_OK;
}

enum err month_item_json(struct call *c, const struct month *m, json_t **out)
{
    static const char *const heads[] = { "id",    "month", "tz",     "mentor",
                                         "child", "grade", "school", "version" };
    static const char *const figures[] = { "planned",  "held",      "partial",
                                           "not_held", "cancelled", "contact_ms" };
    static const char *const ways[] = { "state", "overdue", "reminder", "due", "copy" };
    struct month_shown shown = { .row = m->newest };
    struct delivery copy;
    struct frozen f;
    json_t *body = NULL, *way = NULL, *item = json_object();
    enum err err = item ? ERR_OK : ERR_NOMEM;

    if (!err && m->schools)
        err = month_sent(c, m, &shown.row, &copy);
    if (!err && shown.row.rev) {
        err = frozen_load(c->db, shown.row.ref, "json", &f);
        shown.frozen = err == ERR_OK;
        if (shown.frozen)
            mem_free(f.bytes);
        if (err == ERR_NOTFOUND)
            err = ERR_OK;
    }
    if (!err)
        err = shown.frozen ? month_frozen_json(c, &shown.row, &body)
                           : live_body(c, m, &shown, &body, &way);
    if (!err && shown.frozen)
        err = month_way_json(c, m, &shown, NULL, &way);
    if (!err)
        err = pick(body, item, heads, sizeof heads / sizeof heads[0]);
    if (!err)
        err = pick(json_object_get(body, "totals"), item, figures,
                   sizeof figures / sizeof figures[0]);
    if (!err)
        err = pick(way, item, ways, sizeof ways / sizeof ways[0]);
    if (!err)
        err = json_put(item, "notes_missing",
                       json_integer(notes_missing(json_object_get(body, "lines"))));
    json_decref(body);
    json_decref(way);
    if (err)
        json_decref(item);
    else
        *out = item;
    return err;
}
