/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a month report, as JSON. Desk thread.
 */
#ifndef PARTA_API_MONTH_JSON_H
#define PARTA_API_MONTH_JSON_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/body.h"
#include "server/api/call.h"
#include "server/domain/report.h"
#include "server/store/report.h"

/* Everything that stands in the report, nothing of its way to the school. */
enum err month_content_json(const struct call *c, const struct report_key *key,
                            const struct month_report *r, json_t **out) MUST_CHECK;

/* Cursor of the page behind row end of n rows, or null. */
json_t *page_next(size_t end, size_t n);

#endif
