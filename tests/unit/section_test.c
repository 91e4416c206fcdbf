/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/section: what stands against a choice, at its bounds; the
 * waiting list; meetings across a change of clocks.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/domain/section.h"
#include "server/domain/zone.h"

#define NOW INT64_C(1795504320000)
#define DAY MS_PER_DAY

static const struct choice_facts good = { .open = true,
                                          .age_from = 8,
                                          .age_to = 10,
                                          .paper_needed = true,
                                          .paper_to_ms = NOW + 1,
                                          .informed_ms = NOW - DAY,
                                          .consent = true };

static unsigned check(struct choice_facts f, int64_t today)
{
    struct section_policy p = section_policy_default();

    return choice_check(&f, today, NOW, &p);
}

static void each_thing_that_stands_against_a_choice(void **state)
{
    int64_t today = date_to_days(2026, 11, 24);
    struct choice_facts f = good;

    (void)state;
    f.birth_day = date_to_days(2016, 11, 24); /* ten today */
    assert_int_equal(check(f, today), 0);
    f.birth_day = date_to_days(2015, 11, 24); /* eleven today */
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_AGE));
    f.birth_day++; /* eleven tomorrow */
    assert_int_equal(check(f, today), 0);
    f.birth_day = date_to_days(2018, 11, 25); /* eight tomorrow */
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_AGE));
    f.birth_day--;
    assert_int_equal(check(f, today), 0);
    f.birth_day = INT64_MIN;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_AGE));
    f.birth_day = today + 1;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_AGE));
    f.birth_day = date_to_days(2017, 1, 1);
    f.paper_to_ms = NOW;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_PAPER));
    f.paper_needed = false;
    assert_int_equal(check(f, today), 0);
    f.informed_ms = 0;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_UNINFORMED));
    f.informed_ms = NOW - 366 * DAY;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_UNINFORMED));
    f.informed_ms++;
    assert_int_equal(check(f, today), 0);
    f.open = f.consent = false;
    f.overlap = f.clash = true;
    assert_int_equal(check(f, today), CHOICE_BIT(CHOICE_CLOSED) | CHOICE_BIT(CHOICE_CONSENT) |
                                          CHOICE_BIT(CHOICE_OVERLAP) | CHOICE_BIT(CHOICE_CLASH));
}

static void two_or_three_and_neither_one_nor_four(void **state)
{
    struct schedule_policy p = schedule_policy_default();

    (void)state;
    assert_int_equal(choice_count_check(1, &p), CHOICE_BIT(CHOICE_FEW));
    assert_int_equal(choice_count_check(2, &p), 0);
    assert_int_equal(choice_count_check(3, &p), 0);
    assert_int_equal(choice_count_check(4, &p), CHOICE_BIT(CHOICE_MANY));
}

static void the_list_moves_up_in_order(void **state)
{
    struct section_policy p = section_policy_default();
    struct place l[] = { { .id = 1, .state = CHOICE_IS_ACTIVE },
                         { .id = 2, .state = CHOICE_IS_WAITING },
                         { .id = 3, .state = CHOICE_IS_WAITING },
                         { .id = 4, .state = CHOICE_IS_WISHED } };

    (void)state;
    assert_int_equal(places_settle(l, 4, 1, NOW, &p), 0);       /* full */
    assert_int_equal(places_enter(l, 4, 9), CHOICE_IS_WAITING); /* nobody overtakes */
    l[0].state = CHOICE_IS_LEFT;
    assert_int_equal(places_settle(l, 4, 1, NOW, &p), 1);
    assert_int_equal(l[1].state, CHOICE_IS_OFFERED);
    assert_true(l[1].changed && !l[2].changed);
    assert_true(l[1].offer_to_ms == NOW + 3 * DAY);
    assert_int_equal(places_settle(l, 4, 1, NOW + 3 * DAY - 1, &p), 0); /* it is kept */
    assert_int_equal(places_settle(l, 4, 1, NOW + 3 * DAY, &p), 2);     /* and goes on */
    assert_int_equal(l[1].state, CHOICE_IS_LAPSED);
    assert_int_equal(l[2].state, CHOICE_IS_OFFERED);
    l[2].state = CHOICE_IS_ACTIVE;
    assert_int_equal(places_enter(l, 4, 1), CHOICE_IS_WAITING);
    assert_int_equal(places_enter(l, 4, 2), CHOICE_IS_ACTIVE);
    l[2].state = CHOICE_IS_OFFERED; /* an offer keeps its place */
    assert_int_equal(places_enter(l, 4, 1), CHOICE_IS_WAITING);
}

