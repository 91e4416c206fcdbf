/* SPDX-License-Identifier: Apache-2.0
 *
 * What a draft of the schedule does to one lesson, and whether that comes late
 * (R19). A lesson before is on the timetable, a lesson after is planned in the
 * draft.
 */
#ifndef PARTA_DOMAIN_DRAFT_H
#define PARTA_DOMAIN_DRAFT_H

#include <stdbool.h>

#include "server/domain/schedule.h"

#define DRAFT_KIND_LIST(X)                                                                         \
    X(NEW, "new")                                                                                  \
    X(MOVED, "moved")     /* another time, perhaps another mentor, too */                          \
    X(SWAPPED, "swapped") /* the same time with another mentor */                                  \
    X(GONE, "gone")

enum draft_kind {
#define X(code, name) DRAFT_##code,
    DRAFT_KIND_LIST(X)
#undef X
        DRAFT_KIND_COUNT
};

/* start_ms 0: there is no lesson on this side. */
struct draft_side {
    int64_t start_ms, end_ms;
    struct user_id mentor;
};

const char *draft_kind_name(enum draft_kind k);

/* One of the two sides must have a lesson. */
enum draft_kind draft_kind_of(const struct draft_side *before, const struct draft_side *after);

/* R19: the earlier of the two is nearer than the policy's minutes: a reason is needed. */
bool draft_late(const struct draft_side *before, const struct draft_side *after,
                const struct schedule_policy *policy, int64_t now_ms);

#endif
