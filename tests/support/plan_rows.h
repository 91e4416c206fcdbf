/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that the planner asks for, in the small world: approved lines and weekly
 * times. Fails the running test on any error.
 */
#ifndef PARTA_TESTS_PLAN_ROWS_H
#define PARTA_TESTS_PLAN_ROWS_H

#include "tests/support/world.h"

/* The world's own programmes, whose hours are without end, are over. */
void plan_rows_begin(struct world *w);

/* An approved programme of children[child] with one line, from 1 September 2026 to 31 May 2027,
 * forty weeks of it a year. */
void plan_rows_line(struct world *w, int child, int64_t subject, int week_minutes,
                    int lesson_minutes);

void plan_rows_year(struct world *w, int child, int64_t subject, int week_minutes,
                    int lesson_minutes, int year_minutes);

/* A weekly time of a child, or with child 0 of a mentor. */
void plan_rows_time(struct world *w, struct child_id child, int64_t mentor, const char *kind,
                    int weekday, int from_minute, int to_minute);

#endif
