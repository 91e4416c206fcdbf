/* SPDX-License-Identifier: Apache-2.0
 *
 * CSV, and the month report as CSV.
 */
#include "server/render/csv.h"

#include <inttypes.h>
#include <string.h>

#include "server/render/format.h"

static void separate(struct csv *c)
{
    if (c->in_row)
        strbuf_puts(c->out, ",");
    c->in_row = true;
}

void csv_text(struct csv *c, const char *text)
{
    bool guard = text && *text && strchr("=+-@\t\r", *text);
    bool quote;

    if (c->sink) {
        c->sink->text(c->to, text);
        return;
    }
    separate(c);
    if (!text || !*text)
        return;
    /* A semicolon is quoted too: where the comma is the decimal sign, spreadsheets split at it. */
    quote = strpbrk(text, ",;\"\r\n") || *text == ' ' || text[strlen(text) - 1] == ' ';
    if (quote)
        strbuf_puts(c->out, "\"");
    if (guard)
        strbuf_puts(c->out, "'");
    for (const char *p = text; *p;) {
        size_t plain = strcspn(p, "\"");

        strbuf_add(c->out, p, plain);
        p += plain;
        if (*p == '"') {
            strbuf_puts(c->out, "\"\"");
            p++;
        }
    }
    if (quote)
        strbuf_puts(c->out, "\"");
}

void csv_plain(struct csv *c, const char *text)
{
    if (c->sink) {
        c->sink->number(c->to, text);
        return;
    }
    separate(c);
    strbuf_puts(c->out, text);
}

void csv_int(struct csv *c, int64_t n)
{
    char text[24];

    if (str_format(text, sizeof text, "%" PRId64, n))
        csv_plain(c, text);
}

void csv_end_row(struct csv *c)
{
    if (c->sink) {
        c->sink->end_row(c->to);
        return;
    }
    strbuf_puts(c->out, "\r\n");
    c->in_row = false;
}

/* Columns of the month report, in order. */
static const enum label columns[] = {
    LABEL_MONTH,         LABEL_SCHOOL,      LABEL_MENTOR,
    LABEL_CHILD,         LABEL_NO,          LABEL_DATE,
    LABEL_START,         LABEL_END,         LABEL_SUBJECT,
    LABEL_TOPIC,         LABEL_STATUS,      LABEL_OUTCOME,
    LABEL_CODE,          LABEL_AMENDED,     LABEL_FIRST_CONTACT,
    LABEL_LAST_CONTACT,  LABEL_CONTACT_MIN, LABEL_PERCENT,
    LABEL_LATE_MIN,      LABEL_EARLY_MIN,   LABEL_MENTOR_LATE_MIN,
    LABEL_GAPS,          LABEL_GAPS_MIN,    LABEL_GAPS_CAUSE,
    LABEL_UNCERTAIN_MIN, LABEL_SCREEN_MIN,  LABEL_CREDIT,
    LABEL_WAITED,        LABEL_REASON,      LABEL_DOCUMENT,
    LABEL_MARK,          LABEL_HOMEWORK,    LABEL_MAKE_UP_OF,
    LABEL_MAKE_UP_BY,    LABEL_FAMILY,
};

static void minutes(struct csv *c, int64_t ms)
{
    char text[FORMAT_MAX];

    format_minutes(text, ms, ".");
    csv_plain(c, text);
}

static void lesson_no(struct csv *c, struct lesson_id id)
{
    if (id.v)
        csv_int(c, id.v);
    else
        csv_plain(c, "");
}

static enum err time_or_nothing(struct csv *c, const char *tz, int64_t utc_ms)
{
    char text[FORMAT_MAX] = "";
    enum err e = utc_ms ? format_time(text, tz, utc_ms) : ERR_OK;

    csv_plain(c, text);
    return e;
}

#define MEASURED_COLUMNS 14

/* What is measured only for a lesson that is over; others leave the columns empty. */
static enum err measured(struct csv *c, const struct report_line *l, const struct labels *labels,
                         const char *tz)
{
    char text[FORMAT_MAX], causes[256];
    enum err e = time_or_nothing(c, tz, l->first_contact_ms);

    if (e == ERR_OK)
        e = time_or_nothing(c, tz, l->last_contact_ms);
    minutes(c, l->contact_ms);
    format_tenths(text, l->percent_tenths, ".");
    csv_plain(c, text);
    minutes(c, l->late_ms);
    minutes(c, l->early_ms);
    minutes(c, l->mentor_late_ms);
    csv_int(c, l->gaps);
    minutes(c, l->gaps_ms);
    label_causes(labels, l->gaps_cause, causes, sizeof causes);
    csv_text(c, causes);
    minutes(c, l->uncertain_ms);
    minutes(c, l->screen_ms);
    format_quarters(text, l->credit_quarters, ".");
    csv_plain(c, text);
    csv_text(c, l->waited ? labels->text[LABEL_YES] : NULL);
    return e;
}

static enum err row(struct csv *c, const struct month_report *r, const struct report_line *l,
                    const struct labels *labels)
{
    bool over = l->status == LINE_OVER;
    char date[FORMAT_MAX], month[FORMAT_MAX], code[2] = { over ? l->code : 0, 0 };
    enum err e = format_date(date, r->tz, l->start_ms);

    if (e != ERR_OK)
        return e;
    if (!str_format(month, sizeof month, "%04d-%02d", r->year, r->month))
        return ERR_INVAL;
    csv_plain(c, month);
    csv_text(c, r->school);
    csv_text(c, r->mentor);
    csv_text(c, r->child);
    csv_int(c, l->no);
    csv_plain(c, date);
    e = time_or_nothing(c, r->tz, l->start_ms);
    if (e == ERR_OK)
        e = time_or_nothing(c, r->tz, l->end_ms);
    csv_text(c, l->subject);
    csv_text(c, l->topic);
    csv_text(c, labels->status[l->status]);
    csv_text(c, over ? labels->outcome[l->outcome] : labels->side[l->side]);
    csv_plain(c, code);
    csv_text(c, l->amended ? labels->text[LABEL_YES] : NULL);
    if (over && e == ERR_OK)
        e = measured(c, l, labels, r->tz);
    for (int i = 0; !over && i < MEASURED_COLUMNS; i++)
        csv_plain(c, "");
    csv_text(c, l->reason);
    csv_text(c, l->document_no);
    csv_text(c, l->mark);
    csv_text(c, l->homework);
    lesson_no(c, l->make_up_of);
    lesson_no(c, l->make_up_by);
    csv_text(c, labels->family[l->family]);
    csv_end_row(c);
    return e;
}

enum err csv_month_rows(struct csv *c, const struct month_report *r, const struct labels *labels)
{
    enum err e = format_printable(r);

    if (e != ERR_OK)
        return e;
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        csv_text(c, labels->text[columns[i]]);
    csv_end_row(c);
    for (size_t i = 0; i < r->lines_n && e == ERR_OK; i++)
        e = row(c, r, &r->lines[i], labels);
    return e;
}

enum err csv_month_report(const struct month_report *r, const struct labels *labels,
                          struct strbuf *out)
{
    struct csv c = { .out = out };
    enum err e = csv_month_rows(&c, r, labels);

    return e == ERR_OK && !strbuf_ok(out) ? ERR_NOMEM : e;
}
