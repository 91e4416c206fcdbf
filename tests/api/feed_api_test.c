/* SPDX-License-Identifier: Apache-2.0
 *
 * Calendar feeds through the HTTP API: one secret address that can be ended,
 * read without a login, with nothing in it that the person may not know; and
 * who guesses is stopped.
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
static struct lesson_id one;

#define HOUR MS_PER_HOUR
#define WEDNESDAY_11 (RIG_NOW - 12 * MS_PER_MIN + HOUR + MS_PER_DAY)

/* The given name is in a feed, the surname is not. */
static void name_child(void)
{
    struct user u;

    assert_int_equal(user_load(r.w.db, r.w.child_users[0], &u), ERR_OK);
    assert_true(str_copy(u.name, sizeof u.name, "Misha Klimov"));
    assert_true(str_copy(u.short_name, sizeof u.short_name, "Misha"));
    assert_int_equal(user_save(r.w.db, &u, RIG_NOW, r.w.coordinator, &u.id), ERR_OK);
}

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    name_child();
    one = world_lesson(&r.w, 0, 0, WEDNESDAY_11, WEDNESDAY_11 + HOUR / 2);
    world_lesson(&r.w, 1, 1, WEDNESDAY_11, WEDNESDAY_11 + HOUR / 2);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

/* The address as the API's own path, without its prefix. */
static void make(enum who who, char out[100])
{
    struct answer a = api_post(&r, who, "/me/feed", "{}");
    const char *prefix = "/api/v1";

    assert_int_equal(a.status, 201);
    assert_int_equal(int_at(&a, "since"), RIG_NOW);
    assert_memory_equal(str_at(&a, "address"), prefix, strlen(prefix));
    assert_true(str_copy(out, 100, str_at(&a, "address") + strlen(prefix)));
    answer_free(&a);
}

static struct answer read_it(const char *address)
{
    struct answer a = api_get(&r, NOBODY, address);

    assert_int_equal(a.status, 200);
    assert_string_equal(a.type, "text/calendar; charset=utf-8");
    return a;
}

static int times(const char *text, const char *word)
{
    int n = 0;

    for (const char *p = text; (p = strstr(p, word)) != NULL; p++)
        n++;
    return n;
}

static void a_feed_holds_the_own_lessons_without_surnames(void **state)
{
    static const enum who readers[] = { CHILD, GUARDIAN, MENTOR };
    char address[100], uid[40];

    (void)state;
    assert_true(str_format(uid, sizeof uid, "UID:%lld-", (long long)one.v));
    for (size_t i = 0; i < 3; i++) {
        struct answer a;

        make(readers[i], address);
        a = read_it(address);
        assert_int_equal(times(a.body, "BEGIN:VEVENT"), 1);
        assert_non_null(strstr(a.body, uid));
        assert_non_null(strstr(a.body, "STATUS:CONFIRMED"));
        assert_null(strstr(a.body, "Klimov"));
        assert_int_equal(times(a.body, ": Misha\r\n"), readers[i] == CHILD ? 0 : 1);
        answer_free(&a);
    }
}

static void a_move_keeps_the_entry_and_a_cancellation_shows(void **state)
{
    char address[100], uid[40], path[60];
    struct answer a;
    int64_t moved;

    (void)state;
    make(GUARDIAN, address);
    assert_true(str_format(uid, sizeof uid, "UID:%lld-", (long long)one.v));
    assert_true(str_format(path, sizeof path, "/lessons/%lld/move", (long long)one.v));
    a = api_ask(&r, COORDINATOR, "POST", path, "\"v1\"", NULL,
                "{\"date\":\"2026-11-25\",\"time\":\"14:00\",\"minutes\":30,\"reason\":\"x\"}");
    assert_int_equal(a.status, 200);
    moved = int_at(&a, "id");
    answer_free(&a);
    a = read_it(address);
    assert_int_equal(times(a.body, "BEGIN:VEVENT"), 1);
    assert_non_null(strstr(a.body, uid)); /* of the first, though it is another row now */
    assert_non_null(strstr(a.body, "DTSTART:20261125T110000Z"));
    assert_non_null(strstr(a.body, "SEQUENCE:1\r\n"));
    answer_free(&a);
    assert_true(str_format(path, sizeof path, "/lessons/%lld/cancel", (long long)moved));
    a = api_ask(&r, COORDINATOR, "POST", path, "\"v1\"", NULL,
                "{\"side\":\"child\",\"reason\":\"has a fever\"}");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    a = read_it(address);
    assert_non_null(strstr(a.body, uid));
    assert_non_null(strstr(a.body, "STATUS:CANCELLED"));
    assert_non_null(strstr(a.body, "SEQUENCE:2\r\n"));
    assert_null(strstr(a.body, "fever"));
    answer_free(&a);
}

