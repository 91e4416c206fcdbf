/* SPDX-License-Identifier: Apache-2.0
 *
 * The relay bench: one sender to 100 receivers, and 25 one-to-one lessons, on
 * one core, beside the floor of the same machine measured in the same run.
 *
 *   relay_bench [SECONDS]     seconds of each measurement, default 5
 */
#include "tests/bench/relay/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FLOOR_BYTES 1036 /* header, payload and tag of a picture's packet */

static void row(const struct load_plan *p, double floor_us)
{
    struct load_result r;
    char ratio[32] = "";

    load_run(p, &r);
    if (floor_us > 0)
        snprintf(ratio, sizeof ratio, "%.2f x floor", r.cpu_ns_per_packet / 1000 / floor_us);
    printf("%-22s %7.2f %-13s %5.1f %% %8.0f %8.0f %7.3f %% %7.0f kB %6.1f %6.1f %9llu %5llu\n",
           p->name, r.cpu_ns_per_packet / 1000, ratio, r.core_percent, r.p50_us, r.p99_us,
           r.lost_percent, r.bytes_per_person / 1000, r.join_p50_ms, r.join_p95_ms,
           (unsigned long long)r.packets, (unsigned long long)r.bad);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? strtod(argv[1], NULL) : 5;
    const struct load_plan many = { "1 to 100", 1, 1, 101, seconds };
    const struct load_plan lessons = { "25 lessons one to one", 25, 2, 2, seconds };
    double fan_out, single;

    bench_must(sysconf(_SC_NPROCESSORS_ONLN) >= 2 && seconds > 0, "two cores and a duration");
    fan_out = floor_run(100, 3, FLOOR_BYTES, seconds / 2) / 1000;
    single = floor_run(1, 1, FLOOR_BYTES, seconds / 2) / 1000;
    printf("floor of this machine (recvmmsg, AES-128-GCM, GSO; no server): "
           "1 to 100 in bursts of 3: %.2f us a packet; 1 to 1 in single packets: %.2f us\n\n",
           fan_out, single);
    printf("%-22s %7s %-13s %7s %8s %8s %9s %10s %6s %6s %9s %5s\n", "load", "us/pkt", "", "core",
           "p50 us", "p99 us", "lost", "memory", "join50", "join95", "packets", "bad");
    row(&many, fan_out);
    row(&lessons, single);
    return 0;
}
