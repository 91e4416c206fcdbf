/* SPDX-License-Identifier: Apache-2.0
 *
 * The floor of the machine for a relay: no connection, no room, no table, only
 * the system calls and the cipher that a forwarded packet cannot do without.
 * A child process is the relay on core 0; this one sends and empties the
 * receivers' sockets on core 1.
 */
#include "tests/bench/relay/bench.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/udp.h>
#include <openssl/evp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PACKET_MAX 1500
#define BATCH 64
#define MESSAGES 16
#define RECEIVERS_MAX 256
#define TAG 16

struct floor_shared {
    volatile uint64_t forwarded;
};

static int udp_socket(struct sockaddr_in *bound)
{
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size = 4 << 20;
    socklen_t len = sizeof *bound;

    bench_must(fd >= 0, "socket");
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    *bound =
        (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    bench_must(bind(fd, (struct sockaddr *)bound, sizeof *bound) == 0, "bind");
    bench_must(getsockname(fd, (struct sockaddr *)bound, &len) == 0, "getsockname");
    return fd;
}

/* AES-128-GCM with a kept context: what sealing one packet in place costs. */
static void seal(EVP_CIPHER_CTX *c, uint8_t *packet, size_t len, uint64_t n)
{
    uint8_t iv[12] = { 0 };
    int out;

    memcpy(iv, &n, sizeof n);
    bench_must(EVP_EncryptInit_ex2(c, NULL, NULL, iv, NULL) == 1 &&
                   EVP_EncryptUpdate(c, NULL, &out, packet, 12) == 1 &&
                   EVP_EncryptUpdate(c, packet + 12, &out, packet + 12, (int)(len - 12)) == 1 &&
                   EVP_EncryptFinal_ex(c, packet + len, &out) == 1 &&
                   EVP_CIPHER_CTX_ctrl(c, EVP_CTRL_AEAD_GET_TAG, TAG, packet + len) == 1,
               "seal");
}

struct out_batch {
    struct mmsghdr msg[MESSAGES];
    struct iovec iov[MESSAGES];
    char control[MESSAGES][CMSG_SPACE(sizeof(uint16_t))];
    int n;
};

static void flush(int fd, struct out_batch *b)
{
    for (int done = 0; done < b->n;) {
        int sent = sendmmsg(fd, b->msg + done, (unsigned)(b->n - done), 0);

        bench_must(sent > 0, "sendmmsg");
        done += sent;
    }
    b->n = 0;
}

/* One GSO message of n packets, each segment bytes, to one receiver. */
static void queue(int fd, struct out_batch *b, struct sockaddr_in *to, uint8_t *data, size_t len,
                  uint16_t segment)
{
    struct msghdr *h = &b->msg[b->n].msg_hdr;
    struct cmsghdr *c;

    b->iov[b->n] = (struct iovec){ data, len };
    *h = (struct msghdr){ .msg_name = to,
                          .msg_namelen = sizeof *to,
                          .msg_iov = &b->iov[b->n],
                          .msg_iovlen = 1,
                          .msg_control = b->control[b->n],
                          .msg_controllen = sizeof b->control[b->n] };
    c = CMSG_FIRSTHDR(h);
    c->cmsg_level = SOL_UDP;
    c->cmsg_type = UDP_SEGMENT;
    c->cmsg_len = CMSG_LEN(sizeof segment);
    memcpy(CMSG_DATA(c), &segment, sizeof segment);
    if (++b->n == MESSAGES)
        flush(fd, b);
}

static void relay(int fd, struct sockaddr_in *to, int receivers, struct floor_shared *shared)
{
    static uint8_t in[BATCH][PACKET_MAX], out[MESSAGES][BATCH * PACKET_MAX];
    static struct mmsghdr msg[BATCH];
    static struct iovec iov[BATCH];
    static struct out_batch batch;
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    uint64_t n = 0;

    bench_must(c && EVP_EncryptInit_ex2(c, EVP_aes_128_gcm(), (const uint8_t *)"0123456789abcdef",
                                        NULL, NULL) == 1,
               "cipher");
    for (int i = 0; i < BATCH; i++) {
        iov[i] = (struct iovec){ in[i], PACKET_MAX };
        msg[i].msg_hdr.msg_iov = &iov[i];
        msg[i].msg_hdr.msg_iovlen = 1;
    }
    for (;;) {
        int got = recvmmsg(fd, msg, BATCH, MSG_WAITFORONE, NULL);
        size_t len;

        bench_must(got > 0, "recvmmsg");
        len = msg[0].msg_len;
        for (int i = 0; i < got; i++)
            seal(c, in[i], len - TAG, n++); /* stands in for opening: the same work */
        for (int r = 0; r < receivers; r++) {
            uint8_t *at = out[batch.n];

            for (int i = 0; i < got; i++, at += len) {
                memcpy(at, in[i], len - TAG);
                seal(c, at, len - TAG, n++);
            }
            queue(fd, &batch, &to[r], out[batch.n], (size_t)got * len, (uint16_t)len);
        }
        flush(fd, &batch);
        shared->forwarded += (uint64_t)(got * receivers);
    }
}

static void drain(const int *fd, int n)
{
    static uint8_t sink[BATCH][PACKET_MAX];
    static struct mmsghdr msg[BATCH];
    static struct iovec iov[BATCH];

    for (int i = 0; i < BATCH; i++) {
        iov[i] = (struct iovec){ sink[i], PACKET_MAX };
        msg[i].msg_hdr.msg_iov = &iov[i];
        msg[i].msg_hdr.msg_iovlen = 1;
    }
    for (int i = 0; i < n; i++)
        while (recvmmsg(fd[i], msg, BATCH, MSG_DONTWAIT, NULL) == BATCH)
            ;
}

double floor_run(int receivers, int burst, size_t bytes, double seconds)
{
    struct floor_shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sockaddr_in relay_at, at[RECEIVERS_MAX], from;
    uint8_t packet[PACKET_MAX] = { 0x80 };
    int fd[RECEIVERS_MAX], relay_fd, sender;
    int64_t end, cpu;
    uint64_t before;
    pid_t child;
    double ns;

    bench_must(shared != MAP_FAILED && receivers <= RECEIVERS_MAX, "floor set-up");
    relay_fd = udp_socket(&relay_at);
    sender = udp_socket(&from);
    for (int i = 0; i < receivers; i++)
        fd[i] = udp_socket(&at[i]);
    child = fork();
    bench_must(child >= 0, "fork");
    if (child == 0) {
        bench_pin(0);
        relay(relay_fd, at, receivers, shared);
    }
    bench_pin(1);
    usleep(20000);
    before = shared->forwarded;
    cpu = bench_cpu_ns(child);
    end = bench_now_us() + (int64_t)(seconds * 1e6);
    while (bench_now_us() < end) {
        uint64_t want = shared->forwarded + (uint64_t)(burst * receivers);

        for (int i = 0; i < burst; i++)
            bench_must(
                sendto(sender, packet, bytes, 0, (struct sockaddr *)&relay_at, sizeof relay_at) > 0,
                "sendto");
        /* One burst at a time, as a camera's frames come; the receivers are emptied meanwhile. */
        while (shared->forwarded < want && bench_now_us() < end)
            drain(fd, receivers);
        drain(fd, receivers);
    }
    ns = (double)(bench_cpu_ns(child) - cpu) / (double)(shared->forwarded - before);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    close(relay_fd);
    close(sender);
    for (int i = 0; i < receivers; i++)
        close(fd[i]);
    munmap(shared, sizeof *shared);
    return ns;
}
