/* SPDX-License-Identifier: Apache-2.0
 *
 * Names compared whatever the case: Latin and Cyrillic, and Ё found by Е.
 * Pure.
 */
#ifndef PARTA_BASE_FOLD_H
#define PARTA_BASE_FOLD_H

#include <stdbool.h>
#include <stdint.h>

/* The next character of well-formed UTF-8, folded; 0 at the end. Moves *p behind it. */
uint32_t fold_next(const char **p);

/* Both well-formed UTF-8. An empty part is in everything. */
bool fold_contains(const char *text, const char *part);

#endif
