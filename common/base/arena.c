/* SPDX-License-Identifier: Apache-2.0
 *
 * An arena that is measured first and made in one piece, see arena.h.
 */
#include "common/base/arena.h"

#include "common/base/mem.h"

#define ALIGN_BYTES sizeof(max_align_t)

void *arena_take(struct arena *a, size_t count, size_t size)
{
    size_t bytes, end;
    void *p = a->block ? a->block + a->used_bytes : NULL;

    if (__builtin_mul_overflow(count, size, &bytes) ||
        __builtin_add_overflow(bytes, ALIGN_BYTES - 1, &bytes) ||
        __builtin_add_overflow(a->used_bytes, bytes / ALIGN_BYTES * ALIGN_BYTES, &end)) {
        a->overflow = true;
        return NULL;
    }
    a->used_bytes = end;
    return p;
}

enum err arena_open(struct arena *a)
{
    if (a->overflow)
        return ERR_NOMEM;
    a->block = mem_zalloc(a->used_bytes, 1);
    if (!a->block)
        return ERR_NOMEM;
    a->used_bytes = 0;
    return ERR_OK;
}

void arena_close(struct arena *a)
{
    mem_free(a->block);
    *a = (struct arena){ 0 };
}
