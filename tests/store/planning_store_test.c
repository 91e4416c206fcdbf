/* SPDX-License-Identifier: Apache-2.0
 *
 * server/store/planning: a week is planned from rows, and the rules themselves
 * (version_validate) judge what comes out: nothing hard, ever. What has no
 * place is named with the rule in the way; the same seed gives the same week;
 * repair moves as little as it must, and publishing takes the moved over.
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
#include "server/store/planning.h"
#include "server/store/version.h"
#include "tests/support/plan_rows.h"
#include "tests/support/world.h"

#define ok(call) assert_int_equal(call, ERR_OK)

/* Monday 12 October 2026; the week that is planned begins a week later. */
#define MONDAY date_to_days(2026, 10, 19)
#define NOW (date_to_days(2026, 10, 12) * MS_PER_DAY)

static struct world w;
static struct plan_outcome out;
static struct plan_asked asked;
static struct version_report report;

static int setup(void **state)
{
    (void)state;
    world_open(&w, NOW);
    plan_rows_begin(&w);
    memset(&out, 0, sizeof out);
    memset(&report, 0, sizeof report);
    asked = (struct plan_asked){ .query = { w.centre, MONDAY, PLAN_MODE_FRESH, NOW },
                                 .seed = 7,
                                 .policy = plan_policy_default() };
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    plan_outcome_free(&out);
    version_report_free(&report);
    world_close(&w);
    return 0;
}

static int64_t moscow(int day, int h, int mi)
{
    return date_to_days(2026, 10, day) * MS_PER_DAY + (h - 3) * MS_PER_HOUR + mi * MS_PER_MIN;
}

static void search(void)
{
    plan_outcome_free(&out);
    ok(planning_search(w.db, &asked, &out));
}

/* The outcome as a draft, judged; returns the run. */
static struct plan_run draft(enum plan_cause cause)
{
    struct plan_run run;
    int64_t id;

    ok(plan_run_add(w.db, w.centre, asked.query.monday, asked.query.mode, 7, NOW, w.coordinator,
                    &id));
    ok(plan_run_next(w.db, NOW, &run));
    assert_int_equal(run.id, id);
    ok(plan_run_finish(w.db, id, &out, cause, NOW));
    ok(plan_run_load(w.db, id, &run));
    if (run.version) {
        version_report_free(&report);
        ok(version_validate(w.db, run.version, NOW, &report));
        for (size_t i = 0; i < report.n; i++)
            if (report.items[i].hard)
                print_error("hard: %s\n", schedule_rule_name(report.items[i].rule));
        assert_int_equal(report.hard, 0);
    }
    return run;
}

static void publish(int64_t version)
{
    bool published = false;

    version_report_free(&report);
    ok(version_publish(w.db, version, NOW, &published, &report));
    assert_true(published);
}

static void a_week_is_planned_and_the_rules_find_nothing(void **state)
{
    struct plan_run run;

    (void)state;
    plan_rows_line(&w, 0, w.subject, 160, 30);
    plan_rows_line(&w, 1, w.subject, 120, 40);
    search();
    assert_int_equal(out.figures.wanted, 5 + 3);
    assert_int_equal(out.figures.placed, 8);
    assert_int_equal(out.figures.bound, 8);
    assert_int_equal(out.figures.added, 8);
    assert_int_equal(out.placed_n, 8);
    assert_int_equal(out.left_n, 0);
    run = draft(PLAN_CAUSE_NONE);
    assert_int_equal(run.state, PLAN_STATE_DONE);
    assert_int_equal(report.lessons, 8);
    publish(run.version);
    search(); /* it is all there now */
    assert_int_equal(out.figures.wanted, 0);
    assert_int_equal(out.placed_n, 0);
    assert_int_equal(draft(PLAN_CAUSE_NONE).version, 0);
}

