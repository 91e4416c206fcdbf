/* SPDX-License-Identifier: Apache-2.0
 *
 * Sine, Opus, ear.
 */
#include "tests/peers/tone.h"

#include <math.h>
#include <string.h>

#define PI 3.14159265358979323846
#define AMPLITUDE 0.3
#define BITRATE 24000
#define TONE_PADDING (STAMP_BYTES + 2) /* two count frames and padding */

enum err tone_make(struct tone *t, int hz)
{
    OpusEncoder *enc;
    float pcm[TONE_SAMPLES];
    int error;

    memset(t, 0, sizeof *t);
    enc = opus_encoder_create(TONE_RATE, 1, OPUS_APPLICATION_VOIP, &error);
    if (!enc)
        return ERR_NOMEM;
    opus_encoder_ctl(enc, OPUS_SET_BITRATE(BITRATE));
    /* Once around to settle the encoder, once to keep. */
    for (int n = 0; n < 2 * TONE_PACKETS; n++) {
        int k = n % TONE_PACKETS;
        opus_int32 len;

        for (int i = 0; i < TONE_SAMPLES; i++)
            pcm[i] =
                (float)(AMPLITUDE * sin(2 * PI * hz * (k * TONE_SAMPLES + i) / (double)TONE_RATE));
        len = opus_encode_float(enc, pcm, TONE_SAMPLES, t->bytes[k], TONE_PACKET_MAX);
        t->len[k] = (size_t)len + TONE_PADDING;
        if (len <= 0 || t->len[k] > TONE_PACKET_MAX ||
            opus_packet_pad(t->bytes[k], len, (opus_int32)t->len[k]) != OPUS_OK) {
            opus_encoder_destroy(enc);
            return ERR_IO;
        }
    }
    opus_encoder_destroy(enc);
    return ERR_OK;
}

const uint8_t *tone_packet(struct tone *t, int k, int64_t now_us, size_t *len)
{
    *len = t->len[k];
    stamp_write(t->bytes[k] + *len - STAMP_BYTES, now_us);
    return t->bytes[k];
}

enum err ear_init(struct ear *e)
{
    int error;

    memset(e, 0, sizeof *e);
    e->decoder = opus_decoder_create(TONE_RATE, 1, &error);
    return e->decoder ? ERR_OK : ERR_NOMEM;
}

void ear_deinit(struct ear *e)
{
    if (e->decoder)
        opus_decoder_destroy(e->decoder);
    e->decoder = NULL;
}

void ear_hear(struct ear *e, const uint8_t *packet, size_t len, int64_t now_us)
{
    float pcm[5760]; /* 120 ms, the longest Opus packet */
    int n = opus_decode_float(e->decoder, packet, (opus_int32)len, pcm, 5760, 0);

    if (n < 0) {
        e->refused++;
        return;
    }
    (void)stamp_read(&e->delays, packet, len, now_us); /* a browser's voice has none */
    for (int i = 0; i < n; i++) {
        e->energy += (double)pcm[i] * pcm[i];
        e->crossings += (pcm[i] >= 0) != (e->last >= 0);
        e->last = pcm[i];
    }
    e->samples += (uint64_t)n;
}

double ear_db(const struct ear *e)
{
    double mean = e->samples ? e->energy / (double)e->samples : 0;

    return mean > 1e-12 ? 10 * log10(mean) : -120;
}

double ear_hz(const struct ear *e)
{
    return e->samples && ear_db(e) > -60 ? (double)e->crossings / 2 * TONE_RATE / (double)e->samples
                                         : 0;
}
