/* SPDX-License-Identifier: Apache-2.0
 *
 * What follows from referrals: children in the register, cases, duplicates,
 * returns, and what is forgotten in time.
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
#include "server/store/audit.h"
#include "server/store/need_return.h"
#include "tests/store/intake_rows.h"

/* ---- acceptance ------------------------------------------------------------------------- */

static struct child_id accept(struct world *w, struct referral_id id)
{
    struct referral r = loaded(w, id);
    struct referral_change c = { .move = MOVE_ACCEPT, .to = REFERRAL_ACCEPTED };

    ok(child_enter(w->db, &r, NOW, w->coordinator, &c.child));
    ok(referral_change(w->db, &r, &c, NOW, w->coordinator));
    ok(papers_give(w->db, id, c.child));
    ok(case_open(w->db, c.child, id, NOW));
    return c.child;
}

static void an_accepted_child_stands_in_the_register(void **state)
{
    struct world *w = *state;
    struct child_id a = accept(w, under_review(w, "Лиза Лис")),
                    b = accept(w, under_review(w, "Ёжик Лис"));
    struct grant_set grants;
    struct child c;

    ok(child_load(w->db, a, &c));
    assert_string_equal(c.register_no, "2026-0001");
    assert_string_equal(c.name, "Лиза Лис");
    assert_string_equal(c.short_name, "Лиза");
    assert_int_equal(c.grade, 4);
    assert_int_equal(c.school.v, w->schools[0].v);
    assert_string_equal(c.tz, "Europe/Moscow");
    assert_int_equal(strlen(c.birth_date), 10);
    ok(grant_list(w->db, c.user, NOW, &grants));
    assert_true(grant_has(&grants, ROLE_CHILD, w->centre));
    ok(child_load(w->db, b, &c));
    assert_string_equal(c.register_no, "2026-0002");
}

static void papers_of_a_child_are_fixed(void **state)
{
    struct world *w = *state;
    struct referral_id id = under_review(w, "Лиза Лис");
    struct child_id child = accept(w, id);
    struct medical_basis b = basis();
    struct recommendation_row r;
    struct basis_row row;
    int64_t paper;

    ok(basis_of_child(w->db, child, TODAY, &row));
    assert_int_equal(row.basis.to_day, TODAY + 100);
    ok(recommendation_of_child(w->db, child, TODAY, &r));
    assert_int_equal(r.limits.lesson_minutes, 30);
    b.to_day++;
    assert_int_equal(basis_save(w->db, id, &b, NOW, w->officer, &paper), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "paper_fixed");
    refuses(w, "UPDATE recommendation SET lesson_minutes = 45", "paper_fixed");
    refuses(w, "UPDATE recommendation SET camera_allowed = 0", "paper_fixed");
    refuses(w, "UPDATE medical_basis SET child = NULL", "paper_fixed");
    refuses(w, "UPDATE medical_basis SET id = 77", "paper_fixed");
    ok(recommendation_of_child(w->db, w->children[0], TODAY, &r));
    assert_int_equal(r.paper.id, 0);
    assert_int_equal(r.limits.to_day, DAY_NONE);
}

static void the_paper_that_holds_today_counts(void **state)
{
    struct world *w = *state;
    struct referral_id first = under_review(w, "Лиза Лис"), second;
    struct child_id child = accept(w, first);
    struct recommendation next = limits();
    struct referral_change c = { .move = MOVE_ACCEPT, .to = REFERRAL_ACCEPTED, .child = child };
    struct recommendation_row r;
    int64_t paper;

    /* a second referral of the same child, whose recommendation begins later */
    second = draft(w, "Лиза Лис");
    next.from_day = TODAY + 61;
    next.to_day = TODAY + 200;
    next.lesson_minutes = 40;
    ok(recommendation_save(w->db, second, &next, NOW, w->officer, &paper));
    ok(move(w, second, SUBMIT, NOW, w->officer));
    ok(move(w, second, TAKE, NOW, w->coordinator));
    ok(move(w, second, c, NOW, w->coordinator));
    ok(papers_give(w->db, second, child));
    ok(case_open(w->db, child, second, NOW)); /* its case is open already */
    assert_int_equal(world_number(w, "SELECT count(*) FROM case_file"), 1);
    ok(recommendation_of_child(w->db, child, TODAY, &r));
    assert_int_equal(r.limits.lesson_minutes, 30);
    ok(recommendation_of_child(w->db, child, TODAY + 61, &r));
    assert_int_equal(r.limits.lesson_minutes, 40);
    ok(recommendation_of_child(w->db, child, TODAY + 300, &r)); /* both over: the latest */
    assert_int_equal(r.limits.lesson_minutes, 40);
}

