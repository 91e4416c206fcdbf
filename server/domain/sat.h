/* SPDX-License-Identifier: Apache-2.0
 *
 * Saturating sums of 64-bit times: a stored value out of all reason ends at
 * the edge of the range instead of wrapping round to a plausible instant.
 */
#ifndef PARTA_DOMAIN_SAT_H
#define PARTA_DOMAIN_SAT_H

#include <stdint.h>

static inline int64_t sat_add(int64_t a, int64_t b)
{
    int64_t r;

    if (__builtin_add_overflow(a, b, &r))
        return b > 0 ? INT64_MAX : INT64_MIN;
    return r;
}

static inline int64_t sat_sub(int64_t a, int64_t b)
{
    int64_t r;

    if (__builtin_sub_overflow(a, b, &r))
        return b < 0 ? INT64_MAX : INT64_MIN;
    return r;
}

#endif
