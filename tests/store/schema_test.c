/* SPDX-License-Identifier: Apache-2.0
 *
 * What the database itself refuses: overlaps, edits of an open lesson,
 * changes of registers, unknown references, anything half.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/event.h"
#include "server/store/session.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
#define MIN MS_PER_MIN

#define ok(call) assert_int_equal(call, ERR_OK)

struct fixture {
    struct world w;
};

static int open_world(void **state)
{
    static struct fixture f;

    world_open(&f.w, NOW);
    *state = &f.w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

static enum err plan(struct world *w, int mentor, int child, int64_t start, int64_t end)
{
    struct lesson_plan p = { .org = w->centre,
                             .subject_id = w->subject,
                             .mentor = w->mentors[mentor],
                             .children = { w->children[child] },
                             .children_n = 1,
                             .start_ms = start,
                             .end_ms = end,
                             .tz = "Europe/Moscow",
                             .state = LESSON_SCHEDULED };
    struct lesson_id id;
    enum err e;

    ok(db_begin(w->db));
    e = lesson_add(w->db, &p, NOW, w->coordinator, &id);
    if (e)
        db_rollback(w->db);
    else
        ok(db_commit(w->db));
    return e;
}

static void refuses(struct world *w, const char *sql, const char *refusal)
{
    assert_int_equal(db_script(w->db, sql), ERR_STATE);
    assert_string_equal(db_refusal(w->db), refusal);
}

static void lessons_may_touch_and_not_overlap(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;

    ok(plan(w, 0, 0, t, t + 40 * MIN));
    ok(plan(w, 0, 0, t + 40 * MIN, t + 80 * MIN));
    /* the mentor's, with another child: over the start, over the end, inside, around */
    for (int i = 0; i < 4; i++) {
        static const int64_t at[4][2] = { { -10, 1 }, { 79, 120 }, { 10, 20 }, { -1, 90 } };

        assert_int_equal(plan(w, 0, 1, t + at[i][0] * MIN, t + at[i][1] * MIN), ERR_STATE);
        assert_string_equal(db_refusal(w->db), "mentor_overlap");
        /* the child's, with another mentor */
        assert_int_equal(plan(w, 1, 0, t + at[i][0] * MIN, t + at[i][1] * MIN), ERR_STATE);
        assert_string_equal(db_refusal(w->db), "child_overlap");
    }
    ok(plan(w, 1, 1, t, t + 40 * MIN)); /* nobody in common */
    assert_int_equal(plan(w, 0, 0, t + 200 * MIN, t + 200 * MIN), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "check"); /* end > start */
    assert_int_equal(world_number(w, "SELECT count(*) FROM lesson"), 3);
}

static void an_update_cannot_sneak_into_an_overlap(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;
    struct lesson_id a = world_lesson(w, 0, 0, t, t + 40 * MIN);
    struct lesson_id b = world_lesson(w, 0, 1, t + 60 * MIN, t + 100 * MIN);
    struct lesson_id c = world_lesson(w, 1, 0, t + 70 * MIN, t + 100 * MIN);

    assert_int_equal(a.v, 1);
    assert_int_equal(b.v, 2);
    assert_int_equal(c.v, 3);
    refuses(w, "UPDATE lesson SET end_ms = end_ms + 21 * 60000 WHERE id = 1", "mentor_overlap");
    ok(db_script(w->db, "UPDATE lesson SET end_ms = end_ms + 20 * 60000 WHERE id = 1"));
    refuses(w, "UPDATE lesson SET start_ms = start_ms - 11 * 60000 WHERE id = 3", "child_overlap");
    refuses(w, "UPDATE lesson SET mentor = 1 WHERE id = 3", "mentor_overlap");
    /* a child put into a second lesson at the same time */
    refuses(w, "INSERT INTO lesson_child (lesson, child, school) VALUES (2, 1, 2)",
            "child_overlap");
    refuses(w, "UPDATE lesson_child SET child = 1 WHERE lesson = 2", "child_overlap");
    /* a cancelled lesson is in nobody's way, and may not come back over another one */
    ok(lesson_cancel(w->db, b, "ill", SIDE_CHILD, NOW));
    ok(db_script(w->db, "UPDATE lesson SET mentor = 1 WHERE id = 3"));
    refuses(w, "UPDATE lesson SET state = 'scheduled' WHERE id = 2", "mentor_overlap");
}

/* Ten years of lessons are asked for by the seat's start (0025): it must be the lesson's, whoever
 * writes it, and what touches a moment must have begun within the day before it. */
