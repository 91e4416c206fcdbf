/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media: whole lessons of 2 to 12 people on virtual time, real DTLS and
 * SRTP on both sides; who gets what, and who must not.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/rtc/rtcp.h"
#include "tests/support/stage_rig.h"

static uint64_t random_below(struct stage_rig *r, uint64_t n)
{
    r->seed = r->seed * 6364136223846793005u + 1442695040888963407u;
    return (r->seed >> 33) % n;
}

/* Every slot of every client was one unbroken stream. */
static void assert_unbroken(const struct stage_rig *r)
{
    for (int i = 0; i < r->n; i++)
        for (int k = 0; k < SLOTS_MAX; k++) {
            assert_int_equal(r->c[i].jumps[k], 0);
            assert_int_equal(r->c[i].bad_starts[k], 0);
            assert_int_equal(r->c[i].bad_pictures[k], 0);
            assert_int_equal(r->c[i].old_ts[k], 0);
        }
}

static void two_people_see_and_hear_each_other(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    assert_true(r.now.mono_us - 1000 * US_PER_S <= 100 * US_PER_MS); /* 3 round trips of 20 ms */
    stage_rig_run(&r, 2 * US_PER_S);
    for (int i = 0; i < 2; i++) {
        struct stage_rig_client *c = &r.c[i];
        int other = 2 - i, voice = stage_rig_slot(&r, i, other, false),
            picture = stage_rig_slot(&r, i, other, true);

        assert_int_equal(c->answers, 1);
        assert_int_equal(c->lives, 1);
        assert_int_equal(c->firsts, 1);
        assert_int_equal(c->client->slots_n, 5);
        assert_true(voice >= 0 && picture >= 0);
        assert_in_range(c->rtp_in[voice], 97, 101); /* 2 s of 50 */
        assert_in_range(c->rtp_in[picture], 3 * 48, 3 * 51);
        assert_int_equal(stage_rig_rtp_in(&r, i), c->rtp_in[voice] + c->rtp_in[picture]);
        assert_int_equal(c->last_mark[picture], other);
        assert_int_equal(c->last_mark[voice], other);
        assert_int_equal(c->client->refused, 0);
        assert_true(c->client->feedback >= 15); /* every 100 ms, at the next packet */
        assert_int_equal(c->client->feedback_lost, 0);
        assert_true(c->client->reports >= 2);
        assert_true(c->client->slots[picture].has_sr && c->client->slots[voice].has_sr);
    }
    assert_unbroken(&r);
    assert_int_equal(stage_counters(r.stage)->refused, 0);
    stage_rig_deinit(&r);
}

/* Join to first picture: the receiver is there last, its key frame is asked for at once. */
static void latecomer_gets_a_picture_at_once(void **state)
{
    struct stage_rig r;
    int64_t live;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 3 * US_PER_S);
    assert_int_equal(r.c[0].client->streams[CLIENT_CAMERA][0].plis, 0); /* nobody to see it */
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    live = r.now.mono_us;
    stage_rig_run(&r, 100 * US_PER_MS);
    slot = stage_rig_slot(&r, 1, 1, true);
    assert_true(slot >= 0);
    assert_true(r.c[1].client->slots[slot].first_us > 0);
    /* one way up, up to a frame's interval, two ways down */
    assert_true(r.c[1].client->slots[slot].first_us - live <= 20000 + 40000 + 20000);
    assert_int_equal(r.c[0].client->streams[CLIENT_CAMERA][0].plis, 1);
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* Asked for when the receiver becomes LIVE, without waiting for a packet to show the need. */
static void key_frame_is_asked_for_without_a_packet(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.c[0].voice = r.c[0].camera = false;
    stage_rig_run(&r, 100 * US_PER_MS);
    stage_rig_join(&r, 2, 2, 1);
    r.c[1].voice = r.c[1].camera = false;
    assert_int_equal(stage_counters(r.stage)->plis_out, 0); /* not before it can be received */
    stage_rig_run_live(&r);
    assert_int_equal(stage_counters(r.stage)->plis_out, 1);
    stage_rig_deinit(&r);
}

/* When a packet was taken, by the last sender report of its slot, in us of the server's clock. */
static int64_t taken_us(const struct stage_rig *r, int i, int slot, int64_t hz)
{
    const struct client_slot *s = &r->c[i].client->slots[slot];

    return rtcp_ntp_to_unix_us(s->sr_ntp) +
           (int32_t)(r->c[i].last_ts[slot] - s->sr_ts) * US_PER_S / hz;
}

/* Whatever the sender's clock says, its voice and its picture carry the same time, and that is
 * the server's; so lips move with the words, and two people's streams are not far apart. */
