/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is missing in a lesson; see noshow.h.
 */
#include "server/domain/noshow.h"

#include "common/base/now.h"

static const char *const names[] = {
#define X(code, name) [NOSHOW_##code] = name,
    NOSHOW_LIST(X)
#undef X
};

struct noshow_policy noshow_policy_default(void)
{
    return (struct noshow_policy){ .after_ms = 5 * MS_PER_MIN };
}

static bool is_on(enum lesson_state s)
{
    return s == LESSON_SCHEDULED || s == LESSON_OPEN || s == LESSON_RUNNING ||
           s == LESSON_INTERRUPTED;
}

enum noshow noshow_now(const struct noshow_facts *f, const struct noshow_policy *p, int64_t now_ms)
{
    if (f->gathering || !is_on(f->state) || now_ms < f->start_ms + p->after_ms ||
        now_ms >= f->end_ms)
        return NOSHOW_NOBODY;
    if (!f->mentor_came)
        return f->child_came ? NOSHOW_MENTOR : NOSHOW_BOTH;
    return f->child_came ? NOSHOW_NOBODY : NOSHOW_CHILD;
}

const char *noshow_name(enum noshow n)
{
    return names[n];
}
