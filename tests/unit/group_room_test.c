/* SPDX-License-Identifier: Apache-2.0
 *
 * server/room with many: a seminar of up to 100 adults. Nobody sends without
 * the word, whatever its client says; hands are called in order; people are
 * told in batches; and the 101st does not get in.
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

#define SPEAKER LAB_GUEST
#define LISTENER (LAB_GUEST + LAB_SPEAKERS)
#define SEND_ALL "{\"type\":\"state\",\"mic\":true,\"camera\":true,\"screen\":false}"
#define SCREEN "{\"type\":\"state\",\"mic\":false,\"camera\":false,\"screen\":true}"
#define HAND "{\"type\":\"hand\",\"up\":true}"

static struct lab g; /* too large for a stack */

static uint16_t number_of(uint64_t conn)
{
    return (uint16_t)lab_last(&g, conn, SIG_SERVER_JOINED)->u.joined.you;
}

/* before, the number, after */
static void say(uint64_t conn, const char *before, int number, const char *after)
{
    char text[120];

    assert_true(str_format(text, sizeof text, "%s%d%s", before, number, after));
    lab_say(&g, conn, text);
}

static void give_word(uint64_t host, uint64_t to, bool give)
{
    say(host, "{\"type\":\"word\",\"member\":", number_of(to),
        give ? ",\"give\":true}" : ",\"give\":false}");
}

static const struct leg_gate *gate(uint64_t conn)
{
    return &g.conns[conn].gate;
}

/* Comes in with a leg, and says that it sends. */
static uint64_t come(int64_t user)
{
    uint64_t conn = lab_join(&g, user);

    lab_say(&g, conn, "{\"type\":\"offer\",\"sdp\":\"v=0\\r\\n\"}");
    if (g.conns[conn].leg_open) {
        lab_media(&g, conn, MEDIA_ANSWER);
        lab_media(&g, conn, MEDIA_LIVE);
    }
    return conn;
}

static void listener_is_not_relayed_until_the_host_gives_the_word(void **state)
{
    uint64_t host, listener, speaker;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    speaker = come(SPEAKER);
    listener = come(LISTENER);
    lab_say(&g, host, SEND_ALL);
    lab_say(&g, speaker, SEND_ALL);
    assert_true(gate(host)->mic && gate(host)->camera);
    assert_true(gate(speaker)->mic && gate(speaker)->camera);
    assert_true(gate(listener)->receive);

    lab_say(&g, listener, SEND_ALL); /* a client that does not know its place */
    assert_true(lab_refused_with(&g, listener, SIG_ERROR_NO_WORD));
    assert_false(gate(listener)->mic || gate(listener)->camera || gate(listener)->screen);

    give_word(host, listener, true);
    assert_false(gate(listener)->mic); /* the word switches nobody's microphone on */
    lab_say(&g, listener, SEND_ALL);
    assert_true(gate(listener)->mic && gate(listener)->camera);
    lab_say(&g, listener, SCREEN);
    assert_true(lab_refused_with(&g, listener, SIG_ERROR_NOT_ALLOWED));

    give_word(host, listener, false);
    assert_false(gate(listener)->mic || gate(listener)->camera);
    assert_int_equal(lab_count(&g, listener, SIG_SERVER_QUIETED), 1);
    lab_say(&g, listener, SEND_ALL);
    assert_false(gate(listener)->mic);
    assert_int_equal(lab_events(&g, "word_on"), 1);
    assert_int_equal(lab_events(&g, "word_off"), 1);
    lab_deinit(&g);
}

static void only_the_host_gives_and_nobody_takes_it_from_the_host(void **state)
{
    uint64_t host, speaker, listener;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    speaker = come(SPEAKER);
    listener = come(LISTENER);
    give_word(speaker, listener, true);
    assert_true(lab_refused_with(&g, speaker, SIG_ERROR_NOT_ALLOWED));
    lab_say(&g, speaker, "{\"type\":\"lower\",\"member\":0}");
    assert_true(lab_refused_with(&g, speaker, SIG_ERROR_NOT_ALLOWED));
    lab_say(&g, listener, SEND_ALL);
    assert_false(gate(listener)->mic);
    give_word(host, host, false);
    assert_true(lab_refused_with(&g, host, SIG_ERROR_NOT_ALLOWED));
    say(host, "{\"type\":\"word\",\"member\":", 999, ",\"give\":true}");
    assert_true(lab_refused_with(&g, host, SIG_ERROR_BAD_FIELD));
    lab_say(&g, host, SEND_ALL);
    assert_true(gate(host)->mic);
    lab_deinit(&g);
}

