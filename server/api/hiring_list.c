/* SPDX-License-Identifier: Apache-2.0
 *
 * The mentors whose hiring a person works on, each with what is missing and
 * what runs out: for the centre all of its own, for a school those who have
 * applied there or are employed. Desk thread.
 */
#include "common/base/fold.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/api/hiring_json.h"
#include "server/api/month_json.h"
#include "server/api/person.h"

#define Q_BYTES 321

/* Of whom the list is. school 0: of the whole centre. */
struct reach {
    struct org_id centre;
    struct org_id school;
};

static enum err reach_of(struct call *c, struct reach *out, bool *refused)
{
    struct grant g;
    struct org school;
    enum err err = ERR_OK;

    *refused = false;
    *out = (struct reach){ 0 };
    switch (call_scope(c, RIGHT_HIRING_LIST, &g)) {
    case SCOPE_OWN_CENTRE:
        out->centre = g.org;
        return ERR_OK;
    case SCOPE_OWN_SCHOOL:
        err = org_load(c->db, g.org, &school);
        if (!err) {
            out->school = g.org;
            out->centre = school.parent;
        }
        return err;
    default: /* a mentor has the own file */
        *refused = true;
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    }
}

static enum err applications_json(const struct call *c, const struct reach *of,
                                  struct mentor_id mentor, json_t *array)
{
    struct application_list l = { 0 };
    enum err err = application_list(c->db, mentor, &l);

    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *school = NULL;

        if (of->school.v && !org_id_eq(l.items[i].school, of->school))
            continue;
        err = school_json(c, l.items[i].school, &school);
        if (!err)
            err = json_push(array, json_pack("{s:I,s:o,s:s,s:I}", "id", (json_int_t)l.items[i].id,
                                             "school", school, "state",
                                             application_state_name(l.items[i].state), "since",
                                             (json_int_t)l.items[i].state_ms));
    }
    application_list_free(&l);
    return err;
}

static enum err item_json(const struct call *c, const struct reach *of, const struct hiring *h,
                          json_t *items)
{
    struct teach_verdict papers;
    json_t *person = NULL, *applications = json_array();
    enum err err = applications ? hiring_papers(c, h, &papers) : ERR_NOMEM;

    if (!err)
        err = applications_json(c, of, h->mentor.id, applications);
    if (!err)
        err = person_json(c, h->mentor.user, &person);
    if (!err)
        err = json_push(items,
                        json_pack("{s:o,s:o,s:o,s:b,s:O}", "mentor", person, "missing",
                                  gates_json(&papers, true), "expiring",
                                  expiring_json(&papers, &h->policy, c->now.unix_ms), "complete",
                                  papers.failed == 0, "applications", applications));
    json_decref(applications);
    return err;
}

/* One page of the list, by name. *next: the row behind it, 0 if there is none. */
static enum err fill(const struct call *c, const struct reach *of, const struct page *page,
                     const char *q, json_t *items, size_t *next)
{
    struct mentor_list l = { 0 };
    struct hiring h = { 0 };
    size_t seen = 0, n = 0;
    enum err err = mentor_list(c->db, of->centre, &l);

    if (!err)
        err = org_load(c->db, of->centre, &h.centre);
    if (!err)
        err = policy_hiring(c->db, of->centre, c->now.unix_ms, &h.policy);
    *next = 0;
    for (size_t i = 0; !err && i < l.n && !*next; i++) {
        bool sees = false;

        h.mentor = l.items[i];
        if (!fold_contains(h.mentor.name, q))
            continue;
        err = hiring_reaches(c, RIGHT_HIRING_VIEW, h.mentor.id, &sees);
        if (err || !sees || seen++ < page->first)
            continue;
        if (n == page->limit)
            *next = page->first + n;
        else
            err = item_json(c, of, &h, items);
        n++;
    }
    mentor_list_free(&l);
    return err;
}

enum err hirings_get(struct call *c)
{
    struct reach of;
    struct page page;
    char q[Q_BYTES] = "";
    enum json_fault fault;
    bool refused = false;
    size_t next = 0;
    json_t *items;
    enum err err = reach_of(c, &of, &refused);

    if (err || refused)
        return err;
    if (!call_query(c, "q", q, sizeof q, &fault) && fault)
        return call_refuse_query(c, "q", fault);
    err = call_page(c, &page, &refused);
    if (err || refused)
        return err;
    items = json_array();
    err = items ? fill(c, &of, &page, q, items, &next) : ERR_NOMEM;
    if (!err)
        return call_answer(
            c, 200,
            json_pack("{s:o,s:o}", "items", items, "next", page_next(next, next ? next + 1 : 0)));
    json_decref(items);
    return err;
}
