/* SPDX-License-Identifier: Apache-2.0
 *
 * The queue of notifications: once per event, claimed by one, settled once,
 * tokens gone with the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/notification.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
#define ok(call) assert_int_equal(call, ERR_OK)

static struct world w;

static int open_world(void **state)
{
    (void)state;
    world_open(&w, NOW);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static int64_t put(const char *kind, const char *key, struct user_id user, int64_t next_ms)
{
    struct notification n = { .centre = w.centre, .user = user, .next_ms = next_ms };
    int64_t id = -1;

    memcpy(n.kind, kind, strlen(kind) + 1);
    memcpy(n.key, key, strlen(key) + 1);
    ok(notification_add(w.db, &n, NOW, &id));
    return id;
}

static void an_event_is_told_once_to_each(void **state)
{
    (void)state;
    assert_true(put("expiry", "7", w.coordinator, NOW) > 0);
    assert_int_equal(put("expiry", "7", w.coordinator, NOW), 0);
    assert_true(put("expiry", "7", w.officer, NOW) > 0);
    assert_true(put("expiry", "8", w.coordinator, NOW) > 0);
    assert_true(put("no_show", "7", w.coordinator, NOW) > 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM notification"), 4);
}

static void the_longest_due_is_claimed_and_by_one(void **state)
{
    struct notification n;
    int64_t late = put("expiry", "1", w.coordinator, NOW + 5);
    int64_t soon = put("expiry", "2", w.coordinator, NOW);

    (void)state;
    assert_int_equal(notification_claim(w.db, NOW - 1, &n), ERR_NOTFOUND);
    ok(notification_claim(w.db, NOW + 9, &n));
    assert_int_equal(n.id, soon);
    assert_int_equal(n.tries, 1);
    assert_string_equal(n.state, "sending");
    ok(notification_claim(w.db, NOW + 9, &n));
    assert_int_equal(n.id, late);
    assert_int_equal(notification_claim(w.db, NOW + 9, &n), ERR_NOTFOUND);
}

static void what_was_tried_waits_or_ends(void **state)
{
    struct notification n;
    int64_t id = put("expiry", "1", w.coordinator, NOW);

    (void)state;
    assert_int_equal(notification_settle(w.db, id, NOTIFY_SENT, 0, 250, "", NOW), ERR_NOTFOUND);
    ok(notification_claim(w.db, NOW, &n));
    ok(notification_settle(w.db, id, NOTIFY_WAITS, NOW + 60, 451, "451 later", NOW));
    assert_int_equal(notification_claim(w.db, NOW + 59, &n), ERR_NOTFOUND);
    ok(notification_claim(w.db, NOW + 60, &n));
    assert_int_equal(n.tries, 2);
    assert_string_equal(n.detail, "451 later");
    ok(notification_settle(w.db, id, NOTIFY_FAILED, 0, 550, "550 no", NOW + 61));
    ok(notification_load(w.db, id, &n));
    assert_string_equal(n.state, "failed");
    assert_int_equal(n.done_ms, NOW + 61);
    /* a second answer to the same try changes nothing */
    assert_int_equal(notification_settle(w.db, id, NOTIFY_SENT, 0, 250, "", NOW), ERR_NOTFOUND);
    ok(notification_again(w.db, id, NOW + 70));
    assert_int_equal(notification_again(w.db, id, NOW + 70), ERR_NOTFOUND);
    ok(notification_claim(w.db, NOW + 70, &n));
    assert_int_equal(n.tries, 1);
}

static void a_crash_leaves_nothing_behind(void **state)
{
    struct notification n;

    (void)state;
    put("expiry", "1", w.coordinator, NOW);
    ok(notification_claim(w.db, NOW, &n));
    ok(notification_recover(w.db, NOW + 5));
    ok(notification_claim(w.db, NOW + 5, &n));
    assert_int_equal(n.tries, 2);
}

