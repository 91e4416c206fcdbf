/* SPDX-License-Identifier: Apache-2.0
 *
 * Marks of lessons with their history, and a mark sheet from the mentor over
 * the centre to the school: what is refused on the way, what is frozen, that
 * the school gets the accepted bytes, what the family reads.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <openssl/evp.h>

#include "common/base/mem.h"
#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"
#include "server/store/org.h"
#include "server/store/roster_export.h"
#include "tests/api/sheet_rig.h"

static struct sheet_rig s;

static int setup(void **state)
{
    (void)state;
    sheet_rig_open(&s);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    sheet_rig_close(&s);
    return 0;
}

static void gate(struct answer a, const char *name)
{
    if (a.status != 409 || strcmp(str_at(&a, "error.code"), "gate") != 0)
        print_error("%d %s\n", a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 409);
    assert_string_equal(str_at(&a, "error.gate"), name);
    answer_free(&a);
}

static void fine(struct answer a)
{
    if (a.status != 200)
        print_error("%d %s\n", a.status, a.body ? a.body : "");
    assert_int_equal(a.status, 200);
    answer_free(&a);
}

static const char *path(const char *before, int64_t id, const char *behind)
{
    static char text[120];

    assert_true(str_format(text, sizeof text, "%s%lld%s", before, (long long)id, behind));
    return text;
}

static void has_state(enum who who, const char *state)
{
    struct answer a = api_get(&s.g.r, who, sheet_path(&s, ""));

    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "state"), state);
    answer_free(&a);
}

/* Something written straight into the records. */
static void directly(const char *sql)
{
    api_stop(&s.g.r);
    if (db_script(s.g.r.w.db, sql) != ERR_OK)
        fail_msg("%s: %s", db_refusal(s.g.r.w.db), sql);
    api_resume_at(&s.g.r, RIG_NOW);
}

/* ---- marks of lessons ----------------------------------------------------------------------- */

static void a_mark_changes_with_a_reason_and_a_history(void **state)
{
    struct answer a;

    (void)state;
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"4\"", "null"));
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "null"), "marks_no_reason");
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "null", "\"\""), "marks_no_reason");
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "\"  \""), "marks_no_reason");
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "\"пересчитали\""));
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "null")); /* stays as it is */
    a = api_get(&s.g.r, GUARDIAN, path("/lessons/", s.lessons[0].v, "/mark-changes"));
    assert_int_equal(json_array_size(at(&a, "items")), 2);
    assert_true(json_is_null(at(&a, "items.0.before")));
    assert_string_equal(str_at(&a, "items.0.after"), "4");
    assert_string_equal(str_at(&a, "items.1.before"), "4");
    assert_string_equal(str_at(&a, "items.1.reason"), "пересчитали");
    assert_int_equal(int_at(&a, "items.1.by.id"), s.g.r.w.mentor_users[0].v);
    answer_free(&a);
    a = api_get(&s.g.r, MENTOR, path("/lessons/", s.lessons[0].v, ""));
    assert_string_equal(str_at(&a, "notes.0.mark"), "5");
    answer_free(&a);
}

/* A lesson that was held in a subject of which the child has no approved line. */
static struct lesson_id music(void)
{
    struct subject m = { .code = "music", .name_ru = "Музыка", .name_en = "Music", .colour = 2 };
    struct world *w = &s.g.r.w;
    int64_t at_ms = INT64_C(1792058400000), end_ms = at_ms + 40 * MS_PER_MIN; /* 15 October */
    struct lesson_id id;

    api_stop(&s.g.r);
    assert_int_equal(subject_save(w->db, &m, &w->subject), ERR_OK);
    id = world_lesson(w, 0, 0, at_ms, end_ms);
    report_is_in(&s.g, id, w->mentor_users[0], SEAT_MENTOR, at_ms, end_ms);
    report_is_in(&s.g, id, w->child_users[0], SEAT_CHILD, at_ms, end_ms);
    assert_int_equal(attendance_close(w->db, id, end_ms + 20 * MS_PER_MIN), ERR_OK);
    api_resume_at(&s.g.r, RIG_NOW);
    return id;
}

