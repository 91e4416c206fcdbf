/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a draft of the schedule: its lessons with what the rules say
 * of each and times that would fit; moving and taking away lessons of the
 * timetable within it; changing and leaving out planned ones. Nothing of it is
 * seen outside before the version is published (version.c). Desk thread.
 */
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/conflict.h"
#include "server/api/endpoints.h"
#include "server/api/lesson_json.h"
#include "server/api/person.h"
#include "server/api/version.h"

#define DRAFT_PAGE_MAX 50 /* each line is judged and looked for times */

/* ---- lists ---------------------------------------------------------------------------------- */

static json_t *next_of(const struct page *p, size_t n)
{
    char text[24];

    if (n <= p->limit)
        return json_null();
    return str_format(text, sizeof text, "%zu", p->first + p->limit) ? json_string(text) : NULL;
}

static enum err page_of(struct call *c, json_t *items, const struct page *p, size_t n)
{
    return call_answer(c, 200, json_pack("{s:O,s:o}", "items", items, "next", next_of(p, n)));
}

enum err versions_get(struct call *c)
{
    struct version_list l = { 0 };
    struct grant grant;
    struct page p;
    json_t *items = NULL;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_page(c, &p, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? version_list(c->db, grant.org, p.first, p.limit + 1, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n && i < p.limit; i++)
        err = json_push(items, version_json(&l.items[i]));
    if (!err)
        err = page_of(c, items, &p, l.n);
    json_decref(items);
    version_list_free(&l);
    return err;
}

/* ---- lessons of a draft with their judgement ------------------------------------------------ */

static enum err loaded_brief(const struct call *c, struct lesson_id id, json_t **out)
{
    struct lesson *l;
    enum err err;

    *out = json_null();
    if (!id.v)
        return ERR_OK;
    l = mem_zalloc(1, sizeof *l);
    err = l ? lesson_load(c->db, id, l) : ERR_NOMEM;
    if (!err)
        err = lesson_brief_json(c, l, out);
    mem_free(l);
    return err;
}

static enum err slots_of(const struct lesson *l, const struct version_judged *j, json_t **out)
{
    struct wanted w = { .id = l->facts.id,
                        .start_ms = l->facts.start_ms,
                        .end_ms = l->facts.end_ms,
                        .children_n = l->seats_n };

    w.mentor.user = l->facts.mentor;
    for (int i = 0; i < l->seats_n; i++)
        w.users[i] = l->seats[i].user;
    if (!str_copy(w.tz, sizeof w.tz, l->tz))
        return ERR_DB;
    return conflict_slots(&w, j->t, &j->plan, out);
}

struct line_parts {
    json_t *lesson, *replaces, *hard, *soft, *slots;
};

static enum err judgement_parts(struct call *c, const struct version *v, const struct lesson *l,
                                struct line_parts *p)
{
    struct version_judged j;
    struct version_report r;
    enum err err = version_judge(c->db, v, l->facts.id, c->now.unix_ms,
                                 (CONFLICT_SLOT_DAYS + 9) * MS_PER_DAY, &j, &r);

    if (err)
        return err;
    err = conflict_list(c, r.items, r.n, true, &p->hard);
    if (!err)
        err = conflict_list(c, r.items, r.n, false, &p->soft);
    if (!err && r.hard)
        err = slots_of(l, &j, &p->slots);
    else if (!err)
        p->slots = json_array();
    version_judged_close(&j);
    version_report_free(&r);
    return err;
}

/* A planned lesson; a line that only takes one away has nothing to be judged. */
static enum err line_json(struct call *c, const struct version *v, const struct draft_row *row,
                          json_t **out)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    struct line_parts p = { 0 };
    enum err err = l ? lesson_load(c->db, row->after, l) : ERR_NOMEM;

    if (!err)
        err = lesson_brief_json(c, l, &p.lesson);
    if (!err)
        err = loaded_brief(c, row->before, &p.replaces);
    if (!err)
        err = judgement_parts(c, v, l, &p);
    if (!err) {
        *out = json_pack("{s:O,s:I,s:O,s:O,s:O,s:O}", "lesson", p.lesson, "version",
                         (json_int_t)l->rev, "replaces", p.replaces, "conflicts", p.hard,
                         "warnings", p.soft, "free_slots", p.slots);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(p.lesson);
    json_decref(p.replaces);
    json_decref(p.hard);
    json_decref(p.soft);
    json_decref(p.slots);
    mem_free(l);
    return err;
}

enum err draft_lessons_get(struct call *c)
{
    struct draft_rows rows = { 0 };
    struct version v;
    struct page p;
    json_t *items = NULL;
    bool refused = false;
    enum err err = version_asked(c, c->id, &v, &refused);

