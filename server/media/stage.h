/* SPDX-License-Identifier: Apache-2.0
 *
 * The media half of one lesson as a machine without I/O: its legs (one WebRTC
 * connection per person), their tracks, and the receive slots that tracks are
 * mapped to. Datagrams and commands go in; datagrams, grouped by receiver so
 * that the driver can send them with one GSO message each, and events come
 * out. All stages of a relay loop share one struct stage_shared.
 *
 * The rule of forwarding: a packet of source S reaches receiver R only if
 * S's gate opens that source and R's gate has receive, at that moment.
 */
#ifndef PARTA_MEDIA_STAGE_H
#define PARTA_MEDIA_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/media/message.h"
#include "server/rtc/addr.h"

#define STAGE_SEGMENTS_MAX 64 /* UDP_MAX_SEGMENTS of the kernel */

struct dtls_identity;
struct stage;
struct leg;

/* What all stages of one relay loop share: owned by the loop, used by it alone. */
struct stage_shared {
    struct dtls_identity *identity;
    struct addr announce; /* the host candidate of every answer */
    uint8_t *tx; /* slab for outgoing datagrams; 128 KiB and more keep batches whole, and hold any
                    frame */
    size_t tx_cap;
    size_t tx_len; /* reset by the driver after it has sent what stage_poll gave */
    int legs_max;  /* people in one stage, 0 = LEGS_MAX; only the bench asks for more */
};

/* One thing for the driver to do. Datagrams lie in shared->tx and stay until the driver resets
 * tx_len, so it may collect those of many stages before it sends. */
struct stage_out {
    enum {
        STAGE_OUT_DATAGRAMS,
        STAGE_OUT_FRAME, /* one message for the leg's WebSocket */
        STAGE_OUT_EVENT,
        STAGE_OUT_ADDR,
        STAGE_OUT_FULL, /* no room in tx: send what was collected, reset tx_len, poll again */
        STAGE_OUT_GONE, /* forget this leg: it is freed with the next call on the stage */
    } kind;
    struct leg *leg;
    struct addr to;      /* DATAGRAMS: receiver */
    const uint8_t *data; /* FRAME: the message; DATAGRAMS: n datagrams back to back, each segment
                            bytes, the last may be shorter */
    size_t len;          /* DATAGRAMS, FRAME */
    size_t segment;      /* at most STAGE_SEGMENTS_MAX of them, 64 kB in all */
    const struct media_event *event; /* EVENT: borrowed until the next poll */
    struct addr addr;                /* ADDR: the leg's validated address changed; index it */
};

enum err stage_new(struct stage **out, struct stage_shared *shared, struct now now) MUST_CHECK;
void stage_free(struct stage *s);

/* Carries out one command of the room. Faults come back as events, never as a crash. Poll
 * afterwards. A leg that died or was closed is taken out by itself (STAGE_OUT_GONE); closing it
 * again does nothing. */
void stage_command(struct stage *s, struct now now, const struct media_command *cmd);

/* The leg that has this local ICE ufrag, or NULL: for the driver's table. */
struct leg *stage_leg_by_ufrag(struct stage *s, const char *ufrag, size_t len);
/* The leg over which media of this source came, or NULL: for datagrams from an unknown address. */
struct leg *stage_leg_by_source(struct stage *s, uint32_t ssrc);
struct leg *stage_leg_by_id(struct stage *s, struct leg_id id);
const char *leg_ufrag(const struct leg *l); /* "" of a leg over WebSocket */
/* It waits for a sign from this address, which is unknown yet: the driver sends it what comes. */
bool leg_asks(const struct leg *l, const struct addr *at);
struct leg_id leg_id(const struct leg *l);
struct stage *leg_stage(struct leg *l);

/* One datagram for this leg, changed in place. Outputs collect until stage_poll. */
void stage_input(struct stage *s, struct now now, struct leg *l, const struct addr *from,
                 uint8_t *data, size_t len);

/* One binary message of this leg's WebSocket: a frame of one of its own sources, refused by name
 * (MEDIA_BAD_FRAME) if it is none. Poll after each: a second large frame may find no room. */
void stage_frame(struct stage *s, struct now now, struct leg *l, const uint8_t *message,
                 size_t len);

/* Call after a batch of inputs, and at the deadline. */
void stage_timeout(struct stage *s, struct now now);
bool stage_poll(struct stage *s, struct stage_out *out);
int64_t stage_deadline(const struct stage *s);

/* True when no leg is left. */
bool stage_empty(const struct stage *s);

/* Totals since the stage began, for metrics and tests. */
struct stage_counters {
    uint64_t rtp_in, rtp_out, rtp_lost_in; /* lost_in: never came, not even repeated */
    uint64_t resent, nacks_in, nacks_out, plis_in, plis_out;
    uint64_t frames_in, frames_out, frames_left_out; /* of WebSocket legs */
    uint64_t refused;                                /* malformed, unknown source, over the rate */
};

const struct stage_counters *stage_counters(const struct stage *s);

#endif
