/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's programme (item 23, DOMAIN 4.4): written and proposed by whoever
 * teaches the child, its school or the centre, approved or returned by the
 * centre and never by whoever wrote it. What it may sum up to is
 * domain/programme's to say; every fault is told at once. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/person.h"
#include "server/api/programme.h"
#include "server/domain/day.h"
#include "server/store/timetable.h"

static enum err answer(struct call *c, int status, const struct pupil *p, int64_t id)
{
    struct child_programme cp;
    json_t *json = NULL;
    enum err err = child_programme_load(c->db, id, &cp);

    if (!err && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)cp.rev))
        err = ERR_INVAL;
    if (!err)
        err = programme_version_json(c, p, &cp, &json);
    return err ? err : call_answer(c, status, json);
}

/* ---- reading ------------------------------------------------------------------------------ */

static enum err versions_json(const struct call *c, const struct pupil *p, json_t **out)
{
    struct child_programme_list l;
    json_t *array = json_array();
    enum err err = array ? child_programme_list(c->db, p->child.id, &l) : ERR_NOMEM;

    if (err) {
        json_decref(array);
        return err;
    }
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *version = NULL;

        err = programme_version_json(c, p, &l.items[i], &version);
        if (!err)
            err = json_push(array, version);
    }
    child_programme_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

/* What a programme from today to the school year's end would be bound by. */
static enum err bounds_json(const struct call *c, const struct pupil *p, json_t **limits,
                            json_t **days)
{
    struct school_calendar calendar;
    struct programme_limits l;
    struct day_span span = { p->today, p->today };
    enum err err = calendar_of_school(c->db, p->child.school, &calendar);

    if (err)
        return err;
    span.last = calendar_year(&calendar, p->today, p->policy.year_first_month).last;
    school_calendar_free(&calendar);
    err = programme_limits_of(c->db, p->child.id, p->child.grade, &span, &p->rules, &l);
    if (err)
        return err;
    *limits = json_pack("{s:i,s:i,s:i,s:i}", "week_minutes", l.week_minutes, "lesson_minutes",
                        l.lesson_minutes, "lesson_min_minutes", l.lesson_min_minutes, "year_weeks",
                        p->policy.year_weeks);
    *days = json_pack("{s:o,s:o}", "from", programme_day_json(span.first), "to",
                      programme_day_json(span.last));
    return *limits && *days ? ERR_OK : ERR_NOMEM;
}

static enum err programme_answer(struct call *c, const struct pupil *p)
{
    json_t *person = NULL, *school = NULL, *versions = NULL, *limits = NULL, *days = NULL;
    json_t *json = NULL;
    bool write = false;
    enum err err = person_json(c, p->child.user, &person);

    if (!err)
        err = school_json(c, p->child.school, &school);
    if (!err)
        err = versions_json(c, p, &versions);
    if (!err)
        err = bounds_json(c, p, &limits, &days);
    if (!err)
        err = pupil_may(c, RIGHT_PROGRAMME_PROPOSE, &p->child, &write);
    if (!err)
        json = json_pack("{s:O,s:i,s:O,s:O,s:O,s:b,s:O}", "child", person, "grade", p->child.grade,
                         "school", school, "limits", limits, "days", days, "may_write", (int)write,
                         "versions", versions);
    json_decref(person);
    json_decref(school);
    json_decref(versions);
    json_decref(limits);
    json_decref(days);
    return err ? err : call_answer(c, 200, json);
}

enum err child_programme_get(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_PROGRAMME_VIEW, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = programme_answer(c, &p);
    pupil_close(&p);
    return err;
}

/* ---- writing ------------------------------------------------------------------------------ */

