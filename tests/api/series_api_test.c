/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly series over the HTTP API: planned in a draft, judged occurrence by
 * occurrence and named by date, on clocks that jump and in zones that move, cut
 * where R14 ends, ended from a day on.
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
#include "tests/support/plan_rows.h"

static struct api_rig r;
static struct version draft;

#define ok(call) assert_int_equal(call, ERR_OK)
#define UTC(y, m, d, h) (date_to_days(y, m, d) * MS_PER_DAY + (h)*MS_PER_HOUR)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    ok(version_draft(r.w.db, r.w.centre, RIG_NOW, r.w.coordinator, &draft));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static void zone_of_child(const char *tz)
{
    struct query q = query_on(r.w.db, "UPDATE \"user\" SET tz = $2 WHERE id = $1");

    query_int(&q, r.w.child_users[0].v);
    query_text(&q, tz);
    ok(query_run(&q));
}

static const char *of_draft(void)
{
    static char text[64];

    assert_true(
        str_format(text, sizeof text, "/schedule-versions/%lld/series", (long long)draft.id));
    return text;
}

/* More: further fields, with a leading comma, or "". */
static const char *wish(const char *date, const char *until, const char *time, const char *days,
                        const char *more)
{
    static char text[400];

    assert_true(str_format(text, sizeof text,
                           "{\"subject\":\"maths\",\"mentor\":%lld,\"children\":[%lld],"
                           "\"date\":\"%s\",\"until\":\"%s\",\"time\":\"%s\",\"minutes\":30,"
                           "\"weekdays\":%s%s}",
                           (long long)r.w.mentor_users[0].v, (long long)r.w.child_users[0].v, date,
                           until, time, days, more));
    return text;
}

static struct answer make(const char *body)
{
    struct answer a = api_post(&r, COORDINATOR, of_draft(), body);

    if (a.status != 201)
        print_error("%d %s\n", a.status, a.body);
    assert_int_equal(a.status, 201);
    return a;
}

static void each_occurrence_is_judged_and_named(void **state)
{
    struct answer a;

    (void)state;
    world_lesson(&r.w, 0, 1, UTC(2026, 12, 8, 8) + 10 * MS_PER_MIN,
                 UTC(2026, 12, 8, 8) + 40 * MS_PER_MIN); /* the mentor, 11:10 in Moscow */
    api_start(&r);
    a = make(wish("2026-12-01", "2026-12-18", "11:00", "[2,4]", ",\"leave_out\":[\"2026-12-10\"]"));
    assert_int_equal(int_at(&a, "planned"), 5);
    assert_int_equal(int_at(&a, "cut"), 0);
    assert_int_equal(json_array_size(at(&a, "faults")), 0);
    assert_int_equal(int_at(&a, "hard"), 1);
    assert_string_equal(str_at(&a, "conflicts.0.rule"), "mentor_overlap");
    assert_int_equal(int_at(&a, "conflicts.0.this.start"), UTC(2026, 12, 8, 8));
    assert_int_equal(int_at(&a, "series.lessons"), 5);
    assert_int_equal(int_at(&a, "series.next"), UTC(2026, 12, 1, 8));
    assert_string_equal(str_at(&a, "series.rule"),
                        "FREQ=WEEKLY;INTERVAL=1;WKST=MO;BYDAY=TU,TH;UNTIL=20261218");
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/series");
    assert_int_equal(json_array_size(at(&a, "series")), 1);
    assert_int_equal(json_array_size(at(&a, "series.0.shifted")), 0);
    answer_free(&a);
}

/* Berlin puts its clocks forward in the night to Sunday 28 March 2027. */
static void a_night_that_is_shorter(void **state)
{
    struct answer a;

    (void)state;
    zone_of_child("Europe/Berlin");
    api_start(&r);
    a = make(wish("2027-03-22", "2027-03-31", "09:00", "[2]", ""));
    assert_int_equal(int_at(&a, "series.next"), UTC(2027, 3, 23, 8));
    assert_int_equal(int_at(&a, "series.last"), UTC(2027, 3, 30, 7)); /* 09:00 is sooner by now */
    answer_free(&a);
    a = make(wish("2027-03-21", "2027-04-04", "02:30", "[7]", ""));
    assert_int_equal(int_at(&a, "planned"), 2);
    assert_string_equal(str_at(&a, "faults.0.date"), "2027-03-28");
    assert_string_equal(str_at(&a, "faults.0.rule"), "skipped_time");
    answer_free(&a);
}

