/* SPDX-License-Identifier: Apache-2.0
 *
 * RTP packets to whole frames and back, for legs over WebSocket. Joining copies
 * nothing until a frame is whole: it walks over the packets that the stream's
 * ring keeps anyway, so a packet that was repeated in time completes its frame,
 * and a receiver costs a few numbers. Cutting makes one packet after the other
 * in the caller's buffer. Decodes nothing; no clock, no memory of its own.
 *
 * A frame that cannot be completed is left out, and so is what needs it: up to
 * the next key frame, or, in a layered stream whose layer 0 is whole, up to the
 * next frame that the layers below suffice for (RFC 7741 section 4.2: TL0PICIDX,
 * TID, Y).
 */
#ifndef PARTA_MEDIA_FRAME_H
#define PARTA_MEDIA_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/now.h"
#include "common/protocol/wsmedia.h"
#include "server/rtc/ring.h"
#include "server/rtc/rtp.h"
#include "server/rtc/vp8.h"

#define FRAME_PACKET_BYTES 1160 /* payload: a datagram of 1200 with header, RTX number and seal */
#define FRAME_VP8_BYTES 6       /* our descriptor: picture id of 15 bits, TL0PICIDX, layer */
#define FRAME_PACKETS_MAX                                                                          \
    ((SIG_MEDIA_PICTURE_BYTES + FRAME_PACKET_BYTES - FRAME_VP8_BYTES - 1) /                        \
     (FRAME_PACKET_BYTES - FRAME_VP8_BYTES))
#define FRAME_WAIT_VOICE_US (40 * US_PER_MS)    /* for a packet that others overtook */
#define FRAME_WAIT_PICTURE_US (200 * US_PER_MS) /* room for some repetitions */
#define FRAME_SPAN_MAX 256                      /* packets looked at: as many as a ring keeps */

/* ---- which frames of a picture can be decoded after some were left out ---- */

/* What the chain asks of a frame. */
struct frame_link {
    bool key, droppable, sync;
    uint8_t layer;
    bool has_tl0, has_picture_id;
    uint8_t tl0;
    uint16_t picture_id; /* 7 or 15 bits, as wide says */
    bool wide;
};

struct frame_chain {
    bool need_key;       /* nothing is decodable until one comes */
    bool gap;            /* frames are missing before the next one, not known which */
    bool layered;        /* tl0 is valid */
    uint8_t tl0;         /* of the last frame of layer 0 */
    uint8_t top;         /* highest layer that is whole */
    bool numbered;       /* picture_id is valid */
    uint16_t picture_id; /* of the last frame that was taken or may be missed */
};

/* True if the frame can be decoded; the chain then ends at it. */
bool frame_chain_take(struct frame_chain *c, const struct frame_link *f);

/* The frame was seen but is left out. */
void frame_chain_miss(struct frame_chain *c, const struct frame_link *f);

/* ---- packets to frames ---- */

struct frame_join {
    bool video;
    int64_t next;     /* the packet with which the next frame begins */
    int64_t missing;  /* the packet that is waited for; valid if since_us is not NEVER_US */
    int64_t since_us; /* from when on */
    bool key_coming;  /* a key frame has begun to arrive */
    struct frame_chain chain;
    uint64_t left_out; /* frames begun or lost that did not come out */
};

struct frame_joined {
    int64_t first, last; /* packets */
    size_t bytes;        /* of the payload */
    uint32_t ts;
    int64_t at_us; /* arrival of its first packet */
    struct frame_link link;
};

/* Begins at packet seq: of a picture, the start of a key frame. */
void frame_join_begin(struct frame_join *j, bool video, int64_t seq);

/* The next whole frame of the packets up to highest that ring keeps. False: wait for more, or
 * until the deadline. Frames that cannot be shown any more are passed over. */
bool frame_join_next(struct frame_join *j, const struct ring *ring, int64_t highest, int64_t now_us,
                     struct frame_joined *out);

/* Copies the payload of a frame just joined; room for out->bytes. Returns its length: less only if
 * the ring has been written to since. */
size_t frame_join_copy(const struct frame_join *j, const struct ring *ring,
                       const struct frame_joined *f, uint8_t *to);

/* When waiting ends. */
int64_t frame_join_deadline(const struct frame_join *j);

/* True if only a new key frame helps and none is on its way. */
bool frame_join_needs_key(const struct frame_join *j);

/* ---- frames to packets ---- */

struct frame_cut {
    uint16_t seq;        /* of the next packet */
    uint16_t picture_id; /* of the present frame */
    uint8_t tl0;
    uint32_t ts;
    const struct wsmedia *frame; /* borrowed from frame_cut_begin on; NULL: all was cut */
    size_t at;
};

/* How many packets this frame becomes. */
int frame_cut_packets(const struct wsmedia *f);

/* Takes a frame; hz is the clock of its timestamps. Cut it to the end before the next one. */
void frame_cut_begin(struct frame_cut *c, const struct wsmedia *f, uint32_t hz);

/* The next packet: marker, seq, ts and payload, which lies in buffer (FRAME_PACKET_BYTES) or, of
 * voice, in the frame. False after the last. */
bool frame_cut_next(struct frame_cut *c, uint8_t *buffer, struct rtp *out);

/* A capture time as an RTP timestamp of this clock. */
uint32_t frame_ticks(int64_t time_us, uint32_t hz);

#endif
