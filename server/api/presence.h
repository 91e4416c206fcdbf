/* SPDX-License-Identifier: Apache-2.0
 *
 * Who was and who is connected, as the pages draw it: the strip of two lanes
 * (SCREENS section 2.5), the fold of a lesson that still runs, and the facts
 * behind a chip. Reads presence rows, never writes. Desk thread.
 */
#ifndef PARTA_API_PRESENCE_H
#define PARTA_API_PRESENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/api/chip.h"
#include "server/domain/attendance.h"
#include "server/store/lesson.h"
#include "server/store/session.h"

/* What is known of a lesson's presence, loaded once and used for several pictures. */
struct presence_sheet {
    struct session_list sessions;       /* owned */
    struct attendance_result folded;    /* owned; of the sessions as they stand now */
    const struct desk_board_seat *seat; /* first of this lesson in the rooms' last word, or NULL */
};

enum err presence_load(const struct call *c, const struct lesson *l,
                       struct presence_sheet *out) MUST_CHECK;
void presence_deinit(struct presence_sheet *p);

/* Facts for chip_of. */
enum err presence_chip(const struct call *c, const struct lesson *l,
                       struct chip_facts *out) MUST_CHECK;

/* Strip of the mentor and this child. */
enum err presence_strip(const struct call *c, const struct lesson *l,
                        const struct presence_sheet *p, struct user_id child,
                        json_t **out) MUST_CHECK;

/* When this child asked for rest and left, 0 if it did not. */
int64_t presence_rest_ms(const struct presence_sheet *p, struct user_id child);

/* Guardians and coordinators who were in, as Visitor objects appended to array. */
enum err presence_visitors(const struct call *c, const struct presence_sheet *p,
                           json_t *array) MUST_CHECK;

/* Presence object of one person. */
json_t *presence_json(const struct person_attendance *at);

#endif