    if (!err && !refused)
        err = call_page(c, &p, &refused);
    if (err || refused)
        return err;
    if (p.limit > DRAFT_PAGE_MAX)
        p.limit = DRAFT_PAGE_MAX;
    items = json_array();
    err = items ? draft_list(c->db, v.id, p.first, p.limit + 1, &rows) : ERR_NOMEM;
    for (size_t i = 0; !err && i < rows.n && i < p.limit; i++) {
        json_t *line = NULL;

        if (!rows.items[i].after.v)
            continue;
        err = line_json(c, &v, &rows.items[i], &line);
        if (!err)
            err = json_push(items, line);
    }
    if (!err)
        err = page_of(c, items, &p, rows.n);
    json_decref(items);
    mem_free(rows.items);
    return err;
}

/* ---- lessons of the timetable --------------------------------------------------------------- */

/* A draft of the person's centre that can still be changed. */
static enum err open_draft(struct call *c, struct version *out, bool *refused)
{
    enum err err = version_asked(c, c->id, out, refused);

    if (err || *refused)
        return err;
    *refused = !version_is_draft(out);
    return *refused ? call_refuse(c, REFUSE_NOT_NOW) : ERR_OK;
}

/* The lesson that the body names, as its ETag says it is, before its door opens. */
static enum err named_lesson(struct call *c, const struct version *v, int64_t id, struct lesson *l,
                             bool *refused)
{
    enum err err = lesson_load(c->db, (struct lesson_id){ id }, l);

    *refused = err == ERR_NOTFOUND || (!err && (!org_id_eq(l->org, v->org) || l->facts.gathering ||
                                                l->facts.state == LESSON_PLANNED));
    if (*refused) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "lesson");
        return call_refuse_field(c, &c->in);
    }
    if (!err)
        err = call_match(c, l->rev, refused);
    if (err || *refused)
        return err;
    *refused = !lesson_editable(&l->facts, c->now.unix_ms);
    return *refused ? call_refuse(c, REFUSE_NOT_NOW) : ERR_OK;
}

/* mentor: 0 keeps who teaches. bad_field for one that is not the centre's. */
static enum err mentor_named(struct call *c, const struct lesson *l, int64_t user,
                             struct mentor_id *out, bool *refused)
{
    struct mentor m;
    enum err err;

    *out = l->mentor;
    *refused = false;
    if (!user)
        return ERR_OK;
    err = mentor_by_user(c->db, (struct user_id){ user }, &m);
    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(m.centre, l->org));
    if (*refused) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "mentor");
        return call_refuse_field(c, &c->in);
    }
    if (!err)
        *out = m.id;
    return err;
}

struct move_asked {
    int64_t lesson, mentor;
    struct body_when when;
};

/* The planned lesson that stands for l: the same but for time and mentor. */
static enum err plan_for(struct call *c, const struct version *v, const struct lesson *l,
                         const struct wanted *w, struct mentor_id mentor, struct lesson_id *out)
{
    struct lesson_plan plan = { .org = l->org,
                                .subject_id = l->subject_id,
                                .mentor = mentor,
                                .children_n = l->seats_n,
                                .start_ms = w->start_ms,
                                .end_ms = w->end_ms,
                                .tz = l->tz,
                                .kind = l->kind,
                                .state = LESSON_PLANNED,
                                .make_up_of = l->make_up_of };
    enum err err;

    for (int i = 0; i < l->seats_n; i++)
        plan.children[i] = l->seats[i].child;
    err = version_add(c->db, v->id, &plan, c->now.unix_ms, c->user.id, out);
    if (!err)
        err = draft_take(c->db, v->id, l->facts.id, l->rev, *out, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "lesson.plan", "lesson", out->v, "", "");
    return err;
}

static enum err wanted_time(struct call *c, const struct lesson *l, const struct body_when *when,
                            struct wanted *w, bool *refused)
{
    *w = (struct wanted){ 0 };
    if (!str_copy(w->tz, sizeof w->tz, l->tz))
        return ERR_DB;
    return conflict_when(c, w, when, refused);
}

static enum err move_named(struct call *c, const struct version *v, const struct move_asked *b,
                           struct lesson *l)
{
    struct mentor_id mentor;
    struct lesson_id planned;
    struct wanted w;
    bool refused = false;
    enum err err = named_lesson(c, v, b->lesson, l, &refused);

    if (!err && !refused)
        err = mentor_named(c, l, b->mentor, &mentor, &refused);
    if (!err && !refused)
        err = wanted_time(c, l, &b->when, &w, &refused);
    if (err || refused)
        return err;
    err = plan_for(c, v, l, &w, mentor, &planned);
    return err ? err : lesson_answer(c, 201, planned);
}

