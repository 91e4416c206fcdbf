/* SPDX-License-Identifier: Apache-2.0
 *
 * What a stage says, in this order: answers of connections (STUN, DTLS), media
 * receiver by receiver, RTCP, news for the room. Media is written and sealed
 * here and not on arrival, so that all packets of a batch for one receiver lie
 * back to back and leave as one GSO message (MEDIA A0.2).
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/media/leg_ws.h"
#include "server/media/stage_inside.h"

#define DATAGRAM_ROOM (RTP_PACKET_MAX + PEER_SEAL_ROOM + RTP_RTX_BYTES + SLOT_EXT_BYTES)
#define RUN_BYTES_MAX 64000 /* below the largest UDP payload */

static size_t tx_room(const struct stage *s)
{
    return s->shared->tx_cap - s->shared->tx_len;
}

static uint8_t *tx_at(const struct stage *s)
{
    return s->shared->tx + s->shared->tx_len;
}

/* ---- runs ---- */

static bool run_takes(const struct stage_run *r, size_t len)
{
    return r->n > 0 && r->n < STAGE_SEGMENTS_MAX && !r->closed && len <= r->segment &&
           r->len + len <= RUN_BYTES_MAX;
}

static void run_add(struct stage_run *r, size_t len)
{
    r->n++;
    r->len += len;
    r->closed = len < r->segment;
}

static void run_begin(struct stage *s, size_t len)
{
    s->run = (struct stage_run){ .start = s->shared->tx_len, .len = len, .segment = len, .n = 1 };
}

static void emit_run(struct stage *s, struct leg *l, struct stage_out *out)
{
    *out = (struct stage_out){ .kind = STAGE_OUT_DATAGRAMS,
                               .leg = l,
                               .to = *peer_remote(l->peer),
                               .data = s->shared->tx + s->run.start,
                               .len = s->run.len,
                               .segment = s->run.segment };
    s->run.n = 0;
}

static void emit_full(struct stage_out *out)
{
    *out = (struct stage_out){ .kind = STAGE_OUT_FULL };
}

/* ---- connections ---- */

static void peer_event(struct stage *s, struct leg *l, enum peer_event event)
{
    switch (event) {
    case PEER_EVENT_LIVE:
        if (l->state != LEG_OPEN)
            break;
        l->state = LEG_LIVE;
        l->live_us = s->now.mono_us;
        l->report_us = s->now.mono_us + LEG_REPORT_US;
        l->news.live = true;
        stage_rearrange(s);
        break;
    case PEER_EVENT_DEAD:
        l->news.dead = l->state != LEG_LEAVING; /* whom the room closed needs no telling */
        stage_leave(s, l);
        break;
    case PEER_EVENT_MOVED: /* seen by its address */
    case PEER_EVENT_NONE:
        break;
    }
}

static bool poll_address(struct leg *l, struct stage_out *out)
{
    const struct addr *at = peer_remote(l->peer);

    if (at->family == 0 || addr_eq(at, &l->addr))
        return false;
    l->addr = *at;
    *out = (struct stage_out){ .kind = STAGE_OUT_ADDR, .leg = l, .addr = *at };
    return true;
}

static bool poll_signals(struct stage *s, struct stage_out *out)
{
    struct peer_out p;

    for (; s->at_leg < s->legs_n; s->at_leg++) {
        struct leg *l = s->legs[s->at_leg];

        if (!l->dirty)
            continue;
        if (l->ws) {
            l->dirty = false;
            continue;
        }
        if (poll_address(l, out))
            return true;
        for (;;) {
            if (tx_room(s) < DATAGRAM_ROOM) {
                emit_full(out);
                return true;
            }
            if (!peer_poll(l->peer, &p))
                break;
            if (p.kind == PEER_OUT_EVENT) {
                peer_event(s, l, p.event);
                continue;
            }
            if (p.len > DATAGRAM_ROOM)
                continue;
            memcpy(tx_at(s), p.data, p.len);
            *out = (struct stage_out){ .kind = STAGE_OUT_DATAGRAMS,
                                       .leg = l,
                                       .to = p.to,
                                       .data = tx_at(s),
                                       .len = p.len,
                                       .segment = p.len };
            s->shared->tx_len += p.len;
            return true;
        }
        l->dirty = false;
    }
    return false;
}

