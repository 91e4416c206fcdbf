/* SPDX-License-Identifier: Apache-2.0
 *
 * The load: people with real DTLS-SRTP connections (our rtc machine in the
 * browser's role), each with a socket of its own, all on core 1. A sender
 * sends 50 Opus packets of 80 bytes and 25 pictures of three 1000-byte VP8
 * packets a second: 125 packets, about 630 kbit/s. Every packet carries the
 * time it was sent; every receiver opens and counts every packet.
 */
#include "tests/bench/relay/bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/rtc/dtls.h"
#include "server/rtc/peer.h"
#include "server/rtc/rtp.h"
#include "server/rtc/sdp.h"

#define AUDIO_PT 111
#define VIDEO_PT 96
#define AUDIO_BYTES 80
#define VIDEO_BYTES 1000
#define VIDEO_BURST 3
#define AUDIO_EVERY_US 20000
#define VIDEO_EVERY_US 40000
#define JOIN_EVERY_US 10000
#define WARM_UP_US 1500000
#define SETTLE_US 300000
#define SAMPLES_MAX (4u << 20)
#define BATCH 32

struct flow { /* one source line */
    uint32_t ssrc, ts;
    uint16_t seq, picture;
};

struct person {
    int fd;
    struct peer *peer;
    struct peer_ice ice;
    uint64_t leg, stage;
    bool sends;
    int64_t answered_us, live_us, next_audio_us, next_video_us;
    struct flow audio, video;
    uint64_t got, sent;
};

struct load {
    const struct load_plan *plan;
    struct server server;
    struct dtls_identity *identity;
    struct person *people;
    int n, live, epoll;
    bool measuring;
    uint32_t *delays; /* microseconds */
    size_t delays_n;
    uint64_t bad;
};

static struct now now_is(void)
{
    return (struct now){ .mono_us = bench_now_us(), .unix_ms = (int64_t)time(NULL) * 1000 };
}

static void to_server(const struct load *l, const struct person *p, const void *data, size_t len)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)l->server.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    /* A full queue loses the packet, as on a real line; the loss is counted at the receiver. */
    if (sendto(p->fd, data, len, 0, (struct sockaddr *)&at, sizeof at) < 0)
        bench_must(errno == EAGAIN || errno == ENOBUFS, "sendto");
}

static void pump(struct load *l, struct person *p)
{
    struct peer_out out;

    while (peer_poll(p->peer, &out)) {
        if (out.kind == PEER_OUT_DATAGRAM) {
            to_server(l, p, out.data, out.len);
        } else if (out.event == PEER_EVENT_LIVE) {
            p->live_us = bench_now_us();
            l->live++;
        } else {
            bench_must(out.event != PEER_EVENT_DEAD, "a connection died");
        }
    }
}

static void line(struct sdp_session *s, enum sdp_kind kind, bool sends, uint32_t ssrc)
{
    struct sdp_media *m = &s->media[s->media_n];

    *m = (struct sdp_media){ .kind = kind,
                             .direction = sends ? SDP_SENDONLY : SDP_RECVONLY,
                             .pt = kind == SDP_AUDIO ? AUDIO_PT : VIDEO_PT,
                             .pli = kind == SDP_VIDEO,
                             .rsize = true,
                             .ssrc = ssrc };
    bench_must(str_format(m->mid, sizeof m->mid, "%d", s->media_n), "mid");
    if (ssrc)
        bench_must(str_copy(m->cname, sizeof m->cname, "bench"), "cname");
    s->media_n++;
}