static void what_a_lesson_mark_is_refused_for(void **state)
{
    struct answer a;

    (void)state;
    gate(sheet_mark_lesson(&s, MENTOR, s.g.missed, "\"4\"", "null"), "marks_not_held");
    fine(sheet_mark_lesson(&s, MENTOR, s.g.missed, "null", "null")); /* a note without a mark */
    api_refused(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"1\"", "null"), 400, "bad_field");
    api_refused(sheet_mark_lesson(&s, MENTOR_2, s.lessons[0], "\"4\"", "null"), 404, "not_found");
    api_refused(sheet_mark_lesson(&s, GUARDIAN, s.lessons[0], "\"4\"", "null"), 403, "not_allowed");
    directly("UPDATE child SET grade = 1 WHERE id = 1");
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"4\"", "null"), "grade_unmarked");
    a = api_get(&s.g.r, MENTOR, path("/lessons/", s.lessons[0].v, "/mark-changes"));
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    api_refused(api_get(&s.g.r, MENTOR, sheet_path(&s, "")), 404, "not_found"); /* no sheet */
    directly("UPDATE child SET grade = 3 WHERE id = 1");
    gate(sheet_mark_lesson(&s, MENTOR, music(), "\"4\"", "null"), "marks_no_line");
}

/* ---- marks of the quarter ------------------------------------------------------------------- */

#define MARK(subject, mark, more)                                                                  \
    "{\"marks\":[{\"subject\":\"" subject "\",\"mark\":\"" mark "\"" more "}]}"

static void the_mentor_sets_the_mark(void **state)
{
    struct answer a;

    (void)state;
    for (int i = 0; i < 2; i++)
        fine(sheet_mark_lesson(&s, MENTOR, s.lessons[i], "\"4\"", "null"));
    a = api_get(&s.g.r, MENTOR, sheet_path(&s, ""));
    assert_string_equal(str_at(&a, "state"), "due");
    assert_true(json_is_true(at(&a, "overdue")));
    assert_string_equal(str_at(&a, "holds.code"), "marks_missing");
    assert_int_equal(int_at(&a, "subjects.0.held"), 3);
    assert_int_equal(int_at(&a, "subjects.0.missed"), 1);
    assert_int_equal(int_at(&a, "subjects.0.mean_hundredths"), 400);
    assert_true(json_is_null(at(&a, "subjects.0.proposed")));
    assert_string_equal(str_at(&a, "subjects.0.current.1.date"), "2026-10-15");
    answer_free(&a);
    gate(sheet_ask(&s, MENTOR, "PUT", "/marks", MARK("maths", "4", "")), "marks_few");
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[2], "\"5\"", "null"));
    gate(sheet_ask(&s, MENTOR, "PUT", "/marks", MARK("maths", "5", "")), "marks_differs");
    gate(sheet_ask(&s, MENTOR, "PUT", "/marks", MARK("maths", "released", ",\"reason\":null")),
         "marks_no_reason");
    gate(sheet_ask(&s, MENTOR, "PUT", "/marks", MARK("art", "5", "")), "marks_no_subject");
    gate(sheet_ask(&s, MENTOR, "POST", "/submit", NULL), "marks_missing");
    api_refused(sheet_ask(&s, MENTOR, "PUT", "/marks", MARK("maths", "1", "")), 400, "bad_field");
    api_refused(sheet_ask(&s, MENTOR, "PUT", "/marks", "{\"marks\":[4]}"), 400, "bad_field");
    api_refused(sheet_ask(&s, MENTOR, "PUT", "/marks",
                          "{\"marks\":[{\"subject\":\"maths\",\"mark\":\"4\"},"
                          "{\"subject\":\"maths\",\"mark\":\"4\"}]}"),
                400, "bad_field");
    api_refused(api_ask(&s.g.r, MENTOR, "PUT", sheet_path(&s, "/marks"), NULL, NULL, SHEET_MARK_4),
                428, "need_match");
    api_refused(
        api_ask(&s.g.r, MENTOR, "PUT", sheet_path(&s, "/marks"), "\"v7\"", NULL, SHEET_MARK_4), 412,
        "stale");
    has_state(MENTOR, "due"); /* nothing of all that was kept */
    sheet_do(&s, MENTOR, "PUT", "/marks", MARK("maths", "5", ",\"reason\":\"олимпиада\""), 200);
    a = api_get(&s.g.r, MENTOR, "/mark-sheets");
    assert_int_equal(json_array_size(at(&a, "items")), 2); /* both children; no half-year */
    assert_string_equal(str_at(&a, "items.0.id"), s.id);
    assert_int_equal(int_at(&a, "items.0.subjects"), 1);
    assert_int_equal(int_at(&a, "items.0.set"), 1);
    assert_string_equal(str_at(&a, "items.0.state"), "draft");
    answer_free(&a);
}

