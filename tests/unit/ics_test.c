/* SPDX-License-Identifier: Apache-2.0
 *
 * The calendar feed's text against RFC 5545: line ends, folding that splits no
 * UTF-8, escaping, what a changed and a cancelled lesson look like.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/render/ics.h"

#define START INT64_C(1795593600000) /* 25 November 2026, 08:00 UTC */

static struct ics_event lesson(const char *summary)
{
    return (struct ics_event){ .uid = "501-0011223344556677@parta",
                               .summary = summary,
                               .sequence = 2,
                               .start_ms = START,
                               .end_ms = START + 2400000,
                               .changed_ms = START - 86400000 };
}

static char *calendar(const struct ics_event *e, size_t n)
{
    char *text = NULL;
    size_t len = 0;

    assert_int_equal(ics_calendar("Уроки", e, n, &text, &len), ERR_OK);
    assert_int_equal(strlen(text), len);
    return text;
}

static void has(const char *text, const char *line)
{
    if (!strstr(text, line))
        print_error("no \"%s\" in:\n%s\n", line, text);
    assert_non_null(strstr(text, line));
}

static void a_lesson_is_an_event_in_utc(void **state)
{
    const struct ics_event e = lesson("Математика: Миша");
    char *text = calendar(&e, 1);

    (void)state;
    assert_memory_equal(text, "BEGIN:VCALENDAR\r\n", 17);
    has(text, "VERSION:2.0\r\n");
    has(text, "PRODID:-//Parta//");
    has(text, "X-WR-CALNAME:Уроки\r\n");
    has(text, "UID:501-0011223344556677@parta\r\n");
    has(text, "DTSTART:20261125T080000Z\r\n");
    has(text, "DTEND:20261125T084000Z\r\n");
    has(text, "DTSTAMP:20261124T080000Z\r\n");
    has(text, "SEQUENCE:2\r\n");
    has(text, "STATUS:CONFIRMED\r\n");
    has(text, "SUMMARY:Математика: Миша\r\n");
    has(text, "END:VCALENDAR\r\n");
    mem_free(text);
}

static void a_cancelled_one_says_so(void **state)
{
    struct ics_event e = lesson("x");
    char *text;

    (void)state;
    e.cancelled = true;
    text = calendar(&e, 1);
    has(text, "STATUS:CANCELLED\r\n");
    assert_null(strstr(text, "CONFIRMED"));
    mem_free(text);
}

/* No line over 75 octets, none that begins or ends inside a character, nothing lost. */
static void long_lines_are_folded_between_characters(void **state)
{
    char summary[400] = "", joined[400] = "";
    struct ics_event e;
    char *text, *at;
    size_t n = 0;

    (void)state;
    for (int i = 0; i < 90; i++)
        strncat(summary, i % 7 ? "ж" : "a", sizeof summary - strlen(summary) - 1);
    e = lesson(summary);
    text = calendar(&e, 1);
    for (char *line = text; *line; line = at + 2) {
        at = strstr(line, "\r\n");
        assert_non_null(at);
        assert_true(at - line <= 75);
        assert_true(((unsigned char)line[*line == ' '] & 0xc0) != 0x80);
        assert_null(memchr(line, '\n', (size_t)(at - line)));
    }
    at = strstr(text, "SUMMARY:") + 8;
    for (; strncmp(at, "\r\n", 2) != 0 || at[2] == ' '; at++) {
        if (strncmp(at, "\r\n ", 3) == 0)
            at += 2;
        else
            joined[n++] = *at;
    }
    assert_string_equal(joined, summary);
    mem_free(text);
}

static void marks_of_the_format_are_escaped(void **state)
{
    const struct ics_event e = lesson("a,b;c\\d\ne");
    char *text = calendar(&e, 1);

    (void)state;
    has(text, "SUMMARY:a\\,b\\;c\\\\d\\ne\r\n");
    mem_free(text);
}

static void an_empty_calendar_is_one_and_nonsense_is_refused(void **state)
{
    struct ics_event e = lesson("x");
    char *text = calendar(NULL, 0);
    size_t len;

    (void)state;
    assert_null(strstr(text, "VEVENT"));
    mem_free(text);
    e.end_ms = e.start_ms - 1;
    assert_int_equal(ics_calendar("x", &e, 1, &text, &len), ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_lesson_is_an_event_in_utc),
        cmocka_unit_test(a_cancelled_one_says_so),
        cmocka_unit_test(long_lines_are_folded_between_characters),
        cmocka_unit_test(marks_of_the_format_are_escaped),
        cmocka_unit_test(an_empty_calendar_is_one_and_nonsense_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