static void meetings_keep_their_wall_time(void **state)
{
    /* Berlin, Sunday 25 October 2026: 02:30 comes twice; Sunday 28 March 2027: never. */
    const struct section_place berlin = { 7, "Europe/Berlin", false, 20 };
    const struct section_slot sundays = { 7, 150, 60 }, tuesdays = { 2, 540, 45 };
    struct section_block b[8];
    int64_t from, to;

    (void)state;
    assert_int_equal(zone_day_start("Europe/Berlin", 2026, 10, 19, &from), ERR_OK);
    assert_int_equal(zone_day_start("Europe/Berlin", 2026, 11, 2, &to), ERR_OK);
    assert_int_equal(section_meetings(&berlin, &tuesdays, 1, from, to, b, 8), 2);
    assert_true(b[0].start_ms == INT64_C(1792479600000)); /* 20 October, 07:00 UTC */
    assert_true(b[1].start_ms - b[0].start_ms == 7 * DAY + 60 * MS_PER_MIN);
    assert_true(b[0].end_ms - b[0].start_ms == 45 * MS_PER_MIN);
    assert_int_equal(b[0].travel_minutes, 20);
    assert_int_equal(b[0].id, 7);
    assert_int_equal(section_meetings(&berlin, &sundays, 1, from, to, b, 1), 2); /* first of two */
    assert_int_equal(zone_day_start("Europe/Berlin", 2027, 3, 28, &from), ERR_OK);
    assert_int_equal(section_meetings(&berlin, &sundays, 1, from, from + DAY, b, 8), 0);
    assert_int_equal(section_meetings(&berlin, &sundays, 1, from, from, b, 8), 0);
    assert_int_equal(
        section_meetings(&(struct section_place){ .tz = "Mars/Base" }, &sundays, 1, 0, DAY, b, 8),
        0);
}

static void online_needs_no_way(void **state)
{
    const struct section_place online = { 7, "Europe/Moscow", true, 40 };
    const struct section_slot mondays = { 1, 900, 60 };
    struct section_block b[2];

    (void)state;
    assert_int_equal(section_meetings(&online, &mondays, 1, NOW, NOW + 7 * DAY, b, 2), 1);
    assert_true(b[0].on_screen);
    assert_int_equal(b[0].travel_minutes, 0);
}

static void two_sections_and_the_way_between_them(void **state)
{
    struct section_block a = { 1, 0, 60 * MS_PER_MIN, false, 0 },
                         b = { 2, 60 * MS_PER_MIN, 90 * MS_PER_MIN, false, 0 };

    (void)state;
    assert_false(section_blocks_overlap(&a, 1, &b, 1)); /* half-open */
    b.travel_minutes = 1;
    assert_true(section_blocks_overlap(&a, 1, &b, 1));
    assert_true(section_blocks_overlap(&b, 1, &a, 1));
    b.start_ms += MS_PER_MIN;
    assert_false(section_blocks_overlap(&a, 1, &b, 1));
    assert_false(section_blocks_overlap(&a, 1, &b, 0));
}

static void names_and_settings(void **state)
{
    const struct section_setting *s;
    enum section_kind k;
    enum visit_kind v;
    enum choice_state c;
    size_t n;

    (void)state;
    for (int i = 0; i < SECTION_KINDS; i++)
        assert_true(section_kind_parse(section_kind_name((enum section_kind)i), &k) && (int)k == i);
    for (int i = 0; i < VISIT_KINDS; i++)
        assert_true(visit_kind_parse(visit_kind_name((enum visit_kind)i), &v) && (int)v == i);
    for (int i = 0; i < CHOICE_STATES; i++)
        assert_true(choice_state_parse(choice_state_name((enum choice_state)i), &c) && (int)c == i);
    assert_false(section_kind_parse("war", &k) || visit_kind_parse(NULL, &v) ||
                 choice_state_parse("", &c));
    assert_string_equal(choice_fault_name(CHOICE_CLASH), "choice_clash");
    assert_string_equal(choice_fault_name(CHOICE_FAULTS), "unknown");
    s = section_settings(&n);
    for (size_t i = 0; i < n; i++) {
        assert_in_range(s[i].fallback, s[i].min, s[i].max);
        assert_true(s[i].source[0] != '\0');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_thing_that_stands_against_a_choice),
        cmocka_unit_test(two_or_three_and_neither_one_nor_four),
        cmocka_unit_test(the_list_moves_up_in_order),
        cmocka_unit_test(meetings_keep_their_wall_time),
        cmocka_unit_test(online_needs_no_way),
        cmocka_unit_test(two_sections_and_the_way_between_them),
        cmocka_unit_test(names_and_settings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
