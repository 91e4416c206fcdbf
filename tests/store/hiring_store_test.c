/* SPDX-License-Identifier: Apache-2.0
 *
 * store/hiring and store/staff: the facts that can_teach gets are the rows',
 * and what the schema itself keeps: no file for two kinds, no verifying of
 * one's own, an order that is issued stays, steps are a register.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "server/store/attendance.h"
#include "server/store/child_move.h"
#include "server/store/file.h"
#include "server/store/hiring.h"
#include "server/store/interview.h"
#include "server/store/seat.h"
#include "server/store/session.h"
#include "server/store/staff.h"
#include "tests/support/world.h"

#define NOW INT64_C(1795504320000)
#define DAY MS_PER_DAY
#define ok(call) assert_int_equal(call, ERR_OK)
#define no(call) assert_int_equal(call, ERR_STATE)

static struct world world;

static int open_world(void **state)
{
    *state = &world;
    world_open(&world, NOW);
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

static const struct teach_question everything = {
    .hired = true, .child = true, .consents = true, .grade = 3
};

static unsigned failed(struct world *w, struct mentor_id mentor, int child, int64_t at)
{
    const struct teach_who who = { mentor, w->schools[child], w->children[child] };
    struct teach_question q = everything;
    struct teach_verdict v;

    q.subject = w->subject;
    ok(teach_ask(w->db, &who, &q, at, &v));
    return v.failed;
}

static struct mentor_id bare_mentor(struct world *w)
{
    struct mentor_id m;

    ok(mentor_add(w->db, w->stranger, w->centre, NOW, w->coordinator, &m));
    return m;
}

static void run(struct world *w, const char *sql)
{
    ok(db_script(w->db, sql));
}

static const unsigned papers_of_nobody =
    TEACH_BIT(TEACH_TRAINING) | TEACH_BIT(TEACH_TRAINING_TOPIC) | TEACH_BIT(TEACH_WORK_BOOK) |
    TEACH_BIT(TEACH_APPLICATION) | TEACH_BIT(TEACH_NO_RECORD) | TEACH_BIT(TEACH_NO_RECORD_AGE) |
    TEACH_BIT(TEACH_COURSE) | TEACH_BIT(TEACH_RATING_SHEET) | TEACH_BIT(TEACH_QUALIFICATION);

static void gates_are_told_all_at_once(void **state)
{
    struct world *w = *state;
    struct mentor_id bare = bare_mentor(w);
    static const unsigned hired =
        TEACH_BIT(TEACH_EMPLOYMENT) | TEACH_BIT(TEACH_ORDER) | TEACH_BIT(TEACH_ACQUAINTED);
    static const unsigned with_child = TEACH_BIT(TEACH_INTRODUCTION) | TEACH_BIT(TEACH_ASSIGNMENT);

    assert_int_equal(failed(w, w->mentors[0], 0, NOW), 0);
    assert_int_equal(failed(w, w->mentors[0], 1, NOW), 0);
    assert_int_equal(failed(w, bare, 0, NOW), papers_of_nobody | hired | with_child);
    world_papers(w, bare, NOW - DAY);
    assert_int_equal(failed(w, bare, 0, NOW), hired | with_child);
    world_order(w, bare, w->schools[1], NOW - DAY); /* another school's */
    assert_int_equal(failed(w, bare, 0, NOW), hired | with_child);
    world_order(w, bare, w->schools[0], NOW - DAY);
    assert_int_equal(failed(w, bare, 0, NOW), with_child);
    ok(introduction_add(w->db, bare, w->children[0], NOW, NOW, w->coordinator));
    no(introduction_add(w->db, bare, w->children[0], NOW, NOW, w->coordinator));
    assert_int_equal(failed(w, bare, 0, NOW), TEACH_BIT(TEACH_ASSIGNMENT));
    assert_int_equal(failed(w, bare, 0, NOW - 1),
                     TEACH_BIT(TEACH_ASSIGNMENT) | TEACH_BIT(TEACH_INTRODUCTION));
}