static void voice_and_picture_tell_the_same_time(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    r.c[0].clock_ms = 3 * 3600 * MS_PER_S; /* a wrong time zone */
    stage_rig_run_live(&r);
    stage_rig_run(&r, 3 * US_PER_S + 5 * US_PER_MS);
    for (int i = 0; i < 2; i++) {
        int voice = stage_rig_slot(&r, i, 2 - i, false),
            picture = stage_rig_slot(&r, i, 2 - i, true);
        int64_t wall_us = r.now.unix_ms * US_PER_MS;
        int64_t apart = taken_us(&r, i, voice, 48000) - taken_us(&r, i, picture, 90000);

        assert_true(r.c[i].client->slots[voice].has_sr && r.c[i].client->slots[picture].has_sr);
        /* sent in the same tick, or the voice one tick later; to a few ms */
        assert_true((apart > -6000 && apart < 6000) || (apart > 14000 && apart < 26000));
        assert_true(wall_us - taken_us(&r, i, voice, 48000) > -50000);
        assert_true(wall_us - taken_us(&r, i, voice, 48000) < 50000);
    }
    stage_rig_deinit(&r);
}

/* ---- gates ---- */

/* With everything shut nothing of the media comes out, not even after hours. */
static void closed_gate_lets_nothing_out(void **state)
{
    static const struct leg_gate shut;
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_add(&r, &config, &shut);
    stage_rig_add(&r, &config, &shut);
    r.c[0].screen = r.c[1].screen = true;
    stage_rig_run_live(&r);
    stage_rig_run(&r, 3 * US_PER_S);
    assert_int_equal(stage_rig_rtp_in(&r, 0) + stage_rig_rtp_in(&r, 1), 0);
    assert_int_equal(stage_counters(r.stage)->rtp_out, 0);
    assert_int_equal(stage_counters(r.stage)->plis_out, 0);
    assert_true(stage_counters(r.stage)->rtp_in > 500);
    assert_true(r.c[0].client->feedback > 20); /* senders are told of their link all the same */
    assert_int_equal(r.c[0].firsts, 1);
    stage_rig_deinit(&r);
}

/* Each kind by itself, in each direction: exactly that kind, from the moment on, and no more
 * after it is shut. */
static void each_kind_has_its_own_gate(void **state)
{
    static const struct leg_gate shut;
    struct client_config config = { .plan = { 2, 2, 1 } };

    (void)state;
    for (int kind = 0; kind < 3; kind++) {
        struct stage_rig r;
        uint64_t before;

        stage_rig_init(&r);
        stage_rig_add(&r, &config, &shut);
        stage_rig_add(&r, &config, &shut);
        r.c[0].screen = true;
        stage_rig_run_live(&r);
        stage_rig_run(&r, US_PER_S);
        stage_rig_gate(&r, 0, kind == 0, kind == 1, kind == 2, false);
        stage_rig_run(&r, US_PER_S);
        assert_int_equal(stage_rig_rtp_in(&r, 1), 0); /* the receiver's own gate is still shut */
        stage_rig_gate(&r, 1, false, false, false, true);
        stage_rig_run(&r, US_PER_S);
        assert_int_equal(stage_rig_rtp_in(&r, 0), 0);
        for (int k = 0; k < r.c[1].client->slots_n; k++) {
            bool mine = k < 2 ? kind == 0 : k < 4 ? kind == 1 : kind == 2;

            if (r.c[1].rtp_in[k] > 0)
                assert_true(mine);
        }
        assert_in_range(stage_rig_rtp_in(&r, 1), kind == 0 ? 47 : 60, kind == 0 ? 51 : 78);
        stage_rig_gate(&r, 0, false, false, false, true);
        stage_rig_run(&r, r.delay_us); /* what is on the way arrives */
        before = stage_rig_rtp_in(&r, 1);
        stage_rig_run(&r, 2 * US_PER_S);
        assert_int_equal(stage_rig_rtp_in(&r, 1), before);
        assert_unbroken(&r);
        stage_rig_deinit(&r);
    }
}

/* What was sent into a closed gate, or before the receiver's opened, is never heard: the first
 * packet after the opening was sent after it. */
static void nothing_is_kept_for_later(void **state)
{
    static const struct leg_gate shut;
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct stage_rig r;
    int64_t opened;

    (void)state;
    stage_rig_init(&r);
    stage_rig_add(&r, &config, &shut);
    stage_rig_add(&r, &config, NULL);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    opened = (int64_t)stage_counters(r.stage)->rtp_in;
    stage_rig_gate(&r, 0, true, true, false, false);
    assert_int_equal(stage_counters(r.stage)->rtp_out, 0);
    stage_rig_run(&r, 2 * r.delay_us + 100 * US_PER_MS);
    assert_true((int64_t)stage_counters(r.stage)->rtp_out <=
                (int64_t)stage_counters(r.stage)->rtp_in - opened);
    /* NACK for what was before: refused */
    assert_int_equal(stage_counters(r.stage)->resent, 0);
    stage_rig_deinit(&r);
}

