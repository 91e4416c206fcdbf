/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk's thread: takes what has queued, runs it in one transaction with a
 * savepoint per request, commits, and only then answers. A batch that the
 * database could not take (disk full, locked, I/O) is run again one by one, so
 * that one request's fate is not another's; what still fails is answered as
 * unavailable, and facts are kept in memory.
 */
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/store/login.h"
#include "server/store/migrate.h"
#include "server/store/paper.h"
#include "server/store/session.h"
#include "server/sys/clock.h"
#include "server/sys/random.h"

#define BUSY_MS 2000
#define BUSY_AGAIN_MS 50 /* when a batch has already waited */

struct desk_thread {
    struct desk d; /* first member */
    pthread_t thread;
    bool started;
};

/* ---- requests and replies --------------------------------------------------------------- */

struct desk_request *desk_request_new(enum desk_request_kind kind, uint64_t tag)
{
    struct desk_request *r = mem_zalloc(1, sizeof *r);

    if (r) {
        r->kind = kind;
        r->tag = tag;
    }
    return r;
}

void desk_request_free(struct desk_request *r)
{
    if (!r)
        return;
    switch (r->kind) {
    case DESK_HTTP:
    case DESK_RESUME:
        mem_free(r->u.http.path);
        mem_free(r->u.http.query);
        mem_free(r->u.http.cookie);
        mem_free(r->u.http.if_match);
        mem_free(r->u.http.idempotency_key);
        mem_free(r->u.http.accept_language);
        mem_free(r->u.http.user_agent);
        mem_free(r->u.http.body);
        if (r->job)
            desk_job_free(r->job);
        break;
    case DESK_FACT:
        mem_free(r->u.fact.text);
        break;
    case DESK_BOARD:
        mem_free(r->u.board.seats);
        break;
    case DESK_PLAN:
        desk_plan_job_free(r->u.plan.job);
        break;
    case DESK_ARCHIVE:
        desk_archive_job_free(r->u.archive.job);
        break;
    case DESK_POSTED:
    case DESK_HOOKED:
    case DESK_CONNECT:
    case DESK_ADMIT:
        break;
    }
    mem_free(r);
}

void desk_reply_free(struct desk_reply *r)
{
    if (!r)
        return;
    if (r->kind == DESK_REPLY_HTTP) {
        mem_free(r->u.http.headers);
        mem_free(r->u.http.body);
        if (r->u.http.from_file)
            (void)close(r->u.http.fd);
    }
    mem_free(r);
}

void desk_job_free(struct desk_job *j)
{
    struct desk_request *r = j->request;

    if (j->arg)
        j->free_arg(j->arg);
    mem_free(j);
    if (r) {
        r->job = NULL;
        desk_request_free(r);
    }
}

/* ---- one batch -------------------------------------------------------------------------- */

static void free_mails(struct mail **list)
{
    for (struct mail *m = *list, *next; m; m = next) {
        next = m->next;
        desk_reply_free((struct desk_reply *)m);
    }
    *list = NULL;
}

void desk_run_reset(struct desk_run *run)
{
    desk_reply_free(run->reply);
    run->reply = NULL;
    free_mails(&run->pushes);
    if (run->job) {
        run->job->request = NULL; /* still the run's */
        desk_job_free(run->job);
        run->job = NULL;
    }
    run->keep_writes = false;
}

/* An answer of the kind the request wants, or ok without one if it wants none. */
static enum err make_reply(struct desk_run *run)
{
    static const enum desk_reply_kind kinds[] = {
        [DESK_HTTP] = DESK_REPLY_HTTP,   [DESK_CONNECT] = DESK_REPLY_CONNECT,
        [DESK_ADMIT] = DESK_REPLY_ADMIT, [DESK_FACT] = DESK_REPLY_HTTP,
        [DESK_BOARD] = DESK_REPLY_HTTP,  [DESK_RESUME] = DESK_REPLY_HTTP,
        [DESK_PLAN] = DESK_REPLY_HTTP
    };
    enum desk_request_kind k = run->request->kind;

    if (k == DESK_FACT || k == DESK_BOARD)
        return ERR_OK;
    run->reply = mem_zalloc(1, sizeof *run->reply);
    if (!run->reply)
        return ERR_NOMEM;
    run->reply->kind = kinds[k];
    run->reply->tag = run->request->tag;
    return ERR_OK;
}

