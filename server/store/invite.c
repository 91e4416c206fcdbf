/* SPDX-License-Identifier: Apache-2.0
 *
 * Invitations, links for new passwords; see invite.h.
 */
#include "server/store/invite.h"

#include "common/base/mem.h"
#include "server/store/login.h"

#define COLUMNS                                                                                    \
    "id, centre, org, role, name, address, locale, created_ms, expires_ms, created_by, "           \
    "used_ms IS NOT NULL, withdrawn_ms IS NOT NULL"

static void read_invite(struct query *q, struct invite *i)
{
    char role[24];

    *i = (struct invite){ 0 };
    i->id = row_int(q);
    i->centre.v = row_int(q);
    i->org.v = row_int(q);
    row_text(q, role, sizeof role);
    row_text(q, i->name, sizeof i->name);
    row_text(q, i->address, sizeof i->address);
    row_text(q, i->locale, sizeof i->locale);
    i->created_ms = row_int(q);
    i->expires_ms = row_int(q);
    i->by.v = row_int(q);
    i->used = row_bool(q);
    i->withdrawn = row_bool(q);
    if (!role_parse(role, &i->role))
        query_blame(q);
}

enum err invite_add(struct db *db, const struct invite *i, const uint8_t *token_hash,
                    int64_t now_ms, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO account_invitation (centre, org, role, name, "
                                  "address, locale, token_hash, expires_ms, created_ms, "
                                  "created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
                                  "RETURNING id");

    query_int(&q, i->centre.v);
    query_int(&q, i->org.v);
    query_text(&q, role_name(i->role));
    query_text(&q, i->name);
    query_text(&q, i->address);
    query_text(&q, i->locale);
    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, i->expires_ms);
    query_int(&q, now_ms);
    query_int(&q, i->by.v);
    return query_insert(&q, out_id);
}

enum err invite_clear(struct db *db, const char *address, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE account_invitation SET withdrawn_ms = $2 "
                                  "WHERE address = $1 AND used_ms IS NULL "
                                  "AND withdrawn_ms IS NULL AND expires_ms <= $2");

    query_text(&q, address);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err invite_by_token(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                         struct invite *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM account_invitation "
                                  "WHERE token_hash = $1 AND used_ms IS NULL "
                                  "AND withdrawn_ms IS NULL AND expires_ms > $2");

    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    if (query_row(&q))
        read_invite(&q, out);
    return query_end_found(&q);
}

enum err invite_load(struct db *db, int64_t id, struct invite *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM account_invitation WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_invite(&q, out);
    return query_end_found(&q);
}

enum err invite_use(struct db *db, int64_t id, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE account_invitation SET used_ms = $3, user_id = $2 "
                                  "WHERE id = $1 AND used_ms IS NULL AND withdrawn_ms IS NULL "
                                  "AND expires_ms > $3 RETURNING id");

    query_int(&q, id);
    query_int(&q, user.v);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err invite_withdraw(struct db *db, int64_t id, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE account_invitation SET withdrawn_ms = $2 "
                                  "WHERE id = $1 AND used_ms IS NULL AND withdrawn_ms IS NULL "
                                  "RETURNING id");

    query_int(&q, id);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err invite_list(struct db *db, struct org_id centre, struct invite_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS " FROM account_invitation "
                                  "WHERE ($1 = 0 OR centre = $1) AND used_ms IS NULL "
                                  "AND withdrawn_ms IS NULL ORDER BY id DESC LIMIT 200");
    struct invite_list l = { 0 };
    struct invite *item;
    enum err e;

    query_int(&q, centre.v);
    while (QUERY_NEXT(&q, &l, item))
        read_invite(&q, item);
    e = query_end(&q);
    if (e)
        invite_list_free(&l);
    else
        *out = l;
    return e;
}

void invite_list_free(struct invite_list *l)
{
    mem_free(l->items);
    *l = (struct invite_list){ 0 };
}

/* ---- links for a new password ----------------------------------------------------------- */

enum err reset_add(struct db *db, struct user_id user, const uint8_t *token_hash,
                   int64_t expires_ms, int64_t now_ms, int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO password_reset (user_id, token_hash, created_ms, "
                                  "expires_ms) VALUES ($1, $2, $3, $4) RETURNING id");

    query_int(&q, user.v);
    query_bytes(&q, token_hash, TOKEN_HASH_BYTES);
    query_int(&q, now_ms);
    query_int(&q, expires_ms);
    return query_insert(&q, out_id);
}

enum err reset_count(struct db *db, struct user_id user, int64_t since_ms, int *out)
{
    struct query q = query_on(db, "SELECT count(*) FROM password_reset WHERE user_id = $1 "
                                  "AND created_ms > $2");
    int n = 0;
    enum err e;

    query_int(&q, user.v);
    query_int(&q, since_ms);
    if (query_row(&q))
        n = (int)row_int(&q);
    e = query_end(&q);
    if (!e)
        *out = n;
    return e;
}

enum err reset_by_token(struct db *db, const uint8_t *token_hash, int64_t now_ms,
                        struct user_id *out, int64_t *out_id)
{
    struct query q = query_on(db, "SELECT id, user_id FROM password_reset WHERE token_hash = $1 "
                                  "AND used_ms IS NULL AND revoked_ms IS NULL "
                                  "AND expires_ms > $2");
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
        *out = user;
        *out_id = id;
    }
    return e;
}

enum err reset_use(struct db *db, int64_t id, struct user_id user, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE password_reset SET used_ms = $2 WHERE id = $1 "
                                  "AND used_ms IS NULL AND revoked_ms IS NULL "
                                  "AND expires_ms > $2 RETURNING id");
    enum err e;

    query_int(&q, id);
    query_int(&q, now_ms);
    query_row(&q);
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "UPDATE password_reset SET revoked_ms = $2 WHERE user_id = $1 "
                     "AND used_ms IS NULL AND revoked_ms IS NULL");
    query_int(&q, user.v);
    query_int(&q, now_ms);
    return query_run(&q);
}
