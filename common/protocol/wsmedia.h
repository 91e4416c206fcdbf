/* SPDX-License-Identifier: Apache-2.0
 *
 * One frame of media over WebSocket: the header of PROTOCOL.md section 10, read
 * strictly and written, and the check that a payload is what its kind says:
 * one whole Opus packet or one whole VP8 frame, judged by their first bytes.
 * Decodes nothing, keeps nothing beyond the last number of a line.
 */
#ifndef PARTA_PROTOCOL_WSMEDIA_H
#define PARTA_PROTOCOL_WSMEDIA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/buf.h"
#include "common/base/err.h"
#include "common/protocol/protocol.gen.h"

enum wsmedia_kind {
    WSMEDIA_VOICE = SIG_MEDIA_KIND_VOICE,
    WSMEDIA_PICTURE = SIG_MEDIA_KIND_PICTURE,
    WSMEDIA_SCREEN = SIG_MEDIA_KIND_SCREEN,
};

struct wsmedia {
    enum wsmedia_kind kind;
    bool key;       /* pictures: a key frame */
    bool droppable; /* pictures: no other frame refers to it */
    bool sync;      /* pictures: refers to layer 0 only */
    uint8_t layer;  /* pictures: temporal layer */
    uint8_t slot;   /* from the server: receive slot; from a client 0 */
    uint8_t level;  /* voice: -dBov */
    uint16_t seq;
    int64_t time_us;        /* capture, 0 to SIG_MEDIA_TIME_MAX */
    const uint8_t *payload; /* borrowed */
    size_t len;
};

/* Reads one binary message. ERR_PARSE with *why: refused, *out untouched. The payload is checked,
 * seq and time are not: see wsmedia_follows. */
enum err wsmedia_parse(const uint8_t *message, size_t len, struct wsmedia *out,
                       enum sig_media_refusal *why) MUST_CHECK;

/* The same without a look at the payload: for messages of our own. */
enum err wsmedia_peek(const uint8_t *message, size_t len, struct wsmedia *out) MUST_CHECK;

/* Writes the header of f; the payload is the caller's to put behind it. */
void wsmedia_write(struct writer *w, const struct wsmedia *f);

/* The last frame of one line: of one kind from a client, of one slot from the server. */
struct wsmedia_line {
    bool any;
    uint16_t seq;
    int64_t time_us;
};

/* True if f goes on behind the line, which then ends at f; else nothing changed. */
bool wsmedia_follows(struct wsmedia_line *line, const struct wsmedia *f);

/* True if these bytes can be one Opus packet: the rules R1 to R7 of RFC 6716 section 3.4. */
bool wsmedia_is_opus(const uint8_t *p, size_t len);

/* True if these bytes begin like one whole VP8 frame (RFC 6386 section 9.1): a known version, a
 * first partition that lies within them, a start code and a size in a key frame. Then *key is what
 * the frame says. */
bool wsmedia_is_vp8(const uint8_t *p, size_t len, bool *key);

#endif
