/* SPDX-License-Identifier: Apache-2.0
 *
 * The stage: commands in, datagrams in, the map of sources to slots. What goes
 * out is in stage_poll.c.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/media/assign.h"
#include "server/media/leg_ws.h"
#include "server/media/stage_inside.h"

/* Room for one more leg; a lesson never needs more than it begins with. */
static enum err grow(struct stage *s)
{
    int cap = s->legs_cap ? s->legs_cap * 2 : LESSON_LEGS_MAX;
    struct leg **legs;
    struct stream **hot;

    if (s->legs_n < s->legs_cap)
        return ERR_OK;
    if (s->legs_max > 0 && cap > s->legs_max)
        cap = s->legs_max;
    mem_free(s->sources);
    mem_free(s->voices);
    mem_free(s->views);
    s->sources = mem_zalloc((size_t)cap, sizeof *s->sources);
    s->voices = mem_zalloc((size_t)cap, sizeof *s->voices);
    s->views = mem_zalloc((size_t)cap, sizeof *s->views);
    legs = mem_zalloc((size_t)cap, sizeof(*legs));
    hot = mem_zalloc((size_t)cap * SOURCE_COUNT * SDP_RIDS_MAX, sizeof(*hot));
    if (!s->sources || !s->voices || !s->views || !legs || !hot) {
        mem_free(legs);
        mem_free(hot);
        return ERR_NOMEM;
    }
    if (s->legs_n > 0)
        memcpy(legs, s->legs, (size_t)s->legs_n * sizeof(*legs));
    if (s->hot_n > 0)
        memcpy(hot, s->hot, (size_t)s->hot_n * sizeof(*hot));
    mem_free(s->legs);
    mem_free(s->hot);
    s->legs = legs;
    s->hot = hot;
    s->legs_cap = cap;
    return ERR_OK;
}

enum err stage_new(struct stage **out, struct stage_shared *shared, struct now now)
{
    struct stage *s = mem_zalloc(1, sizeof *s);

    if (!s)
        return ERR_NOMEM;
    s->shared = shared;
    s->now = now;
    s->wall_base_us = now.unix_ms * US_PER_MS - now.mono_us;
    s->tick_us = s->layers_us = NEVER_US;
    s->legs_max = shared->legs_max;
    if (grow(s) != ERR_OK) {
        stage_free(s);
        return ERR_NOMEM;
    }
    *out = s;
    return ERR_OK;
}

void stage_free(struct stage *s)
{
    if (!s)
        return;
    stage_reap(s);
    for (int i = 0; i < s->legs_n; i++)
        leg_free(s->legs[i]);
    mem_free(s->told);
    mem_free(s->legs);
    mem_free(s->sources);
    mem_free(s->voices);
    mem_free(s->views);
    mem_free(s->hot);
    mem_free(s);
}

void stage_reap(struct stage *s)
{
    leg_free(s->gone);
    s->gone = NULL;
}

struct leg *stage_leg_by_ufrag(struct stage *s, const char *ufrag, size_t len)
{
    for (int i = 0; i < s->legs_n; i++) {
        const char *own = leg_ufrag(s->legs[i]);

        if (*own && strlen(own) == len && memcmp(own, ufrag, len) == 0)
            return s->legs[i];
    }
    return NULL;
}

struct leg *stage_leg_by_source(struct stage *s, uint32_t ssrc)
{
    for (int i = 0; i < s->legs_n; i++)
        if (s->legs[i]->peer && peer_knows(s->legs[i]->peer, ssrc))
            return s->legs[i];
    return NULL;
}

struct leg *stage_leg_by_id(struct stage *s, struct leg_id id)
{
    for (int i = 0; i < s->legs_n; i++)
        if (s->legs[i]->id.v == id.v)
            return s->legs[i];
    return NULL;
}

const char *leg_ufrag(const struct leg *l)
{
    return l->peer ? peer_local_ice(l->peer)->ufrag : "";
}

bool leg_asks(const struct leg *l, const struct addr *at)
{
    return l->peer && peer_asks(l->peer, at);
}

