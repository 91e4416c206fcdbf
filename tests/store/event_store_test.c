/* SPDX-License-Identifier: Apache-2.0
 *
 * Events as rows: who sees what, answers that a move asks anew, and what the
 * database itself refuses once minutes are closed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/events.h"
#include "tests/support/world.h"

#define NOW INT64_C(1795504320000)
#define START (NOW + 3 * MS_PER_DAY)

static struct world w;
static int64_t id;

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static struct event plan(void)
{
    struct event e = { .kind = EVENT_JOINT_MEETING,
                       .centre = w.centre,
                       .chair = w.coordinator,
                       .secretary = w.mentor_users[0],
                       .facts = { .start_ms = START,
                                  .end_ms = START + MS_PER_HOUR,
                                  .answer_by_ms = START - MS_PER_DAY } };

    assert_true(str_copy(e.title, sizeof e.title, "Plans") &&
                str_copy(e.place, sizeof e.place, "Hall 2") &&
                str_copy(e.tz, sizeof e.tz, "Europe/Moscow"));
    return e;
}

static void invite(struct user_id user, struct child_id child)
{
    struct event_invite i = { .user = user,
                              .child = child,
                              .part = EVENT_PART_LISTENER,
                              .via = child.v ? EVENT_VIA_EXCEPTION : EVENT_VIA_PERSON };
    bool added;

    if (child.v)
        assert_true(str_copy(i.exception, sizeof i.exception, "plays the flute"));
    ok(event_invite_add(w.db, id, &i, NOW, w.coordinator, &added));
    assert_true(added);
}

static int setup(void **state)
{
    struct event e;

    (void)state;
    world_open(&w, NOW);
    e = plan();
    ok(event_add(w.db, &e, NOW, w.coordinator, &id));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static size_t seen(struct org_id centre, struct user_id user)
{
    struct event_filter f = { .centre = centre,
                              .user = user,
                              .now_ms = NOW,
                              .from_ms = NOW,
                              .to_ms = INT64_MAX,
                              .limit = 10 };
    struct event_list l;
    size_t n;

    ok(event_list(w.db, &f, &l));
    n = l.n;
    event_list_free(&l);
    return n;
}

static void the_centre_sees_all_and_others_what_they_are_invited_to(void **state)
{
    const struct org_id none = { 0 };

    (void)state;
    assert_int_equal(seen(w.centre, w.coordinator), 1);
    assert_int_equal(seen(w.schools[0], w.coordinator), 0);
    assert_int_equal(seen(none, w.officer), 0);
    invite(w.officer, (struct child_id){ 0 });
    assert_int_equal(seen(none, w.officer), 1);
    ok(event_invite_withdraw(w.db, id, w.officer, NOW));
    assert_int_equal(seen(none, w.officer), 0);
    assert_int_equal(event_invite_withdraw(w.db, id, w.officer, NOW), ERR_NOTFOUND);
    invite(w.officer, (struct child_id){ 0 });
    assert_int_equal(seen(none, w.officer), 1);
}

static void a_child_sees_it_when_its_guardian_has_agreed(void **state)
{
    const struct org_id none = { 0 };
    struct event_invites l;

    (void)state;
    invite(w.child_users[0], w.children[0]);
    assert_int_equal(seen(none, w.child_users[0]), 0);
    assert_int_equal(seen(none, w.guardian), 1); /* is asked */
    assert_int_equal(seen(none, w.stranger), 0);
    ok(event_invites_of(w.db, id, w.guardian, NOW, &l));
    assert_int_equal(l.n, 1);
    assert_true(user_id_eq(l.items[0].user, w.child_users[0]));
    event_invites_free(&l);
    ok(event_invite_answer(w.db, id, w.child_users[0], EVENT_ANSWER_YES, "", NOW, w.guardian));
    assert_int_equal(seen(none, w.child_users[0]), 1);
    ok(event_invite_answer(w.db, id, w.child_users[0], EVENT_ANSWER_NO, "", NOW, w.guardian));
    assert_int_equal(seen(none, w.child_users[0]), 0);
}

static void the_database_lets_no_child_in_by_another_way(void **state)
{
    struct event_invite i = { .user = w.child_users[0],
                              .part = EVENT_PART_LISTENER,
                              .via = EVENT_VIA_PERSON };
    bool added;

    (void)state;
    assert_int_equal(event_invite_add(w.db, id, &i, NOW, w.coordinator, &added), ERR_STATE);
    assert_string_equal(db_refusal(w.db), "event_adults");
    invite(w.child_users[0], w.children[0]);
    /* nor does it answer for itself, nor is it there without a yes */
    assert_int_equal(event_invite_answer(w.db, id, w.child_users[0], EVENT_ANSWER_YES, "", NOW,
                                         w.child_users[0]),
                     ERR_STATE);
    assert_int_equal(
        event_invite_mark(w.db, id, w.child_users[0], EVENT_MARK_PRESENT, START, w.coordinator),
        ERR_STATE);
    ok(event_invite_mark(w.db, id, w.child_users[0], EVENT_MARK_ABSENT, START, w.coordinator));
}

