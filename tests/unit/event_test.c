/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/event: adults only and the one way round it, deadlines,
 * signing in, quorum, and how minutes are closed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/event.h"

#define START INT64_C(1795600000000)
#define END (START + 2 * MS_PER_HOUR)
#define BY (START - MS_PER_DAY)
#define BEFORE (BY - MS_PER_DAY)

static struct event_policy p;

static struct event_facts facts(void)
{
    return (struct event_facts){ .start_ms = START, .end_ms = END, .answer_by_ms = BY };
}

static int setup(void **state)
{
    (void)state;
    p = event_policy_default();
    return 0;
}

static void a_plan_lies_ahead_has_two_hosts_and_an_agenda_that_fits(void **state)
{
    (void)state;
    assert_int_equal(event_plan_check(START, END, 120, 1, 2, START - 1), EVENT_GATE_NONE);
    assert_int_equal(event_plan_check(START, END, 120, 1, 2, START), EVENT_GATE_PAST);
    assert_int_equal(event_plan_check(START, END, 121, 1, 2, BEFORE), EVENT_GATE_AGENDA_LONG);
    assert_int_equal(event_plan_check(START, END, 0, 2, 2, BEFORE), EVENT_GATE_SAME_PERSON);
}

static void nothing_is_changed_once_it_has_begun_or_was_called_off(void **state)
{
    struct event_facts f = facts();

    (void)state;
    assert_int_equal(event_may_change(&f, START - 1), EVENT_GATE_NONE);
    assert_int_equal(event_may_change(&f, START), EVENT_GATE_BEGUN);
    f.cancelled = true;
    assert_int_equal(event_may_change(&f, BEFORE), EVENT_GATE_CANCELLED);
    assert_int_equal(event_may_invite(&f, false, false, 0, &p, BEFORE), EVENT_GATE_CANCELLED);
}

static void adults_are_invited_and_a_child_by_an_exception_alone(void **state)
{
    struct event_facts f = facts();

    (void)state;
    assert_int_equal(event_may_invite(&f, false, false, 0, &p, BEFORE), EVENT_GATE_NONE);
    assert_int_equal(event_may_invite(&f, true, false, 0, &p, BEFORE), EVENT_GATE_ADULTS);
    assert_int_equal(event_may_invite(&f, true, true, 0, &p, BEFORE), EVENT_GATE_NONE);
    assert_int_equal(event_may_invite(&f, false, true, 0, &p, BEFORE), EVENT_GATE_NO_CHILD);
    p.invited_most = 2;
    assert_int_equal(event_may_invite(&f, false, false, 1, &p, BEFORE), EVENT_GATE_NONE);
    assert_int_equal(event_may_invite(&f, false, false, 2, &p, BEFORE), EVENT_GATE_FULL);
}

static void a_child_is_there_by_its_guardians_yes_and_no_other_way(void **state)
{
    struct event_seat child = { .child = true }, adult = { .answer = EVENT_ANSWER_NO };

    (void)state;
    assert_true(event_admits(&adult)); /* who said no and comes is welcome */
    assert_false(event_admits(&child));
    for (int a = 0; a < EVENT_ANSWERS; a++) {
        child.answer = (enum event_answer)a;
        assert_int_equal(event_admits(&child), a == EVENT_ANSWER_YES);
    }
}

static void answers_end_at_the_deadline(void **state)
{
    struct event_facts f = facts();
    struct event_seat s = { .invited_ms = BEFORE };

    (void)state;
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_YES, false, BY - 1), EVENT_GATE_NONE);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, false, BY), EVENT_GATE_ANSWER_LATE);
    s.invited_ms = BY; /* invited too late for it */
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, false, START - 1), EVENT_GATE_NONE);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, false, START),
                     EVENT_GATE_ANSWER_LATE);
    f.cancelled = true;
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, false, BEFORE),
                     EVENT_GATE_CANCELLED);
}