struct leg_id leg_id(const struct leg *l)
{
    return l->id;
}

struct stage *leg_stage(struct leg *l)
{
    return l->stage;
}

bool stage_empty(const struct stage *s)
{
    return s->legs_n == 0;
}

const struct stage_counters *stage_counters(const struct stage *s)
{
    return &s->counters;
}

/* ---- the map ---- */

static bool present(const struct leg *l)
{
    return l->state != LEG_LEAVING && !l->probe;
}

static struct leg *leg_of_member(struct stage *s, uint16_t member)
{
    for (int i = 0; i < s->legs_n; i++)
        if (present(s->legs[i]) && s->legs[i]->member == member)
            return s->legs[i];
    return NULL;
}

/* Everybody but l who may send from this source, in the order of arrival. */
static int candidates(struct stage *s, const struct leg *l, enum source source)
{
    int n = 0;

    for (int i = 0; i < s->legs_n; i++) {
        struct leg *o = s->legs[i];

        if (!present(o) || !o->tracks[source].offered || o->member == l->member)
            continue;
        s->sources[n++] = (struct assign_source){
            .member = o->member,
            .open = o->tracks[source].open,
            .speaking = speaker_heard(&o->speaker, s->now.mono_us),
            .heard_us = o->speaker.any ? o->speaker.heard_us : INT64_MIN,
        };
    }
    return n;
}

/* The screen that was opened last. */
static uint16_t shown_screen(struct stage *s, const struct leg *l)
{
    const struct leg *best = NULL;

    for (int i = 0; i < s->legs_n; i++) {
        const struct leg *o = s->legs[i];

        if (present(o) && o->member != l->member && o->tracks[SOURCE_SCREEN].open &&
            (!best || o->screen_us > best->screen_us))
            best = o;
    }
    return best ? best->member : 0;
}

static enum source source_of(enum slot_kind kind)
{
    return kind == SLOT_AUDIO ? SOURCE_MIC : kind == SLOT_VIDEO ? SOURCE_CAMERA : SOURCE_SCREEN;
}

/* Decides the slots of one kind of one leg. */
static void map_kind(struct stage *s, struct leg *l, enum slot_kind kind, int views_n)
{
    uint16_t members[SLOTS_MAX];
    struct slot *slots[SLOTS_MAX];
    int n = 0;

    for (int i = 0; i < l->slots_n; i++)
        if (l->slots[i].kind == kind) {
            slots[n] = &l->slots[i];
            members[n++] = l->slots[i].member;
        }
    if (n == 0)
        return;
    if (kind != SLOT_AUDIO && l->gate.no_pictures)
        memset(members, 0, sizeof members);
    else if (kind == SLOT_SCREEN)
        members[0] = shown_screen(s, l);
    else if (s->group)
        stage_group_slots(s, l, kind, views_n, members, n);
    else
        (void)assign_slots(s->sources, candidates(s, l, source_of(kind)), members, n);
    for (int i = 0; i < n; i++) {
        struct leg *from = members[i] ? leg_of_member(s, members[i]) : NULL;
        struct track *t = from ? &from->tracks[source_of(kind)] : NULL;

        if (slots[i]->member != (t ? members[i] : 0)) {
            l->news.slots = true;
            l->dirty = true;
        }
        slot_map(slots[i], t, members[i]);
    }
}

/* Asks at once for the key frames that slots of l wait for: only its LIVE receiver can use them. */
static void want_pictures(struct stage *s, struct leg *l)
{
    if (l->state != LEG_LIVE || !l->gate.receive)
        return;
    for (int i = 0; i < l->slots_n; i++) {
        struct slot *slot = &l->slots[i];
        struct stream *target;

        if (!slot->track || !slot->track->open || !track_is_video(slot->track))
            continue;
        target = slot_target(slot, s->now.mono_us);
        if (slot_waits(slot, target, s->now.mono_us)) {
            keyframe_want(&target->keyframe);
            target->track->leg->dirty = true;
        }
    }
}

