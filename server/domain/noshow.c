/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is missing in a lesson; see noshow.h.
 */
#include "server/domain/noshow.h"

#include <string.h>

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

enum noshow noshow_missed(const struct noshow_facts *f, const struct noshow_policy *p,
                          int64_t now_ms)
{
    if (f->gathering || !(is_on(f->state) || f->state == LESSON_ENDED) ||
        now_ms < f->start_ms + p->after_ms)
        return NOSHOW_NOBODY;
    if (!f->mentor_came)
        return f->child_came ? NOSHOW_MENTOR : NOSHOW_BOTH;
    return f->child_came ? NOSHOW_NOBODY : NOSHOW_CHILD;
}

enum noshow noshow_now(const struct noshow_facts *f, const struct noshow_policy *p, int64_t now_ms)
{
    return is_on(f->state) && now_ms < f->end_ms ? noshow_missed(f, p, now_ms) : NOSHOW_NOBODY;
}

enum noshow noshow_of_outcome(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_TEACHER_NO_SHOW:
    case OUTCOME_TECH_TEACHER:
        return NOSHOW_MENTOR;
    case OUTCOME_CHILD_NO_SHOW:
    case OUTCOME_TECH_CHILD:
        return NOSHOW_CHILD;
    case OUTCOME_BOTH_NO_SHOW:
        return NOSHOW_BOTH;
    default:
        return NOSHOW_NOBODY;
    }
}

static bool centres_own(char cause)
{
    return cause == 'X' || cause == 'H';
}

bool noshow_cause_may(enum noshow who, char cause)
{
    if (cause == '\0' || !strchr(NOSHOW_CAUSES, cause))
        return false;
    return who == NOSHOW_CHILD || who == NOSHOW_BOTH ||
           (who == NOSHOW_MENTOR && centres_own(cause));
}

bool noshow_cause_settles(char auto_code, char cause)
{
    if (auto_code == 'N')
        return noshow_cause_may(NOSHOW_CHILD, cause);
    return auto_code == 'W' && noshow_cause_may(NOSHOW_MENTOR, cause);
}

const char *noshow_name(enum noshow n)
{
    return names[n];
}
