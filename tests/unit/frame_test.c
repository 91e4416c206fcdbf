/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media/frame: frames cut into packets and joined again, over a link
 * that loses, repeats and reorders, and what is left out then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/media/frame.h"
#include "tests/support/rnd.h"

#define PACKETS 512

struct packet {
    bool here;
    struct rtp p;
    uint8_t bytes[FRAME_PACKET_BYTES];
};

/* One stream: frames go in at the left, packets lie between, frames come out at the right. */
struct line {
    struct frame_cut cut;
    struct packet sent[PACKETS];
    int sent_n;
    struct ring ring;
    struct seq_line seqs;
    struct frame_join join;
    int64_t now_us;
    uint8_t payload[SIG_MEDIA_PICTURE_BYTES];
    /* what came out */
    uint8_t marks[256]; /* first byte behind the tag */
    int out_n;
    struct frame_joined last;
    uint8_t got[SIG_MEDIA_PICTURE_BYTES];
};

static void line_init(struct line *l)
{
    memset(l, 0, sizeof *l);
    ring_init(&l->ring, 256, 48u * 1024, 512u * 1024);
    l->now_us = US_PER_S;
    l->cut.seq = 0xFFF0; /* over the end of the numbers */
}

/* Cuts one frame; its packets wait in sent. */
static struct wsmedia send(struct line *l, enum wsmedia_kind kind, bool key, uint8_t layer,
                           size_t len, uint8_t mark)
{
    struct wsmedia f = { .kind = kind,
                         .key = key,
                         .layer = layer,
                         .droppable = kind != WSMEDIA_VOICE && layer == 2,
                         .time_us = l->now_us,
                         .payload = l->payload,
                         .len = len };

    l->payload[0] = key ? 0 : 1;
    if (len > 1)
        l->payload[1] = mark;
    frame_cut_begin(&l->cut, &f, kind == WSMEDIA_VOICE ? 48000 : 90000);
    for (;;) {
        struct packet *s = &l->sent[l->sent_n % PACKETS];

        if (!frame_cut_next(&l->cut, s->bytes, &s->p))
            break;
        if (s->p.payload != s->bytes)
            memcpy(s->bytes, s->p.payload, s->p.payload_len);
        s->p.payload = s->bytes;
        s->here = true;
        l->sent_n++;
    }
    return f;
}

/* Packet i arrives, as track.c stores it. */
static void arrive(struct line *l, int i)
{
    const struct packet *s = &l->sent[i % PACKETS];
    int64_t seq = seq_unwrap(&l->seqs, s->p.seq);
    struct ring_packet *kept;

    if (ring_get(&l->ring, seq))
        return;
    kept = ring_put(&l->ring, seq, s->p.payload_len, l->now_us);
    assert_non_null(kept);
    kept->ts = s->p.ts;
    kept->marker = s->p.marker;
    memcpy(ring_payload(&l->ring, kept), s->bytes, s->p.payload_len);
}

static int join(struct line *l)
{
    int n = 0;

    while (frame_join_next(&l->join, &l->ring, l->seqs.highest, l->now_us, &l->last)) {
        assert_int_equal(frame_join_copy(&l->join, &l->ring, &l->last, l->got), l->last.bytes);
        l->marks[l->out_n++ & 255] = l->got[1];
        n++;
    }
    return n;
}

static void begin(struct line *l, bool video)
{
    frame_join_begin(&l->join, video, seq_unwrap(&l->seqs, l->sent[0].p.seq));
}

/* Any frame, any arrival order within it, any packets twice: the same bytes. */
static void cut_and_joined_is_the_same(void **state)
{
    struct rnd r = { rnd_seed(3) };
    struct line *l = malloc(sizeof *l);
    uint64_t bytes = 0;
    int last_packets = 0;

    (void)state;
    assert_non_null(l);
    line_init(l);
    for (int n = 0; n < 600; n++) {
        bool big = rnd_percent(&r, 3);
        size_t len = (size_t)rnd_in(&r, 1, big ? SIG_MEDIA_PICTURE_BYTES : 6000);
        uint8_t *copy = malloc(len);
        int order[128], k, first;
        struct wsmedia f;

        assert_non_null(copy);
        if (n == 5)
            len = SIG_MEDIA_PICTURE_BYTES, copy = realloc(copy, len);
        for (size_t i = 0; i < len; i++)
            l->payload[i] = (uint8_t)rnd_u64(&r);
        l->now_us += rnd_in(&r, 1000, 900000);
        first = l->sent_n;
        f = send(l, WSMEDIA_PICTURE, n == 0, 0, len, (uint8_t)n);
        memcpy(copy, l->payload, len);
        k = l->sent_n - first;
        assert_int_equal(k, frame_cut_packets(&f));
        assert_true(k <= FRAME_PACKETS_MAX);
        if (n == 0)
            begin(l, true);
        assert_true(ring_reserve(&l->ring, (size_t)k * FRAME_PACKET_BYTES, l->now_us));
        for (int i = 0; i < k; i++)
            order[i] = i;
        for (int i = k - 1; i > 0; i--) {
            int o = (int)rnd_in(&r, 0, i), t = order[i];

            order[i] = order[o];
            order[o] = t;
        }
        for (int i = 0; i < k; i++) {
            assert_int_equal(l->sent[(first + order[i]) % PACKETS].p.marker, order[i] == k - 1);
            assert_true(l->sent[(first + order[i]) % PACKETS].p.payload_len <= FRAME_PACKET_BYTES);
            arrive(l, first + order[i]);
            if (rnd_percent(&r, 20))
                arrive(l, first + order[i]);
            assert_int_equal(join(l), i == k - 1);
        }
        assert_int_equal(l->last.bytes, len);
        assert_memory_equal(l->got, copy, len);
        assert_int_equal(l->last.ts, frame_ticks(l->now_us, 90000));
        assert_int_equal(l->last.link.key, (copy[0] & 1) == 0);
        bytes += len;
        last_packets = k > last_packets ? k : last_packets;
        free(copy);
    }
    assert_int_equal(l->join.left_out, 0);
    assert_true(bytes > 1000000 && last_packets == FRAME_PACKETS_MAX);
    ring_deinit(&l->ring);
    free(l);
}

