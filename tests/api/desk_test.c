/* SPDX-License-Identifier: Apache-2.0
 *
 * The door of a lesson through the desk: who comes in, one seat per person, rights
 * that end while somebody is inside.
 */
#include <string.h>

#include "common/base/str.h"
#include "server/store/login.h"
#include "tests/support/desk_rig.h"

/* ---- the door --------------------------------------------------------------------------- */

static void only_the_scheduled_people_come_in(void **state)
{
    struct desk_rig *r = *state;
    static const struct {
        enum who who;
        enum admit verdict;
        enum seat_role seat;
    } table[] = {
        { CHILD, ADMIT_OK, SEAT_CHILD },
        { MENTOR, ADMIT_OK, SEAT_MENTOR },
        { GUARDIAN, ADMIT_OK, SEAT_GUARDIAN },
        { COORDINATOR, ADMIT_OK, SEAT_COORDINATOR },
        { OTHER_CHILD, ADMIT_NOT_YOURS, SEAT_NONE },
        { OTHER_MENTOR, ADMIT_NOT_YOURS, SEAT_NONE },
        { STRANGER, ADMIT_NOT_YOURS, SEAT_NONE },
        { OFFICER, ADMIT_NOT_YOURS, SEAT_NONE },
    };

    desk_rig_run(r);
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct desk_reply *p = desk_rig_ask(r, desk_rig_admit(r, table[i].who, r->lesson, i + 1));

        assert_int_equal(p->u.admit.verdict, table[i].verdict);
        assert_int_equal(p->u.admit.person.seat, table[i].seat);
        if (p->u.admit.verdict == ADMIT_OK) {
            assert_int_equal(p->u.admit.facts.start_ms, START);
            assert_int_equal(strlen(p->u.admit.resume), 43);
            assert_string_equal(p->u.admit.subject, "maths");
        }
        desk_reply_free(p);
    }
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session"), 4);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE result = 'not_yours'"), 4);
    /* the token itself is nowhere in the file */
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE length(resume_hash) "
                                         "<> 32"),
                     0);
}

static void a_foreign_lesson_and_no_lesson_look_the_same(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *foreign, *none;

    desk_rig_run(r);
    foreign = desk_rig_ask(r, desk_rig_admit(r, STRANGER, r->lesson, 1));
    none = desk_rig_ask(r, desk_rig_admit(r, STRANGER, (struct lesson_id){ 999 }, 2));
    foreign->tag = none->tag = 0;
    foreign->mail.next = none->mail.next = NULL;
    assert_memory_equal(foreign, none, sizeof *foreign);
    desk_reply_free(foreign);
    desk_reply_free(none);
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE asked = 999 "
                                         "AND lesson IS NULL"),
                     1);
}

static void the_window_is_kept_to_the_millisecond(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, START - 10 * MIN - 1);
    p = desk_rig_ask(r, desk_rig_admit(r, CHILD, r->lesson, 1));
    assert_int_equal(p->u.admit.verdict, ADMIT_TOO_EARLY);
    assert_int_equal(p->u.admit.at_ms, START - 10 * MIN);
    desk_reply_free(p);
    atomic_store(&desk_rig_ms, START - 10 * MIN);
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_OK);
    atomic_store(&desk_rig_ms, END + 5 * MIN);
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_ENDED);
}

