/* SPDX-License-Identifier: Apache-2.0
 *
 * A school's calendar: whose it is. Desk thread.
 */
#ifndef PARTA_API_CALENDAR_H
#define PARTA_API_CALENDAR_H

#include <stdbool.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/org.h"

/* The school in the path. *refused: answered already (404 for what may not be known). (hours.c) */
enum err calendar_open_school(struct call *c, enum right right, struct org *out,
                              bool *refused) MUST_CHECK;

#endif
