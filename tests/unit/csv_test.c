/* SPDX-License-Identifier: Apache-2.0
 *
 * server/render: CSV byte by byte, number formats, and complete label tables.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/domain/zone.h"
#include "server/render/csv.h"
#include "server/render/format.h"

static void fields_are_quoted_and_guarded(void **state)
{
    static const struct {
        const char *in, *want;
    } t[] = {
        { NULL, "" },
        { "", "" },
        { "plain", "plain" },
        { "Дроби", "Дроби" },
        { "a,b", "\"a,b\"" },
        { "a;b", "\"a;b\"" },
        { "say \"yes\"", "\"say \"\"yes\"\"\"" },
        { "two\nlines", "\"two\nlines\"" },
        { "two\r\nlines", "\"two\r\nlines\"" },
        { " spaced ", "\" spaced \"" },
        { "=1+1", "'=1+1" },
        { "=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"" },
        { "+7 900", "'+7 900" },
        { "-5", "'-5" },
        { "@SUM(A1)", "'@SUM(A1)" },
        { "\t=1", "'\t=1" },
        { "\r=1", "\"'\r=1\"" },
        { "5+", "5+" },
        { "\"", "\"\"\"\"" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        struct strbuf b;
        struct csv c = { .out = &b };
        char *out = NULL;

        strbuf_init(&b);
        csv_text(&c, "x");
        csv_text(&c, t[i].in);
        csv_end_row(&c);
        csv_plain(&c, "-1.5");
        csv_int(&c, -3);
        csv_end_row(&c);
        assert_int_equal(strbuf_take(&b, &out), ERR_OK);
        assert_memory_equal(out, "x,", 2);
        assert_memory_equal(out + 2, t[i].want, strlen(t[i].want));
        assert_string_equal(out + 2 + strlen(t[i].want), "\r\n-1.5,-3\r\n");
        mem_free(out);
    }
}

static int64_t utc(int d, int h, int mi)
{
    return date_to_days(2026, 11, d) * MS_PER_DAY + h * MS_PER_HOUR + mi * MS_PER_MIN;
}

static void a_small_report(struct month_report *r)
{
    struct report_line *l;

    month_report_init(r);
    r->year = 2026;
    r->month = 11;
    assert_int_equal(report_text(&r->tz, "Asia/Yekaterinburg"), ERR_OK);
    assert_int_equal(report_text(&r->school, "Школа № 12, Екатеринбург"), ERR_OK);
    assert_int_equal(report_text(&r->mentor, "А. Сергеева"), ERR_OK);
    assert_int_equal(report_text(&r->child, "Миша Р."), ERR_OK);
    assert_int_equal(month_report_add(r, &l), ERR_OK);
    l->lesson.v = 501;
    l->start_ms = utc(2, 4, 40);
    l->end_ms = utc(2, 5, 20);
    l->status = LINE_OVER;
    l->outcome = OUTCOME_PARTIAL;
    l->code = 'L';
    l->first_contact_ms = utc(2, 4, 50) + 1000;
    l->last_contact_ms = utc(2, 5, 20);
    l->contact_ms = 29 * MS_PER_MIN + 59 * MS_PER_S;
    l->percent_tenths = 749;
    l->late_ms = 10 * MS_PER_MIN + 1000;
    l->gaps = 1;
    l->gaps_ms = 90 * MS_PER_S;
    l->credit_quarters = 1;
    l->make_up_of.v = 77;
    l->family = FAMILY_CONFIRMED;
    assert_int_equal(report_text(&l->gaps_cause, "timeout, server_restart"), ERR_OK);
    assert_int_equal(report_text(&l->subject, "Математика"), ERR_OK);
    assert_int_equal(report_text(&l->topic, "=Дроби"), ERR_OK);
    assert_int_equal(report_text(&l->mark, "5"), ERR_OK);
    assert_int_equal(report_text(&l->homework, "№ 1, № 2"), ERR_OK);
    assert_int_equal(month_report_add(r, &l), ERR_OK);
    l->lesson.v = 502;
    l->start_ms = utc(3, 4, 40);
    l->end_ms = utc(3, 5, 20);
    l->status = LINE_CANCELLED;
    l->side = SIDE_CENTRE;
    assert_int_equal(month_report_close(r), ERR_OK);
    assert_int_equal(month_report_check(r, NULL), REPORT_FINE);
}

static void the_month_report_byte_by_byte(void **state)
{
    static const char *const want_ru =
        "Месяц,Школа зачисления,Учитель,Ребёнок,№,Дата,Начало по плану,Конец по плану,Предмет,"
        "Тема программы,Состояние,Итог,Код,Исправлено,Начало контакта,Конец контакта,"
        "\"Вместе, мин\",\"Вместе, %\",\"Опоздание, мин\",\"Ушёл раньше, мин\","
        "\"Опоздание учителя, мин\",Перерывы,\"Перерывы, мин\",Причина перерывов,"
        "\"Неточность, мин\",\"Экран, мин\",Единицы,Учитель ждал,Причина,Документ,Отметка,"
        "Домашнее задание,Взамен урока,Восполнен уроком,Семья\r\n"
        "2026-11,\"Школа № 12, Екатеринбург\",А. Сергеева,Миша Р.,1,2026-11-02,09:40,10:20,"
        "Математика,'=Дроби,прошёл,проведён частично,L,,09:50,10:20,29.9,74.9,10.0,0.0,0.0,1,1.5,"
        "\"связь пропала, перезапуск сервера\",0.0,0.0,0.25,,,,5,\"№ 1, № 2\",77,,верно\r\n"
        "2026-11,\"Школа № 12, Екатеринбург\",А. Сергеева,Миша Р.,2,2026-11-03,09:40,10:20,"
        ",,отменён,центром,"
        ",,,,,,,,,,,,,,,,,,,,,,\r\n";
    struct month_report r;
    struct strbuf b;
    char *out = NULL;

    (void)state;
    a_small_report(&r);
    strbuf_init(&b);
    assert_int_equal(csv_month_report(&r, labels_for("ru"), &b), ERR_OK);
    assert_int_equal(strbuf_take(&b, &out), ERR_OK);
    assert_string_equal(out, want_ru);
    mem_free(out);
    assert_int_equal(csv_month_report(&r, labels_for("en"), &b), ERR_OK);
    assert_int_equal(strbuf_take(&b, &out), ERR_OK);
    assert_memory_equal(out, "Month,School of registration,Mentor,Child,No.,", 46);
    assert_non_null(strstr(out, ",over,held in part,L,,09:50,10:20,29.9,74.9,"));
    assert_non_null(strstr(out, "\"link lost, server restart\""));
    mem_free(out);
    /* Every row has as many fields as the header: count commas outside quotes. */
    assert_int_equal(csv_month_report(&r, labels_for("en"), &b), ERR_OK);
    assert_int_equal(strbuf_take(&b, &out), ERR_OK);
    {
        int commas = 0, rows = 0;
        bool quoted = false;

        for (const char *p = out; *p; p++) {
            quoted ^= *p == '"';
            commas += *p == ',' && !quoted;
            if (*p == '\n' && !quoted) {
                assert_int_equal(commas, 34);
                commas = 0;
                rows++;
            }
        }
        assert_int_equal(rows, 3);
    }
    mem_free(out);
    r.totals.held++;
    assert_int_equal(csv_month_report(&r, labels_for("en"), &b), ERR_STATE);
    r.totals.held--;
    assert_int_equal(report_text(&r.tz, "Mars/Olympus"), ERR_OK);
    assert_int_equal(csv_month_report(&r, labels_for("en"), &b), ERR_NOTFOUND);
    strbuf_deinit(&b);
    month_report_deinit(&r);
}

