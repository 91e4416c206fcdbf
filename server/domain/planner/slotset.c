/* SPDX-License-Identifier: Apache-2.0
 *
 * Sets of slots as 36 words, see slotset.h.
 */
#include "server/domain/planner/slotset.h"

#include <string.h>

static int cut(int t)
{
    return t < 0 ? 0 : t > PLAN_SLOTS ? PLAN_SLOTS : t;
}

void slot_add_range(struct slot_set *s, int from, int to)
{
    from = cut(from);
    to = cut(to);
    for (int i = from / 64; i * 64 < to; i++)
        s->w[i] |= slot_mask(i, from, to);
}

void slot_drop_range(struct slot_set *s, int from, int to)
{
    from = cut(from);
    to = cut(to);
    for (int i = from / 64; i * 64 < to; i++)
        s->w[i] &= ~slot_mask(i, from, to);
}

bool slot_any(const struct slot_set *s, int from, int to)
{
    from = cut(from);
    to = cut(to);
    for (int i = from / 64; i * 64 < to; i++)
        if (s->w[i] & slot_mask(i, from, to))
            return true;
    return false;
}

void slot_fill(struct slot_set *s)
{
    memset(s, 0xff, sizeof *s);
}

void slot_and(struct slot_set *s, const struct slot_set *with)
{
    for (int i = 0; i < PLAN_WORDS; i++)
        s->w[i] &= with->w[i];
}

int slot_count(const struct slot_set *s)
{
    int n = 0;

    for (int i = 0; i < PLAN_WORDS; i++)
        n += __builtin_popcountll(s->w[i]);
    return n;
}

int slot_next(const struct slot_set *s, int t)
{
    int i = t / 64;
    uint64_t w;

    if (t < 0 || t >= PLAN_SLOTS)
        return PLAN_SLOTS;
    w = s->w[i] >> (t % 64) << (t % 64);
    while (!w) {
        if (++i == PLAN_WORDS)
            return PLAN_SLOTS;
        w = s->w[i];
    }
    return i * 64 + __builtin_ctzll(w);
}

/* Drops every slot whose k-th follower is absent; 0 < k < 64. */
static void and_shifted(struct slot_set *s, int k)
{
    for (int i = 0; i < PLAN_WORDS - 1; i++)
        s->w[i] &= s->w[i] >> k | s->w[i + 1] << (64 - k);
    s->w[PLAN_WORDS - 1] &= s->w[PLAN_WORDS - 1] >> k;
}

void slot_starts(struct slot_set *s, int length)
{
    for (int have = 1; have < length;) {
        int k = length - have < have ? length - have : have;

        and_shifted(s, k);
        have += k;
    }
}
