/* SPDX-License-Identifier: Apache-2.0
 *
 * Rewriting one stream out of many.
 */
#include "server/media/slot.h"

#include <string.h>

#include "common/base/buf.h"

void slot_init(struct slot *s, enum slot_kind kind, const struct sdp_media *line, uint64_t random)
{
    memset(s, 0, sizeof *s);
    s->kind = kind;
    memcpy(s->mid, line->mid, sizeof s->mid);
    s->pt = line->pt;
    s->rtx_pt = line->rtx_ssrc ? line->rtx_pt : 0;
    s->ssrc = line->ssrc;
    s->rtx_ssrc = line->rtx_ssrc;
    /* The low half keeps SRTP's rollover guess safe at the start (RFC 3711 3.3.1). */
    s->last_seq = (int64_t)(0x10000 + (random & 0x7FFF));
    s->last_ts = (uint32_t)(random >> 16);
    s->rtx_seq = (uint16_t)(random >> 48 & 0x7FFF);
}

void slot_map(struct slot *s, struct track *track, uint16_t member)
{
    if (s->track != track)
        s->stream = NULL;
    s->track = track;
    s->member = track ? member : 0;
}

static bool synced(const struct slot *s, const struct stream *from)
{
    return s->stream == from && s->epoch == from->epoch;
}

bool slot_waits(const struct slot *s, const struct stream *target)
{
    return s->track && track_is_video(s->track) && target && !synced(s, target);
}

static uint32_t elapsed_ticks(const struct slot *s, int64_t now_us)
{
    int64_t us = now_us - s->last_us;
    int64_t ticks = (us < 0 ? 0 : us) * track_clock_hz(s->track) / US_PER_S;

    return ticks > 0 ? (uint32_t)ticks : 1;
}

/* Joins the new run to what was sent before. */
static void begin(struct slot *s, struct stream *from, const struct ring_packet *p, int64_t now_us)
{
    struct vp8 v = vp8_note_get(p);

    s->stream = from;
    s->epoch = from->epoch;
    s->base_seq = p->seq;
    s->seq_delta = s->last_seq + 1 - p->seq;
    s->ts_delta = s->last_ts + (s->any ? elapsed_ticks(s, now_us) : 0) - p->ts;
    s->picture_delta = s->any ? (uint16_t)(s->last_picture_id + 1 - v.picture_id) : 0;
    s->tl0_delta = s->any ? (uint8_t)(s->last_tl0 + 1 - v.tl0) : 0;
    s->restart = true;
}

bool slot_take(struct slot *s, struct stream *from, struct stream *target,
               const struct ring_packet *p, int64_t now_us)
{
    if (synced(s, from))
        return p->seq >= s->base_seq;
    if (from != target || (track_is_video(s->track) && !vp8_note_get(p).key))
        return false;
    begin(s, from, p, now_us);
    return true;
}

static void write_header(uint8_t *to, bool marker, uint8_t pt, uint16_t seq, uint32_t ts,
                         uint32_t ssrc)
{
    struct writer w = writer_on(to, RTP_HEADER_BYTES);

    write_u8(&w, 0x80);
    write_u8(&w, (uint8_t)((marker ? 0x80 : 0) | pt));
    write_u16(&w, seq);
    write_u32(&w, ts);
    write_u32(&w, ssrc);
}

/* Copies the payload with the numbers that this receiver knows. */
static void write_payload(const struct slot *s, const struct ring_packet *p, uint8_t *to,
                          struct vp8 *v)
{
    if (p->len)
        memcpy(to, ring_payload(&s->stream->ring, p), p->len);
    *v = vp8_note_get(p);
    v->picture_id =
        (uint16_t)((v->picture_id + s->picture_delta) & (v->picture_id_15 ? 0x7FFF : 0x7F));
    v->tl0 = (uint8_t)(v->tl0 + s->tl0_delta);
    if (s->picture_delta || s->tl0_delta)
        vp8_renumber(to, v, v->picture_id, v->tl0);
}

size_t slot_write(struct slot *s, const struct ring_packet *p, uint8_t *to, int64_t now_us)
{
    int64_t seq = p->seq + s->seq_delta;
    uint32_t ts = p->ts + s->ts_delta;
    bool marker = p->marker || (s->restart && !track_is_video(s->track));
    struct vp8 v;

    write_header(to, marker, s->pt, (uint16_t)seq, ts, s->ssrc);
    write_payload(s, p, to + RTP_HEADER_BYTES, &v);
    if (!s->any)
        s->report_us = now_us;
    if (!s->any || seq > s->last_seq) {
        s->last_seq = seq;
        s->last_ts = ts;
        s->last_us = now_us;
        if (v.has_picture_id)
            s->last_picture_id = v.picture_id;
        if (v.has_tl0)
            s->last_tl0 = v.tl0;
    }
    s->any = true;
    s->restart = false;
    s->packets++;
    s->octets += p->len;
    return RTP_HEADER_BYTES + (size_t)p->len;
}

struct ring_packet *slot_find(const struct slot *s, uint16_t seq, int64_t now_us)
{
    struct seq_line sent = { .any = true, .highest = s->last_seq };
    struct ring_packet *p;
    int64_t at;

    if (!s->any || !s->track || !s->stream || s->epoch != s->stream->epoch)
        return NULL;
    at = seq_near(&sent, seq);
    if (at > s->last_seq || at - s->seq_delta < s->base_seq)
        return NULL; /* never sent, or before the present source */
    p = ring_get(&s->stream->ring, at - s->seq_delta);
    return p && now_us - p->at_us < US_PER_S ? p : NULL;
}

size_t slot_write_rtx(struct slot *s, const struct ring_packet *p, uint8_t *to)
{
    uint16_t original = (uint16_t)(p->seq + s->seq_delta);
    struct vp8 v;

    write_header(to, p->marker, s->rtx_pt, s->rtx_seq++, p->ts + s->ts_delta, s->rtx_ssrc);
    to[RTP_HEADER_BYTES] = (uint8_t)(original >> 8);
    to[RTP_HEADER_BYTES + 1] = (uint8_t)original;
    write_payload(s, p, to + RTP_HEADER_BYTES + RTP_RTX_BYTES, &v);
    return RTP_HEADER_BYTES + RTP_RTX_BYTES + (size_t)p->len;
}

bool slot_report(struct slot *s, int64_t now_us, int64_t wall_us, int64_t offset_us,
                 struct rtcp *out)
{
    const struct reception *r;
    int64_t since_us;

    s->report_us = now_us + SLOT_REPORT_US;
    if (!s->track || !s->stream || !s->stream->reception.has_sr || s->epoch != s->stream->epoch)
        return false;
    r = &s->stream->reception;
    /* What the source's timestamp is at this moment, carried on from its own report. */
    since_us = wall_us - (rtcp_ntp_to_unix_us(r->sr_ntp) + offset_us);
    if (since_us < -60 * US_PER_S || since_us > 60 * US_PER_S)
        return false;
    *out = (struct rtcp){ .kind = RTCP_SR,
                          .ssrc = s->ssrc,
                          .ntp = rtcp_ntp_from_unix_us(wall_us),
                          .packets = s->packets,
                          .octets = s->octets };
    out->rtp_ts =
        r->sr_rtp_ts + s->ts_delta + (uint32_t)(since_us * track_clock_hz(s->track) / US_PER_S);
    return true;
}
