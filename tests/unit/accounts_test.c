/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of accounts; the codes of an authenticator against RFC 6238's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "server/api/device.h"
#include "server/domain/accounts.h"
#include "server/render/qr.h"
#include "server/sys/totp.h"

/* RFC 6238 appendix B, SHA-1, the last six of the eight digits. */
static void codes_are_those_of_the_standard(void **state)
{
    static const uint8_t secret[] = "12345678901234567890";
    static const struct {
        int64_t s;
        uint32_t code;
    } cases[] = { { 59, 287082 },       { 1111111109, 81804 },  { 1111111111, 50471 },
                  { 1234567890, 5924 }, { 2000000000, 279037 }, { 20000000000, 353130 } };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        uint32_t code;

        assert_int_equal(totp_code(secret, totp_step(cases[i].s * 1000), &code), ERR_OK);
        assert_int_equal(code, cases[i].code);
    }
}

static void a_secret_is_written_as_authenticators_read_it(void **state)
{
    char text[33];

    (void)state;
    base32((const uint8_t *)"12345678901234567890", 20, 1, text);
    assert_string_equal(text, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    base32((const uint8_t *)"12345", 5, 0, text);
    assert_string_equal(text, "gezdgnbv");
}

static void a_code_is_matched_once_and_forwards(void **state)
{
    const uint32_t codes[TOTP_CANDIDATES] = { 1, 222222, 333333 };
    const uint32_t same[TOTP_CANDIDATES] = { 7, 7, 7 };

    (void)state;
    assert_int_equal(totp_match(codes, 100, "000001", 0), 100);
    assert_int_equal(totp_match(codes, 100, "222222", 100), 101);
    assert_int_equal(totp_match(codes, 100, "222222", 101), 0); /* used */
    assert_int_equal(totp_match(codes, 100, "000001", 101), 0); /* older than one that was */
    assert_int_equal(totp_match(codes, 100, "333333", 101), 102);
    assert_int_equal(totp_match(codes, 100, "444444", 0), 0);
    assert_int_equal(totp_match(same, 100, "000007", 0), 102);
    assert_int_equal(totp_match(codes, 100, "1", 0), 0);
    assert_int_equal(totp_match(codes, 100, "00001 ", 0), 0);
    assert_int_equal(totp_match(codes, 100, "0000001", 0), 0);
    assert_int_equal(totp_match(codes, 100, "", 0), 0);
}

static void who_needs_a_second_step(void **state)
{
    struct accounts_policy p = accounts_policy_default();

    (void)state;
    for (int r = ROLE_NONE; r < ROLE_COUNT; r++) {
        bool roles[ROLE_COUNT] = { false };

        roles[r] = true;
        assert_int_equal(accounts_second_needed(&p, roles),
                         r == ROLE_COORDINATOR || r == ROLE_ADMIN);
        p.second_admin = false;
        assert_int_equal(accounts_second_needed(&p, roles), r == ROLE_COORDINATOR);
        p.second_admin = true;
        p.second_coordinator = false;
        assert_int_equal(accounts_second_needed(&p, roles), r == ROLE_ADMIN);
        p.second_coordinator = true;
    }
}

static void who_may_invite_whom(void **state)
{
    (void)state;
    for (int by = ROLE_NONE; by < ROLE_COUNT; by++) {
        bool roles[ROLE_COUNT] = { false };

        roles[by] = true;
        for (int role = ROLE_NONE; role <= ROLE_COUNT; role++) {
            bool staff =
                role == ROLE_MENTOR || role == ROLE_COORDINATOR || role == ROLE_SCHOOL_OFFICER;
            bool may = (by == ROLE_ADMIN && (staff || role == ROLE_ADMIN)) ||
                       (by == ROLE_COORDINATOR && staff);

            assert_int_equal(accounts_may_invite(roles, (enum role)role), may);
        }
    }
}

static void who_may_manage_whom(void **state)
{
    bool admin[ROLE_COUNT] = { [ROLE_ADMIN] = true },
         coordinator[ROLE_COUNT] = { [ROLE_COORDINATOR] = true },
         mentor[ROLE_COUNT] = { [ROLE_MENTOR] = true };

    (void)state;
    assert_int_equal(accounts_may_manage(coordinator, mentor, false), MANAGE_OK);
    assert_int_equal(accounts_may_manage(coordinator, coordinator, false), MANAGE_OK);
    assert_int_equal(accounts_may_manage(coordinator, admin, false), MANAGE_HIGHER);
    assert_int_equal(accounts_may_manage(admin, admin, false), MANAGE_OK);
    assert_int_equal(accounts_may_manage(admin, admin, true), MANAGE_OWN);
}

static void names_and_codes_as_typed(void **state)
{
    char code[RECOVERY_CODE_CHARS + 1];

    (void)state;
    assert_true(accounts_login_ok("a1"));
    assert_true(accounts_login_ok("anna.s_2-x"));
    assert_false(accounts_login_ok("a"));
    assert_false(accounts_login_ok("Anna"));
    assert_false(accounts_login_ok("анна"));
    assert_false(accounts_login_ok("a b"));
    assert_true(recovery_tidy("ABCDE-23456", code));
    assert_string_equal(code, "abcde23456");
    assert_true(recovery_tidy(" ab cde 234 56 ", code));
    assert_false(recovery_tidy("abcde-2345", code));
    assert_false(recovery_tidy("abcde-234567", code));
    assert_false(recovery_tidy("abcde-23451", code)); /* no 1 in base32 */
    assert_string_equal(code, "");
}

static void devices_are_named_for_people(void **state)
{
    static const struct {
        const char *agent, *name;
    } cases[] = {
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0",
          "Firefox · Windows" },
        { "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/156.0.0.0 Mobile Safari/537.36",
          "Chrome · Android" },
        { "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
          "Chrome/130.0.0.0 YaBrowser/25.1.0.0 Safari/537.36",
          "Yandex · Windows" },
        { "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, "
          "like "
          "Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
          "Safari · iPhone" },
        { "curl/8.5.0", "" },
        { "", "" },
    };
    char name[DEVICE_MAX + 1];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        device_name(cases[i].agent, name);
        assert_string_equal(name, cases[i].name);
    }
}

static void a_qr_code_is_a_square_with_three_corners(void **state)
{
    static struct qr qr;
    static char long_text[4000];

    (void)state;
    assert_int_equal(qr_make("otpauth://totp/Parta:irina?secret=GEZDGNBVGY3TQOJQ", &qr), ERR_OK);
    assert_int_equal((qr.side - 17) % 4, 0);
    for (size_t y = 0; y < qr.side; y++)
        assert_int_equal(strlen(qr.rows[y]), qr.side);
    assert_memory_equal(qr.rows[0], "11111110", 8);
    assert_memory_equal(qr.rows[0] + qr.side - 8, "01111111", 8);
    assert_memory_equal(qr.rows[qr.side - 1], "11111110", 8);
    memset(long_text, 'a', sizeof long_text - 1);
    assert_int_equal(qr_make(long_text, &qr), ERR_INVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(codes_are_those_of_the_standard),
        cmocka_unit_test(a_secret_is_written_as_authenticators_read_it),
        cmocka_unit_test(a_code_is_matched_once_and_forwards),
        cmocka_unit_test(who_needs_a_second_step),
        cmocka_unit_test(who_may_invite_whom),
        cmocka_unit_test(who_may_manage_whom),
        cmocka_unit_test(names_and_codes_as_typed),
        cmocka_unit_test(devices_are_named_for_people),
        cmocka_unit_test(a_qr_code_is_a_square_with_three_corners),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
