/* SPDX-License-Identifier: Apache-2.0
 *
 * The secret address of a person's calendar feed: one stands at a time, its
 * token comes in as a SHA-256 digest and is never stored. Desk thread.
 */
#ifndef PARTA_STORE_FEED_H
#define PARTA_STORE_FEED_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define FEED_HASH_BYTES 32

/* A new one; the old one ends. */
enum err feed_set(struct db *db, struct user_id user, const uint8_t *token_hash, int64_t now_ms,
                  int64_t *out_id) MUST_CHECK;
/* ERR_NOTFOUND: there is none that stands. */
enum err feed_revoke(struct db *db, struct user_id user, int64_t now_ms,
                     int64_t *out_id) MUST_CHECK;
/* Since when, 0: none stands. */
enum err feed_since(struct db *db, struct user_id user, int64_t *out_ms) MUST_CHECK;
/* Whose it is. ERR_NOTFOUND for unknown and revoked alike. */
enum err feed_user(struct db *db, const uint8_t *token_hash, struct user_id *out) MUST_CHECK;

#endif
