/* SPDX-License-Identifier: Apache-2.0
 *
 * What intake knows of a child that was accepted: the centre's register with
 * children who may be the same one, the limits of the recommendation (seen by
 * all who work with the child, never with a reason), and where the case stands
 * and who owes what. Desk thread.
 */
#include <string.h>

#include "common/base/fold.h"
#include "common/base/str.h"
#include "server/api/candidates.h"
#include "server/api/endpoints.h"
#include "server/api/intake.h"
#include "server/api/intake_body.h"
#include "server/api/person.h"
#include "server/store/home.h"

/* The child in the path (a user id) and its centre's settings. */
static enum err asked_child(struct call *c, enum right right, struct child *out, struct intake *in,
                            bool *refused)
{
    bool knows = false, may = false, taught = false;
    enum err err = child_by_user(c->db, (struct user_id){ c->id }, out);

    *refused = true;
    if (err == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!err)
        err = child_taught_by(c->db, out->id, c->user.id, c->now.unix_ms, &taught);
    if (!err)
        err = call_may_child(c, RIGHT_CHILD_LIST, out, taught, &knows);
    if (!err)
        err = call_may_child(c, right, out, taught, &may);
    if (err)
        return err;
    if (!knows)
        return call_refuse(c, REFUSE_NOT_FOUND);
    if (!may)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    *refused = false;
    return intake_load(c, out->centre, in);
}

/* ---- limits ------------------------------------------------------------------------------- */

static enum err limits_json(const struct recommendation_row *row, const struct intake *in,
                            json_t **out)
{
    const struct recommendation *l = &row->limits;
    json_t *json = row->paper.id ? validity_json(l->from_day, l->to_day, in) : json_null();
    enum err err = json ? ERR_OK : ERR_NOMEM;

    if (!err && row->paper.id)
        err = limits_put(json, l);
    if (err)
        json_decref(json);
    else
        *out = json;
    return err;
}

enum err child_limits_get(struct call *c)
{
    struct recommendation_row row;
    struct child child;
    struct intake in;
    json_t *person = NULL, *limits = NULL;
    bool refused;
    enum err err = asked_child(c, RIGHT_LIMITS_VIEW, &child, &in, &refused);

    if (err || refused)
        return err;
    err = recommendation_of_child(c->db, child.id, in.today, &row);
    if (!err)
        err = limits_json(&row, &in, &limits);
    if (!err)
        err = person_json(c, child.user, &person);
    if (err) {
        json_decref(limits);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o,s:o}", "child", person, "limits", limits));
}

/* ---- case --------------------------------------------------------------------------------- */

/* Last days of both papers; DAY_NONE: there is none. */
struct paper_ends {
    int64_t basis, recommendation;
};

static enum err paper_ends_of(const struct call *c, const struct child *child,
                              const struct intake *in, struct paper_ends *out)
{
    struct recommendation_row r;
    struct basis_row b;
    enum err err = basis_of_child(c->db, child->id, in->today, &b);

    if (!err)
        err = recommendation_of_child(c->db, child->id, in->today, &r);
    if (!err)
        *out = (struct paper_ends){ b.basis.to_day, r.limits.to_day };
    return err;
}

static json_t *gate_json(enum case_gate g, int64_t opened_day, const struct paper_ends *ends,
                         const struct intake *in)
{
    int64_t paper_to = g == CASE_GATE_BASIS            ? ends->basis
                       : g == CASE_GATE_RECOMMENDATION ? ends->recommendation
                                                       : DAY_NONE;
    int64_t due = case_gate_due(opened_day, paper_to, &in->policy);

    return json_pack("{s:s,s:s,s:o,s:b}", "gate", case_gate_name(g), "owes", case_gate_owner(g),
                     "due", json_day(due), "late", (int)(due < in->today));
}

static enum err missing_json(const struct call *c, const struct child *child,
                             const struct intake *in, const struct case_file *file,
                             unsigned missing, json_t *array)
{
    struct paper_ends ends;
    int64_t opened;
    enum err err = paper_ends_of(c, child, in, &ends);

    if (!err)
        err = day_in_zone(in->centre.tz, file->opened_ms, &opened);
    for (int i = 0; !err && i < CASE_GATE_COUNT; i++) {
        if ((missing >> i & 1u) != 0)
            err = json_push(array, gate_json((enum case_gate)i, opened, &ends, in));
    }
    return err;
}

