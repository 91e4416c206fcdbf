/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/rtp and vp8: headers, extensions, RTX, sequence numbers, payload
 * descriptors at every length.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/rtc/rtp.h"
#include "server/rtc/vp8.h"

static void written_packet_is_read_back(void **state)
{
    static const uint8_t mid[] = { '1', '2' }, level[] = { 0x85 };
    const struct rtp_ext exts[] = { { 4, 2, mid }, { 1, 1, level } };
    struct rtp h = { .marker = true, .pt = 111, .seq = 0xFFFE, .ts = 0x80000001, .ssrc = 7 };
    uint8_t bytes[64];
    struct writer w = writer_on(bytes, sizeof bytes);
    size_t at = 0;
    struct rtp_ext e;
    struct rtp p;

    (void)state;
    rtp_write(&w, &h, exts, 2);
    write_bytes(&w, "abc", 3);
    assert_false(w.full);
    assert_int_equal(rtp_parse(bytes, writer_len(&w), &p), ERR_OK);
    assert_true(p.marker);
    assert_int_equal(p.pt, 111);
    assert_int_equal(p.seq, 0xFFFE);
    assert_int_equal(p.ts, 0x80000001);
    assert_int_equal(p.ssrc, 7);
    assert_int_equal(p.ext_profile, RTP_EXT_ONE_BYTE);
    assert_int_equal(p.payload_len, 3);
    assert_memory_equal(p.payload, "abc", 3);
    assert_true(rtp_ext_next(&p, &at, &e));
    assert_int_equal(e.id, 4);
    assert_memory_equal(e.data, "12", 2);
    assert_true(rtp_ext_next(&p, &at, &e));
    assert_int_equal(e.id, 1);
    assert_int_equal(e.data[0], 0x85);
    assert_false(rtp_ext_next(&p, &at, &e));
}

static void two_byte_form_is_used_when_needed(void **state)
{
    static const uint8_t long_value[20] = { 9 };
    const struct rtp_ext exts[] = { { 3, 20, long_value }, { 200, 0, long_value } };
    struct rtp h = { .pt = 96 };
    uint8_t bytes[64];
    struct writer w = writer_on(bytes, sizeof bytes);
    size_t at = 0;
    struct rtp_ext e;
    struct rtp p;

    (void)state;
    rtp_write(&w, &h, exts, 2);
    assert_int_equal(rtp_parse(bytes, writer_len(&w), &p), ERR_OK);
    assert_int_equal(p.ext_profile, RTP_EXT_TWO_BYTE);
    assert_true(rtp_ext_next(&p, &at, &e));
    assert_int_equal(e.len, 20);
    assert_true(rtp_ext_next(&p, &at, &e));
    assert_int_equal(e.id, 200);
    assert_int_equal(e.len, 0);
    assert_false(rtp_ext_next(&p, &at, &e));
}

static void extension_at_mtu_does_not_fit(void **state)
{
    static const uint8_t v[16];
    const struct rtp_ext exts[] = { { 1, 16, v } };
    struct rtp h = { .pt = 96 };
    uint8_t bytes[RTP_HEADER_BYTES + 4 + 19]; /* one short */
    struct writer w = writer_on(bytes, sizeof bytes);

    (void)state;
    rtp_write(&w, &h, exts, 1);
    assert_true(w.full);
    assert_true(writer_len(&w) <= sizeof bytes);
}

/* Exact copies on the heap, so that a sanitizer sees a read past the end. */
static enum err parse_exact(const uint8_t *bytes, size_t len, struct rtp *p, uint8_t **copy)
{
    *copy = malloc(len ? len : 1);
    assert_non_null(*copy);
    if (len)
        memcpy(*copy, bytes, len);
    return rtp_parse(*copy, len, p);
}

