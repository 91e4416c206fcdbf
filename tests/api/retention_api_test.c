/* SPDX-License-Identifier: Apache-2.0
 *
 * A run of retention over HTTP: the list before anything goes, the second
 * person, the desk that empties a little at a time and goes on after a stop;
 * holds; who may do what, and of which centre.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/access.h"
#include "server/store/event.h"
#include "server/store/retention.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static int64_t now_ms;

#define LESSONS 100
#define OLD (RIG_NOW - 300 * MS_PER_DAY)
#define ok(call) assert_int_equal(call, ERR_OK)

/* A hundred lessons of longer ago than this centre keeps details, each with a line and a hand; one
 * is disputed. Within the year after which a chat goes by itself. */
static int setup(void **state)
{
    (void)state;
    now_ms = RIG_NOW;
    api_open(&r);
    ok(db_begin(r.w.db));
    for (int i = 0; i < LESSONS; i++) {
        int64_t start = OLD - i * MS_PER_HOUR;
        struct lesson_id l = world_lesson(&r.w, 0, 0, start, start + 40 * MS_PER_MIN);

        ok(chat_add(r.w.db, l, r.w.child_users[0], "hello", start));
        ok(room_event_add(r.w.db, l, r.w.child_users[0], "hand", 1, start));
    }
    ok(db_script(r.w.db, "UPDATE lesson SET state = 'ended';"
                         "UPDATE lesson SET state = 'disputed' WHERE id = 7"));
    ok(policy_set(r.w.db, r.w.centre, "retention.chat_days", "200", 1, "a test", RIG_NOW,
                  r.w.coordinator));
    ok(policy_set(r.w.db, r.w.centre, "retention.presence_days", "200", 1, "a test", RIG_NOW,
                  r.w.coordinator));
    ok(db_commit(r.w.db));
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static void ticks(int n)
{
    for (int i = 0; i < n; i++) {
        now_ms += MS_PER_S;
        api_set_now(now_ms);
        api_expect(&r, COORDINATOR, "GET", "/session", NULL, 200);
    }
}

static const char *path(int64_t id, const char *rest)
{
    static char text[80];

    assert_true(str_format(text, sizeof text, "/retention/runs/%lld%s", (long long)id, rest));
    return text;
}

static int64_t ask_for_list(void)
{
    struct answer a = api_post(&r, ADMIN, "/retention/runs", NULL);
    int64_t id;

    assert_int_equal(a.status, 201);
    assert_string_equal(str_at(&a, "state"), "listing");
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}

static void state_is(int64_t id, const char *state)
{
    struct answer a = api_get(&r, ADMIN, path(id, ""));

    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), state);
    answer_free(&a);
}

static struct answer confirm(enum who who, int64_t id, const char *etag)
{
    return api_ask(&r, who, "POST", path(id, "/confirm"), etag, NULL, NULL);
}

static void a_list_comes_first_and_another_confirms_it(void **state)
{
    struct answer a;
    int64_t id = ask_for_list();

    (void)state;
    api_refused(api_post(&r, ADMIN, "/retention/runs", NULL), 409, "gate");
    api_refused(confirm(COORDINATOR, id, "\"v1\""), 409, "not_now");
    ticks(4);
    a = api_get(&r, COORDINATOR, path(id, ""));
    assert_string_equal(str_at(&a, "state"), "listed");
    assert_string_equal(str_at(&a, "counts.0.kind"), "chat");
    assert_int_equal(int_at(&a, "counts.0.due"), LESSONS - 1);
    assert_int_equal(int_at(&a, "counts.0.held"), 1);
    assert_int_equal(int_at(&a, "counts.1.due"), LESSONS - 1);
    assert_int_equal(int_at(&a, "counts.6.due"), 0);
    answer_free(&a);
    a = api_get(&r, ADMIN, path(id, "/items?kind=chat&limit=10"));
    assert_int_equal(int_at(&a, "items.6.item"), 7);
    assert_string_equal(str_at(&a, "items.6.state"), "held");
    assert_string_equal(str_at(&a, "items.6.holds.0"), "dispute");
    assert_string_equal(str_at(&a, "next"), "10");
    answer_free(&a);
    api_refused(api_get(&r, ADMIN, path(id, "/items?kind=x")), 400, "bad_field");
    a = confirm(ADMIN, id, "\"v2\"");
    assert_string_equal(str_at(&a, "error.gate"), "own_run");
    api_refused(a, 409, "gate");
    api_refused(confirm(COORDINATOR, id, NULL), 428, "need_match");
    api_refused(confirm(COORDINATOR, id, "\"v1\""), 412, "stale");
    a = confirm(COORDINATOR, id, "\"v2\"");
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "running");
    answer_free(&a);
    api_refused(api_post(&r, ADMIN, path(id, "/withdraw"), NULL), 409, "not_now");
    ticks(10);
    a = api_get(&r, ADMIN, "/retention");
    assert_string_equal(str_at(&a, "run.state"), "done");
    assert_int_equal(int_at(&a, "run.counts.0.done"), LESSONS - 1);
    answer_free(&a);
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM chat_line"), 1);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM chat_line WHERE lesson = 7"), 1);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM room_event"), 1);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM audit WHERE action IN "
                                        "('retention.ask', 'retention.confirm', "
                                        "'retention.done')"),
                     3);
}

