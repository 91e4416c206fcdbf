/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/admission: every verdict, every bound at +-1 ms, the order of
 * refusals, and random facts against an oracle written the other way round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/admission.h"
#include "tests/support/rnd.h"

#define START INT64_C(1790000000000)
#define END (START + 40 * MS_PER_MIN)
#define OPENS (START - 10 * MS_PER_MIN)
#define CLOSES (END + 5 * MS_PER_MIN)

static struct lesson_facts a_lesson(void)
{
    return (struct lesson_facts){ .id = { 7 },
                                  .state = LESSON_SCHEDULED,
                                  .published = true,
                                  .start_ms = START,
                                  .end_ms = END,
                                  .open_before_ms = 10 * MS_PER_MIN,
                                  .close_after_ms = 5 * MS_PER_MIN,
                                  .mentor = { 10 },
                                  .children = { { 20 }, { 21 } },
                                  .children_n = 2 };
}

static struct admit_person a_person(enum seat_role seat, int64_t user)
{
    return (struct admit_person){ .user = { user },
                                  .seat = seat,
                                  .login_valid = true,
                                  .active = true,
                                  .may_teach = seat == SEAT_MENTOR,
                                  .consent_ok = seat == SEAT_CHILD };
}

static const struct {
    enum seat_role seat;
    int64_t user;
} seats[] = {
    { SEAT_CHILD, 20 },    { SEAT_CHILD, 21 },       { SEAT_MENTOR, 10 },
    { SEAT_GUARDIAN, 30 }, { SEAT_COORDINATOR, 40 },
};

#define SEATS (sizeof seats / sizeof seats[0])

static void the_window_is_half_open_for_every_seat(void **state)
{
    static const struct {
        int64_t at;
        enum admit want;
    } t[] = {
        { OPENS - MS_PER_DAY, ADMIT_TOO_EARLY },
        { OPENS - 1, ADMIT_TOO_EARLY },
        { OPENS, ADMIT_OK },
        { OPENS + 1, ADMIT_OK },
        { START - 1, ADMIT_OK },
        { START, ADMIT_OK },
        { END - 1, ADMIT_OK },
        { END, ADMIT_OK },
        { END + 1, ADMIT_OK },
        { CLOSES - 1, ADMIT_OK },
        { CLOSES, ADMIT_ENDED },
        { CLOSES + 1, ADMIT_ENDED },
        { INT64_MAX, ADMIT_ENDED },
    };
    struct lesson_facts l = a_lesson();

    (void)state;
    for (size_t s = 0; s < SEATS; s++) {
        struct admit_person p = a_person(seats[s].seat, seats[s].user);

        for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
            assert_int_equal(admit(&l, &p, t[i].at), t[i].want);
    }
}

static void a_door_cut_short_by_the_next_lesson_closes_then(void **state)
{
    struct lesson_facts l = a_lesson();
    struct admit_person p = a_person(SEAT_CHILD, 20);

    (void)state;
    l.close_after_ms = 0; /* back to back (J7) */
    assert_int_equal(admit(&l, &p, END - 1), ADMIT_OK);
    assert_int_equal(admit(&l, &p, END), ADMIT_ENDED);
    l.open_before_ms = 0;
    assert_int_equal(admit(&l, &p, START - 1), ADMIT_TOO_EARLY);
    assert_int_equal(admit(&l, &p, START), ADMIT_OK);
}

