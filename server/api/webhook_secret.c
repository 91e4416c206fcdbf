/* SPDX-License-Identifier: Apache-2.0
 *
 * Secrets of webhooks: sealed where they lie, opened to sign; see webhook.h.
 * Desk thread.
 */
#include <openssl/crypto.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/webhook.h"

static struct seal_place place(int64_t webhook, bool old)
{
    return (struct seal_place){ .table = "webhook",
                                .column = old ? "sealed_old" : "sealed",
                                .row = webhook };
}

void webhook_message_id(int64_t delivery, char out[HOOK_ID_MAX + 1])
{
    if (!str_format(out, HOOK_ID_MAX + 1, "msg_%lld", (long long)delivery))
        out[0] = '\0'; /* 4 + 19 characters: it fits */
}

static enum err sign(const struct seal_ring *ring, int64_t webhook, bool old, const uint8_t *sealed,
                     size_t len, const char *id, int64_t at_s, const char *body, char *out)
{
    struct seal_place at = place(webhook, old);
    char *secret = NULL;
    size_t n = 0;
    enum err e = seal_open(ring, &at, sealed, len, &secret, &n);

    if (!e)
        e = hook_sign(secret, id, at_s, body, out);
    seal_text_free(secret, n);
    return e;
}

enum err webhook_signatures(struct db *db, const struct seal_ring *ring, int64_t webhook,
                            int64_t now_ms, const char *id, int64_t at_s, const char *body,
                            char out[2 * HOOK_SIGNATURE_CHARS + 2])
{
    struct webhook_sealed s = { 0 };
    enum err e = webhook_secret(db, webhook, &s);

    if (!e)
        e = sign(ring, webhook, false, s.now, s.now_len, id, at_s, body, out);
    if (!e && s.old && now_ms < s.old_until_ms) {
        size_t n = strlen(out);

        out[n] = ' ';
        e = sign(ring, webhook, true, s.old, s.old_len, id, at_s, body, out + n + 1);
    }
    webhook_sealed_free(&s);
    return e;
}

/* The secret that stands, sealed anew for the place of the one before. */
static enum err put_back(struct db *db, const struct seal_ring *ring, int64_t webhook,
                         struct webhook_sealed *next)
{
    struct seal_place from = place(webhook, false), to = place(webhook, true);
    struct webhook_sealed s = { 0 };
    char *secret = NULL;
    size_t n = 0;
    enum err e = webhook_secret(db, webhook, &s);

    if (!e)
        e = seal_open(ring, &from, s.now, s.now_len, &secret, &n);
    if (!e)
        e = seal_close(ring, &to, secret, n, &next->old, &next->old_len);
    seal_text_free(secret, n);
    webhook_sealed_free(&s);
    return e;
}

enum err webhook_secret_renew(struct db *db, const struct seal_ring *ring, int64_t webhook,
                              int64_t old_until_ms, char out[HOOK_SECRET_CHARS + 1])
{
    struct seal_place at = place(webhook, false);
    struct webhook_sealed next = { .old_until_ms = old_until_ms };
    enum err e = hook_secret_new(out);

    if (!e && old_until_ms)
        e = put_back(db, ring, webhook, &next);
    if (!e)
        e = seal_close(ring, &at, out, strlen(out), &next.now, &next.now_len);
    if (!e)
        e = webhook_secret_set(db, webhook, &next);
    webhook_sealed_free(&next);
    return e;
}
