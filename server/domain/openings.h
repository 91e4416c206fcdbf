/* SPDX-License-Identifier: Apache-2.0
 *
 * What the rules of the timetable leave open of one week, in the planner's
 * slots of five minutes: the same facts (schedule_facts.h) in the shape that
 * planner/plan.h asks for. It is never wider than the rules: where a rule
 * differs between the days of the week, the tightest day's number holds for
 * all of them; whatever is not on the grid is widened to it. Pure.
 *
 * A week is Monday to Sunday of the person's own zone, and a lesson lies in the child's and in the
 * mentor's: so whose load counts is never in doubt. The line of slots begins
 * twelve hours before the Monday of the centre, so the weeks of all zones within
 * twelve hours of it lie on it.
 */
#ifndef PARTA_DOMAIN_OPENINGS_H
#define PARTA_DOMAIN_OPENINGS_H

#include "server/domain/planner/plan.h"
#include "server/domain/schedule_facts.h"

#define SLOT_MS INT64_C(300000)

struct week_line {
    int64_t slot0_ms; /* UTC */
    int64_t monday;   /* days since 1970 */
};

/* ERR_NOTFOUND: unknown zone; ERR_INVAL: monday is no Monday. */
enum err week_line_of(const char *centre_tz, int64_t monday, struct week_line *out) MUST_CHECK;

static inline int64_t slot_ms(const struct week_line *l, int slot)
{
    return l->slot0_ms + slot * SLOT_MS;
}

/* Slots that an interval touches, [*from, *to), cut to the line; false: none. */
bool slots_touched(const struct week_line *l, int64_t from_ms, int64_t to_ms, int *from, int *to);

/* The wall clock of one zone along the line. */
struct slot_clock {
    struct plan_days days;      /* 1 Monday .. 7 Sunday of the week; 0 before, 8 and 9 after it */
    int16_t minute[PLAN_SLOTS]; /* of the local day, where the slot begins */
    int64_t monday;
};

/* ERR_NOTFOUND: unknown zone; ERR_INVAL: a year out of range. */
enum err slot_clock_read(struct slot_clock *c, const char *tz,
                         const struct week_line *l) MUST_CHECK;

/* One set for each rule that can stand in a child's way, and the numbers beside them. */
struct child_openings {
    struct slot_set future;   /* R1: not past */
    struct slot_set window;   /* R10 and the week itself */
    struct slot_set rest;     /* R11 */
    struct slot_set blocks;   /* R2, R12 */
    struct slot_set school;   /* R13, where the policy makes it hard */
    struct slot_set validity; /* R14 of the recommendation */
    int lesson_minutes;       /* R5, R6 where hard: the longest lesson */
    int per_day;              /* R7, R6 where hard */
    int week_minutes;         /* R8; 0: no limit */
};

/* clock: of the child's zone; school_clock: of its school's (both NULL: its rules are not asked).
 */
void child_openings_of(const struct child_facts *child, const struct school_facts *school,
                       const struct slot_clock *clock, const struct slot_clock *school_clock,
                       const struct schedule_policy *policy, const struct week_line *line,
                       int64_t now_ms, struct child_openings *out);

/* R13: the mentor's own hours of its week; all of it where none are known. */
void mentor_openings_of(const struct mentor_facts *mentor, const struct slot_clock *clock,
                        struct slot_set *out);

/* Days of an approved line or an employment (R14, R16), on a clock: only these slots stay. */
void slots_keep_days(struct slot_set *s, const struct slot_clock *clock, struct day_span days);

#endif
