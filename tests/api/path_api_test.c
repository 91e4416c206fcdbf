/* SPDX-License-Identifier: Apache-2.0
 *
 * Path tests through the HTTP API: what is measured is judged and kept for
 * the person who is signed in, and seen by those who may see it, nobody else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/event.h"
#include "server/store/path.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

#define WAYS "/me/path-tests"
#define DEVICES "\"microphone\":\"present\",\"camera\":\"missing\",\"loudspeaker\":\"unknown\""
#define REACHED "\"udp\":true,\"websocket\":true,\"rtt_ms\":38,\"loss_permille\":2,"
#define GOOD "{" REACHED "\"up_kbps\":2400,\"down_kbps\":9100," DEVICES "}"
#define NARROW "{" REACHED "\"up_kbps\":90,\"down_kbps\":9100," DEVICES "}"
#define NOWHERE "{\"udp\":false,\"websocket\":false," DEVICES "}"

static int setup(void **state)
{
    int64_t tomorrow = RIG_NOW + MS_PER_DAY;

    (void)state;
    api_open(&r);
    /* Mentor 0 and child 0 tomorrow; mentor 1 and child 1 in ten days. */
    world_lesson(&r.w, 0, 0, tomorrow, tomorrow + 40 * MS_PER_MIN);
    world_lesson(&r.w, 1, 1, RIG_NOW + 10 * MS_PER_DAY,
                 RIG_NOW + 10 * MS_PER_DAY + 40 * MS_PER_MIN);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static void a_test_is_judged_and_kept(void **state)
{
    struct answer a = api_post(&r, CHILD, WAYS, NARROW);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "verdict"), "voice_only");
    assert_string_equal(str_at(&a, "cause"), "rate_up");
    assert_int_equal(int_at(&a, "at"), RIG_NOW);
    answer_free(&a);

    a = api_get(&r, CHILD, "/path-tests");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "items.0.seat"), "child");
    assert_int_equal(int_at(&a, "items.0.next"), RIG_NOW + MS_PER_DAY);
    assert_string_equal(str_at(&a, "items.0.test.verdict"), "voice_only");
    assert_int_equal(int_at(&a, "items.0.test.up_kbps"), 90);
    assert_string_equal(str_at(&a, "items.0.test.camera"), "missing");
    answer_free(&a);

    /* The newest counts, and figures that were not measured stay empty. */
    a = api_post(&r, CHILD, WAYS, NOWHERE);
    assert_string_equal(str_at(&a, "verdict"), "call_us");
    assert_string_equal(str_at(&a, "cause"), "way");
    answer_free(&a);
    a = api_get(&r, CHILD, "/path-tests");
    assert_string_equal(str_at(&a, "items.0.test.verdict"), "call_us");
    assert_true(json_is_null(at(&a, "items.0.test.rtt_ms")));
    answer_free(&a);
}

static void those_who_have_the_lesson_ahead_are_seen_by_the_coordinator(void **state)
{
    struct answer a;

    (void)state;
    api_expect(&r, CHILD, "POST", WAYS, NARROW, 200);
    api_expect(&r, CHILD_2, "POST", WAYS, NARROW, 200); /* its lesson is too far ahead */
    a = api_get(&r, COORDINATOR, "/path-tests");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    for (int i = 0; i < 2; i++) {
        bool child = strcmp(str_at(&a, i ? "items.1.seat" : "items.0.seat"), "child") == 0;

        assert_int_equal(int_at(&a, i ? "items.1.person.id" : "items.0.person.id"),
                         child ? r.w.child_users[0].v : r.w.mentor_users[0].v);
        assert_int_equal(json_is_null(at(&a, i ? "items.1.test" : "items.0.test")), !child);
    }
    answer_free(&a);
}

static void others_see_their_own_only(void **state)
{
    struct answer a;

    (void)state;
    api_expect(&r, CHILD, "POST", WAYS, NARROW, 200);
    api_expect(&r, CHILD_2, "POST", WAYS, NOWHERE, 200);
    a = api_get(&r, GUARDIAN, "/path-tests");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.person.id"), r.w.child_users[0].v);
    assert_string_equal(str_at(&a, "items.0.test.verdict"), "voice_only");
    answer_free(&a);
    a = api_get(&r, MENTOR, "/path-tests");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.person.id"), r.w.mentor_users[0].v);
    assert_string_equal(str_at(&a, "items.0.seat"), "mentor");
    assert_true(json_is_null(at(&a, "items.0.test")));
    answer_free(&a);
    api_refused(api_get(&r, OFFICER, "/path-tests"), 403, "not_allowed");
    api_refused(api_get(&r, ADMIN, "/path-tests"), 403, "not_allowed");
    api_refused(api_get(&r, NOBODY, "/path-tests"), 401, "no_login");
    api_refused(api_post(&r, NOBODY, WAYS, GOOD), 401, "no_login");
}

