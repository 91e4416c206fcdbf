/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of intake: what a referral remembers, what the database refuses by
 * itself, who reads a medical word, and what is forgotten in time.
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
#include "server/store/casefile.h"
#include "server/store/need_return.h"
#include "server/sys/seal.h"
#include "tests/support/world.h"

/* 2026-09-21T14:13:20Z, a Monday */
#define NOW INT64_C(1790000000000)
#define DAY MS_PER_DAY
#define TODAY (NOW / MS_PER_DAY)

#define ok(call) assert_int_equal(call, ERR_OK)

static int open_world(void **state)
{
    static struct world w;

    world_open(&w, NOW);
    *state = &w;
    return 0;
}

static int close_world(void **state)
{
    world_close(*state);
    return 0;
}

static void refuses(struct world *w, const char *sql, const char *refusal)
{
    assert_int_equal(db_script(w->db, sql), ERR_STATE);
    assert_string_equal(db_refusal(w->db), refusal);
}

static struct referral loaded(struct world *w, struct referral_id id)
{
    struct referral r;

    ok(referral_load(w->db, id, &r));
    return r;
}

static struct medical_basis basis(void)
{
    return (struct medical_basis){ TODAY - 10, TODAY - 10, TODAY + 100 };
}

static struct recommendation limits(void)
{
    return (struct recommendation){ .lesson_minutes = 30,
                                    .lessons_per_day = 3,
                                    .lessons_per_week = 12,
                                    .screen_minutes = 20,
                                    .from_minute = 600,
                                    .to_minute = 840,
                                    .rest_weekdays = 1u << 3,
                                    .equipment = 1u << EQUIPMENT_HEADSET,
                                    .camera_allowed = true,
                                    .issued_day = TODAY - 9,
                                    .from_day = TODAY - 5,
                                    .to_day = TODAY + 60 };
}

/* A full referral of the first school, a draft. */
static struct referral_id draft(struct world *w, const char *name)
{
    struct medical_basis b = basis();
    struct recommendation l = limits();
    struct referral r;
    struct referral_id id;
    int64_t paper;

    ok(referral_add(w->db, w->schools[0], w->centre, NOW, w->officer, &id));
    r = loaded(w, id);
    assert_true(str_copy(r.child_name, sizeof r.child_name, name));
    assert_true(str_copy(r.guardian_name, sizeof r.guardian_name, "Вера Лис"));
    assert_true(str_copy(r.guardian_phone, sizeof r.guardian_phone, "+7 900"));
    r.birth_day = TODAY - 3650;
    r.grade = 4;
    r.application_day = r.consent_day = TODAY - 2;
    ok(referral_save(w->db, &r, w->officer));
    ok(basis_save(w->db, id, &b, NOW, w->officer, &paper));
    ok(recommendation_save(w->db, id, &l, NOW, w->officer, &paper));
    return id;
}

static enum err move(struct world *w, struct referral_id id, struct referral_change c,
                     int64_t at_ms, struct user_id by)
{
    struct referral r = loaded(w, id);

    return referral_change(w->db, &r, &c, at_ms, by);
}

#define SUBMIT ((struct referral_change){ .move = MOVE_SUBMIT, .to = REFERRAL_SUBMITTED })
#define TAKE ((struct referral_change){ .move = MOVE_TAKE, .to = REFERRAL_UNDER_REVIEW })
#define REFUSE                                                                                     \
    ((struct referral_change){                                                                     \
        .move = MOVE_REFUSE, .to = REFERRAL_REFUSED, .refusal = "no_ground" })
#define WITHDRAW                                                                                   \
    ((struct referral_change){                                                                     \
        .move = MOVE_WITHDRAW, .to = REFERRAL_WITHDRAWN, .reason = "moved away" })

static struct referral_id under_review(struct world *w, const char *name)
{
    struct referral_id id = draft(w, name);

    ok(move(w, id, SUBMIT, NOW, w->officer));
    ok(move(w, id, TAKE, NOW + 1, w->coordinator));
    return id;
}

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

#define WORDS "Диагноз: бронхиальная астма J45"

static void set_words(struct world *w, const struct seal_ring *ring, enum medical m, int64_t row)
{
    struct seal_place at = { medical_table(m), "sealed", row };
    uint8_t *value;
    size_t len;

    ok(seal_close(ring, &at, WORDS, strlen(WORDS), &value, &len));
    ok(medical_set(w->db, m, row, value, len));
    mem_free(value);
}

