/* SPDX-License-Identifier: Apache-2.0
 *
 * VP8 payload descriptor.
 *
 *      0 1 2 3 4 5 6 7
 *     |X|R|N|S|R| PID |          required
 *  X: |I|L|T|K|  RSV  |
 *  I: |M| PictureID   |  (+ 8 bits if M)
 *  L: |  TL0PICIDX    |
 * T/K:|TID|Y| KEYIDX  |
 */
#include "server/rtc/vp8.h"

static void read_extension(struct reader *r, const uint8_t *start, struct vp8 *v)
{
    uint8_t flags = read_u8(r);

    if (flags & 0x80) {
        uint8_t b = read_u8(r);

        v->has_picture_id = true;
        v->picture_id_at = (uint8_t)(r->p - start - 1);
        v->picture_id_15 = b & 0x80;
        v->picture_id = b & 0x7F;
        if (v->picture_id_15)
            v->picture_id = (uint16_t)(v->picture_id << 8 | read_u8(r));
    }
    if (flags & 0x40) {
        v->has_tl0 = true;
        v->tl0 = read_u8(r);
        v->tl0_at = (uint8_t)(r->p - start - 1);
    }
    if (flags & 0x30) {
        uint8_t b = read_u8(r);

        v->has_tid = flags & 0x20;
        if (v->has_tid) {
            v->tid = b >> 6;
            v->layer_sync = b & 0x20;
        }
    }
}

enum err vp8_parse(const uint8_t *payload, size_t len, struct vp8 *out)
{
    struct reader r = reader_on(payload, len);
    struct vp8 v = { 0 };
    uint8_t b = read_u8(&r);

    v.droppable = b & 0x20;
    v.start = (b & 0x10) && (b & 0x07) == 0;
    if (b & 0x80)
        read_extension(&r, payload, &v);
    if (r.bad || reader_left(&r) == 0)
        return ERR_PARSE;
    v.descriptor_len = (uint8_t)(r.p - payload);
    v.key = v.start && (*r.p & 0x01) == 0;
    *out = v;
    return ERR_OK;
}

void vp8_write(struct writer *w, const struct vp8 *v)
{
    uint8_t flags = (uint8_t)((v->has_picture_id ? 0x80 : 0) | (v->has_tl0 ? 0x40 : 0) |
                              (v->has_tid ? 0x20 : 0));

    write_u8(w, (uint8_t)((flags ? 0x80 : 0) | (v->droppable ? 0x20 : 0) | (v->start ? 0x10 : 0)));
    if (!flags)
        return;
    write_u8(w, flags);
    if (v->has_picture_id && v->picture_id_15)
        write_u16(w, (uint16_t)(0x8000 | (v->picture_id & 0x7FFF)));
    else if (v->has_picture_id)
        write_u8(w, v->picture_id & 0x7F);
    if (v->has_tl0)
        write_u8(w, v->tl0);
    if (v->has_tid)
        write_u8(w, (uint8_t)(v->tid << 6 | (v->layer_sync ? 0x20 : 0)));
}

void vp8_renumber(uint8_t *payload, const struct vp8 *v, uint16_t picture_id, uint8_t tl0)
{
    if (v->has_picture_id && v->picture_id_15) {
        payload[v->picture_id_at] = (uint8_t)(0x80 | (picture_id >> 8 & 0x7F));
        payload[v->picture_id_at + 1] = (uint8_t)picture_id;
    } else if (v->has_picture_id) {
        payload[v->picture_id_at] = picture_id & 0x7F;
    }
    if (v->has_tl0)
        payload[v->tl0_at] = tl0;
}
