/* SPDX-License-Identifier: Apache-2.0
 *
 * The durable queue of what is sent: one row per event and receiver, claimed
 * by one sender, settled by its answer. Desk thread.
 */
#ifndef PARTA_STORE_NOTIFICATION_H
#define PARTA_STORE_NOTIFICATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/notify.h"
#include "server/store/db.h"
#include "server/store/user.h"

#define MAIL_ADDRESS_MAX 254
#define NOTIFICATION_KIND_MAX 32
#define NOTIFICATION_KEY_MAX 120
#define NOTIFICATION_ARGS_MAX 4000
#define NOTIFICATION_DETAIL_MAX 200

/* ---- addresses -------------------------------------------------------------------------- */

/* address: lower case, notify_address_ok. ERR_STATE "unique": somebody else's. */
enum err mail_address_set(struct db *db, struct user_id user, const char *address,
                          int64_t now_ms) MUST_CHECK;
/* "" if the person has none. */
enum err mail_address_of(struct db *db, struct user_id user,
                         char out[MAIL_ADDRESS_MAX + 1]) MUST_CHECK;
/* ERR_NOTFOUND: nobody's. */
enum err user_by_address(struct db *db, const char *address, struct user *out) MUST_CHECK;

/* ---- the queue -------------------------------------------------------------------------- */

struct notification {
    int64_t id;
    struct org_id centre;
    bool hook;
    char kind[NOTIFICATION_KIND_MAX + 1];
    char key[NOTIFICATION_KEY_MAX + 1];
    struct user_id user; /* 0: none */
    char address[MAIL_ADDRESS_MAX + 1];
    int64_t hook_id;
    char locale[9];
    char args[NOTIFICATION_ARGS_MAX + 1]; /* JSON */
    char state[9];
    int tries;
    int64_t next_ms, created_ms, done_ms; /* done_ms 0: not yet */
    int code;
    char detail[NOTIFICATION_DETAIL_MAX + 1];
};

/* centre, hook, kind, key, user or address or hook_id, locale, args and next_ms are written.
 * *out_id 0: this event has been told to this receiver already; no error. */
enum err notification_add(struct db *db, const struct notification *n, int64_t now_ms,
                          int64_t *out_id) MUST_CHECK;
/* The sealed token of a row; only while it waits. */
enum err notification_seal(struct db *db, int64_t id, const uint8_t *sealed, size_t len) MUST_CHECK;
/* Owned (mem_free); NULL, 0: none. */
enum err notification_sealed(struct db *db, int64_t id, uint8_t **out, size_t *len) MUST_CHECK;

/* The one that is due longest, claimed: its state is sending and this try is counted.
 * ERR_NOTFOUND: none is due. */
enum err notification_claim(struct db *db, int64_t now_ms, struct notification *out) MUST_CHECK;
/* What came of a claimed one; ERR_NOTFOUND: it is not claimed (any more). The sealed token goes
 * with the end. */
enum err notification_settle(struct db *db, int64_t id, enum notify_end end, int64_t next_ms,
                             int code, const char *detail, int64_t now_ms) MUST_CHECK;
/* At the start of the program: what was being sent waits again. */
enum err notification_recover(struct db *db, int64_t now_ms) MUST_CHECK;
/* A failed one waits again, with fresh tries; ERR_NOTFOUND: it has not failed, or its token is
 * gone. */
enum err notification_again(struct db *db, int64_t id, int64_t now_ms) MUST_CHECK;
enum err notification_load(struct db *db, int64_t id, struct notification *out) MUST_CHECK;

struct notification_list {
    struct notification *items; /* owned */
    size_t n;
};
/* Newest first. centre 0: all; open: only what waits, is being sent or has failed. */
enum err notification_list(struct db *db, struct org_id centre, bool open, size_t first,
                           size_t limit, struct notification_list *out) MUST_CHECK;
void notification_list_free(struct notification_list *l);

/* Rows that ended go when their centre has kept them for as long as it says (notify.keep_days). */
enum err notification_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

/* Policy keys notify.*. */
enum err policy_notify(struct db *db, struct org_id org, int64_t at_ms,
                       struct notify_policy *out) MUST_CHECK;

#endif
