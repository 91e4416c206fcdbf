/* SPDX-License-Identifier: Apache-2.0
 *
 * A made-up month report. The people are invented.
 */
#include "tests/support/sample_report.h"

#include "common/base/now.h"
#include "server/domain/zone.h"

static const struct {
    enum line_status status;
    enum outcome outcome;
    char code;
    int from_min, to_min; /* contact within the lesson */
    const char *cause;
    const char *reason_ru, *reason_en;
} kinds[] = {
    { LINE_OVER, OUTCOME_HELD, 'P', 0, 40, NULL, NULL, NULL },
    { LINE_OVER, OUTCOME_HELD, 'L', 7, 40, NULL, NULL, NULL },
    { LINE_OVER, OUTCOME_HELD, 'P', 0, 39, "timeout, server_restart", NULL, NULL },
    { LINE_OVER, OUTCOME_PARTIAL, 'E', 0, 18, NULL, "попросил отдых", "asked for a rest" },
    { LINE_OVER, OUTCOME_CHILD_NO_SHOW, 'I', 0, 0, NULL, "болен", "ill" },
    { LINE_OVER, OUTCOME_TECH_SERVER, 'S', 0, 5, NULL, NULL, NULL },
    { LINE_CANCELLED, OUTCOME_HELD, 0, 0, 0, NULL, "лечебная процедура", "treatment" },
    { LINE_OVER, OUTCOME_TEACHER_NO_SHOW, 'W', 0, 0, NULL, NULL, NULL },
    { LINE_OVER, OUTCOME_PARTIAL, 'T', 0, 15, "timeout", NULL, NULL },
    { LINE_MOVED, OUTCOME_HELD, 0, 0, 0, NULL, "перенос по просьбе семьи", "moved for the family" },
    { LINE_OVER, OUTCOME_CHILD_NO_SHOW, 'U', 0, 0, NULL, NULL, NULL },
};

#define KINDS (sizeof kinds / sizeof kinds[0])

static enum err fill_line(struct report_line *l, size_t i, bool ru)
{
    static const char *const topics[][2] = {
        { "Обыкновенные дроби", "Ordinary fractions" },
        { "Сокращение дробей", "Reducing fractions" },
        { "Приведение дробей к общему знаменателю и сравнение дробей с разными знаменателями",
          "Common denominators, and comparing fractions with different denominators" },
    };
    size_t kind = i % 3 == 2 ? (i / 3 + 1) % KINDS : 0;
    enum err e;

    l->lesson.v = (int64_t)i + 100;
    l->start_ms = date_to_days(2026, 11, 2 + (int)(i % 28)) * MS_PER_DAY + 4 * MS_PER_HOUR +
                  40 * MS_PER_MIN + (int64_t)(i / 28) * MS_PER_HOUR;
    l->end_ms = l->start_ms + 40 * MS_PER_MIN;
    l->status = kinds[kind].status;
    l->side = l->status == LINE_CANCELLED ? SIDE_CHILD : SIDE_NONE;
    l->family = i % 5 == 0 ? FAMILY_SILENT : FAMILY_CONFIRMED;
    if (l->status == LINE_OVER) {
        l->outcome = kinds[kind].outcome;
        l->code = kinds[kind].code;
        l->contact_ms = (kinds[kind].to_min - kinds[kind].from_min) * MS_PER_MIN;
        l->percent_tenths = (int)(l->contact_ms * 1000 / (40 * MS_PER_MIN));
        l->credit_quarters = l->outcome == OUTCOME_HELD ? 4 : l->outcome == OUTCOME_PARTIAL;
        l->screen_ms = l->contact_ms / 2;
    }
    if (l->contact_ms > 0) {
        l->first_contact_ms = l->start_ms + kinds[kind].from_min * MS_PER_MIN;
        l->last_contact_ms = l->start_ms + kinds[kind].to_min * MS_PER_MIN;
    }
    l->late_ms = l->code == 'L' ? 7 * MS_PER_MIN : 0;
    l->early_ms = l->code == 'E' ? 22 * MS_PER_MIN : 0;
    l->gaps = kinds[kind].cause ? 1 : 0;
    l->gaps_ms = kinds[kind].cause ? 65 * MS_PER_S : 0;
    l->waited = l->outcome == OUTCOME_CHILD_NO_SHOW;
    l->make_up_by.v = l->code == 'S' ? 900 : 0;
    e = report_text(&l->subject, ru ? "Математика" : "Mathematics");
    if (e == ERR_OK)
        e = report_text(&l->topic, topics[i % 3][ru ? 0 : 1]);
    if (e == ERR_OK && i % 4 == 0)
        e = report_text(&l->homework, ru ? "№ 214, № 215, правило на с. 38" : "no. 214, no. 215");
    if (e == ERR_OK && l->outcome == OUTCOME_HELD && l->status == LINE_OVER && i % 2 == 0)
        e = report_text(&l->mark, i % 4 ? "4" : "5");
    if (e == ERR_OK)
        e = report_text(&l->gaps_cause, kinds[kind].cause);
    if (e == ERR_OK)
        e = report_text(&l->reason, ru ? kinds[kind].reason_ru : kinds[kind].reason_en);
    if (e == ERR_OK && l->code == 'I')
        e = report_text(&l->document_no, "114");
    return e;
}

