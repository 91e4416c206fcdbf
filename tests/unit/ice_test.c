/* SPDX-License-Identifier: Apache-2.0
 *
 * server/rtc/ice_lite and ice_client: what is answered and how, which address is
 * used, and that nobody without the password changes anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "server/rtc/ice_client.h"
#include "server/rtc/ice_lite.h"

static const struct addr A = { .family = 4, .ip = { 10, 0, 0, 1 }, .port = 1 };
static const struct addr B = { .family = 4, .ip = { 10, 0, 0, 2 }, .port = 2 };
static const struct addr C = { .family = 6, .ip = { 0x20, 1 }, .port = 3 };

struct world {
    struct ice_lite ice;
    struct dgramq out;
    struct now now;
    struct hmac_sha1 key;
    unsigned txid;
};

static void begin(struct world *w)
{
    memset(w, 0, sizeof *w);
    ice_lite_init(&w->ice, "serv", "server password", "brow", "browser password");
    hmac_sha1_init(&w->key, "server password", 15);
    w->now.mono_us = 100 * US_PER_S;
}

static void end(struct world *w)
{
    dgramq_deinit(&w->out);
    ice_lite_deinit(&w->ice);
}

/* An attribute list, then tagged with MESSAGE-INTEGRITY if key is not NULL. */
static size_t build(struct world *w, uint16_t type, const struct hmac_sha1 *key,
                    const void *attributes, size_t attributes_len, uint8_t *out)
{
    struct writer m = writer_on(out, 512);
    size_t len = 20 + attributes_len + (key ? 24 : 0);
    uint8_t tag[20];

    write_u16(&m, type);
    write_u16(&m, (uint16_t)(len - 20));
    write_u32(&m, STUN_COOKIE);
    write_u64(&m, 0x1122334455667788);
    write_u32(&m, ++w->txid);
    write_bytes(&m, attributes, attributes_len);
    if (key) {
        hmac_sha1_tag(key, out, writer_len(&m), NULL, 0, tag);
        write_u16(&m, 8);
        write_u16(&m, 20);
        write_bytes(&m, tag, sizeof tag);
    }
    assert_false(m.full);
    return writer_len(&m);
}

#define USERNAME "\0\6\0\x09serv:brow\0\0\0"
#define NOMINATE "\0\x25\0\0"
#define CONTROLLING                                                                                \
    "\x80\x2a\0\x08"                                                                               \
    "12345678"
#define CONTROLLED                                                                                 \
    "\x80\x29\0\x08"                                                                               \
    "12345678"
#define UNKNOWN "\x7f\1\0\2ab\0\0"

static enum ice_result put(struct world *w, const struct addr *from, const struct hmac_sha1 *key,
                           const char *attributes, size_t len)
{
    uint8_t request[512];
    size_t n = build(w, 1, key, attributes, len, request);

    return ice_lite_input(&w->ice, w->now, from, request, n, &w->out);
}

#define PUT(w, from, key, attributes) put(w, from, key, attributes, sizeof(attributes) - 1)
#define CHECK(w, from) PUT(w, from, &(w)->key, USERNAME CONTROLLING)
#define CHECK_NOMINATING(w, from) PUT(w, from, &(w)->key, USERNAME CONTROLLING NOMINATE)

/* The one answer waiting, parsed; its bytes stay valid until the next call. */
static struct stun_msg answer(struct world *w, const struct addr *to, bool tagged)
{
    const struct dgram *d = dgramq_pop(&w->out);
    struct stun_msg m;

    assert_non_null(d);
    assert_true(addr_eq(&d->to, to));
    assert_int_equal(stun_parse(d->data, d->len, &m), ERR_OK);
    assert_true(m.fingerprint);
    assert_int_equal(stun_integrity_ok(d->data, &m, &w->key), tagged);
    return m;
}

static void wait_us(struct world *w, int64_t us)
{
    w->now.mono_us += us;
}

static void a_good_check_is_answered_with_the_address_it_came_from(void **state)
{
    struct world w;
    struct stun_msg m;

    (void)state;
    begin(&w);
    assert_null(ice_lite_remote(&w.ice));
    assert_true(ice_lite_expiry(&w.ice) == NEVER_US);
    assert_int_equal(CHECK(&w, &A), ICE_MOVED);
    m = answer(&w, &A, true);
    assert_int_equal(m.class, STUN_SUCCESS);
    assert_true(addr_eq(&m.mapped, &A));
    assert_true(addr_eq(ice_lite_remote(&w.ice), &A));
    assert_true(ice_lite_expiry(&w.ice) == w.now.mono_us + 30 * US_PER_S);
    assert_int_equal(CHECK_NOMINATING(&w, &C), ICE_MOVED);
    m = answer(&w, &C, true);
    assert_true(addr_eq(&m.mapped, &C));
    end(&w);
}

