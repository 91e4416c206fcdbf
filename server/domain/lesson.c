/* SPDX-License-Identifier: Apache-2.0
 *
 * States of a lesson, and its window.
 *
 *   planned ──▶ scheduled ──▶ open ──▶ running ⇄ interrupted
 *                ▲ │ │ │       │ │        │           │
 *                │ │ │ │       │ └────────┴─────▶ ended ──▶ computed ──▶ confirmed ──▶ locked
 *                │ │ │ └▶ rescheduled   (open)    ▲          ▲ ⇅ ▲                      │
 *                │ │ └──▶ cancelled ◀── open      │          │ disputed                 │
 *                │ ▼                              │          └──────────────────────────┘
 *               needs_substitute                                  (reopened, with a reason)
 *
 * What DOMAIN 4.3 leaves to the reader, and how it is read here:
 * - "needs_substitute from scheduled": such a lesson is still a scheduled one that lacks a mentor,
 *   so it goes back when one is named, and may be cancelled or moved like any scheduled lesson.
 * - "cancel after running" is forbidden, and J6 cuts people out of a cancelled lesson: so an open
 *   lesson may be cancelled, a running one may not.
 * - "ended" from interrupted: the window closes on a lesson whose mentor never came back.
 * - a locked lesson is reopened to computed, from where dispute and confirmation start anew.
 * Who may make a change, and with which reason, is not decided here.
 */
#include "server/domain/lesson.h"

#include <string.h>

#include "server/domain/sat.h"

#define TO(state) (1u << LESSON_##state)

static const unsigned may_become[] = {
    [LESSON_PLANNED] = TO(SCHEDULED),
    [LESSON_SCHEDULED] = TO(OPEN) | TO(NEEDS_SUBSTITUTE) | TO(CANCELLED) | TO(RESCHEDULED),
    [LESSON_NEEDS_SUBSTITUTE] = TO(SCHEDULED) | TO(CANCELLED) | TO(RESCHEDULED),
    [LESSON_OPEN] = TO(RUNNING) | TO(ENDED) | TO(CANCELLED),
    [LESSON_RUNNING] = TO(INTERRUPTED) | TO(ENDED),
    [LESSON_INTERRUPTED] = TO(RUNNING) | TO(ENDED),
    [LESSON_ENDED] = TO(COMPUTED),
    [LESSON_COMPUTED] = TO(DISPUTED) | TO(CONFIRMED),
    [LESSON_DISPUTED] = TO(COMPUTED),
    [LESSON_CONFIRMED] = TO(LOCKED),
    [LESSON_LOCKED] = TO(COMPUTED),
    [LESSON_CANCELLED] = 0,
    [LESSON_RESCHEDULED] = 0,
};

static const char *const names[] = {
#define X(code, name) [LESSON_##code] = name,
    LESSON_STATE_LIST(X)
#undef X
};

#define STATES (sizeof names / sizeof names[0])

_Static_assert(sizeof may_become / sizeof may_become[0] == STATES, "every state has a row");

const char *lesson_state_name(enum lesson_state s)
{
    return (size_t)s < STATES ? names[s] : "unknown";
}

bool lesson_state_parse(const char *name, enum lesson_state *out)
{
    for (size_t i = 0; name && i < STATES; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = (enum lesson_state)i;
            return true;
        }
    }
    return false;
}

bool lesson_state_may_become(enum lesson_state from, enum lesson_state to)
{
    return (size_t)from < STATES && (size_t)to < STATES && (may_become[from] >> to & 1u) != 0;
}

bool lesson_editable(const struct lesson_facts *l, int64_t unix_ms)
{
    bool before_door = l->state == LESSON_PLANNED || l->state == LESSON_SCHEDULED ||
                       l->state == LESSON_NEEDS_SUBSTITUTE;

    return before_door && unix_ms < lesson_opens_ms(l);
}

int64_t lesson_opens_ms(const struct lesson_facts *l)
{
    return sat_sub(l->start_ms, l->open_before_ms);
}

int64_t lesson_closes_ms(const struct lesson_facts *l)
{
    return sat_add(l->end_ms, l->close_after_ms);
}

int64_t lesson_close_after(int64_t end_ms, int64_t policy_close_after_ms,
                           int64_t next_start_ms_of_mentor, int64_t next_start_ms_of_child)
{
    int64_t next = next_start_ms_of_mentor < next_start_ms_of_child ? next_start_ms_of_mentor
                                                                    : next_start_ms_of_child;
    int64_t room = sat_sub(next, end_ms);
    int64_t after = policy_close_after_ms < room ? policy_close_after_ms : room;

    return after > 0 ? after : 0;
}
