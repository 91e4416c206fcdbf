/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark sheet on paper, as CSV and as a spreadsheet: a row per subject.
 * The same sheet gives the same bytes. For a worker.
 */
#ifndef PARTA_RENDER_SHEET_H
#define PARTA_RENDER_SHEET_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/sheet.h"
#include "server/render/csv.h"
#include "server/render/labels.h"
#include "server/render/pdf.h"

/* The word of a mark, "" for MARK_NONE. */
const char *sheet_mark_word(const struct labels *l, enum mark_value v);

/* Header row, then a row per subject with term, school, mentor and child in front. ERR_NOMEM is the
 * caller's to look for. */
void sheet_rows(struct csv *c, const struct mark_sheet *s, const struct labels *labels);

/* *bytes is owned (mem_free), set on success. ERR_NOMEM, ERR_IO. */
enum err sheet_csv(const struct mark_sheet *s, const struct labels *labels, uint8_t **bytes,
                   size_t *len) MUST_CHECK;
enum err sheet_xlsx(const struct mark_sheet *s, const struct labels *labels, uint8_t **bytes,
                    size_t *len) MUST_CHECK;
/* A4 landscape, over as many pages as it takes. ERR_NOMEM, ERR_NOTFOUND (zone), ERR_IO. */
enum err pdf_mark_sheet(const struct mark_sheet *s, const struct labels *labels,
                        struct pdf *out) MUST_CHECK;

#endif