/* The gate opens in the middle of a batch: what the batch brought before that stays behind. */
static void gate_is_read_at_the_moment_of_each_packet(void **state)
{
    static const struct leg_gate shut;
    struct client_config config = { .plan = { 2, 2, 1 } };

    (void)state;
    for (int whose = 0; whose < 2; whose++) {
        struct stage_rig r;
        uint64_t in;

        stage_rig_init(&r);
        stage_rig_add(&r, &config, whose == 0 ? &shut : NULL);
        stage_rig_add(&r, &config, whose == 1 ? &shut : NULL);
        stage_rig_run_live(&r);
        stage_rig_run(&r, US_PER_S);
        r.c[1].voice = r.c[1].camera = false;
        stage_rig_run(&r, 100 * US_PER_MS);
        in = stage_counters(r.stage)->rtp_in;
        r.hold = true;
        stage_rig_run(&r, 100 * US_PER_MS);
        assert_true(stage_counters(r.stage)->rtp_in >= in + 8);
        stage_rig_gate(&r, whose, true, true, true, true);
        r.c[0].voice = r.c[0].camera = false;
        r.hold = false;
        stage_rig_gate(&r, whose, true, true, true, true); /* no change: only polls */
        assert_int_equal(stage_counters(r.stage)->rtp_out, 0);
        stage_rig_deinit(&r);
    }
}

/* A child's camera that is shut in the middle of a batch: not even what came before goes out. */
static void closing_takes_back_what_has_not_left(void **state)
{
    struct stage_rig r;
    uint64_t out;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    r.c[1].voice = r.c[1].camera = false;
    stage_rig_run(&r, US_PER_S);
    out = stage_counters(r.stage)->rtp_out;
    r.hold = true;
    stage_rig_run(&r, 100 * US_PER_MS);
    stage_rig_gate(&r, 0, false, false, false, true);
    r.hold = false;
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(stage_counters(r.stage)->rtp_out, out);
    stage_rig_deinit(&r);
}

/* Mute and unmute: the stream goes on without a gap and the picture starts with a key frame. */
static void stream_is_unbroken_across_a_pause(void **state)
{
    struct stage_rig r;
    uint64_t voice, plis;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    plis = stage_counters(r.stage)->plis_out;
    for (int n = 0; n < 3; n++) {
        stage_rig_gate(&r, 0, false, false, false, true);
        stage_rig_run(&r, r.delay_us);
        voice = stage_rig_rtp_in(&r, 1);
        stage_rig_run(&r, US_PER_S);
        assert_int_equal(stage_rig_rtp_in(&r, 1), voice);
        stage_rig_gate(&r, 0, true, true, false, true);
        stage_rig_run(&r, US_PER_S);
        assert_true(stage_rig_rtp_in(&r, 1) > voice + 100);
    }
    assert_unbroken(&r);
    assert_true(stage_counters(r.stage)->plis_out >= plis + 3);
    stage_rig_deinit(&r);
}

/* ---- rooms ---- */

static void rooms_of_3_to_12(void **state)
{
    (void)state;
    for (int people = 3; people <= 12; people += 3) {
        struct stage_rig r;

        stage_rig_init(&r);
        for (int i = 0; i < people; i++)
            stage_rig_join(&r, 3, 11, 1);
        for (int i = 0; i < people; i++)
            r.c[i].level = i < 3 ? 20 : 100; /* three speak, the others are there */
        stage_rig_run_live(&r);
        stage_rig_run(&r, 2 * US_PER_S);
        for (int i = 0; i < people; i++) {
            int pictures = 0;

            for (int other = 1; other <= people; other++) {
                int slot = stage_rig_slot(&r, i, other, true);

                if (other == i + 1) {
                    assert_int_equal(slot, -1); /* never oneself */
                    assert_int_equal(stage_rig_slot(&r, i, other, false), -1);
                    continue;
                }
                assert_true(slot >= 0);
                assert_true(r.c[i].rtp_in[slot] > 3 * 25);
                assert_int_equal(r.c[i].last_mark[slot], other);
                pictures++;
                if (other <= 3)
                    assert_true(stage_rig_slot(&r, i, other, false) >= 0); /* who speaks is heard */
            }
            assert_int_equal(pictures, people - 1);
        }
        assert_unbroken(&r);
        assert_int_equal(r.speaking_n, 3);
        stage_rig_deinit(&r);
    }
}