static void for_a_child_its_guardian_answers_and_may_take_a_yes_back(void **state)
{
    struct event_facts f = facts();
    struct event_seat s = { .child = true, .invited_ms = BEFORE };

    (void)state;
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_YES, false, BEFORE),
                     EVENT_GATE_GUARDIAN);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_YES, true, BEFORE), EVENT_GATE_NONE);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_YES, true, BY), EVENT_GATE_ANSWER_LATE);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, true, START - 1), EVENT_GATE_NONE);
    assert_int_equal(event_may_answer(&f, &s, EVENT_ANSWER_NO, true, START),
                     EVENT_GATE_ANSWER_LATE);
}

static void the_deadline_is_a_day_before_but_never_behind_us(void **state)
{
    (void)state;
    assert_int_equal(event_answer_by(START, BEFORE, &p), BY);
    assert_int_equal(event_answer_by(START, BY, &p), START);
}

static void one_signs_in_while_the_door_is_open(void **state)
{
    struct event_facts f = facts();
    struct event_seat s = { 0 };
    enum event_mark m = EVENT_MARK_NONE;
    int64_t opens = START - 30 * MS_PER_MIN;

    (void)state;
    assert_int_equal(event_may_check_in(&f, &s, &p, opens - 1, &m), EVENT_GATE_WINDOW);
    assert_int_equal(event_may_check_in(&f, &s, &p, END, &m), EVENT_GATE_WINDOW);
    assert_int_equal(m, EVENT_MARK_NONE);
    assert_int_equal(event_may_check_in(&f, &s, &p, opens, &m), EVENT_GATE_NONE);
    assert_int_equal(m, EVENT_MARK_PRESENT);
    assert_int_equal(event_may_check_in(&f, &s, &p, START + 10 * MS_PER_MIN, &m), EVENT_GATE_NONE);
    assert_int_equal(m, EVENT_MARK_PRESENT);
    assert_int_equal(event_may_check_in(&f, &s, &p, START + 10 * MS_PER_MIN + 1, &m),
                     EVENT_GATE_NONE);
    assert_int_equal(m, EVENT_MARK_LATE);
    s.child = true;
    assert_int_equal(event_may_check_in(&f, &s, &p, START, &m), EVENT_GATE_NO_CONSENT);
    s.child = false;
    f.minutes = EVENT_MINUTES_FROZEN;
    assert_int_equal(event_may_check_in(&f, &s, &p, START, &m), EVENT_GATE_FROZEN);
    f.cancelled = true;
    assert_int_equal(event_may_check_in(&f, &s, &p, START, &m), EVENT_GATE_CANCELLED);
}

static void the_organiser_marks_from_the_beginning_until_the_minutes_are_closed(void **state)
{
    struct event_facts f = facts();
    struct event_seat adult = { 0 }, child = { .child = true };

    (void)state;
    assert_int_equal(event_may_mark(&f, &adult, EVENT_MARK_PRESENT, START - 1),
                     EVENT_GATE_NOT_BEGUN);
    assert_int_equal(event_may_mark(&f, &adult, EVENT_MARK_PRESENT, START), EVENT_GATE_NONE);
    assert_int_equal(event_may_mark(&f, &child, EVENT_MARK_LATE, START), EVENT_GATE_NO_CONSENT);
    assert_int_equal(event_may_mark(&f, &child, EVENT_MARK_ABSENT, START), EVENT_GATE_NONE);
    f.minutes = EVENT_MINUTES_SIGNED;
    assert_int_equal(event_may_mark(&f, &adult, EVENT_MARK_PRESENT, END), EVENT_GATE_FROZEN);
}