static void a_seat_carries_its_lessons_start(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;
    struct lesson_id a = world_lesson(w, 0, 0, t, t + 40 * MIN);

    assert_int_equal(a.v, 1);
    assert_int_equal(world_number(w, "SELECT start_ms FROM lesson_child WHERE lesson = 1"), t);
    ok(db_script(w->db, "UPDATE lesson SET start_ms = start_ms + 60000 WHERE id = 1"));
    assert_int_equal(world_number(w, "SELECT start_ms FROM lesson_child WHERE lesson = 1"),
                     t + MIN);
    refuses(w, "UPDATE lesson_child SET start_ms = 1 WHERE lesson = 1", "lesson_child_start");
    ok(db_script(w->db, "UPDATE lesson SET end_ms = start_ms + 86400000 WHERE id = 1"));
    refuses(w, "UPDATE lesson SET end_ms = start_ms + 86400001 WHERE id = 1", "lesson_length");
    refuses(w,
            "INSERT INTO lesson (version, org, subject, mentor, planned_mentor, start_ms, end_ms, "
            "tz, state, state_ms, created_ms) SELECT version, org, subject, 2, 2, start_ms, "
            "start_ms + 86400001, tz, 'scheduled', 1, 1 FROM lesson WHERE id = 1",
            "lesson_length");
    /* The longest lesson there can be is still in the way in its last minute. */
    ok(db_script(w->db,
                 "INSERT INTO lesson (version, org, subject, mentor, planned_mentor, start_ms, "
                 "end_ms, tz, state, state_ms, created_ms) SELECT version, org, subject, 2, 2, "
                 "end_ms - 60000, end_ms + 60000, tz, 'scheduled', 1, 1 FROM lesson WHERE id = 1"));
    refuses(w, "INSERT INTO lesson_child (lesson, child, school) VALUES (2, 1, 2)",
            "child_overlap");
    refuses(w, "UPDATE lesson SET mentor = 1 WHERE id = 2", "mentor_overlap");
}

static void a_substitute_is_checked_like_anybody(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;
    struct lesson_id a = world_lesson(w, 0, 0, t, t + 40 * MIN);
    struct lesson l;

    world_lesson(w, 1, 1, t, t + 40 * MIN);
    ok(lesson_needs_substitute(w->db, a, "ill", NOW));
    assert_int_equal(lesson_substitute(w->db, a, w->mentors[1], "for Anna", NOW), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "mentor_overlap");
    ok(lesson_load(w->db, a, &l));
    assert_int_equal(l.facts.state, LESSON_NEEDS_SUBSTITUTE);
    assert_int_equal(l.mentor.v, w->mentors[0].v);
}

static void a_move_leaves_the_old_lesson_behind(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;
    struct lesson_id a = world_lesson(w, 0, 0, t, t + 40 * MIN), fresh;
    struct lesson l;

    /* into a time that the old one itself holds */
    ok(lesson_move(w->db, a, t + 10 * MIN, t + 50 * MIN, "later", SIDE_CHILD, NOW, w->coordinator,
                   &fresh));
    ok(lesson_load(w->db, a, &l));
    assert_int_equal(l.facts.state, LESSON_RESCHEDULED);
    assert_int_equal(l.moved_to.v, fresh.v);
    ok(lesson_load(w->db, fresh, &l));
    assert_int_equal(l.facts.state, LESSON_SCHEDULED);
    assert_int_equal(l.facts.start_ms, t + 10 * MIN);
    assert_int_equal(l.seats_n, 1);
    assert_int_equal(l.facts.children[0].v, w->child_users[0].v);
    assert_true(l.facts.published);
    assert_int_equal(lesson_cancel(w->db, a, "again", SIDE_CENTRE, NOW), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "");
}

static void an_open_lesson_is_frozen(void **state)
{
    struct world *w = *state;
    struct lesson_id a = world_lesson(w, 0, 0, NOW, NOW + 40 * MIN);

    ok(lesson_set_state(w->db, a, LESSON_RUNNING, NOW)); /* by way of open */
    refuses(w, "UPDATE lesson SET end_ms = end_ms + 1 WHERE id = 1", "lesson_frozen");
    refuses(w, "UPDATE lesson SET mentor = 2 WHERE id = 1", "lesson_frozen");
    refuses(w, "INSERT INTO lesson_child (lesson, child, school) VALUES (1, 2, 3)",
            "lesson_frozen");
    refuses(w, "DELETE FROM lesson_child WHERE lesson = 1", "lesson_frozen");
    refuses(w, "DELETE FROM lesson WHERE id = 1", "lesson_no_delete");
    assert_int_equal(lesson_cancel(w->db, a, "late", SIDE_CENTRE, NOW), ERR_STATE);
    assert_int_equal(lesson_set_state(w->db, a, LESSON_SCHEDULED, NOW), ERR_STATE);
}

static void a_window_never_cuts_into_the_next_lesson(void **state)
{
    struct world *w = *state;
    int64_t t = NOW + MS_PER_HOUR;
    struct lesson_id a = world_lesson(w, 0, 0, t, t + 40 * MIN);
    struct lesson_facts f;

    ok(lesson_facts_load(w->db, a, &f));
    assert_int_equal(f.close_after_ms, 5 * MIN);
    assert_int_equal(f.open_before_ms, 10 * MIN);
    assert_int_equal(f.screen_limit_ms, 25 * MIN);     /* grade 3 */
    world_lesson(w, 1, 0, t + 43 * MIN, t + 80 * MIN); /* the child's next */
    ok(lesson_facts_load(w->db, a, &f));
    assert_int_equal(f.close_after_ms, 3 * MIN);
    world_lesson(w, 0, 1, t + 41 * MIN, t + 80 * MIN); /* the mentor's next */
    ok(lesson_facts_load(w->db, a, &f));
    assert_int_equal(f.close_after_ms, 1 * MIN);
    ok(policy_set(w->db, w->centre, "lesson.open_before_min", "15", NOW - 1, "order 7", NOW,
                  w->coordinator));
    ok(lesson_facts_load(w->db, a, &f));
    assert_int_equal(f.open_before_ms, 15 * MIN);
    ok(policy_set(w->db, w->centre, "lesson.open_before_min", "soon", NOW, "", NOW,
                  w->coordinator));
    assert_int_equal(lesson_facts_load(w->db, a, &f), ERR_DB);
}

