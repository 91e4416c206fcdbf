/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media: estimate, pacer and ladder together in front of a slow link,
 * on virtual time: a voice and a camera of three layers with three temporal
 * layers each, real transport-wide feedback both ways. The rule under test:
 * down in 3 s, up in 15 s, no flapping, the voice above all.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "server/media/estimate.h"
#include "server/media/ladder.h"
#include "server/media/pacer.h"
#include "server/rtc/twcc.h"
#include "tests/support/narrow_link.h"

#define STEP_US US_PER_MS
#define WIRE 64 /* headers, tag, UDP and IP around a payload */
#define FLIGHTS 4096
#define WAITING 256
#define FRAME_US (40 * US_PER_MS)

struct flight {
    int64_t at_us;
    uint16_t seq;
    bool voice;
};

struct world {
    int64_t now, feedback_at;
    struct narrow_link link;
    struct sent sent;
    struct twcc twcc;
    struct estimate e;
    struct pacer pacer;
    struct ladder ladder;
    struct flight flights[FLIGHTS]; /* in order: the link is a queue */
    int head, tail;
    int waiting[WAITING]; /* sizes of picture packets */
    int waits_head, waits_tail;
    struct {
        int64_t at_us;
        uint8_t data[1200];
        size_t len;
    } back[16];
    int back_n;
    int frame;
    enum media_step layer_sent;
    int64_t still_us;
    /* figures */
    int64_t voice_sent, voice_came, voice_late;
    int changes;
    int64_t changed_us;
    int64_t max_queue_us;
};

static const int64_t layer_bps[3] = { 120000, 350000, 900000 };

static void world_init(struct world *w, int64_t bps)
{
    memset(w, 0, sizeof *w);
    w->now = 100 * US_PER_S;
    w->link = (struct narrow_link){
        .bps = bps, .queue_us = 400 * US_PER_MS, .delay_us = 30 * US_PER_MS, .rnd = { 7 }
    };
    sent_init(&w->sent);
    twcc_init(&w->twcc);
    estimate_init(&w->e, w->now);
    w->feedback_at = w->now;
    w->still_us = w->now;
}

static void send_packet(struct world *w, int bytes, bool voice, uint8_t probe)
{
    int64_t at = narrow_link_send(&w->link, w->now, bytes);

    if (at >= 0) {
        w->flights[w->tail++ % FLIGHTS] =
            (struct flight){ .at_us = at, .seq = sent_seq(&w->sent), .voice = voice };
        assert_true(w->tail - w->head < FLIGHTS);
    }
    sent_add(&w->sent, (size_t)bytes, probe, w->now);
    estimate_sent(&w->e, w->now);
    pacer_sent(&w->pacer, bytes, w->now);
}

static void queue_frame(struct world *w, int64_t bytes)
{
    for (; bytes > 0; bytes -= 1100) {
        if (w->waits_tail - w->waits_head < WAITING)
            w->waiting[w->waits_tail++ % WAITING] = (int)(bytes < 1100 ? bytes : 1100) + WIRE;
    }
}

/* The camera's frame as the present step lets it through. T0, T2, T1, T2: half of the bits in T0.
 */
static void picture(struct world *w)
{
    static const int tids[4] = { 0, 2, 1, 2 };
    static const int shares[4] = { 200, 50, 100, 50 }; /* percent of the mean frame */
    enum media_step step = w->ladder.slots[0].step;
    int layer = step >= MEDIA_STEP_LOW ? (int)step - MEDIA_STEP_LOW : 0;
    int64_t mean = layer_bps[layer] * FRAME_US / US_PER_S / 8;
    int k = w->frame++ % 4;
    bool key = step != w->layer_sent && step >= MEDIA_STEP_SLOW &&
               !(step + w->layer_sent == MEDIA_STEP_SLOW + MEDIA_STEP_LOW);

    w->layer_sent = step;
    if (step == MEDIA_STEP_STILL && w->now >= w->still_us) {
        w->still_us = w->now + LADDER_STILL_US;
        queue_frame(w, layer_bps[0] / 8 / 5);
        return;
    }
    if (step < MEDIA_STEP_SLOW || (step == MEDIA_STEP_SLOW && tids[k] > 0 && !key))
        return;
    queue_frame(w, key ? layer_bps[layer] / 8 / 5 : mean * shares[k] / 100);
}

