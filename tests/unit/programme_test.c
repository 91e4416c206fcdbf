/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/programme: who may make which move from where, every limit of
 * the lines at its edges, and how long a superseded programme holds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include "server/domain/programme.h"

#define TODAY 20000

/* ---- the machine -------------------------------------------------------------------------- */

static enum programme_verdict ask(enum programme_state s, enum programme_move m, enum role role,
                                  bool author, enum programme_state *next)
{
    const struct programme_wish w = { .move = m, .role = role, .author = author, .reason = true };

    return programme_decide(s, &w, next);
}

static void every_state_every_move(void **state)
{
    static const struct {
        enum programme_state from;
        enum programme_move move;
        enum programme_state to;
    } allowed[] = {
        { PROGRAMME_DRAFT, PROGRAMME_MOVE_EDIT, PROGRAMME_DRAFT },
        { PROGRAMME_DRAFT, PROGRAMME_MOVE_PROPOSE, PROGRAMME_PROPOSED },
        { PROGRAMME_RETURNED, PROGRAMME_MOVE_EDIT, PROGRAMME_RETURNED },
        { PROGRAMME_RETURNED, PROGRAMME_MOVE_PROPOSE, PROGRAMME_PROPOSED },
        { PROGRAMME_PROPOSED, PROGRAMME_MOVE_APPROVE, PROGRAMME_APPROVED },
        { PROGRAMME_PROPOSED, PROGRAMME_MOVE_RETURN, PROGRAMME_RETURNED },
    };

    (void)state;
    for (int s = 0; s < PROGRAMME_STATE_COUNT; s++) {
        for (int m = 0; m < PROGRAMME_MOVE_COUNT; m++) {
            enum programme_state next = PROGRAMME_STATE_COUNT;
            enum programme_verdict v = ask((enum programme_state)s, (enum programme_move)m,
                                           ROLE_COORDINATOR, false, &next);
            size_t i = 0;

            while (i < sizeof allowed / sizeof allowed[0] &&
                   (allowed[i].from != (enum programme_state)s ||
                    allowed[i].move != (enum programme_move)m))
                i++;
            if (i < sizeof allowed / sizeof allowed[0]) {
                assert_int_equal(v, PROGRAMME_VERDICT_OK);
                assert_int_equal(next, allowed[i].to);
            } else {
                assert_int_equal(v, PROGRAMME_VERDICT_NOT_NOW);
                assert_int_equal(next, PROGRAMME_STATE_COUNT);
            }
        }
    }
}

static void every_role(void **state)
{
    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++) {
        bool decides = role == ROLE_COORDINATOR;
        bool proposes = decides || role == ROLE_MENTOR || role == ROLE_SCHOOL_OFFICER;
        enum programme_state next;

        assert_int_equal(ask(PROGRAMME_DRAFT, PROGRAMME_MOVE_PROPOSE, (enum role)role, true, &next),
                         proposes ? PROGRAMME_VERDICT_OK : PROGRAMME_VERDICT_NOT_ALLOWED);
        assert_int_equal(ask(PROGRAMME_DRAFT, PROGRAMME_MOVE_EDIT, (enum role)role, true, &next),
                         proposes ? PROGRAMME_VERDICT_OK : PROGRAMME_VERDICT_NOT_ALLOWED);
        assert_int_equal(
            ask(PROGRAMME_PROPOSED, PROGRAMME_MOVE_APPROVE, (enum role)role, false, &next),
            decides ? PROGRAMME_VERDICT_OK : PROGRAMME_VERDICT_NOT_ALLOWED);
        assert_int_equal(
            ask(PROGRAMME_PROPOSED, PROGRAMME_MOVE_RETURN, (enum role)role, false, &next),
            decides ? PROGRAMME_VERDICT_OK : PROGRAMME_VERDICT_NOT_ALLOWED);
    }
}

static void nobody_approves_their_own(void **state)
{
    enum programme_state next = PROGRAMME_STATE_COUNT;

    (void)state;
    assert_int_equal(ask(PROGRAMME_PROPOSED, PROGRAMME_MOVE_APPROVE, ROLE_COORDINATOR, true, &next),
                     PROGRAMME_VERDICT_OWN);
    assert_int_equal(next, PROGRAMME_STATE_COUNT);
    /* to take one's own proposal back is no approval */
    assert_int_equal(ask(PROGRAMME_PROPOSED, PROGRAMME_MOVE_RETURN, ROLE_COORDINATOR, true, &next),
                     PROGRAMME_VERDICT_OK);
}

