/* SPDX-License-Identifier: Apache-2.0
 *
 * A school's referral of a child to the coordination centre (DOMAIN 4.1, items
 * 16-19): its states and who may move it, what is missing in it, whether it
 * is about a child that is known already, and the school's return of numbers
 * it must agree with. No medical word is looked at here, only whether the
 * papers are there and hold. Pure.
 */
#ifndef PARTA_DOMAIN_REFERRAL_H
#define PARTA_DOMAIN_REFERRAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/ids.h"
#include "server/domain/papers.h"

#define REFERRAL_STATE_LIST(X)                                                                     \
    X(DRAFT, "draft")           /* the school is still writing; the centre does not see it */      \
    X(SUBMITTED, "submitted")   /* complete, waits in the centre's queue */                        \
    X(INCOMPLETE, "incomplete") /* something is missing; the school owes it */                     \
    X(UNDER_REVIEW, "under_review")                                                                \
    X(ACCEPTED, "accepted")                                                                        \
    X(REFUSED, "refused")                                                                          \
    X(WITHDRAWN, "withdrawn")

enum referral_state {
#define X(code, name) REFERRAL_##code,
    REFERRAL_STATE_LIST(X)
#undef X
        REFERRAL_STATE_COUNT
};

const char *referral_state_name(enum referral_state s);
bool referral_state_parse(const char *name, enum referral_state *out);

/* ---- what is missing -------------------------------------------------------------------- */

#define REFERRAL_ITEM_LIST(X)                                                                      \
    X(CHILD_NAME, "child_name")                                                                    \
    X(BIRTH_DATE, "birth_date")                                                                    \
    X(GRADE, "grade")                                                                              \
    X(GUARDIAN_NAME, "guardian_name")                                                              \
    X(GUARDIAN_PHONE, "guardian_phone")                                                            \
    X(APPLICATION, "application") /* the parents' written application (2.1) */                     \
    X(CONSENT, "consent")         /* to the handling of health data, in writing (2.5) */           \
    X(BASIS, "basis")             /* also one that has run out meanwhile */                        \
    X(RECOMMENDATION, "recommendation")                                                            \
    X(BASIS_SCAN, "basis_scan")                                                                    \
    X(RECOMMENDATION_SCAN, "recommendation_scan")

enum referral_item {
#define X(code, name) ITEM_##code,
    REFERRAL_ITEM_LIST(X)
#undef X
        ITEM_COUNT
};

const char *referral_item_name(enum referral_item i);
bool referral_item_parse(const char *name, enum referral_item *out);

/* What completeness looks at. Texts: "" = not given; days: DAY_NONE = not given. */
struct referral_content {
    const char *child_name, *guardian_name, *guardian_phone;
    int64_t birth_day;
    int grade; /* 0: not given */
    int64_t application_day, consent_day;
    int64_t basis_to_day, recommendation_to_day; /* last days of the papers */
    bool basis_scan, recommendation_scan;
};

/* Bit n = enum referral_item n. A paper that is over on the day today counts as missing. */
unsigned referral_missing(const struct referral_content *c, int64_t today,
                          const struct intake_policy *p);

/* True if a child of this birth day can be a pupil on the day today (policy age_min..age_max). */
bool referral_birth_ok(int64_t birth_day, int64_t today, const struct intake_policy *p);

/* ---- moves ------------------------------------------------------------------------------ */

enum referral_side {
    SIDE_OF_SCHOOL,
    SIDE_OF_CENTRE,
};

enum referral_move {
    MOVE_EDIT,     /* school: fills it in */
    MOVE_SUBMIT,   /* school: becomes submitted, or incomplete while something is missing */
    MOVE_WITHDRAW, /* school, with a reason */
    MOVE_TAKE,     /* centre: into review; also takes over from another reviewer */
    MOVE_ASK,      /* centre: back to the school for completion */
    MOVE_ACCEPT,   /* centre, with a reason */
    MOVE_REFUSE,   /* centre, with a reason */
    MOVE_COUNT
};

