/* SPDX-License-Identifier: Apache-2.0
 *
 * malloc with overflow checks and the fault hook described in mem.h.
 */
#include "common/base/mem.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local long fail_countdown = -1;
static _Thread_local long live_blocks;

static bool must_fail(void)
{
    if (fail_countdown < 0)
        return false;
    return fail_countdown-- == 0;
}

void *mem_zalloc(size_t count, size_t size)
{
    void *p;

    if (must_fail())
        return NULL;
    p = calloc(count, size ? size : 1);
    if (p)
        live_blocks++;
    return p;
}

void *mem_regrow(void *old, size_t count, size_t size)
{
    size_t bytes;
    void *p;

    if (__builtin_mul_overflow(count, size, &bytes) || must_fail())
        return NULL;
    p = realloc(old, bytes ? bytes : 1);
    if (p && !old)
        live_blocks++;
    return p;
}

char *mem_strndup(const char *s, size_t len)
{
    size_t bytes;
    char *copy;

    if (__builtin_add_overflow(len, (size_t)1, &bytes))
        return NULL;
    copy = mem_zalloc(bytes, 1);
    if (copy)
        memcpy(copy, s, len);
    return copy;
}

void mem_free(void *p)
{
    if (p)
        live_blocks--;
    free(p);
}

void mem_fail_after(long n)
{
    fail_countdown = n;
}

long mem_live(void)
{
    return live_blocks;
}
