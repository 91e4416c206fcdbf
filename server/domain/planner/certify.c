/* SPDX-License-Identifier: Apache-2.0
 *
 * Certificates (PLANNER 3.4 b): a set of lessons of one person that need more places than the
 * person has, made as small as dropping members makes it. Two ways: lessons whose starts all lie in
 * one stretch of the week, and lines over the days of the week as a flow.
 */
#include "server/domain/planner/state.h"

#define OF_PERSON_MAX 256

/* Lessons of one person that nobody else can take, and where their starts begin and end. */
struct circle {
    int32_t lessons[OF_PERSON_MAX];
    int16_t first[OF_PERSON_MAX], last[OF_PERSON_MAX];
    int n;
    bool of_mentor;
    int person;
};

/* The only mentor who can have the line, or -1. */
static int only_mentor(const struct plan *p, int line)
{
    const struct plan_line *l = &p->in.lines[line];
    int mentor;

    if (l->candidates_n == 0)
        return -1;
    mentor = mentor_of(p, line, l->chosen >= 0 ? l->chosen : 0);
    for (int k = 0; k < l->candidates_n && l->chosen < 0; k++)
        if (mentor_of(p, line, k) != mentor)
            return -1;
    return mentor;
}

/* First and last start with any candidate. False: there is none. */
static bool reach_of(const struct plan *p, int lesson, int16_t *first, int16_t *last)
{
    int line = p->in.lessons[lesson].line, from = PLAN_SLOTS, to = -1;

    for (int k = 0; k < p->in.lines[line].candidates_n; k++) {
        struct slot_set s;

        if (p->in.lines[line].chosen >= 0 && k != p->in.lines[line].chosen)
            continue;
        look_starts(p, line, k, p->length[lesson], &s);
        for (int t = slot_next(&s, 0); t < PLAN_SLOTS; t = slot_next(&s, t + 1)) {
            from = t < from ? t : from;
            to = t > to ? t : to;
        }
    }
    *first = (int16_t)from;
    *last = (int16_t)to;
    return to >= 0;
}

static void add_line(const struct plan *p, struct circle *c, int line)
{
    if (c->of_mentor && only_mentor(p, line) != c->person)
        return;
    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int l = p->line_lessons.list[i];

        if (c->n < OF_PERSON_MAX && !p->in.lessons[l].pinned &&
            reach_of(p, l, &c->first[c->n], &c->last[c->n]))
            c->lessons[c->n++] = l;
    }
}

static void circle_of(const struct plan *p, struct circle *c)
{
    const struct csr *lines = c->of_mentor ? &p->mentor_lines : &p->child_lines;

    c->n = 0;
    for (int i = lines->at[c->person]; i < lines->at[c->person + 1]; i++)
        if (i == lines->at[c->person] || lines->list[i] != lines->list[i - 1])
            add_line(p, c, lines->list[i]);
}

/* How many lessons of the shortest length the person's free starts in [from, last] hold. */
static int places_in(const struct plan *p, const struct circle *c, int from, int last, int shortest)
{
    struct slot_set s = c->of_mentor ? p->mentor_free[c->person] : p->child_free[c->person];
    int gap = c->of_mentor ? p->in.mentors[c->person].gap : p->in.children[c->person].gap;
    int n = 0;

    slot_starts(&s, shortest);
    for (int t = slot_next(&s, from); t <= last && t < PLAN_SLOTS;
         t = slot_next(&s, t + shortest + gap))
        n++;
    return n;
}

static int shortest_in(const struct plan *p, const struct circle *c, int from, int last, int *n)
{
    int shortest = PLAN_LENGTH_MAX;

    *n = 0;
    for (int i = 0; i < c->n; i++)
        if (c->first[i] >= from && c->last[i] <= last) {
            ++*n;
            if (p->length[c->lessons[i]] < shortest)
                shortest = p->length[c->lessons[i]];
        }
    return shortest;
}

/* One lesson more than there are places, the asked one among them. */
static void write_stretch(const struct circle *c, int lesson, int from, int last, int places,
                          struct plan_certificate *out)
{
    *out = (struct plan_certificate){ .places = places,
                                      .of_mentor = c->of_mentor,
                                      .person = c->person,
                                      .from = from,
                                      .to = last + 1 };
    out->lessons[out->lessons_n++] = lesson;
    for (int i = 0; i < c->n && out->lessons_n <= places && out->lessons_n < PLAN_HALL_MAX; i++)
        if (c->lessons[i] != lesson && c->first[i] >= from && c->last[i] <= last)
            out->lessons[out->lessons_n++] = c->lessons[i];
}

