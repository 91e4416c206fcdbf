/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/referral: every move from every state by either side, dual
 * control, what is missing, who is alike, and the school's return of numbers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/domain/referral.h"
#include "server/domain/zone.h"

#define REVIEWER                                                                                   \
    {                                                                                              \
        7                                                                                          \
    }

static int64_t day(const char *text)
{
    int64_t d = 0;

    assert_true(day_parse(text, &d));
    return d;
}

/* ---- moves ------------------------------------------------------------------------------ */

/* What a complete referral becomes; '-' is not now. One column per state in the order of the list:
 * draft, submitted, incomplete, under review, accepted, refused, withdrawn. */
static const struct {
    enum referral_move move;
    enum referral_side side;
    const char *becomes;
} moves[] = {
    { MOVE_EDIT, SIDE_OF_SCHOOL, "d-i----" },     { MOVE_SUBMIT, SIDE_OF_SCHOOL, "s-s----" },
    { MOVE_WITHDRAW, SIDE_OF_SCHOOL, "wwww---" }, { MOVE_TAKE, SIDE_OF_CENTRE, "-u-u---" },
    { MOVE_ASK, SIDE_OF_CENTRE, "-i-i---" },      { MOVE_ACCEPT, SIDE_OF_CENTRE, "---a---" },
    { MOVE_REFUSE, SIDE_OF_CENTRE, "---r---" },
};

static const char letters[] = "dsiuarw";

static struct referral_ask ask_of(size_t i)
{
    return (struct referral_ask){
        .move = moves[i].move, .side = moves[i].side, .person = REVIEWER, .has_reason = true
    };
}

static void each_state_has_its_moves_and_no_other(void **state)
{
    (void)state;
    assert_int_equal(sizeof moves / sizeof moves[0], MOVE_COUNT);
    for (size_t i = 0; i < MOVE_COUNT; i++) {
        for (int s = 0; s < REFERRAL_STATE_COUNT; s++) {
            struct referral_facts f = { .state = (enum referral_state)s, .reviewer = REVIEWER };
            struct referral_ask a = ask_of(i);
            enum referral_state next = REFERRAL_STATE_COUNT;
            enum referral_verdict v = referral_decide(&f, &a, &next);

            if (moves[i].becomes[s] == '-') {
                assert_int_equal(v, REFERRAL_MAY_NOT_NOW);
                assert_int_equal(next, REFERRAL_STATE_COUNT); /* untouched */
            } else {
                assert_int_equal(v, REFERRAL_MAY_OK);
                assert_int_equal(letters[next], moves[i].becomes[s]);
            }
            a.side = a.side == SIDE_OF_SCHOOL ? SIDE_OF_CENTRE : SIDE_OF_SCHOOL;
            assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_WRONG_SIDE);
        }
    }
}

static void senseless_states_and_moves_are_refused(void **state)
{
    struct referral_facts f = { .state = REFERRAL_STATE_COUNT };
    struct referral_ask a = { .move = MOVE_SUBMIT };
    enum referral_state next;

    (void)state;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_NOT_NOW);
    a.move = MOVE_COUNT;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_WRONG_SIDE);
}

static void what_is_incomplete_is_sent_and_waits_for_the_school(void **state)
{
    struct referral_facts f = { .state = REFERRAL_DRAFT, .missing = 1u << ITEM_RECOMMENDATION };
    struct referral_ask a = { .move = MOVE_SUBMIT, .side = SIDE_OF_SCHOOL };
    enum referral_state next;

    (void)state;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    assert_int_equal(next, REFERRAL_INCOMPLETE);
    f.state = REFERRAL_INCOMPLETE;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    assert_int_equal(next, REFERRAL_INCOMPLETE);
    f.missing = 0;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    assert_int_equal(next, REFERRAL_SUBMITTED);
}

static void nobody_reviews_what_he_wrote(void **state)
{
    static const enum referral_move centre[] = { MOVE_TAKE, MOVE_ASK, MOVE_ACCEPT, MOVE_REFUSE };
    struct referral_facts f = { .state = REFERRAL_UNDER_REVIEW, .reviewer = REVIEWER };
    enum referral_state next;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct referral_ask a = { .move = centre[i],
                                  .side = SIDE_OF_CENTRE,
                                  .person = REVIEWER,
                                  .wrote = true,
                                  .has_reason = true };

        assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OWN);
        a.wrote = false;
        assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    }
    /* whoever wrote may of course withdraw it */
    assert_int_equal(referral_decide(&f,
                                     &(struct referral_ask){ .move = MOVE_WITHDRAW,
                                                             .side = SIDE_OF_SCHOOL,
                                                             .wrote = true,
                                                             .has_reason = true },
                                     &next),
                     REFERRAL_MAY_OK);
}

