/* SPDX-License-Identifier: Apache-2.0
 *
 * Gates, documents and applications as JSON. Desk thread.
 */
#ifndef PARTA_API_HIRING_JSON_H
#define PARTA_API_HIRING_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "common/base/err.h"
#include "server/domain/hiring.h"

/* Array of Gate states: those that were asked, or only those that fail. NULL: out of memory. */
json_t *gates_json(const struct teach_verdict *v, bool failed_only);

/* Array of Expiring: gates that hold and for whose end a warning is due. NULL: out of memory. */
json_t *expiring_json(const struct teach_verdict *v, const struct hiring_policy *policy,
                      int64_t now_ms);

#endif
