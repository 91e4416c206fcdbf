/* SPDX-License-Identifier: Apache-2.0
 *
 * The queue of messages to other programs; see webhook.h.
 */
#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"
#include "server/store/webhook.h"

enum err webhook_tell(struct db *db, struct org_id org, const struct webhook_event *e,
                      int64_t now_ms)
{
    struct query q = query_on(
        db,
        "INSERT INTO webhook_delivery (webhook, kind, body, created_ms, next_ms) "
        "SELECT w.id, k.kind, $3, $4, $4 FROM webhook w JOIN webhook_kind k ON k.webhook = w.id "
        "WHERE k.kind = $2 AND w.state <> 'removed' AND w.centre = (SELECT CASE WHEN "
        "o.type = 'centre' THEN o.id ELSE o.parent END FROM org o WHERE o.id = $1) "
        "ORDER BY w.id");
    char body[WEBHOOK_BODY_MAX + 1] = "";
    enum err err = webhook_body(e, body);

    query_int(&q, org.v);
    query_text(&q, webhook_name(e->kind));
    query_text(&q, body);
    query_int(&q, now_ms);
    if (err)
        q.err = err;
    return query_run(&q);
}

#define COLUMNS                                                                                    \
    "id, webhook, kind, body, state, tries, created_ms, next_ms, tried_ms, done_ms, took_ms, "     \
    "code, why"

static void read_row(struct query *q, struct webhook_delivery *d)
{
    *d = (struct webhook_delivery){ 0 };
    d->id = row_int(q);
    d->webhook = row_int(q);
    row_text(q, d->kind, sizeof d->kind);
    row_text(q, d->body, sizeof d->body);
    row_text(q, d->state, sizeof d->state);
    d->tries = (int)row_int(q);
    d->created_ms = row_int(q);
    d->next_ms = row_int(q);
    d->tried_ms = row_int(q);
    d->done_ms = row_int(q);
    d->took_ms = row_int(q);
    d->code = (int)row_int(q);
    row_text(q, d->why, sizeof d->why);
}

/* A receiver's first message by its own index: what waits for a paused one is not walked over. */
enum err webhook_claim(struct db *db, int64_t now_ms, struct webhook_delivery *out)
{
    struct query q = query_on(
        db, "UPDATE webhook_delivery SET state = 'sending', tries = tries + 1, tried_ms = $1 "
            "WHERE id = (SELECT d.id FROM webhook w JOIN webhook_delivery d ON d.id = (SELECT x.id "
            "FROM webhook_delivery x WHERE x.webhook = w.id AND x.state = 'waiting' "
            "AND x.next_ms <= $1 ORDER BY x.next_ms, x.id LIMIT 1) WHERE w.state = 'on' "
            "AND w.rest_ms <= $1 ORDER BY d.next_ms, d.id LIMIT 1) RETURNING " COLUMNS);

    query_int(&q, now_ms);
    if (query_row(&q))
        read_row(&q, out);
    return query_end_found(&q);
}

enum err webhook_settle(struct db *db, int64_t id, const struct webhook_settled *s, int64_t now_ms)
{
    static const char *const ends[] = {
        [NOTIFY_SENT] = "sent", [NOTIFY_WAITS] = "waiting", [NOTIFY_FAILED] = "failed"
    };
    struct query q =
        query_on(db, "UPDATE webhook_delivery SET state = $2, next_ms = $3, code = $4, "
                     "took_ms = $5, why = $6, done_ms = $7 "
                     "WHERE id = $1 AND state = 'sending' RETURNING id");

    query_int(&q, id);
    query_text(&q, ends[s->end]);
    query_int(&q, s->end == NOTIFY_WAITS ? s->next_ms : now_ms);
    query_int(&q, s->code);
    query_int(&q, s->took_ms);
    query_text(&q, s->why);
    query_int_or_null(&q, s->end == NOTIFY_WAITS ? 0 : now_ms, 0);
    query_row(&q);
    return query_end_found(&q);
}

enum err webhook_recover(struct db *db, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE webhook_delivery SET state = 'waiting', next_ms = $1 "
                                  "WHERE state = 'sending'");

    query_int(&q, now_ms);
    return query_run(&q);
}

enum err webhook_again(struct db *db, int64_t id, int64_t now_ms)
{
    struct query q = query_on(
        db,
        "UPDATE webhook_delivery SET state = 'waiting', tries = 0, next_ms = $2, done_ms = NULL "
        "WHERE id = $1 AND state IN ('sent', 'failed') AND EXISTS (SELECT 1 FROM webhook w "
        "WHERE w.id = webhook_delivery.webhook AND w.state <> 'removed') RETURNING id");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err webhook_delivery_load(struct db *db, int64_t id, struct webhook_delivery *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM webhook_delivery WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_row(&q, out);
    return query_end_found(&q);
}

enum err webhook_deliveries(struct db *db, int64_t webhook, bool failed, size_t first, size_t limit,
                            struct webhook_deliveries *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM webhook_delivery WHERE webhook = $1 "
                                  "AND ($2 = 0 OR state = 'failed') "
                                  "ORDER BY id DESC LIMIT $3 OFFSET $4");
    struct webhook_deliveries l = { 0 };
    struct webhook_delivery *item;
    enum err e;

    query_int(&q, webhook);
    query_int(&q, failed);
    query_int(&q, (int64_t)limit);
    query_int(&q, (int64_t)first);
    while (QUERY_NEXT(&q, &l, item))
        read_row(&q, item);
    e = query_end(&q);
    if (e)
        webhook_deliveries_free(&l);
    else
        *out = l;
    return e;
}

void webhook_deliveries_free(struct webhook_deliveries *l)
{
    mem_free(l->items);
    *l = (struct webhook_deliveries){ 0 };
}

static enum err sweep_centre(struct db *db, struct org_id centre, int64_t now_ms)
{
    struct query q = query_on(db, "DELETE FROM webhook_delivery WHERE created_ms < $2 "
                                  "AND state <> 'sending' AND webhook IN "
                                  "(SELECT id FROM webhook WHERE centre = $1)");
    struct webhook_policy p = webhook_policy_default();
    enum err e = policy_webhook(db, centre, now_ms, &p);

    query_int(&q, centre.v);
    query_int(&q, now_ms - p.keep_ms);
    if (e)
        q.err = e;
    return query_run(&q);
}

enum err webhook_sweep(struct db *db, int64_t now_ms)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list all = { 0 };
    struct query q;
    enum err e = org_list(db, &centre, &all);

    for (size_t i = 0; !e && i < all.n; i++)
        e = sweep_centre(db, all.items[i].id, now_ms);
    org_list_free(&all);
    if (e)
        return e;
    q = query_on(db, "DELETE FROM webhook WHERE state = 'removed' AND NOT EXISTS "
                     "(SELECT 1 FROM webhook_delivery d WHERE d.webhook = webhook.id)");
    return query_run(&q);
}
