/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/peer: two peers on a link in memory and on virtual time, from the
 * first check to the end of consent, and everything that must not disturb them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/demux.h"
#include "server/rtc/hmac_sha1.h"
#include "server/rtc/stun.h"
#include "tests/support/peer_pair.h"
#include "tests/support/rnd.h"
#include "tests/support/virtual_time.h"

static const struct addr stranger = { .family = 4, .ip = { 10, 9, 9, 9 }, .port = 999 };

static void live(struct pair *p)
{
    pair_init(p);
    pair_run_live(p, 300 * US_PER_MS);
}

/* Media still flows both ways. */
static void assert_media_flows(struct pair *p)
{
    static uint16_t seq = 1;
    unsigned rtp[2] = { p->rtp[0], p->rtp[1] }, rtcp[2] = { p->rtcp[0], p->rtcp[1] };

    for (int i = 0; i < 2; i++) {
        pair_send_rtp(p, i, 70, seq, 100);
        pair_send_rtcp(p, i);
    }
    seq++;
    pair_run(p, 2 * p->delay_us);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(p->rtp[i], rtp[i] + 1);
        assert_int_equal(p->rtcp[i], rtcp[i] + 1);
    }
}

/* ---- the good way ---- */

static void two_peers_reach_live_and_exchange_media(void **state)
{
    struct pair p;

    (void)state;
    pair_init(&p);
    pair_run_live(&p, 200 * US_PER_MS);
    /* One round trip for the check, two for the handshake. */
    assert_true(p.now.mono_us <= 1000 * US_PER_S + 61 * US_PER_MS);
    assert_int_equal(p.live[0], 1);
    assert_int_equal(p.live[1], 1);
    assert_true(addr_eq(peer_remote(p.peer[PAIR_SERVER]), &p.addr[PAIR_CLIENT]));
    for (uint16_t seq = 0; seq < 20; seq++) {
        pair_send_rtp(&p, PAIR_SERVER, 7, seq, 100);
        pair_send_rtp(&p, PAIR_CLIENT, 8, seq, 1000);
        pair_send_rtcp(&p, PAIR_SERVER);
        pair_send_rtcp(&p, PAIR_CLIENT);
        pair_run(&p, 20 * US_PER_MS);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(p.rtp[i], 20);
        assert_int_equal(p.rtcp[i], 20);
        assert_int_equal(p.dead[i], 0);
    }
    assert_true(peer_rtt_us(p.peer[PAIR_CLIENT]) == 20 * US_PER_MS);
    pair_deinit(&p);
}

static void one_that_stays_live_for_an_hour_says_little(void **state)
{
    struct pair p;

    (void)state;
    live(&p);
    p.datagrams[0] = p.datagrams[1] = 0;
    pair_run(&p, 3600 * US_PER_S);
    assert_int_equal(peer_state(p.peer[0]), PEER_LIVE);
    assert_int_equal(peer_state(p.peer[1]), PEER_LIVE);
    /* A check every 4..6 s and its answer, and nothing else; at either end of the hour one may be
     * on its way. */
    assert_in_range(p.datagrams[PAIR_CLIENT], 600, 900);
    assert_in_range(p.datagrams[PAIR_SERVER], p.datagrams[PAIR_CLIENT] - 1,
                    p.datagrams[PAIR_CLIENT] + 1);
    assert_media_flows(&p);
    pair_deinit(&p);
}

/* ---- loss ---- */

struct losing {
    int to;         /* this side loses */
    unsigned demux; /* bit set of enum demux that is lost */
    unsigned from;  /* the number of the first one lost */
    unsigned n;     /* how many */
    unsigned counted;
};

static bool lose(struct pair *pair, int side, uint8_t *data, size_t len)
{
    struct losing *l = pair->filter_arg;

    if (side != l->to || !(l->demux >> demux(data, len) & 1))
        return true;
    l->counted++;
    return l->counted <= l->from || l->counted > l->from + l->n;
}

