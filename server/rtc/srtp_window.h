/* SPDX-License-Identifier: Apache-2.0
 *
 * Packet indices of the sources of one SRTP direction: extends 16-bit sequence
 * numbers to 48-bit indices (RFC 3711 section 3.3.1) and remembers which of
 * the last SRTP_WINDOW were used (section 3.3.2). Fixed memory, no keys.
 */
#ifndef PARTA_RTC_SRTP_WINDOW_H
#define PARTA_RTC_SRTP_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "server/rtc/srtp.h"

#define SRTP_INDEX_MAX ((UINT64_C(1) << 48) - 1) /* 32-bit ROC and 16-bit sequence number */

struct srtp_window {
    uint64_t top;     /* highest index used */
    uint64_t seen[2]; /* bit k of the 128: index top - k was used */
};

struct srtp_sources {
    uint32_t ssrc[SRTP_SSRC_MAX]; /* apart from the windows, so that a search reads 256 bytes */
    struct srtp_window window[SRTP_SSRC_MAX];
    unsigned n;
    unsigned last; /* where the previous search ended */
};

/* The window of ssrc, or NULL. */
struct srtp_window *srtp_sources_find(struct srtp_sources *s, uint32_t ssrc);

/* Enters a source whose first packet has this index; the caller knows that s->n < SRTP_SSRC_MAX. */
void srtp_sources_add(struct srtp_sources *s, uint32_t ssrc, uint64_t index);

/* The index that seq most likely has. False if that lies before the first or after the last. */
bool srtp_window_guess(const struct srtp_window *w, uint16_t seq, uint64_t *index);

/* True if index was not used and is not older than the window. */
bool srtp_window_fresh(const struct srtp_window *w, uint64_t index);

/* Notes a fresh index as used. */
void srtp_window_mark(struct srtp_window *w, uint64_t index);

#endif
