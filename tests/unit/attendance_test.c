/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/attendance: the 19 examples of DOMAIN section 7, rules the
 * examples leave open, random facts against a second-by-second count, and lack
 * of memory.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/attendance.h"
#include "tests/support/rnd.h"

#define START INT64_C(1790000000000)
#define T 10 /* the mentor */
#define K 20 /* the child */
#define K2 21
#define S(min, sec) ((min)*60 + (sec)) /* seconds into the lesson; both negative before it */
#define NEVER INT64_MIN

struct fact {
    int64_t user, from_s, to_s;
    enum leave_cause cause;
};

struct example {
    const char *name;
    struct fact presences[6];
    struct {
        int64_t user, at_s;
    } tries[4];
    struct {
        int64_t from_s, to_s;
    } outage;
    /* expected, in seconds */
    int64_t mentor_s, child_s, contact_s;
    int percent_tenths;
    enum outcome outcome;
    char code;
    int64_t late_s, early_s, mentor_late_s, overrun_s;
    int gaps;
    int64_t gaps_s;
    bool waited;
};

/* Lesson 40:00; rows without a cause end by leaving. */
static const struct example examples[] = {
    { .name = "1 both early",
      .presences = { { T, S(-5, 0), S(41, 0), LEAVE_LEFT }, { K, S(-2, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(40, 0),
      .contact_s = S(40, 0),
      .percent_tenths = 1000,
      .outcome = OUTCOME_HELD,
      .code = 'P',
      .overrun_s = 0 },
    { .name = "2 child from 7:00",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(7, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(33, 0),
      .contact_s = S(33, 0),
      .percent_tenths = 825,
      .outcome = OUTCOME_HELD,
      .code = 'L',
      .late_s = S(7, 0) },
    { .name = "3 child drops 12:30-14:00",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, 0, S(12, 30), LEAVE_TIMEOUT },
                     { K, S(14, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(38, 30),
      .contact_s = S(38, 30),
      .percent_tenths = 962,
      .outcome = OUTCOME_HELD,
      .code = 'P',
      .gaps = 1,
      .gaps_s = 90 },
    { .name = "4 child on two devices",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, S(20, 0), S(40, 0), LEAVE_LEFT },
                     { K, 0, S(30, 0), LEAVE_TAKEN_OVER } },
      .mentor_s = S(40, 0),
      .child_s = S(40, 0),
      .contact_s = S(40, 0),
      .percent_tenths = 1000,
      .outcome = OUTCOME_HELD,
      .code = 'P' },
    { .name = "5 mentor from 10:00",
      .presences = { { T, S(10, 0), S(40, 0), LEAVE_LEFT }, { K, 0, S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(30, 0),
      .child_s = S(40, 0),
      .contact_s = S(30, 0),
      .percent_tenths = 750,
      .outcome = OUTCOME_HELD,
      .code = 'P',
      .mentor_late_s = S(10, 0) },
    { .name = "6 mentor 0-15, child 20-40",
      .presences = { { T, 0, S(15, 0), LEAVE_LEFT }, { K, S(20, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(15, 0),
      .child_s = S(20, 0),
      .contact_s = 0,
      .percent_tenths = 0,
      .outcome = OUTCOME_NO_OVERLAP,
      .code = 'L',
      .late_s = S(20, 0) },
    { .name = "7 child leaves tired at 18:00",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, 0, S(18, 0), LEAVE_TIRED } },
      .mentor_s = S(40, 0),
      .child_s = S(18, 0),
      .contact_s = S(18, 0),
      .percent_tenths = 450,
      .outcome = OUTCOME_PARTIAL,
      .code = 'E',
      .early_s = S(22, 0) },
    { .name = "8 child lost at 15:00, failed logins 16, 25",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, 0, S(15, 0), LEAVE_SOCKET_CLOSED } },
      .tries = { { K, S(16, 0) }, { K, S(25, 0) } },
      .mentor_s = S(40, 0),
      .child_s = S(15, 0),
      .contact_s = S(15, 0),
      .percent_tenths = 375,
      .outcome = OUTCOME_PARTIAL,
      .code = 'T',
      .early_s = S(25, 0) },
    { .name = "9 child never, mentor waits 15",
      .presences = { { T, 0, S(15, 0), LEAVE_LEFT } },
      .mentor_s = S(15, 0),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
      .waited = true },
    { .name = "10 mentor never, child -1..15",
      .presences = { { K, S(-1, 0), S(15, 0), LEAVE_LEFT } },
      .child_s = S(15, 0),
      .outcome = OUTCOME_TEACHER_NO_SHOW,
      .code = 'W',
      .early_s = S(25, 0) },
    { .name = "11 crash 20:00-21:30",
      .presences = { { T, 0, S(20, 0), LEAVE_SERVER_RESTART },
                     { T, S(21, 35), S(40, 0), LEAVE_LEFT },
                     { K, 0, S(20, 0), LEAVE_SERVER_RESTART },
                     { K, S(21, 40), S(40, 0), LEAVE_LEFT } },
      .outage = { S(20, 0), S(21, 30) },
      .mentor_s = S(38, 25),
      .child_s = S(38, 20),
      .contact_s = S(38, 20),
      .percent_tenths = 958,
      .outcome = OUTCOME_HELD,
      .code = 'P',
      .gaps = 1,
      .gaps_s = 100 },
    { .name = "12 server down from 5:00 past the end",
      .presences = { { T, 0, S(5, 0), LEAVE_SERVER_RESTART },
                     { K, 0, S(5, 0), LEAVE_SERVER_RESTART } },
      .outage = { S(5, 0), S(50, 0) },
      .mentor_s = S(5, 0),
      .child_s = S(5, 0),
      .contact_s = S(5, 0),
      .percent_tenths = 125,
      .outcome = OUTCOME_TECH_SERVER,
      .code = 'S',
      .early_s = S(35, 0) },
    { .name = "13 both stay to 45:00",
      .presences = { { T, 0, S(45, 0), LEAVE_LEFT }, { K, 0, S(45, 0), LEAVE_WINDOW_END } },
      .mentor_s = S(40, 0),
      .child_s = S(40, 0),
      .contact_s = S(40, 0),
      .percent_tenths = 1000,
      .outcome = OUTCOME_HELD,
      .code = 'P',
      .overrun_s = S(5, 0) },
    /* 14 is a group: a_late_child_of_a_group below */
    { .name = "15 child tried three times, never admitted",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(1, 0) }, { K, S(4, 0) }, { K, S(9, 0) } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_TECH_CHILD,
      .code = 'T',
      .waited = true },
    { .name = "16 nobody", .outcome = OUTCOME_BOTH_NO_SHOW, .code = 'N' },
    { .name = "17 child 4:59 late and 4:59 early",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(4, 59), S(35, 1), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(30, 2),
      .contact_s = S(30, 2),
      .percent_tenths = 750,
      .outcome = OUTCOME_HELD,
      .code = 'P' },
    { .name = "18 child from 10:00",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(10, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(30, 0),
      .contact_s = S(30, 0),
      .percent_tenths = 750,
      .outcome = OUTCOME_HELD,
      .code = 'L',
      .late_s = S(10, 0) },
    { .name = "19 child from 10:01",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(10, 1), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(29, 59),
      .contact_s = S(29, 59),
      .percent_tenths = 749,
      .outcome = OUTCOME_PARTIAL,
      .code = 'L',
      .late_s = S(10, 1) },

    /* What the examples leave open. */
    { .name = "a timeout is proof without a try",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, 0, S(15, 0), LEAVE_TIMEOUT } },
      .mentor_s = S(40, 0),
      .child_s = S(15, 0),
      .contact_s = S(15, 0),
      .percent_tenths = 375,
      .outcome = OUTCOME_PARTIAL,
      .code = 'T',
      .early_s = S(25, 0) },
    { .name = "a closed socket alone is no proof",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, 0, S(15, 0), LEAVE_SOCKET_CLOSED } },
      .mentor_s = S(40, 0),
      .child_s = S(15, 0),
      .contact_s = S(15, 0),
      .percent_tenths = 375,
      .outcome = OUTCOME_PARTIAL,
      .code = 'E',
      .early_s = S(25, 0) },
    { .name = "somebody else's try is no proof",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT } },
      .tries = { { K2, S(1, 0) } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
      .waited = true },
    { .name = "a try before the door opened is no proof",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(-10, -1) } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
      .waited = true },
    { .name = "a try before the lesson but after the door opened is",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(-10, 0) } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_TECH_CHILD,
      .code = 'T',
      .waited = true },
    { .name = "a try before a tired leave does not excuse it",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, 0, S(18, 0), LEAVE_TIRED } },
      .tries = { { K, S(-1, 0) } },
      .mentor_s = S(40, 0),
      .child_s = S(18, 0),
      .contact_s = S(18, 0),
      .percent_tenths = 450,
      .outcome = OUTCOME_PARTIAL,
      .code = 'E',
      .early_s = S(22, 0) },
    { .name = "late after tries in vain",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(7, 0), S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(0, 30) }, { K, S(3, 0) } },
      .mentor_s = S(40, 0),
      .child_s = S(33, 0),
      .contact_s = S(33, 0),
      .percent_tenths = 825,
      .outcome = OUTCOME_HELD,
      .code = 'T',
      .late_s = S(7, 0) },
    { .name = "a long timeout in the middle costs the lesson",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, 0, S(10, 0), LEAVE_TIMEOUT },
                     { K, S(30, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(20, 0),
      .contact_s = S(20, 0),
      .percent_tenths = 500,
      .outcome = OUTCOME_PARTIAL,
      .code = 'T',
      .gaps = 1,
      .gaps_s = S(20, 0) },
    { .name = "the mentor knocked in vain",
      .presences = { { K, 0, S(15, 0), LEAVE_LEFT } },
      .tries = { { T, S(2, 0) } },
      .child_s = S(15, 0),
      .outcome = OUTCOME_TECH_TEACHER,
      .code = 'W',
      .early_s = S(25, 0) },
    { .name = "nobody, but the child knocked",
      .tries = { { K, S(2, 0) } },
      .outcome = OUTCOME_BOTH_NO_SHOW,
      .code = 'T' },
    { .name = "the server was down at the start",
      .presences = { { T, S(6, 5), S(40, 0), LEAVE_LEFT }, { K, S(6, 10), S(40, 0), LEAVE_LEFT } },
      .outage = { S(-20, 0), S(6, 0) },
      .mentor_s = S(33, 55),
      .child_s = S(33, 50),
      .contact_s = S(33, 50),
      .percent_tenths = 845,
      .outcome = OUTCOME_HELD,
      .code = 'S',
      .late_s = S(6, 10),
      .mentor_late_s = S(6, 5) },
    { .name = "the server failed before the end",
      .presences = { { T, 0, S(33, 0), LEAVE_SERVER_RESTART },
                     { K, 0, S(33, 0), LEAVE_SERVER_RESTART } },
      .outage = { S(33, 0), S(60, 0) },
      .mentor_s = S(33, 0),
      .child_s = S(33, 0),
      .contact_s = S(33, 0),
      .percent_tenths = 825,
      .outcome = OUTCOME_HELD,
      .code = 'S',
      .early_s = S(7, 0) },
    { .name = "late by more than the server's part",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(8, 0), S(40, 0), LEAVE_LEFT } },
      .outage = { S(-1, 0), S(2, 0) },
      .mentor_s = S(40, 0),
      .child_s = S(32, 0),
      .contact_s = S(32, 0),
      .percent_tenths = 800,
      .outcome = OUTCOME_HELD,
      .code = 'L',
      .late_s = S(8, 0) },
    { .name = "an outage of exactly a fifth",
      .presences = { { T, 0, S(20, 0), LEAVE_SERVER_RESTART },
                     { K, 0, S(20, 0), LEAVE_SERVER_RESTART } },
      .outage = { S(20, 0), S(28, 0) },
      .mentor_s = S(20, 0),
      .child_s = S(20, 0),
      .contact_s = S(20, 0),
      .percent_tenths = 500,
      .outcome = OUTCOME_TECH_SERVER,
      .code = 'S',
      .early_s = S(20, 0) },
    { .name = "an outage of a second less",
      .presences = { { T, 0, S(20, 0), LEAVE_LEFT }, { K, 0, S(20, 0), LEAVE_LEFT } },
      .outage = { S(20, 0), S(27, 59) },
      .mentor_s = S(20, 0),
      .child_s = S(20, 0),
      .contact_s = S(20, 0),
      .percent_tenths = 500,
      .outcome = OUTCOME_PARTIAL,
      .code = 'E',
      .early_s = S(20, 0) },
    { .name = "a quarter of contact is partial",
      .presences = { { T, 0, S(10, 0), LEAVE_LEFT }, { K, 0, S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(10, 0),
      .child_s = S(40, 0),
      .contact_s = S(10, 0),
      .percent_tenths = 250,
      .outcome = OUTCOME_PARTIAL,
      .code = 'P' },
    { .name = "a second less is not held",
      .presences = { { T, 0, S(9, 59), LEAVE_LEFT }, { K, 0, S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(9, 59),
      .child_s = S(40, 0),
      .contact_s = S(9, 59),
      .percent_tenths = 249,
      .outcome = OUTCOME_NOT_HELD,
      .code = 'P' },
    { .name = "five minutes are late, touching reconnects are no gap",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, S(5, 0), S(20, 0), LEAVE_SOCKET_CLOSED },
                     { K, S(20, 0), S(35, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(30, 0),
      .contact_s = S(30, 0),
      .percent_tenths = 750,
      .outcome = OUTCOME_HELD,
      .code = 'L',
      .late_s = S(5, 0),
      .early_s = S(5, 0) },
    { .name = "a mentor who waited a second less",
      .presences = { { T, 0, S(14, 59), LEAVE_LEFT }, { K, S(50, 0), S(55, 0), LEAVE_LEFT } },
      .mentor_s = S(14, 59),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
      .overrun_s = S(5, 0) },
    { .name = "guardian and coordinator count nowhere; empty and backward presences neither",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { 77, 0, S(40, 0), LEAVE_LEFT },
                     { K, S(3, 0), S(3, 0), LEAVE_LEFT },
                     { K, S(9, 0), S(3, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
      .waited = true },
};

/* The input of an example; arrays live in the caller. */
struct input {
    struct user_id children[4];
    struct presence presences[16];
    struct join_try tries[8];
    struct outage outages[4];
    struct attendance_input in;
};

static int64_t ms(int64_t s)
{
    return START + s * MS_PER_S;
}

static void input_init(struct input *i)
{
    memset(i, 0, sizeof *i);
    i->children[0].v = K;
    i->in = (struct attendance_input){ .start_ms = START,
                                       .end_ms = START + 40 * MS_PER_MIN,
                                       .opens_ms = START - 10 * MS_PER_MIN,
                                       .mentor = { T },
                                       .children = i->children,
                                       .children_n = 1,
                                       .presences = i->presences,
                                       .tries = i->tries,
                                       .outages = i->outages,
                                       .policy = attendance_policy_default() };
}

static void input_add(struct input *i, int64_t user, int64_t from_s, int64_t to_s,
                      enum leave_cause cause)
{
    i->presences[i->in.presences_n++] = (struct presence){ { user }, ms(from_s), ms(to_s), cause };
}

static void the_examples_of_the_rules(void **state)
{
    (void)state;
    for (size_t n = 0; n < sizeof examples / sizeof examples[0]; n++) {
        const struct example *x = &examples[n];
        struct attendance_result r;
        const struct child_attendance *c;
        struct input i;

        print_message("           %s\n", x->name);
        input_init(&i);
        for (size_t k = 0; k < 6 && x->presences[k].user; k++)
            input_add(&i, x->presences[k].user, x->presences[k].from_s, x->presences[k].to_s,
                      x->presences[k].cause);
        for (size_t k = 0; k < 4 && x->tries[k].user; k++)
            i.tries[i.in.tries_n++] =
                (struct join_try){ { x->tries[k].user }, ms(x->tries[k].at_s) };
        if (x->outage.to_s > x->outage.from_s)
            i.outages[i.in.outages_n++] =
                (struct outage){ ms(x->outage.from_s), ms(x->outage.to_s) };
        assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
        c = &r.children[0];
        assert_int_equal(r.mentor.presence_ms, x->mentor_s * MS_PER_S);
        assert_int_equal(r.mentor.late_ms, x->mentor_late_s * MS_PER_S);
        assert_int_equal(c->at.presence_ms, x->child_s * MS_PER_S);
        assert_int_equal(c->contact_ms, x->contact_s * MS_PER_S);
        assert_int_equal(c->percent_tenths, x->percent_tenths);
        assert_string_equal(outcome_name(c->outcome), outcome_name(x->outcome));
        assert_int_equal(c->code, x->code);
        assert_int_equal(c->at.late_ms, x->late_s * MS_PER_S);
        assert_int_equal(c->at.early_ms, x->early_s * MS_PER_S);
        assert_int_equal(c->at.overrun_ms, x->overrun_s * MS_PER_S);
        assert_int_equal(c->at.gaps, x->gaps);
        assert_int_equal(c->at.gaps_ms, x->gaps_s * MS_PER_S);
        assert_int_equal(r.waited, x->waited);
        /* One child: the lesson is what the child's part of it is. */
        assert_int_equal(r.contact_ms, c->contact_ms);
        assert_int_equal(r.outcome, c->outcome);
        assert_int_equal(r.percent_tenths, c->percent_tenths);
        attendance_deinit(&r);
    }
}

static void a_late_child_of_a_group(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    i.children[1].v = K2;
    i.in.children_n = 2;
    input_add(&i, T, 0, S(40, 0), LEAVE_LEFT);
    input_add(&i, K, S(25, 0), S(40, 0), LEAVE_LEFT);
    input_add(&i, K2, 0, S(40, 0), LEAVE_LEFT);
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.children[0].child.v, K);
    assert_int_equal(r.children[0].contact_ms, 15 * MS_PER_MIN);
    assert_int_equal(r.children[0].percent_tenths, 375);
    assert_int_equal(r.children[0].outcome, OUTCOME_PARTIAL);
    assert_int_equal(r.children[0].code, 'L');
    assert_int_equal(r.children[1].outcome, OUTCOME_HELD);
    assert_int_equal(r.children[1].code, 'P');
    assert_int_equal(r.outcome, OUTCOME_HELD);
    assert_int_equal(r.contact_ms, 40 * MS_PER_MIN);
    attendance_deinit(&r);
}

static void children_who_take_turns_hold_the_lesson_together(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    i.children[1].v = K2;
    i.in.children_n = 2;
    input_add(&i, T, 0, S(40, 0), LEAVE_LEFT);
    input_add(&i, K, 0, S(20, 0), LEAVE_TIRED);
    input_add(&i, K2, S(20, 0), S(40, 0), LEAVE_LEFT);
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.children[0].outcome, OUTCOME_PARTIAL);
    assert_int_equal(r.children[0].last_contact_ms, ms(S(20, 0)));
    assert_int_equal(r.children[1].first_contact_ms, ms(S(20, 0)));
    assert_int_equal(r.contact_ms, 40 * MS_PER_MIN);
    assert_int_equal(r.outcome, OUTCOME_HELD);
    assert_int_equal(r.credit_quarters, 4);
    attendance_deinit(&r);
}

static void a_lesson_without_a_mentor_has_none_present(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    i.in.mentor.v = 0;
    input_add(&i, K, 0, S(40, 0), LEAVE_LEFT);
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.mentor.presence_ms, 0);
    assert_int_equal(r.mentor.first_ms, NEVER);
    assert_int_equal(r.outcome, OUTCOME_TEACHER_NO_SHOW);
    assert_int_equal(r.children[0].code, 'W');
    assert_int_equal(r.children[0].first_contact_ms, NEVER);
    attendance_deinit(&r);
}

static void credit_follows_the_policy(void **state)
{
    /* A 60 min lesson, so that a partial one can hold more than one quarter. */
    static const struct {
        int64_t contact_s;
        int want;
    } t[] = { { S(60, 0), 4 },  { S(45, 0), 4 }, { S(44, 59), 2 }, { S(30, 0), 2 },
              { S(29, 59), 1 }, { S(15, 0), 1 }, { S(14, 59), 0 } };

    (void)state;
    for (size_t n = 0; n < sizeof t / sizeof t[0]; n++) {
        struct attendance_result r;
        struct input i;

        input_init(&i);
        i.in.end_ms = ms(S(60, 0));
        input_add(&i, T, 0, S(60, 0), LEAVE_LEFT);
        input_add(&i, K, 0, t[n].contact_s, LEAVE_LEFT);
        assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
        assert_int_equal(r.credit_quarters, t[n].want);
        attendance_deinit(&r);
    }
}

static void gaps_carry_their_causes(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    input_add(&i, T, 0, S(40, 0), LEAVE_LEFT);
    input_add(&i, K, S(30, 0), S(40, 0), LEAVE_WINDOW_END);
    input_add(&i, K, 0, S(10, 0), LEAVE_TIMEOUT);
    input_add(&i, K, S(11, 0), S(29, 0), LEAVE_SERVER_RESTART);
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.children[0].at.gaps, 2);
    assert_int_equal(r.children[0].at.gaps_ms, 2 * MS_PER_MIN);
    assert_int_equal(r.children[0].at.gap_causes, 1u << LEAVE_TIMEOUT | 1u << LEAVE_SERVER_RESTART);
    attendance_deinit(&r);
}

static void senseless_lessons_are_refused(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    i.in.end_ms = i.in.start_ms;
    assert_int_equal(attendance_compute(&i.in, &r), ERR_INVAL);
    i.in.end_ms = i.in.start_ms + MS_PER_DAY + 1;
    assert_int_equal(attendance_compute(&i.in, &r), ERR_INVAL);
    i.in.start_ms = INT64_MIN;
    i.in.end_ms = INT64_MAX;
    assert_int_equal(attendance_compute(&i.in, &r), ERR_INVAL);
    input_init(&i);
    i.in.children_n = 0;
    assert_int_equal(attendance_compute(&i.in, &r), ERR_INVAL);
}

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

static void lack_of_memory_is_survived(void **state)
{
    (void)state;
    for (long n = 0;; n++) {
        long before = mem_live();
        struct attendance_result r = { .algo_version = -7 };
        struct input i;
        enum err e;

        input_init(&i);
        input_add(&i, T, 0, S(40, 0), LEAVE_LEFT);
        input_add(&i, K, 0, S(40, 0), LEAVE_LEFT);
        mem_fail_after(n);
        e = attendance_compute(&i.in, &r);
        mem_fail_after(-1);
        if (e == ERR_OK) {
            assert_true(n >= 4);
            attendance_deinit(&r);
            assert_int_equal(mem_live(), before);
            return;
        }
        assert_int_equal(e, ERR_NOMEM);
        assert_int_equal(r.algo_version, -7); /* untouched */
        assert_int_equal(mem_live(), before);
    }
}

static void names_are_stable(void **state)
{
    (void)state;
    assert_string_equal(outcome_name(OUTCOME_CHILD_NO_SHOW), "child_no_show");
    assert_string_equal(outcome_name((enum outcome)99), "unknown");
    assert_string_equal(leave_cause_name(LEAVE_TIRED), "tired");
    assert_string_equal(leave_cause_name((enum leave_cause)99), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_rules),
        cmocka_unit_test(a_late_child_of_a_group),
        cmocka_unit_test(children_who_take_turns_hold_the_lesson_together),
        cmocka_unit_test(a_lesson_without_a_mentor_has_none_present),
        cmocka_unit_test(credit_follows_the_policy),
        cmocka_unit_test(gaps_carry_their_causes),
        cmocka_unit_test(senseless_lessons_are_refused),
        cmocka_unit_test(random_facts_agree_with_counting_seconds),
        cmocka_unit_test(order_of_the_facts_does_not_matter),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(names_are_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
