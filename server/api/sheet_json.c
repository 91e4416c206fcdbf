/* SPDX-License-Identifier: Apache-2.0
 *
 * A mark sheet as JSON, with its way; see sheet.h. Desk thread.
 */
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/person.h"
#include "server/api/sheet.h"
#include "server/domain/day.h"

static json_t *mark_or_null(enum mark_value v)
{
    return v == MARK_NONE ? json_null() : json_string(mark_value_name(v));
}

static enum err current_json(const char *tz, const struct sheet_subject *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->current_n; i++) {
        char date[DAY_TEXT_BYTES];
        int64_t day = 0;

        err = day_in_zone(tz, l->current[i].start_ms, &day);
        day_write(day, date);
        if (!err)
            err = json_push(array,
                            json_pack("{s:I,s:s,s:s}", "lesson", (json_int_t)l->current[i].lesson.v,
                                      "date", date, "mark", mark_value_name(l->current[i].value)));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err subjects_json(const struct mark_sheet *s, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < s->subjects_n; i++) {
        const struct sheet_subject *l = &s->subjects[i];
        json_t *current = NULL;

        err = current_json(s->tz, l, &current);
        if (!err)
            err = json_push(
                array,
                json_pack("{s:s,s:i,s:i,s:i,s:o,s:o,s:o,s:o,s:o}", "subject", l->code, "held",
                          l->held, "missed", l->missed, "unresolved", l->unresolved, "current",
                          current, "mean_hundredths",
                          l->mean_hundredths ? json_integer(l->mean_hundredths) : json_null(),
                          "proposed", mark_or_null(l->proposed), "mark", mark_or_null(l->set),
                          "reason", json_text_or_null(l->reason)));
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* What SheetItem and MarkSheet have in common. */
static enum err head_json(const struct call *c, const struct sheet_view *v,
                          const struct mark_sheet *s, json_t **out)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];
    json_t *mentor = NULL, *child = NULL, *school = NULL;
    enum err err = person_json(c, s->mentor_user, &mentor);

    if (!err)
        err = person_json(c, s->child_user, &child);
    if (!err)
        err = school_json(c, v->key.school, &school);
    if (err) {
        json_decref(mentor);
        json_decref(child);
        return err;
    }
    day_write(s->first_day, first);
    day_write(s->last_day, last);
    *out = json_pack("{s:s,s:s,s:s,s:s,s:s,s:o,s:o,s:i,s:o,s:i}", "id", v->id, "kind",
                     marks_term_name(s->kind), "from", first, "to", last, "tz", s->tz, "mentor",
                     mentor, "child", child, "grade", s->grade, "school", school, "version",
                     s->version);
    return *out ? ERR_OK : ERR_NOMEM;
}

/* ---- differences ---------------------------------------------------------------------------- */

static const json_t *subject_of(const json_t *subjects, const json_t *like)
{
    const char *code = json_string_value(json_object_get(like, "subject"));

    for (size_t i = 0; i < json_array_size(subjects); i++) {
        const json_t *s = json_array_get(subjects, i);
        const char *other = json_string_value(json_object_get(s, "subject"));

        if (code && other && strcmp(code, other) == 0)
            return s;
    }
    return NULL;
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

/* was or now may be NULL: the subject came or went. */
static enum err compare(json_t *list, const json_t *was, const json_t *now)
{
    static const char *const fields[] = { "mark", "reason", "mean_hundredths", "held", "missed" };
    const json_t *code = json_object_get(now ? now : was, "subject");
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < sizeof fields / sizeof fields[0]; i++) {
        json_t *before = json_object_get(was, fields[i]), *after = json_object_get(now, fields[i]);

        if (before && after && json_equal(before, after))
            continue;
        err = json_push(list, json_pack("{s:O,s:s,s:o,s:o}", "subject", code, "field", fields[i],
                                        "before", value_text(before), "after", value_text(after)));
    }
    return err;
}

static enum err differences(const json_t *before, const json_t *after, json_t **out)
{
    const json_t *was = json_object_get(before, "subjects");
    const json_t *now = json_object_get(after, "subjects");
    json_t *list = json_array();
    enum err err = list ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && before && i < json_array_size(now); i++) {
        const json_t *s = json_array_get(now, i);

        err = compare(list, subject_of(was, s), s);
    }
    for (size_t i = 0; !err && i < json_array_size(was); i++) {
        const json_t *s = json_array_get(was, i);

        if (!subject_of(now, s))
            err = compare(list, s, NULL);
    }
    if (err)
        json_decref(list);
    else
        *out = list;
    return err;
}

/* ---- bodies --------------------------------------------------------------------------------- */

static enum err body_before(const struct call *c, const struct sheet_view *v, json_t **out)
{
    struct doc_row row;
    enum err err;

    *out = NULL;
    if (v->way.newest.version < 2)
        return ERR_OK;
    err = sheet_row_load(c->db, &v->key, v->way.newest.version - 1, &row);
    if (!err)
        err = month_frozen_json(c, &row, out);
    return err == ERR_NOTFOUND ? ERR_OK : err;
}

