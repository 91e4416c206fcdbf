/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media: lessons with people on WebSocket, alone and with people on UDP,
 * on virtual time. What a WebSocket carries is checked as a strict client would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/protocol/wsmedia.h"
#include "server/media/leg.h"
#include "tests/support/stage_rig.h"

#define FRAME_MAX (SIG_MEDIA_HEADER_BYTES + SIG_MEDIA_PICTURE_BYTES)
#define VOICE_BYTES 60
#define CLOCK_AHEAD_US (7 * US_PER_S)

/* A person on WebSocket: its encoder, and what its slots brought. */
struct person {
    bool voice, camera, screen;
    size_t picture_bytes;
    size_t key_bytes; /* 0: as others */
    uint8_t level;
    uint8_t layers; /* temporal: 1, or 3 in the order 0 2 1 2 */
    uint16_t seq[4];
    unsigned pictures;
    int answered_keys[3];
    bool key_now;
    /* out */
    struct wsmedia_line line[SLOTS_MAX];
    unsigned frames[SLOTS_MAX], left_out[SLOTS_MAX];
    unsigned keys[SLOTS_MAX], bad_starts[SLOTS_MAX], wrong_size[SLOTS_MAX];
    uint8_t mark[SLOTS_MAX]; /* last byte of the last frame: who sent it */
    uint8_t level_in[SLOTS_MAX];
    size_t size[SLOTS_MAX];
    int64_t late_us[SLOTS_MAX]; /* server's clock minus the frame's time, last */
};

static struct person people[RIG_CLIENTS];
static uint8_t message[FRAME_MAX];

static void got_frame(struct stage_rig *r, int i, const uint8_t *m, size_t len)
{
    struct person *p = &people[i];
    enum sig_media_refusal why;
    struct wsmedia f;
    bool first;

    assert_int_equal(wsmedia_parse(m, len, &f, &why), ERR_OK);
    assert_true(f.slot < r->c[i].slots_n);
    first = !p->line[f.slot].any || p->mark[f.slot] != f.payload[f.len - 1];
    if (p->line[f.slot].any)
        p->left_out[f.slot] += (uint16_t)(f.seq - p->line[f.slot].seq - 1);
    assert_true(wsmedia_follows(&p->line[f.slot], &f));
    p->frames[f.slot]++;
    p->keys[f.slot] += f.key;
    p->bad_starts[f.slot] += first && f.kind != WSMEDIA_VOICE && !f.key;
    p->mark[f.slot] = f.payload[f.len - 1];
    p->level_in[f.slot] = f.level;
    p->size[f.slot] = f.len;
    p->late_us[f.slot] = r->now.unix_ms * US_PER_MS - f.time_us;
}

static void send(struct stage_rig *r, int i, enum wsmedia_kind kind)
{
    static const uint8_t order[] = { 0, 2, 1, 2 };
    struct person *p = &people[i];
    struct writer w = writer_on(message, sizeof message);
    bool voice = kind == WSMEDIA_VOICE;
    bool key = !voice && (p->key_now || p->seq[kind] == 0);
    size_t len = voice ? VOICE_BYTES : key && p->key_bytes > 0 ? p->key_bytes : p->picture_bytes;
    uint8_t *payload;
    struct wsmedia f = { .kind = kind,
                         .key = key,
                         .level = voice ? p->level : 0,
                         .seq = p->seq[kind]++,
                         .time_us = r->now.mono_us + CLOCK_AHEAD_US };

    if (!voice && p->layers == 3 && !key) {
        f.layer = order[p->pictures & 3];
        f.droppable = f.layer == 2;
    }
    if (key)
        p->pictures = 0;
    p->pictures += !voice;
    wsmedia_write(&w, &f);
    payload = write_room(&w, len);
    assert_non_null(payload);
    memset(payload, i + 1, len);
    if (voice)
        payload[0] = 0x78;
    else if (key)
        memcpy(payload, ((uint8_t[]){ 0x50, 1, 0, 0x9D, 1, 0x2A, 0x80, 2, 0x68, 1 }), 10);
    else
        memcpy(payload, ((uint8_t[]){ 0x51, 1, 0 }), 3);
    stage_rig_frame(r, i, message, writer_len(&w));
}

