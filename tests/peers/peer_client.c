/* SPDX-License-Identifier: Apache-2.0
 *
 * The other side of a lesson; see peer_client.h.
 */
#include "tests/peers/peer_client.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/rtc/rtcp.h"
#include "server/rtc/vp8.h"

#define OPUS_PT 111
#define VP8_PT 96
#define RTX_PT 97
#define REPORT_US US_PER_S
#define RTT_US (50 * US_PER_MS)
#define DATAGRAM_MAX 1500

static const char *const rids[CLIENT_LAYERS] = { "q", "h", "f" };

static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

/* ---- offer and answer ---- */

static void describe(struct client *c, struct sdp_media *m, int i, bool audio, bool sends)
{
    m->kind = audio ? SDP_AUDIO : SDP_VIDEO;
    m->direction = sends ? SDP_SENDONLY : SDP_RECVONLY;
    (void)!str_format(m->mid, sizeof m->mid, "%d", i);
    m->pt = audio ? OPUS_PT : VP8_PT;
    m->rtx_pt = audio || c->config.no_rtx ? 0 : RTX_PT;
    m->pli = m->remb = !audio;
    m->nack = !audio || c->config.voice_nack;
    m->transport_cc = sends || !c->config.no_feedback;
    m->rsize = !c->config.no_rsize;
    if (!c->config.no_mid)
        m->ext[SDP_EXT_MID] = 4;
    m->ext[SDP_EXT_TRANSPORT_CC] = m->transport_cc ? 3 : 0;
    if (audio)
        m->ext[SDP_EXT_AUDIO_LEVEL] = 1;
}

static void describe_source(struct client *c, struct sdp_media *m, enum client_source source,
                            uint64_t *seed)
{
    int layers = source == CLIENT_CAMERA ? c->config.camera_layers : 1;

    for (int i = 0; i < CLIENT_LAYERS; i++) {
        struct client_stream *s = &c->streams[source][i];

        s->ssrc = (uint32_t)next_random(seed) | 1;
        s->rtx_ssrc = (uint32_t)next_random(seed) | 1;
        s->seq = (int64_t)(next_random(seed) & 0xFFFF) + 0x10000;
        s->ts = (uint32_t)next_random(seed);
        s->picture_id = (uint16_t)(next_random(seed) & 0x7FFF);
        s->tl0 = (uint8_t)next_random(seed);
        ring_init(&s->ring, 256, 64 * 1024, 256 * 1024);
    }
    if (layers > 1) {
        m->ext[SDP_EXT_RID] = 10;
        m->ext[SDP_EXT_REPAIRED_RID] = 11;
        m->rids_n = layers;
        for (int i = 0; i < layers; i++)
            (void)!str_copy(m->rids[i], sizeof m->rids[i], rids[i]);
        return;
    }
    m->ssrc = c->streams[source][0].ssrc;
    m->rtx_ssrc = m->rtx_pt ? c->streams[source][0].rtx_ssrc : 0;
    (void)!str_copy(m->cname, sizeof m->cname, "peer");
}

static enum err describe_all(struct client *c)
{
    const struct slot_plan *plan = &c->config.plan;
    struct sdp_session *s = &c->described;
    uint64_t seed = c->config.seed;
    struct strbuf b;

    s->ice = c->ice;
    s->setup = SDP_SETUP_ACTPASS;
    memcpy(s->fingerprint, dtls_identity_fingerprint(c->config.identity), sizeof s->fingerprint);
    c->rtcp_ssrc = (uint32_t)next_random(&seed);
    for (int i = 0; i < CLIENT_SOURCES; i++) {
        describe(c, &s->media[i], i, i == CLIENT_MIC, true);
        describe_source(c, &s->media[i], (enum client_source)i, &seed);
    }
    s->media_n = CLIENT_SOURCES;
    for (int i = 0; i < plan->audio + plan->video + plan->screen; i++)
        describe(c, &s->media[s->media_n], s->media_n, i < plan->audio, false), s->media_n++;
    strbuf_init(&b);
    sdp_write(s, &b);
    return strbuf_take(&b, &c->offer);
}

