/* SPDX-License-Identifier: Apache-2.0
 *
 * Datagrams to systemd. Net loop only.
 */
#include "server/net/notify.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "common/base/log.h"

int notify_open(void)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    size_t len = path ? strlen(path) : 0;
    int fd;

    if (len < 2 || len >= sizeof to.sun_path || (path[0] != '/' && path[0] != '@'))
        return -1;
    memcpy(to.sun_path, path, len);
    if (path[0] == '@') /* the abstract namespace */
        to.sun_path[0] = '\0';
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    if (connect(fd, (struct sockaddr *)&to,
                (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len)) != 0) {
        log_warn("notify.open", "error=connect");
        close(fd);
        return -1;
    }
    return fd;
}

static void say(int fd, const char *text)
{
    static struct log_limit limit;

    if (fd >= 0 && send(fd, text, strlen(text), MSG_NOSIGNAL) < 0 &&
        log_limit_pass(&limit, 0, 1, 1))
        log_warn("notify.send", "error=send");
}

void notify_ready(int fd)
{
    say(fd, "READY=1");
}

void notify_alive(int fd)
{
    say(fd, "WATCHDOG=1");
}

void notify_stopping(int fd)
{
    say(fd, "STOPPING=1");
}

void notify_close(int fd)
{
    if (fd >= 0)
        close(fd);
}
