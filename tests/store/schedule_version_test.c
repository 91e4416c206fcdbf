/* SPDX-License-Identifier: Apache-2.0
 *
 * server/store/version: drafts that nobody sees, publishing that judges again
 * and takes all or nothing, series whose occurrences are lessons.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/now.h"
#include "server/store/version.h"
#include "tests/support/world.h"

#define MIN MS_PER_MIN
/* Monday 12 October 2026, 00:00 UTC; lessons from Tuesday 20 October on. */
#define NOW (date_to_days(2026, 10, 12) * MS_PER_DAY)

static struct world w;
static struct version draft;
static struct version_report report;

static int64_t moscow(int month, int day, int h, int mi)
{
    return date_to_days(2026, month, day) * MS_PER_DAY + (h - 3) * MS_PER_HOUR + mi * MIN;
}

static int setup(void **state)
{
    (void)state;
    world_open(&w, NOW);
    assert_int_equal(version_draft(w.db, w.centre, NOW, w.coordinator, &draft), ERR_OK);
    memset(&report, 0, sizeof report);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    version_report_free(&report);
    world_close(&w);
    return 0;
}

static struct lesson_plan plan_of(int mentor, int child, int64_t start)
{
    return (struct lesson_plan){ .org = w.centre,
                                 .subject_id = w.subject,
                                 .mentor = w.mentors[mentor],
                                 .children = { w.children[child] },
                                 .children_n = 1,
                                 .start_ms = start,
                                 .end_ms = start + 30 * MIN,
                                 .tz = "Europe/Moscow" };
}

static struct lesson_id add(int mentor, int child, int64_t start)
{
    struct lesson_plan p = plan_of(mentor, child, start);
    struct lesson_id id;

    assert_int_equal(version_add(w.db, draft.id, &p, NOW, w.coordinator, &id), ERR_OK);
    return id;
}

static void validate(size_t lessons, size_t hard)
{
    version_report_free(&report);
    assert_int_equal(version_validate(w.db, draft.id, NOW, &report), ERR_OK);
    if (report.hard != hard)
        fail_msg("%zu hard, the first %s", report.hard,
                 report.n ? schedule_rule_name(report.items[0].rule) : "none");
    assert_int_equal(report.lessons, lessons);
    assert_int_equal(version_load(w.db, draft.id, &draft), ERR_OK);
    assert_int_equal(draft.state, hard ? VERSION_DRAFT : VERSION_VALIDATED);
}

static bool publish(void)
{
    bool published = false;

    version_report_free(&report);
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_OK);
    assert_int_equal(version_load(w.db, draft.id, &draft), ERR_OK);
    assert_int_equal(draft.state, published ? VERSION_PUBLISHED : VERSION_DRAFT);
    return published;
}

static int64_t in_state(const char *state)
{
    struct query q = query_on(w.db, "SELECT count(*) FROM lesson WHERE state = $1");
    int64_t n = -1;

    query_text(&q, state);
    if (query_row(&q))
        n = row_int(&q);
    assert_int_equal(query_end_found(&q), ERR_OK);
    return n;
}

static enum schedule_rule first_hard(void)
{
    for (size_t i = 0; i < report.n; i++)
        if (report.items[i].hard)
            return report.items[i].rule;
    return RULE_NONE;
}

static void a_draft_becomes_the_schedule_in_one_step(void **state)
{
    struct lesson_id old = world_lesson(&w, 0, 0, moscow(10, 20, 13, 0), moscow(10, 20, 13, 30));
    struct lesson_id over = world_lesson(&w, 0, 0, moscow(10, 10, 13, 0), moscow(10, 10, 13, 30));
    struct lesson_id fresh = add(0, 0, moscow(10, 20, 11, 0));
    struct lesson l;

    (void)state;
    assert_int_equal(lesson_set_state(w.db, over, LESSON_ENDED, NOW), ERR_OK);
    assert_int_equal(lesson_load(w.db, fresh, &l), ERR_OK);
    assert_int_equal(l.facts.state, LESSON_PLANNED);
    assert_false(l.facts.published);
    validate(1, 0);
    assert_int_equal(draft.planned, 1);
    assert_true(publish());
    assert_int_equal(draft.planned, 0);
    assert_int_equal(lesson_load(w.db, fresh, &l), ERR_OK);
    assert_int_equal(l.facts.state, LESSON_SCHEDULED);
    assert_true(l.facts.published);
    assert_int_equal(lesson_load(w.db, old, &l), ERR_OK);
    assert_true(l.facts.published); /* it still lets its people in */
    assert_int_equal(l.version, draft.id);
    assert_int_equal(lesson_load(w.db, over, &l), ERR_OK);
    assert_int_not_equal(l.version, draft.id);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM schedule_version "
                                      "WHERE state = 'superseded'"),
                     1);
}

