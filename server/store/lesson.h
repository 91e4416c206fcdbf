/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons on the schedule. Overlaps, edits after the door has opened and
 * deletes are refused by the database itself; the refusal's name is then in
 * db_refusal: "mentor_overlap", "child_overlap", "lesson_frozen". Desk thread.
 */
#ifndef PARTA_STORE_LESSON_H
#define PARTA_STORE_LESSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/lesson.h"
#include "server/domain/report.h"
#include "server/domain/schedule.h"
#include "server/store/db.h"
#include "server/store/org.h"
#include "server/store/user.h"

#define LESSON_REASON_MAX 400

struct lesson_seat {
    struct child_id child;
    struct user_id user;
    struct org_id school; /* of registration when the lesson was planned */
    int grade;
    char name[USER_NAME_MAX + 1];
    char short_name[USER_NAME_MAX + 1];
    char animal[USER_ANIMAL_MAX + 1];
};

struct lesson {
    struct lesson_facts facts; /* id, state, times, mentor's and children's users */
    struct lesson_seat seats[LESSON_CHILDREN_MAX]; /* same order as facts.children */
    int seats_n;
    struct org_id org;               /* centre */
    int64_t version;                 /* of the schedule */
    struct mentor_id mentor;         /* who teaches */
    struct mentor_id planned_mentor; /* differs: a substitute teaches */
    char mentor_name[USER_NAME_MAX + 1];
    char mentor_short[USER_NAME_MAX + 1];
    char mentor_animal[USER_ANIMAL_MAX + 1];
    int64_t subject_id;
    char subject[81]; /* code */
    int subject_colour;
    char kind[25];   /* of a gathering "seminar" or "meeting" */
    char title[161]; /* of a gathering, else "" */
    char tz[ZONE_NAME_MAX];
    int64_t state_ms;
    char reason[LESSON_REASON_MAX + 1];
    enum side side;
    struct lesson_id make_up_of; /* 0: none */
    struct lesson_id moved_to;   /* 0: none */
    int seq;
    int64_t rev;          /* for If-Match */
    bool computed;        /* the register has a run of it */
    enum outcome outcome; /* of the newest run; OUTCOME_NOT_HELD without one */
};

struct lesson_list {
    struct lesson *items; /* owned */
    size_t n;
};

/* A new lesson. state: LESSON_SCHEDULED (or PLANNED in a draft). */
struct lesson_plan {
    struct org_id org;
    int64_t subject_id;
    struct mentor_id mentor;
    struct mentor_id planned_mentor; /* 0: the same */
    struct child_id children[LESSON_CHILDREN_MAX];
    int children_n;
    int64_t start_ms, end_ms;
    const char *tz;
    const char *kind; /* NULL: "lesson" or, with several children, "group" */
    enum lesson_state state;
    struct lesson_id make_up_of;
};

enum err lesson_load(struct db *db, struct lesson_id id, struct lesson *out) MUST_CHECK;

/* Only what admission needs: cheaper. With the window by policy and J7, and R6 by grade. */
enum err lesson_facts_load(struct db *db, struct lesson_id id, struct lesson_facts *out) MUST_CHECK;

/* ERR_STATE and db_refusal: an overlap. The caller opens the transaction. */
/* The row alone, without anybody in it. */
enum err lesson_add_row(struct db *db, const struct lesson_plan *p, int64_t now_ms,
                        struct user_id by, struct lesson_id *out) MUST_CHECK;
enum err lesson_add(struct db *db, const struct lesson_plan *p, int64_t now_ms, struct user_id by,
                    struct lesson_id *out) MUST_CHECK;
/* Into a version of the schedule that is not the published one. */
enum err lesson_add_to(struct db *db, const struct lesson_plan *p, int64_t version, int64_t now_ms,
                       struct user_id by, struct lesson_id *out) MUST_CHECK;

/* The old one becomes rescheduled and points to the new one. */
enum err lesson_move(struct db *db, struct lesson_id id, int64_t start_ms, int64_t end_ms,
                     const char *reason, enum side side, int64_t now_ms, struct user_id by,
                     struct lesson_id *out) MUST_CHECK;
/* ERR_STATE with db_refusal "": the state does not allow it. */
enum err lesson_cancel(struct db *db, struct lesson_id id, const char *reason, enum side side,
                       int64_t now_ms) MUST_CHECK;
/* Another mentor teaches; a lesson that needed a substitute is scheduled again. */
enum err lesson_substitute(struct db *db, struct lesson_id id, struct mentor_id mentor,
                           const char *reason, int64_t now_ms) MUST_CHECK;
enum err lesson_needs_substitute(struct db *db, struct lesson_id id, const char *reason,
                                 int64_t now_ms) MUST_CHECK;

/* By lesson_state_may_become; a step over OPEN (nobody came, or the first who came met the mentor
 * at once) is taken as two. ERR_STATE: not drawn in DOMAIN 4.3. Same state: ok, nothing done. */
enum err lesson_set_state(struct db *db, struct lesson_id id, enum lesson_state to,
                          int64_t at_ms) MUST_CHECK;

/* A stored side ("none" too) into *out; blames the row for an unknown word. */
void row_side(struct query *q, enum side *out);

/* Zero fields do not narrow. Never gatherings (gathering.h). Lessons that start in [from_ms,
 * to_ms), by start. */
struct lesson_filter {
    struct user_id user;     /* teaches it or is a child of it */
    struct user_id guardian; /* of a child of it, by links that stand at from_ms */
    struct child_id child;
    struct mentor_id mentor;
    struct org_id centre;
    struct org_id school; /* a child of it is registered there */
    int64_t from_ms, to_ms;
    bool with_planned; /* drafts too */
};
enum err lesson_list(struct db *db, const struct lesson_filter *f,
                     struct lesson_list *out) MUST_CHECK;
void lesson_list_free(struct lesson_list *l);

/* Everything in whose way a plan could stand: lessons of the mentor or of any of the children that
 * touch [from_ms, to_ms). For schedule_check and schedule_free_slots. */
struct booked_list {
    struct booked_lesson *items; /* owned */
    size_t n;
};
enum err booked_list(struct db *db, struct mentor_id mentor, const struct child_id *children,
                     int children_n, int64_t from_ms, int64_t to_ms,
                     struct booked_list *out) MUST_CHECK;
/* The same beside the planned lessons of a draft. */
enum err booked_with_draft(struct db *db, int64_t draft, struct mentor_id mentor,
                           const struct child_id *children, int children_n, int64_t from_ms,
                           int64_t to_ms, struct booked_list *out) MUST_CHECK;
void booked_list_free(struct booked_list *l);

/* The published schedule of a centre; made if there is none. */
enum err schedule_published(struct db *db, struct org_id org, int64_t now_ms, struct user_id by,
                            int64_t *out_version) MUST_CHECK;

#endif
