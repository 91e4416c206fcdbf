/* SPDX-License-Identifier: Apache-2.0
 *
 * What the endpoints of additional education share: a section in the path, and
 * sections, groups and visits as JSON. Desk thread.
 */
#ifndef PARTA_API_SECTION_H
#define PARTA_API_SECTION_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/child.h"
#include "server/store/section.h"

/* The person's centre, if it has the right there. *refused: answered 403. */
enum err section_centre(struct call *c, enum right right, struct org *out,
                        bool *refused) MUST_CHECK;
/* The section with this id, of the person's centre; another's does not exist. */
enum err section_open(struct call *c, enum right right, int64_t id, struct section *out,
                      bool *refused) MUST_CHECK;
/* Answers with the section as it is now; ETag. */
enum err section_answer(struct call *c, int status, int64_t id) MUST_CHECK;

/* {id, name, capacity, taken, waiting, slots: [{weekday, time, minutes}]} */
json_t *section_group_json(const struct section_group *g);
/* {id, title, kind, provider, leader, place, online, ages.., groups} */
enum err section_json(const struct call *c, const struct section *s, json_t **out) MUST_CHECK;

/* The child with this user, for a right of its own, its guardian's or its centre's: what may not be
 * known of is 404. full: a guardian has to have full rights. */
enum err section_child(struct call *c, enum right right, struct user_id user, bool full,
                       struct child *out, bool *refused) MUST_CHECK;

#endif
