/* SPDX-License-Identifier: Apache-2.0
 *
 * Drafts of the schedule through the HTTP API: what the rules say of each
 * lesson and which times are offered, moving and taking away lessons of the
 * timetable, the difference that publishing makes, late changes, and who comes
 * too late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/version.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static int64_t booked; /* of mentor 0 and child 0, Wednesday 11:00 */
static int64_t draft;

#define HOUR MS_PER_HOUR
#define MIN MS_PER_MIN
#define WEDNESDAY_11 (RIG_NOW - 12 * MIN + HOUR + MS_PER_DAY)

static const char *path(const char *before, int64_t id, const char *after)
{
    static char texts[4][80];
    static int turn;
    char *text = texts[turn++ % 4];

    assert_true(str_format(text, 80, "%s%lld%s", before, (long long)id, after));
    return text;
}

static int64_t new_draft(void)
{
    struct answer a = api_post(&r, COORDINATOR, "/schedule-versions", "{}");
    int64_t id = int_at(&a, "id");

    assert_int_equal(a.status, 201);
    answer_free(&a);
    return id;
}

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    booked = world_lesson(&r.w, 0, 0, WEDNESDAY_11, WEDNESDAY_11 + HOUR / 2).v;
    api_start(&r);
    draft = new_draft();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *wish(int mentor, const char *date, const char *time)
{
    static char text[300];

    assert_true(str_format(text, sizeof text,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"%s\",\"time\":\"%s\",\"minutes\":20}",
                           (long long)r.w.mentor_users[mentor].v, (long long)r.w.child_users[0].v,
                           date, time));
    return text;
}

static int64_t plan(const char *date, const char *time)
{
    struct answer a = api_post(&r, COORDINATOR, path("/schedule-versions/", draft, "/lessons"),
                               wish(0, date, time));
    int64_t id = int_at(&a, "id");

    assert_int_equal(a.status, 201);
    answer_free(&a);
    return id;
}

static struct answer post_as(enum who who, const char *what, const char *etag, const char *body)
{
    char target[80];

    assert_true(
        str_format(target, sizeof target, "/schedule-versions/%lld%s", (long long)draft, what));
    return api_ask(&r, who, "POST", target, etag, NULL, body);
}

static struct answer post(const char *what, const char *etag, const char *body)
{
    return post_as(COORDINATOR, what, etag, body);
}

static const char *to(const char *date, const char *time, int mentor)
{
    static char text[200];

    assert_true(str_format(text, sizeof text,
                           "{\"lesson\":%lld,\"mentor\":%lld,\"date\":\"%s\",\"time\":\"%s\","
                           "\"minutes\":30}",
                           (long long)booked, (long long)r.w.mentor_users[mentor].v, date, time));
    return text;
}

static const char *named(int64_t id)
{
    static char text[60];

    assert_true(str_format(text, sizeof text, "{\"lesson\":%lld}", (long long)id));
    return text;
}

static struct answer diff(void)
{
    return api_get(&r, COORDINATOR, path("/schedule-versions/", draft, "/diff"));
}

static struct answer lines(void)
{
    return api_get(&r, COORDINATOR, path("/schedule-versions/", draft, "/lessons"));
}

static void done(struct answer a, int status)
{
    if (a.status != status)
        print_error("%d %s\n", a.status, a.body ? a.body : "");
    assert_int_equal(a.status, status);
    answer_free(&a);
}

static void validated(void)
{
    struct answer a = post("/validate", NULL, "{}");

    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "version.state"), "validated");
    answer_free(&a);
}

static void state_of(int64_t lesson, const char *state)
{
    struct answer a = api_get(&r, COORDINATOR, path("/lessons/", lesson, ""));

    assert_string_equal(str_at(&a, "state"), state);
    answer_free(&a);
}

