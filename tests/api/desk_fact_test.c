/* SPDX-License-Identifier: Apache-2.0
 *
 * Facts through the desk: attendance, recovery after a kill, answers after the
 * commit, and a database that cannot be written.
 */
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/mem.h"
#include "common/base/str.h"
#include "server/api/admin.h"
#include "server/store/attendance.h"
#include "tests/support/desk_rig.h"

/* ---- facts to attendance ---------------------------------------------------------------- */

static void a_lesson_becomes_attendance(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *mentor, *child;
    struct desk_request *q;
    struct lesson_record rec;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, START - 2 * MIN);
    mentor = desk_rig_sit(r, MENTOR, 1);
    atomic_store(&desk_rig_ms, START + 7 * MIN);
    child = desk_rig_sit(r, CHILD, 2);
    q = desk_rig_fact(DESK_FACT_LESSON_STATE, r->lesson, (struct session_id){ 0 }, START + 7 * MIN);
    q->u.fact.lesson_state = LESSON_RUNNING;
    desk_rig_tell(r, q);
    q = desk_rig_fact(DESK_FACT_CHAT, r->lesson, child->u.admit.session, START + 8 * MIN);
    q->u.fact.user = desk_rig_user(r, CHILD);
    q->u.fact.text = desk_rig_text("привет");
    desk_rig_tell(r, q);
    q = desk_rig_fact(DESK_FACT_EVENT, r->lesson, child->u.admit.session, START + 9 * MIN);
    q->u.fact.user = desk_rig_user(r, CHILD);
    assert_true(str_copy(q->u.fact.event, sizeof q->u.fact.event, "hand_up"));
    desk_rig_tell(r, q);
    for (int twice = 0; twice < 2; twice++) /* F10 */
        desk_rig_tell_left(r, child->u.admit.session, END, LEAVE_WINDOW_END);
    atomic_store(&desk_rig_ms, END + MIN);
    desk_rig_tell_left(r, mentor->u.admit.session, END + 30 * SEC, LEAVE_WINDOW_END);
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END + 6 * MIN + 2 * SEC);
    desk_rig_sync(r);
    desk_rig_stop(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.run, 1);
    assert_int_equal(rec.outcome, OUTCOME_HELD); /* DOMAIN 7, case 2 */
    assert_int_equal(rec.children[0].code, 'L');
    assert_int_equal(rec.children[0].contact_ms, 33 * MIN);
    assert_int_equal(rec.children[0].percent_tenths, 825);
    assert_int_equal(rec.credit_quarters, 4);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM lesson WHERE state = 'computed'"),
                     1);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM chat_line"), 1);
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM room_event"), 1);
    desk_reply_free(mentor);
    desk_reply_free(child);
}

static void a_lesson_nobody_came_to_is_closed_too(void **state)
{
    struct desk_rig *r = *state;
    struct lesson_record rec;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, END + 5 * MIN - 1);
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END + 5 * MIN + SEC);
    desk_rig_sync(r);
    desk_rig_sync(r); /* time is looked at after the mail */
    desk_rig_stop(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.outcome, OUTCOME_BOTH_NO_SHOW);
    assert_int_equal(rec.children[0].code, 'N');
}

static void a_row_its_room_forgot_ends_when_it_was_last_seen(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *mentor, *child;
    struct lesson_record rec;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, START);
    mentor = desk_rig_sit(r, MENTOR, 1);
    child = desk_rig_sit(r, CHILD, 2);
    desk_rig_tell(
        r, desk_rig_fact(DESK_FACT_SEEN, r->lesson, child->u.admit.session, START + 35 * MIN));
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END);
    desk_rig_tell_left(r, mentor->u.admit.session, END, LEAVE_WINDOW_END);
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END + 6 * MIN - 1); /* not yet: its leave may be under way */
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END + 6 * MIN + 3 * SEC);
    desk_rig_sync(r);
    atomic_store(&desk_rig_ms, END + 6 * MIN + 6 * SEC);
    desk_rig_sync(r);
    desk_rig_tell_left(r, child->u.admit.session, END, LEAVE_WINDOW_END); /* too late to count */
    desk_rig_stop(r);
    ok(attendance_load(r->w.db, r->lesson, &rec));
    assert_int_equal(rec.run, 1);
    assert_int_equal(rec.outcome, OUTCOME_HELD);
    assert_int_equal(rec.contact_ms, 35 * MIN);
    desk_reply_free(mentor);
    desk_reply_free(child);
}

