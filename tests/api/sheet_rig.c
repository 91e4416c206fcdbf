/* SPDX-License-Identifier: Apache-2.0
 *
 * A quarter on its way through the centre, for the tests of the API.
 */
#include "tests/api/sheet_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "common/base/now.h"
#include "common/base/str.h"
#include "server/store/attendance.h"

#define OCTOBER_13 INT64_C(1791874800000) /* 10:00 in Moscow */
#define MIN(n) ((int64_t)(n)*MS_PER_MIN)

void sheet_rig_open(struct sheet_rig *s)
{
    struct world *w = &s->g.r.w;
    char sql[200];

    report_open(&s->g);
    api_stop(&s->g.r);
    s->lessons[0] = s->g.held;
    for (int i = 1; i < 3; i++) {
        int64_t at = OCTOBER_13 + i * 2 * MS_PER_DAY;

        s->lessons[i] = world_lesson(w, 0, 0, at, at + MIN(40));
        report_is_in(&s->g, s->lessons[i], w->mentor_users[0], SEAT_MENTOR, at, at + MIN(40));
        report_is_in(&s->g, s->lessons[i], w->child_users[0], SEAT_CHILD, at, at + MIN(40));
        assert_int_equal(attendance_close(w->db, s->lessons[i], at + MIN(60)), ERR_OK);
    }
    for (int i = 0; i < 2; i++) {
        assert_true(str_format(sql, sizeof sql,
                               "INSERT INTO term (org, kind, from_date, to_date) VALUES "
                               "(%lld, 'quarter', '2026-09-01', '2026-10-31'), "
                               "(%lld, 'half', '2026-09-01', '2026-12-29')",
                               (long long)w->schools[i].v, (long long)w->schools[i].v));
        assert_int_equal(db_script(w->db, sql), ERR_OK);
    }
    assert_true(str_format(s->id, sizeof s->id, "%lld-%lld-%lld-4-2026-09-01",
                           (long long)w->mentor_users[0].v, (long long)w->child_users[0].v,
                           (long long)w->schools[0].v));
    api_resume_at(&s->g.r, RIG_NOW);
}

void sheet_rig_close(struct sheet_rig *s)
{
    api_close(&s->g.r);
}

const char *sheet_path(const struct sheet_rig *s, const char *rest)
{
    static char text[160];

    assert_true(str_format(text, sizeof text, "/mark-sheets/%s%s", s->id, rest));
    return text;
}

struct answer sheet_ask(struct sheet_rig *s, enum who who, const char *method, const char *rest,
                        const char *body)
{
    struct answer now = api_get(&s->g.r, COORDINATOR, sheet_path(s, ""));
    char etag[32];

    assert_int_equal(now.status, 200);
    assert_true(str_format(etag, sizeof etag, "\"v%lld\"", (long long)int_at(&now, "rev")));
    answer_free(&now);
    return api_ask(&s->g.r, who, method, sheet_path(s, rest), etag, NULL, body);
}

void sheet_do(struct sheet_rig *s, enum who who, const char *method, const char *rest,
              const char *body, int status)
{
    struct answer a = sheet_ask(s, who, method, rest, body);

    if (a.status != status)
        print_error("%s %s as %s: %d %s\n", method, rest, who_name(who), a.status,
                    a.body ? a.body : "");
    assert_int_equal(a.status, status);
    answer_free(&a);
}

struct answer sheet_mark_lesson(struct sheet_rig *s, enum who who, struct lesson_id lesson,
                                const char *mark, const char *reason)
{
    char target[80], body[300];

    assert_true(str_format(target, sizeof target, "/lessons/%lld/note", (long long)lesson.v));
    assert_true(str_format(body, sizeof body,
                           "{\"child\":%lld,\"topic\":\"Дроби\",\"homework\":\"\",\"mark\":%s,"
                           "\"mark_reason\":%s,\"text\":\"\"}",
                           (long long)s->g.r.w.child_users[0].v, mark, reason));
    return api_ask(&s->g.r, who, "PUT", target, NULL, NULL, body);
}

void sheet_bring(struct sheet_rig *s, int step)
{
    static const char *const marks[] = { "\"4\"", "\"4\"", "\"5\"" };

    if (step >= 1) {
        for (int i = 0; i < 3; i++) {
            struct answer a = sheet_mark_lesson(s, MENTOR, s->lessons[i], marks[i], "null");

            assert_int_equal(a.status, 200);
            answer_free(&a);
        }
        sheet_do(s, MENTOR, "PUT", "/marks", SHEET_MARK_4, 200);
    }
    if (step >= 2)
        sheet_do(s, MENTOR, "POST", "/submit", NULL, 200);
    if (step >= 3)
        sheet_do(s, COORDINATOR, "POST", "/accept", NULL, 200);
    if (step >= 4)
        sheet_do(s, OFFICER, "POST", "/open", NULL, 200);
}