static void a_changed_lesson_mark_holds_the_sheet_up(void **state)
{
    (void)state;
    sheet_bring(&s, 1);
    for (int i = 0; i < 2; i++)
        fine(sheet_mark_lesson(&s, MENTOR, s.lessons[i], "\"5\"", "\"проверено заново\""));
    gate(sheet_ask(&s, MENTOR, "POST", "/submit", NULL), "marks_differs");
    sheet_do(&s, MENTOR, "PUT", "/marks", MARK("maths", "5", ""), 200);
    sheet_do(&s, MENTOR, "POST", "/submit", NULL, 200);
}

static void a_sheet_is_sent_when_the_term_is_over(void **state)
{
    (void)state;
    sheet_bring(&s, 1);
    api_stop(&s.g.r);
    api_resume_at(&s.g.r, INT64_C(1793480000000)); /* 31 October 2026 */
    has_state(MENTOR, "not_due");
    gate(sheet_ask(&s, MENTOR, "POST", "/submit", NULL), "term_not_over");
}

/* A lesson that mentor 1 gave for mentor 0. */
static struct lesson_id substituted(void)
{
    struct world *w = &s.g.r.w;
    int64_t at_ms = INT64_C(1792141200000), end_ms = at_ms + 40 * MS_PER_MIN; /* 16 October */
    struct lesson_plan p = { .org = w->centre,
                             .subject_id = w->subject,
                             .mentor = w->mentors[1],
                             .planned_mentor = w->mentors[0],
                             .children = { w->children[0] },
                             .children_n = 1,
                             .start_ms = at_ms,
                             .end_ms = end_ms,
                             .tz = "Europe/Moscow",
                             .state = LESSON_SCHEDULED };
    struct lesson_id id;

    api_stop(&s.g.r);
    assert_int_equal(lesson_add(w->db, &p, RIG_NOW, w->coordinator, &id), ERR_OK);
    report_is_in(&s.g, id, w->mentor_users[1], SEAT_MENTOR, at_ms, end_ms);
    report_is_in(&s.g, id, w->child_users[0], SEAT_CHILD, at_ms, end_ms);
    assert_int_equal(attendance_close(w->db, id, end_ms + 20 * MS_PER_MIN), ERR_OK);
    api_resume_at(&s.g.r, RIG_NOW);
    return id;
}

static void a_substitutes_mark_stands_in_the_mentors_sheet(void **state)
{
    struct lesson_id id = substituted();
    struct answer a;

    (void)state;
    api_refused(sheet_mark_lesson(&s, MENTOR, id, "\"3\"", "null"), 404, "not_found");
    fine(sheet_mark_lesson(&s, MENTOR_2, id, "\"3\"", "null"));
    a = api_get(&s.g.r, MENTOR, sheet_path(&s, ""));
    assert_int_equal(int_at(&a, "subjects.0.held"), 4);
    assert_string_equal(str_at(&a, "subjects.0.current.0.mark"), "3");
    answer_free(&a);
    sheet_bring(&s, 2);
    gate(sheet_mark_lesson(&s, MENTOR_2, id, "\"5\"", "\"x\""), "marks_closed");
}

/* ---- the way -------------------------------------------------------------------------------- */