enum err client_new(struct client **out, const struct client_config *config, struct now now)
{
    struct client *c = mem_zalloc(1, sizeof *c);
    enum err e;

    if (!c)
        return ERR_NOMEM;
    c->config = *config;
    twcc_init(&c->twcc);
    if (c->config.camera_layers < 1)
        c->config.camera_layers = 1;
    c->made_us = now.mono_us;
    e = peer_random_ice(&c->ice);
    if (e == ERR_OK)
        e = describe_all(c);
    if (e != ERR_OK) {
        client_free(c);
        return e;
    }
    *out = c;
    return ERR_OK;
}

void client_free(struct client *c)
{
    if (!c)
        return;
    for (int i = 0; i < CLIENT_SOURCES; i++)
        for (int k = 0; k < CLIENT_LAYERS; k++)
            ring_deinit(&c->streams[i][k].ring);
    peer_free(c->peer);
    mem_free(c->offer);
    mem_free(c);
}

const char *client_offer(const struct client *c)
{
    return c->offer;
}

static void take_slot(struct client *c, const struct sdp_media *m)
{
    struct client_slot *s = &c->slots[c->slots_n++];

    memcpy(s->mid, m->mid, sizeof s->mid);
    s->video = m->kind == SDP_VIDEO;
    s->pt = m->pt;
    s->rtx_pt = m->rtx_pt;
    s->ssrc = m->ssrc;
    s->rtx_ssrc = m->rtx_ssrc;
    nack_init(&s->nack);
    reception_init(&s->reception, s->video ? 90000 : 48000);
}

enum err client_answer(struct client *c, const char *sdp, size_t len, struct now now)
{
    struct sdp_session a;
    struct peer_config pc = { .role = PEER_OFFERER,
                              .identity = c->config.identity,
                              .local = c->ice };
    enum err e = sdp_parse(sdp, len, &a, NULL);

    if (e != ERR_OK)
        return e;
    if (a.media_n != c->described.media_n || !a.ice_lite || a.setup != SDP_SETUP_PASSIVE ||
        a.candidate.family == 0)
        return ERR_PROTO;
    for (int i = 0; i < a.media_n; i++) {
        const struct sdp_media *m = &a.media[i];

        if (m->rejected || strcmp(m->mid, c->described.media[i].mid) != 0)
            return ERR_PROTO;
        if (i >= CLIENT_SOURCES) {
            take_slot(c, m);
            if (m->transport_cc)
                c->twcc_in_ext = m->ext[SDP_EXT_TRANSPORT_CC];
        }
        if (i < CLIENT_SOURCES && m->direction != SDP_RECVONLY)
            return ERR_PROTO;
        if (i < CLIENT_SOURCES && m->transport_cc)
            c->twcc_ext = m->ext[SDP_EXT_TRANSPORT_CC];
    }
    c->mid_ext = a.media[0].ext[SDP_EXT_MID];
    c->level_ext = a.media[0].ext[SDP_EXT_AUDIO_LEVEL];
    c->rid_ext = a.media[1].ext[SDP_EXT_RID];
    c->repaired_ext = a.media[1].ext[SDP_EXT_REPAIRED_RID];
    pc.remote = a.ice;
    pc.remote_addr = a.candidate;
    memcpy(pc.remote_fingerprint, a.fingerprint, sizeof pc.remote_fingerprint);
    c->described.candidate = a.candidate;
    return peer_new(&c->peer, &pc, now);
}

const struct addr *client_server(const struct client *c)
{
    return &c->described.candidate;
}

/* ---- sending ---- */

static void send_rtp(struct client *c, uint8_t *data, size_t len)
{
    if (peer_seal_rtp(c->peer, data, &len) == ERR_OK)
        c->config.send(c->config.arg, data, len);
    else
        c->refused++;
}

static void send_rtcp(struct client *c, struct writer *w)
{
    size_t len = writer_len(w);

    if (!w->full && len > 0 && peer_seal_rtcp(c->peer, w->start, &len) == ERR_OK)
        c->config.send(c->config.arg, w->start, len);
}