static void a_new_address_ends_the_old_one(void **state)
{
    char old[100], fresh[100];
    struct answer a;

    (void)state;
    make(MENTOR, old);
    make(MENTOR, fresh);
    assert_string_not_equal(old, fresh);
    api_refused(api_get(&r, NOBODY, old), 404, "not_found");
    a = read_it(fresh);
    answer_free(&a);
    a = api_get(&r, MENTOR, "/me/feed"); /* told once */
    assert_true(json_is_null(at(&a, "address")));
    assert_int_equal(int_at(&a, "since"), RIG_NOW);
    answer_free(&a);
    a = api_ask(&r, MENTOR, "DELETE", "/me/feed", NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_true(json_is_null(at(&a, "since")));
    answer_free(&a);
    api_refused(api_get(&r, NOBODY, fresh), 404, "not_found");
    api_expect(&r, MENTOR, "DELETE", "/me/feed", NULL, 200); /* again: nothing to do */
}

/* Neither token nor address is in the records, also when the request carries a key. */
static void the_address_is_kept_nowhere(void **state)
{
    struct answer a = api_ask(&r, CHILD, "POST", "/me/feed", NULL, "key-1", "{}");

    (void)state;
    assert_int_equal(a.status, 201);
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM idempotency"), 0);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'feed.create' "
                                        "AND after = ''"),
                     1);
    api_resume_at(&r, RIG_NOW);
}

static void who_guesses_is_stopped(void **state)
{
    char address[100];

    (void)state;
    make(MENTOR, address);
    for (int i = 0; i < 10; i++)
        api_refused(api_get(&r, NOBODY, "/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics"),
                    404, "not_found");
    api_refused(api_get(&r, NOBODY, "/feeds/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA.ics"), 429,
                "too_many");
    api_refused(api_get(&r, NOBODY, address), 429, "too_many"); /* a right guess is none, too */
}

static void an_ended_person_has_no_feed(void **state)
{
    char address[100];

    (void)state;
    make(MENTOR, address);
    api_stop(&r);
    assert_int_equal(user_set_status(r.w.db, r.w.mentor_users[0], USER_ENDED, RIG_NOW), ERR_OK);
    api_resume_at(&r, RIG_NOW);
    api_refused(api_get(&r, NOBODY, address), 404, "not_found");
}

static void only_who_has_lessons_has_a_feed(void **state)
{
    static const enum who others[] = { COORDINATOR, OFFICER, ADMIN };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        api_refused(api_post(&r, others[i], "/me/feed", "{}"), 403, "not_allowed");
        api_refused(api_get(&r, others[i], "/me/feed"), 403, "not_allowed");
    }
    api_refused(api_post(&r, NOBODY, "/me/feed", "{}"), 401, "no_login");
    api_refused(api_post(&r, MENTOR, "/me/feed", "{\"x\":1}"), 400, "bad_field");
    api_refused(api_get(&r, NOBODY, "/feeds/.ics"), 404, "not_found");
    api_refused(api_get(&r, NOBODY, "/feeds/a+b.ics"), 404, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T(a_feed_holds_the_own_lessons_without_surnames),
        T(a_move_keeps_the_entry_and_a_cancellation_shows),
        T(a_new_address_ends_the_old_one),
        T(the_address_is_kept_nowhere),
        T(who_guesses_is_stopped),
        T(an_ended_person_has_no_feed),
        T(only_who_has_lessons_has_a_feed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