static enum err content_json(const struct call *c, const struct sheet_view *v,
                             const struct mark_sheet *s, json_t **out)
{
    json_t *json = NULL, *subjects = NULL;
    enum err err = head_json(c, v, s, &json);

    if (!err)
        err = subjects_json(s, &subjects);
    if (!err && json_object_update_new(
                    json, json_pack("{s:s,s:s,s:s,s:I,s:O}", "centre", s->centre ? s->centre : "",
                                    "register_no", s->register_no ? s->register_no : "", "log_hash",
                                    s->log_hash ? s->log_hash : "", "printed_at",
                                    (json_int_t)s->printed_ms, "subjects", subjects)) != 0)
        err = ERR_NOMEM;
    json_decref(subjects);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

enum err sheet_body_json(const struct call *c, const struct sheet_view *v,
                         const struct mark_sheet *s, json_t **out)
{
    json_t *body = NULL, *before = NULL, *list = NULL;
    enum err err = content_json(c, v, s, &body);

    if (!err)
        err = body_before(c, v, &before);
    if (!err)
        err = differences(before, body, &list);
    if (!err)
        err = json_put(body, "differences", list);
    json_decref(before);
    if (err)
        json_decref(body);
    else
        *out = body;
    return err;
}

/* ---- the way -------------------------------------------------------------------------------- */

/* What stands in the way of the next move of mentor or centre. */
static json_t *holds_json(const struct call *c, const struct sheet_view *v,
                          const struct mark_sheet *s)
{
    bool submitted = v->way.newest.row == FLOW_ROW_SUBMITTED;
    struct flow_ask ask = { submitted ? FLOW_ACCEPT : FLOW_SUBMIT,
                            submitted ? FLOW_BY_COORDINATOR : FLOW_BY_MENTOR, true, false };
    enum flow_row next;
    int line = 0;
    const char *code = sheet_holds(v, s, &ask, c->now.unix_ms, &next, &line);

    if (strcmp(code, "ok") == 0)
        return json_null();
    return json_pack("{s:s,s:o}", "code", code, "line", line ? json_integer(line) : json_null());
}

/* Body and way of what is shown. */
static enum err whole_json(struct call *c, const struct sheet_view *v,
                           const struct month_shown *shown, json_t **out)
{
    bool inside = v->way.mentors || v->way.centres;
    struct mark_sheet s;
    json_t *body = NULL, *way = NULL, *holds = NULL;
    enum err err;

    if (shown->frozen) {
        err = month_frozen_json(c, &shown->row, &body);
    } else {
        err = sheet_view_load(c, v, "", &s);
        if (err)
            return err;
        err = sheet_body_json(c, v, &s, &body);
        if (!err && inside)
            holds = holds_json(c, v, &s);
        mark_sheet_deinit(&s);
    }
    if (!err)
        err = month_way_json(c, &v->way, shown, NULL, &way);
    if (!err && json_object_update_new(body, way) != 0)
        err = ERR_NOMEM;
    if (!err && holds)
        err = json_put(body, "holds", json_incref(holds));
    json_decref(holds);
    if (err)
        json_decref(body);
    else
        *out = body;
    return err;
}

enum err sheet_answer(struct call *c, int status, const struct sheet_view *v,
                      const struct month_shown *shown)
{
    json_t *json = NULL;
    enum err err = whole_json(c, v, shown, &json);

    if (err)
        return err == ERR_DB ? call_refuse(c, REFUSE_INTERNAL) : err;
    err = call_answer(c, status, json);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)shown->row.rev))
        err = ERR_INVAL;
    return err;
}

/* What the person has: a school the newest copy. */
static enum err shown_now(const struct call *c, const struct sheet_view *v, struct month_shown *out)
{
    struct delivery copy;
    enum err err = ERR_OK;

    *out = (struct month_shown){ .row = v->way.newest };
    if (v->way.schools && !v->way.centres && !v->way.mentors)
        err = sheet_sent(c, v, &out->row, &copy);
    out->frozen = !err && out->row.row == FLOW_ROW_ACCEPTED;
    return err;
}

enum err sheet_answer_now(struct call *c, int status, const char *id)
{
    struct sheet_view v;
    struct month_shown shown;
    bool refused = false;
    enum err err = sheet_open(c, id, &v, &refused);

    if (err || refused)
        return err;
    err = shown_now(c, &v, &shown);
    return err ? err : sheet_answer(c, status, &v, &shown);
}

enum err sheet_item_json(struct call *c, const struct sheet_view *v, json_t **out)
{
    static const char *const names[] = { "id",     "kind",    "from",  "to",       "tz",
                                         "mentor", "child",   "grade", "school",   "version",
                                         "state",  "overdue", "due",   "reminder", "copy" };
    struct month_shown shown;
    json_t *whole = NULL, *item = json_object();
    size_t set = 0, n = 0;
    enum err err = item ? shown_now(c, v, &shown) : ERR_NOMEM;

    if (!err)
        err = whole_json(c, v, &shown, &whole);
    for (size_t i = 0; !err && i < sizeof names / sizeof names[0]; i++)
        if (json_object_set(item, names[i], json_object_get(whole, names[i])) != 0)
            err = ERR_NOMEM;
    if (!err) {
        const json_t *subjects = json_object_get(whole, "subjects");

        n = json_array_size(subjects);
        for (size_t i = 0; i < n; i++)
            set += !json_is_null(json_object_get(json_array_get(subjects, i), "mark"));
        err = json_put(item, "subjects", json_integer((json_int_t)n));
    }
    if (!err)
        err = json_put(item, "set", json_integer((json_int_t)set));
    json_decref(whole);
    if (err)
        json_decref(item);
    else
        *out = item;
    return err;
}
