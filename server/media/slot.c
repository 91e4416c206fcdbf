/* SPDX-License-Identifier: Apache-2.0
 *
 * Rewriting one stream out of many.
 */
#include "server/media/slot.h"

#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/media/ladder.h"

#define TID_ALL 3 /* two bits, RFC 7741 4.2 */

void slot_init(struct slot *s, enum slot_kind kind, const struct sdp_media *line, uint64_t random)
{
    memset(s, 0, sizeof *s);
    s->kind = kind;
    memcpy(s->mid, line->mid, sizeof s->mid);
    s->pt = line->pt;
    s->rtx_pt = line->rtx_ssrc ? line->rtx_pt : 0;
    s->ssrc = line->ssrc;
    s->rtx_ssrc = line->rtx_ssrc;
    s->repeats = kind == SLOT_AUDIO && line->nack;
    /* The low half keeps SRTP's rollover guess safe at the start (RFC 3711 3.3.1). */
    s->last_seq = (int64_t)(0x10000 + (random & 0x7FFF));
    s->last_ts = (uint32_t)(random >> 16);
    s->rtx_seq = (uint16_t)(random >> 48 & 0x7FFF);
    s->ext_id = line->ext[SDP_EXT_TRANSPORT_CC];
    s->step = MEDIA_STEP_TOP;
    s->tid = TID_ALL;
    s->lacks_us = NEVER_US;
    ring_init(&s->held, SLOT_HELD_PACKETS, SLOT_HELD_BYTES, SLOT_HELD_BYTES_MAX);
}

void slot_deinit(struct slot *s)
{
    ring_deinit(&s->held);
    mem_free(s->copies);
}

/* Gives up what is held back: its numbers are used again. */
static void drop_held(struct slot *s)
{
    if (s->held_n > 0) {
        s->last_seq -= s->held_n;
        s->last_picture_id = s->sent_picture_id;
        s->last_tl0 = s->sent_tl0;
    }
    s->held_n = 0;
    s->held.pinned = RING_NOT_PINNED;
}

void slot_map(struct slot *s, struct track *track, uint16_t member)
{
    if (s->track != track) {
        drop_held(s);
        s->stream = NULL;
        if (s->copies)
            *s->copies = (struct copies){ 0 };
    }
    s->track = track;
    s->member = track ? member : 0;
}

static bool synced(const struct slot *s, const struct stream *from)
{
    return s->stream == from && s->epoch == from->epoch;
}

bool slot_waits(const struct slot *s, const struct stream *target, int64_t now_us)
{
    if (!s->track || !track_is_video(s->track) || !target)
        return false;
    if (s->step == MEDIA_STEP_STILL)
        return now_us >= s->still_us;
    return !synced(s, target) || now_us >= s->lacks_us;
}

struct stream *slot_target(const struct slot *s, int64_t now_us)
{
    int most = s->step > MEDIA_STEP_LOW ? (int)s->step - MEDIA_STEP_LOW : 0;
    struct stream *best = NULL;

    if (!track_is_video(s->track))
        return track_best(s->track, now_us);
    if (s->step == MEDIA_STEP_VOICE)
        return NULL;
    for (int i = 0; i < s->track->layers && (i <= most || !best); i++) {
        struct stream *l = s->track->streams[i];

        if (l && now_us - l->last_us < STREAM_ALIVE_US)
            best = l;
    }
    return best;
}

int slot_wish(const struct slot *s, int64_t now_us)
{
    int most = s->step > MEDIA_STEP_LOW ? (int)s->step - MEDIA_STEP_LOW : 0, best = -1;

    if (s->step == MEDIA_STEP_VOICE)
        return -1;
    for (int i = 0; i < s->track->layers && (i <= most || best < 0); i++)
        if (track_has(s->track, i, now_us))
            best = i;
    return best;
}

/* A picture of fewer temporal layers goes on as it is; a layer comes back where it may (admit);
 * every other change waits for a key frame. */
