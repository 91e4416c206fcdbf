/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a draft of the schedule beside new lessons: lessons of the
 * timetable that it moves or takes away. Nothing on the timetable changes
 * before the version is published (version.h). Desk thread, inside the
 * caller's transaction.
 */
#ifndef PARTA_STORE_DRAFT_H
#define PARTA_STORE_DRAFT_H

#include "server/store/version.h"

/* The versions of a centre, the newest first. Free with version_list_free. */
struct version_list {
    struct version *items; /* owned */
    size_t n;
};
enum err version_list(struct db *db, struct org_id org, size_t first, size_t limit,
                      struct version_list *out) MUST_CHECK;
void version_list_free(struct version_list *l);

/* The published version's row, 0 if there is none yet. */
enum err version_current(struct db *db, struct org_id org, int64_t *out) MUST_CHECK;

/* One line of what the draft does. */
struct draft_row {
    struct lesson_id before; /* on the timetable; 0: a new lesson */
    struct lesson_id after;  /* planned; 0: the lesson goes */
    bool changed;            /* somebody changed before since it was put into the draft */
};
struct draft_rows {
    struct draft_row *items; /* owned: mem_free */
    size_t n;
};
/* By the start of what is first of the two. limit 0: all. */
enum err draft_list(struct db *db, int64_t version, size_t first, size_t limit,
                    struct draft_rows *out) MUST_CHECK;

/* The draft takes lesson, as it is at rev, off the timetable; after 0: for good. Putting a lesson
 * in again replaces what was said of it. ERR_STATE: no draft, or another draft's planned lesson. */
enum err draft_take(struct db *db, int64_t version, struct lesson_id lesson, int64_t rev,
                    struct lesson_id after, int64_t now_ms, struct user_id by) MUST_CHECK;

/* Another time and mentor for a planned lesson. ERR_STATE: it is not planned in a draft. */
enum err draft_replan(struct db *db, struct lesson_id planned, int64_t start_ms, int64_t end_ms,
                      struct mentor_id mentor) MUST_CHECK;

/* Leaves a planned lesson out, with the change it stands for; or lets a lesson stay on the
 * timetable. ERR_NOTFOUND: the draft has no such line. */
enum err draft_leave_out(struct db *db, int64_t version, struct lesson_id planned) MUST_CHECK;
enum err draft_let_stay(struct db *db, int64_t version, struct lesson_id lesson) MUST_CHECK;

/* Start of the lesson that a planned one replaces, 0: it replaces none. */
enum err draft_was_start(struct db *db, struct lesson_id planned, int64_t *out) MUST_CHECK;

/* How many lines speak of a lesson that changed since, or cannot be moved any more. */
enum err draft_changed_since(struct db *db, int64_t version, int64_t *out) MUST_CHECK;

/* At publishing, before the planned lessons come: what goes is rescheduled or cancelled by the
 * centre, with the reason. */
enum err draft_apply(struct db *db, int64_t version, const char *reason, int64_t now_ms) MUST_CHECK;

#endif
