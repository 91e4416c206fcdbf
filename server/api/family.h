/* SPDX-License-Identifier: Apache-2.0
 *
 * What the family said to a lesson of the log, as JSON. Desk thread.
 */
#ifndef PARTA_API_FAMILY_H
#define PARTA_API_FAMILY_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"

/* The centre answers a dispute within this time. */
#define FAMILY_ANSWER_MS (3 * INT64_C(86400000))

/* Confirmation, or null while nothing was said. */
enum err family_json(const struct call *c, struct lesson_id lesson, struct child_id child,
                     json_t **out) MUST_CHECK;

#endif