void slot_set_step(struct slot *s, enum media_step step, int64_t now_us)
{
    enum media_step before = s->step;

    if (step == before || s->kind == SLOT_AUDIO)
        return;
    s->step = step;
    s->lacks_us = NEVER_US;
    if (step == MEDIA_STEP_VOICE || before == MEDIA_STEP_STILL) {
        drop_held(s);
        s->stream = NULL;
    } else if (step == MEDIA_STEP_STILL) {
        s->still_us = now_us;
        s->frame_goes = false;
    }
    if (!s->thinned && step == MEDIA_STEP_SLOW && s->stream) {
        /* What came so far has gone out whole. */
        s->thinned = true;
        s->highest = s->stream->nack.line.highest;
        s->frame_ts = s->last_ts - s->ts_delta;
        s->frame_goes = true;
    }
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
    s->thinned = s->step == MEDIA_STEP_STILL || s->step == MEDIA_STEP_SLOW;
    s->tid = s->step == MEDIA_STEP_SLOW ? 0 : TID_ALL;
    s->lacks_us = NEVER_US;
    s->highest = p->seq;
    s->frame_ts = p->ts;
    s->frame_goes = true;
    s->still_us = now_us + LADDER_STILL_US;
    s->cuts_n = 0;
}

/* The last cut at or before this packet, or NULL. */
static const struct slot_cut *cut_at(const struct slot *s, int64_t seq)
{
    for (int i = s->cuts_n - 1; i >= 0 && i >= s->cuts_n - SLOT_CUTS; i--)
        if (s->cuts[i % SLOT_CUTS].seq <= seq)
            return &s->cuts[i % SLOT_CUTS];
    return NULL;
}

/* Too many cuts since: where the packet went is forgotten. */
static bool forgotten(const struct slot *s, int64_t seq)
{
    return s->cuts_n > SLOT_CUTS && s->cuts[s->cuts_n % SLOT_CUTS].seq > seq;
}

/* Leaves p out: what follows moves up by one. */
static void leave_out(struct slot *s, const struct ring_packet *p, bool new_picture)
{
    struct slot_cut last = { 0 };

    if (s->cuts_n > 0)
        last = s->cuts[(s->cuts_n - 1) % SLOT_CUTS];
    if (s->cuts_n > 0 && last.seq == p->seq) /* it joins what was left out just before */
        s->cuts_n--;
    s->cuts[s->cuts_n++ % SLOT_CUTS] =
        (struct slot_cut){ .seq = p->seq + 1,
                           .packets = last.packets + 1,
                           .pictures = (uint16_t)(last.pictures + new_picture) };
}

/* Does this frame, whose first packet to come is p, go out? */
static bool admit(struct slot *s, const struct ring_packet *p, int64_t now_us)
{
    struct vp8 v = vp8_note_get(p);
    uint8_t most = s->step == MEDIA_STEP_SLOW ? 0 : TID_ALL;
    bool sync = v.start && v.layer_sync && v.tid > s->tid && v.tid <= most;

    if (s->tid > most)
        s->tid = most;
    /* Nothing before a layer sync frame is needed to decode it (RFC 7741 4.2: Y), nor before a key
     * frame to decode anything. */
    if (v.start && v.key)
        s->tid = most;
    else if (sync)
        s->tid = v.tid;
    if (sync || v.key)
        s->lacks_us = NEVER_US;
    if (v.tid > s->tid && v.tid <= most)
        s->lacks_us = earlier_us(s->lacks_us, now_us + SLOT_SYNC_US);
    return v.tid <= s->tid;
}

/* A packet of the stream that the slot carries already, while not all of it goes out. */
static bool take_thinned(struct slot *s, const struct ring_packet *p, int64_t now_us)
{
    bool new_picture = p->ts != s->frame_ts;

    if (p->seq <= s->highest) /* late: its number was kept free, unless it was left out */
        return !forgotten(s, p->seq);
    s->highest = p->seq;
    if (new_picture) {
        s->frame_ts = p->ts;
        s->frame_goes = admit(s, p, now_us);
    }
    if (!s->frame_goes)
        leave_out(s, p, new_picture);
    return s->frame_goes;
}

bool slot_take(struct slot *s, struct stream *from, struct stream *target,
               const struct ring_packet *p, int64_t now_us)
{
    bool begins = from == target && (!track_is_video(s->track) || vp8_note_get(p).key);

    if (s->step == MEDIA_STEP_STILL && track_is_video(s->track)) {
        if (begins && now_us >= s->still_us)
            begin(s, from, p, now_us);
        return synced(s, from) && s->frame_goes && p->ts == s->frame_ts && p->seq >= s->base_seq;
    }
    if (synced(s, from))
        return p->seq >= s->base_seq && (!s->thinned || take_thinned(s, p, now_us));
    if (!begins)
        return false;
    begin(s, from, p, now_us);
    return true;
}

/* Returns the header's length. One element of two bytes has the same length in both forms of
 * RFC 8285; ids above 14 need the second. */
