/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark sheet on paper: head, a row per subject, the signatures.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/domain/day.h"
#include "server/render/canvas.h"
#include "server/render/format.h"
#include "server/render/sheet.h"

#define LEFT 36.0
#define WIDTH (CANVAS_WIDTH - 2 * LEFT)
#define TOP 30.0
#define BOTTOM (CANVAS_HEIGHT - 40.0)
#define FOOT (CANVAS_HEIGHT - 30.0)
#define PAD 6.0

#define INK 0x1c2523
#define INK_2 0x46524e
#define CHALK 0x0f6354
#define LINE 0xd2ccbf
#define SUNKEN 0xf3f0e8

static const struct style title = { .size = 19, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style caption = { .size = 7.5, .ink = INK_2, .lines_max = 1 };
static const struct style head = { .size = 7.5, .bold = true, .ink = INK_2, .lines_max = 2 };
static const struct style value = { .size = 10, .bold = true, .ink = INK, .lines_max = 2 };
static const struct style body = { .size = 9, .ink = INK };
static const struct style small = { .size = 7.5, .ink = INK_2, .lines_max = 3 };

enum column { SUBJECT, HELD, MISSED, CURRENT, MEAN, PROPOSED, SET, REASON, COLUMNS };

static const struct {
    enum label name;
    double width; /* of WIDTH in 100 */
} columns[COLUMNS] = {
    [SUBJECT] = { LABEL_SUBJECT, 16 },      [HELD] = { LABEL_LESSONS_HELD, 8 },
    [MISSED] = { LABEL_LESSONS_MISSED, 9 }, [CURRENT] = { LABEL_CURRENT_MARKS, 22 },
    [MEAN] = { LABEL_MEAN_MARK, 7 },        [PROPOSED] = { LABEL_PROPOSED_MARK, 10 },
    [SET] = { LABEL_TERM_MARK, 9 },         [REASON] = { LABEL_REASON, 19 },
};

struct page {
    struct canvas canvas;
    const struct mark_sheet *s;
    const struct labels *labels;
    double y;
    int pages;
    enum err err;
};

static const char *word(const struct page *p, enum label l)
{
    return p->labels->text[l];
}

/* "Mark sheet · Quarter 2026-09-01 - 2026-10-31" */
static void headline(const struct page *p, char *out, size_t cap)
{
    char first[DAY_TEXT_BYTES], last[DAY_TEXT_BYTES];

    day_write(p->s->first_day, first);
    day_write(p->s->last_day, last);
    if (!str_format(out, cap, "%s · %s %s – %s", word(p, LABEL_MARK_SHEET),
                    word(p, p->s->kind == MARKS_QUARTER ? LABEL_TERM_QUARTER : LABEL_TERM_HALF),
                    first, last))
        out[0] = '\0';
}

static void foot(struct page *p)
{
    char made[FORMAT_MAX] = "", text[160], hash[17] = "";
    enum err e = format_date_time(made, p->s->tz, p->s->printed_ms);

    if (e)
        p->err = e;
    if (p->s->log_hash)
        memcpy(hash, p->s->log_hash, strnlen(p->s->log_hash, sizeof hash - 1));
    if (!str_format(text, sizeof text, "%s %s · %s %s · %s %s", word(p, LABEL_TIMES_IN), p->s->tz,
                    word(p, LABEL_REGISTER_HASH), hash, word(p, LABEL_PRINTED), made))
        text[0] = '\0';
    canvas_rule(&p->canvas, LEFT, LEFT + WIDTH, FOOT - 4, 0.5, LINE);
    canvas_text(&p->canvas, &caption, LEFT, FOOT, WIDTH, text);
}

static void table_head(struct page *p)
{
    double x = LEFT;

    canvas_box(&p->canvas, LEFT, p->y, WIDTH, 24, 3, SUNKEN);
    for (int i = 0; i < COLUMNS; i++) {
        double width = columns[i].width * WIDTH / 100;

        canvas_text(&p->canvas, &head, x + PAD, p->y + 3, width - 2 * PAD,
                    word(p, columns[i].name));
        x += width;
    }
    p->y += 26;
}

static void next_page(struct page *p)
{
    char text[160];

    foot(p);
    canvas_next_page(&p->canvas);
    p->pages++;
    headline(p, text, sizeof text);
    canvas_text(&p->canvas, &caption, LEFT, TOP, WIDTH, text);
    p->y = TOP + 16;
}

static void fact(struct page *p, int column, enum label name, const char *text, const char *more)
{
    double width = WIDTH / 4 - 12, x = LEFT + column * (WIDTH / 4);

    canvas_text(&p->canvas, &caption, x, p->y, width, word(p, name));
    canvas_text(&p->canvas, &value, x, p->y + 11, width, text && *text ? text : "—");
    canvas_text(&p->canvas, &small, x, p->y + 36, width, more);
}

static void first_head(struct page *p)
{
    const struct mark_sheet *s = p->s;
    struct style right = caption;
    char text[160], more[160], version[64];

    headline(p, text, sizeof text);
    canvas_text(&p->canvas, &title, LEFT, TOP, WIDTH - 110, text);
    right.align = ALIGN_RIGHT;
    if (!str_format(version, sizeof version, "%s %d", word(p, LABEL_VERSION), s->version))
        version[0] = '\0';
    canvas_text(&p->canvas, &right, LEFT + WIDTH - 100, TOP + 8, 100, version);
    canvas_rule(&p->canvas, LEFT, LEFT + WIDTH, TOP + 30, 1.5, CHALK);
    p->y = TOP + 40;
    if (!str_format(more, sizeof more, "%s %d · %s %s", word(p, LABEL_GRADE), s->grade,
                    word(p, LABEL_REGISTER_NO), s->register_no ? s->register_no : ""))
        more[0] = '\0';
    fact(p, 0, LABEL_CHILD, s->child, more);
    fact(p, 1, LABEL_MENTOR, s->mentor, NULL);
    fact(p, 2, LABEL_SCHOOL, s->school, NULL);
    fact(p, 3, LABEL_CENTRE, s->centre, NULL);
    p->y += 58;
}

/* Texts of a row; those of numbers are copies in own. */
static void cells(const struct page *p, const struct sheet_subject *l, const struct strbuf *current,
                  char own[COLUMNS][16], const char *out[COLUMNS])
{
    if (!str_format(own[HELD], 16, "%d", l->held) ||
        !str_format(own[MISSED], 16, "%d", l->missed) ||
        !str_format(own[MEAN], 16, "%d%s%02d", l->mean_hundredths / 100, p->labels->decimal,
                    l->mean_hundredths % 100))
        own[MEAN][0] = '\0';
    out[SUBJECT] = l->name;
    out[HELD] = own[HELD];
    out[MISSED] = own[MISSED];
    out[CURRENT] = current->s ? current->s : "—";
    out[MEAN] = l->mean_hundredths ? own[MEAN] : "—";
    out[PROPOSED] = l->proposed ? sheet_mark_word(p->labels, l->proposed) : "—";
    out[SET] = l->set ? sheet_mark_word(p->labels, l->set) : "—";
    out[REASON] = l->reason;
}

static void draw_row(struct page *p, const struct sheet_subject *l)
{
    char own[COLUMNS][16] = { 0 };
    const char *text[COLUMNS];
    double height = 0, x = LEFT;
    struct strbuf current;

    strbuf_init(&current);
    for (size_t i = 0; i < l->current_n; i++)
        strbuf_printf(&current, "%s%s", i ? " " : "",
                      sheet_mark_word(p->labels, l->current[i].value));
    if (!strbuf_ok(&current))
        p->err = ERR_NOMEM;
    cells(p, l, &current, own, text);
    for (int i = 0; i < COLUMNS; i++) {
        double h = canvas_text_height(&p->canvas, i == SET ? &value : &body,
                                      columns[i].width * WIDTH / 100 - 2 * PAD, text[i]);

        height = h > height ? h : height;
    }
    if (p->y + height + PAD > BOTTOM) {
        next_page(p);
        table_head(p);
    }
    for (int i = 0; i < COLUMNS; i++) {
        double width = columns[i].width * WIDTH / 100;

        canvas_text(&p->canvas, i == SET ? &value : &body, x + PAD, p->y + 3, width - 2 * PAD,
                    text[i]);
        x += width;
    }
    p->y += height + PAD;
    canvas_rule(&p->canvas, LEFT, LEFT + WIDTH, p->y, 0.5, LINE);
    strbuf_deinit(&current);
}

static void signatures(struct page *p)
{
    double width = WIDTH / SIGN_COUNT;

    if (p->y + 110 > BOTTOM)
        next_page(p);
    p->y += 10;
    p->y += canvas_text(&p->canvas, &small, LEFT, p->y, WIDTH, word(p, LABEL_CURRENT_NOTE)) + 14;
    for (int i = 0; i < SIGN_COUNT; i++) {
        const struct report_sign *sign = &p->s->signs[i];
        double x = LEFT + i * width, wide = width - 16;
        char at[FORMAT_MAX] = "";
        enum err e = sign->at_ms ? format_date_time(at, p->s->tz, sign->at_ms) : ERR_OK;

        if (e)
            p->err = e;
        canvas_text(&p->canvas, &caption, x, p->y, wide, p->labels->sign[i]);
        canvas_text(&p->canvas, &value, x, p->y + 14, wide, sign->name);
        canvas_rule(&p->canvas, x, x + wide, p->y + 36, 0.75, INK_2);
        canvas_text(&p->canvas, &caption, x, p->y + 39, wide,
                    sign->at_ms ? at : word(p, LABEL_SIGN_HERE));
    }
}

enum err pdf_mark_sheet(const struct mark_sheet *s, const struct labels *labels, struct pdf *out)
{
    struct page p = { .s = s, .labels = labels, .pages = 1 };
    struct pdf pdf = { 0 };
    char name[160];
    enum err e;

    headline(&p, name, sizeof name);
    e = canvas_init(&p.canvas, false, name, s->printed_ms);
    if (!e) {
        first_head(&p);
        table_head(&p);
        for (size_t i = 0; i < s->subjects_n; i++)
            draw_row(&p, &s->subjects[i]);
        if (s->subjects_n == 0)
            p.y += canvas_text(&p.canvas, &body, LEFT, p.y, WIDTH, word(&p, LABEL_NO_SUBJECTS));
        signatures(&p);
        foot(&p);
        e = p.err ? p.err : canvas_finish(&p.canvas, &pdf.bytes, &pdf.len);
    }
    canvas_deinit(&p.canvas);
    pdf.pages = p.pages;
    if (!e)
        *out = pdf;
    return e;
}