static void only_who_has_it_in_review_decides(void **state)
{
    struct referral_facts f = { .state = REFERRAL_UNDER_REVIEW, .reviewer = { 8 } };
    struct referral_ask a = { .side = SIDE_OF_CENTRE, .person = REVIEWER, .has_reason = true };
    enum referral_state next;

    (void)state;
    a.move = MOVE_ACCEPT;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OTHER_REVIEWER);
    a.move = MOVE_REFUSE;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OTHER_REVIEWER);
    a.move = MOVE_ASK;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OTHER_REVIEWER);
    a.move = MOVE_TAKE; /* takes over */
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    assert_int_equal(next, REFERRAL_UNDER_REVIEW);
    f.state = REFERRAL_SUBMITTED; /* in the queue it is nobody's */
    a.move = MOVE_ASK;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
}

static void decisions_need_a_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < MOVE_COUNT; i++) {
        bool school = moves[i].side == SIDE_OF_SCHOOL, taking = moves[i].move == MOVE_TAKE;
        struct referral_facts f = { .state = school ? REFERRAL_INCOMPLETE : REFERRAL_UNDER_REVIEW,
                                    .reviewer = REVIEWER };
        struct referral_ask a = ask_of(i);
        bool needs = !taking && (!school || moves[i].move == MOVE_WITHDRAW);
        enum referral_state next;

        a.has_reason = false;
        assert_int_equal(referral_decide(&f, &a, &next),
                         needs ? REFERRAL_MAY_NO_REASON : REFERRAL_MAY_OK);
    }
}

static void what_lacks_a_paper_is_refused_but_not_accepted(void **state)
{
    struct referral_facts f = { .state = REFERRAL_UNDER_REVIEW,
                                .reviewer = REVIEWER,
                                .missing = 1u << ITEM_BASIS };
    struct referral_ask a = {
        .move = MOVE_ACCEPT, .side = SIDE_OF_CENTRE, .person = REVIEWER, .has_reason = true
    };
    enum referral_state next;

    (void)state;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_INCOMPLETE);
    a.move = MOVE_REFUSE;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
}

static void alike_children_want_a_word_before_one_is_accepted(void **state)
{
    struct referral_facts f = { .state = REFERRAL_UNDER_REVIEW, .reviewer = REVIEWER, .alike = 1 };
    struct referral_ask a = {
        .move = MOVE_ACCEPT, .side = SIDE_OF_CENTRE, .person = REVIEWER, .has_reason = true
    };
    enum referral_state next;

    (void)state;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_NO_CHOICE);
    a.chose = true;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
    a.chose = false;
    f.alike = 0;
    assert_int_equal(referral_decide(&f, &a, &next), REFERRAL_MAY_OK);
}

/* ---- completeness ----------------------------------------------------------------------- */

static struct referral_content complete(void)
{
    return (struct referral_content){ .child_name = "Миша Рыбаков",
                                      .guardian_name = "Ольга Рыбакова",
                                      .guardian_phone = "+7 900 000-00-00",
                                      .birth_day = day("2016-05-09"),
                                      .grade = 4,
                                      .application_day = day("2026-11-01"),
                                      .consent_day = day("2026-11-01"),
                                      .basis_to_day = day("2027-05-31"),
                                      .recommendation_to_day = day("2027-05-31") };
}

static void what_is_missing_is_named(void **state)
{
    struct intake_policy p = intake_policy_default();
    int64_t today = day("2026-11-24");
    struct referral_content none = { .child_name = "",
                                     .guardian_name = "",
                                     .guardian_phone = "",
                                     .birth_day = DAY_NONE,
                                     .application_day = DAY_NONE,
                                     .consent_day = DAY_NONE,
                                     .basis_to_day = DAY_NONE,
                                     .recommendation_to_day = DAY_NONE };

    (void)state;
    assert_int_equal(referral_missing(&none, today, &p), (1u << ITEM_BASIS_SCAN) - 1);
    p.scans_required = true;
    assert_int_equal(referral_missing(&none, today, &p), (1u << ITEM_COUNT) - 1);
    p.scans_required = false;
    for (int i = 0; i <= ITEM_COUNT; i++) {
        struct referral_content c = complete();
        unsigned want = i < ITEM_COUNT ? 1u << i : 0;

        p.scans_required = i == ITEM_BASIS_SCAN || i == ITEM_RECOMMENDATION_SCAN;
        c.child_name = i == ITEM_CHILD_NAME ? "" : c.child_name;
        c.birth_day = i == ITEM_BIRTH_DATE ? DAY_NONE : c.birth_day;
        c.grade = i == ITEM_GRADE ? 0 : c.grade;
        c.guardian_name = i == ITEM_GUARDIAN_NAME ? "" : c.guardian_name;
        c.guardian_phone = i == ITEM_GUARDIAN_PHONE ? "" : c.guardian_phone;
        c.application_day = i == ITEM_APPLICATION ? DAY_NONE : c.application_day;
        c.consent_day = i == ITEM_CONSENT ? DAY_NONE : c.consent_day;
        c.basis_to_day = i == ITEM_BASIS ? DAY_NONE : c.basis_to_day;
        c.recommendation_to_day = i == ITEM_RECOMMENDATION ? DAY_NONE : c.recommendation_to_day;
        c.basis_scan = i != ITEM_BASIS_SCAN;
        c.recommendation_scan = i != ITEM_RECOMMENDATION_SCAN;
        assert_int_equal(referral_missing(&c, today, &p), want);
    }
}

