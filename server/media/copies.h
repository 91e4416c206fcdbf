/* SPDX-License-Identifier: Apache-2.0
 *
 * The last voice packets that one receiver was sent, sealed, for when it asks
 * for one again (RFC 4585 section 6.2.1). A voice has no stream of
 * retransmissions (RFC 4588), so a repeat has the number that it had; to seal
 * it anew under that number would use one nonce twice (RFC 7714 section 8.1).
 * What goes out again is the same bytes. Kept only for a receiver that asked.
 */
#ifndef PARTA_MEDIA_COPIES_H
#define PARTA_MEDIA_COPIES_H

#include <stddef.h>
#include <stdint.h>

#define COPIES_N 32 /* a power of two; 640 ms of 20 ms packets, more than a player waits */
#define COPY_BYTES                                                                                 \
    316u /* header, number, tag and 20 ms of Opus at 100 kbit/s; longer is not kept */

struct copy {
    uint16_t seq; /* as sent */
    uint16_t len; /* 0: none */
    uint8_t bytes[COPY_BYTES];
};

struct copies {
    struct copy of[COPIES_N]; /* by seq modulo */
};

/* sealed[0..len) is a whole SRTP packet that leaves now. */
void copies_put(struct copies *c, const uint8_t *sealed, size_t len);

/* NULL if it is not kept, or not any more. */
const struct copy *copies_find(const struct copies *c, uint16_t seq);

#endif
