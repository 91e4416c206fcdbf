/* SPDX-License-Identifier: Apache-2.0
 *
 * Drawing by Cairo, text by Pango. Both end the program when they run out of
 * memory themselves; what is ours (the bytes) is checked.
 */
#include "server/render/canvas.h"

#include <cairo-pdf.h>
#include <math.h>
#include <string.h>
#include <time.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"

#define FONTS "PT Sans, DejaVu Sans, sans-serif"

#if defined(__has_feature) /* clang's way of saying it */
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#if __has_feature(thread_sanitizer)
#define __SANITIZE_THREAD__ 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__)
/* Fontconfig links its patterns by offsets instead of pointers, so the leak checker takes the
 * fonts that a living thread holds for lost. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so\n";
}
#endif

#if defined(__SANITIZE_THREAD__)
/* Pango loads fonts in a thread of its own and waits for it by GLib's locks, and HarfBuzz keeps its
 * list of languages: both by atomics that the race checker cannot see in a library it has not
 * compiled. */
const char *__tsan_default_suppressions(void);
const char *__tsan_default_suppressions(void)
{
    return "race:libpangoft2\nrace:libfontconfig\nrace:libglib-2.0\nrace:libharfbuzz\n";
}
#endif

static cairo_status_t collect(void *closure, const unsigned char *data, unsigned len)
{
    struct canvas *c = closure;

    if (c->len + len > c->cap) {
        size_t cap = (c->len + len) * 2;
        uint8_t *bytes = mem_regrow(c->bytes, cap, 1);

        if (!bytes) {
            c->nomem = true;
            return CAIRO_STATUS_WRITE_ERROR;
        }
        c->bytes = bytes;
        c->cap = cap;
    }
    memcpy(c->bytes + c->len, data, len);
    c->len += len;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *pdf(struct canvas *c, const char *title, int64_t created_ms)
{
    cairo_surface_t *s =
        cairo_pdf_surface_create_for_stream(collect, c, CANVAS_WIDTH, CANVAS_HEIGHT);
    time_t created = (time_t)(created_ms / MS_PER_S);
    char date[40] = "";
    struct tm tm;

    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_TITLE, title);
    cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATOR, "Parta");
    /* Without a date of ours Cairo would write today's, and no two copies would be identical. */
    if (gmtime_r(&created, &tm) && strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm))
        cairo_pdf_surface_set_metadata(s, CAIRO_PDF_METADATA_CREATE_DATE, date);
    return s;
}

/* For a dry run: the same measures, and no fonts packed into a file that nobody reads, which is
 * half the time of a report. */
static cairo_surface_t *blank(void)
{
    const cairo_rectangle_t page = { .width = CANVAS_WIDTH, .height = CANVAS_HEIGHT };

    return cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &page);
}

enum err canvas_init(struct canvas *c, bool dry, const char *title, int64_t created_ms)
{
    cairo_font_options_t *options;
    PangoContext *context;

    *c = (struct canvas){ .dry = dry };
    c->surface = dry ? blank() : pdf(c, title, created_ms);
    c->cr = cairo_create(c->surface);
    if (cairo_status(c->cr) != CAIRO_STATUS_SUCCESS)
        return ERR_IO;
    /* Fonts come from the thread's own map: loaded once per worker, never shared. */
    c->layout = pango_cairo_create_layout(c->cr);
    context = pango_layout_get_context(c->layout);
    options = cairo_font_options_create();
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    pango_context_set_round_glyph_positions(context, FALSE);
    return ERR_OK;
}

enum err canvas_finish(struct canvas *c, uint8_t **bytes, size_t *len)
{
    if (!c->dry)
        cairo_show_page(c->cr);
    cairo_surface_finish(c->surface);
    if (c->nomem)
        return ERR_NOMEM;
    if (cairo_status(c->cr) != CAIRO_STATUS_SUCCESS ||
        cairo_surface_status(c->surface) != CAIRO_STATUS_SUCCESS)
        return ERR_IO;
    if (!c->dry) {
        *bytes = c->bytes;
        *len = c->len;
        c->bytes = NULL;
    }
    return ERR_OK;
}

void canvas_deinit(struct canvas *c)
{
    if (c->layout)
        g_object_unref(c->layout);
    if (c->cr)
        cairo_destroy(c->cr);
    if (c->surface)
        cairo_surface_destroy(c->surface);
    mem_free(c->bytes);
    *c = (struct canvas){ 0 };
}

void canvas_next_page(struct canvas *c)
{
    cairo_show_page(c->cr);
}

static void use_ink(struct canvas *c, ink_t ink)
{
    cairo_set_source_rgb(c->cr, (ink >> 16 & 255) / 255.0, (ink >> 8 & 255) / 255.0,
                         (ink & 255) / 255.0);
}

