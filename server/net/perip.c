/* SPDX-License-Identifier: Apache-2.0
 *
 * A set-associative table, eight ways. Net loop only.
 */
#include "server/net/perip.h"

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/sys/random.h"

#define SETS 1024u
#define WAYS 8u

bool rate_take(struct rate *b, int64_t now_us, int per_s, int burst)
{
    int64_t token_us = US_PER_S / (per_s > 0 ? per_s : 1);
    int64_t full_us = b->full_us > now_us ? b->full_us : now_us;

    if (full_us + token_us > now_us + burst * token_us)
        return false;
    b->full_us = full_us + token_us;
    return true;
}

enum err perip_init(struct perip *p)
{
    enum err e = random_bytes(&p->seed, sizeof p->seed);

    if (e)
        return e;
    p->entries = mem_zalloc((size_t)SETS * WAYS, sizeof *p->entries);
    return p->entries ? ERR_OK : ERR_NOMEM;
}

void perip_deinit(struct perip *p)
{
    mem_free(p->entries);
    p->entries = NULL;
}

/* splitmix64's finaliser: every bit of the key reaches every bit of the result */
static uint64_t mix(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

struct perip_entry *perip_get(struct perip *p, const struct addr *a, int64_t now_us)
{
    uint64_t key[2] = { a->family, 0 };
    size_t bytes = a->family == 4 ? 4 : 8;
    struct perip_entry *set, *best = NULL;

    for (size_t i = 0; i < bytes; i++)
        key[1] = key[1] << 8 | a->ip[i];
    set = p->entries + WAYS * (mix(key[1] ^ mix(key[0] ^ p->seed)) % SETS);
    for (unsigned i = 0; i < WAYS; i++) {
        struct perip_entry *e = &set[i];

        if (e->key[0] == key[0] && e->key[1] == key[1]) {
            e->used_us = now_us;
            return e;
        }
        if (e->open == 0 && (!best || e->used_us < best->used_us))
            best = e;
    }
    if (best)
        *best = (struct perip_entry){ .key = { key[0], key[1] }, .used_us = now_us };
    return best;
}
