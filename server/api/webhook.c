/* SPDX-License-Identifier: Apache-2.0
 *
 * Other programs that a centre has told of what happens: making, changing,
 * pausing and ending them, a new secret, what was sent and what came of it. A
 * secret is answered once, when it is made, and by nothing else. Registers
 * keep the host alone: an address may hold a secret of the receiver's. Desk
 * thread.
 */
#include "server/api/webhook.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/endpoints.h"
#include "server/api/person.h"
#include "server/store/org.h"

/* The centre of the person who keeps webhooks. */
static enum err own_centre(const struct call *c, struct org_id *out, bool *refused)
{
    struct org centre;
    struct grant g;
    enum err e = ERR_OK;

    *refused = call_scope(c, RIGHT_WEBHOOK_KEEP, &g) != SCOPE_OWN_CENTRE;
    if (!*refused)
        e = org_load(c->db, g.org, &centre);
    if (!*refused && !e)
        *out = centre.type == ORG_CENTRE || !centre.parent.v ? centre.id : centre.parent;
    return e;
}

static enum err load_own(struct call *c, int64_t id, struct webhook *out, bool *refused)
{
    struct org_id centre = { 0 };
    enum err e = own_centre(c, &centre, refused);

    if (*refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!e)
        e = webhook_load(c->db, id, out);
    if (!e && !org_id_eq(out->centre, centre))
        e = ERR_NOTFOUND;
    return e;
}

/* ---- as JSON ---------------------------------------------------------------------------- */

static json_t *kinds_json(unsigned kinds)
{
    json_t *array = json_array();

    for (int k = 0; array && k < WEBHOOK_COUNT; k++) {
        if (kinds & 1u << k && json_push(array, json_string(webhook_name((enum webhook_kind)k)))) {
            json_decref(array);
            return NULL;
        }
    }
    return array;
}

static json_t *webhook_json(const struct call *c, const struct webhook *w)
{
    bool old = w->old_until_ms > c->now.unix_ms;

    return json_pack("{s:I,s:I,s:s,s:s,s:o,s:i,s:o,s:o,s:I,s:I,s:I}", "id", (json_int_t)w->id,
                     "version", (json_int_t)w->rev, "url", w->url, "state",
                     webhook_state_name(w->state), "events", kinds_json(w->kinds), "fails",
                     w->health.fails, "failing_since", json_time_or_null(w->health.failing_ms, 0),
                     "old_secret_until", json_time_or_null(old ? w->old_until_ms : 0, 0), "created",
                     (json_int_t)w->created_ms, "waiting", (json_int_t)w->waiting, "failed",
                     (json_int_t)w->failed);
}

static json_t *delivery_json(const struct webhook_delivery *d)
{
    bool waits = strcmp(d->state, "waiting") == 0;
    char id[HOOK_ID_MAX + 1];

    webhook_message_id(d->id, id);
    return json_pack(
        "{s:I,s:s,s:s,s:s,s:i,s:I,s:o,s:o,s:o,s:i,s:s,s:I,s:s}", "id", (json_int_t)d->id, "message",
        id, "event", d->kind, "state", d->state, "tries", d->tries, "created",
        (json_int_t)d->created_ms, "next", json_time_or_null(waits ? d->next_ms : 0, 0), "tried",
        json_time_or_null(d->tried_ms, 0), "done", json_time_or_null(d->done_ms, 0), "code",
        d->code, "why", d->why, "took_ms", (json_int_t)d->took_ms, "body", d->body);
}

static enum err answer_one(struct call *c, int status, int64_t id, const char *secret)
{
    struct webhook w;
    enum err e = webhook_load(c->db, id, &w);

    if (!e && !str_format(c->etag, sizeof c->etag, "\"v%lld\"", (long long)w.rev))
        e = ERR_INVAL;
    if (e)
        return e;
    if (!secret)
        return call_answer(c, status, webhook_json(c, &w));
    return call_answer(c, status,
                       json_pack("{s:o,s:s}", "webhook", webhook_json(c, &w), "secret", secret));
}

/* ---- what is asked ---------------------------------------------------------------------- */

static unsigned read_kinds(struct call *c)
{
    const json_t *list = json_get_array(&c->in, "events", WEBHOOK_COUNT);
    unsigned kinds = 0;

    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *name = json_string_value(json_array_get(list, i));
        enum webhook_kind k;

        if (!name || !webhook_parse(name, &k) || kinds & 1u << k) {
            json_view_blame(&c->in, JSON_FAULT_RANGE, "events");
            return 0;
        }
        kinds |= 1u << k;
    }
    if (list && !kinds)
        json_view_blame(&c->in, JSON_FAULT_RANGE, "events");
    return kinds;
}

