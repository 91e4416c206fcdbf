/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames of a WebSocket leg in and out.
 */
#include "server/media/leg_ws.h"

#include "common/base/mem.h"
#include "server/media/stage.h"

/* Our own names for what an answer would have agreed: nobody else sees them. */
#define VOICE_PT 111
#define PICTURE_PT 96
#define CLOCK_EVERY_US US_PER_S
#define TELL_EVERY_US US_PER_S /* a client that sends rubbish is told once a second */

enum err leg_ws_init(struct leg *l, const struct slot_plan *plan)
{
    int counts[] = { plan->audio, plan->video, plan->screen };

    l->ws = mem_zalloc(1, sizeof *l->ws);
    if (!l->ws)
        return ERR_NOMEM;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        struct sdp_media line = { .kind = i == SOURCE_MIC ? SDP_AUDIO : SDP_VIDEO,
                                  .direction = SDP_RECVONLY,
                                  .pt = i == SOURCE_MIC ? VOICE_PT : PICTURE_PT,
                                  .pli = i != SOURCE_MIC };

        track_init(&l->tracks[i], l, (enum source)i, &line);
    }
    for (int kind = SLOT_AUDIO; kind <= SLOT_SCREEN; kind++)
        for (int k = 0; k < counts[kind]; k++) {
            struct sdp_media line = { .kind = kind == SLOT_AUDIO ? SDP_AUDIO : SDP_VIDEO,
                                      .direction = SDP_SENDONLY,
                                      .pt = kind == SLOT_AUDIO ? VOICE_PT : PICTURE_PT };

            if (!str_format(line.mid, sizeof line.mid, "%d", l->slots_n))
                return ERR_INVAL;
            slot_init(&l->slots[l->slots_n++], (enum slot_kind)kind, &line, 0);
        }
    l->state = LEG_LIVE;
    l->news.live = true;
    return ERR_OK;
}

/* ---- in ---- */

static struct stream *refuse(struct leg *l, struct stage_counters *n, struct now now,
                             enum sig_media_refusal why)
{
    n->refused++;
    if (now.mono_us >= l->ws->refused_us) {
        l->ws->refused = sig_media_refusal_name(why);
        l->ws->refused_us = now.mono_us + TELL_EVERY_US;
    }
    return NULL;
}

/* Takes all packets of a frame or, if they are too many, one. */
static bool within_rate(struct leg *l, int packets, int64_t now_us)
{
    int64_t more_us = (packets - 1) * US_PER_S;

    if (!bucket_take(&l->rtp_in, now_us, LEG_RTP_PER_S, LEG_RTP_BURST) ||
        l->rtp_in.tokens_us < more_us)
        return false;
    l->rtp_in.tokens_us -= more_us;
    return true;
}

/* What a sender report would say: which timestamp belongs to which time of the sender. */
static void tell_clock(struct leg *l, struct stream *s, const struct wsmedia *f, struct now now,
                       int64_t wall_us)
{
    struct rtcp sr = { .kind = RTCP_SR,
                       .ssrc = s->ssrc,
                       .ntp = rtcp_ntp_from_unix_us(f->time_us),
                       .rtp_ts = frame_ticks(f->time_us, track_clock_hz(s->track)) };

    if (s->reception.has_sr && now.mono_us - s->reception.sr_at_us < CLOCK_EVERY_US)
        return;
    reception_sr(&s->reception, &sr, now.mono_us);
    leg_clock(l, wall_us - f->time_us);
}

/* Puts the packets of a frame where those of any sender would be. False: they do not fit. */
static bool store(struct leg_ws_in *in, struct stream *s, const struct wsmedia *f, int64_t now_us)
{
    uint8_t buffer[FRAME_PACKET_BYTES];
    struct rtp p;
    bool whole = true;

    frame_cut_begin(&in->cut, f, track_clock_hz(s->track));
    while (frame_cut_next(&in->cut, buffer, &p))
        whole &= stream_packet(s, &p, false, now_us) == STREAM_STORED;
    return whole;
}

static struct stream *take(struct leg *l, struct stage_counters *n, const struct wsmedia *f,
                           struct track *t, struct now now, int64_t wall_us)
{
    struct leg_ws_in *in = &l->ws->in[t->source];
    bool waits = in->cut_off && !f->key; /* for a key frame: it will not be cut */
    int packets = waits ? 1 : frame_cut_packets(f);
    struct stream *s;

