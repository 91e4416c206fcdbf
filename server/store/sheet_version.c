/* SPDX-License-Identifier: Apache-2.0
 *
 * Versions of mark sheets and the marks set in them; see sheet.h.
 */
#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/store/paper.h"
#include "server/store/sheet.h"

static void bind_key(struct query *q, const struct sheet_key *key)
{
    query_int(q, key->mentor.v);
    query_int(q, key->child.v);
    query_int(q, key->school.v);
    query_text(q, marks_term_name(key->kind));
    query_day(q, key->first_day);
}

enum err sheet_key_days(struct db *db, struct sheet_key *key)
{
    struct query q = query_on(
        db,
        "SELECT d.to_date FROM (SELECT s.to_date AS to_date, s.version AS version "
        "FROM mark_sheet s WHERE s.mentor = $1 AND s.child = $2 AND s.school = $3 "
        "AND s.kind = $4 AND s.from_date = $5 UNION ALL SELECT t.to_date, 0 FROM term t "
        "WHERE t.org = $3 AND t.kind = $4 AND t.from_date = $5) d ORDER BY d.version DESC LIMIT 1");

    bind_key(&q, key);
    if (query_row(&q))
        key->last_day = row_day(&q);
    return query_end_found(&q);
}

enum err sheet_row_load(struct db *db, const struct sheet_key *key, int version,
                        struct doc_row *out)
{
    struct query q = query_on(db, "SELECT id, version, state, rev FROM mark_sheet "
                                  "WHERE mentor = $1 AND child = $2 AND school = $3 AND kind = $4 "
                                  "AND from_date = $5 AND ($6 = 0 OR version = $6) "
                                  "ORDER BY version DESC LIMIT 1");
    struct doc_row d = { .ref.kind = DOC_SHEET, .version = 1 };
    char word[16];
    enum err e;

    bind_key(&q, key);
    query_int(&q, version);
    if (query_row(&q)) {
        d.ref.id = row_int(&q);
        d.version = (int)row_int(&q);
        row_text(&q, word, sizeof word);
        if (!flow_row_parse(word, &d.row))
            query_blame(&q);
        d.rev = row_int(&q);
    }
    e = version ? query_end_found(&q) : query_end(&q);
    if (!e)
        *out = d;
    return e;
}

enum err sheet_row_make(struct db *db, const struct sheet_key *key, int64_t now_ms,
                        struct user_id by)
{
    struct query q = query_on(db, "INSERT INTO mark_sheet (mentor, child, school, kind, from_date, "
                                  "to_date, at_ms, by_user) VALUES ($1, $2, $3, $4, $5, $6, $7, "
                                  "$8)");

    bind_key(&q, key);
    query_day(&q, key->last_day);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return query_run(&q);
}

enum err sheet_row_correct(struct db *db, const struct doc_row *of, int64_t now_ms,
                           struct user_id by)
{
    struct query q = query_on(
        db, "INSERT INTO mark_sheet (mentor, child, school, kind, from_date, to_date, version, "
            "at_ms, by_user) SELECT mentor, child, school, kind, from_date, to_date, version + 1, "
            "$2, $3 FROM mark_sheet WHERE id = $1 AND state = 'accepted' RETURNING id");
    int64_t id = 0;
    enum err e;

    query_int(&q, of->ref.id);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    if (query_row(&q))
        id = row_int(&q);
    e = query_end_found(&q);
    if (e)
        return e;
    q = query_on(db, "INSERT INTO sheet_mark (sheet, subject, mark, reason) "
                     "SELECT $2, subject, mark, reason FROM sheet_mark WHERE sheet = $1");
    query_int(&q, of->ref.id);
    query_int(&q, id);
    return query_run(&q);
}

enum err sheet_key_load(struct db *db, int64_t sheet, struct sheet_key *out)
{
    struct query q = query_on(db, "SELECT mentor, child, school, kind, from_date, to_date "
                                  "FROM mark_sheet WHERE id = $1");
    struct sheet_key key = { 0 };
    char word[16];
    enum err e;

    query_int(&q, sheet);
    if (query_row(&q)) {
        key.mentor.v = row_int(&q);
        key.child.v = row_int(&q);
        key.school.v = row_int(&q);
        row_text(&q, word, sizeof word);
        if (!marks_term_parse(word, &key.kind))
            query_blame(&q);
        key.first_day = row_day(&q);
        key.last_day = row_day(&q);
    }
    e = query_end_found(&q);
    if (!e)
        *out = key;
    return e;
}

/* ---- the marks of a version -------------------------------------------------------------- */

static enum err add_mark(struct db *db, int64_t sheet, const struct sheet_set *m)
{
    struct query q = query_on(db, "INSERT INTO sheet_mark (sheet, subject, mark, reason) "
                                  "VALUES ($1, $2, $3, $4)");

    query_int(&q, sheet);
    query_int(&q, m->subject);
    query_text(&q, mark_value_name(m->value));
    query_text(&q, m->reason);
    return query_run(&q);
}

enum err sheet_marks_save(struct db *db, const struct doc_row *row, const struct sheet_set *marks,
                          size_t n, int64_t now_ms)
{
    struct query q = query_on(db, "UPDATE mark_sheet SET at_ms = $3, rev = rev + 1 WHERE id = $1 "
                                  "AND rev = $2 AND state IN ('draft', 'returned') RETURNING id");
    enum err e;

    query_int(&q, row->ref.id);
    query_int(&q, row->rev);
    query_int(&q, now_ms);
    query_row(&q);
    e = query_end_found(&q);
    if (e)
        return e == ERR_NOTFOUND ? ERR_STATE : e;
    q = query_on(db, "DELETE FROM sheet_mark WHERE sheet = $1");
    query_int(&q, row->ref.id);
    e = query_run(&q);
    for (size_t i = 0; !e && i < n; i++)
        e = add_mark(db, row->ref.id, &marks[i]);
    return e;
}
