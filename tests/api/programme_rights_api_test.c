/* SPDX-License-Identifier: Apache-2.0
 *
 * Every endpoint of programmes, weekly times and selection tried by every
 * role, each in every relation to the object: what the table of rights grants
 * is answered, what it does not is 403, and what a person may not know of is
 * 404 (T1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/domain/access.h"
#include "server/store/programme.h"
#include "server/store/selection.h"
#include "tests/api/api_rig.h"

static struct api_rig r;
static int64_t draft, proposed, assigned; /* of child 0, child 1, child 0 */

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static int64_t programme_of(int child)
{
    int64_t today = RIG_NOW / MS_PER_DAY, id;
    struct child_programme p = { .child = r.w.children[child],
                                 .days = { today + 1, today + 90 },
                                 .lines = { { r.w.subject, 0, 80, 800, 40 } },
                                 .lines_n = 1 };

    ok(child_programme_add(r.w.db, &p, RIG_NOW, r.w.stranger, &id)); /* nobody of those who try */
    return id;
}

static void setup(void)
{
    struct assignment a = { .reason = "x" };
    struct child_programme p;

    api_open(&r);
    draft = programme_of(0);
    proposed = programme_of(1);
    ok(child_programme_load(r.w.db, proposed, &p));
    ok(child_programme_move(r.w.db, &p, PROGRAMME_PROPOSED, "", RIG_NOW, r.w.stranger));
    a.child = r.w.children[0];
    a.mentor = r.w.mentors[1];
    ok(assignment_give(r.w.db, &a, RIG_NOW, r.w.coordinator, &assigned));
    ok(db_script(r.w.db,
                 "UPDATE child_programme SET rev = 1 WHERE state IN ('draft', 'proposed')"));
    api_start(&r);
}

/* child, other: to the children of the draft and of the proposal; mentor, school: to mentor 0 and
 * the first school */
static const struct trier {
    enum who who;
    enum role role;
    struct relation child, other, mentor, school;
} actors[] = {
    { CHILD, ROLE_CHILD, { .own = true }, { 0 }, { 0 }, { 0 } },
    { CHILD_2, ROLE_CHILD, { 0 }, { .own = true }, { 0 }, { 0 } },
    { MENTOR, ROLE_MENTOR, { .own = true }, { .own = true }, { .own = true }, { 0 } },
    { STRANGER, ROLE_MENTOR, { 0 }, { 0 }, { 0 }, { 0 } },
    { GUARDIAN, ROLE_GUARDIAN, { .own_child = true }, { 0 }, { 0 }, { 0 } },
    { OFFICER,
      ROLE_SCHOOL_OFFICER,
      { .own_school = true },
      { 0 },
      { .own_school = true },
      { .own_school = true } },
    { OFFICER_2,
      ROLE_SCHOOL_OFFICER,
      { 0 },
      { .own_school = true },
      { .own_school = true },
      { 0 } },
    { COORDINATOR,
      ROLE_COORDINATOR,
      { .own_centre = true },
      { .own_centre = true },
      { .own_centre = true },
      { .own_centre = true } },
    { ADMIN, ROLE_ADMIN, { 0 }, { 0 }, { 0 }, { 0 } },
};

/* %C child 0, %D the draft, %P the proposal, %A the assignment, %M mentor 0, %S the first school */
static const struct action {
    const char *method, *target, *body, *etag;
    enum right right, knows; /* who has not even this is told 404 */
    size_t of;               /* which relation */
    int success;
} actions[] = {
#define OF(who) offsetof(struct trier, who)
#define LINES                                                                                      \
    "{\"from\":\"2026-12-01\",\"to\":\"2027-01-31\",\"lines\":[{\"subject\":\"maths\","            \
    "\"week_minutes\":40,\"year_minutes\":400,\"lesson_minutes\":40}]}"
    { "GET", "/children/%C/programme", NULL, NULL, RIGHT_PROGRAMME_VIEW, RIGHT_CHILD_LIST,
      OF(child), 200 },
    { "POST", "/children/%C/programme", LINES, NULL, RIGHT_PROGRAMME_PROPOSE, RIGHT_CHILD_LIST,
      OF(child), 409 }, /* there is one: the right was there */
    { "PUT", "/child-programmes/%D", LINES, "\"v1\"", RIGHT_PROGRAMME_PROPOSE, RIGHT_PROGRAMME_VIEW,
      OF(child), 200 },
    { "POST", "/child-programmes/%D/propose", NULL, "\"v1\"", RIGHT_PROGRAMME_PROPOSE,
      RIGHT_PROGRAMME_VIEW, OF(child), 200 },
    { "POST", "/child-programmes/%P/approve", NULL, "\"v1\"", RIGHT_PROGRAMME_DECIDE,
      RIGHT_PROGRAMME_VIEW, OF(other), 200 },
    { "POST", "/child-programmes/%P/return", "{\"reason\":\"x\"}", "\"v1\"", RIGHT_PROGRAMME_DECIDE,
      RIGHT_PROGRAMME_VIEW, OF(other), 200 },
    { "GET", "/children/%C/hours", NULL, NULL, RIGHT_CHILD_HOURS_VIEW, RIGHT_CHILD_LIST, OF(child),
      200 },
    { "PUT", "/children/%C/hours", "{\"hours\":[]}", "\"v0\"", RIGHT_CHILD_HOURS_EDIT,
      RIGHT_CHILD_LIST, OF(child), 200 },
    { "GET", "/mentors/%M/hours", NULL, NULL, RIGHT_MENTOR_HOURS_VIEW, RIGHT_HIRING_VIEW,
      OF(mentor), 200 },
    { "PUT", "/mentors/%M/hours", "{\"hours\":[]}", "\"v0\"", RIGHT_MENTOR_HOURS_EDIT,
      RIGHT_HIRING_VIEW, OF(mentor), 200 },
    { "GET", "/schools/%S/calendar", NULL, NULL, RIGHT_CALENDAR_VIEW, RIGHT_CALENDAR_VIEW,
      OF(school), 200 },
    { "PUT", "/schools/%S/calendar", "{\"hours\":[],\"holidays\":[],\"terms\":[]}", "\"v0\"",
      RIGHT_CALENDAR_EDIT, RIGHT_CALENDAR_VIEW, OF(school), 200 },
    { "GET", "/children/%C/candidates", NULL, NULL, RIGHT_CANDIDATES_VIEW, RIGHT_CHILD_LIST,
      OF(child), 200 },
    { "POST", "/children/%C/assignments", "{\"mentor\":%M,\"role\":\"lead\",\"reason\":\"x\"}",
      NULL, RIGHT_ASSIGNMENT_EDIT, RIGHT_CHILD_LIST, OF(child), 409 }, /* there is one */
    { "POST", "/assignments/%A/end", "{\"reason\":\"x\"}", NULL, RIGHT_ASSIGNMENT_EDIT,
      RIGHT_ASSIGNMENT_EDIT, OF(child), 200 },
};

