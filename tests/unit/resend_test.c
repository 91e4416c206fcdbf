/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/nack, ring, twcc, reception: what is missing, what is kept, when
 * it came, and what is reported of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "server/rtc/nack.h"
#include "server/rtc/reception.h"
#include "server/rtc/ring.h"
#include "server/rtc/twcc.h"

#define MS US_PER_MS

static void gap_is_asked_for_after_the_wait(void **state)
{
    uint16_t seqs[8];
    struct nack n;

    (void)state;
    nack_init(&n);
    nack_received(&n, 65534, 0);
    nack_received(&n, 1, 1000); /* 65535 and 0 are missing */
    assert_int_equal(nack_due(&n, 1000 + NACK_WAIT_US - 1, 50 * MS, seqs, 8), 0);
    assert_int_equal(nack_deadline(&n, 50 * MS), 1000 + NACK_WAIT_US);
    assert_int_equal(nack_due(&n, 1000 + NACK_WAIT_US, 50 * MS, seqs, 8), 2);
    assert_int_equal(seqs[0], 65535);
    assert_int_equal(seqs[1], 0);
    /* again after a round trip, only what is still missing */
    nack_received(&n, 65535, 20 * MS);
    assert_int_equal(nack_due(&n, 13 * MS + 49 * MS, 50 * MS, seqs, 8), 0);
    assert_int_equal(nack_due(&n, 13 * MS + 50 * MS, 50 * MS, seqs, 8), 1);
    assert_int_equal(seqs[0], 0);
}

static void reordering_is_not_loss(void **state)
{
    uint16_t seqs[8];
    struct nack n;

    (void)state;
    nack_init(&n);
    for (uint16_t s = 0; s < 1000; s = (uint16_t)(s + 2)) {
        nack_received(&n, (uint16_t)(s + 1), s * MS);
        nack_received(&n, s, s * MS + 5 * MS);
        assert_int_equal(nack_due(&n, s * MS + 5 * MS, 0, seqs, 8), 0);
    }
    assert_int_equal(n.missing_n, 0);
    assert_int_equal(nack_deadline(&n, 0), NEVER_US);
}

static void hopeless_packets_are_given_up(void **state)
{
    uint16_t seqs[8];
    int asked = 0;
    struct nack n;

    (void)state;
    nack_init(&n);
    nack_received(&n, 10, 0);
    nack_received(&n, 12, 0);
    for (int64_t t = 0; t < 3 * US_PER_S; t += 5 * MS)
        asked += nack_due(&n, t, 0, seqs, 8);
    assert_int_equal(asked, NACK_TRIES_MAX);
    assert_int_equal(n.gave_up, 1);
    assert_int_equal(n.missing_n, 0);
    nack_received(&n, 14, 10 * US_PER_S);
    asked = 0;
    for (int64_t t = 0; t < 3 * US_PER_S; t += 5 * MS)
        asked += nack_due(&n, 10 * US_PER_S + t, 300 * MS, seqs, 8);
    assert_in_range(asked, 3, 4); /* within a second, every 300 ms */
}

static void long_gap_is_not_asked_for(void **state)
{
    uint16_t seqs[8];
    struct nack n;

    (void)state;
    nack_init(&n);
    nack_received(&n, 1, 0);
    nack_received(&n, 3, 0);
    nack_received(&n, 3 + NACK_MISSING_MAX + 1, 0);
    assert_int_equal(n.missing_n, 0);
    assert_int_equal(n.gave_up, NACK_MISSING_MAX + 1);
    assert_int_equal(nack_due(&n, US_PER_S, 0, seqs, 8), 0);
    /* late arrivals after that are harmless */
    nack_received(&n, 2, 0);
    nack_received(&n, 1, 0);
    assert_int_equal(n.missing_n, 0);
}

