/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose week is asked for, and may this person see it: `of` is "centre",
 * "school-3", "mentor-12", "mentor-own" or "child-40" (people by user). The
 * week is that of the child's, mentor's or school's zone, of the centre's
 * reader otherwise. What lies outside the person's rights is left out by the
 * filter, whatever `of` says. Desk thread.
 */
#ifndef PARTA_API_WEEK_H
#define PARTA_API_WEEK_H

#include "server/api/call.h"
#include "server/domain/week.h"
#include "server/store/child.h"
#include "server/store/mentor.h"
#include "server/store/org.h"

/* Lessons of one answer; a week of a large centre has more. */
#define WEEK_LESSONS_MAX 300

enum week_of {
    WEEK_OF_CENTRE,
    WEEK_OF_SCHOOL,
    WEEK_OF_MENTOR,
    WEEK_OF_CHILD,
};

struct week {
    enum week_of of;
    struct child child;   /* of a child's week */
    struct mentor mentor; /* of a mentor's */
    struct org org;       /* the school or the centre */
    const char *name;     /* whose week, as a person reads it; inside the structs above */
    const char *tz;       /* likewise */
    int64_t monday;       /* local day since 1970 */
    struct day_range days[WEEK_DAYS];
    struct lesson_filter filter; /* lessons of the week within the person's reach */
};

/* Reads `of` and `date`. *refused: answered already. Keep *out where it is: name and tz point into
 * it. */
enum err week_asked(struct call *c, struct week *out, bool *refused) MUST_CHECK;

#endif
