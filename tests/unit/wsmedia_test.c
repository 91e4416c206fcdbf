/* SPDX-License-Identifier: Apache-2.0
 *
 * common/protocol/wsmedia: what is a frame, and which word refuses what is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/protocol/wsmedia.h"
#include "tests/support/rnd.h"

/* A key frame of 640x360 whose first partition has 10 bytes, and what may follow it. */
#define KEY_TAG 0x50, 1, 0 /* little-endian: size 10, shown, version 0 */
static const uint8_t key_frame[40] = { KEY_TAG, 0x9D, 0x01, 0x2A, 0x80, 0x02, 0x68, 0x01 };
static const uint8_t delta_frame[40] = { 0x51, 1, 0 };
static const uint8_t opus[] = { 0x78, 1, 2, 3, 4, 5 };

static size_t put(uint8_t *to, const struct wsmedia *f)
{
    struct writer w = writer_on(to, SIG_MEDIA_HEADER_BYTES + f->len);

    wsmedia_write(&w, f);
    write_bytes(&w, f->payload, f->len);
    assert_false(w.full);
    return writer_len(&w);
}

static struct wsmedia picture(void)
{
    return (struct wsmedia){ .kind = WSMEDIA_PICTURE,
                             .key = true,
                             .sync = true,
                             .layer = 0,
                             .seq = 0xFFFE,
                             .time_us = SIG_MEDIA_TIME_MAX,
                             .payload = key_frame,
                             .len = sizeof key_frame };
}

static struct wsmedia voice(void)
{
    return (struct wsmedia){ .kind = WSMEDIA_VOICE,
                             .level = 127,
                             .slot = 14,
                             .seq = 7,
                             .payload = opus,
                             .len = sizeof opus };
}

static void a_frame_is_read_as_it_was_written(void **state)
{
    uint8_t m[200];
    struct wsmedia all[] = { picture(), voice(), picture() }, got;
    enum sig_media_refusal why;

    (void)state;
    all[2].kind = WSMEDIA_SCREEN;
    all[2].key = all[2].sync = false;
    all[2].droppable = true;
    all[2].layer = 3;
    all[2].payload = delta_frame;
    for (int i = 0; i < 3; i++) {
        size_t len = put(m, &all[i]);

        assert_int_equal(wsmedia_parse(m, len, &got, &why), ERR_OK);
        assert_int_equal(got.kind, all[i].kind);
        assert_int_equal(got.key, all[i].key);
        assert_int_equal(got.droppable, all[i].droppable);
        assert_int_equal(got.sync, all[i].sync);
        assert_int_equal(got.layer, all[i].layer);
        assert_int_equal(got.slot, all[i].slot);
        assert_int_equal(got.level, all[i].level);
        assert_int_equal(got.seq, all[i].seq);
        assert_true(got.time_us == all[i].time_us);
        assert_int_equal(got.len, all[i].len);
        assert_ptr_equal(got.payload, m + SIG_MEDIA_HEADER_BYTES);
    }
}

/* Refused with this word, and the place of the result untouched. */
static void refused(const uint8_t *m, size_t len, enum sig_media_refusal word)
{
    struct wsmedia got, before;
    enum sig_media_refusal why = SIG_MEDIA_REFUSAL_TOO_MUCH;

    memset(&got, 0x5A, sizeof got);
    before = got;
    assert_int_equal(wsmedia_parse(m, len, &got, &why), ERR_PARSE);
    assert_string_equal(sig_media_refusal_name(why), sig_media_refusal_name(word));
    assert_memory_equal(&got, &before, sizeof got);
}

