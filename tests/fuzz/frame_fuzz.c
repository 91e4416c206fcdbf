/* SPDX-License-Identifier: Apache-2.0
 *
 * Any packets, in any order, as frames: the input is a list of packets, each
 * with a step of its number, a step of time, flags, a length and a payload.
 * What comes out lies within what came in, in order, each packet in one frame.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "server/media/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PACKETS_MAX 1000

static uint8_t frame[SIG_MEDIA_PICTURE_BYTES];

static void join(struct frame_join *j, const struct ring *ring, int64_t highest, int64_t now_us,
                 int64_t *before)
{
    struct frame_joined f;

    for (int n = 0; frame_join_next(j, ring, highest, now_us, &f); n++) {
        if (n > FRAME_SPAN_MAX || f.first <= *before || f.last < f.first || f.last > highest ||
            f.bytes > sizeof frame || f.bytes == 0)
            abort();
        *before = f.last;
        if (frame_join_copy(j, ring, &f, frame) != f.bytes)
            abort();
    }
    if (frame_join_deadline(j) <= now_us)
        abort(); /* due, and nothing done */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader r = reader_on(data, size);
    bool video = read_u8(&r) & 1;
    struct frame_join j = { 0 };
    struct seq_line line = { 0 };
    struct ring ring;
    int64_t now_us = US_PER_S, before = -1;
    uint16_t seq = read_u16(&r);

    ring_init(&ring, 256, 48u * 1024, 512u * 1024);
    frame_join_begin(&j, video, seq_unwrap(&line, seq));
    for (int n = 0; n < PACKETS_MAX && reader_left(&r) > 0; n++) {
        int step = (int8_t)read_u8(&r);
        uint8_t flags = read_u8(&r);
        size_t len = flags & 0x40 ? read_u16(&r) % RTP_PACKET_MAX : read_u8(&r) % 32;
        struct ring_packet *p;
        const uint8_t *bytes;
        int64_t at;

        now_us += (flags & 7) * 20 * US_PER_MS;
        seq = (uint16_t)(seq + (flags & 0x20 ? step * 100 : step));
        len = len > reader_left(&r) ? reader_left(&r) : len;
        bytes = read_bytes(&r, len);
        at = seq_unwrap(&line, seq);
        if (at < line.highest - 100 || ring_get(&ring, at))
            continue; /* track.c does so */
        p = ring_put(&ring, at, len, now_us);
        if (!p)
            continue;
        p->marker = flags & 0x80;
        p->ts = (uint32_t)(now_us / 1000 / 40);
        if (len && bytes)
            memcpy(ring_payload(&ring, p), bytes, len);
        if (flags & 8)
            join(&j, &ring, line.highest, now_us, &before);
    }
    join(&j, &ring, line.highest, now_us + US_PER_S, &before);
    ring_deinit(&ring);
    return 0;
}
