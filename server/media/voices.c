/* SPDX-License-Identifier: Apache-2.0
 *
 * Choice of the voices of a group.
 */
#include "server/media/voices.h"

#include <stddef.h>

struct table {
    struct voice_seat *seats;
    int seats_n;
    struct voice_source *sources;
    int sources_n;
    int64_t now_us;
};

static struct voice_source *source_of(const struct table *t, uint16_t member)
{
    for (int i = 0; member && i < t->sources_n; i++)
        if (t->sources[i].member == member)
            return &t->sources[i];
    return NULL;
}

static bool seated(const struct table *t, uint16_t member)
{
    for (int i = 0; i < t->seats_n; i++)
        if (t->seats[i].member == member)
            return true;
    return false;
}

/* How long it has not been loud. */
static int64_t silent_us(const struct table *t, const struct voice_source *s)
{
    return s->heard_us == INT64_MIN ? INT64_MAX : t->now_us - s->heard_us;
}

static int64_t waited_us(const struct table *t, const struct voice_source *s)
{
    return s->waits_us ? t->now_us - s->waits_us : 0;
}

/* True if a is to be served before b. */
static bool before(const struct table *t, const struct voice_source *a,
                   const struct voice_source *b)
{
    bool a_tired = waited_us(t, a) >= VOICE_PATIENCE_US;
    bool b_tired = waited_us(t, b) >= VOICE_PATIENCE_US;

    if (a->speaks != b->speaks)
        return a->speaks;
    if (!a->speaks)
        return a->heard_us > b->heard_us;
    if (a_tired != b_tired)
        return a_tired;
    if (a_tired && a->waits_us != b->waits_us)
        return a->waits_us < b->waits_us;
    return a->loudness_16 > b->loudness_16;
}

/* The first of those who have no seat and were not looked at in this round. */
static struct voice_source *next_claim(const struct table *t, bool speaking_only)
{
    struct voice_source *best = NULL;

    for (int i = 0; i < t->sources_n; i++) {
        struct voice_source *s = &t->sources[i];

        if (!s->open || s->tried || (speaking_only && !s->speaks) || seated(t, s->member))
            continue;
        if (!best || before(t, s, best))
            best = s;
    }
    if (best)
        best->tried = true;
    return best;
}

static void give(const struct table *t, struct voice_seat *seat, struct voice_source *to)
{
    *seat = (struct voice_seat){ to->member, t->now_us };
    to->waits_us = 0;
}

/* Rule 3: of those who have stopped speaking, the one who did so first. */
static struct voice_seat *silent_seat(const struct table *t)
{
    struct voice_seat *best = NULL;
    int64_t most = VOICE_HOLD_US - 1;

    for (int i = 0; i < t->seats_n; i++) {
        const struct voice_source *s = source_of(t, t->seats[i].member);

        if (silent_us(t, s) > most) {
            most = silent_us(t, s);
            best = &t->seats[i];
        }
    }
    return best;
}

/* Rule 4. */
static struct voice_seat *quieter_seat(const struct table *t, const struct voice_source *claim)
{
    struct voice_seat *best = NULL;
    int32_t least = claim->loudness_16 - VOICE_LOUDER_16 + 1;

    for (int i = 0; i < t->seats_n; i++) {
        const struct voice_source *s = source_of(t, t->seats[i].member);

        if (silent_us(t, s) >= VOICE_GAP_US && t->now_us - t->seats[i].since_us >= VOICE_TERM_US &&
            s->loudness_16 < least) {
            least = s->loudness_16;
            best = &t->seats[i];
        }
    }
    return best;
}

/* Rule 5. */
static struct voice_seat *oldest_seat(const struct table *t, const struct voice_source *claim)
{
    int64_t waited = waited_us(t, claim);
    struct voice_seat *best = NULL;

    for (int i = 0; waited >= VOICE_PATIENCE_US && i < t->seats_n; i++) {
        const struct voice_source *s = source_of(t, t->seats[i].member);

        if ((waited < VOICE_LIMIT_US && silent_us(t, s) < VOICE_GAP_US) ||
            t->now_us - t->seats[i].since_us < VOICE_TERM_US)
            continue;
        if (!best || t->seats[i].since_us < best->since_us)
            best = &t->seats[i];
    }
    return best;
}

/* Rule 1. */
static bool free_seats(const struct table *t)
{
    bool any = false;

    for (int i = 0; i < t->seats_n; i++) {
        const struct voice_source *s = source_of(t, t->seats[i].member);

        if (s && s->open)
            continue;
        any = any || t->seats[i].member;
        t->seats[i].member = 0;
    }
    return any;
}

/* Rule 2. */
static bool fill_seats(const struct table *t)
{
    bool any = false;

    for (int i = 0; i < t->seats_n; i++) {
        struct voice_source *s = t->seats[i].member ? NULL : next_claim(t, false);

        if (!s)
            continue;
        give(t, &t->seats[i], s);
        any = true;
    }
    return any;
}

static void mark_waiting(const struct table *t)
{
    for (int i = 0; i < t->sources_n; i++) {
        struct voice_source *s = &t->sources[i];

        if (!s->open || !s->speaks || seated(t, s->member))
            s->waits_us = 0;
        else if (!s->waits_us)
            s->waits_us = t->now_us;
    }
}

bool voices_choose(struct voice_seat *seats, int seats_n, struct voice_source *sources,
                   int sources_n, int64_t now_us)
{
    struct table t = { seats, seats_n, sources, sources_n, now_us };
    struct voice_source *claim;
    bool changed;

    for (int i = 0; i < sources_n; i++)
        sources[i].tried = false;
    changed = free_seats(&t);
    changed = fill_seats(&t) || changed;
    while ((claim = next_claim(&t, true)) != NULL) {
        struct voice_seat *seat = silent_seat(&t);

        if (!seat)
            seat = quieter_seat(&t, claim);
        if (!seat)
            seat = oldest_seat(&t, claim);
        if (!seat)
            continue;
        give(&t, seat, claim);
        changed = true;
    }
    mark_waiting(&t);
    return changed;
}
