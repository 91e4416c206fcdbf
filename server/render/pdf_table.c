/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of lessons in the printed month report.
 */
#include "server/render/pdf_table.h"

#include <string.h>

#include "common/base/now.h"
#include "server/domain/zone.h"

#define INK 0x1c2523
#define INK_2 0x46524e
#define LINE 0xd2ccbf
#define CHALK 0x0f6354
#define PAD 3.0

enum column {
    NO,
    DATE,
    PLAN,
    TOPIC,
    CONTACT,
    TOGETHER,
    CODE,
    OUTCOME,
    NOTES,
    MARK,
    FAMILY,
    COLUMNS
};

static const struct {
    double share; /* of the width, in 770ths */
    enum label head;
    enum align align;
} columns[COLUMNS] = {
    [NO] = { 22, LABEL_NO, ALIGN_RIGHT },           [DATE] = { 40, LABEL_DATE, ALIGN_LEFT },
    [PLAN] = { 66, LABEL_PLAN, ALIGN_LEFT },        [TOPIC] = { 190, LABEL_TOPIC, ALIGN_LEFT },
    [CONTACT] = { 66, LABEL_TOGETHER, ALIGN_LEFT }, [TOGETHER] = { 32, LABEL_MIN, ALIGN_RIGHT },
    [CODE] = { 30, LABEL_CODE, ALIGN_CENTRE },      [OUTCOME] = { 96, LABEL_OUTCOME, ALIGN_LEFT },
    [NOTES] = { 120, LABEL_NOTES, ALIGN_LEFT },     [MARK] = { 46, LABEL_MARK, ALIGN_CENTRE },
    [FAMILY] = { 62, LABEL_FAMILY, ALIGN_LEFT },
};

static const struct style head_style = { .size = 7.5, .bold = true, .ink = INK_2, .lines_max = 2 };
static const struct style cell = { .size = 8.5, .ink = INK, .lines_max = 4 };
static const struct style quiet = { .size = 7.5, .ink = INK_2, .lines_max = 4 };

/* Where a column begins and how wide its text may be. */
static double column_x(double x, double width, enum column column)
{
    for (enum column i = NO; i < column; i++)
        x += columns[i].share * width / 770;
    return x + PAD;
}

static double column_width(double width, enum column column)
{
    return columns[column].share * width / 770 - 2 * PAD;
}

/* The families of attendance codes, as on the screens; the letter is always printed. */
static void code_inks(char code, ink_t *ground, ink_t *ink)
{
    switch (code) {
    case 'P':
    case 'L':
        *ground = 0xb9dcc9, *ink = 0x0b4335;
        break;
    case 'E':
    case 'T':
        *ground = 0xf6dc9f, *ink = 0x553600;
        break;
    case 'U':
        *ground = 0xf3c4b9, *ink = 0x6f1f16;
        break;
    case 'S':
    case 'W':
    case 'X':
        *ground = 0xc3d9ec, *ink = 0x153f61;
        break;
    default:
        *ground = 0xece7dc, *ink = 0x46524e;
        break;
    }
}

static void note(struct strbuf *b, const char *text)
{
    if (text && *text)
        strbuf_printf(b, "%s%s", b->len ? "; " : "", text);
}

/* "late 7 min"; nothing for less than a minute. */
static void note_minutes(struct strbuf *b, const struct labels *l, enum label what, int64_t ms)
{
    if (ms >= MS_PER_MIN)
        strbuf_printf(b, "%s%s %d %s", b->len ? "; " : "", l->text[what], (int)(ms / MS_PER_MIN),
                      l->text[LABEL_MIN]);
}

static void note_gaps(struct strbuf *b, const struct labels *l, const struct report_line *line)
{
    char causes[200], length[FORMAT_MAX];

    if (line->gaps <= 0)
        return;
    label_causes(l, line->gaps_cause, causes, sizeof causes);
    format_minutes(length, line->gaps_ms, l->decimal);
    strbuf_printf(b, "%s%s ×%d, %s %s", b->len ? "; " : "", l->text[LABEL_GAP], line->gaps, length,
                  l->text[LABEL_MIN]);
    if (causes[0])
        strbuf_printf(b, " (%s)", causes);
}

