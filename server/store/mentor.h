/* SPDX-License-Identifier: Apache-2.0
 *
 * Mentors, their employment at schools and assignment to children. Whether
 * one may teach is asked through store/hiring. Desk thread.
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
/* The one with the next id. ERR_NOTFOUND: there is none. */
enum err mentor_after(struct db *db, struct mentor_id after, struct mentor *out) MUST_CHECK;
/* By name; centre 0: all. */
enum err mentor_list(struct db *db, struct org_id centre, struct mentor_list *out) MUST_CHECK;
void mentor_list_free(struct mentor_list *l);

enum err employment_add(struct db *db, struct mentor_id mentor, struct org_id school,
                        const char *order_no, int week_minutes, int64_t from_ms, int64_t to_ms,
                        int64_t now_ms, struct user_id by, int64_t *out_id) MUST_CHECK;
enum err employment_end(struct db *db, struct mentor_id mentor, struct org_id school,
                        int64_t at_ms) MUST_CHECK;
/* The mentor's assignments to children of this school end at at_ms if not before: who is not
 * employed there teaches none of them (item 26). */
enum err assignment_end_at(struct db *db, struct mentor_id mentor, struct org_id school,
                           int64_t at_ms) MUST_CHECK;
/* subject 0: lead mentor. */
enum err assignment_add(struct db *db, struct child_id child, struct mentor_id mentor,
                        int64_t subject, int64_t from_ms, int64_t to_ms, int64_t now_ms,
                        struct user_id by, int64_t *out_id) MUST_CHECK;

#endif
