/* SPDX-License-Identifier: Apache-2.0
 *
 * The centre's figures (DOMAIN item 73): which figures one row counts in, and
 * what follows from the sums. A row is one child in one lesson of the schedule,
 * exactly a line of a month report: a group lesson is a row for each child, so
 * that the figures of a month agree with the totals of its reports. Every
 * figure is defined here and nowhere else; the store only counts rows of a
 * kind. Pure.
 */
#ifndef PARTA_DOMAIN_FIGURES_H
#define PARTA_DOMAIN_FIGURES_H

#include <stdbool.h>
#include <stdint.h>

#include "server/domain/report.h"

/* All count rows but CONTACT, which sums milliseconds. The sentence beside each stands in
 * render/figures.c. */
#define FIGURE_LIST(X)                                                                             \
    X(PLANNED, "planned") /* all rows but the moved ones */                                        \
    X(AHEAD, "ahead")     /* of them: not over, or not computed yet */                             \
    X(HELD, "held")                                                                                \
    X(PARTIAL, "partial")                                                                          \
    X(NOT_HELD, "not_held") /* over, and neither of the two; by cause: the next lines */           \
    X(NO_SHOW, "no_show")   /* somebody did not come; by side: the next three */                   \
    X(CHILD_NO_SHOW, "child_no_show")                                                              \
    X(MENTOR_NO_SHOW, "mentor_no_show")                                                            \
    X(BOTH_NO_SHOW, "both_no_show")                                                                \
    X(TECHNICAL, "technical") /* a link or the server failed; whose: the next three */             \
    X(TECH_CHILD, "tech_child")                                                                    \
    X(TECH_MENTOR, "tech_mentor")                                                                  \
    X(TECH_SERVER, "tech_server")                                                                  \
    X(NO_OVERLAP, "no_overlap") /* both came, never at the same time */                            \
    X(TOO_SHORT, "too_short")   /* together, but under the least share */                          \
    X(CANCELLED, "cancelled")   /* by side: the next four */                                       \
    X(CANCELLED_CHILD, "cancelled_child")                                                          \
    X(CANCELLED_MENTOR, "cancelled_mentor")                                                        \
    X(CANCELLED_SCHOOL, "cancelled_school")                                                        \
    X(CANCELLED_CENTRE, "cancelled_centre")                                                        \
    X(MOVED, "moved")     /* to another time: that lesson has a row of its own */                  \
    X(CONTACT, "contact") /* mentor and child connected at once */

enum figure {
#define X(code, name) FIGURE_##code,
    FIGURE_LIST(X)
#undef X
        FIGURE_COUNT
};

/* Parts of the lessons that are due: planned, and not ahead. */
#define SHARE_LIST(X)                                                                              \
    X(HELD, "held_share", FIGURE_HELD)                                                             \
    X(NO_SHOW, "no_show_share", FIGURE_NO_SHOW)                                                    \
    X(TECHNICAL, "technical_share", FIGURE_TECHNICAL)

enum share {
#define X(code, name, of) SHARE_##code,
    SHARE_LIST(X)
#undef X
        SHARE_COUNT
};

const char *figure_name(enum figure f);
bool figure_parse(const char *name, enum figure *out);
const char *share_name(enum share s);

/* What the figures look at in a row. */
struct figure_row {
    enum line_status status;
    enum side side;       /* if CANCELLED */
    enum outcome outcome; /* if OVER: for this child */
    int64_t contact_ms;   /* if OVER */
};

/* Bit 1 << FIGURE_x for each figure that the row counts in. */
uint32_t figures_of(const struct figure_row *r);

struct figures {
    int64_t n[FIGURE_COUNT];
};

/* So many rows of one kind, r->contact_ms being their sum. */
void figures_add(struct figures *f, const struct figure_row *r, int64_t times);
void figures_sum(struct figures *f, const struct figures *more);

/* Tenths of a percent, floored; -1: nothing is due yet, so there is no such number. */
int figures_share(const struct figures *f, enum share s);

/* Kinds of rows, as the store tells them: "ahead", "moved", the side of a cancellation behind
 * "cancelled_", or the outcome's name. False: there is no such kind. contact_ms is left alone. */
bool figure_kind_parse(const char *kind, struct figure_row *out);
/* The i-th kind, from 0; NULL behind the last. */
const char *figure_kind(int i);

/* Longest name of a kind, and of all of them in a row with commas around each. */
#define FIGURE_KIND_MAX 24
#define FIGURE_KINDS_MAX 400
/* ",held,partial,": the kinds that count in the figure (CONTACT: that can have any). */
bool figure_kinds(enum figure f, char out[FIGURE_KINDS_MAX]);

/* By what the rows are put together. */
#define FIGURES_BY_LIST(X)                                                                         \
    X(CENTRE, "centre")                                                                            \
    X(SCHOOL, "school") /* of registration when the lesson was planned */                          \
    X(MENTOR, "mentor") /* who taught: the substitute, if there was one */                         \
    X(SUBJECT, "subject")                                                                          \
    X(MONTH, "month") /* the local one of the school, as in the reports */

enum figures_by {
#define X(code, name) FIGURES_BY_##code,
    FIGURES_BY_LIST(X)
#undef X
        FIGURES_BY_COUNT
};

const char *figures_by_name(enum figures_by by);
bool figures_by_parse(const char *name, enum figures_by *out);

#endif
