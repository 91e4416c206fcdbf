/* SPDX-License-Identifier: Apache-2.0
 *
 * Webhooks over the API: the secret is seen once, whoever may keep them keeps
 * those of the own centre alone, and a receiver that is dead too long is
 * switched off with a letter. Nothing here leaves the machine: the addresses
 * are of closed networks, which are called by nobody.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/notification.h"
#include "server/store/webhook.h"
#include "tests/api/api_rig.h"

#define HOOK_SECRET_CHARS_MAX 80
#define URL "https://10.0.0.1/hook"
#define NEW "{\"url\":\"" URL "\",\"events\":[\"lesson.held\",\"report.delivered\"]}"
#define ok(call) assert_int_equal(call, ERR_OK)

static struct api_rig r;

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *path(const char *before, int64_t id, const char *after)
{
    static char text[96];

    assert_true(str_format(text, sizeof text, "%s/%lld%s", before, (long long)id, after));
    return text;
}

/* secret: room for the one that is answered; NULL: it is not looked at. */
static int64_t make(char secret[HOOK_SECRET_CHARS_MAX])
{
    struct answer a = api_post(&r, ADMIN, "/webhooks", NEW);
    int64_t id = int_at(&a, "webhook.id");

    assert_int_equal(a.status, 201);
    if (secret)
        assert_true(str_copy(secret, HOOK_SECRET_CHARS_MAX, str_at(&a, "secret")));
    answer_free(&a);
    return id;
}

static void put(int64_t id, int64_t version, const char *body, int status, const char *code)
{
    char etag[24];
    struct answer a;

    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)version));
    a = api_ask(&r, ADMIN, "PUT", path("/webhooks", id, ""), etag, NULL, body);
    if (code) {
        api_refused(a, status, code);
        return;
    }
    assert_int_equal(a.status, status);
    answer_free(&a);
}

static void the_secret_is_seen_once_and_lies_sealed(void **state)
{
    char secret[HOOK_SECRET_CHARS_MAX];
    struct webhook_sealed sealed;
    struct answer a;
    int64_t id = make(secret);

    (void)state;
    a = api_get(&r, ADMIN, "/webhooks");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(json_array_size(at(&a, "events")), WEBHOOK_COUNT);
    assert_string_equal(str_at(&a, "items.0.url"), URL);
    assert_string_equal(str_at(&a, "items.0.state"), "on");
    assert_null(memmem(a.body, a.body_len, "whsec_", 6));
    answer_free(&a);
    api_stop(&r);
    ok(webhook_secret(r.w.db, id, &sealed));
    assert_null(memmem(sealed.now, sealed.now_len, secret, strlen(secret)));
    assert_null(memmem(sealed.now, sealed.now_len, secret + 6, 20));
    webhook_sealed_free(&sealed);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action = 'webhook.make' "
                                        "AND after NOT LIKE '%hook\"%' AND after NOT LIKE "
                                        "'%whsec%' AND after LIKE '%10.0.0.1%'"),
                     1);
    api_resume_at(&r, RIG_NOW);
}

static void a_new_secret_is_another_and_the_old_one_signs_a_day(void **state)
{
    char first[HOOK_SECRET_CHARS_MAX];
    int64_t id = make(first);
    struct answer a =
        api_ask(&r, ADMIN, "POST", path("/webhooks", id, "/secret"), NULL, NULL, NULL);

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_not_equal(str_at(&a, "secret"), first);
    assert_int_equal(int_at(&a, "webhook.old_secret_until"), RIG_NOW + MS_PER_DAY);
    answer_free(&a);
    api_stop(&r);
    api_resume_at(&r, RIG_NOW + MS_PER_DAY);
    a = api_get(&r, ADMIN, "/webhooks");
    assert_true(json_is_null(at(&a, "items.0.old_secret_until")));
    answer_free(&a);
}

