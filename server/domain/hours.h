/* SPDX-License-Identifier: Apache-2.0
 *
 * Weekly times: when a child is free, under treatment or resting, when a
 * mentor is free to teach, when a school works (items 17, 20, R2, R13). What
 * such a list may look like, and the instants that it means. Pure.
 */
#ifndef PARTA_DOMAIN_HOURS_H
#define PARTA_DOMAIN_HOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "server/domain/schedule_facts.h"

#define HOURS_ROWS_MAX 84 /* of one person or school: twelve a weekday */

#define HOURS_KIND_LIST(X)                                                                         \
    X(FREE, "free")           /* lessons may be here; of a mentor the only kind */                 \
    X(TREATMENT, "treatment") /* in the way of lessons */                                          \
    X(REST, "rest")           /* likewise */

enum hours_kind {
#define X(code, name) HOURS_##code,
    HOURS_KIND_LIST(X)
#undef X
        HOURS_KIND_COUNT
};

struct hours_row {
    int64_t id; /* 0: not stored yet */
    struct week_span span;
    enum hours_kind kind;
    struct day_span days; /* local; last INT64_MAX: until further notice */
};

/* Why a list cannot be. */
#define HOURS_FAULT_LIST(X)                                                                        \
    X(NONE, "none")                                                                                \
    X(SPAN, "span")       /* no weekday, or it does not end behind its beginning in one day */     \
    X(DAYS, "days")       /* the last day lies before the first */                                 \
    X(KIND, "kind")       /* a mentor has free times alone */                                      \
    X(OVERLAP, "overlap") /* two of one kind, or treatment and rest, at the same time */           \
    X(COUNT, "too_many")

enum hours_fault {
#define X(code, name) HOURS_FAULT_##code,
    HOURS_FAULT_LIST(X)
#undef X
};

/* The first fault, and whose row it is (*at untouched without one). Free times may lie over
 * treatment: what is in the way counts. */
enum hours_fault hours_check(const struct hours_row *rows, size_t n, bool mentor, size_t *at);

/* The row's time on one local day of tz as instants. False: not on that day, or none (a time that
 * the clocks skip, an unknown zone). */
bool hours_on_day(const struct hours_row *row, const char *tz, int64_t day, int64_t *start_ms,
                  int64_t *end_ms);

const char *hours_kind_name(enum hours_kind k);
bool hours_kind_parse(const char *name, enum hours_kind *out);
const char *hours_fault_name(enum hours_fault f);

#endif
