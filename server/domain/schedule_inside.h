/* SPDX-License-Identifier: Apache-2.0
 *
 * What the files of the timetable's rules share: where violations go, and the
 * local calendar of a lesson. Not for other files.
 */
#ifndef PARTA_DOMAIN_SCHEDULE_INSIDE_H
#define PARTA_DOMAIN_SCHEDULE_INSIDE_H

#include "common/base/now.h"
#include "server/domain/sat.h"
#include "server/domain/schedule_facts.h"

/* The first cap are kept, all are counted. */
struct findings {
    struct violation *out;
    size_t cap;
    size_t n;
    struct lesson_id lesson;
};

void report_hard(struct findings *f, struct violation v);
void report_soft(struct findings *f, struct violation v);
void report_as(struct findings *f, bool hard, struct violation v);

int64_t minutes_up(int64_t ms);

/* Does the row stand in anybody's way, being not the plan's own? */
bool in_the_way(const struct booked_lesson *b, struct lesson_id own);
bool has_child(const struct booked_lesson *b, struct user_id child);
bool has_school(const struct booked_lesson *b, struct org_id school);

/* Common time of two half-open intervals, 0 if none; and the time between them if there is none. */
struct stretch {
    int64_t start_ms, end_ms;
};
int64_t common_ms(struct stretch a, struct stretch b);
int64_t between_ms(struct stretch a, struct stretch b);
struct stretch stretch_of(const struct booked_lesson *b);

/* A lesson on the clocks of one zone: pieces in which the wall clock runs without a jump and within
 * one local day. */
struct local_span {
    int64_t day;  /* since 1970 */
    int weekday;  /* ISO */
    int from, to; /* minutes of the day; from rounded down, to up */
};
#define LOCAL_SPANS_MAX 4 /* a day at most: one midnight, one jump of the clock, and room */

/* Returns the number of pieces, 0: unknown zone or a year out of range. */
size_t local_spans(const char *tz, struct stretch s, struct local_span out[LOCAL_SPANS_MAX]);

/* Is every minute of the piece inside one or more of the spans of its weekday? */
bool spans_cover(const struct week_span *spans, size_t n, const struct local_span *piece);

/* The instants of n local days from day on. A bound outside the known years, or of an unknown zone,
 * is the end of time. */
struct stretch days_of(const char *tz, int64_t day, int64_t n);
int64_t monday_of(int64_t day);
bool starts_in(const struct booked_lesson *b, struct stretch s);

/* schedule.c: R1; R2, R3 against one row */
void check_interval(const struct booked_lesson *p, const struct schedule_policy *policy,
                    int64_t now_ms, struct findings *f);
void check_row(const struct booked_lesson *p, const struct booked_lesson *b,
               const struct schedule_policy *policy, struct findings *f);

/* One child of a plan. span[0] is where the lesson starts. */
struct child_case {
    const struct booked_lesson *plan;
    const struct child_facts *child;
    const struct schedule_policy *policy;
    const struct booked_lesson *booked;
    size_t booked_n;
    struct local_span span[LOCAL_SPANS_MAX]; /* in the child's zone */
    size_t span_n;
    struct stretch day, week; /* of the child's calendar, as instants */
};

/* False (and reported): unknown zone. */
bool child_case_open(struct child_case *c, const struct booked_lesson *plan,
                     const struct child_facts *child, const struct schedule_policy *policy,
                     const struct booked_lesson *booked, size_t booked_n, struct findings *f);

/* schedule_child.c: R5, R6, R7, R9, R10, R11 by weekday, R14 of the recommendation */
void check_child(const struct child_case *c, struct findings *f);
/* R5 at a moment, minutes; 0: no limit, or an unknown zone */
int lesson_limit(const struct child_facts *child, const struct schedule_policy *policy,
                 int64_t at_ms);
/* schedule_week.c: R8; R15 of the mentor; R16 */
void check_child_week(const struct child_case *c, const struct school_facts *school,
                      struct findings *f);
void check_mentor_week(const struct booked_lesson *plan, const struct schedule_facts *facts,
                       struct findings *f);
/* schedule_place.c: R2 of sections and treatments, R11 holidays, R12, R13, R14 of employment */
void check_blocks(const struct child_case *c, struct findings *f);
void check_places(const struct booked_lesson *plan, const struct schedule_facts *facts,
                  struct findings *f);

const struct school_facts *school_of(const struct schedule_facts *facts, struct org_id id);
/* Is the day one of the span? */
bool day_in(struct day_span span, int64_t day);
/* The tightest of a norm and what the recommendations of the day say; 0 is "no limit". */
int tighter(int limit, int other);

#endif
