/* SPDX-License-Identifier: Apache-2.0
 *
 * The figures over HTTP: what they are, who may ask for what, the rows behind
 * a number, the file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/render/figures.h"
#include "tests/api/report_rig.h"

static struct report_rig g;

static int setup(void **state)
{
    (void)state;
    report_open(&g);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    api_close(&g.r);
    return 0;
}

static const char *target(const char *path, int64_t id)
{
    static char text[160];

    assert_true(str_format(text, sizeof text, "%s%lld", path, (long long)id));
    return text;
}

/* The 6th: held for 40 minutes. The 8th: the child did not come. */
static void a_month_is_counted_by_school(void **state)
{
    struct answer a = api_get(&g.r, COORDINATOR, "/figures?from=2026-10&by=school");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "from"), "2026-10");
    assert_string_equal(str_at(&a, "to"), "2026-10");
    assert_int_equal(json_array_size(at(&a, "groups")), 1);
    assert_string_equal(str_at(&a, "groups.0.key"), target("", g.r.w.schools[0].v));
    assert_int_equal(int_at(&a, "groups.0.figures.planned"), 2);
    assert_int_equal(int_at(&a, "groups.0.figures.held"), 1);
    assert_int_equal(int_at(&a, "groups.0.figures.child_no_show"), 1);
    assert_int_equal(int_at(&a, "total.figures.contact"), 40 * MS_PER_MIN);
    assert_int_equal(int_at(&a, "total.shares.held_share"), 500);
    assert_int_equal(int_at(&a, "total.shares.technical_share"), 0);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/figures?from=2025-10&to=2026-09&by=month");
    assert_int_equal(json_array_size(at(&a, "groups")), 0);
    assert_true(json_is_null(at(&a, "total.shares.held_share"))); /* of nothing, not 0 % */
    answer_free(&a);
}

static void every_axis_has_its_keys(void **state)
{
    static const char *const by[] = { "centre", "school", "mentor", "subject", "month" };
    char want[5][81];

    (void)state;
    assert_true(str_format(want[0], 81, "%lld", (long long)g.r.w.centre.v));
    assert_true(str_format(want[1], 81, "%lld", (long long)g.r.w.schools[0].v));
    assert_true(str_format(want[2], 81, "%lld", (long long)g.r.w.mentor_users[0].v));
    assert_true(str_copy(want[3], 81, "maths"));
    assert_true(str_copy(want[4], 81, "2026-10"));
    for (int i = 0; i < 5; i++) {
        char text[80];
        struct answer a;

        assert_true(str_format(text, sizeof text, "/figures?from=2026-09&to=2026-10&by=%s", by[i]));
        a = api_get(&g.r, COORDINATOR, text);
        assert_int_equal(a.status, 200);
        assert_int_equal(json_array_size(at(&a, "groups")), 1);
        assert_string_equal(str_at(&a, "groups.0.key"), want[i]);
        assert_int_equal(json_is_null(at(&a, "groups.0.name")), i > 2);
        assert_int_equal(int_at(&a, "groups.0.figures.planned"), 2);
        answer_free(&a);
    }
}

/* The same sentence on the page (which prints the API's) and in the file, in both languages. */
static void the_definition_stands_beside_each_figure(void **state)
{
    struct answer a = api_get(&g.r, COORDINATOR, "/figures?from=2026-10");
    struct answer csv = api_get(&g.r, COORDINATOR, "/figures.csv?from=2026-10");

    (void)state;
    assert_int_equal(csv.status, 200);
    assert_int_equal(json_array_size(at(&a, "definitions")), FIGURE_WORDS);
    for (int i = 0; i < FIGURE_WORDS; i++) {
        char path[40];

        assert_true(str_format(path, sizeof path, "definitions.%d.about.ru", i));
        assert_string_equal(str_at(&a, path), figure_words("ru", i)->about);
        assert_non_null(memmem(csv.body, csv.body_len, figure_words("ru", i)->about,
                               strlen(figure_words("ru", i)->about)));
        assert_true(str_format(path, sizeof path, "definitions.%d.about.en", i));
        assert_string_equal(str_at(&a, path), figure_words("en", i)->about);
    }
    assert_memory_equal(csv.body + csv.body_len - 2, "\r\n", 2);
    answer_free(&a);
    answer_free(&csv);
}

static void a_number_opens_its_rows(void **state)
{
    struct answer a =
        api_get(&g.r, COORDINATOR, "/figures/rows?figure=planned&from=2026-10&limit=1");

    (void)state;
    assert_int_equal(a.status, 200);
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.lesson"), g.held.v);
    assert_string_equal(str_at(&a, "items.0.kind"), "held");
    assert_int_equal(int_at(&a, "items.0.contact_ms"), 40 * MS_PER_MIN);
    assert_string_equal(str_at(&a, "next"), "1");
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/figures/rows?figure=planned&from=2026-10&limit=1&cursor=1");
    assert_int_equal(int_at(&a, "items.0.lesson"), g.missed.v);
    assert_true(json_is_null(at(&a, "next")));
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/figures/rows?figure=child_no_show&from=2026-10");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_int_equal(int_at(&a, "items.0.lesson"), g.missed.v);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/figures/rows?figure=tech_server&from=2026-10");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
}