/* A line may follow only a programme of the catalogue of its own centre and subject. */
static enum err check_catalogue(struct call *c, const struct pupil *p,
                                const struct child_programme *cp, bool *refused)
{
    *refused = false;
    for (size_t i = 0; i < cp->lines_n; i++) {
        struct programme of;
        char field[32];
        enum err err;

        if (!cp->lines[i].catalogue)
            continue;
        err = programme_load(c->db, cp->lines[i].catalogue, &of);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (!err && org_id_eq(of.centre, p->child.centre) && of.subject_id == cp->lines[i].subject)
            continue;
        *refused = true;
        return str_format(field, sizeof field, "lines.%u.programme", (unsigned)i)
                   ? call_refuse_word(c, field, "range")
                   : ERR_INVAL;
    }
    return ERR_OK;
}

static enum err create(struct call *c, const struct pupil *p)
{
    struct child_programme cp = { .child = p->child.id };
    bool refused = false;
    int64_t id;
    enum err err;

    if (body_child_programme(&c->in, &p->subjects, &cp))
        return call_refuse_field(c, &c->in);
    err = check_catalogue(c, p, &cp, &refused);
    if (err || refused)
        return err;
    err = child_programme_add(c->db, &cp, c->now.unix_ms, c->user.id, &id);
    if (err == ERR_STATE)
        return call_refuse_gate(c, "programme_open");
    if (!err)
        err = call_audit(c, "child_programme.create", "child_programme", id, "", "");
    return err ? err : answer(c, 201, p, id);
}

enum err child_programme_post(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_PROGRAMME_PROPOSE, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = create(c, &p);
    pupil_close(&p);
    return err;
}

/* The version in the path, matched. */
static enum err open_version(struct call *c, enum right right, struct pupil *p,
                             struct child_programme *cp, bool *refused)
{
    enum err err = child_programme_load(c->db, c->id, cp);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = pupil_open(c, right, RIGHT_PROGRAMME_VIEW, cp->child, p, refused);
    if (err || *refused)
        return err;
    err = call_match(c, cp->rev, refused);
    if (err || *refused)
        pupil_close(p);
    return err;
}

static enum err refuse_verdict(struct call *c, enum programme_verdict v, const struct judged *j)
{
    json_t *error;
    enum err err;

    if (v == PROGRAMME_VERDICT_NOT_ALLOWED)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (v != PROGRAMME_VERDICT_FAULTS)
        return call_refuse_gate(c, programme_verdict_name(v));
    err = call_refuse(c, REFUSE_GATE);
    if (err)
        return err;
    error = json_pack("{s:s,s:s,s:o}", "code", "gate", "gate", programme_verdict_name(v), "faults",
                      programme_faults_json(j));
    return error ? call_answer(c, 409, json_pack("{s:o}", "error", error)) : ERR_NOMEM;
}

static enum err edit(struct call *c, const struct pupil *p, struct child_programme *cp)
{
    enum programme_verdict v;
    enum programme_state next;
    bool refused = false;
    enum err err = programme_ask(c, p, cp, PROGRAMME_MOVE_EDIT, true, 0, &next, &v);

    if (err || v != PROGRAMME_VERDICT_OK)
        return err ? err : refuse_verdict(c, v, NULL);
    if (body_child_programme(&c->in, &p->subjects, cp))
        return call_refuse_field(c, &c->in);
    err = check_catalogue(c, p, cp, &refused);
    if (err || refused)
        return err;
    err = child_programme_save(c->db, cp, c->user.id);
    if (!err)
        err = call_audit(c, "child_programme.edit", "child_programme", cp->id, "", "");
    return err ? err : answer(c, 200, p, cp->id);
}

enum err child_programme_put(struct call *c)
{
    struct child_programme cp;
    struct pupil p;
    bool refused = false;
    enum err err = open_version(c, RIGHT_PROGRAMME_PROPOSE, &p, &cp, &refused);

    if (err || refused)
        return err;
    err = edit(c, &p, &cp);
    pupil_close(&p);
    return err;
}

static enum err make_move(struct call *c, const struct pupil *p, const struct child_programme *cp,
                          enum programme_move m, const char *reason)
{
    enum programme_state next = cp->state;
    enum programme_verdict v;
    struct judged j;
    char action[40];
    enum err err = programme_judge(c, p, cp, &j);

