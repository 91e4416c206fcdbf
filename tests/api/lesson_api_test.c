/* SPDX-License-Identifier: Apache-2.0
 *
 * The timetable through the HTTP API: who may change it, what does not fit
 * and how that is said, and that a refused change leaves nothing behind.
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
static struct lesson_id booked;  /* mentor 0, child 0, tomorrow 11:00-11:40 */
static struct lesson_id running; /* mentor 0, child 0, since 10:00 */

#define TOMORROW_11 (RIG_NOW - 12 * MS_PER_MIN + MS_PER_HOUR + MS_PER_DAY)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    booked = world_lesson(&r.w, 0, 0, TOMORROW_11, TOMORROW_11 + 40 * MS_PER_MIN);
    running = world_lesson(&r.w, 0, 0, RIG_NOW - 12 * MS_PER_MIN, RIG_NOW + 28 * MS_PER_MIN);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *path_of(struct lesson_id id, const char *tail)
{
    static char text[80];

    assert_true(str_format(text, sizeof text, "/lessons/%lld%s", (long long)id.v, tail));
    return text;
}

static const char *new_lesson(int mentor, int child, const char *date, const char *time,
                              int minutes)
{
    static char text[300];

    assert_true(str_format(text, sizeof text,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"%s\",\"time\":\"%s\",\"minutes\":%d}",
                           (long long)r.w.mentor_users[mentor].v,
                           (long long)r.w.child_users[child].v, date, time, minutes));
    return text;
}

static int64_t lessons_now(void)
{
    struct answer a = api_get(&r, COORDINATOR, "/timetable?date=2026-11-25");
    size_t n = 0;

    assert_int_equal(a.status, 200);
    for (size_t i = 0; i < json_array_size(at(&a, "rows")); i++)
        n += json_array_size(json_object_get(json_array_get(at(&a, "rows"), i), "lessons"));
    answer_free(&a);
    return (int64_t)n;
}

static void a_lesson_is_created_with_its_etag_and_place(void **state)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 0, "2026-11-25", "13:00", 40));

    (void)state;
    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "start"), TOMORROW_11 + 2 * MS_PER_HOUR);
    assert_string_equal(str_at(&a, "state"), "scheduled");
    assert_string_equal(str_at(&a, "chip"), "later");
    assert_non_null(strstr(a.headers, "ETag: \"v"));
    assert_non_null(strstr(a.headers, "Location: /api/v1/lessons/"));
    answer_free(&a);
    assert_int_equal(lessons_now(), 2);
}

static void a_conflict_names_rule_both_lessons_and_free_times(void **state)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 1, "2026-11-25", "11:20", 40));

    (void)state;
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "conflict");
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "mentor_overlap");
    assert_int_equal(int_at(&a, "error.conflicts.0.number"), 3);
    assert_int_equal(int_at(&a, "error.conflicts.0.value"), 20);
    assert_int_equal(int_at(&a, "error.conflicts.0.other.id"), booked.v);
    assert_string_equal(str_at(&a, "error.conflicts.0.other.children.0.given"), "Миша");
    assert_true(json_is_null(at(&a, "error.conflicts.0.this.id")));
    assert_int_equal(int_at(&a, "error.conflicts.0.who.id"), r.w.mentor_users[0].v);
    assert_true(json_array_size(at(&a, "error.free_slots")) > 0);
    assert_true(int_at(&a, "error.free_slots.0.start") >= TOMORROW_11 + 45 * MS_PER_MIN);
    answer_free(&a);
    assert_int_equal(lessons_now(), 1);
}

static void a_child_is_not_in_two_lessons(void **state)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/lessons", new_lesson(1, 0, "2026-11-25", "11:30", 40));

    (void)state;
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "child_overlap");
    assert_int_equal(int_at(&a, "error.conflicts.0.number"), 2);
    assert_int_equal(int_at(&a, "error.conflicts.0.other.id"), booked.v);
    answer_free(&a);
}

