/* SPDX-License-Identifier: Apache-2.0
 *
 * Names of the error codes, from the one list in err.h.
 */
#include "common/base/err.h"

#include <stddef.h>

const char *err_name(enum err e)
{
    static const char *const names[] = {
#define X(code, name, text) [ERR_##code] = name,
        ERR_LIST(X)
#undef X
    };
    size_t n = sizeof names / sizeof names[0];

    return (size_t)e < n ? names[e] : "unknown";
}