static void each_state_has_its_answer(void **state)
{
    static const enum admit want[] = {
        [LESSON_PLANNED] = ADMIT_NOT_READY,
        [LESSON_SCHEDULED] = ADMIT_OK,
        [LESSON_NEEDS_SUBSTITUTE] = ADMIT_NOT_READY,
        [LESSON_OPEN] = ADMIT_OK,
        [LESSON_RUNNING] = ADMIT_OK,
        [LESSON_INTERRUPTED] = ADMIT_OK,
        [LESSON_ENDED] = ADMIT_ENDED,
        [LESSON_COMPUTED] = ADMIT_ENDED,
        [LESSON_DISPUTED] = ADMIT_ENDED,
        [LESSON_CONFIRMED] = ADMIT_ENDED,
        [LESSON_LOCKED] = ADMIT_ENDED,
        [LESSON_CANCELLED] = ADMIT_CANCELLED,
        [LESSON_RESCHEDULED] = ADMIT_MOVED,
        [LESSON_RESCHEDULED + 1] = ADMIT_UNAVAILABLE,
    };
    struct lesson_facts l = a_lesson();

    (void)state;
    for (size_t s = 0; s < SEATS; s++) {
        struct admit_person p = a_person(seats[s].seat, seats[s].user);

        for (size_t i = 0; i < sizeof want / sizeof want[0]; i++) {
            l.state = (enum lesson_state)i;
            assert_int_equal(admit(&l, &p, START), want[i]);
        }
        l.state = LESSON_SCHEDULED;
        l.published = false;
        assert_int_equal(admit(&l, &p, START), ADMIT_NOT_READY);
        l.published = true;
    }
}

static void strangers_learn_nothing(void **state)
{
    /* Another mentor, another child, a guardian without the right, a made-up seat. */
    static const struct {
        enum seat_role seat;
        int64_t user;
    } t[] = {
        { SEAT_NONE, 99 },   { SEAT_NONE, 10 },  { SEAT_NONE, 20 },  { SEAT_MENTOR, 11 },
        { SEAT_MENTOR, 20 }, { SEAT_CHILD, 22 }, { SEAT_CHILD, 10 }, { (enum seat_role)77, 20 },
    };
    static const int64_t at[] = { OPENS - 1, OPENS, START, END, CLOSES };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        for (size_t k = 0; k < sizeof at / sizeof at[0]; k++) {
            struct admit_person p = a_person(t[i].seat, t[i].user);

            p.may_teach = true;
            p.consent_ok = true;
            assert_int_equal(admit(NULL, &p, at[k]), ADMIT_NOT_YOURS);
            for (int s = LESSON_PLANNED; s <= LESSON_RESCHEDULED; s++) {
                struct lesson_facts l = a_lesson();

                l.state = (enum lesson_state)s;
                assert_int_equal(admit(&l, &p, at[k]), ADMIT_NOT_YOURS);
            }
        }
    }
}

static void rights_that_ended_refuse(void **state)
{
    struct lesson_facts l = a_lesson();
    struct admit_person p;

    (void)state;
    for (size_t s = 0; s < SEATS; s++) {
        p = a_person(seats[s].seat, seats[s].user);
        p.active = false;
        assert_int_equal(admit(&l, &p, START), ADMIT_RIGHT_ENDED);
        p = a_person(seats[s].seat, seats[s].user);
        p.login_valid = false;
        assert_int_equal(admit(&l, &p, START), ADMIT_NO_LOGIN);
        p = a_person(seats[s].seat, 0);
        assert_int_equal(admit(&l, &p, START), ADMIT_NO_LOGIN);
        /* Each seat needs only what concerns it. */
        p = a_person(seats[s].seat, seats[s].user);
        p.may_teach = false;
        assert_int_equal(admit(&l, &p, START),
                         p.seat == SEAT_MENTOR ? ADMIT_RIGHT_ENDED : ADMIT_OK);
        p = a_person(seats[s].seat, seats[s].user);
        p.consent_ok = false;
        assert_int_equal(admit(&l, &p, START), p.seat == SEAT_CHILD ? ADMIT_CONSENT : ADMIT_OK);
    }
}

static void five_refusals_in_a_minute_slow_the_sixth(void **state)
{
    struct lesson_facts l = a_lesson();
    struct admit_person p = a_person(SEAT_CHILD, 20);

    (void)state;
    p.refused_in_minute = 4;
    assert_int_equal(admit(&l, &p, START), ADMIT_OK);
    p.refused_in_minute = 5;
    assert_int_equal(admit(&l, &p, START), ADMIT_BACK_OFF);
    assert_int_equal(admit(NULL, &p, START), ADMIT_BACK_OFF);
    p = a_person(SEAT_NONE, 99);
    p.refused_in_minute = 5;
    assert_int_equal(admit(&l, &p, START), ADMIT_BACK_OFF);
    p.login_valid = false;
    assert_int_equal(admit(&l, &p, START), ADMIT_NO_LOGIN);
}

