/* SPDX-License-Identifier: Apache-2.0
 *
 * Small problems, their faults and their best, see plan_small.h. Nothing of the planner's code is
 * used for either.
 */
#include "tests/support/plan_small.h"

#include <string.h>

static void open_range(struct slot_set *s, int from, int to)
{
    for (int t = from; t < to; t++)
        s->w[t / 64] |= (uint64_t)1 << (t % 64);
}

static bool open_at(const struct slot_set *s, int t)
{
    return s->w[t / 64] >> (t % 64) & 1u;
}

void small_init(struct small *s, int children, int mentors)
{
    memset(s, 0, sizeof *s);
    for (int t = 0; t < PLAN_SLOTS; t++)
        s->days.of[t] = (uint8_t)(t / DAY_SLOTS);
    for (int i = 0; i < SMALL_PEOPLE; i++) {
        for (int d = 1; d <= 5; d++) {
            open_range(&s->child_sets[i][0], d * DAY_SLOTS + 100, d * DAY_SLOTS + 200);
            open_range(&s->mentor_sets[i][0], d * DAY_SLOTS + 100, d * DAY_SLOTS + 200);
        }
        s->child_layers[i][0] = (struct plan_layer){ PLAN_WINDOW, &s->child_sets[i][0] };
        s->mentor_layers[i][0] = (struct plan_layer){ PLAN_MENTOR_HOURS, &s->mentor_sets[i][0] };
        s->children[i] = (struct plan_child){ .id = i + 1,
                                              .layers = s->child_layers[i],
                                              .layers_n = 1,
                                              .days = &s->days,
                                              .gap = 2,
                                              .per_day = 4 };
        s->mentors[i] = (struct plan_mentor){
            .id = i + 1, .layers = s->mentor_layers[i], .layers_n = 1, .days = &s->days, .gap = 1
        };
        s->employments[i] = (struct plan_employment){ .id = i + 1, .mentor = i };
    }
    s->problem = (struct plan_problem){ .children = s->children,
                                        .mentors = s->mentors,
                                        .employments = s->employments,
                                        .lines = s->lines,
                                        .lessons = s->lessons,
                                        .children_n = children,
                                        .mentors_n = mentors,
                                        .employments_n = mentors };
}

int small_line(struct small *s, int child, int mentor, int lessons, int length)
{
    int line = s->problem.lines_n++, n = 0;

    for (int i = 0; i < s->problem.mentors_n; i++)
        if (mentor < 0 || mentor == i)
            s->candidates[line][n++] = (struct plan_candidate){ i, 0 };
    s->lines[line] = (struct plan_line){ .id = line + 1,
                                         .child = child,
                                         .subject = line,
                                         .candidates = s->candidates[line],
                                         .candidates_n = n,
                                         .chosen = mentor < 0 ? -1 : 0 };
    for (int i = 0; i < lessons; i++, s->problem.lessons_n++)
        s->lessons[s->problem.lessons_n] =
            (struct plan_lesson){ s->problem.lessons_n + 1, line, length, -1, false };
    return line;
}

static void block(struct plan_layer *layers, struct slot_set *sets, int *n, enum plan_rule rule,
                  int from, int to)
{
    open_range(&sets[*n], 0, from);
    open_range(&sets[*n], to, PLAN_SLOTS);
    layers[*n] = (struct plan_layer){ rule, &sets[*n] };
    ++*n;
}

void small_block_child(struct small *s, int child, enum plan_rule rule, int from, int to)
{
    block(s->child_layers[child], s->child_sets[child], &s->children[child].layers_n, rule, from,
          to);
}

void small_block_mentor(struct small *s, int mentor, enum plan_rule rule, int from, int to)
{
    block(s->mentor_layers[mentor], s->mentor_sets[mentor], &s->mentors[mentor].layers_n, rule,
          from, to);
}

static void roll_window(struct slot_set *s, struct rnd *r, int days)
{
    memset(s, 0, sizeof *s);
    for (int d = 1; d <= days; d++) {
        int from = d * DAY_SLOTS + (int)rnd_in(r, 100, 102);

        if (rnd_percent(r, 97))
            open_range(s, from, from + (int)rnd_in(r, 7, 14));
    }
}

