/* SPDX-License-Identifier: Apache-2.0
 *
 * A mentor's application at a school, as a machine (DOMAIN 4.2), and what an
 * order of hiring part-time may say (item 29, R15).
 *
 *   draft ─begin─▶ documents ─submit─▶ verification ─recommend─▶ recommended
 *                                 ▲          │ return                │ order
 *                               submit ── returned                   ▼
 *   ended ◀─end─ (any)      suspended ◀─suspend─ employed ◀─employ─ acquainted ◀─acquaint─
 * order_issued └──────resume──────▲
 */
#ifndef PARTA_DOMAIN_APPLICATION_H
#define PARTA_DOMAIN_APPLICATION_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/hiring.h"

#define APPLICATION_STATE_LIST(X)                                                                  \
    X(DRAFT, "draft")                                                                              \
    X(DOCUMENTS, "documents")                                                                      \
    X(VERIFICATION, "verification")                                                                \
    X(RETURNED, "returned")                                                                        \
    X(RECOMMENDED, "recommended")                                                                  \
    X(ORDER_ISSUED, "order_issued")                                                                \
    X(ACQUAINTED, "acquainted")                                                                    \
    X(EMPLOYED, "employed")                                                                        \
    X(SUSPENDED, "suspended")                                                                      \
    X(ENDED, "ended")

enum application_state {
#define X(code, name) APPLICATION_##code,
    APPLICATION_STATE_LIST(X)
#undef X
        APPLICATION_STATE_COUNT
};

#define APPLICATION_STEP_LIST(X)                                                                   \
    X(BEGIN, "begin")         /* the documents are being collected */                              \
    X(SUBMIT, "submit")       /* the set is there: please look at it */                            \
    X(RETURN, "return")       /* something is wrong with it, for a reason */                       \
    X(RECOMMEND, "recommend") /* the centre has verified the set */                                \
    X(ORDER, "order")         /* the principal hires */                                            \
    X(ACQUAINT, "acquaint")   /* the mentor has read the order */                                  \
    X(EMPLOY, "employ")       /* the order's first day has come */                                 \
    X(SUSPEND, "suspend")     /* a document has expired, or for a reason */                        \
    X(RESUME, "resume")       /* everything stands again */                                        \
    X(END, "end")

enum application_step {
#define X(code, name) STEP_##code,
    APPLICATION_STEP_LIST(X)
#undef X
        STEP_COUNT
};

#define STEP_ANSWER_LIST(X)                                                                        \
    X(OK, "ok")                                                                                    \
    X(NOT_NOW, "not_now")       /* not from this state */                                          \
    X(NOT_YOURS, "not_yours")   /* somebody else's step */                                         \
    X(NO_REASON, "no_reason")   /* it needs a reason */                                            \
    X(INCOMPLETE, "incomplete") /* a gate of the papers stands in the way */

enum step_answer {
#define X(code, name) STEP_ANSWER_##code,
    STEP_ANSWER_LIST(X)
#undef X
};

/* May actor do the step now? papers: can_teach asked about the papers alone. *to is written only
 * with OK. An unknown state or step is NOT_NOW. */
enum step_answer application_step(enum application_state from, enum application_step step,
                                  enum actor actor, bool reason_given,
                                  const struct teach_verdict *papers, enum application_state *to);

/* Since the application is in this state, is the mentor kept from teaching at the school? */
bool application_bars(enum application_state s);

/* The principal's order. */
struct order_plan {
    int rate_percent; /* share of a full rate */
    int64_t week_minutes;
    int64_t from_ms, to_ms; /* TERM_OPEN_MS: until further notice */
    int64_t signed_ms;      /* the order's date */
    int64_t other_minutes;  /* a week, by the mentor's other orders in force meanwhile */
};

/* code, field of the API it blames */
#define ORDER_FAULT_LIST(X)                                                                        \
    X(NONE, "")                                                                                    \
    X(RATE, "rate_percent")    /* more than part-time, or nothing */                               \
    X(MINUTES, "week_minutes") /* more than half the norm, or nothing */                           \
    X(TOTAL, "week_minutes")   /* with the other orders more than a week may have */               \
    X(END, "to")               /* not after its beginning */                                       \
    X(BEGIN, "from")           /* before the order is signed */

enum order_fault {
#define X(code, field) ORDER_FAULT_##code,
    ORDER_FAULT_LIST(X)
#undef X
};

/* The first fault, in the order of the list. */
enum order_fault order_check(const struct order_plan *o, const struct hiring_policy *policy);

const char *order_fault_field(enum order_fault f);
const char *application_state_name(enum application_state s);
bool application_state_parse(const char *name, enum application_state *out);
const char *application_step_name(enum application_step s);
bool application_step_parse(const char *name, enum application_step *out);
const char *step_answer_name(enum step_answer a);

#endif
