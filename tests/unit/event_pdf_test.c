/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render/pdf_event: agenda and minutes in both languages, the same for
 * the same event; long minutes run over pages; what they say (read back with
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

#include "server/render/pdf_event.h"

#define START INT64_C(1795694400000) /* Thursday 26 November 2026, 15:00 in Moscow */
#define MINUTE INT64_C(60000)

static const struct printed_item items[] = {
    { "Отчёт о зиме", "Анна Сергеева", 30 },
    { "Вопросы", "", 60 },
};
static const struct printed_decision decisions[] = {
    { "Составить список", "Анна Сергеева", "2026-12-10" },
    { "Встретиться ещё раз", "", "" },
};
static const struct printed_decision addenda[] = {
    { "Список готов раньше", "Ирина Белова", "2026-11-30 09:00" },
};

static struct printed_event event(bool minutes)
{
    return (struct printed_event){ .of_minutes = minutes,
                                   .kind = EVENT_JOINT_MEETING,
                                   .state = EVENT_MINUTES_FROZEN,
                                   .centre = "Центр «Парта»",
                                   .title = "Планы на весну",
                                   .about = "",
                                   .place = "Зал 2",
                                   .tz = "Europe/Moscow",
                                   .chair = "Ирина Белова",
                                   .secretary = "Анна Сергеева",
                                   .start_ms = START,
                                   .end_ms = START + 90 * MINUTE,
                                   .printed_ms = START,
                                   .items = items,
                                   .items_n = 2,
                                   .there = 1,
                                   .invited = 3,
                                   .needed = 2,
                                   .names_there = "Анна Сергеева",
                                   .names_away = "",
                                   .text = "Слушали отчёт.",
                                   .decisions = decisions,
                                   .decisions_n = 2,
                                   .addenda = addenda,
                                   .addenda_n = 1,
                                   .secretary_ms = START + 120 * MINUTE };
}

static int drawn(const struct printed_event *e, const char *lang)
{
    struct pdf a, b;
    int pages;

    assert_int_equal(pdf_event(e, labels_for(lang), &a), ERR_OK);
    assert_int_equal(pdf_event(e, labels_for(lang), &b), ERR_OK);
    assert_memory_equal(a.bytes, "%PDF-", 5);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    pages = a.pages;
    pdf_deinit(&a);
    pdf_deinit(&b);
    return pages;
}

static void agenda_and_minutes_are_drawn_and_long_ones_run_over(void **state)
{
    struct printed_event e = event(false);
    char *text = malloc(15001);

    (void)state;
    assert_int_equal(drawn(&e, "ru"), 1);
    e.items_n = 0;
    assert_int_equal(drawn(&e, "en"), 1);
    e = event(true);
    assert_int_equal(drawn(&e, "ru"), 2);
    assert_int_equal(drawn(&e, "en"), 2);
    assert_non_null(text);
    for (int i = 0; i < 15000; i++)
        text[i] = i % 60 == 59 ? '\n' : 'x';
    text[15000] = '\0';
    e.text = text;
    assert_in_range(drawn(&e, "en"), 3, 12);
    free(text);
}

static void an_unknown_zone_is_told(void **state)
{
    struct printed_event e = event(true);
    struct pdf p;

    (void)state;
    e.tz = "Nowhere/Land";
    assert_int_equal(pdf_event(&e, labels_for("ru"), &p), ERR_NOTFOUND);
}

static void holds(const struct printed_event *e, const char *lang, const char *const *words,
                  size_t n)
{
    char path[] = "/tmp/event-XXXXXX", command[100], text[9000];
    int fd = mkstemp(path);
    struct pdf p;
    FILE *out;

    assert_true(fd >= 0);
    assert_int_equal(pdf_event(e, labels_for(lang), &p), ERR_OK);
    assert_int_equal(write(fd, p.bytes, p.len), (ssize_t)p.len);
    close(fd);
    pdf_deinit(&p);
    snprintf(command, sizeof command, "pdftotext -layout %s -", path);
    out = popen(command, "r");
    assert_non_null(out);
    text[fread(text, 1, sizeof text - 1, out)] = '\0';
    pclose(out);
    unlink(path);
    for (size_t i = 0; i < n; i++)
        if (!strstr(text, words[i]))
            fail_msg("%s is missing in:\n%s", words[i], text);
}

static void they_say_what_was_decided_and_that_no_quorum_was_there(void **state)
{
    static const char *const russian[] = {
        "Протокол. Совместное собрание",
        "Планы на весну",
        "15:00, 30 мин",
        "1. Отчёт о зиме",
        "15:30, 60 мин",
        "1 из 3",
        "отсутствует (2)",
        "Слушали",
        "Составить список",
        "Анна Сергеева, до 2026-12-10",
        "Добавлено после закрытия",
        "подписано 2026-11-26 17:00",
    };
    static const char *const english[] = { "Agenda. Joint meeting – called off", "Where", "Chair" };
    static const char *const open[] = { "Minutes. Joint meeting – draft, not closed" };
    struct printed_event e = event(true);

    (void)state;
    if (access("/usr/bin/pdftotext", X_OK) != 0)
        skip();
    holds(&e, "ru", russian, sizeof russian / sizeof russian[0]);
    e.state = EVENT_MINUTES_DRAFT;
    holds(&e, "en", open, 1);
    e = event(false);
    e.cancelled = true;
    holds(&e, "en", english, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agenda_and_minutes_are_drawn_and_long_ones_run_over),
        cmocka_unit_test(an_unknown_zone_is_told),
        cmocka_unit_test(they_say_what_was_decided_and_that_no_quorum_was_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
