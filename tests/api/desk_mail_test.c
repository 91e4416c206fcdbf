/* SPDX-License-Identifier: Apache-2.0
 *
 * What time alone puts into the queue of mails: a side that is missing, once,
 * however often it is looked at; a month report that is due soon, or late.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/store/notification.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

#define MIN MS_PER_MIN
#define ok(call) assert_int_equal(call, ERR_OK)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    r.smtp = "smtp://127.0.0.1:9"; /* nobody there: mails wait */
    ok(mail_address_set(r.w.db, r.w.coordinator, "irina@centre.example", RIG_NOW));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* Time is looked at before the first answer. */
static void look(void)
{
    api_expect(&r, COORDINATOR, "GET", "/session", NULL, 200);
    api_stop(&r);
}

static int64_t mails(const char *kind)
{
    struct query q = query_on(r.w.db, "SELECT count(*) FROM notification WHERE kind = $1");
    int64_t n = -1;

    query_text(&q, kind);
    if (query_row(&q))
        n = row_int(&q);
    ok(query_end(&q));
    return n;
}

static void a_side_that_is_missing_is_told_once(void **state)
{
    struct notification n;

    (void)state;
    world_lesson(&r.w, 0, 0, RIG_NOW - 4 * MIN, RIG_NOW + 36 * MIN);
    api_start(&r);
    look();
    assert_int_equal(mails("no_show"), 0); /* too early */
    api_resume_at(&r, RIG_NOW + MIN);
    look();
    assert_int_equal(mails("no_show"), 1);
    api_resume_at(&r, RIG_NOW + 2 * MIN);
    look();
    assert_int_equal(mails("no_show"), 1);
    ok(notification_load(r.w.db, world_number(&r.w, "SELECT max(id) FROM notification"), &n));
    assert_non_null(strstr(n.args, "\"what\":\"both\""));
    assert_int_equal(n.user.v, r.w.coordinator.v);
}

static void a_policy_row_sets_the_minutes(void **state)
{
    (void)state;
    world_lesson(&r.w, 0, 0, RIG_NOW - 6 * MIN, RIG_NOW + 34 * MIN);
    ok(policy_set(r.w.db, r.w.centre, "noshow.after_min", "10", 1, "a test", RIG_NOW,
                  r.w.coordinator));
    api_start(&r);
    look();
    assert_int_equal(mails("no_show"), 0);
    api_resume_at(&r, RIG_NOW + 4 * MIN);
    look();
    assert_int_equal(mails("no_show"), 1);
}

static void a_cancelled_lesson_misses_nobody(void **state)
{
    struct lesson_id l = world_lesson(&r.w, 0, 0, RIG_NOW - 6 * MIN, RIG_NOW + 34 * MIN);

    (void)state;
    ok(lesson_cancel(r.w.db, l, "ill", SIDE_CHILD, RIG_NOW));
    api_start(&r);
    look();
    assert_int_equal(mails("no_show"), 0);
}

static void who_has_no_address_is_not_told_and_nothing_breaks(void **state)
{
    (void)state;
    ok(db_script(r.w.db, "DELETE FROM mail_address"));
    world_lesson(&r.w, 0, 0, RIG_NOW - 6 * MIN, RIG_NOW + 34 * MIN);
    api_start(&r);
    look();
    assert_int_equal(mails("no_show"), 0);
}

/* ---- month reports --------------------------------------------------------------------------- */

/* Moscow; November's report is due by the end of 4 December. */
#define DECEMBER INT64_C(1796072400000) /* 1 December 2026, 0:00 */
#define DAY MS_PER_DAY

static void report_is_owed(void)
{
    /* The mentor has had children since November alone: nothing is owed of the months before. */
    ok(db_script(r.w.db,
                 "UPDATE assignment SET from_ms = 1793653200000 WHERE from_ms < 1793653200000"));
    ok(mail_address_set(r.w.db, r.w.mentor_users[0], "anna@centre.example", RIG_NOW));
    world_lesson(&r.w, 0, 0, DECEMBER - 10 * DAY, DECEMBER - 10 * DAY + 40 * MIN);
}

/* Mails to mentor 0 behind a look at this instant. */
static int64_t told_at(int64_t at_ms)
{
    api_resume_at(&r, at_ms);
    look();
    return mails("report_due");
}

static void a_report_is_asked_for_twice_and_once_more_when_it_is_late(void **state)
{
    struct notification n;

    (void)state;
    report_is_owed();
    api_start(&r);
    look();
    assert_int_equal(mails("report_due"), 0); /* the month is not over */
    assert_int_equal(told_at(DECEMBER + 12 * MS_PER_HOUR), 0);
    assert_int_equal(told_at(DECEMBER + DAY + 12 * MS_PER_HOUR), 1); /* three days before */
    assert_int_equal(told_at(DECEMBER + DAY + 18 * MS_PER_HOUR), 1);
    assert_int_equal(told_at(DECEMBER + 3 * DAY + 12 * MS_PER_HOUR), 2); /* one day before */
    assert_int_equal(told_at(DECEMBER + 4 * DAY + 12 * MS_PER_HOUR), 3); /* late */
    assert_int_equal(told_at(DECEMBER + 9 * DAY + 12 * MS_PER_HOUR), 3);
    ok(notification_load(r.w.db, world_number(&r.w, "SELECT max(id) FROM notification"), &n));
    assert_non_null(strstr(n.args, "\"what\":\"overdue\""));
    assert_int_equal(n.user.v, r.w.mentor_users[0].v);
}

