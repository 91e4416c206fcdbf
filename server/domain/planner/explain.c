/* SPDX-License-Identifier: Apache-2.0
 *
 * Why a lesson has no place (PLANNER 3.4): the waterfall of the rules, which rule alone would help,
 * and a certificate, a set of lessons that need more places than there are. Where no certificate
 * is found it says so and never "impossible".
 */
#include <string.h>

#include "server/domain/planner/state.h"

/* Starts that the child's and the mentor's own layers leave, one rule left out. */
static void own_starts(const struct plan *p, int lesson, int candidate, enum plan_rule without,
                       struct slot_set *out)
{
    const struct plan_child *c = &p->in.children[child_of(p, lesson)];
    const struct plan_mentor *m =
        &p->in.mentors[mentor_of(p, p->in.lessons[lesson].line, candidate)];

    slot_fill(out);
    for (int i = 0; i < c->layers_n; i++)
        if (c->layers[i].rule != without)
            slot_and(out, c->layers[i].open);
    for (int i = 0; i < m->layers_n; i++)
        if (m->layers[i].rule != without)
            slot_and(out, m->layers[i].open);
    slot_starts(out, p->length[lesson]);
}

static bool near_any(const struct plan *p, const struct roster *r, int lesson, int start, int gap)
{
    for (int i = 0; i < r->n; i++)
        if (start < r->seats[i].end + gap && start + p->length[lesson] + gap > r->seats[i].start)
            return true;
    return false;
}

static bool subject_that_day(const struct plan *p, int lesson, int start)
{
    int child = child_of(p, lesson);
    const struct roster *r = &p->child_roster[child];
    const uint8_t *day = p->in.children[child].days->of;
    int subject = p->in.lines[p->in.lessons[lesson].line].subject;

    for (int i = 0; i < r->n; i++)
        if (day[r->seats[i].start] == day[start] &&
            p->in.lines[p->in.lessons[r->seats[i].lesson].line].subject == subject)
            return true;
    return false;
}

static bool above(int32_t used, int length, int limit)
{
    return limit > 0 && used + length > limit;
}

/* Does the rule, looked at alone, forbid the start beside the lessons that are placed? */
static bool forbids(const struct plan *p, enum plan_rule rule, int lesson, int candidate, int start)
{
    int line = p->in.lessons[lesson].line, child = child_of(p, lesson);
    int mentor = mentor_of(p, line, candidate), length = p->length[lesson];
    int employment = p->in.lines[line].candidates[candidate].employment;
    const struct plan_child *c = &p->in.children[child];

    switch (rule) {
    case PLAN_CHILD_BUSY:
        return near_any(p, &p->child_roster[child], lesson, start, c->gap);
    case PLAN_MENTOR_BUSY:
        return near_any(p, &p->mentor_roster[mentor], lesson, start, p->in.mentors[mentor].gap);
    case PLAN_PER_DAY:
        return p->day_count[child * PLAN_DAYS + c->days->of[start]] >= c->per_day;
    case PLAN_SUBJECT_DAY:
        return subject_that_day(p, lesson, start);
    case PLAN_LONG_BREAK:
        return !state_day_ok(p, lesson, start, false);
    case PLAN_WEEK:
        return above(p->child_used[child], length, c->week_slots);
    case PLAN_LOAD:
        return above(p->employment_used[employment], length,
                     p->in.employments[employment].week_slots) ||
               above(p->mentor_used[mentor], length, p->in.mentors[mentor].week_slots);
    default:
        return false;
    }
}

static const enum plan_rule beside_others[] = { PLAN_CHILD_BUSY,  PLAN_MENTOR_BUSY, PLAN_PER_DAY,
                                                PLAN_SUBJECT_DAY, PLAN_LONG_BREAK,  PLAN_WEEK,
                                                PLAN_LOAD };
#define BESIDE_N (sizeof beside_others / sizeof beside_others[0])

static void keep_allowed(const struct plan *p, enum plan_rule rule, int lesson, int candidate,
                         struct slot_set *starts)
{
    for (int t = slot_next(starts, 0); t < PLAN_SLOTS; t = slot_next(starts, t + 1))
        if (forbids(p, rule, lesson, candidate, t))
            starts->w[t / 64] &= ~((uint64_t)1 << (t % 64));
}

static void fall(struct plan_why *w, enum plan_rule rule, int left)
{
    if (w->fall_n > 0 && w->fall[w->fall_n - 1].rule == rule)
        w->fall[w->fall_n - 1].left = left;
    else if (w->fall_n < PLAN_WATERFALL_MAX)
        w->fall[w->fall_n++] = (struct plan_fall){ rule, left };
    if (left == 0 && w->emptied_by == PLAN_NONE)
        w->emptied_by = rule;
}

static void fall_of_layers(const struct plan *p, int lesson, const struct plan_layer *layers, int n,
                           struct slot_set *open, struct plan_why *w)
{
    for (int i = 0; i < n; i++) {
        struct slot_set starts;

        slot_and(open, layers[i].open);
        starts = *open;
        slot_starts(&starts, p->length[lesson]);
        fall(w, layers[i].rule, slot_count(&starts));
    }
}

/* How many starts there were if this rule alone did not exist. */
static int without_rule(const struct plan *p, int lesson, int candidate, enum plan_rule rule)
{
    struct slot_set starts;

    own_starts(p, lesson, candidate, rule, &starts);
    for (size_t i = 0; i < BESIDE_N; i++)
        if (beside_others[i] != rule)
            keep_allowed(p, beside_others[i], lesson, candidate, &starts);
    return slot_count(&starts);
}

void plan_explain(struct plan *p, int lesson, int candidate, struct plan_why *out)
{
    int line = p->in.lessons[lesson].line, was = p->candidate[line];
    const struct plan_child *c = &p->in.children[child_of(p, lesson)];
    const struct plan_mentor *m;
    struct slot_set open;

    *out = (struct plan_why){ 0 };
    if (p->in.lines[line].candidates_n == 0) {
        fall(out, PLAN_GATES, 0);
        return;
    }
    p->candidate[line] = (int16_t)candidate;
    m = &p->in.mentors[mentor_of(p, line, candidate)];
    slot_fill(&open);
    fall_of_layers(p, lesson, c->layers, c->layers_n, &open, out);
    fall_of_layers(p, lesson, m->layers, m->layers_n, &open, out);
    own_starts(p, lesson, candidate, PLAN_NONE, &open);
    for (size_t i = 0; i < BESIDE_N; i++) {
        keep_allowed(p, beside_others[i], lesson, candidate, &open);
        fall(out, beside_others[i], slot_count(&open));
    }
    for (int rule = PLAN_NONE + 1; rule < PLAN_RULE_COUNT && out->emptied_by; rule++) {
        int n = without_rule(p, lesson, candidate, (enum plan_rule)rule);

        out->opens[rule] = n;
        if (n > out->would_fit_starts) {
            out->would_fit = (enum plan_rule)rule;
            out->would_fit_starts = n;
        }
    }
    p->candidate[line] = (int16_t)was;
}