static void a_case_reads_its_gates_from_the_records(void **state)
{
    struct world *w = *state;
    struct child_id id = accept(w, under_review(w, "Лиза Лис"));
    struct intake_policy p = intake_policy_default();
    struct case_facts f;
    struct case_file c;
    struct child child;
    int64_t row;

    ok(child_load(w->db, id, &child));
    ok(case_of_child(w->db, id, &c));
    assert_int_equal(case_of_child(w->db, w->children[0], &c), ERR_NOTFOUND);
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_int_equal(f.basis, VALIDITY_VALID);
    assert_int_equal(f.recommendation, VALIDITY_VALID);
    assert_false(f.consent || f.guardian || f.lead_mentor || f.schedule || f.begun || f.staff ||
                 f.school_unsettled);
    /* what begins later, and what is another child's, opens no gate */
    ok(guardian_add(w->db, w->guardian, id, "full", NOW + 1, w->coordinator, &row));
    world_lesson(w, 0, 0, NOW + DAY, NOW + DAY + 40 * MS_PER_MIN);
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_false(f.guardian || f.schedule);
    ok(consent_give(w->db, id, "lessons", "1", w->guardian, NOW - 1, FOREVER_MS));
    ok(guardian_add(w->db, w->guardian, id, "full", NOW - 1, w->coordinator, &row));
    ok(assignment_add(w->db, id, w->mentors[0], 0, NOW - 1, FOREVER_MS, NOW, w->coordinator, &row));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.consent && f.guardian && f.lead_mentor && f.staff);
    assert_false(f.schedule || f.begun);
    ok(case_facts(w->db, &c, &child, TODAY + 61, NOW, &p, &f));
    assert_int_equal(f.recommendation, VALIDITY_EXPIRED);
    /* registered elsewhere: settled as long as the lead mentor may teach there */
    child.school = w->schools[1];
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_false(f.school_unsettled);
    ok(employment_end(w->db, w->mentors[0], w->schools[1], NOW));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.school_unsettled && !f.staff);
}

static void a_lesson_makes_the_schedule_and_begins_the_case(void **state)
{
    struct world *w = *state;
    struct child_id id = accept(w, under_review(w, "Лиза Лис"));
    struct intake_policy p = intake_policy_default();
    struct case_facts f;
    struct case_file c;
    struct child child;

    w->children[1] = id;
    world_lesson(w, 1, 1, NOW + DAY, NOW + DAY + 40 * MS_PER_MIN);
    ok(child_load(w->db, id, &child));
    ok(case_of_child(w->db, id, &c));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.schedule && !f.begun);
    ok(db_script(w->db, "UPDATE lesson SET state = 'running'"));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.begun);
    ok(db_script(w->db, "UPDATE case_file SET closed_ms = opened_ms, closed_reason = 'recovered', "
                        "closed_by = 1"));
    ok(case_of_child(w->db, id, &c));
    assert_int_equal(c.closed, CASE_REASON_RECOVERED);
    refuses(w, "DELETE FROM case_file", "case_file_no_delete");
}

/* ---- duplicates, returns, retention ----------------------------------------------------- */

