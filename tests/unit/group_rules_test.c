/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of a group: whose voices are heard, whose pictures one viewer
 * gets, who may send, and in which order hands are called.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/domain/floor.h"
#include "server/media/views.h"
#include "server/media/voices.h"
#include "tests/support/rnd.h"

#define MS US_PER_MS
#define PEOPLE 20

/* ---- voices ---- */

struct hall {
    struct voice_source s[PEOPLE];
    struct voice_seat seats[VOICES_MAX];
    int n;
    int64_t now_us;
};

static void hall_init(struct hall *h, int n)
{
    *h = (struct hall){ .n = n, .now_us = 1000 * US_PER_S };
    for (int i = 0; i < n; i++)
        h->s[i] = (struct voice_source){ .member = (uint16_t)(i + 1),
                                         .open = true,
                                         .heard_us = INT64_MIN };
}

/* Time goes on; everybody with a loudness is loud now, and the others are silent. */
static void hall_step(struct hall *h, int64_t us, const int *db)
{
    h->now_us += us;
    for (int i = 0; i < h->n; i++) {
        struct voice_source *s = &h->s[i];

        if (db[i] > 0 && s->open) {
            s->heard_us = h->now_us;
            s->loudness_16 = db[i] * 16;
        }
        s->speaks = s->heard_us != INT64_MIN && h->now_us - s->heard_us < VOICE_HOLD_US;
    }
    (void)voices_choose(h->seats, VOICES_MAX, h->s, h->n, h->now_us);
}

static bool on_air(const struct hall *h, uint16_t member)
{
    for (int i = 0; i < VOICES_MAX; i++)
        if (h->seats[i].member == member)
            return true;
    return false;
}

static void open_microphones_fill_free_seats(void **state)
{
    struct hall h;
    int db[PEOPLE] = { 0 };

    (void)state;
    hall_init(&h, 2);
    hall_step(&h, 20 * MS, db);
    assert_true(on_air(&h, 1) && on_air(&h, 2)); /* before anybody has said a word */
    assert_int_equal(h.seats[2].member, 0);
    h.s[0].open = false;
    hall_step(&h, 20 * MS, db);
    assert_false(on_air(&h, 1));
    assert_int_equal(h.seats[1].member, 2); /* who stays does not change its place */
}

static void a_new_speaker_takes_the_seat_of_who_fell_silent_first(void **state)
{
    struct hall h;
    int db[PEOPLE] = { 80, 80, 80 };

    (void)state;
    hall_init(&h, 10);
    hall_step(&h, 20 * MS, db);
    db[1] = 0;
    hall_step(&h, 20 * MS, db);
    db[2] = 0;
    for (int i = 0; i < 40; i++)
        hall_step(&h, 20 * MS, db);
    assert_true(on_air(&h, 2)); /* nobody needs the seat */
    db[6] = 60;
    hall_step(&h, 20 * MS, db); /* quieter than everybody, but they are silent */
    assert_true(on_air(&h, 7) && on_air(&h, 1) && on_air(&h, 3));
    assert_false(on_air(&h, 2));
}

static void nobody_is_cut_in_mid_word(void **state)
{
    struct hall h;
    int db[PEOPLE] = { 60, 60, 60 };

    (void)state;
    hall_init(&h, 5);
    for (int i = 0; i < 100; i++)
        hall_step(&h, 20 * MS, db);
    db[4] = 110; /* much louder */
    for (int i = 0; i < 90; i++) {
        hall_step(&h, 20 * MS, db);
        assert_false(on_air(&h, 5));
    }
    db[1] = 0; /* member 2 takes breath */
    for (int i = 0; i < 4; i++) {
        hall_step(&h, 20 * MS, db);
        assert_true(on_air(&h, 2));
    }
    hall_step(&h, 20 * MS, db);
    assert_true(on_air(&h, 5));
    assert_false(on_air(&h, 2));
}

static void a_little_louder_changes_nothing(void **state)
{
    struct hall h;
    int db[PEOPLE] = { 70, 70, 70 };

    (void)state;
    hall_init(&h, 5);
    for (int i = 0; i < 100; i++)
        hall_step(&h, 20 * MS, db);
    db[3] = 75;
    for (int i = 0; i < 90; i++) { /* gaps of 120 ms after every 200 ms, by turns */
        for (int k = 0; k < 3; k++)
            db[k] = (i + k * 5) % 16 < 6 ? 0 : 70;
        hall_step(&h, 20 * MS, db);
        assert_false(on_air(&h, 4));
    }
}