/* Both papers' validity: {basis, recommendation}. */
static enum err papers_json(const struct call *c, const struct child *child,
                            const struct intake *in, json_t **out)
{
    struct recommendation_row r;
    struct basis_row b;
    enum err err = basis_of_child(c->db, child->id, in->today, &b);

    if (!err)
        err = recommendation_of_child(c->db, child->id, in->today, &r);
    if (err)
        return err;
    *out = json_pack("{s:o,s:o}", "basis", validity_json(b.basis.from_day, b.basis.to_day, in),
                     "recommendation", validity_json(r.limits.from_day, r.limits.to_day, in));
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err case_verdict_of(const struct call *c, const struct child *child,
                                const struct intake *in, struct case_file *file,
                                struct case_verdict *out)
{
    struct case_facts facts;
    enum err err = case_of_child(c->db, child->id, file);

    if (!err)
        err = case_facts(c->db, file, child, in->today, c->now.unix_ms, &in->policy, &facts);
    if (!err)
        *out = case_decide(&facts);
    return err;
}

/* "search" stands in the case while a lead mentor is looked for, for the centre: who lacks what is
 * no matter of the family's. */
static enum err add_search(struct call *c, const struct child *child, unsigned missing,
                           json_t *json)
{
    json_t *search = NULL;
    bool sees = false;
    enum err err = call_may_child(c, RIGHT_CANDIDATES_VIEW, child, false, &sees);

    if (err || !sees || (missing >> CASE_GATE_MENTOR & 1u) == 0)
        return err;
    err = search_json(c, child, &search);
    return err ? err : json_put(json, "search", search);
}

static enum err case_json(struct call *c, const struct child *child, const struct intake *in,
                          json_t **out)
{
    struct case_verdict v;
    struct case_file file;
    json_t *person = NULL, *papers = NULL, *missing = json_array();
    enum err err = missing ? case_verdict_of(c, child, in, &file, &v) : ERR_NOMEM;

    if (!err)
        err = missing_json(c, child, in, &file, v.missing, missing);
    if (!err)
        err = papers_json(c, child, in, &papers);
    if (!err)
        err = person_json(c, child->user, &person);
    if (!err) {
        *out = json_pack("{s:O,s:s,s:I,s:s,s:o,s:O,s:I,s:o,s:O}", "child", person, "register_no",
                         child->register_no, "referral", (json_int_t)file.referral.v, "state",
                         case_state_name(v.state), "reason",
                         v.reason ? json_string(case_reason_name(v.reason)) : json_null(),
                         "missing", missing, "opened", (json_int_t)file.opened_ms, "closed",
                         json_time_or_null(file.closed_ms, 0), "papers", papers);
        err = *out ? add_search(c, child, v.missing, *out) : ERR_NOMEM;
    }
    if (err && *out) {
        json_decref(*out);
        *out = NULL;
    }
    json_decref(person);
    json_decref(papers);
    json_decref(missing);
    return err;
}

static enum err case_answer(struct call *c, const struct child *child, const struct intake *in)
{
    json_t *json = NULL;
    enum err err = case_json(c, child, in, &json); /* ERR_NOTFOUND: 404 */

    return err ? err : call_answer(c, 200, json);
}

enum err child_case_get(struct call *c)
{
    struct child child;
    struct intake in;
    bool refused;
    enum err err = asked_child(c, RIGHT_CASE_VIEW, &child, &in, &refused);

    return err || refused ? err : case_answer(c, &child, &in);
}

/* The facts, and no lesson left that would go on without a case. */
static enum err check_close(struct call *c, const struct child *child, const struct intake *in,
                            struct case_file *file, bool *refused)
{
    struct case_facts facts;
    enum case_closing v;
    int64_t lessons = 0;
    enum err err = case_of_child(c->db, child->id, file);

    if (!err)
        err = case_facts(c->db, file, child, in->today, c->now.unix_ms, &in->policy, &facts);
    if (!err)
        err = case_lessons_ahead(c->db, child->id, c->now.unix_ms, &lessons);
    if (err)
        return err;
    v = case_close_check(&facts, lessons);
    *refused = v != CASE_CLOSING_OK;
    return *refused ? call_refuse_gate(c, case_closing_name(v)) : ERR_OK;
}

enum err child_case_close_post(struct call *c)
{
    enum case_reason reason;
    struct case_file file;
    struct child child;
    struct intake in;
    bool refused;
    enum err err = asked_child(c, RIGHT_CASE_CLOSE, &child, &in, &refused);

    if (err || refused)
        return err;
    if (body_case_close(&c->in, &reason))
        return call_refuse_field(c, &c->in);
    err = check_close(c, &child, &in, &file, &refused);
    if (err || refused)
        return err;
    err = case_close(c->db, file.id, reason, c->now.unix_ms, c->user.id);
    if (!err)
        err = call_audit(c, "case.close", "case_file", file.id, "", case_reason_name(reason));
    return err ? err : case_answer(c, &child, &in);
}

/* ---- register ----------------------------------------------------------------------------- */

static enum err same_json(const struct call *c, const struct child *child, json_t *array)
{
    struct child_mark mark = { child->name, DAY_NONE, child->school };
    struct alike_list l = { 0 };
    enum err err = ERR_OK;

    if (child->birth_date[0] && !day_parse(child->birth_date, &mark.birth_day))
        return ERR_DB;
    err = alike_list(c->db, child->centre, &mark, (struct referral_id){ 0 }, child->user, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *person = NULL;

        if (!l.items[i].child.v)
            continue;
        err = person_json(c, l.items[i].child, &person);
        if (!err)
            err = json_push(array, json_pack("{s:o,s:s}", "child", person, "alike",
                                             alike_name(l.items[i].alike)));
    }
    alike_list_free(&l);
    return err;
}

static enum err state_json(const struct call *c, const struct child *child, const struct intake *in,
                           json_t **out)
{
    struct case_verdict v;
    struct case_file file;
    enum err err = case_verdict_of(c, child, in, &file, &v);

    if (err == ERR_NOTFOUND) { /* a child from before there were cases */
        *out = json_null();
        return ERR_OK;
    }
    if (!err)
        *out = json_string(case_state_name(v.state));
    return err ? err : *out ? ERR_OK : ERR_NOMEM;
}

static enum err entry_json(const struct call *c, const struct child *child, const struct intake *in,
                           json_t **out)
{
    json_t *person = NULL, *school = NULL, *papers = NULL, *state = NULL, *same = json_array();
    enum err err = same ? person_json(c, child->user, &person) : ERR_NOMEM;

    if (!err)
        err = school_json(c, child->school, &school);
    if (!err)
        err = papers_json(c, child, in, &papers);
    if (!err)
        err = state_json(c, child, in, &state);
    if (!err)
        err = same_json(c, child, same);
    if (!err) {
        *out = json_pack("{s:O,s:s,s:i,s:O,s:o,s:O,s:O,s:O}", "child", person, "register_no",
                         child->register_no, "grade", child->grade, "school", school, "birth_date",
                         json_text_or_null(child->birth_date), "case", state, "papers", papers,
                         "alike", same);
        err = *out ? ERR_OK : ERR_NOMEM;
    }
    json_decref(person);
    json_decref(school);
    json_decref(papers);
    json_decref(state);
    json_decref(same);
    return err;
}

/* Only with expiring: a paper that is called out, or has run out. */
static enum err wanted(const struct call *c, const struct child *child, const struct intake *in,
                       bool expiring, bool *out)
{
    struct recommendation_row r;
    struct basis_row b;
    struct validity_report v[2];
    enum err err = ERR_OK;

    *out = !expiring;
    if (!expiring)
        return ERR_OK;
    err = basis_of_child(c->db, child->id, in->today, &b);
    if (!err)
        err = recommendation_of_child(c->db, child->id, in->today, &r);
    if (err)
        return err;
    v[0] = validity_at(b.basis.from_day, b.basis.to_day, in->today, &in->policy);
    v[1] = validity_at(r.limits.from_day, r.limits.to_day, in->today, &in->policy);
    for (int i = 0; i < 2; i++)
        *out = *out || v[i].alert_days || v[i].state == VALIDITY_EXPIRED;
    return ERR_OK;
}

struct register_query {
    char q[321];
    bool expiring;
    struct page page;
};

static enum err read_query(struct call *c, struct register_query *out, bool *refused)
{
    enum json_fault fault;
    char word[8];

    if (!call_query(c, "q", out->q, sizeof out->q, &fault))
        out->q[0] = '\0';
    *refused = fault != JSON_FAULT_NONE;
    if (*refused)
        return call_refuse_query(c, "q", fault);
    out->expiring = call_query(c, "expiring", word, sizeof word, &fault);
    *refused = fault != JSON_FAULT_NONE || (out->expiring && strcmp(word, "yes") != 0);
    if (*refused)
        return call_refuse_query(c, "expiring", fault ? fault : JSON_FAULT_RANGE);
    return call_page(c, &out->page, refused);
}

static enum err entries(const struct call *c, const struct child_list *l, const struct intake *in,
                        const struct register_query *q, json_t *items, bool *more)
{
    size_t seen = 0;
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n && !*more; i++) {
        json_t *entry = NULL;
        bool take = false;

        if (!fold_contains(l->items[i].name, q->q))
            continue;
        err = wanted(c, &l->items[i], in, q->expiring, &take);
        if (err || !take || seen++ < q->page.first)
            continue;
        *more = json_array_size(items) == q->page.limit;
        if (*more)
            break;
        err = entry_json(c, &l->items[i], in, &entry);
        if (!err)
            err = json_push(items, entry);
    }
    return err;
}

enum err child_register_get(struct call *c)
{
    struct child_filter f = { .at_ms = c->now.unix_ms };
    struct child_list l = { 0 };
    struct register_query q;
    struct grant g = { 0 };
    struct intake in;
    bool refused = false, more = false;
    json_t *items;
    enum err err;

    if (call_scope(c, RIGHT_CHILD_REGISTER, &g) != SCOPE_OWN_CENTRE)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    err = read_query(c, &q, &refused);
    if (err || refused)
        return err;
    f.centre = g.org;
    err = intake_load(c, g.org, &in);
    items = json_array();
    if (!err)
        err = items ? child_list(c->db, &f, &l) : ERR_NOMEM;
    if (!err)
        err = entries(c, &l, &in, &q, items, &more);
    child_list_free(&l);
    if (err) {
        json_decref(items);
        return err;
    }
    return intake_page(c, items, &q.page, more);
}
