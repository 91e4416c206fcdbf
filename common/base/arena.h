/* SPDX-License-Identifier: Apache-2.0
 *
 * One block of memory for everything that lives and dies together. A layout function takes its
 * arrays from the arena and is run twice: over an empty arena it only measures, then, after
 * arena_open, it gets the memory. Nothing is freed singly.
 */
#ifndef PARTA_BASE_ARENA_H
#define PARTA_BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "common/base/err.h"

struct arena {
    unsigned char *block; /* NULL while measuring */
    size_t used_bytes;
    bool overflow; /* a sum left the range of size_t */
};

/* Zeroed memory for count objects of size bytes, aligned for every type; NULL while measuring. */
void *arena_take(struct arena *a, size_t count, size_t size);

/* Makes the block that a has measured and starts again at its beginning; the layout must now ask
 * for the same. ERR_NOMEM: nothing was made. */
enum err arena_open(struct arena *a) MUST_CHECK;

/* Frees the block. An arena that was never opened is accepted. */
void arena_close(struct arena *a);

#endif
