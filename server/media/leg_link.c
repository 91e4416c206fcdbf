/* SPDX-License-Identifier: Apache-2.0
 *
 * A leg as a receiver: what its link takes, and what of the pictures goes to
 * it. Joins the estimate, the ladder and the pacer with the slots.
 */
#include "server/media/leg.h"

#define FEEDBACK_WAIT_US (2 * US_PER_S) /* negotiated, and yet none comes: no ladder then */

/* Costs of layers that were not measured yet, and the size of a key frame. */
static const int64_t guess_bps[SDP_RIDS_MAX] = { 150000, 400000, 1000000 };
#define GUESS_KEY_BYTES 6000

void link_init(struct leg *l, int64_t now_us)
{
    estimate_init(&l->estimate, now_us);
    l->judge_us = NEVER_US;
}

static bool alive(const struct stream *s, int64_t now_us)
{
    return s && now_us - s->last_us < STREAM_ALIVE_US;
}

static int64_t cost_of(const struct stream *s, int layer)
{
    int64_t bps = s ? s->cost.bps[0] + s->cost.bps[1] : 0;

    return bps > 0 ? bps : guess_bps[layer];
}

/* Of its lowest temporal layer alone: of three, about half. */
static int64_t slow_cost_of(const struct stream *s, int layer)
{
    return s && s->cost.bps[0] > 0 ? s->cost.bps[0] : guess_bps[layer] / 2;
}

/* A voice over WebSocket waits until a still that was begun is through: none that takes long. 0: no
 * picture at all. */
static int64_t largest_still(const struct leg *l, int64_t now_us)
{
    if (!l->ws || !estimate_known(&l->estimate, now_us))
        return INT64_MAX;
    if (estimate_bps(&l->estimate, now_us) < LEG_NARROW_BPS)
        return 0;
    return estimate_bps(&l->estimate, now_us) * LEG_STILL_BLOCKS_US / US_PER_S / 8;
}

/* What the slot can show this moment. A narrow WebSocket carries voices alone: whatever picture
 * went out between them would hold them up. */
static void fill_offer(const struct slot *s, int64_t still_max, int64_t now_us,
                       struct ladder_offer *o)
{
    const struct track *t = s->track;
    bool lowest = true;

    *o = (struct ladder_offer){ .first = s->kind == SLOT_SCREEN, .who = s->member };
    o->has[MEDIA_STEP_VOICE] = true;
    if (s->kind == SLOT_AUDIO || !t || !t->open)
        return;
    for (int i = 0; i < t->layers; i++) {
        const struct stream *l = t->streams[i];
        const struct stream *like = l ? l : track_best(t, now_us);
        uint32_t key;

        if (!track_has(t, i, now_us))
            continue;
        if (still_max == 0) {
            o->shown = true;
            break;
        }
        o->has[MEDIA_STEP_LOW + i] = true;
        o->cost_bps[MEDIA_STEP_LOW + i] = cost_of(l, i);
        if (!lowest)
            continue;
        lowest = false;
        o->shown = true;
        key = l && l->cost.key_bytes > 0 ? l->cost.key_bytes : GUESS_KEY_BYTES;
        o->has[MEDIA_STEP_STILL] = key <= still_max;
        o->cost_bps[MEDIA_STEP_STILL] = (int64_t)key * 8 * US_PER_S / LADDER_STILL_SEND_US;
        o->has[MEDIA_STEP_SLOW] = like && like->cost.layered;
        o->cost_bps[MEDIA_STEP_SLOW] = slow_cost_of(l, i);
    }
}

static int64_t voices_bps(const struct leg *l, int64_t now_us)
{
    int64_t sum = 0;

    for (int i = 0; i < l->slots_n; i++) {
        const struct track *t = l->slots[i].track;

        if (l->slots[i].kind == SLOT_AUDIO && t && t->open && alive(t->streams[0], now_us))
            sum += t->streams[0]->cost.bps[0];
    }
    return sum;
}

/* False if there is nothing to go by. */
static bool fill_link(const struct leg *l, int64_t now_us, struct ladder_link *link)
{
    const struct estimate *e = &l->estimate;
    bool known = estimate_known(e, now_us);

    if (!known && (!l->sent || now_us - l->live_us > FEEDBACK_WAIT_US))
        return false;
    *link = (struct ladder_link){ .bps = estimate_bps(e, now_us),
                                  .voice_bps = voices_bps(l, now_us),
                                  .met = e->congested || (known && !e->fed) };
    return true;
}

static void apply_steps(struct leg *l, int64_t now_us)
{
    for (int i = 0; i < l->slots_n; i++) {
        struct slot *s = &l->slots[i];
        const struct ladder_slot *d = &l->ladder.slots[i];
        struct stream *target;

        if (s->kind == SLOT_AUDIO)
            continue;
        if (!d->shown) {
            /* What comes next is tried at once, but where the link is known to be weak. */
            slot_set_step(s, l->estimate.congested ? MEDIA_STEP_VOICE : MEDIA_STEP_TOP, now_us);
            continue;
        }
        if (s->step != d->step) {
            slot_set_step(s, d->step, now_us);
            l->news.slots = l->dirty = true;
        }
        target = slot_target(s, now_us);
        if (s->track->open && slot_waits(s, target, now_us)) {
            keyframe_want(&target->keyframe);
            target->track->leg->dirty = true;
        }
    }
}

