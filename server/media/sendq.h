/* SPDX-License-Identifier: Apache-2.0
 *
 * What waits to be written to one WebSocket leg, bounded by age. A TCP
 * connection that takes less than it is given would deliver everything, later
 * and later; this queue leaves out instead: pictures that waited 300 ms, with
 * what refers to them, up to the next key frame or as far as their temporal
 * layer goes; voice only after 1 s. Voice goes first. It tells the pressure, so
 * that whoever fills it can give less, and which slot needs a key frame. A
 * socket that takes nothing for 10 s is dead. No socket, no clock in here.
 */
#ifndef PARTA_MEDIA_SENDQ_H
#define PARTA_MEDIA_SENDQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "common/protocol/wsmedia.h"

#define SENDQ_FRAMES_MAX 256                /* of each kind: a second of three voices is 150 */
#define SENDQ_BYTES_MAX (512u * 1024)       /* of pictures: some large key frames */
#define SENDQ_VOICE_BYTES_MAX (128u * 1024) /* a second of three voices at 300 kbit/s */
#define SENDQ_REPAIR_US (2 * US_PER_S) /* so long without leaving out: the upper layers again */

struct sendq_frame {
    uint8_t *message; /* owned; NULL: left out */
    uint32_t len;
    int64_t at_us; /* when it was put in */
    uint8_t slot, layer;
    bool key, droppable, sync;
};

/* First in, first out, in a ring of indices that count up for ever. */
struct sendq_line {
    struct sendq_frame frames[SENDQ_FRAMES_MAX];
    uint32_t head, tail;
    size_t bytes;
};

/* What of one slot's picture can still be decoded by the receiver. */
struct sendq_slot {
    bool need_key;
    uint8_t top; /* highest temporal layer that is whole */
    bool key_told;
    int64_t hurt_us; /* when something was last left out of it */
};

struct sendq {
    struct sendq_line voice, picture;
    struct sendq_slot slots[SIG_MEDIA_SLOTS];
    struct now now;
    int64_t waiting_us; /* since when the socket takes nothing of what there is, or NEVER_US */
    uint64_t left_out_pictures, left_out_voices;
};

void sendq_init(struct sendq *q, struct now now);
void sendq_deinit(struct sendq *q);

/* Puts a message in; it is the queue's from now on, in any case. A message that is no frame, a
 * frame that cannot be decoded any more and one that finds no room are left out at once. */
void sendq_input(struct sendq *q, struct now now, uint8_t *message, size_t len);

/* The socket can take a message: the next one, the caller's to free with mem_free. NULL: there is
 * nothing. Ask only when the kernel holds little that is unsent (TCP_NOTSENT_LOWAT): what it holds
 * grows old without a bound. */
uint8_t *sendq_poll(struct sendq *q, struct now now, size_t *len);

/* Leaves out what is too old. Call at the deadline. */
void sendq_timeout(struct sendq *q, struct now now);
int64_t sendq_deadline(const struct sendq *q);

/* True for each slot that needs a key frame, once until one came: because nothing can be decoded,
 * or because the link held for 2 s with upper layers left out. */
bool sendq_wants_key(struct sendq *q, uint8_t *slot);

/* True if the socket took nothing for 10 s although there was something: close it. */
bool sendq_dead(const struct sendq *q);

struct sendq_pressure {
    int64_t oldest_us; /* how long the oldest waits; 0: empty */
    size_t bytes;      /* that wait */
    uint64_t left_out; /* frames, ever */
};

struct sendq_pressure sendq_pressure(const struct sendq *q);

#endif
