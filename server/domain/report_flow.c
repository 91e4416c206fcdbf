/* SPDX-License-Identifier: Apache-2.0
 *
 * The moves of a report as one table, and what holds a move up.
 */
#include "server/domain/report_flow.h"

#include <stddef.h>
#include <string.h>

#include "common/base/now.h"

/* What a move makes of each row; NONE: the row has no such move. */
static const struct {
    enum flow_actor actor;
    bool note; /* not without a word */
    unsigned char to[FLOW_ROW_COUNT];
} moves[FLOW_MOVE_COUNT] = {
    [FLOW_EDIT] = { FLOW_BY_MENTOR,
                    false,
                    { [FLOW_ROW_NONE] = FLOW_ROW_DRAFT,
                      [FLOW_ROW_DRAFT] = FLOW_ROW_DRAFT,
                      [FLOW_ROW_RETURNED] = FLOW_ROW_RETURNED } },
    [FLOW_SUBMIT] = { FLOW_BY_MENTOR,
                      false,
                      { [FLOW_ROW_NONE] = FLOW_ROW_SUBMITTED,
                        [FLOW_ROW_DRAFT] = FLOW_ROW_SUBMITTED,
                        [FLOW_ROW_RETURNED] = FLOW_ROW_SUBMITTED } },
    [FLOW_RETURN] = { FLOW_BY_COORDINATOR, true, { [FLOW_ROW_SUBMITTED] = FLOW_ROW_RETURNED } },
    [FLOW_ACCEPT] = { FLOW_BY_COORDINATOR, false, { [FLOW_ROW_SUBMITTED] = FLOW_ROW_ACCEPTED } },
    [FLOW_CORRECT] = { FLOW_BY_COORDINATOR, true, { [FLOW_ROW_ACCEPTED] = FLOW_ROW_DRAFT } },
    [FLOW_ACKNOWLEDGE] = { FLOW_BY_SCHOOL, false, { [FLOW_ROW_ACCEPTED] = FLOW_ROW_ACCEPTED } },
};

struct report_policy report_policy_default(void)
{
    return (struct report_policy){ .due_day = 4, .remind_first_days = 3, .remind_last_days = 1 };
}

static bool with_mentor(enum flow_row r)
{
    return r == FLOW_ROW_NONE || r == FLOW_ROW_DRAFT || r == FLOW_ROW_RETURNED;
}

enum flow_state flow_state(const struct flow_facts *f, int64_t now_ms)
{
    switch (f->row) {
    case FLOW_ROW_SUBMITTED:
        return FLOW_SUBMITTED;
    case FLOW_ROW_RETURNED:
        return FLOW_RETURNED;
    case FLOW_ROW_ACCEPTED:
        return !f->sent ? FLOW_ACCEPTED : f->acknowledged ? FLOW_ACKNOWLEDGED : FLOW_DUPLICATED;
    case FLOW_ROW_NONE:
    case FLOW_ROW_DRAFT:
    case FLOW_ROW_COUNT:
        break;
    }
    if (now_ms < f->period_end_ms)
        return FLOW_NOT_DUE;
    return f->row == FLOW_ROW_DRAFT ? FLOW_DRAFT : FLOW_DUE;
}

bool flow_overdue(const struct flow_facts *f, int64_t now_ms)
{
    return with_mentor(f->row) && now_ms >= f->due_ms;
}

enum flow_reminder flow_reminder(const struct flow_facts *f, const struct report_policy *p,
                                 int64_t now_ms)
{
    if (!with_mentor(f->row) || now_ms < f->period_end_ms)
        return REMINDER_NONE;
    if (now_ms >= f->due_ms)
        return REMINDER_OVERDUE;
    if (now_ms >= f->due_ms - p->remind_last_days * MS_PER_DAY)
        return REMINDER_LAST;
    return now_ms >= f->due_ms - p->remind_first_days * MS_PER_DAY ? REMINDER_FIRST : REMINDER_NONE;
}