/* ---- recovery --------------------------------------------------------------------------- */

/* In a process of its own that is killed without warning. */
static void be_killed_in_mid_lesson(struct desk_rig *r)
{
    struct desk_reply *p;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, START + 20 * MIN);
    p = desk_rig_sit(r, CHILD, 1);
    desk_rig_tell(r,
                  desk_rig_fact(DESK_FACT_SEEN, r->lesson, p->u.admit.session, START + 25 * MIN));
    p = desk_rig_sit(r, MENTOR, 2);
    raise(SIGKILL);
}

static void a_killed_server_loses_five_seconds_at_most(void **state)
{
    struct desk_rig *r = *state;
    struct verify_result v;
    int status = 0;
    pid_t pid;

    world_let_go(&r->w);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        world_take_back(&r->w);
        be_killed_in_mid_lesson(r);
        _exit(1);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
    atomic_store(&desk_rig_ms, START + 25 * MIN + 4 * SEC);
    desk_rig_start(r);
    assert_int_equal(desk_rig_knock(r, CHILD, 1), ADMIT_OK); /* the same number, another run */
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"),
                     START + 25 * MIN);
    assert_int_equal(world_number(&r->w, "SELECT uncertain_ms FROM session WHERE id = 1"), 4 * SEC);
    assert_int_equal(world_number(&r->w, "SELECT uncertain_ms FROM session WHERE id = 2"),
                     5 * SEC); /* seen last when it joined; never more than 5 s */
    assert_int_equal(world_number(&r->w, "SELECT count(*) FROM session WHERE end_reason = "
                                         "'server_restart'"),
                     2);
    assert_int_equal(world_number(&r->w, "SELECT to_ms - from_ms FROM outage"), 4 * SEC);
    world_let_go(&r->w);
    ok(admin_verify(r->w.path, &v));
    assert_true(verify_clean(&v));
    world_take_back(&r->w);
}

static void an_outage_over_the_end_blames_nobody(void **state)
{
    struct desk_rig *r = *state;
    struct lesson_record rec;

    desk_rig_run(r);
    atomic_store(&desk_rig_ms, START);
    desk_reply_free(desk_rig_sit(r, CHILD, 1));
    desk_reply_free(desk_rig_sit(r, MENTOR, 2));
    {
        struct desk_request *q =
            desk_rig_fact(DESK_FACT_SEEN, r->lesson, (struct session_id){ 1 }, START + 5 * MIN);

        desk_rig_tell(r, q);
        desk_rig_tell(
            r, desk_rig_fact(DESK_FACT_SEEN, r->lesson, (struct session_id){ 2 }, START + 5 * MIN));
    }
    atomic_store(&desk_rig_ms, START + 5 * MIN);
    desk_rig_stop(r);
    world_let_go(&r->w);
    atomic_store(&desk_rig_ms, END + 10 * MIN);
    desk_rig_start(r);
    desk_rig_sync(r);
    desk_rig_sync(r);
    desk_rig_stop(r);
    ok(attendance_load(r->w.db, r->lesson, &rec)); /* DOMAIN 7, case 12 */
    assert_int_equal(rec.outcome, OUTCOME_TECH_SERVER);
    assert_int_equal(rec.children[0].code, 'S');
    assert_int_equal(rec.contact_ms, 5 * MIN);
}

static void a_second_server_is_kept_out(void **state)
{
    struct desk_rig *r = *state;
    struct desk_config c = { .db_path = r->w.path,
                             .key_path = r->w.key_path,
                             .to_net = &r->to_net,
                             .clock = desk_rig_clock };
    struct desk *second = NULL;
    char token[ACCOUNT_TOKEN_CHARS + 1];

    desk_rig_run(r);
    assert_int_equal(desk_open(&second, &c), ERR_AGAIN);
    assert_null(second);
    assert_int_equal(admin_new_link(r->w.path, "irina", token), ERR_AGAIN);
}

/* ---- answers after the commit ----------------------------------------------------------- */

