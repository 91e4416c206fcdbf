/* SPDX-License-Identifier: Apache-2.0
 *
 * Every endpoint of intake tried by every role, each in every relation to the
 * object: what the table of rights grants is answered, what it does not is
 * 403, and what a person may not know of is 404 (T1).
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
#include "server/store/casefile.h"
#include "server/store/need_return.h"
#include "tests/api/api_rig.h"

static struct api_rig r;

/* Of the first school: a draft, a submitted one, one in the coordinator's review; a return. */
static struct referral_id draft, submitted, reviewed;
static int64_t need;

#define TODAY (RIG_NOW / MS_PER_DAY)

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static struct referral_id referral(const char *name)
{
    struct medical_basis b = { TODAY - 1, TODAY - 1, TODAY + 90 };
    struct recommendation l = { .issued_day = TODAY - 1,
                                .from_day = TODAY - 1,
                                .to_day = TODAY + 90 };
    struct user_id writer = r.w.guardian; /* nobody of those who try */
    struct referral_id id;
    struct referral full;
    int64_t row;

    ok(referral_add(r.w.db, r.w.schools[0], r.w.centre, RIG_NOW, writer, &id));
    ok(referral_load(r.w.db, id, &full));
    assert_true(str_copy(full.child_name, sizeof full.child_name, name));
    assert_true(str_copy(full.guardian_name, sizeof full.guardian_name, "x"));
    assert_true(str_copy(full.guardian_phone, sizeof full.guardian_phone, "1"));
    full.birth_day = TODAY - 3650;
    full.grade = 4;
    full.application_day = full.consent_day = TODAY;
    ok(referral_save(r.w.db, &full, writer));
    ok(basis_save(r.w.db, id, &b, RIG_NOW, writer, &row));
    ok(recommendation_save(r.w.db, id, &l, RIG_NOW, writer, &row));
    return id;
}

static void move(struct referral_id id, enum referral_move m, enum referral_state to,
                 struct user_id by)
{
    struct referral_change c = { .move = m, .to = to };
    struct referral full;

    ok(referral_load(r.w.db, id, &full));
    ok(referral_change(r.w.db, &full, &c, RIG_NOW, by));
}

/* Whatever the numbers of changes were, "v1" is the version that every try names. */
static void first_versions(void)
{
    ok(db_script(r.w.db, "UPDATE referral SET rev = 1"));
}

static void setup(void)
{
    struct need_return n = { .period = "2026-11", .count = 5 };

    api_open(&r);
    draft = referral("Первый");
    submitted = referral("Второй");
    move(submitted, MOVE_SUBMIT, REFERRAL_SUBMITTED, r.w.guardian);
    reviewed = referral("Третий");
    move(reviewed, MOVE_SUBMIT, REFERRAL_SUBMITTED, r.w.guardian);
    move(reviewed, MOVE_TAKE, REFERRAL_UNDER_REVIEW, r.w.coordinator);
    n.school = r.w.schools[0];
    ok(need_return_save(r.w.db, &n, RIG_NOW, r.w.officer, &need));
    ok(case_open(r.w.db, r.w.children[0], reviewed, RIG_NOW));
    first_versions();
    api_start(&r);
}

static const struct {
    enum who who;
    enum role role;
    struct relation child, referral; /* to child 0 and to what its school wrote */
} actors[] = {
    { CHILD, ROLE_CHILD, { .own = true }, { 0 } },
    { CHILD_2, ROLE_CHILD, { 0 }, { 0 } },
    { MENTOR, ROLE_MENTOR, { .own = true }, { 0 } },
    { STRANGER, ROLE_MENTOR, { 0 }, { 0 } },
    { GUARDIAN, ROLE_GUARDIAN, { .own_child = true }, { 0 } },
    { OFFICER, ROLE_SCHOOL_OFFICER, { .own_school = true }, { .own_school = true } },
    { OFFICER_2, ROLE_SCHOOL_OFFICER, { 0 }, { 0 } },
    { COORDINATOR, ROLE_COORDINATOR, { .own_centre = true }, { .own_centre = true } },
    { ADMIN, ROLE_ADMIN, { 0 }, { 0 } },
};

/* %D draft, %S submitted, %R reviewed, %N return, %C child */
struct action {
    const char *method, *target, *body;
    enum right right;
    enum right knows; /* who has not even this may not know of it */
    bool of_child;
    int success;
};

#define KNOWS RIGHT_REFERRAL_VIEW
#define WHOLE RIGHT_REFERRAL_WRITE /* a draft is known to its school alone */

