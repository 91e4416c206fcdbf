/* SPDX-License-Identifier: Apache-2.0
 *
 * A stage, its clients and the network between them, on virtual time. The rig
 * plays the driver: it finds the leg of a datagram as a relay loop would, cuts
 * GSO messages into datagrams, and keeps what the stage tells the room. Clients
 * that talk send voice every 20 ms and pictures every 40 ms.
 */
#ifndef PARTA_TESTS_STAGE_RIG_H
#define PARTA_TESTS_STAGE_RIG_H

#include "server/media/stage.h"
#include "tests/peers/peer_client.h"
#include "tests/support/narrow_link.h"

#define RIG_CLIENTS 24
#define RIG_PICTURE_PACKETS 3 /* per frame */

struct stage_rig;

/* A datagram is about to be delivered; false loses it. to_server: from or to client i. */
typedef bool stage_rig_filter(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                              size_t len);

struct stage_rig_client {
    struct client *client; /* NULL: not there */
    struct addr addr;
    struct leg *leg; /* as the driver's table knows it, NULL before the first check or after */
    struct leg_id id;
    bool ws;                    /* a leg over WebSocket: no client, see stage_rig_frame */
    bool voice, camera, screen; /* what it sends */
    uint8_t level;              /* of its voice */
    int layers_on;              /* simulcast: how many of its layers it sends now */
    bool obeys;                 /* simulcast: it sends only the layers that it is told to */
    uint8_t told;               /* those, bit i for layer i */
    int tellings;
    int rate_tellings;
    struct media_rates most; /* as told last */
    int64_t wants_bps;
    bool temporal;           /* its layers have three temporal layers, and real sizes */
    struct narrow_link down; /* its link; bps 0 = a wide one */
    int64_t clock_ms;        /* its wall clock is ahead of the server's by this */
    /* what the stage told */
    int keys[3], bad_frames; /* WebSocket: key frames asked for, by source */
    int answers, lives, deads, firsts, gones, refusals, slot_events;
    const char *why;
    struct media_slot slots[SLOTS_MAX];
    int slots_n;
    /* what came through the slots */
    uint64_t media_in; /* datagrams of media or RTCP that reached it */
    uint64_t rtp_in[SLOTS_MAX];
    uint8_t last_mark[SLOTS_MAX]; /* the sender's mark in the last packet */
    int64_t last_seq[SLOTS_MAX];
    uint32_t last_ts[SLOTS_MAX];
    uint16_t last_picture[SLOTS_MAX];
    bool any[SLOTS_MAX];
    unsigned jumps[SLOTS_MAX];        /* sequence numbers that did not follow */
    unsigned bad_starts[SLOTS_MAX];   /* a new sender's picture that began without a key frame */
    unsigned bad_pictures[SLOTS_MAX]; /* picture ids that did not follow */
    unsigned old_ts[SLOTS_MAX];       /* timestamps that ran backwards */
};

/* A frame came out for the WebSocket of client i. */
typedef void stage_rig_frame_out(struct stage_rig *r, int i, const uint8_t *message, size_t len);

struct stage_rig_flight {
    int64_t at_us;
    uint64_t order;
    int client;
    bool to_server;
    size_t len;
    uint8_t *data;
};

struct stage_rig {
    struct dtls_identity *server_identity, *client_identity;
    struct stage_shared shared;
    struct stage *stage;
    struct now now;
    struct stage_rig_client c[RIG_CLIENTS];
    int n;
    int64_t delay_us;
    stage_rig_filter *filter;
    stage_rig_frame_out *frame_out;
    void (*before_tick)(struct stage_rig *r); /* each 20 ms, for clients without a client */
    uint64_t seed;                            /* for filters */
    int64_t media_us;                         /* next media tick */
    uint64_t ticks;
    struct stage_rig_flight *flights;
    int flights_n, flights_cap;
    uint64_t order;
    /* what the stage did */
    uint64_t messages, datagrams, fulls;
    uint16_t speaking[SPEAKING_MAX];
    int speaking_n, speaking_events;
    bool hold;          /* the driver reads but does not poll: a batch is going on */
    bool group;         /* legs are opened as those of a group; client 0 is its host */
    bool next_is_probe; /* stage_rig_add opens the next leg as a ready check */
    bool busy;          /* scratch of filters */
};

void stage_rig_init(struct stage_rig *r);
void stage_rig_deinit(struct stage_rig *r);

/* Adds a client with member number i + 1 and opens its leg. gate NULL: everything open. */
int stage_rig_add(struct stage_rig *r, const struct client_config *like,
                  const struct leg_gate *gate);

/* Somebody on a WebSocket: no client of the rig; messages come out through frame_out and go in by
 * stage_rig_frame, without delay. */
int stage_rig_add_ws(struct stage_rig *r, int audio, int video, int screen);
void stage_rig_frame(struct stage_rig *r, int i, const uint8_t *message, size_t len);

/* A client with this plan and everything else as browsers have it. */
int stage_rig_join(struct stage_rig *r, int audio, int video, int screen);
void stage_rig_gate(struct stage_rig *r, int i, bool mic, bool camera, bool screen, bool receive);
void stage_rig_close(struct stage_rig *r, int i);

/* Virtual time passes. */
void stage_rig_run(struct stage_rig *r, int64_t us);

/* Everybody connects; asserts that it takes less than a second. */
void stage_rig_run_live(struct stage_rig *r);

/* The slot of client i that carries member (kind by its client_slot), or -1. */
int stage_rig_slot(const struct stage_rig *r, int i, int member, bool video);

/* All packets that came through client i's slots. */
uint64_t stage_rig_rtp_in(const struct stage_rig *r, int i);

/* Every slot of every client was one unbroken stream: numbers, timestamps and picture ids ran on,
 * and each new picture began with a key frame. */
void stage_rig_assert_unbroken(const struct stage_rig *r);

/* True for a media packet, sealed or not; false for RTCP, STUN and DTLS. */
bool stage_rig_is_rtp(const uint8_t *data, size_t len);

/* A repeatable random number below n. */
uint64_t stage_rig_random(struct stage_rig *r, uint64_t n);

#endif