/* ---- media ---- */

static bool receives(const struct leg *l)
{
    return l->state == LEG_LIVE && l->gate.receive;
}

/* Seals the packet just written; 0 if the connection refuses it (too late, or dead). */
static size_t seal(struct stage *s, struct leg *l, const struct slot *slot, uint8_t probe,
                   size_t len)
{
    if (len == 0 || peer_seal_rtp(l->peer, tx_at(s), &len) != ERR_OK)
        return 0;
    link_sent(l, slot, len, probe, s->now.mono_us);
    return len;
}

/* The first time that a voice is asked for again, its packets begin to be kept. */
static size_t repeat_voice(struct stage *s, struct slot *slot, uint16_t seq)
{
    const struct copy *c;

    if (!slot->copies)
        slot->copies = mem_zalloc(1, sizeof *slot->copies);
    c = slot->copies && slot->track && slot->track->open ? copies_find(slot->copies, seq) : NULL;
    if (!c)
        return 0;
    memcpy(tx_at(s), c->bytes, c->len);
    s->counters.resent++;
    return c->len;
}

static size_t next_resend(struct stage *s, struct leg *l)
{
    while (s->at_resend < l->resends_n) {
        const struct leg_resend *r = &l->resends[s->at_resend++];
        struct slot *slot = &l->slots[r->slot];
        struct ring_packet *p;
        size_t len;

        if (slot->repeats) {
            len = repeat_voice(s, slot, r->seq);
            if (len > 0)
                return len;
            continue;
        }
        p = slot_find(slot, r->seq, s->now.mono_us);
        if (!p || !slot->track->open)
            continue;
        len = seal(s, l, slot, 0, slot_write_rtx(slot, p, leg_number(l), tx_at(s)));
        s->counters.resent += len > 0;
        if (len > 0)
            return len;
    }
    return 0;
}

/* The next pending packet of one stream that the slot takes. */
static size_t next_of_stream(struct stage *s, struct leg *l, struct slot *slot, struct stream *from,
                             struct stream *target)
{
    while (s->at_packet < from->pending_n) {
        struct ring_packet *p = ring_get(&from->ring, from->pending[s->at_packet++]);
        size_t len;

        if (!p || !slot_take(slot, from, target, p, s->now.mono_us))
            continue;
        if (slot->held_n > 0 ||
            (slot->kind != SLOT_AUDIO && !pacer_may(&l->pacer, s->now.mono_us))) {
            l->held |= slot_hold(slot, p, s->now.mono_us);
            continue;
        }
        len = seal(s, l, slot, 0, slot_write(slot, p, leg_number(l), tx_at(s), s->now.mono_us));
        s->counters.rtp_out += len > 0;
        if (len > 0 && slot->copies)
            copies_put(slot->copies, tx_at(s), len);
        if (len > 0)
            return len;
    }
    return 0;
}

/* What was held back, as fast as the pace allows. */
static size_t next_held(struct stage *s, struct leg *l, struct slot *slot)
{
    size_t len = 0;

    while (len == 0 && slot->held_n > 0 && pacer_may(&l->pacer, s->now.mono_us)) {
        len = slot_write_held(slot, leg_number(l), tx_at(s), s->now.mono_us);
        len = seal(s, l, slot, 0, len);
    }
    s->counters.rtp_out += len > 0;
    return len;
}