static void one_seed_one_week(void **state)
{
    struct plan_outcome first;

    (void)state;
    plan_rows_line(&w, 0, w.subject, 160, 30);
    plan_rows_line(&w, 1, w.subject, 120, 40);
    search();
    first = out;
    out = (struct plan_outcome){ 0 };
    search();
    assert_int_equal(first.placed_n, out.placed_n);
    for (size_t i = 0; i < out.placed_n; i++) {
        assert_int_equal(first.placed[i].start_ms, out.placed[i].start_ms);
        assert_int_equal(first.placed[i].mentor.v, out.placed[i].mentor.v);
    }
    plan_outcome_free(&first);
}

/* A lesson of 30 minutes, and only the hours that both have. */
static void times_of_both_bind(void **state)
{
    (void)state;
    plan_rows_line(&w, 0, w.subject, 60, 30);
    plan_rows_time(&w, w.children[0], 0, "free", 2, 10 * 60, 12 * 60);
    plan_rows_time(&w, w.children[0], 0, "free", 4, 10 * 60, 12 * 60);
    plan_rows_time(&w, w.children[0], 0, "treatment", 2, 10 * 60, 11 * 60);
    plan_rows_time(&w, w.children[0], 0, "rest", 4, 11 * 60, 12 * 60);
    search();
    assert_int_equal(out.placed_n, 2);
    for (size_t i = 0; i < 2; i++) {
        int64_t at = out.placed[i].start_ms;

        assert_true((at >= moscow(20, 11, 0) && at <= moscow(20, 11, 30)) ||
                    (at >= moscow(22, 10, 0) && at <= moscow(22, 10, 30)));
    }
    (void)draft(PLAN_CAUSE_NONE);
}

static const struct plan_left *only_left(void)
{
    search();
    assert_int_equal(out.left_n, 1);
    assert_int_equal(out.left[0].child.v, w.children[0].v);
    return &out.left[0];
}

static void what_stands_in_the_way_is_named(void **state)
{
    const struct plan_left *l;

    (void)state;
    plan_rows_line(&w, 0, w.subject, 30, 30);
    plan_rows_time(&w, w.children[0], 0, "free", 7, 10 * 60, 12 * 60); /* a Sunday */
    l = only_left();
    assert_int_equal(l->rule, PLAN_REST);
    assert_int_equal(l->minutes, 30);
    ok(db_script(w.db, "DELETE FROM availability"));
    ok(holiday_add(w.db, w.schools[0], "2026-10-20", "x"));
    plan_rows_time(&w, w.children[0], 0, "free", 2, 10 * 60, 12 * 60);
    assert_int_equal(only_left()->rule, PLAN_REST);
    ok(db_script(w.db, "DELETE FROM holiday"));
    plan_rows_time(&w, w.children[0], 0, "treatment", 2, 9 * 60, 13 * 60);
    assert_int_equal(only_left()->rule, PLAN_BLOCKS);
    ok(db_script(w.db, "DELETE FROM availability"));
    for (int i = 0; i < WORLD_PEOPLE; i++)
        plan_rows_time(&w, (struct child_id){ 0 }, w.mentors[i].v, "free", 1, 20 * 60, 21 * 60);
    l = only_left();
    assert_int_equal(l->rule, PLAN_MENTOR_HOURS);
    assert_int_equal(l->would_fit, PLAN_MENTOR_HOURS);
    assert_true(l->starts > 0);
}

static void who_may_not_teach_is_no_candidate(void **state)
{
    (void)state;
    plan_rows_line(&w, 0, w.subject, 30, 30);
    ok(consent_withdraw(w.db, w.children[0], "lessons", w.guardian, NOW));
    assert_int_equal(only_left()->rule, PLAN_GATES);
    assert_int_equal(only_left()->mentor.v, 0);
    assert_int_equal(draft(PLAN_CAUSE_NONE).left, 1);
}

