/* SPDX-License-Identifier: Apache-2.0
 *
 * Choice of the pictures that one viewer of a group gets.
 */
#include "server/media/views.h"

#include <string.h>

struct wanted {
    uint16_t members[SLOTS_MAX];
    int n, max;
};

static bool among(const uint16_t *members, int n, uint16_t member)
{
    for (int i = 0; i < n; i++)
        if (members[i] == member)
            return true;
    return false;
}

static void want(struct wanted *w, uint16_t member)
{
    if (w->n < w->max && !among(w->members, w->n, member))
        w->members[w->n++] = member;
}

static const struct view_source *source_of(const struct view_source *sources, int n,
                                           uint16_t member)
{
    for (int i = 0; member && i < n; i++)
        if (sources[i].member == member)
            return &sources[i];
    return NULL;
}

int views_page_size(int slots_n, int pins_n, bool host_seen)
{
    int n = slots_n - pins_n - (host_seen ? 1 : 0) - 1; /* one for who speaks */

    return n < 1 ? 1 : n;
}

/* The part of the others that the page shows. */
static void want_page(const struct view_source *sources, int sources_n, uint16_t self,
                      const struct wanted *fixed, int size, int page, struct wanted *w)
{
    int others = 0, first, at = 0;

    for (int i = 0; i < sources_n; i++)
        others += sources[i].open && sources[i].member != self &&
                  !among(fixed->members, fixed->n, sources[i].member);
    if (others == 0)
        return;
    if (page > (others + size - 1) / size)
        page = (others + size - 1) / size;
    first = (page - 1) * size;
    for (int i = 0; i < sources_n; i++) {
        const struct view_source *s = &sources[i];

        if (!s->open || s->member == self || among(fixed->members, fixed->n, s->member))
            continue;
        if (at >= first && at < first + size)
            want(w, s->member);
        at++;
    }
}

/* Those who spoke last; among equals who is seen already, then who came first. */
static void want_recent(const struct view_source *sources, int sources_n, uint16_t self,
                        const uint16_t *slots, int slots_n, struct wanted *w)
{
    while (w->n < w->max) {
        const struct view_source *best = NULL;
        bool best_seen = false;

        for (int i = 0; i < sources_n; i++) {
            const struct view_source *s = &sources[i];
            bool seen = among(slots, slots_n, s->member);

            if (!s->open || s->member == self || among(w->members, w->n, s->member))
                continue;
            if (best && (s->heard_us < best->heard_us ||
                         (s->heard_us == best->heard_us && (best_seen || !seen))))
                continue;
            best = s;
            best_seen = seen;
        }
        if (!best)
            return;
        want(w, best->member);
    }
}

/* Those who stay keep their places, the others fill the free ones. */
static bool place(const struct wanted *w, uint16_t *slots, int slots_n)
{
    bool changed = false;

    for (int i = 0; i < slots_n; i++)
        if (slots[i] && !among(w->members, w->n, slots[i])) {
            slots[i] = 0;
            changed = true;
        }
    for (int i = 0; i < w->n; i++) {
        if (among(slots, slots_n, w->members[i]))
            continue;
        for (int k = 0; k < slots_n; k++)
            if (!slots[k]) {
                slots[k] = w->members[i];
                changed = true;
                break;
            }
    }
    return changed;
}

bool views_choose(const struct view_source *sources, int sources_n, uint16_t self, uint16_t speaker,
                  const struct media_view *view, uint16_t *slots, int slots_n)
{
    struct wanted w = { .max = slots_n < SLOTS_MAX ? slots_n : SLOTS_MAX }, fixed;
    const struct view_source *s;
    bool host_seen = false;
    int pins = 0;

    for (int i = 0; i < sources_n; i++)
        if (sources[i].host && sources[i].open && sources[i].member != self) {
            want(&w, sources[i].member);
            host_seen = true;
        }
    for (int i = 0; i < view->pins_n && i < VIEW_PINS_MAX; i++) {
        s = source_of(sources, sources_n, view->pins[i]);
        if (s && s->open && s->member != self && !s->host) {
            want(&w, s->member);
            pins++;
        }
    }
    fixed = w;
    s = source_of(sources, sources_n, speaker);
    if (view->page > 0)
        want_page(sources, sources_n, self, &fixed, views_page_size(w.max, pins, host_seen),
                  view->page, &w);
    if (s && s->open && s->member != self)
        want(&w, s->member);
    if (view->page == 0)
        want_recent(sources, sources_n, self, slots, slots_n, &w);
    return place(&w, slots, slots_n);
}