static void a_paper_that_ran_out_is_missing(void **state)
{
    struct intake_policy p = intake_policy_default();
    struct referral_content c = complete();

    (void)state;
    assert_int_equal(referral_missing(&c, day("2027-05-31"), &p), 0); /* its last day */
    assert_int_equal(referral_missing(&c, day("2027-06-01"), &p),
                     1u << ITEM_BASIS | 1u << ITEM_RECOMMENDATION);
}

static void a_pupil_is_of_school_age(void **state)
{
    struct intake_policy p = intake_policy_default();
    int64_t today = day("2026-11-24");

    (void)state;
    assert_true(referral_birth_ok(day("2021-11-24"), today, &p)); /* five today */
    assert_false(referral_birth_ok(day("2021-11-25"), today, &p));
    assert_true(referral_birth_ok(day("2005-11-25"), today, &p)); /* twenty-one tomorrow */
    assert_false(referral_birth_ok(day("2005-11-24"), today, &p));
    assert_false(referral_birth_ok(day("2026-11-25"), today, &p));
    assert_false(referral_birth_ok(DAY_NONE, today, &p));
}

/* ---- waiting, duplicates ---------------------------------------------------------------- */

static void days_are_counted_by_the_calendar(void **state)
{
    (void)state;
    assert_int_equal(referral_waiting_days(day("2026-11-24"), day("2026-11-24")), 0);
    assert_int_equal(referral_waiting_days(day("2026-11-24"), day("2026-11-25")), 1);
    assert_int_equal(referral_waiting_days(day("2026-12-31"), day("2027-01-01")), 1);
    assert_int_equal(referral_waiting_days(day("2026-11-25"), day("2026-11-24")), 0);
}

static void the_middle_and_the_longest_wait_are_told(void **state)
{
    int64_t five[] = { 9, 1, 4, 2, 3 }, four[] = { 8, 0, 5, 2 }, one[] = { 7 };
    struct decision_times t = { -1, -1 };

    (void)state;
    assert_false(referral_decision_times(five, 0, &t));
    assert_int_equal(t.median_days, -1);
    assert_true(referral_decision_times(five, 5, &t));
    assert_int_equal(t.median_days, 3);
    assert_int_equal(t.longest_days, 9);
    assert_true(referral_decision_times(four, 4, &t));
    assert_int_equal(t.median_days, 2);
    assert_int_equal(t.longest_days, 8);
    assert_true(referral_decision_times(one, 1, &t));
    assert_int_equal(t.median_days, 7);
}

static void names_are_the_same_in_spite_of_how_they_are_typed(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } t[] = {
        { "Артём Жуков", "АРТЕМ ЖУКОВ", true },
        { "Артём  Жуков ", " Артём Жуков", true },
        { "Петрова-Водкина Анна", "петрова водкина анна", true },
        { "Петрова - Водкина Анна", "Петрова‑Водкина Анна", true }, /* non-breaking hyphen */
        { "Анна\xc2\xa0Петрова", "Анна Петрова", true },            /* no-break space */
        { "Anna–Maria", "anna maria", true },
        { "-Анна", "Анна-", true },
        { "Анна Петрова", "АннаПетрова", false },
        { "Анна Петрова", "Анна Петров", false },
        { "Анна", "Анна Петрова", false },
        { "Анна Петрова", "Анна", false },
        { "Йод", "Иод", false }, /* only ё is written as another letter */
        { "", "", false },
        { " - ", "-", false },
        { "Анна", "", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct child_mark a = { t[i].a, 100, { 1 } }, b = { t[i].b, 100, { 1 } };

        if (child_alike(&a, &b) != (t[i].same ? ALIKE_SAME : ALIKE_NOT))
            fail_msg("\"%s\" and \"%s\"", t[i].a, t[i].b);
        assert_int_equal(child_alike(&a, &b), child_alike(&b, &a));
    }
}

