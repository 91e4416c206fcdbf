/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV as RFC 4180 says: CRLF, quotes where needed, UTF-8 without a mark. A
 * text that a spreadsheet would take for a formula (= + - @ TAB CR first) gets
 * an apostrophe in front; numbers that we computed ourselves do not. The same
 * rows can go into a spreadsheet instead (xlsx.h), where a text is a text and
 * needs no apostrophe.
 */
#ifndef PARTA_RENDER_CSV_H
#define PARTA_RENDER_CSV_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/str.h"
#include "server/domain/report.h"
#include "server/render/labels.h"

/* Somewhere else for the fields to go. */
struct csv_sink {
    void (*text)(void *to, const char *text);   /* NULL or "": an empty field */
    void (*number)(void *to, const char *text); /* a plain number or date, or "" */
    void (*end_row)(void *to);
};

/* A row in the making. Start with { .out = buffer } or { .sink = sink, .to = its own }; no field
 * is written before the first call. */
struct csv {
    struct strbuf *out; /* borrowed */
    bool in_row;        /* a field of this row has been written */
    const struct csv_sink *sink;
    void *to; /* borrowed */
};

/* One field of text, guarded against formulas. NULL is an empty field. */
void csv_text(struct csv *c, const char *text);
/* One field that is known to be a plain number or date; written as it is. */
void csv_plain(struct csv *c, const char *text);
void csv_int(struct csv *c, int64_t n);
/* Ends a row: CRLF. */
void csv_end_row(struct csv *c);

/* The lines of the report: a header row in the language of labels, then one row per line, with
 * month, school, mentor and child in front so that files can be laid under one another.
 * Dates ISO 8601 in the report's zone, durations in minutes with one decimal place (floored).
 * Appends to out. ERR_NOMEM, ERR_NOTFOUND (unknown zone), ERR_STATE (the report contradicts
 * itself): out is then to be thrown away. */
enum err csv_month_report(const struct month_report *r, const struct labels *labels,
                          struct strbuf *out) MUST_CHECK;

/* The same rows into any c; ERR_NOMEM is the caller's to look for. */
enum err csv_month_rows(struct csv *c, const struct month_report *r,
                        const struct labels *labels) MUST_CHECK;

#endif
