/* SPDX-License-Identifier: Apache-2.0
 *
 * Returns of the number of children in need: one per school and month, beside
 * what the school has referred in it. Desk thread.
 */
#ifndef PARTA_STORE_NEED_RETURN_H
#define PARTA_STORE_NEED_RETURN_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

struct need_return {
    int64_t id;
    struct org_id school;
    char period[8]; /* "YYYY-MM" */
    int64_t count;
    int64_t rev;
    int64_t changed_ms;
    struct user_id changed_by;
};

struct need_return_list {
    struct need_return *items; /* owned */
    size_t n;
};

enum err need_return_load(struct db *db, int64_t id, struct need_return *out) MUST_CHECK;

/* id 0 inserts, else updates the count. ERR_STATE "unique": the school has one for this month. */
enum err need_return_save(struct db *db, const struct need_return *r, int64_t now_ms,
                          struct user_id by, int64_t *out_id) MUST_CHECK;

/* Newest month first, then by school; the first max. centre: of its schools; 0 and "" do not
 * narrow. */
struct need_return_filter {
    struct org_id school, centre;
    const char *period;
    int max;
};
enum err need_return_list(struct db *db, const struct need_return_filter *f,
                          struct need_return_list *out) MUST_CHECK;
void need_return_list_free(struct need_return_list *l);

/* Referrals that the school first submitted in [from_ms, to_ms) and did not withdraw. */
enum err need_received(struct db *db, struct org_id school, int64_t from_ms, int64_t to_ms,
                       int64_t *out) MUST_CHECK;

#endif