static void lack_of_memory_is_survived(void **state)
{
    struct month_report r;

    (void)state;
    a_small_report(&r);
    for (long n = 0;; n++) {
        long before = mem_live();
        struct strbuf b;
        enum err e;

        strbuf_init(&b);
        mem_fail_after(n);
        e = csv_month_report(&r, labels_for("ru"), &b);
        mem_fail_after(-1);
        strbuf_deinit(&b);
        assert_int_equal(mem_live(), before);
        if (e == ERR_OK) {
            assert_true(n > 0);
            break;
        }
        assert_int_equal(e, ERR_NOMEM);
    }
    month_report_deinit(&r);
}

static void numbers_are_floored(void **state)
{
    char out[FORMAT_MAX];

    (void)state;
    format_minutes(out, 29 * MS_PER_MIN + 59999, ".");
    assert_string_equal(out, "29.9");
    format_minutes(out, 0, ",");
    assert_string_equal(out, "0,0");
    format_tenths(out, 1000, ".");
    assert_string_equal(out, "100.0");
    format_quarters(out, 0, ".");
    assert_string_equal(out, "0");
    format_quarters(out, 3, ",");
    assert_string_equal(out, "0,75");
    format_quarters(out, 17, ".");
    assert_string_equal(out, "4.25");
    format_quarters(out, 18, ".");
    assert_string_equal(out, "4.5");
    format_quarters(out, 20, ".");
    assert_string_equal(out, "5");
    format_hours(out, 9 * MS_PER_HOUR + 5 * MS_PER_MIN - 1, "h", "min");
    assert_string_equal(out, "9 h 04 min");
    assert_int_equal(format_date_time(out, "Europe/Moscow", utc(30, 22, 5)), ERR_OK);
    assert_string_equal(out, "2026-12-01 01:05");
    assert_int_equal(format_date(out, "Mars/Olympus", 0), ERR_NOTFOUND);
    assert_int_equal(format_time(out, "UTC", INT64_MAX), ERR_NOTFOUND);
}

