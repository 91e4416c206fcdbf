/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/selection: what bars, what hiring settles, what is the case's
 * own; points of every part at its edges; an order without ties; who has to
 * act when nobody may be chosen; common free time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/selection.h"

static void every_gate_has_its_standing(void **state)
{
    static const unsigned bars = TEACH_BIT(TEACH_ACCOUNT) | TEACH_BIT(TEACH_SUSPENSION) |
                                 TEACH_BIT(TEACH_TRAINING) | TEACH_BIT(TEACH_TRAINING_TOPIC) |
                                 TEACH_BIT(TEACH_QUALIFICATION);

    (void)state;
    assert_int_equal(selection_standing_of(0), SELECTION_READY);
    assert_int_equal(selection_standing_of(selection_case_gates()), SELECTION_READY);
    assert_int_equal(selection_standing_of(selection_hiring_gates() | selection_case_gates()),
                     SELECTION_AFTER_HIRING);
    assert_int_equal(selection_case_gates() & selection_hiring_gates(), 0);
    for (enum teach_gate g = 0; g < TEACH_GATE_COUNT; g++) {
        enum selection_standing want = bars & TEACH_BIT(g) ? SELECTION_BARRED
                                       : selection_case_gates() & TEACH_BIT(g)
                                           ? SELECTION_READY
                                           : SELECTION_AFTER_HIRING;

        assert_int_equal(selection_standing_of(TEACH_BIT(g)), want);
    }
}

/* All points there are. */
static struct candidate best(int64_t id)
{
    return (struct candidate){ .mentor = { id },
                               .qualified = 2,
                               .interview = 100,
                               .hours_known = true,
                               .free_minutes = 160,
                               .order_minutes = 540,
                               .lessons = 10 };
}

static void points(void **state)
{
    struct selection_policy p = selection_policy_default();
    struct candidate c = best(1);

    (void)state;
    selection_rank(&c, 1, 160, &p);
    assert_int_equal(c.score, 100);
    for (int i = 0; i < SELECTION_PART_COUNT; i++)
        assert_int_equal(c.parts[i].points, c.parts[i].weight);
    c = best(1);
    c.free_minutes = 159; /* a part is rounded down */
    c.lessons = 99;       /* more than all is all */
    c.qualified = 1;
    c.interview = 50;
    c.apart_minutes = 120;
    c.booked_minutes = 270;
    selection_rank(&c, 1, 160, &p);
    assert_int_equal(c.parts[SELECTION_HOURS].points, 24);
    assert_int_equal(c.parts[SELECTION_CONTINUITY].points, 15);
    assert_int_equal(c.parts[SELECTION_QUALIFICATION].points, 12);
    assert_int_equal(c.parts[SELECTION_PSYCHOLOGY].points, 10);
    assert_int_equal(c.parts[SELECTION_DISTANCE].points, 2);
    assert_int_equal(c.parts[SELECTION_DISTANCE].value, 120);
    assert_int_equal(c.parts[SELECTION_LOAD].points, 5);
    assert_int_equal(c.score, 68);
}

static void what_is_not_known_gives_nothing(void **state)
{
    struct selection_policy p = selection_policy_default();
    struct candidate c = { .interview = -1, .free_minutes = 500, .apart_minutes = 900 };

    (void)state;
    selection_rank(&c, 1, 0, &p);
    assert_int_equal(c.score, 0);
    assert_false(c.parts[SELECTION_PSYCHOLOGY].known);
    assert_false(c.parts[SELECTION_HOURS].known);
    assert_int_equal(c.parts[SELECTION_HOURS].of, p.need_minutes);
    assert_false(c.parts[SELECTION_LOAD].known);
    assert_true(c.parts[SELECTION_DISTANCE].known);
    c = (struct candidate){ .order_minutes = 100, .booked_minutes = 300 }; /* over the full */
    selection_rank(&c, 1, 0, &p);
    assert_int_equal(c.parts[SELECTION_LOAD].points, 0);
}

static void the_order_does_not_depend_on_that_of_the_rows(void **state)
{
    struct selection_policy p = selection_policy_default();

    (void)state;
    for (unsigned turn = 0; turn < 6; turn++) {
        struct candidate c[6], row;
        unsigned seed = turn * 7 + 1;

        for (int i = 0; i < 6; i++)
            c[i] = best(i + 1);
        c[5].gates.failed = TEACH_BIT(TEACH_PROGRAMME); /* the case's: first by nothing else */
        c[4].lessons = 0;                               /* fewer points */
        c[3].gates.failed = TEACH_BIT(TEACH_ORDER);
        c[2].gates.failed = TEACH_BIT(TEACH_ORDER) | TEACH_BIT(TEACH_ACQUAINTED);
        c[1].gates.failed = TEACH_BIT(TEACH_QUALIFICATION);
        for (int i = 5; i > 0; i--) {
            int k = (int)(seed % (unsigned)(i + 1));

            seed = seed * 31 + 7;
            row = c[i];
            c[i] = c[k];
            c[k] = row;
        }
        selection_rank(c, 6, 160, &p);
        assert_int_equal(c[0].mentor.v, 1);
        assert_int_equal(c[1].mentor.v, 6);
        assert_int_equal(c[2].mentor.v, 5);
        assert_int_equal(c[3].mentor.v, 4);
        assert_int_equal(c[4].mentor.v, 3);
        assert_int_equal(c[5].mentor.v, 2);
        assert_int_equal(c[5].standing, SELECTION_BARRED);
    }
}