enum err draft_move_post(struct call *c)
{
    struct move_asked b;
    struct version v;
    struct lesson *l;
    bool refused = false;
    enum err err = open_draft(c, &v, &refused);

    if (err || refused)
        return err;
    b.lesson = body_id(&c->in, "lesson");
    b.mentor = body_opt_id(&c->in, "mentor");
    body_when(&c->in, &b.when);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    l = mem_zalloc(1, sizeof *l);
    err = l ? move_named(c, &v, &b, l) : ERR_NOMEM;
    mem_free(l);
    return err;
}

static enum err answer_version(struct call *c, int64_t id, const char *action)
{
    struct version v;
    enum err err = version_load(c->db, id, &v);

    if (!err)
        err = call_audit(c, action, "schedule_version", id, "", version_state_name(v.state));
    return err ? err : call_answer(c, 200, version_json(&v));
}

/* A body that names a lesson and nothing else. */
static enum err lesson_named(struct call *c, int64_t *out, bool *refused)
{
    *out = body_id(&c->in, "lesson");
    *refused = json_view_end(&c->in) != ERR_OK;
    return *refused ? call_refuse_field(c, &c->in) : ERR_OK;
}

enum err draft_drop_post(struct call *c)
{
    struct version v;
    struct lesson *l = NULL;
    int64_t id;
    bool refused = false;
    enum err err = open_draft(c, &v, &refused);

    if (!err && !refused)
        err = lesson_named(c, &id, &refused);
    if (err || refused)
        return err;
    l = mem_zalloc(1, sizeof *l);
    err = l ? named_lesson(c, &v, id, l, &refused) : ERR_NOMEM;
    if (!err && !refused)
        err = draft_take(c->db, v.id, l->facts.id, l->rev, (struct lesson_id){ 0 }, c->now.unix_ms,
                         c->user.id);
    mem_free(l);
    return err || refused ? err : answer_version(c, v.id, "version.drop");
}

enum err draft_stay_post(struct call *c)
{
    struct version v;
    int64_t id;
    bool refused = false;
    enum err err = open_draft(c, &v, &refused);

    if (!err && !refused)
        err = lesson_named(c, &id, &refused);
    if (err || refused)
        return err;
    err = draft_let_stay(c->db, v.id, (struct lesson_id){ id });
    if (err == ERR_NOTFOUND) {
        json_view_blame(&c->in, JSON_FAULT_RANGE, "lesson");
        return call_refuse_field(c, &c->in);
    }
    return err ? err : answer_version(c, v.id, "version.stay");
}

/* ---- planned lessons ------------------------------------------------------------------------ */

/* The planned lesson in the path, of the person's centre, as its ETag says it is. */
static enum err planned_asked(struct call *c, struct lesson *l, bool *refused)
{
    struct grant grant;
    enum err err;

    *refused = true;
    if (call_scope(c, RIGHT_LESSON_CREATE, &grant) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = lesson_load(c->db, (struct lesson_id){ c->id }, l);
    if (err == ERR_NOTFOUND ||
        (!err && (!org_id_eq(l->org, grant.org) || l->facts.state != LESSON_PLANNED)))
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : call_match(c, l->rev, refused);
}

static enum err replan(struct call *c, const struct lesson *l)
{
    struct body_when when = { 0 };
    struct mentor_id mentor;
    struct wanted w;
    bool refused = false;
    int64_t user = body_opt_id(&c->in, "mentor");
    enum err err;

    body_when(&c->in, &when);
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = mentor_named(c, l, user, &mentor, &refused);
    if (!err && !refused)
        err = wanted_time(c, l, &when, &w, &refused);
    if (err || refused)
        return err;
    err = draft_replan(c->db, l->facts.id, w.start_ms, w.end_ms, mentor);
    if (!err)
        err = call_audit(c, "lesson.plan", "lesson", l->facts.id.v, "", "");
    return err ? err : lesson_answer(c, 200, l->facts.id);
}

enum err planned_put(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    bool refused = false;
    enum err err = l ? planned_asked(c, l, &refused) : ERR_NOMEM;

    if (!err && !refused)
        err = replan(c, l);
    mem_free(l);
    return err;
}

enum err planned_delete(struct call *c)
{
    struct lesson *l = mem_zalloc(1, sizeof *l);
    int64_t version = 0;
    bool refused = false;
    enum err err = l ? planned_asked(c, l, &refused) : ERR_NOMEM;

    if (!err && !refused) {
        version = l->version;
        err = draft_leave_out(c->db, version, l->facts.id);
    }
    mem_free(l);
    return err || refused ? err : answer_version(c, version, "version.leave_out");
}
