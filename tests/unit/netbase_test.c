/* SPDX-License-Identifier: Apache-2.0
 *
 * The bookkeeping of the net and relay loops: rates and caps per address, legs
 * by name and address, addresses, the driver of machines.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <netinet/in.h>
#include <string.h>

#include "common/base/now.h"
#include "server/net/drive.h"
#include "server/net/legs.h"
#include "server/net/measure.h"
#include "server/net/perip.h"
#include "server/net/sockaddr.h"

static struct addr v4(unsigned host, uint16_t port)
{
    return (struct addr){ .family = 4,
                          .ip = { 10, (uint8_t)(host >> 16), (uint8_t)(host >> 8), (uint8_t)host },
                          .port = port };
}

static void a_rate_allows_its_burst_and_then_its_pace(void **state)
{
    struct rate r = { 0 };
    int64_t now_us = 1000 * US_PER_S;
    int passed = 0;

    (void)state;
    for (int i = 0; i < 100; i++)
        passed += rate_take(&r, now_us, 10, 20);
    assert_int_equal(passed, 20);
    assert_false(rate_take(&r, now_us + 99 * US_PER_MS, 10, 20));
    assert_true(rate_take(&r, now_us + 100 * US_PER_MS, 10, 20));
    passed = 0;
    for (int ms = 101; ms <= 10100; ms++) /* ten seconds of trying */
        passed += rate_take(&r, now_us + ms * US_PER_MS, 10, 20);
    assert_int_equal(passed, 100);
    passed = 0;
    for (int i = 0; i < 100; i++) /* rest fills it up to the burst and no further */
        passed += rate_take(&r, now_us + 3600 * US_PER_S, 10, 20);
    assert_int_equal(passed, 20);
}

static void a_path_test_has_its_share_and_no_more(void **state)
{
    static struct measures m;
    struct rate address = { 0 }, other = { 0 };
    struct user_id one = { 1 }, two = { 2 };
    int64_t now_us = 1000 * US_PER_S;

    (void)state;
    for (int i = 0; i < 32; i++)
        assert_true(measures_take(&m, &address, one, 65536, now_us));
    assert_false(measures_take(&m, &address, one, 1, now_us)); /* two megabytes */
    assert_true(measures_take(&m, &address, one, 0, now_us));
    assert_false(measures_take(&m, &address, two, SIZE_MAX, now_us));
    assert_true(measures_take(&m, &address, two, 2097152, now_us));
    assert_false(measures_take(&m, &address, one, 1, now_us + 60 * US_PER_S - 1));
    assert_true(measures_take(&m, &address, one, 2097152, now_us + 60 * US_PER_S));

    /* What one address has used up is there for another, until the server's is used up too. */
    now_us += 3600 * US_PER_S;
    for (int i = 0; i < MEASURE_ADDRESS_BURST - 1; i++)
        assert_true(measures_take(&m, &address, two, 1, now_us));
    assert_true(measures_take(&m, &other, two, 1, now_us));
    assert_true(measures_take(&m, &address, two, 1, now_us + US_PER_S));
    m.server.full_us = now_us + 3600 * US_PER_S;
    assert_false(measures_take(&m, &other, two, 1, now_us + US_PER_S));
}

static void path_tests_of_too_many_people_wait(void **state)
{
    static struct measures m;
    int64_t now_us = 1000 * US_PER_S;

    (void)state;
    for (int64_t i = 1; i <= MEASURE_PEOPLE; i++) {
        struct rate address = { 0 };

        assert_true(measures_take(&m, &address, (struct user_id){ i }, 1000, now_us));
    }
    for (int64_t i = 0; i < 2; i++) {
        struct rate address = { 0 };
        int64_t at_us = now_us + 60 * US_PER_S - 1 + i;

        assert_int_equal(measures_take(&m, &address, (struct user_id){ 999 }, 1000, at_us), i);
    }
}

static void addresses_are_counted_by_customer(void **state)
{
    struct addr a = v4(1, 1000), a2 = v4(1, 2000), b = v4(2, 1000);
    struct addr six = { .family = 6, .ip = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 1 } };
    struct addr same_64 = { .family = 6, .ip = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 1, 2, 3 } };
    struct addr other_64 = { .family = 6, .ip = { 0x20, 1, 0xd, 0xb8, 0, 0, 0, 2, 1 } };
    struct perip p;

    (void)state;
    assert_int_equal(perip_init(&p), ERR_OK);
    assert_ptr_equal(perip_get(&p, &a, 1), perip_get(&p, &a2, 2));
    assert_ptr_not_equal(perip_get(&p, &a, 3), perip_get(&p, &b, 4));
    assert_ptr_equal(perip_get(&p, &six, 5), perip_get(&p, &same_64, 6));
    assert_ptr_not_equal(perip_get(&p, &six, 7), perip_get(&p, &other_64, 8));
    perip_deinit(&p);
}

static void a_flood_of_addresses_never_evicts_an_open_connection(void **state)
{
    struct addr mine = v4(0, 1);
    struct perip_entry *e;
    struct perip p;

    (void)state;
    assert_int_equal(perip_init(&p), ERR_OK);
    e = perip_get(&p, &mine, 1);
    e->open = 1;
    for (unsigned i = 1; i < 200000; i++) {
        struct addr other = v4(i, 1);

        perip_get(&p, &other, (int64_t)i + 1);
    }
    assert_ptr_equal(perip_get(&p, &mine, 300000), e);
    assert_int_equal(e->open, 1);
    perip_deinit(&p);
}

