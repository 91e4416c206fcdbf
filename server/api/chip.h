/* SPDX-License-Identifier: Apache-2.0
 *
 * The one word a list shows for a lesson now (Chip in common/openapi.yaml):
 * the same facts give the same word to a child, a mentor and the board. Pure.
 */
#ifndef PARTA_API_CHIP_H
#define PARTA_API_CHIP_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/attendance.h"
#include "server/domain/lesson.h"

#define CHIP_LIST(X)                                                                               \
    X(LATER, "later")                                                                              \
    X(DOOR_OPEN, "door_open")                                                                      \
    X(WAITING, "waiting")                                                                          \
    X(MENTOR_MISSING, "mentor_missing")                                                            \
    X(CHILD_MISSING, "child_missing")                                                              \
    X(LIVE, "live")                                                                                \
    X(PAUSED, "paused")                                                                            \
    X(RESTING, "resting")                                                                          \
    X(WEAK, "weak")                                                                                \
    X(DONE, "done")                                                                                \
    X(PART, "part")                                                                                \
    X(MISSED, "missed")                                                                            \
    X(CANCELLED, "cancelled")                                                                      \
    X(MOVED, "moved")                                                                              \
    X(NEEDS_SUBSTITUTE, "needs_substitute")

enum chip {
#define X(code, name) CHIP_##code,
    CHIP_LIST(X)
#undef X
};

/* From here somebody who is not in is missing (late, DOMAIN 7.5). */
#define CHIP_LATE_MS INT64_C(300000)

struct chip_facts {
    enum lesson_state state;
    int64_t opens_ms, start_ms, end_ms, closes_ms;
    bool mentor_in, child_in; /* connected now; with several children: any of them */
    bool resting;             /* a child that is in rests */
    bool weak;                /* somebody's link is bad */
    bool computed;            /* outcome is known */
    enum outcome outcome;
};

enum chip chip_of(const struct chip_facts *f, int64_t now_ms);
const char *chip_name(enum chip chip);

/* From here a link is called weak. */
#define CHIP_WEAK_PERMILLE 80
#define CHIP_WEAK_RTT_MS 600

#endif
