/* SPDX-License-Identifier: Apache-2.0
 *
 * The group bench: 100 people in one stage on one core, all with an open
 * microphone, the host speaking all the time and one of the others after the
 * next for a second. Real DTLS-SRTP connections, a socket each, all on core 1.
 * Printed beside the floor of the same machine: how long until a new voice is
 * heard by the others, what of it is lost, memory and CPU.
 *
 *   group_bench [SECONDS]     seconds of each measurement, default 15
 */
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
#include "tests/bench/relay/bench.h"

#define PEOPLE 100
#define AUDIO_PT 111
#define VIDEO_PT 96
#define AUDIO_BYTES 80
#define LEVEL_EXT 1
#define LEVEL_LOUD 25
#define LEVEL_SILENT 127
#define VOICE_US 20000    /* between two packets of a voice */
#define DTX_US 400000     /* between two of silence (Opus DTX) */
#define TURN_US 1500000   /* a new speaker so often ... */
#define SPEAKS_US 1000000 /* ... for so long */
#define JOIN_US 20000
#define WARM_UP_US 2000000
#define SETTLE_US 300000
#define DELAYS_MAX (1u << 20)
#define BATCH 32
#define TAIL 14 /* at the end of a payload: u16 member, u32 number, i64 time */

struct plan {
    const char *name;
    int cameras; /* people who send pictures, from the host on */
    int picture_us, packets, bytes;
    bool dtx; /* who is silent sends little */
};

struct flow {
    uint32_t ssrc, ts;
    uint16_t seq, picture;
};

struct heard { /* of the speaker of this turn, at one listener */
    uint32_t first, last, n;
};

struct person {
    int fd, index;
    struct peer *peer;
    struct peer_ice ice;
    struct flow audio, video;
    uint8_t level_ext;
    uint32_t number; /* of its next packet of voice */
    int64_t next_audio_us, next_video_us, live_us;
    struct heard heard;
};

static struct {
    const struct plan *plan;
    struct server server;
    struct dtls_identity *identity;
    struct person people[PEOPLE];
    int live, epoll;
    bool measuring, sending;
    /* the turn */
    int speaker; /* index, -1 = nobody */
    int64_t turn_us, began_us;
    uint32_t first, end; /* numbers of the loud packets */
    /* what was measured */
    uint32_t *switches; /* us, one per listener and turn */
    size_t switches_n;
    uint64_t turns, expected, lost, clipped, got, missed;
} b;

static struct now now_is(void)
{
    return (struct now){ .mono_us = bench_now_us(), .unix_ms = (int64_t)time(NULL) * 1000 };
}

static void to_server(const struct person *p, const void *data, size_t len)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((uint16_t)b.server.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    if (sendto(p->fd, data, len, 0, (struct sockaddr *)&at, sizeof at) < 0)
        bench_must(errno == EAGAIN || errno == ENOBUFS, "sendto");
}

static void pump(struct person *p)
{
    struct peer_out out;

    while (peer_poll(p->peer, &out)) {
        if (out.kind == PEER_OUT_DATAGRAM)
            to_server(p, out.data, out.len);
        else if (out.event == PEER_EVENT_LIVE)
            b.live++;
        else
            bench_must(out.event != PEER_EVENT_DEAD, "a connection died");
    }
}

/* ---- joining ---- */

static void line(struct sdp_session *s, enum sdp_kind kind, uint32_t ssrc)
{
    struct sdp_media *m = &s->media[s->media_n];

    *m = (struct sdp_media){ .kind = kind,
                             .direction = ssrc ? SDP_SENDONLY : SDP_RECVONLY,
                             .pt = kind == SDP_AUDIO ? AUDIO_PT : VIDEO_PT,
                             .pli = kind == SDP_VIDEO,
                             .rsize = true,
                             .ssrc = ssrc };
    if (ssrc && kind == SDP_AUDIO)
        m->ext[SDP_EXT_AUDIO_LEVEL] = LEVEL_EXT;
    bench_must(str_format(m->mid, sizeof m->mid, "%d", s->media_n), "mid");
    if (ssrc)
        bench_must(str_copy(m->cname, sizeof m->cname, "bench"), "cname");
    s->media_n++;
}

