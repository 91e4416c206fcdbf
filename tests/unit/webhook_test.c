/* SPDX-License-Identifier: Apache-2.0
 *
 * What is told to other programs: the body, the address, the signature, whom
 * not to call, and how long a receiver is tried.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <arpa/inet.h>
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/webhook.h"
#include "server/sys/hook.h"

#define NOW INT64_C(1795504320123)

/* ---- the body --------------------------------------------------------------------------- */

static void the_body_says_what_which_and_when(void **state)
{
    const struct webhook_event held = { WEBHOOK_LESSON_HELD, NOW, .lesson = 12 };
    const struct webhook_event most = { WEBHOOK_REPORT_ACKNOWLEDGED,
                                        INT64_C(253402300799999),
                                        INT64_MAX,
                                        INT64_MAX,
                                        0,
                                        INT64_MAX,
                                        INT64_MAX };
    struct webhook_event bad = held;
    char body[WEBHOOK_BODY_MAX + 1];

    (void)state;
    assert_int_equal(webhook_body(&held, body), ERR_OK);
    assert_string_equal(body,
                        "{\"type\":\"lesson.held\",\"timestamp\":\"2026-11-24T07:12:00.123Z\","
                        "\"data\":{\"lesson\":12}}");
    assert_int_equal(webhook_body(&most, body), ERR_OK); /* the longest fits */
    assert_non_null(strstr(body, "9999-12-31T23:59:59.999Z"));
    bad.at_ms = INT64_C(253402300800000);
    assert_int_equal(webhook_body(&bad, body), ERR_INVAL);
    bad.at_ms = -1;
    assert_int_equal(webhook_body(&bad, body), ERR_INVAL);
    bad.at_ms = NOW;
    bad.kind = WEBHOOK_COUNT;
    assert_int_equal(webhook_body(&bad, body), ERR_INVAL);
}

static void every_kind_has_its_name(void **state)
{
    enum webhook_kind k;

    (void)state;
    for (int i = 0; i < WEBHOOK_COUNT; i++) {
        assert_true(strlen(webhook_name((enum webhook_kind)i)) <= WEBHOOK_KIND_MAX);
        assert_true(webhook_parse(webhook_name((enum webhook_kind)i), &k));
        assert_int_equal(k, i);
    }
    assert_false(webhook_parse("lesson", &k));
    assert_false(webhook_parse("", &k));
    assert_string_equal(webhook_name(WEBHOOK_COUNT), "unknown");
}

static void what_a_lesson_came_to(void **state)
{
    static const enum webhook_kind of[] = {
        [OUTCOME_HELD] = WEBHOOK_LESSON_HELD,
        [OUTCOME_PARTIAL] = WEBHOOK_LESSON_HELD,
        [OUTCOME_TECH_SERVER] = WEBHOOK_LESSON_NOT_HELD,
        [OUTCOME_NO_OVERLAP] = WEBHOOK_LESSON_NOT_HELD,
        [OUTCOME_NOT_HELD] = WEBHOOK_LESSON_NOT_HELD,
        [OUTCOME_BOTH_NO_SHOW] = WEBHOOK_LESSON_NO_SHOW,
        [OUTCOME_TEACHER_NO_SHOW] = WEBHOOK_LESSON_NO_SHOW,
        [OUTCOME_TECH_TEACHER] = WEBHOOK_LESSON_NO_SHOW,
        [OUTCOME_CHILD_NO_SHOW] = WEBHOOK_LESSON_NO_SHOW,
        [OUTCOME_TECH_CHILD] = WEBHOOK_LESSON_NO_SHOW,
    };

    (void)state;
    for (int o = OUTCOME_HELD; o <= OUTCOME_NOT_HELD; o++)
        assert_int_equal(webhook_of_outcome((enum outcome)o), of[o]);
}

/* ---- the address ------------------------------------------------------------------------ */

