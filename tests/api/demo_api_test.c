/* SPDX-License-Identifier: Apache-2.0
 *
 * Every page of the demo world, read by everybody who may: two months of
 * lessons with all that can happen to them. The answers go to contract.py, so
 * a word or a field that only real data bring is checked too.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/str.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

static int setup(void **state)
{
    (void)state;
    api_open_demo(&r);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static struct answer get_ok(enum who who, const char *target)
{
    struct answer a = api_get(&r, who, target);

    if (a.status != 200)
        fail_msg("%s as %s: %d %s", target, who_name(who), a.status, a.body ? a.body : "");
    return a;
}

static void read_ok(enum who who, const char *target)
{
    struct answer a = get_ok(who, target);

    answer_free(&a);
}

static void every_day_opens(void **state)
{
    static const enum who people[] = { CHILD, CHILD_2, MENTOR, MENTOR_2, GUARDIAN, COORDINATOR };
    char target[48];

    (void)state;
    for (int day = 2; day <= 26; day += 4) {
        assert_true(str_format(target, sizeof target, "/me/day?date=2026-11-%02d", day));
        for (size_t i = 0; i < sizeof people / sizeof people[0]; i++)
            read_ok(people[i], target);
        assert_true(str_format(target, sizeof target, "/timetable?date=2026-10-%02d", day));
        read_ok(COORDINATOR, target);
    }
}

static void the_running_lesson_leads_the_day(void **state)
{
    struct answer child = get_ok(CHILD, "/me/day"), mentor = get_ok(MENTOR, "/me/day");
    int64_t next = int_at(&child, "next");
    bool found = false;

    (void)state;
    assert_int_equal(next, int_at(&mentor, "next"));
    for (size_t i = 0; i < json_array_size(at(&child, "lessons")); i++) {
        const json_t *l = json_array_get(at(&child, "lessons"), i);

        if (json_integer_value(json_object_get(l, "id")) == next) {
            found = true;
            assert_true(json_integer_value(json_object_get(l, "start")) <= RIG_NOW);
            assert_true(json_integer_value(json_object_get(l, "end")) > RIG_NOW);
        }
    }
    assert_true(found);
    assert_true(json_array_size(at(&mentor, "owed.reports")) == 2);
    answer_free(&child);
    answer_free(&mentor);
}

static void the_board_shows_the_day(void **state)
{
    struct answer a = get_ok(COORDINATOR, "/board");

    (void)state;
    assert_true(int_at(&a, "counts.held") > 0);
    assert_true(json_array_size(at(&a, "door")) > 5);
    assert_true(json_array_size(at(&a, "cards")) >= 1); /* nobody is in the running lesson yet */
    answer_free(&a);
}

static void a_familys_months_add_up(void **state)
{
    static const char *const months[] = { "2026-10", "2026-11" };
    char target[64];

    (void)state;
    for (size_t m = 0; m < 2; m++) {
        struct answer a;

        assert_true(str_format(target, sizeof target, "/children/%lld/log?month=%s",
                               (long long)r.w.child_users[0].v, months[m]));
        a = get_ok(GUARDIAN, target);
        assert_true(int_at(&a, "summary.held") > 5);
        assert_int_equal(int_at(&a, "summary.planned"),
                         int_at(&a, "summary.held") + int_at(&a, "summary.part") +
                             int_at(&a, "summary.teacher_missing") +
                             int_at(&a, "summary.child_missing") + int_at(&a, "summary.technical") +
                             int_at(&a, "summary.ill") + int_at(&a, "summary.other"));
        answer_free(&a);
        read_ok(COORDINATOR, target);
        read_ok(MENTOR, target);
    }
}

static void every_lesson_of_a_child_opens(void **state)
{
    char target[64];
    struct answer a;
    int lessons = 0;

    (void)state;
    assert_true(str_format(target, sizeof target, "/children/%lld/log?month=2026-11",
                           (long long)r.w.child_users[0].v));
    a = get_ok(GUARDIAN, target);
    for (size_t d = 0; d < json_array_size(at(&a, "days")); d++) {
        const json_t *day = json_object_get(json_array_get(at(&a, "days"), d), "lessons");

        for (size_t i = 0; i < json_array_size(day); i++) {
            long long id =
                (long long)json_integer_value(json_object_get(json_array_get(day, i), "id"));

            assert_true(str_format(target, sizeof target, "/lessons/%lld", id));
            read_ok(COORDINATOR, target);
            read_ok(CHILD, target);
            assert_true(str_format(target, sizeof target, "/lessons/%lld/attendance", id));
            read_ok(GUARDIAN, target);
            lessons++;
        }
    }
    assert_true(lessons > 15);
    answer_free(&a);
}