void stage_rearrange(struct stage *s)
{
    int views_n = s->group ? stage_view_sources(s) : 0;

    for (int i = 0; i < s->legs_n; i++) {
        struct leg *l = s->legs[i];

        if (!present(l)) {
            for (int k = 0; k < l->slots_n; k++)
                slot_map(&l->slots[k], NULL, 0);
            continue;
        }
        map_kind(s, l, SLOT_AUDIO, views_n);
        map_kind(s, l, SLOT_VIDEO, views_n);
        map_kind(s, l, SLOT_SCREEN, views_n);
        if (l->sent || l->judge_us != NEVER_US)
            link_judge(l, s->now);
        want_pictures(s, l);
    }
    s->layers_us = s->now.mono_us;
}

void stage_leave(struct stage *s, struct leg *l)
{
    static const struct leg_gate nothing;

    if (l->state == LEG_LEAVING)
        return;
    (void)leg_set_gate(l, &nothing, s->now);
    l->state = LEG_LEAVING;
    l->dirty = true;
    stage_voices(s);
    stage_rearrange(s);
}

/* ---- which layers anybody wants ---- */

/* The layer that the slot shows now and the one that it is to show. */
static uint8_t layers_of(const struct slot *slot, int64_t now_us)
{
    int wish = slot_wish(slot, now_us);
    uint8_t layers = (uint8_t)(wish < 0 ? 0 : 1u << wish);

    for (int i = 0; i < slot->track->layers && wish >= 0; i++)
        if (slot->stream && slot->stream == slot->track->streams[i])
            layers |= (uint8_t)(1u << i);
    return layers;
}

static uint8_t wanted_of(const struct stage *s, const struct track *t)
{
    uint8_t layers = 0;

    for (int i = 0; i < s->legs_n; i++) {
        const struct leg *l = s->legs[i];

        for (int k = 0; k < l->slots_n && present(l) && l->gate.receive; k++)
            if (l->slots[k].track == t)
                layers |= layers_of(&l->slots[k], s->now.mono_us);
    }
    return layers;
}

static void judge_layers(struct stage *s)
{
    s->layers_us = NEVER_US;
    for (int i = 0; i < s->legs_n; i++) {
        struct leg *l = s->legs[i];
        struct track *t = &l->tracks[SOURCE_CAMERA];

        if (!t->open || t->layers < 2)
            continue;
        s->layers_us = s->now.mono_us + STAGE_LAYERS_US;
        if (track_want(t, wanted_of(s, t), s->now.mono_us))
            l->news.layers = l->dirty = true;
    }
}

/* Its own link is looked at too: what is narrow one way mostly is so both ways. */
static struct media_rates rates_for(const struct leg *from, const struct leg *to, int64_t now_us)
{
    bool layered = from->tracks[SOURCE_CAMERA].layers > 1; /* the ladder has smaller ones */
    struct media_rates most = {
        .voice = to->narrow || from->narrow ? LEG_THRIFTY_BPS : 0,
        .camera = layered ? 0 : link_picture(to, from->most.camera, now_us),
    };

    if (from->alone)
        most.camera = LEG_NO_PICTURE_BPS;
    return most;
}

/* In a lesson of two a voice makes less when the link to its only hearer is narrow, or its own, and
 * a camera of one layer what the link to who sees it takes. In a group one listener's link does not
 * decide what all others get. */
static void judge_rates(struct stage *s)
{
    struct leg *two[2] = { NULL, NULL };
    int n = 0;

    for (int i = 0; i < s->legs_n; i++) {
        s->legs[i]->kept_small = false;
        if (present(s->legs[i])) {
            if (n < 2)
                two[n] = s->legs[i];
            n++;
        }
    }
    for (int i = 0; i < 2 && i < n; i++) {
        struct media_rates most =
            n == 2 ? rates_for(two[i], two[1 - i], s->now.mono_us) : (struct media_rates){ 0 };
        struct leg *l = two[i];

        if (n == 2)
            two[1 - i]->kept_small = most.camera > LEG_NO_PICTURE_BPS;
        if (most.voice == l->most.voice && most.camera == l->most.camera)
            continue;
        l->most = most;
        l->news.rates = l->dirty = true;
    }
}