/* The extensions of one packet; values must live as long as the array. */
struct exts {
    struct rtp_ext e[4];
    int n;
    uint8_t twcc[2], level[1];
};

static void add_ext(struct exts *x, uint8_t id, const void *data, size_t len)
{
    if (id)
        x->e[x->n++] = (struct rtp_ext){ .id = id, .len = (uint8_t)len, .data = data };
}

static void add_common(struct client *c, struct exts *x, enum client_source source, int layer,
                       bool repeated)
{
    const struct sdp_media *line = &c->described.media[source];

    add_ext(x, c->mid_ext, line->mid, strlen(line->mid));
    if (line->rids_n > 0)
        add_ext(x, repeated ? c->repaired_ext : c->rid_ext, line->rids[layer],
                strlen(line->rids[layer]));
    if (c->twcc_ext) {
        x->twcc[0] = (uint8_t)(c->twcc_seq >> 8);
        x->twcc[1] = (uint8_t)c->twcc_seq;
        c->twcc_seq++;
        add_ext(x, c->twcc_ext, x->twcc, 2);
    }
}

void client_send_voice(struct client *c, struct now now, const uint8_t *payload, size_t len,
                       uint8_t level, uint32_t ticks)
{
    struct client_stream *s = &c->streams[CLIENT_MIC][0];
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, DATAGRAM_MAX);
    struct exts x = { .n = 0 };
    struct rtp h = { .pt = OPUS_PT, .ssrc = s->ssrc };

    s->ts += ticks;
    s->sent_us = now.mono_us;
    if (!c->live)
        return;
    h.seq = (uint16_t)s->seq++;
    h.ts = s->ts;
    x.level[0] = (uint8_t)(level | 0x80);
    add_common(c, &x, CLIENT_MIC, 0, false);
    add_ext(&x, c->level_ext, x.level, 1);
    rtp_write(&w, &h, x.e, x.n);
    write_bytes(&w, payload, len);
    if (w.full)
        return;
    s->packets++;
    s->octets += (uint32_t)len;
    send_rtp(c, packet, writer_len(&w));
}

static void keep(struct client *c, struct client_stream *s, const struct rtp *h,
                 const uint8_t *payload, size_t len, int64_t now_us)
{
    struct ring_packet *p;

    if (c->config.no_resend)
        return;
    p = ring_put(&s->ring, s->seq, len, now_us);
    if (!p)
        return;
    p->ts = h->ts;
    p->marker = h->marker;
    memcpy(ring_payload(&s->ring, p), payload, len);
}

/* The descriptor as browsers write it: picture id of 15 bits, TL0PICIDX, TID, Y. */
static size_t write_descriptor(const struct client_stream *s, bool start, uint8_t *to)
{
    to[0] = start ? 0x90 : 0x80;
    to[1] = 0xE0;
    to[2] = (uint8_t)(0x80 | s->picture_id >> 8);
    to[3] = (uint8_t)s->picture_id;
    to[4] = s->tl0;
    to[5] = (uint8_t)(s->tid << 6 | (s->no_sync ? 0 : 0x20));
    return 6;
}

void client_send_picture(struct client *c, struct now now, enum client_source source, int layer,
                         const uint8_t *frame, size_t len, uint32_t ticks)
{
    struct client_stream *s = &c->streams[source][layer];
    size_t parts = (len + CLIENT_PAYLOAD_MAX - 7) / (CLIENT_PAYLOAD_MAX - 6);

    s->ts += ticks;
    s->sent_us = now.mono_us;
    if (!c->live)
        return;
    s->picture_id = (s->picture_id + 1) & 0x7FFF;
    s->tl0 = (uint8_t)(s->tl0 + (s->tid == 0));
    for (size_t i = 0; i < parts; i++) {
        size_t from = len * i / parts, to = len * (i + 1) / parts;
        uint8_t payload[CLIENT_PAYLOAD_MAX + 8], packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
        struct writer w = writer_on(packet, DATAGRAM_MAX);
        struct rtp h = { .marker = i + 1 == parts, .pt = VP8_PT, .ssrc = s->ssrc };
        struct exts x = { .n = 0 };
        size_t n = write_descriptor(s, i == 0, payload);

        memcpy(payload + n, frame + from, to - from);
        n += to - from;
        h.seq = (uint16_t)s->seq;
        h.ts = s->ts;
        add_common(c, &x, source, layer, false);
        rtp_write(&w, &h, x.e, x.n);
        write_bytes(&w, payload, n);
        keep(c, s, &h, payload, n, now.mono_us);
        s->seq++;
        s->packets++;
        s->octets += (uint32_t)n;
        send_rtp(c, packet, writer_len(&w));
    }
}