static struct seal_ring one_key(void)
{
    struct seal_ring r = { .n = 1, .keys = { { .id = 1, .key = { 7 } } } };

    return r;
}

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
        ok(medical_read(w->db, (enum medical)m, rows[m], w->coordinator, NOW + m, &value, &len));
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
        assert_string_equal(l.items[0].after, "");
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
    assert_int_equal(
        medical_read(w->db, MEDICAL_BASIS, r.basis.paper.id, w->coordinator, NOW, &value, &len),
        ERR_STATE);
    assert_null(value);
    ok(db_script(w->db, "DROP TRIGGER full"));
    assert_int_equal(medical_read(w->db, MEDICAL_BASIS, 99, w->coordinator, NOW, &value, &len),
                     ERR_NOTFOUND);
    /* words that are not there are no words, and asking is written down too */
    ok(medical_read(w->db, MEDICAL_RECOMMENDATION, r.recommendation.paper.id, w->coordinator, NOW,
                    &value, &len));
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

/* ---- acceptance ------------------------------------------------------------------------- */

static struct child_id accept(struct world *w, struct referral_id id)
{
    struct referral r = loaded(w, id);
    struct referral_change c = { .move = MOVE_ACCEPT, .to = REFERRAL_ACCEPTED };

    ok(child_enter(w->db, &r, NOW, w->coordinator, &c.child));
    ok(referral_change(w->db, &r, &c, NOW, w->coordinator));
    ok(papers_give(w->db, id, c.child));
    ok(case_open(w->db, c.child, id, NOW));
    return c.child;
}

static void an_accepted_child_stands_in_the_register(void **state)
{
    struct world *w = *state;
    struct child_id a = accept(w, under_review(w, "Лиза Лис")),
                    b = accept(w, under_review(w, "Ёжик Лис"));
    struct grant_set grants;
    struct child c;

    ok(child_load(w->db, a, &c));
    assert_string_equal(c.register_no, "2026-0001");
    assert_string_equal(c.name, "Лиза Лис");
    assert_string_equal(c.short_name, "Лиза");
    assert_int_equal(c.grade, 4);
    assert_int_equal(c.school.v, w->schools[0].v);
    assert_string_equal(c.tz, "Europe/Moscow");
    assert_int_equal(strlen(c.birth_date), 10);
    ok(grant_list(w->db, c.user, NOW, &grants));
    assert_true(grant_has(&grants, ROLE_CHILD, w->centre));
    ok(child_load(w->db, b, &c));
    assert_string_equal(c.register_no, "2026-0002");
}

static void papers_of_a_child_are_fixed(void **state)
{
    struct world *w = *state;
    struct referral_id id = under_review(w, "Лиза Лис");
    struct child_id child = accept(w, id);
    struct medical_basis b = basis();
    struct recommendation_row r;
    struct basis_row row;
    int64_t paper;

    ok(basis_of_child(w->db, child, TODAY, &row));
    assert_int_equal(row.basis.to_day, TODAY + 100);
    ok(recommendation_of_child(w->db, child, TODAY, &r));
    assert_int_equal(r.limits.lesson_minutes, 30);
    b.to_day++;
    assert_int_equal(basis_save(w->db, id, &b, NOW, w->officer, &paper), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "paper_fixed");
    refuses(w, "UPDATE recommendation SET lesson_minutes = 45", "paper_fixed");
    refuses(w, "UPDATE recommendation SET camera_allowed = 0", "paper_fixed");
    refuses(w, "UPDATE medical_basis SET child = NULL", "paper_fixed");
    refuses(w, "UPDATE medical_basis SET id = 77", "paper_fixed");
    ok(recommendation_of_child(w->db, w->children[0], TODAY, &r));
    assert_int_equal(r.paper.id, 0);
    assert_int_equal(r.limits.to_day, DAY_NONE);
}