static void an_address_is_https_to_a_host(void **state)
{
    static const struct {
        const char *url;
        enum webhook_url is;
    } all[] = {
        { "https://school.example/hook", WEBHOOK_URL_OK },
        { "https://school.example", WEBHOOK_URL_OK },
        { "https://school.example:8443/a/b?token=x%20y&z=1", WEBHOOK_URL_OK },
        { "https://93.184.216.34/hook", WEBHOOK_URL_OK },
        { "https://[2606:2800:220:1::1]:8443/", WEBHOOK_URL_OK },
        { "http://school.example/hook", WEBHOOK_URL_HTTPS },
        { "HTTPS://school.example/hook", WEBHOOK_URL_HTTPS },
        { "ftp://school.example", WEBHOOK_URL_HTTPS },
        { "", WEBHOOK_URL_HTTPS },
        { "https://school.example/ hook", WEBHOOK_URL_LETTERS },
        { "https://school.example/hook\r\nX: y", WEBHOOK_URL_LETTERS },
        { "https://school.example\\@evil.example", WEBHOOK_URL_LETTERS },
        { "https://школа.example/", WEBHOOK_URL_LETTERS },
        { "https://user:word@school.example/", WEBHOOK_URL_NAMED },
        { "https://user@school.example", WEBHOOK_URL_NAMED },
        { "https://school.example/a@b", WEBHOOK_URL_OK },
        { "https://", WEBHOOK_URL_HOST },
        { "https:///hook", WEBHOOK_URL_HOST },
        { "https://localhost/hook", WEBHOOK_URL_HOST },
        { "https://.example/hook", WEBHOOK_URL_HOST },
        { "https://school.example:/hook", WEBHOOK_URL_HOST },
        { "https://school.example:0/hook", WEBHOOK_URL_HOST },
        { "https://school.example:65536/hook", WEBHOOK_URL_HOST },
        { "https://school.example:-1/hook", WEBHOOK_URL_HOST },
        { "https://school.example:443x/hook", WEBHOOK_URL_HOST },
        { "https://school_example.org/hook", WEBHOOK_URL_HOST },
        { "https://[::1/hook", WEBHOOK_URL_HOST },
        { "https://[]/hook", WEBHOOK_URL_HOST },
        { "https://school.example/hook#here", WEBHOOK_URL_FRAGMENT },
    };
    char host[WEBHOOK_URL_MAX + 1], longest[WEBHOOK_URL_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (webhook_url_check(all[i].url, false) != all[i].is)
            fail_msg("%s: %d", all[i].url, webhook_url_check(all[i].url, false));
    assert_int_equal(webhook_url_check("https://localhost:1/", true), WEBHOOK_URL_OK);
    memset(longest, 'a', sizeof longest);
    memcpy(longest, "https://a.example/", 18);
    longest[WEBHOOK_URL_MAX + 1] = '\0';
    assert_int_equal(webhook_url_check(longest, false), WEBHOOK_URL_LONG);
    longest[WEBHOOK_URL_MAX] = '\0';
    assert_int_equal(webhook_url_check(longest, false), WEBHOOK_URL_OK);
    webhook_host("https://school.example:8443/secret?x", host);
    assert_string_equal(host, "school.example:8443");
    webhook_host("nothing", host);
    assert_string_equal(host, "");
}

static void only_public_addresses_are_called(void **state)
{
    static const char *const closed[] = {
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "::8.8.8.8",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:1ff::1",
        "2001:db8::1",
        "2002:a00:1::1",
        "3fff::1",
        "3fff:fff::1",
        "5f00::1",
        "fc00::1",
        "fd12::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    };
    static const char *const open[] = {
        "1.1.1.1",      "9.255.255.255", "11.0.0.1",    "100.63.255.255",  "100.128.0.1",
        "126.1.1.1",    "128.0.0.1",     "169.253.1.1", "172.15.1.1",      "172.32.1.1",
        "192.167.1.1",  "192.169.1.1",   "198.17.1.1",  "198.20.0.1",      "223.255.255.255",
        "2001:200::1",  "2001:db9::1",   "2003::1",     "2606:4700::1111", "2a02:6b8::feed",
        "3fff:1000::1",
    };
    unsigned char b[16];

    (void)state;
    for (size_t i = 0; i < sizeof closed / sizeof closed[0]; i++) {
        bool six = strchr(closed[i], ':') != NULL;

        assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, closed[i], b), 1);
        if (hook_address_public(b, six ? 16 : 4))
            fail_msg("%s would be called", closed[i]);
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        bool six = strchr(open[i], ':') != NULL;

        assert_int_equal(inet_pton(six ? AF_INET6 : AF_INET, open[i], b), 1);
        if (!hook_address_public(b, six ? 16 : 4))
            fail_msg("%s would not be called", open[i]);
    }
    assert_false(hook_address_public(b, 6));
    assert_false(hook_address_public(b, 0));
}

/* ---- the signature ---------------------------------------------------------------------- */

