/* SPDX-License-Identifier: Apache-2.0
 *
 * Children, their guardians and the consents given for them. Holds no medical
 * field. Desk thread.
 */
#ifndef PARTA_STORE_CHILD_H
#define PARTA_STORE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"
#include "server/store/user.h"

struct child {
    struct child_id id;
    struct user_id user;
    struct org_id centre;
    struct org_id school; /* of registration */
    int grade;
    char register_no[33];
    char birth_date[11]; /* "" : not known */
    /* read only: of the user */
    char name[USER_NAME_MAX + 1];
    char short_name[USER_NAME_MAX + 1];
    char animal[USER_ANIMAL_MAX + 1];
    char tz[ZONE_NAME_MAX];
};

struct child_list {
    struct child *items; /* owned */
    size_t n;
};

enum err child_load(struct db *db, struct child_id id, struct child *out) MUST_CHECK;
enum err child_by_user(struct db *db, struct user_id user, struct child *out) MUST_CHECK;
/* id 0 inserts, else updates school and grade. ERR_STATE: register number taken. */
enum err child_save(struct db *db, const struct child *c, int64_t now_ms, struct user_id by,
                    struct child_id *out) MUST_CHECK;

/* By name. Zero fields do not narrow. */
struct child_filter {
    struct org_id centre;
    struct org_id school;
    struct user_id guardian; /* links that stand at at_ms */
    struct user_id mentor;   /* children assigned to this person at at_ms */
    int64_t at_ms;
};
enum err child_list(struct db *db, const struct child_filter *f, struct child_list *out) MUST_CHECK;
void child_list_free(struct child_list *l);

/* Guardians. rights "full" or "log" (sees the log, may not look into lessons). */
enum err guardian_add(struct db *db, struct user_id guardian, struct child_id child,
                      const char *rights, int64_t from_ms, struct user_id by,
                      int64_t *out_id) MUST_CHECK;
enum err guardian_end(struct db *db, struct user_id guardian, struct child_id child,
                      int64_t at_ms) MUST_CHECK;
enum err guardian_stands(struct db *db, struct user_id guardian, struct child_id child,
                         int64_t at_ms, bool *out) MUST_CHECK;
/* Names of the child's guardians at at_ms. */
enum err guardian_list(struct db *db, struct child_id child, int64_t at_ms,
                       struct user_list *out) MUST_CHECK;

/* kind: "lessons", "group", "recording". */
enum err consent_give(struct db *db, struct child_id child, const char *kind,
                      const char *text_version, struct user_id given_by, int64_t at_ms,
                      int64_t expires_ms) MUST_CHECK;
enum err consent_withdraw(struct db *db, struct child_id child, const char *kind, struct user_id by,
                          int64_t at_ms) MUST_CHECK;
enum err consent_stands(struct db *db, struct child_id child, const char *kind, int64_t at_ms,
                        bool *out) MUST_CHECK;

#endif
