/* SPDX-License-Identifier: Apache-2.0
 *
 * Presence facts of one lesson of 40 minutes, written in seconds from its
 * start, for the tests of attendance.
 */
#ifndef PARTA_TESTS_ATTENDANCE_FACTS_H
#define PARTA_TESTS_ATTENDANCE_FACTS_H

#include <stdint.h>
#include <string.h>

#include "common/base/now.h"
#include "server/domain/attendance.h"

#define START INT64_C(1790000000000)
#define T 10 /* the mentor */
#define K 20 /* the child */
#define K2 21
#define S(min, sec) ((min)*60 + (sec)) /* seconds into the lesson; both negative before it */
#define NEVER INT64_MIN

/* The input of an example; arrays live in the caller. */
struct input {
    struct user_id children[4];
    struct presence presences[16];
    struct join_try tries[8];
    struct outage outages[4];
    struct attendance_input in;
};

static inline int64_t ms(int64_t s)
{
    return START + s * MS_PER_S;
}

static inline void input_init(struct input *i)
{
    memset(i, 0, sizeof *i);
    i->children[0].v = K;
    i->in = (struct attendance_input){ .start_ms = START,
                                       .end_ms = START + 40 * MS_PER_MIN,
                                       .opens_ms = START - 10 * MS_PER_MIN,
                                       .mentor = { T },
                                       .children = i->children,
                                       .children_n = 1,
                                       .presences = i->presences,
                                       .tries = i->tries,
                                       .outages = i->outages,
                                       .policy = attendance_policy_default() };
}

static inline void input_add(struct input *i, int64_t user, int64_t from_s, int64_t to_s,
                             enum leave_cause cause)
{
    i->presences[i->in.presences_n++] = (struct presence){ { user }, ms(from_s), ms(to_s), cause };
}

#endif
