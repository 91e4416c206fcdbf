/* SPDX-License-Identifier: Apache-2.0
 *
 * What the centre and the schools work with beside the file itself: the list
 * of mentors with what is missing, interviews, lessons without a mentor and
 * who could give them, children who move, what ends with an employment. Each
 * by whoever may and refused to everybody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "tests/api/hiring_rig.h"

#define LESSON_AT INT64_C(1795683600000) /* 26 November, noon in Moscow */

/* Everybody but the coordinator is refused: without a login 401, else 403. */
static void for_the_coordinator_alone(const char *method, const char *target, const char *body)
{
    for (enum who who = NOBODY; who < WHO_COUNT; who++) {
        struct answer a;

        if (who == COORDINATOR)
            continue;
        a = api_ask(&r, who, method, target, NULL, NULL, body);
        if (a.status != (who == NOBODY ? 401 : 403))
            print_error("%s %s %s: %d\n", who_name(who), method, target, a.status);
        api_refused(a, who == NOBODY ? 401 : 403, who == NOBODY ? "no_login" : "not_allowed");
    }
}

/* ---- the list ------------------------------------------------------------------------------- */

/* Row of the newcomer in the list, -1 if it is not there. */
static int row_of_newcomer(const struct answer *a)
{
    for (size_t i = 0; i < json_array_size(at(a, "items")); i++)
        if (int_at(a, text("items.%zu.mentor.id", i)) == r.w.stranger.v)
            return (int)i;
    return -1;
}

static void the_list_tells_what_is_missing(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, "/mentor-papers");
    int row = row_of_newcomer(&a);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_true(row >= 0);
    assert_true(json_is_false(at(&a, text("items.%d.complete", row))));
    assert_int_equal(json_array_size(at(&a, text("items.%d.missing", row))), 9);
    assert_string_equal(str_at(&a, text("items.%d.missing.0.actor", row)), "mentor");
    answer_free(&a);
    is_hired();
    a = api_get(&r, COORDINATOR, "/mentor-papers");
    row = row_of_newcomer(&a);
    assert_true(json_is_true(at(&a, text("items.%d.complete", row))));
    assert_int_equal(json_array_size(at(&a, text("items.%d.missing", row))), 0);
    assert_string_equal(str_at(&a, text("items.%d.applications.0.state", row)), "acquainted");
    answer_free(&a);
}

/* A school sees whoever applies there or is employed; nobody else has a list. */
static void the_list_is_cut_to_the_school(void **state)
{
    struct answer a;

    (void)state;
    for (enum who who = CHILD; who < WHO_COUNT; who++)
        if (who != COORDINATOR && who != OFFICER && who != OFFICER_2)
            api_refused(api_get(&r, who, "/mentor-papers"), 403, "not_allowed");
    api_refused(api_get(&r, NOBODY, "/mentor-papers"), 401, "no_login");
    a = api_get(&r, OFFICER, "/mentor-papers");
    assert_int_equal(row_of_newcomer(&a), -1);
    answer_free(&a);
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    a = api_get(&r, OFFICER, "/mentor-papers");
    assert_true(row_of_newcomer(&a) >= 0);
    answer_free(&a);
    a = api_get(&r, OFFICER_2, "/mentor-papers");
    assert_int_equal(row_of_newcomer(&a), -1);
    answer_free(&a);
}

static void the_list_comes_in_pages_and_by_name(void **state)
{
    struct answer a = api_get(&r, COORDINATOR, "/mentor-papers?limit=1");
    const char *next;

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    next = text("/mentor-papers?limit=1&cursor=%s", str_at(&a, "next"));
    answer_free(&a);
    a = api_get(&r, COORDINATOR, next);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/mentor-papers?q=nobody-of-this-name");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
    field_is(api_get(&r, COORDINATOR, "/mentor-papers?limit=0"), "limit");
}

