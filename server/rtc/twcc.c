/* SPDX-License-Identifier: Apache-2.0
 *
 * Building transport-wide feedback.
 */
#include "server/rtc/twcc.h"

#include <string.h>

#define TICK_US 250         /* unit of deltas, draft 3.1 */
#define REFERENCE_TICKS 256 /* 64 ms, unit of the reference time */
#define RUN_MAX 8191        /* thirteen bits */
#define ONE_BIT_SYMBOLS 14
#define TWO_BIT_SYMBOLS 7
#define PT_RTPFB 205
#define FMT_TWCC 15

enum symbol { LOST, SMALL, LARGE };

/* One report while it is being built: a symbol per status. */
struct report {
    int64_t base;
    int n;
    uint8_t symbols[TWCC_WINDOW];
    int16_t deltas[TWCC_WINDOW]; /* in ticks; for those that came */
    int64_t reference;           /* in units of 64 ms */
};

void twcc_init(struct twcc *t)
{
    memset(t, 0, sizeof *t);
    t->due_us = NEVER_US;
}

static int64_t *slot(struct twcc *t, int64_t seq)
{
    return &t->came[(uint64_t)seq & (TWCC_WINDOW - 1)];
}

void twcc_received(struct twcc *t, uint16_t seq, int64_t now_us)
{
    bool first = !t->line.any;
    int64_t at = seq_unwrap(&t->line, seq);
    int64_t ticks = now_us / TICK_US;

    if (first || at >= t->end + TWCC_WINDOW) { /* begin, or a jump: older ones are forgotten */
        memset(t->came, 0, sizeof t->came);
        t->base = at;
        t->end = at;
    }
    if (at < t->end - TWCC_WINDOW)
        return; /* too late to matter */
    for (; t->end <= at; t->end++)
        *slot(t, t->end) = 0;
    if (t->base < t->end - TWCC_WINDOW)
        t->base = t->end - TWCC_WINDOW;
    /* A latecomer is reported again with those behind it: the sender keeps the newer word. */
    if (at < t->base)
        t->base = at;
    *slot(t, at) = ticks ? ticks : 1;
    if (t->due_us == NEVER_US)
        t->due_us = now_us + TWCC_INTERVAL_US;
    if (t->end - t->base >= TWCC_HURRY)
        t->due_us = now_us;
}

/* Fills r from t->base on, until the end or a delta that does not fit 16 bits. */
static void collect(struct twcc *t, struct report *r)
{
    int64_t before = 0;
    bool any = false;

    r->n = 0;
    r->reference = 0;
    while (t->base < t->end && *slot(t, t->base) == 0)
        t->base++; /* a report starts with one that came */
    r->base = t->base;
    for (int64_t s = t->base; s < t->end; s++) {
        int64_t came = *slot(t, s), delta;

        if (came == 0) {
            r->symbols[r->n++] = LOST;
            continue;
        }
        if (!any) {
            r->reference = came / REFERENCE_TICKS;
            before = r->reference * REFERENCE_TICKS;
            any = true;
        }
        delta = came - before;
        if (delta < INT16_MIN || delta > INT16_MAX)
            break;
        r->deltas[r->n] = (int16_t)delta;
        r->symbols[r->n++] = delta >= 0 && delta <= UINT8_MAX ? SMALL : LARGE;
        before = came;
    }
}

static int run_length(const struct report *r, int from)
{
    int n = from;

    while (n < r->n && n - from < RUN_MAX && r->symbols[n] == r->symbols[from])
        n++;
    return n - from;
}

/* A vector chunk over the next n statuses of width bits; missing ones at the end are LOST. */
static uint16_t vector_chunk(const struct report *r, int from, int n, int width)
{
    unsigned c = width == 2 ? 0xC000 : 0x8000;

    for (int i = 0; i < n && from + i < r->n; i++)
        c |= (unsigned)r->symbols[from + i] << (14 - width * (i + 1));
    return (uint16_t)c;
}

static void write_chunks(const struct report *r, struct writer *w)
{
    for (int i = 0; i < r->n;) {
        int run = run_length(r, i), ones = 0;

        while (ones < ONE_BIT_SYMBOLS && i + ones < r->n && r->symbols[i + ones] != LARGE)
            ones++;
        if (run > ONE_BIT_SYMBOLS || i + run == r->n || (run > TWO_BIT_SYMBOLS && run >= ones)) {
            write_u16(w, (uint16_t)((unsigned)r->symbols[i] << 13 | (unsigned)run));
            i += run;
        } else if (ones == ONE_BIT_SYMBOLS || i + ones == r->n) {
            write_u16(w, vector_chunk(r, i, ones, 1));
            i += ones;
        } else {
            write_u16(w, vector_chunk(r, i, TWO_BIT_SYMBOLS, 2));
            i += TWO_BIT_SYMBOLS;
        }
    }
}

static void write_report(struct twcc *t, const struct report *r, struct writer *w, uint32_t ssrc,
                         uint32_t media_ssrc)
{
    uint8_t *start = w->p;
    size_t len;

    write_u8(w, 0x80 | FMT_TWCC);
    write_u8(w, PT_RTPFB);
    write_u16(w, 0);
    write_u32(w, ssrc);
    write_u32(w, media_ssrc);
    write_u16(w, (uint16_t)r->base);
    write_u16(w, (uint16_t)r->n);
    write_u24(w, (uint32_t)r->reference & 0xFFFFFF);
    write_u8(w, t->count);
    write_chunks(r, w);
    for (int i = 0; i < r->n; i++) {
        if (r->symbols[i] == SMALL)
            write_u8(w, (uint8_t)r->deltas[i]);
        else if (r->symbols[i] == LARGE)
            write_u16(w, (uint16_t)r->deltas[i]);
    }
    while (!w->full && (w->p - start) % 4)
        write_u8(w, 0);
    if (w->full)
        return;
    len = (size_t)(w->p - start) / 4 - 1;
    start[2] = (uint8_t)(len >> 8);
    start[3] = (uint8_t)len;
}

bool twcc_write(struct twcc *t, struct writer *w, uint32_t ssrc, uint32_t media_ssrc,
                int64_t now_us)
{
    struct report r = { 0 };

    collect(t, &r);
    if (r.n == 0) {
        t->due_us = NEVER_US;
        return false;
    }
    write_report(t, &r, w, ssrc, media_ssrc);
    if (w->full)
        return false;
    t->base += r.n;
    t->count++;
    t->due_us = t->base < t->end ? now_us : NEVER_US;
    return true;
}
