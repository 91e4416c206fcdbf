/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue of sections: seen by children, families and the centre, kept
 * by the centre. Desk thread.
 */
#include "server/api/section.h"

#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/consent.h"

/* ---- whose it is -------------------------------------------------------------------------- */

enum err section_centre(struct call *c, enum right right, struct org *out, bool *refused)
{
    struct grant g;

    *refused = call_scope(c, right, &g) == SCOPE_NONE;
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : call_centre(c, out);
}

enum err section_open(struct call *c, enum right right, int64_t id, struct section *out,
                      bool *refused)
{
    struct org centre;
    enum err err = section_centre(c, right, &centre, refused);

    if (err || *refused)
        return err;
    err = section_load(c->db, id, out);
    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(out->centre, centre.id));
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err section_child(struct call *c, enum right right, struct user_id user, bool full,
                       struct child *out, bool *refused)
{
    bool knows = false, may = false, giver = true;
    enum err err = child_by_user(c->db, user, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = call_may_child(c, RIGHT_CHOICE_VIEW, out, false, &knows);
    if (!err)
        err = call_may_child(c, right, out, false, &may);
    if (!err && full)
        err = consent_giver(c->db, out->id, c->user.id, c->now.unix_ms, &giver);
    if (err)
        return err;
    if (!knows)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may || !giver)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *slots_json(const struct section_group *g)
{
    json_t *array = json_array();

    for (int i = 0; array && i < g->slots_n; i++) {
        const struct section_slot *s = &g->slots[i];
        char time[8];

        if (!str_format(time, sizeof time, "%02d:%02d", s->from_minute / 60, s->from_minute % 60) ||
            json_push(array, json_pack("{s:i,s:s,s:i}", "weekday", s->weekday, "time", time,
                                       "minutes", s->minutes))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

json_t *section_group_json(const struct section_group *g)
{
    return json_pack("{s:I,s:s,s:i,s:i,s:i,s:o}", "id", (json_int_t)g->id, "name", g->name,
                     "capacity", g->capacity, "taken", g->taken, "waiting", g->waiting, "slots",
                     slots_json(g));
}

static json_t *groups_json(const struct section *s)
{
    json_t *array = json_array();

    for (int i = 0; array && i < s->groups_n; i++)
        if (json_push(array, section_group_json(&s->groups[i]))) {
            json_decref(array);
            return NULL;
        }
    return array;
}

enum err section_json(const struct call *c, const struct section *s, json_t **out)
{
    struct org provider;
    enum err err = org_load(c->db, s->provider, &provider);

    if (err)
        return err;
    *out = json_pack("{s:I,s:s,s:s,s:o,s:s,s:s,s:b,s:b,s:b,s:i,s:i,s:i,s:s,s:o}", "id",
                     (json_int_t)s->id, "title", s->title, "kind", section_kind_name(s->kind),
                     "provider",
                     json_pack("{s:I,s:s,s:s}", "id", (json_int_t)provider.id.v, "name",
                               provider.name, "phone", provider.phone),
                     "leader", s->leader, "place", s->place, "online", s->online, "paper_needed",
                     s->paper_needed, "open", s->open, "age_from", s->age_from, "age_to", s->age_to,
                     "travel_minutes", s->travel_minutes, "tz", s->tz, "groups", groups_json(s));
    return *out ? ERR_OK : ERR_NOMEM;
}

enum err section_answer(struct call *c, int status, int64_t id)
{
    struct section s;
    json_t *json = NULL;
    enum err err = section_load(c->db, id, &s);

    if (!err)
        err = section_json(c, &s, &json);
    if (err)
        return err;
    if (!str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)s.rev)) {
        json_decref(json);
        return ERR_INVAL;
    }
    return call_answer(c, status, json);
}

/* ---- reading ------------------------------------------------------------------------------ */

/* Query parameters that narrow the list. */
struct wish {
    bool by_kind, by_age, online_only;
    enum section_kind kind;
    int64_t age;
};

static enum err read_wish(struct call *c, struct wish *w, bool *refused)
{
    enum json_fault fault;
    char text[20];

    w->by_kind = call_query(c, "kind", text, sizeof text, &fault);
    *refused = fault != JSON_FAULT_NONE || (w->by_kind && !section_kind_parse(text, &w->kind));
    if (*refused)
        return call_refuse_query(c, "kind", fault ? fault : JSON_FAULT_RANGE);
    w->by_age = call_query(c, "age", text, sizeof text, &fault);
    *refused = fault != JSON_FAULT_NONE || (w->by_age && str_to_i64(text, 0, 30, &w->age));
    if (*refused)
        return call_refuse_query(c, "age", fault ? fault : JSON_FAULT_RANGE);
    w->online_only = call_query(c, "online", text, sizeof text, &fault);
    *refused = fault != JSON_FAULT_NONE || (w->online_only && strcmp(text, "yes") != 0);
    return *refused ? call_refuse_query(c, "online", fault ? fault : JSON_FAULT_RANGE) : ERR_OK;
}

static bool fits(const struct wish *w, const struct section *s)
{
    return (!w->by_kind || s->kind == w->kind) &&
           (!w->by_age || (w->age >= s->age_from && w->age <= s->age_to)) &&
           (!w->online_only || s->online);
}

enum err sections_get(struct call *c)
{
    struct section_list l = { 0 };
    struct wish w = { 0 };
    struct org centre;
    json_t *items;
    bool refused;
    enum err err = section_centre(c, RIGHT_SECTION_VIEW, &centre, &refused);

    if (!err && !refused)
        err = read_wish(c, &w, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? section_list(c->db, centre.id, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        if (!fits(&w, &l.items[i]))
            continue;
        err = section_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
    }
    section_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "sections", items));
}

enum err section_get(struct call *c)
{
    struct section s;
    bool refused;
    enum err err = section_open(c, RIGHT_SECTION_VIEW, c->id, &s, &refused);