/* Tells the WebSocket what the next step up would need, that it may look whether it takes so much.
 */
static void tell_wants(struct leg *l, int64_t bps)
{
    if (bps == l->wants_bps)
        return;
    l->wants_bps = bps;
    l->news.wants = l->dirty = true;
}

static bool is_below(const struct leg *l, int64_t bps, int64_t now_us)
{
    return l->gate.receive && estimate_known(&l->estimate, now_us) &&
           estimate_bps(&l->estimate, now_us) < bps;
}

static bool shows(const struct leg *l)
{
    for (int i = 0; i < l->slots_n; i++)
        if (l->ladder.slots[i].shown)
            return true;
    return false;
}

/* What the link would have to carry for more to go out: the next step up the ladder, or a voice or
 * a picture as its sender likes it. */
static int64_t wants_of(const struct leg *l)
{
    int64_t bps = l->ladder.wanted_bps;

    if (l->narrow && bps < LEG_WIDE_BPS)
        bps = LEG_WIDE_BPS;
    if (l->kept_small && bps < LEG_WHOLE_BPS && shows(l))
        bps = LEG_WHOLE_BPS;
    return bps;
}

void link_judge(struct leg *l, struct now now)
{
    struct ladder_offer offers[SLOTS_MAX];
    struct ladder_link link;
    int64_t wants;
    int bytes;

    l->judge_us = NEVER_US;
    l->narrow = is_below(l, l->narrow ? LEG_WIDE_BPS : LEG_NARROW_BPS, now.mono_us);
    l->alone = is_below(l, l->alone ? LEG_BESIDE_BPS : LEG_ALONE_BPS, now.mono_us);
    if (l->state != LEG_LIVE || !l->gate.receive || l->probe) {
        tell_wants(l, 0);
        return;
    }
    estimate_timeout(&l->estimate, now.mono_us);
    for (int i = 0; i < l->slots_n; i++)
        fill_offer(&l->slots[i], largest_still(l, now.mono_us), now.mono_us, &offers[i]);
    if (!fill_link(l, now.mono_us, &link)) {
        (void)ladder_decide(&l->ladder, offers, l->slots_n, NULL, now.mono_us);
        apply_steps(l, now.mono_us);
        pacer_rate(&l->pacer, 0, now.mono_us);
        return;
    }
    l->judge_us = now.mono_us + LEG_JUDGE_US;
    (void)ladder_decide(&l->ladder, offers, l->slots_n, &link, now.mono_us);
    apply_steps(l, now.mono_us);
    ladder_pace(&l->ladder, &link, &l->pacer, now.mono_us);
    wants = wants_of(l);
    if (l->ws) {
        tell_wants(l, wants);
        return;
    }
    bytes = estimate_probe_due(&l->estimate, wants, now.mono_us);
    if (bytes > 0 && l->probe_left == 0) {
        l->probe_n = l->probe_left = bytes / (LEG_PADDING_BYTES + STREAM_PACKET_BYTES) + 1;
        l->probe_bytes = 0;
        l->dirty = true;
    }
}

/* Steps, so that a picture does not follow every breath of the link. The highest within bps, or the
 * least. */
static int32_t rung_of(int64_t bps)
{
    static const int32_t rungs[] = { 40000, 55000, 75000, 110000, 150000, 200000, 280000, 400000 };
    size_t at = sizeof rungs / sizeof *rungs - 1;

    while (at > 0 && rungs[at] > bps)
        at--;
    return rungs[at];
}

int32_t link_picture(const struct leg *l, int32_t was, int64_t now_us)
{
    int64_t whole = was > 0 ? LEG_WHOLE_BPS : LEG_WHOLE_BPS * LADDER_UP_PERCENT / 100;
    struct ladder_link link;
    int32_t most, sure;
    int64_t room;

    if (!l->gate.receive || !l->estimate.congested || !fill_link(l, now_us, &link) ||
        link.bps >= whole)
        return 0;
    room = link.bps * LEG_PICTURE_PERCENT / 100 - link.voice_bps;
    most = rung_of(room);
    sure = rung_of(room * 100 / LEG_PICTURE_ROOM);
    if (was == 0 || most <= was)
        return most;
    return sure > was ? sure : was;
}

void link_takes(struct leg *l, int64_t bps, struct now now)
{
    l->estimate.congested = true;
    estimate_remb(&l->estimate, (uint64_t)bps, now.mono_us);
    l->judge_us = now.mono_us;
}

void link_feedback(struct leg *l, const struct rtcp *p, struct now now)
{
    struct sent_walk w;

    if (!l->sent || sent_feedback(l->sent, p, now.mono_us, &w) != ERR_OK)
        return;
    estimate_feedback(&l->estimate, &w, l->rtt_us, now.mono_us);
    l->judge_us = now.mono_us;
}
