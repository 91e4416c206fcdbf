/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media's small machines by themselves: key frame requests, levels,
 * assignment, storing through a gate, rewriting.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/media/assign.h"
#include "server/media/keyframe.h"
#include "server/media/slot.h"
#include "server/media/speaker.h"

static void key_frame_requests_coalesce(void **state)
{
    struct keyframe k = { 0 };
    int asked = 0;

    (void)state;
    assert_false(keyframe_ask(&k, 0));
    assert_int_equal(keyframe_deadline(&k), NEVER_US);
    keyframe_want(&k);
    assert_true(keyframe_deadline(&k) <= 0);
    for (int64_t t = 0; t < 2 * US_PER_S; t += US_PER_MS) {
        keyframe_want(&k);
        asked += keyframe_ask(&k, t);
    }
    assert_int_equal(asked, 4);
    keyframe_came(&k);
    assert_int_equal(keyframe_deadline(&k), NEVER_US);
    keyframe_want(&k); /* soon after: still one per window */
    assert_false(keyframe_ask(&k, 1500 * US_PER_MS + KEYFRAME_WINDOW_US - 1));
    assert_true(keyframe_ask(&k, 1500 * US_PER_MS + KEYFRAME_WINDOW_US));
}

static void voice_is_heard_and_held(void **state)
{
    struct speaker s = { 0 };
    int64_t t = 0;

    (void)state;
    assert_false(speaker_heard(&s, 0));
    for (int n = 0; n < 100; n++, t += 20 * US_PER_MS) /* breath */
        speaker_level(&s, 80, t);
    assert_false(speaker_heard(&s, t));
    speaker_level(&s, 10, t); /* one click is no speech */
    assert_false(speaker_heard(&s, t));
    for (int n = 0; n < 8; n++, t += 20 * US_PER_MS)
        speaker_level(&s, 25, t);
    assert_true(speaker_heard(&s, t));
    assert_true(speaker_heard(&s, t + 500 * US_PER_MS)); /* between two words */
    for (int n = 0; n < 100; n++, t += 20 * US_PER_MS)
        speaker_level(&s, 127, t);
    assert_false(speaker_heard(&s, t));
    speaker_level(&s, 255, t); /* out of range: silence */
    assert_false(speaker_heard(&s, t));
    speaker_reset(&s);
    assert_int_equal(s.loudness_16, 0);
}

static struct assign_source person(uint16_t member, bool open, bool speaking, int64_t heard_us)
{
    return (struct assign_source){ member, open, speaking, heard_us };
}

static void everyone_has_a_slot_while_there_are_enough(void **state)
{
    struct assign_source p[] = { person(7, false, false, 0), person(3, true, true, 9),
                                 person(5, true, false, 0) };
    uint16_t slots[4] = { 0 };

    (void)state;
    assert_true(assign_slots(p, 3, slots, 4));
    assert_memory_equal(slots, ((uint16_t[]){ 7, 3, 5, 0 }), sizeof slots);
    assert_false(assign_slots(p, 3, slots, 4));
    p[0] = p[2]; /* 7 leaves, nobody moves */
    assert_true(assign_slots(p, 2, slots, 4));
    assert_memory_equal(slots, ((uint16_t[]){ 0, 3, 5, 0 }), sizeof slots);
    assert_true(assign_slots(p, 0, slots, 4));
    assert_memory_equal(slots, ((uint16_t[]){ 0, 0, 0, 0 }), sizeof slots);
    assert_false(assign_slots(p, 2, slots, 0));
}

static void senders_and_speakers_come_first(void **state)
{
    struct assign_source p[] = { person(1, false, false, INT64_MIN),
                                 person(2, true, false, INT64_MIN), person(3, true, false, 50),
                                 person(4, true, false, 90), person(5, true, true, 100) };
    uint16_t slots[2] = { 1, 2 };

    (void)state;
    assert_true(assign_slots(p, 5, slots, 2));
    assert_memory_equal(slots, ((uint16_t[]){ 4, 5 }), sizeof slots);
    p[3] = person(4, true, false, 90);
    p[2] = person(3, true, true, 101); /* 3 begins: takes the place of silent 4, not of 5 */
    assert_true(assign_slots(p, 5, slots, 2));
    assert_memory_equal(slots, ((uint16_t[]){ 3, 5 }), sizeof slots);
    p[3] = person(4, true, true, 102); /* a third speaker: those who have a slot keep it */
    assert_false(assign_slots(p, 5, slots, 2));
    p[4] = person(5, false, true, 103); /* 5 closes its camera */
    assert_true(assign_slots(p, 5, slots, 2));
    assert_memory_equal(slots, ((uint16_t[]){ 3, 4 }), sizeof slots);
}