void small_roll(struct small *s, struct rnd *r)
{
    int children = (int)rnd_in(r, 1, 3), mentors = (int)rnd_in(r, 1, 2), lessons = 0;

    small_init(s, children, mentors);
    for (int i = 0; i < children; i++) {
        roll_window(&s->child_sets[i][0], r, 2);
        s->children[i].per_day = (int)rnd_in(r, 2, 3);
        s->children[i].gap = (int)rnd_in(r, 0, 2);
        s->children[i].week_slots = rnd_percent(r, 15) ? (int)rnd_in(r, 6, 16) : 0;
        s->children[i].long_break = rnd_percent(r, 30) ? (int)rnd_in(r, 2, 4) : 0;
    }
    for (int i = 0; i < mentors; i++) {
        roll_window(&s->mentor_sets[i][0], r, 2);
        s->mentors[i].week_slots = rnd_percent(r, 15) ? (int)rnd_in(r, 6, 16) : 0;
        s->employments[i].week_slots = rnd_percent(r, 15) ? (int)rnd_in(r, 6, 16) : 0;
    }
    while (lessons < 5 && s->problem.lines_n < 4) {
        int n = (int)rnd_in(r, 1, 2), child = (int)rnd_in(r, 0, children - 1);
        int line = small_line(s, child, rnd_percent(r, 60) ? (int)rnd_in(r, 0, mentors - 1) : -1, n,
                              (int)rnd_in(r, 2, 4));

        s->lines[line].subject = (int)rnd_in(r, 0, 2);
        lessons += n;
    }
}

void small_roll_crowd(struct small *s, struct rnd *r)
{
    small_init(s, 3, 3);
    for (int i = 0; i < 3; i++) {
        s->children[i].per_day = 5;
        s->children[i].long_break = (int)rnd_in(r, 4, 6);
        s->employments[i].week_slots = rnd_percent(r, 50) ? (int)rnd_in(r, 60, 100) : 0;
        small_block_child(s, i, PLAN_REST, 3 * DAY_SLOTS, PLAN_SLOTS);
        small_block_child(s, i, PLAN_WINDOW, DAY_SLOTS + (int)rnd_in(r, 130, 150), 2 * DAY_SLOTS);
        for (int k = 0; k < 6; k++)
            small_line(s, i, rnd_percent(r, 70) ? -1 : i, 2, (int)rnd_in(r, 3, 6));
    }
}

static int mentor_of_line(const struct small *s, int line, const int *candidate)
{
    return s->employments[s->candidates[line][candidate[line]].employment].mentor;
}

static bool pair_clashes(const struct small *s, const int *start, const int *candidate, int a,
                         int b)
{
    const struct plan_line *x = &s->lines[s->lessons[a].line], *y = &s->lines[s->lessons[b].line];
    int between = start[a] < start[b] ? start[b] - start[a] - s->lessons[a].length
                                      : start[a] - start[b] - s->lessons[b].length;

    if (x->child == y->child &&
        (between < s->children[x->child].gap ||
         (x->subject == y->subject && start[a] / DAY_SLOTS == start[b] / DAY_SLOTS)))
        return true;
    return mentor_of_line(s, s->lessons[a].line, candidate) ==
               mentor_of_line(s, s->lessons[b].line, candidate) &&
           between < s->mentors[mentor_of_line(s, s->lessons[a].line, candidate)].gap;
}

static bool place_is_open(const struct small *s, const int *candidate, int lesson, int start)
{
    int line = s->lessons[lesson].line;
    const struct plan_child *c = &s->children[s->lines[line].child];
    const struct plan_mentor *m = &s->mentors[mentor_of_line(s, line, candidate)];

    for (int t = start; t < start + s->lessons[lesson].length; t++) {
        if (t >= PLAN_SLOTS)
            return false;
        for (int i = 0; i < c->layers_n; i++)
            if (!open_at(c->layers[i].open, t))
                return false;
        for (int i = 0; i < m->layers_n; i++)
            if (!open_at(m->layers[i].open, t))
                return false;
    }
    return true;
}

