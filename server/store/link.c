/* SPDX-License-Identifier: Apache-2.0
 *
 * One-time personal links and children's PIN cards.
 */
#include "server/store/login.h"
#include "server/store/user.h"

enum err link_add(struct db *db, struct user_id user, const uint8_t *token_hash, int64_t expires_ms,
                  int64_t now_ms, struct user_id by, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO sign_in_link (user_id, token_hash, created_ms, "
                                  "created_by, expires_ms) VALUES ($1, $2, $3, $4, $5) "
                                  "RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, user.v);
    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    query_int(&q, expires_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err link_consume(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                      struct user_id *out_user, int64_t *out_link)
{
    /* One statement finds and uses it: there is no moment between the two. */
    struct query q = query_on(db, "UPDATE sign_in_link SET uses_left = uses_left - 1, "
                                  "used_ms = CASE WHEN uses_left <= 1 THEN $2 END "
                                  "WHERE token_hash = $1 "
                                  "AND used_ms IS NULL AND revoked_ms IS NULL "
                                  "AND expires_ms > $2 RETURNING id, user_id");
    struct user_id user = { 0 };
    int64_t id = 0;
    enum err e;

    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    if (query_row(&q)) {
        id = row_int(&q);
        user.v = row_int(&q);
    }
    e = query_end_found(&q);
    if (!e) {
        *out_user = user;
        *out_link = id;
    }
    return e;
}

enum err link_allow_uses(struct db *db, const uint8_t *token_hash, int uses)
{
    struct query q = query_on(db, "UPDATE sign_in_link SET uses_left = $2 WHERE token_hash = $1 "
                                  "AND EXISTS (SELECT 1 FROM policy WHERE key = 'demo' "
                                  "AND value = '1') RETURNING id");

    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, uses);
    if (query_row(&q))
        row_skip(&q);
    return query_end_found(&q);
}

enum err pin_set_code(struct db *db, struct user_id user, const uint8_t *code_mac, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE pin SET code_mac = $2 WHERE user_id = $1 "
                                  "AND revoked_ms IS NULL "
                                  "AND (expires_ms IS NULL OR expires_ms > $3) RETURNING id");

    query_int(&q, user.v);
    query_bytes(&q, code_mac, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    if (query_row(&q))
        row_skip(&q);
    return query_end_found(&q);
}

enum err pin_by_code(struct db *db, const uint8_t *code_mac, int64_t now_ms, struct user_id *out)
{
    struct query q = query_on(db, "SELECT user_id FROM pin WHERE code_mac = $1 "
                                  "AND revoked_ms IS NULL "
                                  "AND (expires_ms IS NULL OR expires_ms > $2)");
    struct user_id user = { 0 };
    enum err e;

    query_bytes(&q, code_mac, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    if (query_row(&q))
        user.v = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out = user;
    return e;
}

enum err link_used_by(struct db *db, int64_t link, int64_t login)
{
    struct query q = query_on(db, "UPDATE sign_in_link SET used_login = $2 WHERE id = $1");

    query_int(&q, link);
    query_int(&q, login);
    return query_run(&q);
}

enum err link_revoke_all(struct db *db, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE sign_in_link SET revoked_ms = $2 WHERE user_id = $1 "
                                  "AND used_ms IS NULL AND revoked_ms IS NULL");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err pin_revoke(struct db *db, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE pin SET revoked_ms = $2 WHERE user_id = $1 "
                                  "AND revoked_ms IS NULL");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err pin_set(struct db *db, struct user_id user, const char *pin_hash, int64_t expires_ms,
                 int64_t now_ms, struct user_id by)
{
    struct query q;
    enum err e = pin_revoke(db, user, now_ms);

    if (e)
        return e;
    q = query_on(db, "INSERT INTO pin (user_id, pin_hash, created_ms, created_by, expires_ms) "
                     "VALUES ($1, $2, $3, $4, $5)");
    query_int(&q, user.v);
    query_text(&q, pin_hash);
    query_int(&q, now_ms);
    query_id_or_null(&q, by.v);
    query_int_or_null(&q, expires_ms, FOREVER_MS);
    return query_run(&q);
}

enum err pin_load(struct db *db, struct user_id user, int64_t now_ms, char *out, size_t cap)
{
    struct query q = query_on(db, "SELECT pin_hash FROM pin WHERE user_id = $1 "
                                  "AND revoked_ms IS NULL "
                                  "AND (expires_ms IS NULL OR expires_ms > $2)");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    if (query_row(&q))
        row_text(&q, out, cap);
    return query_end_found(&q);
}
