/* SPDX-License-Identifier: Apache-2.0
 *
 * Options, clock, signals and counters of the programs in tests/net. One
 * thread; reads the script's file.
 */
#include "tests/net/tool.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"

#define SCRIPT_BYTES_MAX (256 * 1024)
#define SLOTS_DEFAULT 4096

int64_t tool_now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * US_PER_S + t.tv_nsec / 1000;
}

void tool_init(struct tool *t, const char *name)
{
    *t = (struct tool){ .name = name, .seed = 1, .slots = SLOTS_DEFAULT, .signals = -1 };
}

static bool read_script(struct tool *t, const char *path)
{
    char why[SCRIPT_WHY_MAX], *text = mem_zalloc(1, SCRIPT_BYTES_MAX);
    FILE *f = fopen(path, "r");
    bool good = false;
    size_t len;

    if (!f || !text) {
        fprintf(stderr, "%s: %s: %s\n", t->name, path, strerror(errno));
        goto out;
    }
    len = fread(text, 1, SCRIPT_BYTES_MAX, f);
    if (ferror(f) || len == SCRIPT_BYTES_MAX)
        fprintf(stderr, "%s: %s: %s\n", t->name, path,
                ferror(f) ? strerror(errno) : "longer than a script may be");
    else if (script_parse(text, len, &t->script, why) != ERR_OK)
        fprintf(stderr, "%s: %s: %s\n", t->name, path, why);
    else
        good = true;
out:
    if (f)
        fclose(f);
    mem_free(text);
    return good;
}

static bool whole(const struct tool *t, const char *what, const char *value, int64_t max,
                  int64_t *out)
{
    if (str_to_i64(value, 1, max, out) == ERR_OK)
        return true;
    fprintf(stderr, "%s: --%s must be a number from 1 to %" PRId64 ", not \"%s\"\n", t->name, what,
            max, value);
    return false;
}

bool tool_option(struct tool *t, int option, const char *value)
{
    int64_t n;
    char *end;

    switch (option) {
    case 's':
        return read_script(t, value);
    case 'r':
        if (!whole(t, "seed", value, INT64_MAX, &n))
            return false;
        t->seed = (uint64_t)n;
        return true;
    case 't':
        t->seconds = strtod(value, &end);
        if (end != value && !*end && t->seconds > 0 && t->seconds <= TOOL_SECONDS_MAX)
            return true;
        fprintf(stderr, "%s: --seconds must be more than 0 and at most %d, not \"%s\"\n", t->name,
                TOOL_SECONDS_MAX, value);
        return false;
    case 'w':
        t->hold = true;
        return true;
    case 'n':
        if (!whole(t, "slots", value, IMPAIR_SLOTS_MAX, &n))
            return false;
        t->slots = (int)n;
        return true;
    default:
        return false;
    }
}

static void start_script(struct tool *t)
{
    struct timespec real;

    clock_gettime(CLOCK_REALTIME, &real);
    t->started = true;
    t->start_us = tool_now_us();
    t->start_unix_ms = (int64_t)real.tv_sec * MS_PER_S + real.tv_nsec / 1000000;
}

enum err tool_start(struct tool *t)
{
    sigset_t set;

    /* On a busy machine the line itself must not be late; without root it stays as it is. */
    if (setpriority(PRIO_PROCESS, 0, -10) != 0)
        errno = 0;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGUSR1);
    if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
        return ERR_IO;
    t->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (t->signals < 0)
        return ERR_IO;
    return ERR_OK;
}

void tool_ready(struct tool *t)
{
    t->end_us = tool_now_us() + (int64_t)(t->seconds * (double)US_PER_S);
    if (!t->hold)
        start_script(t);
}

void tool_begin(const struct tool *t, struct impair *m)
{
    if (t->started)
        impair_start(m, t->start_us);
}

bool tool_wait(struct tool *t, struct pollfd *fds, int n, int64_t deadline_us)
{
    int64_t until = earlier_us(deadline_us, t->end_us), now = tool_now_us(), left;
    struct signalfd_siginfo told;
    struct timespec wait;
    bool was = t->started;

    fds[n - 1] = (struct pollfd){ .fd = t->signals, .events = POLLIN };
    left = until > now ? until - now : 0;
    wait = (struct timespec){ .tv_sec = left / US_PER_S, .tv_nsec = left % US_PER_S * 1000 };
    if (ppoll(fds, (nfds_t)n, until == NEVER_US ? NULL : &wait, NULL) < 0)
        return false;
    while (read(t->signals, &told, sizeof told) == (ssize_t)sizeof told) {
        if (told.ssi_signo != SIGUSR1)
            t->ended = true;
        else if (!t->started)
            start_script(t);
    }
    t->ended |= tool_now_us() >= t->end_us;
    return t->started && !was;
}

void tool_note_late(struct tool *t, int64_t now_us, int64_t due_us)
{
    int64_t late = now_us - due_us;

    t->late += late > TOOL_LATE_US;
    if (late > t->late_max_us)
        t->late_max_us = late;
}

void tool_close(struct tool *t)
{
    if (t->signals >= 0)
        close(t->signals);
    t->signals = -1;
}

void tool_print_head(FILE *out, const struct tool *t)
{
    fprintf(out,
            "{\"seed\": %" PRIu64 ", \"script_start_unix_ms\": %" PRId64 ", \"late\": %" PRIu64
            ", \"late_max_us\": %" PRId64 ",\n ",
            t->seed, t->start_unix_ms, t->late, t->late_max_us);
}

void tool_print_counters(FILE *out, const struct impair_counters *c, int inside)
{
    fprintf(out, "{");
#define X(name, about) fprintf(out, "\"" #name "\": %" PRIu64 ", ", c->name);
    IMPAIR_COUNTERS(X)
#undef X
    fprintf(out, "\"inside\": %d}", inside);
}
