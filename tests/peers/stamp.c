/* SPDX-License-Identifier: Apache-2.0
 *
 * See stamp.h.
 */
#include "tests/peers/stamp.h"

#include <stdlib.h>

#include "common/base/buf.h"

#define STAMP_MARK 0x50544D31u
#define LONGEST_US 10000000

void stamp_write(uint8_t out[STAMP_BYTES], int64_t now_us)
{
    struct writer w = writer_on(out, STAMP_BYTES);

    write_u32(&w, STAMP_MARK);
    write_u64(&w, (uint64_t)now_us);
}

bool stamp_read(struct delays *d, const uint8_t *payload, size_t len, int64_t now_us)
{
    struct reader r;
    int64_t delay;

    if (len <= STAMP_BYTES)
        return false;
    r = reader_on(payload + len - STAMP_BYTES, STAMP_BYTES);
    if (read_u32(&r) != STAMP_MARK)
        return false;
    delay = now_us - (int64_t)read_u64(&r);
    if (delay >= 0 && delay < LONGEST_US && d->n < DELAYS_MAX)
        d->us[d->n++] = (uint32_t)delay;
    return true;
}

static int ascending(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

    return x < y ? -1 : x > y;
}

double delays_ms(struct delays *d, double q)
{
    if (d->n == 0)
        return 0;
    qsort(d->us, (size_t)d->n, sizeof d->us[0], ascending);
    return d->us[(int)(q * (d->n - 1))] / 1000.0;
}
