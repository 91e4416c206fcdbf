/* SPDX-License-Identifier: Apache-2.0
 *
 * The floor of a seminar or a joint meeting: who may be heard and seen, and in
 * which order raised hands are called (DOMAIN 66: everybody has the same
 * chance to speak; 70: host, speaker, listener). Rights come from here alone;
 * the room shuts the gates by them, whatever a client sends.
 */
#ifndef PARTA_DOMAIN_FLOOR_H
#define PARTA_DOMAIN_FLOOR_H

#include <stdbool.h>
#include <stdint.h>

enum floor_part {
    FLOOR_NONE,     /* no part in it: nothing */
    FLOOR_HOST,     /* leads: may send, gives and takes the word */
    FLOOR_SPEAKER,  /* invited to speak: has the word from the start */
    FLOOR_LISTENER, /* sends nothing until the host gives the word; a visitor is one too */
};

struct floor_rights {
    bool mic, camera, screen; /* may be relayed */
    bool leads;               /* gives and takes the word, lowers hands, mutes, ends */
};

/* word: has the word now. An unknown part has no right. */
struct floor_rights floor_rights(enum floor_part part, bool word);

/* Does this part have the word when it comes in? */
bool floor_word_at_first(enum floor_part part);

struct floor_hand {
    uint16_t member;
    bool spoke;    /* was heard in this meeting */
    uint32_t turn; /* when the hand was raised: a number that rises with each hand */
};

/* Puts the hands into the order in which they are called: who has not spoken yet comes first, and
 * among those, and among the others, who raised the hand first. */
void floor_queue(struct floor_hand *hands, int n);

#endif
