/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable (DOMAIN section 5) as pure checks of one planned
 * lesson against the lessons that are booked already. A violation names the
 * rule, its limit and both lessons, so that a refusal can say what is in the
 * way; schedule_free_slots says what would fit instead. It decides about
 * times only: who may teach whom is another rule (R4).
 *
 * Intervals are half-open: 10:00-10:40 and 10:40-11:20 touch without overlap.
 */
#ifndef PARTA_DOMAIN_SCHEDULE_H
#define PARTA_DOMAIN_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/lesson.h"
#include "server/domain/zone.h"

/* code, number of the rule in DOMAIN section 5, name on the wire */
#define SCHEDULE_RULE_LIST(X)                                                                      \
    X(NONE, 0, "none")                                                                             \
    X(ORDER, 1, "end_before_start")        /* end <= start, or nobody to teach */                  \
    X(TOO_SHORT, 1, "too_short")           /* limit, value: minutes */                             \
    X(TOO_LONG, 1, "too_long")             /* limit, value: minutes */                             \
    X(PAST, 1, "in_the_past")              /* limit: now, value: start, UTC ms */                  \
    X(SKIPPED_TIME, 1, "skipped_time")     /* clocks jump over it; value: instant of the jump */   \
    X(DOUBLED_TIME, 1, "doubled_time")     /* say which: limit first, value second instant */      \
    X(UNKNOWN_ZONE, 1, "unknown_zone")     /* no such zone or date */                              \
    X(CHILD_OVERLAP, 2, "child_overlap")   /* value: minutes of overlap, rounded up */             \
    X(MENTOR_OVERLAP, 3, "mentor_overlap") /* value: minutes of overlap, rounded up */             \
    X(TURN_ROUND, 3, "mentor_turn_round")  /* limit, value: minutes between the two */             \
    X(PER_DAY, 7, "lessons_per_day")       /* limit, value: lessons on the child's local day */    \
    X(BREAK, 9, "break")                   /* limit, value: minutes between the two */             \
    X(DAY_WINDOW, 10, "day_window")        /* limit, value: minute of the child's local day */     \
    X(REST_DAY, 11, "rest_day")            /* value: ISO weekday of the child's local day */

enum schedule_rule {
#define X(code, number, name) RULE_##code,
    SCHEDULE_RULE_LIST(X)
#undef X
        RULE_COUNT
};

/* A lesson with its time, as booked or as planned. */
struct booked_lesson {
    struct lesson_id id;     /* v = 0 for a plan that has no row yet */
    enum lesson_state state; /* cancelled and rescheduled ones are in nobody's way */
    int64_t start_ms;        /* UTC */
    int64_t end_ms;
    struct user_id mentor;
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n;
};

struct schedule_policy {
    int min_minutes;        /* R1: 10 */
    int max_minutes;        /* R1: 45 */
    int turn_round_minutes; /* R3: 5 */
    int break_minutes;      /* R9: 10 */
    int day_from_minute;    /* R10: 480 = 08:00 of the child's local day */
    int day_to_minute;      /* R10: 1140 = 19:00; the lesson ends at or before it */
    int per_day;            /* R7: 7 */
    unsigned rest_weekdays; /* R11: bit n = ISO weekday n (1 Monday): Sunday */
};

struct violation {
    enum schedule_rule rule;
    bool hard;               /* refuse; a soft one is shown and may be passed over with a reason */
    int64_t limit;           /* in the unit of the rule's line above */
    int64_t value;           /* what the plan has instead */
    struct lesson_id lesson; /* the plan */
    struct lesson_id other;  /* the lesson in the way; v = 0 if none */
    struct user_id who;      /* the child or mentor concerned; v = 0 if none */
};

/* Which of two instants a doubled wall time means. */
enum which_time {
    WHICH_ASK, /* not said: a doubled time is RULE_DOUBLED_TIME */
    WHICH_FIRST,
    WHICH_SECOND,
};

struct schedule_policy schedule_policy_default(void);

/* R1 for wall time: the instant meant by local in tz, or the rule that refuses it (then *utc_ms
 * is untouched and *v, if not NULL, is filled). */
enum schedule_rule schedule_local(const char *tz, const struct local_time *local,
                                  enum which_time which, int64_t *utc_ms, struct violation *v);

/* R1, R2, R3 of plan against booked, at now_ms. The booked row with plan's own id (a move) is
 * skipped. Returns how many violations there are and writes the first cap of them. All hard. */
size_t schedule_check(const struct booked_lesson *plan, const struct booked_lesson *booked,
                      size_t booked_n, const struct schedule_policy *policy, int64_t now_ms,
                      struct violation *out, size_t cap);

/* R7, R9, R10, R11 for one child of the plan whose zone is tz. Returns and writes as above.
 * An unknown zone is itself a violation. */
size_t schedule_check_day(const struct booked_lesson *plan, struct user_id child, const char *tz,
                          const struct booked_lesson *booked, size_t booked_n,
                          const struct schedule_policy *policy, struct violation *out, size_t cap);

/* What a free time is looked for. */
struct slot_query {
    struct lesson_id ignore; /* the lesson being moved; v = 0 if none */
    struct user_id mentor;
    struct user_id children[LESSON_CHILDREN_MAX];
    int children_n;
    int64_t duration_ms;
    int64_t from_ms; /* not before this instant (nor before now_ms) */
    int64_t now_ms;
    int64_t step_ms; /* starts are multiples of it from the beginning of the day window */
    int days;        /* how many local days to look at, from from_ms's day on */
    const char *tz;  /* the children's zone: day window and rest days */
};

/* The first cap starts (UTC ms, ascending) at which mentor and every child are free, with
 * turn-round (R3) and break (R9), inside the local day window (R10), on no rest day (R11).
 * Proposals do not overlap one another. Returns how many were written; 0 for a senseless query. */
size_t schedule_free_slots(const struct slot_query *q, const struct booked_lesson *booked,
                           size_t booked_n, const struct schedule_policy *policy, int64_t *out,
                           size_t cap);

const char *schedule_rule_name(enum schedule_rule r);
int schedule_rule_number(enum schedule_rule r); /* 3 for R3 */

#endif
