/* SPDX-License-Identifier: Apache-2.0
 *
 * One-time ways in by mail: invitations of staff, links for a new password;
 * and the list of staff with their sign-ins. Tokens come in as digests. Desk
 * thread.
 */
#ifndef PARTA_STORE_INVITE_H
#define PARTA_STORE_INVITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/access.h"
#include "server/store/db.h"
#include "server/store/notification.h"
#include "server/store/user.h"

struct invite {
    int64_t id;
    struct org_id centre, org;
    enum role role;
    char name[USER_NAME_MAX + 1];
    char address[MAIL_ADDRESS_MAX + 1];
    char locale[9];
    int64_t created_ms, expires_ms;
    struct user_id by;
    bool used, withdrawn;
};
struct invite_list {
    struct invite *items; /* owned */
    size_t n;
};

/* ERR_STATE "unique": one to this address is open. */
enum err invite_add(struct db *db, const struct invite *i, const uint8_t *token_hash,
                    int64_t now_ms, int64_t *out_id) MUST_CHECK;
/* Open ones of this address that have expired are withdrawn, so that a fresh one can be sent. */
enum err invite_clear(struct db *db, const char *address, int64_t now_ms) MUST_CHECK;
/* Open at now_ms. ERR_NOTFOUND: unknown, used, withdrawn and expired alike. */
enum err invite_by_token(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                         struct invite *out) MUST_CHECK;
enum err invite_load(struct db *db, int64_t id, struct invite *out) MUST_CHECK;
/* Of any number of calls one gets ERR_OK, the others ERR_NOTFOUND. */
enum err invite_use(struct db *db, int64_t id, struct user_id user, int64_t now_ms) MUST_CHECK;
enum err invite_withdraw(struct db *db, int64_t id, int64_t now_ms) MUST_CHECK;
/* Not used and not withdrawn, newest first. centre 0: all. */
enum err invite_list(struct db *db, struct org_id centre, struct invite_list *out) MUST_CHECK;
void invite_list_free(struct invite_list *l);

enum err reset_add(struct db *db, struct user_id user, const uint8_t *token_hash,
                   int64_t expires_ms, int64_t now_ms, int64_t *out_id) MUST_CHECK;
/* Made since since_ms. */
enum err reset_count(struct db *db, struct user_id user, int64_t since_ms, int *out) MUST_CHECK;
enum err reset_by_token(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                        struct user_id *out, int64_t *out_id) MUST_CHECK;
/* Uses it, and shuts the person's others. ERR_NOTFOUND: somebody was faster. */
enum err reset_use(struct db *db, int64_t id, struct user_id user, int64_t now_ms) MUST_CHECK;

/* One of the staff, as the list of people shows it. */
struct staff_line {
    struct user_id user;
    enum user_status status;
    char name[USER_NAME_MAX + 1];
    char login[USER_LOGIN_MAX + 1];
    char address[MAIL_ADDRESS_MAX + 1];
    bool roles[ROLE_COUNT]; /* that stand */
    bool second;
    int64_t seen_ms; /* 0: never signed in */
    int open_logins;
};
struct staff_lines {
    struct staff_line *items; /* owned */
    size_t n;
};
/* Staff of the centre and of its schools by name; centre 0: of all. */
enum err staff_lines(struct db *db, struct org_id centre, int64_t now_ms, size_t first,
                     size_t limit, struct staff_lines *out) MUST_CHECK;
void staff_lines_free(struct staff_lines *l);

/* How a person can tell an own sign-in by. */
struct login_line {
    int64_t id, created_ms, seen_ms;
    char via[9], device[81], net[49];
};
struct login_lines {
    struct login_line *items; /* owned */
    size_t n;
};
enum err login_lines(struct db *db, struct user_id user, int64_t now_ms,
                     struct login_lines *out) MUST_CHECK;
void login_lines_free(struct login_lines *l);
enum err login_describe(struct db *db, int64_t login, const char *device,
                        const char *net) MUST_CHECK;

#endif