/* url and events; state where w has one already. */
static enum err read_body(struct call *c, struct webhook *w, bool *refused)
{
    static const char *const words[] = { "on", "paused" };
    const char *url = json_get_str(&c->in, "url", WEBHOOK_URL_MAX);
    enum webhook_url is = WEBHOOK_URL_OK;

    w->kinds = read_kinds(c);
    if (w->id)
        w->state =
            json_get_word(&c->in, "state", words, 2) == 1 ? WEBHOOK_STATE_PAUSED : WEBHOOK_STATE_ON;
    *refused = true;
    if (json_view_end(&c->in))
        return call_refuse_field(c, &c->in);
    is = webhook_url_check(url, desk_hooks_inside(c->ctx->desk));
    if (is != WEBHOOK_URL_OK)
        return call_refuse_word(c, "url", webhook_url_fault(is));
    *refused = false;
    return str_copy(w->url, sizeof w->url, url) ? ERR_OK : ERR_INVAL;
}

/* Host, state and events of a webhook, for the audit. NULL: none. */
static enum err audit(const struct call *c, const char *action, int64_t id,
                      const struct webhook *before, const struct webhook *after)
{
    const struct webhook *both[] = { before, after };
    char *text[2] = { NULL, NULL };
    enum err e = ERR_OK;

    for (int i = 0; !e && i < 2; i++) {
        char host[WEBHOOK_URL_MAX + 1];
        json_t *json;

        if (!both[i])
            continue;
        webhook_host(both[i]->url, host);
        json = json_pack("{s:s,s:s,s:o}", "host", host, "state", webhook_state_name(both[i]->state),
                         "events", kinds_json(both[i]->kinds));
        text[i] = json ? json_dumps(json, JSON_COMPACT) : NULL;
        json_decref(json);
        e = text[i] ? ERR_OK : ERR_NOMEM;
    }
    if (!e)
        e = call_audit(c, action, "webhook", id, text[0] ? text[0] : "", text[1] ? text[1] : "");
    free(text[0]);
    free(text[1]);
    return e;
}

/* ---- endpoints -------------------------------------------------------------------------- */

enum err webhooks_get(struct call *c)
{
    struct webhook_list l = { 0 };
    struct webhook_policy p;
    struct org_id centre = { 0 };
    json_t *items = NULL;
    bool refused = false;
    enum err e = own_centre(c, &centre, &refused);

    if (refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!e)
        e = policy_webhook(c->db, centre, c->now.unix_ms, &p);
    if (!e)
        e = webhook_list(c->db, centre, &l);
    if (!e)
        e = (items = json_array()) ? ERR_OK : ERR_NOMEM;
    for (size_t i = 0; !e && i < l.n; i++)
        e = json_push(items, webhook_json(c, &l.items[i]));
    webhook_list_free(&l);
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(c, 200,
                       json_pack("{s:o,s:o,s:i,s:I,s:I}", "items", items, "events",
                                 kinds_json((1u << WEBHOOK_COUNT) - 1), "most", WEBHOOKS_MAX,
                                 "off_after_days", (json_int_t)(p.off_after_ms / MS_PER_DAY),
                                 "keep_days", (json_int_t)(p.keep_ms / MS_PER_DAY)));
}

static enum err make(struct call *c, struct webhook *w)
{
    char secret[HOOK_SECRET_CHARS + 1] = "";
    enum err e = webhook_add(c->db, w, c->now.unix_ms, c->user.id);

    if (!e)
        e = webhook_secret_renew(c->db, desk_ring(c->ctx->desk), w->id, 0, secret);
    if (!e)
        e = audit(c, "webhook.make", w->id, NULL, w);
    if (!e)
        e = answer_one(c, 201, w->id, secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return e;
}

enum err webhook_post(struct call *c)
{
    struct webhook w = { 0 };
    struct webhook_list l = { 0 };
    size_t there;
    bool refused = false;
    enum err e = own_centre(c, &w.centre, &refused);

