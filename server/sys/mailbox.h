/* SPDX-License-Identifier: Apache-2.0
 *
 * The only path between threads, and the only mutex of the program. Any
 * thread posts; exactly one thread takes. Mail is intrusive: the poster gives
 * up ownership, the taker frees it. Order of one poster is kept.
 */
#ifndef PARTA_SYS_MAILBOX_H
#define PARTA_SYS_MAILBOX_H

#include <pthread.h>
#include <stdbool.h>
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
    bool closed;
    void (*wake)(void *arg); /* called by the poster when the box was empty; must be thread-safe */
    void *wake_arg;
};

/* wake may be NULL for a taker that waits in mailbox_wait. */
enum err mailbox_init(struct mailbox *m, void (*wake)(void *arg), void *wake_arg) MUST_CHECK;
void mailbox_deinit(struct mailbox *m);

/* Any thread. After mailbox_close the mail is refused with ERR_STATE and stays the poster's. */
enum err mailbox_post(struct mailbox *m, struct mail *mail) MUST_CHECK;

/* Taker's thread. Everything that is there, in order, or NULL. */
struct mail *mailbox_take(struct mailbox *m);

/* Taker's thread. Waits until there is mail, the box is closed (then NULL), or max_wait_us passed.
 */
struct mail *mailbox_wait(struct mailbox *m, int64_t max_wait_us);

/* Any thread: no more mail is accepted; a waiting taker wakes. */
void mailbox_close(struct mailbox *m);

#endif