/* Every single DTLS datagram of the handshake in turn, and runs of them, on both sides. */
static void a_lost_flight_costs_little(void **state)
{
    (void)state;
    for (int to = 0; to < 2; to++) {
        for (unsigned from = 0; from < 3; from++) {
            for (unsigned n = 1; n <= 3; n++) {
                struct losing l = { .to = to, .demux = 1u << DEMUX_DTLS, .from = from, .n = n };
                struct pair p;

                pair_init(&p);
                p.filter = lose;
                p.filter_arg = &l;
                pair_run_live(&p, 5 * US_PER_S);
                /* 60 ms without loss; each loss waits 50, 100, 200 ms of the retransmission timer
                 * of one side or the other. */
                assert_true(p.now.mono_us <= 1000 * US_PER_S + 65 * US_PER_MS +
                                                 (n == 1   ? 55
                                                  : n == 2 ? 160
                                                           : 370) *
                                                     US_PER_MS);
                assert_media_flows(&p);
                pair_deinit(&p);
            }
        }
    }
}

static void lost_checks_are_repeated_after_50_ms(void **state)
{
    (void)state;
    for (int to = 0; to < 2; to++) {
        struct losing l = { .to = to, .demux = 1u << DEMUX_STUN, .n = 4 };
        struct pair p;

        pair_init(&p);
        p.filter = lose;
        p.filter_arg = &l;
        pair_run_live(&p, US_PER_S);
        assert_true(p.now.mono_us <= 1000 * US_PER_S + (61 + 4 * 50) * US_PER_MS);
        pair_deinit(&p);
    }
}

static bool lose_some(struct pair *pair, int side, uint8_t *data, size_t len)
{
    (void)side;
    (void)data;
    (void)len;
    return !rnd_percent(pair->filter_arg, 20);
}

static void with_20_percent_loss_a_handshake_still_succeeds(void **state)
{
    struct rnd r = { rnd_seed(21) };
    int64_t slowest = 0;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)r.s);
    for (int i = 0; i < 100; i++) {
        struct pair p;

        pair_init(&p);
        p.filter = lose_some;
        p.filter_arg = &r;
        pair_run_live(&p, 10 * US_PER_S);
        if (p.now.mono_us - 1000 * US_PER_S > slowest)
            slowest = p.now.mono_us - 1000 * US_PER_S;
        pair_deinit(&p);
    }
    print_message("slowest of 100: %lld ms\n", (long long)(slowest / US_PER_MS));
}

/* ---- deaths ---- */

static void no_check_for_30_s_is_death(void **state)
{
    struct peer_config c[2];
    struct pair p;

    (void)state;
    pair_identities(&p);
    pair_configs(&p, c);
    assert_int_equal(peer_new(&p.peer[PAIR_SERVER], &c[PAIR_SERVER], p.now), ERR_OK);
    assert_int_equal(peer_remote(p.peer[PAIR_SERVER])->family, 0);
    pair_run(&p, 30 * US_PER_S - 1);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_NEW);
    pair_run(&p, 1);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_DEAD);
    assert_int_equal(peer_death(p.peer[PAIR_SERVER]), PEER_DEATH_NO_CHECK);
    assert_int_equal(p.dead[PAIR_SERVER], 1);
    assert_int_equal(p.datagrams[PAIR_SERVER], 0);
    assert_true(peer_deadline(p.peer[PAIR_SERVER]) == NEVER_US);
    pair_deinit(&p);
}

static bool note_checks(struct pair *pair, int side, uint8_t *data, size_t len)
{
    int64_t *last = pair->filter_arg;

    if (demux(data, len) == DEMUX_STUN)
        last[side] = pair->now.mono_us;
    return true;
}

static bool lose_all(struct pair *pair, int side, uint8_t *data, size_t len)
{
    (void)pair;
    (void)side;
    (void)data;
    (void)len;
    return false;
}

static void consent_ends_exactly_30_s_after_the_last_check(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        int64_t last[2];
        struct pair p;

        pair_init(&p);
        p.filter = note_checks;
        p.filter_arg = last;
        pair_run_live(&p, US_PER_S);
        pair_run(&p, 12345678);
        p.filter = lose_all;
        pair_run_until(&p, last[side] + 30 * US_PER_S - 1);
        assert_int_equal(peer_state(p.peer[side]), PEER_LIVE);
        pair_run(&p, 1);
        assert_int_equal(peer_state(p.peer[side]), PEER_DEAD);
        assert_int_equal(peer_death(p.peer[side]), PEER_DEATH_NO_CONSENT);
        assert_int_equal(p.dead[side], 1);
        pair_deinit(&p);
    }
}

static bool lose_dtls(struct pair *pair, int side, uint8_t *data, size_t len)
{
    (void)pair;
    (void)side;
    return demux(data, len) != DEMUX_DTLS;
}

