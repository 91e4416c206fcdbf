/* SPDX-License-Identifier: Apache-2.0
 *
 * Retention: the instant from which something is due, what holds it back, who
 * may confirm a run, what an alias looks like.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/retention.h"

#define NOW INT64_C(1790000000000)

static void due_from_the_last_day_on_and_not_before(void **state)
{
    (void)state;
    struct retention_policy p = retention_policy_default();

    for (int k = 0; k < RETENTION_KINDS; k++) {
        enum retention_kind kind = (enum retention_kind)k;
        struct retention_facts f = { .since_ms = NOW - p.days[k] * MS_PER_DAY };

        assert_int_equal(retention_judge(&p, kind, &f, NOW), RETENTION_DUE);
        assert_int_equal(retention_judge(&p, kind, &f, NOW - 1), RETENTION_KEEP);
    }
}

static void what_has_not_begun_is_never_due(void **state)
{
    (void)state;
    struct retention_policy p = retention_policy_default();
    const int64_t never[] = { 0, -1, INT64_MAX, INT64_MAX - 1, NOW, NOW + 1 };

    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        struct retention_facts f = { .since_ms = never[i] };

        assert_int_equal(retention_judge(&p, RETENTION_CHILD, &f, NOW), RETENTION_KEEP);
    }
}

static void each_hold_alone_holds_back(void **state)
{
    (void)state;
    struct retention_policy p = retention_policy_default();

    for (int h = 0; h < RETENTION_HOLDS; h++) {
        struct retention_facts f = { .since_ms = 1, .holds = 1u << h };

        assert_int_equal(retention_judge(&p, RETENTION_CHILD, &f, NOW), RETENTION_HELD);
        /* what is young is kept, whether or not something holds it */
        f.since_ms = NOW;
        assert_int_equal(retention_judge(&p, RETENTION_CHILD, &f, NOW), RETENTION_KEEP);
    }
}

static void a_setting_moves_the_day(void **state)
{
    (void)state;
    struct retention_policy p = retention_policy_default();
    struct retention_facts f = { .since_ms = NOW - 30 * MS_PER_DAY };

    assert_int_equal(retention_judge(&p, RETENTION_CHAT, &f, NOW), RETENTION_KEEP);
    p.days[RETENTION_CHAT] = 30;
    assert_int_equal(retention_judge(&p, RETENTION_CHAT, &f, NOW), RETENTION_DUE);
    assert_int_equal(retention_judge(&p, RETENTION_PRESENCE, &f, NOW), RETENTION_KEEP);
}

static void a_run_is_confirmed_by_another_while_its_list_is_fresh(void **state)
{
    (void)state;
    struct retention_policy p = retention_policy_default();
    struct retention_ask good = { RETENTION_STATE_LISTED, 1, 2, NOW, 1 }, a;
    int64_t last = NOW + p.confirm_days * MS_PER_DAY;

    assert_int_equal(retention_confirm(&p, &good, NOW), RETENTION_ANSWER_OK);
    assert_int_equal(retention_confirm(&p, &good, last), RETENTION_ANSWER_OK);
    assert_int_equal(retention_confirm(&p, &good, last + 1), RETENTION_ANSWER_TOO_OLD);
    a = good;
    a.by = 1;
    assert_int_equal(retention_confirm(&p, &a, NOW), RETENTION_ANSWER_OWN);
    a = good;
    a.due = 0;
    assert_int_equal(retention_confirm(&p, &a, NOW), RETENTION_ANSWER_NOTHING);
    for (int s = 0; s < RETENTION_STATES; s++) {
        a = good;
        a.state = (enum retention_state)s;
        assert_int_equal(retention_confirm(&p, &a, NOW) == RETENTION_ANSWER_OK,
                         s == RETENTION_STATE_LISTED);
        assert_int_equal(retention_may_withdraw(a.state),
                         s == RETENTION_STATE_LISTING || s == RETENTION_STATE_LISTED);
    }
}

static void names_go_there_and_back(void **state)
{
    (void)state;
    enum retention_kind kind = RETENTION_KINDS;
    enum retention_state s = RETENTION_STATES;

    for (int k = 0; k < RETENTION_KINDS; k++) {
        assert_true(retention_kind_parse(retention_kind_name((enum retention_kind)k), &kind));
        assert_int_equal(kind, k);
        assert_true(strncmp(retention_setting(kind)->key, "retention.", 10) == 0);
        assert_true(retention_setting(kind)->source[0]);
        assert_true(retention_setting(kind)->days >= RETENTION_DAYS_MIN);
        assert_true(retention_setting(kind)->days <= RETENTION_DAYS_MAX);
    }
    for (int i = 0; i < RETENTION_STATES; i++) {
        assert_true(retention_state_parse(retention_state_name((enum retention_state)i), &s));
        assert_int_equal(s, i);
    }
    assert_false(retention_kind_parse("chats", &kind));
    assert_false(retention_state_parse("", &s));
    assert_string_equal(retention_hold_name(RETENTION_HOLD_LEGAL), "legal");
    assert_string_equal(retention_answer_name(RETENTION_ANSWER_OWN), "own_run");
    assert_true(retention_of_person(RETENTION_FAMILY));
    assert_false(retention_of_person(RETENTION_MEDICAL));
}

static void an_alias_is_eight_digits_of_the_random_bytes(void **state)
{
    (void)state;
    static const uint8_t zero[5] = { 0 }, full[5] = { 255, 255, 255, 255, 255 };
    static const uint8_t count[5] = { 0x00, 0x44, 0x32, 0x14, 0xc7 };
    char out[RETENTION_ALIAS_CHARS + 1];

    retention_alias(zero, out);
    assert_string_equal(out, "P-00000000");
    retention_alias(full, out);
    assert_string_equal(out, "P-ZZZZZZZZ");
    retention_alias(count, out);
    assert_string_equal(out, "P-01234567");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_from_the_last_day_on_and_not_before),
        cmocka_unit_test(what_has_not_begun_is_never_due),
        cmocka_unit_test(each_hold_alone_holds_back),
        cmocka_unit_test(a_setting_moves_the_day),
        cmocka_unit_test(a_run_is_confirmed_by_another_while_its_list_is_fresh),
        cmocka_unit_test(names_go_there_and_back),
        cmocka_unit_test(an_alias_is_eight_digits_of_the_random_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