static void small_room_asks_in_turns(void **state)
{
    uint16_t seqs[2];
    struct nack n;

    (void)state;
    nack_init(&n);
    nack_received(&n, 0, 0);
    nack_received(&n, 4, 0);
    assert_int_equal(nack_due(&n, NACK_WAIT_US, MS, seqs, 2), 2);
    assert_int_equal(seqs[1], 2);
    assert_int_equal(nack_due(&n, NACK_WAIT_US, MS, seqs, 2), 1);
    assert_int_equal(seqs[0], 3);
}

/* Fills a payload with a pattern that names its packet. */
static bool put(struct ring *r, int64_t seq, size_t len, int64_t now_us)
{
    struct ring_packet *p = ring_put(r, seq, len, now_us);

    if (!p)
        return false;
    for (size_t i = 0; i < len; i++)
        ring_payload(r, p)[i] = (uint8_t)((uint64_t)seq * 7 + i);
    return true;
}

static bool intact(const struct ring *r, int64_t seq)
{
    struct ring_packet *p = ring_get(r, seq);

    for (size_t i = 0; p && i < p->len; i++)
        if (ring_payload(r, p)[i] != (uint8_t)((uint64_t)seq * 7 + i))
            fail_msg("packet %d is corrupt", (int)seq);
    return p != NULL;
}

static void ring_keeps_what_it_says(void **state)
{
    struct ring r;
    int kept = 0;

    (void)state;
    srand(1);
    ring_init(&r, 64, 4096, 4096);
    assert_null(ring_get(&r, 5));
    for (int64_t s = 65500; s < 67500; s++) {
        assert_true(put(&r, s, (size_t)(rand() % 500), s * US_PER_S));
        assert_true(intact(&r, s));
        kept = 0;
        for (int64_t q = s - 100; q <= s + 70; q++)
            kept += intact(&r, q);
        assert_true(kept <= 64);
    }
    assert_true(kept >= 6); /* 4096 bytes of at most 500 each, less the end of a lap */
    ring_clear(&r);
    assert_false(intact(&r, 67499));
    ring_deinit(&r);
}

static void ring_takes_late_packets(void **state)
{
    struct ring r;

    (void)state;
    ring_init(&r, 64, 8192, 8192);
    assert_true(put(&r, 10, 100, 0));
    assert_true(put(&r, 12, 100, 0));
    assert_true(put(&r, 11, 100, 0));
    assert_true(intact(&r, 10) && intact(&r, 11) && intact(&r, 12));
    assert_true(put(&r, 12 + 64, 100, 0)); /* takes the record of 12 */
    assert_false(intact(&r, 12));
    ring_deinit(&r);
}

static void ring_grows_for_a_fast_source_only(void **state)
{
    struct ring r;
    int64_t s = 0;

    (void)state;
    ring_init(&r, 256, 4096, 16384);
    for (; s < 100; s++) /* a lap of 4 packets takes 4 s */
        assert_true(put(&r, s, 1000, s * US_PER_S));
    assert_int_equal(r.cap, 4096);
    for (; s < 200; s++) { /* and now 4 ms */
        assert_true(put(&r, s, 1000, 100 * US_PER_S + s * MS));
        for (int64_t q = s - 40; q <= s; q++)
            (void)intact(&r, q);
    }
    assert_int_equal(r.cap, 16384);
    for (int64_t q = s - 15; q < s; q++)
        assert_true(intact(&r, q));
    assert_null(ring_put(&r, s, 5000, 0)); /* over a quarter: never */
    ring_deinit(&r);
}

static void pinned_packets_are_not_overwritten(void **state)
{
    struct ring r;
    int64_t s = 1;

    (void)state;
    ring_init(&r, 256, 4096, 4096);
    assert_true(put(&r, 0, 1000, 0));
    r.pinned = ring_get(&r, 0)->pos;
    while (put(&r, s, 1000, 0))
        s++;
    assert_true(s >= 4);
    assert_true(intact(&r, 0));
    r.pinned = RING_NOT_PINNED;
    assert_true(put(&r, s, 1000, 0));
    assert_false(intact(&r, 0));
    ring_deinit(&r);
}

