/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows as a spreadsheet (libxlsxwriter). A text is stored as a text, so no
 * program takes it for a formula; numbers are numbers. The same rows give the
 * same bytes. Takes some milliseconds: for a worker.
 *
 *     struct xlsx x;
 *     enum err e = xlsx_open(&x, "2026-11", made_ms);
 *     struct csv c = xlsx_rows(&x);
 *     csv_text(&c, "Name");
 *     csv_end_row(&c);
 *     e = xlsx_close(&x, e, &bytes, &len);
 */
#ifndef PARTA_RENDER_XLSX_H
#define PARTA_RENDER_XLSX_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/render/csv.h"

#define XLSX_COLUMNS_MAX 64

struct xlsx {
    void *book, *sheet, *head; /* the library's */
    int fd;                    /* of the file in memory */
    unsigned row, column;
    int width[XLSX_COLUMNS_MAX]; /* characters of the widest field */
    enum err err;                /* the first failure */
};

/* A book of one sheet; its first row is a heading and stays in view. name: of the sheet, at most 31
 * characters without : \ / ? * [ ]. ERR_NOMEM, ERR_IO. */
enum err xlsx_open(struct xlsx *x, const char *name, int64_t made_ms) MUST_CHECK;

struct csv xlsx_rows(struct xlsx *x);

/* Ends it in every case; failed: what happened while the rows were written. *bytes is owned
 * (mem_free) and only set on success. */
enum err xlsx_close(struct xlsx *x, enum err failed, uint8_t **bytes, size_t *len) MUST_CHECK;

/* The lines of csv_month_report. */
enum err xlsx_month_report(const struct month_report *r, const struct labels *labels,
                           uint8_t **bytes, size_t *len) MUST_CHECK;

#endif
