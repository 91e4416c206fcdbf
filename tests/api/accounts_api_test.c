/* SPDX-License-Identifier: Apache-2.0
 *
 * Accounts of staff: passwords, mail, invitations, devices, locking; who may do it to whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/account.h"
#include "server/api/notify.h"
#include "server/domain/access.h"
#include "server/domain/accounts.h"
#include "server/store/notification.h"
#include "server/sys/seal.h"
#include "server/sys/totp.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

#define GOOD "correct horse battery"
#define ok(call) assert_int_equal(call, ERR_OK)

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    r.smtp = "smtp://127.0.0.1:9"; /* nobody there: mails wait */
    ok(mail_address_set(r.w.db, r.w.coordinator, "irina@centre.example", RIG_NOW));
    api_guest(NULL);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_guest(NULL);
    api_close(&r);
    return 0;
}

/* The token that the newest mail of this kind carries; the desk is stopped for it and goes on. */
static void mailed(const char *kind, char out[ACCOUNT_TOKEN_CHARS + 1])
{
    struct seal_ring ring;
    struct seal_place at;
    char path[128], *token;
    uint8_t *sealed;
    size_t len, token_len;
    struct query q;
    int64_t id = 0;

    api_stop(&r);
    q = query_on(r.w.db, "SELECT max(id) FROM notification WHERE kind = $1");
    query_text(&q, kind);
    assert_true(query_row(&q));
    id = row_int(&q);
    ok(query_end(&q));
    assert_true(str_format(path, sizeof path, "%s.ring", r.w.path));
    ok(seal_ring_load(path, false, &ring));
    ok(notification_sealed(r.w.db, id, &sealed, &len));
    assert_non_null(sealed);
    at = notify_place(id);
    ok(seal_open(&ring, &at, sealed, len, &token, &token_len));
    assert_int_equal(token_len, ACCOUNT_TOKEN_CHARS);
    memcpy(out, token, token_len + 1);
    seal_text_free(token, token_len);
    mem_free(sealed);
    api_resume_at(&r, RIG_NOW + 1000);
}

/* Puts the arguments in the places of %s. */
static void fill(char *out, size_t cap, const char *text, const char *const *args)
{
    struct strbuf b;

    strbuf_init(&b);
    while (*text) {
        size_t n = strcspn(text, "%");

        strbuf_add(&b, text, n);
        text += n;
        if (*text) {
            strbuf_puts(&b, *args++);
            text += 2;
        }
    }
    assert_true(strbuf_ok(&b) && str_copy(out, cap, b.s));
    strbuf_deinit(&b);
}

static void fill_id(char *out, size_t cap, const char *text, int64_t id)
{
    char number[24];

    assert_true(str_format(number, sizeof number, "%lld", (long long)id));
    fill(out, cap, text, (const char *[]){ number });
}

static struct answer post_with(enum who who, const char *target, const char *fmt, const char *a,
                               const char *b, const char *c)
{
    char body[600];

    fill(body, sizeof body, fmt, (const char *[]){ a, b, c });
    return api_post(&r, who, target, body);
}

/* Signs in by password; the cookie becomes NOBODY's. Returns the status. */
static int sign_in(const char *login, const char *password, const char *code)
{
    struct answer a;
    const char *cookie;
    int status;

    api_guest(NULL);
    a = code ? post_with(NOBODY, "/session",
                         "{\"login\":\"%s\",\"password\":\"%s\",\"second\":\"%s\"}", login,
                         password, code)
             : post_with(NOBODY, "/session", "{\"login\":\"%s\",\"password\":\"%s\"}%s", login,
                         password, "");
    status = a.status;
    cookie = a.headers ? strstr(a.headers, "__Host-s=") : NULL;
    if (cookie) {
        char token[ACCOUNT_TOKEN_CHARS + 1] = "";

        memcpy(token, cookie + 9, ACCOUNT_TOKEN_CHARS);
        api_guest(token);
    }
    answer_free(&a);
    return status;
}

/* ---- passwords -------------------------------------------------------------------------- */