static void repeat(struct client *c, enum client_source source, int layer, uint16_t seq)
{
    struct client_stream *s = &c->streams[source][layer];
    struct seq_line line = { .any = true, .highest = s->seq - 1 };
    struct ring_packet *p = ring_get(&s->ring, seq_near(&line, seq));
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, DATAGRAM_MAX);
    struct exts x = { .n = 0 };
    struct rtp h = { .pt = RTX_PT, .ssrc = s->rtx_ssrc };

    s->nacked++;
    if (!p || c->config.no_rtx)
        return;
    h.seq = s->rtx_seq++;
    h.ts = p->ts;
    h.marker = p->marker;
    add_common(c, &x, source, layer, true);
    rtp_write(&w, &h, x.e, x.n);
    write_u16(&w, seq);
    write_bytes(&w, ring_payload(&s->ring, p), p->len);
    if (w.full)
        return;
    s->resent++;
    send_rtp(c, packet, writer_len(&w));
}

/* ---- receiving ---- */

static void count_picture(struct client_slot *s, const struct rtp *p)
{
    struct vp8 v;

    if (s->video && vp8_parse(p->payload, p->payload_len, &v) == ERR_OK && v.key)
        s->key_frames++;
}

static bool asks_again(const struct client *c, const struct client_slot *s)
{
    return s->video ? s->rtx_pt != 0 : c->config.voice_nack;
}

static void slot_packet(struct client *c, struct client_slot *s, struct now now,
                        const struct rtp *p, bool repeated)
{
    int64_t before = s->nack.line.highest;
    bool first = !s->nack.line.any;
    int missing = s->nack.missing_n;
    int64_t seq = nack_received(&s->nack, p->seq, now.mono_us);

    if (!first && seq <= before && s->nack.missing_n == missing) {
        s->duplicates++;
        return;
    }
    if (c->config.no_resend)
        s->nack.missing_n = 0;
    if (!repeated)
        reception_packet(&s->reception, seq, p->ts, now.mono_us);
    if (s->first_us == 0)
        s->first_us = now.mono_us;
    s->last_us = now.mono_us;
    s->packets++;
    s->repeated += repeated;
    s->bytes += p->payload_len;
    s->highest = seq > s->highest ? seq : s->highest;
    count_picture(s, p);
    if (c->config.packet)
        c->config.packet(c->config.arg, (int)(s - c->slots), p, seq, repeated);
}

static void note_arrival(struct client *c, struct now now, const struct rtp *p)
{
    struct rtp_ext e;
    size_t at = 0;

    while (c->twcc_in_ext && rtp_ext_next(p, &at, &e))
        if (e.id == c->twcc_in_ext && e.len == 2)
            twcc_received(&c->twcc, (uint16_t)(e.data[0] << 8 | e.data[1]), now.mono_us);
}

