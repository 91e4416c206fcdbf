/* SPDX-License-Identifier: Apache-2.0
 *
 * What was approved, as the timetable and can_teach ask for it; see
 * programme.h.
 */
#include "server/store/programme.h"

#include "common/base/mem.h"
#include "server/domain/day.h"
#include "server/domain/zone.h"
#include "server/store/paper.h"
#include "server/store/timetable.h"

/* Days on which a line holds: a superseded programme's end before its successor's. */
static bool read_days(struct query *q, struct day_span *days)
{
    int64_t until;

    days->first = row_day(q);
    days->last = row_day(q);
    until = row_day(q);
    if (days->last == DAY_NONE)
        days->last = INT64_MAX;
    if (until != DAY_NONE && until < days->last)
        days->last = until;
    return days->last >= days->first;
}

enum err approved_lines(struct db *db, struct child_id child, struct approved_list *out)
{
    struct query q = query_on(db, "SELECT p.from_date, p.to_date, p.until_date, l.subject, "
                                  "l.week_minutes, l.year_minutes, l.lesson_minutes "
                                  "FROM child_programme p JOIN child_programme_line l "
                                  "ON l.child_programme = p.id WHERE p.child = $1 "
                                  "AND p.state IN ('approved', 'superseded') "
                                  "ORDER BY l.subject, p.from_date, p.id");
    struct approved_list l = { 0 };
    struct approved_row *item;
    enum err e;

    query_int(&q, child.v);
    while (QUERY_NEXT(&q, &l, item)) {
        bool holds;

        *item = (struct approved_row){ 0 };
        holds = read_days(&q, &item->line.days);
        item->line.subject = row_int(&q);
        item->line.week_minutes = (int)row_int(&q);
        item->line.year_minutes = (int)row_int(&q);
        item->lesson_minutes = (int)row_int(&q);
        l.n -= !holds;
    }
    e = query_end(&q);
    if (e)
        approved_list_free(&l);
    else
        *out = l;
    return e;
}

void approved_list_free(struct approved_list *l)
{
    mem_free(l->items);
    *l = (struct approved_list){ 0 };
}

/* ---- can_teach -------------------------------------------------------------------------- */

/* The first instant of a day; a day that no zone data reach is the end of time. */
static int64_t begin_of(const char *tz, int64_t day, int64_t otherwise)
{
    int y, m, d;
    int64_t ms;

    if (day == INT64_MAX)
        return otherwise;
    date_from_days(day, &y, &m, &d);
    return zone_day_start(tz, y, m, d, &ms) == ERR_OK ? ms : otherwise;
}

enum err approved_terms(struct db *db, struct child_id child, int64_t subject,
                        struct term_facts *out)
{
    struct query q = query_on(db, "SELECT o.tz, p.from_date, p.to_date, p.until_date "
                                  "FROM child_programme p JOIN child c ON c.id = p.child "
                                  "JOIN org o ON o.id = c.org_school WHERE p.child = $1 "
                                  "AND p.state IN ('approved', 'superseded') AND EXISTS ("
                                  "SELECT 1 FROM child_programme_line l "
                                  "WHERE l.child_programme = p.id AND ($2 = 0 OR l.subject = $2)) "
                                  "ORDER BY p.version DESC LIMIT 16");
    char tz[ZONE_NAME_MAX];

    out->n = 0;
    query_int(&q, child.v);
    query_int(&q, subject);
    while (out->n < HIRING_ROWS_MAX && query_row(&q)) {
        struct term *t = &out->items[out->n];
        struct day_span days;

        row_text(&q, tz, sizeof tz);
        if (!read_days(&q, &days))
            continue;
        t->from_ms = begin_of(tz, days.first, INT64_MIN);
        t->to_ms =
            days.last == INT64_MAX ? TERM_OPEN_MS : begin_of(tz, days.last + 1, TERM_OPEN_MS);
        t->checked = true;
        out->n++;
    }
    return query_end(&q);
}

enum err programme_limits_of(struct db *db, struct child_id child, int grade,
                             const struct day_span *days, const struct schedule_policy *policy,
                             struct programme_limits *out)
{
    struct advice advice[TIMETABLE_ADVICE];
    struct week_span hours[7];
    struct recommendation_list l;
    size_t n = 0;
    enum err e = recommendations_of_child(db, child, &l);

    if (e)
        return e;
    for (size_t i = 0; i < l.n && n < TIMETABLE_ADVICE; i++)
        advice[n++] = timetable_advice(&l.items[i].limits, policy, hours);
    *out = programme_limits_on(days, grade, advice, n, policy);
    recommendation_list_free(&l);
    return ERR_OK;
}

/* ---- R16: the year ---------------------------------------------------------------------- */

enum err given_outside(struct db *db, struct child_id child, int64_t draft, int64_t from_ms,
                       int64_t to_ms, int64_t skip_from_ms, int64_t skip_to_ms,
                       struct given_list *out)
{
    struct query q =
        query_on(db, "SELECT l.subject, sum(l.end_ms - l.start_ms) FROM lesson_child k "
                     "JOIN lesson l ON l.id = k.lesson WHERE k.child = $1 AND l.start_ms >= $2 "
                     "AND l.start_ms < $3 AND NOT (l.start_ms < $5 AND l.end_ms > $4) "
                     "AND (l.state NOT IN ('planned', 'cancelled', 'rescheduled') "
                     "OR (l.state = 'planned' AND l.version = $6)) "
                     "AND NOT (l.state IN ('computed', 'disputed', 'confirmed', 'locked') "
                     "AND (SELECT ac.outcome FROM attendance a JOIN attendance_child ac "
                     "ON ac.attendance = a.id WHERE a.lesson = l.id AND ac.child = $1 "
                     "ORDER BY a.run DESC LIMIT 1) NOT IN ('held', 'partial')) "
                     "GROUP BY l.subject ORDER BY l.subject");
    struct given_list l = { 0 };
    struct given *item;
    enum err e;

    query_int(&q, child.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_int(&q, skip_from_ms);
    query_int(&q, skip_to_ms);
    query_int(&q, draft);
    while (QUERY_NEXT(&q, &l, item)) {
        item->subject = row_int(&q);
        item->ms = row_int(&q);
    }
    e = query_end(&q);
    if (e)
        mem_free(l.items);
    else
        *out = l;
    return e;
}