static void full(const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        assert_non_null(texts[i]);
        assert_true(str_utf8_ok(texts[i], strlen(texts[i])));
    }
}

#define FULL(a) full(a, sizeof a / sizeof a[0])

static void every_label_is_there_in_every_language(void **state)
{
    static const char *const langs[] = { "en", "ru" };

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        const struct labels *l = labels_for(langs[i]);

        assert_string_equal(l->lang, langs[i]);
        FULL(l->text);
        for (int k = 0; k < LABEL_COUNT; k++)
            assert_true(l->text[k][0] != 0);
        FULL(l->month);
        FULL(l->weekday);
        FULL(l->outcome);
        FULL(l->status);
        FULL(l->side);
        FULL(l->family);
        FULL(l->sign);
        FULL(l->cause);
        FULL(l->code);
        for (const char *c = ATTENDANCE_CODES; *c; c++)
            assert_true(label_code(l, *c)[0] != 0);
        assert_string_equal(label_code(l, 'Z'), "");
        assert_string_equal(label_code(l, 0), "");
    }
    assert_string_equal(labels_for("ru-RU")->lang, "ru");
    assert_string_equal(labels_for("rus")->lang, "en");
    assert_string_equal(labels_for("de")->lang, "en");
    assert_string_equal(labels_for(NULL)->lang, "en");
}

static void causes_are_put_into_words(void **state)
{
    const struct labels *en = labels_for("en");
    char out[40];

    (void)state;
    label_causes(en, "timeout, server_restart", out, sizeof out);
    assert_string_equal(out, "link lost, server restart");
    label_causes(en, "timeout,unheard_of", out, sizeof out);
    assert_string_equal(out, "link lost, unheard_of");
    label_causes(en, ", ,", out, sizeof out);
    assert_string_equal(out, "");
    label_causes(en, NULL, out, sizeof out);
    assert_string_equal(out, "");
    label_causes(en, "timeout, timeout, timeout, timeout, timeout", out, sizeof out);
    assert_string_equal(out, "link lost, link lost, link lost");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_quoted_and_guarded),
        cmocka_unit_test(the_month_report_byte_by_byte),
        cmocka_unit_test(lack_of_memory_is_survived),
        cmocka_unit_test(numbers_are_floored),
        cmocka_unit_test(every_label_is_there_in_every_language),
        cmocka_unit_test(causes_are_put_into_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
