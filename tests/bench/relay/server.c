/* SPDX-License-Identifier: Apache-2.0
 *
 * The process under load: the relay loop of server/net as it runs in `parta
 * serve`, on a core of its own. Orders and answers travel through a socket
 * pair while people join; under load only the relay's thread runs.
 */
#include "tests/bench/relay/bench.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/net/relay.h"
#include "server/rtc/dtls.h"
#include "server/sys/mailbox.h"

#define EVENT_KIND 1
#define REPORT_KIND 2
#define WAIT_US 1000000

struct inside {
    struct mailbox box;
    int control;
};

/* Tells the bench what the relay answered. */
static void *tell(void *arg)
{
    struct inside *in = arg;

    for (;;) {
        struct mail *m = mailbox_wait(&in->box, WAIT_US), *next;

        for (; m; m = next) {
            struct relay_event *ev = (struct relay_event *)(void *)m;
            struct notice n = { .leg = ev->event.leg.v, .kind = ev->event.kind };
            struct iovec iov[2] = { { &n, sizeof n },
                                    { ev->sdp, ev->sdp ? ev->event.sdp_len : 0 } };
            struct msghdr h = { .msg_iov = iov, .msg_iovlen = 2 };

            next = m->next;
            if (ev->kind != EVENT_KIND) {
                free(m);
                continue;
            }
            if (ev->event.kind == MEDIA_ANSWER || ev->event.kind == MEDIA_REFUSED ||
                ev->event.kind == MEDIA_DEAD)
                bench_must(sendmsg(in->control, &h, 0) > 0, "tell");
            relay_event_free(ev);
        }
    }
    return NULL;
}

static void serve(int control, int legs_max)
{
    static struct inside in;
    struct relay_config config = { .listen_address = "127.0.0.1",
                                   .announce = { .family = 4, .ip = { 127, 0, 0, 1 } },
                                   .to_net = &in.box,
                                   .event_kind = EVENT_KIND,
                                   .report_kind = REPORT_KIND,
                                   .legs_max = legs_max };
    char room[sizeof(struct order) + BENCH_OFFER_MAX];
    struct relay *relay;
    pthread_t teller;
    int port;

    in.control = control;
    bench_must(mailbox_init(&in.box, NULL, NULL) == ERR_OK, "mailbox");
    bench_must(dtls_identity_new(&config.identity) == ERR_OK, "identity");
    bench_must(relay_open(&relay, &config) == ERR_OK && relay_start(relay) == ERR_OK, "relay");
    bench_must(pthread_create(&teller, NULL, tell, &in) == 0, "thread");
    port = relay_port(relay);
    bench_must(send(control, &port, sizeof port, 0) == sizeof port, "port");
    for (;;) {
        ssize_t n = recv(control, room, sizeof room, 0);
        struct order order;

        if (n <= 0)
            _exit(0);
        memcpy(&order, room, sizeof order);
        order.command.offer = room + sizeof order;
        bench_must(relay_command(relay, (struct stage_key){ .v = order.stage }, &order.command),
                   "order");
    }
}

void server_start(struct server *s, int core, int legs_max)
{
    int pair[2];

    bench_must(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) == 0, "socketpair");
    s->pid = fork();
    bench_must(s->pid >= 0, "fork");
    if (s->pid == 0) {
        close(pair[0]);
        bench_pin(core);
        serve(pair[1], legs_max);
    }
    close(pair[1]);
    s->control = pair[0];
    bench_must(recv(s->control, &s->port, sizeof s->port, 0) == sizeof s->port, "server start");
}

void server_order(const struct server *s, uint64_t stage, const struct media_command *command)
{
    struct order order = { .stage = stage, .command = *command };
    struct iovec iov[2] = { { &order, sizeof order },
                            { (void *)(uintptr_t)command->offer, command->offer_len } };
    struct msghdr h = { .msg_iov = iov, .msg_iovlen = 2 };

    bench_must(command->offer_len <= BENCH_OFFER_MAX, "offer length");
    bench_must(sendmsg(s->control, &h, 0) > 0, "order");
}

void server_stop(struct server *s)
{
    close(s->control);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
}
