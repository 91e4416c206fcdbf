/* SPDX-License-Identifier: Apache-2.0
 *
 * Mail addresses and the queue of notifications; see notification.h.
 */
#include "server/store/notification.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"

/* ---- addresses -------------------------------------------------------------------------- */

enum err mail_address_set(struct db *db, struct user_id user, const char *address, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO mail_address (user_id, address, changed_ms) "
                                  "VALUES ($1, $2, $3) ON CONFLICT (user_id) DO UPDATE "
                                  "SET address = excluded.address, changed_ms = "
                                  "excluded.changed_ms");

    query_int(&q, user.v);
    query_text(&q, address);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err mail_address_of(struct db *db, struct user_id user, char out[MAIL_ADDRESS_MAX + 1])
{
    struct query q = query_on(db, "SELECT address FROM mail_address WHERE user_id = $1");

    out[0] = '\0';
    query_int(&q, user.v);
    if (query_row(&q))
        row_text(&q, out, MAIL_ADDRESS_MAX + 1);
    return query_end(&q);
}

enum err user_by_address(struct db *db, const char *address, struct user *out)
{
    struct query q = query_on(db, "SELECT user_id FROM mail_address WHERE address = $1");
    struct user_id id = { 0 };
    enum err e;

    query_text(&q, address);
    if (query_row(&q))
        id.v = row_int(&q);
    e = query_end_found(&q);
    return e ? e : user_load(db, id, out);
}

/* ---- the queue -------------------------------------------------------------------------- */

#define COLUMNS                                                                                    \
    "id, centre, channel = 'hook', kind, dedupe_key, user_id, address, hook, locale, args, "       \
    "state, tries, next_ms, created_ms, done_ms, code, detail"

static void read_row(struct query *q, struct notification *n)
{
    *n = (struct notification){ 0 };
    n->id = row_int(q);
    n->centre.v = row_int(q);
    n->hook = row_bool(q);
    row_text(q, n->kind, sizeof n->kind);
    row_text(q, n->key, sizeof n->key);
    n->user.v = row_int(q);
    row_text(q, n->address, sizeof n->address);
    n->hook_id = row_int(q);
    row_text(q, n->locale, sizeof n->locale);
    row_text(q, n->args, sizeof n->args);
    row_text(q, n->state, sizeof n->state);
    n->tries = (int)row_int(q);
    n->next_ms = row_int(q);
    n->created_ms = row_int(q);
    n->done_ms = row_int(q);
    n->code = (int)row_int(q);
    row_text(q, n->detail, sizeof n->detail);
}

