/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of the relay bench: the floor of the machine, the server process under
 * load, and the load itself.
 */
#ifndef PARTA_BENCH_RELAY_H
#define PARTA_BENCH_RELAY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "server/media/message.h"

#define BENCH_OFFER_MAX (16 * 1024)

/* Monotonic time, microseconds. */
int64_t bench_now_us(void);

/* Ends the bench with a message if ok is false: a bench that goes on after a fault measures
 * nothing. */
void bench_must(int ok, const char *what);

/* Runs this thread on one core only. */
void bench_pin(int core);

/* CPU time of a process so far, nanoseconds. */
int64_t bench_cpu_ns(pid_t pid);

/* Resident memory of a process, bytes. */
size_t bench_rss(pid_t pid);

/* The floor: what a bare loop of recvmmsg, one opening, and per receiver a copy, a sealing and a
 * share of a GSO send costs on this machine. burst packets of bytes to each of receivers.
 * Nanoseconds of CPU per forwarded packet. */
double floor_run(int receivers, int burst, size_t bytes, double seconds);

/* The process under load: a relay loop of the release build, alone on its core, told what to do
 * through a socket. */
struct server {
    pid_t pid;
    int control;
    int port;
};

/* From the bench to the server, one datagram each; the offer follows the struct. */
struct order {
    uint64_t stage;
    struct media_command command;
};

/* From the server: an answer (the SDP follows), or DEAD / REFUSED. */
struct notice {
    uint64_t leg;
    enum media_event_kind kind;
};

void server_start(struct server *s, int core, int legs_max);
void server_order(const struct server *s, uint64_t stage, const struct media_command *command);
void server_stop(struct server *s);

/* One measured load. */
struct load_plan {
    const char *name;
    int stages;  /* lessons */
    int senders; /* of each stage, the first ones; the others only listen */
    int people;  /* of each stage */
    double seconds;
};

struct load_result {
    double cpu_ns_per_packet;
    double core_percent;
    double p50_us, p99_us; /* from sendmsg of the sender to the receiver's recvmsg */
    double lost_percent;
    double bytes_per_person;
    double join_p50_ms, join_p95_ms; /* from answer to DTLS done */
    uint64_t packets;
    uint64_t bad; /* packets that did not open */
};

void load_run(const struct load_plan *plan, struct load_result *out);

#endif
