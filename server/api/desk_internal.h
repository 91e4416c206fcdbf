/* SPDX-License-Identifier: Apache-2.0
 *
 * Inside the desk: its state and how its files work together. Nobody else
 * includes this. Desk thread, unless a line says otherwise.
 *
 *   mail ──▶ desk.c: batch of runs ──▶ one transaction ──▶ commit ──▶ replies, pushes, jobs
 *              │ per run, in a savepoint:
 *              ├─ HTTP, RESUME   desk_http.c ─▶ api_handle / api_resume
 *              ├─ CONNECT, ADMIT desk_admit.c
 *              └─ FACT           desk_fact.c   (cannot be written: kept, tried again)
 *   time ──▶ desk_time.c: lessons that are over, rights that ran out, "alive"
 */
#ifndef PARTA_API_DESK_INTERNAL_H
#define PARTA_API_DESK_INTERNAL_H

#include "common/base/log.h"
#include "common/base/now.h"
#include "server/api/account.h"
#include "server/api/api.h"
#include "server/api/desk.h"
#include "server/domain/admission.h"
#include "server/store/archive.h"
#include "server/store/db.h"
#include "server/store/hiring.h"
#include "server/store/planning.h"
#include "server/sys/mailbox.h"
#include "server/sys/post.h"
#include "server/sys/seal.h"
#include "server/sys/worker.h"

#define DESK_BATCH_MAX 64 /* requests per transaction: bounds how long the first one waits */
#define DESK_JOBS_MAX 32  /* waiting for a worker (F34) */
/* Of them, waiting or at work, for one client address: a flood of sign-ins from there leaves room
 * for everybody else, and a ward that signs in at nine o'clock still fits. */
#define DESK_JOBS_PER_CLIENT 12
/* How often time is looked at. Whoever loses the right to be inside is cut within a second of it
 * (J6), and half of that is for a busy machine. */
#define DESK_TICK_US (500 * US_PER_MS)
#define DESK_KEPT_MAX 65536      /* facts in memory while they cannot be written */
#define DESK_KEPT_SEATS_MAX 8192 /* presence rows whose last word is kept */
#define DESK_BOOT_CHARS 22       /* 16 random bytes as base64url */

/* The planner's run in hand, as it last told of itself. */
struct plan_live {
    int64_t run; /* 0: none */
    int64_t begun_us;
    struct plan_figures figures;
};

/* The month that is being put into one file, as the archivist last told of it. */
struct archive_live {
    int64_t id; /* 0: none */
    int64_t begun_us;
    int64_t done, total;
};

/* The newest word about a presence row, kept while it cannot be written. */
struct kept_seat {
    struct session_id session;
    int64_t seen_ms;
    int64_t screen_ms;
};

struct kept {
    struct mail *first; /* owned desk_requests, in order */
    struct mail **last;
    size_t n;
    struct kept_seat *seats; /* owned */
    size_t seats_n;
    size_t lost;
};

/* Messages to other programs (desk_hook.c). */
struct hook_live {
    const char *ca_file; /* borrowed */
    bool inside;
    struct worker_pool couriers; /* owned, one: receivers are strangers, and mails need not wait */
    struct worker_job *parcel;   /* owned: given to the courier after the commit */
    struct desk_request *answer; /* owned: an outcome that is not written yet */
    bool busy, undone;
};

/* The address a job is done for, as its digest. */
struct desk_client {
    char hash[65];
};

struct desk {
    /* config */
    struct mailbox *to_net; /* borrowed */
    struct now (*clock)(void);
    int (*handle)(struct api_ctx *ctx, const struct desk_http *http, struct desk_reply *reply);

    /* owned */
    struct db *db;
    struct account_key key;
    struct seal_ring ring;
    struct mailbox in;
    struct mailbox
        nowhere; /* closed from the start: a finished job is dropped, which posts to in */
    struct worker_pool workers;
    struct worker_pool planner;   /* one thread: a plan must not keep anybody from signing in */
    struct worker_pool archivist; /* one: a month's documents take a minute */
    struct worker_pool couriers;  /* one: mails wait for strangers, passwords must not */
    char path[600];               /* of the database */
    char files[600];              /* the folder of what people sent */
    struct desk_board_seat *board;
    size_t board_n;
    struct desk_plan_job *plan_over;       /* its result cannot be written yet */
    struct desk_archive_job *archive_over; /* its result cannot be written yet */

    /* state of the desk thread */
    struct now now; /* of the batch that runs */
    char boot[DESK_BOOT_CHARS + 1];
    size_t jobs_deferred; /* of the batch that runs: submitted after its commit */
    const char
        *deferred_for[DESK_BATCH_MAX]; /* whose they are; borrowed from the batch's requests */
    struct desk_client busy_for[DESK_JOBS_MAX + WORKER_THREADS_MAX]; /* of every job out there */
    size_t busy_n;
    struct kept kept;
    struct post_smtp mail;       /* borrowed text */
    const char *origin;          /* borrowed: of the pages */
    struct worker_job *parcel;   /* owned: given to the courier after the commit */
    struct desk_request *posted; /* owned: an outcome that is not written yet */
    bool courier_busy, post_undone;
    struct hook_live hook;
    bool ailing; /* the last write failed: nothing is written that need not be */
    int64_t board_ms;
    int64_t next_tick_us, next_alive_us, next_sweep_us, next_minute_us, next_hiring_us;
    int64_t next_copies_us;
    struct upcoming looked_at; /* how far the lessons ahead have been looked through */
    enum err (*every_minute)(struct db *db, int64_t now_ms); /* NULL: nothing */
    struct mentor_id reminded; /* the last one looked at; 0: none in this round */
    struct log_limit fault_log;
    struct desk_plan_job *plan; /* at work; the planner's until it comes back */
    struct plan_live plan_live;
    bool plan_due;                    /* somebody asked for a plan */
    struct desk_archive_job *archive; /* at work; the archivist's until it comes back */
    struct archive_live archive_live;
    bool archive_due; /* somebody asked for one */

