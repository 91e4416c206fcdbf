/* SPDX-License-Identifier: Apache-2.0
 *
 * Interviews: how good a psychologist a mentor is, in the centre's judgement
 * (item 21). A register; the newest counts. Desk thread.
 */
#ifndef PARTA_STORE_INTERVIEW_H
#define PARTA_STORE_INTERVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"

#define INTERVIEW_SCORE_MIN 1
#define INTERVIEW_SCORE_MAX 5
#define INTERVIEW_EVIDENCE_MAX 400 /* bytes */

struct interview {
    int64_t id;
    struct mentor_id mentor;
    int64_t held_ms;
    int score; /* INTERVIEW_SCORE_MIN..INTERVIEW_SCORE_MAX */
    char evidence[INTERVIEW_EVIDENCE_MAX + 1];
    struct user_id by;
};

struct interview_list {
    struct interview *items; /* owned */
    size_t n;
};

/* id is not looked at. ERR_STATE: the interviewer is the mentor. */
enum err interview_add(struct db *db, const struct interview *i, int64_t now_ms,
                       int64_t *out_id) MUST_CHECK;
/* Newest first: by the day of the talk, then as they were entered. */
enum err interview_list(struct db *db, struct mentor_id mentor,
                        struct interview_list *out) MUST_CHECK;
void interview_list_free(struct interview_list *l);

#endif
