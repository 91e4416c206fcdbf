/* SPDX-License-Identifier: Apache-2.0
 *
 * The gates. Each one is turned into terms, checked or waiting, and all are
 * judged in the same way: a gate holds at an instant if a checked term covers
 * it, and until the end of the unbroken run of checked terms from there on.
 */
#include "server/domain/hiring.h"

#include <string.h>

#include "common/base/now.h"

#define TERMS_MAX ((size_t)2 * HIRING_ROWS_MAX)

struct terms {
    struct term items[TERMS_MAX];
    size_t n;
};

/* There is room for every row of any one kind of fact. */
static void add(struct terms *t, int64_t from_ms, int64_t to_ms, bool checked)
{
    t->items[t->n++] = (struct term){ from_ms, to_ms, checked };
}

static void add_all(struct terms *t, const struct term_facts *f)
{
    for (size_t i = 0; i < f->n; i++)
        add(t, f->items[i].from_ms, f->items[i].to_ms, f->items[i].checked);
}

static bool covers(const struct term *t, int64_t at_ms)
{
    return t->from_ms <= at_ms && t->to_ms > at_ms;
}

/* The end of the unbroken run of checked terms from at_ms on; at_ms itself if there is none. */
static int64_t run_end(const struct terms *t, int64_t at_ms)
{
    int64_t end = at_ms, before;

    do {
        before = end;
        for (size_t i = 0; i < t->n; i++)
            if (t->items[i].checked && covers(&t->items[i], end))
                end = t->items[i].to_ms;
    } while (end != before);
    return end;
}

/* Why nothing checked covers at_ms. What waits can be helped at once, so it is told first. */
static enum gate_cause cause_of(const struct terms *t, int64_t at_ms)
{
    bool later = false, over = false;

    for (size_t i = 0; i < t->n; i++) {
        if (!t->items[i].checked && covers(&t->items[i], at_ms))
            return CAUSE_WAITING;
        later = later || t->items[i].from_ms > at_ms;
        over = over || t->items[i].to_ms <= at_ms;
    }
    return over ? CAUSE_EXPIRED : later ? CAUSE_NOT_YET : CAUSE_MISSING;
}

static enum actor actor_of(enum teach_gate g, enum gate_cause cause)
{
    static const enum actor missing[TEACH_GATE_COUNT] = {
#define X(code, name, act_missing, act_waiting) [TEACH_##code] = ACTOR_##act_missing,
        TEACH_GATE_LIST(X)
#undef X
    };
    static const enum actor waiting[TEACH_GATE_COUNT] = {
#define X(code, name, act_missing, act_waiting) [TEACH_##code] = ACTOR_##act_waiting,
        TEACH_GATE_LIST(X)
#undef X
    };

    return cause == CAUSE_WAITING ? waiting[g] : missing[g];
}

/* ---- from facts to terms ----------------------------------------------------------------- */

static void documents_of(const struct teach_facts *f, enum document_kind kind, struct terms *t)
{
    for (size_t i = 0; i < f->documents_n; i++)
        if (f->documents[i].kind == kind)
            add(t, f->documents[i].issued_ms, f->documents[i].expires_ms, f->documents[i].verified);
}

/* The certificate is good for so long after its day, whatever stands on it. */
static void certificate_age(const struct teach_facts *f, const struct hiring_policy *p,
                            struct terms *t)
{
    for (size_t i = 0; i < f->documents_n; i++)
        if (f->documents[i].kind == DOCUMENT_NO_RECORD)
            add(t, f->documents[i].issued_ms,
                f->documents[i].issued_ms + p->certificate_days * MS_PER_DAY,
                f->documents[i].verified);
}

static void trainings_of(const struct teach_facts *f, bool with_topic, struct terms *t)
{
    for (size_t i = 0; i < f->trainings_n; i++)
        if (!with_topic || f->trainings[i].contact_psychology)
            add(t, f->trainings[i].issued_ms, f->trainings[i].expires_ms, f->trainings[i].verified);
}

