/* SPDX-License-Identifier: Apache-2.0
 *
 * Joining and cutting.
 */
#include "server/media/frame.h"

#include <string.h>

#define LAYER_TOP 3

/* ---- the chain ---- */

static bool follows(const struct frame_chain *c, const struct frame_link *f)
{
    return c->numbered && f->has_picture_id &&
           f->picture_id == ((c->picture_id + 1) & (f->wide ? 0x7FFF : 0x7F));
}

/* After a gap: is what this frame refers to still there? May break the chain. */
static bool survives(struct frame_chain *c, const struct frame_link *f)
{
    if (follows(c, f)) { /* no frame was lost, or none that counts */
        c->gap = false;
        return true;
    }
    if (!f->has_tl0 || !c->layered || f->tl0 != (uint8_t)(c->tl0 + (f->layer == 0))) {
        c->need_key = true;
        return false;
    }
    c->top = 0;
    if (f->layer == 0)
        c->gap = false;
    return true; /* layer 0 is whole; the layers above wait for a sync */
}

static void chain_ends_at(struct frame_chain *c, const struct frame_link *f)
{
    if (f->has_tl0 && f->layer == 0) {
        c->layered = true;
        c->tl0 = f->tl0;
    }
    c->numbered = f->has_picture_id;
    c->picture_id = f->picture_id;
}

bool frame_chain_take(struct frame_chain *c, const struct frame_link *f)
{
    if (f->key)
        *c = (struct frame_chain){ .top = LAYER_TOP };
    else if (c->need_key || (c->gap && !survives(c, f)))
        return false;
    if (f->layer > c->top) {
        if (!f->sync)
            return false;
        c->top = f->layer;
        c->gap = false;
    }
    chain_ends_at(c, f);
    return true;
}

void frame_chain_miss(struct frame_chain *c, const struct frame_link *f)
{
    if (f->key || (!f->droppable && f->layer == 0)) {
        c->need_key = true;
    } else if (f->droppable) {
        if (!c->gap || follows(c, f))
            c->picture_id = f->picture_id;
    } else if (f->layer <= c->top) {
        c->top = (uint8_t)(f->layer - 1);
    }
}

/* ---- joining ---- */

void frame_join_begin(struct frame_join *j, bool video, int64_t seq)
{
    *j = (struct frame_join){ .video = video,
                              .next = seq,
                              .since_us = NEVER_US,
                              .key_coming = video,
                              .chain = { .need_key = video },
                              .left_out = j->left_out };
}

/* The frame under way is given up, or something before it is missing. */
static void lose(struct frame_join *j, const struct frame_joined *f, int64_t next)
{
    j->next = next;
    if (f || !j->chain.gap)
        j->left_out++;
    if (f)
        frame_chain_miss(&j->chain, &f->link);
    else
        j->chain.gap = true;
}

static struct frame_link link_of(const struct vp8 *v)
{
    return (struct frame_link){ .key = v->key,
                                .droppable = v->droppable,
                                .sync = v->layer_sync,
                                .layer = v->tid,
                                .has_tl0 = v->has_tl0,
                                .has_picture_id = v->has_picture_id,
                                .tl0 = v->tl0,
                                .picture_id = v->picture_id,
                                .wide = v->picture_id_15 };
}

enum walk { WALK_FRAME, WALK_MORE, WALK_MISSING, WALK_AGAIN };

/* One packet of a picture. WALK_MORE: go on; WALK_AGAIN: begin anew at j->next. */
static enum walk walk_picture(struct frame_join *j, const struct ring *ring,
                              const struct ring_packet *p, struct frame_joined *f)
{
    struct vp8 v;

    if (vp8_parse(ring_payload(ring, p), p->len, &v) != ERR_OK ||
        (f->first < 0 && !v.start)) { /* the middle of a frame whose start is lost */
        lose(j, f->first < 0 ? NULL : f, p->seq + 1);
        j->chain.gap = true;
        return WALK_AGAIN;
    }
    if (f->first >= 0 && (v.start || p->ts != f->ts)) { /* it ended without a mark */
        lose(j, f, p->seq);
        return WALK_AGAIN;
    }
    if (f->first < 0)
        *f = (struct frame_joined){
            .first = p->seq, .ts = p->ts, .at_us = p->at_us, .link = link_of(&v)
        };
    f->bytes += (size_t)p->len - v.descriptor_len;
    f->last = p->seq;
    if (f->bytes > SIG_MEDIA_PICTURE_BYTES) {
        lose(j, f, p->seq + 1);
        return WALK_AGAIN;
    }
    return p->marker ? WALK_FRAME : WALK_MORE;
}

/* From j->next to the end of one frame. */
static enum walk walk(struct frame_join *j, const struct ring *ring, int64_t highest,
                      struct frame_joined *f, int64_t *at)
{
    *f = (struct frame_joined){ .first = -1 };
    for (*at = j->next; *at <= highest; ++*at) {
        const struct ring_packet *p = ring_get(ring, *at);
        enum walk w;

        if (!p)
            return WALK_MISSING;
        if (p->len == 0) { /* padding */
            if (f->first < 0)
                j->next = *at + 1;
            continue;
        }
        if (!j->video) {
            *f = (struct frame_joined){
                .first = *at, .last = *at, .bytes = p->len, .ts = p->ts, .at_us = p->at_us
            };
            return WALK_FRAME;
        }
        w = walk_picture(j, ring, p, f);
        if (w != WALK_MORE)
            return w;
    }
    return WALK_MORE;
}

