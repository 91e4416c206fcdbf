/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons with what was credited for them.
 */
#include "server/store/timesheet.h"

#include "common/base/now.h"
#include "server/domain/report.h"

struct entries {
    struct timesheet_entry *items; /* owned */
    size_t n;
};

static void read_entry(struct query *q, struct timesheet_entry *e)
{
    *e = (struct timesheet_entry){ 0 };
    e->mentor.v = row_int(q);
    e->school.v = row_int(q);
    row_text(q, e->mentor_name, sizeof e->mentor_name);
    row_text(q, e->school_name, sizeof e->school_name);
    row_text(q, e->tz, sizeof e->tz);
    row_text(q, e->subject, sizeof e->subject);
    e->start_ms = row_int(q);
    e->end_ms = row_int(q);
    e->substitute = row_bool(q);
    e->contact_ms = row_int(q);
    e->credit_quarters = (int)row_int_or(q, -1);
    e->computed = e->credit_quarters >= 0;
    if (!e->computed)
        e->credit_quarters = 0;
}

/* The months of schools in different zones begin at different instants: a day more on both sides;
 * the domain drops what lies outside. */
enum err timesheet_load(struct db *db, const struct timesheet_filter *f, struct timesheet *out)
{
    struct query q = query_on(
        db,
        "SELECT l.mentor, o.id, u.name, o.name, o.tz, CASE $5 WHEN 'ru' THEN s.name_ru "
        "WHEN 'en' THEN s.name_en ELSE s.code END, l.start_ms, l.end_ms, "
        "CASE WHEN l.mentor <> l.planned_mentor THEN 1 ELSE 0 END, a.contact_ms, a.credit_quarters "
        "FROM lesson l JOIN mentor m ON m.id = l.mentor JOIN \"user\" u ON u.id = m.user_id "
        "JOIN subject s ON s.id = l.subject JOIN org o ON o.id = "
        "(SELECT MIN(lc.school) FROM lesson_child lc WHERE lc.lesson = l.id) "
        "LEFT JOIN attendance a ON a.lesson = l.id "
        "AND a.run = (SELECT MAX(run) FROM attendance WHERE lesson = l.id) "
        "WHERE l.org = $1 AND ($2 = 0 OR l.mentor = $2) AND l.start_ms >= $3 AND l.start_ms < $4 "
        "AND l.kind <> 'practice' AND l.state NOT IN ('planned', 'cancelled', 'rescheduled') "
        "ORDER BY l.start_ms, l.id");
    struct timesheet t = { .year = f->year, .month = f->month };
    struct entries l = { 0 };
    struct timesheet_entry *item;
    int64_t from_ms = 0, to_ms = 0;
    enum err e = report_month_bounds("UTC", f->year, f->month, &from_ms, &to_ms);

    if (e)
        q.err = e;
    query_int(&q, f->centre.v);
    query_int(&q, f->mentor.v);
    query_int(&q, from_ms - MS_PER_DAY);
    query_int(&q, to_ms + MS_PER_DAY);
    query_text(&q, f->locale);
    while (QUERY_NEXT(&q, &l, item))
        read_entry(&q, item);
    e = query_end(&q);
    t.entries = l.items;
    t.entries_n = l.n;
    if (!e)
        e = timesheet_close(&t);
    if (e)
        timesheet_deinit(&t);
    else
        *out = t;
    return e;
}