/* Layers of the slot's track; the slot moves to the one that its step asks for at its key frame. */
static size_t next_of_slot(struct stage *s, struct leg *l, struct slot *slot)
{
    struct track *t = slot->track;
    struct stream *target;

    if (!t || !t->open) {
        if (slot->held_n > 0) /* what a gate has closed on stays behind it */
            slot_give_up(slot);
        return 0;
    }
    if (slot->held_n > 0) {
        size_t len = next_held(s, l, slot);

        if (len > 0)
            return len;
    }
    target = slot_target(slot, s->now.mono_us);
    for (; s->at_layer < t->layers; s->at_layer++, s->at_packet = 0) {
        struct stream *from = t->streams[s->at_layer];
        size_t len = from ? next_of_stream(s, l, slot, from, target) : 0;

        if (len > 0)
            return len;
    }
    if (slot_waits(slot, target, s->now.mono_us))
        keyframe_want(&target->keyframe);
    return 0;
}

/* Padding of a probe cluster, on the first slot that has a place for it. */
static size_t next_padding(struct stage *s, struct leg *l)
{
    struct slot *slot = NULL;
    size_t len = 0;

    for (int i = 0; i < l->slots_n && !slot; i++)
        if (l->slots[i].rtx_pt && l->slots[i].ext_id && l->slots[i].any)
            slot = &l->slots[i];
    while (slot && len == 0 && l->probe_left > 0) {
        l->probe_left--;
        len = slot_write_padding(slot, LEG_PADDING_BYTES, leg_number(l), tx_at(s));
        len = seal(s, l, slot, estimate_probe_number(&l->estimate), len);
        l->probe_bytes += (int64_t)len;
    }
    if (!slot)
        l->probe_left = 0;
    else if (l->probe_left == 0 && l->probe_bytes > 0) {
        estimate_probe_sent(&l->estimate, l->probe_n, l->probe_bytes, l->sent->next - 1,
                            s->now.mono_us);
        l->probe_bytes = 0;
    }
    return len;
}

/* Pictures before voices: a voice is the shorter segment that may end a run. */
static size_t next_packet(struct stage *s, struct leg *l)
{
    size_t len = next_resend(s, l);

    while (len == 0 && s->at_slot < l->slots_n) {
        len = next_of_slot(s, l, &l->slots[l->slots_n - 1 - s->at_slot]);
        if (len == 0) {
            s->at_slot++;
            s->at_layer = s->at_packet = 0;
        }
    }
    return len == 0 && l->probe_left > 0 ? next_padding(s, l) : len;
}

/* Anything for this receiver? Else its slots need not be looked through. */
static bool has_media(const struct stage *s, const struct leg *l)
{
    return s->hot_n > 0 || l->resends_n > 0 || l->probe_left > 0 ||
           (l->held && l->held_us <= s->now.mono_us);
}

static void note_held(struct stage *s, struct leg *l)
{
    l->held = false;
    for (int i = 0; i < l->slots_n && !receives(l); i++)
        slot_give_up(&l->slots[i]);
    for (int i = 0; i < l->slots_n; i++)
        l->held |= l->slots[i].held_n > 0;
    if (l->held)
        l->held_us = pacer_when(&l->pacer, s->now.mono_us + 1);
}

static void next_leg(struct stage *s)
{
    s->at_leg++;
    s->at_slot = s->at_layer = s->at_packet = s->at_resend = 0;
}

/* Writes packets of one leg until something is ready to go. False if the leg has no more. */
static bool poll_leg(struct stage *s, struct leg *l, struct stage_out *out)
{
    for (;;) {
        size_t len;
        bool fits;

        if (tx_room(s) < DATAGRAM_ROOM) {
            if (s->run.n > 0)
                emit_run(s, l, out);
            else
                emit_full(out);
            return true;
        }
        len = next_packet(s, l);
        if (len == 0) {
            if (s->run.n == 0)
                return false;
            emit_run(s, l, out);
            return true;
        }
        fits = run_takes(&s->run, len);
        if (fits) {
            run_add(&s->run, len);
        } else {
            bool ready = s->run.n > 0;

            if (ready)
                emit_run(s, l, out);
            run_begin(s, len);
            s->shared->tx_len += len;
            if (ready)
                return true;
            continue;
        }
        s->shared->tx_len += len;
    }
}

