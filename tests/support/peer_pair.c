/* SPDX-License-Identifier: Apache-2.0
 *
 * The pair of peers; see peer_pair.h.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/buf.h"
#include "tests/support/peer_pair.h"
#include "tests/support/virtual_time.h"

#define START_US (1000 * US_PER_S)

void pair_identities(struct pair *p)
{
    memset(p, 0, sizeof *p);
    p->now = (struct now){ .mono_us = START_US };
    virtual_time_set(p->now.mono_us);
    p->addr[PAIR_SERVER] = (struct addr){ .family = 4, .ip = { 10, 0, 0, 1 }, .port = 443 };
    p->addr[PAIR_CLIENT] = (struct addr){ .family = 4, .ip = { 10, 0, 0, 2 }, .port = 5000 };
    p->delay_us = 10 * US_PER_MS;
    for (int i = 0; i < 2; i++)
        assert_int_equal(dtls_identity_new(&p->identity[i]), ERR_OK);
}

void pair_configs(struct pair *p, struct peer_config c[2])
{
    memset(c, 0, 2 * sizeof *c);
    for (int i = 0; i < 2; i++) {
        c[i].role = i == PAIR_SERVER ? PEER_ANSWERER : PEER_OFFERER;
        c[i].identity = p->identity[i];
        assert_int_equal(peer_random_ice(&c[i].local), ERR_OK);
        memcpy(c[!i].remote_fingerprint, dtls_identity_fingerprint(p->identity[i]),
               PEER_FINGERPRINT_BYTES);
    }
    c[0].remote = c[1].local;
    c[1].remote = c[0].local;
    c[PAIR_CLIENT].remote_addr = p->addr[PAIR_SERVER];
}

enum err pair_peers(struct pair *p, const struct peer_config c[2])
{
    for (int i = 0; i < 2; i++) {
        enum err e = peer_new(&p->peer[i], &c[i], p->now);

        if (e != ERR_OK)
            return e;
    }
    return ERR_OK;
}

void pair_init(struct pair *p)
{
    struct peer_config c[2];

    pair_identities(p);
    pair_configs(p, c);
    assert_int_equal(pair_peers(p, c), ERR_OK);
}

void pair_deinit(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        peer_free(p->peer[i]);
        dtls_identity_free(p->identity[i]);
    }
    virtual_time_off();
}

static void launch(struct pair *p, int to, const struct addr *from, const uint8_t *data, size_t len)
{
    for (int i = 0; i < PAIR_FLIGHT_MAX; i++) {
        struct pair_flight *f = &p->flight[i];

        if (f->used)
            continue;
        *f = (struct pair_flight){ .used = true,
                                   .to = to,
                                   .at_us = p->now.mono_us + p->delay_us,
                                   .order = p->sent++,
                                   .from = *from,
                                   .len = len };
        assert_true(len <= sizeof f->data);
        memcpy(f->data, data, len);
        return;
    }
    fail_msg("the link holds more than %d datagrams", PAIR_FLIGHT_MAX);
}

static void drain(struct pair *p, int side)
{
    struct peer_out out;

    while (p->peer[side] && peer_poll(p->peer[side], &out)) {
        if (out.kind == PEER_OUT_EVENT) {
            p->live[side] += out.event == PEER_EVENT_LIVE;
            p->moved[side] += out.event == PEER_EVENT_MOVED;
            p->dead[side] += out.event == PEER_EVENT_DEAD;
            continue;
        }
        p->datagrams[side]++;
        assert_true(out.len <= PEER_MTU);
        /* Only what is addressed to the other side arrives there. */
        if (addr_eq(&out.to, &p->addr[!side]))
            launch(p, !side, &p->addr[side], out.data, out.len);
    }
}

