/* SPDX-License-Identifier: Apache-2.0
 *
 * The two views of a timesheet.
 */
#include "server/render/timesheet.h"

#include "server/render/format.h"
#include "server/render/xlsx.h"

static void heads(struct csv *c, const struct labels *l, const enum label *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        csv_text(c, l->text[names[i]]);
}

static void units(struct csv *c, int quarters)
{
    char text[FORMAT_MAX];

    format_quarters(text, quarters, ".");
    csv_plain(c, text);
}

void timesheet_day_rows(struct csv *c, const struct timesheet *t, const struct labels *labels)
{
    static const enum label before[] = { LABEL_MENTOR, LABEL_SCHOOL };
    static const enum label after[] = { LABEL_UNITS_TOTAL, LABEL_AS_SUBSTITUTE, LABEL_DAYS_WORKED,
                                        LABEL_NOT_COMPUTED };

    heads(c, labels, before, sizeof before / sizeof before[0]);
    for (int day = 1; day <= t->last_day; day++)
        csv_int(c, day);
    heads(c, labels, after, sizeof after / sizeof after[0]);
    csv_end_row(c);
    for (size_t i = 0; i < t->rows_n; i++) {
        const struct timesheet_row *r = &t->rows[i];

        csv_text(c, r->of->mentor_name);
        csv_text(c, r->of->school_name);
        for (int day = 0; day < t->last_day; day++) {
            if (r->quarters[day] > 0)
                units(c, r->quarters[day]);
            else
                csv_plain(c, "");
        }
        units(c, r->total_quarters);
        units(c, r->substitute_quarters);
        csv_int(c, r->days);
        csv_int(c, r->open);
        csv_end_row(c);
    }
}

static enum err quarter_row(struct csv *c, const struct timesheet_entry *e,
                            const struct labels *labels)
{
    char date[FORMAT_MAX], start[FORMAT_MAX], end[FORMAT_MAX];
    enum err err = format_date(date, e->tz, e->start_ms);

    if (!err)
        err = format_time(start, e->tz, e->start_ms);
    if (!err)
        err = format_time(end, e->tz, e->end_ms);
    if (err)
        return err;
    csv_text(c, e->mentor_name);
    csv_text(c, e->school_name);
    csv_plain(c, date);
    csv_plain(c, start);
    csv_plain(c, end);
    csv_text(c, e->subject);
    if (e->computed) {
        csv_int(c, timesheet_quarter_hours(e->contact_ms));
        units(c, e->credit_quarters);
    } else {
        csv_plain(c, "");
        csv_plain(c, "");
    }
    csv_text(c, e->substitute ? labels->text[LABEL_YES] : NULL);
    csv_end_row(c);
    return ERR_OK;
}

enum err timesheet_quarter_rows(struct csv *c, const struct timesheet *t,
                                const struct labels *labels)
{
    static const enum label names[] = { LABEL_MENTOR,        LABEL_SCHOOL, LABEL_DATE,
                                        LABEL_START,         LABEL_END,    LABEL_SUBJECT,
                                        LABEL_QUARTER_HOURS, LABEL_CREDIT, LABEL_AS_SUBSTITUTE };
    enum err err = ERR_OK;

    heads(c, labels, names, sizeof names / sizeof names[0]);
    csv_end_row(c);
    for (size_t i = 0; !err && i < t->entries_n; i++)
        err = quarter_row(c, &t->entries[i], labels);
    return err;
}

static enum err rows(struct csv *c, const struct timesheet *t, bool by_quarters,
                     const struct labels *labels)
{
    if (by_quarters)
        return timesheet_quarter_rows(c, t, labels);
    timesheet_day_rows(c, t, labels);
    return ERR_OK;
}

enum err timesheet_csv(const struct timesheet *t, bool by_quarters, const struct labels *labels,
                       uint8_t **bytes, size_t *len)
{
    struct strbuf b;
    struct csv c = { .out = &b };
    char *text = NULL;
    size_t n;
    enum err err;

    strbuf_init(&b);
    err = rows(&c, t, by_quarters, labels);
    n = b.len;
    if (!err)
        err = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    if (err)
        return err;
    *bytes = (uint8_t *)text;
    *len = n;
    return ERR_OK;
}

enum err timesheet_xlsx(const struct timesheet *t, bool by_quarters, const struct labels *labels,
                        int64_t made_ms, uint8_t **bytes, size_t *len)
{
    char name[16];
    struct xlsx x;
    struct csv c;
    enum err err;

    if (!str_format(name, sizeof name, "%04d-%02d", t->year, t->month))
        return ERR_INVAL;
    err = xlsx_open(&x, name, made_ms);
    if (err)
        return err;
    c = xlsx_rows(&x);
    err = rows(&c, t, by_quarters, labels);
    return xlsx_close(&x, err, bytes, len);
}
