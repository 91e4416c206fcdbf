/* SPDX-License-Identifier: Apache-2.0
 *
 * Retention in the records: what is found with what holds it, what emptying
 * takes and what it leaves. A person who was emptied is not in the bytes of
 * the database any more, and every figure is what it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/audit.h"
#include "server/store/event.h"
#include "server/store/file.h"
#include "server/store/report.h"
#include "server/store/retention.h"
#include "server/store/session.h"
#include "tests/support/world.h"

#define NOW INT64_C(1796500000000)  /* 5 December 2026 */
#define HELD INT64_C(1795504320000) /* 24 November 2026 */
#define LATER (NOW + 8 * 366 * MS_PER_DAY)
#define MIN MS_PER_MIN
#define NAME "Ксенофонт Зябликов"
#define SHORT "Ксеня Зяб"
#define ALIAS "P-0A1B2C3D"

static struct lesson_id lesson;

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

/* ---- a child that has been taught ----------------------------------------------------------- */

static void is_in(struct world *w, struct user_id user, enum seat_role seat, int64_t to)
{
    static const uint8_t no_token[SESSION_HASH_BYTES];
    char conn[60];
    struct session_new n = { .lesson = lesson,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = HELD,
                             .ip_hash = "" };
    struct session_id id;

    assert_true(str_format(conn, sizeof conn, "t-%lld", (long long)user.v));
    ok(session_open(w->db, &n, &id));
    ok(session_seen(w->db, id, to));
    ok(session_leave(w->db, id, to, LEAVE_LEFT, 0, to));
}

/* Everywhere a name may stand. */
static const char named[] =
    "UPDATE \"user\" SET name = '" NAME "', short_name = '" SHORT "', phone = '+7 900 5550000' "
    "WHERE id = (SELECT user_id FROM child WHERE id = 1);"
    "UPDATE child SET birth_date = '2016-03-04', register_no = 'REG-775533' WHERE id = 1;"
    "INSERT INTO referral (school, centre, state, child, child_name, guardian_name, "
    "guardian_phone, first_ms, decided_ms, decided_by, closed_ms, created_ms, created_by) VALUES "
    "(2, 1, 'draft', NULL, '" NAME "', 'Зябликова Ольга', '+7 900 5550001', NULL, NULL, NULL, "
    "NULL, 1, 1);"
    "INSERT INTO medical_basis (referral, issued_date, from_date, to_date, sealed, changed_ms, "
    "changed_by) VALUES (1, '2026-01-01', '2026-01-01', '2026-12-01', zeroblob(40), 1, 1);"
    "UPDATE referral SET state = 'submitted', first_ms = 1;"
    "UPDATE referral SET state = 'accepted', child = 1, decided_ms = 1, decided_by = 1, "
    "closed_ms = 1;"
    "UPDATE medical_basis SET child = 1;"
    "INSERT INTO case_file (child, referral, opened_ms) VALUES (1, 1, 1);"
    "INSERT INTO consent_paper (child, type, name, sha256, bytes, signed, created_ms, created_by) "
    "VALUES (1, 'pdf', 'ccccccccccccccccccccccccccccccccccccccccccA', zeroblob(32), 9, "
    "'2026-01-01', 1, 1);"
    "INSERT INTO lesson_note (lesson, child, topic, homework, mark, text, at_ms, by_user) VALUES "
    "(1, 1, 'Дроби', '" NAME " учит', '5', '" SHORT " молодец', 1, 1);"
    "INSERT INTO month_report (mentor, child, school, month, state, progress, at_ms, by_user) "
    "VALUES (1, 1, 2, '2026-11', 'draft', '" NAME " читает', 1, 1);"
    "UPDATE month_report SET state = 'accepted';"
    "INSERT INTO frozen_body (doc, doc_id, format, locale, sha256, bytes, at_ms) VALUES "
    "('report', 1, 'pdf', 'ru', zeroblob(32), x'255044462d00ff', 5);"
    "INSERT INTO wellbeing_note (mentor, child, month, text, at_ms, by_user) VALUES "
    "(1, 1, '2026-11', '" NAME " грустит', 1, 1);"
    "INSERT INTO notification (centre, channel, kind, dedupe_key, args, state, next_ms, "
    "created_ms, done_ms) VALUES (1, 'mail', 'no_show', 'x', '{\"who\":\"" SHORT "\"}', 'sent', "
    "1, 1, 1);"
    "INSERT INTO notice (centre, user_id, about, at_ms, kind, detail) SELECT 1, user_id, user_id, "
    "1, 'help', '" NAME "' FROM child WHERE id = 1;";

