/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/peer when libcrypto and libssl run out of memory: each of the
 * thousands of allocations of a check and a handshake fails in turn (a sample
 * of them per run), and nothing worse happens than a connection that does not
 * come about. A program of its own, because OpenSSL takes an allocator only
 * before its first use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <openssl/crypto.h>
#include <stdlib.h>

#include "common/base/mem.h"
#include "tests/support/peer_pair.h"

#define STEP 13 /* every 13th allocation, so that it takes seconds and not minutes */

static long countdown = -1; /* the allocation after so many fails, once; < 0: none */
static long asked;

static int must_fail(void)
{
    asked++;
    return countdown >= 0 && countdown-- == 0;
}

static void *openssl_malloc(size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return must_fail() ? NULL : malloc(n);
}

static void *openssl_realloc(void *p, size_t n, const char *file, int line)
{
    (void)file;
    (void)line;
    return must_fail() ? NULL : realloc(p, n);
}

static void openssl_free(void *p, const char *file, int line)
{
    (void)file;
    (void)line;
    free(p);
}

/* A connection in which OpenSSL's n-th allocation fails (none if n < 0). */
static void connect_failing(struct pair *p, long n)
{
    struct peer_config c[2];

    pair_configs(p, c);
    asked = 0;
    countdown = n;
    if (pair_peers(p, c) == ERR_OK)
        pair_run(p, 12 * US_PER_S);
    countdown = -1;
}

static void disconnect(struct pair *p)
{
    for (int i = 0; i < 2; i++) {
        peer_free(p->peer[i]);
        p->peer[i] = NULL;
    }
    for (int i = 0; i < PAIR_FLIGHT_MAX; i++)
        p->flight[i].used = false;
}

static void every_failed_allocation_of_openssl_is_survived(void **state)
{
    static struct pair p;
    unsigned live = 0, dead = 0;
    long total, blocks;

    (void)state;
    pair_identities(&p);
    connect_failing(&p, -1);
    disconnect(&p);
    connect_failing(&p, -1); /* by now everything that is loaded once is loaded */
    total = asked;
    assert_int_equal(peer_state(p.peer[0]), PEER_LIVE);
    disconnect(&p);
    assert_true(total > 1000);
    blocks = mem_live();
    for (long n = 0; n < total; n += STEP) {
        connect_failing(&p, n);
        for (int i = 0; i < 2 && p.peer[0] && p.peer[1]; i++) {
            enum peer_state s = peer_state(p.peer[i]);

            assert_true(s == PEER_LIVE || s == PEER_DEAD);
            live += s == PEER_LIVE;
            dead += s == PEER_DEAD;
        }
        disconnect(&p);
        assert_int_equal(mem_live(), blocks);
    }
    assert_true(live > 0 && dead > 0); /* the hook does strike */
    connect_failing(&p, -1);
    assert_int_equal(peer_state(p.peer[0]), PEER_LIVE);
    assert_int_equal(peer_state(p.peer[1]), PEER_LIVE);
    pair_deinit(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_failed_allocation_of_openssl_is_survived),
    };

    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