static void who_keeps_speaking_is_heard_in_the_end(void **state)
{
    struct hall h;
    int db[PEOPLE] = { 90, 90, 90, 0, 0 };
    int64_t since;

    (void)state;
    hall_init(&h, 5);
    for (int i = 0; i < 200; i++)
        hall_step(&h, 20 * MS, db);
    db[3] = 60; /* quiet, against three who never take breath */
    since = h.now_us;
    while (!on_air(&h, 4)) {
        hall_step(&h, 20 * MS, db);
        assert_true(h.now_us - since <= VOICE_LIMIT_US + 40 * MS);
    }
    assert_true(h.now_us - since >= VOICE_LIMIT_US);
    /* And whoever lost the seat gets one again: nobody waits longer than the limit. */
    for (int i = 0; i < 2000; i++) {
        hall_step(&h, 20 * MS, db);
        for (int k = 0; k < 4; k++)
            assert_true(!h.s[k].waits_us || h.now_us - h.s[k].waits_us <= 2 * VOICE_LIMIT_US);
    }
}

static void who_may_not_speak_is_never_heard(void **state)
{
    struct hall h;
    struct rnd r = { 5 };
    int db[PEOPLE] = { 0 };

    (void)state;
    hall_init(&h, PEOPLE);
    for (int i = 0; i < 20000; i++) {
        int k = (int)rnd_in(&r, 0, PEOPLE - 1);

        if (rnd_percent(&r, 10))
            h.s[k].open = !h.s[k].open;
        if (rnd_percent(&r, 50))
            db[k] = rnd_percent(&r, 50) ? 0 : (int)rnd_in(&r, 50, 120);
        if (rnd_percent(&r, 1))
            h.s[k].heard_us = h.now_us; /* loud before it was shut */
        hall_step(&h, 20 * MS, db);
        for (int a = 0; a < VOICES_MAX; a++) {
            if (!h.seats[a].member)
                continue;
            assert_true(h.s[h.seats[a].member - 1].open);
            for (int b = 0; b < a; b++)
                assert_int_not_equal(h.seats[a].member, h.seats[b].member);
        }
    }
}

/* ---- views ---- */

static int view_people(struct view_source *s, int n)
{
    for (int i = 0; i < n; i++)
        s[i] = (struct view_source){
            .member = (uint16_t)(i + 1), .open = true, .host = i == 0, .heard_us = INT64_MIN
        };
    return n;
}

static int at(const uint16_t *slots, int n, uint16_t member)
{
    for (int i = 0; i < n; i++)
        if (slots[i] == member)
            return i;
    return -1;
}

static void first_page_shows_host_and_who_spoke_last(void **state)
{
    struct view_source s[PEOPLE];
    uint16_t slots[9] = { 0 }, before[9];
    struct media_view view = { .page = 0 };
    int n = view_people(s, PEOPLE);

    (void)state;
    assert_true(views_choose(s, n, 5, 0, &view, slots, 9));
    assert_int_equal(slots[0], 1);
    assert_int_equal(at(slots, 9, 5), -1); /* nobody sees itself */
    assert_false(views_choose(s, n, 5, 0, &view, slots, 9));
    memcpy(before, slots, sizeof before);
    s[17].heard_us = 100;
    assert_true(views_choose(s, n, 5, 18, &view, slots, 9));
    assert_true(at(slots, 9, 18) >= 0);
    for (int i = 0; i < 9; i++) /* one gave way, the others stay where they are */
        assert_true(slots[i] == before[i] || slots[i] == 18);
    s[17].open = false;
    assert_true(views_choose(s, n, 5, 18, &view, slots, 9));
    assert_int_equal(at(slots, 9, 18), -1);
}

static void pins_stay_whoever_speaks(void **state)
{
    struct view_source s[PEOPLE];
    uint16_t slots[9] = { 0 };
    struct media_view view = { .pins = { 20, 19, 1, 77, 5 }, .pins_n = 5 };
    int n = view_people(s, PEOPLE);

    (void)state;
    for (int i = 0; i < 200; i++) {
        s[i % 18].heard_us = i;
        (void)views_choose(s, n, 5, (uint16_t)(i % 18 + 1), &view, slots, 9);
        assert_true(at(slots, 9, 1) >= 0 && at(slots, 9, 19) >= 0 && at(slots, 9, 20) >= 0);
        assert_int_equal(at(slots, 9, 77), -1);
        assert_int_equal(at(slots, 9, 5), -1);
    }
}

