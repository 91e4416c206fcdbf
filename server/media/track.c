/* SPDX-License-Identifier: Apache-2.0
 *
 * Sources: storing what arrives through an open gate.
 */
#include "server/media/track.h"

#include <string.h>

#include "common/base/mem.h"

/* Bytes and packets kept per stream; see ring.h for how they grow. A second of voice is 50
 * packets of some 80 bytes; of a 600 kbit/s picture, 75 kB. */
#define AUDIO_ENTRIES 64
#define AUDIO_BYTES (4u * 1024)
#define AUDIO_BYTES_MAX (32u * 1024)
#define VIDEO_ENTRIES 256
#define VIDEO_BYTES (48u * 1024)
#define VIDEO_BYTES_MAX (512u * 1024)

/* Sealing refuses what is further behind (SRTP_WINDOW); a player would too. */
#define LATE_MAX 100

void track_init(struct track *t, struct leg *leg, enum source source, const struct sdp_media *line)
{
    memset(t, 0, sizeof *t);
    t->leg = leg;
    t->source = source;
    t->line = *line;
    t->offered = !line->rejected && line->direction == SDP_RECVONLY;
    t->layers = line->rids_n > 0 ? line->rids_n : 1;
    t->on = (uint8_t)(1u << (t->layers - 1));
    t->unwanted_us = t->silent_us = NEVER_US;
    for (int i = 0; i < SDP_RIDS_MAX; i++)
        t->on_us[i] = INT64_MIN;
}

static void stream_free(struct stream *s)
{
    if (!s)
        return;
    ring_deinit(&s->ring);
    mem_free(s);
}

void track_deinit(struct track *t)
{
    for (int i = 0; i < SDP_RIDS_MAX; i++) {
        stream_free(t->streams[i]);
        t->streams[i] = NULL;
    }
}

/* What follows is not the continuation of what was. */
static void stream_break(struct stream *s)
{
    ring_clear(&s->ring);
    s->pending_n = 0;
    s->nack.missing_n = 0;
    s->keyframe.wanted = false;
    s->epoch++;
}

void track_gate(struct track *t, bool open)
{
    if (t->open == open)
        return;
    t->open = open;
    t->silent_us = NEVER_US;
    for (int i = 0; i < SDP_RIDS_MAX; i++)
        if (t->streams[i])
            stream_break(t->streams[i]);
}

enum err track_stream(struct track *t, int layer, uint32_t ssrc, struct stream **out)
{
    struct stream *s = t->streams[layer];
    bool video = track_is_video(t);

    if (!s) {
        s = mem_zalloc(1, sizeof *s);
        if (!s)
            return ERR_NOMEM;
        s->track = t;
        ring_init(&s->ring, video ? VIDEO_ENTRIES : AUDIO_ENTRIES,
                  video ? VIDEO_BYTES : AUDIO_BYTES, video ? VIDEO_BYTES_MAX : AUDIO_BYTES_MAX);
        t->streams[layer] = s;
    } else if (s->ssrc == ssrc) {
        *out = s;
        return ERR_OK;
    }
    stream_break(s);
    s->ssrc = ssrc;
    nack_init(&s->nack);
    reception_init(&s->reception, track_clock_hz(t));
    s->cost = (struct stream_cost){ 0 };
    *out = s;
    return ERR_OK;
}

struct stream *track_best(const struct track *t, int64_t now_us)
{
    for (int i = t->layers - 1; i >= 0; i--)
        if (t->streams[i] && now_us - t->streams[i]->last_us < STREAM_ALIVE_US)
            return t->streams[i];
    return NULL;
}

void track_lost_far(struct track *t, uint8_t fraction, int64_t now_us)
{
    if (fraction < t->far_lost && now_us - t->far_us < TRACK_FAR_US)
        return;
    t->far_lost = fraction;
    t->far_us = now_us;
}

static bool alive(const struct track *t, int layer, int64_t now_us)
{
    return t->streams[layer] && now_us - t->streams[layer]->last_us < STREAM_ALIVE_US;
}

static bool told_now(const struct track *t, int layer, int64_t now_us)
{
    return t->on_us[layer] != INT64_MIN && now_us - t->on_us[layer] < STREAM_ALIVE_US;
}

/* A layer that is off counts if the sender does send something, or was told to a moment ago. */
bool track_has(const struct track *t, int layer, int64_t now_us)
{
    bool sends = false;

    if (alive(t, layer, now_us))
        return true;
    if (t->layers == 1 || ((t->on >> layer & 1) && !told_now(t, layer, now_us)))
        return false;
    for (int i = 0; i < t->layers; i++)
        sends |= alive(t, i, now_us) || told_now(t, i, now_us);
    return sends;
}