static void bad_ones_are_refused_by_name(void **state)
{
    static const struct {
        const char *body, *field, *fault;
    } bad[] = {
        { "{\"events\":[\"lesson.held\"]}", "url", "missing" },
        { "{\"url\":\"" URL "\"}", "events", "missing" },
        { "{\"url\":\"" URL "\",\"events\":[]}", "events", "range" },
        { "{\"url\":\"" URL "\",\"events\":[\"lesson\"]}", "events", "range" },
        { "{\"url\":\"" URL "\",\"events\":[7]}", "events", "range" },
        { "{\"url\":\"" URL "\",\"events\":[\"lesson.held\",\"lesson.held\"]}", "events", "range" },
        { "{\"url\":\"" URL "\",\"events\":[\"lesson.held\"],\"state\":\"on\"}", "state",
          "unknown" },
        { "{\"url\":\"http://school.example\",\"events\":[\"lesson.held\"]}", "url", "not_https" },
        { "{\"url\":\"https://a b.example\",\"events\":[\"lesson.held\"]}", "url", "not_url" },
        { "{\"url\":\"https://me:x@a.example\",\"events\":[\"lesson.held\"]}", "url", "with_name" },
        { "{\"url\":\"https://localhost/\",\"events\":[\"lesson.held\"]}", "url", "bad_host" },
        { "{\"url\":\"https://a.example/#x\",\"events\":[\"lesson.held\"]}", "url", "with_hash" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer a = api_post(&r, ADMIN, "/webhooks", bad[i].body);

        assert_int_equal(a.status, 400);
        assert_string_equal(str_at(&a, "error.field"), bad[i].field);
        assert_string_equal(str_at(&a, "error.fault"), bad[i].fault);
        answer_free(&a);
    }
    for (int i = 0; i < WEBHOOKS_MAX; i++)
        make(NULL);
    {
        struct answer a = api_post(&r, ADMIN, "/webhooks", NEW);

        assert_string_equal(str_at(&a, "error.gate"), "webhooks_full");
        api_refused(a, 409, "gate");
    }
}

static void it_is_changed_by_who_saw_it_last_and_removed(void **state)
{
    static const char paused[] =
        "{\"url\":\"https://10.0.0.2/\",\"events\":[\"sheet.delivered\"],\"state\":\"paused\"}";
    int64_t id = make(NULL), version;
    struct answer a = api_get(&r, ADMIN, "/webhooks");

    (void)state;
    version = int_at(&a, "items.0.version");
    answer_free(&a);
    api_refused(api_ask(&r, ADMIN, "PUT", path("/webhooks", id, ""), NULL, NULL, paused), 428,
                "need_match");
    put(id, version + 1, paused, 412, "stale");
    put(id, version, "{\"url\":\"" URL "\",\"events\":[\"lesson.held\"],\"state\":\"off\"}", 400,
        "bad_field");
    put(id, version, paused, 200, NULL);
    put(id, version, paused, 412, "stale");
    a = api_get(&r, ADMIN, "/webhooks");
    assert_string_equal(str_at(&a, "items.0.state"), "paused");
    assert_string_equal(str_at(&a, "items.0.url"), "https://10.0.0.2/");
    assert_string_equal(str_at(&a, "items.0.events.0"), "sheet.delivered");
    answer_free(&a);
    api_expect(&r, ADMIN, "DELETE", path("/webhooks", id, ""), NULL, 200);
    api_expect(&r, ADMIN, "DELETE", path("/webhooks", id, ""), NULL, 404);
    put(id, version, paused, 404, "not_found");
    a = api_get(&r, ADMIN, "/webhooks");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
}

/* A receiver whose messages wait, as it was left by a day of work. */
static int64_t with_messages(const char *script)
{
    int64_t id = make(NULL);

    api_stop(&r);
    for (int i = 0; i < 3; i++) {
        const struct webhook_event e = { .kind = WEBHOOK_LESSON_HELD,
                                         .at_ms = RIG_NOW,
                                         .lesson = 5 + i };

        ok(webhook_tell(r.w.db, r.w.centre, &e, RIG_NOW));
    }
    ok(db_script(r.w.db, script));
    api_resume_at(&r, RIG_NOW);
    return id;
}

static void what_was_given_up_is_listed_and_sent_again(void **state)
{
    int64_t id = with_messages("UPDATE webhook SET state = 'paused';"
                               "UPDATE webhook_delivery SET state = 'failed', tries = 20, "
                               "done_ms = 5, why = 'redirect', code = 301 WHERE id = 2");
    struct answer a = api_get(&r, ADMIN, path("/webhooks", id, "/deliveries"));

    (void)state;
    assert_int_equal(json_array_size(at(&a, "items")), 3);
    assert_string_equal(str_at(&a, "items.0.message"), "msg_3");
    assert_string_equal(str_at(&a, "items.1.why"), "redirect");
    assert_int_equal(int_at(&a, "webhook.failed"), 1);
    assert_int_equal(int_at(&a, "webhook.waiting"), 2);
    answer_free(&a);
    a = api_get(&r, ADMIN, path("/webhooks", id, "/deliveries?failed=1"));
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = api_get(&r, ADMIN, path("/webhooks", id, "/deliveries?limit=2"));
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_string_equal(str_at(&a, "next"), "2");
    answer_free(&a);
    api_refused(api_get(&r, ADMIN, path("/webhooks", id, "/deliveries?failed=2")), 400,
                "bad_field");
    a = api_ask(&r, ADMIN, "POST", "/webhook-deliveries/2/again", NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "waiting");
    assert_string_equal(str_at(&a, "message"), "msg_2");
    answer_free(&a);
    api_refused(api_ask(&r, ADMIN, "POST", "/webhook-deliveries/2/again", NULL, NULL, NULL), 409,
                "not_now");
}

/* Until it is so, but not for ever: the courier is a thread of its own. */
static void wait_for(const char *sql, int64_t wanted)
{
    struct db *reader = NULL;
    int64_t n = -1;

    for (int i = 0; i < 600 && n != wanted; i++) {
        struct query q;

        ok(db_open(&reader, r.w.path, DB_READER));
        q = query_on(reader, sql);
        if (query_row(&q))
            n = row_int(&q);
        ok(query_end(&q));
        db_close(reader);
        if (n != wanted)
            usleep(50000);
    }
    assert_int_equal(n, wanted);
}

static void a_closed_network_is_not_called(void **state)
{
    (void)state;
    with_messages("UPDATE webhook_delivery SET next_ms = next_ms + 1000 * id WHERE id > 1");
    wait_for("SELECT count(*) FROM webhook_delivery WHERE why = 'closed_network' AND tries = 1 AND "
             "state = 'waiting'",
             1);
    wait_for("SELECT fails FROM webhook", 1);
}

static void a_receiver_that_is_dead_too_long_is_off_and_a_letter_says_so(void **state)
{
    struct notification n;

    (void)state;
    api_stop(&r);
    ok(mail_address_set(r.w.db, r.admin, "root@centre.example", RIG_NOW));
    r.smtp = "smtp://127.0.0.1:9"; /* nobody there: mails wait */
    api_resume_at(&r, RIG_NOW);
    with_messages("UPDATE webhook SET fails = 9, failing_ms = 1795504320000 - 5 * 86400000");
    wait_for("SELECT count(*) FROM webhook WHERE state = 'off' AND fails = 10", 1);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM webhook_delivery WHERE state = "
                                        "'waiting'"),
                     3); /* nothing is lost by it */
    assert_int_equal(
        world_number(&r.w, "SELECT count(*) FROM notification WHERE kind = 'webhook_off'"), 1);
    ok(notification_load(
        r.w.db, world_number(&r.w, "SELECT id FROM notification WHERE kind = 'webhook_off'"), &n));
    assert_int_equal(n.user.v, r.admin.v);
    assert_non_null(strstr(n.args, "10.0.0.1"));
    assert_null(strstr(n.args, "/hook\"")); /* the host, never the address */
    api_resume_at(&r, RIG_NOW);
}

