/* SPDX-License-Identifier: Apache-2.0
 *
 * impair-proxy: a bad line in front of a UDP server, without root. Each client
 * address has a line of its own and a socket of its own towards the server, so
 * that the server sees one address per client; the script's rebind exchanges
 * that socket, as a NAT does that forgot. Knows nothing of what the datagrams
 * carry, except STUN for the rule that drops it. One thread.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/str.h"
#include "tests/net/packet.h"
#include "tests/net/tool.h"

#define CLIENTS_MAX 128
#define BATCH 64         /* datagrams of one socket in a row */
#define HEADERS_BYTES 28 /* IPv4 and UDP, which the rate carries too */
#define SOCKET_BYTES (1024 * 1024)

static const char help[] =
    "usage: impair-proxy --listen HOST:PORT --server HOST:PORT --seconds S [options]\n"
    "\n"
    "Forwards UDP between clients and the server over a bad line; prints counters as JSON when it\n"
    "ends. HOST is a numeric address; PORT 0 of --listen: any free one. The server must tell its\n"
    "clients the proxy's address: settings announce and announce_port.\n"
    "\n" TOOL_HELP "\n";

struct address {
    struct sockaddr_storage ss;
    socklen_t len;
};

struct client {
    struct address address; /* len 0: a free place */
    struct impair *line;    /* owned */
    int fd;                 /* towards the server */
    unsigned rebinds;       /* that fd has followed */
    int64_t heard_us;
};

static struct {
    struct tool tool;
    const char *listen_text, *server_text;
    struct address listen, server;
    int fd;
    struct client clients[CLIENTS_MAX];
    uint64_t born; /* clients so far: each line has chances of its own */
    struct impair_counters gone[IMPAIR_DIRECTIONS]; /* of clients that had to make room */
    uint64_t send_failed, rebound;
} app;

/* "1.2.3.4:5" or "[::1]:5" */
static bool parse_address(const char *text, struct address *out)
{
    struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
                              .ai_socktype = SOCK_DGRAM },
                    *list = NULL;
    const char *colon = strrchr(text, ':');
    bool brackets = *text == '[';
    char host[64];

    if (!colon || (brackets && (colon == text || colon[-1] != ']')) ||
        !str_format(host, sizeof host, "%.*s", (int)(colon - text) - 2 * brackets,
                    text + brackets) ||
        !*host || getaddrinfo(host, colon + 1, &hints, &list) != 0)
        return false;
    memcpy(&out->ss, list->ai_addr, list->ai_addrlen);
    out->len = list->ai_addrlen;
    freeaddrinfo(list);
    return true;
}

static bool same(const struct address *a, const struct address *b)
{
    return a->len == b->len && memcmp(&a->ss, &b->ss, a->len) == 0;
}

static int udp_socket(int family)
{
    int fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), bytes = SOCKET_BYTES;

    if (fd < 0)
        return -1;
    /* Without these a burst would be lost in the tool and not by the script. */
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    return fd;
}

