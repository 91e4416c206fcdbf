/* SPDX-License-Identifier: Apache-2.0
 *
 * Gathers the facts that admission wants about a person, and how a person
 * stands to the things rights are asked about. It reads rows and decides
 * nothing: the decisions are domain/admission and domain/access. Desk thread.
 */
#ifndef PARTA_STORE_SEAT_H
#define PARTA_STORE_SEAT_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/access.h"
#include "server/domain/admission.h"
#include "server/store/db.h"
#include "server/store/lesson.h"
#include "server/store/user.h"

/* Everything but login_valid, refused_in_minute and no_seat_free, which are the caller's. */
enum err seat_facts(struct db *db, const struct lesson_facts *lesson, struct user_id user,
                    int64_t now_ms, struct admit_person *out) MUST_CHECK;

/* How the holder of grant g stands to the object. ERR_NOTFOUND: no such object. */
enum err relation_lesson(struct db *db, const struct grant *g, struct lesson_id lesson,
                         int64_t now_ms, struct relation *out) MUST_CHECK;
enum err relation_child(struct db *db, const struct grant *g, struct child_id child, int64_t now_ms,
                        struct relation *out) MUST_CHECK;
enum err relation_mentor(struct db *db, const struct grant *g, struct mentor_id mentor,
                         int64_t now_ms, struct relation *out) MUST_CHECK;
enum err relation_user(struct db *db, const struct grant *g, struct user_id user, int64_t now_ms,
                       struct relation *out) MUST_CHECK;
/* A month report: the mentor's own, or of a child or school in the grant's reach. ERR_NOTFOUND also
 * if this mentor never had this child of this school. */
enum err relation_report(struct db *db, const struct grant *g, struct mentor_id mentor,
                         struct child_id child, struct org_id school, int64_t now_ms,
                         struct relation *out) MUST_CHECK;

#endif
