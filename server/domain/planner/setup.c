/* SPDX-License-Identifier: Apache-2.0
 *
 * What a plan derives from its problem once: memory, who belongs to whom, free times, pinned
 * lessons, and the components that no lesson connects.
 */
#include "server/domain/planner/state.h"

#define TRAIL_MAX 512

struct sizes {
    size_t children, mentors, employments, lines, lessons, candidates, pool;
};

static struct sizes sizes_of(const struct plan_problem *in)
{
    struct sizes z = { (size_t)in->children_n,
                       (size_t)in->mentors_n,
                       (size_t)in->employments_n,
                       (size_t)in->lines_n,
                       (size_t)in->lessons_n,
                       0,
                       0 };

    for (int i = 0; i < in->lines_n; i++)
        z.candidates += (size_t)in->lines[i].candidates_n;
    z.pool = z.lessons;
    for (int i = 0; i < in->lessons_n; i++)
        z.pool += (size_t)in->lines[in->lessons[i].line].candidates_n;
    return z;
}

#define TAKE(array, n) (p->array = arena_take(a, (n), sizeof *p->array))

static void lay_out_week(struct plan *p, struct arena *a, const struct sizes *z)
{
    TAKE(child_free, z->children);
    TAKE(mentor_free, z->mentors);
    TAKE(child_days, z->children);
    TAKE(child_words, z->children);
    TAKE(child, z->lessons);
    TAKE(length, z->lessons);
    TAKE(child_lines.at, z->children + 1);
    TAKE(child_lines.list, z->lines);
    TAKE(mentor_lines.at, z->mentors + 1);
    TAKE(mentor_lines.list, z->candidates);
    TAKE(line_lessons.at, z->lines + 1);
    TAKE(line_lessons.list, z->lessons);
    TAKE(comps, z->lines);
    TAKE(comp_lines, z->lines);
    TAKE(comp_lessons, z->lessons);
    TAKE(line_comp, z->lines);
    TAKE(pinned_line, z->lines);
    TAKE(pinned_day, z->children * PLAN_DAYS);
    TAKE(pinned_child, z->children);
    TAKE(pinned_mentor, z->mentors);
    TAKE(start, z->lessons);
    TAKE(candidate, z->lines);
    TAKE(child_roster, z->children);
    TAKE(mentor_roster, z->mentors);
    TAKE(pool, z->pool);
    TAKE(at_child, z->lessons);
    TAKE(at_mentor, z->lessons);
    TAKE(child_used, z->children);
    TAKE(mentor_used, z->mentors);
    TAKE(employment_used, z->employments);
    TAKE(day_count, z->children * PLAN_DAYS);
    TAKE(best_start, z->lessons);
    TAKE(best_candidate, z->lines);
    TAKE(lost, z->lessons);
    TAKE(ruined, z->mentors);
}

static void lay_out_search(struct plan *p, struct arena *a, const struct sizes *z)
{
    size_t items = z->lessons > z->lines ? z->lessons : z->lines;
    size_t people = z->children + z->mentors;

    TAKE(weight, z->lessons);
    TAKE(evictions, z->lessons);
    TAKE(chain_price, z->lessons);
    TAKE(queue, z->lessons);
    TAKE(order, items);
    TAKE(key, items);
    TAKE(trail, (size_t)TRAIL_MAX);
    TAKE(pair, z->candidates);
    TAKE(pair_at, z->lines + 1);
    TAKE(want_time, z->mentors);
    TAKE(want_teach, z->mentors);
    TAKE(want_employment, z->employments);
    TAKE(time_slots, z->mentors);
    TAKE(node_of_child, z->children);
    TAKE(node_of_mentor, z->mentors);
    TAKE(person_list, people);
    TAKE(person_shortest, people);
    p->trail_max = TRAIL_MAX;
    /* A line has an arc for each pair of a child's and a mentor's day: at most 2 * PLAN_DAYS. */
    p->flow.nodes_max = (int)(2 + z->lines + people * (PLAN_DAYS + 1));
    p->flow.edges_max = (int)(2 * (z->lines + 2 * PLAN_DAYS * (z->candidates + z->lines) +
                                   people * (PLAN_DAYS + 1)));
    TAKE(flow.edges, (size_t)p->flow.edges_max);
    TAKE(flow.head, (size_t)p->flow.nodes_max);
    TAKE(flow.level, (size_t)p->flow.nodes_max);
    TAKE(flow.iter, (size_t)p->flow.nodes_max);
    TAKE(flow.queue, (size_t)p->flow.nodes_max);
}

