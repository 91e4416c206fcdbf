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
#define LONG_WAY_US 100000
#define NARROW_BPS 200000
#define REPEAT_MAX_MS 1000
#define REPEAT_MIN_US 80000
#ifndef TCP_RTO_MAX_MS /* of Linux 6.15 */
#define TCP_RTO_MAX_MS 44
#endif
#ifndef TCP_RTO_MIN_US
#define TCP_RTO_MIN_US 45
#endif
/* Of the kernel's enum tcp_ca_state: 3 repeats what is known to be lost, 4 waits for an answer to a
 * repeat. */
#define RECOVERY 3

/* On a short and wide way BBR takes lost packets for what they are. On a long one its regular look
 * for the least round trip, with four packets on their way, would hold voices up, and on a narrow
 * one so would the four packets that it allows while a queue of others makes the round trip long.
 * A kernel that lacks one of them does what it always does. */
static void choose(int fd, bool narrow)
{
    struct tcp_seen seen;
    const char *name;

    if (!tcp_look(fd, &seen))
        return;
    name = narrow || seen.least_us > LONG_WAY_US ? "cubic" : "bbr";
    (void)setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name, (socklen_t)strlen(name));
}

bool tcp_keep_fresh(int fd)
{
    int bytes = UNSENT_BYTES, yes = 1, most = REPEAT_MAX_MS, least = REPEAT_MIN_US;

    /* A voice has few packets on their way: if several are lost one after the other, the next try
     * is not to come twice as late each time, and never a second late. A kernel without this does
     * what it always does. */
    (void)setsockopt(fd, IPPROTO_TCP, TCP_THIN_LINEAR_TIMEOUTS, &yes, sizeof yes);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_RTO_MAX_MS, &most, sizeof most);
    (void)setsockopt(fd, IPPROTO_TCP, TCP_RTO_MIN_US, &least, sizeof least);
    choose(fd, false);
    return setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, sizeof bytes) == 0;
}

bool tcp_pace(int fd, int64_t bps)
{
    uint64_t bytes = (uint64_t)bps / 8;

    choose(fd, bps < NARROW_BPS);
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
                              .least_us = info.tcpi_min_rtt,
                              .repeats = info.tcpi_ca_state >= RECOVERY };
    return true;
}
