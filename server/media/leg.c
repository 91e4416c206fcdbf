/* SPDX-License-Identifier: Apache-2.0
 *
 * A leg at work: who a packet is from, what RTCP says, what RTCP is due.
 */
#include "server/media/leg.h"

#include <string.h>

#include "server/media/leg_ws.h"

#define COMPOUND_MAX 1200      /* bytes of one RTCP datagram, fits every path with its seal */
#define COMPOUND_SPARE 64      /* less room than this: the rest goes into the next one */
#define CLOCK_LEAK_US 50       /* per report: follows a drifting clock upwards */
#define CLOCK_STEP_US US_PER_S /* more than delay can explain: the sender's clock was set */
#define NACKS_AT_ONCE 64

bool bucket_take(struct bucket *b, int64_t now_us, int64_t per_s, int64_t burst)
{
    int64_t earned = now_us - b->at_us;

    if (earned > 0) {
        int64_t full = burst * US_PER_S;

        b->at_us = now_us;
        b->tokens_us += (earned > US_PER_S ? US_PER_S : earned) * per_s;
        if (b->tokens_us > full)
            b->tokens_us = full;
    }
    if (b->tokens_us < US_PER_S)
        return false;
    b->tokens_us -= US_PER_S;
    return true;
}

bool leg_sends(const struct leg *l, enum source source)
{
    return l->state != LEG_LEAVING && !l->probe && l->tracks[source].open;
}

bool leg_set_gate(struct leg *l, const struct leg_gate *gate, struct now now)
{
    bool open[SOURCE_COUNT] = { gate->mic, gate->camera, gate->screen };
    bool changed = l->gate.receive != gate->receive || l->gate.no_pictures != gate->no_pictures;

    if (l->ws && gate->receive && !l->gate.receive)
        leg_ws_restart(l);
    l->gate = *gate;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        bool may = open[i] && !l->probe && l->tracks[i].offered;

        changed |= l->tracks[i].open != may;
        if (i == SOURCE_SCREEN && may && !l->tracks[i].open)
            l->screen_us = now.mono_us;
        track_gate(&l->tracks[i], may);
    }
    if (!l->tracks[SOURCE_MIC].open)
        speaker_reset(&l->speaker);
    return changed;
}

/* ---- whose packet is it ---- */

/* What the header extensions of one packet say. */
struct marks {
    struct rtp_ext mid, rid, repaired;
    int twcc;  /* -1 = none */
    int level; /* -1 = none */
};

/* BUNDLE: an extension id means the same on every line (RFC 9143 section 14). */
static uint8_t ext_id(const struct leg *l, enum sdp_ext e)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (l->tracks[i].offered && l->tracks[i].line.ext[e])
            return l->tracks[i].line.ext[e];
    return 0;
}

static struct marks read_marks(const struct leg *l, const struct rtp *p)
{
    struct marks m = { .twcc = -1, .level = -1 };
    uint8_t mid = ext_id(l, SDP_EXT_MID), rid = ext_id(l, SDP_EXT_RID);
    uint8_t repaired = ext_id(l, SDP_EXT_REPAIRED_RID);
    uint8_t twcc = ext_id(l, SDP_EXT_TRANSPORT_CC), level = ext_id(l, SDP_EXT_AUDIO_LEVEL);
    struct rtp_ext e;
    size_t at = 0;

    while (rtp_ext_next(p, &at, &e)) {
        if (e.id == mid)
            m.mid = e;
        else if (e.id == rid)
            m.rid = e;
        else if (e.id == repaired)
            m.repaired = e;
        else if (e.id == twcc && e.len >= 2)
            m.twcc = e.data[0] << 8 | e.data[1];
        else if (e.id == level && e.len >= 1)
            m.level = e.data[0] & 0x7F; /* the upper bit is the encoder's opinion: not trusted */
    }
    return m;
}

static bool ext_is(const struct rtp_ext *e, const char *word)
{
    return e->data && e->len == strlen(word) && memcmp(e->data, word, e->len) == 0;
}

