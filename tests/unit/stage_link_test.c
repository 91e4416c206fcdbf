/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media: a child behind a weak link, a mentor with three layers of
 * three temporal layers each, everything real but the time: DTLS, SRTP,
 * transport-wide feedback, probes, pace and ladder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/media/leg.h"
#include "tests/support/stage_rig.h"

#define CHILD 0
#define MENTOR 1

static void begin_with(struct stage_rig *r, int layers, int64_t bps, bool no_feedback)
{
    struct client_config config = { .plan = { 2, 2, 1 },
                                    .camera_layers = layers,
                                    .no_feedback = no_feedback };

    stage_rig_init(r);
    stage_rig_add(r, &config, NULL);
    stage_rig_add(r, &config, NULL);
    r->c[CHILD].camera = false;
    r->c[MENTOR].temporal = r->c[MENTOR].obeys = true;
    stage_rig_run_live(r);
    r->c[CHILD].down = (struct narrow_link){
        .bps = bps, .queue_us = 400 * US_PER_MS, .delay_us = 30 * US_PER_MS, .rnd = { 3 }
    };
}

static void begin(struct stage_rig *r, int64_t bps, bool no_feedback)
{
    begin_with(r, 3, bps, no_feedback);
}

static int picture_slot(const struct stage_rig *r)
{
    int slot = stage_rig_slot(r, CHILD, MENTOR + 1, true);

    assert_true(slot >= 0);
    return slot;
}

static enum media_step step(const struct stage_rig *r)
{
    return r->c[CHILD].leg->slots[picture_slot(r)].step;
}

static uint64_t voices(const struct stage_rig *r)
{
    return r->c[CHILD].rtp_in[stage_rig_slot(r, CHILD, MENTOR + 1, false)];
}

/* Time in ms until the step is in lo..hi. */
static int64_t reach(struct stage_rig *r, enum media_step lo, enum media_step hi)
{
    int64_t from = r->now.mono_us;

    while ((step(r) < lo || step(r) > hi) && r->now.mono_us - from < 30 * US_PER_S)
        stage_rig_run(r, 20 * US_PER_MS);
    return (r->now.mono_us - from) / US_PER_MS;
}

/* Runs s seconds; how many times the step changed, and the voices that came, in permille. */
static int hold(struct stage_rig *r, int s, int64_t *permille)
{
    enum media_step before = step(r);
    uint64_t came = voices(r);
    int changes = 0;

    for (int i = 0; i < s * 50; i++) {
        stage_rig_run(r, 20 * US_PER_MS);
        changes += step(r) != before;
        before = step(r);
    }
    *permille = (int64_t)(voices(r) - came) * 1000 / (s * 50);
    return changes;
}

static void say(const struct stage_rig *r, const char *what, int64_t ms, int64_t permille,
                int changes)
{
    const struct leg *l = r->c[CHILD].leg;

    print_message("%s: %lld ms, then step %d, estimate %lld kbit/s, voice %lld permille, "
                  "%d changes\n",
                  what, (long long)ms, (int)step(r),
                  (long long)estimate_bps(&l->estimate, r->now.mono_us) / 1000, (long long)permille,
                  changes);
}

static void the_picture_gives_way_and_comes_back(void **state)
{
    struct stage_rig r;
    int64_t ms, permille;
    int changes;

    (void)state;
    begin(&r, 1500000, false);
    ms = reach(&r, MEDIA_STEP_TOP, MEDIA_STEP_TOP);
    changes = hold(&r, 10, &permille);
    say(&r, "start at 1500", ms, permille, changes);
    assert_true(ms <= 5000);
    assert_int_equal(step(&r), MEDIA_STEP_TOP);

    r.c[CHILD].down.bps = 300000;
    ms = reach(&r, MEDIA_STEP_VOICE, MEDIA_STEP_LOW);
    changes = hold(&r, 20, &permille);
    say(&r, "1500 to 300", ms, permille, changes);
    assert_true(ms <= 3000);
    assert_true(step(&r) >= MEDIA_STEP_SLOW);

    r.c[CHILD].down.bps = 128000;
    ms = reach(&r, MEDIA_STEP_VOICE, MEDIA_STEP_SLOW);
    changes = hold(&r, 20, &permille);
    say(&r, "300 to 128", ms, permille, changes);
    assert_true(ms <= 3000);

    r.c[CHILD].down.bps = 64000;
    ms = reach(&r, MEDIA_STEP_VOICE, MEDIA_STEP_STILL);
    stage_rig_run(&r, US_PER_S);
    changes = hold(&r, 60, &permille);
    say(&r, "128 to 64", ms, permille, changes);
    assert_true(ms <= 3000);
    assert_true(permille >= 970);
    assert_true(r.c[CHILD].slots[picture_slot(&r)].picture); /* and the room was told */
    assert_int_equal(r.c[CHILD].slots[picture_slot(&r)].step, step(&r));

    r.c[CHILD].down.bps = 1500000;
    ms = reach(&r, MEDIA_STEP_TOP, MEDIA_STEP_TOP);
    changes = hold(&r, 20, &permille);
    say(&r, "64 to 1500", ms, permille, changes);
    assert_true(ms <= 15000);
    assert_true(changes <= 2 && permille >= 990);
    assert_int_equal(step(&r), MEDIA_STEP_TOP);
    assert_int_equal(r.c[CHILD].client->refused, 0);
    assert_int_equal(r.c[CHILD].leg->sent->refused, 0);
    stage_rig_deinit(&r);
}

