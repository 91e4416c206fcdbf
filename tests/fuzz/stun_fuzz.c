/* SPDX-License-Identifier: Apache-2.0
 *
 * STUN: parsing of any bytes, the tag check, and the ICE-lite server that
 * answers. The property besides memory safety: whoever does not know the
 * password gets no more bytes than were sent and leaves no address behind.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/rtc/ice_lite.h"
#include "server/rtc/peer.h"
#include "server/rtc/stun.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct addr from = { .family = 4, .ip = { 10, 0, 0, 2 }, .port = 5000 };
    struct now now = { .mono_us = 1000000 };
    struct dgramq out = { 0 };
    const struct dgram *d;
    struct ice_lite ice;
    enum ice_result got;
    const char *ufrag;
    size_t ufrag_len;

    if (size > PEER_MTU)
        return 0;
    /* The RFC 5769 request is a seed: its user name and password, so that it is authentic. */
    ice_lite_init(&ice, "evtj", "VOkJxbRl1RmTxUk/WvJxBt", "h6vY", "their password");
    got = ice_lite_input(&ice, now, &from, data, size, &out);
    while ((d = dgramq_pop(&out))) {
        struct stun_msg m;

        if (stun_parse(d->data, d->len, &m) != ERR_OK || m.class == STUN_REQUEST)
            abort();
        if (got == ICE_BAD_AUTH && d->len > size)
            abort();
        if (got == ICE_MALFORMED || got == ICE_IGNORED)
            abort();
    }
    if ((got != ICE_MOVED) != (ice_lite_remote(&ice) == NULL))
        abort();
    dgramq_deinit(&out);
    ice_lite_deinit(&ice);
    if (peer_stun_local_ufrag(data, size, &ufrag, &ufrag_len) &&
        ((const uint8_t *)ufrag < data || (const uint8_t *)ufrag + ufrag_len > data + size))
        abort();
    return 0;
}
