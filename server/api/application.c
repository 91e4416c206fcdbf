/* SPDX-License-Identifier: Apache-2.0
 *
 * Applications at schools: begun, led from step to step by whoever's step it
 * is, and the principal's order. Which step may follow which is decided by
 * domain/application alone. Desk thread.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/hiring.h"
#include "server/store/staff.h"

static enum err audit_step(const struct call *c, const struct application *a,
                           enum application_state to)
{
    char before[48], after[48];

    if (!str_format(before, sizeof before, "{\"state\":\"%s\"}",
                    application_state_name(a->state)) ||
        !str_format(after, sizeof after, "{\"state\":\"%s\"}", application_state_name(to)))
        return ERR_INVAL;
    return call_audit(c, "application.step", "application", a->id, before, after);
}

enum err application_post(struct call *c)
{
    struct hiring h;
    struct org school = { 0 };
    int64_t id;
    bool refused = false;
    enum err err = hiring_open_path(c, RIGHT_HIRING_EDIT, &h, &refused);

    if (err || refused)
        return err;
    school.id.v = json_get_int(&c->in, "school", 1, BODY_ID_MAX);
    if (c->in.fault == JSON_FAULT_NONE) {
        err = org_load(c->db, school.id, &school);
        if (err && err != ERR_NOTFOUND)
            return err;
        if (err || school.type != ORG_SCHOOL || !org_id_eq(school.parent, h.centre.id))
            json_view_blame(&c->in, JSON_FAULT_RANGE, "school");
    }
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = application_add(c->db, h.mentor.id, school.id, c->now.unix_ms, c->user.id, &id);
    if (!err)
        err = call_audit(c, "application.begin", "application", id, "", "");
    return err ? err : hiring_answer(c, 201, &h);
}

/* The application in the path. */
static enum err open_application(struct call *c, struct application *a, struct hiring *h,
                                 bool *refused)
{
    enum err err = application_load(c->db, c->id, a);

    if (err)
        return err;
    err = hiring_open(c, RIGHT_HIRING_STEP, a->mentor, h, refused);
    return err || *refused ? err : call_match(c, a->rev, refused);
}

/* What the person is in this application. Who applies is nothing else in it, whatever else that
 * person may be. */
static enum actor actor_in(const struct call *c, const struct application *a,
                           const struct hiring *h)
{
    if (user_id_eq(h->mentor.user, c->user.id))
        return ACTOR_MENTOR;
    if (grant_has(&c->grants, ROLE_COORDINATOR, h->centre.id))
        return ACTOR_COORDINATOR;
    return grant_has(&c->grants, ROLE_SCHOOL_OFFICER, a->school) ? ACTOR_SCHOOL : ACTOR_NONE;
}

static enum err refuse_step(struct call *c, enum step_answer answer,
                            const struct teach_verdict *papers)
{
    switch (answer) {
    case STEP_ANSWER_NOT_YOURS:
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    case STEP_ANSWER_NO_REASON:
        json_view_blame(&c->in, JSON_FAULT_MISSING, "reason");
        return call_refuse_field(c, &c->in);
    case STEP_ANSWER_INCOMPLETE:
        return hiring_refuse_papers(c, papers);
    default:
        return call_refuse(c, REFUSE_NOT_NOW);
    }
}

/* Does the step if the machine lets the person; *refused: answered already. */
static enum err step(struct call *c, const struct application *a, const struct hiring *h,
                     enum application_step p, const char *reason, bool *refused)
{
    enum application_state to = a->state;
    struct teach_verdict papers;
    enum step_answer answer;
    enum err err = hiring_papers(c, h, &papers);

    if (err)
        return err;
    answer = application_step(a->state, p, actor_in(c, a, h), reason[0] != '\0', &papers, &to);
    *refused = answer != STEP_ANSWER_OK;
    if (*refused)
        return refuse_step(c, answer, &papers);
    err = application_go(c->db, a, p, to, reason, c->now.unix_ms, c->user.id);
    return err ? err : audit_step(c, a, to);
}

/* What else a step means. */
static enum err follow(struct call *c, const struct application *a, const struct hiring *h,
                       enum application_step p)
{
    struct employment_order o;
    enum err err = ERR_OK;

    if (p == STEP_ACQUAINT) {
        err = order_of(c->db, a->id, &o);
        return err ? err : order_acquaint(c->db, o.id, c->now.unix_ms);
    }
    if (p == STEP_END)
        err = order_end(c->db, a->id, c->now.unix_ms);
    if (!err && p == STEP_END)
        err = assignment_end_at(c->db, a->mentor, a->school, c->now.unix_ms);
    if (!err && (p == STEP_END || p == STEP_SUSPEND))
        desk_push_person(c->ctx, h->mentor.user); /* out of a lesson at that school, at once (J6) */
    return err;
}

