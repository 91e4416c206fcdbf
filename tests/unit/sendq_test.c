/* SPDX-License-Identifier: Apache-2.0
 *
 * server/media/sendq: what a slow socket gets, and what it is spared.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/media/intake.h"
#include "server/media/sendq.h"
#include "tests/support/rnd.h"

static struct sendq q;
static struct now now;
static uint16_t seqs[SIG_MEDIA_SLOTS];

static int begin(void **state)
{
    (void)state;
    now = (struct now){ .mono_us = 50 * US_PER_S };
    sendq_init(&q, now);
    memset(seqs, 0, sizeof seqs);
    return 0;
}

static int end(void **state)
{
    (void)state;
    sendq_deinit(&q);
    return 0;
}

static void pass(int64_t ms)
{
    now.mono_us += ms * US_PER_MS;
}

/* kind: 'v' voice, 'K' key frame, '0' to '3' a layer, 'd' a droppable frame of layer 0, 's' a sync
 * of layer 1. */
static void put(char kind, uint8_t slot, size_t payload)
{
    size_t len = SIG_MEDIA_HEADER_BYTES + payload;
    uint8_t *m = mem_zalloc(1, len);
    struct writer w = writer_on(m, len);
    struct wsmedia f = { .kind = kind == 'v' ? WSMEDIA_VOICE : WSMEDIA_PICTURE,
                         .key = kind == 'K',
                         .droppable = kind == 'd' || kind == '2',
                         .sync = kind == 's',
                         .layer = kind == 's'                  ? 1
                                  : kind >= '0' && kind <= '3' ? (uint8_t)(kind - '0')
                                                               : 0,
                         .slot = slot,
                         .seq = seqs[slot]++ };

    assert_non_null(m);
    wsmedia_write(&w, &f);
    sendq_input(&q, now, m, len);
}

/* The sequence number of what comes next, or -1. */
static int get(uint8_t *slot)
{
    size_t len;
    uint8_t *m = sendq_poll(&q, now, &len);
    struct wsmedia f;
    int seq;

    if (!m)
        return -1;
    assert_int_equal(wsmedia_peek(m, len, &f), ERR_OK);
    seq = f.seq;
    if (slot)
        *slot = f.slot;
    mem_free(m);
    return seq;
}

/* Everything that is there, of one slot, in order; ends with -1. */
static void expect(const int *list)
{
    int got;

    do {
        got = get(NULL);
        assert_int_equal(got, *list);
    } while (*list++ != -1);
}

#define EXPECT(...) expect((const int[]){ __VA_ARGS__, -1 })

static void a_fast_socket_gets_everything_voice_first(void **state)
{
    uint8_t slot = 0;

    (void)state;
    put('K', 2, 5000);
    put('0', 2, 500);
    put('v', 0, 80);
    assert_int_equal(get(&slot), 0);
    assert_int_equal(slot, 0);
    assert_int_equal(get(&slot), 0);
    assert_int_equal(slot, 2);
    assert_int_equal(get(&slot), 1);
    assert_int_equal(get(&slot), -1);
    assert_int_equal(sendq_pressure(&q).left_out, 0);
    assert_true(sendq_deadline(&q) == NEVER_US);
}

static void an_old_picture_goes_with_what_needs_it(void **state)
{
    uint8_t slot = 9;

    (void)state;
    put('K', 2, 100);
    assert_int_equal(get(NULL), 0);
    put('0', 2, 100); /* 1 */
    pass(200);
    put('0', 2, 100); /* 2 */
    put('K', 3, 100); /* somebody else's */
    pass(100);
    sendq_timeout(&q, now);
    assert_int_equal(sendq_pressure(&q).left_out, 0); /* 300 ms is not more than 300 ms */
    assert_false(sendq_wants_key(&q, &slot));
    assert_true(sendq_deadline(&q) == now.mono_us + 1);
    now.mono_us++;
    sendq_timeout(&q, now);
    assert_int_equal(sendq_pressure(&q).left_out, 2);
    assert_true(sendq_wants_key(&q, &slot));
    assert_int_equal(slot, 2);
    assert_false(sendq_wants_key(&q, &slot)); /* once */
    put('0', 2, 100);                         /* 3: of no use any more */
    put('K', 2, 100);                         /* 4 */
    put('0', 2, 100);                         /* 5 */
    EXPECT(0, 4, 5);                          /* the other slot's first */
    assert_int_equal(sendq_pressure(&q).left_out, 3);
    assert_false(sendq_wants_key(&q, &slot));
}

