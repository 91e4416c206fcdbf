/* SPDX-License-Identifier: Apache-2.0
 *
 * Retention in the records: which rows have come to their time, runs with
 * their lists, what is forbidden to be emptied, and the emptying itself. What
 * is due is domain/retention's to say. An item is emptied within the caller's
 * transaction, whole or not at all. Desk thread; retention_scan also on a
 * reading connection.
 */
#ifndef PARTA_STORE_RETENTION_H
#define PARTA_STORE_RETENTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/retention.h"
#include "server/store/db.h"

/* ---- policy ------------------------------------------------------------------------------- */

/* Keys retention.*, each within RETENTION_DAYS_MIN..RETENTION_DAYS_MAX. */
enum err policy_retention(struct db *db, struct org_id centre, int64_t at_ms,
                          struct retention_policy *out) MUST_CHECK;

/* ---- what the records have ------------------------------------------------------------------ */

struct retention_found {
    struct retention_facts *items; /* owned */
    size_t n;
};
void retention_found_free(struct retention_found *l);

/* Everything of a kind that the centre has and that is not emptied yet, with numbers in
 * (after, upto], by number. No name is read. */
enum err retention_scan(struct db *db, enum retention_kind k, struct org_id centre, int64_t after,
                        int64_t upto, int64_t now_ms, struct retention_found *out) MUST_CHECK;

/* The highest number there is of a kind; 0: none. */
enum err retention_last(struct db *db, enum retention_kind k, int64_t *out) MUST_CHECK;

/* ---- runs ----------------------------------------------------------------------------------- */

struct retention_run {
    int64_t id;
    struct org_id centre;
    enum retention_state state;
    enum retention_kind kind; /* how far the listing has come */
    int64_t item;
    bool more; /* the list was full */
    struct user_id asked_by, confirmed_by;
    int64_t asked_ms, listed_ms, confirmed_ms, ended_ms; /* 0: not yet */
    int64_t rev;
};

/* ERR_STATE: one is open already. */
enum err retention_run_add(struct db *db, struct org_id centre, int64_t now_ms, struct user_id by,
                           int64_t *out_id) MUST_CHECK;
enum err retention_run_load(struct db *db, int64_t id, struct retention_run *out) MUST_CHECK;
/* The newest of the centre, or of all centres one that is listing or running. ERR_NOTFOUND. */
enum err retention_run_newest(struct db *db, struct org_id centre,
                              struct retention_run *out) MUST_CHECK;
enum err retention_run_at_work(struct db *db, struct retention_run *out) MUST_CHECK;
/* How far the listing has come; listed: it is complete. */
enum err retention_run_reach(struct db *db, const struct retention_run *r, bool listed,
                             int64_t now_ms) MUST_CHECK;
enum err retention_run_confirm(struct db *db, int64_t id, int64_t now_ms,
                               struct user_id by) MUST_CHECK;
enum err retention_run_end(struct db *db, int64_t id, enum retention_state state,
                           int64_t now_ms) MUST_CHECK;

/* ---- lists ---------------------------------------------------------------------------------- */

#define RETENTION_ITEM_STATE_MAX 8

struct retention_item {
    enum retention_kind kind;
    int64_t item, since_ms, done_ms;
    char state[RETENTION_ITEM_STATE_MAX]; /* due, held, done, spared */
    char holds[64];                       /* names with commas between */
};
struct retention_items {
    struct retention_item *items; /* owned */
    size_t n;
};
enum err retention_item_add(struct db *db, int64_t run, enum retention_kind k,
                            const struct retention_facts *f, bool held) MUST_CHECK;
/* kind RETENTION_KINDS: all. */
enum err retention_item_list(struct db *db, int64_t run, enum retention_kind k, size_t first,
                             size_t max, struct retention_items *out) MUST_CHECK;
/* The next ones that are due, at most max. */
enum err retention_item_next(struct db *db, int64_t run, size_t max,
                             struct retention_items *out) MUST_CHECK;
void retention_items_free(struct retention_items *l);
/* Done, or spared for what holds it back now (0: its time has not come any more). */
enum err retention_item_settle(struct db *db, int64_t run, const struct retention_item *i,
                               bool done, unsigned holds, int64_t now_ms) MUST_CHECK;

struct retention_counts {
    int64_t due[RETENTION_KINDS], held[RETENTION_KINDS], done[RETENTION_KINDS],
        spared[RETENTION_KINDS];
};
enum err retention_count(struct db *db, int64_t run, struct retention_counts *out) MUST_CHECK;

/* ---- holds ---------------------------------------------------------------------------------- */

struct retention_ban {
    int64_t id;
    struct org_id centre;
    struct user_id user, by;
    int64_t created_ms;
    bool lifted;
    char reason[401];
};
struct retention_bans {
    struct retention_ban *items; /* owned */
    size_t n;
};
/* ERR_STATE: there is one of this person. */
enum err retention_ban_add(struct db *db, const struct retention_ban *b, int64_t now_ms,
                           int64_t *out_id) MUST_CHECK;
enum err retention_ban_load(struct db *db, int64_t id, struct retention_ban *out) MUST_CHECK;
enum err retention_ban_lift(struct db *db, int64_t id, int64_t now_ms,
                            struct user_id by) MUST_CHECK;
/* Open ones, newest first. */
enum err retention_ban_list(struct db *db, struct org_id centre,
                            struct retention_bans *out) MUST_CHECK;
void retention_bans_free(struct retention_bans *l);
/* Is it somebody of the centre: a child, a guardian of one, one of the staff? */
enum err retention_of_centre(struct db *db, struct user_id user, struct org_id centre,
                             bool *out) MUST_CHECK;

/* ---- emptying ------------------------------------------------------------------------------- */

/* Empties one item for the run, within the open transaction. alias: for a person; NULL for the
 * other kinds. Files are left to the sweep of their folder, which no row keeps them from any more.
 * What attendance, reports and figures are computed from is not touched, and no frozen byte but
 * those of the kinds that say so. ERR_NOTFOUND: there is no such thing (any more). */
enum err retention_empty(struct db *db, int64_t run, enum retention_kind k, int64_t item,
                         const char *alias, int64_t now_ms) MUST_CHECK;

#endif