static void birth_date_and_school_decide_how_alike(void **state)
{
    struct child_mark a = { "Анна", 100, { 1 } }, b = a;

    (void)state;
    b.school.v = 2;
    assert_int_equal(child_alike(&a, &b), ALIKE_OTHER_SCHOOL);
    b.birth_day = 101;
    assert_int_equal(child_alike(&a, &b), ALIKE_NOT);
    a.birth_day = b.birth_day = DAY_NONE; /* unknown is like nothing */
    assert_int_equal(child_alike(&a, &b), ALIKE_NOT);
}

/* ---- returns ---------------------------------------------------------------------------- */

static void a_return_agrees_with_the_referrals_and_comes_in_time(void **state)
{
    static const struct {
        int64_t count, received;
        int year, month;
        const char *today;
        enum need_verdict want;
    } t[] = {
        { 3, 3, 2026, 11, "2026-11-24", NEED_OK },
        { 4, 3, 2026, 11, "2026-11-24",
          NEED_OK }, /* more in need than referred: shown, not refused */
        { 2, 3, 2026, 11, "2026-11-24", NEED_BELOW },
        { 0, 0, 2026, 11, "2026-11-24", NEED_OK },
        { -1, 0, 2026, 11, "2026-11-24", NEED_RANGE },
        { 10000, 0, 2026, 11, "2026-11-24", NEED_OK },
        { 10001, 0, 2026, 11, "2026-11-24", NEED_RANGE },
        { 1, 0, 2026, 12, "2026-11-30", NEED_AHEAD },
        { 1, 0, 2026, 12, "2026-12-01", NEED_OK },
        { 1, 0, 2026, 11, "2026-12-10", NEED_OK }, /* the tenth day after */
        { 1, 0, 2026, 11, "2026-12-11", NEED_CLOSED },
        { 1, 0, 2026, 12, "2027-01-10", NEED_OK }, /* over the turn of the year */
        { 1, 0, 2026, 12, "2027-01-11", NEED_CLOSED },
        { 1, 2, 2026, 10, "2026-11-24", NEED_CLOSED }, /* closed comes before below */
    };
    struct intake_policy p = intake_policy_default();

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        if (need_return_check(t[i].count, t[i].received, t[i].year, t[i].month, day(t[i].today),
                              &p) != t[i].want)
            fail_msg("row %zu", i);
    }
    p.return_open_days = 0; /* the number is the policy's */
    assert_int_equal(need_return_check(1, 0, 2026, 11, day("2026-11-30"), &p), NEED_OK);
    assert_int_equal(need_return_check(1, 0, 2026, 11, day("2026-12-01"), &p), NEED_CLOSED);
}

static void every_word_is_read_back(void **state)
{
    enum referral_state s;
    enum referral_item item;

    (void)state;
    for (int i = 0; i < REFERRAL_STATE_COUNT; i++) {
        assert_true(referral_state_parse(referral_state_name((enum referral_state)i), &s));
        assert_int_equal(s, i);
    }
    for (int i = 0; i < ITEM_COUNT; i++) {
        assert_true(referral_item_parse(referral_item_name((enum referral_item)i), &item));
        assert_int_equal(item, i);
    }
    assert_false(referral_state_parse("Draft", &s));
    assert_false(referral_state_parse(NULL, &s));
    assert_false(referral_item_parse("", &item));
    assert_string_equal(referral_state_name(REFERRAL_STATE_COUNT), "unknown");
    assert_string_equal(referral_item_name(ITEM_COUNT), "unknown");
    assert_string_equal(referral_verdict_name(REFERRAL_MAY_OWN), "own_referral");
    assert_string_equal(need_verdict_name(NEED_BELOW), "below_referrals");
    assert_string_equal(alike_name(ALIKE_OTHER_SCHOOL), "other_school");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_state_has_its_moves_and_no_other),
        cmocka_unit_test(senseless_states_and_moves_are_refused),
        cmocka_unit_test(what_is_incomplete_is_sent_and_waits_for_the_school),
        cmocka_unit_test(nobody_reviews_what_he_wrote),
        cmocka_unit_test(only_who_has_it_in_review_decides),
        cmocka_unit_test(decisions_need_a_reason),
        cmocka_unit_test(what_lacks_a_paper_is_refused_but_not_accepted),
        cmocka_unit_test(alike_children_want_a_word_before_one_is_accepted),
        cmocka_unit_test(what_is_missing_is_named),
        cmocka_unit_test(a_paper_that_ran_out_is_missing),
        cmocka_unit_test(a_pupil_is_of_school_age),
        cmocka_unit_test(days_are_counted_by_the_calendar),
        cmocka_unit_test(the_middle_and_the_longest_wait_are_told),
        cmocka_unit_test(names_are_the_same_in_spite_of_how_they_are_typed),
        cmocka_unit_test(birth_date_and_school_decide_how_alike),
        cmocka_unit_test(a_return_agrees_with_the_referrals_and_comes_in_time),
        cmocka_unit_test(every_word_is_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
