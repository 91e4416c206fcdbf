/* SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an uploaded file: nothing is read outside them, and what is
 * taken for a picture or a document begins like one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "server/domain/upload.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct {
        const char *mark;
        size_t len;
    } begins[] = {
        [UPLOAD_PDF] = { "%PDF-", 5 },
        [UPLOAD_PNG] = { "\x89PNG", 4 },
        [UPLOAD_JPEG] = { "\xff\xd8", 2 },
    };
    enum upload_type t = upload_type_of(data, size);

    if (t != UPLOAD_UNKNOWN &&
        (size < begins[t].len || memcmp(data, begins[t].mark, begins[t].len) != 0))
        abort();
    return 0;
}
