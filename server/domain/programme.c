/* SPDX-License-Identifier: Apache-2.0
 *
 * See programme.h.
 */
#include "server/domain/programme.h"

#include <string.h>

/* ---- limits ----------------------------------------------------------------------------- */

static int tighter_of(int a, int b)
{
    return a == 0 || (b != 0 && b < a) ? b : a;
}

struct programme_limits programme_limits_on(const struct day_span *days, int grade,
                                            const struct advice *advice, size_t advice_n,
                                            const struct schedule_policy *policy)
{
    struct programme_limits l = { .lesson_min_minutes = policy->min_minutes,
                                  .lesson_minutes = policy->max_minutes };

    if (grade >= 1 && grade < SCHEDULE_GRADES) {
        l.week_minutes = policy->week_hours_max[grade] * policy->academic_hour_minutes;
        l.lesson_minutes = tighter_of(l.lesson_minutes, policy->lesson_minutes[grade]);
    }
    for (size_t i = 0; i < advice_n; i++) {
        if (advice[i].days.first > days->last || advice[i].days.last < days->first)
            continue;
        l.week_minutes = tighter_of(l.week_minutes, advice[i].week_minutes);
        l.lesson_minutes = tighter_of(l.lesson_minutes, advice[i].lesson_minutes);
    }
    return l;
}

/* ---- faults ----------------------------------------------------------------------------- */

struct faults {
    struct programme_fault *out;
    size_t cap, n;
};

static void blame(struct faults *f, enum programme_fault_kind kind, int line, int64_t limit,
                  int64_t value)
{
    if (f->n < f->cap)
        f->out[f->n] = (struct programme_fault){ kind, line, limit, value };
    f->n++;
}

static bool named_before(const struct programme_facts *p, size_t line)
{
    for (size_t i = 0; i < line; i++)
        if (p->lines[i].subject == p->lines[line].subject)
            return true;
    return false;
}

static void check_line(const struct programme_facts *p, size_t i,
                       const struct programme_limits *limits, const struct programme_policy *policy,
                       struct faults *f)
{
    const struct programme_line *l = &p->lines[i];
    int64_t year_max = (int64_t)l->week_minutes * policy->year_weeks;
    int line = (int)i;

    if (named_before(p, i))
        blame(f, PROGRAMME_FAULT_SUBJECT_TWICE, line, 1, 2);
    if (l->lesson_minutes < limits->lesson_min_minutes)
        blame(f, PROGRAMME_FAULT_LESSON_TOO_SHORT, line, limits->lesson_min_minutes,
              l->lesson_minutes);
    if (limits->lesson_minutes > 0 && l->lesson_minutes > limits->lesson_minutes)
        blame(f, PROGRAMME_FAULT_LESSON_TOO_LONG, line, limits->lesson_minutes, l->lesson_minutes);
    if (l->week_minutes < l->lesson_minutes)
        blame(f, PROGRAMME_FAULT_WEEK_UNDER_LESSON, line, l->lesson_minutes, l->week_minutes);
    if (l->year_minutes < l->week_minutes)
        blame(f, PROGRAMME_FAULT_YEAR_UNDER_WEEK, line, l->week_minutes, l->year_minutes);
    if (l->year_minutes > year_max)
        blame(f, PROGRAMME_FAULT_YEAR_OVER_WEEKS, line, year_max, l->year_minutes);
}

static void check_days(const struct programme_facts *p, const struct programme_policy *policy,
                       struct faults *f)
{
    int64_t days;

    if (p->days.last < p->days.first) {
        blame(f, PROGRAMME_FAULT_DAYS, -1, p->days.first, p->days.last);
        return;
    }
    days = p->days.last - p->days.first + 1;
    if (days > policy->max_days)
        blame(f, PROGRAMME_FAULT_TOO_MANY_DAYS, -1, policy->max_days, days);
    if (p->days.last < p->today)
        blame(f, PROGRAMME_FAULT_ENDED, -1, p->today, p->days.last);
    if (p->replaces && p->days.first < p->today)
        blame(f, PROGRAMME_FAULT_PAST_START, -1, p->today, p->days.first);
}

size_t programme_check(const struct programme_facts *p, const struct programme_limits *limits,
                       const struct programme_policy *policy, struct programme_fault *out,
                       size_t cap)
{
    struct faults f = { out, cap, 0 };
    int64_t week = 0;

    check_days(p, policy, &f);
    if (p->lines_n == 0)
        blame(&f, PROGRAMME_FAULT_NO_LINES, -1, 1, 0);
    if (p->lines_n > PROGRAMME_LINES_MAX)
        blame(&f, PROGRAMME_FAULT_TOO_MANY_LINES, -1, PROGRAMME_LINES_MAX, (int64_t)p->lines_n);
    for (size_t i = 0; i < p->lines_n; i++) {
        check_line(p, i, limits, policy, &f);
        week += p->lines[i].week_minutes;
    }
    if (limits->week_minutes > 0 && week > limits->week_minutes)
        blame(&f, PROGRAMME_FAULT_WEEK_SUM, -1, limits->week_minutes, week);
    return f.n;
}

