/* SPDX-License-Identifier: Apache-2.0
 *
 * A locked singly linked list with a condition variable on the monotonic
 * clock. Any thread; see the header for who may call what.
 */
#include "server/sys/mailbox.h"

#include <assert.h>
#include <errno.h>
#include <time.h>

#include "common/base/now.h"

enum err mailbox_init(struct mailbox *m, void (*wake)(void *arg), void *wake_arg)
{
    pthread_condattr_t attr;

    *m = (struct mailbox){ .wake = wake, .wake_arg = wake_arg };
    m->last = &m->first;
    if (pthread_condattr_init(&attr) != 0)
        return ERR_NOMEM;
    /* A wall clock that is set back must not lengthen a wait. */
    if (pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) != 0 ||
        pthread_cond_init(&m->filled, &attr) != 0) {
        pthread_condattr_destroy(&attr);
        return ERR_NOMEM;
    }
    pthread_condattr_destroy(&attr);
    if (pthread_mutex_init(&m->lock, NULL) != 0) {
        pthread_cond_destroy(&m->filled);
        return ERR_NOMEM;
    }
    return ERR_OK;
}

void mailbox_deinit(struct mailbox *m)
{
    assert(!m->first);
    pthread_cond_destroy(&m->filled);
    pthread_mutex_destroy(&m->lock);
}

void mailbox_bound(struct mailbox *m, size_t max)
{
    m->max = max;
}

static enum err post(struct mailbox *m, struct mail *mail, bool first)
{
    enum err e = ERR_OK;

    pthread_mutex_lock(&m->lock);
    if (m->closed) {
        e = ERR_STATE;
    } else if (m->max && m->n >= m->max) {
        e = ERR_AGAIN;
    } else {
        mail->next = first ? m->first : NULL;
        if (!first || !m->first) {
            *m->last = mail;
            m->last = &mail->next;
        } else {
            m->first = mail;
        }
        pthread_cond_signal(&m->filled);
        if (m->n++ == 0 && m->wake)
            m->wake(m->wake_arg);
    }
    pthread_mutex_unlock(&m->lock);
    return e;
}

enum err mailbox_post(struct mailbox *m, struct mail *mail)
{
    return post(m, mail, false);
}

enum err mailbox_post_first(struct mailbox *m, struct mail *mail)
{
    return post(m, mail, true);
}

/* With the lock held. */
static struct mail *take_all(struct mailbox *m)
{
    struct mail *all = m->first;

    m->first = NULL;
    m->last = &m->first;
    m->n = 0;
    return all;
}

struct mail *mailbox_take(struct mailbox *m)
{
    struct mail *all;

    pthread_mutex_lock(&m->lock);
    all = take_all(m);
    pthread_mutex_unlock(&m->lock);
    return all;
}

struct mail *mailbox_wait(struct mailbox *m, int64_t max_wait_us)
{
    struct timespec until;
    struct mail *all;

    clock_gettime(CLOCK_MONOTONIC, &until);
    if (max_wait_us > 0) {
        /* An hour at a time is as good as forever, and cannot overflow. */
        int64_t wait_us = earlier_us(max_wait_us, 3600 * US_PER_S);
        int64_t nsec = until.tv_nsec + wait_us % US_PER_S * 1000;

        until.tv_sec += wait_us / US_PER_S + nsec / 1000000000;
        until.tv_nsec = nsec % 1000000000;
    }
    pthread_mutex_lock(&m->lock);
    while (!m->first && !m->closed) {
        if (pthread_cond_timedwait(&m->filled, &m->lock, &until) == ETIMEDOUT)
            break;
    }
    all = take_all(m);
    pthread_mutex_unlock(&m->lock);
    return all;
}

struct mail *mailbox_wait_one(struct mailbox *m)
{
    struct mail *one;

    pthread_mutex_lock(&m->lock);
    while (!m->first && !m->closed)
        pthread_cond_wait(&m->filled, &m->lock);
    one = m->first;
    if (one) {
        m->first = one->next;
        m->n--;
        if (!m->first)
            m->last = &m->first;
        one->next = NULL;
    }
    pthread_mutex_unlock(&m->lock);
    return one;
}

size_t mailbox_count(struct mailbox *m)
{
    size_t n;

    pthread_mutex_lock(&m->lock);
    n = m->n;
    pthread_mutex_unlock(&m->lock);
    return n;
}

void mailbox_close(struct mailbox *m)
{
    pthread_mutex_lock(&m->lock);
    m->closed = true;
    pthread_cond_broadcast(&m->filled);
    pthread_mutex_unlock(&m->lock);
}
