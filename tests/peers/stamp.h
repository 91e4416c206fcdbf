/* SPDX-License-Identifier: Apache-2.0
 *
 * When a payload was sent, written into its last bytes: behind a VP8 frame (the
 * eye cuts it off), in the padding of an Opus packet (the decoder skips it).
 * Sender and receiver are one process, so the wall clock is the same.
 */
#ifndef PARTA_TESTS_STAMP_H
#define PARTA_TESTS_STAMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STAMP_BYTES 12
#define DELAYS_MAX 4096 /* the first are kept */

struct delays {
    uint32_t us[DELAYS_MAX];
    int n;
};

void stamp_write(uint8_t out[STAMP_BYTES], int64_t now_us);

/* True if the payload ends with a stamp; its delay is kept. */
bool stamp_read(struct delays *d, const uint8_t *payload, size_t len, int64_t now_us);

/* The q-th part (0..1) of the delays, in ms; 0 if there is none. Sorts them. */
double delays_ms(struct delays *d, double q);

#endif