static void ring_survives_lack_of_memory(void **state)
{
    (void)state;
    for (long n = 0; n < 4; n++) {
        long before = mem_live();
        struct ring r;

        ring_init(&r, 16, 4096, 16384);
        mem_fail_after(n);
        for (int64_t s = 0; s < 40; s++)
            if (put(&r, s, 900, s))
                assert_true(intact(&r, s));
        mem_fail_after(-1);
        assert_true(put(&r, 41, 900, 50));
        ring_deinit(&r);
        assert_int_equal(mem_live(), before);
    }
}

/* A reader of the feedback, as a sender's congestion control is one. */
struct heard {
    int64_t at[65536]; /* arrival in us, 0 = reported lost or never reported */
    int packets, statuses;
    uint8_t count;
};

static void hear(struct heard *h, const uint8_t *bytes, size_t len)
{
    struct reader r = reader_on(bytes, len);
    struct rtcp_twcc_walk w;
    struct rtcp_twcc_item item;
    struct rtcp p;

    while (rtcp_next(&r, &p)) {
        int64_t at;

        assert_int_equal(p.kind, RTCP_TWCC);
        assert_int_equal(rtcp_twcc_begin(&p, &w), ERR_OK);
        assert_int_equal(w.fb_count, h->count);
        h->count++;
        h->packets++;
        at = w.reference_us;
        while (rtcp_twcc_next(&w, &item)) {
            h->statuses += item.count;
            at += item.delta_us;
            if (item.received)
                h->at[item.seq] = at;
        }
        assert_int_equal(w.left, 0);
    }
    assert_false(r.bad);
}

static void flush(struct twcc *t, struct heard *h, int64_t now_us)
{
    uint8_t bytes[1400];

    for (int guard = 0; guard < 10; guard++) {
        struct writer w = writer_on(bytes, sizeof bytes);

        if (!twcc_write(t, &w, 1, 2, now_us))
            return;
        assert_false(w.full);
        hear(h, bytes, writer_len(&w));
    }
    fail();
}

/* 20000 packets with loss, jitter, reordering and wraps: every arrival is told, to 250 us. */
static void feedback_tells_every_arrival(void **state)
{
    static struct heard h;
    static int64_t came[20000];
    struct twcc t;
    int64_t now = 5 * US_PER_S;

    (void)state;
    memset(&h, 0, sizeof h);
    memset(came, 0, sizeof came);
    srand(7);
    twcc_init(&t);
    for (int i = 0; i < 20000; i++) {
        int seq = 60000 + (i % 10 == 4 ? i + 1 : i % 10 == 5 ? i - 1 : i); /* pairs swapped */

        now += rand() % 4000;
        if (rand() % 10 == 0)
            continue;
        if (seq - 60000 < 20000)
            came[seq - 60000] = now;
        twcc_received(&t, (uint16_t)seq, now);
        if (twcc_deadline(&t) <= now)
            flush(&t, &h, now);
    }
    flush(&t, &h, now);
    assert_int_equal(twcc_deadline(&t), NEVER_US);
    for (int i = 1; i < 20000; i++) {
        int64_t told = h.at[(60000 + i) & 0xFFFF];

        if (came[i])
            assert_in_range(came[i] - told, 0, 250);
        else
            assert_int_equal(told, 0);
    }
    assert_true(h.packets > 300 && h.packets < 500); /* 40 s at one in 100 ms */
}

static void latecomer_is_reported_again(void **state)
{
    static struct heard h;
    struct twcc t;

    (void)state;
    memset(&h, 0, sizeof h);
    twcc_init(&t);
    for (uint16_t s = 0; s < 20; s++)
        if (s != 7)
            twcc_received(&t, s, US_PER_S + s * MS);
    flush(&t, &h, US_PER_S + 100 * MS);
    assert_true(h.at[7] == 0 && h.at[19] != 0);
    twcc_received(&t, 7, US_PER_S + 120 * MS);
    flush(&t, &h, US_PER_S + 200 * MS);
    assert_int_equal(h.at[7], US_PER_S + 120 * MS);
    assert_int_equal(h.at[19], US_PER_S + 19 * MS);
}