static void notes(struct strbuf *b, const struct labels *l, const struct report_line *line)
{
    note(b, line->reason);
    if (line->document_no)
        strbuf_printf(b, "%s№ %s", b->len ? ", " : "", line->document_no);
    if (line->status == LINE_OVER) {
        note_minutes(b, l, LABEL_LATE, line->late_ms);
        note_minutes(b, l, LABEL_LEFT_EARLY, line->early_ms);
        note_minutes(b, l, LABEL_MENTOR_LATE, line->mentor_late_ms);
        note_gaps(b, l, line);
        note(b, line->waited ? l->text[LABEL_MENTOR_WAITED] : NULL);
        if (line->uncertain_ms > 0)
            strbuf_printf(b, "%s%s %d %s", b->len ? "; " : "", l->text[LABEL_UNCERTAIN],
                          (int)((line->uncertain_ms + MS_PER_MIN - 1) / MS_PER_MIN),
                          l->text[LABEL_MIN]);
        note(b, line->amended ? l->text[LABEL_AMENDED_NOTE] : NULL);
    }
    note(b, line->make_up_of.v ? l->text[LABEL_MAKES_UP] : NULL);
    note(b, line->make_up_by.v ? l->text[LABEL_MADE_UP] : NULL);
}

/* "09:40–10:20" */
static enum err span(char out[FORMAT_MAX], const char *tz, int64_t from, int64_t to)
{
    char a[FORMAT_MAX], b[FORMAT_MAX];
    enum err e = format_time(a, tz, from);

    if (e == ERR_OK)
        e = format_time(b, tz, to);
    if (e == ERR_OK && !str_format(out, FORMAT_MAX, "%s–%s", a, b))
        e = ERR_INVAL;
    return e;
}

static enum err times(struct pdf_row *row, const char *tz)
{
    const struct report_line *l = row->line;
    struct local_time t;
    enum err e = zone_local(tz, l->start_ms, &t);

    if (e != ERR_OK)
        return ERR_NOTFOUND;
    if (!str_format(row->date, FORMAT_MAX, "%02d %s", t.day, row->labels->weekday[t.weekday - 1]) ||
        !str_format(row->no, FORMAT_MAX, "%d", l->no))
        return ERR_INVAL;
    e = span(row->plan, tz, l->start_ms, l->end_ms);
    if (e == ERR_OK && l->contact_ms > 0)
        e = span(row->contact, tz, l->first_contact_ms, l->last_contact_ms);
    if (l->status == LINE_OVER &&
        !str_format(row->together, FORMAT_MAX, "%d", (int)(l->contact_ms / MS_PER_MIN)))
        e = ERR_INVAL;
    return e;
}

enum err pdf_row_init(struct pdf_row *row, const struct month_report *r,
                      const struct report_line *line, const struct labels *labels)
{
    enum err e;

    *row = (struct pdf_row){ .line = line, .labels = labels };
    strbuf_init(&row->topic);
    strbuf_init(&row->homework);
    strbuf_init(&row->notes);
    if (line->subject) {
        strbuf_puts(&row->topic, line->subject);
        row->subject_len = strlen(line->subject);
    }
    if (line->topic)
        strbuf_printf(&row->topic, "%s%s", row->subject_len ? " · " : "", line->topic);
    if (line->homework)
        strbuf_printf(&row->homework, "%s %s", labels->text[LABEL_HOMEWORK_SHORT], line->homework);
    notes(&row->notes, labels, line);
    e = times(row, r->tz);
    if (e == ERR_OK &&
        !(strbuf_ok(&row->topic) && strbuf_ok(&row->homework) && strbuf_ok(&row->notes)))
        e = ERR_NOMEM;
    if (e != ERR_OK)
        pdf_row_deinit(row);
    return e;
}

void pdf_row_deinit(struct pdf_row *row)
{
    strbuf_deinit(&row->topic);
    strbuf_deinit(&row->homework);
    strbuf_deinit(&row->notes);
}

static const char *outcome(const struct pdf_row *row)
{
    return row->line->status == LINE_OVER ? row->labels->outcome[row->line->outcome]
                                          : row->labels->status[row->line->status];
}

