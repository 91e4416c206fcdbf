/* SPDX-License-Identifier: Apache-2.0
 *
 * A sheet of paper to draw on: text in a box, lines, rounded boxes, on pages
 * of A4 landscape that end in one PDF. Points throughout, origin at the top
 * left. It knows nothing of what is drawn.
 */
#ifndef PARTA_RENDER_CANVAS_H
#define PARTA_RENDER_CANVAS_H

#include <cairo.h>
#include <pango/pangocairo.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* ISO 216 A4, landscape, in points of 1/72 inch. */
#define CANVAS_WIDTH 841.89
#define CANVAS_HEIGHT 595.28

/* 0xRRGGBB */
typedef uint32_t ink_t;

enum align {
    ALIGN_LEFT,
    ALIGN_CENTRE,
    ALIGN_RIGHT,
};

struct style {
    double size; /* points */
    bool bold;
    ink_t ink;
    enum align align;
    int lines_max;   /* 0: as many as needed; else the rest is cut with an ellipsis */
    int bold_prefix; /* bytes at the beginning that are bold although the rest is not */
};

struct canvas {
    cairo_surface_t *surface; /* owned */
    cairo_t *cr;              /* owned */
    PangoLayout *layout;      /* owned */
    uint8_t *bytes;           /* owned: the PDF so far; stays NULL on a dry run */
    size_t len;
    size_t cap;
    bool dry;   /* lay out only, keep no bytes */
    bool nomem; /* the bytes did not fit into memory */
};

/* title and created_ms (UTC) go into the document's properties. ERR_IO. c may be deinited after
 * any result. */
enum err canvas_init(struct canvas *c, bool dry, const char *title, int64_t created_ms) MUST_CHECK;

/* Ends the document and hands over its bytes (mem_free), unless dry. ERR_NOMEM, ERR_IO. */
enum err canvas_finish(struct canvas *c, uint8_t **bytes, size_t *len) MUST_CHECK;
void canvas_deinit(struct canvas *c);

void canvas_next_page(struct canvas *c);

/* Height that text takes in a box of this width. */
double canvas_text_height(struct canvas *c, const struct style *s, double width, const char *text);

/* Draws text with its top at y; returns its height. NULL and malformed text draw nothing. */
double canvas_text(struct canvas *c, const struct style *s, double x, double y, double width,
                   const char *text);

/* Lays out a text of any length for a caller who draws it line by line, so that it may run over
 * pages: returns the number of lines. Valid until the next call with text. */
int canvas_lines(struct canvas *c, const struct style *s, double width, const char *text);
/* Draws line n of it with its top at y; returns its height. */
double canvas_line(struct canvas *c, int n, ink_t ink, double x, double y);
double canvas_line_height(struct canvas *c, int n);

void canvas_rule(struct canvas *c, double x1, double x2, double y, double thickness, ink_t ink);
void canvas_box(struct canvas *c, double x, double y, double width, double height, double radius,
                ink_t fill);

#endif
