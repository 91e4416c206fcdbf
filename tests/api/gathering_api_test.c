/* SPDX-License-Identifier: Apache-2.0
 *
 * Seminars and meetings through the HTTP API and at the door: whoever is
 * listed gets in as what it is listed for, nobody else does, and no child can
 * be listed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/gathering.h"
#include "server/store/seat.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

static int setup(void **state)
{
    (void)state;
    api_open(&r);
    api_start(&r);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&r);
    return 0;
}

static const char *body(struct user_id speaker, struct user_id listener, const char *time)
{
    static char text[400];

    assert_true(str_format(
        text, sizeof text,
        "{\"kind\":\"seminar\",\"title\":\"Reading aloud\",\"subject\":\"maths\","
        "\"host\":%lld,\"speakers\":[%lld],\"listeners\":[%lld],"
        "\"date\":\"2026-11-25\",\"time\":\"%s\",\"minutes\":90}",
        (long long)r.w.mentor_users[0].v, (long long)speaker.v, (long long)listener.v, time));
    return text;
}

static const char *path_of(int64_t id, const char *tail)
{
    static char text[80];

    assert_true(str_format(text, sizeof text, "/gatherings/%lld%s", (long long)id, tail));
    return text;
}

static int64_t create(const char *time)
{
    struct answer a =
        api_post(&r, COORDINATOR, "/gatherings", body(r.w.mentor_users[1], r.w.guardian, time));
    int64_t id;

    assert_int_equal(a.status, 201);
    id = int_at(&a, "id");
    answer_free(&a);
    return id;
}

static void a_seminar_is_created_and_listed_for_its_guests(void **state)
{
    int64_t id = create("16:00");
    struct answer a = api_get(&r, GUARDIAN, path_of(id, ""));

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "title"), "Reading aloud");
    assert_string_equal(str_at(&a, "guests.0.part"), "speaker");
    assert_string_equal(str_at(&a, "guests.1.part"), "listener");
    answer_free(&a);
    a = api_get(&r, CHILD, path_of(id, ""));
    assert_int_equal(a.status, 404);
    answer_free(&a);
    a = api_get(&r, GUARDIAN, "/gatherings");
    assert_int_equal(json_array_size(at(&a, "gatherings")), 1);
    answer_free(&a);
    a = api_get(&r, CHILD, "/gatherings");
    assert_int_equal(json_array_size(at(&a, "gatherings")), 0);
    answer_free(&a);
    a = api_post(&r, GUARDIAN, path_of(id, "/withdraw"), "{\"user\":1}");
    assert_int_equal(a.status, 403);
    answer_free(&a);
    /* The host is busy then; and it stands on no timetable of lessons. */
    a = api_post(&r, COORDINATOR, "/gatherings", body(r.w.mentor_users[1], r.w.guardian, "17:00"));
    assert_int_equal(a.status, 409);
    answer_free(&a);
    a = api_get(&r, COORDINATOR, "/timetable?date=2026-11-25");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static void children_cannot_be_listed(void **state)
{
    struct answer a = api_post(&r, COORDINATOR, "/gatherings",
                               body(r.w.mentor_users[1], r.w.child_users[0], "16:00"));

    (void)state;
    assert_int_equal(a.status, 400);
    assert_string_equal(str_at(&a, "error.field"), "listeners");
    answer_free(&a);
    a = api_post(&r, COORDINATOR, "/gatherings",
                 body(r.w.mentor_users[0], r.w.guardian, "16:00")); /* the host itself */
    assert_int_equal(a.status, 400);
    answer_free(&a);
    a = api_post(&r, GUARDIAN, "/gatherings", body(r.w.mentor_users[1], r.w.guardian, "16:00"));
    assert_int_equal(a.status, 403);
    answer_free(&a);
}

static void invitations_come_and_go(void **state)
{
    int64_t id = create("16:00");
    char text[80];
    struct answer a;

    (void)state;
    assert_true(str_format(text, sizeof text, "{\"user\":%lld}", (long long)r.w.guardian.v));
    a = api_post(&r, COORDINATOR, path_of(id, "/withdraw"), text);
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "guests")), 1);
    answer_free(&a);
    a = api_get(&r, GUARDIAN, path_of(id, ""));
    assert_int_equal(a.status, 404);
    answer_free(&a);
    assert_true(str_format(text, sizeof text, "{\"user\":%lld,\"part\":\"speaker\"}",
                           (long long)r.w.guardian.v));
    a = api_post(&r, COORDINATOR, path_of(id, "/invite"), text);
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "guests")), 2);
    answer_free(&a);
    assert_true(str_format(text, sizeof text, "{\"user\":%lld,\"part\":\"speaker\"}",
                           (long long)r.w.child_users[0].v));
    a = api_post(&r, COORDINATOR, path_of(id, "/invite"), text);
    assert_int_equal(a.status, 400);
    answer_free(&a);
    a = api_post(&r, COORDINATOR, path_of(id, "/cancel"),
                 "{\"side\":\"centre\",\"reason\":\"moved\"}");
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), "cancelled");
    answer_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_seminar_is_created_and_listed_for_its_guests, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(children_cannot_be_listed, setup, teardown),
        cmocka_unit_test_setup_teardown(invitations_come_and_go, setup, teardown),
    };

    return cmocka_run_group_tests_name("gatherings", tests, NULL, NULL);
}
