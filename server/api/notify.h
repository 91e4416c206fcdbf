/* SPDX-License-Identifier: Apache-2.0
 *
 * Telling a person something by mail: one call puts it into the durable queue
 * (store/notification.h), inside the transaction of what it is about, so that
 * either both are true or neither. The desk sends it later. Desk thread.
 */
#ifndef PARTA_API_NOTIFY_H
#define PARTA_API_NOTIFY_H

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/notify.h"
#include "server/store/db.h"
#include "server/store/org.h"
#include "server/sys/seal.h"

/* What the letter may say (render/letter.h). Everything may be missing. */
struct notify_args {
    const char *path; /* of the page, behind the server's own address: "/board" */
    int64_t when_ms;  /* shown in the reader's zone; 0: none */
    const char *what; /* a code: "mentor", "on" */
    const char *who;  /* an adult's name, or a child's given name: never a child's surname */
};

/* key names the event: the same kind and key is told to the same person once, whatever comes. A
 * person without a mail address, or whose access has ended, is not told; no error. The mail waits
 * for the end of the person's quiet hours where its kind does. */
enum err notify(struct db *db, struct user_id user, enum notify_kind kind, const char *key,
                const struct notify_args *args, int64_t now_ms) MUST_CHECK;

/* To an address, with a one-time token that is put behind args->path in the letter. user: 0 where
 * there is no account yet. The token lies sealed in the queue and is gone once the mail is. */
struct notify_secret {
    struct org_id centre;
    struct user_id user;
    const char *address, *locale;
    const char *token;
};
enum err notify_with_token(struct db *db, const struct seal_ring *ring,
                           const struct notify_secret *s, enum notify_kind kind, const char *key,
                           const struct notify_args *args, int64_t now_ms) MUST_CHECK;

/* The centre a person belongs to by the grants that stand. ERR_NOTFOUND: none. */
enum err notify_centre(struct db *db, struct user_id user, int64_t now_ms,
                       struct org *out) MUST_CHECK;

/* The place of a row's sealed token. */
struct seal_place notify_place(int64_t id);

#endif
