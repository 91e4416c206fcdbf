/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/consent: what each kind covers, every state at its bounds, and
 * each step from each state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/consent.h"

#define NOW INT64_C(1795504320000)
#define ALL (CONSENT_BIT(CONSENT_KINDS) - 1)
#define LESSONS CONSENT_BIT(CONSENT_LESSONS)
#define GROUP CONSENT_BIT(CONSENT_GROUP)

#define ACT(a) (1u << CONSENT_TO_##a)

static void a_kind_covers_its_acts_and_no_other(void **state)
{
    (void)state;
    assert_true(consent_permits(LESSONS, CONSENT_TO_LESSON));
    assert_false(consent_permits(LESSONS, CONSENT_TO_GROUP_LESSON));
    assert_false(consent_permits(GROUP, CONSENT_TO_GROUP_LESSON)); /* both are needed */
    assert_true(consent_permits(LESSONS | GROUP, CONSENT_TO_GROUP_LESSON));
    assert_false(consent_permits(ALL & ~LESSONS, CONSENT_TO_LESSON));
    assert_false(consent_permits(CONSENT_BIT(CONSENT_RECORDING), CONSENT_TO_RECORD));
    assert_true(consent_permits(CONSENT_BIT(CONSENT_SECTIONS), CONSENT_TO_SECTION));
    for (unsigned a = 0; a <= CONSENT_ACTS; a++)
        assert_false(consent_permits(0, (enum consent_act)a));
    assert_false(consent_permits(ALL, CONSENT_ACTS));
}

static void a_withdrawal_stops_what_it_covers_and_no_more(void **state)
{
    (void)state;
    assert_int_equal(consent_stops(ALL, CONSENT_LESSONS),
                     ACT(LESSON) | ACT(GROUP_LESSON) | ACT(RECORD));
    assert_int_equal(consent_stops(ALL, CONSENT_GROUP), ACT(GROUP_LESSON));
    assert_int_equal(consent_stops(ALL, CONSENT_RECORDING), ACT(RECORD));
    assert_int_equal(consent_stops(ALL, CONSENT_SECTIONS), ACT(SECTION));
    /* what was not possible before does not stop */
    assert_int_equal(consent_stops(LESSONS, CONSENT_LESSONS), ACT(LESSON));
    assert_int_equal(consent_stops(GROUP, CONSENT_GROUP), 0);
    assert_int_equal(consent_stops(0, CONSENT_LESSONS), 0);
}

struct stand {
    struct consent_facts f;
    enum consent_state is;
};

static const struct stand stands[] = {
    { { 0 }, CONSENT_IS_NONE },
    { { .asked_ms = NOW - 9 }, CONSENT_IS_ASKED },
    { { .asked_ms = NOW - 9, .refused_ms = NOW - 8 }, CONSENT_IS_REFUSED },
    { { .given_ms = NOW, .expires_ms = CONSENT_OPEN_MS, .version = 1 }, CONSENT_IS_GIVEN },
    { { .given_ms = NOW + 1, .expires_ms = CONSENT_OPEN_MS, .version = 1 }, CONSENT_IS_NONE },
    { { .given_ms = NOW - 9, .expires_ms = NOW + 1, .version = 1 }, CONSENT_IS_GIVEN },
    { { .given_ms = NOW - 9, .expires_ms = NOW, .version = 1 }, CONSENT_IS_EXPIRED },
    { { .given_ms = NOW - 9, .expires_ms = CONSENT_OPEN_MS, .withdrawn_ms = NOW + 1, .version = 1 },
      CONSENT_IS_GIVEN }, /* of a later moment */
    { { .given_ms = NOW - 9, .expires_ms = CONSENT_OPEN_MS, .withdrawn_ms = NOW, .version = 1 },
      CONSENT_IS_WITHDRAWN },
    /* which came first */
    { { .given_ms = NOW - 9, .expires_ms = NOW - 5, .withdrawn_ms = NOW - 4, .version = 1 },
      CONSENT_IS_EXPIRED },
    { { .given_ms = NOW - 9, .expires_ms = NOW - 5, .withdrawn_ms = NOW - 5, .version = 1 },
      CONSENT_IS_WITHDRAWN },
    /* asked anew */
    { { .asked_ms = NOW - 2, .given_ms = NOW - 9, .expires_ms = NOW - 5, .version = 1 },
      CONSENT_IS_ASKED },
    { { .asked_ms = NOW - 6, .given_ms = NOW - 9, .expires_ms = NOW - 5, .version = 1 },
      CONSENT_IS_EXPIRED }, /* the question is older than the end */
    { { .asked_ms = NOW - 2,
        .refused_ms = NOW - 1,
        .given_ms = NOW - 9,
        .expires_ms = CONSENT_OPEN_MS,
        .version = 1 },
      CONSENT_IS_GIVEN }, /* a no to new words does not take the old ones back */
};

static void every_state_at_its_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stands / sizeof stands[0]; i++) {
        if (consent_state(&stands[i].f, NOW) != stands[i].is)
            print_error("row %zu\n", i);
        assert_int_equal(consent_state(&stands[i].f, NOW), stands[i].is);
    }
}