/* Line breaks in a text that must stay one paragraph become spaces (Pango would draw a mark). */
static void set_text(struct canvas *c, const char *text, bool one_paragraph)
{
    char *flat;

    if (!text || !str_utf8_ok(text, strlen(text)))
        text = "";
    if (!one_paragraph || !strpbrk(text, "\r\n")) {
        pango_layout_set_text(c->layout, text, -1);
        return;
    }
    flat = mem_strndup(text, strlen(text));
    if (!flat) {
        c->nomem = true;
        pango_layout_set_text(c->layout, "", -1);
        return;
    }
    for (char *p = flat; *p; p++)
        if (*p == '\r' || *p == '\n')
            *p = ' ';
    pango_layout_set_text(c->layout, flat, -1);
    mem_free(flat);
}

static void lay_out(struct canvas *c, const struct style *s, double width, const char *text)
{
    static const PangoAlignment sides[] = { PANGO_ALIGN_LEFT, PANGO_ALIGN_CENTER,
                                            PANGO_ALIGN_RIGHT };
    PangoFontDescription *font = pango_font_description_from_string(FONTS);
    PangoAttrList *attrs = NULL;

    pango_font_description_set_absolute_size(font, s->size * PANGO_SCALE);
    pango_font_description_set_weight(font, s->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(c->layout, font);
    pango_font_description_free(font);
    if (s->bold_prefix > 0) {
        PangoAttribute *bold = pango_attr_weight_new(PANGO_WEIGHT_BOLD);

        attrs = pango_attr_list_new();
        bold->start_index = 0;
        bold->end_index = (unsigned)s->bold_prefix;
        pango_attr_list_insert(attrs, bold);
    }
    pango_layout_set_attributes(c->layout, attrs);
    if (attrs)
        pango_attr_list_unref(attrs);
    pango_layout_set_width(c->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(c->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(c->layout, sides[s->align]);
    pango_layout_set_ellipsize(c->layout,
                               s->lines_max ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
    /* Pango counts lines of a paragraph as a negative height; one paragraph makes it all of them.
     */
    pango_layout_set_height(c->layout, s->lines_max ? -s->lines_max : -1);
    pango_layout_set_single_paragraph_mode(c->layout, s->lines_max > 0);
    set_text(c, text, s->lines_max > 0);
}

static double laid_out_height(struct canvas *c)
{
    int height;

    pango_layout_get_size(c->layout, NULL, &height);
    return (double)height / PANGO_SCALE;
}

double canvas_text_height(struct canvas *c, const struct style *s, double width, const char *text)
{
    if (!text || !*text)
        return 0;
    lay_out(c, s, width, text);
    return laid_out_height(c);
}

double canvas_text(struct canvas *c, const struct style *s, double x, double y, double width,
                   const char *text)
{
    if (!text || !*text)
        return 0;
    lay_out(c, s, width, text);
    use_ink(c, s->ink);
    cairo_move_to(c->cr, x, y);
    pango_cairo_show_layout(c->cr, c->layout);
    return laid_out_height(c);
}

int canvas_lines(struct canvas *c, const struct style *s, double width, const char *text)
{
    lay_out(c, s, width, text);
    return text && *text ? pango_layout_get_line_count(c->layout) : 0;
}

static PangoRectangle line_box(struct canvas *c, int n)
{
    PangoRectangle box = { 0 };

    pango_layout_line_get_extents(pango_layout_get_line_readonly(c->layout, n), NULL, &box);
    return box;
}

double canvas_line_height(struct canvas *c, int n)
{
    return (double)line_box(c, n).height / PANGO_SCALE;
}

double canvas_line(struct canvas *c, int n, ink_t ink, double x, double y)
{
    PangoRectangle box = line_box(c, n);

    use_ink(c, ink);
    /* A line is drawn from its baseline; the box is relative to it. */
    cairo_move_to(c->cr, x, y - (double)box.y / PANGO_SCALE);
    pango_cairo_show_layout_line(c->cr, pango_layout_get_line_readonly(c->layout, n));
    return (double)box.height / PANGO_SCALE;
}

void canvas_rule(struct canvas *c, double x1, double x2, double y, double thickness, ink_t ink)
{
    use_ink(c, ink);
    cairo_set_line_width(c->cr, thickness);
    cairo_move_to(c->cr, x1, y);
    cairo_line_to(c->cr, x2, y);
    cairo_stroke(c->cr);
}

void canvas_box(struct canvas *c, double x, double y, double width, double height, double radius,
                ink_t fill)
{
    double r = radius;

    use_ink(c, fill);
    cairo_new_sub_path(c->cr);
    cairo_arc(c->cr, x + width - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(c->cr, x + width - r, y + height - r, r, 0, M_PI / 2);
    cairo_arc(c->cr, x + r, y + height - r, r, M_PI / 2, M_PI);
    cairo_arc(c->cr, x + r, y + r, r, M_PI, 3 * M_PI / 2);
    cairo_close_path(c->cr);
    cairo_fill(c->cr);
}
