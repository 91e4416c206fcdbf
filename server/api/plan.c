/* SPDX-License-Identifier: Apache-2.0
 *
 * Proposals for a week: ask for one, see how far it is and what it says, stop
 * it. What it proposes is a draft like any other (version.c); nothing here puts
 * a lesson on the timetable. Another centre's run does not exist. Desk thread.
 */
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/body.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"
#include "server/store/planning.h"
#include "server/sys/random.h"

#define LEFT_MAX 200 /* reasons in one answer */
#define SEED_MAX INT64_C(2147483647)
#define DAYS_AHEAD 366

/* ---- JSON ------------------------------------------------------------------------------- */

static enum err mentor_json(struct call *c, struct mentor_id id, json_t **out)
{
    struct mentor m = { 0 };
    enum err err = id.v ? mentor_load(c->db, id, &m) : ERR_OK;

    return err ? err : person_or_null(c, m.user, out);
}

static json_t *proof_json(const struct plan_left *l)
{
    if (l->lessons == 0)
        return json_null();
    return json_pack("{s:i,s:i,s:s}", "lessons", l->lessons, "places", l->places, "of",
                     l->of_mentor ? "mentor" : "child");
}

static enum err left_json(struct call *c, const struct plan_left *l, json_t *list)
{
    json_t *who = NULL, *mentor = NULL;
    struct subject subject;
    struct child child;
    enum err err = child_load(c->db, l->child, &child);

    if (!err)
        err = subject_load(c->db, l->subject, &subject);
    if (!err)
        err = person_json(c, child.user, &who);
    if (!err)
        err = mentor_json(c, l->mentor, &mentor);
    if (err) {
        json_decref(who);
        return err;
    }
    return json_push(list, json_pack("{s:o,s:s,s:o,s:o,s:i,s:s,s:i,s:s,s:i,s:o}", "child", who,
                                     "subject", subject.code, "mentor", mentor, "lesson",
                                     json_time_or_null(l->was.v, 0), "minutes", l->minutes, "rule",
                                     plan_rule_name(l->rule), "number", plan_rule_number(l->rule),
                                     "would_fit", plan_rule_name(l->would_fit), "starts", l->starts,
                                     "proof", proof_json(l)));
}

static enum err all_left(struct call *c, const struct plan_run *r, json_t *out)
{
    struct plan_left *left = mem_zalloc(LEFT_MAX, sizeof *left);
    size_t n = 0;
    enum err err = left ? plan_left_list(c->db, r->id, left, LEFT_MAX, &n) : ERR_NOMEM;

    for (size_t i = 0; !err && i < n; i++)
        err = left_json(c, &left[i], out);
    mem_free(left);
    return err;
}

static bool over(const struct plan_run *r)
{
    return r->state != PLAN_STATE_QUEUED && r->state != PLAN_STATE_RUNNING;
}

static json_t *progress_json(const struct call *c, const struct plan_run *r)
{
    struct plan_figures f = r->figures;
    int64_t ms = r->ended_ms && r->begun_ms ? r->ended_ms - r->begun_ms : 0;

    if (!over(r))
        (void)desk_plan_told(c->ctx->desk, r->id, &f, &ms);
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "wanted", (json_int_t)f.wanted, "placed",
                     (json_int_t)f.placed, "bound", (json_int_t)f.bound, "steps",
                     (json_int_t)f.steps, "ms", (json_int_t)ms);
}

/* Of a run that has a proposal; else null. */
static json_t *changes_json(const struct plan_run *r)
{
    const struct plan_figures *f = &r->figures;

    if (!over(r) || r->state == PLAN_STATE_FAILED)
        return json_null();
    return json_pack("{s:I,s:I,s:I,s:I,s:I}", "kept", (json_int_t)f->kept, "forced",
                     (json_int_t)f->forced, "moved", (json_int_t)f->moved, "added",
                     (json_int_t)f->added, "left", (json_int_t)r->left);
}

/* with_left: the reasons, too. */
static enum err plan_json(struct call *c, const struct plan_run *r, bool with_left, json_t **out)
{
    json_t *left = json_array(), *by = NULL;
    char week[16];
    int y, m, d;
    enum err err = left ? person_json(c, r->asked_by, &by) : ERR_NOMEM;

    date_from_days(r->monday, &y, &m, &d);
    if (!err && !str_format(week, sizeof week, "%04d-%02d-%02d", y, m, d))
        err = ERR_DB;
    if (!err && with_left)
        err = all_left(c, r, left);
    if (err) {
        json_decref(left);
        json_decref(by);
        return err;
    }
    *out = json_pack("{s:I,s:s,s:s,s:I,s:s,s:s,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:o}", "id",
                     (json_int_t)r->id, "week", week, "mode", plan_mode_name(r->mode), "seed",
                     (json_int_t)r->seed, "state", plan_state_name(r->state), "cause",
                     plan_cause_name(r->cause), "asked_by", by, "asked_at", (json_int_t)r->asked_ms,
                     "begun_at", json_time_or_null(r->begun_ms, 0), "ended_at",
                     json_time_or_null(r->ended_ms, 0), "version", json_time_or_null(r->version, 0),
                     "progress", progress_json(c, r), "changes", changes_json(r), "left", left);
    return *out ? ERR_OK : ERR_NOMEM;
}

