/* SPDX-License-Identifier: Apache-2.0
 *
 * Sections, choices and the waiting list as rows; meetings in the timetable's
 * facts; clashes that a published schedule makes, and their end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/choice.h"
#include "server/store/version.h"
#include "tests/support/world.h"

#define NOW INT64_C(1795504320000) /* Tuesday 24 November 2026, 10:12 in Moscow */
#define HOUR (60 * MS_PER_MIN)
#define WEDNESDAY_15 (NOW + 28 * HOUR + 48 * MS_PER_MIN)

static struct world w;
static int64_t section, group;

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

/* Wednesdays 15:00-16:00 in Moscow, two places, half an hour of way. */
static int64_t make_section(const char *title, int capacity)
{
    struct section s = { .centre = w.centre,
                         .provider = w.centre,
                         .kind = SECTION_MUSIC,
                         .age_from = 6,
                         .age_to = 17,
                         .travel_minutes = 30,
                         .groups_n = 1 };
    int64_t id;

    assert_true(str_copy(s.title, sizeof s.title, title) &&
                str_copy(s.leader, sizeof s.leader, "N") &&
                str_copy(s.tz, sizeof s.tz, "Europe/Moscow") &&
                str_copy(s.groups[0].name, sizeof s.groups[0].name, "A"));
    s.groups[0].capacity = capacity;
    s.groups[0].slots[0] = (struct section_slot){ 3, 15 * 60, 60 };
    s.groups[0].slots_n = 1;
    ok(section_add(w.db, &s, NOW, w.coordinator, &id));
    return id;
}

static int setup(void **state)
{
    struct section s;

    (void)state;
    world_open(&w, NOW);
    section = make_section("Flute", 1);
    ok(section_load(w.db, section, &s));
    group = s.groups[0].id;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_close(&w);
    return 0;
}

static struct choice wish(int child)
{
    struct choice_list l;
    struct choice c;

    ok(choice_wish(w.db, w.children[child], &group, 1, NOW, w.guardian));
    ok(choice_list(w.db, w.children[child], &l));
    assert_int_equal(l.n, 1);
    c = l.items[0];
    choice_list_free(&l);
    return c;
}

static struct choice confirmed(int child, int64_t at_ms)
{
    struct choice c = wish(child);

    ok(choice_confirm(w.db, &c, 1, at_ms, w.guardian));
    ok(choice_load(w.db, c.id, &c));
    return c;
}

static void a_section_comes_back_as_it_was(void **state)
{
    struct section s;
    struct section_list l;

    (void)state;
    ok(section_load(w.db, section, &s));
    assert_string_equal(s.title, "Flute");
    assert_int_equal(s.kind, SECTION_MUSIC);
    assert_int_equal(s.groups[0].slots[0].from_minute, 900);
    assert_true(s.open && !s.online && !s.paper_needed);
    assert_int_equal(section_load(w.db, 99, &s), ERR_NOTFOUND);
    ok(section_list(w.db, w.centre, &l));
    assert_int_equal(l.n, 1);
    section_list_free(&l);
    ok(section_list(w.db, w.schools[0], &l));
    assert_int_equal(l.n, 0);
    section_list_free(&l);
}

static void the_last_place_goes_to_the_first_and_the_list_moves_up(void **state)
{
    struct section_policy p = section_policy_default();
    struct choice first = confirmed(0, NOW), second = confirmed(1, NOW + 1);
    int rank;

    (void)state;
    assert_int_equal(first.state, CHOICE_IS_ACTIVE);
    assert_int_equal(second.state, CHOICE_IS_WAITING);
    ok(choice_rank(w.db, &second, &rank));
    assert_int_equal(rank, 1);
    assert_int_equal(choice_accept(w.db, &second, NOW), ERR_STATE);
    ok(choice_leave(w.db, &first, "too far", &p, NOW + 2));
    ok(choice_load(w.db, second.id, &second));
    assert_int_equal(second.state, CHOICE_IS_OFFERED);
    assert_true(second.offer_to_ms == NOW + 2 + 72 * HOUR);
    assert_int_equal(choice_accept(w.db, &second, second.offer_to_ms), ERR_STATE);
    ok(choice_accept(w.db, &second, second.offer_to_ms - 1));
    assert_int_equal(choice_leave(w.db, &first, "", &p, NOW + 3), ERR_STATE);
}

