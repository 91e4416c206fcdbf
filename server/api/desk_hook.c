/* SPDX-License-Identifier: Apache-2.0
 *
 * Messages to other programs on their way: the desk claims one, signs it, and
 * gives it to a courier of their own once the claim is committed; what came of
 * it is written in the next round. One is under way at a time, so a kill at
 * any moment loses nothing and repeats at most that one, under the same id.
 * Desk thread, but for courier_*.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/api/notify.h"
#include "server/api/webhook.h"
#include "server/sys/hook.h"
#include "server/sys/random.h"

#define HOPELESS_MAX 32 /* rows settled in one round without anything being sent */

/* One message with the courier. */
struct parcel {
    struct worker_job job; /* first member */
    struct desk *desk;
    struct desk_request *answer; /* owned: where the outcome is written */
    char url[WEBHOOK_URL_MAX + 1];
    char id[HOOK_ID_MAX + 1];
    char signatures[2 * HOOK_SIGNATURE_CHARS + 2];
    char body[WEBHOOK_BODY_MAX + 1];
    int64_t at_s;
};

static void parcel_free(struct parcel *p)
{
    if (!p)
        return;
    desk_request_free(p->answer);
    mem_free(p);
}

/* Courier's thread. */
static void courier_run(struct worker_job *job)
{
    static const enum notify_try said[] = {
        [HOOK_DONE] = NOTIFY_DONE, [HOOK_LATER] = NOTIFY_LATER, [HOOK_GONE] = NOTIFY_NEVER
    };
    struct parcel *p = (struct parcel *)job;
    const struct hook_call call = { .url = p->url,
                                    .ca_file = p->desk->hook.ca_file,
                                    .inside = p->desk->hook.inside,
                                    .id = p->id,
                                    .at_s = p->at_s,
                                    .signatures = p->signatures,
                                    .body = p->body };
    struct hook_outcome out;

    hook_post(&call, &out);
    p->answer->u.hooked.said = said[out.said];
    p->answer->u.hooked.why = hook_why_name(out.why);
    p->answer->u.hooked.code = out.code;
    p->answer->u.hooked.took_ms = out.took_ms;
}

/* Courier's thread: the outcome goes to the desk. */
static void courier_back(struct worker_job *job)
{
    struct parcel *p = (struct parcel *)job;

    if (desk_post(p->desk, p->answer) == ERR_OK)
        p->answer = NULL;
    parcel_free(p);
}

/* ---- a round ---------------------------------------------------------------------------- */

static enum err fill(struct desk *d, const struct webhook *w, const struct webhook_delivery *m,
                     struct parcel *p)
{
    p->desk = d;
    p->at_s = d->now.unix_ms / MS_PER_S;
    p->job = (struct worker_job){ .run = courier_run, .done = &d->nowhere, .drop = courier_back };
    p->answer = desk_request_new(DESK_HOOKED, 0);
    if (!p->answer)
        return ERR_NOMEM;
    p->answer->u.hooked.delivery = m->id;
    p->answer->u.hooked.webhook = w->id;
    p->answer->u.hooked.centre = w->centre;
    p->answer->u.hooked.tries = m->tries;
    memcpy(p->url, w->url, sizeof p->url);
    memcpy(p->body, m->body, sizeof p->body);
    webhook_message_id(m->id, p->id);
    return webhook_signatures(d->db, &d->ring, w->id, d->now.unix_ms, p->id, p->at_s, p->body,
                              p->signatures);
}

/* One that nobody can send must not stand in the way of the others. */
static enum err give_up(struct desk *d, const struct webhook_delivery *m)
{
    const struct webhook_settled s = { .end = NOTIFY_FAILED,
                                       .why = hook_why_name(HOOK_WHY_UNREADABLE) };

    log_warn("hook.failed", "delivery=%lld why=%s", (long long)m->id, s.why);
    return webhook_settle(d->db, m->id, &s, d->now.unix_ms);
}

/* A claimed message on its way to the courier, or at its end. */
static enum err prepare(struct desk *d, const struct webhook_delivery *m)
{
    struct parcel *p = mem_zalloc(1, sizeof *p);
    struct webhook w;
    enum err e = p ? webhook_load(d->db, m->webhook, &w) : ERR_NOMEM;

    if (!e)
        e = fill(d, &w, m, p);
    if (!e) {
        d->hook.parcel = &p->job;
        return ERR_OK;
    }
    parcel_free(p);
    return e == ERR_NOMEM || e == ERR_IO ? e : give_up(d, m);
}

static enum err claim(struct desk *d)
{
    struct webhook_delivery m;
    enum err e = ERR_OK;