static void a_sheet_goes_to_the_school(void **state)
{
    struct answer a;

    (void)state;
    sheet_bring(&s, 2);
    gate(sheet_ask(&s, MENTOR, "PUT", "/marks", SHEET_MARK_4), "sheet_state");
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "\"x\""), "marks_closed");
    gate(sheet_ask(&s, COORDINATOR, "POST", "/return", "{\"note\":\"\"}"), "report_no_note");
    sheet_do(&s, COORDINATOR, "POST", "/return", "{\"note\":\"взгляните на среднее\"}", 200);
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"3\"", "\"опечатка\"")); /* open again */
    sheet_do(&s, MENTOR, "POST", "/submit", NULL, 200);
    api_refused(api_get(&s.g.r, OFFICER, sheet_path(&s, "")), 404, "not_found");
    sheet_do(&s, COORDINATOR, "POST", "/accept", NULL, 200);
    has_state(COORDINATOR, "duplicated"); /* the school has an officer: sent at once */
    gate(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "\"x\""), "marks_closed");
    gate(api_get(&s.g.r, OFFICER, sheet_path(&s, "")), "sheet_unopened");
    gate(api_get(&s.g.r, OFFICER, sheet_path(&s, ".pdf")), "sheet_unopened");
    a = api_get(&s.g.r, COORDINATOR, "/mark-sheet-deliveries");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    assert_string_equal(str_at(&a, "items.0.why"), "unopened");
    answer_free(&a);
    a = api_get(&s.g.r, OFFICER, "/mark-sheets");
    assert_int_equal(json_array_size(at(&a, "items")), 1);
    answer_free(&a);
    a = api_get(&s.g.r, OFFICER_2, "/mark-sheets");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
    a = api_ask(&s.g.r, OFFICER, "POST", sheet_path(&s, "/open"), NULL, NULL, NULL);
    assert_int_equal(a.status, 200);
    assert_true(json_is_null(at(&a, "steps.1.note"))); /* a word between mentor and centre */
    assert_true(json_is_null(at(&a, "holds")));
    answer_free(&a);
    sheet_do(&s, OFFICER, "POST", "/acknowledge", NULL, 200);
    gate(sheet_ask(&s, OFFICER, "POST", "/acknowledge", NULL), "sheet_state");
    has_state(MENTOR, "acknowledged");
    a = api_get(&s.g.r, COORDINATOR, "/mark-sheet-deliveries");
    assert_int_equal(json_array_size(at(&a, "items")), 0);
    answer_free(&a);
}

static void many_are_acknowledged_at_once_or_none(void **state)
{
    static const char path[] = "/mark-sheet-acknowledgements";
    char body[256];

    (void)state;
    sheet_bring(&s, 3);
    assert_true(
        str_format(body, sizeof body, "{\"sheets\":[\"%s\",\"1-2-3-4-2026-09-01\"]}", s.id));
    api_refused(api_post(&s.g.r, OFFICER, path, body), 404, "not_found");
    has_state(COORDINATOR, "duplicated"); /* the first went back with the second */
    assert_true(str_format(body, sizeof body, "{\"sheets\":[\"%s\",\"%s\"]}", s.id, s.id));
    gate(api_post(&s.g.r, OFFICER, path, body), "sheet_state");
    has_state(COORDINATOR, "duplicated");
    assert_true(str_format(body, sizeof body, "{\"sheets\":[\"%s\"]}", s.id));
    api_refused(api_post(&s.g.r, OFFICER_2, path, body), 404, "not_found");
    api_refused(api_post(&s.g.r, COORDINATOR, path, body), 403, "not_allowed");
    api_expect(&s.g.r, OFFICER, "POST", path, body, 200);
    has_state(COORDINATOR, "acknowledged");
    api_refused(api_post(&s.g.r, OFFICER, path, "{\"sheets\":[]}"), 400, "bad_field");
    api_refused(api_post(&s.g.r, OFFICER, path, "{\"sheets\":[7]}"), 400, "bad_field");
}

static void whoever_wrote_it_does_not_judge_it(void **state)
{
    struct grant g = { .user = s.g.r.w.mentor_users[0],
                       .role = ROLE_COORDINATOR,
                       .org = s.g.r.w.centre,
                       .from_ms = RIG_NOW - MS_PER_DAY,
                       .to_ms = FOREVER_MS };
    struct answer a;
    int64_t id;

    (void)state;
    api_stop(&s.g.r);
    assert_int_equal(grant_add(s.g.r.w.db, &g, RIG_NOW, s.g.r.w.coordinator, &id), ERR_OK);
    api_resume_at(&s.g.r, RIG_NOW);
    sheet_bring(&s, 2);
    gate(sheet_ask(&s, MENTOR, "POST", "/accept", NULL), "own_sheet");
    a = api_get(&s.g.r, COORDINATOR, sheet_path(&s, ""));
    assert_string_equal(str_at(&a, "moves.0"), "return");
    answer_free(&a);
}