static void decide(struct world *w)
{
    struct ladder_offer o = { .shown = true, .who = 1 };
    struct ladder_link link = { .bps = estimate_bps(&w->e, w->now),
                                .voice_bps = 46000,
                                .met = w->e.congested };
    int bytes;

    for (int s = MEDIA_STEP_VOICE; s < MEDIA_STEPS; s++)
        o.has[s] = true;
    o.cost_bps[MEDIA_STEP_STILL] = layer_bps[0] / 5 * US_PER_S / LADDER_STILL_SEND_US;
    o.cost_bps[MEDIA_STEP_SLOW] = layer_bps[0] * 56 / 100;
    for (int k = 0; k < 3; k++)
        o.cost_bps[MEDIA_STEP_LOW + k] = layer_bps[k] * 108 / 100;
    if (ladder_decide(&w->ladder, &o, 1, &link, w->now)) {
        w->changes++;
        w->changed_us = w->now;
    }
    ladder_pace(&w->ladder, &link, &w->pacer, w->now);
    bytes = estimate_probe_due(&w->e, w->ladder.wanted_bps, w->now);
    if (bytes > 0) {
        uint8_t probe = estimate_probe_number(&w->e);
        int n = bytes / 300 + 1;

        for (int i = 0; i < n; i++)
            send_packet(w, 300, false, probe);
        estimate_probe_sent(&w->e, n, n * 300, w->sent.next - 1, w->now);
    }
}

static void receive(struct world *w)
{
    while (w->head < w->tail && w->flights[w->head % FLIGHTS].at_us <= w->now) {
        const struct flight *f = &w->flights[w->head++ % FLIGHTS];

        twcc_received(&w->twcc, f->seq, w->now);
        w->voice_came += f->voice;
    }
    if (twcc_deadline(&w->twcc) <= w->now && w->back_n < 16) {
        struct writer out = writer_on(w->back[w->back_n].data, 1200);

        if (twcc_write(&w->twcc, &out, 1, 2, w->now)) {
            w->back[w->back_n].len = writer_len(&out);
            w->back[w->back_n++].at_us = w->now + w->link.delay_us;
        }
    }
    while (w->back_n > 0 && w->back[0].at_us <= w->now) {
        struct reader r = reader_on(w->back[0].data, w->back[0].len);
        struct sent_walk walk;
        struct rtcp p;

        assert_true(rtcp_next(&r, &p));
        assert_int_equal(sent_feedback(&w->sent, &p, w->now, &walk), ERR_OK);
        estimate_feedback(&w->e, &walk, 2 * w->link.delay_us, w->now);
        memmove(w->back, w->back + 1, (size_t)--w->back_n * sizeof w->back[0]);
        decide(w);
    }
}

static void run(struct world *w, int64_t us)
{
    for (int64_t end = w->now + us; w->now < end; w->now += STEP_US) {
        receive(w);
        if (w->now % (200 * US_PER_MS) == 0) {
            estimate_timeout(&w->e, w->now);
            decide(w);
        }
        if (w->now % FRAME_US == 0)
            picture(w);
        if (w->now % (20 * US_PER_MS) == 0) {
            send_packet(w, 50 + WIRE, true, 0);
            w->voice_sent++;
        }
        while (w->waits_head < w->waits_tail && pacer_may(&w->pacer, w->now))
            send_packet(w, w->waiting[w->waits_head++ % WAITING], false, 0);
        if (w->link.free_us - w->now > w->max_queue_us)
            w->max_queue_us = w->link.free_us - w->now;
    }
}

