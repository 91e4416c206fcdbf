/* SPDX-License-Identifier: Apache-2.0
 *
 * A transport address as a plain value: IPv4 or IPv6 and a port. IPv4-mapped
 * IPv6 is stored as IPv4, so equal addresses compare equal.
 */
#ifndef PARTA_RTC_ADDR_H
#define PARTA_RTC_ADDR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct addr {
    uint8_t family; /* 4, 6, or 0 for none */
    uint8_t ip[16]; /* network order; the first 4 bytes for IPv4, rest zero */
    uint16_t port;  /* host order */
};

static inline bool addr_eq(const struct addr *a, const struct addr *b)
{
    return a->family == b->family && a->port == b->port && memcmp(a->ip, b->ip, 16) == 0;
}

#endif
