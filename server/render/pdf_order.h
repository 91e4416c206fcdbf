/* SPDX-License-Identifier: Apache-2.0
 *
 * The principal's order of hiring part-time on one sheet (item 29), to be
 * signed by the principal and by the mentor who has read it. It reads a plain
 * struct only.
 */
#ifndef PARTA_RENDER_PDF_ORDER_H
#define PARTA_RENDER_PDF_ORDER_H

#include <stdint.h>

#include "common/base/err.h"
#include "server/render/labels.h"
#include "server/render/pdf.h"

/* All text is borrowed; dates are "YYYY-MM-DD". */
struct printed_order {
    const char *school, *centre, *mentor;
    const char *number, *date, *from;
    const char *to; /* the last day; "" until further notice */
    int rate_percent;
    int64_t week_minutes;
    const char *acquainted; /* when the mentor read it, "" not yet */
    int64_t printed_ms;     /* UTC, for the document's properties */
};

/* ERR_NOMEM, ERR_IO. The same order gives the same bytes. For a worker. */
enum err pdf_order(const struct printed_order *o, const struct labels *labels,
                   struct pdf *out) MUST_CHECK;

#endif
