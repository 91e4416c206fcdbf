/* SPDX-License-Identifier: Apache-2.0
 *
 * A new password on its way through a worker: the old one checked where there
 * is one, the new one hashed. Desk thread.
 */
#ifndef PARTA_API_PASSWORD_H
#define PARTA_API_PASSWORD_H

#include "server/api/account.h"
#include "server/api/call.h"
#include "server/store/login.h"

struct renewal;

/* The second half, behind the worker: makes the answer in c, or refuses. Then also a fresh cookie
 * if token is filled. */
typedef enum err renewal_done(struct call *c, struct renewal *r,
                              char token[ACCOUNT_TOKEN_CHARS + 1]);

struct renewal {
    renewal_done *done;
    uint8_t token_hash[TOKEN_HASH_BYTES];
    struct user_id user;
    char login[65];    /* of a new account */
    char address[255]; /* to be set */

    /* filled here */
    const struct account_key *key;
    char old[ACCOUNT_PASSWORD_MAX + 1], fresh[ACCOUNT_PASSWORD_MAX + 1];
    char have[PIN_HASH_MAX], encoded[PIN_HASH_MAX];
    bool matched, hashed;
};

/* From a body's fields, with both passwords in place: to the worker. r: of renewal_new; taken over.
 */
struct renewal *renewal_new(struct call *c, renewal_done *done);
void renewal_free(void *r);
enum api_answer renewal_go(struct call *c, struct renewal *r, struct desk_reply *reply);

/* A password as a person may choose it: 12-256 bytes, not one letter again and again, not the
 * login. Blames the field of the view. */
void password_check(struct json_view *in, const char *field, const char *password,
                    const char *login);

/* The answer in c as the reply. */
enum api_answer call_done(struct call *c, enum err e, struct desk_reply *reply);

/* A one-time token as it is sent: ACCOUNT_TOKEN_CHARS of base64url, or the view is blamed. */
void token_field(struct json_view *in, uint8_t hash[TOKEN_HASH_BYTES]);

/* Mail addresses in lower case; false: none. */
bool address_tidy(const char *typed, char out[255]);

#endif
