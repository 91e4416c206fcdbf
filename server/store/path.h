/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of path tests, and the people of the lessons ahead. Desk thread.
 */
#ifndef PARTA_STORE_PATH_H
#define PARTA_STORE_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/path.h"
#include "server/store/db.h"

struct path_test {
    struct user_id user;
    int64_t at_ms;
    struct path_figures figures;
    struct path_judgement judgement;
};

enum err path_test_add(struct db *db, const struct path_test *t) MUST_CHECK;
/* The newest of the person. ERR_NOTFOUND: none (any more). */
enum err path_test_last(struct db *db, struct user_id user, struct path_test *out) MUST_CHECK;
/* How many the person has made since since_ms. */
enum err path_test_count(struct db *db, struct user_id user, int64_t since_ms, int *out) MUST_CHECK;

struct path_ahead {
    struct user_id user;
    bool mentor;     /* else a child */
    int64_t next_ms; /* start of the next lesson */
};
struct path_ahead_list {
    struct path_ahead *items; /* owned */
    size_t n;
};
/* Children and mentors of the centre's lessons that begin in [from_ms, to_ms), by their next
 * lesson. */
enum err path_ahead_list(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                         struct path_ahead_list *out) MUST_CHECK;
void path_ahead_list_free(struct path_ahead_list *l);
/* The next lesson of one person from from_ms on; *out 0: none. */
enum err path_next_lesson(struct db *db, struct user_id user, int64_t from_ms,
                          int64_t *out) MUST_CHECK;

#endif
