/* SPDX-License-Identifier: Apache-2.0
 *
 * The rig; see stage_rig.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/rtc/vp8.h"
#include "tests/support/stage_rig.h"
#include "tests/support/virtual_time.h"

#define TX_CAP (128u * 1024)
#define MEDIA_US (20 * US_PER_MS)

/* Which client the callback's argument stands for. */
struct stage_rig_arg {
    struct stage_rig *rig;
    int i;
};

static struct stage_rig_arg args[RIG_CLIENTS];

static void set_now(struct stage_rig *r, int64_t us)
{
    r->now.unix_ms += us / US_PER_MS - r->now.mono_us / US_PER_MS;
    r->now.mono_us = us;
    virtual_time_set(us);
}

void stage_rig_init(struct stage_rig *r)
{
    memset(r, 0, sizeof *r);
    r->now = (struct now){ .mono_us = 1000 * US_PER_S, .unix_ms = INT64_C(1700000000000) };
    virtual_time_set(r->now.mono_us);
    r->delay_us = 10 * US_PER_MS;
    r->seed = 1;
    assert_int_equal(dtls_identity_new(&r->server_identity), ERR_OK);
    assert_int_equal(dtls_identity_new(&r->client_identity), ERR_OK);
    r->shared.identity = r->server_identity;
    r->shared.announce = (struct addr){ .family = 4, .ip = { 192, 0, 2, 1 }, .port = 3478 };
    r->shared.tx = malloc(TX_CAP);
    assert_non_null(r->shared.tx);
    r->shared.tx_cap = TX_CAP;
    r->media_us = r->now.mono_us + MEDIA_US;
    assert_int_equal(stage_new(&r->stage, &r->shared, r->now), ERR_OK);
}

void stage_rig_deinit(struct stage_rig *r)
{
    for (int i = 0; i < r->n; i++)
        client_free(r->c[i].client);
    stage_free(r->stage);
    for (int i = 0; i < r->flights_n; i++)
        free(r->flights[i].data);
    free(r->flights);
    free(r->shared.tx);
    dtls_identity_free(r->server_identity);
    dtls_identity_free(r->client_identity);
    virtual_time_off();
}

/* ---- the network ---- */

static void fly(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    struct stage_rig_flight *f;
    int64_t at_us = r->now.mono_us + r->delay_us;

    if (r->filter && !r->filter(r, i, to_server, data, len))
        return;
    if (!to_server && r->c[i].down.bps > 0) {
        at_us = narrow_link_send(&r->c[i].down, r->now.mono_us, (int64_t)len + 28);
        if (at_us < 0)
            return;
    }
    if (r->flights_n == r->flights_cap) {
        r->flights_cap = r->flights_cap ? r->flights_cap * 2 : 256;
        r->flights = realloc(r->flights, (size_t)r->flights_cap * sizeof *r->flights);
        assert_non_null(r->flights);
    }
    f = &r->flights[r->flights_n++];
    *f = (struct stage_rig_flight){ .at_us = at_us,
                                    .order = r->order++,
                                    .client = i,
                                    .to_server = to_server,
                                    .len = len,
                                    .data = malloc(len) };
    assert_non_null(f->data);
    memcpy(f->data, data, len);
}

static int next_flight(const struct stage_rig *r)
{
    int best = -1;

    for (int i = 0; i < r->flights_n; i++)
        if (best < 0 || r->flights[i].at_us < r->flights[best].at_us ||
            (r->flights[i].at_us == r->flights[best].at_us &&
             r->flights[i].order < r->flights[best].order))
            best = i;
    return best;
}

static void client_sends(void *arg, const uint8_t *data, size_t len)
{
    struct stage_rig_arg *a = arg;

    fly(a->rig, a->i, true, data, len);
}

