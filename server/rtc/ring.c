/* SPDX-License-Identifier: Apache-2.0
 *
 * A packet is intact as long as fewer than cap bytes have been written since
 * its first byte: positions count up for ever, so nothing has to be evicted.
 */
#include "server/rtc/ring.h"

#include <string.h>

#include "common/base/mem.h"

/* What the end of a lap may waste twice: less than a packet. */
#define SPARE 3000

void ring_init(struct ring *r, uint32_t entries, uint32_t first_cap, uint32_t max_cap)
{
    *r = (struct ring){
        .entries = entries, .first_cap = first_cap, .max_cap = max_cap, .pinned = RING_NOT_PINNED
    };
}

void ring_deinit(struct ring *r)
{
    mem_free(r->bytes);
    mem_free(r->packets);
    r->bytes = NULL;
    r->packets = NULL;
    r->cap = 0;
}

void ring_clear(struct ring *r)
{
    for (uint32_t i = 0; r->packets && i < r->entries; i++)
        r->packets[i].used = false;
    r->pinned = RING_NOT_PINNED;
}

static bool allocate(struct ring *r, int64_t now_us)
{
    if (!r->packets)
        r->packets = mem_zalloc(r->entries, sizeof *r->packets);
    if (!r->bytes)
        r->bytes = mem_zalloc(r->first_cap, 1);
    if (!r->packets || !r->bytes)
        return false;
    if (r->cap == 0) {
        r->cap = r->first_cap;
        r->lap_us = now_us;
    }
    return true;
}

static bool intact(const struct ring *r, const struct ring_packet *p)
{
    return p->used && r->pos - p->pos <= r->cap;
}

/* Doubles the buffer: what is written goes on behind the head, so what is left there of the lap
 * before is forgotten. */
static bool grow(struct ring *r)
{
    uint8_t *bytes;

    if (r->cap > r->max_cap / 2)
        return false;
    bytes = mem_regrow(r->bytes, (size_t)r->cap * 2, 1);
    if (!bytes)
        return false;
    r->bytes = bytes;
    for (uint32_t i = 0; i < r->entries; i++) /* overwritten ones must not come back to life */
        r->packets[i].used = intact(r, &r->packets[i]) && r->packets[i].offset < r->head;
    r->cap *= 2;
    return true;
}

/* Sees to it that the next len bytes are contiguous. */
static void end_lap(struct ring *r, size_t len, int64_t now_us)
{
    bool fast = now_us - r->lap_us < RING_KEEP_US;

    if (r->cap - r->head >= len)
        return;
    if (fast && grow(r))
        return;
    r->pos += r->cap - r->head;
    r->head = 0;
    r->lap_us = now_us;
}

struct ring_packet *ring_put(struct ring *r, int64_t seq, size_t len, int64_t now_us)
{
    struct ring_packet *p;

    if (!allocate(r, now_us) || len > r->cap / 4)
        return NULL;
    end_lap(r, len, now_us);
    if (r->pinned != RING_NOT_PINNED && r->pos + len - r->pinned > r->cap)
        return NULL;
    p = &r->packets[(uint64_t)seq & (r->entries - 1)];
    *p = (struct ring_packet){ .seq = seq,
                               .at_us = now_us,
                               .pos = r->pos,
                               .offset = r->head,
                               .len = (uint16_t)len,
                               .used = true };
    r->pos += len;
    r->head += (uint32_t)len;
    return p;
}

bool ring_reserve(struct ring *r, size_t bytes, int64_t now_us)
{
    size_t need = bytes + SPARE;

    if (!allocate(r, now_us))
        return false;
    if (r->pinned != RING_NOT_PINNED)
        return r->pos - r->pinned + need <= r->cap;
    while (r->cap < need)
        if (!grow(r))
            return false;
    return true;
}

struct ring_packet *ring_get(const struct ring *r, int64_t seq)
{
    struct ring_packet *p;

    if (!r->packets)
        return NULL;
    p = &r->packets[(uint64_t)seq & (r->entries - 1)];
    return p->seq == seq && intact(r, p) ? p : NULL;
}
