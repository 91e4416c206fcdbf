/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/planner on rolled problems: small ones against trying everything, invented networks
 * before the separate judge. No plan breaks a hard rule, no bound lies below what is possible.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/support/plan_judge.h"
#include "tests/support/plan_small.h"
#include "tests/support/plan_world.h"

#define SMALL_CASES 150
#define CROWDS 100
#define WORLD_CASES 6

static struct plan *planned(const struct plan_problem *problem, uint64_t seed)
{
    struct plan_options o = plan_options_default();
    struct plan *p;

    o.seed = seed;
    assert_int_equal(plan_new(&p, problem, &o), ERR_OK);
    plan_week(p);
    return p;
}

static void read_week(const struct plan *p, const struct plan_problem *problem, int *start,
                      int *candidate)
{
    for (int i = 0; i < problem->lessons_n; i++)
        start[i] = plan_start(p, i);
    for (int i = 0; i < problem->lines_n; i++)
        candidate[i] = plan_candidate(p, i);
}

static void small_weeks_are_the_best_possible(void **state)
{
    uint64_t seed = rnd_seed(20261101);
    struct rnd r = { seed };
    int proved = 0, short_weeks = 0;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < SMALL_CASES; i++) {
        struct small s;
        struct plan *p;
        struct plan_progress at;
        int start[SMALL_LESSONS], candidate[SMALL_LINES], placed = 0, best;

        small_roll(&s, &r);
        best = small_best(&s);
        p = planned(&s.problem, (uint64_t)i);
        at = plan_progress(p);
        read_week(p, &s.problem, start, candidate);
        for (int k = 0; k < s.problem.lessons_n; k++)
            placed += start[k] >= 0;
        assert_int_equal(small_faults(&s, start, candidate), 0);
        assert_int_equal(placed, at.placed);
        if (placed != best || at.bound < best)
            fail_msg("case %d: placed %d, bound %d, best %d", i, placed, at.bound, best);
        proved += at.bound == best;
        short_weeks += best < s.problem.lessons_n;
        plan_free(p);
    }
    print_message("%d cases, %d with a lesson that has no place, %d proved\n", SMALL_CASES,
                  short_weeks, proved);
    assert_in_range(short_weeks, SMALL_CASES / 4, SMALL_CASES * 9 / 10);
    assert_true(proved > SMALL_CASES * 9 / 10);
}

static void bounds_before_any_search_are_sound(void **state)
{
    struct rnd r = { rnd_seed(20261102) };

    (void)state;
    for (int i = 0; i < SMALL_CASES; i++) {
        struct plan_options o = plan_options_default();
        struct small s;
        struct plan *p;
        int best;

        small_roll(&s, &r);
        best = small_best(&s);
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
        if (plan_progress(p).bound < best)
            fail_msg("case %d: bound %d below %d", i, plan_progress(p).bound, best);
        plan_free(p);
    }
}

/* Whoever is thrown out may leave a day behind that lacks its long break. */
static void crowded_weeks_break_no_rule(void **state)
{
    struct rnd r = { rnd_seed(20261104) };

    (void)state;
    for (int i = 0; i < CROWDS; i++) {
        struct plan_options o = plan_options_default();
        struct small s;
        struct plan *p;
        int start[SMALL_LESSONS], candidate[SMALL_LINES], placed = 0;

        small_roll_crowd(&s, &r);
        o.seed = (uint64_t)i;
        o.steps_per_lesson = 60 + i % 100;
        o.exact_nodes = 0;
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
        plan_week(p);
        read_week(p, &s.problem, start, candidate);
        for (int k = 0; k < s.problem.lessons_n; k++)
            placed += start[k] >= 0;
        assert_int_equal(placed,
                         plan_progress(p).placed); /* the best week is the one that stands */
        if (small_faults(&s, start, candidate) != 0)
            fail_msg("case %d: %d faults", i, small_faults(&s, start, candidate));
        plan_free(p);
    }
}

static struct world_knobs town(void)
{
    struct world_knobs k = world_knobs_default();

    k.children = 60;
    k.mentors = 15;
    k.schools = 5;
    return k;
}

static void judged_clean(const struct world *w, const struct plan *p)
{
    int *start = calloc((size_t)w->problem.lessons_n + 1, sizeof *start);
    int *candidate = calloc((size_t)w->problem.lines_n + 1, sizeof *candidate);
    char why[200];

    assert_non_null(start);
    assert_non_null(candidate);
    read_week(p, &w->problem, start, candidate);
    if (judge_week(w, &(struct judged_week){ start, candidate }, why, sizeof why) != 0)
        fail_msg("%s", why);
    free(start);
    free(candidate);
}

