/* SPDX-License-Identifier: Apache-2.0
 *
 * What kind of packet a datagram is, by its first byte (RFC 7983 section 7)
 * and, for RTP against RTCP, its second (RFC 5761 section 4). A datagram
 * shorter than the fixed header of its kind is dropped here, so that nobody
 * behind has to ask. Looks at nothing else and believes nothing.
 */
#ifndef PARTA_RTC_DEMUX_H
#define PARTA_RTC_DEMUX_H

#include <stddef.h>
#include <stdint.h>

enum demux { DEMUX_DROP, DEMUX_STUN, DEMUX_DTLS, DEMUX_RTP, DEMUX_RTCP };

#define DEMUX_STUN_MIN 20 /* RFC 8489 section 5: header */
#define DEMUX_DTLS_MIN 13 /* RFC 6347 section 4.1: record header */
#define DEMUX_RTP_MIN 12  /* RFC 3550 section 5.1 */
#define DEMUX_RTCP_MIN 8  /* RFC 3550 section 6.4: header and sender's SSRC */

/* ZRTP (16..19), TURN channels (64..79) and everything unassigned are dropped: Parta has none. */
static inline enum demux demux(const uint8_t *data, size_t len)
{
    if (len < DEMUX_RTCP_MIN)
        return DEMUX_DROP;
    if (data[0] <= 3)
        return len >= DEMUX_STUN_MIN ? DEMUX_STUN : DEMUX_DROP;
    if (data[0] >= 20 && data[0] <= 63)
        return len >= DEMUX_DTLS_MIN ? DEMUX_DTLS : DEMUX_DROP;
    if (data[0] < 128 || data[0] > 191)
        return DEMUX_DROP;
    if (data[1] >= 192 && data[1] <= 223)
        return DEMUX_RTCP;
    return len >= DEMUX_RTP_MIN ? DEMUX_RTP : DEMUX_DROP;
}

#endif
