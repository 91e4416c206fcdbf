/* SPDX-License-Identifier: Apache-2.0
 *
 * The lesson as the rules see it: its facts, its states and which change of
 * state is legal (DOMAIN 4.3).
 */
#ifndef PARTA_DOMAIN_LESSON_H
#define PARTA_DOMAIN_LESSON_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/ids.h"

#define LESSON_STATE_LIST(X)                                                                       \
    X(PLANNED, "planned")                                                                          \
    X(SCHEDULED, "scheduled")                                                                      \
    X(NEEDS_SUBSTITUTE, "needs_substitute")                                                        \
    X(OPEN, "open")                                                                                \
    X(RUNNING, "running")                                                                          \
    X(INTERRUPTED, "interrupted")                                                                  \
    X(ENDED, "ended")                                                                              \
    X(COMPUTED, "computed")                                                                        \
    X(DISPUTED, "disputed")                                                                        \
    X(CONFIRMED, "confirmed")                                                                      \
    X(LOCKED, "locked")                                                                            \
    X(CANCELLED, "cancelled")                                                                      \
    X(RESCHEDULED, "rescheduled")

enum lesson_state {
#define X(code, name) LESSON_##code,
    LESSON_STATE_LIST(X)
#undef X
};

#define LESSON_CHILDREN_MAX 11 /* a room holds 12 people; one of them is the mentor */
#define LESSON_GUESTS_MAX 99   /* a seminar or meeting holds 100 people; one of them is the host */

/* What admission and the room need to know of a lesson. Plain values, copied freely. */
struct lesson_facts {
    struct lesson_id id;
    enum lesson_state state;
    bool published;
    int64_t start_ms;       /* UTC */
    int64_t end_ms;         /* UTC, > start_ms */
    int64_t open_before_ms; /* policy J2, default 10 min */
    int64_t
        close_after_ms; /* policy J2, default 5 min; cut short by the next lesson of either (J7) */
    int64_t screen_limit_ms; /* R6: screen minutes per lesson of the youngest child */
    struct user_id mentor;   /* the user who teaches (the substitute if there is one) */
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n;
    bool gathering; /* a seminar or joint meeting of adults (DOMAIN 70): no children; the mentor is
                       its host, everybody else there was invited */
    int guests_n;   /* how many were */
};

const char *lesson_state_name(enum lesson_state s);
bool lesson_state_parse(const char *name, enum lesson_state *out);

/* True if the change is drawn in DOMAIN 4.3. */
bool lesson_state_may_become(enum lesson_state from, enum lesson_state to);

/* start, end and participants may be edited only before the door opens. */
bool lesson_editable(const struct lesson_facts *l, int64_t unix_ms);

/* Window bounds in UTC ms, half-open: the door opens at the first, everyone is out at the second.
 * Saturating, so that no stored value can overflow them. */
int64_t lesson_opens_ms(const struct lesson_facts *l);
int64_t lesson_closes_ms(const struct lesson_facts *l);

/* "No next lesson" for lesson_close_after. */
#define LESSON_NO_NEXT_MS INT64_MAX

/* J7: how long after end_ms the room may stay open: the policy's time, cut at the start of the
 * next lesson of the mentor or of any child, never negative. next_start_ms_of_child is the
 * earliest one of all children of the lesson. */
int64_t lesson_close_after(int64_t end_ms, int64_t policy_close_after_ms,
                           int64_t next_start_ms_of_mentor, int64_t next_start_ms_of_child);

#endif
