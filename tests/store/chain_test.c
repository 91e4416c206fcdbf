/* SPDX-License-Identifier: Apache-2.0
 *
 * The two chains: a clean one is clean, and every way to change the past that
 * gets round the triggers is found, with the entry where it shows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <sqlite3.h>
#include <string.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/api/admin.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/session.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
#define MIN MS_PER_MIN

#define ok(call) assert_int_equal(call, ERR_OK)

static struct session_id seat(struct world *w, struct lesson_id l, struct user_id u,
                              enum seat_role role, const char *conn)
{
    static const uint8_t token[32] = { 3 };
    struct session_new n = { .lesson = l,
                             .user = u,
                             .seat = role,
                             .conn = conn,
                             .resume = token,
                             .join_ms = NOW,
                             .ip_hash = "" };
    struct session_id s;

    ok(session_open(w->db, &n, &s));
    return s;
}

/* A lesson that was held, computed and amended, with everything in the register. */
static int open_world(void **state)
{
    static struct world w;
    struct amendment a = { .new_code = 'M', .reason = "procedure", .title = "Irina, centre" };
    struct confirmation c = { .word = FAMILY_CONFIRMED };
    struct lesson_id l;
    int64_t id;

    world_open(&w, NOW);
    l = world_lesson(&w, 0, 0, NOW, NOW + 40 * MIN);
    ok(lesson_set_state(w.db, l, LESSON_RUNNING, NOW));
    ok(session_leave(w.db, seat(&w, l, w.mentor_users[0], SEAT_MENTOR, "a"), NOW + 40 * MIN,
                     LEAVE_WINDOW_END, 0, NOW + 40 * MIN));
    ok(session_leave(w.db, seat(&w, l, w.child_users[0], SEAT_CHILD, "b"), NOW + 18 * MIN,
                     LEAVE_TIRED, 0, NOW + 40 * MIN));
    ok(join_attempt_add(w.db, l, true, w.stranger, NOW, "not_yours", ""));
    ok(outage_add(w.db, NOW - 10, NOW - 5, "crash", NOW));
    ok(attendance_close(w.db, l, NOW + MS_PER_HOUR));
    a.by = w.coordinator;
    a.at_ms = NOW + MS_PER_HOUR;
    ok(amendment_add(w.db, l, w.children[0], &a, &id));
    c.guardian = w.guardian;
    c.at_ms = NOW + MS_PER_HOUR;
    ok(confirmation_add(w.db, l, w.children[0], &c));
    for (int i = 0; i < 5; i++)
        ok(audit_add(w.db, NOW + i, w.coordinator, "lock", "user", i, "{\"a\":1}", "b;t3:x"));
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

/* What somebody with the file and no scruples can do. */
static void tamper(struct world *w, const char *sql)
{
    sqlite3 *raw = NULL;
    char *message = NULL;

    world_let_go(w);
    assert_int_equal(sqlite3_open(w->path, &raw), SQLITE_OK);
    if (sqlite3_exec(raw, sql, NULL, NULL, &message) != SQLITE_OK)
        fail_msg("%s", message);
    sqlite3_close(raw);
    world_take_back(w);
}

static void expect(struct world *w, const char *kind, const char *why, int64_t seq)
{
    struct chain_report r;

    ok(chain_verify(w->db, &r));
    assert_string_equal(r.bad_kind, kind);
    assert_string_equal(r.why, why);
    if (seq)
        assert_int_equal(r.bad_seq, seq);
}

static void an_untouched_past_is_clean(void **state)
{
    struct world *w = *state;
    struct chain_report r;
    char head[65], again[65];

    ok(chain_verify(w->db, &r));
    assert_string_equal(r.bad_kind, "");
    assert_int_equal(r.audit_rows, 5);
    assert_int_equal(r.register_rows, 8); /* 2 sessions, try, outage, run, its child, 2 words */
    ok(chain_head(w->db, head));
    ok(outage_add(w->db, NOW, NOW + 1, "crash", NOW));
    ok(chain_head(w->db, again));
    assert_string_not_equal(head, again);
    expect(w, "", "", 0);
}

static void a_changed_row_is_found(void **state)
{
    static const struct {
        const char *sql, *kind;
    } changes[] = {
        { "DROP TRIGGER session_fixed; UPDATE session SET leave_ms = leave_ms + 1 WHERE id = 2",
          "session" },
        { "DROP TRIGGER attendance_no_update; UPDATE attendance SET contact_ms = 2400000",
          "attendance" },
        { "DROP TRIGGER attendance_child_no_update; UPDATE attendance_child SET auto_code = 'P'",
          "attendance_child" },
        { "DROP TRIGGER amendment_no_update; UPDATE amendment SET new_code = 'U'", "amendment" },
        { "DROP TRIGGER join_attempt_no_delete; DELETE FROM join_attempt", "join_attempt" },
        { "DROP TRIGGER outage_no_update; UPDATE outage SET from_ms = from_ms - 1", "outage" },
        { "DROP TRIGGER confirmation_no_update; UPDATE confirmation SET result = 'disputed'",
          "confirmation" },
    };

    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        tamper(*state, changes[i].sql);
        expect(*state, changes[i].kind, "row", 0);
        close_world(state);
        open_world(state);
    }
}