/* Gives up what is missing at `at`: goes on with the next packet that is there. */
static void skip(struct frame_join *j, const struct ring *ring, int64_t highest,
                 const struct frame_joined *f, int64_t at)
{
    while (at <= highest && !ring_get(ring, at))
        at++;
    lose(j, f->first < 0 ? NULL : f, at);
    j->chain.gap = true;
    j->since_us = NEVER_US;
}

/* True as long as the missing packet may still come. */
static bool waits(struct frame_join *j, int64_t at, int64_t now_us)
{
    if (j->since_us == NEVER_US || j->missing != at) {
        j->missing = at;
        j->since_us = now_us;
    }
    return now_us < frame_join_deadline(j);
}

bool frame_join_next(struct frame_join *j, const struct ring *ring, int64_t highest, int64_t now_us,
                     struct frame_joined *out)
{
    struct frame_joined f;
    int64_t at;

    if (highest - j->next >= FRAME_SPAN_MAX) { /* the ring has forgotten it */
        j->next = highest - FRAME_SPAN_MAX + 1;
        j->chain.gap = true;
        j->left_out++;
    }
    for (;;) {
        switch (walk(j, ring, highest, &f, &at)) {
        case WALK_FRAME:
            j->next = f.last + 1;
            j->since_us = NEVER_US;
            j->key_coming = false;
            if (!j->video || frame_chain_take(&j->chain, &f.link)) {
                *out = f;
                return true;
            }
            j->left_out++;
            break;
        case WALK_MORE:
            j->key_coming = f.first >= 0 && f.link.key;
            j->since_us = NEVER_US;
            return false;
        case WALK_MISSING:
            j->key_coming = f.first >= 0 && f.link.key;
            if (waits(j, at, now_us))
                return false;
            skip(j, ring, highest, &f, at);
            break;
        case WALK_AGAIN:
            break;
        }
    }
}

size_t frame_join_copy(const struct frame_join *j, const struct ring *ring,
                       const struct frame_joined *f, uint8_t *to)
{
    struct writer w = writer_on(to, f->bytes);
    struct vp8 v = { 0 };

    for (int64_t at = f->first; at <= f->last; at++) {
        const struct ring_packet *p = ring_get(ring, at);

        if (!p || p->len == 0 ||
            (j->video && vp8_parse(ring_payload(ring, p), p->len, &v) != ERR_OK))
            continue;
        write_bytes(&w, ring_payload(ring, p) + v.descriptor_len,
                    (size_t)p->len - v.descriptor_len);
    }
    return writer_len(&w);
}

int64_t frame_join_deadline(const struct frame_join *j)
{
    if (j->since_us == NEVER_US)
        return NEVER_US;
    return j->since_us + (j->video ? FRAME_WAIT_PICTURE_US : FRAME_WAIT_VOICE_US);
}

bool frame_join_needs_key(const struct frame_join *j)
{
    return j->video && j->chain.need_key && !j->key_coming;
}

/* ---- cutting ---- */

uint32_t frame_ticks(int64_t time_us, uint32_t hz)
{
    uint64_t whole = (uint64_t)(time_us / US_PER_S) * hz;
    uint64_t rest = (uint64_t)(time_us % US_PER_S) * hz / (uint64_t)US_PER_S;

    return (uint32_t)(whole + rest);
}

int frame_cut_packets(const struct wsmedia *f)
{
    size_t chunk = FRAME_PACKET_BYTES - FRAME_VP8_BYTES;

    return f->kind == WSMEDIA_VOICE ? 1 : (int)((f->len + chunk - 1) / chunk);
}

void frame_cut_begin(struct frame_cut *c, const struct wsmedia *f, uint32_t hz)
{
    c->frame = f;
    c->at = 0;
    c->ts = frame_ticks(f->time_us, hz);
    c->picture_id = (c->picture_id + 1) & 0x7FFF;
    if (f->layer == 0)
        c->tl0++;
}

bool frame_cut_next(struct frame_cut *c, uint8_t *buffer, struct rtp *out)
{
    const struct wsmedia *f = c->frame;
    struct writer w = writer_on(buffer, FRAME_PACKET_BYTES);
    struct rtp p = { .seq = c->seq, .ts = c->ts };
    size_t n;

    if (!f)
        return false;
    if (f->kind == WSMEDIA_VOICE) {
        p.payload = f->payload;
        p.payload_len = f->len;
        c->frame = NULL;
    } else {
        /* The layer is told always: whether there will be more than one is not known beforehand,
         * and a receiver's numbers must not begin in the middle. */
        struct vp8 v = { .start = c->at == 0,
                         .droppable = f->droppable,
                         .has_picture_id = true,
                         .picture_id_15 = true,
                         .picture_id = c->picture_id,
                         .has_tl0 = true,
                         .tl0 = c->tl0,
                         .has_tid = true,
                         .tid = f->layer,
                         .layer_sync = f->sync };

        n = f->len - c->at;
        if (n > FRAME_PACKET_BYTES - FRAME_VP8_BYTES)
            n = FRAME_PACKET_BYTES - FRAME_VP8_BYTES;
        vp8_write(&w, &v);
        write_bytes(&w, f->payload + c->at, n);
        p.payload = buffer;
        p.payload_len = writer_len(&w);
        c->at += n;
        p.marker = c->at == f->len;
        if (p.marker)
            c->frame = NULL;
    }
    c->seq++;
    *out = p;
    return true;
}
