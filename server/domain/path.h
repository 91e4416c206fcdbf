/* SPDX-License-Identifier: Apache-2.0
 *
 * From the figures of a path test to its plain verdict: what a lesson over
 * this way, with these devices, will be like. The words of the person who
 * tested and those of the coordinator come from this one rule. It measures
 * nothing and knows no person.
 */
#ifndef PARTA_DOMAIN_PATH_H
#define PARTA_DOMAIN_PATH_H

#include <stdbool.h>

#define PATH_UNKNOWN (-1) /* of a figure: not measured */

#define PATH_RTT_MAX_MS 60000
#define PATH_RATE_MAX_KBPS 1000000
#define PATH_LOSS_MAX_PERMILLE 1000

/* From the best to the worst. */
#define PATH_VERDICT_LIST(X)                                                                       \
    X(GOOD, "good")             /* picture and voice */                                            \
    X(VOICE_SURE, "voice_sure") /* the voice is sure, the picture may pause */                     \
    X(VOICE_ONLY, "voice_only")                                                                    \
    X(CALL_US, "call_us") /* no lesson this way: somebody has to help */

enum path_verdict {
#define X(code, name) PATH_##code,
    PATH_VERDICT_LIST(X)
#undef X
};

/* What held the verdict back; the first of the worst in this order. */
#define PATH_CAUSE_LIST(X)                                                                         \
    X(NONE, "none")                                                                                \
    X(WAY, "way")               /* the server is not reached */                                    \
    X(MICROPHONE, "microphone") /* none, or kept shut */                                           \
    X(LOUDSPEAKER, "loudspeaker")                                                                  \
    X(RATE_UP, "rate_up")                                                                          \
    X(RATE_DOWN, "rate_down")                                                                      \
    X(LOSS, "loss")                                                                                \
    X(DELAY, "delay")

enum path_cause {
#define X(code, name) PATH_CAUSE_##code,
    PATH_CAUSE_LIST(X)
#undef X
};

#define PATH_DEVICE_LIST(X)                                                                        \
    X(UNKNOWN, "unknown") /* the browser does not tell */                                          \
    X(PRESENT, "present")                                                                          \
    X(BLOCKED, "blocked") /* there, and kept shut by the person or the browser */                  \
    X(MISSING, "missing")

enum path_device {
#define X(code, name) PATH_DEVICE_##code,
    PATH_DEVICE_LIST(X)
#undef X
};

/* What a path test measured. */
struct path_figures {
    bool udp;          /* a connection for media came up */
    bool websocket;    /* signalling answers; media can go this way too */
    int rtt_ms;        /* figures: PATH_UNKNOWN = not measured */
    int loss_permille; /* of packets on UDP */
    int up_kbps, down_kbps;
    enum path_device microphone, camera, loudspeaker;
};

struct path_judgement {
    enum path_verdict verdict;
    enum path_cause cause; /* NONE if and only if the verdict is GOOD */
};

/* Without the WebSocket there is no lesson, whatever UDP does. With it a lesson needs no UDP, so a
 * blocked UDP takes nothing away. A camera is never needed. A figure that is PATH_UNKNOWN is not
 * held against the way. */
struct path_judgement path_judge(const struct path_figures *f);

/* NULL: the figures can be of one test. Else the name of the first that cannot: out of range,
 * missing though the server was reached, or given though it was not. */
const char *path_fault(const struct path_figures *f);

const char *path_verdict_name(enum path_verdict v);
const char *path_cause_name(enum path_cause c);
const char *path_device_name(enum path_device d);
bool path_verdict_parse(const char *name, enum path_verdict *out);
bool path_cause_parse(const char *name, enum path_cause *out);
bool path_device_parse(const char *name, enum path_device *out);

#endif