static void schools_to_apply_at(void **state)
{
    struct answer a = api_get(&r, STRANGER, mentor("/hiring"));

    (void)state;
    assert_int_equal(json_array_size(at(&a, "schools")), 2);
    answer_free(&a);
    applies();
    a = api_get(&r, STRANGER, mentor("/hiring"));
    assert_int_equal(json_array_size(at(&a, "schools")), 1);
    assert_int_equal(int_at(&a, "schools.0.id"), r.w.schools[1].v);
    answer_free(&a);
    goes(STRANGER, "begin", NULL, "documents");
    a = api_get(&r, OFFICER, mentor("/hiring"));
    assert_int_equal(json_array_size(at(&a, "schools")), 0); /* not the school's business */
    answer_free(&a);
}

/* ---- interviews ----------------------------------------------------------------------------- */

#define TALK(date, score, evidence)                                                                \
    "{\"date\":\"" date "\",\"score\":" score ",\"evidence\":\"" evidence "\"}"

static void an_interview_is_the_centres(void **state)
{
    static const struct {
        const char *body, *field;
    } t[] = {
        { TALK("2026-11-25", "4", "x"), "date" }, /* tomorrow */
        { TALK("2026-02-30", "4", "x"), "date" },
        { TALK("2026-11-23", "0", "x"), "score" },
        { TALK("2026-11-23", "6", "x"), "score" },
        { TALK("2026-11-23", "4", ""), "evidence" },
        { "{\"date\":\"2026-11-23\",\"score\":4}", "evidence" },
    };
    struct answer a;

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++)
        field_is(api_post(&r, COORDINATOR, mentor("/interviews"), t[i].body), t[i].field);
    api_refused(api_post(&r, STRANGER, mentor("/interviews"), TALK("2026-11-23", "5", "me")), 403,
                "not_allowed"); /* about oneself */
    for (enum who who = CHILD; who < WHO_COUNT; who++)
        if (who != COORDINATOR && who != STRANGER)
            api_refused(api_post(&r, who, mentor("/interviews"), TALK("2026-11-23", "5", "x")), 403,
                        "not_allowed");
    api_expect(&r, COORDINATOR, "POST", mentor("/interviews"), TALK("2026-11-20", "3", "a talk"),
               201);
    api_expect(&r, COORDINATOR, "POST", mentor("/interviews"), TALK("2026-11-23", "4", "two cases"),
               201);
    a = api_get(&r, STRANGER, mentor("/hiring")); /* the newest first */
    assert_int_equal(json_array_size(at(&a, "interviews")), 2);
    assert_int_equal(int_at(&a, "interviews.0.score"), 4);
    assert_string_equal(str_at(&a, "interviews.0.date"), "2026-11-23");
    answer_free(&a);
    applies();
    goes(STRANGER, "begin", NULL, "documents");
    a = api_get(&r, OFFICER, mentor("/hiring"));
    assert_int_equal(json_array_size(at(&a, "interviews")), 0); /* never the school's */
    answer_free(&a);
    api_refused(api_post(&r, OFFICER, mentor("/interviews"), TALK("2026-11-23", "5", "x")), 403,
                "not_allowed");
}

/* ---- substitutes ---------------------------------------------------------------------------- */

/* The newcomer's lesson of 26 November, without a mentor since the newcomer is suspended. */
static int64_t a_lesson_without_a_mentor(void)
{
    struct answer a;
    int64_t lesson;

    is_hired();
    a = plans_a_lesson();
    assert_int_equal(a.status, 201);
    lesson = int_at(&a, "id");
    answer_free(&a);
    a_minute_passes(RIG_NOW + MS_PER_MIN);
    goes(COORDINATOR, "suspend", "a complaint", "suspended");
    a_minute_passes(RIG_NOW + 3 * MS_PER_MIN);
    return lesson;
}