static bool stretch_is_full(const struct plan *p, int lesson, const struct circle *c,
                            struct plan_certificate *out)
{
    int16_t own_first, own_last;
    int fewest = PLAN_HALL_MAX;

    if (!reach_of(p, lesson, &own_first, &own_last))
        return false;
    for (int i = 0; i < c->n; i++)
        for (int k = 0; k < c->n; k++) {
            int from = c->first[i], last = c->last[k], n, shortest, places;

            if (from > own_first || last < own_last)
                continue;
            shortest = shortest_in(p, c, from, last, &n);
            if (n < 2)
                continue;
            places = places_in(p, c, from, last, shortest);
            if (n > places && places < fewest) {
                fewest = places;
                write_stretch(c, lesson, from, last, places, out);
            }
        }
    return fewest < PLAN_HALL_MAX;
}

static int demand_of(const struct plan *p, const int32_t *lines, int n)
{
    int sum = 0;

    for (int i = 0; i < n; i++)
        sum += p->line_lessons.at[lines[i] + 1] - p->line_lessons.at[lines[i]] -
               p->pinned_line[lines[i]];
    return sum;
}

static bool too_many(struct plan *p, const int32_t *lines, int n, bool of_mentor)
{
    return n > 0 && bound_flow(p, lines, n, of_mentor) < demand_of(p, lines, n);
}

/* The person's lines, own first. */
static int lines_of_circle(const struct plan *p, const struct circle *c, int own, int32_t *lines)
{
    int n = 0;

    lines[n++] = own;
    for (int i = 0; i < c->n; i++) {
        int line = p->in.lessons[c->lessons[i]].line, k = 0;

        while (k < n && lines[k] != line)
            k++;
        if (k == n)
            lines[n++] = line;
    }
    return n;
}

/* Drops what is not needed for the proof; the own line, first, stays. */
static int shrink(struct plan *p, int32_t *lines, int n, bool of_mentor)
{
    for (int i = n - 1; i > 0; i--) {
        int32_t dropped = lines[i];

        lines[i] = lines[n - 1];
        if (too_many(p, lines, n - 1, of_mentor)) {
            n--;
            continue;
        }
        lines[n - 1] = lines[i];
        lines[i] = dropped;
    }
    return n;
}

static bool days_are_full(struct plan *p, int lesson, const struct circle *c,
                          struct plan_certificate *out)
{
    int32_t lines[OF_PERSON_MAX + 1];
    int n = lines_of_circle(p, c, p->in.lessons[lesson].line, lines);

    if (!too_many(p, lines, n, c->of_mentor))
        return false;
    n = shrink(p, lines, n, c->of_mentor);
    if (demand_of(p, lines, n) > PLAN_HALL_MAX || too_many(p, lines + 1, n - 1, c->of_mentor))
        return false; /* it is others who are too many */
    *out = (struct plan_certificate){ .places = bound_flow(p, lines, n, c->of_mentor),
                                      .of_mentor = c->of_mentor,
                                      .person = c->person,
                                      .to = PLAN_SLOTS };
    for (int i = 0; i < n; i++)
        for (int k = p->line_lessons.at[lines[i]]; k < p->line_lessons.at[lines[i] + 1]; k++)
            if (!p->in.lessons[p->line_lessons.list[k]].pinned)
                out->lessons[out->lessons_n++] = p->line_lessons.list[k];
    return true;
}

bool plan_certify(struct plan *p, int lesson, struct plan_certificate *out)
{
    int line = p->in.lessons[lesson].line, mentor = only_mentor(p, line);
    struct plan_certificate found;
    bool any = false;

    for (int side = 0; side < 2; side++) {
        struct circle c = { .of_mentor = side, .person = side ? mentor : child_of(p, lesson) };

        if (c.person < 0)
            continue;
        circle_of(p, &c);
        if ((stretch_is_full(p, lesson, &c, &found) || days_are_full(p, lesson, &c, &found)) &&
            (!any || found.lessons_n < out->lessons_n)) {
            *out = found;
            any = true;
        }
    }
    return any;
}
