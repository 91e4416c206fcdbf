/* SPDX-License-Identifier: Apache-2.0
 *
 * HTTP on the desk: who asks, the savepoint around the endpoint, what is kept
 * of its writes, and work for the workers. Desk thread; work and give_back on
 * a worker.
 */
#include <string.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"

/* ---- replies ---------------------------------------------------------------------------- */

void api_reply(struct desk_reply *reply, int status, const char *content_type, const char *body,
               size_t body_len)
{
    char *copy = NULL;

    mem_free(reply->u.http.body);
    if (reply->u.http.from_file)
        (void)close(reply->u.http.fd);
    reply->u.http.from_file = false;
    reply->u.http.body = NULL;
    reply->u.http.body_len = 0;
    if (body_len > 0) {
        copy = mem_strndup(body, body_len);
        if (!copy)
            status = 503;
    }
    reply->u.http.status = status;
    reply->u.http.body = copy;
    reply->u.http.body_len = copy ? body_len : 0;
    if (!str_copy(reply->u.http.content_type, sizeof reply->u.http.content_type,
                  copy ? content_type : ""))
        reply->u.http.status = 503;
}

void api_reply_file(struct desk_reply *reply, int status, const char *content_type, int fd,
                    size_t len)
{
    api_reply(reply, status, "", NULL, 0);
    reply->u.http.from_file = true;
    reply->u.http.fd = fd;
    reply->u.http.body_len = len;
    if (!str_copy(reply->u.http.content_type, sizeof reply->u.http.content_type, content_type))
        reply->u.http.status = 503;
}

void api_header(struct desk_reply *reply, const char *name, const char *value)
{
    struct strbuf b;
    char *lines = NULL;

    strbuf_init(&b);
    if (reply->u.http.headers)
        strbuf_puts(&b, reply->u.http.headers);
    strbuf_printf(&b, "%s: %s\r\n", name, value);
    /* Only our own words come here; a line break in one would be a second header. */
    if (strpbrk(name, "\r\n:") || strpbrk(value, "\r\n") || strbuf_take(&b, &lines) != ERR_OK) {
        strbuf_deinit(&b);
        api_reply(reply, 503, "", NULL, 0);
        return;
    }
    mem_free(reply->u.http.headers);
    reply->u.http.headers = lines;
}

void api_keep_writes(struct api_ctx *ctx)
{
    ctx->run->keep_writes = true;
}

/* ---- workers ---------------------------------------------------------------------------- */

/* Worker thread. */
static void work(struct worker_job *job)
{
    struct desk_job *j = (struct desk_job *)job;

    j->work(j->arg);
}

/* Worker thread, instead of a post of the job itself: the request goes back to the desk. */
static void give_back(struct worker_job *job)
{
    struct desk_job *j = (struct desk_job *)job;
    struct desk_request *r = j->request;

    j->request = NULL;
    r->job = j;
    r->kind = DESK_RESUME;
    if (desk_post(j->desk, r) != ERR_OK)
        desk_request_free(r);
}

static size_t busy_for(const struct desk *d, const char *client_hash)
{
    size_t n = 0;

    for (size_t i = 0; i < d->busy_n; i++)
        n += strcmp(d->busy_for[i].hash, client_hash) == 0;
    return n;
}

bool desk_client_busy(struct desk *d, const struct desk_request *r)
{
    const char *client = r->u.http.client_hash;
    bool alone = busy_for(d, client) == 0;

    if (d->busy_n < sizeof d->busy_for / sizeof d->busy_for[0])
        memcpy(d->busy_for[d->busy_n++].hash, client, sizeof r->u.http.client_hash);
    return alone;
}

void desk_client_done(struct desk *d, const struct desk_request *r)
{
    for (size_t i = 0; i < d->busy_n; i++) {
        if (strcmp(d->busy_for[i].hash, r->u.http.client_hash) == 0) {
            d->busy_for[i] = d->busy_for[--d->busy_n];
            return;
        }
    }
}

/* Jobs of this address, in this batch and before. */
static size_t jobs_for(const struct desk *d, const char *client_hash)
{
    size_t n = busy_for(d, client_hash);

    for (size_t i = 0; i < d->jobs_deferred; i++)
        n += strcmp(d->deferred_for[i], client_hash) == 0;
    return n;
}

