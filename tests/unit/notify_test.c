/* SPDX-License-Identifier: Apache-2.0
 *
 * When a notification leaves and what becomes of a try; which addresses are
 * taken; the letter around it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/domain/notify.h"
#include "server/domain/zone.h"
#include "server/render/letter.h"

#define MOSCOW "Europe/Moscow"

static int64_t at(const char *tz, int day, int hour, int minute)
{
    struct local_time t = { .year = 2026, .month = 11, .day = day, .hour = hour, .minute = minute };
    int64_t first, second;

    assert_int_equal(zone_to_utc(tz, &t, &first, &second), ZONE_UNIQUE);
    return first;
}

static void quiet_hours_go_over_midnight_in_the_readers_zone(void **state)
{
    const struct notify_policy p = notify_policy_default();
    const struct {
        int day, hour, minute, to_day, to_hour, to_minute;
    } cases[] = {
        { 24, 20, 59, 24, 20, 59 }, { 24, 21, 0, 25, 8, 0 },  { 24, 23, 59, 25, 8, 0 },
        { 25, 0, 0, 25, 8, 0 },     { 25, 7, 59, 25, 8, 0 },  { 25, 8, 0, 25, 8, 0 },
        { 25, 12, 30, 25, 12, 30 }, { 30, 22, 15, 31, 8, 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t now = at(MOSCOW, cases[i].day, cases[i].hour, cases[i].minute);
        int64_t due = cases[i].to_day == 31
                          ? at(MOSCOW, 30, 8, 0) + MS_PER_DAY
                          : at(MOSCOW, cases[i].to_day, cases[i].to_hour, cases[i].to_minute);

        assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, MOSCOW, now), due);
        /* what was asked for a moment ago does not wait */
        assert_int_equal(notify_due_ms(&p, NOTIFY_PASSWORD_RESET, MOSCOW, now), now);
    }
    /* 19:00 in Moscow is four in the morning in Kamchatka */
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, "Asia/Kamchatka", at(MOSCOW, 24, 19, 0)),
                     at("Asia/Kamchatka", 25, 8, 0));
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, "No/Where", 7), 7);
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, MOSCOW, 7), 7); /* a year out of range */
}

static void quiet_hours_within_a_day_and_none_at_all(void **state)
{
    struct notify_policy p = notify_policy_default();

    (void)state;
    p.quiet_from_min = 13 * 60;
    p.quiet_to_min = 14 * 60 + 30;
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, MOSCOW, at(MOSCOW, 24, 13, 10)),
                     at(MOSCOW, 24, 14, 30));
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, MOSCOW, at(MOSCOW, 24, 14, 30)),
                     at(MOSCOW, 24, 14, 30));
    p.quiet_from_min = p.quiet_to_min;
    assert_int_equal(notify_due_ms(&p, NOTIFY_EXPIRY, MOSCOW, at(MOSCOW, 24, 14, 30)),
                     at(MOSCOW, 24, 14, 30));
}

static void waits_double_up_to_the_most_and_are_jittered(void **state)
{
    const struct notify_policy p = notify_policy_default();
    int64_t next = 0;

    (void)state;
    assert_int_equal(notify_after(&p, 1, NOTIFY_DONE, 0, 0, &next), NOTIFY_SENT);
    assert_int_equal(next, 0);
    for (int tries = 1; tries < p.tries_max; tries++) {
        int64_t wait = p.first_wait_ms << (tries - 1);

        if (wait > p.most_wait_ms)
            wait = p.most_wait_ms;
        assert_int_equal(notify_after(&p, tries, NOTIFY_LATER, 0, 1000, &next), NOTIFY_WAITS);
        assert_int_equal(next, 1000 + wait / 2);
        assert_int_equal(notify_after(&p, tries, NOTIFY_LATER, (uint32_t)(wait / 2), 1000, &next),
                         NOTIFY_WAITS);
        assert_int_equal(next, 1000 + wait);
        assert_int_equal(notify_after(&p, tries, NOTIFY_LATER, UINT32_MAX, 1000, &next),
                         NOTIFY_WAITS);
        assert_in_range(next, 1000 + wait / 2, 1000 + wait);
        assert_int_equal(notify_after(&p, tries, NOTIFY_NEVER, 0, 0, &next), NOTIFY_FAILED);
    }
    assert_int_equal(notify_after(&p, p.tries_max, NOTIFY_LATER, 0, 0, &next), NOTIFY_FAILED);
    assert_int_equal(notify_after(&p, p.tries_max, NOTIFY_DONE, 0, 0, &next), NOTIFY_SENT);
}

static void names_go_both_ways(void **state)
{
    enum notify_kind k;

    (void)state;
    for (unsigned i = 0; i < NOTIFY_COUNT; i++) {
        assert_true(notify_parse(notify_name((enum notify_kind)i), &k));
        assert_int_equal(k, i);
    }
    assert_false(notify_parse("spam", &k));
    assert_string_equal(notify_name(NOTIFY_COUNT), "unknown");
}

