/* SPDX-License-Identifier: Apache-2.0
 *
 * Assignment of sources to slots.
 */
#include "server/media/assign.h"

static int slot_of(uint16_t member, const uint16_t *slots, int slots_n)
{
    for (int i = 0; i < slots_n; i++)
        if (slots[i] == member)
            return i;
    return -1;
}

/* True if a deserves a slot more than b. */
static bool before(const struct assign_source *a, bool a_has, const struct assign_source *b,
                   bool b_has)
{
    if (a->open != b->open)
        return a->open;
    if (a->speaking != b->speaking)
        return a->speaking;
    if (a->speaking && a_has != b_has) /* both speak: no reason to change */
        return a_has;
    if (a->heard_us != b->heard_us)
        return a->heard_us > b->heard_us;
    return a_has && !b_has;
}

/* True if fewer candidates come before i than there are slots; equal ones come in the order of
 * arrival. */
static bool among(const struct assign_source *sources, int sources_n, const uint16_t *slots,
                  int slots_n, int i)
{
    bool has = slot_of(sources[i].member, slots, slots_n) >= 0;
    int n = 0;

    if (sources_n <= slots_n)
        return true;
    for (int k = 0; k < sources_n && n < slots_n; k++) {
        bool other = slot_of(sources[k].member, slots, slots_n) >= 0;

        if (k != i && (before(&sources[k], other, &sources[i], has) ||
                       (k < i && !before(&sources[i], has, &sources[k], other))))
            n++;
    }
    return n < slots_n;
}

bool assign_slots(const struct assign_source *sources, int sources_n, uint16_t *slots, int slots_n)
{
    bool changed = false;
    uint16_t old[64];

    if (slots_n > 64)
        slots_n = 64;
    for (int i = 0; i < slots_n; i++)
        old[i] = slots[i];
    /* Free the slots of those who left, and of those who must make room. */
    for (int s = 0; s < slots_n; s++) {
        bool stays = false;

        for (int i = 0; i < sources_n; i++)
            if (sources[i].member == old[s])
                stays = among(sources, sources_n, old, slots_n, i);
        if (!stays)
            slots[s] = 0;
    }
    for (int i = 0; i < sources_n; i++) {
        int s;

        if (slot_of(sources[i].member, slots, slots_n) >= 0 ||
            !among(sources, sources_n, old, slots_n, i))
            continue;
        s = slot_of(0, slots, slots_n);
        if (s >= 0)
            slots[s] = sources[i].member;
    }
    for (int s = 0; s < slots_n; s++)
        changed |= slots[s] != old[s];
    return changed;
}