/* What is offered is taken with one request, and the draft is in order then. */
static void every_violation_comes_with_times_that_fit(void **state)
{
    int64_t id = plan("2026-11-25", "11:10");
    struct answer a = lines();
    char body[120], date[12], time[8];
    struct local_time l;

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.lesson.id"), id);
    assert_string_equal(str_at(&a, "items.0.conflicts.0.rule"), "child_overlap");
    assert_int_equal(int_at(&a, "items.0.conflicts.0.other.id"), booked);
    assert_int_equal(json_array_size(at(&a, "items.0.conflicts")), 2); /* R2 and R3 */
    assert_int_equal(zone_local("Europe/Moscow", int_at(&a, "items.0.free_slots.0.start"), &l),
                     ERR_OK);
    answer_free(&a);
    assert_true(str_format(date, sizeof date, "%04d-%02d-%02d", l.year, l.month, l.day));
    assert_true(str_format(time, sizeof time, "%02d:%02d", l.hour, l.minute));
    assert_true(str_format(body, sizeof body, "{\"date\":\"%s\",\"time\":\"%s\",\"minutes\":20}",
                           date, time));
    api_refused(
        api_ask(&r, COORDINATOR, "PUT", path("/planned-lessons/", id, ""), NULL, NULL, body), 428,
        "need_match");
    done(api_ask(&r, COORDINATOR, "PUT", path("/planned-lessons/", id, ""), "\"v1\"", NULL, body),
         200);
    api_refused(
        api_ask(&r, COORDINATOR, "PUT", path("/planned-lessons/", id, ""), "\"v1\"", NULL, body),
        412, "stale");
    a = lines();
    assert_int_equal(json_array_size(at(&a, "items.0.conflicts")), 0);
    assert_int_equal(json_array_size(at(&a, "items.0.free_slots")), 0);
    assert_int_equal(int_at(&a, "items.0.version"), 2);
    answer_free(&a);
    validated();
}

static void a_lesson_is_moved_with_the_draft(void **state)
{
    struct answer a;
    int64_t planned;

    (void)state;
    /* over its own old time: that one is not in the way */
    a = post("/moves", "\"v1\"", to("2026-11-25", "11:15", 0));
    assert_int_equal(a.status, 201);
    planned = int_at(&a, "id");
    answer_free(&a);
    a = lines();
    assert_int_equal(int_at(&a, "items.0.replaces.id"), booked);
    assert_int_equal(json_array_size(at(&a, "items.0.conflicts")), 0);
    answer_free(&a);
    state_of(booked, "scheduled"); /* nobody sees it yet */
    a = diff();
    assert_string_equal(str_at(&a, "rows.0.kind"), "moved");
    assert_int_equal(int_at(&a, "rows.0.before.id"), booked);
    assert_int_equal(int_at(&a, "rows.0.after.id"), planned);
    assert_int_equal(int_at(&a, "counts.moved"), 1);
    assert_int_equal(int_at(&a, "told"), 3); /* mentor, child, guardian */
    assert_int_equal(json_array_size(at(&a, "rows.0.told")), 3);
    assert_true(json_is_false(at(&a, "reason_needed")));
    answer_free(&a);
    validated();
    done(post("/publish", NULL, "{}"), 200);
    state_of(booked, "rescheduled");
    state_of(planned, "scheduled");
    a = api_get(&r, COORDINATOR, path("/lessons/", booked, ""));
    assert_int_equal(int_at(&a, "moved_to.id"), planned);
    answer_free(&a);
}

static void a_lesson_is_swapped_or_goes(void **state)
{
    struct answer a;

    (void)state;
    done(post("/moves", "\"v1\"", to("2026-11-25", "11:00", 1)), 201);
    a = diff();
    assert_string_equal(str_at(&a, "rows.0.kind"), "swapped");
    assert_int_equal(int_at(&a, "told"), 4); /* both mentors */
    answer_free(&a);
    done(post("/drops", "\"v1\"", named(booked)), 200); /* instead */
    a = diff();
    assert_int_equal(json_array_size(at(&a, "rows")), 1);
    assert_string_equal(str_at(&a, "rows.0.kind"), "gone");
    assert_true(json_is_null(at(&a, "rows.0.after")));
    assert_int_equal(int_at(&a, "counts.gone"), 1);
    answer_free(&a);
    done(post("/stays", NULL, named(booked)), 200);
    a = diff();
    assert_int_equal(json_array_size(at(&a, "rows")), 0);
    answer_free(&a);
    api_refused(post("/stays", NULL, named(booked)), 400, "bad_field");
    done(post("/drops", "\"v1\"", named(booked)), 200);
    validated();
    done(post("/publish", NULL, "{\"reason\":\"treatment\"}"), 200);
    a = api_get(&r, COORDINATOR, path("/lessons/", booked, ""));
    assert_string_equal(str_at(&a, "state"), "cancelled");
    assert_string_equal(str_at(&a, "reason"), "treatment");
    assert_string_equal(str_at(&a, "side"), "centre");
    answer_free(&a);
}

static void what_is_left_out_was_never_there(void **state)
{
    int64_t id = plan("2026-11-26", "11:00");
    struct answer a;

    (void)state;
    validated();
    api_refused(
        api_ask(&r, COORDINATOR, "DELETE", path("/planned-lessons/", id, ""), "\"v9\"", NULL, NULL),
        412, "stale");
    a = api_ask(&r, COORDINATOR, "DELETE", path("/planned-lessons/", id, ""), "\"v1\"", NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "draft"); /* to be judged anew */
    assert_int_equal(int_at(&a, "planned"), 0);
    answer_free(&a);
    api_refused(
        api_ask(&r, COORDINATOR, "DELETE", path("/planned-lessons/", id, ""), "\"v1\"", NULL, NULL),
        404, "not_found");
    /* a lesson of the timetable is none of a draft */
    api_refused(api_ask(&r, COORDINATOR, "DELETE", path("/planned-lessons/", booked, ""), "\"v1\"",
                        NULL, NULL),
                404, "not_found");
    state_of(booked, "scheduled");
}

