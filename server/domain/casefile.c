/* SPDX-License-Identifier: Apache-2.0
 *
 * States of a case.
 *
 *   open ─▶ mentor_search ─▶ programme_pending ─▶ programme_approved ─▶ schedule_ready
 *                                                                             │
 *                closed ◀── (any)        suspended ⇄ active ◀── staff_ready ◀─┘
 */
#include "server/domain/casefile.h"

#include <string.h>

static unsigned if_not(bool passed, enum case_gate g)
{
    return passed ? 0 : 1u << g;
}

static unsigned missing_of(const struct case_facts *f)
{
    return if_not(f->basis == VALIDITY_VALID, CASE_GATE_BASIS) |
           if_not(f->recommendation == VALIDITY_VALID, CASE_GATE_RECOMMENDATION) |
           if_not(f->consent, CASE_GATE_CONSENT) | if_not(f->guardian, CASE_GATE_GUARDIAN) |
           if_not(f->lead_mentor, CASE_GATE_MENTOR) | if_not(f->programme, CASE_GATE_PROGRAMME) |
           if_not(f->schedule, CASE_GATE_SCHEDULE) | if_not(f->staff, CASE_GATE_STAFF) |
           if_not(!f->school_unsettled, CASE_GATE_SCHOOL) | if_not(!f->hospital, CASE_GATE_AT_HOME);
}

static bool lacks(unsigned missing, enum case_gate g)
{
    return (missing >> g & 1u) != 0;
}

static enum case_reason suspended_by(unsigned missing)
{
    if (lacks(missing, CASE_GATE_AT_HOME))
        return CASE_REASON_HOSPITAL;
    if (lacks(missing, CASE_GATE_BASIS) || lacks(missing, CASE_GATE_RECOMMENDATION))
        return CASE_REASON_PAPER;
    if (lacks(missing, CASE_GATE_SCHOOL))
        return CASE_REASON_SCHOOL;
    return lacks(missing, CASE_GATE_CONSENT) ? CASE_REASON_CONSENT : CASE_REASON_NONE;
}

/* Gates in the order of the line, each with the state while it is shut. */
static enum case_state before_lessons(unsigned missing)
{
    static const struct {
        enum case_gate gate;
        enum case_state state;
    } line[] = {
        { CASE_GATE_BASIS, CASE_OPEN },
        { CASE_GATE_RECOMMENDATION, CASE_OPEN },
        { CASE_GATE_CONSENT, CASE_OPEN },
        { CASE_GATE_GUARDIAN, CASE_OPEN },
        { CASE_GATE_SCHOOL, CASE_OPEN },
        { CASE_GATE_AT_HOME, CASE_OPEN },
        { CASE_GATE_MENTOR, CASE_MENTOR_SEARCH },
        { CASE_GATE_PROGRAMME, CASE_PROGRAMME_PENDING },
        { CASE_GATE_SCHEDULE, CASE_PROGRAMME_APPROVED },
        { CASE_GATE_STAFF, CASE_SCHEDULE_READY },
    };

    for (size_t i = 0; i < sizeof line / sizeof line[0]; i++) {
        if (lacks(missing, line[i].gate))
            return line[i].state;
    }
    return CASE_STAFF_READY;
}

struct case_verdict case_decide(const struct case_facts *f)
{
    struct case_verdict v = { .state = CASE_CLOSED, .reason = f->closed };

    if (f->closed != CASE_REASON_NONE)
        return v;
    v.missing = missing_of(f);
    if (!f->begun) {
        v.state = before_lessons(v.missing);
        return v;
    }
    v.reason = suspended_by(v.missing);
    v.state = v.reason == CASE_REASON_NONE ? CASE_ACTIVE : CASE_SUSPENDED;
    return v;
}

/* ---- closing ---------------------------------------------------------------------------- */

enum case_closing case_close_check(const struct case_facts *f, int64_t lessons)
{
    if (f->closed != CASE_REASON_NONE)
        return CASE_CLOSING_CLOSED;
    return lessons > 0 ? CASE_CLOSING_LESSONS : CASE_CLOSING_OK;
}

int64_t case_gate_due(int64_t opened_day, int64_t paper_to, const struct intake_policy *p)
{
    return paper_to != DAY_NONE ? paper_to : opened_day + p->case_days;
}

/* ---- names ------------------------------------------------------------------------------ */

static const char *const state_names[] = {
#define X(code, name) [CASE_##code] = name,
    CASE_STATE_LIST(X)
#undef X
};

static const char *const reason_names[] = {
#define X(code, name) [CASE_REASON_##code] = name,
    CASE_REASON_LIST(X)
#undef X
};

static const struct {
    const char *name, *owner;
} gates[] = {
#define X(code, name, owner) [CASE_GATE_##code] = { name, owner },
    CASE_GATE_LIST(X)
#undef X
};

static const char *const closing_names[] = {
#define X(code, name) [CASE_CLOSING_##code] = name,
    CASE_CLOSING_LIST(X)
#undef X
};

#define COUNT(names) (sizeof(names) / sizeof(names)[0])

const char *case_state_name(enum case_state s)
{
    return (size_t)s < COUNT(state_names) ? state_names[s] : "unknown";
}

const char *case_reason_name(enum case_reason r)
{
    return (size_t)r < COUNT(reason_names) ? reason_names[r] : "unknown";
}

const char *case_gate_name(enum case_gate g)
{
    return (size_t)g < COUNT(gates) ? gates[g].name : "unknown";
}

const char *case_gate_owner(enum case_gate g)
{
    return (size_t)g < COUNT(gates) ? gates[g].owner : "unknown";
}

const char *case_closing_name(enum case_closing c)
{
    return (size_t)c < COUNT(closing_names) ? closing_names[c] : "unknown";
}

bool case_end_parse(const char *name, enum case_reason *out)
{
    static const enum case_reason ends[] = { CASE_REASON_RECOVERED, CASE_REASON_LEFT,
                                             CASE_REASON_FINISHED };

    for (size_t i = 0; name && i < COUNT(ends); i++) {
        if (strcmp(name, case_reason_name(ends[i])) == 0) {
            *out = ends[i];
            return true;
        }
    }
    return false;
}
