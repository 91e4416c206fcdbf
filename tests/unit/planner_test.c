/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/planner on cases built by hand: the rule that stands in the way is named, proofs
 * are proofs, pinned lessons stay, a stop keeps a whole state, mending touches what it must.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/arena.h"
#include "common/base/mem.h"
#include "tests/support/plan_small.h"

#define AT(day, slot) ((day)*DAY_SLOTS + (slot))

static struct plan *opened(const struct small *s)
{
    struct plan_options o = plan_options_default();
    struct plan *p;

    assert_int_equal(plan_new(&p, &s->problem, &o), ERR_OK);
    return p;
}

static struct plan *planned(const struct small *s)
{
    struct plan *p = opened(s);

    plan_week(p);
    return p;
}

static void pin(struct small *s, int lesson, int start)
{
    s->lessons[lesson].published = start;
    s->lessons[lesson].pinned = true;
}

/* Lesson 0 is the one that has no place; it is of child 0 and mentor 0, 6 slots long. */
static void lone_lesson(struct small *s)
{
    small_init(s, 2, 1);
    small_line(s, 0, 0, 1, 6);
}

static struct plan_why why_of(const struct small *s, int *bound)
{
    struct plan *p = planned(s);
    struct plan_why w;

    assert_int_equal(plan_start(p, 0), -1);
    plan_explain(p, 0, 0, &w);
    assert_true(w.fall_n > 0);
    assert_int_equal(w.fall[w.fall_n - 1].left, 0);
    *bound = plan_progress(p).bound;
    plan_free(p);
    return w;
}

static void the_layer_that_empties_is_named(void **state)
{
    static const struct {
        enum plan_rule rule;
        bool of_mentor;
        int number;
    } t[] = {
        { PLAN_REST, false, 11 },     { PLAN_BLOCKS, false, 12 },      { PLAN_SCHOOL, false, 13 },
        { PLAN_VALIDITY, false, 14 }, { PLAN_MENTOR_EVENTS, true, 3 }, { PLAN_VALIDITY, true, 14 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct small s;
        struct plan_why w;
        int bound;

        lone_lesson(&s);
        if (t[i].of_mentor)
            small_block_mentor(&s, 0, t[i].rule, 0, PLAN_SLOTS);
        else
            small_block_child(&s, 0, t[i].rule, 0, PLAN_SLOTS);
        w = why_of(&s, &bound);
        assert_int_equal(w.emptied_by, t[i].rule);
        assert_int_equal(plan_rule_number(w.emptied_by), t[i].number);
        assert_int_equal(w.would_fit, t[i].rule);
        assert_int_equal(w.would_fit_starts, 5 * 95); /* 100 slots a day hold 95 starts of 6 */
        assert_int_equal(bound, 0);                   /* and it is proved */
    }
}

static void hours_that_do_not_meet_are_named(void **state)
{
    struct small s;
    struct plan_why w;
    int bound;

    (void)state;
    lone_lesson(&s);
    memset(&s.child_sets[0][0], 0, sizeof s.child_sets[0][0]);
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_WINDOW);
    lone_lesson(&s);
    for (int i = 0; i < PLAN_WORDS; i++)
        s.mentor_sets[0][0].w[i] = ~s.mentor_sets[0][0].w[i];
    w = why_of(&s, &bound);
    assert_int_equal(w.emptied_by, PLAN_MENTOR_HOURS);
    assert_int_equal(w.fall[0].rule, PLAN_WINDOW);
    assert_int_equal(w.fall[0].left, 5 * 95);
    assert_int_equal(w.would_fit, PLAN_WINDOW); /* the mentor has the whole rest of the week */
}

/* Leaves [from, to) of the child's week. */
static void only_open(struct small *s, int child, int from, int to)
{
    small_block_child(s, child, PLAN_WINDOW, 0, from);
    small_block_child(s, child, PLAN_WINDOW, to, PLAN_SLOTS);
}