static void whoever_may_comes_first(void **state)
{
    int64_t lesson = a_lesson_without_a_mentor();
    const char *target = text("/lessons/%lld/substitutes", (long long)lesson);
    struct answer a = api_get(&r, COORDINATOR, "/needs-substitute");
    int64_t chosen;

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.id"), lesson);
    answer_free(&a);
    for_the_coordinator_alone("GET", "/needs-substitute", NULL);
    a = api_get(&r, COORDINATOR, target);
    assert_int_equal(a.status, 200);
    assert_true(json_array_size(at(&a, "items")) >= 2);
    assert_true(json_is_true(at(&a, "items.0.may")));
    assert_int_equal(json_array_size(at(&a, "items.0.gates")), 0);
    for (size_t i = 0; i < json_array_size(at(&a, "items")); i++)
        assert_int_not_equal(int_at(&a, text("items.%zu.mentor.id", i)), r.w.stranger.v);
    chosen = int_at(&a, "items.0.mentor.id");
    answer_free(&a);
    api_refused(api_get(&r, NOBODY, target), 401, "no_login");
    for (enum who who = CHILD; who < WHO_COUNT; who++) /* who sees the lesson 403, else 404 */
        if (who != COORDINATOR) {
            a = api_get(&r, who, target);
            assert_true(a.status == 403 || a.status == 404);
            answer_free(&a);
        }
    api_refused(api_get(&r, COORDINATOR, "/lessons/99999/substitutes"), 404, "not_found");
    /* What the list says, the change does. */
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson));
    target = text("\"v%lld\"", (long long)int_at(&a, "version"));
    answer_free(&a);
    a = api_ask(&r, COORDINATOR, "POST", text("/lessons/%lld/substitute", (long long)lesson),
                target, NULL,
                text("{\"mentor\":%lld,\"reason\":\"suspended\"}", (long long)chosen));
    if (a.status != 200)
        print_error("%s\n", a.body);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/needs-substitute");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
}

/* A mentor who teaches somebody else at that time is told with the rule, and stands behind. */
static void a_taken_mentor_is_named_with_the_rule(void **state)
{
    int64_t lesson = a_lesson_without_a_mentor(), chosen;
    const char *target = text("/lessons/%lld/substitutes", (long long)lesson);
    struct answer a = api_get(&r, COORDINATOR, target);
    int row = -1;

    (void)state;
    chosen = int_at(&a, "items.0.mentor.id");
    answer_free(&a);
    api_stop(&r);
    world_lesson(&r.w, user_id_eq(r.w.mentor_users[0], (struct user_id){ chosen }) ? 0 : 1, 1,
                 LESSON_AT, LESSON_AT + 40 * MS_PER_MIN);
    api_resume_at(&r, RIG_NOW + 4 * MS_PER_MIN);
    a = api_get(&r, COORDINATOR, target);
    for (size_t i = 0; i < json_array_size(at(&a, "items")); i++)
        if (int_at(&a, text("items.%zu.mentor.id", i)) == chosen)
            row = (int)i;
    assert_true(row >= 0);
    assert_true(json_is_false(at(&a, text("items.%d.may", row))));
    assert_int_equal(json_array_size(at(&a, text("items.%d.gates", row))), 0);
    assert_string_equal(str_at(&a, text("items.%d.rules.0", row)), "mentor_overlap");
    answer_free(&a);
}

/* ---- moving --------------------------------------------------------------------------------- */

static struct answer moves(enum who who, struct org_id from, struct org_id to)
{
    return api_post(&r, who, text("/children/%lld/school", (long long)r.w.child_users[0].v),
                    text("{\"school\":%lld,\"from\":%lld,\"reason\":\"moved\"}", (long long)to.v,
                         (long long)from.v));
}

