/* SPDX-License-Identifier: Apache-2.0
 *
 * Sign-in through the desk: links, passwords, cards, sessions, floods.
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "tests/support/desk_rig.h"

/* ---- sign-in ---------------------------------------------------------------------------- */

struct crowd {
    struct desk_rig *rig;
    const char *token;
    int first;
};

static void *use_link(void *arg)
{
    const struct crowd *c = arg;

    for (int i = 0; i < 25; i++) {
        struct desk_request *q = desk_rig_http("POST", "/link", c->token, "");

        q->tag = 5000 + (uint64_t)(c->first + i);
        if (desk_post(c->rig->desk, q) != ERR_OK)
            desk_request_free(q);
    }
    return NULL;
}

static void a_link_opens_once_of_a_hundred_at_a_time(void **state)
{
    struct desk_rig *r = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];
    pthread_t threads[4];
    struct crowd crowds[4];
    int won = 0, refused = 0;

    ok(account_new_link(r->w.db, desk_rig_user(r, CHILD), MIN, NOW, r->w.coordinator, token));
    desk_rig_run(r);
    for (int i = 0; i < 4; i++) {
        crowds[i] = (struct crowd){ .rig = r, .token = token, .first = 25 * i };
        assert_int_equal(pthread_create(&threads[i], NULL, use_link, &crowds[i]), 0);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    for (uint64_t i = 0; i < 100; i++) {
        struct desk_reply *p = desk_rig_wait(r, DESK_REPLY_HTTP, 5000 + i);

        won += p->u.http.status == 200;
        refused += p->u.http.status == 401;
        desk_reply_free(p);
    }
    assert_int_equal(won, 1);
    assert_int_equal(refused, 99);
}

static void a_link_too_old_or_made_up_opens_nothing(void **state)
{
    struct desk_rig *r = *state;
    char token[ACCOUNT_TOKEN_CHARS + 1];

    ok(account_new_link(r->w.db, desk_rig_user(r, CHILD), MIN, NOW, r->w.coordinator, token));
    desk_rig_run(r);
    assert_int_equal(desk_rig_call(r, "POST", "/link", "", NULL, 0), 401);
    assert_int_equal(desk_rig_call(r, "POST", "/link", "' OR 1=1 --", NULL, 0), 401);
    atomic_store(&desk_rig_ms, NOW + MIN);
    assert_int_equal(desk_rig_call(r, "POST", "/link", token, NULL, 0), 401);
}

static struct desk_reply *who_is(struct desk_rig *r, const char *cookie)
{
    return desk_rig_ask(r, desk_rig_http("GET", "/whoami", "", cookie));
}

static int status_for(struct desk_rig *r, const char *cookie)
{
    struct desk_reply *p = who_is(r, cookie);
    int status = p->u.http.status;

    desk_reply_free(p);
    return status;
}

static void a_session_idles_out_but_not_in_a_lesson(void **state)
{
    struct desk_rig *r = *state;
    char child[ACCOUNT_TOKEN_CHARS + 1], mentor[ACCOUNT_TOKEN_CHARS + 1];

    desk_rig_cookie(CHILD, child);
    desk_rig_cookie(MENTOR, mentor);
    desk_rig_run(r);
    desk_reply_free(desk_rig_sit(r, CHILD, 1));
    assert_int_equal(status_for(r, mentor), 200);
    atomic_store(&desk_rig_ms, NOW + 31 * MIN);
    assert_int_equal(status_for(r, mentor), 401);
    assert_int_equal(status_for(r, child), 200);
    assert_int_equal(status_for(r, ""), 401);
    assert_int_equal(status_for(r, "A"), 401);
    child[3] ^= 1;
    assert_int_equal(status_for(r, child), 401);
}

static void signing_out_everywhere_closes_connections(void **state)
{
    struct desk_rig *r = *state;
    char cookie[ACCOUNT_TOKEN_CHARS + 1], id[24];
    struct desk_reply *p;
    struct desk_request *q = desk_request_new(DESK_CONNECT, 0);

    desk_rig_cookie(CHILD, cookie);
    desk_rig_run(r);
    assert_true(str_copy(q->u.connect.cookie, sizeof q->u.connect.cookie, cookie));
    p = desk_rig_ask(r, q);
    assert_true(p->u.connect.ok);
    assert_int_equal(p->u.connect.user.v, desk_rig_user(r, CHILD).v);
    desk_reply_free(p);
    assert_true(str_format(id, sizeof id, "%lld", (long long)desk_rig_user(r, CHILD).v));
    assert_int_equal(desk_rig_call(r, "POST", "/sign-out-all", id, NULL, 0), 200);
    p = desk_rig_wait(r, DESK_PUSH_LOGOUT, 0);
    assert_int_equal(p->u.logout.login, r->login[CHILD]);
    desk_reply_free(p);
    q = desk_request_new(DESK_CONNECT, 0);
    assert_true(str_copy(q->u.connect.cookie, sizeof q->u.connect.cookie, cookie));
    p = desk_rig_ask(r, q);
    assert_false(p->u.connect.ok);
    desk_reply_free(p);
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_NO_LOGIN);
}