/* Whole frames for a leg over WebSocket, slot by slot. */
static bool poll_frames(struct stage *s, struct leg *l, struct stage_out *out)
{
    size_t len;

    for (; s->at_slot < l->slots_n; s->at_slot++, s->at_layer = 0) {
        if (s->at_layer++ == 0)
            leg_ws_offer(l, s->at_slot, s->now.mono_us);
        switch (leg_ws_next(l, &s->counters, s->at_slot, s->now.mono_us, s->wall_base_us, tx_at(s),
                            tx_room(s), s->shared->tx_len == 0, &len)) {
        case LEG_WS_FRAME:
            *out = (struct stage_out){
                .kind = STAGE_OUT_FRAME, .leg = l, .data = tx_at(s), .len = len
            };
            s->shared->tx_len += len;
            return true;
        case LEG_WS_FULL:
            emit_full(out);
            return true;
        case LEG_WS_NONE:
            break;
        }
    }
    return false;
}

static bool poll_media(struct stage *s, struct stage_out *out)
{
    for (; s->at_leg < s->legs_n; next_leg(s)) {
        struct leg *l = s->legs[s->at_leg];

        if (l->ws) {
            if (receives(l) && poll_frames(s, l, out))
                return true;
            continue;
        }
        if (has_media(s, l) && receives(l) && poll_leg(s, l, out))
            return true;
        if (l->held)
            note_held(s, l);
        l->resends_n = 0;
    }
    stage_drop_pending(s);
    return false;
}

/* ---- RTCP ---- */

static bool poll_rtcp(struct stage *s, struct stage_out *out)
{
    int64_t wall_us = s->wall_base_us + s->now.mono_us;

    for (; s->at_leg < s->legs_n; s->at_leg++) {
        struct leg *l = s->legs[s->at_leg];
        size_t len;

        if (tx_room(s) < DATAGRAM_ROOM) {
            emit_full(out);
            return true;
        }
        len = leg_write_rtcp(l, &s->counters, s->now, wall_us, tx_at(s), RTP_PACKET_MAX);
        if (len == 0 || peer_seal_rtcp(l->peer, tx_at(s), &len) != ERR_OK)
            continue;
        run_begin(s, len);
        s->shared->tx_len += len;
        emit_run(s, l, out);
        return true;
    }
    return false;
}

/* ---- news ---- */

static void emit_event(struct stage *s, struct leg *l, enum media_event_kind kind,
                       struct stage_out *out)
{
    s->event = (struct media_event){ .kind = kind };
    if (l)
        s->event.leg = l->id;
    *out = (struct stage_out){ .kind = STAGE_OUT_EVENT, .leg = l, .event = &s->event };
}

static void fill_slots(const struct leg *l, struct media_event *e)
{
    e->slots_n = l->slots_n;
    for (int i = 0; i < l->slots_n; i++) {
        memcpy(e->slots[i].mid, l->slots[i].mid, sizeof e->slots[i].mid);
        e->slots[i].member = l->slots[i].member;
        e->slots[i].picture = l->slots[i].kind != SLOT_AUDIO && l->slots[i].member > 0;
        e->slots[i].step = l->slots[i].step;
    }
}

static bool take(bool *flag)
{
    bool was = *flag;

    *flag = false;
    return was;
}

/* What is a picture loss indication to others. */
static bool poll_key(struct stage *s, struct leg *l, struct stage_out *out)
{
    for (int i = 0; i < SOURCE_COUNT; i++)
        if (leg_ws_ask_key(l, (enum source)i, s->now.mono_us)) {
            emit_event(s, l, MEDIA_KEY, out);
            s->event.source = (uint8_t)i;
            s->counters.plis_out++;
            return true;
        }
    return false;
}

