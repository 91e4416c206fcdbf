/* SPDX-License-Identifier: Apache-2.0
 *
 * One UDP socket, in batches: a whole batch in with recvmmsg, a whole batch out
 * with sendmmsg, datagrams of one receiver grouped by the kernel (UDP_SEGMENT).
 * Never blocks and never allocates after it was opened. Used by one thread.
 */
#ifndef PARTA_NET_UDP_H
#define PARTA_NET_UDP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/rtc/addr.h"

#define UDP_BATCH 64
#define UDP_DATAGRAM_MAX 2048 /* longer ones are cut by the kernel and refused by the peer */

struct udp_counters {
    uint64_t packets_in, bytes_in, packets_out, bytes_out;
    uint64_t receives, sends; /* system calls */
    uint64_t full, failed;    /* datagrams that were not sent */
};

struct udp_datagram {
    struct addr from;
    uint8_t *data; /* borrowed until the next udp_receive; may be changed in place */
    size_t len;
};

struct udp;

/* port 0: any free one. Both families when listen_address is "" and the machine has IPv6.
 * ERR_IO with a log line, ERR_NOMEM. */
enum err udp_open(struct udp **out, const char *listen_address, int port) MUST_CHECK;
void udp_close(struct udp *u);
int udp_fd(const struct udp *u);
int udp_port(const struct udp *u);
bool udp_gso(const struct udp *u); /* does the kernel group? */
const struct udp_counters *udp_counters(const struct udp *u);

/* Takes what is there, at most UDP_BATCH. Returns how many, 0 if none. */
size_t udp_receive(struct udp *u, struct udp_datagram out[UDP_BATCH]);

/* Queues data[0..len) as datagrams of segment bytes (the last may be shorter). The bytes must stay
 * until udp_flush, which is called by itself when the queue is full. */
void udp_queue(struct udp *u, const struct addr *to, const uint8_t *data, size_t len,
               size_t segment);
void udp_flush(struct udp *u);

#endif
