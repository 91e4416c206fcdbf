/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks: the register of a lesson mark's changes, mark sheets filled from
 * lessons (domain/sheet.h) with what the mentor set, and which sheets there
 * are. Their versions, frozen bytes and copies are those of delivery.h with
 * DOC_SHEET. Decides nothing. Desk thread.
 */
#ifndef PARTA_STORE_SHEET_H
#define PARTA_STORE_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/marks.h"
#include "server/domain/sheet.h"
#include "server/domain/zone.h"
#include "server/store/db.h"
#include "server/store/delivery.h"
#include "server/store/user.h"

#define MARK_REASON_MAX 400

/* ---- marks of lessons -------------------------------------------------------------------- */

/* was, now: names of mark_value. reason: "" for a first mark. */
enum err mark_change_add(struct db *db, struct lesson_id lesson, struct child_id child,
                         enum mark_value was, enum mark_value now, const char *reason,
                         int64_t now_ms, struct user_id by) MUST_CHECK;

struct mark_change {
    struct child_id child;
    enum mark_value was, now;
    char reason[MARK_REASON_MAX + 1];
    int64_t at_ms;
    struct user_id by;
};
struct mark_change_list {
    struct mark_change *items; /* owned; oldest first */
    size_t n;
};
enum err mark_change_list(struct db *db, struct lesson_id lesson,
                          struct mark_change_list *out) MUST_CHECK;
void mark_change_list_free(struct mark_change_list *l);

/* The lesson lies in a term whose sheet of this child is with the centre or accepted, by the local
 * day in the school's zone. */
enum err lesson_mark_closed(struct db *db, struct lesson_id lesson, struct child_id child,
                            bool *out) MUST_CHECK;

/* An approved line of the subject holds on the local day of start_ms in tz. */
enum err lesson_mark_line(struct db *db, struct child_id child, int64_t subject, const char *tz,
                          int64_t start_ms, bool *out) MUST_CHECK;

/* A current or a term's mark of a child, for whoever reads the child's marks. */
struct child_mark_row {
    char subject[81];        /* code */
    struct lesson_id lesson; /* 0: of a term */
    int64_t start_ms;        /* of the lesson */
    enum marks_term kind;    /* of a term, as the two days */
    int64_t first_day, last_day;
    enum mark_value value;
    char reason[MARK_REASON_MAX + 1]; /* of a term's */
};
struct child_mark_list {
    struct child_mark_row *items; /* owned */
    size_t n;
};
/* Marks of lessons that start in [from_ms, to_ms), by subject and time. */
enum err child_marks_of_lessons(struct db *db, struct child_id child, int64_t from_ms,
                                int64_t to_ms, struct child_mark_list *out) MUST_CHECK;
/* Marks of the newest accepted version of each sheet whose term ends on from_day or later, by
 * subject and term. */
enum err child_marks_of_terms(struct db *db, struct child_id child, int64_t from_day,
                              struct child_mark_list *out) MUST_CHECK;
void child_mark_list_free(struct child_mark_list *l);

/* ---- sheets ------------------------------------------------------------------------------ */

struct sheet_key {
    struct mentor_id mentor;
    struct child_id child;
    struct org_id school;
    enum marks_term kind;
    int64_t first_day, last_day; /* of the term */
    char locale[9];              /* as report_key */
};

/* Fills key->last_day: from the newest version, else from the school's calendar. ERR_NOTFOUND: the
 * school has no such term. */
enum err sheet_key_days(struct db *db, struct sheet_key *key) MUST_CHECK;

/* [*from_ms, *to_ms): the instants of the term in tz. */
enum err sheet_bounds(const char *tz, const struct sheet_key *key, int64_t *from_ms,
                      int64_t *to_ms) MUST_CHECK;

/* From the lessons planned with the mentor (also those that a substitute gave), with the marks set
 * in the row's version, closed. mark_sheet_deinit is the caller's, on success only. */
enum err sheet_load(struct db *db, const struct sheet_key *key, const struct doc_row *row,
                    const struct marks_policy *p, int64_t now_ms,
                    struct mark_sheet *out) MUST_CHECK;

struct sheet_head {
    struct sheet_key key;
    int grade;
};
struct sheet_head_list {
    struct sheet_head *items; /* owned; newest term first, then by names */
    size_t n;
};
/* Zero fields do not narrow. Terms that begin on last_day or before and end on first_day or later.
 */
struct sheet_filter {
    struct mentor_id mentor;
    struct child_id child;
    struct org_id school, centre;
    int64_t first_day, last_day;
    bool sent; /* only what the school has a copy of */
};
/* Of each quarter and half-year: a mentor and a child with a lesson in it or with an assignment.
 * Whether the grade is marked then is not asked. */
enum err sheet_list(struct db *db, const struct sheet_filter *f,
                    struct sheet_head_list *out) MUST_CHECK;
void sheet_head_list_free(struct sheet_head_list *l);

/* ---- versions: as report_row_* of delivery.h --------------------------------------------- */

enum err sheet_row_load(struct db *db, const struct sheet_key *key, int version,
                        struct doc_row *out) MUST_CHECK;
enum err sheet_row_make(struct db *db, const struct sheet_key *key, int64_t now_ms,
                        struct user_id by) MUST_CHECK;
/* Version n+1 as a draft with the marks of the accepted version. */
enum err sheet_row_correct(struct db *db, const struct doc_row *of, int64_t now_ms,
                           struct user_id by) MUST_CHECK;
/* The sheet of a row. ERR_NOTFOUND. */
enum err sheet_key_load(struct db *db, int64_t sheet, struct sheet_key *out) MUST_CHECK;

struct sheet_set {
    int64_t subject;
    enum mark_value value;
    const char *reason; /* "" : none */
};
/* In the place of all marks of the version, whose rev grows. ERR_STATE: rev is not the stored one,
 * or the version is not with the mentor. */
enum err sheet_marks_save(struct db *db, const struct doc_row *row, const struct sheet_set *marks,
                          size_t n, int64_t now_ms) MUST_CHECK;

/* ---- settings ---------------------------------------------------------------------------- */

enum err policy_marks(struct db *db, struct org_id centre, int64_t at_ms,
                      struct marks_policy *out) MUST_CHECK;

#endif
