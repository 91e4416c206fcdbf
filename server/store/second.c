/* SPDX-License-Identifier: Apache-2.0
 *
 * Second steps and recovery codes; see second.h.
 */
#include "server/store/second.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/org.h"

enum err second_load(struct db *db, struct user_id user, struct second *out)
{
    struct query q = query_on(
        db, "SELECT confirmed_ms, last_step, sealed, (SELECT count(*) FROM recovery_code r "
            "WHERE r.user_id = s.user_id AND r.used_ms IS NULL) "
            "FROM second_step s WHERE user_id = $1");
    struct second s = { 0 };
    enum err e;

    query_int(&q, user.v);
    if (query_row(&q)) {
        s.confirmed_ms = row_int(&q);
        s.last_step = row_int(&q);
        s.sealed = row_bytes_dup(&q, &s.sealed_len);
        s.recovery_left = (int)row_int(&q);
        s.confirmed = s.confirmed_ms != 0;
    }
    e = query_end_found(&q);
    if (e)
        second_free(&s);
    else
        *out = s;
    return e;
}

void second_free(struct second *s)
{
    mem_free(s->sealed);
    *s = (struct second){ 0 };
}

enum err second_on(struct db *db, struct user_id user, bool *out)
{
    struct query q = query_on(db, "SELECT EXISTS (SELECT 1 FROM second_step WHERE user_id = $1 "
                                  "AND confirmed_ms IS NOT NULL)");
    bool on = false;
    enum err e;

    query_int(&q, user.v);
    if (query_row(&q))
        on = row_bool(&q);
    e = query_end(&q);
    if (!e)
        *out = on;
    return e;
}

enum err second_begin(struct db *db, struct user_id user, const uint8_t *sealed, size_t len,
                      int64_t now_ms)
{
    struct query q = query_on(db, "DELETE FROM second_step WHERE user_id = $1 "
                                  "AND confirmed_ms IS NULL");
    enum err e;

    query_int(&q, user.v);
    e = query_run(&q);
    if (e)
        return e;
    q = query_on(db, "INSERT INTO second_step (user_id, sealed, created_ms) VALUES ($1, $2, $3)");
    query_int(&q, user.v);
    query_bytes(&q, sealed, len);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err second_confirm(struct db *db, struct user_id user, int64_t step, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE second_step SET confirmed_ms = $2, last_step = $3 "
                                  "WHERE user_id = $1 AND confirmed_ms IS NULL RETURNING user_id");

    query_int(&q, user.v);
    query_int(&q, now_ms);
    query_int(&q, step);
    query_row(&q);
    return query_end_found(&q);
}

enum err second_take(struct db *db, struct user_id user, int64_t step)
{
    struct query q = query_on(db, "UPDATE second_step SET last_step = $2 WHERE user_id = $1 "
                                  "AND last_step < $2 RETURNING user_id");

    query_int(&q, user.v);
    query_int(&q, step);
    query_row(&q);
    return query_end_found(&q);
}

enum err second_drop(struct db *db, struct user_id user)
{
    struct query q = query_on(db, "DELETE FROM second_step WHERE user_id = $1 RETURNING user_id");
    enum err e;

    query_int(&q, user.v);
    query_row(&q);
    e = query_end_found(&q);
    return e ? e : recovery_drop(db, user);
}

enum err recovery_drop(struct db *db, struct user_id user)
{
    struct query q = query_on(db, "DELETE FROM recovery_code WHERE user_id = $1");

    query_int(&q, user.v);
    return query_run(&q);
}

enum err recovery_add(struct db *db, struct user_id user, const uint8_t *mac, int64_t now_ms)
{
    struct query q = query_on(db, "INSERT INTO recovery_code (user_id, code_mac, created_ms) "
                                  "VALUES ($1, $2, $3)");

    query_int(&q, user.v);
    query_bytes(&q, mac, RECOVERY_MAC_BYTES);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err recovery_take(struct db *db, struct user_id user, const uint8_t *mac, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE recovery_code SET used_ms = $3 WHERE user_id = $1 "
                                  "AND code_mac = $2 AND used_ms IS NULL RETURNING id");

    query_int(&q, user.v);
    query_bytes(&q, mac, RECOVERY_MAC_BYTES);
    query_int(&q, now_ms);
    query_row(&q);
    return query_end_found(&q);
}

enum err policy_accounts(struct db *db, struct org_id org, int64_t at_ms,
                         struct accounts_policy *out)
{
    const struct accounts_policy p = accounts_policy_default();
    const struct {
        const char *key;
        int64_t min, max, fallback;
    } keys[] = {
        { "account.second_coordinator", 0, 1, p.second_coordinator },
        { "account.second_admin", 0, 1, p.second_admin },
        { "account.invitation_h", 1, 24 * 60, p.invitation_ms / MS_PER_HOUR },
        { "account.reset_min", 5, 24 * 60, p.reset_ms / MS_PER_MIN },
        { "account.resets", 1, 100, p.resets_max },
        { "account.asks", 1, 100, p.asks_max },
        { "account.asks_min", 1, 24 * 60, p.asks_ms / MS_PER_MIN },
    };
    int64_t v[sizeof keys / sizeof keys[0]];

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        enum err e = policy_int(db, org, keys[i].key, at_ms, keys[i].min, keys[i].max,
                                keys[i].fallback, &v[i]);
        if (e)
            return e;
    }
    *out = (struct accounts_policy){ .second_coordinator = v[0] != 0,
                                     .second_admin = v[1] != 0,
                                     .invitation_ms = v[2] * MS_PER_HOUR,
                                     .reset_ms = v[3] * MS_PER_MIN,
                                     .resets_max = (int)v[4],
                                     .asks_max = (int)v[5],
                                     .asks_ms = v[6] * MS_PER_MIN };
    return ERR_OK;
}
