/* SPDX-License-Identifier: Apache-2.0
 *
 * Stands in for the desk while it is being written: every cookie that begins
 * with "good" is user 1, every API request is echoed, nobody is admitted.
 */
#include <pthread.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/desk.h"

struct desk {
    struct mailbox box;
    struct mailbox *to_net;
    pthread_t thread;
};

static void answer(struct desk *d, struct desk_request *r)
{
    struct desk_reply *reply = mem_zalloc(1, sizeof *reply);
    struct strbuf body;

    if (!reply)
        return;
    reply->tag = r->tag;
    switch (r->kind) {
    case DESK_HTTP:
        reply->kind = DESK_REPLY_HTTP;
        reply->u.http.status = 200;
        strbuf_init(&body);
        strbuf_printf(&body, "{\"method\":\"%s\",\"path\":\"%s\",\"bytes\":%zu}", r->u.http.method,
                      r->u.http.path, r->u.http.body_len);
        reply->u.http.body_len = body.len;
        if (strbuf_take(&body, &reply->u.http.body) != ERR_OK ||
            !str_copy(reply->u.http.content_type, 64, "application/json"))
            reply->u.http.status = 500;
        break;
    case DESK_CONNECT:
        reply->kind = DESK_REPLY_CONNECT;
        reply->u.connect.ok = strncmp(r->u.connect.cookie, "good", 4) == 0;
        reply->u.connect.user.v = 1;
        reply->u.connect.login = 1;
        if (!str_copy(reply->u.connect.name, sizeof reply->u.connect.name, "Test Person"))
            reply->u.connect.ok = false;
        break;
    case DESK_ADMIT:
        reply->kind = DESK_REPLY_ADMIT;
        reply->u.admit.verdict = ADMIT_NOT_YOURS;
        break;
    default:
        mem_free(reply);
        return;
    }
    if (mailbox_post(d->to_net, &reply->mail) != ERR_OK)
        desk_reply_free(reply);
}

static void *run(void *arg)
{
    struct desk *d = arg;
    struct mail *m;

    while ((m = mailbox_wait_one(&d->box))) {
        answer(d, (struct desk_request *)m);
        desk_request_free((struct desk_request *)m);
    }
    return NULL;
}

enum err desk_open(struct desk **out, const struct desk_config *config)
{
    struct desk *d = mem_zalloc(1, sizeof *d);

    if (!d || mailbox_init(&d->box, NULL, NULL) != ERR_OK)
        return ERR_NOMEM;
    d->to_net = config->to_net;
    if (pthread_create(&d->thread, NULL, run, d) != 0)
        return ERR_NOMEM;
    *out = d;
    return ERR_OK;
}

enum err desk_post(struct desk *d, struct desk_request *r)
{
    return mailbox_post(&d->box, &r->mail);
}

void desk_close(struct desk *d)
{
    mailbox_close(&d->box);
    pthread_join(d->thread, NULL);
    mailbox_deinit(&d->box);
    mem_free(d);
}

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
    if (r->kind == DESK_HTTP) {
        mem_free(r->u.http.path);
        mem_free(r->u.http.query);
        mem_free(r->u.http.cookie);
        mem_free(r->u.http.if_match);
        mem_free(r->u.http.idempotency_key);
        mem_free(r->u.http.accept_language);
        mem_free(r->u.http.body);
    } else if (r->kind == DESK_FACT) {
        mem_free(r->u.fact.text);
    } else if (r->kind == DESK_BOARD) {
        mem_free(r->u.board.seats);
    }
    mem_free(r);
}

void desk_reply_free(struct desk_reply *r)
{
    if (r->kind == DESK_REPLY_HTTP) {
        mem_free(r->u.http.headers);
        mem_free(r->u.http.body);
    }
    mem_free(r);
}

void desk_load(struct desk *d, size_t *queued, int64_t *oldest_us)
{
    *queued = mailbox_count(&d->box);
    *oldest_us = 0;
}