static void offer(struct load *l, struct person *p)
{
    struct media_command open = { .kind = MEDIA_LEG_OPEN,
                                  .leg = { p->leg },
                                  .member = (uint16_t)(p->leg & 0xffff),
                                  .plan = { .audio = 1, .video = 1, .screen = 0 },
                                  .gate = {
                                      .mic = p->sends, .camera = p->sends, .receive = true } };
    struct sdp_session s = { .setup = SDP_SETUP_ACTPASS, .ice = p->ice };
    struct strbuf text;
    char *sdp;

    memcpy(s.fingerprint, dtls_identity_fingerprint(l->identity), sizeof s.fingerprint);
    line(&s, SDP_AUDIO, true, p->audio.ssrc);
    line(&s, SDP_VIDEO, true, p->video.ssrc);
    line(&s, SDP_VIDEO, true, p->video.ssrc + 1);
    line(&s, SDP_AUDIO, false, 0);
    line(&s, SDP_VIDEO, false, 0);
    strbuf_init(&text);
    sdp_write(&s, &text);
    open.offer_len = text.len;
    bench_must(strbuf_take(&text, &sdp) == ERR_OK, "offer");
    open.offer = sdp;
    server_order(&l->server, p->stage, &open);
    mem_free(sdp);
}

static void answered(struct load *l, struct person *p, const char *sdp, size_t len)
{
    struct peer_config config = { .role = PEER_OFFERER, .identity = l->identity, .local = p->ice };
    struct sdp_session s;
    const char *why = "";

    bench_must(sdp_parse(sdp, len, &s, &why) == ERR_OK, why);
    config.remote = s.ice;
    memcpy(config.remote_fingerprint, s.fingerprint, sizeof s.fingerprint);
    config.remote_addr = s.candidate;
    p->answered_us = bench_now_us();
    bench_must(peer_new(&p->peer, &config, now_is()) == ERR_OK, "peer");
    pump(l, p);
}

static void hear_server(struct load *l)
{
    char room[sizeof(struct notice) + BENCH_OFFER_MAX];
    ssize_t n;

    while ((n = recv(l->server.control, room, sizeof room, MSG_DONTWAIT)) > 0) {
        struct notice notice;

        memcpy(&notice, room, sizeof notice);
        bench_must(notice.kind == MEDIA_ANSWER, "the server refused or dropped a connection");
        answered(l, &l->people[notice.leg - 1], room + sizeof notice, (size_t)n - sizeof notice);
    }
}

