/* SPDX-License-Identifier: Apache-2.0
 *
 * Socket addresses. Any thread.
 */
#include "server/net/sockaddr.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

bool addr_from_sockaddr(const struct sockaddr_storage *in, struct addr *out)
{
    *out = (struct addr){ 0 };
    if (in->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)(const void *)in;

        out->family = 4;
        memcpy(out->ip, &v4->sin_addr, 4);
        out->port = ntohs(v4->sin_port);
        return true;
    }
    if (in->ss_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)(const void *)in;

        out->port = ntohs(v6->sin6_port);
        if (IN6_IS_ADDR_V4MAPPED(&v6->sin6_addr)) {
            out->family = 4;
            memcpy(out->ip, v6->sin6_addr.s6_addr + 12, 4);
        } else {
            out->family = 6;
            memcpy(out->ip, &v6->sin6_addr, 16);
        }
        return true;
    }
    return false;
}

socklen_t addr_to_sockaddr(const struct addr *in, int family, struct sockaddr_storage *out)
{
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)out;
    struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)out;

    if (family == AF_INET) {
        if (in->family != 4)
            return 0;
        *v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(in->port) };
        memcpy(&v4->sin_addr, in->ip, 4);
        return sizeof *v4;
    }
    *v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons(in->port) };
    if (in->family == 4) {
        memset(v6->sin6_addr.s6_addr + 10, 0xff, 2);
        memcpy(v6->sin6_addr.s6_addr + 12, in->ip, 4);
    } else {
        memcpy(&v6->sin6_addr, in->ip, 16);
    }
    return sizeof *v6;
}

bool addr_parse(const char *text, struct addr *out)
{
    struct addr a = { 0 };

    if (inet_pton(AF_INET, text, a.ip) == 1)
        a.family = 4;
    else if (inet_pton(AF_INET6, text, a.ip) == 1)
        a.family = 6;
    else
        return false;
    *out = a;
    return true;
}

bool machine_has_ipv6(void)
{
    int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in6 loopback = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
    bool has = fd >= 0 && bind(fd, (struct sockaddr *)&loopback, sizeof loopback) == 0;

    if (fd >= 0)
        close(fd);
    return has;
}