static void got_rtp(struct client *c, struct now now, uint8_t *data, size_t len)
{
    struct rtp p;
    size_t start;

    if (rtp_parse(data, len, &p) != ERR_OK) {
        c->refused++;
        return;
    }
    note_arrival(c, now, &p);
    for (int i = 0; i < c->slots_n; i++) {
        struct client_slot *s = &c->slots[i];

        if (p.ssrc == s->rtx_ssrc && p.payload_len == 0 && p.padding > 0) {
            c->padding++;
            return;
        }
        if (p.ssrc == s->ssrc && p.pt == s->pt) {
            slot_packet(c, s, now, &p, false);
            return;
        }
        if (p.ssrc == s->rtx_ssrc && p.pt == s->rtx_pt &&
            rtp_unwrap_rtx(data, len, s->pt, s->ssrc, &start) == ERR_OK &&
            rtp_parse(data + start, len - start, &p) == ERR_OK) {
            slot_packet(c, s, now, &p, true);
            return;
        }
    }
    c->refused++;
}

static bool find_stream(struct client *c, uint32_t ssrc, enum client_source *source, int *layer)
{
    for (int i = 0; i < CLIENT_SOURCES; i++)
        for (int k = 0; k < CLIENT_LAYERS; k++)
            if (c->streams[i][k].ssrc == ssrc) {
                *source = (enum client_source)i;
                *layer = k;
                return true;
            }
    return false;
}

static void got_feedback(struct client *c, const struct rtcp *p)
{
    struct rtcp_twcc_walk w;
    struct rtcp_twcc_item item;

    if (rtcp_twcc_begin(p, &w) != ERR_OK) {
        c->refused++;
        return;
    }
    c->feedback++;
    while (rtcp_twcc_next(&w, &item)) {
        c->feedback_received += item.received;
        c->feedback_lost += item.received ? 0 : item.count;
    }
}

static void got_sr(struct client *c, const struct rtcp *p, struct now now)
{
    for (int i = 0; i < c->slots_n; i++)
        if (c->slots[i].ssrc == p->ssrc) {
            c->slots[i].has_sr = true;
            c->slots[i].sr_ntp = p->ntp;
            c->slots[i].sr_ts = p->rtp_ts;
            reception_sr(&c->slots[i].reception, p, now.mono_us);
        }
}

static void got_rtcp(struct client *c, struct now now, const uint8_t *data, size_t len)
{
    struct reader r = reader_on(data, len);
    uint16_t seqs[RTCP_NACK_SEQS_MAX];
    enum client_source source;
    struct rtcp_report b;
    struct rtcp p;
    int layer, k;

    while (rtcp_next(&r, &p)) {
        for (int i = 0; rtcp_report_at(&p, i, &b); i++) {
            c->reports++;
            c->last_fraction_lost = b.fraction_lost;
            if (b.ssrc == c->streams[CLIENT_MIC][0].ssrc)
                c->voice_fraction_lost = b.fraction_lost;
        }
        if (p.kind == RTCP_SR)
            got_sr(c, &p, now);
        else if (p.kind == RTCP_TWCC)
            got_feedback(c, &p);
        else if (p.kind == RTCP_PLI && find_stream(c, p.media_ssrc, &source, &layer)) {
            c->streams[source][layer].wants_key = true;
            c->streams[source][layer].plis++;
        } else if (p.kind == RTCP_NACK && find_stream(c, p.media_ssrc, &source, &layer)) {
            for (int i = 0; (k = rtcp_nack_at(&p, i, seqs)) > 0; i++)
                for (int j = 0; j < k; j++)
                    repeat(c, source, layer, seqs[j]);
        }
    }
    c->refused += r.bad;
}

static void drain(struct client *c, struct now now)
{
    struct peer_out out;

    while (peer_poll(c->peer, &out)) {
        if (out.kind == PEER_OUT_DATAGRAM) {
            c->config.send(c->config.arg, out.data, out.len);
        } else if (out.event == PEER_EVENT_LIVE) {
            c->live = true;
            c->live_us = now.mono_us;
            c->report_us = now.mono_us + REPORT_US / 4;
        } else if (out.event == PEER_EVENT_DEAD) {
            c->live = false;
            c->dead = true;
        }
    }
}

void client_input(struct client *c, struct now now, const struct addr *from, uint8_t *data,
                  size_t len)
{
    if (!c->peer)
        return;
    switch (peer_input(c->peer, now, from, data, &len)) {
    case PEER_GOT_RTP:
        got_rtp(c, now, data, len);
        break;
    case PEER_GOT_RTCP:
        got_rtcp(c, now, data, len);
        break;
    case PEER_GOT_NOTHING:
        break;
    }
    drain(c, now);
}