static void reasons_and_faults(void **state)
{
    struct programme_wish w = { .role = ROLE_COORDINATOR, .faults = 1 };
    enum programme_state next;

    (void)state;
    w.move = PROGRAMME_MOVE_RETURN;
    assert_int_equal(programme_decide(PROGRAMME_PROPOSED, &w, &next), PROGRAMME_VERDICT_NO_REASON);
    w.reason = true; /* a proposal with faults can be given back */
    assert_int_equal(programme_decide(PROGRAMME_PROPOSED, &w, &next), PROGRAMME_VERDICT_OK);
    w.move = PROGRAMME_MOVE_APPROVE;
    assert_int_equal(programme_decide(PROGRAMME_PROPOSED, &w, &next), PROGRAMME_VERDICT_FAULTS);
    w.move = PROGRAMME_MOVE_PROPOSE;
    assert_int_equal(programme_decide(PROGRAMME_DRAFT, &w, &next), PROGRAMME_VERDICT_FAULTS);
    w.move = PROGRAMME_MOVE_EDIT; /* a draft may be as wrong as it is */
    assert_int_equal(programme_decide(PROGRAMME_DRAFT, &w, &next), PROGRAMME_VERDICT_OK);
}

/* ---- what lines may sum up to ------------------------------------------------------------- */

struct sample {
    struct programme_line lines[PROGRAMME_LINES_MAX + 1];
    struct programme_facts facts;
    struct programme_limits limits;
    struct programme_policy policy;
    struct programme_fault found[64];
    size_t n;
};

/* In order to the last minute: 320 minutes a week of 320, 40-minute lessons of at most 40. */
static void sample_init(struct sample *s)
{
    *s = (struct sample){ .lines = { { 1, 0, 160, 160 * 35, 40 }, { 2, 0, 160, 160, 10 } },
                          .limits = { 320, 40, 10 },
                          .policy = programme_policy_default() };
    s->facts = (struct programme_facts){
        .days = { TODAY, TODAY + 365 }, .lines = s->lines, .lines_n = 2, .today = TODAY
    };
}

static void check(struct sample *s)
{
    s->n = programme_check(&s->facts, &s->limits, &s->policy, s->found, 64);
}

/* Exactly this one fault. */
static void one(struct sample *s, enum programme_fault_kind kind, int line, int64_t limit,
                int64_t value)
{
    check(s);
    assert_int_equal(s->n, 1);
    assert_int_equal(s->found[0].kind, kind);
    assert_int_equal(s->found[0].line, line);
    assert_int_equal(s->found[0].limit, limit);
    assert_int_equal(s->found[0].value, value);
}

static void in_order_to_the_last_minute(void **state)
{
    struct sample s;

    (void)state;
    sample_init(&s);
    check(&s);
    assert_int_equal(s.n, 0);
    s.facts.replaces = true; /* from today on */
    check(&s);
    assert_int_equal(s.n, 0);
    s.limits.week_minutes = 0; /* no norm is known */
    s.limits.lesson_minutes = 0;
    s.lines[0].lesson_minutes = 160;
    check(&s);
    assert_int_equal(s.n, 0);
}

static void a_minute_more_is_told(void **state)
{
    struct sample s;

    (void)state;
    sample_init(&s);
    s.lines[1].week_minutes = 161;
    s.lines[1].year_minutes = 161;
    one(&s, PROGRAMME_FAULT_WEEK_SUM, -1, 320, 321);
    sample_init(&s);
    s.lines[0].lesson_minutes = 41;
    one(&s, PROGRAMME_FAULT_LESSON_TOO_LONG, 0, 40, 41);
    sample_init(&s);
    s.lines[1].lesson_minutes = 9;
    one(&s, PROGRAMME_FAULT_LESSON_TOO_SHORT, 1, 10, 9);
    sample_init(&s);
    s.lines[0].year_minutes++;
    one(&s, PROGRAMME_FAULT_YEAR_OVER_WEEKS, 0, 160 * 35, 160 * 35 + 1);
    sample_init(&s);
    s.lines[1].year_minutes = 159;
    one(&s, PROGRAMME_FAULT_YEAR_UNDER_WEEK, 1, 160, 159);
    sample_init(&s);
    s.lines[0].week_minutes = 39;
    s.lines[0].year_minutes = 39;
    one(&s, PROGRAMME_FAULT_WEEK_UNDER_LESSON, 0, 40, 39);
    sample_init(&s);
    s.lines[1].subject = 1;
    one(&s, PROGRAMME_FAULT_SUBJECT_TWICE, 1, 1, 2);
}

static void days_have_their_limits(void **state)
{
    struct sample s;

    (void)state;
    sample_init(&s);
    s.facts.days.last++;
    one(&s, PROGRAMME_FAULT_TOO_MANY_DAYS, -1, 366, 367);
    sample_init(&s);
    s.facts.days = (struct day_span){ TODAY, TODAY - 1 };
    one(&s, PROGRAMME_FAULT_DAYS, -1, TODAY, TODAY - 1);
    sample_init(&s);
    s.facts.days = (struct day_span){ TODAY - 9, TODAY - 1 };
    one(&s, PROGRAMME_FAULT_ENDED, -1, TODAY, TODAY - 1);
    s.facts.days.last = TODAY;
    check(&s);
    assert_int_equal(s.n, 0); /* the first one may look back */
    s.facts.replaces = true;
    one(&s, PROGRAMME_FAULT_PAST_START, -1, TODAY, TODAY - 9);
}