static bool poll_leg_news(struct stage *s, struct leg *l, struct stage_out *out)
{
    if (take(&l->news.answer)) {
        emit_event(s, l, MEDIA_ANSWER, out);
        s->told = l->answer;
        l->answer = NULL;
        s->event.sdp = s->told;
        s->event.sdp_len = strlen(s->told);
    } else if (take(&l->news.live)) {
        emit_event(s, l, MEDIA_LIVE, out);
    } else if (take(&l->news.slots) && l->state != LEG_LEAVING) {
        emit_event(s, l, MEDIA_SLOTS, out);
        fill_slots(l, &s->event);
    } else if (take(&l->news.layers) && l->state != LEG_LEAVING) {
        emit_event(s, l, MEDIA_LAYERS, out);
        s->event.layers = l->tracks[SOURCE_CAMERA].on;
    } else if (take(&l->news.rates) && l->state != LEG_LEAVING) {
        emit_event(s, l, MEDIA_RATES, out);
        s->event.rates = l->most;
    } else if (take(&l->news.wants) && l->state != LEG_LEAVING) {
        emit_event(s, l, MEDIA_WANTS, out);
        s->event.wants_bps = l->wants_bps;
    } else if (l->ws && l->ws->refused) {
        emit_event(s, l, MEDIA_BAD_FRAME, out);
        s->event.why = l->ws->refused;
        l->ws->refused = NULL;
    } else if (l->ws && poll_key(s, l, out)) {
        return true;
    } else if (take(&l->news.first)) {
        emit_event(s, l, MEDIA_FIRST, out);
    } else if (take(&l->news.dead)) {
        emit_event(s, l, MEDIA_DEAD, out);
    } else {
        return false;
    }
    return true;
}

static void take_out(struct stage *s, int at, struct stage_out *out)
{
    s->gone = s->legs[at];
    s->legs_n--;
    memmove(&s->legs[at], &s->legs[at + 1], (size_t)(s->legs_n - at) * sizeof *s->legs);
    *out = (struct stage_out){ .kind = STAGE_OUT_GONE, .leg = s->gone };
}

static bool poll_news(struct stage *s, struct stage_out *out)
{
    if (s->refusals_n > 0) {
        struct stage_refusal r = s->refusals[0];

        s->refusals_n--;
        memmove(s->refusals, s->refusals + 1, (size_t)s->refusals_n * sizeof s->refusals[0]);
        emit_event(s, NULL, MEDIA_REFUSED, out);
        s->event.leg = r.leg;
        s->event.why = r.why;
        return true;
    }
    for (; s->at_leg < s->legs_n; s->at_leg++) {
        struct leg *l = s->legs[s->at_leg];

        if (poll_leg_news(s, l, out))
            return true;
        if (l->state == LEG_LEAVING && !l->dirty) {
            take_out(s, s->at_leg, out);
            return true;
        }
    }
    if (take(&s->speaking_news)) {
        emit_event(s, NULL, MEDIA_SPEAKING, out);
        memcpy(s->event.speaking, s->speaking, sizeof s->event.speaking);
        s->event.speaking_n = s->speaking_n;
        return true;
    }
    return false;
}

static bool any_dirty(const struct stage *s)
{
    for (int i = 0; i < s->legs_n; i++)
        if (s->legs[i]->dirty)
            return true;
    return false;
}

static bool poll_phase(struct stage *s, struct stage_out *out)
{
    switch (s->phase) {
    case PHASE_SIGNALS:
        return poll_signals(s, out);
    case PHASE_MEDIA:
        return poll_media(s, out);
    case PHASE_RTCP:
        return poll_rtcp(s, out);
    case PHASE_NEWS:
        return poll_news(s, out);
    }
    return false;
}

bool stage_poll(struct stage *s, struct stage_out *out)
{
    stage_reap(s);
    mem_free(s->told);
    s->told = NULL;
    for (;;) {
        if (poll_phase(s, out))
            return true;
        s->at_leg = -1;
        next_leg(s);
        if (s->phase != PHASE_NEWS) {
            s->phase++;
            continue;
        }
        s->phase = PHASE_SIGNALS;
        if (!any_dirty(s)) /* a phase may give work to an earlier one */
            return false;
    }
}