static void a_full_room_is_told_only_to_those_who_may_enter(void **state)
{
    struct lesson_facts l = a_lesson();
    struct admit_person p = a_person(SEAT_GUARDIAN, 30);

    (void)state;
    p.no_seat_free = true;
    assert_int_equal(admit(&l, &p, START), ADMIT_FULL);
    assert_int_equal(admit(&l, &p, OPENS - 1), ADMIT_TOO_EARLY);
    p.seat = SEAT_NONE;
    assert_int_equal(admit(&l, &p, START), ADMIT_NOT_YOURS);
}

static void what_cannot_be_read_is_refused(void **state)
{
    struct admit_person p = a_person(SEAT_CHILD, 20);
    struct lesson_facts good = a_lesson(), l;

    (void)state;
    assert_int_equal(admit(&good, NULL, START), ADMIT_UNAVAILABLE);
    assert_int_equal(admit(NULL, NULL, START), ADMIT_UNAVAILABLE);
    assert_int_equal(admit(&good, &p, 0), ADMIT_UNAVAILABLE); /* the clock is not set */
    assert_int_equal(admit(&good, &p, INT64_MIN), ADMIT_UNAVAILABLE);
    l = good, l.end_ms = l.start_ms;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.open_before_ms = -1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.close_after_ms = -1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.children_n = LESSON_CHILDREN_MAX + 1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.children_n = -1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.children_n = 0;
    assert_int_equal(admit(&l, &p, START), ADMIT_NOT_YOURS);
    l = good, l.guests_n = 1; /* guests have no place in a lesson of children */
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    memset(&l, 0, sizeof l);
    memset(&p, 0, sizeof p);
    assert_int_equal(admit(&l, &p, START), ADMIT_NO_LOGIN);
    p = a_person(SEAT_CHILD, 20);
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
}

/* A seminar with more guests than there is room for, fewer than none, or with a child on its list
 * is none that anybody can have planned. */
static void a_gathering_of_adults_has_guests_and_no_child(void **state)
{
    struct admit_person p = a_person(SEAT_SPEAKER, 50);
    struct lesson_facts good = a_lesson(), l;

    (void)state;
    good.gathering = true;
    good.children_n = 0;
    good.guests_n = LESSON_GUESTS_MAX;
    p.adult = true;
    assert_int_equal(admit(&good, &p, START), ADMIT_OK);
    p.seat = SEAT_LISTENER;
    assert_int_equal(admit(&good, &p, START), ADMIT_OK);
    l = good, l.guests_n = 0; /* its host and those who look in may still come */
    assert_int_equal(admit(&l, &p, START), ADMIT_OK);
    l = good, l.guests_n = LESSON_GUESTS_MAX + 1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.guests_n = -1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    l = good, l.children_n = 1;
    assert_int_equal(admit(&l, &p, START), ADMIT_UNAVAILABLE);
    p.adult = false;
    assert_int_equal(admit(&good, &p, START), ADMIT_NOT_YOURS);
    p = a_person(SEAT_GUARDIAN, 30); /* of no child in it */
    assert_int_equal(admit(&good, &p, START), ADMIT_NOT_YOURS);
}

static void the_order_of_refusals(void **state)
{
    /* Everything is wrong at once; mending it step by step walks the list of admission.c. */
    struct lesson_facts l = a_lesson();
    struct admit_person p = { .seat = SEAT_CHILD, .refused_in_minute = 9, .no_seat_free = true };
    int64_t at = 5;

    (void)state;
    l.state = LESSON_CANCELLED;
    l.published = false;
    l.children_n = 99;
    assert_int_equal(admit(&l, &p, at), ADMIT_UNAVAILABLE);
    at = OPENS - 1;
    assert_int_equal(admit(&l, &p, at), ADMIT_NO_LOGIN);
    p.user.v = 22;
    p.login_valid = true;
    assert_int_equal(admit(&l, &p, at), ADMIT_BACK_OFF);
    p.refused_in_minute = 0;
    assert_int_equal(admit(NULL, &p, at), ADMIT_NOT_YOURS);
    assert_int_equal(admit(&l, &p, at), ADMIT_UNAVAILABLE);
    l.children_n = 2;
    assert_int_equal(admit(&l, &p, at), ADMIT_NOT_YOURS);
    p.user.v = 20;
    assert_int_equal(admit(&l, &p, at), ADMIT_RIGHT_ENDED);
    p.active = true;
    assert_int_equal(admit(&l, &p, at), ADMIT_CONSENT);
    p.consent_ok = true;
    assert_int_equal(admit(&l, &p, at), ADMIT_CANCELLED);
    l.state = LESSON_SCHEDULED;
    assert_int_equal(admit(&l, &p, at), ADMIT_NOT_READY);
    l.published = true;
    assert_int_equal(admit(&l, &p, at), ADMIT_TOO_EARLY);
    at = OPENS;
    assert_int_equal(admit(&l, &p, at), ADMIT_FULL);
    p.no_seat_free = false;
    assert_int_equal(admit(&l, &p, at), ADMIT_OK);
}

