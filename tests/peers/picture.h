/* SPDX-License-Identifier: Apache-2.0
 *
 * A moving test picture that says its own number, coded with VP8 once and sent
 * again and again; and the eye that puts packets together, decodes, finds the
 * number and measures how much of the picture got through. The time of sending
 * travels behind the coded frame.
 */
#ifndef PARTA_TESTS_PICTURE_H
#define PARTA_TESTS_PICTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <vpx/vpx_decoder.h>

#include "common/base/err.h"
#include "common/base/now.h"
#include "server/rtc/rtp.h"
#include "tests/peers/stamp.h"

#define PICTURE_W 320
#define PICTURE_H 180
#define PICTURE_FPS 25
#define REEL_FRAMES 50                 /* two seconds; the first is the key frame */
#define EYE_PACKETS 256                /* kept to put frames together; a power of two */
#define EYE_PATIENCE 64                /* packets behind a hole before the eye gives it up */
#define EYE_PATIENCE_US (US_PER_S / 2) /* or so long, while others come */

struct reel {
    uint8_t *bytes[REEL_FRAMES]; /* owned, each with room for the stamp */
    size_t len[REEL_FRAMES];     /* without it */
};

/* ERR_NOMEM, ERR_IO. */
enum err reel_make(struct reel *r, int kbps) MUST_CHECK;
void reel_free(struct reel *r);

/* Frame n with the time behind it; *len with the stamp. */
const uint8_t *reel_frame(struct reel *r, int n, int64_t now_us, size_t *len);

struct eye_packet {
    int64_t seq;
    bool used, marker, start, key;
    uint16_t len;
    uint8_t data[RTP_PACKET_MAX];
};

struct eye {
    vpx_codec_ctx_t decoder;
    bool open, synced;
    bool wants_key;             /* ask the sender, then clear */
    struct eye_packet *packets; /* owned */
    int64_t next, highest;
    int64_t whole_us; /* a frame was whole, or none was begun */
    uint64_t frames, broken,
        skipped;       /* decoded; refused by the decoder or without a number; lost */
    double squares;    /* error, summed over luma samples */
    uint64_t measured; /* luma samples */
    struct delays delays;
    int last_number;
};

enum err eye_init(struct eye *e) MUST_CHECK;
void eye_deinit(struct eye *e);

/* One packet of the slot, in any order. */
void eye_see(struct eye *e, const struct rtp *p, int64_t seq, int64_t now_us);

/* Peak signal to noise ratio of all decoded pictures in dB; 0 if there was none. */
double eye_psnr(const struct eye *e);

#endif
