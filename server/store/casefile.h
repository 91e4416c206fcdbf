/* SPDX-License-Identifier: Apache-2.0
 *
 * Case files, the facts their state is computed from, and the entry of an
 * accepted child into the register of children. Desk thread.
 */
#ifndef PARTA_STORE_CASEFILE_H
#define PARTA_STORE_CASEFILE_H

#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/casefile.h"
#include "server/store/child.h"
#include "server/store/db.h"
#include "server/store/referral.h"

struct case_file {
    int64_t id;
    struct child_id child;
    struct referral_id referral;
    int64_t opened_ms;
    enum case_reason closed; /* NONE: open */
    int64_t closed_ms;       /* 0: open */
};

/* The child of an accepted referral: a person without a login, a role, a register number
 * ("YYYY-0001", rising within the centre and year), the school's time zone. */
enum err child_enter(struct db *db, const struct referral *r, int64_t now_ms, struct user_id by,
                     struct child_id *out) MUST_CHECK;

/* Opens the child's case unless one is open. */
enum err case_open(struct db *db, struct child_id child, struct referral_id referral,
                   int64_t now_ms) MUST_CHECK;

/* The open one, else the last. ERR_NOTFOUND: the child never had one. */
enum err case_of_child(struct db *db, struct child_id child, struct case_file *out) MUST_CHECK;

/* Closes an open case for good. reason: one of case_end_parse. ERR_NOTFOUND: it is not open. */
enum err case_close(struct db *db, int64_t id, enum case_reason reason, int64_t now_ms,
                    struct user_id by) MUST_CHECK;

/* The child's published lessons that are ahead or under way. */
enum err case_lessons_ahead(struct db *db, struct child_id child, int64_t now_ms,
                            int64_t *out) MUST_CHECK;

/* What case_decide looks at. today: the day at the centre. programme and hospital are false: there
 * are no rows of them yet. */
enum err case_facts(struct db *db, const struct case_file *c, const struct child *child,
                    int64_t today, int64_t now_ms, const struct intake_policy *p,
                    struct case_facts *out) MUST_CHECK;

#endif
