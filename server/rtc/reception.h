/* SPDX-License-Identifier: Apache-2.0
 *
 * What a receiver reports about one stream: loss and jitter (RFC 3550 6.4.1,
 * A.3, A.8), and what the last sender report said.
 */
#ifndef PARTA_RTC_RECEPTION_H
#define PARTA_RTC_RECEPTION_H

#include <stdbool.h>
#include <stdint.h>

#include "server/rtc/rtcp.h"

struct reception {
    bool any;
    uint32_t clock_hz;
    int64_t first_seq, highest_seq; /* unwrapped */
    uint64_t received;              /* duplicates included, as RFC 3550 A.3 counts */
    int64_t transit;                /* arrival - timestamp of the last packet, in its units */
    uint32_t jitter_16;             /* times 16, A.8 */
    uint64_t expected_before, received_before; /* at the last report */
    /* the last sender report */
    bool has_sr;
    uint64_t sr_ntp;
    uint32_t sr_rtp_ts;
    int64_t sr_at_us;
};

void reception_init(struct reception *r, uint32_t clock_hz);

/* One packet; seq unwrapped. */
void reception_packet(struct reception *r, int64_t seq, uint32_t ts, int64_t now_us);

/* A sender report about this stream. */
void reception_sr(struct reception *r, const struct rtcp *sr, int64_t now_us);

/* The report block, and the start of the next interval. */
void reception_report(struct reception *r, uint32_t ssrc, int64_t now_us, struct rtcp_report *out);

/* Packets lost so far; negative if duplicates outnumber losses. */
int64_t reception_lost(const struct reception *r);

#endif
