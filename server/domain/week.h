/* SPDX-License-Identifier: Apache-2.0
 *
 * A week as a person looks at it: its seven local days, and for a child the
 * parts of them that lessons may not have. A hatch never says why: a rest day
 * of the recommendation looks like any other day of rest, a treatment is a
 * treatment and nothing more.
 */
#ifndef PARTA_DOMAIN_WEEK_H
#define PARTA_DOMAIN_WEEK_H

#include <stdbool.h>

#include "server/domain/schedule_facts.h"

#define WEEK_DAYS 7

/* REST: by policy or recommendation; CLOSED: outside the hours that are allowed. */
#define HATCH_LIST(X)                                                                              \
    X(REST, "rest")                                                                                \
    X(HOLIDAY, "holiday")                                                                          \
    X(CLOSED, "closed")                                                                            \
    X(TREATMENT, "treatment")

enum hatch_kind {
#define X(code, name) HATCH_##code,
    HATCH_LIST(X)
#undef X
        HATCH_COUNT
};

struct hatch {
    enum hatch_kind kind;
    int64_t day; /* local, since 1970 */
    int from_minute, to_minute;
};

const char *hatch_name(enum hatch_kind k);

/* The Monday of a local day's week, as days since 1970. */
int64_t week_monday(int64_t day);

bool week_holiday(const struct school_facts *school, int64_t day); /* NULL: none */

/* Of the seven days from monday on, in the child's zone and by the policy; school may be NULL.
 * Whole days first, then hours, day by day, then treatments. Returns how many there are and writes
 * the first cap of them. */
size_t week_hatches(const struct child_facts *child, const struct school_facts *school,
                    const struct schedule_policy *policy, int64_t monday, struct hatch *out,
                    size_t cap);

#endif
