/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/attendance: random facts against counting seconds one by one,
 * and in any order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/domain/attendance.h"
#include "tests/support/attendance_facts.h"
#include "tests/support/rnd.h"

/* The oracle: a lamp per person and second, counted one by one. */
#define DAY_S 4800 /* covers -20:00 .. 60:00 */
#define ORIGIN_S 1200

struct lamps {
    bool on[DAY_S];
};

static void lamps_of(const struct input *i, int64_t user, struct lamps *l)
{
    memset(l, 0, sizeof *l);
    for (size_t k = 0; k < i->in.presences_n; k++) {
        const struct presence *p = &i->presences[k];

        for (int64_t s = 0; s < DAY_S; s++)
            if (p->user.v == user && ms(s - ORIGIN_S) >= p->join_ms &&
                ms(s - ORIGIN_S) < p->leave_ms)
                l->on[s] = true;
    }
}

static void compare_person(const struct lamps *l, const struct person_attendance *p, int64_t length)
{
    int64_t presence = 0, overrun = 0, first = -1, last = -1, dark = 0;
    int gaps = 0;

    for (int64_t s = 0; s < DAY_S; s++) {
        int64_t at = s - ORIGIN_S;

        overrun += at >= length && l->on[s];
        if (at < 0 || at >= length || !l->on[s])
            continue;
        if (first < 0)
            first = at;
        else if (last < at)
            gaps++, dark += at - last;
        last = at + 1;
        presence++;
    }
    assert_int_equal(p->presence_ms, presence * MS_PER_S);
    assert_int_equal(p->overrun_ms, overrun * MS_PER_S);
    assert_int_equal(p->first_ms, first < 0 ? NEVER : ms(first));
    assert_int_equal(p->last_ms, first < 0 ? NEVER : ms(last));
    assert_int_equal(p->gaps, gaps);
    assert_int_equal(p->gaps_ms, dark * MS_PER_S);
    assert_int_equal(p->late_ms, first >= 300 ? first * MS_PER_S : 0);
    assert_int_equal(p->early_ms, first >= 0 && length - last >= 300 ? (length - last) * 1000 : 0);
}

static enum outcome oracle_outcome(double contact, double outage, bool t, bool k, bool t_tried,
                                   bool k_tried)
{
    if (contact >= 0.75)
        return OUTCOME_HELD;
    if (outage >= 0.20)
        return OUTCOME_TECH_SERVER;
    if (!t)
        return !k ? OUTCOME_BOTH_NO_SHOW
                  : (t_tried ? OUTCOME_TECH_TEACHER : OUTCOME_TEACHER_NO_SHOW);
    if (!k)
        return k_tried ? OUTCOME_TECH_CHILD : OUTCOME_CHILD_NO_SHOW;
    if (contact <= 0)
        return OUTCOME_NO_OVERLAP;
    return contact >= 0.25 ? OUTCOME_PARTIAL : OUTCOME_NOT_HELD;
}

static void random_input(struct rnd *r, struct input *i)
{
    static const int64_t users[] = { T, K, K, K2, 99 };

    input_init(i);
    i->children[1].v = K2;
    i->in.children_n = (size_t)rnd_in(r, 1, 2);
    i->in.end_ms = ms(60 * rnd_in(r, 10, 45));
    for (int64_t n = rnd_in(r, 0, 12); n > 0; n--) {
        int64_t from = rnd_in(r, -600, 2400);
        int64_t to = from + rnd_in(r, -5, rnd_percent(r, 50) ? 2700 : 300);

        if (rnd_percent(r, 15) && i->in.presences_n) /* a reconnect that touches the last one */
            from = (i->presences[i->in.presences_n - 1].leave_ms - START) / MS_PER_S;
        input_add(i, users[rnd_in(r, 0, 4)], from, to < 3600 ? to : 3600,
                  (enum leave_cause)rnd_in(r, LEAVE_LEFT, LEAVE_WINDOW_END));
    }
    for (int64_t n = rnd_in(r, -4, 3); n > 0; n--)
        i->tries[i->in.tries_n++] =
            (struct join_try){ { users[rnd_in(r, 0, 4)] }, ms(rnd_in(r, -1200, 3600)) };
    for (int64_t n = rnd_in(r, -4, 3); n > 0; n--) {
        int64_t from = rnd_in(r, -1200, 2700);

        i->outages[i->in.outages_n++] = (struct outage){ ms(from), ms(from + rnd_in(r, 0, 600)) };
    }
}

