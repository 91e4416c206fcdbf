/* SPDX-License-Identifier: Apache-2.0
 *
 * What one person sends: a track per source line of the offer (microphone,
 * camera, screen), made of one stream per SSRC (a camera may send up to three
 * layers). A track keeps its recent packets in plain text for forwarding and
 * repeating, but only while its gate is open: what comes through a closed gate
 * is counted and thrown away.
 */
#ifndef PARTA_MEDIA_TRACK_H
#define PARTA_MEDIA_TRACK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/media/keyframe.h"
#include "server/rtc/nack.h"
#include "server/rtc/reception.h"
#include "server/rtc/ring.h"
#include "server/rtc/rtp.h"
#include "server/rtc/sdp.h"
#include "server/rtc/vp8.h"

#define STREAM_PENDING_MAX 128         /* packets between two polls; a batch has 64 */
#define STREAM_ALIVE_US (2 * US_PER_S) /* a layer that was silent for longer is gone */
#define TRACK_FAR_US (3 * US_PER_S)    /* a receiver's word about its losses holds so long */
#define TRACK_UNWANTED_US (2 * US_PER_S)
#define AUDIO_CLOCK_HZ 48000 /* RFC 7587 section 4.1 */
#define VIDEO_CLOCK_HZ 90000 /* RFC 7741 section 4.1 */

enum source { SOURCE_MIC, SOURCE_CAMERA, SOURCE_SCREEN, SOURCE_COUNT };

/* Flags of what ring_packet.owner keeps of a VP8 descriptor: see vp8_note_set. */
enum {
    VP8_NOTE_START = 1,
    VP8_NOTE_KEY = 2,
    VP8_NOTE_PICTURE_ID = 4,
    VP8_NOTE_PICTURE_ID_15 = 8,
    VP8_NOTE_TL0 = 16,
    VP8_NOTE_SYNC = 32
};

struct track;

#define STREAM_PACKET_BYTES 64 /* header, extension, tag, UDP and IPv4 around a payload */

/* What a stream costs a receiver's link, measured; all headers counted. */
struct stream_cost {
    int64_t since_us;
    uint32_t bytes[2]; /* since then: of the lowest temporal layer, of the others */
    int64_t bps[2];    /* smoothed; 0 = not known yet */
    bool layered;      /* it has temporal layers */
    uint32_t key_ts, key_sum;
    bool in_key;
    uint32_t key_bytes; /* of the last whole key frame, 0 = none yet */
};

/* One SSRC. Allocated when its first packet comes. */
struct stream {
    struct track *track;
    uint32_t ssrc;
    uint32_t epoch; /* rises when its packets stop being one unbroken run for receivers */
    struct nack nack;
    struct reception reception;
    struct ring ring;
    struct keyframe keyframe;
    struct stream_cost cost;
    int64_t last_us;                     /* last packet */
    int64_t pending[STREAM_PENDING_MAX]; /* stored, not yet forwarded: unwrapped seqs */
    int pending_n;
    bool hot; /* the stage has it on its list of streams to look at */
};

struct track {
    struct leg *leg; /* borrowed: the sender */
    enum source source;
    bool offered;          /* the line is in the offer and was accepted */
    bool open;             /* gate */
    struct sdp_media line; /* as answered */
    uint8_t far_lost;      /* of 256: the most that a receiver lost of it lately, on its own link */
    int64_t far_us;
    struct stream *streams[SDP_RIDS_MAX]; /* owned; lowest layer first, NULL = not heard yet */
    int layers;                           /* how many may come: rids_n, or 1 */
    /* Layers that the sender is told to send, bit i for layer i. As long as it was told nothing it
     * sends the highest. */
    uint8_t on;
    int64_t on_us[SDP_RIDS_MAX]; /* when it was told so, INT64_MIN = at the start */
    int64_t unwanted_us;         /* since when nobody wants a layer that is on, or NEVER_US */
    int64_t silent_us;           /* since when none comes though the gate is open, or NEVER_US */
};

static inline bool track_is_video(const struct track *t)
{
    return t->source != SOURCE_MIC;
}

static inline uint32_t track_clock_hz(const struct track *t)
{
    return track_is_video(t) ? VIDEO_CLOCK_HZ : AUDIO_CLOCK_HZ;
}

void track_init(struct track *t, struct leg *leg, enum source source, const struct sdp_media *line);
void track_deinit(struct track *t);

/* Opens or closes the gate. Closing forgets every stored packet at once. */
void track_gate(struct track *t, bool open);

/* The stream for this layer, made on first use or bound anew to ssrc. ERR_NOMEM. */
enum err track_stream(struct track *t, int layer, uint32_t ssrc, struct stream **out) MUST_CHECK;

/* The highest layer that is alive, NULL if none is. */
struct stream *track_best(const struct track *t, int64_t now_us);

/* A receiver says which share of what it was sent did not come. */
void track_lost_far(struct track *t, uint8_t fraction, int64_t now_us);

/* True if the layer comes, or would if the sender were told to send it. */
bool track_has(const struct track *t, int layer, int64_t now_us);

/* Takes what receivers want (bit i: layer i): what is wanted is on at once, what nobody wants goes
 * off after TRACK_UNWANTED_US; the last one stays. A sender of which nothing comes is told to send
 * all: it may be unable to send the one that was wanted. True if the sender must be told t->on. */
bool track_want(struct track *t, uint8_t layers, int64_t now_us);

enum stream_got {
    STREAM_STORED,  /* waits in pending */
    STREAM_CLOSED,  /* the gate is closed: counted only */
    STREAM_REFUSED, /* duplicate, too old, unreadable, or no room */
};

/* One packet of the stream; repeated: it came by RTX. */
enum stream_got stream_packet(struct stream *s, const struct rtp *p, bool repeated, int64_t now_us);

/* What has been polled is no longer pending. */
void stream_forwarded(struct stream *s);

static inline void vp8_note_set(struct ring_packet *p, const struct vp8 *v)
{
    p->owner[0] = (uint8_t)((v->start ? VP8_NOTE_START : 0) | (v->key ? VP8_NOTE_KEY : 0) |
                            (v->has_picture_id ? VP8_NOTE_PICTURE_ID : 0) |
                            (v->picture_id_15 ? VP8_NOTE_PICTURE_ID_15 : 0) |
                            (v->has_tl0 ? VP8_NOTE_TL0 : 0) | (v->layer_sync ? VP8_NOTE_SYNC : 0));
    p->owner[1] = v->picture_id_at;
    p->owner[2] = v->tl0_at;
    p->owner[3] = v->tl0;
    p->owner[4] = (uint8_t)(v->picture_id >> 8);
    p->owner[5] = (uint8_t)v->picture_id;
    p->owner[6] = v->tid;
}

static inline struct vp8 vp8_note_get(const struct ring_packet *p)
{
    return (struct vp8){ .start = p->owner[0] & VP8_NOTE_START,
                         .key = p->owner[0] & VP8_NOTE_KEY,
                         .has_picture_id = p->owner[0] & VP8_NOTE_PICTURE_ID,
                         .picture_id_15 = p->owner[0] & VP8_NOTE_PICTURE_ID_15,
                         .has_tl0 = p->owner[0] & VP8_NOTE_TL0,
                         .layer_sync = p->owner[0] & VP8_NOTE_SYNC,
                         .picture_id_at = p->owner[1],
                         .tl0_at = p->owner[2],
                         .tl0 = p->owner[3],
                         .picture_id = (uint16_t)(p->owner[4] << 8 | p->owner[5]),
                         .tid = p->owner[6] };
}

#endif
