/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of medical_basis and recommendation, and the sealed columns of intake.
 */
#include "server/store/paper.h"

#include <string.h>

#include "common/base/mem.h"
#include "server/store/audit.h"

void query_day(struct query *q, int64_t day)
{
    char text[DAY_TEXT_BYTES];

    day_write(day, text);
    query_text(q, text[0] ? text : NULL);
}

int64_t row_day(struct query *q)
{
    char text[DAY_TEXT_BYTES];
    int64_t day = DAY_NONE;

    row_text(q, text, sizeof text);
    if (text[0] && !day_parse(text, &day))
        query_blame(q);
    return day;
}

/* ---- writing ---------------------------------------------------------------------------- */

static enum err saved(struct query *q, int64_t *out_id)
{
    int64_t id = 0;
    enum err e;

    if (query_row(q))
        id = row_int(q);
    e = query_end_found(q);
    if (!e)
        *out_id = id;
    return e;
}

enum err basis_save(struct db *db, struct referral_id referral, const struct medical_basis *b,
                    int64_t now_ms, struct user_id by, int64_t *out_id)
{
    struct query q =
        query_on(db, "INSERT INTO medical_basis (referral, issued_date, from_date, to_date, "
                     "changed_ms, changed_by) VALUES ($1, $2, $3, $4, $5, $6) "
                     "ON CONFLICT (referral) DO UPDATE SET issued_date = excluded.issued_date, "
                     "from_date = excluded.from_date, to_date = excluded.to_date, sealed = NULL, "
                     "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by "
                     "RETURNING id");

    query_int(&q, referral.v);
    query_day(&q, b->issued_day);
    query_day(&q, b->from_day);
    query_day(&q, b->to_day);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return saved(&q, out_id);
}

enum err recommendation_save(struct db *db, struct referral_id referral,
                             const struct recommendation *r, int64_t now_ms, struct user_id by,
                             int64_t *out_id)
{
    struct query q = query_on(
        db,
        "INSERT INTO recommendation (referral, issued_date, from_date, to_date, lesson_minutes, "
        "lessons_per_day, lessons_per_week, screen_minutes, from_minute, to_minute, "
        "rest_weekdays, equipment, camera_allowed, changed_ms, changed_by) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) "
        "ON CONFLICT (referral) DO UPDATE SET issued_date = excluded.issued_date, "
        "from_date = excluded.from_date, to_date = excluded.to_date, "
        "lesson_minutes = excluded.lesson_minutes, lessons_per_day = excluded.lessons_per_day, "
        "lessons_per_week = excluded.lessons_per_week, screen_minutes = excluded.screen_minutes, "
        "from_minute = excluded.from_minute, to_minute = excluded.to_minute, "
        "rest_weekdays = excluded.rest_weekdays, equipment = excluded.equipment, "
        "camera_allowed = excluded.camera_allowed, sealed = NULL, "
        "changed_ms = excluded.changed_ms, changed_by = excluded.changed_by RETURNING id");

    query_int(&q, referral.v);
    query_day(&q, r->issued_day);
    query_day(&q, r->from_day);
    query_day(&q, r->to_day);
    query_int(&q, r->lesson_minutes);
    query_int(&q, r->lessons_per_day);
    query_int(&q, r->lessons_per_week);
    query_int(&q, r->screen_minutes);
    query_int(&q, r->from_minute);
    query_int(&q, r->to_minute);
    query_int(&q, r->rest_weekdays);
    query_int(&q, r->equipment);
    query_int(&q, r->camera_allowed);
    query_int(&q, now_ms);
    query_int(&q, by.v);
    return saved(&q, out_id);
}

static enum err give(struct db *db, const char *sql, struct referral_id referral,
                     struct child_id child)
{
    struct query q = query_on(db, sql);

    query_int(&q, referral.v);
    query_int(&q, child.v);
    return query_run(&q);
}

enum err papers_give(struct db *db, struct referral_id referral, struct child_id child)
{
    enum err e =
        give(db, "UPDATE medical_basis SET child = $2 WHERE referral = $1", referral, child);

    return e ? e
             : give(db, "UPDATE recommendation SET child = $2 WHERE referral = $1", referral,
                    child);
}

/* ---- reading ---------------------------------------------------------------------------- */

static void read_paper(struct query *q, struct paper *p)
{
    p->id = row_int(q);
    p->sealed = row_bool(q);
    p->file = row_int(q);
}

static enum err read_basis(struct query *q, struct basis_row *out)
{
    struct basis_row r = { .basis = { DAY_NONE, DAY_NONE, DAY_NONE } };
    enum err e;

    if (query_row(q)) {
        read_paper(q, &r.paper);
        r.basis.issued_day = row_day(q);
        r.basis.from_day = row_day(q);
        r.basis.to_day = row_day(q);
    }
    e = query_end(q);
    if (!e)
        *out = r;
    return e;
}

static void row_recommendation(struct query *q, struct recommendation_row *out)
{
    struct recommendation *l = &out->limits;

    read_paper(q, &out->paper);
    l->issued_day = row_day(q);
    l->from_day = row_day(q);
    l->to_day = row_day(q);
    l->lesson_minutes = (int)row_int(q);
    l->lessons_per_day = (int)row_int(q);
    l->lessons_per_week = (int)row_int(q);
    l->screen_minutes = (int)row_int(q);
    l->from_minute = (int)row_int(q);
    l->to_minute = (int)row_int(q);
    l->rest_weekdays = (unsigned)row_int(q);
    l->equipment = (unsigned)row_int(q);
    l->camera_allowed = row_bool(q);
}