/* Any number of candidates and slots: as many as fit, none twice, and stable. */
static void assignment_is_always_sound(void **state)
{
    uint64_t seed = 5;

    (void)state;
    for (int n = 0; n < 3000; n++) {
        struct assign_source p[14];
        uint16_t slots[12] = { 0 };
        int people, places, filled = 0;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        people = (int)(seed >> 40 & 15) % 15;
        places = (int)(seed >> 50) % 13;
        for (int i = 0; i < places; i++)
            slots[i] = (uint16_t)((seed >> (i * 3)) & 7 ? (unsigned)i + 1 : 0);
        for (int i = 0; i < people; i++)
            p[i] = person((uint16_t)(i + 3), seed >> i & 1, seed >> (i + 9) & 1,
                          (int64_t)(seed >> (i + 20) & 3));
        (void)assign_slots(p, people, slots, places);
        for (int i = 0; i < places; i++) {
            filled += slots[i] != 0;
            for (int k = 0; k < i; k++)
                assert_true(slots[i] == 0 || slots[i] != slots[k]);
            assert_true(slots[i] == 0 || (slots[i] >= 3 && slots[i] < people + 3));
        }
        assert_int_equal(filled, people < places ? people : places);
        assert_false(assign_slots(p, people, slots, places));
    }
}

/* ---- tracks and slots ---- */

static const struct sdp_media camera_line = {
    .kind = SDP_VIDEO, .direction = SDP_RECVONLY, .pt = 96, .nack = true, .pli = true
};

/* A VP8 packet: picture id of 15 bits, TL0PICIDX, a mark. */
struct picture {
    uint8_t bytes[16];
    struct rtp p;
};

static const struct rtp *picture(struct picture *x, uint16_t seq, uint32_t ts, bool key,
                                 uint16_t picture_id)
{
    const uint8_t bytes[] = { 0x90,
                              0xC0,
                              (uint8_t)(0x80 | picture_id >> 8),
                              (uint8_t)picture_id,
                              (uint8_t)picture_id,
                              key ? 0 : 1,
                              77 };

    memcpy(x->bytes, bytes, sizeof bytes);
    x->p = (struct rtp){
        .pt = 96, .seq = seq, .ts = ts, .payload = x->bytes, .payload_len = sizeof bytes
    };
    return &x->p;
}

static struct stream *open_stream(struct track *t, const struct sdp_media *line)
{
    struct stream *s = NULL;

    track_init(t, NULL, SOURCE_CAMERA, line);
    track_gate(t, true);
    assert_int_equal(track_stream(t, 0, 1, &s), ERR_OK);
    return s;
}

static void closed_track_keeps_nothing(void **state)
{
    struct picture x;
    struct track t;
    struct stream *s = open_stream(&t, &camera_line);

    (void)state;
    assert_int_equal(stream_packet(s, picture(&x, 10, 0, true, 1), false, 0), STREAM_STORED);
    assert_int_equal(s->pending_n, 1);
    assert_non_null(ring_get(&s->ring, 0x10000 + 10));
    track_gate(&t, false);
    assert_int_equal(s->pending_n, 0);
    assert_null(ring_get(&s->ring, 0x10000 + 10));
    assert_int_equal(stream_packet(s, picture(&x, 11, 0, true, 2), false, 0), STREAM_CLOSED);
    assert_int_equal(stream_packet(s, picture(&x, 15, 0, true, 2), false, 0), STREAM_CLOSED);
    assert_int_equal(s->pending_n, 0);
    assert_null(ring_get(&s->ring, 0x10000 + 11));
    assert_int_equal(s->nack.missing_n, 0); /* and asks for nothing */
    track_gate(&t, true);
    assert_int_equal(s->pending_n, 0);
    assert_null(ring_get(&s->ring, 0x10000 + 11));
    assert_int_equal(s->reception.received, 3);
    track_deinit(&t);
}