static void a_key_frame_in_the_queue_saves_what_follows(void **state)
{
    uint8_t slot;

    (void)state;
    put('K', 2, 100);
    put('0', 2, 100);
    pass(290);
    put('K', 2, 100); /* 2 */
    put('0', 2, 100); /* 3 */
    pass(20);
    EXPECT(2, 3);
    assert_false(sendq_wants_key(&q, &slot));
    put('K', 2, 100); /* 4 */
    pass(301);
    put('0', 2, 100);
    EXPECT(-1);
    assert_true(sendq_wants_key(&q, &slot)); /* the key frame itself was left out */
}

static void a_lost_key_frame_is_wanted_again(void **state)
{
    uint8_t slot;

    (void)state;
    for (int n = 0; n < 3; n++) {
        put('K', 2, 100);
        pass(301);
        sendq_timeout(&q, now);
        assert_true(sendq_wants_key(&q, &slot));
        assert_false(sendq_wants_key(&q, &slot));
    }
}

static void upper_layers_go_alone(void **state)
{
    uint8_t slot;

    (void)state;
    put('K', 2, 100); /* 0 */
    EXPECT(0);
    put('2', 2, 100); /* 1: droppable */
    pass(10);
    put('1', 2, 100); /* 2 */
    pass(10);
    put('2', 2, 100); /* 3 */
    pass(285);
    put('0', 2, 100); /* 4 */
    sendq_timeout(&q, now);
    assert_int_equal(sendq_pressure(&q).left_out, 1); /* only 1: nothing needs it */
    pass(10);
    sendq_timeout(&q, now);
    assert_int_equal(sendq_pressure(&q).left_out, 3); /* 2, and 3 which needs it */
    put('2', 2, 100);                                 /* 5 */
    put('1', 2, 100);                                 /* 6 */
    EXPECT(4);
    put('s', 2, 100); /* 7: a sync of layer 1 */
    put('1', 2, 100); /* 8 */
    put('2', 2, 100); /* 9: layer 2 has had none */
    EXPECT(7, 8);
    assert_false(sendq_wants_key(&q, &slot)); /* the picture runs, slower */
    assert_true(sendq_deadline(&q) <= now.mono_us + SENDQ_REPAIR_US);
    pass(SENDQ_REPAIR_US / US_PER_MS);
    sendq_timeout(&q, now);
    assert_true(sendq_wants_key(&q, &slot)); /* the link held: all layers again */
    assert_false(sendq_wants_key(&q, &slot));
    put('K', 2, 100); /* 10 */
    put('2', 2, 100);
    EXPECT(10, 11);
}

static void a_droppable_frame_is_missed_by_nobody(void **state)
{
    uint8_t slot;

    (void)state;
    put('K', 2, 100);
    EXPECT(0);
    put('d', 2, 100);
    pass(250);
    put('0', 2, 100);
    pass(60);
    EXPECT(2);
    assert_false(sendq_wants_key(&q, &slot));
}

/* What was refused for lack of room stays missed when something before it is left out later. */
static void what_was_lost_behind_the_queue_stays_lost(void **state)
{
    uint8_t slot;

    (void)state;
    put('K', 2, 100);
    EXPECT(0);
    put('0', 2, 100); /* 1 */
    pass(200);
    put('K', 2, 400000); /* 2 */
    put('0', 2, 200000); /* 3: no room */
    assert_int_equal(sendq_pressure(&q).left_out, 1);
    assert_true(sendq_wants_key(&q, &slot));
    pass(101); /* 1 is old, 2 is not */
    sendq_timeout(&q, now);
    put('0', 2, 100); /* 4: refers to 3 */
    EXPECT(2);
    assert_int_equal(sendq_pressure(&q).left_out, 3);
    assert_false(sendq_wants_key(&q, &slot));
}