static int by_size(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

static void receive(struct load *l, struct person *p)
{
    static uint8_t in[BATCH][PEER_MTU + PEER_SEAL_ROOM];
    static struct mmsghdr msg[BATCH];
    static struct iovec iov[BATCH];
    struct addr from = { .family = 4, .ip = { 127, 0, 0, 1 }, .port = (uint16_t)l->server.port };
    int got;

    for (int i = 0; i < BATCH; i++) {
        iov[i] = (struct iovec){ in[i], PEER_MTU };
        msg[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
    }
    got = recvmmsg(p->fd, msg, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        struct now now = now_is();
        size_t len = msg[i].msg_len;
        enum peer_got what;
        int64_t sent_us;
        struct rtp rtp;

        if (!p->peer)
            continue;
        what = peer_input(p->peer, now, &from, in[i], &len);
        pump(l, p);
        if (what != PEER_GOT_RTP || rtp_parse(in[i], len, &rtp) != ERR_OK || rtp.payload_len < 16)
            continue;
        if (!l->measuring)
            continue;
        p->got++;
        memcpy(&sent_us, rtp.payload + rtp.payload_len - 8, 8);
        if (l->delays_n < SAMPLES_MAX)
            l->delays[l->delays_n++] = (uint32_t)(now.mono_us - sent_us);
    }
}

/* One packet of a source, stamped and sealed. marker ends a picture; first begins one. */
static void send_one(struct load *l, struct person *p, struct flow *f, bool video, bool first,
                     bool marker)
{
    uint8_t packet[PEER_MTU + PEER_SEAL_ROOM] = { 0 };
    struct writer w = writer_on(packet, PEER_MTU);
    struct rtp h = { .marker = marker,
                     .pt = video ? VIDEO_PT : AUDIO_PT,
                     .seq = f->seq++,
                     .ts = f->ts,
                     .ssrc = f->ssrc };
    size_t payload = video ? VIDEO_BYTES : AUDIO_BYTES, len;
    int64_t now_us = bench_now_us();
    uint8_t *at;

    rtp_write(&w, &h, NULL, 0);
    at = write_room(&w, payload);
    bench_must(at != NULL, "packet");
    if (video) { /* RFC 7741: X and start bit, a 15-bit picture id, then a key frame's header */
        at[0] = first ? 0x90 : 0x80;
        at[1] = 0x80;
        at[2] = (uint8_t)(0x80 | (f->picture >> 8 & 0x7f));
        at[3] = (uint8_t)f->picture;
        at[4] = 0; /* P = 0: every picture is a key frame, so that anyone may start at any */
    } else {
        at[0] = 0x78; /* an Opus TOC byte: 20 ms, CELT */
    }
    memcpy(at + payload - 8, &now_us, 8);
    len = writer_len(&w);
    bench_must(peer_seal_rtp(p->peer, packet, &len) == ERR_OK, "seal");
    to_server(l, p, packet, len);
    if (l->measuring)
        p->sent++;
}

static void send_due(struct load *l, struct person *p, int64_t now_us)
{
    if (now_us >= p->next_audio_us) {
        p->next_audio_us += AUDIO_EVERY_US;
        p->audio.ts += 960;
        send_one(l, p, &p->audio, false, true, false);
    }
    if (now_us >= p->next_video_us) {
        p->next_video_us += VIDEO_EVERY_US;
        p->video.ts += 3600;
        p->video.picture = (p->video.picture + 1) & 0x7fff;
        for (int i = 0; i < VIDEO_BURST; i++)
            send_one(l, p, &p->video, true, i == 0, i == VIDEO_BURST - 1);
    }
}

/* Everything that is due, once. */
static void turn(struct load *l, bool sending)
{
    struct epoll_event ready[64];
    int n = epoll_wait(l->epoll, ready, 64, 0);
    int64_t now_us;

    for (int i = 0; i < n; i++) {
        if (ready[i].data.ptr)
            receive(l, ready[i].data.ptr);
        else
            hear_server(l);
    }
    now_us = bench_now_us();
    for (int i = 0; i < l->n; i++) {
        struct person *p = &l->people[i];

        if (!p->peer)
            continue;
        if (peer_deadline(p->peer) <= now_us) {
            peer_timeout(p->peer, now_is());
            pump(l, p);
        }
        if (sending && p->sends)
            send_due(l, p, now_us);
    }
}

static void run_until(struct load *l, int64_t end_us, bool sending)
{
    while (bench_now_us() < end_us)
        turn(l, sending);
}

static void enter(struct load *l, int i)
{
    struct person *p = &l->people[i];
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = p };
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int size = 1 << 20;

    p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    bench_must(p->fd >= 0 && bind(p->fd, (struct sockaddr *)&any, sizeof any) == 0, "socket");
    setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    bench_must(epoll_ctl(l->epoll, EPOLL_CTL_ADD, p->fd, &e) == 0, "epoll");
    bench_must(peer_random_ice(&p->ice) == ERR_OK, "ice");
    p->leg = (uint64_t)i + 1;
    p->stage = (uint64_t)(i / l->plan->people) + 1;
    p->sends = i % l->plan->people < l->plan->senders;
    p->audio.ssrc = 0x10000u + (uint32_t)i * 16;
    p->video.ssrc = p->audio.ssrc + 4;
    offer(l, p);
}

static void all_join(struct load *l)
{
    int64_t start = bench_now_us();

    for (int i = 0; i < l->n; i++) {
        enter(l, i);
        run_until(l, start + (int64_t)(i + 1) * JOIN_EVERY_US, false);
    }
    while (l->live < l->n) {
        bench_must(bench_now_us() < start + 30 * US_PER_S, "everyone live within 30 s");
        turn(l, false);
    }
    start = bench_now_us();
    for (int i = 0; i < l->n; i++) { /* spread over the period, as strangers are */
        l->people[i].next_audio_us = start + i * (int64_t)AUDIO_EVERY_US / l->n;
        l->people[i].next_video_us = start + i * (int64_t)VIDEO_EVERY_US / l->n;
    }
}

static void report(struct load *l, int64_t cpu_ns, int64_t took_us, struct load_result *out)
{
    uint64_t expected = 0, got = 0;
    uint32_t *joins = mem_zalloc((size_t)l->n, sizeof *joins);

    bench_must(joins != NULL, "memory");
    for (int i = 0; i < l->n; i++) {
        const struct peer_counters *c = peer_counters(l->people[i].peer);

        got += l->people[i].got;
        expected += l->people[i].sent * (uint64_t)(l->plan->people - 1);
        out->bad += c->rtp_bad_auth + c->rtp_replayed;
        joins[i] = (uint32_t)(l->people[i].live_us - l->people[i].answered_us);
    }
    bench_must(got > 0 && l->delays_n > 0, "packets arrived");
    qsort(joins, (size_t)l->n, sizeof *joins, by_size);
    qsort(l->delays, l->delays_n, sizeof *l->delays, by_size);
    out->packets = got;
    out->cpu_ns_per_packet = (double)cpu_ns / (double)got;
    out->core_percent = (double)cpu_ns / (double)took_us / 10.0;
    out->p50_us = l->delays[l->delays_n / 2];
    out->p99_us = l->delays[l->delays_n * 99 / 100];
    out->lost_percent = expected > got ? 100.0 * (double)(expected - got) / (double)expected : 0;
    out->join_p50_ms = joins[l->n / 2] / 1000.0;
    out->join_p95_ms = joins[l->n * 95 / 100] / 1000.0;
    mem_free(joins);
}

void load_run(const struct load_plan *plan, struct load_result *out)
{
    struct load l = { .plan = plan, .n = plan->stages * plan->people };
    struct epoll_event control = { .events = EPOLLIN, .data.ptr = NULL };
    int64_t cpu, start;
    size_t rss;

    *out = (struct load_result){ 0 };
    l.people = mem_zalloc((size_t)l.n, sizeof *l.people);
    l.delays = mem_zalloc(SAMPLES_MAX, sizeof *l.delays);
    bench_must(l.people && l.delays && dtls_identity_new(&l.identity) == ERR_OK, "set-up");
    server_start(&l.server, 0, plan->people);
    bench_pin(1);
    l.epoll = epoll_create1(0);
    bench_must(l.epoll >= 0 && epoll_ctl(l.epoll, EPOLL_CTL_ADD, l.server.control, &control) == 0,
               "epoll");
    run_until(&l, bench_now_us() + SETTLE_US, false);
    rss = bench_rss(l.server.pid);
    all_join(&l);
    run_until(&l, bench_now_us() + WARM_UP_US, true);
    out->bytes_per_person = (double)(bench_rss(l.server.pid) - rss) / l.n;

    l.measuring = true;
    cpu = bench_cpu_ns(l.server.pid);
    start = bench_now_us();
    run_until(&l, start + (int64_t)(plan->seconds * 1e6), true);
    cpu = bench_cpu_ns(l.server.pid) - cpu;
    start = bench_now_us() - start;
    run_until(&l, bench_now_us() + SETTLE_US,
              false); /* what is still on its way counts as arrived */
    report(&l, cpu, start, out);

    for (int i = 0; i < l.n; i++) {
        peer_free(l.people[i].peer);
        close(l.people[i].fd);
    }
    server_stop(&l.server);
    close(l.epoll);
    dtls_identity_free(l.identity);
    mem_free(l.people);
    mem_free(l.delays);
}