static void lessons_of_a_draft_are_judged_beside_one_another(void **state)
{
    struct lesson_id a = add(0, 0, moscow(10, 20, 11, 0));
    struct lesson_id b = add(0, 1, moscow(10, 20, 11, 20));
    bool published;

    (void)state;
    validate(2, 2);
    assert_int_equal(first_hard(), RULE_MENTOR_OVERLAP);
    assert_int_equal(report.items[0].lesson.v, a.v);
    assert_int_equal(report.items[0].other.v, b.v);
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_STATE);
    assert_int_equal(in_state("planned"), 2);
    assert_int_equal(in_state("scheduled"), 0);
}

static void what_happened_meanwhile_is_seen_at_publishing(void **state)
{
    (void)state;
    add(0, 0, moscow(10, 20, 11, 0));
    add(1, 1, moscow(10, 21, 11, 0));
    validate(2, 0);
    world_lesson(&w, 1, 0, moscow(10, 20, 11, 10), moscow(10, 20, 11, 40));
    assert_false(publish());
    assert_int_equal(first_hard(), RULE_CHILD_OVERLAP);
    assert_int_equal(in_state("planned"), 2); /* neither of them is on the timetable */
    assert_int_equal(in_state("scheduled"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM schedule_version "
                                      "WHERE state = 'published'"),
                     1);
}

static void papers_that_end_meanwhile_are_seen_too(void **state)
{
    (void)state;
    add(0, 0, moscow(10, 20, 11, 0));
    validate(1, 0);
    assert_int_equal(consent_withdraw(w.db, w.children[0], "lessons", w.guardian, NOW), ERR_OK);
    assert_false(publish());
    assert_int_equal(first_hard(), RULE_GATES);
    assert_int_equal(in_state("planned"), 1);
}

static void another_draft_is_in_nobodys_way(void **state)
{
    struct version first = draft;

    (void)state;
    add(0, 0, moscow(10, 20, 11, 0));
    assert_int_equal(version_draft(w.db, w.centre, NOW, w.coordinator, &draft), ERR_OK);
    assert_int_equal(draft.no, first.no + 1);
    add(0, 0, moscow(10, 20, 11, 0));
    validate(1, 0);
    assert_true(publish());
    draft = first;
    validate(1, 2); /* now it is: child and mentor */
}

static void versions_go_one_way(void **state)
{
    struct lesson_plan p = plan_of(0, 0, moscow(10, 20, 11, 0));
    struct lesson_id id;
    bool published;

    (void)state;
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_STATE);
    validate(0, 0);
    add(0, 0, moscow(10, 21, 11, 0)); /* takes the validation back */
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_STATE);
    validate(1, 0);
    assert_true(publish());
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_STATE);
    assert_int_equal(version_validate(w.db, draft.id, NOW, &report), ERR_STATE);
    assert_int_equal(version_add(w.db, draft.id, &p, NOW, w.coordinator, &id), ERR_STATE);
    assert_int_equal(version_load(w.db, 999, &draft), ERR_NOTFOUND);
    assert_int_equal(db_script(w.db, "UPDATE schedule_version SET state = 'draft'"), ERR_STATE);
    assert_string_equal(db_refusal(w.db), "version_order");
}

static void a_draft_has_planned_lessons_of_its_own_centre_only(void **state)
{
    struct lesson_plan p = plan_of(0, 0, moscow(10, 20, 11, 0));
    struct lesson_id id;

    (void)state;
    p.state = LESSON_SCHEDULED;
    assert_int_equal(lesson_add_to(w.db, &p, draft.id, NOW, w.coordinator, &id), ERR_STATE);
    assert_string_equal(db_refusal(w.db), "lesson_of_draft");
    p.org = w.schools[0];
    assert_int_equal(version_add(w.db, draft.id, &p, NOW, w.coordinator, &id), ERR_INVAL);
    p.children_n = 0;
    assert_int_equal(lesson_add_to(w.db, &p, draft.id, NOW, w.coordinator, &id), ERR_INVAL);
}