static void how_many_lines(void **state)
{
    struct sample s;

    (void)state;
    sample_init(&s);
    s.facts.lines_n = 0;
    one(&s, PROGRAMME_FAULT_NO_LINES, -1, 1, 0);
    s.facts.lines_n = PROGRAMME_LINES_MAX + 1;
    for (int i = 0; i <= PROGRAMME_LINES_MAX; i++)
        s.lines[i] = (struct programme_line){ i + 1, 0, 10, 10, 10 };
    one(&s, PROGRAMME_FAULT_TOO_MANY_LINES, -1, PROGRAMME_LINES_MAX, PROGRAMME_LINES_MAX + 1);
    s.n = programme_check(&s.facts, &s.limits, &s.policy, NULL, 0); /* counted, not written */
    assert_int_equal(s.n, 1);
}

static void the_tightest_limit_binds(void **state)
{
    static const struct advice advice[] = {
        { .days = { TODAY + 10, TODAY + 20 }, .lesson_minutes = 30, .week_minutes = 200 },
        { .days = { TODAY + 15, TODAY + 99 }, .week_minutes = 120 },
    };
    struct schedule_policy p = schedule_policy_default();
    struct programme_limits l;

    (void)state;
    l = programme_limits_on(&(struct day_span){ TODAY, TODAY + 9 }, 5, advice, 2, &p);
    assert_int_equal(l.week_minutes, 400);
    assert_int_equal(l.lesson_minutes, 40);
    assert_int_equal(l.lesson_min_minutes, 10);
    l = programme_limits_on(&(struct day_span){ TODAY, TODAY + 10 }, 5, advice, 2, &p);
    assert_int_equal(l.week_minutes, 200);
    assert_int_equal(l.lesson_minutes, 30);
    l = programme_limits_on(&(struct day_span){ TODAY + 20, TODAY + 30 }, 5, advice, 2, &p);
    assert_int_equal(l.week_minutes, 120);
    assert_int_equal(l.lesson_minutes, 30);
    l = programme_limits_on(&(struct day_span){ TODAY + 21, TODAY + 30 }, 0, advice, 2, &p);
    assert_int_equal(l.week_minutes, 120); /* no grade, no norm: the advice alone */
    assert_int_equal(l.lesson_minutes, 45);
    l = programme_limits_on(&(struct day_span){ TODAY + 100, TODAY + 130 }, 12, advice, 2, &p);
    assert_int_equal(l.week_minutes, 0);
}

static void a_superseded_one_holds_until_the_next(void **state)
{
    const struct day_span old = { 100, 200 };

    (void)state;
    assert_int_equal(programme_until(&old, 150), 149);
    assert_int_equal(programme_until(&old, 300), 200);
    assert_int_equal(programme_until(&old, 100), 99); /* never */
    assert_int_equal(programme_until(&(struct day_span){ 100, INT64_MAX }, 150), 149);
}

static void names(void **state)
{
    enum programme_state s;

    (void)state;
    assert_true(programme_state_parse("returned", &s));
    assert_int_equal(s, PROGRAMME_RETURNED);
    assert_false(programme_state_parse("", &s));
    assert_string_equal(programme_state_name(PROGRAMME_STATE_COUNT), "none");
    assert_string_equal(programme_move_name(PROGRAMME_MOVE_RETURN), "return");
    assert_string_equal(programme_move_name(PROGRAMME_MOVE_COUNT), "none");
    assert_string_equal(programme_fault_name(PROGRAMME_FAULT_WEEK_SUM), "week_sum");
    assert_string_equal(programme_fault_name((enum programme_fault_kind)99), "none");
    assert_string_equal(programme_verdict_name(PROGRAMME_VERDICT_OWN), "own_programme");
    assert_string_equal(programme_verdict_name((enum programme_verdict)99), "none");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_every_move),
        cmocka_unit_test(every_role),
        cmocka_unit_test(nobody_approves_their_own),
        cmocka_unit_test(reasons_and_faults),
        cmocka_unit_test(in_order_to_the_last_minute),
        cmocka_unit_test(a_minute_more_is_told),
        cmocka_unit_test(days_have_their_limits),
        cmocka_unit_test(how_many_lines),
        cmocka_unit_test(the_tightest_limit_binds),
        cmocka_unit_test(a_superseded_one_holds_until_the_next),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