/* Checks that the stream of a slot is one unbroken whole. */
static void client_hears(void *arg, int slot, const struct rtp *p, int64_t seq, bool repeated)
{
    struct stage_rig_arg *a = arg;
    struct stage_rig_client *c = &a->rig->c[a->i];
    bool video = c->client->slots[slot].video;
    struct vp8 v = { 0 };
    uint8_t mark = p->payload_len ? p->payload[p->payload_len - 1] : 0;
    bool first = !c->any[slot];

    c->rtp_in[slot]++;
    if (video)
        assert_int_equal(vp8_parse(p->payload, p->payload_len, &v), ERR_OK);
    if (!first && seq <= c->last_seq[slot])
        return; /* late or repeated */
    if (repeated)
        return;
    if (!first && seq != c->last_seq[slot] + 1)
        c->jumps[slot]++;
    if (!first && (int32_t)(p->ts - c->last_ts[slot]) < 0)
        c->old_ts[slot]++;
    if (video && (first || mark != c->last_mark[slot]) && !v.key)
        c->bad_starts[slot]++;
    if (video && !first && v.picture_id != c->last_picture[slot] &&
        v.picture_id != ((c->last_picture[slot] + 1) & 0x7FFF))
        c->bad_pictures[slot]++;
    c->any[slot] = true;
    c->last_seq[slot] = seq;
    c->last_ts[slot] = p->ts;
    c->last_mark[slot] = mark;
    c->last_picture[slot] = v.picture_id;
}

/* The time as client i knows it. */
static struct now time_of(const struct stage_rig *r, int i)
{
    struct now now = r->now;

    now.unix_ms += r->c[i].clock_ms;
    return now;
}

/* ---- the driver ---- */

static int client_of(const struct stage_rig *r, const struct leg *leg, const struct leg_id *id)
{
    for (int i = 0; i < r->n; i++)
        if (leg ? r->c[i].leg == leg : r->c[i].id.v == id->v)
            return i;
    return -1;
}

static void told(struct stage_rig *r, const struct media_event *e, struct leg *leg)
{
    struct stage_rig_client *c;
    int i;

    if (e->kind == MEDIA_SPEAKING) {
        memcpy(r->speaking, e->speaking, sizeof r->speaking);
        r->speaking_n = e->speaking_n;
        r->speaking_events++;
        return;
    }
    i = client_of(r, NULL, &e->leg);
    assert_true(i >= 0);
    c = &r->c[i];
    switch (e->kind) {
    case MEDIA_ANSWER:
        c->answers++;
        c->leg = leg;
        assert_int_equal(strlen(e->sdp), e->sdp_len);
        assert_int_equal(client_answer(c->client, e->sdp, e->sdp_len, r->now), ERR_OK);
        break;
    case MEDIA_REFUSED:
        c->refusals++;
        c->why = e->why;
        break;
    case MEDIA_LIVE:
        c->lives++;
        break;
    case MEDIA_DEAD:
        c->deads++;
        break;
    case MEDIA_FIRST:
        c->firsts++;
        break;
    case MEDIA_SLOTS:
        c->slot_events++;
        c->slots_n = e->slots_n;
        memcpy(c->slots, e->slots, sizeof c->slots);
        break;
    case MEDIA_LAYERS:
        c->tellings++;
        for (int k = 0; k < CLIENT_LAYERS; k++)
            if (e->layers & ~c->told & 1 << k)
                c->client->streams[CLIENT_CAMERA][k].wants_key = true; /* an encoder begins */
        c->told = e->layers;
        break;
    case MEDIA_RATES:
        c->rate_tellings++;
        c->most = e->rates;
        break;
    case MEDIA_WANTS:
        c->wants_bps = e->wants_bps;
        break;
    case MEDIA_KEY:
        assert_true(e->source < 3);
        c->keys[e->source]++;
        break;
    case MEDIA_BAD_FRAME:
        c->bad_frames++;
        c->why = e->why;
        break;
    case MEDIA_SPEAKING:
        break;
    }
}

