/* SPDX-License-Identifier: Apache-2.0
 *
 * Reception statistics.
 */
#include "server/rtc/reception.h"

#include <string.h>

void reception_init(struct reception *r, uint32_t clock_hz)
{
    memset(r, 0, sizeof *r);
    r->clock_hz = clock_hz;
}

void reception_packet(struct reception *r, int64_t seq, uint32_t ts, int64_t now_us)
{
    /* Only differences of transit matter, so the 32-bit timestamp may wrap. */
    uint32_t arrival = (uint32_t)((uint64_t)now_us * r->clock_hz / 1000000);
    int64_t transit = (int32_t)(arrival - ts);
    int64_t d = (int32_t)(uint32_t)((uint64_t)transit - (uint64_t)r->transit);

    if (!r->any) {
        r->any = true;
        r->first_seq = r->highest_seq = seq;
    } else {
        d = d < 0 ? -d : d;
        if (d < 10 * (int64_t)r->clock_hz) /* a jump of the timestamp is no jitter */
            r->jitter_16 = (uint32_t)(r->jitter_16 + d - ((r->jitter_16 + 8) >> 4));
    }
    r->transit = transit;
    r->received++;
    if (seq > r->highest_seq)
        r->highest_seq = seq;
}

void reception_sr(struct reception *r, const struct rtcp *sr, int64_t now_us)
{
    r->has_sr = true;
    r->sr_ntp = sr->ntp;
    r->sr_rtp_ts = sr->rtp_ts;
    r->sr_at_us = now_us;
}

static uint64_t expected(const struct reception *r)
{
    return r->any ? (uint64_t)(r->highest_seq - r->first_seq + 1) : 0;
}

int64_t reception_lost(const struct reception *r)
{
    return (int64_t)(expected(r) - r->received);
}

void reception_report(struct reception *r, uint32_t ssrc, int64_t now_us, struct rtcp_report *out)
{
    int64_t interval = (int64_t)(expected(r) - r->expected_before);
    int64_t lost = interval - (int64_t)(r->received - r->received_before);
    int64_t all = reception_lost(r);

    *out = (struct rtcp_report){ .ssrc = ssrc, .jitter = r->jitter_16 >> 4 };
    out->fraction_lost = (uint8_t)(interval > 0 && lost > 0 ? lost * 255 / interval : 0);
    out->lost = (int32_t)(all > INT32_MAX ? INT32_MAX : all < INT32_MIN ? INT32_MIN : all);
    out->highest_seq = (uint32_t)(r->highest_seq - 0x10000); /* as seq_unwrap starts */
    if (r->has_sr) {
        out->last_sr = rtcp_ntp_middle(r->sr_ntp);
        out->since_last_sr = (uint32_t)((now_us - r->sr_at_us) * 65536 / 1000000);
    }
    r->expected_before = expected(r);
    r->received_before = r->received;
}