/* Tuesdays 09:00 in Berlin with a Moscow mentor who has a lesson at 11:00 there on 27 October: over
 * there it is 10:00 first, and 11:00 after the clocks went back. */
static void each_occurrence_of_a_series_is_judged(void **state)
{
    struct series s = { .tz = "Europe/Berlin",
                        .rule = "FREQ=WEEKLY;COUNT=3",
                        .first_day = date_to_days(2026, 10, 20),
                        .hour = 9,
                        .minutes = 30,
                        .last_day = INT64_MAX };
    struct lesson_plan p = plan_of(0, 0, 0);
    struct series_sum sum;
    int64_t id = 0;

    (void)state;
    world_lesson(&w, 0, 1, moscow(10, 27, 11, 0), moscow(10, 27, 11, 30));
    assert_int_equal(version_add_series(w.db, draft.id, &p, &s, NOW, w.coordinator, &id, &sum),
                     ERR_OK);
    assert_int_equal(sum.n, 3);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM lesson WHERE series IS NOT NULL "
                                      "AND tz = 'Europe/Berlin'"),
                     3);
    assert_int_equal(world_number(&w, "SELECT start_ms FROM lesson "
                                      "WHERE series_date = '2026-10-27'"),
                     moscow(10, 27, 11, 0));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM series_child"), 1);
    validate(3, 1);
    assert_int_equal(first_hard(), RULE_MENTOR_OVERLAP);
    s.rule = "FREQ=DAILY;COUNT=3";
    assert_int_equal(version_add_series(w.db, draft.id, &p, &s, NOW, w.coordinator, &id, &sum),
                     ERR_PARSE);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM series"), 1);
}

static void an_occurrence_without_an_instant_is_not_planned(void **state)
{
    struct series s = { .tz = "Europe/Berlin",
                        .rule = "FREQ=WEEKLY;COUNT=2",
                        .first_day = date_to_days(2026, 10, 25),
                        .hour = 2,
                        .minute = 30,
                        .minutes = 30,
                        .last_day = INT64_MAX };
    struct lesson_plan p = plan_of(0, 0, 0);
    struct series_sum sum;
    int64_t id;

    (void)state;
    assert_int_equal(version_add_series(w.db, draft.id, &p, &s, NOW, w.coordinator, &id, &sum),
                     ERR_OK);
    assert_int_equal(sum.faults, 1);
    assert_int_equal(in_state("planned"), 1);
}

/* A crash in the middle of publishing is a transaction that is not committed. */
static void an_unfinished_publishing_leaves_nothing(void **state)
{
    bool published;

    (void)state;
    world_lesson(&w, 0, 1, moscow(10, 27, 11, 0), moscow(10, 27, 11, 30));
    add(0, 0, moscow(10, 20, 11, 0));
    validate(1, 0);
    version_report_free(&report);
    assert_int_equal(db_begin(w.db), ERR_OK);
    assert_int_equal(version_publish(w.db, draft.id, NOW, &published, &report), ERR_OK);
    assert_true(published);
    world_let_go(&w);
    world_take_back(&w);
    assert_int_equal(version_load(w.db, draft.id, &draft), ERR_OK);
    assert_int_equal(draft.state, VERSION_VALIDATED);
    assert_int_equal(in_state("planned"), 1);
    assert_int_equal(in_state("scheduled"), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_draft_becomes_the_schedule_in_one_step),
        TEST(lessons_of_a_draft_are_judged_beside_one_another),
        TEST(what_happened_meanwhile_is_seen_at_publishing),
        TEST(papers_that_end_meanwhile_are_seen_too),
        TEST(another_draft_is_in_nobodys_way),
        TEST(versions_go_one_way),
        TEST(a_draft_has_planned_lessons_of_its_own_centre_only),
        TEST(each_occurrence_of_a_series_is_judged),
        TEST(an_occurrence_without_an_instant_is_not_planned),
        TEST(an_unfinished_publishing_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