static void the_paper_that_holds_today_counts(void **state)
{
    struct world *w = *state;
    struct referral_id first = under_review(w, "Лиза Лис"), second;
    struct child_id child = accept(w, first);
    struct recommendation next = limits();
    struct referral_change c = { .move = MOVE_ACCEPT, .to = REFERRAL_ACCEPTED, .child = child };
    struct recommendation_row r;
    int64_t paper;

    /* a second referral of the same child, whose recommendation begins later */
    second = draft(w, "Лиза Лис");
    next.from_day = TODAY + 61;
    next.to_day = TODAY + 200;
    next.lesson_minutes = 40;
    ok(recommendation_save(w->db, second, &next, NOW, w->officer, &paper));
    ok(move(w, second, SUBMIT, NOW, w->officer));
    ok(move(w, second, TAKE, NOW, w->coordinator));
    ok(move(w, second, c, NOW, w->coordinator));
    ok(papers_give(w->db, second, child));
    ok(case_open(w->db, child, second, NOW)); /* its case is open already */
    assert_int_equal(world_number(w, "SELECT count(*) FROM case_file"), 1);
    ok(recommendation_of_child(w->db, child, TODAY, &r));
    assert_int_equal(r.limits.lesson_minutes, 30);
    ok(recommendation_of_child(w->db, child, TODAY + 61, &r));
    assert_int_equal(r.limits.lesson_minutes, 40);
    ok(recommendation_of_child(w->db, child, TODAY + 300, &r)); /* both over: the latest */
    assert_int_equal(r.limits.lesson_minutes, 40);
}

static void a_case_reads_its_gates_from_the_records(void **state)
{
    struct world *w = *state;
    struct child_id id = accept(w, under_review(w, "Лиза Лис"));
    struct intake_policy p = intake_policy_default();
    struct case_facts f;
    struct case_file c;
    struct child child;
    int64_t row;

    ok(child_load(w->db, id, &child));
    ok(case_of_child(w->db, id, &c));
    assert_int_equal(case_of_child(w->db, w->children[0], &c), ERR_NOTFOUND);
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_int_equal(f.basis, VALIDITY_VALID);
    assert_int_equal(f.recommendation, VALIDITY_VALID);
    assert_false(f.consent || f.guardian || f.lead_mentor || f.schedule || f.begun || f.staff ||
                 f.school_unsettled);
    /* what begins later, and what is another child's, opens no gate */
    ok(guardian_add(w->db, w->guardian, id, "full", NOW + 1, w->coordinator, &row));
    world_lesson(w, 0, 0, NOW + DAY, NOW + DAY + 40 * MS_PER_MIN);
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_false(f.guardian || f.schedule);
    ok(consent_give(w->db, id, "lessons", "1", w->guardian, NOW - 1, FOREVER_MS));
    ok(guardian_add(w->db, w->guardian, id, "full", NOW - 1, w->coordinator, &row));
    ok(assignment_add(w->db, id, w->mentors[0], 0, NOW - 1, FOREVER_MS, NOW, w->coordinator, &row));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.consent && f.guardian && f.lead_mentor && f.staff);
    assert_false(f.schedule || f.begun);
    ok(case_facts(w->db, &c, &child, TODAY + 61, NOW, &p, &f));
    assert_int_equal(f.recommendation, VALIDITY_EXPIRED);
    /* registered elsewhere: settled as long as the lead mentor may teach there */
    child.school = w->schools[1];
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_false(f.school_unsettled);
    ok(employment_end(w->db, w->mentors[0], w->schools[1], NOW));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.school_unsettled && !f.staff);
}

static void a_lesson_makes_the_schedule_and_begins_the_case(void **state)
{
    struct world *w = *state;
    struct child_id id = accept(w, under_review(w, "Лиза Лис"));
    struct intake_policy p = intake_policy_default();
    struct case_facts f;
    struct case_file c;
    struct child child;

    w->children[1] = id;
    world_lesson(w, 1, 1, NOW + DAY, NOW + DAY + 40 * MS_PER_MIN);
    ok(child_load(w->db, id, &child));
    ok(case_of_child(w->db, id, &c));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.schedule && !f.begun);
    ok(db_script(w->db, "UPDATE lesson SET state = 'running'"));
    ok(case_facts(w->db, &c, &child, TODAY, NOW, &p, &f));
    assert_true(f.begun);
    ok(db_script(w->db, "UPDATE case_file SET closed_ms = opened_ms, closed_reason = 'recovered', "
                        "closed_by = 1"));
    ok(case_of_child(w->db, id, &c));
    assert_int_equal(c.closed, CASE_REASON_RECOVERED);
    refuses(w, "DELETE FROM case_file", "case_file_no_delete");
}