static void without_the_password_nothing_changes(void **state)
{
    struct hmac_sha1 wrong;
    struct stun_msg m;
    struct world w;

    (void)state;
    begin(&w);
    hmac_sha1_init(&wrong, "server passwore", 15);
    for (int known = 0; known < 2; known++) {
        struct ice_lite before = w.ice;

        assert_int_equal(PUT(&w, &B, &wrong, USERNAME CONTROLLING NOMINATE), ICE_BAD_AUTH);
        assert_null(dgramq_pop(&w.out)); /* no oracle, no reflection */
        assert_int_equal(PUT(&w, &B, &w.key, "\0\6\0\x0aserv:browX\0\0" CONTROLLING), ICE_BAD_AUTH);
        assert_int_equal(PUT(&w, &B, &w.key, "\0\6\0\x09serX:brow\0\0\0" CONTROLLING),
                         ICE_BAD_AUTH);
        assert_int_equal(PUT(&w, &B, &w.key, "\0\6\0\4serv" CONTROLLING), ICE_BAD_AUTH);
        assert_int_equal(PUT(&w, &B, &w.key, CONTROLLING), ICE_BAD_AUTH);
        assert_null(dgramq_pop(&w.out));
        assert_memory_equal(&before, &w.ice, sizeof before);
        /* No tag at all: 400, which with this shortest request is just as long as what was sent. */
        assert_int_equal(PUT(&w, &B, NULL, USERNAME), ICE_BAD_AUTH);
        assert_int_equal(w.out.slot[w.out.head]->len, 20 + sizeof USERNAME - 1);
        m = answer(&w, &B, false);
        assert_int_equal(m.error_code, 400);
        assert_memory_equal(&before, &w.ice, sizeof before);
        assert_false(ice_lite_valid(&w.ice, w.now, &B));
        /* Once more when somebody is known. */
        assert_int_equal(CHECK(&w, &A), known ? ICE_CHECKED : ICE_MOVED);
        answer(&w, &A, true);
    }
    end(&w);
}

static void what_must_be_understood_and_is_not_gets_420(void **state)
{
    struct stun_msg m;
    struct world w;

    (void)state;
    begin(&w);
    assert_int_equal(PUT(&w, &A, &w.key, USERNAME UNKNOWN CONTROLLING), ICE_REFUSED);
    m = answer(&w, &A, true);
    assert_int_equal(m.class, STUN_ERROR);
    assert_int_equal(m.error_code, 420);
    assert_null(ice_lite_remote(&w.ice));
    end(&w);
}

static void a_client_that_thinks_it_is_controlled_gets_487(void **state)
{
    struct stun_msg m;
    struct world w;

    (void)state;
    begin(&w);
    assert_int_equal(PUT(&w, &A, &w.key, USERNAME CONTROLLED), ICE_REFUSED);
    m = answer(&w, &A, true);
    assert_int_equal(m.error_code, 487);
    assert_null(ice_lite_remote(&w.ice));
    end(&w);
}

static void answers_and_indications_are_ignored(void **state)
{
    uint8_t message[512];
    struct world w;
    size_t n;

    (void)state;
    begin(&w);
    for (uint16_t type = 0x0011; type != 0; type = type == 0x0011   ? 0x0101
                                                   : type == 0x0101 ? 0x0111
                                                   : type == 0x0111 ? 0x0003 /* Allocate */
                                                                    : 0) {
        n = build(&w, type, &w.key, USERNAME, sizeof USERNAME - 1, message);
        assert_int_equal(ice_lite_input(&w.ice, w.now, &A, message, n, &w.out), ICE_IGNORED);
    }
    assert_int_equal(ice_lite_input(&w.ice, w.now, &A, message, n - 1, &w.out), ICE_MALFORMED);
    assert_null(dgramq_pop(&w.out));
    end(&w);
}

static void the_newest_nomination_decides(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    assert_int_equal(CHECK(&w, &A), ICE_MOVED);
    assert_int_equal(CHECK(&w, &B), ICE_MOVED); /* nobody nominated yet */
    assert_int_equal(CHECK_NOMINATING(&w, &A), ICE_MOVED);
    assert_int_equal(CHECK(&w, &B), ICE_CHECKED); /* a spare path is kept warm */
    assert_true(addr_eq(ice_lite_remote(&w.ice), &A));
    assert_int_equal(CHECK_NOMINATING(&w, &B), ICE_MOVED);
    assert_true(addr_eq(ice_lite_remote(&w.ice), &B));
    end(&w);
}

