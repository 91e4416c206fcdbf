/* SPDX-License-Identifier: Apache-2.0
 *
 * The state of a child's case, from intake to discharge (DOMAIN 4.1): "Gates
 * decide the state, people do not set it by hand; the page says what is
 * missing and who owes it." Nothing is stored but facts; this is the fold
 * over them. Pure.
 */
#ifndef PARTA_DOMAIN_CASEFILE_H
#define PARTA_DOMAIN_CASEFILE_H

#include <stdbool.h>
#include <stddef.h>

#include "server/domain/papers.h"

#define CASE_STATE_LIST(X)                                                                         \
    X(OPEN, "open") /* accepted; papers, consent or guardian are not in order */                   \
    X(MENTOR_SEARCH, "mentor_search")                                                              \
    X(PROGRAMME_PENDING, "programme_pending")                                                      \
    X(PROGRAMME_APPROVED, "programme_approved") /* lessons can be scheduled */                     \
    X(SCHEDULE_READY, "schedule_ready")         /* the staff's formalities are not settled */      \
    X(STAFF_READY, "staff_ready")               /* the first lesson is ahead */                    \
    X(ACTIVE, "active")                                                                            \
    X(SUSPENDED, "suspended")                                                                      \
    X(CLOSED, "closed")

enum case_state {
#define X(code, name) CASE_##code,
    CASE_STATE_LIST(X)
#undef X
};

#define CASE_REASON_LIST(X)                                                                        \
    X(NONE, "none")                                                                                \
    X(HOSPITAL, "hospital")   /* suspended, as the next three */                                   \
    X(PAPER, "paper_expired") /* basis or recommendation */                                        \
    X(SCHOOL, "school_change")                                                                     \
    X(CONSENT, "consent")                                                                          \
    X(RECOVERED, "recovered") /* closed, as the next two */                                        \
    X(LEFT, "left")                                                                                \
    X(FINISHED, "finished")

enum case_reason {
#define X(code, name) CASE_REASON_##code,
    CASE_REASON_LIST(X)
#undef X
};

/* gate, its name, who owes it: a role's name (access.h) */
#define CASE_GATE_LIST(X)                                                                          \
    X(BASIS, "basis", "guardian")                                                                  \
    X(RECOMMENDATION, "recommendation", "guardian")                                                \
    X(CONSENT, "consent", "guardian")                                                              \
    X(GUARDIAN, "guardian", "coordinator")   /* nobody signs in for the child yet */               \
    X(MENTOR, "mentor", "coordinator")       /* a lead mentor */                                   \
    X(PROGRAMME, "programme", "coordinator") /* an approved line */                                \
    X(SCHEDULE, "schedule", "coordinator")   /* a published lesson */                              \
    X(STAFF, "staff", "school_officer")      /* lead mentor trained, employed at the school */     \
    X(SCHOOL, "school", "coordinator")       /* after a change of school: settled anew */          \
    X(AT_HOME, "at_home", "guardian")        /* not in hospital */

enum case_gate {
#define X(code, name, owner) CASE_GATE_##code,
    CASE_GATE_LIST(X)
#undef X
        CASE_GATE_COUNT
};

/* What the records say now. */
struct case_facts {
    enum validity basis, recommendation;
    bool consent;          /* to distance lessons, stands */
    bool guardian;         /* somebody is linked to the child */
    bool lead_mentor;      /* assigned */
    bool programme;        /* an approved line */
    bool schedule;         /* a published lesson, ahead or behind */
    bool staff;            /* the lead mentor may teach this child */
    bool school_unsettled; /* registered elsewhere since, and not settled */
    bool hospital;
    bool begun;              /* a lesson of the child has been held */
    enum case_reason closed; /* NONE: not closed */
};

struct case_verdict {
    enum case_state state;
    enum case_reason reason; /* of suspended and closed; else NONE */
    unsigned missing;        /* bit n = enum case_gate n; 0 of a closed case */
};

/* Before the first lesson the first gate that is not passed names the state. From then on the case
 * is active or, while something of the four reasons holds, suspended: a mentor who leaves does not
 * throw it back to the search, the list of what is missing says it. Of several reasons the first of
 * the list above is named. */
struct case_verdict case_decide(const struct case_facts *f);

/* ---- closing ------------------------------------------------------------------------------ */

#define CASE_CLOSING_LIST(X)                                                                       \
    X(OK, "ok")                                                                                    \
    X(CLOSED, "case_closed")    /* it was closed before: another referral opens another */         \
    X(LESSONS, "lessons_ahead") /* they would go on without a case: cancel them first */

/* OK, or why not. The name is the code of the refusal. */
enum case_closing {
#define X(code, name) CASE_CLOSING_##code,
    CASE_CLOSING_LIST(X)
#undef X
};

/* May the case be closed now? lessons: published ones of the child that are ahead or under way. */
enum case_closing case_close_check(const struct case_facts *f, int64_t lessons);

/* The day until which the gate, shut now, ought to be passed: of a paper that has run out its last
 * day, of all else case_days after the case was opened. paper_to: last day of the gate's paper,
 * DAY_NONE: of no paper, or there is none. */
int64_t case_gate_due(int64_t opened_day, int64_t paper_to, const struct intake_policy *p);

const char *case_closing_name(enum case_closing c);
/* recovered, left, finished; false for any other word. */
bool case_end_parse(const char *name, enum case_reason *out);

const char *case_state_name(enum case_state s);
const char *case_reason_name(enum case_reason r);
const char *case_gate_name(enum case_gate g);
const char *case_gate_owner(enum case_gate g);

#endif