/* What nobody receives is not sent: of two layers one, and two while a picture changes over. */
static void a_lesson_of_two_sends_one_layer(void **state)
{
    struct stage_rig r;
    int64_t permille;

    (void)state;
    begin_with(&r, 2, 0, false);
    stage_rig_run(&r, 5 * US_PER_S);
    assert_int_equal(r.c[MENTOR].told, 1 << 1);
    assert_int_equal(r.c[MENTOR].tellings, 0); /* it knew */
    assert_int_equal(r.c[CHILD].last_mark[picture_slot(&r)], MENTOR + 1 + 32);

    r.c[CHILD].down.bps = 300000;
    (void)reach(&r, MEDIA_STEP_LOW, MEDIA_STEP_LOW);
    stage_rig_run(&r, US_PER_S);
    assert_true(r.c[MENTOR].told & 1);
    (void)hold(&r, 4, &permille);
    assert_int_equal(r.c[MENTOR].told, 1 << 0);
    assert_int_equal(r.c[CHILD].last_mark[picture_slot(&r)], MENTOR + 1);
    stage_rig_assert_unbroken(&r);

    stage_rig_gate(&r, CHILD, true, false, false, false); /* nobody receives: what goes, goes on */
    stage_rig_run(&r, 5 * US_PER_S);
    assert_int_equal(r.c[MENTOR].told, 1 << 0);
    stage_rig_deinit(&r);
}

/* A client that cannot send what it was told to: the picture that comes is shown. */
static void a_layer_that_never_comes_is_not_waited_for(void **state)
{
    struct stage_rig r;
    uint64_t came;

    (void)state;
    begin_with(&r, 2, 0, false);
    r.c[MENTOR].layers_on = 1;
    came = r.c[CHILD].rtp_in[picture_slot(&r)];
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[CHILD].rtp_in[picture_slot(&r)], came);
    stage_rig_run(&r, 6 * US_PER_S);
    assert_true(r.c[CHILD].rtp_in[picture_slot(&r)] > came + 25);
    assert_true(r.c[MENTOR].told & 1);
    assert_int_equal(step(&r), MEDIA_STEP_LOW);
    assert_int_equal(r.c[CHILD].last_mark[picture_slot(&r)], MENTOR + 1);
    stage_rig_deinit(&r);
}

/* The same steps by REMB alone, on a link that loses nothing: no number is ever missing. */
static void what_is_left_out_leaves_no_gap(void **state)
{
    static const struct {
        uint64_t bps;
        enum media_step step;
        int lo, hi; /* pictures' packets in 8 s */
    } phases[] = {
        { 2000000, MEDIA_STEP_TOP, 8 * 100, 8 * 130 },
        { 160000, MEDIA_STEP_SLOW, 8 * 10, 8 * 16 },
        { 90000, MEDIA_STEP_STILL, 4, 16 },
        { 40000, MEDIA_STEP_VOICE, 0, 0 },
        { 160000, MEDIA_STEP_SLOW, 8 * 7, 8 * 16 },
        { 280000, MEDIA_STEP_LOW, 8 * 22, 8 * 38 },
        { 2000000, MEDIA_STEP_TOP, 8 * 80, 8 * 130 },
    };
    struct stage_rig r;

    (void)state;
    begin(&r, 0, true);
    stage_rig_run(&r, 2 * US_PER_S);
    for (size_t i = 0; i < sizeof phases / sizeof phases[0]; i++) {
        uint64_t before;

        for (int s = 0; s < 4; s++) {
            client_remb(r.c[CHILD].client, phases[i].bps);
            stage_rig_run(&r, US_PER_S);
        }
        before = r.c[CHILD].rtp_in[picture_slot(&r)];
        for (int s = 0; s < 8; s++) {
            client_remb(r.c[CHILD].client, phases[i].bps);
            stage_rig_run(&r, US_PER_S);
        }
        print_message("REMB %d kbit/s: step %d, %d packets in 8 s\n", (int)(phases[i].bps / 1000),
                      (int)step(&r), (int)(r.c[CHILD].rtp_in[picture_slot(&r)] - before));
        assert_int_equal(step(&r), phases[i].step);
        assert_in_range(r.c[CHILD].rtp_in[picture_slot(&r)] - before, phases[i].lo, phases[i].hi);
        stage_rig_assert_unbroken(&r);
    }
    assert_int_equal(r.c[CHILD].client->padding, 0);
    stage_rig_deinit(&r);
}