/* RELIABILITY P4. */
static void lying_headers_are_refused(void **state)
{
    uint8_t b[80] = { 0x80 };
    struct rtp p;
    uint8_t *copy;

    (void)state;
    for (size_t len = 0; len <= 40; len++)
        for (unsigned first = 0; first < 256; first++) {
            b[0] = (uint8_t)first;
            b[len ? len - 1 : 0] = len > 1 ? 1 : (uint8_t)first; /* padding of 1 if P is set */
            if (parse_exact(b, len, &p, &copy) == ERR_OK) {
                assert_int_equal(first >> 6, 2);
                assert_ptr_equal(p.payload + p.payload_len + p.padding, copy + len);
                assert_true(len >= RTP_HEADER_BYTES + (first & 15) * 4u);
            }
            free(copy);
            b[len ? len - 1 : 0] = 0;
        }
    b[0] = 0x8F; /* 15 CSRC in 12 + 59 bytes */
    assert_int_equal(rtp_parse(b, 71, &p), ERR_PARSE);
    assert_int_equal(rtp_parse(b, 72, &p), ERR_OK);
    assert_int_equal(p.payload_len, 0);
    b[0] = 0x90; /* an extension longer than the packet */
    b[15] = 17;
    assert_int_equal(rtp_parse(b, 80, &p), ERR_PARSE);
    b[15] = 16;
    assert_int_equal(rtp_parse(b, 80, &p), ERR_OK);
    b[0] = 0xA0; /* padding of 0, of all, of more than there is */
    b[79] = 0;
    assert_int_equal(rtp_parse(b, 80, &p), ERR_PARSE);
    b[79] = 68;
    assert_int_equal(rtp_parse(b, 80, &p), ERR_OK);
    assert_int_equal(p.payload_len, 0);
    b[79] = 69;
    assert_int_equal(rtp_parse(b, 80, &p), ERR_PARSE);
}

static void oversized_packet_is_refused(void **state)
{
    static uint8_t big[RTP_PACKET_MAX + 1] = { 0x80 };
    struct rtp p;

    (void)state;
    assert_int_equal(rtp_parse(big, RTP_PACKET_MAX, &p), ERR_OK);
    assert_int_equal(rtp_parse(big, RTP_PACKET_MAX + 1, &p), ERR_PARSE);
}

/* Every first byte of an extension block, for both forms, ends in bounds. */
static void broken_extensions_end_early(void **state)
{
    static const unsigned profiles[] = { RTP_EXT_ONE_BYTE, RTP_EXT_TWO_BYTE, 0x100F, 0x1234 };

    (void)state;
    for (unsigned f = 0; f < 4; f++)
        for (unsigned v = 0; v < 65536; v += 7) {
            uint8_t b[20] = { 0x90 };
            size_t at = 0;
            struct rtp_ext e;
            struct rtp p;
            int n = 0;

            b[12] = (uint8_t)(profiles[f] >> 8);
            b[13] = (uint8_t)profiles[f];
            b[15] = 1;
            b[16] = (uint8_t)(v >> 8);
            b[17] = (uint8_t)v;
            assert_int_equal(rtp_parse(b, sizeof b, &p), ERR_OK);
            while (rtp_ext_next(&p, &at, &e)) {
                assert_true(e.data >= b + 16 && e.data + e.len <= b + 20);
                assert_true(++n <= 4);
            }
        }
}

static void rtx_becomes_the_original(void **state)
{
    static const uint8_t mid[] = { '1' };
    const struct rtp_ext exts[] = { { 4, 1, mid } };
    struct rtp h = { .marker = true, .pt = 97, .seq = 5, .ts = 90, .ssrc = 222 };
    uint8_t bytes[64];
    struct writer w = writer_on(bytes, sizeof bytes);
    size_t start = 0, len;
    struct rtp p;

    (void)state;
    rtp_write(&w, &h, exts, 1);
    write_u16(&w, 0xABCD);
    write_bytes(&w, "xyz", 3);
    len = writer_len(&w);
    assert_int_equal(rtp_unwrap_rtx(bytes, len, 96, 111, &start), ERR_OK);
    assert_int_equal(rtp_parse(bytes + start, len - start, &p), ERR_OK);
    assert_int_equal(p.pt, 96);
    assert_int_equal(p.seq, 0xABCD);
    assert_int_equal(p.ssrc, 111);
    assert_int_equal(p.ts, 90);
    assert_true(p.marker);
    assert_int_equal(p.payload_len, 3);
    assert_memory_equal(p.payload, "xyz", 3);
}

/* Janus #3636: an RTX payload under 2 bytes underflowed. */
static void short_rtx_is_refused(void **state)
{
    (void)state;
    for (size_t payload = 0; payload < 8; payload++) {
        uint8_t b[RTP_HEADER_BYTES + 8] = { 0x80 };
        size_t start = 99;
        enum err e = rtp_unwrap_rtx(b, RTP_HEADER_BYTES + payload, 96, 1, &start);

        assert_int_equal(e, payload < 2 ? ERR_PARSE : ERR_OK);
        assert_int_equal(start, payload < 2 ? 99 : 2);
    }
}