static void a_handshake_that_does_not_end_in_10_s_is_death(void **state)
{
    struct pair p;

    (void)state;
    pair_init(&p);
    p.filter = lose_dtls;
    pair_run(&p, 10 * US_PER_S); /* counted from the first check, which took 10 ms */
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_CHECKED);
    pair_run(&p, 10 * US_PER_MS);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_DEAD);
    assert_int_equal(peer_death(p.peer[PAIR_SERVER]), PEER_DEATH_DTLS);
    pair_run(&p, 10 * US_PER_MS);
    assert_int_equal(peer_death(p.peer[PAIR_CLIENT]), PEER_DEATH_DTLS);
    pair_deinit(&p);
}

static void a_wrong_certificate_is_death_on_either_side(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        for (size_t byte = 0; byte < 32; byte += 31) {
            struct peer_config c[2];
            struct pair p;

            pair_identities(&p);
            pair_configs(&p, c);
            c[side].remote_fingerprint[byte] ^= 1;
            assert_int_equal(pair_peers(&p, c), ERR_OK);
            pair_run(&p, US_PER_S);
            assert_int_equal(p.live[side], 0);
            assert_int_equal(peer_state(p.peer[side]), PEER_DEAD);
            assert_int_equal(peer_death(p.peer[side]), PEER_DEATH_FINGERPRINT);
            /* The other one was told by an alert. */
            assert_int_equal(peer_state(p.peer[!side]), PEER_DEAD);
            assert_int_equal(p.live[!side], 0);
            pair_deinit(&p);
        }
    }
}

static void closing_tells_the_other_side(void **state)
{
    (void)state;
    for (int side = 0; side < 2; side++) {
        struct pair p;

        live(&p);
        peer_close(p.peer[side], p.now);
        peer_close(p.peer[side], p.now); /* twice is once */
        pair_run(&p, 100 * US_PER_MS);
        assert_int_equal(peer_death(p.peer[side]), PEER_DEATH_CLOSED);
        assert_int_equal(peer_death(p.peer[!side]), PEER_DEATH_REMOTE_CLOSED);
        assert_int_equal(p.dead[0] + p.dead[1], 2);
        pair_deinit(&p);
    }
}

static void the_dead_do_nothing(void **state)
{
    uint8_t packet[200] = { 0x80, 96 };
    size_t len = 100;
    struct pair p;

    (void)state;
    live(&p);
    peer_close(p.peer[PAIR_SERVER], p.now);
    pair_run(&p, US_PER_S);
    assert_int_equal(peer_seal_rtp(p.peer[PAIR_SERVER], packet, &len), ERR_STATE);
    assert_int_equal(peer_seal_rtcp(p.peer[PAIR_SERVER], packet, &len), ERR_STATE);
    assert_int_equal(pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], packet, len),
                     PEER_GOT_NOTHING);
    peer_timeout(p.peer[PAIR_SERVER], p.now);
    assert_true(peer_deadline(p.peer[PAIR_SERVER]) == NEVER_US);
    pair_deinit(&p);
}

static void before_live_nothing_is_sealed(void **state)
{
    uint8_t packet[200] = { 0x80, 96 };
    size_t len = 100;
    struct pair p;

    (void)state;
    pair_init(&p);
    assert_int_equal(peer_seal_rtp(p.peer[PAIR_SERVER], packet, &len), ERR_STATE);
    pair_run(&p, 15 * US_PER_MS);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_CHECKED);
    assert_int_equal(peer_seal_rtp(p.peer[PAIR_SERVER], packet, &len), ERR_STATE);
    assert_int_equal(len, 100);
    pair_deinit(&p);
}

/* ---- moving ---- */

/* Loses the answers to the server's questions, as a client does that gives none. */
static bool lose_answers(struct pair *pair, int side, uint8_t *data, size_t len)
{
    struct stun_msg m;

    (void)pair;
    return side != PAIR_SERVER || demux(data, len) != DEMUX_STUN ||
           stun_parse(data, len, &m) != ERR_OK || m.class != STUN_SUCCESS;
}

