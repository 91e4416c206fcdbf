/* SPDX-License-Identifier: Apache-2.0
 *
 * recvmmsg and sendmmsg. Used by one relay thread.
 */
#include "server/net/udp.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/base/log.h"
#include "common/base/mem.h"
#include "server/net/sockaddr.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* linux/udp.h */
#endif

#define QUEUE_MAX 256
#define SOCKET_BYTES (4 * 1024 * 1024) /* a burst of a full house at 30 frames a second */
#define FULL_WAIT_MS 2                 /* media older than this is better dropped than waited for */

union gso_control {
    struct cmsghdr align;
    uint8_t bytes[CMSG_SPACE(sizeof(uint16_t))];
};

struct udp {
    int fd, family, port;
    bool gso;
    struct udp_counters counters;

    uint8_t *in_bytes; /* owned: UDP_BATCH * UDP_DATAGRAM_MAX */
    struct mmsghdr in[UDP_BATCH];
    struct iovec in_vec[UDP_BATCH];
    struct sockaddr_storage in_from[UDP_BATCH];

    size_t out_n;
    struct mmsghdr out[QUEUE_MAX];
    struct iovec out_vec[QUEUE_MAX];
    struct sockaddr_storage out_to[QUEUE_MAX];
    union gso_control out_gso[QUEUE_MAX];
    size_t out_segment[QUEUE_MAX];
};

/* As large as the administrator allows; more than that only with privileges. */
static void enlarge(int fd)
{
    int bytes = SOCKET_BYTES;

    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
    if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes) != 0)
        (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
}

static enum err bind_to(struct udp *u, const char *address, int port)
{
    struct addr a = { .family = 4 };
    struct sockaddr_storage ss = { 0 };
    socklen_t len;
    int off = 0;

    if (*address && !addr_parse(address, &a))
        return ERR_INVAL;
    if (!*address && machine_has_ipv6())
        a.family = 6;
    a.port = (uint16_t)port;
    u->family = a.family == 6 ? AF_INET6 : AF_INET;
    u->fd = socket(u->family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (u->fd < 0)
        return ERR_IO;
    if (u->family == AF_INET6 &&
        setsockopt(u->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off) != 0)
        return ERR_IO;
    len = addr_to_sockaddr(&a, u->family, &ss);
    if (bind(u->fd, (struct sockaddr *)&ss, len) != 0)
        return ERR_IO;
    len = sizeof ss;
    if (getsockname(u->fd, (struct sockaddr *)&ss, &len) != 0 || !addr_from_sockaddr(&ss, &a))
        return ERR_IO;
    u->port = a.port;
    return ERR_OK;
}

static void prepare_input(struct udp *u)
{
    for (size_t i = 0; i < UDP_BATCH; i++) {
        u->in_vec[i] = (struct iovec){ .iov_base = u->in_bytes + i * UDP_DATAGRAM_MAX,
                                       .iov_len = UDP_DATAGRAM_MAX };
        u->in[i].msg_hdr = (struct msghdr){ .msg_name = &u->in_from[i],
                                            .msg_namelen = sizeof u->in_from[i],
                                            .msg_iov = &u->in_vec[i],
                                            .msg_iovlen = 1 };
    }
}

enum err udp_open(struct udp **out, const char *listen_address, int port)
{
    struct udp *u = mem_zalloc(1, sizeof *u);
    int zero = 0;
    enum err e;

