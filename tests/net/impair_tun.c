/* SPDX-License-Identifier: Apache-2.0
 *
 * impair-tun: a bad line between two network namespaces, for everything that
 * speaks IPv4: browsers, TCP, UDP. It puts a TUN device into each and carries
 * the packets between them through the machine. Needs root. The devices go
 * with the process; namespaces that it has made itself (--make) it removes,
 * whatever ends it but SIGKILL (then: tests/net/netns down). One thread.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/str.h"
#include "tests/net/packet.h"
#include "tests/net/tool.h"

#define BATCH 64
#define MTU_DEFAULT 1500
#define NAME_MAX_CHARS 32
#define DEVICE "parta0" /* in both: each namespace has names of its own */

static const char help[] =
    "usage: impair-tun --client NETNS --server NETNS --seconds S [options]\n"
    "\n"
    "A bad line between two network namespaces: 10.99.0.1 (client) and 10.99.0.2 (server), device\n"
    "parta0, the default route in both. Up is from client to server. Prints \"ready\" on standard\n"
    "error when packets pass, and counters as JSON when it ends. Needs root.\n"
    "\n"
    "  --make           make the two namespaces, and remove them at the end\n"
    "  --mtu N          576 to 2048, default 1500\n"
    "  --net A.B.C      another network than 10.99.0\n" TOOL_HELP "\n";

struct end {
    const char *netns;
    char address[INET_ADDRSTRLEN];
    int tun; /* -1 = none */
    bool made;
};

static struct {
    struct tool tool;
    const char *net;
    int64_t mtu;
    bool make;
    struct end ends[IMPAIR_DIRECTIONS]; /* by the direction that begins there */
    int own_netns;
    struct impair *line;
    uint64_t send_failed;
} app;

static bool failed(const char *what, const char *netns)
{
    fprintf(stderr, "impair-tun: %s %s: %s\n", what, netns, strerror(errno));
    return false;
}

/* Runs ip(8) to its end. */
static bool ip(const char *verb, const char *netns)
{
    extern char **environ;
    const char *argv[] = { "ip", "netns", verb, netns, NULL };
    posix_spawnattr_t attr;
    sigset_t none;
    pid_t pid;
    int status = -1;
    bool good;

    /* The child must not inherit the blocked signals. */
    sigemptyset(&none);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
    good = posix_spawnp(&pid, "ip", NULL, &attr, (char *const *)argv, environ) == 0 &&
           waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
    posix_spawnattr_destroy(&attr);
    return good;
}

static bool enter(const char *netns)
{
    char path[128];
    int fd;
    bool good;

    if (!str_format(path, sizeof path, "/run/netns/%s", netns))
        return false;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    good = fd >= 0 && setns(fd, CLONE_NEWNET) == 0;
    if (fd >= 0)
        close(fd);
    return good;
}

static bool leave(void)
{
    return setns(app.own_netns, CLONE_NEWNET) == 0;
}

/* In the namespace that this thread is in. Without it the system's own neighbour and router
 * messages would be counted as traffic. */
static void no_ipv6(void)
{
    int fd = open("/proc/sys/net/ipv6/conf/default/disable_ipv6", O_WRONLY | O_CLOEXEC);

    if (fd < 0)
        return; /* a kernel without IPv6 */
    if (write(fd, "1", 1) != 1)
        fprintf(stderr, "impair-tun: IPv6 stays on\n");
    close(fd);
}

static bool set_up(int s, const char *device, const char *address)
{
    struct ifreq r = { 0 };
    struct sockaddr_in in = { .sin_family = AF_INET };

    if (!str_copy(r.ifr_name, sizeof r.ifr_name, device))
        return false;
    if (address) {
        if (inet_pton(AF_INET, address, &in.sin_addr) != 1)
            return false;
        memcpy(&r.ifr_addr, &in, sizeof in);
        if (ioctl(s, SIOCSIFADDR, &r) != 0)
            return false;
        in.sin_addr.s_addr = htonl(0xffffff00u);
        memcpy(&r.ifr_netmask, &in, sizeof in);
        if (ioctl(s, SIOCSIFNETMASK, &r) != 0)
            return false;
        r.ifr_mtu = (int)app.mtu;
        if (ioctl(s, SIOCSIFMTU, &r) != 0)
            return false;
    }
    if (ioctl(s, SIOCGIFFLAGS, &r) != 0)
        return false;
    r.ifr_flags = (short)(r.ifr_flags | IFF_UP);
    return ioctl(s, SIOCSIFFLAGS, &r) == 0;
}