static void lessons_in_the_way_are_named(void **state)
{
    struct small s;
    int bound, line;

    (void)state;
    /* the child's own lesson: 2 slots of break are missing */
    lone_lesson(&s);
    only_open(&s, 0, AT(1, 100), AT(1, 113));
    line = small_line(&s, 0, 0, 1, 6);
    pin(&s, 1, AT(1, 107));
    assert_int_equal(s.lessons[1].line, line);
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_CHILD_BUSY);
    /* the mentor's lesson with another child: the turn-round is missing */
    lone_lesson(&s);
    only_open(&s, 0, AT(1, 100), AT(1, 112));
    small_line(&s, 1, 0, 1, 6);
    pin(&s, 1, AT(1, 106));
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_MENTOR_BUSY);
    assert_int_equal(bound, 1);
}

static void limits_are_named(void **state)
{
    struct small s;
    struct plan_why w;
    int bound;

    (void)state;
    lone_lesson(&s); /* R7 */
    only_open(&s, 0, AT(1, 100), AT(1, 200));
    small_line(&s, 0, 0, 1, 6);
    pin(&s, 1, AT(1, 150));
    s.children[0].per_day = 1;
    w = why_of(&s, &bound);
    assert_int_equal(w.emptied_by, PLAN_PER_DAY);
    assert_true(w.opens[PLAN_PER_DAY] > 0);
    assert_int_equal(w.would_fit, PLAN_WINDOW); /* opens four more days */
    assert_int_equal(w.opens[PLAN_BLOCKS], 0);
    s.children[0].per_day = 4; /* one lesson of a subject a day */
    s.lines[1].subject = s.lines[0].subject;
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_SUBJECT_DAY);
    s.lines[1].subject = 9; /* R8 */
    s.children[0].week_slots = 11;
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_WEEK);
    s.children[0].week_slots = 12; /* R15, mentor and employment */
    s.mentors[0].week_slots = 11;
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_LOAD);
    s.mentors[0].week_slots = 0;
    s.employments[0].week_slots = 11;
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_LOAD);
    s.employments[0].week_slots = 12;
    {
        struct plan *p = planned(&s);

        assert_true(plan_start(p, 0) >= 0); /* at the limit it fits */
        plan_free(p);
    }
}

static void a_missing_long_break_is_named(void **state)
{
    struct small s;
    struct plan_why w;
    int bound;

    (void)state;
    lone_lesson(&s);
    only_open(&s, 0, AT(1, 100), AT(1, 124));
    small_line(&s, 0, 0, 1, 6);
    small_line(&s, 0, 0, 1, 6);
    pin(&s, 1, AT(1, 100));
    pin(&s, 2, AT(1, 108));
    s.children[0].long_break = 5;
    w = why_of(&s, &bound);
    assert_int_equal(w.emptied_by, PLAN_LONG_BREAK);
    assert_true(w.opens[PLAN_LONG_BREAK] > 0);
    s.children[0].long_break = 4; /* 114 + 4 = 118 .. 124 */
    {
        struct plan *p = planned(&s);

        assert_int_equal(plan_start(p, 0), AT(1, 118));
        plan_free(p);
    }
}

static void nobody_who_may_teach_is_named(void **state)
{
    struct small s;
    int bound;

    (void)state;
    lone_lesson(&s);
    s.lines[0].candidates_n = 0;
    s.lines[0].chosen = -1;
    assert_int_equal(why_of(&s, &bound).emptied_by, PLAN_GATES);
    assert_int_equal(bound, 0);
}

/* Five lessons of one mentor whose week has room for three of them: these and no others are named.
 */