static void minutes_are_closed_when_all_is_said_and_then_only_added_to(void **state)
{
    struct event_facts f = facts();

    (void)state;
    assert_int_equal(event_may_freeze(&f, 0, true, START - 1), EVENT_GATE_NOT_BEGUN);
    assert_int_equal(event_may_freeze(&f, 1, true, END), EVENT_GATE_UNMARKED);
    assert_int_equal(event_may_freeze(&f, 0, false, END), EVENT_GATE_MINUTES_EMPTY);
    assert_int_equal(event_may_freeze(&f, 0, true, END), EVENT_GATE_NONE);
    assert_int_equal(event_may_sign(&f, false), EVENT_GATE_NOT_FROZEN);
    assert_int_equal(event_may_add(&f), EVENT_GATE_NOT_FROZEN);
    f.minutes = EVENT_MINUTES_FROZEN;
    assert_int_equal(event_may_write(&f, END), EVENT_GATE_FROZEN);
    assert_int_equal(event_may_freeze(&f, 0, true, END), EVENT_GATE_FROZEN);
    assert_int_equal(event_may_sign(&f, false), EVENT_GATE_NONE);
    assert_int_equal(event_may_sign(&f, true), EVENT_GATE_SIGNED);
    assert_int_equal(event_may_add(&f), EVENT_GATE_NONE);
    f.minutes = EVENT_MINUTES_DRAFT;
    f.cancelled = true;
    assert_int_equal(event_may_write(&f, END), EVENT_GATE_CANCELLED);
}

static void a_joint_meeting_needs_more_than_half(void **state)
{
    static const struct {
        int invited, percent, needed;
    } rows[] = { { 2, 50, 2 }, { 3, 50, 2 }, { 10, 50, 6 }, { 11, 50, 6 },
                 { 9, 66, 6 }, { 10, 0, 1 }, { 2, 99, 2 } };

    (void)state;
    assert_int_equal(event_quorum(EVENT_SEMINAR, 10, &p), 0);
    assert_int_equal(event_quorum(EVENT_CONFERENCE, 10, &p), 0);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        p.quorum_percent = rows[i].percent;
        assert_int_equal(event_quorum(EVENT_JOINT_MEETING, rows[i].invited, &p), rows[i].needed);
    }
}

static void names_and_settings(void **state)
{
    const struct event_setting *s;
    size_t n;

    (void)state;
#define BACK(what, count)                                                                          \
    for (int i = 0; i < (count); i++) {                                                            \
        enum event_##what v;                                                                       \
                                                                                                   \
        assert_true(event_##what##_parse(event_##what##_name((enum event_##what)i), &v));          \
        assert_int_equal(v, i);                                                                    \
        assert_false(event_##what##_parse("war", &v) || event_##what##_parse(NULL, &v));           \
        assert_string_equal(event_##what##_name((enum event_##what)(count)), "unknown");           \
    }
    BACK(kind, EVENT_KINDS)
    BACK(part, EVENT_PARTS)
    BACK(via, EVENT_VIAS)
    BACK(answer, EVENT_ANSWERS)
    BACK(mark, EVENT_MARKS)
    BACK(minutes, EVENT_MINUTES_STATES)
#undef BACK
    assert_string_equal(event_gate_name(EVENT_GATE_ADULTS), "event_adults");
    assert_string_equal(event_gate_name(EVENT_GATES), "");
    s = event_settings(&n);
    for (size_t i = 0; i < n; i++) {
        assert_in_range(s[i].fallback, s[i].min, s[i].max);
        assert_true(s[i].source[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup(f, setup)
        T(a_plan_lies_ahead_has_two_hosts_and_an_agenda_that_fits),
        T(nothing_is_changed_once_it_has_begun_or_was_called_off),
        T(adults_are_invited_and_a_child_by_an_exception_alone),
        T(a_child_is_there_by_its_guardians_yes_and_no_other_way),
        T(answers_end_at_the_deadline),
        T(for_a_child_its_guardian_answers_and_may_take_a_yes_back),
        T(the_deadline_is_a_day_before_but_never_behind_us),
        T(one_signs_in_while_the_door_is_open),
        T(the_organiser_marks_from_the_beginning_until_the_minutes_are_closed),
        T(minutes_are_closed_when_all_is_said_and_then_only_added_to),
        T(a_joint_meeting_needs_more_than_half),
        T(names_and_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
