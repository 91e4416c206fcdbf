/* SPDX-License-Identifier: Apache-2.0
 *
 * From the queue to the other side: the desk claims one notification, writes
 * the letter, and gives it to the courier, a worker of its own, once the claim
 * is committed. What came of it is written in the next round. One is under way
 * at a time, so a kill at any moment loses nothing and repeats at most that
 * one, under the same Message-ID. Desk thread, but for courier_*.
 */
#include <openssl/crypto.h>
#include <string.h>
#include <unistd.h>

#include "common/base/json.h"
#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/api/notify.h"
#include "server/render/format.h"
#include "server/render/letter.h"
#include "server/store/notification.h"
#include "server/store/org.h"
#include "server/sys/post.h"
#include "server/sys/random.h"

#define HOPELESS_MAX 32 /* rows settled in one round without anything being sent */

/* One mail with the courier. */
struct parcel {
    struct worker_job job; /* first member */
    struct desk *desk;
    struct desk_request *answer; /* owned: where the outcome is written */
    struct post_smtp smtp;       /* borrowed from the desk, which outlives its couriers */
    char to[MAIL_ADDRESS_MAX + 1];
    char *message; /* owned */
    size_t len;
};

static void parcel_free(struct parcel *p)
{
    if (!p)
        return;
    if (p->message)
        OPENSSL_cleanse(p->message, p->len); /* a token may stand in it */
    mem_free(p->message);
    desk_request_free(p->answer);
    mem_free(p);
}

/* Courier's thread. */
static void courier_run(struct worker_job *job)
{
    struct parcel *p = (struct parcel *)job;
    struct post_outcome out;

    post_mail(&p->smtp, p->to, p->message, p->len, &out);
    p->answer->u.posted.said = out.said == POST_DONE    ? NOTIFY_DONE
                               : out.said == POST_NEVER ? NOTIFY_NEVER
                                                        : NOTIFY_LATER;
    p->answer->u.posted.code = out.code;
    memcpy(p->answer->u.posted.detail, out.detail, sizeof out.detail);
}

/* Courier's thread: the outcome goes to the desk. */
static void courier_back(struct worker_job *job)
{
    struct parcel *p = (struct parcel *)job;

    if (desk_post(p->desk, p->answer) == ERR_OK)
        p->answer = NULL;
    parcel_free(p);
}

/* ---- the letter ------------------------------------------------------------------------- */

/* Why a row cannot be sent at all; the words of openapi's OutboxWhy. */
static const char no_server[] = "no_server", no_address[] = "no_address", no_token[] = "no_token",
                  no_account[] = "no_account";

struct draft {
    const struct notification *n;
    struct org centre;
    const char *tz;
    char address[MAIL_ADDRESS_MAX + 1];
    struct user user;
    char link[512];
    char when[FORMAT_MAX];
};

/* *why is set if it cannot be sent. */
static enum err address_it(struct desk *d, struct draft *w, const char **why)
{
    enum err e = org_load(d->db, w->n->centre, &w->centre);

    w->tz = w->centre.tz;
    if (e || !w->n->user.v) {
        memcpy(w->address, w->n->address, sizeof w->address);
        return e;
    }
    e = user_load(d->db, w->n->user, &w->user);
    if (!e)
        e = mail_address_of(d->db, w->n->user, w->address);
    w->tz = w->user.tz;
    if (!e && w->user.status != USER_ACTIVE)
        *why = no_account;
    return e;
}

/* The page's address, with the token where there is one. */
static enum err link_it(struct desk *d, struct draft *w, const char *path, const char **why)
{
    bool secret = strcmp(w->n->kind, notify_name(NOTIFY_INVITATION)) == 0 ||
                  strcmp(w->n->kind, notify_name(NOTIFY_PASSWORD_RESET)) == 0;
    struct seal_place at = notify_place(w->n->id);
    uint8_t *sealed = NULL;
    char *token = NULL;
    size_t len = 0, token_len = 0;
    enum err e = notification_sealed(d->db, w->n->id, &sealed, &len);