static bool qualifies(const struct qualification_facts *q, const struct teach_question *asked)
{
    return (asked->subject == 0 || q->subject == asked->subject) &&
           (asked->grade == 0 || (q->grade_from <= asked->grade && q->grade_to >= asked->grade));
}

static void qualifications_of(const struct teach_facts *f, const struct teach_question *q,
                              struct terms *t)
{
    for (size_t i = 0; i < f->qualifications_n; i++)
        if (qualifies(&f->qualifications[i], q))
            add(t, f->qualifications[i].issued_ms, TERM_OPEN_MS, f->qualifications[i].verified);
}

/* An order that the mentor has not been acquainted with waits for that; one that was, counts from
 * then on. */
static void orders_of(const struct teach_facts *f, bool acquainted, struct terms *t)
{
    for (size_t i = 0; i < f->orders_n; i++) {
        const struct order_facts *o = &f->orders[i];
        int64_t from = acquainted && o->acquainted_ms > o->from_ms ? o->acquainted_ms : o->from_ms;

        add(t, from, o->to_ms, !acquainted || o->acquainted_ms != 0);
    }
}

static void terms_of(enum teach_gate g, const struct teach_facts *f, const struct teach_question *q,
                     const struct hiring_policy *p, struct terms *t)
{
    switch (g) {
    case TEACH_ACCOUNT:
        if (f->account_active)
            add_all(t, &f->roles);
        break;
    case TEACH_SUSPENSION:
        add(t, INT64_MIN, f->suspended_ms, true);
        break;
    case TEACH_TRAINING:
        trainings_of(f, false, t);
        break;
    case TEACH_TRAINING_TOPIC:
        trainings_of(f, true, t);
        break;
    case TEACH_WORK_BOOK:
        documents_of(f, DOCUMENT_WORK_BOOK, t);
        break;
    case TEACH_APPLICATION:
        documents_of(f, DOCUMENT_APPLICATION, t);
        break;
    case TEACH_NO_RECORD:
        documents_of(f, DOCUMENT_NO_RECORD, t);
        break;
    case TEACH_NO_RECORD_AGE:
        certificate_age(f, p, t);
        break;
    case TEACH_COURSE:
        documents_of(f, DOCUMENT_COURSE, t);
        break;
    case TEACH_RATING_SHEET:
        documents_of(f, DOCUMENT_RATING_SHEET, t);
        break;
    case TEACH_QUALIFICATION:
        qualifications_of(f, q, t);
        break;
    case TEACH_EMPLOYMENT:
        add_all(t, &f->employment);
        break;
    case TEACH_ORDER:
        orders_of(f, false, t);
        break;
    case TEACH_ACQUAINTED:
        orders_of(f, true, t);
        break;
    case TEACH_INTRODUCTION:
        if (f->introduced_ms != 0)
            add(t, f->introduced_ms, TERM_OPEN_MS, true);
        break;
    case TEACH_ASSIGNMENT:
        add_all(t, &f->assignment);
        break;
    case TEACH_PROGRAMME:
        add_all(t, &f->programme);
        break;
    case TEACH_CONSENT:
        add_all(t, &f->consent);
        break;
    case TEACH_GROUP_CONSENT:
        add_all(t, &f->group_consent);
        break;
    case TEACH_GATE_COUNT:
        break;
    }
}

/* ---- the question ------------------------------------------------------------------------- */

static bool concerns(enum teach_gate g, const struct teach_question *q)
{
    switch (g) {
    case TEACH_SUSPENSION:
    case TEACH_EMPLOYMENT:
    case TEACH_ORDER:
        return q->hired;
    case TEACH_ACQUAINTED:
        return q->hired && !q->introduction;
    case TEACH_INTRODUCTION:
        return q->child && !q->introduction && !q->substitute;
    case TEACH_ASSIGNMENT:
        return q->child && !q->substitute;
    case TEACH_PROGRAMME:
        return q->child && !q->introduction;
    case TEACH_CONSENT:
        return q->consents;
    case TEACH_GROUP_CONSENT:
        return q->consents && q->group;
    default:
        return true;
    }
}

