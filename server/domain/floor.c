/* SPDX-License-Identifier: Apache-2.0
 *
 * Rights on the floor, and the queue of hands.
 */
#include "server/domain/floor.h"

struct floor_rights floor_rights(enum floor_part part, bool word)
{
    struct floor_rights none = { 0 };

    switch (part) {
    case FLOOR_HOST:
        return (struct floor_rights){ .mic = true, .camera = true, .screen = true, .leads = true };
    case FLOOR_SPEAKER:
        return (struct floor_rights){ .mic = word, .camera = word, .screen = word };
    case FLOOR_LISTENER: /* speaks, but shows no slides: only who was invited to */
        return (struct floor_rights){ .mic = word, .camera = word };
    case FLOOR_NONE:
        break;
    }
    return none;
}

bool floor_word_at_first(enum floor_part part)
{
    return part == FLOOR_HOST || part == FLOOR_SPEAKER;
}

static bool before(const struct floor_hand *a, const struct floor_hand *b)
{
    return a->spoke != b->spoke ? !a->spoke : a->turn < b->turn;
}

void floor_queue(struct floor_hand *hands, int n)
{
    for (int i = 1; i < n; i++) {
        struct floor_hand h = hands[i];
        int k = i;

        for (; k > 0 && before(&h, &hands[k - 1]); k--)
            hands[k] = hands[k - 1];
        hands[k] = h;
    }
}