static enum err read_recommendation(struct query *q, struct recommendation_row *out)
{
    struct recommendation_row r = {
        .limits = { .issued_day = DAY_NONE, .from_day = DAY_NONE, .to_day = DAY_NONE }
    };
    enum err e;

    if (query_row(q))
        row_recommendation(q, &r);
    e = query_end(q);
    if (!e)
        *out = r;
    return e;
}

#define PAPER "id, sealed IS NOT NULL, file, issued_date, from_date, to_date"
#define LIMITS                                                                                     \
    "lesson_minutes, lessons_per_day, lessons_per_week, screen_minutes, from_minute, to_minute, "  \
    "rest_weekdays, equipment, camera_allowed"
/* The one that holds on the day $2, the longest; else the latest. */
#define BEST                                                                                       \
    " WHERE child = $1 ORDER BY CASE WHEN from_date <= $2 AND to_date >= $2 THEN 0 ELSE 1 END, "   \
    "to_date DESC, id DESC LIMIT 1"

enum err basis_of_referral(struct db *db, struct referral_id referral, struct basis_row *out)
{
    struct query q = query_on(db, "SELECT " PAPER " FROM medical_basis WHERE referral = $1");

    query_int(&q, referral.v);
    return read_basis(&q, out);
}

enum err recommendation_of_referral(struct db *db, struct referral_id referral,
                                    struct recommendation_row *out)
{
    struct query q =
        query_on(db, "SELECT " PAPER ", " LIMITS " FROM recommendation WHERE referral = $1");

    query_int(&q, referral.v);
    return read_recommendation(&q, out);
}

enum err basis_of_child(struct db *db, struct child_id child, int64_t day, struct basis_row *out)
{
    struct query q = query_on(db, "SELECT " PAPER " FROM medical_basis" BEST);

    query_int(&q, child.v);
    query_day(&q, day);
    return read_basis(&q, out);
}

enum err recommendation_of_child(struct db *db, struct child_id child, int64_t day,
                                 struct recommendation_row *out)
{
    struct query q = query_on(db, "SELECT " PAPER ", " LIMITS " FROM recommendation" BEST);

    query_int(&q, child.v);
    query_day(&q, day);
    return read_recommendation(&q, out);
}

enum err recommendations_of_child(struct db *db, struct child_id child,
                                  struct recommendation_list *out)
{
    struct query q = query_on(db, "SELECT " PAPER ", " LIMITS " FROM recommendation "
                                  "WHERE child = $1 ORDER BY to_date DESC, id DESC");
    struct recommendation_list l = { 0 };
    struct recommendation_row *item;
    enum err e;

    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, item)) {
        *item = (struct recommendation_row){ 0 };
        row_recommendation(&q, item);
    }
    e = query_end(&q);
    if (e)
        recommendation_list_free(&l);
    else
        *out = l;
    return e;
}

void recommendation_list_free(struct recommendation_list *l)
{
    mem_free(l->items);
    *l = (struct recommendation_list){ 0 };
}

/* ---- sealed words ----------------------------------------------------------------------- */

static const struct {
    const char *table, *set, *get;
} medical[MEDICAL_COUNT] = {
#define X(code, table)                                                                             \
    [MEDICAL_##code] = { table, "UPDATE " table " SET sealed = $2 WHERE id = $1 RETURNING id",     \
                         "SELECT sealed FROM " table " WHERE id = $1" },
    MEDICAL_LIST(X)
#undef X
};

const char *medical_table(enum medical m)
{
    return (unsigned)m < MEDICAL_COUNT ? medical[m].table : "unknown";
}

enum err medical_set(struct db *db, enum medical m, int64_t row, const uint8_t *value, size_t len)
{
    struct query q = query_on(db, medical[m].set);

    query_int(&q, row);
    query_bytes(&q, value, len);
    query_row(&q);
    return query_end_found(&q);
}

enum err medical_read(struct db *db, enum medical m, int64_t row, struct user_id reader,
                      const char *why, int64_t now_ms, uint8_t **out, size_t *out_len)
{
    uint8_t *value = NULL;
    size_t len = 0;
    struct query q;
    enum err e;

    q = query_on(db, medical[m].get);
    query_int(&q, row);
    if (query_row(&q))
        value = row_bytes_dup(&q, &len);
    e = query_end_found(&q);
    /* No word leaves without its audit row. */
    if (!e)
        e = audit_add(db, now_ms, reader, "medical.read", medical[m].table, row, "", why);
    if (e) {
        mem_free(value);
        return e;
    }
    *out = value;
    *out_len = len;
    return ERR_OK;
}

enum err medical_kept(struct db *db, bool *out)
{
    struct query q =
        query_on(db, "SELECT EXISTS (SELECT 1 FROM medical_basis WHERE sealed IS NOT NULL) "
                     "OR EXISTS (SELECT 1 FROM recommendation WHERE sealed IS NOT NULL) "
                     "OR EXISTS (SELECT 1 FROM referral WHERE sealed IS NOT NULL)");
    bool kept = false;
    enum err e;

    if (query_row(&q))
        kept = row_bool(&q);
    e = query_end_found(&q);
    if (!e)
        *out = kept;
    return e;
}
