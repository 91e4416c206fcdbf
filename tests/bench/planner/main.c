/* SPDX-License-Identifier: Apache-2.0
 *
 * planner_bench: invented networks with a known complete week, planned from nothing and mended,
 * each judged by the separate judge. Prints the table of PLANNER section 5 and, in the same run,
 * the floor of the machine: passes of ANDing two people's weeks, so that a ratio can be compared
 * between machines. Runs one after another on one core.
 *
 *   planner_bench [row|all] [seeds] [seconds] [first seed]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "server/domain/planner/plan.h"
#include "tests/support/plan_judge.h"
#include "tests/support/plan_world.h"

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

struct watch {
    double begin, limit, best_at;
    int best;
};

static bool stop(void *ctx, const struct plan_progress *at)
{
    struct watch *w = ctx;

    if (at->placed > w->best) {
        w->best = at->placed;
        w->best_at = now_s() - w->begin;
    }
    return now_s() - w->begin > w->limit;
}

static const struct {
    const char *name;
    struct world_knobs knobs;
    double limit_s;
    bool cut; /* then ten mentors lose a day, and the week is mended */
} rows[] = {
    { "fixed70", { 2000, 400, 60, 110, 95, 1, 600, 20, false, false }, 5, false },
    { "fixed84", { 2000, 400, 60, 80, 30, 1, 600, 20, false, false }, 5, false },
    { "fixed89", { 2000, 400, 60, 80, 5, 1, 600, 20, false, false }, 30, false },
    { "pieces", { 2000, 400, 60, 110, 40, 1, 600, 20, true, false }, 30, false },
    { "chosen70", { 2000, 400, 60, 110, 95, 3, 600, 20, false, false }, 30, false },
    { "chosen84", { 2000, 400, 60, 80, 30, 3, 300, 20, false, false }, 30, false },
    { "chosen89", { 2000, 400, 60, 80, 5, 3, 60, 20, false, false }, 30, false },
    { "large84", { 10000, 2000, 300, 80, 30, 1, 600, 20, false, false }, 60, false },
    { "clocks84", { 2000, 400, 60, 80, 30, 1, 600, 20, false, true }, 5, false },
    { "repair84", { 2000, 400, 60, 80, 30, 1, 600, 20, false, false }, 5, true },
    { "repair70", { 2000, 400, 60, 110, 95, 1, 600, 20, false, false }, 5, true },
};

static int judged(const struct world *w, const struct plan *p)
{
    int *start = calloc((size_t)w->problem.lessons_n + 1, sizeof *start);
    int *candidate = calloc((size_t)w->problem.lines_n + 1, sizeof *candidate);
    char why[200];
    int faults, placed = 0;

    if (!start || !candidate)
        abort();
    for (int i = 0; i < w->problem.lessons_n; i++) {
        start[i] = plan_start(p, i);
        placed += start[i] >= 0;
    }
    if (placed != plan_progress(p).placed)
        printf("  the plan says %d, %d stand\n", plan_progress(p).placed, placed);
    for (int i = 0; i < w->problem.lines_n; i++)
        candidate[i] = plan_candidate(p, i);
    faults = judge_week(w, &(struct judged_week){ start, candidate }, why, sizeof why);
    if (faults)
        printf("  %d faults, the first: %s\n", faults, why);
    free(start);
    free(candidate);
    return faults;
}

static struct plan *planned(const struct world *w, struct watch *watch, uint64_t seed)
{
    struct plan_options o = plan_options_default();
    struct plan *p;

    o.seed = seed;
    o.stop = stop;
    o.ctx = watch;
    watch->begin = now_s();
    if (plan_new(&p, &w->problem, &o) != ERR_OK)
        abort();
    return p;
}

static void print_week(const char *name, uint64_t seed, const struct world *w, const struct plan *p,
                       const struct watch *watch, int faults)
{
    struct plan_progress at = plan_progress(p);

    printf(
        "%-9s %3d  %4.1f %4.1f  %6d %6d %6d %4d  %8.4f %%  %6.2f s  best at %6.2f s  %8lld steps  "
        "%d faults\n",
        name, (int)seed, w->child_fill / 10.0, w->mentor_fill / 10.0, at.lessons, at.placed,
        at.bound, at.bound - at.placed, 100.0 * at.placed / at.lessons, now_s() - watch->begin,
        watch->best_at, (long long)at.steps, faults);
    fflush(stdout);
}

static void run(size_t row, uint64_t seed, double limit)
{
    struct world *w = world_new(&rows[row].knobs, seed);
    struct watch watch = { .limit = limit > 0 ? limit : rows[row].limit_s };
    struct plan *p;

    if (rows[row].cut) {
        for (int i = 0; i < w->problem.lessons_n; i++)
            w->plan_lessons[i].published = w->planted_start[i];
        world_cut_days(w, 10, seed);
    }
    p = planned(w, &watch, seed);
    if (rows[row].cut)
        plan_repair(p);
    else
        plan_week(p);
    print_week(rows[row].name, seed, w, p, &watch, judged(w, p));
    if (rows[row].cut) {
        struct plan_changes c = plan_changes(p);

        printf("          kept %d, lost their place %d: rescued %d, others moved %d, left %d\n",
               c.kept, c.forced + c.left, c.forced, c.moved, c.left);
    }
    plan_free(p);
    world_free(w);
}

static void floor_of_machine(void)
{
    static struct slot_set a[64], b;
    double begin = now_s();
    uint64_t n = 0, sum = 0;

    for (int i = 0; i < 64; i++)
        memset(&a[i], i, sizeof a[i]);
    slot_fill(&b);
    while (now_s() - begin < 0.5)
        for (int k = 0; k < 1000; k++, n++) {
            slot_and(&b, &a[k % 64]);
            sum += b.w[k % PLAN_WORDS];
            b.w[k % PLAN_WORDS] = sum;
        }
    printf("floor: %.1f ns for one AND of two weeks of 2304 slots\n",
           (now_s() - begin) * 1e9 / (double)n);
}

int main(int argc, char **argv)
{
    const char *which = argc > 1 ? argv[1] : "all";
    int seeds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 20;
    double limit = argc > 3 ? strtod(argv[3], NULL) : 0;
    uint64_t first = argc > 4 ? strtoull(argv[4], NULL, 10) : 1;

    floor_of_machine();
    printf("row      seed  fill of   lessons placed bound  gap\n"
           "               child mentor\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (int s = 0; s < seeds; s++)
            if (strcmp(which, "all") == 0 || strcmp(which, rows[i].name) == 0)
                run(i, first + (uint64_t)s, limit);
    return 0;
}