/* ---- time ---- */

static void report(struct client *c, struct now now)
{
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, 1200);
    struct rtcp_report blocks[SLOTS_MAX];
    int n = 0;

    c->report_us = now.mono_us + REPORT_US;
    for (int i = 0; i < c->slots_n; i++)
        if (c->slots[i].reception.any)
            reception_report(&c->slots[i].reception, c->slots[i].ssrc, now.mono_us, &blocks[n++]);
    rtcp_write_rr(&w, c->rtcp_ssrc, blocks, n);
    for (int i = 0; i < CLIENT_SOURCES; i++)
        for (int k = 0; k < CLIENT_LAYERS; k++) {
            struct client_stream *s = &c->streams[i][k];
            int64_t hz = i == CLIENT_MIC ? 48000 : 90000;
            struct rtcp sr = { .ssrc = s->ssrc,
                               .ntp = rtcp_ntp_from_unix_us(now.unix_ms * US_PER_MS),
                               .rtp_ts = s->ts,
                               .packets = s->packets,
                               .octets = s->octets };

            sr.rtp_ts += (uint32_t)((now.mono_us - s->sent_us) * hz / US_PER_S);
            if (s->packets > 0)
                rtcp_write_sr(&w, &sr, NULL, 0);
        }
    rtcp_write_sdes(&w, c->rtcp_ssrc, "peer");
    send_rtcp(c, &w);
}

static void ask_again(struct client *c, struct now now)
{
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, 1200);

    for (int i = 0; i < c->slots_n; i++) {
        struct client_slot *s = &c->slots[i];
        uint16_t seqs[32];
        int n = asks_again(c, s) ? nack_due(&s->nack, now.mono_us, RTT_US, seqs, 32) : 0;

        if (n > 0)
            rtcp_write_nack(&w, c->rtcp_ssrc, s->ssrc, seqs, n);
    }
    send_rtcp(c, &w);
}

static void feed_back(struct client *c, struct now now)
{
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, 1200);

    if (!twcc_write(&c->twcc, &w, c->rtcp_ssrc, c->slots[0].ssrc, now.mono_us))
        return;
    send_rtcp(c, &w);
}

void client_timeout(struct client *c, struct now now)
{
    if (!c->peer)
        return;
    peer_timeout(c->peer, now);
    drain(c, now);
    if (!c->live)
        return;
    if (c->report_us <= now.mono_us)
        report(c, now);
    ask_again(c, now);
    if (twcc_deadline(&c->twcc) <= now.mono_us)
        feed_back(c, now);
}

int64_t client_deadline(const struct client *c)
{
    int64_t at = c->peer ? peer_deadline(c->peer) : NEVER_US;

    if (!c->live)
        return at;
    at = earlier_us(at, c->report_us);
    at = earlier_us(at, twcc_deadline(&c->twcc));
    for (int i = 0; i < c->slots_n; i++)
        if (asks_again(c, &c->slots[i]))
            at = earlier_us(at, nack_deadline(&c->slots[i].nack, RTT_US));
    return at;
}

void client_ask_picture(struct client *c, int slot)
{
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, 1200);

    if (!c->live)
        return;
    rtcp_write_pli(&w, c->rtcp_ssrc, c->slots[slot].ssrc);
    send_rtcp(c, &w);
}

void client_remb(struct client *c, uint64_t bps)
{
    uint8_t packet[DATAGRAM_MAX + PEER_SEAL_ROOM];
    struct writer w = writer_on(packet, 1200);

    rtcp_write_remb(&w, c->rtcp_ssrc, bps, &c->slots[0].ssrc, 1);
    if (c->live)
        send_rtcp(c, &w);
}

void client_close(struct client *c, struct now now)
{
    if (!c->peer)
        return;
    peer_close(c->peer, now);
    drain(c, now);
}