static void each_row_is_a_gate(void **state)
{
    static const struct {
        const char *sql;
        unsigned want;
    } t[] = {
        { "UPDATE \"user\" SET status = 'locked' WHERE login = 'anna'", TEACH_BIT(TEACH_ACCOUNT) },
        { "UPDATE role_grant SET to_ms = 1795504320000 WHERE role = 'mentor'",
          TEACH_BIT(TEACH_ACCOUNT) },
        { "DELETE FROM training_topic", TEACH_BIT(TEACH_TRAINING_TOPIC) },
        { "UPDATE training_topic SET topic = 'first_aid'", TEACH_BIT(TEACH_TRAINING_TOPIC) },
        { "UPDATE training SET verified_by = NULL, verified_ms = NULL",
          TEACH_BIT(TEACH_TRAINING) | TEACH_BIT(TEACH_TRAINING_TOPIC) },
        { "UPDATE training SET expires_ms = 1795504320000",
          TEACH_BIT(TEACH_TRAINING) | TEACH_BIT(TEACH_TRAINING_TOPIC) },
        { "UPDATE staff_document SET verified_by = NULL, verified_ms = NULL "
          "WHERE kind = 'work_book'",
          TEACH_BIT(TEACH_WORK_BOOK) },
        { "UPDATE staff_document SET verified_by = NULL, verified_ms = NULL, returned_by = 1, "
          "returned_ms = 1, reason = 'x' WHERE kind = 'rating_sheet'",
          TEACH_BIT(TEACH_RATING_SHEET) },
        { "INSERT INTO policy (org, key, value, from_ms, created_ms) "
          "VALUES (1, 'hiring.certificate_days', '90', 0, 0)",
          TEACH_BIT(TEACH_NO_RECORD_AGE) },
        { "UPDATE qualification SET grade_from = 4", TEACH_BIT(TEACH_QUALIFICATION) },
        { "UPDATE qualification SET verified_by = NULL, verified_ms = NULL",
          TEACH_BIT(TEACH_QUALIFICATION) },
        { "UPDATE employment SET to_ms = 1795504320000", TEACH_BIT(TEACH_EMPLOYMENT) },
        { "UPDATE employment_order SET to_ms = 1795504320000",
          TEACH_BIT(TEACH_ORDER) | TEACH_BIT(TEACH_ACQUAINTED) },
        { "DELETE FROM introduction", TEACH_BIT(TEACH_INTRODUCTION) },
        { "UPDATE assignment SET to_ms = 1795504320000", TEACH_BIT(TEACH_ASSIGNMENT) },
        { "UPDATE consent SET withdrawn_ms = 1795504320000", TEACH_BIT(TEACH_CONSENT) },
        { "UPDATE consent SET expires_ms = 1795504320000, withdrawn_ms = 1895504320000",
          TEACH_BIT(TEACH_CONSENT) },
        { "INSERT INTO application (mentor, school, state, state_ms, created_ms) "
          "SELECT m.id, s.id, 'suspended', 1795504320000, 0 FROM mentor m, org s "
          "WHERE s.type = 'school'",
          TEACH_BIT(TEACH_SUSPENSION) },
    };
    struct world *w = *state;

    for (size_t i = 0; i < sizeof t / sizeof t[0]; i++) {
        ok(db_begin(w->db));
        run(w, t[i].sql);
        if (failed(w, w->mentors[0], 0, NOW) != t[i].want)
            print_error("%s\n", t[i].sql);
        assert_int_equal(failed(w, w->mentors[0], 0, NOW), t[i].want);
        db_rollback(w->db);
        assert_int_equal(failed(w, w->mentors[0], 0, NOW), 0);
    }
}