static void a_client_that_nominates_once_is_followed_when_its_old_address_is_silent(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    assert_int_equal(CHECK_NOMINATING(&w, &A), ICE_MOVED);
    wait_us(&w, ICE_SILENT_CHECK_US - 1);
    assert_int_equal(CHECK(&w, &B), ICE_CHECKED);
    wait_us(&w, 1);
    assert_int_equal(CHECK(&w, &B), ICE_MOVED);
    end(&w);
}

static void media_from_a_valid_address_moves_when_the_old_one_is_silent(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    assert_int_equal(CHECK_NOMINATING(&w, &A), ICE_MOVED);
    assert_int_equal(CHECK(&w, &B), ICE_CHECKED);
    assert_false(ice_lite_heard(&w.ice, w.now, &C)); /* never checked */
    for (int i = 0; i < 100; i++) {                  /* both send: the used one stays */
        wait_us(&w, 20 * US_PER_MS);
        assert_false(ice_lite_heard(&w.ice, w.now, &A));
        assert_false(ice_lite_heard(&w.ice, w.now, &B));
    }
    wait_us(&w, ICE_SILENT_MEDIA_US - 1);
    assert_false(ice_lite_heard(&w.ice, w.now, &B));
    wait_us(&w, 1);
    assert_true(ice_lite_heard(&w.ice, w.now, &B));
    assert_true(addr_eq(ice_lite_remote(&w.ice), &B));
    end(&w);
}

static void a_recorded_check_sent_from_elsewhere_moves_nothing(void **state)
{
    uint8_t request[512];
    struct world w;
    size_t n;

    (void)state;
    begin(&w);
    n = build(&w, 1, &w.key, USERNAME CONTROLLING NOMINATE,
              sizeof(USERNAME CONTROLLING NOMINATE) - 1, request);
    assert_int_equal(ice_lite_input(&w.ice, w.now, &A, request, n, &w.out), ICE_MOVED);
    assert_int_equal(ice_lite_input(&w.ice, w.now, &B, request, n, &w.out), ICE_REPEATED);
    assert_true(addr_eq(ice_lite_remote(&w.ice), &A));
    assert_false(ice_lite_valid(&w.ice, w.now, &B));
    /* Nor does it renew consent. */
    wait_us(&w, 10 * US_PER_S);
    assert_int_equal(ice_lite_input(&w.ice, w.now, &A, request, n, &w.out), ICE_REPEATED);
    assert_true(ice_lite_expiry(&w.ice) == w.now.mono_us + 20 * US_PER_S);
    end(&w);
}

static void a_valid_address_expires_with_its_consent(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    CHECK_NOMINATING(&w, &A);
    CHECK(&w, &B);
    wait_us(&w, 30 * US_PER_S - 1);
    assert_true(ice_lite_valid(&w.ice, w.now, &B));
    CHECK(&w, &A);
    wait_us(&w, 1);
    assert_false(ice_lite_valid(&w.ice, w.now, &B));
    assert_true(ice_lite_valid(&w.ice, w.now, &A));
    end(&w);
}

static void many_addresses_take_no_room_and_do_not_push_out_the_used_one(void **state)
{
    struct world w;

    (void)state;
    begin(&w);
    CHECK_NOMINATING(&w, &A);
    for (uint16_t port = 1; port < 1000; port++) {
        struct addr from = B;

        from.port = port;
        wait_us(&w, 1000);
        CHECK(&w, &from);
        while (dgramq_pop(&w.out))
            ;
        assert_true(ice_lite_valid(&w.ice, w.now, &A));
        assert_true(ice_lite_valid(&w.ice, w.now, &from));
    }
    assert_true(addr_eq(ice_lite_remote(&w.ice), &A));
    end(&w);
}

static void the_queue_of_answers_is_bounded(void **state)
{
    long before = mem_live();
    struct world w;

    (void)state;
    begin(&w);
    for (int i = 0; i < 1000; i++)
        CHECK(&w, &A);
    assert_int_equal(mem_live(), before + DGRAMQ_MAX);
    assert_int_equal(w.out.dropped, 1000 - DGRAMQ_MAX);
    end(&w);
    assert_int_equal(mem_live(), before);
}

/* ---- the client ---- */

struct client_world {
    struct ice_client ice;
    struct dgramq out;
    struct now now;
    struct hmac_sha1 key;
};

static void client_begin(struct client_world *w)
{
    memset(w, 0, sizeof *w);
    w->now.mono_us = 100 * US_PER_S;
    hmac_sha1_init(&w->key, "server password", 15);
    assert_int_equal(
        ice_client_init(&w->ice, "brow", "browser password", "serv", "server password", &A, w->now),
        ERR_OK);
}

