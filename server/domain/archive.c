/* SPDX-License-Identifier: Apache-2.0
 *
 * See archive.h.
 */
#include "server/domain/archive.h"

#include <stddef.h>
#include <string.h>

static const char *const states[] = {
#define X(code, name) [ARCHIVE_##code] = name,
    ARCHIVE_STATE_LIST(X)
#undef X
};

static const char *const causes[] = {
#define X(code, name) [ARCHIVE_CAUSE_##code] = name,
    ARCHIVE_CAUSE_LIST(X)
#undef X
};

static const char *const acts[] = {
#define X(code, name) [ARCHIVE_ACT_##code] = name,
    ARCHIVE_ACT_LIST(X)
#undef X
};

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* The index of name, or -1. */
static int find(const char *const *names, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return (int)i;
    return -1;
}

const char *archive_state_name(enum archive_state s)
{
    return (size_t)s < COUNT(states) ? states[s] : "unknown";
}

bool archive_state_parse(const char *name, enum archive_state *out)
{
    int i = find(states, COUNT(states), name);

    if (i >= 0)
        *out = (enum archive_state)i;
    return i >= 0;
}

const char *archive_cause_name(enum archive_cause c)
{
    return (size_t)c < COUNT(causes) ? causes[c] : "unknown";
}

bool archive_cause_parse(const char *name, enum archive_cause *out)
{
    int i = find(causes, COUNT(causes), name);

    if (i >= 0)
        *out = (enum archive_cause)i;
    return i >= 0;
}

const char *archive_act_name(enum archive_act a)
{
    return (size_t)a < COUNT(acts) ? acts[a] : "unknown";
}

static enum archive_act act_of(enum flow_state s)
{
    switch (s) {
    case FLOW_NOT_DUE:
        return ARCHIVE_ACT_LATER;
    case FLOW_DUE:
    case FLOW_DRAFT:
    case FLOW_RETURNED:
        return ARCHIVE_ACT_MENTOR;
    case FLOW_SUBMITTED:
    case FLOW_ACCEPTED:
        return ARCHIVE_ACT_COORDINATOR;
    case FLOW_DUPLICATED:
        return ARCHIVE_ACT_SCHOOL;
    case FLOW_ACKNOWLEDGED:
    case FLOW_STATE_COUNT:
        break;
    }
    return ARCHIVE_ACT_NONE;
}

struct archive_entry archive_entry_of(const struct flow_facts *f, int newest, int accepted,
                                      int64_t now_ms)
{
    struct archive_entry e = { .state = flow_state(f, now_ms), .version = newest };

    e.act = act_of(e.state);
    e.frozen = accepted > 0;
    if (e.frozen)
        e.version = accepted;
    e.correcting = e.frozen && accepted < newest;
    return e;
}

struct archive_policy archive_policy_default(void)
{
    return (struct archive_policy){
#define X(field, key, min, max, fallback, source) .field = fallback,
        ARCHIVE_SETTING_LIST(X)
#undef X
    };
}
