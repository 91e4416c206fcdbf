/* SPDX-License-Identifier: Apache-2.0
 *
 * RTCP reading and writing.
 */
#include "server/rtc/rtcp.h"

#include <string.h>

#define VERSION 2

/* Packet types: RFC 3550 12.1, RFC 4585 6.1. */
#define PT_SR 200
#define PT_RR 201
#define PT_SDES 202
#define PT_BYE 203
#define PT_RTPFB 205
#define PT_PSFB 206

/* Formats: RFC 4585 6.2 and 6.3, RFC 5104 4.3, draft-holmer 3.1. */
#define FMT_NACK 1
#define FMT_TWCC 15
#define FMT_PLI 1
#define FMT_FIR 4
#define FMT_AFB 15

#define REPORT_BYTES 24
#define SDES_CNAME 1
#define REMB_WORD 0x52454D42u /* "REMB" */

#define UNIX_EPOCH_IN_NTP INT64_C(2208988800)
#define TWCC_REFERENCE_US 64000
#define TWCC_TICK_US 250

/* The common header; *body gets the packet's bytes behind it, without padding. */
static bool read_header(struct reader *r, uint8_t *first, uint8_t *type, struct reader *body)
{
    const uint8_t *bytes;
    size_t len;

    *first = read_u8(r);
    *type = read_u8(r);
    len = (size_t)read_u16(r) * 4;
    bytes = read_bytes(r, len);
    if (r->bad || *first >> 6 != VERSION) {
        r->bad = true;
        return false;
    }
    if (*first & 0x20) {
        uint8_t padding = len ? bytes[len - 1] : 0;

        if (padding == 0 || padding > len) {
            r->bad = true;
            return false;
        }
        len -= padding;
    }
    *body = reader_on(bytes, len);
    return true;
}

enum err rtcp_check(const uint8_t *data, size_t len)
{
    struct reader r = reader_on(data, len), body;
    uint8_t first, type;

    if (len == 0)
        return ERR_PARSE;
    while (reader_left(&r) > 0)
        if (!read_header(&r, &first, &type, &body))
            return ERR_PARSE;
    return ERR_OK;
}

static void read_sender(struct reader *b, struct rtcp *p)
{
    p->ntp = read_u64(b);
    p->rtp_ts = read_u32(b);
    p->packets = read_u32(b);
    p->octets = read_u32(b);
}

/* draft-alvestrand-rmcat-remb-03 2.2: a count, a six-bit exponent, an 18-bit mantissa. */
static bool read_remb(struct reader *b, struct rtcp *p)
{
    uint32_t v;
    unsigned exponent;

    if (reader_left(b) < 8 || read_u32(b) != REMB_WORD)
        return false;
    v = read_u32(b);
    p->count = (uint8_t)(v >> 24);
    exponent = v >> 18 & 0x3F;
    p->bitrate_bps = v & 0x3FFFF;
    if (p->bitrate_bps && exponent > (unsigned)__builtin_clzll(p->bitrate_bps))
        p->bitrate_bps = UINT64_MAX;
    else
        p->bitrate_bps <<= exponent;
    return true;
}

static enum rtcp_kind feedback_kind(uint8_t type, uint8_t fmt)
{
    if (type == PT_RTPFB)
        return fmt == FMT_NACK ? RTCP_NACK : fmt == FMT_TWCC ? RTCP_TWCC : RTCP_OTHER;
    return fmt == FMT_PLI ? RTCP_PLI : fmt == FMT_FIR ? RTCP_FIR : RTCP_OTHER;
}