static void a_move_asks_everybody_anew(void **state)
{
    struct event_invite i;
    struct event e;

    (void)state;
    invite(w.officer, (struct child_id){ 0 });
    ok(event_invite_answer(w.db, id, w.officer, EVENT_ANSWER_YES, "with a report", NOW, w.officer));
    ok(event_load(w.db, id, &e));
    e.facts.start_ms += MS_PER_DAY;
    e.facts.end_ms += MS_PER_DAY;
    ok(event_move(w.db, &e, NOW));
    ok(event_invite_load(w.db, id, w.officer, &i));
    assert_int_equal(i.seat.answer, EVENT_ANSWER_NONE);
    assert_string_equal(i.note, "");
    ok(event_load(w.db, id, &e));
    assert_int_equal(e.change, 1);
    assert_int_equal(e.rev, 2);
    ok(event_cancel(w.db, id, "ill", NOW));
    assert_int_equal(event_cancel(w.db, id, "ill", NOW), ERR_NOTFOUND);
}

static void closed_minutes_stay_as_they_are(void **state)
{
    static const char *const tries[] = {
        "UPDATE event SET title = 'other'",
        "UPDATE event SET minutes_text = 'other'",
        "UPDATE event SET minutes = 'draft'",
        "DELETE FROM event_item",
        "INSERT INTO event_item (event, no, title, minutes) VALUES (1, 9, 'x', 1)",
        "DELETE FROM event_decision",
        "INSERT INTO event_decision (event, no, text) VALUES (1, 9, 'x')",
        "UPDATE event_decision SET text = 'other'",
        "UPDATE event_invite SET mark = 'absent', marked_ms = 1, marked_by = 1",
        "DELETE FROM event_invite",
        "DELETE FROM event",
        "UPDATE event_addendum SET text = 'other'",
        "DELETE FROM event_addendum",
    };
    struct event_decision one = { .text = "Meet again", .due = "2026-12-24" };
    struct event_decisions d = { &one, 1 }, back;
    struct event_agenda a = { .n = 1, .items = { { .title = "Plans", .minutes = 30 } } };
    struct event_addenda added;
    struct event_signatures s;
    struct event e;
    char *text;

    (void)state;
    invite(w.officer, (struct child_id){ 0 });
    ok(event_agenda_set(w.db, id, &a));
    ok(event_minutes_save(w.db, id, "Heard.", &d));
    assert_int_equal(event_addendum_add(w.db, id, "x", START, w.coordinator), ERR_STATE);
    assert_int_equal(event_sign(w.db, id, true, w.coordinator, START), ERR_STATE);
    ok(event_freeze(w.db, id, 2, START, w.coordinator));
    ok(event_addendum_add(w.db, id, "A wrong date.", START, w.coordinator));
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        if (db_script(w.db, tries[i]) != ERR_STATE)
            fail_msg("%s", tries[i]);
    ok(event_sign(w.db, id, true, w.coordinator, START + 1));
    assert_int_equal(event_sign(w.db, id, true, w.coordinator, START + 2), ERR_STATE);
    ok(event_load(w.db, id, &e));
    assert_int_equal(e.facts.minutes, EVENT_MINUTES_FROZEN);
    assert_int_equal(e.quorum_needed, 2);
    ok(event_sign(w.db, id, false, w.mentor_users[0], START + 2));
    ok(event_load(w.db, id, &e));
    assert_int_equal(e.facts.minutes, EVENT_MINUTES_SIGNED);
    ok(event_signatures(w.db, id, &s));
    assert_int_equal(s.chair_ms, START + 1);
    assert_int_equal(s.secretary_ms, START + 2);
    ok(event_minutes_text(w.db, id, &text));
    assert_string_equal(text, "Heard.");
    mem_free(text);
    ok(event_decisions_load(w.db, id, &back));
    assert_int_equal(back.n, 1);
    assert_string_equal(back.items[0].due, "2026-12-24");
    event_decisions_free(&back);
    ok(event_addenda(w.db, id, &added));
    assert_int_equal(added.n, 1);
    event_addenda_free(&added);
}

static void a_role_yields_the_adults_of_the_centre(void **state)
{
    struct event_adults l;
    bool child = false;

    (void)state;
    ok(event_adults(w.db, w.centre, ROLE_NONE, (struct org_id){ 0 }, (struct user_id){ 0 }, NOW,
                    &l));
    assert_true(l.n >= 4);
    for (size_t i = 0; i < l.n; i++)
        child = child || user_id_eq(l.items[i].user, w.child_users[0]);
    assert_false(child);
    event_adults_free(&l);
    ok(event_adults(w.db, w.centre, ROLE_SCHOOL_OFFICER, w.schools[0], (struct user_id){ 0 }, NOW,
                    &l));
    assert_int_equal(l.n, 1);
    assert_true(user_id_eq(l.items[0].user, w.officer));
    event_adults_free(&l);
    ok(event_adults(w.db, w.centre, ROLE_NONE, (struct org_id){ 0 }, w.child_users[0], NOW, &l));
    assert_int_equal(l.n, 0);
    event_adults_free(&l);
}

static void settings_are_rows_with_a_source(void **state)
{
    struct event_policy p;

    (void)state;
    ok(policy_set(w.db, w.centre, "event.quorum_percent", "66", NOW, "the statute", NOW,
                  w.coordinator));
    ok(policy_event(w.db, w.centre, NOW - 1, &p));
    assert_int_equal(p.quorum_percent, 50);
    ok(policy_event(w.db, w.centre, NOW, &p));
    assert_int_equal(p.quorum_percent, 66);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
        T(the_centre_sees_all_and_others_what_they_are_invited_to),
        T(a_child_sees_it_when_its_guardian_has_agreed),
        T(the_database_lets_no_child_in_by_another_way),
        T(a_move_asks_everybody_anew),
        T(closed_minutes_stay_as_they_are),
        T(a_role_yields_the_adults_of_the_centre),
        T(settings_are_rows_with_a_source),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
