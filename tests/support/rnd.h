/* SPDX-License-Identifier: Apache-2.0
 *
 * A small replayable generator for property tests (splitmix64). A failing test
 * prints its seed; PARTA_TEST_SEED runs it again.
 */
#ifndef PARTA_TESTS_RND_H
#define PARTA_TESTS_RND_H

#include <stdint.h>
#include <stdlib.h>

struct rnd {
    uint64_t s;
};

static inline uint64_t rnd_seed(uint64_t fallback)
{
    const char *env = getenv("PARTA_TEST_SEED");

    return env ? strtoull(env, NULL, 0) : fallback;
}

static inline uint64_t rnd_u64(struct rnd *r)
{
    uint64_t z = (r->s += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* lo..hi, both included. */
static inline int64_t rnd_in(struct rnd *r, int64_t lo, int64_t hi)
{
    return lo + (int64_t)(rnd_u64(r) % (uint64_t)(hi - lo + 1));
}

/* True n times out of 100. */
static inline int rnd_percent(struct rnd *r, int n)
{
    return rnd_in(r, 0, 99) < n;
}

#endif
