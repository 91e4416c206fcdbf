/* SPDX-License-Identifier: Apache-2.0
 *
 * See archive.h.
 */
#include "server/store/archive.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/org.h"

#define COLUMNS                                                                                    \
    "id, org, month, locale, state, cause, asked_by, asked_ms, begun_ms, ended_ms, reports, "      \
    "accepted, waiting, name, bytes, swept_ms, sha256 "

/* "2026-11", as the schema promises. */
static void read_month(struct query *q, struct archive *a)
{
    char text[8];
    int64_t year = 0, month = 0;

    row_text(q, text, sizeof text);
    if (q->err)
        return;
    text[4] = '\0';
    if (str_to_i64(text, 1, 9999, &year) || str_to_i64(text + 5, 1, 12, &month))
        query_blame(q);
    a->year = (int)year;
    a->month = (int)month;
}

static bool month_text(const struct archive *a, char out[8])
{
    return str_format(out, 8, "%04d-%02d", a->year, a->month);
}

static void read_archive(struct query *q, struct archive *a)
{
    uint8_t *sha;
    size_t len;
    char word[16];

    *a = (struct archive){ .id = row_int(q) };
    a->org.v = row_int(q);
    read_month(q, a);
    row_text(q, a->locale, sizeof a->locale);
    row_text(q, word, sizeof word);
    if (!archive_state_parse(word, &a->state))
        query_blame(q);
    row_text(q, word, sizeof word);
    if (!archive_cause_parse(word, &a->cause))
        query_blame(q);
    a->asked_by.v = row_int(q);
    a->asked_ms = row_int(q);
    a->begun_ms = row_int(q);
    a->ended_ms = row_int(q);
    a->reports = row_int(q);
    a->accepted = row_int(q);
    a->waiting = row_int(q);
    row_text(q, a->name, sizeof a->name);
    a->bytes = row_int(q);
    a->swept_ms = row_int(q);
    sha = row_bytes_dup(q, &len);
    for (size_t i = 0; sha && len == sizeof a->sha256 && i < len; i++)
        a->sha256[i] = sha[i];
    mem_free(sha);
}

enum err archive_add(struct db *db, const struct archive *a, int64_t *out)
{
    struct query q =
        query_on(db, "INSERT INTO report_archive (org, month, locale, state, asked_by, asked_ms) "
                     "VALUES ($1, $2, $3, 'queued', $4, $5) RETURNING id");
    char month[8];

    if (!month_text(a, month))
        q.err = ERR_INVAL;
    query_int(&q, a->org.v);
    query_text(&q, month);
    query_text(&q, a->locale);
    query_int(&q, a->asked_by.v);
    query_int(&q, a->asked_ms);
    return query_insert(&q, out);
}

enum err archive_load(struct db *db, int64_t id, struct archive *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS "FROM report_archive WHERE id = $1");

    query_int(&q, id);
    if (query_row(&q))
        read_archive(&q, out);
    return query_end_found(&q);
}

enum err archive_list(struct db *db, struct org_id org, int year, int month,
                      struct archive_list *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS "FROM report_archive WHERE org = $1 "
                                  "AND month = $2 ORDER BY id DESC LIMIT 20");
    const struct archive of = { .year = year, .month = month };
    struct archive_list l = { 0 };
    struct archive *a;
    char text[8];
    enum err e;

    if (!month_text(&of, text))
        q.err = ERR_INVAL;
    query_int(&q, org.v);
    query_text(&q, text);
    while (QUERY_NEXT(&q, &l, a))
        read_archive(&q, a);
    e = query_end(&q);
    if (e)
        archive_list_free(&l);
    else
        *out = l;
    return e;
}

void archive_list_free(struct archive_list *l)
{
    mem_free(l->items);
    *l = (struct archive_list){ 0 };
}

enum err archive_next(struct db *db, int64_t now_ms, struct archive *out)
{
    struct query q = query_on(db, "UPDATE report_archive SET state = 'running', begun_ms = $1 "
                                  "WHERE id = (SELECT min(id) FROM report_archive "
                                  "WHERE state = 'queued') RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, now_ms);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    return e ? e : archive_load(db, id, out);
}

static enum err over_once(struct query *q)
{
    enum err e;

    query_row(q);
    e = query_end_found(q);
    return e == ERR_NOTFOUND ? ERR_STATE : e;
}

enum err archive_close(struct db *db, int64_t id, enum archive_state state,
                       enum archive_cause cause, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE report_archive SET state = $2, cause = $3, ended_ms = $4 "
                                  "WHERE id = $1 AND state IN ('queued', 'running') RETURNING id");

    query_int(&q, id);
    query_text(&q, archive_state_name(state));
    query_text(&q, archive_cause_name(cause));
    query_int(&q, now_ms);
    return over_once(&q);
}

enum err archive_finish(struct db *db, const struct archive *a, int64_t now_ms)
{
    struct query q = query_on(
        db, "UPDATE report_archive SET state = 'done', ended_ms = $2, reports = $3, accepted = $4, "
            "waiting = $5, name = $6, sha256 = $7, bytes = $8 WHERE id = $1 AND state = 'running' "
            "RETURNING id");

    query_int(&q, a->id);
    query_int(&q, now_ms);
    query_int(&q, a->reports);
    query_int(&q, a->accepted);
    query_int(&q, a->waiting);
    query_text(&q, a->name);
    query_bytes(&q, a->sha256, sizeof a->sha256);
    query_int(&q, a->bytes);
    return over_once(&q);
}

enum err archives_lost(struct db *db, int64_t now_ms, int64_t *n)
{
    struct query q = query_on(db, "UPDATE report_archive SET state = 'failed', cause = 'restart', "
                                  "ended_ms = $1 WHERE state IN ('queued', 'running')");
    enum err e;

    query_int(&q, now_ms);
    e = query_run(&q);
    *n = db_changes(db);
    return e;
}

/* The next that has a file, by number. */
static enum err next_kept(struct db *db, int64_t behind, struct archive *out)
{
    struct query q = query_on(db, "SELECT " COLUMNS "FROM report_archive WHERE name IS NOT NULL "
                                  "AND id > $1 ORDER BY id LIMIT 1");

    query_int(&q, behind);
    if (query_row(&q))
        read_archive(&q, out);
    return query_end_found(&q);
}

static enum err forget(struct db *db, int64_t id, int64_t now_ms)
{
    struct query q =
        query_on(db, "UPDATE report_archive SET name = NULL, swept_ms = $2 WHERE id = $1");

    query_int(&q, id);
    query_int(&q, now_ms);
    return query_run(&q);
}

enum err archive_sweep(struct db *db, int64_t now_ms)
{
    struct archive a = { .id = 0 };
    enum err e = ERR_OK;

    while (!e) {
        struct archive_policy p;

        e = next_kept(db, a.id, &a);
        if (!e)
            e = policy_archive(db, a.org, now_ms, &p);
        if (!e && a.ended_ms + p.keep_days * MS_PER_DAY <= now_ms)
            e = forget(db, a.id, now_ms);
    }
    return e == ERR_NOTFOUND ? ERR_OK : e;
}

enum err policy_archive(struct db *db, struct org_id org, int64_t at_ms, struct archive_policy *out)
{
    struct archive_policy p = archive_policy_default();
    enum err e = ERR_OK;

#define X(field, key, min, max, fallback, source)                                                  \
    if (!e)                                                                                        \
        e = policy_int(db, org, key, at_ms, min, max, p.field, &p.field);
    ARCHIVE_SETTING_LIST(X)
#undef X
    if (!e)
        *out = p;
    return e;
}
