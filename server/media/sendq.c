/* SPDX-License-Identifier: Apache-2.0
 *
 * The send queue of a WebSocket leg.
 */
#include "server/media/sendq.h"

#include <string.h>

#include "common/base/mem.h"

#define PICTURE_LATE_US (SIG_MEDIA_PICTURE_LATE_MS * US_PER_MS)
#define VOICE_LATE_US (SIG_MEDIA_VOICE_LATE_MS * US_PER_MS)
#define STUCK_US (SIG_MEDIA_STUCK_MS * US_PER_MS)
#define LAYER_TOP (SIG_MEDIA_LAYERS - 1)

void sendq_init(struct sendq *q, struct now now)
{
    memset(q, 0, sizeof *q);
    q->now = now;
    q->waiting_us = NEVER_US;
    for (int i = 0; i < SIG_MEDIA_SLOTS; i++)
        q->slots[i].top = LAYER_TOP;
}

/* ---- lines ---- */

static struct sendq_frame *frame_at(struct sendq_line *l, uint32_t i)
{
    return &l->frames[i % SENDQ_FRAMES_MAX];
}

/* The oldest frame, past those that were left out; NULL: empty. */
static struct sendq_frame *oldest(struct sendq_line *l)
{
    while (l->head != l->tail && !frame_at(l, l->head)->message)
        l->head++;
    return l->head != l->tail ? frame_at(l, l->head) : NULL;
}

static void drop(struct sendq_line *l, struct sendq_frame *f)
{
    mem_free(f->message);
    f->message = NULL;
    l->bytes -= f->len;
}

void sendq_deinit(struct sendq *q)
{
    struct sendq_line *lines[] = { &q->voice, &q->picture };

    for (int k = 0; k < 2; k++)
        for (struct sendq_frame *f; (f = oldest(lines[k]));)
            drop(lines[k], f);
}

/* ---- what can be decoded ---- */

/* True if the receiver, who lacks what the slot's state says, can use this frame. */
static bool usable(struct sendq_slot *s, const struct sendq_frame *f)
{
    if (f->key) {
        *s = (struct sendq_slot){ .top = LAYER_TOP, .hurt_us = s->hurt_us };
        return true;
    }
    if (s->need_key)
        return false;
    if (f->layer > s->top) {
        if (!f->sync)
            return false;
        s->top = f->layer;
    }
    return true;
}

/* The frame is left out: what does its slot lack now? */
static void lack(struct sendq *q, const struct sendq_frame *f)
{
    struct sendq_slot *s = &q->slots[f->slot];

    q->left_out_pictures++;
    s->hurt_us = q->now.mono_us;
    if (f->layer > 0) {
        if (!f->droppable && f->layer <= s->top)
            s->top = (uint8_t)(f->layer - 1);
    } else if ((!f->droppable || f->key) && !s->need_key) {
        s->need_key = true;
        s->key_told = false;
    }
}

/* Leaves the oldest picture out, and those behind it that need it. The state of its slot is that
 * behind the end of the queue, so it is found anew from what is left; what was lost behind the
 * queue stays lost. */
static void leave_out(struct sendq *q)
{
    struct sendq_line *l = &q->picture;
    struct sendq_frame *first = frame_at(l, l->head);
    struct sendq_slot *s = &q->slots[first->slot], before = *s;
    uint8_t slot = first->slot;

    s->need_key = false;
    s->top = LAYER_TOP;
    lack(q, first);
    drop(l, first);
    for (uint32_t i = l->head; i != l->tail; i++) {
        struct sendq_frame *f = frame_at(l, i);

        if (!f->message || f->slot != slot || usable(s, f))
            continue;
        q->left_out_pictures++;
        drop(l, f);
    }
    s->need_key = s->need_key || before.need_key;
    s->key_told = before.need_key && before.key_told;
    s->top = s->top < before.top ? s->top : before.top;
}

static void expire(struct sendq *q)
{
    struct sendq_frame *f;

    while ((f = oldest(&q->picture)) && q->now.mono_us - f->at_us > PICTURE_LATE_US)
        leave_out(q);
    while ((f = oldest(&q->voice)) && q->now.mono_us - f->at_us > VOICE_LATE_US) {
        drop(&q->voice, f);
        q->left_out_voices++;
    }
}

static void set_now(struct sendq *q, struct now now)
{
    q->now = now;
    expire(q); /* leaves no line with a head that was left out */
}

/* ---- in and out ---- */

