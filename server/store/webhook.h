/* SPDX-License-Identifier: Apache-2.0
 *
 * Other programs that a centre has told (subscriptions), and the durable queue
 * of messages to them: a row per message and receiver, written in the
 * transaction of what it tells of, claimed by one sender, settled by its
 * answer. Desk thread.
 */
#ifndef PARTA_STORE_WEBHOOK_H
#define PARTA_STORE_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/webhook.h"
#include "server/store/db.h"

#define WEBHOOK_WHY_MAX 24

/* ---- receivers (webhook.c) -------------------------------------------------------------- */

#define WEBHOOK_STATE_LIST(X)                                                                      \
    X(ON, "on")                                                                                    \
    X(PAUSED, "paused") /* by hand: messages gather and wait */                                    \
    X(OFF, "off")       /* by itself, after failures: the same */                                  \
    X(REMOVED, "removed")

enum webhook_state {
#define X(code, name) WEBHOOK_STATE_##code,
    WEBHOOK_STATE_LIST(X)
#undef X
        WEBHOOK_STATE_COUNT
};
const char *webhook_state_name(enum webhook_state s);

struct webhook {
    int64_t id;
    struct org_id centre;
    int64_t rev;
    char url[WEBHOOK_URL_MAX + 1];
    enum webhook_state state;
    unsigned kinds; /* bit n: enum webhook_kind n */
    struct webhook_health health;
    int64_t old_until_ms; /* the secret before signs, too, until then; 0: there is none */
    int64_t created_ms;
    int64_t waiting, failed; /* messages of each state */
};

struct webhook_list {
    struct webhook *items; /* owned */
    size_t n;
};

/* centre, url and kinds are written; id is filled. It has no secret yet: webhook_secret_set. */
enum err webhook_add(struct db *db, struct webhook *w, int64_t now_ms,
                     struct user_id by) MUST_CHECK;
/* url, kinds and state. From any state to on it is as new: no failures. ERR_NOTFOUND: removed. */
enum err webhook_save(struct db *db, const struct webhook *w) MUST_CHECK;
/* Its secrets and what waits are gone; what was sent or failed stays until it is old. */
enum err webhook_remove(struct db *db, int64_t id) MUST_CHECK;
/* Removed ones are not there: ERR_NOTFOUND. */
enum err webhook_load(struct db *db, int64_t id, struct webhook *out) MUST_CHECK;
/* Of a centre, in the order they were made. */
enum err webhook_list(struct db *db, struct org_id centre, struct webhook_list *out) MUST_CHECK;
void webhook_list_free(struct webhook_list *l);

/* Sealed values; old NULL: none, and old_until_ms is not looked at. */
struct webhook_sealed {
    uint8_t *now, *old; /* owned where read: webhook_sealed_free */
    size_t now_len, old_len;
    int64_t old_until_ms;
};
enum err webhook_secret_set(struct db *db, int64_t id, const struct webhook_sealed *s) MUST_CHECK;
enum err webhook_secret(struct db *db, int64_t id, struct webhook_sealed *out) MUST_CHECK;
void webhook_sealed_free(struct webhook_sealed *s);

/* After a try. Off is set where h says so and it is on; *turned_off tells. */
enum err webhook_health_set(struct db *db, int64_t id, const struct webhook_health *h,
                            bool *turned_off) MUST_CHECK;

/* Policy keys webhook.*. */
enum err policy_webhook(struct db *db, struct org_id org, int64_t at_ms,
                        struct webhook_policy *out) MUST_CHECK;

/* ---- messages (webhook_queue.c) --------------------------------------------------------- */

/* Queues the message for every receiver of org's centre (org itself, or the one above it) that
 * wants this kind, paused or not. Inside the transaction of what happened. Without receivers it is
 * nothing. */
enum err webhook_tell(struct db *db, struct org_id org, const struct webhook_event *e,
                      int64_t now_ms) MUST_CHECK;

struct webhook_delivery {
    int64_t id; /* of the message, at every try */
    int64_t webhook;
    char kind[WEBHOOK_KIND_MAX + 1];
    char body[WEBHOOK_BODY_MAX + 1];
    char state[9];
    int tries;
    int64_t created_ms, next_ms, tried_ms, done_ms; /* 0: not yet */
    int64_t took_ms;
    int code;
    char why[WEBHOOK_WHY_MAX + 1];
};

struct webhook_deliveries {
    struct webhook_delivery *items; /* owned */
    size_t n;
};

/* The one that is due longest among receivers that are on and do not rest, claimed: this try is
 * counted. ERR_NOTFOUND: none is due. */
enum err webhook_claim(struct db *db, int64_t now_ms, struct webhook_delivery *out) MUST_CHECK;

struct webhook_settled {
    enum notify_end end;
    int64_t next_ms; /* for NOTIFY_WAITS */
    int code;
    int64_t took_ms;
    const char *why;
};
/* ERR_NOTFOUND: it is not claimed (any more). */
enum err webhook_settle(struct db *db, int64_t id, const struct webhook_settled *s,
                        int64_t now_ms) MUST_CHECK;
/* At the start of the program: what was being sent waits again. */
enum err webhook_recover(struct db *db, int64_t now_ms) MUST_CHECK;
/* One that was sent or has failed waits again, under the same id, with fresh tries. ERR_NOTFOUND:
 * it is not at its end, or its receiver is removed. */
enum err webhook_again(struct db *db, int64_t id, int64_t now_ms) MUST_CHECK;
enum err webhook_delivery_load(struct db *db, int64_t id, struct webhook_delivery *out) MUST_CHECK;
/* Newest first; failed: only the dead letters. */
enum err webhook_deliveries(struct db *db, int64_t webhook, bool failed, size_t first, size_t limit,
                            struct webhook_deliveries *out) MUST_CHECK;
void webhook_deliveries_free(struct webhook_deliveries *l);
/* Messages older than their centre's policy keeps them go, sent or not, and removed receivers that
 * no message names any more. */
enum err webhook_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

#endif
