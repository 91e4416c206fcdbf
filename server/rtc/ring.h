/* SPDX-License-Identifier: Apache-2.0
 *
 * The sending half of retransmission: about a second of one source's payloads
 * in plain text, kept once for all receivers, found by sequence number. Bytes
 * lie back to back in one circular buffer, so a quiet source costs little; the
 * buffer is allocated on first use and doubles, within a bound, while a lap
 * through it takes less than RING_KEEP_US. Nothing else allocates.
 */
#ifndef PARTA_RTC_RING_H
#define PARTA_RTC_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/now.h"

#define RING_KEEP_US (400 * US_PER_MS)
#define RING_NOT_PINNED UINT64_MAX

/* What is known of a stored packet beside its payload. */
struct ring_packet {
    int64_t seq;   /* unwrapped sequence number of the source */
    int64_t at_us; /* arrival */
    uint64_t pos;  /* bytes written to the ring before it */
    uint32_t ts;
    uint32_t offset; /* of the payload in the buffer */
    uint16_t len;
    bool used;
    bool marker;
    uint8_t owner[8]; /* the owner's: what it parsed of the payload */
};

struct ring {
    /* config */
    uint32_t entries; /* a power of two */
    uint32_t first_cap, max_cap;
    /* owned, NULL until first use */
    uint8_t *bytes;
    struct ring_packet *packets; /* by seq modulo entries */
    /* state */
    uint32_t cap;
    uint32_t head;   /* offset of the next payload */
    uint64_t pos;    /* bytes written ever, gaps at the end of a lap included */
    uint64_t pinned; /* pos of the first payload that must stay (owner's), or RING_NOT_PINNED */
    int64_t lap_us;  /* when the present lap began */
};

/* Nothing is allocated yet. entries must be a power of two. */
void ring_init(struct ring *r, uint32_t entries, uint32_t first_cap, uint32_t max_cap);
void ring_deinit(struct ring *r);

/* Forgets all packets, keeps the memory. */
void ring_clear(struct ring *r);

/* Makes room for a payload of len bytes (0 is allowed) and returns its record with seq, len,
 * at_us and place set; the caller fills in the rest and the bytes. NULL if memory is lacking, len
 * does not fit or would overwrite what is pinned. */
struct ring_packet *ring_put(struct ring *r, int64_t seq, size_t len, int64_t now_us);

/* Sees to it that payloads of so many bytes in all, each below RTP_PACKET_MAX, can be put one after
 * the other; false if they cannot (too many, pinned, or memory is lacking). */
bool ring_reserve(struct ring *r, size_t bytes, int64_t now_us);

/* The packet with this number, or NULL if it is not there (any more). Age is the caller's to
 * judge. */
struct ring_packet *ring_get(const struct ring *r, int64_t seq);

static inline uint8_t *ring_payload(const struct ring *r, const struct ring_packet *p)
{
    return r->bytes + p->offset;
}

#endif
