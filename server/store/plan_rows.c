/* SPDX-License-Identifier: Apache-2.0
 *
 * See plan_rows.h.
 */
#include "server/store/plan_rows.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/paper.h"

#define RECENT_MS (28 * MS_PER_DAY) /* before the week: who taught then is known to the child */

static int64_t day_or(struct query *q, int64_t if_null)
{
    int64_t day = row_day(q);

    return day == DAY_NONE ? if_null : day;
}

enum err programme_rows_load(struct db *db, struct org_id centre, int64_t monday,
                             struct programme_rows *out)
{
    struct query q =
        query_on(db, "SELECT p.id, c.id, u.tz, c.org_school, o.tz, p.from_date, p.to_date "
                     "FROM child_programme p JOIN child c ON c.id = p.child "
                     "JOIN \"user\" u ON u.id = c.user_id JOIN org o ON o.id = c.org_school "
                     "WHERE c.centre = $1 AND p.state = 'approved' AND p.from_date <= $3 "
                     "AND (p.to_date IS NULL OR p.to_date >= $2) "
                     "AND (NOT EXISTS (SELECT 1 FROM case_file f WHERE f.child = c.id) OR EXISTS ("
                     "SELECT 1 FROM case_file f WHERE f.child = c.id AND f.closed_ms IS NULL)) "
                     "ORDER BY c.id");
    struct programme_rows l = { 0 };
    struct programme_row *p;
    enum err err;

    query_int(&q, centre.v);
    query_day(&q, monday);
    query_day(&q, monday + 6);
    while (QUERY_NEXT(&q, &l, p)) {
        p->id = row_int(&q);
        p->child.v = row_int(&q);
        row_text(&q, p->tz, sizeof p->tz);
        p->school.v = row_int(&q);
        row_text(&q, p->school_tz, sizeof p->school_tz);
        p->days.first = row_day(&q);
        p->days.last = day_or(&q, INT64_MAX);
    }
    err = query_end(&q);
    if (err)
        mem_free(l.items);
    else
        *out = l;
    return err;
}

enum err line_rows_load(struct db *db, int64_t programme, struct line_rows *out)
{
    struct query q =
        query_on(db, "SELECT subject, week_minutes, lesson_minutes FROM child_programme_line "
                     "WHERE child_programme = $1 ORDER BY subject");
    struct line_rows l = { 0 };
    struct line_row *r;
    enum err err;

    query_int(&q, programme);
    while (QUERY_NEXT(&q, &l, r)) {
        r->subject = row_int(&q);
        r->week_minutes = (int)row_int(&q);
        r->lesson_minutes = (int)row_int(&q);
    }
    err = query_end(&q);
    if (err)
        mem_free(l.items);
    else
        *out = l;
    return err;
}

enum err assigned_rows_load(struct db *db, struct child_id child, int64_t subject, int64_t from_ms,
                            int64_t to_ms, struct assigned_rows *out)
{
    struct query q = query_on(
        db, "SELECT a.mentor, min(a.role = 'lead'), EXISTS (SELECT 1 FROM lesson_child k "
            "JOIN lesson l ON l.id = k.lesson WHERE k.child = $1 AND l.mentor = a.mentor "
            "AND l.subject = $2 AND l.start_ms >= $5 AND l.start_ms < $4 "
            "AND l.state NOT IN ('planned', 'cancelled', 'rescheduled')) "
            "FROM assignment a WHERE a.child = $1 AND (a.subject IS NULL OR a.subject = $2) "
            "AND a.from_ms <= $3 AND (a.to_ms IS NULL OR a.to_ms >= $4) "
            "GROUP BY a.mentor ORDER BY 2, a.mentor");
    struct assigned_rows l = { 0 };
    struct assigned_row *r;
    enum err err;

    query_int(&q, child.v);
    query_int(&q, subject);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    query_int(&q, from_ms - RECENT_MS);
    while (QUERY_NEXT(&q, &l, r)) {
        r->mentor.v = row_int(&q);
        r->lead = row_bool(&q);
        r->recent = row_bool(&q);
    }
    err = query_end(&q);
    if (err)
        mem_free(l.items);
    else
        *out = l;
    return err;
}

enum err movable_rows_load(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                           struct movable_rows *out)
{
    struct query q = query_on(
        db, "SELECT l.id, (SELECT child FROM lesson_child k WHERE k.lesson = l.id), l.subject, "
            "CASE l.state WHEN 'scheduled' THEN l.mentor ELSE 0 END, l.start_ms, l.end_ms "
            "FROM lesson l WHERE l.org = $1 AND l.kind = 'lesson' AND l.make_up_of IS NULL "
            "AND l.state IN ('scheduled', 'needs_substitute') AND l.start_ms >= $2 "
            "AND l.start_ms < $3 AND (SELECT count(*) FROM lesson_child k "
            "WHERE k.lesson = l.id) = 1 AND EXISTS (SELECT 1 FROM lesson_child k "
            "JOIN child_programme p ON p.child = k.child AND p.state = 'approved' "
            "JOIN child_programme_line x ON x.child_programme = p.id "
            "WHERE k.lesson = l.id AND x.subject = l.subject) "
            "AND NOT EXISTS (SELECT 1 FROM gathering g WHERE g.lesson = l.id) ORDER BY l.id");
    struct movable_rows l = { 0 };
    struct movable_row *r;
    enum err err;

    query_int(&q, centre.v);
    query_int(&q, from_ms);
    query_int(&q, to_ms);
    while (QUERY_NEXT(&q, &l, r)) {
        r->id.v = row_int(&q);
        r->child.v = row_int(&q);
        r->subject = row_int(&q);
        r->mentor.v = row_int(&q);
        r->start_ms = row_int(&q);
        r->end_ms = row_int(&q);
    }
    err = query_end(&q);
    if (err)
        mem_free(l.items);
    else
        *out = l;
    return err;
}
