/* SPDX-License-Identifier: Apache-2.0
 *
 * How many lessons any week could place (PLANNER section 4): a flow from lines over the days of
 * one side's people. The capacity of a day is how many lessons of the shortest length its free
 * starts can hold, so the bound never falls below the truth. Dinic's algorithm; the same network
 * over a few lines is a proof that they are too many.
 */
#include <string.h>

#include "server/domain/planner/state.h"

#define SOURCE 0
#define SINK 1

static void flow_clear(struct flow *f, int nodes)
{
    f->nodes_n = nodes;
    f->edges_n = 0;
    for (int i = 0; i < nodes; i++)
        f->head[i] = -1;
}

static void flow_arc(struct flow *f, int from, int to, int32_t cap)
{
    f->edges[f->edges_n] = (struct flow_edge){ to, f->head[from], cap };
    f->head[from] = f->edges_n++;
    f->edges[f->edges_n] = (struct flow_edge){ from, f->head[to], 0 };
    f->head[to] = f->edges_n++;
}

static bool flow_levels(struct flow *f)
{
    int n = 0;

    for (int i = 0; i < f->nodes_n; i++)
        f->level[i] = -1;
    f->level[SOURCE] = 0;
    f->queue[n++] = SOURCE;
    for (int i = 0; i < n; i++)
        for (int e = f->head[f->queue[i]]; e >= 0; e = f->edges[e].next)
            if (f->edges[e].cap > 0 && f->level[f->edges[e].to] < 0) {
                f->level[f->edges[e].to] = f->level[f->queue[i]] + 1;
                f->queue[n++] = f->edges[e].to;
            }
    return f->level[SINK] >= 0;
}

/* One unit along the levels; the network is at most six nodes deep plus detours, and every
 * detour is one of its levels, so the path fits in the queue's memory, which is free now. */
static bool flow_push(struct flow *f)
{
    int n = 0, at = SOURCE; /* queue: the edges of the path */

    while (at != SINK) {
        int e = f->iter[at];

        while (e >= 0 && !(f->edges[e].cap > 0 && f->level[f->edges[e].to] == f->level[at] + 1))
            e = f->edges[e].next;
        f->iter[at] = e;
        if (e >= 0) {
            f->queue[n++] = e;
            at = f->edges[e].to;
            continue;
        }
        if (n == 0)
            return false;
        at = f->edges[f->queue[--n] ^ 1].to;
        f->iter[at] = f->edges[f->iter[at]].next;
    }
    for (int i = 0; i < n; i++) {
        f->edges[f->queue[i]].cap--;
        f->edges[f->queue[i] ^ 1].cap++;
    }
    return true;
}

static int flow_run(struct flow *f)
{
    int total = 0;

    while (flow_levels(f)) {
        memcpy(f->iter, f->head, (size_t)f->nodes_n * sizeof f->head[0]);
        while (flow_push(f))
            total++;
    }
    return total;
}

/* How many starts, each at least step after the one before, [from, to) of the set holds. */
static int packing(const struct slot_set *starts, int from, int to, int step)
{
    int n = 0;

    for (int t = slot_next(starts, from); t < to; t = slot_next(starts, t + step)) {
        n++;
        if (t + step >= PLAN_SLOTS)
            break;
    }
    return n;
}

static int shortest_of(const struct plan *p, int line)
{
    int shortest = PLAN_LENGTH_MAX;

    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int length = p->in.lessons[p->line_lessons.list[i]].length;

        shortest = length < shortest ? length : shortest;
    }
    return shortest;
}

/* The people of the network: a node for each, and one for each of their days. */
struct side {
    bool mentors;
    int first; /* node of the first person; its days follow it */
};

static int person_node(const struct plan *p, const struct side *s, int person)
{
    int slot = s->mentors ? p->node_of_mentor[person] : p->node_of_child[person];

    return s->first + slot * (PLAN_DAYS + 1);
}

/* Lessons of a limit's slots; no limit: as many as anyone asks. */
static int32_t many(int limit, int used, int shortest, int open)
{
    if (limit == 0)
        return open;
    return limit > used ? (limit - used) / shortest : 0;
}

