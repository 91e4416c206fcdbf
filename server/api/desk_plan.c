/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk and its planner: one thread of its own, one run at a time. The
 * planner reads through a connection of its own and never writes; it tells how
 * far it is by mail, and its result is written here, as a draft, in one
 * transaction. A run that was not over when the server stopped has failed
 * (plan_runs_lost, at opening), and nothing of it is in the records.
 * Desk thread; search, stopped and come_back on the planner's.
 *
 *   POST /plans ──▶ row "queued" ──commit──▶ desk_plan_next: "running" ──▶ planner
 *                     GET /plans/{id} ◀── desk_plan_word ◀──mail── figures
 *                     draft, reasons  ◀── desk_plan_write ◀──mail── outcome
 */
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/store/audit.h"
#include "server/store/org.h"

#define TELL_US (250 * US_PER_MS)

struct desk_plan_job {
    struct worker_job job; /* first member */
    struct desk *desk;
    struct plan_run run;
    struct plan_asked asked;
    struct mailbox orders; /* a mail in it: stop */
    struct mail stop;
    struct desk_request *last; /* owned: what it comes back as, made when there was memory */
    bool told_to_stop;         /* desk's */

    /* the planner's, until it comes back */
    int64_t until_us, told_us;
    bool told;
    enum plan_cause cause;
    struct plan_outcome outcome;
    enum err err;
};

void desk_plan_job_free(struct desk_plan_job *j)
{
    if (!j)
        return;
    desk_request_free(j->last);
    (void)mailbox_take(&j->orders); /* its mail is a member */
    mailbox_deinit(&j->orders);
    plan_outcome_free(&j->outcome);
    mem_free(j);
}

/* ---- on the planner's thread ------------------------------------------------------------ */

static void tell(struct desk_plan_job *j, const struct plan_figures *at, int64_t now_us)
{
    struct desk_request *r;

    if (j->told && now_us - j->told_us < TELL_US)
        return;
    j->told = true;
    j->told_us = now_us;
    r = desk_request_new(DESK_PLAN, 0);
    if (!r)
        return; /* the next word says more */
    r->u.plan.wanted = at->wanted;
    r->u.plan.placed = at->placed;
    r->u.plan.bound = at->bound;
    r->u.plan.steps = at->steps;
    if (desk_post(j->desk, r) != ERR_OK)
        desk_request_free(r);
}

static bool stopped(void *ctx, const struct plan_figures *at)
{
    struct desk_plan_job *j = ctx;
    int64_t now_us = j->desk->clock().mono_us;

    if (mailbox_count(&j->orders) > 0)
        j->cause = PLAN_CAUSE_ASKED;
    else if (now_us >= j->until_us)
        j->cause = PLAN_CAUSE_TIME;
    if (j->cause == PLAN_CAUSE_NONE)
        tell(j, at, now_us);
    return j->cause != PLAN_CAUSE_NONE;
}

static void search(struct worker_job *job)
{
    struct desk_plan_job *j = (struct desk_plan_job *)job;
    struct db *reader = NULL;

    worker_step_back();
    j->err = db_open(&reader, j->desk->path, DB_READER);
    if (!j->err)
        j->err = planning_search(reader, &j->asked, &j->outcome);
    db_close(reader);
}

/* Instead of a post of the job itself. */
static void come_back(struct worker_job *job)
{
    struct desk_plan_job *j = (struct desk_plan_job *)job;
    struct desk_request *r = j->last;

    j->last = NULL;
    r->u.plan.job = j;
    if (desk_post(j->desk, r) != ERR_OK)
        desk_request_free(r);
}

/* ---- on the desk's ---------------------------------------------------------------------- */

static enum err make_job(struct desk *d, const struct plan_run *run, struct desk_plan_job **out)
{
    struct desk_plan_job *j = mem_zalloc(1, sizeof *j);
    enum err e = j ? mailbox_init(&j->orders, NULL, NULL) : ERR_NOMEM;

    if (e) {
        mem_free(j);
        return e;
    }
    j->last = desk_request_new(DESK_PLAN, 0);
    if (!j->last) {
        desk_plan_job_free(j);
        return ERR_NOMEM;
    }
    j->job = (struct worker_job){ .run = search, .done = &d->nowhere, .drop = come_back };
    j->desk = d;
    j->run = *run;
    j->asked = (struct plan_asked){ .query = { .centre = run->org,
                                               .monday = run->monday,
                                               .mode = run->mode,
                                               .now_ms = d->now.unix_ms },
                                    .seed = (uint64_t)run->seed,
                                    .stop = stopped,
                                    .ctx = j };
    e = policy_plan(d->db, run->org, d->now.unix_ms, &j->asked.policy);
    j->until_us = d->now.mono_us + j->asked.policy.seconds_max * US_PER_S;
    if (e)
        desk_plan_job_free(j);
    else
        *out = j;
    return e;
}