static bool has_type(const struct track *t, uint8_t pt)
{
    return t->offered && (t->line.pt == pt || (t->line.rtx_pt && t->line.rtx_pt == pt));
}

/* By mid; without one, if only one line has this payload type. */
static struct track *find_track(struct leg *l, const struct rtp *p, const struct marks *m)
{
    struct track *only = NULL;
    int n = 0;

    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct track *t = &l->tracks[i];

        if (!has_type(t, p->pt))
            continue;
        if (m->mid.data && ext_is(&m->mid, t->line.mid))
            return t;
        only = t;
        n++;
    }
    return !m->mid.data && n == 1 ? only : NULL;
}

static int find_layer(const struct track *t, const struct rtp_ext *rid)
{
    if (t->line.rids_n == 0)
        return 0;
    for (int i = 0; i < t->line.rids_n; i++)
        if (ext_is(rid, t->line.rids[i]))
            return i;
    return -1;
}

/* Remembers a new SSRC. The table is bounded: a source that keeps changing its SSRC takes over
 * its own oldest place (mediasoup #437: a table per unknown SSRC leaked). */
static struct leg_ssrc *remember(struct leg *l, struct leg_ssrc entry)
{
    struct leg_ssrc *at = NULL;

    for (int i = 0; i < l->ssrcs_n && !at; i++)
        if (l->ssrcs[i].source == entry.source && l->ssrcs[i].layer == entry.layer &&
            l->ssrcs[i].rtx == entry.rtx)
            at = &l->ssrcs[i];
    if (!at && l->ssrcs_n < LEG_SSRCS_MAX)
        at = &l->ssrcs[l->ssrcs_n++];
    if (!at) {
        at = &l->ssrcs[l->ssrcs_next];
        l->ssrcs_next = (l->ssrcs_next + 1) % LEG_SSRCS_MAX;
    }
    *at = entry;
    return at;
}

static struct leg_ssrc *whose(struct leg *l, const struct rtp *p, const struct marks *m)
{
    struct track *t;
    bool rtx;
    int layer;

    for (int i = 0; i < l->ssrcs_n; i++)
        if (l->ssrcs[i].ssrc == p->ssrc)
            return &l->ssrcs[i];
    t = find_track(l, p, m);
    if (!t)
        return NULL;
    rtx = p->pt == t->line.rtx_pt;
    layer = find_layer(t, rtx ? &m->repaired : &m->rid);
    if (layer < 0)
        return NULL;
    return remember(l, (struct leg_ssrc){ .ssrc = p->ssrc,
                                          .source = (uint8_t)t->source,
                                          .layer = (uint8_t)layer,
                                          .rtx = rtx });
}

/* ---- packets ---- */

static void heard_voice(struct leg *l, const struct marks *m, const struct rtp *p, int64_t now_us)
{
    /* Without the extension, silence shows in the size of what DTX sends. */
    uint8_t level = p->payload_len > 10 ? 30 : SPEAKER_SILENCE;

    if (m->level >= 0)
        level = (uint8_t)m->level;
    speaker_level(&l->speaker, level, now_us);
}

/* A repeated packet becomes the original again; false if it cannot. */
static bool unwrap(struct leg *l, const struct leg_ssrc *from, uint8_t *data, size_t len,
                   struct rtp *p)
{
    struct track *t = &l->tracks[from->source];
    struct stream *s = t->streams[from->layer];
    size_t start;

    return s && rtp_unwrap_rtx(data, len, t->line.pt, s->ssrc, &start) == ERR_OK &&
           rtp_parse(data + start, len - start, p) == ERR_OK;
}