static void voice_is_one_packet_and_waits_shortly(void **state)
{
    struct line *l = malloc(sizeof *l);

    (void)state;
    assert_non_null(l);
    line_init(l);
    for (int i = 0; i < 6; i++) {
        (void)send(l, WSMEDIA_VOICE, false, 0, 80, (uint8_t)i);
        l->now_us += 20000;
        assert_int_equal(l->sent[i].p.ts, frame_ticks(US_PER_S + i * 20000, 48000));
    }
    begin(l, false);
    arrive(l, 0);
    arrive(l, 2); /* overtook 1 */
    assert_int_equal(join(l), 1);
    assert_true(frame_join_deadline(&l->join) == l->now_us + FRAME_WAIT_VOICE_US);
    arrive(l, 1);
    assert_int_equal(join(l), 2);
    assert_true(frame_join_deadline(&l->join) == NEVER_US);
    arrive(l, 4); /* 3 is lost */
    assert_int_equal(join(l), 0);
    l->now_us += FRAME_WAIT_VOICE_US - 1;
    arrive(l, 5);
    assert_int_equal(join(l), 0);
    l->now_us += 1;
    assert_int_equal(join(l), 2);
    assert_memory_equal(l->marks, ((uint8_t[]){ 0, 1, 2, 4, 5 }), 5);
    assert_int_equal(l->join.left_out, 1);
    assert_false(frame_join_needs_key(&l->join));
    ring_deinit(&l->ring);
    free(l);
}

/* Frames of 3 packets: frame i is packets 3i to 3i+2. lose: a bit per packet. */
static int pass(struct line *l, const char *layers, const bool *lose)
{
    int n = 0;

    line_init(l);
    for (int i = 0; layers[i]; i++) {
        bool key = layers[i] == 'K';
        struct wsmedia f =
            send(l, WSMEDIA_PICTURE, key, key ? 0 : (uint8_t)(layers[i] - '0'), 3000, (uint8_t)i);

        assert_int_equal(frame_cut_packets(&f), 3);
        if (i == 0)
            begin(l, true);
        for (int k = 3 * i; k < 3 * i + 3; k++)
            if (!lose[k])
                arrive(l, k);
        n += join(l);
        l->now_us += 40000;
    }
    l->now_us += US_PER_S;
    return n + join(l);
}

static void a_lost_reference_waits_for_a_key_frame(void **state)
{
    struct line *l = malloc(sizeof *l);

    (void)state;
    assert_non_null(l);
    for (int k = 3; k < 6; k++) { /* start, middle or end of frame 1 of a single layer */
        bool lose[60] = { 0 };

        lose[k] = true;
        assert_int_equal(pass(l, "00000K00", lose), 3); /* nothing before a key frame */
        ring_deinit(&l->ring);
        assert_int_equal(pass(l, "K0000K00", lose), 4);
        assert_memory_equal(l->marks, ((uint8_t[]){ 0, 5, 6, 7 }), 4);
        assert_int_equal(l->join.left_out, 4);
        assert_false(frame_join_needs_key(&l->join));
        ring_deinit(&l->ring);
        assert_int_equal(pass(l, "K000", lose), 1);
        assert_true(frame_join_needs_key(&l->join));
        ring_deinit(&l->ring);
    }
    free(l);
}

static void a_repeated_packet_saves_the_frame(void **state)
{
    struct line *l = malloc(sizeof *l);

    (void)state;
    assert_non_null(l);
    line_init(l);
    for (int i = 0; i < 4; i++)
        (void)send(l, WSMEDIA_PICTURE, i == 0, 0, 3000, (uint8_t)i);
    begin(l, true);
    for (int i = 0; i < 12; i++)
        if (i != 4)
            arrive(l, i);
    assert_int_equal(join(l), 1);
    l->now_us += FRAME_WAIT_PICTURE_US - 1;
    assert_int_equal(join(l), 0);
    assert_false(frame_join_needs_key(&l->join));
    arrive(l, 4);
    assert_int_equal(join(l), 3);
    assert_int_equal(l->join.left_out, 0);
    ring_deinit(&l->ring);
    free(l);
}

