/* SPDX-License-Identifier: Apache-2.0
 *
 * The mark of a lesson (item 33): what it may become, and the register of its
 * changes. Desk thread.
 */
#ifndef PARTA_API_MARK_H
#define PARTA_API_MARK_H

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/lesson.h"

/* Asks domain/marks whether the mark of that seat may become mark ("": none) and writes the change
 * down; nothing happens where it stays as it is. reason: "" for none. *refused: answered already,
 * with the verdict's gate. */
enum err mark_change(struct call *c, const struct lesson *l, int seat, const char *mark,
                     const char *reason, bool *refused) MUST_CHECK;

/* A reason that says something: blanks are none. NULL: none. */
bool mark_reason_given(const char *reason);

#endif
