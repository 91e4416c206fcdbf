/* SPDX-License-Identifier: Apache-2.0
 *
 * Sign-in: server-side sessions, one-time personal links, PIN cards, and the
 * count of failed tries. Tokens come in as SHA-256 digests; the tokens
 * themselves are never stored (T16). Desk thread.
 */
#ifndef PARTA_STORE_LOGIN_H
#define PARTA_STORE_LOGIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define TOKEN_HASH_BYTES 32
#define PIN_HASH_MAX 160

#define LOGIN_IDLE_MS (30 * INT64_C(60000)) /* not during a lesson */
#define LOGIN_ABSOLUTE_MS (12 * INT64_C(3600000))

struct login {
    int64_t id;
    struct user_id user;
    int64_t created_ms, seen_ms, expires_ms;
    bool ended;
    bool in_lesson; /* has an open presence row: does not idle out */
    char via[9];    /* "password", "pin", "link" */
};

/* expires_ms = now + LOGIN_ABSOLUTE_MS. */
enum err login_add(struct db *db, struct user_id user, const uint8_t *token_hash, const char *via,
                   const char *ip_hash, int64_t now_ms, int64_t *out_id) MUST_CHECK;
enum err login_by_token(struct db *db, const uint8_t *token_hash, struct login *out) MUST_CHECK;
enum err login_load(struct db *db, int64_t id, struct login *out) MUST_CHECK;
/* Not ended, not idle (or in a lesson), not older than 12 h. */
bool login_valid(const struct login *l, int64_t now_ms);
/* At most one write a minute. */
enum err login_touch(struct db *db, const struct login *l, int64_t now_ms) MUST_CHECK;
enum err login_end(struct db *db, int64_t id, const char *reason, int64_t now_ms) MUST_CHECK;

/* Does any password or card in the records depend on the secret file? */
enum err login_secrets_kept(struct db *db, bool *out) MUST_CHECK;

/* Live sessions of a person, newest first (for "sign out everywhere" and for pushes). */
struct login_list {
    struct login *items; /* owned */
    size_t n;
};
enum err login_list(struct db *db, struct user_id user, int64_t now_ms,
                    struct login_list *out) MUST_CHECK;
void login_list_free(struct login_list *l);

/* One-time personal link. */
enum err link_add(struct db *db, struct user_id user, const uint8_t *token_hash, int64_t expires_ms,
                  int64_t now_ms, struct user_id by, int64_t *out_id) MUST_CHECK;
/* Uses it up: of any number of parallel calls exactly one gets ERR_OK; ERR_NOTFOUND for unknown,
 * used, revoked and expired alike (S1, S2). */
enum err link_consume(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                      struct user_id *out_user, int64_t *out_link) MUST_CHECK;
/* A demo's link opens the door uses times. ERR_NOTFOUND: no such link, or this is no demo. */
enum err link_allow_uses(struct db *db, const uint8_t *token_hash, int uses) MUST_CHECK;
enum err link_used_by(struct db *db, int64_t link, int64_t login) MUST_CHECK;
enum err link_revoke_all(struct db *db, struct user_id user, int64_t now_ms) MUST_CHECK;

/* PIN card: a new one revokes the old one. expires_ms FOREVER_MS: until revoked. */
enum err pin_set(struct db *db, struct user_id user, const char *pin_hash, int64_t expires_ms,
                 int64_t now_ms, struct user_id by) MUST_CHECK;
/* ERR_NOTFOUND: none that stands. */
enum err pin_load(struct db *db, struct user_id user, int64_t now_ms, char *out,
                  size_t cap) MUST_CHECK;
/* The digest by which a card's digits find their child. ERR_STATE "unique": another valid card has
 * these digits; ERR_NOTFOUND: the child has no card that stands. */
enum err pin_set_code(struct db *db, struct user_id user, const uint8_t *code_mac,
                      int64_t now_ms) MUST_CHECK;
enum err pin_by_code(struct db *db, const uint8_t *code_mac, int64_t now_ms,
                     struct user_id *out) MUST_CHECK;
enum err pin_revoke(struct db *db, struct user_id user, int64_t now_ms) MUST_CHECK;

/* Throttle (F34). account: sha-256 of what was typed. */
/* A try is written as failed before its secret is looked at, so that many at once count too, and
 * turned into a success by sign_in_try_won. */
enum err sign_in_try_add(struct db *db, const uint8_t *account, const char *ip_hash, int64_t now_ms,
                         int64_t *out_id) MUST_CHECK;
enum err sign_in_try_won(struct db *db, int64_t id) MUST_CHECK;
/* It was neither: nothing was guessed. */
enum err sign_in_try_drop(struct db *db, int64_t id) MUST_CHECK;
/* Failures of this account from this address since since_ms, and the time of the oldest of them;
 * and failures of this account from anywhere since its last success. */
struct sign_in_tries {
    int failed_here;
    int64_t oldest_ms;
    int failed_in_a_row;
    bool won_here; /* this account has been opened from this address before */
};
enum err sign_in_tries(struct db *db, const uint8_t *account, const char *ip_hash, int64_t since_ms,
                       struct sign_in_tries *out) MUST_CHECK;

#endif
