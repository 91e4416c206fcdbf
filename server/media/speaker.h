/* SPDX-License-Identifier: Apache-2.0
 *
 * Who speaks: the level that each microphone packet tells (RFC 6464),
 * smoothed, with a hold so that a pause between words is no silence.
 */
#ifndef PARTA_MEDIA_SPEAKER_H
#define PARTA_MEDIA_SPEAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"

#define SPEAKER_SILENCE 127               /* -dBov of digital silence, RFC 6464 section 3 */
#define SPEAKER_THRESHOLD 50              /* -dBov; quieter than this is not heard as speech */
#define SPEAKER_HOLD_US (600 * US_PER_MS) /* a pause between words */
#define SPEAKER_EVENT_US (200 * US_PER_MS)

#define SPEAKER_BURST 2 /* loud packets in a row (40 ms) that are no click */

struct speaker {
    bool any;
    int32_t loudness_16; /* 127 - level, times 16, smoothed */
    int64_t heard_us;    /* last moment above the threshold; valid if any */
    /* Faster, for who is heard in a group: */
    int burst;        /* loud packets in a row, counted up to SPEAKER_BURST */
    bool said;        /* there was such a burst ever */
    int64_t said_us;  /* last packet of one; valid if said */
    int32_t voice_16; /* like loudness_16, of loud packets only: how loud its words are */
    int64_t waits_us; /* voice_source.waits_us */
};

/* One packet with this level (0 loudest to 127). */
void speaker_level(struct speaker *s, uint8_t level, int64_t now_us);

/* The microphone was closed: forgets that it spoke. */
void speaker_reset(struct speaker *s);

/* True within SPEAKER_HOLD_US of the last loud moment. */
bool speaker_heard(const struct speaker *s, int64_t now_us);

#endif