static void speak_and_show(struct stage_rig *r)
{
    for (int i = 0; i < r->n; i++) {
        struct person *p = &people[i];

        if (!r->c[i].ws || !r->c[i].leg)
            continue;
        if (p->voice)
            send(r, i, WSMEDIA_VOICE);
        p->key_now = r->c[i].keys[1] != p->answered_keys[1];
        p->answered_keys[1] = r->c[i].keys[1];
        if (p->camera && r->ticks % 2 == 0)
            send(r, i, WSMEDIA_PICTURE);
        p->key_now = r->c[i].keys[2] != p->answered_keys[2];
        p->answered_keys[2] = r->c[i].keys[2];
        if (p->screen && r->ticks % 2 == 0)
            send(r, i, WSMEDIA_SCREEN);
        p->key_now = false;
    }
}

static void begin(struct stage_rig *r)
{
    memset(people, 0, sizeof people);
    stage_rig_init(r);
    r->frame_out = got_frame;
    r->before_tick = speak_and_show;
}

static int join_ws(struct stage_rig *r)
{
    int i = stage_rig_add_ws(r, 2, 2, 1);

    people[i].voice = people[i].camera = true;
    people[i].level = 20;
    people[i].layers = 1;
    people[i].picture_bytes = 3000;
    return i;
}

/* The slot of WebSocket client i for this member: audio 0 and 1, video 2 and 3, screen 4. */
static int slot_of(const struct stage_rig *r, int i, int member, int from, int to)
{
    for (int k = from; k < to; k++)
        if (r->c[i].slots[k].member == member)
            return k;
    fail_msg("no slot of %d for %d", i, member);
    return -1;
}

static int voice_slot(const struct stage_rig *r, int i, int member)
{
    return slot_of(r, i, member, 0, 2);
}

static int picture_slot(const struct stage_rig *r, int i, int member)
{
    return slot_of(r, i, member, 2, 4);
}

static void two_on_websocket_see_and_hear_each_other(void **state)
{
    struct stage_rig r;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    assert_int_equal(r.c[0].lives, 1); /* at once */
    assert_int_equal(r.c[0].answers, 0);
    assert_string_equal(r.c[0].slots[4].mid, "4");
    people[1].picture_bytes = SIG_MEDIA_PICTURE_BYTES / 8;
    stage_rig_run(&r, 2 * US_PER_S);
    for (int i = 0; i < 2; i++) {
        int voice = voice_slot(&r, i, 2 - i), picture = picture_slot(&r, i, 2 - i);

        assert_int_equal(people[i].frames[voice], 100);
        assert_int_equal(people[i].frames[picture], 50);
        assert_int_equal(people[i].size[picture], people[1 - i].picture_bytes);
        assert_int_equal(people[i].bad_starts[picture], 0);
        assert_int_equal(people[i].left_out[picture] + people[i].left_out[voice], 0);
        assert_int_equal(people[i].mark[picture], 2 - i);
        assert_in_range(people[i].level_in[voice], 20, 22);
        assert_int_equal(people[i].late_us[voice] / US_PER_MS, 0); /* the same moment */
        assert_int_equal(people[i].late_us[picture] / US_PER_MS, 0);
        assert_int_equal(r.c[i].firsts, 1);
    }
    assert_int_equal(r.speaking_n, 2);
    assert_int_equal(stage_counters(r.stage)->refused, 0);
    assert_int_equal(stage_counters(r.stage)->frames_left_out, 0);
    stage_rig_deinit(&r);
}

