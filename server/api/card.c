/* SPDX-License-Identifier: Apache-2.0
 *
 * Cards of six digits; see card.h. Desk thread, card_set also a command.
 */
#include "server/api/card.h"

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/login.h"
#include "server/store/user.h"

/* What every unknown card counts as, for the throttle and for a hash that costs the same. */
#define NO_CARD "-card"
/* Wrong cards from one address within the window; a child may mistype a few times. */
#define CARD_TRIES 10
#define CARD_WINDOW_MS (15 * MS_PER_MIN)

static enum err code_mac(const struct account_key *key, const char *code, uint8_t out[32])
{
    char pepper[2 * sizeof key->pepper + 1], text[sizeof pepper + 24];

    str_hex(key->pepper, sizeof key->pepper, pepper);
    if (!str_format(text, sizeof text, "card:%s:%s", pepper, code))
        return ERR_INVAL;
    account_token_hash(text, out);
    explicit_bzero(pepper, sizeof pepper);
    explicit_bzero(text, sizeof text);
    return ERR_OK;
}

static enum api_answer throttled(struct api_ctx *ctx, int64_t at_ms, sign_in_done *done,
                                 struct desk_reply *reply)
{
    struct sign_in_result r = { .verdict = SIGN_IN_THROTTLED, .at_ms = at_ms };

    return done(ctx, &r, reply);
}

/* Too many wrong cards from this address? Asked before a card is looked up, so that a right guess
 * gets no further than a wrong one. */
static enum err wrong_cards(struct api_ctx *ctx, struct sign_in_tries *out)
{
    uint8_t account[32];

    account_token_hash(NO_CARD, account);
    return sign_in_tries(ctx->db, account, ctx->request->u.http.client_hash,
                         ctx->now.unix_ms - CARD_WINDOW_MS, out);
}

enum api_answer card_sign_in(struct api_ctx *ctx, const char *code, sign_in_done *done,
                             struct desk_reply *reply)
{
    struct sign_in_tries tries;
    struct user_id user = { 0 };
    struct user u = { 0 };
    uint8_t mac[32];
    enum err err = wrong_cards(ctx, &tries);

    if (!err && tries.failed_here >= CARD_TRIES)
        return throttled(ctx, tries.oldest_ms + CARD_WINDOW_MS, done, reply);
    if (!err)
        err = code_mac(desk_key(ctx->desk), code, mac);
    if (!err)
        err = pin_by_code(ctx->db, mac, ctx->now.unix_ms, &user);
    if (!err)
        err = user_load(ctx->db, user, &u);
    if (err && err != ERR_NOTFOUND)
        return API_FAILED;
    return account_sign_in_pin(ctx, u.login[0] ? u.login : NO_CARD, code, done, reply);
}

enum err card_find_by(struct db *db, const struct account_key *key, struct user_id user,
                      const char *code, int64_t now_ms)
{
    uint8_t mac[32];
    enum err err = code_mac(key, code, mac);

    return err ? err : pin_set_code(db, user, mac, now_ms);
}

enum err card_set(struct db *db, const struct account_key *key, struct user_id user,
                  const char *code, int64_t now_ms, struct user_id by)
{
    char hash[PIN_HASH_MAX];
    uint8_t mac[32];
    struct user_id holder;
    enum err err = code_mac(key, code, mac);

    if (!err)
        err = pin_by_code(db, mac, now_ms, &holder);
    if (!err)
        return user_id_eq(holder, user) ? ERR_OK : ERR_STATE;
    if (err != ERR_NOTFOUND)
        return err;
    err = account_hash(key, code, hash, sizeof hash);
    if (!err)
        err = pin_set(db, user, hash, FOREVER_MS, now_ms, by);
    return err ? err : pin_set_code(db, user, mac, now_ms);
}
