/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose media each receive slot of one person carries: a pure decision. While
 * there are slots for all, everyone keeps a slot for good; when there are more
 * people than slots, those who send come first, then those who spoke last, and
 * whoever has a slot keeps it unless a better one needs it.
 */
#ifndef PARTA_MEDIA_ASSIGN_H
#define PARTA_MEDIA_ASSIGN_H

#include <stdbool.h>
#include <stdint.h>

/* One candidate, in the order of arrival. */
struct assign_source {
    uint16_t member;
    bool open;        /* its gate lets this kind through */
    bool speaking;    /* heard now */
    int64_t heard_us; /* last time, INT64_MIN if never */
};

/* slots[0..slots_n) hold member numbers (0 = nobody) and are updated in place. True if any
 * changed. sources_n may be any number; time is O(sources * slots + sources^2) at worst. */
bool assign_slots(const struct assign_source *sources, int sources_n, uint16_t *slots, int slots_n);

#endif