/* ---- frozen --------------------------------------------------------------------------------- */

static void sha_hex(const void *bytes, size_t len, char out[65])
{
    uint8_t sha[32];

    assert_int_equal(EVP_Digest(bytes, len, sha, NULL, EVP_sha256(), NULL), 1);
    for (size_t i = 0; i < sizeof sha; i++)
        assert_true(str_format(out + 2 * i, 3, "%02x", sha[i]));
}

static void the_school_gets_the_accepted_bytes(void **state)
{
    static const char *const formats[] = { ".pdf", ".csv", ".xlsx" };
    char sha[65], copy[65];
    struct answer a;

    (void)state;
    sheet_bring(&s, 4);
    a = api_get(&s.g.r, COORDINATOR, sheet_path(&s, ""));
    assert_true(str_copy(copy, sizeof copy, str_at(&a, "copy.sha256")));
    assert_true(json_is_true(at(&a, "frozen")));
    answer_free(&a);
    directly("UPDATE \"user\" SET name = 'Другое имя'"); /* what is frozen does not follow */
    for (int i = 0; i < 3; i++) {
        struct answer centre = api_get(&s.g.r, COORDINATOR, sheet_path(&s, formats[i]));
        struct answer school = api_get(&s.g.r, OFFICER, sheet_path(&s, formats[i]));

        assert_int_equal(school.status, 200);
        assert_int_equal(centre.body_len, school.body_len);
        assert_memory_equal(centre.body, school.body, school.body_len);
        sha_hex(school.body, school.body_len, sha);
        if (i == 0)
            assert_string_equal(sha, copy);
        answer_free(&centre);
        answer_free(&school);
    }
}

static void a_correction_is_a_new_version(void **state)
{
    struct answer a;

    (void)state;
    sheet_bring(&s, 4);
    gate(sheet_ask(&s, COORDINATOR, "POST", "/correct", "{\"note\":\"\"}"), "report_no_note");
    sheet_do(&s, COORDINATOR, "POST", "/correct", "{\"note\":\"контрольная переписана\"}", 201);
    fine(sheet_mark_lesson(&s, MENTOR, s.lessons[0], "\"5\"", "\"переписал\"")); /* open again */
    gate(sheet_ask(&s, MENTOR, "POST", "/submit", NULL), "marks_differs");
    sheet_do(&s, MENTOR, "PUT", "/marks", MARK("maths", "5", ""), 200);
    a = api_get(&s.g.r, MENTOR, sheet_path(&s, ""));
    assert_int_equal(int_at(&a, "version"), 2);
    assert_string_equal(str_at(&a, "differences.0.field"), "mark");
    assert_string_equal(str_at(&a, "differences.0.before"), "4");
    assert_string_equal(str_at(&a, "differences.0.after"), "5");
    answer_free(&a);
    a = api_get(&s.g.r, OFFICER, sheet_path(&s, "")); /* the school's stays the first */
    assert_int_equal(int_at(&a, "version"), 1);
    assert_string_equal(str_at(&a, "subjects.0.mark"), "4");
    answer_free(&a);
    sheet_do(&s, MENTOR, "POST", "/submit", NULL, 200);
    sheet_do(&s, COORDINATOR, "POST", "/accept", NULL, 200);
    gate(api_get(&s.g.r, OFFICER, sheet_path(&s, "")), "sheet_unopened"); /* delivered anew */
    a = api_get(&s.g.r, OFFICER, sheet_path(&s, "?version=1"));
    assert_string_equal(str_at(&a, "subjects.0.mark"), "4");
    answer_free(&a);
    a = api_get(&s.g.r, GUARDIAN, path("/children/", s.g.r.w.child_users[0].v, "/marks"));
    assert_int_equal(json_array_size(at(&a, "subjects.0.terms")), 1); /* the newest alone */
    assert_string_equal(str_at(&a, "subjects.0.terms.0.mark"), "5");
    answer_free(&a);
}