/* What in the document itself stands in the way of sending or accepting it. */
static enum flow_verdict content_verdict(const struct flow_content *c, enum flow_move move)
{
    if (!c->totals_hold)
        return FLOW_MAY_TOTALS;
    if (c->empty)
        return FLOW_MAY_EMPTY;
    if (c->unresolved > 0)
        return FLOW_MAY_UNRESOLVED;
    if (c->marks_missing > 0)
        return FLOW_MAY_MARKS_MISSING;
    return move == FLOW_ACCEPT && c->disputed > 0 ? FLOW_MAY_DISPUTED : FLOW_MAY_OK;
}

enum flow_verdict flow_decide(const struct flow_facts *f, const struct flow_content *c,
                              const struct flow_ask *a, int64_t now_ms, enum flow_row *next)
{
    enum flow_row to = (enum flow_row)moves[a->move].to[f->row];
    enum flow_verdict v = FLOW_MAY_OK;

    if (a->actor != moves[a->move].actor)
        return FLOW_MAY_NOT_YOURS;
    if (a->own && a->actor == FLOW_BY_COORDINATOR)
        return FLOW_MAY_OWN;
    if (a->move == FLOW_EDIT && f->row == FLOW_ROW_ACCEPTED)
        return FLOW_MAY_ACCEPTED;
    if (to == FLOW_ROW_NONE)
        return FLOW_MAY_STATE;
    if (a->move == FLOW_ACKNOWLEDGE && !f->sent)
        return FLOW_MAY_NOT_SENT;
    if (moves[a->move].note && !a->has_note)
        return FLOW_MAY_NO_NOTE;
    if (a->move == FLOW_SUBMIT && now_ms < f->period_end_ms)
        return FLOW_MAY_NOT_OVER;
    if (a->move == FLOW_SUBMIT || a->move == FLOW_ACCEPT)
        v = content_verdict(c, a->move);
    if (v == FLOW_MAY_OK)
        *next = to;
    return v;
}

struct flow_content flow_content_of(const struct month_report *r, bool own_reason)
{
    struct flow_content c = { .empty = r->lines_n == 0 && !own_reason };
    int line = 0;

    for (size_t i = 0; i < r->lines_n; i++) {
        const struct report_line *l = &r->lines[i];
        bool open = l->status == LINE_AHEAD || (l->status == LINE_OVER && l->code == 'N');
        bool disputed = l->family == FAMILY_DISPUTED;

        c.unresolved += open;
        c.disputed += disputed;
        if ((open || disputed) && c.first_line == 0)
            c.first_line = l->no;
    }
    c.totals_hold = month_report_check(r, &line) == REPORT_FINE;
    if (!c.totals_hold && line > 0)
        c.first_line = line;
    return c;
}

static const char *const state_names[] = {
#define X(code, name) [FLOW_##code] = name,
    FLOW_STATE_LIST(X)
#undef X
};

static const char *const row_names[] = {
#define X(code, name) [FLOW_ROW_##code] = name,
    FLOW_ROW_LIST(X)
#undef X
};

static const char *const verdict_names[] = {
#define X(code, name) [FLOW_MAY_##code] = name,
    FLOW_VERDICT_LIST(X)
#undef X
};

static const char *const reminder_names[] = {
#define X(code, name) [REMINDER_##code] = name,
    FLOW_REMINDER_LIST(X)
#undef X
};

const char *flow_state_name(enum flow_state s)
{
    return (unsigned)s < FLOW_STATE_COUNT ? state_names[s] : "unknown";
}

const char *flow_row_name(enum flow_row r)
{
    return (unsigned)r < FLOW_ROW_COUNT ? row_names[r] : "unknown";
}

bool flow_row_parse(const char *name, enum flow_row *out)
{
    for (unsigned i = 0; i < FLOW_ROW_COUNT; i++) {
        if (strcmp(row_names[i], name) == 0) {
            *out = (enum flow_row)i;
            return true;
        }
    }
    return false;
}

const char *flow_verdict_name(enum flow_verdict v)
{
    return (unsigned)v < FLOW_VERDICT_COUNT ? verdict_names[v] : "unknown";
}

const char *flow_reminder_name(enum flow_reminder r)
{
    return (unsigned)r <= REMINDER_OVERDUE ? reminder_names[r] : "unknown";
}