static void a_password_is_changed_by_who_knows_it(void **state)
{
    struct answer a;

    (void)state;
    /* no password yet: the link that signed in is proof enough */
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    a = api_ask(&r, COORDINATOR, "PUT", "/me/password", NULL, NULL,
                "{\"old\":\"wrong horse battery\",\"new\":\"another horse battery\"}");
    api_refused(a, 403, "bad_password");
    a = api_ask(&r, COORDINATOR, "PUT", "/me/password", NULL, NULL,
                "{\"new\":\"another horse battery\"}");
    assert_string_equal(str_at(&a, "error.field"), "old");
    api_refused(a, 400, "bad_field");
    api_expect(&r, COORDINATOR, "PUT", "/me/password",
               "{\"old\":\"" GOOD "\",\"new\":\"another horse battery\"}", 200);
    assert_int_equal(sign_in("irina", GOOD, NULL), 401);
    assert_int_equal(sign_in("irina", "another horse battery", NULL), 200);
}

static void a_weak_password_is_refused_by_name(void **state)
{
    static const char *const weak[] = { "short", "aaaaaaaaaaaaaaaa", "my name is irina" };

    (void)state;
    for (size_t i = 0; i < sizeof weak / sizeof weak[0]; i++) {
        char body[80];
        struct answer a;

        assert_true(str_format(body, sizeof body, "{\"new\":\"%s\"}", weak[i]));
        a = api_ask(&r, COORDINATOR, "PUT", "/me/password", NULL, NULL, body);
        assert_string_equal(str_at(&a, "error.field"), "new");
        api_refused(a, 400, "bad_field");
    }
}

static void guessing_the_own_password_is_slow(void **state)
{
    (void)state;
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    for (int i = 0; i < 10; i++)
        api_expect(&r, COORDINATOR, "PUT", "/me/password",
                   "{\"old\":\"wrong\",\"new\":\"another horse battery\"}", 403);
    api_refused(api_ask(&r, COORDINATOR, "PUT", "/me/password", NULL, NULL,
                        "{\"old\":\"" GOOD "\",\"new\":\"another horse battery\"}"),
                429, "too_many");
}

static void an_address_is_set_and_nobody_elses(void **state)
{
    struct answer a;

    (void)state;
    api_expect(&r, MENTOR, "PUT", "/me/mail-address", "{\"address\":\"Anna@Centre.Example\"}", 200);
    a = api_get(&r, MENTOR, "/me/mail-address");
    assert_string_equal(str_at(&a, "address"), "anna@centre.example");
    answer_free(&a);
    api_refused(api_ask(&r, STRANGER, "PUT", "/me/mail-address", NULL, NULL,
                        "{\"address\":\"anna@centre.example\"}"),
                409, "address_taken");
    api_refused(api_ask(&r, STRANGER, "PUT", "/me/mail-address", NULL, NULL,
                        "{\"address\":\"anna at centre\"}"),
                400, "bad_field");
}

/* ---- a lost password -------------------------------------------------------------------- */

static void a_lost_password_is_replaced_by_mail(void **state)
{
    char token[ACCOUNT_TOKEN_CHARS + 1];

    (void)state;
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    api_expect(&r, NOBODY, "POST", "/password-resets", "{\"address\":\"IRINA@centre.example\"}",
               202);
    mailed("password_reset", token);
    api_refused(post_with(NOBODY, "/password-resets/use",
                          "{\"token\":\"%s\",\"password\":\"%s\"}%s", token, "short", ""),
                400, "bad_field");
    {
        struct answer a =
            post_with(NOBODY, "/password-resets/use", "{\"token\":\"%s\",\"password\":\"%s\"}%s",
                      token, "a brand new secret", "");
        assert_int_equal(a.status, 200);
        answer_free(&a);
    }
    api_refused(post_with(NOBODY, "/password-resets/use",
                          "{\"token\":\"%s\",\"password\":\"%s\"}%s", token, "yet another secret",
                          ""),
                409, "link_gone");
    api_expect(&r, COORDINATOR, "GET", "/session", NULL, 401);
    assert_int_equal(sign_in("irina", GOOD, NULL), 401);
    assert_int_equal(sign_in("irina", "a brand new secret", NULL), 200);
}