static void alike_children_and_referrals_are_found(void **state)
{
    struct world *w = *state;
    struct child_id child = accept(w, under_review(w, "Алёна Лис-Петрова"));
    struct referral_id other = under_review(w, "АЛЕНА  лис петрова"), self, gone, early;
    struct child_mark mark = { "алёна лис петрова", TODAY - 3650, w->schools[1] };
    struct alike_list l;
    struct child c;

    early = draft(w, "Алёна Лис-Петрова"); /* the centre does not see drafts */
    self = under_review(w, "Алёна Лис-Петрова");
    gone = under_review(w, "Алёна Лис-Петрова");
    ok(move(w, gone, WITHDRAW, NOW, w->officer));
    under_review(w, "Алена Лис");
    assert_int_not_equal(early.v, self.v);
    ok(alike_list(w->db, w->centre, &mark, self, (struct user_id){ 0 }, &l));
    assert_int_equal(l.n, 2);
    ok(child_load(w->db, child, &c));
    assert_int_equal(l.items[0].child.v, c.user.v);
    assert_int_equal(l.items[0].alike, ALIKE_OTHER_SCHOOL);
    assert_int_equal(l.items[1].referral.v, other.v);
    alike_list_free(&l);
    mark.school = w->schools[0];
    ok(alike_list(w->db, w->centre, &mark, self, c.user, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].alike, ALIKE_SAME);
    alike_list_free(&l);
    mark.birth_day = DAY_NONE;
    ok(alike_list(w->db, w->centre, &mark, self, c.user, &l));
    assert_int_equal(l.n, 0);
    alike_list_free(&l);
}

static void returns_stand_beside_what_was_referred(void **state)
{
    struct world *w = *state;
    struct need_return r = { .school = w->schools[0], .period = "2026-09", .count = 3 };
    struct need_return_filter f = { .centre = w->centre, .max = 10 };
    struct need_return_list l;
    struct referral_id gone;
    int64_t id, n;

    ok(need_return_save(w->db, &r, NOW, w->officer, &id));
    assert_int_equal(need_return_save(w->db, &r, NOW, w->officer, &n), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "unique");
    r.id = id;
    r.count = 4;
    ok(need_return_save(w->db, &r, NOW + 5, w->coordinator, &id));
    ok(need_return_load(w->db, id, &r));
    assert_int_equal(r.count, 4);
    assert_int_equal(r.rev, 2);
    assert_int_equal(r.changed_ms, NOW + 5);
    assert_int_equal(r.changed_by.v, w->coordinator.v);
    r = (struct need_return){ .school = w->schools[1], .period = "2026-10" };
    ok(need_return_save(w->db, &r, NOW, w->officer, &n));
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.items[0].period, "2026-10"); /* the newest first */
    need_return_list_free(&l);
    f.school = w->schools[0];
    f.period = "2026-09";
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 1);
    need_return_list_free(&l);
    f.period = "2026-10";
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 0);
    need_return_list_free(&l);

    draft(w, "Черновик");
    under_review(w, "Лиза Лис");
    gone = under_review(w, "Лёва Лис");
    ok(need_received(w->db, w->schools[0], NOW, NOW + 1, &n));
    assert_int_equal(n, 2);
    ok(move(w, gone, WITHDRAW, NOW, w->officer));
    ok(need_received(w->db, w->schools[0], NOW, NOW + 1, &n));
    assert_int_equal(n, 1);
    ok(need_received(w->db, w->schools[0], NOW + 1, NOW + 2, &n));
    assert_int_equal(n, 0);
    ok(need_received(w->db, w->schools[0], NOW - 1, NOW, &n));
    assert_int_equal(n, 0);
    ok(need_received(w->db, w->schools[1], NOW, NOW + 1, &n));
    assert_int_equal(n, 0);
}