/* ---- who speaks ---- */

static void tick(struct stage *s)
{
    uint16_t heard[SPEAKING_MAX];
    int n = 0;

    stage_voices(s);
    for (int i = 0; i < s->legs_n && n < SPEAKING_MAX; i++)
        if (leg_sends(s->legs[i], SOURCE_MIC) &&
            speaker_heard(&s->legs[i]->speaker, s->now.mono_us))
            heard[n++] = s->legs[i]->member;
    s->tick_us = n > 0 ? s->now.mono_us + SPEAKER_EVENT_US : NEVER_US;
    if (n == s->speaking_n && memcmp(heard, s->speaking, (size_t)n * sizeof heard[0]) == 0)
        return;
    memcpy(s->speaking, heard, (size_t)n * sizeof heard[0]);
    s->speaking_n = n;
    s->speaking_news = true;
    stage_rearrange(s);
}

/* ---- commands ---- */

static void refuse(struct stage *s, struct leg_id id, const char *why)
{
    /* The oldest refusal is overwritten if nobody polls: then nobody listens either. */
    if (s->refusals_n == STAGE_REFUSALS_MAX)
        s->refusals_n--;
    s->refusals[s->refusals_n++] = (struct stage_refusal){ id, why };
}

static void open_leg(struct stage *s, const struct media_command *cmd)
{
    struct leg_open open = { .shared = s->shared, .cmd = cmd, .now = s->now };
    const char *why = "out of memory";
    struct leg *l;
    enum err e;

    if (stage_leg_by_id(s, cmd->leg) || cmd->leg.v == 0) {
        refuse(s, cmd->leg, "leg in use");
        return;
    }
    if (s->legs_n == 0)
        s->group = cmd->group;
    if (s->legs_max == 0)
        s->legs_max = s->group ? LEGS_MAX : LESSON_LEGS_MAX;
    if (s->legs_n == s->legs_max || s->closed) {
        refuse(s, cmd->leg, "full");
        return;
    }
    if (grow(s) != ERR_OK) {
        refuse(s, cmd->leg, why);
        return;
    }
    e = leg_new(&l, s, &open, &why);
    if (e != ERR_OK) {
        refuse(s, cmd->leg, e == ERR_INVAL ? "slot plan" : why);
        return;
    }
    s->legs[s->legs_n++] = l;
    stage_voices(s);
    stage_rearrange(s);
}

static void close_leg(struct stage *s, struct leg *l)
{
    if (l->peer)
        peer_close(l->peer, s->now);
    stage_leave(s, l);
}

/* As a picture loss indication of a receiver would. */
static void want_key(struct leg *l, int slot)
{
    struct slot *s = slot < l->slots_n ? &l->slots[slot] : NULL;

    if (!s || !s->stream || !track_is_video(s->track) || !s->track->open || !l->gate.receive)
        return;
    keyframe_want(&s->stream->keyframe);
    s->track->leg->dirty = true;
}

void stage_command(struct stage *s, struct now now, const struct media_command *cmd)
{
    struct leg *l = stage_leg_by_id(s, cmd->leg);

    stage_reap(s);
    s->now = now;
    switch (cmd->kind) {
    case MEDIA_LEG_OPEN:
        open_leg(s, cmd);
        break;
    case MEDIA_LEG_GATE:
        if (!l || l->state == LEG_LEAVING || !leg_set_gate(l, &cmd->gate, now))
            break;
        /* What came before the gate opened stays behind it. */
        stage_drop_pending(s);
        stage_voices(s);
        stage_rearrange(s);
        tick(s);
        break;
    case MEDIA_LEG_VIEW:
        if (!l || l->state == LEG_LEAVING)
            break;
        l->view = cmd->view;
        stage_rearrange(s);
        break;
    case MEDIA_LEG_KEY:
        if (l)
            want_key(l, cmd->slot);
        break;
    case MEDIA_LEG_RATE:
        if (l && l->ws)
            link_takes(l, cmd->bps, now);
        break;
    case MEDIA_LEG_CLOSE:
        if (l)
            close_leg(s, l);
        break;
    case MEDIA_STAGE_CLOSE:
        s->closed = true;
        for (int i = 0; i < s->legs_n; i++)
            close_leg(s, s->legs[i]);
        break;
    }
}

