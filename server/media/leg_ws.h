/* SPDX-License-Identifier: Apache-2.0
 *
 * What a leg over WebSocket has in the place of a peer: whole frames come in
 * and are cut into the packets of its tracks, and what its slots carry is
 * joined to frames. Everything between, the gates, the rings, the map of
 * sources to slots, key frame requests and who speaks, is that of any leg.
 * There is no RTCP here: reports about a sender's clock are made from the
 * capture times, and a key frame is asked for by an event. Inside of media/.
 */
#ifndef PARTA_MEDIA_LEG_WS_H
#define PARTA_MEDIA_LEG_WS_H

#include "server/media/frame.h"
#include "server/media/leg.h"

/* One source of this person. */
struct leg_ws_in {
    struct wsmedia_line line;
    struct frame_cut cut;
    bool cut_off; /* a picture could not be held: what follows waits for a key frame */
};

/* One receive slot. */
struct leg_ws_out {
    struct frame_join join;
    struct stream *stream; /* the run that join walks over: borrowed, compared only */
    uint32_t epoch;
    int64_t base_seq;
    uint16_t seq;      /* of the next frame */
    uint64_t left_out; /* of join, as already counted in seq */
    int64_t time_us;   /* of the last frame */
    bool anchored;     /* the two below are valid */
    uint32_t anchor_ts;
    int64_t anchor_us;
};

struct leg_ws {
    struct leg_ws_in in[SOURCE_COUNT];
    struct leg_ws_out out[SLOTS_MAX];
    const char *refused; /* the word of a refused frame, until it is told */
    int64_t refused_us;  /* the next one is told from here on */
};

/* Makes l a WebSocket leg with the slots of this plan: tracks, slots, state LIVE. ERR_NOMEM. */
enum err leg_ws_init(struct leg *l, const struct slot_plan *plan) MUST_CHECK;

/* One message from this person's client. Returns the stream whose packets now wait to be
 * forwarded, or NULL: refused (l->ws->refused says why), or its gate is closed. */
struct stream *leg_ws_frame(struct leg *l, struct stage_counters *n, struct now now,
                            int64_t wall_us, const uint8_t *message, size_t len);

/* Shows the slot the packets that are pending: it may move to another stream. Once per batch. */
void leg_ws_offer(struct leg *l, int slot, int64_t now_us);

/* It may receive again: every slot begins anew, so that nothing of the time between comes out. */
void leg_ws_restart(struct leg *l);

enum leg_ws_next {
    LEG_WS_NONE,  /* nothing is whole */
    LEG_WS_FRAME, /* *len bytes were written: header and payload */
    LEG_WS_FULL,  /* the next frame needs more room: call again with more */
};

/* The next frame of a slot into to[0..cap). all: there will never be more room than this; what does
 * not fit is left out. wall_base_us: the wall clock minus the monotonic. */
enum leg_ws_next leg_ws_next(struct leg *l, struct stage_counters *n, int slot, int64_t now_us,
                             int64_t wall_base_us, uint8_t *to, size_t cap, bool all, size_t *len);

/* When a slot gives up waiting for a packet, or a key frame must be asked for. */
int64_t leg_ws_deadline(const struct leg *l);

/* True if this source's client must be asked for a key frame now; counts as asked. */
bool leg_ws_ask_key(struct leg *l, enum source source, int64_t now_us);

#endif