/* A socket towards the server, or -1. Connected: nobody else's datagrams come through. */
static int open_upstream(void)
{
    int fd = udp_socket(app.server.ss.ss_family);

    if (fd >= 0 && connect(fd, (struct sockaddr *)&app.server.ss, app.server.len) != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static bool open_listener(void)
{
    char host[INET6_ADDRSTRLEN] = "", port[8] = "";

    app.fd = udp_socket(app.listen.ss.ss_family);
    if (app.fd < 0 || bind(app.fd, (struct sockaddr *)&app.listen.ss, app.listen.len) != 0 ||
        getsockname(app.fd, (struct sockaddr *)&app.listen.ss, &app.listen.len) != 0 ||
        getnameinfo((struct sockaddr *)&app.listen.ss, app.listen.len, host, sizeof host, port,
                    sizeof port, NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        fprintf(stderr, "impair-proxy: %s: %s\n", app.listen_text, strerror(errno));
        return false;
    }
    fprintf(stderr, "impair-proxy: listening on %s port %s\n", host, port);
    return true;
}

static void close_client(struct client *c)
{
    for (int d = 0; c->line && d < IMPAIR_DIRECTIONS; d++) {
        const struct impair_counters *from = impair_counters(c->line, (enum impair_direction)d);
        uint64_t longest = app.gone[d].queue_max_us;

#define X(name, about) app.gone[d].name += from->name;
        IMPAIR_COUNTERS(X)
#undef X
        app.gone[d].queue_max_us = longest > from->queue_max_us ? longest : from->queue_max_us;
    }
    impair_free(c->line);
    if (c->fd >= 0)
        close(c->fd);
    *c = (struct client){ .fd = -1 };
}

/* The client at this address, known or new; NULL if it cannot be served. */
static struct client *client_of(const struct address *from, int64_t now_us)
{
    struct impair_config config = { .script = &app.tool.script,
                                    .slots = app.tool.slots,
                                    .overhead_bytes = HEADERS_BYTES };
    struct client *c = NULL;
    struct impair_out none;

    for (int i = 0; i < CLIENTS_MAX; i++) {
        struct client *at = &app.clients[i];

        if (at->address.len && same(&at->address, from))
            return at;
        if (!c || at->heard_us < c->heard_us)
            c = at; /* a free one has 0; else the one silent for longest */
    }
    close_client(c);
    config.seed = app.tool.seed + app.born++;
    c->fd = open_upstream();
    if (c->fd < 0 || impair_new(&c->line, &config) != ERR_OK) {
        close_client(c);
        return NULL;
    }
    c->address = *from;
    c->heard_us = now_us;
    tool_begin(&app.tool, c->line);
    impair_poll(c->line, now_us, &none); /* what the script did before this client came */
    c->rebinds = impair_rebinds(c->line);
    return c;
}

static void from_clients(void)
{
    static uint8_t bytes[65536];

    for (int i = 0; i < BATCH; i++) {
        struct address from = { .len = sizeof from.ss };
        ssize_t n =
            recvfrom(app.fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from.ss, &from.len);
        int64_t now = tool_now_us();
        struct client *c;

        if (n < 0)
            return;
        c = client_of(&from, now);
        if (!c) {
            app.send_failed++;
            continue;
        }
        c->heard_us = now;
        impair_input(c->line, now, IMPAIR_UP, packet_kinds_udp(bytes, (size_t)n), bytes, (size_t)n);
    }
}

static void from_server(struct client *c)
{
    static uint8_t bytes[65536];

    for (int i = 0; i < BATCH; i++) {
        ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);

        if (n < 0) /* nothing more, or the server refused an earlier datagram: both are silence */
            return;
        impair_input(c->line, tool_now_us(), IMPAIR_DOWN, packet_kinds_udp(bytes, (size_t)n), bytes,
                     (size_t)n);
    }
}

/* Everything that is due, and another source port if the script wants one. */
static void serve(struct client *c, int64_t now_us)
{
    struct impair_out out;

    while (impair_poll(c->line, now_us, &out)) {
        ssize_t n;

        tool_note_late(&app.tool, now_us, out.due_us);
        if (out.direction == IMPAIR_UP)
            n = send(c->fd, out.bytes, out.len, 0);
        else
            n = sendto(app.fd, out.bytes, out.len, 0, (struct sockaddr *)&c->address.ss,
                       c->address.len);
        app.send_failed += n < 0;
    }
    if (impair_rebinds(c->line) != c->rebinds) {
        int fd = open_upstream();

        if (fd < 0) {
            app.send_failed++; /* tried again at the next turn */
            return;
        }
        close(c->fd);
        c->fd = fd;
        c->rebinds = impair_rebinds(c->line);
        app.rebound++;
    }
}

static void run(void)
{
    struct pollfd fds[CLIENTS_MAX + 2];

    while (!app.tool.ended) {
        int64_t deadline = NEVER_US, now;
        bool begins;

        fds[0] = (struct pollfd){ .fd = app.fd, .events = POLLIN };
        for (int i = 0; i < CLIENTS_MAX; i++) {
            const struct client *c = &app.clients[i];

            fds[1 + i] = (struct pollfd){ .fd = c->fd, .events = POLLIN }; /* -1 is passed over */
            if (c->line)
                deadline = earlier_us(deadline, impair_deadline(c->line));
        }
        begins = tool_wait(&app.tool, fds, CLIENTS_MAX + 2, deadline);
        for (int i = 0; i < CLIENTS_MAX; i++) {
            if (app.clients[i].line && begins)
                tool_begin(&app.tool, app.clients[i].line);
            if (app.clients[i].line && fds[1 + i].revents)
                from_server(&app.clients[i]);
        }
        if (fds[0].revents)
            from_clients();
        now = tool_now_us();
        for (int i = 0; i < CLIENTS_MAX; i++) {
            if (app.clients[i].line)
                serve(&app.clients[i], now);
        }
    }
}

static void report(void)
{
    int inside[IMPAIR_DIRECTIONS] = { 0 };

    for (int i = 0; i < CLIENTS_MAX; i++) {
        for (int d = 0; app.clients[i].line && d < IMPAIR_DIRECTIONS; d++)
            inside[d] += impair_inside(app.clients[i].line, (enum impair_direction)d);
        close_client(&app.clients[i]);
    }
    tool_print_head(stdout, &app.tool);
    printf("\"clients\": %" PRIu64 ", \"rebinds\": %" PRIu64 ", \"send_failed\": %" PRIu64
           ",\n \"up\": ",
           app.born, app.rebound, app.send_failed);
    tool_print_counters(stdout, &app.gone[IMPAIR_UP], inside[IMPAIR_UP]);
    printf(",\n \"down\": ");
    tool_print_counters(stdout, &app.gone[IMPAIR_DOWN], inside[IMPAIR_DOWN]);
    printf("}\n");
}

static bool options(int argc, char **argv)
{
    static const struct option list[] = { TOOL_OPTIONS,
                                          { "listen", required_argument, NULL, 'l' },
                                          { "server", required_argument, NULL, 'u' },
                                          { 0 } };
    int o;

    while ((o = getopt_long(argc, argv, "", list, NULL)) != -1) {
        if (o == 'h') {
            printf("%s%s", help, script_help);
            exit(0);
        }
        if (o == 'l')
            app.listen_text = optarg;
        else if (o == 'u')
            app.server_text = optarg;
        else if (!tool_option(&app.tool, o, optarg))
            return false;
    }
    if (optind != argc || !app.listen_text || !app.server_text || app.tool.seconds <= 0) {
        fprintf(stderr, "impair-proxy: --listen, --server and --seconds are needed; "
                        "see --help\n");
        return false;
    }
    if (!parse_address(app.listen_text, &app.listen) ||
        !parse_address(app.server_text, &app.server)) {
        fprintf(stderr, "impair-proxy: addresses are like 127.0.0.1:5004 or [::1]:5004\n");
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    tool_init(&app.tool, "impair-proxy");
    for (int i = 0; i < CLIENTS_MAX; i++)
        app.clients[i].fd = -1;
    if (!options(argc, argv))
        return 2;
    if (tool_start(&app.tool) != ERR_OK || !open_listener())
        return 1;
    tool_ready(&app.tool);
    run();
    report();
    close(app.fd);
    tool_close(&app.tool);
    return 0;
}
