/* SPDX-License-Identifier: Apache-2.0
 *
 * See plan_rows.h.
 */
#include "tests/support/plan_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "server/store/programme.h"

#define ok(call) assert_int_equal(call, ERR_OK)

void plan_rows_begin(struct world *w)
{
    ok(db_script(w->db, "UPDATE child_programme SET state = 'superseded', "
                        "until_date = '2020-01-01' WHERE state = 'approved'"));
}

void plan_rows_line(struct world *w, int child, int64_t subject, int week_minutes,
                    int lesson_minutes)
{
    plan_rows_year(w, child, subject, week_minutes, lesson_minutes, week_minutes * 40);
}

void plan_rows_year(struct world *w, int child, int64_t subject, int week_minutes,
                    int lesson_minutes, int year_minutes)
{
    struct child_programme p = { .child = w->children[child],
                                 .days = { date_to_days(2026, 9, 1), date_to_days(2027, 5, 31) },
                                 .lines = { { .subject = subject,
                                              .week_minutes = week_minutes,
                                              .year_minutes = year_minutes,
                                              .lesson_minutes = lesson_minutes } },
                                 .lines_n = 1 };
    int64_t id;

    ok(child_programme_add(w->db, &p, w->now_ms, w->stranger, &id));
    ok(child_programme_load(w->db, id, &p));
    ok(child_programme_move(w->db, &p, PROGRAMME_PROPOSED, "", w->now_ms, w->stranger));
    ok(child_programme_load(w->db, id, &p));
    ok(child_programme_move(w->db, &p, PROGRAMME_APPROVED, "", w->now_ms, w->coordinator));
}

void plan_rows_time(struct world *w, struct child_id child, int64_t mentor, const char *kind,
                    int weekday, int from_minute, int to_minute)
{
    struct query q = query_on(w->db, "INSERT INTO availability (child, mentor, weekday, "
                                     "from_minute, to_minute, kind, from_date, created_ms) "
                                     "VALUES ($1, $2, $3, $4, $5, $6, '2026-09-01', $7)");

    query_id_or_null(&q, child.v);
    query_id_or_null(&q, mentor);
    query_int(&q, weekday);
    query_int(&q, from_minute);
    query_int(&q, to_minute);
    query_text(&q, kind);
    query_int(&q, w->now_ms);
    ok(query_run(&q));
}