/* One on UDP, one on WebSocket, and a third on UDP. */
static void both_kinds_meet_in_one_lesson(void **state)
{
    struct stage_rig r;
    int ws, picture, voice;

    (void)state;
    begin(&r);
    stage_rig_join(&r, 2, 2, 1);
    ws = join_ws(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 3 * US_PER_S);
    for (int i = 0; i < 3; i += 2) {
        struct stage_rig_client *c = &r.c[i];

        voice = stage_rig_slot(&r, i, ws + 1, false);
        picture = stage_rig_slot(&r, i, ws + 1, true);
        assert_true(voice >= 0 && picture >= 0);
        assert_in_range(c->rtp_in[voice], 146, 151);
        assert_in_range(c->rtp_in[picture], 3 * 71, 3 * 76); /* from the key frame on */
        assert_int_equal(c->last_mark[picture], ws + 1);
        /* its reports tell when a packet was taken, though no RTCP came from there */
        assert_true(c->client->slots[picture].has_sr && c->client->slots[voice].has_sr);
        voice = voice_slot(&r, ws, i + 1);
        picture = picture_slot(&r, ws, i + 1);
        assert_in_range(people[ws].frames[voice], 144, 151);
        assert_in_range(people[ws].frames[picture], 70, 76);
        assert_int_equal(people[ws].size[picture], RIG_PICTURE_PACKETS * 1000);
        assert_int_equal(people[ws].bad_starts[picture], 0);
        assert_int_equal(people[ws].mark[picture], i + 1);
        /* lips: both tell the time by one clock, within the 20 ms of the rig's ticks */
        assert_in_range(people[ws].late_us[voice] + 1000, 0, 41000);
        assert_in_range(people[ws].late_us[picture] + 1000, 0, 41000);
    }
    assert_int_equal(r.speaking_n, 3);
    stage_rig_assert_unbroken(&r);
    assert_int_equal(stage_counters(r.stage)->refused, 0);
    stage_rig_deinit(&r);
}

/* Layers and screens of both kinds of sender. */
static void layers_and_screens_come_through(void **state)
{
    struct stage_rig r;
    int i;

    (void)state;
    begin(&r);
    i = join_ws(&r);
    (void)join_ws(&r);
    people[i].layers = 3;
    people[i].screen = true;
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[1].slots[4].member, 1);
    assert_true(people[1].frames[4] >= 24);
    assert_int_equal(people[1].bad_starts[4], 0);
    assert_int_equal(people[1].frames[picture_slot(&r, 1, 1)], 25);
    stage_rig_deinit(&r);
}

/* Loses media packets on their way to the server, repeats included. */
static bool lose_some_up(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                         size_t len)
{
    (void)i;
    return !(to_server && stage_rig_is_rtp(data, len) && stage_rig_random(r, 100) < 5);
}

/* Pictures per second for client i while its WebSocket takes bps; the first 4 s do not count. */
static int at_rate(struct stage_rig *r, int i, int64_t bps, int slot)
{
    unsigned before = 0;

    for (int s = 0; s < 12; s++) {
        struct media_command cmd = { .kind = MEDIA_LEG_RATE, .leg = r->c[i].id, .bps = bps };

        if (s == 4)
            before = people[i].frames[slot];
        stage_command(r->stage, r->now, &cmd);
        stage_rig_run(r, US_PER_S);
    }
    return (int)(people[i].frames[slot] - before) / 8;
}

/* The same ladder as over UDP: fewer pictures, stills, the voice alone, and back. */
static void a_weak_websocket_goes_down_the_ladder_and_up_again(void **state)
{
    struct stage_rig r;
    int child, mentor, voice, picture;
    unsigned voices;

    (void)state;
    begin(&r);
    child = join_ws(&r);
    mentor = join_ws(&r);
    people[mentor].layers = 3; /* 600 kbit/s, a quarter of it in the lowest layer */
    stage_rig_run(&r, 2 * US_PER_S);
    picture = picture_slot(&r, child, mentor + 1);
    voice = voice_slot(&r, child, mentor + 1);
    voices = people[child].frames[voice];
    assert_int_equal(at_rate(&r, child, 2000000, picture), 25);
    assert_int_equal(at_rate(&r, child, 300000, picture), 6);
    assert_int_equal(r.c[child].slots[picture].step, MEDIA_STEP_SLOW);
    assert_in_range(at_rate(&r, child, 100000, picture) * 8, 0, 8);
    assert_int_equal(r.c[child].slots[picture].step, MEDIA_STEP_STILL);
    /* There is room for a still, but a voice would wait behind it for too long. */
    people[mentor].key_bytes = 9000;
    (void)at_rate(&r, child, 120000, picture);
    assert_int_equal(at_rate(&r, child, 120000, picture), 0);
    assert_int_equal(r.c[child].slots[picture].step, MEDIA_STEP_VOICE);
    assert_int_equal(at_rate(&r, child, 30000, picture), 0);
    assert_int_equal(r.c[child].slots[picture].step, MEDIA_STEP_VOICE);
    assert_int_equal(at_rate(&r, child, 300000, picture), 6);
    assert_int_equal(at_rate(&r, child, 2000000, picture),
                     25); /* though no frame is a sync frame */
    assert_int_equal(people[child].frames[voice] - voices, 8 * 12 * 50);
    assert_int_equal(people[child].left_out[voice] + people[child].bad_starts[picture], 0);
    assert_in_range(at_rate(&r, mentor, 2000000, picture_slot(&r, mentor, child + 1)), 25, 25);
    stage_rig_deinit(&r);
}