enum err notification_add(struct db *db, const struct notification *n, int64_t now_ms,
                          int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO notification (centre, channel, kind, dedupe_key, "
                                  "user_id, address, hook, locale, args, next_ms, created_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                                  "ON CONFLICT DO NOTHING RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, n->centre.v);
    query_text(&q, n->hook ? "hook" : "mail");
    query_text(&q, n->kind);
    query_text(&q, n->key);
    query_id_or_null(&q, n->user.v);
    query_text(&q, n->address);
    query_id_or_null(&q, n->hook_id);
    query_text(&q, n->locale[0] ? n->locale : "ru");
    query_text(&q, n->args[0] ? n->args : "{}");
    query_int(&q, n->next_ms);
    query_int(&q, now_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_run(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err notification_seal(struct db *db, int64_t id, const uint8_t *sealed, size_t len)
{
    struct query q = query_on(db, "UPDATE notification SET sealed = $2 "
                                  "WHERE id = $1 AND state = 'waiting' RETURNING id");

    query_int(&q, id);
    query_bytes(&q, sealed, len);
    query_row(&q);
    return query_end_found(&q);
}

enum err notification_sealed(struct db *db, int64_t id, uint8_t **out, size_t *len)
{
    struct query q = query_on(db, "SELECT sealed FROM notification WHERE id = $1");
    uint8_t *bytes = NULL;
    size_t n = 0;
    enum err e;

    query_int(&q, id);
    if (query_row(&q))
        bytes = row_bytes_dup(&q, &n);
    e = query_end_found(&q);
    if (e) {
        mem_free(bytes);
        return e;
    }
    *out = bytes;
    *len = n;
    return ERR_OK;
}

enum err notification_claim(struct db *db, int64_t now_ms, struct notification *out)
{
    struct query q = query_on(db, "UPDATE notification SET state = 'sending', tries = tries + 1 "
                                  "WHERE id = (SELECT id FROM notification "
                                  "WHERE state = 'waiting' AND next_ms <= $1 "
                                  "ORDER BY next_ms, id LIMIT 1) RETURNING " COLUMNS);

    query_int(&q, now_ms);
    if (query_row(&q))
        read_row(&q, out);
    return query_end_found(&q);
}

enum err notification_settle(struct db *db, int64_t id, enum notify_end end, int64_t next_ms,
                             int code, const char *detail, int64_t now_ms)
{
    static const char *const states[] = {
        [NOTIFY_SENT] = "sent", [NOTIFY_WAITS] = "waiting", [NOTIFY_FAILED] = "failed"
    };
    struct query q = query_on(db, "UPDATE notification SET state = $2, next_ms = $3, code = $4, "
                                  "detail = $5, done_ms = $6, "
                                  "sealed = CASE WHEN $2 = 'waiting' THEN sealed END "
                                  "WHERE id = $1 AND state = 'sending' RETURNING id");

    query_int(&q, id);
    query_text(&q, states[end]);
    query_int(&q, end == NOTIFY_WAITS ? next_ms : now_ms);
    query_int(&q, code);
    query_text(&q, detail);
    if (end == NOTIFY_WAITS)
        query_null(&q);
    else
        query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err notification_recover(struct db *db, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE notification SET state = 'waiting', next_ms = $1 "
                                  "WHERE state = 'sending'");

    query_int(&q, now_ms);
    return query_run(&q);
}

enum err notification_again(struct db *db, int64_t id, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE notification SET state = 'waiting', tries = 0, "
                                  "next_ms = $2, done_ms = NULL "
                                  "WHERE id = $1 AND state = 'failed' "
                                  "AND kind NOT IN ('invitation', 'password_reset') RETURNING id");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err notification_load(struct db *db, int64_t id, struct notification *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM notification WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_row(&q, out);
    return query_end_found(&q);
}

enum err notification_list(struct db *db, struct org_id centre, bool open, size_t first,
                           size_t limit, struct notification_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM notification "
                                  "WHERE ($1 = 0 OR centre = $1) AND ($2 = 0 OR state <> 'sent') "
                                  "ORDER BY id DESC LIMIT $3 OFFSET $4");
    struct notification_list l = { 0 };
    struct notification *item;
    enum err e;

    query_int(&q, centre.v);
    query_int(&q, open);
    query_int(&q, (int64_t)limit);
    query_int(&q, (int64_t)first);
    while (QUERY_NEXT(&q, &l, item))
        read_row(&q, item);
    e = query_end(&q);
    if (e)
        notification_list_free(&l);
    else
        *out = l;
    return e;
}

void notification_list_free(struct notification_list *l)
{
    mem_free(l->items);
    *l = (struct notification_list){ 0 };
}

/* ---- policy ----------------------------------------------------------------------------- */

enum err policy_notify(struct db *db, struct org_id org, int64_t at_ms, struct notify_policy *out)
{
    struct notify_policy p = notify_policy_default();
    const struct {
        const char *key;
        int64_t min, max, fallback;
    } keys[] = {
        { "notify.quiet_from_min", 0, 1439, p.quiet_from_min },
        { "notify.quiet_to_min", 0, 1439, p.quiet_to_min },
        { "notify.tries", 1, 100, p.tries_max },
        { "notify.first_wait_s", 1, 86400, p.first_wait_ms / MS_PER_S },
        { "notify.most_wait_s", 1, 604800, p.most_wait_ms / MS_PER_S },
        { "notify.keep_days", 90, 3650, p.keep_ms / MS_PER_DAY },
    };
    int64_t v[sizeof keys / sizeof keys[0]];

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        enum err e = policy_int(db, org, keys[i].key, at_ms, keys[i].min, keys[i].max,
                                keys[i].fallback, &v[i]);
        if (e)
            return e;
    }
    *out = (struct notify_policy){ .quiet_from_min = (int)v[0],
                                   .quiet_to_min = (int)v[1],
                                   .tries_max = (int)v[2],
                                   .first_wait_ms = v[3] * MS_PER_S,
                                   .most_wait_ms = v[4] * MS_PER_S,
                                   .keep_ms = v[5] * MS_PER_DAY };
    return ERR_OK;
}

static enum err sweep_centre(struct db *db, struct org_id centre, int64_t now_ms)
{
    struct notify_policy p;
    struct query q;
    enum err e = policy_notify(db, centre, now_ms, &p);

    if (e)
        return e;
    q = query_on(db, "DELETE FROM notification WHERE centre = $1 AND done_ms < $2");
    query_int(&q, centre.v);
    query_int(&q, now_ms - p.keep_ms);
    return query_run(&q);
}

enum err notification_sweep(struct db *db, int64_t now_ms)
{
    const enum org_type centre = ORG_CENTRE;
    struct org_list all = { 0 };
    enum err e = org_list(db, &centre, &all);

    for (size_t i = 0; !e && i < all.n; i++)
        e = sweep_centre(db, all.items[i].id, now_ms);
    org_list_free(&all);
    return e;
}
