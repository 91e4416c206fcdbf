/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose programme it is and who may touch it; the catalogue (item 23). See
 * programme.h. Desk thread.
 */
#include "server/api/programme.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/person.h"
#include "server/domain/day.h"
#include "server/store/home.h"

/* ---- the child ---------------------------------------------------------------------------- */

enum err pupil_may(const struct call *c, enum right right, const struct child *child, bool *out)
{
    bool taught = false;
    enum err err = child_taught_by(c->db, child->id, c->user.id, c->now.unix_ms, &taught);

    return err ? err : call_may_child(c, right, child, taught, out);
}

static enum err fill(const struct call *c, struct pupil *p)
{
    enum err err = org_load(c->db, p->child.school, &p->school);

    if (!err)
        err = policy_schedule(c->db, p->child.centre, c->now.unix_ms, &p->rules);
    if (!err)
        err = policy_programme(c->db, p->child.centre, c->now.unix_ms, &p->policy);
    if (!err)
        err = day_in_zone(p->school.tz, c->now.unix_ms, &p->today);
    return err ? err : subject_list(c->db, &p->subjects);
}

static enum err opened(struct call *c, enum right right, enum right knows, struct pupil *p,
                       bool *refused)
{
    bool sees = false, may = false;
    enum err err = pupil_may(c, knows, &p->child, &sees);

    if (!err)
        err = pupil_may(c, right, &p->child, &may);
    if (err)
        return err;
    if (!sees)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    err = fill(c, p);
    if (err)
        pupil_close(p);
    return err;
}

enum err pupil_open_path(struct call *c, enum right right, enum right knows, struct pupil *out,
                         bool *refused)
{
    enum err err = child_by_user(c->db, (struct user_id){ c->id }, &out->child);

    out->subjects = (struct subject_list){ 0 };
    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : opened(c, right, knows, out, refused);
}

enum err pupil_open(struct call *c, enum right right, enum right knows, struct child_id child,
                    struct pupil *out, bool *refused)
{
    enum err err = child_load(c->db, child, &out->child);

    out->subjects = (struct subject_list){ 0 };
    *refused = true;
    return err ? err : opened(c, right, knows, out, refused);
}

void pupil_close(struct pupil *p)
{
    subject_list_free(&p->subjects);
}

int64_t pupil_subject_id(const struct subject_list *l, const char *code)
{
    for (size_t i = 0; i < l->n; i++)
        if (strcmp(l->items[i].code, code) == 0)
            return l->items[i].id;
    return 0;
}

const char *pupil_subject_code(const struct subject_list *l, int64_t id)
{
    for (size_t i = 0; i < l->n; i++)
        if (l->items[i].id == id)
            return l->items[i].code;
    return "";
}

/* ---- catalogue ---------------------------------------------------------------------------- */

static json_t *programme_json(const struct programme *p)
{
    return json_pack("{s:I,s:s,s:i,s:s,s:i,s:i,s:i}", "id", (json_int_t)p->id, "subject",
                     p->subject, "grade", p->grade, "title", p->title, "number", p->version,
                     "week_minutes", p->week_minutes, "year_minutes", p->year_minutes);
}

struct catalogue_query {
    int64_t subject; /* 0: any */
    int grade;       /* 0: any */
    struct page page;
};

static enum err read_query(struct call *c, struct catalogue_query *out, bool *refused)
{
    char word[81];
    enum json_fault fault;
    struct subject subject;
    int64_t grade = 0;
    enum err err;

    *out = (struct catalogue_query){ 0 };
    *refused = true;
    if (call_query(c, "subject", word, sizeof word, &fault)) {
        err = subject_by_code(c->db, word, &subject);
        if (err == ERR_NOTFOUND)
            return call_refuse_query(c, "subject", JSON_FAULT_RANGE);
        if (err)
            return err;
        out->subject = subject.id;
    } else if (fault) {
        return call_refuse_query(c, "subject", fault);
    }
    if (call_query(c, "grade", word, sizeof word, &fault)) {
        if (str_to_i64(word, 1, 11, &grade))
            return call_refuse_query(c, "grade", JSON_FAULT_RANGE);
        out->grade = (int)grade;
    } else if (fault) {
        return call_refuse_query(c, "grade", fault);
    }
    return call_page(c, &out->page, refused);
}