/* A WebSocket that takes little hears what the next step up would need, so that it may look whether
 * it takes so much; for a voice alone too, lest the other's stay small for ever. */
static void a_weak_websocket_hears_what_it_would_have_to_take(void **state)
{
    struct stage_rig r;
    int child, mentor;

    (void)state;
    begin(&r);
    child = join_ws(&r);
    mentor = join_ws(&r);
    people[mentor].layers = 3;
    stage_rig_run(&r, 2 * US_PER_S);
    assert_int_equal(r.c[child].wants_bps, 0);
    (void)at_rate(&r, child, 300000, picture_slot(&r, child, mentor + 1));
    assert_int_equal(r.c[child].slots[picture_slot(&r, child, mentor + 1)].step, MEDIA_STEP_SLOW);
    assert_in_range(r.c[child].wants_bps, 600000 * 100 / LADDER_UP_PERCENT, 1000000);
    assert_int_equal(r.c[mentor].most.voice, 0);
    stage_rig_gate(&r, mentor, true, false, false, true);
    (void)at_rate(&r, child, 60000, 0);
    assert_int_equal(r.c[child].wants_bps, LEG_WIDE_BPS);
    assert_int_equal(r.c[mentor].most.voice, LEG_THRIFTY_BPS);
    (void)at_rate(&r, child, LEG_WIDE_BPS, 0);
    assert_int_equal(r.c[child].wants_bps, 0);
    assert_int_equal(r.c[mentor].most.voice, 0);
    assert_int_equal(r.c[mentor].wants_bps, 0);
    (void)at_rate(&r, child, 60000, 0);
    assert_int_equal(r.c[child].wants_bps, LEG_WIDE_BPS);
    stage_rig_gate(&r, child, true, true, false, false); /* it rests: nothing is wanted */
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[child].wants_bps, 0);
    stage_rig_deinit(&r);
}

/* Between 64 kbit/s and a whole picture there was nothing on a WebSocket: a camera has one layer
 * there, and 320 kbit/s do not fit into 300. So its sender makes what its only viewer takes, in
 * steps, and hears at once when that is less. */
static void a_camera_makes_what_its_only_viewer_takes(void **state)
{
    static const struct {
        int64_t link;
        int32_t camera;
    } seen[] = {
        { 2000000, 0 },     { 530000, 0 },     { 300000, 150000 }, { 330000, 150000 },
        { 400000, 200000 }, { 128000, 40000 }, { 60000, 40000 },   { 650000, 280000 },
        { 660000, 0 },      { 600000, 0 },
    };
    struct stage_rig r;
    int child, mentor, picture;

    (void)state;
    begin(&r);
    child = join_ws(&r);
    mentor = join_ws(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    picture = picture_slot(&r, child, mentor + 1);
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++) {
        (void)at_rate(&r, child, seen[i].link, picture);
        if (r.c[mentor].most.camera != seen[i].camera)
            fail_msg("at %lld: %d", (long long)seen[i].link, (int)r.c[mentor].most.camera);
        assert_true(seen[i].camera == 0 || r.c[child].slots[picture].step <= MEDIA_STEP_STILL ||
                    r.c[child].wants_bps >= LEG_WHOLE_BPS);
        /* what is so narrow one way mostly is so both ways, and the child's voice needs it all */
        assert_int_equal(r.c[child].most.camera, seen[i].link == 60000 ? LEG_NO_PICTURE_BPS : 0);
    }
    (void)at_rate(&r, child, 300000, picture);
    assert_int_equal(r.c[mentor].most.camera, 150000);
    assert_true(r.c[child].wants_bps >= LEG_WHOLE_BPS);
    (void)join_ws(&r); /* a third one sees it too: one link decides no more */
    (void)at_rate(&r, child, 2000000, picture);
    assert_int_equal(r.c[mentor].most.camera, 0);
    assert_int_equal(r.c[child].wants_bps, 0);
    stage_rig_deinit(&r);
}

