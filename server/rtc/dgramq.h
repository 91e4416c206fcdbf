/* SPDX-License-Identifier: Apache-2.0
 *
 * A short bounded queue of datagrams to send, for handshakes and answers to
 * checks, never for media. What does not fit is dropped and counted: every
 * protocol that uses it repeats what gets lost.
 */
#ifndef PARTA_RTC_DGRAMQ_H
#define PARTA_RTC_DGRAMQ_H

#include <stddef.h>
#include <stdint.h>

#include "server/rtc/addr.h"

#define DGRAMQ_MAX 16 /* a handshake flight is 1..3 datagrams; a few checks may stand behind it */

struct dgram {
    struct addr to; /* family 0: wherever the connection's address is when it leaves */
    size_t len;
    uint8_t data[]; /* len bytes */
};

struct dgramq {
    struct dgram *slot[DGRAMQ_MAX]; /* owned */
    unsigned head;                  /* index of the oldest */
    unsigned n;
    struct dgram *lent; /* owned: what the last pop handed out */
    uint64_t dropped;
};

/* Copies data[0..len) to the end of the queue; to may be NULL for family 0. */
void dgramq_push(struct dgramq *q, const struct addr *to, const void *data, size_t len);

/* The oldest datagram, valid until the next pop or deinit, or NULL. */
const struct dgram *dgramq_pop(struct dgramq *q);

/* Frees everything; a zeroed queue is fine. */
void dgramq_deinit(struct dgramq *q);

#endif