/* ---- duplicates, returns, retention ----------------------------------------------------- */

static void alike_children_and_referrals_are_found(void **state)
{
    struct world *w = *state;
    struct child_id child = accept(w, under_review(w, "Алёна Лис-Петрова"));
    struct referral_id other = under_review(w, "АЛЕНА  лис петрова"), self, gone, early;
    struct child_mark mark = { "алёна лис петрова", TODAY - 3650, w->schools[1] };
    struct alike_list l;
    struct child c;

    early = draft(w, "Алёна Лис-Петрова"); /* the centre does not see drafts */
    self = under_review(w, "Алёна Лис-Петрова");
    gone = under_review(w, "Алёна Лис-Петрова");
    ok(move(w, gone, WITHDRAW, NOW, w->officer));
    under_review(w, "Алена Лис");
    assert_int_not_equal(early.v, self.v);
    ok(alike_list(w->db, w->centre, &mark, self, (struct user_id){ 0 }, &l));
    assert_int_equal(l.n, 2);
    ok(child_load(w->db, child, &c));
    assert_int_equal(l.items[0].child.v, c.user.v);
    assert_int_equal(l.items[0].alike, ALIKE_OTHER_SCHOOL);
    assert_int_equal(l.items[1].referral.v, other.v);
    alike_list_free(&l);
    mark.school = w->schools[0];
    ok(alike_list(w->db, w->centre, &mark, self, c.user, &l));
    assert_int_equal(l.n, 1);
    assert_int_equal(l.items[0].alike, ALIKE_SAME);
    alike_list_free(&l);
    mark.birth_day = DAY_NONE;
    ok(alike_list(w->db, w->centre, &mark, self, c.user, &l));
    assert_int_equal(l.n, 0);
    alike_list_free(&l);
}

static void returns_stand_beside_what_was_referred(void **state)
{
    struct world *w = *state;
    struct need_return r = { .school = w->schools[0], .period = "2026-09", .count = 3 };
    struct need_return_filter f = { .centre = w->centre, .max = 10 };
    struct need_return_list l;
    struct referral_id gone;
    int64_t id, n;

    ok(need_return_save(w->db, &r, NOW, w->officer, &id));
    assert_int_equal(need_return_save(w->db, &r, NOW, w->officer, &n), ERR_STATE);
    assert_string_equal(db_refusal(w->db), "unique");
    r.id = id;
    r.count = 4;
    ok(need_return_save(w->db, &r, NOW + 5, w->coordinator, &id));
    ok(need_return_load(w->db, id, &r));
    assert_int_equal(r.count, 4);
    assert_int_equal(r.rev, 2);
    assert_int_equal(r.changed_ms, NOW + 5);
    assert_int_equal(r.changed_by.v, w->coordinator.v);
    r = (struct need_return){ .school = w->schools[1], .period = "2026-10" };
    ok(need_return_save(w->db, &r, NOW, w->officer, &n));
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 2);
    assert_string_equal(l.items[0].period, "2026-10"); /* the newest first */
    need_return_list_free(&l);
    f.school = w->schools[0];
    f.period = "2026-09";
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 1);
    need_return_list_free(&l);
    f.period = "2026-10";
    ok(need_return_list(w->db, &f, &l));
    assert_int_equal(l.n, 0);
    need_return_list_free(&l);

    draft(w, "Черновик");
    under_review(w, "Лиза Лис");
    gone = under_review(w, "Лёва Лис");
    ok(need_received(w->db, w->schools[0], NOW, NOW + 1, &n));
    assert_int_equal(n, 2);
    ok(move(w, gone, WITHDRAW, NOW, w->officer));
    ok(need_received(w->db, w->schools[0], NOW, NOW + 1, &n));
    assert_int_equal(n, 1);
    ok(need_received(w->db, w->schools[0], NOW + 1, NOW + 2, &n));
    assert_int_equal(n, 0);
    ok(need_received(w->db, w->schools[0], NOW - 1, NOW, &n));
    assert_int_equal(n, 0);
    ok(need_received(w->db, w->schools[1], NOW, NOW + 1, &n));
    assert_int_equal(n, 0);
}

