/* SPDX-License-Identifier: Apache-2.0
 *
 * Frames of media over WebSocket.
 */
#include "common/protocol/wsmedia.h"

#define FLAGS_KNOWN 0x1F
#define LAYER_SHIFT 3

#define OPUS_FRAME_MAX 1275  /* RFC 6716 3.4 R2 */
#define OPUS_MS_MAX_X10 1200 /* R5: 120 ms, in tenths */
#define VP8_TAG_BYTES 3      /* RFC 6386 9.1 */
#define VP8_KEY_BYTES 10     /* with start code and size */
#define VP8_VERSION_MAX 3    /* RFC 6386 9.1 */

/* ---- Opus ---- */

/* Length of a frame in tenths of a millisecond, by the configuration (RFC 6716 table 2). */
static int opus_frame_x10(uint8_t toc)
{
    static const int silk[] = { 100, 200, 400, 600 }, celt[] = { 25, 50, 100, 200 };
    int config = toc >> 3;

    if (config < 12)
        return silk[config & 3];
    if (config < 16)
        return config & 1 ? 200 : 100; /* hybrid */
    return celt[config & 3];
}

/* A length of one or two bytes (RFC 6716 3.2.1). */
static size_t opus_length(struct reader *r)
{
    size_t first = read_u8(r);

    return first < 252 ? first : first + 4 * (size_t)read_u8(r);
}

/* Code 3: any number of frames, perhaps of different lengths, perhaps padded (RFC 6716 3.2.5). */
static bool opus_many(struct reader *r, int frame_x10)
{
    uint8_t head = read_u8(r);
    size_t n = head & 0x3F, padding = 0, told = 0, left;

    if (n == 0 || (int)n * frame_x10 > OPUS_MS_MAX_X10)
        return false;
    if (head & 0x40) {
        uint8_t b;

        do {
            b = read_u8(r);
            padding += b == 255 ? 254 : b;
        } while (b == 255 && !r->bad);
    }
    for (size_t i = 0; (head & 0x80) && i + 1 < n; i++) {
        size_t len = opus_length(r);

        if (len > OPUS_FRAME_MAX)
            return false;
        told += len;
    }
    if (r->bad || padding + told > reader_left(r))
        return false;
    left = reader_left(r) - padding - told;
    if (head & 0x80)
        return left <= OPUS_FRAME_MAX;
    return left % n == 0 && left / n <= OPUS_FRAME_MAX;
}

bool wsmedia_is_opus(const uint8_t *p, size_t len)
{
    struct reader r = reader_on(p, len);
    uint8_t toc = read_u8(&r);
    size_t left = reader_left(&r), first;

    if (r.bad)
        return false;
    switch (toc & 3) {
    case 0:
        return left <= OPUS_FRAME_MAX;
    case 1:
        return left % 2 == 0 && left / 2 <= OPUS_FRAME_MAX;
    case 2:
        first = opus_length(&r);
        return !r.bad && first <= OPUS_FRAME_MAX && first <= reader_left(&r) &&
               reader_left(&r) - first <= OPUS_FRAME_MAX;
    default:
        return opus_many(&r, opus_frame_x10(toc));
    }
}

/* ---- VP8 ---- */

bool wsmedia_is_vp8(const uint8_t *p, size_t len, bool *key)
{
    uint32_t tag;
    size_t head;
    bool is_key;

    if (len < VP8_TAG_BYTES)
        return false;
    tag = p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16; /* little-endian, as the rest of VP8 */
    is_key = (tag & 1) == 0;
    head = is_key ? VP8_KEY_BYTES : VP8_TAG_BYTES;
    if ((tag >> 1 & 7) > VP8_VERSION_MAX || len <= head)
        return false;
    if (tag >> 5 == 0 || tag >> 5 > len - head)
        return false;
    if (is_key && (p[3] != 0x9D || p[4] != 0x01 || p[5] != 0x2A))
        return false;
    if (is_key && (((p[7] & 0x3F) << 8 | p[6]) == 0 || ((p[9] & 0x3F) << 8 | p[8]) == 0))
        return false;
    *key = is_key;
    return true;
}

/* ---- the frame ---- */

static bool known_kind(uint8_t kind)
{
    return kind == WSMEDIA_VOICE || kind == WSMEDIA_PICTURE || kind == WSMEDIA_SCREEN;
}

