/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly times of a child and of a mentor, a school's calendar. Each is a list
 * that is replaced as a whole, under its ETag. When a child is under treatment
 * is its family's and the centre's to know; a mentor sees none of it. Desk
 * thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/calendar.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/api/person.h"
#include "server/api/programme.h"
#include "server/domain/day.h"

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *clock_json(int minute)
{
    char text[8];

    return str_format(text, sizeof text, "%02d:%02d", minute / 60, minute % 60) ? json_string(text)
                                                                                : NULL;
}

static json_t *span_json(const struct week_span *s)
{
    return json_pack("{s:i,s:o,s:o}", "weekday", s->weekday, "from", clock_json(s->from_minute),
                     "to", clock_json(s->to_minute));
}

static enum err row_json(const struct hours_row *r, json_t **out)
{
    json_t *json = span_json(&r->span);
    enum err err = json ? json_put(json, "kind", json_string(hours_kind_name(r->kind))) : ERR_NOMEM;

    if (!err)
        err = json_put(json, "since", programme_day_json(r->days.first));
    if (!err)
        err = json_put(json, "until", programme_day_json(r->days.last));
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

static enum err set_etag(struct call *c, int64_t rev)
{
    return str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)rev) ? ERR_OK : ERR_INVAL;
}

/* {who, tz, version, may_edit, hours} */
static enum err answer_hours(struct call *c, struct user_id who, const char *tz, bool edit,
                             const struct hours_list *l)
{
    json_t *rows = json_array(), *person = NULL;
    enum err err = rows ? set_etag(c, l->rev) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *row = NULL;

        err = row_json(&l->items[i], &row);
        if (!err)
            err = json_push(rows, row);
    }
    if (!err)
        err = person_json(c, who, &person);
    if (err) {
        json_decref(rows);
        return err;
    }
    return call_answer(c, 200,
                       json_pack("{s:o,s:s,s:I,s:b,s:o}", "who", person, "tz", tz, "version",
                                 (json_int_t)l->rev, "may_edit", (int)edit, "hours", rows));
}

/* ---- bodies ------------------------------------------------------------------------------- */

struct rows {
    struct hours_row items[HOURS_ROWS_MAX];
    size_t n;
};

/* Matches and reads the list that is to come. */
static enum err read_rows(struct call *c, bool mentor, int64_t rev, int64_t today, struct rows *out,
                          bool *refused)
{
    const char *word = NULL;
    enum err err = call_match(c, rev, refused);

    if (err || *refused)
        return err;
    *refused = body_hours(&c->in, mentor, today, out->items, &out->n, &word) != ERR_OK;
    if (!*refused)
        return ERR_OK;
    return word ? call_refuse_word(c, c->in.field, word) : call_refuse_field(c, &c->in);
}

/* ---- of a child --------------------------------------------------------------------------- */

static enum err child_hours(struct call *c, const struct pupil *p)
{
    struct hours_list l;
    bool edit = false;
    enum err err = hours_of_child(c->db, p->child.id, &l);

    if (err)
        return err;
    err = pupil_may(c, RIGHT_CHILD_HOURS_EDIT, &p->child, &edit);
    if (!err)
        err = answer_hours(c, p->child.user, p->child.tz, edit, &l);
    hours_list_free(&l);
    return err;
}

enum err child_hours_get(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_CHILD_HOURS_VIEW, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = child_hours(c, &p);
    pupil_close(&p);
    return err;
}

static enum err write_child(struct call *c, const struct pupil *p)
{
    struct hours_list old;
    struct rows rows;
    bool refused = false;
    enum err err = hours_of_child(c->db, p->child.id, &old);

    if (err)
        return err;
    err = read_rows(c, false, old.rev, p->today, &rows, &refused);
    if (!err && !refused)
        err = hours_save_child(c->db, p->child.id, old.rev, rows.items, rows.n, c->now.unix_ms,
                               c->user.id);
    if (!err && !refused)
        err = call_audit(c, "child_hours.edit", "child", p->child.id.v, "", "");
    hours_list_free(&old);
    return err || refused ? err : child_hours(c, p);
}

enum err child_hours_put(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_CHILD_HOURS_EDIT, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = write_child(c, &p);
    pupil_close(&p);
    return err;
}

/* ---- of a mentor -------------------------------------------------------------------------- */

static bool edits(const struct call *c, const struct mentor *m)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { .own = user_id_eq(m->user, c->user.id),
                               .own_centre = org_id_eq(g->org, m->centre) };

        if (access_may(g->role, RIGHT_MENTOR_HOURS_EDIT, to))
            return true;
    }
    return false;
}

static enum err mentor_hours(struct call *c, const struct mentor *m)
{
    struct hours_list l;
    enum err err = hours_of_mentor(c->db, m->id, &l);

    if (err)
        return err;
    err = answer_hours(c, m->user, m->tz, edits(c, m), &l);
    hours_list_free(&l);
    return err;
}

enum err mentor_hours_get(struct call *c)
{
    struct hiring h;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_MENTOR_HOURS_VIEW, &h, &refused);

    return err || refused ? err : mentor_hours(c, &h.mentor);
}

