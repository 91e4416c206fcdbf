/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of schedule versions share (version.c, draft.c,
 * draft_diff.c). Desk thread.
 */
#ifndef PARTA_API_VERSION_H
#define PARTA_API_VERSION_H

#include <jansson.h>

#include "server/api/call.h"
#include "server/store/draft.h"

/* ScheduleVersion; NULL without memory. */
json_t *version_json(const struct version *v);

/* A version of the person's centre. *refused: answered already. */
enum err version_asked(struct call *c, int64_t id, struct version *out, bool *refused) MUST_CHECK;

bool version_is_draft(const struct version *v);

/* R19: does any line of the draft come late? */
enum err draft_any_late(const struct call *c, const struct version *v, bool *out) MUST_CHECK;

/* After publishing: the rooms of the lessons that are near. */
enum err draft_tell(struct call *c, const struct draft_rows *rows) MUST_CHECK;

#endif