static void every_report_opens_for_its_readers(void **state)
{
    static const enum who readers[] = { COORDINATOR, OFFICER, MENTOR };
    char target[96];

    (void)state;
    for (size_t w = 0; w < 3; w++) {
        struct answer a = get_ok(readers[w], "/reports?month=2026-10&limit=100");

        assert_true(json_array_size(at(&a, "items")) >= (readers[w] == OFFICER ? 2u : 5u));
        assert_true(json_is_null(at(&a, "next")));
        for (size_t i = 0; i < json_array_size(at(&a, "items")); i++) {
            const char *id =
                json_string_value(json_object_get(json_array_get(at(&a, "items"), i), "id"));

            if (readers[w] == OFFICER) { /* its copies are opened before they are read */
                assert_true(str_format(target, sizeof target, "/reports/%s/open", id));
                api_expect(&r, OFFICER, "POST", target, NULL, 200);
            }
            assert_true(str_format(target, sizeof target, "/reports/%s", id));
            if (readers[w] == COORDINATOR || i % 4 == 0)
                read_ok(readers[w], target);
        }
        assert_true(str_format(target, sizeof target, "/reports/%s.csv", str_at(&a, "items.0.id")));
        read_ok(readers[w], target);
        assert_true(str_format(target, sizeof target, "/reports/%s.pdf", str_at(&a, "items.0.id")));
        read_ok(readers[w], target);
        answer_free(&a);
    }
}

/* Names of one school's children are not in what the other school reads. */
/* The quarter that is over waits for marks, of lessons that were marked; another one runs. */
static void mark_sheets_have_something_in_them(void **state)
{
    struct answer a = get_ok(MENTOR, "/mark-sheets");
    size_t over = 0, runs = 0, marked = 0;
    char target[96];

    (void)state;
    for (size_t i = 0; i < json_array_size(at(&a, "items")); i++) {
        const json_t *it = json_array_get(at(&a, "items"), i);
        const char *state_name = json_string_value(json_object_get(it, "state"));
        struct answer one;

        runs += strcmp(state_name, "not_due") == 0;
        over += strcmp(json_string_value(json_object_get(it, "to")), "2026-10-31") == 0;
        assert_true(str_format(target, sizeof target, "/mark-sheets/%s",
                               json_string_value(json_object_get(it, "id"))));
        one = get_ok(MENTOR, target);
        marked += json_array_size(at(&one, "subjects.0.current")) > 0;
        answer_free(&one);
    }
    answer_free(&a);
    assert_true(over >= 5 && runs >= 5 && marked >= 5);
    read_ok(COORDINATOR, "/mark-sheets");
    read_ok(OFFICER, "/mark-sheets");
}

static void a_school_reads_of_its_own_children_only(void **state)
{
    static const char *const others[] = { "Соня", "Лиза", "Вера Никитина", "Emily" };
    static const char *const pages[] = { "/children?limit=100",
                                         "/reports?month=2026-10&limit=100" };

    (void)state;
    for (size_t p = 0; p < 2; p++) {
        struct answer a = get_ok(OFFICER, pages[p]);

        assert_non_null(strstr(a.body, "Миша"));
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            assert_null(strstr(a.body, others[i]));
        answer_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_opens),
        cmocka_unit_test(the_running_lesson_leads_the_day),
        cmocka_unit_test(the_board_shows_the_day),
        cmocka_unit_test(a_familys_months_add_up),
        cmocka_unit_test(every_lesson_of_a_child_opens),
        cmocka_unit_test(every_report_opens_for_its_readers),
        cmocka_unit_test(mark_sheets_have_something_in_them),
        cmocka_unit_test(a_school_reads_of_its_own_children_only),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