    if (!err)
        err = programme_ask(c, p, cp, m, reason[0] != '\0', j.n, &next, &v);
    if (err || v != PROGRAMME_VERDICT_OK)
        return err ? err : refuse_verdict(c, v, &j);
    err = child_programme_move(c->db, cp, next, reason, c->now.unix_ms, c->user.id);
    if (!err && !str_format(action, sizeof action, "child_programme.%s", programme_move_name(m)))
        err = ERR_INVAL;
    if (!err)
        err = call_audit(c, action, "child_programme", cp->id, "", "");
    return err ? err : answer(c, 200, p, cp->id);
}

static enum err move(struct call *c, enum programme_move m)
{
    bool decides = m != PROGRAMME_MOVE_PROPOSE, refused = false;
    const char *reason = m == PROGRAMME_MOVE_RETURN ? body_reason(&c->in) : "";
    struct child_programme cp;
    struct pupil p;
    enum err err = open_version(c, decides ? RIGHT_PROGRAMME_DECIDE : RIGHT_PROGRAMME_PROPOSE, &p,
                                &cp, &refused);

    if (err || refused)
        return err;
    err = m == PROGRAMME_MOVE_RETURN && json_view_end(&c->in) ? call_refuse_field(c, &c->in)
                                                              : make_move(c, &p, &cp, m, reason);
    pupil_close(&p);
    return err;
}

enum err child_programme_propose_post(struct call *c)
{
    return move(c, PROGRAMME_MOVE_PROPOSE);
}

enum err child_programme_approve_post(struct call *c)
{
    return move(c, PROGRAMME_MOVE_APPROVE);
}

enum err child_programme_return_post(struct call *c)
{
    return move(c, PROGRAMME_MOVE_RETURN);
}

/* ---- what waits --------------------------------------------------------------------------- */

static enum err waiting_json(struct call *c, const struct child_programme *cp, json_t **out)
{
    json_t *person = NULL, *by = NULL;
    int64_t week = 0, days = (c->now.unix_ms - cp->proposed_ms) / MS_PER_DAY;
    bool author = false;
    struct pupil p = { 0 };
    enum err err = child_load(c->db, cp->child, &p.child);

    if (!err)
        err = person_json(c, p.child.user, &person);
    if (!err)
        err = person_json(c, cp->proposed_by, &by);
    if (!err)
        err = policy_programme(c->db, p.child.centre, c->now.unix_ms, &p.policy);
    if (!err)
        err = child_programme_author(c->db, cp->id, c->user.id, &author);
    for (size_t i = 0; i < cp->lines_n; i++)
        week += cp->lines[i].week_minutes;
    if (!err) {
        *out =
            json_pack("{s:I,s:O,s:i,s:i,s:O,s:I,s:I,s:b,s:I,s:o,s:o,s:b}", "id", (json_int_t)cp->id,
                      "child", person, "grade", p.child.grade, "number", cp->version, "by", by,
                      "at", (json_int_t)cp->proposed_ms, "waiting_days", (json_int_t)days,
                      "overdue", (int)(days > p.policy.decision_days), "week_minutes",
                      (json_int_t)week, "from", programme_day_json(cp->days.first), "to",
                      programme_day_json(cp->days.last), "own", (int)author);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(person);
    json_decref(by);
    return err;
}

enum err programme_approvals_get(struct call *c)
{
    struct child_programme_list l = { 0 };
    struct page page;
    struct grant g;
    bool refused = false, more = false;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_PROGRAMME_DECIDE, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    err = child_programme_waiting(c->db, g.org, &l);
    items = json_array();
    if (!err && !items)
        err = ERR_NOMEM;
    for (size_t i = page.first; !err && i < l.n && !more; i++) {
        json_t *line = NULL;

        more = json_array_size(items) == page.limit;
        if (!more)
            err = waiting_json(c, &l.items[i], &line);
        if (!err && !more)
            err = json_push(items, line);
    }
    child_programme_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, &page, more);
}