    if (!e && secret && !sealed)
        *why = no_token;
    if (!e && sealed)
        e = seal_open(&d->ring, &at, sealed, len, &token, &token_len);
    if (!e && path[0] &&
        !str_format(w->link, sizeof w->link, "%s%s%s", d->origin, path, token ? token : ""))
        e = ERR_INVAL;
    seal_text_free(token, token_len);
    mem_free(sealed);
    return e;
}

static enum err write_letter(struct desk *d, struct draft *w, const struct letter *l,
                             struct strbuf *out)
{
    struct letter_head head = { .from_name = w->centre.name,
                                .from = d->mail.from,
                                .to = w->address,
                                .id = w->n->id,
                                .at_ms = d->now.unix_ms };
    struct strbuf subject, body;
    enum err e;

    strbuf_init(&subject);
    strbuf_init(&body);
    e = letter_write(l, &subject, &body);
    if (!e)
        e = letter_message(&head, subject.s, body.s, out);
    if (body.s)
        OPENSSL_cleanse(body.s, body.len);
    strbuf_deinit(&subject);
    strbuf_deinit(&body);
    return e;
}

static enum err write_it(struct desk *d, struct draft *w, const json_t *args, const char **why,
                         struct strbuf *out)
{
    struct json_view in = json_view_on(args);
    const char *path = json_get_str(&in, "path", 200);
    int64_t when = json_get_int(&in, "when", 0, INT64_MAX);
    struct letter l = { .locale = w->n->locale, .centre = w->centre.name };
    enum err e;

    l.what = json_get_str(&in, "what", 64);
    l.who = json_get_str(&in, "who", 200);
    e = json_view_end(&in);
    if (!e && !notify_parse(w->n->kind, &l.kind))
        e = ERR_DB;
    if (!e && when)
        e = format_date_time(w->when, w->tz, when);
    if (!e)
        e = link_it(d, w, path, why);
    l.link = w->link;
    l.when = w->when;
    return e || *why ? e : write_letter(d, w, &l, out);
}

static enum err compose(struct desk *d, const struct notification *n, struct parcel *p,
                        const char **why)
{
    struct draft *w = mem_zalloc(1, sizeof *w);
    json_t *args = NULL;
    struct strbuf out;
    enum err e = w ? json_parse_object(n->args, strlen(n->args), &args) : ERR_NOMEM;

    strbuf_init(&out);
    if (!e) {
        w->n = n;
        e = address_it(d, w, why);
    }
    if (!e && !*why && !w->address[0])
        *why = no_address;
    if (!e && !*why)
        e = write_it(d, w, args, why, &out);
    if (!e && !*why) {
        memcpy(p->to, w->address, sizeof p->to);
        p->len = out.len;
        e = strbuf_take(&out, &p->message);
    }
    strbuf_deinit(&out);
    json_decref(args);
    if (w)
        OPENSSL_cleanse(w, sizeof *w);
    mem_free(w);
    return e;
}

/* ---- a round ---------------------------------------------------------------------------- */

static enum err give_up(struct desk *d, const struct notification *n, const char *why)
{
    log_warn("post.failed", "notification=%lld kind=%s why=%s", (long long)n->id, n->kind, why);
    return notification_settle(d->db, n->id, NOTIFY_FAILED, 0, 0, why, d->now.unix_ms);
}

static struct parcel *parcel_new(struct desk *d, const struct notification *n)
{
    struct parcel *p = mem_zalloc(1, sizeof *p);

    if (!p)
        return NULL;
    p->job = (struct worker_job){ .run = courier_run, .done = &d->nowhere, .drop = courier_back };
    p->desk = d;
    p->smtp = d->mail;
    p->answer = desk_request_new(DESK_POSTED, 0);
    if (!p->answer) {
        mem_free(p);
        return NULL;
    }
    p->answer->u.posted.notification = n->id;
    p->answer->u.posted.centre = n->centre;
    p->answer->u.posted.tries = n->tries;
    return p;
}

/* One claimed row on its way to the courier, or at its end. */
static enum err prepare(struct desk *d, const struct notification *n)
{
    struct parcel *p;
    const char *why = d->mail.url[0] ? NULL : no_server;
    enum err e;