    if (!within_rate(l, packets, now.mono_us) ||
        track_stream(t, 0, (uint32_t)t->source + 1, &s) != ERR_OK) {
        in->cut_off = track_is_video(t);
        return refuse(l, n, now, SIG_MEDIA_REFUSAL_TOO_MUCH);
    }
    s->last_us = now.mono_us;
    n->frames_in++;
    if (!t->open) {
        in->cut_off = false; /* whoever sees it later begins with a key frame anyway */
        return NULL;
    }
    if (waits) {
        keyframe_want(&s->keyframe);
        return NULL;
    }
    if (s->pending_n + packets > STREAM_PENDING_MAX ||
        !ring_reserve(&s->ring, (size_t)packets * FRAME_PACKET_BYTES, now.mono_us)) {
        in->cut_off = track_is_video(t);
        return refuse(l, n, now, SIG_MEDIA_REFUSAL_TOO_MUCH);
    }
    tell_clock(l, s, f, now, wall_us);
    in->cut_off = !store(in, s, f, now.mono_us);
    n->rtp_in += (uint64_t)packets;
    return s;
}

struct stream *leg_ws_frame(struct leg *l, struct stage_counters *n, struct now now,
                            int64_t wall_us, const uint8_t *message, size_t len)
{
    enum sig_media_refusal why;
    struct wsmedia f;
    struct track *t;
    struct stream *s;

    if (wsmedia_parse(message, len, &f, &why) != ERR_OK)
        return refuse(l, n, now, why);
    if (f.slot != 0) /* its own sources have no number: anything else is somebody else's */
        return refuse(l, n, now, SIG_MEDIA_REFUSAL_BAD_SLOT);
    t = &l->tracks[f.kind - WSMEDIA_VOICE];
    if (!t->offered)
        return refuse(l, n, now, SIG_MEDIA_REFUSAL_NOT_OFFERED);
    if (!wsmedia_follows(&l->ws->in[t->source].line, &f))
        return refuse(l, n, now, SIG_MEDIA_REFUSAL_OUT_OF_ORDER);
    l->news.first |= !l->heard;
    l->heard = true;
    s = take(l, n, &f, t, now, wall_us);
    if (s && t->source == SOURCE_MIC)
        speaker_level(&l->speaker, f.level, now.mono_us);
    return s;
}

/* ---- out ---- */

static void begin_run(struct leg_ws_out *o, const struct slot *slot)
{
    o->stream = slot->stream;
    o->epoch = slot->epoch;
    o->base_seq = slot->base_seq;
    o->anchored = false;
    frame_join_begin(&o->join, slot->kind != SLOT_AUDIO, slot->base_seq);
}

void leg_ws_restart(struct leg *l)
{
    for (int i = 0; i < l->slots_n; i++)
        l->slots[i].stream = l->ws->out[i].stream = NULL;
}

void leg_ws_offer(struct leg *l, int at, int64_t now_us)
{
    struct leg_ws_out *o = &l->ws->out[at];
    struct slot *slot = &l->slots[at];
    struct track *t = slot->track;
    struct stream *target;

    if (!t || !t->open)
        return;
    target = slot_target(slot, now_us);
    for (int i = 0; i < t->layers; i++) {
        struct stream *from = t->streams[i];

        for (int k = 0; from && k < from->pending_n; k++) {
            const struct ring_packet *p = ring_get(&from->ring, from->pending[k]);

            if (p)
                (void)slot_take(slot, from, target, p, now_us);
        }
    }
    if (slot_waits(slot, target, now_us))
        keyframe_want(&target->keyframe);
    if (slot->stream &&
        (slot->stream != o->stream || slot->epoch != o->epoch || slot->base_seq != o->base_seq))
        begin_run(o, slot);
}

/* The capture time by the server's clock; as long as the sender's clock is unknown, by arrival. */
static int64_t capture_us(struct leg_ws_out *o, const struct stream *s,
                          const struct frame_joined *f, int64_t wall_base_us)
{
    const struct reception *r = &s->reception;
    const struct leg *from = s->track->leg;
    int64_t hz = track_clock_hz(s->track), at_us;

    if (!o->anchored) {
        o->anchored = true;
        o->anchor_ts = f->ts;
        o->anchor_us = wall_base_us + f->at_us;
    }
    if (r->has_sr && from->has_clock)
        at_us = rtcp_ntp_to_unix_us(r->sr_ntp) + from->clock_offset_us +
                (int32_t)(f->ts - r->sr_rtp_ts) * US_PER_S / hz;
    else
        at_us = o->anchor_us + (int32_t)(f->ts - o->anchor_ts) * US_PER_S / hz;
    if (at_us < o->time_us)
        at_us = o->time_us; /* the protocol's times do not step back */
    if (at_us > SIG_MEDIA_TIME_MAX)
        at_us = SIG_MEDIA_TIME_MAX;
    o->time_us = at_us;
    return at_us;
}

static enum wsmedia_kind kind_of(const struct slot *slot)
{
    return slot->kind == SLOT_AUDIO   ? WSMEDIA_VOICE
           : slot->kind == SLOT_VIDEO ? WSMEDIA_PICTURE
                                      : WSMEDIA_SCREEN;
}

