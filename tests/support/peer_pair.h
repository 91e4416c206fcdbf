/* SPDX-License-Identifier: Apache-2.0
 *
 * Two peers joined by a link in memory, on virtual time: the answerer plays
 * the server, the offerer the browser. The link has a delay and a filter that
 * a test may use to lose, change or look at datagrams.
 */
#ifndef PARTA_TESTS_PEER_PAIR_H
#define PARTA_TESTS_PEER_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/rtc/dtls.h"
#include "server/rtc/peer.h"

#define PAIR_FLIGHT_MAX 64
#define PAIR_SERVER 0
#define PAIR_CLIENT 1

struct pair;

/* A datagram is about to be delivered to side; false loses it. data may be changed. */
typedef bool pair_filter(struct pair *pair, int side, uint8_t *data, size_t len);

struct pair_flight {
    bool used;
    int to;
    int64_t at_us;
    uint64_t order;
    struct addr from;
    size_t len;
    uint8_t data[PEER_MTU];
};

struct pair {
    struct dtls_identity *identity[2];
    struct peer *peer[2];
    struct addr addr[2]; /* the client's may be changed: its NAT rebinds */
    struct now now;
    int64_t delay_us;
    pair_filter *filter; /* NULL: everything arrives */
    void *filter_arg;
    struct pair_flight flight[PAIR_FLIGHT_MAX];
    uint64_t sent;
    /* what came out */
    unsigned live[2], moved[2], dead[2];
    unsigned datagrams[2]; /* sent by each side */
    unsigned rtp[2], rtcp[2];
    uint8_t last[2][PEER_MTU]; /* last media packet opened by each side */
    size_t last_len[2];
};

/* Identities once, peers with fresh credentials. Asserts on failure. */
void pair_init(struct pair *p);

/* The configs pair_init used, for tests that need other fingerprints or times: after
 * pair_identities. */
void pair_identities(struct pair *p);
void pair_configs(struct pair *p, struct peer_config config[2]);
enum err pair_peers(struct pair *p, const struct peer_config config[2]);
void pair_deinit(struct pair *p);

/* Advances to the given time, delivering and driving everything on the way. */
void pair_run_until(struct pair *p, int64_t mono_us);
void pair_run(struct pair *p, int64_t us);

/* Runs until both are LIVE; asserts that this takes less than limit_us. */
void pair_run_live(struct pair *p, int64_t limit_us);

/* Seals a packet on one side and sends it over the link. */
void pair_send_rtp(struct pair *p, int side, uint32_t ssrc, uint16_t seq, size_t payload);
void pair_send_rtcp(struct pair *p, int side);

/* Puts raw bytes into one side as if from an address, and drains it. */
enum peer_got pair_inject(struct pair *p, int side, const struct addr *from, const void *data,
                          size_t len);

#endif