enum err mentor_hours_put(struct call *c)
{
    struct hours_list old;
    struct hiring h;
    struct rows rows;
    int64_t today;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_MENTOR_HOURS_EDIT, &h, &refused);

    if (err || refused)
        return err;
    err = day_in_zone(h.mentor.tz, c->now.unix_ms, &today);
    if (!err)
        err = hours_of_mentor(c->db, h.mentor.id, &old);
    if (err)
        return err;
    err = read_rows(c, true, old.rev, today, &rows, &refused);
    if (!err && !refused)
        err = hours_save_mentor(c->db, h.mentor.id, old.rev, rows.items, rows.n, c->now.unix_ms,
                                c->user.id);
    if (!err && !refused)
        err = call_audit(c, "mentor_hours.edit", "mentor", h.mentor.id.v, "", "");
    hours_list_free(&old);
    return err || refused ? err : mentor_hours(c, &h.mentor);
}

/* ---- of a school -------------------------------------------------------------------------- */

static bool may_school(const struct call *c, enum right right, const struct org *school)
{
    for (size_t i = 0; i < c->grants.n; i++) {
        const struct grant *g = &c->grants.items[i];
        struct relation to = { .own_school = org_id_eq(g->org, school->id),
                               .own_centre = org_id_eq(g->org, school->parent) };

        if (access_may(g->role, right, to))
            return true;
    }
    return false;
}

enum err calendar_open_school(struct call *c, enum right right, struct org *out, bool *refused)
{
    enum err err = org_load(c->db, (struct org_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (err)
        return err;
    if (out->type != ORG_SCHOOL || !may_school(c, RIGHT_CALENDAR_VIEW, out))
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may_school(c, right, out))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return ERR_OK;
}

static enum err lists_json(const struct school_calendar *cal, json_t *bells, json_t *holidays,
                           json_t *terms)
{
    enum err err = bells && holidays && terms ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !err && i < cal->bells_n; i++)
        err = json_push(bells, span_json(&cal->bells[i]));
    for (size_t i = 0; !err && i < cal->holidays_n; i++)
        err = json_push(holidays, programme_day_json(cal->holidays[i]));
    for (size_t i = 0; !err && i < cal->terms_n; i++)
        err =
            json_push(terms, json_pack("{s:s,s:o,s:o}", "kind", term_kind_name(cal->terms[i].kind),
                                       "from", programme_day_json(cal->terms[i].days.first), "to",
                                       programme_day_json(cal->terms[i].days.last)));
    return err;
}

static enum err answer_calendar(struct call *c, const struct org *school)
{
    json_t *bells = json_array(), *holidays = json_array(), *terms = json_array(), *json = NULL;
    json_t *name = NULL;
    struct school_calendar cal = { 0 };
    enum err err = calendar_of_school(c->db, school->id, &cal);

    if (!err)
        err = set_etag(c, cal.rev);
    if (!err)
        err = lists_json(&cal, bells, holidays, terms);
    if (!err)
        err = school_json(c, school->id, &name);
    if (!err)
        json = json_pack("{s:O,s:s,s:I,s:b,s:O,s:O,s:O}", "school", name, "tz", school->tz,
                         "version", (json_int_t)cal.rev, "may_edit",
                         (int)may_school(c, RIGHT_CALENDAR_EDIT, school), "hours", bells,
                         "holidays", holidays, "terms", terms);
    school_calendar_free(&cal);
    json_decref(name);
    json_decref(bells);
    json_decref(holidays);
    json_decref(terms);
    return err ? err : call_answer(c, 200, json);
}

enum err school_calendar_get(struct call *c)
{
    struct org school;
    bool refused = false;
    enum err err = calendar_open_school(c, RIGHT_CALENDAR_VIEW, &school, &refused);

    return err || refused ? err : answer_calendar(c, &school);
}

static enum err write_calendar(struct call *c, const struct org *school, int64_t rev)
{
    struct school_calendar next;
    const char *word = NULL;
    enum err err = body_calendar(&c->in, &next, &word);

    next.rev = rev;
    if (err == ERR_PARSE)
        err = word ? call_refuse_word(c, c->in.field, word) : call_refuse_field(c, &c->in);
    else if (!err)
        err = calendar_save(c->db, school->id, &next, c->now.unix_ms, c->user.id);
    if (!err && c->in.fault == JSON_FAULT_NONE)
        err = call_audit(c, "calendar.edit", "org", school->id.v, "", "");
    school_calendar_free(&next);
    return err || c->in.fault != JSON_FAULT_NONE ? err : answer_calendar(c, school);
}

enum err school_calendar_put(struct call *c)
{
    struct school_calendar old;
    struct org school;
    bool refused = false;
    int64_t rev;
    enum err err = calendar_open_school(c, RIGHT_CALENDAR_EDIT, &school, &refused);

    if (err || refused)
        return err;
    err = calendar_of_school(c->db, school.id, &old);
    if (err)
        return err;
    rev = old.rev;
    school_calendar_free(&old);
    err = call_match(c, rev, &refused);
    return err || refused ? err : write_calendar(c, &school, rev);
}