static void pages_show_everybody_once_and_stand_still(void **state)
{
    struct view_source s[PEOPLE];
    uint16_t slots[9] = { 0 }, again[9];
    struct media_view view = { .pins = { 4 }, .pins_n = 1 };
    int n = view_people(s, PEOPLE), size = views_page_size(9, 1, true);
    int seen[PEOPLE + 1] = { 0 };

    (void)state;
    assert_int_equal(size, 6);
    for (view.page = 1; view.page <= 3; view.page++) { /* 17 others: 6, 6, 5 */
        (void)views_choose(s, n, 2, 0, &view, slots, 9);
        for (int i = 0; i < 9; i++)
            seen[slots[i]]++;
    }
    for (int m = 1; m <= PEOPLE; m++)
        assert_int_equal(seen[m], m == 2 ? 0 : m == 1 || m == 4 ? 3 : 1);
    memcpy(again, slots, sizeof again);
    view.page = 50; /* behind the end: the last one */
    assert_false(views_choose(s, n, 2, 0, &view, slots, 9));
    assert_memory_equal(slots, again, sizeof again);
    s[9].heard_us = 1000; /* a speaker comes into the place that is kept for it */
    (void)views_choose(s, n, 2, 10, &view, slots, 9);
    assert_true(at(slots, 9, 10) >= 0);
    for (int i = 0; i < 9; i++)
        assert_true(!again[i] || slots[i] == again[i]);
}

static void few_slots_are_no_fault(void **state)
{
    struct view_source s[3];
    uint16_t slots[1] = { 0 };
    struct media_view view = { .pins = { 2, 3 }, .pins_n = 2, .page = 3 };
    int n = view_people(s, 3);

    (void)state;
    (void)views_choose(s, n, 3, 2, &view, slots, 1);
    assert_int_equal(slots[0], 1);
    assert_false(views_choose(s, 0, 1, 0, &view, slots, 0));
    (void)views_choose(s, 1, 1, 1, &view, slots, 1); /* alone */
    assert_int_equal(slots[0], 0);
}

/* ---- the floor ---- */

static void listener_sends_nothing_without_the_word(void **state)
{
    struct floor_rights r = floor_rights(FLOOR_LISTENER, false);

    (void)state;
    assert_false(r.mic || r.camera || r.screen || r.leads);
    r = floor_rights(FLOOR_LISTENER, true);
    assert_true(r.mic && r.camera);
    assert_false(r.screen || r.leads);
    r = floor_rights(FLOOR_SPEAKER, true);
    assert_true(r.mic && r.camera && r.screen);
    assert_false(r.leads);
    r = floor_rights(FLOOR_SPEAKER, false); /* taken back */
    assert_false(r.mic || r.camera || r.screen || r.leads);
    r = floor_rights(FLOOR_HOST, false); /* nobody takes the word from the host */
    assert_true(r.mic && r.camera && r.screen && r.leads);
    r = floor_rights(FLOOR_NONE, true);
    assert_false(r.mic || r.camera || r.screen || r.leads);
    r = floor_rights((enum floor_part)77, true);
    assert_false(r.mic || r.camera || r.screen || r.leads);
    assert_true(floor_word_at_first(FLOOR_HOST) && floor_word_at_first(FLOOR_SPEAKER));
    assert_false(floor_word_at_first(FLOOR_LISTENER) || floor_word_at_first(FLOOR_NONE));
}

static void who_has_not_spoken_comes_first(void **state)
{
    struct floor_hand h[] = { { 1, true, 1 }, { 2, false, 4 }, { 3, true, 2 }, { 4, false, 3 } };
    const uint16_t want[] = { 4, 2, 1, 3 };

    (void)state;
    floor_queue(h, 4);
    for (int i = 0; i < 4; i++)
        assert_int_equal(h[i].member, want[i]);
    floor_queue(h, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(open_microphones_fill_free_seats),
        cmocka_unit_test(a_new_speaker_takes_the_seat_of_who_fell_silent_first),
        cmocka_unit_test(nobody_is_cut_in_mid_word),
        cmocka_unit_test(a_little_louder_changes_nothing),
        cmocka_unit_test(who_keeps_speaking_is_heard_in_the_end),
        cmocka_unit_test(who_may_not_speak_is_never_heard),
        cmocka_unit_test(first_page_shows_host_and_who_spoke_last),
        cmocka_unit_test(pins_stay_whoever_speaks),
        cmocka_unit_test(pages_show_everybody_once_and_stand_still),
        cmocka_unit_test(few_slots_are_no_fault),
        cmocka_unit_test(listener_sends_nothing_without_the_word),
        cmocka_unit_test(who_has_not_spoken_comes_first),
    };

    return cmocka_run_group_tests_name("rules of a group", tests, NULL, NULL);
}