static void what_was_refused_is_emptied_in_time(void **state)
{
    struct world *w = *state;
    struct referral_id refused = under_review(w, "Лиза Лис"), kept = under_review(w, "Лёва Лис");
    struct seal_ring ring = one_key();
    struct referral r = loaded(w, refused);
    struct child_id child = accept(w, kept);
    bool sealed = true;

    assert_int_not_equal(child.v, 0);
    set_words(w, &ring, MEDICAL_BASIS, r.basis.paper.id);
    set_words(w, &ring, MEDICAL_RECOMMENDATION, r.recommendation.paper.id);
    set_words(w, &ring, MEDICAL_DECISION, refused.v);
    ok(move(w, refused, REFUSE, NOW, w->coordinator));
    ok(referral_sweep(w->db, NOW + 365 * DAY));
    assert_string_equal(loaded(w, refused).child_name, "Лиза Лис");
    ok(referral_sweep(w->db, NOW + 365 * DAY + 1));
    r = loaded(w, refused);
    assert_string_equal(r.child_name, "");
    assert_string_equal(r.guardian_name, "");
    assert_string_equal(r.guardian_phone, "");
    assert_int_equal(r.birth_day, DAY_NONE);
    assert_int_equal(r.grade, 0);
    assert_true(r.emptied);
    assert_int_equal(r.state, REFERRAL_REFUSED); /* that it was, and when, stays */
    assert_string_equal(r.refusal, "no_ground");
    assert_int_equal(r.first_ms, NOW);
    ok(medical_kept(w->db, &sealed));
    assert_false(sealed);
    assert_string_equal(loaded(w, kept).child_name, "Лёва Лис");
    ok(referral_sweep(w->db, NOW + 800 * DAY)); /* once is enough */
    assert_int_equal(world_number(w, "SELECT emptied_ms FROM referral WHERE emptied_ms > 0"),
                     NOW + 365 * DAY + 1);
}

static void numbers_of_the_rules_are_dated_rows(void **state)
{
    static const char *const keys[] = {
        "intake.alert_first_days", "intake.alert_second_days",       "intake.alert_last_days",
        "intake.basis_max_days",   "intake.recommendation_max_days", "intake.age_min",
        "intake.age_max",          "intake.decision_days",           "intake.return_open_days",
        "intake.keep_refused_days"
    };
    struct world *w = *state;
    struct intake_policy p, d = intake_policy_default();

    ok(policy_intake(w->db, w->centre, NOW, &p));
    assert_memory_equal(&p, &d, sizeof p);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        char value[8];

        assert_true(str_format(value, sizeof value, "%d", (int)i + 11));
        ok(policy_set(w->db, w->centre, keys[i], value, NOW, "a test", NOW, w->coordinator));
    }
    ok(policy_set(w->db, w->centre, "intake.scans_required", "1", NOW, "a test", NOW,
                  w->coordinator));
    ok(policy_set(w->db, w->centre, "lesson.min_min", "21", NOW, "a test", NOW, w->coordinator));
    ok(policy_intake(w->db, w->centre, NOW - 1, &p)); /* not yet */
    assert_memory_equal(&p, &d, sizeof p);
    ok(policy_intake(w->db, w->centre, NOW, &p));
    assert_int_equal(p.alert_days[0], 11);
    assert_int_equal(p.alert_days[1], 12);
    assert_int_equal(p.alert_days[2], 13);
    assert_int_equal(p.basis_max_days, 14);
    assert_int_equal(p.recommendation_max_days, 15);
    assert_int_equal(p.age_min, 16);
    assert_int_equal(p.age_max, 17);
    assert_int_equal(p.decision_days, 18);
    assert_int_equal(p.return_open_days, 19);
    assert_int_equal(p.keep_refused_days, 20);
    assert_int_equal(p.shortest_lesson_minutes, 21);
    assert_true(p.scans_required);
    ok(policy_set(w->db, w->centre, keys[0], "soon", NOW, "a test", NOW, w->coordinator));
    assert_int_equal(policy_intake(w->db, w->centre, NOW, &p), ERR_DB);
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
        t(an_accepted_child_stands_in_the_register),
        t(papers_of_a_child_are_fixed),
        t(the_paper_that_holds_today_counts),
        t(a_case_reads_its_gates_from_the_records),
        t(a_lesson_makes_the_schedule_and_begins_the_case),
        t(alike_children_and_referrals_are_found),
        t(returns_stand_beside_what_was_referred),
        t(what_was_refused_is_emptied_in_time),
        t(numbers_of_the_rules_are_dated_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