static int setup(void **state)
{
    struct world *w = mem_zalloc(1, sizeof *w);

    world_open(w, NOW);
    assert_int_equal(w->children[0].v, 1);
    assert_int_equal(w->centre.v, 1);
    assert_int_equal(w->schools[0].v, 2);
    lesson = world_lesson(w, 0, 0, HELD, HELD + 40 * MIN);
    is_in(w, w->mentor_users[0], SEAT_MENTOR, HELD + 40 * MIN);
    is_in(w, w->child_users[0], SEAT_CHILD, HELD + 35 * MIN);
    ok(chat_add(w->db, lesson, w->child_users[0], "я " SHORT, HELD + MIN));
    ok(chat_add(w->db, lesson, w->mentor_users[0], NAME "!", HELD + MIN));
    ok(room_event_add(w->db, lesson, w->child_users[0], "hand", 1, HELD + MIN));
    ok(attendance_close(w->db, lesson, HELD + 60 * MIN));
    *state = w;
    return 0;
}

static int setup_named(void **state)
{
    setup(state);
    ok(db_script(((struct world *)*state)->db, named));
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    mem_free(*state);
    return 0;
}

static void close_case(struct world *w)
{
    ok(db_script(w->db, "UPDATE case_file SET closed_ms = 1796500000000, closed_reason = 'left', "
                        "closed_by = 1"));
}

/* ---- looking -------------------------------------------------------------------------------- */

/* The item of a kind; NULL: it was not found. Static memory. */
static const struct retention_facts *look(struct world *w, enum retention_kind k, int64_t item,
                                          int64_t now)
{
    static struct retention_facts f;
    struct retention_found l;
    bool any = false;
    int64_t last = 0;

    ok(retention_last(w->db, k, &last));
    ok(retention_scan(w->db, k, w->centre, 0, last, now, &l));
    for (size_t i = 0; i < l.n; i++) {
        if (l.items[i].item != item)
            continue;
        f = l.items[i];
        any = true;
    }
    retention_found_free(&l);
    return any ? &f : NULL;
}

static unsigned holds(struct world *w, enum retention_kind k, int64_t item, int64_t now)
{
    const struct retention_facts *f = look(w, k, item, now);

    assert_non_null(f);
    return f->holds;
}

static int64_t run_id(struct world *w)
{
    int64_t id = 0;

    ok(retention_run_add(w->db, w->centre, LATER, w->coordinator, &id));
    return id;
}

static void empty(struct world *w, enum retention_kind k, int64_t item)
{
    int64_t run = world_number(w, "SELECT count(*) FROM retention_run");

    if (run == 0)
        run = run_id(w);
    ok(db_begin(w->db));
    ok(retention_empty(w->db, run, k, item, retention_of_person(k) ? ALIAS : NULL, LATER));
    ok(db_commit(w->db));
    assert_int_equal(world_number(w, "SELECT count(*) FROM retention_work"), 0);
}

/* Do these bytes stand in the file of the database or beside it? */
static bool in_file(struct world *w, const char *suffix, const char *needle)
{
    char path[128];
    static char bytes[16 << 20];
    size_t n = 0, len = strlen(needle);
    FILE *f;

    assert_true(str_format(path, sizeof path, "%s%s", w->path, suffix));
    f = fopen(path, "rb");
    if (!f)
        return false;
    n = fread(bytes, 1, sizeof bytes, f);
    fclose(f);
    assert_true(n < sizeof bytes);
    for (size_t i = 0; i + len <= n; i++)
        if (memcmp(bytes + i, needle, len) == 0)
            return true;
    return false;
}

