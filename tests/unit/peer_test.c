/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/peer: two peers on a link in memory and on virtual time, from the
 * first check to the end of consent, and everything that must not disturb them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "tests/support/peer_pair.h"
#include "tests/support/virtual_time.h"

static void two_peers_reach_live_and_exchange_media(void **state)
{
    struct pair p;

    (void)state;
    pair_init(&p);
    pair_run_live(&p, 200 * US_PER_MS);
    /* One round trip for the check, two for the handshake. */
    assert_true(p.now.mono_us <= 1000 * US_PER_S + 61 * US_PER_MS);
    assert_int_equal(p.live[0], 1);
    assert_int_equal(p.live[1], 1);
    for (uint16_t seq = 0; seq < 20; seq++) {
        pair_send_rtp(&p, PAIR_SERVER, 7, seq, 100);
        pair_send_rtp(&p, PAIR_CLIENT, 8, seq, 1000);
        pair_send_rtcp(&p, PAIR_SERVER);
        pair_send_rtcp(&p, PAIR_CLIENT);
        pair_run(&p, 20 * US_PER_MS);
    }
    for (int i = 0; i < 2; i++) {
        assert_int_equal(p.rtp[i], 20);
        assert_int_equal(p.rtcp[i], 20);
        assert_int_equal(p.dead[i], 0);
    }
    pair_deinit(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_peers_reach_live_and_exchange_media),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
