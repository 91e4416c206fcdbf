/* SPDX-License-Identifier: Apache-2.0
 *
 * The planner of the network schedule (DOMAIN section 6, rules of section 5): from approved lines,
 * free times, limits and employments it proposes a start and a mentor for every lesson of one
 * week, says what it left out and which rule stands in the way, and how far from the best possible
 * the proposal can be. It proposes; whether a week may be published is decided by the rules of
 * server/domain/schedule, which share nothing with it.
 *
 * A problem is plain facts in slots of five minutes; every limit is a number of the caller's
 * policy. The result depends on the problem, the seed and the count of steps, on nothing else: no
 * clock, no address, no float. Children and mentors that no lesson connects are planned apart, so a
 * change in one school does not roll the dice of another. The state has no clash at any moment, so
 * it may be stopped at any moment and the best found is kept.
 *
 * Not here: groups of children, soft wishes (screen minutes R6, light days), substitutes (R17).
 */
#ifndef PARTA_DOMAIN_PLANNER_PLAN_H
#define PARTA_DOMAIN_PLANNER_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/domain/planner/slotset.h"

#define PLAN_DAYS 10        /* local days that a line of 8 days can touch, numbered from 0 */
#define PLAN_LENGTH_MAX 24  /* slots of one lesson */
#define PLAN_PER_DAY_MAX 16 /* lessons of one child on one local day */

/* code, number of the rule in DOMAIN section 5, name on the wire */
#define PLAN_RULE_LIST(X)                                                                          \
    X(NONE, 0, "none")                                                                             \
    X(PAST, 1, "in_the_past")            /* what is over, or begins now */                         \
    X(WINDOW, 10, "day_window")          /* child's local day window and recommended hours */      \
    X(REST, 11, "rest_day")              /* rest days and holidays of the child */                 \
    X(BLOCKS, 12, "blocks")              /* treatment, sections, travel */                         \
    X(SCHOOL, 13, "school_hours")        /* the school's working hours in the school's zone */     \
    X(VALIDITY, 14, "validity")          /* recommendation or employment ends */                   \
    X(MENTOR_HOURS, 13, "mentor_hours")  /* the mentor's hours in the mentor's zone */             \
    X(MENTOR_EVENTS, 3, "mentor_events") /* the mentor's events and other bookings */              \
    X(CHILD_BUSY, 9, "child_lessons")    /* R2, R9: lessons of the child and the breaks between */ \
    X(MENTOR_BUSY, 3, "mentor_lessons")  /* lessons of the mentor and the turn-round */            \
    X(PER_DAY, 7, "lessons_per_day")                                                               \
    X(SUBJECT_DAY, 7, "subject_per_day") /* one lesson of a subject a day */                       \
    X(LONG_BREAK, 9, "long_break")       /* the day's long break after the 2nd or 3rd lesson */    \
    X(WEEK, 8, "week_minutes")           /* the child's week */                                    \
    X(LOAD, 15, "mentor_load")           /* the mentor's or the employment's week */               \
    X(LENGTH, 5, "lesson_length")        /* no lesson is both long and short enough */             \
    X(GATES, 4, "no_candidate")          /* nobody may teach this line */

enum plan_rule {
#define X(code, number, name) PLAN_##code,
    PLAN_RULE_LIST(X)
#undef X
        PLAN_RULE_COUNT
};

int plan_rule_number(enum plan_rule r); /* 9 for R9 */
const char *plan_rule_name(enum plan_rule r);

/* What one rule leaves open. A person is free where all of its layers are; persons share them. */
struct plan_layer {
    enum plan_rule rule;
    const struct slot_set *open;
};

/* The local day of each slot, 0..PLAN_DAYS-1, never falling: one table for a zone and a week. */
struct plan_days {
    uint8_t of[PLAN_SLOTS];
};

struct plan_child {
    int64_t id;
    const struct plan_layer *layers;
    int layers_n;
    const struct plan_days *days;
    int gap;        /* R9: slots between two lessons */
    int per_day;    /* R7: 1..PLAN_PER_DAY_MAX */
    int week_slots; /* R8: lesson slots in the week; 0 = no limit */
    int long_break; /* R9: on days of 3 lessons or more, slots after the 2nd or 3rd; 0 = no rule */
};

struct plan_mentor {
    int64_t id;
    const struct plan_layer *layers;
    int layers_n;
    const struct plan_days *days;
    int gap;        /* R3: turn-round, slots */
    int week_slots; /* R15: over all employments; 0 = no limit */
};

