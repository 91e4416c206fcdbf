/* SPDX-License-Identifier: Apache-2.0
 *
 * Test picture, VP8, eye.
 */
#include "tests/peers/picture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <vpx/vp8cx.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_encoder.h>

#include "common/base/buf.h"
#include "common/base/mem.h"
#include "server/rtc/vp8.h"

#define BAR_H 16 /* rows at the top: the number in black and white */
#define BAR_BITS 16
#define BAR_W (PICTURE_W / BAR_BITS)

/* ---- drawing ---- */

static uint8_t luma(int x, int y, int n)
{
    if (y < BAR_H)
        return n >> (x / BAR_W) & 1 ? 220 : 30;
    /* slow waves that move with the number: smooth, so that coding keeps them */
    return (uint8_t)(128 + 50 * sin((x + 4 * n) * 0.05) + 40 * sin((y + 2 * n) * 0.07));
}

static void draw(vpx_image_t *img, int n)
{
    for (int y = 0; y < PICTURE_H; y++)
        for (int x = 0; x < PICTURE_W; x++)
            img->planes[0][y * img->stride[0] + x] = luma(x, y, n);
    for (int p = 1; p < 3; p++)
        for (int y = 0; y < PICTURE_H / 2; y++)
            memset(img->planes[p] + y * img->stride[p], 128, PICTURE_W / 2);
}

/* ---- the reel ---- */

static enum err keep(struct reel *r, int n, vpx_codec_ctx_t *enc)
{
    const vpx_codec_cx_pkt_t *pkt;
    vpx_codec_iter_t iter = NULL;

    while ((pkt = vpx_codec_get_cx_data(enc, &iter))) {
        if (pkt->kind != VPX_CODEC_CX_FRAME_PKT || r->bytes[n])
            continue;
        r->bytes[n] = mem_zalloc(pkt->data.frame.sz + STAMP_BYTES, 1);
        if (!r->bytes[n])
            return ERR_NOMEM;
        memcpy(r->bytes[n], pkt->data.frame.buf, pkt->data.frame.sz);
        r->len[n] = pkt->data.frame.sz;
    }
    return r->bytes[n] ? ERR_OK : ERR_IO;
}

enum err reel_make(struct reel *r, int kbps)
{
    vpx_codec_enc_cfg_t cfg;
    vpx_codec_ctx_t enc;
    vpx_image_t *img;
    enum err e = ERR_OK;

    memset(r, 0, sizeof *r);
    if (vpx_codec_enc_config_default(vpx_codec_vp8_cx(), &cfg, 0))
        return ERR_IO;
    cfg.g_w = PICTURE_W;
    cfg.g_h = PICTURE_H;
    cfg.g_timebase = (vpx_rational_t){ 1, PICTURE_FPS };
    cfg.rc_target_bitrate = (unsigned)kbps;
    cfg.g_lag_in_frames = 0;
    cfg.kf_mode = VPX_KF_DISABLED;
    if (vpx_codec_enc_init(&enc, vpx_codec_vp8_cx(), &cfg, 0))
        return ERR_IO;
    vpx_codec_control(&enc, VP8E_SET_CPUUSED, 8);
    img = vpx_img_alloc(NULL, VPX_IMG_FMT_I420, PICTURE_W, PICTURE_H, 16);
    e = img ? ERR_OK : ERR_NOMEM;
    for (int n = 0; e == ERR_OK && n < REEL_FRAMES; n++) {
        draw(img, n);
        e = vpx_codec_encode(&enc, img, n, 1, n == 0 ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME)
                ? ERR_IO
                : keep(r, n, &enc);
    }
    vpx_img_free(img);
    vpx_codec_destroy(&enc);
    if (e != ERR_OK)
        reel_free(r);
    return e;
}

void reel_free(struct reel *r)
{
    for (int n = 0; n < REEL_FRAMES; n++) {
        mem_free(r->bytes[n]);
        r->bytes[n] = NULL;
    }
}

const uint8_t *reel_frame(struct reel *r, int n, int64_t now_us, size_t *len)
{
    stamp_write(r->bytes[n] + r->len[n], now_us);
    *len = r->len[n] + STAMP_BYTES;
    return r->bytes[n];
}

/* ---- the eye ---- */

enum err eye_init(struct eye *e)
{
    memset(e, 0, sizeof *e);
    e->packets = mem_zalloc(EYE_PACKETS, sizeof *e->packets);
    if (!e->packets)
        return ERR_NOMEM;
    e->open = vpx_codec_dec_init(&e->decoder, vpx_codec_vp8_dx(), NULL, 0) == VPX_CODEC_OK;
    return e->open ? ERR_OK : ERR_NOMEM;
}

