/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's card carries six digits and nothing else, so the digits alone must
 * find the child: they are unique within the centre while they are valid. The
 * database holds an HMAC of them under the pepper, which is not in the
 * database; guessing is slowed by address before anything is looked up. Desk
 * thread.
 */
#ifndef PARTA_API_CARD_H
#define PARTA_API_CARD_H

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/api/account.h"
#include "server/api/api.h"
#include "server/store/db.h"

/* Signs in by the digits: wrong ones cost the same as right ones. */
enum api_answer card_sign_in(struct api_ctx *ctx, const char *code, sign_in_done *done,
                             struct desk_reply *reply);

/* Gives the child a new card and revokes the old one. ERR_STATE: another child's card has these
 * digits. For the command line and the demo; slow (a password hash). */
enum err card_set(struct db *db, const struct account_key *key, struct user_id user,
                  const char *code, int64_t now_ms, struct user_id by) MUST_CHECK;

/* Makes the digits of the child's standing card find the child. ERR_STATE as above. */
enum err card_find_by(struct db *db, const struct account_key *key, struct user_id user,
                      const char *code, int64_t now_ms) MUST_CHECK;

#endif
