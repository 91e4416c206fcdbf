/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/rtcp: what is written is read back; lies are refused in bounds and
 * in linear time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "server/rtc/rtcp.h"

static void compound_is_read_back(void **state)
{
    const struct rtcp_report block = { .ssrc = 9,
                                       .fraction_lost = 25,
                                       .lost = -3,
                                       .highest_seq = 0x10005,
                                       .jitter = 77,
                                       .last_sr = 0x12345678,
                                       .since_last_sr = 65536 };
    const struct rtcp sr = {
        .ssrc = 1, .ntp = 0x1122334455667788, .rtp_ts = 5, .packets = 6, .octets = 7
    };
    static const uint16_t lost[] = { 65534, 65535, 0, 14, 15, 400 };
    uint16_t seqs[RTCP_NACK_SEQS_MAX], got[16];
    uint8_t bytes[256];
    struct writer w = writer_on(bytes, sizeof bytes);
    struct reader r;
    struct rtcp_report b;
    struct rtcp p;
    uint32_t ssrc;
    uint8_t seq;
    int n = 0;

    (void)state;
    rtcp_write_sr(&w, &sr, &block, 1);
    rtcp_write_sdes(&w, 1, "parta");
    rtcp_write_nack(&w, 1, 2, lost, 6);
    rtcp_write_pli(&w, 1, 3);
    rtcp_write_fir(&w, 1, 4, 250);
    rtcp_write_remb(&w, 1, 1234567, &(uint32_t){ 8 }, 1);
    rtcp_write_bye(&w, 1);
    assert_false(w.full);
    assert_int_equal(rtcp_check(bytes, writer_len(&w)), ERR_OK);

    r = reader_on(bytes, writer_len(&w));
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_SR);
    assert_true(p.ntp == sr.ntp && p.rtp_ts == 5 && p.packets == 6 && p.octets == 7);
    assert_true(rtcp_report_at(&p, 0, &b));
    assert_memory_equal(&b, &block, sizeof b);
    assert_false(rtcp_report_at(&p, 1, &b));
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_SDES);
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_NACK);
    assert_int_equal(p.media_ssrc, 2);
    for (int i = 0, k; (k = rtcp_nack_at(&p, i, seqs)) > 0; i++)
        for (int j = 0; j < k; j++)
            got[n++] = seqs[j];
    assert_int_equal(n, 6);
    assert_memory_equal(got, lost, sizeof lost);
    assert_int_equal(p.body_len, 3 * 4); /* 65534 + 0, 14 in one; 15 = +17 needs the next */
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_PLI);
    assert_int_equal(p.media_ssrc, 3);
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_FIR);
    assert_true(rtcp_fir_at(&p, 0, &ssrc, &seq));
    assert_int_equal(ssrc, 4);
    assert_int_equal(seq, 250);
    assert_false(rtcp_fir_at(&p, 1, &ssrc, &seq));
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_REMB);
    assert_in_range(p.bitrate_bps, 1234560, 1234567); /* 18 bits of mantissa */
    assert_true(rtcp_ssrc_at(&p, 0, &ssrc));
    assert_int_equal(ssrc, 8);
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_BYE);
    assert_true(rtcp_ssrc_at(&p, 0, &ssrc));
    assert_int_equal(ssrc, 1);
    assert_false(rtcp_next(&r, &p));
    assert_false(r.bad);
}

static void reports_are_cut_at_31(void **state)
{
    struct rtcp_report blocks[40] = { 0 };
    uint8_t bytes[2048];
    struct writer w = writer_on(bytes, sizeof bytes);
    struct reader r;
    struct rtcp p;

    (void)state;
    blocks[0].lost = INT32_MAX; /* 24 bits in the packet */
    rtcp_write_rr(&w, 5, blocks, 40);
    r = reader_on(bytes, writer_len(&w));
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.count, 31);
    assert_int_equal(reader_left(&r), 0);
    assert_true(rtcp_report_at(&p, 30, &blocks[0]));
    assert_false(rtcp_report_at(&p, 31, &blocks[0]));
    assert_true(rtcp_report_at(&p, 0, &blocks[0]));
    assert_int_equal(blocks[0].lost, 0x7FFFFF);
}

