/* SPDX-License-Identifier: Apache-2.0
 *
 * A child moves to another school (item 26): from then on only who is employed
 * there teaches it. Lessons ahead whose mentor is not are without a mentor at
 * once, and the move stays on the centre's list until the child's mentors are
 * hired at the new school and no lesson waits for a substitute. Desk thread.
 */
#include "server/store/child_move.h"

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/hiring_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/hiring.h"
#include "server/store/home.h"
#include "server/store/lesson.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

#define AHEAD_MS (366 * MS_PER_DAY)
/* A move is looked at for so long; whoever has not got a mentor by then is a case of its own. */
#define SINCE_MS (366 * MS_PER_DAY)

/* Suspends what the present mentors may not give any more. *n: lessons. */
static enum err suspend_lessons(struct call *c, const struct child *child, int *n)
{
    struct lesson_filter f = { .child = child->id,
                               .from_ms = c->now.unix_ms,
                               .to_ms = c->now.unix_ms + AHEAD_MS };
    struct lesson_list l = { 0 };
    enum err err = lesson_list(c->db, &f, &l);

    *n = 0;
    for (size_t i = 0; !err && i < l.n; i++) {
        struct lesson_id id = l.items[i].facts.id;
        bool may = false;

        if (l.items[i].facts.state != LESSON_SCHEDULED)
            continue;
        err = teach_ask_lesson(c->db, id, l.items[i].facts.start_ms, &may);
        if (err || may)
            continue;
        err = lesson_needs_substitute(c->db, id, "school_change", c->now.unix_ms);
        if (!err)
            err = call_audit(c, "lesson.needs_substitute", "lesson", id.v, "", "");
        if (!err)
            desk_push_lesson(c->ctx, id);
        (*n)++;
    }
    lesson_list_free(&l);
    return err;
}

/* The school asked for, in the child's centre, and the one the person believes it to be at. */
static enum err read_move(struct call *c, const struct child *child, struct child_move *m)
{
    struct org school = { 0 };
    const char *reason;
    enum err err = ERR_OK;

    m->to.v = json_get_int(&c->in, "school", 1, BODY_ID_MAX);
    m->from.v = json_get_int(&c->in, "from", 1, BODY_ID_MAX);
    reason = json_get_str(&c->in, "reason", CHILD_MOVE_REASON_MAX);
    if (c->in.fault == JSON_FAULT_NONE &&
        (!str_name_ok(reason, 200) || !str_copy(m->reason, sizeof m->reason, reason)))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "reason");
    if (c->in.fault != JSON_FAULT_NONE)
        return ERR_OK;
    err = org_load(c->db, m->to, &school);
    if (err && err != ERR_NOTFOUND)
        return err;
    if (err || school.type != ORG_SCHOOL || !org_id_eq(school.parent, child->centre) ||
        org_id_eq(m->to, m->from))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "school");
    return ERR_OK;
}

static enum err audit_move(const struct call *c, const struct child_move *m)
{
    char before[48], after[48];

    if (!str_format(before, sizeof before, "{\"school\":%lld}", (long long)m->from.v) ||
        !str_format(after, sizeof after, "{\"school\":%lld}", (long long)m->to.v))
        return ERR_INVAL;
    return call_audit(c, "child.move", "child", m->child.v, before, after);
}

static enum err move(struct call *c, const struct child *child, struct child_move *m)
{
    json_t *school = NULL;
    int64_t id;
    int lessons = 0;
    enum err err = child_move_add(c->db, m, c->user.id, &id);

    if (err == ERR_STATE) /* somebody else has moved it */
        return call_refuse(c, REFUSE_STALE);
    if (!err)
        err = audit_move(c, m);
    if (!err)
        err = suspend_lessons(c, child, &lessons);
    if (!err)
        err = school_json(c, m->to, &school);
    return err ? err
               : call_answer(c, 200,
                             json_pack("{s:o,s:i}", "school", school, "suspended", lessons));
}

/* The child in the path, if the person keeps its register. */
static enum err child_asked(struct call *c, struct child *out, bool *refused)
{
    bool may = false;
    enum err err = child_by_user(c->db, (struct user_id){ c->id }, out);

    if (!err)
        err = call_may_child(c, RIGHT_CHILD_REGISTER, out, false, &may);
    if (err && err != ERR_NOTFOUND)
        return err;
    *refused = err || !may;
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : ERR_OK;
}

enum err child_school_post(struct call *c)
{
    struct child child;
    struct child_move m = { .at_ms = c->now.unix_ms };
    struct grant g;
    bool refused = false;
    enum err err;

