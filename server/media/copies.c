/* SPDX-License-Identifier: Apache-2.0
 *
 * Sealed voice packets, kept by their numbers.
 */
#include "server/media/copies.h"

#include <string.h>

#define SEQ_AT 2u /* RFC 3550 section 5.1: the header is not encrypted */

void copies_put(struct copies *c, const uint8_t *sealed, size_t len)
{
    struct copy *k;
    uint16_t seq;

    if (len < SEQ_AT + 2)
        return;
    seq = (uint16_t)(sealed[SEQ_AT] << 8 | sealed[SEQ_AT + 1]);
    k = &c->of[seq % COPIES_N];
    k->seq = seq;
    k->len = len <= COPY_BYTES ? (uint16_t)len : 0;
    memcpy(k->bytes, sealed, k->len);
}

const struct copy *copies_find(const struct copies *c, uint16_t seq)
{
    const struct copy *k = &c->of[seq % COPIES_N];

    return k->len > 0 && k->seq == seq ? k : NULL;
}
