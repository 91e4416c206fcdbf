/* SPDX-License-Identifier: Apache-2.0
 *
 * Between the system's socket addresses and struct addr. Any thread.
 */
#ifndef PARTA_NET_SOCKADDR_H
#define PARTA_NET_SOCKADDR_H

#include <stdbool.h>
#include <sys/socket.h>

#include "server/rtc/addr.h"

/* IPv4-mapped IPv6 becomes IPv4. False for other families. */
bool addr_from_sockaddr(const struct sockaddr_storage *in, struct addr *out);

/* For a socket of this family (AF_INET or AF_INET6; the latter sends to IPv4 as mapped). Returns
 * the length, 0 if the address cannot be reached from such a socket. */
socklen_t addr_to_sockaddr(const struct addr *in, int family, struct sockaddr_storage *out);

/* A numeric address without a port. */
bool addr_parse(const char *text, struct addr *out);

/* True if sockets of AF_INET6 can be made here. */
bool machine_has_ipv6(void);

#endif