static enum err answer(struct call *c, int status, int64_t id)
{
    struct plan_run run;
    json_t *json = NULL;
    enum err err = plan_run_load(c->db, id, &run);

    if (!err)
        err = plan_json(c, &run, over(&run), &json);
    return err ? err : call_answer(c, status, json);
}

/* ---- endpoints -------------------------------------------------------------------------- */

static enum err centre_of(struct call *c, struct org *out, bool *refused)
{
    struct grant grant;

    *refused = call_scope(c, RIGHT_PLAN, &grant) != SCOPE_OWN_CENTRE;
    return *refused ? call_refuse(c, REFUSE_NOT_ALLOWED) : org_load(c->db, grant.org, out);
}

/* Monday of a week that is not over, at most a year ahead. */
static bool week_of(struct call *c, const struct org *centre, const char *text, int64_t *monday)
{
    struct local_time now;
    int y, m, d;
    int64_t today;

    if (!body_date(text, &y, &m, &d) || zone_local(centre->tz, c->now.unix_ms, &now) != ERR_OK)
        return false;
    *monday = date_to_days(y, m, d);
    today = date_to_days(now.year, now.month, now.day);
    return date_weekday(*monday) == 1 && *monday + 6 >= today && *monday <= today + DAYS_AHEAD;
}

static int64_t any_seed(void)
{
    uint32_t seed = 1;

    if (random_bytes(&seed, sizeof seed) != ERR_OK)
        seed = 1; /* any will do */
    return seed & SEED_MAX;
}

enum err plan_post(struct call *c)
{
    static const char *const modes[] = { "fresh", "repair" };
    struct org centre;
    enum plan_mode mode;
    int64_t monday = 0, seed, id;
    const char *week;
    bool refused;
    enum err err = centre_of(c, &centre, &refused);

    if (err || refused)
        return err;
    week = json_get_str(&c->in, "week", 10);
    mode = (enum plan_mode)json_get_word(&c->in, "mode", modes, 2);
    seed = json_opt_int(&c->in, "seed", 0, SEED_MAX, -1);
    if (c->in.fault == JSON_FAULT_NONE && !week_of(c, &centre, week, &monday))
        json_view_blame(&c->in, JSON_FAULT_RANGE, "week");
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    err = plan_run_add(c->db, centre.id, monday, mode, seed < 0 ? any_seed() : seed, c->now.unix_ms,
                       c->user.id, &id);
    if (err == ERR_STATE) /* one at a time */
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!err)
        err = call_audit(c, "plan.ask", "plan_run", id, "", plan_mode_name(mode));
    if (err)
        return err;
    desk_plan_ask(c->ctx->desk);
    if (!str_format(c->location, sizeof c->location, API_PREFIX "/plans/%lld", (long long)id))
        return ERR_INVAL;
    return answer(c, 202, id);
}

static enum err open_run(struct call *c, struct plan_run *out, bool *refused)
{
    struct org centre;
    enum err err = centre_of(c, &centre, refused);

    if (err || *refused)
        return err;
    err = plan_run_load(c->db, c->id, out);
    *refused = err == ERR_NOTFOUND || (!err && !org_id_eq(out->org, centre.id));
    return *refused ? call_refuse(c, REFUSE_NOT_FOUND) : err;
}

enum err plan_get(struct call *c)
{
    struct plan_run run;
    bool refused;
    enum err err = open_run(c, &run, &refused);

    return err || refused ? err : answer(c, 200, run.id);
}

enum err plan_stop_post(struct call *c)
{
    struct plan_run run;
    bool refused;
    enum err err = open_run(c, &run, &refused);

    if (err || refused)
        return err;
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    if (over(&run))
        return call_refuse(c, REFUSE_NOT_NOW);
    if (run.state == PLAN_STATE_QUEUED)
        err = plan_run_close(c->db, run.id, PLAN_STATE_STOPPED, PLAN_CAUSE_ASKED, c->now.unix_ms);
    else
        (void)desk_plan_stop(c->ctx->desk, run.id); /* or it is just over */
    if (!err)
        err = call_audit(c, "plan.stop", "plan_run", run.id, "", "");
    return err ? err : answer(c, 202, run.id);
}

/* The newest first; "week" narrows to one. */
enum err plans_get(struct call *c)
{
    enum json_fault fault = JSON_FAULT_NONE;
    struct plan_run_list l = { 0 };
    json_t *list = json_array();
    struct org centre;
    char week[11];
    int64_t monday = 0;
    int y, m, d;
    bool refused;
    enum err err = list ? centre_of(c, &centre, &refused) : ERR_NOMEM;

    if (!err && !refused && call_query(c, "week", week, sizeof week, &fault)) {
        if (!body_date(week, &y, &m, &d))
            fault = JSON_FAULT_MALFORMED;
        else
            monday = date_to_days(y, m, d);
    }
    if (err || refused || fault != JSON_FAULT_NONE) {
        json_decref(list);
        return err || refused ? err : call_refuse_query(c, "week", fault);
    }
    err = plan_run_list(c->db, centre.id, monday, &l);
    for (size_t i = 0; !err && i < l.n; i++) {
        json_t *one = NULL;

        err = plan_json(c, &l.items[i], false, &one);
        if (!err)
            err = json_push(list, one);
    }
    plan_run_list_free(&l);
    if (err) {
        json_decref(list);
        return err;
    }
    return call_answer(c, 200, json_pack("{s:o}", "plans", list));
}
