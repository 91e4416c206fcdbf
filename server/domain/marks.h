/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks of a quarter or half-year (DOMAIN item 33, section 8): the scale,
 * which grades are marked when, what a mark is refused for, the mean that is
 * proposed and never set by itself. Pure.
 */
#ifndef PARTA_DOMAIN_MARKS_H
#define PARTA_DOMAIN_MARKS_H

#include <stdbool.h>
#include <stddef.h>

#define MARK_VALUE_LIST(X)                                                                         \
    X(NONE, "")                                                                                    \
    X(2, "2")                                                                                      \
    X(3, "3")                                                                                      \
    X(4, "4")                                                                                      \
    X(5, "5")                                                                                      \
    X(NOT_ATTESTED, "not_attested") /* with a reason */                                            \
    X(RELEASED, "released")         /* from the subject, with a reason */                          \
    X(PASS, "pass")                                                                                \
    X(FAIL, "fail")

enum mark_value {
#define X(code, name) MARK_##code,
    MARK_VALUE_LIST(X)
#undef X
        MARK_VALUE_COUNT
};

const char *mark_value_name(enum mark_value v);
/* False for a word that is no mark, also for "". */
bool mark_value_parse(const char *name, enum mark_value *out);

enum marks_term { MARKS_QUARTER, MARKS_HALF, MARKS_TERM_COUNT };

const char *marks_term_name(enum marks_term k);
bool marks_term_parse(const char *name, enum marks_term *out);

/* Rows of policy "marks.*" with the defaults of marks_policy_default (K: DOMAIN 11a). */
struct marks_policy {
    int quarter_from, quarter_to; /* grades that are marked each quarter */
    int half_from, half_to;       /* grades that are marked each half-year */
};

/* Quarter for grades 2-9, half-year for 10-11; grade 1 is in neither: unmarked [47]. */
struct marks_policy marks_policy_default(void);

/* Does the grade get marks at the end of such a term? */
bool marks_due(const struct marks_policy *p, int grade, enum marks_term kind);

#define MARK_VERDICT_LIST(X)                                                                       \
    X(OK, "ok")                                                                                    \
    X(UNMARKED, "grade_unmarked")     /* this grade gets no marks at all */                        \
    X(WRONG_TERM, "marks_other_term") /* it gets them at the end of another kind of term */        \
    X(CLOSED, "marks_closed")         /* the term is closed */                                     \
    X(NO_LESSONS, "marks_no_lessons") /* of this subject in the term: only not attested or         \
                                         released */                                               \
    X(NO_REASON, "marks_no_reason")   /* not attested and released need one */                     \
    X(NO_SUBJECT, "marks_no_subject") /* it is not one of the sheet */

enum mark_verdict {
#define X(code, name) MARK_MAY_##code,
    MARK_VERDICT_LIST(X)
#undef X
        MARK_VERDICT_COUNT
};

const char *mark_verdict_name(enum mark_verdict v);

struct mark_facts {
    int grade;
    enum marks_term kind;
    bool closed;
    int lessons; /* of the subject that were held or partly held in the term */
};

/* May this mark be set? */
enum mark_verdict mark_check(const struct mark_facts *f, const struct marks_policy *p,
                             enum mark_value value, bool has_reason);

/* The mean of the marks 2..5 among values, in hundredths, floored: 13 / 3 -> 433. 0 if there is
 * none. Shown beside the mark, never set. */
int mark_mean_hundredths(const enum mark_value *values, size_t n);

#endif
