/* SPDX-License-Identifier: Apache-2.0
 *
 * server/domain/zone: known facts of the time zone data, agreement with the C
 * library's own reading of it, and use from several threads at once.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/zone.h"
#include "tests/support/rnd.h"

/* UTC ms of a UTC date and time. */
static int64_t utc(int y, int mo, int d, int h, int mi)
{
    return date_to_days(y, mo, d) * MS_PER_DAY + h * MS_PER_HOUR + mi * MS_PER_MIN;
}

static void moments_known_from_the_zone_data(void **state)
{
    static const struct {
        const char *tz;
        int y, mo, d, h, mi; /* wall time */
        enum zone_answer want;
        int first[5], second[5]; /* UTC */
    } t[] = {
        { "Europe/Berlin", 2026, 10, 20, 9, 0, ZONE_UNIQUE, { 2026, 10, 20, 7, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 10, 27, 9, 0, ZONE_UNIQUE, { 2026, 10, 27, 8, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 3, 29, 1, 59, ZONE_UNIQUE, { 2026, 3, 29, 0, 59 }, { 0 } },
        { "Europe/Berlin", 2026, 3, 29, 2, 0, ZONE_SKIPPED, { 2026, 3, 29, 1, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 3, 29, 2, 30, ZONE_SKIPPED, { 2026, 3, 29, 1, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 3, 29, 2, 59, ZONE_SKIPPED, { 2026, 3, 29, 1, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 3, 29, 3, 0, ZONE_UNIQUE, { 2026, 3, 29, 1, 0 }, { 0 } },
        { "Europe/Berlin", 2026, 10, 25, 1, 59, ZONE_UNIQUE, { 2026, 10, 24, 23, 59 }, { 0 } },
        { "Europe/Berlin",
          2026,
          10,
          25,
          2,
          0,
          ZONE_DOUBLED,
          { 2026, 10, 25, 0, 0 },
          { 2026, 10, 25, 1, 0 } },
        { "Europe/Berlin",
          2026,
          10,
          25,
          2,
          30,
          ZONE_DOUBLED,
          { 2026, 10, 25, 0, 30 },
          { 2026, 10, 25, 1, 30 } },
        { "Europe/Berlin", 2026, 10, 25, 3, 0, ZONE_UNIQUE, { 2026, 10, 25, 2, 0 }, { 0 } },
        { "Asia/Kamchatka", 2026, 10, 1, 8, 0, ZONE_UNIQUE, { 2026, 9, 30, 20, 0 }, { 0 } },
        /* a zone that moved without daylight saving: Kazakhstan became one zone */
        { "Asia/Almaty", 2024, 2, 29, 12, 0, ZONE_UNIQUE, { 2024, 2, 29, 6, 0 }, { 0 } },
        { "Asia/Almaty", 2024, 3, 1, 12, 0, ZONE_UNIQUE, { 2024, 3, 1, 7, 0 }, { 0 } },
        { "Asia/Almaty",
          2024,
          2,
          29,
          23,
          30,
          ZONE_DOUBLED,
          { 2024, 2, 29, 17, 30 },
          { 2024, 2, 29, 18, 30 } },
        /* half an hour of daylight saving, a quarter of an hour of offset */
        { "Australia/Lord_Howe",
          2026,
          4,
          5,
          1,
          45,
          ZONE_DOUBLED,
          { 2026, 4, 4, 14, 45 },
          { 2026, 4, 4, 15, 15 } },
        { "Asia/Kathmandu", 2026, 6, 1, 10, 0, ZONE_UNIQUE, { 2026, 6, 1, 4, 15 }, { 0 } },
        { "UTC", 2026, 3, 29, 2, 30, ZONE_UNIQUE, { 2026, 3, 29, 2, 30 }, { 0 } },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct local_time local = {
            .year = t[i].y, .month = t[i].mo, .day = t[i].d, .hour = t[i].h, .minute = t[i].mi
        };
        const int *f = t[i].first, *s = t[i].want == ZONE_DOUBLED ? t[i].second : f;
        int64_t first = 0, second = 0;

        if (zone_to_utc(t[i].tz, &local, &first, &second) != t[i].want)
            fail_msg("row %zu, %s", i, t[i].tz);
        assert_int_equal(first, utc(f[0], f[1], f[2], f[3], f[4]));
        assert_int_equal(second, utc(s[0], s[1], s[2], s[3], s[4]));
    }
}

static void a_kamchatka_morning_is_yesterday_in_moscow(void **state)
{
    struct local_time k, m;
    int64_t at = utc(2026, 9, 30, 20, 0);

    (void)state;
    assert_int_equal(zone_local("Asia/Kamchatka", at, &k), ERR_OK);
    assert_int_equal(zone_local("Europe/Moscow", at, &m), ERR_OK);
    assert_int_equal(k.month, 10);
    assert_int_equal(k.day, 1);
    assert_int_equal(k.hour, 8);
    assert_int_equal(k.weekday, 4);
    assert_int_equal(k.offset_s, 12 * 3600);
    assert_int_equal(m.month, 9);
    assert_int_equal(m.day, 30);
    assert_int_equal(m.hour, 23);
    assert_int_equal(m.weekday, 3);
}

static void every_russian_zone_has_its_offset(void **state)
{
    static const struct {
        const char *tz;
        int hours;
    } t[] = {
        { "Europe/Kaliningrad", 2 }, { "Europe/Moscow", 3 },     { "Europe/Kirov", 3 },
        { "Europe/Volgograd", 3 },   { "Europe/Astrakhan", 4 },  { "Europe/Saratov", 4 },
        { "Europe/Ulyanovsk", 4 },   { "Europe/Samara", 4 },     { "Asia/Yekaterinburg", 5 },
        { "Asia/Omsk", 6 },          { "Asia/Novosibirsk", 7 },  { "Asia/Barnaul", 7 },
        { "Asia/Tomsk", 7 },         { "Asia/Novokuznetsk", 7 }, { "Asia/Krasnoyarsk", 7 },
        { "Asia/Irkutsk", 8 },       { "Asia/Chita", 9 },        { "Asia/Yakutsk", 9 },
        { "Asia/Khandyga", 9 },      { "Asia/Vladivostok", 10 }, { "Asia/Ust-Nera", 10 },
        { "Asia/Magadan", 11 },      { "Asia/Sakhalin", 11 },    { "Asia/Srednekolymsk", 11 },
        { "Asia/Kamchatka", 12 },    { "Asia/Anadyr", 12 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        for (int month = 1; month <= 7; month += 6) {
            struct local_time l;

            assert_int_equal(zone_local(t[i].tz, utc(2026, month, 10, 12, 0), &l), ERR_OK);
            assert_int_equal(l.offset_s, t[i].hours * 3600);
        }
    }
}

static void a_day_begins_even_without_midnight(void **state)
{
    int64_t at;

    (void)state;
    assert_int_equal(zone_day_start("Europe/Berlin", 2026, 3, 29, &at), ERR_OK);
    assert_int_equal(at, utc(2026, 3, 28, 23, 0));
    /* Beirut's clocks jump from 00:00 to 01:00. */
    assert_int_equal(zone_day_start("Asia/Beirut", 2026, 3, 29, &at), ERR_OK);
    assert_int_equal(at, utc(2026, 3, 28, 22, 0));
    assert_int_equal(zone_day_start("Asia/Beirut", 2026, 2, 29, &at), ERR_NOTFOUND);
    assert_int_equal(zone_day_start("Nowhere/Beirut", 2026, 3, 29, &at), ERR_NOTFOUND);
}

static void senseless_questions_are_refused(void **state)
{
    static const char *const bad[] = { "",
                                       "Europe",
                                       "europe/berlin",
                                       "Mars/Olympus",
                                       "../../../etc/passwd",
                                       "/etc/passwd",
                                       "Europe/Berlin ",
                                       "localtime",
                                       "posixrules",
                                       "EST5EDT",
                                       "right/Europe/Moscow",
                                       "posix/Europe/Moscow",
                                       "America/Indiana", /* a folder */
                                       "Europe//Berlin",
                                       "Europe/Berlin/",
                                       "Europe/./Berlin",
                                       "Europe/../Europe/Berlin",
                                       "Europe/Berlin/With/A/Name/Longer/Than/Any/Zone/Has" };
    static const struct local_time wrong[] = {
        { .year = 2026, .month = 2, .day = 29 },
        { .year = 2026, .month = 0, .day = 1 },
        { .year = 2026, .month = 13, .day = 1 },
        { .year = 2026, .month = 1, .day = 0 },
        { .year = 2026, .month = 1, .day = 1, .hour = 24 },
        { .year = 2026, .month = 1, .day = 1, .hour = -1 },
        { .year = 2026, .month = 1, .day = 1, .minute = 60 },
        { .year = 2026, .month = 1, .day = 1, .second = 60 },
        { .year = 2022, .month = 12, .day = 31 },
        { .year = 2038, .month = 1, .day = 1 },
        { .year = INT32_MAX, .month = 1, .day = 1 },
    };
    struct local_time l = { .year = 2026, .month = 1, .day = 1 };
    int64_t a = 7, b = 8;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(zone_known(bad[i]));
        assert_int_equal(zone_to_utc(bad[i], &l, &a, &b), ZONE_UNKNOWN);
        assert_int_equal(zone_local(bad[i], 0, &l), ERR_NOTFOUND);
        assert_int_equal(zone_warm(&bad[i], 1), ERR_NOTFOUND);
    }
    assert_false(zone_known(NULL));
    assert_true(zone_known("Asia/Calcutta")); /* an old name, still in use by browsers */
    assert_true(zone_known("America/Indiana/Knox"));
    assert_true(zone_known("Etc/GMT+3"));
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(zone_to_utc("UTC", &wrong[i], &a, &b), ZONE_UNKNOWN);
    assert_int_equal(zone_local("UTC", 0, &l), ERR_INVAL);
    assert_int_equal(zone_local("UTC", INT64_MAX, &l), ERR_INVAL);
    assert_int_equal(zone_local("UTC", INT64_MIN, &l), ERR_INVAL);
    assert_int_equal(a, 7);
    assert_int_equal(b, 8);
    assert_int_equal(l.year, 2026);
}

static void dates_count_days(void **state)
{
    int y, m, d;
    int64_t last = date_to_days(1999, 12, 31);

    (void)state;
    assert_int_equal(date_to_days(1970, 1, 1), 0);
    assert_int_equal(date_to_days(2026, 11, 29), 20786);
    assert_int_equal(date_weekday(20786), 7);
    assert_int_equal(date_weekday(-1), 3);
    for (int64_t days = last + 1; days < last + 40000; days++) {
        date_from_days(days, &y, &m, &d);
        assert_true(date_valid(y, m, d));
        assert_int_equal(date_to_days(y, m, d), days);
        assert_int_equal(date_weekday(days), date_weekday(days - 1) % 7 + 1);
    }
    assert_true(date_valid(2000, 2, 29));
    assert_false(date_valid(2100, 2, 29));
    assert_false(date_valid(2026, 4, 31));
}

/* 2023-01-02 and 2037-12-31, UTC: whatever the zone, its year is within the exact ones. */
#define EXACT_FROM 1672617600
#define EXACT_TO 2145830400

static const char *const sample[] = { "Europe/Berlin",    "Europe/Moscow",    "Europe/Dublin",
                                      "Asia/Kamchatka",   "America/New_York", "Africa/Casablanca",
                                      "Asia/Jerusalem",   "Pacific/Apia",     "Australia/Lord_Howe",
                                      "America/Santiago", "Europe/Volgograd", "Asia/Pyongyang",
                                      "Africa/Cairo",     "America/Sao_Paulo" };

#define SAMPLE (sizeof sample / sizeof sample[0])

/* The C library reads the same files with other code. The zone is set for this process, so this
 * test must not run beside another in the same program. */
static void the_c_library_reads_the_same_times(void **state)
{
    uint64_t seed = rnd_seed(0x5eed02);
    struct rnd r = { seed };

    (void)state;
    for (size_t z = 0; z < SAMPLE; z++) {
        setenv("TZ", sample[z], 1);
        tzset();
        for (int i = 0; i < 3000; i++) {
            time_t at = (time_t)rnd_in(&r, EXACT_FROM, EXACT_TO);
            int64_t first = 0, second = 0;
            enum zone_answer a;
            struct local_time l;
            struct tm tm;

            if (!localtime_r(&at, &tm))
                fail();
            assert_int_equal(zone_local(sample[z], at * MS_PER_S + 999, &l), ERR_OK);
            if (l.offset_s != tm.tm_gmtoff || l.hour != tm.tm_hour || l.minute != tm.tm_min ||
                l.day != tm.tm_mday || l.month != tm.tm_mon + 1 || l.year != tm.tm_year + 1900 ||
                l.weekday % 7 != tm.tm_wday || l.second != tm.tm_sec)
                fail_msg("seed %#llx %s at %lld", (unsigned long long)seed, sample[z],
                         (long long)at);
            /* And back: the instant is one of those that its own wall time means. */
            a = zone_to_utc(sample[z], &l, &first, &second);
            assert_true(a == ZONE_UNIQUE || a == ZONE_DOUBLED);
            assert_true(first == at * MS_PER_S || second == at * MS_PER_S);
        }
    }
    unsetenv("TZ");
    tzset();
}

#define THREADS 6

static void *ask(void *seed)
{
    struct rnd r = { *(uint64_t *)seed };
    int64_t sum = 0;

    for (int i = 0; i < 2000; i++) {
        const char *tz = sample[rnd_in(&r, 0, SAMPLE - 1)];
        int64_t at = rnd_in(&r, EXACT_FROM, EXACT_TO) * MS_PER_S;
        int64_t first = 0, second = 0;
        struct local_time l;

        if (zone_local(tz, at, &l) != ERR_OK || zone_to_utc(tz, &l, &first, &second) > ZONE_DOUBLED)
            return NULL;
        if (first != at && second != at)
            return NULL;
        sum += l.offset_s;
    }
    *(uint64_t *)seed = (uint64_t)sum;
    return seed;
}

static void several_threads_may_ask_at_once(void **state)
{
    pthread_t thread[THREADS];
    uint64_t seeds[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        seeds[i] = 77;
        assert_int_equal(pthread_create(&thread[i], NULL, ask, &seeds[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *ok;

        assert_int_equal(pthread_join(thread[i], &ok), 0);
        assert_non_null(ok);
        assert_int_equal(seeds[i], seeds[0]);
    }
}

static void more_zones_than_are_kept_may_be_asked_in_turn(void **state)
{
    static const char *const names[] = {
        "Europe/Kaliningrad", "Europe/Moscow",    "Europe/Samara",  "Asia/Yekaterinburg",
        "Asia/Omsk",          "Asia/Krasnoyarsk", "Asia/Irkutsk",   "Asia/Yakutsk",
        "Asia/Vladivostok",   "Asia/Magadan",     "Asia/Kamchatka",
    };

    (void)state;
    assert_int_equal(zone_warm(names, 11), ERR_OK);
    for (int round = 0; round < 3; round++) {
        char name[ZONE_NAME_MAX];
        struct local_time l;

        for (int h = -12; h <= 14; h++) { /* 26 more: each pushes another out */
            if (h == 0)
                continue;
            assert_true(str_format(name, sizeof name, "Etc/GMT%+d", -h));
            assert_int_equal(zone_local(name, utc(2026, 6, 1, 12, 0), &l), ERR_OK);
            assert_int_equal(l.offset_s, h * 3600);
        }
        for (int i = 0; i < 11; i++) {
            assert_int_equal(zone_local(names[i], utc(2026, 6, 1, 12, 0), &l), ERR_OK);
            assert_int_equal(l.offset_s, (i + 2) * 3600);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several_threads_may_ask_at_once),
        cmocka_unit_test(moments_known_from_the_zone_data),
        cmocka_unit_test(a_kamchatka_morning_is_yesterday_in_moscow),
        cmocka_unit_test(every_russian_zone_has_its_offset),
        cmocka_unit_test(a_day_begins_even_without_midnight),
        cmocka_unit_test(senseless_questions_are_refused),
        cmocka_unit_test(dates_count_days),
        cmocka_unit_test(the_c_library_reads_the_same_times),
        cmocka_unit_test(more_zones_than_are_kept_may_be_asked_in_turn),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