static void nobody_learns_which_addresses_are_known(void **state)
{
    struct answer known, unknown;

    (void)state;
    known = api_post(&r, NOBODY, "/password-resets", "{\"address\":\"irina@centre.example\"}");
    unknown = api_post(&r, NOBODY, "/password-resets", "{\"address\":\"nobody@centre.example\"}");
    assert_int_equal(known.status, 202);
    assert_int_equal(unknown.status, 202);
    assert_int_equal(known.body_len, unknown.body_len);
    assert_memory_equal(known.body, unknown.body, known.body_len);
    answer_free(&known);
    answer_free(&unknown);
    /* and asking is limited alike: five from here in a quarter of an hour, whatever the address */
    for (int i = 2; i < 5; i++)
        api_expect(&r, NOBODY, "POST", "/password-resets", "{\"address\":\"x@centre.example\"}",
                   202);
    api_refused(api_post(&r, NOBODY, "/password-resets", "{\"address\":\"irina@centre.example\"}"),
                429, "too_many");
    api_refused(api_post(&r, NOBODY, "/password-resets", "{\"address\":\"nobody@centre.example\"}"),
                429, "too_many");
}

static void a_link_that_is_old_or_made_up_opens_nothing(void **state)
{
    char token[ACCOUNT_TOKEN_CHARS + 1];

    (void)state;
    api_expect(&r, NOBODY, "POST", "/password-resets", "{\"address\":\"irina@centre.example\"}",
               202);
    mailed("password_reset", token);
    api_set_now(RIG_NOW + MS_PER_HOUR);
    api_refused(post_with(NOBODY, "/password-resets/use",
                          "{\"token\":\"%s\",\"password\":\"%s\"}%s", token, "a brand new secret",
                          ""),
                409, "link_gone");
    token[0] = token[0] == 'A' ? 'B' : 'A';
    api_refused(post_with(NOBODY, "/password-resets/use",
                          "{\"token\":\"%s\",\"password\":\"%s\"}%s", token, "a brand new secret",
                          ""),
                409, "link_gone");
    api_refused(post_with(NOBODY, "/password-resets/use",
                          "{\"token\":\"%s\",\"password\":\"%s\"}%s", "short", "a brand new secret",
                          ""),
                400, "bad_field");
}

/* ---- invitations ------------------------------------------------------------------------ */

#define INVITE_MENTOR                                                                              \
    "{\"name\":\"Вера Новая\",\"address\":\"vera@centre.example\",\"role\":\"mentor\","   \
    "\"locale\":\"ru\"}"

static void an_invitation_becomes_an_account_once(void **state)
{
    char token[ACCOUNT_TOKEN_CHARS + 1];
    struct answer a = api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR);

    (void)state;
    assert_int_equal(a.status, 201);
    answer_free(&a);
    api_refused(api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR), 409, "address_taken");
    mailed("invitation", token);
    a = post_with(NOBODY, "/invitations/look", "{\"token\":\"%s\"}%s%s", token, "", "");
    assert_string_equal(str_at(&a, "name"), "Вера Новая");
    assert_string_equal(str_at(&a, "role"), "mentor");
    answer_free(&a);
    api_refused(post_with(NOBODY, "/invitations/accept",
                          "{\"token\":\"%s\",\"login\":\"%s\",\"password\":\"%s\"}", token, "irina",
                          GOOD),
                409, "login_taken");
    api_refused(post_with(NOBODY, "/invitations/accept",
                          "{\"token\":\"%s\",\"login\":\"%s\",\"password\":\"%s\"}", token, "Вера",
                          GOOD),
                400, "bad_field");
    a = post_with(NOBODY, "/invitations/accept",
                  "{\"token\":\"%s\",\"login\":\"%s\",\"password\":\"%s\"}", token, "vera", GOOD);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "role"), "mentor");
    assert_non_null(strstr(a.headers, "__Host-s="));
    answer_free(&a);
    api_refused(post_with(NOBODY, "/invitations/accept",
                          "{\"token\":\"%s\",\"login\":\"%s\",\"password\":\"%s\"}", token, "vera2",
                          GOOD),
                409, "link_gone");
    assert_int_equal(sign_in("vera", GOOD, NULL), 200);
    api_expect(&r, NOBODY, "GET", "/me/day", NULL, 200);
    api_refused(api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR), 409, "address_taken");
}