static void a_course_that_ends_within_the_week_is_no_candidate(void **state)
{
    struct query q = query_on(w.db, "UPDATE training SET expires_ms = $1");

    (void)state;
    query_int(&q, moscow(21, 0, 0));
    ok(query_run(&q));
    plan_rows_line(&w, 0, w.subject, 30, 30);
    assert_int_equal(only_left()->rule, PLAN_GATES);
}

static void hours_that_are_full_are_proved(void **state)
{
    (void)state;
    plan_rows_line(&w, 0, w.subject, 60, 30);
    plan_rows_time(&w, w.children[0], 0, "free", 2, 10 * 60, 10 * 60 + 30);
    search();
    assert_int_equal(out.figures.placed, 1);
    assert_int_equal(out.figures.bound, 1);
    assert_int_equal(out.left_n, 1);
    assert_int_equal(out.left[0].lessons, 2);
    assert_int_equal(out.left[0].places, 1);
    assert_false(out.left[0].of_mentor);
    assert_int_equal(draft(PLAN_CAUSE_ASKED).state, PLAN_STATE_STOPPED);
}

static void a_length_that_no_limit_allows_is_named(void **state)
{
    (void)state;
    ok(policy_set(w.db, w.centre, "lesson.min_min", "45", NOW, "test", NOW, w.coordinator));
    plan_rows_line(&w, 0, w.subject, 60, 30);
    assert_int_equal(only_left()->rule, PLAN_LENGTH);
}

static void lessons_that_stand_are_in_the_way_and_count(void **state)
{
    (void)state;
    world_lesson(&w, 0, 0, moscow(20, 10, 0), moscow(20, 10, 30));
    plan_rows_line(&w, 0, w.subject, 60, 30);
    plan_rows_time(&w, w.children[0], 0, "free", 2, 10 * 60, 12 * 60);
    plan_rows_time(&w, w.children[0], 0, "free", 3, 10 * 60, 10 * 60 + 30);
    search();
    assert_int_equal(out.figures.wanted, 1); /* the other one is given */
    assert_int_equal(out.placed_n, 1);
    assert_int_equal(out.placed[0].start_ms, moscow(21, 10, 0)); /* one a day */
    (void)draft(PLAN_CAUSE_NONE);
}

/* The mentor of two lessons loses an hour of one of them. */
static void repair_moves_only_what_must(void **state)
{
    struct lesson_id a = world_lesson(&w, 0, 0, moscow(20, 10, 0), moscow(20, 10, 30));
    struct lesson_id b = world_lesson(&w, 0, 1, moscow(21, 12, 0), moscow(21, 12, 30));
    struct plan_run run;
    struct lesson l;

    (void)state;
    plan_rows_line(&w, 0, w.subject, 30, 30);
    plan_rows_line(&w, 1, w.subject, 30, 30);
    plan_rows_time(&w, (struct child_id){ 0 }, w.mentors[0].v, "free", 2, 11 * 60, 13 * 60);
    plan_rows_time(&w, (struct child_id){ 0 }, w.mentors[0].v, "free", 3, 11 * 60, 13 * 60);
    asked.query.mode = PLAN_MODE_REPAIR;
    search();
    assert_int_equal(out.figures.wanted, 2);
    assert_int_equal(out.figures.kept, 1);
    assert_int_equal(out.figures.forced, 1);
    assert_int_equal(out.figures.moved, 0);
    assert_int_equal(out.placed_n, 1);
    assert_int_equal(out.placed[0].was.v, a.v);
    assert_int_equal(out.placed[0].mentor.v, w.mentors[0].v);
    run = draft(PLAN_CAUSE_NONE); /* the old one does not stand in its way */
    ok(lesson_load(w.db, a, &l));
    assert_int_equal(l.facts.state, LESSON_SCHEDULED);
    publish(run.version);
    ok(lesson_load(w.db, a, &l));
    assert_int_equal(l.facts.state, LESSON_RESCHEDULED);
    assert_true(l.moved_to.v > 0);
    ok(lesson_load(w.db, l.moved_to, &l));
    assert_int_equal(l.facts.state, LESSON_SCHEDULED);
    ok(lesson_load(w.db, b, &l));
    assert_int_equal(l.facts.state, LESSON_SCHEDULED);
    assert_int_equal(l.facts.start_ms, moscow(21, 12, 0));
}

