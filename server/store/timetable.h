/* SPDX-License-Identifier: Apache-2.0
 *
 * The facts that the rules of the timetable look at (domain/schedule_facts.h),
 * gathered from rows for one mentor and some children. What nobody has entered
 * (a school's working hours, a mentor's free times) stays unknown, and its
 * rules are not asked; nor is a child asked for a recommendation that never
 * had one. Approved lines are always known: a child without any has none
 * (R16). Gates and consents are not gathered: whoever judges asks for them by
 * itself and may write them in; until then they are open. Desk thread.
 */
#ifndef PARTA_STORE_TIMETABLE_H
#define PARTA_STORE_TIMETABLE_H

#include "server/domain/papers.h"
#include "server/domain/schedule_facts.h"
#include "server/store/choice.h"
#include "server/store/hours.h"
#include "server/store/lesson.h"
#include "server/store/programme.h"

#define TIMETABLE_EMPLOYMENTS 16
#define TIMETABLE_ADVICE 8 /* recommendations of a child: those that end last */

struct timetable_query {
    struct org_id centre; /* whose policy */
    int64_t draft;        /* schedule version whose planned lessons are in the way, too; 0: none */
    struct mentor_id mentor; /* 0: none, the week of children alone */
    struct child_id children[LESSON_CHILDREN_MAX];
    int children_n;
    int64_t at_ms; /* whose policy and schools: the lesson's start */
    int64_t now_ms;
    int64_t from_ms, to_ms; /* booked rows that touch it; take whole weeks */
};

/* Owns all that facts points to; never copied. */
struct timetable {
    struct schedule_facts facts;
    struct schedule_policy policy;
    struct booked_list booked;
    struct gate_span open;
    struct child_facts children[LESSON_CHILDREN_MAX];
    char child_tz[LESSON_CHILDREN_MAX][ZONE_NAME_MAX];
    struct advice advice[LESSON_CHILDREN_MAX][TIMETABLE_ADVICE];
    struct section_blocks sections[LESSON_CHILDREN_MAX]; /* owned: meetings of the places it has */
    struct week_span advised_hours[LESSON_CHILDREN_MAX][TIMETABLE_ADVICE][7];
    struct school_facts schools[LESSON_CHILDREN_MAX];
    char school_tz[LESSON_CHILDREN_MAX][ZONE_NAME_MAX];
    struct school_calendar calendars[LESSON_CHILDREN_MAX]; /* owned, as the next two */
    struct treatment_block *treatments[LESSON_CHILDREN_MAX];
    struct approved_line *lines[LESSON_CHILDREN_MAX];
    struct programme_policy programme;
    struct mentor_facts mentor;
    char mentor_tz[ZONE_NAME_MAX];
    struct week_span mentor_hours[HOURS_ROWS_MAX];
    struct employment_fact employments[TIMETABLE_EMPLOYMENTS];
};

/* ERR_NOTFOUND: no such mentor or child; ERR_DB: a setting or row that cannot be read. */
enum err timetable_open(struct db *db, const struct timetable_query *q,
                        struct timetable **out) MUST_CHECK;
void timetable_close(struct timetable *t); /* NULL is fine */

/* A doctor counts lessons, the rules count minutes. hours: room for a week. */
struct advice timetable_advice(const struct recommendation *r, const struct schedule_policy *p,
                               struct week_span hours[7]);

/* R16 is not asked: the lesson is an introduction, and no hour of the programme. */
void timetable_no_lines(struct timetable *t);

/* R16: that lesson gave no hour, whether it is computed already or not. */
void timetable_lost(struct timetable *t, struct lesson_id lesson);

/* A lesson of the query's mentor and children; subject by row id, the rest of it 0. */
struct booked_lesson timetable_plan(const struct timetable *t, struct lesson_id id, int64_t subject,
                                    int64_t start_ms, int64_t end_ms);

#endif
