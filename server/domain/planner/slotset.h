/* SPDX-License-Identifier: Apache-2.0
 *
 * A set of five-minute slots on one UTC line of eight days: long enough that the seven local days
 * of a week, from UTC+2 to UTC+12, lie on it whole. Slot 0 is the caller's choice (Sunday 00:00 UTC
 * before the week fits all of these zones).
 */
#ifndef PARTA_DOMAIN_PLANNER_SLOTSET_H
#define PARTA_DOMAIN_PLANNER_SLOTSET_H

#include <stdbool.h>
#include <stdint.h>

#define PLAN_SLOT_MINUTES 5
#define PLAN_SLOTS 2304 /* 8 days of 288 */
#define PLAN_WORDS (PLAN_SLOTS / 64)

struct slot_set {
    uint64_t w[PLAN_WORDS];
};

static inline bool slot_has(const struct slot_set *s, int t)
{
    return t >= 0 && t < PLAN_SLOTS && (s->w[t / 64] >> (t % 64) & 1u);
}

static inline void slot_add(struct slot_set *s, int t)
{
    if (t >= 0 && t < PLAN_SLOTS)
        s->w[t / 64] |= (uint64_t)1 << (t % 64);
}

/* The bits of word i that lie in [from, to); 0 <= from, to <= PLAN_SLOTS. */
static inline uint64_t slot_mask(int i, int from, int to)
{
    uint64_t m = ~(uint64_t)0;

    if (to <= i * 64 || from >= i * 64 + 64 || from >= to)
        return 0;
    if (from > i * 64)
        m &= ~(uint64_t)0 << (from - i * 64);
    if (to < i * 64 + 64)
        m &= ~(uint64_t)0 >> (i * 64 + 64 - to);
    return m;
}

/* [from, to) is cut to the line in each of these. */
void slot_add_range(struct slot_set *s, int from, int to);
void slot_drop_range(struct slot_set *s, int from, int to);
bool slot_any(const struct slot_set *s, int from, int to);

void slot_fill(struct slot_set *s);
void slot_and(struct slot_set *s, const struct slot_set *with);
int slot_count(const struct slot_set *s);

/* The first slot >= t of the set, or PLAN_SLOTS. */
int slot_next(const struct slot_set *s, int t);

/* The starts of length slots that lie wholly in s. length >= 1. */
void slot_starts(struct slot_set *s, int length);

#endif