static void bad_packets_are_not_stored(void **state)
{
    struct picture x;
    struct track t;
    struct stream *s = open_stream(&t, &camera_line);
    struct rtp p;

    (void)state;
    assert_int_equal(stream_packet(s, picture(&x, 500, 0, true, 1), false, 0), STREAM_STORED);
    assert_int_equal(stream_packet(s, &x.p, false, 0), STREAM_REFUSED); /* twice */
    p = *picture(&x, 501, 0, true, 1);
    p.payload_len = 5; /* the descriptor and nothing behind it */
    assert_int_equal(stream_packet(s, &p, false, 0), STREAM_REFUSED);
    p.seq = 502;
    p.payload_len = 0; /* padding only: keeps its number, so that no gap opens */
    assert_int_equal(stream_packet(s, &p, false, 0), STREAM_STORED);
    assert_int_equal(stream_packet(s, picture(&x, 300, 0, true, 1), false, 0), STREAM_REFUSED);
    for (int i = 0; i < 2 * STREAM_PENDING_MAX; i++)
        (void)stream_packet(s, picture(&x, (uint16_t)(600 + i), 0, true, 1), false, 0);
    assert_int_equal(s->pending_n, STREAM_PENDING_MAX);
    stream_forwarded(s);
    assert_int_equal(stream_packet(s, picture(&x, 1000, 0, true, 1), false, 0), STREAM_STORED);
    track_deinit(&t);
}

/* 10^5 SSRCs of one line: one stream, flat memory (mediasoup #437). */
static void changing_ssrc_reuses_the_stream(void **state)
{
    struct track t;
    struct stream *s = open_stream(&t, &camera_line), *again = NULL;
    struct picture x;
    long before;

    (void)state;
    assert_int_equal(stream_packet(s, picture(&x, 1, 0, true, 1), false, 0), STREAM_STORED);
    before = mem_live();
    for (uint32_t ssrc = 2; ssrc < 100000; ssrc++) {
        assert_int_equal(track_stream(&t, 0, ssrc, &again), ERR_OK);
        assert_ptr_equal(again, s);
        assert_int_equal(stream_packet(s, picture(&x, (uint16_t)ssrc, 0, true, 1), false, 0),
                         STREAM_STORED);
        assert_int_equal(s->pending_n, 1);
    }
    assert_int_equal(mem_live(), before);
    track_deinit(&t);
}

struct written {
    struct rtp p;
    struct vp8 v;
    uint8_t bytes[64];
};

/* Sends one packet through the slot; false if the slot does not take it. */
static bool through(struct slot *slot, struct stream *s, const struct rtp *p, int64_t now_us,
                    struct written *out)
{
    struct ring_packet *kept;
    size_t len;

    if (stream_packet(s, p, false, now_us) != STREAM_STORED)
        return false;
    kept = ring_get(&s->ring, s->pending[s->pending_n - 1]);
    stream_forwarded(s);
    if (!slot_take(slot, s, s, kept, now_us))
        return false;
    len = slot_write(slot, kept, 0, out->bytes, now_us);
    assert_int_equal(rtp_parse(out->bytes, len, &out->p), ERR_OK);
    assert_int_equal(vp8_parse(out->p.payload, out->p.payload_len, &out->v), ERR_OK);
    return true;
}