static void an_invitation_is_withdrawn_and_expires(void **state)
{
    char token[ACCOUNT_TOKEN_CHARS + 1], target[64];
    struct answer a = api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR);

    (void)state;
    assert_true(
        str_format(target, sizeof target, "/invitations/%lld", (long long)int_at(&a, "id")));
    answer_free(&a);
    mailed("invitation", token);
    api_expect(&r, COORDINATOR, "DELETE", target, NULL, 200);
    api_refused(api_ask(&r, COORDINATOR, "DELETE", target, NULL, NULL, NULL), 409, "not_now");
    api_refused(post_with(NOBODY, "/invitations/look", "{\"token\":\"%s\"}%s%s", token, "", ""),
                409, "link_gone");
    a = api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR);
    assert_int_equal(a.status, 201);
    answer_free(&a);
    mailed("invitation", token);
    api_stop(&r);
    api_resume_at(&r, RIG_NOW + 8 * MS_PER_DAY);
    api_refused(post_with(NOBODY, "/invitations/look", "{\"token\":\"%s\"}%s%s", token, "", ""),
                409, "link_gone");
    a = api_get(&r, COORDINATOR, "/invitations");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_true(json_is_true(at(&a, "items.0.expired")));
    answer_free(&a);
    a = api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR); /* a fresh one may go out */
    assert_int_equal(a.status, 201);
    answer_free(&a);
}

static void bad_invitations_are_refused_by_name(void **state)
{
    static const struct {
        const char *body, *field;
    } bad[] = {
        { "{\"name\":\"\",\"address\":\"a@b.ru\",\"role\":\"mentor\",\"locale\":\"ru\"}", "name" },
        { "{\"name\":\"A\",\"address\":\"a@b\",\"role\":\"mentor\",\"locale\":\"ru\"}", "address" },
        { "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"boss\",\"locale\":\"ru\"}", "role" },
        { "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"mentor\",\"locale\":\"de\"}",
          "locale" },
        { "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"school_officer\",\"locale\":\"ru\"}",
          "school" },
        { "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"mentor\",\"locale\":\"ru\","
          "\"school\":2}",
          "school" },
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct answer a = api_post(&r, COORDINATOR, "/invitations", bad[i].body);

        assert_string_equal(str_at(&a, "error.field"), bad[i].field);
        api_refused(a, 400, "bad_field");
    }
    /* families and children come in through intake; an administrator is invited by one */
    api_refused(api_post(&r, COORDINATOR, "/invitations",
                         "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"guardian\","
                         "\"locale\":\"ru\"}"),
                403, "not_allowed");
    api_refused(api_post(&r, COORDINATOR, "/invitations",
                         "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"admin\","
                         "\"locale\":\"ru\"}"),
                403, "not_allowed");
    api_refused(api_post(&r, COORDINATOR, "/invitations",
                         "{\"name\":\"A\",\"address\":\"a@b.ru\",\"role\":\"school_officer\","
                         "\"locale\":\"ru\",\"school\":9999}"),
                404, "not_found");
}

static void without_a_mail_server_it_is_said(void **state)
{
    (void)state;
    api_stop(&r);
    r.smtp = NULL;
    api_resume_at(&r, RIG_NOW);
    api_refused(api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR), 409, "no_mail");
    api_refused(api_post(&r, NOBODY, "/password-resets", "{\"address\":\"irina@centre.example\"}"),
                409, "no_mail");
}

/* ---- the second step -------------------------------------------------------------------- */

static void code_at(const char *base32_secret, int64_t unix_ms, char out[8])
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint8_t secret[TOTP_SECRET_BYTES];
    uint64_t v = 0;
    uint32_t code;
    int bits = 0;
    size_t n = 0;

    for (const char *p = base32_secret; *p && n < sizeof secret; p++) {
        v = v << 5 | (uint64_t)(strchr(digits, *p) - digits);
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            secret[n++] = (uint8_t)(v >> bits);
        }
    }
    ok(totp_code(secret, totp_step(unix_ms), &code));
    assert_true(str_format(out, 8, "%06u", code));
}

/* The coordinator with a password and a second step; recovery codes in codes. */
static void enrol(char secret[40], char codes[RECOVERY_CODES][16])
{
    struct answer a;
    char code[8];

    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    a = api_ask(&r, COORDINATOR, "POST", "/me/second-step", NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_true(str_copy(secret, 40, str_at(&a, "secret")));
    answer_free(&a);
    code_at(secret, RIG_NOW, code);
    a = post_with(COORDINATOR, "/me/second-step/confirm", "{\"code\":\"%s\"}%s%s", code, "", "");
    assert_int_equal(a.status, 200);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        char path[32];

        assert_true(str_format(path, sizeof path, "recovery.%d", i));
        assert_true(str_copy(codes[i], 16, str_at(&a, path)));
    }
    answer_free(&a);
}