static void too_many_for_a_stretch_are_proved(void **state)
{
    struct small s;
    struct plan *p;
    struct plan_certificate c;
    int left = -1;

    (void)state;
    small_init(&s, 4, 2);
    small_line(&s, 0, 0, 2, 6);
    small_line(&s, 1, 0, 2, 6);
    small_line(&s, 2, 0, 1, 6);
    small_line(&s, 3, 1, 4, 6); /* bystanders */
    memset(&s.mentor_sets[0][0], 0, sizeof s.mentor_sets[0][0]);
    slot_add_range(&s.mentor_sets[0][0], AT(2, 100), AT(2, 113));
    slot_add_range(&s.mentor_sets[0][0], AT(3, 100), AT(3, 106));
    p = planned(&s);
    assert_int_equal(plan_progress(p).placed, 7);
    assert_int_equal(plan_progress(p).bound, 7);
    for (int i = 0; i < 5; i++)
        if (plan_start(p, i) < 0)
            left = i;
    assert_true(left >= 0);
    assert_true(plan_certify(p, left, &c));
    assert_true(c.of_mentor);
    assert_int_equal(c.person, 0);
    assert_true(c.lessons_n > c.places);
    assert_int_equal(c.places, 3);
    assert_int_equal(c.lessons_n, 4);
    for (int i = 0; i < c.lessons_n; i++)
        assert_in_range(c.lessons[i], 0, 4);
    plan_free(p);
}

/* Six hours of a child with two places a day on two days: a matter of days, not of a stretch. */
static void too_many_for_the_days_are_proved(void **state)
{
    struct small s;
    struct plan *p;
    struct plan_certificate c;
    int left = -1;

    (void)state;
    small_init(&s, 1, 2);
    small_line(&s, 0, 0, 2, 4);
    small_line(&s, 0, 1, 2, 4);
    small_line(&s, 0, 1, 1, 4);
    s.children[0].per_day = 2;
    small_block_child(&s, 0, PLAN_REST, AT(3, 0), PLAN_SLOTS);
    p = planned(&s);
    assert_int_equal(plan_progress(p).placed, 4);
    assert_int_equal(plan_progress(p).bound, 4);
    for (int i = 0; i < 5; i++)
        if (plan_start(p, i) < 0)
            left = i;
    assert_true(plan_certify(p, left, &c));
    assert_false(c.of_mentor);
    assert_int_equal(c.lessons_n, 5);
    assert_int_equal(c.places, 4);
    plan_free(p);
}

static void no_proof_is_no_claim(void **state)
{
    struct small s;
    struct plan *p;
    struct plan_certificate c;

    (void)state;
    small_init(&s, 2, 1);
    small_line(&s, 0, 0, 3, 6);
    small_line(&s, 1, 0, 3, 6);
    p = opened(&s); /* nothing placed yet, all of it possible */
    for (int i = 0; i < 6; i++)
        assert_false(plan_certify(p, i, &c));
    plan_free(p);
}

static void pinned_lessons_stay_and_are_believed(void **state)
{
    struct small s;
    struct plan *p;

    (void)state;
    small_init(&s, 1, 1);
    small_line(&s, 0, 0, 1, 6);
    small_line(&s, 0, 0, 1, 6);
    small_line(&s, 0, 0, 1, 6);
    pin(&s, 0, AT(1, 120));
    pin(&s, 1, AT(1, 122)); /* they clash: the caller's fact */
    only_open(&s, 0, AT(1, 100), AT(1, 136));
    p = planned(&s);
    assert_int_equal(plan_start(p, 0), AT(1, 120));
    assert_int_equal(plan_start(p, 1), AT(1, 122));
    assert_in_range(plan_start(p, 2), AT(1, 100), AT(1, 112)); /* with its break before 120 */
    assert_int_equal(plan_progress(p).bound, 3);
    plan_free(p);
}

/* Two lessons would fit if the one that is pinned went: the employment's limit, which no bound
 * knows. */
static void pinned_lessons_are_not_traded(void **state)
{
    struct small s;
    struct plan *p;

    (void)state;
    small_init(&s, 3, 1);
    small_line(&s, 0, 0, 1, 12);
    small_line(&s, 1, 0, 1, 6);
    small_line(&s, 2, 0, 1, 6);
    pin(&s, 0, AT(1, 120));
    s.employments[0].week_slots = 12;
    p = planned(&s);
    assert_int_equal(plan_start(p, 0), AT(1, 120));
    assert_int_equal(plan_progress(p).placed, 1);
    plan_free(p);
}

struct stopper {
    int polls, stop_at;
    int64_t steps;
};