/* ---- media and time ---- */

/* Whoever speaks unheard is heard as soon as the rules allow it: the packet that has just come is
 * then the first to go out. */
static void claim_voice(struct stage *s, const struct leg *l)
{
    if (l->speaker.burst < SPEAKER_BURST)
        return;
    for (int i = 0; i < VOICES_MAX; i++)
        if (s->seats[i].member == l->member)
            return;
    stage_voices(s);
}

static void arrived(struct stage *s, struct stream *stored)
{
    stage_heat(s, stored);
    if (stored->track->source == SOURCE_MIC && s->tick_us == NEVER_US)
        s->tick_us = s->now.mono_us;
    if (s->group && stored->track->source == SOURCE_MIC)
        claim_voice(s, stored->track->leg);
}

void stage_input(struct stage *s, struct now now, struct leg *l, const struct addr *from,
                 uint8_t *data, size_t len)
{
    struct stream *stored = NULL;

    stage_reap(s);
    s->now = now;
    if (!l->peer)
        return;
    l->dirty = true;
    switch (peer_input(l->peer, now, from, data, &len)) {
    case PEER_GOT_RTP:
        /* Counted only once it is authentic: forged packets must not use up the allowance. */
        if (bucket_take(&l->rtp_in, now.mono_us, LEG_RTP_PER_S, LEG_RTP_BURST))
            stored = leg_rtp(l, &s->counters, now, data, len);
        else
            s->counters.refused++;
        break;
    case PEER_GOT_RTCP:
        leg_rtcp(l, &s->counters, now, s->wall_base_us + now.mono_us, data, len);
        break;
    case PEER_GOT_NOTHING:
        break;
    }
    if (stored)
        arrived(s, stored);
}

void stage_frame(struct stage *s, struct now now, struct leg *l, const uint8_t *message, size_t len)
{
    struct stream *stored;

    stage_reap(s);
    s->now = now;
    if (!l->ws || l->state == LEG_LEAVING)
        return;
    l->dirty = true;
    stored = leg_ws_frame(l, &s->counters, now, s->wall_base_us + now.mono_us, message, len);
    if (stored)
        arrived(s, stored);
}

/* By a mark of its own and not by its first pending packet: a source that keeps changing its SSRC
 * has a first packet again and again, and would overrun the list. */
void stage_heat(struct stage *s, struct stream *stream)
{
    if (stream->hot)
        return;
    stream->hot = true;
    s->hot[s->hot_n++] = stream;
}

void stage_drop_pending(struct stage *s)
{
    for (int i = 0; i < s->hot_n; i++) {
        stream_forwarded(s->hot[i]);
        s->hot[i]->hot = false;
    }
    s->hot_n = 0;
}

void stage_timeout(struct stage *s, struct now now)
{
    bool judged = false;

    stage_reap(s);
    s->now = now;
    for (int i = 0; i < s->legs_n; i++) {
        struct leg *l = s->legs[i];

        if (l->peer && peer_deadline(l->peer) <= now.mono_us) {
            peer_timeout(l->peer, now);
            l->dirty = true;
        }
        if (l->judge_us <= now.mono_us) {
            link_judge(l, now);
            judged |= l->estimate.congested;
        }
    }
    if (judged || s->layers_us <= now.mono_us)
        judge_rates(s);
    if (s->tick_us <= now.mono_us)
        tick(s);
    if (s->layers_us <= now.mono_us)
        judge_layers(s);
}

int64_t stage_deadline(const struct stage *s)
{
    int64_t at = earlier_us(s->tick_us, s->layers_us);

    if (s->refusals_n > 0 || s->speaking_news || s->hot_n > 0)
        return INT64_MIN;
    for (int i = 0; i < s->legs_n; i++)
        at = earlier_us(at, leg_deadline(s->legs[i]));
    return at;
}
