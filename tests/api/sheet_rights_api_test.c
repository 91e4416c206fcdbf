/* SPDX-License-Identifier: Apache-2.0
 *
 * Every endpoint of a mark sheet tried by every role in every relation to
 * the sheet: what the table of rights grants is answered, what it does not
 * is 403, and what a person may not know of is 404 (T1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/str.h"
#include "server/domain/access.h"
#include "tests/api/sheet_rig.h"

static struct sheet_rig s;

static const struct {
    enum who who;
    enum role role;
    struct relation to; /* the sheet of mentor 0 and child 0 */
} actors[] = {
    { CHILD, ROLE_CHILD, { .own = true } },
    { CHILD_2, ROLE_CHILD, { 0 } },
    { MENTOR, ROLE_MENTOR, { .own = true } },
    { MENTOR_2, ROLE_MENTOR, { 0 } },
    { STRANGER, ROLE_MENTOR, { 0 } },
    { GUARDIAN, ROLE_GUARDIAN, { .own_child = true } },
    { OFFICER, ROLE_SCHOOL_OFFICER, { .own_school = true } },
    { OFFICER_2, ROLE_SCHOOL_OFFICER, { 0 } },
    { COORDINATOR, ROLE_COORDINATOR, { .own_centre = true } },
    { ADMIN, ROLE_ADMIN, { 0 } },
};

#define NOTE "{\"note\":\"x\"}"

/* step: how far the sheet has come; see sheet_bring. */
static const struct {
    int step;
    const char *method, *rest, *body;
    enum right right;
    int success;
} actions[] = {
    { 1, "PUT", "/marks", SHEET_MARK_4, RIGHT_REPORT_EDIT, 200 },
    { 1, "POST", "/submit", NULL, RIGHT_REPORT_EDIT, 200 },
    { 2, "POST", "/return", NOTE, RIGHT_REPORT_DECIDE, 200 },
    { 2, "POST", "/accept", NULL, RIGHT_REPORT_DECIDE, 200 },
    { 3, "POST", "/open", NULL, RIGHT_REPORT_ACKNOWLEDGE, 200 },
    { 4, "GET", "", NULL, RIGHT_REPORT_VIEW, 200 },
    { 4, "GET", ".csv", NULL, RIGHT_REPORT_VIEW, 200 },
    { 4, "GET", ".pdf", NULL, RIGHT_REPORT_VIEW, 200 },
    { 4, "GET", ".xlsx", NULL, RIGHT_REPORT_VIEW, 200 },
    { 4, "POST", "/acknowledge", NULL, RIGHT_REPORT_ACKNOWLEDGE, 200 },
    { 4, "POST", "/correct", NOTE, RIGHT_REPORT_DECIDE, 201 },
};

static int expected(size_t action, size_t actor)
{
    enum role role = actors[actor].role;

    if (access_may(role, actions[action].right, actors[actor].to))
        return actions[action].success;
    return access_may(role, RIGHT_REPORT_VIEW, actors[actor].to)
               ? 403
               : api_hidden(role, actions[action].right);
}

static void try_one(size_t action, size_t actor)
{
    int want = expected(action, actor);
    struct answer got;

    got = sheet_ask(&s, actors[actor].who, actions[action].method, actions[action].rest,
                    actions[action].body);
    if (got.status != want)
        print_error("%s %s as %s: %d, the table says %d: %s\n", actions[action].method,
                    actions[action].rest, who_name(actors[actor].who), got.status, want,
                    got.body ? got.body : "");
    assert_int_equal(got.status, want);
    answer_free(&got);
    if (want < 400 && strcmp(actions[action].method, "GET") != 0) {
        sheet_rig_close(&s);
        sheet_rig_open(&s);
        sheet_bring(&s, actions[action].step);
    }
}

static void the_table_of_rights_decides(void **state)
{
    int step = -1;

    (void)state;
    sheet_rig_open(&s);
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (actions[i].step != step) {
            step = actions[i].step;
            sheet_rig_close(&s);
            sheet_rig_open(&s);
            sheet_bring(&s, step);
        }
        for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++)
            try_one(i, k);
    }
    sheet_rig_close(&s);
}

static void lists_open_for_the_roles_that_have_them(void **state)
{
    (void)state;
    sheet_rig_open(&s);
    for (size_t k = 0; k < sizeof actors / sizeof actors[0]; k++) {
        bool list = access_scope(actors[k].role, RIGHT_REPORT_LIST) != SCOPE_NONE;
        bool copies = access_scope(actors[k].role, RIGHT_REPORT_DECIDE) != SCOPE_NONE;

        api_expect(&s.g.r, actors[k].who, "GET", "/mark-sheets", NULL, list ? 200 : 403);
        api_expect(&s.g.r, actors[k].who, "GET", "/mark-sheet-deliveries", NULL,
                   copies ? 200 : 403);
    }
    api_expect(&s.g.r, NOBODY, "GET", "/mark-sheet-deliveries", NULL, 401);
    sheet_rig_close(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_of_rights_decides),
        cmocka_unit_test(lists_open_for_the_roles_that_have_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
