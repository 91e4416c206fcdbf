/* SPDX-License-Identifier: Apache-2.0
 *
 * Brings the schema up to what this program knows. What was applied is kept
 * with the digest of its text: history is checked, never rewritten.
 */
#include "server/store/migrate.h"

#include <openssl/sha.h>
#include <string.h>

#include "common/base/log.h"

static enum err applied(struct db *db, const struct migration *m, const uint8_t *digest,
                        bool *found)
{
    struct query q = query_on(db, "SELECT sha256 FROM schema_migration WHERE number = $1");
    uint8_t have[SHA256_DIGEST_LENGTH] = { 0 };
    enum err e;

    query_int(&q, m->number);
    if (query_row(&q))
        row_bytes(&q, have, sizeof have);
    *found = q.any;
    e = query_end(&q);
    if (!e && *found && memcmp(have, digest, sizeof have) != 0)
        e = ERR_STATE;
    return e;
}

static enum err apply(struct db *db, const struct migration *m, const uint8_t *digest,
                      int64_t now_ms)
{
    struct query q;
    enum err e = db_begin(db);

    if (e)
        return e;
    e = db_script(db, m->sql);
    if (!e) {
        q = query_on(db, "INSERT INTO schema_migration (number, name, sha256, at_ms) "
                         "VALUES ($1, $2, $3, $4)");
        query_int(&q, m->number);
        query_text(&q, m->name);
        query_bytes(&q, digest, SHA256_DIGEST_LENGTH);
        query_int(&q, now_ms);
        e = query_run(&q);
    }
    if (e) {
        db_rollback(db);
        return e;
    }
    return db_commit(db);
}

static enum err refuse_newer(struct db *db, int last)
{
    struct query q = query_on(db, "SELECT 1 FROM schema_migration WHERE number > $1");
    enum err e;
    bool newer;

    query_int(&q, last);
    newer = query_row(&q);
    e = query_end(&q);
    return e ? e : newer ? ERR_STATE : ERR_OK;
}

enum err migrate(struct db *db, int64_t now_ms)
{
    int last = 0;
    enum err e = db_script(db, "CREATE TABLE IF NOT EXISTS schema_migration ("
                               "number INTEGER PRIMARY KEY, name TEXT NOT NULL, "
                               "sha256 BLOB NOT NULL, at_ms INTEGER NOT NULL) STRICT");

    for (const struct migration *m = migrations; !e && m->number; m++) {
        uint8_t digest[SHA256_DIGEST_LENGTH];
        bool found = false;

        SHA256((const unsigned char *)m->sql, strlen(m->sql), digest);
        last = m->number;
        e = applied(db, m, digest, &found);
        if (e || found)
            continue;
        e = apply(db, m, digest, now_ms);
        if (!e)
            log_info("db.migrated", "number=%d", m->number);
    }
    return e ? e : refuse_newer(db, last);
}