/* Count and long break of one child's day, by sorting its starts. */
static int day_faults(const struct small *s, const int *start, int child, int day)
{
    int from[SMALL_LESSONS], to[SMALL_LESSONS], n = 0, need = s->children[child].long_break;

    for (int i = 0; i < s->problem.lessons_n; i++) {
        int k = n;

        if (start[i] < 0 || s->lines[s->lessons[i].line].child != child ||
            start[i] / DAY_SLOTS != day)
            continue;
        for (; k > 0 && from[k - 1] > start[i]; k--) {
            from[k] = from[k - 1];
            to[k] = to[k - 1];
        }
        from[k] = start[i];
        to[k] = start[i] + s->lessons[i].length;
        n++;
    }
    return (n > s->children[child].per_day) +
           (need > 0 && n >= 3 && from[2] - to[1] < need && !(n >= 4 && from[3] - to[2] >= need));
}

static int sum_faults(const struct small *s, const int *start, const int *candidate)
{
    int child[SMALL_PEOPLE] = { 0 }, mentor[SMALL_PEOPLE] = { 0 }, faults = 0;

    for (int i = 0; i < s->problem.lessons_n; i++)
        if (start[i] >= 0) {
            child[s->lines[s->lessons[i].line].child] += s->lessons[i].length;
            mentor[mentor_of_line(s, s->lessons[i].line, candidate)] += s->lessons[i].length;
        }
    for (int i = 0; i < SMALL_PEOPLE; i++) {
        faults += s->children[i].week_slots > 0 && child[i] > s->children[i].week_slots;
        faults += s->mentors[i].week_slots > 0 && mentor[i] > s->mentors[i].week_slots;
        faults += s->employments[i].week_slots > 0 && mentor[i] > s->employments[i].week_slots;
    }
    return faults;
}

static int group_faults(const struct small *s, const int *start, const int *candidate)
{
    int faults = sum_faults(s, start, candidate);

    for (int i = 0; i < s->problem.children_n; i++)
        for (int d = 0; d < PLAN_SLOTS / DAY_SLOTS; d++)
            faults += day_faults(s, start, i, d);
    return faults;
}

int small_faults(const struct small *s, const int *start, const int *candidate)
{
    int faults = group_faults(s, start, candidate);

    for (int a = 0; a < s->problem.lessons_n; a++) {
        if (start[a] < 0)
            continue;
        faults += !place_is_open(s, candidate, a, start[a]);
        for (int b = 0; b < a; b++)
            faults += start[b] >= 0 && pair_clashes(s, start, candidate, a, b);
    }
    return faults;
}

struct trial {
    const struct small *s;
    int start[SMALL_LESSONS], candidate[SMALL_LINES];
    int placed, best;
};

static void try_lesson(struct trial *t, int lesson)
{
    const struct small *s = t->s;

    if (t->placed + s->problem.lessons_n - lesson <= t->best)
        return;
    if (lesson == s->problem.lessons_n) {
        if (group_faults(s, t->start, t->candidate) == 0)
            t->best = t->placed;
        return;
    }
    for (int at = DAY_SLOTS; at < 3 * DAY_SLOTS; at++) {
        bool clash = !place_is_open(s, t->candidate, lesson, at);

        t->start[lesson] = at;
        for (int b = 0; b < lesson && !clash; b++)
            clash = t->start[b] >= 0 && pair_clashes(s, t->start, t->candidate, lesson, b);
        if (clash)
            continue;
        t->placed++;
        try_lesson(t, lesson + 1);
        t->placed--;
    }
    t->start[lesson] = -1;
    try_lesson(t, lesson + 1);
}

static void try_line(struct trial *t, int line)
{
    const struct small *s = t->s;

    if (line == s->problem.lines_n) {
        try_lesson(t, 0);
        return;
    }
    for (int k = 0; k < s->lines[line].candidates_n; k++) {
        t->candidate[line] = k;
        try_line(t, line + 1);
    }
}

int small_best(const struct small *s)
{
    struct trial t = { .s = s, .best = -1 };

    try_line(&t, 0);
    return t.best;
}