static bool on_disk(struct world *w, const char *needle)
{
    bool is;

    world_let_go(w);
    is = in_file(w, "", needle) || in_file(w, "-wal", needle);
    world_take_back(w);
    return is;
}

static void totals(struct world *w, struct report_totals *out)
{
    struct report_key key = { w->mentors[0], w->children[0], w->schools[0], 2026, 11, "ru" };
    struct month_report r;

    ok(report_load(w->db, &key, NOW, &r));
    *out = r.totals;
    month_report_deinit(&r);
}

/* ---- tests ---------------------------------------------------------------------------------- */

static void each_kind_is_looked_for_and_finds_only_its_centre(void **state)
{
    struct world *w = *state;

    for (int k = 0; k < RETENTION_KINDS; k++) {
        struct retention_found l;
        int64_t last = -1;

        ok(retention_last(w->db, (enum retention_kind)k, &last));
        ok(retention_scan(w->db, (enum retention_kind)k, (struct org_id){ 9 }, 0, INT64_MAX, LATER,
                          &l));
        assert_int_equal(l.n, 0);
        retention_found_free(&l);
    }
}

static void written_words_wait_for_the_end_of_a_dispute(void **state)
{
    struct world *w = *state;
    const struct retention_facts *f = look(w, RETENTION_CHAT, lesson.v, NOW);

    assert_non_null(f);
    assert_int_equal(f->since_ms, HELD + 40 * MIN);
    assert_int_equal(f->holds, 0);
    ok(db_script(w->db, "UPDATE lesson SET state = 'disputed'"));
    assert_int_equal(holds(w, RETENTION_CHAT, lesson.v, NOW), RETENTION_HOLD_BIT(DISPUTE));
    assert_int_equal(holds(w, RETENTION_PRESENCE, lesson.v, NOW), RETENTION_HOLD_BIT(DISPUTE));
    empty(w, RETENTION_CHAT, lesson.v);
    assert_null(look(w, RETENTION_CHAT, lesson.v, NOW));
    assert_non_null(look(w, RETENTION_PRESENCE, lesson.v, NOW));
    empty(w, RETENTION_PRESENCE, lesson.v);
    assert_null(look(w, RETENTION_PRESENCE, lesson.v, NOW));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM room_event"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM session"), 2);
}

static void a_hold_on_anybody_of_a_lesson_holds_its_words(void **state)
{
    struct world *w = *state;
    struct retention_ban b = { .centre = w->centre, .by = w->coordinator, .reason = "a court" };
    struct user_id who[] = { w->mentor_users[0], w->child_users[0] };
    int64_t id = 0;

    for (size_t i = 0; i < 2; i++) {
        b.user = who[i];
        ok(retention_ban_add(w->db, &b, NOW, &id));
        assert_int_equal(retention_ban_add(w->db, &b, NOW, &id), ERR_STATE);
        assert_int_equal(holds(w, RETENTION_CHAT, lesson.v, NOW), RETENTION_HOLD_BIT(LEGAL));
        assert_true(holds(w, i ? RETENTION_CHILD : RETENTION_STAFF, who[i].v, NOW) &
                    RETENTION_HOLD_BIT(LEGAL));
        ok(retention_ban_lift(w->db, world_number(w, "SELECT max(id) FROM retention_hold"), NOW,
                              w->coordinator));
        assert_int_equal(holds(w, RETENTION_CHAT, lesson.v, NOW), 0);
    }
    b.user = w->mentor_users[1];
    ok(retention_ban_add(w->db, &b, NOW, &id));
    assert_int_equal(holds(w, RETENTION_CHAT, lesson.v, NOW), 0);
    ok(retention_ban_lift(w->db, id, NOW, w->coordinator));
    assert_int_equal(retention_ban_lift(w->db, id, NOW, w->coordinator), ERR_NOTFOUND);
}

