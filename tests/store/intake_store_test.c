/* SPDX-License-Identifier: Apache-2.0
 *
 * Referrals and their papers: what is remembered, what the database refuses by
 * itself, who reads a medical word.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/audit.h"
#include "server/store/need_return.h"
#include "tests/store/intake_rows.h"

static void what_is_written_is_read(void **state)
{
    struct world *w = *state;
    struct recommendation want = limits(), got;
    struct referral r = loaded(w, draft(w, "Лиза Лис"));
    struct referral_content c = referral_content_of(&r);
    struct intake_policy p = intake_policy_default();

    assert_string_equal(r.child_name, "Лиза Лис");
    assert_int_equal(r.birth_day, TODAY - 3650);
    assert_int_equal(r.state, REFERRAL_DRAFT);
    assert_int_equal(r.rev, 2);
    assert_int_equal(r.created_by.v, w->officer.v);
    assert_int_equal(r.first_ms, 0);
    assert_int_equal(r.basis.basis.to_day, TODAY + 100);
    got = r.recommendation.limits;
    assert_int_equal(got.lesson_minutes, want.lesson_minutes);
    assert_int_equal(got.lessons_per_day, want.lessons_per_day);
    assert_int_equal(got.lessons_per_week, want.lessons_per_week);
    assert_int_equal(got.screen_minutes, want.screen_minutes);
    assert_int_equal(got.from_minute, want.from_minute);
    assert_int_equal(got.to_minute, want.to_minute);
    assert_int_equal(got.rest_weekdays, want.rest_weekdays);
    assert_int_equal(got.equipment, want.equipment);
    assert_true(got.camera_allowed);
    assert_int_equal(got.from_day, want.from_day);
    assert_int_equal(got.to_day, want.to_day);
    assert_int_equal(got.issued_day, want.issued_day);
    assert_int_equal(referral_missing(&c, TODAY, &p), 0);
}

static void an_empty_draft_lacks_everything(void **state)
{
    struct world *w = *state;
    struct intake_policy p = intake_policy_default();
    struct referral_content c;
    struct referral_id id;
    struct referral r;
    bool wrote = false;

    ok(referral_add(w->db, w->schools[0], w->centre, NOW, w->officer, &id));
    r = loaded(w, id);
    c = referral_content_of(&r);
    ok(referral_wrote(w->db, id, w->officer, &wrote));
    assert_true(wrote);
    assert_int_equal(r.basis.paper.id, 0);
    assert_int_equal(referral_missing(&c, TODAY, &p), (1u << ITEM_BASIS_SCAN) - 1);
    assert_int_equal(referral_load(w->db, (struct referral_id){ 99 }, &r), ERR_NOTFOUND);
}

static void a_referral_keeps_its_way(void **state)
{
    struct world *w = *state;
    struct referral_id id = draft(w, "Лиза Лис");
    struct referral_change ask = { .move = MOVE_ASK,
                                   .to = REFERRAL_INCOMPLETE,
                                   .asked_items = 1u << ITEM_BASIS,
                                   .asked_note = "second page" };
    struct referral r;

    ok(move(w, id, SUBMIT, NOW, w->officer));
    ok(move(w, id, TAKE, NOW + DAY, w->coordinator));
    r = loaded(w, id);
    assert_int_equal(r.state, REFERRAL_UNDER_REVIEW);
    assert_int_equal(r.reviewer.v, w->coordinator.v);
    ok(move(w, id, ask, NOW + 2 * DAY, w->coordinator));
    r = loaded(w, id);
    assert_int_equal(r.state, REFERRAL_INCOMPLETE);
    assert_int_equal(r.reviewer.v, 0);
    assert_int_equal(r.asked_items, 1u << ITEM_BASIS);
    assert_string_equal(r.asked_note, "second page");
    ok(move(w, id, SUBMIT, NOW + 3 * DAY, w->officer));
    r = loaded(w, id);
    assert_int_equal(r.first_ms, NOW); /* its days go on */
    assert_int_equal(r.asked_items, 0);
    assert_string_equal(r.asked_note, "");
    ok(move(w, id, TAKE, NOW + 4 * DAY, w->coordinator));
    ok(move(w, id, REFUSE, NOW + 5 * DAY, w->coordinator));
    r = loaded(w, id);
    assert_int_equal(r.state, REFERRAL_REFUSED);
    assert_string_equal(r.refusal, "no_ground");
    assert_int_equal(r.closed_ms, NOW + 5 * DAY);
    assert_int_equal(r.decided_by.v, w->coordinator.v);
    assert_int_equal(world_number(w, "SELECT count(*) FROM referral_step"), 6);
    assert_int_equal(world_number(w, "SELECT count(*) FROM referral_step WHERE from_state = "
                                     "'under_review' AND to_state = 'incomplete'"),
                     1);
    refuses(w, "UPDATE referral_step SET to_state = 'accepted'", "referral_step_no_update");
    refuses(w, "DELETE FROM referral_step", "referral_step_no_delete");
}