    if (why)
        return give_up(d, n, why);
    p = parcel_new(d, n);
    if (!p)
        return ERR_NOMEM;
    e = compose(d, n, p, &why);
    if (!e && !why) {
        d->parcel = &p->job;
        return ERR_OK;
    }
    parcel_free(p);
    /* A row that nobody can read must not stand in the way of the others. */
    if (e == ERR_NOMEM || e == ERR_IO)
        return e;
    return give_up(d, n, why ? why : "unreadable");
}

static enum err claim(struct desk *d)
{
    struct notification *n = mem_zalloc(1, sizeof *n);
    enum err e = n ? ERR_OK : ERR_NOMEM;

    for (int i = 0; !e && !d->parcel && i < HOPELESS_MAX; i++) {
        e = notification_claim(d->db, d->now.unix_ms, n);
        if (!e)
            e = prepare(d, n);
    }
    mem_free(n);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

static enum err settle(struct desk *d, const struct desk_request *r)
{
    struct notify_policy p;
    uint32_t chance = 0;
    int64_t next = 0;
    enum notify_end end;
    enum err e = policy_notify(d->db, r->u.posted.centre, d->now.unix_ms, &p);

    if (!e)
        e = random_bytes(&chance, sizeof chance);
    if (e)
        return e;
    end = notify_after(&p, r->u.posted.tries, r->u.posted.said, chance, d->now.unix_ms, &next);
    if (end == NOTIFY_FAILED)
        log_warn("post.failed", "notification=%lld code=%d", (long long)r->u.posted.notification,
                 r->u.posted.code);
    e = notification_settle(d->db, r->u.posted.notification, end, next, r->u.posted.code,
                            r->u.posted.detail, d->now.unix_ms);
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err desk_do_post(struct desk *d)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    if (d->posted)
        e = settle(d, d->posted);
    if (!e && (!d->courier_busy || d->posted))
        e = claim(d);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    d->post_undone = true;
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.post", "error=%s", err_name(e));
    return ERR_OK;
}

void desk_post_after(struct desk *d, bool committed)
{
    struct parcel *p = (struct parcel *)d->parcel;

    d->parcel = NULL;
    if (d->post_undone || !committed) { /* as if nothing had been: the same again next time */
        d->post_undone = false;
        parcel_free(p);
        return;
    }
    if (d->posted) {
        desk_request_free(d->posted);
        d->posted = NULL;
        d->courier_busy = false;
    }
    if (!p)
        return;
    d->courier_busy = worker_submit(&d->couriers, &p->job) == ERR_OK;
    if (!d->courier_busy)
        parcel_free(p); /* going down: it waits again at the next start */
}

void desk_post_take(struct desk *d, struct desk_request *r)
{
    desk_request_free(d->posted);
    d->posted = r;
    d->next_tick_us = 0;
}

/* ---- opening and closing ---------------------------------------------------------------- */

enum err desk_post_open(struct desk *d, const struct desk_config *c)
{
    enum err e = post_init();

    d->mail = (struct post_smtp){ .url = c->mail.url ? c->mail.url : "",
                                  .user = c->mail.user ? c->mail.user : "",
                                  .password = c->mail.password ? c->mail.password : "",
                                  .from = c->mail.from ? c->mail.from : "",
                                  .ca_file = c->mail.ca_file ? c->mail.ca_file : "" };
    d->origin = c->mail.origin ? c->mail.origin : "";
    if (!e)
        e = notification_recover(d->db, d->now.unix_ms);
    return e;
}

void desk_post_close(struct desk *d)
{
    if (d->posted && settle(d, d->posted) != ERR_OK)
        log_error("desk.close", "post=unwritten");
    desk_request_free(d->posted);
    d->posted = NULL;
}

enum err desk_post_sweep(struct desk *d)
{
    return notification_sweep(d->db, d->now.unix_ms);
}

bool desk_mails(const struct desk *d)
{
    return d->mail.url[0] != '\0';
}
