/* SPDX-License-Identifier: Apache-2.0
 *
 * See draft.h.
 */
#include "server/domain/draft.h"

#include "common/base/now.h"
#include "server/domain/sat.h"

static const char *const names[] = {
#define X(code, name) [DRAFT_##code] = name,
    DRAFT_KIND_LIST(X)
#undef X
};

const char *draft_kind_name(enum draft_kind k)
{
    return (size_t)k < DRAFT_KIND_COUNT ? names[k] : "unknown";
}

enum draft_kind draft_kind_of(const struct draft_side *before, const struct draft_side *after)
{
    if (before->start_ms == 0)
        return DRAFT_NEW;
    if (after->start_ms == 0)
        return DRAFT_GONE;
    if (before->start_ms == after->start_ms && before->end_ms == after->end_ms &&
        !user_id_eq(before->mentor, after->mentor))
        return DRAFT_SWAPPED;
    return DRAFT_MOVED;
}

bool draft_late(const struct draft_side *before, const struct draft_side *after,
                const struct schedule_policy *policy, int64_t now_ms)
{
    int64_t first = before->start_ms;

    if (first == 0 || (after->start_ms != 0 && after->start_ms < first))
        first = after->start_ms;
    return sat_sub(first, now_ms) < policy->late_change_minutes * MS_PER_MIN;
}
