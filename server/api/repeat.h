/* SPDX-License-Identifier: Apache-2.0
 *
 * Repeated requests: a POST with an Idempotency-Key is done once, and the same
 * person's same key has the first answer again for a day. What was asked is
 * compared by a keyed digest of method, path and body; of an upload, the
 * digest of the bytes stands for them, and only workers make it. Refusals and
 * answers without JSON are not kept. Desk thread.
 */
#ifndef PARTA_API_REPEAT_H
#define PARTA_API_REPEAT_H

#include "server/api/call.h"

/* A signed-in person's POST with a key. */
bool repeat_keyed(const struct call *c);

/* What was asked; only if repeat_keyed. */
enum err repeat_hash(const struct call *c, uint8_t out[32]) MUST_CHECK;

/* *repeated: c has the first answer, or a refusal (key_reused, malformed for a long key). */
enum err repeat_answer(struct call *c, const uint8_t hash[32], bool *repeated) MUST_CHECK;

/* Keeps c's answer, if it is one. */
enum err repeat_keep(const struct call *c, const uint8_t hash[32]) MUST_CHECK;

/* ---- uploads: endpoints that answer after a worker has looked at the bytes --------------------
 */

/* Before the endpoint: of a key that has an answer already, a worker takes the digest of the bytes
 * and the first answer is repeated; *taken, and the caller returns *answer. */
enum err repeat_upload(struct call *c, struct desk_reply *reply, bool *taken,
                       enum api_answer *answer) MUST_CHECK;

/* Within the endpoint's second half, sha256 being the worker's, around what it does: the same key
 * twice at a time comes this far twice. No-ops without a key. */
enum err repeat_upload_answer(struct call *c, const uint8_t sha256[32], bool *repeated) MUST_CHECK;
enum err repeat_upload_keep(const struct call *c, const uint8_t sha256[32]) MUST_CHECK;

#endif
