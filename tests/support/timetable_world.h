/* SPDX-License-Identifier: Apache-2.0
 *
 * A small world in which the lesson of Monday, 5 October 2026, 10:00-10:30 in
 * Moscow is in order, for tests that change one thing.
 */
#ifndef PARTA_TESTS_TIMETABLE_WORLD_H
#define PARTA_TESTS_TIMETABLE_WORLD_H

#include "common/base/now.h"
#include "server/domain/schedule_facts.h"

#define MIN MS_PER_MIN
#define KID 20
#define KID2 21
#define TEACHER 10
#define SCHOOL 5
#define MATHS 7

/* A small world in which the lesson of Monday 10:00-10:30 is in order. */
struct world {
    struct schedule_policy policy;
    struct gate_span gate;
    struct advice advice[2];
    struct treatment_block treatment;
    struct section_block section;
    struct approved_line line;
    int64_t holiday;
    struct employment_fact job[2];
    struct mentor_facts mentor;
    struct school_facts school;
    struct child_facts child[2];
    struct schedule_change change;
    struct booked_lesson booked[16];
    struct booked_lesson plan;
    struct schedule_facts facts;
    struct violation v[32];
    size_t n;
};

/* Days and Moscow times of 2026. */
int64_t day_no(int month, int day);
int64_t at(int month, int day, int h, int mi);

/* TEACHER's with KID, of SCHOOL, in MATHS. */
struct booked_lesson lesson(int64_t id, int64_t start, int64_t minutes);

void world_init(struct world *w);
void book(struct world *w, struct booked_lesson l);
/* The plan's time. */
void move(struct world *w, int64_t start, int64_t minutes);

/* The only violation, or RULE_NONE; fails on another number or hardness. expect: and its figures.
 */
enum schedule_rule only(struct world *w, int number, bool hard);
void expect(struct world *w, enum schedule_rule rule, int number, bool hard, int64_t limit,
            int64_t value);
#define FINE(w) assert_int_equal(only(w, 0, true), RULE_NONE)

/* Judges; is the rule among the violations? */
bool judged(struct world *w, enum schedule_rule rule);

#endif