static void legs_are_found_by_name_and_by_address(void **state)
{
    static char stand_in[3];
    struct leg *one = (struct leg *)&stand_in[0], *two = (struct leg *)&stand_in[1];
    struct addr here = v4(1, 5000), there = v4(1, 5001), none = { 0 };
    struct legs l;

    (void)state;
    assert_int_equal(legs_init(&l), ERR_OK);
    assert_int_equal(legs_add(&l, one, "abcdefgh", &l), ERR_OK);
    assert_int_equal(legs_add(&l, two, "abcdefgi", &here), ERR_OK);
    assert_int_equal(legs_add(&l, two, "again", NULL), ERR_OK); /* known: unchanged */
    assert_ptr_equal(legs_by_ufrag(&l, "abcdefgh", 8).leg, one);
    assert_ptr_equal(legs_by_ufrag(&l, "abcdefgi", 8).leg, two);
    assert_ptr_equal(legs_by_ufrag(&l, "abcdefgi", 8).owner, &here);
    assert_null(legs_by_ufrag(&l, "abcdefg", 7).leg);
    assert_null(legs_by_ufrag(&l, "again", 5).leg);
    assert_null(legs_by_addr(&l, &here).leg);

    legs_move(&l, one, &here);
    assert_ptr_equal(legs_by_addr(&l, &here).leg, one);
    legs_move(&l, one, &there); /* a NAT has moved it */
    assert_null(legs_by_addr(&l, &here).leg);
    assert_ptr_equal(legs_by_addr(&l, &there).leg, one);
    legs_move(&l, two, &there); /* whoever proved the address last has it */
    assert_ptr_equal(legs_by_addr(&l, &there).leg, two);
    legs_move(&l, two, &none);
    assert_null(legs_by_addr(&l, &there).leg);

    legs_ask(&l, one, &here);
    assert_ptr_equal(legs_by_addr(&l, &here).leg, one);
    legs_move(&l, two, &here); /* proved goes before asked */
    assert_ptr_equal(legs_by_addr(&l, &here).leg, two);
    legs_move(&l, two, &none);
    legs_ask(&l, one, &there);
    assert_null(legs_by_addr(&l, &here).leg);
    assert_ptr_equal(legs_by_addr(&l, &there).leg, one);

    legs_remove(&l, one);
    assert_null(legs_by_addr(&l, &there).leg);
    assert_null(legs_by_ufrag(&l, "abcdefgh", 8).leg);
    legs_remove(&l, one); /* twice does nothing */
    assert_int_equal(l.n, 1);
    legs_deinit(&l);
    assert_int_equal(l.n, 0);
}

static void addresses_survive_the_system(void **state)
{
    struct addr in = v4(5, 4242), out;
    struct sockaddr_storage ss = { 0 };

    (void)state;
    assert_int_equal(addr_to_sockaddr(&in, AF_INET, &ss), sizeof(struct sockaddr_in));
    assert_true(addr_from_sockaddr(&ss, &out));
    assert_true(addr_eq(&in, &out));
    assert_int_equal(addr_to_sockaddr(&in, AF_INET6, &ss), sizeof(struct sockaddr_in6));
    assert_true(addr_from_sockaddr(&ss, &out)); /* mapped: comes back as IPv4 */
    assert_true(addr_eq(&in, &out));
    assert_true(addr_parse("2001:db8::1", &in));
    assert_int_equal(addr_to_sockaddr(&in, AF_INET, &ss), 0);
    assert_int_equal(addr_to_sockaddr(&in, AF_INET6, &ss), sizeof(struct sockaddr_in6));
    assert_true(addr_from_sockaddr(&ss, &out));
    assert_true(addr_eq(&in, &out));
    assert_false(addr_parse("localhost", &in));
    assert_false(addr_parse("1.2.3", &in));
}

/* A machine that counts down: each timeout moves its deadline by step. */
struct countdown {
    int64_t at_us, step_us;
    int timeouts, drains;
};

static void count_timeout(void *machine, struct now now)
{
    struct countdown *c = machine;

    (void)now;
    c->timeouts++;
    c->at_us += c->step_us;
}

static int64_t count_deadline(const void *machine)
{
    return ((const struct countdown *)machine)->at_us;
}

static void count_drain(void *owner, void *context)
{
    (void)context;
    ((struct countdown *)owner)->drains++;
}

static void the_driver_catches_up_and_never_spins(void **state)
{
    static const struct machine m = { count_timeout, count_deadline, count_drain };
    struct countdown late = { .at_us = 100, .step_us = 40 };
    struct countdown broken = { .at_us = 100, .step_us = 0 };
    struct now now = { .mono_us = 200 };

    (void)state;
    assert_int_equal(drive(&m, &late, &late, NULL, now), 220);
    assert_int_equal(late.timeouts, 3);
    assert_int_equal(late.drains, 4);
    assert_int_equal(drive(&m, &broken, &broken, NULL, now), 200 + US_PER_MS);
    assert_int_equal(broken.timeouts, DRIVE_ROUNDS_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rate_allows_its_burst_and_then_its_pace),
        cmocka_unit_test(a_path_test_has_its_share_and_no_more),
        cmocka_unit_test(path_tests_of_too_many_people_wait),
        cmocka_unit_test(addresses_are_counted_by_customer),
        cmocka_unit_test(a_flood_of_addresses_never_evicts_an_open_connection),
        cmocka_unit_test(legs_are_found_by_name_and_by_address),
        cmocka_unit_test(addresses_survive_the_system),
        cmocka_unit_test(the_driver_catches_up_and_never_spins),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
