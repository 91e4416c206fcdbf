/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/attendance: the 19 examples of DOMAIN section 7, rules the
 * examples leave open, and lack of memory. Random facts are in
 * attendance_random_test.c.
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
#include "tests/support/attendance_facts.h"

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
    { .name = "a try after the lesson is no proof",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(40, 0) } },
      .mentor_s = S(40, 0),
      .outcome = OUTCOME_CHILD_NO_SHOW,
      .code = 'N',
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
    { .name = "a long absence in the middle without a proof is the child's own",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, 0, S(10, 0), LEAVE_SOCKET_CLOSED },
                     { K, S(30, 0), S(40, 0), LEAVE_LEFT } },
      .mentor_s = S(40, 0),
      .child_s = S(20, 0),
      .contact_s = S(20, 0),
      .percent_tenths = 500,
      .outcome = OUTCOME_PARTIAL,
      .code = 'P',
      .gaps = 1,
      .gaps_s = S(20, 0) },
    { .name = "but not if it knocked in vain meanwhile",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT },
                     { K, 0, S(10, 0), LEAVE_SOCKET_CLOSED },
                     { K, S(30, 0), S(40, 0), LEAVE_LEFT } },
      .tries = { { K, S(12, 0) } },
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
    { .name = "of an outage that went on after the child was in, what came before counts",
      .presences = { { T, 0, S(40, 0), LEAVE_LEFT }, { K, S(8, 0), S(40, 0), LEAVE_LEFT } },
      .outage = { S(6, 30), S(12, 0) },
      .mentor_s = S(40, 0),
      .child_s = S(32, 0),
      .contact_s = S(32, 0),
      .percent_tenths = 800,
      .outcome = OUTCOME_HELD,
      .code = 'L',
      .late_s = S(8, 0) },
    { .name = "gone long before the server failed",
      .presences = { { T, 0, S(33, 0), LEAVE_LEFT }, { K, 0, S(33, 0), LEAVE_LEFT } },
      .outage = { S(39, 0), S(60, 0) },
      .mentor_s = S(33, 0),
      .child_s = S(33, 0),
      .contact_s = S(33, 0),
      .percent_tenths = 825,
      .outcome = OUTCOME_HELD,
      .code = 'E',
      .early_s = S(7, 0) },
    { .name = "gone a minute before the server failed, which then kept it out",
      .presences = { { T, 0, S(33, 0), LEAVE_LEFT }, { K, 0, S(33, 0), LEAVE_LEFT } },
      .outage = { S(34, 0), S(60, 0) },
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

/* A lesson of three hours of which more than one was held: a credit is of one lesson and never
 * more. A policy without a step gives none for a part. */
static void credit_of_a_part_is_at_most_a_lesson(void **state)
{
    struct attendance_result r;
    struct input i;

    (void)state;
    input_init(&i);
    i.in.end_ms = ms(S(180, 0));
    input_add(&i, T, 0, S(180, 0), LEAVE_LEFT);
    input_add(&i, K, 0, S(75, 0), LEAVE_LEFT);
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.outcome, OUTCOME_PARTIAL);
    assert_int_equal(r.credit_quarters, 4);
    attendance_deinit(&r);
    i.in.policy.credit_step_ms = 0;
    assert_int_equal(attendance_compute(&i.in, &r), ERR_OK);
    assert_int_equal(r.outcome, OUTCOME_PARTIAL);
    assert_int_equal(r.credit_quarters, 0);
    attendance_deinit(&r);
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
        cmocka_unit_test(credit_of_a_part_is_at_most_a_lesson),
        cmocka_unit_test(gaps_carry_their_causes),
        cmocka_unit_test(senseless_lessons_are_refused),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(names_are_stable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
