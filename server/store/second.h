/* SPDX-License-Identifier: Apache-2.0
 *
 * The second step of signing in and its recovery codes; policy account.*.
 * Desk thread.
 */
#ifndef PARTA_STORE_SECOND_H
#define PARTA_STORE_SECOND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/accounts.h"
#include "server/store/db.h"

#define RECOVERY_MAC_BYTES 32

struct second {
    bool confirmed;
    int64_t confirmed_ms; /* 0: not yet */
    int64_t last_step;
    int recovery_left;
    uint8_t *sealed; /* owned (mem_free) */
    size_t sealed_len;
};

/* ERR_NOTFOUND: the person has none, not even one that waits to be confirmed. */
enum err second_load(struct db *db, struct user_id user, struct second *out) MUST_CHECK;
void second_free(struct second *s);
/* Is there a confirmed one? */
enum err second_on(struct db *db, struct user_id user, bool *out) MUST_CHECK;
/* A fresh one that waits for its first code; an earlier unconfirmed one goes. ERR_STATE "unique": a
 * confirmed one is there. */
enum err second_begin(struct db *db, struct user_id user, const uint8_t *sealed, size_t len,
                      int64_t now_ms) MUST_CHECK;
enum err second_confirm(struct db *db, struct user_id user, int64_t step,
                        int64_t now_ms) MUST_CHECK;
/* This step's code has been taken. ERR_NOTFOUND: it, or a newer one, has been before. */
enum err second_take(struct db *db, struct user_id user, int64_t step) MUST_CHECK;
/* With its recovery codes. ERR_NOTFOUND: there was none. */
enum err second_drop(struct db *db, struct user_id user) MUST_CHECK;

/* All earlier codes of the person go. */
enum err recovery_drop(struct db *db, struct user_id user) MUST_CHECK;
enum err recovery_add(struct db *db, struct user_id user, const uint8_t *mac,
                      int64_t now_ms) MUST_CHECK;
/* Uses one up. ERR_NOTFOUND: not a code of this person, or used. */
enum err recovery_take(struct db *db, struct user_id user, const uint8_t *mac,
                       int64_t now_ms) MUST_CHECK;

enum err policy_accounts(struct db *db, struct org_id org, int64_t at_ms,
                         struct accounts_policy *out) MUST_CHECK;

#endif
