/* SPDX-License-Identifier: Apache-2.0
 *
 * The live lessons: a table of room machines, and the driver that carries
 * their effects out: messages to connections, commands to relays, facts to the
 * desk. Net loop only.
 */
#ifndef PARTA_NET_ROOMS_H
#define PARTA_NET_ROOMS_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"
#include "common/base/list.h"
#include "common/base/timerq.h"
#include "server/api/desk.h"
#include "server/net/relay.h"
#include "server/room/room.h"

struct conn;
struct net;

#define ROOMS_BUCKETS 256

struct live_room; /* rooms.c */

struct rooms {
    struct list buckets[ROOMS_BUCKETS]; /* of live_room.in_bucket, by lesson */
    struct list people;                 /* of ws.of_everybody */
    size_t n;
    int64_t board_next_us; /* when the desk's view of the rooms is refreshed */
    bool board_empty;      /* the desk knows that nobody is in */
};

void rooms_init(struct rooms *r);
/* Frees every room without telling anybody. */
void rooms_deinit(struct net *n);

/* The desk has answered a connection's question for a seat. c is NULL when the connection is gone:
 * then the session row that was written is closed again. */
void rooms_admitted(struct net *n, struct conn *c, const struct desk_reply *r);

void rooms_message(struct net *n, struct conn *c, const struct sig_client *msg);
/* A binary message: a frame for this person's leg. */
void rooms_frame(struct net *n, struct conn *c, const void *message, size_t len);
/* The picture of this slot needs a key frame for this person. */
void rooms_want_key(struct net *n, struct conn *c, uint8_t slot);
/* This person's WebSocket takes about so much. */
void rooms_takes(struct net *n, struct conn *c, int64_t bps);
/* The person of this connection will ask for a seat in this lesson. */
void rooms_returns(struct net *n, const struct conn *c, struct lesson_id lesson);
void rooms_heard(struct net *n, struct conn *c);
void rooms_conn_lost(struct net *n, struct conn *c);

/* A push of the desk: a lesson's facts, a person's rights, or a logout. */
void rooms_push(struct net *n, const struct desk_reply *r);

/* From a relay. */
void rooms_media(struct net *n, struct relay_event *ev);

/* Once a second: the live board. */
void rooms_tick(struct net *n);

/* Everyone is told server_restart. */
void rooms_drain(struct net *n);

size_t rooms_people(const struct net *n);

#endif
