/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of the timetable through the HTTP API: a lesson that breaks one is
 * refused with its name, number and figures, leaves nothing behind, and what is
 * offered instead is accepted.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

/* 25 November 2026 is a Wednesday; child 0 is in grade 3, in Moscow. */
#define WEDNESDAY_11 (RIG_NOW - 12 * MS_PER_MIN + MS_PER_HOUR + MS_PER_DAY)
#define HOUR MS_PER_HOUR
#define MIN MS_PER_MIN

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *wish(int mentor, const char *date, const char *time, int minutes)
{
    static char text[300];

    assert_true(str_format(text, sizeof text,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"%s\",\"time\":\"%s\",\"minutes\":%d}",
                           (long long)r.w.mentor_users[mentor].v, (long long)r.w.child_users[0].v,
                           date, time, minutes));
    return text;
}

/* Refused by this rule alone; null_value: no figure belongs to it. */
#define NO_FIGURE INT64_MIN
static void refused_by(const char *body, const char *rule, int number, int64_t limit, int64_t value)
{
    struct answer a = api_post(&r, COORDINATOR, "/lessons", body);

    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "conflict");
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), rule);
    assert_int_equal(int_at(&a, "error.conflicts.0.number"), number);
    if (limit == NO_FIGURE)
        assert_true(json_is_null(at(&a, "error.conflicts.0.limit")));
    else
        assert_int_equal(int_at(&a, "error.conflicts.0.limit"), limit);
    if (value == NO_FIGURE)
        assert_true(json_is_null(at(&a, "error.conflicts.0.value")));
    else
        assert_int_equal(int_at(&a, "error.conflicts.0.value"), value);
    assert_int_equal(json_array_size(at(&a, "error.conflicts")), 1);
    assert_true(json_array_size(at(&a, "error.free_slots")) > 0);
    answer_free(&a);
}

static void a_childs_day_has_its_hours_lengths_and_rests(void **state)
{
    (void)state;
    assert_int_equal(holiday_add(r.w.db, r.w.schools[0], "2026-11-26", "holiday"), ERR_OK);
    api_start(&r);
    refused_by(wish(0, "2026-11-25", "11:00", 41), "lesson_length", 5, 40, 41);
    refused_by(wish(0, "2026-11-25", "07:55", 40), "day_window", 10, 480, 475);
    refused_by(wish(0, "2026-11-25", "17:25", 40), "day_window", 10, 1080, 1085);
    refused_by(wish(0, "2026-11-29", "11:00", 40), "rest_day", 11, NO_FIGURE, 7);
    refused_by(wish(0, "2026-11-26", "11:00", 40), "holiday", 11, NO_FIGURE,
               date_to_days(2026, 11, 26));
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(0, "2026-11-25", "11:00", 40), 201);
}

static void breaks_and_the_number_of_lessons_are_kept(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) /* 10:00 11:00 13:00 14:00 */
        world_lesson(&r.w, 0, 0, WEDNESDAY_11 + (i - 1 + i / 2) * HOUR,
                     WEDNESDAY_11 + (i - 1 + i / 2) * HOUR + 20 * MIN);
    api_start(&r);
    refused_by(wish(1, "2026-11-25", "11:34", 20), "break", 9, 15, 14);
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(1, "2026-11-25", "16:00", 20), 201);
    refused_by(wish(1, "2026-11-25", "17:00", 20), "lessons_per_day", 7, 5, 6);
}

static void a_week_of_grade_3_has_eight_hours(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++) /* Wednesday to Saturday, two of 39 minutes a day */
        world_lesson(&r.w, 0, 0, WEDNESDAY_11 + i / 2 * MS_PER_DAY + i % 2 * 2 * HOUR,
                     WEDNESDAY_11 + i / 2 * MS_PER_DAY + i % 2 * 2 * HOUR + 39 * MIN);
    api_start(&r);
    refused_by(wish(1, "2026-11-25", "15:00", 10), "week_max", 8, 320, 322);
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(1, "2026-11-30", "15:00", 10), 201);
}

