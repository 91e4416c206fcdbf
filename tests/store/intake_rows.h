/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of intake in the small world, for the tests of the store.
 */
#ifndef PARTA_TESTS_INTAKE_ROWS_H
#define PARTA_TESTS_INTAKE_ROWS_H

#include "common/base/now.h"
#include "server/store/casefile.h"
#include "server/sys/seal.h"
#include "tests/support/world.h"

/* 2026-09-21T14:13:20Z, a Monday */
#define NOW INT64_C(1790000000000)
#define DAY MS_PER_DAY
#define TODAY (NOW / MS_PER_DAY)

#define ok(call) assert_int_equal(call, ERR_OK)

int open_world(void **state);
int close_world(void **state);

/* The statement is refused by this name. */
void refuses(struct world *w, const char *sql, const char *refusal);

struct referral loaded(struct world *w, struct referral_id id);
struct medical_basis basis(void);
struct recommendation limits(void);
/* A full referral of the first school, written by its officer: a draft; in the coordinator's
 * review. */
struct referral_id draft(struct world *w, const char *name);
struct referral_id under_review(struct world *w, const char *name);
enum err move(struct world *w, struct referral_id id, struct referral_change c, int64_t at_ms,
              struct user_id by);

#define SUBMIT ((struct referral_change){ .move = MOVE_SUBMIT, .to = REFERRAL_SUBMITTED })
#define TAKE ((struct referral_change){ .move = MOVE_TAKE, .to = REFERRAL_UNDER_REVIEW })
#define REFUSE                                                                                     \
    ((struct referral_change){                                                                     \
        .move = MOVE_REFUSE, .to = REFERRAL_REFUSED, .refusal = "no_ground" })
#define WITHDRAW                                                                                   \
    ((struct referral_change){                                                                     \
        .move = MOVE_WITHDRAW, .to = REFERRAL_WITHDRAWN, .reason = "moved away" })

/* A ring, and words sealed under it in their row. */
#define WORDS "Диагноз: бронхиальная астма J45"
struct seal_ring one_key(void);
void set_words(struct world *w, const struct seal_ring *ring, enum medical m, int64_t row);

#endif
