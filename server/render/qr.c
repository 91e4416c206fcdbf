/* SPDX-License-Identifier: Apache-2.0
 *
 * QR codes by libqrencode; see qr.h.
 */
#include "server/render/qr.h"

#include <errno.h>
#include <qrencode.h>

enum err qr_make(const char *text, struct qr *out)
{
    QRcode *code = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);

    if (!code)
        return errno == ERANGE || errno == EINVAL ? ERR_INVAL : ERR_NOMEM;
    out->side = (size_t)code->width;
    for (size_t y = 0; y < out->side; y++) {
        for (size_t x = 0; x < out->side; x++)
            out->rows[y][x] = code->data[y * out->side + x] & 1 ? '1' : '0';
        out->rows[y][out->side] = '\0';
    }
    QRcode_free(code);
    return ERR_OK;
}
