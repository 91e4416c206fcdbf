/* SPDX-License-Identifier: Apache-2.0
 *
 * Invented networks for the planner: children, mentors, schools in five zones, in which a whole
 * week was planted before the free times were cut down round it, so a complete plan is known to
 * exist (PLANNER section 5). The facts are kept in local minutes; the planner's problem is derived
 * from them, and the judge reads the facts alone.
 *
 * Instants are minutes from Sunday 00:00 UTC; local day 0 is the zone's Sunday, 1 its Monday.
 */
#ifndef PARTA_TESTS_PLAN_WORLD_H
#define PARTA_TESTS_PLAN_WORLD_H

#include <stdbool.h>

#include "server/domain/planner/plan.h"
#include "tests/support/rnd.h"

#define WORLD_ZONES 5
#define WORLD_SUBJECTS 10

/* Local time of a zone: before and after the one change it may have in the week. */
struct world_zone {
    int offset_min;
    int changes_at_min; /* instant; beyond the week: none */
    int offset_after_min;
};

/* [from, to) minutes of a local day. */
struct world_hours {
    int day, from, to;
};

struct world_school {
    int zone;
    int from, to; /* each day, school's local minutes */
};

struct world_child {
    int zone, school;
    int gap_min, per_day, long_break_min, week_min;
    unsigned rest_days; /* bit per local day */
    struct world_hours treatment;
    int hours_at, hours_n; /* recommended hours, into world.hours */
};

struct world_mentor {
    int zone;
    int subjects[2];
    int cap_min, gap_min;
    int hours_at, hours_n;
    int employment_at, employment_n;
};

struct world_employment {
    int mentor, school, cap_min;
};

struct world_knobs {
    int children, mentors, schools;
    int child_slack_min, mentor_slack_min; /* round each planted lesson, at most */
    int candidates;                        /* per line, at most; 1: the planted mentor is fixed */
    int cap_slack_min;                     /* above the planted load, at most */
    int long_break_min;
    bool pieces;       /* free times are pieces round each lesson, not one window a day */
    bool clock_change; /* the first zone changes to winter time in the week */
};

struct world {
    struct world_knobs knobs;
    struct world_zone zones[WORLD_ZONES];
    struct world_school *schools;
    struct world_child *children;
    struct world_mentor *mentors;
    struct world_employment *employments;
    struct world_hours *hours;
    int employments_n, hours_n;

    /* the planted week, and the problem that borrows what follows */
    int *planted_start; /* slot of each lesson */
    struct plan_problem problem;
    struct plan_child *plan_children;
    struct plan_mentor *plan_mentors;
    struct plan_employment *plan_employments;
    struct plan_line *plan_lines;
    struct plan_candidate *plan_candidates;
    struct plan_lesson *plan_lessons;
    struct plan_layer *layers;
    struct slot_set *sets;
    struct plan_days days[WORLD_ZONES];
    int child_fill, mentor_fill; /* thousandths: planted minutes with gaps / free minutes */
};

struct world_knobs world_knobs_default(void);

/* A world of the seed; aborts without memory. */
struct world *world_new(const struct world_knobs *knobs, uint64_t seed);
void world_free(struct world *w);

int world_offset(const struct world_zone *z, int instant_min);

/* Takes one working day from each of n mentors that have one, and derives their layers again. */
void world_cut_days(struct world *w, int n, uint64_t seed);

#endif