/* Layers 0 2 1 2: a lost upper frame costs upper frames only, a lost layer 0 costs the picture. */
static void upper_layers_are_lost_alone(void **state)
{
    struct line *l = malloc(sizeof *l);
    bool lose[60] = { 0 };

    (void)state;
    assert_non_null(l);
    lose[3 * 1 + 1] = true; /* the middle of a droppable frame */
    assert_int_equal(pass(l, "K2120212", lose), 7);
    ring_deinit(&l->ring);
    memset(lose, 0, sizeof lose);
    lose[3 * 2] = lose[3 * 2 + 1] = lose[3 * 2 + 2] = true; /* all of a frame of layer 1 */
    assert_int_equal(pass(l, "K2120212", lose), 3);         /* K 2 . . 0 . . . : no sync comes */
    assert_memory_equal(l->marks, ((uint8_t[]){ 0, 1, 4 }), 3);
    assert_false(frame_join_needs_key(&l->join));
    ring_deinit(&l->ring);
    memset(lose, 0, sizeof lose);
    lose[3 * 4 + 2] = true; /* the end of a frame of layer 0 */
    assert_int_equal(pass(l, "K2120212", lose), 4);
    assert_true(frame_join_needs_key(&l->join));
    ring_deinit(&l->ring);
    free(l);
}

static void a_sync_opens_the_upper_layers_again(void **state)
{
    struct frame_chain c = { .need_key = true };
    struct frame_link f = { .key = true, .has_tl0 = true, .tl0 = 255 };

    (void)state;
    assert_true(frame_chain_take(&c, &f));
    c.gap = true;
    f = (struct frame_link){ .layer = 1, .has_tl0 = true, .tl0 = 255 };
    assert_false(frame_chain_take(&c, &f));
    f = (struct frame_link){ .layer = 0, .has_tl0 = true, .tl0 = 0 }; /* 255 + 1 */
    assert_true(frame_chain_take(&c, &f));
    f = (struct frame_link){ .layer = 1, .has_tl0 = true, .tl0 = 0 };
    assert_false(frame_chain_take(&c, &f));
    f.sync = true;
    assert_true(frame_chain_take(&c, &f));
    f.sync = false;
    assert_true(frame_chain_take(&c, &f));
    f.layer = 2;
    assert_false(frame_chain_take(&c, &f));
    c.gap = true; /* and a frame of layer 0 that does not follow */
    f = (struct frame_link){ .has_tl0 = true, .tl0 = 2 };
    assert_false(frame_chain_take(&c, &f));
    assert_true(c.need_key);
}

/* Random loss, order and repetition: what comes out is whole, in order, and decodable by the
 * rules of a single layer: behind a key frame or behind the frame before it. */
static void what_comes_out_is_whole_and_decodable(void **state)
{
    struct rnd r = { rnd_seed(9) };
    struct line *l = malloc(sizeof *l);
    int total = 0, sent = 0;

    (void)state;
    assert_non_null(l);
    for (int round = 0; round < 40; round++) {
        int before = -1;

        line_init(l);
        for (int i = 0; i < 120; i++) {
            bool key = i == 0 || (frame_join_needs_key(&l->join) && rnd_percent(&r, 50));
            int first = l->sent_n, out = l->out_n;

            memset(l->payload, i, sizeof l->payload);
            (void)send(l, WSMEDIA_PICTURE, key, 0, (size_t)rnd_in(&r, 2, 5000), (uint8_t)i);
            if (i == 0)
                begin(l, true);
            for (int k = l->sent_n - 1; k >= first; k--) /* backwards */
                if (!rnd_percent(&r, 2))
                    arrive(l, k);
            l->now_us += 40000;
            (void)join(l);
            for (; out < l->out_n; out++) {
                int mark = l->marks[out & 255];

                assert_true(mark > before);
                before = mark;
            }
            if (out > 0 && l->got[1] == i && l->last.bytes > 2)
                assert_int_equal(l->got[l->last.bytes - 1], i);
        }
        total += l->out_n;
        sent += 120;
        ring_deinit(&l->ring);
    }
    assert_true(total > sent / 2 && total < sent);
    free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cut_and_joined_is_the_same),
        cmocka_unit_test(voice_is_one_packet_and_waits_shortly),
        cmocka_unit_test(a_lost_reference_waits_for_a_key_frame),
        cmocka_unit_test(a_repeated_packet_saves_the_frame),
        cmocka_unit_test(upper_layers_are_lost_alone),
        cmocka_unit_test(a_sync_opens_the_upper_layers_again),
        cmocka_unit_test(what_comes_out_is_whole_and_decodable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
