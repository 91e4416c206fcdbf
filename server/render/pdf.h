/* SPDX-License-Identifier: Apache-2.0
 *
 * The month report as a PDF: A4 landscape, the head repeated on every page,
 * totals, texts and sign-off lines at the end. Cyrillic and Latin. It reads
 * plain structs only; no file is written.
 */
#ifndef PARTA_RENDER_PDF_H
#define PARTA_RENDER_PDF_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/report.h"
#include "server/render/labels.h"

struct pdf {
    uint8_t *bytes; /* owned: pdf_deinit */
    size_t len;
    int pages;
};

/* Draws r into *out. ERR_NOMEM, ERR_NOTFOUND (unknown zone), ERR_STATE (the report contradicts
 * itself), ERR_IO (the drawing library failed). The same report gives the same bytes.
 * Takes some 10-50 ms: for a worker, not for a loop thread. */
enum err pdf_month_report(const struct month_report *r, const struct labels *labels,
                          struct pdf *out) MUST_CHECK;
void pdf_deinit(struct pdf *p);

#endif