/* The second, quiet line under the outcome: whose side a cancellation came from. */
static const char *side(const struct pdf_row *row)
{
    return row->line->status == LINE_CANCELLED ? row->labels->side[row->line->side] : "";
}

static struct style topic_style(const struct pdf_row *row)
{
    struct style s = cell;

    s.bold_prefix = (int)row->subject_len;
    return s;
}

double pdf_row_height(struct canvas *c, const struct pdf_row *row, double width)
{
    struct style topic = topic_style(row);
    double tallest = canvas_text_height(c, &cell, 100, "0");
    double heights[3];

    heights[0] = canvas_text_height(c, &topic, column_width(width, TOPIC), row->topic.s) +
                 canvas_text_height(c, &quiet, column_width(width, TOPIC), row->homework.s);
    heights[1] = canvas_text_height(c, &quiet, column_width(width, NOTES), row->notes.s);
    heights[2] = canvas_text_height(c, &cell, column_width(width, OUTCOME), outcome(row)) +
                 canvas_text_height(c, &quiet, column_width(width, OUTCOME), side(row));
    for (int i = 0; i < 3; i++)
        tallest = heights[i] > tallest ? heights[i] : tallest;
    return tallest + 2 * PAD + 1;
}

static double put(struct canvas *c, const struct style *s, enum column column, double x, double y,
                  double width, const char *text)
{
    struct style aligned = *s;

    aligned.align = columns[column].align;
    return canvas_text(c, &aligned, column_x(x, width, column), y, column_width(width, column),
                       text);
}

static void draw_code(struct canvas *c, const struct pdf_row *row, double x, double y, double width)
{
    char code[2] = { row->line->code, 0 };
    struct style s = { .size = 8.5, .bold = true, .align = ALIGN_CENTRE };
    double middle = column_x(x, width, CODE) + column_width(width, CODE) / 2;
    ink_t ground;

    if (row->line->status != LINE_OVER)
        return;
    code_inks(code[0], &ground, &s.ink);
    canvas_box(c, middle - 8, y - 1, 16, 12, 3, ground);
    canvas_text(c, &s, middle - 8, y, 16, code);
}

void pdf_row_draw(struct canvas *c, const struct pdf_row *row, double x, double y, double width,
                  double height)
{
    bool off = row->line->status != LINE_OVER;
    struct style topic = topic_style(row), plain = cell, strong = cell;
    double top = y + PAD;

    /* What did not take place stands back. */
    plain.ink = topic.ink = off ? INK_2 : INK;
    strong.bold = true;
    put(c, &quiet, NO, x, top + 0.8, width, row->no);
    put(c, &plain, DATE, x, top, width, row->date);
    put(c, &plain, PLAN, x, top, width, row->plan);
    put(c, &quiet, TOPIC, x, top + put(c, &topic, TOPIC, x, top, width, row->topic.s), width,
        row->homework.s);
    put(c, &plain, CONTACT, x, top, width, off || row->contact[0] ? row->contact : "—");
    put(c, &strong, TOGETHER, x, top, width, row->together);
    draw_code(c, row, x, top, width);
    put(c, &quiet, OUTCOME, x, top + put(c, &plain, OUTCOME, x, top, width, outcome(row)), width,
        side(row));
    put(c, &quiet, NOTES, x, top + 0.8, width, row->notes.s);
    put(c, &strong, MARK, x, top, width, row->line->mark);
    put(c, &quiet, FAMILY, x, top + 0.8, width, row->labels->family[row->line->family]);
    canvas_rule(c, x, x + width, y + height, 0.4, LINE);
}

double pdf_table_head(struct canvas *c, const struct labels *labels, double x, double y,
                      double width)
{
    double tallest = 0;

    for (int i = 0; i < COLUMNS; i++) {
        double height =
            put(c, &head_style, (enum column)i, x, y, width, labels->text[columns[i].head]);

        tallest = height > tallest ? height : tallest;
    }
    canvas_rule(c, x, x + width, y + tallest + 3, 1, CHALK);
    return tallest + 4;
}
