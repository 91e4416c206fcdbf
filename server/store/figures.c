/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of the figures, found by centre and time. A month begins at another
 * instant in each zone, so the statement counts the middle of the month, where
 * all zones agree, in one piece per kind, and what is near its ends by start:
 * these few are judged here, by the zone of their school.
 */
#include "server/store/figures.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"

/* No zone is further than this from UTC. */
#define EDGE_MS MS_PER_DAY

#define KIND                                                                                       \
    "CASE l.state WHEN 'cancelled' THEN 'cancelled_' || l.side WHEN 'rescheduled' THEN 'moved' "   \
    "ELSE COALESCE(ac.outcome, 'ahead') END"
/* The same rows as the month reports have lines: the newest run of what was computed. */
#define FROM_ROWS                                                                                  \
    "FROM lesson l JOIN lesson_child lc ON lc.lesson = l.id JOIN org o ON o.id = lc.school "       \
    "LEFT JOIN attendance a ON a.lesson = l.id "                                                   \
    "AND a.run = (SELECT MAX(run) FROM attendance WHERE lesson = l.id) "                           \
    "AND l.state NOT IN ('cancelled', 'rescheduled') "                                             \
    "LEFT JOIN attendance_child ac ON ac.attendance = a.id AND ac.child = lc.child "               \
    "WHERE l.org = $1 AND l.start_ms >= $2 AND l.start_ms < $3 AND ($4 = 0 OR lc.school = $4) "    \
    "AND ($5 = 0 OR l.mentor = $5) AND ($6 = 0 OR l.subject = $6) "                                \
    "AND l.state <> 'planned' AND l.kind <> 'practice' "

const char figures_count_sql[] =
    "SELECT CASE $7 WHEN 'school' THEN lc.school WHEN 'mentor' THEN l.mentor "
    "WHEN 'subject' THEN l.subject ELSE 0 END, " KIND ", o.tz, "
    "CASE WHEN l.start_ms >= $8 AND l.start_ms < $9 THEN 0 ELSE l.start_ms END, "
    "count(*), SUM(COALESCE(ac.contact_ms, 0)) " FROM_ROWS "GROUP BY 1, 2, 3, 4";

const char figures_rows_sql[] =
    "SELECT l.id, lc.child, l.mentor, lc.school, l.start_ms, l.end_ms, l.subject, o.tz, " KIND ", "
    "COALESCE(ac.contact_ms, 0) " FROM_ROWS "AND $7 LIKE '%,' || " KIND " || ',%' "
    "AND ($8 = 0 OR ac.contact_ms > 0) ORDER BY l.start_ms, l.id, lc.child";

/* A stretch of months: from and to in any zone, and where all zones agree. */
struct stretch {
    int year, month, months;
    int64_t from_ms, to_ms, core_from_ms, core_to_ms;
};

static enum err stretch_of(int year, int month, int months, struct stretch *s)
{
    int last = month - 1 + months - 1;
    int64_t middle;
    enum err e;

    if (months < 1 || months > FIGURES_MONTHS_MAX || month < 1 || month > 12)
        return ERR_INVAL;
    *s = (struct stretch){ .year = year, .month = month, .months = months };
    e = report_month_bounds("UTC", year, month, &s->core_from_ms, &middle);
    if (!e)
        e = report_month_bounds("UTC", year + last / 12, last % 12 + 1, &middle, &s->core_to_ms);
    s->from_ms = s->core_from_ms - EDGE_MS;
    s->to_ms = s->core_to_ms + EDGE_MS;
    s->core_from_ms += EDGE_MS;
    s->core_to_ms -= EDGE_MS;
    return e;
}

/* Does a lesson near the end of the stretch belong to it? */
static enum err inside(const struct stretch *s, const char *tz, int64_t start_ms, bool *out)
{
    struct local_time local;
    int n;

    *out = start_ms >= s->core_from_ms && start_ms < s->core_to_ms;
    if (*out)
        return ERR_OK;
    if (zone_local(tz, start_ms, &local))
        return ERR_NOTFOUND;
    n = (local.year - s->year) * 12 + local.month - s->month;
    *out = n >= 0 && n < s->months;
    return ERR_OK;
}

/* The parameters of FROM_ROWS. */
static void bind_rows(struct query *q, const struct figures_query *f, const struct stretch *s)
{
    query_int(q, f->centre.v);
    query_int(q, s->from_ms);
    query_int(q, s->to_ms);
    query_int(q, f->school.v);
    query_int(q, f->mentor.v);
    query_int(q, f->subject);
}

static int by_key(const void *a, const void *b)
{
    const struct figures_group *x = a, *y = b;

    return (x->key > y->key) - (x->key < y->key);
}

/* The group of this key, which the rows of one month tell in a row. */
static struct figures *group(struct query *q, struct figures_list *l, int64_t key)
{
    struct figures_group *g;

    for (size_t i = l->n; i > 0; i--)
        if (l->items[i - 1].key == key)
            return &l->items[i - 1].figures;
    g = store_grow(l->items, l->n, sizeof *l->items);
    if (!query_room(q, g))
        return NULL;
    l->items = g;
    g = &l->items[l->n++];
    *g = (struct figures_group){ .key = key };
    return &g->figures;
}