/* Does it; an error has left no trace in the database. */
static enum err do_run(struct desk *d, struct desk_run *run)
{
    enum err e = make_reply(run);

    if (e)
        return e;
    if (run->request->kind == DESK_HTTP || run->request->kind == DESK_RESUME)
        return desk_do_http(d, run);
    e = db_savepoint(d->db);
    if (e)
        return e;
    switch (run->request->kind) {
    case DESK_CONNECT:
        e = desk_do_connect(d, run);
        break;
    case DESK_ADMIT:
        e = desk_do_admit(d, run);
        break;
    case DESK_FACT:
        e = desk_do_fact(d, &run->request->u.fact);
        break;
    default:
        break;
    }
    if (!e)
        e = db_release(d->db);
    else
        db_undo(d->db);
    return e;
}

/* Is the error about this request alone, the database being well? */
static bool own_fault(enum err e)
{
    return e == ERR_STATE || e == ERR_NOTFOUND || e == ERR_INVAL || e == ERR_DENIED ||
           e == ERR_PARSE || e == ERR_PROTO;
}

/* All runs in one transaction. An error: nothing was written, nothing may be answered. */
static enum err attempt(struct desk *d, struct desk_run *runs, size_t n)
{
    enum err e = db_begin(d->db);

    d->jobs_deferred = 0;
    for (size_t i = 0; !e && i < n; i++) {
        enum err one = do_run(d, &runs[i]);

        if (one && (!own_fault(one) || !db_in_transaction(d->db))) {
            e = one;
        } else if (one) {
            desk_run_reset(&runs[i]);
            if (make_reply(&runs[i]) == ERR_OK)
                desk_fail(&runs[i]);
            if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
                log_warn("desk.refused", "kind=%d error=%s rule=%s", (int)runs[i].request->kind,
                         err_name(one), db_refusal(d->db));
        }
    }
    if (e) {
        db_rollback(d->db);
        return e;
    }
    return db_commit(d->db);
}

static void post(struct desk *d, struct desk_reply *r)
{
    if (mailbox_post(d->to_net, &r->mail) != ERR_OK)
        desk_reply_free(r); /* the net loop has gone */
}

static void submit(struct desk *d, struct desk_run *run)
{
    struct desk_job *j = run->job;
    enum err e;

    run->job = NULL;
    if (run->request->job) { /* what an earlier worker did for it */
        desk_job_free(run->request->job);
        run->request->job = NULL;
        run->request->kind = DESK_HTTP;
    }
    j->request = run->request;
    run->request = NULL;
    /* Counted before a worker has it: after that the request is not the desk's. */
    if (desk_client_busy(d, j->request))
        e = worker_submit_first(&d->workers, &j->job);
    else
        e = worker_submit(&d->workers, &j->job);
    if (!e) {
        desk_reply_free(run->reply); /* the answer comes later */
        run->reply = NULL;
        return;
    }
    run->request = j->request; /* going down */
    j->request = NULL;
    desk_client_done(d, run->request);
    desk_job_free(j);
    desk_fail(run);
}

/* After the commit: answers, pushes, jobs. */
static void settle(struct desk *d, struct desk_run *run)
{
    struct mail *in_order = NULL;

    if (run->job)
        submit(d, run);
    if (run->reply)
        post(d, run->reply);
    run->reply = NULL;
    while (run->pushes) {
        struct mail *m = run->pushes;

        run->pushes = m->next;
        m->next = in_order;
        in_order = m;
    }
    while (in_order) {
        struct mail *m = in_order;

        in_order = m->next;
        m->next = NULL;
        post(d, (struct desk_reply *)m);
    }
    desk_request_free(run->request);
    run->request = NULL;
}

/* The database could not take it. */
static void give_up(struct desk *d, struct desk_run *run, enum err e)
{
    desk_run_reset(run);
    if (run->request->kind == DESK_FACT) {
        desk_keep(d, run->request);
        run->request = NULL;
    } else if (make_reply(run) == ERR_OK) {
        desk_fail(run);
    }
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.unavailable", "error=%s fault=%d kept=%zu", err_name(e),
                  (int)db_last_fault(d->db), d->kept.n);
}