static void every_fault_has_its_word(void **state)
{
    static uint8_t big[SIG_MEDIA_HEADER_BYTES + SIG_MEDIA_PICTURE_BYTES + 1];
    static const struct {
        bool voice;
        size_t at;
        uint8_t value;
        enum sig_media_refusal word;
    } faults[] = {
        { false, SIG_MEDIA_AT_VERSION, 0, SIG_MEDIA_REFUSAL_BAD_VERSION },
        { false, SIG_MEDIA_AT_VERSION, 2, SIG_MEDIA_REFUSAL_BAD_VERSION },
        { false, SIG_MEDIA_AT_KIND, 0, SIG_MEDIA_REFUSAL_BAD_KIND },
        { false, SIG_MEDIA_AT_KIND, 4, SIG_MEDIA_REFUSAL_BAD_KIND },
        { false, SIG_MEDIA_AT_FLAGS, 0x21, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { true, SIG_MEDIA_AT_FLAGS, 1, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { true, SIG_MEDIA_AT_LEVEL, 128, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { false, SIG_MEDIA_AT_LEVEL, 1, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { true, SIG_MEDIA_AT_ZERO, 1, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { false, SIG_MEDIA_AT_SLOT, 15, SIG_MEDIA_REFUSAL_BAD_SLOT },
        { false, SIG_MEDIA_AT_TIME, 1, SIG_MEDIA_REFUSAL_BAD_TIME },
        { false, SIG_MEDIA_AT_TIME + 1, 0x20, SIG_MEDIA_REFUSAL_BAD_TIME },
        { false, SIG_MEDIA_AT_FLAGS, 0,
          SIG_MEDIA_REFUSAL_WRONG_CODEC }, /* a key frame all the same */
        { false, SIG_MEDIA_HEADER_BYTES, 0x51,
          SIG_MEDIA_REFUSAL_WRONG_CODEC }, /* says key, is none */
        { false, SIG_MEDIA_HEADER_BYTES + 3, 0, SIG_MEDIA_REFUSAL_WRONG_CODEC }, /* start code */
        { true, SIG_MEDIA_HEADER_BYTES, 0x7B,
          SIG_MEDIA_REFUSAL_WRONG_CODEC }, /* 1 frame, of 5 told */
        { false, SIG_MEDIA_AT_KIND, WSMEDIA_VOICE, SIG_MEDIA_REFUSAL_BAD_FLAGS },
        { true, SIG_MEDIA_AT_KIND, WSMEDIA_PICTURE, SIG_MEDIA_REFUSAL_BAD_FLAGS },
    };
    struct wsmedia p = picture(), v = voice();
    uint8_t m[200];

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        size_t len = put(m, faults[i].voice ? &v : &p);

        m[faults[i].at] = faults[i].value;
        if (faults[i].value == 0x7B)
            m[SIG_MEDIA_HEADER_BYTES + 1] = 0x3F; /* 63 frames of 20 ms */
        refused(m, len, faults[i].word);
    }
    for (size_t len = 0; len <= SIG_MEDIA_HEADER_BYTES; len++) {
        (void)put(m, &p);
        refused(m, len, SIG_MEDIA_REFUSAL_TRUNCATED);
    }
    p.payload = big;
    p.len = SIG_MEDIA_PICTURE_BYTES + 1;
    {
        struct writer w = writer_on(big, sizeof big);

        wsmedia_write(&w, &p);
        memcpy(big + SIG_MEDIA_HEADER_BYTES, key_frame, sizeof key_frame);
    }
    refused(big, sizeof big, SIG_MEDIA_REFUSAL_OVERSIZED);
    {
        struct wsmedia got;
        enum sig_media_refusal why;

        assert_int_equal(wsmedia_parse(big, sizeof big - 1, &got, &why), ERR_OK);
    }
    v.len = SIG_MEDIA_VOICE_BYTES + 1;
    memset(big, 0, sizeof big);
    {
        struct writer w = writer_on(big, sizeof big);

        wsmedia_write(&w, &v);
    }
    refused(big, SIG_MEDIA_HEADER_BYTES + v.len, SIG_MEDIA_REFUSAL_OVERSIZED);
}

static void opus_packets_are_told_from_others(void **state)
{
    uint8_t p[2600] = { 0 };

    (void)state;
    assert_false(wsmedia_is_opus(p, 0));
    assert_true(wsmedia_is_opus(p, 1)); /* DTX: a frame of no bytes */
    assert_true(wsmedia_is_opus(p, 1276));
    assert_false(wsmedia_is_opus(p, 1277)); /* R2 */
    p[0] = 1;
    assert_true(wsmedia_is_opus(p, 5));
    assert_false(wsmedia_is_opus(p, 6)); /* R3: two of one length */
    p[0] = 2;
    p[1] = 10;
    assert_false(wsmedia_is_opus(p, 1));
    assert_false(wsmedia_is_opus(p, 11)); /* R4: the first is longer than what is there */
    assert_true(wsmedia_is_opus(p, 12));
    p[1] = 252;
    assert_false(wsmedia_is_opus(p, 2)); /* half a length */
    p[0] = 0x78 | 3;                     /* code 3, frames of 20 ms */
    p[1] = 0;
    assert_false(wsmedia_is_opus(p, 10)); /* no frame */
    p[1] = 6;
    assert_true(wsmedia_is_opus(p, 2 + 12));
    assert_false(wsmedia_is_opus(p, 2 + 13)); /* R6 */
    p[1] = 7;
    assert_false(wsmedia_is_opus(p, 2 + 14)); /* R5: 140 ms */
    p[1] = 0x42;                              /* padded */
    p[2] = 255;
    p[3] = 1; /* 255 bytes of padding */
    assert_false(wsmedia_is_opus(p, 4 + 254));
    assert_true(wsmedia_is_opus(p, 4 + 255));
    assert_true(wsmedia_is_opus(p, 4 + 255 + 2));
    assert_false(wsmedia_is_opus(p, 4 + 255 + 1));
    p[1] = 0x82; /* two of different lengths */
    p[2] = 20;
    assert_false(wsmedia_is_opus(p, 3 + 19));
    assert_true(wsmedia_is_opus(p, 3 + 20));
}

static void vp8_frames_are_told_from_others(void **state)
{
    uint8_t p[40];
    bool key = false;

    (void)state;
    assert_true(wsmedia_is_vp8(key_frame, sizeof key_frame, &key));
    assert_true(key);
    assert_true(wsmedia_is_vp8(delta_frame, sizeof delta_frame, &key));
    assert_false(key);
    assert_true(wsmedia_is_vp8(key_frame, 20, &key));
    assert_false(wsmedia_is_vp8(key_frame, 19, &key)); /* the first partition is cut */
    assert_true(wsmedia_is_vp8(delta_frame, 13, &key));
    assert_false(wsmedia_is_vp8(delta_frame, 12, &key));
    for (size_t len = 0; len < 4; len++)
        assert_false(wsmedia_is_vp8(delta_frame, len, &key));
    memcpy(p, delta_frame, sizeof p);
    p[0] |= 4 << 1; /* version 4 */
    assert_false(wsmedia_is_vp8(p, sizeof p, &key));
    memcpy(p, key_frame, sizeof p);
    p[6] = p[7] = 0; /* no width */
    assert_false(wsmedia_is_vp8(p, sizeof p, &key));
}

static void numbers_and_times_rise(void **state)
{
    struct wsmedia_line line = { 0 };
    struct wsmedia f = voice();

    (void)state;
    f.seq = 0xFFFE;
    f.time_us = 1000;
    assert_true(wsmedia_follows(&line, &f));
    assert_false(wsmedia_follows(&line, &f)); /* again */
    f.seq = 0xFFFD;
    assert_false(wsmedia_follows(&line, &f)); /* before */
    f.seq = 3;                                /* some left out, over the end of the numbers */
    f.time_us = 999;
    assert_false(wsmedia_follows(&line, &f));
    assert_int_equal(line.seq, 0xFFFE);
    f.time_us = 1000;
    assert_true(wsmedia_follows(&line, &f));
    assert_int_equal(line.seq, 3);
}

/* Any header that is taken is written again as the same bytes. */
static void what_is_read_is_written_alike(void **state)
{
    struct rnd r = { rnd_seed(11) };
    int taken = 0;

    (void)state;
    for (int n = 0; n < 20000; n++) {
        uint8_t m[100], again[100];
        struct wsmedia f = n & 1 ? picture() : voice(), got;
        size_t len = put(m, &f);
        enum sig_media_refusal why;

        m[rnd_in(&r, 0, (int64_t)len - 1)] = (uint8_t)rnd_u64(&r);
        if (wsmedia_parse(m, len, &got, &why) != ERR_OK)
            continue;
        taken++;
        assert_int_equal(put(again, &got), len);
        assert_memory_equal(again, m, len);
    }
    assert_true(taken > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_frame_is_read_as_it_was_written),
        cmocka_unit_test(every_fault_has_its_word),
        cmocka_unit_test(opus_packets_are_told_from_others),
        cmocka_unit_test(vp8_frames_are_told_from_others),
        cmocka_unit_test(numbers_and_times_rise),
        cmocka_unit_test(what_is_read_is_written_alike),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
