/* SPDX-License-Identifier: Apache-2.0
 *
 * Lists that a centre brings along (domain/roster) against the records: what
 * is taken, unknown or perhaps there already, and the rows themselves, all of
 * them or none. Nobody is overwritten and nobody is merged. Desk thread.
 */
#ifndef PARTA_STORE_ROSTER_H
#define PARTA_STORE_ROSTER_H

#include "common/base/ids.h"
#include "server/domain/roster.h"
#include "server/store/db.h"

/* Into which centre, when and by whom. */
struct roster_into {
    struct org_id centre;
    int64_t now_ms;
    struct user_id by; /* 0: the console */
};

struct roster_count {
    size_t schools, children, mentors, guardians, teachings, lessons;
    int64_t version; /* row of the draft that took the lessons, 0 without any */
};

/* Blames what the records have against the rows. A school counts only if it is this centre's. */
enum err roster_judge(struct db *db, const struct roster_into *into, const struct roster *r,
                      struct table_faults *faults) MUST_CHECK;

/* Writes every row; the caller holds the transaction and has judged in it. Lessons go into a new
 * draft of the schedule, where the rules judge them. ERR_STATE: a row is in the way after all:
 * undo. */
enum err roster_write(struct db *db, const struct roster_into *into, const struct roster *r,
                      struct roster_count *out) MUST_CHECK;

#endif