static void a_report_that_was_sent_is_not_asked_for(void **state)
{
    (void)state;
    report_is_owed();
    ok(db_script(r.w.db, "INSERT INTO month_report (mentor, child, school, month, version, state, "
                         "rev, at_ms, by_user) SELECT m.id, c.id, c.org_school, '2026-11', 1, "
                         "'submitted', 1, 1, m.user_id FROM mentor m, child c"));
    api_start(&r);
    look();
    assert_int_equal(told_at(DECEMBER + 9 * DAY + 12 * MS_PER_HOUR), 0);
}

static void policy_rows_set_the_days(void **state)
{
    (void)state;
    report_is_owed();
    ok(policy_set(r.w.db, r.w.centre, "report.due_day", "10", 1, "a test", RIG_NOW,
                  r.w.coordinator));
    api_start(&r);
    look();
    assert_int_equal(told_at(DECEMBER + 5 * DAY), 0);
    assert_int_equal(told_at(DECEMBER + 8 * DAY), 1);
}

/* ---- mark sheets ----------------------------------------------------------------------------- */

/* A quarter that ends on 29 November: due by the end of 2 December. */
static void sheet_is_owed(void)
{
    report_is_owed();
    ok(db_script(r.w.db, "INSERT INTO term (org, kind, from_date, to_date) SELECT id, 'quarter', "
                         "'2026-11-01', '2026-11-29' FROM org WHERE type = 'school'"));
}

static int64_t sheets_told_at(int64_t at_ms)
{
    api_resume_at(&r, at_ms);
    look();
    return mails("sheet_due");
}

static void a_mark_sheet_is_asked_for_twice_and_once_more_when_it_is_late(void **state)
{
    struct notification n;

    (void)state;
    sheet_is_owed();
    api_start(&r);
    look();
    assert_int_equal(mails("sheet_due"), 0); /* the quarter is not over */
    assert_int_equal(sheets_told_at(DECEMBER - 36 * MS_PER_HOUR), 0);
    assert_int_equal(sheets_told_at(DECEMBER - 12 * MS_PER_HOUR), 1); /* three days before */
    assert_int_equal(sheets_told_at(DECEMBER - 6 * MS_PER_HOUR), 1);
    assert_int_equal(sheets_told_at(DECEMBER + DAY + 12 * MS_PER_HOUR), 2);     /* one day before */
    assert_int_equal(sheets_told_at(DECEMBER + 2 * DAY + 12 * MS_PER_HOUR), 3); /* late */
    assert_int_equal(sheets_told_at(DECEMBER + 9 * DAY), 3);
    ok(notification_load(r.w.db,
                         world_number(&r.w, "SELECT max(id) FROM notification WHERE kind = "
                                            "'sheet_due'"),
                         &n));
    assert_non_null(strstr(n.args, "\"what\":\"overdue\""));
    assert_non_null(strstr(n.args, "\"path\":\"/sheets\""));
    assert_int_equal(n.user.v, r.w.mentor_users[0].v);
}

static void a_grade_that_is_not_marked_then_owes_no_sheet(void **state)
{
    (void)state;
    sheet_is_owed();
    ok(db_script(r.w.db, "UPDATE child SET grade = 1"));
    api_start(&r);
    look();
    assert_int_equal(sheets_told_at(DECEMBER + 5 * DAY), 0);
}

static void a_mark_sheet_that_was_sent_is_not_asked_for(void **state)
{
    (void)state;
    sheet_is_owed();
    ok(db_script(r.w.db, "INSERT INTO mark_sheet (mentor, child, school, kind, from_date, to_date, "
                         "state, at_ms, by_user) SELECT m.id, c.id, c.org_school, 'quarter', "
                         "'2026-11-01', '2026-11-29', 'submitted', 1, m.user_id "
                         "FROM mentor m, child c"));
    api_start(&r);
    look();
    assert_int_equal(sheets_told_at(DECEMBER + 5 * DAY), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(a_side_that_is_missing_is_told_once),
        t(a_policy_row_sets_the_minutes),
        t(a_cancelled_lesson_misses_nobody),
        t(who_has_no_address_is_not_told_and_nothing_breaks),
        t(a_report_is_asked_for_twice_and_once_more_when_it_is_late),
        t(a_report_that_was_sent_is_not_asked_for),
        t(policy_rows_set_the_days),
        t(a_mark_sheet_is_asked_for_twice_and_once_more_when_it_is_late),
        t(a_grade_that_is_not_marked_then_owes_no_sheet),
        t(a_mark_sheet_that_was_sent_is_not_asked_for),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
