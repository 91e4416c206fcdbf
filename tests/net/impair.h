/* SPDX-License-Identifier: Apache-2.0
 *
 * A bad line, as a machine: packets and the time go in, fewer and later
 * packets come out. Two directions, each of them a link:
 *
 *   in → outage, rule, loss, burst → queue at a rate → delay, jitter, order → out
 *
 * What the links do follows a script (tests/net/script.h). Pure: no socket, no
 * clock, all memory is taken by impair_new. The same seed, script, packets and
 * times give the same result; every packet draws the same number of random
 * values, so a changed delay does not change which packets are lost.
 * Times are of one monotonic clock, in microseconds.
 */
#ifndef PARTA_TESTS_NET_IMPAIR_H
#define PARTA_TESTS_NET_IMPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"

#define IMPAIR_PACKET_MAX 2048 /* bytes; longer ones are dropped as oversize */
#define IMPAIR_SLOTS_MAX 16384

enum impair_direction { IMPAIR_UP, IMPAIR_DOWN, IMPAIR_DIRECTIONS };

/* What a packet is, for rules such as drop=udp. Bits, since STUN is UDP too. */
enum impair_kind { IMPAIR_UDP = 1, IMPAIR_TCP = 2, IMPAIR_STUN = 4 };

/* One direction. All zero: a perfect line. Chances are 0..1 per packet. */
struct impair_settings {
    double loss;
    /* Gilbert-Elliott: a good state, and a bad one that is entered and left by chance per packet
     * and loses burst_loss of what comes while it lasts. Counted in packets a burst outlives any
     * pause: who sends one packet and waits meets the same one again. As a time (burst_us > 0, the
     * mean; burst_share of all time) it passes by itself, as interference does. */
    double burst_enter, burst_leave, burst_loss, burst_share;
    int64_t burst_us;
    int64_t delay_us;
    int64_t jitter_us;   /* uniform within delay_us ± jitter_us; never more than delay_us */
    bool overtake;       /* jitter may change the order; else a late packet holds up the next */
    double reorder;      /* chance to be held back alone by reorder_us more */
    int64_t reorder_us;  /* > 0 where reorder is */
    double duplicate;    /* chance to come out twice; the copy takes none of the rate */
    int64_t rate_bps;    /* 0: no limit */
    int64_t queue_us;    /* bound of the waiting before a limited rate, as time ... */
    int64_t queue_bytes; /* ... or, where not 0, as bytes */
    bool outage;         /* nothing passes; what was on the way is lost too */
    unsigned drop;       /* kinds that do not pass */
};

struct impair_script;
struct impair;

struct impair_config {
    const struct impair_script *script; /* borrowed, outlives the machine; NULL: a perfect line */
    uint64_t seed;
    int slots;          /* packets that one direction can hold, 1..IMPAIR_SLOTS_MAX */
    int overhead_bytes; /* added to each packet where the rate counts: headers not handed in */
};

/* Name and meaning. in + duplicated = everything else + what is inside. */
#define IMPAIR_COUNTERS(X)                                                                         \
    X(in, "packets handed in")                                                                     \
    X(out, "packets that came out")                                                                \
    X(lost, "lost at random")                                                                      \
    X(lost_burst, "lost in a burst")                                                               \
    X(lost_queue, "lost because the queue was full")                                               \
    X(lost_outage, "lost in an outage")                                                            \
    X(dropped, "dropped by a rule")                                                                \
    X(duplicated, "copies made")                                                                   \
    X(held_back, "held back so that others overtake")                                              \
    X(oversize, "longer than IMPAIR_PACKET_MAX: dropped")                                          \
    X(full, "dropped for want of memory: the tool's own fault, give it more slots")                \
    X(in_bytes, "bytes handed in")                                                                 \
    X(out_bytes, "bytes that came out")                                                            \
    X(queue_max_us, "longest waiting before the rate")

struct impair_counters {
#define X(name, about) uint64_t name;
    IMPAIR_COUNTERS(X)
#undef X
};

struct impair_out {
    enum impair_direction direction;
    const uint8_t *bytes; /* the machine's; valid until its next call */
    size_t len;
    int64_t due_us; /* when it should have come out */
};

/* A machine whose script has not started: only what the script says for 0 s holds. ERR_NOMEM,
 * ERR_INVAL. */
enum err impair_new(struct impair **out, const struct impair_config *config) MUST_CHECK;
void impair_free(struct impair *m);

/* The script's second 0 is start_us; it may lie in the past (what should have happened until now
 * happens with the next call). Once. */
void impair_start(struct impair *m, int64_t start_us);

/* A packet enters. kinds: bits of enum impair_kind. now_us never goes back. */
void impair_input(struct impair *m, int64_t now_us, enum impair_direction direction, unsigned kinds,
                  const uint8_t *bytes, size_t len);

/* The next packet that is due, in the order of due times; false: none now. */
bool impair_poll(struct impair *m, int64_t now_us, struct impair_out *out);

/* When the machine wants to be polled next, NEVER_US if it does not. */
int64_t impair_deadline(const struct impair *m);

/* How often the script has asked for another source port. */
unsigned impair_rebinds(const struct impair *m);

/* Packets inside now. */
int impair_inside(const struct impair *m, enum impair_direction direction);

const struct impair_counters *impair_counters(const struct impair *m,
                                              enum impair_direction direction);

#endif
