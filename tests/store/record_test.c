/* SPDX-License-Identifier: Apache-2.0
 *
 * From presence rows to the month report, and who stands how to what.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/report.h"
#include "server/store/seat.h"
#include "server/store/session.h"
#include "tests/support/world.h"

/* 2026-09-21T14:13:20Z, a Monday */
#define NOW INT64_C(1790000000000)
#define MIN MS_PER_MIN
#define HOUR MS_PER_HOUR
#define DAY MS_PER_DAY

#define ok(call) assert_int_equal(call, ERR_OK)

static int open_world(void **state)
{
    static struct world w;

    world_open(&w, NOW);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

/* A presence row from minute a to minute b of the lesson. */
static void was_in(struct world *w, struct lesson_id l, struct user_id u, enum seat_role role,
                   int64_t start_ms, int a, int b, enum leave_cause cause)
{
    static const uint8_t token[32] = { 3 };
    static int serial;
    char conn[24];
    struct session_id s;
    struct session_new n = { .lesson = l,
                             .user = u,
                             .seat = role,
                             .conn = conn,
                             .resume = token,
                             .join_ms = start_ms + a * MIN,
                             .ip_hash = "" };

    assert_true(str_format(conn, sizeof conn, "t:%d", ++serial));
    ok(session_open(w->db, &n, &s));
    ok(session_screen(w->db, s, MIN * (b - a)));
    ok(session_leave(w->db, s, start_ms + b * MIN, cause, 0, start_ms + b * MIN));
}

/* A lesson of 40 minutes with the mentor in all the time and the child from a to b (b <= a: never),
 * over and computed. */
static struct lesson_id past_lesson(struct world *w, int child, int64_t start_ms, int a, int b)
{
    struct lesson_id l = world_lesson(w, 0, child, start_ms, start_ms + 40 * MIN);

    was_in(w, l, w->mentor_users[0], SEAT_MENTOR, start_ms, 0, 40, LEAVE_WINDOW_END);
    if (b > a)
        was_in(w, l, w->child_users[child], SEAT_CHILD, start_ms, a, b,
               b < 40 ? LEAVE_TIRED : LEAVE_WINDOW_END);
    ok(attendance_close(w->db, l, start_ms + HOUR));
    return l;
}

static struct report_key key_of(const struct world *w, int child)
{
    return (struct report_key){ .mentor = w->mentors[0],
                                .child = w->children[child],
                                .school = w->schools[child],
                                .year = 2026,
                                .month = 9,
                                .locale = "ru" };
}

static void a_month_is_reported_from_the_register(void **state)
{
    struct world *w = *state;
    struct report_key key = key_of(w, 0);
    struct month_report r;
    struct lesson_id held, missed, moved, fresh, cancelled;
    struct amendment a = {
        .new_code = 'I', .reason = "flu", .document_no = "77", .title = "Irina, centre"
    };
    struct lesson_note note = { .topic = "Дроби", .homework = "стр. 5", .mark = "5" };
    struct report_texts texts = { .progress = "good" };
    int64_t id, t = NOW - 10 * DAY;

    held = past_lesson(w, 0, t, 7, 40);            /* late 7 */
    past_lesson(w, 0, t + DAY, 0, 18);             /* tired: partial */
    missed = past_lesson(w, 0, t + 2 * DAY, 0, 0); /* no-show */
    moved = world_lesson(w, 0, 0, NOW + HOUR, NOW + HOUR + 40 * MIN);
    ok(lesson_move(w->db, moved, NOW + 3 * HOUR, NOW + 3 * HOUR + 40 * MIN, "doctor", SIDE_CHILD,
                   NOW, w->coordinator, &fresh));
    cancelled = world_lesson(w, 0, 0, NOW + 5 * HOUR, NOW + 5 * HOUR + 40 * MIN);
    ok(lesson_cancel(w->db, cancelled, "mentor ill", SIDE_MENTOR, NOW));
    past_lesson(w, 1, t + 3 * DAY, 0, 40); /* another child's: another report */
    a.by = w->coordinator;
    a.at_ms = NOW;
    ok(amendment_add(w->db, missed, w->children[0], &a, &id));
    ok(note_save(w->db, held, w->children[0], &note, NOW, w->mentor_users[0]));
    ok(report_texts_save(w->db, &key, &texts, NOW, w->mentor_users[0]));
    assert_int_equal(report_texts_save(w->db, &key, &texts, NOW, w->mentor_users[0]), ERR_STATE);

    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(month_report_check(&r, NULL), REPORT_FINE);
    assert_int_equal(r.lines_n, 6);
    assert_int_equal(r.totals.held, 1);
    assert_int_equal(r.totals.partial, 1);
    assert_int_equal(r.totals.not_held, 1);
    assert_int_equal(r.totals.moved, 1);
    assert_int_equal(r.totals.cancelled_by[SIDE_MENTOR], 1);
    assert_int_equal(r.totals.ahead, 1);
    assert_int_equal(r.totals.contact_ms, 51 * MIN);
    assert_int_equal(r.lines[0].code, 'L');
    assert_int_equal(r.lines[0].late_ms, 7 * MIN);
    assert_int_equal(r.lines[0].percent_tenths, 825);
    assert_int_equal(r.lines[0].screen_ms, 33 * MIN);
    assert_int_equal(r.lines[0].first_contact_ms, t + 7 * MIN);
    assert_string_equal(r.lines[0].topic, "Дроби");
    assert_string_equal(r.lines[0].subject, "Математика");
    assert_int_equal(r.lines[0].family, FAMILY_SILENT); /* more than seven days */
    assert_int_equal(r.lines[1].code, 'E');
    assert_int_equal(r.lines[2].code, 'I');
    assert_true(r.lines[2].amended);
    assert_string_equal(r.lines[2].reason, "flu");
    assert_string_equal(r.lines[2].document_no, "77");
    assert_int_equal(r.totals.missed_ill, 1);
    assert_string_equal(r.order_no, "12-k");
    assert_string_equal(r.progress, "good");
    assert_string_equal(r.tz, "Europe/Moscow");
    assert_int_equal(strlen(r.log_hash), 64);
    month_report_deinit(&r);
}

static void a_month_belongs_to_the_schools_zone(void **state)
{
    struct world *w = *state;
    /* 30 September 20:30 UTC: 23:30 in Moscow, 1 October 01:30 in Yekaterinburg */
    int64_t late = INT64_C(1790800200000);
    struct report_key key = key_of(w, 0);
    struct report_filter f = { .centre = w->centre, .year = 2026, .month = 9 };
    struct report_head_list l;
    struct month_report r;

    world_lesson(w, 0, 0, late, late + 20 * MIN);
    world_lesson(w, 1, 1, late, late + 20 * MIN);
    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(r.lines_n, 1);
    month_report_deinit(&r);
    key = key_of(w, 1);
    key.mentor = w->mentors[1];
    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(r.lines_n, 0);
    assert_non_null(r.empty_reason);
    assert_int_equal(month_report_check(&r, NULL), REPORT_FINE);
    month_report_deinit(&r);
    key.month = 10;
    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(r.lines_n, 1);
    month_report_deinit(&r);
    ok(report_list(w->db, &f, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].key.child.v, w->children[0].v);
    report_head_list_free(&l);
    f.month = 10;
    ok(report_list(w->db, &f, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].key.child.v, w->children[1].v);
    report_head_list_free(&l);
}

/* From ten to midnight on the last evening of the month until half past: the whole lesson is the
 * month's it begins in at the school, and there is one report that has it. */
static void a_lesson_over_the_months_midnight_is_counted_once(void **state)
{
    struct world *w = *state;
    /* 30 September 20:50 UTC: 23:50 in Moscow, 1 October 05:50 in Omsk, where the child is */
    int64_t late = INT64_C(1790801400000);
    struct report_key key = key_of(w, 0);
    struct month_report r;

    ok(db_script(w->db, "UPDATE \"user\" SET tz = 'Asia/Omsk' WHERE id = (SELECT user_id FROM "
                        "child ORDER BY id LIMIT 1)"));
    past_lesson(w, 0, late, 0, 40);
    ok(report_load(w->db, &key, late + DAY, &r));
    assert_int_equal(r.lines_n, 1);
    assert_int_equal(r.totals.contact_ms, 40 * MIN);
    month_report_deinit(&r);
    key.month = 10;
    ok(report_load(w->db, &key, late + DAY, &r));
    assert_int_equal(r.lines_n, 0);
    month_report_deinit(&r);
}

static void a_change_of_school_splits_the_month(void **state)
{
    struct world *w = *state;
    struct report_key key = key_of(w, 0);
    struct child c;
    struct month_report r;

    past_lesson(w, 0, NOW - 10 * DAY, 0, 40);
    ok(child_load(w->db, w->children[0], &c));
    c.school = w->schools[1];
    ok(child_save(w->db, &c, NOW, w->coordinator, &c.id));
    past_lesson(w, 0, NOW - 9 * DAY, 0, 40);
    past_lesson(w, 0, NOW - 8 * DAY, 0, 40);
    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(r.lines_n, 1);
    month_report_deinit(&r);
    key.school = w->schools[1];
    ok(report_load(w->db, &key, NOW, &r));
    assert_int_equal(r.lines_n, 2);
    month_report_deinit(&r);
}

static void nobodys_report_tells_no_name(void **state)
{
    struct world *w = *state;
    struct report_key key = key_of(w, 1);
    struct grant g = { .user = w->officer, .role = ROLE_SCHOOL_OFFICER, .org = w->schools[0] };
    struct month_report r;
    struct relation rel;

    key.school = w->schools[0]; /* a child of the other school */
    assert_int_equal(report_load(w->db, &key, NOW, &r), ERR_NOTFOUND);
    assert_int_equal(relation_report(w->db, &g, key.mentor, key.child, key.school, NOW, &rel),
                     ERR_NOTFOUND);
    key = key_of(w, 0);
    ok(relation_report(w->db, &g, key.mentor, key.child, key.school, NOW, &rel));
    assert_true(rel.own_school);
    assert_false(rel.own);
    g.org = w->schools[1];
    ok(relation_report(w->db, &g, key.mentor, key.child, key.school, NOW, &rel));
    assert_false(rel.own_school);
}

static void a_computation_that_changes_nothing_adds_nothing(void **state)
{
    struct world *w = *state;
    struct lesson_id l = past_lesson(w, 0, NOW - DAY, 0, 40);
    bool changed = true;

    ok(attendance_recompute(w->db, l, NOW, &changed));
    assert_false(changed);
    ok(outage_add(w->db, NOW - DAY, NOW - DAY + 30 * MIN, "network", NOW));
    ok(attendance_recompute(w->db, l, NOW, &changed));
    assert_false(changed); /* held in spite of it */
    assert_int_equal(world_number(w, "SELECT count(*) FROM attendance"), 1);
    ok(policy_set(w->db, w->centre, "attendance.held_percent", "99", NOW - 100 * DAY, "test", NOW,
                  w->coordinator));
    ok(attendance_recompute(w->db, l, NOW, &changed));
    assert_false(changed); /* 100 % */
}

static void a_locked_month_is_not_recomputed(void **state)
{
    struct world *w = *state;
    struct lesson_id l = past_lesson(w, 0, NOW - DAY, 0, 20);
    bool changed = true;

    ok(lesson_set_state(w->db, l, LESSON_CONFIRMED, NOW));
    ok(lesson_set_state(w->db, l, LESSON_LOCKED, NOW));
    ok(policy_set(w->db, w->centre, "attendance.partial_percent", "90", NOW - 100 * DAY, "", NOW,
                  w->coordinator));
    ok(attendance_recompute(w->db, l, NOW, &changed));
    assert_false(changed);
    ok(lesson_set_state(w->db, l, LESSON_COMPUTED, NOW)); /* reopened */
    ok(attendance_recompute(w->db, l, NOW, &changed));
    assert_true(changed);
}

static void everybody_sees_their_own_day(void **state)
{
    struct world *w = *state;
    struct lesson_id a = world_lesson(w, 0, 0, NOW + HOUR, NOW + HOUR + 40 * MIN);
    struct lesson_id b = world_lesson(w, 0, 1, NOW + 3 * HOUR, NOW + 3 * HOUR + 40 * MIN);
    struct lesson_id other = world_lesson(w, 1, 1, NOW + 5 * HOUR, NOW + 5 * HOUR + 40 * MIN);
    const struct {
        struct lesson_filter f;
        size_t n;
        struct lesson_id first;
    } table[] = {
        { { .user = w->mentor_users[0] }, 2, a },     { { .user = w->child_users[1] }, 2, b },
        { { .user = w->stranger }, 0, { 0 } },        { { .guardian = w->guardian }, 1, a },
        { { .guardian = w->coordinator }, 0, { 0 } }, { { .child = w->children[1] }, 2, b },
        { { .mentor = w->mentors[1] }, 1, other },    { { .centre = w->centre }, 3, a },
        { { .centre = w->schools[0] }, 0, { 0 } },    { { .school = w->schools[0] }, 1, a },
        { { .school = w->schools[1] }, 2, b },
    };

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct lesson_filter f = table[i].f;
        struct lesson_list l;

        f.from_ms = NOW;
        f.to_ms = NOW + DAY;
        ok(lesson_list(w->db, &f, &l));
        assert_int_equal(l.n, table[i].n);
        if (l.n)
            assert_int_equal(l.items[0].facts.id.v, table[i].first.v);
        lesson_list_free(&l);
        f.from_ms = NOW + DAY;
        f.to_ms = NOW + 2 * DAY;
        ok(lesson_list(w->db, &f, &l));
        assert_int_equal(l.n, 0);
        lesson_list_free(&l);
    }
}