static void an_offer_that_ends_goes_on_by_time(void **state)
{
    struct section_policy p = section_policy_default();
    struct choice first = confirmed(0, NOW), second = confirmed(1, NOW + 1);

    (void)state;
    ok(choice_leave(w.db, &first, "", &p, NOW));
    ok(choice_settle_due(w.db, NOW + 72 * HOUR - 1));
    ok(choice_load(w.db, second.id, &second));
    assert_int_equal(second.state, CHOICE_IS_OFFERED);
    ok(choice_settle_due(w.db, NOW + 72 * HOUR));
    ok(choice_load(w.db, second.id, &second));
    assert_int_equal(second.state, CHOICE_IS_LAPSED);
    first = confirmed(0, NOW + 80 * HOUR); /* who left may come again */
    assert_int_equal(first.state, CHOICE_IS_ACTIVE);
}

static void the_database_itself_gives_no_place_too_many(void **state)
{
    struct choice first = confirmed(0, NOW), second = confirmed(1, NOW + 1);

    (void)state;
    assert_int_equal(first.state, CHOICE_IS_ACTIVE);
    assert_int_not_equal(
        db_script(w.db, "UPDATE choice SET state = 'active' WHERE state = 'waiting'"), ERR_OK);
    assert_string_equal(db_refusal(w.db), "section_full");
    assert_int_not_equal(db_script(w.db, "DELETE FROM choice"), ERR_OK);
    ok(choice_load(w.db, second.id, &second));
    assert_int_equal(second.state, CHOICE_IS_WAITING);
}

static struct timetable *facts(void)
{
    struct timetable_query q = { .centre = w.centre,
                                 .mentor = w.mentors[0],
                                 .children = { w.children[0] },
                                 .children_n = 1,
                                 .at_ms = WEDNESDAY_15,
                                 .now_ms = NOW,
                                 .from_ms = NOW - 8 * MS_PER_DAY,
                                 .to_ms = NOW + 9 * MS_PER_DAY };
    struct timetable *t;

    ok(timetable_open(w.db, &q, &t));
    return t;
}

static bool broken(struct timetable *t, int64_t start_ms, enum schedule_rule rule)
{
    struct booked_lesson plan =
        timetable_plan(t, (struct lesson_id){ 0 }, w.subject, start_ms, start_ms + 40 * MS_PER_MIN);
    struct violation v[32];
    size_t n = schedule_judge(&plan, &t->facts, v, 32);

    for (size_t i = 0; i < n; i++)
        if (v[i].rule == rule && v[i].block == section)
            return true;
    return false;
}

static void a_place_stands_in_the_way_of_lessons(void **state)
{
    struct timetable *t = facts();

    (void)state;
    assert_false(broken(t, WEDNESDAY_15, RULE_SECTION_OVERLAP));
    timetable_close(t);
    confirmed(0, NOW);
    t = facts();
    assert_int_equal(t->children[0].sections_n, 3); /* a Wednesday of each week */
    assert_true(broken(t, WEDNESDAY_15, RULE_SECTION_OVERLAP));
    /* half an hour of rest and half an hour of way */
    assert_true(broken(t, WEDNESDAY_15 - 99 * MS_PER_MIN, RULE_SECTION_GAP));
    assert_false(broken(t, WEDNESDAY_15 - 100 * MS_PER_MIN, RULE_SECTION_GAP));
    timetable_close(t);
}

static void clashes_are_written_once_and_end(void **state)
{
    struct choice c = confirmed(0, NOW);
    struct lesson_id l =
        world_lesson(&w, 0, 0, WEDNESDAY_15 + 10 * MS_PER_MIN, WEDNESDAY_15 + 50 * MS_PER_MIN);
    struct open_clash_list open;
    int64_t n;

    (void)state;
    ok(clash_recheck(w.db, w.centre, 0, NOW, &n));
    assert_int_equal(n, 1);
    ok(clash_recheck(w.db, w.centre, 0, NOW + 5, &n));
    ok(open_clash_list(w.db, w.centre, NOW, &open));
    assert_int_equal(open.n, 1);
    assert_int_equal(open.items[0].choice, c.id);
    assert_int_equal(open.items[0].lesson.v, l.v);
    assert_string_equal(open.items[0].rule, "section_overlap");
    assert_true(open.items[0].found_ms == NOW); /* since then, not since the last look */
    open_clash_list_free(&open);
    ok(lesson_cancel(w.db, l, "x", SIDE_CENTRE, NOW));
    ok(open_clash_list(w.db, w.centre, NOW, &open));
    assert_int_equal(open.n, 0);
    open_clash_list_free(&open);
    ok(clash_recheck(w.db, w.centre, 0, NOW + 9, &n));
    assert_int_equal(n, 0);
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM section_clash WHERE gone_ms IS NOT NULL"), 1);
}

