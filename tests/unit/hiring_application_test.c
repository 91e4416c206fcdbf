/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/application: every state x step x actor against a list written
 * by hand from DOMAIN 4.2, and the bounds of an order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/application.h"

/* "from step actor: to", everything that is allowed. */
static const struct {
    const char *from, *step, *actor, *to;
} allowed[] = {
    { "draft", "begin", "mentor", "documents" },
    { "draft", "begin", "coordinator", "documents" },
    { "documents", "submit", "mentor", "verification" },
    { "returned", "submit", "mentor", "verification" },
    { "verification", "return", "coordinator", "returned" },
    { "verification", "recommend", "coordinator", "recommended" },
    { "recommended", "order", "school", "order_issued" },
    { "order_issued", "acquaint", "mentor", "acquainted" },
    { "acquainted", "employ", "program", "employed" },
    { "employed", "suspend", "coordinator", "suspended" },
    { "employed", "suspend", "program", "suspended" },
    { "suspended", "resume", "coordinator", "employed" },
    { "draft", "end", "mentor", "ended" },
    { "draft", "end", "coordinator", "ended" },
    { "documents", "end", "mentor", "ended" },
    { "documents", "end", "coordinator", "ended" },
    { "verification", "end", "mentor", "ended" },
    { "verification", "end", "coordinator", "ended" },
    { "returned", "end", "mentor", "ended" },
    { "returned", "end", "coordinator", "ended" },
    { "recommended", "end", "mentor", "ended" },
    { "recommended", "end", "coordinator", "ended" },
    { "order_issued", "end", "school", "ended" },
    { "order_issued", "end", "coordinator", "ended" },
    { "order_issued", "end", "program", "ended" },
    { "acquainted", "end", "school", "ended" },
    { "acquainted", "end", "coordinator", "ended" },
    { "acquainted", "end", "program", "ended" },
    { "employed", "end", "school", "ended" },
    { "employed", "end", "coordinator", "ended" },
    { "employed", "end", "program", "ended" },
    { "suspended", "end", "school", "ended" },
    { "suspended", "end", "coordinator", "ended" },
    { "suspended", "end", "program", "ended" },
};

static const char *wanted(const char *from, const char *step, const char *actor)
{
    for (size_t i = 0; i < sizeof allowed / sizeof allowed[0]; i++) {
        if (strcmp(allowed[i].from, from) == 0 && strcmp(allowed[i].step, step) == 0 &&
            strcmp(allowed[i].actor, actor) == 0)
            return allowed[i].to;
    }
    return NULL;
}

static bool anybody(const char *from, const char *step)
{
    for (enum actor a = ACTOR_NONE; a <= ACTOR_PROGRAM; a++)
        if (wanted(from, step, actor_name(a)))
            return true;
    return false;
}

static struct teach_verdict fine(void)
{
    return (struct teach_verdict){ .until_ms = TERM_OPEN_MS };
}

static struct teach_verdict failing(enum gate_cause cause)
{
    struct teach_verdict v = { .failed = TEACH_BIT(TEACH_COURSE) };

    v.gates[TEACH_COURSE].cause = cause;
    return v;
}

static void every_state_step_and_actor(void **state)
{
    struct teach_verdict v = fine();

    (void)state;
    for (enum application_state s = 0; s < APPLICATION_STATE_COUNT; s++) {
        for (enum application_step p = 0; p < STEP_COUNT; p++) {
            for (enum actor a = ACTOR_NONE; a <= ACTOR_PROGRAM; a++) {
                const char *from = application_state_name(s), *step = application_step_name(p);
                const char *to = wanted(from, step, actor_name(a));
                enum application_state got = APPLICATION_STATE_COUNT;
                enum step_answer answer = application_step(s, p, a, true, &v, &got);

                assert_int_equal(answer, to                    ? STEP_ANSWER_OK
                                         : anybody(from, step) ? STEP_ANSWER_NOT_YOURS
                                                               : STEP_ANSWER_NOT_NOW);
                if (to)
                    assert_string_equal(application_state_name(got), to);
                else
                    assert_int_equal(got, APPLICATION_STATE_COUNT);
            }
        }
    }
    assert_int_equal(application_step(APPLICATION_STATE_COUNT, STEP_END, ACTOR_COORDINATOR, true,
                                      &v, &(enum application_state){ 0 }),
                     STEP_ANSWER_NOT_NOW);
}

static enum step_answer step(enum application_state s, enum application_step p, enum actor a,
                             bool reason, struct teach_verdict v)
{
    enum application_state to;

    return application_step(s, p, a, reason, &v, &to);
}

static void a_refusal_of_somebody_needs_a_reason(void **state)
{
    (void)state;
    assert_int_equal(step(APPLICATION_VERIFICATION, STEP_RETURN, ACTOR_COORDINATOR, false, fine()),
                     STEP_ANSWER_NO_REASON);
    assert_int_equal(step(APPLICATION_EMPLOYED, STEP_SUSPEND, ACTOR_COORDINATOR, false, fine()),
                     STEP_ANSWER_NO_REASON);
    assert_int_equal(step(APPLICATION_EMPLOYED, STEP_END, ACTOR_SCHOOL, false, fine()),
                     STEP_ANSWER_NO_REASON);
    assert_int_equal(step(APPLICATION_DRAFT, STEP_END, ACTOR_MENTOR, false, fine()),
                     STEP_ANSWER_NO_REASON);
    assert_int_equal(step(APPLICATION_DRAFT, STEP_BEGIN, ACTOR_MENTOR, false, fine()),
                     STEP_ANSWER_OK);
}

