/* SPDX-License-Identifier: Apache-2.0
 *
 * The VP8 payload descriptor (RFC 7741 section 4.2): what the relay must know
 * of a picture without decoding it, and the rewriting of its running numbers
 * so that a receiver sees one unbroken stream across a change of source.
 */
#ifndef PARTA_RTC_VP8_H
#define PARTA_RTC_VP8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

struct vp8 {
    bool start;     /* first packet of a frame: S set and partition 0 */
    bool key;       /* start of a key frame (RFC 6386 9.1) */
    bool droppable; /* N: no other frame refers to this one */
    bool has_picture_id;
    bool picture_id_15; /* 15 bits, else 7 */
    bool has_tl0;
    bool has_tid;
    bool layer_sync; /* Y */
    uint8_t tid;     /* temporal layer, 0 if none is given */
    uint8_t tl0;     /* TL0PICIDX */
    uint16_t picture_id;
    uint8_t picture_id_at;  /* offset in the payload; valid if has_picture_id */
    uint8_t tl0_at;         /* offset in the payload; valid if has_tl0 */
    uint8_t descriptor_len; /* bytes before the VP8 frame data */
};

/* Reads the descriptor. ERR_PARSE if it runs past the payload or no byte of frame follows. */
enum err vp8_parse(const uint8_t *payload, size_t len, struct vp8 *out) MUST_CHECK;

/* Writes the descriptor that v says: start, droppable, picture id in its width, TL0PICIDX, layer
 * and sync. No partition but 0 is told: a frame is cut without regard to partitions. */
void vp8_write(struct writer *w, const struct vp8 *v);

/* Overwrites picture id and TL0PICIDX (those that v says are there) in the same width. payload
 * must be the one that v was read from, or a copy. */
void vp8_renumber(uint8_t *payload, const struct vp8 *v, uint16_t picture_id, uint8_t tl0);

#endif
