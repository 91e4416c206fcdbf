/* SPDX-License-Identifier: Apache-2.0
 *
 * See pdf_event.h. Everything runs down the page in one column and goes on on
 * the next.
 */
#include "server/render/pdf_event.h"

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/render/canvas.h"
#include "server/render/format.h"

#define LEFT 72.0
#define TOP 48.0
#define WIDTH (CANVAS_WIDTH - 2 * LEFT)
#define BOTTOM (CANVAS_HEIGHT - 48.0)
#define NAME_WIDTH 130.0
#define INK 0x1c2523
#define INK_2 0x46524e
#define CHALK 0x0f6354

static const struct style title = { .size = 18, .bold = true, .ink = INK };
static const struct style small = { .size = 9, .ink = INK_2 };
static const struct style head = { .size = 12, .bold = true, .ink = CHALK };
static const struct style name = { .size = 10, .ink = INK_2 };
static const struct style plain = { .size = 10.5, .ink = INK };
static const struct style strong = { .size = 10.5, .bold = true, .ink = INK };

struct sheet {
    struct canvas canvas;
    const struct printed_event *e;
    const struct labels *labels;
    double y;
    int pages;
};

static const char *word(const struct sheet *s, enum label l)
{
    return s->labels->text[l];
}

static void room(struct sheet *s, double height)
{
    if (s->y + height <= BOTTOM)
        return;
    canvas_next_page(&s->canvas);
    s->y = TOP;
    s->pages++;
}

/* A text of any length, line by line over the pages. */
static void flow(struct sheet *s, const struct style *style, double x, double width,
                 const char *text)
{
    int n = text[0] ? canvas_lines(&s->canvas, style, width, text) : 0;

    for (int i = 0; i < n; i++) {
        room(s, canvas_line_height(&s->canvas, i));
        s->y += canvas_line(&s->canvas, i, style->ink, x, s->y);
    }
}

static void row(struct sheet *s, enum label what, const char *text)
{
    double before;

    if (!text[0])
        return;
    room(s, 16);
    before = s->y;
    canvas_text(&s->canvas, &name, LEFT, s->y, NAME_WIDTH - 8, word(s, what));
    flow(s, &plain, LEFT + NAME_WIDTH, WIDTH - NAME_WIDTH, text);
    if (s->y < before + 14)
        s->y = before + 14;
    s->y += 3;
}

static void heading(struct sheet *s, const char *text)
{
    room(s, 40);
    s->y += 10;
    s->y += canvas_text(&s->canvas, &head, LEFT, s->y, WIDTH, text) + 4;
}

/* ---- parts -------------------------------------------------------------------------------- */

static enum err draw_head(struct sheet *s, const char *heading_text)
{
    const struct printed_event *e = s->e;
    char when[160], from[FORMAT_MAX], to[FORMAT_MAX], printed[FORMAT_MAX];
    enum err err = format_date_time(from, e->tz, e->start_ms);

    if (!err)
        err = format_time(to, e->tz, e->end_ms);
    if (!err)
        err = format_date_time(printed, e->tz, e->printed_ms);
    if (err)
        return err;
    if (!str_format(when, sizeof when, "%s – %s (%s)", from, to, e->tz))
        return ERR_INVAL;
    s->y = TOP;
    flow(s, &small, LEFT, WIDTH, e->centre);
    s->y += 6;
    flow(s, &title, LEFT, WIDTH, heading_text);
    flow(s, &strong, LEFT, WIDTH, e->title);
    s->y += 8;
    row(s, LABEL_EVENT_WHEN, when);
    row(s, LABEL_EVENT_PLACE, e->place);
    row(s, LABEL_EVENT_CHAIR, e->chair);
    row(s, LABEL_EVENT_SECRETARY, e->secretary);
    row(s, LABEL_PRINTED, printed);
    flow(s, &plain, LEFT, WIDTH, e->about);
    return ERR_OK;
}

static enum err draw_item(struct sheet *s, int no, const struct printed_item *item,
                          int64_t start_ms)
{
    char from[FORMAT_MAX], line[700], left[80];
    enum err err = format_time(from, s->e->tz, start_ms);

    if (err)
        return err;
    if (!str_format(left, sizeof left, "%s, %d %s", from, item->minutes,
                    word(s, LABEL_EVENT_MIN)) ||
        !str_format(line, sizeof line, "%d. %s%s%s", no, item->title, item->who[0] ? " – " : "",
                    item->who))
        return ERR_INVAL;
    room(s, 16);
    canvas_text(&s->canvas, &name, LEFT, s->y, NAME_WIDTH - 8, left);
    flow(s, &plain, LEFT + NAME_WIDTH, WIDTH - NAME_WIDTH, line);
    s->y += 4;
    return ERR_OK;
}

static enum err draw_agenda(struct sheet *s)
{
    int64_t at = s->e->start_ms;
    enum err err = ERR_OK;

    if (s->e->items_n)
        heading(s, word(s, LABEL_EVENT_AGENDA));
    for (int i = 0; !err && i < s->e->items_n; i++) {
        err = draw_item(s, i + 1, &s->e->items[i], at);
        at += s->e->items[i].minutes * MS_PER_MIN;
    }
    return err;
}

