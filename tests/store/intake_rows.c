/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of intake; see intake_rows.h.
 */
#include "tests/store/intake_rows.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the headers above first */
#include <cmocka.h>

#include <string.h>

#include "common/base/mem.h"
#include "common/base/str.h"

int open_world(void **state)
{
    static struct world w;

    world_open(&w, NOW);
    *state = &w;
    return 0;
}

int close_world(void **state)
{
    world_close(*state);
    return 0;
}

void refuses(struct world *w, const char *sql, const char *refusal)
{
    assert_int_equal(db_script(w->db, sql), ERR_STATE);
    assert_string_equal(db_refusal(w->db), refusal);
}

struct referral loaded(struct world *w, struct referral_id id)
{
    struct referral r;

    ok(referral_load(w->db, id, &r));
    return r;
}

struct medical_basis basis(void)
{
    return (struct medical_basis){ TODAY - 10, TODAY - 10, TODAY + 100 };
}

struct recommendation limits(void)
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
struct referral_id draft(struct world *w, const char *name)
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

enum err move(struct world *w, struct referral_id id, struct referral_change c, int64_t at_ms,
              struct user_id by)
{
    struct referral r = loaded(w, id);

    return referral_change(w->db, &r, &c, at_ms, by);
}

struct referral_id under_review(struct world *w, const char *name)
{
    struct referral_id id = draft(w, name);

    ok(move(w, id, SUBMIT, NOW, w->officer));
    ok(move(w, id, TAKE, NOW + 1, w->coordinator));
    return id;
}

void set_words(struct world *w, const struct seal_ring *ring, enum medical m, int64_t row)
{
    struct seal_place at = { medical_table(m), "sealed", row };
    uint8_t *value;
    size_t len;

    ok(seal_close(ring, &at, WORDS, strlen(WORDS), &value, &len));
    ok(medical_set(w->db, m, row, value, len));
    mem_free(value);
}

struct seal_ring one_key(void)
{
    struct seal_ring r = { .n = 1, .keys = { { .id = 1, .key = { 7 } } } };

    return r;
}
