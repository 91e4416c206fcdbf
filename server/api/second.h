/* SPDX-License-Identifier: Apache-2.0
 *
 * The second step of signing in: asked behind a right password, and owed by
 * whom policy names. Desk thread.
 */
#ifndef PARTA_API_SECOND_H
#define PARTA_API_SECOND_H

#include "common/base/err.h"
#include "server/api/api.h"

enum second_answer {
    SECOND_OK,    /* the person has none, or the code opened and is used up */
    SECOND_NEED,  /* none was typed */
    SECOND_WRONG, /* not the code of now, or used */
};

/* typed: six digits of the authenticator, or a recovery code; "": none. */
enum err second_ask(struct api_ctx *ctx, struct user_id user, const char *typed,
                    enum second_answer *out) MUST_CHECK;

/* Does this sign-in still owe a second step? By a password, of somebody whom policy tells to have
 * one and who has none. Until it is set up it opens nothing else. */
enum err second_owed(struct db *db, const struct login *l, const struct grant_set *grants,
                     int64_t now_ms, bool *out) MUST_CHECK;

/* True for each role among the grants. */
void roles_of(const struct grant_set *grants, bool roles[ROLE_COUNT]);

#endif