static enum err fill_head(struct month_report *r, bool ru)
{
    const struct {
        char **dst;
        const char *ru, *en;
    } texts[] = {
        { &r->centre, "Центр дистанционного обучения «Парта»", "Parta centre of distance lessons" },
        { &r->school, "Школа № 12, Екатеринбург", "School 12, Yekaterinburg" },
        { &r->mentor, "Сергеева Анна Викторовна", "Anna Sergeeva" },
        { &r->child, "Ромашов Михаил", "Misha Romashov" },
        { &r->order_no, "№ 48 от 01.09.2026", "no. 48 of 2026-09-01" },
        { &r->register_no, "Р-114", "R-114" },
        { &r->grade, "5", "5" },
        { &r->tz, "Asia/Yekaterinburg", "Asia/Yekaterinburg" },
        { &r->policy, "3", "3" },
        { &r->log_hash, "9f2c51d07ab3e84f0a", "9f2c51d07ab3e84f0a" },
        { &r->progress,
          "Уверенно складывает и сравнивает дроби. Стал сам проверять ответ подстановкой.",
          "Adds and compares fractions with confidence. Has begun to check answers by himself." },
        { &r->difficulties, "Приведению к общему знаменателю нужен ещё один урок.",
          "Common denominators need one more lesson." },
        { &r->next_month, "Десятичные дроби.", "Decimals." },
        { &r->signs[SIGN_MENTOR].name, "А. В. Сергеева", "A. Sergeeva" },
    };
    enum err e = ERR_OK;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0] && e == ERR_OK; i++)
        e = report_text(texts[i].dst, ru ? texts[i].ru : texts[i].en);
    r->year = 2026;
    r->month = 11;
    r->version = 2;
    r->hours_week_minutes = 6 * 60;
    r->algo_version = ATTENDANCE_ALGO_VERSION;
    r->printed_ms = date_to_days(2026, 12, 1) * MS_PER_DAY + 5 * MS_PER_HOUR;
    r->signs[SIGN_MENTOR].at_ms = r->printed_ms + MS_PER_HOUR;
    return e;
}

enum err sample_report(struct month_report *r, size_t n, bool russian)
{
    enum err e;

    month_report_init(r);
    e = fill_head(r, russian);
    for (size_t i = 0; i < n && e == ERR_OK; i++) {
        struct report_line *l;

        e = month_report_add(r, &l);
        if (e == ERR_OK)
            e = fill_line(l, i, russian);
    }
    return e == ERR_OK ? month_report_close(r) : e;
}
