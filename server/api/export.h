/* SPDX-License-Identifier: Apache-2.0
 *
 * A centre's people as a OneRoster 1.2 archive, for the pages and the console.
 */
#ifndef PARTA_API_EXPORT_H
#define PARTA_API_EXPORT_H

#include <stddef.h>
#include <stdint.h>

#include "common/base/ids.h"
#include "server/store/db.h"

/* *bytes owned (mem_free). Any thread with a connection of its own. */
enum err export_oneroster(struct db *db, struct org_id centre, int64_t at_ms, uint8_t **bytes,
                          size_t *len) MUST_CHECK;

#endif