/* DOMAIN 48: the school's lessons go first, and whoever publishes learns what they hit. */
static void publishing_goes_first_and_finds_the_clash(void **state)
{
    struct lesson_plan plan = { .org = w.centre,
                                .subject_id = w.subject,
                                .mentor = w.mentors[0],
                                .children = { w.children[0] },
                                .children_n = 1,
                                .start_ms = WEDNESDAY_15,
                                .end_ms = WEDNESDAY_15 + 40 * MS_PER_MIN,
                                .tz = "Europe/Moscow",
                                .state = LESSON_PLANNED };
    struct version_report r;
    struct open_clash_list open;
    struct version v;
    struct lesson_id id;
    bool published;

    (void)state;
    confirmed(0, NOW);
    ok(version_draft(w.db, w.centre, NOW, w.coordinator, &v));
    ok(version_add(w.db, v.id, &plan, NOW, w.coordinator, &id));
    ok(version_validate(w.db, v.id, NOW, &r));
    assert_int_equal(r.hard, 0);
    assert_true(r.n > 0); /* a warning it is */
    version_report_free(&r);
    ok(version_publish(w.db, v.id, NOW, &published, &r));
    assert_true(published);
    assert_int_equal(r.clashes, 1);
    version_report_free(&r);
    ok(open_clash_list(w.db, w.centre, NOW, &open));
    assert_int_equal(open.n, 1);
    assert_int_equal(open.items[0].lesson.v, id.v);
    open_clash_list_free(&open);
}

static void visits_make_a_choice_informed(void **state)
{
    struct section_visit v = {
        .section = section, .kind = VISIT_TALK, .start_ms = NOW - HOUR, .minutes = 30
    };
    struct visitor_list l;
    int64_t id, at = -1;

    (void)state;
    ok(visit_add(w.db, &v, NOW, w.coordinator, &id));
    assert_int_equal(visit_record(w.db, id, w.children[0], true, NOW, w.coordinator), ERR_NOTFOUND);
    ok(visit_sign(w.db, id, w.children[0], NOW, w.guardian));
    ok(visit_sign(w.db, id, w.children[0], NOW, w.guardian));
    ok(visit_informed(w.db, section, w.children[0], &at));
    assert_true(at == 0); /* signing up is not coming */
    ok(visit_record(w.db, id, w.children[0], true, NOW, w.coordinator));
    ok(visit_informed(w.db, section, w.children[0], &at));
    assert_true(at == NOW - HOUR);
    ok(visitor_list(w.db, id, (struct child_id){ 0 }, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].attended, 1);
    visitor_list_free(&l);
    ok(section_paper_to(w.db, w.children[0], section, &at));
    assert_true(at == 0);
    ok(section_paper_add(w.db, w.children[0], section, NOW + HOUR, NOW, w.coordinator));
    ok(section_paper_to(w.db, w.children[0], section, &at));
    assert_true(at == NOW + HOUR);
}

static void settings_are_dated_rows(void **state)
{
    struct section_policy p;

    (void)state;
    ok(policy_set(w.db, w.centre, "section.offer_hours", "24", NOW, "board", NOW, w.coordinator));
    ok(policy_section(w.db, w.centre, NOW - 1, &p));
    assert_int_equal(p.offer_hours, 72);
    ok(policy_section(w.db, w.centre, NOW, &p));
    assert_int_equal(p.offer_hours, 24);
    ok(policy_set(w.db, w.centre, "section.offer_hours", "0", NOW, "", NOW, w.coordinator));
    assert_int_equal(policy_section(w.db, w.centre, NOW, &p), ERR_DB);
}

int main(void)
{
#define EACH(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(a_section_comes_back_as_it_was),
        EACH(the_last_place_goes_to_the_first_and_the_list_moves_up),
        EACH(an_offer_that_ends_goes_on_by_time),
        EACH(the_database_itself_gives_no_place_too_many),
        EACH(a_place_stands_in_the_way_of_lessons),
        EACH(clashes_are_written_once_and_end),
        EACH(publishing_goes_first_and_finds_the_clash),
        EACH(visits_make_a_choice_informed),
        EACH(settings_are_dated_rows),
    };

    return cmocka_run_group_tests_name("sections", tests, NULL, NULL);
}
