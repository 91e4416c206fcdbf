/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render/sheet: a mark sheet on paper, as CSV and as a spreadsheet, in
 * both languages, the same for the same sheet; no text becomes a formula.
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
#include "server/render/sheet.h"

static struct mark_sheet s;

static void text(char **dst, const char *src)
{
    assert_int_equal(report_text(dst, src), ERR_OK);
}

static void add(const char *name, const char *digits, enum mark_value set, const char *reason)
{
    struct marks_policy p = marks_policy_default();
    struct sheet_subject *l = NULL;

    assert_int_equal(mark_sheet_subject(&s, (int64_t)s.subjects_n + 1, name, name, &l), ERR_OK);
    for (int64_t i = 0; digits[i]; i++) {
        struct sheet_current m = { { 1 + i }, i, (enum mark_value)(MARK_2 + digits[i] - '2') };

        l->held++;
        assert_int_equal(sheet_subject_mark(l, &m), ERR_OK);
    }
    l->set = set;
    text(&l->reason, reason);
    assert_int_equal(mark_sheet_close(&s, &p), ERR_OK);
}

static int setup(void **state)
{
    (void)state;
    mark_sheet_init(&s);
    s.grade = 5;
    s.first_day = 20697; /* 2026-09-01 */
    s.last_day = 20757;
    s.version = 2;
    s.printed_ms = INT64_C(1795504320000);
    text(&s.centre, "Координационный центр");
    text(&s.school, "Школа № 12");
    text(&s.mentor, "Анна Лаптева");
    text(&s.child, "=cmd()");
    text(&s.register_no, "R-17");
    text(&s.tz, "Europe/Moscow");
    add("История", "4454", MARK_4, NULL);
    add("Музыка", "", MARK_RELEASED, "справка, п. 2");
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    mark_sheet_deinit(&s);
    return 0;
}

static void the_rows_are_safe(void **state)
{
    uint8_t *bytes = NULL;
    char *csv;
    size_t len = 0;

    (void)state;
    assert_int_equal(sheet_csv(&s, labels_for("ru"), &bytes, &len), ERR_OK);
    csv = mem_strndup((const char *)bytes, len);
    assert_non_null(csv);
    assert_non_null(strstr(csv, "Четверть,2026-09-01,2026-10-31,Школа № 12,Анна Лаптева,'=cmd(),"
                                "R-17,5,История,4,0,4 4 5 4,4.25,4,4,\r\n"));
    assert_non_null(strstr(csv, ",Музыка,0,0,,,,осв.,\"справка, п. 2\"\r\n"));
    mem_free(csv);
    mem_free(bytes);
    assert_int_equal(sheet_csv(&s, labels_for("en"), &bytes, &len), ERR_OK);
    csv = mem_strndup((const char *)bytes, len);
    assert_non_null(strstr(csv, "released"));
    mem_free(csv);
    mem_free(bytes);
}

static void the_files_are_whole_and_the_same(void **state)
{
    (void)state;
    for (int ru = 0; ru < 2; ru++) {
        const struct labels *labels = labels_for(ru ? "ru" : "en");
        uint8_t *bytes = NULL;
        struct pdf a, b;
        size_t len = 0;

        assert_int_equal(pdf_mark_sheet(&s, labels, &a), ERR_OK);
        assert_int_equal(pdf_mark_sheet(&s, labels, &b), ERR_OK);
        assert_int_equal(a.pages, 1);
        assert_int_equal(a.len, b.len);
        assert_memory_equal(a.bytes, b.bytes, a.len);
        assert_memory_equal(a.bytes, "%PDF-", 5);
        pdf_deinit(&a);
        pdf_deinit(&b);
        assert_int_equal(sheet_xlsx(&s, labels, &bytes, &len), ERR_OK);
        assert_memory_equal(bytes, "PK", 2);
        mem_free(bytes);
    }
}

static void what_stands_on_paper(struct pdf *p, const char *const *words, size_t n)
{
    char name[] = "/tmp/parta-sheet-XXXXXX", command[80], said[16000];
    int fd = mkstemp(name);
    FILE *f;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, p->bytes, p->len), p->len);
    close(fd);
    (void)snprintf(command, sizeof command, "pdftotext -raw %s - 2>/dev/null", name);
    f = popen(command, "r");
    assert_non_null(f);
    said[fread(said, 1, sizeof said - 1, f)] = '\0';
    if (pclose(f) == 0)
        for (size_t i = 0; i < n; i++) {
            if (!strstr(said, words[i]))
                print_error("no \"%s\" in:\n%s\n", words[i], said);
            assert_non_null(strstr(said, words[i]));
        }
    unlink(name);
}

static void the_paper_says_it(void **state)
{
    static const char *const words[] = { "Ведомость отметок", "2026-10-31", "Анна Лаптева",
                                         "4 4 5 4",           "4,25",       "осв.",
                                         "справка",           "версия 2" };
    struct pdf p;

    (void)state;
    assert_int_equal(pdf_mark_sheet(&s, labels_for("ru"), &p), ERR_OK);
    what_stands_on_paper(&p, words, sizeof words / sizeof words[0]);
    pdf_deinit(&p);
}

static void a_long_sheet_goes_on(void **state)
{
    static const char *const last[] = { "Предмет 39" };
    char name[40];
    struct pdf p;

    (void)state;
    for (int i = 0; i < 40; i++) {
        (void)snprintf(name, sizeof name, "Предмет %d", i);
        add(name, "55555", MARK_5, "причина в несколько слов, чтобы строка была выше");
    }
    assert_int_equal(pdf_mark_sheet(&s, labels_for("ru"), &p), ERR_OK);
    assert_true(p.pages > 1);
    what_stands_on_paper(&p, last, 1);
    pdf_deinit(&p);
}

int main(void)
{
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        t(the_rows_are_safe),
        t(the_files_are_whole_and_the_same),
        t(the_paper_says_it),
        t(a_long_sheet_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