/* Sends the due check and answers it (if at all) after some time from an address. */
static enum ice_client_result turn(struct client_world *w, int64_t after_us,
                                   const struct addr *from, const struct hmac_sha1 *key)
{
    uint8_t reply[128];
    const struct dgram *d;
    struct stun_msg m;
    size_t n;

    w->now.mono_us = ice_client_deadline(&w->ice);
    ice_client_timeout(&w->ice, w->now, &w->out);
    d = dgramq_pop(&w->out);
    assert_non_null(d);
    assert_true(addr_eq(&d->to, &A));
    assert_int_equal(stun_parse(d->data, d->len, &m), ERR_OK);
    assert_true(stun_integrity_ok(d->data, &m, &w->key));
    assert_true(m.use_candidate && m.controlling && m.has_priority && m.fingerprint);
    assert_memory_equal(m.username, "serv:brow", 9);
    assert_int_equal(stun_write_success(m.txid, &B, key, reply, sizeof reply, &n), ERR_OK);
    w->now.mono_us += after_us;
    return ice_client_input(&w->ice, w->now, from, reply, n, &w->out);
}

static void checks_go_out_every_50_ms_until_one_is_answered(void **state)
{
    struct client_world w;
    int64_t start;

    (void)state;
    client_begin(&w);
    start = w.now.mono_us;
    for (int i = 0; i < 100; i++) {
        assert_true(ice_client_deadline(&w.ice) == start + i * 50 * US_PER_MS);
        w.now.mono_us = ice_client_deadline(&w.ice);
        ice_client_timeout(&w.ice, w.now, &w.out);
        assert_non_null(dgramq_pop(&w.out));
        ice_client_timeout(&w.ice, w.now, &w.out);
        assert_null(dgramq_pop(&w.out)); /* not twice at one time */
    }
    assert_int_equal(turn(&w, 7000, &A, &w.key), ICE_CLIENT_ANSWERED);
    assert_int_equal(w.ice.rtt_us, 7000);
    assert_true(ice_client_expiry(&w.ice) == w.now.mono_us + 30 * US_PER_S);
    for (int i = 0; i < 200; i++) { /* RFC 7675: 4 to 6 s apart */
        int64_t before = w.now.mono_us, wait = ice_client_deadline(&w.ice) - before;

        assert_true(wait >= 4 * US_PER_S - 1 && wait <= 6 * US_PER_S);
        assert_int_equal(turn(&w, 0, &A, &w.key), ICE_CLIENT_ANSWERED);
    }
    dgramq_deinit(&w.out);
    ice_client_deinit(&w.ice);
}

static void only_answers_to_own_checks_from_the_server_count(void **state)
{
    struct client_world w;
    struct hmac_sha1 wrong;
    uint8_t reply[128];
    size_t n;

    (void)state;
    client_begin(&w);
    hmac_sha1_init(&wrong, "other", 5);
    assert_int_equal(turn(&w, 0, &B, &w.key), ICE_CLIENT_BAD_AUTH);
    assert_int_equal(turn(&w, 0, &A, &wrong), ICE_CLIENT_BAD_AUTH);
    assert_int_equal(
        stun_write_success((const uint8_t *)"abcdefghijkl", &B, &w.key, reply, sizeof reply, &n),
        ERR_OK);
    assert_int_equal(ice_client_input(&w.ice, w.now, &A, reply, n, &w.out), ICE_CLIENT_BAD_AUTH);
    assert_false(w.ice.answered);
    assert_int_equal(turn(&w, 0, &A, &w.key), ICE_CLIENT_ANSWERED);
    dgramq_deinit(&w.out);
    ice_client_deinit(&w.ice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_check_is_answered_with_the_address_it_came_from),
        cmocka_unit_test(without_the_password_nothing_changes),
        cmocka_unit_test(what_must_be_understood_and_is_not_gets_420),
        cmocka_unit_test(a_client_that_thinks_it_is_controlled_gets_487),
        cmocka_unit_test(answers_and_indications_are_ignored),
        cmocka_unit_test(the_newest_nomination_decides),
        cmocka_unit_test(a_client_that_nominates_once_is_followed_when_its_old_address_is_silent),
        cmocka_unit_test(media_from_a_valid_address_moves_when_the_old_one_is_silent),
        cmocka_unit_test(a_recorded_check_sent_from_elsewhere_moves_nothing),
        cmocka_unit_test(a_valid_address_expires_with_its_consent),
        cmocka_unit_test(many_addresses_take_no_room_and_do_not_push_out_the_used_one),
        cmocka_unit_test(the_queue_of_answers_is_bounded),
        cmocka_unit_test(checks_go_out_every_50_ms_until_one_is_answered),
        cmocka_unit_test(only_answers_to_own_checks_from_the_server_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