static void addresses(void **state)
{
    static const char *const good[] = { "a@b.ru", "irina.p+parta@centre.example", "x_1@a-b.c.de",
                                        "o'neill@school.example" };
    static const char *const bad[] = {
        "",         "irina",         "@b.ru",          "a@",         "a@b",
        "a@b..ru",  "a@.b.ru",       "a@b.ru.",        "a b@c.ru",   "a@b c.ru",
        "a@@b.ru",  ".a@b.ru",       "a.@b.ru",        "a..b@c.ru",  "a@-b.ru",
        "a@b-.ru",  "\"a\"@b.ru",    "a@[127.0.0.1]",  "a@b.ru\r\n", "a\r\n@b.ru",
        "<a@b.ru>", "a@b.ru,c@d.ru", "ирина@центр.рф", "a@b_c.ru",
    };
    char text[300];

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(notify_address_ok(good[i]));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (notify_address_ok(bad[i]))
            fail_msg("taken: %s", bad[i]);
    memset(text, 'a', sizeof text);
    memcpy(text + 64, "@b.ru", 6);
    assert_true(notify_address_ok(text)); /* 64 before the @ */
    memcpy(text + 64, "a@b.ru", 7);
    assert_false(notify_address_ok(text));
    memset(text, 'a', sizeof text);
    for (size_t i = 1; i < 250; i += 50)
        text[i] = i == 1 ? '@' : '.';
    text[254] = '\0';
    assert_true(notify_address_ok(text));
    text[254] = 'a';
    text[255] = '\0';
    assert_false(notify_address_ok(text));
}

/* ---- the letter ------------------------------------------------------------------------- */

static void every_letter_is_written_in_both_languages(void **state)
{
    static const char *const whats[] = { "", "on", "off", "mentor", "child", "both" };

    (void)state;
    for (int lang = 0; lang < 2; lang++) {
        for (unsigned k = 0; k < NOTIFY_COUNT; k++) {
            for (size_t i = 0; i < sizeof whats / sizeof whats[0]; i++) {
                struct letter l = { .kind = (enum notify_kind)k,
                                    .locale = lang ? "en" : "ru",
                                    .centre = "Центр «Парта»",
                                    .link = "https://parta.example/x",
                                    .when = "2026-11-30 12:00",
                                    .what = whats[i],
                                    .who = "Анна" };
                struct strbuf subject, body;

                strbuf_init(&subject);
                strbuf_init(&body);
                assert_int_equal(letter_write(&l, &subject, &body), ERR_OK);
                assert_true(subject.len > 10);
                assert_null(strpbrk(subject.s, "\r\n{}"));
                assert_null(strpbrk(body.s, "{}"));
                assert_non_null(strstr(body.s, "Центр «Парта»"));
                strbuf_deinit(&subject);
                strbuf_deinit(&body);
            }
        }
    }
}

static void a_missing_side_is_named(void **state)
{
    struct letter l = { .kind = NOTIFY_NO_SHOW,
                        .locale = "en",
                        .centre = "C",
                        .link = "L",
                        .when = "W",
                        .what = "child",
                        .who = "Misha" };
    struct strbuf subject, body;

    (void)state;
    strbuf_init(&subject);
    strbuf_init(&body);
    assert_int_equal(letter_write(&l, &subject, &body), ERR_OK);
    assert_string_equal(subject.s, "A child is missing in a lesson");
    assert_non_null(strstr(body.s, "Misha has not come to the lesson of W."));
    strbuf_deinit(&subject);
    strbuf_deinit(&body);
}

static void a_message_is_ascii_with_short_lines(void **state)
{
    const struct letter_head h = { .from_name = "Координационный центр дистанционного образования",
                                   .from = "parta@centre.example",
                                   .to = "irina@centre.example",
                                   .id = 7,
                                   .at_ms = INT64_C(1795504320000) };
    struct strbuf out;
    size_t line = 0;

    (void)state;
    strbuf_init(&out);
    assert_int_equal(letter_message(&h, "Отчёт за месяц нужно сдать до пятницы, 4 декабря",
                                    "Первая строка\n\nвторая", &out),
                     ERR_OK);
    for (size_t i = 0; i < out.len; i++) {
        assert_true((unsigned char)out.s[i] < 127);
        line = out.s[i] == '\n' ? 0 : line + 1;
        assert_true(line <= 78); /* 76 and the line's end */
        assert_true(out.s[i] != '\n' || out.s[i - 1] == '\r');
    }
    assert_non_null(strstr(out.s, "Date: Tue, 24 Nov 2026 07:12:00 +0000\r\n"));
    assert_non_null(strstr(out.s, "Message-ID: <parta.7@centre.example>\r\n"));
    assert_non_null(strstr(out.s, "To: <irina@centre.example>\r\n"));
    assert_non_null(strstr(out.s, "Subject: =?UTF-8?B?"));
    /* "Первая строка\r\n\r\nвторая\r\n" */
    assert_non_null(strstr(out.s, "\r\n\r\n0J/QtdGA0LLQsNGPINGB0YLRgNC+0LrQsA0KDQrQstGC0L7RgNCw0Y8N"
                                  "Cg==\r\n"));
    strbuf_deinit(&out);
}

static void no_line_can_be_smuggled_into_the_head(void **state)
{
    struct letter_head h = { .from_name = "C", .from = "a@b.ru", .to = "a@b.ru" };
    struct strbuf out;

    (void)state;
    strbuf_init(&out);
    assert_int_equal(letter_message(&h, "one\r\nBcc: x@y.ru", "", &out), ERR_INVAL);
    h.to = "a@b.ru\nBcc: x@y.ru";
    assert_int_equal(letter_message(&h, "one", "", &out), ERR_INVAL);
    h.to = "a@b.ru";
    h.from = "nobody";
    assert_int_equal(letter_message(&h, "one", "", &out), ERR_INVAL);
    strbuf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quiet_hours_go_over_midnight_in_the_readers_zone),
        cmocka_unit_test(quiet_hours_within_a_day_and_none_at_all),
        cmocka_unit_test(waits_double_up_to_the_most_and_are_jittered),
        cmocka_unit_test(names_go_both_ways),
        cmocka_unit_test(addresses),
        cmocka_unit_test(every_letter_is_written_in_both_languages),
        cmocka_unit_test(a_missing_side_is_named),
        cmocka_unit_test(a_message_is_ascii_with_short_lines),
        cmocka_unit_test(no_line_can_be_smuggled_into_the_head),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