static void person_arcs(struct plan *p, const struct side *s, int person, int shortest, int lessons)
{
    const struct slot_set *open = s->mentors ? &p->mentor_free[person] : &p->child_free[person];
    const struct plan_days *days =
        s->mentors ? p->in.mentors[person].days : p->in.children[person].days;
    int gap = s->mentors ? p->in.mentors[person].gap : p->in.children[person].gap;
    int node = person_node(p, s, person);
    struct slot_set starts = *open;
    int32_t week =
        s->mentors
            ? many(p->in.mentors[person].week_slots, p->pinned_mentor[person], shortest, lessons)
            : many(p->in.children[person].week_slots, p->pinned_child[person], shortest, lessons);

    slot_starts(&starts, shortest);
    flow_arc(&p->flow, node, SINK, week);
    for (int t = 0; t < PLAN_SLOTS;) {
        int d = days->of[t], to = t, cap;

        while (to < PLAN_SLOTS && days->of[to] == d)
            to++;
        cap = packing(&starts, t, to, shortest + gap);
        if (!s->mentors) {
            int limit = p->in.children[person].per_day - p->pinned_day[person * PLAN_DAYS + d];

            cap = cap < limit ? cap : limit;
        }
        if (cap > 0)
            flow_arc(&p->flow, node + 1 + d, node, cap);
        t = to;
    }
}

/* A line has one lesson on a local day of its child; a day of a mentor elsewhere may hold pieces of
 * two of these. So one arc for each pair of days with a start. */
static void line_arcs(struct plan *p, const struct side *s, int line, int node)
{
    int child = p->in.lines[line].child, shortest = shortest_of(p, line);
    const struct plan_line *l = &p->in.lines[line];
    const uint8_t *child_day = p->in.children[child].days->of;
    unsigned seen[PLAN_DAYS] = { 0 };

    for (int k = 0; k < l->candidates_n; k++) {
        int person = s->mentors ? mentor_of(p, line, k) : child;
        const uint8_t *day = s->mentors ? p->in.mentors[person].days->of : child_day;
        struct slot_set starts;

        if (l->chosen >= 0 && k != l->chosen)
            continue;
        if (s->mentors)
            memset(seen, 0, sizeof seen);
        look_starts(p, line, k, shortest, &starts);
        for (int t = slot_next(&starts, 0); t < PLAN_SLOTS; t = slot_next(&starts, t + 1))
            if (!(seen[day[t]] >> child_day[t] & 1u)) {
                seen[day[t]] |= 1u << child_day[t];
                flow_arc(&p->flow, node, person_node(p, s, person) + 1 + day[t], 1);
            }
    }
}

static void note_person(struct plan *p, const struct side *s, int person, int shortest, int *people)
{
    int32_t *node = s->mentors ? p->node_of_mentor : p->node_of_child;

    if (node[person] < 0) {
        node[person] = *people;
        p->person_list[*people] = person;
        p->person_shortest[*people] = PLAN_LENGTH_MAX;
        ++*people;
    }
    if (shortest < p->person_shortest[node[person]])
        p->person_shortest[node[person]] = shortest;
}

/* Lessons of the lines, those that are not pinned, that one side alone could take. At most. */
int bound_flow(struct plan *p, const int32_t *lines, int n, bool of_mentor)
{
    struct side s = { of_mentor, 2 + n };
    int people = 0, lessons = 0, total;

    for (int i = 0; i < n; i++)
        for (int k = 0; k < p->in.lines[lines[i]].candidates_n; k++)
            note_person(p, &s, of_mentor ? mentor_of(p, lines[i], k) : p->in.lines[lines[i]].child,
                        shortest_of(p, lines[i]), &people);
    flow_clear(&p->flow, 2 + n + people * (PLAN_DAYS + 1));
    for (int i = 0; i < n; i++) {
        int hours = p->line_lessons.at[lines[i] + 1] - p->line_lessons.at[lines[i]];

        hours -= p->pinned_line[lines[i]];
        lessons += hours;
        flow_arc(&p->flow, SOURCE, 2 + i, hours);
        line_arcs(p, &s, lines[i], 2 + i);
    }
    for (int i = 0; i < people; i++)
        person_arcs(p, &s, p->person_list[i], p->person_shortest[i], lessons);
    total = flow_run(&p->flow);
    for (int i = 0; i < people; i++)
        (of_mentor ? p->node_of_mentor : p->node_of_child)[p->person_list[i]] = -1;
    return total;
}

void bound_component(struct plan *p, struct component *c)
{
    const int32_t *lines = p->comp_lines + c->line_at;
    int pinned = 0, by_child = bound_flow(p, lines, c->lines_n, false);
    int by_mentor = bound_flow(p, lines, c->lines_n, true);

    for (int i = 0; i < c->lines_n; i++)
        pinned += p->pinned_line[lines[i]];
    c->bound = pinned + (by_child < by_mentor ? by_child : by_mentor);
}