    if (!u)
        return ERR_NOMEM;
    u->fd = -1;
    u->in_bytes = mem_zalloc(UDP_BATCH, UDP_DATAGRAM_MAX);
    e = u->in_bytes ? bind_to(u, listen_address, port) : ERR_NOMEM;
    if (e) {
        log_error("udp.open", "address=%s port=%d error=%s",
                  *listen_address ? listen_address : "any", port,
                  e == ERR_IO ? strerror(errno) : err_name(e));
        udp_close(u);
        return e;
    }
    enlarge(u->fd);
    /* Zero turns grouping off for the socket; that it is understood at all is the answer. */
    u->gso = setsockopt(u->fd, IPPROTO_UDP, UDP_SEGMENT, &zero, sizeof zero) == 0;
    prepare_input(u);
    *out = u;
    return ERR_OK;
}

void udp_close(struct udp *u)
{
    if (!u)
        return;
    if (u->fd >= 0)
        close(u->fd);
    mem_free(u->in_bytes);
    mem_free(u);
}

int udp_fd(const struct udp *u)
{
    return u->fd;
}

int udp_port(const struct udp *u)
{
    return u->port;
}

bool udp_gso(const struct udp *u)
{
    return u->gso;
}

const struct udp_counters *udp_counters(const struct udp *u)
{
    return &u->counters;
}

size_t udp_receive(struct udp *u, struct udp_datagram out[UDP_BATCH])
{
    int got = recvmmsg(u->fd, u->in, UDP_BATCH, MSG_DONTWAIT, NULL);
    size_t n = 0;

    u->counters.receives++;
    for (int i = 0; i < got; i++) {
        struct udp_datagram *d = &out[n];

        u->counters.packets_in++;
        u->counters.bytes_in += u->in[i].msg_len;
        d->data = u->in_vec[i].iov_base;
        d->len = u->in[i].msg_len;
        if (addr_from_sockaddr(&u->in_from[i], &d->from) &&
            !(u->in[i].msg_hdr.msg_flags & MSG_TRUNC) && d->from.port != 0)
            n++;
        u->in[i].msg_hdr.msg_namelen = sizeof u->in_from[i];
    }
    return n;
}

static uint64_t datagrams_of(const struct udp *u, size_t i)
{
    return (u->out_vec[i].iov_len + u->out_segment[i] - 1) / u->out_segment[i];
}

/* Datagram by datagram, where the kernel would not group. True if the first one went out. */
static bool send_split(struct udp *u, size_t i)
{
    const struct msghdr *h = &u->out[i].msg_hdr;
    const uint8_t *at = u->out_vec[i].iov_base;
    size_t left = u->out_vec[i].iov_len;
    bool first_sent = false;

    for (bool first = true; left > 0; first = false) {
        size_t len = left < u->out_segment[i] ? left : u->out_segment[i];
        bool sent = sendto(u->fd, at, len, MSG_DONTWAIT, h->msg_name, h->msg_namelen) >= 0;

        u->counters.sends++;
        u->counters.packets_out += sent;
        u->counters.bytes_out += sent ? len : 0;
        u->counters.failed += !sent;
        first_sent |= first && sent;
        at += len;
        left -= len;
    }
    return first_sent;
}

/* The message at i was refused by the kernel with error. */
static void send_refused(struct udp *u, size_t i, int error)
{
    bool grouped = u->out[i].msg_hdr.msg_control != NULL;

    if (grouped && (error == EINVAL || error == EIO || error == EOPNOTSUPP || error == EMSGSIZE)) {
        /* A device without checksum offload, a small MTU: only if the same bytes go out singly was
         * it the grouping. */
        if (send_split(u, i) && u->gso && error != EMSGSIZE) {
            u->gso = false;
            log_warn("udp.gso", "error=%s: sending datagrams one by one from now on",
                     strerror(error));
        }
        return;
    }
    u->counters.failed += datagrams_of(u, i);
}

static bool wait_writable(const struct udp *u)
{
    struct pollfd p = { .fd = u->fd, .events = POLLOUT };

    return poll(&p, 1, FULL_WAIT_MS) > 0;
}

void udp_flush(struct udp *u)
{
    bool waited = false;
    size_t at = 0;

    while (at < u->out_n) {
        int sent = sendmmsg(u->fd, u->out + at, (unsigned)(u->out_n - at), MSG_DONTWAIT);

        u->counters.sends++;
        if (sent > 0) {
            for (int i = 0; i < sent; i++, at++) {
                u->counters.packets_out += datagrams_of(u, at);
                u->counters.bytes_out += u->out_vec[at].iov_len;
            }
        } else if (errno == EINTR) {
            continue;
        } else if (errno == EAGAIN || errno == ENOBUFS) {
            if (!waited && wait_writable(u)) {
                waited = true;
                continue;
            }
            for (; at < u->out_n; at++)
                u->counters.full += datagrams_of(u, at);
        } else {
            send_refused(u, at, errno);
            at++;
        }
    }
    u->out_n = 0;
}

static void attach_segment(struct udp *u, size_t i, size_t segment)
{
    struct msghdr *h = &u->out[i].msg_hdr;
    uint16_t value = (uint16_t)segment;
    struct cmsghdr *c;

    h->msg_control = u->out_gso[i].bytes;
    h->msg_controllen = sizeof u->out_gso[i].bytes;
    c = CMSG_FIRSTHDR(h);
    c->cmsg_level = IPPROTO_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof value);
    memcpy(CMSG_DATA(c), &value, sizeof value);
}

static void queue_one(struct udp *u, const struct addr *to, const uint8_t *data, size_t len,
                      size_t segment)
{
    size_t i;
    socklen_t to_len;

    if (u->out_n == QUEUE_MAX)
        udp_flush(u);
    i = u->out_n;
    to_len = addr_to_sockaddr(to, u->family, &u->out_to[i]);
    u->out_segment[i] = segment;
    if (to_len == 0) {
        u->counters.failed++;
        return;
    }
    /* sendmmsg only reads; iovec lacks a const */
    u->out_vec[i] = (struct iovec){ .iov_base = (void *)(uintptr_t)data, .iov_len = len };
    u->out[i].msg_hdr = (struct msghdr){
        .msg_name = &u->out_to[i], .msg_namelen = to_len, .msg_iov = &u->out_vec[i], .msg_iovlen = 1
    };
    if (len > segment)
        attach_segment(u, i, segment);
    u->out_n++;
}

void udp_queue(struct udp *u, const struct addr *to, const uint8_t *data, size_t len,
               size_t segment)
{
    size_t piece;

    if (len == 0 || segment == 0)
        return;
    piece = u->gso ? len : segment;
    for (size_t at = 0; at < len; at += piece)
        queue_one(u, to, data + at, len - at < piece ? len - at : piece, segment);
}
