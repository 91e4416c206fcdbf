/* SPDX-License-Identifier: Apache-2.0
 *
 * A centre's people, who teaches whom and the marks of accepted sheets as the
 * tables of a OneRoster 1.2 archive: what roster.h takes in, the other way
 * round, and results. Nothing medical and no secret is in it. Any thread with a
 * connection of its own.
 */
#ifndef PARTA_STORE_ROSTER_EXPORT_H
#define PARTA_STORE_ROSTER_EXPORT_H

#include "common/base/ids.h"
#include "server/domain/roster.h"
#include "server/store/db.h"

/* Fills out[0..ONEROSTER_FILE_COUNT), which the caller deinits in every case, with what stands at
 * at_ms. Ids are stable: "org-3", "user-40", "class-<child>-<subject>",
 * "result-<sheet>-<subject>". ERR_NOMEM, ERR_DB. */
enum err roster_export(struct db *db, struct org_id centre, int64_t at_ms,
                       struct table out[ONEROSTER_FILE_COUNT]) MUST_CHECK;

#endif