static void voice_is_kept_for_a_second(void **state)
{
    (void)state;
    for (int n = 0; n < 100; n++) { /* 2 s in which the socket takes nothing */
        put('v', 0, 80);
        put(n == 0 ? 'K' : '0', 2, 2000);
        pass(20);
        assert_true(sendq_pressure(&q).oldest_us <= US_PER_S);
        if (n < 50)
            assert_int_equal(q.left_out_voices, 0);
    }
    assert_int_equal(q.left_out_voices, 49);
    assert_int_equal(get(NULL), 50); /* a second of voice, then no picture */
    for (int n = 51; n < 100; n++)
        assert_int_equal(get(NULL), n);
    assert_int_equal(get(NULL), -1);
}

static void a_stuck_socket_is_dead_after_ten_seconds(void **state)
{
    (void)state;
    put('v', 0, 80);
    for (int n = 0; n < 499; n++) {
        pass(20);
        put('v', 0, 80);
        assert_false(sendq_dead(&q));
    }
    pass(20);
    sendq_timeout(&q, now);
    assert_true(sendq_dead(&q));
    (void)get(NULL); /* it took one after all */
    assert_false(sendq_dead(&q));
    pass(9999);
    sendq_timeout(&q, now);
    assert_false(sendq_dead(&q));
    pass(1);
    sendq_timeout(&q, now);
    assert_true(sendq_dead(&q));
}

/* Nothing to send is no fault of the socket. */
static void a_quiet_socket_lives(void **state)
{
    (void)state;
    put('K', 2, 100);
    pass(400); /* it grew old before the socket asked */
    EXPECT(-1);
    pass(20000);
    sendq_timeout(&q, now);
    assert_false(sendq_dead(&q));
}

/* 64 kbit/s of a socket that is given voice of 32 and a picture of 300 kbit/s. */
static void a_thin_link_carries_the_voice(void **state)
{
    int64_t allowance = 0, worst_us = 0;
    int voices = 0, keys = 0;
    size_t len;
    uint8_t slot;
    bool key = true;

    (void)state;
    for (int ms = 0; ms < 20000; ms += 5) {
        allowance += 40; /* bytes: 64 kbit/s */
        if (allowance > 1500)
            allowance = 1500;
        if (ms % 20 == 0)
            put('v', 0, 80);
        if (ms % 40 == 0) {
            put(key ? 'K' : '0', 2, 1500);
            key = false;
        }
        while (allowance > 0) {
            uint8_t *m = sendq_poll(&q, now, &len);
            struct wsmedia f;

            if (!m)
                break;
            assert_int_equal(wsmedia_peek(m, len, &f), ERR_OK);
            voices += f.kind == WSMEDIA_VOICE;
            keys += f.key;
            allowance -= (int64_t)len;
            mem_free(m);
        }
        worst_us =
            sendq_pressure(&q).oldest_us > worst_us ? sendq_pressure(&q).oldest_us : worst_us;
        key |= sendq_wants_key(&q, &slot);
        pass(5);
    }
    assert_in_range(voices, 985, 1000); /* of 1000 */
    assert_int_equal(q.left_out_voices, 0);
    assert_true(worst_us <= 300 * US_PER_MS);
    assert_true(keys > 5); /* a picture now and then */
}

/* Whatever comes in and however slowly it goes out: what goes out is decodable, in order per slot,
 * and no older than it may be. */
