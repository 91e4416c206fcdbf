/* SPDX-License-Identifier: Apache-2.0
 *
 * Choosing mentors (items 20, 21): the ranked candidates of a child with the
 * why and every gate that fails, who has to act when there is none, choosing
 * and ending with a reason, interviews, and the children who wait for a lead
 * mentor or for a lesson among other children (item 22). Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/candidates.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/api/hiring_json.h"
#include "server/api/intake.h"
#include "server/api/person.h"
#include "server/api/programme.h"
#include "server/domain/day.h"
#include "server/store/hiring.h"
#include "server/store/selection.h"

/* ---- JSON --------------------------------------------------------------------------------- */

static json_t *parts_json(const struct candidate *cand)
{
    json_t *array = json_array();

    for (int i = 0; array && i < SELECTION_PART_COUNT; i++) {
        const struct selection_part *p = &cand->parts[i];

        if (json_push(array, json_pack("{s:s,s:b,s:i,s:i,s:I,s:I}", "part",
                                       selection_part_name((enum selection_part_kind)i), "known",
                                       (int)p->known, "points", p->points, "weight", p->weight,
                                       "value", (json_int_t)p->value, "of", (json_int_t)p->of))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* Only what is the mentor's own: what the case lacks stands once, above. */
static json_t *own_gates_json(const struct candidate *cand)
{
    struct teach_verdict own = cand->gates;

    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++)
        if (selection_case_gates() & TEACH_BIT(g))
            own.gates[g].cause = CAUSE_NOT_ASKED;
    own.failed &= ~selection_case_gates();
    return gates_json(&own, true);
}

static enum err candidate_json(const struct call *c, const struct candidate *cand, json_t **out)
{
    json_t *person = NULL;
    enum err err = person_json(c, cand->user, &person);

    if (err)
        return err;
    *out = json_pack("{s:o,s:s,s:i,s:b,s:b,s:o,s:o}", "mentor", person, "standing",
                     selection_standing_name(cand->standing), "score", cand->score, "eligible",
                     (int)(cand->standing != SELECTION_BARRED), "assigned",
                     (int)(cand->assignments > 0), "parts", parts_json(cand), "gates",
                     own_gates_json(cand));
    return *out ? ERR_OK : ERR_NOMEM;
}

static json_t *owed_json(const struct selection_owed *owed, size_t n)
{
    json_t *array = json_array();

    for (size_t i = 0; array && i < n; i++) {
        if (json_push(array,
                      json_pack("{s:s,s:s,s:i}", "gate", teach_gate_name(owed[i].gate), "actor",
                                actor_name(owed[i].actor), "mentors", owed[i].mentors))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

/* {blocked, candidates, owes}. Nobody at all: the coordinator has to find somebody. */
static json_t *search_of(const struct candidate_list *l)
{
    struct selection_owed owed[TEACH_GATE_COUNT];
    size_t n = 0, eligible = 0;
    bool blocked = selection_blocked(l->items, l->n, owed, &n);

    if (blocked && n == 0)
        owed[n++] = (struct selection_owed){ TEACH_ACCOUNT, ACTOR_COORDINATOR, 0 };
    for (size_t i = 0; i < l->n; i++)
        eligible += l->items[i].standing != SELECTION_BARRED;
    return json_pack("{s:b,s:I,s:o}", "blocked", (int)blocked, "candidates", (json_int_t)eligible,
                     "owes", owed_json(owed, n));
}

enum err search_json(const struct call *c, const struct child *child, json_t **out)
{
    struct candidate_list l;
    enum err err = candidates_of(c->db, child, 0, c->now.unix_ms, &l);

    if (err)
        return err;
    *out = search_of(&l);
    candidate_list_free(&l);
    return *out ? ERR_OK : ERR_NOMEM;
}

/* What the case itself lacks, the same for every mentor. */
static json_t *case_gates_json(const struct candidate_list *l)
{
    struct teach_verdict of_case = { .failed = 0 };

    for (enum teach_gate g = 0; l->n > 0 && g < TEACH_GATE_COUNT; g++)
        if (selection_case_gates() & TEACH_BIT(g))
            of_case.gates[g] = l->items[0].gates.gates[g];
    if (l->n > 0)
        of_case.failed = l->items[0].gates.failed & selection_case_gates();
    return gates_json(&of_case, true);
}

static enum err assignment_json(const struct call *c, const struct pupil *p,
                                const struct assignment *a, json_t **out)
{
    json_t *person = NULL;
    enum err err = person_json(c, a->mentor_user, &person);

    if (err)
        return err;
    *out = json_pack("{s:I,s:o,s:s,s:o,s:I,s:o,s:s,s:s}", "id", (json_int_t)a->id, "mentor", person,
                     "role", a->subject ? "subject" : "lead", "subject",
                     a->subject ? json_string(pupil_subject_code(&p->subjects, a->subject))
                                : json_null(),
                     "from", (json_int_t)a->from_ms, "to", json_time_or_null(a->to_ms, FOREVER_MS),
                     "reason", a->reason, "end_reason", a->end_reason);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err standing_json(const struct call *c, const struct pupil *p, json_t *out)
{
    struct assignment_list l;
    enum err err = assignment_list(c->db, p->child.id, c->now.unix_ms, &l);

    if (err)
        return err;
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *one = NULL;

        err = assignment_json(c, p, &l.items[i], &one);
        if (!err)
            err = json_push(out, one);
    }
    assignment_list_free(&l);
    return err;
}

/* ---- candidates --------------------------------------------------------------------------- */

/* "subject": a code, or absent: a lead mentor. */
static enum err asked_subject(struct call *c, const struct pupil *p, int64_t *out, bool *refused)
{
    char code[81];
    enum json_fault fault;

    *out = 0;
    *refused = false;
    if (call_query(c, "subject", code, sizeof code, &fault))
        *out = pupil_subject_id(&p->subjects, code);
    else if (fault == JSON_FAULT_NONE)
        return ERR_OK;
    *refused = *out == 0;
    return *refused ? call_refuse_query(c, "subject", fault ? fault : JSON_FAULT_RANGE) : ERR_OK;
}

static enum err list_json(const struct call *c, const struct candidate_list *l, json_t *items)
{
    enum err err = ERR_OK;

    for (size_t i = 0; !err && i < l->n; i++) {
        json_t *one = NULL;

        err = candidate_json(c, &l->items[i], &one);
        if (!err)
            err = json_push(items, one);
    }
    return err;
}

static enum err answer(struct call *c, const struct pupil *p, int64_t subject,
                       const struct candidate_list *l)
{
    json_t *items = json_array(), *standing = json_array(), *person = NULL, *json = NULL;
    enum err err = items && standing ? person_json(c, p->child.user, &person) : ERR_NOMEM;

    if (!err)
        err = list_json(c, l, items);
    if (!err)
        err = standing_json(c, p, standing);
    if (!err)
        json =
            json_pack("{s:O,s:i,s:o,s:i,s:o,s:o,s:O,s:O}", "child", person, "grade", p->child.grade,
                      "subject", json_text_or_null(pupil_subject_code(&p->subjects, subject)),
                      "need_minutes", l->need_minutes, "search", search_of(l), "case_gates",
                      case_gates_json(l), "items", items, "assignments", standing);
    json_decref(items);
    json_decref(standing);
    json_decref(person);
    return err ? err : call_answer(c, 200, json);
}

static enum err candidates(struct call *c, const struct pupil *p)
{
    struct candidate_list l;
    int64_t subject;
    bool refused;
    enum err err = asked_subject(c, p, &subject, &refused);

    if (err || refused)
        return err;
    err = candidates_of(c->db, &p->child, subject, c->now.unix_ms, &l);
    if (err)
        return err;
    err = answer(c, p, subject, &l);
    candidate_list_free(&l);
    return err;
}

enum err candidates_get(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_CANDIDATES_VIEW, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = candidates(c, &p);
    pupil_close(&p);
    return err;
}

/* ---- choosing ----------------------------------------------------------------------------- */

/* 409 gate "barred" with the gates that bar, if the mentor may not be chosen. */
static enum err check_choice(struct call *c, const struct pupil *p, const struct assignment *a,
                             bool *refused)
{
    const struct teach_question q = {
        .hired = true, .child = true, .consents = true, .substitute = true, .subject = a->subject
    };
    struct candidate cand = { .mentor = a->mentor };
    json_t *error;
    enum err err = teach_ask(c->db, &(struct teach_who){ a->mentor, p->child.school, p->child.id },
                             &q, c->now.unix_ms, &cand.gates);

    *refused = !err && selection_standing_of(cand.gates.failed) == SELECTION_BARRED;
    if (err || !*refused)
        return err;
    err = call_refuse(c, REFUSE_GATE);
    error = json_pack("{s:s,s:s,s:o}", "code", "gate", "gate", "barred", "gates",
                      own_gates_json(&cand));
    return err ? err : error ? call_answer(c, 409, json_pack("{s:o}", "error", error)) : ERR_NOMEM;
}

/* {mentor, role, subject, reason} */
static enum err read_choice(struct call *c, const struct pupil *p, struct assignment *out,
                            bool *refused)
{
    static const char *const roles[] = { "lead", "subject" };
    struct user_id user = { json_get_int(&c->in, "mentor", 1, BODY_ID_MAX) };
    bool lead = json_get_word(&c->in, "role", roles, 2) == 0;
    const char *subject = json_opt_str(&c->in, "subject", 80), *reason = body_reason(&c->in);
    struct mentor m = { 0 };
    enum err err = ERR_OK;

    *out = (struct assignment){ .child = p->child.id };
    if (!lead && !subject)
        json_view_blame(&c->in, JSON_FAULT_MISSING, "subject");
    if (lead && subject)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "subject");
    if (c->in.fault == JSON_FAULT_NONE && subject) {
        out->subject = pupil_subject_id(&p->subjects, subject);
        if (!out->subject)
            json_view_blame(&c->in, JSON_FAULT_RANGE, "subject");
    }
    if (c->in.fault == JSON_FAULT_NONE) {
        err = mentor_by_user(c->db, user, &m);
        if (err == ERR_NOTFOUND || (!err && !org_id_eq(m.centre, p->child.centre)))
            json_view_blame(&c->in, JSON_FAULT_RANGE, "mentor");
        err = err == ERR_NOTFOUND ? ERR_OK : err;
    }
    if (!err && c->in.fault == JSON_FAULT_NONE &&
        !str_copy(out->reason, sizeof out->reason, reason))
        err = ERR_INVAL;
    out->mentor = m.id;
    *refused = !err && json_view_end(&c->in) != ERR_OK;
    return *refused ? call_refuse_field(c, &c->in) : err;
}

static enum err answer_assignment(struct call *c, int status, const struct pupil *p, int64_t id)
{
    struct assignment a;
    json_t *json = NULL;
    enum err err = assignment_load(c->db, id, &a);

    if (!err)
        err = assignment_json(c, p, &a, &json);
    return err ? err : call_answer(c, status, json);
}

static enum err choose(struct call *c, const struct pupil *p)
{
    struct assignment a;
    bool refused = false;
    int64_t id;
    enum err err = read_choice(c, p, &a, &refused);

    if (!err && !refused)
        err = check_choice(c, p, &a, &refused);
    if (err || refused)
        return err;
    err = assignment_give(c->db, &a, c->now.unix_ms, c->user.id, &id);
    if (err == ERR_STATE)
        return call_refuse_gate(c, a.subject ? "assigned_already" : "one_lead");
    if (!err)
        err = call_audit(c, "assignment.give", "assignment", id, "", "");
    return err ? err : answer_assignment(c, 201, p, id);
}

enum err assignment_post(struct call *c)
{
    struct pupil p;
    bool refused = false;
    enum err err = pupil_open_path(c, RIGHT_ASSIGNMENT_EDIT, RIGHT_CHILD_LIST, &p, &refused);

    if (err || refused)
        return err;
    err = choose(c, &p);
    pupil_close(&p);
    return err;
}

static enum err end_it(struct call *c, const struct pupil *p, const struct assignment *a)
{
    const char *reason = body_reason(&c->in);
    enum err err;

    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = assignment_end(c->db, a->id, reason, c->now.unix_ms);
    if (err == ERR_STATE)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!err)
        err = call_audit(c, "assignment.end", "assignment", a->id, "", "");
    return err ? err : answer_assignment(c, 200, p, a->id);
}

enum err assignment_end_post(struct call *c)
{
    struct assignment a;
    struct pupil p;
    bool refused = false;
    enum err err = assignment_load(c->db, c->id, &a);

    if (!err)
        err = pupil_open(c, RIGHT_ASSIGNMENT_EDIT, RIGHT_ASSIGNMENT_EDIT, a.child, &p, &refused);
    if (err || refused)
        return err;
    err = end_it(c, &p, &a);
    pupil_close(&p);
    return err;
}
