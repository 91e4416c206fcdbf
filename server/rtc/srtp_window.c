/* SPDX-License-Identifier: Apache-2.0
 *
 * Index guess and replay window; see srtp_window.h.
 */
#include "server/rtc/srtp_window.h"

#include <stddef.h>

struct srtp_window *srtp_sources_find(struct srtp_sources *s, uint32_t ssrc)
{
    if (s->last < s->n && s->ssrc[s->last] == ssrc)
        return &s->window[s->last];
    for (unsigned i = 0; i < s->n; i++) {
        if (s->ssrc[i] == ssrc) {
            s->last = i;
            return &s->window[i];
        }
    }
    return NULL;
}

void srtp_sources_add(struct srtp_sources *s, uint32_t ssrc, uint64_t index)
{
    s->ssrc[s->n] = ssrc;
    s->window[s->n] = (struct srtp_window){ .top = index, .seen = { 1, 0 } };
    s->last = s->n++;
}

bool srtp_window_guess(const struct srtp_window *w, uint16_t seq, uint64_t *index)
{
    uint64_t roc = w->top >> 16;
    int32_t ahead = (int32_t)seq - (int32_t)(w->top & 0xffff);

    /* The candidate nearest to the highest index so far: RFC 3711 section 3.3.1. */
    if (ahead > 0x8000) {
        if (roc == 0)
            return false;
        roc--;
    } else if (ahead < -0x8000) {
        if (roc == UINT32_MAX)
            return false;
        roc++;
    }
    *index = roc << 16 | seq;
    return true;
}

bool srtp_window_fresh(const struct srtp_window *w, uint64_t index)
{
    uint64_t age;

    if (index > w->top)
        return true;
    age = w->top - index;
    return age < SRTP_WINDOW && !(w->seen[age / 64] >> age % 64 & 1);
}

void srtp_window_mark(struct srtp_window *w, uint64_t index)
{
    uint64_t step;

    if (index <= w->top) {
        uint64_t age = w->top - index;

        w->seen[age / 64] |= UINT64_C(1) << age % 64;
        return;
    }
    step = index - w->top;
    w->top = index;
    if (step >= SRTP_WINDOW) {
        w->seen[1] = 0;
        w->seen[0] = 0;
    } else if (step >= 64) {
        w->seen[1] = w->seen[0] << (step - 64);
        w->seen[0] = 0;
    } else {
        w->seen[1] = w->seen[1] << step | w->seen[0] >> (64 - step);
        w->seen[0] <<= step;
    }
    w->seen[0] |= 1;
}