enum err programmes_get(struct call *c)
{
    struct programme_list l = { 0 };
    struct catalogue_query q;
    struct grant g;
    struct org centre;
    bool refused = false, more = false;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_PROGRAMME_VIEW, &g) == SCOPE_NONE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = read_query(c, &q, &refused);
    if (err || refused)
        return err;
    err = call_centre(c, &centre);
    if (!err)
        err = programme_list(c->db, centre.id, q.subject, q.grade, &l);
    items = json_array();
    if (!err && !items)
        err = ERR_NOMEM;
    for (size_t i = q.page.first; !err && i < l.n && !more; i++) {
        more = json_array_size(items) == q.page.limit;
        if (!more)
            err = json_push(items, programme_json(&l.items[i]));
    }
    programme_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, &q.page, more);
}

static enum err with_topics(const struct call *c, const struct programme *p, json_t **out)
{
    struct programme_topic_list l;
    json_t *topics = json_array(), *json = programme_json(p);
    enum err err = topics && json ? programme_topics(c->db, p->id, &l) : ERR_NOMEM;

    if (err) {
        json_decref(topics);
        json_decref(json);
        return err;
    }
    for (size_t i = 0; !err && i < l.n; i++)
        err = json_push(topics, json_pack("{s:s,s:i}", "title", l.items[i].title, "minutes",
                                          l.items[i].minutes));
    programme_topic_list_free(&l);
    if (!err)
        err = json_put(json, "topics", topics);
    else
        json_decref(topics);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

static enum err answer(struct call *c, int status, int64_t id)
{
    struct programme p;
    json_t *json = NULL;
    enum err err = programme_load(c->db, id, &p);

    if (!err)
        err = with_topics(c, &p, &json);
    return err ? err : call_answer(c, status, json);
}

enum err programme_get(struct call *c)
{
    struct programme p;
    struct grant g;
    struct org centre;
    enum err err;

    if (call_scope(c, RIGHT_PROGRAMME_VIEW, &g) == SCOPE_NONE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = call_centre(c, &centre);
    if (!err)
        err = programme_load(c->db, c->id, &p); /* ERR_NOTFOUND: 404 */
    if (!err && !org_id_eq(p.centre, centre.id))
        return call_refuse(c, REFUSE_NOT_FOUND);
    return err ? err : answer(c, 200, p.id);
}

static enum err enter(struct call *c, struct org_id centre, const struct body_programme_new *b,
                      const struct body_topics *topics)
{
    struct programme p = { .centre = centre,
                           .grade = b->grade,
                           .week_minutes = b->week_minutes,
                           .year_minutes = b->year_minutes };
    struct subject subject;
    int64_t id;
    enum err err = subject_by_code(c->db, b->subject, &subject);

    if (err == ERR_NOTFOUND)
        return call_refuse_word(c, "subject", "range");
    if (!err && !str_copy(p.title, sizeof p.title, b->title))
        err = ERR_INVAL;
    p.subject_id = err ? 0 : subject.id;
    if (!err)
        err = programme_add(c->db, &p, topics->items, topics->n, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "programme.enter", "programme", id, "", "");
    return err ? err : answer(c, 201, id);
}

enum err programme_post(struct call *c)
{
    struct body_topics *topics;
    struct body_programme_new b;
    struct grant g;
    enum err err;

    if (call_scope(c, RIGHT_PROGRAMME_DECIDE, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    topics = mem_zalloc(1, sizeof *topics);
    if (!topics)
        return ERR_NOMEM;
    err = body_programme_new(&c->in, &b, topics) ? call_refuse_field(c, &c->in)
                                                 : enter(c, g.org, &b, topics);
    mem_free(topics);
    return err;
}