    return err || refused ? err : section_answer(c, 200, s.id);
}

/* ---- keeping ------------------------------------------------------------------------------ */

static void copy_name(struct json_view *v, const char *field, char *out, size_t cap)
{
    const char *s = json_get_str(v, field, cap - 1);

    if (v->fault == JSON_FAULT_NONE && (!str_name_ok(s, 80) || !str_copy(out, cap, s)))
        json_view_blame(v, JSON_FAULT_MALFORMED, field);
}

static void read_slot(struct json_view *v, const json_t *item, struct section_slot *out)
{
    struct json_view in = json_view_on(item);

    out->weekday = (int)json_get_int(&in, "weekday", 1, 7);
    out->from_minute = body_clock(&in, "time");
    out->minutes = (int)json_get_int(&in, "minutes", 10, 240);
    if (json_view_end(&in))
        json_view_blame(v, in.fault, "groups");
}

static bool same_start(const struct section_group *g, const struct section_slot *s)
{
    for (int i = 0; i < g->slots_n; i++)
        if (g->slots[i].weekday == s->weekday && g->slots[i].from_minute == s->from_minute)
            return true;
    return false;
}

static void read_group(struct json_view *v, const json_t *item, struct section_group *out)
{
    struct json_view in = json_view_on(item);
    const json_t *slots;

    copy_name(&in, "name", out->name, sizeof out->name);
    out->capacity = (int)json_get_int(&in, "capacity", 1, 200);
    slots = json_get_array(&in, "slots", SECTION_SLOTS_MAX);
    for (size_t i = 0; in.fault == JSON_FAULT_NONE && i < json_array_size(slots); i++) {
        struct section_slot s = { 0 };

        read_slot(&in, json_array_get(slots, i), &s);
        if (in.fault == JSON_FAULT_NONE && same_start(out, &s))
            json_view_blame(&in, JSON_FAULT_RANGE, "slots");
        out->slots[out->slots_n++] = s;
    }
    if (in.fault == JSON_FAULT_NONE && out->slots_n == 0)
        json_view_blame(&in, JSON_FAULT_RANGE, "slots");
    if (json_view_end(&in))
        json_view_blame(v, in.fault, "groups");
}

static enum err read_section(struct json_view *v, struct section *s)
{
    const json_t *groups;
    const char *kind, *place;