static enum err draw_numbers(struct sheet *s)
{
    const struct printed_event *e = s->e;
    char line[200];

    if (!str_format(line, sizeof line, "%d %s %d", e->there, word(s, LABEL_OF), e->invited))
        return ERR_INVAL;
    row(s, LABEL_EVENT_THERE, line);
    row(s, LABEL_EVENT_THERE, e->names_there);
    row(s, LABEL_EVENT_AWAY, e->names_away);
    if (!e->needed)
        return ERR_OK;
    if (!str_format(line, sizeof line, "%s (%d)",
                    word(s, e->holds ? LABEL_EVENT_QUORUM_YES : LABEL_EVENT_QUORUM_NO), e->needed))
        return ERR_INVAL;
    row(s, LABEL_EVENT_QUORUM, line);
    return ERR_OK;
}

static enum err draw_decisions(struct sheet *s, enum label what, bool due_is_till,
                               const struct printed_decision *d, int n)
{
    char line[300];

    if (n)
        heading(s, word(s, what));
    for (int i = 0; i < n; i++) {
        char no[16];

        if (!str_format(no, sizeof no, "%d.", i + 1) ||
            !str_format(line, sizeof line, "%s%s%s%s%s", d[i].who,
                        d[i].who[0] && d[i].due[0] ? ", " : "",
                        d[i].due[0] && due_is_till ? word(s, LABEL_EVENT_TILL) : "",
                        d[i].due[0] && due_is_till ? " " : "", d[i].due))
            return ERR_INVAL;
        room(s, 16);
        canvas_text(&s->canvas, &plain, LEFT, s->y, 24, no);
        flow(s, &plain, LEFT + 24, WIDTH - 24, d[i].text);
        flow(s, &name, LEFT + 24, WIDTH - 24, line);
        s->y += 4;
    }
    return ERR_OK;
}

static enum err draw_signature(struct sheet *s, double x, enum label who, const char *person,
                               int64_t signed_ms)
{
    double wide = WIDTH / 2 - 24;
    char at[FORMAT_MAX], line[400];
    enum err err = signed_ms ? format_date_time(at, s->e->tz, signed_ms) : ERR_OK;

    if (err)
        return err;
    if (!str_format(line, sizeof line, "%s: %s", word(s, who), person))
        return ERR_INVAL;
    canvas_text(&s->canvas, &name, x, s->y, wide, line);
    canvas_rule(&s->canvas, x, x + wide, s->y + 40, 0.75, INK_2);
    if (signed_ms && !str_format(line, sizeof line, "%s %s", word(s, LABEL_EVENT_SIGNED), at))
        return ERR_INVAL;
    canvas_text(&s->canvas, &small, x, s->y + 43, wide,
                signed_ms ? line : word(s, LABEL_SIGN_HERE));
    return ERR_OK;
}

static enum err draw_minutes(struct sheet *s)
{
    const struct printed_event *e = s->e;
    enum err err = draw_numbers(s);

    if (!err)
        err = draw_agenda(s);
    if (!err && e->text[0]) {
        heading(s, word(s, LABEL_EVENT_HEARD));
        flow(s, &plain, LEFT, WIDTH, e->text);
    }
    if (!err)
        err = draw_decisions(s, LABEL_EVENT_DECIDED, true, e->decisions, e->decisions_n);
    if (!err)
        err = draw_decisions(s, LABEL_EVENT_ADDENDA, false, e->addenda, e->addenda_n);
    room(s, 90);
    s->y += 28;
    if (!err)
        err = draw_signature(s, LEFT, LABEL_EVENT_CHAIR, e->chair, e->chair_ms);
    return err ? err
               : draw_signature(s, LEFT + WIDTH / 2, LABEL_EVENT_SECRETARY, e->secretary,
                                e->secretary_ms);
}

enum err pdf_event(const struct printed_event *e, const struct labels *labels, struct pdf *out)
{
    static const enum label kinds[EVENT_KINDS] = { LABEL_EVENT_SEMINAR, LABEL_EVENT_JOINT_MEETING,
                                                   LABEL_EVENT_CONFERENCE };
    struct sheet s = { .e = e, .labels = labels, .pages = 1 };
    bool open = e->of_minutes && e->state == EVENT_MINUTES_DRAFT;
    struct pdf pdf = { 0 };
    char line[200];
    enum err err;

    if (!str_format(line, sizeof line, "%s. %s%s%s%s",
                    word(&s, e->of_minutes ? LABEL_EVENT_MINUTES : LABEL_EVENT_AGENDA),
                    word(&s, kinds[e->kind]), open || e->cancelled ? " – " : "",
                    open ? word(&s, LABEL_EVENT_DRAFT) : "",
                    e->cancelled ? word(&s, LABEL_EVENT_CALLED_OFF) : ""))
        return ERR_INVAL;
    err = canvas_init(&s.canvas, false, line, e->printed_ms);
    if (!err)
        err = draw_head(&s, line);
    if (!err)
        err = e->of_minutes ? draw_minutes(&s) : draw_agenda(&s);
    if (!err)
        err = canvas_finish(&s.canvas, &pdf.bytes, &pdf.len);
    canvas_deinit(&s.canvas);
    pdf.pages = s.pages;
    if (!err)
        *out = pdf;
    return err;
}