static void bad_results_are_refused_by_name(void **state)
{
    static const struct {
        const char *body, *field;
    } bad[] = {
        { "{" DEVICES "}", "udp" },
        { "{\"udp\":1,\"websocket\":true," DEVICES "}", "udp" },
        { "{\"udp\":true,\"websocket\":false," DEVICES "}", "udp" },
        { "{\"udp\":true,\"websocket\":true," DEVICES "}", "rtt_ms" },
        { "{\"udp\":false,\"websocket\":false,\"rtt_ms\":5," DEVICES "}", "rtt_ms" },
        { "{" REACHED "\"up_kbps\":1," DEVICES "}", "down_kbps" },
        { "{" REACHED "\"up_kbps\":-1,\"down_kbps\":1," DEVICES "}", "up_kbps" },
        { "{" REACHED "\"up_kbps\":1000001,\"down_kbps\":1," DEVICES "}", "up_kbps" },
        { "{" REACHED "\"up_kbps\":1.5,\"down_kbps\":1," DEVICES "}", "up_kbps" },
        { "{\"udp\":false,\"websocket\":true,\"rtt_ms\":1,\"up_kbps\":1,\"down_kbps\":1,"
          "\"loss_permille\":3," DEVICES "}",
          "loss_permille" },
        { "{\"udp\":true,\"websocket\":true,\"rtt_ms\":1,\"up_kbps\":1,\"down_kbps\":1,"
          "\"loss_permille\":1001," DEVICES "}",
          "loss_permille" },
        { "{" REACHED "\"up_kbps\":1,\"down_kbps\":1,\"microphone\":\"USB Mic of Misha\","
          "\"camera\":\"present\",\"loudspeaker\":\"present\"}",
          "microphone" },
        /* nobody speaks for another, and nobody chooses the verdict */
        { "{" REACHED "\"up_kbps\":1,\"down_kbps\":1,\"user\":2," DEVICES "}", "user" },
        { "{" REACHED "\"up_kbps\":1,\"down_kbps\":1,\"verdict\":\"good\"," DEVICES "}",
          "verdict" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer a = api_post(&r, CHILD, WAYS, bad[i].body);

        assert_int_equal(a.status, 400);
        assert_string_equal(str_at(&a, "error.code"), "bad_field");
        assert_string_equal(str_at(&a, "error.field"), bad[i].field);
        answer_free(&a);
    }
    api_refused(api_post(&r, CHILD, WAYS, "{"), 400, "malformed");
}

static void no_more_than_twenty_an_hour(void **state)
{
    (void)state;
    for (int i = 0; i < 19; i++)
        api_expect(&r, CHILD, "POST", WAYS, GOOD, 200);
    api_set_now(RIG_NOW + 25 * MS_PER_MIN);
    api_expect(&r, CHILD, "POST", WAYS, GOOD, 200);
    api_set_now(RIG_NOW + 50 * MS_PER_MIN);
    api_refused(api_post(&r, CHILD, WAYS, GOOD), 429, "too_many");
    api_set_now(RIG_NOW + MS_PER_HOUR);
    api_expect(&r, CHILD, "POST", WAYS, GOOD, 200);
    api_set_now(RIG_NOW);
    api_expect(&r, CHILD_2, "POST", WAYS, GOOD, 200);
}

static void tests_are_forgotten_after_thirty_days(void **state)
{
    struct world w;
    struct path_test t = { .at_ms = RIG_NOW,
                           .figures = { .rtt_ms = PATH_UNKNOWN,
                                        .loss_permille = PATH_UNKNOWN,
                                        .up_kbps = PATH_UNKNOWN,
                                        .down_kbps = PATH_UNKNOWN } };

    (void)state;
    world_open(&w, RIG_NOW);
    t.user = w.child_users[0];
    t.judgement = path_judge(&t.figures);
    assert_int_equal(path_test_add(w.db, &t), ERR_OK);
    assert_int_equal(store_sweep(w.db, RIG_NOW + 30 * MS_PER_DAY), ERR_OK);
    assert_int_equal(path_test_last(w.db, w.child_users[0], &t), ERR_OK);
    assert_int_equal(t.judgement.cause, PATH_CAUSE_WAY);
    assert_int_equal(store_sweep(w.db, RIG_NOW + 30 * MS_PER_DAY + 1), ERR_OK);
    assert_int_equal(path_test_last(w.db, w.child_users[0], &t), ERR_NOTFOUND);
    world_close(&w);
}

#define t(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(a_test_is_judged_and_kept),
        t(those_who_have_the_lesson_ahead_are_seen_by_the_coordinator),
        t(others_see_their_own_only),
        t(bad_results_are_refused_by_name),
        t(no_more_than_twenty_an_hour),
        cmocka_unit_test(tests_are_forgotten_after_thirty_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