struct plan_employment {
    int64_t id;
    int mentor;     /* index */
    int week_slots; /* R15; 0 = no limit */
};

/* Who passes the gates (R4) for a line. */
struct plan_candidate {
    int employment; /* index */
    int cost;       /* 0 last week's mentor < same school < other; >= 0 */
};

struct plan_line {
    int64_t id;
    int child; /* index */
    int subject;
    const struct plan_candidate *candidates;
    int candidates_n; /* 0: its lessons cannot be placed */
    int chosen;       /* the candidate that is to stay, or -1: to be chosen */
};

struct plan_lesson {
    int64_t id;
    int line;
    int length;    /* slots */
    int published; /* start of the published week, or -1 */
    bool pinned;   /* stays at published whatever else: its line has a chosen candidate */
};

struct plan_problem {
    const struct plan_child *children;
    const struct plan_mentor *mentors;
    const struct plan_employment *employments;
    const struct plan_line *lines;
    const struct plan_lesson *lessons;
    int children_n;
    int mentors_n;
    int employments_n;
    int lines_n;
    int lessons_n;
};

struct plan_progress {
    int lessons;
    int placed; /* of the best week so far */
    int bound;  /* no week places more; placed == bound is a proof */
    int unplaced;
    int64_t steps;
};

struct plan_options {
    uint64_t seed;
    int64_t steps_per_lesson; /* search ends after so many per lesson of a component */
    int moves_per_rescue;     /* re-planning: lessons moved for one that was left, at most */
    int chain_nodes;          /* places tried for one lesson in a chain */
    int exact_nodes;          /* places tried in one exact search */
    bool (*stop)(void *ctx, const struct plan_progress *at); /* every 256 steps; NULL: never */
    void *ctx;
};

struct plan_options plan_options_default(void);

struct plan; /* owns its memory, borrows the problem */

/* Checks the problem (ERR_INVAL: an index, a length or a limit out of range, or a pinned lesson
 * without a place) and takes all memory that planning will need (ERR_NOMEM). */
enum err plan_new(struct plan **out, const struct plan_problem *problem,
                  const struct plan_options *options) MUST_CHECK;
void plan_free(struct plan *p);

/* A complete week from nothing but pinned lessons; published starts are not looked at. */
void plan_week(struct plan *p);

/* The published week again: what can stay stays, whatever lost its place is put elsewhere, with
 * at most moves_per_rescue others moved for each. Mentors do not change. */
void plan_repair(struct plan *p);

struct plan_progress plan_progress(const struct plan *p);

/* Start of a lesson, or -1; candidate (index in its line), or -1. */
int plan_start(const struct plan *p, int lesson);
int plan_candidate(const struct plan *p, int line);

/* How often the search threw the lesson out: the strongest blockers when no certificate is found.
 */
int plan_evictions(const struct plan *p, int lesson);

struct plan_changes {
    int kept;   /* at its published start */
    int forced; /* its published place is no longer possible; placed elsewhere (rescued) */
    int moved;  /* could have stayed, moved to make room */
    int added;  /* not published before, placed */
    int left;   /* not placed */
};

/* The published week against the plan. */
struct plan_changes plan_changes(const struct plan *p);

#define PLAN_WATERFALL_MAX 24
#define PLAN_HALL_MAX 64

/* How many starts are left after each rule, in the order of the rules. */
struct plan_fall {
    enum plan_rule rule;
    int left;
};

/* Why one lesson has no place with one candidate, beside all lessons that are placed now. */
struct plan_why {
    struct plan_fall fall[PLAN_WATERFALL_MAX];
    int fall_n;
    enum plan_rule emptied_by;  /* the first rule that leaves nothing; NONE: there is a place */
    int opens[PLAN_RULE_COUNT]; /* starts, if this rule alone were dropped */
    enum plan_rule would_fit;   /* the rule that opens the most; NONE: none alone does */
    int would_fit_starts;
};

/* lesson: not placed; candidate: of its line, or 0 with an empty line. */
void plan_explain(struct plan *p, int lesson, int candidate, struct plan_why *out);

/* A proof that these lessons cannot all be placed: they need more places than there are. */
struct plan_certificate {
    int lessons[PLAN_HALL_MAX];
    int lessons_n;
    int places;     /* < lessons_n */
    bool of_mentor; /* whose places: the mentor's or the child's */
    int person;     /* index */
    int from, to;   /* their starts all lie in [from, to) */
};

/* A smallest such set with the lesson in it. False: "not found", which is not "possible". */
bool plan_certify(struct plan *p, int lesson, struct plan_certificate *out);

#endif
