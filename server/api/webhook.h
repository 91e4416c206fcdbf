/* SPDX-License-Identifier: Apache-2.0
 *
 * What the desk and the endpoints of webhooks share: the id of a message, and
 * the secrets that sign it. Desk thread.
 */
#ifndef PARTA_API_WEBHOOK_H
#define PARTA_API_WEBHOOK_H

#include <stdint.h>

#include "common/base/err.h"
#include "server/store/webhook.h"
#include "server/sys/hook.h"
#include "server/sys/seal.h"

/* "msg_" and the number: the same at every try, and when it is sent again by hand. */
void webhook_message_id(int64_t delivery, char out[HOOK_ID_MAX + 1]);

/* The signature by the secret that stands; behind a space that of the one before, as long as it
 * signs. out: room for two and the space. ERR_NOTFOUND: it has none, or no key opens it; ERR_PARSE,
 * ERR_DENIED: it is not what was sealed there. */
enum err webhook_signatures(struct db *db, const struct seal_ring *ring, int64_t webhook,
                            int64_t now_ms, const char *id, int64_t at_s, const char *body,
                            char out[2 * HOOK_SIGNATURE_CHARS + 2]) MUST_CHECK;

/* A fresh secret, stored sealed and written to out, which the caller wipes. The one before signs
 * beside it until old_until_ms; 0: it ends at once, or there is none. */
enum err webhook_secret_renew(struct db *db, const struct seal_ring *ring, int64_t webhook,
                              int64_t old_until_ms, char out[HOOK_SECRET_CHARS + 1]) MUST_CHECK;

#endif