/* Its mentor may not teach any more: the other one takes the line over. */
static void repair_finds_another_mentor(void **state)
{
    struct lesson_id a = world_lesson(&w, 0, 0, moscow(20, 10, 0), moscow(20, 10, 30));

    (void)state;
    plan_rows_line(&w, 0, w.subject, 30, 30);
    ok(employment_end(w.db, w.mentors[0], w.schools[0], NOW));
    asked.query.mode = PLAN_MODE_REPAIR;
    search();
    assert_int_equal(out.placed_n, 1);
    assert_int_equal(out.placed[0].was.v, a.v);
    assert_int_equal(out.placed[0].mentor.v, w.mentors[1].v);
    (void)draft(PLAN_CAUSE_NONE);
}

static void what_begins_within_the_notice_stays(void **state)
{
    (void)state;
    world_lesson(&w, 0, 0, moscow(20, 10, 0), moscow(20, 10, 30));
    plan_rows_line(&w, 0, w.subject, 30, 30);
    plan_rows_time(&w, (struct child_id){ 0 }, w.mentors[0].v, "free", 5, 11 * 60, 13 * 60);
    asked.query.mode = PLAN_MODE_REPAIR;
    asked.query.now_ms = moscow(19, 18, 0);
    search();
    assert_int_equal(out.figures.wanted, 0);
    assert_int_equal(out.placed_n, 0);
}

/* In the night to Sunday 25 October the clocks of Berlin go back: the mentor's and the school's
 * week is not the child's. */
static void a_week_with_a_night_of_another_length(void **state)
{
    struct query q = query_on(w.db, "UPDATE \"user\" SET tz = 'Europe/Berlin' WHERE id = $1");

    (void)state;
    query_int(&q, w.child_users[0].v);
    ok(query_run(&q));
    asked.query.monday = MONDAY + 7;
    plan_rows_line(&w, 0, w.subject, 30, 30);
    plan_rows_time(&w, w.children[0], 0, "free", 2, 9 * 60, 9 * 60 + 30);
    search();
    assert_int_equal(out.placed_n, 1);
    assert_int_equal(out.placed[0].start_ms, date_to_days(2026, 10, 27) * MS_PER_DAY +
                                                 8 * MS_PER_HOUR); /* 09:00 in Berlin by now */
    (void)draft(PLAN_CAUSE_NONE);
}

/* The year is nearly given: what is left of it, not the week's hours. */
static void hours_of_the_year_bind(void **state)
{
    (void)state;
    plan_rows_year(&w, 0, w.subject, 60, 30, 90);
    world_lesson(&w, 0, 0, moscow(13, 10, 0), moscow(13, 10, 30));
    search();
    assert_int_equal(out.figures.wanted, 2);
    world_lesson(&w, 0, 0, moscow(14, 10, 0), moscow(14, 10, 30));
    search();
    assert_int_equal(out.figures.wanted, 1);
    (void)draft(PLAN_CAUSE_NONE);
}

static bool at_once(void *ctx, const struct plan_figures *at)
{
    *(int64_t *)ctx = at->wanted;
    return true;
}

static void a_stop_keeps_what_was_found(void **state)
{
    int64_t wanted = -1;

    (void)state;
    /* Sixty hours of two children cannot be placed: the search goes on until it is told. */
    for (int i = 0; i < WORLD_PEOPLE; i++) {
        plan_rows_line(&w, i, w.subject, 600, 30);
        plan_rows_time(&w, w.children[i], 0, "free", 2, 10 * 60, 12 * 60);
        plan_rows_time(&w, w.children[i], 0, "free", 3, 10 * 60, 12 * 60);
    }
    asked.stop = at_once;
    asked.ctx = &wanted;
    search();
    assert_true(out.figures.placed + (int64_t)out.left_n == 40);
    if (out.stopped)
        assert_int_equal(wanted, 40);
    (void)draft(PLAN_CAUSE_TIME);
}