/* Who lost the word does not get it back by going out and in. */
static void leaving_brings_no_word_back(void **state)
{
    uint64_t host, speaker, listener;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    speaker = come(SPEAKER);
    listener = come(LISTENER);
    give_word(host, speaker, false);
    give_word(host, listener, true);
    lab_say(&g, speaker, "{\"type\":\"leave\",\"reason\":\"left\"}");
    lab_say(&g, listener, "{\"type\":\"leave\",\"reason\":\"left\"}");
    speaker = come(SPEAKER);
    listener = come(LISTENER);
    lab_say(&g, speaker, SEND_ALL);
    lab_say(&g, listener, SEND_ALL);
    assert_false(gate(speaker)->mic || gate(listener)->mic);
    give_word(host, speaker, true);
    lab_say(&g, speaker, SEND_ALL);
    assert_true(gate(speaker)->mic);
    /* A lost line is no leaving: the word stays with the seat. */
    lab_lose(&g, speaker);
    speaker = come(SPEAKER);
    lab_say(&g, speaker, SEND_ALL);
    assert_true(gate(speaker)->mic);
    lab_deinit(&g);
}

static void check_queue(uint64_t conn, const uint64_t *want, const bool *spoke, size_t n)
{
    const struct sig_server_floor *f = &lab_last(&g, conn, SIG_SERVER_FLOOR)->u.floor;

    assert_int_equal(f->hands_n, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(f->hands[i].member, number_of(want[i]));
        assert_int_equal(f->hands[i].spoke, spoke[i]);
    }
}

static void hands_are_called_in_order_and_the_unheard_first(void **state)
{
    uint64_t host, a, b, c;
    struct media_event heard = { .kind = MEDIA_SPEAKING, .speaking_n = 2 };

    (void)state;
    lab_init_group(&g, 10);
    host = come(LAB_MENTOR);
    a = come(SPEAKER);
    b = come(LISTENER);
    c = come(LISTENER + 1);
    lab_say(&g, a, SEND_ALL);
    heard.speaking[0] = number_of(a);
    heard.speaking[1] = number_of(b); /* without the word: cannot have been heard */
    room_media(g.room, g.now, &heard);
    lab_drain(&g);
    lab_say(&g, a, HAND);
    lab_say(&g, b, HAND);
    lab_say(&g, c, HAND);
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    check_queue(c, (uint64_t[]){ b, c, a }, (bool[]){ false, false, true }, 3);

    give_word(host, b, true); /* called: the hand is down */
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    check_queue(c, (uint64_t[]){ c, a }, (bool[]){ false, true }, 2);
    say(host, "{\"type\":\"lower\",\"member\":", number_of(a), "}");
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    check_queue(c, (uint64_t[]){ c }, (bool[]){ false }, 1);
    lab_say(&g, a, HAND);
    lab_say(&g, host, "{\"type\":\"lower\",\"member\":0}");
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    check_queue(c, NULL, NULL, 0);
    lab_say(&g, c, HAND);
    lab_say(&g, c, "{\"type\":\"leave\",\"reason\":\"left\"}"); /* takes the hand along */
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    check_queue(a, NULL, NULL, 0);
    lab_deinit(&g);
}

/* 100 people come within a second: nobody is dropped, and nobody is told a hundred times. */
static void a_hundred_come_and_the_next_does_not(void **state)
{
    uint64_t host, last = 0, late;
    long before;

    (void)state;
    lab_init_group(&g, LESSON_GUESTS_MAX);
    g.read_every = 1;
    host = lab_join(&g, LAB_MENTOR);
    for (int i = 0; i < LESSON_GUESTS_MAX; i++) {
        last = lab_join(&g, LAB_GUEST + i);
        lab_run(&g, 10);
    }
    assert_int_equal(lab_last(&g, last, SIG_SERVER_JOINED)->u.joined.members_n, 100);
    assert_int_equal(lab_last(&g, last, SIG_SERVER_JOINED)->u.joined.slots.audio, 3);
    assert_int_equal(lab_last(&g, last, SIG_SERVER_JOINED)->u.joined.slots.video, 9);
    lab_run(&g, 500);
    for (uint64_t c = host; c <= last; c++)
        assert_false(g.conns[c].closed);
    assert_true(lab_count(&g, host, SIG_SERVER_MEMBERS) <= 8); /* not a hundred */
    assert_int_equal(lab_count(&g, 0, SIG_SERVER_MEMBER), 0);

    late = lab_join(&g, LAB_COORDINATOR); /* the 101st */
    assert_int_equal(lab_last(&g, late, SIG_SERVER_REFUSED)->u.refused.code, SIG_REFUSAL_FULL);

    /* All raise their hands at once. */
    before = g.sent;
    for (uint64_t c = host + 1; c <= last; c++)
        lab_say(&g, c, HAND);
    lab_run(&g, SIG_LIMIT_BATCH_MS + 10);
    assert_true(g.sent - before <= 5 * 100);
    assert_int_equal(lab_last(&g, host, SIG_SERVER_FLOOR)->u.floor.hands_n, 99);

    /* Half of them are gone at once, without a word. */
    before = g.sent;
    for (uint64_t c = host + 1; c <= host + 50; c++)
        g.conns[c].alive = false;
    lab_run(&g, ROOM_KEEP_SEAT_MS + 3000);
    assert_true(g.sent - before <= 12 * 100);
    for (uint64_t c = host + 51; c <= last; c++)
        assert_false(g.conns[c].closed);
    assert_int_equal(lab_last(&g, host, SIG_SERVER_FLOOR)->u.floor.hands_n, 49);
    lab_say(&g, host, "{\"type\":\"end\"}");
    assert_true(g.done);
    assert_int_equal(lab_open_rows(&g, LAB_GUEST + 60), 0);
    lab_deinit(&g);
}

