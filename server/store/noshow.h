/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons that are on and wait for a side, the causes noted for it, and the
 * make-up lessons of what was missed. Desk thread.
 */
#ifndef PARTA_STORE_NOSHOW_H
#define PARTA_STORE_NOSHOW_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/makeup.h"
#include "server/domain/noshow.h"
#include "server/store/attendance.h"
#include "server/store/db.h"

struct noshow_lesson {
    struct lesson_id lesson;
    struct org_id centre;
    struct user_id mentor, child; /* child: the first of the lesson */
    struct noshow_facts facts;
};
struct noshow_lessons {
    struct noshow_lesson *items; /* owned */
    size_t n;
};

/* Published lessons that have begun and are not over at now_ms, of which a side has never come. */
enum err noshow_lessons(struct db *db, int64_t now_ms, struct noshow_lessons *out) MUST_CHECK;
void noshow_lessons_free(struct noshow_lessons *l);

/* One lesson, whatever its state. ERR_NOTFOUND. */
enum err noshow_load(struct db *db, struct lesson_id id, struct noshow_lesson *out) MUST_CHECK;

/* ---- causes ------------------------------------------------------------------------------ */

/* A cause noted before attendance is computed; a->old_code is not read. */
enum err noshow_cause_add(struct db *db, struct lesson_id lesson, struct child_id child,
                          const struct amendment *a, int64_t *out_id) MUST_CHECK;
/* Oldest first, as amendments: each has the one before as its old code, the first has none. */
enum err noshow_cause_list(struct db *db, struct lesson_id lesson, struct child_id child,
                           struct amendment_list *out) MUST_CHECK;
/* Behind the first run of attendance: causes become amendments where noshow_cause_settles. */
enum err noshow_causes_settle(struct db *db, const struct lesson_record *run) MUST_CHECK;

/* ---- make-up lessons ---------------------------------------------------------------------- */

enum err policy_make_up(struct db *db, struct org_id org, int64_t at_ms,
                        struct make_up_policy *out) MUST_CHECK;
/* A make-up was made for it: who has the lesson open sees an older one (If-Match). */
enum err noshow_lesson_touch(struct db *db, struct lesson_id id) MUST_CHECK;

enum err policy_noshow(struct db *db, struct org_id org, int64_t at_ms,
                       struct noshow_policy *out) MUST_CHECK;

#endif