static void jumps_do_not_break_the_feedback(void **state)
{
    static struct heard h;
    struct twcc t;

    (void)state;
    memset(&h, 0, sizeof h);
    twcc_init(&t);
    twcc_received(&t, 100, US_PER_S);
    twcc_received(&t, 101, 20 * US_PER_S); /* 19 s: more than 16 bits of ticks */
    flush(&t, &h, 20 * US_PER_S);
    assert_int_equal(h.packets, 2);
    assert_int_equal(h.at[101], 20 * US_PER_S);
    twcc_received(&t, 30000, 21 * US_PER_S);
    flush(&t, &h, 21 * US_PER_S);
    assert_int_equal(h.at[30000], 21 * US_PER_S);
    assert_true(h.statuses < 10);
    twcc_received(&t, 102, 22 * US_PER_S); /* far behind: nothing */
    flush(&t, &h, 22 * US_PER_S);
    assert_true(h.statuses < 10);
}

static void flood_hurries_the_report(void **state)
{
    static struct heard h;
    struct twcc t;

    (void)state;
    memset(&h, 0, sizeof h);
    twcc_init(&t);
    for (int i = 0; i < 5000; i++) {
        twcc_received(&t, (uint16_t)i, US_PER_S + i);
        if (twcc_deadline(&t) <= US_PER_S + i)
            flush(&t, &h, US_PER_S + i);
    }
    assert_int_equal(h.statuses, 5000);
    assert_int_equal(h.packets, 5000 / TWCC_HURRY);
}

static void report_counts_loss_and_jitter(void **state)
{
    const struct rtcp sr = { .ntp = 0x0000000100000000, .rtp_ts = 1 };
    struct rtcp_report b;
    struct reception r;
    int64_t at = 0;

    (void)state;
    reception_init(&r, 48000);
    for (int64_t s = 0x10000; s < 0x10000 + 100; s++) { /* every tenth is lost, even pace */
        at = s * 20 * MS;
        if (s % 10 != 9)
            reception_packet(&r, s, (uint32_t)(s * 960), at);
    }
    reception_report(&r, 5, at, &b);
    assert_int_equal(b.ssrc, 5);
    assert_int_equal(b.lost, 10);
    assert_in_range(b.fraction_lost, 22, 26);
    assert_int_equal(b.jitter, 0);
    assert_int_equal(b.last_sr, 0);
    reception_report(&r, 5, at, &b);
    assert_int_equal(b.fraction_lost, 0);
    reception_sr(&r, &sr, at);
    for (int64_t s = 0x10000 + 100; s < 0x10000 + 300; s++) /* 4 ms off every second packet */
        reception_packet(&r, s, (uint32_t)(s * 960), s * 20 * MS + (s & 1) * 4 * MS);
    reception_report(&r, 5, at + US_PER_S / 2, &b);
    assert_in_range(b.jitter, 180, 200); /* tends to 192 = 4 ms */
    assert_int_equal(b.last_sr, 0x00010000);
    assert_int_equal(b.since_last_sr, 32768);
    assert_int_equal(b.highest_seq, 299);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gap_is_asked_for_after_the_wait),
        cmocka_unit_test(reordering_is_not_loss),
        cmocka_unit_test(hopeless_packets_are_given_up),
        cmocka_unit_test(long_gap_is_not_asked_for),
        cmocka_unit_test(small_room_asks_in_turns),
        cmocka_unit_test(ring_keeps_what_it_says),
        cmocka_unit_test(ring_takes_late_packets),
        cmocka_unit_test(ring_grows_for_a_fast_source_only),
        cmocka_unit_test(pinned_packets_are_not_overwritten),
        cmocka_unit_test(ring_survives_lack_of_memory),
        cmocka_unit_test(feedback_tells_every_arrival),
        cmocka_unit_test(latecomer_is_reported_again),
        cmocka_unit_test(jumps_do_not_break_the_feedback),
        cmocka_unit_test(flood_hurries_the_report),
        cmocka_unit_test(report_counts_loss_and_jitter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
