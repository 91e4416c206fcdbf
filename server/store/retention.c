/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs of retention, their lists, and who is on hold; see retention.h.
 */
#include "server/store/retention.h"

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/store/org.h"

/* ---- policy ------------------------------------------------------------------------------- */

enum err policy_retention(struct db *db, struct org_id centre, int64_t at_ms,
                          struct retention_policy *out)
{
    struct retention_policy p = retention_policy_default();
    enum err e = policy_int(db, centre, RETENTION_CONFIRM_KEY, at_ms, 1, 366, p.confirm_days,
                            &p.confirm_days);

    for (int k = 0; !e && k < RETENTION_KINDS; k++)
        e = policy_int(db, centre, retention_setting((enum retention_kind)k)->key, at_ms,
                       RETENTION_DAYS_MIN, RETENTION_DAYS_MAX, p.days[k], &p.days[k]);
    if (!e)
        *out = p;
    return e;
}

/* ---- runs ----------------------------------------------------------------------------------- */

#define RUN                                                                                        \
    "SELECT id, centre, state, kind, item, more, asked_by, confirmed_by, asked_ms, listed_ms, "    \
    "confirmed_ms, ended_ms, rev FROM retention_run "

static enum err read_run(struct query *q, struct retention_run *out)
{
    struct retention_run r = { 0 };
    char word[32];
    enum err e;

    if (query_row(q)) {
        r.id = row_int(q);
        r.centre.v = row_int(q);
        row_text(q, word, sizeof word);
        if (!retention_state_parse(word, &r.state))
            query_blame(q);
        row_text(q, word, sizeof word);
        if (!retention_kind_parse(word, &r.kind))
            query_blame(q);
        r.item = row_int(q);
        r.more = row_bool(q);
        r.asked_by.v = row_int(q);
        r.confirmed_by.v = row_int(q);
        r.asked_ms = row_int(q);
        r.listed_ms = row_int(q);
        r.confirmed_ms = row_int(q);
        r.ended_ms = row_int(q);
        r.rev = row_int(q);
    }
    e = query_end_found(q);
    if (!e)
        *out = r;
    return e;
}

enum err retention_run_add(struct db *db, struct org_id centre, int64_t now_ms, struct user_id by,
                           int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO retention_run (centre, kind, asked_by, asked_ms) "
                                  "VALUES ($1, $2, $3, $4) RETURNING id");

    query_int(&q, centre.v);
    query_text(&q, retention_kind_name(RETENTION_CHAT));
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return query_insert(&q, out_id);
}

enum err retention_run_load(struct db *db, int64_t id, struct retention_run *out)
{
    struct query q = query_on(db, RUN "WHERE id = $1");

    query_int(&q, id);
    return read_run(&q, out);
}

enum err retention_run_newest(struct db *db, struct org_id centre, struct retention_run *out)
{
    struct query q = query_on(db, RUN "WHERE centre = $1 ORDER BY id DESC LIMIT 1");

    query_int(&q, centre.v);
    return read_run(&q, out);
}

enum err retention_run_at_work(struct db *db, struct retention_run *out)
{
    struct query q = query_on(db, RUN "WHERE ended_ms IS NULL AND state IN ('listing', 'running') "
                                      "ORDER BY id LIMIT 1");

    return read_run(&q, out);
}

enum err retention_run_reach(struct db *db, const struct retention_run *r, bool listed,
                             int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE retention_run SET kind = $2, item = $3, more = $4, "
                                  "state = $5, listed_ms = $6, rev = rev + $7 WHERE id = $1");

    query_int(&q, r->id);
    query_text(&q, retention_kind_name(r->kind));
    query_int(&q, r->item);
    query_int(&q, r->more);
    query_text(&q, retention_state_name(listed ? RETENTION_STATE_LISTED : RETENTION_STATE_LISTING));
    query_int_or_null(&q, listed ? now_ms : 0, 0);
    query_int(&q, listed);
    return query_run(&q);
}