static void seats_beyond_the_limit_are_refused(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 13; i++)
        stage_rig_join(&r, 1, 1, 0);
    assert_int_equal(r.c[11].answers, 1);
    assert_int_equal(r.c[12].answers, 0);
    assert_int_equal(r.c[12].refusals, 1);
    assert_string_equal(r.c[12].why, "full");
    stage_rig_deinit(&r);
}

/* Three audio slots, six people: whoever begins to speak gets a slot from the longest silent. */
static void loudest_get_the_audio_slots(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 6; i++) {
        stage_rig_join(&r, 3, 5, 1);
        r.c[i].level = 110;
    }
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.speaking_n, 0);
    for (int speaker = 5; speaker >= 1; speaker--) {
        r.c[speaker].level = 15;
        stage_rig_run(&r, 600 * US_PER_MS);
        assert_true(stage_rig_slot(&r, 0, speaker + 1, false) >= 0);
        assert_int_equal(r.speaking_n, 1);
        assert_int_equal(r.speaking[0], speaker + 1);
        r.c[speaker].level = 110;
        stage_rig_run(&r, 1500 * US_PER_MS);
        assert_int_equal(r.speaking_n, 0);
    }
    assert_unbroken(&r);
    /* on change only: each of five began and ended */
    assert_int_equal(r.speaking_events, 10);
    stage_rig_deinit(&r);
}

/* One video slot, four people: the picture follows the speaker, each change at a key frame. */
static void picture_follows_the_speaker(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 4; i++) {
        stage_rig_join(&r, 1, 1, 0);
        r.c[i].level = 110;
    }
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    for (int n = 0; n < 12; n++) {
        int speaker = 1 + n % 3;
        uint64_t before = r.c[0].rtp_in[1];

        r.c[speaker].level = 15;
        stage_rig_run(&r, 700 * US_PER_MS);
        assert_int_equal(stage_rig_slot(&r, 0, speaker + 1, true), 1);
        assert_int_equal(r.c[0].last_mark[1], speaker + 1);
        assert_true(r.c[0].rtp_in[1] - before > 3 * 8);
        r.c[speaker].level = 110;
        stage_rig_run(&r, 1500 * US_PER_MS);
    }
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void screen_has_a_slot_of_its_own(void **state)
{
    struct stage_rig r;
    int screen = 4;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 3; i++)
        stage_rig_join(&r, 2, 2, 1);
    stage_rig_gate(&r, 0, true, true, false, true);
    stage_rig_gate(&r, 1, true, true, false, true);
    stage_rig_gate(&r, 2, true, true, false, true);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[1].slots[screen].member, 0);
    r.c[0].screen = true;
    stage_rig_gate(&r, 0, true, true, true, true);
    assert_int_equal(r.c[1].slots[screen].member, 1);
    assert_int_equal(r.c[2].slots[screen].member, 1);
    assert_int_equal(r.c[0].slots[screen].member, 0);
    stage_rig_run(&r, US_PER_S);
    assert_true(r.c[1].rtp_in[screen] > 50 && r.c[2].rtp_in[screen] > 50);
    assert_int_equal(r.c[0].rtp_in[screen], 0);
    stage_rig_gate(&r, 0, true, true, false, true);
    assert_int_equal(r.c[1].slots[screen].member, 0);
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void leaving_frees_the_slots(void **state)
{
    struct stage_rig r;
    uint64_t before;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 3; i++)
        stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    assert_true(stage_rig_slot(&r, 0, 2, true) >= 0);
    stage_rig_close(&r, 1);
    assert_int_equal(r.c[1].gones, 1);
    assert_int_equal(r.c[1].deads, 0); /* the room knows */
    assert_int_equal(stage_rig_slot(&r, 0, 2, true), -1);
    assert_true(stage_rig_slot(&r, 0, 3, true) >= 0);
    stage_rig_run(&r, 100 * US_PER_MS);
    assert_true(r.c[1].client->dead); /* told by close_notify */
    before = stage_rig_rtp_in(&r, 1);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(stage_rig_rtp_in(&r, 1), before);
    /* the other way: a client says goodbye */
    client_close(r.c[2].client, r.now);
    stage_rig_run(&r, 100 * US_PER_MS);
    assert_int_equal(r.c[2].deads, 1);
    assert_int_equal(r.c[2].gones, 1);
    assert_int_equal(stage_rig_slot(&r, 0, 3, true), -1);
    /* a new one takes the place */
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run(&r, US_PER_S);
    assert_true(r.c[0].rtp_in[stage_rig_slot(&r, 0, 4, true)] > 50);
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void stage_close_drops_everyone(void **state)
{
    struct media_command cmd = { .kind = MEDIA_STAGE_CLOSE };
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 3; i++)
        stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    assert_false(stage_empty(r.stage));
    stage_command(r.stage, r.now, &cmd);
    stage_rig_run(&r, 100 * US_PER_MS);
    assert_true(stage_empty(r.stage));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(r.c[i].gones, 1);
        assert_true(r.c[i].client->dead);
    }
    stage_rig_deinit(&r);
}

