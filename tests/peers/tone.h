/* SPDX-License-Identifier: Apache-2.0
 *
 * A voice that can be recognised: a sine coded with Opus once and sent again
 * and again, and the ear that decodes what comes and says how loud it is, which
 * sine it was and how long it was under way.
 */
#ifndef PARTA_TESTS_TONE_H
#define PARTA_TESTS_TONE_H

#include <opus.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "tests/peers/stamp.h"

#define TONE_RATE 48000
#define TONE_SAMPLES 960 /* 20 ms */
#define TONE_PACKETS 50  /* one second, a whole number of periods of any whole frequency */
#define TONE_PACKET_MAX 400

struct tone { /* each packet with padding (RFC 6716, 3.2.5) for the stamp */
    uint8_t bytes[TONE_PACKETS][TONE_PACKET_MAX];
    size_t len[TONE_PACKETS];
};

/* ERR_NOMEM, ERR_IO. */
enum err tone_make(struct tone *t, int hz) MUST_CHECK;

/* Packet k as it is sent now. */
const uint8_t *tone_packet(struct tone *t, int k, int64_t now_us, size_t *len);

struct ear {
    OpusDecoder *decoder; /* owned */
    uint64_t samples, crossings;
    double energy;
    uint64_t refused;
    float last;
    struct delays delays;
};

enum err ear_init(struct ear *e) MUST_CHECK;
void ear_deinit(struct ear *e);
void ear_hear(struct ear *e, const uint8_t *packet, size_t len, int64_t now_us);

/* Root mean square in dB of full scale; -120 for silence. */
double ear_db(const struct ear *e);

/* Frequency by zero crossings; 0 for silence. */
double ear_hz(const struct ear *e);

#endif
