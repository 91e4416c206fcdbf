/* SPDX-License-Identifier: Apache-2.0
 *
 * sigtimedwait on the main thread.
 */
#include "server/sys/signals.h"

#include <pthread.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "common/base/now.h"

static void watched(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGHUP);
}

enum err signals_block(void)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigset_t set;

    watched(&set);
    sigemptyset(&ignore.sa_mask);
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 || sigaction(SIGPIPE, &ignore, NULL) != 0)
        return ERR_IO;
    return ERR_OK;
}

enum signal_event signals_wait(int64_t max_wait_us)
{
    struct timespec wait = { .tv_sec = max_wait_us / US_PER_S,
                             .tv_nsec = max_wait_us % US_PER_S * 1000 };
    sigset_t set;

    watched(&set);
    switch (sigtimedwait(&set, NULL, &wait)) {
    case SIGTERM:
    case SIGINT:
        return SIGNAL_STOP;
    case SIGHUP:
        return SIGNAL_RELOAD;
    default:
        return SIGNAL_NONE;
    }
}

void signals_stop_self(void)
{
    kill(getpid(), SIGTERM);
}
