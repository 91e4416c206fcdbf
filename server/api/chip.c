/* SPDX-License-Identifier: Apache-2.0
 *
 * The word for a lesson now; see chip.h. Pure.
 */
#include "server/api/chip.h"

static const char *const names[] = {
#define X(code, name) [CHIP_##code] = name,
    CHIP_LIST(X)
#undef X
};

static enum chip of_outcome(const struct chip_facts *f)
{
    if (!f->computed)
        return f->state == LESSON_ENDED ? CHIP_DONE : CHIP_MISSED;
    if (f->outcome == OUTCOME_HELD)
        return CHIP_DONE;
    return f->outcome == OUTCOME_PARTIAL ? CHIP_PART : CHIP_MISSED;
}

static enum chip in_window(const struct chip_facts *f, int64_t now_ms)
{
    bool late = now_ms >= f->start_ms + CHIP_LATE_MS;

    if (f->mentor_in && f->child_in)
        return f->resting ? CHIP_RESTING : f->weak ? CHIP_WEAK : CHIP_LIVE;
    if (f->child_in) {
        if (f->state == LESSON_INTERRUPTED)
            return CHIP_PAUSED;
        return late ? CHIP_MENTOR_MISSING : CHIP_WAITING;
    }
    if (f->mentor_in)
        return late ? CHIP_CHILD_MISSING : CHIP_WAITING;
    return late ? CHIP_MENTOR_MISSING : CHIP_DOOR_OPEN;
}

enum chip chip_of(const struct chip_facts *f, int64_t now_ms)
{
    switch (f->state) {
    case LESSON_CANCELLED:
        return CHIP_CANCELLED;
    case LESSON_RESCHEDULED:
        return CHIP_MOVED;
    case LESSON_NEEDS_SUBSTITUTE:
        return CHIP_NEEDS_SUBSTITUTE;
    case LESSON_ENDED:
    case LESSON_COMPUTED:
    case LESSON_DISPUTED:
    case LESSON_CONFIRMED:
    case LESSON_LOCKED:
        return of_outcome(f);
    case LESSON_PLANNED:
    case LESSON_SCHEDULED:
    case LESSON_OPEN:
    case LESSON_RUNNING:
    case LESSON_INTERRUPTED:
        break;
    }
    if (now_ms < f->opens_ms)
        return CHIP_LATER;
    return now_ms < f->closes_ms ? in_window(f, now_ms) : of_outcome(f);
}

const char *chip_name(enum chip chip)
{
    return names[chip];
}