static void a_changed_audit_is_found(void **state)
{
    struct world *w = *state;

    tamper(w, "DROP TRIGGER audit_no_update; UPDATE audit SET actor = 2 WHERE seq = 3");
    expect(w, "audit", "hash", 3);
}

static void text_cannot_be_moved_between_columns(void **state)
{
    struct world *w = *state;

    /* lengths are part of the digest: joined, the two texts would read the same */
    tamper(w, "DROP TRIGGER audit_no_update; "
              "UPDATE audit SET before = '{\"a\":1}b', after = ';t3:x' WHERE seq = 2");
    expect(w, "audit", "hash", 2);
}

static void a_removed_entry_is_found(void **state)
{
    struct world *w = *state;

    tamper(w, "DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 2");
    expect(w, "audit", "gap", 3);
}

static void a_cut_tail_is_found(void **state)
{
    struct world *w = *state;

    tamper(w, "DROP TRIGGER register_no_delete; DELETE FROM register WHERE seq > 6");
    expect(w, "register", "tail", 8);
    /* and stays found when life goes on */
    ok(outage_add(w->db, NOW, NOW + 1, "crash", NOW));
    expect(w, "outage", "gap", 9);
}

static void a_swapped_order_is_found(void **state)
{
    struct world *w = *state;

    tamper(w, "DROP TRIGGER audit_no_update; UPDATE audit SET seq = 99 WHERE seq = 2; "
              "UPDATE audit SET seq = 2 WHERE seq = 3; UPDATE audit SET seq = 3 WHERE seq = 99");
    expect(w, "audit", "link", 2);
}

static void a_row_beside_the_register_is_found(void **state)
{
    struct world *w = *state;

    tamper(w, "INSERT INTO outage (from_ms, to_ms, kind) VALUES (1, 2, 'crash')");
    expect(w, "outage", "missing", 0);
}

static void a_backup_carries_its_chains_and_a_bad_one_is_thrown_away(void **state)
{
    struct world *w = *state;
    struct verify_result v;
    char target[128], head[65];

    ok(chain_head(w->db, head));
    assert_true(str_format(target, sizeof target, "%s/copy.db", w->dir));
    ok(admin_backup(w->path, target, &v)); /* beside the writer */
    assert_true(verify_clean(&v));
    assert_string_equal(v.head, head);
    assert_int_equal(admin_backup(w->path, target, &v), ERR_STATE);
    assert_int_equal(remove(target), 0);
    tamper(w, "DROP TRIGGER audit_no_update; UPDATE audit SET actor = 2 WHERE seq = 3");
    assert_int_equal(admin_backup(w->path, target, &v), ERR_DB);
    assert_int_equal(remove(target), -1); /* not there */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(an_untouched_past_is_clean),
        t(a_changed_row_is_found),
        t(a_changed_audit_is_found),
        t(text_cannot_be_moved_between_columns),
        t(a_removed_entry_is_found),
        t(a_cut_tail_is_found),
        t(a_swapped_order_is_found),
        t(a_row_beside_the_register_is_found),
        t(a_backup_carries_its_chains_and_a_bad_one_is_thrown_away),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