bool rtcp_next(struct reader *r, struct rtcp *out)
{
    struct rtcp p = { .kind = RTCP_OTHER };
    uint8_t first, type;
    struct reader b;

    if (r->bad || reader_left(r) == 0 || !read_header(r, &first, &type, &b))
        return false;
    p.count = first & 0x1F;
    switch (type) {
    case PT_SR:
    case PT_RR:
        p.kind = type == PT_SR ? RTCP_SR : RTCP_RR;
        p.ssrc = read_u32(&b);
        if (type == PT_SR)
            read_sender(&b, &p);
        b.bad |= reader_left(&b) < (size_t)p.count * REPORT_BYTES;
        break;
    case PT_SDES:
        p.kind = RTCP_SDES;
        break;
    case PT_BYE:
        p.kind = RTCP_BYE;
        b.bad |= reader_left(&b) < (size_t)p.count * 4;
        break;
    case PT_RTPFB:
    case PT_PSFB:
        p.kind = feedback_kind(type, p.count);
        p.ssrc = read_u32(&b);
        p.media_ssrc = read_u32(&b);
        if (!b.bad && type == PT_PSFB && p.count == FMT_AFB && read_remb(&b, &p))
            p.kind = RTCP_REMB;
        break;
    default:
        break;
    }
    if (b.bad) {
        r->bad = true;
        return false;
    }
    p.body = b.p;
    p.body_len = reader_left(&b);
    *out = p;
    return true;
}

bool rtcp_report_at(const struct rtcp *p, int i, struct rtcp_report *out)
{
    struct rtcp_report b;
    struct reader r;
    uint32_t lost;

    if ((p->kind != RTCP_SR && p->kind != RTCP_RR) || i < 0 || i >= p->count)
        return false;
    r = reader_on(p->body, p->body_len);
    read_bytes(&r, (size_t)i * REPORT_BYTES);
    b.ssrc = read_u32(&r);
    b.fraction_lost = read_u8(&r);
    lost = read_u24(&r);
    b.lost = lost & 0x800000 ? (int32_t)lost - 0x1000000 : (int32_t)lost;
    b.highest_seq = read_u32(&r);
    b.jitter = read_u32(&r);
    b.last_sr = read_u32(&r);
    b.since_last_sr = read_u32(&r);
    if (r.bad)
        return false;
    *out = b;
    return true;
}

int rtcp_nack_at(const struct rtcp *p, int i, uint16_t *seqs)
{
    uint16_t pid, mask;
    struct reader r;
    int n = 0;

    if (p->kind != RTCP_NACK || i < 0)
        return 0;
    r = reader_on(p->body, p->body_len);
    read_bytes(&r, (size_t)i * 4);
    pid = read_u16(&r);
    mask = read_u16(&r);
    if (r.bad)
        return 0;
    seqs[n++] = pid;
    for (unsigned bit = 0; bit < 16; bit++)
        if (mask >> bit & 1)
            seqs[n++] = (uint16_t)(pid + bit + 1);
    return n;
}

bool rtcp_fir_at(const struct rtcp *p, int i, uint32_t *ssrc, uint8_t *seq)
{
    struct reader r;
    uint32_t s;
    uint8_t q;

    if (p->kind != RTCP_FIR || i < 0)
        return false;
    r = reader_on(p->body, p->body_len);
    read_bytes(&r, (size_t)i * 8);
    s = read_u32(&r);
    q = read_u8(&r);
    read_u24(&r);
    if (r.bad)
        return false;
    *ssrc = s;
    *seq = q;
    return true;
}

bool rtcp_ssrc_at(const struct rtcp *p, int i, uint32_t *ssrc)
{
    struct reader r;
    uint32_t s;

    if ((p->kind != RTCP_REMB && p->kind != RTCP_BYE) || i < 0 || i >= p->count)
        return false;
    r = reader_on(p->body, p->body_len);
    read_bytes(&r, (size_t)i * 4);
    s = read_u32(&r);
    if (r.bad)
        return false;
    *ssrc = s;
    return true;
}

/* Moves the walk to its next chunk. Chunk formats: draft-holmer 3.1.3, 3.1.4. */
static bool next_chunk(struct rtcp_twcc_walk *w)
{
    uint16_t c = read_u16(&w->chunks);

    if (w->chunks.bad)
        return false;
    w->is_run = !(c & 0x8000);
    if (w->is_run) {
        w->run = (uint8_t)(c >> 13 & 3);
        w->in_chunk = c & 0x1FFF;
    } else {
        w->width = c & 0x4000 ? 2 : 1;
        w->symbols = (uint16_t)(c << 2);
        w->in_chunk = w->width == 2 ? 7 : 14;
    }
    if (w->in_chunk > w->left)
        w->in_chunk = w->left;
    return true;
}

