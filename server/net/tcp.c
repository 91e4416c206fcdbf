/* SPDX-License-Identifier: Apache-2.0
 *
 * Socket options of TCP; see tcp.h. The C library's netinet/tcp.h lacks what Linux tells since 4.1.
 */
#include "server/net/tcp.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#define UNSENT_BYTES 2048 /* a quarter of a second at 64 kbit/s */

bool tcp_keep_fresh(int fd)
{
    int bytes = UNSENT_BYTES;

    return setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes) == 0;
}

bool tcp_pace(int fd, int64_t bps)
{
    uint64_t bytes = (uint64_t)bps / 8;

    return setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &bytes, sizeof bytes) == 0;
}

bool tcp_look(int fd, struct tcp_seen *out)
{
    struct tcp_info info;
    socklen_t len = sizeof info;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        len < offsetof(struct tcp_info, tcpi_min_rtt) + sizeof info.tcpi_min_rtt)
        return false;
    *out = (struct tcp_seen){ .acked = info.tcpi_bytes_acked,
                              .rtt_us = info.tcpi_rtt,
                              .least_us = info.tcpi_min_rtt };
    return true;
}