static size_t write_frame(struct leg *l, int at, const struct frame_joined *f, int64_t wall_base_us,
                          uint8_t *to)
{
    struct leg_ws_out *o = &l->ws->out[at];
    const struct slot *slot = &l->slots[at];
    const struct speaker *speaker = &slot->track->leg->speaker;
    struct writer w = writer_on(to, SIG_MEDIA_HEADER_BYTES);
    bool voice = slot->kind == SLOT_AUDIO;
    struct wsmedia head = {
        .kind = kind_of(slot),
        .key = f->link.key,
        .droppable = f->link.droppable,
        .sync = f->link.sync,
        .layer = f->link.layer,
        .slot = (uint8_t)at,
        .level = voice ? (uint8_t)(SPEAKER_SILENCE - speaker->loudness_16 / 16) : 0,
        .seq = o->seq++,
        .time_us = capture_us(o, slot->stream, f, wall_base_us),
    };

    wsmedia_write(&w, &head);
    return SIG_MEDIA_HEADER_BYTES +
           frame_join_copy(&o->join, &slot->stream->ring, f, to + SIG_MEDIA_HEADER_BYTES);
}

/* Does the ladder's step let this frame go out? */
static bool admits(const struct slot *s, const struct frame_joined *f)
{
    switch (s->kind == SLOT_AUDIO ? MEDIA_STEP_TOP : s->step) {
    case MEDIA_STEP_VOICE:
        return false;
    case MEDIA_STEP_STILL:
        return f->link.key && f->first == s->base_seq;
    case MEDIA_STEP_SLOW:
        return f->link.layer == 0;
    default:
        return true;
    }
}

/* Frames that were passed over leave their numbers out. */
static void count_left_out(struct leg_ws_out *o, struct stage_counters *n)
{
    uint64_t more = o->join.left_out - o->left_out;

    o->left_out = o->join.left_out;
    o->seq = (uint16_t)(o->seq + more);
    n->frames_left_out += more;
}

enum leg_ws_next leg_ws_next(struct leg *l, struct stage_counters *n, int at, int64_t now_us,
                             int64_t wall_base_us, uint8_t *to, size_t cap, bool all, size_t *len)
{
    struct leg_ws_out *o = &l->ws->out[at];
    struct slot *slot = &l->slots[at];
    struct stream *s = slot->stream;
    struct frame_joined f;
    enum leg_ws_next got = LEG_WS_NONE;

    if (!slot->track || !slot->track->open || !s || s != o->stream || s->epoch != o->epoch)
        return LEG_WS_NONE;
    while (got == LEG_WS_NONE) {
        struct frame_join before = o->join;

        if (!frame_join_next(&o->join, &s->ring, s->nack.line.highest, now_us, &f))
            break;
        if (!admits(slot, &f)) {
            frame_chain_miss(&o->join.chain, &f.link);
            o->join.left_out++;
        } else if (f.bytes + SIG_MEDIA_HEADER_BYTES <= cap) {
            count_left_out(o, n);
            *len = write_frame(l, at, &f, wall_base_us, to);
            n->frames_out++;
            got = LEG_WS_FRAME;
        } else if (!all) {
            o->join = before;
            return LEG_WS_FULL;
        } else {
            frame_chain_miss(&o->join.chain, &f.link);
            o->join.left_out++;
        }
    }
    count_left_out(o, n);
    if (slot->step != MEDIA_STEP_STILL && frame_join_needs_key(&o->join))
        keyframe_want(&s->keyframe);
    return got;
}

/* ---- time ---- */

int64_t leg_ws_deadline(const struct leg *l)
{
    int64_t at = NEVER_US;

    if (l->dirty || l->state == LEG_LEAVING)
        return INT64_MIN;
    for (int i = 0; i < SOURCE_COUNT; i++) {
        const struct stream *s = l->tracks[i].streams[0];

        if (s && l->tracks[i].open && l->tracks[i].line.pli)
            at = earlier_us(at, keyframe_deadline(&s->keyframe));
    }
    for (int i = 0; l->gate.receive && i < l->slots_n; i++)
        if (l->slots[i].track && l->slots[i].track->open && l->slots[i].stream &&
            l->slots[i].stream == l->ws->out[i].stream)
            at = earlier_us(at, frame_join_deadline(&l->ws->out[i].join));
    return at;
}

bool leg_ws_ask_key(struct leg *l, enum source source, int64_t now_us)
{
    struct stream *s = l->tracks[source].streams[0];

    return s && l->state == LEG_LIVE && l->tracks[source].open && l->tracks[source].line.pli &&
           keyframe_ask(&s->keyframe, now_us);
}