/* One cause each, written before the desk opens. */
static void what_has_ended_stays_out(void **state)
{
    struct desk_rig *r = *state;
    struct lesson_id fresh;

    ok(consent_withdraw(r->w.db, r->w.children[0], "lessons", r->w.guardian, NOW));
    ok(employment_end(r->w.db, r->w.mentors[0], r->w.schools[0], NOW));
    ok(guardian_end(r->w.db, r->w.guardian, r->w.children[0], NOW));
    ok(login_end(r->w.db, r->login[COORDINATOR], "test", NOW));
    desk_rig_run(r);
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_CONSENT);
    assert_int_equal(desk_rig_knock(r, MENTOR, 2), ADMIT_RIGHT_ENDED);
    assert_int_equal(desk_rig_knock(r, GUARDIAN, 3), ADMIT_NOT_YOURS);
    assert_int_equal(desk_rig_knock(r, COORDINATOR, 4), ADMIT_NO_LOGIN);
    desk_rig_stop(r);
    ok(consent_give(r->w.db, r->w.children[0], "lessons", "2", r->w.guardian, NOW, FOREVER_MS));
    ok(lesson_move(r->w.db, r->lesson, START + 60 * MIN, END + 60 * MIN, "later", SIDE_CHILD, NOW,
                   r->w.coordinator, &fresh));
    world_let_go(&r->w);
    desk_rig_start(r);
    atomic_store(&desk_rig_ms, NOW + 1);
    {
        struct desk_reply *p = desk_rig_ask(r, desk_rig_admit(r, CHILD, r->lesson, 5));

        assert_int_equal(p->u.admit.verdict, ADMIT_MOVED);
        assert_int_equal(p->u.admit.at_ms, START + 60 * MIN);
        desk_reply_free(p);
    }
}

static void a_guardian_of_the_log_alone_stays_out(void **state)
{
    struct desk_rig *r = *state;
    int64_t id;

    ok(guardian_end(r->w.db, r->w.guardian, r->w.children[0], NOW));
    ok(guardian_add(r->w.db, r->w.guardian, r->w.children[0], "log", NOW, r->w.coordinator, &id));
    desk_rig_run(r);
    assert_int_equal(desk_rig_knock(r, GUARDIAN, 1), ADMIT_NOT_YOURS);
}

static void five_refusals_make_a_pause(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;

    desk_rig_run(r);
    for (int i = 0; i < 5; i++) {
        atomic_store(&desk_rig_ms, NOW + i * SEC);
        assert_int_equal(desk_rig_knock(r, STRANGER, 1), ADMIT_NOT_YOURS);
    }
    atomic_store(&desk_rig_ms, NOW + 5 * SEC);
    p = desk_rig_ask(r, desk_rig_admit(r, STRANGER, r->lesson, 1));
    assert_int_equal(p->u.admit.verdict, ADMIT_BACK_OFF);
    assert_int_equal(p->u.admit.at_ms, NOW + MIN);
    desk_reply_free(p);
    assert_int_equal(desk_rig_knock(r, CHILD, 2), ADMIT_OK); /* nobody else's pause */
    atomic_store(&desk_rig_ms, NOW + MIN); /* the back-offs themselves did not count */
    assert_int_equal(desk_rig_knock(r, STRANGER, 1), ADMIT_NOT_YOURS);
    assert_int_equal(desk_rig_knock(r, STRANGER, 1), ADMIT_BACK_OFF);
}

/* ---- seats ------------------------------------------------------------------------------ */

static void a_second_device_must_ask_to_take_over(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *first, *again, *second;
    struct desk_request *q;

    desk_rig_run(r);
    first = desk_rig_sit(r, CHILD, 1);
    assert_false(first->u.admit.came_back);
    again = desk_rig_sit(r, CHILD, 1); /* the same question of the same connection */
    assert_int_equal(again->u.admit.session.v, first->u.admit.session.v);
    second = desk_rig_ask(r, desk_rig_admit(r, CHILD, r->lesson, 2));
    assert_true(second->u.admit.seat_taken);
    assert_int_equal(second->u.admit.session.v, 0);
    desk_reply_free(second);
    q = desk_rig_admit(r, CHILD, r->lesson, 2);
    q->u.admit.take_over = true;
    atomic_store(&desk_rig_ms, NOW + 3 * SEC);
    second = desk_rig_ask(r, q);
    assert_int_equal(second->u.admit.verdict, ADMIT_OK);
    assert_false(second->u.admit.seat_taken);
    assert_true(second->u.admit.session.v > first->u.admit.session.v);
    /* what the room still says of the old seat changes nothing */
    desk_rig_tell_left(r, first->u.admit.session, NOW + 3 * SEC, LEAVE_TAKEN_OVER);
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session"), 2);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     NOW + 3 * SEC);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE id = 1 AND "
                                         "end_reason = 'taken_over'"),
                     1);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM join_attempt WHERE result = 'seat_taken'"), 1);
    desk_reply_free(first);
    desk_reply_free(again);
    desk_reply_free(second);
}

