/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows behind plan_facts, as lists. Only for plan_facts.c.
 */
#ifndef PARTA_STORE_PLAN_ROWS_H
#define PARTA_STORE_PLAN_ROWS_H

#include "server/domain/openings.h"
#include "server/domain/zone.h"
#include "server/store/plan_facts.h"

/* A child of the centre with a programme that is approved for some of the week, and no closed case.
 */
struct programme_row {
    int64_t id;
    struct child_id child;
    char tz[ZONE_NAME_MAX];
    struct org_id school;
    char school_tz[ZONE_NAME_MAX];
    struct day_span days; /* in the school's zone */
};
struct programme_rows {
    struct programme_row *items; /* owned */
    size_t n;
};
enum err programme_rows_load(struct db *db, struct org_id centre, int64_t monday,
                             struct programme_rows *out) MUST_CHECK;

struct line_row {
    int64_t subject;
    int week_minutes;
    int lesson_minutes; /* wished */
};
struct line_rows {
    struct line_row *items; /* owned */
    size_t n;
};
enum err line_rows_load(struct db *db, int64_t programme, struct line_rows *out) MUST_CHECK;

/* Who is assigned to the child for the subject over all of [from_ms, to_ms): those of the subject
 * first, then the lead. */
struct assigned_row {
    struct mentor_id mentor;
    bool lead;
    bool recent; /* taught the child this subject in the 28 days before from_ms or in between */
};
struct assigned_rows {
    struct assigned_row *items; /* owned */
    size_t n;
};
enum err assigned_rows_load(struct db *db, struct child_id child, int64_t subject, int64_t from_ms,
                            int64_t to_ms, struct assigned_rows *out) MUST_CHECK;

/* Published lessons of the centre with one child and an approved line that start in [from_ms,
 * to_ms) and may move. */
struct movable_row {
    struct lesson_id id;
    struct child_id child;
    int64_t subject;
    struct mentor_id mentor; /* 0: it needs a substitute */
    int64_t start_ms, end_ms;
};
struct movable_rows {
    struct movable_row *items; /* owned, by id */
    size_t n;
};
enum err movable_rows_load(struct db *db, struct org_id centre, int64_t from_ms, int64_t to_ms,
                           struct movable_rows *out) MUST_CHECK;

#endif