static void busy_times_are_of_everyone_concerned_and_once(void **state)
{
    struct world *w = *state;
    struct booked_list l;

    world_lesson(w, 0, 0, NOW + HOUR, NOW + HOUR + 40 * MIN); /* both */
    world_lesson(w, 1, 0, NOW + 2 * HOUR, NOW + 2 * HOUR + 40 * MIN);
    world_lesson(w, 0, 1, NOW + 3 * HOUR, NOW + 3 * HOUR + 40 * MIN);
    world_lesson(w, 1, 1, NOW + 4 * HOUR, NOW + 4 * HOUR + 40 * MIN); /* nobody's here */
    ok(booked_list(w->db, w->mentors[0], &w->children[0], 1, NOW, NOW + DAY, &l));
    assert_int_equal(l.n, 3);
    for (size_t i = 0; i < l.n; i++)
        assert_int_equal(l.items[i].children_n, 1);
    booked_list_free(&l);
    ok(booked_list(w->db, w->mentors[0], &w->children[0], 1, NOW + HOUR + 40 * MIN, NOW + 2 * HOUR,
                   &l));
    assert_int_equal(l.n, 0); /* touching is not overlapping */
    booked_list_free(&l);
}

/* Rows of relation.h's four booleans, for the one lesson and child 0. */
static void relations_follow_the_rows(void **state)
{
    struct world *w = *state;
    struct lesson_id l = world_lesson(w, 0, 0, NOW + HOUR, NOW + HOUR + 40 * MIN);
    const struct {
        struct user_id user;
        enum role role;
        struct org_id org;
        bool own, own_child, own_school, own_centre;
    } table[] = {
        { w->mentor_users[0], ROLE_MENTOR, w->centre, true, false, false, true },
        { w->mentor_users[1], ROLE_MENTOR, w->centre, false, false, false, true },
        { w->child_users[0], ROLE_CHILD, w->centre, true, false, false, true },
        { w->guardian, ROLE_GUARDIAN, w->centre, false, true, false, true },
        { w->officer, ROLE_SCHOOL_OFFICER, w->schools[0], false, false, true, false },
        { w->officer, ROLE_SCHOOL_OFFICER, w->schools[1], false, false, false, false },
    };
    struct relation r;

    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        struct grant g = { .user = table[i].user, .role = table[i].role, .org = table[i].org };

        ok(relation_lesson(w->db, &g, l, NOW, &r));
        assert_int_equal(r.own, table[i].own);
        assert_int_equal(r.own_child, table[i].own_child);
        assert_int_equal(r.own_school, table[i].own_school);
        assert_int_equal(r.own_centre, table[i].own_centre);
        assert_int_equal(relation_lesson(w->db, &g, (struct lesson_id){ 99 }, NOW, &r),
                         ERR_NOTFOUND);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(a_month_is_reported_from_the_register),
        t(a_month_belongs_to_the_schools_zone),
        t(a_lesson_over_the_months_midnight_is_counted_once),
        t(a_change_of_school_splits_the_month),
        t(nobodys_report_tells_no_name),
        t(a_computation_that_changes_nothing_adds_nothing),
        t(a_locked_month_is_not_recomputed),
        t(everybody_sees_their_own_day),
        t(busy_times_are_of_everyone_concerned_and_once),
        t(relations_follow_the_rows),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