void eye_deinit(struct eye *e)
{
    if (e->open)
        vpx_codec_destroy(&e->decoder);
    e->open = false;
    mem_free(e->packets);
    e->packets = NULL;
}

static int read_number(const vpx_image_t *img)
{
    int n = 0;

    for (int bit = 0; bit < BAR_BITS; bit++)
        if (img->planes[0][BAR_H / 2 * img->stride[0] + bit * BAR_W + BAR_W / 2] > 125)
            n |= 1 << bit;
    return n;
}

static void measure(struct eye *e, const vpx_image_t *img)
{
    int n = read_number(img);

    if (img->d_w != PICTURE_W || img->d_h != PICTURE_H || n >= REEL_FRAMES) {
        e->broken++;
        return;
    }
    e->frames++;
    e->last_number = n;
    for (int y = BAR_H; y < PICTURE_H; y += 3) /* a third of the rows tells enough */
        for (int x = 0; x < PICTURE_W; x++) {
            double d = img->planes[0][y * img->stride[0] + x] - luma(x, y, n);

            e->squares += d * d;
            e->measured++;
        }
}

static void decode(struct eye *e, const uint8_t *frame, size_t len, int64_t now_us)
{
    vpx_codec_iter_t iter = NULL;
    vpx_image_t *img;

    if (stamp_read(&e->delays, frame, len, now_us))
        len -= STAMP_BYTES;
    if (vpx_codec_decode(&e->decoder, frame, (unsigned)len, NULL, 0)) {
        e->broken++;
        e->synced = false;
        e->wants_key = true;
        return;
    }
    while ((img = vpx_codec_get_frame(&e->decoder, &iter)))
        measure(e, img);
}

static struct eye_packet *at(struct eye *e, int64_t seq)
{
    struct eye_packet *p = &e->packets[(uint64_t)seq & (EYE_PACKETS - 1)];

    return p->used && p->seq == seq ? p : NULL;
}

/* Decodes the frame that begins at e->next, if all of it is there. */
static bool next_frame(struct eye *e, int64_t now_us)
{
    static uint8_t frame[EYE_PACKETS * RTP_PACKET_MAX];
    size_t len = 0;

    for (int64_t s = e->next; s - e->next < EYE_PACKETS; s++) {
        struct eye_packet *p = at(e, s);

        if (!p)
            return false;
        memcpy(frame + len, p->data, p->len);
        len += p->len;
        if (p->marker) {
            e->next = s + 1;
            if (len > 0)
                decode(e, frame, len, now_us);
            return true;
        }
    }
    return false;
}

/* Goes on at the next key frame that has begun to arrive. */
static void find_key(struct eye *e, int64_t now_us)
{
    for (int64_t s = e->next; s <= e->highest; s++) {
        struct eye_packet *p = at(e, s);

        if (p && p->key) {
            e->next = s;
            e->synced = true;
            e->whole_us = now_us;
            return;
        }
    }
}

void eye_see(struct eye *e, const struct rtp *p, int64_t seq, int64_t now_us)
{
    struct eye_packet *k = &e->packets[(uint64_t)seq & (EYE_PACKETS - 1)];
    struct vp8 v;

    if (vp8_parse(p->payload, p->payload_len, &v) != ERR_OK || (e->synced && seq < e->next))
        return;
    *k = (struct eye_packet){ .seq = seq,
                              .used = true,
                              .marker = p->marker,
                              .start = v.start,
                              .key = v.key,
                              .len = (uint16_t)(p->payload_len - v.descriptor_len) };
    memcpy(k->data, p->payload + v.descriptor_len, k->len);
    if (e->highest < e->next)
        e->whole_us = now_us; /* nothing was begun before this packet */
    e->highest = seq > e->highest ? seq : e->highest;
    if (e->synced &&
        (e->highest - e->next > EYE_PATIENCE || now_us - e->whole_us > EYE_PATIENCE_US)) {
        e->skipped++;
        e->synced = false;
        e->wants_key = true;
    }
    if (!e->synced) {
        if (v.key && seq > e->next)
            e->next = seq;
        find_key(e, now_us);
    }
    while (e->synced && next_frame(e, now_us))
        e->whole_us = now_us;
}

double eye_psnr(const struct eye *e)
{
    double mean = e->measured ? e->squares / (double)e->measured : 0;

    if (!e->measured)
        return 0;
    return mean > 0 ? 10 * log10(255 * 255 / mean) : 99;
}