static void an_accepted_sheet_cannot_be_changed_in_the_records(void **state)
{
    static const char *const tries[] = {
        "UPDATE mark_sheet SET state = 'draft'",
        "DELETE FROM mark_sheet",
        "DELETE FROM sheet_mark",
        "UPDATE sheet_mark SET mark = '5'",
        "UPDATE mark_change SET reason = 'x'",
        "DELETE FROM mark_change",
    };

    (void)state;
    sheet_bring(&s, 3);
    api_stop(&s.g.r);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++)
        assert_int_equal(db_script(s.g.r.w.db, tries[i]), ERR_STATE);
    api_resume_at(&s.g.r, RIG_NOW);
}

/* ---- the family, the policy ----------------------------------------------------------------- */

static void the_family_reads_its_own_marks(void **state)
{
    const char *own = path("/children/", s.g.r.w.child_users[0].v, "/marks");
    struct answer a;

    (void)state;
    sheet_bring(&s, 2);
    a = api_get(&s.g.r, CHILD, own);
    assert_int_equal(a.status, 200);
    assert_string_equal(str_at(&a, "subjects.0.subject"), "maths");
    assert_string_equal(str_at(&a, "subjects.0.lessons.2.mark"), "5");
    assert_int_equal(json_array_size(at(&a, "subjects.0.terms")), 0); /* not accepted yet */
    answer_free(&a);
    sheet_do(&s, COORDINATOR, "POST", "/accept", NULL, 200);
    for (enum who w = NOBODY; w < WHO_COUNT; w++) {
        bool may = w == CHILD || w == GUARDIAN || w == MENTOR || w == MENTOR_2 || w == COORDINATOR;
        bool none = w == OFFICER || w == OFFICER_2 || w == ADMIN; /* read no notes at all */
        int want = may ? 200 : w == NOBODY ? 401 : none ? 403 : 404;

        a = api_get(&s.g.r, w, own);
        if (a.status != want)
            print_error("%s: %d\n", who_name(w), a.status);
        assert_int_equal(a.status, want);
        if (may)
            assert_string_equal(str_at(&a, "subjects.0.terms.0.mark"), "4");
        answer_free(&a);
    }
}

static void setting(const char *key, const char *value)
{
    assert_int_equal(policy_set(s.g.r.w.db, s.g.r.w.centre, key, value, RIG_NOW - 1, "приказ 7",
                                RIG_NOW, s.g.r.w.coordinator),
                     ERR_OK);
}

static void the_numbers_are_dated_settings(void **state)
{
    struct answer a;

    (void)state;
    for (int i = 0; i < 2; i++)
        fine(sheet_mark_lesson(&s, MENTOR, s.lessons[i], i ? "\"5\"" : "\"4\"", "null"));
    api_stop(&s.g.r);
    setting("marks.min_marks", "2");
    setting("marks.due_days", "30");
    api_resume_at(&s.g.r, RIG_NOW);
    a = api_get(&s.g.r, MENTOR, sheet_path(&s, ""));
    assert_string_equal(str_at(&a, "subjects.0.proposed"), "5"); /* 4.50 */
    assert_false(json_is_true(at(&a, "overdue")));
    answer_free(&a);
    api_stop(&s.g.r);
    setting("marks.round_up_hundredths", "60");
    api_resume_at(&s.g.r, RIG_NOW);
    a = api_get(&s.g.r, MENTOR, sheet_path(&s, ""));
    assert_string_equal(str_at(&a, "subjects.0.proposed"), "4");
    answer_free(&a);
}

static void only_what_exists_is_found(void **state)
{
    static const char *const behind[] = { "-4-2026-09-02", "-2-2026-09-01", "-3-2026-09-01",
                                          "-4-2026-13-01", "-4" };
    char target[120];
    const struct world *w = &s.g.r.w;

    (void)state;
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        assert_true(str_format(target, sizeof target, "/mark-sheets/%lld-%lld-%lld%s",
                               (long long)w->mentor_users[0].v, (long long)w->child_users[0].v,
                               (long long)w->schools[0].v, behind[i]));
        api_expect(&s.g.r, COORDINATOR, "GET", target, NULL, 404);
    }
    api_expect(&s.g.r, COORDINATOR, "GET", sheet_path(&s, "?version=2"), NULL, 404);
    api_expect(&s.g.r, COORDINATOR, "GET", sheet_path(&s, "?version=x"), NULL, 400);
    api_expect(&s.g.r, COORDINATOR, "GET", sheet_path(&s, ".pdf"), NULL, 200);
    api_expect(&s.g.r, MENTOR, "GET", sheet_path(&s, ".csv"), NULL, 200);
}

