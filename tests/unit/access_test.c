/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/access: the whole table against a written-out expectation, so
 * that no right changes unseen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/str.h"
#include "server/domain/access.h"

/* One row per right, one letter per role: Child, Guardian, Mentor, Coordinator, School officer,
 * Admin. '-' denied, o own, k own children, s own school, c own centre, A all. */
static const struct {
    const char *right, *cells;
} expected[] = {
    /*                       CGMCSA */
    { "profile_view", "ooocoA" },
    { "profile_edit", "oooooo" },
    { "my_day", "okoc--" },
    { "feed_keep", "oko---" },
    { "notice_give", "ok----" },
    { "lesson_view", "okocs-" },
    { "lesson_join_info", "okoc--" },
    { "lesson_create", "---c--" },
    { "lesson_move", "---c--" },
    { "lesson_cancel", "---c--" },
    { "lesson_substitute", "---c--" },
    { "lesson_end", "--oc--" },
    { "lesson_note_view", "okoc--" },
    { "lesson_note_edit", "--o---" },
    { "board_view", "---c--" },
    { "timetable_view", "okocs-" },
    { "event_view", "oooco-" },
    { "event_answer", "-oooo-" },
    { "event_keep", "---c--" },
    { "event_write", "-ooco-" },
    { "event_sign", "-oooo-" },
    { "plan", "---c--" },
    { "child_list", "-kocs-" },
    { "mentor_list", "---c--" },
    { "attendance_view", "-kocs-" },
    { "attendance_amend", "---c--" },
    { "lesson_log_view", "-koc--" },
    { "consent_view", "-k-c--" },
    { "consent_answer", "-k----" },
    { "section_view", "cc-c--" },
    { "section_edit", "---c--" },
    { "choice_view", "ok-c--" },
    { "choice_wish", "ok----" },
    { "choice_confirm", "-k----" },
    { "consent_enter", "---c--" },
    { "lesson_log_confirm", "-k----" },
    { "join_attempt_view", "-k-c--" },
    { "path_view", "okoc--" },
    { "report_list", "--ocs-" },
    { "report_view", "--ocs-" },
    { "report_edit", "--o---" },
    { "report_decide", "---c--" },
    { "report_acknowledge", "----s-" },
    { "wellbeing_view", "--oc--" },
    { "wellbeing_edit", "--o---" },
    { "timesheet_view", "--oc--" },
    { "figures_view", "--ocs-" },
    { "need_return_view", "---cs-" },
    { "need_return_edit", "----s-" },
    { "referral_view", "---cs-" },
    { "referral_write", "----s-" },
    { "referral_review", "---c--" },
    { "medical_read", "---c--" },
    { "child_register", "---c--" },
    { "limits_view", "-kocs-" },
    { "case_view", "-k-cs-" },
    { "programme_view", "-kocs-" },
    { "programme_propose", "--ocs-" },
    { "programme_decide", "---c--" },
    { "child_hours_view", "-k-c--" },
    { "child_hours_edit", "-k-c--" },
    { "mentor_hours_view", "--oc--" },
    { "mentor_hours_edit", "--oc--" },
    { "calendar_view", "---cs-" },
    { "calendar_edit", "---cs-" },
    { "candidates_view", "---c--" },
    { "assignment_edit", "---c--" },
    { "case_close", "---c--" },
    { "user_list", "---c-A" },
    { "user_manage", "---c-A" },
    { "link_issue", "-k-c-A" },
    { "session_revoke", "---c-A" },
    { "second_step_reset", "-----A" },
    { "outbox_view", "---c-A" },
    { "webhook_keep", "-----c" },
    { "retention_view", "---c-A" },
    { "retention_ask", "-----A" },
    { "retention_confirm", "---c-A" },
    { "retention_hold", "---c-A" },
    { "policy_view", "---c-A" },
    { "policy_edit", "-----A" },
    { "audit_view", "---c-A" },
    { "hiring_view", "--ocs-" },
    { "hiring_list", "---cs-" },
    { "hiring_edit", "--oc--" },
    { "hiring_verify", "---c--" },
    { "hiring_step", "--ocs-" },
    { "teach_ask", "--oc--" },
    { "data_import", "---c--" },
    { "data_export", "---c--" },
    { "system_view", "-----A" },
};

