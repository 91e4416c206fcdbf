/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules about what else there is: treatments and sections of the child
 * (R2, R12), holidays and hours of its school (R11, R13), the mentor's own
 * hours (R13) and employment (R14).
 */
#include "server/domain/schedule_inside.h"

const struct school_facts *school_of(const struct schedule_facts *facts, struct org_id id)
{
    for (size_t i = 0; i < facts->schools_n; i++)
        if (org_id_eq(facts->schools[i].id, id))
            return &facts->schools[i];
    return NULL;
}

/* R12: minutes between a lesson and a section. After lessons there is a rest, before them only the
 * way home. */
static int section_gap(const struct section_block *s, const struct schedule_policy *policy,
                       bool section_after)
{
    int rest = s->on_screen ? policy->section_screen_gap_minutes : policy->section_gap_minutes;

    return s->travel_minutes + (section_after ? rest : 0);
}

/* R2 and R12 of one lesson and one meeting of a section. */
static void check_section(const struct booked_lesson *l, const struct section_block *s,
                          const struct schedule_policy *policy, struct violation v,
                          struct findings *f)
{
    struct stretch lesson = stretch_of(l), section = { s->start_ms, s->end_ms };
    int64_t common = common_ms(lesson, section);
    int gap = section_gap(s, policy, s->start_ms >= l->end_ms);

    v.block = s->id;
    if (common > 0) {
        v.rule = RULE_SECTION_OVERLAP;
        v.value = minutes_up(common);
        report_hard(f, v);
    } else if (between_ms(lesson, section) < gap * MS_PER_MIN) {
        v.rule = RULE_SECTION_GAP;
        v.limit = gap;
        v.value = between_ms(lesson, section) / MS_PER_MIN;
        report_hard(f, v);
    }
}

void check_blocks(const struct child_case *c, struct findings *f)
{
    const struct child_facts *child = c->child;

    for (size_t i = 0; i < child->treatments_n; i++) {
        const struct treatment_block *t = &child->treatments[i];
        int64_t common = common_ms(stretch_of(c->plan), (struct stretch){ t->start_ms, t->end_ms });

        if (common > 0)
            report_hard(f, (struct violation){ .rule = RULE_TREATMENT_OVERLAP,
                                               .value = minutes_up(common),
                                               .who = child->id,
                                               .block = t->id });
    }
    for (size_t i = 0; i < child->sections_n; i++)
        check_section(c->plan, &child->sections[i], c->policy,
                      (struct violation){ .who = child->id }, f);
}

size_t schedule_judge_section(const struct child_facts *child, const struct section_block *section,
                              int active, const struct schedule_facts *facts, struct violation *out,
                              size_t cap)
{
    struct findings f = { out, cap, 0, { 0 } };
    const struct schedule_policy *policy = facts->policy;

    if (active < policy->sections_min || active > policy->sections_max)
        report_hard(&f, (struct violation){ .rule = RULE_SECTION_COUNT,
                                            .limit = active < policy->sections_min
                                                         ? policy->sections_min
                                                         : policy->sections_max,
                                            .value = active,
                                            .who = child->id,
                                            .block = section->id });
    for (size_t i = 0; i < facts->booked_n; i++) {
        const struct booked_lesson *b = &facts->booked[i];

        if (in_the_way(b, (struct lesson_id){ 0 }) && has_child(b, child->id))
            check_section(b, section, policy,
                          (struct violation){ .other = b->id, .who = child->id }, &f);
    }
    for (size_t i = 0; i < child->treatments_n; i++) {
        const struct treatment_block *t = &child->treatments[i];
        int64_t common = common_ms((struct stretch){ section->start_ms, section->end_ms },
                                   (struct stretch){ t->start_ms, t->end_ms });

        if (common > 0)
            report_hard(&f, (struct violation){ .rule = RULE_TREATMENT_OVERLAP,
                                                .value = minutes_up(common),
                                                .who = child->id,
                                                .block = t->id });
    }
    return f.n;
}

/* R13: the first piece that is not covered, or n. */
static size_t outside(const struct week_span *hours, size_t hours_n, const struct local_span *at,
                      size_t n)
{
    size_t i = 0;

    while (i < n && spans_cover(hours, hours_n, &at[i]))
        i++;
    return i;
}

/* R14: some employment at the school holds on its local day. */
static void check_employed(const struct mentor_facts *m, struct org_id school, int64_t day,
                           struct findings *f)
{
    int64_t last = 0;

    for (size_t i = 0; i < m->employments_n; i++) {
        const struct employment_fact *e = &m->employments[i];

        if (!org_id_eq(e->school, school))
            continue;
        if (day_in(e->days, day))
            return;
        if (e->days.last < day && e->days.last > last)
            last = e->days.last;
    }
    report_hard(f, (struct violation){
                       .rule = RULE_NOT_EMPLOYED, .limit = last, .value = day, .who = m->id });
}

/* R11: a piece of the lesson lies on a holiday. */
static void check_holidays(const struct school_facts *s, const struct local_span *at, size_t n,
                           struct user_id child, struct findings *f)
{
    for (size_t p = 0; p < n; p++)
        for (size_t i = 0; i < s->holidays_n; i++)
            if (s->holidays[i] == at[p].day) {
                report_hard(f, (struct violation){
                                   .rule = RULE_HOLIDAY, .value = at[p].day, .who = child });
                return;
            }
}

/* One school of the lesson, named once for the first of its children. */
static void check_school(const struct booked_lesson *plan, const struct schedule_facts *facts,
                         const struct school_facts *s, struct user_id child, struct findings *f)
{
    struct local_span at[LOCAL_SPANS_MAX];
    size_t n = local_spans(s->tz, stretch_of(plan), at), out;

    if (n == 0) {
        report_hard(f, (struct violation){ .rule = RULE_UNKNOWN_ZONE, .who = child });
        return;
    }
    check_holidays(s, at, n, child, f);
    out = s->hours ? outside(s->hours, s->hours_n, at, n) : n;
    if (out < n)
        report_as(
            f, facts->policy->hours_hard,
            (struct violation){ .rule = RULE_SCHOOL_HOURS, .value = at[out].from, .who = child });
    if (facts->mentor && facts->mentor->employments)
        check_employed(facts->mentor, s->id, at[0].day, f);
}

static void check_mentor_hours(const struct booked_lesson *plan, const struct schedule_facts *facts,
                               struct findings *f)
{
    const struct mentor_facts *m = facts->mentor;
    struct local_span at[LOCAL_SPANS_MAX];
    size_t n, out;

    if (!m)
        return;
    n = local_spans(m->tz, stretch_of(plan), at);
    if (n == 0) {
        report_hard(f, (struct violation){ .rule = RULE_UNKNOWN_ZONE, .who = m->id });
        return;
    }
    out = m->hours ? outside(m->hours, m->hours_n, at, n) : n;
    if (out < n)
        report_as(
            f, facts->policy->hours_hard,
            (struct violation){ .rule = RULE_MENTOR_HOURS, .value = at[out].from, .who = m->id });
}

void check_places(const struct booked_lesson *plan, const struct schedule_facts *facts,
                  struct findings *f)
{
    for (size_t i = 0; i < facts->schools_n; i++) {
        const struct school_facts *s = &facts->schools[i];
        int c = 0;

        while (c < plan->children_n && !org_id_eq(plan->schools[c], s->id))
            c++;
        if (c < plan->children_n)
            check_school(plan, facts, s, plan->children[c], f);
    }
    check_mentor_hours(plan, facts, f);
}