static void every_cname_length_is_padded(void **state)
{
    char cname[300];

    (void)state;
    for (size_t len = 0; len < 300; len++) {
        uint8_t bytes[512];
        struct writer w = writer_on(bytes, sizeof bytes);

        memset(cname, 'c', len);
        cname[len] = '\0';
        rtcp_write_sdes(&w, 1, cname);
        assert_false(w.full);
        assert_int_equal(writer_len(&w) % 4, 0);
        assert_int_equal(rtcp_check(bytes, writer_len(&w)), ERR_OK);
        assert_int_equal(bytes[writer_len(&w) - 1], 0);
    }
}

/* RELIABILITY P5: lengths that lie, report counts that lie, padding that lies. */
static void lying_lengths_are_refused(void **state)
{
    (void)state;
    for (unsigned type = 190; type < 215; type++)
        for (unsigned first = 0; first < 256; first++)
            for (size_t len = 0; len <= 40; len++)
                for (unsigned words = 0; words <= 10; words++) {
                    uint8_t *b = calloc(1, len ? len : 1);
                    struct reader r = reader_on(b, len);
                    struct rtcp p;

                    assert_non_null(b);
                    if (len > 3) {
                        b[0] = (uint8_t)first;
                        b[1] = (uint8_t)type;
                        b[3] = (uint8_t)words;
                    }
                    while (rtcp_next(&r, &p)) {
                        struct rtcp_report report;
                        uint32_t ssrc;

                        assert_true(p.body >= b && p.body + p.body_len <= b + len);
                        for (int i = 0; rtcp_report_at(&p, i, &report); i++)
                            assert_true(i < 1);
                        for (int i = 0; rtcp_ssrc_at(&p, i, &ssrc); i++)
                            assert_true(i < 9);
                    }
                    free(b);
                }
}

static void remb_extremes(void **state)
{
    uint8_t bytes[64];
    struct writer w = writer_on(bytes, sizeof bytes);
    struct reader r;
    struct rtcp p;

    (void)state;
    rtcp_write_remb(&w, 1, 0, NULL, 0);
    rtcp_write_remb(&w, 1, UINT64_MAX, NULL, 0);
    r = reader_on(bytes, writer_len(&w));
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_REMB);
    assert_true(p.bitrate_bps == 0);
    assert_true(rtcp_next(&r, &p));
    assert_true(p.bitrate_bps == (uint64_t)0x3FFFF << 46);
    bytes[20 + 17] = 0xFF; /* exponent 63: more than 64 bits hold */
    r = reader_on(bytes + 20, 20);
    assert_true(rtcp_next(&r, &p));
    assert_true(p.bitrate_bps == UINT64_MAX);
}