static void the_token_of_a_seat_brings_back_into_it(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *first, *back;
    struct desk_request *q;

    desk_rig_run(r);
    first = desk_rig_sit(r, CHILD, 1);
    desk_rig_tell(r,
                  desk_rig_fact(DESK_FACT_SEEN, r->lesson, first->u.admit.session, NOW + 2 * SEC));
    desk_rig_tell(r, desk_rig_fact(DESK_FACT_SCREEN, r->lesson, first->u.admit.session, NOW));
    q = desk_rig_fact(DESK_FACT_SCREEN, r->lesson, first->u.admit.session, NOW);
    q->u.fact.value = 1500;
    desk_rig_tell(r, q);
    q = desk_rig_admit(r, CHILD, r->lesson, 2);
    memcpy(q->u.admit.resume, first->u.admit.resume, sizeof q->u.admit.resume);
    q->u.admit.resume[0] ^= 1; /* a token that is nearly right */
    atomic_store(&desk_rig_ms, NOW + 4 * SEC);
    back = desk_rig_ask(r, q);
    assert_true(back->u.admit.seat_taken);
    desk_reply_free(back);
    q = desk_rig_admit(r, CHILD, r->lesson, 2);
    memcpy(q->u.admit.resume, first->u.admit.resume, sizeof q->u.admit.resume);
    back = desk_rig_ask(r, q);
    assert_int_equal(back->u.admit.verdict, ADMIT_OK);
    assert_true(back->u.admit.came_back);
    assert_int_equal(back->u.admit.screen_used_ms, 1500);
    assert_string_not_equal(back->u.admit.resume, first->u.admit.resume);
    desk_rig_stop(r);
    /* the lost connection counts until it was last seen, not until the return */
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     NOW + 2 * SEC);
    desk_reply_free(first);
    desk_reply_free(back);
}

static void visitors_never_take_a_scheduled_persons_seat(void **state)
{
    struct desk_rig *r = *state;
    struct user_id guardians[11];
    int64_t id;

    for (int i = 0; i < 11; i++) {
        struct user u = { .tz = "Europe/Moscow" };
        struct grant g = {
            .role = ROLE_GUARDIAN, .org = r->w.centre, .from_ms = NOW - 1, .to_ms = FOREVER_MS
        };

        assert_true(str_copy(u.name, sizeof u.name, "G"));
        ok(user_save(r->w.db, &u, NOW, r->w.coordinator, &guardians[i]));
        g.user = guardians[i];
        ok(grant_add(r->w.db, &g, NOW, r->w.coordinator, &id));
        ok(guardian_add(r->w.db, guardians[i], r->w.children[0], "full", NOW - 1, r->w.coordinator,
                        &id));
        {
            uint8_t hash[32] = { (uint8_t)i, 9 };

            ok(login_add(r->w.db, guardians[i], hash, "link", "", NOW, &id));
        }
    }
    desk_rig_run(r);
    for (int i = 0; i < 11; i++) {
        struct desk_request *q = desk_rig_admit(r, GUARDIAN, r->lesson, 100 + (uint64_t)i);
        struct desk_reply *p;

        q->u.admit.user = guardians[i];
        q->u.admit.login = 9 + i; /* eight of the rig come first */
        p = desk_rig_ask(r, q);
        assert_int_equal(p->u.admit.verdict, i < 10 ? ADMIT_OK : ADMIT_FULL);
        desk_reply_free(p);
    }
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_OK);
    assert_int_equal(desk_rig_knock(r, MENTOR, 2), ADMIT_OK);
}

