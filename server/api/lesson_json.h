/* SPDX-License-Identifier: Apache-2.0
 *
 * Lessons as JSON (LessonBrief, Lesson, LessonFull), each cut to what the
 * reader may know: children of other families are left out. Desk thread.
 */
#ifndef PARTA_API_LESSON_JSON_H
#define PARTA_API_LESSON_JSON_H

#include <jansson.h>

#include "common/base/err.h"
#include "server/api/call.h"
#include "server/store/lesson.h"

/* The children of the lesson that the reader may know of, as Person objects. */
enum err lesson_children_json(const struct call *c, const struct lesson *l,
                              json_t **out) MUST_CHECK;

/* For readers who may know everybody on it (coordinators), and for one's own owed notes. */
enum err lesson_brief_json(const struct call *c, const struct lesson *l, json_t **out) MUST_CHECK;

enum err lesson_json(const struct call *c, const struct lesson *l, json_t **out) MUST_CHECK;
enum err lesson_full_json(const struct call *c, const struct lesson *l, json_t **out) MUST_CHECK;

/* Answers with LessonFull and its ETag. */
enum err lesson_answer(struct call *c, int status, struct lesson_id id) MUST_CHECK;

/* {id, start} or null. */
struct lesson_ref;
json_t *lesson_ref_json(const struct lesson_ref *ref);

/* Note of one child, or *out = NULL if nothing is written. */
enum err lesson_note_json(const struct call *c, const struct lesson *l, int seat,
                          json_t **out) MUST_CHECK;

#endif