static void what_goes_out_is_decodable(void **state)
{
    static const char kinds[] = "vvv000012d2sK";
    struct rnd r = { rnd_seed(21) };
    uint64_t in = 0, out = 0;

    (void)state;
    for (int round = 0; round < 50; round++) {
        int last[SIG_MEDIA_SLOTS];
        char what[SIG_MEDIA_SLOTS][2000];
        int speed = (int)rnd_in(&r, 0, 100);

        (void)end(NULL);
        (void)begin(NULL);
        memset(last, 0xFF, sizeof last);
        for (int n = 0; n < 1000; n++) {
            uint8_t slot = (uint8_t)rnd_in(&r, 0, 3);
            char kind = slot < 2 ? 'v' : kinds[rnd_in(&r, 3, (int64_t)sizeof kinds - 2)];
            int seq;

            what[slot][seqs[slot]] = kind;
            put(kind, slot, (size_t)rnd_in(&r, 1, 20000));
            in++;
            pass(rnd_in(&r, 0, 30));
            if (!rnd_percent(&r, speed) || (seq = get(&slot)) < 0)
                continue;
            out++;
            assert_true(seq > last[slot]);
            if (slot >= 2) {
                /* every frame of layer 0 that counts, since the last key frame, went out */
                for (int k = last[slot] + 1; k < seq && what[slot][seq] != 'K'; k++)
                    assert_true(what[slot][k] != '0' && what[slot][k] != 'K');
            }
            last[slot] = seq;
        }
    }
    assert_true(out > in / 4);
}

/* ---- how much it takes ---- */

/* A sender that gives what the intake says, less a fifth, over a link with a queue of its own; the
 * kernel takes what it may have on its way. All in bytes and steps of 20 ms. */
struct link {
    struct intake in;
    int64_t bps, own_us; /* the round trip of the empty line */
    int64_t way;         /* bytes on their way, window: the most that TCP sends ahead */
    int64_t window, credit;
    uint64_t acked;
    size_t voice_bytes;
    unsigned voices, given_voices;
    uint64_t given;
    int64_t wants; /* what the next step up would need */
    uint64_t filler;
    int64_t most; /* what the sender has to give besides the voice, 0: as much as it may */
    /* So often, ms, a packet is lost, and what is behind it waits so long. 0: never. */
    int64_t lost_every, lost_ms;
    bool mute; /* a kernel that does not tell of repeats */
};

static void run(struct link *l, int64_t ms)
{
    size_t len;

    for (int64_t t = 0; t < ms; t += 20) {
        int64_t bps = l->in.bps * 8 / 10 - 40000,
                paced = l->in.met ? intake_pace(&l->in) / 8 / 50 : 100000;
        bool stuck = l->lost_every > 0 && now.mono_us / US_PER_MS % l->lost_every < l->lost_ms;
        int64_t through;
        struct sendq_pressure p;

        put('v', 0, l->voice_bytes);
        l->given_voices++;
        if (l->most > 0 && bps > l->most)
            bps = l->most;
        if (t % 40 == 0 && bps > 20000)
            put('K', 2, (size_t)(bps < 600000 ? bps : 600000) / 8 / 25);
        for (l->credit = l->credit > 0 ? paced : l->credit + paced;
             l->way < l->window && l->credit > 0;) {
            uint8_t *m = sendq_poll(&q, now, &len);

            if (!m)
                break;
            l->credit -= (int64_t)len;
            l->given += len;
            l->way += (int64_t)len;
            l->voices += len < 100;
            mem_free(m);
        }
        through = l->bps / 8 / 50 < l->way ? l->bps / 8 / 50 : l->way;
        if (stuck)
            through = 0;
        l->way -= through;
        l->acked += (uint64_t)through;
        pass(20);
        sendq_timeout(&q, now);
        p = sendq_pressure(&q);
        if (intake_due(&l->in, now)) {
            struct intake_seen seen = { .oldest_us = p.oldest_us,
                                        .acked = l->acked,
                                        .rtt_us = l->own_us + l->way * 8 * US_PER_S / l->bps,
                                        .least_us = 40 * US_PER_MS,
                                        .given = l->given,
                                        .wants_bps = l->wants,
                                        .repeats = stuck && !l->mute };

            (void)intake_look(&l->in, &seen, now);
            l->way += (int64_t)l->in.filler;
            l->filler += l->in.filler;
        }
    }
}