/* ---- machine ---------------------------------------------------------------------------- */

static bool role_may(enum role role, enum programme_move move)
{
    bool decides = move == PROGRAMME_MOVE_APPROVE || move == PROGRAMME_MOVE_RETURN;

    return role == ROLE_COORDINATOR ||
           (!decides && (role == ROLE_MENTOR || role == ROLE_SCHOOL_OFFICER));
}

static bool state_allows(enum programme_state s, enum programme_move move)
{
    bool decides = move == PROGRAMME_MOVE_APPROVE || move == PROGRAMME_MOVE_RETURN;

    return decides ? s == PROGRAMME_PROPOSED : s == PROGRAMME_DRAFT || s == PROGRAMME_RETURNED;
}

enum programme_verdict programme_decide(enum programme_state state, const struct programme_wish *w,
                                        enum programme_state *next)
{
    if (!role_may(w->role, w->move))
        return PROGRAMME_VERDICT_NOT_ALLOWED;
    if (!state_allows(state, w->move))
        return PROGRAMME_VERDICT_NOT_NOW;
    if (w->move == PROGRAMME_MOVE_APPROVE && w->author)
        return PROGRAMME_VERDICT_OWN;
    if (w->move == PROGRAMME_MOVE_RETURN && !w->reason)
        return PROGRAMME_VERDICT_NO_REASON;
    if ((w->move == PROGRAMME_MOVE_PROPOSE || w->move == PROGRAMME_MOVE_APPROVE) && w->faults > 0)
        return PROGRAMME_VERDICT_FAULTS;
    switch (w->move) {
    case PROGRAMME_MOVE_PROPOSE:
        *next = PROGRAMME_PROPOSED;
        break;
    case PROGRAMME_MOVE_APPROVE:
        *next = PROGRAMME_APPROVED;
        break;
    case PROGRAMME_MOVE_RETURN:
        *next = PROGRAMME_RETURNED;
        break;
    case PROGRAMME_MOVE_EDIT:
    case PROGRAMME_MOVE_COUNT:
        *next = state;
        break;
    }
    return PROGRAMME_VERDICT_OK;
}

int64_t programme_until(const struct day_span *old, int64_t next_first)
{
    return next_first - 1 < old->last ? next_first - 1 : old->last;
}

/* ---- names ------------------------------------------------------------------------------ */

struct programme_policy programme_policy_default(void)
{
    return (struct programme_policy){
#define X(field, key, min, max, fallback, source) .field = (fallback),
        PROGRAMME_SETTING_LIST(X)
#undef X
    };
}

static const char *const states[PROGRAMME_STATE_COUNT] = {
#define X(code, name) [PROGRAMME_##code] = name,
    PROGRAMME_STATE_LIST(X)
#undef X
};

const char *programme_state_name(enum programme_state s)
{
    return (unsigned)s < PROGRAMME_STATE_COUNT ? states[s] : "none";
}

bool programme_state_parse(const char *name, enum programme_state *out)
{
    for (unsigned i = 0; i < PROGRAMME_STATE_COUNT; i++) {
        if (strcmp(states[i], name) == 0) {
            *out = (enum programme_state)i;
            return true;
        }
    }
    return false;
}

const char *programme_move_name(enum programme_move m)
{
    static const char *const names[PROGRAMME_MOVE_COUNT] = {
#define X(code, name) [PROGRAMME_MOVE_##code] = name,
        PROGRAMME_MOVE_LIST(X)
#undef X
    };

    return (unsigned)m < PROGRAMME_MOVE_COUNT ? names[m] : "none";
}

const char *programme_fault_name(enum programme_fault_kind k)
{
    static const char *const names[] = {
#define X(code, name) [PROGRAMME_FAULT_##code] = name,
        PROGRAMME_FAULT_LIST(X)
#undef X
    };

    return (size_t)k < sizeof names / sizeof names[0] ? names[k] : "none";
}

const char *programme_verdict_name(enum programme_verdict v)
{
    static const char *const names[] = {
#define X(code, name) [PROGRAMME_VERDICT_##code] = name,
        PROGRAMME_VERDICT_LIST(X)
#undef X
    };

    return (size_t)v < sizeof names / sizeof names[0] ? names[v] : "none";
}
