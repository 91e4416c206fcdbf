/* SPDX-License-Identifier: Apache-2.0
 *
 * A week's timetable on paper: A4 landscape, a column a day, for the wall by
 * the bed. It reads plain structs only.
 */
#ifndef PARTA_RENDER_PDF_WEEK_H
#define PARTA_RENDER_PDF_WEEK_H

#include <stdbool.h>

#include "server/render/pdf.h"

#define PRINTED_DAYS 7

struct printed_lesson {
    int day; /* 0 Monday .. 6 */
    int64_t start_ms, end_ms;
    const char *subject; /* as a person reads it */
    const char *who;     /* with whom, "" if nobody is named */
    bool cancelled;      /* stands there, struck out by a word */
};

/* Texts are borrowed. Lessons by start. */
struct printed_week {
    const char *name; /* whose week */
    const char *tz;
    char date[PRINTED_DAYS][11]; /* "2026-11-23" */
    bool holiday[PRINTED_DAYS];
    const struct printed_lesson *lessons;
    size_t lessons_n;
    int64_t printed_ms;
};

/* ERR_NOMEM, ERR_IO, ERR_NOTFOUND (zone), ERR_INVAL (a lesson of no day). The same week gives the
 * same bytes; as many pages as it needs. Takes 10-50 ms: for a worker. */
enum err pdf_week(const struct printed_week *w, const struct labels *labels,
                  struct pdf *out) MUST_CHECK;

#endif
