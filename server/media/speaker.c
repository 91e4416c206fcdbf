/* SPDX-License-Identifier: Apache-2.0
 *
 * Smoothing of voice levels.
 */
#include "server/media/speaker.h"

/* Shares of 1/16: rises within some 4 packets (80 ms), falls within some 16. */
#define ATTACK 4
#define RELEASE 1
#define VOICE_SHARE 8 /* words are compared over some 8 packets */

void speaker_level(struct speaker *s, uint8_t level, int64_t now_us)
{
    int32_t loud = (SPEAKER_SILENCE - (level > SPEAKER_SILENCE ? SPEAKER_SILENCE : level)) * 16;
    int32_t d = loud - s->loudness_16;

    s->loudness_16 += d * (d > 0 ? ATTACK : RELEASE) / 16;
    if (level > SPEAKER_THRESHOLD) {
        s->burst = 0;
    } else {
        s->burst += s->burst < SPEAKER_BURST;
        s->voice_16 += s->said ? (loud - s->voice_16) / VOICE_SHARE : loud - s->voice_16;
        if (s->burst == SPEAKER_BURST) {
            s->said = true;
            s->said_us = now_us;
        }
    }
    if (s->loudness_16 >= (SPEAKER_SILENCE - SPEAKER_THRESHOLD) * 16) {
        s->any = true;
        s->heard_us = now_us;
    }
}

void speaker_reset(struct speaker *s)
{
    *s = (struct speaker){ 0 };
}

bool speaker_heard(const struct speaker *s, int64_t now_us)
{
    return s->any && now_us - s->heard_us < SPEAKER_HOLD_US;
}
