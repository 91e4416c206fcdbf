/* SPDX-License-Identifier: Apache-2.0
 *
 * What one client address uses: open connections and its token buckets. IPv6
 * addresses count by their /64, which is what one customer gets. Fixed memory:
 * a flood of addresses evicts idle entries, never busy ones. Net loop only.
 */
#ifndef PARTA_NET_PERIP_H
#define PARTA_NET_PERIP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/rtc/addr.h"

struct rate {
    int64_t full_us; /* when it will be full again; earlier than now = full */
};

/* Takes one token from a bucket of burst tokens that gains per_s a second. False if it is empty. */
bool rate_take(struct rate *b, int64_t now_us, int per_s, int burst);

struct perip_entry {
    uint64_t key[2]; /* family and prefix; 0,0 = unused */
    int open;
    int uploads; /* of them, bringing a file */
    int64_t used_us;
    struct rate accepts, requests, measures;
};

struct perip {
    struct perip_entry *entries; /* owned */
    uint64_t seed;               /* so that nobody can choose colliding addresses */
};

enum err perip_init(struct perip *p) MUST_CHECK;
void perip_deinit(struct perip *p);

/* The entry of this address, made if there is none; NULL if its part of the table is full of
 * addresses with open connections. Valid until the next call; stays valid while open > 0. */
struct perip_entry *perip_get(struct perip *p, const struct addr *a, int64_t now_us);

#endif
