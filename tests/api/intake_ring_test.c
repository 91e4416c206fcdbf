/* SPDX-License-Identifier: Apache-2.0
 *
 * The desk and the keys of sealed columns: made once, beside the database, for
 * its owner alone, and never made anew while values of a lost key are there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/base/str.h"
#include "tests/api/intake_rig.h"

#define RING_BYTES 128

static char ring[128];

static int open_rig(void **state)
{
    intake_setup(state);
    assert_true(str_format(ring, sizeof ring, "%s.ring", intake.w.path));
    return 0;
}

static struct now no_clock(void)
{
    return (struct now){ .mono_us = 1, .unix_ms = RIG_NOW };
}

/* Opens a desk on the world's files as they are; closes it again. */
static enum err try_desk(const char *ring_path)
{
    struct mailbox net;
    struct desk *desk = NULL;
    struct desk_config config = { .db_path = intake.w.path,
                                  .key_path = intake.w.key_path,
                                  .ring_path = ring_path,
                                  .workers = 1,
                                  .to_net = &net,
                                  .clock = no_clock };
    enum err e;

    world_let_go(&intake.w);
    assert_int_equal(mailbox_init(&net, NULL, NULL), ERR_OK);
    e = desk_open(&desk, &config);
    if (!e)
        desk_close(desk);
    mailbox_deinit(&net);
    world_take_back(&intake.w);
    return e;
}

static void the_ring_is_made_beside_the_database(void **state)
{
    struct stat st;

    (void)state;
    assert_int_equal(stat(ring, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_true(st.st_size > 64 && st.st_size < RING_BYTES);
}

static void a_lost_ring_is_not_replaced_while_it_is_needed(void **state)
{
    (void)state;
    api_stop(&intake);
    assert_int_equal(unlink(ring), 0);
    assert_int_equal(try_desk(NULL), ERR_OK); /* nothing was sealed yet: a new one does no harm */
    assert_int_equal(access(ring, F_OK), 0);
    api_resume_at(&intake, RIG_NOW);
    (void)referral_draft(OFFICER, FULL);
    api_stop(&intake);
    assert_int_equal(unlink(ring), 0);
    assert_int_equal(try_desk(NULL), ERR_NOTFOUND);
    assert_int_equal(access(ring, F_OK), -1);
}

static void a_ring_that_others_may_read_is_refused(void **state)
{
    (void)state;
    api_stop(&intake);
    assert_int_equal(chmod(ring, 0644), 0);
    assert_int_equal(try_desk(NULL), ERR_DENIED);
}

static void the_ring_may_lie_elsewhere(void **state)
{
    (void)state;
    api_stop(&intake);
    assert_int_equal(unlink(ring), 0);
    assert_int_equal(try_desk(intake.w.key_path), ERR_PARSE); /* that is another kind of file */
    assert_int_equal(access(ring, F_OK), -1);
}

#define t(f) cmocka_unit_test_setup_teardown(f, open_rig, intake_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(the_ring_is_made_beside_the_database),
        t(a_lost_ring_is_not_replaced_while_it_is_needed),
        t(a_ring_that_others_may_read_is_refused),
        t(the_ring_may_lie_elsewhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
