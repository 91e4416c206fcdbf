/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render/pdf_week: one whole sheet in both languages, the same for the
 * same week; more pages when a day is full; what it says (read back with
 * pdftotext if the machine has it).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "server/render/pdf_week.h"

#define NINE INT64_C(1795413600000) /* Monday 23 November 2026, 09:00 in Moscow */
#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

static struct printed_lesson lessons[60];

static struct printed_week week(size_t n)
{
    struct printed_week w = { .name = "Миша Рыбаков",
                              .tz = "Europe/Moscow",
                              .date = { "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26",
                                        "2026-11-27", "2026-11-28", "2026-11-29" },
                              .holiday = { [3] = true },
                              .lessons = lessons,
                              .lessons_n = n,
                              .printed_ms = NINE };

    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++)
        lessons[i] = (struct printed_lesson){ .day = (int)(i % 6),
                                              .start_ms = NINE + (int64_t)(i % 6) * DAY,
                                              .end_ms = NINE + (int64_t)(i % 6) * DAY + HOUR / 2,
                                              .subject = "Математика",
                                              .who = "Анна Сергеевна",
                                              .cancelled = i == 1 };
    return w;
}

static void drawn(const struct printed_week *w, const char *lang, int pages)
{
    struct pdf a, b;

    assert_int_equal(pdf_week(w, labels_for(lang), &a), ERR_OK);
    assert_int_equal(pdf_week(w, labels_for(lang), &b), ERR_OK);
    assert_int_equal(a.pages, pages);
    assert_memory_equal(a.bytes, "%PDF-", 5);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    pdf_deinit(&a);
    pdf_deinit(&b);
}

static void a_week_is_a_sheet_and_a_full_one_is_more(void **state)
{
    struct printed_week w = week(12);

    (void)state;
    drawn(&w, "ru", 1);
    drawn(&w, "en", 1);
    w.lessons_n = 0;
    drawn(&w, "ru", 1);
    w = week(60); /* ten a day */
    drawn(&w, "ru", 2);
}

static void a_lesson_of_no_day_is_refused(void **state)
{
    struct printed_week w = week(1);
    struct pdf p;

    (void)state;
    lessons[0].day = 7;
    assert_int_equal(pdf_week(&w, labels_for("ru"), &p), ERR_INVAL);
    lessons[0].day = -1;
    assert_int_equal(pdf_week(&w, labels_for("ru"), &p), ERR_INVAL);
}

static void it_says_when_what_and_with_whom(void **state)
{
    static const char *const words[] = {
        "Миша Рыбаков", "Расписание на неделю", "23.11",    "28.11",  "09:00 – 09:30",
        "Математика",   "Анна Сергеевна",       "каникулы", "отменен"
    };
    char name[] = "/tmp/parta-week-XXXXXX", command[80], said[6000];
    struct printed_week w = week(6);
    struct pdf p;
    FILE *f;
    int fd = mkstemp(name);

    (void)state;
    assert_true(fd >= 0);
    assert_int_equal(pdf_week(&w, labels_for("ru"), &p), ERR_OK);
    assert_int_equal(write(fd, p.bytes, p.len), p.len);
    close(fd);
    pdf_deinit(&p);
    (void)snprintf(command, sizeof command, "pdftotext -layout %s - 2>/dev/null", name);
    f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    if (pclose(f) == 0) {
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
            if (!strstr(said, words[i]))
                print_error("no \"%s\" in:\n%s\n", words[i], said);
            assert_non_null(strstr(said, words[i]));
        }
        assert_null(strstr(said, "29.11")); /* nothing on Sunday */
    }
    unlink(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_week_is_a_sheet_and_a_full_one_is_more),
        cmocka_unit_test(a_lesson_of_no_day_is_refused),
        cmocka_unit_test(it_says_when_what_and_with_whom),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
