/* SPDX-License-Identifier: Apache-2.0
 *
 * A child's programme (item 23, DOMAIN 4.4): who may propose, approve and
 * return it, and what its lines may sum up to. "The educational program is
 * selected and approved by the focal point": nobody approves what they wrote
 * or proposed. An approved programme never changes; the next version takes its
 * place from its own first day on. Pure.
 *
 *                 edit                       edit
 *                 ╭──╮       return ──────▶ ╭──╮
 *      draft ─────╯  ╰─▶ proposed           returned ─▶ proposed
 *                            │ approve
 *                            ▼
 *                        approved ──(the next one is approved)──▶ superseded
 */
#ifndef PARTA_DOMAIN_PROGRAMME_H
#define PARTA_DOMAIN_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/access.h"
#include "server/domain/schedule_facts.h"

#define PROGRAMME_LINES_MAX 24
#define PROGRAMME_TOPICS_MAX 200

#define PROGRAMME_STATE_LIST(X)                                                                    \
    X(DRAFT, "draft")                                                                              \
    X(PROPOSED, "proposed")                                                                        \
    X(APPROVED, "approved")                                                                        \
    X(RETURNED, "returned")                                                                        \
    X(SUPERSEDED, "superseded")

enum programme_state {
#define X(code, name) PROGRAMME_##code,
    PROGRAMME_STATE_LIST(X)
#undef X
        PROGRAMME_STATE_COUNT
};

/* move, name in the audit */
#define PROGRAMME_MOVE_LIST(X)                                                                     \
    X(EDIT, "edit")                                                                                \
    X(PROPOSE, "propose")                                                                          \
    X(APPROVE, "approve")                                                                          \
    X(RETURN, "return")

enum programme_move {
#define X(code, name) PROGRAMME_MOVE_##code,
    PROGRAMME_MOVE_LIST(X)
#undef X
        PROGRAMME_MOVE_COUNT
};

/* A line: minutes of the clock. */
struct programme_line {
    int64_t subject;   /* row id */
    int64_t catalogue; /* the programme of the catalogue it follows; 0: an individual one */
    int week_minutes;
    int year_minutes;
    int lesson_minutes; /* wished length of a lesson */
};

/* Figures of the rules, dated policy rows of the centre: field, key, least, most, default, source.
 * P: our own proposal, K: general knowledge, neither confirmed by a source. */
#define PROGRAMME_SETTING_LIST(X)                                                                  \
    X(year_weeks, "programme.year_weeks", 1, 53, 35,                                               \
      "K: a school year has 34 weeks of lessons; one more for what is made up")                    \
    X(max_days, "programme.max_days", 7, 3660, 366, "P: a programme is for one school year")       \
    X(year_first_month, "programme.year_first_month", 1, 12, 9,                                    \
      "K: the school year begins on 1 September, unless the school's terms say otherwise")         \
    X(decision_days, "programme.decision_days", 1, 366, 5,                                         \
      "DOMAIN 2.1: a school orders the transfer within 5 working days")

struct programme_policy {
#define X(field, key, min, max, fallback, source) int field;
    PROGRAMME_SETTING_LIST(X)
#undef X
};

struct programme_policy programme_policy_default(void);

/* What binds the sums of a programme's days. 0: no limit. */
struct programme_limits {
    int week_minutes;       /* R8: by grade and recommendation */
    int lesson_minutes;     /* R5: likewise */
    int lesson_min_minutes; /* R1 */
};

/* The tightest of the norm of the grade and of every recommendation that holds on one of the days.
 * grade outside 1..11: no norm. */
struct programme_limits programme_limits_on(const struct day_span *days, int grade,
                                            const struct advice *advice, size_t advice_n,
                                            const struct schedule_policy *policy);

/* What is asked of the lines. code, name on the wire; limit and value in minutes or days. */
#define PROGRAMME_FAULT_LIST(X)                                                                    \
    X(NONE, "none")                                                                                \
    X(NO_LINES, "no_lines")             /* limit, value: lines */                                  \
    X(TOO_MANY_LINES, "too_many_lines") /* limit, value: lines */                                  \
    X(SUBJECT_TWICE, "subject_twice")   /* of a line */                                            \
    X(LESSON_TOO_SHORT, "lesson_short") /* of a line: R1 */                                        \
    X(LESSON_TOO_LONG, "lesson_long")   /* of a line: R5 */                                        \
    X(WEEK_UNDER_LESSON, "week_short")  /* of a line: a week holds not one lesson */               \
    X(YEAR_UNDER_WEEK, "year_short")    /* of a line */                                            \
    X(YEAR_OVER_WEEKS, "year_long")     /* of a line: more than its weeks can give (R16) */        \
    X(WEEK_SUM, "week_sum")             /* all lines: R8 */                                        \
    X(DAYS, "days")                     /* ends before it begins */                                \
    X(TOO_MANY_DAYS, "days_long")       /* limit, value: days */                                   \
    X(ENDED, "ended")                   /* its last day is over */                                 \
    X(PAST_START, "past_start")         /* would rewrite days that another one was taught by */

enum programme_fault_kind {
#define X(code, name) PROGRAMME_FAULT_##code,
    PROGRAMME_FAULT_LIST(X)
#undef X
};

struct programme_fault {
    enum programme_fault_kind kind;
    int line; /* index, -1: of the whole */
    int64_t limit, value;
};

struct programme_facts {
    struct day_span days; /* local to the child's school */
    const struct programme_line *lines;
    size_t lines_n;
    int64_t today;
    bool replaces; /* there is an approved one */
};

/* Every fault. Returns how many there are and writes the first cap. */
size_t programme_check(const struct programme_facts *f, const struct programme_limits *limits,
                       const struct programme_policy *policy, struct programme_fault *out,
                       size_t cap);

/* May this person make the move now? */
#define PROGRAMME_VERDICT_LIST(X)                                                                  \
    X(OK, "ok")                                                                                    \
    X(NOT_ALLOWED, "not_allowed") /* not this role's */                                            \
    X(NOT_NOW, "programme_state") /* not from this state */                                        \
    X(OWN, "own_programme")       /* dual control */                                               \
    X(NO_REASON, "no_reason")     /* a return says why */                                          \
    X(FAULTS, "programme_faults") /* programme_check found something */

enum programme_verdict {
#define X(code, name) PROGRAMME_VERDICT_##code,
    PROGRAMME_VERDICT_LIST(X)
#undef X
};

struct programme_wish {
    enum programme_move move;
    enum role role; /* in which the person asks */
    bool author;    /* wrote in it or proposed it */
    bool reason;    /* one was given */
    size_t faults;  /* of programme_check */
};

/* On OK *next is the state behind the move, else untouched. */
enum programme_verdict programme_decide(enum programme_state state, const struct programme_wish *w,
                                        enum programme_state *next);

/* The last day on which a superseded programme's lines hold: the day before its successor begins,
 * at most its own last; a day before its first: never. */
int64_t programme_until(const struct day_span *old, int64_t next_first);

const char *programme_state_name(enum programme_state s);
bool programme_state_parse(const char *name, enum programme_state *out);
const char *programme_move_name(enum programme_move m);
const char *programme_fault_name(enum programme_fault_kind k);
const char *programme_verdict_name(enum programme_verdict v);

#endif