static struct gate_state judge(enum teach_gate g, const struct terms *t, int64_t at_ms)
{
    struct gate_state s = { .until_ms = run_end(t, at_ms) };

    if (s.until_ms > at_ms) {
        s.cause = CAUSE_HOLDS;
        return s;
    }
    s.until_ms = 0;
    s.cause = cause_of(t, at_ms);
    s.actor = actor_of(g, s.cause);
    return s;
}

struct teach_verdict can_teach(const struct teach_facts *facts, const struct teach_question *q,
                               const struct hiring_policy *policy, int64_t at_ms)
{
    struct teach_verdict v = { .until_ms = TERM_OPEN_MS };

    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        struct terms t = { .n = 0 };

        if (!concerns(g, q))
            continue;
        terms_of(g, facts, q, policy, &t);
        v.gates[g] = judge(g, &t, at_ms);
        if (v.gates[g].cause != CAUSE_HOLDS)
            v.failed |= TEACH_BIT(g);
        if (v.gates[g].until_ms < v.until_ms)
            v.until_ms = v.gates[g].until_ms;
    }
    return v;
}

bool hiring_complete(const struct teach_verdict *papers)
{
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        enum gate_cause cause = papers->gates[g].cause;

        if (cause != CAUSE_NOT_ASKED && cause != CAUSE_HOLDS && cause != CAUSE_WAITING)
            return false;
    }
    return true;
}

int hiring_warning(int64_t until_ms, const struct hiring_policy *policy, int64_t now_ms)
{
    const int64_t days[] = { policy->warn_first_days, policy->warn_second_days,
                             policy->warn_last_days };
    int64_t due = 0;

    if (until_ms <= now_ms || until_ms == TERM_OPEN_MS)
        return 0;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++)
        if (until_ms - days[i] * MS_PER_DAY <= now_ms && (due == 0 || days[i] < due))
            due = days[i];
    return (int)due;
}

struct hiring_policy hiring_policy_default(void)
{
    return (struct hiring_policy){
#define X(field, key, min, max, fallback, source) .field = (fallback),
        HIRING_SETTING_LIST(X)
#undef X
    };
}

/* ---- names ---------------------------------------------------------------------------------- */

static const char *const document_names[DOCUMENT_COUNT] = {
#define X(code, name, required) [DOCUMENT_##code] = name,
    DOCUMENT_LIST(X)
#undef X
};

const char *document_name(enum document_kind k)
{
    return (unsigned)k < DOCUMENT_COUNT ? document_names[k] : "none";
}

bool document_parse(const char *name, enum document_kind *out)
{
    for (unsigned i = 0; i < DOCUMENT_COUNT; i++) {
        if (strcmp(document_names[i], name) == 0) {
            *out = (enum document_kind)i;
            return true;
        }
    }
    return false;
}

bool document_required(enum document_kind k)
{
    static const bool required[DOCUMENT_COUNT] = {
#define X(code, name, is_required) [DOCUMENT_##code] = is_required,
        DOCUMENT_LIST(X)
#undef X
    };

    return (unsigned)k < DOCUMENT_COUNT && required[k];
}

const char *teach_gate_name(enum teach_gate g)
{
    static const char *const names[TEACH_GATE_COUNT] = {
#define X(code, name, missing, waiting) [TEACH_##code] = name,
        TEACH_GATE_LIST(X)
#undef X
    };

    return (unsigned)g < TEACH_GATE_COUNT ? names[g] : "none";
}

const char *gate_cause_name(enum gate_cause c)
{
    static const char *const names[] = {
#define X(code, name) [CAUSE_##code] = name,
        GATE_CAUSE_LIST(X)
#undef X
    };

    return (size_t)c < sizeof names / sizeof names[0] ? names[c] : "missing";
}

const char *actor_name(enum actor a)
{
    static const char *const names[] = {
#define X(code, name) [ACTOR_##code] = name,
        ACTOR_LIST(X)
#undef X
    };

    return (size_t)a < sizeof names / sizeof names[0] ? names[a] : "none";
}
