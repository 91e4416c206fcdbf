/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of lessons in the printed month report: columns, the row of a
 * lesson with its notes in words, its height and its drawing.
 */
#ifndef PARTA_RENDER_PDF_TABLE_H
#define PARTA_RENDER_PDF_TABLE_H

#include "common/base/str.h"
#include "server/domain/report.h"
#include "server/render/canvas.h"
#include "server/render/format.h"
#include "server/render/labels.h"

/* A line made ready for print. */
struct pdf_row {
    const struct report_line *line; /* borrowed */
    const struct labels *labels;    /* borrowed */
    char no[FORMAT_MAX];
    char date[FORMAT_MAX];
    char plan[FORMAT_MAX];
    char contact[FORMAT_MAX]; /* from - to */
    char together[FORMAT_MAX];
    struct strbuf topic; /* subject and topic */
    size_t subject_len;  /* bytes of topic that are the subject */
    struct strbuf homework;
    struct strbuf notes;
};

/* ERR_NOMEM, ERR_NOTFOUND (zone). On success deinit it. */
enum err pdf_row_init(struct pdf_row *row, const struct month_report *r,
                      const struct report_line *line, const struct labels *labels) MUST_CHECK;
void pdf_row_deinit(struct pdf_row *row);

double pdf_row_height(struct canvas *c, const struct pdf_row *row, double width);
void pdf_row_draw(struct canvas *c, const struct pdf_row *row, double x, double y, double width,
                  double height);

/* Draws the column heads; returns their height. */
double pdf_table_head(struct canvas *c, const struct labels *labels, double x, double y,
                      double width);

#endif
