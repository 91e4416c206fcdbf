/* SPDX-License-Identifier: Apache-2.0
 *
 * What lies on the desk for a lesson, by subject; the words are the client's.
 */
#ifndef PARTA_API_BRING_H
#define PARTA_API_BRING_H

#include <jansson.h>

/* Array of Thing codes, empty for an unknown subject; NULL out of memory. */
json_t *bring_json(const char *subject);

#endif
