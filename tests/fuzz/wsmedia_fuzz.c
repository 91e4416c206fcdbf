/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as one message of media over WebSocket, and its payload as Opus and
 * as VP8. What is taken must be written again as the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/protocol/wsmedia.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum sig_media_refusal why = SIG_MEDIA_REFUSAL_TOO_MUCH;
    uint8_t head[SIG_MEDIA_HEADER_BYTES];
    struct writer w = writer_on(head, sizeof head);
    struct wsmedia_line line = { 0 };
    struct wsmedia f;
    bool key;

    (void)wsmedia_is_opus(data, size);
    (void)wsmedia_is_vp8(data, size, &key);
    if (wsmedia_parse(data, size, &f, &why) != ERR_OK) {
        if (why == SIG_MEDIA_REFUSAL_TOO_MUCH || !*sig_media_refusal_name(why))
            abort(); /* no word */
        return 0;
    }
    if (f.payload != data + sizeof head || f.len != size - sizeof head)
        abort();
    wsmedia_write(&w, &f);
    if (w.full || memcmp(head, data, sizeof head) != 0)
        abort();
    if (!wsmedia_follows(&line, &f) || wsmedia_follows(&line, &f))
        abort();
    return 0;
}
