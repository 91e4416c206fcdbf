/* SPDX-License-Identifier: Apache-2.0
 *
 * What the planner needs for one week of a centre, gathered from rows: approved
 * lines, free and treatment times, what the rules leave open
 * (domain/openings.h), mentors that may teach, what is published already.
 * Any thread, on a connection of its own inside a transaction: all of it is one
 * moment's.
 *
 * Wanted are the approved minutes of the week that no lesson on the timetable
 * gives yet, in lessons of the length that is wished and allowed. What is
 * published stays where it is and is in the way; in repair, lessons with one
 * child that begin later than the notice of R19 may move instead.
 *
 * Stricter than the rules: a mentor is a candidate if can_teach says so at both
 * ends of the week.
 */
#ifndef PARTA_STORE_PLAN_FACTS_H
#define PARTA_STORE_PLAN_FACTS_H

#include "common/base/ids.h"
#include "server/domain/openings.h"
#include "server/domain/plan_run.h"
#include "server/store/db.h"

struct plan_query {
    struct org_id centre;
    int64_t monday; /* days since 1970 */
    enum plan_mode mode;
    int64_t now_ms;
};

/* What a lesson of the problem is in the records. */
struct plan_of_lesson {
    struct child_id child;
    int64_t subject;
    struct lesson_id was; /* the published one that it is; 0: a new one */
};

/* Approved, and not even a lesson of the problem. */
struct plan_refused {
    struct child_id child;
    int64_t subject;
    int minutes;
    enum plan_rule rule;
};

/* Owns all that problem points to; never copied. */
struct plan_facts {
    struct week_line line;
    struct plan_problem problem; /* people's ids are row ids; a mentor of id 0 stands for a fixed
                                    lesson */
    struct plan_of_lesson *of;   /* by index of problem.lessons */
    size_t of_n;
    int fixed; /* pinned lessons: they are not wanted, they are there */
    struct plan_refused *refused;
    size_t refused_n;
    struct plan_facts_inside *inside;
};

/* ERR_NOTFOUND: no such centre; ERR_INVAL: monday is none; ERR_DB: a row or a setting that cannot
 * be read. */
enum err plan_facts_load(struct db *db, const struct plan_query *q,
                         struct plan_facts **out) MUST_CHECK;
void plan_facts_free(struct plan_facts *f); /* NULL is fine */

/* The dated settings of a centre. */
enum err policy_plan(struct db *db, struct org_id org, int64_t at_ms,
                     struct plan_policy *out) MUST_CHECK;

#endif