static void a_mentor_needs_time_between_two_lessons(void **state)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 1, "2026-11-25", "11:42", 40));

    (void)state;
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "mentor_turn_round");
    assert_int_equal(int_at(&a, "error.conflicts.0.limit"), 5);
    assert_int_equal(int_at(&a, "error.conflicts.0.value"), 2);
    answer_free(&a);
    api_expect(&r, COORDINATOR, "POST", "/lessons", new_lesson(0, 1, "2026-11-25", "11:45", 40),
               201);
}

static void every_broken_rule_is_told_at_once(void **state)
{
    /* too long, in the past, and over the running lesson of both */
    struct answer a =
        api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 0, "2026-11-24", "09:30", 60));
    bool too_long = false, past = false, mentor = false, child = false;

    (void)state;
    assert_int_equal(a.status, 409);
    for (size_t i = 0; i < json_array_size(at(&a, "error.conflicts")); i++) {
        const char *rule = json_string_value(
            json_object_get(json_array_get(at(&a, "error.conflicts"), i), "rule"));

        too_long = too_long || strcmp(rule, "too_long") == 0;
        past = past || strcmp(rule, "in_the_past") == 0;
        mentor = mentor || strcmp(rule, "mentor_overlap") == 0;
        child = child || strcmp(rule, "child_overlap") == 0;
    }
    assert_true(too_long && past && mentor && child);
    answer_free(&a);
}

static void a_moved_lesson_is_a_new_one_and_the_old_one_points_to_it(void **state)
{
    static const char body[] = "{\"date\":\"2026-11-25\",\"time\":\"15:00\",\"minutes\":40,"
                               "\"reason\":\"процедура\"}";
    struct answer a =
        api_ask(&r, COORDINATOR, "POST", path_of(booked, "/move"), "\"v1\"", NULL, body);
    int64_t moved;

    (void)state;
    assert_int_equal(a.status, 200);
    moved = int_at(&a, "id");
    assert_int_not_equal(moved, booked.v);
    assert_int_equal(int_at(&a, "moved_from.id"), booked.v);
    answer_free(&a);
    a = api_get(&r, CHILD, path_of(booked, ""));
    assert_string_equal(str_at(&a, "state"), "rescheduled");
    assert_string_equal(str_at(&a, "chip"), "moved");
    assert_int_equal(int_at(&a, "moved_to.id"), moved);
    assert_true(json_is_null(at(&a, "reason"))); /* whose procedure it is concerns the centre */
    answer_free(&a);
    assert_int_equal(r.lesson_pushes, 2);
}

static void a_change_needs_the_version_that_was_read(void **state)
{
    static const char body[] = "{\"side\":\"child\",\"reason\":\"температура\"}";

    (void)state;
    api_refused(api_ask(&r, COORDINATOR, "POST", path_of(booked, "/cancel"), NULL, NULL, body), 428,
                "need_match");
    api_refused(api_ask(&r, COORDINATOR, "POST", path_of(booked, "/cancel"), "\"v9\"", NULL, body),
                412, "stale");
    api_refused(api_ask(&r, COORDINATOR, "POST", path_of(booked, "/cancel"), "v1", NULL, body), 412,
                "stale");
    assert_int_equal(r.lesson_pushes, 0);
}

/* Both have the lesson open; the second one's change was made for what is not so any more. */
static void two_who_edit_the_same_lesson_do_not_overwrite_each_other(void **state)
{
    struct grant second = { .user = r.w.stranger,
                            .role = ROLE_COORDINATOR,
                            .org = r.w.centre,
                            .from_ms = RIG_NOW - MS_PER_HOUR,
                            .to_ms = FOREVER_MS };
    static const char move[] = "{\"date\":\"2026-11-25\",\"time\":\"13:00\",\"minutes\":40,"
                               "\"reason\":\"procedures\"}";
    static const char cancel[] = "{\"side\":\"centre\",\"reason\":\"x\"}";
    char etag[24], first[24];
    struct answer a;
    int64_t id;

    (void)state;
    api_stop(&r);
    assert_int_equal(grant_add(r.w.db, &second, RIG_NOW, r.w.coordinator, &id), ERR_OK);
    api_resume_at(&r, RIG_NOW);
    a = api_get(&r, COORDINATOR, path_of(booked, ""));
    assert_true(str_format(first, sizeof first, "\"v%lld\"", (long long)int_at(&a, "version")));
    answer_free(&a);
    a = api_get(&r, STRANGER, path_of(booked, ""));
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)int_at(&a, "version")));
    assert_string_equal(etag, first); /* both have read the same */
    answer_free(&a);
    a = api_ask(&r, COORDINATOR, "POST", path_of(booked, "/move"), first, NULL, move);
    assert_int_equal(a.status, 200);
    id = int_at(&a, "id");
    answer_free(&a);
    api_refused(api_ask(&r, STRANGER, "POST", path_of(booked, "/cancel"), etag, NULL, cancel), 412,
                "stale");
    api_refused(api_ask(&r, STRANGER, "POST", path_of(booked, "/move"), etag, NULL, move), 412,
                "stale");
    a = api_get(&r, COORDINATOR, path_of((struct lesson_id){ id }, ""));
    assert_string_equal(str_at(&a, "state"), "scheduled"); /* the first one's change stands */
    answer_free(&a);
}