/* Awards and papers that were returned, however many, push no document out of sight. */
static void many_rows_hide_none(void **state)
{
    struct world *w = *state;

    for (int i = 0; i < 100; i++) {
        struct staff_document d = { .mentor = w->mentors[0],
                                    .kind = i % 2 ? DOCUMENT_AWARD : DOCUMENT_COURSE,
                                    .type = UPLOAD_PNG,
                                    .bytes = 9,
                                    .issued_ms = NOW,
                                    .expires_ms = TERM_OPEN_MS };
        int64_t id;

        memset(d.name, 'a', STAFF_FILE_CHARS);
        d.name[0] = (char)('0' + i % 10);
        d.name[1] = (char)('0' + i / 10);
        d.sha256[31] = (uint8_t)(i + 1);
        ok(staff_document_add(w->db, &d, NOW, w->mentor_users[0], &id));
        if (d.kind == DOCUMENT_AWARD)
            ok(staff_document_verify(w->db, id, true, NOW, w->coordinator));
    }
    assert_int_equal(failed(w, w->mentors[0], 0, NOW), 0);
}

static struct lesson_id introduction(struct world *w, struct mentor_id m)
{
    struct lesson_plan p = { .org = w->centre,
                             .subject_id = w->subject,
                             .mentor = m,
                             .children = { w->children[0] },
                             .children_n = 1,
                             .start_ms = NOW - MS_PER_HOUR,
                             .end_ms = NOW - MS_PER_HOUR + 20 * MS_PER_MIN,
                             .tz = "Europe/Moscow",
                             .kind = "introduction",
                             .state = LESSON_SCHEDULED };
    struct lesson_id id;

    ok(lesson_add(w->db, &p, NOW, w->coordinator, &id));
    return id;
}

static void was_in(struct world *w, struct lesson_id l, struct user_id user, enum seat_role seat,
                   const char *conn)
{
    static const uint8_t no_token[SESSION_HASH_BYTES];
    struct session_new n = { .lesson = l,
                             .user = user,
                             .seat = seat,
                             .conn = conn,
                             .resume = no_token,
                             .join_ms = NOW - MS_PER_HOUR,
                             .ip_hash = "" };
    struct session_id id;

    ok(session_open(w->db, &n, &id));
    ok(session_leave(w->db, id, NOW - 40 * MS_PER_MIN, LEAVE_LEFT, 0, NOW));
}

/* The introduction as a lesson: one that is still to come will do for what is planned behind it,
 * one that was held for ever, one that was not held not at all. */
static void they_meet_in_a_lesson(void **state)
{
    struct world *w = *state;
    struct mentor_id bare = bare_mentor(w);
    const struct teach_who who = { bare, w->schools[0], w->children[0] };
    struct teach_facts f;
    struct lesson_id l;
    int64_t end = NOW - 40 * MS_PER_MIN;

    ok(teach_facts_load(w->db, &who, &f));
    assert_int_equal(f.introduced_ms, 0);
    l = introduction(w, bare);
    ok(teach_facts_load(w->db, &who, &f));
    assert_true(f.introduced_ms == end);
    ok(attendance_close(w->db, l, NOW)); /* nobody came */
    ok(teach_facts_load(w->db, &who, &f));
    assert_int_equal(f.introduced_ms, 0);
}

static void they_met_in_a_lesson(void **state)
{
    struct world *w = *state;
    struct mentor_id bare = bare_mentor(w);
    const struct teach_who who = { bare, w->schools[0], w->children[0] };
    struct teach_facts f;
    struct lesson_id l = introduction(w, bare);

    was_in(w, l, w->stranger, SEAT_MENTOR, "a");
    was_in(w, l, w->child_users[0], SEAT_CHILD, "b");
    ok(attendance_close(w->db, l, NOW));
    ok(teach_facts_load(w->db, &who, &f));
    assert_true(f.introduced_ms == NOW - 40 * MS_PER_MIN);
}