static void a_client_that_answers_no_question_is_followed_at_its_next_check(void **state)
{
    struct pair p;

    (void)state;
    live(&p);
    p.filter = lose_answers;
    for (int i = 0; i < 5; i++) {
        assert_media_flows(&p);
        /* Checks come at random times: none may fall between the move and the media that follows
         * it. */
        while (peer_deadline(p.peer[PAIR_CLIENT]) < p.now.mono_us + 100 * US_PER_MS)
            pair_run(&p, 100 * US_PER_MS);
        p.addr[PAIR_CLIENT].port++;
        if (i % 2)
            p.addr[PAIR_CLIENT].ip[3]++;
        pair_send_rtp(&p, PAIR_CLIENT, 71, (uint16_t)(i + 1), 10);
        pair_run(&p, 20 * US_PER_MS);
        assert_int_equal(p.moved[PAIR_SERVER], i);
        pair_run(&p, 6 * US_PER_S + 20 * US_PER_MS); /* until the next check */
        assert_int_equal(p.moved[PAIR_SERVER], i + 1);
        assert_true(addr_eq(peer_remote(p.peer[PAIR_SERVER]), &p.addr[PAIR_CLIENT]));
        assert_media_flows(&p);
    }
    pair_deinit(&p);
}

/* A NAT that forgot, between two checks of the client: nothing came back to it for up to 6 s. */
static void a_client_is_followed_by_its_media_and_its_answer(void **state)
{
    struct pair p;

    (void)state;
    live(&p);
    pair_send_rtp(&p, PAIR_CLIENT, 71, 0, 10);
    pair_run(&p, 2 * p.delay_us);
    for (int i = 0; i < 20; i++) {
        struct addr before = p.addr[PAIR_CLIENT];
        unsigned rtp;

        assert_media_flows(&p);
        while (peer_deadline(p.peer[PAIR_CLIENT]) < p.now.mono_us + 100 * US_PER_MS)
            pair_run(&p, 100 * US_PER_MS);
        p.addr[PAIR_CLIENT].port++;
        if (i % 2)
            p.addr[PAIR_CLIENT].ip[3]++;
        rtp = p.rtp[PAIR_SERVER];
        if (i % 3)
            pair_send_rtp(&p, PAIR_CLIENT, 71, (uint16_t)(i + 1), 10);
        else
            pair_send_rtcp(&p, PAIR_CLIENT);
        pair_run(&p, p.delay_us);
        assert_int_equal(p.rtp[PAIR_SERVER],
                         rtp + (i % 3 != 0)); /* nothing is lost on the way up */
        assert_true(addr_eq(peer_remote(p.peer[PAIR_SERVER]), &before));
        pair_run(&p, 2 * p.delay_us);
        assert_int_equal(p.moved[PAIR_SERVER], i + 1);
        assert_true(addr_eq(peer_remote(p.peer[PAIR_SERVER]), &p.addr[PAIR_CLIENT]));
        assert_media_flows(&p);
    }
    pair_deinit(&p);
}

static size_t build_rtp(uint8_t *packet, uint32_t ssrc, uint16_t seq, size_t payload)
{
    struct writer w = writer_on(packet, PEER_MTU - PEER_SEAL_ROOM);

    write_u16(&w, 0x8060);
    write_u16(&w, seq);
    write_u32(&w, seq * 3000u);
    write_u32(&w, ssrc);
    memset(packet + 12, seq, payload);
    return 12 + payload;
}

/* An authentic packet sent on from elsewhere asks, seldom, and moves nothing; one that is not
 * authentic, was seen before or is of a source that never spoke does not even ask. */