static void a_mentor_is_employed_and_has_hours_left(void **state)
{
    int64_t id, from = RIG_NOW - 90 * MS_PER_DAY;

    (void)state;
    assert_int_equal(employment_end(r.w.db, r.w.mentors[0], r.w.schools[0], RIG_NOW), ERR_OK);
    assert_int_equal(employment_add(r.w.db, r.w.mentors[0], r.w.schools[0], "9", 30, from,
                                    FOREVER_MS, RIG_NOW, r.w.coordinator, &id),
                     ERR_OK);
    api_start(&r);
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(0, "2026-11-25", "11:00", 30), 201);
    refused_by(wish(0, "2026-11-26", "11:00", 10), "employment_hours", 15, 30, 40);
}

/* Every time that is offered fits: it can be taken, one after another. */
static void what_is_offered_is_accepted(void **state)
{
    struct answer a;
    int64_t start;
    char time[8], date[12];
    struct local_time l;

    (void)state;
    assert_int_equal(holiday_add(r.w.db, r.w.schools[0], "2026-11-26", "holiday"), ERR_OK);
    for (int i = 0; i < 4; i++)
        world_lesson(&r.w, 0, 0, WEDNESDAY_11 + i * HOUR, WEDNESDAY_11 + i * HOUR + 30 * MIN);
    api_start(&r);
    a = api_post(&r, COORDINATOR, "/lessons", wish(0, "2026-11-25", "11:10", 40));
    assert_int_equal(a.status, 409);
    start = int_at(&a, "error.free_slots.0.start");
    assert_int_equal(int_at(&a, "error.free_slots.0.end") - start, 40 * MIN);
    answer_free(&a);
    assert_int_equal(zone_local("Europe/Moscow", start, &l), ERR_OK);
    assert_true(str_format(time, sizeof time, "%02d:%02d", l.hour, l.minute));
    assert_true(str_format(date, sizeof date, "%04d-%02d-%02d", l.year, l.month, l.day));
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(0, date, time, 40), 201);
    /* A fifth lesson fitted on Wednesday; a sixth is offered on Friday, Thursday is a holiday. */
    a = api_post(&r, COORDINATOR, "/lessons", wish(0, "2026-11-25", "16:00", 40));
    assert_int_equal(a.status, 409);
    assert_true(int_at(&a, "error.free_slots.0.start") >= WEDNESDAY_11 - 3 * HOUR + 2 * MS_PER_DAY);
    answer_free(&a);
}

static void a_centres_own_number_counts_from_its_date(void **state)
{
    (void)state;
    assert_int_equal(policy_set(r.w.db, r.w.centre, "lesson.max_min.grade_2_11", "25",
                                WEDNESDAY_11 - HOUR, "order 5", RIG_NOW, r.w.coordinator),
                     ERR_OK);
    api_start(&r);
    refused_by(wish(0, "2026-11-25", "11:00", 26), "lesson_length", 5, 25, 26);
    api_expect(&r, COORDINATOR, "POST", "/lessons", wish(0, "2026-11-24", "15:00", 26), 201);
}

static struct answer step(int64_t id, const char *what, const char *body)
{
    char path[64];

    assert_true(str_format(path, sizeof path, "/schedule-versions/%lld%s", (long long)id, what));
    return api_post(&r, COORDINATOR, path, body);
}

static void state_is(struct answer a, int status, const char *state, int64_t lessons, int64_t hard)
{
    assert_int_equal(a.status, status);
    assert_string_equal(str_at(&a, "version.state"), state);
    assert_int_equal(int_at(&a, "lessons"), lessons);
    assert_int_equal(int_at(&a, "hard"), hard);
    answer_free(&a);
}