    if (call_scope(c, RIGHT_CHILD_REGISTER, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = child_asked(c, &child, &refused);
    if (err || refused)
        return err;
    m.child = child.id;
    err = read_move(c, &child, &m);
    if (err)
        return err;
    return json_view_end(&c->in) ? call_refuse_field(c, &c->in) : move(c, &child, &m);
}

/* ---- what is left to do --------------------------------------------------------------------- */

/* Mentors of the child who may not teach it at the school of today, with the gates. */
static enum err mentors_left(const struct call *c, const struct child *child, json_t *array)
{
    static const struct teach_question hired = { .hired = true };
    struct assigned_list l = { 0 };
    enum err err = assigned_list(c->db, child->id, c->now.unix_ms, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        struct teach_verdict v = { 0 };
        struct mentor mentor;
        json_t *person = NULL;
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again = again || user_id_eq(l.items[k].mentor, l.items[i].mentor);
        if (again)
            continue;
        err = mentor_by_user(c->db, l.items[i].mentor, &mentor);
        if (!err)
            err = teach_ask(c->db,
                            &(struct teach_who){ .mentor = mentor.id, .school = child->school },
                            &hired, c->now.unix_ms, &v);
        if (err || v.failed == 0)
            continue;
        err = person_json(c, mentor.user, &person);
        if (!err)
            err = json_push(
                array, json_pack("{s:o,s:o}", "mentor", person, "gates", gates_json(&v, true)));
    }
    assigned_list_free(&l);
    return err;
}

static enum err lessons_left(const struct call *c, const struct child *child, int *n)
{
    struct lesson_filter f = { .child = child->id,
                               .from_ms = c->now.unix_ms,
                               .to_ms = c->now.unix_ms + AHEAD_MS };
    struct lesson_list l = { 0 };
    enum err err = lesson_list(c->db, &f, &l);

    *n = 0;
    for (size_t i = 0; i < l.n; i++)
        *n += l.items[i].facts.state == LESSON_NEEDS_SUBSTITUTE;
    lesson_list_free(&l);
    return err;
}

static enum err move_json(const struct call *c, const struct child_move *m, json_t *items)
{
    struct child child;
    json_t *person = NULL, *from = NULL, *to = NULL, *mentors = json_array();
    int lessons = 0;
    enum err err = mentors ? child_load(c->db, m->child, &child) : ERR_NOMEM;

    if (!err)
        err = mentors_left(c, &child, mentors);
    if (!err)
        err = lessons_left(c, &child, &lessons);
    if (err || (json_array_size(mentors) == 0 && lessons == 0)) {
        json_decref(mentors);
        return err;
    }
    err = person_json(c, child.user, &person);
    if (!err)
        err = school_json(c, m->from, &from);
    if (!err)
        err = school_json(c, m->to, &to);
    if (!err)
        return json_push(items, json_pack("{s:I,s:o,s:o,s:o,s:s,s:I,s:i,s:o}", "id",
                                          (json_int_t)m->id, "child", person, "from", from, "to",
                                          to, "reason", m->reason, "at", (json_int_t)m->at_ms,
                                          "lessons", lessons, "mentors", mentors));
    json_decref(person);
    json_decref(from);
    json_decref(mentors);
    return err;
}

/* Where a child of the centre can be registered. */
static enum err schools_of(const struct call *c, struct org_id centre, json_t *array)
{
    static const enum org_type type = ORG_SCHOOL;
    struct org_list l = { 0 };
    enum err err = org_list(c->db, &type, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *school = NULL;

        if (!org_id_eq(l.items[i].parent, centre))
            continue;
        err = school_json(c, l.items[i].id, &school);
        if (!err)
            err = json_push(array, school);
    }
    org_list_free(&l);
    return err;
}

enum err child_moves_get(struct call *c)
{
    struct child_move_list l = { 0 };
    struct grant g;
    json_t *items, *schools;
    enum err err;

    if (call_scope(c, RIGHT_CHILD_REGISTER, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    items = json_array();
    schools = json_array();
    err =
        items && schools ? child_move_list(c->db, g.org, c->now.unix_ms - SINCE_MS, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++)
        err = move_json(c, &l.items[i], items);
    child_move_list_free(&l);
    if (!err)
        err = schools_of(c, g.org, schools);
    if (!err)
        return call_answer(c, 200, json_pack("{s:o,s:o}", "items", items, "schools", schools));
    json_decref(items);
    json_decref(schools);
    return err;
}