static bool stop_at(void *ctx, const struct plan_progress *at)
{
    struct stopper *s = ctx;

    assert_int_equal(at->placed + at->unplaced, at->lessons);
    assert_true(at->bound >= at->placed);
    assert_int_equal(at->steps % 256, 0);
    s->steps = at->steps;
    return ++s->polls >= s->stop_at;
}

/* Thirty lessons into a mentor's week that has no room for them: a long search. */
static void crowd(struct small *s)
{
    small_init(s, 4, 2);
    for (int i = 0; i < 8; i++)
        small_line(s, i % 4, i % 2, 4, i < 4 ? 4 : 7); /* so the bound, by the shortest, is loose */
    for (int i = 0; i < 2; i++) {
        memset(&s->mentor_sets[i][0], 0, sizeof s->mentor_sets[i][0]);
        for (int d = 1; d <= 4; d++)
            slot_add_range(&s->mentor_sets[i][0], AT(d, 100 + d), AT(d, 124 + d));
    }
    for (int i = 0; i < 4; i++)
        s->children[i].long_break = 4;
}

static void a_stop_keeps_a_whole_week(void **state)
{
    (void)state;
    for (int polls = 1; polls <= 3; polls++) {
        struct plan_options o = plan_options_default();
        struct stopper stopper = { .stop_at = polls };
        int start[SMALL_LESSONS], candidate[SMALL_LINES];
        struct small s;
        struct plan *p;

        crowd(&s);
        o.stop = stop_at;
        o.ctx = &stopper;
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
        plan_week(p);
        assert_int_equal(stopper.polls, polls); /* not asked again */
        assert_true(plan_progress(p).steps < stopper.steps + 256);
        for (int i = 0; i < s.problem.lessons_n; i++)
            start[i] = plan_start(p, i);
        for (int i = 0; i < s.problem.lines_n; i++)
            candidate[i] = plan_candidate(p, i);
        assert_int_equal(small_faults(&s, start, candidate), 0);
        assert_true(plan_progress(p).placed > 0);
        plan_free(p);
    }
}

static void an_end_of_steps_ends_the_search(void **state)
{
    struct plan_options o = plan_options_default();
    struct small s;
    struct plan *p;

    (void)state;
    crowd(&s);
    o.steps_per_lesson = 20;
    o.chain_nodes = 10;
    o.exact_nodes = 100;
    assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
    plan_week(p);
    assert_true(plan_progress(p).steps < 20 * s.problem.lessons_n + 1000);
    plan_free(p);
}

static void without_memory_nothing_is_made(void **state)
{
    struct plan_options o = plan_options_default();
    long live = mem_live();
    struct small s;
    struct plan *p = NULL;

    (void)state;
    crowd(&s);
    for (int n = 0; n < 2; n++) {
        mem_fail_after(n);
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_NOMEM);
        assert_null(p);
        assert_int_equal(mem_live(), live);
    }
    mem_fail_after(-1);
    assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
    assert_int_equal(mem_live(), live + 2); /* the plan and its one arena */
    plan_free(p);
    assert_int_equal(mem_live(), live);
}

static void a_senseless_problem_is_refused(void **state)
{
    struct plan_options o = plan_options_default();
    struct plan *p = NULL;

    (void)state;
    for (int i = 0; i < 16; i++) {
        struct plan_days back;
        struct small s;

        lone_lesson(&s);
        back = s.days;
        back.of[5] = 3; /* a local day that falls back */
        switch (i) {
        case 0:
            s.lessons[0].line = 1;
            break;
        case 1:
            s.lessons[0].line = -1;
            break;
        case 2:
            s.lessons[0].length = 0;
            break;
        case 3:
            s.lessons[0].length = PLAN_LENGTH_MAX + 1;
            break;
        case 4:
            s.lessons[0].published = PLAN_SLOTS - 5;
            break;
        case 5:
            s.lessons[0].pinned = true;
            break;
        case 6:
            s.lines[0].child = 2;
            break;
        case 7:
            s.lines[0].chosen = 1;
            break;
        case 8:
            s.candidates[0][0].employment = 1;
            break;
        case 9:
            s.employments[0].mentor = 1;
            break;
        case 10:
            s.children[0].per_day = 0;
            break;
        case 11:
            s.children[0].gap = -1;
            break;
        case 12:
            s.children[0].days = &back;
            break;
        case 13:
            s.mentors[0].week_slots = -1;
            break;
        case 14:
            s.children[0].days = NULL;
            break;
        case 15:
            s.problem.lessons_n = -1;
            break;
        }
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_INVAL);
        assert_null(p);
    }
}