static void run_batch(struct desk *d, struct desk_run *runs, size_t n)
{
    enum err e = attempt(d, runs, n);

    d->ailing = e != ERR_OK;
    for (size_t i = 0; i < n; i++) {
        if (e) {
            enum err alone = e;

            desk_run_reset(&runs[i]);
            /* Facts stay in order, behind what is kept already. */
            if (n > 1 && !(runs[i].request->kind == DESK_FACT && d->kept.n > 0)) {
                db_busy_timeout(d->db, BUSY_AGAIN_MS);
                alone = attempt(d, &runs[i], 1);
                db_busy_timeout(d->db, BUSY_MS);
            }
            if (alone)
                give_up(d, &runs[i], alone);
        }
        settle(d, &runs[i]);
    }
}

/* ---- the thread ------------------------------------------------------------------------- */

static void in_hand(struct desk *d, size_t n)
{
    pthread_mutex_lock(&d->in.lock);
    d->in_hand = n;
    d->in_hand_since_us = d->now.mono_us;
    d->kept_n = d->kept.n + d->kept.seats_n;
    d->lost_n = d->kept.lost;
    pthread_mutex_unlock(&d->in.lock);
}

/* True if the request needs no transaction and is done. */
static bool take_aside(struct desk *d, struct desk_request *r)
{
    if (r->kind == DESK_BOARD) {
        mem_free(d->board);
        d->board = r->u.board.seats;
        d->board_n = r->u.board.n;
        d->board_ms = r->u.board.at_ms;
        r->u.board.seats = NULL;
        desk_request_free(r);
        return true;
    }
    if (r->kind == DESK_PLAN) {
        desk_plan_word(d, r);
        return true;
    }
    if (r->kind == DESK_ARCHIVE) {
        desk_archive_word(d, r);
        return true;
    }
    if (r->kind == DESK_POSTED) {
        desk_post_take(d, r);
        return true;
    }
    if (r->kind == DESK_HOOKED) {
        desk_hook_take(d, r);
        return true;
    }
    /* Facts stay in order: behind what is kept already. */
    if (r->kind == DESK_FACT && d->kept.n > 0) {
        desk_keep(d, r);
        return true;
    }
    return false;
}

static void take_mail(struct desk *d, struct mail *mail)
{
    while (mail) {
        struct desk_run runs[DESK_BATCH_MAX] = { 0 };
        size_t n = 0;

        while (mail && n < DESK_BATCH_MAX) {
            struct desk_request *r = (struct desk_request *)mail;

            mail = mail->next;
            r->mail.next = NULL;
            if (r->kind == DESK_RESUME)
                desk_client_done(d, r);
            if (!take_aside(d, r))
                runs[n++].request = r;
        }
        in_hand(d, n);
        if (n > 0)
            run_batch(d, runs, n);
        if (d->plan_due)
            desk_plan_next(d);
        if (d->archive_due)
            desk_archive_next(d);
        d->now = d->clock();
    }
    in_hand(d, 0);
}

static void take_time(struct desk *d)
{
    struct desk_run run = { 0 };
    enum err e;

    if (!desk_time_due(d))
        return;
    d->next_tick_us = d->now.mono_us + DESK_TICK_US; /* also if the database fails: no spinning */
    if (d->kept.n + d->kept.seats_n > 0)
        d->ailing = !desk_write_kept(d);
    if (d->plan_over)
        desk_plan_write(d);
    if (d->archive_over)
        desk_archive_write(d);
    e = db_begin(d->db);
    if (!e)
        e = desk_do_time(d, &run);
    if (!e)
        e = db_commit(d->db);
    else
        db_rollback(d->db);
    desk_post_after(d, e == ERR_OK);
    desk_hook_after(d, e == ERR_OK);
    if (e) {
        desk_run_reset(&run);
        if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
            log_error("desk.time", "error=%s fault=%d", err_name(e), (int)db_last_fault(d->db));
    }
    settle(d, &run);
}

/* Until time is to be looked at; mail does not push that back. */
static int64_t wait_us(const struct desk *d)
{
    int64_t left = d->next_tick_us - d->clock().mono_us;

    return left < 0 ? 0 : left < DESK_TICK_US ? left : DESK_TICK_US;
}