static const char *fill(const char *pattern, char *out, size_t cap)
{
    const char *at = pattern ? strchr(pattern, '%') : NULL;
    int64_t id;

    if (!at)
        return pattern;
    id = at[1] == 'C'   ? r.w.child_users[0].v
         : at[1] == 'D' ? draft
         : at[1] == 'P' ? proposed
         : at[1] == 'A' ? assigned
         : at[1] == 'M' ? r.w.mentor_users[0].v
                        : r.w.schools[0].v;
    assert_true(
        str_format(out, cap, "%.*s%lld%s", (int)(at - pattern), pattern, (long long)id, at + 2));
    return out;
}

static struct answer try(const struct action *a, enum who who)
{
    char target[96], body[256];

    return api_ask(&r, who, a->method, fill(a->target, target, sizeof target), a->etag, NULL,
                   fill(a->body, body, sizeof body));
}

static void try_one(const struct action *a, const struct trier *who)
{
    struct relation to = *(const struct relation *)(const void *)((const char *)who + a->of);
    int want = !access_may(who->role, a->knows, to)  ? api_hidden(who->role, a->right)
               : access_may(who->role, a->right, to) ? a->success
                                                     : 403;
    struct answer got = try(a, who->who);

    if (got.status != want)
        print_error("%s %s as %s: %d, the table says %d: %s\n", a->method, a->target,
                    who_name(who->who), got.status, want, got.body ? got.body : "");
    assert_int_equal(got.status, want);
    answer_free(&got);
    /* A refused or reading try leaves the world as it was, so the next one meets the same. */
    if (want < 400 && strcmp(a->method, "GET") != 0) {
        api_close(&r);
        setup();
    }
}

static void the_table_of_rights_decides(void **state)
{
    (void)state;
    setup();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++)
            try_one(&actions[i], &actors[k]);
    api_close(&r);
}

static void lists_open_for_the_roles_that_have_them(void **state)
{
    static const char programme[] = "{\"subject\":\"maths\",\"grade\":3,\"title\":\"Plan\","
                                    "\"week_minutes\":80,\"year_minutes\":2400,\"topics\":[]}";
    static const struct {
        const char *method, *target, *body;
        enum right right;
        int success;
    } pages[] = {
        { "GET", "/programmes", NULL, RIGHT_PROGRAMME_VIEW, 200 },
        { "POST", "/programmes", programme, RIGHT_PROGRAMME_DECIDE, 201 },
        { "GET", "/programmes/1", NULL, RIGHT_PROGRAMME_VIEW, 200 },
        { "GET", "/programme-approvals", NULL, RIGHT_PROGRAMME_DECIDE, 200 },
        { "GET", "/children-without-mentor", NULL, RIGHT_CANDIDATES_VIEW, 200 },
        { "GET", "/children-without-peers", NULL, RIGHT_CANDIDATES_VIEW, 200 },
    };

    (void)state;
    setup();
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
            bool may = access_scope(actors[k].role, pages[i].right) != SCOPE_NONE;

            api_expect(&r, actors[k].who, pages[i].method, pages[i].target, pages[i].body,
                       may ? pages[i].success : 403);
        }
        api_refused(
            api_ask(&r, NOBODY, pages[i].method, pages[i].target, NULL, NULL, pages[i].body), 401,
            "no_login");
    }
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
        api_refused(try(&actions[i], NOBODY), 401, "no_login");
    api_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_rights_decides),
        cmocka_unit_test(lists_open_for_the_roles_that_have_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
