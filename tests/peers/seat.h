/* SPDX-License-Identifier: Apache-2.0
 *
 * One person of parta-peer: the conversation of the protocol, the media
 * connection on a UDP socket of its own, what it sends and what it made of
 * what it got. One thread; the WebSocket itself belongs to parta_peer.c, which
 * hands texts in and takes texts out.
 */
#ifndef PARTA_TESTS_SEAT_H
#define PARTA_TESTS_SEAT_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/str.h"
#include "tests/peers/peer_client.h"
#include "tests/peers/picture.h"
#include "tests/peers/signin.h"
#include "tests/peers/tone.h"

#define SEAT_OUTBOX 16

/* What all seats of the process share. */
struct seat_world {
    struct dtls_identity *identity;
    struct reel reel;
    struct tone tones[4];
    int tone_hz[4];
    bool decode; /* look at pictures and listen; else only count */
    bool take_over;
    bool send_screen;
    bool voice_only;
    bool stay;         /* comes back when the line or the media is lost, as a page does */
    int64_t events_us; /* prints what happens while it happens, and such pauses; 0 = nothing */
};

/* Moments in us since the join was sent; 0 = not yet. */
struct seat_moments {
    int64_t asked, joined, answered, live, first_voice, first_picture, first_decoded;
};

struct seat {
    struct seat_world *world; /* borrowed */
    int number;
    int64_t lesson;
    char cookie[SIGNIN_COOKIE_MAX];
    /* owned */
    struct client *client;
    struct client_config config; /* of the next one */
    int fd;                      /* -1 before the answer */
    char *outbox[SEAT_OUTBOX];   /* texts for the WebSocket */
    int outbox_n;
    struct eye eyes[SLOTS_MAX];
    struct ear ears[SLOTS_MAX];
    uint16_t carries[SLOTS_MAX]; /* member in each slot */
    /* state */
    struct now now;
    int64_t real_us; /* wall clock of this turn */
    int member;
    int ping_s, pings;
    int64_t ping_us, voice_us, picture_us, key_us;
    int voice_at, picture_at, screen_at;
    struct seat_moments t;
    char refused[64], closed[64], error[64];
    bool done;
    /* of one that stays */
    bool seated;      /* on this line */
    char resume[64];  /* token of the seat */
    int64_t heard_us; /* last message over the line; valid while it is open */
    int64_t tell_us;  /* a media connection has to live until then, or is replaced */
    struct seat_flow {
        int64_t last_us;
        uint64_t seen;
    } flow[2]; /* voice, picture: came last */
    uint64_t datagrams_in, datagrams_out;
};

enum err seat_init(struct seat *s, struct seat_world *world, int number) MUST_CHECK;
void seat_deinit(struct seat *s);

/* The WebSocket is open, brought a message, or is gone. */
void seat_heard(struct seat *s, const char *text, size_t len);
void seat_lost(struct seat *s);

/* Of one that stays: nothing has been heard over the line for so long that it is taken for dead. */
bool seat_line_is_dead(const struct seat *s);

/* Everything that is due: datagrams in, timers, media out. */
void seat_turn(struct seat *s, struct now now, int64_t real_us);

/* Next text for the WebSocket, to be freed with mem_free, or NULL. */
char *seat_next_text(struct seat *s);

/* Says goodbye: a `leave` and the end of the connection. */
void seat_leave(struct seat *s);

/* What it saw and heard. */
json_t *seat_report(struct seat *s);

#endif