static void nobody_has_media_before_the_host(void **state)
{
    uint64_t speaker, host;

    (void)state;
    lab_init_group(&g, 5);
    speaker = come(SPEAKER);
    lab_say(&g, speaker, SEND_ALL);
    assert_false(g.conns[speaker].leg_open);
    host = come(LAB_MENTOR);
    assert_true(g.conns[speaker].leg_open && gate(speaker)->mic);
    lab_lose(&g, host);
    assert_false(gate(speaker)->mic || gate(speaker)->receive);
    lab_deinit(&g);
}

static void a_visitor_is_a_listener(void **state)
{
    uint64_t host, visitor;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    visitor = come(LAB_COORDINATOR);
    lab_say(&g, visitor, SEND_ALL);
    assert_true(lab_refused_with(&g, visitor, SIG_ERROR_NO_WORD));
    assert_false(gate(visitor)->mic);
    assert_int_equal(lab_notices(&g, host, SIG_NOTICE_VISITOR_IN), 1);
    lab_deinit(&g);
}

static void withdrawn_guest_is_cut(void **state)
{
    uint64_t host, listener;
    struct admit_person p;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    listener = come(LISTENER);
    p = lab_person(&g, LISTENER).admit;
    p.seat = SEAT_NONE;
    room_person_changed(g.room, g.now, &p);
    lab_drain(&g);
    assert_true(g.conns[listener].closed);
    assert_false(g.conns[host].closed);
    assert_int_equal(lab_last(&g, listener, SIG_SERVER_CLOSED)->u.closed.code,
                     SIG_CLOSE_CUT_RIGHT_ENDED);
    lab_deinit(&g);
}

static void a_view_is_the_viewers_own(void **state)
{
    uint64_t host, listener;

    (void)state;
    lab_init_group(&g, 5);
    host = come(LAB_MENTOR);
    listener = come(LISTENER);
    say(listener, "{\"type\":\"view\",\"page\":2,\"pins\":[", number_of(host), ",77]}");
    assert_int_equal(g.views, 1);
    assert_int_equal(g.view_leg, listener);
    assert_int_equal(g.view.page, 2);
    assert_int_equal(g.view.pins_n, 1); /* who is not there takes no place */
    lab_say(&g, listener,
            "{\"type\":\"frames\"}"); /* another leg: the view went to the one before it */
    lab_media(&g, listener, MEDIA_LIVE);
    say(listener, "{\"type\":\"view\",\"page\":0,\"pins\":[", number_of(host), "]}");
    assert_true(g.view_leg == g.conns[listener].leg.v && g.view_leg != listener);
    lab_deinit(&g);
    lab_init(&g, 1, 0); /* a lesson has no floor and no pages */
    host = lab_join(&g, LAB_MENTOR);
    lab_say(&g, host, "{\"type\":\"view\",\"page\":0,\"pins\":[]}");
    assert_true(lab_refused_with(&g, host, SIG_ERROR_NOT_NOW));
    say(host, "{\"type\":\"word\",\"member\":", 1, ",\"give\":true}");
    assert_true(lab_refused_with(&g, host, SIG_ERROR_NOT_NOW));
    lab_deinit(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(listener_is_not_relayed_until_the_host_gives_the_word),
        cmocka_unit_test(only_the_host_gives_and_nobody_takes_it_from_the_host),
        cmocka_unit_test(leaving_brings_no_word_back),
        cmocka_unit_test(hands_are_called_in_order_and_the_unheard_first),
        cmocka_unit_test(a_hundred_come_and_the_next_does_not),
        cmocka_unit_test(nobody_has_media_before_the_host),
        cmocka_unit_test(a_visitor_is_a_listener),
        cmocka_unit_test(withdrawn_guest_is_cut),
        cmocka_unit_test(a_view_is_the_viewers_own),
    };

    return cmocka_run_group_tests_name("room of a group", tests, NULL, NULL);
}
