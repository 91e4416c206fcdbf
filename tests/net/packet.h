/* SPDX-License-Identifier: Apache-2.0
 *
 * What kind a packet is, for the rules of an impaired line. Pure. Trusts
 * nothing: bytes that are no such packet are of no kind.
 */
#ifndef PARTA_TESTS_NET_PACKET_H
#define PARTA_TESTS_NET_PACKET_H

#include <stddef.h>
#include <stdint.h>

#include "tests/net/impair.h"

/* Bits of enum impair_kind of a UDP datagram's payload. */
unsigned packet_kinds_udp(const uint8_t *payload, size_t len);

/* ... of an IPv4 or IPv6 packet. Later fragments of a datagram are of its kind, too; IPv6 extension
 * headers other than a fragment's are not followed. */
unsigned packet_kinds_ip(const uint8_t *packet, size_t len);

#endif