/* Lists of what belongs to whom: counted, summed, filled. */
static void list_lessons(struct plan *p)
{
    const struct plan_problem *in = &p->in;

    for (int i = 0; i < in->lessons_n; i++) {
        p->child[i] = in->lines[in->lessons[i].line].child;
        p->length[i] = (uint8_t)in->lessons[i].length;
        p->line_lessons.at[in->lessons[i].line + 1]++;
    }
    for (int i = 0; i < in->lines_n; i++)
        p->line_lessons.at[i + 1] += p->line_lessons.at[i];
    for (int i = 0; i < in->lessons_n; i++)
        p->line_lessons.list[p->line_lessons.at[in->lessons[i].line]++] = i;
    for (int i = in->lines_n; i > 0; i--)
        p->line_lessons.at[i] = p->line_lessons.at[i - 1];
    p->line_lessons.at[0] = 0;
}

static void list_lines(struct plan *p)
{
    const struct plan_problem *in = &p->in;

    for (int i = 0; i < in->lines_n; i++) {
        p->child_lines.at[in->lines[i].child + 1]++;
        for (int k = 0; k < in->lines[i].candidates_n; k++)
            p->mentor_lines.at[mentor_of(p, i, k) + 1]++;
        p->pair_at[i + 1] = p->pair_at[i] + in->lines[i].candidates_n;
    }
    for (int i = 0; i < in->children_n; i++)
        p->child_lines.at[i + 1] += p->child_lines.at[i];
    for (int i = 0; i < in->mentors_n; i++)
        p->mentor_lines.at[i + 1] += p->mentor_lines.at[i];
    for (int i = 0; i < in->lines_n; i++) {
        p->child_lines.list[p->child_lines.at[in->lines[i].child]++] = i;
        for (int k = 0; k < in->lines[i].candidates_n; k++)
            p->mentor_lines.list[p->mentor_lines.at[mentor_of(p, i, k)]++] = i;
    }
    for (int i = in->children_n; i > 0; i--)
        p->child_lines.at[i] = p->child_lines.at[i - 1];
    for (int i = in->mentors_n; i > 0; i--)
        p->mentor_lines.at[i] = p->mentor_lines.at[i - 1];
    p->child_lines.at[0] = p->mentor_lines.at[0] = 0;
}

/* The pool in pieces: each person's roster has room for every lesson that could be its own. */
static void share_pool(struct plan *p)
{
    struct seat *at = p->pool;

    for (int i = 0; i < p->in.children_n; i++) {
        p->child_roster[i].seats = at;
        for (int k = p->child_lines.at[i]; k < p->child_lines.at[i + 1]; k++) {
            int line = p->child_lines.list[k];

            at += p->line_lessons.at[line + 1] - p->line_lessons.at[line];
        }
    }
    for (int i = 0; i < p->in.mentors_n; i++) {
        p->mentor_roster[i].seats = at;
        for (int k = p->mentor_lines.at[i]; k < p->mentor_lines.at[i + 1]; k++) {
            int line = p->mentor_lines.list[k];

            at += p->line_lessons.at[line + 1] - p->line_lessons.at[line];
        }
    }
}

static void list_words(const struct slot_set *s, struct word_list *words)
{
    for (int i = 0; i < PLAN_WORDS; i++)
        if (s->w[i])
            words->at[words->n++] = (uint8_t)i;
}

static void free_times(struct plan *p)
{
    for (int i = 0; i < p->in.children_n; i++) {
        const struct plan_child *c = &p->in.children[i];
        struct day_map *map = &p->child_days[i];

        slot_fill(&p->child_free[i]);
        for (int k = 0; k < c->layers_n; k++)
            slot_and(&p->child_free[i], c->layers[k].open);
        list_words(&p->child_free[i], &p->child_words[i]);
        for (int t = 0; t < PLAN_SLOTS; t++) {
            int d = c->days->of[t];

            if (map->to[d] == 0)
                map->from[d] = (int16_t)t;
            map->to[d] = (int16_t)(t + 1);
        }
    }
    for (int i = 0; i < p->in.mentors_n; i++) {
        slot_fill(&p->mentor_free[i]);
        for (int k = 0; k < p->in.mentors[i].layers_n; k++)
            slot_and(&p->mentor_free[i], p->in.mentors[i].layers[k].open);
        p->time_slots[i] = slot_count(&p->mentor_free[i]);
    }
}

