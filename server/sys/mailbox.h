/* SPDX-License-Identifier: Apache-2.0
 *
 * The only path between threads, and the only mutex of the program. Any
 * thread posts; exactly one thread takes (a worker pool shares its box through
 * mailbox_wait_one). Mail is intrusive: the poster gives up ownership, the
 * taker frees it. Order of one poster is kept.
 */
#ifndef PARTA_SYS_MAILBOX_H
#define PARTA_SYS_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/base/err.h"

struct mail {
    struct mail *next;
};

struct mailbox {
    pthread_mutex_t lock;
    pthread_cond_t filled; /* for takers that wait */
    struct mail *first;
    struct mail **last;
    size_t n;   /* mails inside */
    size_t max; /* more are refused with ERR_AGAIN; 0 = no bound */
    bool closed;
    /* Called by the poster when the box was empty, with the box locked: it must be thread-safe and
     * touch no mailbox. After mailbox_close has returned it is never called again. */
    void (*wake)(void *arg);
    void *wake_arg;
};

/* wake may be NULL for a taker that waits in mailbox_wait. */
enum err mailbox_init(struct mailbox *m, void (*wake)(void *arg), void *wake_arg) MUST_CHECK;

/* No thread may use the box any more. Mail still inside is the caller's to take first. */
void mailbox_deinit(struct mailbox *m);

/* Before the first post: refuse more than max mails at a time. */
void mailbox_bound(struct mailbox *m, size_t max);

/* Any thread. After mailbox_close the mail is refused with ERR_STATE, over the bound with
 * ERR_AGAIN; a refused mail stays the poster's. */
enum err mailbox_post(struct mailbox *m, struct mail *mail) MUST_CHECK;

/* The same, in front of everything that is there. */
enum err mailbox_post_first(struct mailbox *m, struct mail *mail) MUST_CHECK;

/* Taker's thread. Everything that is there, in order, or NULL. */
struct mail *mailbox_take(struct mailbox *m);

/* Taker's thread. Waits until there is mail, the box is closed (then NULL), or max_wait_us passed.
 */
struct mail *mailbox_wait(struct mailbox *m, int64_t max_wait_us);

/* Several takers: the first mail alone, waiting for it; NULL once the box is closed and empty. */
struct mail *mailbox_wait_one(struct mailbox *m);

/* Any thread: mails inside at this moment. */
size_t mailbox_count(struct mailbox *m);

/* Any thread: no more mail is accepted; waiting takers wake. What is inside can still be taken. */
void mailbox_close(struct mailbox *m);

#endif
