/* SPDX-License-Identifier: Apache-2.0
 *
 * A report on its way to the school: versions, frozen bytes, the copy. A
 * program that is killed in the middle leaves all of it or nothing, and what
 * waits is sent by the next round.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "server/store/delivery.h"
#include "tests/support/world.h"

#define NOW INT64_C(1796500000000) /* 5 December 2026 */

static const char pdf[] = "%PDF-1.7 the report";

static void ok(enum err e)
{
    assert_int_equal(e, ERR_OK);
}

static int setup(void **state)
{
    struct world *w = mem_zalloc(1, sizeof *w);

    world_open(w, NOW);
    *state = w;
    return 0;
}

static int teardown(void **state)
{
    world_close(*state);
    mem_free(*state);
    return 0;
}

static struct report_key key_of(struct world *w, int school)
{
    return (struct report_key){ .mentor = w->mentors[0],
                                .child = w->children[0],
                                .school = w->schools[school],
                                .year = 2026,
                                .month = 11 };
}

static struct doc_row row_of(struct world *w, int school)
{
    struct report_key key = key_of(w, school);
    struct doc_row d;

    ok(report_row_load(w->db, &key, 0, &d));
    return d;
}

/* Everything that an acceptance writes, up to the step named last. */
static void accept_until(struct world *w, int school, int last)
{
    struct report_key key = key_of(w, school);
    struct doc_row d;

    if (row_of(w, school).rev == 0)
        ok(report_row_make(w->db, &key, NOW, w->mentor_users[0]));
    d = row_of(w, school);
    if (last >= 1)
        ok(frozen_add(w->db, d.ref, "pdf", "ru", pdf, sizeof pdf, NOW, NULL));
    if (last >= 2)
        ok(delivery_queue(w->db, &d, w->schools[school], NOW));
    if (last >= 3)
        ok(doc_set_row(w->db, &d, FLOW_ROW_ACCEPTED, NOW));
    if (last >= 4)
        ok(doc_step_add(w->db, d.ref, DOC_STEP_ACCEPTED, NULL, NOW, w->coordinator));
}

static int send(struct world *w)
{
    int sent = -1;

    ok(db_begin(w->db));
    ok(delivery_send(w->db, NOW + 60000, 10, &sent));
    ok(db_commit(w->db));
    return sent;
}

static void killed(struct world *w)
{
    world_let_go(w);
    world_take_back(w);
}

static void what_a_killed_acceptance_wrote_is_gone(void **state)
{
    struct world *w = *state;

    for (int last = 0; last <= 4; last++) {
        ok(db_begin(w->db));
        accept_until(w, 0, last);
        killed(w); /* before the commit */
        assert_int_equal(world_number(w, "SELECT count(*) FROM month_report"), 0);
        assert_int_equal(world_number(w, "SELECT count(*) FROM frozen_body"), 0);
        assert_int_equal(world_number(w, "SELECT count(*) FROM delivery"), 0);
        assert_int_equal(world_number(w, "SELECT count(*) FROM report_step"), 0);
        assert_int_equal(send(w), 0);
    }
}

static void what_was_accepted_is_sent_after_a_kill(void **state)
{
    struct world *w = *state;
    struct delivery d;
    struct frozen f;

    ok(db_begin(w->db));
    accept_until(w, 0, 4);
    ok(db_commit(w->db));
    killed(w); /* before it was sent */
    ok(delivery_load(w->db, row_of(w, 0).ref, &d));
    assert_int_equal(d.sent_ms, 0);
    assert_int_equal(send(w), 1);
    assert_int_equal(send(w), 0); /* once */
    ok(delivery_load(w->db, d.ref, &d));
    assert_int_equal(d.sent_ms, NOW + 60000);
    ok(frozen_load(w->db, d.ref, "pdf", &f));
    assert_int_equal(f.len, sizeof pdf);
    assert_memory_equal(f.bytes, pdf, sizeof pdf);
    assert_memory_equal(f.sha256, d.sha256, sizeof d.sha256);
    mem_free(f.bytes);
}

static void a_copy_killed_while_being_sent_is_sent_again(void **state)
{
    struct world *w = *state;
    int sent;

    accept_until(w, 0, 4);
    ok(db_begin(w->db));
    ok(delivery_send(w->db, NOW, 10, &sent));
    assert_int_equal(sent, 1);
    killed(w);
    assert_int_equal(world_number(w, "SELECT count(*) FROM delivery WHERE sent_ms IS NULL"), 1);
    assert_int_equal(send(w), 1);
}

static void a_school_without_an_officer_waits_and_holds_up_nobody(void **state)
{
    struct world *w = *state;
    struct delivery_list l;

    accept_until(w, 1, 4); /* schools[1] has no officer in this world */
    accept_until(w, 0, 4);
    assert_int_equal(send(w), 1);
    ok(delivery_list_open(w->db, w->centre, &l));
    assert_int_equal(l.n, 2); /* one waits, one is not opened */
    assert_int_equal(l.items[0].sent_ms == 0, l.items[0].to_org.v == w->schools[1].v);
    delivery_list_free(&l);
}