enum err rtcp_twcc_begin(const struct rtcp *p, struct rtcp_twcc_walk *w)
{
    struct reader r = reader_on(p->body, p->body_len);
    struct rtcp_twcc_walk n = { 0 };

    if (p->kind != RTCP_TWCC)
        return ERR_PARSE;
    n.base_seq = read_u16(&r);
    n.total = read_u16(&r);
    n.reference_us = (int64_t)read_u24(&r) * TWCC_REFERENCE_US;
    n.fb_count = read_u8(&r);
    n.seq = n.base_seq;
    n.chunks = r;
    /* Where the deltas begin is only known once the chunks have been counted. */
    for (n.left = n.total; n.left > 0; n.left -= n.in_chunk)
        if (r.bad || !next_chunk(&n) || n.in_chunk == 0)
            return ERR_PARSE;
    n.deltas = n.chunks;
    n.chunks = r;
    n.left = n.total;
    n.in_chunk = 0;
    *w = n;
    return r.bad ? ERR_PARSE : ERR_OK;
}

static unsigned next_symbol(struct rtcp_twcc_walk *w)
{
    unsigned s;

    if (w->is_run)
        return w->run;
    s = (unsigned)w->symbols >> (16 - w->width);
    w->symbols = (uint16_t)(w->symbols << w->width);
    return s;
}

bool rtcp_twcc_next(struct rtcp_twcc_walk *w, struct rtcp_twcc_item *out)
{
    struct rtcp_twcc_item item = { .seq = w->seq, .count = 1 };
    unsigned symbol;

    if (w->left == 0 || (w->in_chunk == 0 && !next_chunk(w)))
        return false;
    symbol = next_symbol(w);
    item.received = symbol == 1 || symbol == 2;
    if (symbol == 1)
        item.delta_us = read_u8(&w->deltas) * TWCC_TICK_US;
    else if (symbol == 2)
        item.delta_us = (int16_t)read_u16(&w->deltas) * TWCC_TICK_US;
    else if (w->is_run)
        item.count = (uint16_t)w->in_chunk;
    if (w->deltas.bad) {
        w->left = 0;
        return false;
    }
    w->in_chunk -= item.count;
    w->left -= item.count;
    w->seq = (uint16_t)(w->seq + item.count);
    *out = item;
    return true;
}

/* Writes a header whose length is known beforehand: words of 4 bytes behind it. */
static void write_header(struct writer *w, unsigned count, uint8_t type, size_t words)
{
    write_u8(w, (uint8_t)(VERSION << 6 | count));
    write_u8(w, type);
    write_u16(w, (uint16_t)words);
}

static void write_reports(struct writer *w, const struct rtcp_report *reports, int n)
{
    for (int i = 0; i < n; i++) {
        const struct rtcp_report *b = &reports[i];
        int32_t lost = b->lost > 0x7FFFFF ? 0x7FFFFF : b->lost < -0x800000 ? -0x800000 : b->lost;

        write_u32(w, b->ssrc);
        write_u8(w, b->fraction_lost);
        write_u24(w, (uint32_t)lost & 0xFFFFFF);
        write_u32(w, b->highest_seq);
        write_u32(w, b->jitter);
        write_u32(w, b->last_sr);
        write_u32(w, b->since_last_sr);
    }
}

void rtcp_write_sr(struct writer *w, const struct rtcp *sr, const struct rtcp_report *reports,
                   int n)
{
    n = n > RTCP_REPORTS_MAX ? RTCP_REPORTS_MAX : n;
    write_header(w, (unsigned)n, PT_SR, 6 + (size_t)n * REPORT_BYTES / 4);
    write_u32(w, sr->ssrc);
    write_u64(w, sr->ntp);
    write_u32(w, sr->rtp_ts);
    write_u32(w, sr->packets);
    write_u32(w, sr->octets);
    write_reports(w, reports, n);
}