static bool describe(const uint8_t *message, size_t len, struct sendq_frame *f, bool *voice)
{
    struct wsmedia w;

    if (wsmedia_peek(message, len, &w) != ERR_OK)
        return false;
    *voice = w.kind == WSMEDIA_VOICE;
    *f = (struct sendq_frame){ .len = (uint32_t)len,
                               .slot = w.slot,
                               .layer = w.layer,
                               .key = w.key,
                               .droppable = w.droppable,
                               .sync = w.sync };
    return true;
}

static bool has_room(const struct sendq_line *l, size_t len, size_t bytes_max)
{
    return l->tail - l->head < SENDQ_FRAMES_MAX && l->bytes + len <= bytes_max;
}

void sendq_input(struct sendq *q, struct now now, uint8_t *message, size_t len)
{
    struct sendq_frame f;
    struct sendq_line *l;
    bool voice = false, takes;

    set_now(q, now);
    if (!describe(message, len, &f, &voice)) {
        mem_free(message);
        return;
    }
    l = voice ? &q->voice : &q->picture;
    takes = has_room(l, len, voice ? SENDQ_VOICE_BYTES_MAX : SENDQ_BYTES_MAX);
    if (voice && !takes) {
        q->left_out_voices++;
    } else if (!voice && !takes) {
        lack(q, &f);
    } else if (!voice && !usable(&q->slots[f.slot], &f)) {
        q->left_out_pictures++;
        takes = false;
    }
    if (q->waiting_us == NEVER_US)
        q->waiting_us = now.mono_us;
    if (!takes) {
        mem_free(message);
        return;
    }
    f.message = message;
    f.at_us = now.mono_us;
    *frame_at(l, l->tail++) = f;
    l->bytes += len;
}

uint8_t *sendq_poll(struct sendq *q, struct now now, size_t *len)
{
    struct sendq_line *l = &q->voice;
    struct sendq_frame *f;
    uint8_t *message;

    set_now(q, now);
    f = oldest(l);
    if (!f) {
        l = &q->picture;
        f = oldest(l);
    }
    q->waiting_us = NEVER_US;
    if (!f)
        return NULL;
    message = f->message;
    *len = f->len;
    f->message = NULL;
    l->bytes -= f->len;
    if (oldest(&q->voice) || oldest(&q->picture))
        q->waiting_us = now.mono_us;
    return message;
}

/* ---- time and news ---- */

void sendq_timeout(struct sendq *q, struct now now)
{
    set_now(q, now);
}

/* Put in at so much, or NEVER_US: the head is never a frame that was left out. */
static int64_t oldest_us(const struct sendq_line *l)
{
    return l->head != l->tail ? l->frames[l->head % SENDQ_FRAMES_MAX].at_us : NEVER_US;
}

static int64_t after_us(int64_t at, int64_t wait_us)
{
    return at == NEVER_US ? NEVER_US : at + wait_us;
}

/* When the slot wants a key frame, NEVER_US if it does not. */
static int64_t key_us(const struct sendq_slot *s)
{
    if (s->key_told || (!s->need_key && s->top == LAYER_TOP))
        return NEVER_US;
    return s->need_key ? INT64_MIN : s->hurt_us + SENDQ_REPAIR_US;
}

int64_t sendq_deadline(const struct sendq *q)
{
    int64_t at = after_us(oldest_us(&q->picture), PICTURE_LATE_US + 1);

    at = earlier_us(at, after_us(oldest_us(&q->voice), VOICE_LATE_US + 1));
    at = earlier_us(at, after_us(q->waiting_us, STUCK_US));
    for (int i = 0; i < SIG_MEDIA_SLOTS; i++)
        at = earlier_us(at, key_us(&q->slots[i]));
    return at;
}

bool sendq_wants_key(struct sendq *q, uint8_t *slot)
{
    for (int i = 0; i < SIG_MEDIA_SLOTS; i++) {
        struct sendq_slot *s = &q->slots[i];

        if (key_us(s) > q->now.mono_us)
            continue;
        s->key_told = true;
        *slot = (uint8_t)i;
        return true;
    }
    return false;
}

bool sendq_dead(const struct sendq *q)
{
    return q->waiting_us != NEVER_US && q->now.mono_us - q->waiting_us >= STUCK_US;
}

struct sendq_pressure sendq_pressure(const struct sendq *q)
{
    int64_t at = earlier_us(oldest_us(&q->voice), oldest_us(&q->picture));

    return (struct sendq_pressure){ .oldest_us = at == NEVER_US ? 0 : q->now.mono_us - at,
                                    .bytes = q->voice.bytes + q->picture.bytes,
                                    .left_out = q->left_out_pictures + q->left_out_voices };
}