static void slot_joins_two_sources(void **state)
{
    struct sdp_media line = { .pt = 100, .ssrc = 55, .mid = "7" };
    struct track a, b;
    struct stream *sa = open_stream(&a, &camera_line), *sb = open_stream(&b, &camera_line);
    struct picture x;
    struct written w;
    struct slot slot;
    uint16_t seq, id;
    uint32_t ts;

    (void)state;
    slot_init(&slot, SLOT_VIDEO, &line, 0x1234567890ABCDEF);
    slot_map(&slot, &a, 1);
    assert_true(slot_waits(&slot, sa, 0));
    assert_false(through(&slot, sa, picture(&x, 65534, 1000, false, 0x7FFE), 0, &w));
    assert_true(through(&slot, sa, picture(&x, 65535, 4000, true, 0x7FFF), 0, &w));
    assert_false(slot_waits(&slot, sa, 0));
    assert_int_equal(w.p.pt, 100);
    assert_int_equal(w.p.ssrc, 55);
    assert_int_equal(w.v.picture_id, 0x7FFF);
    seq = w.p.seq;
    ts = w.p.ts;
    assert_true(through(&slot, sa, picture(&x, 1, 10000, false, 1), 66000, &w)); /* 0 is lost */
    assert_int_equal(w.p.seq, (uint16_t)(seq + 2));
    assert_int_equal(w.p.ts, ts + 6000);
    assert_true(through(&slot, sa, picture(&x, 0, 7000, false, 0), 67000, &w)); /* and comes late */
    assert_int_equal(w.p.seq, (uint16_t)(seq + 1));
    assert_int_equal(w.p.ts, ts + 3000);

    slot_map(&slot, &b, 2); /* another person; one second later */
    assert_false(through(&slot, sa, picture(&x, 2, 13000, false, 2), 100000, &w));
    assert_false(through(&slot, sb, picture(&x, 301, 9, false, 501), 1066000, &w));
    assert_true(through(&slot, sb, picture(&x, 302, 500, true, 502), 1066000, &w));
    assert_int_equal(w.p.seq, (uint16_t)(seq + 3));
    assert_int_equal(w.p.ts, ts + 6000 + 90000);
    assert_int_equal(w.v.picture_id, 2); /* after 0x7FFF, 0, 1 */
    assert_int_equal(w.v.tl0, (uint8_t)(1 + 1));
    id = w.v.picture_id;
    /* what lies before the beginning does not fit in any more */
    assert_false(through(&slot, sb, picture(&x, 300, 0, true, 500), 1067000, &w));
    assert_true(through(&slot, sb, picture(&x, 303, 3500, false, 503), 1100000, &w));
    assert_int_equal(w.v.picture_id, (uint16_t)(id + 1));
    track_deinit(&a);
    track_deinit(&b);
}

static void repeats_are_found_by_the_number_that_was_sent(void **state)
{
    struct sdp_media line = { .pt = 100, .rtx_pt = 101, .ssrc = 55, .rtx_ssrc = 56 };
    struct track a;
    struct stream *s = open_stream(&a, &camera_line);
    struct picture x;
    struct written w, again;
    struct slot slot;
    struct ring_packet *p;
    uint8_t bytes[64];
    size_t len, start;

    (void)state;
    slot_init(&slot, SLOT_VIDEO, &line, 3);
    slot_map(&slot, &a, 1);
    assert_null(slot_find(&slot, 3, 0));
    assert_true(through(&slot, s, picture(&x, 100, 0, true, 1), 0, &w));
    assert_null(slot_find(&slot, (uint16_t)(w.p.seq + 1), 0)); /* never sent */
    assert_null(slot_find(&slot, (uint16_t)(w.p.seq - 1), 0));
    p = slot_find(&slot, w.p.seq, 0);
    assert_non_null(p);
    len = slot_write_rtx(&slot, p, 0, bytes);
    assert_int_equal(rtp_parse(bytes, len, &again.p), ERR_OK);
    assert_int_equal(again.p.ssrc, 56);
    assert_int_equal(again.p.pt, 101);
    assert_int_equal(rtp_unwrap_rtx(bytes, len, 100, 55, &start), ERR_OK);
    assert_int_equal(len - start, RTP_HEADER_BYTES + 7);
    assert_memory_equal(bytes + start, w.bytes, len - start); /* the very same packet */
    assert_null(slot_find(&slot, w.p.seq, US_PER_S));         /* too old */
    track_gate(&a, false);
    assert_null(slot_find(&slot, w.p.seq, 0)); /* nothing through a closed gate */
    track_deinit(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(key_frame_requests_coalesce),
        cmocka_unit_test(voice_is_heard_and_held),
        cmocka_unit_test(everyone_has_a_slot_while_there_are_enough),
        cmocka_unit_test(senders_and_speakers_come_first),
        cmocka_unit_test(assignment_is_always_sound),
        cmocka_unit_test(closed_track_keeps_nothing),
        cmocka_unit_test(bad_packets_are_not_stored),
        cmocka_unit_test(changing_ssrc_reuses_the_stream),
        cmocka_unit_test(slot_joins_two_sources),
        cmocka_unit_test(repeats_are_found_by_the_number_that_was_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
