/* SPDX-License-Identifier: Apache-2.0
 *
 * RTP headers, their extensions, and RTX.
 */
#include "server/rtc/rtp.h"

#include <string.h>

#define VERSION 2 /* RFC 3550 5.1 */

enum err rtp_parse(const uint8_t *data, size_t len, struct rtp *out)
{
    struct reader r = reader_on(data, len);
    struct rtp p = { 0 };
    uint8_t b0, b1;

    if (len > RTP_PACKET_MAX)
        return ERR_PARSE;
    b0 = read_u8(&r);
    b1 = read_u8(&r);
    p.seq = read_u16(&r);
    p.ts = read_u32(&r);
    p.ssrc = read_u32(&r);
    if (r.bad || b0 >> 6 != VERSION)
        return ERR_PARSE;
    p.marker = b1 & 0x80;
    p.pt = b1 & 0x7F;
    p.csrc_n = b0 & 0x0F;
    read_bytes(&r, (size_t)p.csrc_n * 4);
    if (b0 & 0x10) {
        p.ext_profile = read_u16(&r);
        p.ext_len = (size_t)read_u16(&r) * 4;
        p.ext = read_bytes(&r, p.ext_len);
    }
    if (r.bad)
        return ERR_PARSE;
    p.payload = r.p;
    p.payload_len = reader_left(&r);
    if (b0 & 0x20) {
        p.padding = p.payload_len ? data[len - 1] : 0;
        if (p.padding == 0 || p.padding > p.payload_len)
            return ERR_PARSE;
        p.payload_len -= p.padding;
    }
    *out = p;
    return ERR_OK;
}

bool rtp_ext_next(const struct rtp *p, size_t *at, struct rtp_ext *out)
{
    bool one = p->ext_profile == RTP_EXT_ONE_BYTE;
    struct reader r;
    struct rtp_ext e;

    if (!p->ext || *at >= p->ext_len || (!one && (p->ext_profile & 0xFFF0) != RTP_EXT_TWO_BYTE))
        return false;
    r = reader_on(p->ext + *at, p->ext_len - *at);
    for (;;) {
        uint8_t b = read_u8(&r);

        if (r.bad)
            return false;
        if (b == 0) /* padding */
            continue;
        e.id = one ? b >> 4 : b;
        /* The one-byte form counts length - 1; its id 15 ends the walk (RFC 8285 4.2). */
        e.len = one ? (uint8_t)((b & 0x0F) + 1) : read_u8(&r);
        if (one && (e.id == 0 || e.id == 15))
            return false;
        e.data = read_bytes(&r, e.len);
        if (r.bad)
            return false;
        *at = (size_t)(r.p - p->ext);
        *out = e;
        return true;
    }
}

static bool fits_one_byte(const struct rtp_ext *exts, int n)
{
    for (int i = 0; i < n; i++)
        if (exts[i].id > 14 || exts[i].len == 0 || exts[i].len > 16)
            return false;
    return true;
}

static void write_exts(struct writer *w, const struct rtp_ext *exts, int n)
{
    bool one = fits_one_byte(exts, n);
    size_t len = 0, padded;

    for (int i = 0; i < n; i++)
        len += (one ? 1u : 2u) + exts[i].len;
    padded = (len + 3) / 4 * 4;
    write_u16(w, one ? RTP_EXT_ONE_BYTE : RTP_EXT_TWO_BYTE);
    write_u16(w, (uint16_t)(padded / 4));
    for (int i = 0; i < n; i++) {
        if (one) {
            write_u8(w, (uint8_t)(exts[i].id << 4 | (exts[i].len - 1)));
        } else {
            write_u8(w, exts[i].id);
            write_u8(w, exts[i].len);
        }
        write_bytes(w, exts[i].data, exts[i].len);
    }
    for (; len < padded; len++)
        write_u8(w, 0);
}

void rtp_write(struct writer *w, const struct rtp *h, const struct rtp_ext *exts, int n)
{
    write_u8(w, (uint8_t)(VERSION << 6 | (n ? 0x10 : 0)));
    write_u8(w, (uint8_t)((h->marker ? 0x80 : 0) | (h->pt & 0x7F)));
    write_u16(w, h->seq);
    write_u32(w, h->ts);
    write_u32(w, h->ssrc);
    if (n)
        write_exts(w, exts, n);
}

enum err rtp_unwrap_rtx(uint8_t *data, size_t len, uint8_t pt, uint32_t ssrc, size_t *start)
{
    uint8_t original[RTP_RTX_BYTES];
    struct writer w;
    size_t header;
    struct rtp p;

    if (rtp_parse(data, len, &p) != ERR_OK || p.payload_len < RTP_RTX_BYTES)
        return ERR_PARSE;
    header = (size_t)(p.payload - data);
    memcpy(original, p.payload, sizeof original);
    memmove(data + RTP_RTX_BYTES, data, header);
    data += RTP_RTX_BYTES;
    data[1] = (uint8_t)((data[1] & 0x80) | (pt & 0x7F));
    memcpy(data + 2, original, sizeof original);
    w = writer_on(data + 8, 4);
    write_u32(&w, ssrc);
    *start = RTP_RTX_BYTES;
    return ERR_OK;
}
