/* SPDX-License-Identifier: Apache-2.0
 *
 * See feed.h.
 */
#include "server/store/feed.h"

enum err feed_revoke(struct db *db, struct user_id user, int64_t now_ms, int64_t *out_id)
{
    struct query q = query_on(
        db, "UPDATE feed SET revoked_ms = CASE WHEN created_ms > $2 "
            "THEN created_ms ELSE $2 END WHERE user_id = $1 AND revoked_ms IS NULL RETURNING id");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    if (query_row(&q))
        *out_id = row_int(&q);
    return query_end_found(&q);
}

enum err feed_set(struct db *db, struct user_id user, const uint8_t *token_hash, int64_t now_ms,
                  int64_t *out_id)
{
    struct query q;
    int64_t old;
    enum err err = feed_revoke(db, user, now_ms, &old);

    if (err && err != ERR_NOTFOUND)
        return err;
    q = query_on(db, "INSERT INTO feed (user_id, token_hash, created_ms) VALUES ($1, $2, $3) "
                     "RETURNING id");
    query_int(&q, user.v);
    query_bytes(&q, token_hash, FEED_HASH_BYTES);
    query_int(&q, now_ms);
    return query_insert(&q, out_id);
}

enum err feed_since(struct db *db, struct user_id user, int64_t *out_ms)
{
    struct query q = query_on(db, "SELECT created_ms FROM feed WHERE user_id = $1 "
                                  "AND revoked_ms IS NULL");

    *out_ms = 0;
    query_int(&q, user.v);
    if (query_row(&q))
        *out_ms = row_int(&q);
    return query_end(&q);
}

enum err feed_user(struct db *db, const uint8_t *token_hash, struct user_id *out)
{
    struct query q = query_on(db, "SELECT user_id FROM feed WHERE token_hash = $1 "
                                  "AND revoked_ms IS NULL");

    query_bytes(&q, token_hash, FEED_HASH_BYTES);
    if (query_row(&q))
        out->v = row_int(&q);
    return query_end_found(&q);
}