static void a_move_suspends_lessons_and_stays_to_be_done(void **state)
{
    struct answer a;
    int64_t lesson;

    (void)state;
    is_hired();
    a = plans_a_lesson();
    lesson = int_at(&a, "id");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/child-moves");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    assert_int_equal(json_array_size(at(&a, "schools")), 2);
    answer_free(&a);
    a = moves(COORDINATOR, r.w.schools[0], r.w.schools[1]);
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "school.id"), r.w.schools[1].v);
    assert_true(int_at(&a, "suspended") >= 1);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, text("/lessons/%lld", (long long)lesson)); /* at once */
    assert_string_equal(str_at(&a, "state"), "needs_substitute");
    assert_string_equal(str_at(&a, "reason"), "school_change");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/child-moves");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.child.id"), r.w.child_users[0].v);
    assert_int_equal(int_at(&a, "items.0.from.id"), r.w.schools[0].v);
    assert_true(json_array_size(at(&a, "items.0.mentors")) >= 1);
    answer_free(&a);
    /* Back again: who was hired there may teach, the lesson still waits for a mentor. */
    a = moves(COORDINATOR, r.w.schools[1], r.w.schools[0]);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/child-moves");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(json_array_size(at(&a, "items.0.mentors")), 0);
    assert_true(int_at(&a, "items.0.lessons") >= 1);
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'child.move'"),
                     2);
}

static void a_move_is_refused(void **state)
{
    const char *target = text("/children/%lld/school", (long long)r.w.child_users[0].v);

    (void)state;
    for_the_coordinator_alone("GET", "/child-moves", NULL);
    for_the_coordinator_alone("POST", target, "{\"school\":1,\"from\":2,\"reason\":\"x\"}");
    field_is(moves(COORDINATOR, r.w.schools[0], r.w.centre), "school");
    field_is(moves(COORDINATOR, r.w.schools[0], r.w.schools[0]), "school");
    field_is(moves(COORDINATOR, r.w.schools[0], (struct org_id){ 999 }), "school");
    api_refused(moves(COORDINATOR, r.w.schools[1], r.w.schools[0]), 412, "stale");
    field_is(api_post(&r, COORDINATOR, target,
                      text("{\"school\":%lld,\"from\":%lld,\"reason\":\"\"}",
                           (long long)r.w.schools[1].v, (long long)r.w.schools[0].v)),
             "reason");
    api_refused(api_post(&r, COORDINATOR, "/children/999/school",
                         "{\"school\":1,\"from\":2,\"reason\":\"x\"}"),
                404, "not_found");
}

/* ---- what ends, what is read ---------------------------------------------------------------- */

static void with_the_employment_the_assignments_end(void **state)
{
    (void)state;
    is_hired();
    goes(OFFICER, "end", "moved away", "ended");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM assignment a JOIN mentor m "
                                        "ON m.id = a.mentor JOIN \"user\" u ON u.id = m.user_id "
                                        "WHERE u.login = 'stranger' AND a.to_ms IS NOT NULL"),
                     1);
}

static void a_file_that_is_read_is_written_down(void **state)
{
    const char *file;
    struct answer a;

    (void)state;
    sends("work_book", "book");
    file = text("/documents/%lld/file", (long long)id_of_first("documents"));
    a = api_get(&r, COORDINATOR, file);
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_refused(api_get(&r, MENTOR, file), 404, "not_found");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'document.read' "
                                        "AND entity = 'document'"),
                     1); /* and not whoever was refused */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, started, teardown)
        t(the_list_tells_what_is_missing),
        t(the_list_is_cut_to_the_school),
        t(the_list_comes_in_pages_and_by_name),
        t(schools_to_apply_at),
        t(an_interview_is_the_centres),
        t(whoever_may_comes_first),
        t(a_taken_mentor_is_named_with_the_rule),
        t(a_move_suspends_lessons_and_stays_to_be_done),
        t(a_move_is_refused),
        t(with_the_employment_the_assignments_end),
        t(a_file_that_is_read_is_written_down),
#undef t
    };

    return cmocka_run_group_tests_name("mentors", tests, NULL, NULL);
}
