/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk: the records thread, and the face it shows to the net loop. It
 * alone owns the writing database connection. Requests come through its
 * mailbox; everything that has queued runs in one transaction, a savepoint
 * per request, and every answer is posted after the commit: what was answered
 * is on the disk. The net loop never waits for it.
 */
#ifndef PARTA_API_DESK_H
#define PARTA_API_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/now.h"
#include "server/domain/admission.h"
#include "server/domain/attendance.h"
#include "server/domain/lesson.h"
#include "server/domain/notify.h"
#include "server/sys/mailbox.h"

#define DESK_BODY_MAX (64u * 1024)
#define DESK_FILE_MAX (10u * 1024 * 1024) /* of a file that is sent (DOMAIN 28) */
#define DESK_FILES ".files" /* behind the database's path: the folder of what people sent */
#define DESK_NAME_MAX 160
#define DESK_TOKEN_MAX 64
#define DESK_NET_MAX 24
#define DESK_COOKIE "__Host-s" /* name of the login cookie (RELIABILITY section 5) */

enum desk_request_kind {
    DESK_HTTP,    /* one API request */
    DESK_CONNECT, /* whose login session is this cookie? (WebSocket handshake) */
    DESK_ADMIT,   /* a seat in a lesson; on success the session row is written */
    DESK_FACT,    /* something that happened in a room, to be written down; no answer */
    DESK_BOARD,   /* fresh view of all rooms, kept for the live board; no answer */
    DESK_RESUME,  /* the desk's own: a worker is done with a DESK_HTTP request */
    DESK_PLAN,    /* the desk's own: the planner has something to say; no answer */
    DESK_ARCHIVE, /* the desk's own: the archivist has something to say; no answer */
    DESK_POSTED,  /* the desk's own: what came of a mail */
    DESK_HOOKED,  /* the desk's own: what came of a message to another program */
};

/* Method, target and the few headers the API looks at. All text owned by the request. */
struct desk_http {
    char method[8];
    char *path;   /* decoded, begins with /api/ */
    char *query;  /* raw, may be "" */
    char *cookie; /* value of the session cookie or "" */
    char *if_match;
    char *idempotency_key;
    char *accept_language;
    char *user_agent;
    char net[DESK_NET_MAX +
             1]; /* the beginning of the peer's address, for the person's own list of devices */
    char
        client_hash[65]; /* hex sha-256 of the peer address with a per-start salt: for throttling */
    char *body;
    size_t body_len;
    bool file; /* the body is a file's bytes, no JSON */
};

struct desk_admit {
    struct user_id user;
    int64_t login;
    struct lesson_id lesson;
    bool take_over;
    char resume[DESK_TOKEN_MAX + 1];
    char client_hash[65];
    uint64_t conn; /* unique id of the connection: idempotency of the session row */
};

enum desk_fact_kind {
    DESK_FACT_SEEN,
    DESK_FACT_LEFT,
    DESK_FACT_LESSON_STATE,
    DESK_FACT_CHAT,
    DESK_FACT_EVENT,
    DESK_FACT_SCREEN,
    DESK_FACT_LINK,
};

/* Mirrors room_fact (the room may not know the desk); text is owned. */
struct desk_fact {
    enum desk_fact_kind kind;
    struct lesson_id lesson;
    struct session_id session;
    struct user_id user;
    int64_t at_ms;
    enum leave_cause cause;
    enum lesson_state lesson_state;
    char event[24];
    char *text;
    int64_t value;
    int loss_permille, rtt_ms, up_kbps, down_kbps;
};

/* One person in one running room, as the live board shows it. */
struct desk_board_seat {
    struct lesson_id lesson;
    struct user_id user;
    enum seat_role seat;
    bool present, mic, camera, screen, hand, resting;
    int64_t since_ms;
    int loss_permille, rtt_ms;
    char room_state[12];
};

struct desk_request {
    struct mail mail; /* first member */
    enum desk_request_kind kind;
    uint64_t tag;      /* the net loop's own mark, returned in the reply */
    int64_t posted_us; /* the desk's own: when it was posted */
    void *job;         /* the desk's own: what a worker did for it */
    union {
        struct desk_http http;
        struct {
            char cookie[DESK_TOKEN_MAX * 2 + 1];
        } connect;
        struct desk_admit admit;
        struct desk_fact fact;
        struct {
            struct desk_board_seat *seats;
            size_t n;
            int64_t at_ms;
        } board; /* seats owned */
        struct {
            void *job; /* owned; NULL: it goes on */
            int64_t wanted, placed, bound, steps;
        } plan;
        struct {
            void *job; /* owned; NULL: it goes on */
            int64_t done, total;
        } archive;
        struct {
            int64_t notification;
            struct org_id centre;
            int tries;
            enum notify_try said;
            int code;
            char detail[160];
        } posted;
        struct {
            int64_t delivery, webhook;
            struct org_id centre;
            int tries;
            enum notify_try said;
            int code;
            int64_t took_ms;
            const char *why; /* a literal */
        } hooked;
    } u;
};