    if (refused)
        return call_refuse(c, REFUSE_NOT_ALLOWED);
    if (!e)
        e = read_body(c, &w, &refused);
    if (!e && !refused)
        e = webhook_list(c->db, w.centre, &l);
    if (e || refused)
        return e;
    there = l.n;
    webhook_list_free(&l);
    return there >= WEBHOOKS_MAX ? call_refuse_gate(c, "webhooks_full") : make(c, &w);
}

enum err webhook_put(struct call *c)
{
    struct webhook before, after;
    bool refused = false;
    enum err e = load_own(c, c->id, &before, &refused);

    if (e || refused)
        return e;
    after = before;
    e = read_body(c, &after, &refused);
    if (!e && !refused)
        e = call_match(c, before.rev, &refused);
    if (e || refused)
        return e;
    e = webhook_save(c->db, &after);
    if (!e)
        e = audit(c, "webhook.change", c->id, &before, &after);
    return e ? e : answer_one(c, 200, c->id, NULL);
}

enum err webhook_secret_post(struct call *c)
{
    char secret[HOOK_SECRET_CHARS + 1] = "";
    struct webhook_policy p;
    struct webhook w;
    bool refused = false;
    enum err e = load_own(c, c->id, &w, &refused);

    if (e || refused)
        return e;
    e = policy_webhook(c->db, w.centre, c->now.unix_ms, &p);
    if (!e)
        e = webhook_secret_renew(c->db, desk_ring(c->ctx->desk), w.id,
                                 p.old_secret_ms ? c->now.unix_ms + p.old_secret_ms : 0, secret);
    if (!e)
        e = audit(c, "webhook.secret", w.id, NULL, NULL);
    if (!e)
        e = answer_one(c, 200, w.id, secret);
    OPENSSL_cleanse(secret, sizeof secret);
    return e;
}

enum err webhook_delete(struct call *c)
{
    struct webhook w;
    bool refused = false;
    enum err e = load_own(c, c->id, &w, &refused);

    if (e || refused)
        return e;
    e = webhook_remove(c->db, w.id);
    if (!e)
        e = audit(c, "webhook.remove", w.id, &w, NULL);
    return e ? e : call_answer(c, 200, json_object());
}

static enum err answer_page(struct call *c, const struct webhook *w,
                            const struct webhook_deliveries *l, const struct page *p)
{
    json_t *items = json_array();
    enum err e = items ? ERR_OK : ERR_NOMEM;

    for (size_t i = 0; !e && i < l->n && i < p->limit; i++)
        e = json_push(items, delivery_json(&l->items[i]));
    if (e) {
        json_decref(items);
        return e;
    }
    return call_answer(
        c, 200,
        json_pack("{s:o,s:o,s:o}", "webhook", webhook_json(c, w), "items", items, "next",
                  l->n > p->limit ? json_sprintf("%zu", p->first + p->limit) : json_null()));
}

enum err webhook_deliveries_get(struct call *c)
{
    struct webhook_deliveries l = { 0 };
    struct webhook w;
    struct page p;
    enum json_fault fault = JSON_FAULT_NONE;
    char failed[4] = "";
    bool refused = false;
    enum err e = load_own(c, c->id, &w, &refused);

    if (e || refused)
        return e;
    (void)call_query(c, "failed", failed, sizeof failed, &fault);
    if (fault != JSON_FAULT_NONE || (failed[0] && strcmp(failed, "1") != 0))
        return call_refuse_query(c, "failed", fault ? fault : JSON_FAULT_RANGE);
    e = call_page(c, &p, &refused);
    if (e || refused)
        return e;
    e = webhook_deliveries(c->db, w.id, failed[0] != '\0', p.first, p.limit + 1, &l);
    if (!e)
        e = answer_page(c, &w, &l, &p);
    webhook_deliveries_free(&l);
    return e;
}

enum err webhook_again_post(struct call *c)
{
    struct webhook_delivery d;
    struct webhook w;
    bool refused = false;
    enum err e = webhook_delivery_load(c->db, c->id, &d);

    if (!e)
        e = load_own(c, d.webhook, &w, &refused);
    if (e || refused)
        return e;
    e = webhook_again(c->db, d.id, c->now.unix_ms);
    if (e == ERR_NOTFOUND)
        return call_refuse(c, REFUSE_NOT_NOW);
    if (!e)
        e = call_audit(c, "webhook.again", "webhook_delivery", d.id, "", "");
    if (!e)
        e = webhook_delivery_load(c->db, d.id, &d);
    return e ? e : call_answer(c, 200, delivery_json(&d));
}