static void a_run_goes_on_where_it_was_stopped(void **state)
{
    struct answer a;
    int64_t id = ask_for_list(), left;

    (void)state;
    ticks(4);
    a = confirm(COORDINATOR, id, "\"v2\"");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    ticks(1);
    api_stop(&r);
    left = world_number(&r.w, "SELECT count(*) FROM chat_line");
    assert_true(left > 1 && left < LESSONS);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM retention_item WHERE state = 'done' "
                                        "AND kind = 'chat'"),
                     LESSONS - left);
    now_ms += MS_PER_MIN;
    api_resume_at(&r, now_ms);
    ticks(10);
    state_is(id, "done");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM chat_line"), 1);
}

static void what_is_held_meanwhile_is_spared(void **state)
{
    char body[100];
    struct answer a;
    int64_t id = ask_for_list(), hold, spared;

    (void)state;
    ticks(4);
    a = confirm(COORDINATOR, id, "\"v2\"");
    assert_int_equal(a.status, 200);
    answer_free(&a);
    assert_true(str_format(body, sizeof body, "{\"user\":%lld,\"reason\":\"a court asks\"}",
                           (long long)r.w.child_users[0].v));
    a = api_post(&r, COORDINATOR, "/retention/holds", body);
    assert_int_equal(a.status, 201);
    hold = int_at(&a, "id");
    assert_string_equal(str_at(&a, "person.name"), "Миша");
    answer_free(&a);
    a = api_post(&r, COORDINATOR, "/retention/holds", body);
    assert_string_equal(str_at(&a, "error.gate"), "held_already");
    api_refused(a, 409, "gate");
    /* an administrator learns that somebody is on hold, not which child */
    a = api_get(&r, ADMIN, "/retention");
    assert_true(json_is_null(at(&a, "holds.0.person")));
    assert_string_equal(str_at(&a, "holds.0.reason"), "a court asks");
    answer_free(&a);
    ticks(12);
    a = api_get(&r, ADMIN, path(id, ""));
    assert_string_equal(str_at(&a, "state"), "done");
    assert_true(int_at(&a, "counts.1.spared") > 0);
    spared = int_at(&a, "counts.1.spared");
    assert_int_equal(spared + int_at(&a, "counts.1.done"), LESSONS - 1);
    answer_free(&a);
    assert_true(str_format(body, sizeof body, "/retention/holds/%lld/lift", (long long)hold));
    api_expect(&r, COORDINATOR, "POST", body, NULL, 200);
    api_refused(api_post(&r, COORDINATOR, body, NULL), 409, "not_now");
    api_refused(api_post(&r, COORDINATOR, "/retention/holds", "{\"user\":99999,\"reason\":\"x\"}"),
                404, "not_found");
    api_refused(api_post(&r, COORDINATOR, "/retention/holds", "{\"user\":1,\"reason\":\"\"}"), 400,
                "bad_field");
    api_stop(&r);
    assert_int_equal(world_number(&r.w, "SELECT count(*) FROM room_event"), spared + 1);
}

static void a_list_grows_old_and_an_empty_one_is_no_run(void **state)
{
    struct answer a;
    int64_t id = ask_for_list();

    (void)state;
    ticks(4);
    now_ms += 15 * MS_PER_DAY;
    api_stop(&r);
    api_resume_at(&r, now_ms);
    a = confirm(COORDINATOR, id, "\"v2\"");
    assert_string_equal(str_at(&a, "error.gate"), "run_old");
    api_refused(a, 409, "gate");
    api_expect(&r, COORDINATOR, "POST", path(id, "/withdraw"), NULL, 200);
    state_is(id, "withdrawn");
    api_stop(&r);
    ok(db_script(r.w.db, "DELETE FROM chat_line; DELETE FROM room_event"));
    api_resume_at(&r, now_ms);
    id = ask_for_list();
    ticks(4);
    a = confirm(COORDINATOR, id, "\"v2\"");
    assert_string_equal(str_at(&a, "error.gate"), "run_empty");
    api_refused(a, 409, "gate");
}