static size_t write_header(const struct slot *s, bool marker, bool rtx, uint16_t seq, uint32_t ts,
                           uint16_t transport, uint8_t *to)
{
    struct writer w = writer_on(to, SLOT_HEADER_MAX);

    write_u8(&w, s->ext_id ? 0x90 : 0x80);
    write_u8(&w, (uint8_t)((marker ? 0x80 : 0) | (rtx ? s->rtx_pt : s->pt)));
    write_u16(&w, seq);
    write_u32(&w, ts);
    write_u32(&w, rtx ? s->rtx_ssrc : s->ssrc);
    if (!s->ext_id)
        return RTP_HEADER_BYTES;
    write_u16(&w, s->ext_id <= 14 ? RTP_EXT_ONE_BYTE : RTP_EXT_TWO_BYTE);
    write_u16(&w, 1);
    if (s->ext_id <= 14) {
        write_u8(&w, (uint8_t)(s->ext_id << 4 | 1));
        write_u16(&w, transport);
        write_u8(&w, 0);
    } else {
        write_u8(&w, s->ext_id);
        write_u8(&w, 2);
        write_u16(&w, transport);
    }
    return SLOT_HEADER_MAX;
}

/* What was left out before p. */
static struct slot_cut left_out(const struct slot *s, int64_t seq)
{
    const struct slot_cut *c = s->cuts_n > 0 ? cut_at(s, seq) : NULL;

    return c ? *c : (struct slot_cut){ 0 };
}

/* Copies the payload with the numbers that this receiver knows. */
static void write_payload(const struct slot *s, const struct ring_packet *p,
                          const struct slot_cut *c, uint8_t *to, struct vp8 *v)
{
    uint16_t picture_delta = (uint16_t)(s->picture_delta - c->pictures);

    if (p->len)
        memcpy(to, ring_payload(&s->stream->ring, p), p->len);
    *v = vp8_note_get(p);
    v->picture_id =
        (uint16_t)((v->picture_id + picture_delta) & (v->picture_id_15 ? 0x7FFF : 0x7F));
    v->tl0 = (uint8_t)(v->tl0 + s->tl0_delta);
    if (picture_delta || s->tl0_delta)
        vp8_renumber(to, v, v->picture_id, v->tl0);
}

/* The packet has its number now: the next begins behind it. */
static void numbered(struct slot *s, int64_t seq, uint32_t ts, const struct vp8 *v, int64_t now_us)
{
    if (!s->any)
        s->report_us = now_us;
    if (!s->any || seq > s->last_seq) {
        s->last_seq = seq;
        s->last_ts = ts;
        s->last_us = now_us;
        if (v->has_picture_id)
            s->last_picture_id = v->picture_id;
        if (v->has_tl0)
            s->last_tl0 = v->tl0;
    }
    s->any = true;
    s->restart = false;
}

size_t slot_write(struct slot *s, const struct ring_packet *p, uint16_t transport, uint8_t *to,
                  int64_t now_us)
{
    struct slot_cut c = left_out(s, p->seq);
    int64_t seq = p->seq + s->seq_delta - c.packets;
    uint32_t ts = p->ts + s->ts_delta;
    bool marker = p->marker || (s->restart && !track_is_video(s->track));
    struct vp8 v;
    size_t n = write_header(s, marker, false, (uint16_t)seq, ts, transport, to);

    write_payload(s, p, &c, to + n, &v);
    numbered(s, seq, ts, &v, now_us);
    s->packets++;
    s->octets += p->len;
    return n + p->len;
}

/* ---- held back ---- */

void slot_give_up(struct slot *s)
{
    drop_held(s);
    s->stream = NULL;
}

bool slot_hold(struct slot *s, const struct ring_packet *p, int64_t now_us)
{
    struct slot_cut c = left_out(s, p->seq);
    int64_t seq = p->seq + s->seq_delta - c.packets;
    struct ring_packet *h = NULL;
    struct vp8 v;

    /* One that comes late has its number between others: it is not held, and counts as lost. */
    if (seq <= s->last_seq)
        return true;
    /* Those missing before it would need a place in the row, too. */
    if (s->held_n + (seq - s->last_seq) < SLOT_HELD_PACKETS)
        h = ring_put(&s->held, seq, p->len, now_us);
    if (!h) {
        slot_give_up(s);
        return false;
    }
    h->ts = p->ts + s->ts_delta;
    h->marker = p->marker;
    write_payload(s, p, &c, ring_payload(&s->held, h), &v);
    vp8_note_set(h, &v);
    if (s->held_n == 0) {
        s->held.pinned = h->pos;
        s->sent_picture_id = s->last_picture_id;
        s->sent_tl0 = s->last_tl0;
    }
    s->held_n += (int)(seq - s->last_seq);
    numbered(s, seq, h->ts, &v, now_us);
    return true;
}