static bool lose_all_from_1(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                            size_t len)
{
    (void)r;
    (void)data;
    (void)len;
    return !(i == 1 && to_server);
}

static void silent_death_is_noticed(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.filter = lose_all_from_1;
    stage_rig_run(&r, 31 * US_PER_S);
    assert_int_equal(r.c[1].deads, 1);
    assert_int_equal(r.c[1].gones, 1);
    assert_int_equal(r.c[0].deads, 0);
    assert_int_equal(stage_rig_slot(&r, 0, 2, true), -1);
    stage_rig_deinit(&r);
}

/* ---- loss ---- */

static bool is_rtp(const uint8_t *data, size_t len)
{
    return len > 2 && data[0] >= 128 && data[0] <= 191 && !rtp_is_rtcp(data, len);
}

/* One in ten media packets is lost on the way up, on the way down, or on both. */
static bool lose_up(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    return !to_server || !is_rtp(data, len) || random_below(r, 10) != 0;
}

static bool lose_down(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    return to_server || !is_rtp(data, len) || random_below(r, 10) != 0;
}

static bool lose_both(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)i;
    (void)to_server;
    return !is_rtp(data, len) || random_below(r, 10) != 0;
}

static void lost_pictures_are_repeated(void **state)
{
    static stage_rig_filter *const filters[] = { lose_up, lose_down, lose_both };

    (void)state;
    for (int f = 0; f < 3; f++) {
        struct stage_rig r;
        int slot;

        stage_rig_init(&r);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_run_live(&r);
        stage_rig_run(&r, 500 * US_PER_MS);
        r.filter = filters[f];
        stage_rig_run(&r, 20 * US_PER_S);
        r.filter = NULL;
        stage_rig_run(&r, 2 * US_PER_S);
        slot = stage_rig_slot(&r, 1, 1, true);
        /* all of 22 s of pictures got through, most of the lost ones by repetition */
        assert_true(r.c[1].client->slots[slot].packets >= 3 * 25 * 22);
        assert_int_equal(r.c[1].client->slots[slot].nack.missing_n, 0);
        if (f != 1)
            assert_true(r.c[0].client->streams[CLIENT_CAMERA][0].resent > 100);
        if (f != 0)
            assert_true(stage_counters(r.stage)->resent > 200);
        assert_true(r.c[1].client->slots[slot].nack.gave_up + stage_counters(r.stage)->rtp_lost_in <
                    10);
        assert_int_equal(r.c[1].bad_starts[slot], 0);
        if (f != 1)
            assert_true(r.c[0].client->feedback_lost > 100);
        stage_rig_deinit(&r);
    }
}

/* A quarter is reordered by up to 8 ms, a tenth comes twice: nobody asks for anything, nothing
 * is forwarded twice. */
static bool shuffle(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    if (r->busy || !to_server || !is_rtp(data, len))
        return true;
    r->busy = true; /* not again for the copies made here */
    if (random_below(r, 10) == 0) {
        struct stage_rig_client *c = &r->c[i];

        c->client->config.send(c->client->config.arg, data, len);
    }
    if (random_below(r, 4) == 0) {
        int64_t delay = r->delay_us;
        struct stage_rig_client *c = &r->c[i];

        r->delay_us += 8 * US_PER_MS;
        c->client->config.send(c->client->config.arg, data, len);
        r->delay_us = delay;
        r->busy = false;
        return false;
    }
    r->busy = false;
    return true;
}

static void reordering_and_doubles_cost_nothing(void **state)
{
    struct stage_rig r;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 500 * US_PER_MS);
    r.filter = shuffle;
    stage_rig_run(&r, 5 * US_PER_S);
    r.filter = NULL;
    stage_rig_run(&r, US_PER_S);
    slot = stage_rig_slot(&r, 1, 1, true);
    assert_int_equal(stage_counters(r.stage)->nacks_out, 0);
    assert_int_equal(r.c[1].client->slots[slot].duplicates, 0);
    assert_int_equal(r.c[1].client->slots[slot].nack.missing_n, 0);
    assert_in_range(r.c[1].client->slots[slot].packets, 3 * 25 * 6.4, 3 * 25 * 6.6);
    stage_rig_deinit(&r);
}