static void who_publishes_against_an_old_version_is_too_late(void **state)
{
    int64_t mine = draft, theirs, against;
    struct answer a;

    (void)state;
    plan("2026-11-26", "11:00");
    validated();
    a = diff();
    against = int_at(&a, "against");
    assert_true(against > 0);
    answer_free(&a);
    theirs = draft = new_draft();
    plan("2026-11-27", "11:00");
    validated();
    done(post("/publish", NULL, path("{\"against\":", against, "}")), 200);
    draft = mine;
    api_refused(post("/publish", NULL, path("{\"against\":", against, "}")), 409, "outdated");
    a = diff(); /* shown again */
    assert_int_equal(int_at(&a, "against"), theirs);
    answer_free(&a);
    done(post("/publish", NULL, path("{\"against\":", theirs, "}")), 200);
    a = api_get(&r, COORDINATOR, "/schedule-versions?limit=2");
    assert_string_equal(str_at(&a, "items.0.state"), "superseded");
    assert_int_equal(int_at(&a, "items.1.id"), mine);
    assert_string_equal(str_at(&a, "items.1.state"), "published");
    assert_string_equal(str_at(&a, "next"), "2");
    answer_free(&a);
}

static void a_lesson_that_was_changed_meanwhile_is_not_moved_blindly(void **state)
{
    struct answer a;

    (void)state;
    done(post("/moves", "\"v1\"", to("2026-11-25", "13:00", 0)), 201);
    validated();
    done(api_ask(&r, COORDINATOR, "POST", path("/lessons/", booked, "/substitute"), "\"v1\"", NULL,
                 path("{\"mentor\":", r.w.mentor_users[1].v, ",\"reason\":\"x\"}")),
         200);
    api_refused(post("/publish", NULL, "{}"), 409, "outdated");
    a = diff();
    assert_true(json_is_true(at(&a, "outdated")));
    assert_true(json_is_true(at(&a, "rows.0.changed")));
    answer_free(&a);
    state_of(booked, "scheduled");
    done(post("/stays", NULL, named(booked)), 200);
    a = diff();
    assert_true(json_is_false(at(&a, "outdated")));
    answer_free(&a);
}

static void two_who_edit_the_same_lesson_do_not_overwrite_each_other(void **state)
{
    (void)state;
    api_refused(post("/moves", NULL, to("2026-11-25", "13:00", 0)), 428, "need_match");
    api_refused(post("/drops", NULL, named(booked)), 428, "need_match");
    done(api_ask(&r, COORDINATOR, "POST", path("/lessons/", booked, "/substitute"), "\"v1\"", NULL,
                 path("{\"mentor\":", r.w.mentor_users[1].v, ",\"reason\":\"x\"}")),
         200);
    api_refused(post("/moves", "\"v1\"", to("2026-11-25", "13:00", 0)), 412, "stale");
    api_refused(post("/drops", "\"v1\"", named(booked)), 412, "stale");
    done(post("/moves", "\"v2\"", to("2026-11-25", "13:00", 0)), 201);
}

static void a_late_change_needs_a_reason(void **state)
{
    struct answer a;

    (void)state;
    plan("2026-11-24", "15:00"); /* in less than five hours */
    a = lines();
    assert_string_equal(str_at(&a, "items.0.warnings.0.rule"), "late_change");
    answer_free(&a);
    a = diff();
    assert_true(json_is_true(at(&a, "reason_needed")));
    assert_true(json_is_true(at(&a, "rows.0.late")));
    answer_free(&a);
    validated();
    a = post("/publish", NULL, "{}");
    assert_string_equal(str_at(&a, "error.field"), "reason");
    assert_string_equal(str_at(&a, "error.fault"), "missing");
    api_refused(a, 400, "bad_field");
    a = post("/publish", NULL, "{\"reason\":\"the hospital moved it\"}");
    assert_string_equal(str_at(&a, "version.state"), "published");
    answer_free(&a);
    api_expect(&r, COORDINATOR, "GET", "/centre", NULL,
               200);                  /* the pushes come behind the answer */
    assert_true(r.lesson_pushes > 0); /* near enough for an open page */
}

