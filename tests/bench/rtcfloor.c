/* SPDX-License-Identifier: Apache-2.0
 *
 * What the secure half of server/rtc costs on this machine, beside what
 * libcrypto alone costs for the same bytes: ns per packet of sealing and
 * opening, us of server CPU per handshake, bytes of heap per live connection.
 * Medians of several runs of this thread's CPU time.
 *
 *     build/release/tests/bench/rtcfloor
 */
#include <malloc.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/base/buf.h"
#include "server/rtc/dtls.h"
#include "server/rtc/hmac_sha1.h"
#include "server/rtc/peer.h"
#include "server/rtc/srtp.h"

#define RUNS 9
#define PACKETS 256 /* fit the second-level cache, as a relay's batch does */
#define ROUNDS 40
#define ROOM 1300
#define HANDSHAKES 100

static void must(int condition, const char *what)
{
    if (condition)
        return;
    fprintf(stderr, "failed: %s\n", what);
    exit(1);
}

static double cpu_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
    return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *runs)
{
    qsort(runs, RUNS, sizeof *runs, by_size);
    return runs[RUNS / 2];
}

static uint8_t packet[PACKETS][ROOM];
static size_t packet_len[PACKETS];

static void make_packets(uint32_t first_seq, size_t len)
{
    for (uint32_t i = 0; i < PACKETS; i++) {
        struct writer w = writer_on(packet[i], ROOM);

        write_u8(&w, 0x80);
        write_u8(&w, 96);
        write_u16(&w, (uint16_t)(first_seq + i));
        write_u32(&w, 1000);
        write_u32(&w, 7);
        packet_len[i] = len;
    }
}

/* ---- libcrypto alone ---- */

static double raw_gcm(size_t len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t key[16] = { 1 }, iv[12] = { 0 }, none[1];
    double runs[RUNS];
    int n;

    must(ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_gcm(), NULL, key, iv) == 1, "init");
    for (int run = 0; run < RUNS; run++) {
        double start = cpu_ns();

        for (int i = 0; i < PACKETS * ROUNDS; i++) {
            uint8_t *p = packet[i % PACKETS];

            iv[11]++;
            EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, iv);
            EVP_EncryptUpdate(ctx, NULL, &n, p, 12);
            EVP_EncryptUpdate(ctx, p + 12, &n, p + 12, (int)len - 12);
            EVP_EncryptFinal_ex(ctx, none, &n);
            EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, 16, p + len);
        }
        runs[run] = (cpu_ns() - start) / (PACKETS * ROUNDS);
    }
    EVP_CIPHER_CTX_free(ctx);
    return median(runs);
}

static double raw_cm(size_t len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t key[16] = { 1 }, iv[16] = { 0 }, tag[20];
    struct hmac_sha1 h;
    double runs[RUNS];
    int n;

    hmac_sha1_init(&h, key, sizeof key);
    must(ctx && EVP_EncryptInit_ex(ctx, EVP_aes_128_ctr(), NULL, key, iv) == 1, "init");
    for (int run = 0; run < RUNS; run++) {
        double start = cpu_ns();

        for (int i = 0; i < PACKETS * ROUNDS; i++) {
            uint8_t *p = packet[i % PACKETS];

            iv[13]++;
            EVP_EncryptInit_ex(ctx, NULL, NULL, NULL, iv);
            EVP_EncryptUpdate(ctx, p + 12, &n, p + 12, (int)len - 12);
            hmac_sha1_tag(&h, p, len, iv, 4, tag);
        }
        runs[run] = (cpu_ns() - start) / (PACKETS * ROUNDS);
    }
    EVP_CIPHER_CTX_free(ctx);
    return median(runs);
}

/* ---- ours ---- */

static void ours(enum srtp_profile profile, size_t len, double *seal_ns, double *open_ns)
{
    static const struct srtp_master master = { .key = "0123456789abcde", .salt = "0123456789abc" };
    struct srtp *seal = NULL, *open = NULL;
    double seals[RUNS], opens[RUNS];
    uint32_t seq = 0;

    must(srtp_new(&seal, profile, &master) == ERR_OK, "seal context");
    must(srtp_new(&open, profile, &master) == ERR_OK, "open context");
    for (int run = 0; run < RUNS; run++) {
        seals[run] = opens[run] = 0;
        for (int round = 0; round < ROUNDS; round++, seq += PACKETS) {
            double start, between;
            int bad = 0;

            make_packets(seq, len);
            start = cpu_ns();
            for (int i = 0; i < PACKETS; i++)
                bad |= srtp_seal_rtp(seal, packet[i], &packet_len[i]) != ERR_OK;
            between = cpu_ns();
            for (int i = 0; i < PACKETS; i++)
                bad |= srtp_open_rtp(open, packet[i], &packet_len[i]) != ERR_OK;
            opens[run] += (cpu_ns() - between) / (PACKETS * ROUNDS);
            seals[run] += (between - start) / (PACKETS * ROUNDS);
            must(!bad, "a packet");
        }
    }
    srtp_free(seal);
    srtp_free(open);
    *seal_ns = median(seals);
    *open_ns = median(opens);
}