static void a_cancelled_lesson_says_whose_side_it_was(void **state)
{
    static const char body[] = "{\"side\":\"child\",\"reason\":\"температура\"}";
    struct answer a =
        api_ask(&r, COORDINATOR, "POST", path_of(booked, "/cancel"), "\"v1\"", NULL, body);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "cancelled");
    assert_string_equal(str_at(&a, "side"), "child");
    assert_string_equal(str_at(&a, "reason"), "температура");
    assert_int_equal(json_array_size(at(&a, "may")), 0);
    answer_free(&a);
    api_refused(api_ask(&r, COORDINATOR, "POST", path_of(booked, "/cancel"), "\"v2\"", NULL, body),
                409, "not_now");
}

static void a_lesson_whose_door_is_open_is_not_changed(void **state)
{
    static const char body[] = "{\"side\":\"child\",\"reason\":\"температура\"}";

    (void)state;
    api_refused(api_ask(&r, COORDINATOR, "POST", path_of(running, "/cancel"), "\"v1\"", NULL, body),
                409, "not_now");
}

static void a_substitute_is_somebody_else_and_free(void **state)
{
    char body[120];
    struct answer a;

    (void)state;
    assert_true(str_format(body, sizeof body, "{\"mentor\":%lld,\"reason\":\"больничный\"}",
                           (long long)r.w.mentor_users[0].v));
    a = api_ask(&r, COORDINATOR, "POST", path_of(booked, "/substitute"), "\"v1\"", NULL, body);
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "gate");
    assert_string_equal(str_at(&a, "error.gate"), "same_mentor");
    answer_free(&a);

    assert_true(str_format(body, sizeof body, "{\"mentor\":%lld,\"reason\":\"больничный\"}",
                           (long long)r.w.mentor_users[1].v));
    a = api_ask(&r, COORDINATOR, "POST", path_of(booked, "/substitute"), "\"v1\"", NULL, body);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "mentor.id"), r.w.mentor_users[1].v);
    assert_int_equal(int_at(&a, "substitute_for.id"), r.w.mentor_users[0].v);
    answer_free(&a);
    /* the absent one no longer sees it */
    api_refused(api_get(&r, MENTOR, path_of(booked, "")), 404, "not_found");
    api_expect(&r, MENTOR_2, "GET", path_of(booked, ""), NULL, 200);
}

static void stranger_lesson(char *body, size_t cap)
{
    assert_true(str_format(body, cap,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"2026-11-25\",\"time\":\"13:00\",\"minutes\":40}",
                           (long long)r.w.stranger.v, (long long)r.w.child_users[0].v));
}

static void rejected_as_unknown_mentor(void)
{
    char body[300];
    struct answer a;

    stranger_lesson(body, sizeof body);
    a = api_post(&r, COORDINATOR, "/lessons", body);
    assert_int_equal(a.status, 400); /* no mentor of this centre at all */
    assert_string_equal(str_at(&a, "error.field"), "mentor");
    answer_free(&a);
}