/* Its key is gone: it must not stand in the way of the others. */
static void one_whose_secret_does_not_open_is_given_up(void **state)
{
    (void)state;
    with_messages("UPDATE webhook SET sealed = zeroblob(64)");
    wait_for("SELECT count(*) FROM webhook_delivery WHERE state = 'failed' AND why = 'unreadable'",
             3);
}

/* ---- rights ----------------------------------------------------------------------------- */

static void only_an_administrator_keeps_them(void **state)
{
    static const enum who others[] = { CHILD, GUARDIAN, MENTOR, OFFICER, COORDINATOR, STRANGER };
    static const struct {
        const char *method, *target;
    } tries[] = { { "GET", "/webhooks" },
                  { "POST", "/webhooks" },
                  { "PUT", "/webhooks/1" },
                  { "DELETE", "/webhooks/1" },
                  { "POST", "/webhooks/1/secret" },
                  { "GET", "/webhooks/1/deliveries" },
                  { "POST", "/webhook-deliveries/1/again" } };

    (void)state;
    make(NULL);
    for (size_t t = 0; t < sizeof tries / sizeof tries[0]; t++) {
        const char *body = strcmp(tries[t].method, "PUT") == 0 ? "{}" : NULL;

        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
            api_refused(api_ask(&r, others[i], tries[t].method, tries[t].target, NULL, NULL, body),
                        403, "not_allowed");
        api_refused(api_ask(&r, NOBODY, tries[t].method, tries[t].target, NULL, NULL, body), 401,
                    "no_login");
    }
}