static const struct action actions[] = {
    { "PUT", "/need-returns/%N", "{\"count\":6}", RIGHT_NEED_RETURN_EDIT, RIGHT_NEED_RETURN_VIEW,
      false, 200 },
    { "GET", "/referrals/%S", NULL, RIGHT_REFERRAL_VIEW, KNOWS, false, 200 },
    { "GET", "/referrals/%D", NULL, RIGHT_REFERRAL_VIEW, WHOLE, false, 200 },
    { "PATCH", "/referrals/%D", "{\"grade\":5}", RIGHT_REFERRAL_WRITE, WHOLE, false, 200 },
    { "POST", "/referrals/%D/submit", NULL, RIGHT_REFERRAL_WRITE, WHOLE, false, 200 },
    { "POST", "/referrals/%S/withdraw", "{\"reason\":\"x\"}", RIGHT_REFERRAL_WRITE, KNOWS, false,
      200 },
    { "POST", "/referrals/%S/take", NULL, RIGHT_REFERRAL_REVIEW, KNOWS, false, 200 },
    { "POST", "/referrals/%S/ask", "{\"items\":[\"basis\"]}", RIGHT_REFERRAL_REVIEW, KNOWS, false,
      200 },
    { "POST", "/referrals/%R/decide", "{\"decision\":\"accepted\",\"reason\":\"x\"}",
      RIGHT_REFERRAL_REVIEW, KNOWS, false, 200 },
    { "POST", "/referrals/%S/medical", "{\"why\":\"review\"}", RIGHT_MEDICAL_READ, KNOWS, false,
      200 },
    { "GET", "/children/%C/limits", NULL, RIGHT_LIMITS_VIEW, RIGHT_CHILD_LIST, true, 200 },
    { "GET", "/children/%C/case", NULL, RIGHT_CASE_VIEW, RIGHT_CHILD_LIST, true, 200 },
    { "POST", "/children/%C/sign-in-link", "{\"for\":\"child\"}", RIGHT_LINK_ISSUE,
      RIGHT_CHILD_LIST, true, 201 },
    { "POST", "/children/%C/case/close", "{\"reason\":\"left\"}", RIGHT_CASE_CLOSE,
      RIGHT_CHILD_LIST, true, 200 },
};

static void fill(const char *pattern, char *out, size_t cap)
{
    const char *at = strchr(pattern, '%');
    int64_t id = 0;

    assert_non_null(at);
    switch (at[1]) {
    case 'D':
        id = draft.v;
        break;
    case 'S':
        id = submitted.v;
        break;
    case 'R':
        id = reviewed.v;
        break;
    case 'N':
        id = need;
        break;
    case 'C':
        id = r.w.child_users[0].v;
        break;
    default:
        fail_msg("unknown letter");
    }
    assert_true(
        str_format(out, cap, "%.*s%lld%s", (int)(at - pattern), pattern, (long long)id, at + 2));
}

static void try_one(const struct action *a, size_t actor)
{
    struct relation to = a->of_child ? actors[actor].child : actors[actor].referral;
    enum role role = actors[actor].role;
    bool knows = access_may(role, a->knows, to);
    int want = !knows                           ? api_hidden(role, a->right)
               : access_may(role, a->right, to) ? a->success
                                                : 403;
    char target[96];
    struct answer got;

    fill(a->target, target, sizeof target);
    got = api_ask(&r, actors[actor].who, a->method, target, "\"v1\"", NULL, a->body);
    if (got.status != want)
        print_error("%s %s as %s: %d, the table says %d: %s\n", a->method, a->target,
                    who_name(actors[actor].who), got.status, want, got.body ? got.body : "");
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
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++)
            try_one(&actions[i], k);
    }
    api_close(&r);
}

/* Lists, and what makes something new: they belong to no single object. */
static void lists_and_creations_open_for_the_roles_that_have_them(void **state)
{
    static const struct {
        const char *method, *target, *body;
        enum right right;
        int success;
    } pages[] = {
        { "GET", "/need-returns", NULL, RIGHT_NEED_RETURN_VIEW, 200 },
        { "POST", "/need-returns", "{\"period\":\"2026-11\",\"count\":1}", RIGHT_NEED_RETURN_EDIT,
          409 }, /* it has been returned, or is below: the right was there */
        { "GET", "/referrals", NULL, RIGHT_REFERRAL_VIEW, 200 },
        { "POST", "/referrals", "{}", RIGHT_REFERRAL_WRITE, 201 },
        { "GET", "/intake/queue", NULL, RIGHT_REFERRAL_REVIEW, 200 },
        { "GET", "/intake/decisions", NULL, RIGHT_REFERRAL_REVIEW, 200 },
        { "GET", "/child-register", NULL, RIGHT_CHILD_REGISTER, 200 },
    };

    (void)state;
    setup();
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
            bool may = access_scope(actors[k].role, pages[i].right) != SCOPE_NONE;

            /* the second school has returned nothing and may do so */
            int want = !may                                                    ? 403
                       : pages[i].success == 409 && actors[k].who == OFFICER_2 ? 201
                                                                               : pages[i].success;

            api_expect(&r, actors[k].who, pages[i].method, pages[i].target, pages[i].body, want);
        }
        api_refused(
            api_ask(&r, NOBODY, pages[i].method, pages[i].target, NULL, NULL, pages[i].body), 401,
            "no_login");
    }
    api_close(&r);
}

static void nobody_is_let_in_anywhere(void **state)
{
    (void)state;
    setup();
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        char target[96];

        fill(actions[i].target, target, sizeof target);
        api_refused(api_ask(&r, NOBODY, actions[i].method, target, "\"v1\"", NULL, actions[i].body),
                    401, "no_login");
    }
    api_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_rights_decides),
        cmocka_unit_test(lists_and_creations_open_for_the_roles_that_have_them),
        cmocka_unit_test(nobody_is_let_in_anywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
