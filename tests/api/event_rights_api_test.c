/* SPDX-License-Identifier: Apache-2.0
 *
 * Every endpoint of events tried by every role: what the table of rights grants
 * is answered, what it does not is 403, and what a person may not know of is
 * 404, an event of another centre too.
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
#include "server/domain/access.h"
#include "server/store/events.h"
#include "tests/api/event_rig.h"

static struct api_rig r;

/* One that lies ahead, one that has begun, one with closed minutes; the first again, of another
 * centre. */
static int64_t planned, begun, closed, foreign;

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static void invite(int64_t event, struct user_id user)
{
    const struct event_invite i = { .user = user,
                                    .part = EVENT_PART_LISTENER,
                                    .via = EVENT_VIA_PERSON };
    bool added;

    ok(event_invite_add(r.w.db, event, &i, RIG_NOW, r.w.coordinator, &added));
}

static int64_t make(struct org_id centre, int64_t start_ms)
{
    struct event e = { .kind = EVENT_SEMINAR,
                       .centre = centre,
                       .chair = r.w.coordinator,
                       .secretary = r.w.mentor_users[0],
                       .facts = { .start_ms = start_ms,
                                  .end_ms = start_ms + MS_PER_HOUR,
                                  .answer_by_ms = start_ms } };
    bool added[2];
    int64_t id;

    assert_true(str_copy(e.title, sizeof e.title, "x") && str_copy(e.place, sizeof e.place, "x") &&
                str_copy(e.tz, sizeof e.tz, "Europe/Moscow"));
    ok(event_add(r.w.db, &e, RIG_NOW, r.w.coordinator, &id));
    e.id = id;
    if (!org_id_eq(centre, r.w.centre))
        return id;
    ok(event_hosts_set(r.w.db, &e, RIG_NOW, r.w.coordinator, added));
    invite(id, r.w.officer);
    invite(id, r.w.guardian);
    return id;
}

/* Everybody marked, something written: it can be closed. */
static void write_it(int64_t id)
{
    const struct event_decisions none = { 0 };
    struct event_invites l;

    ok(event_invites(r.w.db, id, &l));
    for (size_t i = 0; i < l.n; i++)
        ok(event_invite_mark(r.w.db, id, l.items[i].user, EVENT_MARK_PRESENT, RIG_NOW,
                             r.w.coordinator));
    event_invites_free(&l);
    ok(event_minutes_save(r.w.db, id, "Heard.", &none));
}

static void setup(void)
{
    struct org other = { .type = ORG_CENTRE };

    api_open(&r);
    assert_true(str_copy(other.code, sizeof other.code, "other") &&
                str_copy(other.name, sizeof other.name, "Other") &&
                str_copy(other.tz, sizeof other.tz, "Europe/Moscow"));
    ok(org_save(r.w.db, &other, RIG_NOW, r.w.coordinator, &other.id));
    planned = make(r.w.centre, RIG_NOW + MS_PER_DAY);
    begun = make(r.w.centre, RIG_NOW - MS_PER_MIN);
    closed = make(r.w.centre, RIG_NOW - MS_PER_DAY);
    foreign = make(other.id, RIG_NOW + MS_PER_DAY);
    write_it(begun);
    write_it(closed);
    ok(event_freeze(r.w.db, closed, 0, RIG_NOW, r.w.coordinator));
    ok(db_script(r.w.db, "UPDATE event SET rev = 1"));
    api_start(&r);
}

/* Chair is the coordinator, secretary the mentor; officer and guardian are invited. */
static const struct {
    enum who who;
    enum role role;
    bool centre, invited, secretary, chair;
} actors[] = {
    { CHILD, ROLE_CHILD, false, false, false, false },
    { MENTOR, ROLE_MENTOR, false, true, true, false },
    { STRANGER, ROLE_MENTOR, false, false, false, false },
    { GUARDIAN, ROLE_GUARDIAN, false, true, false, false },
    { OFFICER, ROLE_SCHOOL_OFFICER, false, true, false, false },
    { OFFICER_2, ROLE_SCHOOL_OFFICER, false, false, false, false },
    { COORDINATOR, ROLE_COORDINATOR, true, true, false, true },
    { ADMIN, ROLE_ADMIN, false, false, false, false },
};

#define HOSTS                                                                                      \
    "\"kind\":\"seminar\",\"title\":\"x\",\"about\":\"\",\"chair\":%k,\"secretary\":%m,"           \
    "\"agenda\":[]"