static void sequence_numbers_unwrap(void **state)
{
    struct seq_line l = { 0 };
    int64_t first = seq_unwrap(&l, 65000), v = first;

    (void)state;
    for (int i = 1; i < 200000; i++) {
        v = seq_unwrap(&l, (uint16_t)(65000 + i));
        assert_int_equal(v, first + i);
    }
    assert_int_equal(seq_unwrap(&l, (uint16_t)(v - 300)), v - 300);
    assert_int_equal(l.highest, v);
    assert_int_equal(seq_near(&l, (uint16_t)(v + 300)), v + 300);
    assert_int_equal(l.highest, v);
    assert_true(seq_after(1, 65535));
    assert_false(seq_after(65535, 1));
    assert_false(seq_after(3, 3));
    assert_false(seq_after(0x8000, 0)); /* half way round: neither */
    assert_false(seq_after(0, 0x8000));
}

static void descriptor_fields(void **state)
{
    static const uint8_t full[] = { 0x90, 0xF0, 0x92, 0x34, 0x56, 0xA3, 0x00 };
    static const uint8_t seven[] = { 0x80, 0x80, 0x12, 0x01 };
    static const uint8_t bare[] = { 0x10, 0x01 };
    struct vp8 v;

    (void)state;
    assert_int_equal(vp8_parse(full, sizeof full, &v), ERR_OK);
    assert_true(v.start && v.key && v.has_picture_id && v.picture_id_15 && v.has_tl0 && v.has_tid);
    assert_int_equal(v.picture_id, 0x1234);
    assert_int_equal(v.tl0, 0x56);
    assert_int_equal(v.tid, 2);
    assert_true(v.layer_sync);
    assert_int_equal(v.descriptor_len, 6);
    assert_int_equal(vp8_parse(seven, sizeof seven, &v), ERR_OK);
    assert_false(v.start || v.key || v.picture_id_15 || v.has_tl0);
    assert_int_equal(v.picture_id, 0x12);
    assert_int_equal(vp8_parse(bare, sizeof bare, &v), ERR_OK);
    assert_true(v.start);
    assert_false(v.key); /* the inverse key frame flag is 1 */
    assert_int_equal(v.descriptor_len, 1);
}

static void descriptor_is_renumbered_in_place(void **state)
{
    uint8_t full[] = { 0x90, 0xF0, 0x92, 0x34, 0x56, 0xA3, 0x00 };
    uint8_t seven[] = { 0x80, 0x80, 0x12, 0x01 };
    struct vp8 v;

    (void)state;
    assert_int_equal(vp8_parse(full, sizeof full, &v), ERR_OK);
    vp8_renumber(full, &v, 0xFFFF, 0x77);
    assert_int_equal(vp8_parse(full, sizeof full, &v), ERR_OK);
    assert_int_equal(v.picture_id, 0x7FFF);
    assert_int_equal(v.tl0, 0x77);
    assert_int_equal(v.tid, 2);
    assert_int_equal(vp8_parse(seven, sizeof seven, &v), ERR_OK);
    vp8_renumber(seven, &v, 0xFFFF, 0x77);
    assert_memory_equal(seven, "\x80\x80\x7F\x01", 4);
}

/* RELIABILITY P6, Janus #3636: all descriptors' first bytes at lengths 0 to 8. */
static void descriptor_at_every_length(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 8; len++)
        for (unsigned first = 0; first < 256; first++)
            for (unsigned flags = 0; flags < 256; flags++)
                for (unsigned m = 0; m < 2; m++) {
                    uint8_t b[8] = { (uint8_t)first, (uint8_t)flags, (uint8_t)(m << 7), 0xFF };
                    size_t need = 1, x = first >> 7;
                    struct vp8 v;
                    enum err e;

                    if (x) /* the flags, picture id, TL0PICIDX, TID or KEYIDX */
                        need +=
                            1 + (flags >> 7 ? 1 + m : 0) + (flags >> 6 & 1) + ((flags & 0x30) != 0);
                    e = vp8_parse(b, len, &v);
                    assert_int_equal(e, len > need ? ERR_OK : ERR_PARSE);
                    if (e == ERR_OK)
                        assert_int_equal(v.descriptor_len, need);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(written_packet_is_read_back),
        cmocka_unit_test(two_byte_form_is_used_when_needed),
        cmocka_unit_test(extension_at_mtu_does_not_fit),
        cmocka_unit_test(lying_headers_are_refused),
        cmocka_unit_test(oversized_packet_is_refused),
        cmocka_unit_test(broken_extensions_end_early),
        cmocka_unit_test(rtx_becomes_the_original),
        cmocka_unit_test(short_rtx_is_refused),
        cmocka_unit_test(sequence_numbers_unwrap),
        cmocka_unit_test(descriptor_fields),
        cmocka_unit_test(descriptor_is_renumbered_in_place),
        cmocka_unit_test(descriptor_at_every_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