/* And back in the night to Sunday 31 October 2027. */
static void a_time_that_comes_twice_is_asked_for(void **state)
{
    struct answer a;

    (void)state;
    zone_of_child("Europe/Berlin");
    api_start(&r);
    a = make(wish("2027-10-24", "2027-10-31", "02:30", "[7]", ""));
    assert_int_equal(int_at(&a, "planned"), 1);
    assert_string_equal(str_at(&a, "faults.0.rule"), "doubled_time");
    assert_int_equal(int_at(&a, "faults.0.choices.0"), UTC(2027, 10, 31, 0) + 30 * MS_PER_MIN);
    assert_int_equal(int_at(&a, "faults.0.choices.1"), UTC(2027, 10, 31, 1) + 30 * MS_PER_MIN);
    answer_free(&a);
    a = make(wish("2027-10-24", "2027-10-31", "02:30", "[7]", ",\"pick\":\"later\""));
    assert_int_equal(int_at(&a, "planned"), 2);
    assert_int_equal(int_at(&a, "series.last"), UTC(2027, 10, 31, 1) + 30 * MS_PER_MIN);
    answer_free(&a);
}

static void it_is_cut_where_validity_ends(void **state)
{
    struct answer a;

    (void)state;
    plan_rows_begin(&r.w);
    plan_rows_line(&r.w, 0, r.w.subject, 60, 30); /* until 31 May 2027, a Monday */
    api_start(&r);
    a = make(wish("2027-05-17", "2027-06-14", "11:00", "[1]", ""));
    assert_int_equal(int_at(&a, "planned"), 3);
    assert_int_equal(int_at(&a, "cut"), 2);
    assert_string_equal(str_at(&a, "cut_from"), "2027-06-07");
    answer_free(&a);
}

/* The zone's rules have changed: the rows keep the old instants until somebody moves them. */
static void a_zone_that_moved_is_told(void **state)
{
    struct answer a;

    (void)state;
    api_start(&r);
    a = make(wish("2026-12-01", "2026-12-09", "11:00", "[2]", ""));
    answer_free(&a);
    api_stop(&r);
    ok(db_script(r.w.db, "UPDATE lesson SET start_ms = start_ms - 3600000, "
                         "end_ms = end_ms - 3600000 WHERE series_date = '2026-12-08'"));
    api_resume_at(&r, RIG_NOW);
    a = api_get(&r, COORDINATOR, "/series");
    assert_int_equal(json_array_size(at(&a, "series.0.shifted")), 1);
    assert_string_equal(str_at(&a, "series.0.shifted.0.date"), "2026-12-08");
    assert_int_equal(int_at(&a, "series.0.shifted.0.was"), UTC(2026, 12, 8, 7));
    assert_int_equal(int_at(&a, "series.0.shifted.0.is"), UTC(2026, 12, 8, 8));
    answer_free(&a);
}

static const char *end_of(int64_t id)
{
    static char text[64];

    assert_true(str_format(text, sizeof text, "/series/%lld/end", (long long)id));
    return text;
}

static struct answer end_it(int64_t id, const char *etag, const char *from)
{
    char body[80];

    assert_true(str_format(body, sizeof body, "{\"from\":\"%s\",\"reason\":\"x\"}", from));
    return api_ask(&r, COORDINATOR, "POST", end_of(id), etag, NULL, body);
}

static void it_ends_from_a_day_on(void **state)
{
    char target[64];
    struct answer a;
    int64_t id;

    (void)state;
    api_start(&r);
    a = make(wish("2026-12-01", "2026-12-22", "11:00", "[2]", ""));
    id = int_at(&a, "series.id");
    answer_free(&a);
    assert_true(
        str_format(target, sizeof target, "/schedule-versions/%lld/validate", (long long)draft.id));
    api_expect(&r, COORDINATOR, "POST", target, "{}", 200);
    a = end_it(id, "\"v1\"", "2026-12-22"); /* planned: it leaves the draft, which is one again */
    assert_int_equal(a.status, 200);
    assert_int_equal(int_at(&a, "unplanned"), 1);
    assert_int_equal(int_at(&a, "cancelled"), 0);
    assert_string_equal(str_at(&a, "series.ends_before"), "2026-12-22");
    answer_free(&a);
    api_expect(&r, COORDINATOR, "POST", target, "{}", 200);
    assert_true(
        str_format(target, sizeof target, "/schedule-versions/%lld/publish", (long long)draft.id));
    a = api_post(&r, COORDINATOR, target, "{}");
    assert_string_equal(str_at(&a, "version.state"), "published");
    answer_free(&a);
    api_refused(end_it(id, NULL, "2026-12-08"), 428, "need_match");
    api_refused(end_it(id, "\"v1\"", "2026-12-08"), 412, "stale");
    a = end_it(id, "\"v2\"", "2026-12-08");
    assert_int_equal(int_at(&a, "cancelled"), 2);
    assert_int_equal(int_at(&a, "series.lessons"), 1);
    answer_free(&a);
    api_stop(&r);
    assert_true(r.lesson_pushes >= 2);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM lesson WHERE state = 'cancelled'"),
                     3);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action IN "
                                        "('series.create', 'series.end')"),
                     3);
}

