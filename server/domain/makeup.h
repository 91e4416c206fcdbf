/* SPDX-License-Identifier: Apache-2.0
 *
 * A make-up lesson for one that was missed: whether there may be one, and which
 * free times are proposed for it. The rules of the timetable decide what is
 * free (schedule_facts.h); here the best of it is chosen, and if there is none
 * it is said what stands in the way. Pure.
 */
#ifndef PARTA_DOMAIN_MAKEUP_H
#define PARTA_DOMAIN_MAKEUP_H

#include "server/domain/noshow.h"
#include "server/domain/schedule_facts.h"

/* Policy keys noshow.make_up_days and noshow.make_up_shown, the centre's; the defaults are Parta's
 * proposal: two weeks, the span in which free times are looked for elsewhere, and three, which a
 * row of the board shows without being longer than its neighbours. */
struct make_up_policy {
    int days;  /* local days behind the missed lesson's in which the make-up begins; 1..60 */
    int shown; /* proposals at most; 1..MAKE_UP_SHOWN_MAX */
};
#define MAKE_UP_SHOWN_MAX 6
#define MAKE_UP_DAYS_MAX 60
struct make_up_policy make_up_policy_default(void);

/* The name is the gate of a refusal. */
#define MAKE_UP_LIST(X)                                                                            \
    X(MAY, "")                                                                                     \
    X(NOT_MISSED, "make_up_not_missed") /* nobody is missing, or it is not settled yet */          \
    X(GIVEN, "make_up_given")           /* held, or in part: its hours are given */                \
    X(MADE, "make_up_made")             /* there is one: a lesson is made up for once */           \
    X(TOO_LATE, "make_up_too_late")     /* the days in which it was due are over */

enum make_up {
#define X(code, name) MAKE_UP_##code,
    MAKE_UP_LIST(X)
#undef X
};

struct make_up_facts {
    enum noshow missing; /* while nothing is computed: noshow_missed */
    bool computed;       /* outcome is valid */
    enum outcome outcome;
    bool made;      /* a make-up of it is on the schedule */
    int64_t day;    /* the missed lesson's local day in the child's zone, since 1970 */
    int64_t wanted; /* the local day on which the make-up would begin; today, if none is chosen */
};

enum make_up make_up_check(const struct make_up_facts *f, const struct make_up_policy *p);

/* Where a make-up is looked for. */
struct make_up_search {
    struct slot_query
        query; /* whom, how long, now_ms, zone, facts; from_ms and days are not read */
    int64_t first_day, last_day; /* local days, both included */
    int minute;                  /* of the missed lesson's local day: its usual time */
};

/* One start (UTC ms) a day at most, ascending: the first free one at the usual time or later, else
 * the first of the day. Returns how many were written. */
size_t make_up_slots(const struct make_up_search *s, const struct booked_lesson *booked,
                     size_t booked_n, const struct schedule_policy *policy, int64_t *out,
                     size_t cap);

/* A rule that stands in the way of the usual time, and on how many of the days. */
struct make_up_obstacle {
    enum schedule_rule rule;
    int days;
};

/* The hard rules that the usual time breaks, day by day: what is on most days first. Days whose
 * usual time has passed are left out. query.facts and query.lesson must be there. */
size_t make_up_obstacles(const struct make_up_search *s, struct make_up_obstacle *out, size_t cap);

const char *make_up_name(enum make_up m);

#endif