static void an_empty_problem_is_planned(void **state)
{
    struct small s;
    struct plan *p;

    (void)state;
    small_init(&s, 0, 0);
    p = planned(&s);
    plan_repair(p);
    assert_int_equal(plan_progress(p).lessons, 0);
    plan_free(p);
}

/* Two of the child's lessons, one of which loses its hour. */
static void mending_moves_what_it_must(void **state)
{
    struct small s;
    struct plan *p;
    struct plan_changes c;

    (void)state;
    small_init(&s, 1, 1);
    small_line(&s, 0, 0, 1, 6);
    small_line(&s, 0, 0, 1, 6);
    s.lessons[0].published = AT(1, 100);
    s.lessons[1].published = AT(1, 120);
    small_block_mentor(&s, 0, PLAN_MENTOR_EVENTS, AT(1, 118), AT(1, 124));
    p = opened(&s);
    plan_repair(p);
    c = plan_changes(p);
    assert_int_equal(plan_start(p, 0), AT(1, 100));
    assert_int_equal(plan_start(p, 1), AT(1, 124)); /* nearest: 20 minutes later */
    assert_int_equal(c.kept, 1);
    assert_int_equal(c.forced, 1);
    assert_int_equal(c.moved + c.left + c.added, 0);
    plan_free(p);
}

/* Lesson 1 can only go where lesson 0 is; lesson 0 could go elsewhere. */
static void mending_moves_others_within_its_limit(void **state)
{
    (void)state;
    for (int moves = 0; moves <= 1; moves++) {
        struct plan_options o = plan_options_default();
        struct small s;
        struct plan_changes c;
        struct plan *p;

        small_init(&s, 2, 1);
        small_line(&s, 0, 0, 1, 6);
        small_line(&s, 1, 0, 1, 6);
        s.lessons[0].published = AT(1, 100);
        s.lessons[1].published = AT(2, 100);
        only_open(&s, 1, AT(1, 98), AT(1, 108));
        o.moves_per_rescue = moves;
        assert_int_equal(plan_new(&p, &s.problem, &o), ERR_OK);
        plan_repair(p);
        c = plan_changes(p);
        assert_int_equal(c.left, 1 - moves);
        assert_int_equal(c.moved, moves);
        assert_int_equal(c.forced, moves);
        assert_int_equal(c.kept, 1 - moves);
        plan_free(p);
    }
}

/* What one school is given does not hang on what happens in another. */
static void components_do_not_roll_each_others_dice(void **state)
{
    int alone[SMALL_LESSONS];
    struct small s;
    struct plan *p;

    (void)state;
    small_init(&s, 4, 2);
    for (int i = 0; i < 4; i++)
        small_line(&s, i % 2, 0, 4, 6);
    s.problem.children_n = 2;
    s.problem.mentors_n = s.problem.employments_n = 1;
    p = planned(&s);
    for (int i = 0; i < 16; i++)
        alone[i] = plan_start(p, i);
    plan_free(p);
    s.problem.children_n = 4;
    s.problem.mentors_n = s.problem.employments_n = 2;
    for (int i = 0; i < 4; i++)
        small_line(&s, 2 + i % 2, 1, 4, 6);
    p = planned(&s);
    for (int i = 0; i < 16; i++)
        assert_int_equal(plan_start(p, i), alone[i]);
    plan_free(p);
}