/* The door asks the same function: without the families' consents, with everything else. */
static void the_door_asks_the_same(void **state)
{
    struct world *w = *state;
    struct lesson_id id = world_lesson(w, 0, 0, NOW, NOW + 40 * MS_PER_MIN);
    struct lesson_facts l;
    struct admit_person p;

    ok(lesson_facts_load(w->db, id, &l));
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_true(p.may_teach);
    run(w, "UPDATE consent SET withdrawn_ms = 1795504320000");
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_true(p.may_teach);
    ok(seat_facts(w->db, &l, w->child_users[0], NOW, &p));
    assert_false(p.consent_ok);
    ok(db_begin(w->db));
    run(w, "DELETE FROM introduction");
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_false(p.may_teach);
    db_rollback(w->db);
    ok(db_begin(w->db)); /* the child moves to a school that employs nobody */
    run(w, "UPDATE child SET org_school = (SELECT id FROM org WHERE type = 'centre')");
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_false(p.may_teach);
    db_rollback(w->db);
    ok(db_begin(w->db));
    run(w, "UPDATE employment SET to_ms = 1795504320000");
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_false(p.may_teach);
    db_rollback(w->db);
    run(w, "UPDATE staff_document SET verified_by = NULL, verified_ms = NULL "
           "WHERE kind = 'no_record'");
    ok(seat_facts(w->db, &l, w->mentor_users[0], NOW, &p));
    assert_false(p.may_teach);
}

static struct staff_document a_document(struct world *w, enum document_kind kind, char mark)
{
    struct staff_document d = { .mentor = w->mentors[0],
                                .kind = kind,
                                .type = UPLOAD_JPEG,
                                .bytes = 5,
                                .issued_ms = NOW,
                                .expires_ms = NOW + DAY };

    memset(d.name, mark, STAFF_FILE_CHARS);
    memset(d.sha256, mark, sizeof d.sha256);
    return d;
}

static void a_document_is_for_one_kind_and_never_changes(void **state)
{
    struct world *w = *state;
    struct staff_document d = a_document(w, DOCUMENT_COURSE, 'k'), got;
    struct staff_document_list l;
    int64_t id, other;

    ok(staff_document_add(w->db, &d, NOW, w->mentor_users[0], &id));
    d.kind = DOCUMENT_WORK_BOOK;
    memset(d.name, 'l', STAFF_FILE_CHARS);
    no(staff_document_add(w->db, &d, NOW, w->mentor_users[0], &other));
    assert_string_equal(db_refusal(w->db), "unique");
    d.mentor = w->mentors[1]; /* another person's is another thing */
    ok(staff_document_add(w->db, &d, NOW, w->mentor_users[1], &other));
    no(staff_document_verify(w->db, id, true, NOW, w->mentor_users[0]));
    assert_string_equal(db_refusal(w->db), "own_document");
    ok(staff_document_verify(w->db, id, true, NOW, w->coordinator));
    no(staff_document_verify(w->db, id, true, NOW, w->coordinator));
    ok(staff_document_load(w->db, id, &got));
    assert_true(got.original_seen);
    assert_int_equal(got.verified_by.v, w->coordinator.v);
    assert_int_equal(got.type, UPLOAD_JPEG);
    assert_true(got.expires_ms == NOW + DAY);
    ok(staff_document_return(w->db, id, "blurred", NOW, w->coordinator));
    no(staff_document_return(w->db, id, "blurred", NOW, w->coordinator));
    no(staff_document_verify(w->db, id, true, NOW, w->coordinator));
    assert_int_equal(staff_document_by_file(w->db, w->mentors[0], d.sha256, &got), ERR_NOTFOUND);
    d = a_document(w, DOCUMENT_COURSE, 'k'); /* sent again with the right date */
    memset(d.name, 'm', STAFF_FILE_CHARS);
    ok(staff_document_add(w->db, &d, NOW, w->mentor_users[0], &other));
    ok(staff_document_by_file(w->db, w->mentors[0], d.sha256, &got));
    assert_int_equal(got.id, other);
    ok(staff_document_list(w->db, w->mentors[0], &l));
    assert_int_equal(l.n, 7);
    staff_document_list_free(&l);
    no(db_script(w->db, "UPDATE staff_document SET kind = 'award'"));
    no(db_script(w->db, "DELETE FROM staff_document"));
    no(db_script(w->db, "UPDATE staff_document SET returned_by = 1, returned_ms = 1"));
}

