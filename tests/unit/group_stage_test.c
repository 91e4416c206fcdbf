/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media with many: a stage of 20 people on virtual time, real DTLS and
 * SRTP; three voices by level for everybody, pictures by speaker, pin and page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/support/stage_rig.h"

#define PEOPLE 20

static struct stage_rig r; /* too large for a stack */

/* Everybody quiet; the first `cameras` show themselves. */
static void meet(int people, int cameras)
{
    stage_rig_init(&r);
    r.group = true;
    for (int i = 0; i < people; i++) {
        stage_rig_join(&r, 3, 9, 1);
        r.c[i].level = 110;
        r.c[i].camera = i < cameras;
        stage_rig_gate(&r, i, true, i < cameras, false, true);
    }
    stage_rig_run_live(&r);
    stage_rig_run(&r, US_PER_S);
}

static bool hears(int i, int who)
{
    return stage_rig_slot(&r, i, who + 1, false) >= 0;
}

static bool sees(int i, int who)
{
    return stage_rig_slot(&r, i, who + 1, true) >= 0;
}

static void look(int i, int page, int pin)
{
    struct media_command cmd = { .kind = MEDIA_LEG_VIEW, .leg = r.c[i].id };

    cmd.view.page = page;
    if (pin >= 0)
        cmd.view.pins[cmd.view.pins_n++] = (uint16_t)(pin + 1);
    stage_command(r.stage, r.now, &cmd);
    stage_rig_run(&r, 100 * US_PER_MS);
}

static void a_new_voice_reaches_everybody_within_300_ms(void **state)
{
    (void)state;
    meet(PEOPLE, 0);
    for (int k = 0; k < 3; k++)
        r.c[k].level = 20;
    stage_rig_run(&r, 2 * US_PER_S);
    for (int k = 0; k < 3; k++)
        r.c[k].level = 110;
    stage_rig_run(&r, 800 * US_PER_MS);
    r.c[15].level = 20;
    stage_rig_run(&r, 120 * US_PER_MS); /* two loud packets, two ways of 20 ms, one tick */
    for (int i = 0; i < PEOPLE; i++)
        assert_int_equal(hears(i, 15), i != 15);
    stage_rig_run(&r, 200 * US_PER_MS);
    assert_int_equal(r.speaking_n, 1);
    assert_int_equal(r.speaking[0], 16);
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void three_at_once_are_heard_and_the_fourth_waits_for_a_gap(void **state)
{
    (void)state;
    meet(6, 0);
    for (int k = 1; k < 4; k++)
        r.c[k].level = 30;
    stage_rig_run(&r, 2 * US_PER_S);
    assert_true(hears(0, 1) && hears(0, 2) && hears(0, 3));
    r.c[5].level = 10; /* 20 dB louder */
    stage_rig_run(&r, US_PER_S);
    assert_false(hears(0, 5));
    r.c[2].level = 110;
    stage_rig_run(&r, 200 * US_PER_MS);
    assert_true(hears(0, 5));
    assert_false(hears(0, 2));
    assert_true(hears(5, 1) && hears(5, 3)); /* who is heard hears the other two */
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void a_shut_microphone_claims_nothing(void **state)
{
    uint64_t before;

    (void)state;
    meet(8, 0);
    stage_rig_gate(&r, 7, false, false, false,
                   true); /* a listener whose client sends all the same */
    r.c[7].level = 0;
    stage_rig_run(&r, 100 * US_PER_MS);
    before = stage_rig_rtp_in(&r, 0);
    stage_rig_run(&r, 6 * US_PER_S);
    for (int i = 0; i < 7; i++)
        assert_false(hears(i, 7));
    assert_int_equal(r.speaking_n, 0);
    assert_true(stage_rig_rtp_in(&r, 0) > before); /* the others' silence still comes */
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

static void pictures_by_speaker_pin_and_page(void **state)
{
    (void)state;
    meet(PEOPLE, PEOPLE);
    assert_true(sees(5, 0)); /* the host */
    assert_false(sees(5, 5));
    assert_false(sees(5, 17));
    r.c[17].level = 20;
    stage_rig_run(&r, 500 * US_PER_MS);
    assert_true(sees(5, 17) && sees(6, 17));
    look(5, 0, 19);
    assert_true(sees(5, 19) && sees(5, 0) && sees(5, 17));
    assert_false(sees(6, 19)); /* the choice is the viewer's own */
    look(6, 2, -1);            /* 18 others by 7: 1 to 5, 7 and 8 come first */
    for (int k = 9; k <= 15; k++)
        assert_true(sees(6, k));
    assert_true(sees(6, 0) && sees(6, 17));
    stage_rig_run(&r, US_PER_S);
    for (int k = 9; k <= 15; k++) {
        int slot = stage_rig_slot(&r, 6, k + 1, true);

        assert_true(r.c[6].rtp_in[slot] > 0);
        assert_int_equal(r.c[6].last_mark[slot], k + 1);
    }
    stage_rig_assert_unbroken(&r);
    stage_rig_deinit(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_voice_reaches_everybody_within_300_ms),
        cmocka_unit_test(three_at_once_are_heard_and_the_fourth_waits_for_a_gap),
        cmocka_unit_test(a_shut_microphone_claims_nothing),
        cmocka_unit_test(pictures_by_speaker_pin_and_page),
    };

    return cmocka_run_group_tests_name("stage of a group", tests, NULL, NULL);
}
