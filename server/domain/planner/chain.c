/* SPDX-License-Identifier: Apache-2.0
 *
 * Chains: a lesson takes a place, who is thrown out takes another, and so on; all or nothing, with
 * a bound on how many are moved. What it touches is known before it is kept, so a published week
 * is mended with chains and never with the open-ended search (PLANNER 3.2 stage 5, 3.3).
 */
#include "server/domain/planner/state.h"

#define DEPTH_MAX 8
#define OFFERS_MAX 12 /* tried at one level: the best of a day and a mentor */
#define NEAR_SLOTS 6  /* half an hour */

struct chain {
    struct plan *p;
    bool open_candidates;
    int nodes;
    int left; /* lessons that may still be moved */
};

struct out_list {
    int32_t lessons[DEPTH_MAX];
    int n, max;
};

struct step {
    int32_t price; /* lessons it throws out */
    int32_t far;   /* from the published start */
    int32_t start, candidate;
};

static bool note_out(struct plan *p, int lesson, void *ctx)
{
    struct out_list *out = ctx;

    (void)p;
    if (out->n >= out->max)
        return false;
    out->lessons[out->n++] = lesson;
    return true;
}

/* A shift of half an hour before another hour before another day. */
static int32_t far_from_published(const struct plan *p, int lesson, int start)
{
    const uint8_t *day = p->in.children[child_of(p, lesson)].days->of;
    int was = p->in.lessons[lesson].published;

    if (was < 0 || was == start)
        return 0;
    if (day[was] != day[start])
        return 3 * PLAN_SLOTS;
    return (start > was ? start - was : was - start) +
           (start - was > NEAR_SLOTS || was - start > NEAR_SLOTS ? PLAN_SLOTS : 0);
}

static bool before(const struct step *a, const struct step *b)
{
    if (a->price != b->price)
        return a->price < b->price;
    return a->far < b->far;
}

static void insert_step(struct step *list, int *n, struct step s)
{
    int i = *n;

    if (i == OFFERS_MAX) {
        if (!before(&s, &list[i - 1]))
            return;
        i--;
    } else {
        ++*n;
    }
    for (; i > 0 && before(&s, &list[i - 1]); i--)
        list[i] = list[i - 1];
    list[i] = s;
}

static int32_t siblings_price(const struct plan *p, int line)
{
    int32_t sum = 0;

    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++)
        if (p->start[p->line_lessons.list[i]] >= 0)
            sum += p->chain_price[p->line_lessons.list[i]];
    return sum;
}

static void steps_with(struct chain *c, int lesson, int candidate, struct step *list, int *n)
{
    struct plan *p = c->p;
    int line = p->in.lessons[lesson].line;
    const uint8_t *day = p->in.children[p->in.lines[line].child].days->of;
    int32_t change = candidate == p->candidate[line] ? 0 : siblings_price(p, line);
    struct step best[PLAN_DAYS];

    if (change > c->left)
        return;
    for (int d = 0; d < PLAN_DAYS; d++)
        best[d].price = PRICE_FIXED;
    look_begin(p, lesson, candidate, p->chain_price);
    for (int t = slot_next(&p->look.starts, 0); t < PLAN_SLOTS;
         t = slot_next(&p->look.starts, t + 1)) {
        struct step s = { 0, far_from_published(p, lesson, t), t, candidate };

        if (change + p->look.by_child[t] + p->look.by_mentor[t] > c->left)
            continue;
        s.price = change + look_price(p, lesson, t, p->chain_price);
        if (s.price <= c->left && before(&s, &best[day[t]]))
            best[day[t]] = s;
    }
    look_end(p);
    for (int d = 0; d < PLAN_DAYS; d++)
        if (best[d].price < PRICE_FIXED)
            insert_step(list, n, best[d]);
}

static bool change_candidate(struct chain *c, int lesson, int candidate, struct out_list *out)
{
    struct plan *p = c->p;
    int line = p->in.lessons[lesson].line;

    if (candidate == p->candidate[line])
        return true;
    for (int i = p->line_lessons.at[line]; i < p->line_lessons.at[line + 1]; i++) {
        int o = p->line_lessons.list[i];

        if (p->start[o] >= 0 && !throw_out(p, o, p->chain_price, note_out, out))
            return false;
    }
    state_choose(p, line, candidate);
    return true;
}

static bool chain_try(struct chain *c, int lesson);

/* One step and all that follow from it; false: as before. */
static bool take_step(struct chain *c, int lesson, const struct step *s)
{
    struct plan *p = c->p;
    struct out_list out = { .max = c->left };
    int mark = p->trail_n, left = c->left;
    int32_t price = p->chain_price[lesson];
    bool ok;

    p->chain_price[lesson] = PRICE_FIXED;
    ok = change_candidate(c, lesson, s->candidate, &out) &&
         clear_way(p, lesson, s->start, p->chain_price, note_out, &out);
    if (ok) {
        state_place(p, lesson, s->start);
        c->left -= out.n;
        for (int i = 0; i < out.n && ok; i++)
            ok = chain_try(c, out.lessons[i]);
    }
    p->chain_price[lesson] = price;
    if (!ok) {
        state_rollback(p, mark);
        c->left = left;
    }
    return ok;
}

static bool chain_try(struct chain *c, int lesson)
{
    struct plan *p = c->p;
    int line = p->in.lessons[lesson].line, n = 0;
    const struct plan_line *l = &p->in.lines[line];
    struct step list[OFFERS_MAX];

    if (p->candidate[line] < 0)
        return false;
    steps_with(c, lesson, p->candidate[line], list, &n);
    for (int k = 0; c->open_candidates && l->chosen < 0 && k < l->candidates_n; k++)
        if (k != p->candidate[line])
            steps_with(c, lesson, k, list, &n);
    for (int i = 0; i < n; i++) {
        if (++c->nodes > p->opt.chain_nodes || plan_step(p))
            return false;
        if (take_step(c, lesson, &list[i]))
            return true;
    }
    return false;
}

/* Places the lesson and moves at most depth others; the fewest that a chain is found for. */
bool chain_place(struct plan *p, int lesson, int depth, bool open_candidates)
{
    struct chain c = { .p = p, .open_candidates = open_candidates };
    bool ok = false;

    p->trail_n = 0;
    p->trailing = true;
    for (int d = 0; d <= depth && d <= DEPTH_MAX && !ok; d++) {
        c.left = d;
        ok = chain_try(&c, lesson);
    }
    p->trailing = false;
    return ok;
}

/* Every lesson of the component that is left, into the week as it stands. Returns how many got in.
 */
int chain_rescue(struct plan *p, struct component *c, int depth)
{
    int n = 0;

    for (int i = 0; i < c->lessons_n && !p->stopped; i++) {
        int l = p->comp_lessons[c->lesson_at + i];

        if (p->start[l] < 0 && chain_place(p, l, depth, true))
            n++;
    }
    return n;
}
