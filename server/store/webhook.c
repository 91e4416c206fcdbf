/* SPDX-License-Identifier: Apache-2.0
 *
 * Receivers of a centre's messages; see webhook.h.
 */
#include "server/store/webhook.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"

static const char *const states[WEBHOOK_STATE_COUNT] = {
#define X(code, name) [WEBHOOK_STATE_##code] = name,
    WEBHOOK_STATE_LIST(X)
#undef X
};

const char *webhook_state_name(enum webhook_state s)
{
    return states[s];
}

#define COLUMNS                                                                                    \
    "SELECT w.id, w.centre, w.rev, w.url, w.state, w.fails, w.failing_ms, w.rest_ms, "             \
    "w.old_until_ms, w.created_ms, (SELECT count(*) FROM webhook_delivery d WHERE d.webhook = "    \
    "w.id AND d.state IN ('waiting', 'sending')), (SELECT count(*) FROM webhook_delivery d WHERE " \
    "d.webhook = w.id AND d.state = 'failed') FROM webhook w "

static void read_state(struct query *q, enum webhook_state *out)
{
    char name[12];

    row_text(q, name, sizeof name);
    for (int i = 0; i < WEBHOOK_STATE_COUNT; i++) {
        if (strcmp(states[i], name) == 0) {
            *out = (enum webhook_state)i;
            return;
        }
    }
    query_blame(q);
}

static void read_webhook(struct query *q, struct webhook *w)
{
    *w = (struct webhook){ 0 };
    w->id = row_int(q);
    w->centre.v = row_int(q);
    w->rev = row_int(q);
    row_text(q, w->url, sizeof w->url);
    read_state(q, &w->state);
    w->health.fails = (int)row_int(q);
    w->health.failing_ms = row_int(q);
    w->health.rest_ms = row_int(q);
    w->health.off = w->state == WEBHOOK_STATE_OFF;
    w->old_until_ms = row_int(q);
    w->created_ms = row_int(q);
    w->waiting = row_int(q);
    w->failed = row_int(q);
}

static enum err load_kinds(struct db *db, struct webhook *w)
{
    struct query q = query_on(db, "SELECT kind FROM webhook_kind WHERE webhook = $1");

    query_int(&q, w->id);
    while (query_row(&q)) {
        char name[WEBHOOK_KIND_MAX + 1];
        enum webhook_kind k;

        row_text(&q, name, sizeof name);
        if (webhook_parse(name, &k))
            w->kinds |= 1u << k;
    }
    return query_end(&q);
}

static enum err save_kinds(struct db *db, const struct webhook *w)
{
    struct query q = query_on(db, "DELETE FROM webhook_kind WHERE webhook = $1");
    enum err e;

    query_int(&q, w->id);
    e = query_run(&q);
    for (int k = 0; !e && k < WEBHOOK_COUNT; k++) {
        if (!(w->kinds & 1u << k))
            continue;
        q = query_on(db, "INSERT INTO webhook_kind (webhook, kind) VALUES ($1, $2)");
        query_int(&q, w->id);
        query_text(&q, webhook_name((enum webhook_kind)k));
        e = query_run(&q);
    }
    return e;
}

enum err webhook_add(struct db *db, struct webhook *w, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO webhook (centre, url, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4) RETURNING id");
    enum err e;

    query_int(&q, w->centre.v);
    query_text(&q, w->url);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    e = query_insert(&q, &w->id);
    return e ? e : save_kinds(db, w);
}

enum err webhook_save(struct db *db, const struct webhook *w)
{
    struct query q = query_on(
        db, "UPDATE webhook SET url = $2, state = $3, rev = rev + 1, "
            "fails = CASE WHEN $3 = 'on' AND state <> 'on' THEN 0 ELSE fails END, "
            "failing_ms = CASE WHEN $3 = 'on' AND state <> 'on' THEN NULL ELSE failing_ms END, "
            "rest_ms = CASE WHEN $3 = 'on' AND state <> 'on' THEN 0 ELSE rest_ms END "
            "WHERE id = $1 AND state <> 'removed' RETURNING id");
    enum err e;

    query_int(&q, w->id);
    query_text(&q, w->url);
    query_text(&q, states[w->state]);
    query_row(&q);
    e = query_end_found(&q);
    return e ? e : save_kinds(db, w);
}

enum err webhook_remove(struct db *db, int64_t id)
{
    struct query q = query_on(db, "UPDATE webhook SET state = 'removed', sealed = NULL, "
                                  "sealed_old = NULL, old_until_ms = NULL, rev = rev + 1 "
                                  "WHERE id = $1 AND state <> 'removed' RETURNING id");
    enum err e;

    query_int(&q, id);
    query_row(&q);
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM webhook_kind WHERE webhook = $1");
    query_int(&q, id);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM webhook_delivery WHERE webhook = $1 AND state = 'waiting'");
    query_int(&q, id);
    return query_run(&q);
}

enum err webhook_load(struct db *db, int64_t id, struct webhook *out)
{
    struct query q = query_on(db, COLUMNS "WHERE w.id = $1 AND w.state <> 'removed'");
    struct webhook w = { 0 };
    enum err e;