static void deliver_out(struct stage_rig *r, const struct stage_out *out)
{
    int i = -1;

    for (int k = 0; k < r->n; k++)
        if (addr_eq(&r->c[k].addr, &out->to))
            i = k;
    assert_true(i >= 0);
    assert_true(out->segment > 0 && out->len > 0);
    assert_true(out->len <= 65507 &&
                (out->len + out->segment - 1) / out->segment <= STAGE_SEGMENTS_MAX);
    assert_true(out->data >= r->shared.tx &&
                out->data + out->len <= r->shared.tx + r->shared.tx_len);
    r->messages++;
    for (size_t at = 0; at < out->len; at += out->segment) {
        size_t len = out->len - at < out->segment ? out->len - at : out->segment;

        r->datagrams++;
        fly(r, i, false, out->data + at, len);
    }
}

static void poll_stage(struct stage_rig *r)
{
    struct stage_out out;
    int i;

    if (r->hold)
        return;
    while (stage_poll(r->stage, &out)) {
        switch (out.kind) {
        case STAGE_OUT_DATAGRAMS:
            deliver_out(r, &out);
            break;
        case STAGE_OUT_FRAME:
            assert_true(out.data >= r->shared.tx &&
                        out.data + out.len <= r->shared.tx + r->shared.tx_len);
            i = client_of(r, out.leg, NULL);
            assert_true(i >= 0 && r->c[i].ws);
            if (r->frame_out)
                r->frame_out(r, i, out.data, out.len);
            break;
        case STAGE_OUT_EVENT:
            told(r, out.event, out.leg);
            break;
        case STAGE_OUT_ADDR:
            break;
        case STAGE_OUT_FULL:
            r->fulls++;
            r->shared.tx_len = 0;
            break;
        case STAGE_OUT_GONE:
            i = client_of(r, out.leg, NULL);
            assert_true(i >= 0);
            r->c[i].gones++;
            r->c[i].leg = NULL;
            break;
        }
    }
    r->shared.tx_len = 0;
}

static void to_server(struct stage_rig *r, struct stage_rig_flight *f)
{
    struct stage_rig_client *c = &r->c[f->client];
    const char *ufrag;
    size_t len;
    struct leg *leg = c->leg;

    if (peer_stun_local_ufrag(f->data, f->len, &ufrag, &len))
        leg = stage_leg_by_ufrag(r->stage, ufrag, len);
    if (leg)
        stage_input(r->stage, r->now, leg, &c->addr, f->data, f->len);
}

static void to_client(struct stage_rig *r, struct stage_rig_flight *f)
{
    struct stage_rig_client *c = &r->c[f->client];

    c->media_in += f->len > 0 && f->data[0] >= 128 && f->data[0] <= 191;
    if (c->client)
        client_input(c->client, time_of(r, f->client), &r->shared.announce, f->data, f->len);
}

/* All that is due now; what goes to the server is one batch. */
static void land(struct stage_rig *r)
{
    for (;;) {
        int at = next_flight(r);
        struct stage_rig_flight f;

        if (at < 0 || r->flights[at].at_us > r->now.mono_us)
            break;
        f = r->flights[at];
        r->flights[at] = r->flights[--r->flights_n];
        if (f.to_server)
            to_server(r, &f);
        else
            to_client(r, &f);
        free(f.data);
    }
    stage_timeout(r->stage, r->now);
    poll_stage(r);
}

/* ---- media ---- */

/* 120, 350 and 900 kbit/s at 25 frames, half of them in the lowest temporal layer; T0 T2 T1 T2. */
static size_t real_size(struct stage_rig *r, struct client_stream *s, int layer, bool *key)
{
    static const int64_t bps[CLIENT_LAYERS] = { 120000, 350000, 900000 };
    static const uint8_t tids[4] = { 0, 2, 1, 2 };
    static const int percent[4] = { 200, 50, 100, 50 };
    uint64_t k = r->ticks / 2 % 4;

    *key = *key && k == 0; /* with the group of temporal layers, as encoders do */
    s->tid = tids[k];
    return (size_t)(*key ? bps[layer] / 8 / 5 : bps[layer] / 8 / 25 * percent[k] / 100);
}