static void a_caught_packet_moves_nothing(void **state)
{
    struct pair p;
    uint8_t packet[PEER_MTU], bad[PEER_MTU];
    unsigned sent;
    size_t len;

    (void)state;
    live(&p);
    assert_media_flows(&p);
    pair_send_rtp(&p, PAIR_CLIENT, 71, 0, 10);
    pair_run(&p, 2 * p.delay_us);
    sent = p.datagrams[PAIR_SERVER];
    for (int i = 0; i < 1000; i++) {
        len = build_rtp(packet, 71, (uint16_t)(1 + i), 50);
        assert_int_equal(peer_seal_rtp(p.peer[PAIR_CLIENT], packet, &len), ERR_OK);
        memcpy(bad, packet, len);
        bad[len - 1] ^= 1;
        assert_int_equal(pair_inject(&p, PAIR_SERVER, &stranger, bad, len), PEER_GOT_NOTHING);
        assert_int_equal(pair_inject(&p, PAIR_SERVER, &stranger, packet, len), PEER_GOT_RTP);
        assert_int_equal(pair_inject(&p, PAIR_SERVER, &stranger, packet, len), PEER_GOT_NOTHING);
        pair_run(&p, 10 * US_PER_MS);
    }
    /* In 10 s: five questions in each life of 3 s, and answers to the client's own checks. */
    assert_in_range(p.datagrams[PAIR_SERVER] - sent, 15, 25);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->rtp_replayed, 1000);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->rtp_bad_auth, 1000);
    assert_int_equal(p.moved[PAIR_SERVER], 0);
    assert_true(addr_eq(peer_remote(p.peer[PAIR_SERVER]), &p.addr[PAIR_CLIENT]));
    len = build_rtp(packet, 72, 1, 50);
    assert_int_equal(peer_seal_rtp(p.peer[PAIR_CLIENT], packet, &len), ERR_OK);
    assert_int_equal(pair_inject(&p, PAIR_SERVER, &stranger, packet, len), PEER_GOT_NOTHING);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->not_from_here, 1);
    pair_deinit(&p);
}

/* ---- intruders ---- */

struct recorded {
    size_t len;
    uint8_t data[PEER_MTU];
    unsigned n;
};

static bool record_client_hello(struct pair *pair, int side, uint8_t *data, size_t len)
{
    struct recorded *r = pair->filter_arg;

    if (side == PAIR_SERVER && demux(data, len) == DEMUX_DTLS && !r->n++) {
        r->len = len;
        memcpy(r->data, data, len);
    }
    return true;
}

static void a_client_hello_from_elsewhere_is_ignored(void **state)
{
    struct recorded hello = { 0 };
    unsigned sent;
    struct pair p, other;

    (void)state;
    pair_init(&other);
    other.filter = record_client_hello;
    other.filter_arg = &hello;
    pair_run_live(&other, US_PER_S);
    pair_deinit(&other);
    assert_true(hello.len > 100);

    /* before any check, during the handshake, and when live */
    pair_init(&p);
    pair_inject(&p, PAIR_SERVER, &stranger, hello.data, hello.len);
    pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], hello.data, hello.len);
    assert_int_equal(p.datagrams[PAIR_SERVER], 0);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_NEW);
    pair_run(&p, 15 * US_PER_MS);
    assert_int_equal(peer_state(p.peer[PAIR_SERVER]), PEER_CHECKED);
    sent = p.datagrams[PAIR_SERVER];
    pair_inject(&p, PAIR_SERVER, &stranger, hello.data, hello.len);
    assert_int_equal(p.datagrams[PAIR_SERVER], sent);
    pair_run_live(&p, 100 * US_PER_MS);
    sent = p.datagrams[PAIR_SERVER];
    pair_inject(&p, PAIR_SERVER, &stranger, hello.data, hello.len);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->not_from_here, 4);
    /* Even from the right address a second handshake is not begun. */
    for (int i = 0; i < 50; i++)
        pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], hello.data, hello.len);
    assert_int_equal(p.datagrams[PAIR_SERVER], sent);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->dtls_refused, 50);
    assert_media_flows(&p);
    pair_deinit(&p);
}

static bool change_and_repeat(struct pair *pair, int side, uint8_t *data, size_t len)
{
    enum demux kind = demux(data, len);
    uint8_t copy[PEER_MTU];

    if (kind != DEMUX_RTP && kind != DEMUX_RTCP)
        return true;
    memcpy(copy, data, len);
    copy[len / 2] ^= 4;
    pair_inject(pair, side, &pair->addr[!side], copy, len); /* changed */
    memcpy(copy, data, len);
    pair_inject(pair, side, &stranger, copy, len); /* from elsewhere */
    pair_inject(pair, side, &pair->addr[!side], copy, len);
    return true; /* and now for the second time */
}

