/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside plan_facts: the lists that grow while rows are gathered, and what its
 * files share. Nobody else includes this.
 */
#ifndef PARTA_STORE_PLAN_INSIDE_H
#define PARTA_STORE_PLAN_INSIDE_H

#include "server/store/hours.h"
#include "server/store/plan_facts.h"
#include "server/store/plan_rows.h"
#include "server/store/timetable.h"

struct zone_clock {
    char tz[ZONE_NAME_MAX];
    struct slot_clock *clock; /* owned */
};

/* A person's sets, at a place that does not move. */
struct child_box {
    struct child_openings open;
    struct plan_layer layers[6];
};

struct mentor_box {
    struct mentor_id id;
    struct slot_set hours, events;
    struct plan_layer layers[2];
    int index; /* in the problem */
    struct job {
        struct org_id school;
        int index;
    } jobs[TIMETABLE_EMPLOYMENTS];
    int jobs_n;
};

#define LIST_OF(type)                                                                              \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t n;                                                                                  \
    }

struct plan_facts_inside {
    /* owned */
    LIST_OF(struct zone_clock) clocks;
    LIST_OF(struct child_box *) child_boxes;
    LIST_OF(struct mentor_box *) mentor_boxes;
    LIST_OF(struct plan_candidate *) candidates;
    LIST_OF(struct plan_child) children;
    LIST_OF(struct plan_mentor) mentors;
    LIST_OF(struct plan_employment) employments;
    LIST_OF(struct plan_line) lines;
    LIST_OF(struct plan_lesson) lessons;
    struct movable_rows movable; /* repair only */
};

/* The work in hand. */
struct builder {
    struct db *db;
    const struct plan_query *q;
    struct plan_facts *f;
    struct plan_facts_inside *in;
    struct schedule_policy policy;
    struct mentor_id any;   /* of the centre; 0: it has none */
    int64_t from_ms, to_ms; /* the line */
};

/* The child in hand. */
struct child_work {
    const struct programme_row *row;
    const struct slot_clock *clock, *school_clock;
    struct timetable *t; /* NULL: the centre has no mentor */
    struct child_box *box;
    int index;
    int pseudo; /* employment of who gives its fixed lessons, -1: none yet */
};

/* One more item of a list of b->in; NULL: no memory. */
#define ADD(list)                                                                                  \
    (facts_grow((void **)&(list).items, (list).n, sizeof *(list).items)                            \
         ? &(list).items[(list).n++]                                                               \
         : NULL)

bool facts_grow(void **items, size_t n, size_t size);

/* The clock of a zone, read once. ERR_DB: nobody knows the zone. */
enum err facts_clock(struct builder *b, const char *tz, const struct slot_clock **out) MUST_CHECK;
/* child NULL: the mentor alone. */
enum err facts_timetable(const struct builder *b, struct mentor_id mentor,
                         const struct child_id *child, struct timetable **out) MUST_CHECK;

/* The slots of rows of a kind that hold on their day; *any: there is such a row in the week. */
struct slot_set facts_times(const struct hours_list *rows, enum hours_kind kind,
                            const struct slot_clock *clock, bool *any);

int facts_slots_up(int minutes);
/* Is it one of the lessons that may be put elsewhere? */
bool facts_may_move(const struct builder *b, struct lesson_id id);
bool facts_stands(const struct booked_lesson *l);

/* plan_people.c: a mentor of the problem, gathered when first asked for; and the place of its
 * employment at a school, -1 if there is none. */
enum err facts_mentor(struct builder *b, struct mentor_id id, struct mentor_box **out) MUST_CHECK;
int facts_job(const struct mentor_box *m, struct org_id school);

/* plan_lines.c: lessons that stay, then those of an approved line. */
enum err facts_fixed(struct builder *b, struct child_work *w) MUST_CHECK;
enum err facts_line(struct builder *b, const struct child_work *w,
                    const struct line_row *r) MUST_CHECK;

#endif