/* A school: its own children, whatever it asks for. A mentor: the own lessons. */
static void everybody_sees_as_far_as_their_reach(void **state)
{
    static const enum who without[] = { CHILD, GUARDIAN, ADMIN };
    static const char *const paths[] = { "/figures", "/figures.csv", "/figures/rows?figure=held" };
    static const enum who some[] = { OFFICER, MENTOR }, none[] = { OFFICER_2, MENTOR_2 };

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        for (size_t k = 0; k < 3; k++)
            api_refused(api_get(&g.r, without[i], paths[k]), 403, "not_allowed");
        api_refused(api_get(&g.r, NOBODY, paths[i]), 401, "no_login");
    }
    for (size_t i = 0; i < 2; i++) {
        struct answer a = api_get(&g.r, some[i], "/figures?from=2026-10&by=centre");

        assert_int_equal(int_at(&a, "total.figures.planned"), 2);
        answer_free(&a);
        a = api_get(&g.r, some[i], "/figures/rows?figure=held&from=2026-10");
        assert_int_equal(json_array_size(at(&a, "items")), 1);
        answer_free(&a);
        a = api_get(&g.r, none[i], "/figures?from=2026-10&by=centre");
        assert_int_equal(a.status, 200);
        assert_int_equal(int_at(&a, "total.figures.planned"), 0);
        answer_free(&a);
        a = api_get(&g.r, none[i], "/figures/rows?figure=held&from=2026-10");
        assert_int_equal(json_array_size(at(&a, "items")), 0);
        answer_free(&a);
    }
    api_refused(api_get(&g.r, STRANGER, "/figures"), 404, "not_found"); /* no mentor of a centre */
}

static void what_is_not_ones_own_is_not_there(void **state)
{
    struct org other = { .type = ORG_CENTRE, .code = "other", .name = "Other", .tz = "UTC" };
    struct org school = { .type = ORG_SCHOOL, .code = "far", .name = "Far", .tz = "UTC" };

    (void)state;
    api_stop(&g.r);
    assert_int_equal(org_save(g.r.w.db, &other, RIG_NOW, g.r.w.coordinator, &other.id), ERR_OK);
    school.parent = other.id;
    assert_int_equal(org_save(g.r.w.db, &school, RIG_NOW, g.r.w.coordinator, &school.id), ERR_OK);
    api_resume_at(&g.r, RIG_NOW);
    api_refused(api_get(&g.r, COORDINATOR, target("/figures?school=", school.id.v)), 404,
                "not_found");
    api_refused(api_get(&g.r, COORDINATOR, target("/figures?school=", g.r.w.centre.v)), 404,
                "not_found");
    api_refused(api_get(&g.r, COORDINATOR, "/figures?mentor=999999"), 404, "not_found");
    api_refused(api_get(&g.r, COORDINATOR, "/figures?subject=alchemy"), 404, "not_found");
    api_refused(api_get(&g.r, OFFICER, target("/figures?school=", g.r.w.schools[1].v)), 404,
                "not_found");
    api_refused(
        api_get(&g.r, OFFICER, target("/figures/rows?figure=held&school=", g.r.w.schools[1].v)),
        404, "not_found");
    api_refused(api_get(&g.r, MENTOR, target("/figures?mentor=", g.r.w.mentor_users[1].v)), 404,
                "not_found");
    api_expect(&g.r, OFFICER, "GET", target("/figures?school=", g.r.w.schools[0].v), NULL, 200);
    api_expect(&g.r, OFFICER, "GET", target("/figures?mentor=", g.r.w.mentor_users[1].v), NULL,
               200); /* of the same centre: nothing of it at this school */
    api_expect(&g.r, MENTOR, "GET", target("/figures?mentor=", g.r.w.mentor_users[0].v), NULL, 200);
}

static void narrowing_narrows(void **state)
{
    struct answer a;

    (void)state;
    a = api_get(&g.r, COORDINATOR, target("/figures?from=2026-10&school=", g.r.w.schools[1].v));
    assert_int_equal(int_at(&a, "total.figures.planned"), 0);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR,
                target("/figures?from=2026-10&mentor=", g.r.w.mentor_users[1].v));
    assert_int_equal(int_at(&a, "total.figures.planned"), 0);
    answer_free(&a);
    a = api_get(&g.r, COORDINATOR, "/figures?from=2026-10&subject=maths");
    assert_int_equal(int_at(&a, "total.figures.planned"), 2);
    answer_free(&a);
}

static void bad_questions_are_refused(void **state)
{
    static const char *const bad[] = {
        "/figures?from=2026-13",
        "/figures?from=2026-10&to=2026-09",
        "/figures?from=2025-10&to=2026-10",
        "/figures?to=11",
        "/figures?by=week",
        "/figures?school=0",
        "/figures?mentor=x",
        "/figures.csv?by=%ff",
        "/figures/rows",
        "/figures/rows?figure=everything",
        "/figures/rows?figure=held&limit=0",
        "/figures/rows?figure=held&cursor=-1",
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        api_refused(api_get(&g.r, COORDINATOR, bad[i]), 400, "bad_field");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(a_month_is_counted_by_school),
        T(every_axis_has_its_keys),
        T(the_definition_stands_beside_each_figure),
        T(a_number_opens_its_rows),
        T(everybody_sees_as_far_as_their_reach),
        T(what_is_not_ones_own_is_not_there),
        T(narrowing_narrows),
        T(bad_questions_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
