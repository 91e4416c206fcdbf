/* SPDX-License-Identifier: Apache-2.0
 *
 * A receive slot: one sendonly line of our answer, with an SSRC of its own,
 * that carries now this person's media, now that one's. Its receiver sees a
 * single unbroken stream: sequence numbers, timestamps and VP8 picture ids run
 * on across a change of source, and a picture changes only at a key frame.
 */
#ifndef PARTA_MEDIA_SLOT_H
#define PARTA_MEDIA_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "server/media/message.h"
#include "server/media/track.h"
#include "server/rtc/rtcp.h"

#define SLOT_REPORT_US US_PER_S /* between two sender reports */

enum slot_kind { SLOT_AUDIO, SLOT_VIDEO, SLOT_SCREEN };

struct slot {
    /* config, from the answer */
    enum slot_kind kind;
    char mid[SLOT_MID_MAX + 1];
    uint8_t pt, rtx_pt;
    uint32_t ssrc, rtx_ssrc;
    /* borrowed */
    struct track *track;   /* what it is to carry, NULL = nobody's */
    struct stream *stream; /* what it carries now, NULL until a fitting start came */
    /* state */
    uint16_t member;  /* of track, 0 = nobody */
    uint32_t epoch;   /* of stream when it began */
    int64_t base_seq; /* first forwarded packet of stream, in its numbers */
    int64_t seq_delta;
    uint32_t ts_delta;
    uint16_t picture_delta;
    uint8_t tl0_delta;
    bool restart; /* next audio packet gets the marker: a new run begins */
    bool any;     /* something was sent ever; the last_ fields are valid */
    int64_t last_seq;
    uint32_t last_ts;
    int64_t last_us;
    uint16_t last_picture_id;
    uint8_t last_tl0;
    uint16_t rtx_seq;
    uint32_t packets, octets; /* for sender reports */
    int64_t report_us;        /* next sender report; valid if any */
};

/* random gives the first sequence number and timestamp. */
void slot_init(struct slot *s, enum slot_kind kind, const struct sdp_media *line, uint64_t random);

/* Maps a track (or nobody's) to the slot. What it carried stops at once. */
void slot_map(struct slot *s, struct track *track, uint16_t member);

/* True while the slot waits for a key frame of the stream that it should carry. */
bool slot_waits(const struct slot *s, const struct stream *target);

/* Offers a stored packet of from to the slot; target is the stream that it should carry. True if
 * it goes out. Moves the slot to from if the packet is a fitting start. */
bool slot_take(struct slot *s, struct stream *from, struct stream *target,
               const struct ring_packet *p, int64_t now_us);

/* Writes the packet that slot_take accepted; room for RTP_HEADER_BYTES + p->len. Returns its
 * length. */
size_t slot_write(struct slot *s, const struct ring_packet *p, uint8_t *to, int64_t now_us);

/* Finds the packet that went out as seq, if it can still be repeated. */
struct ring_packet *slot_find(const struct slot *s, uint16_t seq, int64_t now_us);

/* Writes p as a retransmission (RFC 4588); room for RTP_HEADER_BYTES + 2 + p->len. */
size_t slot_write_rtx(struct slot *s, const struct ring_packet *p, uint8_t *to);

/* Fills the sender report; wall_us is the server's time for now_us, and offset_us what turns the
 * source's wall clock into the server's. False if the source has not told its own yet. */
bool slot_report(struct slot *s, int64_t now_us, int64_t wall_us, int64_t offset_us,
                 struct rtcp *out);

#endif