static enum media_step step(const struct world *w)
{
    return w->ladder.slots[0].step;
}

/* Runs until the step is between lo and hi and returns the time that took, in ms; at most limit. */
static int64_t reach(struct world *w, enum media_step lo, enum media_step hi, int64_t limit_us)
{
    int64_t from = w->now;

    while ((step(w) < lo || step(w) > hi) && w->now - from < limit_us)
        run(w, 10 * US_PER_MS);
    return (w->now - from) / US_PER_MS;
}

static void count_anew(struct world *w)
{
    w->voice_sent = w->voice_came = w->changes = 0;
    w->max_queue_us = 0;
}

static void figures(const char *name, struct world *w, int64_t ms)
{
    print_message("%s: %lld ms, step %d, estimate %lld kbit/s, voice %lld/%lld, changes %d, "
                  "longest queue %lld ms\n",
                  name, (long long)ms, (int)step(w), (long long)estimate_bps(&w->e, w->now) / 1000,
                  (long long)w->voice_came, (long long)w->voice_sent, w->changes,
                  (long long)w->max_queue_us / 1000);
}

static void voice_came_through(const struct world *w, int percent)
{
    /* two packets may be under way at either end */
    assert_true((w->voice_came + 2) * 100 >= w->voice_sent * percent);
}

static void the_ladder_follows_the_link(void **state)
{
    static struct world w;
    int64_t ms;

    (void)state;
    world_init(&w, 1500000);
    ms = reach(&w, MEDIA_STEP_TOP, MEDIA_STEP_TOP, 20 * US_PER_S);
    figures("start at 1500", &w, ms);
    assert_true(ms <= 5000);
    run(&w, 20 * US_PER_S);
    figures("1500 held", &w, 20000);
    assert_int_equal(step(&w), MEDIA_STEP_TOP);

    count_anew(&w);
    w.link.bps = 300000;
    ms = reach(&w, MEDIA_STEP_VOICE, MEDIA_STEP_LOW, 10 * US_PER_S);
    figures("1500 to 300", &w, ms);
    assert_true(ms <= 3000);
    run(&w, 30 * US_PER_S);
    figures("300 held", &w, 30000);

    count_anew(&w);
    w.link.bps = 128000;
    ms = reach(&w, MEDIA_STEP_VOICE, MEDIA_STEP_SLOW, 10 * US_PER_S);
    figures("300 to 128", &w, ms);
    assert_true(ms <= 3000);
    run(&w, 30 * US_PER_S);
    figures("128 held", &w, 30000);

    count_anew(&w);
    w.link.bps = 64000;
    ms = reach(&w, MEDIA_STEP_VOICE, MEDIA_STEP_STILL, 10 * US_PER_S);
    figures("128 to 64", &w, ms);
    assert_true(ms <= 3000);
    run(&w, 60 * US_PER_S);
    figures("64 held", &w, 60000);
    voice_came_through(&w, 97);

    count_anew(&w);
    w.link.bps = 1500000;
    ms = reach(&w, MEDIA_STEP_TOP, MEDIA_STEP_TOP, 30 * US_PER_S);
    figures("64 to 1500", &w, ms);
    assert_true(ms <= 15000);
}

static void nothing_flaps_at_a_constant_rate(void **state)
{
    static const int rates[] = { 64, 100, 128, 200, 300, 450, 700, 1000, 1500, 3000 };

    (void)state;
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        static struct world w;
        char name[32];

        world_init(&w, rates[i] * 1000);
        run(&w, 20 * US_PER_S);
        count_anew(&w);
        run(&w, 120 * US_PER_S);
        assert_true(snprintf(name, sizeof name, "%d kbit/s for 2 min", rates[i]) > 0);
        figures(name, &w, 120000);
        assert_true(w.changes <= 1);
        voice_came_through(&w, 97);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ladder_follows_the_link),
        cmocka_unit_test(nothing_flaps_at_a_constant_rate),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
