/* SPDX-License-Identifier: Apache-2.0
 *
 * Sign-in sessions and failed tries. Links and cards are in link.c.
 */
#include "server/store/login.h"

#include "common/base/mem.h"
#include "common/base/now.h"

#define TOUCH_MS MS_PER_MIN

enum err login_add(struct db *db, struct user_id user, const uint8_t *token_hash, const char *via,
                   const char *ip_hash, int64_t now_ms, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO login_session (user_id, token_hash, via, ip_hash, "
                                  "created_ms, seen_ms, expires_ms) "
                                  "VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, user.v);
    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_text(&q, via);
    query_text(&q, ip_hash);
    query_int(&q, now_ms);
    query_int(&q, now_ms + LOGIN_ABSOLUTE_MS);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out_id = id;
    return e;
}

#define LOGIN_COLUMNS                                                                              \
    "l.id, l.user_id, l.created_ms, l.seen_ms, l.expires_ms, l.ended_ms IS NOT NULL, "             \
    "EXISTS (SELECT 1 FROM session s WHERE s.login = l.id AND s.leave_ms IS NULL), l.via"

static void read_login(struct query *q, struct login *l)
{
    *l = (struct login){ 0 };
    l->id = row_int(q);
    l->user.v = row_int(q);
    l->created_ms = row_int(q);
    l->seen_ms = row_int(q);
    l->expires_ms = row_int(q);
    l->ended = row_bool(q);
    l->in_lesson = row_bool(q);
    row_text(q, l->via, sizeof l->via);
}

enum err login_by_token(struct db *db, const uint8_t *token_hash, struct login *out)
{
    struct query q = query_on(db, "SELECT " LOGIN_COLUMNS " FROM login_session l "
                                  "WHERE l.token_hash = $1");

    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    if (query_row(&q))
        read_login(&q, out);
    return query_end_found(&q);
}

enum err login_load(struct db *db, int64_t id, struct login *out)
{
    struct query q = query_on(db, "SELECT " LOGIN_COLUMNS " FROM login_session l WHERE l.id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_login(&q, out);
    return query_end_found(&q);
}

bool login_valid(const struct login *l, int64_t now_ms)
{
    if (l->ended || now_ms >= l->expires_ms)
        return false;
    return l->in_lesson || now_ms - l->seen_ms < LOGIN_IDLE_MS;
}

enum err login_touch(struct db *db, const struct login *l, int64_t now_ms)
{
    struct query q;

    if (now_ms - l->seen_ms < TOUCH_MS)
        return ERR_OK;
    q = query_on(db, "UPDATE login_session SET seen_ms = $2 WHERE id = $1 AND ended_ms IS NULL");
    query_int(&q, l->id);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err login_end(struct db *db, int64_t id, const char *reason, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE login_session SET ended_ms = $2, end_reason = $3 "
                                  "WHERE id = $1 AND ended_ms IS NULL");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_text(&q, reason);
    return query_run(&q);
}

enum err login_secrets_kept(struct db *db, bool *out)
{
    struct query q =
        query_on(db, "SELECT EXISTS (SELECT 1 FROM \"user\" WHERE pw_hash IS NOT NULL) "
                     "OR EXISTS (SELECT 1 FROM pin WHERE revoked_ms IS NULL)");
    bool kept = false;
    enum err e;

    if (query_row(&q))
        kept = row_bool(&q);
    e = query_end_found(&q);
    if (!e)
        *out = kept;
    return e;
}

enum err login_list(struct db *db, struct user_id user, int64_t now_ms, struct login_list *out)
{
    struct query q = query_on(db, "SELECT " LOGIN_COLUMNS " FROM login_session l "
                                  "WHERE l.user_id = $1 AND l.ended_ms IS NULL "
                                  "AND l.expires_ms > $2 ORDER BY l.id DESC");
    struct login_list l = { 0 };
    struct login *item;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, &l, item))
        read_login(&q, item);
    e = query_end(&q);
    if (e)
        login_list_free(&l);
    else
        *out = l;
    return e;
}

void login_list_free(struct login_list *l)
{
    mem_free(l->items);
    *l = (struct login_list){ 0 };
}

/* ---- failed tries ----------------------------------------------------------------------- */

enum err sign_in_try_add(struct db *db, const uint8_t *account, const char *ip_hash, int64_t now_ms,
                         int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO sign_in_try (account, ip_hash, at_ms, ok) "
                                  "VALUES ($1, $2, $3, 0) RETURNING id");
    int64_t id = 0;
    enum err e;

    query_bytes(&q, account, TOKEN_HASH_BYTES);
    query_text(&q, ip_hash);
    query_int(&q, now_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (!e)
        *out_id = id;
    return e;
}

enum err sign_in_try_drop(struct db *db, int64_t id)
{
    struct query q = query_on(db, "DELETE FROM sign_in_try WHERE id = $1");

    query_int(&q, id);
    return query_run(&q);
}

enum err sign_in_try_won(struct db *db, int64_t id)
{
    struct query q = query_on(db, "UPDATE sign_in_try SET ok = 1 WHERE id = $1");

    query_int(&q, id);
    return query_run(&q);
}

enum err sign_in_tries(struct db *db, const uint8_t *account, const char *ip_hash, int64_t since_ms,
                       struct sign_in_tries *out)
{
    struct query q = query_on(db, "SELECT count(*), min(at_ms) FROM sign_in_try "
                                  "WHERE account = $1 AND ip_hash = $2 AND at_ms > $3 AND ok = 0");
    struct sign_in_tries t = { 0 };
    enum err e;

    query_bytes(&q, account, TOKEN_HASH_BYTES);
    query_text(&q, ip_hash);
    query_int(&q, since_ms);
    if (query_row(&q)) {
        t.failed_here = (int)row_int(&q);
        t.oldest_ms = row_int(&q);
    }
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "SELECT count(*) FROM sign_in_try WHERE account = $1 AND ok = 0 "
                     "AND id > COALESCE((SELECT max(id) FROM sign_in_try "
                     "WHERE account = $1 AND ok = 1), 0)");
    query_bytes(&q, account, TOKEN_HASH_BYTES);
    if (query_row(&q))
        t.failed_in_a_row = (int)row_int(&q);
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "SELECT 1 FROM sign_in_try WHERE account = $1 AND ip_hash = $2 AND ok = 1 "
                     "LIMIT 1");
    query_bytes(&q, account, TOKEN_HASH_BYTES);
    query_text(&q, ip_hash);
    t.won_here = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = t;
    return e;
}