enum desk_reply_kind {
    DESK_REPLY_HTTP,
    DESK_REPLY_CONNECT,
    DESK_REPLY_ADMIT,
    DESK_PUSH_LESSON, /* a lesson's facts changed: tell its room */
    DESK_PUSH_PERSON, /* a person's rights in a lesson changed */
    DESK_PUSH_LOGOUT, /* a login session ended: close its connections */
};

struct desk_reply {
    struct mail mail; /* first member */
    enum desk_reply_kind kind;
    uint64_t tag;
    union {
        struct {
            int status;
            char content_type[80];
            char *headers; /* extra header lines "Name: value\r\n"..., owned, may be NULL */
            char *body;    /* owned, may be NULL */
            size_t body_len;
            bool from_file; /* the body is what fd holds, body_len bytes; fd is owned */
            int fd;
        } http;
        struct {
            bool ok;
            struct user_id user;
            int64_t login;
            char name[DESK_NAME_MAX + 1];
        } connect;
        struct {
            enum admit verdict;
            bool seat_taken; /* the person is in from another device and did not ask to take over */
            int64_t at_ms;   /* refusal: when to try again, or 0 */
            struct lesson_facts facts; /* OK: the lesson, the person, its new session row */
            struct admit_person person;
            struct session_id session;
            char name[DESK_NAME_MAX + 1];
            char animal[17];
            char resume[DESK_TOKEN_MAX + 1];
            bool came_back;         /* the resume token was that of the person's last seat here */
            int64_t screen_used_ms; /* by this person in this lesson so far (R6) */
            char subject[81];
            char kind[25];
            char title[161];
        } admit;
        struct {
            struct lesson_facts facts;
            char subject[81];
            char kind[25];
            char title[161];
        } lesson;
        struct {
            struct lesson_id lesson;
            struct admit_person person;
        } person;
        struct {
            int64_t login;
        } logout;
    } u;
};

struct api_ctx;
struct db;
struct desk_reply;

/* How mail leaves (sys/post.h); url NULL or "": it does not. Borrowed while the desk lives. */
struct desk_mail {
    const char *url, *user, *password, *from, *ca_file;
    const char *origin; /* where browsers find the pages: what links in mails begin with */
};

/* How messages to other programs leave (sys/hook.h). Borrowed while the desk lives. */
struct desk_hooks {
    const char *ca_file; /* NULL or "": the system's */
    bool inside;         /* for tests: also to addresses that are not public */
};

struct desk_config {
    const char *db_path;
    const char *key_path;   /* 32-byte key file: the password pepper */
    const char *ring_path;  /* keys of sealed columns (sys/seal.h); NULL: db_path with ".ring" */
    int workers;            /* hashing and document threads */
    struct mailbox *to_net; /* borrowed: where replies and pushes go */
    struct desk_mail mail;
    struct desk_hooks hooks;
    /* For tests; NULL: the system's clock, and the endpoints of server/api. clock: any thread. */
    struct now (*clock)(void);
    int (*handle)(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply);
    /* NULL, or called once a minute on the desk's thread, inside a transaction: the demo keeps a
     * lesson running with it. */
    enum err (*every_minute)(struct db *db, int64_t now_ms);
};

struct desk;

/* Opens the database (migrates, recovers open sessions: DOMAIN 7 "Crash"), starts the thread.
 * ERR_AGAIN: another process has the database. ERR_DB: it is damaged, or newer than the program; it
 * is never recreated (F5). ERR_PARSE: a key file is not one. ERR_NOTFOUND: the ring is gone and
 * sealed values are here. ERR_DENIED: others may read the ring. ERR_IO, ERR_NOMEM. */
enum err desk_open(struct desk **out, const struct desk_config *config) MUST_CHECK;

/* Any thread. Takes the request over; on ERR_STATE (shutting down) it stays the caller's. */
enum err desk_post(struct desk *d, struct desk_request *r) MUST_CHECK;

/* Finishes what is queued, closes the database, joins the threads. */
void desk_close(struct desk *d);

struct desk_request *desk_request_new(enum desk_request_kind kind, uint64_t tag);
void desk_request_free(struct desk_request *r);
void desk_reply_free(struct desk_reply *r);

/* Depth of the queue and age of its oldest request in us: for /readyz and metrics. Any thread. */
void desk_load(struct desk *d, size_t *queued, int64_t *oldest_us);

/* Facts kept in memory because they cannot be written (disk full, F3), and facts lost because that
 * memory is full too. 0, 0 when all is well. Any thread. */
void desk_kept(struct desk *d, size_t *kept, size_t *lost);

#endif