enum err retention_run_confirm(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE retention_run SET state = 'running', confirmed_by = $2, "
                                  "confirmed_ms = $3, rev = rev + 1 WHERE id = $1");

    query_int(&q, id);
    query_int(&q, by.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err retention_run_end(struct db *db, int64_t id, enum retention_state state, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE retention_run SET state = $2, ended_ms = $3, "
                                  "rev = rev + 1 WHERE id = $1");

    query_int(&q, id);
    query_text(&q, retention_state_name(state));
    query_int(&q, now_ms);
    return query_run(&q);
}

/* ---- lists ---------------------------------------------------------------------------------- */

/* The names of the bits, with commas between. */
static enum err holds_text(unsigned holds, char *out, size_t cap)
{
    size_t len = 0;

    out[0] = '\0';
    for (int h = 0; h < RETENTION_HOLDS; h++) {
        if (!(holds & 1u << h))
            continue;
        if (!str_format(out + len, cap - len, "%s%s", len ? "," : "",
                        retention_hold_name((enum retention_hold)h)))
            return ERR_INVAL;
        while (out[len])
            len++;
    }
    return ERR_OK;
}

enum err retention_item_add(struct db *db, int64_t run, enum retention_kind k,
                            const struct retention_facts *f, bool held)
{
    char holds[64];
    enum err e = holds_text(held ? f->holds : 0, holds, sizeof holds);
    struct query q;

    if (e)
        return e;
    q = query_on(db, "INSERT INTO retention_item (run, kind, item, since_ms, state, holds) "
                     "VALUES ($1, $2, $3, $4, $5, $6)");
    query_int(&q, run);
    query_text(&q, retention_kind_name(k));
    query_int(&q, f->item);
    query_int(&q, f->since_ms);
    query_text(&q, held ? "held" : "due");
    query_text(&q, holds);
    return query_run(&q);
}

static void read_item(struct query *q, struct retention_item *i)
{
    char word[32];

    *i = (struct retention_item){ 0 };
    row_text(q, word, sizeof word);
    if (!retention_kind_parse(word, &i->kind))
        query_blame(q);
    i->item = row_int(q);
    i->since_ms = row_int(q);
    row_text(q, i->state, sizeof i->state);
    row_text(q, i->holds, sizeof i->holds);
    i->done_ms = row_int(q);
}

static enum err read_items(struct query *q, struct retention_items *out)
{
    struct retention_items l = { 0 };
    struct retention_item *item;
    enum err e;

    while (QUERY_NEXT(q, &l, item))
        read_item(q, item);
    e = query_end(q);
    if (e)
        retention_items_free(&l);
    else
        *out = l;
    return e;
}

#define ITEM "SELECT kind, item, since_ms, state, holds, done_ms FROM retention_item "

enum err retention_item_list(struct db *db, int64_t run, enum retention_kind k, size_t first,
                             size_t max, struct retention_items *out)
{
    struct query q = query_on(db, ITEM "WHERE run = $1 AND ($2 = '' OR kind = $2) "
                                       "ORDER BY kind, item LIMIT $4 OFFSET $3");

    query_int(&q, run);
    query_text(&q, k == RETENTION_KINDS ? "" : retention_kind_name(k));
    query_int(&q, (int64_t)first);
    query_int(&q, (int64_t)max);
    return read_items(&q, out);
}

enum err retention_item_next(struct db *db, int64_t run, size_t max, struct retention_items *out)
{
    struct query q = query_on(db, ITEM "WHERE run = $1 AND state = 'due' LIMIT $2");

    query_int(&q, run);
    query_int(&q, (int64_t)max);
    return read_items(&q, out);
}

void retention_items_free(struct retention_items *l)
{
    mem_free(l->items);
    *l = (struct retention_items){ 0 };
}