    /* guarded by in.lock: read by desk_load and desk_kept from any thread */
    size_t in_hand;
    int64_t in_hand_since_us;
    size_t kept_n;
    size_t lost_n;
};

/* What a worker does for a request. */
struct desk_job {
    struct worker_job job; /* first member */
    struct desk *desk;
    struct desk_request *request; /* owned while the worker has it */
    void (*work)(void *arg);
    api_resume *resume;
    void *arg;
    void (*free_arg)(void *arg);
};

void desk_job_free(struct desk_job *j);
/* A job of this request is given to the workers. True if its address has no other there: it goes
 * first, so that nobody waits behind the many of another address (F34). */
bool desk_client_busy(struct desk *d, const struct desk_request *r);
/* It has come back. */
void desk_client_done(struct desk *d, const struct desk_request *r);

/* One request on its way through a batch. */
struct desk_run {
    struct desk_request *request; /* owned; NULL once somebody else has it */
    struct desk_reply *reply;     /* owned; NULL: none is due */
    struct mail *pushes;          /* owned desk_replies, newest first */
    struct desk_job *job;         /* owned; to be submitted after the commit */
    bool keep_writes;
};

void desk_run_reset(struct desk_run *run); /* frees what a failed attempt made */

/* Each runs inside a savepoint. An error undoes it; ERR_STATE and ERR_NOTFOUND are about this
 * request alone, any other may be the database's. */
enum err desk_do_connect(struct desk *d, struct desk_run *run);
enum err desk_do_admit(struct desk *d, struct desk_run *run);
enum err desk_do_fact(struct desk *d, const struct desk_fact *f);
/* Keeps its own savepoint: what is kept depends on the answer's status. */
enum err desk_do_http(struct desk *d, struct desk_run *run);

/* What is answered when it could not be done: 503, no login, UNAVAILABLE. */
void desk_fail(struct desk_run *run);

/* desk_plan.c: begins the oldest run that waits, if none is at work; takes a word of the planner
 * over; writes a result that could not be written; at closing: tells it to stop, frees the rest. */
void desk_plan_next(struct desk *d);
void desk_plan_word(struct desk *d, struct desk_request *r);
void desk_plan_write(struct desk *d);
void desk_plan_close(struct desk *d);
void desk_plan_job_free(struct desk_plan_job *j);

/* desk_archive.c: the same for the month that is put into one file. */
void desk_archive_next(struct desk *d);
void desk_archive_word(struct desk *d, struct desk_request *r);
void desk_archive_write(struct desk *d);
void desk_archive_close(struct desk *d);
void desk_archive_job_free(struct desk_archive_job *j);

/* Takes the fact over; it is written when that is possible again. */
void desk_keep(struct desk *d, struct desk_request *r);
/* Writes what is kept. False: still not possible. */
bool desk_write_kept(struct desk *d);
void desk_kept_deinit(struct desk *d);

/* Work that is due by time; in a transaction of its own. Pushes go to *run. */
enum err desk_do_time(struct desk *d, struct desk_run *run);
/* What time does to mentors: hired from their order's first day on, suspended by what has expired,
 * warned before; a lesson ahead that its mentor may not teach any more needs a substitute. */
enum err desk_do_hiring(struct desk *d, struct desk_run *run);
/* The queue of mails: what came of the last one, and the next one that is due; then, behind the
 * transaction, whatever became of it. take: the courier's answer. */
enum err desk_do_post(struct desk *d);
void desk_post_after(struct desk *d, bool committed);
void desk_post_take(struct desk *d, struct desk_request *r);
enum err desk_post_open(struct desk *d, const struct desk_config *c);
void desk_post_close(struct desk *d);
enum err desk_post_sweep(struct desk *d);
/* The queue of messages to other programs: the same. */
enum err desk_do_hooks(struct desk *d);
void desk_hook_after(struct desk *d, bool committed);
void desk_hook_take(struct desk *d, struct desk_request *r);
enum err desk_hook_open(struct desk *d, const struct desk_config *c);
void desk_hook_close(struct desk *d);
/* The run of retention that is at work, a little further. */
enum err desk_do_retention(struct desk *d);
/* Who has not come to a lesson that is on, told by mail. */
enum err desk_do_noshow(struct desk *d);
enum err desk_do_reminders(struct desk *d);
void desk_do_files(struct desk *d);
bool desk_time_due(const struct desk *d);

/* The person as admission sees them now, for somebody inside. */
enum err desk_person(struct desk *d, const struct lesson_facts *f, struct user_id user,
                     int64_t login, struct admit_person *out);
/* Queue a push; a lack of memory is logged: the periodic check tells the room later. */
void desk_queue_lesson(struct desk *d, struct desk_run *run, struct lesson_id lesson);
void desk_queue_person(struct desk *d, struct desk_run *run, struct lesson_id lesson,
                       const struct admit_person *p);
void desk_queue_logout(struct desk_run *run, int64_t login);

#endif
