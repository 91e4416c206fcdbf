/* SPDX-License-Identifier: Apache-2.0
 *
 * Datagrams into an answering peer, in every state it can have. A real offerer
 * stands on the other side and can be told to do its part, so that the input
 * gets as far as LIVE; between its datagrams come those of the input, from its
 * address or from another one. Nothing that the input makes up may be taken
 * for media, and a stranger is never answered with more than was sent.
 *
 * Input: a run of steps. Byte 0 of each is the step, see enum step.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>

#include "common/base/buf.h"
#include "server/rtc/dtls.h"
#include "server/rtc/peer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum step {
    STEP_RAW,      /* [len u16][bytes]: a datagram from the offerer's address */
    STEP_STRANGER, /* the same from elsewhere */
    STEP_DELIVER,  /* the offerer's oldest datagram arrives */
    STEP_CHANGE,   /* [at u16][xor u8]: it arrives with one byte changed */
    STEP_LOSE,     /* it gets lost */
    STEP_WAIT,     /* [ms u16]: time passes */
    STEP_MEDIA,    /* [flags u8]: the offerer, if live, sends RTP or RTCP */
    STEP_SEAL,     /* [len u16][bytes]: sealed by the offerer as RTP or RTCP, then delivered */
    STEP_COUNT
};

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

static const struct addr server = { .family = 4, .ip = { 10, 0, 0, 1 }, .port = 443 };
static const struct addr client = { .family = 4, .ip = { 10, 0, 0, 2 }, .port = 5000 };
static const struct addr stranger = { .family = 6, .ip = { 0x20, 1 }, .port = 9 };

static int64_t clock_us;

/* OpenSSL's clock, see tests/support/virtual_time.h. */
int gettimeofday(struct timeval *restrict tv, void *restrict zone)
{
    (void)zone;
    tv->tv_sec = clock_us / 1000000;
    tv->tv_usec = clock_us % 1000000;
    return 0;
}

#define QUEUE_MAX 32

struct world {
    struct peer *peer[2]; /* answerer, offerer */
    struct now now;
    size_t n;
    size_t len[QUEUE_MAX];
    uint8_t queue[QUEUE_MAX][PEER_MTU]; /* from the offerer, not yet delivered */
    size_t foreign_out;
};

static struct dtls_identity *identity(int side)
{
    static struct dtls_identity *made[2];

    if (!made[side])
        MUST(dtls_identity_new(&made[side]) == ERR_OK);
    return made[side];
}

static void drain(struct world *w)
{
    bool more = true;

    while (more) {
        struct peer_out out;

        more = false;
        while (peer_poll(w->peer[0], &out)) {
            uint8_t copy[PEER_MTU];
            size_t len = out.len;

            if (out.kind != PEER_OUT_DATAGRAM)
                continue;
            MUST(out.len <= PEER_MTU);
            if (!addr_eq(&out.to, &client)) {
                w->foreign_out += out.len;
                continue;
            }
            memcpy(copy, out.data, len);
            peer_input(w->peer[1], w->now, &server, copy, &len);
            more = true;
        }
        while (peer_poll(w->peer[1], &out)) {
            if (out.kind != PEER_OUT_DATAGRAM || w->n == QUEUE_MAX)
                continue;
            w->len[w->n] = out.len;
            memcpy(w->queue[w->n++], out.data, out.len);
        }
    }
}

static enum peer_got put(struct world *w, const struct addr *from, const uint8_t *data, size_t len)
{
    uint8_t *exact = malloc(len ? len : 1);
    enum peer_got got;
    size_t n = len;

    MUST(exact);
    memcpy(exact, data, len);
    w->foreign_out = 0;
    got = peer_input(w->peer[0], w->now, from, exact, &n);
    MUST(n <= len);
    drain(w);
    if (!addr_eq(from, &client))
        MUST(got == PEER_GOT_NOTHING && w->foreign_out <= len);
    free(exact);
    return got;
}

static void take_first(struct world *w)
{
    w->n--;
    memmove(w->len, w->len + 1, w->n * sizeof w->len[0]);
    memmove(w->queue, w->queue + 1, w->n * sizeof w->queue[0]);
}