    for (int i = 0; !e && !d->hook.parcel && i < HOPELESS_MAX; i++) {
        e = webhook_claim(d->db, d->now.unix_ms, &m);
        if (!e)
            e = prepare(d, &m);
    }
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

/* The administrators of the centre, once for each time that it was switched off. */
static enum err tell_off(struct desk *d, const struct webhook *w, int64_t since_ms)
{
    char host[WEBHOOK_URL_MAX + 1], who[201], key[64];
    struct notify_args said = { .path = "/webhooks", .when_ms = since_ms, .who = who };
    struct user_list to = { 0 };
    enum err e = user_list(d->db, ROLE_ADMIN, w->centre, d->now.unix_ms, &to);

    webhook_host(w->url, host);
    if (!str_copy(who, sizeof who, host))
        who[0] = '\0'; /* longer than any real one */
    if (!e && !str_format(key, sizeof key, "%lld:%lld", (long long)w->id, (long long)since_ms))
        e = ERR_INVAL;
    for (size_t i = 0; !e && i < to.n; i++)
        e = notify(d->db, to.items[i].id, NOTIFY_WEBHOOK_OFF, key, &said, d->now.unix_ms);
    user_list_free(&to);
    return e;
}

/* What a try says of its receiver. */
static enum err heal(struct desk *d, const struct desk_request *r, const struct webhook_policy *p)
{
    struct webhook_health h;
    struct webhook w;
    bool off = false;
    enum err e = webhook_load(d->db, r->u.hooked.webhook, &w);

    if (e)
        return e == ERR_NOTFOUND ? ERR_OK : e; /* removed meanwhile */
    h = webhook_health_after(p, &w.health, r->u.hooked.said, d->now.unix_ms);
    e = webhook_health_set(d->db, w.id, &h, &off);
    if (e || !off)
        return e;
    log_warn("hook.off", "webhook=%lld fails=%d", (long long)w.id, h.fails);
    return tell_off(d, &w, h.failing_ms);
}

static enum err settle(struct desk *d, const struct desk_request *r)
{
    struct webhook_policy p;
    struct webhook_settled s = { .code = r->u.hooked.code,
                                 .took_ms = r->u.hooked.took_ms,
                                 .why = r->u.hooked.why };
    uint32_t chance = 0;
    enum err e = policy_webhook(d->db, r->u.hooked.centre, d->now.unix_ms, &p);

    if (!e)
        e = random_bytes(&chance, sizeof chance);
    if (e)
        return e;
    s.end =
        webhook_after(&p, r->u.hooked.tries, r->u.hooked.said, chance, d->now.unix_ms, &s.next_ms);
    if (s.end == NOTIFY_FAILED)
        log_warn("hook.failed", "delivery=%lld code=%d why=%s", (long long)r->u.hooked.delivery,
                 s.code, s.why);
    e = webhook_settle(d->db, r->u.hooked.delivery, &s, d->now.unix_ms);
    if (e == ERR_NOTFOUND)
        e = ERR_OK;
    return e ? e : heal(d, r, &p);
}

enum err desk_do_hooks(struct desk *d)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    if (d->hook.answer)
        e = settle(d, d->hook.answer);
    if (!e && (!d->hook.busy || d->hook.answer))
        e = claim(d);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    d->hook.undone = true;
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.hook", "error=%s", err_name(e));
    return ERR_OK;
}

void desk_hook_after(struct desk *d, bool committed)
{
    struct parcel *p = (struct parcel *)d->hook.parcel;

    d->hook.parcel = NULL;
    if (d->hook.undone || !committed) { /* as if nothing had been: the same again next time */
        d->hook.undone = false;
        parcel_free(p);
        return;
    }
    if (d->hook.answer) {
        desk_request_free(d->hook.answer);
        d->hook.answer = NULL;
        d->hook.busy = false;
    }
    if (!p)
        return;
    d->hook.busy = worker_submit(&d->hook.couriers, &p->job) == ERR_OK;
    if (!d->hook.busy)
        parcel_free(p); /* going down: it waits again at the next start */
}

void desk_hook_take(struct desk *d, struct desk_request *r)
{
    desk_request_free(d->hook.answer);
    d->hook.answer = r;
    d->next_tick_us = 0;
}

/* ---- opening and closing ---------------------------------------------------------------- */

enum err desk_hook_open(struct desk *d, const struct desk_config *c)
{
    d->hook.ca_file = c->hooks.ca_file ? c->hooks.ca_file : "";
    d->hook.inside = c->hooks.inside;
    return webhook_recover(d->db, d->now.unix_ms);
}

void desk_hook_close(struct desk *d)
{
    if (d->hook.answer && settle(d, d->hook.answer) != ERR_OK)
        log_error("desk.close", "hook=unwritten");
    desk_request_free(d->hook.answer);
    d->hook.answer = NULL;
}

bool desk_hooks_inside(const struct desk *d)
{
    return d->hook.inside;
}