static void offer(struct person *p)
{
    bool camera = p->index < b.plan->cameras;
    struct media_command open = { .kind = MEDIA_LEG_OPEN,
                                  .leg = { (uint64_t)p->index + 1 },
                                  .member = (uint16_t)(p->index + 1),
                                  .plan = { .audio = 3, .video = 9, .screen = 1 },
                                  .group = true,
                                  .host = p->index == 0,
                                  .gate = { .mic = true, .camera = camera, .receive = true } };
    struct sdp_session s = { .setup = SDP_SETUP_ACTPASS, .ice = p->ice };
    struct strbuf text;
    char *sdp;

    memcpy(s.fingerprint, dtls_identity_fingerprint(b.identity), sizeof s.fingerprint);
    line(&s, SDP_AUDIO, p->audio.ssrc);
    line(&s, SDP_VIDEO, p->video.ssrc);
    line(&s, SDP_VIDEO, p->video.ssrc + 1);
    for (int i = 0; i < 3; i++)
        line(&s, SDP_AUDIO, 0);
    for (int i = 0; i < 10; i++)
        line(&s, SDP_VIDEO, 0);
    strbuf_init(&text);
    sdp_write(&s, &text);
    open.offer_len = text.len;
    bench_must(strbuf_take(&text, &sdp) == ERR_OK, "offer");
    open.offer = sdp;
    server_order(&b.server, 1, &open);
    mem_free(sdp);
}

static void answered(struct person *p, const char *sdp, size_t len)
{
    struct peer_config config = { .role = PEER_OFFERER, .identity = b.identity, .local = p->ice };
    struct sdp_session s;
    const char *why = "";

    bench_must(sdp_parse(sdp, len, &s, &why) == ERR_OK, why);
    config.remote = s.ice;
    memcpy(config.remote_fingerprint, s.fingerprint, sizeof s.fingerprint);
    config.remote_addr = s.candidate;
    p->level_ext = (uint8_t)s.media[0].ext[SDP_EXT_AUDIO_LEVEL];
    bench_must(p->level_ext != 0, "the level was negotiated");
    bench_must(peer_new(&p->peer, &config, now_is()) == ERR_OK, "peer");
    pump(p);
}

static void hear_server(void)
{
    char room[sizeof(struct notice) + BENCH_OFFER_MAX];
    ssize_t n;

    while ((n = recv(b.server.control, room, sizeof room, MSG_DONTWAIT)) > 0) {
        struct notice notice;

        memcpy(&notice, room, sizeof notice);
        bench_must(notice.kind == MEDIA_ANSWER, "the server refused or dropped a connection");
        answered(&b.people[notice.leg - 1], room + sizeof notice, (size_t)n - sizeof notice);
    }
}

/* ---- media ---- */

static void voice_came(struct person *p, int from, uint32_t number, int64_t now_us)
{
    if (!b.measuring || from != b.speaker || number < b.first || number >= b.end)
        return;
    if (p->heard.n++ == 0) {
        p->heard.first = number;
        if (b.switches_n < DELAYS_MAX)
            b.switches[b.switches_n++] = (uint32_t)(now_us - b.began_us);
    }
    p->heard.last = number;
}

