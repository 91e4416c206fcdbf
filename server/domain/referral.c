/* SPDX-License-Identifier: Apache-2.0
 *
 * States of a referral.
 *
 *   draft ──▶ submitted ──▶ under_review ──▶ accepted
 *     │        ▲   │ ▲           │ │    └──▶ refused
 *     │        │   ▼ └───┐       │ │
 *     └──────▶ incomplete ◀──────┘ │        withdrawn ◀── draft, submitted, incomplete,
 * under_review
 *
 * What DOMAIN 4.1 leaves to the reader, and how it is read here:
 * - "A referral without a recommendation stays incomplete" (17): submitting is never refused. The
 *   school has sent it, it is counted and its days run; while something is missing its state is
 *   incomplete and the list says what.
 * - the centre may ask for completion out of the review as well as out of the queue: what is
 * missing is often seen only by who reads it.
 * - taking into review also takes over from a reviewer who is absent; a decision is made by whoever
 *   has it in review.
 * - whoever wrote in a referral for the school has no part in its review (dual control, 18).
 */
#include "server/domain/referral.h"

#include <stdlib.h>
#include <string.h>

#include "common/base/fold.h"
#include "server/domain/zone.h"

#define AT(state) (1u << REFERRAL_##state)

static const struct {
    enum referral_side side;
    unsigned from;
    bool needs_reason;
} moves[MOVE_COUNT] = {
    [MOVE_EDIT] = { SIDE_OF_SCHOOL, AT(DRAFT) | AT(INCOMPLETE), false },
    [MOVE_SUBMIT] = { SIDE_OF_SCHOOL, AT(DRAFT) | AT(INCOMPLETE), false },
    [MOVE_WITHDRAW] = { SIDE_OF_SCHOOL,
                        AT(DRAFT) | AT(SUBMITTED) | AT(INCOMPLETE) | AT(UNDER_REVIEW), true },
    [MOVE_TAKE] = { SIDE_OF_CENTRE, AT(SUBMITTED) | AT(UNDER_REVIEW), false },
    [MOVE_ASK] = { SIDE_OF_CENTRE, AT(SUBMITTED) | AT(UNDER_REVIEW), true },
    [MOVE_ACCEPT] = { SIDE_OF_CENTRE, AT(UNDER_REVIEW), true },
    [MOVE_REFUSE] = { SIDE_OF_CENTRE, AT(UNDER_REVIEW), true },
};

/* ---- names ------------------------------------------------------------------------------ */

static const char *const state_names[] = {
#define X(code, name) [REFERRAL_##code] = name,
    REFERRAL_STATE_LIST(X)
#undef X
};

static const char *const item_names[] = {
#define X(code, name) [ITEM_##code] = name,
    REFERRAL_ITEM_LIST(X)
#undef X
};

static const char *const verdict_names[] = {
#define X(code, name) [REFERRAL_MAY_##code] = name,
    REFERRAL_VERDICT_LIST(X)
#undef X
};

static const char *const alike_names[] = {
#define X(code, name) [ALIKE_##code] = name,
    ALIKE_LIST(X)
#undef X
};

static const char *const need_names[] = {
#define X(code, name) [NEED_##code] = name,
    NEED_VERDICT_LIST(X)
#undef X
};

#define NAME_OF(names, i) ((size_t)(i) < sizeof(names) / sizeof(names)[0] ? (names)[i] : "unknown")

static bool find(const char *const *names, size_t n, const char *name, unsigned *out)
{
    for (unsigned i = 0; name && i < n; i++) {
        if (strcmp(names[i], name) == 0) {
            *out = i;
            return true;
        }
    }
    return false;
}

const char *referral_state_name(enum referral_state s)
{
    return NAME_OF(state_names, s);
}

bool referral_state_parse(const char *name, enum referral_state *out)
{
    unsigned i;
    bool found = find(state_names, REFERRAL_STATE_COUNT, name, &i);

    if (found)
        *out = (enum referral_state)i;
    return found;
}

const char *referral_item_name(enum referral_item i)
{
    return NAME_OF(item_names, i);
}

bool referral_item_parse(const char *name, enum referral_item *out)
{
    unsigned i;
    bool found = find(item_names, ITEM_COUNT, name, &i);

    if (found)
        *out = (enum referral_item)i;
    return found;
}

const char *referral_verdict_name(enum referral_verdict v)
{
    return NAME_OF(verdict_names, v);
}

const char *alike_name(enum alike a)
{
    return NAME_OF(alike_names, a);
}

const char *need_verdict_name(enum need_verdict v)
{
    return NAME_OF(need_names, v);
}

/* ---- completeness ----------------------------------------------------------------------- */

static unsigned if_not(bool there, enum referral_item i)
{
    return there ? 0 : 1u << i;
}

static bool holds(int64_t to_day, int64_t today)
{
    return to_day != DAY_NONE && to_day >= today;
}

unsigned referral_missing(const struct referral_content *c, int64_t today,
                          const struct intake_policy *p)
{
    return if_not(c->child_name[0], ITEM_CHILD_NAME) |
           if_not(c->birth_day != DAY_NONE, ITEM_BIRTH_DATE) | if_not(c->grade, ITEM_GRADE) |
           if_not(c->guardian_name[0], ITEM_GUARDIAN_NAME) |
           if_not(c->guardian_phone[0], ITEM_GUARDIAN_PHONE) |
           if_not(c->application_day != DAY_NONE, ITEM_APPLICATION) |
           if_not(c->consent_day != DAY_NONE, ITEM_CONSENT) |
           if_not(holds(c->basis_to_day, today), ITEM_BASIS) |
           if_not(holds(c->recommendation_to_day, today), ITEM_RECOMMENDATION) |
           if_not(c->basis_scan || !p->scans_required, ITEM_BASIS_SCAN) |
           if_not(c->recommendation_scan || !p->scans_required, ITEM_RECOMMENDATION_SCAN);
}

