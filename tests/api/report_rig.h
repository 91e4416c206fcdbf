/* SPDX-License-Identifier: Apache-2.0
 *
 * October 2026 of mentor 0 with child 0, over since three weeks: a lesson that
 * was held, one that the child missed without a word.
 */
#ifndef PARTA_TESTS_REPORT_RIG_H
#define PARTA_TESTS_REPORT_RIG_H

#include "server/domain/admission.h"
#include "tests/api/api_rig.h"

struct report_rig {
    struct api_rig r;
    struct lesson_id held, missed;
    char id[80]; /* of the report */
};

void report_open(struct report_rig *g);
/* Somebody's presence in a lesson, while the world is open for direct changes. */
void report_is_in(struct report_rig *g, struct lesson_id lesson, struct user_id user,
                  enum seat_role seat, int64_t from, int64_t to);
/* "/reports/ID" and what follows. Static memory. */
const char *report_path(const struct report_rig *g, const char *rest);
/* A request with the ETag that the report has now for this person. */
struct answer report_ask(struct report_rig *g, enum who who, const char *method, const char *rest,
                         const char *body);
/* The same, of which the status is expected. */
void report_do(struct report_rig *g, enum who who, const char *method, const char *rest,
               const char *body, int status);
/* The missed lesson gets the code I and a reason. */
void report_amend(struct report_rig *g, char code, int status);
/* As far as: 1 amended, 2 sent, 3 accepted, 4 opened by the school. */
void report_bring(struct report_rig *g, int step);

#endif
