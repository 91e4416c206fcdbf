/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an RTP packet: header, extensions, VP8 descriptor, RTX.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/rtc/rtp.h"
#include "server/rtc/vp8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t copy[RTP_PACKET_MAX];
    size_t at = 0, start = 0;
    struct rtp_ext e;
    struct rtp p;
    struct vp8 v;
    unsigned sum = 0;

    if (rtp_parse(data, size, &p) != ERR_OK)
        return 0;
    if (p.payload < data || p.payload + p.payload_len + p.padding != data + size)
        abort();
    while (rtp_ext_next(&p, &at, &e))
        for (unsigned i = 0; i < e.len; i++)
            sum += e.data[i];
    memcpy(copy, data, size);
    if (vp8_parse(p.payload, p.payload_len, &v) == ERR_OK) {
        struct vp8 again;
        uint8_t *payload = copy + (p.payload - data);

        vp8_renumber(payload, &v, (uint16_t)sum, (uint8_t)sum);
        if (vp8_parse(payload, p.payload_len, &again) != ERR_OK || again.key != v.key ||
            again.descriptor_len != v.descriptor_len)
            abort();
        memcpy(copy, data, size);
    }
    if (rtp_unwrap_rtx(copy, size, 96, 1, &start) == ERR_OK &&
        (rtp_parse(copy + start, size - start, &p) != ERR_OK || p.ssrc != 1 || p.pt != 96))
        abort();
    return 0;
}