/* ---- key frames ---- */

static void picture_loss_is_passed_on_once_per_window(void **state)
{
    struct stage_rig r;
    unsigned before;
    int slot;

    (void)state;
    stage_rig_init(&r);
    for (int i = 0; i < 4; i++)
        stage_rig_join(&r, 3, 3, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    before = r.c[0].client->streams[CLIENT_CAMERA][0].plis;
    for (int n = 0; n < 100; n++) { /* three receivers storm for a second */
        for (int i = 1; i < 4; i++) {
            slot = stage_rig_slot(&r, i, 1, true);
            client_ask_picture(r.c[i].client, slot);
        }
        stage_rig_run(&r, 10 * US_PER_MS);
    }
    assert_true(stage_counters(r.stage)->plis_in >= 290);
    assert_in_range(r.c[0].client->streams[CLIENT_CAMERA][0].plis - before, 2, 3);
    stage_rig_deinit(&r);
}

static bool lose_pictures(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                          size_t len)
{
    (void)r;
    return !(i == 0 && to_server && is_rtp(data, len) && len > 500);
}

/* The first key frames are lost: asked again every window until one comes. */
static void request_is_repeated_until_a_key_frame_comes(void **state)
{
    struct stage_rig r;
    unsigned plis;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.c[0].camera = false;
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    r.c[0].camera = true;
    r.filter = lose_pictures;
    stage_rig_run(&r, 3 * US_PER_S);
    plis = r.c[0].client->streams[CLIENT_CAMERA][0].plis;
    assert_in_range(plis, 4, 7);
    r.filter = NULL;
    stage_rig_run(&r, US_PER_S);
    slot = stage_rig_slot(&r, 1, 1, true);
    assert_true(r.c[1].rtp_in[slot] > 3 * 10);
    plis = r.c[0].client->streams[CLIENT_CAMERA][0].plis;
    stage_rig_run(&r, 3 * US_PER_S);
    assert_int_equal(r.c[0].client->streams[CLIENT_CAMERA][0].plis, plis);
    stage_rig_deinit(&r);
}

/* ---- simulcast ---- */

static void best_layer_alive_is_forwarded(void **state)
{
    struct client_config config = { .plan = { 2, 2, 1 }, .camera_layers = 3 };
    struct stage_rig r;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_add(&r, &config, NULL);
    stage_rig_add(&r, &config, NULL);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    slot = stage_rig_slot(&r, 1, 1, true);
    assert_int_equal(r.c[1].last_mark[slot], 1 + 64); /* f */
    r.c[0].layers_on = 2;
    stage_rig_run(&r, 4 * US_PER_S);
    assert_int_equal(r.c[1].last_mark[slot], 1 + 32); /* h, when f has fallen silent */
    r.c[0].layers_on = 3;
    stage_rig_run(&r, 2 * US_PER_S);
    assert_int_equal(r.c[1].last_mark[slot], 1 + 64);
    assert_unbroken(&r); /* each change at a key frame, in one stream */
    stage_rig_deinit(&r);
}

/* ---- offers ---- */

static void other_browsers_habits(void **state)
{
    static const struct client_config habits[] = {
        { .plan = { 2, 2, 1 }, .no_rsize = true },
        { .plan = { 2, 2, 1 }, .no_mid = true },
        { .plan = { 2, 2, 1 }, .no_rtx = true },
    };

    (void)state;
    for (size_t n = 0; n < sizeof habits / sizeof habits[0]; n++) {
        struct stage_rig r;

        stage_rig_init(&r);
        stage_rig_add(&r, &habits[n], NULL);
        stage_rig_join(&r, 2, 2, 1);
        r.c[0].screen = true;
        stage_rig_run_live(&r);
        stage_rig_run(&r, US_PER_S);
        for (int i = 0; i < 2; i++) {
            assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, 2 - i, true)] > 3 * 20);
            assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, 2 - i, false)] > 40);
        }
        assert_int_equal(r.c[0].client->refused, 0);
        assert_true(r.c[1].rtp_in[4] > 3 * 20);
        assert_unbroken(&r);
        stage_rig_deinit(&r);
    }
}

static void refused(const char *offer, size_t len, struct slot_plan plan, const char *why)
{
    struct stage_rig r;
    struct stage_out out;
    struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                 .leg = { 7 },
                                 .member = 1,
                                 .plan = plan,
                                 .offer = offer,
                                 .offer_len = len };

    stage_rig_init(&r);
    stage_command(r.stage, r.now, &cmd);
    assert_true(stage_poll(r.stage, &out));
    assert_int_equal(out.kind, STAGE_OUT_EVENT);
    assert_int_equal(out.event->kind, MEDIA_REFUSED);
    assert_int_equal(out.event->leg.v, 7);
    assert_string_equal(out.event->why, why);
    assert_false(stage_poll(r.stage, &out));
    assert_true(stage_empty(r.stage));
    stage_rig_deinit(&r);
}

