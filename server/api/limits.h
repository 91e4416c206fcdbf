/* SPDX-License-Identifier: Apache-2.0
 *
 * What binds a mentor's lesson with a child: minutes, never the reason for
 * them. Desk thread.
 */
#ifndef PARTA_API_LIMITS_H
#define PARTA_API_LIMITS_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"

/* Limits of every child on these lessons, once each; an empty array for NULL. */
enum err limits_json(const struct call *c, const struct lesson_list *l, json_t **out) MUST_CHECK;

#endif