/* Fixed and chosen mentors, pieces and windows, and a week in which one zone's clocks change. */
static void towns_stand_before_the_judge(void **state)
{
    (void)state;
    for (int i = 0; i < WORLD_CASES; i++) {
        struct world_knobs k = town();
        struct world *w;
        struct plan *p;

        k.candidates = i % 2 ? 3 : 1;
        k.pieces = i % 3 == 2;
        k.clock_change = i >= WORLD_CASES / 2;
        w = world_new(&k, (uint64_t)i + 1);
        p = planned(&w->problem, 1);
        judged_clean(w, p);
        assert_true(plan_progress(p).bound >= w->problem.lessons_n); /* it was planted whole */
        assert_true(plan_progress(p).placed * 100 >= w->problem.lessons_n * 99);
        plan_free(p);
        world_free(w);
    }
}

/* The judge must be able to say no: the planted week passes, shaken ones do not. */
static void the_judge_sees_faults(void **state)
{
    struct world_knobs k = town();
    struct world *w = world_new(&k, 7);
    struct rnd r = { 7 };
    int *start = calloc((size_t)w->problem.lessons_n + 1, sizeof *start);
    int *candidate = calloc((size_t)w->problem.lines_n + 1, sizeof *candidate), seen = 0;
    char why[200];

    (void)state;
    assert_non_null(start);
    assert_non_null(candidate);
    memcpy(start, w->planted_start, (size_t)w->problem.lessons_n * sizeof *start);
    assert_int_equal(judge_week(w, &(struct judged_week){ start, candidate }, why, sizeof why), 0);
    for (int i = 0; i < 100; i++) {
        int l = (int)rnd_in(&r, 0, w->problem.lessons_n - 1);

        start[l] += (int)rnd_in(&r, 13, 40);
        seen += judge_week(w, &(struct judged_week){ start, candidate }, why, sizeof why) > 0;
        start[l] = w->planted_start[l];
    }
    assert_true(seen > 80);
    free(start);
    free(candidate);
    world_free(w);
}

static void mending_moves_few(void **state)
{
    int rescued = 0, moved = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= 4; seed++) {
        struct world_knobs k = town();
        struct world *w = world_new(&k, seed);
        struct plan_options o = plan_options_default();
        struct plan_changes c;
        struct plan *p;

        for (int i = 0; i < w->problem.lessons_n; i++)
            w->plan_lessons[i].published = w->planted_start[i];
        world_cut_days(w, 2, seed);
        assert_int_equal(plan_new(&p, &w->problem, &o), ERR_OK);
        plan_repair(p);
        judged_clean(w, p);
        c = plan_changes(p);
        assert_int_equal(c.kept + c.forced + c.moved + c.left, w->problem.lessons_n);
        assert_true(c.moved <= o.moves_per_rescue * c.forced);
        rescued += c.forced;
        moved += c.moved;
        plan_free(p);
        world_free(w);
    }
    print_message("%d rescued, %d others moved\n", rescued, moved);
    assert_true(rescued > 0);
}

static void mending_a_whole_week_touches_nothing(void **state)
{
    struct world_knobs k = town();
    struct world *w = world_new(&k, 3);
    struct plan_options o = plan_options_default();
    struct plan *p;

    (void)state;
    for (int i = 0; i < w->problem.lessons_n; i++)
        w->plan_lessons[i].published = w->planted_start[i];
    assert_int_equal(plan_new(&p, &w->problem, &o), ERR_OK);
    plan_repair(p);
    assert_int_equal(plan_changes(p).kept, w->problem.lessons_n);
    plan_free(p);
    world_free(w);
}

static uint64_t digest(const struct plan *p, const struct plan_problem *problem)
{
    uint64_t h = 14695981039346656037u;

    for (int i = 0; i < problem->lessons_n; i++)
        h = (h ^ (uint64_t)(plan_start(p, i) + 1)) * 1099511628211u;
    for (int i = 0; i < problem->lines_n; i++)
        h = (h ^ (uint64_t)(plan_candidate(p, i) + 1)) * 1099511628211u;
    return h;
}

static void the_seed_decides(void **state)
{
    struct world_knobs k = town();
    struct world *w;
    struct plan *a, *b, *c;

    (void)state;
    k.candidates = 3;
    w = world_new(&k, 5);
    a = planned(&w->problem, 1);
    b = planned(&w->problem, 1);
    c = planned(&w->problem, 2);
    assert_true(digest(a, &w->problem) == digest(b, &w->problem));
    assert_true(digest(a, &w->problem) != digest(c, &w->problem));
    plan_free(a);
    plan_free(b);
    plan_free(c);
    world_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_weeks_are_the_best_possible),
        cmocka_unit_test(bounds_before_any_search_are_sound),
        cmocka_unit_test(crowded_weeks_break_no_rule),
        cmocka_unit_test(towns_stand_before_the_judge),
        cmocka_unit_test(the_judge_sees_faults),
        cmocka_unit_test(mending_moves_few),
        cmocka_unit_test(mending_a_whole_week_touches_nothing),
        cmocka_unit_test(the_seed_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
