/* SPDX-License-Identifier: Apache-2.0
 *
 * See series.h.
 */
#include "server/store/series.h"

#include "common/base/mem.h"
#include "server/store/paper.h"

#define AHEAD                                                                                      \
    "FROM lesson l WHERE l.series = s.id AND l.start_ms > $1 "                                     \
    "AND l.state IN ('planned', 'scheduled', 'needs_substitute')"
#define SERIES_COLUMNS                                                                             \
    "s.id, s.org, b.code, s.mentor, s.tz, s.rule, s.first_date, s.hour, s.minute, s.minutes, "     \
    "s.end_date, s.rev, (SELECT count(*) " AHEAD "), (SELECT min(l.start_ms) " AHEAD               \
    "), (SELECT max(l.start_ms) " AHEAD ") FROM series s JOIN subject b ON b.id = s.subject "

static void read_series(struct query *q, struct series_row *s)
{
    *s = (struct series_row){ .id = row_int(q) };
    s->org.v = row_int(q);
    row_text(q, s->subject, sizeof s->subject);
    s->mentor.v = row_int(q);
    row_text(q, s->tz, sizeof s->tz);
    row_text(q, s->rule, sizeof s->rule);
    s->first_day = row_day(q);
    s->hour = (int)row_int(q);
    s->minute = (int)row_int(q);
    s->minutes = (int)row_int(q);
    s->end_day = row_day(q);
    if (s->end_day == DAY_NONE)
        s->end_day = INT64_MAX;
    s->rev = row_int(q);
    s->ahead = row_int(q);
    s->next_ms = row_int(q);
    s->last_ms = row_int(q);
}

static enum err read_children(struct db *db, struct series_row *s)
{
    struct query q =
        query_on(db, "SELECT child FROM series_child WHERE series = $1 ORDER BY child");

    query_int(&q, s->id);
    while (s->children_n < LESSON_CHILDREN_MAX && query_row(&q))
        s->children[s->children_n++].v = row_int(&q);
    return query_end(&q);
}

enum err series_load(struct db *db, int64_t id, int64_t now_ms, struct series_row *out)
{
    struct query q = query_on(db, "SELECT " SERIES_COLUMNS "WHERE s.id = $2");
    enum err err;

    query_int(&q, now_ms);
    query_int(&q, id);
    if (query_row(&q))
        read_series(&q, out);
    err = query_end_found(&q);
    return err ? err : read_children(db, out);
}

enum err series_list(struct db *db, struct org_id org, int64_t now_ms, struct series_rows *out)
{
    struct query q =
        query_on(db, "SELECT " SERIES_COLUMNS "WHERE s.org = $2 AND EXISTS (SELECT 1 " AHEAD
                     ") ORDER BY 14, s.id");
    struct series_rows l = { 0 };
    struct series_row *s;
    enum err err;

    query_int(&q, now_ms);
    query_int(&q, org.v);
    while (QUERY_NEXT(&q, &l, s))
        read_series(&q, s);
    err = query_end(&q);
    for (size_t i = 0; !err && i < l.n; i++)
        err = read_children(db, &l.items[i]);
    if (err)
        series_rows_free(&l);
    else
        *out = l;
    return err;
}

void series_rows_free(struct series_rows *l)
{
    mem_free(l->items);
    *l = (struct series_rows){ 0 };
}

/* ---- zones that move -------------------------------------------------------------------- */

struct booked_days {
    struct series_booked *items;
    size_t n;
};

static enum err booked_ahead(struct db *db, int64_t series, int64_t now_ms, struct booked_days *out)
{
    struct query q = query_on(db, "SELECT series_date, start_ms FROM lesson WHERE series = $1 "
                                  "AND start_ms > $2 AND state IN ('planned', 'scheduled', "
                                  "'needs_substitute') ORDER BY start_ms");
    struct series_booked *b;

    query_int(&q, series);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, out, b)) {
        b->day = row_day(&q);
        b->start_ms = row_int(&q);
    }
    return query_end(&q);
}