static void a_code_opens_once_and_within_one_step(void **state)
{
    char secret[40], codes[RECOVERY_CODES][16], code[8];
    const int64_t step = TOTP_STEP_S * MS_PER_S;

    (void)state;
    enrol(secret, codes);
    assert_int_equal(sign_in("irina", GOOD, NULL), 401); /* need_code */
    code_at(secret, RIG_NOW, code);
    assert_int_equal(sign_in("irina", GOOD, code), 401); /* it confirmed the enrolment already */
    code_at(secret, RIG_NOW + 2 * step, code);
    assert_int_equal(sign_in("irina", GOOD, code), 401); /* two steps ahead */
    code_at(secret, RIG_NOW + step, code);
    assert_int_equal(sign_in("irina", GOOD, code), 200); /* one */
    assert_int_equal(sign_in("irina", GOOD, code), 401); /* and once */
    api_set_now(RIG_NOW + 4 * step);
    code_at(secret, RIG_NOW + 2 * step, code);
    assert_int_equal(sign_in("irina", GOOD, code), 401); /* two steps ago */
    code_at(secret, RIG_NOW + 3 * step, code);
    assert_int_equal(sign_in("irina", GOOD, code), 200);
    assert_int_equal(sign_in("irina", "wrong horse battery", code), 401);
}

static void refusals_of_the_second_step_have_their_codes(void **state)
{
    char secret[40], codes[RECOVERY_CODES][16];

    (void)state;
    enrol(secret, codes);
    api_refused(post_with(NOBODY, "/session", "{\"login\":\"%s\",\"password\":\"%s\"}%s", "irina",
                          GOOD, ""),
                401, "need_code");
    api_refused(post_with(NOBODY, "/session",
                          "{\"login\":\"%s\",\"password\":\"%s\",\"second\":\"%s\"}", "irina", GOOD,
                          "000000"),
                401, "bad_code");
    api_refused(post_with(NOBODY, "/session", "{\"login\":\"%s\",\"password\":\"%s\"}%s", "irina",
                          "wrong horse battery", ""),
                401, "bad_sign_in");
}

static void guessing_codes_ends(void **state)
{
    char secret[40], codes[RECOVERY_CODES][16], code[8];

    (void)state;
    enrol(secret, codes);
    for (int i = 0; i < 10; i++)
        assert_int_equal(sign_in("irina", GOOD, "000000"), 401);
    code_at(secret, RIG_NOW + TOTP_STEP_S * MS_PER_S, code);
    assert_int_equal(sign_in("irina", GOOD, code), 429);
    /* asking without a code counts for nothing, so it cannot lock anybody out */
    api_set_now(RIG_NOW + 16 * MS_PER_MIN);
    for (int i = 0; i < 12; i++)
        assert_int_equal(sign_in("irina", GOOD, NULL), 401);
    code_at(secret, RIG_NOW + 16 * MS_PER_MIN, code);
    assert_int_equal(sign_in("irina", GOOD, code), 200);
}

static void a_recovery_code_opens_once_however_it_is_typed(void **state)
{
    char secret[40], codes[RECOVERY_CODES][16], typed[16];
    struct answer a;

    (void)state;
    enrol(secret, codes);
    assert_true(str_copy(typed, sizeof typed, codes[0]));
    for (char *p = typed; *p; p++)
        *p = *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p == '-' ? ' ' : *p;
    assert_int_equal(sign_in("irina", GOOD, typed), 200);
    assert_int_equal(sign_in("irina", GOOD, codes[0]), 401);
    assert_int_equal(sign_in("irina", GOOD, codes[1]), 200);
    a = api_get(&r, COORDINATOR, "/me/second-step");
    assert_int_equal(int_at(&a, "recovery_left"), RECOVERY_CODES - 2);
    answer_free(&a);
    a = post_with(COORDINATOR, "/me/second-step/recovery", "{\"code\":\"%s\"}%s%s", codes[2], "",
                  "");
    assert_int_equal(a.status, 200);
    assert_int_equal(sign_in("irina", GOOD, codes[3]), 401);
    assert_int_equal(sign_in("irina", GOOD, str_at(&a, "recovery.0")), 200);
    answer_free(&a);
}

