/* SPDX-License-Identifier: Apache-2.0
 *
 * Transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01):
 * when each packet of one connection came, reported to its sender, whose
 * congestion control lives on it. Fixed memory; copes with loss, reordering
 * and the wrap of the 16-bit counter.
 */
#ifndef PARTA_RTC_TWCC_H
#define PARTA_RTC_TWCC_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/now.h"
#include "server/rtc/rtp.h"

#define TWCC_WINDOW 512                    /* statuses kept; a power of two */
#define TWCC_INTERVAL_US (100 * US_PER_MS) /* draft 5: 50 to 250 ms */
#define TWCC_HURRY 200 /* unreported packets that do not wait for the interval */

struct twcc {
    struct seq_line line;
    int64_t came[TWCC_WINDOW]; /* arrival in ticks of 250 us by seq modulo, 0 = did not come */
    int64_t base;              /* first number of the next report */
    int64_t end;               /* one past the highest received */
    int64_t due_us;            /* next report; NEVER_US while nothing is new */
    uint8_t count;             /* running number of reports */
};

void twcc_init(struct twcc *t);

/* Notes the arrival of the packet that carries seq in its extension. */
void twcc_received(struct twcc *t, uint16_t seq, int64_t now_us);

/* When twcc_write should be called; NEVER_US if there is nothing to report. */
static inline int64_t twcc_deadline(const struct twcc *t)
{
    return t->due_us;
}

/* Appends one feedback packet about what came since the last, and moves on. False if there is
 * nothing to report or w is full. Call again until false: a gap in time of more than 8 s splits
 * a report. */
bool twcc_write(struct twcc *t, struct writer *w, uint32_t ssrc, uint32_t media_ssrc,
                int64_t now_us);

#endif