static const char letters[] = "-okscA";

static void the_table_is_as_written_here(void **state)
{
    (void)state;
    assert_int_equal(sizeof expected / sizeof expected[0], RIGHT_COUNT);
    for (int right = 0; right < RIGHT_COUNT; right++) {
        assert_string_equal(right_name((enum right)right), expected[right].right);
        assert_int_equal(strlen(expected[right].cells), ROLE_COUNT - 1);
        for (int role = 0; role < ROLE_COUNT; role++) {
            enum scope s = access_scope((enum role)role, (enum right)right);
            char want = role == ROLE_NONE ? '-' : expected[right].cells[role - 1];

            if (letters[s] != want)
                fail_msg("%s %s: %s", role_name((enum role)role), right_name((enum right)right),
                         scope_name(s));
        }
    }
}

static void nothing_outside_the_table_is_granted(void **state)
{
    const struct relation everything = { true, true, true, true };

    (void)state;
    assert_int_equal(access_scope(ROLE_COUNT, RIGHT_MY_DAY), SCOPE_NONE);
    assert_int_equal(access_scope(ROLE_ADMIN, RIGHT_COUNT), SCOPE_NONE);
    assert_int_equal(access_scope((enum role) - 1, (enum right) - 1), SCOPE_NONE);
    assert_false(access_may((enum role)99, RIGHT_MY_DAY, everything));
    for (int right = 0; right < RIGHT_COUNT; right++)
        assert_false(access_may(ROLE_NONE, (enum right)right, everything));
    assert_false(scope_covers(SCOPE_COUNT, everything));
    assert_false(scope_covers((enum scope)99, everything));
}

static void each_scope_asks_for_its_own_relation_only(void **state)
{
    (void)state;
    for (unsigned bits = 0; bits < 16; bits++) {
        struct relation to = { bits & 1, bits & 2, bits & 4, bits & 8 };

        assert_false(scope_covers(SCOPE_NONE, to));
        assert_int_equal(scope_covers(SCOPE_OWN, to), to.own);
        assert_int_equal(scope_covers(SCOPE_OWN_CHILDREN, to), to.own_child);
        assert_int_equal(scope_covers(SCOPE_OWN_SCHOOL, to), to.own_school);
        assert_int_equal(scope_covers(SCOPE_OWN_CENTRE, to), to.own_centre);
        assert_true(scope_covers(SCOPE_ALL, to));
    }
}

static void a_stranger_may_nothing_but_what_is_for_all(void **state)
{
    const struct relation none = { 0 };

    (void)state;
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int right = 0; right < RIGHT_COUNT; right++)
            assert_int_equal(access_may((enum role)role, (enum right)right, none),
                             access_scope((enum role)role, (enum right)right) == SCOPE_ALL);
}

static void role_names_round_trip(void **state)
{
    enum role r = ROLE_CHILD;

    (void)state;
    for (int i = ROLE_NONE + 1; i < ROLE_COUNT; i++) {
        assert_true(role_parse(role_name((enum role)i), &r));
        assert_int_equal(r, i);
    }
    assert_false(role_parse("none", &r));
    assert_false(role_parse("Admin", &r));
    assert_false(role_parse("", &r));
    assert_false(role_parse(NULL, &r));
    assert_int_equal(r, ROLE_ADMIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_as_written_here),
        cmocka_unit_test(nothing_outside_the_table_is_granted),
        cmocka_unit_test(each_scope_asks_for_its_own_relation_only),
        cmocka_unit_test(a_stranger_may_nothing_but_what_is_for_all),
        cmocka_unit_test(role_names_round_trip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
