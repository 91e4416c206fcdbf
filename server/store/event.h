/* SPDX-License-Identifier: Apache-2.0
 *
 * What happened in a room and is not attendance: events, written words, link
 * measurements; and the answers kept for repeated requests. Desk thread.
 */
#ifndef PARTA_STORE_EVENT_H
#define PARTA_STORE_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/store/db.h"
#include "server/store/user.h"

enum err room_event_add(struct db *db, struct lesson_id lesson, struct user_id user,
                        const char *event, int64_t value, int64_t at_ms) MUST_CHECK;
enum err chat_add(struct db *db, struct lesson_id lesson, struct user_id user, const char *text,
                  int64_t at_ms) MUST_CHECK;
/* A second sample of a session in the same millisecond is dropped. */
enum err media_sample_add(struct db *db, struct session_id session, int64_t at_ms,
                          int loss_permille, int rtt_ms, int up_kbps, int down_kbps) MUST_CHECK;

struct room_event {
    struct user_id user;
    int64_t at_ms;
    int64_t value;
    char event[25];
    char name[USER_NAME_MAX + 1]; /* short name */
};
struct room_event_list {
    struct room_event *items; /* owned */
    size_t n;
};
enum err room_event_list(struct db *db, struct lesson_id lesson,
                         struct room_event_list *out) MUST_CHECK;
void room_event_list_free(struct room_event_list *l);

/* Answers to repeated requests (Idempotency-Key). */
struct kept_answer {
    int status;
    char *body; /* owned */
    uint8_t request_hash[32];
};
/* ERR_NOTFOUND: the key is new. */
enum err answer_load(struct db *db, struct user_id user, const char *key,
                     struct kept_answer *out) MUST_CHECK;
enum err answer_keep(struct db *db, struct user_id user, const char *key,
                     const uint8_t *request_hash, int status, const char *body,
                     int64_t now_ms) MUST_CHECK;
/* Deletes answers, sign-in tries, link samples, path tests and used links older than their keep
 * time. What people wrote and did is retention's (store/retention.h). */
enum err store_sweep(struct db *db, int64_t now_ms) MUST_CHECK;

#endif
