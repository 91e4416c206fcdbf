/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark sheet (DOMAIN item 33, section 8): one per mentor x child x school
 * x quarter or half-year, a line per subject with the current marks, their
 * mean, the mark it proposes and the one that the mentor set. Plain structs
 * that the store fills and the renderers print. It goes the way of a month
 * report (report_flow.h). Pure.
 */
#ifndef PARTA_DOMAIN_SHEET_H
#define PARTA_DOMAIN_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/marks.h"
#include "server/domain/report_flow.h"

/* The mark of a lesson. */
struct sheet_current {
    struct lesson_id lesson;
    int64_t start_ms; /* UTC */
    enum mark_value value;
};

/* Texts: owned, NULL for none. */
struct sheet_subject {
    int64_t subject;
    char *code;
    char *name;                    /* in the language it was loaded in */
    int held;                      /* lessons, wholly or partly */
    int missed;                    /* by the child */
    int unresolved;                /* not over, or not computed yet */
    struct sheet_current *current; /* owned; by time */
    size_t current_n, current_cap;
    int mean_hundredths;      /* 0: no mark to take a mean of */
    enum mark_value proposed; /* MARK_NONE: nothing is */
    enum mark_value set;      /* by the mentor; MARK_NONE: not yet */
    char *reason;             /* of the set one */
};

#define SHEET_TEXTS(X)                                                                             \
    X(centre)                                                                                      \
    X(school) /* of registration */                                                                \
    X(mentor)                                                                                      \
    X(child)                                                                                       \
    X(register_no)                                                                                 \
    X(tz)       /* of the school: dates are printed in it */                                       \
    X(log_hash) /* hex head of the register when the sheet was made */

struct mark_sheet {
    struct user_id mentor_user, child_user;
    int grade;
    enum marks_term kind;
    int64_t first_day, last_day; /* of the term, days since 1970-01-01 */
    int version;                 /* 1.. */
    int64_t printed_ms;          /* UTC */
#define X(text) char *text;
    SHEET_TEXTS(X)
#undef X
    struct sheet_subject *subjects; /* owned; by code */
    size_t subjects_n, subjects_cap;
    struct report_sign signs[SIGN_COUNT];
};

void mark_sheet_init(struct mark_sheet *s);
void mark_sheet_deinit(struct mark_sheet *s); /* of a half-filled one too */

/* The subject's line, appended if there is none. *out stays valid until the next call. */
enum err mark_sheet_subject(struct mark_sheet *s, int64_t subject, const char *code,
                            const char *name, struct sheet_subject **out) MUST_CHECK;
/* NULL: the sheet has no such subject. */
struct sheet_subject *mark_sheet_find(const struct mark_sheet *s, const char *code);
enum err sheet_subject_mark(struct sheet_subject *l, const struct sheet_current *mark) MUST_CHECK;

/* Sorts by code, then mean and proposal of every subject. ERR_NOMEM. */
enum err mark_sheet_close(struct mark_sheet *s, const struct marks_policy *p) MUST_CHECK;

/* May this mark stand in the subject's line? See mark_check. */
enum mark_verdict sheet_subject_check(const struct mark_sheet *s, const struct sheet_subject *l,
                                      const struct marks_policy *p, enum mark_value value,
                                      bool has_reason);

/* The first set mark that may not stand (any more: current marks change after it was set).
 * *no: its line, 1.., 0 if all may. */
enum mark_verdict mark_sheet_check(const struct mark_sheet *s, const struct marks_policy *p,
                                   int *no);

/* What holds a move up. totals_hold is always true: nothing in a sheet is stored twice. */
struct flow_content flow_content_of_sheet(const struct mark_sheet *s);

/* OK, or the gate's name for a sheet: where flow_verdict_name speaks of a report or a month. */
const char *sheet_verdict_name(enum flow_verdict v);

#endif