bool referral_birth_ok(int64_t birth_day, int64_t today, const struct intake_policy *p)
{
    int age;

    if (birth_day == DAY_NONE || birth_day > today)
        return false;
    age = day_years(birth_day, today);
    return age >= p->age_min && age <= p->age_max;
}

/* ---- moves ------------------------------------------------------------------------------ */

static enum referral_state next_state(const struct referral_facts *f, enum referral_move move)
{
    switch (move) {
    case MOVE_SUBMIT:
        return f->missing ? REFERRAL_INCOMPLETE : REFERRAL_SUBMITTED;
    case MOVE_WITHDRAW:
        return REFERRAL_WITHDRAWN;
    case MOVE_TAKE:
        return REFERRAL_UNDER_REVIEW;
    case MOVE_ASK:
        return REFERRAL_INCOMPLETE;
    case MOVE_ACCEPT:
        return REFERRAL_ACCEPTED;
    case MOVE_REFUSE:
        return REFERRAL_REFUSED;
    case MOVE_EDIT:
    case MOVE_COUNT:
        break;
    }
    return f->state;
}

/* What binds the centre's people beyond the state. */
static enum referral_verdict review_verdict(const struct referral_facts *f,
                                            const struct referral_ask *a)
{
    if (a->wrote)
        return REFERRAL_MAY_OWN;
    if (a->move != MOVE_TAKE && f->state == REFERRAL_UNDER_REVIEW &&
        !user_id_eq(f->reviewer, a->person))
        return REFERRAL_MAY_OTHER_REVIEWER;
    return REFERRAL_MAY_OK;
}

enum referral_verdict referral_decide(const struct referral_facts *f, const struct referral_ask *a,
                                      enum referral_state *next)
{
    enum referral_verdict v = REFERRAL_MAY_OK;

    if ((unsigned)a->move >= MOVE_COUNT || a->side != moves[a->move].side)
        return REFERRAL_MAY_WRONG_SIDE;
    if ((unsigned)f->state >= REFERRAL_STATE_COUNT || (moves[a->move].from >> f->state & 1u) == 0)
        return REFERRAL_MAY_NOT_NOW;
    if (a->side == SIDE_OF_CENTRE)
        v = review_verdict(f, a);
    if (v != REFERRAL_MAY_OK)
        return v;
    if (moves[a->move].needs_reason && !a->has_reason)
        return REFERRAL_MAY_NO_REASON;
    if (a->move == MOVE_ACCEPT && f->missing)
        return REFERRAL_MAY_INCOMPLETE;
    if (a->move == MOVE_ACCEPT && f->alike > 0 && !a->chose)
        return REFERRAL_MAY_NO_CHOICE;
    *next = next_state(f, a->move);
    return REFERRAL_MAY_OK;
}

int64_t referral_waiting_days(int64_t first_day, int64_t until_day)
{
    return until_day > first_day ? until_day - first_day : 0;
}

static int by_days(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

bool referral_decision_times(int64_t *days, size_t n, struct decision_times *out)
{
    if (n == 0)
        return false;
    qsort(days, n, sizeof *days, by_days);
    *out = (struct decision_times){ days[(n - 1) / 2], days[n - 1] };
    return true;
}

/* ---- duplicates ------------------------------------------------------------------------- */

static bool is_gap(uint32_t ch)
{
    /* space, no-break space, hyphen-minus, U+2010 hyphen .. U+2015 bar, minus sign */
    return ch == ' ' || ch == 0xa0 || ch == '-' || (ch >= 0x2010 && ch <= 0x2015) || ch == 0x2212;
}

/* The next folded character; one space for any run of gaps, nothing for those at the end. */
static uint32_t next_letter(const char **p)
{
    uint32_t ch = fold_next(p);
    const char *ahead = *p;

    if (!is_gap(ch))
        return ch;
    while (is_gap(ch)) {
        *p = ahead;
        ch = fold_next(&ahead);
    }
    return ch ? ' ' : 0;
}

static bool same_name(const char *a, const char *b)
{
    uint32_t x = next_letter(&a), y = next_letter(&b);

    if (x == ' ') /* those in front */
        x = next_letter(&a);
    if (y == ' ')
        y = next_letter(&b);
    if (!x)
        return false;
    while (x && x == y) {
        x = next_letter(&a);
        y = next_letter(&b);
    }
    return x == y;
}

enum alike child_alike(const struct child_mark *a, const struct child_mark *b)
{
    if (a->birth_day == DAY_NONE || a->birth_day != b->birth_day || !same_name(a->name, b->name))
        return ALIKE_NOT;
    return org_id_eq(a->school, b->school) ? ALIKE_SAME : ALIKE_OTHER_SCHOOL;
}

/* ---- returns ---------------------------------------------------------------------------- */

enum need_verdict need_return_check(int64_t count, int64_t received, int year, int month,
                                    int64_t today, const struct intake_policy *p)
{
    int64_t first = date_to_days(year, month, 1);
    int64_t after = month == 12 ? date_to_days(year + 1, 1, 1) : date_to_days(year, month + 1, 1);

    if (count < 0 || count > NEED_COUNT_MAX)
        return NEED_RANGE;
    if (today < first)
        return NEED_AHEAD;
    if (today >= after + p->return_open_days)
        return NEED_CLOSED;
    if (count < received)
        return NEED_BELOW;
    return NEED_OK;
}
