/* SPDX-License-Identifier: Apache-2.0
 *
 * Problems for the planner that a test builds by hand or rolls: at most a few people, whose facts
 * the test may change before it plans. Day d of everybody is slots 288 d .. 288 d + 287.
 */
#ifndef PARTA_TESTS_PLAN_SMALL_H
#define PARTA_TESTS_PLAN_SMALL_H

#include "server/domain/planner/plan.h"
#include "tests/support/rnd.h"

#define SMALL_PEOPLE 4
#define SMALL_LINES 20
#define SMALL_LESSONS 64
#define SMALL_LAYERS 4
#define DAY_SLOTS 288

struct small {
    struct plan_problem problem;
    struct plan_child children[SMALL_PEOPLE];
    struct plan_mentor mentors[SMALL_PEOPLE];
    struct plan_employment employments[SMALL_PEOPLE];
    struct plan_line lines[SMALL_LINES];
    struct plan_candidate candidates[SMALL_LINES][SMALL_PEOPLE];
    struct plan_lesson lessons[SMALL_LESSONS];
    struct plan_layer child_layers[SMALL_PEOPLE][SMALL_LAYERS];
    struct plan_layer mentor_layers[SMALL_PEOPLE][SMALL_LAYERS];
    struct slot_set child_sets[SMALL_PEOPLE][SMALL_LAYERS];
    struct slot_set mentor_sets[SMALL_PEOPLE][SMALL_LAYERS];
    struct plan_days days;
};

/* Everybody has one layer (window; mentor's hours) that is open from 100 to 200 of the days 1..5,
 * gaps of 2 and 1, 4 lessons a day, no other limit; employment i is of mentor i. No lines yet. */
void small_init(struct small *s, int children, int mentors);

/* A line of the child with these lessons; mentor -1: any of them. Returns the line. */
int small_line(struct small *s, int child, int mentor, int lessons, int length);

/* One more layer for a child or mentor, open but for [from, to). */
void small_block_child(struct small *s, int child, enum plan_rule rule, int from, int to);
void small_block_mentor(struct small *s, int mentor, enum plan_rule rule, int from, int to);

/* A rolled problem with few starts, small enough for small_best. */
void small_roll(struct small *s, struct rnd *r);

/* A rolled crowd: days of four lessons and more with a long break, mentors to be chosen, too little
 * room. Too large for small_best. */
void small_roll_crowd(struct small *s, struct rnd *r);

/* Every hard rule, by pairs and sums: how many are broken. start -1: not placed. */
int small_faults(const struct small *s, const int *start, const int *candidate);

/* The most lessons that any week places, by trying every start of every lesson, and none. */
int small_best(const struct small *s);

#endif