/* ---- rights that end while inside ------------------------------------------------------- */

static void a_lock_reaches_the_room(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;
    char id[24];

    desk_rig_run(r);
    desk_reply_free(desk_rig_sit(r, MENTOR, 1));
    assert_true(str_format(id, sizeof id, "%lld", (long long)desk_rig_user(r, MENTOR).v));
    assert_int_equal(desk_rig_call(r, "GET", "/lock", id, NULL, 0),
                     200); /* a GET changes nothing */
    assert_int_equal(desk_rig_call(r, "POST", "/lock", id, NULL, 0), 200);
    p = desk_rig_wait(r, DESK_PUSH_PERSON, 0);
    assert_int_equal(p->u.person.lesson.v, r->lesson.v);
    assert_false(p->u.person.person.active);
    desk_reply_free(p);
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM \"user\" WHERE status = 'locked'"),
                     1);
}

static void a_right_that_runs_out_is_noticed(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;

    /* the guardian takes the consent back as of a later minute */
    ok(consent_withdraw(r->w.db, r->w.children[0], "lessons", r->w.guardian, NOW + MIN));
    desk_rig_run(r);
    desk_reply_free(desk_rig_sit(r, CHILD, 1));
    atomic_store(&desk_rig_ms, NOW + MIN + 3 * SEC);
    desk_rig_sync(r);
    p = desk_rig_wait(r, DESK_PUSH_PERSON, 0);
    assert_false(p->u.person.person.consent_ok);
    assert_int_equal(p->u.person.person.user.v, desk_rig_user(r, CHILD).v);
    desk_reply_free(p);
}

static void a_lesson_put_behind_shortens_the_window(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *p;

    world_lesson(&r->w, 0, 1, END + MIN, END + 30 * MIN); /* the mentor's next */
    desk_rig_run(r);
    p = desk_rig_sit(r, MENTOR, 1);
    assert_int_equal(lesson_closes_ms(&p->u.admit.facts), END + MIN);
    desk_reply_free(p);
    atomic_store(&desk_rig_ms, END + MIN + 3 * SEC); /* and the room does not act */
    desk_rig_sync(r);
    p = desk_rig_wait(r, DESK_PUSH_LESSON, 0);
    assert_int_equal(p->u.lesson.facts.id.v, r->lesson.v);
    assert_int_equal(lesson_closes_ms(&p->u.lesson.facts), END + MIN);
    desk_reply_free(p);
}

static void a_refused_request_leaves_and_tells_nothing(void **state)
{
    struct desk_rig *r = *state;
    char id[24];

    desk_rig_run(r);
    assert_true(str_format(id, sizeof id, "%lld", (long long)r->lesson.v));
    assert_int_equal(desk_rig_call(r, "POST", "/refused-cancel", id, NULL, 0), 409);
    desk_rig_sync(r);
    assert_null(r->others); /* no push */
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_OK);
    assert_int_equal(desk_rig_call(r, "POST", "/cancel", id, NULL, 0), 200);
    desk_reply_free(desk_rig_wait(r, DESK_PUSH_LESSON, 0));
    assert_int_equal(desk_rig_knock(r, MENTOR, 2), ADMIT_CANCELLED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, desk_rig_open, desk_rig_close)
        t(only_the_scheduled_people_come_in),
        t(a_foreign_lesson_and_no_lesson_look_the_same),
        t(the_window_is_kept_to_the_millisecond),
        t(what_has_ended_stays_out),
        t(a_guardian_of_the_log_alone_stays_out),
        t(five_refusals_make_a_pause),
        t(a_second_device_must_ask_to_take_over),
        t(the_token_of_a_seat_brings_back_into_it),
        t(visitors_never_take_a_scheduled_persons_seat),
        t(a_lock_reaches_the_room),
        t(a_right_that_runs_out_is_noticed),
        t(a_lesson_put_behind_shortens_the_window),
        t(a_refused_request_leaves_and_tells_nothing),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
