/* SPDX-License-Identifier: Apache-2.0
 *
 * Organisations as rows (item 1): a code is one organisation's, the tree of
 * organisations has no circle, and none goes away while rows speak of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/str.h"
#include "tests/support/world.h"

#define NOW INT64_C(1790000000000)
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

static enum err save(struct org *o)
{
    return org_save(w.db, o, NOW, w.coordinator, &o->id);
}

static struct org org_under(const char *code, struct org_id parent)
{
    struct org o = { .type = ORG_PROVIDER, .parent = parent };

    assert_true(str_copy(o.code, sizeof o.code, code));
    assert_true(str_copy(o.name, sizeof o.name, code));
    assert_true(str_copy(o.tz, sizeof o.tz, "Europe/Moscow"));
    return o;
}

static void a_code_is_taken_once(void **state)
{
    struct org there, o, read;

    (void)state;
    ok(org_load(w.db, w.schools[0], &there));
    o = org_under(there.code, w.centre);
    assert_int_equal(save(&o), ERR_STATE);
    assert_int_equal(o.id.v, 0);
    o = org_under("club", w.centre);
    ok(save(&o));
    assert_true(str_copy(o.code, sizeof o.code, there.code));
    assert_int_equal(save(&o), ERR_STATE);
    ok(org_load(w.db, o.id, &read));
    assert_string_equal(read.code, "club");
}

static void the_tree_has_no_circle(void **state)
{
    struct org a = org_under("a", w.centre), b, c, centre, read;

    (void)state;
    ok(save(&a));
    b = org_under("b", a.id);
    ok(save(&b));
    c = org_under("c", b.id);
    ok(save(&c));
    ok(org_load(w.db, w.centre, &centre));
    centre.parent = c.id;
    assert_int_equal(save(&centre), ERR_STATE); /* four in a circle */
    a.parent = b.id;
    assert_int_equal(save(&a), ERR_STATE);
    a.parent = a.id;
    assert_int_equal(save(&a), ERR_STATE);
    a.parent.v = 999;
    assert_int_equal(save(&a), ERR_STATE); /* under nobody who is there */
    ok(org_load(w.db, a.id, &read));
    assert_int_equal(read.parent.v, w.centre.v);
    c.parent = a.id; /* another place in the same tree is none */
    ok(save(&c));
    ok(org_load(w.db, c.id, &read));
    assert_int_equal(read.parent.v, a.id.v);
}

static void refuses(const char *sql)
{
    assert_int_equal(db_script(w.db, sql), ERR_STATE);
    assert_string_equal(db_refusal(w.db), "foreign_key");
}

static void none_goes_while_rows_speak_of_it(void **state)
{
    (void)state;
    refuses("DELETE FROM org WHERE id = (SELECT org_school FROM child LIMIT 1)");
    refuses("DELETE FROM org WHERE type = 'centre'");
    assert_int_equal(world_number(&w, "SELECT count(*) FROM org"), 1 + WORLD_PEOPLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        t(a_code_is_taken_once),
        t(the_tree_has_no_circle),
        t(none_goes_while_rows_speak_of_it),
#undef t
    };

    return cmocka_run_group_tests_name("organisations", tests, NULL, NULL);
}