enum err retention_item_settle(struct db *db, int64_t run, const struct retention_item *i,
                               bool done, unsigned holds, int64_t now_ms)
{
    char text[64];
    enum err e = holds_text(done ? 0 : holds, text, sizeof text);
    struct query q;

    if (e)
        return e;
    q = query_on(db, "UPDATE retention_item SET state = $4, holds = $5, done_ms = $6 "
                     "WHERE run = $1 AND kind = $2 AND item = $3 AND state = 'due'");
    query_int(&q, run);
    query_text(&q, retention_kind_name(i->kind));
    query_int(&q, i->item);
    query_text(&q, done ? "done" : "spared");
    query_text(&q, done || text[0] ? text : "young");
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err retention_count(struct db *db, int64_t run, struct retention_counts *out)
{
    struct query q = query_on(db, "SELECT kind, sum(state = 'due'), sum(state = 'held'), "
                                  "sum(state = 'done'), sum(state = 'spared') FROM retention_item "
                                  "WHERE run = $1 GROUP BY kind");
    struct retention_counts n = { 0 };
    enum err e;

    query_int(&q, run);
    while (query_row(&q)) {
        enum retention_kind k = RETENTION_CHAT;
        char word[32];

        row_text(&q, word, sizeof word);
        if (!retention_kind_parse(word, &k))
            query_blame(&q);
        n.due[k] = row_int(&q);
        n.held[k] = row_int(&q);
        n.done[k] = row_int(&q);
        n.spared[k] = row_int(&q);
    }
    e = query_end(&q);
    if (!e)
        *out = n;
    return e;
}

/* ---- holds ---------------------------------------------------------------------------------- */

#define BAN                                                                                        \
    "SELECT id, centre, user_id, created_by, created_ms, lifted_ms IS NOT NULL, reason "           \
    "FROM retention_hold "

static void read_ban(struct query *q, struct retention_ban *b)
{
    *b = (struct retention_ban){ 0 };
    b->id = row_int(q);
    b->centre.v = row_int(q);
    b->user.v = row_int(q);
    b->by.v = row_int(q);
    b->created_ms = row_int(q);
    b->lifted = row_bool(q);
    row_text(q, b->reason, sizeof b->reason);
}

enum err retention_ban_add(struct db *db, const struct retention_ban *b, int64_t now_ms,
                           int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO retention_hold (centre, user_id, reason, "
                                  "created_ms, created_by) VALUES ($1, $2, $3, $4, $5) "
                                  "RETURNING id");

    query_int(&q, b->centre.v);
    query_int(&q, b->user.v);
    query_text(&q, b->reason);
    query_int(&q, now_ms);
    query_int(&q, b->by.v);
    return query_insert(&q, out_id);
}

enum err retention_ban_load(struct db *db, int64_t id, struct retention_ban *out)
{
    struct query q = query_on(db, BAN "WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_ban(&q, out);
    return query_end_found(&q);
}

enum err retention_ban_lift(struct db *db, int64_t id, int64_t now_ms, struct user_id by)
{
    struct query q = query_on(db, "UPDATE retention_hold SET lifted_ms = $2, lifted_by = $3 "
                                  "WHERE id = $1 AND lifted_ms IS NULL RETURNING id");
    int64_t changed = 0;

    query_int(&q, id);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (query_row(&q))
        changed = row_int(&q);
    (void)changed;
    return query_end_found(&q);
}

enum err retention_ban_list(struct db *db, struct org_id centre, struct retention_bans *out)
{
    struct query q =
        query_on(db, BAN "WHERE centre = $1 AND lifted_ms IS NULL ORDER BY id DESC LIMIT 200");
    struct retention_bans l = { 0 };
    struct retention_ban *item;
    enum err e;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, item))
        read_ban(&q, item);
    e = query_end(&q);
    if (e)
        retention_bans_free(&l);
    else
        *out = l;
    return e;
}

void retention_bans_free(struct retention_bans *l)
{
    mem_free(l->items);
    *l = (struct retention_bans){ 0 };
}
