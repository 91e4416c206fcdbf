/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark sheet as rows.
 */
#include "server/render/sheet.h"

#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/render/xlsx.h"

const char *sheet_mark_word(const struct labels *l, enum mark_value v)
{
    switch (v) {
    case MARK_NOT_ATTESTED:
        return l->text[LABEL_NOT_ATTESTED];
    case MARK_RELEASED:
        return l->text[LABEL_RELEASED];
    case MARK_PASS:
        return l->text[LABEL_PASSED];
    case MARK_FAIL:
        return l->text[LABEL_FAILED];
    default:
        return mark_value_name(v);
    }
}

/* "4 5 4" */
static void current_marks(struct csv *c, const struct sheet_subject *l, const struct labels *labels)
{
    struct strbuf b;

    strbuf_init(&b);
    for (size_t i = 0; i < l->current_n; i++)
        strbuf_printf(&b, "%s%s", i ? " " : "", sheet_mark_word(labels, l->current[i].value));
    csv_text(c, b.s);
    strbuf_deinit(&b);
}

static void row(struct csv *c, const struct mark_sheet *s, const struct sheet_subject *l,
                const struct labels *labels)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES], mean[16] = "";

    day_write(s->first_day, first);
    day_write(s->last_day, last);
    if (l->mean_hundredths && !str_format(mean, sizeof mean, "%d.%02d", l->mean_hundredths / 100,
                                          l->mean_hundredths % 100))
        mean[0] = '\0';
    csv_text(c, labels->text[s->kind == MARKS_QUARTER ? LABEL_TERM_QUARTER : LABEL_TERM_HALF]);
    csv_plain(c, first);
    csv_plain(c, last);
    csv_text(c, s->school);
    csv_text(c, s->mentor);
    csv_text(c, s->child);
    csv_text(c, s->register_no);
    csv_int(c, s->grade);
    csv_text(c, l->name);
    csv_int(c, l->held);
    csv_int(c, l->missed);
    current_marks(c, l, labels);
    csv_plain(c, mean);
    csv_text(c, sheet_mark_word(labels, l->proposed));
    csv_text(c, sheet_mark_word(labels, l->set));
    csv_text(c, l->reason);
    csv_end_row(c);
}

void sheet_rows(struct csv *c, const struct mark_sheet *s, const struct labels *labels)
{
    static const enum label heads[] = {
        LABEL_MARK_SHEET,   LABEL_START,          LABEL_END,
        LABEL_SCHOOL,       LABEL_MENTOR,         LABEL_CHILD,
        LABEL_REGISTER_NO,  LABEL_GRADE,          LABEL_SUBJECT,
        LABEL_LESSONS_HELD, LABEL_LESSONS_MISSED, LABEL_CURRENT_MARKS,
        LABEL_MEAN_MARK,    LABEL_PROPOSED_MARK,  LABEL_TERM_MARK,
        LABEL_REASON
    };

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        csv_text(c, labels->text[heads[i]]);
    csv_end_row(c);
    for (size_t i = 0; i < s->subjects_n; i++)
        row(c, s, &s->subjects[i], labels);
}

enum err sheet_csv(const struct mark_sheet *s, const struct labels *labels, uint8_t **bytes,
                   size_t *len)
{
    struct strbuf b;
    struct csv c = { .out = &b };
    char *text = NULL;
    size_t n;
    enum err e;

    strbuf_init(&b);
    sheet_rows(&c, s, labels);
    n = b.len;
    e = strbuf_take(&b, &text);
    strbuf_deinit(&b);
    if (e)
        return e;
    *bytes = (uint8_t *)text;
    *len = n;
    return ERR_OK;
}

enum err sheet_xlsx(const struct mark_sheet *s, const struct labels *labels, uint8_t **bytes,
                    size_t *len)
{
    char first[DAY_TEXT_BYTES];
    struct xlsx x;
    struct csv c;
    enum err e;

    day_write(s->first_day, first);
    e = xlsx_open(&x, first, s->printed_ms);
    if (e)
        return e;
    c = xlsx_rows(&x);
    sheet_rows(&c, s, labels);
    return xlsx_close(&x, ERR_OK, bytes, len);
}