/* On a line whose own round trip is between least_ms and 100 ms more. */
static void run_restless(struct link *l, int64_t ms, int64_t least_ms)
{
    struct rnd r = { rnd_seed(7) };

    for (int64_t t = 0; t < ms; t += 100) {
        l->own_us = (least_ms + rnd_in(&r, 0, 100)) * US_PER_MS;
        run(l, 100);
    }
}

static void link_begin(struct link *l, int64_t bps)
{
    *l = (struct link){ .bps = bps,
                        .own_us = 40 * US_PER_MS,
                        .window = 60000,
                        .acked = 1,
                        .voice_bytes = 60,
                        .wants = 2000000 };
    intake_init(&l->in, now);
}

/* A lost packet holds up all that is behind it: that is not a link that takes less. */
static void lost_packets_are_not_taken_for_a_full_link(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    l.lost_every = 1000;
    l.lost_ms = 300;
    l.window = 12000; /* which TCP has made small because of the losses */
    run(&l, 60000);
    print_message("with a loss a second: %d kbit/s\n", (int)(l.in.bps / 1000));
    assert_true(l.in.bps >= 500000);
    assert_true(l.voices * 100 >= l.given_voices * 99);
}

/* Bursts of loss: repeats are lost, too, and TCP waits longer each time. Taken for a full link this
 * made the estimate fall to a fifth, again and again, and with it what TCP needs to notice the next
 * loss soon. */
static void bursts_of_loss_are_not_taken_for_a_full_link(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    l.lost_every = 5000;
    l.lost_ms = 1300;
    l.window = 12000;
    run(&l, 60000);
    assert_false(l.in.met);
    link_begin(&l, 5000000); /* nothing tells why it stands still: then it is believed to be full */
    l.lost_every = 5000;
    l.lost_ms = 1300;
    l.window = 12000;
    l.mute = true;
    run(&l, 60000);
    assert_true(l.in.met);
}

/* A line that drops what is too much without a queue loses for ever: that is a full link. */
static void losses_without_an_end_are_a_full_link(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    l.lost_every = 60000;
    l.lost_ms = 8000;
    run(&l, 60000);
    assert_true(l.in.met);
}

/* Begun on a line that is too narrow from the first moment on. */
static void a_line_that_was_never_wide_is_not_taken_for_a_long_one(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 128000);
    run(&l, 20000);
    assert_true(l.in.met);
    assert_in_range(l.in.bps, 50000, 200000);
    assert_true(l.way * 8 * US_PER_S / l.bps < 400 * US_PER_MS);
}

static void a_wide_link_is_not_judged(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    run(&l, 30000);
    assert_false(l.in.met);
    assert_int_equal(l.in.bps, INTAKE_START_BPS);
    assert_int_equal(sendq_pressure(&q).left_out, 0);
}

/* TCP would have 60 kB on their way, 8 s at 64 kbit/s: only the round trip tells. */
static void a_narrower_link_is_noticed_and_a_wider_one_too(void **state)
{
    static const int64_t rates[] = { 300000, 128000, 64000 };
    struct link l;

    (void)state;
    link_begin(&l, 1500000);
    run(&l, 10000);
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        int64_t least = INT64_MAX, most = 0, late = 0;

        l.bps = rates[i];
        run(&l, 6000);
        assert_true(l.in.met);
        l.voices = l.given_voices = 0;
        for (int s = 0; s < 200; s++) {
            int64_t way_us = l.way * 8 * US_PER_S / l.bps;

            run(&l, 100);
            least = l.in.bps < least ? l.in.bps : least;
            most = l.in.bps > most ? l.in.bps : most;
            late += way_us > 400 * US_PER_MS;
        }
        print_message("%d kbit/s: believed %d to %d, %u of %u voices, late %d of 200\n",
                      (int)(rates[i] / 1000), (int)(least / 1000), (int)(most / 1000), l.voices,
                      l.given_voices, (int)late);
        assert_true(most <= rates[i] * 2);
        assert_true(least >= rates[i] * 4 / 10);
        assert_true(l.voices * 100 >= l.given_voices * 97);
        assert_true(late <= 10);
    }
    l.bps = 1500000;
    run(&l, 15000);
    print_message("after 15 s at 1500: %d kbit/s\n", (int)(l.in.bps / 1000));
    assert_true(l.in.bps >= 500000);
}

