/* SPDX-License-Identifier: Apache-2.0
 *
 * People, schools and centres as JSON. Every builder writes a new reference
 * to *out on success. Desk thread.
 */
#ifndef PARTA_API_PERSON_H
#define PARTA_API_PERSON_H

#include <jansson.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/api/call.h"

/* Person. ERR_NOTFOUND: no such user. */
enum err person_json(const struct call *c, struct user_id id, json_t **out) MUST_CHECK;
/* Person, of what was read of it already. NULL: no memory. */
json_t *person_pack(struct user_id id, const char *name, const char *given, const char *animal);
/* Person, or null for id 0. */
enum err person_or_null(const struct call *c, struct user_id id, json_t **out) MUST_CHECK;
enum err school_json(const struct call *c, struct org_id id, json_t **out) MUST_CHECK;

/* The coordinator whom sentences name; v = 0: there is none. */
enum err person_coordinator(const struct call *c, struct org_id centre,
                            struct user_id *out) MUST_CHECK;

/* Me, of the person that asks. */
enum err me_json(const struct call *c, json_t **out) MUST_CHECK;

/* Puts *value under key (the reference is taken in every case). ERR_NOMEM also for NULL. */
enum err json_put(json_t *object, const char *key, json_t *value) MUST_CHECK;
enum err json_push(json_t *array, json_t *value) MUST_CHECK;

/* null for none */
json_t *json_time_or_null(int64_t ms, int64_t none);
json_t *json_text_or_null(const char *s);

#endif
