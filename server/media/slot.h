/* SPDX-License-Identifier: Apache-2.0
 *
 * A receive slot: one sendonly line of our answer, with an SSRC of its own,
 * that carries now this person's media, now that one's. Its receiver sees a
 * single unbroken stream: sequence numbers, timestamps and VP8 picture ids run
 * on across a change of source, and a picture changes only at a key frame.
 *
 * A receiver on a weak link gets less (enum media_step): without the upper
 * temporal layers, or one key frame every few seconds, or nothing; what is
 * left out leaves no gap in the numbers. What may not leave yet is held back
 * in a ring of its own, which is allocated when first needed.
 */
#ifndef PARTA_MEDIA_SLOT_H
#define PARTA_MEDIA_SLOT_H

#include <stdbool.h>
#include <stdint.h>

#include "server/media/copies.h"
#include "server/media/message.h"
#include "server/media/track.h"
#include "server/rtc/rtcp.h"

#define SLOT_REPORT_US US_PER_S /* between two sender reports */
#define SLOT_HEADER_MAX (RTP_HEADER_BYTES + SLOT_EXT_BYTES)
#define SLOT_EXT_BYTES 8      /* RFC 8285: profile, length, one element of 2 bytes */
#define SLOT_SYNC_US US_PER_S /* so long a temporal layer waits for its sync frame */
#define SLOT_CUTS 32          /* remembered places where something was left out */
#define SLOT_HELD_US US_PER_S /* a picture held back for longer is given up */
#define SLOT_HELD_PACKETS 128
#define SLOT_HELD_BYTES (32u * 1024)
#define SLOT_HELD_BYTES_MAX (128u * 1024)

enum slot_kind { SLOT_AUDIO, SLOT_VIDEO, SLOT_SCREEN };

/* From this packet of the source on, so many packets and pictures have been left out. */
struct slot_cut {
    int64_t seq;
    uint32_t packets;
    uint16_t pictures;
};

struct slot {
    /* config, from the answer */
    enum slot_kind kind;
    char mid[SLOT_MID_MAX + 1];
    uint8_t pt, rtx_pt;
    uint32_t ssrc, rtx_ssrc;
    bool repeats;   /* of a voice: what is lost may be asked for again */
    uint8_t ext_id; /* of the transport-wide number in every packet, 0 = not negotiated */
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
    /* how much of the picture */
    enum media_step step;
    uint8_t tid;  /* highest temporal layer that goes out now */
    bool thinned; /* something may be left out: every packet must be looked at */
    int64_t
        lacks_us; /* a layer that may go has waited long enough for its sync frame, or NEVER_US */
    int64_t highest;   /* of stream, handled; valid while thinned */
    uint32_t frame_ts; /* of the frame that is handled now */
    bool frame_goes;   /* it goes out */
    int64_t still_us;  /* STILL: when the next picture is due */
    struct slot_cut cuts[SLOT_CUTS];
    int cuts_n; /* all that were ever made in this run */
    /* held back: the last held_n of what was numbered, in ring by their numbers as sent */
    struct ring held;      /* owned */
    struct copies *copies; /* owned; NULL until its receiver asked for a voice packet again */
    int held_n;
    uint16_t sent_picture_id; /* of what has left; valid while something is held */
    uint8_t sent_tl0;
    uint32_t packets, octets; /* for sender reports */
    int64_t report_us;        /* next sender report; valid if any */
};

/* random gives the first sequence number and timestamp. */
void slot_init(struct slot *s, enum slot_kind kind, const struct sdp_media *line, uint64_t random);

void slot_deinit(struct slot *s);

/* Maps a track (or nobody's) to the slot. What it carried stops at once. */
void slot_map(struct slot *s, struct track *track, uint16_t member);

/* True while the slot waits for a key frame: of the stream that it should carry, or because its
 * sender marks no frame with which a temporal layer that was left out could come back. */
bool slot_waits(const struct slot *s, const struct stream *target, int64_t now_us);

/* Offers a stored packet of from to the slot; target is the stream that it should carry. True if
 * it goes out. Moves the slot to from if the packet is a fitting start. */
bool slot_take(struct slot *s, struct stream *from, struct stream *target,
               const struct ring_packet *p, int64_t now_us);

/* Writes the packet that slot_take accepted; room for SLOT_HEADER_MAX + p->len. transport: its
 * transport-wide number. Returns its length. */
size_t slot_write(struct slot *s, const struct ring_packet *p, uint16_t transport, uint8_t *to,
                  int64_t now_us);

/* Holds the packet that slot_take accepted back. False if it cannot: then all that was held is
 * given up, and the slot waits for a key frame. */
bool slot_hold(struct slot *s, const struct ring_packet *p, int64_t now_us);

/* Writes the first packet that was held back. 0 if there is none, or it waited for too long:
 * then all are given up. */
size_t slot_write_held(struct slot *s, uint16_t transport, uint8_t *to, int64_t now_us);

/* Gives up all that is held back; the slot waits for a key frame then. */
void slot_give_up(struct slot *s);

/* How much of the picture goes out from now on; of an audio slot always all. */
void slot_set_step(struct slot *s, enum media_step step, int64_t now_us);

/* The stream that the slot's step asks for, NULL if none is alive or no picture is to go. */
struct stream *slot_target(const struct slot *s, int64_t now_us);

/* The layer that the slot's step asks for, be it on or not; -1 if none. */
int slot_wish(const struct slot *s, int64_t now_us);

/* Finds the packet that went out as seq, if it can still be repeated. */
struct ring_packet *slot_find(const struct slot *s, uint16_t seq, int64_t now_us);

/* Writes p as a retransmission (RFC 4588); room for SLOT_HEADER_MAX + 2 + p->len. */
size_t slot_write_rtx(struct slot *s, const struct ring_packet *p, uint16_t transport, uint8_t *to);

/* Writes a packet of n bytes of padding on the retransmission stream, for a probe: receivers throw
 * it away (RFC 3550 5.1; n up to 255). 0 if the slot has no such stream. */
size_t slot_write_padding(struct slot *s, uint8_t n, uint16_t transport, uint8_t *to);

/* Fills the sender report; wall_us is the server's time for now_us, and offset_us what turns the
 * source's wall clock into the server's. False if the source has not told its own yet. */
bool slot_report(struct slot *s, int64_t now_us, int64_t wall_us, int64_t offset_us,
                 struct rtcp *out);

#endif