/* In a transaction: the oldest run that waits, as a job; one that fails at once (a setting that
 * cannot be read, no memory) lets the next have its turn. NULL: none. */
static enum err take_next(struct desk *d, struct desk_plan_job **out)
{
    enum err e = ERR_OK;

    *out = NULL;
    while (!e && !*out) {
        struct plan_run run;

        e = plan_run_next(d->db, d->now.unix_ms, &run);
        if (!e && make_job(d, &run, out) != ERR_OK)
            e = plan_run_close(d->db, run.id, PLAN_STATE_FAILED, PLAN_CAUSE_RECORDS,
                               d->now.unix_ms);
    }
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

void desk_plan_next(struct desk *d)
{
    struct desk_plan_job *j = NULL;
    enum err e;

    d->plan_due = false;
    if (d->plan || d->plan_over)
        return; /* its end calls again */
    e = db_begin(d->db);
    if (!e) {
        e = take_next(d, &j);
        if (!e)
            e = db_commit(d->db);
        else
            db_rollback(d->db);
    }
    if (!e && j)
        e = worker_submit(&d->planner, &j->job);
    if (e) {
        log_error("plan.start", "error=%s", err_name(e));
        desk_plan_job_free(j);
        return;
    }
    d->plan = j;
    d->plan_live = (struct plan_live){ .run = j ? j->run.id : 0, .begun_us = d->now.mono_us };
}

static enum err write_result(struct desk *d, const struct desk_plan_job *j)
{
    enum err e = db_begin(d->db);

    if (e)
        return e;
    if (j->err)
        e = plan_run_close(d->db, j->run.id, PLAN_STATE_FAILED, PLAN_CAUSE_RECORDS, d->now.unix_ms);
    else
        e = plan_run_finish(d->db, j->run.id, &j->outcome, j->cause, d->now.unix_ms);
    if (!e)
        e = audit_add(d->db, d->now.unix_ms, j->run.asked_by, "plan.end", "plan_run", j->run.id, "",
                      j->err ? "failed" : plan_cause_name(j->cause));
    if (e) {
        db_rollback(d->db);
        return e;
    }
    return db_commit(d->db);
}

void desk_plan_write(struct desk *d)
{
    struct desk_plan_job *j = d->plan_over;
    enum err e = write_result(d, j);
    enum db_fault fault = db_last_fault(d->db);

    /* Rows that it was made of have changed meanwhile (a child left): the proposal is void. */
    if (e && !j->err && (fault == DB_FAULT_NONE || fault == DB_FAULT_CONSTRAINT)) {
        j->err = e;
        e = write_result(d, j);
    }
    if (e) {
        if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
            log_error("plan.write", "error=%s fault=%d", err_name(e), (int)fault);
        return; /* at the next look at time again */
    }
    log_info("plan.end", "run=%lld error=%s placed=%lld wanted=%lld", (long long)j->run.id,
             err_name(j->err), (long long)j->outcome.figures.placed,
             (long long)j->outcome.figures.wanted);
    d->plan_over = NULL;
    d->plan_live = (struct plan_live){ 0 };
    desk_plan_job_free(j);
    desk_plan_next(d);
}

void desk_plan_word(struct desk *d, struct desk_request *r)
{
    if (r->u.plan.job) {
        d->plan_over = r->u.plan.job;
        d->plan = NULL;
        r->u.plan.job = NULL;
        desk_plan_write(d);
    } else {
        d->plan_live.figures = (struct plan_figures){ .wanted = r->u.plan.wanted,
                                                      .placed = r->u.plan.placed,
                                                      .bound = r->u.plan.bound,
                                                      .steps = r->u.plan.steps };
    }
    desk_request_free(r);
}

static void order_stop(struct desk_plan_job *j)
{
    if (j->told_to_stop)
        return;
    j->told_to_stop = true;
    if (mailbox_post(&j->orders, &j->stop) != ERR_OK)
        log_error("plan.stop", "run=%lld", (long long)j->run.id);
}

void desk_plan_close(struct desk *d)
{
    if (d->plan)
        order_stop(d->plan);
    worker_close(&d->planner); /* its mail finds the box closed, and is freed */
    desk_plan_job_free(d->plan_over);
}

/* ---- for the endpoints ------------------------------------------------------------------ */

void desk_plan_ask(struct desk *d)
{
    d->plan_due = true;
}

bool desk_plan_stop(struct desk *d, int64_t run)
{
    if (!d->plan || d->plan->run.id != run)
        return false;
    order_stop(d->plan);
    return true;
}

bool desk_plan_told(const struct desk *d, int64_t run, struct plan_figures *figures, int64_t *ms)
{
    if (d->plan_live.run != run)
        return false;
    *figures = d->plan_live.figures;
    *ms = (d->now.mono_us - d->plan_live.begun_us) / US_PER_MS;
    return true;
}
