/* SPDX-License-Identifier: Apache-2.0
 *
 * See retention.h.
 */
#include "server/domain/retention.h"

#include <stddef.h>
#include <string.h>

#include "common/base/now.h"

static const struct retention_setting settings[RETENTION_KINDS] = {
#define X(code, name, key, days, source) [RETENTION_##code] = { key, days, source },
    RETENTION_LIST(X)
#undef X
};

static const char *const kinds[RETENTION_KINDS] = {
#define X(code, name, key, days, source) [RETENTION_##code] = #name,
    RETENTION_LIST(X)
#undef X
};

static const char *const holds[RETENTION_HOLDS] = {
#define X(code, name) [RETENTION_HOLD_##code] = name,
    RETENTION_HOLD_LIST(X)
#undef X
};

static const char *const states[RETENTION_STATES] = {
#define X(code, name) [RETENTION_STATE_##code] = name,
    RETENTION_STATE_LIST(X)
#undef X
};

static const char *const answers[] = {
#define X(code, name) [RETENTION_ANSWER_##code] = name,
    RETENTION_ANSWER_LIST(X)
#undef X
};

/* The index of name, or -1. */
static int find(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

struct retention_policy retention_policy_default(void)
{
    struct retention_policy p = { .confirm_days = RETENTION_CONFIRM_DAYS };

    for (int k = 0; k < RETENTION_KINDS; k++)
        p.days[k] = settings[k].days;
    return p;
}

const struct retention_setting *retention_setting(enum retention_kind k)
{
    return &settings[k];
}

enum retention_verdict retention_judge(const struct retention_policy *p, enum retention_kind k,
                                       const struct retention_facts *f, int64_t now_ms)
{
    int64_t wait = p->days[k] * MS_PER_DAY;

    if (f->since_ms <= 0 || f->since_ms > INT64_MAX - wait || now_ms < f->since_ms + wait)
        return RETENTION_KEEP;
    return f->holds ? RETENTION_HELD : RETENTION_DUE;
}

bool retention_of_person(enum retention_kind k)
{
    return k == RETENTION_CHILD || k == RETENTION_FAMILY || k == RETENTION_STAFF;
}

enum retention_answer retention_confirm(const struct retention_policy *p,
                                        const struct retention_ask *a, int64_t now_ms)
{
    if (a->state != RETENTION_STATE_LISTED)
        return RETENTION_ANSWER_NOT_NOW;
    if (a->asked_by == a->by)
        return RETENTION_ANSWER_OWN;
    if (now_ms - a->listed_ms > p->confirm_days * MS_PER_DAY)
        return RETENTION_ANSWER_TOO_OLD;
    return a->due > 0 ? RETENTION_ANSWER_OK : RETENTION_ANSWER_NOTHING;
}

bool retention_may_withdraw(enum retention_state s)
{
    return s == RETENTION_STATE_LISTING || s == RETENTION_STATE_LISTED;
}

const char *retention_kind_name(enum retention_kind k)
{
    return kinds[k];
}

bool retention_kind_parse(const char *name, enum retention_kind *out)
{
    int i = find(kinds, RETENTION_KINDS, name);

    if (i >= 0)
        *out = (enum retention_kind)i;
    return i >= 0;
}

const char *retention_hold_name(enum retention_hold h)
{
    return holds[h];
}

const char *retention_state_name(enum retention_state s)
{
    return states[s];
}

bool retention_state_parse(const char *name, enum retention_state *out)
{
    int i = find(states, RETENTION_STATES, name);

    if (i >= 0)
        *out = (enum retention_state)i;
    return i >= 0;
}

const char *retention_answer_name(enum retention_answer a)
{
    return answers[a];
}

void retention_alias(const uint8_t random[5], char out[RETENTION_ALIAS_CHARS + 1])
{
    static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t bits = 0;

    for (int i = 0; i < 5; i++)
        bits = bits << 8 | random[i];
    out[0] = 'P';
    out[1] = '-';
    for (int i = 0; i < 8; i++)
        out[2 + i] = digits[bits >> (35 - 5 * i) & 31];
    out[RETENTION_ALIAS_CHARS] = '\0';
}
