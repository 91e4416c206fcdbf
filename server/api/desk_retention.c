/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of retention, a little in every round, so that nobody at a door waits
 * for it: first the list is drawn up, then, once a second person has confirmed
 * it, item after item is emptied. How far it has come stands in the records,
 * in the same transaction as the work: a program that is killed goes on where
 * it was. Every item is judged once more before it is emptied. Desk thread.
 */
#include "common/base/log.h"
#include "common/base/str.h"
#include "server/api/desk_internal.h"
#include "server/store/audit.h"
#include "server/store/retention.h"
#include "server/sys/random.h"

/* What a round may cost, in looked-at lessons (about 2 us each). */
#define ROUND_COST 8000
#define SLICE_COST 100
#define ITEMS_MAX 20000 /* of one run: a list that people can confirm, and that rows can bear */
#define EMPTIED_A_ROUND 40
#define PEOPLE_A_ROUND 4

static const struct user_id program = { 0 };

static int64_t cost_of(enum retention_kind k)
{
    if (retention_of_person(k))
        return 400; /* all of a person's lessons are looked at */
    return k == RETENTION_CHAT || k == RETENTION_PRESENCE ? 1 : 40;
}

/* ---- the list ------------------------------------------------------------------------------- */

static enum err enter(struct desk *d, const struct retention_run *r,
                      const struct retention_policy *p, const struct retention_found *l)
{
    enum err e = ERR_OK;

    for (size_t i = 0; !e && i < l->n; i++) {
        enum retention_verdict v = retention_judge(p, r->kind, &l->items[i], d->now.unix_ms);

        if (v != RETENTION_KEEP)
            e = retention_item_add(d->db, r->id, r->kind, &l->items[i], v == RETENTION_HELD);
    }
    return e;
}

static enum err listed_items(struct desk *d, int64_t run, int64_t *out)
{
    struct retention_counts n;
    enum err e = retention_count(d->db, run, &n);

    *out = 0;
    for (int k = 0; !e && k < RETENTION_KINDS; k++)
        *out += n.due[k] + n.held[k];
    return e;
}

/* The next numbers of the run's kind, for at most *budget; r goes on, to the next kind at the end.
 */
static enum err slice(struct desk *d, struct retention_run *r, const struct retention_policy *p,
                      int64_t *budget)
{
    struct retention_found l = { 0 };
    int64_t last = 0, n = (*budget - SLICE_COST) / cost_of(r->kind), upto;
    enum err e = retention_last(d->db, r->kind, &last);

    if (e)
        return e;
    n = n < 1 ? 1 : n;
    upto = last - r->item > n ? r->item + n : last;
    e = retention_scan(d->db, r->kind, r->centre, r->item, upto, d->now.unix_ms, &l);
    if (!e)
        e = enter(d, r, p, &l);
    retention_found_free(&l);
    *budget -= SLICE_COST + (upto - r->item) * cost_of(r->kind);
    r->item = upto;
    if (upto >= last) {
        r->kind++;
        r->item = 0;
    }
    return e;
}

static enum err list_on(struct desk *d, struct retention_run *r, const struct retention_policy *p)
{
    int64_t budget = ROUND_COST, items = 0;
    enum err e = ERR_OK;
    bool over = false;

    while (!e && budget > 0 && r->kind < RETENTION_KINDS)
        e = slice(d, r, p, &budget);
    if (!e)
        e = listed_items(d, r->id, &items);
    r->more = items >= ITEMS_MAX && r->kind < RETENTION_KINDS;
    over = r->more || r->kind == RETENTION_KINDS;
    if (r->kind == RETENTION_KINDS)
        r->kind = RETENTION_KINDS - 1;
    return e ? e : retention_run_reach(d->db, r, over, d->now.unix_ms);
}

/* ---- emptying ------------------------------------------------------------------------------- */

static enum err empty_it(struct desk *d, const struct retention_run *r,
                         const struct retention_item *i)
{
    bool person = retention_of_person(i->kind);
    char alias[RETENTION_ALIAS_CHARS + 1];
    uint8_t chance[5];
    enum err e = random_bytes(chance, sizeof chance);

    if (e)
        return e;
    retention_alias(chance, alias);
    e = retention_empty(d->db, r->id, i->kind, i->item, person ? alias : NULL, d->now.unix_ms);
    if (!e && person)
        e = audit_add(d->db, d->now.unix_ms, program, "retention.alias", "user", i->item, "",
                      retention_kind_name(i->kind));
    return e;
}