void rtcp_write_rr(struct writer *w, uint32_t ssrc, const struct rtcp_report *reports, int n)
{
    n = n > RTCP_REPORTS_MAX ? RTCP_REPORTS_MAX : n;
    write_header(w, (unsigned)n, PT_RR, 1 + (size_t)n * REPORT_BYTES / 4);
    write_u32(w, ssrc);
    write_reports(w, reports, n);
}

void rtcp_write_sdes(struct writer *w, uint32_t ssrc, const char *cname)
{
    size_t len = strlen(cname) > 255 ? 255 : strlen(cname);
    size_t chunk = (4 + 2 + len + 1 + 3) / 4 * 4; /* at least one zero ends the list */

    write_header(w, 1, PT_SDES, chunk / 4);
    write_u32(w, ssrc);
    write_u8(w, SDES_CNAME);
    write_u8(w, (uint8_t)len);
    write_bytes(w, cname, len);
    for (size_t i = 4 + 2 + len; i < chunk; i++)
        write_u8(w, 0);
}

void rtcp_write_bye(struct writer *w, uint32_t ssrc)
{
    write_header(w, 1, PT_BYE, 1);
    write_u32(w, ssrc);
}

void rtcp_write_pli(struct writer *w, uint32_t ssrc, uint32_t media_ssrc)
{
    write_header(w, FMT_PLI, PT_PSFB, 2);
    write_u32(w, ssrc);
    write_u32(w, media_ssrc);
}

void rtcp_write_fir(struct writer *w, uint32_t ssrc, uint32_t media_ssrc, uint8_t seq)
{
    write_header(w, FMT_FIR, PT_PSFB, 4);
    write_u32(w, ssrc);
    write_u32(w, 0); /* RFC 5104 4.3.1.1: unused, 0 */
    write_u32(w, media_ssrc);
    write_u8(w, seq);
    write_u24(w, 0);
}

void rtcp_write_remb(struct writer *w, uint32_t ssrc, uint64_t bps, const uint32_t *media, int n)
{
    unsigned exponent = 0;

    n = n > 255 ? 255 : n;
    while (bps > 0x3FFFF) {
        bps >>= 1;
        exponent++;
    }
    write_header(w, FMT_AFB, PT_PSFB, 4 + (size_t)n);
    write_u32(w, ssrc);
    write_u32(w, 0);
    write_u32(w, REMB_WORD);
    write_u32(w, (uint32_t)n << 24 | exponent << 18 | (uint32_t)bps);
    for (int i = 0; i < n; i++)
        write_u32(w, media[i]);
}

void rtcp_write_nack(struct writer *w, uint32_t ssrc, uint32_t media_ssrc, const uint16_t *seqs,
                     int n)
{
    uint8_t *length = w->p;
    size_t words = 2;

    write_header(w, FMT_NACK, PT_RTPFB, 0);
    write_u32(w, ssrc);
    write_u32(w, media_ssrc);
    for (int i = 0; i < n;) {
        uint16_t pid = seqs[i++], mask = 0;

        for (; i < n && (uint16_t)(seqs[i] - pid - 1) < 16; i++)
            mask = (uint16_t)(mask | 1u << (uint16_t)(seqs[i] - pid - 1));
        write_u16(w, pid);
        write_u16(w, mask);
        words++;
    }
    if (!w->full) {
        length[2] = (uint8_t)(words >> 8);
        length[3] = (uint8_t)words;
    }
}

uint64_t rtcp_ntp_from_unix_us(int64_t unix_us)
{
    uint64_t s = (uint64_t)(unix_us / 1000000 + UNIX_EPOCH_IN_NTP);
    uint64_t us = (uint64_t)(unix_us % 1000000);

    return s << 32 | (us << 32) / 1000000;
}

int64_t rtcp_ntp_to_unix_us(uint64_t ntp)
{
    int64_t s = (int64_t)(ntp >> 32) - UNIX_EPOCH_IN_NTP;

    return s * 1000000 + (int64_t)(((ntp & 0xFFFFFFFF) * 1000000) >> 32);
}