static void send_frame(struct stage_rig *r, int i, enum client_source source, int layer)
{
    /* RFC 6386 9.1: a first partition of 10 bytes; of a key frame, start code and 640x360 too. */
    static const uint8_t key_head[] = { 0x50, 1, 0, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01 };
    static const uint8_t delta_head[] = { 0x51, 1, 0 };
    static uint8_t frame[24000];
    size_t len = RIG_PICTURE_PACKETS * 1000;
    struct client *c = r->c[i].client;
    struct client_stream *s = &c->streams[source][layer];
    bool key = s->wants_key || s->packets == 0;

    if (r->c[i].temporal)
        len = real_size(r, s, layer, &key);
    if (key)
        s->wants_key = false;
    memset(frame, i + 1 + 32 * layer, sizeof frame); /* the mark: who sent it, and which layer */
    memcpy(frame, key ? key_head : delta_head, key ? sizeof key_head : sizeof delta_head);
    client_send_picture(c, r->now, source, layer, frame, len, 3600);
}

static void media_tick(struct stage_rig *r)
{
    r->media_us += MEDIA_US;
    if (r->before_tick)
        r->before_tick(r);
    r->ticks++;
    for (int i = 0; i < r->n; i++) {
        struct stage_rig_client *c = &r->c[i];
        uint8_t voice[60];

        if (!c->client || !c->client->live)
            continue;
        memset(voice, i + 1, sizeof voice);
        voice[0] = 0x78; /* Opus: one frame of 20 ms */
        if (c->voice)
            client_send_voice(c->client, r->now, voice, sizeof voice, c->level, 960);
        for (int k = 0; r->ticks % 2 == 0 && c->camera && k < c->layers_on; k++)
            if (!c->obeys || (c->told >> k & 1))
                send_frame(r, i, CLIENT_CAMERA, k);
        if (r->ticks % 2 == 0 && c->screen)
            send_frame(r, i, CLIENT_SCREEN, 0);
    }
}

/* ---- people ---- */

int stage_rig_add(struct stage_rig *r, const struct client_config *like,
                  const struct leg_gate *gate)
{
    static const struct leg_gate open = { true, true, true, true, false };
    int i = r->n++;
    struct stage_rig_client *c = &r->c[i];
    struct client_config config = *like;
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .leg = { (uint64_t)i + 100 },
                                 .member = (uint16_t)(i + 1),
                                 .plan = like->plan,
                                 .gate = gate ? *gate : open,
                                 .group = r->group,
                                 .host = r->group && i == 0,
                                 .probe = r->next_is_probe };

    r->next_is_probe = false;
    args[i] = (struct stage_rig_arg){ r, i };
    config.identity = r->client_identity;
    config.arg = &args[i];
    config.send = client_sends;
    config.packet = client_hears;
    config.seed = (uint64_t)i * 7919 + 13;
    c->id = cmd.leg;
    c->addr = (struct addr){ .family = 4, .ip = { 198, 51, 100, (uint8_t)i }, .port = 40000 };
    c->voice = c->camera = true;
    c->level = 20;
    assert_int_equal(client_new(&c->client, &config, r->now), ERR_OK);
    c->layers_on = c->client->config.camera_layers;
    c->told = (uint8_t)(1 << (c->layers_on > 0 ? c->layers_on - 1 : 0));
    cmd.offer = client_offer(c->client);
    cmd.offer_len = strlen(cmd.offer);
    stage_command(r->stage, r->now, &cmd);
    poll_stage(r);
    return i;
}

int stage_rig_add_ws(struct stage_rig *r, int audio, int video, int screen)
{
    int i = r->n++;
    struct stage_rig_client *c = &r->c[i];
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .leg = { (uint64_t)i + 100 },
                                 .member = (uint16_t)(i + 1),
                                 .plan = { audio, video, screen },
                                 .gate = { true, true, true, true, false },
                                 .group = r->group,
                                 .host = r->group && i == 0,
                                 .websocket = true };

    c->ws = true;
    c->id = cmd.leg;
    stage_command(r->stage, r->now, &cmd);
    c->leg = stage_leg_by_id(r->stage, cmd.leg);
    poll_stage(r);
    return i;
}

