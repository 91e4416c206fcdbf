/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a VP8 payload: what the descriptor says is said again by the one
 * written from it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "server/rtc/vp8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t again[16];
    struct writer w = writer_on(again, sizeof again);
    struct vp8 v, u;

    if (vp8_parse(data, size, &v) != ERR_OK)
        return 0;
    if (v.descriptor_len >= size)
        abort();
    vp8_write(&w, &v);
    write_u8(&w, data[v.descriptor_len]); /* the frame's first byte */
    if (w.full || vp8_parse(again, writer_len(&w), &u) != ERR_OK)
        abort();
    if (u.start != v.start || u.key != v.key || u.droppable != v.droppable || u.tid != v.tid ||
        u.layer_sync != v.layer_sync || u.has_tl0 != v.has_tl0 || u.tl0 != v.tl0 ||
        u.has_picture_id != v.has_picture_id || u.picture_id_15 != v.picture_id_15 ||
        u.picture_id != v.picture_id)
        abort();
    return 0;
}