static void *work(void *arg)
{
    struct desk *d = arg;
    bool closed = false;

    while (!closed) {
        struct mail *mail = mailbox_wait(&d->in, wait_us(d));

        d->now = d->clock();
        if (!mail) {
            pthread_mutex_lock(&d->in.lock);
            closed = d->in.closed && !d->in.first;
            pthread_mutex_unlock(&d->in.lock);
        }
        take_mail(d, mail);
        if (!closed)
            take_time(d);
    }
    return NULL;
}

/* ---- opening and closing ---------------------------------------------------------------- */

static enum err start_records(struct desk *d)
{
    struct recovery r = { 0 };
    int64_t plans = 0, archives = 0;
    enum err e = db_begin(d->db);

    if (e)
        return e;
    e = run_begin(d->db, d->boot, d->now.unix_ms, &r);
    if (!e)
        e = plan_runs_lost(d->db, d->now.unix_ms, &plans);
    if (!e)
        e = archives_lost(d->db, d->now.unix_ms, &archives);
    if (e) {
        db_rollback(d->db);
        return e;
    }
    e = db_commit(d->db);
    if (!e)
        log_info("desk.open", "recovered=%d outage=%d plans=%lld", r.sessions, (int)r.outage,
                 (long long)plans);
    return e;
}

/* As with the pepper: a new key would leave what was sealed under the lost one shut for ever. */
static enum err open_ring(struct desk *d, const struct desk_config *c)
{
    char beside[4096];
    const char *path = c->ring_path;
    bool kept = false;
    enum err e = medical_kept(d->db, &kept);

    if (!e && !path) {
        e = str_format(beside, sizeof beside, "%s.ring", c->db_path) ? ERR_OK : ERR_INVAL;
        path = beside;
    }
    return e ? e : seal_ring_load(path, !kept, &d->ring);
}

static enum err open_records(struct desk *d, const struct desk_config *c)
{
    bool secrets = false;
    enum err e =
        str_format(d->files, sizeof d->files, "%s" DESK_FILES, c->db_path) ? ERR_OK : ERR_IO;

    if (!e && !str_copy(d->path, sizeof d->path, c->db_path))
        e = ERR_IO;
    if (!e)
        e = db_open(&d->db, c->db_path, DB_WRITER);

    if (!e)
        e = db_quick_check(d->db);
    if (!e)
        e = migrate(d->db, d->now.unix_ms);
    if (!e)
        e = login_secrets_kept(d->db, &secrets);
    /* A new key would silently lock out everybody whose secret was kept under the lost one. */
    if (!e)
        e = account_key_load(c->key_path, !secrets, &d->key);
    if (!e)
        e = open_ring(d, c);
    if (!e)
        e = random_token(16, d->boot, sizeof d->boot);
    if (!e)
        e = desk_post_open(d, c);
    if (!e)
        e = desk_hook_open(d, c);
    if (!e)
        e = start_records(d);
    return e;
}

static enum err open_mail(struct desk *d, const struct desk_config *c)
{
    enum err e = mailbox_init(&d->in, NULL, NULL);

    if (e)
        return e;
    e = mailbox_init(&d->nowhere, NULL, NULL);
    if (e) {
        mailbox_deinit(&d->in);
        return e;
    }
    mailbox_close(&d->nowhere);
    e = worker_open(&d->workers, c->workers > 0 ? (size_t)c->workers : 2, DESK_JOBS_MAX);
    if (!e) {
        e = worker_open(&d->planner, 1, 1);
        if (e)
            worker_close(&d->workers);
    }
    if (!e) {
        e = worker_open(&d->archivist, 1, 1);
        if (e) {
            worker_close(&d->planner);
            worker_close(&d->workers);
        }
    }
    if (!e) {
        e = worker_open(&d->couriers, 1, 1);
        if (e) {
            worker_close(&d->archivist);
            worker_close(&d->planner);
            worker_close(&d->workers);
        }
    }
    if (!e) {
        e = worker_open(&d->hook.couriers, 1, 1);
        if (e) {
            worker_close(&d->couriers);
            worker_close(&d->archivist);
            worker_close(&d->planner);
            worker_close(&d->workers);
        }
    }
    if (e) {
        mailbox_deinit(&d->nowhere);
        mailbox_deinit(&d->in);
    }
    return e;
}