static const struct action {
    const char *method, *target, *body;
    const int64_t *event;
    enum right right;
    int success;
} actions[] = {
    { "GET", "/events/%e", NULL, &planned, RIGHT_EVENT_VIEW, 200 },
    { "GET", "/events/%e/agenda.pdf", NULL, &planned, RIGHT_EVENT_VIEW, 200 },
    { "GET", "/events/%e/minutes.pdf", NULL, &closed, RIGHT_EVENT_VIEW, 200 },
    { "PUT", "/events/%e", "{" HOSTS "}", &planned, RIGHT_EVENT_KEEP, 200 },
    { "POST", "/events/%e/move", "{" EVENT_WHEN ",\"reason\":\"x\"}", &planned, RIGHT_EVENT_KEEP,
      200 },
    { "POST", "/events/%e/cancel", "{\"reason\":\"x\"}", &planned, RIGHT_EVENT_KEEP, 200 },
    { "POST", "/events/%e/invite",
      "{\"part\":\"listener\",\"people\":[%n],\"roles\":[],\"schools\":[]}", &planned,
      RIGHT_EVENT_KEEP, 200 },
    { "POST", "/events/%e/invite-child", "{\"child\":%c,\"reason\":\"x\"}", &planned,
      RIGHT_EVENT_KEEP, 200 },
    { "POST", "/events/%e/withdraw", "{\"user\":%o}", &planned, RIGHT_EVENT_KEEP, 200 },
    { "POST", "/events/%e/answer", "{\"answer\":\"yes\"}", &planned, RIGHT_EVENT_ANSWER, 200 },
    { "POST", "/events/%e/check-in", NULL, &begun, RIGHT_EVENT_ANSWER, 200 },
    { "POST", "/events/%e/attendance", "{\"marks\":[]}", &begun, RIGHT_EVENT_WRITE, 200 },
    { "PUT", "/events/%e/minutes", "{\"text\":\"x\",\"decisions\":[]}", &begun, RIGHT_EVENT_WRITE,
      200 },
    { "POST", "/events/%e/minutes/freeze", NULL, &begun, RIGHT_EVENT_WRITE, 200 },
    { "POST", "/events/%e/minutes/sign", NULL, &closed, RIGHT_EVENT_SIGN, 200 },
    { "POST", "/events/%e/minutes/addenda", "{\"text\":\"x\"}", &closed, RIGHT_EVENT_WRITE, 201 },
};

static bool may(size_t actor, enum right right)
{
    struct relation to = { .own_centre = actors[actor].centre };

    to.own = right == RIGHT_EVENT_WRITE  ? actors[actor].secretary
             : right == RIGHT_EVENT_SIGN ? actors[actor].secretary || actors[actor].chair
                                         : right != RIGHT_EVENT_KEEP && actors[actor].invited;
    return access_may(actors[actor].role, right, to);
}

static void try_one(const struct action *a, size_t actor)
{
    int want = !may(actor, RIGHT_EVENT_VIEW) ? api_hidden(actors[actor].role, a->right)
               : may(actor, a->right)        ? a->success
                                             : 403;
    struct answer got =
        event_ask_as(&r, actors[actor].who, a->method, a->target, *a->event, 1, a->body);

    if (got.status != want)
        print_error("%s %s as %s: %d, the table says %d: %s\n", a->method, a->target,
                    who_name(actors[actor].who), got.status, want, got.body ? got.body : "");
    assert_int_equal(got.status, want);
    answer_free(&got);
    if (want < 400 && strcmp(a->method, "GET") != 0) {
        api_close(&r);
        setup();
    }
}

static void the_table_of_rights_decides(void **state)
{
    (void)state;
    setup();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++)
            try_one(&actions[i], k);
    api_close(&r);
}

static void an_event_of_another_centre_does_not_exist(void **state)
{
    (void)state;
    setup();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        api_refused(event_ask_as(&r, COORDINATOR, actions[i].method, actions[i].target, foreign, 1,
                                 actions[i].body),
                    404, "not_found");
    api_refused(event_ask_as(&r, COORDINATOR, "GET", "/events/%e", 999, 0, NULL), 404, "not_found");
    api_close(&r);
}

static void lists_and_calling_open_for_the_roles_that_have_them(void **state)
{
    (void)state;
    setup();
    for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
        bool keep = access_scope(actors[k].role, RIGHT_EVENT_KEEP) != SCOPE_NONE;
        bool view = access_scope(actors[k].role, RIGHT_EVENT_VIEW) != SCOPE_NONE;
        enum who who = actors[k].who;

        event_step(&r, who, "GET", "/events", 0, 0, NULL, view ? 200 : 403);
        event_step(&r, who, "GET", "/event-people", 0, 0, NULL, keep ? 200 : 403);
        event_step(&r, who, "POST", "/events", 0, 0, EVENT_BODY, keep ? 201 : 403);
    }
    api_close(&r);
}

static void nobody_is_let_in_anywhere(void **state)
{
    (void)state;
    setup();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        api_refused(event_ask_as(&r, NOBODY, actions[i].method, actions[i].target,
                                 *actions[i].event, 1, actions[i].body),
                    401, "no_login");
    api_refused(event_ask_as(&r, NOBODY, "GET", "/events", 0, 0, NULL), 401, "no_login");
    api_refused(event_ask_as(&r, NOBODY, "GET", "/event-people", 0, 0, NULL), 401, "no_login");
    api_refused(event_ask_as(&r, NOBODY, "POST", "/events", 0, 0, EVENT_BODY), 401, "no_login");
    api_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_rights_decides),
        cmocka_unit_test(an_event_of_another_centre_does_not_exist),
        cmocka_unit_test(lists_and_calling_open_for_the_roles_that_have_them),
        cmocka_unit_test(nobody_is_let_in_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