static void what_is_answered_is_on_the_disk(void **state)
{
    struct desk_rig *r = *state;
    struct db *reader = NULL;

    desk_rig_run(r);
    for (uint64_t i = 0; i < 200; i++) { /* queued faster than answered: they share commits */
        struct desk_request *q = desk_rig_admit(r, STRANGER, (struct lesson_id){ 500 }, 1);

        q->tag = 1000 + i;
        ok(desk_post(r->desk, q));
    }
    ok(db_open(&reader, r->w.path, DB_READER));
    for (uint64_t i = 0; i < 200; i++) {
        struct desk_reply *p = desk_rig_wait(r, DESK_REPLY_ADMIT, 1000 + i);
        struct query q = query_on(reader, "SELECT count(*) FROM join_attempt");

        assert_true(query_row(&q));
        assert_true(row_int(&q) >= (int64_t)i + 1);
        ok(query_end(&q));
        /* in order: whatever else has come is younger */
        for (struct mail *m = r->others; m; m = m->next)
            assert_true(((struct desk_reply *)m)->tag > p->tag);
        desk_reply_free(p);
    }
    db_close(reader);
}

static void a_locked_database_lets_nobody_in(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *seated;
    sqlite3 *other = NULL;

    desk_rig_run(r);
    seated = desk_rig_sit(r, MENTOR, 1);
    assert_int_equal(sqlite3_open(r->w.path, &other), SQLITE_OK);
    /* The desk may be at its own commit right now: the lock is waited for. */
    assert_int_equal(sqlite3_busy_timeout(other, 10000), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(desk_rig_knock(r, CHILD, 2), ADMIT_UNAVAILABLE);
    atomic_store(&desk_rig_ms, NOW + SEC); /* a leave never lies in the desk's future */
    desk_rig_tell_left(r, seated->u.admit.session, NOW + SEC, LEAVE_LEFT); /* kept */
    assert_int_equal(sqlite3_exec(other, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(other);
    atomic_store(&desk_rig_ms, NOW + 2 * SEC);
    assert_int_equal(desk_rig_knock(r, CHILD, 2), ADMIT_OK);
    desk_rig_stop(r);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session WHERE id = 1"), NOW + SEC);
    desk_reply_free(seated);
}

static void a_full_disk_keeps_facts_and_other_peoples_requests(void **state)
{
    struct desk_rig *r = *state;
    struct desk_reply *seated;
    struct desk_request *q;
    size_t kept = 0, lost = 0;
    int status = 200;
    char id[24];

    desk_rig_run(r);
    seated = desk_rig_sit(r, CHILD, 1);
    assert_true(str_format(id, sizeof id, "%lld", (long long)r->lesson.v));
    assert_int_equal(desk_rig_call(r, "POST", "/no-room", "", NULL, 0), 200);
    for (int i = 0; i < 8 && status == 200; i++) /* the last free pages */
        status = desk_rig_call(r, "POST", "/much", id, NULL, 0);
    assert_int_equal(status, 503);
    q = desk_rig_fact(DESK_FACT_CHAT, r->lesson, seated->u.admit.session, NOW);
    q->u.fact.user = desk_rig_user(r, CHILD);
    q->u.fact.text = mem_zalloc(4001, 1);
    memset(q->u.fact.text, 'y', 4000);
    desk_rig_tell(r, q);
    desk_rig_tell_left(r, seated->u.admit.session, NOW + SEC, LEAVE_LEFT); /* behind it, in order */
    desk_rig_sync(r);                                                      /* reading still works */
    desk_rig_sync(r);
    desk_kept(r->desk, &kept, &lost);
    assert_int_equal(kept, 2);
    assert_int_equal(lost, 0);
    assert_int_equal(desk_rig_call(r, "POST", "/room", "", NULL, 0), 200);
    atomic_store(&desk_rig_ms, NOW + 5 * SEC);
    desk_rig_sync(r);
    desk_rig_sync(r);
    desk_kept(r->desk, &kept, &lost);
    assert_int_equal(kept, 0);
    desk_rig_stop(r);
    assert_int_equal(
        world_number(&r->w, "SELECT count(*) FROM chat_line WHERE length(text) = 4000"), 1);
    assert_int_equal(world_number(&r->w, "SELECT leave_ms FROM session"), NOW + SEC);
    desk_reply_free(seated);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, desk_rig_open, desk_rig_close)
        t(a_killed_server_loses_five_seconds_at_most),
        t(a_lesson_becomes_attendance),
        t(a_lesson_nobody_came_to_is_closed_too),
        t(a_row_its_room_forgot_ends_when_it_was_last_seen),
        t(an_outage_over_the_end_blames_nobody),
        t(a_second_server_is_kept_out),
        t(what_is_answered_is_on_the_disk),
        t(a_locked_database_lets_nobody_in),
        t(a_full_disk_keeps_facts_and_other_peoples_requests),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