static void courses_have_topics(void **state)
{
    struct world *w = *state;
    struct training t = { .mentor = w->mentors[0],
                          .course = "First aid",
                          .hours = 16,
                          .issued_ms = NOW,
                          .expires_ms = NOW + DAY,
                          .topics = 1u << TOPIC_FIRST_AID | 1u << TOPIC_SAFEGUARDING },
                    got;
    struct training_list l;
    int64_t id;

    ok(training_add(w->db, &t, NOW, w->mentor_users[0], &id));
    ok(training_load(w->db, id, &got));
    assert_int_equal(got.topics, t.topics);
    assert_int_equal(got.verified_by.v, 0);
    assert_true(got.expires_ms == NOW + DAY);
    no(training_verify(w->db, id, NOW, w->mentor_users[0]));
    ok(training_verify(w->db, id, NOW, w->coordinator));
    no(training_verify(w->db, id, NOW, w->coordinator));
    ok(training_list(w->db, w->mentors[0], &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.items[0].topics, 1u << TOPIC_CONTACT_PSYCHOLOGY);
    training_list_free(&l);
    assert_int_equal(training_load(w->db, 999, &got), ERR_NOTFOUND);
}

static void qualifications_are_verified_by_another(void **state)
{
    struct world *w = *state;
    struct qualification q = { .mentor = w->mentors[0],
                               .subject_id = w->subject,
                               .level = "higher",
                               .grade_from = 5,
                               .grade_to = 9,
                               .issued_ms = NOW },
                         got;
    struct qualification_list l;
    int64_t id;

    ok(qualification_add(w->db, &q, NOW, w->mentor_users[0], &id));
    no(qualification_verify(w->db, id, NOW, w->mentor_users[0]));
    ok(qualification_verify(w->db, id, NOW, w->coordinator));
    no(qualification_verify(w->db, id, NOW, w->coordinator));
    ok(qualification_load(w->db, id, &got));
    assert_string_equal(got.subject, "maths");
    assert_string_equal(got.level, "higher");
    assert_int_equal(got.grade_to, 9);
    ok(qualification_list(w->db, w->mentors[0], &l));
    assert_int_equal(l.n, 2);
    qualification_list_free(&l);
    q.grade_to = 4;
    no(qualification_add(w->db, &q, NOW, w->mentor_users[0], &id));
}

static void an_application_goes_step_by_step(void **state)
{
    struct world *w = *state;
    struct mentor_id bare = bare_mentor(w);
    struct application a, old;
    struct application_list l;
    int64_t id, second;

    ok(application_add(w->db, bare, w->schools[0], NOW, w->stranger, &id));
    no(application_add(w->db, bare, w->schools[0], NOW, w->stranger, &second));
    ok(application_add(w->db, bare, w->schools[1], NOW, w->stranger, &second));
    ok(application_load(w->db, id, &a));
    assert_int_equal(a.state, APPLICATION_DRAFT);
    old = a;
    ok(application_go(w->db, &a, STEP_BEGIN, APPLICATION_DOCUMENTS, "", NOW + 1, w->stranger));
    no(application_go(w->db, &old, STEP_BEGIN, APPLICATION_DOCUMENTS, "", NOW, w->stranger));
    ok(application_load(w->db, id, &a));
    assert_int_equal(a.state, APPLICATION_DOCUMENTS);
    assert_true(a.state_ms == NOW + 1);
    ok(application_go(w->db, &a, STEP_END, APPLICATION_ENDED, "moved away", NOW + 2, w->stranger));
    ok(application_load(w->db, id, &a));
    no(application_go(w->db, &a, STEP_BEGIN, APPLICATION_DOCUMENTS, "", NOW, w->stranger));
    assert_string_equal(db_refusal(w->db), "application_over");
    assert_int_equal(world_number(w, "SELECT count(*) FROM application_step"), 2);
    no(db_script(w->db, "UPDATE application_step SET reason = ''"));
    no(db_script(w->db, "DELETE FROM application_step"));
    /* Whoever comes back applies anew, and the old end bars nobody. */
    assert_true(failed(w, bare, 0, NOW + 2) & TEACH_BIT(TEACH_SUSPENSION));
    ok(application_add(w->db, bare, w->schools[0], NOW, w->stranger, &id));
    assert_false(failed(w, bare, 0, NOW + 2) & TEACH_BIT(TEACH_SUSPENSION));
    ok(application_list(w->db, bare, &l));
    assert_int_equal(l.n, 3);
    assert_int_equal(l.items[0].id, id);
    application_list_free(&l);
    ok(application_list_live(w->db, &l));
    assert_int_equal(l.n, 0);
    application_list_free(&l);
}

static void an_order_stands_until_its_end(void **state)
{
    struct world *w = *state;
    struct mentor_id bare = bare_mentor(w);
    struct employment_order o = { .mentor = bare,
                                  .school = w->schools[0],
                                  .year = 2026,
                                  .number = "77-k",
                                  .signed_ms = NOW,
                                  .rate_percent = 25,
                                  .week_minutes = 270,
                                  .from_ms = NOW + DAY,
                                  .to_ms = TERM_OPEN_MS },
                            got;
    int64_t application, id, minutes;

    ok(application_add(w->db, bare, w->schools[0], NOW, w->stranger, &application));
    o.application = application;
    assert_int_equal(order_of(w->db, application, &got), ERR_NOTFOUND);
    ok(order_add(w->db, &o, NOW, w->officer, &id));
    no(order_add(w->db, &o, NOW, w->officer, &id)); /* the number is taken */
    ok(order_of(w->db, application, &got));
    assert_string_equal(got.number, "77-k");
    assert_int_equal(got.acquainted_ms, 0);
    assert_true(got.to_ms == TERM_OPEN_MS);
    ok(order_minutes(w->db, bare, NOW, NOW + DAY, &minutes));
    assert_int_equal(minutes, 0);
    ok(order_minutes(w->db, bare, NOW, TERM_OPEN_MS, &minutes));
    assert_int_equal(minutes, 270);
    ok(order_acquaint(w->db, got.id, NOW + 5));
    no(order_acquaint(w->db, got.id, NOW + 6));
    no(db_script(w->db, "UPDATE employment_order SET week_minutes = 1"));
    no(db_script(w->db, "UPDATE employment_order SET acquainted_ms = 1"));
    no(db_script(w->db, "DELETE FROM employment_order"));
    assert_false(failed(w, bare, 0, NOW + DAY) &
                 (TEACH_BIT(TEACH_EMPLOYMENT) | TEACH_BIT(TEACH_ORDER)));
    ok(order_end(w->db, application, NOW + 2 * DAY));
    ok(order_end(w->db, application, NOW + 3 * DAY)); /* it has ended: no longer than that */
    ok(order_of(w->db, application, &got));
    assert_true(got.to_ms == NOW + 2 * DAY);
    no(db_script(w->db, "UPDATE employment_order SET to_ms = to_ms + 1"));
    assert_false(failed(w, bare, 0, NOW + 2 * DAY - 1) & TEACH_BIT(TEACH_EMPLOYMENT));
    assert_true(failed(w, bare, 0, NOW + 2 * DAY) & TEACH_BIT(TEACH_EMPLOYMENT));
    assert_true(failed(w, bare, 0, NOW + 2 * DAY) & TEACH_BIT(TEACH_ORDER));
}

static void a_warning_is_given_once(void **state)
{
    struct world *w = *state;
    bool fresh;

    for (int i = 0; i < 3; i++) {
        ok(expiry_tell(w->db, w->mentors[0], w->schools[0], "training", NOW + DAY, i ? 3 : 14, NOW,
                       &fresh));
        assert_int_equal(fresh, i < 2);
    }
}

/* A table whose names of files file_known does not know would lose its files. */
static void every_file_has_a_table_that_is_known(void **state)
{
    struct world *w = *state;
    bool is = true;

    assert_int_equal(world_number(w, "SELECT count(*) FROM sqlite_master WHERE type = 'table' "
                                     "AND sql LIKE '%(name) = 43%'"),
                     4); /* staff_document, consent_paper, referral_scan, report_archive */
    ok(file_known(w->db, "no-such-file", &is));
    assert_false(is);
}

static void children_move(void **state)
{
    struct world *w = *state;
    struct child_move m = { .child = w->children[0],
                            .from = w->schools[0],
                            .to = w->schools[1],
                            .reason = "moved",
                            .at_ms = NOW };
    struct child_move_list l;
    int64_t id;

    ok(child_move_add(w->db, &m, w->coordinator, &id));
    assert_int_equal(child_move_add(w->db, &m, w->coordinator, &id), ERR_STATE); /* it has gone */
    m.from = w->schools[1];
    assert_int_equal(child_move_add(w->db, &m, w->coordinator, &id), ERR_STATE); /* the same */
    m.to = w->schools[0];
    m.at_ms = NOW + 1;
    ok(child_move_add(w->db, &m, w->coordinator, &id));
    ok(child_move_list(w->db, w->centre, NOW, &l)); /* the last one of each child */
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].id, id);
    assert_int_equal(l.items[0].to.v, w->schools[0].v);
    child_move_list_free(&l);
    ok(child_move_list(w->db, w->centre, NOW + 2, &l));
    assert_int_equal(l.n, 0);
    child_move_list_free(&l);
    assert_int_equal(db_script(w->db, "DELETE FROM child_move"), ERR_STATE);
    assert_int_equal(db_script(w->db, "UPDATE child_move SET reason = 'x'"), ERR_STATE);
}