static void a_password_opens_and_a_wrong_one_does_not(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;

    desk_rig_run(r);
    assert_int_equal(desk_rig_call(r, "POST", "/set-password", "short", NULL, 0), 429);
    assert_int_equal(desk_rig_call(r, "POST", "/set-password", "correct horse battery", NULL, 0),
                     200);
    p = desk_rig_ask(r, desk_rig_http("POST", "/password", "IRINA correct horse battery", ""));
    assert_int_equal(p->u.http.status, 200);
    assert_non_null(strstr(p->u.http.headers, "Set-Cookie: __Host-s="));
    assert_non_null(strstr(p->u.http.headers, "; Path=/; Secure; HttpOnly; SameSite=Strict"));
    assert_int_equal(status_for(r, p->u.http.body), 200);
    desk_reply_free(p);
    assert_int_equal(desk_rig_call(r, "POST", "/password", "irina wrong horse", NULL, 0), 401);
    assert_int_equal(desk_rig_call(r, "POST", "/password", "nobody correct horse battery", NULL, 0),
                     401);
    desk_rig_stop(r);
    /* right secret, ended access: told; wrong secret: not told */
    ok(user_set_status(r->w.db, r->w.coordinator, USER_ENDED, NOW));
    world_let_go(&r->w);
    desk_rig_start(r);
    p = desk_rig_ask(r, desk_rig_http("POST", "/password", "irina correct horse battery", ""));
    assert_int_equal(p->u.http.status, 403);
    desk_reply_free(p);
    p = desk_rig_ask(r, desk_rig_http("POST", "/password", "irina wrong", ""));
    assert_int_equal(p->u.http.status, 401);
    desk_reply_free(p);
}

static void a_card_opens_until_it_is_replaced_and_guessing_is_slow(void **state)
{
    struct desk_rig *r = *state;
    char id[24], pin[16], second[16], body[64];

    desk_rig_run(r);
    assert_true(str_format(id, sizeof id, "%lld", (long long)desk_rig_user(r, CHILD).v));
    assert_int_equal(desk_rig_call(r, "POST", "/new-pin", id, pin, sizeof pin), 200);
    assert_int_equal(strlen(pin), 6);
    assert_true(str_format(body, sizeof body, "misha %s", pin));
    assert_int_equal(desk_rig_call(r, "POST", "/pin", body, NULL, 0), 200);
    assert_int_equal(desk_rig_call(r, "POST", "/new-pin", id, second, sizeof second), 200);
    assert_int_equal(desk_rig_call(r, "POST", "/pin", body, NULL, 0), 401);
    for (int i = 0; i < 9; i++)
        assert_int_equal(desk_rig_call(r, "POST", "/pin", "misha 000000", NULL, 0), 401);
    assert_true(str_format(body, sizeof body, "misha %s", second));
    assert_int_equal(desk_rig_call(r, "POST", "/pin", body, NULL, 0), 429); /* even the right one */
    atomic_store(&desk_rig_ms, NOW + 15 * MIN);
    assert_int_equal(desk_rig_call(r, "POST", "/pin", body, NULL, 0), 200);
}

static void post_sign_in(struct desk_rig *r, uint64_t i, const char *address)
{
    char body[64];
    struct desk_request *q;

    assert_true(str_format(body, sizeof body, "user%d secret", (int)i));
    q = desk_rig_http("POST", "/password", body, "");
    q->tag = 9000 + i;
    assert_true(str_copy(q->u.http.client_hash, sizeof q->u.http.client_hash, address));
    ok(desk_post(r->desk, q));
}

static int sign_in_status(struct desk_rig *r, uint64_t i)
{
    struct desk_reply *p = desk_rig_wait(r, DESK_REPLY_HTTP, 9000 + i);
    int status = p->u.http.status;

    desk_reply_free(p);
    return status;
}

