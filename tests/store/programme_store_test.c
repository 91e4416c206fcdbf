/* SPDX-License-Identifier: Apache-2.0
 *
 * The rows of programmes and of selection: what the database itself refuses,
 * which lines hold when, one lead mentor at a time, who waits.
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
#include "server/domain/zone.h"
#include "server/store/hiring.h"
#include "server/store/hours.h"
#include "server/store/interview.h"
#include "server/store/programme.h"
#include "server/store/selection.h"
#include "tests/support/world.h"

#define TODAY date_to_days(2026, 11, 24)
#define NOW (TODAY * MS_PER_DAY + 9 * MS_PER_HOUR)

#define ok(call) assert_int_equal(call, ERR_OK)

static struct world w;

static int setup(void **state)
{
    (void)state;
    world_open(&w, NOW);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static void refuses(enum err e, const char *refusal)
{
    assert_int_equal(e, ERR_STATE);
    assert_string_equal(db_refusal(w.db), refusal);
}

static struct child_programme draft(int64_t first, int64_t last, int minutes)
{
    struct child_programme p = { .child = w.children[0],
                                 .days = { first, last },
                                 .lines = { { w.subject, 0, minutes, minutes * 30, 40 } },
                                 .lines_n = 1 };
    int64_t id;

    ok(child_programme_add(w.db, &p, NOW, w.officer, &id));
    ok(child_programme_load(w.db, id, &p));
    return p;
}

static void moved(struct child_programme *p, enum programme_state to, struct user_id by)
{
    ok(child_programme_move(w.db, p, to, to == PROGRAMME_RETURNED ? "why" : "", NOW, by));
    ok(child_programme_load(w.db, p->id, p));
}

static void the_catalogue_counts_its_versions(void **state)
{
    const struct programme_topic topics[] = { { "One", 40 }, { "Two", 80 } };
    struct programme p = { .centre = w.centre,
                           .subject_id = w.subject,
                           .grade = 3,
                           .title = "Plan",
                           .week_minutes = 80,
                           .year_minutes = 2720 };
    struct programme_topic_list t;
    struct programme_list l;
    int64_t first, second, other;

    (void)state;
    ok(programme_add(w.db, &p, topics, 2, NOW, w.coordinator, &first));
    p.week_minutes = 120;
    ok(programme_add(w.db, &p, topics, 1, NOW, w.coordinator, &second));
    p.grade = 4;
    ok(programme_add(w.db, &p, NULL, 0, NOW, w.coordinator, &other));
    ok(programme_list(w.db, w.centre, 0, 0, &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.items[0].id, second);
    assert_int_equal(l.items[0].version, 2);
    assert_int_equal(l.items[1].version, 1);
    programme_list_free(&l);
    ok(programme_list(w.db, w.centre, w.subject, 4, &l));
    assert_int_equal(l.n, 1);
    programme_list_free(&l);
    ok(programme_list(w.db, w.schools[0], 0, 0, &l)); /* of another centre */
    assert_int_equal(l.n, 0);
    ok(programme_load(w.db, first, &p));
    assert_int_equal(p.week_minutes, 80); /* the old one stays readable */
    ok(programme_topics(w.db, first, &t));
    assert_int_equal(t.n, 2);
    assert_string_equal(t.items[1].title, "Two");
    programme_topic_list_free(&t);
    refuses(db_script(w.db, "UPDATE programme SET week_minutes = 1"), "programme_no_update");
    refuses(db_script(w.db, "DELETE FROM programme_topic"), "programme_no_delete");
}

static void a_new_version_takes_the_place_of_the_old(void **state)
{
    struct child_programme p = draft(TODAY + 10, TODAY + 100, 80);
    struct approved_list lines;
    struct term_facts terms;

    (void)state;
    assert_int_equal(p.version, 2); /* the world's is the first */
    assert_int_equal(p.state, PROGRAMME_DRAFT);
    moved(&p, PROGRAMME_PROPOSED, w.officer);
    moved(&p, PROGRAMME_RETURNED, w.coordinator);
    assert_string_equal(p.reason, "why");
    p.lines[0].week_minutes = 120;
    ok(child_programme_save(w.db, &p, w.mentor_users[0]));
    ok(child_programme_load(w.db, p.id, &p));
    assert_int_equal(p.lines[0].week_minutes, 120);
    moved(&p, PROGRAMME_PROPOSED, w.officer);
    ok(approved_lines(w.db, w.children[0], &lines));
    assert_int_equal(lines.n, 1); /* a proposal holds nothing */
    approved_list_free(&lines);
    moved(&p, PROGRAMME_APPROVED, w.coordinator);
    assert_int_equal(p.decided_by.v, w.coordinator.v);
    ok(approved_lines(w.db, w.children[0], &lines));
    assert_int_equal(lines.n, 2);
    assert_int_equal(lines.items[0].line.days.last, TODAY + 9);
    assert_int_equal(lines.items[1].line.days.first, TODAY + 10);
    assert_int_equal(lines.items[1].line.week_minutes, 120);
    assert_int_equal(lines.items[1].lesson_minutes, 40);
    approved_list_free(&lines);
    ok(approved_terms(w.db, w.children[0], w.subject, &terms));
    assert_int_equal(terms.n, 2);
    /* whole days of the school's zone, without a gap */
    assert_int_equal(terms.items[0].from_ms, terms.items[1].to_ms);
    assert_int_equal(terms.items[0].from_ms, (TODAY + 10) * MS_PER_DAY - 3 * MS_PER_HOUR);
    ok(approved_terms(w.db, w.children[0], w.subject + 1, &terms));
    assert_int_equal(terms.n, 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM child_programme_step "
                                      "WHERE to_state = 'superseded'"),
                     1);
}

