/* SPDX-License-Identifier: Apache-2.0
 *
 * Looking at headers of IP, UDP and STUN, as far as rules need it.
 */
#include "tests/net/packet.h"

#include "common/base/buf.h"

#define PROTOCOL_TCP 6       /* IANA protocol numbers */
#define PROTOCOL_UDP 17      /* */
#define PROTOCOL_FRAGMENT 44 /* RFC 8200 section 4.5 */
#define STUN_COOKIE 0x2112a442u
#define UDP_HEADER 8

unsigned packet_kinds_udp(const uint8_t *payload, size_t len)
{
    struct reader r = reader_on(payload, len);
    uint16_t type = read_u16(&r), size = read_u16(&r);
    uint32_t cookie = read_u32(&r);

    /* RFC 8489 section 5: two zero bits, a length in steps of four, the cookie. */
    if (!r.bad && type < 0x4000 && size % 4 == 0 && cookie == STUN_COOKIE)
        return IMPAIR_UDP | IMPAIR_STUN;
    return IMPAIR_UDP;
}

static unsigned kinds_of(uint8_t protocol, bool first, struct reader *r)
{
    const uint8_t *payload;
    size_t len;

    if (protocol == PROTOCOL_TCP)
        return IMPAIR_TCP;
    if (protocol != PROTOCOL_UDP)
        return 0;
    if (!first || !read_bytes(r, UDP_HEADER))
        return IMPAIR_UDP;
    len = reader_left(r);
    payload = read_bytes(r, len);
    return packet_kinds_udp(payload, payload ? len : 0);
}

/* RFC 791 section 3.1 */
static unsigned kinds_ip4(struct reader *r, uint8_t first_byte)
{
    size_t header = 4u * (first_byte & 15u);
    uint16_t fragment;
    uint8_t protocol;

    read_bytes(r, 5); /* type of service, length, identification */
    fragment = read_u16(r);
    read_u8(r);
    protocol = read_u8(r);
    read_bytes(r, 10); /* checksum, addresses */
    if (header < 20)
        return 0;
    read_bytes(r, header - 20);
    return r->bad ? 0 : kinds_of(protocol, (fragment & 0x1fff) == 0, r);
}

/* RFC 8200 section 3 */
static unsigned kinds_ip6(struct reader *r)
{
    uint16_t fragment = 0;
    uint8_t protocol;

    read_bytes(r, 5); /* class, label, length */
    protocol = read_u8(r);
    read_bytes(r, 33); /* hop limit, addresses */
    if (protocol == PROTOCOL_FRAGMENT) {
        protocol = read_u8(r);
        read_u8(r);
        fragment = read_u16(r);
        read_u32(r);
    }
    return r->bad ? 0 : kinds_of(protocol, fragment >> 3 == 0, r);
}

unsigned packet_kinds_ip(const uint8_t *packet, size_t len)
{
    struct reader r = reader_on(packet, len);
    uint8_t first = read_u8(&r);

    if (r.bad)
        return 0;
    return first >> 4 == 4 ? kinds_ip4(&r, first) : first >> 4 == 6 ? kinds_ip6(&r) : 0;
}
