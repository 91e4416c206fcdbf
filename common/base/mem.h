/* SPDX-License-Identifier: Apache-2.0
 *
 * Allocation with a test hook. Production calls end in malloc; tests make the
 * n-th allocation fail, so that every error path of a machine is walked (the
 * out-of-memory sweep). Overflow of count * size is refused.
 */
#ifndef PARTA_BASE_MEM_H
#define PARTA_BASE_MEM_H

#include <stddef.h>

#include "common/base/err.h"

/* Zeroed memory for count objects of size bytes, or NULL. Free with mem_free. */
void *mem_zalloc(size_t count, size_t size);

/* Like realloc with an overflow check; the old block stays valid on NULL. */
void *mem_regrow(void *old, size_t count, size_t size);

/* A copy of s[0..len) with a NUL behind it, or NULL. */
char *mem_strndup(const char *s, size_t len);

void mem_free(void *p);

/* Test hook: the allocation after n successful ones fails, once; n < 0 turns it off.
 * Thread-local, so a worker's allocation never spends another test's count. */
void mem_fail_after(long n);

/* Blocks handed out by this thread and not yet freed by it (for leak checks in tests). */
long mem_live(void);

#endif