static void bytes_that_are_not_the_accepted_ones_are_never_sent(void **state)
{
    struct world *w = *state;
    struct frozen f;

    accept_until(w, 0, 4);
    ok(db_script(w->db, "DROP TRIGGER frozen_body_no_update;"
                        "UPDATE frozen_body SET bytes = x'00'"));
    assert_int_equal(frozen_load(w->db, row_of(w, 0).ref, "pdf", &f), ERR_DB);
    assert_int_equal(send(w), 0);
}

static void opened_once_acknowledged_once(void **state)
{
    struct world *w = *state;
    struct delivery d;

    accept_until(w, 0, 4);
    ok(delivery_load(w->db, row_of(w, 0).ref, &d));
    assert_int_equal(delivery_acknowledge(w->db, d.id, NOW, w->officer), ERR_STATE); /* not sent */
    ok(delivery_load(w->db, d.ref, &d));
    assert_int_equal(d.opened_ms, 0);
    assert_int_equal(send(w), 1);
    ok(delivery_opened(w->db, d.id, NOW + 70000, w->officer));
    ok(delivery_opened(w->db, d.id, NOW + 90000, w->officer));
    ok(delivery_acknowledge(w->db, d.id, NOW + 95000, w->officer));
    assert_int_equal(delivery_acknowledge(w->db, d.id, NOW + 99000, w->officer), ERR_STATE);
    ok(delivery_load(w->db, d.ref, &d));
    assert_int_equal(d.opened_ms, NOW + 70000);
    assert_int_equal(d.ack_ms, NOW + 95000);
    assert_int_equal(d.ack_by.v, w->officer.v);
}

static void refused(struct world *w, const char *sql, const char *why)
{
    assert_int_equal(db_script(w->db, sql), ERR_STATE);
    assert_string_equal(db_refusal(w->db), why);
}

static void what_is_accepted_does_not_change(void **state)
{
    struct world *w = *state;
    struct doc_row d;

    accept_until(w, 0, 4);
    d = row_of(w, 0);
    assert_int_equal(d.row, FLOW_ROW_ACCEPTED);
    assert_int_equal(doc_set_row(w->db, &d, FLOW_ROW_RETURNED, NOW), ERR_STATE);
    refused(w, "UPDATE month_report SET progress = 'x'", "report_accepted");
    refused(w, "DELETE FROM month_report", "report_no_delete");
    refused(w, "UPDATE frozen_body SET locale = 'en'", "frozen_body_no_update");
    refused(w, "DELETE FROM frozen_body", "frozen_body_no_delete");
    refused(w, "UPDATE report_step SET note = 'x'", "report_step_no_update");
    refused(w, "DELETE FROM report_step", "report_step_no_delete");
    refused(w, "UPDATE delivery SET to_org = to_org + 1", "delivery_fixed");
    refused(w, "DELETE FROM delivery", "delivery_no_delete");
    assert_int_equal(send(w), 1);
    refused(w, "UPDATE delivery SET sent_ms = NULL", "delivery_fixed");
}

static void a_correction_is_the_next_version(void **state)
{
    struct world *w = *state;
    struct report_key key = key_of(w, 0);
    struct report_texts t = { .progress = "word" };
    struct doc_row first, second;

    ok(report_texts_save(w->db, &key, &t, NOW, w->mentor_users[0]));
    accept_until(w, 0, 4);
    first = row_of(w, 0);
    ok(report_row_correct(w->db, &first, NOW, w->coordinator));
    second = row_of(w, 0);
    assert_int_equal(second.version, 2);
    assert_int_equal(second.row, FLOW_ROW_DRAFT);
    ok(report_texts_load(w->db, &key, &t));
    assert_string_equal(t.progress, "word");
    assert_int_equal(report_row_correct(w->db, &second, NOW, w->coordinator), ERR_NOTFOUND);
    ok(report_row_load(w->db, &key, 1, &second));
    assert_int_equal(second.row, FLOW_ROW_ACCEPTED);
    assert_int_equal(report_row_load(w->db, &key, 3, &second), ERR_NOTFOUND);
}

static void a_wellbeing_note_is_a_row_of_its_own(void **state)
{
    struct world *w = *state;
    struct report_key key = key_of(w, 0);
    struct wellbeing_note n;

    ok(wellbeing_load(w->db, &key, &n));
    assert_null(n.text);
    ok(wellbeing_save(w->db, &key, "tired", 0, NOW, w->mentor_users[0]));
    assert_int_equal(wellbeing_save(w->db, &key, "other", 0, NOW, w->mentor_users[0]), ERR_STATE);
    ok(wellbeing_save(w->db, &key, "better", 1, NOW, w->mentor_users[0]));
    assert_int_equal(wellbeing_save(w->db, &key, "old", 1, NOW, w->mentor_users[0]), ERR_STATE);
    ok(wellbeing_load(w->db, &key, &n));
    assert_string_equal(n.text, "better");
    assert_int_equal(n.rev, 2);
    mem_free(n.text);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(what_a_killed_acceptance_wrote_is_gone),
        T(what_was_accepted_is_sent_after_a_kill),
        T(a_copy_killed_while_being_sent_is_sent_again),
        T(a_school_without_an_officer_waits_and_holds_up_nobody),
        T(bytes_that_are_not_the_accepted_ones_are_never_sent),
        T(opened_once_acknowledged_once),
        T(what_is_accepted_does_not_change),
        T(a_correction_is_the_next_version),
        T(a_wellbeing_note_is_a_row_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
