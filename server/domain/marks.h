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
    int min_marks;                /* fewer marks 2..5 in the term: no mark is proposed */
    int round_up_hundredths; /* a mean whose fraction reaches it is proposed as the next mark */
    int due_days;            /* days after the term's last day by whose end the sheet is sent */
};

/* Quarter for grades 2-9, half-year for 10-11; grade 1 is in neither: unmarked [47]. Three marks,
 * rounded up at .50, sent within 3 days: a centre's own choice (P). */
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
    X(NO_SUBJECT, "marks_no_subject") /* it is not one of the sheet */                             \
    X(DIFFERS, "marks_differs")       /* from the proposed one, without a reason */                \
    X(FEW, "marks_few")               /* too few marks to propose one, and no reason why anyway */ \
    X(NOT_HELD, "marks_not_held")     /* the lesson of a current mark was not held */              \
    X(NO_LINE, "marks_no_line")       /* no approved line of the subject on the lesson's day */

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
    int lessons;              /* of the subject that were held or partly held in the term */
    int marks;                /* current marks 2..5 of them */
    enum mark_value proposed; /* by marks_propose; MARK_NONE: nothing is */
};

/* May this mark be set for the term? A reason lifts NO_REASON, DIFFERS and FEW. */
enum mark_verdict mark_check(const struct mark_facts *f, const struct marks_policy *p,
                             enum mark_value value, bool has_reason);

/* The mean of the marks 2..5 among values, in hundredths, floored: 13 / 3 -> 433. 0 if there is
 * none. Shown beside the mark, never set. */
int mark_mean_hundredths(const enum mark_value *values, size_t n);

/* How many of the values are marks 2..5. */
int mark_count(const enum mark_value *values, size_t n);

/* The mark that the mean of values rounds to, MARK_NONE under min_marks marks. A proposal: it is
 * never set by itself (DOMAIN section 8). */
enum mark_value marks_propose(const struct marks_policy *p, const enum mark_value *values,
                              size_t n);

/* The mark of one lesson, which its own mentor writes (item 33). */
struct lesson_mark_facts {
    int grade;
    bool held;           /* wholly or partly, or running and not computed yet */
    bool line;           /* an approved line of the subject on the lesson's day */
    bool closed;         /* the term's sheet is with the centre or accepted */
    enum mark_value was; /* MARK_NONE: the lesson has none yet */
};

/* May the lesson's mark become value? MARK_NONE takes it away. A mark that stands is changed and
 * taken away only with a reason; one that stays as it is may always stay. */
enum mark_verdict lesson_mark_check(const struct lesson_mark_facts *f, const struct marks_policy *p,
                                    enum mark_value value, bool has_reason);

#endif
