/* SPDX-License-Identifier: Apache-2.0
 *
 * Computed attendance, human codes over it, the mentor's notes and the
 * family's word. Results are registers: a new computation that differs is a
 * new run, a human code is an amendment. Desk thread.
 */
#ifndef PARTA_STORE_ATTENDANCE_H
#define PARTA_STORE_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/attendance.h"
#include "server/domain/report.h"
#include "server/store/db.h"
#include "server/store/lesson.h"

struct child_record {
    int64_t id; /* attendance_child row */
    struct child_id child;
    enum outcome outcome;
    char auto_code; /* P L E T S W N */
    char code;      /* the human code if there is one, else auto_code */
    int64_t contact_ms;
    int64_t first_contact_ms; /* INT64_MIN if there was none */
    int64_t last_contact_ms;
    int percent_tenths;
    struct person_attendance at;
    int64_t uncertain_ms;
    int64_t screen_ms;
};

struct lesson_record {
    struct lesson_id lesson;
    int run;
    int algo_version;
    int64_t computed_ms;
    enum outcome outcome;
    int64_t contact_ms;
    int percent_tenths;
    int credit_quarters;
    bool waited;
    struct person_attendance mentor;
    struct child_record children[LESSON_CHILDREN_MAX];
    int children_n;
};

/* Folds the stored facts and, if the result differs from the newest run, adds a run; a lesson that
 * was ENDED becomes COMPUTED. *changed may be NULL. In the caller's transaction. */
enum err attendance_recompute(struct db *db, struct lesson_id lesson, int64_t now_ms,
                              bool *changed) MUST_CHECK;

/* The newest run. ERR_NOTFOUND: not computed yet. */
enum err attendance_load(struct db *db, struct lesson_id lesson,
                         struct lesson_record *out) MUST_CHECK;

/* Lessons that are over and not computed: ended, or past their planned end, with nobody inside. At
 * most max; attendance_close looks at the window itself. */
enum err attendance_due(struct db *db, int64_t now_ms, struct lesson_id *out, int max,
                        int *n) MUST_CHECK;
/* Brings a lesson whose window has closed to ENDED by legal steps, then recomputes. */
enum err attendance_close(struct db *db, struct lesson_id lesson, int64_t now_ms) MUST_CHECK;

struct amendment {
    int64_t id;
    char old_code, new_code;
    char reason[LESSON_REASON_MAX + 1];
    char document_no[65];
    char title[USER_NAME_MAX + 1]; /* who: name and office */
    struct user_id by;
    int64_t at_ms;
};
struct amendment_list {
    struct amendment *items; /* owned */
    size_t n;
};
/* new_code: I M C U X H. ERR_NOTFOUND: nothing computed for this child. */
enum err amendment_add(struct db *db, struct lesson_id lesson, struct child_id child,
                       const struct amendment *a, int64_t *out_id) MUST_CHECK;
/* Oldest first. */
enum err amendment_list(struct db *db, struct lesson_id lesson, struct child_id child,
                        struct amendment_list *out) MUST_CHECK;
void amendment_list_free(struct amendment_list *l);

#define NOTE_TEXT_MAX 2000

struct lesson_note {
    char topic[401];
    char homework[NOTE_TEXT_MAX + 1];
    char mark[17];
    char text[NOTE_TEXT_MAX + 1];
    int64_t rev; /* 0: none yet */
};
/* An empty note with rev 0 if there is none. */
enum err note_load(struct db *db, struct lesson_id lesson, struct child_id child,
                   struct lesson_note *out) MUST_CHECK;
/* rev must be the one that was read. ERR_STATE: somebody else wrote meanwhile. */
enum err note_save(struct db *db, struct lesson_id lesson, struct child_id child,
                   const struct lesson_note *note, int64_t now_ms, struct user_id by) MUST_CHECK;

struct confirmation {
    enum family_word word; /* OPEN, CONFIRMED or DISPUTED; SILENT is the reader's to derive */
    char text[LESSON_REASON_MAX + 1];
    struct user_id guardian;
    int64_t at_ms;
};
enum err confirmation_load(struct db *db, struct lesson_id lesson, struct child_id child,
                           struct confirmation *out) MUST_CHECK;
/* Also moves the lesson: COMPUTED to CONFIRMED or DISPUTED. word: CONFIRMED or DISPUTED. */
enum err confirmation_add(struct db *db, struct lesson_id lesson, struct child_id child,
                          const struct confirmation *c) MUST_CHECK;

#endif
