/* SPDX-License-Identifier: Apache-2.0
 *
 * The month report on paper. It is laid out twice by the same code: a dry run
 * counts the pages, the second run prints "page 2 of 3".
 *
 *   first page:  title, head (who, where), the month in figures
 *   every page:  table of lessons under repeated column heads, foot
 *   last page:   totals by cause, codes explained, the mentor's texts, signatures
 */
#include "server/render/pdf.h"

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/render/canvas.h"
#include "server/render/pdf_table.h"

#define LEFT 36.0
#define RIGHT (CANVAS_WIDTH - 36.0)
#define WIDTH (RIGHT - LEFT)
#define TOP 30.0
#define BOTTOM (CANVAS_HEIGHT - 40.0)
#define FOOT (CANVAS_HEIGHT - 30.0)

/* Ink of paper: the office colours of the screens, printed sparingly. */
#define INK 0x1c2523
#define INK_2 0x46524e
#define CHALK 0x0f6354
#define LINE 0xd2ccbf
#define SUNKEN 0xf3f0e8

static const struct style title = { .size = 19, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style caption = { .size = 7.5, .ink = INK_2, .lines_max = 1 };
static const struct style value = { .size = 10, .bold = true, .ink = INK, .lines_max = 2 };
static const struct style detail = { .size = 8, .ink = INK_2, .lines_max = 2 };
static const struct style figure = { .size = 15, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style heading = { .size = 11, .bold = true, .ink = CHALK, .lines_max = 1 };
static const struct style body = { .size = 9, .ink = INK };
static const struct style small = { .size = 7.5, .ink = INK_2, .lines_max = 3 };

struct sheet {
    struct canvas canvas;
    const struct month_report *r;
    const struct labels *labels;
    double y;
    int page;
    int pages; /* 0 on the dry run */
    enum err err;
};

static const char *word(const struct sheet *s, enum label l)
{
    return s->labels->text[l];
}

/* "ноябрь 2026" */
static void month_name(const struct sheet *s, char *out, size_t cap)
{
    int month = s->r->month >= 1 && s->r->month <= 12 ? s->r->month : 1;

    if (!str_format(out, cap, "%s %d", s->labels->month[month - 1], s->r->year))
        out[0] = 0;
}

static void join(struct strbuf *b, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    if (b->len)
        strbuf_puts(b, " · ");
    strbuf_puts(b, name);
    strbuf_puts(b, *name ? " " : "");
    strbuf_puts(b, text);
}

/* The text of a buffer, or "" and a remembered error. */
static const char *text_of(struct sheet *s, const struct strbuf *b)
{
    if (!strbuf_ok(b))
        s->err = ERR_NOMEM;
    return b->s && strbuf_ok(b) ? b->s : "";
}

static void foot(struct sheet *s)
{
    char made[FORMAT_MAX] = "", page[64] = "", hash[17] = "";
    struct style right = caption;
    struct strbuf b;
    enum err e = s->r->printed_ms ? format_date_time(made, s->r->tz, s->r->printed_ms) : ERR_OK;

    if (e != ERR_OK)
        s->err = e;
    if (s->r->log_hash)
        memcpy(hash, s->r->log_hash, strnlen(s->r->log_hash, sizeof hash - 1));
    strbuf_init(&b);
    join(&b, word(s, LABEL_TIMES_IN), s->r->tz);
    join(&b, word(s, LABEL_POLICY), s->r->policy);
    join(&b, word(s, LABEL_REGISTER_HASH), hash);
    join(&b, word(s, LABEL_PRINTED), made);
    canvas_rule(&s->canvas, LEFT, RIGHT, FOOT - 4, 0.5, LINE);
    canvas_text(&s->canvas, &caption, LEFT, FOOT, WIDTH - 100, text_of(s, &b));
    strbuf_deinit(&b);
    right.align = ALIGN_RIGHT;
    if (!str_format(page, sizeof page, "%s %d %s %d", word(s, LABEL_PAGE), s->page,
                    word(s, LABEL_OF), s->pages))
        page[0] = 0;
    canvas_text(&s->canvas, &right, RIGHT - 100, FOOT, 100, page);
}

/* The one-line head of every page but the first. */
static void running_head(struct sheet *s)
{
    struct strbuf b;
    char month[64];

    month_name(s, month, sizeof month);
    strbuf_init(&b);
    join(&b, "", s->r->draft ? word(s, LABEL_DRAFT) : NULL);
    join(&b, "", word(s, LABEL_TITLE));
    join(&b, "", month);
    join(&b, "", s->r->child);
    join(&b, "", s->r->mentor);
    join(&b, "", s->r->school);
    canvas_text(&s->canvas, &detail, LEFT, TOP, WIDTH, text_of(s, &b));
    strbuf_deinit(&b);
    s->y = TOP + 18;
}

static void next_page(struct sheet *s)
{
    foot(s);
    canvas_next_page(&s->canvas);
    s->page++;
    running_head(s);
}

/* Room for height points, on the next page if need be. */
static void need(struct sheet *s, double height)
{
    if (s->y + height > BOTTOM)
        next_page(s);
}

static void fact(struct sheet *s, int column, enum label name, const char *text, const char *more)
{
    double width = WIDTH / 4 - 12, x = LEFT + column * (WIDTH / 4), y = s->y;

    canvas_text(&s->canvas, &caption, x, y, width, word(s, name));
    y += 11;
    y += canvas_text(&s->canvas, &value, x, y, width, text && *text ? text : "—");
    canvas_text(&s->canvas, &detail, x, y + 1, width, more);
}

static void facts(struct sheet *s)
{
    const struct month_report *r = s->r;
    char hours[FORMAT_MAX] = "";
    struct strbuf b;

    strbuf_init(&b);
    join(&b, word(s, LABEL_GRADE), r->grade);
    join(&b, word(s, LABEL_REGISTER_NO), r->register_no);
    fact(s, 0, LABEL_CHILD, r->child, text_of(s, &b));
    strbuf_deinit(&b);
    join(&b, word(s, LABEL_ORDER), r->order_no);
    if (r->hours_week_minutes > 0) {
        format_quarters(hours, r->hours_week_minutes / 15, s->labels->decimal);
        join(&b, hours, word(s, LABEL_HOURS_WEEK));
    }
    fact(s, 1, LABEL_MENTOR, r->mentor, text_of(s, &b));
    strbuf_deinit(&b);
    fact(s, 2, LABEL_SCHOOL, r->school, NULL);
    fact(s, 3, LABEL_CENTRE, r->centre, NULL);
    s->y += 54;
}

/* The month in figures, one box. */
static void figures(struct sheet *s)
{
    const struct report_totals *t = &s->r->totals;
    char texts[8][FORMAT_MAX] = { 0 };
    const struct {
        enum label name;
        int n;
    } counts[] = { { LABEL_PLANNED, t->planned },     { LABEL_HELD, t->held },
                   { LABEL_PARTIAL, t->partial },     { LABEL_NOT_HELD, t->not_held },
                   { LABEL_CANCELLED, t->cancelled }, { LABEL_MAKE_UPS_OWED, t->make_ups_owed } };
    static const double shares[8] = { 1, 1, 1, 1.15, 1, 1.25, 1.5, 1.1 }; /* sum 9 */
    enum label names[8];
    double x = LEFT + 10;

    for (size_t i = 0; i < 6; i++) {
        names[i] = counts[i].name;
        if (!str_format(texts[i], FORMAT_MAX, "%d", counts[i].n))
            texts[i][0] = 0;
    }
    names[6] = LABEL_CONTACT_HOURS;
    format_hours(texts[6], t->contact_ms, word(s, LABEL_HOUR), word(s, LABEL_MIN));
    names[7] = LABEL_CREDIT_UNITS;
    format_quarters(texts[7], t->credit_quarters, s->labels->decimal);
    canvas_box(&s->canvas, LEFT, s->y, WIDTH, 42, 5, SUNKEN);
    for (int i = 0; i < 8; i++) {
        struct style st = figure;

        st.size = i == 6 ? 12.5 : figure.size; /* "9 h 24 min" is longer than a number */
        canvas_text(&s->canvas, &st, x, s->y + (i == 6 ? 8 : 6), shares[i] * WIDTH / 9 - 8,
                    texts[i]);
        canvas_text(&s->canvas, &caption, x, s->y + 27, shares[i] * WIDTH / 9 - 8,
                    word(s, names[i]));
        x += shares[i] * WIDTH / 9;
    }
    s->y += 52;
}

static void first_head(struct sheet *s)
{
    char month[64], version[64] = "";
    struct style right = detail;
    struct strbuf b;

    month_name(s, month, sizeof month);
    strbuf_init(&b);
    strbuf_printf(&b, "%s · %s", word(s, LABEL_TITLE), month);
    canvas_text(&s->canvas, &title, LEFT, TOP, WIDTH - 120, text_of(s, &b));
    strbuf_deinit(&b);
    right.align = ALIGN_RIGHT;
    if (s->r->version > 0 &&
        !str_format(version, sizeof version, "%s %d", word(s, LABEL_VERSION), s->r->version))
        version[0] = 0;
    if (s->r->draft && !str_copy(version, sizeof version, word(s, LABEL_DRAFT)))
        version[0] = 0;
    canvas_text(&s->canvas, &right, RIGHT - 120, TOP + 8, 120, version);
    canvas_rule(&s->canvas, LEFT, RIGHT, TOP + 30, 1.5, CHALK);
    s->y = TOP + 40;
    facts(s);
    figures(s);
}

static void table(struct sheet *s)
{
    const struct month_report *r = s->r;

    if (r->lines_n == 0) {
        s->y += canvas_text(&s->canvas, &value, LEFT, s->y, WIDTH, word(s, LABEL_EMPTY_MONTH)) + 2;
        s->y += canvas_text(&s->canvas, &body, LEFT, s->y, WIDTH, r->empty_reason) + 10;
        return;
    }
    s->y += pdf_table_head(&s->canvas, s->labels, LEFT, s->y, WIDTH);
    for (size_t i = 0; i < r->lines_n; i++) {
        struct pdf_row row;
        enum err e = pdf_row_init(&row, r, &r->lines[i], s->labels);
        double height;

        if (e != ERR_OK) {
            s->err = e;
            return;
        }
        height = pdf_row_height(&s->canvas, &row, WIDTH);
        if (s->y + height > BOTTOM) {
            next_page(s);
            s->y += pdf_table_head(&s->canvas, s->labels, LEFT, s->y, WIDTH);
        }
        pdf_row_draw(&s->canvas, &row, LEFT, s->y, WIDTH, height);
        pdf_row_deinit(&row);
        s->y += height;
    }
    s->y += 14;
}

/* "8 not held: server failure 1, child did not come 3 …" */
static void count(struct strbuf *b, const char *name, int n)
{
    if (n > 0)
        strbuf_printf(b, "%s%s %d", b->len ? ", " : "", name, n);
}

static void total_line(struct sheet *s, double x, double width, enum label name, struct strbuf *b)
{
    struct style st = body;
    const char *text = text_of(s, b);

    st.size = 8.5;
    if (*text) {
        canvas_text(&s->canvas, &st, x, s->y, 120, word(s, name));
        st.bold = true;
        canvas_text(&s->canvas, &st, x + 124, s->y, width - 124, text);
        s->y += canvas_text_height(&s->canvas, &st, width - 124, text) + 2;
    }
    strbuf_deinit(b);
}

static void total_count(struct sheet *s, double x, double width, enum label name, int n)
{
    struct strbuf b;

    strbuf_init(&b);
    strbuf_printf(&b, "%d", n);
    total_line(s, x, width, name, &b);
}

static void totals(struct sheet *s)
{
    const struct report_totals *t = &s->r->totals;
    double half = WIDTH / 2, top;
    char text[FORMAT_MAX];
    struct strbuf b;

    need(s, 112);
    s->y += canvas_text(&s->canvas, &heading, LEFT, s->y, WIDTH, word(s, LABEL_TOTALS)) + 4;
    top = s->y;
    strbuf_init(&b);
    strbuf_printf(&b, "%d", t->not_held);
    if (t->not_held)
        strbuf_puts(&b, ": ");
    {
        struct strbuf causes;

        strbuf_init(&causes);
        for (int o = 0; o < OUTCOME_COUNT; o++)
            if (o != OUTCOME_HELD && o != OUTCOME_PARTIAL)
                count(&causes, s->labels->outcome[o], t->by_outcome[o]);
        strbuf_puts(&b, text_of(s, &causes));
        strbuf_deinit(&causes);
    }
    total_line(s, LEFT, half - 20, LABEL_NOT_HELD, &b);
    strbuf_printf(&b, "%d", t->cancelled);
    if (t->cancelled) {
        struct strbuf sides;

        strbuf_init(&sides);
        for (int i = SIDE_NONE + 1; i < SIDE_COUNT; i++)
            count(&sides, s->labels->side[i], t->cancelled_by[i]);
        strbuf_printf(&b, ": %s", text_of(s, &sides));
        strbuf_deinit(&sides);
    }
    total_line(s, LEFT, half - 20, LABEL_CANCELLED, &b);
    total_count(s, LEFT, half - 20, LABEL_MOVED, t->moved);
    total_count(s, LEFT, half - 20, LABEL_AHEAD, t->ahead);
    total_count(s, LEFT, half - 20, LABEL_MAKE_UPS_DONE, t->make_ups_done);
    total_count(s, LEFT, half - 20, LABEL_MAKE_UPS_OWED, t->make_ups_owed);
    {
        double bottom = s->y;

        s->y = top;
        strbuf_printf(&b, "%d", t->missed);
        if (t->missed)
            strbuf_printf(&b, ", %s %d", word(s, LABEL_MISSED_ILL), t->missed_ill);
        total_line(s, LEFT + half, half, LABEL_MISSED, &b);
        total_count(s, LEFT + half, half, LABEL_DAYS_MISSED, t->days_missed);
        total_count(s, LEFT + half, half, LABEL_LATE_LESSONS, t->late);
        total_count(s, LEFT + half, half, LABEL_WAITED_LESSONS, t->waited);
        if (t->screen_ms > 0) {
            format_hours(text, t->screen_ms, word(s, LABEL_HOUR), word(s, LABEL_MIN));
            strbuf_puts(&b, text);
            total_line(s, LEFT + half, half, LABEL_SCREEN_TIME, &b);
        }
        s->y = s->y > bottom ? s->y : bottom;
    }
    s->y += 6;
}

/* Which codes stand in this table, in words. */
static void legend(struct sheet *s)
{
    struct strbuf b;
    double height;

    strbuf_init(&b);
    for (const char *c = ATTENDANCE_CODES; *c; c++) {
        bool used = false;

        for (size_t i = 0; i < s->r->lines_n; i++)
            used |= s->r->lines[i].status == LINE_OVER && s->r->lines[i].code == *c;
        if (used)
            strbuf_printf(&b, "%s%c %s", b.len ? ", " : "", *c, label_code(s->labels, *c));
    }
    if (b.len)
        strbuf_puts(&b, ". ");
    strbuf_puts(&b, word(s, LABEL_CONNECTED_NOTE));
    height = canvas_text_height(&s->canvas, &small, WIDTH, text_of(s, &b));
    need(s, height);
    s->y += canvas_text(&s->canvas, &small, LEFT, s->y, WIDTH, text_of(s, &b)) + 12;
    strbuf_deinit(&b);
}

/* A text of any length, over as many pages as it takes. Its layout is made anew after each page,
 * because heads and feet use the same one. */
static void prose(struct sheet *s, enum label name, const char *text)
{
    int lines;

    if (!text || !*text)
        return;
    need(s, 40);
    s->y += canvas_text(&s->canvas, &heading, LEFT, s->y, WIDTH, word(s, name)) + 3;
    lines = canvas_lines(&s->canvas, &body, WIDTH, text);
    for (int i = 0; i < lines; i++) {
        if (s->y + canvas_line_height(&s->canvas, i) > BOTTOM) {
            next_page(s);
            (void)canvas_lines(&s->canvas, &body, WIDTH, text);
        }
        s->y += canvas_line(&s->canvas, i, body.ink, LEFT, s->y);
    }
    s->y += 10;
}

static void signatures(struct sheet *s)
{
    double width = WIDTH / SIGN_COUNT;

    need(s, 74);
    s->y += canvas_text(&s->canvas, &heading, LEFT, s->y, WIDTH, word(s, LABEL_SIGNATURES)) + 6;
    for (int i = 0; i < SIGN_COUNT; i++) {
        const struct report_sign *sign = &s->r->signs[i];
        double x = LEFT + i * width, wide = width - 16;
        char at[FORMAT_MAX] = "";
        enum err e = sign->at_ms ? format_date_time(at, s->r->tz, sign->at_ms) : ERR_OK;

        if (e != ERR_OK)
            s->err = e;
        canvas_text(&s->canvas, &caption, x, s->y, wide, s->labels->sign[i]);
        if (sign->name)
            canvas_text(&s->canvas, &value, x, s->y + 14, wide, sign->name);
        canvas_rule(&s->canvas, x, x + wide, s->y + 36, 0.75, INK_2);
        canvas_text(&s->canvas, &caption, x, s->y + 39, wide,
                    sign->at_ms ? at : word(s, LABEL_SIGN_HERE));
    }
    s->y += 52;
}

static enum err draw(struct sheet *s, struct pdf *out)
{
    char name[64];
    enum err e;

    if (!str_format(name, sizeof name, "%s %04d-%02d", word(s, LABEL_TITLE), s->r->year,
                    s->r->month))
        name[0] = 0;
    e = canvas_init(&s->canvas, out == NULL, name, s->r->printed_ms);
    if (e == ERR_OK) {
        s->page = 1;
        first_head(s);
        table(s);
        totals(s);
        legend(s);
        prose(s, LABEL_PROGRESS, s->r->progress);
        prose(s, LABEL_DIFFICULTIES, s->r->difficulties);
        prose(s, LABEL_NEXT_MONTH, s->r->next_month);
        signatures(s);
        foot(s);
        e = s->err != ERR_OK
                ? s->err
                : canvas_finish(&s->canvas, out ? &out->bytes : NULL, out ? &out->len : NULL);
    }
    canvas_deinit(&s->canvas);
    return e;
}

enum err pdf_month_report(const struct month_report *r, const struct labels *labels,
                          struct pdf *out)
{
    struct sheet first = { .r = r, .labels = labels }, second;
    struct pdf pdf = { 0 };
    enum err e = format_printable(r);

    if (e == ERR_OK)
        e = draw(&first, NULL);
    if (e != ERR_OK)
        return e;
    second = (struct sheet){ .r = r, .labels = labels, .pages = first.page };
    pdf.pages = first.page;
    e = draw(&second, &pdf);
    if (e == ERR_OK)
        *out = pdf;
    return e;
}

void pdf_deinit(struct pdf *p)
{
    mem_free(p->bytes);
    *p = (struct pdf){ 0 };
}