enum err series_moved(struct db *db, const struct series_row *row, int64_t now_ms,
                      struct series_shift *out, size_t cap, size_t *n)
{
    const struct series s = { .tz = row->tz,
                              .rule = row->rule,
                              .first_day = row->first_day,
                              .hour = row->hour,
                              .minute = row->minute,
                              .minutes = row->minutes,
                              .last_day = INT64_MAX,
                              .which = WHICH_FIRST };
    struct occurrence *now = mem_zalloc(SERIES_OCCURRENCES_MAX, sizeof *now);
    struct booked_days booked = { 0 };
    struct series_sum sum;
    enum err err = now ? series_expand(&s, now, SERIES_OCCURRENCES_MAX, &sum) : ERR_NOMEM;

    if (!err)
        err = booked_ahead(db, row->id, now_ms, &booked);
    if (!err)
        *n = series_shifted(booked.items, booked.n, now, sum.n, out, cap);
    mem_free(booked.items);
    mem_free(now);
    return err == ERR_PARSE ? ERR_DB : err; /* it was checked when it came in */
}

/* ---- the end ---------------------------------------------------------------------------- */

static enum err set_end(struct db *db, const struct series_row *row, int64_t from_day)
{
    struct query q = query_on(db, "UPDATE series SET end_date = $3, rev = rev + 1 "
                                  "WHERE id = $1 AND rev = $2");
    enum err err;

    query_int(&q, row->id);
    query_int(&q, row->rev);
    query_day(&q, from_day);
    err = query_run(&q);
    return !err && db_changes(db) == 0 ? ERR_STATE : err;
}

static enum err unplan(struct db *db, int64_t series, int64_t from_day, const char *reason,
                       int64_t now_ms, int64_t *n)
{
    struct query q = query_on(db, "UPDATE schedule_version SET state = 'draft' "
                                  "WHERE state = 'validated' AND id IN (SELECT version FROM lesson "
                                  "WHERE series = $1 AND series_date >= $2 "
                                  "AND state = 'planned')");
    enum err err;

    query_int(&q, series);
    query_day(&q, from_day);
    err = query_run(&q);
    if (err)
        return err;
    q = query_on(db, "UPDATE lesson SET state = 'cancelled', state_ms = $3, reason = $4, "
                     "side = 'centre', rev = rev + 1 WHERE series = $1 AND series_date >= $2 "
                     "AND state = 'planned'");
    query_int(&q, series);
    query_day(&q, from_day);
    query_int(&q, now_ms);
    query_text(&q, reason);
    err = query_run(&q);
    *n = db_changes(db);
    return err;
}

static enum err list_published(struct db *db, int64_t series, int64_t from_day, int64_t now_ms,
                               struct series_gone *out)
{
    struct query q = query_on(db, "SELECT id FROM lesson WHERE series = $1 AND series_date >= $2 "
                                  "AND state IN ('scheduled', 'needs_substitute') "
                                  "AND start_ms > $3 ORDER BY start_ms");
    struct lesson_id *id;

    query_int(&q, series);
    query_day(&q, from_day);
    query_int(&q, now_ms);
    while (QUERY_NEXT(&q, out, id))
        id->v = row_int(&q);
    return query_end(&q);
}

enum err series_end(struct db *db, const struct series_row *row, int64_t from_day,
                    const char *reason, int64_t now_ms, struct series_gone *out)
{
    struct series_gone gone = { 0 };
    enum err err = set_end(db, row, from_day);

    if (!err)
        err = unplan(db, row->id, from_day, reason, now_ms, &gone.planned);
    if (!err)
        err = list_published(db, row->id, from_day, now_ms, &gone);
    for (size_t i = 0; !err && i < gone.n; i++)
        err = lesson_cancel(db, gone.items[i], reason, SIDE_CENTRE, now_ms);
    if (err)
        mem_free(gone.items);
    else
        *out = gone;
    return err;
}