/* OK, or why not. The name is the code of the refusal. */
#define REFERRAL_VERDICT_LIST(X)                                                                   \
    X(OK, "ok")                                                                                    \
    X(WRONG_SIDE, "wrong_side")         /* the school's move asked by the centre or vice versa */  \
    X(NOT_NOW, "referral_state")        /* the state has no such move */                           \
    X(OWN, "own_referral")              /* whoever wrote in it does not review it */               \
    X(OTHER_REVIEWER, "other_reviewer") /* somebody else has it in review: take it over first */   \
    X(NO_REASON, "no_reason")                                                                      \
    X(INCOMPLETE, "incomplete") /* cannot be accepted: papers are missing or over */               \
    X(NO_CHOICE, "duplicates")  /* alike children: say which it is, or that it is new */

enum referral_verdict {
#define X(code, name) REFERRAL_MAY_##code,
    REFERRAL_VERDICT_LIST(X)
#undef X
};

const char *referral_verdict_name(enum referral_verdict v);

struct referral_facts {
    enum referral_state state;
    struct user_id reviewer; /* v = 0: nobody has it in review */
    unsigned missing;        /* of referral_missing, now */
    int alike;               /* children and referrals it may be a duplicate of */
};

struct referral_ask {
    enum referral_move move;
    enum referral_side side;
    struct user_id person;
    bool wrote;      /* this person has written in the referral */
    bool has_reason; /* a reason, or for MOVE_ASK what is asked for */
    bool chose;      /* MOVE_ACCEPT: said which child it is, or that it is a new one */
};

/* May this person make this move? *next (only on OK): the state that follows. */
enum referral_verdict referral_decide(const struct referral_facts *f, const struct referral_ask *a,
                                      enum referral_state *next);

/* Whole local days that the school has been waiting: from the day of the first submission to
 * today, or to the day of the decision. Never negative. */
int64_t referral_waiting_days(int64_t first_day, int64_t until_day);

/* Time to decision: days waited, each of one decided referral. */
struct decision_times {
    int64_t median_days; /* of an even number the lower one */
    int64_t longest_days;
};
/* Sorts days[0..n). False: n is 0, there is nothing to say. */
bool referral_decision_times(int64_t *days, size_t n, struct decision_times *out);

/* ---- duplicates ------------------------------------------------------------------------- */

#define ALIKE_LIST(X)                                                                              \
    X(NOT, "none")                                                                                 \
    X(OTHER_SCHOOL, "other_school") /* same name and birth date: perhaps a change of school */     \
    X(SAME, "same")                 /* name, birth date and school */

enum alike {
#define X(code, name) ALIKE_##code,
    ALIKE_LIST(X)
#undef X
};

const char *alike_name(enum alike a);

struct child_mark {
    const char *name;  /* well-formed UTF-8 */
    int64_t birth_day; /* DAY_NONE is like nothing, not even itself */
    struct org_id school;
};

/* Names are the same whatever the case, Ё or Е, number of spaces, hyphen or space. A finding is
 * shown to people; it never merges anything. */
enum alike child_alike(const struct child_mark *a, const struct child_mark *b);

/* ---- the school's return of numbers ----------------------------------------------------- */

#define NEED_COUNT_MAX 10000

#define NEED_VERDICT_LIST(X)                                                                       \
    X(OK, "ok")                                                                                    \
    X(RANGE, "range")                                                                              \
    X(AHEAD, "period_ahead")    /* the month has not begun */                                      \
    X(CLOSED, "period_closed")  /* return_open_days after the month are over */                    \
    X(BELOW, "below_referrals") /* fewer than the school has referred in this month */

enum need_verdict {
#define X(code, name) NEED_##code,
    NEED_VERDICT_LIST(X)
#undef X
};

const char *need_verdict_name(enum need_verdict v);

/* May the school declare count children in need for the month, having referred received in it?
 * today: the day at the school. */
enum need_verdict need_return_check(int64_t count, int64_t received, int year, int month,
                                    int64_t today, const struct intake_policy *p);

#endif