/* The reference vector of Standard Webhooks. */
static void the_signature_is_the_standards(void **state)
{
    char out[HOOK_SIGNATURE_CHARS + 1];

    (void)state;
    assert_int_equal(hook_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                               "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}",
                               out),
                     ERR_OK);
    assert_string_equal(out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

static void a_secret_signs_only_if_it_is_one(void **state)
{
    static const char *const bad[] = {
        "",          "whsec_",     "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",      "whsec_===",
        "whsec_abc", "whsec_a*cd", "whsek_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    };
    char fresh[HOOK_SECRET_CHARS + 1], other[HOOK_SECRET_CHARS + 1];
    char one[HOOK_SIGNATURE_CHARS + 1], two[HOOK_SIGNATURE_CHARS + 1];
    char endless[200] = "whsec_";

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(hook_sign(bad[i], "msg_1", 1, "{}", one), ERR_PARSE);
    memset(endless + 6, 'A', 88);
    assert_int_equal(hook_sign(endless, "msg_1", 1, "{}", one), ERR_PARSE); /* 66 bytes */
    assert_int_equal(hook_secret_new(fresh), ERR_OK);
    assert_int_equal(hook_secret_new(other), ERR_OK);
    assert_int_equal(strlen(fresh), HOOK_SECRET_CHARS);
    assert_string_not_equal(fresh, other);
    assert_int_equal(hook_sign(fresh, "msg_1", 1, "{}", one), ERR_OK);
    assert_int_equal(hook_sign(fresh, "msg_1", 1, "{}", two), ERR_OK);
    assert_string_equal(one, two);
    assert_int_equal(hook_sign(other, "msg_1", 1, "{}", two), ERR_OK);
    assert_string_not_equal(one, two);
    assert_int_equal(hook_sign(fresh, "msg_2", 1, "{}", two), ERR_OK);
    assert_string_not_equal(one, two);
    assert_int_equal(hook_sign(fresh, "msg_1", 2, "{}", two), ERR_OK);
    assert_string_not_equal(one, two);
}

/* ---- trying ----------------------------------------------------------------------------- */

static void waits_grow_over_days_and_end(void **state)
{
    struct webhook_policy p = webhook_policy_default();
    int64_t next = 0, all = 0;

    (void)state;
    for (int tries = 1; tries < p.tries_max; tries++) {
        assert_int_equal(webhook_after(&p, tries, NOTIFY_LATER, UINT32_MAX, 0, &next),
                         NOTIFY_WAITS);
        assert_true(next > 0 && next <= p.most_wait_ms);
        all += next;
    }
    assert_true(all > 2 * MS_PER_DAY); /* longer than a weekend */
    assert_int_equal(webhook_after(&p, p.tries_max, NOTIFY_LATER, 0, 0, &next), NOTIFY_FAILED);
    assert_int_equal(webhook_after(&p, 1, NOTIFY_NEVER, 0, 0, &next), NOTIFY_FAILED);
    assert_int_equal(webhook_after(&p, 1, NOTIFY_DONE, 0, 0, &next), NOTIFY_SENT);
}

static void a_receiver_rests_longer_and_is_switched_off(void **state)
{
    struct webhook_policy p = webhook_policy_default();
    struct webhook_health h = { 0 };

    (void)state;
    h = webhook_health_after(&p, &h, NOTIFY_LATER, NOW);
    assert_int_equal(h.fails, 1);
    assert_int_equal(h.failing_ms, NOW);
    assert_int_equal(h.rest_ms, NOW + p.rest_ms);
    assert_false(h.off);
    h = webhook_health_after(&p, &h, NOTIFY_LATER, NOW + MS_PER_MIN);
    assert_int_equal(h.failing_ms, NOW); /* since the first */
    assert_int_equal(h.rest_ms, NOW + MS_PER_MIN + 2 * p.rest_ms);
    for (int i = 0; i < 1000; i++)
        h = webhook_health_after(&p, &h, NOTIFY_LATER, NOW + p.off_after_ms - 1);
    assert_int_equal(h.rest_ms, NOW + p.off_after_ms - 1 + p.most_rest_ms);
    assert_false(h.off);
    assert_true(webhook_health_after(&p, &h, NOTIFY_LATER, NOW + p.off_after_ms).off);
    h = webhook_health_after(&p, &h, NOTIFY_DONE, NOW + p.off_after_ms);
    assert_int_equal(h.fails, 0);
    assert_int_equal(h.failing_ms, 0);
    assert_int_equal(h.rest_ms, 0);
    assert_false(h.off);
    assert_true(webhook_health_after(&p, &h, NOTIFY_NEVER, NOW).off); /* 410 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_body_says_what_which_and_when),
        cmocka_unit_test(every_kind_has_its_name),
        cmocka_unit_test(what_a_lesson_came_to),
        cmocka_unit_test(an_address_is_https_to_a_host),
        cmocka_unit_test(only_public_addresses_are_called),
        cmocka_unit_test(the_signature_is_the_standards),
        cmocka_unit_test(a_secret_signs_only_if_it_is_one),
        cmocka_unit_test(waits_grow_over_days_and_end),
        cmocka_unit_test(a_receiver_rests_longer_and_is_switched_off),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