static void the_database_itself_keeps_authors_out_of_the_review(void **state)
{
    struct world *w = *state;
    struct referral_id id = draft(w, "Лиза Лис");
    bool wrote = false;

    ok(move(w, id, SUBMIT, NOW, w->officer));
    ok(referral_wrote(w->db, id, w->officer, &wrote));
    assert_true(wrote);
    ok(referral_wrote(w->db, id, w->coordinator, &wrote));
    assert_false(wrote);
    assert_int_equal(move(w, id, TAKE, NOW, w->officer), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "own_referral");
    ok(move(w, id, TAKE, NOW, w->coordinator));
    assert_int_equal(move(w, id, REFUSE, NOW, w->officer), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "own_referral");
    refuses(w, "DELETE FROM referral_author", "referral_author_no_delete");
    refuses(w, "UPDATE referral_author SET user_id = 1", "referral_author_no_update");
}

static void what_is_decided_stays(void **state)
{
    struct world *w = *state;
    struct referral_id id = under_review(w, "Лиза Лис");
    struct referral r;

    ok(move(w, id, REFUSE, NOW, w->coordinator));
    r = loaded(w, id);
    assert_int_equal(referral_save(w->db, &r, w->officer), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "referral_closed");
    refuses(w, "UPDATE referral SET state = 'submitted'", "referral_closed");
    refuses(w, "DELETE FROM referral", "referral_no_delete");
    refuses(w, "DELETE FROM medical_basis", "paper_no_delete");
    refuses(w, "DELETE FROM recommendation", "paper_no_delete");
}

static void papers_are_not_exchanged_behind_the_schools_back(void **state)
{
    struct world *w = *state;
    struct referral_id id = under_review(w, "Лиза Лис"), bare;
    struct medical_basis b = basis();
    struct recommendation l = limits();
    int64_t paper;

    b.to_day++;
    assert_int_equal(basis_save(w->db, id, &b, NOW, w->officer, &paper), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "paper_fixed");
    l.lesson_minutes++;
    assert_int_equal(recommendation_save(w->db, id, &l, NOW, w->officer, &paper), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "paper_fixed");
    ok(referral_add(w->db, w->schools[0], w->centre, NOW, w->officer, &bare));
    ok(move(w, bare, SUBMIT, NOW, w->officer));
    assert_int_equal(basis_save(w->db, bare, &b, NOW, w->officer, &paper), ERR_STATE);
    assert_int_equal(recommendation_save(w->db, bare, &l, NOW, w->officer, &paper), ERR_STATE);
}

static void half_a_state_is_refused(void **state)
{
    struct world *w = *state;

    draft(w, "Лиза Лис");
    refuses(w, "UPDATE medical_basis SET to_date = '2000-01-01'", "check");
    refuses(w, "UPDATE recommendation SET to_minute = 600", "check");
    refuses(w, "UPDATE recommendation SET sealed = x'00'", "check"); /* no sealed value */
    under_review(w, "Лиза Лис");
    refuses(w, "UPDATE referral SET reviewer = NULL", "check");
    refuses(w, "UPDATE referral SET state = 'accepted'", "check");  /* no child */
    refuses(w, "UPDATE referral SET state = 'refused'", "check");   /* no reason */
    refuses(w, "UPDATE referral SET state = 'withdrawn'", "check"); /* no time */
    refuses(w, "UPDATE referral SET state = 'draft'", "check");     /* was submitted */
    refuses(w, "UPDATE referral SET grade = 12", "check");
    refuses(w, "UPDATE referral SET birth_date = '9 May'", "check");
}