static void lost_packets_are_repeated_before_the_frame_is_given_up(void **state)
{
    struct stage_rig r;
    int picture;

    (void)state;
    begin(&r);
    stage_rig_join(&r, 2, 2, 1);
    (void)join_ws(&r);
    stage_rig_run_live(&r);
    r.filter = lose_some_up;
    stage_rig_run(&r, 10 * US_PER_S);
    picture = picture_slot(&r, 1, 1);
    /* 5 % of packets are 14 % of frames; what is left out is what two repeats did not bring */
    assert_in_range(people[1].frames[picture], 235, 251);
    assert_true(people[1].left_out[picture] <= 10);
    assert_in_range(people[1].frames[voice_slot(&r, 1, 1)], 440, 495); /* voice has no NACK */
    stage_rig_deinit(&r);
}

static bool lose_camera_up(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                           size_t len)
{
    (void)i;
    return !(r->busy && to_server && stage_rig_is_rtp(data, len) && len > 500);
}

/* A picture that cannot be mended waits for a key frame, which is asked for at the UDP sender. */
static void what_is_lost_for_good_asks_for_a_key_frame(void **state)
{
    struct stage_rig r;
    unsigned before;
    int picture;

    (void)state;
    begin(&r);
    stage_rig_join(&r, 2, 2, 1);
    (void)join_ws(&r);
    stage_rig_run_live(&r);
    r.filter = lose_camera_up;
    stage_rig_run(&r, US_PER_S);
    picture = picture_slot(&r, 1, 1);
    before = people[1].keys[picture];
    r.busy = true;
    stage_rig_run(&r, 1500 * US_PER_MS);
    r.busy = false;
    stage_rig_run(&r, US_PER_S);
    assert_true(people[1].keys[picture] > before);
    assert_true(people[1].left_out[picture] >= 1);
    before = people[1].frames[picture];
    stage_rig_run(&r, US_PER_S);
    assert_in_range(people[1].frames[picture] - before, 24, 26);
    stage_rig_deinit(&r);
}

/* Gates, and the key frame that an opened camera begins with. */
static void gates_hold_and_a_key_frame_opens(void **state)
{
    struct stage_rig r;
    unsigned voice_before, picture_before;
    int voice, picture, keys;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    stage_rig_run(&r, US_PER_S);
    voice = voice_slot(&r, 1, 1);
    picture = picture_slot(&r, 1, 1);
    stage_rig_gate(&r, 0, false, false, false, true);
    voice_before = people[1].frames[voice];
    picture_before = people[1].frames[picture];
    keys = r.c[0].keys[1];
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(people[1].frames[voice], voice_before);
    assert_int_equal(people[1].frames[picture], picture_before);
    assert_int_equal(r.c[0].keys[1], keys); /* nobody needs one */
    assert_int_equal(r.speaking_n, 1);
    people[1].mark[picture] = 0; /* the next must be a key frame */
    stage_rig_gate(&r, 0, true, true, false, true);
    assert_int_equal(r.c[0].keys[1], keys + 1); /* at once */
    stage_rig_run(&r, US_PER_S);
    assert_in_range(people[1].frames[picture] - picture_before, 24, 26);
    assert_int_equal(people[1].bad_starts[picture], 0);
    stage_rig_gate(&r, 1, true, true, false, false); /* 1 must not receive */
    picture_before = people[1].frames[picture];
    stage_rig_run(&r, 2 * US_PER_S);
    assert_int_equal(people[1].frames[picture], picture_before);
    stage_rig_gate(&r, 1, true, true, false, true);
    stage_rig_run(&r, US_PER_S);
    assert_in_range(people[1].frames[picture] - picture_before, 20, 27);
    stage_rig_deinit(&r);
}