void stage_rig_frame(struct stage_rig *r, int i, const uint8_t *message, size_t len)
{
    if (r->c[i].leg)
        stage_frame(r->stage, r->now, r->c[i].leg, message, len);
    poll_stage(r);
}

int stage_rig_join(struct stage_rig *r, int audio, int video, int screen)
{
    struct client_config config = { .plan = { audio, video, screen } };

    return stage_rig_add(r, &config, NULL);
}

void stage_rig_gate(struct stage_rig *r, int i, bool mic, bool camera, bool screen, bool receive)
{
    struct media_command cmd = { .kind = MEDIA_LEG_GATE,
                                 .leg = r->c[i].id,
                                 .gate = { mic, camera, screen, receive, false } };

    stage_command(r->stage, r->now, &cmd);
    poll_stage(r);
}

void stage_rig_close(struct stage_rig *r, int i)
{
    struct media_command cmd = { .kind = MEDIA_LEG_CLOSE, .leg = r->c[i].id };

    stage_command(r->stage, r->now, &cmd);
    poll_stage(r);
}

void stage_rig_run(struct stage_rig *r, int64_t us)
{
    int64_t end = r->now.mono_us + us;

    for (;;) {
        int64_t at = earlier_us(r->media_us, r->hold ? NEVER_US : stage_deadline(r->stage));
        int flight = next_flight(r);

        if (flight >= 0)
            at = earlier_us(at, r->flights[flight].at_us);
        for (int i = 0; i < r->n; i++)
            if (r->c[i].client)
                at = earlier_us(at, client_deadline(r->c[i].client));
        if (at > end)
            break;
        if (at > r->now.mono_us)
            set_now(r, at);
        if (r->media_us <= r->now.mono_us)
            media_tick(r);
        land(r);
        for (int i = 0; i < r->n; i++)
            if (r->c[i].client && client_deadline(r->c[i].client) <= r->now.mono_us)
                client_timeout(r->c[i].client, time_of(r, i));
    }
    set_now(r, end);
}

void stage_rig_run_live(struct stage_rig *r)
{
    for (int64_t t = 0; t < US_PER_S; t += US_PER_MS) {
        bool all = true;

        for (int i = 0; i < r->n; i++)
            all &= !r->c[i].client || (r->c[i].client->live && r->c[i].lives > 0);
        if (all)
            return;
        stage_rig_run(r, US_PER_MS);
    }
    fail_msg("not live within a second");
}

int stage_rig_slot(const struct stage_rig *r, int i, int member, bool video)
{
    const struct stage_rig_client *c = &r->c[i];

    for (int k = 0; k < c->slots_n; k++)
        if (c->slots[k].member == member && c->client->slots[k].video == video)
            return k;
    return -1;
}

uint64_t stage_rig_rtp_in(const struct stage_rig *r, int i)
{
    uint64_t n = 0;

    for (int k = 0; k < SLOTS_MAX; k++)
        n += r->c[i].rtp_in[k];
    return n;
}

void stage_rig_assert_unbroken(const struct stage_rig *r)
{
    for (int i = 0; i < r->n; i++)
        for (int k = 0; k < SLOTS_MAX; k++) {
            assert_int_equal(r->c[i].jumps[k], 0);
            assert_int_equal(r->c[i].bad_starts[k], 0);
            assert_int_equal(r->c[i].bad_pictures[k], 0);
            assert_int_equal(r->c[i].old_ts[k], 0);
        }
}

uint64_t stage_rig_random(struct stage_rig *r, uint64_t n)
{
    r->seed = r->seed * 6364136223846793005u + 1442695040888963407u;
    return (r->seed >> 33) % n;
}

bool stage_rig_is_rtp(const uint8_t *data, size_t len)
{
    return len > 2 && data[0] >= 128 && data[0] <= 191 && !rtp_is_rtcp(data, len);
}
