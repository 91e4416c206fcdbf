/* SPDX-License-Identifier: Apache-2.0
 *
 * The two papers of a referral and, once it is accepted, of a child: medical
 * basis and recommendation. Days and limits are read freely by whoever may see
 * the child; what doctors wrote is stored sealed (server/sys/seal.h, opened
 * and closed by the caller), and each read of it writes an audit row in the
 * same transaction. Desk thread.
 */
#ifndef PARTA_STORE_PAPER_H
#define PARTA_STORE_PAPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/papers.h"
#include "server/store/db.h"

struct paper {
    int64_t id;   /* 0: there is no such paper */
    bool sealed;  /* it has words */
    int64_t file; /* the scan, 0: none */
};

struct basis_row {
    struct paper paper;
    struct medical_basis basis; /* days are DAY_NONE without a paper */
};

struct recommendation_row {
    struct paper paper;
    struct recommendation limits; /* days are DAY_NONE without a paper */
};

/* Writes the referral's paper, or writes over it; its words are gone then and are set anew with
 * medical_set. ERR_STATE "paper_fixed": it has a child already. */
enum err basis_save(struct db *db, struct referral_id referral, const struct medical_basis *b,
                    int64_t now_ms, struct user_id by, int64_t *out_id) MUST_CHECK;
enum err recommendation_save(struct db *db, struct referral_id referral,
                             const struct recommendation *r, int64_t now_ms, struct user_id by,
                             int64_t *out_id) MUST_CHECK;

/* Of a referral. No paper is no error: paper.id is 0. */
enum err basis_of_referral(struct db *db, struct referral_id referral,
                           struct basis_row *out) MUST_CHECK;
enum err recommendation_of_referral(struct db *db, struct referral_id referral,
                                    struct recommendation_row *out) MUST_CHECK;

/* Of a child on a day: the one that holds then, the longest; else the latest. None: as above. */
enum err basis_of_child(struct db *db, struct child_id child, int64_t day,
                        struct basis_row *out) MUST_CHECK;
enum err recommendation_of_child(struct db *db, struct child_id child, int64_t day,
                                 struct recommendation_row *out) MUST_CHECK;

/* All recommendations of a child, the longest first. */
struct recommendation_list {
    struct recommendation_row *items; /* owned */
    size_t n;
};
enum err recommendations_of_child(struct db *db, struct child_id child,
                                  struct recommendation_list *out) MUST_CHECK;
void recommendation_list_free(struct recommendation_list *l);

/* Gives both papers of an accepted referral to the child. */
enum err papers_give(struct db *db, struct referral_id referral, struct child_id child) MUST_CHECK;

/* ---- sealed words ----------------------------------------------------------------------- */

/* The table whose column "sealed" it is, and the word in the audit. */
#define MEDICAL_LIST(X)                                                                            \
    X(BASIS, "medical_basis")                                                                      \
    X(RECOMMENDATION, "recommendation")                                                            \
    X(DECISION, "referral") /* why the centre decided as it did */

enum medical {
#define X(code, table) MEDICAL_##code,
    MEDICAL_LIST(X)
#undef X
        MEDICAL_COUNT
};

/* What sealed words are opened for. A word of a list and no free text: the audit holds no medical
 * word. */
#define MEDICAL_WHY_LIST(X)                                                                        \
    X(REVIEW, "review")   /* to decide the referral */                                             \
    X(LIMITS, "limits")   /* to check a limit with the doctor, the school or the family */         \
    X(FAMILY, "family")   /* the family asks what is kept about the child */                       \
    X(DISPUTE, "dispute") /* somebody questions the decision */

const char *medical_table(enum medical m);

/* value: of seal_close for this table, "sealed" and row. ERR_NOTFOUND: no such row. */
enum err medical_set(struct db *db, enum medical m, int64_t row, const uint8_t *value,
                     size_t len) MUST_CHECK;

/* The value (owned, mem_free; NULL: no words), and an audit row "medical.read" by reader with why,
 * one of MEDICAL_WHY_LIST. */
enum err medical_read(struct db *db, enum medical m, int64_t row, struct user_id reader,
                      const char *why, int64_t now_ms, uint8_t **out, size_t *out_len) MUST_CHECK;

/* Does any sealed value exist? Then lost keys are not silently replaced by new ones. */
enum err medical_kept(struct db *db, bool *out) MUST_CHECK;

/* ---- shared by the files of intake ------------------------------------------------------ */

/* A calendar day as "YYYY-MM-DD"; NULL is DAY_NONE. Text that is no day is ERR_DB. */
void query_day(struct query *q, int64_t day);
int64_t row_day(struct query *q);

/* The settings of a centre, valid at at_ms; keys in intake_policy.c. */
enum err policy_intake(struct db *db, struct org_id org, int64_t at_ms,
                       struct intake_policy *out) MUST_CHECK;

#endif