static void a_hold_on_anybody_of_a_mark_sheet_holds_it(void **state)
{
    struct world *w = *state;
    struct retention_ban b = { .centre = w->centre, .by = w->coordinator, .reason = "a court" };
    struct user_id who[] = { w->mentor_users[0], w->child_users[0], w->mentor_users[1] };
    int64_t id = 0, sheet;

    ok(db_script(
        w->db, "INSERT INTO mark_sheet (mentor, child, school, kind, from_date, to_date, state, "
               "at_ms, by_user) SELECT 1, 1, org_school, 'quarter', '2026-09-01', '2026-10-31', "
               "'accepted', 1, 1 FROM child WHERE id = 1;"
               "INSERT INTO frozen_body (doc, doc_id, format, locale, sha256, bytes, at_ms) "
               "SELECT 'sheet', max(id), 'pdf', 'ru', zeroblob(32), x'25', 1 FROM mark_sheet;"
               "INSERT INTO delivery (doc, doc_id, version, to_org, sha256, queued_ms, sent_ms, "
               "ack_ms, ack_by) SELECT 'sheet', max(id), 1, max(school), zeroblob(32), 1, 1, 1, 1 "
               "FROM mark_sheet"));
    sheet = world_number(w, "SELECT max(id) FROM mark_sheet");
    for (size_t i = 0; i < 3; i++) {
        b.user = who[i];
        ok(retention_ban_add(w->db, &b, NOW, &id));
        assert_int_equal(holds(w, RETENTION_SHEET, sheet, LATER),
                         i < 2 ? RETENTION_HOLD_BIT(LEGAL) : 0);
        ok(retention_ban_lift(w->db, id, NOW, w->coordinator));
    }
}

static void a_child_is_held_by_case_report_and_dispute(void **state)
{
    struct world *w = *state;
    int64_t child = w->child_users[0].v;
    const struct retention_facts *f;

    assert_int_equal(holds(w, RETENTION_CHILD, child, LATER), RETENTION_HOLD_BIT(CASE));
    assert_int_equal(holds(w, RETENTION_MEDICAL, 1, LATER), RETENTION_HOLD_BIT(CASE));
    close_case(w);
    f = look(w, RETENTION_CHILD, child, LATER);
    assert_int_equal(f->holds, 0);
    assert_int_equal(f->since_ms, NOW);
    assert_int_equal(look(w, RETENTION_MEDICAL, 1, LATER)->since_ms, NOW);
    ok(db_script(w->db, "INSERT INTO delivery (doc, doc_id, version, to_org, sha256, queued_ms, "
                        "sent_ms) VALUES ('report', 1, 1, 2, zeroblob(32), 5, 6)"));
    assert_int_equal(holds(w, RETENTION_CHILD, child, LATER), RETENTION_HOLD_BIT(REPORT));
    assert_int_equal(holds(w, RETENTION_REPORT, 1, LATER), RETENTION_HOLD_BIT(REPORT));
    assert_true(holds(w, RETENTION_STAFF, w->mentor_users[0].v, LATER) &
                RETENTION_HOLD_BIT(REPORT));
    ok(db_script(w->db, "UPDATE delivery SET ack_ms = 7, ack_by = 1"));
    assert_int_equal(holds(w, RETENTION_CHILD, child, LATER), 0);
    ok(db_script(w->db, "UPDATE lesson SET state = 'disputed'"));
    assert_int_equal(holds(w, RETENTION_CHILD, child, LATER), RETENTION_HOLD_BIT(DISPUTE));
    assert_int_equal(holds(w, RETENTION_REPORT, 1, LATER), RETENTION_HOLD_BIT(DISPUTE));
}

static void a_guardian_follows_the_last_child(void **state)
{
    struct world *w = *state;

    assert_int_equal(look(w, RETENTION_FAMILY, w->guardian.v, LATER)->since_ms, 0);
    close_case(w);
    empty(w, RETENTION_CHILD, w->child_users[0].v);
    assert_int_equal(look(w, RETENTION_FAMILY, w->guardian.v, LATER)->since_ms, LATER);
    empty(w, RETENTION_FAMILY, w->guardian.v);
    assert_null(look(w, RETENTION_FAMILY, w->guardian.v, LATER));
    assert_int_equal(
        world_number(w, "SELECT count(*) FROM \"user\" WHERE name = '" ALIAS "' AND login IS NULL"),
        2);
}