static void registers_take_no_update_and_no_delete(void **state)
{
    struct world *w = *state;
    struct lesson_id a = world_lesson(w, 0, 0, NOW, NOW + 40 * MIN);
    static const uint8_t token[32] = { 1 };
    struct session_new n = { .lesson = a,
                             .user = w->child_users[0],
                             .seat = SEAT_CHILD,
                             .conn = "r:1",
                             .resume = token,
                             .join_ms = NOW,
                             .ip_hash = "" };
    struct session_id s;

    ok(session_open(w->db, &n, &s));
    n.conn = "r:2";
    assert_int_equal(session_open(w->db, &n, &s), ERR_STATE); /* one open row per seat */
    assert_string_equal(db_refusal(w->db), "unique");
    n.conn = "r:1";
    n.user = w->mentor_users[0];
    n.seat = SEAT_MENTOR;
    assert_int_equal(session_open(w->db, &n, &s), ERR_STATE); /* and per connection */
    refuses(w, "UPDATE session SET join_ms = join_ms - 1", "session_fixed");
    refuses(w, "UPDATE session SET user_id = 1", "session_fixed");
    ok(session_leave(w->db, (struct session_id){ 1 }, NOW + MIN, LEAVE_LEFT, 0, NOW + MIN));
    refuses(w, "UPDATE session SET leave_ms = leave_ms + 1", "session_fixed");
    refuses(w, "DELETE FROM session", "session_no_delete");
    ok(join_attempt_add(w->db, a, true, w->stranger, NOW, "not_yours", ""));
    refuses(w, "UPDATE join_attempt SET result = 'ok'", "join_attempt_no_update");
    refuses(w, "DELETE FROM join_attempt", "join_attempt_no_delete");
    ok(audit_add(w->db, NOW, w->coordinator, "lock", "user", 3, "", ""));
    refuses(w, "UPDATE audit SET actor = 0", "audit_no_update");
    refuses(w, "DELETE FROM audit", "audit_no_delete");
    refuses(w, "UPDATE register SET row_id = 9", "register_no_update");
    refuses(w, "DELETE FROM register", "register_no_delete");
    ok(outage_add(w->db, NOW, NOW + 1, "crash", NOW));
    refuses(w, "DELETE FROM outage", "outage_no_delete");
}

static void nothing_refers_to_what_is_not_there(void **state)
{
    struct world *w = *state;

    assert_int_equal(chat_add(w->db, (struct lesson_id){ 99 }, w->child_users[0], "hello", NOW),
                     ERR_STATE);
    assert_string_equal(db_refusal(w->db), "foreign_key");
    refuses(w, "DELETE FROM \"user\" WHERE id = 1", "foreign_key");
    refuses(w, "UPDATE \"user\" SET id = 900 WHERE id = 1", "foreign_key");
}

static void text_is_stored_as_it_came(void **state)
{
    static const char *const evil[] = {
        "'; DROP TABLE lesson; --",          "\" OR 1=1 --",    "%n%s%x",
        "Robert'); DELETE FROM \"user\";--", "\\0 $1 ?1 :a @b", "Ёжик \xf0\x9f\xa6\x94"
    };
    struct world *w = *state;
    struct user u;

    for (size_t i = 0; i < sizeof evil / sizeof evil[0]; i++) {
        ok(user_load(w->db, w->child_users[0], &u));
        assert_true(strlen(evil[i]) < sizeof u.name);
        strncpy(u.name, evil[i], sizeof u.name - 1);
        u.name[strlen(evil[i])] = '\0';
        ok(user_save(w->db, &u, NOW, w->coordinator, &u.id));
        ok(user_load(w->db, w->child_users[0], &u));
        assert_string_equal(u.name, evil[i]);
    }
    assert_int_equal(user_by_login(w->db, "' OR ''='", &u), ERR_NOTFOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(lessons_may_touch_and_not_overlap),        t(an_update_cannot_sneak_into_an_overlap),
        t(a_seat_carries_its_lessons_start),         t(a_substitute_is_checked_like_anybody),
        t(a_move_leaves_the_old_lesson_behind),      t(an_open_lesson_is_frozen),
        t(a_window_never_cuts_into_the_next_lesson), t(registers_take_no_update_and_no_delete),
        t(nothing_refers_to_what_is_not_there),      t(text_is_stored_as_it_came),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
