/* SPDX-License-Identifier: Apache-2.0
 *
 * A missed lesson for the office: who is missing, which causes may be noted,
 * what was noted by whom, and the make-up (make_up.c). A cause is noted by the
 * register's own way (register.c). Desk thread.
 */
#include "server/api/noshow.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/api/register.h"
#include "server/domain/day.h"
#include "server/store/attendance.h"
#include "server/store/noshow.h"

/* What was computed, or who is missing now. */
static enum err who_is_missing(const struct call *c, const struct lesson *l, struct noshow_sheet *s)
{
    struct lesson_record *record = mem_zalloc(1, sizeof *record);
    struct noshow_lesson facts;
    struct noshow_policy policy;
    enum err err = record ? attendance_load(c->db, l->facts.id, record) : ERR_NOMEM;

    if (!err) {
        s->computed = true;
        s->outcome = record->outcome;
        s->missing = noshow_of_outcome(record->outcome);
    }
    mem_free(record);
    if (err != ERR_NOTFOUND)
        return err;
    err = noshow_load(c->db, l->facts.id, &facts);
    if (!err)
        err = policy_noshow(c->db, l->org, c->now.unix_ms, &policy);
    if (!err)
        s->missing = noshow_missed(&facts.facts, &policy, c->now.unix_ms);
    return err;
}

enum err noshow_sheet_load(const struct call *c, const struct lesson *l, struct noshow_sheet *out)
{
    struct noshow_sheet s = { 0 };
    struct noshow_policy policy;
    enum err err = who_is_missing(c, l, &s);

    if (!err)
        err = policy_noshow(c->db, l->org, c->now.unix_ms, &policy);
    if (!err)
        err = policy_make_up(c->db, l->org, c->now.unix_ms, &s.policy);
    if (!err)
        err = lesson_made_up_by(c->db, l->facts.id, &s.made);
    if (!err)
        err = day_in_zone(l->tz, l->facts.start_ms, &s.day);
    if (!err)
        err = day_in_zone(l->tz, c->now.unix_ms, &s.today);
    if (err)
        return err;
    s.after_ms = policy.after_ms;
    *out = s;
    return ERR_OK;
}

enum make_up noshow_make_up(const struct noshow_sheet *s, int64_t wanted)
{
    struct make_up_facts f = { .missing = s->missing,
                               .computed = s->computed,
                               .outcome = s->outcome,
                               .made = s->made.id.v != 0,
                               .day = s->day,
                               .wanted = wanted };

    return make_up_check(&f, &s->policy);
}

/* Causes that may be noted now: none of a lesson whose month is closed. */
static json_t *causes_json(const struct lesson *l, const struct noshow_sheet *s)
{
    json_t *array = json_array();
    enum noshow who = s->computed && s->missing == NOSHOW_NOBODY ? NOSHOW_NOBODY : s->missing;

    for (const char *cause = NOSHOW_CAUSES; array && *cause; cause++) {
        if (l->facts.state == LESSON_LOCKED || !noshow_cause_may(who, *cause))
            continue;
        if (json_push(array, json_stringn(cause, 1))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* The newest human code of a history, or null. */
static json_t *newest(const json_t *history)
{
    size_t n = json_array_size(history);
    json_t *code = n ? json_object_get(json_array_get(history, n - 1), "new") : NULL;

    return code ? json_incref(code) : json_null();
}

static enum err children_json(const struct call *c, const struct lesson *l, json_t **out)
{
    json_t *array = json_array();
    enum err err = array ? ERR_OK : ERR_NOMEM;

    for (int i = 0; !err && i < l->seats_n; i++) {
        json_t *child = NULL, *history = NULL;

        err = person_json(c, l->seats[i].user, &child);
        if (!err)
            err = register_history_json(c, l, i, &history);
        if (!err)
            err = json_push(array, json_pack("{s:o,s:o,s:o}", "child", child, "cause",
                                             newest(history), "history", history));
        else
            json_decref(child);
    }
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static json_t *missing_json(enum noshow who)
{
    return who == NOSHOW_NOBODY ? json_null() : json_string(noshow_name(who));
}

enum err noshow_brief_json(const struct call *c, const struct lesson *l, json_t **out)
{
    struct noshow_sheet s;
    json_t *history = NULL;
    enum err err = noshow_sheet_load(c, l, &s);

    *out = json_null();
    if (err || s.missing == NOSHOW_NOBODY || l->seats_n == 0)
        return err;
    err = register_history_json(c, l, 0, &history);
    if (err)
        return err;
    *out = json_pack("{s:o,s:o,s:o}", "missing", missing_json(s.missing), "cause", newest(history),
                     "made", lesson_ref_json(&s.made));
    json_decref(history);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct call *c, const struct lesson *l)
{
    struct noshow_sheet s;
    json_t *children = NULL, *make_up = NULL;
    enum err err = noshow_sheet_load(c, l, &s);

    if (!err)
        err = children_json(c, l, &children);
    if (!err)
        err = make_up_json(c, l, &s, &make_up);
    if (!err)
        err = call_answer(c, 200,
                          json_pack("{s:o,s:I,s:o,s:O,s:O,s:I}", "missing", missing_json(s.missing),
                                    "after_ms", (json_int_t)s.after_ms, "causes",
                                    causes_json(l, &s), "children", children, "make_up", make_up,
                                    "version", (json_int_t)l->rev));
    json_decref(children);
    json_decref(make_up);
    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)l->rev))
        err = ERR_INVAL;
    return err;
}

enum err no_show_get(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? call_lesson(c, RIGHT_LESSON_CREATE, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = answer(c, l);
    mem_free(l);
    return err;
}