static void unusable_offers_are_refused_by_name(void **state)
{
    struct dtls_identity *identity;
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct client *c;
    char text[16384], *at;

    (void)state;
    assert_int_equal(dtls_identity_new(&identity), ERR_OK);
    config.identity = identity;
    assert_int_equal(client_new(&c, &config, (struct now){ 0 }), ERR_OK);
    refused("", 0, config.plan, "no media");
    refused("v=1\r\n", 5, config.plan, "version");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 2, 3, 1 },
            "too few media lines");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 1, 2, 1 },
            "order of media lines");
    refused(client_offer(c), strlen(client_offer(c)), (struct slot_plan){ 9, 9, 1 }, "slot plan");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    memcpy(strstr(text, "a=sendonly"), "a=recvonly", 10);
    refused(text, strlen(text), config.plan, "direction of a media line");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    for (at = text; (at = strstr(at, "VP8"));)
        memcpy(at, "VP9", 3);
    refused(text, strlen(text), config.plan, "no VP8");
    assert_true(str_copy(text, sizeof text, client_offer(c)));
    for (at = text; (at = strstr(at, "actpass"));)
        memcpy(at, "passive", 7);
    refused(text, strlen(text), config.plan, "setup must allow active");
    client_free(c);
    dtls_identity_free(identity);
}

/* A ready check: connects with every gate open, and carries nothing to anybody. */
static void probe_connects_and_carries_nothing(void **state)
{
    struct client_config config = { .plan = { 1, 1, 0 } };
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 1, 1, 0);
    r.next_is_probe = true;
    stage_rig_add(&r, &config, NULL);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[1].lives, 1);
    assert_int_equal(r.c[1].firsts, 1);
    assert_int_equal(stage_rig_rtp_in(&r, 0) + stage_rig_rtp_in(&r, 1), 0);
    assert_int_equal(stage_rig_slot(&r, 0, 2, true), -1);
    stage_rig_deinit(&r);
}

/* ---- floods and rubbish ---- */

static void rtp_flood_is_limited(void **state)
{
    static const uint8_t payload[100];
    struct stage_rig r;
    uint64_t out;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    r.c[0].voice = r.c[0].camera = false;
    out = stage_rig_rtp_in(&r, 1);
    for (int ms = 0; ms < 2000; ms++) { /* ten thousand packets a second, for two */
        for (int n = 0; n < 10; n++)
            client_send_voice(r.c[0].client, r.now, payload, sizeof payload, 0, 960);
        stage_rig_run(&r, US_PER_MS);
    }
    assert_true(stage_rig_rtp_in(&r, 1) - out < 2 * 2000 + 1000 + 10);
    assert_true(stage_counters(r.stage)->refused > 14000);
    assert_true(r.c[1].client->live && r.c[0].client->live);
    stage_rig_deinit(&r);
}

/* Any bytes, from anywhere, at a running lesson: it goes on, and memory does not grow. */
static void rubbish_disturbs_nobody(void **state)
{
    struct stage_rig r;
    long before;
    uint64_t heard;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    before = mem_live();
    heard = stage_rig_rtp_in(&r, 1);
    for (int n = 0; n < 20000; n++) {
        uint8_t junk[64];
        struct addr from = r.c[0].addr;

        for (size_t k = 0; k < sizeof junk; k++)
            junk[k] = (uint8_t)random_below(&r, 256);
        if (n & 1)
            from.port = (uint16_t)random_below(&r, 65536);
        stage_input(r.stage, r.now, r.c[0].leg, &from, junk, (size_t)random_below(&r, 65));
        if (n % 10 == 0)
            stage_rig_run(&r, US_PER_MS);
    }
    assert_true(stage_rig_rtp_in(&r, 1) - heard > 100);
    assert_true(mem_live() <= before + 4);
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* The slab is smaller than what one batch makes: the driver is told, nothing is lost. */
static void small_slab_only_costs_more_calls(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    r.shared.tx_cap = 4000;
    for (int i = 0; i < 6; i++)
        stage_rig_join(&r, 3, 5, 1);
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    for (int i = 0; i < 6; i++)
        for (int other = 1; other <= 6; other++)
            if (other != i + 1)
                assert_true(r.c[i].rtp_in[stage_rig_slot(&r, i, other, true)] > 3 * 40);
    assert_true(r.fulls > 100);
    assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* ---- memory ---- */

static void stage_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 0; n < 6; n++) {
        long before = mem_live();
        struct stage_shared shared = { 0 };
        struct stage *s = NULL;
        enum err e;

        mem_fail_after(n);
        e = stage_new(&s, &shared, (struct now){ 0 });
        mem_fail_after(-1);
        if (e == ERR_OK)
            stage_free(s);
        else
            assert_null(s);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK) {
            assert_true(n >= 4);
            return;
        }
    }
    fail();
}

