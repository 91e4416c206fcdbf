/* SPDX-License-Identifier: Apache-2.0
 *
 * Faults in a lesson by a script made by chance, on virtual time: lines that go
 * silent, lines that break, a server that is stopped or killed. What the
 * register has must be the script, to the second: each gap where it was, with
 * its cause, nothing doubled and no minute that was not there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "tests/sim/sim.h"
#include "tests/support/rnd.h"

#define START_MS INT64_C(1790672400000)
#define MINUTES 40
#define SCRIPTS 300
#define GAPS_MAX 12
#define EXACT_MS 1000

struct gap {
    int64_t from_ms, to_ms;
    enum leave_cause cause;
};

struct script {
    struct gap gaps[GAPS_MAX];
    int n;
};

/* Comes a minute early, leaves at the end; between, faults with quiet time between them. */
static void plan_person(struct sim *w, struct rnd *rnd, int who, struct script *s)
{
    int64_t at_ms = START_MS - MS_PER_MIN + who * 100;

    sim_step(w, at_ms, 0, who, ACT_COME);
    at_ms = START_MS;
    for (s->n = 0; s->n < GAPS_MAX; s->n++) {
        struct gap *g = &s->gaps[s->n];
        bool silent = rnd_in(rnd, 0, 2) > 0;
        int64_t lasts_ms = rnd_in(rnd, 0, 1) ? 30 * MS_PER_S : rnd_in(rnd, 2500, 120000);

        at_ms += rnd_in(rnd, 20 * MS_PER_S, 220 * MS_PER_S);
        /* Whether it was too long is counted from the last ping, so that this second is nobody's.
         */
        if (lasts_ms >= ROOM_SILENT_MS - EXACT_MS && lasts_ms < ROOM_SILENT_MS)
            lasts_ms += EXACT_MS;
        if (at_ms + lasts_ms > START_MS + (MINUTES - 1) * MS_PER_MIN)
            break;
        g->from_ms = at_ms;
        g->to_ms = at_ms + lasts_ms;
        g->cause = silent && lasts_ms >= ROOM_SILENT_MS ? LEAVE_TIMEOUT : LEAVE_SOCKET_CLOSED;
        sim_step(w, g->from_ms, 0, who, silent ? ACT_SILENCE : ACT_DROP);
        sim_step(w, g->to_ms, 0, who, ACT_COME);
        at_ms = g->to_ms;
    }
    sim_step(w, START_MS + MINUTES * MS_PER_MIN + who * 100, 0, who, ACT_LEAVE);
}

/* The person's presences in the order of time. */
static int presences_of(const struct attendance_input *in, struct user_id user,
                        struct presence out[GAPS_MAX + 4])
{
    int n = 0;

    for (size_t i = 0; i < in->presences_n; i++) {
        int k = n;

        if (!user_id_eq(in->presences[i].user, user))
            continue;
        assert_true(n < GAPS_MAX + 4);
        for (; k > 0 && out[k - 1].join_ms > in->presences[i].join_ms; k--)
            out[k] = out[k - 1];
        out[k] = in->presences[i];
        n++;
    }
    return n;
}

static void assert_near(int64_t got, int64_t wanted)
{
    if (got > wanted || got < wanted - EXACT_MS)
        print_error("%lld ms from the script\n", (long long)(got - wanted));
    assert_true(got <= wanted && got >= wanted - EXACT_MS);
}

static void compare(const struct attendance_input *in, const struct person_attendance *told,
                    int who, const struct script *s)
{
    struct presence p[GAPS_MAX + 4];
    int n = presences_of(in, sim_user(0, who), p);
    int64_t gaps_ms = 0;
    unsigned causes = 0;

    assert_int_equal(n, s->n + 1);
    for (int i = 0; i < s->n; i++) {
        const struct gap *g = &s->gaps[i];

        assert_near(p[i].leave_ms, g->from_ms);
        assert_int_equal(p[i].cause, g->cause);
        assert_true(p[i + 1].join_ms == g->to_ms);
        gaps_ms += g->to_ms - g->from_ms;
        causes |= 1u << g->cause;
    }
    assert_int_equal(told->gaps, s->n);
    assert_int_equal(told->gap_causes, causes);
    assert_true(told->gaps_ms >= gaps_ms && told->gaps_ms <= gaps_ms + s->n * EXACT_MS);
    assert_true(told->presence_ms <= MINUTES * MS_PER_MIN - gaps_ms);
    assert_true(told->presence_ms >= MINUTES * MS_PER_MIN - gaps_ms - s->n * EXACT_MS);
}