enum err application_step_post(struct call *c)
{
    struct application a;
    struct hiring h;
    const char *reason;
    enum application_step p = STEP_BEGIN;
    bool refused = false;
    enum err err = open_application(c, &a, &h, &refused);

    if (err || refused)
        return err;
    /* An order is issued by its own request; nobody but time employs. */
    if (!application_step_parse(json_get_str(&c->in, "step", 16), &p) || p == STEP_ORDER ||
        p == STEP_EMPLOY)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "step");
    reason = json_opt_str(&c->in, "reason", BODY_REASON_BYTES);
    if (reason && c->in.fault == JSON_FAULT_NONE && !str_name_ok(reason, 200))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "reason");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = step(c, &a, &h, p, reason ? reason : "", &refused);
    if (!err && !refused)
        err = follow(c, &a, &h, p);
    return err || refused ? err : hiring_answer(c, 200, &h);
}

/* ---- the order ------------------------------------------------------------------------------ */

static int64_t day_field(struct json_view *v, const struct hiring *h, const char *name, bool last,
                         int *year)
{
    const char *s = json_get_str(v, name, 10);
    int64_t from = 0, to = 0;
    int month, day;

    if (v->fault == JSON_FAULT_NONE && !hiring_day(h, s, &from, &to))
        json_view_blame(v, JSON_FAULT_MALFORMED, name);
    else if (v->fault == JSON_FAULT_NONE && year)
        (void)body_date(s, year, &month, &day);
    return last ? to : from;
}

static void read_order(struct call *c, const struct hiring *h, struct employment_order *o)
{
    const char *number = json_get_str(&c->in, "number", sizeof o->number - 1);

    if (c->in.fault == JSON_FAULT_NONE &&
        (!str_name_ok(number, 20) || !str_copy(o->number, sizeof o->number, number)))
        json_view_blame(&c->in, JSON_FAULT_MALFORMED, "number");
    o->signed_ms = day_field(&c->in, h, "date", false, &o->year);
    if (c->in.fault == JSON_FAULT_NONE && o->signed_ms > c->now.unix_ms)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "date");
    o->rate_percent = (int)json_get_int(&c->in, "rate_percent", 1, 100);
    o->week_minutes = json_get_int(&c->in, "week_minutes", 1, 7 * 24 * 60);
    o->from_ms = day_field(&c->in, h, "from", false, NULL);
    o->to_ms = TERM_OPEN_MS;
    if (json_has(&c->in, "to"))
        o->to_ms = day_field(&c->in, h, "to", true, NULL);
    else
        (void)json_opt_str(&c->in, "to", 0); /* null counts as absent */
}

/* R15: part-time, and not more than a week in all. */
static enum err check_order(struct call *c, const struct hiring *h,
                            const struct employment_order *o)
{
    struct order_plan plan = { .rate_percent = o->rate_percent,
                               .week_minutes = o->week_minutes,
                               .from_ms = o->from_ms,
                               .to_ms = o->to_ms,
                               .signed_ms = o->signed_ms };
    enum order_fault fault;
    enum err err = order_minutes(c->db, o->mentor, o->from_ms, o->to_ms, &plan.other_minutes);

    if (err)
        return err;
    fault = order_check(&plan, &h->policy);
    if (fault != ORDER_FAULT_NONE)
        json_view_blame(&c->in, JSON_FAULT_RANGE, order_fault_field(fault));
    return ERR_OK;
}

enum err order_post(struct call *c)
{
    struct application a;
    struct hiring h;
    struct employment_order o = { 0 };
    int64_t id;
    bool refused = false;
    enum err err = open_application(c, &a, &h, &refused);

    if (err || refused)
        return err;
    o.application = a.id;
    o.mentor = a.mentor;
    o.school = a.school;
    read_order(c, &h, &o);
    if (c->in.fault == JSON_FAULT_NONE)
        err = check_order(c, &h, &o);
    if (err)
        return err;
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = step(c, &a, &h, STEP_ORDER, "", &refused);
    if (err || refused)
        return err;
    err = order_add(c->db, &o, c->now.unix_ms, c->user.id, &id);
    if (err == ERR_STATE) { /* unique within school and year */
        json_view_blame(&c->in, JSON_FAULT_RANGE, "number");
        return call_refuse_field(c, &c->in);
    }
    return err ? err : hiring_answer(c, 201, &h);
}