/* A line with a long and restless round trip of its own is not one that is full. */
static void a_long_round_trip_is_not_taken_for_a_full_link(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    run(&l, 5000);
    run_restless(&l, 60000, 350);
    print_message("round trip of 350 to 450 ms: %d kbit/s\n", (int)(l.in.bps / 1000));
    assert_true(l.in.bps >= 500000);
}

/* A busy machine stood still for a second: pictures stayed away for longer than a child waits,
 * since with its camera off there was nothing that could have proved the link wide. What it took
 * a moment before is proof enough. */
static void one_stall_is_forgiven_without_a_proof(void **state)
{
    struct link l;
    int64_t fell;

    (void)state;
    link_begin(&l, 5000000);
    l.most = 600000;
    l.wants = 0;
    run(&l, 5000);
    l.most = 1;
    run(&l, 5000);
    l.bps = 8000;
    run(&l, 1500);
    assert_true(l.in.met);
    l.bps = 5000000;
    run(&l, 2000);
    fell = l.in.bps;
    run(&l, 8000);
    print_message("after a stall %d, 8 s later %d kbit/s\n", (int)(fell / 1000),
                  (int)(l.in.bps / 1000));
    assert_true(l.in.bps >= 500000);
    assert_int_equal(l.filler, 0);
}

/* A look for more that fails costs nothing of what went before it. */
static void filler_that_was_too_much_takes_no_picture_away(void **state)
{
    struct link l;
    int64_t least = INT64_MAX;

    (void)state;
    link_begin(&l, 300000);
    l.wants = 500000;
    run(&l, 5000);
    assert_true(l.in.met);
    l.most = 140000;
    run(&l, 15000);
    l.filler = 0;
    for (int i = 0; i < 300; i++) {
        run(&l, 100);
        least = l.in.bps < least ? l.in.bps : least;
    }
    print_message("300 kbit/s: at least %d kbit/s beside filler of %d kbit/s\n",
                  (int)(least / 1000), (int)(l.filler * 8 / 30000));
    assert_true(l.filler > 0);
    assert_true(least >=
                240000); /* 210 where a queue of our own filler is drained like any other */
}

/* On a line that is long from the beginning on, the estimate fell and fell, and stood for half a
 * minute at its least, because each fall that changed nothing put the question off. */
static void a_line_that_was_always_long_is_not_taken_for_a_full_one(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 5000000);
    l.voice_bytes = 40; /* less than the estimate's least */
    run_restless(&l, 6000, 550);
    assert_false(l.in.drains);
    assert_true(l.in.bps >= 500000);
}

/* A voice alone says nothing of how much more would go through: a child's screen for which all of
 * 300 kbit/s was believed to be free had its voice held up by a picture that did not fit. */
static void what_is_not_sent_is_no_proof(void **state)
{
    struct link l;
    int64_t found;

    (void)state;
    link_begin(&l, 128000);
    run(&l, 10000);
    assert_true(l.in.met);
    l.most = 1;
    l.wants = 0;
    run(&l, 5000);
    found = l.in.bps;
    l.filler = 0;
    run(&l, 30000);
    assert_true(l.in.bps <= found);
    assert_int_equal(l.filler, 0);
}

/* A link of 64 kbit/s fell once, was sent a voice alone and believed to take 120: the filler that
 * was to prove it held voices up for a second, and a picture was tried. */
static void nothing_is_believed_above_what_went_through(void **state)
{
    struct link l;
    int64_t most = 0, way = 0;

    (void)state;
    link_begin(&l, 64000);
    while (!l.in.met)
        run(&l, 100);
    l.most = 1;
    l.wants = 660000;
    run(&l, 4000); /* what was sent before is through */
    for (int i = 0; i < 300; i++) {
        run(&l, 100);
        most = l.in.bps > most ? l.in.bps : most;
        way = l.way > way ? l.way : way;
    }
    print_message("64 kbit/s, a voice alone: believed to take %d, %d ms on their way\n",
                  (int)(most / 1000), (int)(way * 8000 / l.bps));
    assert_in_range(most, 50000, 90000);
    assert_true(way * 8000 / l.bps < 350);
}

