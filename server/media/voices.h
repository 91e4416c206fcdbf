/* SPDX-License-Identifier: Apache-2.0
 *
 * Who is heard in a group: the choice of the few voices that everybody gets,
 * by the level that each microphone packet tells (RFC 6464). One choice for
 * the whole stage. The rules, in this order:
 *
 *   1 whoever may not speak, or has gone, holds no seat and claims none
 *   2 a free seat goes to who speaks, else to who spoke last, else to who came first: an open
 *     microphone in a small circle is on the air before its first word
 *   3 who speaks and has no seat takes that of a holder who has been silent for VOICE_HOLD_US
 *   4 if all holders speak, the louder one by VOICE_LOUDER_16 takes the seat of the quietest, but
 *     only in a gap between its words, and not before it was heard for VOICE_TERM_US
 *   5 who has waited for VOICE_PATIENCE_US takes the seat that was held longest, in a gap; after
 *     VOICE_LIMIT_US without a gap also in the middle: what never pauses is no word
 *
 * So nobody is cut in mid-word by somebody louder, and nobody who keeps speaking waits for ever.
 */
#ifndef PARTA_MEDIA_VOICES_H
#define PARTA_MEDIA_VOICES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/base/now.h"

#define VOICE_HOLD_US (600 * US_PER_MS)  /* silent so long: has stopped speaking */
#define VOICE_GAP_US (100 * US_PER_MS)   /* silent so long: between two words */
#define VOICE_TERM_US US_PER_S           /* a seat is held so long before a louder one takes it */
#define VOICE_PATIENCE_US (2 * US_PER_S) /* who waited so long need not be louder */
#define VOICE_LIMIT_US (4 * US_PER_S)    /* nor wait for a gap */
#define VOICE_LOUDER_16 (6 * 16)         /* 6 dB, in the unit of loudness_16 */

struct voice_source {
    uint16_t member;
    bool open;           /* it may speak, and its microphone is on */
    bool speaks;         /* it is speaking: loud within VOICE_HOLD_US */
    int32_t loudness_16; /* of its words, (127 + dBov) * 16 */
    int64_t heard_us;    /* last loud moment, INT64_MIN if never */
    bool tried;          /* scratch of voices_choose */
    int64_t waits_us; /* since when it speaks without a seat, 0 = it does not; kept by the caller,
                         written by voices_choose */
};

struct voice_seat {
    uint16_t member;  /* 0 = free */
    int64_t since_us; /* when it got the seat; valid if not free */
};

/* Decides seats[0..seats_n) anew, in place; sources in the order of arrival. A member keeps its
 * seat's place as long as it has it. True if any seat changed. Time is O(sources * seats). */
bool voices_choose(struct voice_seat *seats, int seats_n, struct voice_source *sources,
                   int sources_n, int64_t now_us);

#endif
