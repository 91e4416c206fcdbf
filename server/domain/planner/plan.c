/* SPDX-License-Identifier: Apache-2.0
 *
 * A plan from its problem to its week: the order of the stages, and what others ask of it.
 */
#include "server/domain/planner/plan.h"

#include "common/base/mem.h"
#include "server/domain/planner/state.h"

#define SLICE_STEPS 4096
#define CHAIN_DEPTH 6
#define TURNS 12 /* then the descent goes on for a while */

struct plan_options plan_options_default(void)
{
    return (struct plan_options){
        .seed = 1,
        .steps_per_lesson = 400,
        .moves_per_rescue = 2,
        .chain_nodes = 4000,
        .exact_nodes = 20000,
    };
}

enum err plan_new(struct plan **out, const struct plan_problem *problem,
                  const struct plan_options *options)
{
    struct plan *p;
    enum err e;

    if (!problem_valid(problem) || options->steps_per_lesson < 0 || options->moves_per_rescue < 0)
        return ERR_INVAL;
    p = mem_zalloc(1, sizeof *p);
    if (!p)
        return ERR_NOMEM;
    p->in = *problem;
    p->opt = *options;
    e = setup_plan(p);
    if (e != ERR_OK) {
        plan_free(p);
        return e;
    }
    *out = p;
    return ERR_OK;
}

void plan_free(struct plan *p)
{
    if (!p)
        return;
    arena_close(&p->arena);
    mem_free(p);
}

struct plan_progress plan_progress(const struct plan *p)
{
    struct plan_progress at = { .lessons = p->in.lessons_n, .steps = p->steps };

    for (int i = 0; i < p->comps_n; i++) {
        const struct component *c = &p->comps[i];

        at.placed += c->best > c->placed ? c->best : c->placed;
        at.bound += c->bound;
    }
    at.unplaced = at.lessons - at.placed;
    return at;
}

bool plan_step(struct plan *p)
{
    struct plan_progress at;

    if (++p->steps % POLL_STEPS != 0 || !p->opt.stop || p->stopped)
        return p->stopped;
    at = plan_progress(p);
    p->stopped = p->opt.stop(p->opt.ctx, &at);
    return p->stopped;
}

/* Merges sorted halves; stable, so with p->key and ids the order is one only. */
static bool comes_first(const struct plan *p, int a, int b)
{
    return p->key[a] < p->key[b] || (p->key[a] == p->key[b] && a < b);
}

static void sift(struct plan *p, int at, int n)
{
    for (;;) {
        int child = 2 * at + 1, swap;

        if (child >= n)
            return;
        if (child + 1 < n && comes_first(p, p->order[child], p->order[child + 1]))
            child++;
        if (!comes_first(p, p->order[at], p->order[child]))
            return;
        swap = p->order[at];
        p->order[at] = p->order[child];
        p->order[child] = swap;
        at = child;
    }
}

void order_by_key(struct plan *p, int n)
{
    for (int i = n / 2 - 1; i >= 0; i--)
        sift(p, i, n);
    for (int i = n - 1; i > 0; i--) {
        int swap = p->order[0];

        p->order[0] = p->order[i];
        p->order[i] = swap;
        sift(p, 0, i);
    }
}

/* The descent has come to its end, or a turn has: on from the best week, with the neighbourhood of
 * one lesson that is left taken apart. A week as good as the best is the best from now on, so the
 * turns wander. After some turns without success the descent goes on. */
static void next_turn(struct plan *p, struct component *c)
{
    if (c->placed >= c->best)
        search_save(p, c);
    search_restore(p, c);
    if (c->phase == 0 && chain_rescue(p, c, CHAIN_DEPTH) > 0) {
        search_save(p, c);
        search_restore(p, c);
    }
    if (++c->phase % TURNS == 0)
        search_descend(c);
    else
        search_ruin(p, c, 1 + c->phase % 2);
}

static bool component_open(const struct component *c)
{
    return c->best < c->bound && c->steps < c->steps_max && c->queue_n > 0;
}

static void search_all(struct plan *p)
{
    bool open = true;

    for (int round = 0; open && !p->stopped; round++) {
        open = false;
        for (int i = 0; i < p->comps_n && !p->stopped; i++) {
            struct component *c = &p->comps[i];

            if (!component_open(c))
                continue;
            search_slice(p, c, SLICE_STEPS);
            if (c->best < c->bound && !p->stopped && c->steps >= c->turn_end)
                next_turn(p, c);
            open |= component_open(c);
        }
    }
}

void plan_week(struct plan *p)
{
    for (int i = 0; i < p->comps_n; i++)
        mentors_choose(p, &p->comps[i]);
    for (int i = 0; i < p->comps_n && !p->stopped; i++)
        search_first(p, &p->comps[i]);
    search_all(p);
    for (int i = 0; i < p->comps_n; i++) {
        search_restore(p, &p->comps[i]);
        exact_component(p, &p->comps[i]);
    }
}

int plan_start(const struct plan *p, int lesson)
{
    return p->start[lesson];
}

int plan_candidate(const struct plan *p, int line)
{
    return p->candidate[line];
}

int plan_evictions(const struct plan *p, int lesson)
{
    return p->evictions[lesson];
}

static const struct {
    int number;
    const char *name;
} rules[] = {
#define X(code, number, name) [PLAN_##code] = { number, name },
    PLAN_RULE_LIST(X)
#undef X
};

int plan_rule_number(enum plan_rule r)
{
    return (unsigned)r < PLAN_RULE_COUNT ? rules[r].number : 0;
}

const char *plan_rule_name(enum plan_rule r)
{
    return (unsigned)r < PLAN_RULE_COUNT ? rules[r].name : "none";
}