static void another_centres_are_not_there(void **state)
{
    struct org o = { .type = ORG_CENTRE };
    struct grant g = { .role = ROLE_ADMIN, .from_ms = 1, .to_ms = FOREVER_MS };
    int64_t id = with_messages("UPDATE webhook SET state = 'paused'"), grant;
    struct answer a;

    (void)state;
    api_stop(&r);
    assert_true(str_copy(o.code, sizeof o.code, "other"));
    assert_true(str_copy(o.name, sizeof o.name, "Other"));
    assert_true(str_copy(o.tz, sizeof o.tz, "Europe/Moscow"));
    ok(org_save(r.w.db, &o, RIG_NOW, r.admin, &o.id));
    g.user = r.w.stranger;
    g.org = o.id;
    ok(db_script(r.w.db, "UPDATE role_grant SET to_ms = 2 WHERE role = 'mentor' AND user_id = "
                         "(SELECT id FROM \"user\" WHERE login = 'nobody')"));
    ok(grant_add(r.w.db, &g, RIG_NOW, r.admin, &grant));
    api_resume_at(&r, RIG_NOW);
    a = api_get(&r, STRANGER, "/webhooks");
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    api_expect(&r, STRANGER, "DELETE", path("/webhooks", id, ""), NULL, 404);
    api_expect(&r, STRANGER, "POST", path("/webhooks", id, "/secret"), NULL, 404);
    api_expect(&r, STRANGER, "GET", path("/webhooks", id, "/deliveries"), NULL, 404);
    api_expect(&r, STRANGER, "POST", "/webhook-deliveries/1/again", NULL, 404);
    a = api_ask(&r, STRANGER, "PUT", path("/webhooks", id, ""), "\"v2\"", NULL,
                "{\"url\":\"" URL "\",\"events\":[\"lesson.held\"],\"state\":\"on\"}");
    api_refused(a, 404, "not_found");
    api_expect(&r, ADMIN, "POST", "/webhook-deliveries/999/again", NULL, 404);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(the_secret_is_seen_once_and_lies_sealed),
        t(a_new_secret_is_another_and_the_old_one_signs_a_day),
        t(bad_ones_are_refused_by_name),
        t(it_is_changed_by_who_saw_it_last_and_removed),
        t(what_was_given_up_is_listed_and_sent_again),
        t(a_closed_network_is_not_called),
        t(a_receiver_that_is_dead_too_long_is_off_and_a_letter_says_so),
        t(one_whose_secret_does_not_open_is_given_up),
        t(only_an_administrator_keeps_them),
        t(another_centres_are_not_there),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