static bool oracle_tried(const struct input *i, int64_t user)
{
    bool found = false;

    for (size_t k = 0; k < i->in.tries_n; k++)
        found |= i->tries[k].user.v == user && i->tries[k].at_ms >= START - 600 * MS_PER_S &&
                 i->tries[k].at_ms < i->in.end_ms;
    return found;
}

static void random_facts_agree_with_counting_seconds(void **state)
{
    static struct lamps mentor, child[2];
    uint64_t seed = rnd_seed(0x5eed03);
    struct rnd r = { seed };
    int seen[OUTCOME_NOT_HELD + 1] = { 0 };

    (void)state;
    print_message("           seed %#llx\n", (unsigned long long)seed);
    for (int n = 0; n < 2000; n++) {
        struct attendance_result got;
        int64_t length, down = 0, both = 0;
        bool came[2] = { 0 }, t = false, any_tried = false;
        struct input i;

        random_input(&r, &i);
        length = (i.in.end_ms - START) / MS_PER_S;
        assert_int_equal(attendance_compute(&i.in, &got), ERR_OK);
        lamps_of(&i, T, &mentor);
        compare_person(&mentor, &got.mentor, length);
        for (size_t c = 0; c < i.in.children_n; c++) {
            lamps_of(&i, i.children[c].v, &child[c]);
            compare_person(&child[c], &got.children[c].at, length);
        }
        if (i.in.children_n == 1)
            memset(&child[1], 0, sizeof child[1]);
        for (int64_t s = ORIGIN_S; s < ORIGIN_S + length; s++) {
            bool dead = false;

            for (size_t k = 0; k < i.in.outages_n; k++)
                dead |= ms(s - ORIGIN_S) >= i.outages[k].from_ms &&
                        ms(s - ORIGIN_S) < i.outages[k].to_ms;
            down += dead;
            both += mentor.on[s] && (child[0].on[s] || child[1].on[s]);
            came[0] |= child[0].on[s];
            came[1] |= child[1].on[s];
            t |= mentor.on[s];
        }
        for (size_t c = 0; c < i.in.children_n; c++) {
            const struct child_attendance *a = &got.children[c];
            bool k_tried = oracle_tried(&i, i.children[c].v);
            int64_t contact = 0;

            any_tried |= k_tried;
            for (int64_t s = ORIGIN_S; s < ORIGIN_S + length; s++)
                contact += mentor.on[s] && child[c].on[s];
            assert_int_equal(a->contact_ms, contact * MS_PER_S);
            assert_int_equal(a->percent_tenths, contact * 1000 / length);
            assert_int_equal(a->outcome, oracle_outcome((double)contact / (double)length,
                                                        (double)down / (double)length, t, came[c],
                                                        oracle_tried(&i, T), k_tried));
            if (!came[c] && a->outcome != OUTCOME_TECH_SERVER)
                assert_int_equal(a->code, k_tried ? 'T' : 'N');
            assert_non_null(strchr("PLETSWN", a->code));
        }
        assert_int_equal(got.contact_ms, both * MS_PER_S);
        assert_int_equal(got.outcome,
                         oracle_outcome((double)both / (double)length,
                                        (double)down / (double)length, t, came[0] || came[1],
                                        oracle_tried(&i, T), any_tried));
        seen[got.outcome]++;
        attendance_deinit(&got);
    }
    for (int o = 0; o <= OUTCOME_NOT_HELD; o++)
        assert_true(seen[o] > 0); /* the generator reaches every outcome */
}

static void order_of_the_facts_does_not_matter(void **state)
{
    struct rnd r = { rnd_seed(0x5eed04) };

    (void)state;
    for (int n = 0; n < 200; n++) {
        struct attendance_result a, b;
        struct input i;

        random_input(&r, &i);
        assert_int_equal(attendance_compute(&i.in, &a), ERR_OK);
        for (size_t k = i.in.presences_n; k > 1; k--) {
            size_t other = (size_t)rnd_in(&r, 0, (int64_t)k - 1);
            struct presence p = i.presences[k - 1];

            i.presences[k - 1] = i.presences[other];
            i.presences[other] = p;
        }
        assert_int_equal(attendance_compute(&i.in, &b), ERR_OK);
        assert_int_equal(a.outcome, b.outcome);
        assert_int_equal(a.contact_ms, b.contact_ms);
        assert_int_equal(a.mentor.presence_ms, b.mentor.presence_ms);
        attendance_deinit(&a);
        attendance_deinit(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_facts_agree_with_counting_seconds),
        cmocka_unit_test(order_of_the_facts_does_not_matter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