static void less_booked_goes_first_among_equals(void **state)
{
    struct selection_policy p = selection_policy_default();
    struct candidate c[2] = { best(1), best(2) };

    (void)state;
    p.weight_load = 0;
    c[0].booked_minutes = 40;
    selection_rank(c, 2, 160, &p);
    assert_int_equal(c[0].mentor.v, 2);
    selection_rank(c, 0, 160, &p); /* nobody is no trouble */
}

static void bar(struct candidate *c, enum teach_gate g, enum actor a)
{
    c->gates.failed |= TEACH_BIT(g);
    c->gates.gates[g].actor = a;
}

static void when_nobody_may_be_chosen(void **state)
{
    struct selection_owed owed[TEACH_GATE_COUNT];
    struct selection_policy p = selection_policy_default();
    struct candidate c[3] = { best(1), best(2), best(3) };
    size_t n = 9;

    (void)state;
    assert_true(selection_blocked(c, 0, owed, &n));
    assert_int_equal(n, 0);
    for (int i = 0; i < 3; i++)
        bar(&c[i], TEACH_QUALIFICATION, ACTOR_COORDINATOR);
    bar(&c[0], TEACH_TRAINING, ACTOR_MENTOR); /* lacks more than the others */
    bar(&c[1], TEACH_ORDER, ACTOR_SCHOOL);    /* hiring settles it */
    bar(&c[2], TEACH_CONSENT, ACTOR_GUARDIAN);
    selection_rank(c, 3, 0, &p);
    assert_true(selection_blocked(c, 3, owed, &n));
    assert_int_equal(n, 1);
    assert_int_equal(owed[0].gate, TEACH_QUALIFICATION);
    assert_int_equal(owed[0].actor, ACTOR_COORDINATOR);
    assert_int_equal(owed[0].mentors, 2);
    c[2].gates.failed = TEACH_BIT(TEACH_ORDER);
    selection_rank(c, 3, 0, &p);
    assert_false(selection_blocked(c, 3, owed, &n));
    assert_int_equal(n, 0);
}

static void common_free_time(void **state)
{
    const int64_t week = INT64_C(1795467600000), min = MS_PER_MIN;
    struct free_span mentor[] = { { week + 100 * min, week + 200 * min },
                                  { week - 50 * min, week + 10 * min } };
    struct free_span child[] = { { week + 150 * min, week + 300 * min },
                                 { week - 50 * min, week + 300 * min } };
    struct free_span busy[] = { { week + 161 * min, week + 164 * min } };

    (void)state;
    assert_int_equal(selection_common(mentor, 1, child, 1, NULL, 0, week), 50);
    assert_int_equal(selection_common(mentor, 2, child, 2, NULL, 0, week), 110);
    assert_int_equal(selection_common(mentor, 1, child, 1, busy, 1, week), 45);
    busy[0] = (struct free_span){ week - 99 * min, week + 199 * min };
    assert_int_equal(selection_common(mentor, 1, child, 1, busy, 1, week), 0);
    mentor[0].end_ms = week + 154 * min; /* no whole step */
    assert_int_equal(selection_common(mentor, 1, child, 1, NULL, 0, week), 0);
    mentor[0] = (struct free_span){ week, week + 400 * MS_PER_DAY }; /* beyond the week */
    child[0] = mentor[0];
    assert_int_equal(selection_common(mentor, 1, child, 1, NULL, 0, week),
                     SELECTION_DAYS * 24 * 60);
    assert_int_equal(selection_common(NULL, 0, child, 1, NULL, 0, week), 0);
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(selection_part_name(SELECTION_LOAD), "load");
    assert_string_equal(selection_part_name(SELECTION_PART_COUNT), "none");
    assert_string_equal(selection_standing_name(SELECTION_AFTER_HIRING), "after_hiring");
    assert_string_equal(selection_standing_name((enum selection_standing)9), "barred");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_gate_has_its_standing),
        cmocka_unit_test(points),
        cmocka_unit_test(what_is_not_known_gives_nothing),
        cmocka_unit_test(the_order_does_not_depend_on_that_of_the_rows),
        cmocka_unit_test(less_booked_goes_first_among_equals),
        cmocka_unit_test(when_nobody_may_be_chosen),
        cmocka_unit_test(common_free_time),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