/* The oracle: who may be inside, said as one positive sentence, and for a refusal the set of
 * reasons that are true. It shares no helper and no order with the code under test. */
static bool oracle_may_enter(const struct lesson_facts *l, const struct admit_person *p, int64_t at)
{
    bool listed = false, fits = false, live;

    if (!l || !p)
        return false;
    for (int i = 0; i < LESSON_CHILDREN_MAX; i++)
        listed |= i < l->children_n && l->children[i].v == p->user.v;
    if (p->seat == SEAT_MENTOR)
        fits = l->mentor.v == p->user.v && p->may_teach;
    if (p->seat == SEAT_CHILD)
        fits = listed && p->consent_ok;
    if (p->seat == SEAT_GUARDIAN)
        fits = !l->gathering;
    if (p->seat == SEAT_COORDINATOR)
        fits = true;
    if (p->seat == SEAT_SPEAKER || p->seat == SEAT_LISTENER)
        fits = l->gathering && p->adult;
    live = l->published && (l->state == LESSON_SCHEDULED || l->state == LESSON_OPEN ||
                            l->state == LESSON_RUNNING || l->state == LESSON_INTERRUPTED);
    return fits && live && p->login_valid && p->active && p->user.v >= 1 &&
           p->refused_in_minute <= 4 && !p->no_seat_free && l->children_n <= LESSON_CHILDREN_MAX &&
           l->end_ms - l->start_ms >= 1 && at - l->start_ms >= -l->open_before_ms &&
           at - l->end_ms <= l->close_after_ms - 1;
}

static bool oracle_true_reason(const struct lesson_facts *l, const struct admit_person *p,
                               int64_t at, enum admit a)
{
    switch (a) {
    case ADMIT_OK:
        return oracle_may_enter(l, p, at);
    case ADMIT_NO_LOGIN:
        return !p->login_valid || p->user.v < 1;
    case ADMIT_NOT_YOURS:
        return !l || p->seat != SEAT_COORDINATOR;
    case ADMIT_TOO_EARLY:
        return at + l->open_before_ms < l->start_ms;
    case ADMIT_ENDED:
        return at - l->close_after_ms >= l->end_ms ||
               (l->state >= LESSON_ENDED && l->state <= LESSON_LOCKED);
    case ADMIT_CANCELLED:
        return l->state == LESSON_CANCELLED;
    case ADMIT_MOVED:
        return l->state == LESSON_RESCHEDULED;
    case ADMIT_RIGHT_ENDED:
        return !p->active || (p->seat == SEAT_MENTOR && !p->may_teach);
    case ADMIT_CONSENT:
        return p->seat == SEAT_CHILD && !p->consent_ok;
    case ADMIT_BACK_OFF:
        return p->refused_in_minute > 4;
    case ADMIT_FULL:
        return p->no_seat_free;
    case ADMIT_NOT_READY:
        return !l->published || l->state == LESSON_PLANNED || l->state == LESSON_NEEDS_SUBSTITUTE;
    case ADMIT_UNAVAILABLE:
        return !p || (l && (l->children_n > LESSON_CHILDREN_MAX || l->end_ms <= l->start_ms));
    }
    return false;
}

#define CASES 100000