struct stream *leg_rtp(struct leg *l, struct stage_counters *n, struct now now, uint8_t *data,
                       size_t len)
{
    struct leg_ssrc *from;
    struct stream *s = NULL;
    struct marks m;
    struct track *t;
    struct rtp p;
    bool rtx;

    n->rtp_in++;
    n->refused++; /* until it is not */
    if (rtp_parse(data, len, &p) != ERR_OK)
        return NULL;
    m = read_marks(l, &p);
    if (m.twcc >= 0)
        twcc_received(&l->twcc, (uint16_t)m.twcc, now.mono_us);
    from = whose(l, &p, &m);
    if (!from)
        return NULL;
    t = &l->tracks[from->source];
    rtx = from->rtx;
    if (p.pt != (rtx ? t->line.rtx_pt : t->line.pt))
        return NULL;
    if (rtx && !unwrap(l, from, data, len, &p)) {
        n->refused--; /* probing for bandwidth looks so: padding on the RTX stream */
        return NULL;
    }
    if (track_stream(t, from->layer, p.ssrc, &s) != ERR_OK)
        return NULL;
    l->news.first |= !l->heard;
    l->heard = true;
    switch (stream_packet(s, &p, rtx, now.mono_us)) {
    case STREAM_STORED:
        n->refused--;
        if (t->source == SOURCE_MIC)
            heard_voice(l, &m, &p, now.mono_us);
        return s;
    case STREAM_CLOSED:
        n->refused--;
        return NULL;
    case STREAM_REFUSED:
        break;
    }
    return NULL;
}

/* ---- RTCP in ---- */

static struct slot *slot_by_ssrc(struct leg *l, uint32_t ssrc)
{
    for (int i = 0; i < l->slots_n; i++)
        if (l->slots[i].ssrc == ssrc)
            return &l->slots[i];
    return NULL;
}

static void read_reports(struct leg *l, const struct rtcp *p, int64_t mono_us, int64_t wall_us)
{
    uint32_t now = rtcp_ntp_middle(rtcp_ntp_from_unix_us(wall_us));
    struct rtcp_report b;

    for (int i = 0; rtcp_report_at(p, i, &b); i++) {
        int32_t rtt = (int32_t)(now - b.last_sr - b.since_last_sr);
        const struct slot *s = slot_by_ssrc(l, b.ssrc);

        if (s && s->track)
            track_lost_far(s->track, b.fraction_lost, mono_us);
        if (!s || b.last_sr == 0 || rtt < 0 || rtt > 65536 * 5)
            continue;
        l->rtt_us = (int64_t)rtt * US_PER_S / 65536;
    }
}

/* The least difference of the clocks is the one with the least delay in it. */
void leg_clock(struct leg *l, int64_t offset_us)
{
    if (!l->has_clock || offset_us < l->clock_offset_us + CLOCK_LEAK_US ||
        offset_us > l->clock_offset_us + CLOCK_STEP_US)
        l->clock_offset_us = offset_us;
    else
        l->clock_offset_us += CLOCK_LEAK_US;
    l->has_clock = true;
}

static void read_sender_report(struct leg *l, const struct rtcp *p, struct now now, int64_t wall_us)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        for (int k = 0; k < SDP_RIDS_MAX; k++) {
            struct stream *s = l->tracks[i].streams[k];

            if (s && s->ssrc == p->ssrc)
                reception_sr(&s->reception, p, now.mono_us);
        }
    leg_clock(l, wall_us - rtcp_ntp_to_unix_us(p->ntp));
}

static void read_nack(struct leg *l, struct stage_counters *n, struct now now, const struct rtcp *p)
{
    struct slot *s = slot_by_ssrc(l, p->media_ssrc);
    uint16_t seqs[RTCP_NACK_SEQS_MAX];
    int k;

    n->nacks_in++;
    if (!s || !(s->rtx_pt || s->repeats))
        return;
    for (int i = 0; (k = rtcp_nack_at(p, i, seqs)) > 0; i++)
        for (int j = 0; j < k; j++) {
            if (l->resends_n == LEG_RESENDS_MAX ||
                !bucket_take(&l->resends_out, now.mono_us, LEG_RESEND_PER_S, LEG_RESEND_BURST))
                return;
            l->resends[l->resends_n++] =
                (struct leg_resend){ .slot = (uint8_t)(s - l->slots), .seq = seqs[j] };
        }
}

