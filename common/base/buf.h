/* SPDX-License-Identifier: Apache-2.0
 *
 * The one bounded reader and the one bounded writer for everything that comes
 * from or goes to a wire. Both have a sticky error: a run of reads or writes
 * is checked once, at its end. A read past the end yields zero and sets bad.
 * Multi-byte values are in network byte order.
 */
#ifndef PARTA_BASE_BUF_H
#define PARTA_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct reader {
    const uint8_t *p;   /* next byte */
    const uint8_t *end; /* one past the last byte */
    bool bad;           /* a read went past the end; stays set */
};

static inline struct reader reader_on(const void *bytes, size_t len)
{
    const uint8_t *p = bytes;

    return (struct reader){ .p = p, .end = p ? p + len : p, .bad = false };
}

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->p);
}

/* The next len bytes without copying, or NULL (and bad) when fewer are left. */
static inline const uint8_t *read_bytes(struct reader *r, size_t len)
{
    const uint8_t *at = r->p;

    if (r->bad || len > reader_left(r)) {
        r->bad = true;
        return NULL;
    }
    r->p += len;
    return at;
}

static inline uint8_t read_u8(struct reader *r)
{
    const uint8_t *b = read_bytes(r, 1);

    return b ? b[0] : 0;
}

static inline uint16_t read_u16(struct reader *r)
{
    const uint8_t *b = read_bytes(r, 2);

    return b ? (uint16_t)((unsigned)b[0] << 8 | b[1]) : 0;
}

static inline uint32_t read_u24(struct reader *r)
{
    const uint8_t *b = read_bytes(r, 3);

    return b ? (uint32_t)b[0] << 16 | (uint32_t)b[1] << 8 | b[2] : 0;
}

static inline uint32_t read_u32(struct reader *r)
{
    const uint8_t *b = read_bytes(r, 4);

    return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3] : 0;
}

static inline uint64_t read_u64(struct reader *r)
{
    uint64_t high = read_u32(r);

    return high << 32 | read_u32(r);
}

struct writer {
    uint8_t *start; /* first byte of the buffer (borrowed) */
    uint8_t *p;     /* next byte to write */
    uint8_t *end;   /* one past the last byte */
    bool full;      /* a write did not fit; stays set, nothing was written by it */
};

static inline struct writer writer_on(void *bytes, size_t cap)
{
    uint8_t *p = bytes;

    return (struct writer){ .start = p, .p = p, .end = p ? p + cap : p, .full = false };
}

static inline size_t writer_len(const struct writer *w)
{
    return (size_t)(w->p - w->start);
}

/* Room for len bytes, to be filled by the caller, or NULL (and full). */
static inline uint8_t *write_room(struct writer *w, size_t len)
{
    uint8_t *at = w->p;

    if (w->full || len > (size_t)(w->end - w->p)) {
        w->full = true;
        return NULL;
    }
    w->p += len;
    return at;
}

static inline void write_bytes(struct writer *w, const void *bytes, size_t len)
{
    uint8_t *at = write_room(w, len);

    if (at && len)
        memcpy(at, bytes, len);
}

static inline void write_u8(struct writer *w, uint8_t v)
{
    write_bytes(w, &v, 1);
}

static inline void write_u16(struct writer *w, uint16_t v)
{
    uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };

    write_bytes(w, b, sizeof b);
}

static inline void write_u24(struct writer *w, uint32_t v)
{
    uint8_t b[3] = { (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

    write_bytes(w, b, sizeof b);
}

static inline void write_u32(struct writer *w, uint32_t v)
{
    uint8_t b[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

    write_bytes(w, b, sizeof b);
}

static inline void write_u64(struct writer *w, uint64_t v)
{
    write_u32(w, (uint32_t)(v >> 32));
    write_u32(w, (uint32_t)v);
}

#endif
