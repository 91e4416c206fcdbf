/* SPDX-License-Identifier: Apache-2.0
 *
 * Parts of a lesson's register that other answers show, too. Desk thread.
 */
#ifndef PARTA_API_REGISTER_H
#define PARTA_API_REGISTER_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/lesson.h"

/* Human codes of a child of the lesson, oldest first, as a list of Amendment: its amendments, or,
 * while there are none, the causes noted while somebody was missing. */
enum err register_history_json(const struct call *c, const struct lesson *l, int seat,
                               json_t **out) MUST_CHECK;

#endif