static void the_staff_are_held_while_they_may_do_anything(void **state)
{
    struct world *w = *state;
    int64_t mentor = w->mentor_users[0].v;
    bool known = false;

    assert_true(holds(w, RETENTION_STAFF, mentor, LATER) & RETENTION_HOLD_BIT(ACTIVE));
    ok(db_script(w->db, "UPDATE role_grant SET to_ms = 1796500000000 WHERE role = 'mentor'"));
    assert_true(holds(w, RETENTION_STAFF, mentor, LATER) & RETENTION_HOLD_BIT(ACTIVE));
    assert_true(holds(w, RETENTION_STAFF_PAPER, 1, LATER) & RETENTION_HOLD_BIT(ACTIVE));
    ok(db_script(w->db, "UPDATE employment SET to_ms = 1796500000000"));
    assert_int_equal(holds(w, RETENTION_STAFF, mentor, LATER), 0);
    assert_int_equal(look(w, RETENTION_STAFF, mentor, LATER)->since_ms, NOW);
    assert_int_equal(look(w, RETENTION_STAFF_PAPER, 1, LATER)->since_ms, NOW);
    empty(w, RETENTION_STAFF, mentor);
    assert_null(look(w, RETENTION_STAFF, mentor, LATER));
    /* the coordinator, whose right goes on */
    assert_int_equal(holds(w, RETENTION_STAFF, w->coordinator.v, LATER),
                     RETENTION_HOLD_BIT(ACTIVE));
    empty(w, RETENTION_STAFF_PAPER, 1);
    assert_null(look(w, RETENTION_STAFF_PAPER, 1, LATER));
    assert_int_equal(world_number(w, "SELECT count(*) FROM file_gone"), 1);
    ok(file_known(w->db, "ccc", &known));
    assert_false(known);
}

static void an_emptied_child_is_nowhere_and_every_figure_is_what_it_was(void **state)
{
    struct world *w = *state;
    struct report_totals before, after;
    struct chain_report chain;
    static const char *const gone[] = { NAME,         SHORT,     "Зябликова",      "2016-03-04",
                                        "REG-775533", "5550000", "+7 900 5550001", "misha" };
    static const char paper[] = "ccccccccccccccccccccccccccccccccccccccccccA";
    int64_t contact = world_number(w, "SELECT sum(contact_ms) FROM attendance_child");
    bool known = true;

    close_case(w);
    totals(w, &before);
    assert_int_equal(before.held, 1);
    assert_true(on_disk(w, NAME));
    ok(file_known(w->db, paper, &known));
    assert_true(known);
    empty(w, RETENTION_CHILD, w->child_users[0].v);
    for (size_t i = 0; i < sizeof gone / sizeof gone[0]; i++) {
        if (on_disk(w, gone[i]))
            print_error("still there: %s\n", gone[i]);
        assert_false(on_disk(w, gone[i]));
    }
    totals(w, &after);
    assert_true(report_totals_equal(&before, &after));
    assert_int_equal(world_number(w, "SELECT sum(contact_ms) FROM attendance_child"), contact);
    assert_int_equal(world_number(w, "SELECT count(*) FROM lesson_note WHERE mark = '5'"), 1);
    /* the same alias everywhere */
    assert_int_equal(
        world_number(w, "SELECT (SELECT count(*) FROM \"user\" WHERE name = '" ALIAS "' "
                        "AND short_name = '" ALIAS "') + (SELECT count(*) FROM child WHERE "
                        "register_no = '" ALIAS "') + (SELECT count(*) FROM lesson_note WHERE "
                        "homework = '" ALIAS " учит') + (SELECT count(*) FROM month_report "
                        "WHERE progress = '" ALIAS " читает')"),
        4);
    /* frozen bytes stay, and so do both chains */
    assert_int_equal(
        world_number(w, "SELECT count(*) FROM frozen_body WHERE bytes = x'255044462d00ff'"), 1);
    ok(chain_verify(w->db, &chain));
    assert_string_equal(chain.bad_kind, "");
    ok(file_known(w->db, paper, &known));
    assert_false(known);
    assert_null(look(w, RETENTION_CHILD, w->child_users[0].v, LATER));
    assert_int_equal(retention_empty(w->db, 1, RETENTION_CHILD, w->child_users[0].v, ALIAS, LATER),
                     ERR_NOTFOUND);
}