enum err api_defer(struct api_ctx *ctx, void (*do_work)(void *arg), api_resume *resume, void *arg,
                   void (*free_arg)(void *arg))
{
    const char *client = ctx->request->u.http.client_hash;
    struct desk_job *j = NULL;
    enum err e = ERR_OK;

    /* The desk alone submits, so what fits now fits after the commit. */
    if (ctx->run->job || ctx->desk->jobs_deferred == DESK_BATCH_MAX ||
        worker_waiting(&ctx->desk->workers) + ctx->desk->jobs_deferred >= DESK_JOBS_MAX ||
        jobs_for(ctx->desk, client) >= DESK_JOBS_PER_CLIENT)
        e = ERR_AGAIN;
    else if (!(j = mem_zalloc(1, sizeof *j)))
        e = ERR_NOMEM;
    if (e) {
        free_arg(arg);
        return e;
    }
    *j = (struct desk_job){ .job = { .run = work, .done = &ctx->desk->nowhere, .drop = give_back },
                            .desk = ctx->desk,
                            .work = do_work,
                            .resume = resume,
                            .arg = arg,
                            .free_arg = free_arg };
    ctx->run->job = j;
    ctx->desk->deferred_for[ctx->desk->jobs_deferred++] = client;
    return ERR_OK;
}

/* ---- one request ------------------------------------------------------------------------ */

/* Who the cookie is. Nobody is no error; what cannot be read is (fail closed). */
static enum err find_session(struct desk *d, const char *cookie, struct api_session *out)
{
    struct api_session s = { 0 };
    enum err e = account_by_cookie(d->db, cookie, d->now.unix_ms, &s.login);

    if (!e)
        e = user_load(d->db, s.login.user, &s.user);
    if (!e)
        e = grant_list(d->db, s.login.user, d->now.unix_ms, &s.grants);
    if (e && e != ERR_NOTFOUND)
        return e;
    if (!e && s.user.status == USER_ACTIVE)
        s.valid = true;
    else
        s = (struct api_session){ 0 };
    *out = s;
    return ERR_OK;
}

static bool asks_only(const struct desk_http *http)
{
    return strcmp(http->method, "GET") == 0 || strcmp(http->method, "HEAD") == 0;
}

/* Keeps or drops what the endpoint wrote. A GET keeps nothing but what its endpoint says by name:
 * the register of who read what. */
static enum err close_savepoint(struct desk *d, const struct desk_run *run,
                                const struct api_ctx *ctx, enum api_answer answer)
{
    bool keep = run->keep_writes || answer == API_LATER || run->reply->u.http.status < 400;

    if (answer == API_FAILED || (ctx->read_only_asked && !run->keep_writes) || !keep) {
        db_undo(d->db);
        /* What a refused request has told nobody. The check by time finds what is true. */
        return db_in_transaction(d->db) ? ERR_OK : ERR_DB;
    }
    return db_release(d->db);
}

static void drop_pushes(struct desk_run *run)
{
    while (run->pushes) {
        struct mail *m = run->pushes;

        run->pushes = m->next;
        desk_reply_free((struct desk_reply *)m);
    }
}

enum err desk_do_http(struct desk *d, struct desk_run *run)
{
    const struct desk_http *http = &run->request->u.http;
    struct api_ctx ctx = { .db = d->db,
                           .now = d->now,
                           .desk = d,
                           .request = run->request,
                           .read_only_asked = asks_only(http),
                           .run = run };
    struct desk_job *done = run->request->kind == DESK_RESUME ? run->request->job : NULL;
    enum api_answer answer;
    enum err e = find_session(d, http->cookie ? http->cookie : "", &ctx.session);

    if (!e && ctx.session.valid && !d->ailing)
        e = login_touch(d->db, &ctx.session.login, d->now.unix_ms);
    if (!e)
        e = db_savepoint(d->db);
    if (e)
        return e;
    answer = done ? done->resume(&ctx, done->arg, run->reply)
                  : (enum api_answer)d->handle(&ctx, http, run->reply);
    e = close_savepoint(d, run, &ctx, answer);
    if (!e && answer == API_FAILED) {
        enum db_fault fault = db_last_fault(d->db);

        /* A fault of the database is the batch's; anything else is this request's. */
        e = fault == DB_FAULT_NONE || fault == DB_FAULT_CONSTRAINT ? ERR_STATE : ERR_DB;
    }
    if (!e && answer == API_DONE && run->reply->u.http.status >= 400 && !run->keep_writes)
        drop_pushes(run);
    if (!e && answer != API_LATER && run->job) {
        run->job->request = NULL; /* asked for and not waited for */
        desk_job_free(run->job);
        run->job = NULL;
    }
    return e;
}

void desk_fail(struct desk_run *run)
{
    if (!run->reply)
        return;
    switch (run->reply->kind) {
    case DESK_REPLY_HTTP:
        api_reply(run->reply, 503, "", NULL, 0);
        api_header(run->reply, "Retry-After", "5");
        break;
    case DESK_REPLY_CONNECT:
        run->reply->u.connect.ok = false;
        break;
    case DESK_REPLY_ADMIT:
        run->reply->u.admit.verdict = ADMIT_UNAVAILABLE;
        break;
    default:
        break;
    }
}
