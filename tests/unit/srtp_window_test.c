/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/srtp_window: index guess and replay window against plain models.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/rtc/srtp_window.h"
#include "tests/support/rnd.h"

static void the_window_agrees_with_a_list_of_everything_seen(void **state)
{
    uint64_t seed = rnd_seed(13);
    struct rnd r = { seed };

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 50; round++) {
        struct srtp_window w = { .top = 1000, .seen = { 1, 0 } };
        static bool seen[200000];
        uint64_t top = 1000;

        memset(seen, 0, sizeof seen);
        seen[1000] = true;
        for (int i = 0; i < 3000; i++) {
            int64_t step = rnd_percent(&r, 90) ? rnd_in(&r, -140, 5) : rnd_in(&r, 1, 140);
            uint64_t index = (uint64_t)((int64_t)top + step);
            bool want = index > top || (top - index < SRTP_WINDOW && !seen[index]);

            assert_int_equal(srtp_window_fresh(&w, index), want);
            if (!want)
                continue;
            srtp_window_mark(&w, index);
            seen[index] = true;
            if (index > top)
                top = index;
        }
    }
}

static void the_guess_is_the_nearest_index(void **state)
{
    struct rnd r = { 14 };

    (void)state;
    for (int i = 0; i < 200000; i++) {
        uint64_t top = rnd_u64(&r) % (UINT64_C(3) << 16);
        uint16_t seq = (uint16_t)rnd_u64(&r);
        struct srtp_window w = { .top = top };
        uint64_t best = UINT64_MAX, got, distance = UINT64_MAX;
        bool tie = false;

        for (uint64_t roc = 0; roc < 5; roc++) {
            uint64_t index = roc << 16 | seq, d = index > top ? index - top : top - index;

            tie |= d == distance;
            if (d < distance) {
                distance = d;
                best = index;
            }
        }
        if (tie || distance > 0x8000)
            continue;
        assert_true(srtp_window_guess(&w, seq, &got));
        assert_true(got == best);
    }
    /* Before the first and after the last index there is nothing. */
    {
        struct srtp_window first = { .top = 5 }, last = { .top = SRTP_INDEX_MAX - 5 };
        uint64_t got;

        assert_false(srtp_window_guess(&first, 65000, &got));
        assert_false(srtp_window_guess(&last, 100, &got));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_window_agrees_with_a_list_of_everything_seen),
        cmocka_unit_test(the_guess_is_the_nearest_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
