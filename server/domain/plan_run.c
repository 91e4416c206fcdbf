/* SPDX-License-Identifier: Apache-2.0
 *
 * See plan_run.h.
 */
#include "server/domain/plan_run.h"

#include <stddef.h>
#include <string.h>

static const char *const modes[] = {
#define X(code, name) [PLAN_MODE_##code] = name,
    PLAN_MODE_LIST(X)
#undef X
};

static const char *const states[] = {
#define X(code, name) [PLAN_STATE_##code] = name,
    PLAN_STATE_LIST(X)
#undef X
};

static const char *const causes[] = {
#define X(code, name) [PLAN_CAUSE_##code] = name,
    PLAN_CAUSE_LIST(X)
#undef X
};

/* The index of name, or -1. */
static int find(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

struct plan_policy plan_policy_default(void)
{
    return (struct plan_policy){
#define X(field, key, min, max, fallback, source) .field = fallback,
        PLAN_SETTING_LIST(X)
#undef X
    };
}

const char *plan_mode_name(enum plan_mode m)
{
    return modes[m];
}

const char *plan_state_name(enum plan_state s)
{
    return states[s];
}

const char *plan_cause_name(enum plan_cause c)
{
    return causes[c];
}

bool plan_mode_parse(const char *name, enum plan_mode *out)
{
    int i = find(modes, COUNT(modes), name);

    if (i >= 0)
        *out = (enum plan_mode)i;
    return i >= 0;
}

bool plan_state_parse(const char *name, enum plan_state *out)
{
    int i = find(states, COUNT(states), name);

    if (i >= 0)
        *out = (enum plan_state)i;
    return i >= 0;
}

bool plan_cause_parse(const char *name, enum plan_cause *out)
{
    int i = find(causes, COUNT(causes), name);

    if (i >= 0)
        *out = (enum plan_cause)i;
    return i >= 0;
}

bool plan_rule_parse(const char *name, enum plan_rule *out)
{
    for (int r = PLAN_NONE; r < PLAN_RULE_COUNT; r++)
        if (strcmp(plan_rule_name((enum plan_rule)r), name) == 0) {
            *out = (enum plan_rule)r;
            return true;
        }
    return false;
}
