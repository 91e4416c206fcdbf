/* SPDX-License-Identifier: Apache-2.0
 *
 * The ladder; see ladder.h.
 */
#include "server/media/ladder.h"

/* The next step above that the offer has, or from itself. */
static enum media_step above(const struct ladder_offer *o, enum media_step from)
{
    for (int s = (int)from + 1; s < MEDIA_STEPS; s++)
        if (o->has[s])
            return (enum media_step)s;
    return from;
}

static enum media_step top_of(const struct ladder_offer *o)
{
    for (int s = MEDIA_STEPS - 1; s > MEDIA_STEP_VOICE; s--)
        if (o->has[s])
            return (enum media_step)s;
    return MEDIA_STEP_VOICE;
}

/* The lowest step with a moving picture that is whole. */
static enum media_step floor_of(const struct ladder_offer *o)
{
    for (int s = MEDIA_STEP_LOW; s < MEDIA_STEPS; s++)
        if (o->has[s])
            return (enum media_step)s;
    return top_of(o);
}

static int64_t cost_of(const struct ladder_offer *o, enum media_step s)
{
    return s == MEDIA_STEP_VOICE ? 0 : o->cost_bps[s];
}

/* The most that fits into bps: everybody's lowest step before anybody's next, screens first. A
 * step too dear is passed over for a cheaper one above it (a still of a single large layer). */
static void share(const struct ladder_offer *offers, int n, int64_t bps, bool met,
                  enum media_step *out)
{
    bool stuck[SLOTS_MAX] = { false };
    bool moved = true;

    for (int i = 0; i < n; i++) {
        out[i] = MEDIA_STEP_VOICE;
        stuck[i] = !offers[i].shown;
        if (offers[i].shown && !met) {
            out[i] = floor_of(&offers[i]);
            bps -= cost_of(&offers[i], out[i]);
        }
    }
    while (moved) {
        moved = false;
        for (int k = 0; k < 2 * n; k++) {
            int i = k % n;
            enum media_step next, top = top_of(&offers[i]);
            int64_t more;

            if (stuck[i] || offers[i].first != (k < n))
                continue;
            next = above(&offers[i], out[i]);
            while (cost_of(&offers[i], next) - cost_of(&offers[i], out[i]) > bps && next != top)
                next = above(&offers[i], next);
            more = cost_of(&offers[i], next) - cost_of(&offers[i], out[i]);
            if (next <= out[i] || more > bps) {
                stuck[i] = true;
                continue;
            }
            bps -= more > 0 ? more : 0;
            out[i] = next;
            moved = true;
        }
    }
}

static void begin(struct ladder_slot *s, const struct ladder_offer *o, enum media_step at)
{
    *s = (struct ladder_slot){
        .shown = o->shown, .step = at, .who = o->who, .may_us = NEVER_US, .climbed_us = INT64_MIN
    };
}

static void fall(struct ladder_slot *s, enum media_step to, int64_t now_us)
{
    int64_t hold = s->hold_us > 0 ? s->hold_us : LADDER_HOLD_US;

    if (s->climbed_us != INT64_MIN && now_us - s->climbed_us < LADDER_FAILED_US) {
        s->hold_us = earlier_us(hold * 2, LADDER_HOLD_MAX_US);
        s->failed_bps = s->climbed_bps;
    }
    s->step = to;
    s->may_us = NEVER_US;
    s->climbed_us = INT64_MIN;
}

static void climb(struct ladder_slot *s, enum media_step to, const struct ladder_link *link,
                  int64_t now_us)
{
    int64_t bps = link->bps, hold;

    if (to <= s->step) {
        s->may_us = NEVER_US;
        return;
    }
    if (s->may_us == NEVER_US)
        s->may_us = now_us;
    if (s->failed_bps > 0 && bps > s->failed_bps * LADDER_FORGIVEN_PERCENT / 100)
        s->hold_us = s->failed_bps = 0;
    hold = s->hold_us > 0 ? s->hold_us : LADDER_HOLD_US;
    if (link->met && now_us - s->may_us < hold)
        return;
    s->step = to;
    s->climbed_us = now_us;
    s->climbed_bps = bps;
    s->may_us = NEVER_US;
}

/* What the steps cost; the cheapest climb, and what the estimate must be for it. */
static void sum_up(struct ladder *l, const struct ladder_offer *offers, int n, int64_t voice_bps)
{
    int64_t sum = voice_bps, least = 0;

    for (int i = 0; i < n; i++)
        if (offers[i].shown) {
            enum media_step at = l->slots[i].step, next = above(&offers[i], at);
            int64_t more = cost_of(&offers[i], next) - cost_of(&offers[i], at);

            sum += cost_of(&offers[i], at);
            if (next != at && (least == 0 || more < least))
                least = more > 1 ? more : 1;
        }
    l->spent_bps = sum;
    l->wanted_bps = least == 0 ? 0 : (sum + least) * 105 / LADDER_UP_PERCENT;
}

bool ladder_decide(struct ladder *l, const struct ladder_offer *offers, int n,
                   const struct ladder_link *link, int64_t now_us)
{
    enum media_step most[SLOTS_MAX] = { 0 }, safe[SLOTS_MAX] = { 0 };
    int64_t voice = link && link->voice_bps > LADDER_VOICE_BPS ? link->voice_bps : LADDER_VOICE_BPS;
    bool changed = false;

    if (link) {
        share(offers, n, link->bps - voice, link->met, most);
        share(offers, n, link->bps * LADDER_UP_PERCENT / 100 - voice, link->met, safe);
    }
    for (int i = 0; i < n; i++) {
        struct ladder_slot *s = &l->slots[i];
        const struct ladder_offer *o = &offers[i];
        enum media_step before = s->step;

        if (!link)
            most[i] = safe[i] = top_of(o);
        if (!o->shown || !s->shown || s->who != o->who || !link) {
            begin(s, o, safe[i]);
        } else if (most[i] < s->step) {
            fall(s, most[i], now_us);
        } else {
            climb(s, safe[i], link, now_us);
        }
        changed |= s->step != before;
    }
    sum_up(l, offers, n, voice);
    return changed;
}

void ladder_pace(const struct ladder *l, const struct ladder_link *link, struct pacer *p,
                 int64_t now_us)
{
    int64_t bps = l->spent_bps * LADDER_PACE_PERCENT / 100;

    pacer_rate(p, !link->met ? 0 : link->bps < bps ? link->bps : bps, now_us);
}
