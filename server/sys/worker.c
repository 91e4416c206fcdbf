/* SPDX-License-Identifier: Apache-2.0
 *
 * Threads that share one bounded mailbox of jobs.
 */
#include "server/sys/worker.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

/* Worker thread. */
static void *work(void *arg)
{
    struct worker_pool *p = arg;
    struct mail *mail;

    while ((mail = mailbox_wait_one(&p->queue))) {
        struct worker_job *job = (struct worker_job *)mail;

        job->run(job);
        if (mailbox_post(job->done, &job->mail) != ERR_OK)
            job->drop(job);
    }
    return NULL;
}

enum err worker_open(struct worker_pool *p, size_t threads_n, size_t queue_max)
{
    sigset_t all, before;
    enum err e;

    *p = (struct worker_pool){ 0 };
    if (threads_n == 0 || threads_n > WORKER_THREADS_MAX || queue_max == 0)
        return ERR_INVAL;
    e = mailbox_init(&p->queue, NULL, NULL);
    if (e)
        return e;
    mailbox_bound(&p->queue, queue_max);
    /* Signals belong to the main thread. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    while (p->threads_n < threads_n &&
           pthread_create(&p->threads[p->threads_n], NULL, work, p) == 0)
        p->threads_n++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (p->threads_n < threads_n) {
        worker_close(p);
        return ERR_NOMEM;
    }
    return ERR_OK;
}

enum err worker_submit(struct worker_pool *p, struct worker_job *job)
{
    return mailbox_post(&p->queue, &job->mail);
}

enum err worker_submit_first(struct worker_pool *p, struct worker_job *job)
{
    return mailbox_post_first(&p->queue, &job->mail);
}

/* On Linux the nice value is a thread's own. Without the right to it the job runs as any other. */
void worker_step_back(void)
{
    (void)setpriority(PRIO_PROCESS, (id_t)gettid(), 19);
}

size_t worker_waiting(struct worker_pool *p)
{
    return mailbox_count(&p->queue);
}

void worker_stop(struct worker_pool *p)
{
    mailbox_close(&p->queue);
    for (size_t i = 0; i < p->threads_n; i++)
        pthread_join(p->threads[i], NULL);
    p->threads_n = 0;
}

void worker_close(struct worker_pool *p)
{
    worker_stop(p);
    mailbox_deinit(&p->queue);
}
