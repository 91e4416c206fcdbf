/* SPDX-License-Identifier: Apache-2.0
 *
 * The catalogue of programmes, the programme of each child in its versions,
 * and the approved lines that come of them (server/domain/programme.h). Desk
 * thread.
 */
#ifndef PARTA_STORE_PROGRAMME_H
#define PARTA_STORE_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/hiring.h"
#include "server/domain/programme.h"
#include "server/store/db.h"

#define PROGRAMME_TITLE_MAX 240
#define PROGRAMME_REASON_MAX 400

/* ---- catalogue ---------------------------------------------------------------------------- */

struct programme {
    int64_t id;
    struct org_id centre;
    int64_t subject_id;
    char subject[81]; /* read only: its code */
    int grade;
    char title[PROGRAMME_TITLE_MAX + 1];
    int version; /* read only: one more than the last of this subject, grade and title */
    int week_minutes, year_minutes;
    int64_t created_ms;
};

struct programme_list {
    struct programme *items; /* owned */
    size_t n;
};

struct programme_topic {
    char title[PROGRAMME_TITLE_MAX + 1];
    int minutes;
};

struct programme_topic_list {
    struct programme_topic *items; /* owned; in their order */
    size_t n;
};

enum err programme_add(struct db *db, const struct programme *p,
                       const struct programme_topic *topics, size_t topics_n, int64_t now_ms,
                       struct user_id by, int64_t *out_id) MUST_CHECK;
enum err programme_load(struct db *db, int64_t id, struct programme *out) MUST_CHECK;
/* The last version of each, by subject, grade and title. subject 0, grade 0: any. */
enum err programme_list(struct db *db, struct org_id centre, int64_t subject, int grade,
                        struct programme_list *out) MUST_CHECK;
void programme_list_free(struct programme_list *l);
enum err programme_topics(struct db *db, int64_t programme,
                          struct programme_topic_list *out) MUST_CHECK;
void programme_topic_list_free(struct programme_topic_list *l);

/* ---- of a child --------------------------------------------------------------------------- */

struct child_programme {
    int64_t id;
    struct child_id child;
    int version;
    enum programme_state state;
    struct day_span days; /* last INT64_MAX: carried over, until further notice */
    int64_t until;        /* superseded: last day its lines hold; else DAY_NONE */
    char reason[PROGRAMME_REASON_MAX + 1];
    bool carried;
    struct user_id proposed_by, decided_by; /* 0: not yet */
    int64_t proposed_ms, decided_ms;
    int64_t rev;
    int64_t created_ms;
    struct programme_line lines[PROGRAMME_LINES_MAX];
    size_t lines_n;
};

struct child_programme_list {
    struct child_programme *items; /* owned */
    size_t n;
};

/* A draft with p's child, days and lines. ERR_STATE "unique": there is one that is not decided. */
enum err child_programme_add(struct db *db, const struct child_programme *p, int64_t now_ms,
                             struct user_id by, int64_t *out_id) MUST_CHECK;
enum err child_programme_load(struct db *db, int64_t id, struct child_programme *out) MUST_CHECK;
/* The newest version first. */
enum err child_programme_list(struct db *db, struct child_id child,
                              struct child_programme_list *out) MUST_CHECK;
/* Proposals of a centre's children, the one that waits longest first. */
enum err child_programme_waiting(struct db *db, struct org_id centre,
                                 struct child_programme_list *out) MUST_CHECK;
void child_programme_list_free(struct child_programme_list *l);
/* Writes p's days and lines over those of the draft. ERR_STATE: its rev is another now. */
enum err child_programme_save(struct db *db, const struct child_programme *p,
                              struct user_id by) MUST_CHECK;
/* The move is made: state, who, step. Approved: the one before is superseded and holds until the
 * day before. ERR_STATE "own_programme", or its rev is another now. */
enum err child_programme_move(struct db *db, const struct child_programme *p,
                              enum programme_state to, const char *reason, int64_t now_ms,
                              struct user_id by) MUST_CHECK;
/* Has the person written in it or proposed it? */
enum err child_programme_author(struct db *db, int64_t id, struct user_id user,
                                bool *out) MUST_CHECK;
/* Is there an approved one? */
enum err child_programme_stands(struct db *db, struct child_id child, bool *out) MUST_CHECK;

/* ---- approved lines ----------------------------------------------------------------------- */

struct approved_row {
    struct approved_line line; /* year_other_ms stays 0 */
    int lesson_minutes;        /* wished */
};

struct approved_list {
    struct approved_row *items; /* owned; by subject and first day */
    size_t n;
};

/* Of programmes approved or superseded, with the days on which they hold; those that hold on no day
 * are left out. */
enum err approved_lines(struct db *db, struct child_id child, struct approved_list *out) MUST_CHECK;
void approved_list_free(struct approved_list *l);

/* When a line of the subject (0: of any) stands, as terms of can_teach: the newest. */
enum err approved_terms(struct db *db, struct child_id child, int64_t subject,
                        struct term_facts *out) MUST_CHECK;

/* Milliseconds of the subject given or to be given to the child on the days of its school's zone,
 * but not by lessons that touch [skip_from_ms, skip_to_ms), nor by those that were lost. */
struct given {
    int64_t subject;
    int64_t ms;
};
struct given_list {
    struct given *items; /* owned */
    size_t n;
};
enum err given_outside(struct db *db, struct child_id child, int64_t draft, int64_t from_ms,
                       int64_t to_ms, int64_t skip_from_ms, int64_t skip_to_ms,
                       struct given_list *out) MUST_CHECK;

/* What binds the sums of a programme of these days: the norm of the grade and the child's
 * recommendations. */
enum err programme_limits_of(struct db *db, struct child_id child, int grade,
                             const struct day_span *days, const struct schedule_policy *policy,
                             struct programme_limits *out) MUST_CHECK;

/* The settings of a centre, valid at at_ms. */
enum err policy_programme(struct db *db, struct org_id org, int64_t at_ms,
                          struct programme_policy *out) MUST_CHECK;

#endif