static void each_step_from_each_state(void **state)
{
    static const struct consent_facts none = { 0 }, asked = { .asked_ms = NOW - 9 },
                                      refused = { .asked_ms = NOW - 9, .refused_ms = NOW - 8 },
                                      given = { .given_ms = NOW - 9,
                                                .expires_ms = CONSENT_OPEN_MS,
                                                .version = 2 },
                                      given_asked = { .asked_ms = NOW - 5,
                                                      .given_ms = NOW - 9,
                                                      .expires_ms = CONSENT_OPEN_MS,
                                                      .version = 1 },
                                      old = { .given_ms = NOW - 9,
                                              .expires_ms = CONSENT_OPEN_MS,
                                              .version = 1 },
                                      withdrawn = { .given_ms = NOW - 9,
                                                    .expires_ms = CONSENT_OPEN_MS,
                                                    .withdrawn_ms = NOW - 1,
                                                    .version = 2 };
#define V(v) CONSENT_MAY_##v
    static const struct {
        const struct consent_facts *f;
        enum consent_verdict ask, give, refuse, withdraw; /* having read the words in force, 2 */
    } rows[] = {
        { &none, V(OK), V(OK), V(NOT_ASKED), V(NOT_GIVEN) },
        { &asked, V(ASKED), V(OK), V(OK), V(NOT_GIVEN) },
        { &refused, V(OK), V(OK), V(NOT_ASKED), V(NOT_GIVEN) },
        { &given, V(GIVEN), V(GIVEN), V(NOT_ASKED), V(OK) },
        { &old, V(OK), V(OK), V(NOT_ASKED), V(OK) },
        { &given_asked, V(ASKED), V(OK), V(OK), V(OK) },
        { &withdrawn, V(OK), V(OK), V(NOT_ASKED), V(NOT_GIVEN) },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(consent_decide(rows[i].f, CONSENT_ASK, 0, 2, NOW), rows[i].ask);
        assert_int_equal(consent_decide(rows[i].f, CONSENT_GIVE, 2, 2, NOW), rows[i].give);
        assert_int_equal(consent_decide(rows[i].f, CONSENT_REFUSE, 2, 2, NOW), rows[i].refuse);
        assert_int_equal(consent_decide(rows[i].f, CONSENT_WITHDRAW, 0, 2, NOW), rows[i].withdraw);
    }
    /* an answer to words that are not in force any more */
    assert_int_equal(consent_decide(&asked, CONSENT_GIVE, 1, 2, NOW), V(WORDS));
    assert_int_equal(consent_decide(&asked, CONSENT_REFUSE, 1, 2, NOW), V(WORDS));
    assert_int_equal(consent_decide(&given, (enum consent_move)9, 2, 2, NOW), V(OK));
    assert_int_equal(consent_decide(&none, (enum consent_move)9, 2, 2, NOW), V(NOT_GIVEN));
}

static void the_numbers_are_settings_with_a_source(void **state)
{
    struct consent_policy p = consent_policy_default();
    size_t n;
    const struct consent_setting *s = consent_settings(&n);

    (void)state;
    for (size_t i = 0; i < n; i++) {
        assert_in_range(s[i].fallback, s[i].min, s[i].max);
        assert_true(s[i].source[0] != '\0');
    }
    for (int k = 0; k < CONSENT_KINDS; k++)
        assert_int_equal(p.words[k], 1);
    assert_true(consent_expires_ms(NOW, &p) == CONSENT_OPEN_MS);
    p.valid_days = 2;
    assert_true(consent_expires_ms(NOW, &p) == NOW + 2 * MS_PER_DAY);
}

static void a_paper_is_as_good_as_its_day(void **state)
{
    struct consent_policy p = consent_policy_default();
    struct consent_facts f = { 0 };
    int64_t day = NOW - NOW % MS_PER_DAY;

    (void)state;
    assert_null(consent_paper_fault(&f, day, day + MS_PER_DAY, &p, NOW));
    assert_string_equal(consent_paper_fault(&f, day + MS_PER_DAY, day + 2 * MS_PER_DAY, &p, NOW),
                        "ahead");
    p.paper_days = 2;
    assert_null(consent_paper_fault(&f, day - 2 * MS_PER_DAY, day - MS_PER_DAY, &p, NOW));
    assert_string_equal(
        consent_paper_fault(&f, day - 3 * MS_PER_DAY, day - 2 * MS_PER_DAY, &p, NOW), "too_old");
    f.withdrawn_ms = day - 1;
    assert_null(consent_paper_fault(&f, day - MS_PER_DAY, day, &p, NOW)); /* on that very day */
    f.withdrawn_ms = day;
    assert_string_equal(consent_paper_fault(&f, day - MS_PER_DAY, day, &p, NOW), "withdrawn_since");
}

static void names_go_both_ways(void **state)
{
    enum consent_kind k;

    (void)state;
    for (int i = 0; i < CONSENT_KINDS; i++) {
        assert_true(consent_parse(consent_name((enum consent_kind)i), &k));
        assert_int_equal(k, i);
    }
    assert_false(consent_parse("everything", &k));
    assert_false(consent_parse(NULL, &k));
    assert_string_equal(consent_name(CONSENT_KINDS), "unknown");
    assert_string_equal(consent_act_name(CONSENT_TO_GROUP_LESSON), "group_lesson");
    assert_string_equal(consent_act_name(CONSENT_ACTS), "unknown");
    assert_string_equal(consent_state_name(CONSENT_IS_EXPIRED), "expired");
    assert_string_equal(consent_state_name((enum consent_state)99), "none");
    assert_string_equal(consent_verdict_name(CONSENT_MAY_WORDS), "consent_words");
    assert_string_equal(consent_verdict_name((enum consent_verdict)99), "ok");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kind_covers_its_acts_and_no_other),
        cmocka_unit_test(a_withdrawal_stops_what_it_covers_and_no_more),
        cmocka_unit_test(every_state_at_its_bounds),
        cmocka_unit_test(each_step_from_each_state),
        cmocka_unit_test(the_numbers_are_settings_with_a_source),
        cmocka_unit_test(a_paper_is_as_good_as_its_day),
        cmocka_unit_test(names_go_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
