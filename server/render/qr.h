/* SPDX-License-Identifier: Apache-2.0
 *
 * A QR code as rows of '0' and '1', for the page to draw.
 */
#ifndef PARTA_RENDER_QR_H
#define PARTA_RENDER_QR_H

#include <stddef.h>

#include "common/base/err.h"

#define QR_SIDE_MAX 177 /* version 40 */

struct qr {
    size_t side;
    char rows[QR_SIDE_MAX][QR_SIDE_MAX + 1]; /* '1' is dark */
};

/* text: UTF-8. ERR_INVAL: too long for any. ERR_NOMEM. */
enum err qr_make(const char *text, struct qr *out) MUST_CHECK;

#endif