static void a_token_is_gone_with_the_end(void **state)
{
    static const uint8_t sealed[40] = { 1 };
    struct notification n;
    uint8_t *bytes = NULL;
    size_t len = 0;
    int64_t id = put("invitation", "1", w.coordinator, NOW);

    (void)state;
    ok(notification_seal(w.db, id, sealed, sizeof sealed));
    ok(notification_claim(w.db, NOW, &n));
    ok(notification_settle(w.db, id, NOTIFY_WAITS, NOW, 0, "", NOW));
    ok(notification_sealed(w.db, id, &bytes, &len));
    assert_int_equal(len, sizeof sealed);
    mem_free(bytes);
    ok(notification_claim(w.db, NOW, &n));
    ok(notification_settle(w.db, id, NOTIFY_FAILED, NOW, 550, "", NOW));
    ok(notification_sealed(w.db, id, &bytes, &len));
    assert_null(bytes);
    /* and with it the way back: whoever wants it asks anew */
    assert_int_equal(notification_again(w.db, id, NOW), ERR_NOTFOUND);
}

static void the_list_is_of_the_centre_and_old_rows_go(void **state)
{
    struct notification_list l;
    struct notification n;
    const struct org_id other = { 999 };

    (void)state;
    put("expiry", "1", w.coordinator, NOW);
    put("expiry", "2", w.coordinator, NOW + 1);
    ok(notification_claim(w.db, NOW, &n));
    ok(notification_settle(w.db, n.id, NOTIFY_SENT, 0, 250, "", NOW));
    ok(notification_list(w.db, w.centre, false, 0, 50, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.items[0].key, "2");
    notification_list_free(&l);
    ok(notification_list(w.db, w.centre, true, 0, 50, &l));
    assert_int_equal(l.n, 1);
    notification_list_free(&l);
    ok(notification_list(w.db, other, false, 0, 50, &l));
    assert_int_equal(l.n, 0);
    notification_list_free(&l);
    ok(notification_sweep(w.db, NOW + 90 * MS_PER_DAY));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM notification"), 2);
    ok(policy_set(w.db, w.centre, "notify.keep_days", "120", NOW, "a test", NOW, w.coordinator));
    ok(notification_sweep(w.db, NOW + 90 * MS_PER_DAY + 1));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM notification"), 2);
    ok(notification_sweep(w.db, NOW + 120 * MS_PER_DAY + 1));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM notification"), 1);
}

static void an_address_is_one_persons(void **state)
{
    char address[MAIL_ADDRESS_MAX + 1];
    struct user u;

    (void)state;
    ok(mail_address_of(w.db, w.coordinator, address));
    assert_string_equal(address, "");
    ok(mail_address_set(w.db, w.coordinator, "irina@centre.example", NOW));
    ok(mail_address_set(w.db, w.coordinator, "irina@centre.example", NOW));
    assert_int_equal(mail_address_set(w.db, w.officer, "irina@centre.example", NOW), ERR_STATE);
    ok(user_by_address(w.db, "irina@centre.example", &u));
    assert_int_equal(u.id.v, w.coordinator.v);
    assert_int_equal(user_by_address(w.db, "nobody@centre.example", &u), ERR_NOTFOUND);
}

static void the_numbers_are_dated_rows(void **state)
{
    struct notify_policy p;

    (void)state;
    ok(policy_notify(w.db, w.centre, NOW, &p));
    assert_int_equal(p.tries_max, notify_policy_default().tries_max);
    ok(policy_set(w.db, w.centre, "notify.tries", "3", NOW, "a test", NOW, w.coordinator));
    ok(policy_set(w.db, w.centre, "notify.quiet_from_min", "1200", NOW, "a test", NOW,
                  w.coordinator));
    ok(policy_notify(w.db, w.centre, NOW - 1, &p));
    assert_int_equal(p.tries_max, notify_policy_default().tries_max);
    ok(policy_notify(w.db, w.centre, NOW, &p));
    assert_int_equal(p.tries_max, 3);
    assert_int_equal(p.quiet_from_min, 1200);
    ok(policy_set(w.db, w.centre, "notify.tries", "many", NOW, "a test", NOW, w.coordinator));
    assert_int_equal(policy_notify(w.db, w.centre, NOW, &p), ERR_DB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(an_event_is_told_once_to_each), t(the_longest_due_is_claimed_and_by_one),
        t(what_was_tried_waits_or_ends),  t(a_crash_leaves_nothing_behind),
        t(a_token_is_gone_with_the_end),  t(the_list_is_of_the_centre_and_old_rows_go),
        t(an_address_is_one_persons),     t(the_numbers_are_dated_rows),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
