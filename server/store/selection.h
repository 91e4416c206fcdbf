/* SPDX-License-Identifier: Apache-2.0
 *
 * The facts about every mentor that could teach a child
 * (server/domain/selection.h), assignments with their reasons, the interviews
 * of mentors, and the children who wait: without a lead mentor, without a
 * lesson among other children. Desk thread.
 */
#ifndef PARTA_STORE_SELECTION_H
#define PARTA_STORE_SELECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/selection.h"
#include "server/store/child.h"
#include "server/store/db.h"

enum err policy_selection(struct db *db, struct org_id org, int64_t at_ms,
                          struct selection_policy *out) MUST_CHECK;

struct candidate_list {
    struct candidate *items; /* owned; ranked */
    size_t n;
    int need_minutes; /* a week, that was looked for */
};

/* Every mentor of the child's centre, ranked for the subject (0: as the lead mentor, of any) by
 * what stands at now_ms; free times are those of the child's next whole week. */
enum err candidates_of(struct db *db, const struct child *child, int64_t subject, int64_t now_ms,
                       struct candidate_list *out) MUST_CHECK;
void candidate_list_free(struct candidate_list *l);

/* ---- assignments -------------------------------------------------------------------------- */

#define ASSIGNMENT_REASON_MAX 400

struct assignment {
    int64_t id;
    struct child_id child;
    struct mentor_id mentor;
    struct user_id mentor_user; /* read only */
    int64_t subject;            /* 0: the lead mentor */
    int64_t from_ms, to_ms;     /* FOREVER_MS: until further notice */
    char reason[ASSIGNMENT_REASON_MAX + 1];
    char end_reason[ASSIGNMENT_REASON_MAX + 1];
};

struct assignment_list {
    struct assignment *items; /* owned; those that stand first, then the newest */
    size_t n;
};

/* From now on, with a reason. ERR_STATE: "one_lead", "assigned_already" (db_refusal). */
enum err assignment_give(struct db *db, const struct assignment *a, int64_t now_ms,
                         struct user_id by, int64_t *out_id) MUST_CHECK;
enum err assignment_load(struct db *db, int64_t id, struct assignment *out) MUST_CHECK;
enum err assignment_list(struct db *db, struct child_id child, int64_t now_ms,
                         struct assignment_list *out) MUST_CHECK;
void assignment_list_free(struct assignment_list *l);
/* ERR_STATE: it is over already. */
enum err assignment_end(struct db *db, int64_t id, const char *reason, int64_t now_ms) MUST_CHECK;

/* ---- children who wait -------------------------------------------------------------------- */

struct waiting_child {
    struct child_id child;
    int64_t since_ms;         /* when its case was opened, else when it came */
    int subject_mentors;      /* that it has */
    int64_t last_ms, next_ms; /* lesson with other children: the last held, the next; 0: none */
    bool group_consent;
};

struct waiting_list {
    struct waiting_child *items; /* owned */
    size_t n;
};

/* In care and without a lead mentor, who waits longest first. */
enum err children_without_lead(struct db *db, struct org_id centre, int64_t now_ms,
                               struct waiting_list *out) MUST_CHECK;
/* In care and in no lesson with other children that was held in [from_ms, now_ms), by school.
 * from_ms: the term of the school, one school at a time. */
enum err children_without_peers(struct db *db, struct org_id centre, struct org_id school,
                                int64_t from_ms, int64_t now_ms,
                                struct waiting_list *out) MUST_CHECK;
void waiting_list_free(struct waiting_list *l);

#endif