/* A line with a choice goes to the mentor who has the time. */
static void mentors_are_chosen_by_their_time(void **state)
{
    struct small s;
    struct plan *p;

    (void)state;
    small_init(&s, 2, 2);
    small_line(&s, 0, -1, 4, 6);
    small_line(&s, 1, -1, 4, 6);
    s.employments[0].week_slots = 24;
    s.mentors[1].week_slots = 24;
    p = planned(&s);
    assert_int_equal(plan_progress(p).placed, 8);
    assert_true(plan_candidate(p, 0) != plan_candidate(p, 1));
    plan_free(p);
}

static void sets_of_slots_do_what_bits_do(void **state)
{
    struct rnd r = { rnd_seed(20261103) };

    (void)state;
    for (int i = 0; i < 300; i++) {
        struct slot_set s = { { 0 } }, starts;
        int from = (int)rnd_in(&r, -20, PLAN_SLOTS), to = (int)rnd_in(&r, 0, PLAN_SLOTS + 20);
        int hole = (int)rnd_in(&r, 0, PLAN_SLOTS), length = (int)rnd_in(&r, 1, PLAN_LENGTH_MAX);
        int count = 0;

        slot_add_range(&s, from, to);
        slot_drop_range(&s, hole, hole + 3);
        starts = s;
        slot_starts(&starts, length);
        for (int t = 0; t < PLAN_SLOTS; t++) {
            bool all = t + length <= PLAN_SLOTS;

            assert_int_equal(slot_has(&s, t), t >= from && t < to && (t < hole || t >= hole + 3));
            for (int k = t; k < t + length && all; k++)
                all = slot_has(&s, k);
            assert_int_equal(slot_has(&starts, t), all);
            assert_int_equal(slot_next(&starts, t) == t, all);
            count += all;
        }
        assert_int_equal(slot_count(&starts), count);
        assert_int_equal(slot_any(&s, hole, hole + 3), false);
    }
}

static void an_arena_gives_what_was_measured(void **state)
{
    struct arena a = { 0 };
    char *bytes;
    int64_t *numbers;

    (void)state;
    assert_null(arena_take(&a, 3, 1));
    assert_null(arena_take(&a, 5, 8));
    assert_int_equal(arena_open(&a), ERR_OK);
    bytes = arena_take(&a, 3, 1);
    numbers = arena_take(&a, 5, 8);
    assert_int_equal((uintptr_t)numbers % _Alignof(max_align_t), 0);
    assert_true((char *)numbers >= bytes + 3);
    assert_int_equal(numbers[4], 0);
    arena_close(&a);
    arena_close(&a);
    assert_null(arena_take(&a, SIZE_MAX / 2, 3));
    assert_int_equal(arena_open(&a), ERR_NOMEM);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_layer_that_empties_is_named),
        cmocka_unit_test(hours_that_do_not_meet_are_named),
        cmocka_unit_test(lessons_in_the_way_are_named),
        cmocka_unit_test(limits_are_named),
        cmocka_unit_test(a_missing_long_break_is_named),
        cmocka_unit_test(nobody_who_may_teach_is_named),
        cmocka_unit_test(too_many_for_a_stretch_are_proved),
        cmocka_unit_test(too_many_for_the_days_are_proved),
        cmocka_unit_test(no_proof_is_no_claim),
        cmocka_unit_test(pinned_lessons_stay_and_are_believed),
        cmocka_unit_test(pinned_lessons_are_not_traded),
        cmocka_unit_test(a_stop_keeps_a_whole_week),
        cmocka_unit_test(an_end_of_steps_ends_the_search),
        cmocka_unit_test(without_memory_nothing_is_made),
        cmocka_unit_test(a_senseless_problem_is_refused),
        cmocka_unit_test(an_empty_problem_is_planned),
        cmocka_unit_test(mending_moves_what_it_must),
        cmocka_unit_test(mending_moves_others_within_its_limit),
        cmocka_unit_test(components_do_not_roll_each_others_dice),
        cmocka_unit_test(mentors_are_chosen_by_their_time),
        cmocka_unit_test(sets_of_slots_do_what_bits_do),
        cmocka_unit_test(an_arena_gives_what_was_measured),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
