/* SPDX-License-Identifier: Apache-2.0
 *
 * The way of a month report or a mark sheet from the mentor over the centre to
 * the school (DOMAIN 4.5, section 8, items 32-34): which state it is in, who
 * may make which move, what holds it up, when it is due and when somebody is
 * reminded. Both kinds of document go the same way. Pure.
 *
 *   not_due ─▶ due ─▶ draft ─▶ submitted ─▶ accepted ─▶ duplicated ─▶ acknowledged
 *                       ▲        │    ▲         │            │              │
 *                       │        ▼    │         └────────────┴──────────────┘
 *                       │       returned              correct: version n+1
 *                       └─────────────────────────────────┘
 *
 * "overdue" is a flag beside the state. An accepted version is never changed
 * again; a correction is a new version, and the old one stays readable.
 */
#ifndef PARTA_DOMAIN_REPORT_FLOW_H
#define PARTA_DOMAIN_REPORT_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/report.h"

#define FLOW_STATE_LIST(X)                                                                         \
    X(NOT_DUE, "not_due") /* the period is not over: nothing can be sent */                        \
    X(DUE, "due")         /* it is over and nothing is written yet */                              \
    X(DRAFT, "draft")                                                                              \
    X(SUBMITTED, "submitted")   /* the centre has it */                                            \
    X(RETURNED, "returned")     /* with a note; the mentor has it */                               \
    X(ACCEPTED, "accepted")     /* frozen; the copy for the school waits */                        \
    X(DUPLICATED, "duplicated") /* the school has the copy */                                      \
    X(ACKNOWLEDGED, "acknowledged")

enum flow_state {
#define X(code, name) FLOW_##code,
    FLOW_STATE_LIST(X)
#undef X
        FLOW_STATE_COUNT
};

const char *flow_state_name(enum flow_state s);

/* What is stored of the newest version. */
#define FLOW_ROW_LIST(X)                                                                           \
    X(NONE, "")                                                                                    \
    X(DRAFT, "draft")                                                                              \
    X(SUBMITTED, "submitted")                                                                      \
    X(RETURNED, "returned")                                                                        \
    X(ACCEPTED, "accepted")

enum flow_row {
#define X(code, name) FLOW_ROW_##code,
    FLOW_ROW_LIST(X)
#undef X
        FLOW_ROW_COUNT
};

const char *flow_row_name(enum flow_row r);
bool flow_row_parse(const char *name, enum flow_row *out);

/* Rows of policy "report.*" with the defaults of report_policy_default. */
struct report_policy {
    int due_day;           /* of the next month, in the school's zone: sent by its end */
    int remind_first_days; /* so many days before the end of the due day */
    int remind_last_days;
};

/* Defaults of the centre (DOMAIN 8 leaves them to policy): due on the 4th, reminders 3 days and
 * 1 day before. */
struct report_policy report_policy_default(void);

struct flow_facts {
    enum flow_row row;
    bool sent;             /* the school has its copy of the newest version */
    bool acknowledged;     /* and has said so */
    int64_t period_end_ms; /* the month's or the term's */
    int64_t due_ms;        /* end of the due day */
};

enum flow_state flow_state(const struct flow_facts *f, int64_t now_ms);

/* The mentor owes it and the due day is over. */
bool flow_overdue(const struct flow_facts *f, int64_t now_ms);

#define FLOW_REMINDER_LIST(X)                                                                      \
    X(NONE, "none")                                                                                \
    X(FIRST, "first")                                                                              \
    X(LAST, "last")                                                                                \
    X(OVERDUE, "overdue")

enum flow_reminder {
#define X(code, name) REMINDER_##code,
    FLOW_REMINDER_LIST(X)
#undef X
};

const char *flow_reminder_name(enum flow_reminder r);

/* What the mentor is to be told now. */
enum flow_reminder flow_reminder(const struct flow_facts *f, const struct report_policy *p,
                                 int64_t now_ms);

enum flow_actor {
    FLOW_BY_MENTOR,      /* whose document it is */
    FLOW_BY_COORDINATOR, /* of the child's centre */
    FLOW_BY_SCHOOL,      /* of registration */
};

enum flow_move {
    FLOW_EDIT,        /* mentor: texts, marks, the notes of its lessons */
    FLOW_SUBMIT,      /* mentor */
    FLOW_RETURN,      /* coordinator, with a note */
    FLOW_ACCEPT,      /* coordinator */
    FLOW_CORRECT,     /* coordinator, with a reason: a new version for the mentor to write */
    FLOW_ACKNOWLEDGE, /* school */
    FLOW_MOVE_COUNT
};

/* OK, or why not. The name is the code of the refusal. */
#define FLOW_VERDICT_LIST(X)                                                                       \
    X(OK, "ok")                                                                                    \
    X(OWN, "own_report")             /* whoever wrote it does not judge it */                      \
    X(NOT_YOURS, "report_not_yours") /* another party's move */                                    \
    X(NOT_OVER, "month_not_over")                                                                  \
    X(STATE, "report_state")           /* the state has no such move */                            \
    X(ACCEPTED, "report_accepted")     /* an accepted version is not edited: correct it */         \
    X(NOT_SENT, "report_not_sent")     /* the school has no copy yet */                            \
    X(UNRESOLVED, "report_unresolved") /* lessons not computed, or N without a reason */           \
    X(DISPUTED, "report_disputed")     /* the family says otherwise: answer that first */          \
    X(TOTALS, "report_totals")         /* the totals do not follow from the lines */               \
    X(EMPTY, "report_empty")           /* no lesson, and no reason why */                          \
    X(NO_NOTE, "report_no_note")       /* nothing is returned or corrected without a word */       \
    X(MARKS_MISSING, "marks_missing")  /* of a mark sheet */                                       \
    X(CHANGED, "report_changed")       /* while the copy was drawn: look again */

enum flow_verdict {
#define X(code, name) FLOW_MAY_##code,
    FLOW_VERDICT_LIST(X)
#undef X
        FLOW_VERDICT_COUNT
};

const char *flow_verdict_name(enum flow_verdict v);

/* What stands in the document, as far as the moves ask. */
struct flow_content {
    int unresolved; /* lines */
    int disputed;   /* lines */
    int first_line; /* number of the first line at fault, 0 if none */
    bool totals_hold;
    bool empty; /* no line and no reason of the mentor's */
    int marks_missing;
};

struct flow_ask {
    enum flow_move move;
    enum flow_actor actor;
    bool has_note;
    bool own; /* the person is the mentor whose document it is */
};

/* May this party make this move now? *next (only on OK): the row that follows; an acknowledgement
 * leaves it as it is. */
enum flow_verdict flow_decide(const struct flow_facts *f, const struct flow_content *c,
                              const struct flow_ask *a, int64_t now_ms, enum flow_row *next);

/* The content of a month report. own_reason: the mentor said why there is no lesson. */
struct flow_content flow_content_of(const struct month_report *r, bool own_reason);

#endif
