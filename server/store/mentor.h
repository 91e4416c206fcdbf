/* SPDX-License-Identifier: Apache-2.0
 *
 * Mentors: training, employment at schools, assignment to children, and the
 * gates of "may teach" that this issue has (items 13, 26, 31). Desk thread.
 */
#ifndef PARTA_STORE_MENTOR_H
#define PARTA_STORE_MENTOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"
#include "server/store/user.h"

struct mentor {
    struct mentor_id id;
    struct user_id user;
    struct org_id centre;
    /* read only: of the user */
    char name[USER_NAME_MAX + 1];
    char short_name[USER_NAME_MAX + 1];
    char tz[ZONE_NAME_MAX];
};

struct mentor_list {
    struct mentor *items; /* owned */
    size_t n;
};

enum err mentor_load(struct db *db, struct mentor_id id, struct mentor *out) MUST_CHECK;
enum err mentor_by_user(struct db *db, struct user_id user, struct mentor *out) MUST_CHECK;
enum err mentor_add(struct db *db, struct user_id user, struct org_id centre, int64_t now_ms,
                    struct user_id by, struct mentor_id *out) MUST_CHECK;
/* By name; centre 0: all. */
enum err mentor_list(struct db *db, struct org_id centre, struct mentor_list *out) MUST_CHECK;
void mentor_list_free(struct mentor_list *l);

enum err training_add(struct db *db, struct mentor_id mentor, const char *course, int64_t issued_ms,
                      int64_t expires_ms, struct user_id verified_by, int64_t now_ms) MUST_CHECK;
enum err employment_add(struct db *db, struct mentor_id mentor, struct org_id school,
                        const char *order_no, int week_minutes, int64_t from_ms, int64_t to_ms,
                        int64_t now_ms, struct user_id by, int64_t *out_id) MUST_CHECK;
enum err employment_end(struct db *db, struct mentor_id mentor, struct org_id school,
                        int64_t at_ms) MUST_CHECK;
/* subject 0: lead mentor. */
enum err assignment_add(struct db *db, struct child_id child, struct mentor_id mentor,
                        int64_t subject, int64_t from_ms, int64_t to_ms, int64_t now_ms,
                        struct user_id by, int64_t *out_id) MUST_CHECK;

/* Gates that fail, as bits; 0: may teach. All of them at once (item 31). */
enum teach_gate {
    GATE_USER = 1 << 0,       /* locked, ended, or no mentor role */
    GATE_TRAINING = 1 << 1,   /* no verified course that stands at that date (item 13) */
    GATE_EMPLOYMENT = 1 << 2, /* not employed at the child's school (item 26) */
    GATE_ASSIGNMENT = 1 << 3, /* not assigned to the child; a substitute needs none (R17) */
};

/* can_teach(mentor, child at school, at). */
enum err mentor_gates(struct db *db, struct mentor_id mentor, struct child_id child,
                      struct org_id school, int64_t at_ms, bool substitute,
                      unsigned *out) MUST_CHECK;

#endif