static void lists_are_oldest_first(void **state)
{
    struct world *w = *state;
    struct referral_filter f = { .centre = w->centre, .states = ~0u, .max = 10 };
    struct referral_id a = draft(w, "А"), b = draft(w, "Б"), c = draft(w, "В");
    struct referral_list l;

    ok(move(w, b, SUBMIT, NOW + 5, w->officer));
    ok(move(w, c, SUBMIT, NOW, w->officer));
    ok(referral_list(w->db, &f, &l));
    assert_int_equal(l.n, 3);
    assert_int_equal(l.items[0].id.v, c.v);
    assert_int_equal(l.items[1].id.v, b.v);
    assert_int_equal(l.items[2].id.v, a.v); /* drafts last */
    assert_int_equal(l.items[0].basis.basis.to_day, TODAY + 100);
    referral_list_free(&l);
    f.states = 1u << REFERRAL_SUBMITTED;
    f.first = 1;
    ok(referral_list(w->db, &f, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].id.v, b.v);
    referral_list_free(&l);
    f.first = 0;
    f.school = w->schools[1];
    ok(referral_list(w->db, &f, &l));
    assert_int_equal(l.n, 0);
    referral_list_free(&l);
    ok(move(w, b, TAKE, NOW + 9, w->coordinator));
    ok(move(w, b, WITHDRAW, NOW + 10, w->officer));
    f.school.v = 0;
    for (int s = 0; s < REFERRAL_STATE_COUNT; s++) {
        f.states = 1u << s;
        ok(referral_list(w->db, &f, &l));
        assert_int_equal(l.n,
                         s == REFERRAL_DRAFT || s == REFERRAL_SUBMITTED || s == REFERRAL_WITHDRAWN);
        assert_true(l.n == 0 || l.items[0].state == (enum referral_state)s);
        referral_list_free(&l);
    }
}

/* ---- medical words ---------------------------------------------------------------------- */

static void each_read_of_a_medical_word_is_audited(void **state)
{
    struct world *w = *state;
    struct referral_id id = under_review(w, "Лиза Лис");
    struct seal_ring ring = one_key();
    struct referral r = loaded(w, id);
    int64_t rows[MEDICAL_COUNT] = { r.basis.paper.id, r.recommendation.paper.id, id.v };
    struct audit_list l;

    for (int m = 0; m < MEDICAL_COUNT; m++) {
        struct seal_place at = { medical_table((enum medical)m), "sealed", rows[m] };
        uint8_t *value;
        size_t len, n;
        char *text;

        set_words(w, &ring, (enum medical)m, rows[m]);
        ok(medical_read(w->db, (enum medical)m, rows[m], w->coordinator, "review", NOW + m, &value,
                        &len));
        ok(seal_open(&ring, &at, value, len, &text, &n));
        assert_string_equal(text, WORDS);
        seal_text_free(text, n);
        mem_free(value);
        ok(audit_list(w->db, 0, 1, &l));
        assert_string_equal(l.items[0].action, "medical.read");
        assert_string_equal(l.items[0].entity, medical_table((enum medical)m));
        assert_int_equal(l.items[0].entity_id, rows[m]);
        assert_int_equal(l.items[0].actor.v, w->coordinator.v);
        assert_int_equal(l.items[0].at_ms, NOW + m);
        assert_string_equal(l.items[0].before, "");
        assert_string_equal(l.items[0].after, "review");
        audit_list_free(&l);
    }
    r = loaded(w, id);
    assert_true(r.basis.paper.sealed && r.recommendation.paper.sealed && r.reason_sealed);
}

