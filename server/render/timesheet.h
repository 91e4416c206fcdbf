/* SPDX-License-Identifier: Apache-2.0
 *
 * The timesheet as rows, for CSV and spreadsheet alike.
 */
#ifndef PARTA_RENDER_TIMESHEET_H
#define PARTA_RENDER_TIMESHEET_H

#include "server/domain/timesheet.h"
#include "server/render/csv.h"

/* Form 0504421: a row per mentor and school, the days 1..last with their units ("" for none), then
 * the totals. ERR_NOMEM is the caller's to look for. */
void timesheet_day_rows(struct csv *c, const struct timesheet *t, const struct labels *labels);

/* A row per lesson: date, start, end in the school's zone, quarters of an hour. ERR_NOTFOUND:
 * unknown zone. */
enum err timesheet_quarter_rows(struct csv *c, const struct timesheet *t,
                                const struct labels *labels) MUST_CHECK;

/* Whole files. by_quarters: the second view. made_ms: when. */
enum err timesheet_csv(const struct timesheet *t, bool by_quarters, const struct labels *labels,
                       uint8_t **bytes, size_t *len) MUST_CHECK;
enum err timesheet_xlsx(const struct timesheet *t, bool by_quarters, const struct labels *labels,
                        int64_t made_ms, uint8_t **bytes, size_t *len) MUST_CHECK;

#endif
