/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons that are on and wait for a side. Desk thread.
 */
#ifndef PARTA_STORE_NOSHOW_H
#define PARTA_STORE_NOSHOW_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/noshow.h"
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

enum err policy_noshow(struct db *db, struct org_id org, int64_t at_ms,
                       struct noshow_policy *out) MUST_CHECK;

#endif