static void a_word_without_its_audit_row_is_not_given(void **state)
{
    struct world *w = *state;
    struct referral r = loaded(w, under_review(w, "Лиза Лис"));
    struct seal_ring ring = one_key();
    uint8_t *value = NULL;
    size_t len = 0;

    set_words(w, &ring, MEDICAL_BASIS, r.basis.paper.id);
    ok(db_script(w->db, "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN "
                        "SELECT RAISE(ABORT, 'full'); END"));
    assert_int_equal(medical_read(w->db, MEDICAL_BASIS, r.basis.paper.id, w->coordinator, "review",
                                  NOW, &value, &len),
                     ERR_STATE);
    assert_null(value);
    ok(db_script(w->db, "DROP TRIGGER full"));
    assert_int_equal(
        medical_read(w->db, MEDICAL_BASIS, 99, w->coordinator, "review", NOW, &value, &len),
        ERR_NOTFOUND);
    /* words that are not there are no words, and asking is written down too */
    ok(medical_read(w->db, MEDICAL_RECOMMENDATION, r.recommendation.paper.id, w->coordinator,
                    "review", NOW, &value, &len));
    assert_null(value);
}

/* True if the bytes stand in the file. */
static bool in_file(const char *path, const char *bytes)
{
    static char block[4 * 1024 * 1024];
    FILE *f = fopen(path, "rb");
    size_t n;

    if (!f)
        return false;
    n = fread(block, 1, sizeof block, f);
    fclose(f);
    return memmem(block, n, bytes, strlen(bytes)) != NULL;
}

static void no_medical_word_stands_in_the_file(void **state)
{
    struct world *w = *state;
    struct referral r = loaded(w, under_review(w, "Лиза Лис"));
    struct seal_ring ring = one_key();
    char wal[128];

    set_words(w, &ring, MEDICAL_BASIS, r.basis.paper.id);
    assert_true(str_format(wal, sizeof wal, "%s-wal", w->path));
    assert_true(in_file(wal, "Лиза Лис") || in_file(w->path, "Лиза Лис")); /* the look finds */
    assert_false(in_file(wal, "J45"));
    assert_false(in_file(w->path, "J45"));
}

static void a_new_paper_drops_the_old_words(void **state)
{
    struct world *w = *state;
    struct referral_id id = draft(w, "Лиза Лис");
    struct referral r = loaded(w, id);
    struct seal_ring ring = one_key();
    struct medical_basis b = basis();
    bool kept = true;
    int64_t again;

    ok(medical_kept(w->db, &kept));
    assert_false(kept);
    set_words(w, &ring, MEDICAL_BASIS, r.basis.paper.id);
    ok(medical_kept(w->db, &kept));
    assert_true(kept);
    ok(basis_save(w->db, id, &b, NOW, w->officer, &again));
    assert_int_equal(again, r.basis.paper.id);
    assert_false(loaded(w, id).basis.paper.sealed);
}

static void any_sealed_value_needs_its_key(void **state)
{
    struct world *w = *state;
    struct seal_ring ring = one_key();

    for (int m = 0; m < MEDICAL_COUNT; m++) {
        struct referral_id id = draft(w, "Лиза Лис");
        struct referral r = loaded(w, id);
        int64_t rows[MEDICAL_COUNT] = { r.basis.paper.id, r.recommendation.paper.id, id.v };
        bool kept = true;

        ok(medical_kept(w->db, &kept));
        assert_false(kept);
        set_words(w, &ring, (enum medical)m, rows[m]);
        ok(medical_kept(w->db, &kept));
        assert_true(kept);
        ok(db_script(w->db, "UPDATE medical_basis SET sealed = NULL; UPDATE recommendation SET "
                            "sealed = NULL; UPDATE referral SET sealed = NULL"));
    }
}

#define t(f) cmocka_unit_test_setup_teardown(f, open_world, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        t(what_is_written_is_read),
        t(an_empty_draft_lacks_everything),
        t(a_referral_keeps_its_way),
        t(the_database_itself_keeps_authors_out_of_the_review),
        t(what_is_decided_stays),
        t(papers_are_not_exchanged_behind_the_schools_back),
        t(half_a_state_is_refused),
        t(lists_are_oldest_first),
        t(each_read_of_a_medical_word_is_audited),
        t(a_word_without_its_audit_row_is_not_given),
        t(no_medical_word_stands_in_the_file),
        t(a_new_paper_drops_the_old_words),
        t(any_sealed_value_needs_its_key),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