enum peer_got pair_inject(struct pair *p, int side, const struct addr *from, const void *data,
                          size_t len)
{
    uint8_t copy[PEER_MTU + 64];
    enum peer_got got;
    size_t n = len;

    assert_true(len <= sizeof copy);
    memcpy(copy, data, len);
    got = peer_input(p->peer[side], p->now, from, copy, &n);
    if (got != PEER_GOT_NOTHING) {
        p->rtp[side] += got == PEER_GOT_RTP;
        p->rtcp[side] += got == PEER_GOT_RTCP;
        memcpy(p->last[side], copy, n);
        p->last_len[side] = n;
    }
    drain(p, side);
    return got;
}

static struct pair_flight *next_flight(struct pair *p)
{
    struct pair_flight *best = NULL;

    for (int i = 0; i < PAIR_FLIGHT_MAX; i++) {
        struct pair_flight *f = &p->flight[i];

        if (f->used && (!best || f->at_us < best->at_us ||
                        (f->at_us == best->at_us && f->order < best->order)))
            best = f;
    }
    return best;
}

static void step_to(struct pair *p, int64_t at_us)
{
    if (at_us > p->now.mono_us)
        p->now.mono_us = at_us;
    virtual_time_set(p->now.mono_us);
}

void pair_run_until(struct pair *p, int64_t end_us)
{
    for (int i = 0; i < 2; i++)
        drain(p, i);
    for (unsigned turns = 0;; turns++) {
        struct pair_flight *f = next_flight(p);
        int64_t at = f ? f->at_us : NEVER_US;
        int side = -1;

        assert_true(turns < 200000); /* a deadline that never moves on */
        for (int i = 0; i < 2; i++) {
            if (p->peer[i] && peer_deadline(p->peer[i]) < at) {
                at = peer_deadline(p->peer[i]);
                side = i;
            }
        }
        if (at > end_us)
            break;
        step_to(p, at);
        if (side >= 0) {
            peer_timeout(p->peer[side], p->now);
            drain(p, side);
            continue;
        }
        f->used = false;
        if (p->peer[f->to] && (!p->filter || p->filter(p, f->to, f->data, f->len)))
            pair_inject(p, f->to, &f->from, f->data, f->len);
    }
    step_to(p, end_us);
}

void pair_run(struct pair *p, int64_t us)
{
    pair_run_until(p, p->now.mono_us + us);
}

void pair_run_live(struct pair *p, int64_t limit_us)
{
    int64_t end = p->now.mono_us + limit_us;

    while (p->now.mono_us < end && !(p->live[0] && p->live[1]))
        pair_run(p, US_PER_MS);
    assert_int_equal(peer_state(p->peer[0]), PEER_LIVE);
    assert_int_equal(peer_state(p->peer[1]), PEER_LIVE);
}

void pair_send_rtp(struct pair *p, int side, uint32_t ssrc, uint16_t seq, size_t payload)
{
    uint8_t packet[PEER_MTU];
    struct writer w = writer_on(packet, sizeof packet - PEER_SEAL_ROOM);
    size_t len;

    write_u8(&w, 0x80);
    write_u8(&w, 96);
    write_u16(&w, seq);
    write_u32(&w, seq * 3000u);
    write_u32(&w, ssrc);
    for (size_t i = 0; i < payload; i++)
        write_u8(&w, (uint8_t)(seq + i));
    assert_false(w.full);
    len = writer_len(&w);
    assert_int_equal(peer_seal_rtp(p->peer[side], packet, &len), ERR_OK);
    launch(p, !side, &p->addr[side], packet, len);
}

void pair_send_rtcp(struct pair *p, int side)
{
    /* An empty receiver report. */
    uint8_t packet[8 + PEER_SEAL_ROOM] = { 0x80, 201, 0, 1, 0, 0, 0, (uint8_t)(1 + side) };
    size_t len = 8;

    assert_int_equal(peer_seal_rtcp(p->peer[side], packet, &len), ERR_OK);
    launch(p, !side, &p->addr[side], packet, len);
}
