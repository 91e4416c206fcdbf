/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of referral_scan.
 */
#include "server/store/scan.h"

#include <string.h>

#include "server/store/audit.h"
#include "server/store/referral.h"

#define COLUMNS "SELECT id, referral, kind, type, name, sha256, bytes FROM referral_scan "

static const struct {
    const char *name, *give, *get;
} kinds[MEDICAL_COUNT] = {
    [MEDICAL_BASIS] = { "basis",
                        "UPDATE medical_basis SET file = $2 WHERE referral = $1 RETURNING id",
                        COLUMNS "WHERE id = (SELECT file FROM medical_basis "
                                "WHERE referral = $1)" },
    [MEDICAL_RECOMMENDATION] = { "recommendation",
                                 "UPDATE recommendation SET file = $2 WHERE referral = $1 "
                                 "RETURNING id",
                                 COLUMNS "WHERE id = (SELECT file FROM recommendation "
                                         "WHERE referral = $1)" },
};

const char *scan_kind_name(enum medical kind)
{
    return (unsigned)kind < MEDICAL_COUNT && kinds[kind].name ? kinds[kind].name : "unknown";
}

bool scan_kind_parse(const char *name, enum medical *out)
{
    for (unsigned i = 0; i < MEDICAL_COUNT; i++) {
        if (kinds[i].name && strcmp(kinds[i].name, name) == 0) {
            *out = (enum medical)i;
            return true;
        }
    }
    return false;
}

/* ---- writing ---------------------------------------------------------------------------- */

static enum err insert(struct db *db, const struct scan *s, int64_t now_ms, struct user_id by,
                       int64_t *out_id)
{
    struct query q = query_on(db, "INSERT INTO referral_scan (referral, kind, type, name, sha256, "
                                  "bytes, created_ms, created_by) "
                                  "VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id");

    query_int(&q, s->referral.v);
    query_text(&q, kinds[s->kind].name);
    query_text(&q, upload_name(s->type));
    query_text(&q, s->name);
    query_bytes(&q, s->sha256, sizeof s->sha256);
    query_int(&q, s->bytes);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (query_row(&q))
        *out_id = row_int(&q);
    return query_end_found(&q);
}

enum err scan_add(struct db *db, const struct scan *s, int64_t now_ms, struct user_id by,
                  int64_t *out_id)
{
    struct query q;
    int64_t id = 0;
    enum err e = insert(db, s, now_ms, by, &id);

    if (e)
        return e;
    q = query_on(db, kinds[s->kind].give);
    query_int(&q, s->referral.v);
    query_int(&q, id);
    query_row(&q);
    e = query_end_found(&q);
    if (!e)
        e = referral_author_add(db, s->referral, by);
    if (!e)
        *out_id = id;
    return e;
}

enum err scan_forget(struct db *db, int64_t id)
{
    struct query q = query_on(db, "DELETE FROM referral_scan WHERE id = $1");

    query_int(&q, id);
    return query_run(&q);
}

/* ---- reading ---------------------------------------------------------------------------- */

static enum err one(struct query *q, struct scan *out)
{
    struct scan s = { 0 };
    char word[16];
    enum err e;

    if (query_row(q)) {
        s.id = row_int(q);
        s.referral.v = row_int(q);
        row_text(q, word, sizeof word);
        if (!scan_kind_parse(word, &s.kind))
            query_blame(q);
        row_text(q, word, sizeof word);
        s.type = upload_parse(word);
        row_text(q, s.name, sizeof s.name);
        row_bytes(q, s.sha256, sizeof s.sha256);
        s.bytes = row_int(q);
    }
    e = query_end_found(q);
    if (!e)
        *out = s;
    return e;
}

enum err scan_same(struct db *db, const struct scan *s, bool *out)
{
    struct query q = query_on(db, "SELECT 1 FROM referral_scan WHERE referral = $1 "
                                  "AND kind <> $2 AND sha256 = $3");
    bool any;
    enum err e;

    query_int(&q, s->referral.v);
    query_text(&q, kinds[s->kind].name);
    query_bytes(&q, s->sha256, sizeof s->sha256);
    any = query_row(&q);
    e = query_end(&q);
    if (!e)
        *out = any;
    return e;
}

enum err scan_read(struct db *db, struct referral_id referral, enum medical kind,
                   struct user_id reader, const char *why, int64_t now_ms, struct scan *out)
{
    struct scan s;
    struct query q = query_on(db, kinds[kind].get);
    enum err e;

    query_int(&q, referral.v);
    e = one(&q, &s);
    /* No page leaves without its audit row. */
    if (!e)
        e = audit_add(db, now_ms, reader, "medical.read", "referral_scan", s.id, "", why);
    if (!e)
        *out = s;
    return e;
}

enum err scan_orphan(struct db *db, struct scan *out)
{
    struct query q = query_on(
        db, COLUMNS "WHERE id NOT IN (SELECT file FROM medical_basis WHERE file IS NOT NULL) "
                    "AND id NOT IN (SELECT file FROM recommendation WHERE file IS NOT NULL) "
                    "ORDER BY id LIMIT 1");

    return one(&q, out);
}
