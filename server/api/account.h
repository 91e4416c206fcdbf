/* SPDX-License-Identifier: Apache-2.0
 *
 * Sign-in and secrets. Password and PIN are hashed with argon2id on a worker,
 * two at a time and 32 waiting (F34); a link and a session cost one SHA-256.
 * Wrong name, wrong secret and locked-out answers are equal and cost the same
 * (S10); that an access has ended is told only to who knows the secret. Desk
 * thread; account_hash and account_verify any thread.
 */
#ifndef PARTA_API_ACCOUNT_H
#define PARTA_API_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/api/api.h"

#define ACCOUNT_TOKEN_CHARS 43 /* 32 random bytes as base64url */
#define ACCOUNT_PIN_DIGITS 6
#define ACCOUNT_PASSWORD_MIN 12
#define ACCOUNT_PASSWORD_MAX 256
#define ACCOUNT_CODE_MAX 32
#define ACCOUNT_COOKIE "__Host-s"

enum sign_in {
    SIGN_IN_OK,
    SIGN_IN_WRONG,     /* name, secret, link or card do not open */
    SIGN_IN_THROTTLED, /* too many failed tries; at_ms: when again, 0: ask the centre */
    SIGN_IN_BUSY,      /* too many hashes wait; try again in a few seconds: 429 */
    SIGN_IN_NEED_CODE, /* right secret; the person has a second step and sent no code */
    SIGN_IN_BAD_CODE,  /* right secret, and a code that does not open */
    SIGN_IN_ENDED,     /* right secret, but the access is locked or has ended */
};

struct sign_in_result {
    enum sign_in verdict;
    int64_t at_ms;
    struct user_id user; /* OK only, as all below */
    int64_t login;
    char token[ACCOUNT_TOKEN_CHARS + 1]; /* the cookie's value */
};

/* Called once, on the desk, inside a savepoint; fills the reply. */
typedef enum api_answer sign_in_done(struct api_ctx *ctx, const struct sign_in_result *r,
                                     struct desk_reply *reply);

/* Staff and guardians. Calls done now (API_DONE) or later (API_LATER). */
enum api_answer account_sign_in(struct api_ctx *ctx, const char *login, const char *password,
                                sign_in_done *done, struct desk_reply *reply);
/* The same with the code of the second step: six digits of the authenticator, or a recovery code.
 */
enum api_answer account_sign_in_code(struct api_ctx *ctx, const char *login, const char *password,
                                     const char *code, sign_in_done *done,
                                     struct desk_reply *reply);
/* A child's card: login is the card's name, pin its six digits. */
enum api_answer account_sign_in_pin(struct api_ctx *ctx, const char *login, const char *pin,
                                    sign_in_done *done, struct desk_reply *reply);
/* A personal link: at once. */
enum err account_sign_in_link(struct api_ctx *ctx, const char *token,
                              struct sign_in_result *out) MUST_CHECK;

/* A fresh session for a person who proved who they are; via: "password". */
enum err account_begin(struct api_ctx *ctx, struct user_id user, const char *via,
                       struct sign_in_result *r) MUST_CHECK;
/* A new password that a worker has hashed: kept, told by mail, and all other sessions of the person
 * are ended but this one (0: all). */
enum err account_keep_password(struct api_ctx *ctx, struct user_id user, const char *encoded,
                               int64_t but_login) MUST_CHECK;
/* One sign-in, or all of a person's but one (0: all), with the pushes. */
enum err account_end_login(struct api_ctx *ctx, int64_t login, const char *reason) MUST_CHECK;
enum err account_end_others(struct api_ctx *ctx, struct user_id user, int64_t but,
                            const char *reason) MUST_CHECK;

/* "Set-Cookie" of a fresh session, and the one that deletes it. */
void account_set_cookie(struct desk_reply *reply, const char *token);
void account_clear_cookie(struct desk_reply *reply);

/* Ends the caller's session, or all of a person's; pushes the logout. */
enum err account_sign_out(struct api_ctx *ctx) MUST_CHECK;
enum err account_sign_out_all(struct api_ctx *ctx, struct user_id user,
                              const char *reason) MUST_CHECK;

/* Who a cookie's value is. ERR_NOTFOUND: nobody (unknown, ended, idle, too old). */
enum err account_by_cookie(struct db *db, const char *token, int64_t now_ms,
                           struct login *out) MUST_CHECK;

/* Sets a new password (hashed on a worker), ends all other sessions of the person. done gets
 * ok false when the queue is full. */
typedef enum api_answer secret_done(struct api_ctx *ctx, bool ok, struct desk_reply *reply);
enum api_answer account_set_password(struct api_ctx *ctx, struct user_id user, const char *password,
                                     secret_done *done, struct desk_reply *reply);
/* A new card for a child: six random digits in out; its hash is stored by the time done is called,
 * the digits are in ctx for done only. */
enum api_answer account_new_pin(struct api_ctx *ctx, struct user_id user,
                                enum api_answer (*done)(struct api_ctx *ctx, bool ok,
                                                        const char *pin, struct desk_reply *reply),
                                struct desk_reply *reply);

/* A one-time link's token; link_add is done. valid_ms: for how long. */
enum err account_new_link(struct db *db, struct user_id user, int64_t valid_ms, int64_t now_ms,
                          struct user_id by, char out[ACCOUNT_TOKEN_CHARS + 1]) MUST_CHECK;

/* ---- used by the command line and by the demo data, without a desk ---------------------- */

struct account_key {
    uint8_t pepper[32];
};
/* Reads the key file; makes it (0600) when create is set and it does not exist. ERR_IO, ERR_PARSE
 * (not 32 bytes). */
enum err account_key_load(const char *path, bool create, struct account_key *out) MUST_CHECK;

/* argon2id, 46 MiB, t=1, p=1, over HMAC-SHA256(pepper, secret). About 60 ms. */
enum err account_hash(const struct account_key *key, const char *secret, char *out,
                      size_t cap) MUST_CHECK;
bool account_verify(const struct account_key *key, const char *secret, const char *encoded);

/* The desk's own key. Desk thread. */
const struct account_key *desk_key(const struct desk *d);

/* The desk's keys of sealed columns. Desk thread. */
struct seal_ring;
const struct seal_ring *desk_ring(const struct desk *d);

/* Digest of a request's text, keyed: the text may hold what must not be guessed from the records.
 */
enum err account_request_mac(const struct account_key *key, const char *text,
                             uint8_t out[32]) MUST_CHECK;

/* SHA-256 of a token's text. */
void account_token_hash(const char *token, uint8_t out[32]);

#endif
