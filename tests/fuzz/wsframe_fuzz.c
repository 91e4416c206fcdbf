/* SPDX-License-Identifier: Apache-2.0
 *
 * WebSocket frames: the first byte is the size of the pieces they come in. Messages are bounded
 * and valid UTF-8, and the reader always gets on.
 */
#include <assert.h>
#include <stdint.h>

#include "common/base/str.h"
#include "server/net/wsframe.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const uint8_t *data, size_t size, size_t binary_max)
{
    struct ws_reader r;
    struct ws_event ev;
    size_t piece, at = 1;

    piece = (size_t)data[0] + 1;
    ws_reader_init(&r);
    r.binary_max = binary_max;
    while (at < size) {
        size_t give = size - at < piece ? size - at : piece, used = 0;
        enum ws_got got = ws_read(&r, data + at, give, &used, &ev);

        assert(used > 0 && used <= give);
        at += used;
        if (got == WS_GOT_TEXT)
            assert(ev.len <= WS_MESSAGE_MAX && str_utf8_ok(ev.data, ev.len) &&
                   ev.data[ev.len] == '\0');
        if (got == WS_GOT_BINARY)
            assert(ev.len <= binary_max);
        if (got == WS_GOT_PING)
            assert(ev.len <= WS_CONTROL_MAX);
        if (got == WS_GOT_FAULT || got == WS_GOT_CLOSE) {
            assert(ev.code >= 1000 && ev.code <= 4999);
            break;
        }
    }
    ws_reader_deinit(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1)
        return 0;
    read_all(data, size, 0);
    read_all(data, size, 200); /* binary messages are allowed */
    return 0;
}