/* ---- whole connections ---- */

static const struct addr address[2] = { { .family = 4, .ip = { 10, 0, 0, 1 }, .port = 1 },
                                        { .family = 4, .ip = { 10, 0, 0, 2 }, .port = 2 } };

static double server_ns; /* CPU spent in the server's half */

static void drain(struct peer *const peer[2], struct now now)
{
    bool more = true;

    while (more) {
        more = false;
        for (int i = 0; i < 2; i++) {
            struct peer_out out;
            uint8_t copy[PEER_MTU];
            double start = cpu_ns();

            while (peer_poll(peer[i], &out)) {
                size_t len = out.len;

                if (out.kind != PEER_OUT_DATAGRAM)
                    continue;
                memcpy(copy, out.data, len);
                if (i == 0) {
                    server_ns += cpu_ns() - start;
                    peer_input(peer[1], now, &address[0], copy, &len);
                } else {
                    start = cpu_ns();
                    peer_input(peer[0], now, &address[1], copy, &len);
                    server_ns += cpu_ns() - start;
                }
                start = cpu_ns();
                more = true;
            }
        }
    }
}

/* One connection up to LIVE; the server's peer is handed out, the client's freed. */
static struct peer *connect_one(struct dtls_identity *const identity[2])
{
    struct peer_config c[2] = { { .role = PEER_ANSWERER }, { .role = PEER_OFFERER } };
    struct now now = { .mono_us = 1 };
    struct peer *peer[2] = { NULL, NULL };
    double start;

    for (int i = 0; i < 2; i++) {
        c[i].identity = identity[i];
        must(peer_random_ice(&c[i].local) == ERR_OK, "random");
        memcpy(c[!i].remote_fingerprint, dtls_identity_fingerprint(identity[i]), 32);
    }
    c[0].remote = c[1].local;
    c[1].remote = c[0].local;
    c[1].remote_addr = address[0];
    start = cpu_ns();
    must(peer_new(&peer[0], &c[0], now) == ERR_OK, "peer");
    server_ns += cpu_ns() - start;
    must(peer_new(&peer[1], &c[1], now) == ERR_OK, "peer");
    peer_timeout(peer[1], now);
    drain(peer, now);
    must(peer_state(peer[0]) == PEER_LIVE && peer_state(peer[1]) == PEER_LIVE, "handshake");
    peer_free(peer[1]);
    return peer[0];
}

static void connections(void)
{
    struct dtls_identity *identity[2] = { NULL, NULL };
    static struct peer *live[HANDSHAKES];
    double runs[RUNS];
    size_t before, after;

    for (int i = 0; i < 2; i++)
        must(dtls_identity_new(&identity[i]) == ERR_OK, "identity");
    peer_free(connect_one(identity)); /* what libcrypto loads once */
    for (int run = 0; run < RUNS; run++) {
        server_ns = 0;
        for (int i = 0; i < HANDSHAKES; i++)
            peer_free(connect_one(identity));
        runs[run] = server_ns / HANDSHAKES;
    }
    printf("check and handshake, server's CPU: %.0f us\n", median(runs) / 1000);
    before = mallinfo2().uordblks;
    for (int i = 0; i < HANDSHAKES; i++)
        live[i] = connect_one(identity);
    after = mallinfo2().uordblks;
    printf("heap per live connection: %zu bytes\n", (after - before) / HANDSHAKES);
    for (int i = 0; i < HANDSHAKES; i++)
        peer_free(live[i]);
    for (int i = 0; i < 2; i++)
        dtls_identity_free(identity[i]);
}

int main(void)
{
    static const size_t sizes[] = { 160, 1200 };

    printf("%-24s %8s %8s %8s   ns of CPU per packet\n", "", "bare", "seal", "open");
    for (int profile = 0; profile < 2; profile++) {
        for (size_t i = 0; i < 2; i++) {
            double seal, open, bare;

            make_packets(0, sizes[i]);
            bare = profile ? raw_cm(sizes[i]) : raw_gcm(sizes[i]);
            ours(profile ? SRTP_CM : SRTP_GCM, sizes[i], &seal, &open);
            printf("%-18s %4zu B %8.0f %8.0f %8.0f\n",
                   profile ? "AES-CM, HMAC-SHA1" : "AES-128-GCM", sizes[i], bare, seal, open);
        }
    }
    connections();
    return 0;
}