/* The next held packet that is there; those that never came are passed over. */
static struct ring_packet *first_held(struct slot *s)
{
    for (; s->held_n > 0; s->held_n--) {
        struct ring_packet *h = ring_get(&s->held, s->last_seq + 1 - s->held_n);

        if (h)
            return h;
    }
    s->held.pinned = RING_NOT_PINNED;
    return NULL;
}

size_t slot_write_held(struct slot *s, uint16_t transport, uint8_t *to, int64_t now_us)
{
    struct ring_packet *h = first_held(s);
    int64_t limit_us = s->step == MEDIA_STEP_STILL ? LADDER_STILL_US : SLOT_HELD_US;
    size_t n;

    if (!h)
        return 0;
    if (now_us - h->at_us > limit_us) {
        slot_give_up(s);
        return 0;
    }
    n = write_header(s, h->marker, false, (uint16_t)h->seq, h->ts, transport, to);
    memcpy(to + n, ring_payload(&s->held, h), h->len);
    n += h->len;
    s->packets++;
    s->octets += h->len;
    s->held_n--;
    s->sent_picture_id = vp8_note_get(h).picture_id;
    s->sent_tl0 = vp8_note_get(h).tl0;
    h = first_held(s);
    if (h)
        s->held.pinned = h->pos;
    return n;
}

/* ---- once more ---- */

static bool is_held(const struct slot *s, const struct ring_packet *p)
{
    return s->held.packets && p >= s->held.packets && p < s->held.packets + SLOT_HELD_PACKETS;
}

struct ring_packet *slot_find(const struct slot *s, uint16_t seq, int64_t now_us)
{
    struct seq_line sent = { .any = true, .highest = s->last_seq };
    struct ring_packet *p;
    int64_t at;

    if (!s->any || !s->track || !s->stream || s->epoch != s->stream->epoch)
        return NULL;
    at = seq_near(&sent, seq);
    if (at > s->last_seq - s->held_n || at - s->seq_delta < s->base_seq)
        return NULL; /* never sent, or before the present source */
    p = ring_get(&s->held, at);
    if (p)
        return now_us - p->at_us < US_PER_S + SLOT_HELD_US ? p : NULL;
    at -= s->seq_delta;
    if (s->cuts_n > 0) {
        int64_t found = INT64_MIN;

        for (int i = s->cuts_n - 1; i >= 0 && i >= s->cuts_n - SLOT_CUTS; i--) {
            const struct slot_cut *c = &s->cuts[i % SLOT_CUTS];

            if (at + c->packets >= c->seq) {
                found = at + c->packets;
                break;
            }
        }
        if (found == INT64_MIN && s->cuts_n > SLOT_CUTS)
            return NULL;
        at = found == INT64_MIN ? at : found;
    }
    p = ring_get(&s->stream->ring, at);
    return p && now_us - p->at_us < US_PER_S ? p : NULL;
}

size_t slot_write_rtx(struct slot *s, const struct ring_packet *p, uint16_t transport, uint8_t *to)
{
    bool held = is_held(s, p);
    struct slot_cut c = held ? (struct slot_cut){ 0 } : left_out(s, p->seq);
    int64_t original = held ? p->seq : p->seq + s->seq_delta - c.packets;
    struct vp8 v;
    size_t n = write_header(s, p->marker, true, s->rtx_seq++, held ? p->ts : p->ts + s->ts_delta,
                            transport, to);

    to[n++] = (uint8_t)(original >> 8);
    to[n++] = (uint8_t)original;
    if (held)
        memcpy(to + n, ring_payload(&s->held, p), p->len);
    else
        write_payload(s, p, &c, to + n, &v);
    return n + p->len;
}

size_t slot_write_padding(struct slot *s, uint8_t n, uint16_t transport, uint8_t *to)
{
    size_t at;

    if (!s->rtx_pt || n == 0)
        return 0;
    at = write_header(s, false, true, s->rtx_seq++, s->last_ts, transport, to);
    to[0] |= 0x20;
    memset(to + at, 0, n);
    to[at + n - 1] = n;
    return at + n;
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
