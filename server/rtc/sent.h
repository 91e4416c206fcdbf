/* SPDX-License-Identifier: Apache-2.0
 *
 * The sending half of transport-wide feedback (draft-holmer-rmcat-transport-
 * wide-cc-extensions-01): numbers every packet of one connection, remembers
 * for the last of them when they left and how large they were, and joins that
 * with what the receiver reports. Fixed memory, eight bytes a packet. Draws no
 * conclusions: that is the estimate's.
 */
#ifndef PARTA_RTC_SENT_H
#define PARTA_RTC_SENT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/rtc/rtcp.h"

#define SENT_WINDOW 512 /* a power of two; at 450 packets a second, more than a second */

enum sent_state { SENT_NONE, SENT_FLYING, SENT_CAME, SENT_LOST };

struct sent_packet {
    uint32_t at_us; /* low half of the time of sending */
    uint16_t bytes;
    uint8_t state;
    uint8_t probe; /* number of its probe cluster, 0 = none */
};

struct sent {
    struct sent_packet packets[SENT_WINDOW]; /* by number modulo */
    int64_t next;                            /* number of the next packet */
    bool any_reference;
    int64_t reference_us; /* of the last feedback, unwrapped */
    uint64_t refused;     /* feedback that was malformed or spoke of packets never sent */
};

/* What the receiver says of one packet. */
struct sent_report {
    int64_t number;
    int64_t sent_us;
    int64_t came_us; /* by the receiver's clock; valid if came */
    uint16_t bytes;
    uint8_t probe;
    bool came;
    bool corrected; /* was reported lost before */
};

struct sent_walk {
    struct sent *sent;
    struct rtcp_twcc_walk items;
    int64_t number, end; /* next to be told, and one past the run it belongs to */
    int64_t came_us, now_us;
    bool came;
};

void sent_init(struct sent *s);

/* What goes into the extension of the next packet. */
static inline uint16_t sent_seq(const struct sent *s)
{
    return (uint16_t)s->next;
}

/* The packet with sent_seq left now. bytes as on the wire; probe: number of its cluster or 0. */
static inline void sent_add(struct sent *s, size_t bytes, uint8_t probe, int64_t now_us)
{
    s->packets[(uint64_t)s->next++ & (SENT_WINDOW - 1)] =
        (struct sent_packet){ .at_us = (uint32_t)now_us,
                              .bytes = bytes > UINT16_MAX ? UINT16_MAX : (uint16_t)bytes,
                              .state = SENT_FLYING,
                              .probe = probe };
}

/* Begins to read one feedback packet. ERR_PARSE: malformed; ERR_PROTO: about packets that were
 * never sent. Nothing has changed then but the count of refusals. */
enum err sent_feedback(struct sent *s, const struct rtcp *p, int64_t now_us,
                       struct sent_walk *w) MUST_CHECK;

/* The next packet of which the feedback says something new, in the order of sending. */
bool sent_feedback_next(struct sent_walk *w, struct sent_report *out);

#endif