static void bad_questions(void **state)
{
    (void)state;
    asked.query.monday = MONDAY + 1;
    assert_int_equal(planning_search(w.db, &asked, &out), ERR_INVAL);
    asked.query.monday = MONDAY;
    asked.query.centre.v = 999;
    assert_int_equal(planning_search(w.db, &asked, &out), ERR_NOTFOUND);
    asked.query.centre = w.centre;
    search(); /* nobody has a programme */
    assert_int_equal(out.figures.wanted, 0);
}

static void runs_end_once(void **state)
{
    struct plan_run run;
    int64_t id, n;

    (void)state;
    ok(plan_run_add(w.db, w.centre, MONDAY, PLAN_MODE_FRESH, 1, NOW, w.coordinator, &id));
    assert_int_equal(
        plan_run_add(w.db, w.centre, MONDAY, PLAN_MODE_FRESH, 1, NOW, w.coordinator, &n),
        ERR_STATE); /* one at a time */
    ok(plan_run_next(w.db, NOW, &run));
    assert_int_equal(plan_run_next(w.db, NOW, &run), ERR_NOTFOUND);
    ok(plan_runs_lost(w.db, NOW + 1, &n));
    assert_int_equal(n, 1);
    ok(plan_run_load(w.db, id, &run));
    assert_int_equal(run.state, PLAN_STATE_FAILED);
    assert_int_equal(run.cause, PLAN_CAUSE_RESTART);
    assert_int_equal(plan_run_finish(w.db, id, &out, PLAN_CAUSE_NONE, NOW), ERR_STATE);
    assert_int_equal(plan_run_close(w.db, id, PLAN_STATE_FAILED, PLAN_CAUSE_RECORDS, NOW),
                     ERR_STATE);
    assert_string_equal(db_refusal(w.db), "plan_run_over");
}

/* One of each centre; the oldest first. */
static void centres_wait_in_their_order(void **state)
{
    struct org o = { .type = ORG_CENTRE, .code = "other", .name = "other", .tz = "Europe/Moscow" };
    struct plan_run run;
    int64_t first, second;

    (void)state;
    ok(org_save(w.db, &o, NOW, w.coordinator, &o.id));
    ok(plan_run_add(w.db, o.id, MONDAY, PLAN_MODE_FRESH, 1, NOW, w.coordinator, &first));
    ok(plan_run_add(w.db, w.centre, MONDAY, PLAN_MODE_FRESH, 1, NOW, w.coordinator, &second));
    ok(plan_run_next(w.db, NOW, &run));
    assert_int_equal(run.id, first);
    ok(plan_run_close(w.db, first, PLAN_STATE_FAILED, PLAN_CAUSE_RECORDS, NOW));
    ok(plan_run_next(w.db, NOW, &run));
    assert_int_equal(run.id, second);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_week_is_planned_and_the_rules_find_nothing),
        TEST(one_seed_one_week),
        TEST(times_of_both_bind),
        TEST(what_stands_in_the_way_is_named),
        TEST(who_may_not_teach_is_no_candidate),
        TEST(a_course_that_ends_within_the_week_is_no_candidate),
        TEST(hours_that_are_full_are_proved),
        TEST(a_length_that_no_limit_allows_is_named),
        TEST(lessons_that_stand_are_in_the_way_and_count),
        TEST(repair_moves_only_what_must),
        TEST(repair_finds_another_mentor),
        TEST(what_begins_within_the_notice_stays),
        TEST(a_week_with_a_night_of_another_length),
        TEST(hours_of_the_year_bind),
        TEST(a_stop_keeps_what_was_found),
        TEST(bad_questions),
        TEST(runs_end_once),
        TEST(centres_wait_in_their_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