/* Browsers take a machine without a default route for offline. */
static bool default_route(int s)
{
    static char device[] = DEVICE;
    struct rtentry route = { .rt_dev = device, .rt_flags = RTF_UP };
    struct sockaddr_in any = { .sin_family = AF_INET };

    memcpy(&route.rt_dst, &any, sizeof any);
    memcpy(&route.rt_genmask, &any, sizeof any);
    return ioctl(s, SIOCADDRT, &route) == 0 || errno == EEXIST;
}

/* The TUN device of the namespace that this thread is in. */
static int open_tun(const char *address)
{
    struct ifreq r = { .ifr_flags = IFF_TUN | IFF_NO_PI };
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    no_ipv6();
    if (fd < 0 || s < 0 || !str_copy(r.ifr_name, sizeof r.ifr_name, DEVICE) ||
        ioctl(fd, TUNSETIFF, &r) != 0 || !set_up(s, "lo", NULL) || !set_up(s, DEVICE, address) ||
        !default_route(s)) {
        if (fd >= 0)
            close(fd);
        fd = -1;
    }
    if (s >= 0)
        close(s);
    return fd;
}

static bool open_end(struct end *e)
{
    bool good;

    if (app.make && !ip("add", e->netns)) {
        fprintf(stderr,
                "impair-tun: no namespace %s could be made; left over? tests/net/netns down\n",
                e->netns);
        return false;
    }
    e->made = app.make;
    if (!enter(e->netns))
        return failed("namespace", e->netns);
    e->tun = open_tun(e->address);
    good = e->tun >= 0 || failed("device in", e->netns);
    return leave() && good;
}

static void close_end(struct end *e)
{
    if (e->tun >= 0)
        close(e->tun);
    e->tun = -1;
    if (e->made && !ip("del", e->netns))
        fprintf(stderr, "impair-tun: namespace %s is still there\n", e->netns);
    e->made = false;
}

static void take(enum impair_direction direction)
{
    static uint8_t bytes[65536];

    for (int i = 0; i < BATCH; i++) {
        ssize_t n = read(app.ends[direction].tun, bytes, sizeof bytes);

        if (n <= 0)
            return;
        impair_input(app.line, tool_now_us(), direction, packet_kinds_ip(bytes, (size_t)n), bytes,
                     (size_t)n);
    }
}

static void run(void)
{
    struct pollfd fds[IMPAIR_DIRECTIONS + 1];
    struct impair_out out;

    while (!app.tool.ended) {
        for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
            fds[d] = (struct pollfd){ .fd = app.ends[d].tun, .events = POLLIN };
        if (tool_wait(&app.tool, fds, IMPAIR_DIRECTIONS + 1, impair_deadline(app.line)))
            tool_begin(&app.tool, app.line);
        for (int d = 0; d < IMPAIR_DIRECTIONS; d++) {
            if (fds[d].revents)
                take((enum impair_direction)d);
        }
        while (impair_poll(app.line, tool_now_us(), &out)) {
            int to = app.ends[out.direction == IMPAIR_UP ? IMPAIR_DOWN : IMPAIR_UP].tun;

            tool_note_late(&app.tool, tool_now_us(), out.due_us);
            app.send_failed += write(to, out.bytes, out.len) != (ssize_t)out.len;
        }
    }
}

static void report(void)
{
    tool_print_head(stdout, &app.tool);
    printf("\"send_failed\": %" PRIu64 ",\n \"up\": ", app.send_failed);
    tool_print_counters(stdout, impair_counters(app.line, IMPAIR_UP),
                        impair_inside(app.line, IMPAIR_UP));
    printf(",\n \"down\": ");
    tool_print_counters(stdout, impair_counters(app.line, IMPAIR_DOWN),
                        impair_inside(app.line, IMPAIR_DOWN));
    printf("}\n");
}

