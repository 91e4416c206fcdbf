/* SPDX-License-Identifier: Apache-2.0
 *
 * An event on paper: its agenda before, its minutes after, with lines to sign.
 * It reads plain structs only.
 */
#ifndef PARTA_RENDER_PDF_EVENT_H
#define PARTA_RENDER_PDF_EVENT_H

#include <stdbool.h>

#include "server/domain/event.h"
#include "server/render/pdf.h"

struct printed_item {
    const char *title;
    const char *who; /* "" : nobody is named */
    int minutes;
};

/* A decision, or an addendum: due is when it was added. */
struct printed_decision {
    const char *text, *who, *due; /* who, due: "" : none */
};

/* Texts are borrowed and never NULL. */
struct printed_event {
    bool of_minutes; /* else the agenda */
    enum event_kind kind;
    enum event_minutes state;
    bool cancelled;
    const char *centre, *title, *about, *place, *tz;
    const char *chair, *secretary;
    int64_t start_ms, end_ms, printed_ms;
    const struct printed_item *items;
    int items_n;
    /* of the minutes */
    int there, invited, needed;           /* needed 0: no quorum is asked */
    bool holds;                           /* the quorum */
    const char *names_there, *names_away; /* "" : not for this reader */
    const char *text;
    const struct printed_decision *decisions, *addenda;
    int decisions_n, addenda_n;
    int64_t chair_ms, secretary_ms; /* when they signed, 0: not yet */
};

/* ERR_NOMEM, ERR_IO, ERR_NOTFOUND (zone). The same event gives the same bytes; as many pages as it
 * needs. Takes 10-50 ms: for a worker. */
enum err pdf_event(const struct printed_event *e, const struct labels *labels,
                   struct pdf *out) MUST_CHECK;

#endif
