/* SPDX-License-Identifier: Apache-2.0
 *
 * The lesson room and media over the WebSocket: in the place of an offer, and
 * in the place of a leg that there was before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "tests/support/lab.h"

#define MIC_CAMERA "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":false}"
#define OFFER "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}"

static struct lab g; /* too large for the stack of a sanitizer build */

/* Media over the WebSocket: held and gated like an offer, answered by `frames`. */
static void frames_take_the_place_of_an_offer(void **state)
{
    static const char ask[] = "{\"type\":\"frames\"}";
    uint64_t child, mentor;

    (void)state;
    lab_init(&g, 1, 5 * MS_PER_MIN);
    child = lab_join(&g, LAB_CHILD);
    lab_say(&g, child, ask);
    lab_say(&g, child, MIC_CAMERA);
    assert_false(g.conns[child].leg_open); /* its mentor is not in */
    assert_int_equal(lab_count(&g, child, SIG_SERVER_FRAMES), 0);
    lab_say(&g, child, ask); /* twice */
    assert_true(lab_refused_with(&g, child, SIG_ERROR_NOT_NOW));
    lab_say(&g, child, OFFER); /* or the other way beside it */
    assert_string_equal(lab_last(&g, child, SIG_SERVER_ERROR)->u.error.re, "offer");
    mentor = lab_join(&g, LAB_MENTOR);
    lab_talk(&g, mentor);
    assert_true(g.conns[child].leg_open);
    lab_media(&g, child, MEDIA_LIVE);
    assert_int_equal(lab_count(&g, child, SIG_SERVER_FRAMES), 1);
    assert_int_equal(lab_count(&g, child, SIG_SERVER_ANSWER), 0);
    assert_true(lab_hears(&g, mentor, child) && lab_sees(&g, mentor, child) &&
                lab_hears(&g, child, mentor));
    lab_media(&g, child, MEDIA_KEY);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_KEY_FRAME)->u.key_frame.source,
                     SIG_SOURCE_CAMERA);
    lab_media(&g, child, MEDIA_LAYERS);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_LAYERS)->u.layers.camera, 2);
    lab_media(&g, child, MEDIA_RATES);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_RATES)->u.rates.voice, 16000);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_RATES)->u.rates.camera, 40000);
    lab_media(&g, child, MEDIA_BAD_FRAME);
    assert_int_equal(lab_last(&g, child, SIG_SERVER_BAD_FRAME)->u.bad_frame.code,
                     SIG_MEDIA_REFUSAL_BAD_SLOT);
    assert_int_equal(lab_count(&g, mentor, SIG_SERVER_FRAMES), 0);
    lab_say(&g, child, "{\"type\":\"rest\",\"on\":true}");
    assert_false(lab_hears(&g, mentor, child) || lab_sees(&g, mentor, child));
    lab_deinit(&g);
}

/* From UDP to frames and back on one connection: nobody else sees anything of it, no row is
 * written. */
static void a_leg_makes_room_for_another_one(void **state)
{
    static const char ask[] = "{\"type\":\"frames\"}";
    struct media_event late = { .kind = MEDIA_DEAD };
    uint64_t child, mentor;
    int rows, told;
    long events;

    (void)state;
    lab_two(&g, &mentor, &child);
    assert_true(lab_hears(&g, mentor, child) && lab_hears(&g, child, mentor));
    late.leg = g.conns[child].leg;
    rows = g.rows_n;
    events = g.events_n;
    told = lab_count(&g, mentor, SIG_SERVER_MEMBER) + lab_count(&g, mentor, SIG_SERVER_ROOM);
    lab_say(&g, child, ask);
    assert_int_equal(g.conns[child].opened, 2);
    assert_true(leg_conn(g.conns[child].leg) == child && g.conns[child].leg.v != late.leg.v);
    lab_say(&g, child, ask); /* before it is answered */
    assert_true(lab_refused_with(&g, child, SIG_ERROR_NOT_NOW));
    room_media(g.room, g.now, &late); /* of the leg that has gone */
    lab_drain(&g);
    assert_true(g.conns[child].leg_open);
    lab_media(&g, child, MEDIA_LIVE);
    assert_int_equal(lab_count(&g, child, SIG_SERVER_FRAMES), 1);
    assert_true(lab_hears(&g, mentor, child) && lab_hears(&g, child, mentor));
    lab_say(&g, child, OFFER);
    assert_int_equal(g.conns[child].opened, 3);
    lab_media(&g, child, MEDIA_ANSWER);
    assert_int_equal(lab_count(&g, child, SIG_SERVER_ANSWER), 2);
    assert_true(lab_hears(&g, mentor, child) && lab_sees(&g, mentor, child) &&
                lab_hears(&g, child, mentor));
    lab_media(&g, child, MEDIA_DEAD); /* a leg that died may be replaced too */
    assert_true(lab_shut(&g, child));
    lab_say(&g, child, ask);
    lab_media(&g, child, MEDIA_LIVE);
    assert_true(lab_hears(&g, mentor, child) && lab_hears(&g, child, mentor));
    assert_int_equal(
        lab_count(&g, mentor, SIG_SERVER_MEMBER) + lab_count(&g, mentor, SIG_SERVER_ROOM), told);
    assert_true(g.rows_n == rows && g.events_n == events);
    lab_deinit(&g);
}

/* Voice only: this person gets no pictures, also on another leg; the others are told, and hear and
 * see as before. A new connection wants pictures until it says otherwise. */
static void voice_only_is_a_wish_of_the_connection(void **state)
{
    uint64_t child, mentor;

    (void)state;
    lab_two(&g, &mentor, &child);
    assert_true(lab_sees(&g, child, mentor) && lab_sees(&g, mentor, child));
    lab_say(&g, child, "{\"type\":\"pictures\",\"want\":false}");
    assert_false(lab_sees(&g, child, mentor));
    assert_true(lab_hears(&g, child, mentor) && lab_sees(&g, mentor, child));
    assert_true(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.has_pictures);
    assert_int_equal(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.pictures, 0);
    lab_say(&g, child, "{\"type\":\"frames\"}");
    lab_media(&g, child, MEDIA_LIVE);
    assert_true(lab_hears(&g, child, mentor) && !lab_sees(&g, child, mentor));
    lab_say(&g, child, "{\"type\":\"pictures\",\"want\":true}");
    assert_true(lab_sees(&g, child, mentor));
    assert_false(lab_last(&g, mentor, SIG_SERVER_MEMBER)->u.member.member.has_pictures);
    lab_deinit(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(frames_take_the_place_of_an_offer),
        cmocka_unit_test(a_leg_makes_room_for_another_one),
        cmocka_unit_test(voice_only_is_a_wish_of_the_connection),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