static void the_register_is_the_script(void **state)
{
    struct rnd rnd = { 7 };
    int gaps = 0;

    (void)state;
    for (int i = 0; i < SCRIPTS; i++) {
        struct sim *w = sim_new(START_MS - 15 * MS_PER_MIN);
        struct script mentor, child;
        struct attendance_input in;
        struct attendance_result r;

        assert_int_equal(sim_lesson(w, START_MS, MINUTES, 1), 0);
        plan_person(w, &rnd, WHO_MENTOR, &mentor);
        plan_person(w, &rnd, WHO_CHILD, &child);
        sim_run(w, START_MS + (MINUTES + 30) * MS_PER_MIN);
        sim_attendance(w, 0, &in);
        assert_int_equal(attendance_compute(&in, &r), ERR_OK);
        compare(&in, &r.mentor, WHO_MENTOR, &mentor);
        compare(&in, &r.children[0].at, WHO_CHILD, &child);
        attendance_deinit(&r);
        assert_int_equal(sim_open_rows(w), 0);
        gaps += mentor.n + child.n;
        sim_free(w);
    }
    print_message("%d lessons, %d gaps\n", SCRIPTS, gaps);
    assert_true(gaps > 3 * SCRIPTS);
}

/* Stopped, the server knows when; killed, it knows when it last heard of anybody: 5 s at most. */
static void a_restart_is_a_gap_of_both(void **state)
{
    (void)state;
    for (int k = 0; k < 200; k++) {
        struct sim *w = sim_new(START_MS - 15 * MS_PER_MIN);
        int64_t down_ms = START_MS + 10 * MS_PER_MIN + k * 37, up_ms = down_ms + 4000;
        int64_t unknown_ms = k % 2 ? ROOM_SEEN_MS + MS_PER_S : 0;
        struct attendance_input in;
        struct presence p[GAPS_MAX + 4];

        assert_int_equal(sim_lesson(w, START_MS, MINUTES, 1), 0);
        sim_step(w, START_MS, 0, WHO_MENTOR, ACT_COME);
        sim_step(w, START_MS, 0, WHO_CHILD, ACT_COME);
        sim_outage(w, down_ms, up_ms, k % 2);
        sim_step(w, START_MS + MINUTES * MS_PER_MIN, 0, WHO_CHILD, ACT_LEAVE);
        sim_step(w, START_MS + MINUTES * MS_PER_MIN, 0, WHO_MENTOR, ACT_LEAVE);
        sim_run(w, START_MS + (MINUTES + 30) * MS_PER_MIN);
        sim_attendance(w, 0, &in);
        for (int who = WHO_MENTOR; who <= WHO_CHILD; who++) {
            assert_int_equal(presences_of(&in, sim_user(0, who), p), 2);
            assert_int_equal(p[0].cause, LEAVE_SERVER_RESTART);
            assert_true(p[0].leave_ms <= down_ms && p[0].leave_ms >= down_ms - unknown_ms);
            assert_true(p[1].join_ms == up_ms + (who == WHO_MENTOR ? 5 : 10) * MS_PER_S);
        }
        assert_int_equal(in.outages_n, 1);
        assert_true(in.outages[0].from_ms <= down_ms &&
                    in.outages[0].from_ms >= down_ms - unknown_ms);
        assert_true(in.outages[0].to_ms == up_ms);
        assert_int_equal(sim_open_rows(w), 0);
        sim_free(w);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_register_is_the_script),
        cmocka_unit_test(a_restart_is_a_gap_of_both),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
