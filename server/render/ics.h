/* SPDX-License-Identifier: Apache-2.0
 *
 * A calendar of lessons as RFC 5545 text, for programs that read a feed. It
 * knows nothing of who reads: what may stand in it was decided before.
 */
#ifndef PARTA_RENDER_ICS_H
#define PARTA_RENDER_ICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

/* One VEVENT. Texts are UTF-8, borrowed, and escaped here. */
struct ics_event {
    const char *uid;     /* the same for a lesson through all its moves (section 3.8.4.7) */
    const char *summary; /* section 3.8.1.12 */
    int sequence;        /* grows with every change (section 3.8.7.4) */
    int64_t start_ms;    /* UTC */
    int64_t end_ms;      /* UTC */
    int64_t changed_ms;  /* DTSTAMP and LAST-MODIFIED: of the last change */
    bool cancelled;      /* STATUS:CANCELLED */
};

/* The calendar, lines ended by CRLF and folded at 75 octets (section 3.1). *out is owned
 * (mem_free) and NUL-terminated behind len. ERR_NOMEM, ERR_INVAL (an instant out of range). */
enum err ics_calendar(const char *name, const struct ics_event *events, size_t n, char **out,
                      size_t *len) MUST_CHECK;

#endif