/* Wishes of many become one question per 500 ms until the key frame comes. */
static void key_frames_are_asked_for_at_most_so_often(void **state)
{
    struct stage_rig r;
    struct media_command key = { .kind = MEDIA_LEG_KEY };
    int picture, keys;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    stage_rig_run(&r, US_PER_S);
    picture = picture_slot(&r, 1, 1);
    people[0].camera = false; /* never answers */
    keys = r.c[0].keys[1];
    key.leg = r.c[1].id;
    key.slot = (uint8_t)picture;
    for (int n = 0; n < 100; n++) {
        stage_command(r.stage, r.now, &key);
        stage_rig_run(&r, 20 * US_PER_MS);
    }
    assert_in_range(r.c[0].keys[1] - keys, 4, 5);
    key.slot = 200; /* no such slot */
    stage_command(r.stage, r.now, &key);
    stage_rig_deinit(&r);
}

static void refused(struct stage_rig *r, int i, size_t len, const char *word)
{
    static uint8_t kept[FRAME_MAX];
    int before = r->c[i].bad_frames;

    stage_rig_frame(r, i, message, len); /* told at most once a second */
    assert_true(r->c[i].bad_frames <= before + 1);
    memcpy(kept, message, sizeof kept); /* the other one goes on sending */
    stage_rig_run(r, US_PER_S);
    memcpy(message, kept, sizeof kept);
    before = r->c[i].bad_frames;
    stage_rig_frame(r, i, message, len);
    assert_int_equal(r->c[i].bad_frames, before + 1);
    assert_string_equal(r->c[i].why, word);
}

/* Bad input is refused by name; the lesson goes on. */
static void bad_frames_are_refused_by_name(void **state)
{
    struct stage_rig r;
    unsigned before;
    int picture;
    size_t len = SIG_MEDIA_HEADER_BYTES + VOICE_BYTES;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    stage_rig_run(&r, US_PER_S);
    people[0].camera = people[0].voice = false;
    stage_rig_run(&r, 100 * US_PER_MS);
    send(&r, 0, WSMEDIA_VOICE); /* message now holds a good frame */
    refused(&r, 0, len, "out_of_order");
    refused(&r, 0, 5, "truncated");
    message[SIG_MEDIA_AT_SEQ + 1]++;
    message[SIG_MEDIA_AT_SLOT] = 1;
    refused(&r, 0, len, "bad_slot"); /* another's track */
    message[SIG_MEDIA_AT_SLOT] = 0;
    message[SIG_MEDIA_AT_KIND] = 9;
    refused(&r, 0, len, "bad_kind");
    message[SIG_MEDIA_AT_KIND] = WSMEDIA_PICTURE;
    message[SIG_MEDIA_AT_LEVEL] = 0;
    refused(&r, 0, len, "wrong_codec");
    message[SIG_MEDIA_AT_VERSION] = 3;
    refused(&r, 0, len, "bad_version");
    refused(&r, 0, sizeof message, "bad_version");
    message[SIG_MEDIA_AT_VERSION] = 1;
    picture = picture_slot(&r, 1, 1);
    before = people[1].frames[picture];
    people[0].camera = people[0].voice = true;
    stage_rig_run(&r, US_PER_S);
    assert_in_range(people[1].frames[picture] - before, 25, 26);
    assert_int_equal(people[1].left_out[picture], 0);
    stage_rig_deinit(&r);
}

/* Over the rate: refused, and the picture goes on with a key frame. */
static void too_much_is_refused(void **state)
{
    struct stage_rig r;
    unsigned before;
    int picture;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    people[0].picture_bytes =
        SIG_MEDIA_PICTURE_BYTES; /* 86 packets, 25 times a second: 2150 packets */
    stage_rig_run(&r, 8 * US_PER_S);
    assert_true(r.c[0].bad_frames > 0);
    assert_string_equal(r.c[0].why, "too_much");
    picture = picture_slot(&r, 1, 1);
    assert_true(people[1].frames[picture] > 125);
    people[0].picture_bytes = 3000;
    stage_rig_run(&r, 2 * US_PER_S);
    before = people[1].frames[picture];
    stage_rig_run(&r, US_PER_S);
    assert_in_range(people[1].frames[picture] - before, 25, 26);
    assert_int_equal(people[1].bad_starts[picture], 0);
    stage_rig_deinit(&r);
}