static void interviews_are_a_register(void **state)
{
    struct world *w = *state;
    struct interview i = { .mentor = w->mentors[0],
                           .held_ms = NOW,
                           .score = 4,
                           .evidence = "two cases",
                           .by = w->coordinator };
    struct interview_list l;
    int64_t id;

    ok(interview_add(w->db, &i, NOW, &id));
    i.held_ms = NOW - MS_PER_DAY; /* an older talk, written down later */
    i.score = 2;
    ok(interview_add(w->db, &i, NOW, &id));
    ok(interview_list(w->db, w->mentors[0], &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.items[0].score, 4);
    interview_list_free(&l);
    i.score = 6;
    assert_int_equal(interview_add(w->db, &i, NOW, &id), ERR_STATE);
    i.score = 5;
    i.by = w->mentor_users[0]; /* about oneself */
    assert_int_equal(interview_add(w->db, &i, NOW, &id), ERR_STATE);
    assert_int_equal(db_script(w->db, "DELETE FROM interview"), ERR_STATE);
    assert_int_equal(db_script(w->db, "UPDATE interview SET score = 5"), ERR_STATE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, open_world, close_world)
        t(gates_are_told_all_at_once),
        t(each_row_is_a_gate),
        t(many_rows_hide_none),
        t(they_meet_in_a_lesson),
        t(they_met_in_a_lesson),
        t(the_door_asks_the_same),
        t(a_document_is_for_one_kind_and_never_changes),
        t(courses_have_topics),
        t(qualifications_are_verified_by_another),
        t(an_application_goes_step_by_step),
        t(an_order_stands_until_its_end),
        t(a_warning_is_given_once),
        t(every_file_has_a_table_that_is_known),
        t(children_move),
        t(interviews_are_a_register),
#undef t
    };

    return cmocka_run_group_tests_name("hiring in the store", tests, NULL, NULL);
}
