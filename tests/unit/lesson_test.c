/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/lesson: the state table (every pair), the window, J7.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/lesson.h"

#define STATES (LESSON_RESCHEDULED + 1)

/* Every legal change, one a line; whatever is not here must be refused. */
static const char *const arrows[][2] = {
    { "planned", "scheduled" },
    { "scheduled", "open" },
    { "scheduled", "needs_substitute" },
    { "scheduled", "cancelled" },
    { "scheduled", "rescheduled" },
    { "needs_substitute", "scheduled" },
    { "needs_substitute", "cancelled" },
    { "needs_substitute", "rescheduled" },
    { "open", "running" },
    { "open", "ended" },
    { "open", "cancelled" },
    { "running", "interrupted" },
    { "running", "ended" },
    { "interrupted", "running" },
    { "interrupted", "ended" },
    { "ended", "computed" },
    { "computed", "disputed" },
    { "computed", "confirmed" },
    { "disputed", "computed" },
    { "confirmed", "locked" },
    { "locked", "computed" },
};

static bool drawn(enum lesson_state from, enum lesson_state to)
{
    for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
        if (strcmp(arrows[i][0], lesson_state_name(from)) == 0 &&
            strcmp(arrows[i][1], lesson_state_name(to)) == 0)
            return true;
    return false;
}

static void only_drawn_changes_of_state_are_legal(void **state)
{
    size_t legal = 0;

    (void)state;
    for (int from = 0; from < STATES; from++) {
        for (int to = 0; to < STATES; to++) {
            bool may = lesson_state_may_become((enum lesson_state)from, (enum lesson_state)to);

            if (may != drawn((enum lesson_state)from, (enum lesson_state)to))
                fail_msg("%s -> %s", lesson_state_name((enum lesson_state)from),
                         lesson_state_name((enum lesson_state)to));
            legal += may;
        }
    }
    assert_int_equal(legal, sizeof arrows / sizeof arrows[0]);
}

static void unknown_states_lead_nowhere(void **state)
{
    (void)state;
    for (int s = 0; s < STATES; s++) {
        assert_false(lesson_state_may_become((enum lesson_state)s, (enum lesson_state)STATES));
        assert_false(lesson_state_may_become((enum lesson_state)STATES, (enum lesson_state)s));
        assert_false(lesson_state_may_become((enum lesson_state)s, (enum lesson_state)40));
    }
    assert_string_equal(lesson_state_name((enum lesson_state)STATES), "unknown");
}

static void names_round_trip(void **state)
{
    enum lesson_state s = LESSON_OPEN;

    (void)state;
    for (int i = 0; i < STATES; i++) {
        assert_true(lesson_state_parse(lesson_state_name((enum lesson_state)i), &s));
        assert_int_equal(s, i);
    }
    assert_false(lesson_state_parse("unknown", &s));
    assert_false(lesson_state_parse("", &s));
    assert_false(lesson_state_parse(NULL, &s));
    assert_int_equal(s, LESSON_RESCHEDULED);
}

static void no_edit_once_the_door_is_open(void **state)
{
    struct lesson_facts l = { .start_ms = 1000000000,
                              .end_ms = 1000000000 + 40 * MS_PER_MIN,
                              .open_before_ms = 10 * MS_PER_MIN,
                              .close_after_ms = 5 * MS_PER_MIN };
    int64_t opens = lesson_opens_ms(&l);

    (void)state;
    assert_int_equal(opens, l.start_ms - 600000);
    assert_int_equal(lesson_closes_ms(&l), l.end_ms + 300000);
    for (int s = 0; s < STATES; s++) {
        bool early = s == LESSON_PLANNED || s == LESSON_SCHEDULED || s == LESSON_NEEDS_SUBSTITUTE;

        l.state = (enum lesson_state)s;
        assert_int_equal(lesson_editable(&l, opens - 1), early);
        assert_false(lesson_editable(&l, opens));
    }
}

static void the_window_does_not_wrap(void **state)
{
    struct lesson_facts l = { .start_ms = INT64_MIN + 5,
                              .end_ms = INT64_MAX - 5,
                              .open_before_ms = 10,
                              .close_after_ms = 10 };

    (void)state;
    assert_true(lesson_opens_ms(&l) == INT64_MIN);
    assert_true(lesson_closes_ms(&l) == INT64_MAX);
    l.open_before_ms = -10;
    l.start_ms = INT64_MAX - 5;
    assert_true(lesson_opens_ms(&l) == INT64_MAX);
}

static void closing_never_cuts_into_the_next_lesson(void **state)
{
    static const struct {
        int64_t policy, mentor, child, want;
    } t[] = {
        { 300, LESSON_NO_NEXT_MS, LESSON_NO_NEXT_MS, 300 },
        { 300, 1300, LESSON_NO_NEXT_MS, 300 },
        { 300, 1299, LESSON_NO_NEXT_MS, 299 },
        { 300, LESSON_NO_NEXT_MS, 1001, 1 },
        { 300, 1200, 1100, 100 },
        { 300, 1100, 1200, 100 },
        { 300, 1000, 1200, 0 }, /* back to back */
        { 300, 900, 1200, 0 },  /* overlapping rows: never negative */
        { -5, 2000, 2000, 0 },
        { 300, INT64_MIN, 2000, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        assert_int_equal(lesson_close_after(1000, t[i].policy, t[i].mentor, t[i].child), t[i].want);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_drawn_changes_of_state_are_legal),
        cmocka_unit_test(unknown_states_lead_nowhere),
        cmocka_unit_test(names_round_trip),
        cmocka_unit_test(no_edit_once_the_door_is_open),
        cmocka_unit_test(the_window_does_not_wrap),
        cmocka_unit_test(closing_never_cuts_into_the_next_lesson),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