/* From many addresses: as many are looked at as may wait, the others are told so. */
static void a_flood_of_sign_ins_is_bounded(void **state)
{
    struct desk_rig *r = *state;
    int busy = 0, wrong = 0;

    desk_rig_run(r);
    for (uint64_t i = 0; i < 46; i++) {
        char address[16];

        assert_true(str_format(address, sizeof address, "address%d", (int)i % 8));
        post_sign_in(r, i, address);
    }
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_OK); /* the door does not wait for hashes */
    for (uint64_t i = 0; i < 46; i++) {
        int status = sign_in_status(r, i);

        busy += status == 503;
        wrong += status == 401;
    }
    assert_int_equal(busy + wrong, 46);
    assert_true(wrong >= 32);
    assert_true(busy >= 1);
}

/* From one: who comes from elsewhere is looked at all the same. */
static void a_flood_of_one_address_leaves_room_for_others(void **state)
{
    struct desk_rig *r = *state;
    int busy = 0;

    desk_rig_run(r);
    for (uint64_t i = 0; i < 46; i++)
        post_sign_in(r, i, "flood");
    post_sign_in(r, 100, "elsewhere");
    assert_int_equal(sign_in_status(r, 100), 401);
    for (uint64_t i = 0; i < 46; i++)
        busy += sign_in_status(r, i) == 503;
    assert_true(busy >= 1);
    /* The places are given back: afterwards the same address is looked at again. */
    for (uint64_t i = 200; i < 212; i++)
        post_sign_in(r, i, "flood");
    for (uint64_t i = 200; i < 212; i++)
        assert_int_equal(sign_in_status(r, i), 401);
}

/* Is the text anywhere in the file? */
static bool file_holds(const char *path, const char *text)
{
    FILE *f = fopen(path, "rb");
    char *bytes = mem_zalloc(1, 4u << 20);
    size_t n;
    bool found;

    assert_non_null(bytes);
    if (!f) {
        mem_free(bytes);
        return false;
    }
    n = fread(bytes, 1, 4u << 20, f);
    assert_true(feof(f));
    fclose(f);
    found = memmem(bytes, n, text, strlen(text)) != NULL;
    mem_free(bytes);
    return found;
}

static void no_secret_is_in_the_database(void **state)
{
    struct desk_rig *r = *state;
    char link[ACCOUNT_TOKEN_CHARS + 1], cookie[ACCOUNT_TOKEN_CHARS + 1], wal[128], id[24], pin[16];
    const char *secrets[5] = { link, cookie, "correct horse battery" };
    struct desk_reply *seat;

    ok(account_new_link(r->w.db, desk_rig_user(r, CHILD), MIN, NOW, r->w.coordinator, link));
    desk_rig_run(r);
    assert_int_equal(desk_rig_call(r, "POST", "/link", link, cookie, sizeof cookie), 200);
    assert_int_equal(desk_rig_call(r, "POST", "/set-password", "correct horse battery", NULL, 0),
                     200);
    assert_true(str_format(id, sizeof id, "%lld", (long long)desk_rig_user(r, CHILD).v));
    assert_int_equal(desk_rig_call(r, "POST", "/new-pin", id, pin, sizeof pin), 200);
    seat = desk_rig_sit(r, MENTOR, 1);
    secrets[3] = seat->u.admit.resume;
    secrets[4] = pin;
    assert_true(str_format(wal, sizeof wal, "%s-wal", r->w.path));
    assert_true(file_holds(r->w.path, "irina") || file_holds(wal, "irina")); /* it would show */
    for (size_t i = 0; i < sizeof secrets / sizeof secrets[0]; i++) {
        assert_false(file_holds(r->w.path, secrets[i]));
        assert_false(file_holds(wal, secrets[i]));
    }
    desk_reply_free(seat);
}

static void closing_in_the_middle_of_work_loses_no_memory(void **state)
{
    struct desk_rig *r = *state;

    desk_rig_run(r);
    for (uint64_t i = 0; i < 6; i++)
        ok(desk_post(r->desk, desk_rig_http("POST", "/password", "irina secret", "")));
    desk_close(r->desk); /* ASan sees what is not freed */
    r->desk = NULL;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, desk_rig_open, desk_rig_close)
        t(a_link_opens_once_of_a_hundred_at_a_time),
        t(a_link_too_old_or_made_up_opens_nothing),
        t(a_session_idles_out_but_not_in_a_lesson),
        t(signing_out_everywhere_closes_connections),
        t(a_password_opens_and_a_wrong_one_does_not),
        t(a_card_opens_until_it_is_replaced_and_guessing_is_slow),
        t(a_flood_of_sign_ins_is_bounded),
        t(a_flood_of_one_address_leaves_room_for_others),
        t(no_secret_is_in_the_database),
        t(closing_in_the_middle_of_work_loses_no_memory),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
