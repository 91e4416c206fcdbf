/* SPDX-License-Identifier: Apache-2.0
 *
 * The application's machine as one table: what is not a row of it is refused.
 */
#include "server/domain/application.h"

#include <stddef.h>
#include <string.h>

#define IN(state) (1u << APPLICATION_##state)
#define BY(actor) (1u << ACTOR_##actor)

/* Before the school hires: the mentor may still withdraw. */
#define BEFORE_ORDER (IN(DRAFT) | IN(DOCUMENTS) | IN(VERIFICATION) | IN(RETURNED) | IN(RECOMMENDED))
#define AFTER_ORDER (IN(ORDER_ISSUED) | IN(ACQUAINTED) | IN(EMPLOYED) | IN(SUSPENDED))

enum papers_need {
    PAPERS_ANY,
    PAPERS_THERE,    /* if only to be looked at */
    PAPERS_VERIFIED, /* every gate of the papers holds */
};

struct rule {
    enum application_step step;
    unsigned from, by;
    bool reason;
    enum papers_need papers;
    enum application_state to;
};

static const struct rule rules[] = {
    { STEP_BEGIN, IN(DRAFT), BY(MENTOR) | BY(COORDINATOR), false, PAPERS_ANY,
      APPLICATION_DOCUMENTS },
    { STEP_SUBMIT, IN(DOCUMENTS) | IN(RETURNED), BY(MENTOR), false, PAPERS_THERE,
      APPLICATION_VERIFICATION },
    { STEP_RETURN, IN(VERIFICATION), BY(COORDINATOR), true, PAPERS_ANY, APPLICATION_RETURNED },
    { STEP_RECOMMEND, IN(VERIFICATION), BY(COORDINATOR), false, PAPERS_VERIFIED,
      APPLICATION_RECOMMENDED },
    { STEP_ORDER, IN(RECOMMENDED), BY(SCHOOL), false, PAPERS_VERIFIED, APPLICATION_ORDER_ISSUED },
    { STEP_ACQUAINT, IN(ORDER_ISSUED), BY(MENTOR), false, PAPERS_ANY, APPLICATION_ACQUAINTED },
    { STEP_EMPLOY, IN(ACQUAINTED), BY(PROGRAM), false, PAPERS_VERIFIED, APPLICATION_EMPLOYED },
    { STEP_SUSPEND, IN(EMPLOYED), BY(COORDINATOR) | BY(PROGRAM), true, PAPERS_ANY,
      APPLICATION_SUSPENDED },
    { STEP_RESUME, IN(SUSPENDED), BY(COORDINATOR), false, PAPERS_VERIFIED, APPLICATION_EMPLOYED },
    { STEP_END, BEFORE_ORDER, BY(MENTOR) | BY(COORDINATOR), true, PAPERS_ANY, APPLICATION_ENDED },
    { STEP_END, AFTER_ORDER, BY(SCHOOL) | BY(COORDINATOR) | BY(PROGRAM), true, PAPERS_ANY,
      APPLICATION_ENDED },
};

static bool enough(enum papers_need need, const struct teach_verdict *papers)
{
    switch (need) {
    case PAPERS_THERE:
        return hiring_complete(papers);
    case PAPERS_VERIFIED:
        return papers->failed == 0;
    default:
        return true;
    }
}

static const struct rule *rule_for(enum application_state from, enum application_step step)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
        if (rules[i].step == step && (rules[i].from & (1u << from)) != 0)
            return &rules[i];
    return NULL;
}

enum step_answer application_step(enum application_state from, enum application_step step,
                                  enum actor actor, bool reason_given,
                                  const struct teach_verdict *papers, enum application_state *to)
{
    const struct rule *r = (unsigned)from < APPLICATION_STATE_COUNT ? rule_for(from, step) : NULL;

    if (!r)
        return STEP_ANSWER_NOT_NOW;
    if ((r->by & (1u << actor)) == 0)
        return STEP_ANSWER_NOT_YOURS;
    if (r->reason && !reason_given)
        return STEP_ANSWER_NO_REASON;
    if (!enough(r->papers, papers))
        return STEP_ANSWER_INCOMPLETE;
    *to = r->to;
    return STEP_ANSWER_OK;
}

bool application_bars(enum application_state s)
{
    return s == APPLICATION_SUSPENDED || s == APPLICATION_ENDED;
}

enum order_fault order_check(const struct order_plan *o, const struct hiring_policy *policy)
{
    if (o->rate_percent < 1 || o->rate_percent > policy->part_time_percent)
        return ORDER_FAULT_RATE;
    if (o->week_minutes < 1 || o->week_minutes > policy->part_time_minutes)
        return ORDER_FAULT_MINUTES;
    if (o->week_minutes + o->other_minutes > policy->week_minutes)
        return ORDER_FAULT_TOTAL;
    if (o->to_ms <= o->from_ms)
        return ORDER_FAULT_END;
    if (o->from_ms < o->signed_ms)
        return ORDER_FAULT_BEGIN;
    return ORDER_FAULT_NONE;
}

const char *order_fault_field(enum order_fault f)
{
    static const char *const fields[] = {
#define X(code, field) [ORDER_FAULT_##code] = field,
        ORDER_FAULT_LIST(X)
#undef X
    };

    return (size_t)f < sizeof fields / sizeof fields[0] ? fields[f] : "";
}

static const char *const state_names[APPLICATION_STATE_COUNT] = {
#define X(code, name) [APPLICATION_##code] = name,
    APPLICATION_STATE_LIST(X)
#undef X
};

static const char *const step_names[STEP_COUNT] = {
#define X(code, name) [STEP_##code] = name,
    APPLICATION_STEP_LIST(X)
#undef X
};

const char *application_state_name(enum application_state s)
{
    return (unsigned)s < APPLICATION_STATE_COUNT ? state_names[s] : "none";
}

bool application_state_parse(const char *name, enum application_state *out)
{
    for (unsigned i = 0; i < APPLICATION_STATE_COUNT; i++) {
        if (strcmp(state_names[i], name) == 0) {
            *out = (enum application_state)i;
            return true;
        }
    }
    return false;
}

const char *application_step_name(enum application_step s)
{
    return (unsigned)s < STEP_COUNT ? step_names[s] : "none";
}

bool application_step_parse(const char *name, enum application_step *out)
{
    for (unsigned i = 0; i < STEP_COUNT; i++) {
        if (strcmp(step_names[i], name) == 0) {
            *out = (enum application_step)i;
            return true;
        }
    }
    return false;
}

const char *step_answer_name(enum step_answer a)
{
    static const char *const names[] = {
#define X(code, name) [STEP_ANSWER_##code] = name,
        STEP_ANSWER_LIST(X)
#undef X
    };

    return (size_t)a < sizeof names / sizeof names[0] ? names[a] : "not_now";
}
