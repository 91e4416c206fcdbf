/* SPDX-License-Identifier: Apache-2.0
 *
 * Clocks and counters of the machine, for the benches of the relay.
 */
#include "tests/bench/relay/bench.h"

#include <sched.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int64_t bench_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void bench_must(int ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "bench: %s failed\n", what);
    perror("bench: last system error");
    _exit(1);
}

void bench_pin(int core)
{
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)core, &set);
    bench_must(sched_setaffinity(0, sizeof set, &set) == 0, "pinning to a core");
}

int64_t bench_cpu_ns(pid_t pid)
{
    struct timespec t;
    clockid_t clock;

    bench_must(clock_getcpuclockid(pid, &clock) == 0 && clock_gettime(clock, &t) == 0, "CPU clock");
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

size_t bench_rss(pid_t pid)
{
    char path[64];
    long pages = 0, resident = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    f = fopen(path, "r");
    bench_must(f && fscanf(f, "%ld %ld", &pages, &resident) == 2, "statm");
    fclose(f);
    return (size_t)resident * (size_t)sysconf(_SC_PAGESIZE);
}
