/* SPDX-License-Identifier: Apache-2.0
 *
 * RTP packets (RFC 3550 section 5) with header extensions (RFC 8285), serial
 * arithmetic on sequence numbers, and the RTX wrapping of RFC 4588. Reads and
 * writes bytes; knows no codec, no encryption, no connection.
 */
#ifndef PARTA_RTC_RTP_H
#define PARTA_RTC_RTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

#define RTP_HEADER_BYTES 12     /* RFC 3550 5.1, without CSRC and extension */
#define RTP_PACKET_MAX 1500     /* larger datagrams are refused (T20) */
#define RTP_EXT_ONE_BYTE 0xBEDE /* RFC 8285 4.2 */
#define RTP_EXT_TWO_BYTE 0x1000 /* RFC 8285 4.3, upper 12 bits */
#define RTP_RTX_BYTES 2         /* original sequence number, RFC 4588 section 4 */

/* A packet in the caller's buffer: the header's values, and where things are. */
struct rtp {
    bool marker;
    uint8_t pt;
    uint16_t seq;
    uint32_t ts;
    uint32_t ssrc;
    uint8_t csrc_n;
    uint8_t padding;        /* bytes of padding behind the payload */
    uint16_t ext_profile;   /* 0 = no extension */
    const uint8_t *ext;     /* extension bytes, borrowed; NULL = none */
    size_t ext_len;         /* a multiple of 4 */
    const uint8_t *payload; /* borrowed, without padding */
    size_t payload_len;     /* may be 0: a packet of padding only */
};

/* One header extension element. */
struct rtp_ext {
    uint8_t id; /* 1..14 in the one-byte form, 1..255 in the two-byte form */
    uint8_t len;
    const uint8_t *data; /* borrowed */
};

/* Reads a packet. ERR_PARSE: not version 2, a length past the end, padding of 0 or longer than
 * the payload, over RTP_PACKET_MAX. A broken extension block does not make the packet unreadable:
 * its elements end early (RFC 8285 4.1.1). */
enum err rtp_parse(const uint8_t *data, size_t len, struct rtp *out) MUST_CHECK;

/* Walks the elements of both forms: start with *at = 0. False at the end or at broken bytes. */
bool rtp_ext_next(const struct rtp *p, size_t *at, struct rtp_ext *out);

/* Writes a header with n extension elements (one-byte form where they fit it, else two-byte).
 * Uses marker, pt, seq, ts and ssrc of h; the payload is the caller's. Too little room sets
 * w->full. */
void rtp_write(struct writer *w, const struct rtp *h, const struct rtp_ext *exts, int n);

/* Turns a retransmission back into the packet it repeats, inside data: the payload keeps its
 * place, the header moves up by 2. *start is the offset of the restored packet. ERR_PARSE if it
 * carries no original sequence number (a payload under 2 bytes: padding probes look so). */
enum err rtp_unwrap_rtx(uint8_t *data, size_t len, uint8_t pt, uint32_t ssrc,
                        size_t *start) MUST_CHECK;

/* True if data[0..len) is RTCP among what RFC 7983 calls RTP/RTCP (RFC 5761 section 4). */
static inline bool rtp_is_rtcp(const uint8_t *data, size_t len)
{
    return len >= 2 && (data[1] & 0x7F) >= 64 && (data[1] & 0x7F) <= 95;
}

/* Serial arithmetic, RFC 1982 on 16 bits: a comes after b. */
static inline bool seq_after(uint16_t a, uint16_t b)
{
    uint16_t d = (uint16_t)(a - b);

    return d != 0 && d < 0x8000;
}

/* 16-bit numbers to a line without wraps, by the nearest to the highest so far. */
struct seq_line {
    bool any;
    int64_t highest;
};

/* The first number starts at itself plus 2^16, so that earlier ones stay positive. */
static inline int64_t seq_unwrap(struct seq_line *l, uint16_t seq)
{
    int64_t v;

    if (!l->any) {
        l->any = true;
        l->highest = INT64_C(0x10000) + seq;
        return l->highest;
    }
    v = l->highest + (int16_t)(uint16_t)(seq - (uint16_t)l->highest);
    if (v > l->highest)
        l->highest = v;
    return v;
}

/* Like seq_unwrap, without moving the line. */
static inline int64_t seq_near(const struct seq_line *l, uint16_t seq)
{
    struct seq_line copy = *l;

    return seq_unwrap(&copy, seq);
}

#endif