static void bad_questions_leave_nothing(void **state)
{
    static const struct {
        const char *date, *until, *time, *days, *more, *field, *fault;
    } bad[] = {
        { "2026-12-01", "2026-11-30", "11:00", "[2]", "", "until", "range" },
        { "2026-12-01", "2028-12-30", "11:00", "[2]", "", "until", "range" },
        { "2026-12-01", "2026-12-02", "11:00", "[5]", "", "until", "range" }, /* no Friday in it */
        { "2026-12-32", "2026-12-30", "11:00", "[2]", "", "date", "malformed" },
        { "2026-12-01", "2026-12-30", "25:00", "[2]", "", "time", "malformed" },
        { "2026-12-01", "2026-12-30", "11:00", "[]", "", "weekdays", "range" },
        { "2026-12-01", "2026-12-30", "11:00", "[8]", "", "weekdays", "range" },
        { "2026-12-01", "2026-12-30", "11:00", "[2,2]", "", "weekdays", "range" },
        { "2026-12-01", "2026-12-30", "11:00", "[2]", ",\"every\":5", "every", "range" },
        { "2026-12-01", "2026-12-30", "11:00", "[2]", ",\"leave_out\":[1]", "leave_out",
          "malformed" },
        { "2026-12-01", "2026-12-30", "11:00", "[2]", ",\"x\":1", "x", "unknown" },
    };

    (void)state;
    api_start(&r);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer a =
            api_post(&r, COORDINATOR, of_draft(),
                     wish(bad[i].date, bad[i].until, bad[i].time, bad[i].days, bad[i].more));

        if (a.status != 400)
            print_error("%zu: %d %s\n", i, a.status, a.body);
        assert_int_equal(a.status, 400);
        assert_string_equal(str_at(&a, "error.field"), bad[i].field);
        assert_string_equal(str_at(&a, "error.fault"), bad[i].fault);
        answer_free(&a);
    }
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM series"), 0);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM lesson"), 0);
}

/* Another centre's child, version and series, and every role. */
static void who_may_not_is_refused(void **state)
{
    static const enum who others[] = { CHILD,    CHILD_2, MENTOR,    STRANGER,
                                       GUARDIAN, OFFICER, OFFICER_2, ADMIN };
    struct org o = { .type = ORG_CENTRE, .code = "other", .name = "other", .tz = "Europe/Moscow" };
    const char *body = wish("2026-12-01", "2026-12-22", "11:00", "[2]", "");
    struct version foreign;
    char target[64];
    struct answer a;
    int64_t id;

    (void)state;
    ok(org_save(r.w.db, &o, RIG_NOW, r.w.coordinator, &o.id));
    ok(version_draft(r.w.db, o.id, RIG_NOW, r.w.coordinator, &foreign));
    api_start(&r);
    a = make(body);
    id = int_at(&a, "series.id");
    answer_free(&a);
    assert_true(
        str_format(target, sizeof target, "/schedule-versions/%lld/series", (long long)foreign.id));
    api_refused(api_post(&r, COORDINATOR, target, body), 404, "not_found");
    api_refused(end_it(999, "\"v1\"", "2026-12-08"), 404, "not_found");
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        api_refused(api_post(&r, others[i], of_draft(), body), 403, "not_allowed");
        api_refused(api_get(&r, others[i], "/series"), 403, "not_allowed");
        api_refused(api_ask(&r, others[i], "POST", end_of(id), "\"v1\"", NULL,
                            "{\"from\":\"2026-12-08\",\"reason\":\"x\"}"),
                    403, "not_allowed");
    }
    api_refused(api_get(&r, NOBODY, "/series"), 401, "no_login");
    api_stop(&r);
    ok(db_script(r.w.db, "UPDATE series SET org = (SELECT id FROM org WHERE code = 'other')"));
    api_resume_at(&r, RIG_NOW);
    api_refused(end_it(id, "\"v1\"", "2026-12-08"), 404, "not_found");
    a = api_get(&r, COORDINATOR, "/series");
    assert_int_equal(json_array_size(at(&a, "series")), 0);
    answer_free(&a);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(each_occurrence_is_judged_and_named),
        TEST(a_night_that_is_shorter),
        TEST(a_time_that_comes_twice_is_asked_for),
        TEST(it_is_cut_where_validity_ends),
        TEST(a_zone_that_moved_is_told),
        TEST(it_ends_from_a_day_on),
        TEST(bad_questions_leave_nothing),
        TEST(who_may_not_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
