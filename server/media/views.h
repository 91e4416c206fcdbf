/* SPDX-License-Identifier: Apache-2.0
 *
 * Whose pictures one person of a group gets: a pure decision for one viewer.
 * In this order, as far as the slots go:
 *
 *   the host, if it shows itself; whom the viewer has pinned, in the viewer's order; who speaks;
 *   page 0: then those who spoke last, then those who came first
 *   page n: then the n-th part of all others, in the order of arrival: a page is the same people
 *   whoever speaks
 *
 * Whoever stays keeps its slot: pictures do not jump about.
 */
#ifndef PARTA_MEDIA_VIEWS_H
#define PARTA_MEDIA_VIEWS_H

#include <stdbool.h>
#include <stdint.h>

#include "server/media/message.h"

struct view_source {
    uint16_t member;
    bool open;        /* its camera may be seen */
    bool host;        /* leads the meeting */
    int64_t heard_us; /* last loud moment while it was allowed to speak, INT64_MIN if never */
};

/* One viewer's slots[0..slots_n), in place; sources in the order of arrival. self is the viewer's
 * own number, speaker who speaks now (0 = nobody). A page behind the last one is the last one.
 * True if any slot changed. Time is O(sources * slots). */
bool views_choose(const struct view_source *sources, int sources_n, uint16_t self, uint16_t speaker,
                  const struct media_view *view, uint16_t *slots, int slots_n);

/* How many of the others a page has, with so many slots and pins, the host seen or not. At least 1.
 * Clients count pages by the same rule (PROTOCOL: view). */
int views_page_size(int slots_n, int pins_n, bool host_seen);

#endif