static void one_that_begins_at_once_leaves_nothing_of_the_old(void **state)
{
    struct child_programme p = draft(TODAY - 400, TODAY + 100, 80);
    struct approved_list lines;

    (void)state;
    moved(&p, PROGRAMME_PROPOSED, w.officer);
    moved(&p, PROGRAMME_APPROVED, w.coordinator);
    ok(approved_lines(w.db, w.children[0], &lines));
    assert_int_equal(lines.n, 1);
    assert_int_equal(lines.items[0].line.week_minutes, 80);
    approved_list_free(&lines);
}

static void the_database_keeps_dual_control(void **state)
{
    struct child_programme p = draft(TODAY, TODAY + 100, 80), stale = p;
    bool author = false;

    (void)state;
    ok(child_programme_save(w.db, &p, w.coordinator)); /* the coordinator wrote in it */
    ok(child_programme_load(w.db, p.id, &p));
    moved(&p, PROGRAMME_PROPOSED, w.officer);
    ok(child_programme_author(w.db, p.id, w.coordinator, &author));
    assert_true(author);
    ok(db_begin(w.db));
    refuses(child_programme_move(w.db, &p, PROGRAMME_APPROVED, "", NOW, w.coordinator),
            "own_programme");
    db_rollback(w.db);
    ok(db_begin(w.db));
    refuses(child_programme_move(w.db, &p, PROGRAMME_APPROVED, "", NOW, w.officer),
            "own_programme");
    db_rollback(w.db);
    assert_int_equal(child_programme_save(w.db, &stale, w.officer), ERR_STATE); /* an old rev */
    refuses(db_script(w.db, "DELETE FROM child_programme_author"), "programme_author_no_delete");
}

static void what_was_decided_stays(void **state)
{
    struct child_programme p = draft(TODAY, TODAY + 100, 80);
    int64_t id;

    (void)state;
    refuses(child_programme_add(w.db, &p, NOW, w.officer, &id), "unique"); /* one at a time */
    moved(&p, PROGRAMME_PROPOSED, w.officer);
    refuses(db_script(w.db, "DELETE FROM child_programme_line WHERE child_programme = 3"),
            "programme_fixed");
    refuses(db_script(w.db, "UPDATE child_programme SET state = 'draft', proposed_by = NULL, "
                            "proposed_ms = NULL WHERE id = 3"),
            "programme_order");
    moved(&p, PROGRAMME_APPROVED, w.coordinator);
    refuses(db_script(w.db, "UPDATE child_programme SET to_date = '2030-01-01' WHERE id = 3"),
            "programme_fixed");
    refuses(db_script(w.db, "INSERT INTO child_programme_line (child_programme, subject, "
                            "week_minutes, year_minutes, lesson_minutes) VALUES (3, 1, 1, 1, 1)"),
            "programme_fixed");
    refuses(db_script(w.db, "UPDATE child_programme_line SET week_minutes = 1"), "programme_fixed");
    refuses(db_script(w.db, "DELETE FROM child_programme"), "programme_no_delete");
    refuses(db_script(w.db, "UPDATE child_programme_step SET reason = 'x'"),
            "programme_step_no_update");
}

/* ---- selection ---------------------------------------------------------------------------- */

static int64_t give(int mentor, int64_t subject)
{
    struct assignment a = { .child = w.children[0],
                            .mentor = w.mentors[mentor],
                            .subject = subject };
    int64_t id;

    assert_true(str_copy(a.reason, sizeof a.reason, "because"));
    ok(assignment_give(w.db, &a, NOW, w.coordinator, &id));
    return id;
}