/* The stranger becomes a mentor in order, who is assigned to no child: fit to stand in, no more. */
static void hire_the_stranger(bool with_course)
{
    int64_t from = RIG_NOW - 90 * MS_PER_DAY;
    struct mentor_id m;

    assert_int_equal(mentor_add(r.w.db, r.w.stranger, r.w.centre, RIG_NOW, r.w.coordinator, &m),
                     ERR_OK);
    if (with_course)
        world_course(&r.w, m, from);
    world_documents(&r.w, m, from);
    world_order(&r.w, m, r.w.schools[0], from);
}

static void gate_is(const char *target, const char *etag, const char *body, const char *gate)
{
    struct answer a = api_ask(&r, COORDINATOR, "POST", target, etag, NULL, body);

    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.code"), "gate");
    assert_string_equal(str_at(&a, "error.gate"), gate);
    answer_free(&a);
}

static void start_again(bool with_course)
{
    api_close(&r);
    api_open(&r);
    hire_the_stranger(with_course);
    booked = world_lesson(&r.w, 0, 0, TOMORROW_11, TOMORROW_11 + 40 * MS_PER_MIN);
    api_start(&r);
}

static void a_mentor_without_the_course_teaches_nobody(void **state)
{
    char body[300];

    (void)state;
    rejected_as_unknown_mentor();
    start_again(false);
    assert_true(str_format(body, sizeof body, "{\"mentor\":%lld,\"reason\":\"больничный\"}",
                           (long long)r.w.stranger.v));
    gate_is(path_of(booked, "/substitute"), "\"v1\"", body, "may_teach");
}

static void who_is_not_assigned_may_stand_in_but_not_be_planned(void **state)
{
    char body[300];
    struct answer a;

    (void)state;
    start_again(true);
    stranger_lesson(body, sizeof body);
    gate_is("/lessons", NULL, body, "may_teach");
    assert_true(str_format(body, sizeof body, "{\"mentor\":%lld,\"reason\":\"больничный\"}",
                           (long long)r.w.stranger.v));
    a = api_ask(&r, COORDINATOR, "POST", path_of(booked, "/substitute"), "\"v1\"", NULL, body);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    /* and the lesson may still be moved with the one who stands in */
    a = api_ask(&r, COORDINATOR, "POST", path_of(booked, "/move"), "\"v2\"", NULL,
                "{\"date\":\"2026-11-25\",\"time\":\"15:00\",\"minutes\":40,\"reason\":\"x\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void the_same_click_twice_makes_one_lesson(void **state)
{
    char body[300];
    struct answer a, again;

    (void)state;
    assert_true(str_copy(body, sizeof body, new_lesson(0, 0, "2026-11-25", "13:00", 40)));
    a = api_ask(&r, COORDINATOR, "POST", "/lessons", NULL, "click-1", body);
    again = api_ask(&r, COORDINATOR, "POST", "/lessons", NULL, "click-1", body);
    assert_int_equal(a.status, 201);
    assert_int_equal(again.status, 201);
    assert_int_equal(int_at(&a, "id"), int_at(&again, "id"));
    answer_free(&a);
    answer_free(&again);
    assert_int_equal(lessons_now(), 2);
    api_refused(api_ask(&r, COORDINATOR, "POST", "/lessons", NULL, "click-1",
                        new_lesson(0, 0, "2026-11-25", "14:00", 40)),
                409, "key_reused");
}

static void a_bad_field_is_named_and_nothing_changes(void **state)
{
    static const struct {
        const char *body, *field, *fault;
    } cases[] = {
        { "{}", "subject", "missing" },
        { "{\"subject\":\"alchemy\"}", "subject", "range" },
        { "{\"subject\":7}", "subject", "type" },
        { "{\"subject\":\"maths\",\"mentor\":0}", "mentor", "range" },
        { "{\"subject\":\"maths\",\"mentor\":1.5}", "mentor", "type" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[]}", "children", "range" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3,3]}", "children", "range" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[\"3\"]}", "children", "type" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3],\"date\":\"2026-02-30\"}", "time",
          "missing" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3],\"date\":\"2026-02-30\","
          "\"time\":\"10:00\"}",
          "date", "malformed" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3],\"date\":\"2026-12-01\","
          "\"time\":\"24:00\"}",
          "time", "malformed" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3],\"date\":\"2026-12-01\","
          "\"time\":\"10:00\",\"minutes\":0}",
          "minutes", "range" },
        { "{\"subject\":\"maths\",\"mentor\":1,\"children\":[3],\"date\":\"2026-12-01\","
          "\"time\":\"10:00\",\"minutes\":40,\"state\":\"held\"}",
          "state", "unknown" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct answer a = api_post(&r, COORDINATOR, "/lessons", cases[i].body);

        if (a.status != 400 || strcmp(str_at(&a, "error.field"), cases[i].field) != 0 ||
            strcmp(str_at(&a, "error.fault"), cases[i].fault) != 0)
            fail_msg("%s answered %s", cases[i].body, a.body);
        answer_free(&a);
    }
    api_refused(api_post(&r, COORDINATOR, "/lessons", "{\"a\":1,\"a\":2}"), 400, "malformed");
    api_refused(api_post(&r, COORDINATOR, "/lessons", "[1]"), 400, "malformed");
    api_refused(api_post(&r, COORDINATOR, "/lessons", ""), 400, "malformed");
    assert_int_equal(lessons_now(), 1);
}

