/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render/pdf: the document is whole, paginated, the same for the same
 * report, and says what the report says (read back with pdftotext if the
 * machine has it).
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

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/render/pdf.h"
#include "tests/support/sample_report.h"

/* How often a word stands in the bytes. */
static int occurrences(const struct pdf *p, const char *word)
{
    size_t len = strlen(word);
    int n = 0;

    for (size_t i = 0; i + len <= p->len; i++)
        n += memcmp(p->bytes + i, word, len) == 0;
    return n;
}

static void assert_whole(const struct pdf *p, int pages)
{
    char count[32];

    assert_true(p->len > 1000);
    assert_memory_equal(p->bytes, "%PDF-", 5);
    assert_memory_equal(p->bytes + p->len - 6, "%%EOF\n", 6);
    assert_int_equal(p->pages, pages);
    assert_true(str_format(count, sizeof count, "/Count %d", pages));
    assert_int_equal(occurrences(p, count), 1);
    /* A4 landscape */
    assert_true(occurrences(p, "841.88") + occurrences(p, "841.89") + occurrences(p, "842") > 0);
}

static void forty_lines_take_more_than_one_page(void **state)
{
    static const struct {
        size_t lines;
        int at_least, at_most;
    } t[] = { { 0, 1, 1 }, { 3, 1, 2 }, { 40, 3, 4 }, { 100, 5, 9 } };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        for (int ru = 0; ru < 2; ru++) {
            struct month_report r;
            struct pdf p;

            assert_int_equal(sample_report(&r, t[i].lines, ru), ERR_OK);
            assert_int_equal(pdf_month_report(&r, labels_for(ru ? "ru" : "en"), &p), ERR_OK);
            assert_in_range(p.pages, t[i].at_least, t[i].at_most);
            assert_whole(&p, p.pages);
            pdf_deinit(&p);
            month_report_deinit(&r);
        }
    }
}

static void the_same_report_gives_the_same_bytes(void **state)
{
    struct month_report r;
    struct pdf a, b;

    (void)state;
    assert_int_equal(sample_report(&r, 20, true), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("ru"), &a), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("ru"), &b), ERR_OK);
    assert_int_equal(a.len, b.len);
    assert_memory_equal(a.bytes, b.bytes, a.len);
    pdf_deinit(&a);
    pdf_deinit(&b);
    month_report_deinit(&r);
}

static void reports_that_contradict_themselves_are_not_printed(void **state)
{
    struct month_report r;
    struct pdf p = { .pages = -7 };

    (void)state;
    assert_int_equal(sample_report(&r, 5, true), ERR_OK);
    r.totals.held++;
    assert_int_equal(pdf_month_report(&r, labels_for("ru"), &p), ERR_STATE);
    r.totals.held--;
    r.lines[1].code = 'Z';
    assert_int_equal(pdf_month_report(&r, labels_for("ru"), &p), ERR_STATE);
    assert_int_equal(report_text(&r.tz, "Mars/Olympus"), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("ru"), &p), ERR_NOTFOUND);
    assert_int_equal(p.pages, -7);
    month_report_deinit(&r);
}

static void texts_of_any_length_and_kind_are_printed(void **state)
{
    struct month_report r;
    char *longest = mem_zalloc(30001, 1);
    int before;
    struct pdf p;

    (void)state;
    assert_non_null(longest);
    for (int i = 0; i < 30000; i++)
        longest[i] = i % 7 ? 'a' : ' ';
    assert_int_equal(sample_report(&r, 10, false), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("en"), &p), ERR_OK);
    before = p.pages;
    pdf_deinit(&p);
    /* A cell is cut; the mentor's text runs over pages. */
    assert_int_equal(report_text(&r.lines[0].homework, longest), ERR_OK);
    assert_int_equal(report_text(&r.lines[1].topic, "two\nlines\r\nand more"), ERR_OK);
    assert_int_equal(report_text(&r.lines[2].topic, "<b>&amp; no markup</b>"), ERR_OK);
    assert_int_equal(report_text(&r.lines[3].reason, "\xff\xfe broken"), ERR_OK);
    assert_int_equal(report_text(&r.child, longest), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("en"), &p), ERR_OK);
    assert_whole(&p, before);
    pdf_deinit(&p);
    assert_int_equal(report_text(&r.progress, longest), ERR_OK);
    assert_int_equal(pdf_month_report(&r, labels_for("en"), &p), ERR_OK);
    assert_true(p.pages >= before + 4);
    assert_whole(&p, p.pages);
    pdf_deinit(&p);
    month_report_deinit(&r);
    mem_free(longest);
}

