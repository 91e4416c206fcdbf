/* SPDX-License-Identifier: Apache-2.0
 *
 * The judgement of one lesson by all rules, and those that need neither clock
 * nor sum: who may teach (R4), substitutes (R17), groups (R18), late changes
 * (R19).
 */
#include "server/domain/schedule_inside.h"

/* R4: the gates that fail in any moment of the lesson. */
static void check_gates(const struct booked_lesson *plan, const struct child_facts *child,
                        struct findings *f)
{
    unsigned failed = 0;
    int64_t known = 0;

    for (size_t i = 0; i < child->gates_n; i++) {
        const struct gate_span *g = &child->gates[i];
        int64_t common = common_ms(stretch_of(plan), (struct stretch){ g->from_ms, g->to_ms });

        known += common;
        if (common > 0)
            failed |= g->failed;
    }
    if (known < plan->end_ms - plan->start_ms)
        failed |= SCHEDULE_GATES_UNKNOWN;
    if (failed)
        report_hard(f, (struct violation){ .rule = RULE_GATES, .value = failed, .who = child->id });
}

/* R18 of one child: the consent stands for the whole lesson. */
static void check_group_consent(const struct booked_lesson *plan, const struct child_facts *child,
                                struct findings *f)
{
    if (plan->children_n > 1 &&
        (child->group_from_ms > plan->start_ms || child->group_to_ms < plan->end_ms))
        report_hard(f, (struct violation){ .rule = RULE_GROUP_CONSENT, .who = child->id });
}

static const struct child_facts *child_of(const struct schedule_facts *facts, struct user_id id)
{
    for (size_t i = 0; i < facts->children_n; i++)
        if (user_id_eq(facts->children[i].id, id))
            return &facts->children[i];
    return NULL;
}

static void judge_child(const struct booked_lesson *plan, struct user_id id,
                        const struct schedule_facts *facts, struct findings *f)
{
    const struct child_facts *child = child_of(facts, id);
    struct child_case c;

    if (!child) {
        report_hard(f, (struct violation){
                           .rule = RULE_GATES, .value = SCHEDULE_GATES_UNKNOWN, .who = id });
        return;
    }
    check_gates(plan, child, f);
    check_group_consent(plan, child, f);
    if (!child_case_open(&c, plan, child, facts->policy, facts->booked, facts->booked_n, f))
        return;
    check_child(&c, f);
    check_child_week(&c, school_of(facts, child->school), f);
    check_blocks(&c, f);
}

/* R17, R19 */
static void check_change(const struct booked_lesson *plan, const struct schedule_change *change,
                         const struct schedule_facts *facts, struct findings *f)
{
    int64_t limit = facts->policy->late_change_minutes;
    int64_t first = plan->start_ms, left;

    if (change->absent.v != 0 && user_id_eq(change->absent, plan->mentor))
        report_hard(f, (struct violation){ .rule = RULE_SAME_MENTOR, .who = plan->mentor });
    if (change->absent.v != 0 && !change->family_told)
        report_hard(f, (struct violation){ .rule = RULE_FAMILY_UNTOLD, .who = plan->mentor });
    if (change->was_start_ms != 0 && change->was_start_ms < first)
        first = change->was_start_ms;
    left = sat_sub(first, facts->now_ms);
    if (left < limit * MS_PER_MIN && !(change->reason && change->all_told))
        report_soft(f, (struct violation){
                           .rule = RULE_LATE_CHANGE, .limit = limit, .value = left / MS_PER_MIN });
}

size_t schedule_judge(const struct booked_lesson *plan, const struct schedule_facts *facts,
                      struct violation *out, size_t cap)
{
    struct findings f = { out, cap, 0, plan->id };
    int64_t length = sat_sub(plan->end_ms, plan->start_ms);

    check_interval(plan, facts->policy, facts->now_ms, &f);
    if (length <= 0 || length > MS_PER_DAY || plan->children_n < 1 ||
        plan->children_n > LESSON_CHILDREN_MAX)
        return f.n;
    for (size_t i = 0; i < facts->booked_n; i++)
        check_row(plan, &facts->booked[i], facts->policy, &f);
    for (int i = 0; i < plan->children_n; i++)
        judge_child(plan, plan->children[i], facts, &f);
    check_places(plan, facts, &f);
    check_mentor_week(plan, facts, &f);
    if (plan->children_n > facts->policy->group_max)
        report_hard(&f, (struct violation){ .rule = RULE_GROUP_SIZE,
                                            .limit = facts->policy->group_max,
                                            .value = plan->children_n });
    if (facts->change)
        check_change(plan, facts->change, facts, &f);
    return f.n;
}

int64_t schedule_fitting(const struct booked_lesson *plan, const struct schedule_facts *facts)
{
    int64_t shortest = facts->policy->min_minutes * MS_PER_MIN;
    int64_t longest = facts->policy->max_minutes * MS_PER_MIN;
    int64_t length = sat_sub(plan->end_ms, plan->start_ms);

    for (int i = 0; i < plan->children_n && i < LESSON_CHILDREN_MAX; i++) {
        const struct child_facts *child = child_of(facts, plan->children[i]);
        int64_t limit = child ? lesson_limit(child, facts->policy, plan->start_ms) * MS_PER_MIN : 0;

        if (limit > 0 && limit < longest)
            longest = limit;
    }
    if (length > longest)
        length = longest;
    return length < shortest ? shortest : length;
}

size_t schedule_hard(const struct violation *v, size_t n)
{
    size_t hard = 0;

    for (size_t i = 0; i < n; i++)
        hard += v[i].hard;
    return hard;
}