    query_int(&q, id);
    if (query_row(&q))
        read_webhook(&q, &w);
    e = query_end_found(&q);
    if (!e)
        e = load_kinds(db, &w);
    if (!e)
        *out = w;
    return e;
}

enum err webhook_list(struct db *db, struct org_id centre, struct webhook_list *out)
{
    struct query q = query_on(db, COLUMNS "WHERE w.centre = $1 AND w.state <> 'removed' "
                                          "ORDER BY w.id");
    struct webhook_list l = { 0 };
    struct webhook *item;
    enum err e;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, item))
        read_webhook(&q, item);
    e = query_end(&q);
    for (size_t i = 0; !e && i < l.n; i++)
        e = load_kinds(db, &l.items[i]);
    if (e)
        webhook_list_free(&l);
    else
        *out = l;
    return e;
}

void webhook_list_free(struct webhook_list *l)
{
    mem_free(l->items);
    *l = (struct webhook_list){ 0 };
}

/* ---- secrets ---------------------------------------------------------------------------- */

enum err webhook_secret_set(struct db *db, int64_t id, const struct webhook_sealed *s)
{
    struct query q = query_on(db, "UPDATE webhook SET sealed = $2, sealed_old = $3, "
                                  "old_until_ms = $4, rev = rev + 1 "
                                  "WHERE id = $1 AND state <> 'removed' RETURNING id");

    query_int(&q, id);
    query_bytes(&q, s->now, s->now_len);
    if (s->old) {
        query_bytes(&q, s->old, s->old_len);
        query_int(&q, s->old_until_ms);
    } else {
        query_null(&q);
        query_null(&q);
    }
    query_row(&q);
    return query_end_found(&q);
}

enum err webhook_secret(struct db *db, int64_t id, struct webhook_sealed *out)
{
    struct query q = query_on(db, "SELECT sealed, sealed_old, old_until_ms FROM webhook "
                                  "WHERE id = $1 AND sealed IS NOT NULL");
    struct webhook_sealed s = { 0 };
    enum err e;

    query_int(&q, id);
    if (query_row(&q)) {
        s.now = row_bytes_dup(&q, &s.now_len);
        s.old = row_bytes_dup(&q, &s.old_len);
        s.old_until_ms = row_int(&q);
    }
    e = query_end_found(&q);
    if (e)
        webhook_sealed_free(&s);
    else
        *out = s;
    return e;
}

void webhook_sealed_free(struct webhook_sealed *s)
{
    mem_free(s->now);
    mem_free(s->old);
    *s = (struct webhook_sealed){ 0 };
}

/* ---- health ----------------------------------------------------------------------------- */

enum err webhook_health_set(struct db *db, int64_t id, const struct webhook_health *h,
                            bool *turned_off)
{
    struct query q = query_on(db, "UPDATE webhook SET fails = $2, failing_ms = $3, rest_ms = $4 "
                                  "WHERE id = $1 AND state <> 'removed'");
    enum err e;

    *turned_off = false;
    query_int(&q, id);
    query_int(&q, h->fails);
    query_int_or_null(&q, h->failing_ms, 0);
    query_int(&q, h->rest_ms);
    e = query_run(&q);
    if (e || !h->off)
        return e;
    q = query_on(db, "UPDATE webhook SET state = 'off', rev = rev + 1 "
                     "WHERE id = $1 AND state = 'on' RETURNING id");
    query_int(&q, id);
    query_row(&q);
    e = query_end_found(&q);
    *turned_off = e == ERR_OK;
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err policy_webhook(struct db *db, struct org_id org, int64_t at_ms, struct webhook_policy *out)
{
    struct webhook_policy p = webhook_policy_default();
    const struct {
        const char *key;
        int64_t min, max, unit;
        int64_t *at;
    } keys[] = {
        { "webhook.first_wait_s", 1, 86400, MS_PER_S, &p.first_wait_ms },
        { "webhook.most_wait_s", 1, 604800, MS_PER_S, &p.most_wait_ms },
        { "webhook.rest_s", 1, 86400, MS_PER_S, &p.rest_ms },
        { "webhook.most_rest_s", 1, 86400, MS_PER_S, &p.most_rest_ms },
        { "webhook.off_after_days", 1, 60, MS_PER_DAY, &p.off_after_ms },
        { "webhook.keep_days", 1, 366, MS_PER_DAY, &p.keep_ms },
        { "webhook.old_secret_h", 0, 720, MS_PER_DAY / 24, &p.old_secret_ms },
    };
    int64_t tries = 0;
    enum err e = policy_int(db, org, "webhook.tries", at_ms, 1, 100, p.tries_max, &tries);

    for (size_t i = 0; !e && i < sizeof keys / sizeof keys[0]; i++) {
        int64_t v = 0;

        e = policy_int(db, org, keys[i].key, at_ms, keys[i].min, keys[i].max,
                       *keys[i].at / keys[i].unit, &v);
        if (!e)
            *keys[i].at = v * keys[i].unit;
    }
    if (e)
        return e;
    p.tries_max = (int)tries;
    *out = p;
    return ERR_OK;
}