/* Pinned lessons stand first; their time and the gaps round it are nobody's any more. */
static void set_pinned(struct plan *p)
{
    for (int i = 0; i < p->in.lessons_n; i++) {
        const struct plan_lesson *l = &p->in.lessons[i];
        int child, mentor, from = l->published, to = l->published + l->length;

        p->chain_price[i] = l->pinned ? PRICE_FIXED : 1;
        p->weight[i] = p->chain_price[i];
        if (!l->pinned)
            continue;
        child = p->in.lines[l->line].child;
        mentor = mentor_of(p, l->line, p->candidate[l->line]);
        state_place(p, i, l->published);
        slot_drop_range(&p->child_free[child], from - p->in.children[child].gap,
                        to + p->in.children[child].gap);
        slot_drop_range(&p->mentor_free[mentor], from - p->in.mentors[mentor].gap,
                        to + p->in.mentors[mentor].gap);
        p->pinned_line[l->line]++;
        p->pinned_day[child * PLAN_DAYS + p->in.children[child].days->of[from]]++;
        p->pinned_child[child] += l->length;
        p->pinned_mentor[mentor] += l->length;
    }
}

static int root_of(int32_t *parent, int i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(int32_t *parent, int a, int b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

/* Lines that share a child or a candidate hang together. line_comp is the forest, then the number.
 */
static void find_components(struct plan *p)
{
    int32_t *root = p->line_comp;

    for (int i = 0; i < p->in.lines_n; i++)
        root[i] = i;
    for (int i = 0; i < p->in.children_n; i++)
        for (int k = p->child_lines.at[i] + 1; k < p->child_lines.at[i + 1]; k++)
            join(root, p->child_lines.list[k - 1], p->child_lines.list[k]);
    for (int i = 0; i < p->in.mentors_n; i++)
        for (int k = p->mentor_lines.at[i] + 1; k < p->mentor_lines.at[i + 1]; k++)
            join(root, p->mentor_lines.list[k - 1], p->mentor_lines.list[k]);
    for (int i = 0; i < p->in.lines_n; i++)
        p->order[i] = root_of(root, i);
    for (int i = 0; i < p->in.lines_n; i++) {
        if (p->order[i] == i)
            root[i] = p->comps_n++;
        else
            root[i] = root[p->order[i]]; /* the root is the smallest: it has its number */
        p->comps[root[i]].lines_n++;
        p->comps[root[i]].lessons_n += p->line_lessons.at[i + 1] - p->line_lessons.at[i];
    }
}

static void fill_components(struct plan *p)
{
    int lines = 0, lessons = 0;

    for (int i = 0; i < p->comps_n; i++) {
        struct component *c = &p->comps[i];

        c->line_at = lines;
        c->lesson_at = lessons;
        lines += c->lines_n;
        lessons += c->lessons_n;
        c->lines_n = c->lessons_n = 0;
        c->smallest_id = INT64_MAX;
        c->bound = 0;
    }
    for (int i = 0; i < p->in.lines_n; i++) {
        struct component *c = &p->comps[p->line_comp[i]];

        p->comp_lines[c->line_at + c->lines_n++] = i;
        for (int k = p->line_lessons.at[i]; k < p->line_lessons.at[i + 1]; k++) {
            int l = p->line_lessons.list[k];

            p->comp_lessons[c->lesson_at + c->lessons_n++] = l;
            if (p->in.lessons[l].id < c->smallest_id)
                c->smallest_id = p->in.lessons[l].id;
        }
    }
    for (int i = 0; i < p->comps_n; i++) {
        struct component *c = &p->comps[i];

        c->steps_max = p->opt.steps_per_lesson * c->lessons_n;
        c->rng.s = p->opt.seed ^ (uint64_t)c->smallest_id * 0x9e3779b97f4a7c15u;
    }
}

static void reset(struct plan *p)
{
    for (int i = 0; i < p->in.lessons_n; i++)
        p->start[i] = p->best_start[i] = -1;
    for (int i = 0; i < p->in.lines_n; i++)
        p->candidate[i] = p->best_candidate[i] =
            (int16_t)(p->in.lines[i].chosen >= 0        ? p->in.lines[i].chosen
                      : p->in.lines[i].candidates_n > 0 ? 0
                                                        : -1);
    for (int i = 0; i < p->in.children_n; i++)
        p->node_of_child[i] = -1;
    for (int i = 0; i < p->in.mentors_n; i++)
        p->node_of_mentor[i] = -1;
}

enum err setup_plan(struct plan *p)
{
    struct sizes z = sizes_of(&p->in);
    enum err e;

    lay_out_week(p, &p->arena, &z);
    lay_out_search(p, &p->arena, &z);
    e = arena_open(&p->arena);
    if (e != ERR_OK)
        return e;
    lay_out_week(p, &p->arena, &z);
    lay_out_search(p, &p->arena, &z);
    list_lessons(p);
    list_lines(p);
    share_pool(p);
    find_components(p);
    fill_components(p);
    free_times(p);
    reset(p);
    set_pinned(p);
    for (int i = 0; i < p->comps_n; i++) {
        search_save(p, &p->comps[i]);
        bound_component(p, &p->comps[i]);
    }
    return ERR_OK;
}