/* Filler makes the proof where a picture is wanted, up to what that needs, and it holds up no
 * voice. */
static void filler_finds_a_wider_link_for_a_voice_alone(void **state)
{
    struct link l;

    (void)state;
    link_begin(&l, 64000);
    run(&l, 10000);
    l.most = 1;
    l.wants = 270000;
    run(&l, 30000);
    assert_in_range(l.in.bps, 30000, 80000);
    l.voices = l.given_voices = 0;
    run(&l, 30000);
    print_message("64 kbit/s: %u of %u voices beside filler of %d kbit/s\n", l.voices,
                  l.given_voices, (int)(l.filler * 8 / 60000));
    assert_true(l.voices * 100 >= l.given_voices * 99);
    l.bps = 1500000;
    run(&l, 14000);
    print_message("after 14 s at 1500: %d kbit/s\n", (int)(l.in.bps / 1000));
    assert_true(l.in.bps >= 270000);
    l.filler = 0;
    run(&l, 10000);
    assert_int_equal(l.filler, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_fast_socket_gets_everything_voice_first, begin, end),
        cmocka_unit_test_setup_teardown(an_old_picture_goes_with_what_needs_it, begin, end),
        cmocka_unit_test_setup_teardown(a_key_frame_in_the_queue_saves_what_follows, begin, end),
        cmocka_unit_test_setup_teardown(a_lost_key_frame_is_wanted_again, begin, end),
        cmocka_unit_test_setup_teardown(upper_layers_go_alone, begin, end),
        cmocka_unit_test_setup_teardown(a_droppable_frame_is_missed_by_nobody, begin, end),
        cmocka_unit_test_setup_teardown(what_was_lost_behind_the_queue_stays_lost, begin, end),
        cmocka_unit_test_setup_teardown(voice_is_kept_for_a_second, begin, end),
        cmocka_unit_test_setup_teardown(a_stuck_socket_is_dead_after_ten_seconds, begin, end),
        cmocka_unit_test_setup_teardown(a_quiet_socket_lives, begin, end),
        cmocka_unit_test_setup_teardown(a_thin_link_carries_the_voice, begin, end),
        cmocka_unit_test_setup_teardown(what_goes_out_is_decodable, begin, end),
        cmocka_unit_test_setup_teardown(a_wide_link_is_not_judged, begin, end),
        cmocka_unit_test_setup_teardown(a_narrower_link_is_noticed_and_a_wider_one_too, begin, end),
        cmocka_unit_test_setup_teardown(one_stall_is_forgiven_without_a_proof, begin, end),
        cmocka_unit_test_setup_teardown(filler_that_was_too_much_takes_no_picture_away, begin, end),
        cmocka_unit_test_setup_teardown(a_line_that_was_always_long_is_not_taken_for_a_full_one,
                                        begin, end),
        cmocka_unit_test_setup_teardown(what_is_not_sent_is_no_proof, begin, end),
        cmocka_unit_test_setup_teardown(nothing_is_believed_above_what_went_through, begin, end),
        cmocka_unit_test_setup_teardown(bursts_of_loss_are_not_taken_for_a_full_link, begin, end),
        cmocka_unit_test_setup_teardown(losses_without_an_end_are_a_full_link, begin, end),
        cmocka_unit_test_setup_teardown(filler_finds_a_wider_link_for_a_voice_alone, begin, end),
        cmocka_unit_test_setup_teardown(lost_packets_are_not_taken_for_a_full_link, begin, end),
        cmocka_unit_test_setup_teardown(a_line_that_was_never_wide_is_not_taken_for_a_long_one,
                                        begin, end),
        cmocka_unit_test_setup_teardown(a_long_round_trip_is_not_taken_for_a_full_link, begin, end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
