/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media: whole lessons of 2 to 12 people on virtual time, real DTLS and
 * SRTP on both sides; who gets what through which slot.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/media/leg.h"
#include "server/rtc/rtcp.h"
#include "tests/support/stage_rig.h"

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
    stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
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
        stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
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
    return !(i == 0 && to_server && stage_rig_is_rtp(data, len) && len > 500);
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

/* ---- a voice on a lossy link ---- */

/* Every seventh packet of voice on its way to client 1. */
static bool lose_voices(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    static uint64_t n;

    (void)r;
    return !(i == 1 && !to_server && stage_rig_is_rtp(data, len) && len < 200 && n++ % 7 == 0);
}

static void a_lost_voice_packet_is_sent_again_as_it_was(void **state)
{
    struct client_config config = { .plan = { 2, 2, 1 }, .voice_nack = true };
    struct stage_rig r;
    uint64_t before, resent;
    int slot;

    (void)state;
    stage_rig_init(&r);
    stage_rig_add(&r, &config, NULL);
    stage_rig_add(&r, &config, NULL);
    r.c[0].camera = r.c[1].camera = false;
    stage_rig_run_live(&r);
    stage_rig_run(&r, 2 * US_PER_S);
    slot = stage_rig_slot(&r, 1, 1, false);
    assert_null(r.c[1].leg->slots[slot].copies); /* nobody asked */
    r.filter = lose_voices;
    stage_rig_run(&r, US_PER_S);
    assert_non_null(r.c[1].leg->slots[slot].copies);
    assert_null(r.c[0].leg->slots[stage_rig_slot(&r, 0, 2, false)].copies);
    before = r.c[1].rtp_in[slot];
    resent = stage_counters(r.stage)->resent;
    stage_rig_run(&r, 7 * US_PER_S);
    assert_in_range(r.c[1].rtp_in[slot] - before, 7 * 50 - 2, 7 * 50 + 2);
    assert_in_range(stage_counters(r.stage)->resent - resent, 45, 70);
    assert_int_equal(r.c[1].client->refused, 0); /* every repeat was authentic */
    /* through a closed gate nothing is said again */
    stage_rig_gate(&r, 0, false, false, false, true);
    resent = stage_counters(r.stage)->resent;
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(stage_counters(r.stage)->resent, resent);
    stage_rig_deinit(&r);
}

/* Who cannot ask again is helped by its speaker's in-band FEC: the speaker is told of the loss. */
static void a_speaker_hears_of_losses_on_the_far_link(void **state)
{
    struct stage_rig r;

    (void)state;
    stage_rig_init(&r);
    stage_rig_join(&r, 2, 2, 1);
    stage_rig_join(&r, 2, 2, 1);
    r.c[0].camera = r.c[1].camera = false;
    stage_rig_run_live(&r);
    r.filter = lose_voices;
    stage_rig_run(&r, 5 * US_PER_S);
    assert_in_range(r.c[0].client->voice_fraction_lost, 256 / 10, 256 / 5);
    assert_int_equal(r.c[1].client->voice_fraction_lost, 0);
    r.filter = NULL;
    stage_rig_run(&r, 6 * US_PER_S);
    assert_int_equal(r.c[0].client->voice_fraction_lost, 0);
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
    stage_rig_assert_unbroken(&r); /* each change at a key frame, in one stream */
    stage_rig_deinit(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_people_see_and_hear_each_other),
        cmocka_unit_test(latecomer_gets_a_picture_at_once),
        cmocka_unit_test(key_frame_is_asked_for_without_a_packet),
        cmocka_unit_test(voice_and_picture_tell_the_same_time),
        cmocka_unit_test(rooms_of_3_to_12),
        cmocka_unit_test(seats_beyond_the_limit_are_refused),
        cmocka_unit_test(loudest_get_the_audio_slots),
        cmocka_unit_test(picture_follows_the_speaker),
        cmocka_unit_test(screen_has_a_slot_of_its_own),
        cmocka_unit_test(leaving_frees_the_slots),
        cmocka_unit_test(stage_close_drops_everyone),
        cmocka_unit_test(silent_death_is_noticed),
        cmocka_unit_test(picture_loss_is_passed_on_once_per_window),
        cmocka_unit_test(request_is_repeated_until_a_key_frame_comes),
        cmocka_unit_test(a_lost_voice_packet_is_sent_again_as_it_was),
        cmocka_unit_test(a_speaker_hears_of_losses_on_the_far_link),
        cmocka_unit_test(best_layer_alive_is_forwarded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
