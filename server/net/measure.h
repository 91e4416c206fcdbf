/* SPDX-License-Identifier: Apache-2.0
 *
 * How much filler a path test may move: so much a person within a minute, so
 * much an address, so much the whole server, so that a test is no sink of
 * bandwidth and lessons never feel one. Fixed memory: while it is full of
 * people who test, another one waits. Net loop only.
 */
#ifndef PARTA_NET_MEASURE_H
#define PARTA_NET_MEASURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/ids.h"
#include "server/net/perip.h"

#define MEASURE_PEOPLE 128

/* In messages, each of at most SIG_LIMIT_MEASURE_BYTES a direction. */
#define MEASURE_ADDRESS_PER_S 16 /* some 4 Mbit/s for a hospital behind one address */
#define MEASURE_ADDRESS_BURST 512
#define MEASURE_SERVER_PER_S 64 /* some 16 Mbit/s */
#define MEASURE_SERVER_BURST 512

struct measure_share {
    struct user_id user; /* v = 0: unused */
    int64_t since_us;
    int64_t bytes;
};

struct measures {
    struct measure_share people[MEASURE_PEOPLE];
    struct rate server;
};

/* Takes bytes (both directions) from the person's share, and a message from the rates. False: one
 * of them is used up; the person's share is untouched then. */
bool measures_take(struct measures *m, struct rate *address, struct user_id user, size_t bytes,
                   int64_t now_us);

#endif