bool track_want(struct track *t, uint8_t layers, int64_t now_us)
{
    uint8_t before = t->on, fresh, keep;

    if (track_best(t, now_us))
        t->silent_us = NEVER_US;
    else if (t->silent_us == NEVER_US)
        t->silent_us = now_us;
    else if (now_us - t->silent_us >= STREAM_ALIVE_US)
        layers = (uint8_t)((1u << t->layers) - 1);
    fresh = layers & (uint8_t)~t->on;
    t->on |= layers;
    keep = layers;
    for (int i = 0; i < t->layers; i++)
        if (fresh >> i & 1)
            t->on_us[i] = now_us;
        else if ((t->on >> i & 1) && !alive(t, i, now_us))
            keep |= (uint8_t)(1u << i); /* it cannot, for now: it comes when it can */
    if (layers == 0 || t->on == keep)
        t->unwanted_us = NEVER_US;
    else if (t->unwanted_us == NEVER_US)
        t->unwanted_us = now_us;
    else if (now_us - t->unwanted_us >= TRACK_UNWANTED_US)
        t->on = keep;
    return t->on != before;
}

/* Once a second the rates move halfway to what was counted. No sooner: a picture begins with a key
 * frame, which would be taken for its rate. */
static void count_cost(struct stream_cost *c, const struct rtp *p, const struct vp8 *v,
                       int64_t now_us)
{
    uint32_t bytes = (uint32_t)p->payload_len + STREAM_PACKET_BYTES;
    bool known = c->bps[0] + c->bps[1] > 0;
    int64_t span_us = now_us - c->since_us;

    if (c->since_us == 0 || span_us > STREAM_ALIVE_US) {
        c->since_us = now_us;
        c->bytes[0] = c->bytes[1] = 0;
    } else if (span_us >= US_PER_S) {
        for (int i = 0; i < 2; i++) {
            int64_t bps = (int64_t)c->bytes[i] * 8 * US_PER_S / span_us;

            c->bps[i] = known ? (c->bps[i] + bps) / 2 : bps;
            c->bytes[i] = 0;
        }
        c->since_us = now_us;
    }
    c->bytes[v->tid > 0] += bytes;
    c->layered |= v->tid > 0;
    if (v->key && (!c->in_key || c->key_ts != p->ts)) {
        c->in_key = true;
        c->key_ts = p->ts;
        c->key_sum = 0;
    }
    if (!c->in_key)
        return;
    if (p->ts == c->key_ts) {
        c->key_sum += bytes;
        return;
    }
    c->key_bytes = c->key_sum;
    c->in_key = false;
}

static bool store(struct stream *s, const struct rtp *p, int64_t seq, int64_t now_us)
{
    bool picture = track_is_video(s->track) && p->payload_len > 0;
    struct ring_packet *kept;
    struct vp8 v = { 0 };

    if (s->pending_n == STREAM_PENDING_MAX)
        return false;
    if (picture && vp8_parse(p->payload, p->payload_len, &v) != ERR_OK)
        return false;
    kept = ring_put(&s->ring, seq, p->payload_len, now_us);
    if (!kept)
        return false;
    kept->ts = p->ts;
    kept->marker = p->marker;
    vp8_note_set(kept, &v);
    if (p->payload_len)
        memcpy(ring_payload(&s->ring, kept), p->payload, p->payload_len);
    if (s->pending_n == 0)
        s->ring.pinned = kept->pos;
    s->pending[s->pending_n++] = seq;
    count_cost(&s->cost, p, &v, now_us);
    if (v.key)
        keyframe_came(&s->keyframe);
    return true;
}

enum stream_got stream_packet(struct stream *s, const struct rtp *p, bool repeated, int64_t now_us)
{
    int64_t seq = nack_received(&s->nack, p->seq, now_us);

    if (p->payload_len > 0) /* padding probes a link (RFC 3550 5.1): no layer comes by it */
        s->last_us = now_us;
    if (!repeated)
        reception_packet(&s->reception, seq, p->ts, now_us);
    if (!s->track->open) {
        s->nack.missing_n = 0;
        return STREAM_CLOSED;
    }
    if (seq < s->nack.line.highest - LATE_MAX || ring_get(&s->ring, seq) ||
        !store(s, p, seq, now_us))
        return STREAM_REFUSED;
    return STREAM_STORED;
}

void stream_forwarded(struct stream *s)
{
    s->pending_n = 0;
    s->ring.pinned = RING_NOT_PINNED;
}
