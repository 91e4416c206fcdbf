/* SPDX-License-Identifier: Apache-2.0
 *
 * What forms choose from: children, mentors, subjects. Each list holds what
 * the person's rights reach and nothing else. Desk thread.
 */
#include <string.h>

#include "common/base/fold.h"
#include "server/api/bring.h"
#include "server/api/endpoints.h"
#include "server/api/month_json.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/home.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

#define Q_BYTES 321

/* The text looked for, "" if none. */
static enum err query_q(struct call *c, char *out, size_t cap, bool *refused)
{
    enum json_fault fault;

    if (!call_query(c, "q", out, cap, &fault))
        out[0] = '\0';
    *refused = fault != JSON_FAULT_NONE;
    return *refused ? call_refuse_query(c, "q", fault) : ERR_OK;
}

static enum err assigned_json(const struct call *c, struct child_id child, json_t **out)
{
    struct assigned_list l = { 0 };
    json_t *array = json_array();
    enum err err = array ? assigned_list(c->db, child, c->now.unix_ms, &l) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *mentor = NULL;

        /* The lead mentor is shown on the subjects taught; without one there is nothing to show. */
        if (!l.items[i].subject[0])
            continue;
        err = person_json(c, l.items[i].mentor, &mentor);
        if (!err) {
            bool lead = l.items[i].lead;

            for (size_t k = 0; k < l.n; k++)
                lead =
                    lead || (l.items[k].lead && user_id_eq(l.items[k].mentor, l.items[i].mentor));
            err = json_push(array, json_pack("{s:o,s:s,s:b}", "mentor", mentor, "subject",
                                             l.items[i].subject, "lead", (int)lead));
        }
    }
    assigned_list_free(&l);
    if (err)
        json_decref(array);
    else
        *out = array;
    return err;
}

static enum err child_item_json(const struct call *c, const struct child *child, json_t **out)
{
    json_t *person = NULL, *school = NULL, *mentors = NULL;
    enum err err = person_json(c, child->user, &person);

    if (!err)
        err = school_json(c, child->school, &school);
    if (!err)
        err = assigned_json(c, child->id, &mentors);
    if (err) {
        json_decref(person);
        json_decref(school);
        return err;
    }
    *out = json_pack("{s:o,s:i,s:o,s:s,s:o}", "child", person, "grade", child->grade, "school",
                     school, "tz", child->tz, "mentors", mentors);
    return *out ? ERR_OK : ERR_NOMEM;
}

static bool children_filter(const struct call *c, struct child_filter *f)
{
    struct grant g;

    f->at_ms = c->now.unix_ms;
    switch (call_scope(c, RIGHT_CHILD_LIST, &g)) {
    case SCOPE_OWN:
        f->mentor = c->user.id;
        return true;
    case SCOPE_OWN_CHILDREN:
        f->guardian = c->user.id;
        return true;
    case SCOPE_OWN_SCHOOL:
        f->school = g.org;
        return true;
    case SCOPE_OWN_CENTRE:
        f->centre = g.org;
        return true;
    case SCOPE_ALL:
        return true;
    case SCOPE_NONE:
    case SCOPE_COUNT:
        break;
    }
    return false;
}

static enum err page_answer(struct call *c, json_t *items, bool more, size_t next)
{
    return call_answer(c, 200,
                       json_pack("{s:O,s:o}", "items", items, "next",
                                 page_next(more ? next : 0, more ? next + 1 : 0)));
}

enum err children_get(struct call *c)
{
    struct child_filter f = { 0 };
    struct child_list l = { 0 };
    struct page page;
    char q[Q_BYTES];
    bool refused = false, more = false;
    size_t seen = 0, n = 0;
    json_t *items = NULL;
    enum err err;

    if (!children_filter(c, &f))
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = query_q(c, q, sizeof q, &refused);
    if (!err && !refused)
        err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? child_list(c->db, &f, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n && !more; i++) {
        json_t *item = NULL;

        if (!fold_contains(l.items[i].name, q) || seen++ < page.first)
            continue;
        more = n == page.limit;
        if (more)
            break;
        err = child_item_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
        n++;
    }
    if (!err)
        err = page_answer(c, items, more, page.first + n);
    json_decref(items);
    child_list_free(&l);
    return err;
}

static enum err mentor_item_json(const struct call *c, const struct mentor *m, json_t **out)
{
    struct mentor_card card;
    struct face face;
    json_t *person = NULL, *subjects = json_array(), *schools = json_array();
    enum err err = subjects && schools ? person_json(c, m->user, &person) : ERR_NOMEM;

    if (!err)
        err = mentor_card(c->db, m->id, c->now.unix_ms, &card);
    if (!err)
        err = face_load(c->db, m->user, &face);
    for (int i = 0; !err && i < card.subjects_n; i++)
        err = json_push(subjects, json_string(card.subjects[i]));
    for (int i = 0; !err && i < card.schools_n; i++) {
        json_t *school = NULL;

        err = school_json(c, card.schools[i], &school);
        if (!err)
            err = json_push(schools, school);
    }
    if (!err) {
        *out = json_pack("{s:O,s:s,s:o,s:O,s:O}", "mentor", person, "tz", m->tz, "phone",
                         json_text_or_null(face.phone), "subjects", subjects, "schools", schools);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(person);
    json_decref(subjects);
    json_decref(schools);
    return err;
}

enum err mentors_get(struct call *c)
{
    struct mentor_list l = { 0 };
    struct grant g;
    struct page page;
    char q[Q_BYTES];
    bool refused = false, more = false;
    size_t seen = 0, n = 0;
    json_t *items = NULL;
    enum err err;

    if (call_scope(c, RIGHT_MENTOR_LIST, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = query_q(c, q, sizeof q, &refused);
    if (!err && !refused)
        err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? mentor_list(c->db, g.org, &l) : ERR_NOMEM;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *item = NULL;

        if (!fold_contains(l.items[i].name, q) || seen++ < page.first)
            continue;
        more = n == page.limit;
        if (more)
            break;
        err = mentor_item_json(c, &l.items[i], &item);
        if (!err)
            err = json_push(items, item);
        n++;
    }
    if (!err)
        err = page_answer(c, items, more, page.first + n);
    json_decref(items);
    mentor_list_free(&l);
    return err;
}

enum err subjects_get(struct call *c)
{
    struct subject_list l = { 0 };
    json_t *items = json_array();
    enum err err = items ? subject_list(c->db, &l) : ERR_NOMEM;

    for (size_t i = 0; !err && i < l.n; i++)
        err = json_push(items, json_pack("{s:s,s:o}", "code", l.items[i].code, "bring",
                                         bring_json(l.items[i].code)));
    if (!err)
        err = call_answer(c, 200, json_pack("{s:O}", "items", items));
    json_decref(items);
    subject_list_free(&l);
    return err;
}