static void random_facts_agree_with_the_oracle(void **state)
{
    uint64_t seed = rnd_seed(0x5eed01);
    struct rnd r = { seed };
    int seen[ADMIT_UNAVAILABLE + 1] = { 0 };

    (void)state;
    for (int i = 0; i < CASES; i++) {
        struct lesson_facts l = a_lesson();
        struct admit_person p = a_person(SEAT_NONE, 0);
        const struct lesson_facts *lp = rnd_percent(&r, 3) ? NULL : &l;
        int64_t edges[] = { OPENS, START, END, CLOSES };
        int64_t at = edges[rnd_in(&r, 0, 3)] + rnd_in(&r, -2, 2);
        enum admit a;

        /* Mostly right facts with a few faults, so that every verdict is reached often. */
        if (rnd_percent(&r, 20))
            at = OPENS + rnd_in(&r, -MS_PER_HOUR, 2 * MS_PER_HOUR);
        if (rnd_percent(&r, 40))
            l.state = (enum lesson_state)rnd_in(&r, 0, LESSON_RESCHEDULED);
        if (rnd_percent(&r, 3))
            l.end_ms = l.start_ms - rnd_in(&r, 0, 1);
        l.published = !rnd_percent(&r, 5);
        l.children_n = (int)rnd_in(&r, rnd_percent(&r, 3) ? 10 : 1, rnd_percent(&r, 3) ? 14 : 2);
        if (l.children_n < 0)
            l.children_n = 2;
        p.seat = (enum seat_role)rnd_in(&r, SEAT_NONE, SEAT_LISTENER);
        p.adult = rnd_percent(&r, 70);
        l.gathering = rnd_percent(&r, 20);
        if (l.gathering) {
            l.children_n = 0;
            l.guests_n = (int)rnd_in(&r, 0, LESSON_GUESTS_MAX);
        }
        p.user.v = p.seat == SEAT_MENTOR ? 10 : rnd_in(&r, 20, 21);
        if (rnd_percent(&r, 10))
            p.user.v = rnd_in(&r, -1, 30);
        p.login_valid = !rnd_percent(&r, 5);
        p.active = !rnd_percent(&r, 5);
        p.may_teach = !rnd_percent(&r, 10);
        p.consent_ok = !rnd_percent(&r, 10);
        p.refused_in_minute = (int)rnd_in(&r, 0, rnd_percent(&r, 10) ? 7 : 1);
        p.no_seat_free = rnd_percent(&r, 5);

        a = admit(lp, &p, at);
        if ((a == ADMIT_OK) != oracle_may_enter(lp, &p, at) || !oracle_true_reason(lp, &p, at, a))
            fail_msg("seed %#llx case %d: %s", (unsigned long long)seed, i, admit_name(a));
        assert_int_equal(admit(lp, &p, at), a);
        seen[a]++;
    }
    for (int a = ADMIT_OK; a <= ADMIT_UNAVAILABLE; a++)
        assert_true(seen[a] > 100); /* the generator reaches every verdict */
}

static void names_are_stable(void **state)
{
    (void)state;
    assert_string_equal(admit_name(ADMIT_OK), "ok");
    assert_string_equal(admit_name(ADMIT_TOO_EARLY), "too_early");
    assert_string_equal(admit_name(ADMIT_UNAVAILABLE), "unavailable");
    assert_string_equal(admit_name((enum admit)500), "unavailable");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_is_half_open_for_every_seat),
        cmocka_unit_test(a_door_cut_short_by_the_next_lesson_closes_then),
        cmocka_unit_test(each_state_has_its_answer),
        cmocka_unit_test(strangers_learn_nothing),
        cmocka_unit_test(rights_that_ended_refuse),
        cmocka_unit_test(five_refusals_in_a_minute_slow_the_sixth),
        cmocka_unit_test(a_full_room_is_told_only_to_those_who_may_enter),
        cmocka_unit_test(what_cannot_be_read_is_refused),
        cmocka_unit_test(a_gathering_of_adults_has_guests_and_no_child),
        cmocka_unit_test(the_order_of_refusals),
        cmocka_unit_test(random_facts_agree_with_the_oracle),
        cmocka_unit_test(names_are_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
