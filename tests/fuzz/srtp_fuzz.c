/* SPDX-License-Identifier: Apache-2.0
 *
 * SRTP: a run of packets, each either opened as it comes or first sealed by
 * the other side, then perhaps with one bit changed. Whatever was sealed and
 * not changed opens to what it was, once; a changed one never opens.
 *
 * Input: byte 0 chooses the profile; then packets of [flags][length u16][bytes].
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/buf.h"
#include "server/rtc/srtp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                                            \
    do {                                                                                           \
        if (!(condition))                                                                          \
            abort();                                                                               \
    } while (0)

#define FLAG_RTCP 1
#define FLAG_SEAL 2
#define FLAG_FLIP 4
#define PACKET_MAX 1500

static void one_packet(struct srtp *seal, struct srtp *open, uint8_t flags, const uint8_t *data,
                       size_t len)
{
    uint8_t *packet = calloc(1, len + SRTP_GROWTH_MAX); /* the room that sealing may use */
    uint8_t copy[PACKET_MAX + SRTP_GROWTH_MAX];
    size_t n = len, again;
    enum err e;

    MUST(packet);
    memcpy(packet, data, len);
    if (flags & FLAG_SEAL) {
        e = flags & FLAG_RTCP ? srtp_seal_rtcp(seal, packet, &n) : srtp_seal_rtp(seal, packet, &n);
        MUST(e == ERR_OK || n == len);
        if (e != ERR_OK)
            flags &= (uint8_t)~FLAG_SEAL;
    }
    if ((flags & FLAG_FLIP) && n > 0)
        packet[(len * 7 + (len ? data[len - 1] : 0)) % n] ^= (uint8_t)(1u << (len % 8));
    memcpy(copy, packet, n);
    again = n;
    e = flags & FLAG_RTCP ? srtp_open_rtcp(open, packet, &n) : srtp_open_rtp(open, packet, &n);
    if ((flags & FLAG_SEAL) && !(flags & FLAG_FLIP) && e == ERR_OK)
        MUST(n == len && memcmp(packet, data, len) == 0);
    if ((flags & FLAG_SEAL) && (flags & FLAG_FLIP))
        MUST(e != ERR_OK);
    if (e == ERR_OK) {
        e = flags & FLAG_RTCP ? srtp_open_rtcp(open, copy, &again)
                              : srtp_open_rtp(open, copy, &again);
        MUST(e == ERR_STATE);
    }
    free(packet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct srtp_master master = { .key = "0123456789abcde", .salt = "fedcba987654" };
    struct reader r = reader_on(data, size);
    enum srtp_profile profile = read_u8(&r) & 1 ? SRTP_GCM : SRTP_CM;
    struct srtp *seal = NULL, *open = NULL;

    MUST(srtp_new(&seal, profile, &master) == ERR_OK);
    MUST(srtp_new(&open, profile, &master) == ERR_OK);
    while (reader_left(&r) > 0) {
        uint8_t flags = read_u8(&r);
        size_t len = read_u16(&r) % (PACKET_MAX + 1);
        const uint8_t *bytes = read_bytes(&r, len > reader_left(&r) ? reader_left(&r) : len);

        if (!bytes)
            break;
        one_packet(seal, open, flags, bytes, (size_t)(r.p - bytes));
    }
    srtp_free(seal);
    srtp_free(open);
    return 0;
}
