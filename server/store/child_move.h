/* SPDX-License-Identifier: Apache-2.0
 *
 * Children who move to another school (item 26). Desk thread.
 */
#ifndef PARTA_STORE_CHILD_MOVE_H
#define PARTA_STORE_CHILD_MOVE_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define CHILD_MOVE_REASON_MAX 400 /* bytes */

struct child_move {
    int64_t id;
    struct child_id child;
    struct org_id from, to;
    char reason[CHILD_MOVE_REASON_MAX + 1];
    int64_t at_ms;
};

struct child_move_list {
    struct child_move *items; /* owned */
    size_t n;
};

/* The child is registered at m->to from now on. id is not looked at. ERR_STATE: it is not at
 * m->from any more, or both are the same. */
enum err child_move_add(struct db *db, const struct child_move *m, struct user_id by,
                        int64_t *out_id) MUST_CHECK;

/* The last move of each child of the centre that has moved since, newest first. */
enum err child_move_list(struct db *db, struct org_id centre, int64_t since_ms,
                         struct child_move_list *out) MUST_CHECK;
void child_move_list_free(struct child_move_list *l);

#endif
