/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose datagram is this: the legs of one relay by local ICE ufrag (before an
 * address is known), by validated remote address, and by the one address that
 * is asked for a sign. Pure bookkeeping, no I/O;
 * used by one thread.
 */
#ifndef PARTA_NET_LEGS_H
#define PARTA_NET_LEGS_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/list.h"
#include "server/rtc/addr.h"

#define LEGS_BUCKETS 1024

struct leg;

struct legs {
    struct list by_ufrag[LEGS_BUCKETS];
    struct list by_addr[LEGS_BUCKETS];
    struct list by_asked[LEGS_BUCKETS];
    struct list by_leg[LEGS_BUCKETS];
    uint64_t seed; /* so that nobody can choose colliding addresses */
    size_t n;
};

/* ERR_IO when there is no randomness. */
enum err legs_init(struct legs *l) MUST_CHECK;
void legs_deinit(struct legs *l);

/* What a lookup gives. */
struct leg_found {
    struct leg *leg; /* NULL = nobody's */
    void *owner;     /* as given to legs_add */
};

/* A leg, with the name that its checks will carry. Known ones are left as they are. ERR_NOMEM. */
enum err legs_add(struct legs *l, struct leg *leg, const char *ufrag, void *owner) MUST_CHECK;
/* Its address now; the former one is forgotten, and whoever had this one loses it. */
void legs_move(struct legs *l, struct leg *leg, const struct addr *to);
/* It asks this address, besides, and no other any more. */
void legs_ask(struct legs *l, struct leg *leg, const struct addr *at);
void legs_remove(struct legs *l, struct leg *leg);

struct leg_found legs_by_ufrag(const struct legs *l, const char *ufrag, size_t len);
/* By the valid address; else by the one that is asked. */
struct leg_found legs_by_addr(const struct legs *l, const struct addr *from);

#endif