static void whoever_owes_a_second_step_gets_nowhere_without_it(void **state)
{
    struct answer a;
    char secret[40], code[8];

    (void)state;
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    assert_int_equal(sign_in("irina", GOOD, NULL), 200);
    api_refused(api_get(&r, NOBODY, "/board"), 403, "enrol_first");
    api_refused(api_get(&r, NOBODY, "/people"), 403, "enrol_first");
    api_expect(&r, NOBODY, "GET", "/session", NULL, 200);
    a = api_get(&r, NOBODY, "/me/second-step");
    assert_true(json_is_true(at(&a, "owed")));
    answer_free(&a);
    a = api_ask(&r, NOBODY, "POST", "/me/second-step", NULL, NULL, NULL);
    assert_true(str_copy(secret, sizeof secret, str_at(&a, "secret")));
    answer_free(&a);
    api_refused(api_post(&r, NOBODY, "/me/second-step/confirm", "{\"code\":\"000000\"}"), 401,
                "bad_code");
    code_at(secret, RIG_NOW, code);
    a = post_with(NOBODY, "/me/second-step/confirm", "{\"code\":\"%s\"}%s%s", code, "", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_expect(&r, NOBODY, "GET", "/board", NULL, 200);
    api_refused(api_ask(&r, NOBODY, "POST", "/me/second-step", NULL, NULL, NULL), 409, "not_now");
    code_at(secret, RIG_NOW + TOTP_STEP_S * MS_PER_S, code);
    a = post_with(NOBODY, "/me/second-step/off", "{\"code\":\"%s\"}%s%s", code, "", "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    api_refused(api_get(&r, NOBODY, "/board"), 403, "enrol_first");
}

static void a_policy_row_lets_a_centre_go_without(void **state)
{
    (void)state;
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    api_stop(&r);
    ok(policy_set(r.w.db, r.w.centre, "account.second_coordinator", "0", RIG_NOW, "a test", RIG_NOW,
                  r.w.coordinator));
    api_resume_at(&r, RIG_NOW);
    assert_int_equal(sign_in("irina", GOOD, NULL), 200);
    api_expect(&r, NOBODY, "GET", "/board", NULL, 200);
}

/* ---- devices and locking ---------------------------------------------------------------- */

static void own_devices_are_listed_and_signed_out(void **state)
{
    struct answer a;
    char target[64];
    int64_t here;

    (void)state;
    api_expect(&r, MENTOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    assert_int_equal(sign_in("anna", GOOD, NULL), 200);
    a = api_get(&r, NOBODY, "/me/sessions");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    here = json_is_true(at(&a, "items.0.current")) ? 0 : 1;
    assert_true(str_format(target, sizeof target, "/me/sessions/%lld",
                           (long long)int_at(&a, here ? "items.0.id" : "items.1.id")));
    answer_free(&a);
    api_refused(api_ask(&r, STRANGER, "DELETE", target, NULL, NULL, NULL), 404, "not_found");
    api_expect(&r, NOBODY, "DELETE", target, NULL, 200);
    api_expect(&r, MENTOR, "GET", "/session", NULL, 401); /* it was the other one */
    api_expect(&r, NOBODY, "GET", "/session", NULL, 200);
    a = api_ask(&r, NOBODY, "POST", "/me/sessions/end-others", NULL, NULL, NULL);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
}

static void on(enum who who, const char *method, const char *fmt, int64_t id, int status,
               const char *code)
{
    char target[80];
    struct answer a;

    fill_id(target, sizeof target, fmt, id);
    a = api_ask(&r, who, method, target, NULL, NULL, NULL);
    if (a.status != status)
        fail_msg("%s %s %s: %d instead of %d", who_name(who), method, target, a.status, status);
    if (code)
        api_refused(a, status, code);
    else
        answer_free(&a);
}

static void a_locked_account_is_out_at_once(void **state)
{
    int64_t anna = r.w.mentor_users[0].v;

    (void)state;
    on(COORDINATOR, "POST", "/people/%s/unlock", anna, 409, "not_now");
    on(COORDINATOR, "POST", "/people/%s/lock", anna, 200, NULL);
    api_expect(&r, MENTOR, "GET", "/session", NULL, 401);
    on(COORDINATOR, "POST", "/people/%s/lock", anna, 409, "not_now");
    on(COORDINATOR, "POST", "/people/%s/unlock", anna, 200, NULL);
    on(COORDINATOR, "POST", "/people/%s/lock", r.w.coordinator.v, 409, "own_account");
    on(COORDINATOR, "POST", "/people/%s/lock", r.admin.v, 403, "not_allowed");
    on(COORDINATOR, "POST", "/people/%s/lock", r.w.child_users[0].v, 404, "not_found");
    on(COORDINATOR, "POST", "/people/%s/lock", 99999, 404, "not_found");
}

static void a_lost_second_step_is_the_administrators(void **state)
{
    char secret[40], codes[RECOVERY_CODES][16];

    (void)state;
    enrol(secret, codes);
    on(COORDINATOR, "POST", "/people/%s/second-step-off", r.w.mentor_users[0].v, 403,
       "not_allowed");
    on(ADMIN, "POST", "/people/%s/second-step-off", r.w.mentor_users[0].v, 409, "not_now");
    on(ADMIN, "POST", "/people/%s/second-step-off", r.w.coordinator.v, 200, NULL);
    api_expect(&r, COORDINATOR, "GET", "/session", NULL, 401);
    assert_int_equal(sign_in("irina", GOOD, NULL), 200);
    api_refused(api_get(&r, NOBODY, "/board"), 403, "enrol_first");
}

static void the_outbox_tells_states_and_no_words(void **state)
{
    struct answer a;
    char token[ACCOUNT_TOKEN_CHARS + 1], target[64];
    static const char failed[] = "UPDATE notification SET state = 'failed', done_ms = created_ms";

    (void)state;
    api_expect(&r, COORDINATOR, "PUT", "/me/password", "{\"new\":\"" GOOD "\"}", 200);
    api_expect(&r, COORDINATOR, "POST", "/invitations", INVITE_MENTOR, 201);
    mailed("invitation", token);
    a = api_get(&r, COORDINATOR, "/outbox?open=1");
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_string_equal(str_at(&a, "items.0.kind"), "invitation");
    assert_null(memmem(a.body, a.body_len, token, ACCOUNT_TOKEN_CHARS));
    assert_true(str_format(target, sizeof target, "/outbox/%lld/again",
                           (long long)int_at(&a, "items.1.id")));
    answer_free(&a);
    api_refused(api_ask(&r, COORDINATOR, "POST", target, NULL, NULL, NULL), 409, "not_now");
    api_stop(&r);
    /* Now, and not long ago: an old letter is swept away, beside the question or before it. */
    ok(db_script(r.w.db, failed));
    api_resume_at(&r, RIG_NOW);
    api_expect(&r, COORDINATOR, "POST", target, NULL, 200);
    api_refused(api_get(&r, COORDINATOR, "/outbox?open=2"), 400, "bad_field");
}

/* ---- rights ----------------------------------------------------------------------------- */

static void each_endpoint_is_for_whom_the_table_names(void **state)
{
    static const struct {
        enum who who;
        enum role role;
    } actors[] = { { CHILD, ROLE_CHILD },
                   { GUARDIAN, ROLE_GUARDIAN },
                   { MENTOR, ROLE_MENTOR },
                   { OFFICER, ROLE_SCHOOL_OFFICER },
                   { COORDINATOR, ROLE_COORDINATOR },
                   { ADMIN, ROLE_ADMIN } };
    static const struct {
        const char *method, *target;
        enum right right;
    } tries[] = {
        { "GET", "/people", RIGHT_USER_LIST },
        { "GET", "/invitations", RIGHT_USER_LIST },
        { "GET", "/outbox", RIGHT_OUTBOX_VIEW },
        { "GET", "/people/%s/sessions", RIGHT_SESSION_REVOKE },
        { "POST", "/people/%s/sign-out", RIGHT_SESSION_REVOKE },
        { "POST", "/people/%s/lock", RIGHT_USER_MANAGE },
        { "POST", "/people/%s/unlock", RIGHT_USER_MANAGE },
        { "POST", "/people/%s/second-step-off", RIGHT_SECOND_STEP_RESET },
        { "DELETE", "/invitations/99999", RIGHT_USER_MANAGE },
        { "POST", "/outbox/99999/again", RIGHT_OUTBOX_VIEW },
    };

    (void)state;
    for (size_t t = 0; t < sizeof tries / sizeof tries[0]; t++) {
        for (size_t i = 0; i < sizeof actors / sizeof actors[0]; i++) {
            enum scope s = access_scope(actors[i].role, tries[t].right);
            bool may = s == SCOPE_OWN_CENTRE || s == SCOPE_ALL;
            char target[80];
            struct answer a;

            fill_id(target, sizeof target, tries[t].target, r.w.stranger.v);
            a = api_ask(&r, actors[i].who, tries[t].method, target, NULL, NULL, NULL);
            if ((a.status == 403) == may)
                fail_msg("%s %s %s: %d", who_name(actors[i].who), tries[t].method, target,
                         a.status);
            answer_free(&a);
        }
        if (strchr(tries[t].target, '%'))
            on(NOBODY, tries[t].method, tries[t].target, r.w.stranger.v, 401, "no_login");
    }
}

static void another_centres_people_are_not_there(void **state)
{
    struct org o = { .type = ORG_CENTRE };
    struct grant g = { .role = ROLE_COORDINATOR, .from_ms = 1, .to_ms = FOREVER_MS };
    int64_t id;

    (void)state;
    api_stop(&r);
    assert_true(str_copy(o.code, sizeof o.code, "other"));
    assert_true(str_copy(o.name, sizeof o.name, "Other"));
    assert_true(str_copy(o.tz, sizeof o.tz, "Europe/Moscow"));
    ok(org_save(r.w.db, &o, RIG_NOW, r.admin, &o.id));
    g.user = r.w.stranger;
    g.org = o.id;
    ok(db_script(r.w.db, "UPDATE role_grant SET to_ms = 2 WHERE role = 'mentor' AND user_id = "
                         "(SELECT id FROM \"user\" WHERE login = 'nobody')"));
    ok(grant_add(r.w.db, &g, RIG_NOW, r.admin, &id));
    api_resume_at(&r, RIG_NOW);
    on(STRANGER, "POST", "/people/%s/lock", r.w.mentor_users[0].v, 404, "not_found");
    on(STRANGER, "GET", "/people/%s/sessions", r.w.mentor_users[0].v, 404, "not_found");
    {
        struct answer a = api_post(&r, COORDINATOR, "/invitations", INVITE_MENTOR);
        int64_t invitation = int_at(&a, "id");

        answer_free(&a);
        on(STRANGER, "DELETE", "/invitations/%s", invitation, 404, "not_found");
        a = api_get(&r, STRANGER, "/invitations");
        assert_int_equal(json_array_size(at(&a, "items")), 0);
        answer_free(&a);
        a = api_get(&r, STRANGER, "/outbox");
        assert_int_equal(json_array_size(at(&a, "items")), 0);
        answer_free(&a);
        on(STRANGER, "POST", "/outbox/%s/again", 1, 404, "not_found");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(a_password_is_changed_by_who_knows_it),
        t(a_weak_password_is_refused_by_name),
        t(guessing_the_own_password_is_slow),
        t(an_address_is_set_and_nobody_elses),
        t(a_lost_password_is_replaced_by_mail),
        t(nobody_learns_which_addresses_are_known),
        t(a_link_that_is_old_or_made_up_opens_nothing),
        t(an_invitation_becomes_an_account_once),
        t(an_invitation_is_withdrawn_and_expires),
        t(bad_invitations_are_refused_by_name),
        t(without_a_mail_server_it_is_said),
        t(a_code_opens_once_and_within_one_step),
        t(refusals_of_the_second_step_have_their_codes),
        t(guessing_codes_ends),
        t(a_recovery_code_opens_once_however_it_is_typed),
        t(whoever_owes_a_second_step_gets_nowhere_without_it),
        t(a_policy_row_lets_a_centre_go_without),
        t(own_devices_are_listed_and_signed_out),
        t(a_locked_account_is_out_at_once),
        t(a_lost_second_step_is_the_administrators),
        t(the_outbox_tells_states_and_no_words),
        t(each_endpoint_is_for_whom_the_table_names),
        t(another_centres_people_are_not_there),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