    copy_name(v, "title", s->title, sizeof s->title);
    kind = json_get_str(v, "kind", 20);
    if (v->fault == JSON_FAULT_NONE && !section_kind_parse(kind, &s->kind))
        json_view_blame(v, JSON_FAULT_RANGE, "kind");
    s->provider.v = json_get_int(v, "provider", 1, BODY_ID_MAX);
    copy_name(v, "leader", s->leader, sizeof s->leader);
    place = body_opt_name(v, "place", SECTION_PLACE_MAX, 120);
    if (place && !str_copy(s->place, sizeof s->place, place))
        json_view_blame(v, JSON_FAULT_TOO_LONG, "place");
    s->online = json_get_bool(v, "online");
    s->age_from = (int)json_get_int(v, "age_from", 0, 30);
    s->age_to = (int)json_get_int(v, "age_to", 0, 30);
    if (v->fault == JSON_FAULT_NONE && s->age_to < s->age_from)
        json_view_blame(v, JSON_FAULT_RANGE, "age_to");
    s->paper_needed = json_get_bool(v, "paper_needed");
    s->travel_minutes = (int)json_opt_int(v, "travel_minutes", 0, 240, 0);
    groups = json_get_array(v, "groups", SECTION_GROUPS_MAX);
    for (size_t i = 0; v->fault == JSON_FAULT_NONE && i < json_array_size(groups); i++)
        read_group(v, json_array_get(groups, i), &s->groups[s->groups_n++]);
    if (v->fault == JSON_FAULT_NONE && s->groups_n == 0)
        json_view_blame(v, JSON_FAULT_RANGE, "groups");
    return json_view_end(v);
}

/* A provider of this centre, or the centre itself. */
static enum err check_provider(struct call *c, const struct section *s, const struct org *centre,
                               bool *refused)
{
    struct org o;
    enum err err = org_load(c->db, s->provider, &o);
    bool ours = !err && (org_id_eq(o.id, centre->id) ||
                         (o.type == ORG_PROVIDER && org_id_eq(o.parent, centre->id)));

    *refused = (!err || err == ERR_NOTFOUND) && !ours;
    return *refused ? call_refuse_word(c, "provider", "range") : err;
}

enum err section_post(struct call *c)
{
    struct section s = { 0 };
    struct org centre;
    int64_t id = 0;
    bool refused;
    enum err err = section_centre(c, RIGHT_SECTION_EDIT, &centre, &refused);

    if (err || refused)
        return err;
    if (read_section(&c->in, &s))
        return call_refuse_field(c, &c->in);
    err = check_provider(c, &s, &centre, &refused);
    if (err || refused)
        return err;
    s.centre = centre.id;
    if (!str_copy(s.tz, sizeof s.tz, centre.tz))
        return ERR_DB;
    err = section_add(c->db, &s, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "section.create", "section", id, "", section_kind_name(s.kind));
    if (!err &&
        !str_format(c->location, sizeof c->location, API_PREFIX "/sections/%lld", (long long)id))
        err = ERR_INVAL;
    return err ? err : section_answer(c, 201, id);
}

static enum err set_open(struct call *c, bool open)
{
    struct section s;
    bool refused;
    enum err err = section_open(c, RIGHT_SECTION_EDIT, c->id, &s, &refused);

    if (!err && !refused)
        err = call_match(c, s.rev, &refused);
    if (err || refused)
        return err;
    err = section_set_open(c->db, s.id, open);
    if (!err)
        err = call_audit(c, open ? "section.open" : "section.close", "section", s.id, "", "");
    return err ? err : section_answer(c, 200, s.id);
}

enum err section_close_post(struct call *c)
{
    return set_open(c, false);
}

enum err section_open_post(struct call *c)
{
    return set_open(c, true);
}

/* ---- providers ---------------------------------------------------------------------------- */

static json_t *provider_json(const struct org *o)
{
    return json_pack("{s:I,s:s,s:s}", "id", (json_int_t)o->id.v, "name", o->name, "phone",
                     o->phone);
}

enum err providers_get(struct call *c)
{
    const enum org_type type = ORG_PROVIDER;
    struct org_list l = { 0 };
    struct org centre;
    json_t *items;
    bool refused;
    enum err err = section_centre(c, RIGHT_SECTION_EDIT, &centre, &refused);

    if (err || refused)
        return err;
    items = json_array();
    err = items ? org_list(c->db, &type, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++)
        if (org_id_eq(l.items[i].parent, centre.id))
            err = json_push(items, provider_json(&l.items[i]));
    org_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "providers", items));
}

enum err provider_post(struct call *c)
{
    struct org o = { .type = ORG_PROVIDER }, centre;
    const char *code, *phone;
    bool refused;
    enum err err = section_centre(c, RIGHT_SECTION_EDIT, &centre, &refused);

    if (err || refused)
        return err;
    copy_name(&c->in, "name", o.name, sizeof o.name);
    code = json_get_str(&c->in, "code", sizeof o.code - 1);
    phone = body_opt_name(&c->in, "phone", sizeof o.phone - 1, 40);
    if (c->in.fault == JSON_FAULT_NONE && !str_name_ok(code, sizeof o.code - 1))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "code");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    o.parent = centre.id;
    if (!str_copy(o.code, sizeof o.code, code) || !str_copy(o.tz, sizeof o.tz, centre.tz) ||
        !str_copy(o.phone, sizeof o.phone, phone ? phone : ""))
        return ERR_INVAL;
    err = org_save(c->db, &o, c->now.unix_ms, c->user.id, &o.id);
    if (err == ERR_STATE) /* another organisation has it */
        return call_refuse_word(c, "code", "range");
    if (!err)
        err = call_audit(c, "provider.create", "org", o.id.v, "", "");
    return err ? err : call_answer(c, 201, provider_json(&o));
}