static void pass_time(struct world *w, int64_t us)
{
    int64_t end = w->now.mono_us + us;

    for (int turns = 0; turns < 1000; turns++) {
        int64_t at = earlier_us(peer_deadline(w->peer[0]), peer_deadline(w->peer[1]));

        if (at > end)
            break;
        if (at > w->now.mono_us)
            w->now.mono_us = at;
        clock_us = w->now.mono_us;
        for (int i = 0; i < 2; i++)
            peer_timeout(w->peer[i], w->now);
        drain(w);
    }
    w->now.mono_us = clock_us = end;
}

static void sealed(struct world *w, const uint8_t *data, size_t len)
{
    uint8_t packet[PEER_MTU] = { 0 };
    enum err e;

    if (len > sizeof packet - PEER_SEAL_ROOM)
        len = sizeof packet - PEER_SEAL_ROOM;
    memcpy(packet, data, len);
    e = len > 1 && packet[1] >= 192 && packet[1] <= 223 ? peer_seal_rtcp(w->peer[1], packet, &len)
                                                        : peer_seal_rtp(w->peer[1], packet, &len);
    if (e == ERR_OK)
        put(w, &client, packet, len);
}

static void step(struct world *w, enum step what, struct reader *r)
{
    uint8_t media[12 + 20] = { 0x80, 96, 0, 0, [11] = 7 };
    size_t len, at;
    const uint8_t *bytes;

    switch (what) {
    case STEP_RAW:
    case STEP_STRANGER:
    case STEP_SEAL:
        len = read_u16(r) % (PEER_MTU + 1);
        len = len < reader_left(r) ? len : reader_left(r);
        bytes = read_bytes(r, len);
        if (!bytes)
            return;
        if (what == STEP_SEAL)
            sealed(w, bytes, len);
        else
            MUST(put(w, what == STEP_RAW ? &client : &stranger, bytes, len) == PEER_GOT_NOTHING);
        break;
    case STEP_DELIVER:
    case STEP_CHANGE:
        at = what == STEP_CHANGE ? read_u16(r) : 0;
        if (w->n == 0)
            return;
        if (what == STEP_CHANGE)
            w->queue[0][at % w->len[0]] ^= read_u8(r);
        put(w, &client, w->queue[0], w->len[0]);
        take_first(w);
        break;
    case STEP_LOSE:
        if (w->n > 0)
            take_first(w);
        break;
    case STEP_WAIT:
        pass_time(w, read_u16(r) * US_PER_MS);
        break;
    case STEP_MEDIA:
        media[3] = read_u8(r);
        media[1] = media[3] & 1 ? 200 : 96;
        sealed(w, media, sizeof media);
        break;
    case STEP_COUNT:
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world w;
    struct reader r = reader_on(data, size);
    struct peer_config c[2] = { { .role = PEER_ANSWERER }, { .role = PEER_OFFERER } };

    memset(&w, 0, sizeof w);
    w.now.mono_us = clock_us = 1000 * US_PER_S;
    memcpy(c[0].local.ufrag, "servufra", 9);
    memcpy(c[0].local.pwd, "serverpasswordserverpass", 25);
    memcpy(c[1].local.ufrag, "brow", 5);
    memcpy(c[1].local.pwd, "browserpasswordbrowserpa", 25);
    for (int i = 0; i < 2; i++) {
        c[i].identity = identity(i);
        c[i].remote = c[!i].local;
        memcpy(c[i].remote_fingerprint, dtls_identity_fingerprint(identity(!i)),
               PEER_FINGERPRINT_BYTES);
    }
    c[1].remote_addr = server;
    for (int i = 0; i < 2; i++)
        MUST(peer_new(&w.peer[i], &c[i], w.now) == ERR_OK);
    pass_time(&w, 0);
    for (int steps = 0; steps < 200 && reader_left(&r) > 0; steps++)
        step(&w, read_u8(&r) % STEP_COUNT, &r);
    for (int i = 0; i < 2; i++)
        peer_free(w.peer[i]);
    return 0;
}
