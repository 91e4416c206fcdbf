/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV as RFC 4180 says: CRLF, quotes where needed, UTF-8 without a mark. A
 * field that a spreadsheet would take for a formula (= + - @ TAB CR first)
 * gets an apostrophe in front; plain numbers do not.
 */
#ifndef PARTA_RENDER_CSV_H
#define PARTA_RENDER_CSV_H

#include <stdbool.h>

#include "common/base/str.h"
#include "server/domain/report.h"
#include "server/render/labels.h"

/* One field, preceded by a comma unless it is the first of its row. NULL is an empty field. */
void csv_text(struct strbuf *b, bool first, const char *text);
/* Ends a row: CRLF. */
void csv_end_row(struct strbuf *b);

/* The lines of the report: a header row in the language of labels, then one row per line.
 * Dates ISO 8601 in the report's zone, durations in minutes with one decimal place (floored).
 * Appends to out; ERR_NOMEM, ERR_NOTFOUND (unknown zone; out is then to be thrown away). */
enum err csv_month_report(const struct month_report *r, const struct labels *labels,
                          struct strbuf *out) MUST_CHECK;

#endif