/* Everything in front of the payload; false with *why. */
static bool read_header(struct reader *r, struct wsmedia *f, enum sig_media_refusal *why)
{
    uint8_t version = read_u8(r), kind = read_u8(r), flags = read_u8(r), zero;
    uint64_t time;
    bool voice = kind == WSMEDIA_VOICE;

    f->slot = read_u8(r);
    f->level = read_u8(r);
    zero = read_u8(r);
    f->seq = read_u16(r);
    time = read_u64(r);
    *why = SIG_MEDIA_REFUSAL_TRUNCATED;
    if (r->bad || reader_left(r) == 0)
        return false;
    *why = SIG_MEDIA_REFUSAL_BAD_VERSION;
    if (version != SIG_MEDIA_VERSION)
        return false;
    *why = SIG_MEDIA_REFUSAL_BAD_KIND;
    if (!known_kind(kind))
        return false;
    *why = SIG_MEDIA_REFUSAL_BAD_FLAGS;
    if (flags > FLAGS_KNOWN || zero || (voice && flags) ||
        f->level > (voice ? SIG_MEDIA_LEVEL_SILENT : 0))
        return false;
    *why = SIG_MEDIA_REFUSAL_BAD_SLOT;
    if (f->slot >= SIG_MEDIA_SLOTS)
        return false;
    *why = SIG_MEDIA_REFUSAL_BAD_TIME;
    if (time > (uint64_t)SIG_MEDIA_TIME_MAX)
        return false;
    f->kind = (enum wsmedia_kind)kind;
    f->key = flags & SIG_MEDIA_FLAG_KEY;
    f->droppable = flags & SIG_MEDIA_FLAG_DROPPABLE;
    f->sync = flags & SIG_MEDIA_FLAG_SYNC;
    f->layer = flags >> LAYER_SHIFT;
    f->time_us = (int64_t)time;
    return true;
}

enum err wsmedia_parse(const uint8_t *message, size_t len, struct wsmedia *out,
                       enum sig_media_refusal *why)
{
    struct reader r = reader_on(message, len);
    struct wsmedia f = { 0 };
    bool key = false;

    if (!read_header(&r, &f, why))
        return ERR_PARSE;
    f.payload = r.p;
    f.len = reader_left(&r);
    *why = SIG_MEDIA_REFUSAL_OVERSIZED;
    if (f.len > (f.kind == WSMEDIA_VOICE ? SIG_MEDIA_VOICE_BYTES : SIG_MEDIA_PICTURE_BYTES))
        return ERR_PARSE;
    *why = SIG_MEDIA_REFUSAL_WRONG_CODEC;
    if (f.kind == WSMEDIA_VOICE ? !wsmedia_is_opus(f.payload, f.len)
                                : !wsmedia_is_vp8(f.payload, f.len, &key) || key != f.key)
        return ERR_PARSE;
    *out = f;
    return ERR_OK;
}

enum err wsmedia_peek(const uint8_t *message, size_t len, struct wsmedia *out)
{
    struct reader r = reader_on(message, len);
    enum sig_media_refusal why;
    struct wsmedia f = { 0 };

    if (!read_header(&r, &f, &why))
        return ERR_PARSE;
    f.payload = r.p;
    f.len = reader_left(&r);
    *out = f;
    return ERR_OK;
}

void wsmedia_write(struct writer *w, const struct wsmedia *f)
{
    write_u8(w, SIG_MEDIA_VERSION);
    write_u8(w, (uint8_t)f->kind);
    write_u8(w, (uint8_t)((f->key ? SIG_MEDIA_FLAG_KEY : 0) |
                          (f->droppable ? SIG_MEDIA_FLAG_DROPPABLE : 0) |
                          (f->sync ? SIG_MEDIA_FLAG_SYNC : 0) | f->layer << LAYER_SHIFT));
    write_u8(w, f->slot);
    write_u8(w, f->level);
    write_u8(w, 0);
    write_u16(w, f->seq);
    write_u64(w, (uint64_t)f->time_us);
}

bool wsmedia_follows(struct wsmedia_line *line, const struct wsmedia *f)
{
    uint16_t step = (uint16_t)(f->seq - line->seq);

    if (line->any && (step == 0 || step >= 0x8000 || f->time_us < line->time_us))
        return false;
    *line = (struct wsmedia_line){ .any = true, .seq = f->seq, .time_us = f->time_us };
    return true;
}
