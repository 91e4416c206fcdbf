/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc: what was sent, joined with the transport-wide feedback about it.
 * The feedback is made by twcc.h, the receiving half of the same draft.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/rtc/sent.h"
#include "server/rtc/twcc.h"

#define START_US (1000 * US_PER_S)

/* One feedback of what t has, read back. */
static enum err feed(struct sent *s, struct twcc *t, struct sent_walk *w, uint8_t *data,
                     int64_t now_us)
{
    struct writer out = writer_on(data, 1200);
    struct reader r;
    struct rtcp p;

    assert_true(twcc_write(t, &out, 1, 2, now_us));
    r = reader_on(data, writer_len(&out));
    assert_true(rtcp_next(&r, &p));
    return sent_feedback(s, &p, now_us, w);
}

static void every_packet_is_told_once(void **state)
{
    struct sent s;
    struct twcc t;
    struct sent_walk w;
    struct sent_report r;
    uint8_t data[1200];
    int came = 0, lost = 0;

    (void)state;
    sent_init(&s);
    twcc_init(&t);
    for (int i = 0; i < 100; i++) {
        int64_t now = START_US + i * 10 * US_PER_MS;

        if (i % 10 != 3)
            twcc_received(&t, sent_seq(&s), now + 30 * US_PER_MS + i * 250);
        sent_add(&s, (size_t)(100 + i), i == 50 ? 7 : 0, now);
    }
    assert_int_equal(feed(&s, &t, &w, data, START_US + 2 * US_PER_S), ERR_OK);
    for (int i = 0; sent_feedback_next(&w, &r); i++) {
        assert_int_equal(r.sent_us, START_US + i * 10 * US_PER_MS);
        assert_int_equal(r.bytes, 100 + i);
        assert_int_equal(r.came, i % 10 != 3);
        assert_int_equal(r.probe, i == 50 ? 7 : 0);
        assert_false(r.corrected);
        came += r.came;
        lost += !r.came;
    }
    assert_int_equal(came, 90);
    assert_int_equal(lost, 10);
    assert_int_equal(sent_feedback(&s, &(struct rtcp){ .kind = RTCP_TWCC }, START_US, &w),
                     ERR_PARSE);
}

static void the_way_between_two_clocks_is_kept(void **state)
{
    struct sent s;
    struct twcc t;
    struct sent_walk w;
    struct sent_report r;
    uint8_t data[1200];
    int64_t offset = 0;
    int n = 0;

    (void)state;
    sent_init(&s);
    twcc_init(&t);
    /* two hours, and a lap of the 16-bit number, in many reports */
    for (int i = 0; i < 72000; i++) {
        int64_t now = START_US + i * 100 * US_PER_MS;

        twcc_received(&t, sent_seq(&s), now + 40 * US_PER_MS);
        sent_add(&s, 100, 0, now);
        if (i % 100 != 99)
            continue;
        while (t.due_us != NEVER_US) {
            assert_int_equal(feed(&s, &t, &w, data, now + 50 * US_PER_MS), ERR_OK);
            for (; sent_feedback_next(&w, &r); n++) {
                if (n == 0)
                    offset = r.came_us - r.sent_us;
                assert_true(r.came);
                assert_int_equal(r.came_us - r.sent_us, offset);
            }
        }
    }
    assert_int_equal(n, 72000);
}

static void a_latecomer_corrects_its_loss(void **state)
{
    struct sent s;
    struct twcc t;
    struct sent_walk w;
    struct sent_report r;
    uint8_t data[1200];
    uint16_t first;

    (void)state;
    sent_init(&s);
    twcc_init(&t);
    first = sent_seq(&s);
    for (int i = 0; i < 3; i++)
        sent_add(&s, 100, 0, START_US);
    twcc_received(&t, first, START_US + 1000);
    twcc_received(&t, (uint16_t)(first + 2), START_US + 2000);
    assert_int_equal(feed(&s, &t, &w, data, START_US + 3000), ERR_OK);
    assert_true(sent_feedback_next(&w, &r) && r.came);
    assert_true(sent_feedback_next(&w, &r) && !r.came);
    assert_true(sent_feedback_next(&w, &r) && r.came);
    assert_false(sent_feedback_next(&w, &r));
    twcc_received(&t, (uint16_t)(first + 1), START_US + 4000);
    assert_int_equal(feed(&s, &t, &w, data, START_US + 5000), ERR_OK);
    assert_true(sent_feedback_next(&w, &r));
    assert_true(r.came && r.corrected);
    assert_false(sent_feedback_next(&w, &r)); /* the third is no news */
}

static void feedback_about_the_future_is_refused(void **state)
{
    struct sent s;
    struct twcc t;
    struct sent_walk w;
    uint8_t data[1200];

    (void)state;
    sent_init(&s);
    twcc_init(&t);
    sent_add(&s, 100, 0, START_US);
    twcc_received(&t, sent_seq(&s), START_US); /* was never sent */
    assert_int_equal(feed(&s, &t, &w, data, START_US), ERR_PROTO);
    assert_int_equal(s.refused, 1);
}

static void cut_feedback_changes_nothing(void **state)
{
    struct sent s;
    struct twcc t;
    struct sent_walk w;
    struct sent_report r;
    struct rtcp p;
    uint8_t data[1200];
    struct writer out = writer_on(data, sizeof data);
    struct reader in;
    size_t whole;

    (void)state;
    sent_init(&s);
    twcc_init(&t);
    for (int i = 0; i < 20; i++) {
        twcc_received(&t, sent_seq(&s), START_US + i * 100 * US_PER_MS);
        sent_add(&s, 100, 0, START_US);
    }
    assert_true(twcc_write(&t, &out, 1, 2, START_US));
    in = reader_on(data, writer_len(&out));
    assert_true(rtcp_next(&in, &p));
    whole = p.body_len;
    for (p.body_len = 0; p.body_len + 4 < whole; p.body_len++)
        assert_int_equal(sent_feedback(&s, &p, START_US, &w), ERR_PARSE);
    p.body_len = whole;
    assert_int_equal(sent_feedback(&s, &p, START_US, &w), ERR_OK);
    for (int i = 0; i < 20; i++)
        assert_true(sent_feedback_next(&w, &r) && r.came);
}

/* Old numbers in a huge run cost no more than the window. */
static void a_run_of_everything_stays_within_the_window(void **state)
{
    static const uint8_t body[] = { 0x00, 0x64, 0x1F, 0xFF, 0, 0, 1, 0, 0x1F, 0xFF };
    struct rtcp p = { .kind = RTCP_TWCC, .body = body, .body_len = sizeof body };
    struct sent s;
    struct sent_walk w;
    struct sent_report r;
    int lost = 0;

    (void)state;
    sent_init(&s);
    for (int i = 0; i < 100 + 8191 + SENT_WINDOW / 2; i++)
        sent_add(&s, 100, 0, START_US);
    assert_int_equal(sent_feedback(&s, &p, START_US, &w), ERR_OK);
    for (; sent_feedback_next(&w, &r); lost++)
        assert_false(r.came);
    assert_int_equal(lost, SENT_WINDOW / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_packet_is_told_once),
        cmocka_unit_test(the_way_between_two_clocks_is_kept),
        cmocka_unit_test(a_latecomer_corrects_its_loss),
        cmocka_unit_test(feedback_about_the_future_is_refused),
        cmocka_unit_test(cut_feedback_changes_nothing),
        cmocka_unit_test(a_run_of_everything_stays_within_the_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