static void changed_repeated_and_foreign_media_is_counted_and_refused(void **state)
{
    const struct peer_counters *c;
    struct pair p;

    (void)state;
    live(&p);
    p.filter = change_and_repeat;
    for (uint16_t seq = 0; seq < 100; seq++) {
        for (int i = 0; i < 2; i++) {
            pair_send_rtp(&p, i, 7, seq, 200);
            pair_send_rtcp(&p, i);
        }
        pair_run(&p, 20 * US_PER_MS);
    }
    for (int i = 0; i < 2; i++) {
        c = peer_counters(p.peer[i]);
        assert_int_equal(p.rtp[i], 100);
        assert_int_equal(p.rtcp[i], 100);
        /* The server takes a packet of a source it knows once, wherever it comes from. */
        assert_int_equal(c->rtp_bad_auth, 100);
        assert_int_equal(c->rtp_replayed, i == PAIR_SERVER ? 199 : 100);
        assert_int_equal(c->rtcp_bad_auth, 100);
        assert_int_equal(c->rtcp_replayed, i == PAIR_SERVER ? 199 : 100);
        assert_int_equal(c->not_from_here, i == PAIR_SERVER ? 2 : 200);
    }
    pair_deinit(&p);
}

static void a_hundred_thousand_datagrams_of_junk_leave_it_live(void **state)
{
    struct rnd r = { rnd_seed(22) };
    long blocks;
    struct pair p;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)r.s);
    live(&p);
    blocks = mem_live();
    for (int i = 0; i < 100000; i++) {
        uint8_t junk[300];
        size_t len = (size_t)rnd_in(&r, 0, sizeof junk);

        for (size_t k = 0; k < len; k += 8) {
            uint64_t v = rnd_u64(&r);

            memcpy(junk + k, &v, len - k < 8 ? len - k : 8);
        }
        if (len > 13 && rnd_percent(&r, 30)) { /* a DTLS record of epoch 1 with a right length */
            static const uint8_t head[] = { 0, 0xfe, 0xfd, 0, 1 };

            memcpy(junk, head, sizeof head);
            junk[0] = (uint8_t)rnd_in(&r, 20, 23);
            junk[11] = (uint8_t)((len - 13) >> 8);
            junk[12] = (uint8_t)(len - 13);
        }
        assert_int_equal(pair_inject(&p, (int)(rnd_u64(&r) & 1),
                                     rnd_percent(&r, 80) ? &p.addr[rnd_u64(&r) & 1] : &stranger,
                                     junk, len),
                         PEER_GOT_NOTHING);
    }
    assert_int_equal(mem_live(), blocks);
    assert_media_flows(&p);
    pair_deinit(&p);
}

static void too_long_a_datagram_is_dropped(void **state)
{
    uint8_t packet[PEER_MTU + 1] = { 0x80, 96 };
    struct pair p;

    (void)state;
    live(&p);
    pair_inject(&p, PAIR_SERVER, &p.addr[PAIR_CLIENT], packet, sizeof packet);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->unknown_byte, 1);
    assert_int_equal(peer_counters(p.peer[PAIR_SERVER])->rtp_bad_auth, 0);
    pair_deinit(&p);
}

/* ---- lack of memory ---- */

/* The hook disarms itself when it strikes. If it has not, every allocation of the run was walked.
 */
static bool still_armed(long n)
{
    for (long i = 0; i <= n; i++) {
        void *p = mem_zalloc(1, 1);

        if (!p)
            return true;
        mem_free(p);
    }
    return false;
}

static void every_failed_allocation_is_survived(void **state)
{
    struct peer_config c[2];
    bool done = false;

    (void)state;
    for (long n = 0; !done; n++) {
        long before = mem_live();
        struct pair p;

        assert_true(n < 500);
        pair_identities(&p);
        pair_configs(&p, c);
        mem_fail_after(n);
        if (pair_peers(&p, c) == ERR_OK) {
            /* Either the handshake succeeds in spite of it, or a side dies, never anything else. */
            pair_run(&p, 12 * US_PER_S);
            for (int i = 0; i < 2; i++)
                assert_true(peer_state(p.peer[i]) == PEER_LIVE ||
                            peer_state(p.peer[i]) == PEER_DEAD);
            if (peer_state(p.peer[0]) == PEER_LIVE && peer_state(p.peer[1]) == PEER_LIVE)
                assert_media_flows(&p);
        }
        done = still_armed(n);
        mem_fail_after(-1);
        pair_deinit(&p);
        assert_int_equal(mem_live(), before);
    }
}