static void receive(struct person *p)
{
    static uint8_t in[BATCH][PEER_MTU + PEER_SEAL_ROOM];
    static struct mmsghdr msg[BATCH];
    static struct iovec iov[BATCH];
    struct addr from = { .family = 4, .ip = { 127, 0, 0, 1 }, .port = (uint16_t)b.server.port };
    int got;

    for (int i = 0; i < BATCH; i++) {
        iov[i] = (struct iovec){ in[i], PEER_MTU };
        msg[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
    }
    got = recvmmsg(p->fd, msg, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        struct now now = now_is();
        size_t len = msg[i].msg_len;
        struct rtp rtp;
        uint16_t member;
        uint32_t number;

        if (!p->peer)
            continue;
        if (peer_input(p->peer, now, &from, in[i], &len) != PEER_GOT_RTP ||
            rtp_parse(in[i], len, &rtp) != ERR_OK || rtp.payload_len < TAIL) {
            pump(p);
            continue;
        }
        b.got += b.measuring;
        if (rtp.pt != AUDIO_PT)
            continue;
        memcpy(&member, rtp.payload + rtp.payload_len - TAIL, 2);
        memcpy(&number, rtp.payload + rtp.payload_len - TAIL + 2, 4);
        voice_came(p, member - 1, number, now.mono_us);
    }
}

static void send_one(struct person *p, struct flow *f, bool video, bool first, bool last,
                     uint8_t level)
{
    uint8_t packet[PEER_MTU + PEER_SEAL_ROOM] = { 0 };
    struct writer w = writer_on(packet, PEER_MTU);
    struct rtp h = { .marker = last,
                     .pt = video ? VIDEO_PT : AUDIO_PT,
                     .seq = f->seq++,
                     .ts = f->ts,
                     .ssrc = f->ssrc };
    uint8_t loud = level | 0x80;
    struct rtp_ext ext = { .id = p->level_ext, .len = 1, .data = &loud };
    size_t payload = video ? (size_t)b.plan->bytes : AUDIO_BYTES, len;
    uint16_t member = (uint16_t)(p->index + 1);
    int64_t now_us = bench_now_us();
    uint8_t *at;

    rtp_write(&w, &h, &ext, video ? 0 : 1);
    at = write_room(&w, payload);
    bench_must(at != NULL, "packet");
    if (video) { /* RFC 7741: X and start bit, a 15-bit picture id, then a key frame's header */
        at[0] = first ? 0x90 : 0x80;
        at[1] = 0x80;
        at[2] = (uint8_t)(0x80 | (f->picture >> 8 & 0x7f));
        at[3] = (uint8_t)f->picture;
    } else {
        at[0] = 0x78; /* an Opus TOC byte: 20 ms, CELT */
    }
    memcpy(at + payload - TAIL, &member, 2);
    memcpy(at + payload - TAIL + 2, &p->number, 4);
    memcpy(at + payload - 8, &now_us, 8);
    p->number += !video;
    len = writer_len(&w);
    bench_must(peer_seal_rtp(p->peer, packet, &len) == ERR_OK, "seal");
    to_server(p, packet, len);
}

static bool speaks(const struct person *p, int64_t now_us)
{
    return p->index == 0 || (p->index == b.speaker && now_us - b.turn_us < SPEAKS_US);
}

static void send_due(struct person *p, int64_t now_us)
{
    if (now_us >= p->next_audio_us) {
        bool loud = speaks(p, now_us);

        p->next_audio_us += loud || !b.plan->dtx ? VOICE_US : DTX_US;
        p->audio.ts += 960;
        if (loud && p->index == b.speaker) {
            if (!b.began_us) {
                b.began_us = bench_now_us();
                b.first = p->number;
            }
            b.end = p->number + 1;
        }
        send_one(p, &p->audio, false, true, false, loud ? LEVEL_LOUD : LEVEL_SILENT);
    }
    if (p->index < b.plan->cameras && now_us >= p->next_video_us) {
        p->next_video_us += b.plan->picture_us;
        p->video.ts += (uint32_t)(b.plan->picture_us * 9 / 100);
        p->video.picture = (p->video.picture + 1) & 0x7fff;
        for (int i = 0; i < b.plan->packets; i++)
            send_one(p, &p->video, true, i == 0, i == b.plan->packets - 1, 0);
    }
}

/* ---- turns ---- */

static void count_turn(void)
{
    if (!b.measuring || b.speaker < 0 || !b.began_us)
        return;
    b.turns++;
    for (int i = 0; i < PEOPLE; i++) {
        const struct heard *h = &b.people[i].heard;

        if (i == b.speaker)
            continue;
        if (h->n == 0) {
            b.missed++;
            continue;
        }
        b.clipped += h->first - b.first;
        b.expected += b.end - h->first;
        b.lost += (b.end - h->first) - h->n;
    }
}

static void next_turn(int64_t now_us)
{
    static int k;

    count_turn();
    b.speaker = 1 + (k++ * 37) % (PEOPLE - 1);
    b.turn_us = now_us;
    b.began_us = 0;
    b.first = UINT32_MAX;
    b.people[b.speaker].next_audio_us = now_us; /* a word breaks the silence at once */
    for (int i = 0; i < PEOPLE; i++)
        b.people[i].heard = (struct heard){ 0 };
}

static void turn(void)
{
    struct epoll_event ready[64];
    int n = epoll_wait(b.epoll, ready, 64, 0);
    int64_t now_us;

    for (int i = 0; i < n; i++) {
        if (ready[i].data.ptr)
            receive(ready[i].data.ptr);
        else
            hear_server();
    }
    now_us = bench_now_us();
    if (b.sending && now_us - b.turn_us >= TURN_US)
        next_turn(now_us);
    for (int i = 0; i < PEOPLE; i++) {
        struct person *p = &b.people[i];

        if (!p->peer)
            continue;
        if (peer_deadline(p->peer) <= now_us) {
            peer_timeout(p->peer, now_is());
            pump(p);
        }
        if (b.sending)
            send_due(p, now_us);
    }
}

static void run_until(int64_t end_us)
{
    while (bench_now_us() < end_us)
        turn();
}

static void enter(int i)
{
    struct person *p = &b.people[i];
    struct epoll_event e = { .events = EPOLLIN, .data.ptr = p };
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int size = 1 << 20;

    *p = (struct person){ .index = i };
    p->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    bench_must(p->fd >= 0 && bind(p->fd, (struct sockaddr *)&any, sizeof any) == 0, "socket");
    setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    bench_must(epoll_ctl(b.epoll, EPOLL_CTL_ADD, p->fd, &e) == 0, "epoll");
    bench_must(peer_random_ice(&p->ice) == ERR_OK, "ice");
    p->audio.ssrc = 0x10000u + (uint32_t)i * 16;
    p->video.ssrc = p->audio.ssrc + 4;
    offer(p);
}

static void all_join(void)
{
    int64_t start = bench_now_us();

    for (int i = 0; i < PEOPLE; i++) {
        enter(i);
        run_until(start + (int64_t)(i + 1) * JOIN_US);
    }
    while (b.live < PEOPLE) {
        bench_must(bench_now_us() < start + 30 * US_PER_S, "everyone live within 30 s");
        turn();
    }
    start = bench_now_us();
    for (int i = 0; i < PEOPLE; i++) {
        b.people[i].next_audio_us = start + i * (int64_t)VOICE_US / PEOPLE;
        b.people[i].next_video_us = start + i * (int64_t)b.plan->picture_us / PEOPLE;
    }
}

/* ---- the table ---- */

static int by_size(const void *x, const void *y)
{
    uint32_t p = *(const uint32_t *)x, q = *(const uint32_t *)y;

    return p < q ? -1 : p > q;
}

static double ms_at(double share)
{
    size_t at = (size_t)(share * (double)(b.switches_n - 1));

    return b.switches[at] / 1000.0;
}

static void print_row(double cpu_ns, double took_us, double bytes)
{
    bench_must(b.switches_n > 0 && b.expected > 0, "voices were heard");
    qsort(b.switches, b.switches_n, sizeof *b.switches, by_size);
    printf("%-26s %6.1f %6.1f %6.1f %7llu %6llu/%-8llu %5.0f ms %5.1f %% %6.2f %7.0f kB %7.3f %%\n",
           b.plan->name, ms_at(0.5), ms_at(0.95), ms_at(1), (unsigned long long)b.missed,
           (unsigned long long)b.lost, (unsigned long long)b.expected,
           (double)b.clipped * 20 / (double)b.switches_n, cpu_ns / took_us / 10.0,
           cpu_ns / 1000 / (double)b.got, bytes / 1000, cpu_ns / took_us / 10.0 / PEOPLE);
    fflush(stdout);
}

static void row(const struct plan *plan, double seconds)
{
    struct epoll_event control = { .events = EPOLLIN, .data.ptr = NULL };
    int64_t cpu, start;
    double bytes;
    size_t rss;

    memset(&b, 0, sizeof b);
    b.plan = plan;
    b.speaker = -1;
    b.switches = mem_zalloc(DELAYS_MAX, sizeof *b.switches);
    bench_must(b.switches && dtls_identity_new(&b.identity) == ERR_OK, "set-up");
    server_start(&b.server, 0, 0);
    bench_pin(1);
    b.epoll = epoll_create1(0);
    bench_must(b.epoll >= 0 && epoll_ctl(b.epoll, EPOLL_CTL_ADD, b.server.control, &control) == 0,
               "epoll");
    run_until(bench_now_us() + SETTLE_US);
    rss = bench_rss(b.server.pid);
    all_join();
    b.sending = true;
    run_until(bench_now_us() + WARM_UP_US);
    bytes = (double)(bench_rss(b.server.pid) - rss) / PEOPLE;
    next_turn(bench_now_us());
    b.measuring = true;
    cpu = bench_cpu_ns(b.server.pid);
    start = bench_now_us();
    run_until(start + (int64_t)(seconds * 1e6));
    cpu = bench_cpu_ns(b.server.pid) - cpu;
    start = bench_now_us() - start;
    print_row((double)cpu, (double)start, bytes);
    for (int i = 0; i < PEOPLE; i++) {
        peer_free(b.people[i].peer);
        close(b.people[i].fd);
    }
    server_stop(&b.server);
    close(b.epoll);
    dtls_identity_free(b.identity);
    mem_free(b.switches);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 15;
    static const struct plan plans[] = {
        { "voices, silence by DTX", 0, 40000, 3, 1000, true },
        { "voices, no DTX", 0, 40000, 3, 1000, false },
        { "voices, host's picture", 1, 40000, 3, 1000, true },
        { "voices, 9 small pictures", 9, 66667, 1, 1000, true },
    };

    bench_must(sysconf(_SC_NPROCESSORS_ONLN) >= 2 && seconds > 0, "two cores and a duration");
    printf("floor of this machine (recvmmsg, AES-128-GCM, GSO; no server): 1 to 99 in single "
           "packets of a voice: %.2f us a packet; in bursts of 3 of a picture: %.2f us\n\n",
           floor_run(99, 1, 12 + 8 + AUDIO_BYTES + 16, 2) / 1000, floor_run(99, 3, 1036, 2) / 1000);
    printf("100 people in one stage       new voice heard after, ms  never    lost of\n");
    printf("%-26s %6s %6s %6s %7s %15s %8s %7s %6s %10s %9s\n", "", "p50", "p95", "max", "heard",
           "packets", "clipped", "core", "us/pkt", "a person", "a person");
    for (size_t i = 0; i < sizeof plans / sizeof plans[0]; i++)
        row(&plans[i], seconds);
    return 0;
}
