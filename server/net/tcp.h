/* SPDX-License-Identifier: Apache-2.0
 *
 * What the kernel does and knows for a TCP connection that carries media.
 */
#ifndef PARTA_NET_TCP_H
#define PARTA_NET_TCP_H

#include <stdbool.h>
#include <stdint.h>

struct tcp_seen {
    uint64_t acked;   /* bytes, ever */
    int64_t rtt_us;   /* smoothed */
    int64_t least_us; /* the least round trip of some minutes */
    bool repeats;     /* something was lost and is being sent again */
};

/* The kernel keeps little that is unsent: what it holds grows old where nobody can leave it out.
 * False: it refused. */
bool tcp_keep_fresh(int fd);

/* Not faster than this from now on, so that no queue fills on the way (the kernel paces by itself).
 * False: it refused. */
bool tcp_pace(int fd, int64_t bps);

/* False: the kernel does not say. */
bool tcp_look(int fd, struct tcp_seen *out);

#endif