static enum err start_thread(struct desk_thread *t)
{
    sigset_t all, before;
    int rc;

    /* Signals belong to the main thread. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    rc = pthread_create(&t->thread, NULL, work, &t->d);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc == 0 ? ERR_OK : ERR_NOMEM;
}

static int handle_api(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply)
{
    return (int)api_handle(ctx, http, reply);
}

enum err desk_open(struct desk **out, const struct desk_config *config)
{
    struct desk_thread *t = mem_zalloc(1, sizeof *t);
    struct desk *d = &t->d;
    enum err e;

    if (!t)
        return ERR_NOMEM;
    d->to_net = config->to_net;
    d->clock = config->clock ? config->clock : clock_now;
    d->handle = config->handle ? config->handle : handle_api;
    d->every_minute = config->every_minute;
    d->now = d->clock();
    d->kept.last = &d->kept.first;
    e = open_records(d, config);
    if (e) {
        db_close(d->db);
        mem_free(t);
        return e;
    }
    e = open_mail(d, config);
    if (!e) {
        e = start_thread(t);
        if (e) {
            worker_close(&d->planner);
            worker_close(&d->archivist);
            worker_close(&d->couriers);
            worker_close(&d->hook.couriers);
            worker_close(&d->workers);
            mailbox_deinit(&d->nowhere);
            mailbox_deinit(&d->in);
        }
    }
    if (e) {
        db_close(d->db);
        mem_free(t);
        return e;
    }
    *out = d;
    return ERR_OK;
}

enum err desk_post(struct desk *d, struct desk_request *r)
{
    r->posted_us = d->clock().mono_us;
    return mailbox_post(&d->in, &r->mail);
}

static void stop_records(struct desk *d)
{
    d->now = d->clock();
    if (d->kept.n + d->kept.seats_n > 0 && !desk_write_kept(d))
        log_error("desk.close", "facts_lost=%zu", d->kept.n + d->kept.seats_n);
    desk_post_close(d);
    desk_hook_close(d);
    if (run_stop(d->db, d->boot, d->now.unix_ms) != ERR_OK)
        log_error("desk.close", "stop=unwritten");
}

void desk_close(struct desk *d)
{
    struct desk_thread *t = (struct desk_thread *)d;

    if (!d)
        return;
    worker_stop(&d->couriers); /* what is under way is told of before the mailbox closes */
    worker_stop(&d->hook.couriers);
    mailbox_close(&d->in);
    pthread_join(t->thread, NULL);
    worker_close(&d->couriers);
    worker_close(&d->hook.couriers);
    /* What a worker finishes now finds the mailbox closed and is freed: its asker is going too. */
    worker_close(&d->workers);
    desk_plan_close(d);
    desk_archive_close(d);
    stop_records(d);
    desk_kept_deinit(d);
    mem_free(d->board);
    db_close(d->db);
    seal_ring_wipe(&d->ring);
    mailbox_deinit(&d->nowhere);
    mailbox_deinit(&d->in);
    mem_free(t);
}

void desk_load(struct desk *d, size_t *queued, int64_t *oldest_us)
{
    int64_t now = d->clock().mono_us, since = now;

    pthread_mutex_lock(&d->in.lock);
    *queued = d->in.n + d->in_hand;
    if (d->in_hand > 0)
        since = d->in_hand_since_us;
    else if (d->in.first)
        since = ((const struct desk_request *)d->in.first)->posted_us;
    pthread_mutex_unlock(&d->in.lock);
    *oldest_us = now > since ? now - since : 0;
}

void desk_kept(struct desk *d, size_t *kept, size_t *lost)
{
    pthread_mutex_lock(&d->in.lock);
    *kept = d->kept_n;
    *lost = d->lost_n;
    pthread_mutex_unlock(&d->in.lock);
}

const struct desk_board_seat *desk_board(const struct desk *d, size_t *n, int64_t *at_ms)
{
    *n = d->board_n;
    *at_ms = d->board_ms;
    return d->board;
}

const char *desk_database(const struct desk *d)
{
    return d->path;
}

const char *desk_files(const struct desk *d)
{
    return d->files;
}

const struct seal_ring *desk_ring(const struct desk *d)
{
    return &d->ring;
}

const struct account_key *desk_key(const struct desk *d)
{
    return &d->key;
}