static void read_picture_loss(struct leg *l, struct stage_counters *n, uint32_t ssrc)
{
    struct slot *s = slot_by_ssrc(l, ssrc);

    n->plis_in++;
    if (!s || !s->stream || !track_is_video(s->track) || !s->track->open || !l->gate.receive)
        return;
    keyframe_want(&s->stream->keyframe);
    s->track->leg->dirty = true;
}

void leg_rtcp(struct leg *l, struct stage_counters *n, struct now now, int64_t wall_us,
              const uint8_t *data, size_t len)
{
    struct reader r = reader_on(data, len);
    struct rtcp p;
    uint32_t ssrc;
    uint8_t seq;

    while (rtcp_next(&r, &p)) {
        switch (p.kind) {
        case RTCP_SR:
            read_sender_report(l, &p, now, wall_us);
            read_reports(l, &p, now.mono_us, wall_us);
            break;
        case RTCP_RR:
            read_reports(l, &p, now.mono_us, wall_us);
            break;
        case RTCP_NACK:
            read_nack(l, n, now, &p);
            break;
        case RTCP_PLI:
            read_picture_loss(l, n, p.media_ssrc);
            break;
        case RTCP_FIR:
            for (int i = 0; rtcp_fir_at(&p, i, &ssrc, &seq); i++)
                read_picture_loss(l, n, ssrc);
            break;
        case RTCP_REMB:
            estimate_remb(&l->estimate, p.bitrate_bps, now.mono_us);
            l->judge_us = now.mono_us;
            break;
        case RTCP_TWCC:
            link_feedback(l, &p, now);
            break;
        case RTCP_SDES:
        case RTCP_BYE:
        case RTCP_OTHER:
            break;
        }
    }
    if (r.bad)
        n->refused++;
}

/* ---- RTCP out ---- */

static bool asks_again(const struct track *t)
{
    return t->open && t->line.nack;
}

static size_t room(const struct writer *w)
{
    return w->full ? 0 : (size_t)(w->end - w->p);
}

/* A voice is made robust against the worst of the ways on which it travels: an Opus encoder adds
 * as much in-band FEC as the share of loss asks for that it is told (RFC 7587 section 3.3). */
static void blame(const struct track *t, int64_t now_us, struct rtcp_report *r)
{
    if (t->source == SOURCE_MIC && now_us - t->far_us < TRACK_FAR_US &&
        t->far_lost > r->fraction_lost)
        r->fraction_lost = t->far_lost;
}

static int collect_reports(struct leg *l, int64_t now_us, struct rtcp_report *reports)
{
    int n = 0;

    for (int i = 0; i < SOURCE_COUNT; i++)
        for (int k = 0; k < SDP_RIDS_MAX; k++) {
            struct stream *s = l->tracks[i].streams[k];

            if (!s || !s->reception.any)
                continue;
            reception_report(&s->reception, s->ssrc, now_us, &reports[n]);
            blame(&l->tracks[i], now_us, &reports[n++]);
        }
    return n;
}

/* Once a second: what we received, and a sender report of every slot that sends. */
static void write_periodic(struct leg *l, struct now now, int64_t wall_us, struct writer *w)
{
    struct rtcp_report reports[SOURCE_COUNT * SDP_RIDS_MAX];
    int n = collect_reports(l, now.mono_us, reports);

    l->report_us = now.mono_us + LEG_REPORT_US;
    rtcp_write_rr(w, l->rtcp_ssrc, reports, n);
    for (int i = 0; i < l->slots_n; i++) {
        struct slot *s = &l->slots[i];
        struct rtcp sr;

        if (s->any && s->track && s->track->leg->has_clock && l->gate.receive &&
            slot_report(s, now.mono_us, wall_us, s->track->leg->clock_offset_us, &sr))
            rtcp_write_sr(w, &sr, NULL, 0);
    }
    rtcp_write_sdes(w, l->rtcp_ssrc, "parta");
}