/* ---- OneRoster ---- */

static const char *out_of(const struct table *tables, enum oneroster_file f, const char *column)
{
    size_t at = table_column(&tables[f], column);

    assert_true(at != SIZE_MAX);
    assert_int_equal(tables[f].rows, 2); /* the names and one row */
    return table_cell(&tables[f], 1, at);
}

static bool there_is(const struct table *t, const char *id)
{
    for (size_t row = 1; row < t->rows; row++)
        if (strcmp(table_cell(t, row, table_column(t, "sourcedId")), id) == 0)
            return true;
    return false;
}

static void an_accepted_sheet_goes_out_as_results(void **state)
{
    struct table tables[ONEROSTER_FILE_COUNT];
    struct world *w = &s.g.r.w;

    (void)state;
    for (int step = 2; step <= 3; step++) {
        sheet_bring(&s, step);
        api_stop(&s.g.r);
        assert_int_equal(roster_export(w->db, w->centre, RIG_NOW, tables), ERR_OK);
        if (step == 2) { /* with the centre: not accepted */
            assert_int_equal(tables[ONEROSTER_RESULTS].rows, 1);
            assert_int_equal(tables[ONEROSTER_LINE_ITEMS].rows, 1);
        } else {
            assert_string_equal(out_of(tables, ONEROSTER_RESULTS, "score"), "4");
            assert_string_equal(out_of(tables, ONEROSTER_RESULTS, "textScore"), "");
            assert_string_equal(out_of(tables, ONEROSTER_RESULTS, "scoreStatus"), "fully graded");
            assert_string_equal(out_of(tables, ONEROSTER_RESULTS, "comment"), "");
            assert_string_equal(out_of(tables, ONEROSTER_RESULTS, "lineItemSourcedId"),
                                out_of(tables, ONEROSTER_LINE_ITEMS, "sourcedId"));
            assert_true(there_is(&tables[ONEROSTER_USERS],
                                 out_of(tables, ONEROSTER_RESULTS, "studentSourcedId")));
            assert_true(there_is(&tables[ONEROSTER_CLASSES],
                                 out_of(tables, ONEROSTER_RESULTS, "classSourcedId")));
            assert_true(there_is(&tables[ONEROSTER_CATEGORIES],
                                 out_of(tables, ONEROSTER_LINE_ITEMS, "categorySourcedId")));
            assert_string_equal(out_of(tables, ONEROSTER_LINE_ITEMS, "gradingPeriodSourcedId"),
                                out_of(tables, ONEROSTER_SESSIONS, "sourcedId"));
            assert_string_equal(out_of(tables, ONEROSTER_SESSIONS, "startDate"), "2026-09-01");
            assert_string_equal(out_of(tables, ONEROSTER_SESSIONS, "schoolYear"), "2027");
        }
        for (int f = 0; f < ONEROSTER_FILE_COUNT; f++)
            table_deinit(&tables[f]);
        api_resume_at(&s.g.r, RIG_NOW);
        if (step == 2)
            sheet_do(&s, COORDINATOR, "POST", "/return", "{\"note\":\"again\"}", 200);
    }
}

int main(void)
{
#define t(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        t(a_mark_changes_with_a_reason_and_a_history),
        t(what_a_lesson_mark_is_refused_for),
        t(the_mentor_sets_the_mark),
        t(a_changed_lesson_mark_holds_the_sheet_up),
        t(a_sheet_is_sent_when_the_term_is_over),
        t(a_substitutes_mark_stands_in_the_mentors_sheet),
        t(a_sheet_goes_to_the_school),
        t(many_are_acknowledged_at_once_or_none),
        t(whoever_wrote_it_does_not_judge_it),
        t(the_school_gets_the_accepted_bytes),
        t(a_correction_is_a_new_version),
        t(an_accepted_sheet_cannot_be_changed_in_the_records),
        t(the_family_reads_its_own_marks),
        t(the_numbers_are_dated_settings),
        t(only_what_exists_is_found),
        t(an_accepted_sheet_goes_out_as_results),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