/* The example of the draft's section 3.1: chunks of every kind. */
static void transport_feedback_is_walked(void **state)
{
    static const uint8_t bytes[] = {
        0x8F, 205,  0,    8,  0,    0,    0,    1, 0, 0, 0, 2, /* header, ssrcs */
        0x00, 0x99, 0x00, 30, 0x00, 0x00, 0x02, 9, /* base 153, 30 statuses, ref 2, count 9 */
        0x00, 10,                                  /* run: 10 not received */
        0x9C, 0x01,                                /* one bit: 0 1 1 1 0 0 0 0 0 0 0 0 0 1 */
        0xC4, 0x80,                                /* two bits: 0 1 0 2 0 0 0, 6 of 7 used */
        4,    8,    12,   16,                      /* small deltas */
        20,   0xFF, 0xFC, 0,  0,    0              /* small, large -4, padding */
    };
    static const uint16_t seqs[] = { 164, 165, 166, 176, 178, 180 };
    static const int32_t deltas[] = { 1000, 2000, 3000, 4000, 5000, -1000 };
    struct reader r = reader_on(bytes, sizeof bytes);
    struct rtcp_twcc_walk w;
    struct rtcp_twcc_item item;
    unsigned total = 0;
    struct rtcp p;
    int n = 0;

    (void)state;
    assert_int_equal(sizeof bytes % 4, 0);
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(p.kind, RTCP_TWCC);
    assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_OK);
    assert_int_equal(w.base_seq, 153);
    assert_int_equal(w.fb_count, 9);
    assert_true(w.reference_us == 128000);
    while (rtcp_twcc_next(&w, &item)) {
        total += item.count;
        if (!item.received)
            continue;
        assert_true(n < 6);
        assert_int_equal(item.seq, seqs[n]);
        assert_int_equal(item.delta_us, deltas[n]);
        n++;
    }
    assert_int_equal(n, 6);
    assert_int_equal(total, 30);
}

/* Eight run chunks claim 65535 lost packets: eight items, not 65535. */
static void huge_counts_cost_nothing(void **state)
{
    uint8_t bytes[36] = { 0x8F, 205, 0, 8 };
    struct reader r = reader_on(bytes, sizeof bytes);
    struct rtcp_twcc_walk w;
    struct rtcp_twcc_item item;
    struct rtcp p;
    int items = 0;

    (void)state;
    bytes[14] = bytes[15] = 0xFF;
    for (int i = 20; i < 36; i += 2) {
        bytes[i] = 0x1F;
        bytes[i + 1] = 0xFF;
    }
    assert_true(rtcp_next(&r, &p));
    assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_PARSE); /* 8 * 8191 = 65528: seven short */
    bytes[15] = 0xF8;
    assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_OK);
    while (rtcp_twcc_next(&w, &item))
        items++;
    assert_int_equal(items, 8);
    for (int i = 20; i < 36; i += 2)
        bytes[i] = 0; /* runs of none */
    bytes[21] = 0;
    assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_PARSE);
    for (int i = 20; i < 36; i++)
        bytes[i] = 0x3F; /* received, but no deltas behind */
    bytes[14] = 0x7F;
    items = 0;
    assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_OK);
    while (rtcp_twcc_next(&w, &item))
        items++;
    assert_int_equal(items, 6); /* five chunks reach the count, what is left are six deltas */
}

static void ntp_times(void **state)
{
    (void)state;
    assert_true(rtcp_ntp_from_unix_us(0) == (uint64_t)2208988800 << 32);
    assert_true(rtcp_ntp_from_unix_us(1500000) == (((uint64_t)2208988801 << 32) | 0x80000000));
    assert_in_range(rtcp_ntp_to_unix_us(rtcp_ntp_from_unix_us(1234567890123456)), 1234567890123455,
                    1234567890123456);
    assert_int_equal(rtcp_ntp_middle(0x1122334455667788), 0x33445566);
}

static void full_buffer_is_reported(void **state)
{
    static const uint16_t seqs[] = { 1, 100, 200, 300 };
    uint8_t *bytes = malloc(27);
    struct writer w = writer_on(bytes, 27);

    (void)state;
    assert_non_null(bytes);
    rtcp_write_nack(&w, 1, 2, seqs, 4);
    assert_true(w.full);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compound_is_read_back),
        cmocka_unit_test(reports_are_cut_at_31),
        cmocka_unit_test(every_cname_length_is_padded),
        cmocka_unit_test(lying_lengths_are_refused),
        cmocka_unit_test(remb_extremes),
        cmocka_unit_test(transport_feedback_is_walked),
        cmocka_unit_test(huge_counts_cost_nothing),
        cmocka_unit_test(ntp_times),
        cmocka_unit_test(full_buffer_is_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
