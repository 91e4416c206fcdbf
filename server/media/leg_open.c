/* SPDX-License-Identifier: Apache-2.0
 *
 * From a person's offer to a leg and its answer. The order of lines is the
 * protocol's: microphone, camera, screen, then the receive slots: audio,
 * video, screen, as many as the room's plan says.
 */
#include <string.h>

#include "common/base/mem.h"
#include "server/media/leg_ws.h"
#include "server/rtc/dtls.h"

#define CNAME "parta"

/* SplitMix64: SSRCs need to differ, not to be secret; the seed is the random ICE fragment. */
static uint64_t next_random(uint64_t *seed)
{
    uint64_t z = *seed += 0x9E3779B97F4A7C15u;

    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return z ^ z >> 31;
}

static uint64_t seed_from(const struct peer_ice *ice)
{
    uint64_t h = 14695981039346656037u;

    for (const char *c = ice->ufrag; *c; c++)
        h = (h ^ (uint8_t)*c) * 1099511628211u;
    for (const char *c = ice->pwd; *c; c++)
        h = (h ^ (uint8_t)*c) * 1099511628211u;
    return h;
}

/* SSRCs of one leg differ by construction: the low bits count. */
static uint32_t fresh_ssrc(uint64_t *seed, unsigned n)
{
    return ((uint32_t)next_random(seed) & ~0x3Fu) | (n & 0x3F) | 0x40;
}

static int plan_lines(const struct slot_plan *plan)
{
    return SOURCE_COUNT + plan->audio + plan->video + plan->screen;
}

/* What the line at place i is for, if the plan has it. */
static bool line_is_slot(const struct slot_plan *plan, int i, enum slot_kind *kind)
{
    i -= SOURCE_COUNT;
    if (i < 0 || i >= plan->audio + plan->video + plan->screen)
        return false;
    *kind = i < plan->audio ? SLOT_AUDIO : i < plan->audio + plan->video ? SLOT_VIDEO : SLOT_SCREEN;
    return true;
}

static const char *check_lines(const struct sdp_session *offer, const struct media_command *cmd)
{
    const struct slot_plan *plan = &cmd->plan;

    if (offer->setup == SDP_SETUP_PASSIVE)
        return "setup must allow active";
    if (offer->media_n < plan_lines(plan) && !cmd->probe)
        return "too few media lines";
    for (int i = 0; i < offer->media_n && i < plan_lines(plan); i++) {
        const struct sdp_media *m = &offer->media[i];
        enum slot_kind kind = SLOT_AUDIO;
        bool slot = line_is_slot(plan, i, &kind);
        bool audio = slot ? kind == SLOT_AUDIO : i == SOURCE_MIC;
        bool fits = slot ? m->direction == SDP_RECVONLY || m->direction == SDP_SENDRECV
                         : m->direction != SDP_RECVONLY;

        if (m->rejected)
            continue;
        if (m->kind != (audio ? SDP_AUDIO : SDP_VIDEO))
            return "order of media lines";
        if (!fits)
            return "direction of a media line";
        if (m->pt == 0)
            return audio ? "no Opus" : "no VP8";
    }
    return NULL;
}

/* Audio and video slots of the same number play together when there is one of each per person;
 * lip sync follows the stream id (RFC 8830). Else every slot is on its own. */
static bool fill_slot(struct sdp_media *a, enum slot_kind kind, const struct slot_plan *plan,
                      int number, uint64_t *seed, unsigned n)
{
    static const char *const alone[] = { "a", "v", "s" };
    bool paired = kind != SLOT_SCREEN && plan->audio >= plan->video;

    a->direction = SDP_SENDONLY;
    a->ssrc = fresh_ssrc(seed, n);
    a->rtx_ssrc = a->rtx_pt && a->nack ? fresh_ssrc(seed, n + 32) : 0;
    if (!a->rtx_ssrc)
        a->rtx_pt = 0;
    return str_copy(a->cname, sizeof a->cname, CNAME) &&
           str_format(a->msid, sizeof a->msid, "%s%d", paired ? "p" : alone[kind], number);
}

/* The answer's lines, the tracks and the slots. */
static bool take_lines(struct leg *l, const struct sdp_session *offer, struct sdp_session *answer,
                       const struct media_command *cmd, uint64_t *seed)
{
    int numbers[3] = { 0 };

    l->rsize = true;
    answer->media_n = offer->media_n;
    for (int i = 0; i < offer->media_n; i++) {
        const struct sdp_media *o = &offer->media[i];
        struct sdp_media *a = &answer->media[i];
        enum slot_kind kind;

        sdp_answer_media(o, a);
        if (i >= plan_lines(&cmd->plan)) {
            a->rejected = true;
        } else if (line_is_slot(&cmd->plan, i, &kind)) {
            struct slot *s = &l->slots[l->slots_n];

            if (!fill_slot(a, kind, &cmd->plan, numbers[kind]++, seed, (unsigned)i))
                return false;
            if (a->rejected)
                continue;
            slot_init(s, kind, a, next_random(seed));
            l->slots_n++;
        } else {
            a->direction = o->direction == SDP_INACTIVE ? SDP_INACTIVE : SDP_RECVONLY;
            track_init(&l->tracks[i], l, (enum source)i, a);
        }
        l->rsize = l->rsize && (a->rejected || a->rsize);
    }
    return true;
}

/* Packets are numbered, and remembered, only where somebody reports on them. */
static enum err number_packets(struct leg *l)
{
    bool numbered = false;

    for (int i = 0; i < l->slots_n; i++)
        numbered |= l->slots[i].ext_id > 0;
    if (!numbered)
        return ERR_OK;
    l->sent = mem_zalloc(1, sizeof *l->sent);
    if (!l->sent)
        return ERR_NOMEM;
    sent_init(l->sent);
    return ERR_OK;
}

