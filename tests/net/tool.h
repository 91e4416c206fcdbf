/* SPDX-License-Identifier: Apache-2.0
 *
 * What both programs of an impaired line share: options, the clock, the
 * signals that end them, waiting, and the counters as JSON. One thread.
 */
#ifndef PARTA_TESTS_NET_TOOL_H
#define PARTA_TESTS_NET_TOOL_H

#include <poll.h>
#include <stdio.h>

#include "tests/net/impair.h"
#include "tests/net/script.h"

#define TOOL_SECONDS_MAX 7200
#define TOOL_LATE_US (5 * US_PER_MS)

struct tool {
    /* config */
    const char *name; /* of the program, for messages */
    struct impair_script script;
    uint64_t seed;
    double seconds; /* until the end; 0: none given, which both programs refuse */
    bool hold;      /* the script starts with SIGUSR1, not at once */
    int slots;

    /* state */
    int signals; /* signalfd; -1 = closed */
    bool ended;  /* by a signal or the time limit */
    bool started;
    int64_t
        late_max_us; /* how far behind its due time a packet came out: what the tool adds itself */
    uint64_t late;   /* packets more than TOOL_LATE_US behind */
    int64_t end_us;
    int64_t start_us, start_unix_ms; /* of the script; valid when started */
};

/* The options that both have, for getopt_long's array and the help. */
#define TOOL_OPTIONS                                                                               \
    { "script", required_argument, NULL, 's' }, { "seed", required_argument, NULL, 'r' },          \
        { "seconds", required_argument, NULL, 't' }, { "hold", no_argument, NULL, 'w' },           \
        { "slots", required_argument, NULL, 'n' },                                                 \
    {                                                                                              \
        "help", no_argument, NULL, 'h'                                                             \
    }
#define TOOL_HELP                                                                                  \
    "  --script FILE    what happens to the line; without one it is perfect\n"                     \
    "  --seed N         of chance, default 1\n"                                                    \
    "  --seconds S      ends after so long, at most 7200\n"                                        \
    "  --hold           the script's time begins with SIGUSR1; before, its 0s holds\n"             \
    "  --slots N        packets that one direction can hold, default 4096\n"

void tool_init(struct tool *t, const char *name);

/* One option of TOOL_OPTIONS. False: wrong, and told on standard error. */
bool tool_option(struct tool *t, int option, const char *value);

/* From here on SIGINT, SIGTERM and SIGUSR1 come through tool_wait. */
enum err tool_start(struct tool *t) MUST_CHECK;

/* The line is there: its time runs, and the script's too unless it is held. */
void tool_ready(struct tool *t);

int64_t tool_now_us(void);

/* Starts the machine's script if the tool's has started. */
void tool_begin(const struct tool *t, struct impair *m);

/* Waits for one of fds (n of them, the last is the tool's own and is filled in here) or until
 * deadline_us. True when the script has just started: tool_begin every machine. */
bool tool_wait(struct tool *t, struct pollfd *fds, int n, int64_t deadline_us);

/* A packet that was due at due_us comes out now. */
void tool_note_late(struct tool *t, int64_t now_us, int64_t due_us);

void tool_close(struct tool *t);

/* The beginning of the report, with an open brace. */
void tool_print_head(FILE *out, const struct tool *t);

/* {"in": 1, ...} */
void tool_print_counters(FILE *out, const struct impair_counters *c, int inside);

#endif