/* The slab is small: frames that fit leave one by one, one that never fits is left out. */
static void a_small_slab_loses_only_what_never_fits(void **state)
{
    struct stage_rig r;
    int picture;

    (void)state;
    begin(&r);
    r.shared.tx_cap = 4000;
    (void)join_ws(&r);
    (void)join_ws(&r);
    people[1].picture_bytes = 5000;
    stage_rig_run(&r, US_PER_S);
    picture = picture_slot(&r, 1, 1);
    assert_int_equal(people[1].frames[picture], 25);
    assert_int_equal(people[0].frames[picture_slot(&r, 0, 2)], 0);
    assert_int_equal(people[0].frames[voice_slot(&r, 0, 2)], 50);
    assert_true(stage_counters(r.stage)->frames_left_out >= 1);
    stage_rig_deinit(&r);
}

/* Each allocation fails once: nothing leaks, nobody crashes, and with memory again it goes on. */
static void lack_of_memory_is_survived(void **state)
{
    int refused_joins = 0, refused_frames = 0;

    (void)state;
    for (long n = 0; n < 12; n++) {
        struct stage_rig r;
        long before;

        begin(&r);
        before = mem_live();
        (void)join_ws(&r);
        mem_fail_after(n);
        (void)join_ws(&r);
        if (r.c[1].leg) {
            send(&r, 1, WSMEDIA_VOICE);
            send(&r, 1, WSMEDIA_PICTURE);
        }
        mem_fail_after(-1);
        refused_joins += r.c[1].refusals;
        refused_frames += r.c[1].bad_frames;
        stage_rig_run(&r, 3 * US_PER_S);
        if (r.c[1].leg)
            assert_true(people[0].frames[picture_slot(&r, 0, 2)] > 40);
        stage_rig_close(&r, 0);
        stage_rig_close(&r, 1);
        stage_timeout(r.stage, r.now);
        assert_int_equal(mem_live(), before);
        stage_rig_deinit(&r);
    }
    assert_true(refused_joins > 0 && refused_frames > 0);
}

static void who_leaves_is_gone(void **state)
{
    struct stage_rig r;

    (void)state;
    begin(&r);
    (void)join_ws(&r);
    (void)join_ws(&r);
    stage_rig_run(&r, 200 * US_PER_MS);
    stage_rig_close(&r, 0);
    assert_int_equal(r.c[0].gones, 1);
    stage_rig_run(&r, 200 * US_PER_MS);
    assert_int_equal(r.c[1].slots[2].member + r.c[1].slots[3].member, 0);
    stage_rig_close(&r, 1);
    assert_true(stage_empty(r.stage));
    stage_rig_deinit(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_on_websocket_see_and_hear_each_other),
        cmocka_unit_test(both_kinds_meet_in_one_lesson),
        cmocka_unit_test(layers_and_screens_come_through),
        cmocka_unit_test(a_weak_websocket_goes_down_the_ladder_and_up_again),
        cmocka_unit_test(a_weak_websocket_hears_what_it_would_have_to_take),
        cmocka_unit_test(a_camera_makes_what_its_only_viewer_takes),
        cmocka_unit_test(lost_packets_are_repeated_before_the_frame_is_given_up),
        cmocka_unit_test(what_is_lost_for_good_asks_for_a_key_frame),
        cmocka_unit_test(gates_hold_and_a_key_frame_opens),
        cmocka_unit_test(key_frames_are_asked_for_at_most_so_often),
        cmocka_unit_test(bad_frames_are_refused_by_name),
        cmocka_unit_test(too_much_is_refused),
        cmocka_unit_test(a_small_slab_loses_only_what_never_fits),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(who_leaves_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
