/* SPDX-License-Identifier: Apache-2.0
 *
 * Presence: one row per authenticated connection in a lesson, refused tries,
 * outages, and the runs of the server (DOMAIN section 7). A closed row never
 * changes; it enters the register when it closes. Desk thread.
 */
#ifndef PARTA_STORE_SESSION_H
#define PARTA_STORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "server/domain/admission.h"
#include "server/domain/attendance.h"
#include "server/store/db.h"
#include "server/store/user.h"

#define SESSION_HASH_BYTES 32
#define SESSION_CONN_MAX 48
#define SESSION_UNCERTAIN_MAX_MS 5000 /* DOMAIN 7 "Crash": presence is written every 5 s */

struct session {
    struct session_id id;
    struct lesson_id lesson;
    struct user_id user;
    enum seat_role seat;
    int64_t login; /* 0: none */
    int64_t join_ms;
    int64_t leave_ms; /* last_seen_ms while open */
    int64_t last_seen_ms;
    enum leave_cause cause; /* LEAVE_STILL_IN while open */
    int64_t uncertain_ms;
    int64_t screen_ms;
    char name[USER_NAME_MAX + 1]; /* short name; read only */
};

struct session_list {
    struct session *items; /* owned */
    size_t n;
};

struct session_new {
    struct lesson_id lesson;
    struct user_id user;
    enum seat_role seat;
    int64_t login;
    const char *conn;      /* unique over all runs of the server */
    const uint8_t *resume; /* sha-256 of the seat's token */
    int64_t join_ms;
    const char *ip_hash;
};

const char *seat_role_name(enum seat_role s);

/* ERR_STATE "unique": this seat or this connection has an open row. */
enum err session_open(struct db *db, const struct session_new *n,
                      struct session_id *out) MUST_CHECK;

/* The open row of a seat with the digest of its token and its connection. ERR_NOTFOUND. */
struct session_seat {
    struct session_id id;
    int64_t join_ms;
    int64_t last_seen_ms;
    uint8_t resume[SESSION_HASH_BYTES];
    char conn[SESSION_CONN_MAX + 1];
};
enum err session_find_open(struct db *db, struct lesson_id lesson, struct user_id user,
                           struct session_seat *out) MUST_CHECK;
/* Does this digest belong to the newest row, open or closed, of this seat? And the screen time of
 * all its rows. */
enum err session_last(struct db *db, struct lesson_id lesson, struct user_id user,
                      const uint8_t *resume, bool *held, int64_t *screen_ms) MUST_CHECK;
/* Visitors (guardians, coordinators) inside, without this one. */
enum err session_visitors(struct db *db, struct lesson_id lesson, struct user_id without,
                          int *out) MUST_CHECK;
/* A repeated question of the same connection gets a fresh token for the same row. */
enum err session_set_resume(struct db *db, struct session_id id, const uint8_t *resume) MUST_CHECK;

/* The four below do nothing to a row that is closed: a fact told twice is harmless (F10). */
enum err session_seen(struct db *db, struct session_id id, int64_t at_ms) MUST_CHECK;
enum err session_screen(struct db *db, struct session_id id, int64_t screen_ms) MUST_CHECK;
/* Closes the row and enters it in the register. leave is kept within [join, at]. */
enum err session_leave(struct db *db, struct session_id id, int64_t leave_ms,
                       enum leave_cause cause, int64_t uncertain_ms, int64_t now_ms) MUST_CHECK;
enum err session_lesson_of(struct db *db, struct session_id id, struct lesson_id *out) MUST_CHECK;

/* Of one lesson by join; lesson 0: every open row, by lesson and join. */
enum err session_list(struct db *db, struct lesson_id lesson, struct session_list *out) MUST_CHECK;
void session_list_free(struct session_list *l);
enum err session_open_count(struct db *db, struct lesson_id lesson, int *out) MUST_CHECK;

/* J8. result: admit_name or "seat_taken". lesson_known: the lesson exists. */
enum err join_attempt_add(struct db *db, struct lesson_id asked, bool lesson_known,
                          struct user_id user, int64_t at_ms, const char *result,
                          const char *ip_hash) MUST_CHECK;
/* Refusals that count for J8 since since_ms (not back_off itself, not seat_taken), and the time of
 * the ADMIT_TRIES_PER_MINUTE-th newest of them (0 if there are fewer). */
enum err join_refusals(struct db *db, struct user_id user, int64_t since_ms, int *count,
                       int64_t *fifth_ms) MUST_CHECK;

struct join_attempt {
    int64_t id;
    struct lesson_id lesson; /* 0: no such lesson */
    struct user_id user;
    int64_t at_ms;
    char result[24];
    char name[USER_NAME_MAX + 1]; /* short name */
};
struct join_attempt_list {
    struct join_attempt *items; /* owned */
    size_t n;
};
/* The door's log: of one lesson (0: all) and centre (0: all), newest first, at most max. */
enum err join_attempt_list(struct db *db, struct lesson_id lesson, struct org_id centre,
                           int64_t since_ms, int max, struct join_attempt_list *out) MUST_CHECK;
void join_attempt_list_free(struct join_attempt_list *l);

/* kind: "crash", "stop", "records", "network". */
enum err outage_add(struct db *db, int64_t from_ms, int64_t to_ms, const char *kind,
                    int64_t now_ms) MUST_CHECK;

struct recovery {
    int sessions;     /* rows that were open */
    int64_t alive_ms; /* when the server was last certainly alive, 0: never ran */
    bool outage;      /* an outage row was written */
};
/* At start, in a transaction: closes open rows at their last seen time (server_restart, uncertain
 * at most 5 s), writes the outage, begins a new run. */
enum err run_begin(struct db *db, const char *boot, int64_t now_ms,
                   struct recovery *out) MUST_CHECK;
enum err run_alive(struct db *db, const char *boot, int64_t now_ms) MUST_CHECK;
enum err run_stop(struct db *db, const char *boot, int64_t now_ms) MUST_CHECK;

#endif