static void papers_stand_in_the_way(void **state)
{
    static const struct {
        enum application_state from;
        enum application_step step;
        enum actor actor;
        bool when_waiting, when_missing; /* still possible then */
    } t[] = {
        { APPLICATION_DRAFT, STEP_BEGIN, ACTOR_MENTOR, true, true },
        { APPLICATION_DOCUMENTS, STEP_SUBMIT, ACTOR_MENTOR, true, false },
        { APPLICATION_RETURNED, STEP_SUBMIT, ACTOR_MENTOR, true, false },
        { APPLICATION_VERIFICATION, STEP_RECOMMEND, ACTOR_COORDINATOR, false, false },
        { APPLICATION_VERIFICATION, STEP_RETURN, ACTOR_COORDINATOR, true, true },
        { APPLICATION_RECOMMENDED, STEP_ORDER, ACTOR_SCHOOL, false, false },
        { APPLICATION_ORDER_ISSUED, STEP_ACQUAINT, ACTOR_MENTOR, true, true },
        { APPLICATION_ACQUAINTED, STEP_EMPLOY, ACTOR_PROGRAM, false, false },
        { APPLICATION_EMPLOYED, STEP_SUSPEND, ACTOR_PROGRAM, true, true },
        { APPLICATION_SUSPENDED, STEP_RESUME, ACTOR_COORDINATOR, false, false },
        { APPLICATION_EMPLOYED, STEP_END, ACTOR_SCHOOL, true, true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        assert_int_equal(step(t[i].from, t[i].step, t[i].actor, true, failing(CAUSE_WAITING)),
                         t[i].when_waiting ? STEP_ANSWER_OK : STEP_ANSWER_INCOMPLETE);
        assert_int_equal(step(t[i].from, t[i].step, t[i].actor, true, failing(CAUSE_EXPIRED)),
                         t[i].when_missing ? STEP_ANSWER_OK : STEP_ANSWER_INCOMPLETE);
    }
}

static void an_order_is_for_part_time(void **state)
{
    static const struct {
        struct order_plan o;
        enum order_fault want;
    } t[] = {
        { { 50, 1080, 100, 200, 100, 1080 }, ORDER_FAULT_NONE },
        { { 1, 1, 100, TERM_OPEN_MS, 0, 0 }, ORDER_FAULT_NONE },
        { { 51, 540, 100, 200, 100, 0 }, ORDER_FAULT_RATE },
        { { 0, 540, 100, 200, 100, 0 }, ORDER_FAULT_RATE },
        { { 50, 1081, 100, 200, 100, 0 }, ORDER_FAULT_MINUTES },
        { { 50, 0, 100, 200, 100, 0 }, ORDER_FAULT_MINUTES },
        { { 50, 1080, 100, 200, 100, 1081 }, ORDER_FAULT_TOTAL },
        { { 50, 540, 100, 100, 100, 0 }, ORDER_FAULT_END },
        { { 50, 540, 100, 101, 100, 0 }, ORDER_FAULT_NONE },
        { { 50, 540, 100, 200, 101, 0 }, ORDER_FAULT_BEGIN },
    };
    struct hiring_policy p = hiring_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        assert_int_equal(order_check(&t[i].o, &p), t[i].want);
    assert_string_equal(order_fault_field(ORDER_FAULT_TOTAL), "week_minutes");
    assert_string_equal(order_fault_field((enum order_fault)99), "");
}

static void words_are_stable(void **state)
{
    enum application_state s;
    enum application_step p;

    (void)state;
    for (enum application_state i = 0; i < APPLICATION_STATE_COUNT; i++) {
        assert_true(application_state_parse(application_state_name(i), &s));
        assert_int_equal(s, i);
        assert_int_equal(application_bars(i), i == APPLICATION_SUSPENDED || i == APPLICATION_ENDED);
    }
    for (enum application_step i = 0; i < STEP_COUNT; i++) {
        assert_true(application_step_parse(application_step_name(i), &p));
        assert_int_equal(p, i);
    }
    assert_false(application_state_parse("hired", &s));
    assert_false(application_step_parse("hire", &p));
    assert_string_equal(application_state_name(APPLICATION_STATE_COUNT), "none");
    assert_string_equal(application_step_name(STEP_COUNT), "none");
    assert_string_equal(step_answer_name(STEP_ANSWER_INCOMPLETE), "incomplete");
    assert_string_equal(step_answer_name((enum step_answer)99), "not_now");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_state_step_and_actor),
        cmocka_unit_test(a_refusal_of_somebody_needs_a_reason),
        cmocka_unit_test(papers_stand_in_the_way),
        cmocka_unit_test(an_order_is_for_part_time),
        cmocka_unit_test(words_are_stable),
    };

    return cmocka_run_group_tests_name("hiring application", tests, NULL, NULL);
}