/* Opening a leg, every allocation failing in turn: refused or opened, never half. */
static void open_survives_lack_of_memory(void **state)
{
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct client *c;
    struct stage_rig r;
    bool opened = false;

    (void)state;
    stage_rig_init(&r);
    config.identity = r.client_identity;
    assert_int_equal(client_new(&c, &config, r.now), ERR_OK);
    for (long n = 0; n < 60 && !opened; n++) {
        struct media_command cmd = { .kind = MEDIA_LEG_OPEN,
                                     .leg = { 9 },
                                     .member = 1,
                                     .plan = config.plan,
                                     .offer = client_offer(c),
                                     .offer_len = strlen(client_offer(c)) };
        long before = mem_live();
        struct stage_out out;
        int answers = 0, refusals = 0;

        mem_fail_after(n);
        stage_command(r.stage, r.now, &cmd);
        mem_fail_after(-1);
        while (stage_poll(r.stage, &out)) {
            answers += out.kind == STAGE_OUT_EVENT && out.event->kind == MEDIA_ANSWER;
            refusals += out.kind == STAGE_OUT_EVENT && out.event->kind == MEDIA_REFUSED;
        }
        assert_int_equal(answers + refusals, 1);
        opened = answers == 1;
        if (!opened) {
            assert_true(stage_empty(r.stage));
            assert_int_equal(mem_live(), before);
        }
    }
    assert_true(opened);
    client_free(c);
    stage_rig_deinit(&r);
}

/* A whole join and a second of lesson, the n-th allocation failing: no crash, no leak, and the
 * lesson works or says that it does not. */
static void lesson_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 1; n < 400; n += 7) {
        long before = mem_live();
        struct stage_rig r;

        stage_rig_init(&r);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_join(&r, 2, 2, 1);
        stage_rig_run(&r, 15 * US_PER_MS);
        mem_fail_after(n);
        stage_rig_run(&r, US_PER_S);
        mem_fail_after(-1);
        stage_rig_run(&r, US_PER_S);
        stage_rig_deinit(&r);
        assert_int_equal(mem_live(), before);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_people_see_and_hear_each_other),
        cmocka_unit_test(latecomer_gets_a_picture_at_once),
        cmocka_unit_test(key_frame_is_asked_for_without_a_packet),
        cmocka_unit_test(voice_and_picture_tell_the_same_time),
        cmocka_unit_test(closed_gate_lets_nothing_out),
        cmocka_unit_test(each_kind_has_its_own_gate),
        cmocka_unit_test(nothing_is_kept_for_later),
        cmocka_unit_test(gate_is_read_at_the_moment_of_each_packet),
        cmocka_unit_test(closing_takes_back_what_has_not_left),
        cmocka_unit_test(stream_is_unbroken_across_a_pause),
        cmocka_unit_test(rooms_of_3_to_12),
        cmocka_unit_test(seats_beyond_the_limit_are_refused),
        cmocka_unit_test(loudest_get_the_audio_slots),
        cmocka_unit_test(picture_follows_the_speaker),
        cmocka_unit_test(screen_has_a_slot_of_its_own),
        cmocka_unit_test(leaving_frees_the_slots),
        cmocka_unit_test(stage_close_drops_everyone),
        cmocka_unit_test(silent_death_is_noticed),
        cmocka_unit_test(lost_pictures_are_repeated),
        cmocka_unit_test(reordering_and_doubles_cost_nothing),
        cmocka_unit_test(picture_loss_is_passed_on_once_per_window),
        cmocka_unit_test(request_is_repeated_until_a_key_frame_comes),
        cmocka_unit_test(best_layer_alive_is_forwarded),
        cmocka_unit_test(other_browsers_habits),
        cmocka_unit_test(unusable_offers_are_refused_by_name),
        cmocka_unit_test(probe_connects_and_carries_nothing),
        cmocka_unit_test(rtp_flood_is_limited),
        cmocka_unit_test(rubbish_disturbs_nobody),
        cmocka_unit_test(small_slab_only_costs_more_calls),
        cmocka_unit_test(stage_survives_lack_of_memory),
        cmocka_unit_test(open_survives_lack_of_memory),
        cmocka_unit_test(lesson_survives_lack_of_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