/* WebCodecs does not say which frames an upper temporal layer may begin with. A picture that had
 * been thinned out once then stayed at six frames a second on the widest of links. */
static void a_sender_that_marks_no_sync_frames_comes_back_whole(void **state)
{
    struct stage_rig r;
    uint64_t came;

    (void)state;
    begin_with(&r, 1, 0, true);
    r.c[MENTOR].client->streams[CLIENT_CAMERA][0].no_sync = true;
    for (int s = 0; s < 4; s++) {
        client_remb(r.c[CHILD].client, 160000);
        stage_rig_run(&r, US_PER_S);
    }
    assert_int_equal(step(&r), MEDIA_STEP_SLOW);
    for (int s = 0; s < 8; s++) {
        came = r.c[CHILD].rtp_in[picture_slot(&r)];
        client_remb(r.c[CHILD].client, 2000000);
        stage_rig_run(&r, US_PER_S);
    }
    assert_int_equal(step(&r), MEDIA_STEP_LOW);
    assert_true(r.c[CHILD].rtp_in[picture_slot(&r)] - came >= 25);
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

/* What waits for its turn is behind the gate, too. */
static void held_pictures_do_not_pass_a_closed_gate(void **state)
{
    struct stage_rig r;
    int slot;
    uint64_t came;

    (void)state;
    begin(&r, 600000, false);
    stage_rig_run(&r, 10 * US_PER_S);
    slot = picture_slot(&r);
    for (int i = 0; i < 2000 && r.c[CHILD].leg->slots[slot].held_n == 0; i++)
        stage_rig_run(&r, 5 * US_PER_MS);
    assert_true(r.c[CHILD].leg->slots[slot].held_n > 0);
    stage_rig_gate(&r, MENTOR, true, false, false, true);
    assert_int_equal(stage_rig_slot(&r, CHILD, MENTOR + 1, true), slot);
    r.c[CHILD].down.bps = 0; /* what is on its way comes at once */
    came = r.c[CHILD].leg->slots[slot].packets;
    stage_rig_run(&r, 2 * US_PER_S);
    assert_int_equal(r.c[CHILD].leg->slots[slot].packets, came);
    assert_int_equal(r.c[CHILD].leg->slots[slot].held_n, 0);
    stage_rig_deinit(&r);
}

/* 20 s without a packet either way: the steps come back by themselves. */
static bool cut_off(struct stage_rig *r, int i, bool to_server, const uint8_t *data, size_t len)
{
    (void)to_server;
    (void)data;
    (void)len;
    return !(r->busy && i == CHILD);
}

/* Cuts and failed probes of the outage itself had kept the picture away for 10.9 s. */
static void out_and_back(int64_t then_bps, int64_t *moving_ms, int64_t *whole_ms,
                         enum media_step whole)
{
    struct stage_rig r;
    int64_t permille;

    begin(&r, 1500000, false);
    r.filter = cut_off;
    (void)reach(&r, MEDIA_STEP_TOP, MEDIA_STEP_TOP);
    (void)hold(&r, 5, &permille);
    r.busy = true;
    (void)hold(&r, 20, &permille);
    assert_true(permille <= 5); /* what was on its way */
    r.busy = false;
    r.c[CHILD].down.bps = then_bps;
    *moving_ms = reach(&r, MEDIA_STEP_SLOW, MEDIA_STEP_TOP);
    *whole_ms = *moving_ms + reach(&r, whole, MEDIA_STEP_TOP);
    (void)hold(&r, 5, &permille);
    say(&r, "behind an outage of 20 s", *whole_ms, permille, 0);
    assert_true(permille >= 970);
    stage_rig_deinit(&r);
}

static void the_picture_is_back_after_an_outage(void **state)
{
    int64_t moving_ms, whole_ms;

    (void)state;
    out_and_back(1500000, &moving_ms, &whole_ms, MEDIA_STEP_TOP);
    assert_in_range(moving_ms, 0, 2500);
    assert_in_range(whole_ms, 0, 5000);
}

static bool sender_cut_off(struct stage_rig *r, int i, bool to_server, const uint8_t *data,
                           size_t len)
{
    (void)to_server;
    (void)data;
    (void)len;
    return !(r->busy && i == MENTOR);
}

/* Of the other side: the receiver's link was idle meanwhile. */
static void the_picture_of_who_was_away_comes_at_once(void **state)
{
    struct stage_rig r;
    int64_t permille, from_us;
    uint64_t came;

    (void)state;
    begin(&r, 1500000, false);
    r.filter = sender_cut_off;
    (void)reach(&r, MEDIA_STEP_TOP, MEDIA_STEP_TOP);
    (void)hold(&r, 5, &permille);
    r.busy = true;
    (void)hold(&r, 20, &permille);
    r.busy = false;
    from_us = r.now.mono_us;
    came = r.c[CHILD].rtp_in[picture_slot(&r)];
    while (r.c[CHILD].rtp_in[picture_slot(&r)] < came + 50 &&
           r.now.mono_us - from_us < 20 * US_PER_S)
        stage_rig_run(&r, 20 * US_PER_MS);
    print_message("away for 20 s: pictures %d ms after, step %d, estimate %d\n",
                  (int)((r.now.mono_us - from_us) / 1000), (int)step(&r),
                  (int)estimate_bps(&r.c[CHILD].leg->estimate, r.now.mono_us));
    assert_in_range(r.now.mono_us - from_us, 0, 2 * US_PER_S);
    stage_rig_deinit(&r);
}

/* What was before the outage is no more than a hint. */
static void behind_an_outage_the_link_may_be_narrower(void **state)
{
    int64_t moving_ms, whole_ms;

    (void)state;
    out_and_back(300000, &moving_ms, &whole_ms, MEDIA_STEP_LOW);
    assert_in_range(moving_ms, 0, 3000);
    out_and_back(200000, &moving_ms, &whole_ms, MEDIA_STEP_SLOW);
    assert_in_range(moving_ms, 0, 10000);
}

/* Who comes instead of the one with the narrow link has another one. */
static void a_smaller_voice_ends_with_its_hearer(void **state)
{
    struct stage_rig r;

    (void)state;
    begin(&r, 64000, false);
    stage_rig_run(&r, 10 * US_PER_S);
    assert_int_equal(r.c[MENTOR].most.voice, LEG_THRIFTY_BPS);
    stage_rig_close(&r, CHILD);
    stage_rig_run(&r, US_PER_S);
    assert_int_equal(r.c[MENTOR].most.voice, 0);
    assert_int_equal(r.c[MENTOR].rate_tellings, 2);
    stage_rig_deinit(&r);
}

/* Its speaker is told once, and once more when the link is wide again; so is the child itself, for
 * what is narrow one way mostly is so both ways: its voice came in 89 of 100 times up 64 kbit/s. */
static void a_narrow_link_takes_a_smaller_voice(void **state)
{
    struct stage_rig r;

    (void)state;
    begin(&r, 1500000, false);
    stage_rig_run(&r, 5 * US_PER_S);
    assert_int_equal(r.c[MENTOR].rate_tellings, 0);
    r.c[CHILD].down.bps = 64000;
    stage_rig_run(&r, 5 * US_PER_S);
    assert_int_equal(r.c[MENTOR].most.voice, LEG_THRIFTY_BPS);
    assert_int_equal(r.c[MENTOR].rate_tellings, 1);
    r.c[CHILD].down.bps = 1500000;
    stage_rig_run(&r, 15 * US_PER_S);
    assert_int_equal(r.c[MENTOR].most.voice, 0);
    assert_int_equal(r.c[MENTOR].rate_tellings, 2);
    assert_int_equal(r.c[CHILD].rate_tellings, 2);
    stage_rig_deinit(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_picture_gives_way_and_comes_back),
        cmocka_unit_test(a_lesson_of_two_sends_one_layer),
        cmocka_unit_test(a_layer_that_never_comes_is_not_waited_for),
        cmocka_unit_test(what_is_left_out_leaves_no_gap),
        cmocka_unit_test(a_sender_that_marks_no_sync_frames_comes_back_whole),
        cmocka_unit_test(held_pictures_do_not_pass_a_closed_gate),
        cmocka_unit_test(a_narrow_link_takes_a_smaller_voice),
        cmocka_unit_test(a_smaller_voice_ends_with_its_hearer),
        cmocka_unit_test(the_picture_is_back_after_an_outage),
        cmocka_unit_test(the_picture_of_who_was_away_comes_at_once),
        cmocka_unit_test(behind_an_outage_the_link_may_be_narrower),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
