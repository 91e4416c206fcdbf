/* SPDX-License-Identifier: Apache-2.0
 *
 * Everyone who signs in, and the roles they were granted. Names are stored as
 * given. Desk thread.
 */
#ifndef PARTA_STORE_USER_H
#define PARTA_STORE_USER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/access.h"
#include "server/domain/zone.h"
#include "server/store/db.h"

#define USER_LOGIN_MAX 64
#define USER_NAME_MAX 160 /* bytes */
#define USER_ANIMAL_MAX 16
#define USER_GRANTS_MAX 16

/* A to_ms that never comes (NULL in the database). */
#define FOREVER_MS INT64_MAX

#define USER_STATUS_LIST(X)                                                                        \
    X(ACTIVE, "active")                                                                            \
    X(LOCKED, "locked") /* may not sign in until unlocked */                                       \
    X(ENDED, "ended")   /* left for good; rows stay */

enum user_status {
#define X(code, name) USER_##code,
    USER_STATUS_LIST(X)
#undef X
};

const char *user_status_name(enum user_status s);

struct user {
    struct user_id id;
    enum user_status status;
    bool has_password;
    char login[USER_LOGIN_MAX + 1];     /* lower case; "" : none */
    char name[USER_NAME_MAX + 1];       /* full */
    char short_name[USER_NAME_MAX + 1]; /* as others in a lesson see it */
    char animal[USER_ANIMAL_MAX + 1];   /* seat picture */
    char locale[9];                     /* "ru", "en" */
    char tz[ZONE_NAME_MAX];
};

struct user_list {
    struct user *items; /* owned */
    size_t n;
};

enum err user_load(struct db *db, struct user_id id, struct user *out) MUST_CHECK;
enum err user_by_login(struct db *db, const char *login, struct user *out) MUST_CHECK;

/* id 0 inserts, else updates names, login, animal, locale, tz (not the status, not the password).
 * ERR_STATE: login taken. */
enum err user_save(struct db *db, const struct user *u, int64_t now_ms, struct user_id by,
                   struct user_id *out) MUST_CHECK;

/* Also ends the person's login sessions when it is not ACTIVE (desk_push_logout is the caller's).
 */
enum err user_set_status(struct db *db, struct user_id id, enum user_status s,
                         int64_t now_ms) MUST_CHECK;

/* Encoded password hash, "" if none. */
enum err user_password(struct db *db, struct user_id id, char *out, size_t cap) MUST_CHECK;
enum err user_set_password(struct db *db, struct user_id id, const char *encoded,
                           int64_t now_ms) MUST_CHECK;

/* By name. role ROLE_NONE: any; org 0: any (children and mentors: of that centre). */
enum err user_list(struct db *db, enum role role, struct org_id org, int64_t at_ms,
                   struct user_list *out) MUST_CHECK;
void user_list_free(struct user_list *l);

struct grant {
    int64_t id;
    struct user_id user;
    enum role role;
    struct org_id org;
    int64_t from_ms;
    int64_t to_ms; /* FOREVER_MS: open */
};

struct grant_set {
    struct grant items[USER_GRANTS_MAX];
    size_t n;
};

/* What stands at at_ms. */
enum err grant_list(struct db *db, struct user_id user, int64_t at_ms,
                    struct grant_set *out) MUST_CHECK;
enum err grant_add(struct db *db, const struct grant *g, int64_t now_ms, struct user_id by,
                   int64_t *out_id) MUST_CHECK;
enum err grant_end(struct db *db, int64_t id, int64_t at_ms) MUST_CHECK;
bool grant_has(const struct grant_set *s, enum role role, struct org_id org); /* org 0: anywhere */

#endif
