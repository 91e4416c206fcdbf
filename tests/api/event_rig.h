/* SPDX-License-Identifier: Apache-2.0
 *
 * Events through the HTTP API, for the tests of events: bodies with people in
 * them, and an event that is called.
 */
#ifndef PARTA_TESTS_EVENT_RIG_H
#define PARTA_TESTS_EVENT_RIG_H

#include <stddef.h>
#include <stdint.h>

#include "tests/api/api_rig.h"

/* Thursday 26 November 2026, 15:00 in Moscow. */
#define EVENT_START INT64_C(1795694400000)

/* %k coordinator, %m first mentor, %n second mentor, %s stranger, %o officer, %g guardian, %c first
 * child, %d second child (users), %S first school; %e: id. */
void event_fill(struct api_rig *r, const char *pattern, int64_t id, char *out, size_t cap);

/* One request, filled; its answer is to be freed. version 0: without If-Match. */
struct answer event_ask_as(struct api_rig *r, enum who who, const char *method, const char *target,
                           int64_t id, int64_t version, const char *body);
/* Checks the status, answers the event's version (0 for a refusal), frees. */
int64_t event_step(struct api_rig *r, enum who who, const char *method, const char *target,
                   int64_t id, int64_t version, const char *body, int status);
/* 409 gate with this name. */
void event_gated(struct api_rig *r, enum who who, const char *method, const char *target,
                 int64_t id, int64_t version, const char *body, const char *gate);
void event_bad_field(struct api_rig *r, enum who who, const char *method, const char *target,
                     int64_t id, int64_t version, const char *body, const char *field);

#define EVENT_WHAT                                                                                 \
    "\"title\":\"Plans\",\"about\":\"\",\"chair\":%k,\"secretary\":%m,\"agenda\":["                \
    "{\"title\":\"Reports\",\"minutes\":60,\"speaker\":%m},"                                       \
    "{\"title\":\"A guest\",\"minutes\":30,\"speaker_name\":\"Dr Orlov\"}]"
#define EVENT_WHEN "\"place\":\"Hall 2\",\"date\":\"2026-11-26\",\"time\":\"15:00\",\"minutes\":90"
#define EVENT_BODY "{\"kind\":\"joint_meeting\"," EVENT_WHAT "," EVENT_WHEN "}"

/* Called by the coordinator; its id. */
int64_t event_called(struct api_rig *r);

#endif