/* Nobody has to remember it: a year later the chat goes by itself, but for somebody under a hold.
 */
static void chat_goes_by_itself_after_a_year(void **state)
{
    struct world *w = *state;
    int64_t year = HELD + MIN + 365 * MS_PER_DAY;
    char hold[200];

    assert_true(str_format(hold, sizeof hold,
                           "INSERT INTO retention_hold (id, centre, user_id, reason, created_ms, "
                           "created_by) VALUES (1, 1, %lld, 'a court asks', 1, %lld)",
                           (long long)w->child_users[0].v, (long long)w->mentor_users[0].v));
    ok(db_script(w->db, hold));
    ok(store_sweep(w->db, year + 1));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 2);
    ok(db_script(w->db, "UPDATE retention_hold SET lifted_ms = 2, lifted_by = created_by;"
                        "UPDATE lesson SET state = 'disputed'"));
    ok(store_sweep(w->db, year + 1));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 2);
    ok(db_script(w->db, "UPDATE lesson SET state = 'locked'"));
    ok(store_sweep(w->db, year));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 2);
    ok(store_sweep(w->db, year + 1));
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 0);
}

static void a_kill_in_the_middle_leaves_the_item_whole(void **state)
{
    struct world *w = *state;
    int64_t run;

    close_case(w);
    run = run_id(w);
    ok(db_begin(w->db));
    ok(retention_empty(w->db, run, RETENTION_CHILD, w->child_users[0].v, ALIAS, LATER));
    world_let_go(w); /* nothing was committed: as if the process had been killed here */
    world_take_back(w);
    assert_int_equal(world_number(w, "SELECT count(*) FROM retention_work"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM chat_line"), 2);
    assert_non_null(look(w, RETENTION_CHILD, w->child_users[0].v, LATER));
    assert_false(on_disk(w, ALIAS));
    empty(w, RETENTION_CHILD, w->child_users[0].v);
    assert_false(on_disk(w, NAME));
}

static void medical_words_go_and_the_limits_days_stay(void **state)
{
    struct world *w = *state;

    close_case(w);
    empty(w, RETENTION_MEDICAL, 1);
    assert_null(look(w, RETENTION_MEDICAL, 1, LATER));
    assert_int_equal(world_number(w, "SELECT count(*) FROM medical_basis WHERE sealed IS NULL "
                                     "AND to_date = '2026-12-01'"),
                     1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM referral WHERE child_name = '' "
                                     "AND emptied_ms > 0 AND state = 'accepted'"),
                     1);
}

static void frozen_copies_go_with_their_own_kind_alone(void **state)
{
    struct world *w = *state;

    assert_int_equal(db_script(w->db, "DELETE FROM frozen_body"), ERR_STATE);
    assert_int_equal(db_script(w->db, "UPDATE month_report SET progress = ''"), ERR_STATE);
    empty(w, RETENTION_REPORT, 1);
    assert_int_equal(world_number(w, "SELECT count(*) FROM frozen_body"), 0);
    assert_int_equal(world_number(w, "SELECT count(*) FROM month_report"), 1);
    assert_int_equal(db_script(w->db, "UPDATE month_report SET state = 'draft'"), ERR_STATE);
}

static void a_run_goes_its_way_and_its_asker_confirms_nothing(void **state)
{
    struct world *w = *state;
    struct retention_facts due = { .item = 7, .since_ms = 5 },
                           held = { .item = 8, .since_ms = 5, .holds = 3 };
    struct retention_items l;
    struct retention_counts n;
    struct retention_run r;
    int64_t id = run_id(w), second = 0;

    assert_int_equal(retention_run_add(w->db, w->centre, LATER, w->coordinator, &second),
                     ERR_STATE);
    ok(retention_run_at_work(w->db, &r));
    assert_int_equal(r.id, id);
    ok(retention_item_add(w->db, id, RETENTION_CHAT, &due, false));
    ok(retention_item_add(w->db, id, RETENTION_CHAT, &held, true));
    assert_int_equal(db_script(w->db, "UPDATE retention_run SET state = 'done', ended_ms = 1, "
                                      "confirmed_by = 2, confirmed_ms = 1"),
                     ERR_STATE);
    r.kind = RETENTION_STAFF;
    ok(retention_run_reach(w->db, &r, true, LATER));
    assert_int_equal(retention_run_at_work(w->db, &r), ERR_NOTFOUND);
    assert_int_equal(retention_run_confirm(w->db, id, LATER, w->coordinator), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "own_run");
    ok(retention_run_confirm(w->db, id, LATER, w->officer));
    ok(retention_run_at_work(w->db, &r));
    assert_int_equal(r.rev, 3);
    ok(retention_item_next(w->db, id, 5, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].item, 7);
    ok(retention_item_settle(w->db, id, &l.items[0], false, 0, LATER));
    retention_items_free(&l);
    ok(retention_item_list(w->db, id, RETENTION_KINDS, 0, 10, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.items[0].state, "spared");
    assert_string_equal(l.items[1].holds, "legal,dispute");
    retention_items_free(&l);
    ok(retention_count(w->db, id, &n));
    assert_int_equal(n.spared[RETENTION_CHAT], 1);
    assert_int_equal(n.held[RETENTION_CHAT], 1);
    assert_int_equal(n.due[RETENTION_CHAT], 0);
    ok(retention_run_end(w->db, id, RETENTION_STATE_DONE, LATER));
    ok(retention_run_newest(w->db, w->centre, &r));
    assert_int_equal(r.state, RETENTION_STATE_DONE);
    ok(retention_run_add(w->db, w->centre, LATER, w->coordinator, &second));
}

static void a_period_is_a_dated_row_within_bounds(void **state)
{
    struct world *w = *state;
    struct retention_policy p;

    ok(policy_retention(w->db, w->centre, NOW, &p));
    assert_int_equal(p.days[RETENTION_CHAT], 365);
    ok(policy_set(w->db, w->centre, "retention.chat_days", "90", NOW, "a rule", NOW,
                  w->coordinator));
    ok(policy_retention(w->db, w->centre, NOW - 1, &p));
    assert_int_equal(p.days[RETENTION_CHAT], 365);
    ok(policy_retention(w->db, w->centre, NOW, &p));
    assert_int_equal(p.days[RETENTION_CHAT], 90);
    ok(policy_set(w->db, w->centre, "retention.child_days", "0", NOW, "a slip", NOW,
                  w->coordinator));
    assert_int_equal(policy_retention(w->db, w->centre, NOW, &p), ERR_DB);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name, start) cmocka_unit_test_setup_teardown(name, start, teardown)
        t(each_kind_is_looked_for_and_finds_only_its_centre, setup_named),
        t(written_words_wait_for_the_end_of_a_dispute, setup),
        t(a_hold_on_anybody_of_a_lesson_holds_its_words, setup),
        t(a_hold_on_anybody_of_a_mark_sheet_holds_it, setup),
        t(a_child_is_held_by_case_report_and_dispute, setup_named),
        t(a_guardian_follows_the_last_child, setup_named),
        t(the_staff_are_held_while_they_may_do_anything, setup),
        t(an_emptied_child_is_nowhere_and_every_figure_is_what_it_was, setup_named),
        t(chat_goes_by_itself_after_a_year, setup),
        t(a_kill_in_the_middle_leaves_the_item_whole, setup_named),
        t(medical_words_go_and_the_limits_days_stay, setup_named),
        t(frozen_copies_go_with_their_own_kind_alone, setup_named),
        t(a_run_goes_its_way_and_its_asker_confirms_nothing, setup),
        t(a_period_is_a_dated_row_within_bounds, setup),
#undef t
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
