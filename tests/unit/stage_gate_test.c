/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media's gates: default deny, by kind and direction, to the packet, with
 * nothing kept for later.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/support/stage_rig.h"

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
        stage_rig_assert_unbroken(&r);
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
    stage_rig_assert_unbroken(&r);
    assert_true(stage_counters(r.stage)->plis_out >= plis + 3);
    stage_rig_deinit(&r);
}

/* Voice only, by the receiver's own wish: the voice flows on, no packet of a picture or screen
 * comes, and whoever sends them is told that nobody wants them. */
static void who_wants_no_pictures_gets_the_voice(void **state)
{
    static const struct leg_gate open = { true, true, true, true, false };
    struct client_config config = { .plan = { 2, 2, 1 } };
    struct media_command cmd = { .kind = MEDIA_LEG_GATE, .gate = open };
    struct stage_rig r;
    uint64_t voice = 0, picture = 0;

    (void)state;
    stage_rig_init(&r);
    stage_rig_add(&r, &config, &open);
    stage_rig_add(&r, &config, &open);
    r.c[0].screen = true;
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
    for (int turn = 0; turn < 2; turn++) {
        cmd.leg = r.c[1].id;
        cmd.gate.no_pictures = turn == 0;
        stage_command(r.stage, r.now, &cmd);
        stage_rig_run(&r, US_PER_S);
        voice = r.c[1].rtp_in[0] + r.c[1].rtp_in[1];
        picture = r.c[1].rtp_in[2] + r.c[1].rtp_in[3] + r.c[1].rtp_in[4];
        stage_rig_run(&r, US_PER_S);
        assert_in_range(r.c[1].rtp_in[0] + r.c[1].rtp_in[1] - voice, 45, 55);
        picture = r.c[1].rtp_in[2] + r.c[1].rtp_in[3] + r.c[1].rtp_in[4] - picture;
        assert_true(turn == 0 ? picture == 0 : picture > 20);
    }
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closed_gate_lets_nothing_out),
        cmocka_unit_test(each_kind_has_its_own_gate),
        cmocka_unit_test(nothing_is_kept_for_later),
        cmocka_unit_test(gate_is_read_at_the_moment_of_each_packet),
        cmocka_unit_test(closing_takes_back_what_has_not_left),
        cmocka_unit_test(stream_is_unbroken_across_a_pause),
        cmocka_unit_test(who_wants_no_pictures_gets_the_voice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