/* A plain receiver report in front, unless every line allows to leave it away (RFC 5506). */
static void lead(const struct leg *l, struct writer *w)
{
    if (writer_len(w) == 0 && !l->rsize)
        rtcp_write_rr(w, l->rtcp_ssrc, NULL, 0);
}

static void write_requests(struct leg *l, struct stage_counters *n, struct stream *s,
                           struct now now, struct writer *w)
{
    struct track *t = s->track;

    if (t->open && t->line.pli && room(w) > COMPOUND_SPARE &&
        keyframe_ask(&s->keyframe, now.mono_us)) {
        lead(l, w);
        rtcp_write_pli(w, l->rtcp_ssrc, s->ssrc);
        n->plis_out++;
    }
    if (asks_again(t) && room(w) > COMPOUND_SPARE &&
        nack_deadline(&s->nack, l->rtt_us) <= now.mono_us) {
        uint16_t seqs[NACKS_AT_ONCE];
        int cap = (int)(room(w) - COMPOUND_SPARE) / 4;
        uint64_t gave_up = s->nack.gave_up;
        int k = nack_due(&s->nack, now.mono_us, l->rtt_us, seqs,
                         cap < NACKS_AT_ONCE ? cap : NACKS_AT_ONCE);

        n->rtp_lost_in += s->nack.gave_up - gave_up;
        if (k > 0) {
            lead(l, w);
            rtcp_write_nack(w, l->rtcp_ssrc, s->ssrc, seqs, k);
            n->nacks_out++;
        }
    }
}

static void write_feedback(struct leg *l, struct now now, struct writer *w)
{
    struct writer before = *w;
    uint32_t about = 0;

    for (int i = 0; i < l->ssrcs_n && !about; i++)
        about = l->ssrcs[i].ssrc;
    lead(l, w);
    if (!twcc_write(&l->twcc, w, l->rtcp_ssrc, about, now.mono_us))
        *w = before; /* nothing to tell, or no room: then the next compound has it */
}

size_t leg_write_rtcp(struct leg *l, struct stage_counters *n, struct now now, int64_t wall_us,
                      uint8_t *to, size_t cap)
{
    struct writer w = writer_on(to, cap < COMPOUND_MAX ? cap : COMPOUND_MAX);

    if (l->state != LEG_LIVE || l->ws)
        return 0;
    if (l->report_us <= now.mono_us)
        write_periodic(l, now, wall_us, &w);
    for (int i = 0; i < SOURCE_COUNT; i++)
        for (int k = 0; k < SDP_RIDS_MAX; k++)
            if (l->tracks[i].streams[k])
                write_requests(l, n, l->tracks[i].streams[k], now, &w);
    if (twcc_deadline(&l->twcc) <= now.mono_us)
        write_feedback(l, now, &w);
    return w.full ? 0 : writer_len(&w);
}

int64_t leg_deadline(const struct leg *l)
{
    int64_t at;

    if (l->ws)
        return leg_ws_deadline(l);
    at = peer_deadline(l->peer);
    if (l->dirty)
        return INT64_MIN;
    if (l->state != LEG_LIVE)
        return at;
    at = earlier_us(at, l->report_us);
    at = earlier_us(at, twcc_deadline(&l->twcc));
    at = earlier_us(at, l->judge_us);
    if (l->held)
        at = earlier_us(at, l->held_us);
    for (int i = 0; i < SOURCE_COUNT; i++)
        for (int k = 0; k < SDP_RIDS_MAX; k++) {
            const struct stream *s = l->tracks[i].streams[k];

            if (!s || !l->tracks[i].open)
                continue;
            if (l->tracks[i].line.pli)
                at = earlier_us(at, keyframe_deadline(&s->keyframe));
            if (l->tracks[i].line.nack)
                at = earlier_us(at, nack_deadline(&s->nack, l->rtt_us));
        }
    return at;
}
