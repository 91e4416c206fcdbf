/* SPDX-License-Identifier: Apache-2.0
 *
 * Request heads: found in two halves and in one, parsed; what is accepted keeps its promises.
 */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/str.h"
#include "server/net/http1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http1_head h;
    size_t scanned = 0, fresh = 0;
    char cookie[129];
    char *copy = malloc(size + 1);
    int end;

    if (!copy)
        return 0;
    memcpy(copy, data, size);
    copy[size] = '\0';
    end = http1_head_end(copy, size / 2, &scanned);
    if (end == 0)
        end = http1_head_end(copy, size, &scanned);
    /* The cut must not matter. */
    assert(end == http1_head_end(copy, size, &fresh));
    if (end > 0 && http1_parse(copy, (size_t)end, &h) == 0) {
        assert(h.path[0] == '/' && !strstr(h.path, "/../") && !strstr(h.path, "//"));
        assert(str_utf8_ok(h.path, strlen(h.path)));
        assert(h.host[0] && h.content_length >= -1);
        http1_cookie(h.cookie, "__Host-s", cookie, sizeof cookie);
        http1_list_has(h.ws_protocol, "parta.1");
    }
    free(copy);
    return 0;
}
