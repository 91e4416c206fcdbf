/* SPDX-License-Identifier: Apache-2.0
 *
 * How the search for a lead mentor stands, told in the case. Desk thread.
 */
#ifndef PARTA_API_CANDIDATES_H
#define PARTA_API_CANDIDATES_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/child.h"

/* {blocked, candidates, owes}: MentorSearch. */
enum err search_json(const struct call *c, const struct child *child, json_t **out) MUST_CHECK;

#endif