/* Sources that the offer names by SSRC need no header extension to be known. */
static void know_ssrcs(struct leg *l, const struct sdp_session *offer)
{
    for (int i = 0; i < SOURCE_COUNT && i < offer->media_n; i++) {
        const struct sdp_media *o = &offer->media[i];

        if (!l->tracks[i].offered || o->ssrc == 0 || o->rids_n > 0)
            continue;
        l->ssrcs[l->ssrcs_n++] = (struct leg_ssrc){ .ssrc = o->ssrc, .source = (uint8_t)i };
        if (o->rtx_ssrc)
            l->ssrcs[l->ssrcs_n++] =
                (struct leg_ssrc){ .ssrc = o->rtx_ssrc, .source = (uint8_t)i, .rtx = true };
    }
}

static enum err start_peer(struct leg *l, const struct leg_open *open,
                           const struct sdp_session *offer, const struct peer_ice *ice)
{
    struct peer_config c = { .role = PEER_ANSWERER,
                             .identity = open->shared->identity,
                             .local = *ice,
                             .remote = offer->ice };

    memcpy(c.remote_fingerprint, offer->fingerprint, sizeof c.remote_fingerprint);
    return peer_new(&l->peer, &c, open->now);
}

static enum err write_answer(struct leg *l, const struct leg_open *open, struct sdp_session *answer,
                             const struct peer_ice *ice)
{
    struct strbuf b;

    answer->ice = *ice;
    answer->ice_lite = true;
    answer->setup = SDP_SETUP_PASSIVE;
    answer->candidate = open->shared->announce;
    memcpy(answer->fingerprint, dtls_identity_fingerprint(open->shared->identity),
           sizeof answer->fingerprint);
    strbuf_init(&b);
    sdp_write(answer, &b);
    return strbuf_take(&b, &l->answer);
}

static enum err build(struct leg *l, const struct leg_open *open, const struct sdp_session *offer)
{
    struct sdp_session answer = { 0 };
    struct peer_ice ice;
    uint64_t seed;
    enum err e = peer_random_ice(&ice);

    if (e != ERR_OK)
        return e;
    seed = seed_from(&ice);
    l->rtcp_ssrc = fresh_ssrc(&seed, 0x3F);
    if (!take_lines(l, offer, &answer, open->cmd, &seed))
        return ERR_INVAL;
    know_ssrcs(l, offer);
    e = number_packets(l);
    if (e == ERR_OK)
        e = start_peer(l, open, offer, &ice);
    return e == ERR_OK ? write_answer(l, open, &answer, &ice) : e;
}

/* At least one, so that there is always something to point to. */
static int plan_slots(const struct slot_plan *p)
{
    int n = p->audio + p->video + p->screen;

    return n > 0 ? n : 1;
}

static bool plan_fits(const struct slot_plan *p)
{
    return p->audio >= 0 && p->video >= 0 && p->screen >= 0 && p->audio <= SLOTS_MAX &&
           p->video <= SLOTS_MAX && p->screen <= 1 && p->audio + p->video + p->screen <= SLOTS_MAX;
}

static enum err read_offer(const struct media_command *cmd, struct sdp_session *offer,
                           const char **why)
{
    enum err e = sdp_parse(cmd->offer, cmd->offer_len, offer, why);
    const char *fault = e == ERR_OK ? check_lines(offer, cmd) : NULL;

    if (!fault)
        return e;
    *why = fault;
    return ERR_PROTO;
}

enum err leg_new(struct leg **out, struct stage *stage, const struct leg_open *open,
                 const char **why)
{
    const struct media_command *cmd = open->cmd;
    struct sdp_session offer;
    struct leg *l;
    enum err e;

    if (!plan_fits(&cmd->plan))
        return ERR_INVAL;
    e = cmd->websocket ? ERR_OK : read_offer(cmd, &offer, why);
    if (e != ERR_OK)
        return e;
    l = mem_zalloc(1, sizeof *l);
    if (!l)
        return ERR_NOMEM;
    l->slots = mem_zalloc((size_t)plan_slots(&cmd->plan), sizeof *l->slots);
    if (!l->slots) {
        leg_free(l);
        return ERR_NOMEM;
    }
    l->stage = stage;
    l->id = cmd->leg;
    l->member = cmd->member;
    l->probe = cmd->probe;
    l->host = cmd->host;
    l->view = cmd->view;
    l->rtt_us = LEG_RTT_DEFAULT_US;
    l->report_us = open->now.mono_us + LEG_REPORT_US;
    l->rtp_in.at_us = l->resends_out.at_us = open->now.mono_us - US_PER_S;
    twcc_init(&l->twcc);
    link_init(l, open->now.mono_us);
    e = cmd->websocket ? leg_ws_init(l, &cmd->plan) : build(l, open, &offer);
    if (e != ERR_OK) {
        leg_free(l);
        return e;
    }
    (void)leg_set_gate(l, &cmd->gate, open->now);
    l->news.answer = l->answer != NULL;
    l->news.slots = true;
    l->dirty = true;
    *out = l;
    return ERR_OK;
}

void leg_free(struct leg *l)
{
    if (!l)
        return;
    for (int i = 0; i < SOURCE_COUNT; i++)
        track_deinit(&l->tracks[i]);
    for (int i = 0; i < l->slots_n; i++)
        slot_deinit(&l->slots[i]);
    mem_free(l->slots);
    mem_free(l->sent);
    peer_free(l->peer);
    mem_free(l->ws);
    mem_free(l->answer);
    mem_free(l);
}
