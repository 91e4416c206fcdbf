/* SPDX-License-Identifier: Apache-2.0
 *
 * Joining feedback with what was sent.
 */
#include "server/rtc/sent.h"

#include <string.h>

#include "server/rtc/rtp.h"

#define REFERENCE_LAP_US (INT64_C(64000) << 24) /* draft 3.1: 24 bits of 64 ms */

void sent_init(struct sent *s)
{
    memset(s, 0, sizeof *s);
    s->next = 0x10000; /* so that the numbers before the first one have a place, too */
}

/* The reference time nearest to the last one. */
static int64_t unwrap_reference(const struct sent *s, int64_t reference_us)
{
    int64_t laps;

    if (!s->any_reference)
        return reference_us + REFERENCE_LAP_US; /* a little backwards stays positive */
    laps = (s->reference_us - reference_us + REFERENCE_LAP_US / 2) / REFERENCE_LAP_US;
    return reference_us + laps * REFERENCE_LAP_US;
}

/* Reads to the end without telling: a feedback whose deltas are cut short is refused whole. */
static bool is_whole(struct rtcp_twcc_walk w)
{
    struct rtcp_twcc_item item;

    while (rtcp_twcc_next(&w, &item))
        ;
    return !w.deltas.bad && !w.chunks.bad;
}

enum err sent_feedback(struct sent *s, const struct rtcp *p, int64_t now_us, struct sent_walk *w)
{
    struct seq_line line = { .any = true, .highest = s->next - 1 };
    struct sent_walk n = { .sent = s, .now_us = now_us };

    s->refused++; /* until it is not */
    if (rtcp_twcc_begin(p, &n.items) != ERR_OK || !is_whole(n.items))
        return ERR_PARSE;
    n.number = n.end = seq_near(&line, n.items.base_seq);
    if (n.number + n.items.total > s->next)
        return ERR_PROTO;
    s->refused--;
    n.came_us = s->reference_us = unwrap_reference(s, n.items.reference_us);
    s->any_reference = true;
    *w = n;
    return ERR_OK;
}

/* Moves the packet's state on; false if this says nothing new. */
static bool note(struct sent_packet *k, bool came, bool *corrected)
{
    *corrected = came && k->state == SENT_LOST;
    if (k->state == SENT_NONE || k->state == SENT_CAME || (k->state == SENT_LOST && !came))
        return false;
    k->state = came ? SENT_CAME : SENT_LOST;
    return true;
}

static int64_t sent_time(const struct sent_packet *k, int64_t now_us)
{
    return now_us - (int64_t)(uint32_t)((uint32_t)now_us - k->at_us);
}

bool sent_feedback_next(struct sent_walk *w, struct sent_report *out)
{
    struct sent *s = w->sent;

    for (;;) {
        struct rtcp_twcc_item item;

        for (; w->number < w->end; w->number++) {
            struct sent_packet *k = &s->packets[(uint64_t)w->number & (SENT_WINDOW - 1)];
            bool corrected;

            if (w->number < s->next - SENT_WINDOW) { /* forgotten: over to the window */
                w->number = (w->end < s->next - SENT_WINDOW ? w->end : s->next - SENT_WINDOW) - 1;
                continue;
            }
            if (!note(k, w->came, &corrected))
                continue;
            *out = (struct sent_report){ .number = w->number++,
                                         .sent_us = sent_time(k, w->now_us),
                                         .came_us = w->came_us,
                                         .bytes = k->bytes,
                                         .probe = k->probe,
                                         .came = w->came,
                                         .corrected = corrected };
            return true;
        }
        if (!rtcp_twcc_next(&w->items, &item))
            return false;
        w->end += item.count;
        w->came = item.received;
        if (item.received)
            w->came_us += item.delta_us;
    }
}
