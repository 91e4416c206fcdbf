/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the desk and the HTTP endpoints. The desk finds out who asks, opens
 * a savepoint, calls api_handle and posts the reply after the commit. The
 * endpoints are straight-line code: rights, domain rule, store, JSON. They
 * never wait: what is slow (a password hash) goes to a worker and comes back
 * as a second call on the same request. Desk thread.
 */
#ifndef PARTA_API_API_H
#define PARTA_API_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"
#include "common/base/ids.h"
#include "common/base/now.h"
#include "server/api/desk.h"
#include "server/domain/access.h"
#include "server/store/db.h"
#include "server/store/login.h"
#include "server/store/user.h"

/* The person behind the cookie; never taken from a message. */
struct api_session {
    bool valid;
    struct login login;
    struct user user;
    struct grant_set grants; /* that stand now */
};

struct api_ctx {
    struct db *db; /* the writing connection, inside a transaction and a savepoint */
    struct now now;
    struct desk *desk;
    struct desk_request *request; /* borrowed; request->u.http is what is answered */
    struct api_session session;
    /* GET or HEAD: what it writes is undone (S8: no GET changes state), but for what
     * api_keep_writes keeps: a count of tries, a line in the audit. */
    bool read_only_asked;
    struct desk_run *run; /* the desk's own */
};

enum api_answer {
    API_DONE,   /* reply is filled */
    API_LATER,  /* a worker has it; the reply comes from the second call */
    API_FAILED, /* the store failed: everything is undone, the desk answers 503 */
};

/* branch api: the endpoints. A status >= 400 undoes what the call wrote, unless
 * api_keep_writes was called (a counted wrong password is written although it is refused). */
enum api_answer api_handle(struct api_ctx *ctx, const struct desk_http *http,
                           struct desk_reply *reply);

void api_keep_writes(struct api_ctx *ctx);

/* Second call: the work is done; the same kind of answer as api_handle. ctx is a fresh one of the
 * same request: the person may have been signed out meanwhile. */
typedef enum api_answer api_resume(struct api_ctx *ctx, void *arg, struct desk_reply *reply);

/* Hands work to a worker after the commit; the caller then returns API_LATER. work(arg) runs on a
 * worker and touches nothing but arg; resume gets the same arg on the desk; free_arg is called once
 * in every case, also when this fails. ERR_AGAIN: 32 wait already (answer 429). ERR_NOMEM. */
enum err api_defer(struct api_ctx *ctx, void (*work)(void *arg), api_resume *resume, void *arg,
                   void (*free_arg)(void *arg)) MUST_CHECK;

/* Fills a reply. The body is copied; ERR_NOMEM becomes a 503 without body. */
void api_reply(struct desk_reply *reply, int status, const char *content_type, const char *body,
               size_t body_len);
/* The same with the first len bytes of a file, which is taken over in every case. */
void api_reply_file(struct desk_reply *reply, int status, const char *content_type, int fd,
                    size_t len);
/* One more header line, "Name: value". */
void api_header(struct desk_reply *reply, const char *name, const char *value);

/* ---- pushes: told to the net loop after the commit, dropped if the request is undone ------- */

/* The facts of the lesson changed (moved, cancelled, substituted, ended): tell its room. */
void desk_push_lesson(struct api_ctx *ctx, struct lesson_id lesson);
/* A person's rights changed (locked, grant, consent, guardianship, employment): asked anew for
 * every lesson the person is in now. */
void desk_push_person(struct api_ctx *ctx, struct user_id user);
/* The same for one lesson. */
void desk_push_person_in(struct api_ctx *ctx, struct lesson_id lesson, struct user_id user);
/* A login session ended: its connections are closed. */
void desk_push_logout(struct api_ctx *ctx, int64_t login);

/* A run of the planner was asked for: it begins after the commit, or when the one at work is over.
 */
void desk_plan_ask(struct desk *d);
/* The run at work is to stop; what it has found so far stays. False: it is not at work. */
bool desk_plan_stop(struct desk *d, int64_t run);
/* What the run at work told last, and for how long it works, ms. False: it is not at work. */
struct plan_figures;
bool desk_plan_told(const struct desk *d, int64_t run, struct plan_figures *figures, int64_t *ms);

/* A month's archive was asked for: it begins after the commit, or when the one at work is over. */
void desk_archive_ask(struct desk *d);
/* The one at work is to stop; nothing of it stays. False: it is not at work. */
bool desk_archive_stop(struct desk *d, int64_t id);
/* How far the one at work is, and for how long it works, ms. False: it is not at work. */
bool desk_archive_told(const struct desk *d, int64_t id, int64_t *done, int64_t *total,
                       int64_t *ms);

/* The database's path, for a worker that reads through a connection of its own. */
const char *desk_database(const struct desk *d);

/* The folder of the files that people sent. */
const char *desk_files(const struct desk *d);

/* Does this server send mail? */
bool desk_mails(const struct desk *d);

/* Messages to other programs may go to addresses that are not public: a test's setting. */
bool desk_hooks_inside(const struct desk *d);

/* Rooms as last reported by the net loop, for the live board; borrowed until the next mail. */
const struct desk_board_seat *desk_board(const struct desk *d, size_t *n, int64_t *at_ms);

#endif
