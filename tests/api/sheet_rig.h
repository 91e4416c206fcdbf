/* SPDX-License-Identifier: Apache-2.0
 *
 * The first quarter of child 0 (grade 3) with mentor 0: three lessons that were
 * held and one that was missed in October 2026; the quarter is over.
 */
#ifndef PARTA_TESTS_SHEET_RIG_H
#define PARTA_TESTS_SHEET_RIG_H

#include "tests/api/report_rig.h"

struct sheet_rig {
    struct report_rig g;         /* its held and missed lessons are of the quarter too */
    struct lesson_id lessons[3]; /* that were held */
    char id[80];                 /* of the sheet */
};

void sheet_rig_open(struct sheet_rig *s);
void sheet_rig_close(struct sheet_rig *s);
/* "/mark-sheets/ID" and what follows. Static memory. */
const char *sheet_path(const struct sheet_rig *s, const char *rest);
/* A request with the ETag that the sheet has now. */
struct answer sheet_ask(struct sheet_rig *s, enum who who, const char *method, const char *rest,
                        const char *body);
void sheet_do(struct sheet_rig *s, enum who who, const char *method, const char *rest,
              const char *body, int status);
/* The mentor writes the mark of a lesson. mark, reason: JSON text, "null" for none. */
struct answer sheet_mark_lesson(struct sheet_rig *s, enum who who, struct lesson_id lesson,
                                const char *mark, const char *reason);
/* As far as: 1 lessons marked 4 4 5 and the quarter 4, 2 sent, 3 accepted, 4 opened. */
void sheet_bring(struct sheet_rig *s, int step);

#define SHEET_MARK_4 "{\"marks\":[{\"subject\":\"maths\",\"mark\":\"4\"}]}"

#endif
