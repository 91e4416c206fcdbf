/* SPDX-License-Identifier: Apache-2.0
 *
 * The order on paper: head, what is ordered, two lines to sign.
 */
#include "server/render/pdf_order.h"

#include "common/base/str.h"
#include "server/render/canvas.h"

#define LEFT 90.0
#define WIDTH (CANVAS_WIDTH - 2 * LEFT)
#define NAME_WIDTH 190.0
#define INK 0x1c2523
#define INK_2 0x46524e

static const struct style title = { .size = 19, .bold = true, .ink = INK, .lines_max = 1 };
static const struct style about = { .size = 13, .ink = INK, .lines_max = 2 };
static const struct style name = { .size = 10, .ink = INK_2, .lines_max = 2 };
static const struct style value = { .size = 11, .bold = true, .ink = INK, .lines_max = 3 };
static const struct style caption = { .size = 8, .ink = INK_2, .lines_max = 1 };

struct sheet {
    struct canvas canvas;
    const struct labels *labels;
    double y;
};

static void row(struct sheet *s, enum label what, const char *text)
{
    double left = canvas_text(&s->canvas, &name, LEFT, s->y, NAME_WIDTH, s->labels->text[what]);
    double right =
        canvas_text(&s->canvas, &value, LEFT + NAME_WIDTH, s->y, WIDTH - NAME_WIDTH, text);

    s->y += (left > right ? left : right) + 8;
}

static void sign(struct sheet *s, double x, enum label who, const char *under)
{
    double wide = WIDTH / 2 - 24;

    canvas_text(&s->canvas, &name, x, s->y, wide, s->labels->text[who]);
    canvas_rule(&s->canvas, x, x + wide, s->y + 46, 0.75, INK_2);
    canvas_text(&s->canvas, &caption, x, s->y + 49, wide, under);
}

/* "50 %" and "9 h a week", the minutes of an hour as a decimal of it. */
static bool figures(const struct printed_order *o, const struct labels *l, char rate[32],
                    char week[64])
{
    long long tenths = (long long)o->week_minutes / 6;
    const char *hours = l->text[LABEL_HOURS_WEEK];

    return str_format(rate, 32, "%d %%", o->rate_percent) &&
           (tenths % 10
                ? str_format(week, 64, "%lld%s%lld %s", tenths / 10, l->decimal, tenths % 10, hours)
                : str_format(week, 64, "%lld %s", tenths / 10, hours));
}

static void draw(struct sheet *s, const struct printed_order *o, const char *head, const char *rate,
                 const char *week)
{
    const struct labels *l = s->labels;

    s->y = 60;
    s->y += canvas_text(&s->canvas, &name, LEFT, s->y, WIDTH, o->school) + 16;
    s->y += canvas_text(&s->canvas, &title, LEFT, s->y, WIDTH, head) + 4;
    s->y += canvas_text(&s->canvas, &about, LEFT, s->y, WIDTH, l->text[LABEL_ORDER_ABOUT]) + 22;
    row(s, LABEL_ORDER_HIRE, o->mentor);
    row(s, LABEL_ORDER_AT, o->centre);
    row(s, LABEL_ORDER_RATE, rate);
    row(s, LABEL_ORDER_WEEK, week);
    row(s, LABEL_ORDER_FROM, o->from);
    row(s, LABEL_ORDER_TO, o->to[0] ? o->to : l->text[LABEL_ORDER_OPEN]);
    s->y += 40;
    sign(s, LEFT, LABEL_ORDER_PRINCIPAL, l->text[LABEL_SIGN_HERE]);
    sign(s, LEFT + WIDTH / 2, LABEL_ORDER_READ,
         o->acquainted[0] ? o->acquainted : l->text[LABEL_SIGN_HERE]);
}

enum err pdf_order(const struct printed_order *o, const struct labels *labels, struct pdf *out)
{
    struct sheet s = { .labels = labels };
    struct pdf pdf = { .pages = 1 };
    char head[160], rate[32], week[64];
    enum err e;

    if (!str_format(head, sizeof head, "%s %s · %s", labels->text[LABEL_ORDER_TITLE], o->number,
                    o->date) ||
        !figures(o, labels, rate, week))
        return ERR_INVAL;
    e = canvas_init(&s.canvas, false, head, o->printed_ms);
    if (!e) {
        draw(&s, o, head, rate, week);
        e = canvas_finish(&s.canvas, &pdf.bytes, &pdf.len);
    }
    canvas_deinit(&s.canvas);
    if (!e)
        *out = pdf;
    return e;
}
