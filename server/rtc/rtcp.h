/* SPDX-License-Identifier: Apache-2.0
 *
 * RTCP: compound packets as an iterator (RFC 3550 section 6, RFC 4585,
 * RFC 5104, transport-wide feedback of draft-holmer-rmcat-transport-wide-cc-
 * extensions-01, REMB of draft-alvestrand-rmcat-remb-03) and the builders that
 * the relay needs. Time is linear in the bytes read, whatever counts they
 * claim: long runs come out as one item.
 */
#ifndef PARTA_RTC_RTCP_H
#define PARTA_RTC_RTCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"

#define RTCP_REPORTS_MAX 31   /* RFC 3550 6.4.1: five bits */
#define RTCP_NACK_SEQS_MAX 17 /* in one FCI entry, RFC 4585 6.2.1 */

enum rtcp_kind {
    RTCP_SR,
    RTCP_RR,
    RTCP_SDES,
    RTCP_BYE,
    RTCP_NACK,
    RTCP_PLI,
    RTCP_FIR,
    RTCP_TWCC,
    RTCP_REMB,
    RTCP_OTHER /* well-formed, not known here */
};

/* One packet of a compound. */
struct rtcp {
    enum rtcp_kind kind;
    uint8_t count;       /* the five-bit field: reports, sources, or the format */
    uint32_t ssrc;       /* of the sender; 0 for a BYE or SDES without one */
    uint32_t media_ssrc; /* feedback: whom it is about */
    const uint8_t *body; /* behind the fields above, borrowed, padding cut off */
    size_t body_len;
    uint64_t ntp;         /* SR: 32.32 */
    uint32_t rtp_ts;      /* SR */
    uint32_t packets;     /* SR */
    uint32_t octets;      /* SR */
    uint64_t bitrate_bps; /* REMB, cut at UINT64_MAX */
};

/* One report block (RFC 3550 6.4.1). */
struct rtcp_report {
    uint32_t ssrc;
    uint8_t fraction_lost; /* of 256 */
    int32_t lost;          /* 24 bits, signed */
    uint32_t highest_seq;
    uint32_t jitter;
    uint32_t last_sr;       /* middle 32 bits of the NTP time of the last SR, 0 = none */
    uint32_t since_last_sr; /* in 1/65536 s */
};

/* One item of transport-wide feedback: a packet that came, or a run of count that did not. */
struct rtcp_twcc_item {
    uint16_t seq;
    uint16_t count;
    bool received;
    int32_t delta_us; /* since the packet before, or since the reference time */
};

/* A position in a TWCC body. */
struct rtcp_twcc_walk {
    uint16_t base_seq;
    uint16_t total; /* statuses claimed */
    uint8_t fb_count;
    int64_t reference_us; /* multiples of 64 ms, wraps after 2^24 of them */
    /* state */
    struct reader chunks, deltas;
    uint16_t seq;
    uint32_t left;     /* statuses still to come */
    uint16_t symbols;  /* current vector chunk, next symbol in the highest bits */
    uint8_t width;     /* bits per symbol of the vector */
    uint32_t in_chunk; /* symbols left in the chunk */
    uint8_t run;       /* symbol of a run chunk */
    bool is_run;
};

/* Checks the frame of a compound: versions and lengths add up exactly. ERR_PARSE otherwise. */
enum err rtcp_check(const uint8_t *data, size_t len) MUST_CHECK;

/* The next packet of the compound in r. False at the end or at the first malformed one
 * (then r->bad is set). */
bool rtcp_next(struct reader *r, struct rtcp *out);

/* Report blocks of an SR or RR: i from 0. False when there are no more. */
bool rtcp_report_at(const struct rtcp *p, int i, struct rtcp_report *out);

/* Sequence numbers of one NACK entry; i from 0. Returns how many were written to
 * seqs[RTCP_NACK_SEQS_MAX], 0 when there are no more entries. */
int rtcp_nack_at(const struct rtcp *p, int i, uint16_t *seqs);

/* FIR entries (RFC 5104 4.3.1), REMB's and BYE's SSRCs: i from 0. False when there are no more. */
bool rtcp_fir_at(const struct rtcp *p, int i, uint32_t *ssrc, uint8_t *seq);
bool rtcp_ssrc_at(const struct rtcp *p, int i, uint32_t *ssrc);

/* ERR_PARSE if the fixed part is cut or the chunks do not reach the claimed count. */
enum err rtcp_twcc_begin(const struct rtcp *p, struct rtcp_twcc_walk *w) MUST_CHECK;
bool rtcp_twcc_next(struct rtcp_twcc_walk *w, struct rtcp_twcc_item *out);

/* Builders. Each appends one whole packet, or sets w->full and appends nothing usable. */
void rtcp_write_sr(struct writer *w, const struct rtcp *sr, const struct rtcp_report *reports,
                   int n);
void rtcp_write_rr(struct writer *w, uint32_t ssrc, const struct rtcp_report *reports, int n);
void rtcp_write_sdes(struct writer *w, uint32_t ssrc, const char *cname);
void rtcp_write_bye(struct writer *w, uint32_t ssrc);
void rtcp_write_pli(struct writer *w, uint32_t ssrc, uint32_t media_ssrc);
void rtcp_write_fir(struct writer *w, uint32_t ssrc, uint32_t media_ssrc, uint8_t seq);
void rtcp_write_remb(struct writer *w, uint32_t ssrc, uint64_t bps, const uint32_t *media, int n);

/* seqs[0..n) in ascending order; packs neighbours into one entry. */
void rtcp_write_nack(struct writer *w, uint32_t ssrc, uint32_t media_ssrc, const uint16_t *seqs,
                     int n);

/* NTP 32.32 time of a UTC time in microseconds (RFC 5905; 1900 to 1970 is 2208988800 s). */
uint64_t rtcp_ntp_from_unix_us(int64_t unix_us);
int64_t rtcp_ntp_to_unix_us(uint64_t ntp);

/* The middle 32 bits, as LSR and DLSR use them. */
static inline uint32_t rtcp_ntp_middle(uint64_t ntp)
{
    return (uint32_t)(ntp >> 16);
}

#endif
