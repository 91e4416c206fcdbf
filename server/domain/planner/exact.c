/* SPDX-License-Identifier: Apache-2.0
 *
 * A small component to the end: depth first, the lesson with fewest free places first, each of its
 * places or none. When it ends within its nodes, what it found is the best possible and proved.
 */
#include "server/domain/planner/state.h"

#define LESSONS_MAX 16

struct exact {
    struct plan *p;
    struct component *c;
    int32_t rest[LESSONS_MAX];
    int n;
    int left_out, best_left_out;
    int nodes;
    bool cut;   /* the search ran out of nodes */
    bool blind; /* there may be weeks that it does not see */
};

/* Free places of the lesson with a candidate: those that throw nobody out. */
static void free_places(struct plan *p, int lesson, int candidate, struct slot_set *out)
{
    look_begin(p, lesson, candidate, p->chain_price);
    *out = p->look.starts;
    for (int t = slot_next(out, 0); t < PLAN_SLOTS; t = slot_next(out, t + 1))
        if (look_price(p, lesson, t, p->chain_price) > 0)
            out->w[t / 64] &= ~((uint64_t)1 << (t % 64));
    look_end(p);
}

static bool may_change(const struct plan *p, int line)
{
    if (p->in.lines[line].chosen >= 0)
        return false;
    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++)
        if (p->start[p->line_lessons.list[i]] >= 0)
            return false;
    return true;
}

static int places_of(struct plan *p, int lesson)
{
    int line = p->in.lessons[lesson].line, n = 0;
    struct slot_set s;

    for (int k = 0; k < p->in.lines[line].candidates_n; k++) {
        if (k != p->candidate[line] && !may_change(p, line))
            continue;
        free_places(p, lesson, k, &s);
        n += slot_count(&s);
    }
    return n;
}

static void exact_go(struct exact *x);

static void try_places(struct exact *x, int lesson, int candidate)
{
    struct plan *p = x->p;
    int line = p->in.lessons[lesson].line, was = p->candidate[line];
    struct slot_set s;

    free_places(p, lesson, candidate, &s);
    state_choose(p, line, candidate);
    for (int t = slot_next(&s, 0); t < PLAN_SLOTS && !x->cut; t = slot_next(&s, t + 1)) {
        state_place(p, lesson, t);
        exact_go(x);
        state_unplace(p, lesson);
        if (x->best_left_out <= x->left_out)
            break;
    }
    state_choose(p, line, was);
}

/* The next lesson: fewest places, ties by id. */
static int hardest(struct exact *x)
{
    int best = 0, fewest = PLAN_SLOTS * 64;

    for (int i = 0; i < x->n; i++) {
        int n = places_of(x->p, x->rest[i]);

        if (n < fewest) {
            fewest = n;
            best = i;
        }
    }
    return best;
}

static void exact_go(struct exact *x)
{
    struct plan *p = x->p;
    int i, lesson, line;

    if (x->left_out >= x->best_left_out || x->c->best == x->c->bound)
        return;
    if (x->n == 0) {
        x->best_left_out = x->left_out;
        search_save(p, x->c);
        return;
    }
    if (++x->nodes > p->opt.exact_nodes || plan_step(p)) {
        x->cut = true;
        return;
    }
    i = hardest(x);
    lesson = x->rest[i];
    line = p->in.lessons[lesson].line;
    x->rest[i] = x->rest[--x->n];
    for (int k = 0; k < p->in.lines[line].candidates_n; k++)
        if (k == p->candidate[line] || may_change(p, line))
            try_places(x, lesson, k);
    x->left_out++;
    exact_go(x);
    x->left_out--;
    x->rest[x->n++] = x->rest[i];
    x->rest[i] = lesson;
}

/* A day of four with its long break after the third can be built in some orders only. */
static bool order_matters(const struct plan *p, const struct component *c)
{
    for (int i = 0; i < c->lines_n; i++) {
        const struct plan_child *child =
            &p->in.children[p->in.lines[p->comp_lines[c->line_at + i]].child];

        if (child->long_break > 0 && child->per_day > 3)
            return true;
    }
    return false;
}

/* Improves the snapshot, or proves that nothing is better: then the bound comes down to it. */
void exact_component(struct plan *p, struct component *c)
{
    struct exact x = { .p = p, .c = c };

    if (c->best == c->bound || c->lessons_n > LESSONS_MAX)
        return;
    for (int i = 0; i < c->lessons_n; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        if (p->in.lessons[l].pinned)
            continue;
        x.rest[x.n++] = l;
        if (p->start[l] >= 0)
            state_unplace(p, l);
    }
    x.best_left_out = c->lessons_n - c->best;
    x.blind = order_matters(p, c);
    exact_go(&x);
    if (!x.cut && !x.blind)
        c->bound = c->best;
    search_restore(p, c);
}