static enum err read_count(struct query *q, const struct figures_query *f, const struct stretch *s,
                           struct figures_list *out)
{
    struct figure_row row = { .contact_ms = 0 };
    char kind[FIGURE_KIND_MAX], tz[ZONE_NAME_MAX];
    int64_t key = row_int(q), edge, times;
    struct figures *into;
    bool is = true;
    enum err e = ERR_OK;

    row_text(q, kind, sizeof kind);
    row_text(q, tz, sizeof tz);
    edge = row_int(q);
    times = row_int(q);
    row.contact_ms = row_int(q);
    if (q->err)
        return ERR_OK; /* told by query_end */
    if (!figure_kind_parse(kind, &row)) {
        query_blame(q);
        return ERR_OK;
    }
    if (edge)
        e = inside(s, tz, edge, &is);
    if (e || !is)
        return e;
    if (f->by == FIGURES_BY_MONTH)
        key = (int64_t)s->year * 12 + s->month - 1;
    else if (f->by == FIGURES_BY_CENTRE)
        key = f->centre.v;
    into = group(q, out, key);
    if (into)
        figures_add(into, &row, times);
    return ERR_OK;
}

static enum err count_month(struct db *db, const struct figures_query *f, const struct stretch *s,
                            struct figures_list *out)
{
    struct query q = query_on(db, figures_count_sql);
    enum err e = ERR_OK, closed;

    bind_rows(&q, f, s);
    query_text(&q, figures_by_name(f->by));
    query_int(&q, s->core_from_ms);
    query_int(&q, s->core_to_ms);
    while (!e && query_row(&q))
        e = read_count(&q, f, s, out);
    closed = query_end(&q);
    return closed ? closed : e;
}

enum err figures_load(struct db *db, const struct figures_query *f, struct figures_list *out)
{
    struct figures_list l = { 0 };
    struct stretch all;
    enum err e = stretch_of(f->year, f->month, f->months, &all);

    for (int i = 0; !e && i < f->months; i++) {
        int at = f->month - 1 + i;
        struct stretch one;

        e = stretch_of(f->year + at / 12, at % 12 + 1, 1, &one);
        if (!e)
            e = count_month(db, f, &one, &l);
    }
    if (e) {
        figures_list_free(&l);
        return e;
    }
    if (l.n > 0)
        qsort(l.items, l.n, sizeof l.items[0], by_key);
    for (size_t i = 0; i < l.n; i++)
        figures_sum(&l.total, &l.items[i].figures);
    *out = l;
    return ERR_OK;
}

void figures_list_free(struct figures_list *l)
{
    mem_free(l->items);
    *l = (struct figures_list){ 0 };
}

/* ---- one by one ------------------------------------------------------------------------- */

static void read_item(struct query *q, struct figures_item *i)
{
    *i = (struct figures_item){ .lesson = { row_int(q) } };
    i->child.v = row_int(q);
    i->mentor.v = row_int(q);
    i->school.v = row_int(q);
    i->start_ms = row_int(q);
    i->end_ms = row_int(q);
    i->subject = row_int(q);
    row_text(q, i->tz, sizeof i->tz);
    row_text(q, i->kind, sizeof i->kind);
    i->row.contact_ms = row_int(q);
    if (!q->err && !figure_kind_parse(i->kind, &i->row))
        query_blame(q);
}

static enum err read_items(struct query *q, const struct stretch *s, size_t first, size_t limit,
                           struct figures_items *l)
{
    struct figures_item *grown, item;
    size_t seen = 0;

    while (query_row(q)) {
        bool is;
        enum err e;

        read_item(q, &item);
        if (q->err)
            break;
        e = inside(s, item.tz, item.start_ms, &is);
        if (e)
            return e;
        if (!is || seen++ < first)
            continue;
        l->more = l->n == limit;
        if (l->more)
            break;
        grown = store_grow(l->items, l->n, sizeof *l->items);
        if (!query_room(q, grown))
            break;
        l->items = grown;
        l->items[l->n++] = item;
    }
    return ERR_OK;
}

enum err figures_rows(struct db *db, const struct figures_query *f, enum figure figure,
                      size_t first, size_t limit, struct figures_items *out)
{
    struct query q = query_on(db, figures_rows_sql);
    struct figures_items l = { 0 };
    char kinds[FIGURE_KINDS_MAX];
    struct stretch all = { 0 };
    enum err e = stretch_of(f->year, f->month, f->months, &all), closed;

    if (!e && !figure_kinds(figure, kinds))
        e = ERR_INVAL;
    if (e) {
        closed = query_end(&q);
        return closed ? closed : e;
    }
    bind_rows(&q, f, &all);
    query_text(&q, kinds);
    query_int(&q, figure == FIGURE_CONTACT);
    e = read_items(&q, &all, first, limit, &l);
    closed = query_end(&q);
    if (closed)
        e = closed;
    if (e)
        figures_items_free(&l);
    else
        *out = l;
    return e;
}

void figures_items_free(struct figures_items *l)
{
    mem_free(l->items);
    *l = (struct figures_items){ 0 };
}