static void one_lead_mentor_at_a_time(void **state)
{
    struct assignment a = { .child = w.children[0], .mentor = w.mentors[1] };
    struct waiting_list l;
    int64_t lead, id;

    (void)state;
    ok(children_without_lead(w.db, w.centre, NOW, &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.items[0].subject_mentors, 2);
    waiting_list_free(&l);
    lead = give(0, 0);
    ok(children_without_lead(w.db, w.centre, NOW, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].child.v, w.children[1].v);
    waiting_list_free(&l);
    refuses(assignment_give(w.db, &a, NOW, w.coordinator, &id), "one_lead");
    a.subject = w.subject; /* the world has assigned it */
    refuses(assignment_give(w.db, &a, NOW, w.coordinator, &id), "assigned_already");
    ok(assignment_end(w.db, lead, "ill", NOW + 1));
    assert_int_equal(assignment_end(w.db, lead, "again", NOW + 2), ERR_STATE);
    a.subject = 0;
    ok(assignment_give(w.db, &a, NOW + 1, w.coordinator, &id));
    ok(assignment_load(w.db, lead, &a));
    assert_string_equal(a.end_reason, "ill");
    assert_string_equal(a.reason, "because");
}

static void candidates_are_found_with_their_facts(void **state)
{
    const struct hours_row hours[] = { { .span = { 1, 540, 600 }, .days = { 0, INT64_MAX } },
                                       { .span = { 2, 540, 600 }, .days = { 0, INT64_MAX } } };
    const struct hours_row busy = { .span = { 1, 540, 570 },
                                    .kind = HOURS_REST,
                                    .days = { 0, INT64_MAX } };
    int64_t monday = (TODAY + 6) * MS_PER_DAY + 6 * MS_PER_HOUR, id; /* 9:00 in Moscow */
    struct interview talk = {
        .mentor = w.mentors[1], .score = 2, .evidence = "x", .by = w.coordinator
    };
    struct candidate_list l;
    struct child child;

    (void)state;
    ok(child_load(w.db, w.children[0], &child));
    ok(hours_save_mentor(w.db, w.mentors[1], 0, hours, 2, NOW, w.coordinator));
    ok(hours_save_child(w.db, w.children[0], 0, &busy, 1, NOW, w.guardian));
    talk.held_ms = NOW - MS_PER_DAY;
    ok(interview_add(w.db, &talk, NOW, &id));
    talk.held_ms = NOW;
    talk.score = 4;
    ok(interview_add(w.db, &talk, NOW, &id));
    (void)world_lesson(&w, 1, 1, monday + MS_PER_DAY, monday + MS_PER_DAY + 30 * MS_PER_MIN);
    ok(candidates_of(w.db, &child, w.subject, NOW, &l));
    assert_int_equal(l.n, 2);
    assert_int_equal(l.need_minutes, 10080);
    assert_int_equal(l.items[0].mentor.v, w.mentors[1].v);
    assert_int_equal(l.items[0].standing, SELECTION_READY);
    assert_int_equal(l.items[0].qualified, 2);
    assert_int_equal(l.items[0].interview, 80);
    assert_int_equal(l.items[0].free_minutes, 60); /* half of Monday, half of Tuesday */
    assert_int_equal(l.items[0].booked_minutes, 30);
    assert_int_equal(l.items[0].order_minutes, 1080);
    assert_int_equal(l.items[0].apart_minutes, 0);
    assert_false(l.items[1].hours_known);
    assert_int_equal(l.items[1].interview, -1);
    candidate_list_free(&l);
    ok(employment_end(w.db, w.mentors[1], w.schools[0], NOW - 1));
    ok(db_script(w.db, "UPDATE \"user\" SET status = 'ended' WHERE login = 'anna'"));
    ok(candidates_of(w.db, &child, w.subject, NOW, &l));
    assert_int_equal(l.items[0].standing, SELECTION_AFTER_HIRING);
    assert_int_equal(l.items[1].standing, SELECTION_BARRED);
    candidate_list_free(&l);
}

static void who_had_no_lesson_among_others(void **state)
{
    struct lesson_plan p = { .org = w.centre,
                             .subject_id = w.subject,
                             .mentor = w.mentors[0],
                             .children = { w.children[0], w.children[1] },
                             .children_n = 2,
                             .start_ms = NOW + MS_PER_DAY,
                             .end_ms = NOW + MS_PER_DAY + 40 * MS_PER_MIN,
                             .tz = "Europe/Moscow",
                             .state = LESSON_SCHEDULED };
    struct waiting_list l;
    struct lesson_id id;

    (void)state;
    ok(lesson_add(w.db, &p, NOW, w.coordinator, &id));
    ok(children_without_peers(w.db, w.centre, w.schools[0], NOW - 90 * MS_PER_DAY, NOW, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].child.v, w.children[0].v);
    assert_int_equal(l.items[0].next_ms, p.start_ms);
    assert_int_equal(l.items[0].last_ms, 0);
    assert_false(l.items[0].group_consent);
    waiting_list_free(&l);
    ok(children_without_peers(w.db, w.schools[0], w.schools[0], 0, NOW, &l));
    assert_int_equal(l.n, 0);
    waiting_list_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_catalogue_counts_its_versions, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_version_takes_the_place_of_the_old, setup, teardown),
        cmocka_unit_test_setup_teardown(one_that_begins_at_once_leaves_nothing_of_the_old, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(the_database_keeps_dual_control, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_decided_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(one_lead_mentor_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(candidates_are_found_with_their_facts, setup, teardown),
        cmocka_unit_test_setup_teardown(who_had_no_lesson_among_others, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