/* Also keeps "../" and options out of what ip(8) is given. */
static bool netns_name_ok(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");

    return n > 0 && n <= NAME_MAX_CHARS && !s[n] && *s != '-';
}

static bool check_options(void)
{
    struct end *client = &app.ends[IMPAIR_UP], *server = &app.ends[IMPAIR_DOWN];
    struct in_addr ignored;

    if (!client->netns || !server->netns || app.tool.seconds <= 0) {
        fprintf(stderr, "impair-tun: --client, --server and --seconds are needed; see --help\n");
        return false;
    }
    if (!netns_name_ok(client->netns) || !netns_name_ok(server->netns) ||
        strcmp(client->netns, server->netns) == 0) {
        fprintf(stderr,
                "impair-tun: two different names of namespaces: letters, digits, - and _, "
                "at most %d\n",
                NAME_MAX_CHARS);
        return false;
    }
    if (!str_format(client->address, sizeof client->address, "%s.1", app.net) ||
        !str_format(server->address, sizeof server->address, "%s.2", app.net) ||
        inet_pton(AF_INET, client->address, &ignored) != 1) {
        fprintf(stderr, "impair-tun: --net must be like 10.99.0\n");
        return false;
    }
    if (app.tool.script.rebinds) {
        fprintf(stderr, "impair-tun: rebind is for impair-proxy: here there is no address to "
                        "exchange\n");
        return false;
    }
    return true;
}

static bool options(int argc, char **argv)
{
    static const struct option list[] = { TOOL_OPTIONS,
                                          { "client", required_argument, NULL, 'c' },
                                          { "server", required_argument, NULL, 'u' },
                                          { "make", no_argument, NULL, 'k' },
                                          { "mtu", required_argument, NULL, 'm' },
                                          { "net", required_argument, NULL, 'a' },
                                          { 0 } };
    int o;

    while ((o = getopt_long(argc, argv, "", list, NULL)) != -1) {
        if (o == 'h') {
            printf("%s%s", help, script_help);
            exit(0);
        }
        if (o == 'c') {
            app.ends[IMPAIR_UP].netns = optarg;
        } else if (o == 'u') {
            app.ends[IMPAIR_DOWN].netns = optarg;
        } else if (o == 'k') {
            app.make = true;
        } else if (o == 'a') {
            app.net = optarg;
        } else if (o == 'm') {
            if (str_to_i64(optarg, 576, IMPAIR_PACKET_MAX, &app.mtu) != ERR_OK) {
                fprintf(stderr, "impair-tun: --mtu must be 576 to %d\n", IMPAIR_PACKET_MAX);
                return false;
            }
        } else if (!tool_option(&app.tool, o, optarg)) {
            return false;
        }
    }
    return optind == argc && check_options();
}

int main(int argc, char **argv)
{
    struct impair_config config = { .script = &app.tool.script };
    int status = 1;

    tool_init(&app.tool, "impair-tun");
    app.net = "10.99.0";
    app.mtu = MTU_DEFAULT;
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
        app.ends[d].tun = -1;
    if (!options(argc, argv))
        return 2;
    config.seed = app.tool.seed;
    config.slots = app.tool.slots;
    app.own_netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    /* Signals first: one that comes while the namespaces are made must not leave them behind. */
    if (app.own_netns >= 0 && tool_start(&app.tool) == ERR_OK &&
        impair_new(&app.line, &config) == ERR_OK && open_end(&app.ends[IMPAIR_UP]) &&
        open_end(&app.ends[IMPAIR_DOWN])) {
        tool_ready(&app.tool);
        tool_begin(&app.tool, app.line);
        fprintf(stderr, "impair-tun: ready\n");
        run();
        report();
        status = 0;
    }
    for (int d = 0; d < IMPAIR_DIRECTIONS; d++)
        close_end(&app.ends[d]);
    impair_free(app.line);
    tool_close(&app.tool);
    return status;
}
