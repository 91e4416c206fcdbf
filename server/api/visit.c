/* SPDX-License-Identifier: Apache-2.0
 *
 * Tours, talks and trial classes: put up by the centre, signed up for by
 * families, and who came. Names of children are told to the centre alone; a
 * family sees its own. Desk thread.
 */
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/api/section.h"
#include "server/store/consent.h"

#define LIST_BEFORE_MS (30 * MS_PER_DAY)

/* ---- JSON --------------------------------------------------------------------------------- */

/* May the reader know that this child comes? */
static enum err sees(const struct call *c, const struct visitor *v, bool *out)
{
    struct child child;
    enum err err = child_load(c->db, v->child, &child);

    return err ? err : call_may_child(c, RIGHT_CHOICE_VIEW, &child, false, out);
}

static enum err visitors_json(const struct call *c, const struct section_visit *v, json_t **out)
{
    struct visitor_list l = { 0 };
    json_t *array = json_array();
    enum err err = array ? visitor_list(c->db, v->id, (struct child_id){ 0 }, &l) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *person = NULL;
        bool may = false;

        err = sees(c, &l.items[i], &may);
        if (err || !may)
            continue;
        err = person_json(c, l.items[i].user, &person);
        if (!err)
            err = json_push(array,
                            json_pack("{s:o,s:o}", "child", person, "attended",
                                      l.items[i].attended < 0 ? json_null()
                                                              : json_boolean(l.items[i].attended)));
    }
    visitor_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err visit_json(const struct call *c, const struct section_visit *v, json_t **out)
{
    json_t *visitors = NULL;
    enum err err = visitors_json(c, v, &visitors);

    if (err)
        return err;
    *out = json_pack("{s:I,s:I,s:s,s:I,s:I,s:o}", "id", (json_int_t)v->id, "section",
                     (json_int_t)v->section, "kind", visit_kind_name(v->kind), "start",
                     (json_int_t)v->start_ms, "end",
                     (json_int_t)(v->start_ms + v->minutes * MS_PER_MIN), "visitors", visitors);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct call *c, int status, int64_t id)
{
    struct section_visit v;
    json_t *json = NULL;
    enum err err = visit_load(c->db, id, &v);

    if (!err)
        err = visit_json(c, &v, &json);
    return err ? err : call_answer(c, status, json);
}

enum err visits_get(struct call *c)
{
    struct section s;
    struct visit_list l = { 0 };
    json_t *items;
    bool refused;
    enum err err = section_open(c, RIGHT_SECTION_VIEW, c->id, &s, &refused);

    if (err || refused)
        return err;
    items = json_array();
    err = items ? visit_list(c->db, s.id, c->now.unix_ms - LIST_BEFORE_MS, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        err = visit_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    visit_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "visits", items));
}

/* ---- putting up --------------------------------------------------------------------------- */

/* "2026-11-25" and "15:00" of the section's zone. */
static enum err read_visit(struct call *c, const struct section *s, struct section_visit *out,
                           bool *refused)
{
    const char *kind = json_get_str(&c->in, "kind", 8);
    const char *date = json_get_str(&c->in, "date", 10);
    struct local_time t = { 0 };
    int minute = body_clock(&c->in, "time");
    int64_t second;
    enum zone_answer z;

    out->minutes = (int)json_get_int(&c->in, "minutes", 10, 240);
    if (c->in.fault == JSON_FAULT_NONE && !visit_kind_parse(kind, &out->kind))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "kind");
    if (c->in.fault == JSON_FAULT_NONE && !body_date(date, &t.year, &t.month, &t.day))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "date");
    *refused = json_view_end(&c->in) != ERR_OK;
    if (*refused)
        return call_refuse_field(c, &c->in);
    t.hour = minute / 60;
    t.minute = minute % 60;
    z = zone_to_utc(s->tz, &t, &out->start_ms, &second);
    *refused = z == ZONE_SKIPPED || z == ZONE_UNKNOWN; /* a doubled one is its first */
    return *refused ? call_refuse_word(c, "time", "range") : ERR_OK;
}

enum err visit_post(struct call *c)
{
    struct section_visit v = { 0 };
    struct section s;
    int64_t id;
    bool refused;
    enum err err = section_open(c, RIGHT_SECTION_EDIT, c->id, &s, &refused);

    if (!err && !refused)
        err = read_visit(c, &s, &v, &refused);
    if (err || refused)
        return err;
    v.section = s.id;
    err = visit_add(c->db, &v, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "visit.create", "section_visit", id, "", visit_kind_name(v.kind));
    return err ? err : answer(c, 201, id);
}

/* ---- coming ------------------------------------------------------------------------------- */

/* The visit in the path and its section. */
static enum err open_visit(struct call *c, enum right right, struct section_visit *v, bool *refused)
{
    struct section s;
    enum err err = visit_load(c->db, c->id, v);

    *refused = err == ERR_NOTFOUND;
    if (*refused)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : section_open(c, right, v->section, &s, refused);
}

/* A family's name goes to the provider with this, so its consent has to stand. */
static enum err has_consent(struct call *c, const struct child *child, bool *refused)
{
    unsigned standing = 0;
    enum err err = consent_standing(c->db, child->id, c->now.unix_ms, &standing);

    *refused = !err && !consent_permits(standing, CONSENT_TO_SECTION);
    return *refused ? call_refuse_gate(c, choice_fault_name(CHOICE_CONSENT)) : err;
}

enum err visit_sign_post(struct call *c)
{
    struct section_visit v;
    struct child child;
    struct user_id user;
    bool refused;
    enum err err = open_visit(c, RIGHT_SECTION_VIEW, &v, &refused);

    if (err || refused)
        return err;
    user.v = json_get_int(&c->in, "child", 1, BODY_ID_MAX);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = section_child(c, RIGHT_CHOICE_WISH, user, false, &child, &refused);
    if (!err && !refused)
        err = has_consent(c, &child, &refused);
    if (err || refused)
        return err;
    if (v.start_ms <= c->now.unix_ms)
        return call_refuse(c, REFUSE_NOT_NOW);
    err = visit_sign(c->db, v.id, child.id, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "visit.sign", "section_visit", v.id, "", "");
    return err ? err : answer(c, 200, v.id);
}

enum err visit_attendance_post(struct call *c)
{
    struct section_visit v;
    struct child child;
    struct user_id user;
    bool refused, attended;
    enum err err = open_visit(c, RIGHT_SECTION_EDIT, &v, &refused);

    if (err || refused)
        return err;
    user.v = json_get_int(&c->in, "child", 1, BODY_ID_MAX);
    attended = json_get_bool(&c->in, "attended");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (v.start_ms > c->now.unix_ms)
        return call_refuse(c, REFUSE_NOT_NOW);
    err = section_child(c, RIGHT_CHOICE_VIEW, user, false, &child, &refused);
    if (err || refused)
        return err;
    err = visit_record(c->db, v.id, child.id, attended, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "visit.attendance", "section_visit", v.id, "", "");
    return err ? err : answer(c, 200, v.id);
}