static void a_draft_is_planned_judged_and_published(void **state)
{
    struct answer a;
    char path[40];
    int64_t id;

    (void)state;
    api_start(&r);
    a = api_post(&r, COORDINATOR, "/schedule-versions", "{}");
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "state"), "draft");
    id = int_at(&a, "id");
    answer_free(&a);
    a = step(id, "/lessons", wish(0, "2026-11-25", "11:00", 30));
    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "state"), "planned");
    assert_null(strstr(a.headers, "Location:"));
    assert_true(str_format(path, sizeof path, "/lessons/%lld", (long long)int_at(&a, "id")));
    api_refused(api_get(&r, CHILD, path), 404, "not_found");
    api_refused(api_get(&r, COORDINATOR, path), 404, "not_found");
    answer_free(&a);
    a = step(id, "/lessons", wish(1, "2026-11-25", "11:20", 30)); /* not judged yet */
    assert_int_equal(a.status, 201);
    answer_free(&a);
    a = step(id, "/validate", "{}");
    assert_string_equal(str_at(&a, "conflicts.0.rule"), "child_overlap");
    assert_int_equal(int_at(&a, "conflicts.0.number"), 2);
    assert_int_equal(int_at(&a, "conflicts.0.this.start"), WEDNESDAY_11);
    assert_int_equal(int_at(&a, "conflicts.0.other.start"), WEDNESDAY_11 + 20 * MIN);
    assert_true(json_array_size(at(&a, "warnings")) > 0); /* 30 minutes of screen in grade 3 */
    state_is(a, 200, "draft", 2, 2);
    api_refused(step(id, "/publish", "{}"), 409, "not_now");
    a = api_post(&r, COORDINATOR, "/schedule-versions", "{}");
    id = int_at(&a, "id");
    answer_free(&a);
    a = step(id, "/lessons", wish(0, "2026-11-25", "11:00", 30));
    answer_free(&a);
    state_is(step(id, "/validate", "{}"), 200, "validated", 1, 0);
    state_is(step(id, "/publish", "{}"), 200, "published", 1, 0);
    api_refused(step(id, "/publish", "{}"), 409, "not_now");
    api_refused(step(id, "/validate", "{}"), 409, "not_now");
    api_refused(step(id, "/lessons", wish(0, "2026-11-26", "11:00", 30)), 409, "not_now");
    /* it is on the timetable now */
    a = api_post(&r, COORDINATOR, "/lessons", wish(0, "2026-11-25", "11:00", 30));
    assert_int_equal(a.status, 409);
    answer_free(&a);
}

static void a_draft_is_the_coordinators(void **state)
{
    static const enum who others[] = { CHILD, MENTOR, GUARDIAN, OFFICER, ADMIN };
    char path[64];
    struct answer a;

    (void)state;
    api_start(&r);
    a = api_post(&r, COORDINATOR, "/schedule-versions", "{}");
    assert_true(
        str_format(path, sizeof path, "/schedule-versions/%lld", (long long)int_at(&a, "id")));
    answer_free(&a);
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        api_refused(api_post(&r, others[i], "/schedule-versions", "{}"), 403, "not_allowed");
        api_refused(api_get(&r, others[i], path), 403, "not_allowed");
    }
    api_expect(&r, COORDINATOR, "GET", path, NULL, 200);
    api_refused(api_get(&r, COORDINATOR, "/schedule-versions/999"), 404, "not_found");
    api_refused(step(999, "/validate", "{}"), 404, "not_found");
    api_refused(step(999, "/publish", "{}"), 404, "not_found");
    api_refused(step(999, "/lessons", wish(0, "2026-11-25", "11:00", 30)), 404, "not_found");
    api_refused(api_post(&r, COORDINATOR, "/schedule-versions", "{\"number\":7}"), 400,
                "bad_field");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_childs_day_has_its_hours_lengths_and_rests, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(breaks_and_the_number_of_lessons_are_kept, setup, teardown),
        cmocka_unit_test_setup_teardown(a_week_of_grade_3_has_eight_hours, setup, teardown),
        cmocka_unit_test_setup_teardown(a_mentor_is_employed_and_has_hours_left, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_offered_is_accepted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_draft_is_planned_judged_and_published, setup, teardown),
        cmocka_unit_test_setup_teardown(a_draft_is_the_coordinators, setup, teardown),
        cmocka_unit_test_setup_teardown(a_centres_own_number_counts_from_its_date, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
