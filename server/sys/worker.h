/* SPDX-License-Identifier: Apache-2.0
 *
 * A bounded pool of threads for what is too slow for a loop: password hashing,
 * documents, compositions. A job is a struct of the caller's with struct
 * worker_job as its first member; it runs once on some worker and then comes
 * back as mail. A full queue refuses: a flood of logins must not pile up (F34).
 */
#ifndef PARTA_SYS_WORKER_H
#define PARTA_SYS_WORKER_H

#include <pthread.h>
#include <stddef.h>

#include "common/base/err.h"
#include "server/sys/mailbox.h"

#define WORKER_THREADS_MAX 16

struct worker_job {
    struct mail mail; /* first member */
    void (*run)(struct worker_job *job);
    struct mailbox *done; /* borrowed: the finished job is posted here; must outlive the pool */
    /* Called on the worker instead of the post when done is closed: frees the job. */
    void (*drop)(struct worker_job *job);
};

struct worker_pool {
    pthread_t threads[WORKER_THREADS_MAX];
    size_t threads_n;
    struct mailbox queue;
};

/* Starts threads_n threads (1..WORKER_THREADS_MAX) with a queue of queue_max waiting jobs.
 * ERR_INVAL, ERR_NOMEM. */
enum err worker_open(struct worker_pool *p, size_t threads_n, size_t queue_max) MUST_CHECK;

/* Any thread. ERR_AGAIN when the queue is full, ERR_STATE after worker_close has begun; the job
 * then stays the caller's. */
enum err worker_submit(struct worker_pool *p, struct worker_job *job) MUST_CHECK;

/* The same, before everything that waits. */
enum err worker_submit_first(struct worker_pool *p, struct worker_job *job) MUST_CHECK;

/* Inside a job: its thread from now on gets a processor when nobody else wants it. For a pool whose
 * jobs are long and may wait; there is no way back. */
void worker_step_back(void);

/* Any thread: jobs that wait (not the ones that run). */
size_t worker_waiting(struct worker_pool *p);

/* Refuses new jobs, runs what is queued, joins the threads; others may still come and be refused.
 */
void worker_stop(struct worker_pool *p);

/* The same, and the end of it: nobody else may know the pool any more. */
void worker_close(struct worker_pool *p);

#endif