static void bad_input_changes_nothing(void **state)
{
    static const char *const bad[] = {
        "{}", "{\"lesson\":0}", "{\"lesson\":1.5}", "{\"lesson\":999}", "{\"lesson\":1,\"x\":1}",
    };
    struct answer a;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        api_refused(post("/drops", "\"v1\"", bad[i]), 400, "bad_field");
    api_refused(post("/moves", "\"v1\"", to("2026-02-30", "13:00", 0)), 400, "bad_field");
    api_refused(post("/publish", NULL, "{\"against\":-1}"), 400, "bad_field");
    api_refused(post("/publish", NULL, "{\"reason\":\"\"}"), 400, "bad_field");
    a = diff();
    assert_int_equal(json_array_size(at(&a, "rows")), 0);
    answer_free(&a);
}

static void a_draft_is_the_coordinators_alone(void **state)
{
    static const enum who others[] = { CHILD, GUARDIAN, MENTOR, STRANGER, OFFICER, ADMIN };
    int64_t planned = plan("2026-11-26", "11:00");

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        enum who who = others[i];

        api_refused(api_get(&r, who, "/schedule-versions"), 403, "not_allowed");
        api_refused(api_get(&r, who, path("/schedule-versions/", draft, "/lessons")), 403,
                    "not_allowed");
        api_refused(api_get(&r, who, path("/schedule-versions/", draft, "/diff")), 403,
                    "not_allowed");
        api_refused(post_as(who, "/moves", "\"v1\"", to("2026-11-25", "13:00", 0)), 403,
                    "not_allowed");
        api_refused(post_as(who, "/drops", "\"v1\"", named(booked)), 403, "not_allowed");
        api_refused(post_as(who, "/stays", NULL, named(booked)), 403, "not_allowed");
        api_refused(post_as(who, "/publish", NULL, "{}"), 403, "not_allowed");
        api_refused(api_ask(&r, who, "PUT", path("/planned-lessons/", planned, ""), "\"v1\"", NULL,
                            "{\"date\":\"2026-11-27\",\"time\":\"11:00\",\"minutes\":20}"),
                    403, "not_allowed");
        api_refused(api_ask(&r, who, "DELETE", path("/planned-lessons/", planned, ""), "\"v1\"",
                            NULL, NULL),
                    403, "not_allowed");
    }
}

/* Another centre's draft and lesson do not exist. */
static void another_centre_has_nothing_here(void **state)
{
    struct org o = { .type = ORG_CENTRE, .code = "c2", .name = "C2", .tz = "Europe/Moscow" };
    int64_t planned = plan("2026-11-26", "11:00"), version, grant;
    struct version foreign;

    (void)state;
    api_stop(&r);
    assert_int_equal(org_save(r.w.db, &o, RIG_NOW, r.w.coordinator, &o.id), ERR_OK);
    assert_int_equal(version_draft(r.w.db, o.id, RIG_NOW, r.w.coordinator, &foreign), ERR_OK);
    version = foreign.id;
    assert_int_equal(grant_add(r.w.db,
                               &(struct grant){ .user = r.w.stranger,
                                                .role = ROLE_COORDINATOR,
                                                .org = o.id,
                                                .from_ms = RIG_NOW - HOUR,
                                                .to_ms = FOREVER_MS },
                               RIG_NOW, r.w.coordinator, &grant),
                     ERR_OK);
    api_resume_at(&r, RIG_NOW);
    api_refused(api_get(&r, COORDINATOR, path("/schedule-versions/", version, "/diff")), 404,
                "not_found");
    api_refused(api_get(&r, STRANGER, path("/schedule-versions/", draft, "/lessons")), 404,
                "not_found");
    api_refused(post_as(STRANGER, "/publish", NULL, "{}"), 404, "not_found");
    api_refused(api_ask(&r, STRANGER, "DELETE", path("/planned-lessons/", planned, ""), "\"v1\"",
                        NULL, NULL),
                404, "not_found");
    draft = version; /* its own, but the lesson is not its centre's */
    api_refused(post_as(STRANGER, "/drops", "\"v1\"", named(booked)), 400, "bad_field");
    api_refused(post_as(STRANGER, "/moves", "\"v1\"", to("2026-11-25", "13:00", 0)), 400,
                "bad_field");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T(every_violation_comes_with_times_that_fit),
        T(a_lesson_is_moved_with_the_draft),
        T(a_lesson_is_swapped_or_goes),
        T(what_is_left_out_was_never_there),
        T(who_publishes_against_an_old_version_is_too_late),
        T(a_lesson_that_was_changed_meanwhile_is_not_moved_blindly),
        T(two_who_edit_the_same_lesson_do_not_overwrite_each_other),
        T(a_late_change_needs_a_reason),
        T(bad_input_changes_nothing),
        T(a_draft_is_the_coordinators_alone),
        T(another_centre_has_nothing_here),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
