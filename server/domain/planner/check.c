/* SPDX-License-Identifier: Apache-2.0
 *
 * Is a problem one that can be planned at all? Its facts come from rows that were checked before,
 * so a refusal here is a caller's mistake; but nothing is read beyond an array because of one.
 */
#include "server/domain/planner/state.h"

static bool persons_valid(const struct plan_problem *in)
{
    for (int i = 0; i < in->children_n; i++) {
        const struct plan_child *c = &in->children[i];

        if (!c->days || c->gap < 0 || c->gap > GAP_MAX || c->per_day < 1 ||
            c->per_day > PLAN_PER_DAY_MAX || c->week_slots < 0 || c->long_break < 0)
            return false;
    }
    for (int i = 0; i < in->mentors_n; i++) {
        const struct plan_mentor *m = &in->mentors[i];

        if (!m->days || m->gap < 0 || m->gap > GAP_MAX || m->week_slots < 0)
            return false;
    }
    for (int i = 0; i < in->employments_n; i++)
        if (in->employments[i].mentor < 0 || in->employments[i].mentor >= in->mentors_n ||
            in->employments[i].week_slots < 0)
            return false;
    return true;
}

static bool days_valid(const struct plan_days *d)
{
    for (int t = 0; t < PLAN_SLOTS; t++)
        if (d->of[t] >= PLAN_DAYS || (t > 0 && d->of[t] < d->of[t - 1]))
            return false;
    return true;
}

static bool line_valid(const struct plan_problem *in, const struct plan_line *l)
{
    if (l->child < 0 || l->child >= in->children_n || l->candidates_n < 0 || l->chosen < -1 ||
        l->chosen >= l->candidates_n)
        return false;
    for (int k = 0; k < l->candidates_n; k++)
        if (l->candidates[k].employment < 0 || l->candidates[k].employment >= in->employments_n ||
            l->candidates[k].cost < 0)
            return false;
    return true;
}

static bool lesson_valid(const struct plan_problem *in, const struct plan_lesson *l)
{
    if (l->line < 0 || l->line >= in->lines_n || l->length < 1 || l->length > PLAN_LENGTH_MAX ||
        l->published < -1 || l->published > PLAN_SLOTS - l->length)
        return false;
    return !l->pinned || (l->published >= 0 && in->lines[l->line].chosen >= 0);
}

bool problem_valid(const struct plan_problem *in)
{
    const struct plan_days *last = NULL;

    if (in->children_n < 0 || in->mentors_n < 0 || in->employments_n < 0 || in->lines_n < 0 ||
        in->lessons_n < 0 || !persons_valid(in))
        return false;
    for (int i = 0; i < in->children_n + in->mentors_n; i++) {
        const struct plan_days *d =
            i < in->children_n ? in->children[i].days : in->mentors[i - in->children_n].days;

        if (d != last && !days_valid(d))
            return false;
        last = d;
    }
    for (int i = 0; i < in->lines_n; i++)
        if (!line_valid(in, &in->lines[i]))
            return false;
    for (int i = 0; i < in->lessons_n; i++)
        if (!lesson_valid(in, &in->lessons[i]))
            return false;
    return true;
}