static void names_are_told_to_whoever_may_see_them(void **state)
{
    struct retention_facts child = { .item = r.w.child_users[0].v, .since_ms = 1 };
    struct retention_facts staff = { .item = r.w.mentor_users[0].v, .since_ms = 1 };
    struct answer a;
    int64_t id;

    (void)state;
    api_stop(&r);
    ok(retention_run_add(r.w.db, r.w.centre, now_ms, r.admin, &id));
    ok(retention_item_add(r.w.db, id, RETENTION_CHILD, &child, false));
    ok(retention_item_add(r.w.db, id, RETENTION_STAFF, &staff, false));
    api_resume_at(&r, now_ms);
    a = api_get(&r, COORDINATOR, path(id, "/items?kind=child"));
    assert_string_equal(str_at(&a, "items.0.person.name"), "Миша");
    answer_free(&a);
    a = api_get(&r, ADMIN, path(id, "/items?kind=child"));
    assert_true(json_is_null(at(&a, "items.0.person")));
    answer_free(&a);
    a = api_get(&r, ADMIN, path(id, "/items?kind=staff"));
    assert_string_equal(str_at(&a, "items.0.person.name"), "Анна Сергеевна");
    answer_free(&a);
}

/* ---- rights --------------------------------------------------------------------------------- */

static const struct {
    enum who who;
    enum role role;
} actors[] = {
    { CHILD, ROLE_CHILD },
    { MENTOR, ROLE_MENTOR },
    { STRANGER, ROLE_MENTOR },
    { GUARDIAN, ROLE_GUARDIAN },
    { OFFICER, ROLE_SCHOOL_OFFICER },
    { COORDINATOR, ROLE_COORDINATOR },
    { ADMIN, ROLE_ADMIN },
};

static const struct {
    const char *method, *target, *body;
    enum right right;
    int success; /* what is answered to whoever may, in this order of tries */
} actions[] = {
    { "GET", "/retention", NULL, RIGHT_RETENTION_VIEW, 200 },
    { "GET", "/retention/runs/1", NULL, RIGHT_RETENTION_VIEW, 200 },
    { "GET", "/retention/runs/1/items", NULL, RIGHT_RETENTION_VIEW, 200 },
    { "POST", "/retention/runs", NULL, RIGHT_RETENTION_ASK, 409 },
    { "POST", "/retention/runs/1/confirm", NULL, RIGHT_RETENTION_CONFIRM, 428 },
    { "POST", "/retention/runs/99/withdraw", NULL, RIGHT_RETENTION_CONFIRM, 404 },
    { "POST", "/retention/holds", "{\"user\":99999,\"reason\":\"x\"}", RIGHT_RETENTION_HOLD, 404 },
    { "POST", "/retention/holds/99/lift", NULL, RIGHT_RETENTION_HOLD, 404 },
};

static void the_table_of_rights_decides(void **state)
{
    (void)state;
    ask_for_list();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        api_refused(
            api_ask(&r, NOBODY, actions[i].method, actions[i].target, NULL, NULL, actions[i].body),
            401, "no_login");
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
            bool may = access_scope(actors[k].role, actions[i].right) != SCOPE_NONE;

            api_expect(&r, actors[k].who, actions[i].method, actions[i].target, actions[i].body,
                       may ? actions[i].success : 403);
        }
    }
}

static void another_centres_run_and_hold_are_not_there(void **state)
{
    struct org other = { .type = ORG_CENTRE, .code = "other", .name = "Other" };
    struct retention_ban b = { .user = r.w.mentor_users[1], .by = r.w.officer, .reason = "x" };
    char lift[60];
    int64_t id;

    (void)state;
    api_stop(&r);
    assert_true(str_copy(other.tz, sizeof other.tz, "Europe/Moscow"));
    ok(org_save(r.w.db, &other, now_ms, r.w.coordinator, &other.id));
    ok(retention_run_add(r.w.db, other.id, now_ms, r.w.officer, &id));
    b.centre = other.id;
    ok(retention_ban_add(r.w.db, &b, now_ms, &b.id));
    api_resume_at(&r, now_ms);
    api_refused(api_get(&r, COORDINATOR, path(id, "")), 404, "not_found");
    api_refused(api_get(&r, COORDINATOR, path(id, "/items")), 404, "not_found");
    api_refused(confirm(COORDINATOR, id, "\"v1\""), 404, "not_found");
    api_refused(api_post(&r, COORDINATOR, path(id, "/withdraw"), NULL), 404, "not_found");
    assert_true(str_format(lift, sizeof lift, "/retention/holds/%lld/lift", (long long)b.id));
    api_refused(api_post(&r, COORDINATOR, lift, NULL), 404, "not_found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(a_list_comes_first_and_another_confirms_it),
        t(a_run_goes_on_where_it_was_stopped),
        t(what_is_held_meanwhile_is_spared),
        t(a_list_grows_old_and_an_empty_one_is_no_run),
        t(names_are_told_to_whoever_may_see_them),
        t(the_table_of_rights_decides),
        t(another_centres_run_and_hold_are_not_there),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