static void what_was_refused_is_emptied_in_time(void **state)
{
    struct world *w = *state;
    struct referral_id refused = under_review(w, "Лиза Лис"), kept = under_review(w, "Лёва Лис");
    struct seal_ring ring = one_key();
    struct referral r = loaded(w, refused);
    struct child_id child = accept(w, kept);
    bool sealed = true;

    assert_int_not_equal(child.v, 0);
    set_words(w, &ring, MEDICAL_BASIS, r.basis.paper.id);
    set_words(w, &ring, MEDICAL_RECOMMENDATION, r.recommendation.paper.id);
    set_words(w, &ring, MEDICAL_DECISION, refused.v);
    ok(move(w, refused, REFUSE, NOW, w->coordinator));
    ok(referral_sweep(w->db, NOW + 365 * DAY));
    assert_string_equal(loaded(w, refused).child_name, "Лиза Лис");
    ok(referral_sweep(w->db, NOW + 365 * DAY + 1));
    r = loaded(w, refused);
    assert_string_equal(r.child_name, "");
    assert_string_equal(r.guardian_name, "");
    assert_string_equal(r.guardian_phone, "");
    assert_int_equal(r.birth_day, DAY_NONE);
    assert_int_equal(r.grade, 0);
    assert_true(r.emptied);
    assert_int_equal(r.state, REFERRAL_REFUSED); /* that it was, and when, stays */
    assert_string_equal(r.refusal, "no_ground");
    assert_int_equal(r.first_ms, NOW);
    ok(medical_kept(w->db, &sealed));
    assert_false(sealed);
    assert_string_equal(loaded(w, kept).child_name, "Лёва Лис");
    ok(referral_sweep(w->db, NOW + 800 * DAY)); /* once is enough */
    assert_int_equal(world_number(w, "SELECT emptied_ms FROM referral WHERE emptied_ms > 0"),
                     NOW + 365 * DAY + 1);
}

static void numbers_of_the_rules_are_dated_rows(void **state)
{
    static const char *const keys[] = {
        "intake.alert_first_days", "intake.alert_second_days",       "intake.alert_last_days",
        "intake.basis_max_days",   "intake.recommendation_max_days", "intake.age_min",
        "intake.age_max",          "intake.decision_days",           "intake.return_open_days",
        "intake.keep_refused_days"
    };
    struct world *w = *state;
    struct intake_policy p, d = intake_policy_default();

    ok(policy_intake(w->db, w->centre, NOW, &p));
    assert_memory_equal(&p, &d, sizeof p);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char value[8];

        assert_true(str_format(value, sizeof value, "%d", (int)i + 11));
        ok(policy_set(w->db, w->centre, keys[i], value, NOW, "a test", NOW, w->coordinator));
    }
    ok(policy_set(w->db, w->centre, "intake.scans_required", "1", NOW, "a test", NOW,
                  w->coordinator));
    ok(policy_set(w->db, w->centre, "lesson.min_min", "21", NOW, "a test", NOW, w->coordinator));
    ok(policy_intake(w->db, w->centre, NOW - 1, &p)); /* not yet */
    assert_memory_equal(&p, &d, sizeof p);
    ok(policy_intake(w->db, w->centre, NOW, &p));
    assert_int_equal(p.alert_days[0], 11);
    assert_int_equal(p.alert_days[1], 12);
    assert_int_equal(p.alert_days[2], 13);
    assert_int_equal(p.basis_max_days, 14);
    assert_int_equal(p.recommendation_max_days, 15);
    assert_int_equal(p.age_min, 16);
    assert_int_equal(p.age_max, 17);
    assert_int_equal(p.decision_days, 18);
    assert_int_equal(p.return_open_days, 19);
    assert_int_equal(p.keep_refused_days, 20);
    assert_int_equal(p.shortest_lesson_minutes, 21);
    assert_true(p.scans_required);
    ok(policy_set(w->db, w->centre, keys[0], "soon", NOW, "a test", NOW, w->coordinator));
    assert_int_equal(policy_intake(w->db, w->centre, NOW, &p), ERR_DB);
}

#define t(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(an_accepted_child_stands_in_the_register),
        t(papers_of_a_child_are_fixed),
        t(the_paper_that_holds_today_counts),
        t(a_case_reads_its_gates_from_the_records),
        t(a_lesson_makes_the_schedule_and_begins_the_case),
        t(alike_children_and_referrals_are_found),
        t(returns_stand_beside_what_was_referred),
        t(what_was_refused_is_emptied_in_time),
        t(numbers_of_the_rules_are_dated_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
