/* SPDX-License-Identifier: Apache-2.0
 *
 * What time alone puts into the queue of mails: a side that is missing, once,
 * however often it is looked at.
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

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(a_side_that_is_missing_is_told_once),
        t(a_policy_row_sets_the_minutes),
        t(a_cancelled_lesson_misses_nobody),
        t(who_has_no_address_is_not_told_and_nothing_breaks),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
