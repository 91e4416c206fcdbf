/* SPDX-License-Identifier: Apache-2.0
 *
 * See pdf_week.h. Sunday has a column only when something is on it; what does
 * not fit under a day goes on on the next page, under the same heads.
 */
#include "server/render/pdf_week.h"

#include "common/base/str.h"
#include "server/render/canvas.h"
#include "server/render/format.h"

#define LEFT 36.0
#define TOP 36.0
#define WIDTH (CANVAS_WIDTH - 2 * LEFT)
#define BOTTOM (CANVAS_HEIGHT - 40.0)
#define GAP 6.0
#define INK 0x1c2523
#define INK_2 0x46524e
#define CHALK 0x0f6354
#define SUNKEN 0xf1ede4

static const struct style title = { .size = 18, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style about = { .size = 9, .ink = INK_2, .lines_max = 1 };
static const struct style head = { .size = 11, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style hour = { .size = 10, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style subject = { .size = 11, .bold = true, .ink = INK, .lines_max = 2 };
static const struct style detail = { .size = 9, .ink = INK_2, .lines_max = 2 };

struct sheet {
    struct canvas canvas;
    const struct printed_week *w;
    const struct labels *labels;
    int days;                  /* columns */
    size_t next[PRINTED_DAYS]; /* lesson that comes next in each column */
    double top;                /* below the heads */
    int pages;
};

static double column_width(const struct sheet *s)
{
    return WIDTH / s->days;
}

/* The first lesson of day from i on, lessons_n if none. */
static size_t find(const struct printed_week *w, int day, size_t i)
{
    while (i < w->lessons_n && w->lessons[i].day != day)
        i++;
    return i;
}

static enum err draw_head(struct sheet *s)
{
    const struct printed_week *w = s->w;
    char line[200];
    double y = TOP;

    if (!str_format(line, sizeof line, "%s: %s – %s. %s: %s", s->labels->text[LABEL_WEEK_TITLE],
                    w->date[0], w->date[PRINTED_DAYS - 1], s->labels->text[LABEL_TIMES_IN], w->tz))
        return ERR_INVAL;
    y += canvas_text(&s->canvas, &title, LEFT, y, WIDTH, w->name) + 2;
    y += canvas_text(&s->canvas, &about, LEFT, y, WIDTH, line) + 10;
    canvas_rule(&s->canvas, LEFT, LEFT + WIDTH, y, 1.5, CHALK);
    y += 6;
    for (int d = 0; d < s->days; d++) {
        double x = LEFT + d * column_width(s), wide = column_width(s) - GAP;

        /* "Mon 23.11" */
        if (!str_format(line, sizeof line, "%s %.2s.%.2s", s->labels->weekday[d], w->date[d] + 8,
                        w->date[d] + 5))
            return ERR_INVAL;
        canvas_text(&s->canvas, &head, x, y, wide, line);
        if (w->holiday[d])
            canvas_text(&s->canvas, &detail, x, y + 15, wide, s->labels->text[LABEL_WEEK_HOLIDAY]);
    }
    s->top = y + 32;
    return ERR_OK;
}

struct box {
    char time[2 * FORMAT_MAX + 8];
    const char *note; /* NULL: none */
    double height;
};

static enum err measure(struct sheet *s, const struct printed_lesson *l, struct box *out)
{
    double wide = column_width(s) - GAP - 12;
    char from[FORMAT_MAX], to[FORMAT_MAX];
    enum err err = format_time(from, s->w->tz, l->start_ms);

    if (!err)
        err = format_time(to, s->w->tz, l->end_ms);
    if (err)
        return err;
    *out = (struct box){ .note = l->cancelled ? s->labels->text[LABEL_CANCELLED] : NULL };
    if (!str_format(out->time, sizeof out->time, "%s – %s", from, to))
        return ERR_INVAL;
    out->height = 12 + canvas_text_height(&s->canvas, &hour, wide, out->time) +
                  canvas_text_height(&s->canvas, &subject, wide, l->subject);
    if (l->who[0])
        out->height += canvas_text_height(&s->canvas, &detail, wide, l->who);
    if (out->note)
        out->height += canvas_text_height(&s->canvas, &detail, wide, out->note);
    return ERR_OK;
}

static void draw_lesson(struct sheet *s, const struct printed_lesson *l, const struct box *b,
                        double x, double y)
{
    double wide = column_width(s) - GAP - 12;

    canvas_box(&s->canvas, x, y, column_width(s) - GAP, b->height, 4, SUNKEN);
    y += 6;
    x += 6;
    y += canvas_text(&s->canvas, &hour, x, y, wide, b->time);
    y += canvas_text(&s->canvas, &subject, x, y, wide, l->subject);
    if (l->who[0])
        y += canvas_text(&s->canvas, &detail, x, y, wide, l->who);
    if (b->note)
        canvas_text(&s->canvas, &detail, x, y, wide, b->note);
}

/* As much of a day as fits on this page; at least one, so that pages come to an end. */
static enum err draw_day(struct sheet *s, int day)
{
    double x = LEFT + day * column_width(s), y = s->top;

    for (bool first = true;; first = false) {
        size_t i = find(s->w, day, s->next[day]);
        struct box b;
        enum err err;

        s->next[day] = i;
        if (i == s->w->lessons_n)
            return ERR_OK;
        err = measure(s, &s->w->lessons[i], &b);
        if (err)
            return err;
        if (!first && y + b.height > BOTTOM)
            return ERR_OK;
        draw_lesson(s, &s->w->lessons[i], &b, x, y);
        y += b.height + GAP;
        s->next[day] = i + 1;
    }
}

static bool more(const struct sheet *s)
{
    for (int d = 0; d < s->days; d++)
        if (s->next[d] < s->w->lessons_n && find(s->w, d, s->next[d]) < s->w->lessons_n)
            return true;
    return false;
}

static enum err draw(struct sheet *s)
{
    enum err err;

    do {
        if (s->pages++ > 0)
            canvas_next_page(&s->canvas);
        err = draw_head(s);
        if (!err && s->w->lessons_n == 0)
            canvas_text(&s->canvas, &detail, LEFT, s->top, WIDTH,
                        s->labels->text[LABEL_WEEK_EMPTY]);
        for (int d = 0; !err && d < s->days; d++)
            err = draw_day(s, d);
    } while (!err && more(s));
    return err;
}

enum err pdf_week(const struct printed_week *w, const struct labels *labels, struct pdf *out)
{
    struct sheet s = { .w = w, .labels = labels, .days = PRINTED_DAYS - 1 };
    struct pdf pdf = { 0 };
    enum err err;

    for (size_t i = 0; i < w->lessons_n; i++) {
        if (w->lessons[i].day < 0 || w->lessons[i].day >= PRINTED_DAYS)
            return ERR_INVAL;
        if (w->lessons[i].day == PRINTED_DAYS - 1)
            s.days = PRINTED_DAYS;
    }
    err = canvas_init(&s.canvas, false, labels->text[LABEL_WEEK_TITLE], w->printed_ms);
    if (!err)
        err = draw(&s);
    if (!err)
        err = canvas_finish(&s.canvas, &pdf.bytes, &pdf.len);
    canvas_deinit(&s.canvas);
    if (err)
        return err;
    pdf.pages = s.pages;
    *out = pdf;
    return ERR_OK;
}