/* As it stands now; *due: it may go. */
static enum err look_again(struct desk *d, const struct retention_run *r,
                           const struct retention_policy *p, const struct retention_item *i,
                           unsigned *holds, bool *due)
{
    struct retention_found l = { 0 };
    enum err e =
        retention_scan(d->db, i->kind, r->centre, i->item - 1, i->item, d->now.unix_ms, &l);

    *due = false;
    *holds = 0;
    if (!e && l.n == 1) {
        *holds = l.items[0].holds;
        *due = retention_judge(p, i->kind, &l.items[0], d->now.unix_ms) == RETENTION_DUE;
    }
    retention_found_free(&l);
    return e;
}

/* One item that cannot be emptied must not keep the others from it. */
static enum err one(struct desk *d, const struct retention_run *r, const struct retention_policy *p,
                    const struct retention_item *i)
{
    unsigned holds = 0;
    bool due = false;
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = look_again(d, r, p, i, &holds, &due);
    if (!e && due)
        e = empty_it(d, r, i);
    if (!e)
        e = retention_item_settle(d->db, r->id, i, due, holds, d->now.unix_ms);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db) || e == ERR_NOMEM || e == ERR_IO)
        return e;
    log_error("retention.item", "run=%lld kind=%s item=%lld error=%s refusal=%s", (long long)r->id,
              retention_kind_name(i->kind), (long long)i->item, err_name(e), db_refusal(d->db));
    return retention_item_settle(d->db, r->id, i, false, 0, d->now.unix_ms);
}

static enum err over(struct desk *d, const struct retention_run *r)
{
    struct retention_counts n;
    int64_t done = 0;
    char text[24];
    enum err e = retention_count(d->db, r->id, &n);

    for (int k = 0; !e && k < RETENTION_KINDS; k++)
        done += n.done[k];
    if (!e && !str_format(text, sizeof text, "%lld", (long long)done))
        e = ERR_INVAL;
    if (!e)
        e = retention_run_end(d->db, r->id, RETENTION_STATE_DONE, d->now.unix_ms);
    if (!e)
        e = audit_add(d->db, d->now.unix_ms, program, "retention.done", "retention_run", r->id, "",
                      text);
    if (!e)
        log_info("retention.done", "run=%lld items=%lld", (long long)r->id, (long long)done);
    return e;
}

static enum err empty_on(struct desk *d, const struct retention_run *r,
                         const struct retention_policy *p)
{
    struct retention_items l = { 0 };
    int people = 0;
    enum err e = retention_item_next(d->db, r->id, EMPTIED_A_ROUND, &l);

    if (!e && l.n == 0)
        e = over(d, r);
    for (size_t i = 0; !e && i < l.n && people < PEOPLE_A_ROUND; i++) {
        people += retention_of_person(l.items[i].kind);
        e = one(d, r, p, &l.items[i]);
    }
    retention_items_free(&l);
    return e;
}

/* ---- a round -------------------------------------------------------------------------------- */

static enum err go_on(struct desk *d)
{
    struct retention_run r;
    struct retention_policy p;
    enum err e = retention_run_at_work(d->db, &r);

    if (e)
        return e == ERR_NOTFOUND ? ERR_OK : e;
    e = policy_retention(d->db, r.centre, d->now.unix_ms, &p);
    if (e)
        return e;
    return r.state == RETENTION_STATE_LISTING ? list_on(d, &r, &p) : empty_on(d, &r, &p);
}

enum err desk_do_retention(struct desk *d)
{
    enum err e = db_savepoint(d->db);

    if (e)
        return e;
    e = go_on(d);
    if (!e)
        return db_release(d->db);
    db_undo(d->db);
    if (!db_in_transaction(d->db))
        return e;
    if (log_limit_pass(&d->fault_log, d->now.mono_us, 20, 60 * US_PER_S))
        log_error("desk.retention", "error=%s", err_name(e));
    return ERR_OK;
}