static void lack_of_memory_is_survived(void **state)
{
    struct month_report r;

    (void)state;
    assert_int_equal(sample_report(&r, 2, true), ERR_OK);
    for (long n = 0;; n++) {
        long before = mem_live();
        struct pdf p = { 0 };
        enum err e;

        mem_fail_after(n);
        e = pdf_month_report(&r, labels_for("ru"), &p);
        mem_fail_after(-1);
        pdf_deinit(&p);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK) {
            assert_true(n > 10);
            break;
        }
        assert_int_equal(e, ERR_NOMEM);
    }
    month_report_deinit(&r);
}

/* What pdftotext reads in the document, or NULL if the machine has no pdftotext. */
static char *read_back(const struct pdf *p)
{
    char path[] = "/tmp/parta-pdf-test-XXXXXX", command[128];
    int fd = mkstemp(path);
    char *text = NULL;
    FILE *f;

    if (fd < 0 || system("command -v pdftotext >/dev/null 2>&1") != 0) {
        if (fd >= 0)
            close(fd), unlink(path);
        return NULL;
    }
    assert_int_equal(write(fd, p->bytes, p->len), (ssize_t)p->len);
    close(fd);
    assert_true(str_format(command, sizeof command, "pdftotext -layout %s -", path));
    f = popen(command, "r");
    assert_non_null(f);
    text = mem_zalloc(1 << 16, 1);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 16) - 1, f) > 100);
    assert_int_equal(pclose(f), 0);
    unlink(path);
    return text;
}

static void the_words_can_be_read_back(void **state)
{
    static const char *const russian[] = {
        "Отчёт об уроках · ноябрь 2026",
        "Ромашов Михаил",
        "Школа № 12, Екатеринбург",
        "приказ № 48 от 01.09.2026 · 6 ч в",
        "Обыкновенные дроби",
        "09:40–10:20",
        "02 пн",
        "перерыв ×1, 1,0 мин",
        "ребёнок не пришёл",
        "Итоги",
        "Успехи",
        "Подписи",
        "Время пояса Asia/Yekaterinburg",
        "страница 1 из ",
        "страница 2 из ",
        "2026-12-01 10:00",
    };
    static const char *const english[] = {
        "Report on lessons · November 2026",
        "Misha Romashov",
        "Ordinary fractions",
        "02 Mon",
        "gap ×1, 1.0 min",
        "child did not come",
        "Totals",
        "page 1 of ",
        "page 2 of ",
    };
    bool read = false;

    (void)state;
    for (int ru = 0; ru < 2; ru++) {
        const char *const *words = ru ? russian : english;
        size_t n = ru ? sizeof russian / sizeof russian[0] : sizeof english / sizeof english[0];
        struct month_report r;
        struct pdf p;
        char *text;

        assert_int_equal(sample_report(&r, 20, ru), ERR_OK);
        assert_int_equal(pdf_month_report(&r, labels_for(ru ? "ru" : "en"), &p), ERR_OK);
        text = read_back(&p);
        for (size_t i = 0; text && i < n; i++)
            if (!strstr(text, words[i]))
                fail_msg("not on paper: %s", words[i]);
        read = text != NULL;
        mem_free(text);
        pdf_deinit(&p);
        month_report_deinit(&r);
    }
    if (!read)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forty_lines_take_more_than_one_page),
        cmocka_unit_test(the_same_report_gives_the_same_bytes),
        cmocka_unit_test(reports_that_contradict_themselves_are_not_printed),
        cmocka_unit_test(texts_of_any_length_and_kind_are_printed),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(the_words_can_be_read_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