static void a_doubled_hour_is_asked_about_and_a_skipped_one_refused(void **state)
{
    struct answer a;

    (void)state;
    /* The child moves to Berlin, where clocks change; R1 knows the zone's table. */
    api_close(&r);
    api_open(&r);
    {
        struct user u;

        assert_int_equal(user_load(r.w.db, r.w.child_users[0], &u), ERR_OK);
        assert_true(str_copy(u.tz, sizeof u.tz, "Europe/Berlin"));
        assert_int_equal(user_save(r.w.db, &u, RIG_NOW, (struct user_id){ 0 }, &u.id), ERR_OK);
    }
    api_start(&r);
    a = api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 0, "2027-03-28", "02:30", 40));
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "skipped_time");
    answer_free(&a);
    a = api_post(&r, COORDINATOR, "/lessons", new_lesson(0, 0, "2027-10-31", "02:30", 40));
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.conflicts.0.rule"), "doubled_time");
    assert_int_equal(int_at(&a, "error.conflicts.0.choices.1") -
                         int_at(&a, "error.conflicts.0.choices.0"),
                     MS_PER_HOUR);
    answer_free(&a);
}

static void dates_out_of_all_reason_are_refused(void **state)
{
    (void)state;
    api_refused(api_get(&r, COORDINATOR, "/timetable?date=2026-13-01"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/timetable?date=20261101"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/timetable?date=%00"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/timetable?date=2026-11-01&date=2026-11-02"), 400,
                "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/timetable?date=9999-11-01"), 400, "bad_field");
    api_refused(api_get(&r, COORDINATOR, "/lessons/0"), 404, "not_found");
    api_refused(api_get(&r, COORDINATOR, "/lessons/99999999999999999999"), 404, "not_found");
    api_refused(api_ask(&r, COORDINATOR, "DELETE", path_of(booked, ""), NULL, NULL, NULL), 405,
                "bad_method");
    api_refused(api_get(&r, COORDINATOR, "/nothing"), 404, "not_found");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_lesson_is_created_with_its_etag_and_place),
        T(a_conflict_names_rule_both_lessons_and_free_times),
        T(a_child_is_not_in_two_lessons),
        T(a_mentor_needs_time_between_two_lessons),
        T(every_broken_rule_is_told_at_once),
        T(a_moved_lesson_is_a_new_one_and_the_old_one_points_to_it),
        T(a_change_needs_the_version_that_was_read),
        T(two_who_edit_the_same_lesson_do_not_overwrite_each_other),
        T(a_cancelled_lesson_says_whose_side_it_was),
        T(a_lesson_whose_door_is_open_is_not_changed),
        T(a_substitute_is_somebody_else_and_free),
        T(a_mentor_without_the_course_teaches_nobody),
        T(who_is_not_assigned_may_stand_in_but_not_be_planned),
        T(the_same_click_twice_makes_one_lesson),
        T(a_bad_field_is_named_and_nothing_changes),
        T(a_doubled_hour_is_asked_about_and_a_skipped_one_refused),
        T(dates_out_of_all_reason_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
