/* SPDX-License-Identifier: Apache-2.0
 *
 * Finding a name by a part of it, whatever the case: Latin and Cyrillic, and
 * Ё found by Е. Pure.
 */
#ifndef PARTA_API_FOLD_H
#define PARTA_API_FOLD_H

#include <stdbool.h>

/* Both well-formed UTF-8. An empty part is in everything. */
bool fold_contains(const char *text, const char *part);

#endif