static void bad_configs_are_refused(void **state)
{
    struct peer_config c[2], bad;
    struct peer *none = NULL;
    struct pair p;

    (void)state;
    pair_identities(&p);
    pair_configs(&p, c);
    bad = c[0];
    bad.identity = NULL;
    assert_int_equal(peer_new(&none, &bad, p.now), ERR_INVAL);
    bad = c[0];
    bad.local.ufrag[0] = 0;
    assert_int_equal(peer_new(&none, &bad, p.now), ERR_INVAL);
    bad = c[0];
    memset(bad.remote.pwd, 'x', sizeof bad.remote.pwd); /* no end */
    assert_int_equal(peer_new(&none, &bad, p.now), ERR_INVAL);
    bad = c[1];
    bad.remote_addr.family = 0;
    assert_int_equal(peer_new(&none, &bad, p.now), ERR_INVAL);
    assert_null(none);
    pair_deinit(&p);
}

static void fresh_credentials_differ_and_use_the_whole_alphabet(void **state)
{
    bool seen[256] = { false };
    struct peer_ice a, b;
    int letters = 0;

    (void)state;
    for (int i = 0; i < 300; i++) {
        assert_int_equal(peer_random_ice(&a), ERR_OK);
        assert_int_equal(peer_random_ice(&b), ERR_OK);
        assert_int_equal(strlen(a.ufrag), PEER_UFRAG_LEN);
        assert_int_equal(strlen(a.pwd), PEER_PWD_LEN);
        assert_string_not_equal(a.ufrag, b.ufrag);
        assert_string_not_equal(a.pwd, b.pwd);
        for (const char *s = a.pwd; *s; s++)
            seen[(uint8_t)*s] = true;
    }
    for (int i = 0; i < 256; i++)
        letters += seen[i];
    assert_int_equal(letters, 64);
}

static void the_driver_finds_a_connection_by_its_ufrag(void **state)
{
    struct hmac_sha1 key;
    uint8_t request[STUN_MESSAGE_MAX];
    const char *ufrag;
    size_t len, n;

    (void)state;
    hmac_sha1_init(&key, "x", 1);
    assert_int_equal(
        stun_write_request(&(struct stun_request){ .username = "abcd:efgh",
                                                   .txid = (const uint8_t *)"abcdefghijkl" },
                           &key, request, sizeof request, &len),
        ERR_OK);
    assert_true(peer_stun_local_ufrag(request, len, &ufrag, &n));
    assert_int_equal(n, 4);
    assert_memory_equal(ufrag, "abcd", 4);
    for (size_t cut = 0; cut < len; cut++)
        assert_false(peer_stun_local_ufrag(request, cut, &ufrag, &n));
    assert_int_equal(
        stun_write_request(
            &(struct stun_request){ .username = ":efgh", .txid = (const uint8_t *)"abcdefghijkl" },
            &key, request, sizeof request, &len),
        ERR_OK);
    assert_false(peer_stun_local_ufrag(request, len, &ufrag, &n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_peers_reach_live_and_exchange_media),
        cmocka_unit_test(one_that_stays_live_for_an_hour_says_little),
        cmocka_unit_test(a_lost_flight_costs_little),
        cmocka_unit_test(lost_checks_are_repeated_after_50_ms),
        cmocka_unit_test(with_20_percent_loss_a_handshake_still_succeeds),
        cmocka_unit_test(no_check_for_30_s_is_death),
        cmocka_unit_test(consent_ends_exactly_30_s_after_the_last_check),
        cmocka_unit_test(a_handshake_that_does_not_end_in_10_s_is_death),
        cmocka_unit_test(a_wrong_certificate_is_death_on_either_side),
        cmocka_unit_test(closing_tells_the_other_side),
        cmocka_unit_test(the_dead_do_nothing),
        cmocka_unit_test(before_live_nothing_is_sealed),
        cmocka_unit_test(a_client_that_answers_no_question_is_followed_at_its_next_check),
        cmocka_unit_test(a_client_is_followed_by_its_media_and_its_answer),
        cmocka_unit_test(a_caught_packet_moves_nothing),
        cmocka_unit_test(a_client_hello_from_elsewhere_is_ignored),
        cmocka_unit_test(changed_repeated_and_foreign_media_is_counted_and_refused),
        cmocka_unit_test(a_hundred_thousand_datagrams_of_junk_leave_it_live),
        cmocka_unit_test(too_long_a_datagram_is_dropped),
        cmocka_unit_test(every_failed_allocation_is_survived),
        cmocka_unit_test(bad_configs_are_refused),
        cmocka_unit_test(fresh_credentials_differ_and_use_the_whole_alphabet),
        cmocka_unit_test(the_driver_finds_a_connection_by_its_ufrag),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
